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


_ABOVE = 4
"""Lines between the prose of a table and its first row: blank ones, its heading, a rule."""


def problems(sheets: Sequence[Sheet], decimal: str) -> Iterator[tuple[list[Sheet], list[int]]]:
    """The tables of each problem, by their numbers, among sheets with no prose but its own.

    The last sheets may be what sentences tell, without prose: each goes with the problem in whose lines it stands.
    """
    parted, runs, told = list(sheets), [list[int]()], list[int]()
    lines = [sheet.lines[0] for sheet in sheets]
    for k in sorted(range(len(sheets)), key=lines.__getitem__):
        text = sheets[k].before
        if any(line > lines[k] for line in lines[:k]):
            told.append(k)
            continue
        place = _begin(text, decimal)
        if place is not None and runs[-1]:
            first = lines[k] - text.count("\n", place) - _ABOVE
            runs[-1] += [other for other in told if lines[other] < first]
            parted[k - 1] = replace(parted[k - 1], after=text[:place])
            parted[k] = replace(parted[k], before=text[place:])
            told = [other for other in told if lines[other] >= first]
            runs.append([])
        runs[-1] += [*told, k]
        told = []
    runs[-1] += told
    for run in runs:
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
