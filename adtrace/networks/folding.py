"""Equal blocks of a long network as one line: "rows 9-13 as rows 4-8"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adtrace.networks.kinds import QUIET
from adtrace.networks.network import Row

_LONGEST = 60
"""Rows of the longest block that is looked for."""


class Fold(NamedTuple):
    """Rows that do again what others did before them."""

    rows: tuple[Row, ...]
    like: tuple[int, int]
    """The first and the last row that they are like."""

    @property
    def times(self) -> int:
        """How often they do it again."""
        return len(self.rows) // (self.like[1] - self.like[0] + 1)


def folded(rows: Sequence[Row]) -> list[Row | Fold]:
    """The rows, each block that repeats the one before it, on the same sizes, as one line."""
    keys = [_key(row) for row in rows]
    lines: list[Row | Fold] = []
    at = 0
    while at < len(rows):
        length = _length(keys, at)
        ends = rows[at].layer.kind.family == QUIET  # an activation ends a block, it begins none
        if length and not (ends and _length(keys, at + 1) == length):
            first = at
            while keys[at : at + length] == keys[at - length : at] and at + length <= len(rows):
                at += length
            lines.append(Fold(tuple(rows[first:at]), (rows[first - length].index, rows[first - 1].index)))
        else:
            lines.append(rows[at])
            at += 1
    return lines


def _key(row: Row) -> tuple[object, ...]:
    """What makes two rows equal: the layer, what it costs, and how far back what it reads stands."""
    back = tuple(row.index - operand for operand in row.operands)
    return row.kind, row.name, row.size, row.params, row.multiplications, back


def _length(keys: Sequence[object], at: int) -> int:
    """The length of the longest block before a place that the rows from there on repeat; 0 for none."""
    for length in range(min(_LONGEST, at, len(keys) - at), 1, -1):
        if keys[at - length : at] == keys[at : at + length]:
            return length
    return 0
