"""The self-contained page of a trace: its tables, its graph, and the steps of the forward and the reverse sweep.

A step is one line of the tables: downward traces (evaluation and tangents) are stepped together, upward ones after
them.  Each step has the formulas that it says and the places that it lights up: lines of the tables, vertices and
edges of the graph.  The page's template gets plain strings only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from adtrace.cells import Cells
from adtrace.dialects import TERMINAL
from adtrace.drawings import svg
from adtrace.errors import BoundError
from adtrace.graph import ADJOINT, TANGENT, Graph, graph
from adtrace.mathml import MATHML, prose
from adtrace.notation import Dialect
from adtrace.numerals import Numerals
from adtrace.options import FORWARD, REFUSE, REVERSE, SIDE_BY_SIDE, Options
from adtrace.prose import heading
from adtrace.sweeps import Evaluation
from adtrace.syntax import Expression
from adtrace.tables import Block, Table, tabulate
from adtrace.wengert import Variable

_SECTIONS = {FORWARD: "Forward mode", REVERSE: "Reverse mode"}
_SAID = ("formula", "partial", "numbers", "value")
"""The parts of a row that a step says."""

Marks = tuple[tuple[tuple[tuple[str, ...], ...], ...], ...]
"""For each block, group, line and panel of a table the step that lights it, or nothing."""


class Step(NamedTuple):
    """One step of a sweep."""

    sweep: str
    """``forward`` or ``reverse``."""
    formulas: tuple[str, ...]
    """What is computed, ``v_4 = v_1 + v_2 = 0.6931 + 10 = 10.6931``, in the page's dialect."""


class Section(NamedTuple):
    """One table of the page with its graph."""

    heading: str
    first: int
    """The steps during which the page shows it."""
    last: int
    drawing: str
    undrawn: str
    """Why there is no drawing."""
    steps: Marks


@dataclass(frozen=True, slots=True)
class Page:
    """What a page has besides its tables."""

    title: str
    heading: str
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]


def page(expression: Expression, evaluation: Evaluation, options: Options, tables: Sequence[Table]) -> Page:
    """The page of these tables, which are those of the options."""
    told = tabulate(expression, evaluation, replace(options, columns=_SAID, layout=SIDE_BY_SIDE))
    down = max(_height(table, upward=False) for table in told)
    said: list[dict[str, None]] = [{} for _ in range(down)]
    sections: list[Section] = []
    for table, shown in zip(told, tables, strict=True):
        before = len(said)
        said += [{} for _ in range(_height(table, upward=True))]
        for step, cells in _stepped(table.blocks, before):
            said[step - 1][_sentence(cells)] = None
        drawing, undrawn = _drawing(expression, evaluation, options, table.mode, down)
        marks = _marks(shown.blocks, before)
        first = before + 1 if sections else 1
        sections.append(Section(_SECTIONS[table.mode], first, len(said), drawing, undrawn, marks))
    steps = tuple(Step(FORWARD if at < down else REVERSE, tuple(lines)) for at, lines in enumerate(said))
    return Page(
        prose(_heading(expression, evaluation, options, TERMINAL)),
        _heading(expression, evaluation, options, MATHML),
        tuple(sections),
        steps,
    )


def _heading(expression: Expression, evaluation: Evaluation, options: Options, dialect: Dialect) -> str:
    return heading(expression, Cells(evaluation, dialect, _numerals(evaluation, options)))


def _numerals(evaluation: Evaluation, options: Options) -> Numerals:
    return Numerals(evaluation, options.digits, options.rounding, options.undecided == REFUSE)


# -- lines and steps ------------------------------------------------------------------------------------------


def _height(table: Table, *, upward: bool) -> int:
    """The steps of the traces of a table that are read in one direction."""
    counts: dict[int, int] = {}
    for block in table.blocks:
        for group in block.groups:
            for line in group:
                for place, (panel, cells) in enumerate(zip(block.panels, line, strict=True)):
                    if panel.upward == upward and cells[0]:
                        counts[place] = counts.get(place, 0) + 1
    return max(counts.values(), default=0)


def _marks(blocks: Sequence[Block], before: int) -> Marks:
    """The step of every line; upward traces come after ``before`` steps."""
    return tuple(_block_marks(block, before) for block in blocks)


