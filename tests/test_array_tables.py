"""Tables of arrays read back: their results against published figures, their formulas with numbers put in against
their results, and how they are laid out in each format.
"""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from array_reader import Unread, entries, last_part, value_of
from outside import missing, needs

import adtrace
from adtrace.writing.dialects import MARKDOWN
from adtrace.writing.matrices import kept_places

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "published_arrays.json").read_text())}
DENSE = (
    "z = W @ x + b\nh = sigmoid(z)\nL = bce(h, y)",
    {"x": [1, 2], "W": [[1, -1], ["1/2", "1/4"]], "b": ["0.5", "-0.5"], "y": [1, 0]},
)
CONVOLUTION = (
    "z = conv1d(x, k) + b\nr = relu(z)\nv = maxpool1d(r, 2, stride=1)\nyhat = w @ v + a\nL = (y - yhat)^2/2",
    {"x": [1, 2, -1, 3, "0.5"], "k": [1, -1, 2], "b": "0.5", "w": [2, -1], "a": "0.25", "y": 1},
)


@cache
def table(case: str, mode: str) -> list[list[str]]:
    """The cells of a published example's table in Markdown."""
    made = CASES[case]
    given = {"outputs": made["outputs"], "weights": made.get("seed"), "seed": dict.fromkeys(made["wrt"], 1)}
    const = [name for name in made["inputs"] if name not in made["wrt"]]
    trace = adtrace.trace("\n".join(made["program"]), at=made["inputs"], const=const, **given)
    text = trace.table(mode=mode, format="markdown", layout="stacked")
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| $")]
    return [[cell.strip(" |").strip("$") for cell in row] for row in rows]


def shape(nested: Any) -> tuple[int, ...]:
    """The lengths of nested lists."""
    return (len(nested), *shape(nested[0])) if isinstance(nested, list) else ()


def flat(nested: Any) -> list[str]:
    """The entries of nested lists in row order."""
    return [entry for part in nested for entry in flat(part)] if isinstance(nested, list) else [nested]


def rounded_to(texts: list[float], figures: Any) -> bool:
    """Whether these are the figures, or those that are shown of them, to 4 decimals or 4 significant digits."""
    wanted = [float(flat(figures)[place]) for place in kept_places(shape(figures))]
    return len(texts) == len(wanted) and texts == pytest.approx(wanted, rel=6e-4, abs=5.01e-5)


@pytest.mark.parametrize("case", CASES)
def test_results_in_tables_are_the_published_figures(case: str) -> None:
    """Each value and each adjoint that a table shows by a name of the program."""
    computed, checked = CASES[case]["computed"], 0
    for kind, mark in (("values", str), ("adjoints", MARKDOWN.bar)):
        names = {MARKDOWN.cell(mark(MARKDOWN.name_of(name))): name for name in computed[kind]}
        for row in table(case, "reverse"):
            if row[0] in names and row[-1]:
                figures = computed[kind][names[row[0]]]
                assert rounded_to(entries(last_part(row[-1])), figures), (row, figures)
                checked += 1

    assert checked >= len(CASES[case]["program"])


def test_numbers_put_in_give_the_results() -> None:
    """What stands before the last equals sign comes to what stands behind it, as far as rounded numbers tell."""
    compared, unread = 0, []
    for case in CASES:
        for mode in ("reverse", "forward"):
            for row in table(case, mode):
                put_in, _, result = row[-1].removeprefix("= ").rpartition(" = ")
                if not put_in:
                    continue
                try:
                    value = value_of(put_in)
                except Unread:
                    unread.append((case, row[-1]))
                    continue
                found = np.asarray(value, dtype=float).reshape(-1)
                wanted = entries(result)
                near = 4e-3 * max(1.0, *map(abs, entries(put_in)), *map(abs, wanted))
                assert list(found) == pytest.approx(wanted, rel=2e-3, abs=near), (case, mode, row)
                compared += 1

    assert compared > 400
    assert len(unread) < compared / 10, unread[:5]


def lines_of(text: str) -> list[str]:
    """The lines of a table in text."""
    return text.splitlines()


