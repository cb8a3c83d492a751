"""Documents with arrays checked: published networks as our own tables are right, and what is changed is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from samples import ALL, covering

import adtrace
from adtrace.checking.reporting import Report

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "published_arrays.json").read_text())}
FORMATS = ("markdown", "text", "latex", "html", "json")


def table(case: str, mode: str, form: str) -> str:
    """A table of a published example."""
    made = CASES[case]
    const = [name for name in made["inputs"] if name not in made["wrt"]]
    trace = adtrace.trace(
        "\n".join(made["program"]), at=made["inputs"], const=const, outputs=made["outputs"], weights=made.get("seed"),
        seed=dict.fromkeys(made["wrt"], 1),
    )  # fmt: skip
    return trace.table(mode=mode, format=form, layout="stacked")


def _ways() -> list[tuple[str, str, str]]:
    """Examples, each in one format and mode, each of these for a tenth of them: so many that every function, operator
    and option of the examples is met in either mode in which any of them has it.
    """
    ways = [(case, ("reverse", "forward")[place % 2], FORMATS[place // 2 % 5]) for place, case in enumerate(CASES)]
    return ways if ALL else covering({way: {*_words(way[0], way[1]), way[1:]} for way in ways})


def _words(case: str, mode: str) -> Iterator[tuple[str, str]]:
    for line in CASES[case]["program"]:
        for word in re.findall(r"[a-z_0-9]+\(|@|\.T|\*\*|[-+*/^[]|\w+=", line.partition("=")[2]):
            yield word, mode


@pytest.mark.parametrize(("case", "mode", "form"), _ways())
def test_our_tables_of_published_networks_are_right(case: str, mode: str, form: str) -> None:
    """Each number, each formula and each working of whole arrays; none is called wrong or missing."""
    report = adtrace.check(table(case, mode, form), CASES[case]["inputs"])
    assert (report.mistakes, report.exit_status, report.count("not read")) == ((), 0, 0), str(report)
    assert report.count("right") >= 4


LAYER = """y = sum(relu(W @ x + b)) at W = [[1, 2], [3, -4], [2, 1]], x = [2, 1], b = [1, 0, -6]

