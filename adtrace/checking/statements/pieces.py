"""A document in pieces of work: the tables that tell of one function, with their cells read under its names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, product

from adtrace.arrays.table import is_call
from adtrace.checking.readings.bare import flat
from adtrace.checking.readings.cells import Cell, read_cell
from adtrace.checking.readings.names import MARKING, OWN_MARKS, canonical, is_function, layered, owned
from adtrace.checking.readings.names import Name as Marked
from adtrace.checking.readings.parts import Part
from adtrace.checking.reporting import Place
from adtrace.checking.sheets import Sheet
from adtrace.checking.statements.headings import evidence
from adtrace.checking.statements.layouts import (
    Statement,
    Table,
    is_across,
    name_of,
    naming_cell,
    off_count,
    turned,
)
from adtrace.checking.statements.lines import statements
from adtrace.checking.statements.multipliers import INDEXED, multipliers
from adtrace.checking.statements.slipped import straightened
from adtrace.checking.work.rules import VALUE
from adtrace.language.syntax import CONSTANTS, Apply, Name, Terms


@dataclass(frozen=True)
class Piece:
    """The tables of one function, and what their cells say."""

    tables: tuple[Table, ...]
    statements: tuple[Statement, ...]
    elsewhere: bool = False
    """Whether it is the work of a piece before at another point, which its own numbers tell."""


@dataclass
class _Group:
    """The tables of a piece, the formulas of their rows, and the point that they print."""

    elsewhere: bool = False
    tables: list[Table] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
    point: dict[str, str] = field(default_factory=dict)


def pieces(
    sheets: Sequence[Sheet], chosen: Sequence[int], variables: Iterable[str], decimal: str, arrays: bool = False
) -> list[Piece]:
    """The pieces of work of a document: a table that defines the same rows otherwise begins another, and so does one
    that has the same rows at another point.
    """
    tables = [read(sheets[number], number, frozenset(variables), decimal) for number in chosen]
    if words := frozenset(_words(tables)):
        variables = words.union(variables)
        tables = [read(sheets[table.number], table.number, variables, decimal) for table in tables]
    groups = [_Group()]
    if len(tables) == 1:  # nothing tells another piece of work from it
        groups[0].tables, tables = tables, []
    for table in tables:
        group, said = groups[-1], list(statements(table, arrays))
        formulas = _definitions(said)
        point = _point(table, said, formulas)
        shared = formulas.keys() & group.formulas.keys()
        others = [name for name in shared if formulas[name] != group.formulas[name]]
        moved = bool(shared) and any(group.point.get(name, value) != value for name, value in point.items())
        if moved or (2 * len(others) > len(shared) and not _goes_on(table, group.tables, sheets)):
            groups.append(group := _Group(elsewhere=moved and not others))
        group.tables.append(table)
        group.formulas |= formulas
        group.point = point | group.point
    return [_piece(group, sheets, variables, decimal, arrays=arrays) for group in groups]


def rows_of_sheets(
    sheets: Sequence[Sheet], chosen: Sequence[int], variables: Iterable[str], decimal: str
) -> frozenset[str]:
    """The rows that tables name, where a variable may be the product of two of them: W and x, for Wx."""
    if not any(len(name) > 1 and name.isalpha() for name in variables):
        return frozenset()
    return frozenset().union(*(names_of_rows(read(sheets[k], k, frozenset(), decimal)) for k in chosen))


def _goes_on(table: Table, before: Sequence[Table], sheets: Sequence[Sheet]) -> bool:
    """Whether a list of equations uses rows that it has not, and lists before it have: ``XW``, too."""
    if not all(sheets[one.number].equations for one in (table, *before)):
        return False
    own, rows = names_of_rows(table), frozenset[str]().union(*map(names_of_rows, before))
    parts = _parts(read(sheets[table.number], table.number, rows.union(own), ""))
    return not {name.variable for part in parts for name in part.names}.isdisjoint(rows - own)


def _point(table: Table, statements_: Iterable[Statement], defined: Mapping[str, str]) -> dict[str, str]:
    """The values of the rows that are computed from nothing, in the columns that say so."""
    texts = [cell.text for cell in table.heading]  # a heading that stands twice is of a derivative then
    columns = {
        j for j, cell in enumerate(table.heading) if set(evidence(cell)) == {VALUE} and texts.index(cell.text) == j
    }
    return {
        said.named.variable: part.text for said in statements_ for part in said.parts
        if said.named and not said.named.mark and said.named.variable not in defined and said.head is None
        and said.column[1] in columns and part.number is not None
    }  # fmt: skip


_COMMA = re.compile(r"(?<![\d.,(\[])(?:\d+\{,\}\d+|\d+,(?:\d{1,2}|\d{4,})|0,\d+)(?![\d.,)\]])")
_POINT = re.compile(r"(?<![\d.,])\d*\.\d+(?![\d.,])")
_PARTED = re.compile(r"\((?:\s*[-−]?\d+\s*;)+\s*[-−]?\d+\s*\)")
"""Numbers that are parted as where decimals have commas."""


def decimal_of(sheets: Iterable[Sheet]) -> str:
    """The decimal sign of a document, by the numbers that can be read in one way only; nothing where they differ."""
    cells = [cell for sheet in sheets for row in sheet.rows for cell in row]
    commas, points, parted = (any(sign.search(cell) for cell in cells) for sign in (_COMMA, _POINT, _PARTED))
    commas = commas or (parted and not any(re.search(r"\d\s*,\s*[-−]?\d", cell) for cell in cells))
    return "" if commas == points else "comma" if commas else "point"


def _piece(group: _Group, sheets: Sequence[Sheet], variables: Iterable[str], decimal: str, *, arrays: bool) -> Piece:
    """The tables read once more, with all of their names declared."""
    declared = _declared(group.tables, variables)
    again = ((table, read(sheets[table.number], table.number, declared, decimal)) for table in group.tables)
    tables = tuple(before if before == after else after for before, after in again)  # with what is known of it
    arrays = arrays or any(map(_has_arrays, tables)) or {*chain(*map(_with_pairs, tables))} == {True, False}
    said = tuple(statement for table in tables for statement in statements(table, arrays))
    return Piece(tables, said, group.elsewhere)


_WIDTHS = ("d_in", "d_k", "d_model")
"""Beside these d_h is how many numbers h has, and no derivative."""


def _declared(tables: Sequence[Table], variables: Iterable[str]) -> frozenset[str]:
    """The names of rows and variables, and letters that stand alone: b and t of bt."""
    rows = frozenset[str]().union(*map(names_of_rows, tables))
    rows -= {*_products(tables, rows.union(variables))}
    marks = ("d", "delta_") if rows.intersection(_WIDTHS) else ("d", "d_", "delta_")
    marked = {*map("".join, product(marks, rows))}
    used = {name.variable for table in tables for part in _parts(table) for name in part.names if not name.mark}
    letters = {*"achkmnpqrstuvwxyz"} & used - {name[0] for name in used if name[1:2] == "_"}
    return rows.difference(marked).union(variables, letters)  # dsum is of sum


def _products(tables: Iterable[Table], rows: frozenset[str]) -> Iterator[str]:
    """What names rows and is a product of two others, ``XW`` of X and W, of which a number is told and no operation."""
    for cell in chain.from_iterable(map(_naming, tables)):
        name = name_of(cell)
        letters = {*name.variable} if name and len(name.variable) == 2 else {""}
        if name and letters <= rows and len(cell.parts) > 1 and all(part.is_number for part in cell.parts[1:]):
            yield name.variable


def _has_arrays(table: Table) -> bool:
    """Whether a table has a matrix, or an operation of whole arrays, so that numbers in brackets are no pair."""
    return any(
        len(part.matrix or ()) > 1 or (part.readings and is_of_arrays(part.readings[0])) for part in _parts(table)
    )


def _with_pairs(table: Table) -> Iterator[bool]:
    """Whether the rows that hold two numbers in brackets are of derivatives: if so, no number of them is one."""
    for row in table.rows:
        name = name_of(row[table.naming[0]])
        if name and any(len(cell.pair) == 2 and all(part.is_number for part in cell.pair) for cell in row):
            yield bool(name.mark)


def is_of_arrays(terms: Terms) -> bool:
    """Whether an expression is one of whole arrays."""
    return any(type(t) is Apply and is_call(t) for t in terms)


def read(sheet: Sheet, number: int, declared: frozenset[str], decimal: str) -> Table:
    """A sheet with its cells read, its rows downwards."""

    def cells(texts: Iterable[str]) -> tuple[Cell, ...]:
        return tuple(read_cell(text, declared, decimal) for text in texts)

    places = tuple(tuple(Place(number, i, j) for j in range(len(row))) for i, row in enumerate(sheet.rows))
    lines = tuple((line,) * len(row) for line, row in zip(sheet.lines, sheet.rows, strict=True))
    heading = sheet.heading or ("",) * max(map(len, sheet.rows), default=0)
    rows = _repeated(sheet.rows)
    across = _numbered_across((heading, *rows))
    if of_rows := _numbering(sheet):
        k, base = of_rows
        rows = tuple((*row[:k], f"{base}_{{{row[k].strip(' $')}}}", *row[k + 1 :]) for row in rows)
    elif across:
        heading, *rows = map(tuple, across)
    else:
        rows = _named_by_count(rows)
    table = Table(cells(heading), tuple(map(cells, rows)), places, lines, number)
    return turned(table) if across or is_across(table) else straightened(table)


def _numbered_across(rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """Rows over which the numbers of the variables stand side by side, ``i | -1 | 0 | 1`` above ``v_i | x | y | x y``,
    with the names in their place; nothing where they do not.
    """
    found = [*rows]
    place = next((k for k, row in enumerate(rows) if any(map(str.strip, row))), 0)
    begins = [flat(row[0])[0].strip(" *") for row in rows if row]
    said = next((match for text in begins if (match := INDEXED.fullmatch(text)) and match[2] == begins[place]), None)
    numbers = [flat(text)[0].strip(" $") for text in rows[place][1:]]
    if said is None or len(numbers) < 2 or not all(re.fullmatch(r"-?\d{1,3}", text) for text in numbers):
        return []
    found[place] = (rows[place][0], *(f"{said[1]}_{{{number}}}" for number in numbers))
    return found


_DITTO = re.compile(
    r"""[-–—\s]*(?:["”“„〃]|''|,,)[-–—\s]*|(?:the )?same(?: as above)?|as above|ditt?o|idem|s\.\s?o\.|同上""", re.I
)


def _repeated(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """The rows with what stands above in the place of its repetition: same, ditto, as above."""
    written_out = list(rows[:1])
    for row in rows[1:]:
        above = [*written_out[-1], *[""] * len(row)]
        repeats = (_DITTO.fullmatch(text.strip()) and above[j] and "=" not in above[j] for j, text in enumerate(row))
        written_out.append(tuple(above[j] if again else row[j] for j, again in enumerate(repeats)))
    return written_out


def _is_name(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]_?\{?-?\d+\}?", flat(text)[0]))


def _numbering(sheet: Sheet) -> tuple[int, str] | None:
    """The column that has the numbers of the rows, and their letter: i, where the operations stand below v_i."""
    texts = [flat(heading)[0].strip(" *") for heading in sheet.heading]
    for place, text in enumerate(texts):
        said = INDEXED.fullmatch(text)
        cells = [row[place] for row in sheet.rows]
        named = any("=" in cell for cell in cells) or 2 * sum(map(_is_name, cells)) > len(cells)
        if said is None or said[2] not in texts or named:
            continue
        column = texts.index(said[2])
        numbers = [row[column].strip(" $").replace("−", "-") for row in sheet.rows]
        if all(re.fullmatch(r"-?\d{1,3}", text) for text in numbers) and len({*numbers}) == len(numbers) > 1:
            return column, said[1]
    return None


_INDEXED_NAME = re.compile(r"([A-Za-z])_\{?(-?\d{1,3})(?!\d)")


def _named_by_count(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Rows that only their numbers name, ``1 | = x``, ``3 | = v_{-1} v_0``, as those that their formulas call; a number
    that breaks the count as one of that row, which is wrong.
    """
    counts, formulas = ([flat(row[k])[0].strip(" $.") for row in rows if len(row) > 2] for k in (0, 1))
    called = _called_in(formulas) if len(counts) == len(rows) > 2 else None
    off = off_count(counts)
    if called is None or not all(map(str.isdecimal, counts)) or len(off) > (len(rows) > 3):
        return rows
    base, first = called
    names = [f"{base}_{{{first + k}}}{f' = {counts[k]}' if k in off else ''}" for k in range(len(rows))]
    return [(name, *row[1:]) for name, row in zip(names, rows, strict=True)]


def _called_in(formulas: Sequence[str]) -> tuple[str, int] | None:
    """The letter by which formulas that go on with an equal sign call each other, and the number of the first."""
    used = [[(base, int(index)) for base, index in _INDEXED_NAME.findall(text)] for text in formulas]
    bases, first = {base for each in used for base, _ in each}, min((k for each in used for _, k in each), default=0)
    backwards = all(index < first + k for k, each in enumerate(used) for _, index in each)
    alike = len(bases) == 1 and all(text.startswith("=") for text in formulas)
    return (bases.pop(), first) if alike and backwards else None


def names_of_rows(table: Table) -> set[str]:
    """The variables that a table has rows of, and those that its cells name before an equal sign."""
    names = [name for name in map(name_of, _naming(table)) if name is not None]
    return {name.variable for name in names} | {name.of for name in names if name.of}


def _naming(table: Table) -> list[Cell]:
    """The cells that name rows."""
    return [naming_cell(row, j) for row in table.rows for j in table.naming]


_WORD = re.compile(r"[A-Za-z]+\d+[A-Za-z]+\d*")
"""A name that would be a product, ``W2t``, if it named no row."""


def _words(tables: Sequence[Table]) -> Iterator[str]:
    """The rows whose names are read otherwise where nobody declares them."""
    names = [name for table in tables for part in _parts(table) for name in (part.name, *part.names) if name]
    plain = {_letters(name) for name in names if name.mark in ("", "order0")}
    yield from filter(None, (_word(cell, plain) for table in tables for cell in _naming(table)))
    yield from _marking({cell.chains[0].parts[0].text for table in tables for cell in _naming(table) if cell.chains})
    yield from _uncalled(tables)
    yield from multipliers(tables)
    for table in tables:
        yield from _with_own_marks(table)


def _uncalled(tables: Sequence[Table]) -> Iterator[str]:
    """The functions that are on the left of equations, ``gamma = [2, 0.5]``, and that nobody calls: they are names."""
    text = " ; ".join(cell.text for table in tables for row in table.rows for cell in row)
    for word in {*re.findall(r"(?<![^;\s$`\\])([A-Za-z]+)\s*=(?!=)", text)}:
        if is_function(word) and not re.search(rf"(?<![.\w]){word}\s*\(", text):
            yield word


def _marking(rows: Collection[str]) -> Iterator[str]:
    """The letters that mark the rows of which a third or more are other rows with that letter behind them: ``wb``."""
    for letter in "bd":
        marked = [row for row in rows if row[-1:] == letter and row[:-1] in rows]
        if 3 * len(marked) >= len(rows) > 3:
            yield MARKING + letter


def _with_own_marks(table: Table) -> Iterator[str]:
    """The marked names that are variables of their own, beside others without a mark: a row ``w'`` that the operation
    of a row without a mark uses; an input that is ``w'`` in a column in which another is ``w``.
    """
    first, *others = table.naming
    last = others[0] if others else len(table.heading)  # another panel is of derivatives
    rows = [(name, cells[:last]) for cells in table.rows if (name := name_of(cells[first]))]
    columns = [*zip(*(cells for name, cells in rows if not name.mark), strict=True)]
    beside = [[cell.parts for cell in cells] for cells in (*columns[:first], *columns[first + 1 :])]
    used = {name for name, _ in rows}.intersection(chain.from_iterable(map(_operands, beside)))
    plain = {name.variable for name, _ in rows if not name.mark}
    for name in used.union(*(_inputs(cells, plain) for cells in beside)):
        if name.mark in OWN_MARKS:
            base, _, index = name.variable.partition("_")
            yield owned(base, index, name.mark)


def _operands(cells: Iterable[Sequence[Part]]) -> Iterator[Marked]:
    """The names in the formulas of a column."""
    formulas = (part for parts in cells for part in parts if part.is_formula and not part.name)
    return (name for part in formulas for name in part.names)


def _inputs(cells: Iterable[Sequence[Part]], plain: Collection[str]) -> list[Marked]:
    """The names that stand alone in a column, where one of them is an input: without a mark, and none of the rows'."""
    alone = [parts[0].name for parts in cells if len(parts) == 1 and parts[0].name]
    return alone if any(not name.mark and name.variable not in plain for name in alone) else []


def _word(cell: Cell, plain: set[str]) -> str:
    """The row that a cell names, if it is ``W2t``, or ``W^{(1)}`` and its like, where the number is not that of a
    coefficient: where no name of its letters is without it, or has a 0 there, as the ``plain`` ones.
    """
    name = name_of(cell)
    if _WORD.fullmatch(cell.bare):
        return canonical(cell.bare)
    if name is None:
        return ""
    told = name.mark.startswith("order") and _letters(name) not in plain
    return layered(name.variable, name.mark[-1]) if told else ""


def _letters(name: Marked) -> str:
    """A name without its index."""
    return name.variable.partition("_")[0]


def _parts(table: Table) -> Iterator[Part]:
    """All that is said in a table."""
    return (part for row in table.rows for cell in row for part in cell.parts)


def _definitions(said: Iterable[Statement]) -> dict[str, str]:
    """The first formula of each row, as text without spaces."""
    found: dict[str, str] = {}
    for statement in said:
        name = statement.named
        if name is None or name.mark or name.variable in found:
            continue
        for part in statement.parts:
            names = [t.name for terms in part.readings[:1] for t in terms if type(t) is Name]
            if part.is_plain and len(part.readings and part.readings[0]) > 1 and {*names}.difference(CONSTANTS):
                found[name.variable] = part.text.replace(" ", "")
                break
    return found


def by_place(tables: Iterable[Table]) -> Mapping[Place, Cell]:
    """The cells as they were read."""
    return {
        place: cell for table in tables for places, row in zip(table.places, table.rows, strict=True)
        for place, cell in zip(places, row, strict=True)
    }  # fmt: skip
