"""Numbers off in their last digits: right where a document rounds by hand, a slip where it does not."""

from __future__ import annotations

import re

import pytest
from planted import FUNCTIONS

import adtrace

HEAD = "| row | operation | value |\n|---|---|---|\n"


@pytest.mark.parametrize("place", [0, 3, 5])
def test_a_changed_last_digit_does_not_pass(place: int) -> None:
    """In a table of exactly rounded numbers, each number that is two off in its last digit is found."""
    expression, at = FUNCTIONS[place]
    text = adtrace.trace(expression, at=at).table(format="markdown", style="cs107", mode="forward", digits=3)
    spots = [match.end() - 1 for match in re.finditer(r"\d\.\d{3}(?!\d)", text)]
    assert len(spots) >= 6
    for spot in spots[::3]:
        changed = text[:spot] + str(int(text[spot]) + (2 if int(text[spot]) < 8 else -2)) + text[spot + 1 :]
        assert adtrace.check(changed, at, function=expression).exit_status in (3, 4), text[spot - 6 : spot + 1]


@pytest.mark.parametrize("place", [0, 3, 5, 9])
def test_a_table_computed_by_hand_is_not_blamed(place: int) -> None:
    """Where every row is computed from the rounded numbers above it nothing is called wrong; one such cell alone may
    be a slip as well, and is told.
    """
    expression, at = FUNCTIONS[place]
    trace = adtrace.trace(expression, at=at, arithmetic="displayed")
    report = adtrace.check(trace.table(format="markdown", style="cs107", digits=3), at, function=expression)
    assert report.mistakes == ()
    assert report.count("not read") <= 1
    assert not report.count("not read") or "may be computed from rounded numbers" in str(report)


def test_one_number_by_hand_is_undecided_and_two_are_right() -> None:
    """1.10 * 1.10 is 1.21, where ln(3)^2 is 1.2069: alone it may be a slip, beside another such number it is none."""
    rows = "| v_0 | x | 3 |\n| v_1 | ln(v_0) | 1.10 |\n"
    alone = adtrace.check(HEAD + rows + "| v_2 | v_1*v_1*v_1 | 1.33 |\n", {"x": 3}, function="ln(x)^3")
    assert alone.exit_status == 0
    off = adtrace.check(HEAD + rows + "| v_2 | 10*v_1 | 11.00 |\n", {"x": 3}, function="10*ln(x)")
    assert off.exit_status == 4
    assert "computed from rounded numbers" in str(off)
    two = rows + "| v_2 | 10*v_1 | 11.00 |\n| v_3 | 30*v_1 | 33.00 |\n| v_4 | v_2*v_3 | 363.00 |\n"
    report = adtrace.check(HEAD + two, {"x": 3}, function="300*ln(x)^2")
    assert report.exit_status == 0
    assert any("computed from rounded numbers" in finding.remark for finding in report.remarks)


def test_a_number_follows_from_its_own_working() -> None:
    """A cell that shows the rounded operands that it is computed from is right; with other operands it is not."""
    rows = HEAD + "| v_0 | x | 3 |\n| v_1 | ln(v_0) | 1.10 |\n| v_2 | 10*v_1 | 10*{} = 11.00 |\n"
    assert adtrace.check(rows.format("1.10"), {"x": 3}, function="10*ln(x)").exit_status == 0
    assert adtrace.check(rows.format("1.12"), {"x": 3}, function="10*ln(x)").exit_status == 3


