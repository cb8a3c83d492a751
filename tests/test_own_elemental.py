"""Elementals of one's own: declared in one line, tried, and then like any other."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy
import pytest
import sympy as sp

import adtrace
from adtrace.derive import to_sympy
from adtrace.elementals import SLOTS, TABLE, rule
from adtrace.errors import ParseError

SWISH = "u/(1 + exp(-u))"


def partials(function: Callable[..., Any]) -> tuple[str, ...]:
    """The partials of a declared elemental as texts."""
    return next(entry.partials_text for (name, _), entry in TABLE.items() if name == function.name)


def test_an_elemental_is_one_call_and_works_everywhere() -> None:
    """After its declaration it is in the language, in Python functions, a function of numbers, and in sympy objects."""
    swish = adtrace.elemental("swish", SWISH)
    assert swish(0.5) == pytest.approx(0.5 / (1 + math.exp(-0.5)), rel=1e-15)
    text = adtrace.trace("swish(x)*x", {"x": 1})
    for other in (lambda x: swish(x) * x, lambda x: adtrace.swish(x) * x):
        assert adtrace.trace(other, {"x": 1}).gradient["x"].rounded(30) == text.gradient["x"].rounded(30)
    x = sp.Symbol("x")
    from_sympy = adtrace.trace(sp.Function("swish")(x) * x, {x: 1})
    assert from_sympy.gradient["x"].rounded(30) == text.gradient["x"].rounded(30)
    with mp.workdps(40):
        wanted = mp.diff(lambda t: t * t / (1 + mp.exp(-t)), 1)
        assert text.gradient["x"].rounded(20) == mp.nstr(wanted, 21)


@pytest.mark.parametrize(
    ("form", "call"),
    [("latex", r"\operatorname{swish}(v_{0})"), ("markdown", r"\operatorname{swish}(v_{0})"), ("text", "swish(v₀)")],
)
def test_the_formula_cell_shows_the_call(form: str, call: str) -> None:
    """In each format a row shows the call, not the formula behind it."""
    adtrace.elemental("swish", SWISH)
    assert f"= {call}" in adtrace.trace("swish(x)", {"x": 1}).table(format=form)


def test_the_structure_names_it() -> None:
    """In the JSON structure it is an elemental under its name; LaTeX uses the call that was given."""
    adtrace.elemental("gelu", "u*(1 + erf(u/sqrt(2)))/2", latex=r"\mathrm{GELU}(<u>)")
    row = adtrace.trace("gelu(x)", {"x": 1}).to_dict()["rows"][0]
    assert (row["elemental"], row["formula"]) == ("gelu", "gelu(v_0)")
    assert r"= \mathrm{GELU}(v_{0})" in adtrace.trace("gelu(x)", {"x": 1}).table(format="latex")


@pytest.mark.parametrize(
    ("formula", "conditions"),
    [
        (SWISH, {}),
        ("u^3 - 2*u", {}),
        ("u*w + w^2", {}),
        ("ln(u)/w", {"domain": "u > 0, w != 0"}),
        ("sqrt(u - 200)", {"domain": "u >= 200", "smooth": "u > 200"}),
        ("atan2(u, w)*tanh(w)", {"domain": "w > 0", "kink": ""}),
        ("sigmoid(u)*softplus(w)", {"kink": ""}),
        ("cbrt(u)", {"smooth": "u != 0", "kink": ""}),
        ("log(u, w) + log2(u) - log10(w)", {"domain": "u > 0, w > 0, w != 1"}),
        ("u*abs(u)", {"kink": ""}),
        ("max(u, 0)^2", {"kink": ""}),
        ("2^u + pi*e^w", {}),
        ("sinh(u)/cosh(u) + sec(u)", {"domain": "cos(u) != 0"}),
        ("asin(u)*acos(u) - atan(u)", {"domain": "u >= -1, u <= 1", "smooth": "u != -1, u != 1"}),
    ],
)
def test_derived_partials_are_the_derivative(formula: str, conditions: dict[str, str]) -> None:
    """The partials that sympy finds agree with mpmath's numerical derivative inside the domain."""
    adtrace.elemental("mine", formula, **conditions)  # type: ignore[arg-type]
    arity = 2 if "w" in formula else 1
    at = {"u": "201/8" if "200" not in formula else "201.5", "w": "7/4"}
    if "asin" in formula:
        at["u"] = "3/8"
    names = SLOTS[:arity]
    trace = adtrace.trace(f"mine({', '.join(names)})", {name: at[name] for name in names})
    plainly = adtrace.trace(formula, {name: at[name] for name in names})
    assert trace.value.rounded(25) == plainly.value.rounded(25)
    assert {k: v.rounded(25) for k, v in trace.gradient.items()} == {
        k: v.rounded(25) for k, v in plainly.gradient.items()
    }


