"""A row of a table in which a cell is left out, so that all behind it stand one column too far left: put back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adtrace.checking.readings.cells import Cell
from adtrace.checking.statements.layouts import Table, is_filled, leads, name_of

_FEWEST = 3
"""Cells of a column from which one sees what it holds."""
_Kind = tuple[bool, str]


def straightened(table: Table) -> Table:
    """The table with the one row in order that has slipped; the place that is left over is that of its gap."""
    if all(is_filled(row[-1]) for row in table.rows):
        return table
    kinds = [_usual([row[j] for row in table.rows]) for j in range(len(table.heading))]
    if len(kinds) < 4 or not kinds[-1]:
        return table
    gaps = {k: gap for k, row in enumerate(table.rows) if (gap := _gap(row, kinds)) is not None}
    if len(gaps) != 1:
        return table
    ((k, gap),) = gaps.items()
    rows, places, lines = (
        (*of[:k], _with_gap(of[k], gap), *of[k + 1 :]) for of in (table.rows, table.places, table.lines)
    )
    return replace(table, rows=rows, places=places, lines=lines)


def _with_gap(row: Sequence[Any], gap: int) -> tuple[Any, ...]:
    """A row whose last cell is where one was left out, those behind it one further right."""
    return (*row[:gap], row[-1], *row[gap:-1])


def _gap(row: Sequence[Cell], kinds: Sequence[_Kind | None]) -> int | None:
    """Where a cell is left out, if two cells or more stand in wrong columns, and none would with a gap there."""
    if is_filled(row[-1]) or _strangers(row, kinds) < 2:
        return None
    gaps = (gap for gap in range(len(row) - 1) if not _strangers(_with_gap(row, gap), kinds))
    return next(gaps, None)


def _strangers(row: Sequence[Cell], kinds: Sequence[_Kind | None]) -> int:
    """How many cells are of another kind than their column's."""
    return sum(
        is_filled(cell) and kind is not None and _kind(cell) != kind for cell, kind in zip(row, kinds, strict=True)
    )


def _usual(cells: Sequence[Cell]) -> _Kind | None:
    """What most cells of a column are, if these are enough."""
    found = Counter(_kind(cell) for cell in cells if is_filled(cell))
    kind, count = found.most_common(1)[0] if found else (None, 0)
    return kind if count >= _FEWEST and 2 * count > found.total() else None


def _kind(cell: Cell) -> _Kind:
    """Whether a cell goes on with an equal sign, and whether it is a name, a formula or of numbers alone."""
    if not leads(cell) and name_of(cell) is not None:
        return False, "name"
    return leads(cell), "formula" if any(part.names for part in cell.parts) else "number"
