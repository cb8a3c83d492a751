"""What a layer table prints: in which columns its results stand, and whether zeros do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from adtrace.checking.layer_tables.numbers import said
from adtrace.checking.layer_tables.rows import LayerRow
from adtrace.checking.layer_tables.verdicts import is_silent


def results(rows: Sequence[LayerRow]) -> dict[str, int]:
    """The column of each quantity in which most layers have its number."""
    columns = defaultdict[str, Counter[int]](Counter)
    for row in rows:
        for kind, entries in row.cells.items() if row.layers else ():
            if said(entries[-1][1]) != row.name:
                columns[kind][entries[-1][0]] += 1 + 2 * (kind in row.seen and row.seen[kind].literal)
    return {kind: places.most_common(1)[0][0] for kind, places in columns.items()}


def zeros(rows: Sequence[LayerRow]) -> frozenset[str]:
    """The quantities of which a layer prints 0."""
    return frozenset(kind for row in rows if row.layers for kind, shown in row.seen.items() if shown.value == 0)


def of_silent(rows: Sequence[LayerRow]) -> frozenset[str]:
    """The quantities of which a layer that only changes values prints a number."""
    return frozenset(kind for row in rows if row.layers and is_silent(row) for kind in row.seen)
