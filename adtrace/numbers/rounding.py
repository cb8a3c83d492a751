"""A number into its digits: the exact value rounded once, or nothing where that is undecided.

A fraction and a float are rounded exactly.  A ball is rounded at both of its endpoints, which decide the digits
when they agree (``arb.str`` promises only one unit in the last place, so it is never printed).
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

from flint import arb, fmpq

from adtrace.limits import DEFAULT, MAGNITUDE_BITS
from adtrace.numbers import TooLarge
from adtrace.numbers.exact import Long, ball, precision, resolved
from adtrace.settings import HALF_EVEN, HALF_UP

_SMALL = 512
"""Bits far below the documented magnitude; larger numbers are looked at more closely."""
_HALF = arb(0.5)
_LARGEST = arb(2) ** MAGNITUDE_BITS
_SPAN = 4 * DEFAULT.bits
"""Bits between the largest and the smallest part of a ball that are told apart; see `endpoints`."""


def fixed(value: Any, decimals: int, rounding: str) -> str | None:
    """The value with so many decimals, ``-0.2837``; None if the ball does not decide them.

    Never ``-0.0000``.  Raises `TooLarge` for what is not finite.
    """
    kind = type(value)
    if kind is fmpq:
        return _place(_round(int(value.p), int(value.q), decimals, rounding), decimals)
    if kind is float:
        try:
            numerator, denominator = value.as_integer_ratio()
            return _place(_round(numerator, denominator, decimals, rounding), decimals)
        except (OverflowError, ValueError):
            raise TooLarge from None
    if kind is Long:
        text = fixed(value.ball, decimals, rounding)
        return fixed(resolved(value), decimals, rounding) if text is None else text
    x = value if kind is arb else ball(value)
    scaled = x * _scale(decimals) + _HALF  # where no tie is in the ball, its floor is the rounded number
    nearest = scaled.floor().unique_fmpz()
    if nearest is not None and scaled > nearest and nearest.bit_length() < _SMALL:
        return _place(int(nearest), decimals)
    if x.rad() * _scale(decimals) > 1 or _is_wide(x):  # its ends are more than two units of the last decimal apart
        return None
    size = _size(x)
    if size < -4 * decimals - 4:  # far below half a unit of the last decimal, however long its own digits
        return _place(0, decimals)
    low, high, exponent = endpoints(x)
    first = _round(*_scaled(low, exponent), decimals, rounding)
    if first != _round(*_scaled(high, exponent), decimals, rounding):
        return None
    return _place(first, decimals)


_MOST_WHOLE = 9
"""Digits before the point of the largest number that is rounded to decimals on a page."""
MOST_DIGITS = 15
"""Digits of the longest exact number that is printed whole."""


def readable(value: Any, decimals: int, rounding: str) -> str | None:
    """The value with so many decimals; ``1.235e12``, with as many significant digits, where decimals hide what it is.

    They do where all of them are 0 though the value is not, and from ten digits before the point on, unless the value
    is exact and short.  None where the ball decides neither these digits nor whether the value is 0.
    """
    text = fixed(value, decimals, rounding)
    if text is None:
        if not abs(ball(value)) > 10**_MOST_WHOLE:
            return None
    elif is_telling(text) or _is_all(value, decimals):
        return text
    elif type(value) is not float:
        near = ball(value)
        if type(value) is not fmpq and near.contains(0):
            return readable(resolved(value), decimals, rounding) if type(value) is Long else None
        if _size(near) < -MAGNITUDE_BITS:
            return text  # too small for its digits to be asked for
    leading = _leading(value, max(decimals, 1), rounding)
    return None if leading is None else _powered(leading[0], str(leading[1]))


def _is_all(value: Any, decimals: int) -> bool:
    """Whether a number is all that its decimals say: 0, or exact and short."""
    if type(value) is fmpq:
        exact = terminating(value, decimals)
        return not value or (exact is not None and is_short(exact))
    if type(value) is float:
        return not value
    return type(value) is not Long and bool(ball(value) == 0)


def is_telling(text: str) -> bool:
    """Whether a decimal says what the number is: a digit that is not 0, and few before the point."""
    whole = text.partition(".")[0].lstrip("-")
    return len(whole) <= _MOST_WHOLE and not _ZEROS.issuperset(text)


_ZEROS = frozenset("-0.")


def is_short(exact: str) -> bool:
    """Whether an exact decimal has few enough digits to be read whole."""
    return len(exact.replace("-", "").replace(".", "")) <= MOST_DIGITS


@lru_cache(maxsize=64)
def _scale(decimals: int) -> arb:
    """A power of ten, exactly."""
    with precision(4 * decimals + 4):
        return arb(10**decimals)


def nearest_double(x: arb) -> float | None:
    """The double to which both ends of a ball round (infinite past the largest); None if they differ."""
    if not x.is_finite():
        return None
    low, high, exponent = endpoints(x)
    first, last = _double(low, exponent), _double(high, exponent)
    return first if first == last else None


def _double(mantissa: int, exponent: int) -> float:
    size = mantissa.bit_length() + exponent  # the number is below 2**size, and at least half of that
    if not mantissa or size < -1100:
        return 0.0
    try:
        value = float(Fraction(mantissa) * Fraction(2) ** exponent) if size < 1100 else math.inf
    except OverflowError:
        value = math.inf
    return (-value if value == math.inf and mantissa < 0 else value) + 0.0  # + 0.0: never -0.0


def truncated(x: arb) -> int | None:
    """The integer part of a ball; None if its ends have different ones.  Raises `TooLarge`."""
    if _is_wide(x):
        return None
    if _size(x) <= 0:
        return 0
    low, high, exponent = endpoints(x)
    first, last = (math.trunc(Fraction(*_scaled(end, exponent))) for end in (low, high))
    return first if first == last else None


def scientific(x: arb, digits: int) -> str | None:
    """``1.9700711140170469e+434`` for what a double is too small a word for; None if the ball does not decide it.

    Raises `TooLarge` beyond the documented magnitude, in either direction.
    """
    leading = _leading(x, digits, HALF_EVEN)
    if leading is None:
        return None
    mantissa, power = leading
    if not mantissa:
        return "0"
    return _powered(mantissa, f"{power:+d}")


def significant(value: Any, digits: int, rounding: str) -> str | None:
    """The value with so many significant digits, ``0.001234`` or ``1.235e7``; None if the ball does not decide them.

    Raises `TooLarge` beyond the documented magnitude, in either direction.
    """
    leading = _leading(value, digits, rounding)
    if leading is None:
        return None
    mantissa, power = leading
    if not mantissa:
        return "0"
    if -5 < power < digits:
        return _place(mantissa, digits - 1 - power)
    return _powered(mantissa, str(power))


def leading(value: Any, digits: int) -> tuple[str, int] | None:
    """The first digits with the point after the first of them, ``-1.234``, and the power of ten; ties to even.

    None if the ball does not decide them.  Raises `TooLarge` beyond the documented magnitude, in either direction.
    """
    leading = _leading(value, digits, HALF_EVEN)
    if leading is None:
        return None
    mantissa, power = leading
    if not mantissa:
        return _place(0, digits - 1), 0
    return _powered(mantissa, "").removesuffix("e"), power


def _powered(mantissa: int, power: str) -> str:
    """Digits with the point after the first of them, and a power of ten."""
    sign, text = ("-" if mantissa < 0 else ""), str(abs(mantissa))
    return f"{sign}{text[0]}{'.' if len(text) > 1 else ''}{text[1:]}e{power}"


def _leading(value: Any, digits: int, rounding: str) -> tuple[int, int] | None:
    """The first digits of a number as an integer, and the power of ten of the first of them."""
    if type(value) is Long:
        leading = None if value.ball.contains(0) else _leading(value.ball, digits, rounding)
        return leading or _leading(resolved(value), digits, rounding)
    if type(value) is float:
        value = fmpq(*value.as_integer_ratio())
    if type(value) is fmpq:
        return _mantissa(int(value.p), int(value.q), digits, rounding)
    x = ball(value)
    if _is_wide(x):
        return None
    if _size(x) < -MAGNITUDE_BITS:
        raise TooLarge
    low, high, exponent = endpoints(x)
    first = _mantissa(*_scaled(low, exponent), digits, rounding)
    return first if low == high or first == _mantissa(*_scaled(high, exponent), digits, rounding) else None


def _mantissa(numerator: int, denominator: int, digits: int, rounding: str) -> tuple[int, int]:
    """The same for a fraction."""
    if not numerator:
        return 0, 0
    size = abs(numerator).bit_length() - denominator.bit_length()
    power = math.floor(size * math.log10(2)) - 1  # at most two too low
    while True:
        scale = digits - 1 - power
        top, bottom = (numerator * 10**scale, denominator) if scale >= 0 else (numerator, denominator * 10**-scale)
        mantissa = _round(top, bottom, 0, rounding)
        if abs(mantissa) < 10**digits:
            return mantissa, power
        power += 1


def _size(x: arb) -> int:
    """An n for which the whole ball is below ``2**n`` in magnitude."""
    mantissa, exponent = x.abs_upper().mid().man_exp()
    size = int(exponent) + int(mantissa).bit_length() + 1
    return size if mantissa else -(10**9)


def _is_wide(x: arb) -> bool:
    """Whether a ball passes the documented magnitude only because it is wide, so that more bits are to be asked for.

    Raises `TooLarge` where the number itself does.
    """
    if x.is_finite() and _size(x) <= MAGNITUDE_BITS:
        return False
    if abs(x) > _LARGEST:
        raise TooLarge
    return True


def endpoints(x: arb) -> tuple[int, int, int]:
    """Two ends of a ball as ``low * 2**exponent`` and ``high * 2**exponent``.

    They are exact while midpoint and radius are of like size; else they lie outside, on a grid `_SPAN` bits finer
    than the larger part: 1 with a radius of ``2**(-10**12)``, cos(exp(-10**12)), has no exact ends that fit in memory.
    """
    middle, shift = (int(n) for n in x.mid().man_exp())
    radius, radius_shift = (int(n) for n in x.rad().man_exp())
    if not radius:
        return middle, middle, shift
    if not middle:
        return -radius, radius, radius_shift
    top = max(shift + middle.bit_length(), radius_shift + radius.bit_length())
    exponent = max(min(shift, radius_shift), top - _SPAN)
    spread = -_shifted(-radius, radius_shift - exponent)
    return _shifted(middle, shift - exponent) - spread, -_shifted(-middle, shift - exponent) + spread, exponent


def _shifted(n: int, bits: int) -> int:
    """``floor(n * 2**bits)``."""
    return n << bits if bits >= 0 else n >> -bits


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
    sign, text = ("-", _digits(-scaled)) if scaled < 0 else ("", _digits(scaled))
    if not decimals:
        return sign + text
    if len(text) <= decimals:
        text = text.rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}"


def _digits(n: int) -> str:
    """The decimal digits; Python's own conversion refuses more than 4,300 at once."""
    if n.bit_length() < 14_000:
        return str(n)
    upper, lower = divmod(n, 10**4000)
    return _digits(upper) + str(lower).rjust(4000, "0")


