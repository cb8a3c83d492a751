"""The elementary functions on exact numbers and balls.

Where a function has a rational value, or a rational multiple of pi, at an exact argument, that is its value.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flint import arb, fmpq

from adtrace.numbers import NeedsPrecision, Singular
from adtrace.numbers.exact import (
    HALF,
    ONE,
    ZERO,
    Long,
    PiMultiple,
    add,
    ball,
    bounded,
    div,
    finite,
    multiple_of_pi,
    neg,
    resolved,
    sign,
    sub,
)

Scalar = Any  # fmpq | Long | PiMultiple | arb


def of_resolved(function: Callable[[Scalar], Scalar]) -> Callable[[Scalar], Scalar]:
    """The function, which looks for its exact values, of a fraction that was put off."""

    @wraps(function)
    def of(x: Scalar) -> Scalar:
        return function(resolved(x) if type(x) is Long else x)

    return of


def growing(name: str, at_zero: fmpq, exponent: Callable[[arb], arb] = abs) -> Callable[[Scalar], Scalar]:
    """Arb's function of this name, which grows as e to this exponent, and is refused where that is too large."""
    of_ball = getattr(arb, name)

    @of_resolved
    def function(x: Scalar) -> Scalar:
        if type(x) is fmpq and not x:
            return at_zero
        y = ball(x)
        bounded(exponent(y) / arb.const_log2())
        return finite(of_ball(y))

    return function


exp = growing("exp", ONE, lambda y: y)


@of_resolved
def ln(x: Scalar) -> Scalar:
    """The natural logarithm."""
    if sign(x) <= 0:
        raise Singular
    if type(x) is fmpq and x == 1:
        return ZERO
    return finite(ball(x).log())


def logarithm(base: int) -> Callable[[Scalar], Scalar]:
    """The logarithm to an integer base: exact for a power of it."""

    @of_resolved
    def log(x: Scalar) -> Scalar:
        if sign(x) <= 0:
            raise Singular
        if type(x) is fmpq:
            p, q = _exponent(int(x.p), base), _exponent(int(x.q), base)
            if p is not None and q is not None:
                return fmpq(p - q)
        return finite(ball(x).log() / arb(base).log())

    return log


def _exponent(n: int, base: int) -> int | None:
    """The k with n = base**k, if there is one."""
    k = 0
    while n % base == 0:
        n //= base
        k += 1
    return k if n == 1 else None


# sin(pi q) for the q in [0, 1/2] at which it is rational (Niven's theorem: there are no others).
_RATIONAL_SINES = {ZERO: ZERO, fmpq(1, 6): HALF, HALF: ONE}


def _sine_of_pi(q: fmpq) -> Scalar:
    """sin(pi q), exactly where it is rational."""
    q -= 2 * (q / 2).floor()
    flip = q > 1
    if flip:
        q -= 1
    if q > HALF:
        q = 1 - q
    value = _RATIONAL_SINES.get(q)
    if value is None:
        value = arb.sin_pi_fmpq(q)
    return -value if flip else value


@of_resolved
def sin(x: Scalar) -> Scalar:
    """The sine; exact at the multiples of pi where it is rational."""
    if type(x) is arb:
        return x.sin()
    if type(x) is PiMultiple:
        return _sine_of_pi(x.factor)
    return arb(x).sin() if x else ZERO


@of_resolved
def cos(x: Scalar) -> Scalar:
    """The cosine; exact at the multiples of pi where it is rational."""
    if type(x) is arb:
        return x.cos()
    if type(x) is PiMultiple:
        return _sine_of_pi(x.factor + HALF)
    return arb(x).cos() if x else ONE


@of_resolved
def tan(x: Scalar) -> Scalar:
    """The tangent; exact at the multiples of pi/4."""
    if type(x) is PiMultiple:
        q = x.factor - x.factor.floor()
        if q == fmpq(1, 4) or q == fmpq(3, 4):
            return ONE if q < HALF else -ONE
        return div(sin(x), cos(x))
    return finite(ball(x).tan()) if type(x) is arb or x else ZERO


