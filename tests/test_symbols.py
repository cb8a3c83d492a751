"""Tables without a point: values, tangents and adjoints as formulas, held against sympy's own derivatives."""

from __future__ import annotations

import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from samples import ALL, covering

import adtrace
from adtrace import cli
from adtrace.formats import FORMATS
from adtrace.tables.styles import style

ROOT = Path(__file__).parent.parent
FUNCTIONS = ("sin", "cos", "exp", "tanh", "atan", "ln", "sqrt", "sigmoid", "abs", "relu", "erf", "log10", "sinc")
NAMES = ("x", "y", "w1")


def random_text(chance: random.Random, depth: int) -> str:
    """An expression that has a value at positive numbers."""
    if depth == 0 or chance.random() < 0.15:
        return chance.choice([*NAMES, *NAMES, "2", "3/4", "pi", "0.5"])
    kind = chance.randrange(8)
    left = random_text(chance, depth - 1)
    if kind < 3:
        function = chance.choice(FUNCTIONS)
        inner = f"1 + ({left})^2" if function in ("ln", "sqrt", "log10") else left
        return f"{function}({inner})"
    right = random_text(chance, depth - 1)
    if kind == 3:
        return f"({left})^{chance.choice(['2', '3', '-1'])}" if depth % 2 else f"(1 + ({left})^2)^({right}/5)"
    if kind == 4:
        return f"{chance.choice(['max', 'min'])}({left}, {right})"
    return f"({left}){'+-*/'[chance.randrange(4)]}({right})"


def numbers(chance: random.Random) -> dict[str, sp.Rational]:
    """A point that has nothing to do with any kink."""
    return {name: sp.Rational(chance.randint(101, 1999), 1009) for name in NAMES}


def real(expression: Any) -> Any:
    """The expression in real symbols, so that sympy differentiates an absolute value as we do."""
    return expression.xreplace({symbol: sp.Symbol(symbol.name, real=True) for symbol in expression.free_symbols})


def at(expression: Any, point: dict[str, sp.Rational]) -> float:
    """The value at a point."""
    symbols = {symbol: point[symbol.name] for symbol in expression.free_symbols}
    return float(sp.N(expression, 20, subs=symbols))


def pairs(seed: int) -> set[tuple[str, str]]:
    """What stands beside or inside what in a random expression: functions, signs, and operands of either kind."""
    words = re.findall(r"[a-z]{2,}[0-9]*|[-+*/^,(]|[a-z0-9./]+", random_text(random.Random(seed), 4))
    kinds = ("x" if word in NAMES else "2" if re.fullmatch(r"pi|[\d./]+", word) else word for word in words)
    return set(pairwise(word for word in kinds if word != "("))


def seeds(count: int) -> list[int]:
    """Of so many random expressions a few that have all that any of them has beside or inside another."""
    return list(range(count)) if ALL else covering({seed: pairs(seed) for seed in range(count)})


@pytest.mark.parametrize("seed", seeds(365))
def test_gradients_are_those_of_sympy(seed: int) -> None:
    """Reverse adjoints, forward tangents and the value of a random expression, as formulas of the inputs."""
    chance = random.Random(seed)
    text = random_text(chance, 4)
    text = f"x*({text})"
    point = numbers(chance)
    try:
        trace = adtrace.trace(text, seed="each")
        numeric = trace.at({name: str(point[name]) for name in trace.wengert.independents})
    except adtrace.MathematicsError:
        return  # 1/(x - x), 1/sinc(pi)
    function = real(trace.expression.sympy()).doit()  # unevaluated, sympy loses constants
    assert at(trace.value.sympy(), point) == pytest.approx(float(numeric.value), rel=1e-12, abs=1e-12)
    for place, (name, derivative) in enumerate(trace.gradient.items()):
        oracle = at(sp.diff(function, sp.Symbol(name, real=True)), point)
        (tangent,) = trace.tangents[place].values()
        for ours in {derivative.sympy(), tangent.sympy()}:  # often one formula
            assert at(ours, point) == pytest.approx(oracle, rel=1e-9, abs=1e-9), (text, name)
        if seed % 5 == 0:
            again = adtrace.trace(f"{derivative} + 0*(x + y + w1)", at={n: str(value) for n, value in point.items()})
            assert float(again.value) == pytest.approx(oracle, rel=1e-9, abs=1e-9), str(derivative)


