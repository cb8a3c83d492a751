"""What captions and notes say of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from adtrace.arrays.index_rules import unflat
from adtrace.language.syntax import Apply, Expression, Terms
from adtrace.tables.array_cells import ArrayCells
from adtrace.tables.composed import WEIGHT
from adtrace.tracing.kinks import Convention
from adtrace.tracing.quantities import ADJOINT, TANGENT, VALUE, Address, Quantity
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Variable
from adtrace.writing.arrays import Sizes, arranged, printed_index
from adtrace.writing.dialects import plain
from adtrace.writing.matrices import LINE, is_elided
from adtrace.writing.notation import Dialect, spelled

_MOST_NAMES = 8
"""A sentence lists at most so many variables."""
_MOST_ENTRIES = 6
"""Entries of the longest vector that stands in a sentence, and places that a note lists."""


def listed(texts: Sequence[str]) -> str:
    """``x, y and z``."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _short(cells: ArrayCells, quantity: Quantity, place: int, name: str) -> str:
    """``x = (1, 2)``; nothing for what has more entries than a sentence has room for."""
    shape = cells.composed.shape(place)
    if len(shape) > 1 or prod(shape) > _MOST_ENTRIES:
        return ""
    return cells.dialect.math(f"{name} = {cells.array(quantity, place, 0, LINE)}")


def whole(terms: Terms, cells: ArrayCells) -> str:
    """A right side of the program, its products by the shapes of its variables."""
    n = len(cells.wengert.independents)
    independents = enumerate(cells.wengert.independents)
    sizes: dict[str, Sizes] = {name: cells.composed.shape(place) for place, name in independents}
    for name, operand in cells.wengert.assigned:
        if isinstance(operand, Variable):
            sizes[name] = cells.composed.shape(operand + n - 1)
    return spelled(arranged(terms, sizes), cells.dialect).text


def point(cells: ArrayCells) -> str:
    """`` at x = (1, 2), W as in the first rows``."""
    names = cells.naming.independents
    if len(names) > _MOST_NAMES or cells.numerals.formulas:
        return ""
    texts = [_short(cells, VALUE, place, name) for place, name in enumerate(names)]
    others = [cells.dialect.math(name) for name, text in zip(names, texts, strict=True) if not text]
    said = [text for text in texts if text]
    if others:
        said.append(f"{listed(others)} as in the first rows")
    return f" at {', '.join(said)}"


def weighting(cells: ArrayCells) -> str:
    """``Setting bL = 1 gives dL/dW and dL/db``: what starts the reverse sweep, and what comes of it."""
    dialect, naming, data = cells.dialect, cells.naming, cells.wengert.data
    started = {place: cells.wengert.place(place) for place in naming.started}
    settings, whole_one = [], True
    for output, place in started.items():
        bar = naming.mark(ADJOINT)(naming.dependents[output])
        shape = cells.composed.shape(place)
        if shape and _all_ones(cells, place):
            settings.append(f"every entry of {dialect.math(bar)} to 1")
        else:
            whole_one = whole_one and not shape
            text = _short(cells, WEIGHT, place, bar)
            settings.append(text or f"{dialect.math(bar)} as in its row")
    setting = f"Setting {listed(settings)}" if settings else "The reverse sweep"
    names = [name for place, name in enumerate(naming.independents) if place not in data]
    if len(started) != 1:
        return f"{setting} gives the gradient of their weighted sum{held(cells)}"
    ((output, place),) = started.items()
    y = naming.dependents[output]
    entry = _one_entry(cells, place)
    if entry is not None:
        index = _index(entry, cells.composed.shape(place))
        bar, name = naming.mark(ADJOINT)(y), dialect.math(dialect.indexed(y, index))
        setting = f"Setting {dialect.math(f'{dialect.indexed(bar, index)} = 1')} and the other entries to 0"
        return f"{setting} gives the gradient of {name}{held(cells)}"
    if cells.composed.shape(place):
        what = "sum" if whole_one else "weighted sum"
        return f"{setting} gives the gradient of the {what} of the entries of {dialect.math(y)}{held(cells)}"
    if len(names) > _MOST_NAMES:
        return f"{setting} gives the whole gradient of {dialect.math(y)}{held(cells)}"
    return f"{setting} gives {listed([dialect.math(dialect.derivative(y, name)) for name in names])}"


