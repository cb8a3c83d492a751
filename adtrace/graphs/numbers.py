"""Where the numbers of an edge stand: beside its curve, on top of no others, and off the other curves if they can.

Two numbers stand together, one above the curve and one below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from adtrace.graphs.layout import Point

_ALONG = (0.42, 0.5, 0.34, 0.58, 0.27, 0.66, 0.2, 0.74, 0.46, 0.54, 0.38, 0.62, 0.3, 0.7, 0.24)
"""How far along a curve its numbers stand: short of the middle, where crossing edges meet; else what is free."""
_TALL, _SQUARE = 28.0, 90.0
"""The height of two numbers, and the side of the squares in which neighbours are looked for."""
_DOTS = 24
"""Points of a curve that the numbers of other edges keep off."""
_LEVEL = 12.0
"""A line that rises by less is level."""


class Box(NamedTuple):
    """What numbers keep off: its middle, and half its width; of a point of a curve, in its place, the edge."""

    x: float
    y: float
    half: float


class _Raster(dict[tuple[int, int], list[Box]]):
    """What lies in each square of the plane."""

    def put(self, box: Box) -> None:
        """Remember it by its middle."""
        self.setdefault((int(box.x // _SQUARE), int(box.y // _SQUARE)), []).append(box)

    def near(self, x: float, y: float) -> list[Box]:
        """What lies in the square of a point and in those round it."""
        across, down = int(x // _SQUARE), int(y // _SQUARE)
        return [box for i in (-1, 0, 1) for j in (-1, 0, 1) for box in self.get((across + i, down + j), ())]


def numbers_apart(
    paths: Sequence[Sequence[Point]], widths: Sequence[float], partials: Sequence[bool], formulas: Sequence[Box]
) -> list[tuple[Point, Point]]:
    """The middles of the two numbers of every edge, of which the wider one is so wide.

    ``partials``: whether the upper number is a formula.  ``formulas``: what else numbers keep off.
    """
    boxes, dots = _Raster(), _Raster()
    for box in formulas:
        boxes.put(box)
    for edge, path in enumerate(paths):
        for start, end in pairwise(path):
            for k in range(_DOTS + 1):
                dots.put(Box(*_on_curve(start, end, k / _DOTS), edge))
    places = []
    for edge, (path, wide, partial) in enumerate(zip(paths, widths, partials, strict=True)):
        spots = [_beside(path[-2], path[-1], at, partial) for at in _ALONG]
        least = (float("inf"), 0)
        for spot in spots:
            x, y = spot[0][0], (spot[0][1] + spot[1][1]) / 2
            faults = _over(boxes.near(x, y), x, y, wide / 2), _struck(dots.near(x, y), x, y, wide / 2, edge)
            if faults < least:
                best, least = spot, faults
            if faults == (0, 0):
                break
        boxes.put(Box(best[0][0], (best[0][1] + best[1][1]) / 2, wide / 2))
        places.append(best)
    return places


def _over(others: Sequence[Box], x: float, y: float, half: float) -> float:
    """The area that two numbers share with others."""
    return sum(max(0.0, half + o.half - abs(x - o.x)) * max(0.0, _TALL - abs(y - o.y)) for o in others)


def _struck(dots: Sequence[Box], x: float, y: float, half: float, edge: int) -> int:
    """How many points of other edges lie under two numbers."""
    return sum(dot.half != edge and abs(x - dot.x) < half and abs(y - dot.y) < _TALL / 2 for dot in dots)


def _on_curve(start: Point, end: Point, t: float) -> Point:
    """A point of the curve between two points that is level at both."""
    s = 1 - t
    across = (3 * s * s * t + 3 * s * t * t) / 2 + t * t * t
    along = 3 * s * t * t + t * t * t
    return start[0] + across * (end[0] - start[0]), start[1] + along * (end[1] - start[1])


def _beside(start: Point, end: Point, t: float, partial: bool) -> tuple[Point, Point]:
    """Where the numbers of a curve stand: off a level line, close together on a steep one, but for a formula's
    subscripts.
    """
    x, y = _on_curve(start, end, t)
    off = 11.0 if abs(end[1] - start[1]) < _LEVEL else 9.0 if partial else 7.0
    return (x, y - off), (x, y + off)
