"""Elementals of three operands and more, declared in one line: one more column of operands, and like any other."""

from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy
import pytest
import sympy as sp
from wengert_lists import contributions

import adtrace
from adtrace.tracing.wengert import validate

FORMATS = ("latex", "markdown", "text", "html", "typst", "json")
AT = {"x": Fraction(3, 2), "y": Fraction(-2, 5), "c": 3}
TEXT = "fma(x, y, c)*fma(x, 2, x) - fma(y, y, y) + fma(4, c, 1)/fma(c, x, x)"


@pytest.fixture(autouse=True)
def declared() -> Any:
    """The elemental ``fma``, u*w + z."""
    return adtrace.elemental("fma", "u*w + z", ["w", "u", "1"])


def program(x: Any, y: Any, c: Any) -> Any:
    """The same as TEXT in Python."""
    fma = adtrace.elemental("fma", "u*w + z", ["w", "u", "1"])
    return fma(x, y, c) * fma(x, 2, x) - fma(y, y, y) + fma(4, c, 1) / fma(c, x, x)


def by_hand() -> tuple[Fraction, dict[str, Fraction]]:
    """Value and gradient at AT, from sympy, which knows fma as what it stands for."""
    x, y, c = sp.symbols("x y c")
    formula = (x * y + c) * (3 * x) - (y * y + y) + (4 * c + 1) / (c * x + x)
    at = {x: sp.Rational(3, 2), y: sp.Rational(-2, 5), c: 3}
    value, *slopes = (Fraction(str(of.subs(at))) for of in (formula, *map(formula.diff, (x, y, c))))
    return value, dict(zip("xyc", slopes, strict=True))


@pytest.mark.parametrize("given", [TEXT, program])
def test_both_sweeps_are_exact(given: Any) -> None:
    """Value, gradient and every tangent are sympy's fractions, from a text and from a program."""
    value, gradient = by_hand()
    trace = adtrace.trace(given, AT)
    validate(trace.wengert)
    assert trace.value == value
    assert {name: v.exact for name, v in trace.gradient.items()} == gradient
    for name in AT:
        assert adtrace.trace(given, AT, seed=name).tangent == gradient[name]


def test_a_program_in_double_precision() -> None:
    """Rows that are computed as they are recorded, before and after the first wide one, are those of the sweep."""
    value, gradient = by_hand()
    recorded = adtrace.trace(program, AT, arithmetic="float")
    assert float(recorded.value) == pytest.approx(float(value), rel=1e-14)
    assert [float(v) for v in recorded.gradient.values()] == pytest.approx(list(map(float, gradient.values())))
    assert recorded.wengert.rows == adtrace.trace(program, AT).wengert.rows
    late = adtrace.trace(lambda x: adtrace.fma(adtrace.sin(x) * x, x, abs(x - x)) * 2 + x, 1.25, arithmetic="float")
    assert float(late.value) == 2 * (math.sin(1.25) * 1.25 * 1.25) + 1.25


def test_equal_rows_are_one() -> None:
    """Rows with the same operands are shared, those with other ones are not; with sharing off none are."""
    for given in ("fma(x, y, x)*fma(x, y, x) + fma(x, y, y)", lambda x, y: (
        adtrace.fma(x, y, x) * adtrace.fma(x, y, x) + adtrace.fma(x, y, y)
    )):  # fmt: skip
        shared, apart = (adtrace.trace(given, {"x": 2, "y": 3}, sharing=on) for on in (True, False))
        assert [row.elemental.name for row in shared.wengert.rows] == ["fma", "mul", "fma", "add"]
        assert [row.elemental.name for row in apart.wengert.rows] == ["fma", "fma", "mul", "fma", "add"]
        assert shared.value == apart.value == 8 * 8 + 9
        assert shared.gradient == apart.gradient


