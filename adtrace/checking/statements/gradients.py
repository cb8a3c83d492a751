r"""The gradient of the result in one statement, ``\nabla f = (y, x) = (3, 2)``, as a statement for each variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import Name, named
from adtrace.checking.readings.rewriting import names_of, text_of
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.work.numerals import all_entries
from adtrace.language.syntax import Number, Term


def entrywise(statements: Iterable[Statement], variables: Sequence[str]) -> Iterator[Statement]:
    """The statements, those of a gradient once for each of the independent variables."""
    for statement in statements:
        head, sides = statement.head, _sides(statement, len(variables))
        if head is None or head.mark != "grad" or head.seed or not sides:
            yield statement
            continue
        for k, variable in enumerate(variables):
            parts, column = tuple(_part(side[k]) for side in sides), (*statement.column[:2], k)
            yield replace(statement, head=Name(variable, "leibniz", head.variable), parts=parts, column=column)


def _sides(statement: Statement, count: int) -> list[list[tuple[Term, ...]]]:
    """The entries of each side, where all have so many, more than one; the last may be a list that is no array."""
    sides = [all_entries(part.readings[0]) for part in statement.parts if part.readings]
    pair = [part.readings[0] for part in statement.cell.pair if part.readings]
    sides = [*sides[:-1], pair] if len(pair) == count else sides
    return sides if count > 1 and {*map(len, sides)} == {count} and len(sides) == len(statement.parts) else []


def _part(terms: tuple[Term, ...]) -> Part:
    """An entry as a side of its own."""
    number = terms[0] if isinstance(terms[0], Number) and not names_of(terms) else None
    text = f"{'-' * (len(terms) > 1)}{number.text}" if number and len(terms) < 3 else text_of(terms)
    return Part(text, (terms,), names=tuple(map(named, names_of(terms))), number=number)
