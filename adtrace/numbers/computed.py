"""An operation on numbers of a trace: what it comes to at whatever precision is asked for.

A long sum of values is a long chain of operations: it is walked without recursion, and sent to another process as a
list of steps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq

from adtrace.limits import EXACT_BITS
from adtrace.numbers import Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ONE, precision

_MOST_BITS = 1_024 * EXACT_BITS
"""Bits of the longest power of a fraction that is multiplied out."""


class Computed:
    """An operation on numbers, each of which is a value that is known at every precision, or an operation again."""

    __slots__ = ("head", "operands")

    def __init__(self, head: str, operands: tuple[Any, ...]) -> None:
        self.head, self.operands = head, operands

    def __call__(self, bits: int) -> Scalar:
        """The number at a working precision; raises `NeedsPrecision`, `Singular` and `TooLarge`."""
        results: dict[int, Scalar] = {}
        with precision(bits):
            for step in self._order():
                numbers = [results[id(x)] if type(x) is Computed else x.at(bits) for x in step.operands]
                results[id(step)] = CERTIFIED.functions[step.head](*numbers)
        return results[id(self)]

    def _order(self) -> list[Computed]:
        """The operations below this one, each once and after those that it needs; this one last."""
        order: dict[int, Computed] = {}
        todo = [self]
        while todo:
            step = todo[-1]
            needed = [x for x in step.operands if type(x) is Computed and id(x) not in order]
            if needed and id(step) not in order:
                todo.extend(needed)
            else:
                order.setdefault(id(step), todo.pop())
        return list(order.values())

    def _listed(self) -> tuple[tuple[Any, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
        """The values that the operations begin with, and the steps: the operands of a step are the steps before it,
        counted from 0, and the values, counted from -1 downwards.
        """
        places: dict[int, int] = {}
        values: list[Any] = []

        def place(x: Any) -> int:
            if id(x) not in places:
                values.append(x)
                places[id(x)] = -len(values)
            return places[id(x)]

        steps = []
        for number, step in enumerate(self._order()):
            steps.append((step.head, tuple(map(place, step.operands))))
            places[id(step)] = number
        return tuple(values), tuple(steps)

    def __reduce__(self) -> tuple[Any, ...]:
        return _of_steps, self._listed()

    def __eq__(self, other: object) -> bool:
        """Whether the same operations begin with the same values."""
        if not isinstance(other, Computed):
            return NotImplemented
        (mine, steps), (theirs, others) = self._listed(), other._listed()
        return steps == others and all(x.is_same(y) for x, y in zip(mine, theirs, strict=True))

    __hash__ = None  # type: ignore[assignment]


def _of_steps(values: tuple[Any, ...], steps: tuple[tuple[str, tuple[int, ...]], ...]) -> Computed:
    """The last of a list of steps."""
    numbers: list[Computed] = []
    for head, places in steps:
        numbers.append(Computed(head, tuple(numbers[place] if place >= 0 else values[-1 - place] for place in places)))
    return numbers[-1]


def _power(x: fmpq, y: fmpq) -> fmpq | None:
    """A power of a fraction, where it is a fraction that can be multiplied out."""
    n = abs(int(y.p))
    if y.q != 1 or x.height_bits() * n > _MOST_BITS:
        return None
    power = x**n
    return power if y.p >= 0 else ONE / power


EXACTLY: dict[str, Callable[..., fmpq | None]] = {
    "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
    "pow": _power, "neg": lambda x: -x, "abs": abs,
}  # fmt: skip
"""Operations on fractions, however long they get; None for what is no fraction.  They raise ZeroDivisionError."""
