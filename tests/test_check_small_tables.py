r"""Small tables, one for each thing that no other test holds: all that is told of them, line by line."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

import adtrace
from adtrace.checking.sheets import sheets
from adtrace.checking.sheets.files import decoded
from adtrace.checking.sheets.rows import LARGEST_DOCUMENT

# ruff: noqa: E501 - documents stand here as they are written


def told(document: str, size: str | None = None) -> list[str]:
    """What a report says of single cells, and its remarks; ``size`` is that of the input of a network."""
    report = str(adtrace.check(document, input=size))
    return [line for line in report.splitlines() if line[:2] in ("✗ ", "? ", "∅ ", "· ")]


ROW_SUMS = r"""L = sum(s^2) at X = [[1, 2, 3], [4, 5, 6]]

| row | value | adjoint |
|---|---|---|
| X | [[1, 2, 3], [4, 5, 6]] | {} = [[12, 12, 12], [30, 30, 30]] |
| s = sum(X, axis=1) | [6, 15] | 2 s = [12, 30] |
| L = sum(s^2) | 261 | 1 |
"""


@pytest.mark.parametrize(("formula", "right"), [
    (r"$\bar s 1^T$", True), (r"$\bar s \mathbf{1}^\top$", True), (r"$2 (X \mathbf{1}) \mathbf{1}^T$", True),
    ("spread(sbar)", True), (r"$\mathbf{1} \bar s^T$", False), (r"$2 \cdot 1^T X$", False),
])  # fmt: skip
@pytest.mark.parametrize("square", [False, True])
def test_ones_in_a_product_have_a_side(formula: str, right: bool, square: bool) -> None:
    """Sums of rows are spread along rows: ``1 s̄^T`` passed, ``s̄ 1^T`` was not read."""
    document = ROW_SUMS.format(formula)
    if square:
        for three, two in ((", 3]", "]"), (", 6]]", "]]"), ("[12, 12, 12], [30, 30, 30]", "[6, 6], [18, 18]"),
                           ("[6, 15]", "[3, 9]"), ("[12, 30]", "[6, 18]"), ("261", "90")):  # fmt: skip
            document = document.replace(three, two)
    found = told(document)
    assert found == [] if right else [line.partition(":")[0] for line in found] == ["✗ X, adjoint formula (line 5)"]


@pytest.mark.parametrize("cell", ["2 x = 6", "2 x", "x + x = 6"])
def test_a_formula_of_a_derivative_is_no_operation(cell: str) -> None:
    """Where operations stand beside the names: all numbers of the adjoints were blamed."""
    table = f"f(x) = x^2 + 1 at x = 3\n\n| row | value | adjoint |\n|---|---|---|\n| x | 3 | {cell} |\n"
    rows = "| s = x^2 | 9 | 1 |\n| L = s + 1 | 10 | {} |\n"
    assert told(table + rows.format(1)) == []
    assert told(table + rows.format(2)) == [
        "✗ L, adjoint (line 7): 2 should be 1 (it is twice as much as it should be)"
    ]


def test_operations_may_stand_below_the_word_derivative() -> None:
    """The heading only weighs."""
    assert told("f(x) = sin(x^2) at x = 2\n\n| row | derivative |\n|---|---|\n| s | x^2 |\n| L | sin(s) |\n") == []


HELD = [
    # a row that is left to do stands for the point it is told
    ("| row | operation | value |\n|---|---|---|\n| x | | 5 |\n| v1 | x^2 | 4 |\n| v2 | exp(x) | 7.3891 |\n"
     "| f | v1 + v2 | 11.3891 |\n", ["✗ x, value (line 3): 5 should be 2"]),
    # numbers put in tell of which rows they are
    ("f = y*cos(x) at x = 1.3, y = 0.3\n\n- v_1 = cos(1.3) = 0.267\n- v_2 = 0.3 * 0.267 = -0.080\n",
     ["✗ v_2, value (line 4): -0.080 should be 0.080 (it is right but for its sign)"]),
    ("f = ((((x / y) * x))^2)^2 at x = 1.7, y = 2.9\n\n| name | numbers put in | value |\n|---|---|---|\n"
     "| v_1 | 1.7 / 2.9 | 0.586 |\n| v_2 | 0.586 * 1.7 | 0.996 |\n| v_3 | (0.996)^2 | 0.992 |\n| v_4 | (0.992)^2 | 0.984 |\n", []),
    # a sentence below a table is of its problem, not of the last one
    ("f(x, y) = x*y at x = 2, y = 3\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| y | | 3 |\n| f | x*y | 6 |\n\n"
     "So (∂f/∂x, ∂f/∂y) = (6/2 = 4, 2) and ∂f/∂x = 6/2 = 4.\n\ng(x) = x^2 at x = 5\n\n| row | operation | value |\n|---|---|---|\n| x | | 5 |\n| g | x^2 | 25 |\n",
     ["✗ table 3, x, adjoint (line 9): 4 should be 3 (6/2 is right, and comes to 3)"]),
    # a title between a function and its table begins no other problem
    ("f(x) = x^2 at x = 3\n\n| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| f | x^2 | 9 |\n\ng(x) = x^3 at x = 2.\n"
     "**Forward**\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| g | x^2 | 4 |\n",
     ["✗ table 2, g, operation (line 14): x^2 should be x^3 (2 is taken in place of the number 3)"]),
    # what prose tells of another letter is no point, nor what is set a derivative that is wanted
    ("f(x, y) = x*y at x = 2, a = 5\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| a | | 3 |\n| f | x*a | 6 |\n", []),
    ("f(x, y) = x^2 y at (x, y) = (3, 2). Setting x = 3 gives\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| x | | 3 | 12 |\n| v | x^2 | 9 | 2 |\n| f | v y | 18 | 1 |\n", ["∅ the adjoint of y is missing"]),
    # a gradient has no entry of what is held constant
    ("f(x, y, c) = c x^2 + y at (2, 3, 1) with c held constant\n\n- v = c x^2 = 4\n- f = v + y = 7\n- ∇f = (4, 2)\n",
     ["✗ y, adjoint (line 5): 2 should be 1 (it is twice as much as it should be)"]),
    # where steps begin is no step; decimal commas; a list without a function has none that it could minimise
    ("L(w) = w^2, w_0 = 2, rate 0.1\n\n| k | w | L |\n|---|---|---|\n| 0 | 2 | 4 |\n| 1 | 1.6 | 2.56 |\n", []),
    ("f(x) = x^2, rate 0.1\n\n| k | x | f'(x) |\n|---|---|---|\n| 0 | 1,0 | 2,0 |\n| 1 | 0,8 | 1,6 |\n| 2 | 0,64 | 1,38 |\n",
     ["✗ slope_{x_2}, value (line 7): 1,38 should be 1.28 (one digit is wrong)"]),
    ("In each step\n\n| k | f |\n|---|---|\n| 0 | 4 |\n| 1 | 2 |\n",
     ["? no cell was read as a number or a formula of a trace"]),
    # lists without brackets, of marked names, and with semicolons beside decimal commas
    ("f(x, y) = x*y with\nx, y = 2, 3\n\n| row | operation | value |\n|---|---|---|\n| f | x*y | 7 |\n",
     ["✗ f, value (line 6): 7 should be 6"]),
    ("(w, w') = (2, 3)\n\n| row | operation | value |\n|---|---|---|\n| v | w^2 | 4 |\n| f | v w' | 13 |\n",
     ["✗ f, value (line 6): 13 should be 12"]),
    ("f(x, y, z) = x*y*z bei (1,5;2;3)\n\n| row | operation | value |\n|---|---|---|\n| f | x*y*z | 9,5 |\n",
     ["✗ f, value (line 5): 9,5 should be 9"]),
    # what prose says of the direction
    ("f(x_1, x_2) = x_1 x_2 at x = (2, 3) with $\\dot x = (1, -2)$\n\n| row | operation | value | tangent |\n|---|---|---|---|\n"
     "| x_1 | | 2 | 1 |\n| x_2 | | 3 | 2 |\n| f | x_1*x_2 | 6 | 7 |\n",
     ["✗ x_2, tangent (line 6): 2 should be -2 (it is right but for its sign)"]),
    ("f(s, t) = s t at s = 2, t = 3; derivative by t\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| s | | 2 | 0 |\n"
     "| t | | 3 | 2 |\n| f | s t | 6 | 4 |\n", ["✗ t, tangent (line 6): 2 should be 1 (it is twice as much as it should be)"]),
    ("f(x, y) = x y at x = 3, y = 4. Forward sweep, seeds 2 for x and 1 for y.\n\n| row | operation | value | tangent |\n"
     "|---|---|---|---|\n| x | | 3 | 3 |\n| y | | 4 | 1 |\n| f | x y | 12 | 15 |\n",
     ["✗ x, tangent (line 5): 3 should be 2 (it is the value of x)"]),
    # signs of comparison behind a table of HTML are no tags
    ("x = 2, y = 3\n\n<table><tr><th>row</th><th>operation</th><th>value</th></tr><tr><td>v1</td><td>x*y</td><td>6</td></tr></table>\n\n"
     "| row | operation | value |\n|---|---|---|\n| v2 | v1*(x<y) | 6 |\n| v3 | v2*(y>x) | 5 |\n",
     ["✗ table 2, v_3, value (line 8): 5 should be 6"]),
    # an option that names no sign
    (".. csv-table::\n   :delim: comma\n\n   row, value\n   x, 2\n   f = x^2, 5\n", ["✗ f, value (line 6): 5 should be 4"]),
    # the headings of lists and of simple tables are said, or are none
    ("f(x) = x^2, step size 0.1\n\n.. list-table::\n   :header-rows: 1\n\n   * - k\n     - x_k\n     - f'(x_k)\n   * - 0\n     - 1\n     - 2\n"
     "   * - 1\n     - 0.8\n     - 1.7\n", ["✗ slope_{x_1}, value (line 12): 1.7 should be 1.6000 (one digit is wrong)"]),
    ("f(x) = x^2, step size 0.1\n\n===  =====  ========\nk    x_k    f'(x_k)\n===  =====  ========\n0    1      2\n1    0.8    1.6\n"
     "2    0.64   1.38\n===  =====  ========\n", ["✗ slope_{x_2}, value (line 8): 1.38 should be 1.28 (one digit is wrong)"]),
    ("f(x) = x^2 (x^2 + 3) at x = 2\n\n---- ---------\n a     x^2\n b     a + 3\n c     b a\n---- ---------\n", []),
    # the first of two columns of numbers counts no rows
    ("Hinge loss for $w = 2$, $b = -1$:\n\n| x | y | s = w*x + b | m = y*s | loss = max(0, 1 - m) | dloss/dw |\n|---|---|---|---|---|---|\n"
     "| 1 | 1 | 1 | 1 | 0 | 0 |\n| 1 | -1 | 1 | -1 | 2 | 1 |\n| 2 | 1 | 3 | 3 | 0 | 0 |\n", []),
    # more is printed than the lines print; two statements on a line; a comment below a blank line
    ("```\nx = 2\ny = 3*x\nprint(y)\n```\n\n```\n7.0\n6.0\n```\n\nf = y + 1\n", []),
    ("In [1]: x = 2.0\n\nIn [2]: v = 3*x; v\nOut[2]: 7.0\n", ["✗ v, value (line 4): 7.0 should be 6"]),
    ("```\nx = 2.0\ny = 3*x\n\n# 7.0\n```\n", ["✗ y, value (line 3): 7.0 should be 6"]),
    # what follows a session is no code
    ("f(x) = 9 x^2 at x = 2\n\n>>> y = 3*x\n>>> y\n6.0\n\n$$\\begin{aligned} z &= y^2 \\\\ &= 35 \\end{aligned}$$\n",
     ["✗ z, value (line 7): 35 should be 36"]),
    # a heading over two columns is of both
    ("f(x) = x^2 at x = 3\n\n<table><tr><th></th><th></th><th colspan=2>tangent</th></tr><tr><th>row</th><th>operation</th><th>formula</th>"
     "<th>number</th></tr><tr><td>f</td><td>x^2</td><td>2 x</td><td>9</td></tr></table>",
     ["✗ f, tangent (line 3): 9 should be 6 (it is the value of f)"]),
    # r and j are letters
    ("z = 2\n\n- input: j = z = 2\n- hidden: r = 3 j = 6\n", []),
    # blanks between the elements of a formula are none of it
    ("<p>x = 2</p><table><tr><th>row</th><th>operation</th><th>value</th></tr><tr><td><math>\n <msub>\n <mi>v</mi>\n <mn>1</mn>\n </msub>\n"
     "</math></td><td><math>\n<mfrac>\n<mi>x</mi>\n<mn>2</mn>\n</mfrac>\n</math></td><td>2</td></tr></table>",
     ["✗ v_1, value (line 1): 2 should be 1 (the division by 2 is left out of x/2)"]),
    # a dual number has the value before the tangent
    ("f(x) = x + 2 at x = 1\n\n| row | dual number |\n|---|---|\n| x | (1, 1) |\n| f = x + 2 | (1, 3) |\n",
     ["✗ f, value (line 6): 1 should be 3 (this number and the tangent of f are exchanged)",
      "✗ f, tangent (line 6): 3 should be 1 (the seeds of two columns are exchanged, or their headings)"]),
    # the number of an operand
    ("f(x, y) = x*y at x = 2, y = 3\n\n| row | operation | value | ∂2 |\n|---|---|---|---|\n| f | x*y | 6 | 5 |\n",
     ["✗ f, partial (line 5): 5 should be 2"]),
    # a table goes on where another ends only if both are lists
    ("f(x) = x^2, g(x) = 3 x + 1 at x = 2\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| v1 | x^2 | 4 |\n\nand\n\n"
     "| row | operation | value |\n|---|---|---|\n| v1 | 3*x | 6 |\n| v2 | v1 + 1 | 8 |\n",
     ["✗ table 2, v_2, value (line 13): 8 should be 7"]),
    # JSON whose rows begin with numbers
    ('{"columns": ["value", "row", "operation"],\n "rows": [\n  [2, "x", ""],\n  [5, "v1", "x^2"],\n  [9, "f", "2*v1"]\n ]}',
     ["✗ v_1, value (line 4): 5 should be 4", "✗ f, value (line 5): 9 should be 8"]),
    # AsciiDoc: prose directly above a table, and a cell that stands twice
    ("f(x) = x^2 at x = 3\n|===\n|row |operation |value\n\n|x | |3\n|f |x^3 |27\n|===\n",
     ["✗ f, operation (line 6): x^3 should be x^2 (3 is taken in place of the number 2)"]),
    ("|===\n|row |operation |value |adjoint\n\n|x | |1 |2\n|f |x^2 2*|1\n|===\n", []),
    # a power in a step is none of the step; what sentences tell between formulas is held, too
    ("x = 3, k = 2\n\n- $y = 2 x = 6$\n- $x \\leftarrow x - 0.1 x^k = 2.1$\n", []),
    ("Let $f(x) = x^2 + x$ with $x = 2$. Then $a = x^2 = 2^2 = 4$, the adjoint of $a$ is $2$, and $f = a + x = 4 + 2 = 6$.\n",
     ["✗ a, adjoint (line 1): 2 should be 1 (the derivative of a + x by a is 1, not x)"]),
    # an output without a number has none
    ("f(x) = exp(sin(x^2)) at x = 2\n\n| row | operation | value |\n|---|---|---|\n| a | x^2 | 4 |\n| b | sin(a) | -0.7568 |\n",
     ["∅ the last row is missing: y = exp(b)"]),
    # words in quotes are names
    ('#table(columns: 3, [row], [op], [value], [x], [], [2], [$v_"in"$], [$x + 1$], [4])',
     ["✗ v_{in}, value (line 1): 4 should be 3"]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "lines"), HELD)
def test_what_a_document_is_held_to(document: str, lines: list[str]) -> None:
    """Each line is what it must be, and there are no others."""
    assert told(document) == lines


def notebook(*cells: tuple[object, ...]) -> str:
    """A notebook of cells of Markdown, each its source, and of code, each its source and what it shows."""
    made = [{"cell_type": "code" if shown else "markdown", "source": source, "outputs": [{"data": {"text/plain": one}} for one in shown]}
            for source, *shown in cells]  # fmt: skip
    return json.dumps({"cells": made, "nbformat": 4}, indent=1)


@pytest.mark.parametrize(("document", "lines"), [
    (notebook(("x = 2.0\ny = 3*x\ny\n\n", "7.0")), ["✗ y, value (line 5): 7.0 should be 6"]),
    (notebook(("x = 2.0\ny = 3*x\ny", "6.0"), ("f(x) = (3x)^2 at x = 2\n\n$$\\begin{aligned} z &= y^2 \\\\ &= 35 \\end{aligned}$$",)),
     ["✗ z, value (line 16): 35 should be 36 (y^2 is right, and comes to 36)"]),
    (notebook((None,), (5,), ("f(x) = x^2 is 100 % at x = 3\n\n| row | operation | value |\n|---|---|---|\n| f | x^3 | 27 |",)),
     ["✗ f, operation (line 15): x^3 should be x^2 (3 is taken in place of the number 2)"]),
])  # fmt: skip
def test_cells_of_a_notebook(document: str, lines: list[str]) -> None:
    """Code shows what it ends in; Markdown is no code, and no LaTeX; a cell of another kind holds nothing."""
    assert told(document) == lines


def test_letters_of_two_bytes_are_told_by_their_mark() -> None:
    """Of Chinese few bytes are 0."""
    text = "f(x) = x^2 在点 x = 2 处求值，然后计算导数并核对所有结果是否正确无误\n\n| 变量名称 | 运算 | 数值 |\n|---|---|---|\n| f | x^2 | 5 |\n"
    text += "这些数值都是手工计算得到的结果，请仔细核对所有步骤的数值与运算过程。" * 4
    assert decoded(text.encode("utf-16"), "chinese.md") == text


def test_a_table_of_typst_ends_in_its_last_row() -> None:
    """Nothing stands behind it."""
    (table,) = sheets("#table(columns: 2, [row], [value], [x], [2], [y = x^2], [4])")
    assert table.rows == (("x", "2"), ("y = x^2", "4"))


def test_lists_in_cells_are_formulas_where_their_cells_are() -> None:
    """Those of HTML are not."""
    for dollar in ("$", ""):
        (table,) = sheets(
            f"| F | B |\n|---|---|\n| {dollar}v = x = 2 \\\\ w = v^2 = 4{dollar} | {dollar}a = 1 \\\\ b = 2{dollar} |\n"
        )
        assert [row[0] for row in table.rows] == [f"{dollar}v = x = 2{dollar}", f"{dollar}w = v^2 = 4{dollar}"]


def test_tables_below_each_other_have_the_prose_above_the_first() -> None:
    """Up to the next prose."""
    table = "| Layer | Output |\n|---|---|\n| Conv 3x3, 8 filters, padding 1 | {}x8 |\n| Pool 2 | {}x8 |\n\n"
    first, second = table.format("32x32", "16x16"), table.format("16x16", "8x9")
    lines = told(f"Input 32x32x3.\n\n{first}{first}Input 16x16x3.\n\n{second}")
    sizes = [f"· the input is {size}, as the document says" for size in ("32×32×3", "32×32×3", "16×16×3")]
    assert lines == [*sizes, "✗ table 3, Pool 2, size (line 18): 8×9×8 should be 8×8×8"]


UNTOLD = "| row | operation | value | adjoint |\n|---|---|---|---|\n| x | | 2 | {} |\n| v1 | x^2 | 4 | 2 |\n"
UNTOLD += "| v2 | | 5 | 8 |\n| v3 | v1*3 | 12 | 5 |\n| v4 | v2*v3 | 60 | 1 |\n"
ROWS_TOLD = (
    "v_1 = x^2, v_2 = 3 v_1 at x = 2\n\n| row | value | adjoint |\n|---|---|---|\n| x | 2 | {} |\n| v1 | 4 | 3 |\n"
)
ROWS_TOLD += "| v2 | 12 | 1 |\n"


@pytest.mark.parametrize(("document", "lines"), [
    # an operation that nobody gives has no value
    ("| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| v1 | g(x) | 7 |\n| f | 3 v1 | 21 |\n",
     ["? v_1, value (line 4): '7' is not read: it has no value to be compared with",
      "? f, value (line 5): '21' is not read: it has no value to be compared with"]),
    # the heading names the variable by which is differentiated
    ("f(x, y) = x + 2y at x = 1, y = 3\n\n| name | y |\n|---|---|\n| $\\dot x$ | 0 |\n| $\\dot y$ | 0 |\n"
     "| $\\dot v_1 = \\dot x + 2 \\dot y$ | 5 |\n",
     ["✗ y, tangent (line 6): 0 should be 1 (the seed of y is 1, not 0)", "✗ v_1, tangent (line 7): 5 should be 2"]),
    # one bare weight is of one output
    ("y1 = x^2, y2 = 3x at x = 2; the weight is 2.\n\n| row | operation | value | adjoint of y1 | adjoint of y2 |\n"
     "|---|---|---|---|---|\n| x | | 2 | 4 | 3 |\n| y1 | x^2 | 4 | 1 | 0 |\n| y2 | 3 x | 6 | 0 | 1 |\n", []),
    # a derivative ends where its row is not told, and no other does
    (UNTOLD.format(7), ["✗ x, adjoint (line 3): 7 should be 60", "✗ v_2, adjoint (line 5): 8 should be 12",
                        "? v_1, adjoint (line 4): '2' is not read: nothing tells how v_2 is computed"]),
    # what cannot be read does not speak for another operand, or for nothing
    ("f(x, y) = exp(sin(cos(x*y))) at x = 2, y = 3\n\n| row | operation | value | partial |\n|---|---|---|---|\n"
     "| x | | 2 | |\n| y | | 3 | |\n| v1 | x*y | 6 | 7 |\n| v2 | cos(v1) | 0.9602 | 3 + |\n"
     "| v3 | sin(v2) | 0.8193 | 3 + |\n| f | exp(v3) | 2.2689 | 3 + |\n",
     ["✗ v_1, partial (line 7): 7 should be 3",
      *(f"? {row}, partial formula (line {line}): '3 +' is not read: it cannot be read: the expression ends too early"
        for row, line in (("v_2", 8), ("v_3", 9), ("f", 10)))]),
    # several names of what one call gives are no rows
    ("```\nx, y = 2, 3\na, b = f(x)\nv = x*y\nprint(v)  # 7\n```\n",
     ["· f is not a function that is known, so the trace is not held against it",
      "✗ v, value (line 5): 7 should be 6"]),
    # what stands where the adjoint of a use should
    ("f(x, y) = sin(x*y) at x = 2, y = 3\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| x | | 2 | 4*3 = 12 |\n| y | | 3 | 0.9602*2 = 1.9203 |\n| v1 | x*y | 6 | 0.9602 |\n| v2 | sin(v1) | -0.2794 | 1 |\n",
     ["✗ x, adjoint (line 5): 4*3 should be 2.8805 (4 stands where bar v_1 is put in)"]),
    # 1 has no digits that tell of operands
    ("f(x) = sin(-x) at x = 1.2\n\n| row | operation | value |\n|---|---|---|\n| x | | 1.2000 |\n| v1 | -x | -1.0000 |\n"
     "| v2 | sin(v1) | -0.9320 |\n", ["✗ v_1, value (line 6): -1.0000 should be -1.2000 (one digit is wrong)"]),
    # a word names its row, whatever stands beside it
    ("| name | operation | value |\n|---|---|---|\n| p | | 2 |\n| q | | 3 |\n| loss | p*q | 6 |\n| total | loss + p | 9 |\n",
     ["✗ total, value (line 6): 9 should be 8"]),
    # numbers of examples rename no other rows
    ("| example | x | z = 3 x | p = z + 1 |\n|---|---|---|---|\n| 7 | 0 | 0 | 1 |\n| 8 | 1 | 3 | 4 |\n| 9 | 5 | 15 | 16 |\n\n"
     "| row | value |\n|---|---|\n| u_7 | 4 |\n| u_8 = u_7 + 1 | 6 |\n",
     ["✗ table 2, u_8, value (line 10): 6 should be 5"]),
    # zeros of arrays whose factors are computed by other rows
    ("| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n| q | | 0 |\n| t | 5*q | 0 |\n| s | sum(x) | 3 |\n"
     "| p | s*t | 3*5*0 = 0 |\n", []),
    # what is called as a wrong derivative follows from it
    ("f(x) = x^2 at x = 2\n\n- f = x^2 = 4\n- g = df/dx = 5\n- df/dx = g = 5\n",
     ["✗ g, operation (line 4): df/dx should be 5: it comes to 4"]),
    # a convolution with zeros round it, in which nothing is turned
    ("x = [1, 2, 3, 4], k = [1, 0, 2]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2, 3, 4] |\n| k | | [1, 0, 2] |\n"
     "| y | x * k | [4, 7, 10, 3] |\n", []),
    # the derivative of a function that has a capital letter
    ("f(x) = Si(x^2) at x = 2\n\n| row | operation | value | partial |\n|---|---|---|---|\n| x | | 2 | |\n| v1 | x^2 | 4 | 4 |\n"
     "| v2 | Si(v1) | 1.7582 | Si'(v1) = -0.1892 |\n", []),
    # by another convention than the rest; a wrong number of the same row speaks for none
    ("f(x) = 3 relu(2 x) at x = 0\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| x | | 0 | 1 |\n| v1 | 2 x | 0 | 2 |\n"
     "| v2 | relu(v1) | 0 | 2 |\n| v3 | 3 v2 | 0 | 0 |\n| $\\dot v_3$ | | -7 | |\n",
     ["✗ v_3, tangent (line 9): -7 should be between 0 and 6",
      "? v_3, tangent (line 8): '0' is not read: it is by another convention at the kink than the others",
      "∅ empty: tangent of v_3"]),
    # places of windows may be rounded up, by less than one
    ("It has 325/3 = 109 windows, and 325/3 = 110 would be too many.\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n"
     "| v1 | x^2 | 4 |\n", ["✗ table 2, row 1, sum (line 1): 325/3 = 110: it comes to 108.3333"]),
    # a function that nobody knows, of what cannot be read
    ("y = h(x^2 + at x = 2.\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| v1 | x^2 | 5 |\n",
     ["· h is not a function that is known, so the trace is not held against it",
      "✗ v_1, value (line 6): 5 should be 4"]),
    # a number of another row
    ("f(x) = x^2 + sin(x) + 1 at x = 3\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| x | | 3 | 1 |\n"
     "| v1 | x^2 | 9 | 6 |\n| v2 | sin(x) | 0.1411 | -0.99 |\n| v3 | v2 + 1 | 1.1411 | 6 |\n| v4 | v1 + v3 | 10.1411 | 12 |\n",
     ["✗ v_3, tangent (line 8): 6 should be -0.9900 (it is the number of the row v_1)"]),
    # an adjoint of what has no row and no use
    ("| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| v1 | x^2 | 9 |\n| q | v1 + 1 | 10 |\n\n| row | adjoint |\n"
     "|---|---|\n| $\\bar y$ | 1 |\n| $\\bar v_1$ | 1 |\n| $\\bar x$ | 6 |\n",
     ["? table 2, y, adjoint (line 9): '1' is not read: nothing tells how y is computed, and nothing uses it"]),
    # what cannot be read in a gradient
    ("f(x, y) = x^2 + 3 y at x = 2, y = 1\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| y | | 1 |\n| v1 | x^2 | 4 |\n"
     "| f | v1 + 3 y | 7 |\n\n∇f = (2 +, 3)\n",
     ["? table 2, f, adjoint formula (line 10): '(2 +, 3)' is not read: it cannot be read: the expression ends too early"]),
    # a zero in a working into which another row is put
    ("| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| q | | 0 |\n| t | 5*q | 0 |\n| p | x*t | 3*5*0 = 0 |\n| r | x*t | 3*4*0 = 0 |\n"
     "| s | p + r | 0 |\n", ["✗ r, value (line 7): 3*4*0 should be x*t: the factor 0 hides that 3*4 is no factor of this row's"]),
    # a function behind a letter that is no row
    ("f(x) = x^2 at x = 3\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| x | | 3 | 1 |\n| v1 | x^2 | 9 | d sin(x) |\n",
     ["✗ v_1, tangent formula (line 6): d sin(x): d is no row and no variable (x' is missing)"]),
    # roots of Typst with and without a number
    ("#table(columns: 3, [row], [op], [value], [x], [], [8], [y], [$root(3, x)$], [2], [z], [$root(y)$], [1.5142])",
     ["✗ z, value (line 1): 1.5142 should be 1.4142 (one digit is wrong)"]),
    # a window that is told by its sides
    ("f(x, y) = maxpool2d(x, 2) at x = [[1, 2], [3, 4]]\n\n| row | operation | value |\n|---|---|---|\n| x | | [[1, 2], [3, 4]] |\n"
     "| v1 | maxpool2d(x, (2, 2)) | 3 |\n",
     ["✗ v_1, value (line 6): 3 should be [[4]] (its shape is a number, and should be 1 x 1)"]),
    # one cell that is all of a row, at the foot of HTML, is a row still
    ("<table><tr><th>row</th><th>value</th></tr><tr><td>x</td><td>2</td></tr><tr><td>y = 3 x</td><td>6</td></tr>"
     "<tfoot><tr><td>z = 2 y</td></tr></tfoot></table>", ["∅ empty: value of z"]),
    # operations with one operand, two, and none
    ("| name | op | inputs | value |\n|---|---|---|---|\n| x | | | 3 |\n| y | | | 4 |\n| a | - | x | -3 |\n| b | + | x, y | 7 |\n"
     "| c | mul | a, b | -20 |\n", ["✗ c, value (line 7): -20 should be -21"]),
    # a variance of a batch
    ("x = (1, 3, 5, 7)\n\n| | |\n|---|---|\n| $\\mu_B$ | $= \\mathrm{mean}(x) = 4$ |\n| $d$ | $= x - \\mu_B = (-3, -1, 1, 3)$ |\n"
     "| $\\sigma_B^2 = \\mathrm{mean}(d^2)$ | $= 6$ |\n| $s = \\sqrt{\\sigma_B^2}$ | $= 2.2361$ |\n",
     ["✗ sigma_{sq_B}, value (line 7): 6 should be 5"]),
    ("x = [1, 3, 5, 7]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 3, 5, 7] |\n| v | var(x) | 6 |\n| s | std(x) | 2.2361 |\n",
     ["✗ v, value (line 6): 6 should be 5"]),
    # what is added is no factor
    ("W = [[0, 1], [1, 1]], x = [2, 0], b = [7, 5]\n\n| row | operation | value |\n|---|---|---|\n| W | | [[0, 1], [1, 1]] |\n"
     "| x | | [2, 0] |\n| b | | [7, 5] |\n| p | W x + b | [0*7 + 1*0 + 7, 1*2 + 1*0 + 5] = [7, 7] |\n",
     ["✗ p, value (line 8): [0*7 + 1*0 + 7, 1*2 + 1*0 + 5] should be W @ x + b: the factor 0 hides that 7 is no factor of "
      "this row's"]),
    # means of windows
    ("Average pooling 2x2 with stride 1.\n\nX = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]\n\n| row | operation | value |\n|---|---|---|\n"
     "| X | | [[1, 2, 3], [4, 5, 6], [7, 8, 9]] |\n| P | avgpool(X) | [[3, 4], [6, 7]] |\n", []),
    # commas within brackets part no names; a derivative by an operand that a call has not
    ("```\nx = 2.0\ny = 3.0\na, b = (x*y, 2), 3\nz = x*y\nprint(z)  # 7.0\n```\n", ["✗ z, value (line 6): 7.0 should be 6"]),
    ("```\ngrad(f, argnums=3)(x, y)  # 2\nx = 2.0\nz = 3*x\nprint(z)  # 6.5\n```\n", ["✗ z, value (line 5): 6.5 should be 6"]),
    # the last derivative of an iteration need not be there, nor its rate be told
    ("Newton's method for f(x) = x^2 - 2\n\n| k | x_k | f(x_k) | f'(x_k) |\n|---|---|---|---|\n| 0 | 1 | -1 | 2 |\n| 1 | 1.5 | 0.25 | 3 |\n"
     "| 2 | 1.4167 | 0.0069 | |\n", []),
    ("Gradient descent for f(x) = x^2\n\n| k | x_k | f'(x_k) | x_{k+1} |\n|---|---|---|---|\n| 0 | 1 | 2 | 0.8 |\n| 1 | 0.8 | 1.7 | 0.64 |\n",
     ["✗ slope_{x_1}, value (line 6): 1.7 should be 1.6000 (one digit is wrong)"]),
    # two lines with words above each other are prose
    ("function  f(x) = x^2\npoint     x = 3\n\n| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| v1 | x^2 | 7 |\n",
     ["✗ v_1, value (line 7): 7 should be 9"]),
    # one number for several adjoints
    ("f(x) = 2 x + 7\n\nx = 1\nv_0 = 2 x = 2\nv_1 = v_0 + 1 = 3\nv_3 = v_1 + 2 = 5\nv_4 = v_3 + 4 = 9\n\nv̄_4 = v̄_3 = v̄_1 = v̄_0 = 1\n"
     "x̄ = 2\n", []),
    # one marked name makes no column one of values; a correction of what is printed as an array
    ("f(x) = x^2 + 1 at x = 3\n\n| row | value | gradient |\n|---|---|---|\n| x | 3 | 5 |\n| v1 = x^2 | 9 | 2 |\n| v2 = v1 + 1 | 10 | 4 |\n"
     "| $\\bar v_2$ | | 1 |\n",
     ["✗ x, adjoint (line 5): 5 should be 6", "✗ v_1, adjoint (line 6): 2 should be 1 (it is twice as much as it should be)",
      "✗ v_2, adjoint (line 7): 4 should be 1", "∅ empty: value of v_2"]),
    ("x = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n| s | sum(x)/7 | [0.4286, 0.4286] |\n",
     ["✗ s, value (line 6): [0.4286, 0.4286] should be 0.4286: it is 2 entries, and should be a number (its shape is 2 entries, and "
      "should be a number)"]),
    # a number of the prose beside an array of the table
    ("f(w) = sum(w) at w = 2\n\n| row | operation | value |\n|---|---|---|\n| w | | [2, 3] |\n| v | sum(w) | 6 |\n",
     ["✗ v, value (line 6): 6 should be 5"]),
    # windows of which a length is not read, or the result is not there
    ("| i | k | s | o |\n|---|---|---|---|\n| 5 | 3 | x | 3 |\n| 5 | 3 | x | |\n| 7 | 3 | 2 | 3 |\n| 9 | 3 | 2 | 5 |\n| 11 | 3 | 2 | 5 |\n",
     ["✗ 9, size (line 6): 5 should be 4", "? 5, size (line 3): not all lengths are read", "∅ empty: size of 5"]),
    # what is shown of a step belongs to the step
    ("```\nx = 2.0\nw = 3.0\nw -= 0.1*x\nprint(w)  # 2.8\nv = 5*w\nprint(v)  # 14.5\n```\n", ["✗ v, value (line 7): 14.5 should be 14"]),
    # a slip where all other entries are those of examples in columns
    ("W = [[1, 2], [3, 4]], X = [[1, 2], [4, 5]], b = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| W | | [[1, 2], [3, 4]] |\n"
     "| X | | [[1, 2], [4, 5]] |\n| b | | [1, 2] |\n| Z | W X + b | [[10, 13], [21, 29]] |\n",
     ["✗ Z, value (line 8): [[10, 13], [21, 29]] should be [[10, 13], [21, 28]]: entry 2, 2 should be 28 (only the entry 2, 2 is wrong)"]),
    # the entries of the direction of D_p
    ("f(x, y) = x*y at x = 3, y = 2, along p = (1, 2)\n\n| row | value | derivative |\n|---|---|---|\n| x | 3 | 1 |\n| y | 2 | 2 |\n"
     "| v_1 = x*y | 6 | $D_p v_1 = y p_1 + x p_2 = 8$ |\n", []),
    ("f(x, y) = x*y at x = 3, y = 2, along p = (1, 2)\n\n| row | value | derivative |\n|---|---|---|\n| x | 3 | 1 |\n| y | 2 | 2 |\n"
     "| v_1 = x*y | 6 | $D_p v_1 = y p_2 + x p_1 = 7$ |\n",
     ["✗ v_1, tangent formula (line 7): y p_2 + x p_1 is not the tangent formula of v_1 (x' and y' are exchanged)"]),
    # a formula that refers to itself
    ("f(x, y) = x*y at x = 3, y = 2\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| x | | 3 | 1 |\n| y | | 2 | 0 |\n"
     "| v1 | x*y | 6 | $\\dot v_1 y + x \\dot y$ |\n",
     ["✗ v_1, tangent formula (line 7): v̇_1 y + x ẏ is not the tangent formula of v_1 (it refers to itself, v_1')"]),
    # the gradient by arrays and a number
    ("L = w^T x + b at w = [1, 2], x = [3, 4], b = 5\n\n- L = w^T x + b = 16\n- ∇L = ((3, 5), (1, 2), 2)\n",
     ["✗ w, adjoint (line 4): [3, 5] should be [3, 4]: entry 2 should be 4 (only the entry 2 is wrong)",
      "✗ b, adjoint (line 4): 2 should be 1 (it is twice as much as it should be)"]),
    # one gap among the rows of a kind
    ("f(x, y, z) = x*y + z at x = 1, y = 2, z = 3\n\n| row | operation | value |\n|---|---|---|\n| v_1 | x | 1 |\n| v_2 | y | 2 |\n| v_3 | | 3 |\n"
     "| v_4 | v_1*v_2 | 2 |\n| v_5 | v_4 + v_3 | 5 |\n", ["∅ empty: value of v_3"]),
    ("f(x, y, z) = x*y + z at x = 1, y = 2, z = 3\n\n| row | operation | value | partials |\n|---|---|---|---|\n| x | input | 1 | 1 |\n"
     "| y | input | 2 | 1 |\n| z | input | 3 | |\n| v1 | x*y | 2 | 2, 1 |\n| v2 | v1 + z | 5 | 1, 1 |\n", ["∅ empty: partial of z"]),
    # the rows told above the table are its operations, the last of them the function
    (ROWS_TOLD.format(12), []), (ROWS_TOLD.format(11), ["✗ x, adjoint (line 5): 11 should be 12"]),
    ("t_1 = x^2, t_2 = 3 x at x = 2\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n| x | | 2 | 7 |\n"
     "| t1 | x^2 | 4 | 1 |\n| t2 | 3 x | 6 | 1 |\n| f | t1 + t2 | 10 | 1 |\n", []),
    # the names under which rows use a variable
    ("| row | operation | value |\n|---|---|---|\n| x | input | 3 |\n| v0 | x | 3 |\n| v1 | v0^2 | 4 |\n"
     "| v2 | 3 v0 | 6 |\n",
     ["✗ v_1, value (line 5): 4 should be 9",
      "✗ v_2, value (line 6): 6 should be 9 (3 + v_0 is taken in place of 3*v_0)"]),
    # what is printed as 3 is not two millions
    ("| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| v1 | x/1000000 | 2.00 |\n| v2 | 2 x | 4000000 |\n"
     "| v3 | v1 + v2 | 4000002 |\n",
     ["✗ v_1, value (line 4): 2.00 should be 3.0e-6",
      "✗ v_2, value (line 5): 4000000 should be 6"]),
    # one of two results has a number and no operation, the other no row
    ("f(a, b) = (a*b, a*b + a) at a = 2, b = 3\n\n| row | operation | value |\n|---|---|---|\n| a | | 2 |\n"
     "| b | | 3 |\n| v1 | a*b | 6 |\n| y_2 | | 7 |\n",
     ["✗ y_2, value (line 8): 7 should be 8",
      "∅ empty: value of y_2"]),
    # a number stands where an array is asked for
    ("f(x, y) = x*y + y at x = [1, 2], y = [3, 4]\n\n| row | operation | value |\n|---|---|---|\n| v_1 | | 3 |\n"
     "| v_2 | | [3, 4] |\n| v_3 | v_1*v_2 | [3, 8] |\n| v_4 | v_3 + v_2 | [6, 12] |\n",
     ["✗ v_1, value (line 5): 3 should be [1, 2]: it is a number, and should be 2 entries"]),
    # what should stand there is not told where it stands there
    ("f(x1, x2) = x1*x2 at x1 = 2, x2 = 3\n\n| row | operation | value |\n|---|---|---|\n| v_{-1} | x_1 | 2 |\n"
     "| v_0 | x_3 | 3 |\n| v_1 | v_{-1} v_0 | 6 |\n",
     ["∅ v_0 is computed from x_3, which has no row",
      "✗ v_0, operation (line 6): x_3: x_3 is no variable of the function"]),
    # a Jacobian is no operation
    ("x = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n| y | x^2 | [1, 4] |\n"
     "| J | ∂y/∂x | [[2, 0], [0, 4]] |\n",
     ["? J, operation (line 7): '∂y/∂x' is not read: it is the Jacobian of an array, and no number of a row"]),
    # the indices of an entry have their sign between them
    ("W = [[1, 2], [3, 4]], x = [1, 1]\n\n| row | operation | value |\n|---|---|---|\n| W_{1,1} | | 1 |\n"
     "| W_{1,2} | | 2 |\n| W_{2,1} | | 3 |\n| s | W x | [3, 7] |\n",
     ["∅ the value of W_2_2 is missing"]),
    # an array and one entry of it, which is told for itself
    ("f(u_1, u_2) = u_1*u_2 at u = (2, 0.5) and u_1 = 3\n\n| row | operation | value |\n|---|---|---|\n"
     "| u_1 | | 3 |\n| u_2 | | 0.5 |\n| v1 | u_1*u_2 | 1 |\n",
     ["✗ v_1, value (line 7): 1 should be 1.5000"]),
    # three numbers are no point of two
    ("Gradient descent for f(x, y) = x^2 + y^2, rate 0.1\n\n| k | (x, y) | ∇f |\n|---|---|---|\n"
     "| 0 | (1, 2) | (2, 4) |\n| 1 | (0.8, 1.6, 3) | (1.6, 3.2) |\n",
     ["? (1, 2), cell (line 5): '2' is not read: it is not known what this is a number of",
      "? (1, 2), cell (line 5): '4' is not read: it is not known what this is a number of",
      "? (0.8, 1.6, 3), cell (line 6): '1.6' is not read: it is not known what this is a number of",
      "? (0.8, 1.6, 3), cell (line 6): '3.2' is not read: it is not known what this is a number of"]),
    # methods of arrays, and a sum without a letter whose first addend has a sign
    ("x = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n"
     "| s | x.exp() | [2.7183, 7.3891] |\n| t | s.log().ravel() | [1, 2] |\n| u | (s*x).sqrt() | [1.6487, 3.9] |\n"
     "| w | $\\sum -x$ | -4 |\n",
     ["✗ u, value (line 8): [1.6487, 3.9] should be [1.6487, 3.8442]: entry 2 should be 3.8442 (only the entry 2 is "
      "wrong)", "✗ w, value (line 9): -4 should be -3"]),
    # a derivative is held constant, and its variable is not
    ("f(x, y) = x*y at x = 2, y = 3, with ẏ held constant.\n\n| row | operation | value | adjoint |\n"
     "|---|---|---|---|\n| x | | 2 | 3 |\n| y | | 3 | |\n| v1 | x*y | 6 | 1 |\n",
     ["∅ empty: adjoint of y"]),
    # steps that are called in words are counted
    ("h_0 = 0\n\n| t | x_t | h_t = h_{t-1} + x_t | y_t = 2 h_t |\n|---|---|---|---|\n| one | 1 | 1 | 2 |\n"
     "| two | 2 | 3 | 6 |\n| three | 3 | 6 | 13 |\n",
     ["✗ y_3, value (line 7): 13 should be 12"]),
    # numbers of layers stand above some letters, powers above others
    ("x = 2\n\n- $z^2 = 2 x^2 = 8$\n- $a^2 = z^2 + 1 = 9$\n- $z^3 = 2 a^2 = 18$\n- $a^3 = z^3 + x^2 = 22$\n"
     "- $z^4 = 2 a^3 = 44$\n- $a^4 = z^4 + x^2 = 49$\n",
     ["✗ a⁽⁴⁾, value (line 8): 49 should be 48"]),
    # windows of a pool lie beside each other unless a stride is told
    ("X = [[1, 2], [3, 4]]\n\n| row | operation | value |\n|---|---|---|\n| X | | [[1, 2], [3, 4]] |\n"
     "| P | maxpool(X) | [[5]] |\n",
     ["✗ P, value (line 6): [[5]] should be [[4]]"]),
    # a comment that begins with an array is more than one
    ("```\nx = 2.0\ny = 3*x\n# [1, 2] + 3\nz = 5*y  # 31\n```\n",
     ["✗ table 2, z, value (line 5): 31 should be 30"]),
    # two variables are changed, one of them twice, of which it is read further on
    ("```\nx = 2.0\nw = 3.0\nv = 4.0\nw -= 0.1*x  # 2.8\nv -= 0.2*x  # 3.6\nw -= 0.1*x  # 2.5\n```\n",
     ["✗ w_{newnew}, value (line 7): 2.5 should be 2.6000 (w is taken in place of x)"]),
    ("```\nx = 2.0\nw = 3.0\nv = 4.0\nw -= 0.1*x\nv -= 0.2*x\nw -= 0.1*x\nz = 2*w + v\nprint(z)  # 8.7\n```\n",
     ["✗ z, value (line 9): 8.7 should be 8.8000 (one digit is wrong)"]),
    # with an index and without, with a number behind it and without
    ("x = 3\n\n- $w_1 = x^2 = 9$\n- $w_1 -= 0.1 x = 8.6$\n- $w = 5 x = 15$\n- $w -= 0.2 x$\n- $z = w_{new} + x = 17$\n",
     ["✗ w_{1_new}, value (line 4): 8.6 should be 8.7000 (one digit is wrong)",
      "✗ z, value (line 7): 17 should be 17.4000"]),
    # a table within a table, and what a cell of a notebook prints on several lines
    ("f(x) = x^2 at x = 3\n\n<table>\n<tr><td>\n<table><tr><th>row</th><th>operation</th><th>value</th></tr>\n"
     "<tr><td>x</td><td></td><td>3</td></tr>\n<tr><td>v1</td><td>x^2</td><td>7</td></tr>\n</table>\n"
     "</td><td>and</td></tr>\n</table>\n",
     ["✗ table 1, v_1, value (line 7): 7 should be 9"]),
    ("In [1]: x = np.array([[1.0, 2.0], [3.0, 4.0]])\nIn [2]: y = 3*x\nIn [3]: y\nOut[3]:\narray([[3., 6.],\n"
     "       [9., 13.]])\n\nIn [4]: z = y + 1\n",
     ["✗ y, value (line 4): [[3., 6.], [9., 13.]] should be [[3, 6], [9, 12]]: entry 2, 2 should be 12 (only the "
      "entry 2, 2 is wrong)"]),
    # a sign that is applied to nothing
    ("f(x) = x^2 at x = 3\n\n| name | op | inputs | value |\n|---|---|---|---|\n| x | + | | 3 |\n"
     "| v1 | * | x, x | 7 |\n",
     ["✗ v_1, value (line 6): 7 should be 9"]),
    # what a sentence says again of a program, and no more than that
    ("```\nx = 3.0\ny = x*x  # 9\ndy = 1.0\ndx = 2*x*dy  # 6\n```\n\nThen `dx = 7` and `dw = 8` there.\n",
     ["✗ table 2, x, adjoint (line 8): 7 should be 6"]),
    # derivatives may have a semicolon between them; a gradient in a formula is no statement of it
    ("f(x, y) = x^2 + y at x = 3, y = 1\n\n| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| y | | 1 |\n"
     "| v1 | x^2 | 9 |\n| v2 | v1 + y | 10 |\n\n"
     "So (∂f/∂x; ∂f/∂y) = (7; 1), (x, y) - 0.1 ∇f = (2.4, 0.9), and 2 ∇f = (12, 2).\n",
     ["✗ table 2, x, adjoint (line 10): 7 should be 6"]),
    # numbers of arrays of parameters, and their total, which has one of them
    ("| Parameter | Shape | Number of parameters |\n|---|---|---|\n| layer1.weight | (784, 128) | 100352 |\n"
     "| layer1.bias | (128,) | 128 |\n| layer2.weight | (128, 10) | 1270 |\n| layer2.bias | (10,) | 10 |\n"
     "| Total | | 101760 |\n",
     ["✗ layer2.weight, parameters (line 5): 1270 should be 1280"]),
    ("| Parameter | Shape | Number of parameters |\n|---|---|---|\n| layer1.weight | (784, 128) | 100352 |\n"
     "| layer2.weight | ? | 1280 |\n| layer2.bias | (10,) | 11 |\n",
     ["✗ layer2.bias, parameters (line 5): 11 should be 10",
      "? layer2.weight, parameters (line 4): not all lengths are read"]),
    # slips are looked for in rows that are not too long
    ("x = 1\n\n| row | operation | value |\n|---|---|---|\n| x | | 1 |\n"
     f"| s | {' + '.join(f'{k} x^{k}' for k in range(1, 40))} | 741 |\n",
     ["✗ s, value (line 6): 741 should be 780"]),
    # the adjoint of a pool of what is no row
    ("X = [[1, 2], [3, 4]]\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| X | | [[1, 2], [3, 4]] | [[0, 0], [2, 0]] |\n| P | maxpool2d(2*X, 2) | [[8]] | [[1]] |\n"
     "| L | sum(P) | 8 | 1 |\n",
     ["✗ X, adjoint (line 5): [[0, 0], [2, 0]] should be [[0, 0], [0, 2]]: entry 2, 1 should be 0; entry 2, 2 should "
      "be 2"]),
    # entries and ranges of arrays; more indices than an array has
    ("X = [[1, 2, 3], [4, 5, 6]]\n\n| row | operation | value |\n|---|---|---|\n| X | | [[1, 2, 3], [4, 5, 6]] |\n"
     "| r | X[0, 1:3] | [2, 3] |\n| q | sum(X[0:1, 0:2, 1]) | 4 |\n",
     ["? q, value (line 7): '4' is not read: it has no value to be compared with"]),
    # a column of shapes counts no rows
    ("x = [1, 2], W = [[1, 2], [3, 4]]\n\n| shape | row | operation | value |\n|---|---|---|---|\n"
     "| 2 | x | | [1, 2] |\n| 3 | p | W x | [5, 12] |\n| 4 | q | W p | [29, 63] |\n| 5 | s | sum(q) | 92 |\n",
     ["✗ p, value (line 6): [5, 12] should be [5, 11]: entry 2 should be 11 (only the entry 2 is wrong)"]),
    # numbers beside a variable in a condition, and where there is none, are no limit of it
    ("f(x) = relu(x) + relu(2 x) at x = 3\n\n| row | operation | value | tangent |\n|---|---|---|---|\n"
     "| x | | 3 | 1 |\n| v1 | relu(x) | 3 | $[3 x > 0] \\dot x$ |\n| v2 | 2 x | 6 | 2 |\n"
     "| v3 | relu(v2) | 6 | $[6 > 0] \\dot v_2$ |\n| v4 | v1 + v3 | 9 | 4 |\n",
     ["✗ v_4, tangent (line 9): 4 should be 3 (v_1' is counted twice)"]),
    # an array that zeros hide in an adjoint
    ("x = [1, 2], W = [[1, 2], [3, 4]], q = 0\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| W | | [[1, 2], [3, 4]] | |\n| x | | [1, 2] | [[1, 3], [2, 5]] @ [0, 0] = [0, 0] |\n| q | | 0 | 16 |\n"
     "| p | W x | [5, 11] | [0, 0] |\n| s | sum(p) | 16 | 0 |\n| L | q*s | 0 | 1 |\n",
     ["✗ x, adjoint (line 6): [[1, 3], [2, 5]] @ [0, 0]: the zeros hide that [[1, 3], [2, 5]] is no factor of this "
      "row's",
      "∅ empty: adjoint of W"]),
    # a direction of which one entry is of what is a product of two rows
    ("f(b, xW) = b + xW at b = 1, xW = 6, along (3, 2).\n\n| row | operation | value | tangent |\n|---|---|---|---|\n"
     "| b | | 1 | 3 |\n| x | | 2 | 0 |\n| W | | 3 | 0 |\n| v1 | x*W | 6 | 0 |\n| v2 | v1 + b | 7 | 4 |\n",
     ["✗ v_2, tangent (line 9): 4 should be 3 (the factor v_1' is missing: the local partial is not multiplied by it)"]),
    # a product of two rows is named by both
    ("- X = 2\n- W = 3\n- XW = 7\n- z = XW + 1 = 8\n",
     ["✗ XW = 7, value (line 3): 7 should be 6"]),
    # an index that is no number
    ("X = [[1, 2, 3], [4, 5, 6]]\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| X | | [[1, 2, 3], [4, 5, 6]] | [[0, 1, 1], [0, 0, 0]] |\n| r | X[0, 1:3] | [2, 3] | [1, 1] |\n"
     "| q | sum(r) | 5 | 1 |\n| u | $X_{1..2,k}$ | [4] | |\n",
     ["∅ empty: adjoint of u"]),
    # numbers for arrays of one entry
    ("X = [[2]], W = [[3]]\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| X | | [[2]] | $\\bar p W^T = 3$ |\n| W | | [[3]] | 0.5*4 = 2 |\n| p | X @ W | [[2*3.1]] = 6.2 | [[1]] |\n"
     "| L | sum(p) | 6 | 1 |\n",
     ["✗ p, value (line 7): [[2*3.1]] should be [[6]]"]),
    # an input without places is none
    ("| Layer | Size | Parameters |\n|---|---|---|\n| Input | 0x0x3 | 0 |\n"
     "| Conv 3x3, 8 filters, padding 0 | 30x30x8 | 224 |\n\nThe input is 32x32x3.\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Input, size (line 3): 0×0×3 should be 32×32×3"]),
    # a row of numbers for a vector from which others are computed
    ("x = [1, 2], W = [[1, 2], [3, 4]]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n"
     "| p | W x | [[5, 12]] |\n| q | W p | [29, 63] |\n| r | x*q | [[29, 126]] |\n",
     ["✗ p, value (line 6): [[5, 12]] should be [5, 11]: entry 2 should be 11 (only the entry 2 is wrong)"]),
    # arrays in a list are no cells of CSV; brackets have their own commas where others part cells
    ("y = x^2 at x = [1, 2]\n\n- y = x^2 = [1, 4]\n- s = 3*y = [3, 13]\n",
     ["✗ s, value (line 4): [3, 13] should be [3, 12]: entry 2 should be 12 (only the entry 2 is wrong)"]),
    ("row;operation;value\nx;;2\ny;max(x, 1);2\ns;max(y, 3);4\n",
     ["✗ s, value (line 4): 4 should be 3"]),
    # a list that tells a row again, in other words, goes on with those before it
    ("x = 2\n\n- a = 3 x = 6\n- t = a + 1 = 7\n\nThen:\n\n- t = 1 + a = 7\n- b = a*t = 43\n",
     ["✗ table 2, b, value (line 9): 43 should be 42"]),
    # a gradient that is not read is of what needs no row
    ("f(x, y) = x*y + y at x = 2, y = 3\n\n- v_1 = x*y = 6\n- v_2 = v_1 + y = 9\n- ∇f = (3, 4, 5)\n",
     ["? f, adjoint (line 5): '(3, 4, 5)' is not read: it is several numbers, and no row is an array"]),
    # a tangent that refers to itself
    ("f(x, y) = x*y + y at x = 2, y = 3\n\n| row | value | tangent |\n|---|---|---|\n| x | 2 | 1 |\n| y | 3 | 0 |\n"
     "| v1 = x*y | 6 | $\\dot x y + x \\dot y + \\dot v_1$ |\n| v2 = v1 + y | 9 | $\\dot v_1$ |\n",
     ["✗ v_1, tangent formula (line 7): ẋ y + x ẏ + v̇_1 is not the tangent formula of v_1 (it refers to itself, "
      "v_1')"]),
    # a side of a square is the input of a window; a length that is no number
    ("| Layer | Input | Size |\n|---|---|---|\n| Conv 3x3, 8 filters, padding 0 | 32 | 30x30 |\n"
     "| Pool 2x2 | 30 | 16x16 |\n",
     ["· the input is 32×32, as the document says",
      "✗ Pool 2×2, size (line 4): 16×16 should be 15×15 (one too many)"]),
    ("| i | k | s | p | o |\n|---|---|---|---|---|\n| 5 | 3 | 1 | 0 | 3 |\n| 5 | 3 | 1 | 0 | n/a |\n"
     "| 7 | 3 | 2 | 0 | |\n| 9 | 3 | 2 | 0 | 5 |\n| 11 | 3 | 2 | 0 | 5 |\n",
     ["✗ 9, size (line 6): 5 should be 4",
      "? 5, size (line 4): n/a is no number",
      "∅ empty: size of 7"]),
    # a 0 that is divided has no sign
    ("f(x, y) = x/y + 1 at x = 0, y = 3\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| x | | 0 | 1/3 |\n| y | | 3 | 0/9 = 0 |\n| v1 | x/y | 0/3 = 0 | 1 |\n| v2 | v1 + 1 | 1 | 2 |\n",
     ["✗ v_2, adjoint (line 8): 2 should be 1 (it is twice as much as it should be)"]),
    # second derivatives of functions of the table are not read, and are no strangers
    ("f(x) = sin(x)^2 at x = 1\n\n| row | operation | value | second derivative |\n|---|---|---|---|\n| x | | 1 | |\n"
     "| v1 | sin(x) | 0.8415 | sin''(x) = -0.8415 |\n| v2 | v1^2 | 0.7081 | |\n",
     ["? v_1, second-order formula (line 6): \"sin''(x)\" is not read: sin''(x) is no row and no variable",
      "∅ empty: second of x and v_2"]),
    ("f(x) = 3 sin''(x) at x = 1\n\n| row | operation | value |\n|---|---|---|\n| x | | 1 |\n"
     "| v1 | sin''(x) | -0.8415 |\n| v2 | 3 v1 | -2.9 |\n",
     ["· sin is not a function that is known, so the trace is not held against it",
      "✗ v_2, value (line 7): -2.9 should be -2.5245 (one digit is wrong)",
      "∅ empty: value of x"]),
    # two numbers that are put in are wrong
    ("f(x, y) = x*y + y at x = 2, y = 3\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| y | | 3 |\n"
     "| v1 | x*y | 4*7 = 28 |\n| v2 | v1 + y | 31 |\n",
     ["✗ v_1, value (line 7): 4*7 should be 6"]),
    # the unit matrix has the one shape of the rows that use it, if they are printed in one, and it is a square
    ("| row | operation | value |\n|---|---|---|\n| A | | [[1, 2], [3, 4]] |\n| B | A + I | |\n"
     "| C | 2 B | [[4, 4], [6, 10]] |\n",
     ["∅ the row of I is missing from a table that uses it",
      "? C, value (line 5): '[[4, 4], [6, 10]]' is not read: it has no value to be compared with",
      "∅ empty: value of B"]),
    ("| row | operation | value |\n|---|---|---|\n| A | | [[1, 2], [3, 4]] |\n"
     "| D | | [[1, 0, 0], [0, 1, 0], [0, 0, 5]] |\n| B | A + I | [[2, 2], [3, 5]] |\n"
     "| C | D + I | [[2, 0, 0], [0, 2, 0], [0, 0, 6]] |\n",
     ["? A, cell (line 3): no row of it is computed from others, and no function is known",
      "? D, cell (line 4): no row of it is computed from others, and no function is known",
      "? B, cell (line 5): no row of it is computed from others, and no function is known",
      "? B, cell (line 5): no row of it is computed from others, and no function is known",
      "? C, cell (line 6): no row of it is computed from others, and no function is known",
      "? C, cell (line 6): no row of it is computed from others, and no function is known"]),
    ("| row | operation | value |\n|---|---|---|\n| A | | [[1, 2], [3, 4]] |\n"
     "| B | A + I | [[2, 2, 1], [3, 5, 1]] |\n",
     ["? A, cell (line 3): no row of it is computed from others, and no function is known",
      "? B, cell (line 4): no row of it is computed from others, and no function is known",
      "? B, cell (line 4): no row of it is computed from others, and no function is known"]),
    # the axis of a sum that is kept counts only where it must
    ("| row | operation | value |\n|---|---|---|\n| X | | [[1, 2], [3, 4]] |\n| w | | [5, 6] |\n"
     "| s | sum(X, axis=1, keepdims=True) | [3, 7] |\n| p | outer(s, w) | [[15, 18], [35, 43]] |\n",
     ["✗ p, value (line 6): [[15, 18], [35, 43]] should be [[15, 18], [35, 42]]: entry 2, 2 should be 42 (only the entry 2, 2 is wrong)"]),
    # updates of parameters whose slopes have no names; one without a value
    ("| parameter | value | g | w - 0.1*g |\n|---|---|---|---|\n| w_1 | 2 | 4 | 1.6 |\n",
     ["? w_1, cell (line 3): no row of it is computed from others, and no function is known",
      "? w_1, cell (line 3): no row of it is computed from others, and no function is known",
      "? w_1, cell (line 3): no row of it is computed from others, and no function is known"]),
    # a working in a row that nobody tells is held against its number
    ("f(x) = x + 1 at x = 2\n\n| row | value |\n|---|---|\n| x | 2 |\n| y_1 | 2*3 = 7 |\n| z = x + 1 | 3 |\n",
     ["✗ y_1, value (line 6): 7 should be 6: it is not what its working comes to",
      "? y_1, value (line 6): '2*3' is not read: nothing tells how y_1 is computed, and nothing uses it"]),
    # channels may stand first
    ("| Layer | Output shape | Parameters |\n|---|---|---|\n| Conv2D(8, 3, padding='valid') | 8x30x30 | 224 |\n"
     "| Flatten | 7200 | 3 |\n",
     ["· the input is taken as 3×32×32, by the numbers of the first layer",
      "✗ Flatten, parameters (line 4): 3 should be 0"]),
    # a list of names and one of numbers that are not as many
    ("(x, y, z) = (2, 3) and f(x, y) = x y + 1\n\n| row | operation | value |\n|---|---|---|\n| v1 | x y | 6 |\n"
     "| f | v1 + 1 | 8 |\n",
     ["? v_1, value (line 5): '6' is not read: it has no value to be compared with",
      "? f, value (line 6): '8' is not read: it has no value to be compared with"]),
    # three variables, and a point of two that are parted by a semicolon
    ("f(x, y, z) = x y z at (1,5; 2).\n\n| row | operation | value |\n|---|---|---|\n| v1 | x y | 3 |\n"
     "| f | v1 z | 8 |\n",
     ["? v_1, value (line 5): '3' is not read: it has no value to be compared with",
      "? f, value (line 6): '8' is not read: it has no value to be compared with"]),
    # layers above letters in prose
    ("f(x^(1), z) = x^(1) z^(2) at x^(1) = 2, z = 3\n\n| row | operation | value |\n|---|---|---|\n"
     "| v1 | z^2 | 9 |\n| v2 | x^(1) v1 | 17 |\n",
     ["✗ v_2, value (line 6): 17 should be 18"]),
    # a square root in Typst, and a last row without its end
    ("#table(columns: 3, [row], [op], [value], [x], [], [27], [y], [$root(3, x)$], [3], [z], [$root(y)$], [1.8321])\n"
     "#table(columns: 3, [row], [op], [value], [x], [], [2], [y], [$x^2$], [4], [z], [$y + 1$])\n"
     "f(x) = 3 g(x^2) at x = 2\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| x | | 2 | 1 |\n"
     "| v1 | x^2 | 4 | 4 |\n| v2 | g(v1) | 5 | 7 |\n| v3 | 3 v2 | 15 | 7 |",
     ["· g is not a function that is known, so the trace is not held against it",
      "✗ table 1, x, value (line 1): 27 should be 2",
      "✗ table 1, z, value (line 1): 1.8321 should be 1.1225",
      "∅ empty: table 2, value of z"]),
    ("#table(columns: 3, [row], [op], [value], [x], [], [2], [y], [$x^2$], [4], [z], [$y + 1$])",
     ["∅ empty: value of z"]),
    # a first derivative is no second one, though both are 0
    ("f(x) = 3 x + 1 at x = 2\n\n| row | operation | value | tangent | second derivative |\n|---|---|---|---|---|\n"
     "| x | | 2 | $\\dot x = 1$ | 0 |\n| v1 | 3 x | 6 | $\\dot v_1 = 3$ | $3 \\ddot x = 0$ |\n"
     "| q | 5 | 5 | $\\dot q = \\ddot v_1 = 0$ | 0 |\n| f | v1 + 1 | 7 | $\\dot f = \\dot v_1$ | $\\ddot f = 0$ |\n",
     ["✗ q, tangent formula (line 7): v̈_1 is not the tangent formula of q",
      "? q, value (line 7): '5' is not read: nothing tells how q is computed, and nothing uses it",
      "? q, value (line 7): '5' is not read: nothing tells how q is computed, and nothing uses it",
      "? q, tangent (line 7): '0' is not read: nothing tells how q is computed, and nothing uses it",
      "? q, second (line 7): '0' is not read: nothing tells how q is computed, and nothing uses it"]),
    # updates of parameters, one without a value
    ("L = w_1^2 + w_2^2\n\n| parameter | value | dL/dw | w - 0.1*dL/dw |\n|---|---|---|---|\n| w_1 | 2 | 4 | 1.6 |\n"
     "| w_2 | | 6 | 2.5 |\n",
     ["∅ the row of w_2 is missing from a table that uses it",
      "? w_1, adjoint (line 5): '4' is not read: it has no value to be compared with",
      "? w_{1_new}, operation (line 5): 'w_1 - 0.1*dL/dw_1' is not read: nothing tells its number",
      "? w_2, adjoint (line 6): '6' is not read: it has no value to be compared with",
      "? w_{2_new}, operation (line 6): 'w_2 - 0.1*dL/dw_2' is not read: nothing tells its number"]),
    # a derivative by two variables in a heading
    ("f(x, y) = x^2*y at x = 2, y = 3\n\n| row | operation | value | $\\partial^2 f/\\partial x \\partial y$ |\n"
     "|---|---|---|---|\n| x | | 2 | |\n| y | | 3 | |\n| v1 | x^2 | 4 | |\n| f | v1 y | 12 | 5 |\n",
     ["✗ f, Hessian entry (line 8): 5 should be 4",
      "∅ empty: Hessian entry of x, y and v_1"]),
    # gates with two vectors of biases
    ("The input is 10x20.\n\n| Layer | Parameters |\n|---|---|\n| GRU 30 | 4680 |\n| GRU 10 | 1261 |\n",
     ["· the input is 10×20, as the document says",
      "· gates of recurrent layers are counted with two vector(s) of biases",
      "✗ GRU 10, parameters (line 6): 1261 should be 1,260 (one digit is wrong)"]),
    # additions count among multiplications; pools round up
    ("The input is 32x32x3.\n\n| Layer | Size | Multiplications |\n|---|---|---|\n"
     "| Conv 3x3, 8 filters, padding 0 | 30x30x8 | 201600 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 28x28x4 | 228928 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 26x26x4 | 97345 |\n",
     ["· the input is 32×32×3, as the document says",
      "· additions of biases count among the multiplications",
      "✗ Conv 3×3, 4 filters, padding 0, multiplications (line 7): 97345 should be 100,048"]),
    ("The input is 17x17x3.\n\n| Layer | Size |\n|---|---|\n| Conv 3x3, 8 filters, padding 0 | 15x15x8 |\n"
     "| MaxPool 2x2, stride 2, padding 0 | 8x8x8 |\n| Conv 2x2, 8 filters, padding 0 | 7x7x8 |\n"
     "| MaxPool 2x2, stride 2, padding 0 | 4x4x8 |\n",
     ["· the input is 17×17×3, as the document says",
      "· the last window of a pooling may reach over the edge: sizes of pooling are rounded up"]),
    # a number takes four bytes
    ("The input is 32x32x3.\n\n| Layer | Size | Memory (bytes) |\n|---|---|---|\n"
     "| Conv 3x3, 8 filters, padding 0 | 30x30x8 | 28800 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 28x28x4 | 12544 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 26x26x4 | 10817 |\n",
     ["· the input is 32×32×3, as the document says",
      "· a number takes 4 bytes",
      "✗ Conv 3×3, 4 filters, padding 0, activations (line 7): 10817 should be 10,816 (one digit is wrong)"]),
    # what a layer reads is told as the column has it: maps, a field, a jump
    ("The input is 32x32x3.\n\n| Layer | Input channels | Size |\n|---|---|---|\n"
     "| Conv 3x3, 8 filters, padding 0 | 4 | 30x30x8 |\n| Conv 3x3, 4 filters, padding 0 | 8 | 28x28x4 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Conv 3×3, 8 filters, padding 0, maps that are read (line 5): 4 should be 3"]),
    ("The input is 32x32x3.\n\n| Layer | k | s | r_in | r_out |\n|---|---|---|---|---|\n"
     "| Conv 3x3, 8 filters, padding 0 | 3 | 1 | 1 | 3 |\n| Conv 3x3, 4 filters, padding 0 | 3 | 1 | 4 | 6 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 3 | 1 | 6 | 8 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Conv 3×3, 4 filters, padding 0, receptive field of what is read (line 6): 4 should be 3"]),
    ("The input is 32x32x3.\n\n| Layer | Receptive field in | Receptive field |\n|---|---|---|\n"
     "| Conv 3x5, 8 filters, padding 0 | 1x1 | 3x5 |\n| Conv 3x3, 4 filters, padding 0 | 4x5 | 6x7 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 6x7 | 8x9 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Conv 3×3, 4 filters, padding 0, receptive field of what is read (line 6): 4×5 should be 3×5"]),
    ("The input is 32x32x3.\n\n| Layer | Jump in | Receptive field |\n|---|---|---|\n"
     "| Conv 3x3, 8 filters, padding 0 | 1 | 3 |\n| Conv 3x3, 4 filters, padding 0 | 2 | 5 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 1 | 9 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Conv 3×3, 4 filters, padding 0, jump of what is read (line 6): 2 should be 1",
      "✗ Conv 3×3, 4 filters, padding 0, receptive field (line 7): 9 should be 7"]),
    # a row called T is no transpose
    ("| row | operation | value |\n|---|---|---|\n| T | | 2 |\n| A | | [[1, 0], [2, 1]] |\n"
     "| B | $A^T$ | [[1, 0], [4, 1]] |\n| C | $[1, 2]^T$ | [1, 4] |\n",
     []),
    # rows called e and pi are no constants
    ("| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| e | 2 x | 6 |\n| pi | x + e | 9 |\n"
     "| y | pi + e | 16 |\n",
     ["✗ y, value (line 6): 16 should be 15"]),
    # a number above a tangent is that of a coefficient
    ("f(x) = x^2 at x = 3\n\n| row | value | tangent |\n|---|---|---|\n| x | 3 | $\\dot x^{(1)} = 1$ |\n"
     "| v1 = x^2 | 9 | $\\dot v_1^{(1)} = 7$ |\n",
     ["✗ v_1, tangent (line 6): 7 should be 6 (v_1 is x^2: its derivative is taken as 2*x + x')"]),
    # operands in a column of their own are put in brackets where they are more than names
    ("| row | operation | operands | value |\n|---|---|---|---|\n| x | | | 2 |\n| y | | | 3 |\n"
     "| v1 | * | x + 1, y | 9 |\n| v2 | - | v1, x + y | 4 |\n| v3 | sin | v2, | 0.7568 |\n",
     ["✗ v_3, value (line 7): 0.7568 should be -0.7568 (it is right but for its sign)"]),
    # partials by names that are one variable are added
    ("f(x) = x^2 at x = 3\n\n| row | operation | value | partial | partial |\n|---|---|---|---|---|\n"
     "| x | | 3 | | |\n| u | x | 3 | 1 | |\n| v1 | x u | 9 | 3 | 7 |\n",
     ["✗ v_1, partial (line 7): 7 should be 6",
      "∅ empty: partial of x; value of x"]),
    # a second operand that is spread is summed
    ("L = sum(A*b) at A = [[1, 2], [3, 4]], b = [5, 6]\n\n| row | operation | value | adjoint |\n"
     "|---|---|---|---|\n| A | | [[1, 2], [3, 4]] | [[5, 5], [6, 6]] |\n| b | | [[5], [6]] | [[2], [3]] |\n"
     "| s | A*b | [[5, 10], [18, 24]] | [[1, 1], [1, 1]] |\n| L | sum(s) | 57 | 1 |\n",
     ["✗ b, adjoint (line 6): [[2], [3]] should be [3, 7] (the mean is taken in place of the sum sum(bar s*A, axis=1, keepdims=True))"]),
    # an entry that an array does not have
    ("p = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| p | | [1, 2] |\n| q | p_1 + p_3 | 4 |\n"
     "| r | p_2 + 1 | 4 |\n",
     ["∅ the row of p_3 is missing from a table that uses it",
      "✗ r, value (line 7): 4 should be 3 (it is the number of the row q)",
      "? q, value (line 6): '4' is not read: it has no value to be compared with"]),
    ("L = sum(avgpool1d(x, 2)) at x = [1, 3, 4, 2]\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| x | | [1, 3, 4, 2] | [1, 1, 1, 1] |\n| m | avgpool1d(x, 2) | [2, 3] | [1, 1] |\n| L | sum(m) | 5 | 1 |\n",
     ["✗ x, adjoint (line 5): [1, 1, 1, 1] should be [0.5000, 0.5000, 0.5000, 0.5000] (the average pool is not divided by the number of entries of its window)"]),
    # an arrow tells what a layer reads and makes
    ("| Layer | Parameters |\n|---|---|\n| 784 -> 100 | 78500 |\n| 100 -> 10 | 1011 |\n",
     ["✗ 100 -> 10, parameters (line 4): 1011 should be 1,010 (one digit is wrong)"]),
    # letters that are set otherwise are apart from those before them
    ("| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| ax | 2 x | 6 |\n| y | $a\\mathrm{x} + 1$ | 8 |\n",
     ["∅ the row of a is missing from a table that uses it",
      "? y, value (line 5): '8' is not read: it has no value to be compared with"]),
    # where d is a variable it is no differential
    ("f(d, x) = d/x at d = 3, x = 2\n\n| row | value |\n|---|---|\n| d | 3 |\n| x | 2 |\n| $v = d/dx$ | 2 |\n"
     "| $w = d/x$ | 1.4 |\n",
     ["✗ w, value (line 8): 1.4 should be 1.5000 (one digit is wrong)"]),
    ("f(d, x) = d x at d = 3, x = 2\n\n| row | operation | value |\n|---|---|---|\n| d | | 3 |\n| x | | 2 |\n"
     "| p | dx | 6 |\n| q | $d x + 1$ | 8 |\n",
     ["✗ q, value (line 8): 8 should be 7"]),
    # a step takes away the derivative, which is told as a formula alone
    ("f(x) = x^2 at x = 3\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n| x | | 3 | 2 x |\n"
     "| v1 | x^2 | 9 | 1 |\n\nx_new = x - 0.1*7 = 2.3\n",
     ["✗ table 2, x_{new}, operation (line 8): x - 0.1*7: the derivative by x is 6"]),
    # a counted table of points and values alone is one of steps, not of a trace
    ("L(w) = w^2, rate 0.1\n\n| k | w | L |\n|---|---|---|\n| 0 | 2 | 4 |\n| 1 | 1.6 | 2.56 |\n| 2 | 1.28 | 1.7 |\n",
     ["✗ value_2, value (line 7): 1.7 should be 1.6384 (one digit is wrong)"]),
    ("f(x) = x^2 at x = 2. In the next step we trace.\n\n| | x | f |\n|---|---|---|\n| value | 2 | 4 |\n"
     "| adjoint | 4 | 1 |\n",
     []),
    # steps of one variable of two
    ("L(w, b) = w^2 + b, rate 0.1\n\n| k | w | dL/dw |\n|---|---|---|\n| 0 | 2 | 4 |\n| 1 | 1.6 | 3.2 |\n"
     "| 2 | 1.28 | 2.5 |\n",
     ["? 2, tangent (line 5): '4' is not read: it has no value to be compared with",
      "? 1.6, tangent (line 6): '3.2' is not read: it has no value to be compared with",
      "? 1.28, tangent (line 7): '2.5' is not read: it has no value to be compared with"]),
    # a sum goes on to the addend that is without its index
    ("L = sum(x^2) - 1 at x = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n"
     "| s | $\\sum_i x_i x_i - 1$ | 3 |\n| t | $\\sum_i x_i - x_i^2$ | -1 |\n",
     ["✗ s, value (line 6): 3 should be 4",
      "✗ t, value (line 7): -1 should be -2 (the mean is taken in place of the sum sum(x - x^2))"]),
    # formulas in the prose of Typst are rows where they are equations
    ("Here $ f(x) = x^2 $ and $ x = 2 $ and $ x^2 $.\n\n"
     "#table(columns: 3, [row], [op], [value], [x], [], [2], [y], [$x^2$], [5])\n",
     ["✗ table 2, y, value (line 3): 5 should be 4"]),
    # a product with a factor 0 may be put in for its row
    ("f(x, y) = exp(x*y) sin(x) at x = 3, y = 0\n\n| row | operation | value | tangent | adjoint |\n"
     "|---|---|---|---|---|\n| x | | 3 | 1 | -0.99 |\n| y | | 0 | 0 | 0.4234 |\n"
     "| v1 | x*y | 3*0 = 0 | 1*0 + 3*0 = 0 | 0.1411*exp(3*0) = 0.1411 |\n"
     "| v2 | exp(v1) | exp(3*0) = 1 | exp(3*0)*0 = 0 | 0.1411 |\n"
     "| v3 | sin(x) | 0.1411 | -0.99 | exp(3*0) = 1 |\n| v4 | v2 v3 | 0.1411 | -0.99 | 1 |\n",
     []),
    # numbers in brackets are what the heading has in that place
    ("f(x) = x + 1 at x = 1\n\n| row | (value, derivative) |\n|---|---|\n| x | (1, 1) |\n| v1 = x + 1 | (1, 1) |\n",
     ["✗ v_1, value (line 6): 1 should be 2 (x is taken in place of x + 1)"]),
    ("f(x, y) = x y at x = 1, y = 1\n\n| row | (tangent, adjoint) |\n|---|---|\n| x | (1, 1) |\n| y | (1, 1) |\n"
     "| v1 = x y | (2, 1) |\n",
     []),
    # a heading names the derivative, whatever the numbers are: of the function by each row
    ("f(x) = 3 sin(x^2) at x = 1\n\n| row | operation | value | ∂f/∂v |\n|---|---|---|---|\n| x | | 1 | |\n"
     "| v1 | x^2 | 1 | 2 |\n| v2 | sin(v1) | 0.8415 | 0.5403 |\n| v3 | 3 v2 | 2.5244 | 3 |\n",
     ["✗ v_1, adjoint (line 6): 2 should be 1.6209",
      "✗ v_2, adjoint (line 7): 0.5403 should be 3",
      "✗ v_3, adjoint (line 8): 3 should be 1 (it is the number of the row v_2)",
      "∅ empty: adjoint of x"]),
    # of the second order
    ("f(x) = x^3 at x = 2\n\n| row | value | f' | f'' |\n|---|---|---|---|\n| x | 2 | 1 | 1 |\n"
     "| v1 = x^2 | 4 | 4 | 4 |\n| v2 = v1 x | 8 | 12 | 12 |\n",
     ["✗ x, second (line 5): 1 should be 0",
      "✗ v_1, second (line 6): 4 should be 2 (2*x'^2 is missing)"]),
    # a step may take the number that the table has for the derivative, wrong as it is
    ("f(x) = x^2 at x = 2\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n| x | | 2 | 5 |\n"
     "| v1 | x^2 | 4 | 1 |\n\nx_new = x - 0.1*5 = 1.5\n",
     ["✗ table 1, x, adjoint (line 5): 5 should be 4 (the factor bar x_new is missing: the local partial "
      "is not multiplied by it)"]),
    # the factor beside the derivative in a step may be a letter
    ("f(x) = x^2 at x = 2\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n| x | | 2 | 4 |\n"
     "| v1 | x^2 | 4 | 1 |\n\nx_new = x - η v1 = 1.6 with η = 0.1\n",
     ["✗ table 2, x_{new}, operation (line 8): x - η v1: the derivative by x is 4"]),
    # a layer has its name before its class, and zeros round a map may be any number of them
    ("| Layer (type) | Output Shape | Param # |\n|---|---|---|\n| input_1 (InputLayer) | (None, 8, 8, 3) | 0 |\n"
     "| conv1_pad (ZeroPadding2D) | (None, 10, 10, 3) | 0 |\n| conv1_conv (Conv2D) | (None, 8, 8, 4) | 112 |\n"
     "| conv1_relu (ReLU) | (None, 8, 8, 4) | 1 |\n| pad (ZeroPadding2D) | (None, 9, 9, 4) | 0 |\n",
     ["· the input is 8, 8, 3, as the document says",
      "✗ conv1_relu (ReLU), parameters (line 6): 1 should be 0"]),
    # a rounded number is by one convention of a kink
    ("f(x) = relu(x)/3 + relu(x)/7 at x = 0\n\n| row | operation | value | tangent |\n|---|---|---|---|\n"
     "| x | | 0 | 1 |\n| v1 | relu(x) | 0 | 1 |\n| v2 | v1/3 | 0 | 0.33 |\n| v3 | v1/7 | 0 | 0.1429 |\n"
     "| v4 | v2 + v3 | 0 | 0 |\n",
     ["✗ v_4, tangent (line 9): 0 should be 0.4762: it is by another convention at the kink than the "
      "others (it is the value of v_4)"]),
    # a table of two rows has not all others
    ("f(x) = x^2 at x = 2\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| v1 | x^2 | 4 |\n"
     "| y | v1 | 4 |\n\n| row | adjoint |\n|---|---|\n| x | 4 |\n| v1 | 1 |\n",
     []),
    # what zeros hide: a matrix that begins as another array does, that of the next row, a factor that stands elsewhere
    ("x = [1, 3], W = [[1, 2], [3, 4]], q = 0\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| W | | [[1, 2], [3, 4]] | |\n| x | | [1, 3] | [[1, 3], [2, 5]] @ [0, 0] = [0, 0] |\n| q | | 0 | 22 |\n"
     "| p | W x | [7, 15] | [0, 0] |\n| s | sum(p) | 22 | 0 |\n| L | q*s | 0 | 1 |\n",
     ["✗ x, adjoint (line 6): [[1, 3], [2, 5]] @ [0, 0]: the zeros hide that [[1, 3], [2, 5]] is no "
      "factor of this row's",
      "∅ empty: adjoint of W"]),
    # that of the next row
    ("x = [0, 0], W = [[1, 2], [3, 4]], V = [[5, 6], [7, 8]]\n\n| row | operation | value |\n|---|---|---|\n"
     "| x | | [0, 0] |\n| W | | [[1, 2], [3, 4]] |\n| V | | [[5, 6], [7, 8]] |\n"
     "| p | W x | [[5, 6], [7, 8]] @ [0, 0] = [0, 0] |\n| q | V p | [[5, 6], [7, 8]] @ [0, 0] = [0, 0] |\n",
     ["✗ p, value (line 8): [[5, 6], [7, 8]] @ [0, 0] should be W @ x: the zeros hide that [[5, 6], [7, "
      "8]] is no factor of this row's"]),
    # a factor that stands beside another entry
    ("x = [0, 2], W = [[0.3, 0.5], [0.1, -0.2]]\n\n| row | operation | value |\n|---|---|---|\n| x | | [0, 2] |\n"
     "| W | | [[0.3, 0.5], [0.1, -0.2]] |\n| z | W x | [0.5*0 + 0.5*2, 0.1*0 - 0.2*2] = [1, -0.4] |\n",
     ["✗ z, value (line 7): [0.5*0 + 0.5*2, 0.1*0 - 0.2*2] should be W @ x: the factor 0 hides that 0.5 "
      "is no factor of this row's"]),
    # a factor of the row before
    ("x = 0, y = 3, z = 5\n\n| row | operation | value |\n|---|---|---|\n| x | | 0 |\n| y | | 3 |\n| z | | 5 |\n"
     "| v | x*y | 5*0 = 0 |\n| w | v*z | 0*5 = 0 |\n",
     ["✗ v, value (line 8): 5*0 should be x*y: the factor 0 hides that 5 is no factor of this row's"]),
    # entry by entry, or row by column
    ("x = [0, 2], w = [3, 4], A = [[0, 1], [2, 3]], B = [[1, 2], [0, 4]]\n\n| row | operation | value |\n"
     "|---|---|---|\n| x | | [0, 2] |\n| w | | [3, 4] |\n| A | | [[0, 1], [2, 3]] |\n| B | | [[1, 2], [0, 4]] |\n"
     "| p | x*w | [0*4, 2*4] = [0, 8] |\n"
     "| C | A B | [[0*2 + 1*0, 0*2 + 1*4], [2*1 + 3*0, 2*2 + 3*4]] = [[0, 4], [2, 16]] |\n",
     ["✗ p, value (line 9): [0*4, 2*4] should be x*w: the factor 0 hides that 4 is no factor of this row's"]),
    # what an unread layer prints is what the next one reads
    ("| Layer | Size | Parameters |\n|---|---|---|\n| Input | 8x8x3 | 0 |\n| Blob | 20 | 5 |\n| FC 10 | 10 | 211 |\n",
     ["· the input is 8×8×3, as the document says",
      "✗ FC 10, parameters (line 5): 211 should be 210 (one digit is wrong)",
      "? Blob, size (line 4): its layer is not read: 'Blob' is no layer that is known here",
      "? Blob, parameters (line 4): its layer is not read: 'Blob' is no layer that is known here"]),
    # matrices of weights stand either way
    ("Layer | W shape | params\n---|---|---\nfc1 | (784, 128) | 100480\nfc2 | (128, 10) | 1291\n",
     ["· the input is taken as 784, by the numbers of the first layer",
      "✗ fc2, parameters (line 4): 1291 should be 1,290 (one digit is wrong)"]),
    # the side of the biases is not what a layer reads
    ("Layer | W shape | b shape | params\n---|---|---|---\nfc1 | (10, 784) | (10,) | 7851\n",
     ["· the input is taken as 784, by the numbers of the first layer",
      "✗ fc1, parameters (line 3): 7851 should be 7,850 (one digit is wrong)"]),
    # nor is the side of a kernel
    ("| Layer | Kernel | Filters | Parameters |\n|---|---|---|---|\n| conv | 5x3 | 8 | 128 |\n"
     "| conv | 5x1 | 4 | 164 |\n",
     ["· the size of the input is not known: --input 32x32x3",
      "? conv, parameters (line 3): its layer is not read: the size of the input is not known: --input 32x32x3",
      "? conv, parameters (line 4): its layer is not read: the size of the input is not known: --input 32x32x3"]),
    # a stride that is told is that of the window that is not
    ("| Layer | Size | Parameters |\n|---|---|---|\n| Input | 32x32x3 | 0 |\n"
     "| Conv, 8 filters, stride 2, padding 1 | 15x15x8 | 224 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Conv, 8 filters, stride 2, padding 1, size (line 4): 15×15×8 should be 16×16×8 (without the padding)"]),
    # 1.50M has two decimals
    ("| Layer | Size | Parameters |\n|---|---|---|\n| Input | 1459 | 0 |\n| FC 1000 | 1000 | 1.50M |\n"
     "| FC 500 | 500 | 0.50M |\n| FC 100 | 100 | 50k |\n",
     ["· the input is 1459, as the document says",
      "✗ FC 1000, parameters (line 4): 1.50M should be 1,460,000"]),
    # what a row says itself is not as the code above has it
    ("```python\nmodel = Sequential([\n    Conv2D(8, 3, input_shape=(28, 28, 1)),\n    MaxPooling2D(2, strides=1),\n"
     "    Conv2D(4, 3)])\n```\n\n| Layer | Output Shape | Param # |\n|---|---|---|\n"
     "| Conv2D(16, 3) | (26, 26, 16) | 160 |\n| MaxPooling2D | (25, 25, 16) | 0 |\n"
     "| Conv2D(4, 3) | (23, 23, 4) | 581 |\n",
     ["· the input is 28, 28, 1, as the document says",
      "✗ Conv2D(4, 3), parameters (line 12): 581 should be 580 (one digit is wrong)"]),
    # a fully connected layer may be a window over a map
    ("The input is 7x7x512.\n\n| layer | kernel | filters | size | parameters |\n|---|---|---|---|---|\n"
     "| FC1 | 1 | 10 | 7×7×10 | 5131 |\n",
     ["· the input is 7×7×512, as the document says",
      "✗ FC1, parameters (line 5): 5131 should be 5,130 (one digit is wrong)"]),
    # a window of no places
    ("The input is 32x32x3.\n\n| layer | kernel | filters | padding | size |\n|---|---|---|---|---|\n"
     "| conv1 | 0×3 | 8 | 0 | 32×30×8 |\n| conv2 | 3x3 | 4 | 0 | 30×28×4 |\n",
     ["· the input is 32×32×3, as the document says",
      "? conv1, size (line 5): its layer is not read: its kernel is 0"]),
    # a call that tells no padding has none
    ("| Layer | Size |\n|---|---|\n| Input | 32x32x8 |\n| nn.MaxPool2d(3, 2) | 15x15x8 |\n"
     "| nn.MaxPool2d(3, 2) | 8x8x8 |\n",
     ["· the input is 32×32×8, as the document says",
      "✗ nn.MaxPool2d(3, 2), size (line 5): 8×8×8 should be 7×7×8 (padded to keep the size, which it is not)"]),
    # a wrong total that is copied, and one that is not
    ("The input is 1x28x28.\n\n| Layer (type) | Output Shape | Param # |\n|---|---|---|\n"
     "| Conv2d-1 | [-1, 32, 26, 26] | 320 |\n| Flatten-2 | [-1, 21632] | 0 |\n| Linear-3 | [-1, 10] | 216330 |\n"
     "| Total params | | 216,651 |\n| Trainable params | | 216,651 |\n",
     ["· the input is 1, 28, 28, as the document says",
      "✗ Total params, parameters (line 8): 216,651 should be 216,650 (the column adds up to 216,650)"]),
    # which has another digit wrong
    ("The input is 1x28x28.\n\n| Layer (type) | Output Shape | Param # |\n|---|---|---|\n"
     "| Conv2d-1 | [-1, 32, 26, 26] | 320 |\n| Flatten-2 | [-1, 21632] | 0 |\n| Linear-3 | [-1, 10] | 216330 |\n"
     "| Total params | | 216,651 |\n| Trainable params | | 216,652 |\n",
     ["· the input is 1, 28, 28, as the document says",
      "✗ Total params, parameters (line 8): 216,651 should be 216,650 (the column adds up to 216,650)",
      "✗ Trainable params, parameters (line 9): 216,652 should be 216,650 (the column adds up to 216,650)"]),
    # a total of what is not read all
    ("| Parameter | Shape | Number of parameters |\n|---|---|---|\n| layer1.weight | (784, 128) | 100352 |\n"
     "| layer2.weight | ? | 1280 |\n| layer2.bias | (10,) | 11 |\n| Total | | 101643 |\n",
     ["✗ layer2.bias, parameters (line 5): 11 should be 10",
      "? layer2.weight, parameters (line 4): not all lengths are read",
      "? Total, parameters (line 6): not all lengths are read"]),
    # filters of three sides are as deep as what they read
    ("The input is 32x32x3.\n\n| Layer | Filter size | Size | Parameters |\n|---|---|---|---|\n"
     "| conv, 8 filters | 3x3x3 | 30x30x8 | 224 |\n| conv, 4 filters | 3x3x8 | 28x28x4 | 293 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ conv, 4 filters, parameters (line 6): 293 should be 292 (one digit is wrong)"]),
    # a wrong input goes on to the size of its row, not to the next wrong one
    ("layer | in | out | params\n---|---|---|---\nhidden | 2 | 3 | 9\nhidden 2 | 4 | 5 | 25\noutput | 7 | 1 | 8\n",
     ["· the input is 2, as the document says",
      "✗ hidden 2, input (line 4): 4 should be 3",
      "✗ output, input (line 5): 7 should be 5"]),
    # the sum of the layers of a kind is no layer
    ("The input is 8x8x3.\n\n| Layer | Output | Parameters |\n|---|---|---|\n"
     "| Conv 3x3, 4 filters, padding 0 | 6x6x4 | 112 |\n| Sum of conv layers | | 113 |\n",
     ["· the input is 8×8×3, as the document says",
      "✗ Sum of conv layers, parameters (line 6): 113 should be 112 (the column adds up to 112)"]),
    # lines of code that are no layers
    ("```python\nmodel = Sequential()\nmodel.add(Conv2D(8, 5, padding='same', input_shape=(28, 28, 1)))\n"
     "model.add(Flatten())\nmodel.add(Dense(10))\nmodel.compile(loss='mse')\n```\n\n"
     "| Layer | Output Shape | Param # |\n|---|---|---|\n| Conv2D | (24, 24, 8) | 208 |\n| Flatten | (4608) | 0 |\n"
     "| Dense | (10) | 46090 |\n",
     ["· the input is 28, 28, 1, as the document says",
      "✗ Conv2D, size (line 11): (24, 24, 8) should be 28×28×8 (without the padding)"]),
    # a kernel that is told is not another one
    ("| Layer | Size | Parameters |\n|---|---|---|\n| nn.Conv2d(1, 8, 5) | 28x28x8 | 80 |\n"
     "| nn.Conv2d(8, 4, 3) | 26x26x4 | 292 |\n",
     ["· the size of the input is not known: --input 32x32x3",
      "? nn.Conv2d(1, 8, 5), size (line 3): its layer is not read: the size of the input is not known: "
      "--input 32x32x3",
      "? nn.Conv2d(1, 8, 5), parameters (line 3): its layer is not read: the size of the input is not "
      "known: --input 32x32x3"]),
    # an arrow is an equals sign in a cell
    ("f(x, y) = x*y + x at x = 2, y = 3\n\n| row | operation |\n|---|---|\n| v1 | x*y -> 6 |\n| v2 | v1 + x -> 9 |\n",
     ["✗ v_2, value (line 6): 9 should be 8"]),
    # a sign of an increase stands for a tangent as well as for an adjoint
    ("f(x, y) = x*y at x = 2, y = 3, with Δx = 1 and Δy = 0\n\n- v_1 = x = 2\n- v_2 = y = 3\n- v_3 = v_1 v_2 = 6\n"
     "- Δv_1 = Δx = 1\n- Δv_2 = Δy = 0\n- Δv_3 = v_2 Δv_1 + v_1 Δv_2 = 3\n",
     []),
    # v1b is v1 times b where b is a variable
    ("f(x, b) = x^2 b at x = 2, b = 3\n\n| row | operation | value |\n|---|---|---|\n| v1 | x^2 | 4 |\n"
     "| v2 | v1b | 13 |\n",
     ["✗ v_2, value (line 6): 13 should be 12"]),
    # and ad is a times d
    ("f(a, d) = a d at a = 2, d = 3\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| a | | 2 | 1 |\n"
     "| d | | 3 | 0 |\n| v1 | ad | 7 | 3 |\n| v2 | v1d | 18 | 9 |\n",
     ["✗ v_1, value (line 7): 7 should be 6"]),
    # v-1 is no index where v is a row, nor is that of pi
    ("x = 2\n\n| row | operation | value |\n|---|---|---|\n| v | x^2 | 4 |\n| w | v-1 | 4 |\n"
     "| u | w+pi-1 | 5.1416 |\n",
     ["✗ w, value (line 6): 4 should be 3 (1 is left out of v - 1)"]),
    # roots of LaTeX reach as far as one name
    ("x = 9\n\n- $v_1 = x + 7 = 16$\n- $w = \\sqrt v_1 + 1 = 4$\n- $u = \\sqrt w v_1 = 35.8$\n",
     ["✗ w, value (line 4): 4 should be 5 (sqrt(v_1) is taken in place of sqrt(v_1) + 1)"]),
    # commas of thousands
    ("x = 1,234,567\n\n| row | operation | value |\n|---|---|---|\n| x | | 1,234,567 |\n| v1 | 2 x | 2,469,135 |\n",
     ["✗ v_1, value (line 6): 2,469,135 should be 2469134 (one digit is wrong)"]),
    # a hat in letters
    ("```\nx = 2.0\ny_hat = 3*x  # 6.0\n```\n\n| row | operation | value |\n|---|---|---|\n| x | | 2 |\n"
     "| $\\hat y$ | 3 x | 6 |\n| L | $\\hat y^2$ | 37 |\n",
     ["✗ table 2, L, value (line 10): 37 should be 36"]),
    # a row that is called as a constant
    ("x = 2\n\n- π = x^2 = 4\n- r = 3 π = 13\n",
     ["✗ r, value (line 4): 13 should be 12"]),
    # full stops behind formulas
    ("x = 2, y = 3\n\n- v1 = x*y.\n- v2 = v1 + x. = 9.\n- v3 = v2 v1.\n",
     ["✗ v_2, operation (line 4): v1 + x.: it comes to 8"]),
    # indices in brackets
    ("x = [1, 2], W = [[1, 2], [3, 4]]\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
     "| W | | [[1, 2], [3, 4]] | $W_(1, 2)$ |\n| x | | [1, 2] | [4, 6] |\n| p | W x | [5, 11] | [1, 1] |\n"
     "| s | W_(1,2) + p_1 | 8 | |\n",
     ["✗ W, adjoint formula (line 5): W_{1, 2} is not the adjoint formula of W (bar p is missing)",
      "✗ p, adjoint (line 7): [1, 1] should be [1, 0]: entry 2 should be 0 (only the entry 2 is wrong)",
      "✗ s, value (line 8): 8 should be 7",
      "∅ empty: adjoint of s"]),
    # a gradient of the loss itself is the 1 of its sweep
    ("```\nx = torch.tensor([1., 2.], requires_grad=True)\nloss = (x**2).sum()   # tensor(5.)\nloss.retain_grad()\n"
     "loss.backward()\nx.grad   # tensor([2., 4.])\nloss.grad   # tensor(2.)\n```\n",
     ["✗ table 2, loss, adjoint (line 7): 2 should be 1 (it is twice as much as it should be)"]),
    # no row tells what an entry of a Hessian comes to from others
    ("f(x, y) = x^2 y at x = 2, y = 3\n\n| row | value | ∂²/∂x∂y | ∂²/∂x∂x |\n|---|---|---|---|\n| x | 2 | 0 | 0 |\n"
     "| y | 3 | 0 | 0 |\n| v1 = x^2 | 5 | 0 | 2 |\n| v2 = v1 y | 15 | 4 | 0 |\n",
     ["✗ v_1, value (line 7): 5 should be 4",
      "✗ v_2, Hessian entry (line 8): 0 should be 6"]),
    # a wrong partial is the value of an operand
    ("f(x, y) = exp(sin(x*y)) at x = 2, y = 3\n\n| row | operation | value | partial |\n|---|---|---|---|\n"
     "| x | | 2 | |\n| y | | 3 | |\n| v1 | x*y | 6 | |\n| v2 | sin(v1) | -0.2794 | 6 |\n"
     "| v3 | exp(v2) | 0.7562 | 0.7562 |\n",
     ["✗ v_2, partial (line 8): 6 should be 0.9602 (it is the value of v_1)",
      "∅ empty: partial of v_1"]),
    # two digits and an exponent are rounded
    ("x = 11\n\n| row | operation | value |\n|---|---|---|\n| v1 | x^3 | 1.3e3 |\n| v2 | v1 - 97 | 1.2e3 |\n"
     "| v3 | v2 + 3 | 1238 |\n",
     ["✗ v_3, value (line 7): 1238 should be 1237 (4 is taken in place of the number 3)"]),
    # the partials of a softmax are no diagonal
    ("x = [0, 1]\n\n| row | operation | value | partial |\n|---|---|---|---|\n| x | | [0, 1] | |\n"
     "| s | softmax(x) | [0.2689, 0.7311] | [0.1966, 0.1966] |\n"
     "| t | exp(s) | [1.3086, 2.0773] | [1.3086, 2.0773] |\n| L | sum(t) | 3.3859 | [1, 1] |\n",
     ["✗ s, partial (line 6): [0.1966, 0.1966] should be [[0.1966, -0.1966], [-0.1966, 0.1966]]: it is 2 "
      "entries, and should be 2 x 2"]),
    # a point at which a formula has no value tells nothing of it
    ("f(x) = sqrt(x - 3) at x = 3.05\n\n| row | operation | value | tangent |\n|---|---|---|---|\n"
     "| x | | 3.05 | 1 |\n| v1 | sqrt(x - 3) | 0.2236 | $\\dot x / \\sqrt{x - 3}$ |\n",
     ["✗ v_1, tangent formula (line 6): ẋ/sqrt(x - 3): it is 4.4721, and should be 2.2361 (the "
      "derivative of sqrt(x - 3) by x - 3 is 1/(2*sqrt(x - 3)), not 1/sqrt(x - 3))"]),
    # a letter that no formula has
    ("f(x, y) = x*y + x at x = 2, y = 3\n\n| row | operation | value |\n|---|---|---|\n| v_1 | x*y | 6 |\n"
     "| v_2 | v_1 + ńx | 8 |\n",
     ["? v_2, operation (line 6): 'v_1 + ńx' is not read: it cannot be read: '́' is not part of the language"]),
    # the letter of a direction is no variable
    ("f(x, y) = x*y at x = 3, y = 2\n\n| row | value | derivative |\n|---|---|---|\n| x | 3 | 1 |\n| y | 2 | 2 |\n"
     "| v_1 = x*y | 6 | $D_x v_1 = y x_1 + x x_2 = 8$ |\n",
     ["✗ y, tangent (line 6): 2 should be 0 (it is the value of y)",
      "✗ v_1, tangent formula (line 7): y x_1 + x x_2: x_1 is no row and no variable (x' is missing)"]),
    # a wrong derivative of an adjoint is carried on
    ("f(x, y) = x*y^2 at x = 2, y = 3\n\n| row | value | tangent | adjoint | second |\n|---|---|---|---|---|\n"
     "| x | 2 | 1 | 9 | $\\dot{\\bar x} = 0$ |\n| y | 3 | 0 | 12 | $\\dot{\\bar y} = 18$ |\n"
     "| v1 = y^2 | 9 | 0 | 2 | $\\dot{\\bar v}_1 = 3$ |\n| v2 = x v1 | 18 | 9 | 1 | $\\dot{\\bar v}_2 = 0$ |\n",
     ["✗ v_1, second adjoint (line 7): 3 should be 1"]),
    # tags that part words, and those that do not
    ("f(x) = x^2 at x = 3\n\n| row | operation | value |\n|---|---|---|\n| v1 | x<br>* x | 8 |\n"
     "| v2 | <div>2</div><div>v1</div> | 18 |\n| v3 | <var>v</var><sub>1</sub> + <p>x</p> | 12 |\n",
     ["✗ v_1, value (line 5): 8 should be 9"]),
    # functions of their own in single cells
    ("| row | operation |\n|---|---|\n| x | 2 |\n| v1 | $a(x) = x^2 = 5$ |\n| v2 | $b(x) = 3 x = 6$ |\n",
     ["✗ v_1, value (line 4): 5 should be 4"]),
    # exponents are added up in the rules
    ("f(x) = x^3 at x = 2\n\n| row | operation | value | tangent |\n|---|---|---|---|\n| x | | 2 | 1 |\n"
     "| v1 | x^3 | 8 | $3 x^4 \\dot x$ |\n",
     ["✗ v_1, tangent formula (line 6): 3 x^4 ẋ: it is 48, and should be 12 (the derivative of x^3 by x "
      "is 3*x^2, not 3*x^4)"]),
    # an entry of h_1 is none of h
    ("h = [1, 2], h_1 = [3, 4]\n\n| row | operation | value |\n|---|---|---|\n| h | | [1, 2] |\n| h_1 | | [3, 4] |\n"
     "| u | $h_{1,2} + h_2$ | 5 |\n",
     ["✗ u, value (line 7): 5 should be 6"]),
    # dots behind names are tangents, the last one too
    ("x = 2, y = 5\n\n| row | value | tangent |\n|---|---|---|\n| x | 2 | x. = 1 |\n| y | 5 | y. = 0 |\n"
     "| v1 = x^2 | 4 | v1. = 2 x x. |\n| v2 = x y | 10 | v2. = x.*y - x*y. |\n"
     "| v3 = v1 + v2 | 14 | v3. = v1. - v2. |\n",
     ["✗ v_2, tangent formula (line 8): x.*y - x*y. is not the tangent formula of v_2 (v_2 is x*y: its "
      "derivative is taken as x'*y - x*y')",
      "✗ v_3, tangent formula (line 9): v1. - v2. is not the tangent formula of v_3 (a sign in it is "
      "another: v_1' - v_2' stands for v_1' + v_2')"]),
    # a heading of a direction alone
    ("f(u, v) = u v^2 + u at u = 3, v = 4\n\n| step | operation | value | $\\partial_u$ | $\\partial_v$ |\n"
     "|---|---|---|---|---|\n| r1 | v^2 | 16 | 0 | 4 |\n| r2 | u r1 | 48 | 16 | 12 |\n"
     "| r3 | r2 + u | 51 | 17 | 12 |\n",
     ["✗ r_1, tangent (line 5): 4 should be 8 (the derivative of v^2 by v is 2*v, not v)"]),
    # words in other letters
    ("f(x, y) = x*y + x at x = 2, y = 3\n\n| Zeile | Operation | Wert |\n|---|---|---|\n| v_1 | x*y | 6 |\n"
     "| v_2 | größe + x | 8 |\n| v_3 | 名称 | 8 |\n| v_4 | умножить x | 8 |\n",
     ["? v_2, operation (line 6): 'größe + x' is not read: it cannot be read: 'ß' is not part of the "
      "language: names are the letters A to Z and a to z, digits and underscores",
      "? v_3, operation (line 7): '名称' is not read: no row is named 名称",
      "? v_4, operation (line 8): 'умножить x' is not read: no row is named умножить x"]),
    # a flat size that is printed in sides goes on to the next row, one number for the sides of a map does not
    ("The input is 8x8x3.\n\n| Layer | Size | Parameters |\n|---|---|---|\n| Flatten | 12x17 | 0 |\n"
     "| FC 10 | 10 | 2050 |\n",
     ["· the input is 8×8×3, as the document says",
      "✗ Flatten, size (line 5): 12×17 should be 192"]),
    # nor to a layer that reads a map
    ("The input is 8x8x3.\n\n| Layer | Size | Parameters |\n|---|---|---|\n"
     "| Conv 3x3, 4 filters, padding 0 | 6x6x4 | 112 |\n| Conv 3x3, 4 filters, padding 0 | 65 | 148 |\n"
     "| FC 10 | 10 | 660 |\n",
     ["· the input is 8×8×3, as the document says",
      "✗ Conv 3×3, 4 filters, padding 0, size (line 6): 65 should be 4×4×4",
      "✗ FC 10, parameters (line 7): 660 should be 650 (the biases are counted twice)"]),
    # labels before layers
    ("The input is 784.\n\n| Layer | Size | Parameters |\n|---|---|---|\n| F1 Linear(784, 100) | 100 | 78500 |\n"
     "| D1 Dropout 0.5 | 100 | 0 |\n| N1 BN | 100 | 201 |\n| out: softmax | 100 | 0 |\n",
     ["✗ N1 BN, parameters (line 7): 201 should be 200 (one digit is wrong)"]),
    # a wrong input that does not follow from the wrong size before it
    ("The input is 32x32x3.\n\n| Layer | Input | Size |\n|---|---|---|\n"
     "| Conv 3x3, 8 filters, padding 0 | 32x32x3 | 31x31x8 |\n"
     "| Conv 3x3, 4 filters, padding 0 | 29x29x8 | 28x28x4 |\n",
     ["· the input is 32×32×3, as the document says",
      "✗ Conv 3×3, 8 filters, padding 0, size (line 5): 31×31×8 should be 30×30×8 (one too many)",
      "✗ Conv 3×3, 4 filters, padding 0, input (line 6): 29×29×8 should be 30×30×8"]),
    # decimal commas in brackets
    ("f(x) = x^2 bei x = 1,5\n\n| Zeile | (Wert; Ableitung) |\n|---|---|\n| x | (1,5; 1) |\n"
     "| v1 = x^2 | (2,25; 3,5) |\n",
     ["✗ v_1, tangent (line 6): 3,5 should be 3 (2 + x is taken in place of 2*x)"]),
    # a direction of two letters
    ("f(x, y) = x^2 y at x = 2, y = 3\n\n| row | value | derivative |\n|---|---|---|\n| x | 2 | |\n| y | 3 | |\n"
     "| v1 = x^2 | 4 | |\n| f = v1 y | 12 | $\\partial_{xy} f = 5$ |\n",
     ["✗ x, Hessian entry (line 8): 5 should be 4"]),
    # a function that nobody knows has one name however its operand is written
    ("f(x) = g(x)^2 at x = 2\n\n| row | value | tangent |\n|---|---|---|\n| x_0 | 2 | 1 |\n"
     "| v1 = g(x_0) | 3 | $g'(x0) \\dot x_0$ |\n| v2 = v1^2 | 9 | $2 v_1 \\dot v_1$ |\n",
     ["· g is not a function that is known, so the trace is not held against it",
      "? v_1, value (line 6): '3' is not read: it has no value to be compared with",
      "? v_2, value (line 7): '9' is not read: it has no value to be compared with"]),
    # fractions
    ("x = 2\n\n| row | operation | value |\n|---|---|---|\n| v1 | x/6 | 0.5/2 |\n| v2 | 3 v1 | 1/2 |\n"
     "| v3 | pi/x | pi/3 |\n",
     ["✗ v_1, value (line 5): 0.5/2 should be 0.3333",
      "✗ v_2, value (line 6): 1/2 should be 1 (2 is taken in place of the number 3)",
      "✗ v_3, value (line 7): pi/3 should be 1.5708"]),
    # a factor beside a zero in a product entry by entry
    ("A = [[0, 1], [2, 3]], B = [[1, 2], [3, 4]]\n\n| row | operation | value |\n|---|---|---|\n"
     "| A | | [[0, 1], [2, 3]] |\n| B | | [[1, 2], [3, 4]] |\n"
     "| C | $A \\odot B$ | [[0*2, 1*2], [2*3, 3*4]] = [[0, 2], [6, 12]] |\n",
     ["✗ C, value (line 7): [[0*2, 1*2], [2*3, 3*4]] should be A*B: the factor 0 hides that 2 is no "
      "factor of this row's"]),
    # a number without further digits is not rounded
    ("f(x, y) = ln(x)*y*(2.5*y + y) at x = 3, y = 1.7\n\n| row | operation | value |\n|---|---|---|\n"
     "| v1 | ln(x) | 1.10 |\n| v2 | v1*y | 1.87 |\n| v3 | 2.5*y + y | 5.96 |\n| v4 | v2*v3 | 11.15 |\n",
     ["✗ v_3, value (line 7): 5.96 should be 5.95 (one digit is wrong)"]),
    # a name with a hat and a prime of its own
    ("x = 2\n\n| row | operation | value |\n|---|---|---|\n| $\\hat w$ | 3 x | 6 |\n"
     "| $\\hat w'$ | $\\hat w - 1$ | 4 |\n| z | $2 \\hat w'$ | 8 |\n",
     ["✗ what_{prime}, value (line 6): 4 should be 5"]),
    # a heading of rows by their operands
    ("f(x, y) = exp(x*y)*y at x = 2, y = 3\n\n"
     "| row | operation | value | $\\partial v/\\partial u_1$ | $\\partial v/\\partial u_2$ |\n"
     "|---|---|---|---|---|\n| v1 | x*y | 6 | 3 | 2 |\n| v2 | exp(v1) | 403.4288 | 403.4288 | |\n"
     "| v3 | v2*y | 1210.2864 | 4 | 403.4288 |\n",
     ["✗ v_3, partial (line 7): 4 should be 3"]),
    # whatever the letter
    ("f(x) = 3 sin(x^2) at x = 1\n\n| row | operation | value | ∂v/∂u |\n|---|---|---|---|\n| x | | 1 | |\n"
     "| v1 | x^2 | 1 | 2 |\n| v2 | sin(v1) | 0.8415 | 0.54 |\n| v3 | 3 v2 | 2.5244 | 1 |\n",
     ["✗ v_3, partial (line 8): 1 should be 3 (the derivative of 3*v_2 by v_2 is 3, not 1)"]),
    # what a row passes on, if it has so many operands
    ("f(x, y) = sin(x*y) at x = 2, y = 3\n\n"
     "| row | operation | value | adjoint | gradient on inputs 1 | gradient on inputs 2 |\n"
     "|---|---|---|---|---|---|\n| x | | 2 | 2.8805 | | |\n| y | | 3 | 1.9203 | | |\n"
     "| v1 | x*y | 6 | 0.9502 | 2.8506 | 1.9004 |\n| v2 | sin(v1) | -0.2794 | 1 | 0.9602 | |\n",
     ["✗ v_1, adjoint (line 7): 0.9502 should be 0.9602 (one digit is wrong)"]),
    # the whole adjoint stands in each row of its contributions
    ("f(x, y) = x*y + sin(x) at x = 2, y = 3\n\n| statement | contribution | adjoint |\n|---|---|---|\n"
     "| $\\bar f = 1$ | | 1 |\n| $\\bar v_1 = \\bar f$ | 1 | 1 |\n| $\\bar v_2 = \\bar f$ | 1 | 1 |\n"
     "| $\\bar x = \\bar v_2 \\cos x$ | -0.4161 | 2.5839 |\n| $\\bar x = \\bar v_1 y$ | 3 | 2.5839 |\n"
     "| $\\bar y = \\bar v_1 x$ | 2 | 2 |\n\nwith $v_1 = xy$, $v_2 = \\sin x$, $f = v_1 + v_2$.\n",
     []),
])  # fmt: skip
def test_what_is_told_of_a_small_table(document: str, lines: list[str]) -> None:
    """Each line is what it must be, and there are no others."""
    assert told(document) == lines


@pytest.mark.parametrize("first", [0, 1])
def test_entries_in_the_prose_are_counted_from_where_they_are(first: int) -> None:
    """``p_0 + 3 p_1`` of an array p."""
    entries = f"p_{first} + 3 p_{first + 1}"
    document = f"p = W x, L = {entries} at W = [[1, 2], [3, 4]], x = [1, 1]\n\n| row | operation | value | adjoint |\n"
    document += f"|---|---|---|---|\n| p | W x | [3, 7] | [1, 3] |\n| L | {entries} | 24 | 1 |\n"
    report = adtrace.check(document)
    assert (report.problems, report.exit_status) == ((), 0)


def test_the_derivative_of_a_loss_without_a_row_begins_at_its_array() -> None:
    """The last row, J, is only a factor of the others."""
    document = "$z = (1, 2)$\n\n- $p = 1/z = (1, 0.5)$\n- $J = -diag(p^2) = [[-1, 0], [0, -0.25]]$\n"
    document += (
        "- $\\partial L/\\partial p = (2, 4)$\n- $\\partial L/\\partial z = J^T \\partial L/\\partial p = (-2, {})$\n"
    )
    assert told(document.format(-1)) == []
    assert [line[:26] for line in told(document.format(-3))] == ["✗ z, adjoint (line 6): (-2"]


@pytest.mark.parametrize(("rows", "lines"), [
    ("| Linear | 10 | 7850 |\n| Linear | 5 | 55 |\n", ["· the input is taken as 784, by the numbers of the first layer"]),
    ("| Linear | 10 | 7855 |\n| Linear | 5 | 55 |\n", [
        "· the size of the input is not known: --input 32x32x3",
        *(f"? Linear, {kind} (line 3): its layer is not read: the size of the input is not known: --input 32x32x3"
          for kind in ("size", "parameters"))]),
    ("| nn.Conv2d(5, 8, 3) | 30x30x8 | 368 |\n", ["· the input is taken as 5×32×32, by the numbers of the first layer"]),
    ("| Conv2D(8, 3, padding='same') | 32x32x8 | 224 |\n", ["· the input is taken as 3×32×32, by the numbers of the first layer"]),
    ("| Conv2D(8, 3, padding='valid') | 30x30x8 | 224 |\n", ["· the input is taken as 3×32×32, by the numbers of the first layer"]),
    *((f"| {row} |\n", [
        "· the size of the input is not known: --input 32x32x3",
        *(f"? {row.partition(' |')[0]}, {kind} (line 3): its layer is not read: the size of the input is not known: --input 32x32x3"
          for kind in ("size", "parameters"))]) for row in (
        "nn.Conv2d(3, 8, 3, stride=(2, 1)) | 15x30x8 | 224",
        "nn.Conv2d(3, 8, (3, 5)) | 30x28x8 | 368",
        "nn.ConvTranspose2d(3, 8, 2, stride=2) | 64x64x8 | 104",
    )),
])  # fmt: skip
def test_a_first_layer_without_an_input(rows: str, lines: list[str]) -> None:
    """Its own numbers tell how many features it reads, if they are whole."""
    assert told(f"| Layer | Output shape | Parameters |\n|---|---|---|\n{rows}") == lines


def test_brackets_round_a_matrix_are_its_own() -> None:
    """As LaTeX they grow with it."""
    rows = "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>"
    cell = f"<math><mrow><mo>[</mo>{rows}<mo>]</mo></mrow></math>"
    table = f"<table><tr><th>row</th><th>value</th></tr><tr><td>x</td><td>{cell}</td></tr><tr><td>y = 3 x</td><td>[3, 6]</td></tr></table>"
    assert sheets(table)[0].rows[0][1].strip("$") == r"\begin{bmatrix}1 & 2\end{bmatrix}"


def test_a_step_is_the_equation_of_another_variable() -> None:
    """With its index, where it has one."""
    rows = sheets("x = 3\n\n- $w_1 = 9$\n- $w = 15$\n- $w_1 -= 0.1 x = 8.7$\n- $w -= 0.2 x = 14.4$\n")[0].rows
    assert [row[0].strip("$") for row in rows[-2:]] == [
        "w_{1,new} = w_{1} - (0.1 x) = 8.7",
        "w_{new} = w - (0.2 x) = 14.4",
    ]


SIZED = "| Layer | Size | Parameters |\n|---|---|---|\n| Conv 3x3, 100 filters, padding 0 | 128,128 | {} |\n"


def test_a_size_may_look_like_a_number_with_thousands() -> None:
    """What is right says no more than that; what is asked for and stands there is not missing."""
    report = adtrace.check(SIZED.format("2,800"), input="130x130x3", asked=("size", "parameters"))
    assert told(SIZED.format("2,800"), "130x130x3") == []
    assert {one.expected for one in report.findings} == {""}
    assert report.problems == ()
    report = adtrace.check(SIZED.format("2,800"), input="130x130x3", asked=("size", "multiplications"))
    assert [problem.sentence for problem in report.problems] == ["no multiplications is given"]
    wrong = "✗ Conv 3×3, 100 filters, padding 0, parameters (line 3): 2,750 should be 2,800"
    assert told(SIZED.format("2,750"), "130x130x3") == [wrong]


@pytest.mark.parametrize(("heading", "numbers", "sweep"), [
    ("tangent", (1, 4, 4), "forward sweep by x"), ("adjoint", (4, 1, 1), "reverse sweep, weight 1"),
    ("second derivative", (0, 2, 2), "order 2 by x"),
])  # fmt: skip
def test_the_sweep_of_a_table_is_told(heading: str, numbers: tuple[int, ...], sweep: str) -> None:
    """Above the table."""
    rows = zip(("x |", "v1 | x^2", "f | v1 + 1"), (2, 4, 5), numbers, strict=True)
    lines = [f"f(x) = x^2 + 1 at x = 2\n\n| row | operation | value | {heading} |", "|---|---|---|---|"]
    report = adtrace.check("\n".join([*lines, *(f"| {row} | {value} | {number} |" for row, value, number in rows)]))
    assert str(report).splitlines()[0] == f"judged as f(x) = x^2 + 1 at x = 2, {sweep}"


def test_what_is_above_a_letter_is_a_power_where_no_variable_has_it() -> None:
    """And its layer where one has: ``z^(2)`` beside ``x^{(1)}``."""
    document = "f(x^{(1)}, z) = x^{(1)} z^(2) at x^{(1)} = 2, z = 3\n\n| row | operation | value |\n|---|---|---|\n"
    report = adtrace.check(f"{document}| v1 | z^2 | 9 |\n| v2 | x^{{(1)}} v1 | 18 |\n")
    assert str(report).splitlines()[0] == "judged as f(x⁽¹⁾, z) = x⁽¹⁾*z^2 at x⁽¹⁾ = 2, z = 3"


def test_an_entry_that_is_worked_out_has_all_decimals() -> None:
    """The others have as many as are asked for, or not."""
    document = "x = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| x | | [1, 2] |\n| y | x/3 | [1/3, 0.67] |\n"
    (finding,) = (one for one in adtrace.check(document, digits=4).findings if one.state == "wrong")
    assert finding.sentence.endswith("(it has 2 decimals where 4 are asked for)")


def test_definitions_put_in_are_bounded() -> None:
    """Each has the one before it four times."""
    inner = ", ".join(f"{name} = {of}*{of} + {of}*{of}" for name, of in pairwise("qponmlkjihx"))
    with pytest.raises(adtrace.InputError, match="more than 5000 terms"):
        adtrace.check(
            f"f(x) = q where {inner} at x = 2\n\n| row | operation | value |\n|---|---|---|\n| v1 | x^2 | 4 |\n"
        )


def test_blank_lines_of_a_notebook_are_not_looked_for() -> None:
    """They are everywhere; what stands behind them in the file is found there."""
    first = {
        "source": "x = 2.0" + "\n" * 40 + "y = 3*x\nprint(y)",
        "outputs": [{"output_type": "stream", "text": "6.0"}],
    }
    cells = [first, {"source": ["z = 5*y\n", "print(z)  # 31\n"], "outputs": []}]
    document = json.dumps({"cells": [{"cell_type": "code", **cell} for cell in cells]}, indent=1)
    lines = str(adtrace.check(document, kind="ipynb")).splitlines()
    assert [line for line in lines if line[:2] == "✗ "] == ["✗ z, value (line 17): 31 should be 30"]


def test_long_prose_is_not_searched() -> None:
    """For what it says of derivatives."""
    rows = "| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| v1 | x^2 | 9 |\n"
    for length, state in ((10, "wrong"), (1000, "right")):
        prose = f"So it is {'very ' * length}much, and df/dx = 7.\n"
        report = adtrace.check(f"f(x) = x^2 at x = 3\n\n{rows}\n{prose}")
        assert report.findings[-1].state == state


def test_squares_of_many_names_are_no_variances() -> None:
    """Each would be looked for in all of a document."""
    lines = "\n".join(f"- ${letter}^2 = {k}$" for k, letter in enumerate("abcdghijklmnopqrstuvw"))
    report = adtrace.check(f"x = 2\n\n{lines}\n- $z = a^2 + b^2 = 2$\n")
    assert not any(finding.state == "wrong" for finding in report.findings)


def test_a_formula_of_another_row_that_is_not_that_of_its_own_either() -> None:
    """Nothing is said of the row in which it stands."""
    rows = "| x | 2 | 1 |\n| v_1 = x^2 | 4 | $\\dot v_1 = 2 x \\dot x$ |\n| v_2 = 3 x | 6 | $\\dot v_1 = 5 \\dot x$ |\n"
    rows += "| v_3 = v_1 + v_2 | 10 | $\\dot v_3 = \\dot v_1 + \\dot v_2$ |\n"
    lines = told(f"f(x) = x^2 + 3 x at x = 2\n\n| row | value | tangent |\n|---|---|---|\n{rows}")
    assert lines[-1] == "✗ v_1, tangent formula (line 7): 5 ẋ: it is 5, and should be 4"


def test_a_total_of_json_may_be_a_number() -> None:
    """It is no row then."""
    layers = [{"layer": "Conv 3x3, 8 filters, padding 1", "size": "32x32x8"}]
    assert adtrace.check(json.dumps({"layers": layers, "total": 5}), input="32x32x3").count("right") == 1


@pytest.mark.parametrize(("heading", "rows", "lines"), [
    ("Layer | Size | Parameters", "Conv 3x3, 8 filters, padding 1 | 32x32x8 | 224; MaxPool | 15x15x8 | 0",
     ["· pools are read as 3×3 with stride 2 and padding 0"]),
    ("Layer | Input | Size", "Conv 3x3, 8 filters, padding 0 | 32 | 30x30x8; Pool 2x2 | 31 | 15x15x8",
     ["✗ Pool 2×2, input (line 4): 31 should be 30×30×8"]),
    ("Type / Stride | Filter Shape | Parameters", "Conv / s1 | 3x3x3x8 | 224; Conv / s1 | 3x3x8 dw | 80", []),
    ("Layer | Size", "Conv 5x5, 4 filters, same padding | 32x32x4; Conv 5x5, 4 filters | 28x28x4",
     ["· the table is read so: CONVk-N has padding 0"]),
    ("Layer | Size", "Conv 5x5, 4 filters | 32x32x4; Conv 5x5, 4 filters, valid padding | 28x28x4", []),
    ("Layer | Kernel | Size | Parameters", "conv | 4x3x5x5 | 28x28x4 | 304; conv | 5x5x4x6 | 24x24x6 | 606", []),
    ("Layer | Size | Parameters", "Conv 3x3, 8 filters, padding 0 | 30x30x8 | 224; Flatten | 7.200 | 0; Linear 10 | 10 | 72.011",
     ["✗ Linear 10, parameters (line 5): 72.011 should be 72,010 (one digit is wrong)"]),
    ("Layer | Size | Weights", "Conv 3x3, 8 filters, padding 0 | 30x30x8 | 216; Conv 3x3, 4 filters, padding 0 | 28x28x4 | 292",
     ["· the parameters are counted without biases",
      "✗ Conv 3×3, 4 filters, padding 0, parameters (line 4): 292 should be 288 (with biases, where there are none)"]),
])  # fmt: skip
def test_what_is_told_of_a_small_layer_table(heading: str, rows: str, lines: list[str]) -> None:
    """Paddings and windows in words, kernels with their channels before and behind, thousands, weights alone."""
    table = [heading, "---" + " | ---" * heading.count("|"), *rows.split("; ")]
    assert told("\n".join(f"| {row} |" for row in table), "32x32x3") == lines


def test_a_function_that_is_not_known_is_told_in_words() -> None:
    """It was an error of Python's."""
    document = "L = sum(diag(M)) at M = [[1, 2], [3, 4]]\n\n| row | operation | value |\n|---|---|---|\n"
    lines = told(f"{document}| M | | [[1, 2], [3, 4]] |\n| q | diag(M) | [1, 4] |\n| L | sum(q) | 5 |\n")
    assert {line.partition("): ")[2] for line in lines} == {"it has a function that is not known here"}


