"""Every format that adtrace writes is read back: of tables of arrays and of second order, nothing is blamed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import adtrace
from adtrace.checking.reporting import Report

LAYER = ("z = W @ x + b\nh = sigmoid(z)\nL = bce(h, y)",
         {"x": "[1, 2]", "W": "[[1, -1], [0.5, 0.25]]", "b": "[0.5, -0.5]", "y": "[1, 0]"}, ["y"])  # fmt: skip
SOFTMAX = ("z = W @ x\np = softmax(z)\nL = cross_entropy(p, y)",
           {"x": "[1, 2]", "W": "[[1, -1], [0.5, 0.25], [0, 1]]", "y": "[1, 0, 0]"}, ["y"])  # fmt: skip
POOLED = ("c = conv2d(x, k)\nr = relu(c)\nm = maxpool2d(r, 2, stride=1)\nL = sum(m)",
          {"x": "[[1,2,0,1],[0,1,3,-1],[2,1,0,2],[1,0,1,1]]", "k": "[[1,-1],[2,0]]"}, [])  # fmt: skip
STRIDED = ("c = conv1d(x, k, stride=2, padding=1)\na = avgpool1d(c, 2)\nL = sum(a^2)",
           {"x": "[1,2,0,1,4,2]", "k": "[1,-1,2]"}, [])  # fmt: skip
SECOND = ("ln(x1) + x1*x2 - sin(x2)", {"x1": "2", "x2": "5"}, [])
WORK = {"layer": (LAYER, "reverse"), "softmax": (SOFTMAX, "both"), "pooled": (POOLED, "reverse"),
        "pooled-forward": (POOLED, "forward"), "strided": (STRIDED, "reverse"),
        "second": (SECOND, "second")}  # fmt: skip
FORMATS = ("csv", "typst", "text", "markdown", "latex", "html", "json", "rst", "asciidoc")


def _trace(work: str) -> tuple[adtrace.Trace, str]:
    (program, at, const), mode = WORK[work]
    return adtrace.trace(program, at=at, const=const, seed={"x1": 1, "x2": -2} if mode == "second" else None), mode


def _ways() -> Iterator[tuple[str, str]]:
    """All of it in the formats that are not set for the eye, and half of it in each of the others."""
    for place, form in enumerate(FORMATS):
        for turn, work in enumerate(WORK):
            if place < 3 or (place + turn) % 2:
                yield work, form


def _is_right(report: Report) -> None:
    assert (report.mistakes, report.count("not read"), report.count("empty")) == ((), 0, 0), str(report)
    assert report.exit_status == 0, str(report)
    assert report.count("right") > 3 * report.count("not asked"), str(report)


@pytest.mark.parametrize(("work", "form"), [*_ways()])
def test_what_is_written_is_read_back(work: str, form: str) -> None:
    """No cell of ours is wrong, unread or empty, and nearly all are judged, whether the point is given or not."""
    trace, mode = _trace(work)
    table = trace.table(mode=mode, format=form)
    _is_right(adtrace.check(table, WORK[work][0][1] if form in ("csv", "latex") else None, kind=form))


@pytest.mark.parametrize("work", ["softmax", "pooled", "second"])
@pytest.mark.skipif(shutil.which("pandoc") is None, reason="Word documents are read by pandoc")
def test_word_documents_are_read_back(work: str, tmp_path: Path) -> None:
    """The Word document that adtrace makes, read by pandoc."""
    trace, mode = _trace(work)
    (tmp_path / "table.docx").write_bytes(trace.picture(mode=mode, format="docx"))
    _is_right(adtrace.check(tmp_path / "table.docx"))


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="an EPUB is made by pandoc")
def test_a_book_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """What is not read is said to be that."""
    (tmp_path / "table.epub").write_bytes(_trace("second")[0].picture(format="epub"))
    with pytest.raises(adtrace.InputError, match="is an EPUB: hand in a Word document"):
        adtrace.check(tmp_path / "table.epub")


@pytest.mark.parametrize("form", ["csv", "typst"])
def test_a_wrong_entry_is_found_in_its_cell(form: str) -> None:
    """One entry of the adjoint of W, printed twice in CSV and once in Typst."""
    trace, mode = _trace("layer")
    table = trace.table(mode=mode, format=form)
    assert "1.2449]]" in table or "1.2449)" in table
    wrong = adtrace.check(table.replace("1.2449]]", "1.3449]]").replace("1.2449)", "1.3449)"), kind=form)
    assert {mistake.row for mistake in wrong.mistakes} == {"W"}, str(wrong)


RELU = ("r = relu(x)\nL = sum(r)", {"x": "[-1, 0, 2]"}, [])
LARGEST = ("a = abs(x)\nL = max(a)", {"x": "[-3, 3, 1]"}, [])
POOLS = ("y = maxpool1d(x, 2)\nL = sum(y*w)", {"x": "[1, 3, 2, 2]", "w": "[1, -1]"}, [])
PARTS = ("u = x[0:2]\nv = x[1:3]\nL = dot(u, v)", {"x": "[1, 2, 3]"}, [])
JOINED = ("c = concat(x, y)\nL = sum(c^2)", {"x": "[1, 2]", "y": "[3]"}, [])
BATCH = ("Z = X @ W\nH = relu(Z)\nL = sum((H @ v)^2)",
         {"X": "[[1, 2], [3, -1]]", "W": "[[1, -1], [0.5, 1]]", "v": "[1, -1]"}, [])  # fmt: skip
SHARES = ("s = softmax(z)", {"z": "[1, 2, 3]"}, [])
INNER = ("z = W @ x\nL = sum(z^2)", {"x": "[1, 2]", "W": "[[1, 2], [3, 4]]"}, [])
STYLED = [
    (RELU, "ledger", "text"), (SHARES, "ledger", "text"), (LARGEST, "three-part", "markdown"),
    (POOLS, "cs107", "markdown"), (POOLS, "cppad", "text"), (POOLS, "directional", "latex"),
    (PARTS, "cppad", "text"), (PARTS, "three-part", "markdown"), (JOINED, "three-part", "markdown"),
    (BATCH, "aligned", "markdown"), (INNER, "directional", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("work", "style", "form"), STYLED)
def test_tables_of_arrays_in_any_style_are_read_back(
    work: tuple[str, dict[str, str], list[str]], style: str, form: str
) -> None:
    """Adjoints beside other rows, entries, what is picked along any mark, a row H, the largest of one array."""
    program, at, const = work
    table = adtrace.trace(program, at=at, const=const).table(mode="both", style=style, format=form)
    report = adtrace.check(table, at, function=program, kind=form)
    assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


QUADRATIC = ("y = x.T @ A @ x", {"A": "[[2, 1], [1, 3]]", "x": "[1, -1]"}, [])
POINTLESS = [(RELU, "cppad"), (POOLS, "cppad"), (INNER, "stored-partials"), (QUADRATIC, "three-part")]


@pytest.mark.parametrize(("work", "style"), POINTLESS)
def test_the_caption_tells_the_point_of_arrays(work: tuple[str, dict[str, str], list[str]], style: str) -> None:
    """``x^{(1)}`` is no variable beside x, x = (1, -1) no A and x; partials of arrays have no cell to be filled."""
    program, at, const = work
    for form in ("markdown", "text"):
        table = adtrace.trace(program, at=at, const=const).table(mode="both", style=style, format=form)
        report = adtrace.check(table, kind=form)
        assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


SCALARS = [
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}, [], "directional", "second"),
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}, [], "cs107", "second"),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, [], "four-column", "reverse"),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, [], "cppad", "reverse"),
    ("min(x, y)*sign(x)", {"x": -1, "y": 2}, [], "aligned", "second"),
    ("relu(x) + 2*x", {"x": 0}, [], "three-part", "both"),
    ("relu(x) + 2*x", {"x": 0}, [], "stored-partials", "forward"),
    ("(sigmoid(w*x) - t)^2/2", {"w": "0.1", "x": 3, "t": 1}, ["x", "t"], "aligned", "second"),
    ("(sigmoid(w*x) - t)^2/2", {"w": "0.1", "x": 3, "t": 1}, ["x", "t"], "three-part", "both"),
]


@pytest.mark.parametrize(("function", "at", "const", "style", "mode"), SCALARS)
def test_tables_of_numbers_in_any_style_are_read_back(
    function: str, at: dict[str, object], const: list[str], style: str, mode: str
) -> None:
    """The derivatives of adjoints, the rows of other outputs, kinks, partials in the place of their operand, data."""
    trace = adtrace.trace(function, at=at, const=const)
    for form in ("markdown", "text"):
        report = adtrace.check(trace.table(mode=mode, style=style, format=form), kind=form)
        assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt", "zh", "ja", "ko"])
def test_headings_of_all_our_languages_are_heard(language: str) -> None:
    """At the origin only they tell partials from tangents: those of pt, ja and ko were none, nor any with an accent."""
    point = {"x": 0, "y": 0}
    trace = adtrace.trace("(x*y, x - y)", at=point)
    table = trace.table(mode="both", style="stored-partials", format="asciidoc", language=language)
    report = adtrace.check(table, point, function="(x*y, x - y)", kind="asciidoc")
    assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


@pytest.mark.parametrize("form", ["latex", "typst"])
def test_a_step_of_matrices_is_read_back(form: str) -> None:
    """Their cells are in LaTeX."""
    program, at, const = SOFTMAX
    table = adtrace.trace(program, at=at, const=const).table(mode="reverse", format=form, learning_rate="0.1")
    _is_right(adtrace.check(table, at, function=program, kind=form))


@pytest.mark.parametrize("form", ["markdown", "latex", "html", "csv"])
def test_a_step_of_gradient_descent_is_read_back(form: str) -> None:
    """``w - 0.1*df/dw`` above the new numbers was an adjoint; a wrong one is said."""
    point = {"x": 2, "y": 3}
    table = adtrace.trace("x*y + y", at=point).table(mode="reverse", format=form, learning_rate="0.1")
    for new, status in ("1.7", 0), ("1.8", 3):
        report = adtrace.check(table.replace("1.7", new), point, function="x*y + y", kind=form)
        assert (report.exit_status, report.count("not read")) == (status, 0), str(report)


SECONDS = [
    ("min(x, y)*sign(x)", {"x": -1, "y": 2}, "three-part"), ("min(x, y)*sign(x)", {"x": -1, "y": 2}, "griewank"),
    ("max(x, y)*x", {"x": 2, "y": 2}, "four-column"), ("x*y + cbrt(y)", {"x": 8, "y": 27}, "four-column"),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, "four-column"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "at", "style"), SECONDS)
def test_second_adjoints_of_what_is_made_of_pieces_are_read_back(
    function: str, at: dict[str, object], style: str
) -> None:
    """Derivatives of the partials of min, sign and max, and those of a root beside a 0, told by its value."""
    table = adtrace.trace(function, at=at).table(mode="second", style=style, format="text")
    report = adtrace.check(table, at, function=function)
    assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


SEEDS = [("a = x*y; b = a + x; c = a*b", "both", "csv"), ("x*y", "second", "csv"), ("(x*y, 3)", "both", "text")]


@pytest.mark.parametrize(("function", "mode", "form"), SEEDS)
def test_results_without_a_row_and_constants_are_read_back(function: str, mode: str, form: str) -> None:
    """``bx_5 = bc``, ``dbx_3 = dbf`` as seeds, and a result that is 3, of which nothing is to be worked out."""
    style = "cs107" if form == "csv" else "three-part"
    table = adtrace.trace(function, at={"x": 2, "y": 3}).table(mode=mode, style=style, format=form)
    report = adtrace.check(table, {"x": 2, "y": 3}, function=function, kind=form)
    assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


KINK = """f(x1, x2) = max(relu(x1), relu(x2)) at x1 = 1, x2 = 0, along (1, 1)

