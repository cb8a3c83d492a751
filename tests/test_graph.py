"""The computational graph: its vertices, edges and numbers against the trace, its layout, and its four writings."""

from __future__ import annotations

import re
import struct
import subprocess
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outside import missing, missing_package, needs
from processor import timed

import adtrace
from adtrace.cli import main
from adtrace.errors import OptionError
from adtrace.graphs.drawings import DRAWINGS, dot, mermaid, svg, tikz
from adtrace.graphs.graph import RADIUS, VARIABLE, Edge, Graph, Vertex, graph
from adtrace.graphs.layout import columns, layout
from adtrace.tables.options import Options
from adtrace.tables.styles import style
from adtrace.tables.tabulate import cells_of
from adtrace.tracing.quantities import ADJOINT, TANGENT, Quantity
from adtrace.writing.dialects import TERMINAL

EXPRESSION, POINT = "ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}
TRACE = adtrace.trace(EXPRESSION, at=POINT)
SVG = "{http://www.w3.org/2000/svg}"


def made(trace: adtrace.Trace, derivative: Quantity | None = ADJOINT) -> Graph:
    """The graph of a trace in the terminal's dialect."""
    cells = cells_of(trace.evaluation, TERMINAL, style("three-part", None), Options())
    return graph(cells, cells, derivative)


def labelled(drawn: Graph) -> set[tuple[str, str, str, str]]:
    """Every edge: its ends by key, and its numbers."""
    return {
        (drawn.vertices[edge.source].key, drawn.vertices[edge.target].key, edge.value, edge.derivative)
        for edge in drawn.edges
    }


# -- what is drawn --------------------------------------------------------------------------------------------


def test_edges_carry_values_and_what_they_add_to_the_adjoint() -> None:
    """The graph of the book's example (Baydin et al., Figure 4), with the numbers of its Tables 2 and 3."""
    assert labelled(made(TRACE)) == {
        ("x1", "vm1", "2", "5.5"), ("x2", "v0", "5", "1.7163"),
        ("vm1", "v1", "2", "0.5"), ("vm1", "v2", "2", "5"), ("v0", "v2", "5", "2"), ("v0", "v3", "5", "-0.2837"),
        ("v1", "v4", "0.6931", "1"), ("v2", "v4", "10", "1"), ("v4", "v5", "10.6931", "1"),
        ("v3", "v5", "-0.9589", "-1"), ("v5", "y1", "11.6521", "1"),
    }  # fmt: skip


def test_forward_edges_carry_tangents_in_forward_mode_and_values_alone_in_neither() -> None:
    """The derivative of an edge is the tangent of its source in forward mode, and nothing if only values are asked."""
    forward = labelled(made(TRACE, TANGENT))
    assert {("vm1", "v1", "2", "1"), ("v2", "v4", "10", "5"), ("v5", "y1", "11.6521", "5.5")} <= forward
    assert {derivative for *_, derivative in labelled(made(TRACE, None))} == {""}


def with_partials(trace: adtrace.Trace, **options: object) -> Graph:
    """The graph of a trace with local partials on its edges, in the terminal's dialect."""
    cells = cells_of(trace.evaluation, TERMINAL, style("three-part", None), Options(**options))  # type: ignore[arg-type]
    return graph(cells, cells, partials=True)


def test_edges_carry_local_partials_where_they_are_asked_for() -> None:
    """Formula and number, once where they are one; the values stand beside the vertices and at inputs and outputs."""
    drawn = with_partials(TRACE)
    assert labelled(drawn) == {
        ("x1", "vm1", "2", ""), ("x2", "v0", "5", ""), ("vm1", "v1", "1/v₋₁", "0.5"), ("vm1", "v2", "v₀", "5"),
        ("v0", "v2", "v₋₁", "2"), ("v0", "v3", "cos(v₀)", "0.2837"), ("v1", "v4", "1", ""), ("v2", "v4", "1", ""),
        ("v4", "v5", "1", ""), ("v3", "v5", "-1", ""), ("v5", "y1", "11.6521", ""),
    }  # fmt: skip
    formulas = {vertex.key: vertex.formula for vertex in drawn.vertices}
    assert (formulas["v3"], formulas["v5"]) == ("sin(v₀) = -0.9589", "v₄ - v₃ = 11.6521")
    assert not drawn.goes_back