def test_given_partials_may_use_the_result() -> None:
    """Partials are in u, w and v; one text is enough for one operand."""
    given = adtrace.elemental("logistic", "1/(1 + exp(-u))", "v*(1 - v)")
    assert partials(given) == ("v*(1 - v)",)
    both = adtrace.elemental("scaled", "exp(u)*w", ("v", "exp(u)"), tangent="v*du + exp(u)*dw")
    assert adtrace.trace(both, (0, 3)).gradient == {"operands_1": 3, "operands_2": 1}


def test_one_elemental_may_stand_on_another() -> None:
    """A formula may call an elemental of one's own."""
    adtrace.elemental("swish", SWISH)
    adtrace.elemental("twice", "swish(2*u)")
    found, wanted = (adtrace.trace(f, {"x": 1}) for f in ("twice(x)", "swish(2*x)"))
    assert found.gradient["x"].rounded(25) == wanted.gradient["x"].rounded(25)


def test_a_domain_is_kept_and_spoken() -> None:
    """Outside its domain the sentence names the elemental."""
    adtrace.elemental("lg", "ln(u)/ln(10)", domain="u > 0")
    with pytest.raises(adtrace.DomainError, match=r"^lg needs u > 0, but x = -1 in v_1 = lg\(|^lg needs u > 0"):
        adtrace.trace("lg(x)", {"x": -1})


def test_a_kink_is_a_convention_with_a_note() -> None:
    """At a declared kink the partial is the one that was given, and the table says so."""
    adtrace.elemental("hinge", "max(1 - u, 0)", kink="u = 1", at_kink="-1/2")
    trace = adtrace.trace("hinge(x)", {"x": 1})
    assert trace.gradient["x"].rounded(1) == "-0.5"
    (note,) = trace.to_dict()["notes"]
    assert note == ("v_1 (hinge) is at its kink, v_0 = 1: its one-sided slopes are -1 and 0, and no derivative "
                    "exists. By convention hinge' = -1/2.")  # fmt: skip
    assert adtrace.trace("hinge(x)", {"x": 0}).to_dict()["notes"] == []


SIDES = [
    ("max(u, u/10)", "u = 0", "0", ("1/10",), ("1",)),
    ("max(1 - u, 0)", "u = 1", "-1/2", ("-1",), ("0",)),
    ("max(u, 0) + 2*(exp(min(u, 0)) - 1)", "u = 0", "0", ("2*exp(u)",), ("1",)),
    ("max(u, 2*w)", "u = 2*w", ("1", "0"), ("0", "2"), ("1", "0")),
    ("max(abs(u), 1)", "abs(u) = 1", "0", ("0",), ("sign(u)",)),
    ("abs(u - w)", "u = w", ("0", "0"), ("-1", "1"), ("1", "-1")),
    ("abs(u) + abs(u - 1)", "u*(u - 1) = 0", "0", (), ()),
]


