"""Derivatives of second and higher order: sweeps in jets along a direction, whose coefficients are asked for.

Where a kink is left to different sides along s and along -s, both expansions are made, and a derivative that is not the
same from both is refused.  An adjoint is asked about what does not move along s, too, and so at kinks the product of
the Hessian with s comes from expansions alone, as the bilinear form of d^2/dt^2 y(x + t s).

A table at a kink has the numbers that its rows give with their partials as they are there; `missing` says which of them
are no derivatives, and refuses a table with a derivative that is another number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, NamedTuple

from adtrace.elementals import CORNER, TIE, rule
from adtrace.errors import BoundError, DomainError, OptionError, UndecidedError
from adtrace.language.syntax import Apply, Terms
from adtrace.numbers import Scalar, decided
from adtrace.numbers.value import Value
from adtrace.tracing.formulas import joined
from adtrace.tracing.jets import MOST_ORDER, coefficient
from adtrace.tracing.quantities import ADJOINT, BACKWARDS, COEFFICIENTS, Address
from adtrace.tracing.sweeps import At, Coefficient, Evaluation, Output, Sweep
from adtrace.tracing.wengert import Variable

MOST_WORK = 2_000_000
"""Rows times variables of the largest Hessian."""
_CURVES = 8
"""Expansions that an entry of the product takes at a kink."""
_BITS = 1024
"""The precision at which two sides of a kink that cannot be told apart are taken for one."""


class Missing(NamedTuple):
    """What does not exist at a kink, and stands in a table by convention."""

    seed: int
    output: int | None
    """The output that has no derivative along the seed; None for the product of the Hessian with it."""
    order: int


def missing(evaluation: Evaluation, order: int, *, forward: bool, reverse: bool) -> list[Missing]:
    """The derivatives of a forward and of a reverse table of this order that do not exist.

    Raises `DomainError` where a row's kink is none that a convention of the first order says all of, and for a
    derivative that exists and is another number than the rows give.
    """
    if not evaluation.first().primal.sides:
        return []
    _require_corners(evaluation, order, reverse=reverse)
    derivatives: list[Missing] = []
    for seed, direction in enumerate(evaluation.seeds):
        for output in range(len(evaluation.wengert.dependents) if forward else 0):
            for k in range(2, order + 1):
                try:
                    number = _coefficients(evaluation, direction, output, k)[k]
                except DomainError:
                    derivatives.append(Missing(seed, output, k))
                    break
                operand = evaluation.wengert.dependents[output]
                if isinstance(operand, Variable):
                    place = evaluation.wengert.place(output)
                    _require_same(evaluation, number, Address(COEFFICIENTS[k], place, seed), k)
        if reverse:
            try:
                product = hessian_vector(evaluation, direction)
            except DomainError:
                derivatives.append(Missing(seed, None, 2))
                continue
            for place, number in enumerate(product):
                _require_same(evaluation, number, Address(BACKWARDS[2].adjoint, place, seed), 2)
    return derivatives


def _require_corners(evaluation: Evaluation, order: int, *, reverse: bool) -> None:
    """Raise `DomainError` for a row at what is no corner and no tie, and for an order that is not asked about there."""
    for index in sorted(evaluation.first().primal.sides):
        entry = evaluation.wengert.rows[index - 1].elemental
        kink = entry.kink
        corner = kink is not None and kink.sided and kink.kind in (CORNER, TIE) and not entry.smooth
        if not corner or (reverse and order > 2):
            where = f", {kink.where}" if kink else ""
            raise DomainError(
                f"no table of order {order}: v_{index} ({entry.spoken}) is at its kink{where}, where a derivative of "
                "this order need not exist; trace.taylor() and trace.hessian tell whether it does"
            )


def _require_same(evaluation: Evaluation, number: Value, address: Address, order: int) -> None:
    """Raise `DomainError` where a derivative is not what the rows give."""

    def asked(bits: int) -> bool:
        with evaluation.arithmetic.precision(bits):
            difference = evaluation.arithmetic.functions["sub"](number.at(bits), evaluation.at(bits)[address])
            return _is_something(evaluation, difference)

    try:
        different = decided(asked, replace(evaluation.limits, bits=_BITS), "a derivative of higher order")
    except UndecidedError:
        different = False
    if different:
        index = min(evaluation.first().primal.sides)
        raise DomainError(
            f"no table of order {order}: a derivative of this order exists and is another number than the rows give, "
            f"v_{index} being at its kink; trace.taylor() and trace.hessian have it"
        )


def coefficients(evaluation: Evaluation, direction: tuple[Terms, ...], order: int) -> list[list[Value]]:
    """For each dependent variable its Taylor coefficients of order 0, 1, ... along a direction.

    Raises `OptionError` for an order that is none, `DomainError` where the derivative does not exist.
    """
    if type(order) is not int or not 1 <= order <= MOST_ORDER:
        raise OptionError(f"the order is a whole number from 1 to {MOST_ORDER}, not {order!r}")

    outputs = range(len(evaluation.wengert.dependents))
    return [_coefficients(evaluation, direction, output, order) for output in outputs]


def _coefficients(evaluation: Evaluation, direction: tuple[Terms, ...], output: int, order: int) -> list[Value]:
    """Those of one dependent variable."""
    parities = [(-1) ** k for k in range(order + 1)]
    picks = [Coefficient(Output(output), k) for k in range(order + 1)]
    return _along(evaluation, direction, order, picks, parities)


def hessian_vector(evaluation: Evaluation, direction: tuple[Terms, ...]) -> list[Value]:
    """The product of the Hessian (of the output, or the weighted sum, whose adjoints are swept) with a direction.

    Raises `DomainError` where it does not exist.
    """
    n = len(evaluation.wengert.independents)
    if n * len(evaluation.wengert.rows) > MOST_WORK:
        raise BoundError(f"a Hessian of {n} variables and {len(evaluation.wengert.rows)} rows passes {MOST_WORK}")
    if evaluation.first().primal.sides:
        return _hessian_vector_at_kinks(evaluation, direction)
    there = evaluation.curved(direction, 1)
    return [there.number(Coefficient(At(Address(ADJOINT, place)), 1)) for place in range(n)]


@dataclass(frozen=True, slots=True)
class _Weighted:
    """Finds a Taylor coefficient of the weighted sum of the outputs in a sweep of jets."""

    evaluation: Evaluation
    order: int

    def __call__(self, sweep: Sweep) -> Scalar:
        """The number in a sweep."""
        arithmetic = self.evaluation.arithmetic
        terms = (
            arithmetic.functions["mul"](coefficient(weight, 0), coefficient(sweep.output(place), self.order))
            for place, weight in sweep.starting.items()
        )
        return reduce(arithmetic.functions["add"], terms, arithmetic.zero)


@dataclass(frozen=True, slots=True)
class _Form:
    """Finds the bilinear form of s and e in a sweep along s + e, beside the evaluations along s - e, s and e."""

    evaluation: Evaluation
    others: tuple[Evaluation, ...]

    def each(self, sweep: Sweep, order: int) -> list[Scalar]:
        """The coefficient of this order in all four of them."""
        weighted = _Weighted(self.evaluation, order)
        return [weighted(of) for of in (sweep, *(other.at(sweep.bits) for other in self.others))]

    def slope(self, sweep: Sweep) -> Scalar:
        """What is 0 if the first derivatives are linear."""
        functions = self.evaluation.arithmetic.functions
        forth, _, along, own = self.each(sweep, 1)
        return functions["sub"](forth, functions["add"](along, own))

    def parallelogram(self, sweep: Sweep) -> Scalar:
        """What is 0 if the second derivatives are a quadratic form."""
        arithmetic = self.evaluation.arithmetic
        add, sub, mul = (arithmetic.functions[head] for head in ("add", "sub", "mul"))
        forth, back, along, own = self.each(sweep, 2)
        return sub(add(forth, back), mul(arithmetic.literal(2, 0), add(along, own)))

    def __call__(self, sweep: Sweep) -> Scalar:
        """The number in a sweep."""
        arithmetic = self.evaluation.arithmetic
        with arithmetic.precision(sweep.bits):
            forth, back, _, _ = self.each(sweep, 2)
            return arithmetic.functions["mul"](arithmetic.functions["sub"](forth, back), arithmetic.literal(5, -1))


def _hessian_vector_at_kinks(evaluation: Evaluation, direction: tuple[Terms, ...]) -> list[Value]:
    """The same from the second derivatives along s, each e, s + e and s - e, of which there is a bilinear form only if
    q(s + e) + q(s - e) = 2 q(s) + 2 q(e), and only beside a gradient.
    """
    n, rows = len(evaluation.wengert.independents), len(evaluation.wengert.rows)
    if n * rows > MOST_WORK // _CURVES:
        raise BoundError(f"a Hessian of {n} variables and {rows} rows at a kink passes {MOST_WORK // _CURVES}")

    def curve(vector: tuple[Terms, ...]) -> Evaluation:
        _along(evaluation, vector, 2, [_Weighted(evaluation, 1), _Weighted(evaluation, 2)], [-1, 1])
        return evaluation.curved(vector, 2)

    def entry(place: int) -> Value:
        one = rule("1")
        unit = tuple(one if at == place else rule("0") for at in range(n))
        both, apart = (
            tuple(joined(head, terms, one) if at == place else terms for at, terms in enumerate(direction))
            for head in ("add", "sub")
        )
        alongside, *others = curve(both), curve(apart), curve(direction), curve(unit)
        form = _Form(evaluation, tuple(others))
        if any(_differs(evaluation, alongside, difference) for difference in (form.slope, form.parallelogram)):
            raise _missing(evaluation)
        return alongside.number(form)

    return [entry(place) for place in range(n)]


def _along(
    evaluation: Evaluation,
    direction: tuple[Terms, ...],
    order: int,
    picks: Sequence[Callable[[Sweep], Scalar]],
    parities: Sequence[int],
) -> list[Value]:
    """Numbers of the sweep along a direction, each of which is the same (or opposite) along the reversed one."""
    there = evaluation.curved(direction, order)
    if evaluation.first().primal.sides:
        back = evaluation.curved(tuple((*terms, Apply("neg", 1, 0)) for terms in direction), order)
        for pick, parity in zip(picks, parities, strict=True):
            compare = evaluation.arithmetic.functions["sub" if parity > 0 else "add"]

            def jump(sweep: Sweep, pick: Callable[[Sweep], Scalar] = pick, compare: Any = compare) -> Scalar:
                return compare(pick(sweep), pick(back.at(sweep.bits)))

            if _differs(evaluation, there, jump):
                raise _missing(evaluation)
    return [there.number(pick) for pick in picks]


def _differs(evaluation: Evaluation, curve: Evaluation, difference: Callable[[Sweep], Scalar]) -> bool:
    """Whether a difference of numbers is not 0; two that agree to some hundred digits are taken for one."""

    def asked(bits: int) -> bool:
        with evaluation.arithmetic.precision(bits):
            return _is_something(evaluation, difference(curve.at(bits)))

    try:
        return decided(asked, replace(evaluation.limits, bits=_BITS), "a derivative of higher order")
    except UndecidedError:
        return False


def _is_something(evaluation: Evaluation, number: Any) -> bool:
    """Whether a number, or one of an array, is not 0."""
    return any(map(evaluation.arithmetic.sign, getattr(number, "flat", [number])))


def _missing(evaluation: Evaluation) -> DomainError:
    rows = ", ".join(f"v_{index}" for index in sorted(evaluation.first().primal.sides)[:3])
    return DomainError(f"no derivative of this order exists: it differs between the sides of {rows}")
