"""Exact numbers where they can be, certified balls where they cannot, and arithmetic on them.

A number is an exact fraction (``fmpq``), an exact multiple of pi (`PiMultiple`), or a ball: a midpoint and a radius
that is proved to hold the true value (Arb: Johansson, IEEE Trans. Computers 66, 2017).  Fractions stay
fractions under rational operations and where a function has a rational value: exp(0), ln(1), sqrt(4/9), cos(pi/3).
So an exact zero is known to be zero, and a tie of the rounding is known to be a tie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, ctx, fmpq, fmpz

from adtrace.limits import EXACT_BITS, MAGNITUDE_BITS
from adtrace.numbers import NeedsPrecision, Singular, TooLarge

Scalar = Any  # fmpq | PiMultiple | arb

ZERO, ONE, HALF = fmpq(0), fmpq(1), fmpq(1, 2)
_EXACT_ROOTS = 64  # roots up to this index are tried for an exact value
_EXP_BOUND = arb(MAGNITUDE_BITS)


class PiMultiple:
    """``factor * pi`` with a fraction that is not zero."""

    __slots__ = ("factor",)

    def __init__(self, factor: fmpq) -> None:
        self.factor = factor

    def __repr__(self) -> str:
        return f"PiMultiple({self.factor})"


class precision:  # noqa: N801 - read as a function: with precision(128)
    """Work with so many bits inside the block."""

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        self.bits = bits

    def __enter__(self) -> None:
        self.before = ctx.prec
        ctx.prec = self.bits

    def __exit__(self, *raised: object) -> None:
        ctx.prec = self.before


def ball(x: Scalar) -> arb:
    """A ball round the number, at the working precision."""
    kind = type(x)
    if kind is arb:
        return x
    if kind is fmpq:
        return arb(x)
    return arb(x.factor) * arb.pi()


def literal(digits: int, exponent: int) -> fmpq:
    """``digits * 10**exponent``, exactly: 0.1 is one tenth."""
    return fmpq(digits * 10**exponent) if exponent >= 0 else fmpq(digits, 10**-exponent)


def exact_integer(x: Scalar) -> int | None:
    """The integer that this number is, if it is one."""
    return int(x.p) if type(x) is fmpq and x.q == 1 else None


def sign(x: Scalar) -> int:
    """-1, 0 or 1."""
    if type(x) is PiMultiple:
        x = x.factor
    if x > 0:
        return 1
    if x < 0:
        return -1
    if type(x) is fmpq or (x.is_exact() and x.is_zero()):
        return 0
    raise NeedsPrecision


def _fraction(x: fmpq) -> Scalar:
    """The fraction itself, or a ball once it has grown too long to be worth its exactness."""
    if x.height_bits() <= EXACT_BITS:
        return x
    return finite(arb(x))


def finite(x: arb) -> arb:
    """The ball, if it is finite and within the documented magnitude."""
    if not x.is_finite():
        raise NeedsPrecision
    return x


def multiple_of_pi(factor: fmpq) -> Scalar:
    """``factor * pi``, or an exact zero."""
    return PiMultiple(factor) if factor else ZERO


def add(x: Scalar, y: Scalar) -> Scalar:
    """x + y."""
    kind, other = type(x), type(y)
    if kind is arb and other is arb:
        return x + y
    if kind is fmpq and other is fmpq:
        return _fraction(x + y)
    if kind is PiMultiple and other is PiMultiple:
        return multiple_of_pi(x.factor + y.factor)
    if kind is fmpq and not x:
        return y
    if other is fmpq and not y:
        return x
    return ball(x) + ball(y)


def sub(x: Scalar, y: Scalar) -> Scalar:
    """x - y; the same number less itself is an exact zero, even if it is only known as a ball."""
    if x is y:
        return ZERO
    if type(x) is fmpq and type(y) is fmpq:
        return _fraction(x - y)
    return add(x, neg(y))


def neg(x: Scalar) -> Scalar:
    """-x."""
    return PiMultiple(-x.factor) if type(x) is PiMultiple else -x


def mul(x: Scalar, y: Scalar) -> Scalar:
    """x y.  An exact zero times anything is an exact zero."""
    kind, other = type(x), type(y)
    if kind is arb and other is arb:
        return x * y
    if kind is fmpq and other is fmpq:
        return _fraction(x * y)
    if other is fmpq:
        x, y, kind, other = y, x, other, kind
    if kind is fmpq:
        if not x:
            return ZERO
        if x == 1:
            return y
        if other is PiMultiple:
            return PiMultiple(x * y.factor)
    return ball(x) * ball(y)


def div(x: Scalar, y: Scalar) -> Scalar:
    """x / y; exactly one for one and the same number."""
    if sign(y) == 0:
        raise Singular
    if x is y:
        return ONE
    kind, other = type(x), type(y)
    if kind is fmpq and other is fmpq:
        return _fraction(x / y)
    if kind is fmpq and not x:
        return ZERO
    if kind is PiMultiple and other is PiMultiple:
        return x.factor / y.factor
    if kind is PiMultiple and other is fmpq:
        return PiMultiple(x.factor / y)
    return finite(ball(x) / ball(y))


def power(x: Scalar, y: Scalar) -> Scalar:
    """x ** y: for an integer y any x (0**0 is 1, the empty product), else x > 0, or x = 0 and y > 0."""
    exponent = exact_integer(y)
    if exponent is not None:
        return _integer_power(x, exponent)
    base_sign = sign(x)
    if base_sign < 0 or (base_sign == 0 and sign(y) <= 0):
        raise Singular
    if base_sign == 0:
        return ZERO
    if type(y) is fmpq and y.q <= _EXACT_ROOTS and type(x) is fmpq:
        return _integer_power(root(int(y.q))(x), int(y.p))
    if type(x) is fmpq and x == 1:
        return ONE
    bounded(arb(y if type(y) is fmpq else ball(y)) * ball(x).log() / arb.const_log2())
    return finite(ball(x) ** ball(y))


def _integer_power(x: Scalar, exponent: int) -> Scalar:
    if exponent == 0:
        return ONE
    if exponent < 0 and sign(x) == 0:
        raise Singular
    if exponent == 1:
        return x
    if type(x) is fmpq and (not x or abs(x) == 1):
        return x if exponent % 2 else x * x
    bits = ball(abs(x) if type(x) is not PiMultiple else abs(x.factor) * 4)
    if bits > 0:
        bounded(bits.log() / arb.const_log2() * abs(exponent))
    if type(x) is fmpq and x.height_bits() * abs(exponent) <= EXACT_BITS:
        return x**exponent
    base = ball(x)
    if base.mid().is_zero():
        return _multiplied_out(base, exponent)
    return finite(base ** arb(fmpz(exponent)))


def _multiplied_out(base: arb, exponent: int) -> arb:
    """A positive power of a ball whose midpoint is zero, for which Arb's own is not finite."""
    result = arb(1)
    for bit in bin(exponent)[2:]:
        result = result * result * base if bit == "1" else result * result
    return result


def bounded(bits: arb) -> None:
    """Refuse a number of so many bits before it is computed."""
    if bits > _EXP_BOUND:
        raise TooLarge


def root(index: int) -> Callable[[Scalar], Scalar]:
    """The real root: exact for a perfect power."""

    def real_root(x: Scalar) -> Scalar:
        s = sign(x)
        if s == 0:
            return ZERO
        if s < 0 and index % 2 == 0:
            raise Singular
        if type(x) is fmpq:
            p, q = _integer_root(abs(int(x.p)), index), _integer_root(int(x.q), index)
            if p is not None and q is not None:
                return fmpq(s * p, q)
        y = ball(x)
        return finite(y.root(index) if s > 0 else -((-y).root(index)))

    return real_root


def _integer_root(n: int, index: int) -> int | None:
    """The integer whose power n is, if there is one."""
    low, high = 0, 1 << (n.bit_length() // index + 1)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if middle**index < n else (low, middle)
    return low if low**index == n else None
