"""Wengert lists as plain data that two of them can be compared by, whatever they were read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from adtrace.tracing.sweeps import Sweep
from adtrace.tracing.wengert import Constant, WengertList
from adtrace.writing.dialects import plain


def operand(given: Any) -> int | str:
    """A variable's index, or a constant's spelling without brackets round the whole of it."""
    if not isinstance(given, Constant):
        return int(given)
    text = plain(given.terms)
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def shape(wengert: WengertList) -> tuple[Any, ...]:
    """What a list says: its variables, its rows and its dependent variables."""
    rows = [(row.elemental.name, *map(operand, row.operands)) for row in wengert.rows]
    return wengert.independents, rows, [operand(x) for x in wengert.dependents]


class Contribution(NamedTuple):
    """One contribution of the reverse sweep by the indices of its row and of its target, with its numbers."""

    row: int
    slots: tuple[int, ...]
    target: int
    first: bool
    partial: Any
    increment: Any
    total: Any


def contributions(sweep: Sweep, first: int) -> Iterator[Contribution]:
    """Every contribution in computing order; ``first`` is the index of the first variable of the list."""
    spread = sweep.spread
    numbers = zip(sweep.spread_partials, sweep.increments, sweep.totals, strict=True)
    for row, target, slots, is_first, of in zip(
        spread.rows, spread.targets, spread.slots, spread.first, numbers, strict=True
    ):
        yield Contribution(row + first, slots, target + first, is_first, *of)