| row | operation | value | adjoint |
|---|---|---|---|
| W | | [[1, 2], [3, -4], [2, 1]] | {W} |
| x | | [2, 1] | {x} |
| b | | [1, 0, -6] | {b} |
| z | W @ x + b | {z} | {zbar} |
| r | relu(z) | {r} | {rbar} |
| y | sum(r) | {y} | 1 |
"""


def layer(**changed: object) -> Report:
    """A layer worked out by numpy, some of its cells changed."""
    w, x, b = np.array([[1, 2], [3, -4], [2, 1]]), np.array([2, 1]), np.array([1, 0, -6])
    z = w @ x + b
    zbar = (z > 0).astype(int)
    cells = {"W": np.outer(zbar, x), "x": w.T @ zbar, "b": zbar, "z": z, "zbar": zbar, "r": z * zbar}
    cells["rbar"] = np.ones(3, dtype=int)
    texts = {name: str(cell.tolist()) for name, cell in cells.items()} | {"y": str((z * zbar).sum())}
    return adtrace.check(LAYER.format_map(texts | {name: str(text) for name, text in changed.items()}))


def test_a_layer_is_right_whether_its_vectors_are_rows_or_columns() -> None:
    """[4, -2] and a column of LaTeX are one vector."""
    assert layer().ok, str(layer())
    column = r"$\begin{bmatrix} 4 \\ -2 \end{bmatrix}$"
    assert layer(x=column).ok, str(layer(x=column))


WRONG = [
    ("W", [[2, 2, 0], [1, 1, 0]], "W", "it is 2 x 3, and should be 3 x 2: it is transposed"),
    ("W", [[2, 1], [2, 2], [0, 0]], "W", "entry 2, 2 should be 1"),
    ("b", [1, 1], "b", "it is 2 entries, and should be 3 entries"),
    ("x", [4, 2], "x", "entry 2 should be -2"),
    ("b", [1, 1, 1], "b", "entry 3 should be 0"),
]


@pytest.mark.parametrize(("cell", "shown", "row", "sentence"), WRONG, ids=[str(case[1]) for case in WRONG])
def test_shapes_are_told_before_entries(cell: str, shown: list[object], row: str, sentence: str) -> None:
    """One mistake, of that row, and where it is."""
    report = layer(**{cell: shown})
    assert [mistake.row for mistake in report.mistakes] == [row], str(report)
    assert sentence in report.mistakes[0].sentence


@pytest.mark.parametrize(("shown", "mistakes"), [("[[1, 2], [3, 4]].T", 0), ("[[1, 3], [2, 4]].T", 1)])
def test_a_matrix_that_is_printed_transposed_is_what_it_comes_to(shown: str, mistakes: int) -> None:
    """Its entries were read as if it were not: the right one was blamed, and the wrong one passed."""
    rows = f"| row | operation | value |\n|---|---|---|\n| A | | [[1, 2], [3, 4]] |\n| v1 | A.T | {shown} |\n"
    report = adtrace.check(
        rows + "| y | sum(v1*[[1, 0], [2, 5]]) | 25 |\n",
        {"A": [[1, 2], [3, 4]]},
        function="f(A) = sum(A.T*[[1, 0], [2, 5]])",
    )
    assert len(report.mistakes) == mistakes, str(report)


def test_what_follows_from_a_wrong_array_is_no_mistake() -> None:
    """A wrong z, and the rows computed from it."""
    report = layer(z=[5, 3, -1], r=[5, 3, 0], y=8)
    assert [mistake.row for mistake in report.mistakes] == ["z"], str(report)
    assert report.count("following") == 2


BY_VALUE = [
    ("softmax(u)", lambda p, a: p * (a - (p * a).sum())),
    ("exp(u)", lambda p, a: a * p),
    ("sigmoid(u)", lambda p, a: a * p * (1 - p)),
    ("tanh(u)", lambda p, a: a * (1 - p**2)),
    ("log_softmax(u)", lambda p, a: a - np.exp(p) * a.sum()),
]


@pytest.mark.parametrize(("operation", "rule"), BY_VALUE, ids=[case[0] for case in BY_VALUE])
def test_an_adjoint_by_a_wrong_printed_value_follows_without_a_formula(
    operation: str, rule: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> None:
    """Who has a wrong p, and computes the adjoint from it as the rule has it, has made one mistake."""
    u, a = np.array([0.5, 1.25, -0.75]), np.array([3, 1, 2])
    exp = np.exp(u)
    values = {"softmax(u)": exp / exp.sum(), "exp(u)": exp, "sigmoid(u)": exp / (1 + exp), "tanh(u)": np.tanh(u)}
    p = values.get(operation, u - np.log(exp.sum()))
    p[0] += 0.05

    def report(adjoint: np.ndarray) -> Report:
        return adtrace.check(
            f"L = sum({operation}*[3, 1, 2]) at u = {u.tolist()}\n\n| row | operation | value | adjoint |\n"
            f"|---|---|---|---|\n| u | | {u.tolist()} | {adjoint.round(4).tolist()} |\n"
            f"| p | {operation} | {p.round(4).tolist()} | [3, 1, 2] |\n"
            f"| q | p*[3, 1, 2] | {(p * a).round(4).tolist()} | [1, 1, 1] |\n"
            f"| L | sum(q) | {(p * a).sum():.4f} | 1 |\n"
        )

    followed = report(rule(p, a))
    assert [(one.row, one.quantity) for one in followed.mistakes] == [("p", "value")], str(followed)
    assert followed.count("following") == 3
    own = report(rule(p, a) + np.array([0, 0.05, 0]))
    assert [(one.row, one.quantity) for one in own.mistakes] == [("u", "adjoint"), ("p", "value")], str(own)


@pytest.mark.parametrize(("x", "partial"), [(8.2549, 2.7516), (8.1548, 2.7183)])
def test_numbers_follow_from_the_value_of_their_own_row_too(x: float, partial: float) -> None:
    """exp(1) as 2.7516: the partial and the adjoint that have it in them follow; one that is neither does not."""
    text = (
        "y = 3*exp(x) at x = 1\n\n| row | operation | value | dv1/dx | adjoint |\n|---|---|---|---|---|\n"
        f"| x | | 1 | | {{}} |\n| v1 | exp(x) | 2.7516 | {partial} | 3 |\n| y | 3*v1 | 8.2549 | | 1 |\n"
    )
    assert [one.row for one in adtrace.check(text.format(x)).mistakes] == ["v_1"]
    assert len(adtrace.check(text.format(8.35)).mistakes) == 2


SECOND = """f(x) = x^2 sin(x) at x = 2

