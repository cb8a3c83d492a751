"""The entries of an array, whatever number system they are of: arrays of doubles, and of objects for all else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from adtrace.arrays.index_rules import Shape
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.floats import FLOATS

Array = np.ndarray[Any, np.dtype[Any]]


def shape_of(x: Scalar) -> Shape:
    """The shape of a number."""
    return x.shape if type(x) is np.ndarray else ()


def boxed(x: Scalar) -> Array:
    """A number as an array without axes, which numpy does not look into: a jet is a tuple."""
    if type(x) is np.ndarray:
        return x
    box = np.empty((), dtype=object)
    box[()] = x
    return box


def filled(x: Scalar, shape: Shape) -> Scalar:
    """A number repeated into a shape; one that has it already is itself."""
    if shape_of(x) == shape:
        return x
    if type(x) is float:
        return np.full(shape, x)
    return np.broadcast_to(boxed(x), shape).copy()


def of_entries(entries: Sequence[Scalar], shape: Shape, arithmetic: Arithmetic) -> Scalar:
    """An array from its entries in row order; the one entry for a shape of ()."""
    if not shape:
        return entries[0]
    array = np.empty(len(entries), dtype=float if doubles(arithmetic) else object)
    for place, number in enumerate(entries):
        array[place] = number
    return array.reshape(shape)


def on_entries(function: Callable[[Scalar], Scalar], x: Scalar, arithmetic: Arithmetic) -> Scalar:
    """A function of one number on each entry."""
    return of_entries([function(number) for number in entries_of(x)], shape_of(x), arithmetic)


def entries_of(x: Scalar) -> list[Scalar]:
    """The entries of a number in row order."""
    return x.reshape(-1).tolist() if type(x) is np.ndarray else [x]


def entry_by_entry(operands: Sequence[Scalar]) -> Iterator[list[Scalar]]:
    """The operands of each entry of an elementwise result."""
    shape = np.broadcast_shapes(*map(shape_of, operands))
    for numbers in zip(*(np.broadcast_to(boxed(x), shape).flat for x in operands), strict=True):
        yield list(numbers)


def doubles(arithmetic: Arithmetic) -> bool:
    """Whether the numbers are in double precision."""
    return (arithmetic.entries or arithmetic) is FLOATS


def zeros(shape: Shape, arithmetic: Arithmetic) -> Array:
    """An array of zeros of the number system."""
    if doubles(arithmetic):
        return np.zeros(shape)
    array = np.empty(shape, dtype=object)
    for place in np.ndindex(shape):
        array[place] = arithmetic.zero
    return array
