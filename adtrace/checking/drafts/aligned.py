"""Rows of which a table tells no operation, as parts of the function that it is about.

A row that is known by its number is the first part of the function that has this value and is not taken; one that is
known by its derivative alone may be any part, and the reading that explains most decides.
"""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, permutations

from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.rewriting import names_of, replaced
from adtrace.checking.work.numerals import agreement, printed
from adtrace.checking.work.shapes import numbers_of
from adtrace.checking.work.values import NoValue, value_of, wording
from adtrace.elementals import SLOTS
from adtrace.errors import AdtraceError
from adtrace.language.syntax import (
    GROUP,
    SILENT,
    Apply,
    Expression,
    Name,
    Statement,
    Term,
    Terms,
    starts,
)
from adtrace.settings import PRODUCTS, ROWS
from adtrace.tracing.lower import lower
from adtrace.tracing.wengert import Operand, Variable, WengertList

_MOST = 24
"""Assignments of rows to parts that are tried."""
_SUMS = ("add", "sub")
_Addends = Counter[tuple[int, tuple[object, ...]]]


def parts_of(function: Terms) -> list[Terms]:
    """The parts of a function that are computed, in the order of their computation; the function itself is last, be it
    a variable.
    """
    begin = starts(function)
    found: dict[tuple[object, ...], Terms] = {}
    for end, term in enumerate(function):
        inner = tuple(function[begin[end] : end + 1])
        if type(term) is Apply and term.head not in SILENT and names_of(inner):
            found.setdefault(wording(inner), inner)
    parts: list[tuple[Terms, _Addends]] = []
    for part in found.values():  # a sum that is in an earlier one is computed before it
        addends: _Addends = _addends(part) if _is_sum(part) else Counter()
        inside = (k for k, (_, others) in enumerate(parts) if others and _is_within(addends, others))
        parts.insert(next(inside, len(parts)) if addends else len(parts), (part, addends))
    return [part for part, _ in parts] or [function]


def _is_sum(terms: Terms) -> bool:
    return type(terms[-1]) is Apply and terms[-1].head in _SUMS


def _addends(terms: Terms, sign: int = 1) -> _Addends:
    """The addends of a sum, each with its sign and its spelling."""
    return Counter((sign, wording(part)) for sign, part in _signed(terms, sign))


def _signed(terms: Terms, sign: int = 1) -> Iterator[tuple[int, Terms]]:
    """The addends of a sum with their signs."""
    begin, waiting = starts(terms), [(sign, len(terms) - 1)]
    while waiting:
        sign, end = waiting.pop()
        last = terms[end]
        head = last.head if type(last) is Apply else ""
        if head in (*SILENT, "neg"):
            waiting.append((-sign if head == "neg" else sign, end - 1))
        elif head in _SUMS:
            waiting += [(sign if head == "add" else -sign, end - 1), (sign, begin[end - 1] - 1)]
        else:
            yield sign, terms[begin[end] : end + 1]


def _is_within(some: _Addends, others: _Addends) -> bool:
    """Whether a sum of two or more is a part of another."""
    return 1 < some.total() < others.total() and some <= others


def assignments(
    rows: Sequence[str], outputs: Sequence[str], free: Sequence[str], asked: Asked, values: Mapping[str, Part]
) -> Iterator[dict[str, Terms]]:
    """Operations for rows that have none, in each way that their numbers allow.

    ``outputs`` are names of the functions, ``free`` variables that no row is named by.
    """
    functions, point = asked.functions, asked.point
    every = chain(((Name(name, 0),) for name in free), *map(parts_of, functions))
    parts = _each_once(every)
    taken: dict[str, Terms] = dict(zip(outputs, functions, strict=False))
    taken |= _valued([row for row in rows if row not in taken], taken.values(), parts, point, values)
    rest = [row for row in rows if row not in taken]
    used = set(map(wording, taken.values()))
    yield from _numbered(rows, outputs, free, asked)
    free_parts = [part for part in parts if wording(part) not in used]
    if not values.keys().isdisjoint(rest):  # a wrong number: the parts that are left, in their order
        yield _composed(taken | dict(zip(rest, free_parts, strict=False)), asked)
    if len(rest) > len(free_parts):
        each = (_valued([row], (), parts, point, values) for row in rest)  # 1*v_1 where every step is counted
        yield _composed(dict(ChainMap(taken, *each)), asked)
        return
    for chosen in islice(combinations(free_parts, len(rest)), _MOST):
        yield _composed(taken | dict(zip(sorted(rest, key=_index), chosen, strict=True)), asked)
    for chosen in islice(permutations(free_parts, len(rest)), _MOST) if len(rest) > 1 else ():  # or they are the same
        yield _composed(taken | dict(zip(rest, chosen, strict=True)), asked)


def _each_once(parts: Iterable[Terms]) -> list[Terms]:
    """The parts that may be rows."""
    return list({wording(part): part for part in parts}.values())


def _valued(
    rows: Iterable[str], taken: Iterable[Terms], parts: Sequence[Terms], point: Mapping[str, Terms],
    values: Mapping[str, Part],
) -> dict[str, Terms]:  # fmt: skip
    """The rows that print the value of a part that is not taken, in their order."""
    spelled, last, found = {*map(wording, taken)}, -1, dict[str, Terms]()
    free = {place: part for place, part in enumerate(parts) if wording(part) not in spelled}
    for row in rows:
        place = _first_of_value(values.get(row), free, point, last)
        if place is not None:
            found[row], last = free.pop(place), place
    return found


