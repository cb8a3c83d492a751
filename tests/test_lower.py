"""Lowering: one elemental a row, as typed, in the textbooks' order; nothing simplified, nothing merged."""

from __future__ import annotations

import ast
import random

import pytest

import adtrace
from adtrace.elementals import SLOTS, read
from adtrace.errors import BindingError, BoundError
from adtrace.limits import Limits
from adtrace.settings import PRODUCTS
from adtrace.tracing.lower import lower
from adtrace.tracing.wengert import Constant, Operand, WengertList, validate
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.notation import Text, fill, pattern


def lowered(text: str, names: str = "x y", **options: object) -> WengertList:
    """The list of a text in these variables, held to its grammar."""
    wengert = lower(read(text, frozenset(names.split())), names.split(), **options)  # type: ignore[arg-type]
    validate(wengert)
    return wengert


def operand(wengert: WengertList, given: Operand) -> str:
    """An independent by its name, an intermediate as v1, a constant as typed."""
    if isinstance(given, Constant):
        return plain(given.terms)
    return wengert.independents[given - wengert.first] if given <= 0 else f"v{int(given)}"


def rows(text: str, names: str = "x y", **options: object) -> list[str]:
    """The rows as ``elemental operand operand``, one text a row."""
    wengert = lowered(text, names, **options)
    return [" ".join([row.elemental.name, *(operand(wengert, o) for o in row.operands)]) for row in wengert.rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x - y", ["sub x y"]),
        ("x/y", ["div x y"]),
        ("-x", ["neg x"]),
        ("sqrt(x)", ["sqrt x"]),
        ("x - 1", ["sub x 1"]),
        ("1/x", ["div 1 x"]),
        ("x*-y", ["neg y", "mul x v1"]),
        ("-x^2", ["powi x 2", "neg v1"]),
        ("x - -y", ["neg y", "sub x v1"]),
    ],
)
def test_each_operation_is_a_row_of_its_own_kind(text: str, expected: list[str]) -> None:
    """A difference is no sum with a product by -1, a quotient no product with a power, a root no power."""
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + x", ["add x x"]),
        ("x - x", ["sub x x"]),
        ("x/x", ["div x x"]),
        ("x*1", ["mul x 1"]),
        ("x + 0", ["add x 0"]),
        ("0*ln(x)", ["ln x", "mul 0 v1"]),
        ("sqrt(x^2)", ["powi x 2", "sqrt v1"]),
        ("sqrt(x)^2", ["sqrt x", "powi v1 2"]),
        ("exp(ln(x))", ["ln x", "exp v1"]),
        ("max(x, x)", ["max x x"]),
        ("x^0", ["powi x 0"]),
        ("x^1", ["powi x 1"]),
        ("-(-x)", ["neg x", "neg v1"]),
        ("2*x + 3*x", ["mul 2 x", "mul 3 x", "add v1 v2"]),
        ("y*x", ["mul y x"]),
        ("(x + y) - x", ["add x y", "sub v1 x"]),
    ],
)
def test_nothing_is_simplified(text: str, expected: list[str]) -> None:
    """What an algebra system would rewrite survives as the student typed it."""
    assert rows(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/2*x", ["mul 1/2 x"]),
        ("x*(1/2)", ["mul x (1/2)"]),
        ("pi/4 + x", ["add pi/4 x"]),
        ("0.10*x", ["mul 0.10 x"]),
        ("x^(1/3)", ["powc x (1/3)"]),
        ("sin(pi/4)*x", ["mul sin(pi/4) x"]),
        ("-2*x", ["mul -2 x"]),
        ("x + 2e-3", ["add x 2e-3"]),
        ("x + 1/3 + 1/3", ["add x 1/3", "add v1 1/3"]),
        ("1 + 2 + x", ["add 1 + 2 x"]),
        ("x + 1 + 2", ["add x 1", "add v1 2"]),
        ("x/2/3", ["div x 2", "div v1 3"]),
        ("+x + +2", ["add x +2"]),
    ],
)
def test_constants_are_operands_as_typed(text: str, expected: list[str]) -> None:
    """A constant sub-expression makes no row; it stands in the author's own spelling."""
    assert rows(text) == expected


@pytest.mark.parametrize("text", ["beta", "S", "e", "pi"])
def test_a_variable_may_have_the_name_of_a_constant(text: str) -> None:
    """A declared name is a variable, also where the language has a constant of the name."""
    assert rows(f"{text}*2", text) == [f"mul {text} 2"]
    assert lowered("pi*x", "x").rows[0].operands[0] == Constant(read("pi").terms)


