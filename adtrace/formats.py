"""The formats of a table, each with all that is to be known of it: a new one is an entry here and a template.

The templates of a format lie in the folder of its name and end as its files do; its ``dialect`` is how it writes
formulas, by the name of a `writing.notation.Dialect`, and "" for plain data.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

PANDOC, TYPST = "pandoc", "typst"
"""What makes bytes of a text: the program, or the extra."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format."""

    name: str
    endings: tuple[str, ...]
    """What files in it are called, ours first; without its point an ending names the format, too."""
    dialect: str
    of: str = ""
    """The format from whose text it is made, as a picture from Typst's; its own name, if empty."""
    by: str = ""
    """What makes it from that text: `PANDOC` or `TYPST`."""
    standalone: bool = False
    """Whether it is a whole document as well as a fragment."""
    mime: str = ""
    """The type by which a notebook's front end chooses it; none, if empty."""
    mark: str = ""
    """What a file of it begins with, and a text of it does not: by it Excel knows that a CSV is UTF-8."""
    worth: float = 1
    """What a cell of it counts for in ``limits.cells``: measured, marked up or typeset; time and memory, as found."""

    @property
    def ending(self) -> str:
        """The ending of a file that we write."""
        return self.endings[0]

    @property
    def source(self) -> str:
        """The format of the template."""
        return self.of or self.name


_TABLE = (
    Format("markdown", (".md", ".markdown", ".qmd"), "markdown", mime="text/markdown"),
    Format("latex", (".tex",), "latex", standalone=True, mime="text/latex"),
    Format("text", (".txt",), "text", mime="text/plain", worth=1.25),
    Format("html", (".html", ".htm"), "html", standalone=True, mime="text/html", worth=8),
    Format("json", (".json",), ""),
    Format("rst", (".rst", ".rest"), "rst", worth=2),
    Format("asciidoc", (".adoc", ".asciidoc"), "asciidoc", worth=2),
    Format("csv", (".csv",), "csv", mark="\ufeff"),
    Format("typst", (".typ",), "typst", standalone=True, worth=4),
    Format("pdf", (".pdf",), "typst", of="typst", by=TYPST, worth=200),
    Format("png", (".png",), "typst", of="typst", by=TYPST, worth=200),
    Format("svg", (".svg",), "typst", of="typst", by=TYPST, worth=200),
    Format("docx", (".docx",), "office", of="html", by=PANDOC, worth=100),
    Format("epub", (".epub",), "office", of="html", by=PANDOC, worth=100),
)

FORMATS = {entry.name: entry for entry in _TABLE}
ENDINGS = {ending: entry.name for entry in _TABLE for ending in entry.endings}
"""The format of each ending."""
REFUSED = {
    ".odt": "pandoc loses the names of functions in it; write a .docx, which LibreOffice opens and saves as .odt",
    ".pptx": "a table is wider than a slide of PowerPoint, which does not shrink formulas; "
    "put a .png or .svg on it, or use beamer and \\usepackage{adtrace}",
    ".xlsx": "write a .csv, which Excel and LibreOffice open",
    ".ods": "write a .csv, which Excel and LibreOffice open",
    ".doc": "write a .docx",
    ".rtf": "write a .docx",
}
"""Endings of files that would not look right, each with what is written in their place."""
PICTURES = tuple(entry.name for entry in _TABLE if entry.of)
"""The formats that are bytes, made from the text of another."""
TEMPLATED = tuple(entry for entry in _TABLE if entry.dialect and not entry.of)
"""The formats that a template writes."""


def printed() -> str:
    """The format of what is printed: a terminal shows text, and whatever reads on Markdown."""
    return "text" if sys.stdout.isatty() else "markdown"
