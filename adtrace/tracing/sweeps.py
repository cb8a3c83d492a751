"""A Wengert list at a point: the evaluation trace, the tangent sweep and the adjoint sweep.

Each row's value and local partials are computed once, with its domain checked; both derivative sweeps are then loops
over recorded numbers that know no elemental (Griewank and Walther, 2nd ed., Tables 3.2 and 3.5):

    tangent   v̇_i = sum over operands j of (dv_i/dv_j) v̇_j                 i = 1..l
    adjoint   v̄_j += v̄_i (dv_i/dv_j)                                       i = l..1

An operand that occurs twice in a row (``x*x``) has one partial, the sum over its slots, and makes one contribution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import NamedTuple, NoReturn

from adtrace.collector import uncollected
from adtrace.elementals import CORNER, EDGE, SLOTS, TIE, Signature
from adtrace.errors import BoundError, DomainError, UndecidedError
from adtrace.language.syntax import Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import START_BITS, Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge, decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.rounding import fixed
from adtrace.numbers.value import Value
from adtrace.tracing import compiled
from adtrace.tracing.evaluate import Bound, Bounded, Rule, Step, beyond, bind, constant_value, step
from adtrace.tracing.given import scalars
from adtrace.tracing.kinks import SINGULAR, Convention, Conventions, number, resolved_words, rules
from adtrace.tracing.sentences import domain_sentence, row_text, undecided
from adtrace.tracing.slopes import Move, Partials, Resolution, Sides, Slopes, resolve
from adtrace.tracing.wengert import Constant, Operand, Row, Variable, WengertList
from adtrace.writing.dialects import plain

_MOST_RAISED = 20_000
"""Rows times variables up to which a higher precision is tried to decide whether a derivative exists."""


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
    partials: Partials
    kinks: tuple[Convention, ...]
    """Where the partials are a convention."""
    written: dict[int, tuple[str, ...]]
    """For a row at or beside a kink, its partials as they are written in place of the elemental's."""
    sides: dict[int, Sides | None]
    """The rows at a kink, with the partials to both sides where they are known."""
    resolution: Resolution
    """What is decided of them."""


class Spread(NamedTuple):
    """Who contributes to whom in the reverse sweep, as flat lists in computing order: from the last row up."""

    rows: list[int]
    """The place of the variable whose adjoint is spread."""
    targets: list[int]
    """The place of the variable that gets it."""
    slots: list[tuple[int, ...]]
    before: list[int | None]
    """The contribution that reached the target before; None for the first."""
    first: list[bool]
    """Whether nothing was there before: no contribution, and no weight of a dependent variable."""


