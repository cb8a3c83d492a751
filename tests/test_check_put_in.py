"""Tables in which every step is worked out by hand with the rounded numbers of the steps before; all are right.

The numbers of each row are rounded half up to as many decimals, and the next rows are computed from those.
"""

from __future__ import annotations

import pytest

import adtrace
from adtrace.checking.reporting import FOLLOWING, RIGHT

COLUMNS = "| name | formula | numbers put in | value |\n|---|---|---|---|\n"
PUT_IN = "| name | numbers put in | value |\n|---|---|---|\n"

EXP = f"""f = exp(cos(x_1 - x_2)) at x_1 = 0.5, x_2 = 0.8

{COLUMNS}| v_1 | x_1 - x_2 | 0.5 - 0.8 | -0.30 |
| v_2 | cos(v_1) | cos(-0.30) | 0.96 |
| v_3 | exp(v_2) | exp(0.96) | 2.61 |
"""
QUOTIENT = f"""f = (exp(x_2 / x_1)) / x_2 at x_1 = 1.2, x_2 = 2.5

{PUT_IN}| v_1 | 2.5 / 1.2 | 2.083 |
| v_2 | exp(2.083) | 8.029 |
| v_3 | 8.029 / 2.5 | 3.212 |

Reverse mode

{PUT_IN.replace("name", "adjoint")}| bar(v_3) | 1 | 1 |
| bar(v_2) | 1*1/2.5 | 0.400 |
| bar(v_1) | 0.400*exp(2.083) | 3.211 |
| bar(x_2) | 1*(-8.029/2.5^2) + 3.211*1/1.2 | 1.391 |
| bar(x_1) | 3.211*(-2.5/1.2^2) | -5.575 |
"""
LOGARITHM = """f = ln((cos(y) + x)^2 * y) at x = 1.3, y = 1.5

- v_1 = cos(y) = cos(1.5) = 0.071
- v_2 = v_1 + x = 0.071 + 1.3 = 1.371
- v_3 = v_2^2 = 1.371^2 = 1.880
- v_4 = v_3 * y = 1.880 * 1.5 = 2.820
- v_5 = ln(v_4) = ln(2.820) = 1.037

Forward mode, seed \\dot x = 1, \\dot y = 0

- \\dot v_1 = (-sin(y))*\\dot y = (-sin(1.5))*0 = 0
- \\dot v_2 = \\dot v_1 + \\dot x = 0 + 1 = 1
- \\dot v_3 = 2*v_2*\\dot v_2 = 2*1.371*1 = 2.742
- \\dot v_4 = y*\\dot v_3 + v_3*\\dot y = 1.5*2.742 + 1.880*0 = 4.113
- \\dot v_5 = 1/v_4*\\dot v_4 = 1/2.820*4.113 = 1.459
"""
BOTH = f"""f = ((x_1 / x_2)^2 + x_1) * x_2 at x_1 = 1.5, x_2 = 0.7

{COLUMNS}| v_1 | x_1 / x_2 | 1.5 / 0.7 | 2.143 |
| v_2 | v_1^2 | 2.143^2 | 4.592 |
| v_3 | v_2 + x_1 | 4.592 + 1.5 | 6.092 |
| v_4 | v_3 * x_2 | 6.092 * 0.7 | 4.264 |

Forward mode, seed x_1' = 0, x_2' = 1

{COLUMNS}| v_1' | 1/x_2*x_1' + (-x_1/x_2^2)*x_2' | 1/0.7*0 + (-1.5/0.7^2)*1 | -3.061 |
| v_2' | 2*v_1*v_1' | 2*2.143*(-3.061) | -13.119 |
| v_3' | v_2' + x_1' | -13.119 + 0 | -13.119 |
| v_4' | x_2*v_3' + v_3*x_2' | 0.7*(-13.119) + 6.092*1 | -3.091 |

Reverse mode

- bar(v_4) = 1
- bar(v_3) = bar(v_4)*x_2 = 1*0.7 = 0.7
- bar(v_2) = bar(v_3) = 0.7
- bar(v_1) = bar(v_2)*2*v_1 = 0.7*2*2.143 = 3.000
- bar(x_2) = bar(v_4)*v_3 + bar(v_1)*(-x_1/x_2^2) = 1*6.092 + 3.000*(-1.5/0.7^2) = -3.092
- bar(x_1) = bar(v_3) + bar(v_1)*1/x_2 = 0.7 + 3.000*1/0.7 = 4.986
"""
ALIKE = f"""f = ln(x / y) + x / y at x = 1.5, y = 1.5

{PUT_IN}| v_1 | 1.5 / 1.5 | 1.0 |
| v_2 | ln(1.0) | 0.0 |
| v_3 | 0.0 + 1.0 | 1.0 |
"""
RELU = f"""f = u_1*relu(w_1*x + b_1) + u_2*relu(w_2*x + b_2)
at w_1 = -0.6, w_2 = 0.7, b_1 = 0.1, b_2 = 0.2, u_1 = 0.5, u_2 = 0.3, x = 2

{COLUMNS}| z_1 | w_1*x + b_1 | -0.6*2 + 0.1 | -1.1000 |
| z_2 | w_2*x + b_2 | 0.7*2 + 0.2 | 1.6000 |
| a_1 | relu(z_1) | relu(-1.1000) | 0.0000 |
| a_2 | relu(z_2) | relu(1.6000) | 1.6000 |
| y | u_1*a_1 + u_2*a_2 | 0.5*0.0000 + 0.3*1.6000 | 0.4800 |

{COLUMNS.replace("name", "adjoint")}| ∂y/∂a_1 | u_1 | 0.5 | 0.5000 |
| ∂y/∂a_2 | u_2 | 0.3 | 0.3000 |
| ∂y/∂z_1 | ∂y/∂a_1 [z_1 > 0] | 0.5000*0 | -0.0000 |
| ∂y/∂z_2 | ∂y/∂a_2 [z_2 > 0] | 0.3000*1 | 0.3000 |
| ∂y/∂w_1 | ∂y/∂z_1 x | (-0.0000)*2 | -0.0000 |
| ∂y/∂w_2 | ∂y/∂z_2 x | 0.3000*2 | 0.6000 |
| ∂y/∂b_1 | ∂y/∂z_1 | -0.0000 | -0.0000 |
| ∂y/∂b_2 | ∂y/∂z_2 | 0.3000 | 0.3000 |
| ∂y/∂u_1 | a_1 | 0.0000 | 0.0000 |
| ∂y/∂u_2 | a_2 | 1.6000 | 1.6000 |
| ∂y/∂x | ∂y/∂z_1 w_1 + ∂y/∂z_2 w_2 | (-0.0000)*(-0.6) + 0.3000*0.7 | 0.2100 |
"""
TABLES = {"relu": RELU, "exp": EXP, "quotient": QUOTIENT, "logarithm": LOGARITHM, "both": BOTH, "alike": ALIKE}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_what_is_worked_out_with_rounded_numbers_is_right(table: str) -> None:
    """Each of them was blamed, or not read: 2.61 = exp(0.96) "should be 2.60"."""
    report = adtrace.check(table)
    assert [(f.line, f.sentence) for f in report.findings if f.state not in (RIGHT, "not asked")] == []
    assert report.exit_status == 0


