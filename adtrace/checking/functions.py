"""Which rows are the functions asked for, tried at points nearby."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations
from typing import NamedTuple

from adtrace.checking.asked import Asked
from adtrace.checking.figures import Figures, Subject, Work
from adtrace.checking.rewriting import names_of
from adtrace.checking.rules import VALUE
from adtrace.checking.shapes import close, numbers_of
from adtrace.checking.values import NoValue
from adtrace.language.syntax import Terms
from adtrace.numbers.floats import FLOATS


class Found(NamedTuple):
    """The row of each function."""

    rows: tuple[str, ...]
    names: Mapping[str, str]
    """For each variable of the functions the independent variable of the rows that it is."""


def rows_of(asked: Asked, work: Work, names: Mapping[str, str]) -> Found | None:
    """The rows that are the functions asked for; nothing where one of them is not among the rows."""
    called = outputs_by_name(work, asked)
    for order in _orders(asked, names):
        rows = [_row_of(function, work, order, called[k : k + 1]) for k, function in enumerate(asked.functions)]
        if all(rows):
            return Found(tuple(row for row in rows if row), order)
    return None


def _orders(asked: Asked, names: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The independent variables as those of the functions: by name or place, or else in any order."""
    yield names
    if set(names.values()) != set(asked.variables) and 1 < len(asked.variables) <= 3:
        for order in islice(permutations(names.values()), 1, 6):
            yield dict(zip(names, order, strict=True))


def outputs_by_name(work: Work, asked: Asked) -> list[str]:
    """The rows that are called as the outputs are, one for each function, if there are such: y_1 and y_2."""
    several = len(asked.functions) > 1
    used = {u for terms in work.operations.values() for u in names_of(terms)}
    for base in ("y", "f"):
        named = [f"{base}_{k + 1}" for k in range(len(asked.functions))] if several else [base]
        if all(name in work.operations and name not in used | set(asked.variables) for name in named):
            return named
    return []


def _row_of(function: Terms, work: Work, names: Mapping[str, str], called: Sequence[str]) -> str | None:
    """The last row that is a function, or the one that is called so; None where none is."""
    for name in called or reversed(work.variables):
        if all(_is_function(function, name, figures, names) for figures in work.near):
            return name
    return None


def _is_function(function: Terms, row: str, figures: Figures, names: Mapping[str, str]) -> bool:
    """Whether a row is a function at one point."""
    try:
        numbers = {name: figures[Subject(VALUE, names[name])] for name in names_of(function)}
        value = figures[Subject(VALUE, row)]
        return any(close(wanted, value, 1e-9) for wanted in numbers_of(function, numbers, FLOATS))
    except (NoValue, KeyError):
        return False
