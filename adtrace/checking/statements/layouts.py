"""Tables as statements: which rows are of which variable, and what each cell says of it.

A statement is one side after another that are said to be equal, of a number that its own cell names (``ṽ_1 = 3``), or
of the row's variable: of which quantity, `interpret` finds out from the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from statistics import mode
from string import ascii_lowercase
from typing import NamedTuple

from adtrace.checking.readings.cells import Cell, Chain, Part
from adtrace.checking.readings.names import Name
from adtrace.checking.readings.parts import is_short
from adtrace.checking.reporting import Place
from adtrace.checking.statements.headings import directions, evidence
from adtrace.checking.words import COUNTS
from adtrace.checking.work.rules import PARTIAL

UNNAMED = "row "
"""What a row is called that has no name, before its number."""
EQUAL, ADDED, EDGE, STRAY, SHAPE = "=", "+=", "->", "?", "shape"
"""How the sides of a statement are joined; a stray one stands among numbers that only count, a shape has none."""
_NAMING = 0.8
"""The first column with this share of the most names names the rows, and not one further right."""
_OF_PANELS = ("bar", "dot", "dotbar")
"""The marks of the names in a panel of derivatives."""
_NAMED = 0.6
"""The share of names among a column's cells from which it names the rows of what stands to its right."""

Column = tuple[int, int, int]
"""The table, the column, and which of several things in its cells: two numbers in a bracket are two columns."""
_Told = tuple[Name | None, tuple[Part, ...], str]


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
        weights = [_names(self.column(j)) - 0.6 * j - 100.0 * _counts(self, j) for j in range(width)]
        best = max(weights)
        first = next(j for j, weight in enumerate(weights) if weight >= _NAMING * best or weight == best)
        return first, *(j for j in range(first + 1, width - 1) if _is_panel(self, j) or _is_beside(self, first, j))

    @cached_property
    def equations(self) -> int:
        """How many cells give a name to what stands in them."""
        return sum(len(_sides(cell)) > 1 and name_of(cell) is not None for row in self.rows for cell in row)

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
    rows, places, lines = table.rows, table.places, table.lines
    if _has_heading(table):
        rows, lines = (table.heading, *rows), ((0,) * width, *lines)
        places = (tuple(Place(table.number, -1, j) for j in range(width)), *places)
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
    across = 2 * spoken >= len(rows) and not words and len(_named_plainly(rows)) < 2
    return across and len(above) >= max(2, 0.7 * (len(heading) - 1))


def _is_one_row(table: Table) -> bool:
    """Whether a table has equations for its heading, ``z = W x | h = f(z)``, and below them one row of numbers."""
    heading, *rows = (table.heading, *table.rows) if _has_heading(table) else table.rows
    numbers = len(rows) == 1 and all(part.is_number for cell in rows[0] for part in _sides(cell)[-1:])
    equations = sum(len(_sides(cell)) > 1 for cell in heading)
    return numbers and equations > 1 and all(map(name_of, heading)) and not any(map(name_of, rows[0]))


def _named_plainly(rows: Iterable[Sequence[Cell]]) -> set[Name]:
    """The names without a mark with which rows begin."""
    return {name for row in rows if (name := name_of(row[0])) and not (name.mark or evidence(row[0]))}


def _has_heading(table: Table) -> bool:
    return any(cell.text for cell in table.heading) or not table.rows


def name_of(cell: Cell) -> Name | None:
    """The name that a cell begins with: alone, or before an equal sign; an edge x -> v is of v by x."""
    if not cell.chains:
        return None
    chain = cell.chains[0]
    first = chain.parts[0].name
    if chain.sign == EDGE and len(chain.parts) == 2 and first is not None and chain.parts[1].name is not None:
        return Name(first.variable, "leibniz", chain.parts[1].name.variable)
    return first


_WORDS = re.compile(r"[^\W\d_]{3,}[\w\s,.'()/-]*:?")


def naming_cell(cells: Sequence[Cell], column: int) -> Cell:
    """The cell that names a row: beside a word the equation that gives it a name, ``variance | v = sum(d^2)/4``."""
    name = name_of(cells[column])
    word = bool(_WORDS.fullmatch(cells[column].bare)) and (name is None or not (name.mark or is_short(name)))
    beside = next(filter(is_filled, cells[column + 1 :]), cells[column]) if word else cells[column]
    return beside if len(_sides(beside)) > 1 and name_of(beside) is not None else cells[column]