def test_a_repeated_operand_contributes_once() -> None:
    """Operands that are one variable have one partial, the sum over their slots, whichever these are."""
    trace = adtrace.trace("fma(x, y, x) + fma(y, y, y)*fma(y, x, x)", {"x": 5, "y": 7})
    made = list(contributions(trace.evaluation.first(), trace.wengert.first))
    by_row = {(c.row, c.target): (c.slots, c.partial) for c in made}
    rows = {tuple(map(int, row.operands)): index for index, row in enumerate(trace.wengert.rows, start=1)}
    assert by_row[rows[-1, 0, -1], -1] == ((0, 2), 8)
    assert by_row[rows[0, 0, 0], 0] == ((0, 1, 2), 15)
    assert by_row[rows[0, -1, -1], -1] == ((1, 2), 8)
    assert len(by_row) == len(made)
    facts = trace.to_dict(mode="reverse")["contributions"]
    assert ["u", "z"] in [of["slots"] for of in facts]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("mode", ["forward", "reverse", "both"])
def test_every_format_has_its_rows(form: str, mode: str) -> None:
    """The call with all of its operands, and the derivative's digits, stand in every format."""
    trace = adtrace.trace(TEXT, AT)
    table = trace.table(format=form, mode=mode)
    assert "fma" in table
    wanted = trace.tangent if mode == "forward" else trace.gradient["x"]
    assert wanted.rounded(4) in table.replace("\N{MINUS SIGN}", "-")
    assert trace.graph(format="svg").count("fma") >= 5


def test_formulas_and_numbers_of_a_row() -> None:
    """The tangent is the sum of partial times tangent over the three operands, constants left out."""
    table = adtrace.trace("fma(x, y, c) + fma(2, x, 1)", {"x": 2, "y": 3, "c": 4}).table(format="text", mode="forward")
    assert "= fma(v₋₂, v₋₁, v₀) = fma(2, 3, 4)" in table
    assert "= v₋₁ × v̇₋₂ + v₋₂ × v̇₋₁ + v̇₀ = 3 × 1 + 2 × 0 + 0" in table
    assert "= fma(2, v₋₂, 1)" in table
    assert "= 2 × v̇₋₂ " in table


def test_partials_have_columns() -> None:
    """Each slot has its part of a style; a row has as many partials as operands."""
    trace = adtrace.trace("sin(fma(x, y, c))", {"x": 2, "y": 3, "c": 4})
    partials = trace.evaluation.first().primal.partials
    assert [column[0] for column in partials] == [3, 2, 1]
    assert [column[1] for column in partials][1:] == [None, None]


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_a_style_that_stores_partials_has_one_more(mode: str) -> None:
    """Where a style has columns of partials, each operand has one; a list of two operands has two columns, as ever."""
    trace = adtrace.trace("sin(fma(x, y, c))*y", {"x": 2, "y": 3, "c": 4})
    lines = trace.table(format="text", mode=mode, style="stored-partials").splitlines()
    heading = next(line for line in lines if "Partial 1" in line)
    assert [k for k in range(1, 8) if f"Partial {k}" in heading] == [1, 2, 3]
    row = next(line for line in lines if "fma(v" in line)
    at = heading.index("Partial 3")
    assert row[at:].startswith("1")
    assert row[heading.index("Partial 2") :].startswith("v₋₂ = 2")
    plainly = adtrace.trace("sin(x*y + c)", {"x": 2, "y": 3, "c": 4}).table(format="text", style="stored-partials")
    assert "Partial 3" not in plainly


def test_a_partial_by_data_has_no_number() -> None:
    """A style that stores partials has the formula of one by data, whose number no sweep asks for."""
    text = adtrace.trace("x^2 + c*x", {"x": 3, "c": 2}, const="c").table(
        format="text", mode="forward", style="stored-partials"
    )
    (line,) = [line for line in text.splitlines() if line.startswith("│ v₂ ")]
    assert "v₀ = 2" in line
    assert "= 3" not in line


def test_compiled_code_and_counted_operations() -> None:
    """The function at other points is the written-out formula's, in numbers and in arrays; 2 operations are a row's."""
    both = adtrace.trace(TEXT, AT).function()
    plainly = adtrace.trace("(x*y + c)*(x*2 + x) - (y*y + y) + (4*c + 1)/(c*x + x)", AT).function()
    points = numpy.array([[random.Random(k).uniform(0.5, 2) for k in range(j, j + 3)] for j in range(20)])
    for ours, theirs in zip(both(points), plainly(points), strict=True):
        numpy.testing.assert_allclose(ours, theirs, rtol=1e-13)
    value, gradient = both([1.5, -0.4, 3.0])
    assert value == pytest.approx(float(by_hand()[0]))
    assert gradient == pytest.approx(list(map(float, by_hand()[1].values())))
    assert adtrace.trace("fma(x, y, x)", {"x": 1, "y": 2}).cost().function == 2


