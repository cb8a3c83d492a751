"""Index rules: how an entry of an array is made from entries of others, ``v[i,k] = u[i,j]*w[j,k]``.

    rule  ::= v[letter, ...] = factor [* factor] [/ number]        summed over the letters that are not on the left
            | v[letter, ...] = max(factor) | min(factor)           the largest over those letters, the smallest
    factor ::= u[axis, ...] | w[axis, ...]
    axis   ::= letter | affine in letters: i*2 + j - 1

The summation convention (Einstein, *Die Grundlage der allgemeinen Relativitätstheorie*, Ann. Phys. 49, 1916, section
5) with affine indices, which make it convolution and pooling (Goodfellow et al., *Deep Learning*, 2016, sections 9.1
and 9.3).  An index outside of the array is one of the padding: 0 in a sum, and never the largest.  From one rule follow
the value, the tangents, and the adjoints, by moving letters to the other side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

Shape = tuple[int, ...]


def unflat(number: int, shape: Shape) -> tuple[int, ...]:
    """The place of an entry from its number in row order."""
    place: list[int] = []
    for size in reversed(shape):
        number, at = divmod(number, size)
        place.append(at)
    return tuple(reversed(place))


class Axis(NamedTuple):
    """An index of an operand: ``sum of factor * letter, + constant``."""

    factors: tuple[tuple[str, int], ...]
    constant: int = 0

    @property
    def letter(self) -> str | None:
        """The letter, if it is nothing but one."""
        return self.factors[0][0] if self.constant == 0 and len(self.factors) == 1 and self.factors[0][1] == 1 else None

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters in it."""
        return tuple(letter for letter, _ in self.factors)


Axes = tuple[Axis, ...]


class IndexRule(NamedTuple):
    """A rule at the shapes of its operands."""

    text: str
    result: tuple[str, ...]
    """The letters of the result's axes."""
    operands: tuple[Axes, ...]
    sizes: Mapping[str, int]
    """How far each letter runs: from 0 to one less."""
    divisor: int = 1
    choice: str = ""
    """``max`` or ``min``, where one entry is chosen in place of a sum."""

    @property
    def shape(self) -> Shape:
        """The result's shape."""
        return tuple(self.sizes[letter] for letter in self.result)

    @property
    def others(self) -> tuple[str, ...]:
        """The letters that are summed over, or chosen from, in their order."""
        seen = dict.fromkeys(letter for axes in self.operands for axis in axes for letter in axis.letters)
        return tuple(letter for letter in seen if letter not in self.result)

    @property
    def over_axes(self) -> bool:
        """Whether it goes over whole axes of one operand, whose others stay in their order."""
        letters = [axis.letter for axis in self.operands[0]]
        free = [letter for letter in letters if letter in self.result]
        return None not in letters and free == [letter for letter in self.result if letter in letters]

    @property
    def products(self) -> int:
        """The terms of all sums together."""
        count = 1
        for letter in (*self.result, *self.others):
            count *= self.sizes[letter]
        return count


def letters_of(axes: Axes) -> tuple[str, ...]:
    """The letters of an operand, each once."""
    return tuple(dict.fromkeys(letter for axis in axes for letter in axis.letters))


_FACTOR = re.compile(r"([uwztsr])(?:\[([^\]]*)\])?")
_TERM = re.compile(r"([+-]?)(?:(\d+)\*)?([a-z]|\d+)(?:\*(\d+))?")


@lru_cache(maxsize=4096)
def parsed(text: str) -> tuple[tuple[str, ...], tuple[Axes, ...], int, str]:
    """The letters of the result, the axes of the operands, the divisor, and what is chosen, of a rule's text."""
    left, right = text.replace(" ", "").split("=")
    result = tuple(filter(None, left[1:].strip("[]").split(",")))
    right, _, divisor = right.partition("/")
    choice = right[:3] if right.startswith(("max", "min")) else ""
    right = right[4:-1] if choice else right
    operands = tuple(tuple(map(_axis, filter(None, (axes or "").split(",")))) for _, axes in _FACTOR.findall(right))
    return result, operands, int(divisor or 1), choice


def _axis(text: str) -> Axis:
    constant, factors = 0, []
    for sign, before, what, after in _TERM.findall(text):
        factor = int(before or 1) * int(after or 1)
        number = -factor if sign == "-" else factor
        if what.isdigit():
            constant += number * int(what)
        else:
            factors.append((what, number))
    return Axis(tuple(factors), constant)


def index_rule(text: str, shapes: Sequence[Shape], extents: Mapping[str, int] | None = None) -> IndexRule:
    """The rule at these shapes; ``extents`` say how far the letters run that no axis is alone.

    Raises ValueError if a letter would run differently in two places.
    """
    result, operands, divisor, choice = parsed(text)
    sizes = dict(extents or {})
    for axes, shape in zip(operands, shapes, strict=True):
        for axis, size in zip(axes, shape, strict=True):
            if axis.letter is not None and sizes.setdefault(axis.letter, size) != size:
                raise ValueError(f"{axis.letter} runs to {sizes[axis.letter]} and to {size}")
    return IndexRule(text, result, operands, sizes, divisor, choice)
