"""Tangents whose numbers stand at the end of their formulas, in no column of their own: ``dv_3/dx = ... = 5``."""

from __future__ import annotations

from adtrace.checking.layout import TANGENT, TANGENT_RULE, Entry, Layout, Pass, named


def with_inline_passes(layout: Layout) -> Layout:
    """The layout with a pass for each column of formulas that holds the tangents, and prints seeds, by itself."""
    columned = {p.table for p in layout.passes}
    worked = {(e.cell.table, e.cell.column) for e in layout.entries if e.kind == TANGENT and e.worked}
    passes: dict[tuple[int, int], int] = {}
    for table, column in sorted(worked):
        if table in columned or not any(_seeds(e, table, column) for e in layout.entries):
            continue
        passes[table, column] = len(layout.passes)
        heading = layout.grids[table].heading[column]
        layout.passes.append(Pass(heading, table, column, of=_variable(layout, table, column)))
    layout.entries = [_placed(e, passes) for e in layout.entries]
    return layout


def _seeds(entry: Entry, table: int, column: int) -> bool:
    """Whether the entry of this column is a number alone, as the tangents of inputs are."""
    alone = entry.kind == TANGENT_RULE and entry.reading is not None and entry.reading.closed
    return alone and (entry.cell.table, entry.cell.column) == (table, column)


def _placed(entry: Entry, passes: dict[tuple[int, int], int]) -> Entry:
    place = passes.get((entry.cell.table, entry.cell.column))
    if place is None:
        return entry
    if entry.kind == TANGENT:
        return entry._replace(pass_=place)
    if _seeds(entry, entry.cell.table, entry.cell.column):
        return entry._replace(kind=TANGENT, pass_=place, worked=True)
    return entry


def _variable(layout: Layout, table: int, column: int) -> str:
    """The x of the names ``dv_1/dx``, ``dv_2/dx`` of a column."""
    readings = [named(row[column]) for row in layout.grids[table].rows]
    below = {r.quotient[1] for r in readings if r is not None and r.quotient is not None}
    return below.pop() if len(below) == 1 else ""