class Sweep:
    """Every number that a cell may print, at one working precision; lists as in `Primal`.

    A derivative sweep is made when one of its numbers is first asked for; what raises `BoundError` then is a number
    that passes the magnitude of the arithmetic.
    """

    def __init__(self, evaluation: Evaluation, primal: Primal, bits: int) -> None:
        self.primal, self.bits = primal, bits
        self._wengert, self._arithmetic = evaluation.wengert, evaluation.arithmetic
        self._seeds, self._weights, self._shown = evaluation.seeds, evaluation.weights, _shown(evaluation)
        self._running = self._shown if evaluation.displayed is None or evaluation.displayed.running else None

    @property
    def values(self) -> list[Scalar]:
        """The value of every variable."""
        return self.primal.values

    @property
    def constants(self) -> dict[int, Scalar]:
        """The value of each constant operand, by its identity."""
        return self.primal.constants

    @cached_property
    def tangents(self) -> list[list[Scalar]]:
        """For each seed the tangent of every variable."""
        with self._arithmetic.precision(self.bits), uncollected():
            found = [self._tangents(seed) for seed in self._seeds]
        self._check(number for tangents in found for number in tangents)
        return found

    @property
    def adjoints(self) -> list[Scalar]:
        """The adjoint of every variable."""
        return self._reverse[0]

    @property
    def totals(self) -> list[Scalar]:
        """For each contribution the adjoint of its target after it."""
        return self._reverse[1]

    @cached_property
    def spread(self) -> Spread:
        """Who contributes to whom."""
        flat, n = self._wengert.flat, len(self._wengert.independents)
        _, _, reached, started = self._reverse
        rows: list[int] = []
        targets: list[int] = []
        slots: list[tuple[int, ...]] = []
        before: list[int | None] = []
        first: list[bool] = []
        latest: list[int | None] = [None] * len(reached)
        untouched = [place not in started for place in range(len(reached))]
        most = len(reached)
        places = range(most - 1, n - 1, -1)
        for place, left, right in zip(places, reversed(flat.lefts), reversed(flat.rights), strict=True):
            if reached[place] is None:
                continue
            if left >= 0:
                rows.append(place)
                targets.append(left)
                slots.append(_LEFT if left != right else _BOTH)
                before.append(latest[left])
                first.append(untouched[left])
                untouched[left] = False
                latest[left] = len(before) - 1
            if left != right and right >= 0:
                rows.append(place)
                targets.append(right)
                slots.append(_RIGHT)
                before.append(latest[right])
                first.append(untouched[right])
                untouched[right] = False
                latest[right] = len(before) - 1
        return Spread(rows, targets, slots, before, first)

    @cached_property
    def contributions(self) -> list[Contribution]:
        """Every contribution to an adjoint, in computing order."""
        n, offset = len(self._wengert.independents), -self._wengert.first
        (add, mul), adjoints, partials = self._arithmetic.linear, self.adjoints, self.primal.partials
        found: list[Contribution] = []
        with self._arithmetic.precision(self.bits):
            for row, target, slots, _, first, total in zip(*self.spread, self.totals, strict=True):
                chosen = [partials[slot][row - n] for slot in slots]
                partial = chosen[0] if len(chosen) == 1 else add(*chosen)
                increment = mul(adjoints[row], partial)
                variable = Variable(target - offset)
                found.append(Contribution(row - offset, slots, variable, partial, increment, total, first))
        return found

    def _tangents(self, seed: tuple[Terms, ...]) -> list[Scalar]:
        """The tangent of every variable, from a seed."""
        flat, shown = self._wengert.flat, self._shown
        (add, mul), one = self._arithmetic.linear, self._arithmetic.one  # a partial is often 1, and asks for no product
        tangents = [constant_value(terms, self._arithmetic, plain) for terms in seed]
        try:
            for p, q, left, right in zip(*self.primal.partials, flat.lefts, flat.rights, strict=True):
                if right < 0:
                    total = tangents[left] if p is one else mul(p, tangents[left])
                elif left < 0:
                    total = tangents[right] if q is one else mul(q, tangents[right])
                else:
                    first, second = tangents[left], tangents[right]
                    total = add(first if p is one else mul(p, first), second if q is one else mul(q, second))
                tangents.append(total if shown is None else shown(total))
        except TooLarge:
            self._too_large()
        return tangents

    @cached_property
    def _reverse(self) -> tuple[list[Scalar], list[Scalar], list[Scalar], set[int]]:
        """The adjoints; the total after each contribution; the adjoints with None for what nothing reaches; the places
        that have the weight of a dependent variable.
        """
        arithmetic, flat, n = self._arithmetic, self._wengert.flat, len(self._wengert.independents)
        reached: list[Scalar] = [None] * (n + len(flat.kinds))
        with arithmetic.precision(self.bits), uncollected():
            started = self._start(reached, arithmetic.linear[0])
            rows = zip(
                range(len(reached) - 1, n - 1, -1), reversed(flat.lefts), reversed(flat.rights),
                *map(reversed, self.primal.partials), strict=True,
            )  # fmt: skip
            if arithmetic.unchecked is None or self._shown is not None:
                totals = self._spread_back(rows, reached)
            else:
                totals = _spread_doubles(rows, reached)
        zero = arithmetic.zero
        adjoints = [zero if adjoint is None else adjoint for adjoint in reached]
        self._check(adjoints)
        return adjoints if self._shown is None else list(map(self._shown, adjoints)), totals, reached, started

    def _spread_back(self, rows: Iterable[_Backwards], adjoints: list[Scalar]) -> list[Scalar]:
        """Spread the adjoint of each row to its operands; the total after each contribution."""
        # Both operands are written out: a loop over the two costs a twentieth of the sweeps, measured.
        shown, running = self._shown, self._running
        (add, mul), one = self._arithmetic.linear, self._arithmetic.one
        totals: list[Scalar] = []
        try:
            for place, left, right, p, q in rows:
                adjoint = adjoints[place]
                if adjoint is None:
                    continue  # no dependent variable that counts depends on this row
                if shown is not None:
                    adjoint = adjoints[place] = shown(adjoint)
                if left >= 0:
                    partial = p if left != right else add(p, q)  # a repeated operand has one partial
                    total, before = adjoint if partial is one else mul(adjoint, partial), adjoints[left]
                    if before is not None:
                        total = add(before, total)
                    if running is not None:
                        total = running(total)
                    adjoints[left] = total
                    totals.append(total)
                if right < 0 or left == right:
                    continue
                total, before = adjoint if q is one else mul(adjoint, q), adjoints[right]
                if before is not None:
                    total = add(before, total)
                if running is not None:
                    total = running(total)
                adjoints[right] = total
                totals.append(total)
        except TooLarge:
            self._too_large()
        return totals

    def _start(self, adjoints: list[Scalar], add: Callable[[Scalar, Scalar], Scalar]) -> set[int]:
        """Give the dependent variables their weights; the places that have one."""
        started = set[int]()
        for dependent, terms in zip(self._wengert.dependents, self._weights, strict=True):
            weight = constant_value(terms, self._arithmetic, plain)
            weight = weight if self._shown is None else self._shown(weight)
            if type(dependent) is Variable and not (weight == 0 and len(self._weights) > 1):
                place = dependent - self._wengert.first
                adjoints[place] = weight if adjoints[place] is None else add(adjoints[place], weight)
                started.add(place)
        return started

    def _check(self, numbers: Iterable[Scalar]) -> None:
        if not self._arithmetic.finite(numbers):
            self._too_large()

    def _too_large(self) -> NoReturn:
        raise BoundError(beyond("a derivative", self._arithmetic)) from None


