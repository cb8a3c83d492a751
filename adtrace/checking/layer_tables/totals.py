"""The sums of the columns of a layer table, judged: of what is right, or as the column is printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

from adtrace.checking.layer_tables.columns import JUDGED
from adtrace.checking.layer_tables.numbers import TOTAL, Number, said
from adtrace.checking.layer_tables.rows import LayerRow
from adtrace.checking.layer_tables.slips import ACTIVATIONS, FIELD, JUMP, PARAMS, SIZE, places_of
from adtrace.checking.layer_tables.verdicts import State, told, without_result
from adtrace.checking.reporting import EMPTY, FOLLOWING, NOT_READ, RIGHT, WRONG, Finding, Place


def judge_total(state: State, row: LayerRow) -> None:
    """Judge the sums of the columns: of what is right, or as the column is printed."""
    is_plain = not row.seen or bool(TOTAL.fullmatch(row.name.strip()))  # no "memory in total"
    for kind in JUDGED:
        shown = row.seen.get(kind)
        if reason := _no_sum(row, kind):
            state.found.append(told(state, row, kind, NOT_READ, sentence=reason))
        elif shown is not None and shown.value is not None:
            state.found.append(_total(state, row, kind, shown.value, _entries(state, row, kind)))
        elif kind in state.columns and kind != SIZE and (kind in row.cells or (kind == PARAMS and is_plain)):
            state.found.append(without_result(state, row, kind))
    state.totals.add(row.index)


def _entries(state: State, row: LayerRow, kind: str) -> list[Finding]:
    """What is found in the columns of a sum, but for other sums."""
    columns = {at for at, _ in row.cells[kind]}
    return [one for one in state.found if one.quantity == kind and one.place.column in columns
            and one.place.row not in state.totals]  # fmt: skip


def _no_sum(row: LayerRow, kind: str) -> str:
    """Why what stands in a row of sums is not read; nothing where it is."""
    text = said(row.cells[kind][-1][1]) if kind in row.cells else ""
    if kind in (FIELD, JUMP):
        return "it is no sum of its column" if text else ""
    return f"{text} is no number" if kind not in row.seen and re.search(r"\d", text) else ""


def _total(state: State, row: LayerRow, kind: str, number: Fraction, entries: Sequence[Finding]) -> Finding:
    counts = [state.counts[kind, one.place] for one in entries]
    printed, slack = [shown for _, shown in counts], row.seen[kind].slack
    total, slacks = _printed_total(state, row, printed)
    totals = _right_totals(state, row, kind, [_known(row, *count) for count in counts])
    is_sum = abs(number - total) <= slack + slacks
    right = (*totals, int(total))[0]
    follows = next((one.follows or one.place for one in entries if one.state in (WRONG, FOLLOWING, EMPTY)), None)
    if any(abs(number - one) <= slack for one in totals) or (is_sum and not follows):
        return told(state, row, kind, RIGHT, expected=right)
    if copied := follows if is_sum else _copied(state, row, kind):
        return told(state, row, kind, FOLLOWING, text=f"{right:,}", expected=right, follows=copied)
    if not totals and not _adds_up(state, row, printed):
        return told(state, row, kind, NOT_READ, sentence="it is not known what its column should add up to")
    return told(state, row, kind, WRONG, text=f"{right:,}", expected=right, cause="sum",
                sentence=f"the column adds up to {int(total):,}")  # fmt: skip


def _known(row: LayerRow, right: Any, shown: Number | None) -> Any:
    """The right number of an entry of a sum; where nobody knows it, what is printed."""
    if right is None and row.trained is None and shown and shown.value is not None and not shown.slack:
        return int(shown.value)
    return right


def _adds_up(state: State, row: LayerRow, printed: Sequence[Number | None]) -> bool:
    """Whether all that a sum is of is printed, though it is not known what should be."""
    return not state.elided and row.trained is None and all(one and one.value is not None for one in printed)


def _copied(state: State, row: LayerRow, kind: str) -> Place | None:
    """The wrong sum above it that is the same number."""
    sums = (one for one in state.found if (one.quantity, one.state) == (kind, WRONG) and one.place.row in state.totals)
    return next((one.place for one in sums if state.counts[kind, one.place][1] == row.seen[kind]), None)


def _printed_total(state: State, row: LayerRow, printed: Sequence[Number | None]) -> tuple[Fraction, Fraction]:
    """The sum of printed numbers, and how far it may be from what is meant."""
    numbers = [one for one in printed if one]
    total = sum((one.value or Fraction(0) for one in numbers), Fraction(0))
    if row.trained is not None:
        total = total - state.untrained if row.trained else Fraction(state.untrained)
    return total, sum((one.slack for one in numbers), Fraction(0))


def _right_totals(state: State, row: LayerRow, kind: str, each: Sequence[Any]) -> tuple[int, ...]:
    """What the right sum of a column may be, the usual one first; none where an entry is not known.

    Sums of activations may count the input, or leave out layers that only change values or their order; what is not
    trained is what is kept, or the first layers.
    """
    if not state.is_whole or not all(isinstance(one, int) for one in each):
        return ()
    right = sum(each)
    if row.trained is not None:
        return tuple(right - one if row.trained else one for one in (state.untrained, *accumulate(each)))
    if kind != ACTIVATIONS:
        return (right,)
    read, *sizes = (places_of(one.right.shape) for one in state.done)
    quiet = sum(size for size, one in zip(sizes, state.done[1:], strict=True) if one.silent)
    return right, right - quiet, right + read, right - quiet + read, right - read
