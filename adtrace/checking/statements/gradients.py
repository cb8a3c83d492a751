r"""The gradient of the result in one statement, ``\nabla f = (y, x) = (3, 2)``, as a statement for each variable; its
Hessian, ``\nabla^2 f = [[0, 1], [1, 0]]``, as one for each two; a Jacobian ``J`` as one for each output and variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import Name, named
from adtrace.checking.readings.rewriting import names_of, text_of
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.work.numerals import all_entries
from adtrace.language.syntax import Term


def entrywise(
    statements: Sequence[Statement], variables: Sequence[str], outputs: Iterable[Sequence[str]]
) -> Iterator[Statement]:
    """The statements, those of a gradient once for each of the independent variables, of a Hessian for each two, of a
    Jacobian for each of the first ``outputs`` that are rows.
    """
    rows = {statement.named.variable for statement in statements if statement.named}
    several = next((names for names in outputs if len(names) > 1 and rows.issuperset(names)), ())
    for statement in statements:
        alone = statement.head is None and statement.parts and statement.parts[-1] not in statement.cell.pair
        heads = _entries(statement.row if alone else statement.head, variables, several)
        sides = _sides(statement, len(heads)) if len(heads) > 1 else []
        if not sides:
            yield statement
            continue
        for k, head in enumerate(heads):
            parts, column = tuple(_part(side[k]) for side in sides), (*statement.column[:2], k)
            yield replace(statement, head=head, parts=parts, column=column)


def _entries(head: Name | None, variables: Sequence[str], outputs: Sequence[str]) -> list[Name]:
    """The derivatives that a gradient, a Hessian or a Jacobian has as its entries."""
    if head and not head.mark and re.fullmatch(r"(?:J|D[Ff])(?:_[A-Za-z])?", head.variable):
        of_one = (head.variable.partition("_")[2] or "f",)
        return [Name(by, "leibniz", of) for of, by in product(outputs or of_one, variables)]
    if head is None or head.seed or head.mark not in ("grad", "grad2"):
        return []
    if head.mark == "grad":
        return [Name(variable, "leibniz", head.variable) for variable in variables]
    return [Name(by, "leibniz2", head.variable, other) for by, other in product(variables, repeat=2)]


def _sides(statement: Statement, count: int) -> list[list[tuple[Term, ...]]]:
    """The entries of each side, where all have so many; the last may be a list that is no array."""
    sides = [all_entries(part.readings[0]) for part in statement.parts if part.readings]
    pair = [part.readings[0] for part in statement.cell.pair if part.readings]
    sides = [*sides[:-1], pair] if len(pair) == count else sides
    return sides if {*map(len, sides)} == {count} and len(sides) == len(statement.parts) else []


def _part(terms: tuple[Term, ...]) -> Part:
    """An entry as a side of its own."""
    return Part(text_of(terms), (terms,), names=tuple(map(named, names_of(terms))))
