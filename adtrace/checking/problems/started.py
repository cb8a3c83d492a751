r"""With what the prose starts sweeps: ``seed 2``, ``weights 3 on y and -1 on z``, ``along (1, -2)``, ``\dot x = 1``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from adtrace.arrays.table import terms_shape
from adtrace.checking.problems.said import SEED, Said, numbers_in, once
from adtrace.checking.readings.names import canonical
from adtrace.checking.words import AND, DIRECTIONS
from adtrace.checking.work.values import has_shape
from adtrace.elementals import rule
from adtrace.language.syntax import Terms
from adtrace.tracing.comparisons import unplaced
from adtrace.tracing.point import constant

_BY = re.compile(r"\b(?:by|with respect to|w\.?r\.?t\.?|nach)\s*([A-Za-z](?:_?\{?\d+\}?)?)(?![\w(])", re.I)
_ON = r"\s+(?:on|for|of|at|für)\s+(?:the\s+output\s+)?([A-Za-z]\w{0,8}(?:_\{?\w+\}?)?)(?!\w)"
_ONE = rf"([-+]?\s*(?:\d+(?:[.,]\d+)?(?:\s*/\s*\d+)?|\\frac\{{\d+\}}\{{\d+\}}))(?![\w(/]|[.,]\d|\s*[*^+\-])(?:{_ON})?"
_EACH = re.compile(_ONE)
_START = re.compile(
    rf"\b(?P<word>weight(?:ed|s)?|Gewichte?|{DIRECTIONS})"
    r"(?:\s+(?:with|by|of|is|are))?\s*[:=]?\s*"
    rf"(?:(?:[a-z]\s*=\s*)?(?P<list>\([^()\n=]{{1,200}}\))|(?P<each>{_ONE}(?:\s*(?:,|{AND})\s*{_ONE}){{0,8}}))",
    re.I,
)
"""A start of a sweep in words: seed 2, weights 3 on y and -1 on z, along (1, -2)."""
_FORWARDS = re.compile(r"forward|tangent|vorwärts", re.I)
_TANGENTS, _FORWARD, _BACKWARD = ("dot", "d", "delta", "order1", SEED), ">", "<"
"""What starts a sweep: a marked name; words, in a sentence that speaks of a forward sweep, or does not."""


class Start(NamedTuple):
    """The numbers with which a sweep starts, each with its name, "" where it has none."""

    mark: str
    names: tuple[str, ...]
    numbers: tuple[Terms, ...]


def starts_of(text: str, said: Sequence[Said], variables: Collection[str], decimal: str) -> list[Start]:
    """What the prose starts its sweeps with."""
    starts = [*_marked(said, variables)]
    for sentence in re.split(r"\.(?!\d)|;(?![^()]*\))|\n\n", text):
        forwards = bool(_FORWARDS.search(sentence))
        starts += [_worded(start, decimal, forwards=forwards) for start in _START.finditer(sentence)]
    return starts


def _marked(said: Sequence[Said], variables: Collection[str]) -> Iterator[Start]:
    """Marked names that are numbers, if they are not several but for adjoints that are 1 in a sweep of their own; the
    tangent of the whole point as a list of them.
    """
    marked = once(one for one in said if one.mark and not one.has_names)
    times = Counter((one.mark, one.name) for one in marked)

    def is_one(one: Said) -> bool:
        return times[one.mark, one.name] == 1 or (one.mark == "bar" and unplaced(one.terms) == rule("1"))

    for one in marked:
        if 1 < len(one.names) == len(one.entries):
            yield Start(one.mark, tuple(name.variable for name in one.names), one.entries)
        elif one.mark in _TANGENTS and one.name not in variables and len(one.entries) > 1:
            yield Start(_FORWARD, ("",) * len(one.entries), one.entries)
        elif is_one(one) and has_shape(one.terms) and not terms_shape(one.terms):
            yield Start(one.mark, (one.name,), (one.terms,))  # those of arrays stand in their rows


def _worded(start: re.Match[str], decimal: str, *, forwards: bool) -> Start:
    """A start that words tell, in a sentence that speaks of forward sweeps or does not."""
    each = [(number, "") for number in numbers_in(start["list"] or "", decimal)]
    for number, name in _EACH.findall(start["each"] or ""):
        each += [(value, canonical(name)) for value in numbers_in(number, decimal)]
    word = start["word"].lower()
    told = word[0] in "aedr" or (word == "seed" and start["list"]) or forwards
    mark = _FORWARD if told and word[0] not in "wg" else _BACKWARD
    return Start(mark, tuple(name for _, name in each), tuple(number for number, _ in each))


def weights_of(starts: Iterable[Start], outputs: Sequence[str], variables: Collection[str]) -> dict[str, Terms]:
    """The adjoints with which the prose starts the reverse sweep; a bare seed of a forward sweep is none."""
    weights: dict[str, Terms] = {}
    for start in starts:
        in_order = start.names == ("",) * len(outputs) and all(outputs)
        if start.mark in ("bar", SEED, _BACKWARD) and (in_order or any(start.names) or len(start.names) == 1):
            for name, number in zip(outputs if in_order else start.names, start.numbers, strict=True):
                weights.setdefault(name, number)
    return {name: number for name, number in weights.items() if name not in variables}


def seed_of(text: str, starts: Sequence[Start], variables: Sequence[str]) -> dict[str, Terms]:
    """The direction of the tangents, where the prose tells of one: a list, marked names, words, by x."""
    several = ("",) * len(variables)
    whole = [start.numbers for start in starts if start.mark == _FORWARD and start.names == several]
    if whole:
        return dict(zip(variables, whole[0], strict=True))
    worded = [start for start in starts if start.mark in (_FORWARD, _BACKWARD)]
    by = {canonical(name) for name in _BY.findall(text)} & {*variables}
    alone = {name: constant(int(name in by), name) for name in variables} if len(by) == 1 else {}
    return _of(starts, variables, _TANGENTS) or _of(worded[:1], variables, (_FORWARD, _BACKWARD)) or alone


def _of(starts: Iterable[Start], variables: Sequence[str], marks: Collection[str]) -> dict[str, Terms]:
    """The numbers of variables under one of these marks; what has no name is of the only variable."""
    alone = variables[0] if len(variables) == 1 else ""
    numbers = ((name or alone, number) for start in starts if start.mark in marks
               for name, number in zip(start.names, start.numbers, strict=True))  # fmt: skip
    return {name: number for name, number in numbers if name in variables}