def test_displayed_arithmetic() -> None:
    """Every row is computed from the rounded numbers above it, whatever its operands."""
    given = {"x": "1/3", "y": "2/7"}
    trace = adtrace.trace("fma(x, y, x)*fma(y, x, y)", given, arithmetic="displayed")
    x, y = Fraction(1, 3), Fraction(2, 7)
    first, second = round(x * y + x, 2), round(y * x + y, 2)
    facts = trace.to_dict(mode="reverse", digits=2)
    assert [row["value"] for row in facts["rows"]] == [f"{float(v):.2f}" for v in (first, second, first * second)]
    by_x = round(round(first * y, 2) + second * (y + 1), 2)  # the first row's comes after the second's
    by_y = round(round(first * (x + 1), 2) + second * x, 2)
    assert facts["gradient"] == {"x": f"{float(by_x):.2f}", "y": f"{float(by_y):.2f}"}


def test_no_point_and_second_order() -> None:
    """Formulas as values, and second derivatives, follow from the same three rules."""
    trace = adtrace.trace("fma(x, y, exp(c))*x")
    x, y, c = sp.symbols("x y c")
    formula = (x * y + sp.exp(c)) * x
    for name, symbol in zip("xyc", (x, y, c), strict=True):
        slope = trace.gradient[name].sympy().replace(sp.Function("fma"), lambda u, w, z: u * w + z)
        assert sp.expand(slope - formula.diff(symbol)) == 0
    there = adtrace.trace("fma(x, y, exp(c))*x", {"x": 2, "y": 3, "c": 0})
    assert there.hessian["x"]["y"] == 4
    assert there.hessian["x"]["c"] == 1
    assert there.hessian["c"]["c"] == 2


def test_a_function_without_a_rule_of_three() -> None:
    """It has derivatives by each of them, drawn with an index, and sympy's are the same."""
    trace = adtrace.trace("g(x, y, c)*x")
    x, y, c = sp.symbols("x y c")
    formula = sp.Function("g")(x, y, c) * x
    for name, symbol in zip("xyc", (x, y, c), strict=True):
        assert sp.simplify(trace.gradient[name].sympy().doit() - formula.diff(symbol).doit()) == 0
    assert "g'_{3}(v_{-2}, v_{-1}, v_{0})" in trace.table(format="latex", mode="forward")


def test_the_checker_reads_what_is_printed() -> None:
    """Every cell of a printed table is right, and a planted mistake in a wide row is found."""
    table = adtrace.trace("fma(x, sin(y), x)*y", {"x": "3/2", "y": 2}).table(format="markdown", mode="both")
    report = adtrace.check(table)
    assert not report.mistakes
    wrong = table.replace("2.8639", "2.9639")
    assert wrong != table
    assert adtrace.check(wrong).mistakes


def test_numbers_constants_and_arrays() -> None:
    """Of plain numbers it is a number, of constants a constant, of arrays the array of its values."""
    fma = adtrace.fma
    assert fma(2, 3.0, 4) == 10.0
    assert adtrace.trace("x*fma(2, 3, 4)", {"x": 1}).wengert.rows[0].elemental.name == "mul"
    assert adtrace.trace("x*fma(2, 3, 4)", {"x": 2}).value == 20
    trace = adtrace.trace(lambda x: fma(x, x, numpy.array([1, 2, 3])).sum(), {"x": numpy.array([1, 2, 3])})
    assert trace.value == 14 + 6
    assert trace.gradient["x"] == [2, 4, 6]
    with pytest.raises(adtrace.RecordingError, match="fma takes 3 operands, not 2"):
        fma(1, 2)
    with pytest.raises(adtrace.ParseError, match="3"):
        adtrace.trace("fma(x, x)", {"x": 1})
    assert adtrace.trace("max(x, 2, 3*x, 4)", {"x": 1}).value == 4  # many operands of two, as ever


