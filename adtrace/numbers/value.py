"""A number of a trace, as the caller gets it: it prints, compares, computes and converts as one expects."""

from __future__ import annotations

import math
import numbers
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self, TypeVar

from flint import arb, arf, fmpq

from adtrace.errors import BoundError, DomainError, MathematicsError, OptionError, UndecidedError, one_of
from adtrace.limits import DEFAULT, MAGNITUDE_BITS, Limits
from adtrace.numbers import START_BITS, Singular, TooLarge, decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.computed import EXACTLY, Computed
from adtrace.numbers.exact import Long, PiMultiple, ball, mul, precision, resolved
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.formatting import formatted
from adtrace.numbers.operators import Operators, with_infinity
from adtrace.numbers.rounding import fixed, nearest_double, scientific, terminating, truncated
from adtrace.numbers.special import floor
from adtrace.settings import HALF_EVEN, ROUNDINGS

Scalar = Any
_Answer = TypeVar("_Answer")
Recipe = Callable[[int], Any]
"""What gives a number, or a list of them, at a working precision."""

_SHOWN_DECIMALS = 16
_SIGNIFICANT = 17


class Value(Operators):
    """An exact fraction, or a real number known to any precision that is asked for; a `numbers.Real`.

    ``float(value)`` is the nearest double, ``f"{value:.4f}"``, ``f"{value:.3e}"`` and ``round(value, 4)`` are correctly
    rounded (ties to even), however large or small; ``int(value)`` is cut off.  ``value.exact`` is a
    ``fractions.Fraction`` or None.

    ``+ - * / // % ** abs`` with values, and with the numbers of Python and numpy (a float is the number that it is),
    give a value: exact where both are, else certified as the values of a trace are, and in double precision where one
    of them is a result of it.  They raise `ZeroDivisionError`, `DomainError` for a power that is not real,
    `BoundError` and `UndecidedError`.

    Comparisons are by value, exactly, at rising precision.  What the highest one does not settle is unequal for ``==``
    and raises `UndecidedError` for ``<``; one and the same number of equal traces is equal.  Equal values have equal
    hashes, a rational that of its fraction.  A value can be pickled and is its own copy.
    """

    __slots__ = ("_at", "_limits", "_place", "_scalar")

    def __init__(self, scalar: Scalar, at: Recipe | None = None, limits: Limits = DEFAULT) -> None:
        self._scalar, self._at, self._limits = scalar, at, limits
        self._place: int | None = None

    def at(self, bits: int) -> Scalar:
        """The number at a working precision of so many bits."""
        if self._at is None or bits == START_BITS:
            return self._scalar
        result = self._at(bits)
        return result if self._place is None else result[self._place]

    @property
    def exact(self) -> Fraction | None:
        """The value as a fraction, where it is one and known to be."""
        scalar = resolved(self._scalar)
        if type(scalar) is fmpq:
            return Fraction(int(scalar.p), int(scalar.q))
        return Fraction(scalar) if type(scalar) is float else None

    def rounded(self, decimals: int, rounding: str = HALF_EVEN) -> str:
        """The correctly rounded decimal; raises `UndecidedError` if no allowed precision settles it."""
        one_of("rounding", rounding, ROUNDINGS)
        if not 0 <= decimals <= self._limits.decimals:
            raise OptionError(f"digits are 0 to {self._limits.decimals}, not {decimals}")
        try:
            return self.settled(lambda x: fixed(x, decimals, rounding), f"digit {decimals}")
        except TooLarge:
            raise BoundError(f"the value is larger than 2^{MAGNITUDE_BITS}") from None

    def settled(self, decide: Callable[[Scalar], _Answer | None], what: str) -> _Answer:
        """The first answer of ``decide`` that is not None, at rising precision; raises `UndecidedError`."""

        def asked(bits: int) -> _Answer | None:
            with precision(bits):
                return decide(self.at(bits))

        return decided(asked, self._limits, what)

    def __float__(self) -> float:
        if type(self._scalar) is float:
            return self._scalar
        if type(self._scalar) is Long:  # which need not be computed for its first 17 digits
            nearest = nearest_double(self._scalar.ball)
            if nearest is not None:
                return nearest
        if self.exact is not None:
            try:
                return float(self.exact)
            except OverflowError:
                return math.inf if self > 0 else -math.inf
        return float(self.settled(lambda x: nearest_double(ball(x)), "the nearest double"))

    def __int__(self) -> int:
        if self.exact is not None:
            return int(self.exact)
        try:
            return int(self.settled(lambda x: truncated(ball(x)), "the integer part"))
        except TooLarge:
            raise BoundError(f"the value is larger than 2^{MAGNITUDE_BITS}") from None

    def __bool__(self) -> bool:
        return self._compare(0) != 0

    def __format__(self, spec: str) -> str:
        return formatted(self, spec) if spec else str(self)

    def __round__(self, decimals: int | None = None) -> Any:
        """An integer, or the rounded decimal as a value; ties to even."""
        scale = fmpq(10) ** (decimals or 0)
        text = self.settled(lambda x: fixed(mul(x if type(x) is not float else _of_float(x), scale), 0, HALF_EVEN),
                            "the rounded number")  # fmt: skip
        return int(text) if decimals is None else Value(fmpq(int(text)) / scale, limits=self._limits)

    def __floor__(self) -> int:
        if type(self._scalar) is float:
            return math.floor(self._scalar)
        whole: int = self.settled(_whole, "the integer below")
        return whole

    def __ceil__(self) -> int:
        return -math.floor(-self)

    def __str__(self) -> str:
        if self.exact is not None and type(self._scalar) is not float:
            return terminating(resolved(self._scalar), _SHOWN_DECIMALS) or str(self.exact)
        nearest = float(self)
        if type(self._scalar) is float or sys.float_info.min <= abs(nearest) < math.inf:
            return repr(nearest)
        try:
            return str(self.settled(lambda x: scientific(ball(x), _SIGNIFICANT), f"digit {_SIGNIFICANT}"))
        except TooLarge:  # beyond the documented magnitude
            return f"{'-' if nearest < 0 else ''}(more than 2^{MAGNITUDE_BITS})" if nearest else repr(nearest)
        except UndecidedError:  # as good as zero
            return repr(nearest)

    def __repr__(self) -> str:
        return f"Value({self})"

    def is_same(self, other: Value) -> bool:
        """Whether both are known to be one number because both are found in the same way."""
        if other._scalar is self._scalar:
            return True
        exact, theirs = self.exact, other.exact
        if exact is not None or theirs is not None:
            return exact == theirs
        return self._at is not None and self._place == other._place and bool(self._at == other._at)

    def _compare(self, other: object) -> int | None:
        """-1, 0 or 1; None if the other is not a real number.  Raises `UndecidedError`."""
        if isinstance(other, float) and math.isinf(other):
            return -1 if other > 0 else 1
        if isinstance(other, Value):
            if other._scalar is self._scalar:
                return 0
            if type(self._scalar) is type(other._scalar) is PiMultiple:
                mine, theirs = self._scalar.factor, other._scalar.factor
                return int(mine > theirs) - int(mine < theirs)
        mine, theirs = self.exact, as_fraction(other)
        if mine is not None and theirs is not None:
            return (mine > theirs) - (mine < theirs)
        if theirs is not None:
            number = fmpq(theirs.numerator, theirs.denominator)
            return self._against(lambda bits: number)
        if not isinstance(other, Value):
            return None
        if mine is not None:
            order = other._compare(mine)
            return None if order is None else -order
        with precision(START_BITS):
            if ball(self._scalar).overlaps(ball(other._scalar)) and self.is_same(other):
                return 0
        return self._against(other.at)

    def _against(self, other: Callable[[int], Scalar]) -> int:
        def asked(bits: int) -> int | None:
            with precision(bits):
                mine, theirs = ball(self.at(bits)), ball(other(bits))
                return 1 if mine > theirs else -1 if mine < theirs else None

        return decided(asked, self._limits, "whether these numbers are equal")

    def __eq__(self, other: object) -> bool:
        try:
            order = self._compare(other)
        except UndecidedError:
            return False
        return NotImplemented if order is None else order == 0

    def __hash__(self) -> int:  # type: ignore[override]
        if self.exact is not None:
            return hash(self.exact)
        try:
            return hash(float(self))
        except MathematicsError:  # as good as zero
            return 0

    def __lt__(self, other: object) -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order < 0

    def __le__(self, other: object) -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order <= 0

    def __gt__(self, other: object) -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order > 0

    def __ge__(self, other: object) -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order >= 0

    def _own(self, number: Any) -> Any:
        return as_value(number, self._limits) or number

    def _operated(self, head: str, other: Any = None, *, swapped: bool = False) -> Any:
        if other is None:
            return self._result(head, self)
        if isinstance(other, float) and not math.isfinite(other):
            return with_infinity(head, *((other, float(self)) if swapped else (float(self), other)))
        number = as_value(other, self._limits)
        if number is None:
            if not isinstance(other, numbers.Complex) or isinstance(other, numbers.Real):
                return NotImplemented
            return with_infinity(head, *((other, complex(self)) if swapped else (complex(self), other)))
        operands = (number, self) if swapped else (self, number)
        system = number if type(self) is Value else self  # formulas know what is to be done with numbers
        return system._result(head, *operands)

    def _result(self, head: str, *operands: Any) -> Any:
        """The result of an operation on values: an integer for ``//``."""
        if head in _WHOLE:
            return _WHOLE[head](*operands)
        try:
            return self._computed(head, operands)
        except Singular:
            if head == "div" or operands[0] == 0:
                raise ZeroDivisionError(f"{operands[0]} {_SIGNS[head]} {operands[1]}") from None
            raise DomainError(f"{operands[0]} ** {operands[1]} has no real value") from None
        except TooLarge:
            single = any(type(operand._scalar) is float for operand in operands)
            most = FLOATS.magnitude_bits if single else MAGNITUDE_BITS
            raise BoundError(f"the result is larger than 2^{most}") from None

    def _computed(self, head: str, operands: tuple[Any, ...]) -> Value:
        """An operation on values; raises `Singular` and `TooLarge`."""
        return computed(head, operands)

    def __reduce__(self) -> tuple[Any, ...]:
        scalar = resolved(self._scalar)
        at = self._at if type(scalar) is arb else None
        return _restored, (sent(scalar), at, self._limits, None if at is None else self._place)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self