def test_a_gradient_of_arrays_and_numbers_is_no_error() -> None:
    """Behind a table; nothing of it could be checked."""
    table = "L = w^T x + b at w = [1, 2], x = [3, 4], b = 5\n\n| row | operation | value |\n|---|---|---|\n| w | | [1, 2] |\n"
    rows = "| b | | 5 |\n| x | | [3, 4] |\n| L | w @ x + b | 17 |\n\n(∂L/∂w, ∂L/∂b) = ((3, 4), 1)\n"
    assert told(table + rows) == ["✗ L, value (line 8): 17 should be 16"]


def test_what_a_flat_layer_reads_has_no_channels() -> None:
    """Nothing is said of a number in their column."""
    rows = ["Conv 3x3, 8 filters, padding 0 | 3 | 30x30x8", "Flatten | | 7200", "Linear 10 | 7200 | 10"]
    table = ["Layer | Input channels | Size", "---|---|---", *rows]
    report = str(adtrace.check("\n".join(f"| {row} |" for row in table), input="32x32x3"))
    assert report.splitlines()[-1] == "4 cells right, 0 mistakes."


def test_names_with_marks_are_bounded() -> None:
    """In one cell."""
    names = " ".join(rf"\{mark} {letter}_{k}" for mark in ("bar", "dot") for letter in "abcdegh" for k in range(9))
    table = f"f(x) = x^2 at x = 2\n\n| row | value | adjoint |\n|---|---|---|\n| x | 2 | 4 |\n| v_1 = x^2 | 4 | ${names}$ |\n"
    assert [line.rpartition(": ")[2] for line in told(table)] == ["it has more than 100 different names with marks"]


