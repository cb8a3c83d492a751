"""A number of a trace, as the caller gets it: it prints, compares and converts as one expects."""

from __future__ import annotations

import math
import numbers
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeGuard, TypeVar

from flint import fmpq

from adtrace.errors import BoundError, OptionError, UndecidedError
from adtrace.limits import DEFAULT, MAGNITUDE_BITS, Limits
from adtrace.numbers import START_BITS, TooLarge, decided
from adtrace.numbers.exact import Long, PiMultiple, ball, mul, precision, resolved
from adtrace.numbers.rounding import (
    fixed,
    leading,
    nearest_double,
    scientific,
    terminating,
    truncated,
)
from adtrace.settings import HALF_EVEN, ROUNDINGS

Scalar = Any
_Answer = TypeVar("_Answer")

_SHOWN_DECIMALS = 16
_SIGNIFICANT = 17
_FORMAT = "a value is formatted as a float is, with f, e, g or %, such as f'{value:.4f}'"
_SPEC = re.compile(
    r"(?:(?P<fill>.)?(?P<align>[<>=^]))?(?P<sign>[-+ ]?)z?(?P<alternate>#?)(?P<zero>0?)(?P<width>[0-9]*)"
    r"(?P<grouped>[,_]?)(?:\.(?P<digits>[0-9]+))?(?P<kind>[eEfFgG%])", re.DOTALL,
)  # fmt: skip