_Backwards = tuple[int, int, int, Scalar, Scalar]
"""A row in the reverse sweep: its place, those of its operands, and the partials by them."""


def _spread_doubles(rows: Iterable[_Backwards], adjoints: list[Scalar]) -> list[Scalar]:
    """As `Sweep._spread_back`, in Python's own numbers, which raise nothing: they are checked at the end."""
    totals: list[Scalar] = []
    note = totals.append
    for place, left, right, p, q in rows:
        adjoint = adjoints[place]
        if adjoint is None:
            continue
        if left >= 0:
            total = adjoint * (p if left != right else p + q)
            before = adjoints[left]
            adjoints[left] = total = total if before is None else before + total
            note(total)
        if right >= 0 and left != right:
            total = adjoint * q
            before = adjoints[right]
            adjoints[right] = total = total if before is None else before + total
            note(total)
    return totals


_LEFT, _RIGHT, _BOTH = (0,), (1,), (0, 1)


class Displayed(NamedTuple):
    """How the numbers of a table are rounded before the next row is computed from them."""

    digits: int
    rounding: str
    running: bool
    """Whether the table shows, and so rounds, each running total of an adjoint; else the whole sum once."""


class Direction(NamedTuple):
    """A seed and an output whose tangent is not its slope to both sides."""

    seed: int
    output: int
    move: Move | None
    """Its one-sided slopes, where they are known."""
    exists: bool | None
    """Whether they are one slope, another number than the tangent; None if that is undecided."""