@pytest.mark.parametrize("table", [
    "x = [1, 2]\n\n| row | operation | value |\n|---|---|---|\n| h_0 | | 0 |\n| x | | [1, 2] |\n| h_2 | x + h_0 | ((1, 2), 1) |\n",
    "f(x) = sum(x) at x = [1, 2]\n\n| row | value |\n|---|---|\n| u | ((1, 2), 3) |\n| v = sum(u) | 3 |\n",
])  # fmt: skip
def test_lists_that_are_no_arrays_are_no_error(table: str) -> None:
    """Nothing of their documents could be checked."""
    assert {line[:2] for line in told(table)} == {"? "}


def test_what_a_terminal_may_take_for_a_command_is_written_out_in_json() -> None:
    """And quotes beside it are none."""
    document = 'f(x) = x^2 at x = 2\n\n| row | value |\n|---|---|\n| x | 2 |\n| v1 = x^2 | 4 \u202e "so" |\n'
    text = adtrace.check(document).render("json")
    assert "\\u202e" in text
    assert '4 \u202e "so"' in json.dumps(json.loads(text), ensure_ascii=False).replace('\\"', '"')


def test_a_document_of_letters_of_one_byte_is_bounded() -> None:
    """As one of more bytes is."""
    with pytest.raises(adtrace.BoundError, match="characters"):
        decoded(b"a" * (LARGEST_DOCUMENT + 1), "long.md")


