"""An account as what the templates of ``report/`` get: plain texts, made harmless in the format that they stand in."""
# ruff: noqa: I001 - a few lines of names

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple
from zlib import crc32

from adtrace.checking.readings.cells import Cell
from adtrace.checking.reporting.formulas import in_markdown, in_mathml
from adtrace.checking.reporting.records import (
    EMPTY, FOLLOWING, MEANING, NOT_ASKED, NOT_READ, REMARK, RIGHT, SIGNS, WRONG, Account, Place, Verdict, shortened,
)  # fmt: skip
from adtrace.checking.reporting.sentences import Said, judged, said, summary, where
from adtrace.documents.render import shipped
from adtrace.errors import columns, printable
from adtrace.writing.dialects import MARKDOWN
from adtrace.writing.mathml import MATHML

_LONGEST = 60
"""Characters of a cell in a terminal."""
_COLOURS = {RIGHT: "32", WRONG: "1;31", FOLLOWING: "33", EMPTY: "35", NOT_READ: "35", REMARK: "36"}
_LINKS = str.maketrans({"@": "&#64;"})


class _Format(NamedTuple):
    """How one format writes what comes from outside."""

    template: str
    prose: Callable[[str], str]
    """A text of the document or a sentence."""
    formula: Callable[[Cell], str] = lambda read: ""
    """A cell as it was read; nothing where it is no formula."""
    columns: bool = False
    """Whether blanks make its columns."""


def _in_markdown(text: str) -> str:
    """Text that no parser of Markdown takes for markup, a link or an address."""
    shown = MARKDOWN.prose(printable(text)).translate(_LINKS)
    return shown.replace("://", ":&#47;&#47;").replace("www.", "www&#46;").replace("!&#91;", "&#33;&#91;")


def _in_terminal(text: str) -> str:
    return " ".join(printable(text.replace("\n", " ")).split())


FORMATS = {
    "text": _Format("report/report.txt", _in_terminal, columns=True),
    "markdown": _Format("report/report.md", _in_markdown, in_markdown),
    "html": _Format("report/report.html", lambda text: MATHML.prose(printable(text)), in_mathml),
}
FORMATS["fragment"] = FORMATS["html"]._replace(template="report/fragment.html")


def laid_out(account: Account, form: str, *, colour: bool = False) -> str:
    """The account as a document in one of `FORMATS`; colour is for a terminal."""
    # Several reports may stand on one page of a notebook: what their links name is to differ.
    key = f"{crc32(repr((account.name, account.findings)).encode()):x}-" if form == "fragment" else ""
    layout = _Layout(account, FORMATS[form], colour, key)
    present = {cell.state for cell in account.cells}
    return shipped(
        layout.form.template,
        title=layout.form.prose(account.name),
        judged=[layout.form.prose(line) for line in judged(account)],
        tables=[layout.table(place) for place in range(len(account.sheets))],
        sentences=[layout.sentence(line) for line in said(account)],
        summary=summary(account),
        marks=account.marks.sentence() if account.marks is not None else "",
        legend=[
            {"state": _class(state), "sign": SIGNS[state], "meaning": meaning}
            for state, meaning in MEANING.items()
            if state in present
        ],
    )


@dataclass(frozen=True)
class _Layout:
    """An account in one format."""

    account: Account
    form: _Format
    colour: bool
    key: str
    """What the names of all links begin with."""

    def table(self, place: int) -> dict[str, Any]:
        """One table: its headings and rows, with the blanks that fill up each column of a terminal."""
        sheet, known = self.account.sheets[place], self.account.verdicts(place)
        places = range(len(sheet.heading))
        headings: list[dict[str, Any]] = [{"text": self.text(Place(place, -1, column))} for column in places]
        rows = [[self.cell(known[row, column]) for column in places] for row in range(len(sheet.rows))]
        for column in places if self.form.columns else ():
            cells = [headings[column], *(row[column] for row in rows)]
            taken = [sum(map(columns, cell["text"])) for cell in cells]
            for cell, width in zip(cells, taken, strict=True):
                cell["blank"] = max(taken) - width
        return {
            "number": place + 1,
            "several": len(self.account.sheets) > 1,
            "line": sheet.lines[0],
            "headed": any(heading["text"] for heading in headings),
            "headings": headings,
            "rows": rows,
        }

    def text(self, place: Place) -> str:
        """A cell as the format shows it: its formula where it is read as one, else its text."""
        read = self.account.readings.get(place)
        formula = self.form.formula(read) if read is not None else ""
        text = formula or self.form.prose(self.account.text(place))
        return shortened(text, _LONGEST) if self.form.columns else text

    def cell(self, cell: Verdict) -> dict[str, Any]:
        """One cell with its sign, and what is said of it where it stands."""
        finding = cell.finding
        root = finding.follows if finding is not None else None
        expected = finding.expected if finding is not None and cell.state not in (RIGHT, NOT_ASKED) else ""
        follows = f"follows from {self.named(root)}" if root is not None else ""
        notes = (f"should be {expected}" if expected else "", follows, finding.remark if finding is not None else "")
        on, off = self.coloured(cell.state)
        return {
            "text": self.text(cell.place),
            "state": _class(cell.state),
            "sign": SIGNS[cell.state],
            "meaning": MEANING.get(cell.state, ""),
            "expected": self.form.prose(expected),
            "title": self.form.prose("; ".join(filter(None, notes))),
            "anchor": self.key + _anchor(cell.place),
            "target": self.key + _anchor(root) if root is not None else "",
            "on": on,
            "off": off,
        }

    def named(self, place: Place) -> str:
        """A cell by its row and quantity."""
        found = next((finding for finding in self.account.findings if finding.place == place), None)
        return where(self.account, found) if found is not None else f"row {place.row + 1}"

    def sentence(self, line: Said) -> dict[str, str]:
        """One sentence, with the cell that it is of."""
        on, off = self.coloured(line.state)
        return {
            "state": _class(line.state),
            "sign": f"{on}{SIGNS[line.state]}{off}",
            "where": self.form.prose(line.where),
            "sentence": self.form.prose(line.sentence),
            "target": self.key + _anchor(line.place) if line.place is not None else "",
        }

    def coloured(self, state: str) -> tuple[str, str]:
        """What a terminal's colour begins and ends with."""
        colour = _COLOURS.get(state) if self.colour else None
        return (f"\x1b[{colour}m", "\x1b[0m") if colour else ("", "")


def _anchor(place: Place) -> str:
    return f"t{place.table + 1}r{place.row + 1}c{place.column + 1}"


def _class(state: str) -> str:
    return state.replace(" ", "-")
