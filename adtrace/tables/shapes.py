"""The panels of a style for one evaluation: their lines, and their columns, of tangents one for each seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from adtrace.tables import parts as words
from adtrace.tables import styles
from adtrace.tables.cells import Cells
from adtrace.tables.lines import Lines
from adtrace.tables.patterns import Columns
from adtrace.tables.styles import COMPUTING, CONTRIBUTIONS
from adtrace.tracing.quantities import REVERSE as ADJOINTS


class Shape(NamedTuple):
    """A panel of the style with its columns, one for each seed where they hold tangents, and its lines."""

    panel: styles.Panel
    columns: Columns
    below: Columns
    """The columns of a second line for each variable; none for one line."""
    groups: tuple[Lines, ...]


def shape_of(cells: Cells, panel: styles.Panel) -> Shape:
    """A panel for these cells."""
    computing = panel.order == COMPUTING
    groups: tuple[Lines, ...]
    contributions = panel.lines == CONTRIBUTIONS
    groups = cells.contribution_lines(computing=computing) if contributions else cells.variable_lines()
    if computing and panel.role == ADJOINTS:  # the results in the order of the inputs
        first, *others = groups
        groups = (*(group if group.counts else Lines(group.kind, group.places[::-1]) for group in others[::-1]), first)
    return Shape(panel, *_columns(panel, len(cells.evaluation.seeds)), groups)


@lru_cache(maxsize=64)
def _columns(panel: styles.Panel, seeds: int) -> tuple[Columns, Columns]:
    """The columns of a panel and those below, for so many seeds.

    Beside more than two seeds the tangents stand as values: nobody reads ``0 x 5 - 0.7568 x 0`` five times.
    """
    if seeds > _MOST_WORKED:
        valued = [_as_values(part, droppable=not panel.below) for part in (panel.columns, panel.below)]
        panel = replace(panel, columns=valued[0], below=valued[1])
    columns, below = _by_seed(panel.columns, seeds), _by_seed(panel.below, seeds)
    if below:
        columns, below = _beneath(panel, columns, below)
    return Columns(columns), Columns(below)


_Entries = tuple[tuple[styles.Column, int], ...]
_MOST_WORKED = 2
"""Seeds beside which each tangent is worked out."""


def _beneath(panel: styles.Panel, columns: _Entries, below: _Entries) -> tuple[_Entries, _Entries]:
    """Both lines with the same number of cells, where only one of them has a cell for each seed."""
    above: list[tuple[styles.Column, int]] = []
    under: list[tuple[styles.Column, int]] = []
    for upper, lower in zip(panel.columns, panel.below, strict=True):
        pairs = zip_longest(
            (entry for entry in columns if entry[0] is upper),
            (entry for entry in below if entry[0] is lower),
        )
        for top, bottom in pairs:
            blank = (styles.Column("", upper.equals, ()), 0)
            above.append(top or blank)
            under.append(bottom or blank)
    return tuple(above), tuple(under)


def _by_seed(columns: Sequence[styles.Column], seeds: int) -> _Entries:
    """The columns; one that holds a number of the tangent once for each seed."""
    return tuple(
        (column, seed)
        for column in columns
        for seed in (range(seeds) if any(part.per_seed for part in column.parts) else (0,))
    )


def _as_values(columns: Sequence[styles.Column], *, droppable: bool) -> tuple[styles.Column, ...]:
    """The columns with values of tangents in place of numbers put in; one that stands there already is not repeated."""
    entries: list[styles.Column] = []
    parts = [part for column in columns for part in column.parts if droppable and part.per_seed]
    valued = {part.quantity for part in parts if part.form == words.NUMBER}
    for column in columns:
        worked = list(filter(_is_worked, column.parts))
        rest = tuple(part for part in column.parts if part not in worked)
        if not worked:
            entries.append(column)
        elif worked[0].quantity not in valued:
            entries.append(column._replace(parts=tuple(map(_as_value, column.parts))))
        elif rest:
            entries.append(column._replace(parts=(styles.Part("", rest[0].part), *rest[1:])))
    return tuple(entries)


def _is_worked(part: styles.Part) -> bool:
    """Whether it is a tangent with numbers put in."""
    return part.per_seed and part.form == words.NUMBERS


def _as_value(part: styles.Part) -> styles.Part:
    return styles.Part(part.joint, words.word(part.quantity, words.NUMBER)) if _is_worked(part) else part
