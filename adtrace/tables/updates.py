"""The table with which a homework ends: each variable after a step of gradient descent.

    parameter   value   dL/dw   w - 0.1 dL/dw              the new value from exact numbers, rounded once

A learning rate that is a letter stays one: there the new value is ``0.5 - r (-0.6225)``, with the numbers put in.
"""

from __future__ import annotations

from math import prod
from typing import Any

from adtrace.arrays.index_rules import unflat
from adtrace.language.syntax import Name, Terms
from adtrace.tables.array_panels import is_of_arrays
from adtrace.tables.cells import Cells
from adtrace.tracing.formulas import joined
from adtrace.tracing.letters import is_number
from adtrace.tracing.quantities import ADJOINT, UPDATED, VALUE, Address
from adtrace.writing.arrays import printed_index
from adtrace.writing.matrices import kept_places, laid_out, nested
from adtrace.writing.notation import PRODUCT, Text, compile_pattern, fill, named, written

_VALUE, _SLOPE = Name("u", 0), Name("a", 0)
_LONGEST = 15
"""Terms of the longest derivative in letters that stands in the new value; a longer one has its name there."""
_ANY = "w"
"""What stands for any variable in a heading."""


def _rule(rate: Terms, sign: str = "sub") -> Terms:
    """``u - rate*a``."""
    return joined(sign, (_VALUE,), joined("mul", rate, (_SLOPE,)))


def varying(cells: Cells) -> list[int]:
    """The places of the variables that have a derivative."""
    return [place for place in range(len(cells.wengert.independents)) if place not in cells.wengert.data]


def headings(cells: Cells) -> list[str]:
    """What stands over the columns."""
    dialect, slope = cells.dialect, _slope(cells)
    return [dialect.say("parameter"), dialect.say("value"), dialect.math(slope), dialect.math(_step(cells, slope))]


def caption(cells: Cells) -> str:
    """``A step of gradient descent on L with the learning rate 0.1.``"""
    rate = cells.dialect.math(written(_rate(cells), cells.dialect))
    place = _descended(cells)
    what = cells.dialect.say("of_weighted_sum") if place is None else cells.dialect.math(cells.naming.dependents[place])
    return cells.dialect.say("descent", output=what, rate=rate)


def columns(cells: Cells) -> list[list[str]]:
    """The texts of each column."""
    places = varying(cells)
    names = [cells.naming.independents[place] for place in places]
    numbers = [[number(cells, Address(of, place)) for place in places] for of in (VALUE, ADJOINT)]
    bold = cells.dialect.bold
    return [names, *numbers, [bold(new_value(cells, place)) for place in places]]


def number(cells: Cells, address: Address) -> str:
    """A number, or an array, of a variable."""
    if is_of_arrays(cells):
        return cells.array(address.quantity, address.place)
    return cells.texts.shown(address)


def new_value(cells: Cells, place: int) -> str:
    """A variable after the step."""
    if not (stays_open(cells) or cells.numerals.formulas):
        return number(cells, Address(UPDATED, place))
    if not is_of_arrays(cells):
        return _put_in(cells, place, None)
    shape = cells.composed.shape(place)
    if not shape:
        return _put_in(cells, place, None)
    texts = [_put_in(cells, place, entry) for entry in kept_places(shape)]
    return laid_out(texts, shape, cells.brackets, cells.vector)


def new_values(cells: Cells, place: int) -> Any:
    """The same as a text, of an array as nested lists of texts."""
    if not stays_open(cells):
        return cells.numerals.texts(Address(UPDATED, place))
    shape = tuple(cells.wengert.shapes[place]) if cells.wengert.shapes else ()
    if not shape:
        return _put_in(cells, place, None)
    return nested([_put_in(cells, place, entry) for entry in range(prod(shape))], shape)


def stays_open(cells: Cells) -> bool:
    """Whether the learning rate is a letter beside numbers."""
    return not (cells.numerals.formulas or is_number(_rate(cells)))


def _rate(cells: Cells) -> Terms:
    rate = cells.evaluation.rate
    assert rate is not None
    return rate


def _put_in(cells: Cells, place: int, entry: int | None) -> str:
    """The step of a number with the value and the derivative put in."""
    value, slope = (cells.texts.number(Address(of, place, 0, entry)) for of in (VALUE, ADJOINT))
    if slope.text == "0":
        return value.text
    if cells.numerals.formulas and len(cells.numerals.closed_form(Address(ADJOINT, place, 0, entry)) or ()) > _LONGEST:
        slope = Text(_bar(cells, place, entry))
    downhill = slope.negative and slope.level >= PRODUCT  # two signs are one: 0.5 + r 0.6225
    if downhill:
        slope = Text(slope.text[1:], slope.level)
    texts = {_VALUE.name: value, _SLOPE.name: slope}
    rule = _rule(_rate(cells), "add" if downhill else "sub")
    return fill(compile_pattern(rule, cells.dialect, frozenset(texts), numbers=True), texts.__getitem__)


def _bar(cells: Cells, place: int, entry: int | None) -> str:
    """The name of an adjoint, whose formula stands beside it."""
    name = cells.naming.mark(ADJOINT)(cells.naming.independents[place])
    if entry is None:
        return name
    shape = tuple(cells.wengert.shapes[place])
    return cells.dialect.indexed(name, printed_index(unflat(entry, shape), shape))


def _slope(cells: Cells) -> str:
    """``dL/dw``, or of a weighted sum the adjoint of w."""
    place = _descended(cells)
    if place is None:
        return cells.naming.mark(ADJOINT)(_any(cells))
    return cells.dialect.derivative(cells.naming.dependents[place], _any(cells))


def _descended(cells: Cells) -> int | None:
    """The output whose gradient it is; None for a weighted sum."""
    place = cells.sweep.unit(cells.evaluation.weights)
    return None if place is None or any(cells.wengert.dependent_shapes) else place


def _any(cells: Cells) -> str:
    """The variable, where there is one."""
    places = varying(cells)
    return cells.naming.independents[places[0]] if len(places) == 1 else cells.dialect.name_of(_ANY)


def _step(cells: Cells, slope: str) -> str:
    texts = {_VALUE.name: named(_any(cells)), _SLOPE.name: Text(slope)}
    pattern = compile_pattern(_rule(_rate(cells)), cells.dialect, frozenset(texts))
    return fill(pattern, texts.__getitem__)
