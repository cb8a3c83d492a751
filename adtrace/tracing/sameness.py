"""Whether two Wengert lists of the same variables compute the same function: at the point exactly, and near it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from adtrace.errors import MathematicsError, UndecidedError
from adtrace.language.syntax import Terms
from adtrace.numbers.value import Value
from adtrace.tracing.point import constant
from adtrace.tracing.primal import Evaluated
from adtrace.tracing.quantities import CONSTANT, GRADIENT, VALUE, Address
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Variable

_DECIMALS = 30
_CERTIFIED, _DOUBLE = Decimal("1e-28"), Decimal("1e-9")
"""How far apart two numbers may be, relative to the larger of them and 1."""
_STEPS = ((0.0103, 0.0371), (-0.0217, 0.0149), (0.0331, -0.0273))
"""Points nearby: each coordinate times 1 and the first, and the second, in turn with its negative, added."""


def differing(one: Evaluated, other: Evaluated) -> str:
    """A number in which they differ, in words; empty if the values and the gradients agree wherever both exist."""
    one, other = (replace(evaluated, displayed=None, summed=None) for evaluated in (one, other))
    difference = _difference(one, other, "at the point")
    if difference or one.wengert.branches:  # recorded along one branch, which need not be that of a point nearby
        return difference
    start = [_at_point(one, place) for place in range(len(one.point))]
    for factor, step in _STEPS:
        near = [x * (1 + factor) + (step if k % 2 else -step) for k, x in enumerate(start)]
        point = tuple(constant(x, "a coordinate", one.limits) for x in near)
        try:
            difference = _difference(replace(one, point=point), replace(other, point=point), "nearby")
        except MathematicsError:  # outside the domain of one of them
            continue
        if difference:
            return difference
    return ""


def _at_point(one: Evaluated, place: int) -> float:
    return float(_swept(one, 0).value(Address(VALUE, place)))


def _difference(one: Evaluated, other: Evaluated, where: str) -> str:
    far = _CERTIFIED if one.arithmetic.exact else _DOUBLE
    names = one.wengert.independents
    whats = [f"its value {where}", *(f"its derivative by {name} {where}" for name in names)]
    for place, name in enumerate(one.wengert.dependent_names):
        for what, ours, theirs in zip(whats, _numbers(one, place), _numbers(other, place), strict=True):
            a, b = _decimal(ours), _decimal(theirs)
            if abs(a - b) > far * max(abs(a), abs(b), Decimal(1)):
                return f"{what} is {float(b):.6g}, where {name} has {float(a):.6g}"
    return ""


def _swept(evaluated: Evaluated, place: int) -> Evaluation:
    """The sweeps of one output."""
    outputs = len(evaluated.wengert.dependents)
    weights = tuple(constant(int(k == place), "a weight") for k in range(outputs))
    seed: tuple[Terms, ...] = tuple(constant(0, "a seed") for _ in evaluated.wengert.independents)
    return Evaluation(evaluated, (seed,), weights, place)


def _numbers(evaluated: Evaluated, place: int) -> list[Value]:
    """The value of an output and its gradient."""
    swept, operand = _swept(evaluated, place), evaluated.wengert.dependents[place]
    at = Address(VALUE, operand - evaluated.wengert.first) if isinstance(operand, Variable) else (
        Address(CONSTANT, id(operand))
    )  # fmt: skip
    return [swept.value(at), *(swept.value(Address(GRADIENT, k)) for k in range(len(evaluated.wengert.independents)))]


def _decimal(value: Value) -> Decimal:
    try:
        return Decimal(value.rounded(_DECIMALS))
    except UndecidedError:  # next to a tie, where either neighbour will do
        return Decimal(float(value))
