"""What was found in a document: a state for every cell, and nothing that passes unseen.

A `Finding` is on one statement of a cell; a cell has as many as it has statements, and its state is the worst of them.
An `Account` has the findings of a whole document, and counts them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from adtrace.checking.readings.bare import flat
from adtrace.checking.reporting.marks import Marks, Rubric, marks
from adtrace.errors import OptionError

if TYPE_CHECKING:
    from adtrace.checking.readings.cells import Cell
    from adtrace.checking.sheets import Sheet

RIGHT, WRONG, FOLLOWING, EMPTY, NOT_READ, NOT_ASKED = "right", "wrong", "following", "empty", "not read", "not asked"
STATES = (RIGHT, WRONG, FOLLOWING, EMPTY, NOT_READ, NOT_ASKED)
"""Wrong is the root of a mistake, following is what was computed rightly from one."""
REMARK = "remark"
SIGNS = {RIGHT: "✓", WRONG: "✗", FOLLOWING: "↳", EMPTY: "∅", NOT_READ: "?", NOT_ASKED: "", REMARK: "!", "note": "·"}
"""The sign of each state, of a remark and of a note."""
MEANING = {
    RIGHT: "right", WRONG: "a mistake", FOLLOWING: "right from numbers that are wrong", EMPTY: "empty",
    NOT_READ: "not read",
}  # fmt: skip
"""What a report says of each sign."""
_WORST_FIRST = (WRONG, NOT_READ, EMPTY, FOLLOWING, RIGHT, NOT_ASKED)

EXACT, ROUNDED, CUT, BY_HAND = "exact", "rounded", "cut", "by hand"
"""How a right number is right; by hand is computed from the rounded numbers that stand in the table."""

GOOD, UNREADABLE, MISTAKEN, INCOMPLETE = 0, 2, 3, 4
"""Exit statuses: all right; nothing readable; a mistake; no mistake, but something is empty or not read."""

OTHER_FUNCTION, MISSING_ROW, UNREAD_TABLE, NOTE = "another function", "missing row", "unread table", "note"
"""Kinds of problems.  A note, such as where the point was taken from, is no fault of the table."""

_MOST = 8
"""Variables of a point that are told in a sentence."""

HIDE, HINT = "hide", "hint"
"""What a report keeps to itself: what is right and why, or only what is right."""


class Place(NamedTuple):
    """A cell of a document: the numbers of its table, row and column, from 0."""

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Finding:
    """What was found of one statement of a cell."""

    place: Place
    line: int
    """The line of the document, from 1."""
    text: str
    """The cell without its markup."""
    row: str
    """The variable of its row."""
    quantity: str
    """What the cell is of: value, tangent, adjoint, partial, operation, tangent formula, ..."""
    state: str
    how: str = ""
    """How a right number is right: exact, rounded, cut, by hand."""
    expected: str = ""
    """What should stand there."""
    cause: str = ""
    """The cause of a mistake in a word."""
    sentence: str = ""
    follows: Place | None = None
    """The root of the mistake that it follows from."""
    remark: str = ""
    """What could be better in a cell that is right."""

    @property
    def called(self) -> str:
        """What its row is called."""
        return self.row or f"row {self.place.row + 1}"


class Problem(NamedTuple):
    """What was found of the document, and belongs to no cell of it."""

    kind: str
    """`OTHER_FUNCTION`, `MISSING_ROW`, `UNREAD_TABLE`, `NOTE`."""
    sentence: str
    row: str = ""
    """The variable of a row that is missing."""
    asked: tuple[str, ...] = ()
    """The quantities that were asked for in a missing row: each earns nothing."""


class Judged(NamedTuple):
    """By what the tables of one piece of work were judged."""

    tables: tuple[int, ...]
    """Their numbers, from 0."""
    function: str
    """``f(x1, x2) = x1*x2``."""
    point: tuple[tuple[str, str], ...] = ()
    """The variables with their values; "" where nobody tells one."""
    sweeps: tuple[str, ...] = ()
    """``forward sweep by x1``, ``reverse sweep, weight 1``."""

    @property
    def sentence(self) -> str:
        """In one line."""
        at = [f"{name} = {value}" for name, value in self.point if value][:_MOST]
        at += ["..."] if sum(bool(value) for _, value in self.point) > _MOST else []
        open_ = [name for name, value in self.point if not value][:_MOST]
        place = f" at {', '.join(at)}" if at else ""
        untold = f"without a value of {', '.join(open_)}" if open_ else ""
        return ", ".join(filter(None, (f"judged as {self.function}{place}", untold, *self.sweeps)))


class Verdict(NamedTuple):
    """One cell of the document, with its findings and the worst of their states."""

    place: Place
    line: int
    text: str
    state: str
    findings: tuple[Finding, ...] = ()

    @property
    def finding(self) -> Finding | None:
        """The finding that its state is from."""
        return next((finding for finding in self.findings if finding.state == self.state), None)


@dataclass(frozen=True)
class Account:
    """All that was found in one document."""

    name: str
    sheets: Sequence[Sheet]
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    rubric: Rubric | None = None
    """Marks are given by it."""
    readings: Mapping[Place, Cell] = field(default_factory=dict, repr=False)
    """The cells as they were read, for formulas in print; a heading's row is -1."""
    kept: str = ""
    """`HIDE`, `HINT`, or nothing: what is kept back is not in the account at all."""
    judged: tuple[Judged, ...] = ()
    """By what each piece of work was judged: what was told, or stands in the document."""

    def __post_init__(self) -> None:
        if self.kept:
            if self.kept not in (HIDE, HINT):
                raise OptionError(f"a report hides or hints, not {self.kept!r}")
            object.__setattr__(self, "findings", tuple(_without(found, self.kept) for found in self.findings))
            object.__setattr__(
                self, "problems", tuple(p._replace(sentence=_KEPT.get(p.kind, p.sentence)) for p in self.problems)
            )

    @cached_property
    def cells(self) -> tuple[Verdict, ...]:
        """One verdict for every cell of every table, in reading order; one without a finding was not asked for."""
        found = defaultdict[Place, list[Finding]](list)
        for finding in self.findings:
            found[finding.place].append(finding)
        verdicts = []
        for table, sheet in enumerate(self.sheets):
            for row, (texts, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True)):
                for place in (Place(table, row, column) for column in range(len(texts))):
                    states = {finding.state for finding in found[place]}
                    worst = next((state for state in _WORST_FIRST if state in states), NOT_ASKED)
                    verdicts.append(Verdict(place, line, self.text(place), worst, tuple(found[place])))
        return tuple(verdicts)

    def text(self, place: Place) -> str:
        """A cell, or in row -1 a heading, without its markup."""
        read = self.readings.get(place)
        if read is not None:
            return read.bare if read.left else f"= {read.bare}"
        sheet = self.sheets[place.table]
        return flat(sheet.heading[place.column])[0] if place.row < 0 else sheet.rows[place.row][place.column]

    def verdicts(self, table: int) -> dict[tuple[int, int], Verdict]:
        """The cells of one table by row and column."""
        return {(cell.place.row, cell.place.column): cell for cell in self.cells if cell.place.table == table}

    @property
    def mistakes(self) -> tuple[Finding, ...]:
        """Every root mistake."""
        return self.of(WRONG)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Cells that are right, but not as good as they could be: a digit cut off, a sum of rounded numbers."""
        return _in_order(finding for finding in self.findings if finding.remark)

    def of(self, state: str) -> tuple[Finding, ...]:
        """The findings in a state, in reading order."""
        return _in_order(finding for finding in self.findings if finding.state == state)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of the cells on which there is a finding are in each of the six states: names are no answers."""
        found = Counter(cell.state for cell in self.cells if cell.findings)
        return {state: found[state] for state in STATES}

    def count(self, state: str) -> int:
        """How many cells are in this state."""
        return self.counts[state]

    @property
    def other_function(self) -> bool:
        """Whether the table computes another function than the one asked for; it earns nothing."""
        return bool(self.told(OTHER_FUNCTION))

    def told(self, *kinds: str) -> tuple[Problem, ...]:
        """The problems of these kinds."""
        return tuple(problem for problem in self.problems if problem.kind in kinds)

    @property
    def exit_status(self) -> int:
        """2: nothing readable; else 3: a mistake; else 4: something is empty, missing or not read; else 0."""
        states = {finding.state for finding in self.findings}
        if not states - {NOT_READ, NOT_ASKED} and not self.other_function:
            return UNREADABLE
        if WRONG in states or self.other_function:
            return MISTAKEN
        return INCOMPLETE if states & {EMPTY, NOT_READ} or self.told(MISSING_ROW, UNREAD_TABLE) else GOOD

    @property
    def ok(self) -> bool:
        """Whether every cell that is asked for is there and right."""
        return self.exit_status == GOOD

    @cached_property
    def marks(self) -> Marks | None:
        """The points, where a rubric is given: over all cells that are asked for, there or not."""
        if self.rubric is None:
            return None
        asked = [(cell.finding.quantity, cell.state) for cell in self.cells if cell.finding and cell.state != NOT_ASKED]
        asked += [(quantity, EMPTY) for problem in self.problems for quantity in problem.asked]
        return marks(asked, self.rubric, nothing=self.other_function)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.place))


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


_KEPT = {OTHER_FUNCTION: "the table computes another function than the one asked for", MISSING_ROW: "a row is missing"}


def _without(finding: Finding, kept: str) -> Finding:
    """A finding's place and state; of a hint the cause of a mistake in a word."""
    cause = finding.cause if kept == HINT and finding.state == WRONG else ""
    reason = finding.sentence if finding.state == NOT_READ else ""
    return replace(finding, how="", expected="", cause=cause, sentence=reason, follows=None, remark="")
