"""A computational graph in writing: SVG and TikZ with our own layout, DOT and Mermaid for those who lay out themselves.
PDF and PNG are made of the SVG.

Values and forward edges are blue, derivatives and backward edges red, as the traces of the tables are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import pairwise
from pathlib import PurePath
from typing import Any, NamedTuple

from adtrace.errors import OptionError, listed, one_of
from adtrace.formats import TYPST
from adtrace.graphs.graph import (
    DEPENDENT,
    INDEPENDENT,
    RADIUS,
    VARIABLE,
    Edge,
    Graph,
    Vertex,
    controls,
    graph,
)
from adtrace.graphs.layout import Point
from adtrace.language.syntax import Expression
from adtrace.settings import FORWARD, GRAPH, REVERSE, SECOND, TABLE, names
from adtrace.tables.naming import require_told_apart
from adtrace.tables.options import Options
from adtrace.tables.prose import heading
from adtrace.tables.styles import Style
from adtrace.tables.tabulate import cells_of
from adtrace.tracing.quantities import BACKWARDS, TANGENT
from adtrace.tracing.sweeps import Evaluation
from adtrace.writing.dialects import LATEX, MARKS, TERMINAL, width
from adtrace.writing.notation import Dialect

PRIMAL, DERIVED = "#184a7a", "#9e2a2b"
_MARGIN = 14.0
_APART = 3.0
"""Half the distance between the two directions of an edge."""

_DIGIT = 6.3
"""The width of a digit on an edge."""

Steps = Mapping[tuple[str, int], Sequence[int]]
"""The steps of a page at which a part lights up: ("vertex", place), or for the place of an edge ("forward", place) and
("backward", place), its lines, and ("value", place) and ("derivative", place), its numbers."""


def _shifted(path: Sequence[Point], by: float) -> list[Point]:
    return [(x, y + by) for x, y in path]


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".") if number else "0"


# -- SVG ------------------------------------------------------------------------------------------------------

_WORD = f"(?:[^\\W\\d_₀-₉ᵀ][{MARKS}]*)+"
_TERM = re.compile(
    rf"(\d[\d.,]*)e(-?\d+)|({_WORD})([₋₀-₉]*)|\^(-?[\w.]+)|([⊙⌊⌋])|([^\w^⊙⌊⌋]+|.)",
    re.DOTALL,
)
_OF_SIGNS = "'Cambria Math', 'STIX Two Math', 'New Computer Modern Math', math, serif"
"""Fonts with the signs that many a font of texts does not have; a text is drawn in one font if they are apart."""
_LOW = str.maketrans("₋₀₁₂₃₄₅₆₇₈₉", "-0123456789")


class _Run(NamedTuple):
    text: str
    level: int
    italic: bool = False
    sign: bool = False


def _runs(text: str) -> list[_Run]:
    """A formula of the terminal's dialect in runs of type: variables slanted, subscripts low, exponents high."""
    runs = []
    for mantissa, exponent, word, low, raised, sign, other in _TERM.findall(text):
        if mantissa:
            runs += [_Run(f"{mantissa} × 10", 0), _Run(exponent, 1)]
        elif word:
            runs.append(_Run(word, 0, _is_slanted(word)))
            if low:
                runs.append(_Run(low.translate(_LOW), -1))
        elif raised or other == "ᵀ":
            runs.append(_Run(raised or "T", 1))
        else:
            runs.append(_Run(sign or other, 0, sign=bool(sign)))
    return runs


def _is_slanted(word: str) -> bool:
    """Whether it is a letter, with accents or not, that no font of its own has drawn."""
    letter = word.rstrip(MARKS)
    return len(letter) == 1 and letter != "π" and (letter.isascii() or "Α" <= letter <= "ω")


def _spans(text: str) -> str:
    """A formula as SVG text; minus signs are minus signs."""
    pieces, level = [], 0
    for run in _runs(text):
        shift = {-1: 3.5, 0: 0.0, 1: -4.5}
        move = shift[run.level] - shift[level]
        level = run.level
        style = f' dy="{_n(move)}"' if move else ""
        style += ' font-size="72%"' if run.level else ""
        style += ' font-style="italic"' if run.italic else ""
        style += f' font-family="{_OF_SIGNS}"' if run.sign else ""
        shown = escape(run.text.replace("-", "−"))
        pieces.append(f"<tspan{style}>{shown}</tspan>" if style else shown)
    return "".join(pieces)


