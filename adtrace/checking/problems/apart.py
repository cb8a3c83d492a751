"""The problems of a document: the tables below a function of their own are a piece of work by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from adtrace.checking.patterns import TITLE
from adtrace.checking.problems.asked import Asked, asked
from adtrace.checking.sheets import Sheet

_PARAGRAPH = re.compile(r"\n\s*\n")
_MOST_PARAGRAPHS = 60
"""Of the prose above a table so many are looked at, the last ones."""
_TITLE = re.compile(rf"^[ \t]*(?:{TITLE}|\*{{1,4}}[ \t]?\w|\d+[.)][ \t])", re.MULTILINE)
"""The beginning of a line that is a title, or a numbered exercise."""


_ABOVE = 4
"""Lines between the prose of a table and its first row: blank ones, its heading, a rule."""


class Apart(NamedTuple):
    """One problem of a document."""

    sheets: list[Sheet]
    """All sheets, the others without prose."""
    numbers: list[int]
    """Which of them are its own."""
    is_told: bool
    """Whether it begins with a function of its own, f(x), and its point."""


def problems(sheets: Sequence[Sheet], decimal: str, *, alike: bool) -> list[Apart]:
    """The problems of a document, in its order: each begins with another function, or the same at another point; with
    ``alike`` also with the same once more.

    The last sheets may be what sentences tell, without prose: each goes with the problem in whose lines it stands.
    """
    parted, runs, last = list(sheets), [Apart([], [], True)], Asked()
    lines = [sheet.lines[0] for sheet in sheets]
    tables = [k for k, furthest in enumerate(accumulate(lines, max)) if lines[k] == furthest]
    sentences = sorted({*range(len(lines))}.difference(tables), key=lines.__getitem__)
    for k in tables:
        text = sheets[k].before
        place = _begin(text, decimal)
        own = last if place is None else asked(None, None, text[place:], decimal)
        is_same = own.functions == last.functions and (own.point or last.point) == last.point
        if runs[-1].numbers and place is not None and (alike or not is_same):
            first = lines[k] - text.count("\n", place) - _ABOVE
            _move(sentences, runs[-1].numbers, lines, first)
            parted[k - 1] = replace(parted[k - 1], after=text[:place])
            parted[k] = replace(parted[k], before=text[place:])
            runs.append(Apart([], [], bool(own.called and {*own.variables} <= {*own.point})))
        last = own
        _move(sentences, runs[-1].numbers, lines, lines[k])
        runs[-1].numbers.append(k)
    runs[-1].numbers.extend(sentences)
    return [one._replace(sheets=_alone(parted, one.numbers)) for one in runs]


def _move(sentences: list[int], numbers: list[int], lines: Sequence[int], end: int) -> None:
    """Let the sentences above a line go with other tables."""
    above = [k for k in sentences if lines[k] < end]
    numbers += above
    del sentences[: len(above)]


def _alone(sheets: Sequence[Sheet], numbers: Sequence[int]) -> list[Sheet]:
    """The sheets with no prose but that of some."""
    return [sheet if k in numbers else replace(sheet, before="", after="") for k, sheet in enumerate(sheets)]


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
