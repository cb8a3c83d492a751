"""Tables as people of different schools write them: code with comments, circuits of gates, pages that a machine read.

``f(x, y) = x y + sin x`` at (2, 3): 6, sin 2 = 0.9093, 6.9093; by x: 3 + cos 2 = 2.5839, by y: 2.
"""

from __future__ import annotations

import pytest
from answers import states

import adtrace

FUNCTION, POINT = "f(x, y) = x*y + sin(x)", {"x": 2, "y": 3}


def wrong(report: adtrace.Report) -> set[tuple[int, int]]:
    """The lines and columns of the mistakes."""
    return {place for place, state in states(report).items() if state == "wrong"}


CODE = """\
```python
q = x + y # q becomes 3
f = q * z # f becomes -12
dfdz = q # df/dz = q, so gradient on z becomes 3
dfdq = z # df/dq = z, so gradient on q becomes -4
```
"""


@pytest.mark.parametrize(("old", "new"), [("becomes -12", "becomes 12"), ("q becomes -4", "q becomes 4")])
def test_numbers_behind_the_words_of_a_comment(old: str, new: str) -> None:
    """``f = q * z # f becomes -12`` is f = -12."""
    point, function = {"x": -2, "y": 5, "z": -4}, "(x + y)*z"
    assert adtrace.check(CODE, point, function=function).ok
    assert adtrace.check(CODE.replace(old, new), point, function=function).count("wrong") == 1


ACCENTS = "v1 = xy = 6\nv2 = sin(x) = 0.9093\nf = v1 + v2 = 6.9093\n\n{0} = 1\n{1} = {0} = 1\n{2} = {1}·x = 2\n"


@pytest.mark.parametrize("names", [("f¯", "v1¯", "y¯"), ("¯f", "¯v1", "¯y"), ("f¯", "v¯1", "y¯")])
def test_accents_beside_their_letters(names: tuple[str, ...]) -> None:
    """As pages say them that were read by a machine, or copied out of a PDF."""
    text = ACCENTS.format(*names)
    missing = ["the adjoint of v_2 is missing", "the adjoint of x is missing"]
    report = adtrace.check(text, POINT, function=FUNCTION)
    assert (report.count("right"), report.count("not read")) == (6, 0), report
    assert {problem.sentence for problem in report.problems} <= {*missing}
    assert adtrace.check(text.replace("= 2\n", "= 3\n"), POINT, function=FUNCTION).count("wrong") == 1


SWEPT = """\
| row | operation | value | tangent | adjoint | {0} |
|---|---|---|---|---|---|
| x | | 1 | 1 | 4 | 4 |
| y | | 2 | 0 | 13 | 2 |
| a | x^2 | 1 | 2 | 2 | 0 |
| b | a*y | 2 | 4 | 1 | 0 |
| c | y^3 | 8 | 0 | 1 | 0 |
| f | b + c | 10 | 4 | 1 | 0 |
"""


@pytest.mark.parametrize(
    "heading", ["tangent of adjoint", "tangent of the adjoint", "tangent-adjoint", "second adjoint"]
)
def test_the_tangents_of_adjoints_by_their_heading(heading: str) -> None:
    """A Hessian times (1, 0): f = x^2 y + y^3 has f_xx = 2 y = 4, f_xy = 2 x = 2."""
    given = {"at": {"x": 1, "y": 2}, "function": "x^2*y + y^3"}
    text = SWEPT.format(heading)
    assert adtrace.check(text, **given).ok
    assert wrong(adtrace.check(text.replace("13 | 2 |", "13 | 3 |"), **given)) == {(4, 5)}
    causes = [mistake.cause for mistake in adtrace.check(text.replace("13 | 2 |", "13 | -2 |"), **given).mistakes]
    assert causes == ["sign"]


