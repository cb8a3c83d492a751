"""Where the vertices of a layered graph stand: columns by longest path, order by barycentres, no outside program.

A long edge passes through an empty place in every column between its ends; the edges that leave one vertex share
those places, as a wire that branches does, so a variable that is used everywhere adds one place to a column.
K. Sugiyama, S. Tagawa and M. Toda, *Methods for Visual Understanding of Hierarchical System Structures*,
IEEE Trans. SMC 11 (1981), 109-125.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
_SWEEPS = 12


class Layout(NamedTuple):
    """Where everything stands, in pixels, y downwards, from (0, 0)."""

    places: list[Point]
    """The centre of each vertex."""
    routes: list[list[Point]]
    """For each edge the points between its two ends."""
    width: float
    height: float


def columns(count: int, edges: Sequence[tuple[int, int]], early: Mapping[int, int], last: range) -> list[int]:
    """The column of each vertex; the vertices are numbered so that every edge leads to a higher one.

    As late as its users allow (so that ``sin(x)`` stands beside the sum that it goes into), except that those of
    ``early`` have their columns given and those of ``last`` stand in the last.
    """
    depth = [0] * count
    for source, target in sorted(edges, key=lambda edge: edge[1]):
        depth[target] = max(depth[target], depth[source] + 1)
    deepest = max(depth, default=0)
    latest = [deepest] * count
    for source, target in sorted(edges, key=lambda edge: -edge[0]):
        latest[source] = min(latest[source], latest[target] - 1)
    return [early.get(v, deepest if v in last else latest[v]) for v in range(count)]


def layout(
    column_of: Sequence[int],
    edges: Sequence[tuple[int, int]],
    widths: Sequence[float],
    row: float,
    before: Sequence[float],
) -> Layout:
    """Place the vertices, ``row`` apart, in columns as wide as their widest vertex, each with room ``before`` it."""
    count = len(column_of)
    places: list[list[int]] = [[] for _ in range(max(column_of, default=-1) + 1)]
    for vertex, column in enumerate(column_of):
        places[column].append(vertex)
    empty: dict[tuple[int, int], int] = {}
    paths: list[list[int]] = []
    for source, target in edges:
        path = [source]
        for column in range(column_of[source] + 1, column_of[target]):
            if (source, column) not in empty:
                empty[source, column] = count + len(empty)
                places[column].append(empty[source, column])
            path.append(empty[source, column])
        paths.append([*path, target])
    total = count + len(empty)
    left: list[dict[int, None]] = [{} for _ in range(total)]
    right: list[dict[int, None]] = [{} for _ in range(total)]
    for path in paths:
        for start, end in pairwise(path):
            right[start][end] = left[end][start] = None
    y = _ordered(places, left, right, count, row)
    x = _columns_x(places, widths, count, before)
    points = [(x[column], y[vertex]) for vertex, column in enumerate([*column_of, *(c for _, c in empty)])]
    ends = max((x[column] + widths[v] / 2 for v, column in enumerate(column_of)), default=0.0)
    routes = [[points[place] for place in path[1:-1]] for path in paths]
    return Layout(points[:count], routes, ends, max(y, default=0.0))


def _ordered(
    places: list[list[int]], left: list[dict[int, None]], right: list[dict[int, None]], count: int, row: float
) -> list[float]:
    """Order every column by the mean height of what it is joined to, back and forth, and the heights that result."""
    y = [0.0] * len(left)
    for column in places:
        for rank, place in enumerate(column):
            y[place] = rank * row
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        beside = left if forth else right
        for column in places if forth else reversed(places):
            wanted = {p: sum(y[q] for q in beside[p]) / len(beside[p]) if beside[p] else y[p] for p in column}
            column.sort(key=wanted.__getitem__)
            _spread(column, wanted, y, count, row)
    lowest = min(y, default=0.0)
    return [height - lowest for height in y]


def _spread(column: list[int], wanted: dict[int, float], y: list[float], count: int, row: float) -> None:
    """Give a column the heights that it wants, as far as they leave room, with the same shift up as down."""
    before: int | None = None
    for place in column:
        room = row if before is None or max(place, before) < count else 0.6 * row
        y[place] = wanted[place] if before is None else max(wanted[place], y[before] + room)
        before = place
    shift = sum(y[place] - wanted[place] for place in column) / max(len(column), 1)
    for place in column:
        y[place] -= shift


def _columns_x(places: list[list[int]], widths: Sequence[float], count: int, before: Sequence[float]) -> list[float]:
    """The middle of every column; the first begins at 0."""
    x, at = [], -before[0] if places else 0.0
    for column, room in zip(places, before, strict=True):
        wide = max((widths[v] for v in column if v < count), default=0.0)
        x.append(at + room + wide / 2)
        at += room + wide
    return x
