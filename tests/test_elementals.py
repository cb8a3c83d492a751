"""The table of elementals, walked entry by entry against mpmath's differences, sympy's derivatives and the parser."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import mpmath as mp
import pytest
import sympy
from flint import fmpq
from oracles import FUNCTIONS, close, digits, real, value_of

import adtrace
from adtrace.elementals import EDGE, EXPONENTIAL, JUMP, TABLE, Elemental, integer_power, read
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import precision
from adtrace.numbers.floats import FLOATS
from adtrace.tracing import formulas
from adtrace.tracing.evaluate import bind, constant_value
from adtrace.tracing.kinks import rules
from adtrace.tracing.to_sympy import to_sympy
from adtrace.writing.dialects import LATEX, MARKDOWN, PLAIN, TERMINAL, plain
from adtrace.writing.notation import pattern

POWERS = {
    **{integer_power(n): [(u, str(n)) for u in ("1/2", "-7/3", "3")] for n in (-7, -2, -1, 0, 1, 2, 3, 10)},
    **{
        adtrace.trace(f"x^{w}", at={"x": 2}).wengert.rows[0].elemental: [(u, w) for u in ("1/2", "7/3", "40")]
        for w in ("0.5", "2.5", "(1/3)", "(-1/2)", "(-2.5)", "pi", "sqrt(2)")
    },
}
"""The powers with a constant exponent, an elemental for each exponent, with their points."""


def samples(entry: Elemental) -> Sequence[tuple[str, ...]]:
    """The points of an entry, as texts in the language."""
    return POWERS.get(entry) or entry.points


ENTRIES = {
    **{f"{name}{arity}": entry for (name, arity), entry in TABLE.items()},
    "e^u": EXPONENTIAL,
    **{f"{entry.name}:{points[0][1]}": entry for entry, points in POWERS.items()},
}
each_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
each_kink = pytest.mark.parametrize(
    "entry",
    [e for e in ENTRIES.values() if e.kink and e.kink.kind != EDGE and e.kink.where in ("u = 0", "u = w")],
    ids=lambda e: e.formula_text,
)


def in_mpmath(point: Sequence[str]) -> list[Any]:
    """The coordinates of a sample in mpmath."""
    return [value_of(read(text).terms, {}) for text in point]


def in_arithmetic(point: Sequence[str], arithmetic: Any) -> list[Any]:
    """The coordinates of a sample in an arithmetic of adtrace."""
    return [constant_value(read(text).terms, arithmetic, plain) for text in point]


def partials_of(entry: Elemental, operands: list[Any], arithmetic: Any = CERTIFIED) -> tuple[Any, list[Any]]:
    """The value and the partials that adtrace gives a row."""
    bound = bind(entry, arithmetic)
    value = bound.value(*operands)
    return value, [rule(operands, value) for rule in bound.partials]


def varying(entry: Elemental) -> range:
    """The slots that can hold a variable: the exponent of a constant power cannot."""
    return range("uw".index(entry.order) + 1 if entry.order else 0, 1 if entry in POWERS else entry.arity)


def difference(entry: Elemental, point: list[Any], slot: int) -> Any:
    """The central difference of mpmath's function, with an error of the order 10**-60."""
    h = mp.mpf(10) ** -30
    sides = [[x + sign * h * (place == slot) for place, x in enumerate(point)] for sign in (1, -1)]
    above, below = (FUNCTIONS[entry.name](*side) for side in sides)
    return (above - below) / (2 * h)


@each_entry
def test_every_elemental_is_tried_where_it_is_smooth(entry: Elemental) -> None:
    """The points of an entry are in its domain, where it is smooth, and on both sides of a kink of one operand."""
    sides = set()
    for point in samples(entry):
        operands = in_arithmetic(point, CERTIFIED)
        bound = bind(entry, CERTIFIED)
        assert len(point) == entry.arity
        assert not bound.violated((*bound.domain, *bound.smooth), operands), f"{point}: give it points, tries=..."
        assert entry.kink is None or entry.kink.kind == EDGE or not bound.at_a_kink(operands), point
        sides.add(real(operands[0]) > 0)
    if entry.kink and entry.kink.where == "u = 0" and entry.kink.kind != EDGE:
        assert sides == {True, False}


