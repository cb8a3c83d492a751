r"""Tables of cells out of a document: Markdown, LaTeX, HTML, CSV, JSON, and the tables that adtrace prints as text.

Every reader is one pass over bounded text and gives `Grid` records; nothing in a document is executed or fetched.
"""

from __future__ import annotations

import csv
import html.parser
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

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


def _bounded(columns: int, rows: int, line: int) -> None:
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


def grids(text: str, kind: str | None = None) -> list[Grid]:
    """The tables of a document; ``kind`` is markdown, latex, csv or json, guessed where it is not given.

    Raises `InputError` where the document cannot be read as its kind, `BoundError` past a documented bound.
    """
    if len(text) > LARGEST_DOCUMENT:
        raise BoundError(f"the document has {len(text)} characters; {LARGEST_DOCUMENT} are read")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LARGEST_LINE:
            raise BoundError(f"line {number} has {len(line)} characters; {LARGEST_LINE} are read")
    found = _READERS[kind or _guessed(text)](text)
    if len(found) > MOST_TABLES:
        raise BoundError(f"the document has {len(found)} tables; {MOST_TABLES} are read")
    return found


def _guessed(text: str) -> str:
    start = text.lstrip()
    if start.startswith(("{", "[")) and not start.startswith("[x]"):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return "json"
    if re.match(r"\s*<(!doctype|html|div|table|figure|section)\b", text, re.I):
        return "html"
    if re.search(r"\\begin\s*\{(tabular|array|tabularx|longtable|align|aligned|table)|\\adttable\{", text):
        return "latex"
    if re.search(r"^\s*\|?.*\|.*\n\s*\|?[\s:|-]*-[\s:|-]*\|?[\s:|-]*$", text, re.M) or "<table" in text.lower():
        return "markdown"
    if re.search(r"[│┃▲▼]|^\s*─{3,}", text, re.M):
        return "text"
    lines = [line for line in text.split("\n") if line.strip()]
    commas = sum("," in line or "\t" in line or ";" in line for line in lines)
    return "csv" if lines and commas >= 0.8 * len(lines) else "markdown"


# ----------------------------------------------------------------------------------------------------------- Markdown

_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*")


def _markdown(text: str) -> list[Grid]:
    lines = text.split("\n")
    found: list[Grid] = []
    outside: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        rule = lines[place + 1] if place + 1 < len(lines) else ""
        if "|" in line and "-" in rule and len(rule) <= LARGEST_LINE and _RULE.fullmatch(rule) and "|" in rule + line:
            grid, place = _pipe_table(lines, place, "\n".join(outside))
            found.append(grid)
            outside = []
            continue
        if line.count("|") >= 2 and line.strip().startswith("|"):  # a table without its rule
            grid, place = _pipe_table(lines, place, "\n".join(outside), ruled=False)
            found.append(grid)
            outside = []
            continue
        outside.append(line)
        place += 1
    if found:
        found[-1] = found[-1]._replace(after="\n".join(outside))
    if "<table" in text.lower():
        found += _html(text)
    if not found and re.search(r"\\begin\s*\{(tabular|array|align|aligned)", text):
        found = _latex(text)
    if not found:
        found = _equations(lines)
    return found


def _pipe_table(lines: list[str], place: int, before: str, *, ruled: bool = True) -> tuple[Grid, int]:
    heading = _pipe_cells(lines[place], place + 1)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    here = place + 2 if ruled else place
    while here < len(lines) and "|" in lines[here] and lines[here].strip():
        if not _RULE.fullmatch(lines[here]):
            cells = _pipe_cells(lines[here], here + 1)
            _bounded(len(cells), len(rows) + 1, here + 1)
            rows.append(cells)
            numbers.append(here + 1)
        here += 1
    if not ruled:
        heading = tuple("" for _ in heading)
    return _square(heading, rows, numbers, before), here


