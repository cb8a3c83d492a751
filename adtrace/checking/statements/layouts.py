"""Tables and their statements: which columns name the rows of what stands to their right, and which only count them.

A statement is one side after another that are said to be equal, of a number that its own cell names (``ṽ_1 = 3``), or
of the row's variable: of which quantity, `interpret` finds out from the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import mode
from string import ascii_lowercase

from adtrace.checking.readings.cells import Cell, Part
from adtrace.checking.readings.names import EDGE, Name
from adtrace.checking.readings.parts import is_short
from adtrace.checking.reporting import Place
from adtrace.checking.statements.headings import directions, evidence
from adtrace.checking.words import COUNTS

UNNAMED = "row "
"""What a row is called that has no name, before its number."""
EQUAL, ADDED, STRAY, SHAPE = "=", "+=", "?", "shape"
"""How the sides of a statement are joined; a stray one stands among numbers that only count, a shape has none."""
_NAMING = 0.8
"""The first column with this share of the most names names the rows, and not one further right."""
OF_PANELS = ("bar", "dot", "dotbar")
"""The marks of the names in a panel of derivatives."""
_NAMED = 0.6
"""The share of names among a column's cells from which it names the rows of what stands to its right."""

Column = tuple[int, int, int]
"""The table, the column, and which of several things in its cells: two numbers in a bracket are two columns."""


@dataclass(frozen=True)
class Table:
    """One table, its rows downwards whatever way it was written."""

    heading: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    places: tuple[tuple[Place, ...], ...]
    lines: tuple[tuple[int, ...], ...]
    number: int
    """The table's number in the document, from 0."""

    @cached_property
    def naming(self) -> tuple[int, ...]:
        """The columns that name the rows of what stands to their right: the first one, and one for each panel."""
        width = len(self.heading)
        if width == 1:
            return (0,)
        weights = [_names(self.column(j)) - 0.6 * j - 100.0 * counts(self, j) for j in range(width)]
        best = max(weights)
        first = next(j for j, weight in enumerate(weights) if weight >= _NAMING * best or weight == best)
        return first, *(
            j
            for j in range(first + 1, width - 1)
            if _is_panel(self, j) or _is_beside(self, first, j) or _is_of_others(self, first, j)
        )

    @cached_property
    def equations(self) -> int:
        """How many cells give a name to what stands in them."""
        return sum(len(sides(cell)) > 1 and name_of(cell) is not None for row in self.rows for cell in row)

    def column(self, place: int) -> list[Cell]:
        """The cells of a column."""
        return [row[place] for row in self.rows]


@dataclass(frozen=True)
class Statement:
    """What a cell, or a part of one, says."""

    place: Place
    line: int
    cell: Cell
    row: Name | None
    """The name of its row, if it has one."""
    head: Name | None
    """What the cell itself says the statement is about."""
    parts: tuple[Part, ...]
    sign: str = EQUAL
    label: str = ""
    """How its row is called, where that is no name."""
    column: Column = (0, 0, 0)

    @property
    def named(self) -> Name | None:
        """What it is about, as far as names tell."""
        return self.head or self.row

    @property
    def names(self) -> Iterator[Name]:
        """All names in its sides."""
        return (name for part in self.parts for name in part.names)

    @property
    def told(self) -> Iterator[Name]:
        """What it is about, and all names in its sides."""
        return filter(None, (self.named, *self.names))


def turned(table: Table) -> Table:
    """The table with its columns as rows."""
    width = len(table.heading)
    rows, lines = (table.heading, *table.rows), ((0,) * width, *table.lines)
    places = (tuple(Place(table.number, -1, j) for j in range(width)), *table.places)
    if _is_one_row(table):  # nothing says what its numbers are of
        rows = tuple((Cell(""), *row) for row in rows)
        places, lines = tuple((row[0], *row) for row in places), tuple((row[0], *row) for row in lines)
    columns, across, down = (tuple(zip(*of, strict=True)) for of in (rows, places, lines))
    return Table(columns[0], columns[1:], across[1:], down[1:], table.number)


def is_across(table: Table) -> bool:
    """Whether the variables stand side by side in the heading, or in a first row that stands for it."""
    heading, *rows = (table.heading, *table.rows) if _has_heading(table) else table.rows
    if len(heading) < 3 or not rows:
        return False
    if _is_one_row(table):
        return True
    above = [name for name in map(name_of, heading[1:]) if name is not None and not name.mark]
    spoken = sum(bool(evidence(row[0]) or set(directions(row[0]))) for row in rows)
    words = sum(bool(evidence(cell)) for cell in heading)
    across = 2 * spoken >= len(rows) and not words
    return across and len(above) >= max(2, 0.7 * (len(heading) - 1))