| row | operation | value | tangent |
|---|---|---|---|
| x1 | | 1 | 1 |
| x2 | | 0 | 1 |
| v1 | relu(x1) | 1 | 1 |
| v2 | relu(x2) | 0 | {slope} |
| v3 | max(v1, v2) | 1 | 1 |
"""


@pytest.mark.parametrize(("slope", "status"), [("0", 0), ("1", 0), ("0.5", 0), ("2", 3), ("-1", 3)])
def test_a_row_without_a_derivative_has_any_between_its_sides(slope: str, status: int) -> None:
    """relu'(0) may be taken as 0 though the maximum behind it has a derivative; 2 is no slope of it."""
    report = adtrace.check(KINK.format(slope=slope))
    assert report.exit_status == status, str(report)
    assert not status or [mistake.row for mistake in report.mistakes] == ["v_2"]


NETWORKS = [
    ("nn.Linear(784, 128)\nnn.ReLU()\nnn.Linear(128, 10, bias=False)\nnn.Softmax(dim=1)", "784", {}),
    ("CONV3-10, ReLU, POOL-2, FLATTEN, FC-10", "32x32x3", {"language": "fr"}),
    ("CONV3-10, ReLU, POOL-2, FLATTEN, FC-10", "32x32x3", {"language": "ja"}),
    ("Conv2D(32, 3)\nMaxPooling2D(2)\nGlobalAveragePooling2D()\nDense(10)", "28x28x1", {"language": "de"}),
]