def held(cells: ArrayCells) -> str:
    """`` with y constant``: the data, where a sentence does not list by what it is differentiated."""
    names = [cells.dialect.math(cells.naming.independents[place]) for place in sorted(cells.wengert.data)]
    return f" with {listed(names)} constant" if names else ""


def _one_entry(cells: ArrayCells, place: int) -> int | None:
    """The entry of a weight that is 1 where the others, of which there are some, are 0."""
    weights = list(getattr(cells.sweep[Address(WEIGHT, place)], "flat", ()))
    others = [entry for entry, weight in enumerate(weights) if not bool(weight == 0)]
    return others[0] if len(weights) > 1 and len(others) == 1 and bool(weights[others[0]] == 1) else None


def _all_ones(cells: ArrayCells, place: int) -> bool:
    one = (cells.evaluation.arithmetic.entries or cells.evaluation.arithmetic).one
    return all(bool(entry == one) for entry in cells.sweep[Address(WEIGHT, place)].flat)


def seeding(cells: ArrayCells) -> str:
    """``Setting dx = (1, 1) and the other tangents to 0 gives dL, the derivative in this direction``."""
    dialect, naming, data = cells.dialect, cells.naming, cells.wengert.data
    if len(cells.evaluation.seeds) > 1:
        each = f"one for each seed{',' if data else ''}{held(cells)}"
        return f"There are {len(cells.evaluation.seeds)} forward sweeps, {each}"
    settings, zeros = [], 0
    for place, name in enumerate(naming.independents):
        if place in data:
            continue
        tangent = cells.sweep[Address(TANGENT, place, 0)]
        if all(bool(entry == 0) for entry in getattr(tangent, "flat", [tangent])):
            zeros += 1
            continue
        dot = naming.mark(TANGENT)(name)
        settings.append(_short(cells, TANGENT, place, dot) or f"{dialect.math(dot)} as in its row")
    if zeros:
        settings.append("the other tangents to 0" if settings else "all tangents to 0")
    results = [dialect.math(naming.mark(TANGENT)(y)) for y in naming.dependents]
    direction = f"the derivative in this direction{held(cells) if zeros else ''}"
    return f"Setting {listed(settings)} gives {listed(results)}, {direction}, in one forward sweep"


def notes(cells: ArrayCells, expression: Expression) -> list[str]:
    """What is said of the entries that are left out, and of how they are counted."""
    found: list[str] = []
    shapes = [cells.composed.shape(place) for place in (*range(len(cells.wengert.independents)), *cells.composed.lines)]
    if any(map(is_elided, shapes)):
        found.append("Of an axis with more than 6 entries the first three and the last are shown.")
    part = _first_part(cells, expression)
    if part:
        found.append(part)
    return found


def _first_part(cells: ArrayCells, expression: Expression) -> str:
    """How the first part of the program is counted."""
    for statement in expression.statements:
        for place, term in enumerate(statement.terms):
            if isinstance(term, Apply) and term.head == "part":
                terms = statement.terms[place - 1 : place + 1]
                if type(terms[0]) is Apply:
                    return "Parts are typed from 0, and printed from 1."
                printed, typed = cells.dialect.math(whole(terms, cells)), cells.dialect.prose(plain(terms))
                return f"Parts are typed from 0, and printed from 1: {typed} is {printed}."
    return ""


def at_entries(evaluation: Evaluation, kink: Convention, name: str, dialect: Dialect) -> str:
    """`` in the entries z_1 and z_3``: where a row of an array is at its kink."""
    place = kink.row - evaluation.wengert.first
    shape = evaluation.wengert.shapes[place] if evaluation.wengert.shapes else ()
    if not kink.entries or not shape:
        return ""
    texts = [dialect.math(dialect.indexed(name, _index(entry, shape))) for entry in kink.entries[:_MOST_ENTRIES]]
    more = len(kink.entries) - len(texts)
    if more:
        return f" in {len(kink.entries)} entries, {', '.join(texts[:2])} and others"
    return f" in {'the entry' if len(texts) == 1 else 'the entries'} {listed(texts)}"


def _index(entry: int, shape: Sequence[int]) -> str:
    return printed_index(unflat(entry, tuple(shape)), tuple(shape))