def _is_one_row(table: Table) -> bool:
    """Whether a table has equations for its heading, ``z = W x | h = f(z)``, and below them one row of numbers."""
    heading, *rows = (table.heading, *table.rows) if _has_heading(table) else table.rows
    numbers = len(rows) == 1 and all(part.is_number for cell in rows[0] for part in sides(cell)[-1:])
    equations = sum(len(sides(cell)) > 1 for cell in heading)
    return numbers and equations > 1 and all(map(name_of, heading)) and not any(map(name_of, rows[0]))


def _has_heading(table: Table) -> bool:
    return any(cell.text for cell in table.heading) or not table.rows


def name_of(cell: Cell) -> Name | None:
    """The name that a cell begins with: alone, or before an equal sign; an edge x -> v is of v by x."""
    if not cell.chains:
        return None
    chain = cell.chains[0]
    first = chain.parts[0].name
    if chain.sign == EDGE and len(chain.parts) == 2 and first is not None and chain.parts[1].name is not None:
        return Name(first.variable, "leibniz", chain.parts[1].name.variable, seed=EDGE)
    return first


_WORDS = re.compile(r"[^\W\d_]{3,}[\w\s,.'()/-]*:?")


def naming_cell(cells: Sequence[Cell], column: int) -> Cell:
    """The cell that names a row: beside a word the equation that gives it a name, ``variance | v = sum(d^2)/4``."""
    name = name_of(cells[column])
    word = bool(_WORDS.fullmatch(cells[column].bare)) and (name is None or not (name.mark or is_short(name)))
    beside = next(filter(is_filled, cells[column + 1 :]), cells[column]) if word else cells[column]
    return beside if len(sides(beside)) > 1 and name_of(beside) is not None else cells[column]


def _names(cells: Sequence[Cell]) -> int:
    """How many rows cells name."""
    several = {cell.bare for cell in cells if is_several(cell)}
    return len({*map(name_of, cells)} - {None}) + len(several)


def is_several(cell: Cell) -> bool:
    """Whether a cell names several rows at once, ``(p, q)``."""
    return name_of(cell) is None and any(part.names for part in cell.pair)


def counts(table: Table, column: int) -> bool:
    """Whether a column counts its rows, 1, 2, 3, or -1, 0, 1, or down, one of them wrong perhaps, or a, b, c: it names
    none.  Where its heading says so, it may begin anywhere.
    """
    if evidence(table.heading[column]) or any(map(leads, table.column(column))):
        return False
    texts = list(filter(None, map(number_of_row, table.column(column))))
    numbers = [int(text) for text in texts if _INTEGER.fullmatch(text)]
    if len(texts) < 2 or texts == [*ascii_lowercase[: len(texts)]]:
        return 1 < len(texts) <= table.equations
    off, sound = off_count(texts), 4 * len(numbers) >= 3 * len(texts)
    counted = not off or (len(numbers) > 3 and (len(off) == 1 or numbers == sorted({*numbers})))
    return sound and counted and (_least(texts, off) < 2 or _is_counter(table, column))


def _least(texts: Sequence[str], off: Sequence[int]) -> int:
    """The least number of a count, but for those that break it."""
    return min((int(text) for k, text in enumerate(texts) if k not in off and _INTEGER.fullmatch(text)), default=0)


_INTEGER = re.compile(r"-?\d+")


def off_count(texts: Sequence[str]) -> list[int]:
    """The places of the numbers that break the count, up or down, which most of them keep."""
    numbers = [(k, int(text)) for k, text in enumerate(texts) if _INTEGER.fullmatch(text)]
    kept = ([(k, number - step * k) for k, number in numbers] for step in (1, -1))
    ways = ((each, mode(first for _, first in each)) for each in kept if each)
    return min(([k for k, first in each if first != usual] for each, usual in ways), key=len, default=[])


_COUNTED = re.compile(COUNTS, re.I)
SHAPES = re.compile(
    r"(?:tensor )?(?:shapes?|dim(?:ension(?:en|s|es)?)?s?\.?|forma|formato|taille|tamaño|形状|维度)", re.I
)
"""What stands above the shapes of arrays, ``(1, 2)``, which are no numbers of theirs."""


