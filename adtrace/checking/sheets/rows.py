"""What the readers of formats give: rows of cells in blocks, with the lines they stand on; and the bounds of it all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from adtrace.errors import BoundError

LARGEST_DOCUMENT = 2_000_000
"""Characters of a document."""
MOST_LINES = 20_000
"""Lines with something on them."""
LARGEST_LINE = 100_000
LONGEST_EQUATION = 4_000
MOST_COLUMNS = 64
MOST_ROWS = 500
MOST_TABLES = 100
DEEPEST = 60
"""Braces, elements or lists within each other."""

PROSE, TABLE, EQUATIONS = "prose", "table", "equations"
UNTOLD = "\u2002"
"""A cell of what a sentence does not tell, as an empty one is shown."""


class Row(NamedTuple):
    """One row, or one line of prose."""

    line: int
    """Its line in the document, from 1."""
    cells: tuple[str, ...]
    heading: bool = False
    """Whether the document says that it is a heading: above a rule, in a <th>."""


class Block(NamedTuple):
    """A stretch of a document: a table, a list of equations, or prose."""

    kind: str
    rows: tuple[Row, ...]
    loose: bool = False
    """Of equations: plain lines, which may be prose, and no display."""


Taken = tuple[list[Block], int] | None
"""What a reader takes of lines, and where the next begins; None where its kind of table does not begin."""


class Lines(NamedTuple):
    """Lines of a document, the first of them with its number."""

    texts: Sequence[str]
    first: int = 1

    def number(self, place: int) -> int:
        """The number of the line at a place."""
        return self.first + place

    def text(self, place: int) -> str:
        """The line at a place; nothing behind the last."""
        return self.texts[place] if place < len(self.texts) else ""


def prose(line: int, text: str) -> Block:
    """One line of prose."""
    return Block(PROSE, (Row(line, (text,)),))


def moved(block: Block, numbers: Sequence[int]) -> Block:
    """A block whose lines have other numbers in the document."""
    return block._replace(rows=tuple(row._replace(line=numbers[row.line - 1]) for row in block.rows))


def is_blank(block: Block) -> bool:
    """Whether a block is a blank line."""
    return block.kind == PROSE and not block.rows[0].cells[0].strip()


def table(rows: Iterable[Row]) -> Block:
    """Rows as a table.  Raises `BoundError`."""
    listed = tuple(rows)
    for row in listed[: MOST_ROWS + 2]:
        if len(row.cells) > MOST_COLUMNS:
            raise BoundError(f"line {row.line}: a table row has more than {MOST_COLUMNS} cells, which is the bound")
    if len(listed) > MOST_ROWS + 1:
        raise BoundError(f"line {listed[-1].line}: a table has more than {MOST_ROWS} rows, which is the bound")
    return Block(TABLE, listed)


def within_bounds(text: str) -> str:
    """The text, its lines ended alike.  Raises `BoundError`."""
    if len(text) > LARGEST_DOCUMENT:
        raise BoundError(f"the document has {len(text)} characters; {LARGEST_DOCUMENT} are read")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x0b", "\n")
    filled = 0
    for number, line in enumerate(text.split("\n"), start=1):
        filled += bool(line) and not line.isspace()
        if len(line) > LARGEST_LINE:
            raise BoundError(f"line {number} has {len(line)} characters; {LARGEST_LINE} are read")
        if filled > MOST_LINES:
            raise BoundError(f"the document has more than {MOST_LINES} lines with text, which is the bound")
    return text
