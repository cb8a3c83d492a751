"""Recorded arrays: what stands in a Python function in place of numpy's, and leaves a row at each operation on it.

As `active`, whose numbers stand beside them; numpy hands its functions over (NEP 13, NEP 18).  An update in place moves
the array to its new row, for every name that it has; where a part or a transpose shares its memory, it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from sys import _getframe
from typing import Any, NoReturn
from weakref import ref

import numpy as np

from adtrace.arrays.elemental import said
from adtrace.errors import RecordingError
from adtrace.tracing.active import exactly
from adtrace.tracing.callers import without_a_number
from adtrace.tracing.functions import function
from adtrace.tracing.numpy_calls import METHODS, numpy_function, ufunc
from adtrace.tracing.numpy_shapes import reshape, transpose

Shape = tuple[int, ...]


class ActiveArray:
    """A recorded array: a variable of the Wengert list that is being made, or a constant beside one."""

    __slots__ = ("__weakref__", "_place", "_recording", "_shared")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, recording: Any, place: int) -> None:
        self._recording, self._place = recording, place
        self._shared: list[ref[ActiveArray]] = []
        """The arrays that would be views of the same memory in numpy."""

    @property
    def shape(self) -> Shape:
        """The lengths of the axes."""
        return self._recording.shape_at(self._place)  # type: ignore[no-any-return]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return prod(self.shape)

    @property
    def dtype(self) -> Any:
        """That of real numbers."""
        return np.dtype(float)

    @property
    def T(self) -> Any:  # noqa: N802 - numpy's name
        """The transpose."""
        return transpose(self._recording, self)

    @property
    def mT(self) -> Any:  # noqa: N802 - numpy's name
        """Each matrix transposed."""
        return METHODS["swapaxes"](self._recording, self, -1, -2)

    @property
    def flat(self) -> Iterator[Any]:
        """The entries in row order."""
        return iter(reshape(self._recording, self, (-1,)))

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        return self._recording.part(self, index)

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise RecordingError("an entry of a recorded array is not assigned: no row would say so; build the array from "
                             "its parts, numpy.stack([...]) or numpy.concatenate([...])")  # fmt: skip

    def __array_ufunc__(self, of: Any, method: str, *operands: Any, **options: Any) -> Any:
        """numpy's functions, on recorded arrays and on numbers and arrays beside them."""
        return ufunc(self._recording, of, method, operands, options)

    def __array_function__(self, of: Any, types: Any, given: Any, options: Any) -> Any:
        """numpy's other functions."""
        return numpy_function(self._recording, of, given, options)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        raise RecordingError("numpy.array of a recorded array would hold its numbers alone, without a derivative; "
                             "leave it out, or write numpy.stack([...]) to put several into one")  # fmt: skip

    def __bool__(self) -> bool:
        if self.size == 1:
            return bool(self.flat.__next__())
        raise RecordingError("an array of several entries is neither true nor false; compare one of its entries")

    def __float__(self) -> NoReturn:
        raise RecordingError(without_a_number(_getframe(1)))

    def __contains__(self, value: object) -> bool:
        return any(entry == value for entry in self.flat)

    def __pow__(self, other: object) -> Any:
        return self._recording.raised(self, other)

    def __rpow__(self, other: object) -> Any:
        return self._recording.raised(exactly(other, _getframe(1)) if type(other) is float else other, self)

    def __neg__(self) -> Any:
        return self._recording.function("neg", self)

    def __abs__(self) -> Any:
        return self._recording.function("abs", self)

    def __pos__(self) -> Any:
        return self._recording.again(self)

    def __copy__(self) -> Any:
        return self._recording.again(self)

    def __deepcopy__(self, memo: object) -> Any:
        return self._recording.again(self)

    def __repr__(self) -> str:
        return f"<recorded array of {said(self.shape)}>"

    def __format__(self, form: str) -> str:
        if form:
            raise RecordingError(f"a recorded array has no digits to format by {form!r}; print it by itself")
        return repr(self)

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """The entries in row order along other axes."""
        wanted = shape[0] if len(shape) == 1 else shape
        return reshape(self._recording, self, wanted, order=order)

    def flatten(self, order: str = "C") -> Any:
        """The entries in row order, as an array of its own."""
        if order != "C":
            raise RecordingError(f"flatten is in the order of the rows, C, not {order!r}")
        return self._recording.made("flatten", (), self)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return transpose(self._recording, self, order)

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        """A copy; real numbers stay what they are."""
        if np.dtype(dtype) not in (np.dtype(float), np.dtype(object)):
            raise RecordingError(f"a recorded array has real numbers, which nothing rounds to {np.dtype(dtype)}")
        return self._recording.again(self)

    def tolist(self) -> list[Any]:
        """Nested lists of the entries."""
        return [part.tolist() if isinstance(part, ActiveArray) else part for part in self]

    def item(self, *place: int) -> Any:
        """One entry, which stays a recorded number."""
        return reshape(self._recording, self, (-1,))[place[0] if place else 0] if len(place) < 2 else self[place]


