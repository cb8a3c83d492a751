"""The local partials of array rows: linear maps, forward on tangents and back on adjoints."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.index_rules import Shape
from adtrace.numbers import Arithmetic, Scalar
from adtrace.tracing.entries import Array, boxed, doubles, filled, of_entries, shape_of
from adtrace.tracing.products import contracted, spread_back


class Map:
    """A local partial of an array row."""

    __slots__ = ("arithmetic", "result", "shape")

    def __init__(self, shape: Shape, result: Shape, arithmetic: Arithmetic) -> None:
        self.shape, self.result, self.arithmetic = shape, result, arithmetic

    def forward(self, tangent: Scalar) -> Scalar:
        """What the tangent of the operand adds to that of the row."""
        raise NotImplementedError

    def back(self, adjoint: Scalar) -> Scalar:
        """What the adjoint of the operand gets from that of the row."""
        raise NotImplementedError


class Added(Map):
    """The partial of an operand that occurs twice."""

    __slots__ = ("parts",)

    def __init__(self, first: Map, second: Map) -> None:
        super().__init__(first.shape, first.result, first.arithmetic)
        self.parts = first, second

    def forward(self, tangent: Scalar) -> Scalar:
        """See `Map`."""
        return self.arithmetic.functions["add"](*(part.forward(tangent) for part in self.parts))

    def back(self, adjoint: Scalar) -> Scalar:
        """See `Map`."""
        return self.arithmetic.functions["add"](*(part.back(adjoint) for part in self.parts))


class Entrywise(Map):
    """A partial for each entry; an operand that is repeated gets the sum over where it stands."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: Scalar, shape: Shape, result: Shape, arithmetic: Arithmetic) -> None:
        super().__init__(shape, result, arithmetic)
        self.numbers = numbers

    def forward(self, tangent: Scalar) -> Scalar:
        """See `Map`."""
        return filled(self.arithmetic.functions["mul"](self.numbers, tangent), self.result)

    def back(self, adjoint: Scalar) -> Scalar:
        """See `Map`."""
        return summed_to(self.arithmetic.functions["mul"](adjoint, self.numbers), self.shape, self.arithmetic)


def summed_to(x: Scalar, shape: Shape, arithmetic: Arithmetic) -> Scalar:
    """The sum over the axes along which an array of this shape was repeated."""
    lengths = shape_of(x)
    if lengths == shape:
        return x
    extra = len(lengths) - len(shape)
    axes = (*range(extra), *(extra + k for k, n in enumerate(shape) if n == 1 and lengths[extra + k] != 1))
    if doubles(arithmetic):
        sums = x.sum(axis=axes)
        return sums.reshape(shape) if shape else float(sums)
    add = np.frompyfunc((arithmetic.entries or arithmetic).functions["add"], 2, 1)
    for axis in reversed(axes):
        x = boxed(add.reduce(x, axis=axis))
    return x.reshape(shape) if shape else x[()]


class Contracted(Map):
    """The partial of an operand of an index rule, by the rule itself."""

    __slots__ = ("elemental", "operands", "slot")

    def __init__(
        self, elemental: ArrayElemental, slot: int, operands: Sequence[Scalar], arithmetic: Arithmetic
    ) -> None:
        super().__init__(elemental.shapes[slot], elemental.shape, arithmetic)
        self.elemental, self.slot, self.operands = elemental, slot, operands

    def forward(self, tangent: Scalar) -> Scalar:
        """See `Map`."""
        moved = [filled(tangent, self.shape) if k == self.slot else x for k, x in enumerate(self.operands)]
        assert self.elemental.index is not None
        return contracted(self.elemental.index, moved, self.arithmetic)

    def back(self, adjoint: Scalar) -> Scalar:
        """See `Map`."""
        assert self.elemental.index is not None
        return spread_back(self.elemental.index, self.slot, self.shape, self.operands, adjoint, self.arithmetic)


class Sparse(Map):
    """A partial with few entries: entry ``results[k]`` of the row takes ``weights[k]`` of entry ``sources[k]``."""

    __slots__ = ("results", "sources", "weights")

    def __init__(  # noqa: PLR0917 - its entries, and shapes
        self, results: Array, sources: Array, weights: Any, shape: Shape, result: Shape,
        arithmetic: Arithmetic,
    ) -> None:  # fmt: skip
        super().__init__(shape, result, arithmetic)
        self.results, self.sources, self.weights = results, sources, weights

    def forward(self, tangent: Scalar) -> Scalar:
        """See `Map`."""
        return self._moved(filled(tangent, self.shape), self.sources, self.results, self.result)

    def back(self, adjoint: Scalar) -> Scalar:
        """See `Map`."""
        return self._moved(filled(adjoint, self.result), self.results, self.sources, self.shape)

    def _moved(self, x: Scalar, here: Array, there: Array, shape: Shape) -> Scalar:
        flat, count = boxed(x).reshape(-1), prod(shape)
        if doubles(self.arithmetic):
            numbers = flat[here] if self.weights is None else flat[here] * np.asarray(self.weights)
            sums = np.bincount(there, weights=numbers.astype(float), minlength=count)
            return sums.reshape(shape) if shape else float(sums[0])
        entries = self.arithmetic.entries or self.arithmetic
        add, mul, one = entries.functions["add"], entries.functions["mul"], entries.one
        total: list[Scalar] = [None] * count
        weights = self.weights if self.weights is not None else [one] * len(here)
        for source, target, weight in zip(here.tolist(), there.tolist(), weights, strict=True):
            number = flat[source] if weight is one else mul(weight, flat[source])
            total[target] = number if total[target] is None else add(total[target], number)
        zero = self.arithmetic.zero
        return of_entries([zero if number is None else number for number in total], shape, self.arithmetic)
