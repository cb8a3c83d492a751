"""Sums of numbers in sentences, judged by what they come to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from adtrace.checking.readings.cells import read_cell
from adtrace.checking.reporting import NOT_READ, WRONG, Finding, Place
from adtrace.checking.sheets import SUMS, Sheet
from adtrace.checking.work.numerals import agreement, follows, printed, shown_as
from adtrace.checking.work.values import NoValue
from adtrace.numbers.exact import ball


def wrong_sums(sheets: Sequence[Sheet], decimal: str) -> tuple[tuple[Sheet, ...], list[Sheet], list[Finding]]:
    """The tables without the sums of the prose, those of them that are wrong as one more, and what is to be told."""
    tables = tuple(sheet for sheet in sheets if sheet.heading != SUMS)
    shown = {word for sheet in tables for row in sheet.rows for cell in row for word in _NUMBER.findall(cell)}
    found, kept = list[Finding](), list[tuple[str, int]]()
    for sheet in sheets[len(tables) :]:
        for (text,), line in zip(sheet.rows, sheet.lines, strict=True):
            for state, sentence in _slips(text, decimal, shown):
                place = Place(len(tables), len(kept), 0)
                found.append(Finding(place, line, text, "", "sum", state, sentence=sentence))
                kept.append((text, line))
    rows, lines = tuple((text,) for text, _ in kept), tuple(line for _, line in kept)
    return tables, [Sheet(SUMS, rows, lines)] if kept else [], found


def _slips(text: str, decimal: str, shown: Collection[str]) -> Iterator[tuple[str, str]]:
    """The first side that is not what the first of all comes to, if one is: wrong, or undecided where the numbers may
    be rounded; nothing is if the number stands in a table.
    """
    try:
        first, *others = [printed(part) for part in read_cell(text, decimal=decimal).parts]
    except NoValue:
        return
    for other in others:
        is_rounded = follows(other, first.fuzzy)
        if agreement(other, first.exact) or (is_rounded and other.number and other.number.text in shown):
            continue
        whole, halves = ball(other.exact), ball(first.exact)
        if other.number and not other.number.exponent and "/" in text and bool(abs(whole - halves) < 1):
            continue  # steps of a window: (224 - 7)/2 = 108
        told = f"{text}: it comes to {shown_as(first.exact, other)}"
        yield (NOT_READ, f"{told}, if its numbers are not rounded") if is_rounded else (WRONG, told)
        return


_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
