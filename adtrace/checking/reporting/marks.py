"""Points for a checked document: one for each cell by default, and whether a consequence costs anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from adtrace.errors import OptionError, printable

FORMULA, NUMBER = "formula", "number"


@dataclass(frozen=True)
class Rubric:
    """What a right cell earns, and whether a cell that follows from a mistake earns it too."""

    formula: Fraction = Fraction(1)
    number: Fraction = Fraction(1)
    consequential: bool = True


@dataclass(frozen=True)
class Marks:
    """The points earned, and how many there are."""

    earned: Fraction
    possible: Fraction
    rubric: Rubric

    @property
    def percent(self) -> Fraction:
        """The share earned, in percent."""
        return 100 * self.earned / self.possible if self.possible else Fraction(0)

    def sentence(self) -> str:
        """``Marks: 27 of 30 (90.0 %).``"""
        return f"Marks: {shown(self.earned)} of {shown(self.possible)} ({float(self.percent):.1f} %)."

    def to_dict(self) -> dict[str, Any]:
        """The marks as plain data."""
        return {
            "earned": float(self.earned),
            "possible": float(self.possible),
            "percent": round(float(self.percent), 1),
            "formula": float(self.rubric.formula),
            "number": float(self.rubric.number),
            "consequential": self.rubric.consequential,
        }


def shown(points: Fraction) -> str:
    """Points without a needless fraction."""
    return str(points.numerator) if points.denominator == 1 else f"{float(points):g}"


def marks(asked: Iterable[tuple[str, str]], rubric: Rubric, *, nothing: bool = False) -> Marks:
    """The marks of the cells asked for, each a quantity with its state; with ``nothing`` none is earned.

    What is empty or cannot be read earns nothing, and counts among the possible points.
    """
    earned = possible = Fraction(0)
    for (quantity, state), count in Counter(asked).items():
        points = count * (rubric.formula if quantity == "operation" or quantity.endswith("formula") else rubric.number)
        possible += points
        if state == "right" or (state == "following" and rubric.consequential):
            earned += points
    return Marks(Fraction(0) if nothing else earned, possible, rubric)


def rubric(text: str, *, consequential: bool = True) -> Rubric:
    """``formula=2,number=1`` as a rubric.  Raises `OptionError`."""
    points = {FORMULA: Fraction(1), NUMBER: Fraction(1)}
    for piece in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = piece.partition("=")
        name, number = name.strip(), number.strip()
        plain = number.isascii() and number.replace(".", "", 1).isdigit() and len(number) <= 6
        if name not in points or not plain:
            raise OptionError(f"points are formula=N,number=N with numbers from 0; not {printable(piece)!r}")
        points[name] = Fraction(number)
    return Rubric(points[FORMULA], points[NUMBER], consequential)
