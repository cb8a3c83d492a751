"""When each cell of a table is computed: what a page lights up, and what a slide uncovers.

    forward step ::= a variable                  an input, a row, a dependent variable
    reverse step ::= an adjoint that starts, a contribution, an adjoint that is a result

The steps are those of the sweeps, whatever the style of the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from adtrace.settings import REVERSE
from adtrace.tables import styles
from adtrace.tables.cells import Cells
from adtrace.tables.lines import (
    AdjointInput,
    AdjointOutput,
    ContributionLine,
    Input,
    Line,
    Lines,
    Operation,
    Output,
)
from adtrace.tables.patterns import Columns
from adtrace.tables.shapes import Shape
from adtrace.tracing.quantities import REVERSE as ADJOINTS
from adtrace.tracing.wengert import Variable

Marks = tuple[tuple[tuple[tuple[int, ...], ...], ...], ...]
"""For each group, line, panel and cell of a block of a table its step, or 0 where nothing is computed."""


def lined_up(cells: Cells, shapes: Sequence[Shape]) -> list[list[tuple[Line | None, ...]]]:
    """For each group its lines: what stands there in each panel, entry beside entry."""
    groups = zip(*(shape.groups for shape in shapes), strict=True)
    return [
        [line for entry in zip_longest(*map(cells.entries, group), fillvalue=[]) for line in zip_longest(*entry)]
        for group in groups
    ]


class At:
    """The step of each line; lines of two kinds may be equal tuples."""

    def __init__(self) -> None:
        self._steps: dict[tuple[type, Line], int] = {}

    def put(self, lines: Sequence[Line], before: int) -> None:
        """Number the lines from the step after this one."""
        self._steps |= {(type(line), line): step for step, line in enumerate(lines, start=before + 1)}

    def get(self, line: Line) -> int | None:
        """The step of a line, if it is one of a sweep."""
        return self._steps.get((type(line), line))

    def items(self) -> list[tuple[Line, int]]:
        """Every line with its step."""
        return [(line, step) for (_, line), step in self._steps.items()]


def forth(cells: Cells) -> list[Line]:
    """The lines of the forward sweep in computing order."""
    wengert = cells.wengert
    if cells.arrays:
        return [line for group in cells.variable_lines() for entry in cells.entries(group) for line in entry]
    return [
        *map(Input, range(len(wengert.independents))),
        *map(Operation, range(1, len(wengert.rows) + 1)),
        *map(Output, range(len(wengert.dependents))),
    ]


def back(cells: Cells) -> list[Line]:
    """The lines of the reverse sweep in computing order."""
    groups: Sequence[Lines] = cells.contribution_lines(computing=True)[::-1]
    if cells.arrays:
        *rows, inputs = groups
        varying = [place for place in inputs.places if place not in cells.wengert.data]
        groups = (*(Lines(of.kind, of.places[::-1]) for of in rows), Lines(inputs.kind, varying))
    return [line for group in groups for entry in cells.entries(group) for line in entry]


def marks(cells: Cells, shapes: Sequence[Shape], at: At) -> Marks:
    """The steps of the cells of one block, which stand as `tabulate` sets them."""
    below = any(shape.below.entries for shape in shapes)
    whole = _whole(cells, at)
    groups = []
    for group in lined_up(cells, shapes):
        lines = []
        for line in group:
            beside = list(zip(shapes, line, strict=True))
            lines.append(tuple(tuple(_marked(entry, of.columns, at, whole)) for of, entry in beside))
            if below:
                under = [(of.below if of.below.entries else of.columns, entry) for of, entry in beside]
                lines.append(tuple(tuple(_marked(entry, columns, at, whole)) for columns, entry in under))
        if cells.arrays and len(shapes) == 1:  # as in the table, where data have no line of derivatives
            lines = [line for line in lines if any(map(any, line))]
        if lines:
            groups.append(tuple(lines))
    return tuple(groups)


def _marked(line: Line | None, columns: Columns, at: At, whole: dict[int, int]) -> Iterator[int]:
    return (_mark(line, column, at, whole) for column, _ in columns.entries)


def _whole(cells: Cells, at: At) -> dict[int, int]:
    """For each variable the step at which its adjoint is whole; one that nothing reaches is 0 when its turn comes."""
    whole: dict[int, int] = {}
    for line, step in at.items():
        if isinstance(line, AdjointOutput):
            operand = cells.wengert.dependents[line.place]
            assert isinstance(operand, Variable)
            whole[operand] = max(step, whole.get(operand, 0))
        elif isinstance(line, ContributionLine):
            target = cells.sweep.spread.targets[line.place] - cells.naming.offset
            whole[target] = max(step, whole.get(target, 0))
    turn = min(whole.values(), default=0)
    for variable in range(len(cells.wengert.rows), 0, -1):
        turn = whole.setdefault(variable, turn)
    return whole


def _mark(line: Line | None, column: styles.Column, at: At, whole: dict[int, int]) -> int:
    """The step that makes a cell: an adjoint beside its variable, when it is whole."""
    if line is None:
        return 0
    step = at.get(line)
    if any(part.quantity.trace == ADJOINTS for part in column.parts):
        match line:
            case Operation(variable):
                step = whole.get(variable)
            case Input(place):
                step = at.get(AdjointInput(place))
            case Output(place):
                step = at.get(AdjointOutput(place))
    return step or 0


class Uncovered(NamedTuple):
    """When the cells of a table are uncovered, one step after the other."""

    last: int
    """The number of steps."""
    first: tuple[str, ...]
    """The first step of each panel."""
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    """For each group, line and panel the step, or one for each cell, ``1,1,9``; 0 where nothing is to be uncovered."""


def uncovered(cells: Cells, shapes: Sequence[Shape], mode: str) -> Uncovered:
    """The steps of a table in its mode, counted without those at which nothing is new in it."""
    at = At()
    forward = forth(cells)
    at.put(forward, 0)
    if mode == REVERSE:
        upward = any(shape.panel.upward for shape in shapes)
        at.put(_upwards(back(cells)) if upward else back(cells), len(forward))
    groups = marks(cells, shapes, at)
    panels = [list(chain.from_iterable(panel)) for panel in zip(*chain.from_iterable(groups), strict=True)]
    numbers = {step: str(number) for number, step in enumerate(sorted({0}.union(*panels)))}
    return Uncovered(
        len(numbers) - 1,
        tuple(numbers[min(filter(None, panel), default=0)] for panel in panels),
        tuple(tuple(tuple(_together(panel, numbers) for panel in line) for line in group) for group in groups),
    )


def _upwards(lines: Sequence[Line]) -> list[Line]:
    """The reverse sweep with its results, too, from the last line to the first."""
    results = [line for line in lines if isinstance(line, AdjointInput)]
    return [*(line for line in lines if not isinstance(line, AdjointInput)), *results[::-1]]


def _together(panel: Sequence[int], numbers: Mapping[int, str]) -> str:
    """The step of all cells of a panel, or one for each."""
    return ",".join(numbers[step] for step in (panel[:1] if len({*panel}) == 1 else panel))
