"""Tables out of HTML, their formulas in MathML as LaTeX."""

from __future__ import annotations

import html.parser
import re

from adtrace.checking.grid import Grid, bounded, square, without_gutters
from adtrace.errors import BoundError

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
        self.captions: list[str] = []
        """What stands above the tables, its formulas between dollars."""
        self.captioned = False
        self.math: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell or a formula."""
        if tag == "table":
            self.tables.append([])
            self.taken = {}
        elif tag == "thead":
            self.head = True
        elif tag == "caption":
            self.cell, self.captioned = [], True
        elif tag == "tr" and self.tables:
            self.finish()
            self.tables[-1].append((self.getpos()[0], True, []))
            bounded(0, len(self.tables[-1]), self.getpos()[0])
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
                if self.captioned and not self.math:
                    text = f"${text}$"
                (self.math[-1][1] if self.math else self.cell if self.cell is not None else []).append(text)
        elif tag == "caption":
            self.captions.append(" ".join("".join(self.cell or []).split()))
            self.cell, self.captioned = None, False
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
            bounded(len(cells), 0, line)
        self.cell = None
        self.math = []


def html_tables(text: str) -> list[Grid]:
    """The tables of an HTML document."""
    reader = _Tables()
    reader.feed(re.sub(r"<(script|style)\b.*?</\1\s*>", " ", text, flags=re.I | re.S))
    reader.close()
    found: list[Grid] = []
    before = re.sub(r"<[^<>]*>", " ", re.sub(r"<math\b.*?</math\s*>", " ", text[:20_000], flags=re.S))
    before += "\n".join(["", *reader.captions])
    for table in reader.tables:
        rows = [(line, tuple(cells)) for line, heading, cells in table if cells and not heading]
        headings = [cells for _, heading, cells in table if heading and cells]
        if rows:
            merged = tuple(" ".join(filter(None, column)) for column in zip(*_padded(headings), strict=True))
            grid = square(merged, [cells for _, cells in rows], [line for line, _ in rows], before)
            found.append(without_gutters(grid))
    return found


def _padded(rows: list[list[str]]) -> list[list[str]]:
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]