def dense(**given: Any) -> str:
    """The table of W x + b, a sigmoid and a loss."""
    program, at = DENSE
    return adtrace.trace(program, at=at, const=["y"]).table(**{"format": "text", "mode": "reverse"} | given)


def convolution(**given: Any) -> str:
    """The table of the convolutional network of the homework."""
    program, at = CONVOLUTION
    return adtrace.trace(program, at=at, const=["y"]).table(**{"format": "text", "mode": "reverse"} | given)


def test_a_product_and_what_is_added_to_it_are_one_line() -> None:
    """``W x + b``, with the matrices put in and the result; the adjoints are those of the textbook."""
    text = dense()
    assert "z = W x + b    = ⎡  1    -1⎤ ⎡1⎤ + ⎡ 0.5⎤ = ⎡-0.5⎤" in text
    assert re.search(r"W\u0304 = z\u0304 xᵀ +\= ⎡-0\.6225⎤ \[1  2\] = ⎡-0\.6225  -1\.2449⎤", text)
    assert re.search(r"x\u0304 = Wᵀ z\u0304 += ⎡ 1   0\.5⎤ ⎡-0\.6225⎤ = ⎡-0\.3112⎤", text)


def test_rows_of_one_operation_and_of_statements() -> None:
    """``rows="single"`` parts the product from the bias; ``"statements"`` has a line for each statement."""
    single, statements = convolution(rows="single"), convolution(rows="statements")
    assert "t₁   = x ⋆ k" in single  # v₁ is an entry of the pool v
    assert "z    = t₁ + b" in single
    assert "L    = (y - yhat)^2/2          = (1 - 9.75)^2/2 = 38.2812" in statements
    assert "t₇" not in statements
    scalars = adtrace.trace("z = k*x1 + k*x2 + b\ny = z^2", at={"x1": 1, "x2": 2, "k": 3, "b": 4}, rows="statements")
    assert "z  = k × x₁ + k × x₂ + b = 3 × 1 + 3 × 2 + 4 = 13" in scalars.table(format="text", mode="reverse")
    with pytest.raises(adtrace.OptionError, match="argument of trace"):
        dense(rows="entries")
    for mode, order in (("second", 2), ("forward", 2)):
        with pytest.raises(adtrace.OptionError, match="rows=statements has derivatives of the first order"):
            scalars.table(format="text", mode=mode, order=order)


def test_vectors_stand_in_columns_beside_matrices_and_else_in_lines() -> None:
    """Of a product of a matrix and a vector all vectors of the table are columns."""
    assert "⎡1⎤" in dense()
    assert "x    ∈ ℝ⁵                      = (1, 2, -1, 3, 0.5)" in convolution()


def test_what_maxima_took_is_underlined_and_named() -> None:
    """The entries in the row above; by their names where the maximum is; each adjoint where it came from."""
    text = convolution()
    assert "= (0, 9̲.̲5̲, 0)" in text
    assert "= (r₂, r₂) = (9.5, 9.5)" in text
    assert "r̄    = unpool(v̄)   = (0, 17.5 - 8.75, 0) = (0, 8.75, 0)" in text
    assert r"\underline{9.5}" in convolution(format="markdown")
    assert r"\adttaken{9.5}" in convolution(format="latex")


def test_a_bracket_says_where_relu_passes() -> None:
    """Its slope by the convention relu'(0) = 0 is a bracket, whose numbers are 0 and 1; at a kink none are put in."""
    assert "z̄    = r̄ ⊙ [z > 0] = (0 × 0, 8.75 × 1, 0 × 0) = (0, 8.75, 0)" in convolution()
    kinked = adtrace.trace("r = relu(z)\nL = sum(r*w)", at={"z": [0, 1], "w": [2, 3]}, kinks={"relu": "1/2"})
    text = kinked.table(format="text", mode="reverse")
    assert re.search(r"z̄ += r̄ ⊙ \[z > 0\] += \(1, 3\)", text)
    assert "is at its kink in the entry r₁" in text


