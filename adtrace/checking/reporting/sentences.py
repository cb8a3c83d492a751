"""What a report says in words: a sentence for each mistake, remark and problem, and where everything else is."""
# ruff: noqa: I001 - a few lines of names

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from adtrace.checking.reporting.records import (
    EMPTY, FOLLOWING, MISSING_ROW, NOT_ASKED, NOT_READ, NOTE, OTHER_FUNCTION, REMARK, RIGHT, UNREAD_TABLE, UNREADABLE,
    WRONG, Account, Finding, Place, shortened,
)  # fmt: skip
from adtrace.errors import printable

_STATE_OF = {OTHER_FUNCTION: WRONG, MISSING_ROW: EMPTY, UNREAD_TABLE: NOT_READ, NOTE: NOTE}
_MOST, _LONGEST = 20, 60
"""Places that are told of a kind, and characters of a cell that are quoted."""


class Said(NamedTuple):
    """One line of a report."""

    state: str
    """What has a sign: the state that it is of, a remark or a note."""
    sentence: str
    where: str = ""
    """Nothing, where the sentence says it."""
    place: Place | None = None


def said(account: Account) -> Iterator[Said]:
    """Problems, mistakes, remarks, and what is not read or empty, in this order."""
    unread, empty = account.of(NOT_READ), account.of(EMPTY)
    if account.exit_status == UNREADABLE and not account.told(UNREAD_TABLE) and not unread:
        yield Said(NOT_READ, "no cell was read as a number or a formula of a trace")
    for problem in sorted(account.problems, key=lambda p: p.kind != OTHER_FUNCTION):
        nothing = problem.kind == OTHER_FUNCTION and "earns" not in problem.sentence
        yield Said(_STATE_OF[problem.kind], problem.sentence + ("; it earns nothing" if nothing else ""))
    lines = [(WRONG, finding, _mistake(finding)) for finding in account.mistakes]
    lines += [(REMARK, finding, finding.remark) for finding in account.remarks]
    lines += [
        (NOT_READ, finding, finding.sentence or f"{_quoted(finding.text)} is not read as a number or a formula")
        for finding in unread[:_MOST]
    ]
    yield from (Said(state, sentence, where(account, finding), finding.place) for state, finding, sentence in lines)
    if len(unread) > _MOST:
        yield Said(NOT_READ, f"not read, too: {_places(account, unread[_MOST:])}")
    if empty:
        yield Said(EMPTY, f"empty: {_places(account, empty)}")


def judged(account: Account) -> list[str]:
    """By what the tables were judged, a line for each piece of work; which tables it is, where there are several."""
    said_of = []
    for one in account.judged:
        tables = _listed([str(table + 1) for table in one.tables])
        start = f"table{'s' if len(one.tables) > 1 else ''} {tables}: " if len(account.judged) > 1 and tables else ""
        said_of.append(start + one.sentence)
    return said_of


def _mistake(finding: Finding) -> str:
    if finding.sentence:
        return finding.sentence
    if finding.expected:
        return f"{_quoted(finding.text)} should be {finding.expected}"
    return f"{_quoted(finding.text)} is not right" + (f": {finding.cause}" if finding.cause else "")


def _quoted(text: str) -> str:
    return shortened(printable(text), _LONGEST)


def where(account: Account, finding: Finding) -> str:
    """``table 2, v_4, value (line 8)``."""
    table = f"table {finding.place.table + 1}" if len(account.sheets) > 1 else ""
    named = ", ".join(filter(None, (table, finding.called, finding.quantity)))
    return f"{named} (line {finding.line})"


def _places(account: Account, findings: Sequence[Finding]) -> str:
    """``value of v_3 and v_4, tangent of v_4``: the rows of each quantity, in each table."""

    def group(finding: Finding) -> tuple[int, str]:
        return finding.place.table, finding.quantity

    told = []
    for (table, quantity), found in groupby(sorted(findings, key=group), key=group):
        rows = list(dict.fromkeys(finding.called for finding in found))
        start = f"table {table + 1}, " if len(account.sheets) > 1 else ""
        told.append(f"{start}{quantity or 'cell'} of {_listed(rows)}")
    return "; ".join(told)


def _listed(names: Sequence[str]) -> str:
    """``v_1, v_2 and v_3``; of many the first ones, and how many more there are."""
    if len(names) > _MOST:
        return f"{', '.join(names[:_MOST])} and {len(names) - _MOST} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _plural(count: int, word: str) -> str:
    """``1 cell``, ``2 cells``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def summary(account: Account) -> str:
    """One line that names all that counts: ``11 cells right, 1 mistake, 2 cells following from it, 3 empty``."""
    unreadable = account.exit_status == UNREADABLE
    return "nothing could be checked" if unreadable else ", ".join(_counted(account))


def _counted(account: Account) -> Iterable[str]:
    counts, wrong = account.counts, len(account.mistakes)
    yield f"{_plural(counts[RIGHT], 'cell')} right"
    yield _plural(wrong, "mistake")
    if counts[FOLLOWING]:
        yield f"{_plural(counts[FOLLOWING], 'cell')} following from {'it' if wrong == 1 else 'them'}"
    yield from (f"{counts[state]} {state}" for state in (EMPTY, NOT_READ, NOT_ASKED) if counts[state])
    for kind in (MISSING_ROW, UNREAD_TABLE):
        if account.told(kind):
            yield _plural(len(account.told(kind)), kind)
    if account.other_function:
        yield OTHER_FUNCTION
    if account.remarks:
        yield _plural(len(account.remarks), "remark")