def test_the_products_of_the_partials_along_all_paths_are_the_gradient() -> None:
    """Bauer's formula (Griewank and Walther, 2nd ed., chapter 9): a variable used twice in a row has one edge."""
    trace = adtrace.trace("x*x*y + (x/y)^3 - x", at={"x": "3/2", "y": -2})
    drawn = with_partials(trace, numbers="exact")
    entering: dict[int, list[Edge]] = {}
    for edge in drawn.edges:
        entering.setdefault(edge.target, []).append(edge)

    def of(vertex: int, source: int) -> Fraction:
        if vertex == source:
            return Fraction(1)
        numbers = ((Fraction(e.derivative or e.value) if e.partial else 1, e.source) for e in entering.get(vertex, []))
        return sum((number * of(operand, source) for number, operand in numbers), Fraction(0))

    keys = [vertex.key for vertex in drawn.vertices]
    x, y = Fraction(3, 2), Fraction(-2)
    by_hand = [2 * x * y + 3 * x * x / y**3 - 1, x * x - 3 * x**3 / y**4]
    assert [of(keys.index("y1"), keys.index(key)) for key in ("x1", "x2")] == by_hand


TEXTS = {name: drawing for name, drawing in DRAWINGS.items() if not drawing.by}
"""The drawings that are text."""


@pytest.mark.parametrize("kind", TEXTS)
def test_partials_are_in_every_drawing(kind: str) -> None:
    """In the colour of derivatives, formula and number."""
    text = TRACE.graph(format=kind, edges="partials")
    for number in ("0.2837", "cos"):
        assert number in re.sub(r"</?tspan[^>]*>", "", text)
    assert "#9e2a2b" in text or "text=adtderived" in text


