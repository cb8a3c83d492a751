"""Documents as strangers write them, each with slips that are found at their line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import adtrace

DOCUMENTS = tomllib.loads(Path(__file__).with_name("strangers.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_of_strangers(name: str) -> None:
    """Right cells of them were blamed or not read, or wrong ones passed."""
    document = DOCUMENTS[name]
    text, told = document["text"], document.get("told", {})
    report = adtrace.check(text, **told)
    assert (report.exit_status, report.count("not read"), report.count("empty")) == (0, 0, 0), str(report)
    for right, wrong, line in document["slips"]:
        assert text.count(right) == 1
        assert {mistake.line for mistake in adtrace.check(text.replace(right, wrong), **told).mistakes} == {line}, right


SWEPT = """f(x, y) = x*y + sin(y) at x = 2, y = 5

| row | operation | value |
|---|---|---|
| v_1 | x*y | 10 |
| v_2 | sin(y) | -0.9589 |
| v_3 | v_1 + v_2 | 9.0411 |

| row | tangent by x |
|---|---|
| x | 1 |
{}| v_1 | 5 |
| v_3 | 5 |
"""


@pytest.mark.parametrize(("row", "missing"), [("", []), ("| y | 0 |\n", ["v_2"]), ("| v_2 | 0 |\n", [])])
def test_a_sweep_may_go_where_it_leads_alone(row: str, missing: list[str]) -> None:
    """Along x nothing need be said of y and sin(y); where y stands sin(y) is missing."""
    assert [problem.row for problem in adtrace.check(SWEPT.format(row)).problems] == missing


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_result_that_is_left_out_beside_others(place: int) -> None:
    """Of f_1, f_2 and f_3 each has its row, or none."""
    function, at = "(x^2 + y, x*y, sin(x))", {"x": "1.5", "y": -2}
    text = adtrace.trace(function, at=at).table(format="markdown", style="three-part", mode="forward")
    lines = text.split("\n")
    kept = [line for line in lines if f"$f_{{{place}}}$" not in line]
    assert len(kept) == len(lines) - 1
    assert adtrace.check(text, at, function=function).exit_status == 0
    report = adtrace.check("\n".join(kept), at, function=function)
    assert (report.exit_status, [problem.row for problem in report.problems]) == (4, [f"f_{place}"])


@pytest.mark.parametrize(("power", "slope"), [("e^(2x)", 2), ("e^(x)", 1), ("e^(xy)", 3), ("(1+x)^(2y)", 6)])
def test_powers_in_brackets_are_no_names(power: str, slope: int) -> None:
    """``e^(2x)`` was a variable of its own, e along 2x: right cells were blamed."""
    text = (
        f"f(x, y) = {power} + x at x = 0, y = 3\n\n| row | op | value | d/dx |\n|---|---|---|---|\n| w | {power} | 1 |"
    )
    report = adtrace.check(f"{text} {slope} |\n| f | w + x | 1 | {slope + 1} |\n")
    assert (report.exit_status, report.count("right")) == (0, 6), str(report)


def test_values_of_a_type_of_its_own_are_not_read() -> None:
    """``-- D 0.9093 (-0.4161)`` behind a row of Haskell is no product: right cells are not blamed."""
    text = "```haskell\na = sin x      -- D 0.9093 (-0.4161)\nb = x * a      -- D 1.8186 0.0770\n```\n"
    report = adtrace.check(text, {"x": 2}, function="x*sin(x)")
    assert (report.exit_status, report.mistakes) == (4, ()), str(report)


def test_gradients_are_no_seeds() -> None:
    """Below several slips a column of values was taken for tangents along ds/dx, and a wrong ds/dz passed."""
    text = """For s = x^T W z with x = [2, -1], z = [1, 2, -1] and W = [[1, 0, 2], [-1, 3, 1]]:

