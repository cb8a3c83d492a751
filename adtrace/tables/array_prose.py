"""What captions and notes say of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from adtrace.arrays.index_rules import unflat
from adtrace.language.syntax import Apply, Expression, Terms
from adtrace.tables.array_cells import ArrayCells
from adtrace.tables.composed import WEIGHT
from adtrace.tables.naming import MOST_NAMES
from adtrace.tracing.kinks import Convention
from adtrace.tracing.quantities import ADJOINT, TANGENT, VALUE, Address, Quantity
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Variable
from adtrace.writing.arrays import Sizes, arranged, printed_index
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.matrices import LINE, is_elided
from adtrace.writing.notation import Dialect, spelled

_MOST_ENTRIES = 6
"""Entries of the longest vector that stands in a sentence, and places that a note lists."""


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
    return spelled(terms if cells.dialect.name == PLAIN.name else arranged(terms, sizes), cells.dialect).text


def point(cells: ArrayCells, rows: bool) -> str:
    """``x = (1, 2), W as in the first rows``, where there are rows."""
    names = cells.naming.independents
    if len(names) > MOST_NAMES or cells.numerals.formulas:
        return ""
    texts = [_short(cells, VALUE, place, name) for place, name in enumerate(names)]
    others = [cells.dialect.math(name) for name, text in zip(names, texts, strict=True) if not text]
    said = [text for text in texts if text]
    if others and rows:
        said.append(cells.dialect.say("as_in_first_rows", names=cells.dialect.listed(others)))
    return cells.dialect.say("list_between").join(said)


def weighting(cells: ArrayCells) -> tuple[list[str], str]:
    """``bL = 1``, and ``dL/dW and dL/db``: what starts the reverse sweep, and what comes of it."""
    dialect, naming, data = cells.dialect, cells.naming, cells.wengert.data
    started = {place: cells.wengert.place(place) for place in naming.started}
    settings, whole_one = [], True
    for output, place in started.items():
        bar = naming.mark(ADJOINT)(naming.dependents[output])
        shape = cells.composed.shape(place)
        if shape and _all_ones(cells, place):
            settings.append(dialect.say("every_entry_one", name=dialect.math(bar)))
        else:
            whole_one = whole_one and not shape
            text = _short(cells, WEIGHT, place, bar)
            settings.append(text or dialect.say("as_in_its_row", name=dialect.math(bar)))
    names = [name for place, name in enumerate(naming.independents) if place not in data]
    if len(started) != 1:
        return settings, constant(cells, dialect.say("gradient_of_sum"))
    ((output, place),) = started.items()
    y = naming.dependents[output]
    entry = _one_entry(cells, place)
    if entry is not None:
        index = _index(entry, cells.composed.shape(place))
        bar, name = naming.mark(ADJOINT)(y), dialect.math(dialect.indexed(y, index))
        settings = [dialect.math(f"{dialect.indexed(bar, index)} = 1"), dialect.say("other_entries_zero")]
        return settings, constant(cells, dialect.say("gradient", output=name))
    if cells.composed.shape(place):
        key = "gradient_of_entries" if whole_one else "gradient_of_weighted_entries"
        return settings, constant(cells, dialect.say(key, output=dialect.math(y)))
    if len(names) > MOST_NAMES:
        return settings, constant(cells, dialect.say("whole_gradient", output=dialect.math(y)))
    return settings, dialect.listed([dialect.math(dialect.derivative(y, name)) for name in names])


def constant(cells: ArrayCells, result: str) -> str:
    """``the gradient with y constant``: the data, where a sentence does not list by what it is differentiated."""
    names = held(cells)
    return cells.dialect.say("held_constant", result=result, names=names) if names else result


def held(cells: ArrayCells) -> str:
    """The data, listed; nothing where there are none."""
    names = [cells.dialect.math(cells.naming.independents[place]) for place in sorted(cells.wengert.data)]
    return cells.dialect.listed(names) if names else ""


def _one_entry(cells: ArrayCells, place: int) -> int | None:
    """The entry of a weight that is 1 where the others, of which there are some, are 0."""
    weights = list(getattr(cells.sweep[Address(WEIGHT, place)], "flat", ()))
    others = [entry for entry, weight in enumerate(weights) if not bool(weight == 0)]
    return others[0] if len(weights) > 1 and len(others) == 1 and bool(weights[others[0]] == 1) else None


def _all_ones(cells: ArrayCells, place: int) -> bool:
    one = (cells.evaluation.arithmetic.entries or cells.evaluation.arithmetic).one
    return all(bool(entry == one) for entry in cells.sweep[Address(WEIGHT, place)].flat)


def seeding(cells: ArrayCells) -> tuple[list[str], str]:
    """``dx = (1, 1)`` and the other tangents to 0, and ``dL``, the derivative in this direction."""
    dialect, naming, data = cells.dialect, cells.naming, cells.wengert.data
    settings, zeros = [], 0
    for place, name in enumerate(naming.independents):
        if place in data:
            continue
        tangent = cells.sweep[Address(TANGENT, place, 0)]
        if all(bool(entry == 0) for entry in getattr(tangent, "flat", [tangent])):
            zeros += 1
            continue
        dot = naming.mark(TANGENT)(name)
        settings.append(_short(cells, TANGENT, place, dot) or dialect.say("as_in_its_row", name=dialect.math(dot)))
    if zeros:
        settings.append(dialect.say("other_tangents_zero" if settings else "all_tangents_zero"))
    results = [dialect.math(naming.mark(TANGENT)(y)) for y in naming.dependents]
    told = {"names": dialect.listed(results)}
    if zeros and data:
        return settings, dialect.say("as_this_direction_constant", constant=held(cells), **told)
    return settings, dialect.say("as_this_direction", **told)


def notes(cells: ArrayCells, expression: Expression) -> list[str]:
    """What is said of the entries that are left out, and of how they are counted."""
    shapes = [cells.composed.shape(place) for place in (*range(len(cells.wengert.independents)), *cells.composed.lines)]
    elided = cells.dialect.say("elided") if any(map(is_elided, shapes)) else ""
    return list(filter(None, (elided, _first_part(cells, expression))))


def _first_part(cells: ArrayCells, expression: Expression) -> str:
    """How the first part of the program is counted."""
    for statement in expression.statements:
        for place, term in enumerate(statement.terms):
            if isinstance(term, Apply) and term.head == "part":
                terms = statement.terms[place - 1 : place + 1]
                if type(terms[0]) is Apply:
                    return cells.dialect.say("parts_counted")
                printed, typed = cells.dialect.math(whole(terms, cells)), cells.dialect.prose(plain(terms))
                return cells.dialect.say("parts_counted_as", typed=typed, printed=printed)
    return ""


def at_entries(evaluation: Evaluation, kink: Convention, name: str, dialect: Dialect) -> str:
    """``in the entries z_1 and z_3``: where a row of an array is at its kink."""
    place = kink.row - evaluation.wengert.first
    shape = evaluation.wengert.shapes[place] if evaluation.wengert.shapes else ()
    if not kink.entries or not shape:
        return ""
    texts = [dialect.math(dialect.indexed(name, _index(entry, shape))) for entry in kink.entries[:_MOST_ENTRIES]]
    more = len(kink.entries) - len(texts)
    if more:
        first = dialect.say("list_between").join(texts[:2])
        return dialect.say("in_many_entries", count=len(kink.entries), first=first)
    return dialect.say("in_entry" if len(texts) == 1 else "in_entries", entries=dialect.listed(texts))


def _index(entry: int, shape: Sequence[int]) -> str:
    return printed_index(unflat(entry, tuple(shape)), tuple(shape))