def _numbered(
    rows: Sequence[str], outputs: Sequence[str], free: Sequence[str], asked: Asked
) -> Iterator[dict[str, Terms]]:
    """The rows as our own list has them, independent variables first, if it has as many; powers may be products."""
    names = [*sorted((row for row in rows if row not in outputs), key=_index), *outputs]
    statements = tuple(Statement(None, tuple(function)) for function in asked.functions)
    expression, dependents = Expression("", statements, len(statements)), ("",) * len(statements)
    optioned = any(type(term) is Apply and term.options for function in asked.functions for term in function)
    for powers in () if optioned else (ROWS, PRODUCTS):  # the list would have an axis or an index in its elementals
        try:
            wengert = lower(expression, asked.variables, names=dependents, powers=powers)
        except AdtraceError:  # of s^ln(0)
            return
        count = len(free) + len(wengert.rows)
        if len(names) not in (count, count + len(outputs)):
            continue
        yield _as_listed(wengert, names, outputs, free, asked.variables)


def _as_listed(
    wengert: WengertList, names: Iterable[str], outputs: Sequence[str], free: Sequence[str], variables: Sequence[str]
) -> dict[str, Terms]:
    """The rows of a list under these names, in their order."""
    left, of, found = iter(names), dict[int, str](), dict[str, Terms]()
    for place, variable in enumerate(variables, wengert.first):
        of[place] = next(left) if variable in free else variable
        if of[place] != variable:
            found[of[place]] = (Name(variable, 0),)
    for place, row in enumerate(wengert.rows, 1):
        of[place] = next(left)
        bound = dict(zip(SLOTS, (_operand(operand, of) for operand in row.operands), strict=False))
        found[of[place]] = replaced(row.elemental.formula, bound)
    for output, dependent in zip(outputs, wengert.dependents, strict=False):
        found.setdefault(output, _operand(dependent, of))
    return found


def _operand(operand: Operand, of: Mapping[int, str]) -> Terms:
    return (Name(of[int(operand)], 0),) if type(operand) is Variable else operand.terms  # type: ignore[union-attr]


def _index(name: str) -> tuple[int, str]:
    """Rows in the order of their numbers."""
    index = name.partition("_")[2]
    return (int(index), name) if index.removeprefix("-").isdecimal() else (0, name)


def _first_of_value(part: Part | None, free: Mapping[int, Terms], point: Mapping[str, Terms], last: int) -> int | None:
    """The first free part, after the last that was found if there is one, that has a printed value."""
    if part is None:
        return None
    for place in sorted(free, key=lambda k: k <= last):
        try:
            numbers = {name: value_of(point[name], {}) for name in names_of(free[place])}
            if any(agreement(printed(part), number) for number in numbers_of(free[place], numbers)):
                return place
        except (NoValue, KeyError):
            continue
    return None


def _composed(taken: Mapping[str, Terms], asked: Asked) -> dict[str, Terms]:
    """The operations of rows in terms of each other: the larger part names the smaller ones in it."""
    functions = asked.functions
    ordered = sorted(taken, key=lambda name: len(taken[name]))
    named = NamedParts({**asked.definitions, **{name: taken[name] for name in ordered}})
    found = {name: in_names(taken[name], named) for name in ordered}
    whole = {wording(function) for function in functions}
    if not any(wording(terms) in whole for terms in taken.values()):
        free = next(name for name in ("y", "f", "F", "output") if name not in (*asked.variables, *found))
        for place, function in enumerate(functions, 1):
            found[f"{free}_{place}"] = in_names(function, named)
    return found


class NamedParts:
    """Expressions with a name, as they are looked up."""

    def __init__(self, named: Mapping[str, Terms]) -> None:
        self.by_wording = {wording(terms): name for name, terms in named.items()}
        addends = ((name, terms, _addends(terms)) for name, terms in named.items())
        self.sums = [(name, terms, each) for name, terms, each in addends if each.total() > 1]


def in_names(terms: Terms, others: NamedParts) -> Terms:
    """An expression with the names of others in the place of what they are, the largest first."""
    begin, end = starts(terms), len(terms) - 1
    result: list[Term] = []
    while end >= 0:
        part = terms[begin[end] : end + 1]
        name = others.by_wording.get(wording(part)) if len(part) < len(terms) else None
        if name is not None:
            result.append(Name(name, 0))
            end = begin[end] - 1
        elif inner := _inner_sum(part, others):
            result += reversed(_with_sum(part, *inner, others))
            end = begin[end] - 1
        else:
            result.append(terms[end])
            end -= 1
    return tuple(reversed(result))


def _inner_sum(terms: Terms, others: NamedParts) -> tuple[str, Terms] | None:
    """The largest sum with a name that is within a sum, in whatever order: b - c of a + b - c."""
    if not others.sums or not _is_sum(terms):
        return None
    addends = _addends(terms)
    inner = [(name, other) for name, other, its in others.sums if _is_within(its, addends)]
    return max(inner, key=lambda one: len(one[1]), default=None)


def _with_sum(terms: Terms, name: str, inner: Terms, others: NamedParts) -> Terms:
    """A sum with a name for a part of it."""
    left = _addends(inner)
    made: Terms = (Name(name, 0),)
    for sign, part in _signed(terms):
        if left[sign, wording(part)] > 0:
            left[sign, wording(part)] -= 1
        else:
            made = (*made, *in_names((*part, Apply(GROUP, 1, 0)), others), Apply("add" if sign > 0 else "sub", 2, 0))
    return made