@dataclass(frozen=True)
class Evaluation:
    """What is swept: a list, a point, the seeds, and a number system; ``at(bits)`` sweeps it, once a precision."""

    wengert: WengertList
    point: Sequence[Terms]
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
    target: int = 0
    """The output whose adjoints are swept; their weighted sum is the one past the last."""
    _primals: dict[int, Primal] = field(default_factory=dict, compare=False, repr=False)
    _swept: dict[int, Sweep] = field(default_factory=dict, compare=False, repr=False)

    def at(self, bits: int) -> Sweep:
        """The sweep at this precision, or at the least higher one that decides every comparison in it."""

        def swept(bits: int) -> Sweep:
            with self.arithmetic.precision(bits), uncollected():
                return self._sweep(bits)

        if bits not in self._swept:
            self._swept[bits] = decided(swept, self.limits, "a comparison of constants", bits)
        return self._swept[bits]

    def _sweep(self, bits: int) -> Sweep:
        primal = self._primals.get(bits)
        if primal is None:
            primal = self._primals[bits] = _primal(self, self.nothing(), bits)
        sweep = Sweep(self, primal, bits)
        if self.displayed is not None or any(max(map(len, vector)) > 1 for vector in (*self.seeds, self.weights)):
            _ = sweep.tangents, sweep.adjoints  # a rounding, or a constant, may need more precision
        return sweep

    def nothing(self) -> Computed:
        """An evaluation trace of which only the point is known."""
        return Computed(scalars(self.point, self.arithmetic), ([], []), {})

    def directions(self) -> list[Direction]:
        """The seeds and outputs of which the tangent is not the slope to both sides.

        A partial derivative by each variable is not yet a derivative in every direction; rows at a kink are looked at.
        """
        if not self.first().primal.sides:
            return []
        n = len(self.wengert.independents)

        def asked(bits: int) -> list[Direction]:
            sweep, found = self.at(bits), list[Direction]()
            primal = sweep.primal
            slopes = Slopes(self.wengert, primal.partials, primal.sides, self.arithmetic, self._is_last(bits))
            with self.arithmetic.precision(bits):
                for seed, vector in enumerate(sweep.tangents):
                    for output, move in enumerate(slopes.along(vector[:n], primal.resolution.chosen)):
                        exists, right = (slopes.zero(move.jump), slopes.zero(move.error)) if move else (None, None)
                        told = move and False not in (exists, right) and output in primal.resolution.undecided
                        if not (exists and right) and not told:
                            found.append(Direction(seed, output, move, exists))
            return found

        return decided(asked, self.limits, "a one-sided slope")

    def _is_last(self, bits: int) -> bool:
        """Whether no higher precision will decide a slope: bounded by the size of the list, never by a clock."""
        small = len(self.wengert.independents) * len(self.wengert.rows) <= _MOST_RAISED
        return not small or bits * 2 > self.limits.bits

    def resolved(self, bits: int, known: Raw) -> Resolution:
        """What is decided at the kinks; the same at every precision, so that it is asked once."""
        for primal in self._primals.values():
            return primal.resolution
        if not known.kinks:
            return Resolution({}, {}, frozenset())

        def asked(more: int) -> Resolution:
            with self.arithmetic.precision(more):
                raw = known if more == bits else _raw(self, self.nothing())
                slopes = Slopes(self.wengert, raw.partials, _sides(self, raw), self.arithmetic, self._is_last(more))
                summed = self.target == len(self.wengert.dependents)
                weights = [constant_value(terms, self.arithmetic, plain) for terms in self.weights] if summed else None
                return resolve(slopes, raw.kinks, weights)

        return decided(asked, self.limits, "whether a derivative exists", bits)

    def begun(self, known: Computed) -> Sweep:
        """The first sweep, where a part of it is computed already."""
        with uncollected():
            self._primals[START_BITS] = _primal(self, known, START_BITS)
        return self.first()

    def first(self) -> Sweep:
        """The sweep at the lowest precision."""
        return self.at(START_BITS)

    def require_derivatives(self) -> None:
        """Raise `DomainError` for a seed in whose direction a derivative is missing, if the conventions refuse that."""
        if self.conventions.refuse and self.directions():
            seed, output, _, _ = self.directions()[0]
            vector = ", ".join(map(plain, self.seeds[seed]))
            name = self.wengert.dependent_names[output]
            raise DomainError(f"no derivative exists: {name} has different slopes to both sides along ({vector})")

    def value(self, pick: Callable[[Sweep], Scalar]) -> Value:
        """One number of the sweep, as a caller gets it."""
        return Value(pick(self.first()), lambda bits: pick(self.at(bits)), self.limits)

    def seeded(self, seeds: tuple[tuple[Terms, ...], ...]) -> Evaluation:
        """The same evaluation with other tangents of the independent variables."""
        return replace(self, seeds=seeds, _swept={})

    def weighted(self, weights: tuple[Terms, ...], target: int) -> Evaluation:
        """The same evaluation with other adjoints of the dependent variables, those of one output."""
        return replace(self, weights=weights, target=target, _swept={})

    def as_displayed(self, displayed: Displayed) -> Evaluation:
        """The evaluation in which every row is computed from the rounded numbers above it."""
        return replace(self, displayed=displayed, _primals={}, _swept={})