@pytest.mark.parametrize("wrong", [["2*w", "u", "1"], ["w", "w", "1"], ["w", "u", "z"], ["w", "u", "0"]])
def test_wrong_partials_are_refused(wrong: list[str]) -> None:
    """A partial that is wrong by any of the operands is found, with the point."""
    with pytest.raises(adtrace.InputError, match="the partial of mine by"):
        adtrace.elemental("mine", "u*w + z", wrong)


def test_declarations_that_leave_an_operand_out() -> None:
    """Operands are named in their order; the sentence says which there are."""
    with pytest.raises(adtrace.InputError, match=r"is to be in its operands, u, w and z: u\*z"):
        adtrace.elemental("mine", "u*z")
    with pytest.raises(adtrace.OptionError, match="has 3 operands and needs a partial for each, not 2"):
        adtrace.elemental("mine", "u*w + z", ["w", "u"])
    with pytest.raises(adtrace.OptionError, match="<u> and <w> and <z>"):
        adtrace.elemental("mine", "u*w + z", latex="m(<u>, <w>)")


def test_a_domain_a_kink_and_six_operands() -> None:
    """A condition names its operand, a kink has its sides, and six operands are as good as three."""
    adtrace.elemental("share", "u*w/z", domain="z != 0")
    with pytest.raises(adtrace.DomainError, match=r"share needs z != 0, but z = v_0 = 0 in v_1 = share\(v_\{?-2"):
        adtrace.trace("share(x, y, c)", {"x": 1, "y": 2, "c": 0})
    adtrace.elemental("bend", "max(u - w, 0)*z", kink="u = w", at_kink=("z/2", "-z/2", "0"))
    trace = adtrace.trace("bend(x, y, c)", {"x": 2, "y": 2, "c": 3})
    assert [v.exact for v in trace.gradient.values()] == [Fraction(3, 2), Fraction(-3, 2), 0]
    (note,) = trace.to_dict()["notes"]
    assert note.startswith("v_1 (bend) is at its kink, v_{-2} = v_{-1}: no derivative exists there.")
    smooth = adtrace.trace("bend(x, y, c) - bend(y, x, c)", {"x": 2, "y": 2, "c": 3})  # (x - y)*c
    assert [v.exact for v in smooth.gradient.values()] == [3, -3, 0]
    adtrace.elemental("six", "u*w + sin(z)*t - exp(s/(1 + r^2))")
    point = {"a1": "1/2", "a2": 2, "a3": 1, "a4": 3, "a5": "1/3", "a6": -1}
    six = adtrace.trace(f"six({', '.join(point)})", point)

    def direct(*of: Any) -> Any:
        return of[0] * of[1] + mp.sin(of[2]) * of[3] - mp.exp(of[4] / (1 + of[5] ** 2))

    with mp.workdps(40):
        numbers = [mp.mpf(1) / 2, mp.mpf(2), mp.mpf(1), mp.mpf(3), mp.mpf(1) / 3, mp.mpf(-1)]
        assert six.value.rounded(12) == f"{float(direct(*numbers)):.12f}"
        for slot, name in enumerate(point):
            order = tuple(int(k == slot) for k in range(6))
            assert float(six.gradient[name]) == pytest.approx(float(mp.diff(direct, tuple(numbers), order)), rel=1e-12)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("rows", ["operations", "single", "statements", "entries"])
def test_on_arrays(form: str, mode: str, rows: str) -> None:
    """On arrays it is computed entry by entry, as numpy broadcasts it, and every format and kind of row has it."""
    matrix, row, number = [[1, 2], [3, 4]], [5, -6], 7
    trace = adtrace.trace("sum(fma(W, x, b)*W)", {"W": matrix, "x": row, "b": number}, rows=rows)
    w, x = numpy.array(matrix), numpy.array(row)
    assert trace.value == (w * x * w + number * w).sum()
    wanted = {"W": 2 * w * x + number, "x": (w * w).sum(axis=0), "b": w.sum()}
    if rows == "entries":
        assert list(trace.gradient.values()) == [slope for array in wanted.values() for slope in array.flat]
    else:
        assert list(trace.gradient) == list(wanted)
        assert all(trace.gradient[name] == slopes.tolist() for name, slopes in wanted.items())
    assert "fma" in trace.table(format=form, mode=mode)