def composed(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts with each letter and its dot as one, where Unicode has it."""
    return tuple(unicodedata.normalize("NFC", text) for text in texts)


def test_local_partials_of_arrays_are_maps() -> None:
    """Each edge has what it makes of the tangent of its operand alone; together they are the tangent of the row."""
    net = adtrace.trace(
        "h = tanh(W @ x + b); L = sum(h) * a", at={"W": [[1, 2], [0, 1]], "x": [5, 6], "b": [1, 2], "a": 3}, const="b"
    )
    expected = {
        ("x1", "vm3", "ℝ²ˣ²", ""), ("x2", "vm2", "ℝ²", ""), ("x3", "vm1", "ℝ²", ""), ("x4", "v0", "3", ""),
        ("vm3", "v1", "Ẇ x", ""), ("vm2", "v1", "W ẋ", ""), ("v1", "v2", "v̇₁", ""),
        ("vm1", "v2", "ℝ²", ""), ("v2", "v3", "(1 - h^2) ⊙ v̇₂", ""), ("v3", "v4", "Σᵢ ḣᵢ", ""),
        ("v4", "v5", "a", "3"), ("v0", "v5", "v₄", "2.0000"), ("v5", "y1", "6.0000", ""),
    }  # fmt: skip
    assert set(map(composed, labelled(with_partials(net)))) == set(map(composed, expected))
    formulas = {vertex.key: vertex.formula for vertex in with_partials(net).vertices if vertex.formula}
    assert formulas["v3"] == "tanh(v₂)"  # an array has no room there
    assert formulas["v5"].endswith("= 6.0000")


def test_arrays_put_together_have_a_map_each() -> None:
    """One operand's tangent, with zeros in place of the others."""
    joined = adtrace.trace("sum(concat(a, b)^2)", at={"a": [1, 2], "b": [3]})
    shown = composed(value for _, _, value, _ in labelled(with_partials(joined)))
    assert set(composed(["concat(ȧ, 0 b)", "concat(0 a, ḃ)"])) <= set(shown)


def test_a_mode_says_what_stands_there_otherwise() -> None:
    """Partials are those of the function."""
    with pytest.raises(OptionError, match="whatever the mode"):
        TRACE.graph(edges="partials", mode="forward")
    with pytest.raises(OptionError, match="edges is numbers or partials, not 'values'"):
        TRACE.graph(edges="values")
    assert "v₋₁" in adtrace.trace("x*y").graph(edges="partials", format="dot")


def test_the_edges_are_those_of_the_list_each_once() -> None:
    """An operand that occurs twice in a row has one edge, a constant has none, and each output one."""
    trace = adtrace.trace("(x*x + 2^x, 3*y, 7)", at={"x": 2, "y": 5})
    ends = [(source, target) for source, target, *_ in labelled(made(trace))]

    assert sorted(ends) == sorted(
        [("x1", "vm1"), ("x2", "v0"), ("vm1", "v1"), ("vm1", "v2"), ("v1", "v3"), ("v2", "v3"), ("v0", "v4"),
         ("v3", "y1"), ("v4", "y2")]
    )  # fmt: skip
    assert [vertex.formula for vertex in made(trace).vertices if vertex.key in ("v2", "v4", "y3")] == [
        "2^v₋₁",
        "3 × v₀",
        "7",
    ]


def test_adjoints_of_a_vertex_are_the_sum_of_what_its_edges_add() -> None:
    """For every variable the derivatives on its outgoing edges sum to that on the edge that it came by."""
    trace = adtrace.trace("(a*b + sin(a))*exp(a - b)/c", at={"a": "0.5", "b": 2, "c": 3})
    drawn = made(trace)
    for place, vertex in enumerate(drawn.vertices):
        incoming = [edge for edge in drawn.edges if edge.target == place]
        outgoing = [float(edge.derivative) for edge in drawn.edges if edge.source == place]
        if vertex.kind == VARIABLE and vertex.key in ("vm2", "vm1", "v0"):
            assert sum(outgoing) == pytest.approx(float(incoming[0].derivative), abs=3e-4)


def test_several_outputs_need_a_name_or_weights() -> None:
    """Adjoints are of one output or of a weighted sum; the others' edges then carry none."""
    trace = adtrace.trace("(x*y, exp(x)/y)", at={"x": 2, "y": 5})
    with pytest.raises(adtrace.OptionError, match=r"several outputs: name one of f_1, f_2 with of, or give weights"):
        trace.graph(format="dot")
    second = trace.graph(format="dot", of="f_2")
    assert "y2 -> v3" in second
    assert "y1 -> v1" not in second
    assert "v1 -> vm1" not in second
    assert "y1 -> v1" in trace.graph(format="dot", of="f_1")
    weighted = adtrace.trace("(x*y, exp(x)/y)", at={"x": 2, "y": 5}, weights={"f_1": 1, "f_2": 2})
    assert {"y1 -> v1", "y2 -> v3"} <= set(re.findall(r"y\d -> v\d", weighted.graph(format="dot")))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"format": "gif"}, "format is svg, pdf, png, tikz, dot or mermaid, not 'gif'"),
        ({"mode": "both"}, "mode is reverse, forward, second or evaluation, not 'both'"),
        ({"of": "z"}, "of is y, not 'z'"),
        ({"caption": "x"}, "a graph has no caption; it has format, mode, of, digits"),
        ({"digit": 3}, "there is no option 'digit'"),
    ],
)
def test_what_a_graph_cannot_be_is_said(given: dict[str, object], problem: str) -> None:
    """A wrong format, mode, output or option is refused with what there is."""
    with pytest.raises(adtrace.InputError, match=re.escape(problem)):
        TRACE.graph(**given)  # type: ignore[arg-type]


def test_a_graph_that_nobody_can_read_is_refused_until_the_bound_is_raised() -> None:
    """The bound is ``graph_rows``; the page does without the graph and says so."""
    text = " + ".join(f"sin({k}*x)" for k in range(1, 150))
    trace = adtrace.trace(text, at={"x": 1})
    with pytest.raises(adtrace.BoundError, match="graph of 446 rows; the bound is 400"):
        trace.graph()
    assert "The graph is not drawn: nobody can read" in trace.table(format="html", standalone=True, mode="forward")
    more = adtrace.trace(text, at={"x": 1}, limits=adtrace.Limits(graph_rows=500))
    assert more.graph(format="dot").count("sin(") == 149


