"""HTML: its tables, and the text between them; formulas in MathML as LaTeX between dollars."""

from __future__ import annotations

import html.parser
import re
import sys
from collections.abc import Callable
from functools import lru_cache

from adtrace.checking.sheets.rows import DEEPEST, MOST_COLUMNS, Block, Lines, Row, moved, prose, table
from adtrace.errors import BoundError

_ACCENTS = {"\u02d9": "dot", ".": "dot", "\u0307": "dot", "¨": "ddot", "\u0308": "ddot", "\u00af": "bar",
            "\u203e": "bar", "\u0304": "bar", "\u2015": "bar", "_": "bar", "^": "hat", "~": "tilde"}  # fmt: skip
_INVISIBLE = str.maketrans({"\u2061": "", "\u2062": " ", "\u2063": " ", "\u2064": " ", "\xa0": " "})
_BREAKS = frozenset(
    ["p", "div", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "section", "pre", "dd", "dt", "ul", "ol"]
)
_VOID = frozenset(
    ["br", "img", "hr", "input", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track"]
)
_UNSEEN = frozenset(("script", "style", "head", "svg", "template", "annotation", "annotation-xml"))
_OF_PARTS = {"msub": "{}_{{{}}}", "msup": "{}^{{{}}}", "msubsup": "{}_{{{}}}^{{{}}}", "mfrac": r"\frac{{{}}}{{{}}}",
             "mroot": r"\sqrt[{1}]{{{0}}}"}  # fmt: skip
"""What is made of two parts, or of three."""
_AROUND = {"mtext": (" ", "", " "), "mspace": ("", "", " "), "msqrt": ("\\sqrt{", "", "}"), "mtd": ("", "", " & "),
           "mtr": ("", " & ", " \\cr "), "mtable": ("\\begin{matrix}", " \\cr ", "\\end{matrix}")}  # fmt: skip
"""What stands before all parts of an element, what is taken off behind them, and what stands there."""


def mathematics(tag: str, parts: list[str]) -> str:
    """An element of MathML as LaTeX."""
    joined = "".join(parts)
    if tag in _OF_PARTS and len(parts) == 2 + (tag == "msubsup"):
        return _OF_PARTS[tag].format(parts[0].rstrip(), *parts[1:]).replace("^{𝖳}", "^{\\mathsf T}")
    if tag in ("mover", "munder") and len(parts) == 2:
        if (tag, parts[0]) == ("munder", "∑"):
            return f"\\sum_{{{parts[1]}}}"
        accent = _ACCENTS.get(parts[1].strip())
        return f"\\{accent}{{{parts[0]}}}" if accent else parts[0]
    if tag == "mrow" and joined.startswith("[\\begin{matrix}") and joined.endswith("\\end{matrix}]"):
        return joined[1:-1].replace("matrix}", "bmatrix}")
    if tag == "mo" and joined == ",":
        return ", "  # a decimal comma stands in a number
    word = tag == "mi" and len(joined) > 1
    before, last, behind = _AROUND.get("mtext" if word else tag, ("", "", ""))
    return f"{before}{joined.removesuffix(last)}{behind}"


def _span(given: str | None) -> int:
    return max(1, int(given)) if given is not None and given.isascii() and given.isdigit() and len(given) < 4 else 1


def _is_unseen(tag: str, given: dict[str, str | None]) -> bool:
    return tag in _UNSEEN or (given.get("aria-hidden") == "true" and tag not in ("td", "th", "tr"))


class _Table:
    """One table that is open: its rows, and for each column the rows that a cell above still reaches into."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.taken: dict[int, int] = {}
        self.said: list[bool] = []
        self.head = False
        self.foot = sys.maxsize
        """How many rows stand before its foot."""

    def add(self, text: str, columns: int, rows: int, heading: bool) -> None:
        line, cells, _ = self.rows[-1]
        self.said.append(heading)
        here = self._past(list(cells))
        for place in range(len(here), len(here) + columns):
            self.taken[place] = rows - 1
        here += [text, *[""] * (columns - 1)]
        if len(here) > 2 * MOST_COLUMNS:
            raise BoundError(f"line {line}: a table row has more than {MOST_COLUMNS} cells, which is the bound")
        self.rows[-1] = Row(line, tuple(here))

    def _past(self, cells: list[str]) -> list[str]:
        while self.taken.get(len(cells), 0) > 0:
            self.taken[len(cells)] -= 1
            cells.append("")
        return cells

    def end_row(self) -> None:
        """End a row: a heading, if all of its cells are."""
        if self.rows:
            cells = tuple(self._past(list(self.rows[-1].cells)))
            heading = self.rows[-1].heading or (bool(self.said) and (self.head or all(self.said)))
            self.rows[-1] = Row(self.rows[-1].line, cells, heading)
        self.said = []


class _Reader(html.parser.HTMLParser):
    """Gathers the cells of every table and the lines of the text; sub and sup stay as they are written."""

    def __init__(self, first: int, between: Callable[[Lines], list[Block]]) -> None:
        super().__init__(convert_charrefs=True)
        self.first, self.between = first, between
        self.blocks: list[Block] = []
        self.tables: list[_Table] = []
        self.cell: list[str] | None = None
        self.spans = (1, 1, False)
        self.text: list[tuple[int, str]] = []
        self.math: list[tuple[str, list[str]]] = []
        self.unseen: list[str] = []

    def line(self) -> int:
        return self.getpos()[0] + self.first - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell or a formula."""
        given = dict(attrs)
        if self.unseen or _is_unseen(tag, given):
            self.unseen += [tag] if tag not in _VOID else []
        elif tag == "math" or self.math:
            self.math.append((tag, []))
        elif tag == "table":
            said, self.cell = self.cell, None
            self.put("".join(said or ()))  # what stands beside a table in a cell is between tables
            self.end_text()
            self.tables.append(_Table())
        elif tag in ("thead", "tfoot", "tr", "td", "th") and self.tables:
            self.end_cell()
            self.open_part(tag, given)
        elif tag in ("sub", "sup"):
            self.put(f"<{tag}>")
        elif tag in _BREAKS:
            self.put("\n")
        if len(self.unseen) > 10_000 or len(self.math) > DEEPEST + 40 or len(self.tables) > DEEPEST:
            raise BoundError(f"line {self.line()}: elements are nested too deeply")

    def open_part(self, tag: str, given: dict[str, str | None]) -> None:
        """Open a row or a cell of the table that is open."""
        here = self.tables[-1]
        if tag in ("thead", "tfoot"):
            here.head, here.foot = tag == "thead", len(here.rows) if tag == "tfoot" else here.foot
            return
        if tag == "tr" or not here.rows:  # which a cell need not say
            here.end_row()
            here.rows.append(Row(self.line(), ()))
        if tag != "tr":
            self.cell = []
            self.spans = (_span(given.get("colspan")), _span(given.get("rowspan")), tag == "th")

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if self.unseen:
            if tag in self.unseen[-20:]:
                while self.unseen.pop() != tag:
                    pass
        elif self.math:
            self.end_math(tag)
        elif tag in ("td", "th", "tr", "table", "thead") and self.tables:
            self.end_cell()
            if tag == "thead":
                self.tables[-1].end_row()
                self.tables[-1].head = False
            elif tag == "table":
                self.end_table()
        elif tag in ("sub", "sup"):
            self.put(f"</{tag}>")
        elif tag in _BREAKS or tag == "caption":
            self.put("\n")

    def end_math(self, tag: str) -> None:
        """Close an element of a formula, and those in it that are open."""
        if any(name == tag for name, _ in self.math):
            name = ""
            while name != tag:
                name, parts = self.math.pop()
                text = mathematics(name, parts)
                if self.math:
                    self.math[-1][1].append(text)
                elif text.strip():
                    self.put(f"${' '.join(text.split())}$")

    def handle_data(self, data: str) -> None:
        """Text of a cell, of a formula, or between tables."""
        text = data.translate(_INVISIBLE)
        if self.math and not self.unseen:
            if text.strip() or "\u2062" in data:
                self.math[-1][1].append(text.strip() or " ")
        elif not self.unseen:
            self.put(text if self.cell is None else text.replace("\n", " "))

    def put(self, text: str) -> None:
        if self.cell is not None:
            self.cell.append(text)
        else:
            first, moves = self.line(), not text.isspace() or len(text) > 1  # a tag's break stands where the tag stands
            for place, piece in enumerate(text.split("\n")):
                if place or not self.text:
                    self.text.append((first + place * moves, piece))
                elif piece:
                    self.text[-1] = (self.text[-1][0], self.text[-1][1] + piece)

    def end_cell(self) -> None:
        if self.cell is not None:
            lines = (" ".join(line.split()) for line in "".join(self.cell).split("\n"))
            self.tables[-1].add("\n".join(filter(None, lines)), *self.spans)
        self.cell = None

    def end_table(self) -> None:
        """A table; a cell alone in a row of its foot is prose below it."""
        here = self.tables.pop()
        here.end_row()
        notes = [row for row in here.rows[here.foot :] if sum(map(bool, row.cells)) == 1 < len(row.cells)]
        self.blocks.append(table(row for row in here.rows if row not in notes))
        self.text += [(row.line, text) for row in notes for text in (*filter(None, row.cells), "")]

    def end_text(self) -> None:
        """The text between tables, for lists of equations in it."""
        if self.text and any(text.strip() for _, text in self.text):
            numbers = [number for number, _ in self.text]
            for block in self.between(Lines([text for _, text in self.text])):
                self.blocks.append(moved(block, numbers))
        self.text = []


class _Document(_Reader):
    """Reads the formulas of a document each at once: a class writes the same ones over and over."""

    def parse_starttag(self, i: int) -> int:
        """Where the tag ends, or the formula that it begins."""
        whole = None if self.unseen or self.math else _FORMULA.match(self.rawdata, i)
        text = _formula(whole.group()) if whole else None
        if whole is None or text is None:
            return super().parse_starttag(i)
        self.put(text)
        return whole.end()


_FORMULA = re.compile(r"<math(?=[\s>])[^<>\n]*+>(?:[^<\n]|<(?!/?math[\s>])){1,3000}+</math>")


@lru_cache(maxsize=4096)
def _formula(source: str) -> str | None:
    """A formula on one line as LaTeX; None where it does not stand by itself."""
    reader = _Reader(1, lambda lines: [])
    reader.cell = found = list[str]()
    try:
        reader.feed(source)
    except BoundError:
        return None
    whole = not (reader.math or reader.unseen or reader.rawdata or reader.cdata_elem)
    return "".join(found) if whole else None


def html_tables(text: str, between: Callable[[Lines], list[Block]], first: int = 1) -> list[Block]:
    """The tables of an HTML document, and the text between them by its own reader.  Raises `BoundError`."""
    reader = _Document(first, between)
    reader.feed(text)
    reader.close()
    reader.end_cell()
    while reader.tables:  # never closed
        reader.end_table()
    reader.end_text()
    return reader.blocks or [prose(first, "")]