@pytest.mark.parametrize(("formula", "kink", "at_kink", "below", "above"), SIDES)
def test_the_sides_of_a_kink_are_found(
    formula: str, kink: str, at_kink: Any, below: tuple[str, ...], above: tuple[str, ...]
) -> None:
    """From the partials come those to both sides of the kink, where each side has one rule; else none are claimed."""
    adtrace.elemental("mine", formula, kink=kink, at_kink=at_kink)
    found = next(entry.kink for (name, _), entry in TABLE.items() if name == "mine")
    assert found is not None
    assert (found.below, found.above, found.kind) == (below, above, "corner")


def test_a_kink_of_one_s_own_is_like_any_other() -> None:
    """A function of it that is smooth has its true derivative; one whose value jumps there is noted as a jump."""
    adtrace.elemental("leaky", "max(u, u/10)", kink="u = 0", at_kink="0")
    smooth = adtrace.trace("leaky(x) - leaky(-x)", {"x": 0})
    assert smooth.gradient["x"].rounded(3) == "1.100"
    assert smooth.to_dict()["notes"] == []
    adtrace.elemental("stairs", "u + 3*heaviside(u - 2)", kink="u = 2", at_kink="1")
    (note,) = adtrace.trace("stairs(x)", {"x": 2}).to_dict()["notes"]
    assert "its value jumps there" in note


def test_a_kink_of_one_s_own_is_compiled() -> None:
    """The compiled function has the slope of each side and the convention at the kink: for a point and for many."""
    adtrace.elemental("leaky", "max(u, u/10)", kink="u = 0", at_kink="1/2")
    adtrace.elemental("two", "abs(u) + abs(u - 1)", kink="u*(u - 1) = 0", at_kink="0")
    function = adtrace.trace("leaky(x)*y + two(x)", {"x": 1, "y": 2}).function()
    points = [[-2.0, 3.0], [0.0, 3.0], [0.5, 3.0], [1.0, 3.0], [4.0, 3.0]]
    values = [4.4, 1.0, 2.5, 4.0, 19.0]
    gradients = [[-1.7, -0.2], [1.5, 0.0], [3.0, 0.5], [3.0, 1.0], [5.0, 4.0]]
    for point, value, gradient in zip(points, values, gradients, strict=True):
        found = function(point)
        assert found == (pytest.approx(value), pytest.approx(gradient))
    many = function(numpy.array(points))
    assert many[0] == pytest.approx(values)
    assert many[1] == pytest.approx(numpy.array(gradients))


def test_the_same_declaration_may_be_made_again() -> None:
    """A notebook's cell may run twice; another formula under the name is refused."""
    adtrace.elemental("swish", SWISH)
    adtrace.elemental("swish", SWISH)
    with pytest.raises(adtrace.OptionError, match=r"^there is an elemental swish already; choose another name$"):
        adtrace.elemental("swish", "u")


@pytest.mark.parametrize(
    "name", ["sin", "max", "step", "add", "u", "v", "du", "pi", "e", "a-b", "", "2x", "x y", "__x"]
)
def test_names_that_are_refused(name: str) -> None:
    """A name is safe, free, and has no other meaning in rules."""
    before = dict(TABLE)
    with pytest.raises(adtrace.OptionError):
        adtrace.elemental(name, "u^2")
    assert before == TABLE


