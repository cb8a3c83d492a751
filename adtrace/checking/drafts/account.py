"""An author's account of the rows: their names, their operations, and the numbers printed in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.statements.headings import OPERATION, directions, evidence
from adtrace.checking.statements.layouts import ADDED, Column, Statement, Table
from adtrace.checking.work.rules import VALUE
from adtrace.checking.work.values import is_closed, is_worked
from adtrace.language.syntax import ARRAY, Apply, Name, Terms


@dataclass(frozen=True)
class Defined:
    """Where a row's operation stands."""

    terms: Terms
    statement: Statement
    part: int


@dataclass(frozen=True)
class Account:
    """All that tables tell of their rows, if the operations stand in certain columns."""

    rows: tuple[str, ...]
    """The names that there are rows of, those first that have a value."""
    used: tuple[str, ...]
    """The names in formulas."""
    defined: Mapping[str, Defined]
    values: Mapping[str, Part]
    """The number in the row of each name."""
    plain: frozenset[str] = frozenset()
    """The names that have a row of their own, and not of a derivative alone."""
    from_zero: frozenset[str] = frozenset()
    """The arrays whose entries are counted from 0."""
    put_in: Mapping[str, tuple[Defined, Terms]] = field(default_factory=dict)
    """The working of each row that has one in numbers alone, and the number that it comes to."""
    left: tuple[str, ...] = ()
    """The names in operations that are taken for those of rows that are left out."""


def account(
    statements: Sequence[Statement], columns: frozenset[Column], derivatives: Collection[tuple[int, int]]
) -> Account:
    """What statements tell of their rows, the columns of operations being these; ``derivatives`` are columns in which
    no value stands.
    """
    named = [s.named for s in statements if s.named is not None]
    rows = dict.fromkeys(name.variable for name in sorted(named, key=lambda name: bool(name.mark)))
    rows |= dict.fromkeys(name.of for name in named if "_" in name.of)
    used = dict.fromkeys(name.variable for s in statements for name in s.names)
    plain = frozenset(name.variable for name in named if not name.mark)
    valued = [
        (name.variable, s) for s in statements
        if (name := s.named) and not name.mark and (s.head or s.column[:2] not in derivatives)
    ]  # fmt: skip
    defined = _definitions(statements, columns, plain)
    defined |= _other_names(statements, defined, plain, derivatives)
    return Account(tuple(rows), tuple(used), defined, _values(valued), plain, put_in=_put_in(valued))


def by_derivatives(defined: Mapping[str, Defined]) -> dict[str, Part]:
    """The numbers of rows with names of their own that are computed from derivatives: no rule is theirs."""
    numbers = {name: row for name, row in defined.items() if is_closed(row.terms)}
    return {
        name: row.statement.parts[row.part] for name, row in numbers.items()
        if any(part.is_formula and not part.is_plain for part in row.statement.parts)
    }  # fmt: skip


def _values(statements: Iterable[tuple[str, Statement]]) -> dict[str, Part]:
    """The first number of each row; an array rather than how it is worked out, a number rather than how of arrays."""
    found: dict[str, Part] = {}
    for name, statement in statements:
        for part in statement.parts:
            earlier = found.get(name)
            if part.is_number and (earlier is None or (part.matrix and not earlier.matrix) or (
                part.number is not None and _is_worked_in_arrays(earlier)
            )):  # fmt: skip
                found[name] = part
    return found


def _is_worked_in_arrays(part: Part) -> bool:
    """Whether a number is worked out of arrays: ``[2, 0] · [1, 1]``."""
    return is_worked(part.readings[0]) and any(type(t) is Apply and t.head == ARRAY for t in part.readings[0])


def _put_in(statements: Iterable[tuple[str, Statement]]) -> dict[str, tuple[Defined, Terms]]:
    """The working of each row in numbers alone, and the number behind it."""
    each = defaultdict[str, list[tuple[Defined, bool]]](list)
    for name, statement in statements:
        numbers = ((k, part) for k, part in enumerate(statement.parts) if part.is_number)
        each[name] += ((Defined(part.readings[0], statement, k), part.number is not None) for k, part in numbers)
    return {
        name: (told[0][0], told[-1][0].terms) for name, told in each.items()
        if told and is_worked(told[0][0].terms) and told[-1][1]
    }  # fmt: skip


