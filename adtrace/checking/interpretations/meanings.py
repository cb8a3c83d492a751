"""What a column may be of, and how well that explains what is printed in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from math import inf
from typing import NamedTuple

from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import EDGE, Name
from adtrace.checking.statements.headings import RECEIVED
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.work.contexts import Context, along_edge
from adtrace.checking.work.figures import ENTRIES, OCCURRENCE, Figures, Subject, Work
from adtrace.checking.work.formulas import Unknown, holds
from adtrace.checking.work.numerals import Printed, agreement, printed
from adtrace.checking.work.rules import ADJOINT, AND, INCREMENT, PARTIAL, TANGENT, UPSTREAM, VALUE
from adtrace.checking.work.values import NoValue, is_closed, middle, shape_of
from adtrace.language.syntax import Apply
from adtrace.language.syntax import Name as Leaf

OWN, LEFT = "own", "left"
"""What a column may be beside a quantity: of the number that its row names; of what is named to its left."""


class Meaning(NamedTuple):
    """What a column is of."""

    quantity: str
    """A quantity of the rows, `OWN` or `LEFT`; nothing, where it is empty."""
    by: str = ""
    """Of a tangent its seed, of an adjoint the output, of a partial the place of its operand."""


NOTHING = Meaning("")


def subjects(
    statement: Statement, left: Name | None, meaning: Meaning, context: Context, work: Work, *, formulas: bool = False
) -> tuple[Subject, ...]:
    """The numbers that a statement may be of, if its column has this meaning."""
    name = statement.head or _named(statement.row, left, meaning)
    if name is not None:
        return context.subjects(name, work)
    row = along_edge(statement.row, work) if statement.row else None
    if row is None or meaning.quantity in ("", OWN, LEFT) or row.variable not in work.same:
        return ()
    return _of_row(row, meaning, work, formulas=formulas)


def _of_row(row: Name, meaning: Meaning, work: Work, *, formulas: bool) -> tuple[Subject, ...]:
    """The numbers of a row that a column with this meaning may have."""
    if row.seed == EDGE and meaning.quantity in (ADJOINT, INCREMENT):  # what it passes on, and what comes of that
        _, part, output = meaning.by.rpartition(AND)
        return (Subject(meaning.quantity, row.of, f"{row.variable}{AND}{output}" if part else output),)
    if meaning.quantity == UPSTREAM:
        return _from_above(row.variable, meaning.by, work)
    if meaning.quantity == INCREMENT:
        place, output = meaning.by.split(AND, 1)
        if place.startswith(RECEIVED):
            return () if row.mark else _received(row.variable, place.removeprefix(RECEIVED).strip(), output, work)
        each = _partials(row.variable, int(place), work)
        return tuple(Subject(INCREMENT, row.variable, f"{partial.by}{AND}{output}") for partial in each)
    if meaning.quantity == PARTIAL:
        each = _partials(row.variable, int(meaning.by), work)
        by_entries = (partial._replace(by=partial.by + ENTRIES) for partial in each if work.has_arrays)
        return (*each, *by_entries)
    subject = Subject(meaning.quantity, row.variable, meaning.by)
    if meaning.quantity == TANGENT and formulas and work.same[row.variable] in work.inputs:
        return (subject._replace(by=work.same[row.variable]), subject)  # one formula stands for all directions
    return (subject,)


def _from_above(variable: str, output: str, work: Work) -> tuple[Subject, ...]:
    """The adjoint of the one row that uses a variable."""
    uses = {*work.uses.get(work.same[variable], ())}
    return tuple(Subject(ADJOINT, use, output) for use in uses) if len(uses) == 1 else ()


def _received(variable: str, use: str, output: str, work: Work) -> tuple[Subject, ...]:
    """What a use, by its name or its place among those of a variable, adds to the adjoint of that; a result has the
    seed instead.
    """
    each = work.uses.get(work.same[variable], ())
    if not each:
        return (Subject(ADJOINT, variable, output),)
    places = {str(k): other for k, other in enumerate(each)} | {str(k - len(each)): o for k, o in enumerate(each)}
    other = use if use in work.same else places.get(use)
    return (Subject(INCREMENT, other, f"{variable}{AND}{output}"),) if other else ()


def _named(row: Name | None, left: Name | None, meaning: Meaning) -> Name | None:
    """The name that a statement without one of its own is about, if it is about a name and not about its row."""
    if meaning.quantity == LEFT:
        return left
    by_row = row is not None and (meaning.quantity == OWN or (bool(row.mark) and meaning.quantity == VALUE))
    return row if by_row else None


def _partials(variable: str, place: int, work: Work) -> tuple[Subject, ...]:
    """The partial of a row by its operand at this place; of an independent variable by itself, too."""
    same = work.same[variable]
    operands = work.operands.get(same, work.inputs)[place : place + 1]
    leaves = [t for t in work.operations.get(same, ()) if type(t) is not Apply][place : place + 1]
    operands = (*operands, *(work.same[t.name] for t in leaves if type(t) is Leaf and t.name in work.same))  # 2*u
    itself: tuple[str, ...] = (same,) if same in work.inputs and not place else ()
    each = [work.same.get(t.name, "") for t in work.operations.get(same, ()) if type(t) is Leaf]
    each = [operand for operand in each if operand]
    if len(set(each)) < len(each):  # u*u has two operands that are one variable
        itself = tuple(f"{operand}{OCCURRENCE}{place}" for operand in each[place : place + 1])
    return tuple(Subject(PARTIAL, variable, operand) for operand in dict.fromkeys((*operands, *itself)))


def lefts(statements: Sequence[Statement]) -> list[Name | None]:
    """For each statement the last name to its left in its row that a cell gives a statement of its own."""
    found: list[Name | None] = []
    last: Name | None = None
    line: tuple[int, int] | None = None
    for statement in statements:
        here = (statement.place.table, statement.place.row)
        if here != line:
            line, last = here, None
        found.append(last)
        last = statement.head or last
    return found


_LEAST, _FEWEST, _SPREAD = 0.05, 3, 0.01
"""What is divided by, how many numbers tell of a multiple, and how far the multiples of rounded numbers lie apart."""
_MULTIPLE = 0.9
"""What a multiple earns, less than the number itself."""


class Scoring:
    """How well meanings explain what is printed; each part is looked at once for each subject."""

    def __init__(self, work: Work, most: int) -> None:
        self.work, self.most = work, most
        """The rows, and of how many derivatives of one kind a column may be."""
        self._known: dict[tuple[int, Subject, Context | None], float] = {}

    def of(self, statement: Statement, found: tuple[Subject, ...], context: Context) -> float:
        """The points of a statement: of every side of it the best that one of its subjects earns."""
        parts = (part for part in statement.parts if part.readings)
        return sum(max((self._part(part, subject, context) for subject in found), default=-0.2) for part in parts)

    def of_own(self, statement: Statement | None) -> int:
        """How far the number in the row of a variable speaks for a derivative by it, or of it: most if it is 1, not if
        it is 0; a slip stands for neither.
        """
        if statement is None or not statement.parts:
            return 1
        with suppress(NoValue):
            number, arithmetic = printed(statement.parts[-1]), self.work.exact.arithmetic
            return 2 if agreement(number, arithmetic.one) else 0 if agreement(number, arithmetic.zero) else 1
        return 1

    def of_multiples(self, found: Iterable[tuple[Statement, tuple[Subject, ...]]]) -> float:
        """The points of numbers that are all the same multiple of what they should be: of adjoints, by another seed."""
        alike, least, most = list[float](), inf, -inf
        for statement, (subject, *_) in ((s, of) for s, of in found if of and s.parts):
            try:
                number, true = printed(statement.parts[-1]), self.work.exact[subject]
                if number.shape or shape_of(true):
                    return -inf
                shown, wanted = middle(number.exact), middle(true)
            except NoValue:
                continue
            if abs(wanted) > _LEAST:
                alike.append(shown / wanted)
                if (least := min(least, alike[-1])) + _SPREAD * abs(least) < (most := max(most, alike[-1])):
                    return -inf  # nor will they be with more of them
        return _MULTIPLE * len(alike) if len(alike) >= _FEWEST else -inf

    def of_followers(self, found: Iterable[tuple[Statement, tuple[Subject, ...]]]) -> float:
        """The points of the tangents or the adjoints of a column where a wrong one is carried on: each that is not the
        right number but comes from those that are printed earns nearly as much.
        """
        exact, shown = self.work.exact, dict[str, float]()
        subjects = [(of[0], printed(s.parts[-1])) for s, of in found if of and s.parts and s.parts[-1].is_number]
        with suppress(NoValue):
            for subject, number in subjects:
                if number.shape:
                    return -inf
                shown.setdefault(self.work.same[subject.variable], middle(number.exact))
            return sum(self._followed(subject, number, shown, exact) for subject, number in subjects)
        return -inf

    def _followed(self, subject: Subject, number: Printed, shown: Mapping[str, float], exact: Figures) -> float:
        if agreement(number, exact[subject]):
            return 1.0
        sources = self.work.sources(subject)
        if not sources or not sources.keys() <= shown.keys() or any(shape_of(exact[of]) for of in sources.values()):
            return -0.4
        value = sum(middle(exact[partial]) * shown[other] for other, partial in sources.items())
        return _MULTIPLE if abs(value - middle(number.exact)) <= _SPREAD * max(abs(value), _LEAST) else -0.4

    def _part(self, part: Part, subject: Subject, context: Context) -> float:
        # parts live as long as the cells of the document; a number is the same in all contexts
        key = (id(part), subject, None if part.is_number else context)
        if key not in self._known:
            self._known[key] = self._points(part, subject, context)
        return self._known[key]

    def _points(self, part: Part, subject: Subject, context: Context) -> float:
        for terms in part.readings:
            try:
                if is_closed(terms):
                    if agreement(printed(part), self.work.exact[subject]):
                        return 1.0
                elif holds(terms, subject, self.work, context):
                    return 1.0
            except Unknown:
                return -0.2
            except NoValue:
                continue
        return -0.4