@pytest.mark.parametrize(("table", "right", "wrong"), [
    ("exp", "| 2.61 |", "| 2.63 |"), ("exp", "exp(0.96)", "exp(0.69)"), ("exp", "| cos(-0.30)", "| sin(-0.30)"),
    ("quotient", "| 8.029 |", "| 8.209 |"), ("quotient", "8.029 / 2.5", "8.209 / 2.5"),
    ("quotient", "-8.029/2.5^2", "-8.029/2.5"), ("quotient", "3.211*1/1.2", "3.211*1.2"),
    ("logarithm", "= 1.459", "= 1.549"), ("logarithm", "+ 1.880*0", "+ 1.371*0"),
    ("logarithm", "1.880 * 1.5", "1.880 + 1.5"),
    ("both", "= 3.000\n", "= 3.100\n"), ("both", "0.7*2*2.143", "0.7*2.143"),
    ("both", "| -13.119 + 0 |", "| -13.911 + 0 |"),
    ("both", "= 4.986", "= 4.896"), ("relu", "(-0.0000)*2", "(-0.0000)*7"),
])  # fmt: skip
def test_a_slip_in_it_is_found_where_it_stands(table: str, right: str, wrong: str) -> None:
    """A wrong number, working or factor is a mistake, and of what is computed from the right one nothing is blamed."""
    text = TABLES[table]
    line = text[: text.index(right)].count("\n") + 1
    report = adtrace.check(text.replace(right, wrong, 1))
    assert {mistake.line for mistake in report.mistakes} == {line}
    assert not any(f.state == FOLLOWING and f.line != line for f in report.findings)


NETWORK = """With x = [1, 0.3], W = [[0.2, 0.7], [0.9, -0.8]], b = [-0.1, 0.7],
v = [-0.7, 0.9], c = 0.8, t = 0.5:

- z = W x + b = [0.3100, 1.3600]
- a = relu(z) = [0.3100, 1.3600]
- y = v^T a + c = 1.8070
- L = (y - t)^2/2 = 0.8541
- ∂L/∂y = y - t = 1.3070
- ∂L/∂v = ∂L/∂y a = [0.4052, 1.7775]
- ∂L/∂a = ∂L/∂y v = [-0.9149, 1.1763]
- ∂L/∂z = ∂L/∂a ⊙ (z > 0) = [-0.9149, 1.1763]
- ∂L/∂W = ∂L/∂z x^T = [[-0.9149, -0.2745], [1.1763, 0.3529]]
- ∂L/∂b = ∂L/∂z = [-0.9149, 1.1763]
- ∂L/∂c = ∂L/∂y = 1.3070
"""


