"""A Wengert list at a point: the evaluation trace, the tangent sweep and the adjoint sweep.

Each row's value and local partials are computed once, with its domain checked; both derivative sweeps are then loops
over recorded numbers that know no elemental (Griewank and Walther, 2nd ed., Tables 3.2 and 3.5):

    tangent   v̇_i = sum over operands j of (dv_i/dv_j) v̇_j                 i = 1..l
    adjoint   v̄_j += v̄_i (dv_i/dv_j)                                       i = l..1

An operand that occurs twice in a row (``x*x``) has one partial, the sum over its slots, and makes one contribution.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from adtrace.dialects import PLAIN, plain
from adtrace.elementals import SLOTS
from adtrace.errors import BoundError, DomainError, MathematicsError, UndecidedError
from adtrace.evaluate import Bound, Rule, beyond, bind, constant_value
from adtrace.kinks import SINGULAR, Conventions, Kink, number, rules, true_partials
from adtrace.limits import DEFAULT, Limits
from adtrace.notation import Text, fill, pattern, spelled
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.rounding import fixed
from adtrace.numbers.value import Value
from adtrace.syntax import Terms
from adtrace.wengert import Constant, Operand, Row, Variable, WengertList

START_BITS = 128


class Contribution(NamedTuple):
    """One ``v̄_target += v̄_row (dv_row/dv_target)``."""

    row: int
    """The index i of the row whose adjoint is spread."""
    slots: tuple[int, ...]
    """The operands of the row that are the target."""
    target: Variable
    partial: Scalar
    increment: Scalar
    total: Scalar
    """The adjoint of the target after this contribution."""
    first: bool
    """Whether it is the first to reach the target."""


@dataclass(frozen=True, slots=True)
class Primal:
    """The evaluation trace: what both derivative sweeps start from, at one working precision.

    ``values`` are in the order of the variables, v_{1-n} first.
    """

    constants: dict[int, Scalar]
    """The value of each constant operand, by its identity."""
    values: list[Scalar]
    partials: list[tuple[Scalar, ...]]
    """For each row the partial by each operand; None for a constant."""
    kinks: tuple[Kink, ...]
    """Where the partials are a convention."""
    written: dict[int, tuple[str, ...]]
    """For a row at or beside a kink, its partials as they are written in place of the elemental's."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Every number that a cell may print, computed once, at one working precision; lists as in `Primal`."""

    primal: Primal
    tangents: list[list[Scalar]]
    """For each seed the tangent of every variable."""
    contributions: list[Contribution]
    """In computing order: rows from the last to the first."""
    adjoints: list[Scalar]

    @property
    def values(self) -> list[Scalar]:
        """The value of every variable."""
        return self.primal.values

    @property
    def constants(self) -> dict[int, Scalar]:
        """The value of each constant operand, by its identity."""
        return self.primal.constants


class Displayed(NamedTuple):
    """How the numbers of a table are rounded before the next row is computed from them."""

    digits: int
    rounding: str
    running: bool
    """Whether the table shows, and so rounds, each running total of an adjoint; else the whole sum once."""