def _without_words(cells: Sequence[Cell], naming: Sequence[int]) -> Callable[[tuple[int, object]], bool]:
    """Whether a cell of a row is none of the words beside which an equation names it."""
    words = {j for j in naming if naming_cell(cells, j) is not cells[j]}
    return lambda each: each[0] not in words


def _names(cells: Sequence[Cell]) -> int:
    """How many rows cells name."""
    several = {cell.bare for cell in cells if _is_several(cell)}
    return len({*map(name_of, cells)} - {None}) + len(several)


def _is_several(cell: Cell) -> bool:
    """Whether a cell names several rows at once, ``(p, q)``."""
    return name_of(cell) is None and any(part.names for part in cell.pair)


def _counts(table: Table, column: int) -> bool:
    """Whether a column counts its rows, 1, 2, 3, or -1, 0, 1, or down, one of them wrong perhaps, or a, b, c: it names
    none.  Where its heading says so, it may begin anywhere.
    """
    if evidence(table.heading[column]) or any(map(leads, table.column(column))):
        return False
    texts = list(filter(None, map(_counted, table.column(column))))
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
_COUNT = re.compile(r"-?\d+|(?:\d+|[,x×*\s])*|[se]s?[ck]al[aei]\w*", re.I)
_SHAPES = re.compile(
    r"(?:tensor )?(?:shapes?|dim(?:ension(?:en|s|es)?)?s?\.?|forma|formato|taille|tamaño|形状|维度)", re.I
)
"""What stands above the shapes of arrays, ``(1, 2)``, which are no numbers of theirs."""


def _is_counter(table: Table, column: int) -> bool:
    """Whether a heading says that its numbers count, or says nothing above the first column alone."""
    first, *others = (cell.bare for cell in table.heading)
    if column:
        return bool(_COUNTED.fullmatch(table.heading[column].bare))
    return bool(_COUNTED.fullmatch(first)) or first.lower() == "number" or (not first and all(others))


def _sides(cell: Cell) -> tuple[Part, ...]:
    """The sides of the first equation of a cell."""
    return cell.chains[0].parts if cell.chains else ()


def _is_panel(table: Table, column: int) -> bool:
    """Whether a column begins a panel of its own: marked names, and what goes on with them to the right."""
    cells = table.column(column)
    right = [next(filter(is_filled, row[column + 1 :]), row[column + 1]) for row in table.rows]
    filled = list(filter(is_filled, cells))
    alone = [name for cell in filled if (name := name_of(cell)) is not None and len(_sides(cell)) == 1]
    led = sum(leads(c) or (len(_sides(c)) > 1 and name_of(c) == name_of(left) is not None)
              for c, left in zip(right, cells, strict=True))  # fmt: skip
    if not led or any(map(leads, filled)):
        return False
    return len(alone) >= max(2, _NAMED * len(filled)) and all(name.mark for name in alone)


def _is_beside(table: Table, first: int, column: int) -> bool:
    """Whether the equations of a column are of other rows than those beside which they stand, and a name alone, too."""
    names = [(name_of(row[column]), name_of(row[first]), len(_sides(row[column])) > 1)
             for row in table.rows if is_filled(row[column])]  # fmt: skip
    if not all(name and name.mark in _OF_PANELS for name, _, _ in names) or len({*names}) < len(names):
        return False
    apart = [beside is None or name.variable != beside.variable for name, beside, heads in names if heads and name]
    return len(apart) < len(names) and 2 * sum(apart) >= len(apart) > 0


def is_filled(cell: Cell) -> bool:
    """Whether anything stands in a cell."""
    return cell.state != "empty"


def leads(cell: Cell) -> bool:
    """Whether a cell goes on with an equal sign: the name stands in the cell before it."""
    return cell.text.removeprefix(":math:").strip(" $`").startswith(("=", "\\(=", "&=", "+="))


class _Named(NamedTuple):
    """What a naming cell says of the row to its right."""

    name: Name | None = None
    label: str = ""
    problem: str = ""