# The values of the inverse functions that are rational, or rational multiples of pi.
_ARCSINES = {-ONE: fmpq(-1, 2), -HALF: fmpq(-1, 6), ZERO: ZERO, HALF: fmpq(1, 6), ONE: HALF}
_ARCTANGENTS = {-ONE: fmpq(-1, 4), ZERO: ZERO, ONE: fmpq(1, 4)}


@of_resolved
def asin(x: Scalar) -> Scalar:
    """The inverse sine."""
    if type(x) is fmpq and x in _ARCSINES:
        return multiple_of_pi(_ARCSINES[x])
    _within_one(x)
    return finite(ball(x).asin())


@of_resolved
def acos(x: Scalar) -> Scalar:
    """The inverse cosine."""
    if type(x) is fmpq and x in _ARCSINES:
        return multiple_of_pi(HALF - _ARCSINES[x])
    _within_one(x)
    return finite(ball(x).acos())


def _within_one(x: Scalar) -> None:
    if sign(sub(ONE, x)) < 0 or sign(add(ONE, x)) < 0:
        raise Singular


@of_resolved
def atan(x: Scalar) -> Scalar:
    """The inverse tangent."""
    if type(x) is fmpq and x in _ARCTANGENTS:
        return multiple_of_pi(_ARCTANGENTS[x])
    return finite(ball(x).atan())


def atan2(y: Scalar, x: Scalar) -> Scalar:
    """The angle of the point (x, y), in (-pi, pi]; the sign of one of them may be all that is known."""
    up, right = _known_sign(y), _known_sign(x)
    if up == 0 and right == 0:
        raise Singular
    if up and not right:  # on the vertical axis, or as near to it as can be told
        half = PiMultiple(HALF if up > 0 else -HALF)
        return half if right == 0 else sub(half, atan(resolved(div(x, y))))
    if right is None or (up is None and right < 0):
        raise NeedsPrecision
    if up == 0:
        return ZERO if right > 0 else PiMultiple(ONE)
    angle = atan(resolved(div(y, x)))
    return angle if right > 0 else add(angle, PiMultiple(ONE if up and up > 0 else -ONE))


def _known_sign(x: Scalar) -> int | None:
    try:
        return sign(x)
    except NeedsPrecision:
        return None


def fixed(name: str, argument: fmpq, value: fmpq) -> Callable[[Scalar], Scalar]:
    """Arb's function of this name, with its one rational value at a rational argument."""

    @of_resolved
    def function(x: Scalar) -> Scalar:
        if type(x) is fmpq and x == argument:
            return value
        return finite(getattr(ball(x), name)())

    return function


@of_resolved
def acosh(x: Scalar) -> Scalar:
    """The inverse hyperbolic cosine."""
    if sign(sub(x, ONE)) < 0:
        raise Singular
    return _acosh(x)


@of_resolved
def atanh(x: Scalar) -> Scalar:
    """The inverse hyperbolic tangent."""
    if sign(sub(ONE, x)) <= 0 or sign(add(ONE, x)) <= 0:
        raise Singular
    return _atanh(x)


_acosh = fixed("acosh", ONE, ZERO)
_atanh = fixed("atanh", ZERO, ZERO)


def absolute(x: Scalar) -> Scalar:
    """The absolute value; a ball round zero stays a ball."""
    if type(x) is Long:
        return x if sign(x) >= 0 else neg(x)
    return PiMultiple(abs(x.factor)) if type(x) is PiMultiple else abs(x)


def maximum(x: Scalar, y: Scalar) -> Scalar:
    """The larger one; where that is undecided, a ball that holds it."""
    try:
        return x if sign(sub(x, y)) >= 0 else y
    except NeedsPrecision:
        return ball(x).max(ball(y))


def minimum(x: Scalar, y: Scalar) -> Scalar:
    """The smaller one; where that is undecided, a ball that holds it."""
    try:
        return x if sign(sub(x, y)) <= 0 else y
    except NeedsPrecision:
        return ball(x).min(ball(y))


def heaviside(x: Scalar) -> Scalar:
    """0, 1/2 or 1."""
    return (ZERO, HALF, ONE)[sign(x) + 1]
