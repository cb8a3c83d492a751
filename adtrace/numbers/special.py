"""The special functions, and those with jumps, on exact numbers and balls.

Arb computes them (Johansson, *Arbitrary-precision computation of the gamma function*, 2021; *Computing hypergeometric
functions rigorously*, ACM TOMS 45, 2019); where a value is rational at a rational argument, it is that fraction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flint import acb, arb, arb_poly, fmpq, fmpz_poly

from adtrace.errors import UndecidedError
from adtrace.limits import Limits
from adtrace.numbers import NeedsPrecision, Singular, TooLarge, decided
from adtrace.numbers.elementary import growing, of_resolved
from adtrace.numbers.exact import (
    ONE,
    ZERO,
    Long,
    ball,
    bounded,
    div,
    exact_integer,
    finite,
    mul,
    neg,
    precision,
    resolved,
    sign,
    sub,
)
from adtrace.numbers.rounding import nearest_double

Scalar = Any  # fmpq | Long | PiMultiple | arb

_LARGEST_FACTORIAL = 600
"""Up to here a factorial is shorter than the documented bits of a fraction."""
_HIGHEST_REFLECTED = 500
"""The order of a polygamma function of a negative number at most; with it grows the number of terms."""
_HIGHEST_ORDER = 10_000
"""The order of a Bessel function at most: where the argument is as large, the digits cost as much."""
_FIRST_BITS, _BOUND = 96, Limits(bits=16_384)
"""The first precision at which a double is looked for, and the last: a double may be as large as 2**1024."""


def _factorial(n: int) -> Scalar:
    return mul(fmpq(math.factorial(max(n - 1, 0))), fmpq(max(n, 1)))


def _no_pole(x: Scalar) -> None:
    """Refuse 0, -1, -2, ..., where the gamma function and what comes of it have their poles."""
    n = exact_integer(x)
    if n is not None and n <= 0:
        raise Singular


@of_resolved
def gamma(x: Scalar) -> Scalar:
    """The gamma function; a factorial at an integer."""
    _no_pole(x)
    n = exact_integer(x)
    if n is not None and n <= _LARGEST_FACTORIAL:
        return _factorial(n - 1)
    y = ball(x)
    if y > 2:
        bounded(y.lgamma() / arb.const_log2())
    return finite(y.gamma())


@of_resolved
def loggamma(x: Scalar) -> Scalar:
    """The logarithm of the gamma function of a positive number."""
    if sign(x) <= 0:
        raise Singular
    return ZERO if x in (ONE, 2) else finite(ball(x).lgamma())


@of_resolved
def digamma(x: Scalar) -> Scalar:
    """The derivative of ln(gamma(x))."""
    _no_pole(x)
    return finite(ball(x).digamma())


def polygamma(order: Scalar, x: Scalar) -> Scalar:
    """The derivative of the digamma function of this order, a whole number from 0."""
    n, x = exact_integer(order), resolved(x)
    if n is None or n < 0:
        raise Singular("the order u of polygamma is a whole number from 0")
    _no_pole(x)
    y = ball(x)
    if n == 0:
        return digamma(x)
    if y > 0:
        return _within(acb(y).polygamma(acb(n)).real)
    if n > _HIGHEST_REFLECTED:
        raise Singular(f"polygamma of a negative number has an order up to {_HIGHEST_REFLECTED}")
    # (-1)^n psi_n(1 - x) - psi_n(x) is pi times the n-th derivative of cot(pi x)
    pi, other = arb.pi(), acb(1 - y).polygamma(acb(n)).real
    return _within((-other if n % 2 else other) - pi * (-pi) ** n * _cotangents(n)(y.cot_pi()))


@lru_cache(maxsize=16)
def _cotangents(order: int) -> arb_poly:
    """The derivatives of the cotangent as polynomials of it; the sign is left out, (-1)^order."""
    derivative = fmpz_poly([0, 1])
    for _ in range(order):
        derivative = derivative.derivative() * fmpz_poly([1, 0, 1])
    return arb_poly(derivative)


def _within(x: arb) -> arb:
    """The ball, if it is finite and within the documented magnitude."""
    least = finite(x).abs_lower()
    if least > 1:
        bounded(least.log() / arb.const_log2())
    return x


erfi = growing("erfi", ZERO, lambda y: y * y)
"""The imaginary error function, -i erf(i x)."""


def besselj(order: Scalar, x: Scalar) -> Scalar:
    """The Bessel function of the first kind; for an order that is no integer of a positive number."""
    order, x = resolved(order), resolved(x)
    n = exact_integer(order)
    if not abs(ball(order)) <= _HIGHEST_ORDER:
        raise Singular(f"besselj has an order from -{_HIGHEST_ORDER} to {_HIGHEST_ORDER}")
    if n is None and sign(x) <= 0:
        raise Singular("besselj of an order that is no integer needs w > 0")
    if type(x) is fmpq and not x:
        return ONE if n == 0 else ZERO
    return _within(ball(x).bessel_j(ball(order)))


@of_resolved
def lambertw(x: Scalar) -> Scalar:
    """The w >= -1 with w e^w = x."""
    if type(x) is fmpq and not x:
        return ZERO
    y = ball(x)
    w = y.lambertw()
    if not w.is_finite() and y + arb(-1).exp() < 0:
        raise Singular
    return finite(w)


@of_resolved
def cosine_integral(x: Scalar) -> Scalar:
    """The cosine integral of a positive number."""
    if sign(x) <= 0:
        raise Singular
    return finite(ball(x).ci())


def beta(x: Scalar, y: Scalar) -> Scalar:
    """Euler's beta function of positive numbers: rational for rational ones of which one is an integer."""
    x, y = resolved(x), resolved(y)
    if sign(x) <= 0 or sign(y) <= 0:
        raise Singular
    n = exact_integer(y)
    if n is None or n > _LARGEST_FACTORIAL:
        x, y, n = y, x, exact_integer(x)
    if type(x) is fmpq and n is not None and n <= _LARGEST_FACTORIAL:
        value: Scalar = ONE  # (n - 1)!/(x (x + 1) ... (x + n - 1))
        for k in range(n):
            value = div(mul(value, fmpq(max(k, 1))), x + k)
        return value
    a, b = ball(x), ball(y)
    return finite((a.lgamma() + b.lgamma() - (a + b).lgamma()).exp())