_SIGNS = {"div": "/", "pow": "**"}


def computed(head: str, operands: tuple[Value, ...]) -> Value:
    """An operation on numbers; raises `Singular` and `TooLarge`."""
    limits, scalars = operands[0]._limits, [resolved(operand._scalar) for operand in operands]
    kinds = set(map(type, scalars))
    if float in kinds:
        return Value(FLOATS.functions[head](*map(float, operands)), limits=limits)
    if kinds == {fmpq}:
        try:
            exact = EXACTLY[head](*scalars)
        except ZeroDivisionError:
            raise Singular from None
        if exact is not None:
            return Value(exact, limits=limits)
    recipe = Computed(head, tuple(x._at if type(x._at) is Computed else x for x in operands))

    def asked(bits: int) -> Scalar:
        if bits > START_BITS:
            return recipe(bits)
        with precision(bits):  # what is known already is not asked for again: a long sum costs its length
            return CERTIFIED.functions[head](*scalars)

    scalar = resolved(decided(asked, limits, f"whether the result of {head} exists"))
    return Value(scalar, recipe if type(scalar) is arb else None, limits)


def _floor_of_quotient(left: Value, right: Value) -> int:
    if float in (type(left._scalar), type(right._scalar)):
        return math.floor(float(left) // float(right))
    return math.floor(left / right)


def _modulo(left: Value, right: Value) -> Value:
    if float in (type(left._scalar), type(right._scalar)):
        return Value(float(left) % float(right), limits=left._limits)
    return left - right * _floor_of_quotient(left, right)


_WHOLE: dict[str, Callable[[Any, Any], Any]] = {"floordiv": _floor_of_quotient, "mod": _modulo}
"""The operations that ask for the integer below a quotient, rounded towards minus infinity as in Python."""


def _whole(x: Scalar) -> int | None:
    below = floor(x)
    return int(below.p) if type(below) is fmpq else None


def sent(scalar: Scalar) -> Any:
    """A number as plain numbers, which any protocol of pickling takes."""
    if type(scalar) is fmpq:
        return Fraction(int(scalar.p), int(scalar.q))
    if type(scalar) is not arb:
        return scalar
    parts = scalar.mid().man_exp(), scalar.rad().man_exp()
    return tuple((int(mantissa), int(exponent)) for mantissa, exponent in parts)


def received(sent: Any) -> Scalar:
    """The number that was sent so; a ball holds the ball that it was."""
    if type(sent) is Fraction:
        return fmpq(sent.numerator, sent.denominator)
    if type(sent) is not tuple:
        return sent
    with precision(max(abs(mantissa).bit_length() for mantissa, _ in sent) + START_BITS):
        return arb(*map(arf, sent))


def _restored(sent: Any, at: Recipe | None, limits: Limits, place: int | None) -> Value:
    value = Value(received(sent), at, limits)
    value._place = place
    return value


def _of_float(x: float) -> fmpq:
    return fmpq(*x.as_integer_ratio())


_new = object.__new__


_Name = TypeVar("_Name")


def named_values(
    names: Iterable[_Name], scalars: Iterable[Scalar], at: Callable[[int], Sequence[Scalar]], limits: Limits
) -> dict[_Name, Value]:
    """The first of a list of numbers under their names; ``at`` gives the whole list at a working precision."""
    values = {}
    for place, (name, scalar) in enumerate(zip(names, scalars)):  # noqa: B905 - the first of them
        values[name] = value = _new(Value)  # a point may have as many variables as there are rows
        value._scalar, value._at, value._limits, value._place = scalar, at, limits, place
    return values


def as_fraction(x: object) -> Fraction | None:
    """The exact value of a finite number of Python (or of a library that registers its numbers as Python asks)."""
    if isinstance(x, Value):
        return x.exact
    if isinstance(x, numbers.Rational):
        return Fraction(int(x.numerator), int(x.denominator))
    if isinstance(x, numbers.Real | Decimal) and hasattr(x, "as_integer_ratio") and math.isfinite(x):
        return Fraction(*map(int, x.as_integer_ratio()))
    return None


def as_value(x: object, limits: Limits = DEFAULT) -> Value | None:
    """A number as a value: a finite number of Python, or of a library that registers its numbers as Python asks."""
    if isinstance(x, Value):
        return x
    exact = as_fraction(x)
    return None if exact is None else Value(fmpq(exact.numerator, exact.denominator), limits=limits)
