r"""Entries under names of their own: ``x_2`` of an array x in a formula, and rows ``z_1`` and ``\bar W_{12}``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.account import Account
from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.work.shapes import close, entries_named, entry_index, ways
from adtrace.checking.work.values import NoValue, shape_of, value_of
from adtrace.language.lists import nested
from adtrace.language.syntax import Name, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.floats import FLOATS

_Printed = Mapping[str, Scalar | None]
"""The names that entries of an array are called by, without that of the array, each with its number if it has one."""
_NEAR = 0.01


def with_entries(told: Account, asked: Asked, whole: bool) -> tuple[Account, Asked]:
    """The account with ``x_2`` as an entry of x, where x is an array and no row is called so; and what is asked with
    the definition of each entry that has a row of its own without an operation, or, where the ``whole`` array is
    computed, with one, too.
    """
    shapes = {name: told.values[name].matrix or () if name in told.values else () for name in told.rows}
    shapes |= {name: terms_shape(terms) for name, terms in asked.point.items()}
    if not any(shapes.values()):
        return told, asked
    told, shapes = (
        _gathered(told, {*asked.variables, *asked.definitions, *asked.outputs}, shapes) if whole else (told, shapes)
    )
    formulas = dict(zip(asked.outputs, asked.functions, strict=True)) | dict(asked.definitions)
    meant = _meant(formulas | {name: row.terms for name, row in told.defined.items()}, asked.point, told)
    shapes |= {name: shape_of(number) for name, (_, number) in meant.items()}
    told = replace(told, from_zero=_from_zero(meant, told))
    free = _free(_entries(told, {*asked.variables, *formulas}, shapes), told, formulas, whole)
    defined = {name: replace(row, terms=entries_named(row.terms, shapes, told.from_zero))
               for name, row in told.defined.items() if name not in free}  # fmt: skip
    bases = {name: meant[name][0] for terms in free.values() for name in names_of(terms)
             if name in formulas and name in meant}  # fmt: skip
    return replace(told, defined=defined), replace(asked, definitions={**asked.definitions, **bases, **free})


def _gathered(told: Account, known: Container[str], shapes: Mapping[str, Shape]) -> tuple[Account, dict[str, Shape]]:
    """The account and the shapes with the vectors of which nothing is told but each entry in a row of its own, as if
    they were printed whole.
    """
    entries, told_of = defaultdict[str, dict[int, Terms]](dict), {*told.values, *told.defined}
    for name, part in told.values.items():
        base, _, index = name.rpartition("_")
        is_whole = base in known or base in told_of or shapes.get(base)
        if base and not is_whole and index.isdecimal() and not part.matrix:
            entries[base][int(index)] = part.readings[0]
    arrays = {
        base: Part("", (tuple(nested([each[k] for k in sorted(each)], (len(each),), 0)),), matrix=(len(each),))
        for base, each in entries.items()
        if len(each) > 1 and max(each) - min(each) + 1 == len(each) and min(each) in (0, 1)
    }
    told = replace(told, rows=(*arrays, *told.rows), values={**told.values, **arrays})
    return told, {**shapes, **{name: part.matrix or () for name, part in arrays.items()}}


def _from_zero(meant: Mapping[str, tuple[Terms, Scalar]], told: Account) -> frozenset[str]:
    """The arrays whose entries are counted from 0."""
    arrays = {name: number for name, (_, number) in meant.items() if shape_of(number)}
    return frozenset(name for name, number in arrays.items() if _fit(number, _printed(name, told))[2] == 0)


def _entries(told: Account, others: Container[str], shapes: Mapping[str, Shape]) -> dict[str, Terms]:
    """The rows that are called as entries of arrays are, and these, but for some others."""
    arrays = {name: shape for name, shape in shapes.items() if shape}
    rows = (name for name in told.rows if name not in others and name not in arrays)
    each = ((name, entries_named((Name(name, 0),), arrays, told.from_zero)) for name in rows)
    return {name: terms for name, terms in each if len(terms) > 1}


def _free(entries: Mapping[str, Terms], told: Account, formulas: Mapping[str, Terms], whole: bool) -> dict[str, Terms]:
    """The entries that are taken from their arrays: those without an operation, those of an array of which others have
    no row, and where the ``whole`` array is computed all.
    """
    computed = {name for name, row in told.defined.items() if {*names_of(row.terms)} - {name}}
    alone = (name.rpartition("_")[0] for name in told.used if name not in told.rows)
    taken = computed.union(formulas) if whole else formulas.keys() & {*alone}
    return {name: terms for name, terms in entries.items() if name not in computed or taken.issuperset(names_of(terms))}


def _meant(formulas: Mapping[str, Terms], point: Mapping[str, Terms], told: Account) -> dict[str, tuple[Terms, Scalar]]:
    """What formulas come to at the point, as far as they have a value there: each in the way that has the entries that
    are named, and most of those that are printed.
    """
    numbers: dict[str, Scalar] = {}
    meant: dict[str, tuple[Terms, Scalar]] = {}
    for name, terms in (*point.items(), *_in_order(formulas)):
        with suppress(NoValue):
            each = ways(terms, numbers, (False,)) if name not in numbers else ()
            if valued := [(way, value_of(way, of, FLOATS)) for way, of in each]:
                printed = _printed(name, told)
                meant[name] = max(valued, key=lambda way: _fit(way[1], printed)[:2])
                numbers[name] = meant[name][1]
    return meant


_MOST = 30
"""Formulas that are tried as often as one may wait for another."""


def _in_order(formulas: Mapping[str, Terms]) -> Iterable[tuple[str, Terms]]:
    return (pair for _ in islice(formulas, _MOST) for pair in formulas.items())


def _printed(name: str, told: Account) -> _Printed:
    """The names of a document that may be those of entries, each with its number, if it is printed."""
    names = (row for row in (*told.rows, *told.used) if row.startswith(f"{name}_"))
    return {row.removeprefix(f"{name}_"): _number(told.values.get(row)) for row in names}


def _number(part: Part | None) -> Scalar | None:
    with suppress(NoValue):
        return value_of(part.readings[0], {}, FLOATS) if part is not None and not part.matrix else None
    return None


def _fit(array: Any, printed: _Printed) -> tuple[int, int, int]:
    """How many of the entries that are named an array has, and how many of them are what is printed, if they are
    counted from 1, or from 0, where that is better.
    """
    shape, fits = shape_of(array), []
    indices = {name: entry_index(name, len(shape)) for name in printed}
    for first in (0,) if any(0 in index for index in indices.values()) else (1, 0):
        places = {name: tuple(k - first for k in index) for name, index in indices.items() if index}
        there = {name: place for name, place in places.items() if all(map(int.__lt__, place, shape))}
        told = ((array[place], printed[name]) for name, place in there.items())
        alike = (close(entry, number, _NEAR) for entry, number in told if number is not None)
        fits.append((len(there), sum(alike), first))
    return max(fits)
