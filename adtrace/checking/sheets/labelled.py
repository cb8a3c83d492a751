"""Rows with numbers behind words: ``- a = x*y: value 3, gradient 2``, ``{ a | data 3.0 | grad 2.0 }``."""

from __future__ import annotations

import re

from adtrace.checking.sheets.rows import LONGEST_EQUATION, Block, Lines, Row, table

_BULLET = re.compile(r"\s*(?:[-*+•‣]\s+|\(?\d{1,3}[.)]\s+)?")
_LAST = re.compile(
    r"(?<![\w.])(?P<word>[^\W\d_]{2,20}(?:[ _-][^\W\d_]{1,20}){0,2})(?:\s*[:=]\s*|\s+(?:is|of)\s+|\s+)"
    r"[$`]?(?P<number>[-+−]?\d{1,30}(?:[.,]\d{1,30})?(?:[eE][-+]?\d{1,3})?)[$`]?$"
)
"""A number at the end, and its words."""
_FILLERS = re.compile(r"^(?:(?:has|with|an?|the|its|and|und|ein|der|die)[ _-]+)+", re.I)
_CLOSES, _PARTS = " \t)}]|;.", re.compile(r"(?:[\s,;:|–—-]|(?<!\w)(?:and|und)(?!\w))+$")
_OPENS = re.compile(r"(?:\b[A-Z][A-Za-z]*)?[({\[\s:]+$")
"""What stands before the words: ``Value(data=...``, ``a: (value ...``."""
_CALLED = re.compile(r"^[\s{(|]*(?:(?:the\s+)?(?:node|row|step|variable|vertex)\s+)?", re.I)
_FEWEST, _MOST = 3, 8


def labelled_rows(lines: Lines, place: int) -> tuple[list[Block], int] | None:
    """Three lines or more that each begin with a row and go on with two numbers or more, behind the same words."""
    rows: list[Row] = []
    words: tuple[str, ...] = ()
    while place < len(lines.texts) and (record := _record(lines.texts[place])) and words in ((), record[0]):
        words = record[0]
        rows.append(Row(lines.number(place), record[1]))
        place += 1
    if len(rows) < _FEWEST:
        return None
    return [table([Row(rows[0].line, ("", *words), heading=True), *rows])], place


def _record(line: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The words of a line, and its cells: the row, and the number behind each word."""
    if len(line) > LONGEST_EQUATION or line.lstrip().startswith("|"):
        return None
    rest = _BULLET.sub("", line, count=1).rstrip(_CLOSES)
    found: list[tuple[str, str]] = []
    while len(found) < _MOST and (last := _LAST.search(rest[-120:])):
        found.insert(0, (_FILLERS.sub("", last["word"]), last["number"]))
        rest = rest[: len(rest) - len(last.group())]
        rest = _PARTS.sub("", rest)
    row = _CALLED.sub("", _PARTS.sub("", _OPENS.sub("", rest)), count=1).strip()
    if len(found) < 2 or not row:
        return None
    words, numbers = zip(*found, strict=True)
    return words, (row, *numbers)
