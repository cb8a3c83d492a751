"""What a layer table prints: in which columns its results stand, and whether zeros do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from adtrace.checking.layer_tables.columns import JUDGED, columns
from adtrace.checking.layer_tables.numbers import said
from adtrace.checking.layer_tables.rows import LayerRow
from adtrace.checking.layer_tables.verdicts import is_silent
from adtrace.checking.sheets import Sheet


def results(rows: Sequence[LayerRow], sheet: Sheet) -> dict[str, int]:
    """The column of each quantity in which most layers have its number, or none has anything."""
    places = defaultdict[str, Counter[int]](Counter)
    for row in rows:
        for kind, entries in row.cells.items() if row.layers else ():
            if said(entries[-1][1]) != row.name:
                places[kind][entries[-1][0]] += 1 + 2 * (kind in row.seen and row.seen[kind].literal)
    _, kinds = columns(sheet) or (0, [])
    empty = {at for at in range(len(kinds)) if not any(row[at].strip() for row in sheet.rows)}
    blank = {kind: at for at, kind in enumerate(kinds) if at in empty and kind in JUDGED}
    return blank | {kind: own.most_common(1)[0][0] for kind, own in places.items()}


def zeros(rows: Sequence[LayerRow]) -> frozenset[str]:
    """The quantities of which a layer prints 0."""
    return frozenset(kind for row in rows if row.layers for kind, shown in row.seen.items() if shown.value == 0)


def of_silent(rows: Sequence[LayerRow]) -> frozenset[str]:
    """The quantities of which a layer that only changes values prints a number."""
    return frozenset(kind for row in rows if row.layers and is_silent(row) for kind in row.seen)
