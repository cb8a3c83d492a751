"""What each column of a table is, and what its marks mean: of all readings the one that explains most numbers.

A column that does not say what its numbers are of is tried as each quantity of its rows; what explains its numbers and
formulas is what it is, and its heading speaks for one reading or another without deciding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import inf
from typing import NamedTuple, TypeVar

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.interpretations.filled import SAMPLE, Filled, filled, still_to_earn
from adtrace.checking.interpretations.hypotheses import (
    Hypothesis,
    by_heading,
    cost,
    hypotheses,
    of_quotients,
    outputs_of,
    seeds_of,
)
from adtrace.checking.interpretations.meanings import LEFT, NOTHING, OWN, Meaning, Scoring, subjects
from adtrace.checking.interpretations.printed_seeds import ASKED, with_constants, with_seeds, with_weights
from adtrace.checking.readings.names import Name, named
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.statements.headings import evidence
from adtrace.checking.statements.layouts import Column, Statement, Table
from adtrace.checking.work.contexts import Context
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.rules import ADJOINT, MARKS, OPEN_MARKS, PARTIAL, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.checking.work.values import NoValue


@dataclass(frozen=True)
class Interpretation:
    """What everything in a piece of work means."""

    draft: Draft
    columns: Mapping[Column, Meaning] = field(default_factory=dict)
    contexts: Mapping[Column, Context] = field(default_factory=dict)
    operations: frozenset[Column] = frozenset()
    numbers: frozenset[Column] = frozenset()
    """The columns that hold numbers more than formulas."""
    answered: frozenset[tuple[int, int, str]] = frozenset()
    """The rows, by table and place, in which the number that the row names, or its value, is written somewhere."""
    score: float = 0.0
    missed: float = 0.0
    """Which share of what is said it does not explain."""

    @property
    def work(self) -> Work:
        """The rows."""
        return self.draft.work

    def subjects(self, statement: Statement, left: Name | None) -> tuple[Subject, ...]:
        """The numbers that a statement may be of."""
        column = statement.column
        meaning, formulas = self.columns.get(column, NOTHING), column not in self.numbers
        return subjects(statement, left, meaning, self.contexts[column], self.work, formulas=formulas)


_T = TypeVar("_T")

_FEWEST_READINGS, _MOST_READ = 6, 6_000
"""Of all that the marks mean together so many readings are tried, and more as long as few statements are read."""
_FEWEST_TRIED, _MOST_TRIED = 8, 8_000
"""A column is tried as so many derivatives of one kind, and as more as long as few statements are read."""
_ALIKE = 0.25
"""What speaks for the seed and the output of the names in a column, where some of its cells have none."""
_SAME = 1e-9
"""Points by which no reading is better than another."""


def interpreted(
    tables: Sequence[Table], statements: Sequence[Statement], draft: Draft, operations: frozenset[Column],
    least: float = -inf,
) -> Interpretation | None:  # fmt: skip
    """The interpretation of statements that explains most, the operations being known; None where it is seen before
    the end that it comes to less than the least that matters.  Raises `NoValue`.
    """
    if not draft.outputs:
        raise NoValue("no row of it is known")
    _ = draft.work.exact  # or it explains nothing
    draft = _seeded(tables, statements, draft)
    size = 1 + sum(len(statement.parts) + len([*statement.names]) for statement in statements)
    every = _marks(statements, max(_FEWEST_READINGS, _MOST_READ // size))
    scoring = Scoring(draft.work, max(_FEWEST_TRIED, _MOST_TRIED // (size * len(every))))
    columns = filled(tables, statements, draft, operations)
    best: _Reading | None = None
    for marks in every:
        reading = _Reading(draft, marks, scoring)
        enough = reading.add_all(columns, max(least, best.score) if best else least)
        if enough and (best is None or reading.rank() > best.rank()):
            best = reading
    if best is None:
        return None
    numbers = frozenset(column.place for column in columns if column.is_of_numbers)
    answered = _answered(statements, best.meanings)
    missed = 1 - sum(best.earned.values()) / (sum(column.weighed for column in columns) or inf)
    return Interpretation(draft, best.meanings, best.contexts, operations, numbers, answered, best.score, missed)


def _seeded(tables: Iterable[Table], statements: Sequence[Statement], draft: Draft) -> Draft:
    """The draft with the seeds, the weights and the name of the direction that its tables print."""
    letter = next((name.seed for s in statements for name in s.told if name.seed), "")
    draft = replace(draft, letter="" if letter in draft.same else letter)
    draft = with_seeds(statements, with_constants(statements, draft))
    headings = ((table.number, j, cell) for table in tables for j, cell in enumerate(table.heading))
    return with_weights(statements, draft, {(number, j) for number, j, cell in headings if ADJOINT in evidence(cell)})


def _marks(statements: Sequence[Statement], most: int) -> list[dict[str, str]]:
    """All that the marks in statements may mean together, of too much what is nearest to the usual."""
    said = {name.mark for s in statements for name in (s.head, s.row, *s.names) if name is not None}
    several = [mark for mark in OPEN_MARKS if mark in said]
    every = [*product(*(OPEN_MARKS[mark] for mark in several))]
    usual = every[0]
    every.sort(key=lambda chosen: sum(one != first for one, first in zip(chosen, usual, strict=True)))
    return [{**MARKS, **dict(zip(several, chosen, strict=True))} for chosen in every[:most]]


def _is_plain(statement: Statement, name: Name, work: Work) -> bool:
    """Whether a value is said with values alone, which are the same along every seed and of every output."""
    keys = {key for part in statement.parts for terms in part.readings for key in names_of(terms)}
    return all(not one.mark and one.variable in work.same for one in (name, *map(named, keys)))


def _answered(statements: Sequence[Statement], meanings: Mapping[Column, Meaning]) -> frozenset[tuple[int, int, str]]:
    quantities = [
        (s, OWN if s.head and s.head == s.row else meanings.get(s.column, NOTHING).quantity) for s in statements
    ]
    return frozenset(
        (s.place.table, s.place.row, quantity) for s, quantity in quantities
        if quantity in (OWN, VALUE) and any(part.is_number for part in s.parts)
    )  # fmt: skip


class _Ranked(NamedTuple):
    """One reading of a column, and how much it explains."""

    points: float
    meaning: Meaning
    context: Context
    earned: float = 0.0
    """The points for what is said in the column alone."""


class _Reading:
    """The columns one after the other, each in the light of those before it."""

    def __init__(self, draft: Draft, marks: Mapping[str, str], scoring: Scoring) -> None:
        self.meanings: dict[Column, Meaning] = {}
        self.contexts: dict[Column, Context] = {}
        self.score = 0.0
        self.earned: dict[Column, float] = {}
        """The points for what is said in each column alone."""
        self._draft, self._marks, self._scoring = draft, marks, scoring
        self._named: Column | None = None
        """The last column that has names."""
        self._numbered = False
        """Whether there are numbers in it, too; formulas are the same along every seed."""
        self._used: set[tuple[int, Meaning, bool]] = set()
        """The meanings of each table, of its numbers and of its formulas."""
        self._formulas: set[tuple[int, int]] = set()

    def rank(self) -> float:
        """How much it explains, alike for sums in another order."""
        return round(self.score, 8)

    def add_all(self, columns: Sequence[Filled], least: float) -> bool:
        """What the columns are, and whether they come to the least that matters; where not, the last are left out."""
        left = sum(column.most for column in columns)
        for column in columns:
            left -= column.most
            if self.score + column.most + left < least:
                return False
            self._add(column, least - left)
            if self.score < least - left:
                return False
        self._unite(columns)
        return True

    def _add(self, column: Filled, least: float) -> None:
        """What the next column is; nothing where the score cannot come to the least that matters."""
        place = column.place
        best = self._explicit(column)
        self.score += best.points + column.operations
        self.meanings[place], self.contexts[place], self.earned[place] = best.meaning, best.context, best.earned
        if column.is_headed:
            self._named, self._numbered = place, column.has_numbers
        if not column.sides or column.is_of_operations:
            return
        self._formulas |= {place[:2]} if column.has_formulas else set()
        best = self._best(column, least - self.score)
        self.score += best.points
        self.meanings[place], self.contexts[place] = best.meaning, best.context
        self.earned[place] += best.earned
        beside = best.meaning.quantity == TANGENT and self._named == (place[0], place[1] - 1, 0)
        along = (beside or best.meaning.quantity in (OWN, SECOND_ADJOINT)) and not self._numbered
        if self._named is not None and (best.meaning.quantity == LEFT or (along and column.is_of_numbers)):
            self.contexts[self._named] = best.context
        self._used.add((place[0], best.meaning, column.is_of_numbers))

    def _unite(self, columns: Sequence[Filled]) -> None:
        """Formulas are along the seed, or of the output, that the numbers beside them are of, which their headings may
        tell.
        """
        for table in {column.place[0] for column in columns}:
            within = [(column, self.meanings[column.place]) for column in columns if column.place[0] == table]
            own = [column for column, meaning in within if meaning.quantity == OWN and not column.along]
            found = [Hypothesis(Meaning(OWN), context) for context in {self.contexts[c.place]: None for c in own}]
            if len(found) > 1:
                best = max(found, key=lambda one: sum(self._ranked(column, one).points for column in own))
                self.contexts |= {column.place: best.context for column in own}
            self._put_along([(column, meaning) for column, meaning in within if meaning.quantity == TANGENT])

    def _put_along(self, tangents: Sequence[tuple[Filled, Meaning]]) -> None:
        """Formulas of tangents along the seed of the numbers, if these have one alone which explains most of them."""
        seeds = {meaning: self.contexts[column.place] for column, meaning in tangents if column.is_of_numbers}
        for column, meaning in tangents if len(seeds) == 1 else ():
            (along,) = (Hypothesis(of, context) for of, context in seeds.items())
            if meaning != along.meaning and 2 * self._ranked(column, along).points > len(column.sides):
                self.meanings[column.place], self.contexts[column.place] = along.meaning, along.context

    def _explicit(self, column: Filled) -> _Ranked:
        """A column by its heading, with the seed and the output of its names: those which explain most of what it
        says of them.
        """
        draft, speaks, work = self._draft, column.speaks, self._draft.work
        meaning = Meaning(VALUE) if column.is_of_operations else by_heading(column, draft)
        meant = {self._marks.get(name.mark, "") for _, name in column.named}
        said = max((weight for quantity, weight in speaks.items() if quantity in meant), default=0.0)
        best = _Ranked(-inf, meaning, Context("", "", self._marks))
        plain, others = list[tuple[Statement, Name]](), list[tuple[Statement, Name]]()
        for s, name in column.named:
            (plain if _is_plain(s, name, work) else others).append((s, name))
        alike = sum(self._scoring.of(s, best.context.subjects(name, work), best.context) for s, name in plain)
        beyond = still_to_earn(s for s, _ in others)
        for seed, output, (quotient, prior) in self._ways(column):
            context, earned = Context(seed, output, self._marks, quotient, draft.letter), alike
            spoken = said + speaks.get(quotient, 0.0) - cost(seed, draft) + prior
            for (s, name), left in zip(others, beyond, strict=True):
                if earned + left + spoken < best.points:
                    break
                earned += self._scoring.of(s, context.subjects(name, work), context)
            if earned + spoken > best.points + _SAME:
                best = _Ranked(earned + spoken, meaning, context, earned)
        return best

    def _ways(self, column: Filled) -> Iterator[tuple[str, str, tuple[str, float]]]:
        """The seeds, the outputs and the quotients that the names of a column may be of."""
        rows = {self._draft.work.same.get(name.variable): s for s, name in column.named if name.mark}
        each = seeds_of(self._draft, column), outputs_of(self._draft)
        seeds, outputs = (self._few([(u, u, 0.0) for u in of], rows) for of in each)
        return product(seeds, outputs, of_quotients(column).items())

    def _best(self, column: Filled, least: float) -> _Ranked:
        """What explains most of the numbers and formulas that do not say what they are of, if it comes to the least."""
        own = self.contexts[column.place]
        naming = self.contexts[self._named] if self._named else own
        likely = self._likely(column, hypotheses(column, self._draft, own, naming))
        options = [one._replace(prior=one.prior + self._beside(column, one)) for one in likely]
        spoken = bool(column.speaks or column.toward or any(one.meaning.quantity == OWN for one in options))
        least = least if spoken or least > 0 else -inf  # what nothing speaks for may be nothing
        best, first = _Ranked(-inf, NOTHING, own), len(options)
        for k, one in sorted(enumerate(options), key=lambda at: -at[1].prior):  # the likely ones cut the others short
            found = self._ranked(column, one, max(least, best.points))
            if (found.points, -k) > (best.points, -first):
                best, first = found, k
        if column.is_of_numbers and best.meaning.quantity in ("", PARTIAL) and best.earned < len(column.sides) - _SAME:
            best = self._followed(column, options, best)
        return best if spoken or best.points > 0 else _Ranked(0.0, NOTHING, best.context)

    def _likely(self, column: Filled, options: Iterable[Hypothesis]) -> Iterator[Hypothesis]:
        """The hypotheses; of the derivatives of, or by, too many variables those for which the number in the row of
        that variable speaks: it is 1, and 0 in the rows of the others; the directions that are printed always.
        """
        same = self._draft.work.same
        rows = {same.get(s.row.variable): s for s, _ in column.headless if s.row is not None}
        alike = defaultdict[str, list[Hypothesis]](list)
        for one in options:
            alike[one.meaning.quantity].append(one)
        for each in alike.values():
            yield from self._few([(one, one.meaning.by or one.context.seed, one.prior) for one in each], rows)

    def _few(self, each: Sequence[tuple[_T, str, float]], rows: Mapping[str | None, Statement]) -> list[_T]:
        """Of too many, each with its variable and what speaks for it, those for which the row of that variable does."""
        same, scoring = self._draft.work.same, self._scoring
        chosen: Iterable[int] = range(len(each))
        if len(each) > scoring.most:
            worth = [prior + scoring.of_own(rows.get(same[u])) if u in same else inf for _, u, prior in each]
            chosen = sorted(sorted(chosen, key=lambda k: -worth[k])[: scoring.most])
        return [each[k][0] for k in chosen]

    def _followed(self, column: Filled, options: Iterable[Hypothesis], best: _Ranked) -> _Ranked:
        """The best, or the derivatives that follow from others more often than it explains anything."""
        draft = self._draft
        along = () if draft.computes is False else (*draft.work.inputs, ASKED, *draft.outputs)
        for meaning, context, prior in options:
            if meaning.quantity in (TANGENT, ADJOINT) and meaning.by in along:
                each = [(s, subjects(s, left, meaning, context, draft.work)) for s, left in column.headless]
                points = self._scoring.of_followers(each)
                if points + prior > best.points + _SAME:
                    best = _Ranked(points + prior, meaning, context, points)
        return best

    def _ranked(self, column: Filled, hypothesis: Hypothesis, least: float = -inf) -> _Ranked:
        """How much a meaning explains; nothing is added any more once it cannot come to the least that matters."""
        meaning, context, before = hypothesis
        work, is_number, points, explains = self._draft.work, column.is_of_numbers, 0.0, False
        for k, (s, left, beyond) in enumerate(column.weighing):
            if points + beyond + before < least - _SAME:
                points = -inf
                break
            if k == SAMPLE and not explains:
                points *= len(column.weighing) / k
                break
            of = subjects(s, left, meaning, context, work, formulas=not is_number)
            earned = self._scoring.of(s, of, context)
            points, explains = points + earned, explains or earned > 0
        if points < 0 and meaning.quantity == ADJOINT and is_number:
            each = ((s, subjects(s, left, meaning, context, work)) for s, left in column.headless)
            points = max(points, self._scoring.of_multiples(each))
        return _Ranked(points + before, meaning, context, points)

    def _beside(self, column: Filled, hypothesis: Hypothesis) -> float:
        """What its names, and the columns before it, speak for: partials in their order, numbers beside formulas,
        nothing twice.
        """
        meaning, (table, place, _), is_number = hypothesis.meaning, column.place, column.is_of_numbers
        points = _ALIKE if column.is_headed and hypothesis.context == self.contexts[column.place] else 0.0
        if meaning.quantity == PARTIAL:
            last = meaning._replace(by=str(int(meaning.by) - 1))
            points += 1.5 if (table, last, is_number) in self._used else 0
        beside = is_number and self.meanings.get((table, place - 1, 0)) == meaning
        if beside and (column.is_worked or (table, place - 1) in self._formulas):
            points += 0.8
        used = (table, meaning, is_number) in self._used and meaning.quantity not in (OWN, LEFT)
        return points - (1.0 if used and not (beside and column.is_worked) else 0.0)