def _is_counter(table: Table, column: int) -> bool:
    """Whether a heading says that its numbers count, or says nothing above the first column alone."""
    first, *others = (cell.bare for cell in table.heading)
    if column:
        return bool(_COUNTED.fullmatch(table.heading[column].bare))
    return bool(_COUNTED.fullmatch(first)) or first.lower() == "number" or (not first and all(others))


def sides(cell: Cell) -> tuple[Part, ...]:
    """The sides of the first equation of a cell."""
    return cell.chains[0].parts if cell.chains else ()


_MOST = 0.7
"""Of the rows, that a column of names of its own names."""


def _is_panel(table: Table, column: int) -> bool:
    """Whether a column begins a panel of its own: marked names, and what goes on with them to the right."""
    cells = table.column(column)
    right = [next(filter(is_filled, row[column + 1 :]), row[column + 1]) for row in table.rows]
    filled = list(filter(is_filled, cells))
    alone = [name for cell in filled if (name := name_of(cell)) is not None and len(sides(cell)) == 1]
    led = sum(leads(c) or (len(sides(c)) > 1 and name_of(c) == name_of(left) is not None)
              for c, left in zip(right, cells, strict=True))  # fmt: skip
    if not led or any(map(leads, filled)):
        return False
    return len(alone) >= max(2, _NAMED * len(filled)) and all(name.mark for name in alone)


def _is_beside(table: Table, first: int, column: int) -> bool:
    """Whether the equations of a column are of other rows than those beside which they stand, and a name alone, too."""
    names = [(name_of(row[column]), name_of(row[first]), len(sides(row[column])) > 1)
             for row in table.rows if is_filled(row[column])]  # fmt: skip
    if not all(name and name.mark in OF_PANELS for name, _, _ in names) or len({*names}) < len(names):
        return False
    apart = [beside is None or name.variable != beside.variable for name, beside, heads in names if heads and name]
    return len(apart) < len(names) and 2 * sum(apart) >= len(apart) > 0


def _is_of_others(table: Table, first: int, column: int) -> bool:
    """Whether a column has the marked names of nearly all rows, most of them beside another row: those of a sweep in
    an order of its own.
    """
    filled = [(name_of(row[first]), row[column]) for row in table.rows if is_filled(row[column])]
    names = [(own, name_of(cell)) for own, cell in filled if len(sides(cell)) == 1]
    marked = [(getattr(own, "variable", ""), name.variable) for own, name in names if name and name.mark in OF_PANELS]
    if len(marked) < max(len(filled), 3):
        return False
    rows = {own.variable for own in filter(None, map(name_of, table.column(first))) if not own.mark}
    apart = sum(own != name for own, name in marked)
    return len(rows.intersection(name for _, name in marked)) > max(2, _MOST * len(rows)) and 2 * apart > len(names)


def is_filled(cell: Cell) -> bool:
    """Whether anything stands in a cell."""
    return cell.state != "empty"


def leads(cell: Cell) -> bool:
    """Whether a cell goes on with an equal sign: the name stands in the cell before it."""
    return cell.text.removeprefix(":math:").strip(" $`").startswith(("=", "\\(=", "&=", "+="))


def counting_columns(table: Table) -> set[int]:
    """The columns that only count their rows, as they say themselves, or three or more, which the next one names; and
    those of shapes.
    """
    shapes = {j for j, cell in enumerate(table.heading) if SHAPES.fullmatch(cell.bare)}
    last = len(table.heading) - 1 if len(table.rows) > 2 else 0
    before = {j for j in range(last) if begins(table, j + 1) and not table.rows[0][j].bare.startswith("-")}
    counting = (j for j in range(len(table.heading)) if counts(table, j) and (j in before or _is_counter(table, j)))
    return shapes.union(counting)


def off_cells(table: Table, counting: Iterable[int]) -> set[Place]:
    """The cells of columns that count, of which one number alone breaks the count."""
    found = set()
    for j in counting:
        cells = zip(map(number_of_row, table.column(j)), table.places, strict=True)
        each = [(text, row[j]) for text, row in cells if text]
        off = off_count([text for text, _ in each])
        found |= {each[k][1] for k in off if len(off) == 1 and len(each) > 3}
    return found


def begins(table: Table, column: int) -> bool:
    """Whether the cells of a column begin with names."""
    filled = list(filter(is_filled, table.column(column)))
    return 2 * sum(name_of(cell) is not None for cell in filled) > len(filled)


def number_of_row(cell: Cell) -> str:
    """The number of a row, ``1`` of ``(1.)`` and of ``j = 1``."""
    return re.sub(r"^[ijkn] = (?=\d+$)", "", cell.bare.strip(" .()"))
