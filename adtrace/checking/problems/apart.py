"""The problems of a document: the tables below a function of their own are a piece of work by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from adtrace.checking.problems.asked import asked
from adtrace.checking.sheets import Sheet

_PARAGRAPH = re.compile(r"\n\s*\n")
_MOST_PARAGRAPHS = 60
"""Of the prose above a table so many are looked at, the last ones."""
_TITLE = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]|={1,6}[ \t]|\*{1,4}[ \t]?\w|\\(?:sub)*section\b|\\paragraph\b|\d+[.)][ \t])", re.MULTILINE
)
"""The beginning of a line that is a title, or a numbered exercise."""


def problems(sheets: Sequence[Sheet], decimal: str) -> Iterator[tuple[list[Sheet], range]]:
    """The tables of each problem, by their numbers, among sheets with no prose but its own."""
    parted, begins = list(sheets), [0]
    for k in range(1, len(sheets)):
        text = sheets[k].before
        place = _begin(text, decimal)
        if place is not None:
            parted[k - 1] = replace(parted[k - 1], after=text[:place])
            parted[k] = replace(parted[k], before=text[place:])
            begins.append(k)
    for begin, end in zip(begins, [*begins[1:], len(sheets)], strict=True):
        run = range(begin, end)
        yield [sheet if k in run else replace(sheet, before="", after="") for k, sheet in enumerate(parted)], run


def _begin(prose: str, decimal: str) -> int | None:
    """Where the prose of another problem begins: the last title before the function that it states, else its paragraph;
    None where it states none.
    """
    starts = [0, *(blank.end() for blank in _PARAGRAPH.finditer(prose))][-_MOST_PARAGRAPHS:]
    for start, end in zip(starts, [*starts[1:], len(prose)], strict=True):
        if asked(None, None, prose[start:end], decimal).functions:
            titles = (title.start() for title in _TITLE.finditer(prose, 0, end))
            return max((title for title in titles if title <= start), default=start)
    return None
