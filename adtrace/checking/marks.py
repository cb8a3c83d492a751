"""Points for a checked document: one for each cell by default, and whether a consequence costs anything."""

from __future__ import annotations

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
            "consequential": self.rubric.consequential,
        }


def shown(points: Fraction) -> str:
    """Points without a needless fraction."""
    return str(points.numerator) if points.denominator == 1 else f"{float(points):g}"


def marks(cells: Iterable[tuple[bool, str]], rubric: Rubric) -> Marks:
    """The marks of cells, each a formula or a number with its verdict; what could not be checked is left out."""
    earned = possible = Fraction(0)
    for is_number, verdict in cells:
        if verdict == "unchecked":
            continue
        points = rubric.number if is_number else rubric.formula
        possible += points
        if verdict == "right" or (verdict == "follows" and rubric.consequential):
            earned += points
    return Marks(earned, possible, rubric)


def rubric(text: str, *, consequential: bool = True) -> Rubric:
    """``formula=2,number=1`` as a rubric.  Raises `OptionError`."""
    points = {FORMULA: Fraction(1), NUMBER: Fraction(1)}
    for piece in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = piece.partition("=")
        number = number.strip()
        if name.strip() not in points or not number.replace(".", "", 1).isdecimal() or len(number) > 6:
            raise OptionError(f"points are formula=N,number=N with numbers from 0; not {printable(piece)!r}")
        points[name.strip()] = Fraction(number)
    return Rubric(points[FORMULA], points[NUMBER], consequential)