# Published traces without a point: where, expression, gradient as the corpus computes it.
PUBLISHED = (
    ("CS207, xcosy", "x*cos(y) + x*y", ("y + cos(y)", "x*(1 - sin(y))")),
    ("CS107, HW4", "x1*sqrt(log(x1/sin(x2^2)))",
     ("(log(x1/sin(x2**2)) + Rational(1, 2))/sqrt(log(x1/sin(x2**2)))",
      "-x1*x2/(sqrt(log(x1/sin(x2**2)))*tan(x2**2))")),
    ("CS107, exp", "exp(x^2 + y^2)", ("2*x*exp(x**2 + y**2)", "2*y*exp(x**2 + y**2)")),
    ("tape", "4*x*y + 3*x*sin(4*y)", ("4*y + 3*sin(4*y)", "4*x*(3*cos(4*y) + 1)")),
    ("sketch", "x1*x2 + exp(x1*x2) - sin(x2)", ("x2*(exp(x1*x2) + 1)", "x1*exp(x1*x2) + x1 - cos(x2)")),
)  # fmt: skip


@pytest.mark.parametrize(("where", "text", "gradient"), PUBLISHED, ids=[where for where, _, _ in PUBLISHED])
def test_published_gradients_come_out(where: str, text: str, gradient: tuple[str, ...]) -> None:
    """The closed forms of tables that are published without a point."""
    for derivative, wanted in zip(adtrace.trace(text).gradient.values(), gradient, strict=True):
        assert sp.simplify(derivative.sympy() - sp.sympify(wanted)) == 0


NEURON = "f(x, y, w11, w12, w21, w22, wo1, wo2) = wo1*z(w11*x + w12*y) + wo2*z(w21*x + w22*y)"


def test_a_published_network_of_a_function_without_a_rule() -> None:
    """A network of two neurons with an unnamed activation: its columns by x and y, row by row, and its gradient."""
    trace = adtrace.trace(NEURON, seed=["x", "y"])
    rows = trace.to_dict(mode="forward")["rows"]
    assert [row["value"] for row in rows] == [
        "w11*x", "w12*y", "w11*x + w12*y", "z(w11*x + w12*y)", "wo1*z(w11*x + w12*y)",
        "w21*x", "w22*y", "w21*x + w22*y", "z(w21*x + w22*y)", "wo2*z(w21*x + w22*y)",
        "wo1*z(w11*x + w12*y) + wo2*z(w21*x + w22*y)",
    ]  # fmt: skip
    assert rows[3]["tangent"] == ["z'(w11*x + w12*y)*w11", "z'(w11*x + w12*y)*w12"]
    x, y, w11, w12, w21, w22, wo1, wo2 = sp.symbols("x y w11 w12 w21 w22 wo1 wo2")
    z = sp.Function("z")
    f = wo1 * z(w11 * x + w12 * y) + wo2 * z(w21 * x + w22 * y)
    for symbol in (x, y, w11, w12, w21, w22, wo1, wo2):
        difference = trace.gradient[symbol.name].sympy() - sp.diff(f, symbol)
        assert sp.simplify(difference.replace(z, sp.sin).doit()) == 0  # for one function that has a rule
    assert trace.readings == ("z is a function without a rule, with the derivative z'",)


def test_a_function_without_a_rule_may_have_a_number() -> None:
    """g_1 is a function as g is; its derivatives are g_1', of two operands g_1'_1 and g_1'_2."""
    (gradient,) = adtrace.trace("g_1(x)*x").gradient.values()
    assert str(gradient) == "g_1(x) + x*g_1'(x)"
    assert [str(each) for each in adtrace.trace("g_1(x, y)").gradient.values()] == ["g_1'_1(x, y)", "g_1'_2(x, y)"]