def statements(table: Table, arrays: bool = False) -> Iterator[Statement]:
    """What the cells of a table say, row by row; where there are arrays, numbers in brackets are one."""
    naming, counting = table.naming, _counting(table)
    miscounted = _miscounted(table, counting)
    listed, formulas = set() if arrays else _listed(table, naming), set(_of_formulas(table))
    valued = _are_valued(table.column(naming[0]))
    ahead = set() if valued else _ahead(table, naming[0]) - counting
    for cells, places, lines in zip(table.rows, table.places, table.lines, strict=True):
        named = _rows(cells, places, naming, ahead, valued)
        each = enumerate(zip(cells, places, lines, named, strict=True))
        for j, (cell, place, line, row) in filter(_without_words(cells, naming), each):
            cell = _within(row, cell)  # noqa: PLW2901
            is_shape = bool(_SHAPES.fullmatch(table.heading[j].bare))
            name = row.name if is_shape or j not in counting else None
            if is_shape:
                said: Iterable[_Told] = [(None, (), SHAPE)] if is_filled(cell) else []
            elif j in counting or (j in naming and _is_number_alone(cells, j, naming)):
                said = _stray(cell, j in counting, place in miscounted)
            else:
                entries = (cell.pair if j in listed else ()) or _several(table.heading[j], cell)
                said = _said(cell, name, j in naming, entries, j in formulas)
            for k, (head, parts, sign) in enumerate(said):
                yield Statement(place, line, cell, name, head, parts, sign, row.label, (table.number, j, k))


def _are_valued(column: Sequence[Cell]) -> bool:
    """Whether rows are known by their values alone, all called alike: ``val: 6``."""
    return len(column) > 2 and len(set(map(name_of, column))) == 1 and all(map(_by_value, column))


def _listed(table: Table, naming: Sequence[int]) -> set[int]:
    """The columns in which numbers in brackets are several."""
    if _has_lists(table, naming):
        return set()
    dual = _are_dual(table, naming)
    return {j for j in range(len(table.heading)) if dual or j not in naming}


def _within(row: _Named, cell: Cell) -> Cell:
    """A cell as it stands in its row: with its problem, if it has one."""
    if not row.problem or not is_filled(cell):
        return cell
    return Cell(cell.text, (Chain((Part(cell.bare, problem=row.problem),), EQUAL),))


def _counting(table: Table) -> set[int]:
    """The columns that only count their rows, as they say themselves, or three or more, which the next one names; and
    those of shapes.
    """
    shapes = {j for j, cell in enumerate(table.heading) if _SHAPES.fullmatch(cell.bare)}
    last = len(table.heading) - 1 if len(table.rows) > 2 else 0
    before = {j for j in range(last) if _begins(table, j + 1) and not table.rows[0][j].bare.startswith("-")}
    counting = (j for j in range(len(table.heading)) if _counts(table, j) and (j in before or _is_counter(table, j)))
    return shapes.union(counting)


def _miscounted(table: Table, counting: Iterable[int]) -> set[Place]:
    """The cells of columns that count, of which one number alone breaks the count."""
    found = set()
    for j in counting:
        cells = zip(map(_counted, table.column(j)), table.places, strict=True)
        each = [(text, row[j]) for text, row in cells if text]
        off = off_count([text for text, _ in each])
        found |= {each[k][1] for k in off if len(off) == 1 and len(each) > 3}
    return found


def _stray(cell: Cell, counts: bool, off: bool) -> Iterator[_Told]:
    """What stands among numbers that only count, or where a name would."""
    if off or (is_filled(cell) and not (counts and _COUNT.fullmatch(_counted(cell)))):
        parts = (replace(part, problem="it breaks the count of the rows") if off else part for part in _sides(cell))
        yield None, tuple(parts), STRAY


def _is_number_alone(cells: Sequence[Cell], column: int, naming: Sequence[int]) -> bool:
    """Whether a number stands where the name of a row would, and nothing else in that panel of its row."""
    end = next((other for other in naming if other > column), len(cells))
    number = len(_sides(cells[column])) == 1 and _sides(cells[column])[0].number is not None
    return number and end - column > 1 and not any(map(is_filled, cells[column + 1 : end]))


def _rows(
    cells: Sequence[Cell], places: Sequence[Place], naming: Sequence[int], ahead: set[int], valued: bool
) -> Iterator[_Named]:
    """The row of each cell of a line: the one named last, or the first, where its values stand ``ahead`` of it."""
    row, first = _Named(), name_of(naming_cell(cells, naming[0]))
    for j, place in enumerate(places):
        if j in naming:
            stray = _is_number_alone(cells, j, naming)
            own, others = naming_cell(cells, j), [*cells[:j], *cells[j + 1 :]]
            row = _Named() if stray else _row(own, others, place, valued)
        yield _Named(Name(first.variable)) if j in ahead and first and first.mark != "leibniz" else row