| quantity | expression | value |
|---|---|---|
| u | W z | [3, 4] |
| s | x^T u | 2 |
| ds/dx | u | [-1, 4] |
| ds/dz | W^T x | [3, 3, 3] |
| ds/dW | x z^T | [[2, 4, -2], [-1, -2, 1]] |
"""
    assert [mistake.line for mistake in adtrace.check(text).mistakes] == [5, 8]


@pytest.mark.parametrize("function", ["sum(A * (B X))", "sum(A ∘ (BX))", "tr(A^T B X)"])
def test_products_of_matrices_within_products_of_entries(function: str) -> None:
    """Both kinds of products may stand in one formula: rows that compute it were said to compute another function."""
    row = "tr(A^T C)" if "tr" in function else "sum(A * C)"
    text = f"f = {function} with A = [[1, 2], [0, 1]], B = [[2, 0], [1, 3]], X = [[1, -1], [2, 0]].\n\n"
    rows = f"1. C = B X = [[2, -2], [7, -1]]\n2. f = {row} = -3\n3. ∂f/∂C = A = [[1, 2], [0, 1]]\n"
    report = adtrace.check(text + rows)
    assert (report.exit_status, report.problems) == (0, ()), str(report)
    slip = rows.replace("[[2, -2], [7, -1]]", "[[1, -3], [4, 0]]")  # X B has an entry of B * X
    assert [mistake.line for mistake in adtrace.check(text + slip).mistakes] == [3]


@pytest.mark.parametrize("operation", ["cond(C)", "perm C"])
def test_adjoints_of_a_result_that_is_not_read(operation: str) -> None:
    """Nothing is known of what a row that is not read is computed from: a right adjoint was to be 0."""
    rows = f"1. C = 2 X = [[2, -2], [4, 0]]\n2. f = {operation} = 8\n3. ∂f/∂C = [[0, -4], [2, 2]]\n"
    assert adtrace.check(f"X = [[1, -1], [2, 0]]\n\n{rows}").mistakes == ()


def test_columns_are_no_kernels() -> None:
    """``K q`` is no convolution, which its wrong value was by chance: the right rows behind were blamed."""
    text = "K = [[1, 1], [0, 2]], q = [1, 0]\n\ns = K q = [1, 1]\n\na = softmax(s) = [0.7311, 0.2689]\n"
    assert [mistake.line for mistake in adtrace.check(text).mistakes] == [3]


def test_what_a_program_prints_beside_each_other() -> None:
    """``print(c, round(d, 2))`` has a number of each on one line, and a session at prompts needs no fence: wrong ones
    passed.
    """
    code = "```python\na = 3.0\nc = a * 2\nd = c / (1 + a)\nprint(c, round(d, 2))\n```\n\n```\n6.0 {}\n```\n"
    assert adtrace.check(code.format("1.5"), {"a": 3}, function="2*a/(1+a)").exit_status == 0
    assert [mistake.row for mistake in adtrace.check(code.format("1.25"), {"a": 3}).mistakes] == ["d"]
    code = "```python\nx = np.array([1., 2.])\nz = 2 * x\nW = np.outer(z, x)\nprint(z, W)\n```\n\n"
    code += "```\n[2. 4.] [[2. 4.]\n {}]\n```\n"
    assert adtrace.check(code.format("[4. 8.]")).exit_status == 0
    assert [mistake.row for mistake in adtrace.check(code.format("[8. 4.]")).mistakes] == ["W"]
    session = ">>> X = np.array([[0, 1], [1, 1]]); w = np.array([2, 1])\n>>> z = X @ w\n>>> z\narray([1, {}])\n"
    assert adtrace.check(session.format("3")).exit_status == 0
    assert [mistake.row for mistake in adtrace.check(session.format("2")).mistakes] == ["z"]


@pytest.mark.parametrize("seed", ["seed (da, db) = (1, 0.5)", r"along $(\dot a, \dot b) = (1, 0.5)$"])
def test_directions_in_a_list_of_names(seed: str) -> None:
    """A list of tangents is the direction, and a word before it no function: right tangents were blamed."""
    text = f"F(a, b) = a b^2, a = 6, b = 2, {seed}\n\n| row | op | value | tangent |\n|---|---|---|---|\n"
    report = adtrace.check(f"{text}| t | b^2 | 4 | 2 |\n| F | a t | 24 | 16 |\n")
    assert (report.exit_status, report.count("right")) == (0, 6), str(report)


def test_sums_over_the_rows_of_a_table() -> None:
    """A loss that sums over examples is no function of the rows of its table, and its gradient below is not passed
    over: right rows were to compute another function.
    """
    text = r"""$w = (1,-1)$, $\hat y_i = \sigma(w^\top x_i)$, $L = -\sum_i [y_i \ln \hat y_i + (1-y_i)\ln(1-\hat y_i)]$.

