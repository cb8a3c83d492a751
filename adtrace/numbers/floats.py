"""Double precision: for traces of many thousand rows, on request.  Its digits are not certified."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from contextlib import nullcontext

from adtrace.numbers import Arithmetic, Singular, TooLarge, standing
from adtrace.numbers.primitives import PRIMITIVES, sign


def _guarded(function: Callable[..., float]) -> Callable[..., float]:
    """The function with our errors in place of Python's."""

    def guarded(*operands: float) -> float:
        try:
            value = function(*operands)
        except OverflowError:
            raise TooLarge from None
        except (ValueError, ZeroDivisionError):
            raise Singular from None
        if isinstance(value, complex):
            raise Singular
        if not math.isfinite(value):
            raise TooLarge
        return value

    return guarded


def _literal(digits: int, exponent: int) -> float:
    value = float(f"{digits}e{exponent}")  # not through a fraction: a text rounds once, and is infinite past the range
    if not math.isfinite(value):
        raise TooLarge
    return value


def _finite(numbers: Iterable[float]) -> bool:
    """Their sum tells, at a glance, that all are finite; it may be infinite where they are not."""
    numbers = list(numbers)
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))


FLOATS = Arithmetic(
    name="float",
    functions={name: _guarded(primitive.float) for name, primitive in PRIMITIVES.items()},
    literal=_literal,
    constants={"pi": lambda: math.pi, "e": lambda: math.e},
    sign=sign,
    precision=lambda bits: nullcontext(),
    zero=0.0,
    one=1.0,
    exact=False,
    magnitude_bits=1_024,
    unchecked=(operator.add, operator.mul),
    finite=_finite,
    origin=(standing, ("floats.FLOATS",)),
)
