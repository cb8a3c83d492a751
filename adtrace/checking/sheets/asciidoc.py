"""AsciiDoc: tables between ``|===``, with cells that cover several columns, and formulas in ``stem:[...]``."""

from __future__ import annotations

import re

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
        found += _table(lines[place + 1 : end], place + 2, attributes)
        place = begin = end + 1
    return found + scan(Lines(_plain(lines[begin:]), begin + 1))


def _plain(lines: list[str]) -> list[str]:
    """Lines of prose with formulas between dollars, without what is for the program alone."""
    marks = re.compile(r":[\w-]+:|\[\[?[^\]]*\]\]?\s*$")
    return ["" if marks.match(line) else _text(line.removeprefix(".")) for line in lines]


def _text(text: str) -> str:
    """A text with its formulas between dollars, and the characters that stand for themselves."""

    def formula(found: re.Match[str]) -> str:
        return "${}$".format(re.sub(r"\\([\]|])", r"\1", found[1]))

    read = _LITERAL.sub(r"\1", _FORMULA.sub(formula, text))
    return _REFERENCE.sub(lambda found: chr(int(found[1])) if int(found[1]) < 0x10FFFF else "", read).strip()


def _table(lines: list[str], first: int, attributes: str) -> list[Block]:
    """The rows of a table, whose cells may stand on lines of their own."""
    body = "\n".join(lines)
    hidden = _FORMULA.sub(lambda found: "x" * len(found[0]), body).replace("\\|", "xx")
    opens = list(_CELL.finditer(hidden))
    if not opens:
        return []
    if len(opens) > MOST_ROWS * MOST_COLUMNS:
        raise BoundError(f"line {first}: a table has more than {MOST_ROWS} rows, which is the bound")
    cells: list[tuple[int, str, int, str]] = []
    for found, following in zip(opens, [*opens[1:], None], strict=True):
        end = following.start() if following else len(body)
        line = body.count("\n", 0, found.start())
        times = int(found[1] or 1) if found[3] == "*" else 1
        span = int(found[1] or 1) if found[3] == "+" else 1
        text = _text(" ".join(body[found.end() : end].replace("\\|", "|").split()))
        cells += [(line, text, min(span, MOST_COLUMNS), found[4] or "")] * min(times, MOST_COLUMNS)
    width = _width(attributes) or sum(span for line, _, span, _ in cells if line == cells[0][0])
    rows: list[Row] = []
    left = 0
    for line, text, span, style in cells:
        if left <= 0:
            rows.append(Row(first + line, (), style == "h"))
            left = width
        row = rows[-1]
        rows[-1] = row._replace(cells=(*row.cells, text, *[""] * (span - 1)), heading=row.heading and style == "h")
        left -= span
    implied = len(lines) > 1 and not lines[1].strip() and bool(lines[0].strip()) and not attributes
    if _HEADER.search(attributes) or implied:
        rows[0] = rows[0]._replace(heading=True)
    return [table(rows)]


def _width(attributes: str) -> int:
    """How many columns the attributes of a table name, ``cols="1,2"`` or ``cols="3*"``; 0 for none."""
    found = _COLUMNS.search(attributes)
    if not found:
        return 0
    count = 0
    for one in (found[1] or found[2]).replace(";", ",").split(","):
        times = re.match(r"\s*(\d{1,4})\*", one)
        count += int(times[1]) if times else 1
    return min(count, MOST_COLUMNS + 1)