def _pipe_cells(line: str, number: int) -> tuple[str, ...]:
    """The cells of a row; a bar inside code or after a backslash is text."""
    if line.count("|") > 4 * MOST_COLUMNS:
        _bounded(MOST_COLUMNS + 1, 0, number)
    text = line.strip()
    text = text.removeprefix("|")
    cells: list[str] = []
    current: list[str] = []
    code = False
    place = 0
    while place < len(text):
        char = text[place]
        if char == "\\" and place + 1 < len(text):
            current.append(text[place : place + 2])
            place += 2
            continue
        code ^= char == "`"
        if char == "|" and not code:
            cells.append("".join(current).strip())
            current = []
        else:
            current.append(char)
        place += 1
    rest = "".join(current).strip()
    if rest or not text.endswith("|"):
        cells.append(rest)
    _bounded(len(cells), 0, number)
    return tuple(cell.replace("`", "") for cell in cells)


def _square(heading: Sequence[str], rows: list[tuple[str, ...]], numbers: list[int], before: str) -> Grid:
    """A grid whose rows all have as many cells as its widest row."""
    width = max([len(heading), *(len(row) for row in rows)])
    filled = tuple(row + ("",) * (width - len(row)) for row in rows)
    return Grid((*heading, *("" for _ in range(width - len(heading)))), filled, tuple(numbers), before)


_EQUATION = re.compile(r"\s*(?:[-*+]|\d+[.)])?\s*\$*\s*([^=\s][^=]{0,60})=(.+)")


def _equations(lines: list[str]) -> list[Grid]:
    """Equations, one a line, as a table: ``v_1 = ln(v_0) = 0.6931``."""
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    before: list[str] = []
    for number, line in enumerate(lines, start=1):
        match = _EQUATION.fullmatch(line.rstrip().rstrip("$"))
        name = match.group(1).strip().rstrip("+") if match else ""
        if match and len(name) <= 30 and " " not in name.replace("\\bar ", "").replace("\\dot ", ""):
            rows.append((line.strip().strip("$"),))
            numbers.append(number)
            _bounded(1, len(rows), number)
        elif not rows:
            before.append(line)
    return [_square(("",), rows, numbers, "\n".join(before))] if len(rows) >= 3 else []


# -------------------------------------------------------------------------------------------------------------- LaTeX

_ENVIRONMENT = re.compile(
    r"\\begin\s*\{(tabular\*?|tabularx|tabulary|longtable|array|align\*?|aligned|alignat\*?|adttable|eqnarray\*?|split|"
    r"gather\*?|gathered|flalign\*?|NiceTabular|tblr|matrix)\}"
)
_ALIGNED = ("align", "eqn", "split", "gather", "flalign")


def _latex(text: str) -> list[Grid]:
    text = _own_macros(re.sub(r"(?<!\\)%[^\n]*", "", text))
    found: list[Grid] = []
    position = 0
    while match := _ENVIRONMENT.search(text, position):
        name = match.group(1)
        if re.match(r"\s*(\[[^\]]*\])?\s*\{#", text[match.end() : match.end() + 40]):  # a definition, not a table
            position = match.end()
            continue
        end = text.find(f"\\end{{{name}}}", match.end())
        inner = _ENVIRONMENT.search(text, match.end(), end if end >= 0 else len(text))
        if inner and not inner.group(1).startswith(_ALIGNED) and name.startswith(_ALIGNED):
            match, name = inner, inner.group(1)
            end = text.find(f"\\end{{{name}}}", match.end())
        line = text.count("\n", 0, match.start()) + 1
        if end < 0:
            raise InputError(f"line {line}: \\begin{{{name}}} has no \\end{{{name}}}: half a table")
        body = text[match.end() : end]
        grid = _latex_table(body, name, text.count("\n", 0, match.end()) + 1, text[position : match.start()])
        if grid.rows:
            found.append(grid)
        position = end + len(name) + 6
    if found:
        found[-1] = found[-1]._replace(after=text[position:])
    return found or _equations(text.split("\n"))


def _own_macros(text: str) -> str:
    r"""The ``\adttable{columns}{rows}`` of our own LaTeX as a tabular."""
    pieces: list[str] = []
    position = 0
    for match in re.finditer(r"(?<!\\adtprovide)\\adttable\s*(?=\{)", text):
        if match.start() < position:
            continue
        ends = _closed(text, match.end())
        last = _closed(text, ends) if ends and text[ends : ends + 1] == "{" else 0
        if last:
            columns, rows = text[match.end() : ends], text[ends + 1 : last - 1]
            pieces += [text[position : match.start()], f"\\begin{{tabular}}{columns}{rows}\\end{{tabular}}"]
            position = last
    return "".join(pieces) + text[position:]