def _curve(path: Sequence[Point]) -> str:
    """A path through the points, level at each."""
    pieces = [f"M{_n(path[0][0])} {_n(path[0][1])}"]
    for start, end in pairwise(path):
        (a, b), (c, d) = controls(start, end)
        pieces.append(f"C{_n(a)} {_n(b)} {_n(c)} {_n(d)} {_n(end[0])} {_n(end[1])}")
    return "".join(pieces)


def svg(graph: Graph, title: str, *, steps: Steps | None = None, suffix: str = "", paper: str = "#ffffff") -> str:
    """The graph as an SVG element that needs nothing else; a page restyles it by its classes.

    ``title`` is plain text.  ``steps`` adds to each part the steps at which it lights up, as ``data-step``, and
    ``suffix`` keeps its ids apart from those of another graph on the page.
    """
    lit = steps or {}
    top, side = 36.0, _MARGIN
    wide, high = graph.width + 2 * side, graph.height + top + RADIUS + _MARGIN
    own = f'style="--adt-wide: {_n(wide)}px" ' if steps is not None else ""  # a page scales it, but not to nothing
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="adt-graph" role="img" {own}'
        f'width="{_n(wide)}" height="{_n(high)}" '
        f'viewBox="{_n(-side)} {_n(-top)} {_n(wide)} {_n(high)}" font-size="14" '
        "font-family=\"Cambria, 'STIX Two Text', 'Times New Roman', 'Latin Modern Roman', serif\">",
        f"<title>{escape(title)}</title>",
        "<defs>"
        + "".join(
            f'<marker id="adt-{name}{suffix}" viewBox="0 0 10 8" refX="9" refY="4" markerWidth="9" markerHeight="7" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path class="adt-{name}-tip" d="M0 .5L10 4L0 7.5L2.5 4z" '
            f'fill="{colour}"/></marker>'
            for name, colour in (("forward", PRIMAL), ("backward", DERIVED))
        )
        + "</defs>",
        f'<rect class="adt-paper" x="{_n(-side)}" y="{_n(-top)}" width="{_n(wide)}" height="{_n(high)}" '
        f'fill="{paper}"/>',
    ]
    parts += [_svg_lines(graph, edge, at, lit, suffix) for at, edge in enumerate(graph.edges)]
    parts += [_svg_numbers(edge, at, lit, paper) for at, edge in enumerate(graph.edges)]
    parts += [_svg_vertex(vertex, at, lit, paper) for at, vertex in enumerate(graph.vertices)]
    return "\n".join([*parts, "</svg>\n"])


def _step(steps: Steps, kind: str, at: int) -> str:
    numbers = steps.get((kind, at))
    return f' data-step="{" ".join(map(str, numbers))}"' if numbers else ""


def _svg_lines(graph: Graph, edge: Edge, at: int, steps: Steps, suffix: str) -> str:
    """The line of the value, and that of the adjoint back."""
    both = graph.goes_back and edge.derivative
    forward = _curve(_shifted(edge.path, -_APART if both else 0))
    line = (
        f'<path class="adt-forward"{_step(steps, "forward", at)} d="{forward}" fill="none" stroke="{PRIMAL}" '
        f'stroke-width="1.2" marker-end="url(#adt-forward{suffix})"/>'
    )
    if both:
        back = _curve(_shifted(edge.path[::-1], _APART))
        line += (
            f'<path class="adt-backward"{_step(steps, "backward", at)} d="{back}" fill="none" stroke="{DERIVED}" '
            f'stroke-width="1.2" stroke-dasharray="4 2.5" marker-end="url(#adt-backward{suffix})"/>'
        )
    return line


def _svg_numbers(edge: Edge, at: int, steps: Steps, paper: str) -> str:
    """The value above the derivative, on the paper's colour so that the line does not strike them through."""
    shown = [("value", edge.value, DERIVED if edge.partial else PRIMAL)]
    if edge.derivative:
        shown.append(("derivative", edge.derivative, DERIVED))
    pieces = []
    for (kind, text, colour), (x, y) in zip(shown, edge.places, strict=False):
        wide = _DIGIT * width(text) + 4
        pieces.append(
            f'<rect class="adt-paper" x="{_n(x - wide / 2)}" y="{_n(y - 6.5)}" width="{_n(wide)}" height="13.5" '
            f'fill="{paper}"/>'
            f'<text class="adt-{kind}"{_step(steps, kind, at)} x="{_n(x)}" y="{_n(y + 4.3)}" '
            f'text-anchor="middle" font-size="12.5" fill="{colour}">{_spans(text)}</text>'
        )
    return "".join(pieces)