def test_data_have_no_adjoint_row() -> None:
    """Neither in the table nor in the JSON."""
    assert "y\u0304" not in dense()
    document = adtrace.trace(DENSE[0], at=DENSE[1], const="y").to_dict(mode="reverse")
    assert sorted(document["gradient"]) == ["W", "b", "x"]
    assert "adjoint" not in document["independents"][3]
    assert document["independents"][1]["shape"] == [2, 2]
    assert document["gradient"]["W"] == [["-0.6225", "-1.2449"], ["0.6225", "1.2449"]]


def test_stacked_traces_are_both_read_downwards() -> None:
    """The reverse trace begins with the loss; beside each other it is read upwards, and the caption says so."""
    below, beside = lines_of(dense()), dense(layout="side")
    assert [line.split()[1] for line in below if line.startswith(("│ L\u0304", "│ b\u0304"))] == [
        "L\u0304", "b\u0304",
    ]  # fmt: skip
    assert "upwards" not in below[0]
    assert "(read the right panel upwards)" in beside
    narrow = adtrace.trace("L = sum(x*y)", at={"x": [1, 2], "y": [3, 4]}).table(format="text", mode="reverse")
    assert "Reverse adjoint trace" in lines_of(narrow)[2]
    assert "Forward evaluation trace" in lines_of(narrow)[2]


def test_captions_and_notes_of_arrays() -> None:
    """Short vectors stand in the caption; an array output starts with 1 in every entry; parts are counted from 1."""
    trace = adtrace.trace("y = tanh(W @ x)\nz = y*x[0]", at={"x": [1, 2], "W": [[1, 2], [3, 4]]})
    text = trace.table(format="text", mode="reverse")
    assert "at x = (1, 2), W as in the first rows. Setting every entry of z̄ to 1 gives the gradient of the sum" in text
    assert "Parts are typed from 0, and printed from 1: x[0] is x₁." in text
    weighted = adtrace.trace("y = 2*x", at={"x": [1, 2]}, weights={"y": [3, -1]})
    said = weighted.table(format="text", mode="reverse")
    assert "Setting y\u0304 = (3, -1) gives the gradient of the weighted sum of the entries of y" in said


def test_large_arrays_leave_entries_out_and_say_so() -> None:
    """A network on doubles has its shapes and dots; no numbers are put in."""
    rng = np.random.default_rng(1)
    at = {"X": rng.normal(size=(8, 20)), "W": rng.normal(size=(20, 7)), "b": rng.normal(size=7)}
    text = adtrace.trace("L = sum(relu(X @ W + b))", at=at, const="X").table(format="text", mode="reverse")
    assert "Of an axis with more than 6 entries the first three and the last are shown." in text
    assert "⋱" in text
    assert "∈ ℝ²⁰ˣ⁷" in text
    assert max(map(len, lines_of(text)[1:])) < 120


def test_markdown_ends_the_rows_of_matrices_as_its_flavour_has_it() -> None:
    r"""``\cr`` for GitHub, whose parser makes one backslash of two; two for the others."""
    assert r"\begin{bmatrix}1 \cr 2\end{bmatrix}" in dense(format="markdown")
    for flavour in ("pandoc", "quarto", "myst"):
        assert r"\begin{bmatrix}1 \\ 2\end{bmatrix}" in dense(format="markdown", flavour=flavour)


def test_a_document_asks_for_entries() -> None:
    r"""``\adtvalue`` by W[0,1], and by the names of statements."""
    from adtrace.latexbuild.fragments import values

    known = values(adtrace.trace(DENSE[0], at=DENSE[1], const="y"), {"mode": "reverse"})
    assert known["W[0,1]"] == "-1.2449"
    assert known["bar z[1]"] == "0.6225"
    assert known["z[0]"] == "-0.5"
    assert known["W"] == r"\adtmat{rr}{-0.6225 & -1.2449\\ 0.6225 & 1.2449}"
    assert "y[0]" not in known


def test_graphs_have_shapes_on_their_edges() -> None:
    """A vertex for each operation; numbers where they are numbers."""
    trace = adtrace.trace(DENSE[0], at=DENSE[1], const="y")
    drawn = trace.graph(format="dot")
    assert "ℝ²ˣ²" in drawn
    assert "1.9482" in drawn
    assert trace.graph(format="svg").count("ℝ²") > 4


