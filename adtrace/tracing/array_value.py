"""An array of a trace, as the caller gets it: its entries are values, and numpy takes it as one of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Scalar
from adtrace.numbers.exact import resolved
from adtrace.numbers.value import Value, received, sent
from adtrace.tracing.symbols import Formula

_MOST_SHOWN = 1_000
"""Entries of the largest array that is spelled out."""


class ArrayValue:
    """An array of exact fractions, or of real numbers known to any precision that is asked for.

    ``array[0, 1]`` (or ``array[0][1]``) is a `Value`, counted from 0 as in numpy; ``array.shape`` is a tuple;
    ``numpy.asarray(array)`` are the nearest doubles, ``array.tolist()`` nested lists of values, and
    ``array.rounded(4)`` nested lists of correctly rounded texts.  ``==`` compares with nested lists and arrays,
    exactly.
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

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[place] for place in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        """An entry, or a part; raises IndexError as numpy does."""
        places = self._places[index]
        if getattr(places, "ndim", 0):
            return ArrayValue(self._scalar, self._at, self._limits, self._value, places)
        return self._entry(int(places))

    def _entry(self, place: int) -> Any:
        return self._value(self._scalar.item(place), EntryAt(self._at, place), self._limits)

    def __reduce__(self) -> tuple[Any, ...]:
        exact = self._scalar.dtype == object and self._value is not itself
        if exact and any(isinstance(entry, Formula) for entry in self._scalar.flat):
            return _of_entries, (list(self.flat), self.shape)  # formulas, which need no evaluation
        numbers = [sent(resolved(entry)) for entry in self._scalar.flat] if exact else self._scalar
        return _received, (numbers, self._scalar.shape, self._at, self._limits, self._value, self._part)

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
        given = () if rounding is None else (rounding,)
        return self._nested(lambda value: value.rounded(decimals, *given))

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
            made = self._scalar.view() if self._part is None else self._scalar.reshape(-1)[self._part]
            made.flags.writeable = False  # a result stays what it is; numpy.array(...) is a copy
        else:
            made = numpy.array([float(value) for value in self.flat]).reshape(self.shape)
        made = made if dtype is None else made.astype(dtype, copy=False)
        return made.copy() if copy else made

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

    def __str__(self) -> str:
        if self.size > _MOST_SHOWN:
            return f"an array of {' x '.join(map(str, self.shape))}"
        return _text(self._nested(str))

    def __repr__(self) -> str:
        return f"ArrayValue({self})"


def stacked(parts: Sequence[Any], shape: tuple[int, ...]) -> ArrayValue:
    """Values, or arrays of one shape, along new axes in front."""
    import numpy  # noqa: PLC0415

    inner = parts[0].shape if isinstance(parts[0], ArrayValue) else ()
    entries = numpy.empty(len(parts) * int(numpy.prod(inner)), dtype=object)
    for place, value in enumerate(value for part in parts for value in (part.flat if inner else [part])):
        entries[place] = value
    return ArrayValue(entries.reshape(*shape, *inner), None, value=itself)


def itself(value: Any, at: object, limits: object) -> Any:
    """An entry that is a value already."""
    return value


def _received(  # noqa: PLR0917 - what the constructor takes, and a shape
    numbers: Any, shape: tuple[int, ...], at: Any, limits: Limits, value: Callable[..., Any], part: Any
) -> ArrayValue:
    if isinstance(numbers, list):
        import numpy  # noqa: PLC0415

        entries = numpy.empty(len(numbers), dtype=object)
        for place, number in enumerate(numbers):
            entries[place] = received(number)
        numbers = entries.reshape(shape)
    return ArrayValue(numbers, at, limits, value, part)


def _of_entries(entries: list[Any], shape: tuple[int, ...]) -> ArrayValue:
    return stacked(entries, shape)


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