def test_matrices_of_partials_are_bounded() -> None:
    """With 65 entries, they have 4,225."""
    x = [k % 3 for k in range(65)]
    squares, doubles = [k * k for k in x], [2 * k for k in x]
    table = f"f(x) = sum(x^2) at x = {x}\n\n| row | operation | value | partial |\n|---|---|---|---|\n| x | | {x} | |\n"
    (line,) = told(f"{table}| s | x*x | {squares} | [{doubles}] |\n| L | sum(s) | {sum(squares)} | |\n")
    assert line.endswith("is not read: it has no value to be compared with")


def test_the_order_of_a_derivative_is_said() -> None:
    """Beyond the second."""
    table = "f(x) = x^3 at x = 2\n\n| row | value | first derivative | second derivative | third derivative |\n"
    table += (
        "|---|---|---|---|---|\n| x | 2 | 1 | 0 | 0 |\n| v1 = x^2 | 4 | 4 | 2 | 0 |\n| v2 = v1 x | 8 | 12 | 12 | 7 |\n"
    )
    report = str(adtrace.check(table)).splitlines()
    assert report[0] == "judged as f(x) = x^3 at x = 2, forward sweep by x, order 2 by x, order 3 by x"


@pytest.mark.parametrize(("product", "sine", "total"), [
    ("mul", "sin", "add"), ("Multiply", "Sine", "Addition"), ("multiplication", "sinus", "Summe"),
    ("*", "sin", "+"), ("producto", "seno", "adición"), ("乘法", "sin", "加法"),
])  # fmt: skip
@pytest.mark.parametrize("operands", ["x, y", "x and y", "2, 3", "x = 2, y = 3", "x: 2, y: 3", "x (2), y (3)"])
def test_an_operation_beside_its_operands(product: str, sine: str, total: str, operands: str) -> None:
    """Words were not read, and operands with their numbers were conditions: each right cell was blamed."""
    first = operands.replace(" and ", ", ").split(", ")[0]
    last = {"x": "v1, v2", "2": "6, 0.9093"}.get(first, operands.replace("2", "6").replace("3", "0.9093"))
    last = last.replace("x", "v1").replace("y", "v2")
    table = "f(x, y) = x*y + sin(x) at x = 2, y = 3\n\n| node | operation | inputs | value |\n|---|---|---|---|\n"
    table += (
        f"| v1 | {product} | {operands} | 6 |\n| v2 | {sine} | {first} | 0.9093 |\n| v3 | {total} | {last} | 6.9093 |\n"
    )
    assert told(table) == []
    slip = table.replace(last, last.replace("v2", "v1") if "9093" not in last else last.replace("9093", "9193"))
    assert [line[:5] for line in told(slip)] == ["✗ v_3"]
    assert [line.partition(":")[0] for line in told(table.replace("| 6 |", "| 5 |"))] == ["✗ v_1, value (line 5)"]