def test_the_page_steps_through_lines() -> None:
    """Each line of the tables is a step: inputs, rows, then adjoints but those of data."""
    page = adtrace.trace(DENSE[0], at=DENSE[1], const="y").table(format="html", mode="reverse", standalone=True)
    assert page.count('<li id="step-') == 4 + 3 + 3 + 3
    assert "<mtable>" in page


@needs("pdflatex")
@pytest.mark.parametrize("engine", ["pdflatex", "xelatex", "lualatex"])
def test_tables_of_arrays_compile_without_complaint(tmp_path: Path, engine: str) -> None:
    """In every engine, on a line of 17 cm, without an overfull box."""
    if missing(engine):
        pytest.skip(f"not installed: {engine}")
    for name, text in (("a", dense), ("b", convolution)):
        (tmp_path / f"{name}.tex").write_text(text(format="latex", standalone=True, mode="both"), encoding="utf-8")
        command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
        assert done.returncode == 0, done.stdout[-2000:]
        log = (tmp_path / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        assert not re.findall(r"^(?:Over|Under)full .*|^Missing character.*", log, re.MULTILINE)


def test_entries_are_written_out_without_a_point() -> None:
    """The homework's questions 3.3 to 3.5: by index, cases as brackets, long vectors in columns."""
    trace = adtrace.trace(CONVOLUTION[0], shape={"x": 5, "k": 3, "w": 2}, const="y")
    text = trace.table(format="text", mode="reverse")
    for line in (
        "x₁ × k₁ + x₂ × k₂ + x₃ × k₃ + b",
        "(max(r₁, r₂), max(r₂, r₃))",
        "z\u0304₁ × x₂ + z\u0304₂ × x₃ + z\u0304₃ × x₄",
        "[r₁ < r₂] × v\u0304₁ + [r₂ ≥ r₃] × v\u0304₂",
        "z\u0304₁ + z\u0304₂ + z\u0304₃",
    ):
        assert line in text, line
    assert r"\\ {}[r_{1} < r_{2}]" in trace.table(format="latex", mode="reverse")


def test_arrays_put_together_have_their_tangents_put_together() -> None:
    """Zeros stand for what does not vary; the numbers put in are those of the entries."""
    trace = adtrace.trace("c = concat(x, y)\nL = sum(c*c)", at={"x": [1, 2], "y": [3]}, seed={"x": [5, 7], "y": [0]})
    text = trace.table(format="text", mode="forward")
    assert re.search(r"= concat\(x\u0307, (y\u0307|ẏ)\) += \(5, 7, 0\)", text), text
    still = adtrace.trace("c = concat(x, y)\nL = sum(c*c)", at={"x": [1, 2], "y": [3]}, const="y", seed={"x": [5, 7]})
    text = still.table(format="text", mode="forward")
    assert re.search(r"= concat\(x\u0307, 0 y\) += \(5, 7, 0 × 3\) = \(5, 7, 0\)", text), text


def test_a_caption_formula_is_of_numbers() -> None:
    """The comparison with the program is one of numbers; arrays are refused in a sentence."""
    trace = adtrace.trace("z = W @ x\nL = sum(z)", at={"x": [1, 2], "W": [[1, 2], [3, 4]]})
    with pytest.raises(adtrace.OptionError, match="functions of numbers"):
        trace.table(format="text", caption_formula="sum(W @ x)")


PROGRAMS: dict[str, dict[str, tuple[int, ...]]] = {
    "y = x @ W\nL = sum(y*y)": {"x": (2,), "W": (2, 3)},
    "Y = X @ W + b\nL = sum(Y*Y)": {"X": (2, 3), "W": (3, 2), "b": (2,)},
    "m = mean(X, axis=0)\nL = sum(m*m)": {"X": (3, 2)},
    "m = max(X, axis=1)\nL = sum(m*m)": {"X": (3, 2)},
    "s = sum(X, axis=1, keepdims=True)\nY = X/s\nL = sum(Y*Y)": {"X": (2, 3)},
    "y = avgpool1d(x, 2)\nL = sum(y*y)": {"x": (6,)},
    "Y = conv2d(X, K)\nL = sum(Y*Y)": {"X": (3, 3), "K": (2, 2)},
    "y = convolve(x, k)\nL = sum(y*y)": {"x": (3,), "k": (2,)},
    "O = outer(x, y)\nL = sum(O*O)": {"x": (2,), "y": (3,)},
    "L = norm(x)*dot(x, y)": {"x": (3,), "y": (3,)},
    "S = Q @ K.T\nL = sum(S*S)": {"Q": (2, 2), "K": (3, 2)},
    "y = reshape(X, 4)\nz = y[1:3]\nL = sum(z*z)": {"X": (2, 2)},
    "Z = stack(x, y)\nL = sum(Z*Z)": {"x": (2,), "y": (2,)},
    "y = a*x + b\nL = sum(tanh(y))": {"a": (), "x": (3,), "b": ()},
    "y = x*a - x/b\nL = mean(y^2)": {"a": (), "x": (3,), "b": ()},
    "h = relu(W @ x)\ng = relu(W @ h)\nL = sum(g)": {"W": (2, 2), "x": (2,)},
    "y = max(x, 0)*min(x, z)\nL = sum(y)": {"x": (3,), "z": (3,)},
    "y = embedding(E, [0, 2])\nL = sum(y*y)": {"E": (3, 2)},
    "Y = X.T @ X\nL = sum(Y)": {"X": (2, 2)},
    "y = maxpool2d(X, 2, stride=1)\nL = sum(y*y)": {"X": (3, 3)},
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_numbers_put_in_give_the_results_at_random_points(program: str) -> None:
    """Each kind of operation, by operations, single ones and statements, in both sweeps."""
    rng = np.random.default_rng(len(program))

    def some(size: tuple[int, ...]) -> Any:
        return np.round(2 * rng.normal(size=size), 2).astype(str).tolist()

    shapes = PROGRAMS[program]
    at, seed = ({name: some(size) for name, size in shapes.items()} for _ in range(2))
    trace, compared = adtrace.trace(program, at=at, seed=seed), 0
    for rows in ("operations", "single", "statements"):
        for mode in ("reverse", "forward"):
            text = trace.table(format="markdown", mode=mode, layout="stacked", rows=rows)
            for line in text.splitlines():
                cell = line.strip("|").split(" | ")[-1].strip(" |").strip("$")
                put_in, _, result = cell.removeprefix("= ").rpartition(" = ")
                if not line.startswith("| $") or not put_in:
                    continue
                try:
                    value = np.asarray(value_of(put_in), dtype=float).reshape(-1)
                except Unread:
                    continue
                wanted = entries(result)
                near = 4e-3 * max(1.0, *map(abs, entries(put_in)), *map(abs, wanted))
                assert list(value) == pytest.approx(wanted, rel=4e-3, abs=near), line
                compared += 1

    assert compared >= 3


@pytest.mark.parametrize(
    ("p", "told"),
    [([0.2, 0.3, 0.1], "sum to 0.600,"), ([0.2, 0.3, 0.5], ""), ([[0.2, 0.3, 0.5], [0.5, 0.6, 0.5]], "sum to 1.60,")],
)
def test_probabilities_that_are_none_are_told(p: list[object], told: str) -> None:
    """A cross entropy of numbers that do not sum to 1, in each line, is computed, and a note says their sum."""
    y = [[0, 1, 0]] * 2 if isinstance(p[0], list) else [0, 1, 0]
    table = adtrace.trace("L = cross_entropy(p, y)", at={"p": p, "y": y}, const="y").table(format="text")
    assert (f"L (cross_entropy) is of probabilities that {told}" in table) == bool(told)
    softmaxed = adtrace.trace("L = cross_entropy(softmax(p), y)", at={"p": p, "y": y}, const="y")
    assert "probabilities" not in softmaxed.table(format="text", digits=3)