def test_the_order_of_the_reference_table() -> None:
    """The terms of a sum come first, in their order, and then the sums: v_1 .. v_5 of Baydin's Table 2."""
    assert rows("ln(x1) + x1*x2 - sin(x2)", "x1 x2") == [
        "ln x1",
        "mul x1 x2",
        "sin x2",
        "add v1 v2",
        "sub v4 v3",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sin(x)*cos(x)*ln(y)", ["sin x", "cos x", "ln y", "mul v1 v2", "mul v4 v3"]),
        ("x*y + y*x - sin(x*y)", ["mul x y", "mul y x", "sin v1", "add v1 v2", "sub v4 v3"]),
        ("x + (y + sin(x))", ["sin x", "add y v1", "add x v2"]),
        ("(x + y) + sin(x)", ["add x y", "sin x", "add v1 v2"]),
        ("sin(x) + x*y*cos(y)", ["sin x", "cos y", "mul x y", "mul v3 v2", "add v1 v4"]),
        ("x/y/x", ["div x y", "div v1 x"]),
    ],
)
def test_operands_before_operations(text: str, expected: list[str]) -> None:
    """The rule of the reference table for products, brackets and mixtures: brackets of the author's still group."""
    assert rows(text) == expected


def test_identical_sub_expressions_share_a_row() -> None:
    """What is typed twice is computed once, unless the author wants every row; a mirrored product is not identical."""
    text = "sin(x*y) + sin(x * y)*y"
    assert rows(text) == ["mul x y", "sin v1", "mul v2 y", "add v2 v3"]
    assert rows(text, sharing=False) == ["mul x y", "sin v1", "mul x y", "sin v3", "mul v4 y", "add v2 v5"]
    assert rows("x*y - y*x") == ["mul x y", "mul y x", "sub v1 v2"]
    assert rows("(1/2)*x + (1/2)*x") == ["mul (1/2) x", "add v1 v1"]
    assert rows("0.5*x + 1/2*x") == ["mul 0.5 x", "mul 1/2 x", "add v1 v2"]


def test_powers_as_products() -> None:
    """An option writes a positive integer power as the product that it is."""
    assert rows("x^2", powers=PRODUCTS) == ["mul x x"]
    assert rows("x^4", powers=PRODUCTS) == ["mul x x", "mul v1 x", "mul v2 x"]
    assert rows("sin(x)^2", powers=PRODUCTS) == ["sin x", "mul v1 v1"]
    for text in ("x^-2", "x^1", "x^0", "x^0.5", "x^1000", "x^y"):
        assert rows(text, powers=PRODUCTS) == rows(text)


@pytest.mark.parametrize(
    ("text", "elemental"),
    [
        ("x^2", "powi"),
        ("x^-3", "powi"),
        ("x^(4/2)", "powi"),
        ("x^2.0", "powi"),
        ("x^1e400", "powi"),
        ("x^0.5", "powc"),
        ("x^(1/3)", "powc"),
        ("x^-0.5", "powc"),
        ("x^pi", "powc"),
        ("x^sqrt(2)", "powc"),
        ("x^y", "pow"),
        ("2^x", "pow"),
        ("e^x", "exp"),
        ("e^(x*y)", "exp"),
        ("(e)^x", "pow"),
        ("exp(x)", "exp"),
    ],
)
def test_three_powers_and_the_exponential(text: str, elemental: str) -> None:
    """The exponent decides: a constant integer, another constant, or a variable; and e^u is the exponential."""
    assert lowered(text).rows[-1].elemental.name == elemental


@pytest.mark.parametrize(
    ("text", "x", "value", "slope"),
    [
        ("x^3", -2, -8, 12),
        ("x^2", 0, 0, 0),
        ("x^0", 0, 1, 0),
        ("x^-2", -2, 0.25, 0.25),
        ("x^1.5", 0, 0, 0),
        ("x^(1/2)", 4, 2, 0.25),
        ("x^(3/2)", 4, 8, 3),
        ("x^-1.5", 4, 0.125, -0.046875),
        ("x^1e400", 1, 1, 10**400),
    ],
)
def test_the_domains_of_the_powers(text: str, x: int, value: float, slope: float) -> None:
    """An integer power takes any base, a real power none below zero; each at the edge of its domain."""
    trace = adtrace.trace(text, {"x": x})
    assert trace.value == value
    assert trace.gradient["x"] == slope


@pytest.mark.parametrize(
    ("text", "x", "needs"),
    [
        ("x^-1", 0, "a negative power needs u != 0"),
        ("x^(1/3)", -8, "a real power needs u >= 0"),
        ("x^-0.5", 0, "a real power needs u > 0"),
        ("x^0.5", 0, "a finite derivative of a real power needs u > 0"),
        ("x^x", 0, "a power with a variable exponent needs u > 0 or w > 0"),
        ("x^x", -1, "a power with a variable exponent needs u >= 0"),
        ("(-2)^x", 1, "a power with a variable exponent needs u >= 0"),
    ],
)
def test_outside_the_domains_of_the_powers(text: str, x: int, needs: str) -> None:
    """Each power refuses in its own words what has no real value, or no derivative."""
    with pytest.raises(adtrace.DomainError, match=f"^{needs.replace('^', r'.')}, but "):
        adtrace.trace(text, {"x": x})


def test_a_call_of_many_operands_is_taken_from_the_left() -> None:
    """``max`` of four is three rows."""
    assert rows("max(x, 1, y, x*y)") == ["mul x y", "max x 1", "max v2 y", "max v3 v1"]
    assert rows("min(1, 2, x)") == ["min min(1, 2) x"]
    assert adtrace.trace("max(x, 1, y, x*y)", {"x": 3, "y": 2}).gradient == {"x": 2, "y": 3}