@pytest.mark.parametrize(("network", "size", "options"), NETWORKS)
def test_layer_tables_are_read_back(network: str, size: str, options: dict[str, object]) -> None:
    """Layers with the module before them, numbers with thin spaces, headings with accents."""
    report = adtrace.check(adtrace.layers(network, input=size).table(format="markdown", **options), input=size)
    assert (report.exit_status, report.count("not read")) == (0, 0), str(report)


def test_what_an_unread_layer_sees_is_not_known() -> None:
    """A stride that a label leaves out may widen all that follow: nothing is blamed for that."""
    network = "nn.Conv2d(3, 16, 3, stride=2, padding=1)\nnn.ReLU()\nnn.MaxPool2d(2)"
    table = adtrace.layers(network, input="3,64,64").table(format="markdown")
    assert "nn.Conv2d(3, 16, 3, ...)" in table
    rows = [line for line in table.splitlines() if line.startswith("|")]  # without the caption that has it whole
    report = adtrace.check("\n".join(rows))
    assert (report.exit_status, report.mistakes) == (4, ()), str(report)


def test_rows_without_a_value_are_answered() -> None:
    """On a slide the steps stand before the rows; what is not read of them leaves others without a value."""
    trace = adtrace.trace("3*x^2 - 5", at={"x": 2})
    table = trace.table(format="latex", style="stored-partials", mode="second", overlay=True)
    assert adtrace.check(table, {"x": 2}).exit_status in (0, 3, 4)


