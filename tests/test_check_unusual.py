"""Tables in unusual hands: values before the names, rows named after others; each number was found by hand.

``f(x, y) = x y + sin x`` at (2, 3): 6, sin 2 = 0.9093, 6.9093; by x: 3 + cos 2 = 2.5839, by y: 2.
"""

from __future__ import annotations

from typing import Any

import pytest
from answers import states

import adtrace
from adtrace.checking.reporting import Rubric

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


RENAMED = """\
$f(x_1, x_2) = \\ln(x_1) + x_1 x_2 - \\sin(x_2)$ at $(x_1, x_2) = (2, 5)$.

| row | operation | value | adjoint |
|---|---|---|---|
| $v_1$ | $x_1$ | 2 | 5.5 |
| $v_2$ | $x_2$ | 5 | 1.7163 |
| $v_3$ | $\\ln v_1$ | 0.6931 | 1 |
| $v_4$ | $v_1 v_2$ | 10 | 1 |
| $v_5$ | $\\sin v_2$ | -0.9589 | -1 |
| $v_6$ | $v_3 + v_4$ | 10.6931 | 1 |
| $v_7$ | $v_6 - v_5$ | 11.6521 | 1 |
"""
JUDGED = "judged as f(x_1, x_2) = ln(x_1) + x_1*x_2 - sin(x_2) at x_1 = 2, x_2 = 5, reverse sweep, weight 1"


def test_a_report_says_by_what_it_judged() -> None:
    """Function, point, sweep and weight stand in a line at the head of each format, also where causes are kept back."""
    report = adtrace.check(RENAMED)
    for one in (report, report.keeping("hide"), report.keeping("hint")):
        assert str(one).splitlines()[0] == JUDGED
        assert one.to_dict()["judged"] == [
            {"tables": [1], "function": "f(x_1, x_2) = ln(x_1) + x_1*x_2 - sin(x_2)", "point": {"x_1": "2", "x_2": "5"},
             "sweeps": ["reverse sweep, weight 1"], "sentence": JUDGED}
        ]  # fmt: skip
        assert JUDGED in one.render("html")
        assert one.render("markdown").splitlines()[0].replace("\\", "") == JUDGED


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"function": FUNCTION, "at": {"x": 2, "y": 3}}, "judged as f(x, y) = x*y + sin(x) at x = 2, y = 3, "
         "reverse sweep, weight 1"),
        ({"function": "x*y + sin(x)", "at": {"x": "pi/3", "y": "0.1"}}, "judged as f(x, y) = x*y + sin(x) "
         "at x = pi/3, y = 0.1, reverse sweep, weight 1"),
        ({}, "judged as v_3 = x*y + sin(x) at x = 2, y = 3, reverse sweep, weight 1"),
        ({"function": "exp(x) - y", "at": {"x": 2, "y": 3}}, "judged as v_3 = x*y + sin(x) at x = 2, y = 3, "
         "reverse sweep, weight 1"),
    ],
)  # fmt: skip
def test_what_is_judged_by_is_what_was_told_else_the_rows(options: dict[str, Any], sentence: str) -> None:
    """The function and the point as they are told; without them, or for another function, those of the rows."""
    assert str(adtrace.check(AHEAD, **options)).splitlines()[0] == sentence


TOLD = {"at": {"x_1": 2, "x_2": 5}, "function": "f(x_1, x_2) = ln(x_1) + x_1*x_2 - sin(x_2)"}


def test_the_last_row_left_out_is_named_and_the_rest_is_judged() -> None:
    """Without its last row a table is no other function: what is left to do is said, and its adjoints are judged."""
    lines = RENAMED.splitlines()
    for left, rows in ((-1, ["v_7 = v_6 - v_5"]), (-2, ["v_6 = v_3 + v_4", "v_7 = v_6 - v_5"])):
        report = adtrace.check("\n".join(lines[:left]), **TOLD)
        assert [problem.kind for problem in report.problems] == ["missing row"] * len(rows), report
        assert all(problem.sentence.endswith(row) for problem, row in zip(report.problems, rows, strict=True)), report
        assert not report.mistakes
        assert report.exit_status == 4
        marked = adtrace.check("\n".join(lines[:left]), **TOLD, rubric=Rubric())
        assert (marked.marks.earned, marked.marks.possible) == (21 + 3 * left, 21)
    shifted = "\n".join(lines[:-1]).replace("| -0.9589 | -1 |", "| -0.9859 | 1 |")
    assert wrong(adtrace.check(shifted, **TOLD)) == {(9, 2), (9, 3)}


