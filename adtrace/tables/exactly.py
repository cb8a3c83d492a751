r"""Values in closed form, where sympy finds one: ``sqrt(3)/2``, ``exp(-1/4)``.

The sweeps are run once more in an arithmetic of sympy objects, which sympy keeps in closed form (sin(pi/3) is
sqrt(3)/2).  A closed form is read back into our own terms, and shown only if it is short and a ball of it meets the
ball of the certified sweep; every comparison is decided on balls, never by sympy.  Sympy is imported only when exact
numbers are asked for, and is given no text.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import Any

from adtrace.errors import AdtraceError
from adtrace.language.syntax import Terms
from adtrace.numbers import START_BITS, Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, precision, sign
from adtrace.numbers.primitives import PRIMITIVES, Primitive
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.from_sympy import number_terms
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.writing.dialects import plain

_BITS = 512
"""The precision at which a closed form is compared with the number, and at which comparisons are decided."""
_LONGEST = 24
"""Characters of the longest closed form that is shown; a longer one is rounded."""

MOST_ROWS = 200
"""Traces with more rows have no closed forms that anybody would read."""


def _ball(value: Any) -> Scalar:
    """A certified number for a sympy one."""
    return constant_value(number_terms(value, "a value"), CERTIFIED, plain)


def _arithmetic() -> Arithmetic:
    import sympy  # noqa: PLC0415 - only where exact numbers are asked for

    def checked(value: Any) -> Any:
        if value.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
            raise Singular
        return value

    def decided(value: Any) -> int:
        with precision(_BITS):
            return sign(_ball(value))

    def chosen(first: Any, second: Any, wanted: int) -> Any:
        return first if decided(first - second) * wanted >= 0 else second

    def function(primitive: Primitive) -> Any:
        head = primitive.in_sympy(sympy)
        return lambda *operands: checked(head(*operands))

    return Arithmetic(
        name="closed form",
        functions={name: function(primitive) for name, primitive in PRIMITIVES.items()}
        | {
            "abs": lambda x: x if decided(x) >= 0 else -x,
            "sign": lambda x: sympy.Integer(decided(x)),
            "heaviside": lambda x: sympy.Rational(decided(x) + 1, 2),
            "max": lambda x, y: chosen(x, y, 1),
            "min": lambda x, y: chosen(x, y, -1),
        },
        literal=lambda digits, exponent: sympy.Integer(digits) * sympy.Integer(10) ** exponent,
        constants={"pi": lambda: sympy.pi, "e": lambda: sympy.E},
        sign=decided,
        precision=lambda bits: nullcontext(),
        zero=sympy.Integer(0),
        one=sympy.Integer(1),
        exact=True,
        magnitude_bits=CERTIFIED.magnitude_bits,
    )


def closed_forms(evaluation: Evaluation) -> Sweep | None:
    """The sweep in closed form; None where sympy cannot carry it, or it would be too long to read."""
    if len(evaluation.wengert.rows) > MOST_ROWS or evaluation.displayed is not None or not evaluation.arithmetic.exact:
        return None
    try:
        exact = replace(evaluation.evaluated, arithmetic=_arithmetic())
        sweep = replace(evaluation, evaluated=exact).at(START_BITS)
        _ = sweep.tangents, sweep.adjoints
        return sweep
    except (AdtraceError, NeedsPrecision, Singular, TooLarge, AttributeError, TypeError, ValueError, RecursionError):
        return None


def shown(closed: Any, scalar: Scalar) -> Terms | None:
    """The closed form of a number as terms, if it is short and is that number as far as balls can tell."""
    import sympy  # noqa: PLC0415

    try:
        forms = [closed] if closed.count_ops() <= 1 else [closed, sympy.radsimp(closed), sympy.factor_terms(closed)]
        terms = min((number_terms(form, "a value") for form in forms), key=lambda read: len(plain(read)))
        if len(plain(terms)) > _LONGEST:
            return None
        with precision(_BITS):
            same = ball(constant_value(terms, CERTIFIED, plain)).overlaps(ball(scalar))
        return terms if same else None
    except (AdtraceError, NeedsPrecision, Singular, TooLarge, AttributeError, TypeError, ValueError):
        return None
