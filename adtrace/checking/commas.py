"""Decimal commas: ``0,5`` and ``2{,}718`` in documents that write their numbers so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adtrace.checking.grid import Grid

_ALONE = re.compile(r"[\s$`*=≈+−–-]*(?:\\approx\s*)?\d+(?:\{,\}|,)\d+[\s$`*]*")
_POINT = re.compile(r"\d\.\d|(?<![\w.])\.\d")
_LISTED = re.compile(r"\[[^\[\]]*\]|\(\s*[-\d.]+\s*,\s*[-\d.]+\s*(?:,\s*[-\d.]+\s*)*\)")
_BRACED = re.compile(r"(?<=\d)\{,\}(?=\d)")
_COMMA = re.compile(r"(?<=\d)(?:\{,\}|,)(?=\d)")


def with_points(tables: Sequence[Grid]) -> list[Grid]:
    """The tables with decimal points, where a number stands alone with a comma and none is written with a point."""
    cells = [cell for grid in tables for row in grid.rows for cell in row]
    commas = any(_ALONE.fullmatch(cell) for cell in cells) and not any(_POINT.search(cell) for cell in cells)
    if not commas:
        return list(tables)
    return [
        grid._replace(
            rows=tuple(tuple(_pointed(cell) for cell in row) for row in grid.rows),
            before=_pointed(grid.before),
            after=_pointed(grid.after),
        )
        for grid in tables
    ]


def _pointed(text: str) -> str:
    """The text with a point for each comma between digits, but for those of lists and tuples."""
    pieces: list[str] = []
    position = 0
    for match in _LISTED.finditer(text):
        pieces += [_COMMA.sub(".", text[position : match.start()]), _BRACED.sub(".", match.group())]
        position = match.end()
    return "".join(pieces) + _COMMA.sub(".", text[position:])
