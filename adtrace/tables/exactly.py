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

from flint import fmpq

from adtrace.errors import AdtraceError
from adtrace.language.syntax import Terms
from adtrace.limits import EXACT_BITS
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
_MOST_OPERATIONS = 200
"""Operations, and whole numbers in exponents, of the largest number that a closed form is built from."""
_MOST_TOGETHER = 2_000
"""Operations of all numbers of a trace together."""
_DEEPEST = 12
"""Operations inside each other: sympy puts the terms of sums in order in time that doubles with each."""
_LARGEST = 60
"""The same, of the largest one that is rewritten: what sympy does takes time that grows fast with it, and no bound on
time keeps digits the same on every machine."""


def _ball(value: Any) -> Scalar:
    """A certified number for a sympy one."""
    return constant_value(number_terms(value, "a value"), CERTIFIED, plain)


def _arithmetic() -> Arithmetic:
    import sympy  # noqa: PLC0415 - only where exact numbers are asked for

    together = 0

    def checked(value: Any) -> Any:
        nonlocal together
        if value.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
            raise Singular
        operations = value.count_ops()
        together += operations
        if operations > _MOST_OPERATIONS or together > _MOST_TOGETHER or _depth(value) > _DEEPEST:
            raise TooLarge
        return value

    def sign_of(value: Any) -> int:
        try:
            with precision(_BITS):
                return sign(_ball(value))
        except NeedsPrecision:  # these numbers are the same at every precision
            raise Singular from None

    def power(base: Any, exponent: Any) -> Any:
        bits = max(base.p.bit_length(), base.q.bit_length()) if base.is_Rational else 0
        if exponent.is_Rational and abs(exponent) * bits > EXACT_BITS:
            raise TooLarge
        return checked(base**exponent)

    def chosen(first: Any, second: Any, wanted: int) -> Any:
        return first if sign_of(first - second) * wanted >= 0 else second

    def function(primitive: Primitive) -> Any:
        head = primitive.in_sympy(sympy)
        return lambda *operands: checked(head(*operands))

    return Arithmetic(
        name="closed form",
        functions={name: function(primitive) for name, primitive in PRIMITIVES.items()}
        | {
            "pow": power,
            "abs": lambda x: x if sign_of(x) >= 0 else -x,
            "sign": lambda x: sympy.Integer(sign_of(x)),
            "heaviside": lambda x: sympy.Rational(sign_of(x) + 1, 2),
            "max": lambda x, y: chosen(x, y, 1),
            "min": lambda x, y: chosen(x, y, -1),
        },
        literal=lambda digits, exponent: sympy.Integer(digits) * sympy.Integer(10) ** exponent,
        constants={"pi": lambda: sympy.pi, "e": lambda: sympy.E},
        sign=sign_of,
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


def _depth(value: Any) -> int:
    """How many operations of an expression stand inside each other."""
    depth, inside = 0, list(value.args)
    while inside:
        depth, inside = depth + 1, [x for outer in inside for x in outer.args]
    return depth


def _size(value: Any) -> int:
    """The operations of an expression, and its whole numbers in exponents: sympy may multiply these out."""
    import sympy  # noqa: PLC0415

    exponents = [power.as_base_exp()[1] for power in value.atoms(sympy.Pow, sympy.exp)]
    factors = [exponent.as_coeff_Mul()[0] for exponent in exponents]
    return int(value.count_ops() + sum(abs(number.p) + number.q for number in factors if number.is_Rational))


def rational(closed: Any, scalar: Scalar) -> fmpq | None:
    """The fraction that a number is, if sympy shows that it is one; ``scalar`` is the number as far as it is known."""
    import sympy  # noqa: PLC0415

    def in_logarithms(value: Any) -> Any:
        return sympy.expand_log(value, factor=True)

    try:
        for rewritten in (sympy.Add, sympy.expand, sympy.powsimp, in_logarithms, sympy.trigsimp, sympy.radsimp):
            if rewritten is not sympy.Add and _size(closed) > _LARGEST:
                return None
            result = rewritten(closed)
            if result.is_Rational:
                fraction = fmpq(int(result.p), int(result.q))
                with precision(_BITS):
                    return fraction if ball(scalar).contains(fraction) else None
        return None
    except (AttributeError, TypeError, ValueError, ArithmeticError, RecursionError):
        return None


def shown(closed: Any, scalar: Scalar) -> Terms | None:
    """The closed form of a number as terms, if it is short and is that number as far as balls can tell."""
    import sympy  # noqa: PLC0415

    try:
        if closed.count_ops() > _LONGEST:  # each is a character at least
            return None
        small = closed.count_ops() > 1 and _size(closed) <= _LARGEST
        forms = [closed, sympy.radsimp(closed), sympy.factor_terms(closed)] if small else [closed]
        terms = min((number_terms(form, "a value") for form in forms), key=lambda read: len(plain(read)))
        if len(plain(terms)) > _LONGEST:
            return None
        with precision(_BITS):
            same = ball(constant_value(terms, CERTIFIED, plain)).overlaps(ball(scalar))
        return terms if same else None
    except (AdtraceError, NeedsPrecision, Singular, TooLarge, AttributeError, TypeError, ValueError):
        return None
