"""An array of a trace, as the caller gets it: its entries are values, and numpy takes it as one of its own."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Scalar
from adtrace.numbers.exact import resolved
from adtrace.numbers.value import Value, received, sent
from adtrace.tracing.array_operators import ArrayOperators, entries_of, lengths, objects
from adtrace.tracing.symbols import Formula

_MOST_SHOWN = 1_000
"""Entries of the largest array that is spelled out."""


class ArrayValue(ArrayOperators):
    """An array of exact fractions, or of real numbers known to any precision that is asked for.

    ``array[0, 1]`` (or ``array[0][1]``) is a `Value`, counted from 0 as in numpy; ``array.shape`` is a tuple;
    ``numpy.asarray(array)`` are the nearest doubles, ``array.tolist()`` nested lists of values, and
    ``array.rounded(4)`` nested lists of correctly rounded texts.  ``==`` compares with nested lists and arrays,
    exactly.

    ``+ - * / ** @`` with such arrays, values, numbers of Python and nested lists of them give an array of values, exact
    where both are, or a value; shapes go together as numpy's do.  Beside an array or a number of numpy the result is
    numpy's, in doubles, and so is that of numpy's functions.
    """

    __slots__ = ("_at", "_limits", "_part", "_scalar", "_value")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, scalar: Any, at: Callable[[int], Any] | None, limits: Limits = DEFAULT, value: Callable[..., Any] = Value,
        places: Any = None,
    ) -> None:  # fmt: skip
        self._scalar, self._at, self._limits, self._value = scalar, at, limits, value
        self._part = places
        """Which entries of the array these are; None for the whole."""

    @property
    def _places(self) -> Any:
        if self._part is None:
            import numpy  # noqa: PLC0415 - only where there are arrays

            self._part = numpy.arange(self._scalar.size).reshape(self._scalar.shape)
        return self._part

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return tuple((self._scalar if self._part is None else self._part).shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        return int(self._places.size)

    def __getattr__(self, name: str) -> Any:
        """What numpy's arrays have, and these do not, is named with where it is."""
        import numpy  # noqa: PLC0415 - only where there are arrays

        there = not name.startswith("_") and hasattr(numpy.ndarray, name)
        told = f"; numpy.asarray(array).{name} has it, in doubles" if there else ""
        raise AttributeError(f"an ArrayValue has no {name!r}{told}", name=name, obj=self)

    @property
    def T(self) -> ArrayValue:  # noqa: N802 - numpy's name
        """The array with its axes turned round."""
        return self._of(self._places.T)

    def reshape(self, *shape: Any) -> ArrayValue:
        """The entries in row order in another shape, one of whose lengths may be -1; raises ValueError as numpy."""
        return self._of(self._places.reshape(*shape))

    def _of(self, places: Any) -> ArrayValue:
        return ArrayValue(self._scalar, self._at, self._limits, self._value, places)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        """An entry, or a part; raises IndexError as numpy does."""
        places = self._places[index]
        return self._of(places) if getattr(places, "ndim", 0) else self._entry(int(places))

    def _entry(self, place: int) -> Any:
        return self._value(self._scalar.item(place), EntryAt(self._at, place), self._limits)

    def __reduce__(self) -> tuple[Any, ...]:
        exact = self._scalar.dtype == object and self._value is not itself
        if exact and any(isinstance(entry, Formula) for entry in self._scalar.flat):
            return _of_entries, (list(self.flat), self.shape)  # formulas, which need no evaluation
        scalars = [sent(resolved(entry)) for entry in self._scalar.flat] if exact else self._scalar
        return _received, (scalars, self._scalar.shape, self._at, self._limits, self._value, self._part)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @property
    def flat(self) -> Iterator[Any]:
        """The entries in row order."""
        return map(self._entry, self._places.flat)

    def tolist(self) -> list[Any]:
        """Nested lists of the entries."""
        return self._nested(lambda value: value)

    def rounded(self, decimals: int, rounding: str | None = None) -> list[Any]:
        """Nested lists of the correctly rounded decimals; raises `UndecidedError`."""
        how = () if rounding is None else (rounding,)
        return self._nested(lambda value: value.rounded(decimals, *how))

    @property
    def exact(self) -> list[Any]:
        """Nested lists of fractions; None where an entry is none."""
        return self._nested(lambda value: value.exact)

    def _nested(self, of: Callable[[Any], Any]) -> list[Any]:
        def nested(part: Any) -> Any:
            return [nested(row) for row in part] if part.ndim > 1 else [of(self._entry(int(place))) for place in part]

        return nested(self._places)  # type: ignore[no-any-return]

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        import numpy  # noqa: PLC0415

        if self._scalar.dtype == float:
            array = self._scalar.view() if self._part is None else self._scalar.reshape(-1)[self._part]
            array.flags.writeable = False  # a result stays what it is; numpy.array(...) is a copy
        else:
            array = numpy.array([float(value) for value in self.flat]).reshape(self.shape)
        array = array if dtype is None else array.astype(dtype, copy=False)
        return array.copy() if copy else array

    def sympy(self) -> Any:
        """The array with formulas, or numbers, as sympy's."""
        import sympy  # noqa: PLC0415

        def of(value: Any) -> Any:
            if hasattr(value, "sympy"):
                return value.sympy()
            exact = value.exact
            if exact is None:
                return sympy.Float(float(value))
            return sympy.Rational(exact.numerator, exact.denominator)

        return sympy.Array(self._nested(of))

    def __eq__(self, other: object) -> bool:
        mine, theirs = self.tolist(), other.tolist() if hasattr(other, "tolist") else other
        return isinstance(theirs, Sequence) and _equal(mine, theirs)

    def __neg__(self) -> ArrayValue:
        return _of_objects(-self._objects)  # type: ignore[no-any-return]

    def __pos__(self) -> ArrayValue:
        return self

    def __abs__(self) -> ArrayValue:
        return _of_objects(abs(self._objects))  # type: ignore[no-any-return]

    def __round__(self, decimals: int | None = None) -> ArrayValue:
        return stacked([round(value, decimals) for value in self.flat], self.shape)

    @property
    def _objects(self) -> Any:
        """The values in an array of numpy's, which computes with them as Python does."""
        return objects(list(self.flat), self.shape)

    def _operated(self, function: Callable[[Any, Any], Any], other: Any, *, swapped: bool = False) -> Any:
        """The result of an operator of Python; `NotImplemented` for what is numpy's, or no array of numbers."""
        if hasattr(other, "__array_interface__"):
            return NotImplemented
        if isinstance(other, ArrayValue):
            theirs = None
        elif isinstance(other, numbers.Real | Decimal):
            theirs = objects([other], ())
        elif isinstance(other, list | tuple) and (shape := lengths(other)) is not None:
            theirs = objects(entries_of(other), shape)
        else:
            return NotImplemented
        if (quickly := self._in_doubles(function, other, theirs, swapped)) is not None:
            return quickly
        mine, theirs = self._objects, other._objects if theirs is None else theirs
        return _of_objects(function(theirs, mine) if swapped else function(mine, theirs))

    def _in_doubles(self, function: Callable[[Any, Any], Any], other: Any, theirs: Any, swapped: bool) -> Any:
        """The result for an array of doubles and one more, or numbers; None where one of them would be infinite."""
        if not self._is_of_doubles or (isinstance(other, ArrayValue) and not other._is_of_doubles):
            return None
        import numpy  # noqa: PLC0415

        mine, others = self.__array__(), numpy.asarray(other if isinstance(other, ArrayValue) else theirs, dtype=float)
        try:
            with numpy.errstate(divide="raise", over="raise", invalid="raise"):
                result = function(others, mine) if swapped else function(mine, others)
        except FloatingPointError:
            return None  # which values say with numbers
        return ArrayValue(result, Unchanging(result), self._limits) if result.ndim else Value(float(result))

    @property
    def _is_of_doubles(self) -> bool:
        return self._scalar.dtype == float and self._value is Value

    def __format__(self, spec: str) -> str:
        return _text(self._nested(lambda value: format(value, spec))) if spec else str(self)

    def __str__(self) -> str:
        if self.size > _MOST_SHOWN:
            return f"an array of {' x '.join(map(str, self.shape))}"
        return _text(self._nested(str))

    def __repr__(self) -> str:
        return f"ArrayValue({self})"


