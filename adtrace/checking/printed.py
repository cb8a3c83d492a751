"""Whether a printed number is a value: exact, rounded, truncated, or within the last digit that is printed.

A decimal that stands alone is compared digit by digit; a cell with numbers put in (``10.6931 + 0.9589``) is evaluated
with each of its decimals as the ball of all that it may stand for, and holds the value or does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flint import arb, fmpq

from adtrace.checking.freehand import Reading
from adtrace.checking.local import BITS, NoValue, value_of
from adtrace.language.syntax import Number
from adtrace.numbers import Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, precision, resolved
from adtrace.numbers.rounding import readable, significant

EXACT, ROUNDED, TRUNCATED, LAST_DIGIT, APPROXIMATE = "exact", "rounded", "truncated", "last digit", "approximate"
_CLOSE = fmpq(1, 10**25)
_ROUNDED_FROM = 3  # digits of a number with a power of ten that is more often rounded than exact: 5.185e21
_DYADIC = 1024  # a decimal such as 0.5 or 0.125 is more often exact than rounded


def _unit(digits: int, exponent: int) -> fmpq:
    """One unit of the last digit that is printed; more of them for the digits of a double or a single."""
    unit = fmpq(10**exponent) if exponent >= 0 else fmpq(1, 10**-exponent)
    significant = len(str(digits))
    if significant >= 14:
        return unit * 2000
    return unit * 6 if significant >= 8 else unit


def _fuzzy(digits: int, exponent: int) -> Scalar:
    """The decimal as the ball of what it may stand for; an integer and a short dyadic decimal are themselves."""
    value = CERTIFIED.literal(digits, exponent)
    if exponent > 0 and len(str(digits)) >= _ROUNDED_FROM:
        return arb(arb(value).mid(), arb(fmpq(10**exponent, 2)))
    if exponent >= 0 or not digits or (value.q <= _DYADIC and _DYADIC % int(value.q) == 0 and exponent >= -3):
        return value
    unit = _unit(digits, exponent) / (1 if exponent < -1 else 2)
    return arb(arb(value).mid(), arb(unit))


FUZZY = replace(CERTIFIED, name="fuzzy", literal=_fuzzy)
"""The certified arithmetic with decimals as printed: each a ball as wide as its last digit."""


@dataclass(frozen=True)
class Printed:
    """A number as a cell prints it."""

    reading: Reading
    exact: Scalar
    """Its value if every digit is meant."""
    fuzzy: Scalar
    """The ball of all that it may stand for."""

    @property
    def decimals(self) -> int:
        """Decimals of the number, if it is one; else of the longest number in it."""
        literal = self.reading.literal
        if literal is not None:
            return max(-literal.exponent, 0)
        return max((0, *(-t.exponent for t in self.reading.terms if type(t) is Number)))


def printed(reading: Reading) -> Printed:
    """The number of a cell.  Raises `NoValue`."""
    with precision(BITS):
        exact = value_of(reading.terms, {})
        literal = reading.literal
        try:
            fuzzy = value_of(reading.terms, {}, FUZZY)
        except NoValue:
            fuzzy = exact
        if literal is not None:
            whole = literal.exponent == 0 or (literal.exponent > 0 and len(str(literal.digits)) < _ROUNDED_FROM)
            unit = fmpq(0) if whole else _unit(literal.digits, literal.exponent)
            fuzzy = arb(ball(exact).mid(), arb(unit / (1 if literal.exponent < -1 else 2))) if unit else exact
        return Printed(reading, exact, fuzzy)


def agreement(shown: Printed, value: Scalar) -> str:
    """How the printed number is the value: one of the words above, or nothing where it is not."""
    with precision(BITS):
        true, exact = ball(value), ball(shown.exact)
        literal = shown.reading.literal
        if not true.is_finite():
            return ""
        wide = true.rad() > arb(_CLOSE) * (1 + abs(true.mid()))
        if wide:
            return APPROXIMATE if true.overlaps(ball(shown.fuzzy)) else ""
        if abs(true - exact) <= arb(_CLOSE) * (1 + abs(true)) or (true - exact).contains(0):
            return EXACT
        if literal is None:
            return APPROXIMATE if _inexact(shown) and true.overlaps(ball(shown.fuzzy)) else ""
        return _literal_agreement(literal, exact, true)


def _inexact(shown: Printed) -> bool:
    return any(type(t) is Number and t.exponent < 0 for t in shown.reading.terms)


def _literal_agreement(literal: Number, exact: arb, true: arb) -> str:
    """A decimal that stands alone: rounded, truncated, or one unit off."""
    if literal.exponent >= 0:
        big = len(str(literal.digits)) >= 3 or literal.exponent > 0
        half = arb(fmpq(10**literal.exponent, 2))
        return ROUNDED if big and abs(true - exact) <= half else ""
    decimals = -literal.exponent
    unit = arb(fmpq(1, 10**decimals))
    difference = true - exact
    if abs(difference) <= unit / 2:
        return ROUNDED
    toward_zero = (difference > 0) == (true > 0) if literal.digits else True
    if abs(difference) < unit and toward_zero and (literal.digits or decimals > 1):
        return TRUNCATED
    if decimals >= 2 and abs(difference) <= arb(_unit(literal.digits, literal.exponent)) * 1.0001:
        return LAST_DIGIT
    return ""


def follows(shown: Printed, value: Scalar) -> bool:
    """Whether the printed number can be this value, computed from printed numbers and so no sharper than they are."""
    with precision(BITS):
        try:
            return bool(agreement(shown, value)) or bool(ball(value).overlaps(ball(shown.fuzzy)))
        except (ValueError, ArithmeticError):
            return False


def shown_as(value: Scalar, like: Printed | None, decimals: int = 4) -> str:
    """The value in as many decimals as the cell has, or four."""
    with precision(BITS):
        wanted = like.decimals if like is not None and like.decimals else decimals
        value = resolved(value)
        x = ball(value)
        if type(value) is fmpq and value.q == 1:
            return str(value)
        if x.rad() > arb(_CLOSE) * (1 + abs(x.mid())):
            return f"between {float(x.lower()):g} and {float(x.upper()):g}"
        literal = like.reading.literal if like is not None else None
        if literal is not None and "e" in literal.text:
            return significant(value, len(str(literal.digits)), "half-even") or f"{float(x.mid()):g}"
        text = readable(value, min(wanted, 20), "half-even") or f"{float(x.mid()):.{min(wanted, 15)}f}"
        if type(value) is fmpq and value.q <= 999 and 10**wanted % int(value.q):
            return f"{value} = {text}" if like is not None and not like.decimals else text
        return text