def test_what_is_published_row_by_row() -> None:
    """CS207's table: the current value and the derivatives by x and y of each row (with its slips mended)."""
    rows = adtrace.trace("x*cos(y) + x*y", seed="each").to_dict(mode="forward")["rows"]
    assert [(row["value"], *row["tangent"]) for row in rows] == [
        ("cos(y)", "0", "-sin(y)"),
        ("x*cos(y)", "cos(y)", "-x*sin(y)"),
        ("x*y", "y", "x"),
        ("x*cos(y) + x*y", "cos(y) + y", "-x*sin(y) + x"),
    ]


def notes(text: str, **given: Any) -> list[str]:
    """What stands under the table."""
    found: list[str] = adtrace.trace(text, **given).to_dict()["notes"]
    return found


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("ln(x)", "For x > 0."),
        ("sqrt(x)", "For x > 0."),
        ("1/x", "For x != 0."),
        ("asin(x)", "For x > -1 and x < 1."),
        ("x^y", "For x > 0."),
        ("x^(3/2)", "For x > 0."),
        ("y/sqrt(x)", "For x > 0."),
        ("ln(x - y) + ln(x - y)^2", "For x - y > 0."),
    ],
)
def test_assumptions(text: str, note: str) -> None:
    """What a row asks of the sign of an open letter is assumed, once, and told; the sharper condition alone."""
    assert notes(text) == [note]


@pytest.mark.parametrize(
    ("text", "given", "derivative"),
    [
        ("abs(x)", {}, "where(x > 0, 1, 0) - where(x < 0, 1, 0)"),
        ("abs(x)", {"kinks": "abs=1"}, "where(x >= 0, 1, 0) - where(x < 0, 1, 0)"),
        ("abs(x)", {"kinks": "abs=1/2"}, "where(x > 0, 1, 0) - where(x < 0, 1, 0) + 1/2*where(x = 0, 1, 0)"),
        ("relu(x)", {}, "where(x > 0, 1, 0)"),
        ("max(x, 3)", {}, "where(x >= 3, 1, 0)"),
        ("max(x, 3)", {"kinks": "tie=last"}, "where(x > 3, 1, 0)"),
        ("min(x, 3)", {}, "where(x <= 3, 1, 0)"),
        ("heaviside(x)*x", {}, "heaviside(x)"),
    ],
)
def test_kinks_are_brackets_that_follow_the_conventions(text: str, given: dict[str, Any], derivative: str) -> None:
    """Both sides and the point between, each where it counts; against the traces at points on all three."""
    trace = adtrace.trace(text, **given)
    assert str(trace.gradient["x"]) == derivative
    for number in (-2, 0, 3, 5):
        there = adtrace.trace(text, at={"x": number}, **given).gradient["x"]
        assert adtrace.trace(derivative, at={"x": number}).value == there


def test_a_jump_is_told() -> None:
    """H(0) = 1/2 stands under the table."""
    assert any("H(0) = 1/2" in note for note in notes("heaviside(x)"))


def test_letters_that_stay_open_beside_a_point() -> None:
    """Only those that are named; numbers go in exactly."""
    trace = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2}, open="x2")
    assert str(trace.value) == "ln(2) + 2*x2 - sin(x2)"
    assert str(trace.gradient["x1"]) == "x2 + 1/2"
    assert repr(trace) == "<Trace of ln(x1) + x1*x2 - sin(x2) at x1=2, x2: y = ln(2) + 2*x2 - sin(x2)>"
    assert f"{adtrace.trace('x*ln(2)').gradient['x']:.4f}" == "0.6931"  # a constant is a number


