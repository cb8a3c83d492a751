"""What the statements of a document claim, what is found of each claim, and statements that name another row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from adtrace.checking.interpretations.interpret import Interpretation
from adtrace.checking.interpretations.meanings import lefts
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import Name, plainly
from adtrace.checking.reporting import RIGHT, WRONG, Place
from adtrace.checking.statements.layouts import Column, Statement
from adtrace.checking.work.contexts import Context
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.numerals import Printed
from adtrace.checking.work.values import is_worked
from adtrace.numbers import Scalar


@dataclass(frozen=True)
class Claim:
    """One side of a statement, and the number that it is said to be."""

    statement: Statement
    part: Part
    place: int
    """Which side of the statement, from 0."""
    subjects: tuple[Subject, ...]
    """What it may be of; none where nothing is known of it."""
    context: Context

    @property
    def row(self) -> tuple[int, int]:
        """The table and the row in which it stands."""
        return self.statement.place[:2]

    @property
    def is_number(self) -> bool:
        """Whether it is a number, written out or to be worked out."""
        return self.part.is_number

    @property
    def is_worked(self) -> bool:
        """Whether it is a working with numbers alone."""
        return self.is_number and is_worked(self.part.readings[0])


OF_ITS_WORKING = "it is not what its working comes to"
"""Why a number is wrong that nothing but its own working is held against."""
NO_VALUE = "it has no value to be compared with"
"""Why a number or a formula is not read for which none is known."""


@dataclass(frozen=True)
class Judgement:
    """What is found of a claim."""

    claim: Claim
    subject: Subject | None
    state: str
    how: str = ""
    follows: Place | None = None
    expected: Scalar | None = None
    """The number that should stand there."""
    reason: str = ""
    """Why it is not read, or what is wrong where no slip explains it."""
    printed: Printed | None = None


def claims(statements: Sequence[Statement], interpretation: Interpretation) -> list[Claim]:
    """All that the statements claim, in the order of the document."""
    found = []
    for statement, left in zip(statements, lefts(statements), strict=True):
        of = interpretation.subjects(statement, left)
        context = interpretation.contexts[statement.column]
        found += [Claim(statement, part, place, of, context) for place, part in enumerate(statement.parts)]
    return found


def misplaced(judgements: Iterable[Judgement], statements: Sequence[Statement], work: Work) -> list[Judgement]:
    """The judgements, with what is right of another row as wrong where it stands: ``v̇_2 = ...`` in the row of v_1, in a
    column in which most name their own rows.
    """
    strangers = _strangers(statements, work)
    found = []
    for judgement in judgements:
        s = judgement.claim.statement
        if judgement.state == RIGHT and (s.place, s.column) in strangers:
            head, row = map(plainly, strangers[s.place, s.column])
            judgement = replace(judgement, state=WRONG, reason=f"it is of {head}, and stands in the row of {row}")  # noqa: PLW2901
        found.append(judgement)
    return found


def _named_and_row(statements: Sequence[Statement], work: Work) -> dict[tuple[Place, Column], tuple[str, str]]:
    """What a statement is of, by itself and by its row, where it says both."""
    lone = {s.place._replace(column=s.place.column + 1): s for s in statements if s.head and not s.parts}
    begun = [(s, s.head or (s.parts[0].name if s.parts[1:] else None)) for s in statements if s.parts]
    each = [(s, head, _row_of(s, lone.get(s.place, s))) for s, head in begun]
    return {
        (s.place, s.column): (head.variable, row.variable)
        for s, head, row in each if head and row and not head.of  # df/dx says both
        if {head.variable, row.variable} <= work.same.keys()
    }  # fmt: skip


def _row_of(statement: Statement, before: Statement) -> Name | None:
    """The name alone before a statement, but for one of the same column, ``x | u = x^2`` across; else its row."""
    return before.head if before.column != statement.column else statement.row


def _own(
    named: Mapping[tuple[Place, Column], tuple[str, str]], exact: Collection[tuple[Column, str]], work: Work
) -> set[tuple[Place, Column]]:
    """The statements that name their row, by another name only where that has no row in the column, too."""
    own = {
        key for key, (head, row) in named.items()
        if work.same[head] == work.same[row] and (head == row or _letter(head) != _letter(row) or not _letter(row))
    }  # fmt: skip
    return own - {key for key, (head, row) in named.items() if head != row and (key[1], head) in exact}


def _letter(name: str) -> str:
    """The letter of a name with an index, of which one row has but one: v_7 is not v_9, y is y_1."""
    return name.rpartition("_")[0]


def _places(statements: Iterable[Statement]) -> dict[tuple[Column, str], str]:
    """The row in which each name of a column stands; one that is called v̄_4 itself is no place for v̄_2."""
    headed = [(s, s.head, s.row) for s in statements if s.parts and s.head]
    return {
        (s.column, head.variable): row.variable if row else ""
        for s, head, row in headed if not (row and row.mark == head.mark != "")
    }  # fmt: skip


def _strangers(statements: Sequence[Statement], work: Work) -> dict[tuple[Place, Column], tuple[str, str]]:
    """The statements that name another row than their own, and both, in a column in which more name theirs; not those
    whose row stands elsewhere, nor those in whose own row another name of theirs stands: v̄_{-1} below x̄_1.
    """
    named = _named_and_row(statements, work)
    exact = {(column, head) for (_, column), (head, row) in named.items() if head == row}
    own = _own(named, exact, work)
    most = Counter(column for column, _ in exact) - Counter(column for _, column in named.keys() - own)
    taken = {(key[1], work.same[named[key][0]]) for key in own if len({*named[key]}) > 1}
    places = _places(statements)

    def is_placed(column: Column, head: str, row: str) -> bool:
        return (column, work.same[head]) in taken or places.get((column, row), head) != head  # and not in exchange

    others = {key: named[key] for key in named.keys() - own}
    return {key: of for key, of in others.items() if most[key[1]] > 0 and not is_placed(key[1], *of)}
