"""The tangent sweep and the adjoint sweep over an evaluation trace.

Both are loops over recorded numbers that know no elemental (Griewank and Walther, 2nd ed., Tables 3.2 and 3.5):

    tangent   v̇_i = sum over operands j of (dv_i/dv_j) v̇_j                 i = 1..l
    adjoint   v̄_j += v̄_i (dv_i/dv_j)                                       i = l..1

An operand that occurs twice in a row (``x*x``) has one partial, the sum over its slots, and makes one contribution.

A sweep and the evaluation that it is of stand in one module, long as it is: for derivatives of higher order a sweep
asks its evaluation for another sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property, reduce
from math import factorial
from typing import Any, NamedTuple, NoReturn

from adtrace.collector import uncollected
from adtrace.errors import BoundError, DomainError
from adtrace.language.syntax import Apply, Terms
from adtrace.limits import Limits
from adtrace.numbers import START_BITS, Arithmetic, Scalar, TooLarge, decided
from adtrace.numbers.value import Value
from adtrace.tracing.evaluate import beyond, constant_value
from adtrace.tracing.expressed import Expressed
from adtrace.tracing.jets import coefficient, jets
from adtrace.tracing.primal import ADJOINTS, TANGENTS, Computed, Displayed, Evaluated, Primal, shown_of
from adtrace.tracing.quantities import Address, Quantity
from adtrace.tracing.slopes import Move, Slopes
from adtrace.tracing.spread import Spread, spread
from adtrace.tracing.wengert import Constant, Operand, Variable, WengertList
from adtrace.writing.dialects import plain


class Sweep:
    """Every number that a cell may print, at one working precision; lists as in `Primal`.

    A derivative sweep is made when one of its numbers is first asked for; what raises `BoundError` then is a number
    that passes the magnitude of the arithmetic.
    """

    def __init__(self, evaluation: Evaluation, primal: Primal, bits: int) -> None:
        self.primal, self.bits = primal, bits
        self._wengert, self._arithmetic = evaluation.wengert, evaluation.arithmetic
        self._seeds, self._weights, self._shown = evaluation.seeds, evaluation.weights, shown_of(evaluation.evaluated)
        self._evaluation, self._curved = evaluation, dict[tuple[int, int], Sweep]()
        self._along = dict[tuple[int, int, str, bool], list[Scalar]]()
        self._running = self._shown if evaluation.displayed is None or evaluation.displayed.running else None
        """What becomes of an adjoint before all that reaches it is there."""

    def along(self, seed: int, order: int, of: str, coefficients: bool = False) -> list[Scalar]:
        """The derivatives of this order along a seed, k! times the Taylor coefficients, or these themselves, of the
        numbers of a sweep: ``values``, ``adjoints``, ...
        """
        key = seed, order, of, coefficients
        if key not in self._along:
            numbers = [coefficient(jet, order) for jet in getattr(self._moved(seed, order), of)]
            if not coefficients:
                with self._arithmetic.precision(self.bits):
                    factor, mul = self._arithmetic.literal(factorial(order), 0), self._arithmetic.linear[1]
                    numbers = [mul(factor, number) for number in numbers]
            self._check(numbers)
            self._along[key] = numbers
        return self._along[key]

    def _moved(self, seed: int, order: int) -> Sweep:
        """The sweep in jets of this order along a seed."""
        if (seed, order) not in self._curved:
            curved = self._evaluation.curved(self._seeds[seed], order, held=True)
            self._curved[seed, order] = curved.at(self.bits)
        return self._curved[seed, order]

    def output(self, dependent: int) -> Scalar:
        """The value of a dependent variable, which may be a constant."""
        return self.operand(self._wengert.dependents[dependent])

    def operand(self, operand: Operand) -> Scalar:
        """The value of an operand, be it a variable or a constant."""
        return self.constants[id(operand)] if isinstance(operand, Constant) else self.values[
            operand - self._wengert.first]  # fmt: skip

    def __getitem__(self, address: Address) -> Scalar:
        quantity, place, seed, entry = address
        number = quantity.numbers(self, seed)[place]
        return number if entry is None else number.item(entry)

    def each(self, head: str, *numbers: Iterable[Scalar]) -> list[Scalar]:
        """A function of its number system, on numbers of the sweep one by one."""
        with self._arithmetic.precision(self.bits):
            return list(map(self._arithmetic.functions[head], *numbers))

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
            columns = [self._tangents(seed, place) for place, seed in enumerate(self._seeds)]
        self._check(number for tangents in columns for number in tangents)
        return columns

    @property
    def zero(self) -> Scalar:
        """0 in the number system."""
        return self._arithmetic.zero

    @property
    def adjoints(self) -> list[Scalar]:
        """The adjoint of every variable."""
        return self._reverse[0]

    @cached_property
    def gradient(self) -> list[Scalar]:
        """The adjoint of every independent variable."""
        return self.adjoints[: len(self._wengert.independents)]

    @cached_property
    def updated(self) -> list[Scalar]:
        """Every independent variable less its adjoint times the learning rate: w - r dL/dw; data as they are."""
        assert self._evaluation.rate is not None
        (add, mul), data = self._arithmetic.linear, self._wengert.data
        backwards = (*self._evaluation.rate, Apply("neg", 1, 0))
        with self._arithmetic.precision(self.bits):
            factor = constant_value(backwards, self._arithmetic, plain)
            moved = [
                value if place in data else add(value, mul(factor, adjoint))
                for place, (value, adjoint) in enumerate(zip(self.values, self.gradient, strict=False))
            ]
        self._check(moved)
        return moved

    @property
    def spread_partials(self) -> list[Scalar]:
        """The partial by which each contribution is made."""
        return self._added[0]

    @property
    def increments(self) -> list[Scalar]:
        """What each contribution adds."""
        return self._added[1]

    @property
    def totals(self) -> list[Scalar]:
        """For each contribution the adjoint of its target after it."""
        return self._reverse[1]

    @cached_property
    def spread(self) -> Spread:
        """Who contributes to whom."""
        return self._evaluation.spread_from(frozenset(map(self._wengert.place, self.starting)))

    def partial(self, row: int, slots: Sequence[int]) -> Scalar:
        """The local partial of a row by the operand in these slots; the rows are counted from 0."""
        with self._arithmetic.precision(self.bits):
            columns, add = self.primal.partials, self._arithmetic.linear[0]
            return reduce(add, [columns[slot][row] for slot in slots])

    @cached_property
    def _added(self) -> tuple[list[Scalar], list[Scalar]]:
        """The partial of each contribution, and its product with the adjoint of the row."""
        n, (add, mul), columns = len(self._wengert.independents), self._arithmetic.linear, self.primal.partials
        partials, increments = list[Scalar](), list[Scalar]()
        with self._arithmetic.precision(self.bits):
            for row, slots in zip(self.spread.rows, self.spread.slots, strict=True):
                partials.append(reduce(add, [columns[slot][row - n] for slot in slots]))
                increments.append(mul(self.adjoints[row], partials[-1]))
        return partials, increments

    def _tangents(self, seed: tuple[Terms, ...], of: int) -> list[Scalar]:
        """The tangent of every variable, from the seed with this place."""
        tangents = self._shaped([constant_value(terms, self._arithmetic, plain) for terms in seed])
        columns, partials = self._wengert.varying.columns, self.primal.partials
        try:
            if len(columns) == 2:
                self._tangents_of_two(zip(*partials, *columns, strict=True), tangents, of)
            else:
                self._tangents_of_rows(zip(*columns, strict=True), zip(*partials, strict=True), tangents, of)
        except TooLarge:
            self._too_large()
        return self._shaped(tangents)

    def _shaped(self, numbers: list[Scalar]) -> list[Scalar]:
        """The numbers of the first variables in their shapes."""
        shaped = self._arithmetic.shaped
        return numbers if shaped is None else list(map(shaped, numbers, self.values))

    def _tangents_of_rows(
        self, rows: Iterable[Sequence[int]], partials: Iterable[Sequence[Scalar]], tangents: list[Scalar], of: int
    ) -> None:
        """Add the tangent of each row, from the places of its operands and its partials."""
        shown, (add, mul) = self._shown, self._arithmetic.linear
        for operands, slopes in zip(rows, partials, strict=True):
            terms = [mul(slope, tangents[at]) for at, slope in zip(operands, slopes, strict=True) if at >= 0]
            total = reduce(add, terms) if terms else self._arithmetic.zero
            tangents.append(total if shown is None else shown(total, TANGENTS, len(tangents), of))

    def _tangents_of_two(self, rows: Iterable[tuple[Any, ...]], tangents: list[Scalar], of: int) -> None:
        """As `_tangents_of_rows`, where no row has more than two operands: in half the time, measured."""
        shown, (add, mul), one = self._shown, self._arithmetic.linear, self._arithmetic.one
        for p, q, left, right in rows:  # a partial is often 1, and asks for no product
            if right < 0:
                total = tangents[left] if p is one else mul(p, tangents[left])
            elif left < 0:
                total = tangents[right] if q is one else mul(q, tangents[right])
            else:
                first, second = tangents[left], tangents[right]
                total = add(first if p is one else mul(p, first), second if q is one else mul(q, second))
            tangents.append(total if shown is None else shown(total, TANGENTS, len(tangents), of))

    @cached_property
    def _reverse(self) -> tuple[list[Scalar], list[Scalar]]:
        """The adjoints, and the total after each contribution."""
        arithmetic, flat, n = self._arithmetic, self._wengert.varying, len(self._wengert.independents)
        reached: list[Scalar] = [None] * (n + len(flat.kinds))
        with arithmetic.precision(self.bits), uncollected():
            self._start(reached, arithmetic.linear[0])
            if len(flat.columns) > 2:
                totals = self._spread_along(reached)
            else:
                places = range(len(reached) - 1, n - 1, -1)
                rows = zip(places, *map(reversed, (*flat.columns, *self.primal.partials)), strict=True)
                plain_doubles = arithmetic.unchecked is not None and self._shown is None
                totals = _spread_doubles(rows, reached) if plain_doubles else self._spread_back(rows, reached)
        zero = arithmetic.zero
        adjoints = self._shaped([zero if adjoint is None else adjoint for adjoint in reached])
        self._check(adjoints)
        if self._shown is not None:
            adjoints = [self._shown(adjoint, ADJOINTS, place) for place, adjoint in enumerate(adjoints)]
        return adjoints, totals

    def _spread_along(self, adjoints: list[Scalar]) -> list[Scalar]:
        """Spread the adjoint of each row to its operands; the total after each contribution."""
        n, (add, mul), columns = len(self._wengert.independents), self._arithmetic.linear, self.primal.partials
        totals: list[Scalar] = []
        latest = -1
        try:
            for row, target, slots, _, _ in zip(*self.spread, strict=True):
                if row != latest and self._shown is not None:
                    adjoints[row] = self._shown(adjoints[row], ADJOINTS, row)
                latest, before = row, adjoints[target]
                total = mul(adjoints[row], reduce(add, [columns[slot][row - n] for slot in slots]))
                if before is not None:
                    total = add(before, total)
                if self._running is not None:
                    total = self._running(total, ADJOINTS, target, 0, True)
                adjoints[target] = total
                totals.append(total)
        except TooLarge:
            self._too_large()
        return totals

    def _spread_back(self, rows: Iterable[_Backwards], adjoints: list[Scalar]) -> list[Scalar]:
        """As `_spread_along`, where no row has more than two operands."""
        # Both operands are written out, and who contributes to whom is not asked for: what a gradient does not need
        # costs a twentieth of the sweeps and more, measured.
        shown, running = self._shown, self._running
        (add, mul), one = self._arithmetic.linear, self._arithmetic.one
        totals: list[Scalar] = []
        try:
            for place, left, right, p, q in rows:
                adjoint = adjoints[place]
                if adjoint is None:
                    continue  # no dependent variable that counts depends on this row
                if shown is not None:
                    adjoint = adjoints[place] = shown(adjoint, ADJOINTS, place)
                if left >= 0:
                    partial = p if left != right else add(p, q)  # a repeated operand has one partial
                    total, before = adjoint if partial is one else mul(adjoint, partial), adjoints[left]
                    if before is not None:
                        total = add(before, total)
                    if running is not None:
                        total = running(total, ADJOINTS, left, 0, True)
                    adjoints[left] = total
                    totals.append(total)
                if right < 0 or left == right:
                    continue
                total, before = adjoint if q is one else mul(adjoint, q), adjoints[right]
                if before is not None:
                    total = add(before, total)
                if running is not None:
                    total = running(total, ADJOINTS, right, 0, True)
                adjoints[right] = total
                totals.append(total)
        except TooLarge:
            self._too_large()
        return totals

    def _start(self, adjoints: list[Scalar], add: Callable[[Scalar, Scalar], Scalar]) -> None:
        """Give the dependent variables their weights."""
        for dependent, weight in self.starting.items():
            place = self._wengert.place(dependent)
            adjoints[place] = weight if adjoints[place] is None else add(adjoints[place], weight)

    @cached_property
    def starting(self) -> dict[int, Scalar]:
        """The dependent variables, by place, that start the reverse sweep, with their weights: all but those of 0."""
        weights: dict[int, Scalar] = {}
        for place, (dependent, weight) in enumerate(zip(self._wengert.dependents, self._numbers(self._weights))):  # noqa: B905
            weight = weight if self._shown is None else self._shown(weight, ADJOINTS, 0)  # noqa: PLW2901
            if type(dependent) is Variable and not (len(self._weights) > 1 and self._is_zero(weight)):
                weights[place] = weight
                if self._arithmetic.shaped is not None:
                    weights[place] = self._arithmetic.shaped(weight, self.values[self._wengert.place(place)])
        return weights

    @cached_property
    def starting_at(self) -> dict[int, Scalar]:
        """The weights that start the reverse sweep by the places of their variables."""
        weights: list[Scalar] = [None] * len(self.values)
        self._start(weights, self._arithmetic.linear[0])
        return {place: weight for place, weight in enumerate(weights) if weight is not None}

    def unit(self, vector: Sequence[Terms]) -> int | None:
        """The place of the 1 in a seed, or in weights, that are 0 elsewhere: 1.0 and 2/2 are 1."""
        numbers = self._numbers(vector)
        others = [place for place, number in enumerate(numbers) if not self._is_zero(number)]
        alone = numbers[others[0]] if len(others) == 1 else None
        return others[0] if alone is not None and not hasattr(alone, "flat") and alone == 1 else None

    def _is_zero(self, number: Scalar) -> bool:
        """Whether a number, or every entry of an array, is 0."""
        zero = self._arithmetic.zero
        return all(entry == zero for entry in (number.flat if hasattr(number, "flat") else [number]))

    def _numbers(self, vector: Sequence[Terms]) -> list[Scalar]:
        """A seed, or weights, as numbers."""
        numbers: dict[int, Scalar] = {}  # most of a long seed are one 0
        with self._arithmetic.precision(self.bits):
            for terms in vector:
                if id(terms) not in numbers:
                    numbers[id(terms)] = constant_value(terms, self._arithmetic, plain)
        return [numbers[id(terms)] for terms in vector]

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


def jets_of(arithmetic: Arithmetic, order: int, held: bool = False) -> Arithmetic:
    """Jets over a number system; over arrays they are arrays of jets."""
    if arithmetic.entries is None:
        return jets(arithmetic, order, held)
    from adtrace.tracing.arrays import arrays  # noqa: PLC0415 - numpy is imported where there are arrays

    return arrays(jets(arithmetic.entries, order, held))


Pick = Callable[[Sweep], Scalar]
"""What finds a number in a sweep: one of the records below, which can be sent and compared."""


@dataclass(frozen=True, slots=True)
class At:
    """Finds the number at an address."""

    address: Address

    def __call__(self, sweep: Sweep) -> Scalar:
        """The number in a sweep."""
        return sweep[self.address]


@dataclass(frozen=True, slots=True)
class Output:
    """Finds the value of a dependent variable."""

    place: int

    def __call__(self, sweep: Sweep) -> Scalar:
        """The number in a sweep."""
        return sweep.output(self.place)


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Finds a Taylor coefficient of a number in a sweep of jets."""

    of: Pick
    order: int

    def __call__(self, sweep: Sweep) -> Scalar:
        """The number in a sweep."""
        return coefficient(self.of(sweep), self.order)


