"""The columns of tables: what stands in each, and what its heading speaks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.draft import Draft
from adtrace.checking.interpretations.meanings import lefts
from adtrace.checking.readings.cells import Cell, Part
from adtrace.checking.readings.names import EDGE, Name
from adtrace.checking.statements.headings import by_order, directions, entry, evidence, twice, uses
from adtrace.checking.statements.layouts import Column, Statement, Table
from adtrace.checking.work.figures import Work
from adtrace.checking.work.numerals import printed
from adtrace.checking.work.rules import ADJOINT, HESSIAN, MARKS, PARTIAL, SECOND_ADJOINT, TANGENT
from adtrace.checking.work.values import is_worked, value_of

_PRIOR, OF_QUOTIENTS = 3.0, 2.0
"""The most that speaks for a reading beside what the column says, and its heading; and for one of its quotients."""

_BESIDE = 1.5
"""What speaks against values in a column beside derivatives: one slip may make it look like them."""

SAMPLE = 40
"""Statements from all of a column that are weighed first: what explains none of them is not looked at further."""


@dataclass(frozen=True)
class Filled:
    """A column, and what stands in it."""

    place: Column
    members: Sequence[tuple[Statement, Name | None]]
    """Its statements, each with the last name to its left."""
    speaks: Mapping[str, float]
    """The quantities for which its heading speaks."""
    toward: frozenset[str]
    """The directions that its heading names, as they are called in the rows."""
    is_of_operations: bool
    twice: tuple[str, ...] = ()
    """The pairs of independent variables by which its heading says that it is differentiated twice."""
    along: frozenset[str] = frozenset()
    """The independent variable whose name alone is its heading: of derivatives, that by which they are."""
    uses: tuple[str, ...] = ()
    """The rows through which its heading says that its numbers come."""

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
    def weighing(self) -> list[tuple[Statement, Name | None, int]]:
        """Those in the order in which they are weighed, of a long column first some from all of it, each with the
        points that it and those after it can still earn.
        """
        step = max(1, len(self.headless) // SAMPLE)
        places = sorted(range(len(self.headless)), key=lambda k: k % step > 0)
        beyond = still_to_earn(self.headless[k][0] for k in places)
        return [(*self.headless[k], most) for k, most in zip(places, beyond, strict=True)]

    @cached_property
    def marked(self) -> int:
        """How many of them stand in the row of a marked name."""
        return sum(s.row is not None and bool(s.row.mark) for s, _ in self.headless)

    @cached_property
    def of_edges(self) -> bool:
        """Whether each of them stands in the row of an edge."""
        return bool(self.headless) and all(s.row is not None and s.row.seed == EDGE for s, _ in self.headless)

    @cached_property
    def beside(self) -> float:
        """What speaks against values, where each stands behind the name of a derivative."""
        return _BESIDE if all(left is not None and left.mark for _, left in self.headless) else 0.0

    @cached_property
    def is_of_adjoints(self) -> bool:
        """Whether most of them stand in the row of a name whose mark is that of adjoints alone."""
        marks = [s.row.mark for s, _ in self.headless if s.row is not None]
        return 2 * sum(MARKS.get(mark) in (ADJOINT, SECOND_ADJOINT) for mark in marks) > len(self.headless)

    @property
    def is_headed(self) -> bool:
        """Whether one of its statements names its number."""
        return any(s.head for s, _ in self.members)

    @property
    def has_numbers(self) -> bool:
        """Whether there is a number in it."""
        return any(part.is_number for s, _ in self.members for part in s.parts)

    @property
    def has_formulas(self) -> bool:
        """Whether there is a formula among what is said of its rows, or how numbers are worked out."""
        return any(part.is_formula for part in self.sides) or self.is_worked

    @cached_property
    def is_worked(self) -> bool:
        """Whether most of what is said of its rows are numbers that are worked out, ``2*3 + 1``."""
        return 2 * sum(part.is_number and is_worked(part.readings[0]) for part in self.sides) > len(self.sides)

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
        """Points beyond which it can come in no reading."""
        spoken = max(0.0, 0.0, *self.speaks.values())
        quotients = spoken + OF_QUOTIENTS if any(name.mark == "leibniz" for _, name in self.named) else 0.0
        beside = spoken + _PRIOR if self.sides and not self.is_of_operations else 0.0
        return self.weighed + self.operations + quotients + beside

    @cached_property
    def operations(self) -> int:
        """How many rows have a formula in it, if it is of operations."""
        rows = [s for s, _ in self.members if self.is_of_operations and s.row is not None and not s.row.mark]
        return sum(any(part.is_formula and part.is_plain for part in s.parts) for s in rows)


def still_to_earn(statements: Iterable[Statement]) -> list[int]:
    """How many points each statement and those after it can still earn: one for each side."""
    sides = [sum(bool(part.readings) for part in s.parts) for s in statements]
    return [*accumulate(reversed(sides))][::-1]


def filled(
    tables: Iterable[Table], statements: Sequence[Statement], draft: Draft, operations: frozenset[Column]
) -> list[Filled]:
    """The columns in the order in which the document begins them."""
    work, headings, orders = draft.work, dict[tuple[int, int], Cell](), dict[tuple[int, int], dict[str, float]]()
    for table in tables:
        for j, (cell, order) in enumerate(zip(table.heading, by_order(table.heading, work.same), strict=True)):
            headings[table.number, j], orders[table.number, j] = cell, order
    columns: dict[Column, list[tuple[Statement, Name | None]]] = {}
    for statement, left in zip(statements, lefts(statements), strict=True):
        columns.setdefault(statement.column, []).append((statement, left))
    found = []
    for place, members in columns.items():
        heading = entry(headings.get(place[:2], Cell("")), place[2])
        speaks = _by_marks(heading, work) | evidence(heading) | orders.get(place[:2], {})
        toward = frozenset(draft.same.get(name, name) for name in (*directions(heading), *_vector(heading, work)))
        both = tuple(" ".join(names) for names in twice(heading) if {*map(work.same.get, names)} <= {*work.inputs})
        if both:
            speaks, toward = {HESSIAN: 3.0}, frozenset[str]()
        alone = {part.name.variable for part in heading.parts if part.name and not part.name.mark}
        along = frozenset(work.inputs).intersection(map(draft.same.get, alone))
        through = tuple(name for name in uses(heading) if name in work.same)
        found.append(Filled(place, members, speaks, toward, place in operations, both, along, through))
    return found


def _by_marks(heading: Cell, work: Work) -> dict[str, float]:
    """What the marked names of a heading speak for, which are of no row: ``v̄_i``, ``∂f/∂v``."""
    names = [*heading.names]
    marks = {MARKS.get(name.mark) for name in names}
    letters = {name.partition("_")[0] for name in work.same if "_" in name}
    for name in names:
        if name.mark == "leibniz" and name.variable not in work.same:  # ∂v/∂v_1, ∂v/∂u are of a row by another
            of = name.of.partition("_")[0]
            local = of == name.variable.partition("_")[0] or (of in letters and of not in work.same)
            marks.add(PARTIAL if local else ADJOINT)
    return {quantity: 2.0 for quantity in (ADJOINT, TANGENT, PARTIAL, SECOND_ADJOINT) if quantity in marks}


def _vector(heading: Cell, work: Work) -> Iterator[str]:
    """The seeds that a heading writes out: ``p = [0, 1]``."""
    for part in (part for part in heading.parts if part.matrix and not part.names):
        entries = [entry.exact for entry in printed(part).entries]
        plain = {name: seed for name, seed in work.seeds.items() if not any(map(terms_shape, seed))}
        for name, seed in plain.items():
            if len(seed) == len(entries) and all(value_of(t, {}) == x for t, x in zip(seed, entries, strict=True)):
                yield name