@pytest.mark.parametrize("remark", [r"\text{(product)}", r"\quad \text{by the rule}", r"\text{using the last}"])
def test_a_remark_in_an_alignment_is_no_name(remark: str) -> None:
    """The number behind it was prose."""
    table = f"f(x, y) = x*y at x = 2, y = 3\n\n\\begin{{align*}}\nv_1 &= x y & {remark} &= 7\n\\end{{align*}}\n"
    assert told(table) == ["✗ v_1, value (line 4): 7 should be 6"]


def test_what_a_sentence_sets_is_no_row() -> None:
    """Below code it was one that could not be read."""
    table = "f(x) = x^2 at x = 3\n\n    v1 = x * x  # 9\n\n{}\n\n    v1_bar = 1\n    x_bar = v1_bar * 2 * x  # 6\n"
    assert told(table.format(r"Set $\bar y = 1$ and go backwards.")) == []


@pytest.mark.parametrize(("first", "second", "lines"), [
    ("0.84147096", "0.70807344", []), ("0.84147097", "0.70807344", ["0.84147097 should be 0.84147098", "0.70807344 should be 0.70807342"]),
    ("0.84147096", "0.70807342", ["0.84147096 should be 0.84147098"]),
])  # fmt: skip
def test_numbers_of_single_precision(first: str, second: str, lines: list[str]) -> None:
    """As programs print them, where all are: 0.84147096 is the sine of 1."""
    table = (
        f"f(x) = sin(x)^2 at x = 1\n\n| row | value |\n|---|---|\n| v1 = sin(x) | {first} |\n| v2 = v1^2 | {second} |\n"
    )
    found = told(table)
    assert [line.partition(": ")[2].partition(" (")[0] for line in found] == lines


