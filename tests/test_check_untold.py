"""Tables that tell too little to be judged, and what is told outside of a table; each number was found by hand."""

from __future__ import annotations

import pytest

import adtrace

POINT = "f(x, y) = x*y + sin(x) at x = 2, y = 3.\n\n"
ROWS = "| row | value |\n|---|---|\n| v_1 = x*y | 6 |\n| v_2 = sin(x) | 0.9093 |\n"
WHOLE = POINT + ROWS + "| v_3 = v_1 + v_2 | 6.9093 |\n\n"
LONG = " + ".join(["x"] * 600)
OPERATIONS = (
    f"| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| v_1 | {LONG} | 1800 |\n| v_2 | 2*v_1 | 3600 |\n"
)
LOSS = "| w | 0.5 | 3 |\n| p = w*x | 1.5 | 1 |\n| e = p - t | 0.5 | 1 |\n| L = e^2 | 0.25 | 1 |\n"


def told(report: adtrace.Report) -> set[str]:
    """What is said of the cells."""
    return {finding.state for finding in report.findings}


@pytest.mark.parametrize("document", [
    "f(x) = x^2 at x = 3.\n\n| $v$ | $\\dot v$ |\n|---|---|\n" + "".join(f"| v_{k} | 3 |\n" for k in range(9)),
    "| model | parameters |\n|---|---|\n| AlexNet | 61M |\n| VGG-16 | 138M |\n",
    f"f(x) = 1200*x at x = 3.\n\n{OPERATIONS}", OPERATIONS,
])  # fmt: skip
def test_nothing_to_judge_by(document: str) -> None:
    """Numbers of rows that nothing tells, products of a letter that has no value, a formula that is too long: no cell
    is right, and none is blamed.
    """
    report = adtrace.check(document)
    assert (told(report), report.exit_status) == ({"not read"}, 2), report


def test_an_adjoint_depends_on_what_nobody_tells() -> None:
    """Without the target t, dL/dp = 2(p - t) has no number, though p has one."""
    report = adtrace.check(
        f"Compute (w*x - t)^2 at w = 0.5, x = 3.\n\n| row | value | adjoint |\n|---|---|---|\n{LOSS}"
    )
    assert (report.count("wrong"), report.count("following"), report.exit_status) == (0, 0, 4), report


@pytest.mark.parametrize("number", ["1", "2"])
def test_a_function_that_is_its_variable(number: str) -> None:
    """f(x) = x: v_1 is x."""
    table = f"f(x) = x at x = 3.\n\n| | value | $\\bar v$ |\n|---|---|---|\n| x | 3 | 1 |\n| v_1 | 3 | {number} |\n"
    assert adtrace.check(table).count("wrong") == int(number) - 1


def test_headings_stand_without_their_markup() -> None:
    """As cells do."""
    table = "| row $\\downarrow$ | **value** | $\\dot v$ |\n|---|---|---|\n| x | 2 | 1 |\n| z = x^2 | 4 | 4 |\n"
    heading = str(adtrace.check(table)).splitlines()[2]
    assert heading.split() == ["row", "value", "v\u0307"]


@pytest.mark.parametrize(("said", "state"), [
    ("So f(2, 3) = 6.90, as we saw.", "right"), ("So $f(2, 3) = 6 + 0.9093 = 6.9093$.", "right"),
    ("So f(2, 3) = 6.80, as we saw.", "wrong"), ("$$f(2, 3) = 6.80$$", "wrong"), ("So f(1, 3) = 3.80.", ""),
    (r"$\nabla f(2, 3) = (2.5839, 2)$", "right"), (r"$\nabla f(1, 3) = (3.5403, 1)$", ""),
    ("Finally $f = v_3 = 6.9093$.", "right"), ("Finally $f = v_3 = 6.9903$.", "wrong"),
])  # fmt: skip
def test_a_value_of_a_sentence(said: str, state: str) -> None:
    """The function's value at the point is judged, in a sentence or a display; at another point nothing is asked."""
    report = adtrace.check(WHOLE + said)
    behind = [finding.state for finding in report.findings if finding.place.table == 1]
    assert (behind[-1] if behind else "") == state, report


def test_a_last_row_in_the_prose() -> None:
    """A result that the prose computes is no missing row."""
    report = adtrace.check(f"{POINT}{ROWS}\nThe result is f = v_1 + v_2 = 6.9093.\n")
    assert (report.exit_status, told(report)) == (0, {"right"}), report
