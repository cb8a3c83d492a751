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
from adtrace.checking.work.values import NoValue, spoken, value_of
from adtrace.elementals import SLOTS
from adtrace.errors import AdtraceError
from adtrace.language.syntax import (
    GROUP,
    RELATIONS,
    SILENT,
    Apply,
    Expression,
    Name,
    Statement,
    Term,
    Terms,
    spelling,
    starts,
)
from adtrace.settings import PRODUCTS, ROWS
from adtrace.tracing.lower import lower
from adtrace.tracing.wengert import Operand, Variable, WengertList

_MOST = 24
"""Assignments of rows to parts that are tried."""
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
            found.setdefault(_spelling(inner), inner)
    parts: list[tuple[Terms, _Addends]] = []
    for part in found.values():  # a sum that is in an earlier one is computed before it
        addends: _Addends = _addends(part) if _is_sum(part) else Counter()
        inside = (k for k, (_, others) in enumerate(parts) if others and _is_within(addends, others))
        parts.insert(next(inside, len(parts)) if addends else len(parts), (part, addends))
    return [part for part, _ in parts] or [function]


def _is_sum(terms: Terms) -> bool:
    return type(terms[-1]) is Apply and terms[-1].head in ("add", "sub")


def _addends(terms: Terms, sign: int = 1) -> _Addends:
    """The addends of a sum, each with its sign and its spelling."""
    return Counter((sign, _spelling(part)) for sign, part in _signed(terms, sign))


def _signed(terms: Terms, sign: int = 1) -> Iterator[tuple[int, Terms]]:
    """The addends of a sum with their signs."""
    last = terms[-1]
    if type(last) is Apply and last.head in SILENT:
        yield from _signed(terms[:-1], sign)
    elif type(last) is Apply and last.head == "neg":
        yield from _signed(terms[:-1], -sign)
    elif _is_sum(terms):
        middle = starts(terms)[len(terms) - 2]
        yield from _signed(terms[:middle], sign)
        yield from _signed(terms[middle:-1], sign if last[0] == "add" else -sign)
    else:
        yield sign, terms


def _is_within(some: _Addends, others: _Addends) -> bool:
    """Whether a sum of two or more is a part of another."""
    return 1 < some.total() < others.total() and some <= others


def _spelling(terms: Terms) -> tuple[object, ...]:
    return spelling(spoken(terms))


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
    used = set(map(_spelling, taken.values()))
    yield from _numbered(rows, outputs, free, asked)
    free_parts = [part for part in parts if _spelling(part) not in used]
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
    """The parts that may be rows: no condition is one."""
    rows = (part for part in parts if getattr(part[-1], "head", "") not in RELATIONS)
    return list({_spelling(part): part for part in rows}.values())


def _valued(
    rows: Iterable[str], taken: Iterable[Terms], parts: Sequence[Terms], point: Mapping[str, Terms],
    values: Mapping[str, Part],
) -> dict[str, Terms]:  # fmt: skip
    """The rows that print the value of a part that is not taken, in their order."""
    spelled, last, found = set(map(_spelling, taken)), -1, dict[str, Terms]()
    for row in rows:
        place = _first_of_value(values.get(row), parts, point, spelled, last)
        if place is not None:
            found[row], last = parts[place], place
            spelled.add(_spelling(found[row]))
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


def _first_of_value(
    part: Part | None, parts: Sequence[Terms], point: Mapping[str, Terms], used: set[tuple[object, ...]], last: int
) -> int | None:
    """The first free part, after the last that was found if there is one, that has a printed value."""
    if part is None:
        return None
    places = [k for k in range(len(parts)) if _spelling(parts[k]) not in used]
    for place in sorted(places, key=lambda k: k <= last):
        try:
            numbers = {name: value_of(point[name], {}) for name in names_of(parts[place])}
            if any(agreement(printed(part), number) for number in numbers_of(parts[place], numbers)):
                return place
        except (NoValue, KeyError):
            continue
    return None


def _composed(taken: Mapping[str, Terms], asked: Asked) -> dict[str, Terms]:
    """The operations of rows in terms of each other: the larger part names the smaller ones in it."""
    functions = asked.functions
    ordered = sorted(taken, key=lambda name: len(taken[name]))
    named = {**asked.definitions, **{name: taken[name] for name in ordered}}
    found = {name: in_names(taken[name], named) for name in ordered}
    whole = {_spelling(function) for function in functions}
    if not any(_spelling(terms) in whole for terms in taken.values()):
        free = next(name for name in ("y", "f", "F", "output") if name not in (*asked.variables, *found))
        for place, function in enumerate(functions):
            found[f"{free}_{place + 1}" if len(functions) > 1 else free] = in_names(function, named)
    return found


def in_names(terms: Terms, others: Mapping[str, Terms]) -> Terms:
    """An expression with the names of others in the place of what they are, the largest first."""
    by_spelling = {_spelling(other): name for name, other in others.items()}
    begin, end = starts(terms), len(terms) - 1
    result: list[Term] = []
    while end >= 0:
        part = terms[begin[end] : end + 1]
        name = by_spelling.get(_spelling(part)) if len(part) < len(terms) else None
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


def _inner_sum(terms: Terms, others: Mapping[str, Terms]) -> tuple[str, Terms] | None:
    """The largest sum with a name that is within a sum, in whatever order: b - c of a + b - c."""
    if not _is_sum(terms):
        return None
    addends = _addends(terms)
    inner = [(name, other) for name, other in others.items() if _is_within(_addends(other), addends)]
    return max(inner, key=lambda one: len(one[1]), default=None)


def _with_sum(terms: Terms, name: str, inner: Terms, others: Mapping[str, Terms]) -> Terms:
    """A sum with a name for a part of it."""
    left = _addends(inner)
    made: Terms = (Name(name, 0),)
    for sign, part in _signed(terms):
        if left[sign, _spelling(part)] > 0:
            left[sign, _spelling(part)] -= 1
        else:
            made = (*made, *in_names((*part, Apply(GROUP, 1, 0)), others), Apply("add" if sign > 0 else "sub", 2, 0))
    return made
