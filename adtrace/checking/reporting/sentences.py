"""What a report says in words: a sentence for each mistake, remark and problem, and where everything else is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from adtrace.checking.reporting.records import (
    EMPTY,
    FOLLOWING,
    MISSING_ROW,
    NOT_ASKED,
    NOT_READ,
    NOTE,
    OTHER_FUNCTION,
    RIGHT,
    UNREAD_TABLE,
    UNREADABLE,
    WRONG,
    Account,
    Finding,
    Place,
    Problem,
)
from adtrace.errors import printable

SIGNS = {RIGHT: "✓", WRONG: "✗", FOLLOWING: "↳", EMPTY: "∅", NOT_READ: "?", NOT_ASKED: ""}
"""The sign of each state."""
MEANING = {
    RIGHT: "right", WRONG: "a mistake", FOLLOWING: "right from numbers that are wrong", EMPTY: "empty",
    NOT_READ: "not read",
}  # fmt: skip
REMARK, _NOTE = "!", "·"
_SIGN_OF = {OTHER_FUNCTION: SIGNS[WRONG], MISSING_ROW: SIGNS[EMPTY], UNREAD_TABLE: SIGNS[NOT_READ], NOTE: _NOTE}
_STATE_OF = {OTHER_FUNCTION: WRONG, MISSING_ROW: EMPTY, UNREAD_TABLE: NOT_READ, NOTE: "note"}
_MOST, _LONGEST = 20, 60
"""Places that are told of a kind, and characters of a cell that are quoted."""


class Said(NamedTuple):
    """One line of a report."""

    state: str
    """The state that it is of; ``remark`` and ``note`` are none."""
    sign: str
    where: str
    """Nothing, where the sentence says it."""
    sentence: str
    place: Place | None = None


def said(account: Account) -> Iterator[Said]:
    """Problems, mistakes, remarks, and what is not read or empty, in this order."""
    if account.exit_status == UNREADABLE and not account.told(UNREAD_TABLE) and not account.of(NOT_READ):
        yield Said(NOT_READ, SIGNS[NOT_READ], "", "no cell was read as a number or a formula of a trace")
    for problem in sorted(account.problems, key=lambda p: p.kind != OTHER_FUNCTION):
        yield Said(_STATE_OF[problem.kind], _SIGN_OF[problem.kind], "", _problem(problem))
    for finding in account.mistakes:
        yield _of(account, finding, WRONG, SIGNS[WRONG], _mistake(finding))
    for finding in account.remarks:
        yield _of(account, finding, "remark", REMARK, finding.remark)
    unread = account.of(NOT_READ)
    for finding in unread[:_MOST]:
        yield _of(account, finding, NOT_READ, SIGNS[NOT_READ], _unread(finding))
    if len(unread) > _MOST:
        yield Said(NOT_READ, SIGNS[NOT_READ], "", f"not read, too: {_places(account, unread[_MOST:])}")
    if account.of(EMPTY):
        yield Said(EMPTY, SIGNS[EMPTY], "", f"empty: {_places(account, account.of(EMPTY))}")


def judged(account: Account) -> list[str]:
    """By what the tables were judged, a line for each piece of work; which tables it is, where there are several."""
    said_of = []
    for one in account.judged:
        tables = _listed([str(table + 1) for table in one.tables])
        start = f"table{'s' if len(one.tables) > 1 else ''} {tables}: " if len(account.judged) > 1 and tables else ""
        said_of.append(start + one.sentence)
    return said_of


def _problem(problem: Problem) -> str:
    earns = "; it earns nothing" if problem.kind == OTHER_FUNCTION and "earns" not in problem.sentence else ""
    return problem.sentence + earns


def _of(account: Account, finding: Finding, state: str, sign: str, sentence: str) -> Said:
    return Said(state, sign, where(account, finding), sentence, finding.place)


def _mistake(finding: Finding) -> str:
    if finding.sentence:
        return finding.sentence
    if finding.expected:
        return f"{_quoted(finding.text)} should be {finding.expected}"
    return f"{_quoted(finding.text)} is not right" + (f": {finding.cause}" if finding.cause else "")


def _unread(finding: Finding) -> str:
    return finding.sentence or f"{_quoted(finding.text)} is not read as a number or a formula"


def _quoted(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def where(account: Account, finding: Finding) -> str:
    """``table 2, v_4, value (line 8)``."""
    table = f"table {finding.place.table + 1}" if len(account.sheets) > 1 else ""
    named = ", ".join(filter(None, (table, finding.row or f"row {finding.place.row + 1}", finding.quantity)))
    return f"{named} (line {finding.line})" if finding.line else named


def _places(account: Account, findings: Sequence[Finding]) -> str:
    """``value of v_3 and v_4, tangent of v_4``: the rows of each quantity, in each table."""

    def group(finding: Finding) -> tuple[int, str]:
        return finding.place.table, finding.quantity

    told = []
    for (table, quantity), found in groupby(sorted(findings, key=group), key=group):
        rows = list(dict.fromkeys(finding.row or f"row {finding.place.row + 1}" for finding in found))
        start = f"table {table + 1}, " if len(account.sheets) > 1 else ""
        told.append(f"{start}{quantity or 'cell'} of {_listed(rows)}")
    return "; ".join(told)


def _listed(names: Sequence[str]) -> str:
    """``v_1, v_2 and v_3``; of many the first ones, and how many more there are."""
    if len(names) > _MOST:
        return f"{', '.join(names[:_MOST])} and {len(names) - _MOST} more"
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def plural(count: int, word: str) -> str:
    """``1 cell``, ``2 cells``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def summary(account: Account) -> str:
    """One line that names all that counts: ``11 cells right, 1 mistake, 2 cells following from it, 3 empty``."""
    if account.exit_status == UNREADABLE:
        return "nothing could be checked"
    return ", ".join(_counted(account))


def _counted(account: Account) -> Iterable[str]:
    wrong, following = len(account.mistakes), account.count(FOLLOWING)
    yield f"{plural(account.count(RIGHT), 'cell')} right"
    yield plural(wrong, "mistake")
    if following:
        yield f"{plural(following, 'cell')} following from {'it' if wrong == 1 else 'them'}"
    yield from (f"{account.count(state)} {state}" for state in (EMPTY, NOT_READ, NOT_ASKED) if account.count(state))
    for kind in (MISSING_ROW, UNREAD_TABLE):
        if account.told(kind):
            yield plural(len(account.told(kind)), kind)
    if account.other_function:
        yield OTHER_FUNCTION
    if account.remarks:
        yield plural(len(account.remarks), "remark")
