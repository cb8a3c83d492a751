"""Tables in unusual hands: values before the names, rows named after others; each number was found by hand.

``f(x, y) = x y + sin x`` at (2, 3): 6, sin 2 = 0.9093, 6.9093; by x: 3 + cos 2 = 2.5839, by y: 2.
"""

from __future__ import annotations

from answers import states

import adtrace

FUNCTION, POINT = "f(x, y) = x*y + sin(x)", {"x": 2, "y": 3}

AHEAD = """\
| value | row | adjoint |
|---|---|---|
| 2 | $x$ | 2.5839 |
| 3 | $y$ | 2 |
| 6 | $v_1 = x y$ | 1 |
| 0.9093 | $v_2 = \\sin x$ | 1 |
| 6.9093 | $v_3 = v_1 + v_2$ | 1 |
"""


def wrong(report: adtrace.Report) -> set[tuple[int, int]]:
    """The lines and columns of the mistakes."""
    return {place for place, state in states(report).items() if state == "wrong"}


def test_values_may_stand_before_the_names() -> None:
    """A column of values to the left of the rows' names is checked: right as it is, and each changed digit is found."""
    report = adtrace.check(AHEAD, POINT, function=FUNCTION)
    assert report.ok, report
    assert report.count("right") == 13
    slips = ((3, "| 2 |", "| 4 |"), (5, "| 6 |", "| 8 |"), (6, "0.9093", "0.9903"), (7, "6.9093", "7.9093"))
    for line, old, new in slips:
        changed = AHEAD.splitlines()
        changed[line - 1] = changed[line - 1].replace(old, new, 1)
        assert wrong(adtrace.check("\n".join(changed), POINT, function=FUNCTION)) == {(line, 0)}, changed[line - 1]


def test_line_numbers_before_the_names_are_not_asked_for() -> None:
    """Numbers that count the rows are no values."""
    rows = AHEAD.splitlines()
    numbered = "\n".join(f"| {'n' if k == 0 else '---' if k == 1 else k - 1} {row}" for k, row in enumerate(rows))
    report = adtrace.check(numbered, POINT, function=FUNCTION)
    assert report.ok, report


def test_a_formula_named_after_another_row_is_told() -> None:
    """``v_2' = ...`` in the row of v_1, where v_2' stands again in its own row, is wrong though the number is right."""
    rows = ["$v_1 = x$ | 3 | $v_1' = 1$", "$v_2 = v_1$ | 3 | $v_2' = v_1'$", "$v_3 = v_2^2$ | 9 | $v_3' = 2 v_2 v_2'$",
            "$v_4 = v_3 + v_1$ | 12 | $v_4' = v_3' + v_1'$", "$v_5 = 2 v_4$ | 24 | $v_5' = 2 v_4'$"]  # fmt: skip
    text = "| row | value | derivative |\n|---|---|---|\n" + "".join(f"| {row} |\n" for row in rows)
    asked = {"at": {"x": 3}, "function": "f(x) = 2*(x^2 + x)"}
    assert adtrace.check(text, **asked).ok
    report = adtrace.check(text.replace("$v_1' = 1$", "$v_2' = 1$"), **asked)
    assert wrong(report) == {(3, 2)}, report