@each_entry
def test_the_value_is_the_function(entry: Elemental) -> None:
    """At every sample the value is mpmath's, to 60 digits."""
    for point in samples(entry):
        with precision(512), digits(150):
            value, _ = partials_of(entry, in_arithmetic(point, CERTIFIED))
            assert close(real(value), FUNCTIONS[entry.name](*in_mpmath(point)), -60), point


@each_entry
def test_each_partial_is_the_limit_of_differences(entry: Elemental) -> None:
    """At every sample each partial agrees with central differences at 150 digits, to 45 of them."""
    for point, slot in itertools.product(samples(entry), varying(entry)):
        with precision(512), digits(150):
            _, partials = partials_of(entry, in_arithmetic(point, CERTIFIED))
            assert close(real(partials[slot]), difference(entry, in_mpmath(point), slot), -45), (point, slot)


U, W = sympy.symbols("u w", real=True)
_SYMPY_CONSTANTS = {"pi": sympy.pi, "sqrt(2)": sympy.sqrt(2)}


@each_entry
def test_each_partial_is_the_derivative_of_sympy(entry: Elemental) -> None:
    """At every sample each partial agrees with sympy's symbolic derivative, to 40 digits."""
    for point, slot in itertools.product(samples(entry), varying(entry)):
        derivative = sympy.diff(to_sympy(entry.definition, {"u": U, "w": W}), (U, W)[slot])
        if derivative.has(sympy.Derivative):  # of floor, ceiling, frac and Mod, which the test above holds
            assert entry.kink is not None
            assert entry.kink.kind == JUMP
            continue
        place = [_SYMPY_CONSTANTS.get(text) or sympy.Rational(text.strip("()")) for text in point]
        wanted = sympy.N(derivative.subs(dict(zip((U, W), place, strict=False))), 50)
        with precision(512), digits(50):
            _, partials = partials_of(entry, in_arithmetic(point, CERTIFIED))
            assert close(real(partials[slot]), mp.mpf(str(wanted)), -40), (point, slot)


@each_entry
def test_the_tangent_is_the_sum_of_partials_times_tangents(entry: Elemental) -> None:
    """The textbook's form of the tangent, for every choice of varying operands, is the sum by the chain rule."""
    for point in samples(entry):
        with digits(60):
            names = dict(zip("uw", in_mpmath(point), strict=False))
            names |= {"v": FUNCTIONS[entry.name](*names.values()), "du": mp.mpf("1.25"), "dw": mp.mpf(-3)}
            terms = [value_of(entry.partials[slot], names) * names[f"d{'uw'[slot]}"] for slot in range(entry.arity)]
            for flags in itertools.product((False, True), repeat=entry.arity):
                if any(flags) and all(slot in varying(entry) for slot, on in enumerate(flags) if on):
                    found = value_of(formulas.tangent(entry, flags), names)
                    assert close(found, sum(t for t, on in zip(terms, flags, strict=True) if on), -50), (point, flags)


@each_entry
def test_the_contribution_is_the_adjoint_times_the_partial(entry: Elemental) -> None:
    """The textbook's form of a contribution, of one slot or both, is the adjoint times the partial."""
    choices = [(slot,) for slot in varying(entry)] + ([(0, 1)] if len(varying(entry)) == 2 else [])
    for point, slots in itertools.product(samples(entry), choices):
        with digits(60):
            names = dict(zip("uw", in_mpmath(point), strict=False))
            names |= {"v": FUNCTIONS[entry.name](*names.values()), "a": mp.mpf("1.25"), "b": mp.mpf(-3)}
            increment = names["a"] * sum(value_of(entry.partials[slot], names) for slot in slots)
            found = formulas.contribution(entry, slots)
            assert close(value_of(found, names), increment, -50), (point, slots)


@each_entry
def test_what_is_printed_reads_back(entry: Elemental) -> None:
    """The formula, the partials and the tangent, spelled in plain text, are in the language and have the same value."""
    rules = [entry.formula, *entry.partials, *([entry.tangent] if entry.tangent else [])]
    for point in samples(entry):
        with digits(60):
            names = dict(zip("uw", in_mpmath(point), strict=False))
            names |= {"v": FUNCTIONS[entry.name](*names.values()), "du": mp.mpf("1.25"), "dw": mp.mpf(-3)}
            for terms in rules:
                again = read(plain(terms), frozenset(names)).terms
                assert close(value_of(again, names), value_of(terms, names), -50), plain(terms)
            assert close(value_of(entry.formula, names), names["v"], -50)


