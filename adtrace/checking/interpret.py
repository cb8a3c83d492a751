"""What each column of a table is, and what its marks mean: of all readings the one that explains most numbers.

A column that does not say what its numbers are of is tried as each quantity of its rows; what explains its numbers and
formulas is what it is, and its heading speaks for one reading or another without deciding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, product
from math import inf
from typing import NamedTuple

from adtrace.checking.cells import Cell, Part
from adtrace.checking.drafts import Draft
from adtrace.checking.figures import SUM, Context, Subject, Work
from adtrace.checking.headings import OPERATION, by_order, directions, entry, evidence, twice
from adtrace.checking.layouts import Column, Statement, Table
from adtrace.checking.meanings import LEFT, NOTHING, OWN, Meaning, Scoring, lefts, subjects
from adtrace.checking.names import Name
from adtrace.checking.numerals import printed
from adtrace.checking.printed_seeds import ASKED, with_constants, with_seeds, with_weights
from adtrace.checking.rules import (
    ADJOINT,
    AND,
    COEFFICIENT,
    FOURTH,
    FOURTH_COEFFICIENT,
    HESSIAN,
    INCREMENT,
    ORDERS,
    PARTIAL,
    SECOND,
    SECOND_ADJOINT,
    TANGENT,
    THIRD,
    THIRD_COEFFICIENT,
    VALUE,
)
from adtrace.checking.values import NoValue, value_of


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
    explained: Mapping[Column, float] = field(default_factory=dict)
    """Which share of each column it explains."""

    @property
    def work(self) -> Work:
        """The rows."""
        return self.draft.work

    def subjects(self, statement: Statement, left: Name | None) -> tuple[Subject, ...]:
        """The numbers that a statement may be of."""
        column = statement.column
        meaning, formulas = self.columns.get(column, NOTHING), column not in self.numbers
        return subjects(statement, left, meaning, self.contexts[column], self.work, formulas=formulas)


_SAME = 1e-9
"""Points by which no reading is better than another."""
_OF_ROWS = Meaning(OWN)
_PRIOR, _OF_QUOTIENTS = 3.0, 2.0
"""The most that speaks for a reading beside what the column says, and its heading."""
_SPOKEN = 12.0
"""What it costs to be of another variable than the one that the heading names."""
_MARKS = {"dot": TANGENT, "ddot": SECOND, "prime2": SECOND, "bar": ADJOINT, "dotbar": SECOND_ADJOINT, "delta": ADJOINT,
          "order0": VALUE, "order1": TANGENT}  # fmt: skip
_OPEN_MARKS = {"prime": (TANGENT, ADJOINT, PARTIAL), "d": (ADJOINT, TANGENT), "grad": (ADJOINT, TANGENT),
               "order2": (SECOND, COEFFICIENT), "order3": (THIRD, THIRD_COEFFICIENT),
               "order4": (FOURTH, FOURTH_COEFFICIENT)}  # fmt: skip
"""Marks that mean one thing, and those that mean what explains the numbers."""


@dataclass(frozen=True)
class _Filled:
    """A column, and what stands in it."""

    place: Column
    members: Sequence[tuple[Statement, Name | None]]
    """Its statements, each with the last name to its left."""
    speaks: Mapping[str, float]
    """The quantities for which its heading speaks."""
    toward: frozenset[str]
    """The directions that its heading names."""
    is_of_operations: bool
    twice: tuple[str, ...] = ()
    """The pairs of independent variables by which its heading says that it is differentiated twice."""

    @cached_property
    def named(self) -> list[tuple[Statement, Name]]:
        """The statements that name a number: in the cell itself, or by a marked row among the operations."""
        marked = [(s, s.row if self.is_of_operations and s.row and s.row.mark else None) for s, _ in self.members]
        return [(s, name) for s, row in marked if (name := s.head or row) is not None]

    @cached_property
    def headless(self) -> list[tuple[Statement, Name | None]]:
        """The statements that are of their row."""
        return [(s, left) for s, left in self.members if s.head is None]

    @cached_property
    def sides(self) -> list[Part]:
        """All that is said in them."""
        return [part for s, _ in self.headless for part in s.parts if part.readings]

    @cached_property
    def beyond(self) -> list[int]:
        """How many points each of those and the statements after it can still earn: one for each side."""
        sides = [sum(bool(part.readings) for part in s.parts) for s, _ in self.headless]
        return [*accumulate(reversed(sides))][::-1]

    @cached_property
    def marked(self) -> int:
        """How many of them stand in the row of a marked name."""
        return sum(s.row is not None and bool(s.row.mark) for s, _ in self.headless)

    @cached_property
    def is_of_adjoints(self) -> bool:
        """Whether most of them stand in the row of a name whose mark is that of adjoints alone."""
        marks = [s.row.mark for s, _ in self.headless if s.row is not None]
        return 2 * sum(_MARKS.get(mark) in (ADJOINT, SECOND_ADJOINT) for mark in marks) > len(self.headless)

    @cached_property
    def is_of_numbers(self) -> bool:
        """Whether it holds numbers more than formulas."""
        return not self.is_of_operations and 2 * sum(part.is_number for part in self.sides) > len(self.sides)

    @cached_property
    def weighed(self) -> int:
        """How many sides are held against the numbers that they may be of."""
        named = sum(bool(part.readings) for s, _ in self.named for part in s.parts)
        return named + (0 if self.is_of_operations else len(self.sides))

    @cached_property
    def most(self) -> float:
        """Points beyond which it can come in no reading: for each side, and for what its heading and its neighbours
        speak for.
        """
        spoken = max(0.0, 0.0, *self.speaks.values())
        quotients = any(name.mark == "leibniz" for _, name in self.named)
        points = self.weighed + (spoken + _OF_QUOTIENTS if quotients else 0.0)
        if self.is_of_operations:
            return points + self.operations
        return points + (spoken + _PRIOR if self.sides else 0.0)

    @cached_property
    def operations(self) -> int:
        """How many rows have a formula in it."""
        plain = (s for s, _ in self.members if s.row is not None and not s.row.mark)
        return sum(any(part.is_formula and part.is_plain for part in s.parts) for s in plain)


def _filled(
    tables: Iterable[Table], statements: Sequence[Statement], work: Work, operations: frozenset[Column]
) -> list[_Filled]:
    """The columns in the order in which the document begins them."""
    headings = {(table.number, j): cell for table in tables for j, cell in enumerate(table.heading)}
    orders = {(t.number, j): more for t in tables for j, more in enumerate(by_order(t.heading, work.same))}
    columns: dict[Column, list[tuple[Statement, Name | None]]] = {}
    for statement, left in zip(statements, lefts(statements), strict=True):
        columns.setdefault(statement.column, []).append((statement, left))
    found = []
    for place, members in columns.items():
        heading = headings.get(place[:2])
        heading = entry(heading, place[2]) if heading is not None else None
        speaks = evidence(heading) if heading is not None else {}
        speaks |= orders.get(place[:2], {})
        speaks = _by_marks(heading, work) | speaks if heading is not None else speaks
        toward = frozenset((*directions(heading), *_vector(heading, work))) if heading is not None else frozenset[str]()
        pairs = twice(heading) if heading is not None else ()
        both = tuple(" ".join(names) for names in pairs if {*map(work.same.get, names)} <= {*work.inputs})
        if both:
            speaks, toward = {HESSIAN: 3.0}, frozenset[str]()
        found.append(_Filled(place, members, speaks, toward, place in operations, both))
    return found


def _by_marks(heading: Cell, work: Work) -> dict[str, float]:
    """What the marked names of a heading speak for, which are of no row: ``v̄_i``, ``∂f/∂v``."""
    names = [name for chain in heading.chains for part in chain.parts for name in part.names]
    marks = {_MARKS.get(name.mark) for name in names}
    for name in names:
        if name.mark == "leibniz" and name.variable not in work.same:  # ∂v/∂v_1 is of a row by another
            local = name.of.partition("_")[0] == name.variable.partition("_")[0]
            marks.add(PARTIAL if local else ADJOINT)
    return {quantity: 2.0 for quantity in (ADJOINT, TANGENT, PARTIAL) if quantity in marks}


def _vector(heading: Cell, work: Work) -> Iterator[str]:
    """The seeds that a heading writes out: ``p = [0, 1]``."""
    for part in (part for chain in heading.chains for part in chain.parts if part.matrix and not part.names):
        entries = [entry.exact for entry in printed(part).entries]
        for name, seed in work.seeds.items():
            if len(seed) == len(entries) and all(value_of(t, {}) == x for t, x in zip(seed, entries, strict=True)):
                yield name


def interpreted(
    tables: Sequence[Table], statements: Sequence[Statement], draft: Draft, operations: frozenset[Column],
    least: float = -inf,
) -> Interpretation | None:  # fmt: skip
    """The interpretation of statements that explains most, the operations being known; None where it is seen before
    the end that it comes to less than the least that matters.  Raises `NoValue`.
    """
    if not draft.outputs:
        raise NoValue("no row of it is known")
    draft = _seeded(tables, statements, draft)
    columns, scoring = _filled(tables, statements, draft.work, operations), Scoring(draft.work)
    best: _Reading | None = None
    for marks in _marks(statements):
        reading = _Reading(draft, marks, scoring, columns, max(least, best.score) if best else least)
        if reading.is_enough and (best is None or reading.rank() > best.rank()):
            best = reading
    if best is None:
        return None
    numbers = frozenset(column.place for column in columns if column.is_of_numbers)
    answered = _answered(statements, best.meanings)
    sides = sum(column.weighed for column in columns)
    missed = 1 - sum(best.earned.values()) / sides if sides else 1.0
    explained = {column.place: best.earned[column.place] / column.weighed for column in columns if column.weighed}
    return Interpretation(draft, best.meanings, best.contexts, operations, numbers, answered, best.score, missed,
                          explained)  # fmt: skip


def _seeded(tables: Iterable[Table], statements: Sequence[Statement], draft: Draft) -> Draft:
    """The draft with the seeds, the weights and the name of the direction that its tables print."""
    letter = next((name.seed for s in statements for part in s.parts for name in part.names if name.seed), "")
    draft = replace(draft, letter="" if letter in draft.same else letter)
    draft = with_seeds(statements, with_constants(statements, draft))
    headings = ((table.number, j, cell) for table in tables for j, cell in enumerate(table.heading))
    return with_weights(statements, draft, {(number, j) for number, j, cell in headings if ADJOINT in evidence(cell)})


def _marks(statements: Sequence[Statement]) -> Iterator[dict[str, str]]:
    """All that the marks in statements may mean together."""
    said = {name.mark for s in statements for part in s.parts for name in part.names}
    said |= {name.mark for s in statements for name in (s.head, s.row) if name is not None}
    several = [mark for mark in _OPEN_MARKS if mark in said]
    for chosen in product(*(_OPEN_MARKS[mark] for mark in several)):
        yield {**_MARKS, **dict(zip(several, chosen, strict=True))}


def _answered(statements: Sequence[Statement], meanings: Mapping[Column, Meaning]) -> frozenset[tuple[int, int, str]]:
    quantities = [(s, meanings.get(s.column, NOTHING).quantity) for s in statements]
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

    def __init__(
        self, draft: Draft, marks: Mapping[str, str], scoring: Scoring, columns: Sequence[_Filled], least: float
    ) -> None:  # fmt: skip
        self.meanings: dict[Column, Meaning] = {}
        self.contexts: dict[Column, Context] = {}
        self.score = 0.0
        self.earned: dict[Column, float] = {}
        """The points for what is said in each column alone."""
        self._draft, self._marks, self._scoring = draft, marks, scoring
        self._naming: Context | None = None
        """What names mean in the last column that has some."""
        self._named: Column | None = None
        self._numbered = False
        """Whether there are numbers in it, too; formulas are the same along every seed."""
        self._used: set[tuple[int, Meaning, bool]] = set()
        """The meanings of each table, of its numbers and of its formulas."""
        self._formulas: set[tuple[int, int]] = set()
        self.is_enough = self._add_all(columns, least)
        """Whether it comes to the least that matters."""

    def rank(self) -> float:
        """How much it explains, alike for sums in another order."""
        return round(self.score, 8)

    def _add_all(self, columns: Sequence[_Filled], least: float) -> bool:
        """What the columns are, and whether they come to the least that matters; where not, the last are left out."""
        left = sum(column.most for column in columns)
        for column in columns:
            left -= column.most
            if self.score + column.most + left < least or not self._add(column, least - left):
                return False
        self._unite(columns)
        return True

    def _add(self, column: _Filled, least: float) -> bool:
        """What the next column is; nothing where the score cannot come to the least that matters."""
        place = column.place
        points, self.meanings[place], self.contexts[place], self.earned[place] = self._explicit(column)
        self.score += points
        if any(s.head for s, _ in column.members):
            self._naming, self._named = self.contexts[place], place
            self._numbered = any(part.is_number for s, _ in column.members for part in s.parts)
        if column.sides and not column.is_of_operations:
            best = self._best(column, least - self.score)
            self.score += best.points
            self.earned[place] += best.earned
            self.meanings[place], self.contexts[place] = best.meaning, best.context
            along = best.meaning.quantity in (OWN, SECOND_ADJOINT) and not self._numbered
            if self._named is not None and (best.meaning.quantity == LEFT or (along and column.is_of_numbers)):
                self.contexts[self._named] = best.context
            self._used.add((place[0], best.meaning, column.is_of_numbers))
        elif column.is_of_operations:
            self.score += column.operations
        return self.score >= least

    def _unite(self, columns: Sequence[_Filled]) -> None:
        """Formulas are along the seed, or of the output, that the numbers beside them are of."""
        for table in {column.place[0] for column in columns}:
            own = [c for c in columns if c.place[0] == table and self.meanings[c.place].quantity == OWN]
            found = list(dict.fromkeys(self.contexts[column.place] for column in own))
            if len(found) < 2:
                continue
            ranked = {one: [self._ranked(c, _OF_ROWS, one, self._before(c, _OF_ROWS)) for c in own] for one in found}
            context = max(ranked, key=lambda one: sum(each.points for each in ranked[one]))
            self.contexts |= {column.place: context for column in own}

    def _explicit(self, column: _Filled) -> _Ranked:
        """A column by its heading, with the seed and the output of its names: those which explain most of what it
        says of them.
        """
        draft, speaks = self._draft, column.speaks
        meaning = Meaning(VALUE) if column.is_of_operations else _by_heading(column, draft)
        meant = {self._marks.get(name.mark, "") for _, name in column.named}
        said = max((weight for quantity, weight in speaks.items() if quantity in meant), default=0.0)
        best: _Ranked | None = None
        kinds = _of_quotients(column).items()
        for seed, output, (quotient, prior) in product(_seeds(draft, column.toward), _outputs(draft), kinds):
            context = Context(seed, output, self._marks, quotient, draft.letter)
            earned = sum(self._scoring.of(s, context.subjects(name, draft.work), context) for s, name in column.named)
            points = earned + said + speaks.get(quotient, 0.0) - _cost(seed, draft) + prior
            if best is None or points > best.points + _SAME:
                best = _Ranked(points, meaning, context, earned)
        assert best is not None
        return best

    def _best(self, column: _Filled, least: float) -> _Ranked:
        """What explains most of the numbers and formulas that do not say what they are of, if it comes to the least."""
        if any(part.is_formula for part in column.sides):
            self._formulas.add(column.place[:2])
        draft, own = self._draft, self.contexts[column.place]
        candidates = (*_of_names(column, draft, own, self._naming), *_of_quantities(column, draft, own))
        before = [self._before(column, meaning) for meaning, _ in candidates]
        spoken = bool(column.speaks or column.toward or any(meaning.quantity == OWN for meaning, _ in candidates))
        least = least if spoken or least > 0 else -inf  # what nothing speaks for may be nothing
        best, first = _Ranked(-inf, NOTHING, own), len(candidates)
        for k in sorted(range(len(candidates)), key=lambda k: -before[k]):  # the likely ones cut the others short
            found = self._ranked(column, *candidates[k], before[k], max(least, best.points))
            if (found.points, -k) > (best.points, -first):
                best, first = found, k
        return best if spoken or best.points > 0 else _Ranked(0.0, NOTHING, best.context)

    def _before(self, column: _Filled, meaning: Meaning) -> float:
        """What speaks for a meaning before any number is looked at."""
        return _prior(meaning, column, self._draft) + self._beside(column, meaning)

    def _ranked(
        self, column: _Filled, meaning: Meaning, context: Context, before: float, least: float = -inf
    ) -> _Ranked:
        """How much a meaning explains; nothing is added any more once it cannot come to the least that matters."""
        work, is_number, points = self._draft.work, column.is_of_numbers, 0.0
        for (s, left), beyond in zip(column.headless, column.beyond, strict=True):
            if points + beyond + before < least - _SAME:
                points = -inf
                break
            of = subjects(s, left, meaning, context, work, formulas=not is_number)
            points += self._scoring.of(s, of, context)
        if points < 0 and meaning.quantity == ADJOINT and is_number:
            each = ((s, subjects(s, left, meaning, context, work)) for s, left in column.headless)
            points = max(points, self._scoring.of_multiples(each))
        return _Ranked(points + before, meaning, context, points)

    def _beside(self, column: _Filled, meaning: Meaning) -> float:
        """What the columns before it speak for: partials in their order, numbers beside formulas, nothing twice."""
        table, place, _ = column.place
        points, is_number = 0.0, column.is_of_numbers
        if meaning.quantity == PARTIAL:
            last = replace(meaning, by=str(int(meaning.by) - 1))
            points += 1.5 if (table, last, is_number) in self._used else 0
        if is_number and self.meanings.get((table, place - 1, 0)) == meaning and (table, place - 1) in self._formulas:
            points += 0.8
        used = (table, meaning, is_number) in self._used and meaning.quantity not in (OWN, LEFT)
        return points - (1.0 if used else 0.0)


def _of_quotients(column: _Filled) -> dict[str, float]:
    """What the quotients of a column may be, and what speaks for it: ∂y/∂v_1 and ∂y/∂v_2 are adjoints, ∂v_1/∂x and
    ∂v_2/∂x tangents; nothing where it has none.
    """
    quotients = [name for _, name in column.named if name.mark == "leibniz"]
    is_along = len({name.of for name in quotients}) > len({name.variable for name in quotients})
    return {TANGENT if is_along else ADJOINT: _OF_QUOTIENTS, PARTIAL: 0.0} if quotients else {"": 0.0}


def _outputs(draft: Draft) -> list[str]:
    """What may be differentiated: each output, and the sum of several."""
    return [*draft.outputs, SUM.join(draft.outputs)] if len(draft.outputs) > 1 else [*draft.outputs]


def _seeds(draft: Draft, toward: frozenset[str]) -> list[str]:
    """The seeds to be tried, those first that are spoken of."""
    names = list(draft.work.seeds)
    spoken = {draft.same.get(name, "") for name in toward} | ({ASKED} if draft.asked.seed else set())
    return sorted(names, key=lambda name: name not in spoken) or [""]


def _cost(seed: str, draft: Draft) -> float:
    """A seed that is only printed is a choice that must explain more than a unit seed does."""
    if seed in draft.work.inputs or seed == ASKED:
        return 0.0
    return 0.5 + (0 if draft.work.exact.of_arrays else len(draft.work.inputs))


def _of_names(
    column: _Filled, draft: Draft, context: Context, naming: Context | None
) -> Iterator[tuple[Meaning, Context]]:
    """What a column may be of by the names of its rows; ``naming`` is what names in a column before it mean."""
    lefts = [(left, s.row) for s, left in column.headless if left is not None]
    if any(left != row for left, row in lefts):
        before = naming or context
        yield Meaning(LEFT), before
        if any(left.mark == "dotbar" for left, _ in lefts):  # a formula is the same along all of them
            yield from ((Meaning(LEFT), replace(before, seed=seed)) for seed in draft.work.seeds)
    if column.marked:
        pairs = product(draft.work.seeds or ("",), _outputs(draft))
        yield from ((Meaning(OWN), Context(seed, output, context.marks)) for seed, output in pairs)


def _of_quantities(column: _Filled, draft: Draft, context: Context) -> Iterator[tuple[Meaning, Context]]:
    """What a column may be of as a quantity of its rows."""
    seeds, speaks = draft.work.seeds, column.speaks
    yield Meaning(VALUE), context
    yield from ((Meaning(TANGENT, seed), replace(context, seed=seed)) for seed in seeds)
    yield from ((Meaning(ADJOINT, output), replace(context, output=output)) for output in _outputs(draft))
    for seed, output in product(seeds, draft.outputs) if SECOND_ADJOINT in speaks else ():
        yield Meaning(SECOND_ADJOINT, f"{output}{AND}{seed}"), replace(context, seed=seed, output=output)
    yield from ((Meaning(HESSIAN, both), context) for both in column.twice)
    most = max(map(len, draft.work.operands.values()), default=0)
    places = range(min(most, _MOST_OPERANDS))
    yield from ((Meaning(PARTIAL, str(place)), context) for place in places)
    for place, output in product(places, draft.outputs) if INCREMENT in speaks else ():
        yield Meaning(INCREMENT, f"{place}{AND}{output}"), replace(context, output=output)
    orders = [SECOND, *(quantity for quantity in ORDERS if quantity != SECOND and quantity in speaks)]
    yield from ((Meaning(quantity, seed), replace(context, seed=seed)) for quantity, seed in product(orders, seeds))


_MOST_OPERANDS = 4
"""Operands of one row that have a column of partials each."""


def _prior(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    """What speaks for a meaning before any number is looked at."""
    special = _PRIORS.get(meaning.quantity)
    points = special(meaning, column, draft) if special else 0.0
    if meaning.quantity in (OWN, LEFT):
        return points
    return points + column.speaks.get(meaning.quantity, 0.0) - (0.5 if SUM in meaning.by else 0.0)


def _prior_of_own(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    return 1.5 if 2 * column.marked > len(column.headless) else 0.5


def _prior_of_left(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    return 0.5


def _prior_of_value(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    return -_SPOKEN if VALUE not in column.speaks and _spoken(column, draft) & set(draft.work.inputs) else 0.0


def _prior_along(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    """A tangent is along the direction that is spoken of, if one is."""
    spoken = _spoken(column, draft)
    if column.is_of_adjoints and TANGENT not in column.speaks:
        return -_SPOKEN  # as a seed the adjoints of the inputs would explain themselves
    if meaning.by in spoken:
        return 1.5 - _cost(meaning.by, draft)
    return -_SPOKEN if spoken & set(draft.work.inputs) else -_cost(meaning.by, draft)


def _prior_of_order(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    return _prior_along(meaning, column, draft) - (0.0 if meaning.quantity in column.speaks else 2.5)


def _prior_of_partial(meaning: Meaning, column: _Filled, draft: Draft) -> float:
    unsaid = PARTIAL not in column.speaks
    return -0.5 * int(meaning.by) - (_SPOKEN if column.toward and unsaid else 0.0) - (0.75 if unsaid else 0.0)


def _spoken(column: _Filled, draft: Draft) -> set[str]:
    """The directions of a heading as they are called in the rows."""
    return {draft.same.get(name, name) for name in column.toward}


_PRIORS: Mapping[str, Callable[[Meaning, _Filled, Draft], float]] = {
    OWN: _prior_of_own, LEFT: _prior_of_left, VALUE: _prior_of_value, TANGENT: _prior_along,
    PARTIAL: _prior_of_partial, **dict.fromkeys(ORDERS, _prior_of_order),
}  # fmt: skip


def _by_heading(column: _Filled, draft: Draft) -> Meaning:
    """What an empty column, or one of words, is by its heading alone."""
    quantities = {quantity: weight for quantity, weight in column.speaks.items() if quantity != OPERATION}
    if not quantities:
        return Meaning(VALUE) if OPERATION in column.speaks else NOTHING
    quantity = max(quantities, key=lambda name: quantities[name])
    seed = _seeds(draft, column.toward)[0]
    by = dict.fromkeys((TANGENT, *ORDERS), seed) | {
        ADJOINT: draft.outputs[0], PARTIAL: "0", HESSIAN: "".join(column.twice[:1]),
        INCREMENT: f"0{AND}{draft.outputs[0]}",
    }  # fmt: skip
    return Meaning(quantity, by.get(quantity, ""))