def _row(cell: Cell, others: Sequence[Cell], place: Place, valued: bool) -> _Named:
    """The row that a cell names beside others; no title of what stands below."""
    own = name_of(cell)
    name = _by_value(cell) if valued else own or _unnamed(cell, place)
    if name is not None:
        name = _with_mark(name, _sides(cell)[1:])
        name = None if _is_title(name, others) else name
    problem = "its row is of several variables at once" if _is_several(cell) else ""
    return _Named(name, cell.bare if own is None else "", problem)


def _ahead(table: Table, naming: int) -> set[int]:
    """The columns of values before the names of their rows; where a column has names, another panel begins."""
    before = next((j for j in range(naming) if _begins(table, j)), naming)
    return {j for j in range(before) if _has_numbers(table, j)}


def _has_numbers(table: Table, column: int) -> bool:
    """Whether a column before the names holds the values of their rows, as it says, and no line numbers."""
    cells = list(filter(is_filled, table.column(column)))
    numbers = [cell for cell in cells if _sides(cell) and all(part.is_number for part in _sides(cell))]
    return bool(cells) and 2 * len(numbers) > len(cells) and not _counts(table, column)


def _begins(table: Table, column: int) -> bool:
    """Whether the cells of a column begin with names."""
    filled = list(filter(is_filled, table.column(column)))
    return 2 * sum(name_of(cell) is not None for cell in filled) > len(filled)


def _counted(cell: Cell) -> str:
    """The number of a row, ``1`` of ``(1.)`` and of ``j = 1``."""
    return re.sub(r"^[ijkn] = (?=\d+$)", "", cell.bare.strip(" .()"))


def _has_lists(table: Table, naming: Sequence[int]) -> bool:
    """Whether some rows hold lists, of outputs put together, and the others none: no pairs of numbers."""
    rows = [[cell for j, cell in enumerate(row) if j not in naming and is_filled(cell)] for row in table.rows]
    lists = [sum(bool(cell.pair) for cell in row) for row in rows]
    whole = [len(row) > 1 and count == len(row) for row, count in zip(rows, lists, strict=True)]
    return 0 < 2 * sum(whole) < len(rows) and sum(map(bool, lists)) == sum(whole)


def _are_dual(table: Table, naming: Sequence[int]) -> bool:
    """Whether most cells that name a row end in two numbers, its value and its derivative: ``a = x y = (6, 2)``; fewer
    than three do not tell it but by ``6 + 2ε``, and more numbers, ``(6, 2, 0)``, but by the seeds of ``x = (3, 1, 0)``.
    """
    cells = [row[j] for row in table.rows for j in naming if row[j].chains]
    pairs = [cell for cell in cells if len(cell.pair) > 1 and all(part.is_number for part in cell.pair)]
    lengths = {len(cell.pair) for cell in pairs}
    dual = lengths == {2} or (len(lengths) == 1 and any(map(_is_seeded, pairs)))
    return dual and (len(cells) > 2 or all("ε" in cell.bare for cell in pairs)) and 2 * len(pairs) > len(cells)


def _is_seeded(cell: Cell) -> bool:
    """Whether a cell is a number with seeds, of which one is 1 and the others are 0, and nothing else."""
    return len(_sides(cell)) == 2 and sorted(part.text for part in cell.pair[1:]) == [*"0" * (len(cell.pair) - 2), "1"]


def _with_mark(name: Name, parts: Sequence[Part]) -> Name:
    """A name of which the mark is left out, ``x_1 = v̄_0``: nothing but adjoints, or tangents, is equal to it."""
    marks = {other.mark for part in parts for other in part.names if len(part.names) == 1 and part.name is not None}
    if name.mark or len(marks) != 1 or not marks <= {"bar", "dot"}:
        return name
    return name._replace(mark=marks.pop())


def _is_title(row: Name, others: Sequence[Cell]) -> bool:
    """A word alone in its row."""
    word = len(row.variable) > 3 and "_" not in row.variable and not row.mark
    return word and len(others) > 0 and not any(map(is_filled, others))


def _by_value(cell: Cell) -> Name | None:
    """The name of a row that has none of its own, and is known by its value: ``val: 10.693``."""
    sides = _sides(cell)
    return Name(f"{UNNAMED}{sides[1].text}") if len(sides) > 1 and sides[1].number is not None else None