| row | operation | value | v' | {heading} |
|---|---|---|---|---|
| v1 | x^2 | 4 | 4 | {a} |
| v2 | sin(x) | 0.9093 | -0.4161 | {b} |
| v3 | v1 v2 | 3.6372 | 1.9726 | {c} |
"""


@pytest.mark.parametrize(
    ("heading", "a", "b", "c", "cause"),
    [
        ("v''", 2, -0.9093, -5.1478, ""), ("Taylor coefficient of order 2", 1, -0.4546, -2.5739, ""),
        ("v''", 2, -0.9093, -2.5739, "it is the Taylor coefficient"), ("v''", 2, -0.9093, -1.8186, "is missing"),
        ("Taylor coefficient of order 2", 1, -0.4546, -5.1478, "it is the second derivative"),
    ],
)  # fmt: skip
def test_second_derivatives_and_coefficients(heading: str, a: float, b: float, c: float, cause: str) -> None:
    """(x^2 sin x)'' = 2 sin x + 4x cos x - x^2 sin x = -5.1478 at 2, and its half."""
    report = adtrace.check(SECOND.format(heading=heading, a=a, b=b, c=c))
    assert [mistake.row for mistake in report.mistakes] == (["v_3"] if cause else []), str(report)
    assert all(cause in mistake.sentence for mistake in report.mistakes)


def test_entries_of_the_hessian() -> None:
    """x^2 y + sin y at (2, 1): 2y, 2x and -sin y."""
    rows = "| v1 = x^2 | 4 |\n| v2 = v1 y | 4 |\n| v3 = sin(y) | 0.8415 |\n| v4 = v2 + v3 | 4.8415 |\n"
    head = f"f(x, y) = x^2 y + sin(y) at x = 2, y = 1\n\n| row | value |\n|---|---|\n{rows}"
    right = adtrace.check(f"{head}| ∂²f/∂x² | 2 |\n| ∂²f/∂x∂y | 4 |\n| ∂²f/∂y² | -0.8415 |\n")
    assert right.ok, str(right)
    wrong = adtrace.check(f"{head}| ∂²f/∂x² | 2 |\n| ∂²f/∂x∂y | 2 |\n| ∂²f/∂y² | -0.8415 |\n")
    assert len(wrong.mistakes) == 1


STYLES = ("three-part", "four-column", "baydin", "ledger", "aligned", "numbered-from-one", "cppad")


@pytest.mark.parametrize("place", range(len(STYLES)), ids=STYLES)
def test_tables_of_the_second_sweep_are_right_and_a_wrong_number_is_found(place: int) -> None:
    """Each style in a format of its own; and -1/x1^2 = -0.25 at 2 as -0.35, where the table says what it is."""
    trace = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}, seed={"x1": 1, "x2": -2})
    form = ("markdown", "text", "html", "json", "text", "latex", "markdown")[place]
    table = trace.table(mode="second", style=STYLES[place], format=form)
    report = adtrace.check(table)
    assert (report.mistakes, report.exit_status) == ((), 0), str(report)
    wrong = adtrace.check(trace.table(mode="second", style=STYLES[place], format="markdown").replace("2.25", "2.35"))
    assert wrong.exit_status == 3
    assert {(mistake.row, mistake.quantity) for mistake in wrong.mistakes} <= {
        ("x_1", "second adjoint"), ("v_{-1}", "second adjoint"), ("v_1", "second adjoint"),
    }, str(wrong)  # fmt: skip


LOSSES = [
    r"$L = \frac{1}{2}\|xW + b - t\|^2$", r"$L = \frac12 \lVert xW+b-t \rVert_2^2$",
    r"$L = \frac{1}{2}\sum (xW + b - t)^2$", r"$L = \frac{1}{2}\sum_{n=1}^{N} (xW + b - t)_n^2$",
    "`L = ((x.dot(W) + b - t)**2).sum()/2`", r"$L = \frac{1}{2}\sum ((xW + b - t) \circ (xW + b - t))$",
    "`L = (x @ W + b - t) @ (x @ W + b - t).T/2`",
]  # fmt: skip
SQUARES = """{loss} with $t = [1, 0, 2]$

