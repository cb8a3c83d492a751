"""The kinks of an array trace, entry by entry: whether a derivative exists after all is asked of the unrolled list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.table import terms_of_entries
from adtrace.elementals import Kink
from adtrace.language.syntax import Terms
from adtrace.numbers import Arithmetic
from adtrace.tracing.entries import entries_of, entry_by_entry, of_entries, shape_of
from adtrace.tracing.given import Scalars
from adtrace.tracing.kinks import Convention, rules
from adtrace.tracing.linear_maps import Entrywise
from adtrace.tracing.slopes import Resolution
from adtrace.tracing.unrolled import Unrolled, unrolled
from adtrace.tracing.wengert import Variable

Evaluated = Any
"""What `primal` evaluates, which imports this module."""


def resolved(evaluated: Evaluated, kinks: list[Convention], bits: int) -> Resolution:
    """What is decided at the entries that are at a kink.

    A list that is too long unrolled keeps its conventions, with a note for each.
    """
    wengert, limits = evaluated.wengert, evaluated.limits
    every = frozenset(range(len(wengert.dependents) + 1))
    if wengert.operations > limits.certified_rows:
        return Resolution({}, {kink.row: every for kink in kinks}, frozenset())
    single = unrolled(wengert, sharing=False, powers="rows", limits=limits)
    scalars = _scalars(evaluated, single).primal(bits)
    targets, sides, left = dict[int, frozenset[int]](), dict[int, dict[int, bool]](), dict[int, tuple[int, ...]]()
    for kink in kinks:
        rows = _rows_of(kink, single, wengert.first)
        missing = {entry for entry, of in rows.items() if any(scalars.resolution.targets.get(row) for row in of)}
        left[kink.row] = tuple(entry for entry in kink.entries if entry in missing)
        targets[kink.row] = every if missing else frozenset()
        elemental = wengert.rows[kink.row - 1].elemental
        if not isinstance(elemental, ArrayElemental):
            chosen = {entry: scalars.resolution.chosen.get(of[0]) for entry, of in rows.items() if of}
            sides[kink.row] = {entry: side for entry, side in chosen.items() if side is not None}
    return Resolution({}, targets, frozenset(), entries=left, sides=sides)


def _rows_of(kink: Convention, single: Unrolled, first: int) -> dict[int, list[int]]:
    """For each entry at the kink, of a row of numbers the one that it is, the rows of the unrolled list that it is."""
    entries = kink.entries or (0,)
    if kink.row in single.windows:
        return {window: single.windows[kink.row][window] for window in entries}
    operands = single.entries[kink.row - first]
    return {entry: [int(of)] if isinstance(of := operands[entry], Variable) else [] for entry in entries}


def _scalars(evaluated: Evaluated, single: Unrolled) -> Evaluated:
    """The unrolled list at the point."""
    point: list[Any] = []
    written = type(evaluated.point) is not Scalars
    for terms, shape in zip(evaluated.point, evaluated.wengert.shapes, strict=False):
        entries = terms_of_entries(terms) if written else entries_of(terms)
        point += entries if len(entries) > 1 or shape else [terms]
    summed = None
    if evaluated.summed is not None:
        summed = tuple(
            entry
            for terms, shape in zip(evaluated.summed, evaluated.wengert.dependent_shapes, strict=True)
            for entry in _repeated(terms, shape)
        )
    conventions = replace(evaluated.conventions, rows={}, refuse=False)
    base = evaluated.arithmetic.entries
    numbers = tuple(point) if written else Scalars(point)
    return replace(evaluated, wengert=single.wengert, point=numbers, arithmetic=base, summed=summed,
                   conventions=conventions)  # fmt: skip


def _repeated(terms: Terms, shape: tuple[int, ...]) -> list[Terms]:
    """A weight for each entry of an output."""
    entries = terms_of_entries(terms)
    return entries if len(entries) == prod(shape) else [terms] * prod(shape)


def on_sides(  # noqa: PLR0917 - a row, and its numbers
    partial: Any, sides: Mapping[int, bool], kink: Kink, slot: int, operands: list[Any], value: Any,
    arithmetic: Arithmetic,
) -> Any:  # fmt: skip
    """A partial in which these entries are those above (True) or below their kink; of a row of numbers it is one."""
    base = arithmetic.entries
    assert base is not None
    rows = list(entry_by_entry([partial.numbers if isinstance(partial, Entrywise) else partial, value, *operands]))
    numbers = [number for number, *_ in rows]
    for entry, above in sides.items():
        _, of, *entries = rows[entry]
        numbers[entry] = rules(kink.above if above else kink.below, base)[slot](entries, of)
    if not isinstance(partial, Entrywise):
        return numbers[0]
    return Entrywise(of_entries(numbers, shape_of(value), arithmetic), partial.shape, partial.result, arithmetic)
