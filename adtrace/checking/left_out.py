"""The rows that a document leaves out, those that one of its tables leaves out, and what they cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, permutations

from adtrace.arrays.table import LOSSES
from adtrace.checking.claims import Judgement
from adtrace.checking.drafts import Draft
from adtrace.checking.figures import Subject, Work
from adtrace.checking.interpret import Interpretation
from adtrace.checking.layouts import Statement
from adtrace.checking.meanings import lefts
from adtrace.checking.names import Name as Written
from adtrace.checking.names import plainly
from adtrace.checking.reporting import EMPTY, MISSING_ROW, NOT_ASKED, NOTE, Finding, Problem
from adtrace.checking.rewriting import text_of
from adtrace.checking.rules import ADJOINT, AND, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.language.syntax import Apply, Name

_OF_ROWS = {"": VALUE, "dot": TANGENT, "d": TANGENT, "bar": ADJOINT, "dotbar": SECOND_ADJOINT}
"""The quantity for which there are rows, by the mark of their names."""


@dataclass
class _Names:
    """The names of one quantity in one table: those that have a row there, and those that its formulas use."""

    rows: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


def missing(
    statements: Sequence[Statement], judgements: Sequence[Judgement], interpretation: Interpretation,
    told: Iterable[Finding], asked: frozenset[str],
) -> Iterator[Problem]:  # fmt: skip
    """The rows that a table leaves out: named by another, or a few of what is there for all others."""
    work, draft = interpretation.work, interpretation.draft
    named = {j.claim.statement.named.variable for j in judgements if j.claim.statement.named is not None}
    for name, row in draft.unknown.items():
        if not draft.asked.functions or name in draft.left_out:  # else the cell is wrong that names it
            yield Problem(MISSING_ROW, plainly(f"{row} is computed from {name}, which has no row"), plainly(name))
    for name, terms in draft.unfinished:
        last = "last " if len(draft.unfinished) == 1 else ""
        yield Problem(MISSING_ROW, f"the {last}row is missing: {plainly(name)} = {text_of(terms)}", plainly(name))
    said = defaultdict[tuple[str, str], set[str]](set)
    for subject in _subjects(statements, judgements, interpretation, told):
        if subject.quantity in (TANGENT, ADJOINT, SECOND_ADJOINT):
            said[subject.quantity, subject.by].add(work.same[subject.variable])
    for quantity in sorted(asked & {TANGENT, ADJOINT} - {quantity for quantity, _ in said}):
        yield Problem(MISSING_ROW, f"no {quantity} is given", "", (quantity,) * len(named))
    for (quantity, by), rows in said.items():
        yield from _of_quantity(quantity, by, rows, work, named)


def _subjects(
    statements: Sequence[Statement], judgements: Iterable[Judgement], interpretation: Interpretation,
    told: Iterable[Finding],
) -> Iterator[Subject]:  # fmt: skip
    """The numbers that have a cell, be it empty."""
    yield from (subject for judgement in judgements for subject in judgement.claim.subjects)
    blank = {finding.place for finding in told if finding.state == EMPTY}
    for statement, left in zip(statements, lefts(statements), strict=True):
        yield from interpretation.subjects(statement, left) if statement.place in blank else ()


def two_names(statements: Sequence[Statement], draft: Draft) -> Iterator[Problem]:
    """The results that a table calls otherwise where their derivatives stand, and nowhere says so: q beside y."""
    same, (plain, marked, equal) = draft.work.same, _uses(statements)
    told = draft.asked.text.partition("(")[0].strip(" $")
    for output in draft.outputs:
        names = [name for name in same if same[name] == same.get(output) and "_" not in name]
        for row, other in permutations(names, 2):
            is_said = other == told or (row, other) in equal or (other, row) in equal
            if row in plain and other in marked and not is_said:
                sentence = f"the result is called {row} in its own row, and {other} where its derivatives stand"
                yield Problem(NOTE, sentence)


def _uses(statements: Sequence[Statement]) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """The names that rows have without a mark alone, those that have one wherever they stand, and which are said to be
    the same.
    """
    uses = [(statement.named, name) for statement in statements for name in _names_said(statement)]
    plain = {name.variable for s in statements for name in (s.head, s.row) if name and not name.mark}
    marked = {name.variable for _, name in uses if name.mark and not name.mark.startswith("leibniz")}
    equal = {(name.variable, of.variable) for of, name in uses if of is not None and of.mark == name.mark}
    return plain - marked, marked - plain, equal


def _names_said(statement: Statement) -> Iterator[Written]:
    """All names of a statement: its own, its row's, and those in its sides."""
    yield from filter(None, (statement.head, statement.row))
    yield from (name for part in statement.parts for name in part.names)


