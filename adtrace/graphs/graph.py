"""The computational graph of a trace: a vertex for each variable, an edge for each operand, and numbers on the edges.

    Graph ::= vertex ... ; edge ...        plain strings in one dialect, every vertex and edge with its place

Values stand on the forward edges; on the backward ones the adjoint that the edge adds to its operand, as in circuit
diagrams (Griewank and Walther, 2nd ed., section 2.2; Baydin et al., JMLR 18 (2018), Figure 4).  In forward mode the
tangent stands below the value; in that of second order it stands beside the value, and what the edge adds to the
derivative of the adjoint beside what it adds to the adjoint.  Where local partials are asked for, they stand on the
edges, each formula above its number, and values beside the formulas of the vertices; the local partial of an array is
a map, and stands there as what it makes of a tangent.  `drawings` writes a graph as
TikZ, SVG, DOT or Mermaid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from adtrace.elementals import SLOTS
from adtrace.errors import BoundError
from adtrace.graphs.layout import Layout, Point, columns, layout
from adtrace.graphs.numbers import Box, numbers_apart
from adtrace.language.syntax import Terms
from adtrace.tables.cells import Cells
from adtrace.tables.lines import AdjointOutput, Operation
from adtrace.tables.parts import spelled
from adtrace.tables.styles import column as column_of
from adtrace.tracing.differentials import ROW
from adtrace.tracing.formulas import summed
from adtrace.tracing.quantities import ADJOINT, BACKWARDS, REVERSE, SPREAD_PARTIAL, TANGENTS, VALUE, Address, Quantity
from adtrace.tracing.wengert import Variable
from adtrace.writing.dialects import width
from adtrace.writing.notation import compile_pattern, fill, named

INDEPENDENT, VARIABLE, DEPENDENT = "independent", "variable", "dependent"

_FORMULA = column_of("operation")
_WITH_VALUE = column_of("operation = value")

RADIUS = 17.0
_ROW, _BETWEEN, _AROUND = 92.0, 88.0, 50.0
"""The distance of two rows, the least of two columns, and what of that stays free beside the longest number."""
_LETTER, _DIGIT = 7.0, 6.3
"""The widths of a character of a formula, on average, and of a digit on an edge, in pixels."""
_ABOVE = 10.0
"""How far the middle of a formula is above its circle."""


class Vertex(NamedTuple):
    """A variable of the list, or the name of an independent or a dependent variable outside it."""

    key: str
    """Letters and digits: ``x1``, ``vm1`` for v_{-1}, ``v3``, ``y1``."""
    kind: str
    name: str
    formula: str
    """What the variable is, in terms of its operands; empty where an edge says it."""
    centre: Point


class Edge(NamedTuple):
    """From an operand to what is computed from it; values go forward, adjoints back."""

    source: int
    target: int
    value: str
    derivative: str
    """The tangent that goes forward or the adjoint that comes back (and its derivatives); empty for none."""
    path: tuple[Point, ...]
    """From the rim of the one vertex to the rim of the other, joined by curves that are level at each point."""
    places: tuple[Point, Point]
    """The middles of the two numbers."""
    partial: bool = False
    """Whether the two are the formula and the number of a local partial."""


class Graph(NamedTuple):
    """A computational graph, ready to be written."""

    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]
    derivative: Quantity | None
    """Which derivative the edges carry, if any: the tangent, the adjoint, or the latter with its own derivative."""
    width: float
    height: float

    @property
    def goes_back(self) -> bool:
        """Whether it is one of the reverse sweep, which has edges of its own."""
        return self.derivative is not None and self.derivative.trace == REVERSE


class _Joint(NamedTuple):
    """An edge before it has a place."""

    source: int
    target: int
    value: str
    derivative: str
    partial: bool = False


def graph(cells: Cells, measured: Cells, derivative: Quantity | None = ADJOINT, *, partials: bool = False) -> Graph:
    """The graph of an evaluation in the dialect of ``cells``.

    ``measured`` are the same cells in the terminal's dialect, so that the places are the same in every dialect.
    ``partials``: the edges have the local partials in place of values and derivatives.
    Raises `BoundError` for more rows than ``limits.graph_rows``.
    """
    cells, measured = cells.by_rows(), measured.by_rows()
    wengert, most = cells.wengert, cells.evaluation.limits.graph_rows
    if len(wengert.rows) > most:
        raise BoundError(
            f"nobody can read a graph of {len(wengert.rows)} rows; the bound is {most} (--limit graph_rows=N raises it)"
        )
    derivative = None if partials else derivative
    joints, shown = _joints(cells, derivative, partials), _vertices(cells, partials)
    lengths = [max(width(j.value), width(j.derivative)) for j in _joints(measured, derivative, partials)]
    wide = [_room(vertex) for vertex in _vertices(measured, partials)]
    n, ends = len(wengert.independents), len(wengert.dependents)
    pairs = [(joint.source, joint.target) for joint in joints]
    early = {place: place // n for place in range(2 * n)}  # the names of the independent variables, and these beside
    column = columns(len(shown), pairs, early, range(len(shown) - ends, len(shown)))
    before = [_BETWEEN] * (max(column) + 1)
    for joint, length in zip(joints, lengths, strict=True):  # the numbers of an edge stand where it ends
        before[column[joint.target]] = max(before[column[joint.target]], _DIGIT * length + _AROUND)
    placed = layout(column, pairs, wide, _ROW, before)
    vertices = tuple(v._replace(centre=centre) for v, centre in zip(shown, placed.places, strict=True))
    edges = _edges(joints, vertices, wide, placed)
    formulas = [
        Box(v.centre[0], v.centre[1] - RADIUS - _ABOVE, w / 2) for v, w in zip(vertices, wide, strict=True) if v.formula
    ]
    partial = [edge.partial for edge in edges]
    places = numbers_apart([edge.path for edge in edges], [_DIGIT * n + 4 for n in lengths], partial, formulas)
    edges = tuple(edge._replace(places=at) for edge, at in zip(edges, places, strict=True))
    return Graph(vertices, edges, derivative, placed.width, placed.height)


def _room(vertex: Vertex) -> float:
    """How wide a vertex is: its circle, or the texts in it."""
    return max(2 * RADIUS if vertex.kind == VARIABLE else 0, _LETTER * max(width(vertex.formula), width(vertex.name)))


def variable_key(index: int) -> str:
    """``vm1`` for v_{-1}: a name that every format takes."""
    return f"v{index}" if index >= 0 else f"vm{-index}"


def _vertices(cells: Cells, valued: bool) -> list[Vertex]:
    """The independent variables, the variables of the list (with their values, if asked), the dependent variables."""
    wengert, naming, nowhere = cells.wengert, cells.naming, (0.0, 0.0)
    vertices = [Vertex(f"x{k}", INDEPENDENT, name, "", nowhere) for k, name in enumerate(naming.independents, start=1)]
    for place, name in enumerate(naming.names):
        index = place - naming.offset
        numbered = valued and not (wengert.shapes and wengert.shapes[place])  # an array has no room there
        formula = cells.cell(Operation(index), _WITH_VALUE if numbered else _FORMULA, 0, 0) if index > 0 else ""
        vertices.append(Vertex(variable_key(index), VARIABLE, name, formula, nowhere))
    for k, (name, operand) in enumerate(zip(naming.dependents, wengert.dependents, strict=True), start=1):
        constant = "" if isinstance(operand, Variable) else naming.operand(operand).text
        vertices.append(Vertex(f"y{k}", DEPENDENT, name, constant, nowhere))
    return vertices


class _Carried(NamedTuple):
    """What the edges carry: values, a derivative along them, and against them adjoints and their increments."""

    values: Sequence[Quantity]
    along: Sequence[Quantity] = ()
    adjoints: Sequence[Quantity] = ()
    increments: Sequence[Quantity] = ()


def _carried(derivative: Quantity | None) -> _Carried:
    if derivative is None:
        return _Carried([VALUE])
    if derivative.trace != REVERSE:
        return _Carried([VALUE], [derivative])
    backwards = [BACKWARDS[k] for k in range(1, derivative.order + 1)]
    tangents = (TANGENTS[k] for k in range(1, derivative.order))  # the reverse sweep needs those below its order
    return _Carried(
        [VALUE, *tangents], adjoints=[of.adjoint for of in backwards], increments=[of.increment for of in backwards]
    )


def _partials(cells: Cells) -> dict[tuple[int, int], tuple[str, str]]:
    """For each row and operand the local partial: its formula and its number, or once what both are; or the map."""
    naming, first = cells.naming, cells.wengert.first
    partials: dict[tuple[int, int], tuple[str, str]] = {}
    spread = cells.sweep.spread
    for k, (place, target, slots) in enumerate(zip(spread.rows, spread.targets, spread.slots, strict=True)):
        if of_arrays := cells.map_on_edge(k):
            partials[place, target] = (of_arrays, "")
            continue
        row = cells.wengert.rows[place + first - 1]
        terms: Terms = ()
        for slot in slots:
            terms = summed(terms, False, row.elemental.partials[slot])
        texts = {of: naming.operand(operand) for of, operand in zip(SLOTS, row.operands, strict=False)}
        texts[ROW] = named(naming.names[place])
        formula = fill(compile_pattern(terms, cells.dialect, frozenset(texts)), texts.__getitem__)
        number = cells.texts.plain(Address(SPREAD_PARTIAL, k))
        partials[place, target] = (number, "") if number == formula else (formula, number)
    return partials


def _joints(cells: Cells, derivative: Quantity | None, partials: bool) -> list[_Joint]:
    """Every edge with its numbers, in the order of the list."""
    wengert, naming, shown = cells.wengert, cells.naming, cells.texts.shown
    n, carried = len(naming.independents), _carried(derivative)

    def each(quantities: Sequence[Quantity], place: int, write: Callable[[Address], str]) -> str:
        """The numbers of some quantities, of each seed where they have one for each."""
        addresses = (Address(of, place, seed) for of in quantities for seed in cells.evaluation.seeds_of(of))
        return ", ".join(cells.on_edge(address, write) for address in addresses)

    def joint(source: int, target: int, place: int, back: str) -> _Joint:
        return _Joint(source, target, each(carried.values, place, shown), back or each(carried.along, place, shown))

    increments: dict[tuple[int, int], str] = {}
    if carried.increments:
        pairs = zip(cells.sweep.spread.rows, cells.sweep.spread.targets, strict=True)
        increments = {pair: each(carried.increments, k, cells.texts.plain) for k, pair in enumerate(pairs)}
    local = _partials(cells) if partials else {}
    joints = [joint(k, n + k, k, "" if k in wengert.data else each(carried.adjoints, k, shown)) for k in range(n)]
    for index, row in enumerate(wengert.rows, start=1):
        for variable in dict.fromkeys(o for o in row.operands if isinstance(o, Variable)):
            place, target = variable + naming.offset, index + naming.offset
            if (target, place) in local:
                joints.append(_Joint(n + place, n + target, *local[target, place], True))
            else:
                joints.append(joint(n + place, n + target, place, increments.get((target, place), "")))
    for k, dependent in enumerate(wengert.dependents):
        if isinstance(dependent, Variable):
            weight = ", ".join(
                cells.cell(AdjointOutput(k), column_of(f"{spelled(of)}_value"), seed, 0)
                for of in carried.adjoints
                for seed in cells.evaluation.seeds_of(of)
            )
            place = dependent + naming.offset
            joints.append(joint(n + place, n + len(naming.names) + k, place, weight))
    return joints


_PORT, _SPREAD = 12.0, 26.0


def _edges(
    joints: Sequence[_Joint], vertices: Sequence[Vertex], wide: Sequence[float], placed: Layout
) -> tuple[Edge, ...]:
    """The edges from rim to rim; those that enter one vertex enter beside each other, in the order of their sources."""
    entering: dict[int, list[int]] = {}
    for at, joint in enumerate(joints):
        entering.setdefault(joint.target, []).append(at)
    port: dict[int, float] = {}
    for target, several in entering.items():
        several.sort(key=lambda at: ([vertices[joints[at].source].centre, *placed.routes[at]][-1][1], at))
        step = min(_PORT, _SPREAD / max(len(several) - 1, 1))
        for rank, at in enumerate(several):
            port[at] = (rank - (len(several) - 1) / 2) * step if vertices[target].kind == VARIABLE else 0.0

    def rim(place: int) -> float:
        return RADIUS + 2 if vertices[place].kind == VARIABLE else wide[place] / 2 + 5

    edges = []
    for at, (source, target, value, derivative, partial) in enumerate(joints):
        (x0, y0), (x1, y1) = vertices[source].centre, vertices[target].centre
        inset = port[at] ** 2 / (2 * RADIUS)  # the rim falls back from the middle
        path = ((x0 + rim(source), y0), *placed.routes[at], (x1 - rim(target) + inset, y1 + port[at]))
        edges.append(Edge(source, target, value, derivative, path, ((0.0, 0.0), (0.0, 0.0)), partial))
    return tuple(edges)


def controls(start: Point, end: Point) -> tuple[Point, Point]:
    """The two control points of the cubic curve between two points that is level at both."""
    middle = (start[0] + end[0]) / 2
    return (middle, start[1]), (middle, end[1])
