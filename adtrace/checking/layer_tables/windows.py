"""Tables of windows and convolutions, product by product, which are no traces: they are said not to be checked."""

from __future__ import annotations

import re

from adtrace.checking.readings.bare import without_tags
from adtrace.checking.reporting import NOT_READ, UNREAD_TABLE, Finding, Place, Problem
from adtrace.checking.sheets import Sheet

_BY_WORDS = re.compile(
    r"\bwindow\b.*\b(?:products?|largest|mean)\b|\bmode\b.*\bsize\b.*\bresult\b", re.IGNORECASE | re.S
)
_BY_FORMULA = re.compile(
    r"y\W*_?\W*[nm]\W.{0,40}(?:Σ|\\sum|sum).{0,60}x\W*_?\W*[nm].{0,30}w\W*_?\W*[jl]"
    r"|(?:⌊|\\lfloor|floor\().{0,90}/.{0,20}(?:⌋|\\rfloor|\)).{0,4}\+\s*1", re.S
)  # fmt: skip
_REASON = "it is of windows or of a convolution, product by product, which is not checked"


def is_window_table(sheet: Sheet) -> bool:
    """Whether a table is of windows that move over a signal, or of the windows that fit a size."""
    if sheet.equations:
        return False
    first = " ".join((*sheet.heading, *(cell for row in sheet.rows[:2] for cell in row)))[:4_000]
    return bool(_BY_WORDS.search(" ".join(sheet.heading)) or _BY_FORMULA.search(without_tags(first)))


def windows_unread(sheet: Sheet, table: int) -> tuple[list[Finding], list[Problem]]:
    """What is found of such a table: none of it is read."""
    found = [
        Finding(Place(table, i, j), line, cell, row[0], "cell", NOT_READ, sentence=_REASON)
        for i, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True))
        for j, cell in enumerate(row) if j and cell.strip()
    ]  # fmt: skip
    return found, [Problem(UNREAD_TABLE, f"table {table + 1} is not read: {_REASON}")]
