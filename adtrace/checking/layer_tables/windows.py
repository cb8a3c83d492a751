"""Tables of windows: configurations, a row each, are judged by what they come to; products are not checked.  Parameters
one by one, each an array, are judged by their shapes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import floor, prod

from adtrace.arrays.axis_windows import AxisWindow
from adtrace.checking.layer_tables.columns import INPUT, quantity
from adtrace.checking.layer_tables.numbers import TOTAL, Number, number, said, sides
from adtrace.checking.layer_tables.slips import PARAMS, SIZE
from adtrace.checking.layer_tables.words import DILATION, KERNEL, PADDING, SAID, STRIDE
from adtrace.checking.readings.bare import flat, without_tags
from adtrace.checking.reporting import (
    EMPTY,
    EXACT,
    FOLLOWING,
    NOT_READ,
    RIGHT,
    UNREAD_TABLE,
    WRONG,
    Finding,
    Place,
    Problem,
)
from adtrace.checking.sheets import Sheet
from adtrace.checking.words import INPUTS, PARAMETERS

_BY_WORDS = re.compile(
    r"\bwindow\b.*\b(?:products?|largest|mean)\b|\bmode\b.*\bsize\b.*\bresult\b", re.IGNORECASE | re.S
)
_BY_FORMULA = re.compile(
    r"y\W*_?\W*[nm]\W.{0,40}(?:Σ|\\sum|sum).{0,60}x\W*_?\W*[nm].{0,30}w\W*_?\W*[jl]"
    r"|(?:⌊|\\lfloor|floor\().{0,90}/.{0,20}(?:⌋|\\rfloor|\)).{0,4}\+\s*1", re.S
)  # fmt: skip
_TRANSPOSED = re.compile(r"transp[ou]|转置|転置|전치|fractionally|\(\s*[ino]\s*-\s*1\s*\)", re.IGNORECASE)
_ROUNDED_UP = re.compile(r"⌈|ceil|aufgerundet|round\w* up|arrondi\w* (?:au|vers le) (?:haut|dessus)", re.IGNORECASE)
_ARRAY = re.compile(
    r"(?:(?:^|[._ /])(?<!no )(?<!without )(?:weights?|bias(?:es)?|kernel|gamma|beta)(?::\d+)?"
    r"|^\W*(?!bn)[WUVb]\w{0,2}(?:[\W_]+\w{1,3})*)\W*$"
)
"""The name of an array of parameters: ``conv1.weight``, ``W_xh``."""
_COUNTS = re.compile(rf"{PARAMETERS}|entries|elements|numel|count|numbers|einträge|anzahl|nombre|^size$", re.IGNORECASE)
_LENGTHS = (INPUT, KERNEL, STRIDE, DILATION, PADDING)
_MORE = "a"
"""The padding of the output, which transposed convolutions alone have."""
_SIDE = r"(?<![\d.*])(\d+)(?:\*\1)*[ -](?:\w+ ){0,2}(?:@)|\b(?:@)\b[^\d.;]{0,20}(?<![\d.])(\d+)(?:\*\2)*(?!\*?\d|\.\d)"
_TOLD_BY = {
    kind: re.compile(_SIDE.replace("@", word), re.IGNORECASE)
    for kind, word in ((INPUT, INPUTS), (KERNEL, SAID[KERNEL]))
}
"""How prose tells a side, before its word or behind it."""
_REASON = "it is of windows or of a convolution, product by product, which is not checked"


def is_window_table(sheet: Sheet) -> bool:
    """Whether a table is of windows that move over a signal, of the windows that fit a size, or of arrays."""
    if sheet.equations:
        return False
    first = " ".join((*sheet.heading, *(cell for row in sheet.rows[:2] for cell in row)))[:4_000]
    is_of_products = _BY_WORDS.search(" ".join(sheet.heading)) or _BY_FORMULA.search(without_tags(first))
    return bool(is_of_products or _configurations(sheet)[0] or are_arrays(sheet))


def window_findings(sheet: Sheet, table: int) -> tuple[list[Finding], list[Problem]]:
    """What is found of such a table: the lengths that its configurations come to, or that none of it is read."""
    if are_arrays(sheet):
        return [*_counted(sheet, table, *_shapes_and_counts(sheet))], []
    columns, first = _configurations(sheet)
    lengths = _lengths_told(sheet)
    told = flat(
        " ".join((sheet.before, sheet.after, *sheet.heading, *(cell for row in sheet.rows[:2] for cell in row)))
    )[0]
    if columns and _MORE not in columns and not _TRANSPOSED.search(told):
        is_up = bool(_ROUNDED_UP.search(told))
        rows = range(first, len(sheet.rows))
        places = {index: _places(sheet.rows[index], columns, lengths, is_up) for index in rows}
        return [each for index in rows for each in _length(sheet, table, index, columns, places[index])], []
    found = [
        Finding(Place(table, i, j), line, cell, row[0], "cell", NOT_READ, sentence=_REASON)
        for i, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True))
        for j, cell in enumerate(row) if j and cell.strip()
    ]  # fmt: skip
    return found, [Problem(UNREAD_TABLE, f"table {table + 1} is not read: {_REASON}")]


def _configurations(sheet: Sheet) -> tuple[Mapping[str, int], int]:
    """The column of each length of a window, where a table has one for all that the size of the output needs, and the
    row below its headings.
    """
    for first, headings in enumerate([sheet.heading, *sheet.rows[:2]]):
        letters = (re.sub(r".*\s(?=\w$)", "", without_tags(said(heading)).strip(" {}*$")) for heading in headings)
        named = ((quantity(letter) or letter, at) for at, letter in enumerate(letters))
        columns = {kind: at for kind, at in named if kind in (*_LENGTHS, SIZE, _MORE)}
        alone = len(columns) == len(headings) > 2  # what stands in no column is told by the prose
        told = {*columns, *(_lengths_told(sheet) if alone else ())}
        if SIZE in columns and {INPUT, KERNEL} <= told and not {STRIDE, PADDING}.isdisjoint(columns):
            kernels = (row[columns[KERNEL]] if KERNEL in columns else "1" for row in sheet.rows[first:])
            whole = sum(_whole(kernel) is not None for kernel in kernels)
            return (columns, first) if 2 * whole >= len(sheet.rows) - first else ({}, 0)  # gates i, f, o are none
    return {}, 0


def _lengths_told(sheet: Sheet) -> Mapping[str, int]:
    """The sides of the input and of the kernel that the prose tells: ``a 3x3 filter``, ``input size 6``."""
    prose = said(f"{sheet.before}\n{sheet.after}".replace("\n", " ; "))
    return {kind: int(side[1] or side[2]) for kind, told in _TOLD_BY.items() if (side := told.search(prose))}


def are_arrays(sheet: Sheet) -> bool:
    """Whether a table is of parameters one by one, with the shape of each and how many numbers it has."""
    named = sum(bool(_ARRAY.search(said(row[0]))) for row in sheet.rows)
    return 2 * named > len(sheet.rows) and all(_shapes_and_counts(sheet))


def _shapes_and_counts(sheet: Sheet) -> tuple[int, int]:
    """The column of the shapes of arrays, and that of how many numbers they have; 0 where there is none."""
    headings = [said(heading) for heading in sheet.heading]
    shape = next((at for at, text in enumerate(headings) if at and quantity(text) == SIZE), 0)
    return shape, next((at for at, text in enumerate(headings) if at > shape and _COUNTS.search(text)), 0)


def _counted(sheet: Sheet, table: int, shape: int, count: int) -> Iterator[Finding]:
    """How many numbers each array has, and all of them have, if each shape is read."""
    arrays, root = list[tuple[int | None, int]](), None
    for index, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True)):
        numbers, is_total, place = _whole_numbers(row[count]), TOTAL.search(said(row[0])), Place(table, index, count)
        expected = _sum([right for right, _ in arrays]) if is_total else _entries(row[shape])
        finding = _told(Finding(place, line, said(row[count]), said(row[0]), PARAMS, NOT_READ), numbers, expected)
        if is_total and finding.state == WRONG and root and numbers == [sum(printed for _, printed in arrays)]:
            finding = replace(finding, state=FOLLOWING, follows=root, sentence="")
        arrays += [(expected, numbers[-1])] if numbers and not is_total else []
        root = root or (place if finding.state == WRONG else None)
        yield finding


def _entries(shape: str) -> int | None:
    """How many entries an array of a shape has, if it is one."""
    lengths = number(said(shape))
    return prod(lengths.shape) if lengths and lengths.shape else None


def _sum(each: Sequence[int | None]) -> int | None:
    """The sum, if all are known."""
    return None if None in each else sum(filter(None, each))


def _whole_numbers(cell: str) -> list[int]:
    """The numbers of a cell."""
    return [floor(side.value or 0) for side in sides(cell) if side]


def _length(sheet: Sheet, table: int, index: int, columns: Mapping[str, int], length: int | None) -> Iterator[Finding]:
    """The length that a row comes to, and how it is worked out in another column."""
    row, own = sheet.rows[index], columns[SIZE]
    for at in (own, *(at for at in range(len(row)) if at not in columns.values() and length is not None)):
        noted = re.sub(r"(?<=\d) [a-z]$", "", said(row[at]))  # 17 b
        worked = [side for side in sides(noted) if side and side.value is not None]
        if at == own or (worked and (not worked[0].literal or row[at].lstrip(" $").startswith("="))):
            numbers = [side for number in worked for side in _sides(number)]
            place, name = Place(table, index, at), said(row[0]) or str(index + 1)
            yield _told(Finding(place, sheet.lines[index], said(row[at]), name, SIZE, NOT_READ), numbers, length)


def _sides(number: Number) -> Iterable[int]:
    """The sides of a square, or the number."""
    return {*number.shape} if len(number.shape) > 1 else (floor(number.value or 0),)


def _told(cell: Finding, numbers: Sequence[int], length: int | None) -> Finding:
    """A cell whose numbers are all to be a length."""
    if length is None or not numbers:
        reason = f"{cell.text} is no number" if length is not None else "not all lengths are read"
        return replace(cell, state=NOT_READ if cell.text else EMPTY, sentence=reason)
    if {*numbers} == {length}:
        return replace(cell, state=RIGHT, how=EXACT)
    return replace(cell, state=WRONG, expected=str(length), sentence=f"{cell.text} should be {length}")


def _places(row: Sequence[str], columns: Mapping[str, int], told: Mapping[str, int], is_up: bool) -> int | None:
    """How many places the window of a row has; None where a length of it is not read."""
    usual = {STRIDE: 1, DILATION: 1, PADDING: 0, **told}
    own = {kind: usual[kind] if kind in usual.keys() - columns.keys() else _whole(row[columns[kind]])
           for kind in _LENGTHS}  # fmt: skip
    n, kernel, stride, dilation, padding = own.values()
    if n is None or not (kernel and stride and dilation) or padding is None:
        return None
    window = AxisWindow(kernel, stride, padding, padding, dilation, is_up)
    return window.places(n)


def _whole(cell: str) -> int | None:
    """The whole number of a cell, in bold print perhaps; the side of a square."""
    side = re.fullmatch(r"(\d{1,9})(?:\*\1)*", said(cell).strip("*_{} "))
    return int(side[1]) if side else None