def test_a_table_of_a_simpler_function_is_still_another() -> None:
    """What computes a part and calls it the result, or leaves out what comes before the end, is another function."""
    lines = RENAMED.splitlines()
    shorter = [*lines[:8], "| $v_5$ | $v_3 + v_4$ | 10.6931 | 1 |"]
    for text in ("\n".join(shorter), "\n".join([*shorter, "| $y$ | $v_5$ | 10.6931 | 1 |"])):
        assert adtrace.check(text, **TOLD).other_function, text


def test_a_last_row_in_another_order_than_the_function_is_found_too() -> None:
    """The last row may be any one operation of what is left: (x y) (x + y) of x*y*x + x*y*y."""
    rows = ["| v1 | x*y | 6 |", "| v2 | x + y | 5 |"]
    text = "| row | operation | value |\n|---|---|---|\n| x | 2 | 2 |\n| y | 3 | 3 |\n" + "\n".join(rows)
    report = adtrace.check(text, {"x": 2, "y": 3}, function="f(x, y) = x*y*x + x*y*y")
    assert [problem.sentence for problem in report.problems] == ["the last row is missing: v_3 = v_1*v_2"], report


def test_a_result_with_two_names_is_told() -> None:
    """A last row q beside derivatives of y is right, and the report says that they are one; not so where both say y."""
    two = RENAMED + "| {} | $v_7$ | 11.6521 | |\n"
    reverse = "| row | adjoint |\n|---|---|\n| $\\bar y$ | 1 |\n| $\\bar v_7$ | $\\bar y$ |\n"
    for name, said in (("q", True), ("loss", True), ("$y$", False)):
        report = adtrace.check(two.format(name).replace("| |\n", "| 1 |\n") + "\n" + reverse)
        notes = [problem.sentence for problem in report.problems]
        told = f"the result is called {name} in its own row, and y where its derivatives stand"
        assert notes == ([told] if said else []), report
        assert report.ok
        wrong_value = adtrace.check(two.format(name).replace("| 11.6521 | |", "| 11.6251 | 1 |") + "\n" + reverse)
        assert wrong(wrong_value) == {(12, 2)}


def test_a_number_among_those_that_count_is_not_passed_over() -> None:
    """In a column of steps 1, 2, 3 a number that is none of them is not read, and nothing else changes."""
    rows = [row.split("|") for row in AHEAD.splitlines()[2:]]
    numbered = [f"| {k} | {name} | {value} | {adjoint} |" for k, (_, value, name, adjoint, _) in enumerate(rows, 1)]
    text = "| step | row | value | adjoint |\n|---|---|---|---|\n" + "\n".join(numbered) + "\n"
    assert adtrace.check(text, POINT, function=FUNCTION).ok
    report = adtrace.check(text.replace("| 4 |", "| 7.25 |"), POINT, function=FUNCTION)
    assert report.exit_status == 4
    assert not report.mistakes
    assert [f.text for f in report.of("not read")] == ["7.25"]


SECOND = """\
f(x) = x sin x at x = 2. With x' = 1 and x'' = 0:

| row | v | v' | v'' |
|---|---|---|---|
| v0 = x | 2 | 1 | 0 |
| v1 = sin v0 | 0.9093 | cos(v0) = -0.4161 | -sin(v0) = -0.9093 |
| v2 = v0 v1 | 1.8186 | v1 + v0 v1' = 0.0770 | 2 v1' + v0 v1'' = -2.6509 |
"""