def sinc_slope(x: Scalar) -> Scalar:
    """The derivative of sin(x)/x."""
    x = resolved(x)
    if type(x) is fmpq and not x:
        return ZERO
    y = ball(x)  # -j_1(x); near 0 by a series in which nothing cancels: -x/3 0F1(5/2, -x^2/4)
    return finite(-y / 3 * (-y * y / 4).hypgeom_0f1(arb(5) / 2)) if abs(y) < 1 else finite((y.cos() - y.sinc()) / y)


# -- with jumps ----------------------------------------------------------------------------------------------


def floor(x: Scalar) -> Scalar:
    """The largest integer that is not larger; where that is undecided, a ball that holds it."""
    if type(x) is fmpq:
        return fmpq(x.floor())
    whole = ball(x).floor()
    integer = whole.unique_fmpz()
    if integer is not None:
        return fmpq(integer)
    return floor(resolved(x)) if type(x) is Long else finite(whole)


def ceiling(x: Scalar) -> Scalar:
    """The smallest integer that is not smaller."""
    return neg(floor(neg(x)))


def frac(x: Scalar) -> Scalar:
    """x - floor(x)."""
    return sub(x, floor(x))


def mod(x: Scalar, y: Scalar) -> Scalar:
    """x - y floor(x/y), which has the sign of y."""
    return sub(x, mul(y, floor(div(x, y))))


# -- on doubles ----------------------------------------------------------------------------------------------


def nearest(function: Callable[..., Scalar]) -> Callable[..., float]:
    """The function on doubles: the double that is nearest to its certified value.

    Raises Python's errors, as `math` does: ValueError where there is no value, OverflowError past the doubles.
    """

    @lru_cache(maxsize=1024)  # a sweep asks for a value where its partial was, and the other way round
    def on_doubles(*operands: float) -> float:
        numbers = [fmpq(*operand.as_integer_ratio()) for operand in operands]

        def asked(bits: int) -> float | None:
            with precision(bits):
                return _at_this_precision(function, numbers)

        try:
            value = decided(asked, _BOUND, "a double", _FIRST_BITS)
        except UndecidedError:
            raise ValueError("math domain error") from None
        if not math.isfinite(value):
            raise OverflowError("math range error")
        return value

    return lambda *operands: on_doubles(*map(float, operands))


def _at_this_precision(function: Callable[..., Scalar], numbers: list[fmpq]) -> float | None:
    try:
        return nearest_double(ball(function(*numbers)))
    except NeedsPrecision:
        return None
    except Singular:
        raise ValueError("math domain error") from None
    except TooLarge:
        raise OverflowError("math range error") from None