@pytest.mark.parametrize(("formula", "value"), [("v1(1 + v1)", 56), ("v1(1 - v1)", -42), ("2 v1(v1 + 1)", 112)])
def test_a_number_behind_a_letter_may_be_its_index_before_a_bracket(formula: str, value: int) -> None:
    """``h1(1 - h1)`` is how a sigmoid's derivative is typed: it was h times 1(1 - h1)."""
    table = f"f = a x + b at a = 2, x = 3, b = 1\n\n| node | formula | value |\n|---|---|---|\n| v1 | a x + b | 7 |\n| v2 | {formula} | {{}} |\n"
    assert [line for line in told(table.format(value)) if "another function" not in line] == []
    assert any("(line 6)" in line for line in told(table.format(value + 1)))


def test_biases_may_be_left_out_all_together() -> None:
    """Beside the derivatives by weights; one of them alone is missing."""
    table = (
        "x = 1, w1 = 2, b1 = 3, w2 = 0.5, b2 = 1\n\n| row | value |\n|---|---|\n| h = w1 x + b1 | 5 |\n| y = w2 h + b2 | 3.5 |\n"
        "| dy/dw2 | 5 |\n| dy/dh | 0.5 |\n| dy/dw1 | 0.5 |\n"
    )
    assert told(table) == []
    assert "the adjoint of b_1 is missing" in str(adtrace.check(table + "| dy/db2 | 1 |\n"))


