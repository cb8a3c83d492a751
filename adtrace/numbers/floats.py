"""Double precision: for traces of many thousand rows, on request.  Its digits are not certified."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from contextlib import nullcontext

from adtrace.numbers import Arithmetic, Singular, TooLarge


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
    given = list(numbers)
    return math.isfinite(sum(given)) or all(map(math.isfinite, given))


def _sign(x: float) -> int:
    return (x > 0) - (x < 0)


FLOATS = Arithmetic(
    name="float",
    functions={
        "add": _guarded(lambda x, y: x + y),
        "sub": _guarded(lambda x, y: x - y),
        "mul": _guarded(lambda x, y: x * y),
        "neg": lambda x: -x,
        "div": _guarded(lambda x, y: x / y),
        "pow": _guarded(lambda x, y: x**y),
        "exp": _guarded(math.exp),
        "ln": _guarded(math.log),
        "log2": _guarded(math.log2),
        "log10": _guarded(math.log10),
        "sqrt": _guarded(math.sqrt),
        "cbrt": _guarded(math.cbrt),
        "sin": _guarded(math.sin),
        "cos": _guarded(math.cos),
        "tan": _guarded(math.tan),
        "asin": _guarded(math.asin),
        "acos": _guarded(math.acos),
        "atan": math.atan,
        "atan2": math.atan2,
        "sinh": _guarded(math.sinh),
        "cosh": _guarded(math.cosh),
        "tanh": math.tanh,
        "asinh": math.asinh,
        "acosh": _guarded(math.acosh),
        "atanh": _guarded(math.atanh),
        "erf": math.erf,
        "abs": abs,
        "sign": lambda x: float((x > 0) - (x < 0)),
        "max": max,
        "min": min,
        "heaviside": lambda x: 0.5 * ((x > 0) - (x < 0) + 1),
    },
    literal=_literal,
    constants={"pi": lambda: math.pi, "e": lambda: math.e},
    sign=_sign,
    precision=lambda bits: nullcontext(),
    zero=0.0,
    one=1.0,
    exact=False,
    magnitude_bits=1_024,
    unchecked=(operator.add, operator.mul),
    finite=_finite,
)