Shown = Callable[[Scalar], Scalar]


def _shown(evaluation: Evaluation) -> Shown | None:
    """What becomes of a number before it is used: the rounded number that is displayed, or, for None, itself."""
    if evaluation.displayed is None:
        return None
    digits, rounding, _ = evaluation.displayed
    literal = evaluation.arithmetic.literal

    def rounded(x: Scalar) -> Scalar:
        text = fixed(x, digits, rounding)
        if text is None:
            raise NeedsPrecision("a digit to round at")
        return literal(int(text.replace(".", "")), -digits)

    return rounded


class Computed(NamedTuple):
    """What is known of an evaluation trace in double precision: its numbers up to the first row that is not regular."""

    values: list[Scalar]
    partials: Partials
    constants: dict[int, Scalar]


class Raw(NamedTuple):
    """An evaluation trace in which each row at a kink has the partials of its convention."""

    values: list[Scalar]
    partials: Partials
    constants: dict[int, Scalar]
    kinks: list[Convention]
    written: dict[int, tuple[str, ...]]


def _raw(evaluation: Evaluation, known: Computed) -> Raw:
    """The trace, before it is decided which derivatives exist; raises `NeedsPrecision` for an open comparison."""
    wengert = evaluation.wengert
    raw = Raw(*known, [], {})
    if len(known.partials[0]) < len(wengert.flat.kinds):
        _evaluate(evaluation, known, raw.kinks, raw.written)
    for dependent in wengert.dependents:
        if type(dependent) is Constant:
            _constant(dependent, known.constants, evaluation.arithmetic)
    return raw


def _primal(evaluation: Evaluation, known: Computed, bits: int) -> Primal:
    """The evaluation trace; raises `NeedsPrecision` for a comparison that a higher precision may decide."""
    wengert = evaluation.wengert
    raw = _raw(evaluation, known)
    values, partials, constants, kinks, written = raw
    resolution = evaluation.resolved(bits, raw)
    sides = _sides(evaluation, raw)
    for index, above in resolution.chosen.items():
        row, numbers = wengert.rows[index - 1], sides[index]
        assert numbers is not None
        assert row.elemental.kink is not None
        written[index] = row.elemental.kink.above if above else row.elemental.kink.below
        chosen = [
            number if type(operand) is Variable else None
            for number, operand in zip(numbers.above if above else numbers.below, row.operands, strict=True)
        ]
        partials[0][index - 1], partials[1][index - 1] = (*chosen, None)[:2]
    told = tuple(
        kink._replace(
            targets=resolution.targets[kink.row],
            words=resolved_words(wengert.rows[kink.row - 1].elemental, written[kink.row])
            if kink.row in resolution.chosen
            else kink.words,
        )
        for kink in kinks
        if resolution.targets[kink.row]
    )
    if evaluation.conventions.refuse:
        if told:
            at = wengert.rows[told[0].row - 1].elemental.kink
            where = at.where if at else ""
            raise DomainError(f"no derivative exists: {row_text(wengert, told[0].row)} is at its kink, {where}")
        if resolution.undecided:
            raise UndecidedError(f"whether a derivative exists is not decided at {evaluation.limits.bits} bits")
    return Primal(constants, values, partials, told, written, sides, resolution)