| | operation | value | dL/d(row) |
|---|---|---|---|
| x | | [[1, 2]] | [[{x}, 22]] |
| W | | [[1, 0, 2], [3, 1, -1]] | [[{w}, 2, -2], [12, 4, -4]] |
| b | | [0, 0, 0] | [6, 2, -2] |
| e | {operation} | [[6, 2, -2]] | [[6, 2, -2]] |
| L | {result} | {y} | 1 |
"""


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_are_read_as_people_write_them(loss: str) -> None:
    """Norms, sums without an index or over any letter, methods, products of entries, x and W as they stand together."""
    ways = {"loss": loss, "operation": "x @ W + b - t", "result": "sum(e**2)/2", "x": 2, "w": 6, "y": 22}
    right = adtrace.check(SQUARES.format(**ways))
    assert (right.mistakes, right.exit_status, right.told("note")) == ((), 0, ()), str(right)
    for cell, row in (("x", "x"), ("w", "W"), ("y", "L")):
        wrong = adtrace.check(SQUARES.format(**ways | {cell: 7}))
        assert [one.row for one in wrong.mistakes] == [row], str(wrong)
    other = adtrace.check(SQUARES.format(**ways | {"loss": loss.replace("+", "-", 1)}))
    assert other.other_function, str(other)


ADJOINTS = r"""L = -sum(y*log(softmax(z))) with z = [1, 2, 0.5] and y = [0, 0, 1]

p = softmax(z) = [0.2312, 0.6285, 0.1402]
L = -sum(y*log(p)) = 1.9644
{p}
dL/dz = {formula} = [0.2312, 0.6285, {last}]
"""


@pytest.mark.parametrize(
    ("p", "formula", "wrong"),
    [
        ("", "p - y", "y - p"),
        (r"$\bar p = -y \oslash p = [0, 0, -7.1304]$", r"(\mathrm{diag}(p) - p p^T) \bar p", r"\mathrm{diag}(p) \bar p")
    ],
)  # fmt: skip
def test_the_adjoint_of_softmax_in_textbook_forms(p: str, formula: str, wrong: str) -> None:
    """p - y, as the shares y add up to 1 nearby, too, with no adjoint of p; and by the Jacobian."""
    right = adtrace.check(ADJOINTS.format(p=p, formula=formula, last="-0.8598"))
    assert (right.mistakes, right.exit_status) == ((), 0), str(right)
    assert len(adtrace.check(ADJOINTS.format(p=p, formula=wrong, last="-0.8598")).mistakes) == 1
    assert len(adtrace.check(ADJOINTS.format(p=p, formula=formula, last="-0.8958")).mistakes) == 1


def test_ones_stand_for_what_a_sum_spreads() -> None:
    """The adjoint of the operand of a sum is 1 times that of the sum."""
    text = (
        "y = sum(r) at x = [3, -1]\n\n| row | operation | value | adjoint |\n|---|---|---|---|\n"
        r"| x | | [3, -1] | $\bar x = {} \odot \bar r = [1, 0]$ |" "\n"
        r"| r | relu(x) | [3, 0] | $\bar r = \mathbf{{1}} \bar y = [1, 1]$ |" "\n| y | sum(r) | 3 | 1 |\n"
    )  # fmt: skip
    right = adtrace.check(text.format(r"\mathbb{1}[x > 0]"))
    assert right.ok, str(right)
    assert not adtrace.check(text.format(r"\mathbb{1}[x < 0]")).ok


def test_inputs_of_which_nobody_gives_an_adjoint_are_noted() -> None:
    """Who differentiates by W and b alone has the data x and the labels: that their adjoints are missing is a note."""
    text = """x = [1, 2]