Operation = Callable[..., Any]


def _operation(head: str) -> tuple[Operation, Operation, Operation]:
    """An operator, its reflected form, and its form in place."""

    def forward(self: ActiveArray, other: object) -> Any:
        return self._recording.operation(head, self, other, _getframe(1))

    def reflected(self: ActiveArray, other: object) -> Any:
        return self._recording.operation(head, other, self, _getframe(1))

    def in_place(self: ActiveArray, other: object) -> Any:
        return _updated(self, self._recording.operation(head, self, other, _getframe(1)))

    return forward, reflected, in_place


def _updated(array: ActiveArray, result: Any) -> Any:
    """The array, which now is what was made of it."""
    if result is NotImplemented:
        return result
    if any(view() is not None and view() is not array for view in array._shared):
        raise RecordingError("a part, a transpose or another view of this array is in use, and an update in place "
                             "would change it, too; write a = a + b in place of a += b")  # fmt: skip
    if getattr(result, "shape", ()) != array.shape:
        raise RecordingError(f"an update in place keeps {said(array.shape)}, and this gives {said(result.shape)}")
    array._place, array._shared = result._place, []
    return array


def _comparison(sign: str) -> Operation:
    def compare(self: ActiveArray, other: object) -> Any:
        if self._recording.operand(other) is None:
            return NotImplemented
        raise RecordingError(f"{sign} of a recorded array has no row: its entries are compared one by one; write "
                             "numpy.maximum, numpy.clip or adtrace.relu, compare single entries, or trace with "
                             'rows="entries"')  # fmt: skip

    return compare


def _refused(what: str, instead: str) -> Operation:
    def refuse(self: ActiveArray, *given: object, **options: object) -> NoReturn:
        raise RecordingError(f"{what} of a recorded array has no row; {instead}")

    return refuse


def _method(of: Operation) -> Operation:
    def method(self: ActiveArray, *given: Any, **options: Any) -> Any:
        return numpy_function(self._recording, of, (self, *given), options)

    return method


def _as_a_method(of: Operation) -> Operation:
    def method(self: ActiveArray, *others: Any) -> Any:
        return of(self, *others)

    return method


_SIGNS = {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "matmul": "matmul"}
for _name, _head in _SIGNS.items():
    for _prefix, _made in zip(("", "r", "i"), _operation(_head), strict=True):
        setattr(ActiveArray, f"__{_prefix}{_name}__", _made)
ActiveArray.__ipow__ = lambda self, other: _updated(self, self.__pow__(other))  # type: ignore[attr-defined]
for _name, _sign in {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}.items():
    setattr(ActiveArray, f"__{_name}__", _comparison(_sign))
for _name, _of in METHODS.items():
    if _name not in vars(ActiveArray):
        setattr(ActiveArray, _name, _method(getattr(np, _name)))
_floor, _mod = function("floor"), function("mod")
_WHOLE: dict[str, Operation] = {
    "floor": _floor, "ceil": function("ceil"), "mod": _mod, "rmod": lambda x, other: _mod(other, x),
    "floordiv": lambda x, other: _floor(x / other), "rfloordiv": lambda x, other: _floor(other / x),
    "divmod": lambda x, other: (_floor(x / other), _mod(x, other)),
    "rdivmod": lambda x, other: (_floor(other / x), _mod(other, x)),
}  # fmt: skip
for _name, _of in _WHOLE.items():
    setattr(ActiveArray, f"__{_name}__", _as_a_method(_of))
_INTEGERS, _CHOICE = "write adtrace.floor(x)", 'compare single entries, or trace with rows="entries"'
for _name in ("int", "index", "complex", "round"):
    setattr(ActiveArray, f"__{_name}__", _refused(f"{_name}()", _INTEGERS))
for _name in ("argmax", "argmin", "sort", "argsort", "any", "all", "nonzero", "partition", "searchsorted"):
    setattr(ActiveArray, _name, _refused(f"{_name}()", _CHOICE))
for _name in ("fill", "put", "itemset", "resize", "byteswap", "setfield"):
    setattr(ActiveArray, _name, _refused(f"{_name}()", "build the array from its parts"))
for _name in ("round", "view", "tobytes"):
    setattr(ActiveArray, _name, _refused(f"{_name}()", "its numbers are real, and nothing rounds them"))