def _svg_vertex(vertex: Vertex, at: int, steps: Steps, paper: str) -> str:
    """A circle with the variable's name, its formula above; x and y are names alone."""
    x, y = vertex.centre
    attributes = f'class="adt-vertex adt-{vertex.kind}"{_step(steps, "vertex", at)}'
    halo = f'stroke="{paper}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"'
    name = f'<text x="{_n(x)}" y="{_n(y + 4.5)}" text-anchor="middle" fill="#1b1b1b">{_spans(vertex.name)}</text>'
    circle = (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(RADIUS)}" fill="{paper}" stroke="#1b1b1b"/>'
        if vertex.kind == VARIABLE
        else ""
    )
    formula = (
        f'<text class="adt-formula" x="{_n(x)}" y="{_n(y - RADIUS - 6)}" text-anchor="middle" font-size="12.5" '
        f'fill="#555555" {halo}>{_spans(vertex.formula)}</text>'
        if vertex.formula
        else ""
    )
    return f"<g {attributes}>{circle}{name}{formula}</g>"


# -- TikZ -----------------------------------------------------------------------------------------------------

_TIKZ_HEAD = r"""% Needs only \usepackage{NEEDS}.
\begin{tikzpicture}[x=.75pt,y=-.75pt,
  adtvertex/.style={circle,draw,minimum size=SIZEpt,inner sep=0pt},
  adtformula/.style={above,inner sep=2pt,font=\scriptsize,text=black!65},
  adtnumber/.style={fill=white,inner sep=1pt,font=\scriptsize},
  adtforward/.style={adtprimal,-stealth},
  adtbackward/.style={adtderived,dashed,-stealth}]
\definecolor{adtprimal}{RGB}{24,74,122}\definecolor{adtderived}{RGB}{158,42,43}"""


_AMSMATH = re.compile(r"\\(?:operatorname|boldsymbol|tfrac|lVert|lvert|text)\b")
"""What a formula may have that LaTeX alone has not."""


def tikz(graph: Graph, title: str) -> str:
    """The graph as a ``tikzpicture``; its strings are those of the LaTeX dialect."""
    lines = [_TIKZ_HEAD.replace("SIZE", _n(1.5 * RADIUS))]
    for edge in graph.edges:
        both = graph.goes_back and edge.derivative
        lines.append(rf"\draw[adtforward] {_tikz_curve(_shifted(edge.path, -_APART if both else 0))};")
        if both:
            lines.append(rf"\draw[adtbackward] {_tikz_curve(_shifted(edge.path[::-1], _APART))};")
    for edge in graph.edges:
        colours = ("derived" if edge.partial else "primal", "derived")
        for text, colour, place in zip((edge.value, edge.derivative), colours, edge.places, strict=True):
            if text:
                lines.append(rf"\node[adtnumber,text=adt{colour}] at {_tikz_point(place)} {{${text}$}};")
    for vertex in graph.vertices:
        style = "[adtvertex] " if vertex.kind == VARIABLE else ""
        lines.append(rf"\node{style}({vertex.key}) at {_tikz_point(vertex.centre)} {{${vertex.name}$}};")
        if vertex.formula:
            lines.append(rf"\node[adtformula] at ({vertex.key}.north) {{${vertex.formula}$}};")
    text = "\n".join([*lines, r"\end{tikzpicture}", ""])
    return text.replace("NEEDS", "amsmath,tikz" if _AMSMATH.search(text) else "tikz", 1)


def _tikz_point(point: Point) -> str:
    return f"({_n(point[0])},{_n(point[1])})"


def _tikz_curve(path: Sequence[Point]) -> str:
    pieces = [_tikz_point(path[0])]
    for start, end in pairwise(path):
        first, second = controls(start, end)
        pieces.append(f".. controls {_tikz_point(first)} and {_tikz_point(second)} .. {_tikz_point(end)}")
    return " ".join(pieces)


# -- DOT and Mermaid ------------------------------------------------------------------------------------------


def _both_lines(vertex: Vertex) -> tuple[str, ...]:
    return (vertex.name, vertex.formula) if vertex.formula else (vertex.name,)


