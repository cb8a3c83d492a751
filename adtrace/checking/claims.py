"""What the statements of a document claim, and what is found of each claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from adtrace.checking.cells import Part
from adtrace.checking.figures import Context, Subject
from adtrace.checking.interpret import Interpretation
from adtrace.checking.layouts import Column, Statement
from adtrace.checking.meanings import lefts
from adtrace.checking.numerals import Printed
from adtrace.checking.reporting import Place
from adtrace.language.syntax import Terms
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


@dataclass(frozen=True)
class Judgement:
    """What is found of a claim."""

    claim: Claim
    subject: Subject | None
    state: str
    how: str = ""
    follows: Place | None = None
    expected: Scalar | Terms | None = None
    """The number, or the formula, that should stand there."""
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


def mislabelled(statements: Sequence[Statement]) -> frozenset[tuple[Place, Column]]:
    """The statements that name another row than the one in which they stand, where their column does so nowhere else:
    that other row is named again in its own place, and theirs nowhere.
    """
    columns: defaultdict[Column, list[Statement]] = defaultdict(list)
    for statement in statements:
        if statement.head is not None and statement.row is not None and statement.parts:
            columns[statement.column].append(statement)
    found = []
    for members in columns.values():
        odd = [s for s in members if _names(s)[0] != _names(s)[1]]
        heads = [_names(s)[0] for s in members if s not in odd]
        if len(odd) == 1 and len(heads) >= _MANY and _names(odd[0])[0] in heads and _names(odd[0])[1] not in heads:
            found += [(odd[0].place, odd[0].column)]
    return frozenset(found)


def _names(statement: Statement) -> tuple[str, str]:
    """The variables of its head and of its row."""
    return statement.head.variable if statement.head else "", statement.row.variable if statement.row else ""


_MANY = 3
"""Rows of a column that name themselves among which one that does not is a slip."""
