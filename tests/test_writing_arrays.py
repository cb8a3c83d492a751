"""Formulas of arrays and arrays of texts in every dialect."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adtrace.language.syntax import Apply, Name, Number, Term
from adtrace.writing.arrays import arranged
from adtrace.writing.dialects import LATEX, MARKDOWN, PLAIN, TERMINAL, TYPST, width
from adtrace.writing.mathml import MATHML
from adtrace.writing.matrices import COLUMN, ROW, kept_places, laid_out, levelled, unfolded
from adtrace.writing.notation import Dialect, spelled

SIZES = {"W": (2, 2), "x": (2,), "h": (2,), "y": (2,), "k": (3,), "a": (), "z_1": (2,)}
ALL = (None, None, None)


def call(head: str, *operands: str | tuple[Term, ...], **options: Any) -> tuple[Term, ...]:
    """The terms of a call."""
    terms: list[Term] = []
    for operand in operands:
        terms.extend((Name(operand, 0),) if isinstance(operand, str) else operand)
    return (*terms, Apply(head, len(operands), 0, tuple(options.items())))


ONE = (Number("1", 1, 0, 0),)
FORMULAS: list[tuple[tuple[Term, ...], str, str, str, str]] = [
    # terms, as typed, in a terminal, LaTeX, Typst
    (call("add", call("matmul", "W", "x"), "h"), "W @ x + h", "W x + h", r"W\,x + h", "W thin x + h"),
    (call("matmul", call("transpose", "W"), "h"), "W.T @ h", "Wᵀ h", r"W^{\mathsf T}\,h",
     "W^(upright(sans(T))) thin h"),
    (call("matmul", "h", "x"), "h @ x", "h · x", r"h \cdot x", "h dot x"),
    (call("outer", "h", "x"), "outer(h, x)", "h xᵀ", r"h\,x^{\mathsf T}", "h thin x^(upright(sans(T)))"),
    (call("mul", "a", "x"), "a*x", "a x", r"a\,x", "a thin x"),
    (call("mul", "h", "x"), "h*x", "h ⊙ x", r"h \odot x", "h dot.o x"),
    (call("mul", "a", "a"), "a*a", "a × a", r"a \times a", "a times a"),
    (call("conv1d", "x", "k"), "conv1d(x, k)", "x ⋆ k", r"x \star k", "x star k"),
    (call("convolve", "x", "k"), "convolve(x, k)", "x * k", "x * k", "x * k"),
    (call("conv1d", "x", "k", stride=2, padding=0), "conv1d(x, k, stride=2, padding=0)", "conv1d(x, k, stride=2)",
     r"\operatorname{conv1d}(x, k, \mathit{stride} = 2)", 'op("conv1d")(x, k, italic("stride") = 2)'),
    (call("sum", "x"), "sum(x)", "Σᵢ xᵢ", r"\sum_{i} x_{i}", "sum_(i) x_(i)"),
    (call("mul", "h", call("sub", "h", call("sum", call("mul", "x", "h")))), "h*(h - sum(x*h))", "h ⊙ (h - Σᵢ xᵢ hᵢ)",
     r"h \odot (h - \sum_{i} x_{i}\,h_{i})", "h dot.o (h - sum_(i) x_(i) thin h_(i))"),
    (call("sum", "W", axis=0), "sum(W, axis=0)", "Σᵢ Wᵢⱼ", r"\sum_{i} W_{i,j}", "sum_(i) W_(i,j)"),
    (call("norm", "x"), "norm(x)", "‖x‖", r"\lVert x\rVert", "norm(x)"),
    (call("part", "x", index=(0,)), "x[0]", "x₁", "x_{1}", "x_(1)"),
    (call("part", "W", index=(("slice", *ALL), ("slice", 0, 5, None))), "W[:, 0:5]", "W[:,1..5]", "W_{:,1..5}",
     "W_(:,1 dots 5)"),
    (call("part", "z_1", index=(-1,)), "z_1[-1]", "z₁[2]", "z_{1,2}", "z_(1, 2)"),
    (call("part", "W", index=(("list", 0, 1),)), "W[[0, 1]]", "W[(1,2)]", "W_{(1,2)}", "W_((1,2))"),
    (call("bce", "h", "y"), "bce(h, y)", "bce(h, y)", r"\operatorname{bce}(h, y)", 'op("bce")(h, y)'),
    (call("div", call("sub", "h", "y"), call("mul", "h", call("sub", ONE, "h"))), "(h - y)/(h*(1 - h))",
     "(h - y)/(h ⊙ (1 - h))", r"(h - y)/(h \odot (1 - h))", "(h - y)/(h dot.o (1 - h))"),
]  # fmt: skip


@pytest.mark.parametrize("case", FORMULAS, ids=lambda case: case[1])
def test_a_formula_of_arrays_has_the_signs_of_its_shapes(case: tuple[tuple[Term, ...], str, str, str, str]) -> None:
    """Which product a ``*`` is follows from the shapes; typed indices count from 0, printed ones from 1."""
    terms, *texts = case
    assert spelled(terms, PLAIN).text == texts[0]
    for dialect, text in zip((TERMINAL, LATEX, TYPST), texts[1:], strict=True):
        assert spelled(arranged(terms, SIZES), dialect).text == text


def test_markdown_has_no_backslash_before_punctuation_in_formulas_of_arrays() -> None:
    r"""A parser of Markdown would take ``\,`` for a comma; ``}_`` begins emphasis in some."""
    for terms, *_ in FORMULAS:
        text = spelled(arranged(terms, SIZES), MARKDOWN).text
        assert not re.search(r"\\[^A-Za-z]|\}_", text), text


def test_mathml_of_formulas_of_arrays_is_well_formed() -> None:
    """Every tag that is opened is closed."""
    from xml.etree import ElementTree as ET

    for terms, *_ in FORMULAS:
        ET.fromstring(MATHML.math(spelled(arranged(terms, SIZES), MATHML).text))


def test_a_matrix_in_every_dialect() -> None:
    """Square brackets with the entries in rows, a vector in a line or a column."""
    entries, shape = ["1", "-1", "0.5", "0.25"], (2, 2)
    dialects: dict[Dialect, tuple[str, str]] = {
        LATEX: (r"\adtmat{rr}{1 & -1\\ 0.5 & 0.25}", r"\adtmat{r}{1\\ 2}"),
        MARKDOWN: (r"\begin{bmatrix}1 & -1 \cr 0.5 & 0.25\end{bmatrix}", r"\begin{bmatrix}1 \cr 2\end{bmatrix}"),
        TYPST: ('mat(delim: "[", align: #right, 1, -1; 0.5, 0.25)', 'mat(delim: "[", align: #right, 1; 2)'),
        PLAIN: ("[[1, -1], [0.5, 0.25]]", "[[1], [2]]"),
    }
    for dialect, (matrix, column) in dialects.items():
        assert dialect.brackets is not None
        assert laid_out(entries, shape, dialect.brackets) == matrix
        assert laid_out(["1", "2"], (2,), dialect.brackets, COLUMN) == column
    assert MATHML.brackets is not None
    assert laid_out(entries, shape, MATHML.brackets).count("<mtd>") == 4
    assert laid_out(["1", "2", "-1"], (3,), MARKDOWN.brackets or LATEX.brackets) == "(1, 2, -1)"  # type: ignore[arg-type]


def lines(text: str) -> list[str]:
    """The lines of a text in a terminal."""
    return unfolded(text, width)


def terminal(entries: list[str], shape: tuple[int, ...], vector: str = "line") -> str:
    """An array in a terminal."""
    assert TERMINAL.brackets is not None
    return laid_out(entries, shape, TERMINAL.brackets, vector)


def test_matrices_stand_beside_each_other_in_a_terminal() -> None:
    """Names and signs are on the middle line, for two lines on the first."""
    product = f"= {terminal(['1', '-1', '0.5', '0.25'], (2, 2))} {terminal(['1', '2'], (2,), COLUMN)} + z̄"
    assert lines(product) == ["= ⎡  1    -1⎤ ⎡1⎤ + z̄", "  ⎣0.5  0.25⎦ ⎣2⎦"]
    assert lines(f"x {terminal(['1', '2', '3'], (3,), COLUMN)}") == ["  ⎡1⎤", "x ⎢2⎥", "  ⎣3⎦"]
    assert lines(terminal(["1", "2"], (2,), ROW)) == ["[1  2]"]


def test_a_large_array_leaves_entries_out_and_has_its_shape_beside_it() -> None:
    """Whole up to 6 entries an axis; then three, dots, the last."""
    assert kept_places((7,)) == [0, 1, 2, 6]
    assert kept_places((6,)) == list(range(6))
    assert kept_places((2, 9)) == [0, 1, 2, 8, 9, 10, 11, 17]
    assert terminal(["1", "2", "3", "9"], (9,)) == "(1, 2, 3, …, 9) ∈ ℝ⁹"
    found = lines(terminal([str(k) for k in kept_places((784, 7))], (784, 7)))
    assert found == [
        "⎡   0     1     2  …     6⎤",
        "⎢   7     8     9  …    13⎥",
        "⎢  14    15    16  …    20⎥ ∈ ℝ⁷⁸⁴ˣ⁷",
        "⎢   ⋮     ⋮     ⋮  ⋱     ⋮⎥",
        "⎣5481  5482  5483  …  5487⎦",
    ]


def test_tensors_are_matrices_beside_each_other() -> None:
    """With commas, in brackets."""
    numbers = [str(k) for k in range(8)]
    assert lines(terminal(numbers, (2, 2, 2))) == ["⎛⎡0  1⎤, ⎡4  5⎤⎞", "⎝⎣2  3⎦  ⎣6  7⎦⎠"]
    assert PLAIN.brackets is not None
    assert laid_out(numbers, (2, 2, 2), PLAIN.brackets) == "[[[0, 1], [2, 3]], [[4, 5], [6, 7]]]"
    assert laid_out(numbers, (2, 1, 2, 2), PLAIN.brackets) == "[[[[0, 1], [2, 3]]], [[[4, 5], [6, 7]]]]"


def test_one_number_of_decimals_in_an_array_as_soon_as_an_entry_is_rounded() -> None:
    """Exact entries stay as they are beside others."""
    assert levelled(["0.5", "17.5", "0"], [False] * 3, 4) == ["0.5", "17.5", "0"]
    assert levelled(["0.5", "0.3775", "-1"], [False, True, False], 4) == ["0.5000", "0.3775", "-1.0000"]
    assert levelled(["1.000e-10", "2"], [True, False], 4) == ["1.000e-10", "2.0000"]