LARGEST_PART = 99
"""A fraction is small while neither part is larger."""
_PRIMES = [q for q in range(LARGEST_PART // 2 + 1, LARGEST_PART + 1) if all(q % d for d in range(2, q))]
_SHARP = 2 * LARGEST_PART
"""Bits enough for them, and for a number in a ball to be told from the fractions round it."""
with precision(_SHARP):
    _SCALES = (arb(math.lcm(*({*range(1, LARGEST_PART + 1)} - {*_PRIMES}))), arb(math.prod(_PRIMES)))
"""Every small fraction is an integer when multiplied by one of these; they are short beside a ball's precision."""


def legible(x: Long, decimals: int) -> Any:
    """A fraction that was put off, as it is printed: the fraction, if it may be a decimal with so many decimals or a
    small fraction; if the ball shows that it is neither, its digits come from the ball.
    """
    near, (first, second), power = x.ball, _SCALES, _scale(decimals)
    with precision(_SHARP):  # a product is not to be coarser than the ball
        if not (
            (near * power).contains_integer() or (near * first).contains_integer() or (near * second).contains_integer()
        ):
            return x
    return resolved(x)


def terminating(value: fmpq, decimals: int) -> str | None:
    """The shortest decimal that *is* this fraction, if it has at most so many decimals: 11/2 is ``5.5``."""
    q = int(value.q)
    if q == 1:
        return _place(int(value.p), 0)
    parts, rest = divmod(10**decimals, q)
    if rest:
        return None
    return _place(int(value.p) * parts, decimals).rstrip("0").rstrip(".")