@pytest.mark.parametrize(("formula", "right"), [
    ("2 v1' + v0 v1''", True), ("2 v1' v0' + v0 v1''", True), ("v0'' v1 + 2 v0' v1' + v0 v1''", True),
    ("2 cos(v0) - v0 sin(v0)", True), ("v1' + v0 v1''", False), ("2 v1' v0'^2 + v0 v1''", False),
    ("2 v1' + v1''", False), ("2 v1'' + v0 v1''", False),
])  # fmt: skip
def test_the_seed_is_put_into_a_second_derivative(formula: str, right: bool) -> None:
    """x sin x has x'' sin x + 2 x' cos x x' - x sin x x'^2: with 1 for x' and 0 for x'' it is right, and no other."""
    report = adtrace.check(SECOND.replace("2 v1' + v0 v1''", formula))
    assert wrong(report) == (set() if right else {(7, 3)}), report


SENTENCE = r"""
$g(a,b,c) = \ln(ab) + c/(a+1)$, $(a,b,c) = (1,2,3)$.
\begin{align*}
u_1 &= ab = 2 & \bar u_1 &= \frac{\bar u_2}{u_1} = \frac12 \\
u_2 &= \ln u_1 \approx 0.693 & \bar u_2 &= \bar g = 1 \\
u_3 &= a + 1 = 2 & \bar u_3 &= -\bar u_4 \frac{c}{u_3^2} = -\frac34 \\
u_4 &= \frac{c}{u_3} = \frac32 & \bar u_4 &= \bar g = 1\\
g &= u_2 + u_4 \approx 2.193 & \bar g &= 1
\end{align*}
Hence $\bar a = \bar u_1 b + \bar u_3 = 1 - \frac34 = \frac14$, $\bar b = \bar u_1 a = \frac12$ and also
$\bar c = \bar u_4/u_3 = \frac12$.
"""


@pytest.mark.parametrize(("old", "new", "line"), [
    ("", "", 0), (r"- \frac34 = \frac14", r"- \frac34 = \frac34", 10), (r"u_1 a = \frac12", r"u_1 a = \frac13", 10),
    (r"b + \bar u_3", r"b - \bar u_3", 10), (r"u_4/u_3 = \frac12$", r"u_4/u_3 = \frac32$", 11),
    (r"= -\frac34 \\", r"= \frac34 \\", 6),
])  # fmt: skip
def test_formulas_of_a_sentence_behind_an_alignment(old: str, new: str, line: int) -> None:
    """``Hence $...$, $...$ and $...$`` is an equation for each formula: by a 1/1 - 3/4, by b 1/2, by c 1/2."""
    report = adtrace.check(SENTENCE.replace(old, new, 1))
    roots = [finding.line for finding in report.findings if finding.state == "wrong"]
    assert roots == ([line] if line else []), report
    assert report.count("right") + report.count("following") + bool(line) == 13


NETWORK = """\
Network: h = tanh(w x + b), L = (h - t)^2 with w = 0.5, x = 2, b = -1, t = 1.

Forward: z = w x + b = 0, h = tanh(z) = 0, e = h - t = -1, L = e^2 = 1.

Backward:
- dL/de = 2e = -2
- dL/dh = -2
- dL/dz = dL/dh (1 - h^2) = -2
- dL/dw = dL/dz x = -4
- dL/db = -2
"""


@pytest.mark.parametrize(("old", "new", "line"), [
    ("", "", 0), ("2e = -2", "2e = 2", 6), ("x = -4", "x = -2", 9), ("(1 - h^2)", "(1 - h)", 8),
    ("e^2 = 1.", "e^2 = -1.", 3), ("dL/db = -2", "dL/db = -1", 10), ("e = h - t = -1", "e = h - t = 1", 3),
])  # fmt: skip
def test_a_forward_pass_in_a_sentence_above_a_list(old: str, new: str, line: int) -> None:
    """The rows of the sentence are those of the list: (tanh 0 - 1)^2 = 1, by z 2(-1)(1 - 0) = -2, by w -4, by b -2."""
    report = adtrace.check(NETWORK.replace(old, new, 1))
    assert [finding.line for finding in report.findings if finding.state == "wrong"] == ([line] if line else [])
    assert not report.count("not read")