STEPS = "L = (w_1 x + w_2 - y)^2 at w_1 = 2, x = 3, w_2 = 1, y = 5\n\nz = w_1 x + w_2 = 7\n\ne = z - y = 2\n\nL = e^2 = 4\n\nlearning rate 0.1\n\n"


@pytest.mark.parametrize(("heading", "cells"), [
    ("weight | old value | gradient | new value", ((2, 12, 0.8), (1, 4, 0.6))),
    ("weight | $\\partial L/\\partial w$ | updated", ((12, 0.8), (4, 0.6))),
    ("parameter | before | dL/dw | step | after", ((2, 12, -1.2, 0.8), (1, 4, -0.4, 0.6))),
    ("Gewicht | alt | Gradient | η · Gradient | neu", ((2, 12, 1.2, 0.8), (1, 4, 0.4, 0.6))),
    ("weight | current | gradient | new", ((2, 12, "2 - 0.1·12 = 0.8"), (1, 4, "1 - 0.1·4 = 0.6"))),
])  # fmt: skip
def test_a_table_of_parameters_and_one_step(heading: str, cells: tuple[tuple[float | str, ...], ...]) -> None:
    """The new values were held against the old ones: right ones were blamed."""
    table = f"{STEPS}| {heading} |\n|{'---|' * len(heading.split(' | '))}\n"
    rows = [f"| $w_{k}$ | {' | '.join(map(str, row))} |" for k, row in enumerate(cells, 1)]
    assert told(table + "\n".join(rows) + "\n") == []
    for k, row in enumerate(cells):
        for number in row:
            changed = str(number)[:-1] + str((int(str(number)[-1]) + 3) % 10)
            slipped = [
                line.replace(f"| {number} |", f"| {changed} |") if j == k else line for j, line in enumerate(rows)
            ]
            (said,) = told(table + "\n".join(slipped) + "\n")
            assert f"(line {13 + k})" in said