def _sides(evaluation: Evaluation, raw: Raw) -> dict[int, Sides | None]:
    """The numbers of the partials to both sides of each row at a kink, where they are known."""
    wengert, arithmetic = evaluation.wengert, evaluation.arithmetic
    found: dict[int, Sides | None] = {}
    for index, kind, _, _ in raw.kinks:
        row = wengert.rows[index - 1]
        kink = row.elemental.kink
        if kind not in (CORNER, TIE) or kink is None or not kink.sided:
            found[index] = None
            continue
        u, w = (*(_operand(x, wengert, raw, arithmetic) for x in row.operands), None)[:2]
        value = raw.values[index - wengert.first]
        found[index] = Sides(*(
            [partial(u, w, value) for partial in rules(texts, arithmetic)]
            for texts in (kink.below, kink.above, kink.across)
        ))  # fmt: skip
    return found


def _operand(operand: Operand, wengert: WengertList, raw: Raw, arithmetic: Arithmetic) -> Scalar:
    if isinstance(operand, Constant):
        return _constant(operand, raw.constants, arithmetic)
    return raw.values[operand - wengert.first]


def _evaluate(
    evaluation: Evaluation, known: Computed, kinks: list[Convention], written: dict[int, tuple[str, ...]]
) -> None:
    """Compute the rows that are not known yet."""
    values, (firsts, seconds), constants = known
    (kinds, lefts, rights, _), arithmetic = evaluation.wengert.flat, evaluation.arithmetic
    n, done, count = len(evaluation.point), len(firsts), len(kinds)
    values.extend([None] * (count - done))
    values.extend([_constant(constant, constants, arithmetic) for constant in evaluation.wengert.flat.constants][::-1])
    values.append(None)  # the second operand of a row that has one
    steps: dict[Signature, Step] = {}
    rows = zip(range(n, n + count), kinds, lefts, rights, strict=True)
    for place, signature, left, right in islice(rows, done, None):
        evaluated = steps.get(signature)
        if evaluated is None:
            regular = evaluation.displayed is None
            evaluated = steps[signature] = regular_step(signature, arithmetic) if regular else _irregular_always
        try:
            made = evaluated(values[left], values[right])
        except (TooLarge, NeedsPrecision, Singular, *FAULTS):
            made = None
        if made is None:
            index = place - n + 1
            values[place], (p, q), texts, kink = _irregular(index, evaluation, values)
            if texts is not None:
                written[index] = texts
            if kink is not None:
                kinks.append(kink)
        else:
            values[place], p, q = made
        firsts.append(p)
        seconds.append(q)
    del values[n + count :]


def _constant(constant: Constant, constants: dict[int, Scalar], arithmetic: Arithmetic) -> Scalar:
    """The number that a constant operand is."""
    known = constants.get(id(constant))
    if known is None:
        known = constants[id(constant)] = constant_value(constant.terms, arithmetic, plain)
    return known


FAULTS = (ValueError, ZeroDivisionError, OverflowError)
"""What Python raises in double precision where there is no value."""


def _irregular_always(u: Scalar, w: Scalar) -> None:
    """A row that is rounded, and one whose partials depend on its branch, is computed by itself."""


def regular_step(signature: Signature, arithmetic: Arithmetic) -> Step:
    """A regular row of this signature in one call, which gives nothing where the row is not regular."""
    elemental, active = signature.elemental, signature.active
    if elemental.kink is not None and elemental.kink.sided:
        return _irregular_always
    return compiled.step(elemental, active) if arithmetic is FLOATS else step(elemental, active, arithmetic)