def test_gates_of_two_have_no_entry_in_a_column_of_one() -> None:
    """A circuit tells the local derivative of each gate with one input; one that is lost among these is empty."""
    rows = "| a | x*y | 6 | | 1 |\n| b | sin(x) | 0.9093 | -0.4161 | 1 |\n| c | exp(y) | 20.0855 | 20.0855 | 1 |\n"
    rows += "| d | a + b | 6.9093 | | 1 |\n| f | d + c | 26.9948 | | 1 |\n"
    table = f"| gate | formula | value | local grad | upstream grad |\n|---|---|---|---|---|\n{rows}"
    assert adtrace.check(table, POINT, function="x*y + sin(x) + exp(y)").ok
    less = adtrace.check(table.replace("| 20.0855 | 1 |", "| | 1 |"), POINT, function="x*y + sin(x) + exp(y)")
    assert (less.exit_status, less.count("empty")) == (4, 1), less


def test_a_row_that_is_a_number_has_no_derivative() -> None:
    """c_1 = 3 has a row, and nobody differentiates by it."""
    rows = "| x | | 2 | 12 |\n| c1 = 3 | const | 3 | |\n| a | x^2 | 4 | 3 |\n| f | c1*a | 12 | 1 |\n"
    report = adtrace.check(f"| node | kind | value | gradient |\n|---|---|---|---|\n{rows}", {"x": 2}, function="3*x^2")
    assert report.exit_status == 0, report


def test_operations_as_the_names_of_rows() -> None:
    """mul and add are what the rows are called, and nothing to be read."""
    rows = "mul           6.00       1.00\nsin           0.91       1.00\nadd           6.91       1.00\n"
    text = f"    op            output     grad\n{rows}"
    assert adtrace.check(text.replace("\n", "\n    "), POINT, function=FUNCTION).exit_status == 0


@pytest.mark.parametrize("said", [
    "So $\\bar x = 2.5839$ and $\\bar{y} = 2$.", "x.grad = 2.5839, y.grad = 2", "x̄ = 2.5839, ȳ = 2",
    "Therefore grad(x) = 2.5839 and grad(y) = 2.", "Hence $\\overline{x} = 2.5839$, $\\overline y = \\bar v_1 x = 2$.",
])  # fmt: skip
def test_adjoints_in_the_last_sentence(said: str) -> None:
    """A wrong one below a table is found, however it is written."""
    table = "| row | value | adjoint |\n|---|---|---|\n| v_1 = x*y | 6 | 1 |\n| v_2 = sin(x) | 0.9093 | 1 |\n"
    text = f"{table}| f = v_1 + v_2 | 6.9093 | 1 |\n\n{said}\n"
    report = adtrace.check(text, POINT, function=FUNCTION)
    assert (report.exit_status, report.count("right")) == (0, 11), report
    report = adtrace.check(text.replace("= 2.5839", "= 2.5389"), POINT, function=FUNCTION)
    assert (report.exit_status, report.count("wrong")) == (3, 1), report


def test_the_derivative_of_a_row_as_that_of_another() -> None:
    """``v̇_1 = 10`` in the row of v_2 = v_1 + 144 is its formula, where the others have theirs without a name."""
    rows = "| $v_0 = x$ | 5 | 1 |\n| $v_1 = v_0^2$ | 25 | $2 v_0 \\dot v_0 = 10$ |\n"
    rows += (
        "| $v_2 = v_1 + 144$ | 169 | $\\dot v_1 = 10$ |\n| $v_3 = \\sqrt{v_2}$ | 13 | $\\dot v_2/(2 v_3) = 0.3846$ |\n"
    )
    table = f"| Step | Primal | Tangent |\n|---|---|---|\n{rows}"
    assert adtrace.check(table, {"x": 5}, function="sqrt(x^2 + 144)").ok
    report = adtrace.check(table.replace("v_1 = 10", "v_1 = 12"), {"x": 5}, function="sqrt(x^2 + 144)")
    assert wrong(report) == {(5, 2)}, report