| $i$ | $x_i$ | $y_i$ | $z_i = w^\top x_i$ | $\hat y_i = \sigma(z_i)$ |
|---|---|---|---|---|
| 1 | (1, 2) | 0 | -1 | 0.2689 |
| 2 | (2, 1) | 1 | 1 | 0.7311 |

The gradient is $\nabla_w L = \sum_i (\hat y_i - y_i) x_i = (-0.2689, 0.2689)$.
"""
    report = adtrace.check(text)
    assert (report.exit_status, report.count("not read"), report.mistakes) == (4, 1, ()), str(report)
    assert not any(problem.kind == "another function" for problem in report.problems)


_FUNCTION, _AT = "x*y + sin(x)", {"x": 2, "y": 3}


def _own(style: str) -> str:
    return adtrace.trace(_FUNCTION, _AT).table(format="csv", style=style)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("v_4,v_4 = sin(v_1)", "v_4,v_7 = sin(v_1)"), ("bv_2,bv_2 = ", "bv_3,bv_2 = ")],
)
def test_a_row_and_its_formula_have_one_name(right: str, wrong: str) -> None:
    """``v_7 = ...`` in the row of v_4 passed where another table has it right, and ``v̄_2 = ...`` in a second v̄_3."""
    table = _own("numbered-from-one")
    assert right in table
    assert not adtrace.check(table, _AT, function=_FUNCTION, kind="csv").exit_status
    report = adtrace.check(table.replace(right, wrong, 1), _AT, function=_FUNCTION, kind="csv")
    assert "stands in the row of" in str(report), report


def test_a_result_is_called_by_its_place() -> None:
    """y_4 of two results passed where other tables call it y_1."""
    table = adtrace.trace("f(a, b) = (a*b, a + b)", {"a": 2, "b": 3}).table(format="csv", mode="both", style="aligned")
    at, function = {"a": 2, "b": 3}, "f(a, b) = (a*b, a + b)"
    assert not adtrace.check(table, at, function=function, kind="csv").exit_status
    place = table.rindex("y_1 = ")
    report = adtrace.check(table[:place] + table[place:].replace("y_1", "y_4", 1), at, function=function, kind="csv")
    assert "the row of y_1 is called y_4" in str(report), report


def test_a_row_that_another_table_of_the_same_rows_has_is_missing() -> None:
    """The copy row ``f = v_5`` could be deleted from one of two tables."""
    table = _own("aligned")
    line = next(line for line in reversed(table.split("\n")) if line.startswith("f = "))
    report = adtrace.check(table.replace(line + "\n", ""), _AT, function=_FUNCTION, kind="csv")
    assert "the row of f is missing from a table that has all others" in str(report), report


def test_a_step_whose_result_has_no_row_is_judged() -> None:
    """It ended in a traceback, where no row was left that others are computed from."""
    trace = adtrace.trace("s = p + q; r = s^2; t = r/q", {"p": 2, "q": 4}, powers="products")
    table = trace.table(format="asciidoc", mode="reverse", style="four-column", learning_rate="1/2", caption="")
    lines = table.split("\n")
    lines.remove(next(line for line in lines if line.startswith("|stem:[t = v_{3}]")))
    adtrace.check("\n".join(lines), {"p": 2, "q": 4}, function="s = p + q; r = s^2; t = r/q", kind="asciidoc")


@pytest.mark.parametrize(("slope", "mistakes"), [("2(-1.5) \\cdot 3 = -9", []), ("2(-1.5) \\cdot 3 = 9", [9])])
def test_a_loss_with_a_target_that_no_row_uses(slope: str, mistakes: list[int]) -> None:
    """What is told of ŷ alone was held against ŷ as the result, and right derivatives of the loss were blamed."""
    text = (
        "**Function:** $f(w, b) = (wx + b - y)^2$\n\n* $x = 3$, $y = 4$\n* Initial: $w = 1$, $b = -0.5$\n\n"
        "**Step 1:**\n\n"
        f"* $\\hat{{y}} = 1 \\cdot 3 - 0.5 = 2.5$\n* $\\frac{{\\partial L}}{{\\partial w}} = {slope}$\n"
        "* $\\frac{\\partial L}{\\partial b} = 2(-1.5) = -3$\n"
    )
    assert [mistake.line for mistake in adtrace.check(text).mistakes] == mistakes
