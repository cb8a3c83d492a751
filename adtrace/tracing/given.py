"""The values of the independent variables: constant expressions, those of floats made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, overload

from adtrace.language.syntax import Terms
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.point import constant
from adtrace.tracing.point_arrays import Entries
from adtrace.writing.dialects import plain


class Given(Sequence[Terms]):
    """A point as it was given, number by number: finite floats, and the terms of everything else."""

    __slots__ = ("_numbers", "_terms")

    def __init__(self, numbers: Sequence[float | Terms]) -> None:
        self._numbers = numbers
        self._terms: tuple[Terms, ...] | None = None

    @property
    def terms(self) -> tuple[Terms, ...]:
        """All of them as expressions."""
        if self._terms is None:
            self._terms = tuple(
                constant(number, "a number") if type(number) is float else number  # type: ignore[misc]
                for number in self._numbers
            )
        return self._terms

    @property
    def has_arrays(self) -> bool:
        """Whether one of them is an array."""
        return not set(map(type, self._numbers)).isdisjoint(_ARRAYS)

    def scalars(self) -> list[float]:
        """All of them in double precision: a float is its own shortest decimal."""
        if set(map(type, self._numbers)) == {float}:
            return list(self._numbers)  # type: ignore[arg-type]
        return [number if isinstance(number, float) else _in_doubles(number) for number in self._numbers]

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Terms]:
        return iter(self.terms)

    @overload
    def __getitem__(self, index: int) -> Terms: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Terms, ...]: ...
    def __getitem__(self, index: int | slice) -> Terms | tuple[Terms, ...]:
        return self.terms[index]

    def __eq__(self, other: object) -> bool:
        return self.terms == tuple(other) if isinstance(other, Given | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.terms)

    def __reduce__(self) -> tuple[Any, ...]:
        return Given, (self._numbers,)


_ARRAYS = (Entries,)


class Scalars(tuple[Scalar, ...]):
    """A point of numbers of the number system, which no text spells: what another sweep, or a table, has there."""

    __slots__ = ()


def scalars(point: Sequence[Terms] | Scalars, arithmetic: Arithmetic) -> list[Scalar]:
    """The values of the independent variables as numbers."""
    if type(point) is Scalars:
        return list(point)
    if (arithmetic is FLOATS or arithmetic.entries is FLOATS) and isinstance(point, Given):
        return point.scalars()
    if arithmetic.entries is FLOATS:
        return [terms.floats() if isinstance(terms, Entries) else _value(terms, arithmetic) for terms in point]
    return [_value(terms, arithmetic) for terms in point]


def _in_doubles(terms: Terms) -> Scalar:
    return terms.floats() if isinstance(terms, Entries) else _value(terms, FLOATS)


def _value(terms: Terms, arithmetic: Arithmetic) -> Scalar:
    return constant_value(terms, arithmetic, plain)