def _of_quantity(quantity: str, by: str, rows: set[str], work: Work, named: set[str]) -> Iterator[Problem]:
    everything = {work.same[name] for name in work.variables if name in named} - work.constant - _targets(work)
    if quantity in (ADJOINT, SECOND_ADJOINT):
        by = by.partition(AND)[0]
        everything &= work.ancestors(work.same.get(by, by))
    left = everything - rows
    if 2 * len(left) < len(everything & rows):
        for name in work.variables:
            if name in left and name in named:
                yield Problem(MISSING_ROW, plainly(f"the {quantity} of {name} is missing"), plainly(name), (quantity,))


def _targets(work: Work) -> set[str]:
    """The independent variables that are nothing but the targets of losses, by which nobody differentiates."""
    used = [work.same.get(t.name, "") for terms in work.operations.values() for t in terms if type(t) is Name]
    losses = [
        work.same.get(target.name, "") for terms in work.operations.values() for target, term in pairwise(terms)
        if type(term) is Apply and term.head in LOSSES and type(target) is Name
    ]  # fmt: skip
    return {name for name in losses if name in work.inputs and used.count(name) == losses.count(name)}


def left_out(statements: Iterable[Statement], work: Work, found: Iterable[Problem]) -> Iterator[Problem]:
    """The rows that a table uses and does not have, though it has nearly all others; not those ``found`` missing."""
    told = {problem.row for problem in found}
    tables = _names(statements, set(work.variables))
    valued = {name for (_, mark), names in tables.items() if not mark for name in names.rows}
    results = {work.same.get(output) for output in work.outputs} & valued
    for (_, mark), names in tables.items():
        for name in _of_table(names, work, results):
            if plainly(name) not in told:
                told.add(plainly(name))
                sentence = plainly(f"the row of {name} is missing from a table that uses it")
                yield Problem(MISSING_ROW, sentence, plainly(name), (_OF_ROWS[mark],))


def _names(statements: Iterable[Statement], variables: set[str]) -> dict[tuple[int, str], _Names]:
    """The names of each table, by its number and their mark; a call such as ``h(v_0)`` has no row."""
    found: dict[tuple[int, str], _Names] = {}

    def known(names: Iterable[Written | None], table: int) -> Iterator[tuple[_Names, str]]:
        for name in names:
            if name and name.mark in _OF_ROWS and name.variable in variables and "(" not in name.variable:
                yield found.setdefault((table, name.mark), _Names()), name.variable

    for statement in statements:
        table = statement.column[0]
        for of, variable in known((statement.row, statement.head), table):
            of.rows.add(variable)
        for of, variable in known((name for part in statement.parts for name in part.names), table):
            of.used.add(variable)
    return found


def _of_table(names: _Names, work: Work, results: set[str | None]) -> list[str]:
    """What is left out of few, in the order of the rows.

    What comes before or after all rows of a table may stand on the page before or the next; not so an independent
    variable where another has a row, and a result that has a value.
    """
    inputs = set(work.inputs)
    given = {work.same[name] for name in names.rows} & inputs
    left = {name for name in names.used - names.rows if work.same[name] in {name, *inputs} - given}
    if 2 * len(left) >= len(names.rows):
        return []
    places = [k for k, name in enumerate(work.variables) if name in names.rows]
    return [
        name for k, name in enumerate(work.variables)
        if name in left
        and (places[0] < k < places[-1] or name in results or (given and work.same[name] in inputs))
    ]  # fmt: skip


def costing(
    problems: Iterable[Problem], statements: Iterable[Statement], told: Iterable[Finding], work: Work
) -> Iterator[Problem]:
    """The problems, each missing row with the cells that are asked for in it: those that most computed rows have."""
    rows = {s.place: work.same.get(s.row.variable, "") for s in statements if s.row is not None}
    quantities = {finding.place: finding.quantity for finding in told if finding.state != NOT_ASKED}
    cells: defaultdict[str, list[str]] = defaultdict(list)
    for place, quantity in sorted(quantities.items()):
        if rows.get(place) in work.operands and rows[place] not in work.inputs:
            cells[rows[place]].append(quantity)
    usual = next(iter(Counter(map(tuple, cells.values())).most_common(1)), ((), 0))[0]
    for problem in problems:
        missed = problem.kind == MISSING_ROW and problem.row and not problem.asked
        yield problem._replace(asked=usual) if missed else problem