def stacked(parts: Sequence[Any], shape: tuple[int, ...]) -> ArrayValue:
    """Values, or arrays of one shape, along new axes in front."""
    inner = parts[0].shape if isinstance(parts[0], ArrayValue) else ()
    entries = [value for part in parts for value in (part.flat if inner else [part])]
    return ArrayValue(objects(entries, (*shape, *inner)), None, value=itself)


def _of_objects(result: Any) -> Any:
    """A result of numpy's on values: an array of them, or one."""
    return ArrayValue(result, None, value=itself) if getattr(result, "ndim", 0) else result


def itself(value: Any, at: object, limits: object) -> Any:
    """An entry that is a value already."""
    return value


def _received(  # noqa: PLR0917 - what the constructor takes, and a shape
    scalars: Any, shape: tuple[int, ...], at: Any, limits: Limits, value: Callable[..., Any], part: Any
) -> ArrayValue:
    if isinstance(scalars, list):
        scalars = objects([received(scalar) for scalar in scalars], shape)
    return ArrayValue(scalars, at, limits, value, part)


def _of_entries(entries: list[Any], shape: tuple[int, ...]) -> ArrayValue:
    return stacked(entries, shape)


@dataclass(frozen=True, slots=True, eq=False)
class Unchanging:
    """An array of doubles at whatever precision is asked for."""

    array: Any

    def __call__(self, bits: int) -> Any:
        """The array."""
        return self.array


@dataclass(frozen=True, slots=True)
class EntryAt:
    """An entry of an array of numbers at whatever precision is asked for."""

    at: Any
    """The array by the working precision."""
    place: int

    def __call__(self, bits: int) -> Scalar:
        """The entry at a working precision."""
        return self.at(bits).item(self.place)


def _equal(mine: Any, theirs: Any) -> bool:
    if isinstance(mine, list):
        alike = isinstance(theirs, Sequence) and not isinstance(theirs, str) and len(mine) == len(theirs)
        return alike and all(map(_equal, mine, theirs))
    return bool(mine == theirs)


def _text(nested: Any) -> str:
    return f"[{', '.join(map(_text, nested))}]" if isinstance(nested, list) else nested