W = [[1, 0], [3, 1]]
b = [0, 1]
t = [1, 1]
z = W @ x + b = [1, 6]
e = z - t = [0, 5]
L = (e**2).sum()/2 = 12.5
dz = e = [0, 5]
dW = np.outer(dz, x) = [[0, 0], [5, 10]]
db = dz = [0, 5]
de = e = [0, 5]
"""
    report = adtrace.check(text)
    assert (report.mistakes, report.exit_status) == ((), 0), str(report)


@pytest.mark.parametrize("operation", ["$a b^T$", "a @ b.T", "outer(a, b)", r"$a b^{\top}$"])
def test_a_vector_times_a_transposed_one_is_each_by_each(operation: str) -> None:
    """Of vectors alike too, whether what is printed of it is right or turned."""
    text = (
        "| row | operation | value | adjoint |\n|---|---|---|---|\n| a | | [1, 2] | [20, 40] |\n"
        "| b | | [3, -1] | [30, -10] |\n| M | {} | {} | [[6, -2], [12, -4]] |\n| S | sum(M^2) | 50 | 1 |\n"
    )
    assert adtrace.check(text.format(operation, [[3, -1], [6, -2]])).ok
    wrong = adtrace.check(text.format(operation, [[3, 6], [-1, -2]]))
    assert [(one.row, one.quantity) for one in wrong.mistakes] == [("M", "value")], str(wrong)


HESSIANS = [
    r"and the Hessian is $H = \begin{{pmatrix}} 4 & 2 \\ 2 & {} \end{{pmatrix}}$.",
    r"$\nabla^2 f(1, 2) = \left[\begin{{array}}{{cc}} 4 & 2 \\ 2 & {} \end{{array}}\right]$", "∇²f = [[4, 2], [2, {}]]",
    "The Hessian of f at (1, 2) is [[4, 2], [2, {}]].",
]  # fmt: skip


@pytest.mark.parametrize("sentence", HESSIANS)
def test_the_hessian_in_a_sentence(sentence: str) -> None:
    """x^2 y + sin y at (1, 2): -sin 2 = -0.9093 in its last place; a wrong entry passed unseen."""
    text = (
        "f(x, y) = x^2 y + sin(y) at x = 1, y = 2\n\n| row | operation | value |\n|---|---|---|\n| v1 | x^2 | 1 |\n"
        f"| v2 | v1*y | 2 |\n| v3 | sin(y) | 0.9093 |\n| v4 | v2+v3 | 2.9093 |\n\n{sentence}\n"
    )
    right = adtrace.check(text.format("-0.9093"))
    assert right.ok, str(right)
    assert right.count("right") > 8
    wrong = adtrace.check(text.format("0.9093"))
    assert [(one.row, one.quantity) for one in wrong.mistakes] == [("y", "Hessian entry")], str(wrong)


BATCH = """X = [[1, 2, -1], [0.5, -1, 2]]
W = [[0.3, -0.2]]
b = [[0.1]]
J = np.mean((W @ X + b)**2)
dW = {W}
db = {b}
"""


def test_causes_where_a_bias_is_repeated_over_a_batch() -> None:
    """The residual is [0.3, 0.9, -0.6]: dW = 2/3 [2.7, -1.95], db = 2/3 0.6; a matrix of one entry has no place."""
    assert adtrace.check(BATCH.format(W="[[1.8, -1.3]]", b="[[0.4]]")).ok
    causes = {"[[-1.8, 1.3]]": "for its sign", "[[5.4, -3.9]]": "is left out", "[[0.6, -0.4333]]": "divided by 3"}
    for shown, cause in causes.items():
        report = adtrace.check(BATCH.format(W=shown, b="[[0.4]]"))
        assert [cause in one.sentence for one in report.mistakes] == [True], str(report)
    assert "entry" not in str(adtrace.check(BATCH.format(W="[[1.8, -1.3]]", b="[[0.5]]")))


def test_coefficients_of_order_1_are_tangents() -> None:
    """Along (1, 1, 1) softmax does not move, so that only the heading tells of which order its numbers are."""
    at = {"u": [1, 2, 0.5], "y": [0, 0, 1]}
    trace = adtrace.trace("s = softmax(u)\nL = -sum(y*log(s))", at=at, const=["y"])
    text = trace.table(mode="forward", style="cppad", format="markdown")
    report = adtrace.check(text, at)
    assert report.ok, str(report)
    assert not adtrace.check(text.replace("$(1, 1, 1)$", "$(1, 1, 2)$"), at).ok


@pytest.mark.parametrize(("entry", "is_right"), [
    ("0.3*0 + 0.5*2", True), ("0*0.3 + 2*0.5", True), ("0.4*0 + 0.5*2", False), ("0.1*0 + 0.5*2", True),
    ("0.3*0 + 0.5*2 + 0*0.7", False),
])  # fmt: skip
def test_a_factor_0_hides_no_wrong_entry(entry: str, is_right: bool) -> None:
    """W x with x = (0, 2): by the 0 nothing is multiplied that is not of the first column of W."""
    text = f"x = [0, 2]\nW = [[0.3, 0.5], [0.1, -0.2]]\nz = W @ x = [{entry}, 0.1*0 - 0.2*2] = [1, -0.4]\n"
    report = adtrace.check(f"{text}L = sum(z**2) = 1.16\n")
    assert [one.row for one in report.mistakes] == ([] if is_right else ["z"]), str(report)


def test_data_beside_parameters_may_have_no_adjoint_in_their_cells() -> None:
    """An empty cell of x is a note, as its row is; one of b is empty."""
    text = """z = W x + b, L = sum(z^2) at W = [[1, 2], [0, 1]], b = [1, -1], x = [1, 1]

