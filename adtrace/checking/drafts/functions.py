"""Which rows are the functions asked for, tried at points nearby; where rows break off, what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, permutations
from typing import NamedTuple

from adtrace.checking.drafts.aligned import NamedParts, in_names, parts_of
from adtrace.checking.problems.asked import Asked
from adtrace.checking.problems.said import put_in
from adtrace.checking.readings.rewriting import names_of, renamed
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.rules import VALUE
from adtrace.checking.work.shapes import close, numbers_of
from adtrace.checking.work.values import NoValue, spoken
from adtrace.errors import InputError
from adtrace.language.syntax import Apply, Name, Terms, spelling
from adtrace.numbers import Scalar
from adtrace.numbers.floats import FLOATS

_OPERATIONS = ("add", "sub", "mul", "div", "pow")
_NEAR = 1e-9


class Found(NamedTuple):
    """The row of each function."""

    rows: tuple[str, ...]
    names: Mapping[str, str]
    """For each variable of the functions the independent variable of the rows that it is."""


def rows_of(asked: Asked, work: Work, names: Mapping[str, str]) -> Found | None:
    """The rows that are the functions asked for; nothing where one of them is not among the rows."""
    called = outputs_by_name(work, asked)
    if not {*asked.outputs}.isdisjoint(work.inputs):
        return None  # the row that is called so is computed from nothing
    for order in _orders(asked, names):
        rows = [_row_of(function, work, order, called[k : k + 1]) for k, function in enumerate(asked.functions)]
        if all(rows):
            return Found(tuple(filter(None, rows)), order)
    return None


def _orders(asked: Asked, names: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The independent variables as those of the functions: by name or place, or else in any order."""
    yield names
    if set(names.values()) != set(asked.variables) and 1 < len(asked.variables) <= 3:
        for order in islice(permutations(names.values()), 1, 6):
            yield dict(zip(names, order, strict=True))


def outputs_by_name(work: Work, asked: Asked) -> list[str]:
    """The rows that are called as the outputs are, one for each function, if there are such: y_1 and y_2; as h is that
    of h(x).
    """
    used = {u for terms in work.operations.values() for u in names_of(terms)}
    for named in names_of_outputs(asked):
        if all(name in work.operations and name not in used | set(asked.variables) for name in named):
            return named
    return []


def names_of_outputs(asked: Asked) -> Iterator[list[str]]:
    """What the outputs may be called: y_1 and y_2."""
    count = len(asked.functions)
    others = () if any(asked.outputs) and not asked.called else ("y", "f")  # y of L = (y - t)^2 is no output
    for base in (asked.called, *others):
        yield [f"{base}_{k + 1}" for k in range(count)] if count > 1 else [base]


def _row_of(function: Terms, work: Work, names: Mapping[str, str], called: Sequence[str]) -> str | None:
    """The last row that is a function, or the one that is called so; None where none is."""
    wanted = _values(function, work, names)
    rows = called or reversed(work.variables)
    return next((row for row in rows if _alike(wanted, _values((Name(row, 0),), work, work.same))), None)


def _values(terms: Terms, work: Work, names: Mapping[str, str]) -> list[list[Scalar]]:
    """What terms in names of rows come to at each point nearby, in each way in which they may be meant."""
    try:
        each = [{name: figures[Subject(VALUE, names[name])] for name in names_of(terms)} for figures in work.near]
        return [list(numbers_of(terms, numbers, FLOATS)) for numbers in each]
    except (NoValue, KeyError):
        return []


def _alike(wanted: Sequence[Sequence[Scalar]], shown: Sequence[Sequence[Scalar]]) -> bool:
    """Whether at every point one of the numbers that are shown is one of those wanted."""
    pairs = list(zip(wanted, shown, strict=False))
    return bool(pairs) and all(any(close(x, y, _NEAR) for x in some for y in others) for some, others in pairs)


