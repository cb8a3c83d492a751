"""Rows that break off before the function: the rows that are left to do, in terms of those that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from adtrace.checking.aligned import in_names, parts_of
from adtrace.checking.asked import Asked
from adtrace.checking.figures import Figures, Subject, Work
from adtrace.checking.functions import outputs_by_name
from adtrace.checking.rewriting import names_of, renamed
from adtrace.checking.rules import VALUE
from adtrace.checking.said import put_in
from adtrace.checking.shapes import close
from adtrace.checking.values import NoValue, value_of
from adtrace.errors import InputError
from adtrace.language.syntax import Apply, Name, Terms
from adtrace.numbers.floats import FLOATS

_OPERATIONS = ("add", "sub", "mul", "div", "pow")
_NEAR = 1e-9


def left_to_do(asked: Asked, work: Work, names: Mapping[str, str]) -> list[tuple[str, Terms]]:
    """The rows after the last one with which the rows compute the function, each from one that nothing uses yet; none
    where they compute another function, or where that would be more than half of it.

    ``names`` has for each variable of the function the independent variable of the rows that it is.
    """
    if len(asked.functions) != 1 or outputs_by_name(work, asked) or not work.near or work.has_arrays:
        return []
    computed = [name for name in work.operands if work.operands[name]]
    function = renamed(asked.functions[0], names)
    ends = [name for name in computed if name not in work.uses]
    for whole in (_of_two(function, work, ends), in_rows(function, work, computed)):
        steps = list(_steps(whole, _free(work, asked))) if ends and {*ends} <= {*names_of(whole)} else []
        if steps and 2 * len(steps) <= len(computed) + 2 and _go_on(steps, ends):
            return steps
    return []


def _go_on(steps: Sequence[tuple[str, Terms]], ends: Sequence[str]) -> bool:
    """Whether each step is computed from what nothing uses before it."""
    reached = set(ends)
    for name, terms in steps:
        if not reached.intersection(names_of(terms)):
            return False
        reached.add(name)
    return True


def in_rows(function: Terms, work: Work, computed: Sequence[str]) -> Terms:
    """The function in terms of rows; nothing where that is not the function."""
    parts = parts_of(function)
    inner: dict[str, Terms] = {}
    try:
        for name, terms in work.rows:
            inner[name] = put_in(terms, inner)
    except InputError:
        return ()
    rows = {name: next((p for p in parts if is_row(p, name, work)), inner[name]) for name in computed}
    terms = in_names(function, rows)
    return terms if terms != function and _is_function(terms, function, work) else ()


def _of_two(function: Terms, work: Work, ends: Sequence[str]) -> Terms:
    """The function as one operation of the two rows that nothing uses, however the function is written."""
    pairs = permutations(ends) if len(ends) == 2 else ()
    ways = ((Name(one, 0), Name(other, 0), Apply(head, 2, 0)) for one, other in pairs for head in _OPERATIONS)
    return next((terms for terms in ways if _is_function(terms, function, work)), ())


def is_row(part: Terms, row: str, work: Work) -> bool:
    """Whether a part of the function is a row, at the points nearby."""
    return _is_function((Name(row, 0),), part, work)


def _is_function(terms: Terms, function: Terms, work: Work) -> bool:
    """Whether two formulas in names of rows are the same at the points nearby."""
    try:
        return all(close(_value(terms, figures), _value(function, figures), _NEAR) for figures in work.near)
    except (NoValue, KeyError):
        return False


def _value(terms: Terms, figures: Figures) -> object:
    return value_of(terms, {name: figures[Subject(VALUE, name)] for name in names_of(terms)}, FLOATS)


def _free(work: Work, asked: Asked) -> Iterator[str]:
    """Names for further rows: the next numbers of the letter that most rows have."""
    parted = [name.rpartition("_") for name in work.operands]
    numbered = [(base, int(number)) for base, _, number in parted if base and number.lstrip("-").isdecimal()]
    taken = {*work.variables, *asked.variables}
    if not numbered:
        yield from (name for name in ("y", "f", "F", *(f"y_{k}" for k in range(1, 99))) if name not in taken)
        return
    base, last = numbered[-1][0], max(number for _, number in numbered)
    yield from (f"{base}_{number}" for number in range(last + 1, last + 99) if f"{base}_{number}" not in taken)


def _steps(whole: Terms, free: Iterator[str]) -> Iterator[tuple[str, Terms]]:
    """The parts of a formula as rows, one operation each."""
    done: dict[str, Terms] = {}
    for part, name in zip(parts_of(whole), free, strict=False):
        yield name, in_names(part, done)
        done[name] = part