def _unnamed(cell: Cell, place: Place) -> Name | None:
    """A row that says what is done in it, and gives it no name: ``*``, ``+1``; a pair of names is none."""
    return Name(f"{UNNAMED}{1000 * place.table + place.row + 1}") if cell.chains and not cell.pair else None


def _said(cell: Cell, row: Name | None, naming: bool, entries: Sequence[Part], formulas: bool) -> Iterator[_Told]:
    """The head, the sides and the sign of each statement of a cell; each of its entries is in a column of its own.  In
    a column of formulas another row's name is one, too: ``v̇_1 = 10``.
    """
    if _side_by_side(cell) and not (naming or entries):
        yield None, (Part(cell.bare, problem="names side by side are no operation"),), EQUAL
        return
    chains = [each for chain in cell.chains or (Chain((), EQUAL),) for each in _of_each(chain)]
    for chain in chains if naming or not entries else ():
        head, parts, sign = _of_chain(chain, row, naming, formulas)
        yield head, tuple(map(_without_epsilon, parts[:-1])) if entries else parts, sign
    yield from ((None, (part,), EQUAL) for part in entries)


def _of_each(chain: Chain) -> list[Chain]:
    """What a chain of three adjoints or more, or tangents, says of each: ``v̄_4 = v̄_3 = v̄_1 = 1``."""
    marks = {part.name.mark if part.name else "" for part in chain.parts[:3]}
    if len(chain.parts) < 3 or len(marks) > 1 or not marks <= {*_OF_PANELS}:
        return [chain]
    named = [*takewhile(lambda part: part.name is not None, chain.parts)]
    return [Chain((part, *chain.parts[len(named) :]), chain.sign) for part in named]


def _side_by_side(cell: Cell) -> tuple[Part, ...]:
    """The names of a cell of nothing but names, ``a, x``."""
    alone = [chain.parts[0] for chain in cell.chains if len(chain.parts) == 1 and chain.parts[0].name]
    return tuple(alone) if len(alone) == len(cell.chains) > 1 else ()


def _several(heading: Cell, cell: Cell) -> tuple[Part, ...]:
    """The partials of a row that are names, ``a, x``, below a heading that speaks of partials."""
    return _side_by_side(cell) if PARTIAL in evidence(heading) else ()


def _without_epsilon(part: Part) -> Part:
    """A working in dual numbers, ``(3 + ε)^2``, which is not read."""
    dual = any(name.variable == "epsilon" for name in part.names)
    return Part(part.source, problem="it is a working in dual numbers") if dual else part


def _of_formulas(table: Table) -> Iterator[int]:
    """The columns in which most equations begin with the formula of their row, and not with a name."""
    for j in {*range(len(table.heading))}.difference(table.naming):
        begun = [sides[0].name is None for cell in table.column(j) if len(sides := _sides(cell)) > 1]
        if 2 * sum(begun) > len(begun):
            yield j


def _of_chain(chain: Chain, row: Name | None, naming: bool, formulas: bool) -> _Told:
    """The head, the sides and the sign of one equation."""
    first = chain.parts[0].name if chain.parts else None
    if naming and row is not None and row.variable.startswith(UNNAMED):
        first_is = (part.is_formula and part.is_plain and not part.name for part in chain.parts)
        worked = len(chain.parts) > 1 and next(first_is)
        return None, chain.parts[not worked :], EQUAL  # A x = (4, 8)
    if first is None or not (naming or _is_head(first, chain, row, formulas)):
        return None, chain.parts, chain.sign
    if naming and chain.sign == EDGE:
        return row, (), EDGE
    return _with_mark(first, chain.parts[1:]) if naming else first, chain.parts[1:], chain.sign


def _is_head(first: Name, chain: Chain, row: Name | None, formulas: bool) -> bool:
    """Whether a chain is about the name with which it begins: not so ``y = ...`` in the row of ``v_5``; alone,
    ``dv/dv_0`` in the row of ``v_3`` says of what kind the row's derivative is.
    """
    if row is None:
        return len(chain.parts) > 1
    if len(chain.parts) > 1:
        return first.variable == row.variable or (bool(first.mark or row.mark) and not formulas)
    base, line, _ = row.variable.partition("_")
    return (first.mark == "leibniz" and bool(line) and first.of == base) or first[:2] == (row.variable, "dotbar")