def _closed(text: str, start: int) -> int:
    """Where the group that opens at ``start`` ends; 0 if it does not."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.S).finditer(text, start):
        depth += (match.group() == "{") - (match.group() == "}")
        if depth == 0 and match.group() == "}":
            return match.end()
    return 0


def _latex_table(body: str, name: str, line: int, before: str) -> Grid:
    if not name.startswith(_ALIGNED):
        body, skipped = _without_columns(body, 2 if name in ("tabular*", "tabularx", "tabulary") else 1)
        line += skipped
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    ruled: list[bool] = []
    here = line
    for piece in re.split(r"\\\\(?:\s*\[[^\]]*\])?|\\tabularnewline|\\cr(?![A-Za-z])", body):
        bare = _RULES.sub(" ", piece)
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)&", _spanned(bare)))
        lead = len(piece) - len(piece.lstrip())
        ruled.append(bool(_RULES.search(piece)))
        if any(cells):
            _bounded(len(cells), len(rows) + 1, here)
            rows.append(cells)
            numbers.append(here + piece.count("\n", 0, lead))
        here += piece.count("\n")
    rows = _joined_equations(rows) if name.startswith(_ALIGNED) else rows
    heading: tuple[str, ...] = ()
    while rows and not name.startswith(_ALIGNED) and _is_heading(rows[0]) and len(heading) == 0:
        heading = rows.pop(0)
        numbers.pop(0)
    if heading and rows and _is_heading(rows[0]):
        heading, numbers = tuple(f"{a} {b}".strip() for a, b in _paired(heading, rows.pop(0))), numbers[1:]
    return _without_gutters(_square(heading, rows, numbers, before))


def _paired(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[str, str]]:
    width = max(len(first), len(second))
    return zip((*first, *[""] * (width - len(first))), (*second, *[""] * (width - len(second))), strict=True)


_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|hhline\{[^{}]*\}|c(?:mid)?rule(?:\[[^\]]*\])?(?:\([^)]*\))?\{[^{}]*\}|"
    r"cline\{[^{}]*\}|noalign\{[^{}]*\}|adtgroup\{(?:[^{}]|\{[^{}]*\})*\}|rowcolors?(?:\{[^{}]*\})+|"
    r"cellcolor(?:\[[^\]]*\])?\{[^{}]*\}|addlinespace(?:\[[^\]]*\])?|arrayrulecolor\{[^{}]*\}|"
    r"adtarrow(?:\{[^{}]*\})+|endhead|endfirsthead|endfoot|endlastfoot|"
    r"caption\{[^{}]*\}|label\{[^{}]*\}|rule\{[^{}]*\}\{[^{}]*\}|(?:notag|nonumber))"
)
_ARROW = re.compile(r"\\adtarrow\{[^{}]*\}\{[^{}]*\}\{[^{}]*\}\{[^{}]*\}")


def _spanned(text: str) -> str:
    r"""``\multicolumn{3}{l}{Forward}`` as its text and the cells that it covers; a multirow as its text."""
    text = re.sub(r"\\multirow\s*\{[^{}]*\}\s*(?:\[[^\]]*\])?\s*\{[^{}]*\}", "", text)
    pieces: list[str] = []
    position = 0
    for match in re.finditer(r"\\multicolumn\s*\{\s*(\d{1,2})\s*\}\s*(?=\{)", text):
        columns = _closed(text, match.end())
        start = len(text) - len(text[columns:].lstrip()) if columns else 0
        end = _closed(text, start) if columns and text[start : start + 1] == "{" else 0
        if match.start() < position or not end:
            continue
        pieces += [text[position : match.start()], text[start + 1 : end - 1], " &" * (int(match.group(1)) - 1)]
        position = end
    return "".join(pieces) + text[position:]


def _without_columns(body: str, groups: int) -> tuple[str, int]:
    """The body without the column specification, and how many lines that was."""
    start = 0
    optional = re.match(r"\s*\[[^\]]*\]", body)
    start = optional.end() if optional else 0
    for _ in range(groups):
        while start < len(body) and body[start].isspace():
            start += 1
        if start >= len(body) or body[start] != "{":
            break
        depth = 0
        for place in range(start, len(body)):
            depth += (body[place] == "{") - (body[place] == "}")
            if depth == 0:
                start = place + 1
                break
        else:
            break
    return body[start:], body.count("\n", 0, start)


def _joined_equations(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """``v_1 &= ln v_0`` as one equation; a cell that begins no equation goes on with the one before."""
    joined: list[tuple[str, ...]] = []
    for row in rows:
        cells: list[str] = []
        for cell in row:
            if cells and (
                re.match(r"\s*(\\approx|\\mathrel|[=+:]|\\;=)", cell) or ("=" not in cell and "=" in cells[-1])
            ):
                cells[-1] += " " + cell
            elif cell:
                cells.append(cell)
        if len(cells) > 1 and "=" in cells[1].lstrip()[:1]:
            cells = [" ".join(cells)]
        joined.append(tuple(cells))
    return joined


def _is_heading(row: Sequence[str]) -> bool:
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


def _without_gutters(grid: Grid) -> Grid:
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


# --------------------------------------------------------------------------------------------------------------- HTML


_MATH_SCRIPTS = {"msub": "_", "msup": "^"}
_ACCENTS = {
    "\u02d9": "dot",
    ".": "dot",
    "\u0307": "dot",
    "\u00af": "bar",
    "\u203e": "bar",
    "\u0304": "bar",
    "\u2015": "bar",
}
_INVISIBLE = str.maketrans({"\u2061": "", "\u2062": " ", "\u2063": " ", "\u2064": " "})
_DEEPEST_MATH = 100


def _math(tag: str, parts: list[str]) -> str:
    """An element of MathML as LaTeX."""
    if tag in _MATH_SCRIPTS and len(parts) == 2:
        return f"{parts[0]}{_MATH_SCRIPTS[tag]}{{{parts[1]}}}"
    if tag == "msubsup" and len(parts) == 3:
        return f"{parts[0]}_{{{parts[1]}}}^{{{parts[2]}}}"
    if tag == "mfrac" and len(parts) == 2:
        return f"\\frac{{{parts[0]}}}{{{parts[1]}}}"
    if tag == "msqrt":
        return f"\\sqrt{{{''.join(parts)}}}"
    if tag in ("mover", "munder") and len(parts) == 2 and parts[1].strip() in _ACCENTS:
        return f"\\{_ACCENTS[parts[1].strip()]}{{{parts[0]}}}"
    if tag == "mi" and len("".join(parts)) > 1:
        return f" {''.join(parts)} "
    return "".join(parts)


def _span(given: str | None) -> int:
    return int(given) if given is not None and given.isascii() and given.isdigit() and len(given) < 4 else 1


class _Tables(html.parser.HTMLParser):
    """Collects the cells of every table; sub and sup stay as they are written, MathML becomes LaTeX."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[tuple[int, bool, list[str]]]] = []
        self.cell: list[str] | None = None
        self.span = self.height = 1
        self.taken: dict[int, int] = {}
        """For each column the rows that a cell above still reaches into."""
        self.head = False
        self.math: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell or a formula."""
        if tag == "table":
            self.tables.append([])
            self.taken = {}
        elif tag == "thead":
            self.head = True
        elif tag == "tr" and self.tables:
            self.finish()
            self.tables[-1].append((self.getpos()[0], True, []))
            _bounded(0, len(self.tables[-1]), self.getpos()[0])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self.finish()
            line, heading, cells = self.tables[-1][-1]
            self.tables[-1][-1] = (line, heading and (tag == "th" or self.head), cells)
            self.cell = []
            given = dict(attrs)
            self.span, self.height = (_span(given.get(name)) for name in ("colspan", "rowspan"))
        elif self.cell is not None and tag in ("sub", "sup"):
            self.cell.append(f"<{tag}>")
        elif self.cell is not None and (tag == "math" or self.math):
            self.math.append((tag, []))
            if len(self.math) > _DEEPEST_MATH:
                raise BoundError(f"line {self.getpos()[0]}: a formula is nested too deeply")

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if self.math and any(name == tag for name, _ in self.math):
            name = ""
            while name != tag:
                name, parts = self.math.pop()
                text = _math(name, parts)
                (self.math[-1][1] if self.math else self.cell if self.cell is not None else []).append(text)
        elif tag in ("td", "th", "tr", "table"):
            self.finish()
        elif tag == "thead":
            self.head = False
        elif self.cell is not None and tag in ("sub", "sup"):
            self.cell.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Text of a cell, or of a formula in it."""
        text = data.translate(_INVISIBLE)
        if self.math:
            if text.strip():
                self.math[-1][1].append(text.strip())
        elif self.cell is not None:
            self.cell.append(text)

    def finish(self) -> None:
        """End the cell that is open."""
        if self.cell is not None and self.tables and self.tables[-1]:
            line, _, cells = self.tables[-1][-1]
            while self.taken.get(len(cells), 0) > 0:
                self.taken[len(cells)] -= 1
                cells.append("")
            for place in range(len(cells), len(cells) + self.span):
                self.taken[place] = self.height - 1
            cells.append("".join(self.cell).strip())
            cells.extend([""] * (self.span - 1))
            _bounded(len(cells), 0, line)
        self.cell = None
        self.math = []