@pytest.mark.parametrize(
    ("text", "derivative"),
    [("y*relu(x - 2) - y*relu(2 - x)", "y"), ("abs(x - 2)*y", "0"), ("max(x, 2)*y", "y"), ("cos(abs(x - 2)*y)", "0")],
)
def test_a_kink_that_is_known_beside_an_open_letter(text: str, derivative: str) -> None:
    """A derivative that exists for every y is the true one, and else the convention is told."""
    trace = adtrace.trace(text, at={"x": 2}, open="y")
    assert str(trace.gradient["x"]) == derivative
    assert any("no derivative exists" in note for note in trace.to_dict()["notes"]) == ("relu" not in text and
                                                                                      "cos" not in text)  # fmt: skip


def test_seeds_and_weights_may_be_letters() -> None:
    """Without a point, and beside one where they are named."""
    trace = adtrace.trace("x1*x2", seed={"x1": "s"}, weights={"y": "delta"})
    assert str(trace.tangent) in ("x2*s", "s*x2")
    assert {name: str(value) for name, value in trace.gradient.items()} == {"x1": "delta*x2", "x2": "delta*x1"}
    beside = adtrace.trace("x1*x2", at={"x1": 2, "x2": 5}, seed={"x1": "s"}, open="s")
    assert str(beside.tangent) == "5*s"


def test_long_formulas_end_in_names_of_rows() -> None:
    """From the size that is given on; the formula of a value is whole, and a list of many rows costs no more for it."""
    text = "; ".join(["a = x*y", *("a = a*a + x",) * 30])
    trace = adtrace.trace(text)
    shown = trace.to_dict()["rows"][-1]["value"]
    assert len(shown) < 200
    assert "v_" in shown
    short = adtrace.trace("sin(x*y)*cos(x*y)", longest=3)
    assert short.to_dict()["rows"][-1]["value"] == "v_2*v_3"
    assert "v₂ × v₃" in short.table(format="text")
    assert str(short.value) == "sin(x*y)*cos(x*y)"


@pytest.mark.parametrize("name", ["three-part", "baydin", "cs107", "four-column", "stored-partials", "directional"])
@pytest.mark.parametrize("format_", [name for name, entry in FORMATS.items() if not entry.of])
def test_every_format_and_style(name: str, format_: str) -> None:
    """Each is made, with the derivative in it."""
    trace = adtrace.trace("x*abs(y) + z(x)")
    mode = "both" if style(name, None).reverse else "forward"
    if format_ != "json":
        made = trace.table(format=format_, style=name, mode=mode)
        assert "?" not in made
    assert trace.to_dict()["gradient"] == {"x": "z'(x) + abs(y)", "y": "x*(where(y > 0, 1, 0) - where(y < 0, 1, 0))"}


def test_graphs_and_pages() -> None:
    """Formulas stand on the edges, and in the steps of a page."""
    trace = adtrace.trace("ln(x1) + x1*x2")
    assert "ln(x₁)" in trace.graph()
    assert "For " in trace.table(format="html", standalone=True)
    assert "x_{1}" in trace.graph(format="tikz")


def test_simplified_formulas() -> None:
    """As sympy simplifies them, bracket and function without a rule left alone; off by default."""
    trace = adtrace.trace("sin(x)^2 + cos(x)^2 + z(x) - abs(x)")
    assert trace.to_dict(simplify=True)["gradient"]["x"].count("sin") == 0
    assert trace.to_dict()["gradient"]["x"].count("sin") == 2
    assert "z'(x)" in trace.to_dict(simplify=True)["gradient"]["x"]