@pytest.mark.parametrize("sentence", [
    r"So $\nabla f(2, 3) = ({x}, {y})$.", r"Thus the gradient of $f$ at $(2, 3)$ is $({x}, {y})^T$.",
    r"\[\nabla f = \begin{{pmatrix}}{x}\\{y}\end{{pmatrix}}\]", r"Therefore ∇f = [{x}, {y}].",
    r"$$\nabla f(x, y) = (y + \cos x, x) = ({x}, {y})$$", r"$\nabla f \approx \left({x},\; {y}\right)$",
])  # fmt: skip
def test_the_gradient_in_a_sentence(sentence: str) -> None:
    """Each number of the gradient behind a table is held against its variable: 3 + cos 2 = 2.5839 and 2."""
    table = AHEAD.replace("| 2.5839 |", "|  |").replace("| 2 |\n", "|  |\n")
    whole = f"$f(x, y) = x y + \\sin x$ at $x = 2$, $y = 3$.\n\n{table}\n"
    right = adtrace.check(whole + sentence.format(x="2.5839", y="2"), kind="markdown")
    assert not right.count("wrong") + right.count("not read"), right
    for x, y, row in (("2.5389", "2", "x"), ("2.5839", "-2", "y"), ("2", "2.5839", "x")):
        report = adtrace.check(whole + sentence.format(x=x, y=y), kind="markdown")
        roots = [finding for finding in report.findings if finding.state == "wrong"]
        assert {row} <= {finding.row for finding in roots} <= {"x", "y"}, report


def test_a_gradient_of_no_function_is_said_not_to_be_read() -> None:
    """Where no function tells the variables in their order, the numbers are not judged, and not passed over."""
    report = adtrace.check(AHEAD + "\nSo $\\nabla f = (2.5839, 2)$.\n")
    assert report.count("not read") + report.count("right") > 0
    assert not report.count("wrong")


RESULT = """\
$h(x, y) = x y + \\sin x$ at $x = 2$, $y = 3$.

| v | op | value |
|---|---|---|
| v_1 | x y | 6 |
| v_2 | sin x | 0.9093 |
| v_3 | v_1 + v_2 | 6.9093 |

$$%s$$
"""


@pytest.mark.parametrize(("said", "state"), [
    ("h = 6.9093", "right"), ("h = 6.9039", "wrong"), ("z = 6.9093", "right"), ("z = 6.9039", "not read"),
    ("z = v_3 = 6.9039", "wrong"),
])  # fmt: skip
def test_a_result_beside_the_rows(said: str, state: str) -> None:
    """A row that is called as the function is its result; a number of which nothing tells what it is is not passed."""
    report = adtrace.check(RESULT % said)
    assert {finding.state for finding in report.findings} == {"right", state}
    assert [finding.text for finding in report.findings if finding.state == state != "right"] in ([], [said])


@pytest.mark.parametrize(("sentence", "wrong_", "read"), [
    (r"So $\partial f/\partial y = 1 \cdot 2 = 2$.", False, 2),
    (r"So $\frac{\partial f}{\partial y} = 1 \times 2$.", False, 1),
    (r"So $\partial f/\partial y = 1 \cdot 3 = 3$.", True, 2),
    (r"So $\partial f/\partial y = 1 \cdot 2 = 3$.", True, 2),
    ("So df/dy = 1 · 2 = 2", False, 0), ("So df/dy = 1 x 2", False, 0), ("So df/dy = 2 (as expected).", False, 1),
    ("So df/dy = 3 (as expected).", True, 1),
])  # fmt: skip
def test_a_working_in_a_sentence_is_no_number(sentence: str, wrong_: bool, read: int) -> None:
    """Of a working the first number alone is not what is told (by y it is 2); set as a formula it is judged whole."""
    report = adtrace.check(RESULT.replace("$$%s$$", sentence))
    assert bool(report.count("wrong")) == wrong_, report
    assert len(report.findings) == 6 + read


def test_a_value_in_brackets_of_the_prose() -> None:
    """``(y = (0, 1, 0))`` ends with its bracket: the gradient by z is softmax(z) - y."""
    said = "z = (1, 2, 0), the true class is 2 (y = (0, 1, 0)). L = -sum(y * log(softmax(z))).\n\n"
    rows = "| z | (1, 2, 0) | (0.2447, -0.3348, 0.0900) |\n"
    rows += "| p = softmax(z) | (0.2447, 0.6652, 0.0900) | (0, -1.5032, 0) |\n"
    table = f"| | value | gradient |\n|---|---|---|\n{rows}| L = -sum(y * log(p)) | 0.4076 | 1 |\n"
    assert {finding.state for finding in adtrace.check(said + table).findings} == {"right"}
    assert wrong(adtrace.check(said + table.replace("-0.3348", "0.6652"))) == {(5, 2)}