def left_to_do(asked: Asked, work: Work, names: Mapping[str, str]) -> list[tuple[str, Terms]]:
    """The rows after the last one with which the rows compute the function, each from one that nothing uses yet; none
    where they compute another function, or where that would be more than they are.

    ``names`` has for each variable of the function the independent variable of the rows that it is.
    """
    if len(asked.functions) != 1 or outputs_by_name(work, asked) or not work.near or work.has_arrays:
        return []
    computed = [*work.operands]
    function = renamed(asked.functions[0], names)
    ends = [name for name in computed if name not in work.uses]
    for whole in (_of_two(function, work, ends), in_rows(function, work, computed)):
        steps = list(_steps(whole, _free(work, asked))) if ends and {*ends} <= {*names_of(whole)} else []
        if steps and len(steps) <= len(computed) + 1 and _go_on(steps, ends):
            return steps
    return []


def outputs_left(
    problem: Asked, one: Asked, work: Work, names: Mapping[str, str]
) -> tuple[tuple[str, Terms], ...] | None:
    """The functions that rows do not compute which compute the others, as rows to come; None where these do not use
    all that the rows end in, which is wrong then.
    """
    computed = [name for name in work.operands if work.operands[name]]
    numbered = [
        (f"y_{j}", renamed(terms, names)) for j, terms in enumerate(problem.functions, 1) if terms not in one.functions
    ]
    left = tuple((name, in_rows(terms, work, computed) or terms) for name, terms in numbered)
    used = {name for _, terms in left for name in names_of(terms)}
    ends = [name for name in work.outputs if work.same[name] not in used]
    return left if len(ends) <= len(one.functions) else None


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
    parts, inner = parts_of(function), _written_out(work, len(spoken(function)))
    spelled = {spelling(work.operations[name]): name for name in reversed(computed)}
    rows = {spelled[spelling(part)]: part for part in parts if spelling(part) in spelled}
    values = [(part, _values(part, work, work.same)) for part in parts if spelling(part) not in spelled]
    for name in computed:
        own = _values((Name(name, 0),), work, work.same)
        rows.setdefault(name, next((part for part, shown in values if _alike(shown, own)), inner.get(name, ())))
    terms = in_names(function, NamedParts({name: part for name, part in rows.items() if part}))
    return terms if terms != function and _is_same(terms, function, work) else ()


def _written_out(work: Work, most: int) -> dict[str, Terms]:
    """The rows in independent variables alone, but those of more terms: these are no part of what has so many."""
    written: dict[str, Terms] = {}
    for name, terms in work.rows:
        with suppress(InputError):
            if {*names_of(terms)} <= {*work.inputs, *written} and len(spoken(whole := put_in(terms, written))) <= most:
                written[name] = whole
    return written


def _of_two(function: Terms, work: Work, ends: Sequence[str]) -> Terms:
    """The function as one operation of the two rows that nothing uses, however the function is written."""
    pairs = permutations(ends) if len(ends) == 2 else ()
    ways = ((Name(one, 0), Name(other, 0), Apply(head, 2, 0)) for one, other in pairs for head in _OPERATIONS)
    return next((terms for terms in ways if _is_same(terms, function, work)), ())


def is_row(part: Terms, row: str, work: Work) -> bool:
    """Whether a part of the function is a row, at the points nearby."""
    return _is_same((Name(row, 0),), part, work)


def _is_same(terms: Terms, function: Terms, work: Work) -> bool:
    """Whether two formulas in names of rows are the same at the points nearby."""
    return _alike(_values(function, work, work.same), _values(terms, work, work.same))


def _free(work: Work, asked: Asked) -> Iterator[str]:
    """Names for further rows: the next numbers of the letter that most rows have."""
    parted = [name.rpartition("_") for name in work.operands]
    numbered = [(base, int(number)) for base, _, number in parted if base and number.removeprefix("-").isdecimal()]
    base, last = (numbered[-1][0], max(number for _, number in numbered)) if numbered else ("y", 0)
    names = (*(() if numbered else ("y", "f", "F")), *(f"{base}_{number}" for number in range(last + 1, last + 99)))
    return (name for name in names if name not in {*work.variables, *asked.variables})


def _steps(whole: Terms, free: Iterator[str]) -> Iterator[tuple[str, Terms]]:
    """The parts of a formula as rows, one operation each."""
    done: dict[str, Terms] = {}
    for part, name in zip(parts_of(whole), free, strict=False):
        yield name, in_names(part, NamedParts(done))
        done[name] = part
