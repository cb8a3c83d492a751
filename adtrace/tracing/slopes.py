"""Whether a derivative exists where a row is at its kink: slopes to both sides, for each output on its own.

A function may be smooth where an elemental of it is not: cos|x| at 0, relu(x) - relu(-x).  So the one-sided slopes of
each output are computed in each direction x_i (a chain rule holds for them: Shapiro, *On concepts of directional
differentiability*, JOTA 66, 1990).  Where both sides agree, the partial derivative exists, and the kinks are resolved
as seen when one moves off the point in x_1, then x_2, ... (lexicographic derivatives: Nesterov, *Math. Programming*
104, 2005).  If that gives these very slopes, they are the true derivatives, row by row, and no convention is used.

What has to be 0, a slope to one side plus the slope to the other, is carried from row to row as such, so that it is an
exact 0 wherever nothing happens.  Otherwise a ball would have to tell it from 0, which it cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import Any, NamedTuple

from adtrace.elementals import JUMP
from adtrace.numbers import Arithmetic, Assumed, NeedsPrecision, Scalar
from adtrace.tracing.kinks import Convention
from adtrace.tracing.wengert import Operand, Variable, WengertList

MOST_WORK = 2_000_000
"""Rows times variables up to which the one-sided slopes are computed."""
_MOST_ROUNDS = 8

Partials = list[list[Scalar]]
"""For each slot the partial of each row by that operand; None for a constant, and for none.  As many as columns."""


class Sides(NamedTuple):
    """The partials of a row to both sides of its kink, and of the difference that changes its sign there."""

    below: Sequence[Scalar]
    above: Sequence[Scalar]
    across: Sequence[Scalar]


class Move(NamedTuple):
    """What becomes of a variable as the point moves off in a direction."""

    slope: Scalar
    """The slope to that side."""
    jump: Scalar
    """The sum of the slopes to that side and to the other: 0 if they are one slope."""
    error: Scalar
    """The tangent that the partials of the rows give, less the slope."""
    other: list[Scalar]
    """The slope to the other side, once it is asked for: a number less itself is 0 only if it is one and the same."""


class Resolution(NamedTuple):
    """What is decided at the kinks of a list; the same at every precision."""

    chosen: dict[int, bool]
    """The rows whose partials are those above (True) or below their kink."""
    targets: dict[int, frozenset[int]]
    """For each row at a kink the outputs that have no derivative for it; see `Convention.targets`."""
    undecided: frozenset[int]
    """The outputs of which it is not decided whether all derivatives exist."""
    missed: frozenset[tuple[int, int]] = frozenset()
    """The places of inputs and outputs between which a derivative exists that no partials of the rows give."""
    entries: Mapping[int, tuple[int, ...]] = MappingProxyType({})
    """Of array rows at a kink the entries for which an output has no derivative."""
    sides: Mapping[int, Mapping[int, Any]] = MappingProxyType({})
    """The entries of array rows whose partials are those above (True) or below their kink; of a row that takes the
    largest of several, what is taken.
    """


class Slopes:
    """The one-sided slopes of a list at a point.

    ``sides`` has each row at a kink, None where its sides are not known; ``last`` says that no higher precision will
    be tried, so that what is not decided is left open.
    """

    def __init__(
        self,
        wengert: WengertList,
        partials: Partials,
        sides: Mapping[int, Sides | None],
        arithmetic: Arithmetic,
        last: bool = False,
    ) -> None:
        self.wengert, self.sides, self.arithmetic = wengert, sides, arithmetic
        self.last = last
        self._still = Move(arithmetic.zero, arithmetic.zero, arithmetic.zero, [])
        self._add, self._sub, self._mul = (arithmetic.functions[name] for name in ("add", "sub", "mul"))
        self._operands = [tuple(map(self._place, row.operands)) for row in wengert.rows]
        """For each row the places of its operands, looked at once: there is a pass over the list for each direction."""
        self._by_row = list(zip(*partials, strict=True))

    def _place(self, operand: Operand) -> int | None:
        """Where a variable stands in the list; None for a constant."""
        return operand - self.wengert.first if isinstance(operand, Variable) else None

    def along(self, direction: Sequence[Scalar], chosen: Mapping[int, bool]) -> list[Move | None]:
        """The moves of the dependent variables; None where one is not known.

        ``chosen`` are rows whose partials are taken from one side, in place of the conventions.
        """
        zero, still = self.arithmetic.zero, self._still
        moves: list[Move | None] = [Move(x, zero, zero, []) if x != 0 else still for x in direction]
        for index, places in enumerate(self._operands, start=1):
            of = [still if place is None else moves[place] for place in places]
            for move in of:
                if move is not still:
                    inputs = [move for move in of if move is not None]
                    moves.append(self._row(index, inputs, chosen) if len(inputs) == len(of) else None)
                    break
            else:
                moves.append(still)
        dependents = map(self._place, self.wengert.dependents)
        return [still if place is None else moves[place] for place in dependents]

    def _row(self, index: int, of: list[Move], chosen: Mapping[int, bool]) -> Move | None:
        """The move of a row, from those of its operands."""
        partials: Sequence[Scalar] = self._by_row[index - 1]
        slopes, jumps, errors, _ = zip(*of, strict=True)
        if index not in self.sides:
            slope, jump, error = (self._sum(partials, numbers) for numbers in (slopes, jumps, errors))
            return Move(slope, jump, error, [])
        sides = self.sides[index]
        if sides is None:
            return None
        if index in chosen:
            partials = sides.above if chosen[index] else sides.below
        others = [self.other(move) for move in of]
        near, far = self._side(sides, slopes), self._side(sides, others)
        if near is None or far is None:
            return None
        return Move(
            self._sum(near, slopes),
            self._changed(self._sum(near, jumps), far, near, others),
            self._changed(self._sum(partials, errors), partials, near, slopes),
            [],
        )

    def other(self, move: Move) -> Scalar:
        """The slope to the other side."""
        if not move.other:
            move.other.append(self._sub(move.jump, move.slope))
        return move.other[0]

    def _side(self, sides: Sides, slopes: Sequence[Scalar]) -> Sequence[Scalar] | None:
        """The partials on the side to which the operands move; None where their slopes do not tell."""
        try:
            side = self.arithmetic.sign(self._sum(sides.across, slopes))
            zero = self.arithmetic.zero
            if side == 0 and self.arithmetic.sign(self._changed(zero, sides.above, sides.below, slopes)) != 0:
                return None
        except NeedsPrecision:
            if self.last:
                return None
            raise
        return sides.below if side < 0 else sides.above

    def _sum(self, partials: Sequence[Scalar], numbers: Sequence[Scalar]) -> Scalar:
        """The sum of partial times number."""
        total = zero = self.arithmetic.zero
        for partial, number in zip(partials, numbers, strict=False):
            if partial is not None and number is not zero:
                # a number less itself is 0, even if it is only known as a ball
                total = self._sub(total, number) if partial == -1 else self._add(total, self._mul(partial, number))
        return total

    def _changed(self, total: Scalar, to: Sequence[Scalar], of: Sequence[Scalar], numbers: Sequence[Scalar]) -> Scalar:
        """A sum, with what other partials add to it."""
        if to is of:
            return total
        changes = [None if p is None or q is None else self._sub(p, q) for p, q in zip(to, of, strict=False)]
        return self._add(total, self._sum(changes, numbers))

    def zero(self, number: Scalar) -> bool | None:
        """Whether it is 0; None where that stays open."""
        try:
            return self.arithmetic.sign(number) == 0
        except Assumed:
            return self.arithmetic.vanishes(number) if self.arithmetic.vanishes else None
        except NeedsPrecision:
            if self.last:
                return None
            raise

    def weighted(self, moves: Sequence[Move | None], weights: Sequence[Scalar]) -> Move | None:
        """The move of a weighted sum."""
        counting = [(move, weight) for move, weight in zip(moves, weights, strict=True) if weight != 0]
        summands = [move for move, _ in counting if move is not None]
        if len(summands) < len(counting):
            return None
        factors = [weight for _, weight in counting]
        parts = ([move[part] for move in summands] for part in range(3))
        slope, jump, error = (self._sum(factors, numbers) for numbers in parts)
        return Move(slope, jump, error, [])

    def lexicographic(self) -> dict[int, bool]:
        """For each row at a kink whether one gets above it by moving off in x_1, then x_2, ..."""
        n, arithmetic = len(self.wengert.independents), self.arithmetic
        one, zero = arithmetic.one, arithmetic.zero
        moves = [[one if k == place else zero for k in range(n)] for place in range(n)]
        still = [zero] * n
        chosen: dict[int, bool] = {}
        for index, places in enumerate(self._operands, start=1):
            of = list(zip(*(still if place is None else moves[place] for place in places), strict=True))
            partials: Sequence[Scalar] = self._by_row[index - 1]
            sides = self.sides.get(index)
            if sides is not None:
                chosen[index] = self._first(sides, of) > 0
                partials = sides.above if chosen[index] else sides.below
            moves.append([self._sum(partials, numbers) for numbers in of])
        return chosen

    def _first(self, sides: Sides, of: Sequence[Sequence[Scalar]]) -> int:
        """The first sign of the moves across a kink."""
        try:
            signs = (self.arithmetic.sign(self._sum(sides.across, numbers)) for numbers in of)
            return next((sign for sign in signs if sign), 1)
        except NeedsPrecision:
            if self.last:
                return 1
            raise


def resolve(slopes: Slopes, kinks: Sequence[Convention], weights: Sequence[Scalar] | None) -> Resolution:
    """Which derivatives exist, and what the partials of the rows at a kink are.

    ``weights`` are those of the sum that is asked for besides each output, if one is.
    """
    wengert = slopes.wengert
    reach = _Reach(wengert, weights)
    if len(wengert.independents) * len(wengert.rows) > MOST_WORK:
        return Resolution({}, {kink.row: frozenset(reach.targets(kink.row)) for kink in kinks}, frozenset())
    choice = _Choice(slopes, reach, weights)
    chosen = choice.rows()
    targets = {kink.row: choice.unsettled(kink) for kink in kinks}
    return Resolution(chosen, targets, choice.undecided, frozenset(choice.wrong()))


class _Choice:
    """The sides whose partials the rows at a kink have, such that they give the derivatives that exist."""

    def __init__(self, slopes: Slopes, reach: _Reach, weights: Sequence[Scalar] | None) -> None:
        n, count = len(slopes.wengert.independents), len(slopes.wengert.dependents) + (weights is not None)
        self.slopes, self.reach, self.weights = slopes, reach, weights
        self.places, self.outputs = range(n), range(count)
        self.found = self.moves({})
        """For each direction the moves of the targets, by the partials that are chosen last."""
        exists = [[False if move is None else slopes.zero(move.jump) for move in moves] for moves in self.found]
        self.existing = frozenset(
            (place, target) for place, facts in enumerate(exists) for target, of in enumerate(facts) if of is not False
        )
        """The derivatives that exist, by direction and target."""
        self.pairs = set(self.existing)
        """Those of them that the partials are to give."""
        self.undecided = frozenset(target for facts in exists for target, of in enumerate(facts) if of is None)
        self.sides = slopes.lexicographic()

    def moves(self, chosen: Mapping[int, bool]) -> list[list[Move | None]]:
        """For each direction the moves of the targets."""
        one, zero = self.slopes.arithmetic.one, self.slopes.arithmetic.zero
        moves = []
        for place in self.places:
            of = self.slopes.along([one if k == place else zero for k in self.places], chosen)
            moves.append(of if self.weights is None else [*of, self.slopes.weighted(of, self.weights)])
        return moves

    def smooth_rows(self) -> set[int]:
        """The rows that reach an output of which every derivative exists."""
        smooth = {target for target in self.outputs if all((place, target) in self.pairs for place in self.places)}
        return {row for row in self.sides if smooth.intersection(self.reach.targets(row))}

    def wrong(self) -> set[tuple[int, int]]:
        """The derivatives that exist and that the partials do not give."""
        moves = ((pair, self.found[pair[0]][pair[1]]) for pair in self.existing)
        return {pair for pair, move in moves if move and self.slopes.zero(move.error) is False}

    def rows(self) -> dict[int, bool]:
        """The rows that have the partials of a side, and which: more rows in each round, until nothing is amiss."""
        rows = self.smooth_rows()
        for _ in range(_MOST_ROUNDS):
            chosen = {row: self.sides[row] for row in rows}
            self.found = self.moves(chosen)
            amiss = self.wrong() & self.pairs
            if not amiss:
                return chosen
            more = {row for row in self.sides if any(self.reach.on_path(k, row, of) for k, of in amiss)} - rows
            if more:
                rows |= more
            else:  # no choice of partials gives these derivatives
                self.pairs -= {(place, target) for _, target in amiss for place in self.places}
                rows = self.smooth_rows()
        self.pairs, self.found = set(), self.moves({})
        return {}

    def unsettled(self, kink: Convention) -> frozenset[int]:
        """The outputs for which the partials of a row at a kink are a convention."""
        row = kink.row
        return frozenset(
            target
            for target in self.reach.targets(row)
            if kink.kind == JUMP or any((place, target) not in self.pairs for place in self.reach.inputs(row))
        )


class _Reach:
    """On which inputs a row depends, and which outputs depend on it, as bits."""

    def __init__(self, wengert: WengertList, weights: Sequence[Scalar] | None) -> None:
        n, flat = len(wengert.independents), wengert.flat
        self._n, self._count = n, len(wengert.dependents) + (weights is not None)
        self._from = [1 << place for place in range(n)]
        rows = list(zip(*flat.columns, strict=True))
        for operands in rows:
            self._from.append(reduce(or_, (self._from[of] for of in operands if of >= 0), 0))
        self._to = [0] * len(self._from)
        for target, dependent in enumerate(wengert.dependents):
            if isinstance(dependent, Variable):
                summed = weights is not None and weights[target] != 0
                self._to[dependent - wengert.first] |= 1 << target | (1 << len(wengert.dependents) if summed else 0)
        for place in range(len(self._to) - 1, n - 1, -1):
            for operand in rows[place - n]:
                if operand >= 0:
                    self._to[operand] |= self._to[place]

    def inputs(self, row: int) -> Iterator[int]:
        """The places of the inputs on which a row depends."""
        return (place for place in range(self._n) if self._from[row + self._n - 1] >> place & 1)

    def targets(self, row: int) -> list[int]:
        """The outputs that depend on a row; all, if none does: its own tangent stands in the table."""
        to = self._to[row + self._n - 1]
        return [target for target in range(self._count) if not to or to >> target & 1]

    def on_path(self, place: int, row: int, target: int) -> bool:
        """Whether an output depends on an input through a row."""
        at = row + self._n - 1
        return bool(self._from[at] >> place & 1 and self._to[at] >> target & 1)