@pytest.mark.parametrize(("right", "wrong", "line"), [("v^T a + c", "v^T a - c", 6), ("W x + b", "W x - b", 4)])
def test_a_formula_against_which_all_numbers_speak_is_the_mistake(right: str, wrong: str, line: int) -> None:
    """No function is asked for: the numbers tell what was meant, and ∂L/∂c = ∂L/∂y was blamed for the formula."""
    assert adtrace.check(NETWORK).exit_status == 0
    report = adtrace.check(NETWORK.replace(right, wrong))
    assert [(mistake.line, mistake.quantity) for mistake in report.mistakes] == [(line, "operation")]
    assert not report.count("following")


def test_a_working_without_its_first_bracket_is_not_read() -> None:
    """It passed: nothing was asked for where numbers are put in."""
    report = adtrace.check(BOTH.replace("1*6.092 + 3.000*(-1.5/0.7^2)", "1*6.092 + 3.000*-1.5/0.7^2)"))
    assert (report.exit_status, report.count("not read")) == (4, 1)


def test_rows_that_are_equal_everywhere_are_told_apart_by_how_the_function_is_written() -> None:
    """v_1 and v_3 are both sin(y)^2: right adjoints were blamed, as v_4 was taken to use the other one."""
    report = adtrace.check(f"""f = ((sin(y)^2 + x) - x) + sin(y)^2 at x = 1.5, y = 1.2

{PUT_IN}| v_1 | sin(1.2) | 0.932 |
| v_2 | 0.932^2 | 0.869 |
| v_3 | 0.869 + 1.5 | 2.369 |
| v_4 | 2.369 - 1.5 | 0.869 |
| v_5 | 0.869 + 0.869 | 1.738 |

{PUT_IN.replace("name", "adjoint")}| v̄_5 | 1 | 1 |
| v̄_4 | 1 | 1 |
| v̄_3 | 1 | 1 |
| v̄_2 | 1 + 1 | 2 |
| v̄_1 | 2*2*0.932 | 3.728 |
| ȳ | 3.728*cos(1.2) | 1.351 |
| x̄ | 1 - 1 | 0 |
""")
    assert report.exit_status == 0


@pytest.mark.parametrize(
    ("table", "right", "slipped"),
    [
        (
            "Let x = 0.5.\n\n- v1 = 1.2*sin(0.5) = 0.58\n- v2 = 1.2*sin(0.58) = 0.66\n- v3 = 2*0.66 = @\n",
            "1.32",
            "1.42",
        ),
        ("| row | working | value |\n|---|---|---|\n| a | 2*3 | 6 |\n| b | 6 + 2 | @ |\n", "8", "9"),
        ("a = 2*3 = 6\n\nb = 6^2 = @\n", "36", "63"),
    ],
)
def test_workings_are_held_against_their_numbers_where_no_function_is_known(
    table: str, right: str, slipped: str
) -> None:
    """As each row is computed from numbers alone, nothing was checked."""
    assert adtrace.check(table.replace("@", right)).exit_status == 0
    report = adtrace.check(table.replace("@", slipped))
    assert [mistake.text.split()[-1] for mistake in report.mistakes] == [slipped]


def test_numbers_alone_are_held_against_nothing() -> None:
    """Where nothing is worked out and no function is known."""
    assert adtrace.check("| a | 6 |\n|---|---|\n| b | -9 |\n").exit_status == 2


@pytest.mark.parametrize(
    ("function", "rows"),
    [("(1 + sin(x))^2", "0.4794 1.4794 2.1887"), ("exp(sin(x)*x)*2", "0.4794 0.2397 1.2709 2.5418")],
)
def test_a_row_on_the_way_may_be_called_y(function: str, rows: str) -> None:
    """It was the function, so that nothing was read; a wrong number in it is not the function's."""
    table = "| row | value |\n|---|---|\n| x | 0.5 |\n" + "".join(map("| {} | {} |\n".format, "yabL", rows.split()))
    assert adtrace.check(table, function=function, at={"x": 0.5}).exit_status == 0
    report = adtrace.check(table.replace("| 0.4794", "| 0.4894"), function=function, at={"x": 0.5})
    assert [(m.text, m.state) for m in report.findings if m.state != RIGHT] in (
        [("0.4894", "wrong")],
        [("0.4894", "not read")],
    )
