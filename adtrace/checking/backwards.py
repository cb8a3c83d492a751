"""The adjoint rows of a table: sums on one line, rows that overwrite each other, or ``+=`` with a running total.

They are taken in the order in which they are computed, which a table may print from the bottom up, and a variable's
rows are held against what each of them should gather from the rows that use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from adtrace.checking.findings import (
    ALL,
    DERIVED,
    FOLLOWS,
    RIGHT,
    ROOT,
    UNCHECKED,
    UNREADABLE,
    VALUES,
    Finding,
    Published,
    Running,
    holds,
    within,
)
from adtrace.checking.freehand import PARTIAL
from adtrace.checking.layout import ADJOINT, ADJOINT_RULE, Entry
from adtrace.checking.local import NoValue, value_of
from adtrace.checking.markup import BAR, Unread
from adtrace.checking.printed import APPROXIMATE, Printed, agreement, follows, printed
from adtrace.checking.repair import close
from adtrace.checking.verdicts import Judge
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ZERO, add


@dataclass
class _Gathered:
    """What the rows of one variable have gathered so far, and where in them we are."""

    name: str
    last: int
    """The place of its last row; 0 where it has one."""
    total: Scalar
    total_there: Scalar
    """The same at the second point."""
    place: int = 0
    covered: set[str] = field(default_factory=set)
    """The rows whose contributions are in."""
    step: list[str] = field(default_factory=list)
    """The rows that this row takes in."""
    adds: bool = False
    """Whether the row says that it adds to what is there."""

    @property
    def ends(self) -> bool:
        """Whether this is the variable's last row."""
        return self.place == self.last