@dataclass(frozen=True)
class Evaluation:
    """What is swept: a list, a point, the seeds, and a number system; ``at(bits)`` sweeps it, once a precision."""

    wengert: WengertList
    point: tuple[Terms, ...]
    """The value of each independent variable, a constant expression as the author typed it."""
    seeds: tuple[tuple[Terms, ...], ...]
    """One or more seeds: the tangents of the independent variables."""
    weights: tuple[Terms, ...]
    """The adjoints of the dependent variables."""
    arithmetic: Arithmetic = CERTIFIED
    limits: Limits = DEFAULT
    conventions: Conventions = Conventions()  # noqa: RUF009 - frozen, and the default of the records it stands in
    displayed: Displayed | None = None
    """If every row is computed from the rounded numbers shown above it."""
    _primals: dict[int, Primal] = field(default_factory=dict, compare=False, repr=False)
    _swept: dict[int, Sweep] = field(default_factory=dict, compare=False, repr=False)

    def at(self, bits: int) -> Sweep:
        """The sweep at this precision, or at the least higher one that decides every comparison in it."""
        start = bits
        while start not in self._swept:
            try:
                with self.arithmetic.precision(bits):
                    self._swept[start] = self._sweep(bits)
            except NeedsPrecision as undecided:
                bits *= 2
                if bits > self.limits.bits:
                    what = str(undecided) or "a comparison of constants"
                    raise UndecidedError(f"{what} is not decided at {self.limits.bits} bits") from None
        return self._swept[start]

    def _sweep(self, bits: int) -> Sweep:
        primal = self._primals.get(bits)
        if primal is None:
            primal = self._primals[bits] = _primal(self)
        shown = _shown(self)
        try:
            tangents = [_tangents(self, primal.partials, seed, shown) for seed in self.seeds]
            return Sweep(primal, tangents, *_adjoints(self, primal.partials, shown))
        except TooLarge:
            raise BoundError(beyond("a derivative", self.arithmetic)) from None

    def first(self) -> Sweep:
        """The sweep at the lowest precision."""
        return self.at(START_BITS)

    def value(self, pick: Callable[[Sweep], Scalar]) -> Value:
        """One number of the sweep, as a caller gets it."""
        return Value(pick(self.first()), lambda bits: pick(self.at(bits)), self.limits)

    def seeded(self, seeds: tuple[tuple[Terms, ...], ...]) -> Evaluation:
        """The same evaluation with other tangents of the independent variables."""
        return replace(self, seeds=seeds, _swept={})

    def weighted(self, weights: tuple[Terms, ...]) -> Evaluation:
        """The same evaluation with other adjoints of the dependent variables."""
        return replace(self, weights=weights, _swept={})

    def as_displayed(self, displayed: Displayed) -> Evaluation:
        """The evaluation in which every row is computed from the rounded numbers above it."""
        return replace(self, displayed=displayed, _primals={}, _swept={})


Shown = Callable[[Scalar], Scalar]


def _shown(evaluation: Evaluation) -> Shown:
    """What becomes of a number before it is used: itself, or the rounded number that is displayed."""
    if evaluation.displayed is None:
        return lambda x: x
    digits, rounding, _ = evaluation.displayed
    literal = evaluation.arithmetic.literal

    def rounded(x: Scalar) -> Scalar:
        text = fixed(x, digits, rounding)
        if text is None:
            raise NeedsPrecision("a digit to round at")
        return literal(int(text.replace(".", "")), -digits)

    return rounded


def _primal(evaluation: Evaluation) -> Primal:
    """The evaluation trace; raises `NeedsPrecision` for a comparison that a higher precision may decide."""
    wengert, arithmetic = evaluation.wengert, evaluation.arithmetic
    constants: dict[int, Scalar] = {}
    values = [constant_value(terms, arithmetic, plain) for terms in evaluation.point]
    partials: list[tuple[Scalar, ...]] = []
    kinks: list[Kink] = []
    written: dict[int, tuple[str, ...]] = {}
    offset = -wengert.first
    for index, row in enumerate(wengert.rows, start=1):
        operands = [_operand(operand, values, offset, constants, arithmetic) for operand in row.operands]
        try:
            value, row_partials, texts, kink = _evaluated(index, row, operands, evaluation)
        except NeedsPrecision:
            raise NeedsPrecision(_undecided(wengert, index)) from None
        except TooLarge:
            raise BoundError(beyond(_row_text(wengert, index), arithmetic)) from None
        except (Singular, DomainError) as problem:
            raise DomainError(_domain_sentence(wengert, index, str(problem), values, arithmetic)) from None
        if texts is not None:
            written[index] = texts
        if kink is not None:
            kinks.append(kink)
        values.append(value)
        partials.append(row_partials)
    for dependent in wengert.dependents:
        _operand(dependent, values, offset, constants, arithmetic)
    if kinks:
        true = true_partials(wengert, partials, kinks, arithmetic)
        if true is not None:
            kinks = []
            written |= true
            for index, texts in true.items():
                chosen = rules(texts, arithmetic)
                partials[index - 1] = _of_variables(wengert.rows[index - 1], chosen, None, None, None)
        elif evaluation.conventions.refuse:
            first = kinks[0].row
            condition = wengert.rows[first - 1].elemental.kink_text
            raise DomainError(f"no derivative exists: {_row_text(wengert, first)} is at its kink, {condition}")
    return Primal(constants, values, partials, tuple(kinks), written)