def _definitions(
    statements: Iterable[Statement], columns: frozenset[Column], rows: Collection[str]
) -> dict[str, Defined]:
    """The operation of each row: in its own cell, or in one of the columns of operations; of ``y = v_5 = v_3 + v_4``
    that of v_5 where it is none of the ``rows``, and y is its other name.
    """
    found: dict[str, Defined] = {}
    for statement in statements:
        name = statement.head or (statement.row if statement.column in columns else None)
        if name is None or name.mark or statement.sign == ADDED:
            continue
        plain = [k for k, part in enumerate(statement.parts) if part.readings and part.is_plain]
        other = statement.parts[plain[0]].name if len(plain) > 1 and statement.parts[plain[1]].is_formula else None
        for row, place in zip((name, *([other] if other and other.variable not in rows else [])), plain, strict=False):
            _define(row.variable, Defined(statement.parts[place].readings[0], statement, place), found)
    return found


def _other_names(
    statements: Iterable[Statement], defined: Mapping[str, Defined], rows: Collection[str],
    apart: Collection[tuple[int, int]],
) -> dict[str, Defined]:  # fmt: skip
    """What rows without an operation are called in another column: ``x_1 | x_1 | x`` is x."""
    found: dict[str, Defined] = {}
    for statement in statements:
        name = statement.row
        if name is None or name.mark or statement.head or statement.column[:2] in apart or name.variable in found:
            continue
        if name.variable in defined and names_of(defined[name.variable].terms) != (name.variable,):
            continue
        for k, part in enumerate(statement.parts):
            if part.name and part.readings and not part.name.mark and part.name.variable not in rows:
                found[name.variable] = Defined(part.readings[0], statement, k)
    return found


def _define(row: str, operation: Defined, found: dict[str, Defined]) -> None:
    """Take over the operation of a row, if it says more than what is there."""
    earlier = found.get(row)
    if earlier is None:
        found[row] = operation
        return
    others = {name for name, of in found.items() if name != row and not is_closed(of.terms)}
    if _says_more(operation.terms, earlier.terms, others):
        found[row] = operation
        if len(earlier.terms) == 1 and not is_closed(earlier.terms):  # ``v_4 = y``: an output's other name
            terms = (Name(row, 0),)
            found.setdefault(names_of(earlier.terms)[0], Defined(terms, earlier.statement, earlier.part))


def _says_more(terms: Terms, earlier: Terms, rows: set[str]) -> bool:
    """Whether a formula is an operation of ``rows`` where an earlier one is a number, another name, or the function."""
    if len(terms) > 1 and rows.intersection(names_of(terms)) and not rows.intersection(names_of(earlier)):
        return True
    return len(names_of(terms)) > 0 and (is_closed(earlier) or (len(earlier) == 1 and len(terms) > 1))


def of_derivatives(tables: Iterable[Table]) -> frozenset[tuple[int, int]]:
    """The columns whose heading speaks for derivatives, or names a direction, ``D_x`` or ``p = [0, 1]``."""
    found = set()
    for table in tables:
        for j, heading in enumerate(table.heading):
            spoken = set(evidence(heading)) - {OPERATION}
            along = any(directions(heading)) or any(part.matrix and not part.names for part in heading.parts)
            if j not in table.naming and (along or (spoken and VALUE not in spoken)):
                found.add((table.number, j))
    return frozenset(found)


def operation_columns(
    statements: Sequence[Statement], derivatives: Collection[tuple[int, int]]
) -> list[frozenset[Column]]:
    """The columns in which operations may stand: of each table the first with formulas of rows, or the next, those of
    ``derivatives`` last.
    """
    told = {(s.column[0], s.head.key) for s in statements if s.head is not None and s.parts}
    rows = {s.row.variable for s in statements if s.row is not None}
    columns = {s.column for s in statements if _is_operation(s, rows, told)}
    ordered = sorted(columns, key=lambda column: (column[0], column[:2] in derivatives, column))
    ranked = [list(of_table)[:_MOST] for _, of_table in groupby(ordered, itemgetter(0))]
    first = frozenset(columns[0] for columns in ranked if columns[0][:2] not in derivatives)
    others = [first - {columns[0]} | {other} for columns in ranked for other in columns if other not in first]
    return [first, *others[:_MOST]]


def _is_operation(statement: Statement, rows: Collection[str], told: Collection[tuple[int, str]]) -> bool:
    """Whether the formula of a row is said, which its table has not told elsewhere; that is more than the name of a
    row, of a parent or a child perhaps.
    """
    row = statement.row
    if row is None or row.mark or statement.head is not None or (statement.column[0], row.key) in told:
        return False
    formulas = [part for part in statement.parts if part.is_formula and part.is_plain]
    return any(part.name is None or part.name.variable not in rows for part in formulas)


_MOST = 3
"""Columns of a table that are tried."""
