"""One table of a document as rows of cells, and the bounds within which documents are read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from adtrace.errors import BoundError, InputError

LARGEST_DOCUMENT = 2_000_000
LARGEST_LINE = 100_000
MOST_COLUMNS = 64
MOST_ROWS = 500
MOST_TABLES = 100


class Grid(NamedTuple):
    """One table of a document."""

    heading: tuple[str, ...]
    """A heading for each column; empty where there is none."""
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    """The line of the document at which each row stands."""
    before: str
    """The text between the table before and this one: where a caption, a function or a title may stand."""
    after: str = ""


def bounded(columns: int, rows: int, line: int) -> None:
    """Refuse a table that is past the bounds.  Raises `BoundError`."""
    if columns > MOST_COLUMNS:
        raise BoundError(f"line {line}: a table row has more than {MOST_COLUMNS} cells, which is the bound")
    if rows > MOST_ROWS:
        raise BoundError(f"line {line}: a table has more than {MOST_ROWS} rows, which is the bound")


def decoded(data: bytes, name: str) -> str:
    """The bytes of a file as text.  Raises `BoundError` and `InputError`."""
    if len(data) > LARGEST_DOCUMENT:
        raise BoundError(f"{name} has {len(data)} bytes; {LARGEST_DOCUMENT} are read")
    if b"\x00" in data:
        raise InputError(f"{name} is not text: it holds a zero byte")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise InputError(f"{name} is not text in UTF-8: byte {problem.start} is not") from None


def square(heading: Sequence[str], rows: list[tuple[str, ...]], numbers: list[int], before: str) -> Grid:
    """A grid whose rows all have as many cells as its widest row."""
    width = max([len(heading), *(len(row) for row in rows)])
    filled = tuple(row + ("",) * (width - len(row)) for row in rows)
    return Grid((*heading, *("" for _ in range(width - len(heading)))), filled, tuple(numbers), before)


def is_heading(row: Sequence[str]) -> bool:
    """Whether a row holds words: a name of the rows, of values, of derivatives; and no equation."""
    cells = [_bare(cell) for cell in row]
    worded = sum(bool(_WORD.search(cell)) for cell in cells)
    equations = sum(bool(re.search(r"\S\s*=", cell)) and not _WORD.search(cell) for cell in cells)
    return worded >= 1 and worded * 2 >= sum(bool(cell.strip()) for cell in cells) and not equations


_WORD = re.compile(r"[A-Za-z]{3,}")


def _bare(cell: str) -> str:
    """A cell without commands and without the names of functions."""
    text = re.sub(r"\\[A-Za-z]+\*?|[{}$^_]", " ", cell)
    return re.sub(r"\b(sin|cos|exp|tan|log|sqrt|dot|bar|tanh|relu|sigmoid|val|mul|add|sub|None)\b", "", text)


def without_gutters(grid: Grid) -> Grid:
    """The grid without columns in which nothing stands."""
    kept = [j for j in range(len(grid.heading)) if any(row[j].strip() for row in grid.rows)]
    heading = list(grid.heading)
    for j in range(len(heading)):  # a heading over a gutter belongs to the next column that is kept
        if j not in kept and heading[j].strip():
            later = [k for k in kept if k > j]
            if later and not heading[later[0]].strip():
                heading[later[0]] = heading[j]
    return grid._replace(
        heading=tuple(heading[j] for j in kept), rows=tuple(tuple(row[j] for j in kept) for row in grid.rows)
    )
