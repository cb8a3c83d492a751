"""The local partials of one row, alone: its sweeps by the names in it, and what tangents and adjoints add there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any

from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.work.values import ROW, NoValue, Numbers, Swept, alone, hull, operands_of, shape_of, value_of
from adtrace.language.syntax import Apply, Name, Terms
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.tracing.given import Scalars
from adtrace.tracing.seeds import unit
from adtrace.tracing.symbols import symbols, terms_of

MOST_ENTRIES = 64
"""Entries of a row whose partials are written as a matrix."""


def swept(terms: Terms, numbers: Numbers, arithmetic: Arithmetic = CERTIFIED) -> tuple[Scalar, dict[str, Scalar]]:
    """The value of an expression, and its partial by each name in it; at a kink a ball of all that lies between the
    sides.  Raises `NoValue`.
    """
    there = alone(terms, numbers, arithmetic)
    partials = {name: there.derivative(ROW, name) for name in there.inputs}
    for conventions in there.kinks:
        other = alone(terms, numbers, arithmetic, conventions)
        partials = {name: hull(p, other.derivative(ROW, name)) for name, p in partials.items()}
    return there.value(ROW), partials


_ADJOINT, _TANGENT, _STEP, _SUM = "\x00adjoint", "\x00tangent", "\x00step", "\x00sum"


def pulled(terms: Terms, numbers: Numbers, adjoint: Scalar, arithmetic: Arithmetic = CERTIFIED) -> dict[str, Scalar]:
    """What a row with this adjoint adds to that of each name in it: the derivative of the sum of both, entry by entry
    multiplied.  Raises `NoValue`.
    """
    inputs, given = operands_of(terms, numbers)
    weighted = (Name(ROW, 0), Name(_ADJOINT, 0), Apply("mul", 2, 0), Apply("sum", 1, 0))
    rows = ((ROW, tuple(terms)), (_SUM, weighted))
    there = Swept(rows, (*inputs, _ADJOINT), Scalars((*given, adjoint)), arithmetic)
    return {name: there.derivative(_SUM, name) for name in inputs}


def pushed(
    terms: Terms, numbers: Numbers, tangents: Numbers, names: Sequence[str], arithmetic: Arithmetic = CERTIFIED
) -> dict[str, Scalar]:
    """What the tangent of each of some names in a row adds to that of the row: the derivative by a step along it.
    Raises `NoValue`.
    """
    found = {}
    for name in names:
        there = _stepped(terms, numbers, {name: tangents[name]}, arithmetic)
        found[name] = there.along(ROW, _step(there))
    return found


def _stepped(terms: Terms, numbers: Numbers, tangents: Numbers, arithmetic: Arithmetic) -> Swept:
    """A row at a step along some tangents."""
    inputs, given = operands_of(terms, numbers)
    moving = {name: tangents[name] for name in inputs if name in tangents}
    moved = {
        name: (Name(name, 0), Name(_STEP, 0), Name(_TANGENT + name, 0), Apply("mul", 2, 0), Apply("add", 2, 0))
        for name in moving
    }
    stepped = tuple(t for term in terms for t in (moved.get(term.name, (term,)) if type(term) is Name else (term,)))
    point = Scalars((*given, *moving.values(), arithmetic.zero))
    return Swept(((ROW, stepped),), (*inputs, *(_TANGENT + name for name in moving), _STEP), point, arithmetic)


def _step(there: Swept) -> tuple[Terms, ...]:
    """The direction of the step."""
    return unit(len(there.inputs) - 1, len(there.inputs))


def turned_partials(
    terms: Terms, numbers: Numbers, tangents: Numbers, arithmetic: Arithmetic = CERTIFIED
) -> dict[str, Scalar]:
    """How the partial of a row by each name in it changes along the tangents of all.  Raises `NoValue`."""
    there = _stepped(terms, numbers, tangents, arithmetic)
    return {name: there.turned(ROW, name, _step(there)) for name in names_of(terms)}


_LONGEST = 400
"""Terms of a partial."""


@lru_cache(maxsize=4096)
def partial_terms(operation: Terms) -> dict[str, Terms]:
    """The partials of an operation by each name in it, as formulas.  Raises `NoValue`."""
    inputs = names_of(operation)
    letters = tuple((Name(name, 0),) for name in inputs)
    there = Swept(((ROW, operation),), inputs, letters, symbols(_LONGEST))
    return {name: terms_of(there.derivative(ROW, name), full=True) for name in inputs}


def partials_of(terms: Terms, numbers: Numbers, arithmetic: Arithmetic) -> dict[str, Scalar]:
    """The partials of a row by its names: of an array by an array its matrix."""
    value: Any = value_of(terms, numbers, arithmetic) if arithmetic.entries is not None else None
    shape = shape_of(value)
    if not shape:
        return swept(terms, numbers, arithmetic)[1]
    if value.size > MOST_ENTRIES:
        raise NoValue("it is a matrix of more entries than are compared")
    from numpy import array, zeros  # noqa: PLC0415

    rows: list[dict[str, Scalar]] = []
    for place in range(value.size):
        one = zeros(value.size, dtype=value.dtype)
        one[:] = arithmetic.zero
        one[place] = arithmetic.one
        rows.append(pulled(terms, numbers, one.reshape(shape), arithmetic))
    stacked = {name: array([row[name] for row in rows], dtype=value.dtype) for name in rows[0]}
    return {name: partials.reshape(*shape, *partials.shape[1:]) for name, partials in stacked.items()}


def diagonal(partial: Scalar) -> Scalar:
    """The partial of an array by an array of its shape, of which each entry is computed from its own alone.  Raises
    `NoValue`.
    """
    shape = shape_of(partial)
    own, of = shape[: len(shape) // 2], shape[len(shape) // 2 :]
    if not shape or own != of:
        raise NoValue("it is of no array by one of its shape")
    matrix: Any = partial.reshape(prod(own), -1)
    if any(x != 0 for k, row in enumerate(matrix) for j, x in enumerate(row) if j != k):
        raise NoValue("an entry is computed from others")
    return matrix.diagonal().reshape(own)


def gathered(partials: Mapping[str, Scalar], same: Mapping[str, str], arithmetic: Arithmetic) -> dict[str, Scalar]:
    """The partials by names that are one variable, added."""
    found: dict[str, Scalar] = {}
    for name, partial in partials.items():
        name = same.get(name, name)  # noqa: PLW2901
        found[name] = arithmetic.functions["add"](found[name], partial) if name in found else partial
    return found


def sum_of(numbers: Iterable[Scalar], arithmetic: Arithmetic) -> Scalar:
    """The sum in a number system."""
    total = None
    for number in numbers:
        total = number if total is None else arithmetic.functions["add"](total, number)
    return arithmetic.zero if total is None else total