TOLD = [
    ("max(x, y)*x", {"x": 2, "y": 3}, {}, {"format": "json", "mode": "reverse"}),
    ("x^2 if x > y else y^3", {"x": 1, "y": 2}, {}, {"format": "text", "mode": "forward"}),
    ("abs(x)*y + y", {"x": 0, "y": 3}, {}, {"style": "baydin", "mode": "both"}),
    ("max(x, y)*x", {"x": 2, "y": 2}, {}, {"style": "griewank", "mode": "reverse"}),
    ("max(x, y)*x", {"x": 2, "y": 2}, {}, {"style": "ledger", "mode": "reverse"}),
    ("(x + y, x - y, 2*x, 3)", {"x": 1, "y": 4}, {}, {"style": "griewank", "mode": "forward"}),
    ("(x + y, x - y, 2*x, 3)", {"x": 1, "y": 4}, {}, {"format": "rst", "mode": "forward"}),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, {}, {"style": "cs107", "mode": "second"}),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, {}, {"style": "directional", "mode": "second", "format": "csv"}),
    ("cbrt(y) + atan(x*y)", {"x": 8, "y": 27}, {}, {"style": "four-column", "format": "typst"}),
    ("min(x, y)*sign(x)", {"x": -1, "y": 2}, {}, {"style": "four-column", "format": "csv"}),
    ("x1*x2 + sin(x1)", {"x1": "pi/2", "x2": 3}, {}, {"format": "latex", "overlay": True, "macros": False}),
    ("x1*x2 + sin(x1)", {"x1": "pi/2", "x2": 3}, {}, {"columns": "name,formula,numbers,value", "mode": "reverse"}),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, {}, {"format": "html", "mode": "reverse"}),
    ("(x*y, exp(x)/y)", {"x": 1, "y": 2}, {"seed": "each"}, {"style": "baydin", "mode": "forward"}),
    ("u = x[0:2]; v = x[1:3]; L = dot(u, v)", {"x": "[1,2,3]"}, {}, {"format": "csv", "mode": "both"}),
    ("u = x[0:2]; v = x[1:3]; L = dot(u, v)", {"x": "[1,2,3]"}, {}, {"format": "typst", "mode": "reverse"}),
    ("a = avgpool1d(conv1d(x, k, stride=2), 2); L = sum(a^2)", {"x": "[1,2,0,1,4,2]", "k": "[1,-1]"}, {},
     {"decimal": "comma", "mode": "reverse"}),
]  # fmt: skip


