"""The forms of documents: a table of their names, their endings and their readers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from adtrace.checking.sheets.asciidoc import asciidoc_blocks
from adtrace.checking.sheets.rows import PROSE, Block, Lines
from adtrace.checking.sheets.scan import html_blocks, latex_lines, scan
from adtrace.checking.sheets.typed import csv_blocks, is_csv, json_blocks, json_form, notebook_blocks, tsv_blocks
from adtrace.checking.sheets.typst import typst_blocks


@dataclass(frozen=True)
class Form:
    """One form of documents."""

    name: str
    endings: tuple[str, ...]
    blocks: Callable[[str], list[Block]]
    """The tables, equations and prose of a text."""
    sign: str = ""
    """What its documents begin with or hold, as a pattern."""


def _lines(text: str) -> list[Block]:
    """A document of lines, quoted or not; one that is nothing but CSV is read as that."""
    blocks = scan(Lines(re.sub(r"(?m)^ {0,3}>[> ]{0,20}(?=\|)", "", text).split("\n")))
    alone = all(block.kind == PROSE for block in blocks) and is_csv(text[:20_000])
    return csv_blocks(text) if alone else blocks


_LATEX = (
    r"^\\documentclass|^\\begingroup \\endlinechar-1"
    r"|^[^`|\n]{0,200}(?:\\begin\{(?:tabular|longtable|tabularx|table)|(?<!provide)\\adttable\{)"
)
_TABLE = (
    Form("markdown", (".md", ".markdown", ".qmd", ".rmd"), _lines),
    Form("latex", (".tex", ".ltx"), latex_lines, _LATEX),
    Form("html", (".html", ".htm", ".xhtml"), html_blocks, r"\A<(?:!doctype|html|head|body|div|table|figure)\b"),
    Form("csv", (".csv",), csv_blocks),
    Form("tsv", (".tsv", ".tab"), tsv_blocks),
    Form("json", (".json",), json_blocks),
    Form("ipynb", (".ipynb",), notebook_blocks),
    Form("typst", (".typ",), typst_blocks, r"^(?:#let \w+ = )?[ \t]*(?:#?table|#?adt-table)\("),
    Form("text", (".py", ".jl"), _lines),
    Form("rst", (".rst", ".rest"), _lines),
    Form("asciidoc", (".adoc", ".asciidoc", ".asc"), asciidoc_blocks, r"^\|={3,}\s*$"),
    Form("org", (".org",), _lines),
    Form("docx", (".docx",), html_blocks),
)

FORMS = {form.name: form for form in _TABLE}
ENDINGS = {ending: form.name for form in _TABLE for ending in form.endings}
"""The form of each ending of a file's name."""


def guessed(text: str) -> str:
    """The name of the form that a text is in."""
    start = text.strip()[:20_000]
    known = json_form(text)
    if known:
        return known
    for name in ("html", "typst", "latex", "asciidoc"):
        if re.search(FORMS[name].sign, start, re.I | re.M):
            return name
    return "csv" if is_csv(start) else "markdown"