def dot(graph: Graph, title: str) -> str:
    """The graph in Graphviz's language.  ``dot`` lays it out anew; ``neato -n`` takes the places given here."""
    lines = [
        "digraph adtrace {",
        f"  graph [rankdir=LR, tooltip={_dot_text(title)}];",
        '  node [fontname="serif", shape=box, style=rounded, margin="0.08,0.04", height=0.4];',
        '  edge [fontname="serif", fontsize=11];',
    ]
    for vertex in graph.vertices:
        shape = "" if vertex.kind == VARIABLE else ", shape=plaintext"
        place = f'"{_n(vertex.centre[0])},{_n(-vertex.centre[1])}"'
        lines.append(f"  {vertex.key} [label={_dot_text(*_both_lines(vertex))}, pos={place}{shape}];")
    for kind, vertices in (("source", INDEPENDENT), ("sink", DEPENDENT)):
        keys = "; ".join(vertex.key for vertex in graph.vertices if vertex.kind == vertices)
        if keys:
            lines.append(f"  {{ rank={kind}; {keys} }}")
    for edge in graph.edges:
        source, target = graph.vertices[edge.source].key, graph.vertices[edge.target].key
        forward = [edge.value] if graph.goes_back or not edge.derivative else [edge.value, edge.derivative]
        colour = f'color="{PRIMAL}", fontcolor="{DERIVED if edge.partial else PRIMAL}"'
        lines.append(f"  {source} -> {target} [label={_dot_text(*forward)}, {colour}];")
        if graph.goes_back and edge.derivative:
            colour = f'color="{DERIVED}", fontcolor="{DERIVED}", style=dashed, constraint=false'
            lines.append(f"  {target} -> {source} [label={_dot_text(edge.derivative)}, {colour}];")
    return "\n".join([*lines, "}", ""])


def _dot_text(*lines: str) -> str:
    """A quoted string of these lines; a backslash or a quote in them stands for itself."""
    quoted = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") for line in lines)
    joined = r"\n".join(quoted)
    return f'"{joined}"'


def mermaid(graph: Graph, title: str) -> str:
    """The graph as a Mermaid flowchart, which GitHub, GitLab, Obsidian and Quarto draw."""
    lines = ["flowchart LR", f"  accTitle: {_mermaid_line(title)}"]
    for vertex in graph.vertices:
        opening, closing = ("([", "])") if vertex.kind == VARIABLE else ("[", "]")
        lines.append(f"  {vertex.key}{opening}{_mermaid_text(*_both_lines(vertex))}{closing}")
    links: list[str] = []
    for edge in graph.edges:
        source, target = graph.vertices[edge.source].key, graph.vertices[edge.target].key
        forward = [edge.value] if graph.goes_back or not edge.derivative else [edge.value, edge.derivative]
        lines.append(f"  {source} -->|{_mermaid_text(*forward)}| {target}")
        links.append(f"stroke:{PRIMAL},color:{DERIVED if edge.partial else PRIMAL}")
        if graph.goes_back and edge.derivative:
            lines.append(f"  {target} -.->|{_mermaid_text(edge.derivative)}| {source}")
            links.append(f"stroke:{DERIVED},color:{DERIVED}")
    for style in dict.fromkeys(links):
        lines.append(f"  linkStyle {','.join(str(at) for at, used in enumerate(links) if used == style)} {style}")
    return "\n".join([*lines, ""])


_MERMAID_SPECIAL = re.compile(rf"[^\w\s{MARKS}.,()=+−×/√₋₀-₉-]")


def _mermaid_line(text: str) -> str:
    """Text that Mermaid prints: whatever could end it or mean something is given by its number."""
    return _MERMAID_SPECIAL.sub(lambda match: f"#{ord(match[0])};", " ".join(text.split()))


def _mermaid_text(*lines: str) -> str:
    joined = "<br>".join(map(_mermaid_line, lines))
    return f'"{joined}"'


class Drawing(NamedTuple):
    """One way of writing a graph."""

    endings: tuple[str, ...]
    """What files in it are called, ours first; without its point an ending names the format, too."""
    dialect: Dialect
    write: Callable[[Graph, str], str]
    by: str = ""
    """What makes bytes of the text: `formats.TYPST`; none, if empty."""

    @property
    def ending(self) -> str:
        """The ending of a file that we write."""
        return self.endings[0]


DRAWINGS = {
    "svg": Drawing((".svg",), TERMINAL, svg),
    "pdf": Drawing((".pdf",), TERMINAL, svg, TYPST),
    "png": Drawing((".png",), TERMINAL, svg, TYPST),
    "tikz": Drawing((".tikz", ".tex"), LATEX, tikz),
    "dot": Drawing((".dot", ".gv"), TERMINAL, dot),
    "mermaid": Drawing((".mmd", ".mermaid"), TERMINAL, mermaid),
}
"""The formats of a graph."""
_ENDINGS = {ending: name for name, drawing in DRAWINGS.items() for ending in drawing.endings}
_REFUSED = {
    **dict.fromkeys((".docx", ".odt", ".pptx", ".doc"), "write a .png or .svg, which goes on its page as a picture"),
    **dict.fromkeys((".html", ".htm"), "adtrace table ... -o trace.html is a page with the graph in it"),
    **dict.fromkeys((".md", ".qmd"), "write a .mmd, which a fence of mermaid takes, or a .png or .svg"),
    **dict.fromkeys((".jpg", ".jpeg", ".gif", ".webp"), "write a .png"),
    **dict.fromkeys((".eps", ".ps"), "write a .pdf"),
    ".typ": "write a .svg, which image(...) takes",
}
"""Endings of files that hold no graph, each with what is written in their place."""


