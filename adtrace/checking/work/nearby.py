"""A point nearby, where no factor is 0 or 1 by chance and formulas are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from operator import mul

from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.checking.work.values import ROW, Numbers, alone, middle, shape_of, value_of
from adtrace.elementals import CORNER, TABLE, TIE, key_of
from adtrace.language.lists import nested
from adtrace.language.syntax import Apply, Name, Number, Terms, fold
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS


def moved_point(names: Sequence[str], point: Sequence[Terms], sign: int) -> tuple[Terms, ...]:
    """A point within two hundredths of another, in no simple proportion to it."""
    moved: list[Terms] = []
    place, sized = 0, any(map(terms_shape, point))
    for name, terms in zip(names, point, strict=True):
        number = value_of(terms, {}, FLOATS)
        shape, entries = shape_of(number), []
        flat = [float(x) for x in number.flat] if shape else [float(number)]
        if sized and _stays(name, flat, shape):
            moved.append(terms)
            continue
        ranks = [place + k for k in (range(len(flat)) if name[0] in _WEIGHTS else _mirrored(flat, shape))]
        steps = [sign * (0.01 + 0.001 * abs(x)) * (1 + 0.17320508 * rank) for rank, x in zip(ranks, flat, strict=True)]
        for x, step, mean in zip(flat, steps, _middles(flat, steps, shape[-1:]), strict=True):
            entries.append(_written(x + step - mean))
        place += len(steps)
        moved.append(tuple(nested(entries, shape, 0)))
    return tuple(moved)


UNIT = "I"
"""The unit matrix, where nothing else is called so."""
_SIZES = ("N", "n", "m", "M", "B")
"""What the number of examples is called beside arrays."""
_WEIGHTS = "WwXxUVK"
"""What weights and data are called, which are symmetric by chance: A of x.T A x is on purpose."""


def _stays(name: str, numbers: Sequence[float], shape: Shape) -> bool:
    """Whether it is how many examples there are, of which 1/6 is 1/(2 N), or the unit matrix."""
    if shape:
        return name == UNIT and [*numbers] == [float(k % (shape[0] + 1) == 0) for k in range(len(numbers))]
    return name in _SIZES and numbers[0].is_integer()


def _mirrored(numbers: Sequence[float], shape: Shape) -> Sequence[int]:
    """The places of entries; of a symmetric matrix, which is one nearby, too, both entries have that of the first."""
    places, size = range(len(numbers)), shape[0] if shape else 1
    mirror = [k % size * size + k // size for k in places] if shape == (size, size) and size > 1 else places
    return [*map(min, places, mirror)] if [numbers[k] for k in mirror] == [*numbers] else places


def _middles(numbers: Sequence[float], steps: Sequence[float], width: Shape) -> list[float]:
    """What is taken off each step: the mean in rows of shares, ``[0, 0, 1]``, which are shares nearby, too."""
    size = width[0] if width else 1
    rows = [range(k, k + size) for k in range(0, len(numbers), size)]
    shares = size > 1 and min(numbers) >= 0 and all(abs(sum(numbers[k] for k in row) - 1) < 1e-9 for row in rows)
    return [sum(steps[k] for k in row) / size if shares else 0.0 for row in rows for _ in row]


def _written(x: float) -> Terms:
    """A number as terms; a list tells its constants apart by their texts."""
    digits = abs(int(x * 10**12))
    return (Number(f"{digits}e-12", digits, -12, 0), *((Apply("neg", 1, 0),) if x < 0 else ()))


_RAISED = 0.3717
"""What a line that is 0 everywhere is raised by, that it hides no factor beside it."""


def without_kinks(terms: Terms, numbers: Numbers, side: int) -> Terms:
    """An operation with a line in the place of what has a kink at these numbers, by one of its conventions."""

    def apply(term: Apply, parts: list[Terms]) -> Terms:
        entry = TABLE.get(key_of(term.head, term.arity))
        if entry is not None and entry.kink is not None and entry.kink.kind in (CORNER, TIE):
            names = [Name(f"{ROW}{k}", 0) for k in range(term.arity)]
            given = {name.name: value_of(part, numbers) for name, part in zip(names, parts, strict=True)}
            if further := alone((*names, term), given, CERTIFIED).kinks:
                there = alone((*names, term), given, CERTIFIED, further[min(side, len(further) - 1)])
                slopes = [middle(there.derivative(ROW, name.name)) for name in names]
                rest = middle(there.value(ROW)) - sum(map(mul, slopes, map(middle, given.values())))
                rest = rest if any(slopes) else rest + _RAISED
                line = [(*_written(x), *part, Apply("mul", 2, 0)) for x, part in zip(slopes, parts, strict=True)]
                return (*_written(rest), *chain(*line), *(Apply("add", 2, 0) for _ in line))
        return (*chain(*parts), term)

    return fold(terms, lambda leaf: (leaf,), apply)
