"""Index rules in numbers: the value of a sum of products, and what its operands' adjoints get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from adtrace.arrays.index_rules import Axes, IndexRule, Shape, letters_of
from adtrace.numbers import Arithmetic, Scalar
from adtrace.tracing.entries import Array, boxed, doubles, zeros


def _gathered(x: Scalar, axes: Axes, sizes: Mapping[str, int], zero: Scalar) -> tuple[tuple[str, ...], Scalar]:
    """An operand over the letters of its axes: entries under a moving window stand several times."""
    alone = _alone(axes)
    if alone is not None:
        return alone, x
    letters = letters_of(axes)
    where, inside = places_under(axes, letters, tuple(sizes[letter] for letter in letters), x.shape)
    gathered = x[where]
    if not inside.all():
        gathered[~np.broadcast_to(inside, gathered.shape)] = zero
    return letters, gathered


@lru_cache(maxsize=4096)
def _alone(axes: Axes) -> tuple[str, ...] | None:
    """The letters of axes of which each is nothing but a letter of its own."""
    letters = letters_of(axes)
    return letters if len(letters) == len(axes) and all(axis.letter is not None for axis in axes) else None


@lru_cache(maxsize=256)
def places_under(
    axes: Axes, letters: tuple[str, ...], lengths: tuple[int, ...], shape: Shape
) -> tuple[tuple[Any, ...], Any]:
    """For each axis of an operand the index at each choice of letters, and whether all of them are inside."""
    grids = dict(zip(letters, np.ogrid[tuple(slice(n) for n in lengths)], strict=True)) if letters else {}
    places: list[Any] = []
    inside: Any = np.True_
    for axis, size in zip(axes, shape, strict=True):
        index = sum((factor * grids[letter] for letter, factor in axis.factors), start=np.asarray(axis.constant))
        inside = inside & (index >= 0) & (index < size)
        places.append(np.clip(index, 0, size - 1))
    where = tuple(np.broadcast_to(place, lengths) for place in places)
    return where, np.asarray(inside)


def _product(
    factors: Sequence[tuple[tuple[str, ...], Scalar]], result: tuple[str, ...], sizes: Mapping[str, int],
    arithmetic: Arithmetic,
) -> Scalar:  # fmt: skip
    """The product of factors, each over its letters, summed over the letters that the result has not."""
    free, summed = _parted(tuple(letters for letters, _ in factors), result)
    if doubles(arithmetic):
        with np.errstate(all="ignore"):  # what is infinite is refused where a row, or a sweep, is complete
            sums: Scalar = _sum_of_doubles(tuple(letters for letters, _ in factors), free, [x for _, x in factors])
    else:
        sums = _object_product(factors, free, summed, arithmetic)
    if len(free) < len(result):
        shape = tuple(sizes[letter] for letter in result)
        slots = tuple(slice(None) if letter in free else None for letter in result)
        sums = np.broadcast_to(boxed(sums)[slots], shape).copy() if shape else sums
        return sums.astype(float) if doubles(arithmetic) and type(sums) is np.ndarray else sums
    return sums if result else float(sums) if doubles(arithmetic) else sums


@lru_cache(maxsize=4096)
def _parted(letters: tuple[tuple[str, ...], ...], result: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The letters of factors: those that the result has, in its order, and those that are summed over."""
    there = dict.fromkeys(letter for own in letters for letter in own)
    free = tuple(letter for letter in result if letter in there)
    return free, tuple(letter for letter in there if letter not in free)


def _sum_of_doubles(letters: tuple[tuple[str, ...], ...], free: tuple[str, ...], factors: Sequence[Scalar]) -> Scalar:
    """As `_product`: a sum of two factors is a product of matrices, where it can be, which is fast in numpy."""
    if len(factors) == 1:
        axes = _summed_axes(letters[0], free)
        if axes is not None:
            return factors[0].sum(axis=axes) if type(factors[0]) is np.ndarray else factors[0]
    plan = _as_matrices(letters, free) if len(factors) == 2 else None
    if plan is None:
        return np.einsum(f"{','.join(map(''.join, letters))}->{''.join(free)}", *factors)
    reverse, axes, order = plan
    left, right = reversed(factors) if reverse else factors
    if order is None and left.ndim == right.ndim == 2 and len(axes[0]) == 1:
        return (left if axes[0] == [1] else left.T) @ (right if axes[1] == [0] else right.T)
    contraction = np.tensordot(left, right, axes)
    return contraction if order is None else np.ascontiguousarray(contraction.transpose(order))


