"""Tables of second and higher order: rules against differences of functions, numbers against sympy, refusals."""

from __future__ import annotations

import json
import random

import mpmath as mp
import pytest
import sympy as sp
from latex_reader import evaluate
from oracles import close, digits, value_of
from test_elementals import ENTRIES, samples
from test_higher import NAMES, program

import adtrace
from adtrace.elementals import Elemental
from adtrace.latexbuild.fragments import values
from adtrace.tables.resources import found
from adtrace.tracing.differentials import higher_tangent

AT = {"x1": 2, "x2": 5}
ALONG = {"x1": 1, "x2": -2}
TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at=AT, seed=ALONG)
PLAIN = [entry for entry in ENTRIES.values() if not entry.order and entry.kink is None]


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: f"{entry.name}{entry.arity}-{entry.formula_text}")
def test_a_rule_of_higher_order_is_the_derivative_of_the_function(entry: Elemental, order: int) -> None:
    """Along a curve u(t), w(t) each rule gives the derivative that mpmath finds by differences, also of one operand."""
    slopes = {"u": ("0.7", "-1.3", "0.4"), "w": ("-0.6", "0.9", "1.1")}
    point = samples(entry)[0]
    constant = entry.formula_text == "u^w" and entry.name != "pow"
    choices = [(True, False)] if constant else [a for a in entry.signatures if any(a)]
    with digits(60):
        start = [mp.mpf(exact.p) / exact.q for exact in (sp.Rational(text.strip("()")) for text in point)]
        for active in choices:
            moves = [[mp.mpf(s) if moving else mp.mpf(0) for s in slopes[slot]]
                     for slot, moving in zip("uw", active, strict=False)]  # fmt: skip

            def along(t: mp.mpf, moves: list[list[mp.mpf]] = moves) -> mp.mpf:
                curve = [x + sum(m * t**k / mp.factorial(k) for k, m in enumerate(move, 1))
                         for x, move in zip(start, moves, strict=True)]  # fmt: skip
                return value_of(entry.definition, dict(zip("uw", curve, strict=False)))

            names = {"v": along(mp.mpf(0))}
            for slot, x, move in zip("uw", start, moves, strict=False):
                names |= {slot: x} | {"d" * k + slot: m for k, m in enumerate(move, 1)}
            names |= {"d" * k + "v": mp.diff(along, 0, k) for k in range(1, order)}
            ours = value_of(higher_tangent(entry.signatures[active], order), names)
            assert close(ours, mp.diff(along, 0, order), -12), (active, ours)


@pytest.mark.parametrize("seed", range(30))
def test_the_numbers_are_sympys(seed: int) -> None:
    """The second and third derivative along a seed of random formulas, to 12 decimals; with order 1 nothing is new."""
    text, expression = program(seed)
    choose = random.Random(seed)
    point = {name: f"{choose.randint(-8, 8)}/{choose.randint(1, 5)}" for name in NAMES}
    direction = {name: choose.randint(-2, 2) for name in NAMES}
    t = sp.Symbol("t")
    moved = expression.subs({sp.Symbol(n): sp.Rational(point[n]) + direction[n] * t for n in NAMES}, simultaneous=True)
    trace = adtrace.trace(f"f(x1, x2, x3) = {text}", at=point, seed=direction)
    document = trace.to_dict(order=3, digits=12, mode="forward")
    for name, k in (("second", 2), ("third", 3)):
        wanted = sp.diff(moved, t, k).subs(t, 0).evalf(40)
        shown = sp.Float(document["dependents"][0][name], 40)
        assert abs(shown - wanted) <= sp.Rational(6, 10) * 10 ** sp.Integer(-12) * max(1, abs(wanted)), (text, name)
    assert "second" not in json.dumps(trace.to_dict(mode="forward"))


def test_cells_with_numbers_put_in_have_the_value_beside_them() -> None:
    """A reader of LaTeX gets from each cell with numbers the number that stands beside it."""
    trace = adtrace.trace("x1*sin(x2)/sqrt(x1) + x2^3 - exp(-x1)/x2", at={"x1": 2, "x2": "1/3"}, seed=ALONG)
    table = trace.table(style="four-column", mode="forward", order=3, digits=12)
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| $")]
    checked = 0
    for cell in (row[k] for row in rows for k in (5, 7)):
        numbers, equals, value = cell.strip(" $").rpartition(" = ")
        if equals:
            assert evaluate(numbers, {}) == pytest.approx(evaluate(value, {}), abs=1e-9)
            checked += 1
    assert checked > 14


def test_every_style_and_format_has_room_for_it() -> None:
    """Each style shows the second derivative in each format and layout; a caption says that it is no coefficient."""
    coefficient = float(TRACE.taylor(2)["y"][2])
    wanted = f"{2 * coefficient:.4f}".lstrip("-")
    for name in found(None, "styles", ".toml"):
        for form in ("markdown", "latex", "text", "html", "typst"):
            for layout in ("side-by-side", "stacked"):
                document = TRACE.table(style=name, format=form, layout=layout, order=2, mode="forward")
                shown = f"{abs(coefficient):.4f}" if name == "cppad" else wanted
                assert shown in document, (name, form)
                assert ("are" if name == "cppad" else "times") + " the Taylor coefficient" in document
    assert wanted in TRACE.table(format="html", standalone=True, order=2)
    assert values(TRACE, {"order": 2})["ddot y"].lstrip("-") == wanted


