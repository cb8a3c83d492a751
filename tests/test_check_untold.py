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


@pytest.mark.parametrize(("place", "status"), [("", 4), (", en el punto $(0.5, 2)$", 0), (", no ponto (0.5, 2)", 0)])
def test_a_column_that_no_number_bears_out(place: str, status: int) -> None:
    """Without a point the derivative of x2^2 by x1, which is 0 everywhere, is not what the column need be of."""
    rows = "| v1 | x1*x2 | 1 | 0.5 |\n| v2 | tanh(v1) | 0.7616 | 0.2100 |\n| v3 | x2^2 | 4 | 4 |\n"
    rows += "| v4 | v2*v3 | 3.0464 | 3.8863 |\n"
    report = adtrace.check(
        f"f(x1, x2) = x2^2*tanh(x1*x2){place}.\n\n| | operación | valor | derivada |\n|---|---|---|---|\n{rows}"
    )
    assert (report.exit_status, report.count("wrong")) == (status, 0), report


SIDES = """\
f(x, y) = x*y + sin(y) at x = 2, y = 5.

| forward | value | reverse | value |
|---|---|---|---|
| $v_{-1} = x$ | 2 | $\\bar x = \\bar v_{-1}$ | 5 |
| $v_0 = y$ | 5 | $\\bar y = \\bar v_0$ | 2.2837 |
| $v_1 = v_{-1} v_0$ | 10 | $\\bar v_{-1} = \\bar v_1 v_0$ | 5 |
| $v_2 = \\sin v_0$ | -0.9589 | $\\bar v_2 = \\bar v_3$ | 1 |
| $v_3 = v_1 + v_2$ | 9.0411 | $\\bar v_3 = 1$ | 1 |
| | | $\\bar v_1 = \\bar v_3$ | 1 |
| | | $\\bar v_0 = \\bar v_1 v_{-1} + \\bar v_2 \\cos v_0$ | 2.2837 |
"""


def test_a_panel_in_an_order_of_its_own() -> None:
    """The reverse sweep beside the values has rows of its own."""
    assert adtrace.check(SIDES).exit_status == 0
    assert adtrace.check(SIDES.replace("| 1 |\n| $v_3", "| 3 |\n| $v_3")).exit_status == 3
    report = adtrace.check(SIDES.replace("| | | $\\bar v_1 = \\bar v_3$ | 1 |\n", ""))
    assert [p.sentence for p in report.problems] == ["the adjoint of v_1 is missing"]
    assert report.count("wrong") == 0, report


TYPED = """\
h(t) = t*exp(-t) + 1/t, t = 2

row   operation     value    tangent
t                    2         1
a     -t        -2        -1
b     exp(a)    0.1353    -0.1353
c     t*b       0.2707    -0.1353
d     1/t       0.5     -0.25
h     c + d     0.7707    -0.3853
"""


def test_columns_that_are_not_below_each_other() -> None:
    """Two blanks part the cells, and what is left out is where nothing begins nearby."""
    assert adtrace.check(TYPED).exit_status == 0
    less = adtrace.check(TYPED.replace("0.1353    -", "          -"))
    assert (less.exit_status, less.count("wrong"), less.count("empty")) == (4, 0, 1), less


def test_a_row_of_which_the_derivative_alone_is_told() -> None:
    """v3 has a tangent, and neither an operation nor a value, as the other rows have."""
    rows = "v1 = x*y = 6\nv2 = sin(x) = 0.9093\n\ndv1 = y = 3\ndv2 = cos(x) = -0.4161\ndv3 = dv1 + dv2 = 2.5839\n"
    report = adtrace.check(POINT + rows)
    assert (report.exit_status, [p.sentence for p in report.problems]) == (4, ["the row of v_3 is missing"]), report


def test_the_result_of_a_function_without_a_name() -> None:
    """r(2, 3) is that of the row r."""
    rows = "| a | x*y | 6 | 1 |\n| b | sin(x) | 0.9093 | 1 |\n| r | a + b | 6.9093 | 1 |\n"
    table = f"| | | value | adjoint |\n|---|---|---|---|\n{rows}\nHence r(2, 3) = 6.9093.\n"
    assert adtrace.check(table, {"x": 2, "y": 3}, function="x*y + sin(x)").exit_status == 0
    less = adtrace.check(table.replace("| a | x*y | 6 | 1 |\n", ""), {"x": 2, "y": 3}, function="x*y + sin(x)")
    assert (less.exit_status, less.count("wrong")) == (4, 0), less


@pytest.mark.parametrize("x", ["1/0", "2"])
@pytest.mark.parametrize("place", ["2, 3", "1/0, 3", "2, ln(0)"])
def test_a_place_without_a_value_is_no_error(x: str, place: str) -> None:
    """Of the point, and of what a sentence calls the function at."""
    report = adtrace.check(f"f(x, y) = x*y at x = {x}, y = 3\n\nf({place}) = 6\n\nv1 = x*y = 6\n")
    assert report.exit_status == (0 if x == "2" else 2)


@pytest.mark.parametrize("heading", ["gradient", "derivative by x", "$\\dot v$"])
def test_derivatives_are_no_point(heading: str) -> None:
    """Where neither a value nor the point is told, the derivatives of the variables are not taken for their values."""
    rows = "| x | | 12 |\n| y | | 5 |\n| a | x^2 | 3 |\n| b | a*y + y | 1 |\n"
    report = adtrace.check(f"| row | formula | {heading} |\n|---|---|---|\n{rows}")
    assert (report.exit_status, report.count("wrong"), report.count("following")) == (4, 0, 0), report