@pytest.mark.parametrize(
    ("given", "options", "sentence"),
    [
        (
            ("u^2", "3*u"),
            {},
            r"^the partial of mine by u is wrong: 3\*u is 1 at u = 1/3, where the slope is 0\.666667$",
        ),
        (("u*w", ("w", "w")), {}, r"^the partial of mine by w is wrong: w is "),
        (("u*w", "w"), {}, r"^mine has 2 operands and needs a partial for each, not 1$"),
        (("u^2", ()), {}, r"^mine has 1 operand and needs a partial for each, not 0$"),
        (("ln(u)",), {}, r'^mine at u = .* has no value or no derivative: say where it has one with domain="u > 0"'),
        (("sqrt(u)",), {"domain": "u >= 0"}, r"smooth="),
        (("relu(u) + u",), {}, r"^the formula of mine has relu in it, which has a kink: say where mine has one"),
        (("relu(u) + u",), {"kink": ""}, r"^the partial of mine by u is wrong"),
        (("max(u, 1)",), {"kink": ""}, r"^the partial of mine by u is wrong"),
        (("relu(u)",), {"kink": "u = 0"}, r"needs a partial at the kink for each, not 0$"),
        (("abs(u)",), {"kink": "u > 0", "at_kink": "0"}, r"^the kink of mine is where something is equal"),
        (("u",), {"at_kink": "1"}, r"^at_kink is given for mine, but kink does not say where$"),
        (("x^2",), {}, r"^the formula is in u, w, z, t, s, r; x is none of them"),
        (("w",), {}, r"^the formula of mine is to be in its operands"),
        (("5",), {}, r"^the formula of mine is to be in its operands"),
        (("u = 2",), {}, r"^the formula is an expression, not an equation"),
        (("u", "q"), {}, r"^a partial of mine is in u, v; q is none of them$"),
        (("u",), {"domain": "u>0"}, r"^a condition is written as 'u > 0'"),
        (("u",), {"domain": "x > 0"}, r"^the condition x > 0 is in u; x is none of them"),
        (("u",), {"domain": "u > 3, u < 2"}, r"^no point was found in the domain of mine"),
        (("u",), {"latex": r"\mine"}, r"^the LaTeX of mine is its call with <u> for the operands"),
        (("u",), {"latex": r"\mine{<u>"}, r"closed braces"),
        ((5,), {}, r"^the formula is text in the language, not int$"),
    ],
)
def test_declarations_that_are_refused(given: tuple[Any, ...], options: dict[str, str], sentence: str) -> None:
    """What is wrong, missing or unsafe is named, and the table stays as it was."""
    before = dict(TABLE)
    with pytest.raises(adtrace.InputError, match=sentence):
        adtrace.elemental("mine", *given, **options)
    assert before == TABLE


@pytest.mark.parametrize("formula", ["u +", "open('f')", "u.real", "mine(u)", "u; w"])
def test_formulas_are_read_by_our_grammar(formula: str) -> None:
    """A formula is text in the language, and nothing else; it cannot call itself."""
    with pytest.raises((ParseError, adtrace.InputError)):
        adtrace.elemental("mine", formula)


@pytest.mark.parametrize(("name", "arity"), sorted(TABLE))
def test_the_bridge_to_sympy_knows_every_elemental(name: str, arity: int) -> None:
    """Each entry of the table, as a sympy expression, has the value that adtrace computes."""
    at = {"u": "3/8", "w": "13/8"} if name not in {"acosh", "arccosh"} else {"u": "13/8", "w": "2"}
    entry = TABLE[name, arity]
    formula = entry.formula_text.replace("(u, ", "(2, ") if entry.order else entry.formula_text
    names = SLOTS[:arity] if not entry.order else ("w",)
    value = to_sympy(rule(formula), {slot: sp.Rational(at[slot]) for slot in names})
    found = adtrace.trace(formula, {slot: at[slot] for slot in names}).value
    assert abs(sp.N(value, 40) - sp.Float(found.rounded(30), 50)) < sp.Float("1e-28")


def test_the_latex_of_a_call_is_for_latex_alone() -> None:
    """LaTeX and Markdown take the call that was given; the other formats, the page and the graph write the name."""
    adtrace.elemental("gelu", "u*(1 + erf(u/sqrt(2)))/2", latex=r"\mathrm{GELU}(<u>)")
    trace = adtrace.trace("gelu(x)*abs(x)", {"x": 1})
    for form in ("latex", "markdown"):
        assert r"= \mathrm{GELU}(v_{0})" in trace.table(format=form)
    for form, call in (
        ("html", "<mi>gelu</mi><mo>\u2061</mo>"), ("typst", 'op("gelu")(v_(0))'), ("text", "= gelu(v₀)"),
    ):  # fmt: skip
        document = trace.table(format=form)
        assert call in document
        assert "GELU" not in document
    assert "<mi>gelu</mi>" in trace.table(format="html", standalone=True)
    assert "gelu" in trace.graph(format="svg")
