"""The answer: every cell with its verdict, every mistake with its sentence, as text, Markdown, HTML or JSON."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from adtrace.checking.grid import Grid
from adtrace.checking.layout import Cell
from adtrace.checking.marks import Marks
from adtrace.checking.markup import Unread, plain
from adtrace.errors import OptionError, printable
from adtrace.tables.tabulate import width

RIGHT, ROOT, FOLLOWS, MISSING, UNREADABLE, UNCHECKED = (
    "right", "root", "follows", "missing", "unreadable", "unchecked")  # fmt: skip
SYMBOLS = {RIGHT: "✓", ROOT: "✗", FOLLOWS: "↳", MISSING: "?", UNREADABLE: "?", UNCHECKED: ""}
_COLOURS = {RIGHT: "32", ROOT: "1;31", FOLLOWS: "33", MISSING: "35", UNREADABLE: "35"}
FORMATS = ("text", "markdown", "html", "json")

GOOD, MISTAKEN, UNREAD = 0, 3, 2
"""Exit statuses: all right, mistakes found, not readable."""


@dataclass(frozen=True)
class CellReport:
    """One cell that was checked."""

    cell: Cell
    line: int
    text: str
    row: str
    """The variable of its row, as it is printed."""
    kind: str
    verdict: str
    how: str = ""
    expected: str = ""
    cause: str = ""
    """The cause of a root mistake in a word, where one is found."""
    follows: str = ""
    """Where the mistake is from which it follows."""


@dataclass(frozen=True)
class Mistake:
    """One mistake in one sentence, or a remark on a cell that is right nevertheless."""

    table: int
    row: str
    kind: str
    cause: str
    sentence: str
    line: int = 0
    cell: Cell | None = None


@dataclass(repr=False)
class Report:
    """What was found in one document.

    ``ok`` is whether all is right; ``mistakes`` are the root mistakes, each once; ``remarks`` are on cells that are
    right, but not as good as they could be (a truncated digit, a sum of rounded numbers); ``cells`` has every verdict.
    """

    name: str
    grids: Sequence[Grid]
    cells: list[CellReport] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    remarks: list[Mistake] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """What could not be read, with the place and what was expected."""
    marks: Marks | None = None

    def __repr__(self) -> str:
        """``<Report: 32 cells right, 2 mistakes>``; print it for the tables and the sentences."""
        mistakes = f"{len(self.mistakes)} mistake{'' if len(self.mistakes) == 1 else 's'}"
        return f"<Report: {self.count(RIGHT)} cells right, {mistakes}>"

    def __str__(self) -> str:
        return self.render()

    @property
    def ok(self) -> bool:
        """Whether everything could be read and nothing is wrong."""
        return self.exit_status == GOOD

    @property
    def exit_status(self) -> int:
        """0: all right; 3: mistakes found; 2: no cell could be checked."""
        if self.mistakes:
            return MISTAKEN
        return GOOD if self.count(RIGHT) else UNREAD

    def count(self, verdict: str) -> int:
        """How many cells have this verdict."""
        return sum(cell.verdict == verdict for cell in self.cells)

    def verdicts(self, table: int) -> dict[tuple[int, int], CellReport]:
        """The cells of one table by row and column."""
        return {(c.cell.row, c.cell.column): c for c in self.cells if c.cell.table == table}

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "document": self.name,
            "ok": self.ok,
            "counts": {verdict: self.count(verdict) for verdict in SYMBOLS},
            "mistakes": [_mistake_dict(m) for m in self.mistakes],
            "remarks": [_mistake_dict(m) for m in self.remarks],
            "problems": self.problems,
            "tables": [self._table_dict(place, grid) for place, grid in enumerate(self.grids)],
        } | ({"marks": self.marks.to_dict()} if self.marks is not None else {})

    def _table_dict(self, place: int, grid: Grid) -> dict[str, Any]:
        known = self.verdicts(place)
        return {
            "table": place + 1,
            "columns": list(grid.heading),
            "rows": [list(row) for row in grid.rows],
            "lines": list(grid.lines),
            "verdicts": [
                [known[i, j].verdict if (i, j) in known else None for j in range(len(grid.heading))]
                for i in range(len(grid.rows))
            ],
            "cells": [_cell_dict(c) for c in self.cells if c.cell.table == place],
        }

    def render(self, format: str = "text", *, colour: bool = False) -> str:  # noqa: A002 - the option's name
        """The report as a document.  Raises `OptionError` for a format that there is not."""
        if format == "json":
            return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"
        if format not in FORMATS:
            raise OptionError(f"a report is {', '.join(FORMATS)}; not {format!r}")
        return {"text": self._text, "markdown": self._markdown, "html": self._html}[format](colour)

    def summary(self) -> str:
        """One line on the whole document."""
        if self.exit_status == UNREAD:
            return "nothing could be checked"
        right, wrong, follows = self.count(RIGHT), len(self.mistakes), self.count(FOLLOWS)
        parts = [f"{right} cells right", _plural(wrong, "mistake")]
        if follows:
            parts.append(f"{_plural(follows, 'cell')} following from {'it' if wrong == 1 else 'them'}")
        if self.remarks:
            parts.append(_plural(len(self.remarks), "remark"))
        return ", ".join(parts)

    def sentences(self) -> Iterable[tuple[str, str]]:
        """Every mistake, remark and problem: its mark and its sentence with the place."""
        for mistake in self.mistakes:
            yield SYMBOLS[ROOT], f"{self._place(mistake)}: {mistake.sentence}"
        for remark in self.remarks:
            yield "!", f"{self._place(remark)}: {remark.sentence}"
        for problem in self.problems:
            yield SYMBOLS[UNREADABLE], problem

    def _place(self, mistake: Mistake) -> str:
        table = f"table {mistake.table + 1}, " if len(self.grids) > 1 else ""
        line = f" (line {mistake.line})" if mistake.line else ""
        return f"{table}{mistake.row}, {mistake.kind}{line}" if mistake.row else f"{table}{mistake.kind}{line}"

    def _text(self, colour: bool) -> str:
        pieces: list[str] = []
        for place, grid in enumerate(self.grids):
            pieces += [*self._text_table(place, grid, colour), ""]
        for mark, sentence in self.sentences():
            shown = f"\x1b[{_COLOURS.get(ROOT)}m{mark}\x1b[0m" if colour and mark == "✗" else mark
            pieces.append(f"{shown} {printable(sentence)}")
        pieces += [self.summary() + "."]
        if self.marks is not None:
            pieces.append(self.marks.sentence())
        return "\n".join(pieces) + "\n"

    def _text_table(self, place: int, grid: Grid, colour: bool) -> list[str]:
        known = self.verdicts(place)
        columns = range(len(grid.heading))
        shown = [[_cut(_bare(row[j])) for j in columns] for row in grid.rows]
        headings = [_cut(_bare(grid.heading[j])) for j in columns]
        widths = [max([width(headings[j]), *(width(row[j]) for row in shown)], default=0) for j in columns]
        lines = [f"Table {place + 1} (line {grid.lines[0]})" if grid.lines else f"Table {place + 1}"]
        if any(headings):
            lines.append(
                "  " + "   ".join(headings[j] + " " * (widths[j] - width(headings[j])) for j in columns).rstrip()
            )
        for i, row in enumerate(shown):
            cells: list[str] = []
            for j in columns:
                report = known.get((i, j))
                mark = SYMBOLS[report.verdict] if report is not None else ""
                text = row[j] + " " * (widths[j] - width(row[j]))
                piece = f"{text} {mark or ' '}"
                if colour and report is not None and report.verdict in _COLOURS:
                    piece = f"\x1b[{_COLOURS[report.verdict]}m{piece}\x1b[0m"
                cells.append(piece)
            lines.append("  " + " ".join(cells).rstrip())
        return lines

    def _markdown(self, colour: bool) -> str:
        pieces: list[str] = []
        for place, grid in enumerate(self.grids):
            known = self.verdicts(place)
            pieces.append(f"**Table {place + 1}**\n")
            pieces.append("| " + " | ".join(_md(cell) for cell in grid.heading) + " |")
            pieces.append("|" + ":--|" * len(grid.heading))
            for i, row in enumerate(grid.rows):
                marked = [f"{_md(c)} {self._mark(known.get((i, j)))}".strip() for j, c in enumerate(row)]
                pieces.append("| " + " | ".join(marked) + " |")
            pieces.append("")
        pieces += [f"- {mark} {_md(sentence)}" for mark, sentence in self.sentences()]
        pieces += ["", self.summary() + "."]
        if self.marks is not None:
            pieces += ["", self.marks.sentence()]
        return "\n".join(pieces) + "\n"

    def _mark(self, report: CellReport | None) -> str:
        if report is None or report.verdict == UNCHECKED:
            return ""
        wanted = f" {report.expected}" if report.verdict in (ROOT, FOLLOWS) and report.expected else ""
        return SYMBOLS[report.verdict] + _md(wanted)

    def _html(self, colour: bool) -> str:
        pieces = [
            '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            f"<title>{_escaped(self.name or 'Checked trace')}</title>\n<style>\n"
            "body{font:16px/1.45 system-ui,sans-serif;margin:2rem;max-width:70rem}"
            "table{border-collapse:collapse;margin:1rem 0}"
            "th,td{padding:.25rem .7rem;text-align:left;border-bottom:1px solid #ddd}th{border-bottom:2px solid #444}"
            ".right{color:#176639}.root{color:#b00020;font-weight:600;background:#fdecee}.follows{color:#8a5a00;"
            "background:#fff6e0}.missing,.unreadable{color:#6a1b9a}.sym{margin-left:.4em}li{margin:.3rem 0}\n"
            "</style></head><body>"
        ]
        for place, grid in enumerate(self.grids):
            known = self.verdicts(place)
            pieces.append(f"<table><caption>Table {place + 1}</caption>\n<thead><tr>")
            pieces.append("".join(f"<th>{_escaped(cell)}</th>" for cell in grid.heading) + "</tr></thead>\n<tbody>")
            for i, row in enumerate(grid.rows):
                pieces.append("<tr>" + "".join(_html_cell(c, known.get((i, j))) for j, c in enumerate(row)) + "</tr>")
            pieces.append("</tbody></table>")
        pieces.append("<ul>")
        pieces += [f"<li>{mark} {_escaped(sentence)}</li>" for mark, sentence in self.sentences()]
        pieces.append(f"</ul>\n<p>{html.escape(self.summary())}.</p>")
        if self.marks is not None:
            pieces.append(f"<p>{html.escape(self.marks.sentence())}</p>")
        return "\n".join(pieces) + "\n</body></html>\n"


def _escaped(text: str) -> str:
    """Text that is only text in HTML."""
    return html.escape(printable(text), quote=True)


def _html_cell(text: str, report: CellReport | None) -> str:
    if report is None or report.verdict == UNCHECKED:
        return f"<td>{_escaped(text)}</td>"
    title = f' title="should be {_escaped(report.expected)}"' if report.expected else ""
    mark = f'<span class="sym">{SYMBOLS[report.verdict]}</span>'
    return f'<td class="{report.verdict}"{title}>{_escaped(text)}{mark}</td>'


def _md(text: str) -> str:
    """Text that is safe in a cell of a pipe table and in a list: a cell's own formulas stay what they are."""
    text = printable(text).replace("|", "\\|") if "\\|" not in text else printable(text)
    return text.replace("<", "&lt;")


def _bare(cell: str) -> str:
    """A cell without its markup, as a terminal shows it."""
    try:
        text = plain(cell)
    except Unread:
        text = cell
    text = re.sub(r"\{(-?\w)\}", r"\1", " ".join(unicodedata.normalize("NFC", text).split()))
    text = re.sub(r"(?<=[a-z]) \(", "(", text)
    return printable(text)


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _mistake_dict(mistake: Mistake) -> dict[str, Any]:
    cell = mistake.cell
    where = {"table": mistake.table + 1, "line": mistake.line} | (
        {"row": cell.row + 1, "column": cell.column + 1} if cell is not None else {}
    )
    return {
        **where,
        "variable": mistake.row,
        "kind": mistake.kind,
        "cause": mistake.cause,
        "sentence": mistake.sentence,
    }


def _cell_dict(cell: CellReport) -> dict[str, Any]:
    return {
        "row": cell.cell.row + 1,
        "column": cell.cell.column + 1,
        "line": cell.line,
        "variable": cell.row,
        "kind": cell.kind,
        "text": cell.text,
        "verdict": cell.verdict,
        "how": cell.how,
        "expected": cell.expected,
        "cause": cell.cause,
        "follows_from": cell.follows,
    }