# -- layout ---------------------------------------------------------------------------------------------------


@st.composite
def layered(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A graph whose edges lead from lower to higher vertices."""
    count = draw(st.integers(2, 25))
    edges = draw(
        st.lists(st.tuples(st.integers(0, count - 2), st.integers(1, count - 1)).filter(lambda e: e[0] < e[1]),
                 max_size=40, unique=True)
    )  # fmt: skip
    return count, edges


@settings(max_examples=60)
@given(layered())
def test_edges_lead_to_the_right_and_nothing_overlaps(made: tuple[int, list[tuple[int, int]]]) -> None:
    """Every edge goes to a later column, and the vertices of a column are a row apart."""
    count, edges = made
    column = columns(count, edges, {}, range(0))
    assert all(column[source] < column[target] for source, target in edges)

    placed = layout(column, edges, [40.0] * count, 90.0, [80.0] * (max(column) + 1))
    for one in range(count):
        for other in range(one):
            (x0, y0), (x1, y1) = placed.places[one], placed.places[other]
            assert abs(x0 - x1) >= 40 + 80 - 1e-6 if column[one] != column[other] else abs(y0 - y1) >= 90 - 1e-6
    for (source, target), route in zip(edges, placed.routes, strict=True):
        assert len(route) == column[target] - column[source] - 1
        assert all(a[0] < b[0] for a, b in pairwise(route))


def test_the_layout_is_the_same_in_every_dialect_and_every_time() -> None:
    """TikZ and SVG stand in the same places: a layout depends on the trace alone."""
    tikz_text, svg_text = TRACE.graph(format="tikz"), TRACE.graph(format="svg")
    circles = set(re.findall(r'<circle cx="([-.\d]+)" cy="([-.\d]+)"', svg_text))
    vertices = set(re.findall(r"\\node\[adtvertex\] \(\w+\) at \(([-.\d]+),([-.\d]+)\)", tikz_text))
    assert circles == vertices
    assert len(circles) == 7
    assert TRACE.graph() == svg_text


def test_numbers_of_crossing_edges_stay_off_each_other() -> None:
    """In a graph with many crossings no two numbers overlap."""
    drawn = made(adtrace.trace("(a+b)*(a-b)*(a*b)", at={"a": 2, "b": 5}))
    boxes = [
        (x, y, 3.15 * len(text) + 1)
        for edge in drawn.edges
        for text, (x, y) in zip((edge.value, edge.derivative), edge.places, strict=True)
    ]
    for place, (x, y, half) in enumerate(boxes):
        for left, top, other in boxes[:place]:
            assert abs(x - left) >= half + other or abs(y - top) >= 11


def test_a_long_sum_is_laid_out_in_a_moment() -> None:
    """A variable that is used in every column costs one place a column, not one a use."""
    trace = adtrace.trace(
        " + ".join(f"sin({k}*x)" for k in range(1, 130)), at={"x": 1}, limits=adtrace.Limits(graph_rows=1000)
    )
    seconds, drawn = timed(lambda: made(trace))
    assert seconds < 3
    assert len({edge.path[1] for edge in drawn.edges if drawn.vertices[edge.source].key == "v0"}) < 140


# -- writings -------------------------------------------------------------------------------------------------

HOSTILE = '"]; <script>alert(1)</script> & $x$ \\n | } -- end %% `x`'


def hostile() -> Graph:
    """A graph with the worst names that any text could have."""
    one = Vertex("v1", VARIABLE, HOSTILE, HOSTILE, (50.0, 50.0))
    other = Vertex("y1", "dependent", HOSTILE, "", (200.0, 50.0))
    path = ((50 + RADIUS, 50.0), (180.0, 50.0))
    return Graph((one, other), (Edge(0, 1, HOSTILE, HOSTILE, path, ((90.0, 40.0), (90.0, 60.0))),), ADJOINT, 220, 100)


def test_svg_is_well_formed_and_holds_every_number_and_name() -> None:
    """An XML parser reads it; each edge shows its numbers with real minus signs."""
    root = ElementTree.fromstring(TRACE.graph())
    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    for edge in made(TRACE).edges:
        assert edge.value.replace("-", "−") in texts
        assert edge.derivative.replace("-", "−") in texts
    assert {"v−1", "v5", "x2", "y", "v−1 × v0", "sin(v0)"} <= set(texts)
    assert len(list(root.iter(f"{SVG}circle"))) == 7
    assert root.find(f"{SVG}title").text.startswith("Computational graph of y = f(x₁, x₂)")  # type: ignore[union-attr]


def test_svg_prints_hostile_text_and_obeys_none() -> None:
    """Whatever stands in a name is text: no element and no attribute comes of it."""
    root = ElementTree.fromstring(svg(hostile(), HOSTILE))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "defs", "marker", "path", "rect", "text", "tspan", "g", "circle",
    }  # fmt: skip
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    assert any("<script>" in "".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def test_svg_types_mathematics() -> None:
    """Subscripts go down, exponents up, variables are slanted, functions are not."""
    text = adtrace.trace("x1^2*exp(-x1)", at={"x1": 2}).graph()
    low, high = '<tspan dy="3.5" font-size="72%">0</tspan>', '<tspan dy="-8" font-size="72%">2</tspan>'
    assert f'<tspan font-style="italic">v</tspan>{low}{high}' in text
    assert 'italic">exp' not in text


needs_dot = needs("dot")


@needs_dot
@pytest.mark.parametrize("made_by", [lambda: TRACE.graph(format="dot"), lambda: dot(hostile(), HOSTILE)])
def test_dot_is_read_by_graphviz(made_by: object) -> None:
    """Graphviz reads it without a word, and draws what it says."""
    text = made_by()  # type: ignore[operator]
    done = subprocess.run(["dot", "-Tsvg"], input=text, capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    drawn = "".join(ElementTree.fromstring(done.stdout).itertext())
    assert "ln(v₋₁)" in drawn or "<script>alert(1)</script>" in drawn


def mermaid_links(text: str) -> list[tuple[str, str, str]]:
    """Source, target and label of every link; fails on a line that is not of the flowchart's grammar."""
    label = r'"((?:[^"#;]|#\d+;)*)"'
    links = []
    first, *lines = text.splitlines()
    assert first == "flowchart LR"
    for line in lines:
        link = re.fullmatch(rf"  (\w+) (?:-->|-\.->)\|{label}\| (\w+)", line)
        if link:
            links.append((link[1], link[3], link[2]))
            continue
        assert re.fullmatch(
            rf"  \w+(?:\[{label}\]|\(\[{label}\]\))|  accTitle: [^\"<>]*|  linkStyle [\d,]+ stroke:#\w+,color:#\w+",
            line,
        ), line
    return links


def test_mermaid_has_a_link_forward_and_back_for_every_edge() -> None:
    """Each edge is a solid link with the value and a dotted one back with the adjoint."""
    links = mermaid_links(TRACE.graph(format="mermaid"))
    for source, target, value, derivative in labelled(made(TRACE)):
        assert (source, target, value) in links
        assert (target, source, derivative) in links
    assert len(links) == 2 * 11


def test_mermaid_prints_hostile_text() -> None:
    """What could end a label is given by its number."""
    assert len(mermaid_links(mermaid(hostile(), HOSTILE))) == 2
    assert "<script" not in mermaid(hostile(), HOSTILE)


needs_tikz = pytest.mark.skipif(bool(missing_package("tikz.sty")), reason=missing_package("tikz.sty"))


@needs_tikz
def test_tikz_builds_and_shows_every_number(tmp_path: Path) -> None:
    """pdflatex sets it without a complaint, and the text of the PDF holds the numbers of every edge."""
    drawing = TRACE.graph(format="tikz")
    (tmp_path / "g.tex").write_text(
        "\\documentclass{article}\\usepackage{tikz}\\pagestyle{empty}\\begin{document}\n"
        f"\\noindent\\scalebox{{.6}}{{{drawing}}}\\end{{document}}",
        encoding="utf-8",
    )
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "g.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    if not missing("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-raw", "g.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.replace("−", "-")
        for edge in made(TRACE).edges:
            assert edge.value in text
            assert edge.derivative in text


def test_tikz_uses_the_names_of_the_tables() -> None:
    """Its strings are the LaTeX of the tables; it loads nothing but TikZ."""
    text = tikz(made(TRACE), "")
    assert "usetikzlibrary" not in text
    latex = TRACE.graph(format="tikz")
    assert r"{$v_{-1} \times v_{0}$}" in latex
    assert r"{$\ln(v_{-1})$}" in latex


# -- the command line -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TEXTS)
def test_command_line_draws_what_the_library_draws(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ending of the file gives the format; --format gives it on the terminal."""
    ending = DRAWINGS[name].ending
    call = ["graph", EXPRESSION, "--at", "x1=2,x2=5", "--digits", "3"]
    assert main([*call, "-o", str(tmp_path / f"g{ending}")]) == 0
    assert main([*call, "--format", name]) == 0
    assert capsys.readouterr().out == TRACE.graph(format=name, digits=3)
    assert (tmp_path / f"g{ending}").read_text(encoding="utf-8") == TRACE.graph(format=name, digits=3)


def test_a_graph_is_a_picture_where_its_file_is_one(tmp_path: Path) -> None:
    """PDF and PNG hold what the SVG does, at its size; a PDF says which function it is of to those who listen."""
    for ending, begins in ((".png", b"\x89PNG"), (".pdf", b"%PDF")):
        file = tmp_path / f"g{ending}"
        assert main(["graph", EXPRESSION, "--at", "x1=2,x2=5", "-o", str(file)]) == 0
        assert file.read_bytes().startswith(begins)
    assert TRACE.graph(format="png") == (tmp_path / "g.png").read_bytes()
    wide, high = struct.unpack(">II", (tmp_path / "g.png").read_bytes()[16:24])
    found = re.search(r'width="([\d.]+)" height="([\d.]+)"', TRACE.graph())
    assert found
    assert wide / high == pytest.approx(float(found[1]) / float(found[2]), rel=0.01)


@needs("pdftotext")
def test_a_pdf_of_a_graph_has_its_numbers(tmp_path: Path) -> None:
    """Every number of the trace stands in the PDF as text, and none of its letters is missing from the fonts."""
    file = tmp_path / "g.pdf"
    file.write_bytes(adtrace.trace("tanh(W @ x) * 3", at={"W": [[1, 2]], "x": [3, "1/4"]}).graph(format="pdf"))
    assert {"tanh(", "R"} <= set(re.findall(r"tanh\(|R", _text_of(file)))
    file.write_bytes(TRACE.graph(format="pdf"))
    for number in ("11.6521", "1.7163", "10.6931", "−0.2837"):
        assert number in _text_of(file)


def _text_of(file: Path) -> str:
    said = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, check=True).stdout.decode()
    return unicodedata.normalize("NFKC", said)


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (".docx", "write a .png or .svg, which goes on its page"),
        (".html", "adtrace table ... -o trace.html is a page with the graph in it"),
        (".jpg", "write a .png"),
        (".eps", "write a .pdf"),
        (".foo", "end the file in .svg, .pdf, .png, .tikz, .dot, .mmd"),
    ],
)
def test_a_file_that_holds_no_graph_is_told_what_does(
    ending: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The endings that users try have an answer each, and others those that are known."""
    assert main(["graph", "x", "--at", "x=1", "-o", f"g{ending}"]) == 2
    assert said in capsys.readouterr().err


def test_endings_name_formats_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """TikZ in a .tex, DOT in a .gv; a picture is not written to a terminal."""
    assert main(["graph", "x", "--at", "x=1", "-o", str(tmp_path / "g.TEX")]) == 0
    assert "tikzpicture" in (tmp_path / "g.TEX").read_text(encoding="utf-8")
    assert adtrace.trace("x", at={"x": 1}).graph(format="gv").form == "dot"
    assert main(["graph", "x", "--at", "x=1", "-f", "png"]) == 2
    assert "name its file with -o" in capsys.readouterr().err