def _block_marks(block: Block, before: int) -> tuple[tuple[tuple[str, ...], ...], ...]:
    lines = [line for group in block.groups for line in group]
    columns: list[list[str]] = []
    for place, panel in enumerate(block.panels):
        filled = [bool(line[place][0]) for line in lines]
        count, last, column = 0, sum(filled), list[str]()
        for full in filled:
            count += full
            column.append(str(before + last - count + 1 if panel.upward else count) if full else "")
        columns.append(column)
    rows = iter(zip(*columns, strict=True))
    return tuple(tuple(next(rows) for _ in group) for group in block.groups)


def _stepped(blocks: Sequence[Block], before: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every line of every trace with its step."""
    for block, groups in zip(blocks, _marks(blocks, before), strict=True):
        for group, steps in zip(block.groups, groups, strict=True):
            for line, numbers in zip(group, steps, strict=True):
                for cells, step in zip(line, numbers, strict=True):
                    if step:
                        yield int(step), cells


def _sentence(cells: Sequence[str]) -> str:
    """``v_4 = v_1 + v_2 = 0.6931 + 10 = 10.6931``; what is said twice is said once."""
    bare = re.compile(r"</?mrow[^>]*>")
    parts: list[str] = []
    for cell in filter(None, cells):
        if parts and bare.sub("", cell) == bare.sub("", parts[-1]):
            parts.pop()
        parts.append(cell)
    return " = ".join(parts)


# -- the graph ------------------------------------------------------------------------------------------------


def _drawing(expression: Expression, evaluation: Evaluation, options: Options, mode: str, down: int) -> tuple[str, str]:
    """The graph of one table, or why there is none."""
    numerals = _numerals(evaluation, options)
    try:
        drawn = graph(evaluation, numerals, TERMINAL, TANGENT if mode == FORWARD else ADJOINT)
    except BoundError as problem:
        return "", prose(f"Not drawn: {problem}.")
    title = f"Computational graph of {_heading(expression, evaluation, options, TERMINAL)}"
    return svg(drawn, title, steps=_lit(evaluation, drawn, down), suffix=f"-{mode}"), ""


def _lit(evaluation: Evaluation, drawn: Graph, down: int) -> dict[tuple[str, int], list[int]]:
    """The steps at which each part of the graph lights up, in the order of the lines of a table."""
    wengert = evaluation.wengert
    n, outputs = len(wengert.independents), len(wengert.independents) * 2 + len(wengert.rows)
    lit: dict[tuple[str, int], list[int]] = {}
    entering: dict[int, list[int]] = {}
    leaving: dict[int, list[int]] = {}
    for at, edge in enumerate(drawn.edges):
        entering.setdefault(edge.target, []).append(at)
        leaving.setdefault(edge.source, []).append(at)

    def light(step: int, *parts: tuple[str, int]) -> None:
        for part in parts:
            lit.setdefault(part, []).append(step)

    for step, vertex in enumerate(range(n, len(drawn.vertices)), start=1):
        arriving, going = entering.get(vertex, []), leaving.get(vertex, [])
        light(step, ("vertex", vertex), *(("forward", at) for at in arriving))
        light(step, *(("value", at) for at in [*arriving, *going]))
        if vertex < 2 * n:
            light(step, ("vertex", vertex - n))
    if drawn.derivative == TANGENT:
        return lit | {("derivative", at): steps for (kind, at), steps in lit.items() if kind == "value"}

    between = {(edge.source, edge.target): at for at, edge in enumerate(drawn.edges)}
    sweep = evaluation.first()
    ends = [(n + o - wengert.first, outputs + k) for k, o in enumerate(wengert.dependents) if type(o) is Variable]
    back = [
        *reversed(ends),
        *((n + made.target - wengert.first, n + made.row - wengert.first) for made in sweep.contributions),
        *((k, n + k) for k in reversed(range(n))),
    ]
    for step, (source, target) in enumerate(back, start=down + 1):
        at = between[source, target]
        light(step, ("vertex", target), ("backward", at), ("derivative", at))
        light(step, *(("derivative", used) for used in leaving.get(target, []) if target < outputs))
        if source < n:
            light(step, ("vertex", source))
    return lit
