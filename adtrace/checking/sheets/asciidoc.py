"""AsciiDoc: tables between ``|===``, with cells that cover several columns, and formulas in ``stem:[...]``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from adtrace.checking.sheets.directives import csv_rows
from adtrace.checking.sheets.rows import MOST_COLUMNS, MOST_ROWS, Block, Lines, Row, table
from adtrace.checking.sheets.scan import scan
from adtrace.errors import BoundError

_FENCE = re.compile(r"[|,:!]={3,}\s*")
_FORMULA = re.compile(r"\b(?:stem|latexmath|asciimath):\[((?:\\.|[^\]\\])*)\]")
_CELL = re.compile(r"(?:(?<=\s)|^)(?:(\d+)?(?:\.(\d+))?([+*]))?[<^>]?(?:\.[<^>])?([adehlmsv])?\|", re.MULTILINE)
"""What begins a cell: how many columns and rows it covers, or how often it stands there, its sides, its style."""
_COLUMNS = re.compile(r"""cols\s*=\s*(?:"([^"]*)"|([^,\]\s]+))""")
_HEADER = re.compile(r"%[\w%]*header|options?\s*=\s*\"?[\w,]*header|opts\s*=\s*\"?[\w,]*header")
_REFERENCE = re.compile(r"&#(\d{1,6});")
_LITERAL = re.compile(r"`\+([^`]*)\+`")


def asciidoc_blocks(text: str) -> list[Block]:
    """The tables of a document, and what stands between them.  Raises as `scan`."""
    lines, found = text.split("\n"), list[Block]()
    place = begin = 0
    while place < len(lines):
        if not _FENCE.fullmatch(lines[place]):
            place += 1
            continue
        end = next((j for j in range(place + 1, len(lines)) if lines[j].strip() == lines[place].strip()), len(lines))
        attributes = lines[place - 1] if place > begin and lines[place - 1].startswith("[") else ""
        found += scan(Lines(_plain(lines[begin : place - bool(attributes)]), begin + 1))
        found += _table(lines[place + 1 : end], place + 2, attributes, lines[place][0])
        place = begin = end + 1
    return found + scan(Lines(_plain(lines[begin:]), begin + 1))


def _plain(lines: list[str]) -> list[str]:
    """Lines of prose with formulas between dollars."""
    return [_text(line.removeprefix(".")) for line in lines]


def _text(text: str) -> str:
    """A text with its formulas between dollars, and the characters that stand for themselves."""

    def formula(found: re.Match[str]) -> str:
        return "${}$".format(re.sub(r"\\([\]|])", r"\1", found[1]))

    read = _LITERAL.sub(r"\1", _FORMULA.sub(formula, text))
    return _REFERENCE.sub(lambda found: chr(int(found[1])), read).strip()


class _Cell(NamedTuple):
    """A cell: the line on which it begins, its text, the columns that it covers, its style."""

    line: int
    text: str
    span: int
    style: str


def _cells(lines: list[str], first: int) -> Iterator[_Cell]:
    """The cells of a table, as often as they stand there.  Raises `BoundError`."""
    body = "\n".join(lines)
    hidden = _FORMULA.sub(lambda found: "x" * len(found[0]), body).replace("\\|", "xx")
    opens = list(_CELL.finditer(hidden))
    if len(opens) > MOST_ROWS * MOST_COLUMNS:
        raise BoundError(f"line {first}: a table has more than {MOST_ROWS} rows, which is the bound")
    ends = [*(found.start() for found in opens[1:]), len(body)]
    for found, end in zip(opens, ends, strict=False):
        count = min(int(found[1] or 1), MOST_COLUMNS)
        text = _text(" ".join(body[found.end() : end].replace("\\|", "|").split()))
        cell = _Cell(first + body.count("\n", 0, found.start()), text, count if found[3] == "+" else 1, found[4] or "")
        yield from (cell,) * (count if found[3] == "*" else 1)


_FORMATS = {"csv": ",", "tsv": "\t", "dsv": ":"}
_FORMAT = re.compile(r"format\s*=\s*\"?(csv|tsv|dsv)")
_SEPARATOR = re.compile(r"separator\s*=\s*\"?([^\",\]])")


def _table(lines: list[str], first: int, attributes: str, fence: str) -> list[Block]:
    """The rows of a table, whose cells may stand on lines of their own, or of CSV."""
    said, sign = _FORMAT.search(attributes), _SEPARATOR.search(attributes)
    if said or fence in ",:":
        parted = sign[1] if sign else _FORMATS[said[1]] if said else fence
        written = [(line, text) for line, text in enumerate(map(_text, lines), start=first) if text]
        return _headed(list(csv_rows(written, parted)), lines, attributes)
    cells, rows, left = list(_cells(lines, first)), list[Row](), 0
    width = _width(attributes) or sum(cell.span for cell in cells if cell.line == cells[0].line)
    for cell in cells:
        if left <= 0:
            rows.append(Row(cell.line, (), cell.style == "h"))
            left = width
        texts = (*rows[-1].cells, cell.text, *[""] * (cell.span - 1))
        rows[-1] = rows[-1]._replace(cells=texts, heading=rows[-1].heading and cell.style == "h")
        left -= cell.span
    return _headed(rows, lines, attributes)


def _headed(rows: list[Row], lines: list[str], attributes: str) -> list[Block]:
    """Rows as a table, the first of them a heading if it is said, or by the blank line below it."""
    implied = len(lines) > 1 and not lines[1].strip() and bool(lines[0].strip()) and not attributes
    if rows and (_HEADER.search(attributes) or implied):
        rows[0] = rows[0]._replace(heading=True)
    return [table(rows)]


def _width(attributes: str) -> int:
    """How many columns the attributes of a table name, ``cols="1,2"`` or ``cols="3*"``; 0 for none."""
    found = _COLUMNS.search(attributes)
    columns = re.split("[;,]", found[1] or found[2]) if found else []
    times = (re.match(r"\s*(\d{1,4})\*", column) for column in columns)
    return min(sum(int(of[1]) if of else 1 for of in times), MOST_COLUMNS + 1)