def wrong(document: str) -> list[str]:
    """What is told of cells, without the remarks on layers."""
    return [line for line in told(document) if line[0] != "·"]


DENSE = "| layer | neurons | parameters |\n|---|---|---|\n| input | 784 | |\n| hidden | 128 | 100480 |\n| output | 10 | 1290 |\n\n{}\n"


@pytest.mark.parametrize("sentence", [
    "Total {}", "Sum: {}", "# params = {}", "The network has {} parameters.", "Das Netz hat {} Parameter.", "**Total: {}**",
    "In total, {} trainable parameters.", "Insgesamt {} Parameter.", "So the model has a total of {} parameters (about 102K).",
])  # fmt: skip
def test_what_all_layers_have_is_told_below_them(sentence: str) -> None:
    """In any of these sentences: without a colon, or of the network, it was not read."""
    assert wrong(DENSE.format(sentence.format("101770"))) == []
    (line,) = wrong(DENSE.format(sentence.format("101760")))
    assert line.startswith("✗ Total, parameters (line 7): 101760 should be 101,770")


def test_numbers_of_another_layer_are_no_total() -> None:
    """Nor is what is told of part of a network."""
    assert wrong(DENSE.format("The hidden layer of the network has 100480 parameters.")) == []


def test_workings_between_sizes_and_parameters_are_of_what_they_come_to() -> None:
    """They were those of the sizes."""
    table = "| layer | output size | calculation | # params |\n|---|---|---|---|\n| input 32x32x1 | 32x32x1 | | 0 |\n"
    table += "| conv 5x5, 6 filters | 28x28x6 | (5*5*1+1)*6 | 156 |\n| max pool 2x2 | 14x14x6 | | 0 |\n| FC 10 | 10 | {} | 11770 |\n"
    assert wrong(table.format("(1176+1)*10")) == []
    (line,) = wrong(table.format("(1176+1)*11"))
    assert line.startswith("✗ FC 10, parameters (line 6): 11770 should be 11,770 (the number is right, and")


@pytest.mark.parametrize("layer", ["conv1 3×3, 64, pad 1, no bias", "conv 3×3 (64 filters, padding 1) without bias"])
def test_layers_without_a_bias_are_no_arrays_of_biases(layer: str) -> None:
    """Beside normalisations all numbers were blamed."""
    table = f"Input: 56×56×64\n\n| layer | output | params |\n|---|---|---|\n| {layer} | 56×56×64 | {{}} |\n| bn1 | 56×56×64 | 128 |\n"
    assert wrong(table.format(36864)) == []
    assert [line.partition(":")[0].partition(", ")[2] for line in wrong(table.format(36928))] != []


def test_each_layer_in_code_has_its_comment() -> None:
    """The last one had the function below it, too, and was not read."""
    code = "```python\nself.conv = nn.Conv2d(3, 16, 3)  # 448 parameters\nself.pool = nn.MaxPool2d(2, 2)\n"
    code += "self.fc = nn.Linear(16 * 15 * 15, 10)  # {} parameters\n\n    def forward(self, x):\n        return self.fc(x)\n```\n"
    report = str(adtrace.check(code.format(36010), input="32x32x3"))
    assert wrong(code.format(36010)) == []
    assert "\\u" not in report
    (line,) = wrong(code.format(36011))
    assert "36011 should be 36,010" in line


SEVERAL_AT_ONCE = """The input is 64x64x3.

| Layer | Operation | Output size | Parameters |
|---|---|---|---|
| Conv1 | 8 filters, 5x5, stride 1 | 60x60x8 | 608 |
| Pool1 | 2x2, stride 2 | 30x30x8 | 0 |
| Conv2–4 | 16, 16, 8 filters | various | ~4.6K |
| FC1–2 | fully connected | 64, 10 | ~33K |
"""


def test_a_row_of_several_layers_is_not_read() -> None:
    """Their numbers were held against those of one layer with as many outputs as the product of all."""
    found = told(SEVERAL_AT_ONCE)
    assert [line[0] for line in found if line[0] != "·"] == ["?"] * 4
    assert all("it is of several layers" in line for line in found if line[0] == "?")


def test_numbers_of_layers_that_tell_of_others_between() -> None:
    """What is left out may have parameters: a right sum was blamed."""
    table = ("Input 1x20x20.\n\n| Layer | Output shape | Parameters |\n|---|---|---|\n| Conv2d-1 | 4x18x18 | 40 |\n"
             "| Conv2d-{} | 4x16x16 | 148 |\n| Total | | 196 |\n")  # fmt: skip
    of_sum = [line for line in told(table.format(4)) if "Total" in line]
    assert of_sum == ["? Total, parameters (line 7): it is not known what its column should add up to"]
    assert any(line.startswith("✗ Total") for line in told(table.format(2)))


def test_an_equal_sign_in_brackets_makes_no_equation() -> None:
    """Layers in code above a table were a table of their own, and nothing told the input."""
    text = "```python\nm.add(Dense(units=8, input_shape=(20,)))\nm.add(Dense(units=3))\n```\n\n"
    table = (
        "| Layer | Output shape | Params |\n|---|---|---|\n| Dense | (None, 8) | 168 |\n| Dense | (None, 3) | 27 |\n"
    )
    assert len(sheets(text + table)) == 1


ROUNDED_SLOPES = """$z = [0.4, -1.2, 2]$

$a = \\sigma(z) = [0.599, 0.231, 0.881]$

$s = \\sigma'(z) = [{}, 0.881(1-0.881)] = [0.240, 0.178, 0.105]$
"""


@pytest.mark.parametrize(("working", "right"), [
    ("0.599(1-0.599), 0.231(1-0.231)", True), ("0.589(1-0.599), 0.231(1-0.231)", False),
])  # fmt: skip
def test_a_working_in_numbers_that_are_rounded(working: str, right: bool) -> None:
    """Entries computed from rounded ones were blamed, though they round to the right ones; not with any decimals."""
    found = [line for line in told(ROUNDED_SLOPES.format(working)) if line[0] == "✗"]
    assert bool(found) != right


def test_derivatives_of_a_loss_in_numbers_alone() -> None:
    """Nothing tells how it is computed from the weights: right gradients should have been 0; workings are judged."""
    text = "$x = [1, 3]$, $W = [0.5, 0.25]$\n\n$z = W x = [1.25]$\n\n$L = 0.5 (1.25 - 2)^2 = 0.28125$\n\n"
    slope = "$\\frac{{\\partial L}}{{\\partial W}} = [-0.75] \\cdot [1, 3] = [-0.75, {}]$\n"
    assert not [line for line in told((text + slope).format("-2.25")) if line[0] == "✗"]
    assert [line for line in told((text + slope).format("-2.52")) if line[0] == "✗"]


def test_entries_of_an_array_that_is_a_product_of_what_nobody_gives() -> None:
    """``S = Q K^T`` with rows of Q and entries of S alone raised a KeyError."""
    text = "$S = QK^T$\n\n$q_1 = [2, 0]$\n\n- $S_{11} = [2,0] \\cdot [1,1] = 2$\n- $S_{12} = [2,0] \\cdot [2,0] = 4$\n"
    assert not [line for line in told(text) if line[0] == "✗"]


NETWORK_IN_NUMBERS = r"""Input $x = \begin{bmatrix} 2 \\ 1 \end{bmatrix}$, target $y = 1.0$, loss $L = \frac{1}{2} (\hat{y} - y)^2$.

$$W^{(1)} = \begin{bmatrix} 0.5 & -1 \\ 0.25 & 1 \end{bmatrix}, \quad b^{(1)} = \begin{bmatrix} 0.5 \\ -0.25 \end{bmatrix}$$

$$W^{(2)} = \begin{bmatrix} 0.8 & -0.4 \end{bmatrix}, \quad b^{(2)} = [0.3]$$

#### 1. Layer 1 $z^{(1)} = W^{(1)} x + b^{(1)}$:
$$z_1^{(1)} = (0.5)(2) + (-1)(1) + 0.5 = 0.5$$
$$z_2^{(1)} = (0.25)(2) + (1)(1) - 0.25 = 1.25$$

#### 2. Layer 2 $z^{(2)} = W^{(2)} a^{(1)} + b^{(2)}$:
$$z^{(2)} = (0.8)(0.5) + (-0.4)(1.25) + 0.3 = 0.2$$
$$\hat{y} = a^{(2)} = z^{(2)} = 0.2$$

#### 3. Backwards:
$$\delta^{(2)} = (\hat{y} - y) \cdot 1 = 0.2 - 1.0 = -0.8$$
$$\frac{\partial L}{\partial W^{(2)}} = \delta^{(2)} (a^{(1)})^T = (-0.8) \begin{bmatrix} 0.5 & 1.25 \end{bmatrix} = \begin{bmatrix} -0.4 & -1.0 \end{bmatrix}$$
$$\frac{\partial L}{\partial b^{(2)}} = \delta^{(2)} = -0.8$$
$$\delta^{(1)} = \begin{bmatrix} -0.64 \\ 0.32 \end{bmatrix} \odot \begin{bmatrix} 1 \\ 1 \end{bmatrix} = \begin{bmatrix} -0.64 \\ 0.32 \end{bmatrix}$$
$$\frac{\partial L}{\partial W^{(1)}} = \delta^{(1)} x^T = \begin{bmatrix} -0.64 \\ 0.32 \end{bmatrix} \begin{bmatrix} 2 & 1 \end{bmatrix} = \begin{bmatrix} -1.28 & -0.64 \\ 0.64 & 0.32 \end{bmatrix}$$
$$\frac{\partial L}{\partial b^{(1)}} = \delta^{(1)} = \begin{bmatrix} -0.64 \\ 0.32 \end{bmatrix}$$
"""


def test_rows_that_go_against_most_of_how_they_are_read() -> None:
    """A network in numbers, its formulas in titles: right formulas of its gradients were blamed."""
    assert not [line for line in told(NETWORK_IN_NUMBERS) if line[0] == "✗"]


def test_widths_of_layers_are_no_derivatives() -> None:
    """``d_h = 3`` beside d_in was the adjoint of h."""
    text = ("- $d_{in} = 2$, $d_h = 3$\n- $x = [1, 2, 1]$\n- $W = \\begin{bmatrix} 1 & 0 & 1 \\\\ 0 & 1 & 1 \\end{bmatrix}$\n\n"
            "$h = W x = [2, 3]$\n")  # fmt: skip
    assert not [line for line in told(text) if line[0] == "✗"]


def test_a_step_by_the_gradient_of_a_loss_that_is_no_row() -> None:
    """The adjoint was that of the last array: a right step came to other numbers."""
    text = ("$h = [1, 2, 0.5]$, $W = [0.5, 0.1, 0.2]$, $y = [1, 0, 1]$\n\n$d = h - y = [0, 2, -0.5]$\n\n"
            "$\\frac{\\partial L}{\\partial h} = [0.2, 0.4, 0.1]$\n\n"
            "$h_{new} = h - 0.5 \\frac{\\partial L}{\\partial h} = [0.9, 1.8, 0.45]$\n")  # fmt: skip
    assert not [line for line in told(text) if line[0] == "✗"]


def test_a_derivative_in_the_prose_is_no_function_that_is_asked() -> None:
    """The rule of a gradient was the function, and right rows were those of another one, which earned nothing."""
    rows = "| v | formula | value |\n|---|---|---|\n| v1 | x*y | 6 |\n| v2 | sin(v1) | -0.2794 |\n"
    assert told("The rule is $\\bar w = 3 x y$ for x = 2, y = 3.\n\n" + rows) == []
    assert told("The function is $w = 3 x y$ for x = 2, y = 3.\n\n" + rows) != []
