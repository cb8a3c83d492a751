"""Who contributes to whom in the reverse sweep: known from the list and the dependent variables that count alone.

    v̄_target += v̄_row (dv_row/dv_target)            from the last row up, for each row that is reached

It holds no number, so it is made once for every number system and precision; the tables, the page, the checker, the
counted operations and the compiled code walk it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from adtrace.tracing.wengert import WengertList


class Spread(NamedTuple):
    """Contributions as flat lists in computing order: from the last row up, in a row from the first operand on."""

    rows: list[int]
    """The place of the variable whose adjoint is spread."""
    targets: list[int]
    """The place of the variable that gets it."""
    slots: list[tuple[int, ...]]
    """The operands of the row that are the target: one that occurs twice has one partial, the sum over its slots."""
    before: list[int | None]
    """The contribution that reached the target before; None for the first."""
    first: list[bool]
    """Whether nothing was there before: no contribution, and no weight of a dependent variable."""


def spread(wengert: WengertList, started: Collection[int]) -> Spread:
    """The contributions in a sweep that starts at these places of variables."""
    flat, n = wengert.varying, len(wengert.independents)
    rows: list[int] = []
    targets: list[int] = []
    merged: list[tuple[int, ...]] = []
    before: list[int | None] = []
    first: list[bool] = []
    latest: list[int | None] = [None] * (n + len(flat.kinds))
    untouched = [True] * len(latest)
    alone: list[tuple[int, ...]] = [(slot,) for slot in range(len(flat.columns))]
    for place in started:
        untouched[place] = False
    places = range(len(latest) - 1, n - 1, -1)
    for place, operands in zip(places, zip(*map(reversed, flat.columns), strict=True), strict=True):
        if untouched[place]:
            continue  # no dependent variable that counts depends on this row
        for slot, target in enumerate(operands):
            if target < 0:
                continue
            slots = alone[slot]
            if operands.count(target) > 1:
                slots = _slots(operands, target)
                if slots[0] != slot:
                    continue
            rows.append(place)
            targets.append(target)
            merged.append(slots)
            before.append(latest[target])
            first.append(untouched[target])
            untouched[target] = False
            latest[target] = len(rows) - 1
    return Spread(rows, targets, merged, before, first)


def _slots(operands: Sequence[int], target: int) -> tuple[int, ...]:
    """The slots of an operand that occurs more than once."""
    return tuple(slot for slot, place in enumerate(operands) if place == target)