def nothing(sweep: Sweep) -> Scalar:
    """0, as what does not move has it for a tangent."""
    return sweep.zero


@dataclass(frozen=True, slots=True)
class Asked:
    """A number of an evaluation at whatever precision is asked for."""

    evaluation: Evaluation
    pick: Pick

    def __call__(self, bits: int) -> Scalar:
        """The number at a working precision."""
        return self.pick(self.evaluation.at(bits))


@dataclass(frozen=True, slots=True)
class Adjoints:
    """The adjoints of an evaluation at whatever precision is asked for."""

    evaluation: Evaluation

    def __call__(self, bits: int) -> list[Scalar]:
        """All of them at a working precision."""
        return self.evaluation.at(bits).adjoints


@dataclass(frozen=True, slots=True)
class Entry:
    """What makes a value of an entry of an array of formulas."""

    first: int

    def __call__(self, scalar: Scalar, at: object, limits: Limits) -> Value:
        """The value."""
        return Expressed(scalar, limits, self.first)


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
    """What is swept: an evaluation trace, seeds and weights; ``at(bits)`` sweeps it, once a precision."""

    evaluated: Evaluated
    seeds: tuple[tuple[Terms, ...], ...]
    """One or more seeds: the tangents of the independent variables."""
    weights: tuple[Terms, ...]
    """The adjoints of the dependent variables."""
    target: int = 0
    """The output whose adjoints are swept; their weighted sum is the one past the last."""
    rate: Terms | None = None
    """The learning rate of a step of gradient descent, if one is asked for."""

    def __getstate__(self) -> dict[str, Any]:
        return {of.name: getattr(self, of.name) for of in fields(self)}  # the sweeps are made anew

    @cached_property
    def _swept(self) -> dict[int, Sweep]:
        """The sweeps by precision; `dataclasses.replace` begins anew."""
        return {}

    @property
    def spread(self) -> Spread:
        """Who contributes to whom in the reverse sweep."""
        return self.first().spread

    def spread_from(self, started: frozenset[int]) -> Spread:
        """The same for a sweep that starts at these places, at whatever precision that is found; made once."""
        if started not in self._spreads:
            self._spreads[started] = spread(self.wengert, started)
        return self._spreads[started]

    @cached_property
    def _spreads(self) -> dict[frozenset[int], Spread]:
        """Those that are made; `dataclasses.replace` begins anew."""
        return {}

    def seeds_of(self, quantity: Quantity) -> range:
        """The seeds for which a quantity has numbers of its own; one stands for all where they share it."""
        return range(len(self.seeds) if quantity.per_seed else 1)

    @property
    def wengert(self) -> WengertList:
        """The list that is swept."""
        return self.evaluated.wengert

    @property
    def point(self) -> Sequence[Terms]:
        """The value of each independent variable."""
        return self.evaluated.point

    @property
    def arithmetic(self) -> Arithmetic:
        """The number system."""
        return self.evaluated.arithmetic

    @property
    def limits(self) -> Limits:
        """The bounds."""
        return self.evaluated.limits

    @property
    def displayed(self) -> Displayed | None:
        """How every number is rounded before the next is computed from it, if that is asked for."""
        return self.evaluated.displayed

    def at(self, bits: int) -> Sweep:
        """The sweep at this precision, or at the least higher one that decides every comparison in it."""

        def swept(bits: int) -> Sweep:
            with self.arithmetic.precision(bits), uncollected():
                return self._sweep(bits)

        if bits not in self._swept:
            self._swept[bits] = decided(swept, self.limits, "a comparison of constants", bits)
        return self._swept[bits]

    def _sweep(self, bits: int) -> Sweep:
        sweep = Sweep(self, self.evaluated.primal(bits), bits)
        if self.displayed is not None or any(max(map(len, vector)) > 1 for vector in (*self.seeds, self.weights)):
            _ = sweep.tangents, sweep.adjoints  # a rounding, or a constant, may need more precision
        return sweep

    def directions(self) -> list[Direction]:
        """The seeds and outputs of which the tangent is not the slope to both sides.

        A partial derivative by each variable is not yet a derivative in every direction; rows at a kink are looked at.
        """
        if not self.first().primal.sides:
            return []
        n = len(self.wengert.independents)

        def asked(bits: int) -> list[Direction]:
            sweep, directions = self.at(bits), list[Direction]()
            primal = sweep.primal
            slopes = Slopes(self.wengert, primal.partials, primal.sides, self.arithmetic, self.evaluated.is_last(bits))
            with self.arithmetic.precision(bits):
                for seed, vector in enumerate(sweep.tangents):
                    for output, move in enumerate(slopes.along(vector[:n], primal.resolution.chosen)):
                        exists, right = (slopes.zero(move.jump), slopes.zero(move.error)) if move else (None, None)
                        told = move and False not in (exists, right) and output in primal.resolution.undecided
                        if not (exists and right) and not told:
                            directions.append(Direction(seed, output, move, exists))
            return directions

        return decided(asked, self.limits, "a one-sided slope")

    def begun(self, computed: Computed) -> Sweep:
        """The first sweep, where a part of it is computed already."""
        self.evaluated.begin(computed, START_BITS)
        return self.first()

    def first(self) -> Sweep:
        """The sweep at the lowest precision."""
        return self.at(START_BITS)

    def require_derivatives(self) -> None:
        """Raise `DomainError` for a seed in whose direction a derivative is missing, if the conventions refuse that."""
        if self.evaluated.conventions.refuse and self.directions():
            seed, output, _, _ = self.directions()[0]
            vector = ", ".join(map(plain, self.seeds[seed]))
            name = self.wengert.dependent_names[output]
            raise DomainError(f"no derivative exists: {name} has different slopes to both sides along ({vector})")

    def value(self, address: Address) -> Value:
        """One number of the sweep, as a caller gets it."""
        return self.number(At(address))

    def number(self, pick: Callable[[Sweep], Scalar]) -> Value:
        """A number made from the sweep at every precision, as a caller gets it."""
        if self.arithmetic.entries is not None and hasattr(pick(self.first()), "dtype"):
            return self._array(pick)  # type: ignore[no-any-return]
        if self.arithmetic.formulas:
            return Expressed(pick(self.first()), self.limits, self.wengert.first)
        return Value(pick(self.first()), Asked(self, pick), self.limits)

    def _array(self, pick: Callable[[Sweep], Scalar]) -> Any:
        """An array made from the sweep at every precision."""
        from adtrace.tracing.array_value import ArrayValue  # noqa: PLC0415

        entry: Callable[..., Value] = Entry(self.wengert.first) if self.arithmetic.formulas else Value
        return ArrayValue(pick(self.first()), Asked(self, pick), self.limits, entry)

    def seeded(self, seeds: tuple[tuple[Terms, ...], ...]) -> Evaluation:
        """The same evaluation with other tangents of the independent variables."""
        return replace(self, seeds=seeds)

    def weighted(self, weights: tuple[Terms, ...], target: int) -> Evaluation:
        """The same evaluation with other adjoints of the dependent variables, those of one output."""
        return replace(self, weights=weights, target=target)

    def stepping(self, rate: Terms) -> Evaluation:
        """The same evaluation with a step of gradient descent at this learning rate: see `Sweep.updated`."""
        return replace(self, rate=rate)

    def curved(self, direction: tuple[Terms, ...], order: int, *, held: bool = False) -> Evaluation:
        """The evaluation along x + t s, in jets of this order: ``direction`` is s.

        ``held``: rows at kinks keep the partials that they have at x, instead of those of the side they are left to.
        """
        of = self.evaluated
        rules = self.first().primal.written if held else None
        arithmetic = jets_of(of.arithmetic, order, held)
        moved = replace(of, arithmetic=arithmetic, direction=direction, displayed=None, held=rules)
        return replace(self, evaluated=moved, seeds=(direction,))

    def as_displayed(self, displayed: Displayed) -> Evaluation:
        """The evaluation in which every row is computed from the rounded numbers above it."""
        return replace(self, evaluated=replace(self.evaluated, displayed=displayed))