@pytest.mark.parametrize("mark", ["prime", "differential", "directional"])
def test_a_mark_that_is_no_accent_is_bracketed_under_a_power(mark: str) -> None:
    """(v')^2, (dv)^2, (D_p v)^2: the square of the tangent, not the tangent of the square."""
    table = TRACE.table(format="text", order=2, mode="forward", notation=f"tangent={mark}")
    first = {"prime": "(v₀′)^2", "differential": "(dv₀)^2", "directional": "(Dₚv₀)^2"}[mark]
    assert first in table


def test_what_has_no_second_order_is_refused() -> None:
    """A row at a kink, displayed arithmetic, Leibniz's mark, a reverse table alone and an order that is none."""
    cases = [
        (adtrace.trace("floor(x1)", at={"x1": 2}), {}, adtrace.DomainError, "kink"),
        (adtrace.trace("abs(x1)*x1", at={"x1": 0}), {"mode": "reverse", "order": 3}, adtrace.DomainError, "u = 0"),
        (adtrace.trace("sinc(x1)", at={"x1": 0}), {}, adtrace.DomainError, "u = 0"),
        (adtrace.trace("x1^1.5", at={"x1": 0}), {}, adtrace.AdtraceError, "."),
        (adtrace.trace("x1", at={"x1": 2}, arithmetic="displayed"), {}, adtrace.OptionError, "displayed"),
        (TRACE, {"notation": "tangent=leibniz"}, adtrace.OptionError, "leibniz"),
        (TRACE, {"mode": "second", "notation": "adjoint=leibniz"}, adtrace.OptionError, "leibniz"),
        (TRACE, {"order": 0}, adtrace.OptionError, "from 1 to 4"),
        (TRACE, {"order": 5}, adtrace.OptionError, "from 1 to 4"),
    ]
    for trace, options, error, text in cases:
        with pytest.raises(error, match=text):
            trace.table(**({"order": 2, "mode": "forward"} | options))


def test_beside_a_kink_the_side_counts() -> None:
    """abs(x)*x has the second derivative 2 to the right of its kink, and relu 0 on both sides."""
    right = adtrace.trace("abs(x)*x", at={"x": "0.001"}).to_dict(order=2, mode="forward")
    assert right["dependents"][0]["second"] == "2.0000"
    for x in (-1, 1):
        beside = adtrace.trace("relu(x)", at={"x": x}).to_dict(order=2, mode="forward")
        assert beside["dependents"][0]["second"] == "0.0000"


@pytest.mark.parametrize(
    ("text", "second", "exists"),
    [
        ("abs(x)*x", 2, False), ("relu(x)^2", 2, False), ("abs(x)", 0, False), ("max(x, 0)", 0, False),
        ("abs(x)^2", 2, True), ("cos(abs(x))", -1, True), ("relu(x)^3", 0, True), ("abs(x^2)", 2, True),
        ("abs(x)*abs(-x)", 2, True), ("relu(x) - relu(-x)", 0, True), ("abs(x + 1)", 0, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["forward", "second"])
def test_at_a_kink_the_table_says_what_its_number_is(text: str, second: int, exists: bool, mode: str) -> None:
    """A second derivative that exists stands there without a note; one that does not is one by convention, and a note
    says so: the second derivative of the row at the kink is 0.
    """
    document = adtrace.trace(text, at={"x": 0}).to_dict(mode=mode, order=2)
    shown = document["dependents"][0]["second"] if mode == "forward" else document["hessian_vector"]["x"]
    assert float(shown) == second
    said = " ".join(document["notes"])
    assert ("by convention its second derivative is 0" in said) is not exists
    assert ("what stands there is by that convention" in said) is not exists


def test_a_convention_is_no_number_where_the_derivative_is_another() -> None:
    """A table whose rows would give another number than a derivative that exists is refused."""
    trace = adtrace.trace("abs(x1)*abs(x2)", at={"x1": 0, "x2": 0}, seed={"x1": 1, "x2": -1})
    assert trace.taylor(2)["y"] == [0, 0, 1]
    with pytest.raises(adtrace.DomainError, match=r"exists and is another number .* kink"):
        trace.table(mode="forward", order=2)


def test_a_tie_and_several_outputs() -> None:
    """A tie is called one; each output is named with what it lacks; a graph has the same bounds."""
    trace = adtrace.trace("(max(x, y)*x, x*y)", at={"x": 1, "y": 1}, seed="x")
    said = " ".join(trace.to_dict(mode="both", order=2)["notes"])
    assert "v_1 (max) is at a tie" in said
    assert "f_1 has no second derivative along the seed" in said
    assert "No product of the Hessian of f_1 with the seed exists" in said
    assert "f_2" not in said
    with pytest.raises(adtrace.DomainError, match="kink"):
        adtrace.trace("floor(x)", at={"x": 1}).graph(mode="second")
