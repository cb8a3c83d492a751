"""Rows that tell their operation in numbers alone, ``8.029 / 2.5``, with the names for which these are put in.

Each number is of the variable, or of the row before, that has it printed; of several ways that is meant which is a part
of the function at points nearby, so that it does not matter how the numbers are rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, islice, product
from math import isfinite

from adtrace.checking.drafts.account import Account, Defined
from adtrace.checking.drafts.aligned import parts_of
from adtrace.checking.problems.asked import Asked
from adtrace.checking.problems.said import put_in
from adtrace.checking.readings.rewriting import bare
from adtrace.checking.work.nearby import moved_point
from adtrace.checking.work.values import NoValue, is_closed, middle, value_of, wording
from adtrace.elementals import rule
from adtrace.errors import InputError
from adtrace.language.syntax import Name, Number, Term, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.formulas import split

_MOST = 16
"""Ways in which the numbers of a working are meant."""
_POINTS = (1, -1)
_Figures = Sequence[Mapping[str, Scalar]]


def with_names(told: Account, asked: Asked) -> Account:
    """The account with the operations that numbers tell which are put in for names, where they are parts of the
    function.
    """
    rows = {row: of for row, of in told.put_in.items() if row not in told.defined or is_closed(told.defined[row].terms)}
    if not rows or not asked.point.keys() >= {*asked.variables}:
        return told
    called = _called(told, asked)
    named = {row: replace(told.defined[row], terms=(Name(name, 0),)) for row, name in called.items()}
    return replace(told, defined={**told.defined, **named, **_operations(rows, asked, called)})


def _called(told: Account, asked: Asked) -> dict[str, str]:
    """The rows that are numbers alone, those of the variables in their order, ``v_1 = 2`` and ``v_2 = 3``, by these."""
    numbers = [row for row, of in told.defined.items() if row in told.values and _is_number(of.terms)]
    free = [row for row in numbers if row not in asked.variables and row not in told.put_in]
    pairs = [*zip(free, asked.variables, strict=False)] if told.defined.keys().isdisjoint(asked.variables) else []
    alike = all(_is_same(told.defined[row].terms, asked.point[name]) for row, name in pairs)
    return dict(pairs) if alike else {}


def _is_number(terms: Terms) -> bool:
    return len(terms) == 1 and type(terms[0]) is Number


def located_by_workings(told: Account, asked: Asked) -> Asked:
    """What is asked with the numbers that workings have in the place of names which are told nowhere else:
    ``z = w x + b`` beside ``z = 0.5*2 + 0.1``.
    """
    put_in = defaultdict[str, list[Terms]](list)
    for row, (working, _) in told.put_in.items():
        operation = told.defined[row].terms if row in told.defined else ()
        for name, number in _numbers_of(bare(operation), bare(working.terms)) if operation else ():
            if name and {name, name.partition("_")[0]}.isdisjoint((*told.values, *told.defined, *asked.point)):
                put_in[name].append(number)
    point = {name: max(numbers, key=numbers.count) for name, numbers in put_in.items()}
    return replace(asked, point={**asked.point, **point}) if point else asked


def _numbers_of(formula: Terms, working: Terms) -> list[tuple[str, Terms]]:
    """The names of a formula with what stands in their place where it is worked out alike; none where it is not."""
    head, operands = split(formula)
    if not operands:
        number = len(working) == 1 or (len(working) == 2 and split(working)[0] == "neg")
        same = type(formula[0]) is not Name and formula[0][:3] == working[0][:3]
        return [(formula[0].name, working)] if type(formula[0]) is Name and number else [("", ())] if same else []
    shown_head, shown = split(working)
    each = [_numbers_of(*pair) for pair in zip(operands, shown, strict=False)] if head == shown_head else []
    return [*chain.from_iterable(each)] if len(each) == len(shown) == len(operands) and all(each) else []


def _operations(
    rows: Mapping[str, tuple[Defined, Terms]], asked: Asked, called: Mapping[str, str]
) -> dict[str, Defined]:
    """The operations of rows with these workings and numbers; variables may be ``called`` as a row is."""
    shown = {name: [asked.point[name]] for name in asked.variables if name not in called.values()}
    shown |= {row: [asked.point[name]] for row, name in called.items()}
    near = [{**at, **{row: at[name] for row, name in called.items()}} for at in _near(asked)]
    parts = [part for function in asked.functions for part in parts_of(function)]
    values, spelled = {_values(part, near) for part in parts} - {()}, {*map(wording, parts)}
    found, whole = dict[str, Defined](), dict[str, Terms]()
    for row, (working, number) in rows.items():
        alike = [way for way in islice(_ways(working.terms, shown), _MOST) if _values(way, near) in values]
        alike.sort(key=lambda way: wording(_whole(way, whole)) not in spelled)  # rows may be equal everywhere
        for way in alike[:1]:
            found[row], shown[row] = replace(working, terms=way), [number, *_worked_out(working.terms, number)]
            whole[row] = _whole(way, whole)
            near = [{**at, row: value_of(way, at, FLOATS)} for at in near]
    return found


def _near(asked: Asked) -> _Figures:
    """The values of the variables at points nearby."""
    point = [asked.point[name] for name in asked.variables]
    moved = (zip(asked.variables, moved_point(asked.variables, point, k), strict=True) for k in _POINTS)
    return [{name: value_of(terms, {}, FLOATS) for name, terms in at} for at in moved]


def _worked_out(working: Terms, number: Terms) -> Iterator[Terms]:
    """What a working comes to with as many decimals as the number behind it, which may be copied wrongly."""
    with suppress(NoValue):
        value, decimals = middle(value_of(working, {})), -min(_exponents(number))
        if isfinite(value):
            yield rule(f"{value:.{max(decimals, 0)}f}")


def _values(terms: Terms, near: _Figures) -> tuple[str, ...]:
    """What terms come to at the points nearby, as far as it is the same however it is computed; nothing for arrays."""
    with suppress(NoValue, KeyError, TypeError):
        return tuple(f"{float(value_of(terms, at, FLOATS)) + 0.0:.9g}" for at in near)
    return ()


def _whole(terms: Terms, rows: Mapping[str, Terms]) -> Terms:
    """The terms in variables alone; nothing where they become too many."""
    with suppress(InputError):
        return put_in(terms, rows)
    return ()


def _ways(working: Terms, shown: Mapping[str, Sequence[Terms]]) -> Iterator[Terms]:
    """A working with names in the place of numbers, with their signs, in each way; names before what is a number."""
    places = [*_places(working, shown)]
    for chosen in product(*(choices for _, _, choices in places)):
        made, last = list[Term](), 0
        for (begin, end, _), instead in zip(places, chosen, strict=True):
            made += (*working[last:begin], *instead)
            last = end
        yield (*made, *working[last:])


def _places(working: Terms, shown: Mapping[str, Sequence[Terms]]) -> Iterator[tuple[int, int, list[Terms]]]:
    """Where each number of a working begins and ends, its sign included if it is so printed, and what it may be: what
    is printed like it, the last before the others.
    """
    for k in (k for k, term in enumerate(working) if type(term) is Number):
        signed = k + 1 < len(working) and getattr(working[k + 1], "head", "") == "neg"
        for end in (k + 2, k + 1) if signed else (k + 1,):
            number = working[k:end]
            of: list[str] = [name for name in reversed([*shown]) if any(_is_same(one, number) for one in shown[name])]
            of.sort(key=lambda name: _exponents(shown[name][0]) != _exponents(number))
            if of or end == k + 1:
                yield k, end, [*((Name(name, 0),) for name in of), number]
                break


def _is_same(one: Terms, other: Terms) -> bool:
    values = value_of(one, {}), value_of(other, {})
    return type(values[0]) is type(values[1]) and bool(values[0] == values[1])


def _exponents(terms: Terms) -> list[int]:
    return [term.exponent for term in terms if type(term) is Number]