def _operand(
    operand: Operand, values: Sequence[Scalar], offset: int, constants: dict[int, Scalar], arithmetic: Arithmetic
) -> Scalar:
    """The number that an operand is."""
    if type(operand) is Variable:
        return values[operand + offset]
    assert type(operand) is Constant
    known = constants.get(id(operand))
    if known is None:
        known = constants[id(operand)] = constant_value(operand.terms, arithmetic, plain)
    return known


def _evaluated(
    index: int, row: Row, operands: list[Scalar], evaluation: Evaluation
) -> tuple[Scalar, tuple[Scalar, ...], tuple[str, ...] | None, Kink | None]:
    """The value of a row; its partials; the texts of these at or beside a kink; the kink if they are a convention."""
    arithmetic = evaluation.arithmetic
    bound = bind(row.elemental, arithmetic)
    u, w = operands if len(operands) == 2 else (operands[0], None)
    if bound.domain:
        _require(bound, bound.domain, u, w, "")
    value = _shown(evaluation)(bound.value(*operands))
    texts, kink = None, None
    if bound.smooth or bound.kink:
        found = _convention(index, bound, u, w, evaluation.conventions)
        texts, kink = found or (bound.branch(u, w), None)
        step = evaluation.conventions.step(index) if kink and row.elemental.name == "heaviside" else None
        if step is not None:
            value = _shown(evaluation)(number(step, arithmetic))
    chosen = bound.partials if texts is None else rules(texts, arithmetic)
    return value, _of_variables(row, chosen, u, w, value), texts, kink


def _of_variables(row: Row, chosen: Sequence[Rule], u: Scalar, w: Scalar, value: Scalar) -> tuple[Scalar, ...]:
    """The partials of a row by its operands; None for a constant."""
    return tuple(
        rule(u, w, value) if type(operand) is Variable else None
        for rule, operand in zip(chosen, row.operands, strict=True)
    )


def _convention(
    index: int, bound: Bound, u: Scalar, w: Scalar, conventions: Conventions
) -> tuple[tuple[str, ...], Kink] | None:
    """The partials by convention as texts, where the row is at a kink; raises where there is none to use."""
    singular = bound.violated(bound.smooth, u, w)
    if not singular and not bound.at_a_kink(u, w):
        return None
    entry = bound.elemental
    found = conventions.at(index, entry)
    if found is None:
        raise DomainError(f"a finite derivative of {entry.spoken} needs {singular}")
    return found[0], Kink(index, SINGULAR if singular else entry.kink_kind, found[1])


def _require(bound: Bound, conditions: Sequence[object], u: Scalar, w: Scalar, what: str) -> None:
    violated = bound.violated(conditions, u, w)
    if violated:
        raise DomainError(f"{what}{bound.elemental.spoken} needs {violated}")


def _tangents(
    evaluation: Evaluation, partials: list[tuple[Scalar, ...]], seed: tuple[Terms, ...], shown: Shown
) -> list[Scalar]:
    """The tangent of every variable, from the seed."""
    arithmetic, wengert = evaluation.arithmetic, evaluation.wengert
    add, mul = arithmetic.functions["add"], arithmetic.functions["mul"]
    offset = -wengert.first
    tangents = [constant_value(terms, arithmetic, plain) for terms in seed]
    for row, row_partials in zip(wengert.rows, partials, strict=True):
        total = None
        for operand, partial in zip(row.operands, row_partials, strict=True):
            if partial is not None:
                term = mul(partial, tangents[operand + offset])  # type: ignore[operator]
                total = term if total is None else add(total, term)
        tangents.append(shown(total))
    return tangents


