"""Index rules in numbers: the value of a sum of products, and what its operands' adjoints get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from adtrace.arrays.index_rules import Axes, IndexRule, Shape, letters_of
from adtrace.numbers import Arithmetic, Scalar
from adtrace.tracing.entries import Array, boxed, doubles, zeros


def _gathered(x: Scalar, axes: Axes, sizes: Mapping[str, int], zero: Scalar) -> tuple[tuple[str, ...], Scalar]:
    """An operand over the letters of its axes: entries under a moving window stand several times."""
    letters = letters_of(axes)
    if all(axis.letter is not None for axis in axes) and len(letters) == len(axes):
        return letters, x
    where, inside = _where(axes, tuple(sizes[letter] for letter in letters), x.shape)
    gathered = x[where]
    if not inside.all():
        gathered[~np.broadcast_to(inside, gathered.shape)] = zero
    return letters, gathered


@lru_cache(maxsize=256)
def _where(axes: Axes, lengths: tuple[int, ...], shape: Shape) -> tuple[tuple[Any, ...], Any]:
    """For each axis of an operand the index at each choice of letters, and whether all of them are inside."""
    letters = letters_of(axes)
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
    there = dict.fromkeys(letter for letters, _ in factors for letter in letters)
    kept = tuple(letter for letter in result if letter in there)
    if doubles(arithmetic):
        texts = ",".join("".join(letters) for letters, _ in factors)
        made: Scalar = np.einsum(f"{texts}->{''.join(kept)}", *(x for _, x in factors), optimize=len(factors) > 1)
    else:
        made = _object_product(factors, kept, tuple(letter for letter in there if letter not in kept), arithmetic)
    if len(kept) < len(result):
        shape = tuple(sizes[letter] for letter in result)
        slots = tuple(slice(None) if letter in kept else None for letter in result)
        made = np.broadcast_to(boxed(made)[slots], shape).copy() if shape else made
        return made.astype(float) if doubles(arithmetic) and type(made) is np.ndarray else made
    return made if result else float(made) if doubles(arithmetic) else made


def _object_product(
    factors: Sequence[tuple[tuple[str, ...], Scalar]], kept: tuple[str, ...], summed: tuple[str, ...],
    arithmetic: Arithmetic,
) -> Scalar:  # fmt: skip
    order = (*kept, *summed)
    spread: list[Array] = []
    for letters, x in factors:
        box = boxed(x)
        at = sorted(range(len(letters)), key=lambda place: order.index(letters[place]))
        own = {letters[place] for place in at}
        spread.append(box.transpose(at)[tuple(slice(None) if letter in own else None for letter in order)])
    entries = arithmetic.entries or arithmetic
    made: Any = spread[0]
    for other in spread[1:]:
        made = np.frompyfunc(entries.functions["mul"], 2, 1)(made, other)
    made = boxed(made)
    add = np.frompyfunc(entries.functions["add"], 2, 1)
    for _ in summed:
        made = add.reduce(made, axis=-1)
        made = boxed(made)
    return made if kept else made[()]


def _divided(x: Scalar, divisor: int, arithmetic: Arithmetic) -> Scalar:
    return x if divisor == 1 else arithmetic.functions["div"](x, arithmetic.literal(divisor, 0))


def contracted(index: IndexRule, operands: Sequence[Scalar], arithmetic: Arithmetic) -> Scalar:
    """The value of an index rule."""
    given = zip(operands, index.operands, strict=True)
    factors = [_gathered(x, axes, index.sizes, arithmetic.zero) for x, axes in given]
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
    made = _divided(_product(factors, letters, index.sizes, arithmetic), index.divisor, arithmetic)
    if all(axis.letter is not None for axis in axes) and len(letters) == len(axes):
        return made
    where, inside = _where(axes, tuple(index.sizes[letter] for letter in letters), shape)
    total = zeros(shape, arithmetic)
    if doubles(arithmetic):
        np.add.at(total, where, np.where(inside, made, 0.0))
        return total
    add, flat, made = arithmetic.functions["add"], total.reshape(-1), boxed(made)
    places = np.ravel_multi_index(where, shape)
    for place, number, here in zip(places.flat, made.flat, np.broadcast_to(inside, places.shape).flat, strict=True):
        if here:
            flat[place] = add(flat[place], number)
    return total