def ramp(x: Any, y: Any) -> Any:
    """A Python function that branches."""
    if x > y:
        return x * y
    return y


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: adtrace.trace(ramp), f"x > y in line {ramp.__code__.co_firstlineno + 2} is open, for x and y have"),
        (lambda: adtrace.trace(ramp, at={"x": 2}, open=["y"]), "is open, for y has no value"),
        (lambda: adtrace.trace("where(x > 0, x, 1)"), "whether x > 0 is open"),
        (lambda: adtrace.trace(sp.Piecewise((sp.Symbol("x"), sp.Symbol("x") > 0), (1, True))), "is open"),
        (lambda: adtrace.trace("x + y", at={"x": 1}), "y has no value"),
        (lambda: adtrace.trace("x*y", open="q", at={"x": 1, "y": 2}), "q is to stay open, and stands neither"),
        (lambda: adtrace.trace("x*y", at={"x": 1, "y": 2}, open="x"), "x has a value, and so it is not open"),
        (lambda: adtrace.trace("ln(x - 3)*y", at={"x": 2}, open="y"), "ln needs u > 0, but v_1 = -1"),
        (lambda: adtrace.trace("x/0"), "a division needs w != 0"),
        (lambda: adtrace.trace("sni(x)"), "did you mean 'sin'"),
        (lambda: adtrace.trace("z(x) + z"), "z"),
        (lambda: adtrace.trace("z(x)", at={"x": 1}), "unknown function 'z'"),
        (lambda: adtrace.trace("z(x)").at({"x": 1}), "z has no rule"),
        (lambda: adtrace.trace("x", arithmetic="float"), "open letters have formulas, not numbers"),
        (lambda: adtrace.trace("x", longest=0), "longest is a whole number"),
        (lambda: float(adtrace.trace("2*x").value), "is a formula in letters that are open"),
        (lambda: adtrace.trace("x*y", seed={"x": "s"}, at={"x": 1, "y": 2}), "the seed of x is a number; s is none"),
    ],
)
def test_what_is_refused(make: Any, message: str) -> None:
    """A sentence that says what is open, and where."""
    with pytest.raises(adtrace.AdtraceError) as refusal:
        make()
    assert message in str(refusal.value)


def test_python_functions_and_sympy_objects() -> None:
    """Arguments are letters; a default keeps its value."""

    def f(x: Any, y: Any, k: int = 3) -> Any:
        return adtrace.sin(x) * y**k

    assert {name: str(d) for name, d in adtrace.trace(f).gradient.items()} == {"x": "y^3*cos(x)", "y": "sin(x)*(3*y^2)"}
    x, y = sp.symbols("x y")
    assert list(adtrace.trace(sp.Lambda((y, x), x * y)).gradient) == ["y", "x"]
    assert str(adtrace.trace(sp.sin(x) * y).gradient["y"]) == "sin(x)"


def test_second_derivatives_are_formulas_too() -> None:
    """Jets of formulas: against sympy's Hessian; a kink is refused."""
    trace = adtrace.trace("x^2*y + sin(x*y)")
    x, y = sp.symbols("x y")
    hessian = sp.hessian(x**2 * y + sp.sin(x * y), (x, y))
    for i, one in enumerate("xy"):
        for j, other in enumerate("xy"):
            assert sp.simplify(trace.hessian[one][other].sympy() - hessian[i, j]) == 0
    with pytest.raises(adtrace.DomainError, match="abs of higher order"):
        adtrace.trace("abs(x)").taylor(2)


def test_a_point_later() -> None:
    """The formulas give way to numbers at a point, and the function compiles."""
    trace = adtrace.trace("x^2*y")
    assert trace.at({"x": 2, "y": 3}).gradient == {"x": 12, "y": 4}
    assert trace.function()([2, 3]) == (12.0, [12.0, 4.0])


def test_the_documentation_says_what_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Every block of Python of docs/tasks/symbols.md prints the block after it."""
    page = (ROOT / "docs" / "tasks" / "symbols.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    for code, wanted in blocks:
        exec(compile(code, "docs/tasks/symbols.md", "exec"), {})
        assert capsys.readouterr().out == wanted


def test_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """No --at; --open beside one."""
    assert cli.main(["table", "ln(x1) + x1*x2 - sin(x2)", "-f", "text", "--mode", "forward"]) == 0
    assert "= ln(x₁) + x₁ × x₂ - sin(x₂)" in capsys.readouterr().out
    assert cli.main(["table", "ln(x1)*x2", "--at", "x1=2", "--open", "x2", "-f", "text"]) == 0
    assert "at x₁ = 2" in capsys.readouterr().out
