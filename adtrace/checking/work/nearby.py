"""A point nearby, where no factor is 0 or 1 by chance and formulas are told apart."""

from __future__ import annotations

from collections.abc import Sequence

from adtrace.arrays.index_rules import Shape
from adtrace.checking.work.values import shape_of, value_of
from adtrace.language.lists import nested
from adtrace.language.syntax import Apply, Number, Terms
from adtrace.numbers.floats import FLOATS


def moved_point(point: Sequence[Terms], sign: int) -> tuple[Terms, ...]:
    """A point within two hundredths of another, in no simple proportion to it."""
    moved: list[Terms] = []
    place = 0
    for terms in point:
        number = value_of(terms, {}, FLOATS)
        shape, entries = shape_of(number), []
        flat = [float(x) for x in number.flat] if shape else [float(number)]
        steps = [sign * (0.01 + 0.001 * abs(x)) * (1 + 0.17320508 * (place + k)) for k, x in enumerate(flat)]
        for x, step, mean in zip(flat, steps, _middles(flat, steps, shape[-1:]), strict=True):
            digits = int((x + step - mean) * 10**12)
            entries.append((Number("", abs(digits), -12, 0), *((Apply("neg", 1, 0),) if digits < 0 else ())))
        place += len(steps)
        moved.append(tuple(nested(entries, shape, 0)) if shape else entries[0])
    return tuple(moved)


def _middles(numbers: Sequence[float], steps: Sequence[float], width: Shape) -> list[float]:
    """What is taken off each step: the mean in rows of shares, ``[0, 0, 1]``, which are shares nearby, too."""
    size = width[0] if width else 1
    rows = [range(k, k + size) for k in range(0, len(numbers), size)]
    shares = size > 1 and min(numbers) >= 0 and all(abs(sum(numbers[k] for k in row) - 1) < 1e-9 for row in rows)
    return [sum(steps[k] for k in row) / size if shares else 0.0 for row in rows for _ in row]