GRADIENT = (
    "| derivative | value |\n|---|---|\n| v_1 = x*y | 6 |\n| v_2 = sin(x) | 0.9093 |\n| v_3 = v_1 + v_2 | 6.9093 |\n"
)


@pytest.mark.parametrize(("heading", "first"), [("#", 2), ("", 2), ("Schritt", 5), ("no.", 1)])
def test_a_column_that_counts_is_no_quantity(heading: str, first: int) -> None:
    """Numbers from anywhere, beside two rows, below a heading that says so or says nothing."""
    rows = f"| {first} | $v_1$ | x*y | 6 |\n| {first + 1} | $v_2$ | v_1 + x | 8 |\n"
    table = f"| {heading} | row | formula | value |\n|---|---|---|---|\n{rows}"
    report = adtrace.check(table, POINT, function="x*y + x")
    assert (report.exit_status, report.count("right")) == (0, 4), report


def test_a_derivative_that_a_gradient_leaves_out() -> None:
    """∂f/∂y beside ∂f/∂x; not the derivative by an example x beside those by w and b."""
    text = f"{GRADIENT}| df/dv_1 | 1 |\n| df/dv_2 | 1 |\n| df/dx | 2.5839 |\n"
    report = adtrace.check(text, POINT, function=FUNCTION)
    assert (report.exit_status, [p.sentence for p in report.problems]) == (4, ["the adjoint of y is missing"]), report
    assert adtrace.check(f"{text}| df/dy | 2 |\n", POINT, function=FUNCTION).ok
    parameters = "a = w*x = 6\nf = a + b = 7\n\ndf/da = 1\ndf/dw = 2\ndf/db = 1\n"
    assert adtrace.check(parameters, {"w": 3, "x": 2, "b": 1}, function="w*x + b").ok


@pytest.mark.parametrize("functions", ["(x*y, x + y)", ["x*y", "x + y"]])
def test_an_output_without_a_row(functions: Any) -> None:
    """One of two outputs is right, and the other is missing."""
    table = "| row | operation | value | d/dx |\n|---|---|---|---|\n| v_1 | x*y | 6 | 3 |\n| y_1 | v_1 | 6 | 3 |\n"
    report = adtrace.check(table, POINT, function=functions)
    assert (report.exit_status, report.count("right")) == (4, 6), report
    assert [p.sentence for p in report.problems] == ["the last row is missing: y_2 = x + y"]


@pytest.mark.parametrize("words", ['"', "''", "same", "as above", "ditto", '- " -', "s. o.", "〃"])
def test_what_is_written_as_a_repetition(words: str) -> None:
    """The number above is meant, be it right or wrong."""
    rows = AHEAD.splitlines()
    rows[6] = rows[6].replace("| 1 |", f"| {words} |")
    assert adtrace.check("\n".join(rows), POINT, function=FUNCTION).count("right") == 13
    rows[5] = rows[5].replace("| 1 |", "| 2 |")
    assert wrong(adtrace.check("\n".join(rows), POINT, function=FUNCTION)) == {
        (7, 2)
    }  # the seed, from which the row above follows


def test_a_target_that_prose_alone_tells_has_no_row() -> None:
    """The t of (s - t)^2, by which nobody differentiates; another variable wants its row."""
    table = "| | formula | value | adjoint |\n|---|---|---|---|\n| L | (s-{0})^2 | 16 | 1 |\n| s | p+b | 7 | 8 |\n"
    table += "| p | w*x | 6 | 8 |\n| w | | 3 | 16 |\n| x | | 2 | 24 |\n| b | | 1 | 8 |\n"
    for name, status in (("t", 0), ("c", 4)):
        point = {"w": 3, "x": 2, "b": 1, name: 3}
        assert adtrace.check(table.format(name), point, function=f"(w*x + b - {name})^2").exit_status == status
