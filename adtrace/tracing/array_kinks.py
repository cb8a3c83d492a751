"""The kinks of an array trace, entry by entry: whether a derivative exists after all is asked of the unrolled list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from operator import itemgetter
from typing import Any

import numpy as np

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.table import terms_of_entries
from adtrace.elementals import Kink
from adtrace.language.syntax import Terms
from adtrace.numbers import Arithmetic
from adtrace.tracing.choices import windows
from adtrace.tracing.entries import entries_of, entry_by_entry, of_entries, shape_of
from adtrace.tracing.given import Scalars
from adtrace.tracing.kinks import Convention, rules
from adtrace.tracing.linear_maps import Entrywise, Sparse
from adtrace.tracing.slopes import Partials, Resolution
from adtrace.tracing.unrolled import Unrolled, unrolled
from adtrace.tracing.wengert import Variable, WengertList

Evaluated = Any
"""What `primal` evaluates, which imports this module."""
Parts = list[tuple[int, Any]]
"""Entries of an operand, each with its weight."""


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
    targets, sides, left = dict[int, frozenset[int]](), dict[int, Mapping[int, Any]](), dict[int, tuple[int, ...]]()
    for kink in kinks:
        rows = _rows_of(kink, single, wengert.first)
        missing = {entry for entry, of in rows.items() if any(scalars.resolution.targets.get(row) for row in of)}
        left[kink.row] = tuple(entry for entry in kink.entries if entry in missing)
        targets[kink.row] = every if missing else frozenset()
        sides[kink.row] = _sides(wengert, kink, rows, scalars, evaluated.arithmetic)
    return Resolution({}, targets, frozenset(), entries=left, sides=sides)


def _rows_of(kink: Convention, single: Unrolled, first: int) -> dict[int, list[int]]:
    """For each entry at the kink, of a row of numbers the one that it is, the rows of the unrolled list that it is."""
    entries = kink.entries or (0,)
    if kink.row in single.windows:
        return {window: single.windows[kink.row][window] for window in entries}
    operands = single.entries[kink.row - first]
    return {entry: [int(of)] if isinstance(of := operands[entry], Variable) else [] for entry in entries}


def _sides(
    wengert: WengertList, kink: Convention, rows: Mapping[int, list[int]], scalars: Any, arithmetic: Arithmetic
) -> dict[int, Any]:
    """On which side the entries are that have one, or what their windows take."""
    chosen, row = scalars.resolution.chosen, wengert.rows[kink.row - 1]
    sided = {entry: of for entry, of in rows.items() if not chosen.keys().isdisjoint(of)}
    if not isinstance(row.elemental, ArrayElemental):
        return {entry: chosen[of] for entry, (of,) in sided.items()}
    (operand,) = row.operands
    assert row.elemental.index is not None
    assert isinstance(operand, Variable)
    places, inside = windows(row.elemental.index, wengert.shapes[operand - wengert.first])
    return {
        window: _taken(of, places[window][inside[window]].tolist(), scalars.partials, arithmetic.entries or arithmetic)
        for window, of in sided.items()
    }


def _taken(rows: list[int], places: list[int], partials: Partials, base: Arithmetic) -> Parts:
    """What a window of these places takes, by the partials of the rows of numbers that it is, two at a time."""
    one, mul, sub = base.one, base.functions["mul"], base.functions["sub"]
    parts = [(places[-len(rows) - 1], one)]  # of the constants before it there are no rows
    for row, place in zip(rows, places[-len(rows) :], strict=True):
        p, q = (column[row - 1] for column in partials)
        p, q = sub(one, q) if p is None else p, sub(one, p) if q is None else q
        parts = [*((of, mul(weight, p)) for of, weight in parts), (place, q)]
    return [(place, weight) for place, weight in parts if weight != 0]


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


def with_taken(partial: Sparse, taken: Mapping[int, Parts], arithmetic: Arithmetic) -> Sparse:
    """The partial of a row that takes the largest, in which these windows take these entries."""
    weights = [arithmetic.one] * len(partial.results) if partial.weights is None else partial.weights
    entries = [
        of for of in zip(partial.results.tolist(), partial.sources.tolist(), weights, strict=True) if of[0] not in taken
    ]
    entries += [(window, *part) for window, parts in taken.items() for part in parts]
    results, sources, numbers = zip(*sorted(entries, key=itemgetter(0)), strict=True)
    return Sparse(np.array(results), np.array(sources), list(numbers), partial.shape, partial.result, arithmetic)