TABLE = """| name | operation | value | dot x1 |
|---|---|---|---|
| x_1 | x1 | 1.5 | 1 |
| x_2 | x2 | 0.5 | 0 |
| x_3 | sin(x_1) | 0.9975 | 0.0707 |
| x_4 | x_3*x_2 | 0.4987 | 0.0354 |
| x_5 | x_4 - x_2 | 0.4987 - 0.5 = -0.0013 | 0.0354 |
| x_6 | -x_5 | 0.0013 | -dx_5 = -0.0354 |
| x_7 | x_6*x_1 | 0.0019 | dx_6*x_1 + x_6 = -0.0518 |
| y_1 = x_7 | | 0.0019 | -0.0518 |
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-dx_5 =", "-x_5 ="),
        ("y_1 = x_7", "y_1 = x_6"),
        ("0.4987 - 0.5", "0.4987 - 0.6"),
        ("0.4987 - 0.5", "0.498 - 0.5"),
        ("| 0.5 | 0 |", "| 0.5 | 1 |"),
        ("x_4 - x_2", "x_4 - x_1"),
        ("dx_6*x_1 +", "dx_5*x_1 +"),
        ("-dx_5 =", "dx_7 ="),
    ],
)
def test_a_slip_beside_a_right_number_does_not_pass(old: str, new: str) -> None:
    """A wrong formula, label, working or seed is found though the number that it stands beside is right."""
    function, at = "-(sin(x1)*x2 - x2)*x1", {"x1": 1.5, "x2": 0.5}
    assert adtrace.check(TABLE, at, function=function).exit_status == 0
    assert adtrace.check(TABLE.replace(old, new), at, function=function).exit_status == 3


def test_an_adjoint_does_not_come_from_one_that_is_computed_from_it() -> None:
    """Where y = v_1 + v_2 the adjoint of v_3 is that of y; that of v_1 has the same number, and comes later."""
    text = adtrace.trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": 3}).table(format="markdown", mode="reverse")
    changed = text.replace("$= \\bar y$", "$= \\bar v_{1}$")
    assert changed != text
    report = adtrace.check(changed, {"x1": 2, "x2": 3}, function="x1*x2 + sin(x1)")
    assert [mistake.row for mistake in report.mistakes] == ["v_3"]


def test_a_formula_that_is_left_out_once_is_told() -> None:
    """In a column in which every cell names its own number, the one that is empty was forgotten."""
    text = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 3}).table(format="markdown", style="cppad")
    cell = "$v_{4}^{(1)} = v_{1}^{(1)} + v_{2}^{(1)}$"
    assert cell in text
    report = adtrace.check(text.replace(cell, ""), {"x1": 2, "x2": 3}, function="ln(x1) + x1*x2 - sin(x2)")
    assert report.exit_status == 4
    assert report.count("empty") == 1


@pytest.mark.parametrize(("new", "status"), [("", 4), ("$= q_{2}$", 3), ("$= x_{7}$", 3)])
def test_an_independent_variable_keeps_its_name(new: str, status: int) -> None:
    """Where x_1 is called as in the function, the other input is no q_2; left out, it is asked for."""
    text = adtrace.trace("x1*x2 + sin(x1)", at={"x1": 2, "x2": 3}).table(format="markdown", mode="forward")
    changed = text.replace("$= x_{2}$", new, 1)
    assert adtrace.check(changed, {"x1": 2, "x2": 3}, function="x1*x2 + sin(x1)").exit_status == status


@pytest.mark.parametrize(("numbers", "lines"), [
    ((2.52, 0.95), []), ((2.53, 0.95), [7]), ((2.51, 0.95), [7]), ((2.52, 0.96), [8]), ((2.52, 0.94), [8]),
])  # fmt: skip
def test_no_hand_rounds_what_is_not_rounded(numbers: tuple[float, float], lines: list[int]) -> None:
    """In a table that is computed by hand, 2.53 passed for 2 * 1.26 and 0.96 for sin(1.26)."""
    report = adtrace.check(f"""f(x, y) = 20*ln(x)*y*sin(y) at x = 3, y = 1.26

| row | operation | value |
|---|---|---|
| v_1 | ln(x) | 1.10 |
| v_2 | 10*v_1 | 11.00 |
| v_3 | 2*y | {numbers[0]} |
| v_4 | sin(y) | {numbers[1]} |
| v_5 | v_2*v_3 | 27.72 |
| v_6 | v_5*v_4 | 26.33 |
""")
    assert [mistake.line for mistake in report.mistakes] == lines
    assert report.exit_status == 3 * bool(lines)


@pytest.mark.parametrize(("working", "value", "status"), [
    ("0.9636*2", "1.9272", 0), ("0.9636*2", "1.9273", 3), ("0.9637*2", "1.9274", 3), ("", "1.9273", 3),
])  # fmt: skip
def test_a_working_in_a_cell_of_its_own_shows_what_is_rounded(working: str, value: str, status: int) -> None:
    """1.9272 beside 0.9636*2, where nothing else is rounded by hand, was called a digit that is wrong."""
    report = adtrace.check(f"""f(x, y) = y*sin(x) at x = 1.3, y = 2

| name | formula | numbers put in | value |
|---|---|---|---|
| v_1 | sin(x) | sin(1.3) | 0.9636 |
| v_2 | v_1*y | {working} | {value} |
""")
    assert report.exit_status == status
