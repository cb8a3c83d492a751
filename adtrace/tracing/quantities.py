"""The quantities that a row has: what each is called, how it is written, and where its numbers stand in a sweep.

    Address ::= (quantity, place, seed)          sweep[address] is one number of a sweep, at whatever precision it is

An entry is all that a table, a graph, a page, a document's value or the JSON structure knows of a quantity.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adtrace.elementals import SLOTS, Signature, rule
from adtrace.language.syntax import Terms
from adtrace.numbers import Scalar
from adtrace.tracing.differentials import ROW, higher_contribution, higher_tangent, in_coefficients, slot
from adtrace.tracing.formulas import ADJOINT as A
from adtrace.tracing.formulas import tangent

TRACES = EVALUATION, FORWARD, REVERSE = "evaluation", "tangent", "adjoint"
"""The traces in which quantities are computed, by what each computes."""

Numbers = Sequence[Scalar] | Mapping[int, Scalar]


@dataclass(frozen=True, eq=False, slots=True)
class Quantity:
    """What a row has one number of; equal to itself only, so that tables of texts are cheap to look up by it."""

    name: str
    trace: str
    """One of `TRACES`."""
    numbers: Callable[[Any, int], Numbers]
    """Its numbers by place, in a sweep and for a seed."""
    rule: Callable[[Signature, tuple[int, ...]], Terms | None] | None = None
    """Its formula in a row of a signature (of a contribution: to the operands in these slots); None for no formula."""
    mark: str = ""
    """How the name of a variable is marked for it: dot, bar; not at all, if empty."""
    order: int = 1
    """Of a derivative: a tangent has one dot, the next two dots; an adjoint has none, the next one dot."""
    slots: Mapping[str, str] | None = None
    """The names in rules of its number at the operands u and w and at the row v."""
    typed: Callable[[Any, int], Sequence[Terms]] | None = None
    """Its numbers at the independent variables as typed, in an evaluation and for a seed; None where they are
    results."""
    per_seed: bool = False
    """Whether it has a number for each seed."""
    operand: int | None = None
    """The operand that it belongs to, if it is a local partial."""

    def __reduce__(self) -> tuple[Any, ...]:
        return quantity, (self.name,)


class Address(NamedTuple):
    """One number of a sweep, wherever that sweep is made."""

    quantity: Quantity
    place: int
    """That of a variable; of a local partial that of its row, of what a contribution adds that of the contribution,
    of a constant its identity."""
    seed: int = 0
    entry: int | None = None
    """The entry, counted in row order, where that is an array."""


def _partial(operand: int) -> Quantity:
    def rule(signature: Signature, slots: tuple[int, ...]) -> Terms | None:
        active = signature.active
        return signature.elemental.partials[operand] if operand < len(active) and active[operand] else None

    return Quantity(
        f"partial_{operand + 1}", EVALUATION, lambda sweep, seed: sweep.primal.partials[operand], rule, operand=operand
    )


VALUE = Quantity(
    "value", EVALUATION, lambda sweep, seed: sweep.values,
    lambda signature, slots: signature.elemental.formula,
    slots={of: slot(of, 0) for of in (*SLOTS, ROW)}, typed=lambda evaluation, seed: evaluation.point,
)  # fmt: skip
PARTIALS = tuple(map(_partial, range(len(SLOTS))))
TANGENT = Quantity(
    "tangent", FORWARD, lambda sweep, seed: sweep.tangents[seed],
    lambda signature, slots: tangent(signature.elemental, signature.active),
    mark="dot", slots={of: slot(of, 1) for of in (*SLOTS, ROW)},
    typed=lambda evaluation, seed: evaluation.seeds[seed], per_seed=True,
)  # fmt: skip


def _higher(order: int, coefficients: bool = False) -> Quantity:
    def rule(signature: Signature, slots: tuple[int, ...]) -> Terms:
        terms = higher_tangent(signature, order)
        return in_coefficients(terms, order) if coefficients else terms

    return Quantity(
        ORDINALS[order] + (" coefficient" if coefficients else ""), FORWARD,
        lambda sweep, seed: sweep.along(seed, order, "values", coefficients), rule,
        mark="dot", order=order, slots={of: slot(of, order, coefficients) for of in (*SLOTS, ROW)},
        typed=lambda evaluation, seed: (_ZERO,) * len(evaluation.point), per_seed=True,
    )  # fmt: skip


_ZERO = rule("0")
ORDINALS = {2: "second", 3: "third", 4: "fourth"}
"""The derivatives along the seed that have rules here."""
TANGENTS = {1: TANGENT} | {order: _higher(order) for order in ORDINALS}
"""The derivatives along the seed by their order: k! times the Taylor coefficients."""
COEFFICIENTS = {1: TANGENT} | {order: _higher(order, coefficients=True) for order in ORDINALS}
"""The Taylor coefficients along the seed by their order; that of order 1 is the tangent."""


class Backwards(NamedTuple):
    """The quantities of a reverse sweep, or what they have for derivatives of one order along the seed."""

    adjoint: Quantity
    gradient: Quantity
    """The adjoints of the inputs, which are shown where those of the rows are not."""
    increment: Quantity
    """What a contribution adds."""
    partial: Quantity
    """The partial by which a contribution is made: a repeated operand has one."""
    total: Quantity
    """What an adjoint is after a contribution."""


def _backwards(order: int, coefficients: bool = False) -> Backwards:
    """Adjoints; for an order above 1 their derivatives along the seed, of one order less, or Taylor coefficients."""
    before, per_seed = f"{ORDINALS[order]} " if order > 1 else "", order > 1
    after = " coefficient" if coefficients else ""

    def numbers(of: str) -> Callable[[Any, int], Numbers]:
        return lambda sweep, seed: sweep.along(seed, order - 1, of, coefficients) if per_seed else getattr(sweep, of)

    def quantity(name: str, of: str, **further: Any) -> Quantity:
        return Quantity(before + name + after, REVERSE, numbers(of), order=order, per_seed=per_seed, **further)

    def rule(signature: Signature, slots: tuple[int, ...]) -> Terms:
        terms = higher_contribution(signature, slots, order - 1)
        return in_coefficients(terms, order - 1) if coefficients else terms

    return Backwards(
        quantity("adjoint", "adjoints", mark="bar", slots={ROW: slot(A.name, order - 1, coefficients)}),
        quantity("gradient", "gradient", mark="bar"),
        quantity("increment", "increments", rule=rule),
        quantity("spread partial", "spread_partials"),
        quantity("total", "totals"),
    )


BACKWARDS = {order: _backwards(order) for order in TANGENTS}
"""The quantities of reverse sweeps by their order: the adjoints, their derivatives along the seed, ..."""
BACKWARD_COEFFICIENTS = BACKWARDS | {order: _backwards(order, coefficients=True) for order in ORDINALS if order > 2}
"""The same with Taylor coefficients, which of order 1 are the derivatives."""
ADJOINT, GRADIENT, INCREMENT, SPREAD_PARTIAL, TOTAL = BACKWARDS[1]
UPDATED = Quantity("update", REVERSE, lambda sweep, seed: sweep.updated)
"""The independent variables after a step of gradient descent."""
CONSTANT = Quantity("constant", EVALUATION, lambda sweep, seed: sweep.constants)
STEP = Quantity("step", "", lambda sweep, seed: ())
"""The number of a line."""

_FAMILIES = (TANGENTS, BACKWARDS), (COEFFICIENTS, BACKWARD_COEFFICIENTS)
_EVERY = [(forward, back, of) for forward, back in _FAMILIES for family in back.values() for of in family] + [
    (forward, back, of) for forward, back in _FAMILIES for of in forward.values()
]
FAMILY = {of: (forward, back) for forward, back, of in _EVERY[::-1]}
"""For a derivative those of every order of its kind: derivatives or Taylor coefficients, forward and reverse."""
AS_COEFFICIENT = dict(zip(TANGENTS.values(), COEFFICIENTS.values(), strict=True)) | {
    of: other for order, back in BACKWARDS.items() for of, other in zip(back, BACKWARD_COEFFICIENTS[order], strict=True)
}
"""For a derivative along the seed the Taylor coefficient of the same order."""

QUANTITIES = (VALUE, *PARTIALS, *FAMILY, CONSTANT, STEP)
"""All of them.  One of a sweep forward that has a rule is words of a style, by its name."""
SWEPT = tuple(q for q in QUANTITIES if q.trace in (EVALUATION, FORWARD) and q.rule and q.operand is None)
"""Those with a rule in a sweep forward."""

IN_RULES = {name: (q, at) for q in QUANTITIES for at, name in (q.slots or {}).items()}
"""What the slots of rules stand for: the quantity, and the operand u or w or the row v that has it."""

_NAMED = {of.name: of for of in (*QUANTITIES, UPDATED)}


def quantity(name: str) -> Quantity:
    """The quantity of this name."""
    return _NAMED[name]