_LATEX_NAMES = {"abs": "lvert", "cbrt": "sqrt3", "heaviside": "H", "asin": "arcsin", "acos": "arccos", "atan": "arctan",
                "gamma": "Gamma", "floor": "lfloor", "ceiling": "lceil", "besselj": "J"}  # fmt: skip
_COMMANDS = {
    *("exp", "ln", "log", "sqrt", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan"),
    *("sinh", "cosh", "tanh", "max", "min", "lvert", "rvert", "operatorname"),
    *("Gamma", "lfloor", "rfloor", "lceil", "rceil"),
}


@each_entry
def test_the_call_has_its_latex(entry: Elemental) -> None:
    """Each call is written in LaTeX with every operand once, balanced brackets and commands of amsmath only."""
    text = pattern(entry.formula, LATEX)
    assert sorted(place.slot for place in text.places) == sorted("uw"[: entry.arity])
    assert text.template.count("{") == text.template.count("}")
    assert text.template.count("(") == text.template.count(")")
    assert set(re.findall(r"\\([A-Za-z]+)", text.template)) <= _COMMANDS | {"times"}
    called, bracket, _ = entry.formula_text.partition("(")
    if bracket:
        assert _LATEX_NAMES.get(called, called) in re.sub(r"[{}_\\[\]]", "", text.template)


@each_entry
@pytest.mark.parametrize("dialect", [LATEX, MARKDOWN, TERMINAL, PLAIN], ids=lambda d: d.name)
def test_the_formula_has_its_operands_in_every_dialect(entry: Elemental, dialect: Any) -> None:
    """In every dialect the formula shows each operand once, the first one first (but a logarithm's base)."""
    places = [place.slot for place in pattern(entry.formula, dialect).places]
    assert sorted(places) == sorted("uw"[: entry.arity])
    assert places == sorted(places) or entry.name == "log"


@each_entry
def test_double_precision_agrees(entry: Elemental) -> None:
    """The values and partials in double precision are the certified ones to 1e-12."""
    for point in samples(entry):
        with precision(128), digits(30):
            exact_value, exact = partials_of(entry, in_arithmetic(point, CERTIFIED))
            value, partials = partials_of(entry, in_arithmetic(point, FLOATS), FLOATS)
            assert close(mp.mpf(value), real(exact_value), -12), point
            for slot in varying(entry):
                assert close(mp.mpf(partials[slot]), real(exact[slot]), -12), (point, slot)


@each_kink
def test_a_convention_lies_between_the_one_sided_slopes(entry: Elemental) -> None:
    """At a kink, and at no sample, the convention is used; it lies between the slopes on both sides of each operand."""
    bound = bind(entry, CERTIFIED)
    for point in samples(entry):
        assert not bound.at_a_kink(in_arithmetic(point, CERTIFIED))
    ties = [(fmpq(6), fmpq(-3))] if entry.name == "mod" else [(fmpq(0),) * 2, (fmpq(-7, 3),) * 2]
    for operands in ties if entry.arity == 2 else [(fmpq(0),)]:
        assert bound.at_a_kink(operands)
        for slot, convention in enumerate(rules(entry.kink.at, CERTIFIED)):
            slopes = []
            for side in (fmpq(-1, 10**6), fmpq(1, 10**6)):
                beside = [x + side * (number == slot) for number, x in enumerate(operands)]
                slopes.append(partials_of(entry, beside)[1][slot])
            assert min(slopes) <= convention(operands, bound.value(*operands)) <= max(slopes)


@pytest.mark.parametrize(
    ("expression", "at", "value", "gradient", "convention"),
    [
        ("abs(x)", {"x": 0}, "0", ["0"], "abs'(0) = 0"),
        ("sign(x)", {"x": 0}, "0", ["0"], "sign'(0) = 0"),
        ("relu(x)", {"x": 0}, "0", ["0"], "relu'(0) = 0"),
        ("heaviside(x)", {"x": 0}, "1/2", ["0"], "H(0) = 1/2 and H'(0) = 0"),
        ("step(x)", {"x": 0}, "1/2", ["0"], "H(0) = 1/2 and H'(0) = 0"),
        ("max(x, y)", {"x": "1/3", "y": "1/3"}, "1/3", ["1", "0"], "the first operand takes the tie"),
        ("min(x, y)", {"x": "1/3", "y": "1/3"}, "1/3", ["1", "0"], "the first operand takes the tie"),
        ("abs(sin(x))", {"x": "pi"}, "0", ["0"], "abs'(0) = 0"),
        ("x^2.5", {"x": 0}, "0", ["0"], "the slope from inside the domain"),
        ("x^y", {"x": 0, "y": 1}, "0", ["1", "0"], "the slope from inside the domain"),
        ("x^y", {"x": 0, "y": "3/2"}, "0", ["0", "0"], "the slope from inside the domain"),
        ("x^y", {"x": 0, "y": 2}, "0", ["0", "0"], "the slope from inside the domain"),
    ],
)
def test_a_kink_is_recorded(
    expression: str, at: dict[str, Any], value: str, gradient: list[str], convention: str
) -> None:
    """A trace at a kink gives the convention's numbers and records the row and the convention."""
    trace = adtrace.trace(expression, at=at)
    (kink,) = trace.evaluation.first().primal.kinks
    assert str(kink.words) == convention
    assert str(trace.value.exact) == value
    assert [str(x.exact) for x in trace.gradient.values()] == gradient
    assert kink.row == len(trace.wengert.rows)


def test_a_tie_of_one_number_with_itself_is_no_kink() -> None:
    """max(v, v) is v, whatever v is: its derivative exists, and no convention is used."""
    trace = adtrace.trace("max(sin(x), sin(x))", at={"x": 1})
    assert trace.evaluation.first().primal.kinks == ()
    assert trace.gradient["x"].rounded(10) == "0.5403023059"


@pytest.mark.parametrize("text", ["max(x, y)", "abs(x - y)", "relu(x - y) + y"])
def test_beside_a_kink_nothing_is_recorded(text: str) -> None:
    """A hair beside a kink the derivative exists, and no convention is used."""
    for x in ("1.0000000000000000000000000000001", "0.9999999999999999999999999999999"):
        assert adtrace.trace(text, at={"x": x, "y": 1}).evaluation.first().primal.kinks == ()


HAIR = "0." + "0" * 39 + "1"  # 10**-40
BELOW_ONE, ABOVE_ONE = "0." + "9" * 40, "1." + "0" * 39 + "1"

EDGES = [
    # elemental, condition, expression, points inside, points outside, each with the whole message
    ("div", "w != 0", "1/x", [HAIR, f"-{HAIR}"], {"0": "a division needs w != 0, but w = v_0 = 0 in v_1 = 1/v_0"}),
    ("powi", "u != 0", "x^(-2)", [HAIR, f"-{HAIR}"],
     {"0": "a negative power needs u != 0, but v_0 = 0 in v_1 = v_0^(-2)"}),
    ("powc", "u >= 0", "x^1.5", ["0", HAIR],
     {"-1/4": "a real power needs u >= 0, but v_0 = -0.25 in v_1 = v_0^1.5"}),
    ("powc", "u > 0", "x^0.5", [HAIR],
     {"0": "a finite derivative of a real power needs u > 0, but v_0 = 0 in v_1 = v_0^0.5",
      "-1/4": "a real power needs u >= 0, but v_0 = -0.25 in v_1 = v_0^0.5"}),
    ("powc", "u > 0", "x^(-0.5)", [HAIR], {"0": "a real power needs u > 0, but v_0 = 0 in v_1 = v_0^(-0.5)"}),
    ("pow", "u >= 0", "x^(x + 1/2)", [HAIR],
     {"-1/4": "a power with a variable exponent needs u >= 0, but v_0 = -0.25 in v_2 = v_0^v_1",
      "0": "a power with a variable exponent has no real value or derivative here, "
           "but u = v_0 = 0 and w = v_1 = 0.5 in v_2 = v_0^v_1"}),
    ("ln", "u > 0", "ln(x)", [HAIR],
     {"0": "ln needs u > 0, but v_0 = 0 in v_1 = ln(v_0)", "-2": "ln needs u > 0, but v_0 = -2 in v_1 = ln(v_0)"}),
    ("ln", "u > 0", "log(x)", [HAIR], {"0": "ln needs u > 0, but v_0 = 0 in v_1 = log(v_0)"}),
    ("log2", "u > 0", "log2(x)", [HAIR], {"0": "log2 needs u > 0, but v_0 = 0 in v_1 = log2(v_0)"}),
    ("log10", "u > 0", "log10(x)", [HAIR], {"0": "log10 needs u > 0, but v_0 = 0 in v_1 = log10(v_0)"}),
    ("log", "u > 0", "log(x, 2)", [HAIR], {"0": "log needs u > 0, but v_0 = 0 in v_1 = log(v_0, 2)"}),
    ("log", "w > 0", "log(2, x)", [HAIR], {"0": "log needs w > 0, but w = v_0 = 0 in v_1 = log(2, v_0)"}),
    ("log", "w != 1", "log(2, x)", [BELOW_ONE, ABOVE_ONE],
     {"1": "log needs w != 1, but w = v_0 = 1 in v_1 = log(2, v_0)"}),
    ("sqrt", "u >= 0", "sqrt(x)", [HAIR], {"-4": "sqrt needs u >= 0, but v_0 = -4 in v_1 = sqrt(v_0)"}),
    ("sqrt", "u > 0", "sqrt(x)", [HAIR],
     {"0": "a finite derivative of sqrt needs u > 0, but v_0 = 0 in v_1 = sqrt(v_0)"}),
    ("cbrt", "u != 0", "cbrt(x)", [HAIR, f"-{HAIR}"],
     {"0": "a finite derivative of cbrt needs u != 0, but v_0 = 0 in v_1 = cbrt(v_0)"}),
    ("tan", "cos(u) != 0", "tan(x)", [f"pi/2 - {HAIR}", f"pi/2 + {HAIR}"],
     {"pi/2": "tan needs cos(u) != 0, but v_0 = 1.5707963267948966 in v_1 = tan(v_0)",
      "-3*pi/2": "tan needs cos(u) != 0, but v_0 = -4.71238898038469 in v_1 = tan(v_0)"}),
    ("cot", "sin(u) != 0", "cot(x)", [HAIR, f"pi - {HAIR}"],
     {"0": "cot needs sin(u) != 0, but v_0 = 0 in v_1 = cot(v_0)",
      "pi": "cot needs sin(u) != 0, but v_0 = 3.141592653589793 in v_1 = cot(v_0)"}),
    ("sec", "cos(u) != 0", "sec(x)", [f"pi/2 - {HAIR}"],
     {"pi/2": "sec needs cos(u) != 0, but v_0 = 1.5707963267948966 in v_1 = sec(v_0)"}),
    ("csc", "sin(u) != 0", "csc(x)", [HAIR], {"0": "csc needs sin(u) != 0, but v_0 = 0 in v_1 = csc(v_0)"}),
    *[
        (name, condition, f"{name}(x)", [f"{sign}{BELOW_ONE}"],
         {f"{sign}1": f"a finite derivative of {name} needs {condition}, but v_0 = {sign}1 in v_1 = {name}(v_0)"})
        for name in ("asin", "acos") for condition, sign in (("u != 1", ""), ("u != -1", "-"))
    ],
    *[
        (name, condition, f"{name}(x)", [f"{sign}{BELOW_ONE}"],
         {f"{sign}5/4": f"{name} needs {condition}, but v_0 = {sign}1.25 in v_1 = {name}(v_0)"})
        for name in ("asin", "acos") for condition, sign in (("u <= 1", ""), ("u >= -1", "-"))
    ],
    ("atan2", "u != 0 or w != 0", "atan2(x, 0)", [HAIR, f"-{HAIR}"],
     {"0": "atan2 needs u != 0 or w != 0, but u = v_0 = 0 and w = 0 in v_1 = atan2(v_0, 0)"}),
    ("pow", "u > 0 or w > 0", "0^x", [HAIR],
     {"0": "a power with a variable exponent needs u > 0 or w > 0, but u = 0 and w = v_0 = 0 in v_1 = 0^v_0"}),
    ("gamma", "u > 0 or u != floor(u)", "gamma(x)", [HAIR, f"-{HAIR}", f"-3 + {HAIR}"],
     {"0": "gamma needs u > 0 or u != floor(u), but v_0 = 0 in v_1 = gamma(v_0)",
      "-3": "gamma needs u > 0 or u != floor(u), but v_0 = -3 in v_1 = gamma(v_0)"}),
    *[
        (name, "u > 0 or u != floor(u)", f"{name}(x)", [HAIR, f"-1 - {HAIR}"],
         {"-1": f"{name} needs u > 0 or u != floor(u), but v_0 = -1 in v_1 = {name}(v_0)"})
        for name in ("digamma", "trigamma")
    ],
    ("polygamma", "w > 0 or w != floor(w)", "polygamma(3, x)", [HAIR, f"-1 - {HAIR}"],
     {"-1": "polygamma needs w > 0 or w != floor(w), but w = v_0 = -1 in v_1 = polygamma(3, v_0)"}),
    ("loggamma", "u > 0", "loggamma(x)", [HAIR],
     {"-1/2": "loggamma needs u > 0, but v_0 = -0.5 in v_1 = loggamma(v_0)"}),
    ("beta", "u > 0", "beta(x, 2)", [HAIR], {"0": "beta needs u > 0, but v_0 = 0 in v_1 = beta(v_0, 2)"}),
    ("beta", "w > 0", "beta(2, x)", [HAIR], {"-1": "beta needs w > 0, but w = v_0 = -1 in v_1 = beta(2, v_0)"}),
    ("lambertw", "u >= -1/e", "lambertw(x)", ["-0.3678794411714423215955237701614608"],
     {"-0.3678794412": "lambertw needs u >= -1/e, but v_0 = -0.3678794412 in v_1 = lambertw(v_0)"}),
    ("Ci", "u > 0", "Ci(x)", [HAIR], {"0": "Ci needs u > 0, but v_0 = 0 in v_1 = Ci(v_0)"}),
    ("mod", "w != 0", "mod(1, x)", [HAIR], {"0": "mod needs w != 0, but w = v_0 = 0 in v_1 = mod(1, v_0)"}),
    ("acosh", "u >= 1", "acosh(x)", [ABOVE_ONE], {"1/2": "acosh needs u >= 1, but v_0 = 0.5 in v_1 = acosh(v_0)"}),
    ("acosh", "u != 1", "acosh(x)", [ABOVE_ONE],
     {"1": "a finite derivative of acosh needs u != 1, but v_0 = 1 in v_1 = acosh(v_0)"}),
    ("atanh", "u < 1", "atanh(x)", [BELOW_ONE], {"1": "atanh needs u < 1, but v_0 = 1 in v_1 = atanh(v_0)"}),
    ("atanh", "u > -1", "atanh(x)", [f"-{BELOW_ONE}"], {"-1": "atanh needs u > -1, but v_0 = -1 in v_1 = atanh(v_0)"}),
]  # fmt: skip


UNREACHED = {("lambertw", "u > -1/e")}
"""At an edge that no fraction is, what is decided is on one side of it; see the next test but one."""


def test_no_edge_is_missing() -> None:
    """Every condition of the table has an edge here, and each edge belongs to a condition."""
    conditions = {
        (entry.name, condition.text)
        for entry in ENTRIES.values()
        for condition in (*entry.domain, *entry.smooth)
    }  # fmt: skip
    assert {(name, condition) for name, condition, *_ in EDGES} == conditions - UNREACHED


@pytest.mark.parametrize(("name", "condition", "expression", "inside", "outside"), EDGES)
def test_a_domain_from_both_sides(
    name: str, condition: str, expression: str, inside: list[str], outside: dict[str, str]
) -> None:
    """A hair inside the edge there are a value and a gradient; on or past it a sentence names row, operand and rule."""
    for x in inside:
        trace = adtrace.trace(expression, at={"x": x})
        assert name in [row.elemental.name for row in trace.wengert.rows]
        assert trace.value.rounded(4)
        assert trace.gradient["x"].rounded(4)
    for x, message in outside.items():
        with pytest.raises(adtrace.DomainError) as refused:
            adtrace.trace(expression, at={"x": x})
        assert str(refused.value) == message
    assert any(f"needs {condition}" in message for message in outside.values())


def test_the_edge_of_lambertw_is_undecided() -> None:
    """At -1/e, where the slope is infinite, no precision tells whether the point is still in the domain: it is said."""
    with pytest.raises(adtrace.UndecidedError, match=r"^whether u >= -1/e, u > -1/e in v_1 = lambertw\(v_0\)"):
        adtrace.trace("lambertw(x)", at={"x": "-1/e"})