def _html(text: str) -> list[Grid]:
    reader = _Tables()
    reader.feed(re.sub(r"<(script|style)\b.*?</\1\s*>", " ", text, flags=re.I | re.S))
    reader.close()
    found: list[Grid] = []
    before = re.sub(r"<[^<>]*>", " ", re.sub(r"<math\b.*?</math\s*>", " ", text[:20_000], flags=re.S))
    for table in reader.tables:
        rows = [(line, tuple(cells)) for line, heading, cells in table if cells and not heading]
        headings = [cells for _, heading, cells in table if heading and cells]
        if rows:
            merged = tuple(" ".join(filter(None, column)) for column in zip(*_padded(headings), strict=True))
            grid = _square(merged, [cells for _, cells in rows], [line for line, _ in rows], before)
            found.append(_without_gutters(grid))
    return found


def _padded(rows: list[list[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


# --------------------------------------------------------------------------------------------------- CSV, JSON, text


def _csv(text: str) -> list[Grid]:
    sample = text[:4000]
    delimiter = max(
        ",;\t|", key=lambda sign: min((line.count(sign) for line in sample.split("\n") if line.strip()), default=0)
    )
    found: list[Grid] = []
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    before: list[str] = []
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)

    def finish() -> None:
        if len(rows) > 1:
            heading = rows.pop(0) if not re.search(r"\d", "".join(rows[0])) or _is_heading(rows[0]) else ()
            found.append(_square(heading, list(rows), numbers[-len(rows) :], "\n".join(before)))
        before.clear()
        rows.clear()
        numbers.clear()

    try:
        for row in reader:
            _bounded(len(row), len(rows), reader.line_num)
            if len([cell for cell in row if cell.strip()]) < 2:
                text_row = " ".join(row).strip()
                if (rows and text_row.startswith("#")) or not text_row:
                    finish()
                before.append(text_row)
                continue
            rows.append(tuple(cell.strip() for cell in row))
            numbers.append(reader.line_num)
    except csv.Error as problem:
        raise InputError(f"line {reader.line_num}: this is not CSV: {problem}") from None
    finish()
    return found


def _json(text: str) -> list[Grid]:
    try:
        data = json.loads(text)
    except RecursionError:
        raise InputError("the JSON is nested too deeply") from None
    except ValueError as problem:
        raise InputError(f"this is not JSON: {problem}") from None
    found: list[Grid] = []
    for table in _json_tables(data):
        heading = tuple(str(cell) for cell in table.get("columns") or table.get("heading") or ())
        rows = []
        for number, row in enumerate(table["rows"], start=1):
            cells = [row.get(name, "") for name in heading] if isinstance(row, dict) else row
            if not isinstance(cells, list):
                raise InputError(f"row {number}: a row is a list of cells")
            _bounded(len(cells), number, number)
            rows.append(tuple("" if cell is None else str(cell) for cell in cells))
        before = " ".join(str(table[key]) for key in ("title", "caption", "function", "expression") if table.get(key))
        if rows:
            found.append(_square(heading, rows, list(range(1, len(rows) + 1)), before))
    return found


def _json_tables(data: Any) -> list[dict[str, Any]]:
    """The tables of a JSON document: {columns, rows}, a list of such, {tables: [...]}, or adtrace's own structure."""
    if isinstance(data, dict) and isinstance(data.get("tables"), list):
        data = data["tables"]
    if isinstance(data, dict) and "independents" in data and isinstance(data.get("rows"), list):
        return [_own_structure(data)]
    if isinstance(data, list) and data and all(isinstance(row, list) for row in data):
        data = {"columns": data[0], "rows": data[1:]}
    candidates = data if isinstance(data, list) else [data]
    tables = [table for table in candidates if isinstance(table, dict) and isinstance(table.get("rows"), list)]
    if not tables:
        raise InputError('there is no table in the JSON: expected {"columns": [...], "rows": [[...], ...]}')
    if any(not all(isinstance(row, list | dict) for row in table["rows"]) for table in tables):
        raise InputError('each of the "rows" is a list of cells')
    return tables


def _own_structure(data: dict[str, Any]) -> dict[str, Any]:
    """What ``adtrace table --format json`` writes, as a table."""
    kinds = [kind for kind in ("value", "tangent", "adjoint") if any(kind in row for row in data["rows"])]
    rows = []
    for place, entry in enumerate([*data["independents"], *data["rows"], *data.get("dependents", [])]):
        inside = place < len(data["independents"])
        last = place >= len(data["independents"]) + len(data["rows"])
        name = entry.get("name") if last else entry.get("variable")
        formula = entry.get("name") if inside else entry.get("variable") if last else entry.get("formula")
        rows.append([name, formula, *(entry.get(kind) for kind in kinds)])
    return {"columns": ["name", "formula", *kinds], "rows": rows, "function": f"y = {data.get('expression', '')}"}


_BARS = "│┃▲▼"


def _text(text: str) -> list[Grid]:
    """Tables as adtrace prints them: bars and arrows beside the rows, blanks between the columns."""
    found: list[Grid] = []
    rows: list[tuple[int, list[str]]] = []
    before: list[str] = []
    heading = ""

    def finish() -> None:
        nonlocal heading
        if len(rows) > 1:
            found.append(_printed_table(heading, rows, "\n".join(before)))
            before.clear()
        rows.clear()
        heading = ""

    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            finish()
        elif re.fullmatch(r"\s*─[\s─]*", line):
            heading = before.pop() if before else ""
        elif re.match(r"\s*[│┃▲▼]", line):
            if not re.fullmatch(r"[\s┄┈│┃▲▼]*", line):
                rows.append((number, _clusters(line)))
                _bounded(1, len(rows), number)
        else:
            before.append(line)
    finish()
    return found


def _clusters(line: str) -> list[str]:
    """The line as what stands in each column of a terminal: a letter with its marks is one."""
    found: list[str] = []
    for char in line:
        if unicodedata.combining(char) and found:
            found[-1] += char
        else:
            found.append(char)
    return found


def _printed_table(heading: str, rows: list[tuple[int, list[str]]], before: str) -> Grid:
    """The cells between columns that are blank, or a bar, in every row."""
    lines = [line for _, line in rows]
    head = _clusters(heading)
    longest = max(len(line) for line in (*lines, head))
    bars = {j for line in lines for j, char in enumerate(line) if char in _BARS}
    blank = [all(j >= len(line) or line[j] in " " + _BARS for line in (*lines, head)) for j in range(longest + 1)]
    starts: list[int] = []
    for j in range(longest):
        opens = not blank[j] and (j < 2 or (blank[j - 1] and (blank[j - 2] or j - 1 in bars or j - 2 in bars)))
        if opens:
            starts.append(j)
    _bounded(len(starts), len(rows), rows[0][0])
    ends = [*starts[1:], longest]

    def cells(line: list[str]) -> tuple[str, ...]:
        return tuple("".join(c for c in line[a:b] if c not in _BARS).strip() for a, b in zip(starts, ends, strict=True))

    return _square(cells(head), [cells(line) for line in lines], [number for number, _ in rows], before)


_READERS: dict[str, Callable[[str], list[Grid]]] = {
    "markdown": _markdown, "latex": _latex, "csv": _csv, "json": _json, "text": _text, "html": _html,
}  # fmt: skip
KINDS = {".md": "markdown", ".markdown": "markdown", ".tex": "latex", ".csv": "csv", ".tsv": "csv", ".json": "json",
         ".html": "html", ".htm": "html"}  # fmt: skip
