"""Python's operators on a number, and numpy's functions: a `numbers.Real` from one method that computes."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable
from typing import Any, Self

_OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "power": operator.pow, "floor_divide": operator.floordiv, "remainder": operator.mod, "negative": operator.neg,
    "positive": operator.pos, "absolute": abs, "equal": operator.eq, "not_equal": operator.ne, "less": operator.lt,
    "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge,
}  # fmt: skip
"""numpy's functions that Python has as operators."""


class Operators(numbers.Real):
    """The operators of a real number, each by `_operated`."""

    __slots__ = ()

    def _operated(self, head: str, other: Any = None, *, swapped: bool = False) -> Any:
        """The result of an operation on the number, and on another one behind or (``swapped``) before it;
        `NotImplemented` for what is no number.
        """
        raise NotImplementedError

    def _own(self, number: Any) -> Any:
        """A number of Python or numpy as one of these, if it is finite; else itself."""
        raise NotImplementedError

    @property
    def real(self) -> Self:
        """The number itself, which is real."""
        return self

    @property
    def imag(self) -> Any:
        """0, for the number is real."""
        return 0

    def conjugate(self) -> Self:
        """The number itself, which is real."""
        return self

    def __pos__(self) -> Self:
        return self

    def __neg__(self) -> Self:
        return self._operated("neg")  # type: ignore[no-any-return]

    def __abs__(self) -> Self:
        return self._operated("abs")  # type: ignore[no-any-return]

    def __add__(self, other: Any) -> Self:
        return self._operated("add", other)  # type: ignore[no-any-return]

    def __radd__(self, other: Any) -> Self:
        return self._operated("add", other, swapped=True)  # type: ignore[no-any-return]

    def __sub__(self, other: Any) -> Self:
        return self._operated("sub", other)  # type: ignore[no-any-return]

    def __rsub__(self, other: Any) -> Self:
        return self._operated("sub", other, swapped=True)  # type: ignore[no-any-return]

    def __mul__(self, other: Any) -> Self:
        return self._operated("mul", other)  # type: ignore[no-any-return]

    def __rmul__(self, other: Any) -> Self:
        return self._operated("mul", other, swapped=True)  # type: ignore[no-any-return]

    def __truediv__(self, other: Any) -> Self:
        return self._operated("div", other)  # type: ignore[no-any-return]

    def __rtruediv__(self, other: Any) -> Self:
        return self._operated("div", other, swapped=True)  # type: ignore[no-any-return]

    def __pow__(self, other: Any) -> Self:
        return self._operated("pow", other)  # type: ignore[no-any-return]

    def __rpow__(self, other: Any) -> Self:
        return self._operated("pow", other, swapped=True)  # type: ignore[no-any-return]

    def __floordiv__(self, other: Any) -> int:
        return self._operated("floordiv", other)  # type: ignore[no-any-return]

    def __rfloordiv__(self, other: Any) -> int:
        return self._operated("floordiv", other, swapped=True)  # type: ignore[no-any-return]

    def __mod__(self, other: Any) -> Self:
        return self._operated("mod", other)  # type: ignore[no-any-return]

    def __rmod__(self, other: Any) -> Self:
        return self._operated("mod", other, swapped=True)  # type: ignore[no-any-return]

    def __trunc__(self) -> int:
        return int(self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        """The nearest double, as numpy's array without axes; with ``dtype=object`` the number itself."""
        import numpy  # noqa: PLC0415 - only numpy asks

        if dtype is not None and numpy.dtype(dtype) == object:
            return _boxed(numpy, self)
        return numpy.array(float(self), dtype=dtype)

    def __array_ufunc__(self, function: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """One of numpy's functions: an operator on numbers as Python has it, on arrays of objects entry by entry, and
        everything else on the nearest doubles.
        """
        own = _OPERATORS.get(function.__name__)
        if method == "__call__" and own is not None and not options and not any(getattr(x, "ndim", 0) for x in inputs):
            return own(*(self._own(x.item() if hasattr(x, "item") else x) for x in inputs))
        objects = any(getattr(getattr(x, "dtype", None), "kind", "") == "O" for x in inputs)
        import numpy  # noqa: PLC0415

        def taken(x: Any) -> Any:
            if not isinstance(x, Operators):
                return x
            return _boxed(numpy, x) if objects else float(x)

        return getattr(function, method)(*map(taken, inputs), **options)


def _boxed(numpy: Any, number: Any) -> Any:
    """An array without axes that holds an object."""
    box = numpy.empty((), dtype=object)
    box[()] = number
    return box


def with_infinity(head: str, left: Any, right: Any) -> Any:
    """What Python's floats make of an operation with an infinity, or with what is no number."""
    functions: dict[str, Callable[[Any, Any], Any]] = {
        "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "pow": operator.pow,
        "mod": operator.mod, "floordiv": operator.floordiv,
    }  # fmt: skip
    return functions[head](left, right)
