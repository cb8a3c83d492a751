"""A class: the marks of every document, a report for each, and where most of them went wrong.

One document that cannot be read never stops the rest: its line says why.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from adtrace.checking.reporting.files import HEADER
from adtrace.checking.reporting.marks import shown
from adtrace.checking.reporting.records import GOOD, INCOMPLETE, MISSING_ROW, MISTAKEN, STATES, UNREADABLE
from adtrace.checking.reporting.report import Report
from adtrace.checking.reporting.sentences import said
from adtrace.documents.render import shipped
from adtrace.errors import AdtraceError, printable
from adtrace.processes import copied, ended, processors
from adtrace.progress import progress

COLUMNS = (*HEADER.strip(",").split(","), "earned", "possible", "percent", *STATES, "missing rows", "first mistake")
"""The columns of the marks; ``docs/tasks/checking.md`` says what each holds."""
_STATUS = {GOOD: "right", MISTAKEN: "mistakes", INCOMPLETE: "incomplete", UNREADABLE: "unreadable"}
_IN_WORDS = {GOOD: "right", MISTAKEN: "with mistakes", INCOMPLETE: "incomplete", UNREADABLE: "not readable"}
_WORST_FIRST = (UNREADABLE, MISTAKEN, INCOMPLETE, GOOD)
_AT_ONCE, _FEW = 25, 20
"""Documents that a process is sent at once, and documents for which no process is started."""
_MOST = 15
"""Cells of a summary."""

Checked = Callable[..., Report]
"""The call `check`."""


class Submission(NamedTuple):
    """One document of a class, and how its report is wanted."""

    name: str
    options: Mapping[str, Any]
    """Of the call `check`."""
    form: str = ""
    """The format of its report, if one is wanted."""
    kept: str = ""


class Outcome(NamedTuple):
    """What came of one document: plain texts and numbers, which travel between processes."""

    name: str
    status: int
    cells: tuple[object, ...]
    """Its line of the marks, from ``earned`` on."""
    percent: float | None = None
    slips: tuple[tuple[str, str], ...] = ()
    """Its mistakes: the cell by row and quantity, and the cause."""
    document: str = ""
    """Its report."""


def outcomes(check: Checked, class_: Sequence[Submission]) -> Iterator[Outcome]:
    """What comes of every document, in their order; many in processes beside each other, where joblib is there."""
    jobs = min(processors(), -(-len(class_) // _AT_ONCE)) if len(class_) > _FEW else 1
    parts = [class_[start : start + _AT_ONCE] for start in range(0, len(class_), _AT_ONCE)]
    with ended(), progress(len(class_)) as moved:
        for part in copied(partial(_part, check), parts if jobs > 1 else [[one] for one in class_], jobs):
            for outcome in part:
                moved(1, outcome.name)
                yield outcome


def _part(check: Checked, class_: Sequence[Submission]) -> list[Outcome]:
    """What a process does at once."""
    return [_outcome(check, one) for one in class_]


def _outcome(check: Checked, one: Submission) -> Outcome:
    try:
        report = check(Path(one.name), name=one.name, **one.options)
        report = report.keeping(one.kept) if one.kept else report
        document = report.render(one.form) if one.form else ""
    except AdtraceError as problem:
        return _unread(one.name, str(problem).split("\n", maxsplit=1)[0])
    except Exception as fault:
        told = f"{type(fault).__name__}: {printable(str(fault))[:100]}"
        return _unread(one.name, f"adtrace failed ({told}); please report it")
    marks, points = report.marks, ("", "", "")
    if marks is not None:
        points = (shown(marks.earned), shown(marks.possible), f"{float(marks.percent):.1f}")
    first = next((f"{line.where}: {line.sentence}" if line.where else line.sentence for line in said(report)), "")
    counts = (*report.counts.values(), sum(len(problem.row) > 0 for problem in report.told(MISSING_ROW)))
    return Outcome(
        one.name,
        report.exit_status,
        (*points, *counts, first),
        float(marks.percent) if marks is not None else None,
        tuple((f"{mistake.row}, {mistake.quantity}", mistake.cause) for mistake in report.mistakes),
        document,
    )


def _unread(name: str, reason: str) -> Outcome:
    """A line without numbers, which says why."""
    return Outcome(name, UNREADABLE, ("",) * (len(COLUMNS) - 3) + (reason,))


def worst(made: Sequence[Outcome]) -> int:
    """The exit status of a class."""
    return next(status for status in _WORST_FIRST if any(outcome.status == status for outcome in made))


def marks_csv(made: Sequence[Outcome]) -> str:
    """The marks as CSV, a line for each document, which no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for outcome in made:
        writer.writerow([_harmless(cell) for cell in (outcome.name, _STATUS[outcome.status], *outcome.cells)])
    return text.getvalue()


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    text = printable(cell) if isinstance(cell, str) else cell
    return f"'{text}" if isinstance(text, str) and text.lstrip().startswith(("=", "+", "-", "@")) else text


def class_summary(made: Sequence[Outcome]) -> str:
    """How many documents are right, and which cells most of them got wrong, with the commonest cause."""
    causes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in made:
        for cell, cause in dict(reversed(outcome.slips)).items():  # of each cell the first: it counts once a student
            causes[cell][cause] += 1
    cells = []
    for cell, found in sorted(causes.items(), key=lambda entry: -entry[1].total())[:_MOST]:
        cause = max(found, key=lambda cause: (bool(cause), found[cause]))
        count, of = f"{found.total():>8}", found[cause]
        cells.append({"cell": printable(cell), "count": count, "cause": printable(cause), "of": of})
    percents = [outcome.percent for outcome in made if outcome.percent is not None]
    status = Counter(outcome.status for outcome in made)
    return shipped(
        "report/class.txt",
        count=len(made),
        kinds=[f"{status[kind]} {words}" for kind, words in _IN_WORDS.items() if status[kind]],
        mean=f"{sum(percents) / len(percents):.1f}" if percents else "",
        cells=cells,
        width=max((len(cell) for cell in causes), default=0),
        more=max(len(causes) - _MOST, 0),
    )
