"""The largest (smallest) entry of several: which one, and what ties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from adtrace.arrays.index_rules import Axes, IndexRule, Shape
from adtrace.elementals import TABLE
from adtrace.numbers import Arithmetic, Scalar
from adtrace.tracing.entries import Array, doubles, of_entries
from adtrace.tracing.evaluate import bind
from adtrace.tracing.kinks import ALL, FIRST, LAST, Conventions, rules
from adtrace.tracing.linear_maps import Sparse
from adtrace.tracing.products import places_under


def chosen(index: IndexRule, x: Scalar, arithmetic: Arithmetic, tie: str = FIRST) -> tuple[Scalar, Sparse, list[int]]:
    """The largest (smallest) entry of each window; the map of the partials; the windows in which several tie."""
    places, inside = windows(index, x.shape)
    pick = _chosen_doubles if doubles(arithmetic) else _chosen_objects
    value: Any
    value, (results, sources, weights), ties = pick(index.choice, x.reshape(-1), (places, inside), arithmetic, tie)
    partial = Sparse(results, sources, weights, x.shape, index.shape, arithmetic)
    if doubles(arithmetic):
        return value.reshape(index.shape) if index.shape else float(value[0]), partial, ties
    return of_entries(value, index.shape, arithmetic), partial, ties


def windows(index: IndexRule, shape: Shape) -> tuple[Array, Array]:
    """For each entry of the result the places in the operand to choose from, in row order, and which are inside."""
    return _windows(index.operands[0], index.result, index.others, tuple(index.sizes.items()), shape)


@lru_cache(maxsize=256)
def _windows(
    axes: Axes, result: tuple[str, ...], others: tuple[str, ...], sizes: tuple[tuple[str, int], ...], shape: Shape
) -> tuple[Array, Array]:
    order, of = (*result, *others), dict(sizes)
    lengths = tuple(of[letter] for letter in order)
    where, inside = places_under(axes, order, lengths, shape)
    count = prod(of[letter] for letter in result)
    places = np.ravel_multi_index(where, shape).reshape(count, -1)
    return places, np.broadcast_to(inside, lengths).reshape(count, -1)


def largest(index: IndexRule, x: Array) -> Scalar:
    """The largest (smallest) doubles over whole axes."""
    axes = tuple(place for place, axis in enumerate(index.operands[0]) if axis.letter not in index.result)
    value = x.max(axis=axes) if index.choice == "max" else x.min(axis=axes)
    return value.reshape(index.shape) if index.shape else float(value)


_Parts = tuple[Array, Array, Any]


def _chosen_doubles(
    choice: str, flat: Array, windows: tuple[Array, Array], arithmetic: Arithmetic, tie: str
) -> tuple[Array, _Parts, list[int]]:
    places, inside = windows
    numbers = np.where(inside, flat[places], -np.inf if choice == "max" else np.inf)
    value = numbers.max(axis=1) if choice == "max" else numbers.min(axis=1)
    best = (numbers == value[:, None]) & inside
    counts = best.sum(axis=1)
    ties: list[int] = np.flatnonzero(counts > 1).tolist()
    rows = np.arange(len(places))
    if not ties or tie in (FIRST, LAST):
        column = best.argmax(axis=1) if tie != LAST else best.shape[1] - 1 - best[:, ::-1].argmax(axis=1)
        return value, (rows, places[rows, column], None), ties
    results, columns = np.nonzero(best)
    weights = np.ones(len(results)) if tie == ALL else 1 / counts[results]
    return value, (results, places[results, columns], weights), ties


def _chosen_objects(
    choice: str, flat: Array, windows: tuple[Array, Array], arithmetic: Arithmetic, tie: str
) -> tuple[list[Scalar], _Parts, list[int]]:
    base = arithmetic.entries or arithmetic
    results: list[int] = []
    sources: list[int] = []
    weights: list[Scalar] = []
    values: list[Scalar] = []
    ties: list[int] = []
    for window, (row, here) in enumerate(zip(*windows, strict=True)):
        places = row[here].tolist()
        if base.formulas:
            value, parts = _folded_choice(choice, flat, places, base)
        else:
            best = _best(flat, places, base, choice)
            value, parts = flat[best[0]], _shares(best, tie, base)
            if len(best) > 1:
                ties.append(window)
        values.append(value)
        for place, weight in parts:
            results.append(window)
            sources.append(place)
            weights.append(weight)
    return values, (np.array(results), np.array(sources), weights), ties


def _best(flat: Array, places: list[int], base: Arithmetic, choice: str) -> list[int]:
    """The places of the largest (smallest) entry."""
    sub, sign, factor = base.functions["sub"], base.sign, 1 if choice == "max" else -1
    best = [places[0]]
    for place in places[1:]:
        above = factor * sign(sub(flat[place], flat[best[0]]))
        if above > 0:
            best = [place]
        elif above == 0:
            best.append(place)
    return best


def _shares(best: list[int], tie: str, base: Arithmetic) -> list[tuple[int, Scalar]]:
    """Which entries of a tie the adjoint goes to."""
    if len(best) == 1 or tie == FIRST:
        return [(best[0], base.one)]
    if tie == LAST:
        return [(best[-1], base.one)]
    share = base.one if tie == ALL else base.functions["div"](base.one, base.literal(len(best), 0))
    return [(place, share) for place in best]


def _folded_choice(
    choice: str, flat: Array, places: list[int], base: Arithmetic
) -> tuple[Scalar, list[tuple[int, Scalar]]]:
    """The largest of formulas, two at a time: the partials are brackets."""
    bound, mul = bind(TABLE[choice, 2], base), base.functions["mul"]
    value, parts = flat[places[0]], [(places[0], base.one)]
    for place in places[1:]:
        operands = [value, flat[place]]
        at = Conventions().partials(0, bound.elemental)
        outcome = base.row(bound, operands, True, at) if base.row is not None else None
        assert outcome is not None
        texts = outcome[1]
        chosen: Sequence[Callable[..., Scalar]] = rules(texts, base) if texts is not None else bound.partials
        p, q = (slope(operands, outcome[0]) for slope in chosen)
        value, parts = outcome[0], [*((at, mul(weight, p)) for at, weight in parts), (place, q)]
    return value, parts
