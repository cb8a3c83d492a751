"""What each line of a table says: of which rows its cells are, and in which statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from adtrace.checking.readings.cells import Cell, Chain, Part
from adtrace.checking.readings.names import EDGE, Name
from adtrace.checking.reporting import Place
from adtrace.checking.statements.headings import evidence
from adtrace.checking.statements.layouts import (
    EQUAL,
    OF_PANELS,
    SHAPE,
    SHAPES,
    STRAY,
    UNNAMED,
    Statement,
    Table,
    begins,
    counting_columns,
    counts,
    is_filled,
    is_several,
    name_of,
    naming_cell,
    number_of_row,
    off_cells,
    sides,
)
from adtrace.checking.work.rules import PARTIAL
from adtrace.checking.work.values import is_worked

_Told = tuple[Name | None, tuple[Part, ...], str]


def _without_words(cells: Sequence[Cell], naming: Sequence[int]) -> Callable[[tuple[int, object]], bool]:
    """Whether a cell of a row is none of the words beside which an equation names it."""
    words = {j for j in naming if naming_cell(cells, j) is not cells[j]}
    return lambda each: each[0] not in words


_COUNT = re.compile(r"-?\d+|(?:\d+|[,x×*\s])*|[se]s?[ck]al[aei]\w*", re.I)


class _Named(NamedTuple):
    """What a naming cell says of the row to its right."""

    name: Name | None = None
    label: str = ""
    problem: str = ""


def statements(table: Table, arrays: bool = False) -> Iterator[Statement]:
    """What the cells of a table say, row by row; where there are arrays, numbers in brackets are one."""
    naming, counting = table.naming, counting_columns(table)
    miscounted = off_cells(table, counting)
    listed, formulas = set() if arrays else _listed(table, naming), set(_of_formulas(table))
    valued = _are_valued(table.column(naming[0]))
    ahead = _ahead(table, naming[0]) - counting
    for cells, places, lines in zip(table.rows, table.places, table.lines, strict=True):
        named = _rows(cells, places, naming, ahead, valued)
        each = enumerate(zip(cells, places, lines, named, strict=True))
        for j, (cell, place, line, row) in filter(_without_words(cells, naming), each):
            cell = _within(row, cell)  # noqa: PLW2901
            is_shape = bool(SHAPES.fullmatch(table.heading[j].bare))
            name = row.name if is_shape or j not in counting else None
            if is_shape:
                said: Iterable[_Told] = [(None, (), SHAPE)]
            elif j in counting or (j in naming and _is_number_alone(cells, j, naming)):
                said = _stray(cell, j in counting, place in miscounted)
            else:
                whole = row.name is not None and row.name.mark.startswith(
                    "grad"
                )  # its entries are no value and tangent
                entries = (cell.pair if j in listed and not whole else ()) or _several(table.heading[j], cell)
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


def _stray(cell: Cell, counts: bool, off: bool) -> Iterator[_Told]:
    """What stands among numbers that only count, or where a name would."""
    if off or (is_filled(cell) and not (counts and _COUNT.fullmatch(number_of_row(cell)))):
        parts = (replace(part, problem="it breaks the count of the rows") if off else part for part in sides(cell))
        yield None, tuple(parts), STRAY


def _is_number_alone(cells: Sequence[Cell], column: int, naming: Sequence[int]) -> bool:
    """Whether a number stands where the name of a row would, and nothing else in that panel of its row."""
    end = next((other for other in naming if other > column), len(cells))
    number = len(sides(cells[column])) == 1 and sides(cells[column])[0].number is not None
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
        name = _with_mark(name, sides(cell)[1:])
        name = None if _is_title(name, others) else name
    problem = "its row is of several variables at once" if is_several(cell) else ""
    return _Named(name, cell.bare if own is None else "", problem)


def _ahead(table: Table, naming: int) -> set[int]:
    """The columns of values before the names of their rows; where a column has names, another panel begins."""
    before = next((j for j in range(naming) if begins(table, j)), naming)
    return {j for j in range(before) if _has_numbers(table, j)}


def _has_numbers(table: Table, column: int) -> bool:
    """Whether a column before the names holds the values of their rows, as it says, and no line numbers."""
    cells = list(filter(is_filled, table.column(column)))
    numbers = [cell for cell in cells if sides(cell) and all(part.is_number for part in sides(cell))]
    return bool(cells) and 2 * len(numbers) > len(cells) and not counts(table, column)


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
    return len(sides(cell)) == 2 and sorted(part.text for part in cell.pair[1:]) == [
        *"0" * (len(cell.pair) - 2),
        "1",
    ]


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
    parts = sides(cell)
    return Name(f"{UNNAMED}{parts[1].text}") if len(parts) > 1 and parts[1].number is not None else None


def _unnamed(cell: Cell, place: Place) -> Name | None:
    """A row that says what is done in it, and gives it no name: ``*``, ``+1``; a pair of names is none."""
    return (
        Name(f"{UNNAMED}{1000 * place.table + place.row + 1}")
        if cell.chains and (not cell.pair or len(cell.parts) > 1)
        else None
    )


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
    if len(chain.parts) < 3 or len(marks) > 1 or not marks <= {*OF_PANELS}:
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
        begun = [parts[0].name is None for cell in table.column(j) if len(parts := sides(cell)) > 1]
        if 2 * sum(begun) > len(begun):
            yield j


def _of_chain(chain: Chain, row: Name | None, naming: bool, formulas: bool) -> _Told:
    """The head, the sides and the sign of one equation."""
    first = chain.parts[0].name if chain.parts else None
    if naming and row is not None and row.variable.startswith(UNNAMED):
        return None, chain.parts[not any(map(_is_worked_out, chain.parts[:1] if chain.parts[1:] else ())) :], EQUAL
    if first is None or not (naming or _is_head(first, chain, row, formulas)):
        return None, chain.parts, chain.sign
    if naming and chain.sign == EDGE:
        return row, (), EDGE
    return _with_mark(first, chain.parts[1:]) if naming else first, chain.parts[1:], chain.sign


def _is_worked_out(part: Part) -> bool:
    """Whether the first side of an equation without a name is a formula, ``A x = (4, 8)``, or a working."""
    in_numbers = part.is_number and is_worked(part.readings[0])
    return in_numbers or (part.is_formula and part.is_plain and not part.name)


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
