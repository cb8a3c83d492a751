"""An array list as one of numbers: every entry a row of its own.

The list is swept in a number system whose numbers are operands of rows, so that the same rules of arrays that compute
values write them out here: what a sum of products is, and which entries a part has, is said in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.index_rules import IndexRule, Shape
from adtrace.elementals import TABLE, Elemental
from adtrace.errors import BindingError
from adtrace.language.syntax import Apply, Name, Number, Terms
from adtrace.limits import Limits
from adtrace.numbers import Arithmetic, NeedsPrecision
from adtrace.tracing.arrays import arrays, on_constants, value_of
from adtrace.tracing.choices import windows
from adtrace.tracing.entries import boxed, entries_of, of_entries, shape_of
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.rows import RowBuilder
from adtrace.tracing.wengert import Constant, Operand, Variable, WengertList
from adtrace.writing.dialects import plain

_ZERO = (Number("0", 0, 0, 0),)


class Unrolled(NamedTuple):
    """A list of numbers, and which of its operands the entries of the array list are."""

    wengert: WengertList
    entries: list[list[Operand]]
    """For each variable of the array list its entries in row order."""
    windows: dict[int, list[list[int]]]
    """For each row that takes the largest of several entries the rows that it is, window by window."""


def entry_names(name: str, shape: Shape) -> list[str]:
    """``W_1_1``, ``W_1_2``, ...: the names of the entries of an array, counted from 1; the name itself of a number."""
    return ["_".join((name, *(str(k + 1) for k in place))) for place in np.ndindex(shape)] if shape else [name]


def unrolled(wengert: WengertList, *, sharing: bool, powers: str, limits: Limits) -> Unrolled:
    """The list with a row for each entry.  Raises `BindingError` for names that clash, `BoundError` past the rows."""
    n = len(wengert.independents)
    shapes = wengert.shapes[:n]
    named = _independents(wengert)
    names = [name for group in named for name in group]
    builder = RowBuilder(len(names), sharing, powers, limits)
    lifted = arrays(_system(builder))
    spelled = replace(lifted, folded=lambda term, operands, one: on_constants(term, operands, builder.spelled, lifted))
    of_variables = iter(builder.variable(place) for place in range(len(names)))
    values: list[Any] = [
        of_entries([next(of_variables) for _ in group], shape, lifted)
        for group, shape in zip(named, shapes, strict=True)
    ]
    constants = {id(constant): _spelled(constant.terms, spelled) for constant in wengert.flat.constants}

    def number(operand: Operand) -> Any:
        if not isinstance(operand, Constant):
            return values[operand - wengert.first]
        return constants[id(operand)] if id(operand) in constants else _spelled(operand.terms, spelled)

    windows: dict[int, list[list[int]]] = {}
    for index, row in enumerate(wengert.rows, start=1):
        value, chosen = _row(row.elemental, [number(operand) for operand in row.operands], builder, lifted)
        values.append(value)
        if chosen is not None:
            windows[index] = chosen
    outputs = _named_entries(zip(wengert.dependent_names, map(number, wengert.dependents), strict=True))
    assigned = _named_entries((name, number(v)) for name, v in wengert.assigned if not isinstance(v, Constant))
    scalars = WengertList(tuple(names), builder.flat(), tuple(operand for _, operand in outputs),
                          tuple(name for name, _ in outputs), tuple(assigned), data=_data(wengert, named))  # fmt: skip
    return Unrolled(scalars, list(map(entries_of, values)), windows)


def _independents(wengert: WengertList) -> list[list[str]]:
    """For each independent variable the names of its entries.  Raises `BindingError` for a name of two."""
    named = [entry_names(name, shape) for name, shape in zip(wengert.independents, wengert.shapes, strict=False)]
    names = [name for group in named for name in group]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BindingError(f"{twice} would be the name of two entries; rename one of the variables")
    return named


def _row(
    elemental: Elemental, operands: Sequence[Any], builder: RowBuilder, lifted: Arithmetic
) -> tuple[Any, list[list[int]] | None]:
    """A row of arrays in rows of numbers; the rows that its windows are, if it takes the largest of several entries."""
    if not isinstance(elemental, ArrayElemental):
        return _entrywise(elemental, operands, builder), None
    if elemental.index is not None and elemental.index.choice:
        return _chosen(elemental.index, operands[0], builder, lifted)
    return value_of(elemental, operands, lifted), None


def _named_entries(values: Iterable[tuple[str, Any]]) -> list[tuple[str, Operand]]:
    """The entries of named arrays, each with its name."""
    entries: list[tuple[str, Operand]] = []
    for name, value in values:
        entries += zip(entry_names(name, shape_of(value)), entries_of(value), strict=True)
    return entries


def _data(wengert: WengertList, named: Sequence[Sequence[str]]) -> frozenset[int]:
    """The places of the entries that do not vary."""
    places, place = set(), 0
    for variable, group in enumerate(named):
        if variable in wengert.data:
            places |= set(range(place, place + len(group)))
        place += len(group)
    return frozenset(places)


def _entrywise(elemental: Any, operands: Sequence[Any], builder: RowBuilder) -> Any:
    """A scalar elemental on each entry."""

    def one(*entries: Operand) -> Operand:
        if all(isinstance(entry, Constant) for entry in entries):
            terms = [term for entry in entries for term in entry.terms]  # type: ignore[union-attr]
            return builder.interned((*terms, Apply(elemental.name, len(entries), 0)))
        return builder.row(elemental, entries)

    if not any(type(x) is np.ndarray for x in operands):
        return one(*operands)
    return np.frompyfunc(one, len(operands), 1)(*map(boxed, operands))


def _chosen(index: IndexRule, x: Any, builder: RowBuilder, lifted: Arithmetic) -> tuple[Any, list[list[int]]]:
    """The largest of several, two at a time; and the rows that it is, window by window."""
    places, inside = windows(index, x.shape)
    flat, values, of = x.reshape(-1), list[Operand](), list[list[int]]()
    for row, here in zip(places, inside, strict=True):
        first, *rest = [flat[place] for place in row[here].tolist()]
        of.append([])
        for other in rest:
            first = builder.binary(index.choice, first, other)
            of[-1] += [int(first)] if isinstance(first, Variable) else []
        values.append(first)
    return of_entries(values, index.shape, lifted), of


class _Rows(Mapping[str, Callable[..., Operand]]):
    """Every elemental as what makes its row."""

    def __init__(self, builder: RowBuilder, zero: Constant) -> None:
        self.builder, self.zero = builder, zero

    def __getitem__(self, head: str) -> Callable[..., Operand]:
        builder, zero = self.builder, self.zero
        if head == "add":  # a zero is one of the padding, or of what an adjoint does not reach
            return lambda x, y: y if x is zero else x if y is zero else builder.binary("add", x, y)
        if head == "mul":
            return lambda x, y: zero if x is zero or y is zero else builder.binary("mul", x, y)
        return lambda x, y=None: builder.unary(head, x) if y is None else builder.binary(head, x, y)

    def get(self, head: str, default: Any = None) -> Any:
        """The row of every head, for all of them have one."""
        return self[head]

    def __iter__(self) -> Iterator[str]:
        return iter(name for name, _ in TABLE)

    def __len__(self) -> int:
        return len(TABLE)


def _undecided(x: object) -> int:
    raise NeedsPrecision


def _system(builder: RowBuilder) -> Arithmetic:
    """The number system whose numbers are operands of rows."""

    def literal(digits: int, exponent: int) -> Constant:
        text = str(digits) if exponent == 0 else f"{digits}e{exponent}"
        return builder.interned((Number(text, digits, exponent, 0),))

    zero = builder.interned(_ZERO)
    return Arithmetic(
        name="rows",
        functions=_Rows(builder, zero),
        literal=literal,
        constants={name: lambda name=name: builder.interned((Name(name, 0),)) for name in ("pi", "e")},  # type: ignore[misc]
        sign=_undecided,
        precision=lambda bits: nullcontext(),
        zero=zero,
        one=literal(1, 0),
        exact=True,
        magnitude_bits=0,
    )


def _spelled(terms: Terms, lifted: Arithmetic) -> Any:
    """A constant with each entry in its own spelling."""
    return constant_value(terms, lifted, plain)