| node | operation | value | gradient |
|---|---|---|---|
| W | | [[1, 2], [0, 1]] | [[8, 8], [0, 0]] |
| b | | [1, -1] | {} |
| x | | [1, 1] | |
| z | W @ x + b | [4, 0] | [8, 0] |
| L | sum(z^2) | 16 | 1 |
"""
    assert adtrace.check(text.format("[8, 0]")).ok
    assert [one.row for one in adtrace.check(text.format("")).findings if one.state == "empty"] == ["b"]


LISTING = """A layer, c = 3

X = tf.constant([[1., -2.], [3., 0.5]])
gamma = [2, 0.5]

mu = X.mean(axis=0) = [2, -0.75]
var = ((X - mu)**2).mean(axis=0) = [1, 1.5625]
H = tf.nn.relu(gamma*(X - mu)) = {H}
f = H.reshape(4) = [0, 0, 2, {f}]
Q = f[:, None]*gamma[None, :] = [[0, 0], [0, 0], [4, 1], [1.25, 0.3125]]
L = tf.reduce_sum(tf.matmul(tf.transpose(Q), Q)) = {L}
"""


@pytest.mark.parametrize(("cell", "row"), [("", ""), ("H", "H"), ("f", "f"), ("L", "L")])
def test_listings_of_numpy_and_tensorflow_are_read(cell: str, row: str) -> None:
    """Names that are functions elsewhere, gamma, var and H; reshapes, new axes; a number of the prose is no X."""
    right = {"H": "[[0, 0], [2, 0.625]]", "f": "0.625", "L": "27.4414"}
    wrong = {"H": "[[0, 0], [2, 0.725]]", "f": "0.7", "L": "27.5"}
    report = adtrace.check(LISTING.format(**right | ({cell: wrong[cell]} if cell else {})))
    assert [one.row for one in report.mistakes] == ([row] if row else []), str(report)
    assert not report.count("not read"), str(report)


def test_the_gradient_by_the_array_that_a_function_is_of() -> None:
    """The gradient of x^T A x is (A + A^T) x; it was taken for the adjoint of f itself."""
    text = r"""Let $A = [[2, 1], [1, 3]]$ and $x = [1, -2]$.

