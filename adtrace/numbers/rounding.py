"""A number into its digits: the exact value rounded once, or nothing where that is undecided.

A fraction and a float are rounded exactly.  A ball is rounded at both of its exact endpoints, which decide the digits
when they agree (``arb.str`` promises only one unit in the last place, so it is never printed).
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq

from adtrace.limits import DEFAULT
from adtrace.numbers import TooLarge
from adtrace.numbers.exact import ball

HALF_EVEN, HALF_UP = "half-even", "half-up"
ROUNDINGS = (HALF_EVEN, HALF_UP)
"""Ties to the even digit (IEEE 754, Python) or away from zero (as taught in schools)."""


def fixed(value: Any, decimals: int, rounding: str) -> str | None:
    """The value with so many decimals, ``-0.2837``; None if the ball does not decide them.

    Never ``-0.0000``.  Raises `TooLarge` for what is not finite.
    """
    if type(value) is fmpq:
        return _place(_round(int(value.p), int(value.q), decimals, rounding), decimals)
    if type(value) is float:
        try:
            return _place(_round(*value.as_integer_ratio(), decimals, rounding), decimals)
        except (OverflowError, ValueError):
            raise TooLarge from None
    x = ball(value)
    size = _size(x)
    if size > DEFAULT.magnitude_bits:
        raise TooLarge
    if size < -4 * decimals - 4:  # far below half a unit of the last decimal, however long its own digits
        return _place(0, decimals)
    low, high, exponent = endpoints(x)
    first = _round(*_scaled(low, exponent), decimals, rounding)
    if first != _round(*_scaled(high, exponent), decimals, rounding):
        return None
    return _place(first, decimals)


_LONGEST_SHIFT = 1_000_000
"""Bits by which the middle of a ball and its radius may lie apart before they are no longer written as one integer."""


def _size(x: arb) -> int:
    """An n for which the whole ball is below ``2**n`` in magnitude."""
    mantissa, exponent = x.abs_upper().mid().man_exp()
    size = int(exponent) + int(mantissa).bit_length() + 1
    return size if mantissa else -(10**9)


def endpoints(x: arb) -> tuple[int, int, int]:
    """The exact endpoints of a ball as ``low * 2**exponent`` and ``high * 2**exponent``."""
    middle, shift = (int(n) for n in x.mid().man_exp())
    radius, radius_shift = (int(n) for n in x.rad().man_exp())
    if not radius:
        return middle, middle, shift
    if middle and abs(shift - radius_shift) > _LONGEST_SHIFT:
        return _outer(x)
    exponent = min(shift, radius_shift) if middle else radius_shift
    middle <<= (shift - exponent) if middle else 0
    radius <<= radius_shift - exponent
    return middle - radius, middle + radius, exponent


def _outer(x: arb) -> tuple[int, int, int]:
    """As `endpoints`, rounded outwards: for a middle so far below the radius that both together are too long."""
    ends = [[int(n) for n in end.man_exp()] for end in (x.lower(), x.upper())]
    exponent = min((shift for mantissa, shift in ends if mantissa), default=0)
    low, high = (mantissa << (shift - exponent) if mantissa else 0 for mantissa, shift in ends)
    return low, high, exponent


def _scaled(mantissa: int, exponent: int) -> tuple[int, int]:
    """``mantissa * 2**exponent`` as a fraction."""
    return (mantissa << exponent, 1) if exponent >= 0 else (mantissa, 1 << -exponent)


def _round(numerator: int, denominator: int, decimals: int, rounding: str) -> int:
    """The fraction times ``10**decimals``, rounded to an integer."""
    scale: int = 10**decimals
    negative = numerator < 0
    quotient, rest = divmod(abs(numerator) * scale, denominator)
    rest *= 2
    if rest > denominator or (rest == denominator and (rounding == HALF_UP or quotient % 2)):
        quotient += 1
    return -quotient if negative else quotient


def _place(scaled: int, decimals: int) -> str:
    """An integer with the point put in."""
    text = _digits(abs(scaled)).rjust(decimals + 1, "0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}" if decimals else sign + text


def _digits(n: int) -> str:
    """The decimal digits; Python's own conversion refuses more than 4,300 at once."""
    if n.bit_length() < 14_000:
        return str(n)
    upper, lower = divmod(n, 10**4000)
    return _digits(upper) + str(lower).rjust(4000, "0")


def terminating(value: fmpq, decimals: int) -> str | None:
    """The shortest decimal that *is* this fraction, if it has at most so many decimals: 11/2 is ``5.5``."""
    scale = 10**decimals
    if scale % int(value.q):
        return None
    text = _place(int(value.p) * (scale // int(value.q)), decimals)
    return text.rstrip("0").rstrip(".") if decimals else text
