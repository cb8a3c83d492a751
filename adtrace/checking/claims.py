"""What the statements of a document claim, what is found of each claim, and statements that name another row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from adtrace.checking.cells import Part
from adtrace.checking.figures import Context, Subject, Work
from adtrace.checking.interpret import Interpretation
from adtrace.checking.layouts import Column, Statement
from adtrace.checking.meanings import lefts
from adtrace.checking.names import plainly
from adtrace.checking.numerals import Printed
from adtrace.checking.reporting import RIGHT, WRONG, Place
from adtrace.numbers import Scalar

_MANY = 3
"""Rows of a column that name themselves among which one that does not is a slip."""


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


def mislabelled(statements: Iterable[Statement]) -> frozenset[tuple[Place, Column]]:
    """The statements that name another row than the one in which they stand, where their column does so nowhere else:
    that other row is named again in its own place, and theirs nowhere.
    """
    columns: defaultdict[Column, list[tuple[str, str, Place]]] = defaultdict(list)
    for s in statements:
        if s.head is not None and s.row is not None and s.parts:
            columns[s.column].append((s.head.variable, s.row.variable, s.place))
    found = []
    for column, members in columns.items():
        odd = [member for member in members if member[0] != member[1]]
        heads = [head for head, row, _ in members if head == row]
        if len(odd) == 1 and len(heads) >= _MANY and odd[0][0] in heads and odd[0][1] not in heads:
            found.append((odd[0][2], column))
    return frozenset(found)


def misplaced(judgements: Iterable[Judgement], statements: Sequence[Statement], work: Work) -> list[Judgement]:
    """The judgements, with what is right of another row as wrong where it stands: ``v̇_2 = ...`` in the row of v_1, in a
    column in which most name their own rows.
    """
    named = {(s.place, s.column): own for s in statements if (own := _is_own(s, work)) is not None}
    counts = Counter((column, own) for (_, column), own in named.items())
    strangers = {
        (place, column) for (place, column), own in named.items()
        if not own and counts[column, True] > max(1, counts[column, False])
    }  # fmt: skip
    found = []
    for judgement in judgements:
        s = judgement.claim.statement
        if judgement.state == RIGHT and (s.place, s.column) in strangers:
            head, row = (plainly(name.variable) if name else "" for name in (s.head, s.row))
            judgement = replace(judgement, state=WRONG, reason=f"it is of {head}, and stands in the row of {row}")  # noqa: PLW2901
        found.append(judgement)
    return found


def _is_own(statement: Statement, work: Work) -> bool | None:
    """Whether a statement names the variable of its row; None where it, or its row, names none."""
    head, row = statement.head, statement.row
    if head is None or row is None or row.mark or not statement.parts or head.of:  # df/dx says both
        return None
    one, other = (work.same.get(name.variable, "") for name in (head, row))
    return one == other if one and other else None