def _adjoints(
    evaluation: Evaluation, partials: list[tuple[Scalar, ...]], shown: Shown
) -> tuple[list[Contribution], list[Scalar]]:
    """Every contribution in computing order, and the adjoint of every variable, from the weights."""
    arithmetic, wengert = evaluation.arithmetic, evaluation.wengert
    add, mul = arithmetic.functions["add"], arithmetic.functions["mul"]
    offset = -wengert.first
    running = shown if evaluation.displayed is None or evaluation.displayed.running else lambda total: total
    adjoints: list[Scalar] = [None] * (offset + 1 + len(wengert.rows))
    for dependent, terms in zip(wengert.dependents, evaluation.weights, strict=True):
        weight = shown(constant_value(terms, arithmetic, plain))
        if type(dependent) is Variable and not (weight == 0 and len(evaluation.weights) > 1):
            place = dependent + offset
            adjoints[place] = weight if adjoints[place] is None else add(adjoints[place], weight)
    contributions: list[Contribution] = []
    for index in range(len(wengert.rows), 0, -1):
        adjoint = adjoints[index + offset]
        if adjoint is None:
            continue  # no dependent variable that counts depends on this row
        adjoint = adjoints[index + offset] = shown(adjoint)
        row = wengert.rows[index - 1]
        for slots, target, partial in _by_target(row, partials[index - 1], add):
            increment = mul(adjoint, partial)
            before = adjoints[target + offset]
            total = running(increment if before is None else add(before, increment))
            adjoints[target + offset] = total
            contributions.append(Contribution(index, slots, target, partial, increment, total, before is None))
    return contributions, [arithmetic.zero if adjoint is None else shown(adjoint) for adjoint in adjoints]


def _by_target(
    row: Row, partials: tuple[Scalar, ...], add: Callable[[Scalar, Scalar], Scalar]
) -> list[tuple[tuple[int, ...], Variable, Scalar]]:
    """The partials of a row by variable: those of a repeated operand added."""
    if len(partials) == 2 and row.operands[0] == row.operands[1]:
        return [((0, 1), row.operands[0], add(*partials))]  # type: ignore[list-item]
    return [
        ((slot,), operand, partial)  # type: ignore[misc]
        for slot, (operand, partial) in enumerate(zip(row.operands, partials, strict=True))
        if partial is not None
    ]


def _row_text(wengert: WengertList, index: int) -> str:
    """``v_3 = ln(v_1)``."""
    row = wengert.rows[index - 1]
    texts = {
        slot: Text(PLAIN.subscript("v", operand)) if type(operand) is Variable else spelled(operand.terms, PLAIN)  # type: ignore[union-attr]
        for slot, operand in zip(SLOTS, row.operands, strict=False)
    }
    return f"{PLAIN.subscript('v', index)} = {fill(pattern(row.elemental.formula, PLAIN), texts.__getitem__)}"


def _domain_sentence(
    wengert: WengertList, index: int, problem: str, values: Sequence[Scalar], arithmetic: Arithmetic
) -> str:
    """``ln needs u > 0, but v_1 = -2 in v_3 = ln(v_1)``; of two operands those that the condition names."""
    row = wengert.rows[index - 1]
    named = [slot for slot in SLOTS if re.search(rf"\b{slot}\b", problem)] or list(SLOTS)
    found = []
    for slot, operand in zip(SLOTS, row.operands, strict=False):
        if slot not in named:
            continue
        which = f"{slot} = " if slot == "w" or len(named) > 1 < len(row.operands) else ""
        if type(operand) is Variable:
            number = Value(values[operand - wengert.first], lambda bits, x=values[operand - wengert.first]: x)  # type: ignore[misc]
            found.append(f"{which}{PLAIN.subscript('v', operand)} = {_short(number)}")
        else:
            found.append(f"{which or f'{slot} = '}{plain(operand.terms)}")  # type: ignore[union-attr]
    needs = problem or f"{row.elemental.spoken} has no real value or derivative here"
    return f"{needs}, but {' and '.join(found)} in {_row_text(wengert, index)}"


def _short(number: Value) -> str:
    try:
        return str(number)
    except (MathematicsError, NeedsPrecision):
        return "0, as far as it is decided"


def _undecided(wengert: WengertList, index: int) -> str:
    """What a higher precision would have to decide in this row."""
    entry = wengert.rows[index - 1].elemental
    conditions = ", ".join(filter(None, (entry.domain_text, entry.smooth_text, entry.kink_text)))
    return f"whether {conditions or 'a divisor is 0'} in {_row_text(wengert, index)}"
