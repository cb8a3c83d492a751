"""Tables and sentences of other hands, of scalars; what is right was computed by hand."""

from __future__ import annotations

import pytest

import adtrace

F = "f(x, y) = x*y + sin(x) at x = 1, y = 3\n\n"
ROWS = "v_1 = x*y = 3\nv_2 = sin(x) = 0.8415\nv_3 = v_1 + v_2 = 3.8415\n"
COUNTED = (
    F
    + """| {head} | row | value |
|---|---|---|
| {0} | $v_{{-1}} = x$ | 1 |
| {1} | $v_0 = y$ | 3 |
| {2} | $v_1 = v_{{-1}} v_0$ | 3 |
| {3} | $v_2 = \\sin v_{{-1}}$ | 0.8415 |
| {4} | $v_3 = v_1 + v_2$ | 3.8415 |
"""
)


def cells(report: adtrace.Report, *states: str) -> list[tuple[int, str, str]]:
    """The line, the text and the state of each cell in one of these states."""
    return sorted((f.line, f.text, f.state) for f in report.findings if f.state in states)


@pytest.mark.parametrize("head", ["Step", "Index", "#"])
@pytest.mark.parametrize("place", range(5))
def test_a_number_that_breaks_the_count_of_rows_is_said(head: str, place: int) -> None:
    """The last one, too, which passed; in between the right numbers were not read, or blamed for not being values."""
    steps = [1, 2, 3, 4, 5]
    assert adtrace.check(COUNTED.format(*steps, head=head)).exit_status == 0
    assert adtrace.check(COUNTED.format(*steps[::-1], head=head)).exit_status == 0
    steps[place] += 3
    found = adtrace.check(COUNTED.format(*steps, head=head))
    assert cells(found, "wrong", "not read") == [(5 + place, str(steps[place]), "not read")]


@pytest.mark.parametrize(("row", "wrong"), [
    ("v̄_3 = v̄_2 = v̄_1 = 1", []), ("v̄_3 = v̄_2 = v̄_1 = 2", ["v̄_3 = v̄_2 = v̄_1 = 2"]),
])  # fmt: skip
def test_several_adjoints_in_one_chain(row: str, wrong: list[str]) -> None:
    """What stands behind them is said of each; they were blamed for not being each other's formulas."""
    report = adtrace.check(f"{F}{ROWS}{row}\nx̄ = v̄_1 y + v̄_2 cos(x) = 3.5403\nȳ = v̄_1 x = 1\n")
    assert [finding.text for finding in report.findings if finding.state == "wrong"] == wrong


@pytest.mark.parametrize(("value", "status"), [("2.32", 0), ("2.42", 3)])
def test_the_value_in_a_sentence_is_that_of_the_last_row(value: str, status: int) -> None:
    """It is no row of its own whose tangent is missing."""
    report = adtrace.check(f"""Forward mode of f(x) = x^2 + 0.32*x + 1 at x = 1.

| trace | value | tangent |
|---|---|---|
| v_1 = x^2 | 1 | 2 |
| v_2 = 0.32*x | 0.32 | 0.32 |
| v_3 = v_1 + v_2 | 1.32 | 2.32 |
| v_4 = v_3 + 1 | 2.32 | 2.32 |

so f(1) = {value}.
""")
    assert (report.exit_status, report.problems) == (status, ())


UNREAD = """| row | operation | value | {name} |
|---|---|---|---|
| v_1 | x | 2 | {0} |
| v_2 | v_1^2 | 4 | {1} |
| v_3 | v_2 + 1 | 5 | {2} |
| v_4 | see above | 4 | {3} |
| v_5 | v_3*v_4 | 20 | {4} |
"""


@pytest.mark.parametrize(("name", "numbers", "line", "text"), [
    ("tangent", (1, 4, 4, 4, 36), 6, "4"), ("adjoint", (36, 4, 4, 5, 1), 3, "36"),
])  # fmt: skip
def test_a_row_that_nobody_tells_how_to_compute_is_no_input(
    name: str, numbers: tuple[int, ...], line: int, text: str
) -> None:
    """Its tangent was to be 0, and the adjoints of what it may be computed from without it."""
    report = adtrace.check(UNREAD.format(*numbers, name=name))
    assert cells(report, "wrong", "following", "not read") == [(line, text, "not read")]
