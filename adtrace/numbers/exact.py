"""Exact numbers where they can be, certified balls where they cannot, and arithmetic on them.

A number is an exact fraction (``fmpq``), an exact multiple of pi (`PiMultiple`), or a ball: a midpoint and a radius
that is proved to hold the true value (Arb: Johansson, IEEE Trans. Computers 66, 2017).  Fractions stay
fractions under rational operations and where a function has a rational value: exp(0), ln(1), sqrt(4/9), cos(pi/3).
So an exact zero is known to be zero, and a tie of the rounding is known to be a tie.

A fraction past `_SHORT` bits is put off (`Long`): its digits and its sign are seen in a ball, and the fraction itself,
which costs greatest common divisors of long integers, is computed only where the ball leaves a question open: whether
it is zero, a tie, a decimal that ends.  What it is then is what it would have been at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, ctx, fmpq, fmpz

from adtrace.limits import EXACT_BITS, MAGNITUDE_BITS
from adtrace.numbers import NeedsPrecision, Singular, TooLarge

Scalar = Any  # fmpq | Long | PiMultiple | arb

ZERO, ONE, HALF = fmpq(0), fmpq(1), fmpq(1, 2)
_EXACT_ROOTS = 64  # roots up to this index are tried for an exact value
_EXP_BOUND = arb(MAGNITUDE_BITS)
_SHORT = 512
"""Bits up to which a fraction is computed at once; a ball is not cheaper."""
_PUT_OFF = 2 * EXACT_BITS
"""Bits that a fraction can at most have and be put off: this bounds how much is computed when it is asked for."""


class PiMultiple:
    """``factor * pi`` with a fraction that is not zero."""

    __slots__ = ("factor",)

    def __init__(self, factor: fmpq) -> None:
        self.factor = factor

    def __eq__(self, other: object) -> bool:
        return self.factor == other.factor if isinstance(other, PiMultiple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.factor)

    def __reduce__(self) -> tuple[Any, ...]:
        return _multiple, (int(self.factor.p), int(self.factor.q))

    def __repr__(self) -> str:
        return f"PiMultiple({self.factor})"


def _multiple(numerator: int, denominator: int) -> PiMultiple:
    return PiMultiple(fmpq(numerator, denominator))


class Long:
    """A long fraction that is put off: a ball round it, and the operation that it is the result of."""

    __slots__ = ("ball", "bits", "left", "number", "operation", "right")

    ball: arb
    bits: int
    """Its numerator and its denominator have no more bits than these."""
    number: Scalar
    """What it is: a fraction, or the ball where it is past the documented bits; None while nobody has asked."""

    def __init__(self, ball: arb, bits: int, operation: Callable[..., Scalar], left: Scalar, right: Scalar) -> None:
        self.ball, self.bits, self.number = ball, bits, None
        self.operation, self.left, self.right = operation, left, right

    def __eq__(self, other: object) -> bool:
        return bool(resolved(self) == other)

    def __hash__(self) -> int:
        return hash(resolved(self))

    def __repr__(self) -> str:
        return f"Long({self.ball})"


def resolved(x: Scalar) -> Scalar:
    """The number itself; of one that was put off, the fraction or the ball that it is."""
    if type(x) is not Long:
        return x
    waiting = [x]
    while x.number is None:
        last = waiting[-1]
        unknown = [y for y in (last.left, last.right) if type(y) is Long and y.number is None]
        if unknown:
            waiting.extend(unknown)
        else:
            waiting.pop()
            _compute(last)
    return x.number


def _compute(x: Long) -> None:
    """Carry out the operation that was put off."""
    if x.number is not None:  # it was waiting twice
        return
    number = x.operation(*(y.number if type(y) is Long else y for y in (x.left, x.right)))
    number = number.number if type(number) is Long else number
    sharper = ball(number)
    if sharper.rel_accuracy_bits() > x.ball.rel_accuracy_bits():
        x.ball = sharper
    x.number, x.left, x.right = number if type(number) is fmpq else x.ball, None, None


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
    if kind is Long:
        return x.ball if 2 * x.ball.rel_accuracy_bits() > ctx.prec else ball(resolved(x))
    return arb(x.factor) * arb.pi()


def literal(digits: int, exponent: int) -> Scalar:
    """``digits * 10**exponent``, exactly: 0.1 is one tenth; past the bound of every trace a ball."""
    if not exponent and digits == 1:
        return ONE
    if abs(exponent) > MAGNITUDE_BITS:
        return arb(digits) * arb(10) ** exponent
    if abs(exponent) > _FEW:
        power = fmpz(10) ** abs(exponent)  # of a long integer of Python flint makes its own slowly
        return fmpq(digits * power) if exponent > 0 else fmpq(digits, power)
    return fmpq(digits * 10**exponent) if exponent >= 0 else fmpq(digits, 10**-exponent)


_FEW = 300
"""Digits of a power of ten that is made at once."""


def exact_integer(x: Scalar) -> int | None:
    """The integer that this number is, if it is one."""
    x = resolved(x)
    return int(x.p) if type(x) is fmpq and x.q == 1 else None


def sign(x: Scalar) -> int:
    """-1, 0 or 1."""
    if type(x) is Long:
        x = resolved(x) if x.ball.contains(0) else x.ball
    if type(x) is arb:
        if x > 0:
            return 1
        if x < 0:
            return -1
        if x.is_exact() and x.is_zero():
            return 0
        raise NeedsPrecision
    numerator = x.p if type(x) is fmpq else x.factor.p
    return int(numerator > 0) - int(numerator < 0)


def _fraction(x: fmpq) -> Scalar:
    """The fraction; a long one is known, but what is computed from it is put off.

    Past the documented bits it goes on as a ball: it is too long to be worth its exactness.
    """
    bits = x.height_bits()
    if bits <= _SHORT:
        return x
    if bits > EXACT_BITS:
        return finite(arb(x))
    summed = Long(arb(x), bits, add, None, None)
    summed.number = x
    return summed


def _put_off(operation: Callable[[Scalar, Scalar], Scalar], x: Scalar, y: Scalar) -> Scalar:
    """An operation of which an operand, or both, are long: put off if both are fractions."""
    if type(x) is Long:
        left, bits = x.ball, x.bits
    elif type(x) is fmpq:
        left, bits = arb(x), x.height_bits()
    else:
        return operation(x, _beside(y, x))
    if type(y) is Long:
        right, more = y.ball, y.bits
    elif type(y) is fmpq:
        right, more = arb(y), y.height_bits()
    else:
        return operation(_beside(x, y), y)
    result = Long(operation(left, right), bits + more + 1, operation, x, y)
    if result.bits <= _PUT_OFF:
        return result
    number = resolved(result)
    return _fraction(number) if type(number) is fmpq else finite(number)


def _beside(x: Long, other: Scalar) -> Scalar:
    """A long fraction beside a ball: as a ball, unless it may be 0 or 1; and beside a multiple of pi: itself."""
    return x.ball if type(other) is arb and not x.ball.contains_integer() else resolved(x)


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
    if kind is fmpq:
        if other is fmpq:
            total = x + y
            return total if total.height_bits() <= _SHORT else _fraction(total)
        if not x:
            return y
        if other is arb:
            return y + x
    elif other is fmpq:
        if not y:
            return x
        if kind is arb:
            return x + y
    if kind is Long or other is Long:
        return _put_off(add, x, y)
    if kind is PiMultiple and other is PiMultiple:
        return multiple_of_pi(x.factor + y.factor)
    return ball(x) + ball(y)


def sub(x: Scalar, y: Scalar) -> Scalar:
    """x - y; the same number less itself is an exact zero, even if it is only known as a ball."""
    if x is y:
        return ZERO
    kind, other = type(x), type(y)
    if other is arb and (kind is arb or kind is fmpq):
        return x - y
    if other is fmpq:
        if kind is fmpq:
            return _fraction(x - y)
        if kind is arb:
            return x - y if y else x
    if kind is Long or other is Long:
        return _put_off(sub, x, y)
    return add(x, neg(y))


def neg(x: Scalar) -> Scalar:
    """-x."""
    if type(x) is Long:
        return _put_off(sub, ZERO, x)
    return PiMultiple(-x.factor) if type(x) is PiMultiple else -x


def mul(x: Scalar, y: Scalar) -> Scalar:
    """x y.  An exact zero times anything is an exact zero."""
    kind, other = type(x), type(y)
    if kind is arb and other is arb:
        return x * y
    if kind is fmpq and other is fmpq:
        product = x * y
        return product if product.height_bits() <= _SHORT else _fraction(product)
    if other is fmpq:
        x, y, kind, other = y, x, other, kind
    if kind is fmpq:
        if not x:
            return ZERO
        if x is ONE or x == ONE:
            return y
        if other is arb:
            return y * x
        if other is PiMultiple:
            return PiMultiple(x * y.factor)
    if kind is Long or other is Long:
        return _put_off(mul, x, y)
    return ball(x) * ball(y)


def div(x: Scalar, y: Scalar) -> Scalar:
    """x / y; exactly one for one and the same number."""
    kind, other = type(x), type(y)
    if other is arb and x is not y and (kind is arb or (kind is fmpq and x)):
        quotient = x / y
        if quotient.is_finite():  # as it is not if the divisor may be zero
            return quotient
    if sign(y) == 0:
        raise Singular
    if x is y:
        return ONE
    exact = _QUOTIENTS.get((kind, other))
    if exact is not None:
        return exact(x, y)
    if kind is fmpq and not x:
        return ZERO
    if kind is Long or other is Long:
        return _put_off(div, x, y)
    return finite(ball(x) / ball(y))


_QUOTIENTS: dict[tuple[type, type], Callable[[Any, Any], Scalar]] = {
    (fmpq, fmpq): lambda x, y: _fraction(x / y),
    (PiMultiple, PiMultiple): lambda x, y: x.factor / y.factor,
    (PiMultiple, fmpq): lambda x, y: PiMultiple(x.factor / y),
}
"""Exact quotients, by the types of both numbers."""


def power(x: Scalar, y: Scalar) -> Scalar:
    """x ** y: for an integer y any x (0**0 is 1, the empty product), else x > 0, or x = 0 and y > 0."""
    x, y = resolved(x), resolved(y)
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
        return _fraction(x**exponent)
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
        x = resolved(x)
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
