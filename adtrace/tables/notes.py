"""What stands under a table: branches taken, conventions at kinks, derivatives that are none, what digits are worth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from operator import mul
from typing import Any

from adtrace.elementals import CORNER, EDGE, JUMP, NONE, SLOTS, TIE, Elemental, rule
from adtrace.language.syntax import Name, Terms
from adtrace.numbers import START_BITS
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.rounding import significant
from adtrace.settings import BOTH, FORWARD, HALF_EVEN, REVERSE, SECOND
from adtrace.tables.cells import Cells
from adtrace.tables.naming import MOST_NAMES
from adtrace.tables.numerals import MARK, Numerals
from adtrace.tables.prose import vector
from adtrace.tracing.assumed import assumptions, conventions_told
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.expressed import in_language
from adtrace.tracing.kinks import SINGULAR, Convention
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Operand, Variable
from adtrace.wording import said
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.notation import Dialect, written

_SLOPE_DIGITS = 4
"""Significant digits of a slope in a note."""
_SUM_DIGITS, _MOST_SUMS = 3, 4
"""Significant digits of a sum of probabilities, which may be rounded ones, and how many sums a note lists."""
_MOST_BRANCHES = 12
"""Notes list at most so many comparisons."""


def notes(
    evaluation: Evaluation, undecided: bool, numerals: Numerals, cells: Cells | None, mode: str, *, order: int = 1
) -> tuple[str, ...]:
    """The notes of a table in its mode.

    ``undecided`` tells whether a digit carries the mark; ``numerals`` are those of the table; ``cells`` gives the
    dialect and the names, None for plain text.
    """
    own = _Notes(evaluation, cells, mode)
    kinks = own.kinks()
    return (
        *own.branches(),
        *(own.assumed() if evaluation.arithmetic.formulas else ()),
        *map(own.kink, kinks),
        *own.open_derivatives(),
        *own.directions(kinks),
        *own.sums(),
        *own.missed(),
        *(own.higher(order) if order > 1 else ()),
        *own.assigned(),
        *notes_of_digits(evaluation, undecided, own.dialect),
        *own.arithmetic(numerals),
    )


def notes_of_digits(evaluation: Evaluation, undecided: bool, dialect: Dialect) -> tuple[str, ...]:
    """What is told of digits that are marked as undecided."""
    if not undecided:
        return ()
    return (dialect.say("undecided_digit", mark=dialect.prose(MARK), bits=evaluation.limits.bits),)


class _Notes:
    """The notes of an evaluation, by what they are of."""

    def __init__(self, evaluation: Evaluation, cells: Cells | None, mode: str) -> None:
        self.evaluation, self.cells, self.mode = evaluation, cells, mode
        self.dialect = cells.dialect if cells else PLAIN
        self.wengert, self.primal = evaluation.wengert, evaluation.first().primal

    # -- names -----------------------------------------------------------------------------------------------------

    def bare(self, variable: int) -> str:
        """A variable as formulas name it."""
        return self.cells.naming.name(variable) if self.cells else self.dialect.subscript("v", variable)

    def name(self, variable: int) -> str:
        """A variable in running text."""
        return self.dialect.math(self.bare(variable))

    def row(self, index: int) -> str:
        """``v3 (abs)``."""
        return f"{self.name(index)} ({self.dialect.told(self.wengert.rows[index - 1].elemental.told)})"

    def output(self, place: int, key: str = "weighted_sum") -> str:
        """The name of an output; the weighted sum, which is the one past the last, by the phrase of this key."""
        if place == len(self.wengert.dependents):
            return self.dialect.say(key)
        names = (
            self.cells.naming.dependents if self.cells else [*map(self.dialect.name_of, self.wengert.dependent_names)]
        )
        return self.dialect.math(names[place])

    # -- how the rows came about -----------------------------------------------------------------------------------

    def branches(self) -> Iterator[str]:
        """``x > 0 held.`` for each comparison that chose the rows."""
        dialect = self.dialect
        for branch in self.wengert.branches[:_MOST_BRANCHES]:
            relation = dialect.math(dialect.relation(branch.relation))
            key = ("held" if branch.held else "not_held") + "_at_edge" * branch.boundary
            yield dialect.say(key, comparison=f"{self._side(branch.left)} {relation} {self._side(branch.right)}")
        further = len(self.wengert.branches) - _MOST_BRANCHES
        if further > 0:
            yield dialect.say("further_comparisons" if further > 1 else "further_comparison", count=further)

    def _side(self, of: Variable | Terms) -> str:
        """A side of a comparison."""
        if not isinstance(of, Variable):
            return self.dialect.math(written(of, self.dialect))
        if of > 0:
            return self.name(of)
        return self.dialect.math(self.dialect.name_of(self.wengert.independents[of - self.wengert.first]))

    def assumed(self) -> Iterator[str]:
        """What is assumed of the open letters, what the brackets are, and what jumps."""
        dialect = self.dialect
        conditions = [
            dialect.say("or_between").join(
                dialect.math(f"{self._text(left)} {dialect.relation(sign)} {self._text(right)}")
                for left, sign, right in of
            )
            for of in assumptions(self.evaluation.evaluated)
        ]
        if conditions:
            yield dialect.say("assumed", conditions=dialect.listed(conditions))
        conventions = conventions_told(self.evaluation.evaluated)
        if any(kind in (CORNER, TIE) for _, kind, _ in conventions):
            brackets = dialect.math("...".join(dialect.bracket)) if self.cells else "where(condition, 1, 0)"
            yield dialect.say("bracket", bracket=brackets)
        for index, kind, words in conventions:
            if kind != NONE:
                key = "assumed_jump" if kind == JUMP else "assumed_kink"
                yield dialect.say(key, row=self.row(index), convention=dialect.told(words))

    def _text(self, terms: Terms) -> str:
        return self.cells.texts.formula(terms) if self.cells else in_language(terms, self.wengert.first)

    def assigned(self) -> Iterator[str]:
        """A note for each name that a program assigns again."""
        dialect = self.dialect
        by_name: dict[str, list[Operand]] = {}
        independents = frozenset(self.wengert.independents)
        for name, operand in self.wengert.assigned:
            by_name.setdefault(name, []).append(operand)
        for name, operands in by_name.items():
            if len(operands) + (name in independents) > 1:
                again = dialect.math(dialect.name_of(name))
                variables = [self.name(operand) for operand in operands if isinstance(operand, Variable)]
                if variables:
                    yield dialect.say("assigned_values", variables=dialect.listed(variables), name=again)
                else:
                    yield dialect.say("assigned", name=again)

    # -- at kinks --------------------------------------------------------------------------------------------------

    def kinks(self) -> list[Convention]:
        """The conventions that reach a number of the table."""
        return [kink for kink in map(self._at_entries, self.primal.kinks) if kink and self._counts(kink)]

    def _at_entries(self, kink: Convention) -> Convention | None:
        """The kink at those entries of an array that move, or whose adjoint is spread; none where there are none."""
        if not kink.entries or kink.kind in (TIE, JUMP) or self.mode not in (FORWARD, REVERSE):
            return kink
        sweep, first = self.evaluation.first(), self.wengert.first
        operands = [x - first for x in self.wengert.rows[kink.row - 1].operands if isinstance(x, Variable)]
        forward = [tangents[place] for tangents in sweep.tangents for place in operands]
        numbers = forward if self.mode == FORWARD else [sweep.adjoints[kink.row - first]]
        moved = {entry for of in numbers for entry, x in enumerate(getattr(of, "flat", ())) if not _is_exact_zero(x)}
        entries = tuple(entry for entry in kink.entries if entry in moved)
        return kink._replace(entries=entries) if entries else None

    def _counts(self, kink: Convention) -> bool:
        """Whether an operand of the row moves, or its adjoint is spread, and an output has no derivative for it."""
        evaluation, offset = self.evaluation, -self.wengert.first
        if kink.kind == JUMP or self.mode in (BOTH, SECOND):
            return True
        if self.mode != FORWARD:
            return kink.row + offset in evaluation.spread.rows and evaluation.target in kink.targets
        operands = [v for v in self.wengert.rows[kink.row - 1].operands if isinstance(v, Variable)]
        return any(target < len(self.wengert.dependents) for target in kink.targets) and any(
            not _is_exact_zero(tangents[v + offset]) for v in operands for tangents in evaluation.first().tangents
        )

    def kink(self, kink: Convention) -> str:
        """Which row is at a kink, its one-sided slopes, and the convention."""
        dialect, entry = self.dialect, self.wengert.rows[kink.row - 1].elemental
        convention = {"row": self.row(kink.row), "convention": dialect.told(kink.words)}
        if kink.kind == SINGULAR:
            return dialect.say("kink_singular", **convention)
        if kink.entries and kink.kind != EDGE:
            from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

            entries = array_prose.at_entries(self.evaluation, kink, self.bare(kink.row), dialect)
            key = ("has_tie" if kink.kind == TIE and not entry.kink else "at_kink") + ("_entries" if entries else "")
            return dialect.say(key, entries=entries, **convention)
        slopes = _slopes(entry, dialect)
        key = _BY_KIND.get(kink.kind) or ("kink_slopes" if slopes else "kink_none")
        return dialect.say(key, where=self._where(kink), slopes=slopes, **convention)

    def _where(self, kink: Convention) -> str:
        """The condition of a kink, on the operands of its row."""
        dialect, row = self.dialect, self.wengert.rows[kink.row - 1]
        if kink.kind == TIE:
            return dialect.say("a_tie")
        where = row.elemental.kink.where if row.elemental.kink else ""
        operands = (self.name(x) if isinstance(x, Variable) else dialect.math(written(x.terms, dialect))
                    for x in row.operands)  # fmt: skip
        names = dict(zip(SLOTS, operands, strict=False))
        conditions = dialect.prose(where).replace(", ", dialect.say("both_between"))
        conditions = re.sub(rf"\b({'|'.join(names)})\b", lambda slot: names[slot[0]], conditions)
        return dialect.say("where", conditions=conditions) if ", " in where else conditions

    # -- derivatives that do not exist -----------------------------------------------------------------------------

    def open_derivatives(self) -> Iterator[str]:
        """A note for each output of which no precision decides whether it has a derivative."""
        target, count = self.evaluation.target, len(self.wengert.dependents)
        for place in [target] if self.mode == REVERSE else range(count + (target == count)):
            if place in self.primal.resolution.undecided:
                yield self.dialect.say("open_derivative", output=self.output(place), bits=self.evaluation.limits.bits)

    def directions(self, kinks: Iterable[Convention]) -> Iterator[str]:
        """A note for each seed and output whose slope is not the tangent, or not one, and no convention says so."""
        if self.mode == REVERSE or self.wengert.shapes:  # slopes to both sides are known of numbers alone
            return
        by_convention = {target for kink in kinks for target in kink.targets}
        arithmetic, dialect = self.evaluation.arithmetic, self.dialect
        for seed, place, move, exists in self.evaluation.directions():
            if place in by_convention and not exists:
                continue
            seeded = self.evaluation.seeds[seed]
            where = dialect.say("of_the_seed") if len(seeded) > MOST_NAMES else vector(seeded, dialect)
            numbers: list[str] = []
            if move is not None and not arithmetic.formulas:
                with arithmetic.precision(START_BITS):
                    slopes = arithmetic.functions["sub"](move.slope, move.jump), move.slope
                    numbers = [significant(slope, _SLOPE_DIGITS, HALF_EVEN) or "?" for slope in slopes]
            texts = [dialect.math(dialect.number(number)) for number in numbers]
            yield _direction(exists, {"output": self.output(place), "direction": where}, texts, dialect)

    def sums(self) -> Iterator[str]:
        """A note for each cross entropy of probabilities that do not sum to 1: they are none."""
        arithmetic, dialect = self.evaluation.arithmetic, self.dialect
        for index, row in enumerate(self.wengert.rows, start=1):
            if row.elemental.name != "cross_entropy" or arithmetic.entries is None or arithmetic.formulas:
                continue
            numbers = self.evaluation.first().operand(row.operands[0])
            with arithmetic.precision(START_BITS):
                lines = numbers.reshape(-1, numbers.shape[-1]).tolist()
                sums = [reduce(arithmetic.entries.functions["add"], line) for line in lines]
            texts = dict.fromkeys(significant(x, _SUM_DIGITS, HALF_EVEN) for x in sums)
            others = [dialect.math(dialect.number(text)) for text in texts if text and float(text) != 1]
            if others:
                yield dialect.say("not_probabilities", row=self.row(index), sums=dialect.listed(others[:_MOST_SUMS]))

    def missed(self) -> Iterator[str]:
        """A note for an output that has partial derivatives other than the numbers that the rows give."""
        if self.mode == FORWARD:
            return
        dialect, target = self.dialect, self.evaluation.target
        names = self.cells.naming.independents if self.cells else [*map(dialect.name_of, self.wengert.independents)]
        by = [dialect.math(names[place]) for place, of in sorted(self.primal.resolution.missed) if of == target]
        if by:
            yield dialect.say("missed", output=self.output(target, "of_weighted_sum"), variables=dialect.listed(by))

    def higher(self, order: int) -> Iterator[str]:
        """What derivatives of higher order do not exist at kinks, and what stands for them."""
        if not self.primal.sides:
            return
        from adtrace.tracing.higher import missing  # noqa: PLC0415 - few tables of a higher order are made at a kink

        forward = self.mode in (FORWARD, BOTH)
        absent = missing(self.evaluation, order, forward=forward, reverse=self.mode != FORWARD)
        for index in sorted(self.primal.sides) if absent else ():
            entry, texts = self.wengert.rows[index - 1].elemental, self.primal.written.get(index, ())
            kind = "tie" if entry.kink and entry.kink.kind == TIE else "kink"
            manner = "moving" if any(map(_has_slots, texts)) else "still"
            yield self.dialect.say(f"higher_{kind}_{manner}", row=self.row(index))
        for seed, output, k in absent:
            yield self._absent(seed, output, k)

    def _absent(self, seed: int, output: int | None, order: int) -> str:
        """That an output has no derivative of this order along a seed, or the sum no product of its Hessian with it."""
        key, phrase = ("no_product", "of_weighted_sum") if output is None else ("no_derivative", "weighted_sum")
        name = self.output(self.evaluation.target if output is None else output, phrase)
        ordinal = ""
        if output is not None and order > 1:
            key, ordinal = "no_higher_derivative", self.dialect.say(f"ordinal_{order}")
        key += "_number" * (len(self.evaluation.seeds) > 1)
        return self.dialect.say(key, output=name, number=seed + 1, ordinal=ordinal)

    # -- what the digits are worth ---------------------------------------------------------------------------------

    def arithmetic(self, numerals: Numerals) -> Iterator[str]:
        """In what the numbers are computed, where that is not exactly."""
        if self.evaluation.displayed is not None:
            yield self.dialect.say("displayed", digits=self.evaluation.displayed.digits)
        if not self.evaluation.arithmetic.exact:
            yield self.dialect.say("uncertified", arithmetic=self.dialect.told(said(self.evaluation.arithmetic.words)))
            yield from self._disagreements(numerals)

    def _disagreements(self, numerals: Numerals) -> Iterator[str]:
        """A note for each seed for which rounding errors leave the two sweeps with different digits."""
        sweep, dialect, n, first = (
            self.evaluation.first(),
            self.dialect,
            len(self.wengert.independents),
            self.wengert.first,
        )
        weights = [constant_value(terms, self.evaluation.arithmetic, plain) for terms in self.evaluation.weights]
        outputs = [(weight, y - first) for weight, y in zip(weights, self.wengert.dependents, strict=True)
                   if isinstance(y, Variable)]  # fmt: skip
        for tangents in sweep.tangents:
            forward = sum(_total(weight * tangents[place]) for weight, place in outputs)
            reverse = sum(map(_total, map(mul, tangents[:n], sweep.adjoints[:n])))
            texts = [dialect.math(dialect.number(numerals.double(float(number)))) for number in (forward, reverse)]
            if texts[0] != texts[1]:
                yield dialect.say("disagreement", forward=texts[0], reverse=texts[1])


_BY_KIND = {EDGE: "kink_edge", JUMP: "kink_jump"}
"""The sentence of a kink at which no slopes are told."""


def _total(number: Any) -> Any:
    """The sum of the entries of an array; a number is its own."""
    return number.sum() if hasattr(number, "sum") else number


def _is_exact_zero(number: Any) -> bool:
    return all(entry == 0 for entry in getattr(number, "flat", [number]))


def _direction(exists: bool | None, of: Mapping[str, str], slopes: Sequence[str], dialect: Dialect) -> str:
    """The note for one seed and output: whether there is a derivative along it, and the slopes that are known."""
    if exists:
        return dialect.say("direction_slope", slope=slopes[0], **of)
    if exists is None:
        return dialect.say("direction_undecided", **of)
    if slopes:
        return dialect.say("direction_slopes", slopes=dialect.listed(slopes), **of)
    return dialect.say("direction_none", **of)


def _has_slots(text: str) -> bool:
    """Whether a partial is made of the operands."""
    return any(type(term) is Name and term.name in SLOTS for term in rule(text))


def _slopes(entry: Elemental, dialect: Dialect) -> str:
    """The slopes to both sides of a kink in words, where they are numbers: ``-1 and 1``."""
    sides = (entry.kink.below, entry.kink.above) if entry.kink and entry.kink.sided else ()
    if not sides or any(type(term) is Name for side in sides for text in side for term in rule(text)):
        return ""
    number = partial(constant_value, arithmetic=FLOATS, spelled=plain)
    below, above = sorted((side[0] for side in sides), key=lambda text: float(number(rule(text))))
    return dialect.say("two", first=dialect.told(below), second=dialect.told(above))