def test_an_expression_without_rows() -> None:
    """A variable alone has no row: the dependent is the independent."""
    wengert = lowered("x")
    assert (wengert.rows, wengert.dependents) == ((), (-1,))
    assert lowered("((+x))").rows == ()
    trace = adtrace.trace("f(x) = 3", {"x": 2})
    assert (trace.value, trace.gradient["x"]) == (3, 0)


def test_a_name_that_is_no_variable() -> None:
    """A name without a value is refused with its place and the nearest variable."""
    with pytest.raises(BindingError) as missing:
        lowered("x1 + z", "x1 x2")
    assert str(missing.value) == "z has no value; give it one with z=...\n  x1 + z\n       ^"
    with pytest.raises(BindingError) as near:
        lowered("rate + rat", "rate")
    assert str(near.value).startswith("rat has no value (did you mean 'rate'?); give it one with rat=...\n")
    with pytest.raises(BindingError) as left:
        lower(read("f(x) = x + t"), ["x"])
    assert str(left.value) == "t is not among the variables of f(x)\n  f(x) = x + t\n             ^"


# --- any length ----------------------------------------------------------------------------------------------------


def test_a_sum_of_ten_thousand_terms() -> None:
    """Ten thousand distinct terms are lowered, swept and add up to what a formula says."""
    n = 10_000
    trace = adtrace.trace("+".join(f"{k}*x" for k in range(1, n + 1)), {"x": 2}, arithmetic="certified")
    assert len(trace.wengert.rows) == 2 * n - 1
    assert trace.value == n * (n + 1)
    assert trace.gradient["x"] == n * (n + 1) // 2


def test_a_thousand_nested_brackets_and_functions() -> None:
    """A thousand brackets are no rows, a thousand functions a thousand; both derivatives come through them."""
    trace = adtrace.trace("(" * 1000 + "x" + ")" * 1000 + "^2", {"x": 3})
    assert (len(trace.wengert.rows), trace.gradient["x"]) == (1, 6)
    deep = adtrace.trace("-(" * 1001 + "x" + ")" * 1001, {"x": 3})
    assert (len(deep.wengert.rows), deep.value, deep.gradient["x"], deep.tangent) == (1001, -3, -1, -1)
    assert "v_{1001}" in deep.table(mode="reverse")


def test_nested_functions_and_brackets() -> None:
    """Far past any recursion limit: within raised bounds they lower, within ours they meet the bound."""
    limits = Limits(rows=20_001)
    text = "sin(" * 20_001 + "x" + ")" * 20_001
    assert len(lower(read(text), ["x"], limits=limits).rows) == 20_001
    assert lower(read("(" * 20_001 + "x" + ")" * 20_001), ["x"]).rows == ()
    with pytest.raises(BoundError, match=r"^the trace has more than 20000 rows, which is the bound$"):
        lower(read(text), ["x"])


def test_the_bound_on_rows() -> None:
    """As many rows as the bound says, and not one more."""
    assert len(lowered("x*y*x*y", limits=Limits(rows=3)).rows) == 3
    with pytest.raises(BoundError, match=r"^the trace has more than 2 rows, which is the bound$"):
        lowered("x*y*x*y", limits=Limits(rows=2))


# --- as typed, for any expression ----------------------------------------------------------------------------------


def _random(rng: random.Random, depth: int) -> str:
    if depth == 0:
        return rng.choice(("x", "y", "x", "y", "2", "0.5", "pi"))
    left, right = _random(rng, depth - 1), _random(rng, rng.randrange(depth))
    return rng.choice(
        (f"({left}) + ({right})", f"({left}) - ({right})", f"({left})*({right})", f"({left})/({right})",
         f"-({left})", f"sin({left})", f"max({left}, {right})", f"({left})^2", f"({left})^({right})")
    )  # fmt: skip


def test_the_rows_put_together_again_are_the_expression() -> None:
    """Substituting every row into the last gives back the typed expression, operation by operation."""
    tried = 0
    for seed in range(300):
        text = _random(random.Random(seed), 1 + seed % 4)
        wengert = lowered(text, sharing=seed % 2 == 0)
        shown = {v: Text(name) for v, name in zip(range(wengert.first, 1), wengert.independents, strict=True)}
        for index, row in enumerate(wengert.rows, start=1):
            texts = {
                slot: Text(f"({plain(o.terms)})") if isinstance(o, Constant) else shown[o]
                for slot, o in zip(SLOTS, row.operands, strict=False)
            }
            shown[index] = Text(f"({fill(pattern(row.elemental.formula, PLAIN), texts.__getitem__)})")
        last = wengert.dependents[0]
        if isinstance(last, Constant):
            assert last.terms == read(text).terms
            continue
        assert _bare(shown[last].text) == _bare(text), text
        tried += 1
    assert tried > 200


def _bare(text: str) -> str:
    """How Python's own parser groups the text, whatever its brackets."""
    return ast.dump(ast.parse(text.replace("^", "**"), mode="eval"))