@lru_cache(maxsize=1024)
def _summed_axes(letters: tuple[str, ...], free: tuple[str, ...]) -> tuple[int, ...] | None:
    """The axes of one factor that are summed over, if the others stay in their order."""
    in_order = free == tuple(letter for letter in letters if letter in free) and len(set(letters)) == len(letters)
    return tuple(place for place, letter in enumerate(letters) if letter not in free) if in_order else None


@lru_cache(maxsize=1024)
def _as_matrices(letters: tuple[tuple[str, ...], ...], free: tuple[str, ...]) -> Any:
    """Whether the factors are exchanged, the axes over which both are summed, and the order of what is left; None where
    this is no product of matrices: a letter of both is free, one of them alone is summed over, or one occurs twice.
    """
    shared = set(letters[0]).intersection(letters[1])
    alone = set(letters[0]).symmetric_difference(letters[1])
    if not shared or alone != set(free) or any(len(set(own)) < len(own) for own in letters):
        return None
    (left, right), straight = letters, tuple(range(len(free)))
    order, exchanged = (
        tuple(map([c for c in (*first, *other) if c not in shared].index, free))
        for first, other in ((left, right), (right, left))
    )
    reverse = order != straight
    if reverse:
        left, right, order = right, left, exchanged
    both = [c for c in left if c in shared]
    axes = [left.index(c) for c in both], [right.index(c) for c in both]
    return reverse, axes, None if order == straight else order


def _object_product(
    factors: Sequence[tuple[tuple[str, ...], Scalar]], free: tuple[str, ...], summed: tuple[str, ...],
    arithmetic: Arithmetic,
) -> Scalar:  # fmt: skip
    order = (*free, *summed)
    spread: list[Array] = []
    for letters, x in factors:
        box = boxed(x)
        at = sorted(range(len(letters)), key=lambda place: order.index(letters[place]))
        own = {letters[place] for place in at}
        spread.append(box.transpose(at)[tuple(slice(None) if letter in own else None for letter in order)])
    entries = arithmetic.entries or arithmetic
    products: Any = spread[0]
    for other in spread[1:]:
        products = np.frompyfunc(entries.functions["mul"], 2, 1)(products, other)
    products = boxed(products)
    add = np.frompyfunc(entries.functions["add"], 2, 1)
    for _ in summed:
        products = add.reduce(products, axis=-1)
        products = boxed(products)
    return products if free else products[()]


def _divided(x: Scalar, divisor: int, arithmetic: Arithmetic) -> Scalar:
    return x if divisor == 1 else arithmetic.functions["div"](x, arithmetic.literal(divisor, 0))


def contracted(index: IndexRule, operands: Sequence[Scalar], arithmetic: Arithmetic) -> Scalar:
    """The value of an index rule."""
    pairs = zip(operands, index.operands, strict=True)
    factors = [_gathered(x, axes, index.sizes, arithmetic.zero) for x, axes in pairs]
    return _divided(_product(factors, index.result, index.sizes, arithmetic), index.divisor, arithmetic)


def spread_back(  # noqa: PLR0917 - a rule, which operand, and the numbers
    index: IndexRule, slot: int, shape: Shape, operands: Sequence[Scalar], adjoint: Scalar, arithmetic: Arithmetic
) -> Scalar:
    """What the adjoint of an operand gets: the rule with the letters moved to the other side."""
    axes = index.operands[slot]
    letters = letters_of(axes)
    factors = [(index.result, adjoint)]
    for place, other in enumerate(index.operands):
        if place != slot:
            factors.append(_gathered(operands[place], other, index.sizes, arithmetic.zero))
    shares = _divided(_product(factors, letters, index.sizes, arithmetic), index.divisor, arithmetic)
    if _alone(axes) is not None:
        return shares
    lengths = tuple(index.sizes[letter] for letter in letters)
    if doubles(arithmetic):
        numbers = np.where(places_under(axes, letters_of(axes), lengths, shape)[1], shares, 0.0)
        return np.bincount(_flat_where(axes, lengths, shape), numbers.reshape(-1), prod(shape)).reshape(shape)
    where, inside = places_under(axes, letters_of(axes), lengths, shape)
    total = zeros(shape, arithmetic)
    add, flat, shares = arithmetic.functions["add"], total.reshape(-1), boxed(shares)
    places = np.ravel_multi_index(where, shape)
    for place, number, here in zip(places.flat, shares.flat, np.broadcast_to(inside, places.shape).flat, strict=True):
        if here:
            flat[place] = add(flat[place], number)
    return total


@lru_cache(maxsize=64)
def _flat_where(axes: Axes, lengths: tuple[int, ...], shape: Shape) -> Any:
    """The place of each entry that `_where` names, counted in row order."""
    return np.ravel_multi_index(places_under(axes, letters_of(axes), lengths, shape)[0], shape).reshape(-1)
