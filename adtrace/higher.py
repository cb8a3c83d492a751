"""Derivatives of second and higher order: sweeps in jets along a direction, whose coefficients are asked for.

Where a kink is left to different sides along s and along -s, both expansions are made, and a derivative that is not the
same from both is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from adtrace.errors import BoundError, DomainError, OptionError, UndecidedError
from adtrace.language.syntax import Apply, Terms
from adtrace.numbers import Scalar, decided
from adtrace.numbers.value import Value
from adtrace.tracing.jets import MOST_ORDER, coefficient
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.tracing.wengert import Variable

MOST_WORK = 2_000_000
"""Rows times variables of the largest Hessian."""
_BITS = 1024
"""The precision at which two sides of a kink that cannot be told apart are taken for one."""


def require_smooth(evaluation: Evaluation, order: int) -> None:
    """Raise `DomainError` for a row at a kink, where a table would have no right number of a higher order."""
    primal = evaluation.first().primal
    rows = sorted({*primal.sides, *(kink.row for kink in primal.kinks)})
    if rows:
        entry = evaluation.wengert.rows[rows[0] - 1].elemental
        where = f", {entry.kink.where}" if entry.kink else ""
        raise DomainError(
            f"no table of order {order}: v_{rows[0]} ({entry.spoken}) is at its kink{where}, where a derivative of "
            "this order need not exist; trace.taylor() and trace.hessian tell whether it does"
        )


def coefficients(evaluation: Evaluation, direction: tuple[Terms, ...], order: int) -> list[list[Value]]:
    """For each dependent variable its Taylor coefficients of order 0, 1, ... along a direction.

    Raises `OptionError` for an order that is none, `DomainError` where the derivative does not exist.
    """
    if type(order) is not int or not 1 <= order <= MOST_ORDER:
        raise OptionError(f"the order is a whole number from 1 to {MOST_ORDER}, not {order!r}")

    def picked(output: int, k: int) -> Callable[[Sweep], Scalar]:
        return lambda sweep: coefficient(_output(evaluation, sweep, output), k)

    outputs = range(len(evaluation.wengert.dependents))
    picks = [[picked(output, k) for k in range(order + 1)] for output in outputs]
    parities = [(-1) ** k for k in range(order + 1)]
    return [_along(evaluation, direction, order, row, parities) for row in picks]


def _output(evaluation: Evaluation, sweep: Sweep, output: int) -> Scalar:
    """The jet of a dependent variable."""
    operand = evaluation.wengert.dependents[output]
    if isinstance(operand, Variable):
        return sweep.values[operand - evaluation.wengert.first]
    return sweep.constants[id(operand)]


def hessian_vector(evaluation: Evaluation, direction: tuple[Terms, ...]) -> list[Value]:
    """The product of the Hessian (of the output, or the weighted sum, whose adjoints are swept) with a direction.

    Raises `DomainError` where it does not exist.
    """
    n = len(evaluation.wengert.independents)
    if n * len(evaluation.wengert.rows) > MOST_WORK:
        raise BoundError(f"a Hessian of {n} variables and {len(evaluation.wengert.rows)} rows passes {MOST_WORK}")

    def picked(place: int, k: int) -> Callable[[Sweep], Scalar]:
        return lambda sweep: coefficient(sweep.adjoints[place], k)

    # a Hessian exists only where the gradient is the same to both sides: it is asked about, too
    picks = [picked(place, k) for k in (0, 1) for place in range(n)]
    return _along(evaluation, direction, 1, picks, [1] * n + [-1] * n)[n:]


def _along(
    evaluation: Evaluation,
    direction: tuple[Terms, ...],
    order: int,
    picks: Sequence[Callable[[Sweep], Scalar]],
    parities: Sequence[int],
) -> list[Value]:
    """Numbers of the sweep along a direction, each of which is the same (or opposite) along the reversed one."""
    there = evaluation.curved(direction, order)
    if kinks := evaluation.first().primal.sides:
        back = evaluation.curved(tuple((*terms, Apply("neg", 1, 0)) for terms in direction), order)
        functions, sign = evaluation.arithmetic.functions, evaluation.arithmetic.sign
        for pick, parity in zip(picks, parities, strict=True):

            def differ(bits: int, pick: Callable[[Sweep], Scalar] = pick, parity: int = parity) -> bool:
                one, other = pick(there.at(bits)), pick(back.at(bits))
                with evaluation.arithmetic.precision(bits):
                    difference = functions["sub" if parity > 0 else "add"](one, other)
                    return any(map(sign, getattr(difference, "flat", [difference])))

            try:
                different = decided(differ, replace(evaluation.limits, bits=_BITS), "a derivative of higher order")
            except UndecidedError:
                different = False  # both sides agree to some hundred digits
            if different:
                rows = ", ".join(f"v_{index}" for index in sorted(kinks)[:3])
                raise DomainError(f"no derivative of this order exists: it differs between the sides of {rows}")
    return [there.number(pick) for pick in picks]