PARTS = """\
| statement | contribution | running adjoint |
|---|---|---|
| $\\bar f = 1$ | | 1 |
| $\\bar v_1 \\mathrel{+}= \\bar f$ | 1 | 1 |
| $\\bar v_2 \\mathrel{+}= \\bar f$ | 1 | 1 |
| $\\bar x \\mathrel{+}= \\bar v_2 \\cos x$ | -0.4161 | -0.4161 |
| $\\bar x \\mathrel{+}= \\bar v_1 y$ | 3 | 2.5839 |
| $\\bar y \\mathrel{+}= \\bar v_1 x$ | 2 | 2 |

with $v_1 = xy$, $v_2 = \\sin x$, $f = v_1 + v_2$.
"""


def test_contributions_beside_what_they_add_up_to() -> None:
    """The second of two columns ends with the adjoint: the last contribution once more is not added."""
    assert adtrace.check(PARTS, POINT, function=FUNCTION).ok
    assert wrong(adtrace.check(PARTS.replace("2.5839", "3.0000"), POINT, function=FUNCTION)) == {(7, 2)}


def test_a_fraction_is_put_right_by_a_fraction() -> None:
    """-1/9, and not -0.1111."""
    rows = "| s | x + y | 3 | 1 |\n| r | 1/s | 1/3 | {} |\n| f | x*r | 1/3 | 2/9 |\n"
    table = f"| node | rule | value | d/dx |\n|---|---|---|---|\n{rows}"
    report = adtrace.check(table.format("-1/3"), {"x": 1, "y": 2}, function="x/(x + y)")
    assert [mistake.expected for mistake in report.mistakes] == ["-1/9"]


def test_a_grid_with_a_cell_too_wide() -> None:
    """The bars part the cells, be they below each other or not."""
    line = "+-----+--------+--------+---------+\n"
    rows = ["| row | op     | value  | d/dy    |\n", "| a   | x*y    | 6      | 2       |\n",
            "| f   | a + sin(x) | 6.9093 | 2 |\n"]  # fmt: skip
    report = adtrace.check(line + line.join(rows) + line, POINT, function=FUNCTION)
    assert (report.exit_status, report.count("right")) == (0, 6), report


def test_a_missing_row_after_which_rows_had_no_value() -> None:
    """Among the parts that a row left out may be is one at which 1/h has no value."""
    rows = "| a | x*y | -1 | |\n| h | g + 1 | 1.3679 | 1 |\n| f | 1/h | 0.7311 | -0.5344 |\n"
    table = f"| gate | formula | value | local |\n|---|---|---|---|\n{rows}"
    report = adtrace.check(table, {"x": -1, "y": 1}, function="1/(exp(x*y) + 1)")
    assert (report.exit_status, report.count("wrong")) == (4, 0), report
    assert [problem.sentence for problem in report.problems] == ["h is computed from g, which has no row"]


def test_the_last_row_of_one_of_two_outputs() -> None:
    """It is told by the rows that are there; where these end in something else, that is wrong."""
    rows = "| a | x*y | 6 | 3 | 2 |\n| b | sin(y) | 0.1411 | 0 | -0.9900 |\n"
    table = f"| row | formula | value | d/dx | d/dy |\n|---|---|---|---|---|\n{rows}"
    report = adtrace.check(table, POINT, function="(x*y, x + sin(y))")
    assert (report.exit_status, [p.sentence for p in report.problems]) == (4, ["the last row is missing: y_2 = x + b"])
    report = adtrace.check(f"{table}| c | x - b | 1.8589 | 1 | 0.9900 |\n", POINT, function="(x*y, x + sin(y))")
    assert report.exit_status == 3, report


def test_an_input_whose_adjoint_is_missing_from_a_short_sweep() -> None:
    """Of four adjoints three are there, that of the result among them."""
    text = (
        "v1 = x^y = 2\nv2 = v1 + y = 3\n\nv2_bar = 1\nv1_bar = v2_bar = 1\ny_bar = v2_bar + v1_bar*v1*ln(x) = 2.3863\n"
    )
    report = adtrace.check(text, {"x": 2, "y": 1}, function="x^y + y")
    assert (report.exit_status, [p.sentence for p in report.problems]) == (4, ["the adjoint of x is missing"]), report