class Value:
    """An exact fraction, or a real number known to any precision that is asked for.

    ``float(value)`` is the nearest double, ``f"{value:.4f}"``, ``f"{value:.3e}"`` and ``round(value, 4)`` are correctly
    rounded (ties to even), however large or small; ``int(value)`` is cut off.  ``value.exact`` is a
    ``fractions.Fraction`` or None.  Comparisons are decided exactly, by raising the precision; `UndecidedError`
    says that the highest one did not settle it.  ``+ - * /`` with another number give a float.
    """

    __slots__ = ("_at", "_limits", "_place", "_scalar")

    def __init__(self, scalar: Scalar, at: Callable[[int], Any], limits: Limits = DEFAULT) -> None:
        self._scalar, self._at, self._limits = scalar, at, limits
        self._place: int | None = None

    def at(self, bits: int) -> Scalar:
        """The number at a working precision of so many bits."""
        found = self._at(bits)
        return found if self._place is None else found[self._place]

    @property
    def exact(self) -> Fraction | None:
        """The value as a fraction, where it is one and known to be."""
        scalar = resolved(self._scalar)
        if type(scalar) is fmpq:
            return Fraction(int(scalar.p), int(scalar.q))
        return Fraction(scalar) if type(scalar) is float else None

    def rounded(self, decimals: int, rounding: str = HALF_EVEN) -> str:
        """The correctly rounded decimal; raises `UndecidedError` if no allowed precision settles it."""
        if rounding not in ROUNDINGS:
            raise OptionError(f"rounding is {' or '.join(ROUNDINGS)}, not {rounding!r}")
        if not 0 <= decimals <= self._limits.decimals:
            raise OptionError(f"digits are 0 to {self._limits.decimals}, not {decimals}")
        try:
            return self._settled(lambda x: fixed(x, decimals, rounding), f"digit {decimals}")
        except TooLarge:
            raise BoundError(f"the value is larger than 2^{MAGNITUDE_BITS}") from None

    def _settled(self, decide: Callable[[Scalar], _Answer | None], what: str) -> _Answer:
        """The first answer of ``decide`` that is not None, at rising precision."""

        def asked(bits: int) -> _Answer | None:
            with precision(bits):
                return decide(self._scalar if bits == START_BITS else self.at(bits))

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
        return float(self._settled(lambda x: nearest_double(ball(x)), "the nearest double"))

    def __int__(self) -> int:
        if self.exact is not None:
            return int(self.exact)
        try:
            return int(self._settled(lambda x: truncated(ball(x)), "the integer part"))
        except TooLarge:
            raise BoundError(f"the value is larger than 2^{MAGNITUDE_BITS}") from None

    def __bool__(self) -> bool:
        return self._compare(0) != 0

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        read = _SPEC.fullmatch(spec)
        try:
            return self._formatted(read) if read else format(float(self), spec)
        except ValueError as error:
            raise OptionError(f"{_FORMAT}: {error}") from None

    def _formatted(self, spec: re.Match[str]) -> str:
        """As a float is formatted, but rounded once, from the value itself."""
        kind, places = spec["kind"].lower(), int(spec["digits"] or 6)
        if kind in "f%":
            number = Decimal(self.rounded(places + 2 * (kind == "%")))
            if spec["zero"] and spec["grouped"]:
                return format(number, spec[0])  # the zeros have commas, too
            text = format(number, f"{spec['grouped']}.{places}{kind}")
        else:
            text = self._leading(spec, places, kind)
        sign, text = ("-", text[1:]) if text.startswith("-") else (spec["sign"].replace("-", ""), text)
        fill, missing = spec["fill"] or spec["zero"] or " ", int(spec["width"] or 0) - len(sign + text)
        if (spec["align"] or ("=" if spec["zero"] else ">")) == "=":
            return sign + fill * missing + text
        return format(sign + text, f"{fill}{spec['align'] or '>'}{spec['width']}")

    def _leading(self, spec: re.Match[str], places: int, kind: str) -> str:
        """The digits of the kinds e and g."""
        digits = max(places, 1) if kind == "g" else places + 1
        mantissa, power = self._settled(lambda x: leading(x, digits), f"digit {digits}")
        if kind == "g" and not spec["alternate"] and "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        if kind == "g" and -5 < power < digits:
            return format(Decimal(f"{mantissa}e{power}"), f"{spec['grouped']}f")
        return f"{mantissa}{'E' if spec['kind'].isupper() else 'e'}{power:+03d}"

    def __round__(self, decimals: int | None = None) -> Any:
        """An integer, or the rounded decimal as a value; ties to even."""
        scale = fmpq(10) ** (decimals or 0)
        text = self._settled(lambda x: fixed(mul(x if type(x) is not float else _of_float(x), scale), 0, HALF_EVEN),
                             "the rounded number")  # fmt: skip
        if decimals is None:
            return int(text)
        scalar = fmpq(int(text)) / scale
        return Value(scalar, lambda bits: scalar, self._limits)

    def __str__(self) -> str:
        if self.exact is not None and type(self._scalar) is not float:
            return terminating(resolved(self._scalar), _SHOWN_DECIMALS) or str(self.exact)
        nearest = float(self)
        if type(self._scalar) is float or sys.float_info.min <= abs(nearest) < math.inf:
            return repr(nearest)
        try:
            return str(self._settled(lambda x: scientific(ball(x), _SIGNIFICANT), f"digit {_SIGNIFICANT}"))
        except TooLarge:  # beyond the documented magnitude
            return f"{'-' if nearest < 0 else ''}(more than 2^{MAGNITUDE_BITS})" if nearest else repr(nearest)
        except UndecidedError:  # as good as zero
            return repr(nearest)

    def __repr__(self) -> str:
        return f"Value({self})"

    def _compare(self, other: object) -> int | None:
        """-1, 0 or 1; None if the other is not a real number."""
        if isinstance(other, float) and math.isinf(other):
            return -1 if other > 0 else 1
        if isinstance(other, Value):
            if other._scalar is self._scalar:
                return 0
            if type(self._scalar) is type(other._scalar) is PiMultiple:
                mine, theirs = self._scalar.factor, other._scalar.factor
                return int(mine > theirs) - int(mine < theirs)
        mine, theirs = self.exact, _as_fraction(other)
        if mine is not None and theirs is not None:
            return (mine > theirs) - (mine < theirs)
        if theirs is not None:
            return self._against(lambda bits: fmpq(theirs.numerator, theirs.denominator))
        if not isinstance(other, Value):
            return None
        if mine is not None:
            order = other._compare(mine)
            return None if order is None else -order
        return self._against(lambda bits: other._scalar if bits == START_BITS else other.at(bits))

    def _against(self, other: Callable[[int], Scalar]) -> int:
        def asked(bits: int) -> int | None:
            with precision(bits):
                mine = ball(self._scalar if bits == START_BITS else self.at(bits))
                theirs = ball(other(bits))
                return 1 if mine > theirs else -1 if mine < theirs else None

        return decided(asked, self._limits, "whether these numbers are equal")

    def __eq__(self, other: object) -> bool:
        order = self._compare(other)
        return NotImplemented if order is None else order == 0

    def __hash__(self) -> int:
        return hash(float(self)) if self.exact is None else hash(self.exact)

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

    def __neg__(self) -> float:
        return -float(self)

    def __abs__(self) -> float:
        return abs(float(self))

    def __add__(self, other: object) -> float:
        return float(self) + float(other) if _is_number(other) else NotImplemented

    def __sub__(self, other: object) -> float:
        return float(self) - float(other) if _is_number(other) else NotImplemented

    def __mul__(self, other: object) -> float:
        return float(self) * float(other) if _is_number(other) else NotImplemented

    def __truediv__(self, other: object) -> float:
        return float(self) / float(other) if _is_number(other) else NotImplemented

    def __rsub__(self, other: object) -> float:
        return float(other) - float(self) if _is_number(other) else NotImplemented

    def __rtruediv__(self, other: object) -> float:
        return float(other) / float(self) if _is_number(other) else NotImplemented

    __radd__ = __add__
    __rmul__ = __mul__


def _of_float(x: float) -> fmpq:
    return fmpq(*x.as_integer_ratio())


_new = object.__new__


def named_values(
    names: Iterable[str], scalars: Iterable[Scalar], at: Callable[[int], Sequence[Scalar]], limits: Limits
) -> dict[str, Value]:
    """The first of a list of numbers under their names; ``at`` gives the whole list at a working precision."""
    found = {}
    for place, (name, scalar) in enumerate(zip(names, scalars)):  # noqa: B905 - the first of them
        found[name] = value = _new(Value)  # a point may have as many variables as there are rows
        value._scalar, value._at, value._limits, value._place = scalar, at, limits, place
    return found


def _is_number(x: object) -> TypeGuard[Any]:
    return isinstance(x, Value | numbers.Real | Decimal)


def _as_fraction(x: object) -> Fraction | None:
    """The exact value of a finite number of Python (or of a library that registers its numbers as Python asks)."""
    if isinstance(x, Value):
        return x.exact
    if isinstance(x, numbers.Rational):
        return Fraction(int(x.numerator), int(x.denominator))
    if isinstance(x, float | Decimal) and math.isfinite(x):
        return Fraction(x)
    return None
