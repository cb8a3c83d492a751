"""The self-contained page of a trace: beside its tables its graphs, and the steps of the forward and the reverse sweep.

Each step of `tables.steps` has the formulas that it says and the places that it lights up: cells of the tables,
vertices, edges and numbers of the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adtrace.documents.page_records import Page, Section, Step
from adtrace.errors import BoundError
from adtrace.graphs.drawings import Steps, svg
from adtrace.graphs.graph import Graph, graph
from adtrace.language.syntax import Expression
from adtrace.settings import FORWARD, REVERSE
from adtrace.tables.cells import Cells
from adtrace.tables.lines import (
    AdjointInput,
    AdjointOutput,
    AdjointRow,
    ContributionLine,
    Input,
    Line,
    Operation,
    Output,
)
from adtrace.tables.options import Options
from adtrace.tables.panels import in_coefficients
from adtrace.tables.parts import NAME, spelled, word
from adtrace.tables.prose import heading
from adtrace.tables.steps import At, back, forth, marks
from adtrace.tables.styles import COEFFICIENTS, Column, Style
from adtrace.tables.styles import column as column_of
from adtrace.tables.tabulate import cells_of, shapes_of
from adtrace.tracing.quantities import BACKWARDS, TANGENT, TANGENTS, Quantity
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Variable
from adtrace.writing.dialects import TERMINAL
from adtrace.writing.mathml import MATHML, prose

_EVALUATION = column_of("v = operation = numbers = value")
_TANGENTS = {
    order: column_of(f"{'d' * order}v = {of.name} = {of.name}_numbers = {of.name}_value")
    for order, of in TANGENTS.items()
}
_ADJOINTS = {
    order: column_of(
        f"{word(of.adjoint, NAME)} = {spelled(of.adjoint)}"
        + "".join(f" = {spelled(of.adjoint)}_{form}" for form in ("written", "numbers", "value"))
    )
    for order, of in BACKWARDS.items()
}


def page(expression: Expression, evaluations: Sequence[Evaluation], style: Style, options: Options) -> Page:
    """The page of the tables that `tables.tabulate` makes of the same arguments.

    Raises `BoundError` for more rows than ``limits.page_rows``.
    """
    rows, most = len(evaluations[0].wengert.rows), evaluations[0].limits.page_rows
    if rows > most:
        raise BoundError(f"a page of {rows} rows is too long to step through; the bound is {most} (--limit page_rows=N "
                         "raises it; without --standalone there is the table alone)")  # fmt: skip
    modes = options.sweeps
    highest = options.order if FORWARD in modes else options.order - 1  # a reverse sweep needs the tangents below
    steps: list[Step] = []
    sections: list[Section] = []
    for mode in modes:
        for evaluation in evaluations if mode == REVERSE else evaluations[:1]:
            cells = cells_of(evaluation, MATHML, style, options)
            say = cells.dialect.say
            forward = forth(cells)
            if not sections:
                steps += [Step(say("forward_sweep"), _said(cells, line, highest)) for line in forward]
            first = len(steps) + 1 if sections else 1
            backward = back(cells) if mode == REVERSE else []
            at = At()
            at.put(forward, 0)
            at.put(backward, len(steps))
            steps += [Step(say("reverse_sweep"), _said_back(cells, line, options.order)) for line in backward]
            plain = cells_of(evaluation, TERMINAL, style, options)
            carried = TANGENT if mode == FORWARD else BACKWARDS[min(options.order, 2)].adjoint
            drawing, undrawn = _drawing(expression, plain, carried, at, len(sections) + 1)
            lit = tuple(marks(cells, shapes, at) for shapes in shapes_of(cells, mode, options))
            sections.append(Section(say(f"{mode}_mode"), first, len(steps), drawing, undrawn, lit))
    plain = cells_of(evaluations[0], TERMINAL, style, options)
    shown = cells_of(evaluations[0], MATHML, style, options)
    return Page(prose(heading(expression, plain)), heading(expression, shown), tuple(sections), tuple(steps))


def _said(cells: Cells, line: Line, order: int) -> tuple[str, ...]:
    """What a forward step computes: the value, and for each seed the derivatives up to this order."""
    columns = [(_TANGENTS[k], seed) for k in range(1, order + 1) for seed in range(len(cells.evaluation.seeds))]
    return cells.cell(line, _EVALUATION, 0, 0), *_written(cells, line, columns)


def _said_back(cells: Cells, line: Line, order: int) -> tuple[str, ...]:
    """What a reverse step computes: the adjoint, and for each seed its derivatives below this order."""
    seeds = range(len(cells.evaluation.seeds))
    columns = [(_ADJOINTS[k], seed) for k in range(1, order + 1) for seed in (seeds if k > 1 else range(1))]
    return tuple(_written(cells, line, columns))


def _written(cells: Cells, line: Line, columns: Sequence[tuple[Column, int]]) -> Iterator[str]:
    """The cells of a line in these columns, with what the style has for derivatives of higher order."""
    for column, seed in columns:
        shown = in_coefficients(column) if cells.style.higher == COEFFICIENTS else column
        yield cells.cell(line, shown, seed, 0)


# -- the graph ------------------------------------------------------------------------------------------------


def _drawing(expression: Expression, cells: Cells, carried: Quantity, at: At, number: int) -> tuple[str, str]:
    """The graph of one table, or why there is none."""
    try:
        drawn = graph(cells, cells, carried)
    except BoundError as problem:
        return "", prose(cells.dialect.say("not_drawn", problem=problem))
    title = cells.dialect.say("graph_of", function=heading(expression, cells, rows=False))
    return svg(drawn, title, steps=_lit(cells, drawn, at), suffix=f"-{number}"), ""


def _lit(cells: Cells, drawn: Graph, at: At) -> Steps:
    """The steps at which each part of the graph lights up."""
    lights = _Lights(cells, drawn, any(isinstance(line, Output) for line, _ in at.items()))
    for line, step in at.items():
        lights.light(line, step)
    if drawn.derivative is TANGENT:
        lights.steps |= {
            ("derivative", place): steps for (kind, place), steps in lights.steps.items() if kind == "value"
        }
    return lights.steps


class _Lights:
    """The parts of a graph by what they are and their place, each with its steps."""

    def __init__(self, cells: Cells, drawn: Graph, outputs: bool) -> None:
        self.cells, self.drawn, self.n = cells, drawn, len(cells.naming.independents)
        self.outputs = outputs
        """Whether the outputs have lines of their own."""
        self.first_output = self.n + len(cells.naming.names)
        self.steps: dict[tuple[str, int], list[int]] = {}
        self.entering: dict[int, list[int]] = {}
        self.leaving: dict[int, list[int]] = {}
        for place, edge in enumerate(drawn.edges):
            self.entering.setdefault(edge.target, []).append(place)
            self.leaving.setdefault(edge.source, []).append(place)
        self.between = {(edge.source, edge.target): place for place, edge in enumerate(drawn.edges)}

    def light(self, line: Line, step: int) -> None:
        """Light up what a line of a sweep computes, and from what."""
        n, offset = self.n, self.cells.naming.offset
        match line:
            case Input(place):
                self._forward(step, n + place, place)
            case Operation(variable):
                for of in self.cells.shown_with(variable + offset):
                    self._forward(step, n + of)
                    if not self.outputs:  # one that has no line comes with the variable that it is
                        self._put_out(step, n + of)
            case Output(place):
                self._forward(step, self.first_output + place)
            case AdjointRow() | AdjointInput() if self.cells.arrays:
                place = line[0] + (offset if isinstance(line, AdjointRow) else 0)
                vertices = [n + of for of in self.cells.shown_with(place)]
                edges = [edge for of in vertices for edge in self.leaving.get(of, [])]
                edges += self.entering.get(n + place, []) if place < n else []  # to the input's own name
                self._backward(step, vertices, edges, [])
            case _:
                source, target = _spread(self.cells, line, n, self.first_output)
                vertices = [target, source] if isinstance(line, AdjointInput) else [target]
                edges = self.leaving.get(target, []) if target < self.first_output else []
                self._backward(step, vertices, [self.between[source, target]], edges)

    def _forward(self, step: int, vertex: int, *beside: int) -> None:
        self._add(step, "vertex", *beside, vertex)
        self._add(step, "forward", *self.entering.get(vertex, []))
        self._add(step, "value", *self.entering.get(vertex, []), *self.leaving.get(vertex, []))

    def _put_out(self, step: int, vertex: int) -> None:
        out = [place for place in self.leaving.get(vertex, []) if self.drawn.edges[place].target >= self.first_output]
        self._add(step, "vertex", *(self.drawn.edges[place].target for place in out))
        self._add(step, "forward", *out)

    def _backward(self, step: int, vertices: Sequence[int], edges: Sequence[int], derivatives: Sequence[int]) -> None:
        self._add(step, "vertex", *vertices)
        self._add(step, "backward", *edges)
        self._add(step, "derivative", *edges, *derivatives)

    def _add(self, step: int, kind: str, *places: int) -> None:
        for place in places:
            self.steps.setdefault((kind, place), []).append(step)


def _spread(cells: Cells, line: Line, n: int, first_output: int) -> tuple[int, int]:
    """The two ends of the edge along which an adjoint goes back, the operand first."""
    match line:
        case ContributionLine(place):
            return n + cells.sweep.spread.targets[place], n + cells.sweep.spread.rows[place]
        case AdjointOutput(place):
            operand = cells.wengert.dependents[place]
            assert isinstance(operand, Variable)
            return n + operand + cells.naming.offset, first_output + place
    assert isinstance(line, AdjointInput)
    return line.place, n + line.place