\begin{{align}}
u &= A x = [0, -5] \\
f &= x^T u = 10 \\
\nabla f &= {formula} = {number}
\end{{align}}
"""
    right = {"formula": "(A + A^T) x", "number": "[0, -10]"}
    assert adtrace.check(text.format(**right)).ok, str(adtrace.check(text.format(**right)))
    for wrong in ({"formula": "(A - A^T) x"}, {"number": "[0, -5]"}):
        assert not adtrace.check(text.format(**right | wrong)).ok


def test_a_mean_is_of_several_numbers() -> None:
    """y*log(p) below a mean is entry by entry: a mean that is not divided by 3 passed as that of a dot product."""
    text = "y = [1, 0, 1]\np = [0.5, 0.25, 0.75]\nJ = -mean(y*log(p) + (1 - y)*log(1 - p)) = {}\n"
    assert adtrace.check(text.format("0.4228")).ok
    assert [one.row for one in adtrace.check(text.format("1.2685")).mistakes] == ["J"]


def test_a_list_of_equations_behind_a_title_goes_on() -> None:
    """L stands in the list of what is given, too, otherwise written: another piece of work was begun, without X."""
    text = r"""Let $X = [[1, 2], [0, -1]]$, $W = [[0.5, 1], [-1, 2]]$ and $L = \sum_{ij} (XW)_{ij}^2$.

**Forward.**

$$Z = XW = [[-1.5, 5], [1, -2]]$$

$$L = \sum_{ij} Z_{ij}^2 = 32.25$$
"""
    assert adtrace.check(text).ok, str(adtrace.check(text))
    assert [one.row for one in adtrace.check(text.replace("32.25", "32")).mistakes] == ["L"]


SHAPED = """y = sum(relu(W @ x)) at W = [[1, 2, 0], [3, -4, 1]], x = [2, 1, 1]

| row | operation | value | shape |
|---|---|---|---|
| W | | [[1, 2, 0], [3, -4, 1]] | {W} |
| x | | [2, 1, 1] | {x} |
| z | W @ x | [4, 3] | {z} |
| y | sum(relu(z)) | 7 | {y} |

| row | adjoint | shape |
|---|---|---|
| dy/dW | [[2, 1, 1], [2, 1, 1]] | {dW} |
"""


@pytest.mark.parametrize(("cell", "shown", "state"), [
    ("W", "2×3", "right"), ("W", "[2, 3]", "right"), ("W", "(3, 2)", "wrong"), ("W", "(2,)", "wrong"),
    ("W", "(2, 3) and (3, 2)", "not read"), ("x", r"$3 \times 1$", "right"), ("x", "torch.Size([3])", "right"),
    ("x", "(1, 2)", "wrong"), ("z", r"$\mathbb{R}^2$", "right"), ("z", "()", "wrong"), ("z", "1", "not read"),
    ("y", "(2,)", "wrong"), ("dW", "(3, 2)", "wrong"),
])  # fmt: skip
def test_shapes_beside_rows_are_those_of_their_values(cell: str, shown: str, state: str) -> None:
    """A wrong one passed, and [2, 3] was blamed for not being the value; a lone number may count axes, and is left."""
    right = {"W": "(2, 3)", "x": "(3,)", "z": "(2,)", "y": "()", "dW": "(2, 3)"}
    report = adtrace.check(SHAPED.format(**right | {cell: shown}))
    states = [one.state for one in report.findings if one.quantity == "shape"]
    assert (len(states), states[[*right].index(cell)]) == (5, state), str(report)
    assert report.count("right") == len(report.findings) - (state != "right"), str(report)


@pytest.mark.parametrize("function", [None, "sum((W @ x) * (W @ x))"])
def test_a_table_of_formulas_of_adjoints_is_of_the_rows_before(function: str | None) -> None:
    """Formulas of adjoints below names of rows seemed to define them otherwise: another piece, without operations, in
    which nothing was read, after seconds.
    """
    text = """| row | operation | value |
