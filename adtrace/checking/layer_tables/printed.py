"""What a layer table prints: in which columns its results stand, whether zeros do, whether its rows go together."""

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


def are_apart(rows: Sequence[LayerRow]) -> bool:
    """Whether each row is a network of its own: all say that they read as much, which is not what stands above them."""
    layers = [row.layers[0].options for row in rows if row.layers]
    read = {own.get("in_features") or own.get("in_channels") for own in layers}
    made = {own.get(name) for own in layers for name in ("out_features", "out_channels", "hidden")}
    return len(layers) > 1 and len(read) == 1 and made.isdisjoint(read) and None not in read
