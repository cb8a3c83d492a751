"""Python's operators on an array, from one method that computes entry by entry, and what they take for an array."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any


class ArrayOperators:
    """``+ - * / ** @`` on either side, each by `_operated`."""

    __slots__ = ()

    def _operated(self, function: Callable[[Any, Any], Any], other: Any, *, swapped: bool = False) -> Any:
        """The result of an operator with another array or number behind or (``swapped``) before it; `NotImplemented`
        for what is none.
        """
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self._operated(operator.add, other)

    def __radd__(self, other: Any) -> Any:
        return self._operated(operator.add, other, swapped=True)

    def __sub__(self, other: Any) -> Any:
        return self._operated(operator.sub, other)

    def __rsub__(self, other: Any) -> Any:
        return self._operated(operator.sub, other, swapped=True)

    def __mul__(self, other: Any) -> Any:
        return self._operated(operator.mul, other)

    def __rmul__(self, other: Any) -> Any:
        return self._operated(operator.mul, other, swapped=True)

    def __truediv__(self, other: Any) -> Any:
        return self._operated(operator.truediv, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._operated(operator.truediv, other, swapped=True)

    def __pow__(self, other: Any) -> Any:
        return self._operated(operator.pow, other)

    def __rpow__(self, other: Any) -> Any:
        return self._operated(operator.pow, other, swapped=True)

    def __matmul__(self, other: Any) -> Any:
        return self._operated(operator.matmul, other)

    def __rmatmul__(self, other: Any) -> Any:
        return self._operated(operator.matmul, other, swapped=True)


def objects(entries: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Objects in an array of numpy's, which are not looked into."""
    import numpy  # noqa: PLC0415

    array = numpy.empty(len(entries), dtype=object)
    for place, entry in enumerate(entries):
        array[place] = entry
    return array.reshape(shape)


def lengths(nested: Any) -> tuple[int, ...] | None:
    """The lengths of nested lists of numbers; None for what is none, or has rows of several lengths."""
    if isinstance(nested, numbers.Real | Decimal):
        return ()
    shapes = [lengths(part) for part in nested] if isinstance(nested, list | tuple) else []
    if not shapes or shapes[0] is None or any(shape != shapes[0] for shape in shapes):
        return None
    return len(shapes), *shapes[0]


def entries_of(nested: Any) -> list[Any]:
    """The entries of nested lists in row order."""
    return [entry for part in nested for entry in entries_of(part)] if isinstance(nested, list | tuple) else [nested]