@pytest.mark.parametrize(("function", "at", "traced", "options"), TOLD)
def test_tables_are_read_back_where_the_function_is_told(
    function: str, at: dict[str, object], traced: dict[str, object], options: dict[str, object]
) -> None:
    """A variable y, branches, slopes at a kink, constants as outputs, adjoints to which nothing is added, slides."""
    table = adtrace.trace(function, at=at, **traced).table(**options)
    form = options.get("format", "markdown")
    report = adtrace.check(table, at, function=function, kind=None if form == "markdown" else str(form))
    assert report.exit_status == 0, str(report)
    unjudged = [cell.text for cell in report.cells if cell.state == "not asked" and cell.text.startswith("=")]
    assert not unjudged, str(report)


@pytest.mark.parametrize(("formula", "said"), [
    ("0 * v̇_-1", ""), ("1 * v̇_-1", "another convention"), ("-1 * v̇_-1", "another convention"),
    ("2 * v̇_-1", "should be"),
])  # fmt: skip
def test_a_formula_at_a_kink_has_a_slope_of_a_side(formula: str, said: str) -> None:
    """The tangent of abs at 0 may have either side's slope, or the middle one as its numbers; 2 is no slope of it."""
    table = adtrace.trace("abs(x)*y + y", at={"x": 0, "y": 3}).table(format="text", style="baydin", mode="forward")
    table = table.replace("₋₁", "_-1").replace("×", "*")
    assert "= 0 * v̇_-1" in table
    report = adtrace.check(table.replace("= 0 * v̇_-1", f"= {formula}"), {"x": 0, "y": 3}, function="abs(x)*y + y")
    assert [(mistake.row, said in mistake.sentence) for mistake in report.mistakes] == [("v_1", True)] * bool(said)


def test_rows_that_a_number_alone_names_are_not_blamed_for_the_names_of_others() -> None:
    """Steps 1, 2, 3 beside operations of v_{-1} and v_0: the operation of a row without a name is not its own name."""
    at, function = {"x": 1, "y": 2}, "x*y + x"
    table = adtrace.trace(function, at=at).table(style="cppad", mode="forward", columns="evaluation:name,formula,value")
    assert adtrace.check(table, at, function=function).mistakes == ()


@pytest.mark.parametrize("function", ["x*sin(x)", "1/x", "exp(x)"])
def test_second_adjoints_in_the_rows_of_tangents(function: str) -> None:
    """In CSV ``bv_1`` and ``dbv_1`` stand in one column: right cells were blamed; so were products of -0.0000."""
    table = adtrace.trace(function, {"x": 4}).table(format="csv", mode="second", style="griewank")
    report = adtrace.check(table, {"x": 4}, function=function, kind="csv")
    assert (report.exit_status, report.count("not read")) == (0, 0), report
    wrong = table.replace("dbx = ", "dbx = 2*", 1)
    assert adtrace.check(wrong, {"x": 4}, function=function, kind="csv").exit_status == 3