def test_equations_in_the_comments_of_code_are_read_once() -> None:
    """A slip in one of them is one mistake, and nothing follows from it."""
    code = "```python\na = x * y # 6\nb = sin(x) # 0.9093\nc = a + b # 6.9093\n\n# with dx = 1:\n# da = y * dx = 3\n"
    code += "# db = cos(x) * dx = -0.4161\n# dc = da + db = 2.5839\n```\n"
    assert adtrace.check(code, POINT, function=FUNCTION).count("right") == 6
    report = adtrace.check(code.replace("-0.4161", "0.4161"), POINT, function=FUNCTION)
    assert (report.count("right"), report.count("wrong"), report.count("following")) == (5, 1, 0), report


def test_a_line_of_formulas_above_a_table_is_its_function() -> None:
    """However its formulas are set apart."""
    rows = "| $v_1 = x/y$ | 2 | $\\dot v_1 = 0.5$ |\n| $v_2 = v_1^2$ | 4 | $\\dot v_2 = 2$ |\n"
    line = r"\textbf{2.} $f(x,y)=(\frac{x}{y})^2$, $(x,y)=(4,2)$, $\dot x=1$"
    text = f"{line}\n\n| a | b | c |\n|---|---|---|\n{rows}"
    assert "judged as f(x, y) = " in adtrace.check(text).render("text")


def test_alignments_with_their_sign_in_a_cell_of_its_own() -> None:
    """``v_1 &=& xy = 6``, as eqnarray has it, is one equation."""
    rows = ["v_1 &=& xy = 6", "v_2 &=& \\sin x = 0.9093", "f &=& v_1 + v_2 = 6.9093", "\\bar f &=& 1",
            "\\bar v_1 &=& \\bar f = 1", "\\bar v_2 &=& \\bar f = 1", "\\bar y &=& x \\bar v_1 = 2",
            "\\bar x &=& y \\bar v_1 + \\bar v_2 \\cos x = 2.5839"]  # fmt: skip
    text = "\\begin{eqnarray}\n" + " \\\\\n".join(rows) + "\n\\end{eqnarray}\n"
    report = adtrace.check(text, POINT, function=FUNCTION, kind="latex")
    assert (report.exit_status, report.count("right")) == (0, 8), report
    assert adtrace.check(text.replace("= 2 ", "= 3 "), POINT, function=FUNCTION, kind="latex").count("wrong") == 1
    two = "v_1 &= x y = & \\dot v_1 &= y = 3 \\\\\nf &= v_1 + \\sin x = 6.9093 & \\dot f &= 2.5839"
    two = f"\\begin{{aligned}}\n{two}\n\\end{{aligned}}\n"
    less = adtrace.check(two, POINT, function=FUNCTION, kind="latex")  # a number that is lost before the next equation
    assert (less.count("wrong"), less.count("right") + less.count("empty")) == (0, 4), less


@pytest.mark.parametrize("shown", ["tensor({})", "tensor({}, grad_fn=<MulBackward0>)", "Array({}, dtype=float32)"])
def test_numbers_as_programs_print_them(shown: str) -> None:
    """``z = w*x # tensor(6.)``, and the gradient below it."""
    said = [("a = x*y", "6."), ("f = a + torch.sin(x)", "6.9093"), ("x.grad", "2.5839"), ("y.grad", "2.")]
    text = "\n".join(f"{code}   # {shown.format(number)}" for code, number in said)
    report = adtrace.check(text, POINT, function=FUNCTION, kind="markdown")
    assert (report.exit_status, report.count("right")) == (0, 4), report
    for old, new in (("6.9093", "9.6093"), ("2.5839", "2.5389")):
        assert adtrace.check(text.replace(old, new), POINT, function=FUNCTION, kind="markdown").count("wrong") == 1