class Backwards:
    """One pass over the adjoint rows of all tables."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge

    def run(self) -> None:
        """Judge every adjoint row, table by table."""
        tables: dict[int, dict[int, list[Entry]]] = {}
        for entry in self.judge.layout.entries:
            if entry.kind in (ADJOINT, ADJOINT_RULE):
                tables.setdefault(entry.cell.table, {}).setdefault(entry.cell.row, []).append(entry)
        for rows in tables.values():
            self.table(rows)

    def table(self, rows: dict[int, list[Entry]]) -> None:
        """The rows of one table in computing order: later variables first, and of one variable its first row first."""
        judge = self.judge
        named = {row: judge.listing.target(entries[0].name) for row, entries in rows.items()}
        rank = {name: i for i, name in enumerate((*judge.listing.variables, *judge.listing.order()))}
        places: dict[str, list[int]] = {}
        for row in rows:
            places.setdefault(named[row], []).append(row)
        if self.reads_upwards(list(rows), named, rank):
            for mine in places.values():
                mine.reverse()
        for name in sorted(places, key=lambda n: -rank.get(n, len(rank))):
            weight = judge.weights.get(name, ZERO)
            gathered = _Gathered(name, len(places[name]) - 1, weight, weight)
            for place, row in enumerate(places[name]):
                gathered.place = place
                self.row(rows[row], gathered)

    def reads_upwards(self, ordered: Sequence[int], named: Mapping[int, str], rank: Mapping[str, int]) -> bool:
        """Whether the trace is computed from its bottom row: later variables stand lower."""
        places = [rank[named[row]] for row in ordered if named[row] in rank]
        pairs = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :]]
        return sum(b > a for a, b in pairs) > sum(b < a for a, b in pairs)

    def row(self, entries: Sequence[Entry], gathered: _Gathered) -> None:
        """One row: its formula, then its number; what it gathers is added to ``gathered``."""
        judge, name = self.judge, gathered.name
        children = judge.children.get(name, [])
        rules = [e for e in entries if e.kind == ADJOINT_RULE and e.reading is not None]
        named = self.named_children(rules, name, children)
        gathered.adds = any(e.adds for e in entries) or any(self.refers_to_itself(e, name) for e in rules)
        free = [c for c in children if c not in gathered.covered]
        if rules and named:
            gathered.step = [c for c in named if c in free] or named
        else:  # where the table does not say: all that is left in the last row, else the last that has not given
            gathered.step = free if gathered.ends else free[::-1][:1]
        increment = judge.given(name, gathered.step, judge.here)
        before, after = gathered.total, add(gathered.total, increment)
        for entry in rules:
            judge.findings.append(self.rule(entry, gathered))
        gathered.covered |= set(gathered.step)
        options = [after]
        if gathered.last and gathered.place and not gathered.adds:
            options = [after, increment, before]
        if gathered.last and gathered.ends:
            options = [judge.here.look(BAR + name) or ZERO, *options]
        for entry in entries:
            if entry.kind == ADJOINT:
                self.number(entry, gathered, options)
            elif entry.reading is None:
                judge.findings.append(Finding(entry, UNCHECKED))
        gathered.total = after
        if judge.there is not None:
            gathered.total_there = add(gathered.total_there, judge.given(name, gathered.step, judge.there))

    def refers_to_itself(self, entry: Entry, name: str) -> bool:
        """Whether a formula adds to the adjoint that it is about: ``bv_0 = bv_0 + ...``."""
        assert entry.reading is not None
        return any(n.startswith(BAR) and self.judge.listing.target(n[1:]) == name for n in entry.reading.names)

    def named_children(self, rules: Sequence[Entry], name: str, children: Sequence[str]) -> list[str]:
        """The rows whose adjoints a formula names, that are such as use the variable."""
        found: list[str] = []
        for entry in rules:
            assert entry.reading is not None
            for text in entry.reading.names:
                child = self.judge.listing.target(text[1:])
                if text.startswith(BAR) and child in children and child != name and child not in found:
                    found.append(child)
        return found

    # ------------------------------------------------------------------------------------------------------ formulas

    def rule(self, entry: Entry, gathered: _Gathered) -> Finding:
        """A formula at the second point, with what the rows before it have gathered."""
        judge, name, there = self.judge, gathered.name, self.judge.there
        assert entry.reading is not None
        if there is None or name not in there.values:
            return Finding(entry, UNCHECKED)
        increment = judge.given(name, gathered.step, there)
        wanted = [increment, add(gathered.total_there, increment)]
        if gathered.ends and not gathered.covered:
            wanted = [there.look(BAR + name) or ZERO, *([increment] if gathered.adds else [])]
        finding = self.compared(entry, wanted, Running(there, BAR + name, gathered.total_there, judge.listing))
        missing = [c for c in judge.children.get(name, []) if c not in gathered.covered and c not in gathered.step]
        if finding.verdict == RIGHT and gathered.ends and missing and entry.reading.names:
            return Finding(entry, ROOT, symbolic=True, note="missing path")
        seed = name in judge.listing.outputs or not judge.children.get(name)
        return Finding(entry, UNCHECKED) if finding.verdict == ROOT and entry.reading.closed and seed else finding

    def compared(self, entry: Entry, wanted: Sequence[Scalar], numbers: Running) -> Finding:
        """Whether a formula is one of these numbers at the second point."""
        judge = self.judge
        assert entry.reading is not None
        try:
            if entry.reading.closed:
                here = judge.here.look(BAR + judge.listing.target(entry.name))
                met = here is not None and agreement(printed(entry.reading), here)
                return Finding(entry, RIGHT if met else UNCHECKED)
            value = value_of(entry.reading.terms, numbers)
        except NoValue:
            return Finding(entry, UNCHECKED)
        if any(close(value, target) for target in wanted) or within(value, wanted):
            return Finding(entry, RIGHT)
        if not any(n[0] in ".~" or PARTIAL in n for n in entry.reading.names):
            return Finding(entry, UNCHECKED)  # numbers put in: "1*x_1 + (-1)*cos(x_2)"
        if entry.reading.ambiguous:
            try:
                tight = judge.layout.reader.read(entry.text, tight=True)
                if any(close(value_of(tight.terms, numbers), target) for target in wanted):
                    verdict = RIGHT if tight.implicit else ROOT
                    return Finding(entry, verdict, symbolic=True, note="brackets", expected=wanted[0])
            except (Unread, NoValue):
                pass
        return Finding(entry, ROOT, symbolic=True, expected=wanted[0])

    # ------------------------------------------------------------------------------------------------------- numbers

    def number(self, entry: Entry, gathered: _Gathered, options: Sequence[Scalar]) -> None:
        """A number against what the row should have gathered."""
        judge, name = self.judge, gathered.name
        if entry.reading is not None and not entry.final:
            judge.findings.append(judge.working(entry))
            return
        shown = judge.printed(entry)
        if shown is None:
            self.record(Finding(entry, UNREADABLE if entry.reading is None else UNCHECKED))
            return
        if name not in judge.here.values and name not in judge.weights:
            self.record(judge.by_formula(entry, shown))
            return
        for option in options:
            how = agreement(shown, option)
            if how:
                self.record(Finding(entry, RIGHT, how, option, shown))
                return
        if judge.symbolic and shown.reading.closed:  # a number at a point that nobody tells
            self.record(Finding(entry, UNCHECKED))
        elif gathered.last:
            self.record(self.running(entry, gathered, options[0 if gathered.ends else -1], shown))
        else:
            self.record(judge.wrong(entry, shown, options[0]))

    def running(self, entry: Entry, gathered: _Gathered, expected: Scalar, shown: Printed) -> Finding:
        """A running total that is not what it should be: from the printed total before it, or a mistake."""
        judge, name = self.judge, gathered.name
        for kinds in (ALL, DERIVED, VALUES):
            table = Published(judge, entry.cell.table, kinds, 0)
            try:
                step = judge.adjoint(name, gathered.step, table)
                sums = [] if gathered.place else [step]
                earlier = judge.published(ADJOINT, 0, name, entry.cell.table)
                if gathered.place and earlier is not None and earlier.shown is not None:
                    table.used.append(earlier)
                    sums.append(add(earlier.shown.fuzzy, step))
                if gathered.ends:
                    sums.append(judge.adjoint(name, judge.children.get(name, []), table))
            except NoValue:
                continue
            met = [value for value in sums if follows(shown, value)]
            wrong = table.wrong()
            if met and wrong is not None:
                return Finding(entry, FOLLOWS, "", expected, shown, from_=wrong.entry.cell)
            if any(holds(value, expected) for value in met):
                return Finding(entry, RIGHT, APPROXIMATE, expected, shown, note="drift")
        return Finding(entry, ROOT, "", expected, shown)

    def record(self, finding: Finding) -> None:
        """Keep a finding, and its number for the rows that use it."""
        self.judge.findings.append(finding)
        if finding.shown is not None:
            name = self.judge.listing.target(finding.entry.name)
            self.judge.done.setdefault((ADJOINT, 0, name), []).append(finding)