def _irregular(
    index: int, evaluation: Evaluation, values: Sequence[Scalar]
) -> tuple[Scalar, tuple[Scalar, Scalar], tuple[str, ...] | None, Convention | None]:
    """As `_evaluated`, or the sentence that says why the row has no value or no partials."""
    wengert, arithmetic = evaluation.wengert, evaluation.arithmetic
    row, flat = wengert.rows[index - 1], wengert.flat
    places = flat.lefts[index - 1], flat.rights[index - 1]
    try:
        return _evaluated(index, row, [values[place] for place in places[: len(row.operands)]], evaluation)
    except NeedsPrecision:
        raise NeedsPrecision(undecided(wengert, index)) from None
    except TooLarge:
        raise BoundError(beyond(row_text(wengert, index), arithmetic)) from None
    except (Singular, DomainError) as problem:
        raise DomainError(domain_sentence(wengert, index, str(problem), values)) from None


def _as_it_is(x: Scalar) -> Scalar:
    return x


def _evaluated(
    index: int, row: Row, operands: list[Scalar], evaluation: Evaluation
) -> tuple[Scalar, tuple[Scalar, Scalar], tuple[str, ...] | None, Convention | None]:
    """The value of a row; its partials; the texts of these at or beside a kink; the kink if they are a convention."""
    arithmetic = evaluation.arithmetic
    bound = bind(row.elemental, arithmetic)
    u, w = operands if len(operands) == 2 else (operands[0], None)
    if bound.domain:
        _require(bound, bound.domain, u, w, "")
    shown = _shown(evaluation) or _as_it_is
    value = shown(bound.value(*operands))
    texts, kink = None, None
    if bound.smooth or bound.kink:
        if _leaves(row):
            texts, kink = _convention(index, bound, u, w, evaluation.conventions) or (bound.beside(u, w), None)
        elif bound.at_a_kink(u, w) and row.elemental.kink and row.elemental.kink.kind == EDGE:
            texts = row.elemental.kink.at  # 0^x: the edge is not left, and the other partial is no convention
        step = evaluation.conventions.step(index, row.elemental) if kink else None
        if step is not None:
            value = shown(number(step, arithmetic))
    chosen = bound.partials if texts is None else rules(texts, arithmetic)
    return value, _of_variables(row, chosen, u, w, value), texts, kink


def _leaves(row: Row) -> bool:
    """Whether a kink can be left: whether an operand that it is a matter of is a variable."""
    kink = row.elemental.kink
    return kink is None or any(
        slot in kink.slots and type(operand) is Variable for slot, operand in zip(SLOTS, row.operands, strict=False)
    )


def _of_variables(row: Row, chosen: Sequence[Rule], u: Scalar, w: Scalar, value: Scalar) -> tuple[Scalar, Scalar]:
    """The two partials of a row; None for a constant, and for an operand that it has not."""
    found = [
        rule(u, w, value) if type(operand) is Variable else None
        for rule, operand in zip(chosen, row.operands, strict=True)
    ]
    return found[0], found[1] if len(found) == 2 else None


def _convention(
    index: int, bound: Bound, u: Scalar, w: Scalar, conventions: Conventions
) -> tuple[tuple[str, ...], Convention] | None:
    """The partials by convention as texts, where the row is at a kink; raises where there is none to use."""
    singular = bound.violated(bound.smooth, u, w)
    if not singular and not bound.at_a_kink(u, w):
        return None
    entry = bound.elemental
    found = conventions.at(index, entry)
    if found is None:
        raise DomainError(f"a finite derivative of {entry.spoken} needs {singular}")
    return found[0], Convention(index, entry.kink.kind if entry.kink and not singular else SINGULAR, found[1])


def _require(bound: Bound, conditions: Sequence[Bounded], u: Scalar, w: Scalar, what: str) -> None:
    violated = bound.violated(conditions, u, w)
    if violated:
        raise DomainError(f"{what}{bound.elemental.spoken} needs {violated}")