|---|---|---|
| z | W @ x | [4, 3] |
| t | z * z | [16, 9] |
| y | sum(t) | 25 |

| row | formula | adjoint |
|---|---|---|
| t | | [1, 1] |
| z | 2 * tbar * z | {} |
| W | zbar @ x^T | [[16, 8, 8], [12, 6, 6]] |
"""
    at = {"W": [[1, 2, 0], [3, -4, 1]], "x": [2, 1, 1]}
    report = adtrace.check(text.format("[8, 6]"), at=at, function=function)
    assert (report.count("right"), len(report.mistakes), report.count("not read")) == (11, 0, 0), str(report)
    assert [one.row for one in adtrace.check(text.format("[8, 3]"), at=at, function=function).mistakes] == ["z"]


def test_a_row_without_a_readable_operation_is_the_part_of_the_function_with_its_value() -> None:
    """W*x in that part is a product of matrices, too: of many parts the first were tried, and right rows blamed."""
    function, value = "W*x", np.array([[1, 2], [-1, 1]]) @ np.array([1, -1])
    table = "| row | operation | value |\n|---|---|---|\n| v1 | W*x | [-1, -2] |\n"
    for k in range(2, 28):
        function, value = f"3*sin({function})", 3 * np.sin(value)
        operation = "see above" if k == 18 else f"3*sin(v{k - 1})"
        table += f"| v{k} | {operation} | [{value[0]:.4f}, {value[1]:.4f}] |\n"
    report = adtrace.check(table, at={"W": [[1, 2], [-1, 1]], "x": [1, -1]}, function=function)
    assert (report.mistakes, report.problems, report.count("not read")) == ((), (), 1), str(report)


def test_local_derivatives_of_arrays_may_be_entry_by_entry() -> None:
    """cos(v1) of sin(v1), where each entry is computed from its own alone; of a product of matrices it is no such."""
    table = """x = [1, 2, 3]

| row | operation | value | local derivative |
|---|---|---|---|
| x | | [1, 2, 3] | |
| v1 | x^2 | [1, 4, 9] | 2x = [2, 4, 6] |
| v2 | sin(v1) | [0.8415, -0.7568, 0.4121] | cos(v1) = [0.5403, -0.6536, -0.9111] |
| L | sum(v2) | 0.4968 | [1, 1, 1] |
"""
    assert adtrace.check(table).exit_status == 0
    for right, slip in (("[2, 4, 6]", "[2, 4, 5]"), ("| cos(v1)", "| -cos(v1)"), ("-0.6536", "-0.6436")):
        (mistake,) = adtrace.check(table.replace(right, slip)).mistakes
        assert mistake.quantity.startswith("partial"), str(mistake)
    sums = "A = [[1, 2], [3, 4]], x = [1, 1]\n\n| row | operation | value | local derivative |\n|---|---|---|---|\n"
    rows = "| A | | [[1, 2], [3, 4]] | |\n| x | | [1, 1] | |\n| z | 2*x | [2, 2] | [2, 2] |\n"
    rows += "| y | A @ z | [6, 14] | [4, 6] |\n"
    assert [mistake.row for mistake in adtrace.check(sums + rows).mistakes] == ["y"]
