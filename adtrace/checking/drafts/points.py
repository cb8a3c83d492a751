"""The independent variables of rows, which variable of the function each is, and the value that it has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.account import Account
from adtrace.checking.drafts.operations import is_printed
from adtrace.checking.drafts.products import best_way
from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.cells import Part
from adtrace.checking.work.figures import Work
from adtrace.checking.work.numerals import printed
from adtrace.checking.work.values import has_shape, is_closed, is_worked
from adtrace.language.lists import nested
from adtrace.language.syntax import Number, Terms


def located(told: Account, asked: Asked) -> Asked:
    """What is asked, at the point that rows of variables print, too."""
    shown = {name: part.readings[0] for name, part in told.values.items() if name in asked.variables}
    return replace(asked, point=shown | dict(asked.point))


def inputs_of(names: Sequence[str], operations: Mapping[str, Terms], asked: Asked) -> list[str]:
    """The independent variables: names without an operation, and rows whose operation is a number."""
    open_names = [name for name in names if name not in operations]
    numbers = [name for name in names if name in operations and is_closed(operations[name])]
    if not asked.functions:
        return open_names + numbers
    named = [name for name in numbers if name in asked.variables]
    others = [name for name in numbers if name not in asked.variables]
    missing = len(asked.variables) - len([name for name in open_names if name in asked.variables]) - len(named)
    return open_names + named + others[: max(missing, 0)]


def point_of(
    work: Work, operations: Mapping[str, Terms], asked: Asked, values: Mapping[str, Part], matching: Mapping[str, str]
) -> tuple[tuple[Terms, ...], frozenset[str]]:
    """The value of each independent variable: as asked, as its operation says, or as it is printed; who has none."""
    variables = {name: variable for variable, name in matching.items()}
    found: list[Terms] = []
    unlocated: set[str] = set()
    for place, name in enumerate(work.inputs):
        others = [other for other, same in work.same.items() if same == name]
        wanted = map(asked.point.get, (variables.get(name, ""), *others))
        told = (
            *wanted,
            _meant(operations.get(name, ()), values.get(name)),
            *(values[other].readings[0] for other in others if other in values),
        )
        terms = _fitting([one for one in told if one and has_shape(one)])
        terms = _zeros(name, values, terms)
        if terms is None:
            unlocated.add(name)
            terms = (Number("", 731 + 173 * place, -3, 0),)
        found.append(terms)
    return tuple(found), frozenset(unlocated)


def _meant(terms: Terms, shown: Part | None) -> Terms:
    """A working of arrays as the product that comes to what is printed, ``[2, 0] · [1, 1] = 2``."""
    if not (shown and is_worked(terms) and has_shape(terms) and terms_shape(terms)):
        return terms
    best = best_way(terms, ({}, {}), shown, typed=False)
    return best[0] if best else terms


def _zeros(name: str, values: Mapping[str, Part], terms: Terms | None) -> Terms | None:
    """A 0 of what is called as arrays are with another index, all of it: of h_0 beside vectors h_1 and h_2."""
    letter = _LETTER.match(name)
    if not letter or not terms or len(terms) > 1 or getattr(terms[0], "digits", None) != 0:
        return terms
    shapes = {part.matrix for other, part in values.items() if part.matrix and other.startswith(letter[0])}
    shape = shapes.pop() if len(shapes) == 1 else ()
    return tuple(nested([terms] * prod(shape), shape, 0))


_LETTER = re.compile("[^_⁽]+[_⁽]")


def _fitting(told: Sequence[Terms]) -> Terms | None:
    """The first of what is told of a variable, an array where one tells of an array and one of a number."""
    of_shape = {bool(terms_shape(one)): one for one in told}
    return of_shape[True] if len(of_shape) == 2 else next(iter(told), None)


def rows_of_variables(work: Work, asked: Asked, values: Mapping[str, Part]) -> dict[str, str]:
    """For each variable of the function the independent variable that it is: by name, by another name, in order, but
    for one that is printed in another shape, and for a rate that no function has.
    """
    found = {name: work.same[name] for name in asked.variables if name in work.same}
    rest = [name for name in work.inputs if name not in found.values() and not is_next(name)]
    missing = [name for name in asked.variables if name not in found and (asked.functions or name not in _RATES)]
    pairs = zip(missing, rest, strict=False)
    return found | {name: row for name, row in pairs if _may_be(asked, name, values.get(row))}


_RATES = frozenset(("eta", "alpha", "lr", "η", "α"))
"""What learning rates are called."""


def is_next(name: str) -> bool:
    """Whether it is that of a variable after a step, ``w_new``, and no variable and no part of the function."""
    return name.endswith(("_new", ",new", "_neu", "_next"))


def _may_be(asked: Asked, name: str, shown: Part | None) -> bool:
    """Whether a variable may be a row that is printed so: both in one shape, where both have a value; where no function
    has it, with that number.
    """
    told = asked.point.get(name)
    if told is None or shown is None:
        return True
    alike = terms_shape(told) == (shown.matrix or ())
    return alike and (bool(asked.functions) or is_printed(printed(shown), told, {}))