def format_of(path: str) -> str:
    """The format that the ending of a file asks for; raises `OptionError` for one that holds no graph."""
    ending = PurePath(path).suffix.lower()
    if ending in _REFUSED:
        raise OptionError(f"{ending} holds no graph: {_REFUSED[ending]}")
    if ending in _ENDINGS:
        return _ENDINGS[ending]
    endings = listed([drawing.ending for drawing in DRAWINGS.values()])
    raise OptionError(f"no format is known for {path!r}; name one with --format, or end the file in {endings}")


def known(format_: object) -> str:
    """The format of this name, or of this ending without its point; raises `OptionError`."""
    named = _ENDINGS.get(f".{format_}", format_)
    one_of("format", named, tuple(DRAWINGS))
    return str(named)


MODES = {REVERSE: BACKWARDS[1].adjoint, FORWARD: TANGENT, SECOND: BACKWARDS[2].adjoint, "evaluation": None}
"""What the edges of a graph carry besides values."""
EDGES = NUMBERS, PARTIALS = "numbers", "partials"
"""What stands on the edges: values and what the mode says, or local partials."""
_OPTIONS = [*names(TABLE, where=GRAPH), "decimal"]


class GraphText(str):
    """A graph in writing, which a notebook shows as a picture where it is one.

    It is a text like any other; ``graph.svg`` is the picture's source, and None for TikZ, DOT and Mermaid.
    """

    form: str
    """``svg``, ``tikz``, ``dot`` or ``mermaid``."""
    caption: str
    """Which function it is of, at which point."""

    def __new__(cls, text: str, form: str, caption: str) -> GraphText:
        """The text in this format."""
        drawing = super().__new__(cls, text)
        drawing.form, drawing.caption = form, caption
        return drawing

    @property
    def svg(self) -> str | None:
        """The source of the picture."""
        return str(self) if self.form == "svg" else None

    def _repr_svg_(self) -> str | None:
        return self.svg

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What stands in a notebook for a front end without pictures: not pages of source."""
        printer.text(f"<graph, {len(self)} characters of {self.form}>" if self.form == "svg" else str(self))

    def __reduce__(self) -> tuple[type[GraphText], tuple[str, str, str]]:
        return GraphText, (str(self), self.form, self.caption)


def draw(
    expression: Expression,
    evaluations: Sequence[Evaluation],
    style: Style,
    options: Options,
    wanted: tuple[str, str, str | None, str],
) -> GraphText:
    """The graph in the wanted format (of a picture the SVG) and mode, of the wanted dependent variable; see
    `api.Trace.graph`.
    """
    format_, mode, of, edges = wanted
    one_of("edges", edges, EDGES)
    partials = edges == PARTIALS
    if partials and (mode != REVERSE or of is not None):
        raise OptionError("local partials are those of the function, whatever the mode and the output; leave them out")
    one_of("mode", mode, tuple(MODES))
    for name in options.changed:
        if name not in _OPTIONS:
            raise OptionError(f"a graph has no {name}; it has format, mode, of, {', '.join(_OPTIONS)}")
    evaluation, drawing = evaluations[0] if partials else _chosen(evaluations, mode, of), DRAWINGS[format_]
    cells, plain = (cells_of(evaluation, dialect, style, options) for dialect in (drawing.dialect, TERMINAL))
    require_told_apart(cells.naming, expression, options.letters)
    drawn = graph(cells, plain, MODES[mode], partials=partials)
    title = plain.dialect.say("graph_of", function=heading(expression, plain, rows=False))
    return GraphText(drawing.write(drawn, title), "svg" if drawing.by else format_, title)


def _chosen(evaluations: Sequence[Evaluation], mode: str, of: str | None) -> Evaluation:
    """The evaluation whose adjoints are drawn."""
    names = evaluations[0].wengert.dependent_names
    if of is not None:
        one_of("of", of, names)
        return evaluations[names.index(of)] if len(evaluations) > 1 else evaluations[0]
    if len(evaluations) > 1 and mode in (REVERSE, SECOND):
        raise OptionError(f"there are several outputs: name one of {listed(names)} with of, or give weights")
    return evaluations[0]
