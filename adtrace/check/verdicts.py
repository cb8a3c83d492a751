"""Each cell held against what it should be: right, a root mistake, or following from one.

A number is right if it is the value of its row to the digits that it prints.  If it is not, its row is computed again
from the numbers that are printed where it gets its operands: if that gives what is printed, it follows from a wrong one of
them; if not, the mistake is made here.  A formula is held against the row's own rule at a second, random point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from adtrace.check.freehand import BAR, DOT, DOT2, PARTIAL, Reading, Unread
from adtrace.check.layout import (
    ADJOINT,
    ADJOINT_RULE,
    LOCAL,
    NAME,
    NUMBERS,
    OPERATION,
    PARTIAL_RULE,
    SECOND,
    SECOND_RULE,
    TANGENT,
    TANGENT_RULE,
    VALUE,
    Cell,
    Entry,
    Layout,
)
from adtrace.check.listing import Listing, Truth, input_values, random_point, random_seed, truth
from adtrace.check.local import BITS, NoValue, names_of, swept, value_of
from adtrace.check.printed import APPROXIMATE, EXACT, Printed, agreement, follows, printed
from adtrace.check.problem import Problem
from adtrace.check.repair import close
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ONE, ZERO, add, ball, mul, precision

RIGHT, ROOT, FOLLOWS, UNREADABLE, UNCHECKED = "right", "root", "follows", "unreadable", "unchecked"


@dataclass
class Finding:
    """What is known of one entry."""

    entry: Entry
    verdict: str
    how: str = ""
    """How a right number is right: exact, rounded, truncated, ..."""
    expected: Scalar | None = None
    shown: Printed | None = None
    symbolic: bool = False
    from_: Cell | None = None
    """The wrong cell from which it follows."""
    note: str = ""
    """What is wrong with a formula, in a word, where it is known."""
    terms: tuple[object, ...] = ()


@dataclass
class Judged:
    """All findings on one piece of work."""

    layout: Layout
    listing: Listing
    problem: Problem
    here: Truth
    there: Truth | None
    findings: list[Finding] = field(default_factory=list)
    computes: bool | None = None
    """Whether the rows compute the function asked about; None where it is not known."""
    seeds: list[dict[str, Scalar]] = field(default_factory=list)


def seeds_of(layout: Layout, listing: Listing, given: Mapping[str, Scalar] | None) -> list[dict[str, Scalar]]:
    """The seed of each tangent column: of its heading, else as its input rows print it, else the one given."""
    shown = [printed_seed(layout, listing, p) for p in range(len(layout.passes))]
    found: list[dict[str, Scalar]] = []
    for place, column in enumerate(layout.passes):
        headed: dict[str, Scalar] | None = None
        if column.seed and len(column.seed) == len(listing.variables):
            headed = {}
            for name, text in zip(listing.variables, column.seed, strict=True):
                try:
                    headed[name] = value_of(layout.reader.read(text).terms, {})
                except (Unread, NoValue):
                    headed = None
                    break
        elif column.of:
            source = _variable(listing, column.of)
            headed = {source: ONE} if source else None
        if headed is None and given and not layout.passes[place].heading.count("grad"):
            headed = dict(given) if len(layout.passes) == 1 else None
        written = shown[place]
        if headed is None:
            found.append(written or dict.fromkeys(listing.variables[:1], ONE))
            continue
        wrong = [n for n, number in written.items() if not close(number, headed.get(n, ZERO))]
        swapped = any(other != place and _agrees(shown[other], headed) for other in range(len(shown)))
        trusted = len(wrong) <= 1 or swapped or bool(column.seed)
        found.append(headed if trusted else written | {n: ZERO for n in listing.variables if n not in written})
    return found


def _agrees(shown: Mapping[str, Scalar], seed: Mapping[str, Scalar]) -> bool:
    return bool(shown) and all(close(number, seed.get(name, ZERO)) for name, number in shown.items())


def _variable(listing: Listing, name: str) -> str:
    """The independent variable that a name in a heading means."""
    name = listing.target(name)
    if name in listing.variables:
        return name
    line = listing.lines.get(name)
    names = names_of(line.terms) if line is not None else ()
    return names[0] if len(names) == 1 and names[0] in listing.variables else ""


def printed_seed(layout: Layout, listing: Listing, place: int) -> dict[str, Scalar]:
    """The seed of a tangent column as its input rows print it."""
    found: dict[str, Scalar] = {}
    for entry in layout.entries:
        if entry.kind == TANGENT and entry.pass_ == place and entry.reading is not None and entry.reading.closed:
            source = _variable(listing, entry.name)
            if source and source not in found:
                try:
                    found[source] = value_of(entry.reading.terms, {})
                except NoValue:
                    continue
    return found


class _Published:
    """The printed numbers, and the true ones where none is printed."""

    def __init__(self, judge: Judge, table: int, kinds: frozenset[str], pass_: int) -> None:
        self.judge, self.table, self.kinds, self.pass_ = judge, table, kinds, pass_
        self.used: list[Finding] = []

    def finding(self, name: str) -> Finding | None:
        kind, plain = VALUE, name
        if PARTIAL in name:
            return None
        if name.startswith(DOT2):
            kind, plain = SECOND, name[2:]
        elif name.startswith(DOT):
            kind, plain = TANGENT, name[1:]
        elif name.startswith(BAR):
            kind, plain = ADJOINT, name[1:]
        if kind not in self.kinds:
            return None
        return self.judge.published(kind, self.pass_ if kind == TANGENT else 0, plain, self.table)

    def __getitem__(self, name: str) -> Scalar:
        finding = self.finding(name)
        if finding is not None and finding.shown is not None:
            self.used.append(finding)
            exact = finding.verdict == RIGHT and finding.how == EXACT and finding.expected is not None
            return finding.expected if exact else finding.shown.fuzzy
        return self.judge.here.on(self.pass_)[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self.finding(name) is not None or name in self.judge.here.on(self.pass_))

    def wrong(self) -> Finding | None:
        """A wrong number among those that were used."""
        return next((f for f in self.used if f.verdict in (ROOT, FOLLOWS)), None)


_VALUES, _DERIVED, _ALL = frozenset({VALUE}), frozenset({TANGENT, ADJOINT}), frozenset({VALUE, TANGENT, ADJOINT})


class Judge:
    """One pass over the entries, operands before what uses them."""

    def __init__(
        self,
        layout: Layout,
        listing: Listing,
        problem: Problem,
        seed: Mapping[str, Scalar] | None,
        weights: Mapping[str, Scalar] | None,
    ) -> None:
        self.layout, self.listing, self.problem = layout, listing, problem
        point = dict(input_values(layout, listing)) | dict(problem.point)
        self.symbolic = not all(name in point for name in listing.variables)
        if self.symbolic:
            point = random_point(listing, {}, 0) | point
        self.point = point
        self.seeds = seeds_of(layout, listing, seed)
        self.weights = dict(weights) if weights else self.printed_weights()
        self.here = truth(listing, point, self.seeds, self.weights)
        self.there = self.second_point()
        self.done: dict[tuple[str, int, str], list[Finding]] = {}
        self.findings: list[Finding] = []
        self.children = self.children_of()

    def children_of(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, line in self.listing.lines.items():
            for operand in dict.fromkeys(self.listing.target(n) for n in names_of(line.terms)):
                found.setdefault(operand, []).append(name)
        return found

    def second_point(self) -> Truth | None:
        """The truth at a random point near the first, with random seeds and weights."""
        for attempt in range(10):
            point = random_point(self.listing, self.point, attempt)
            seed = random_seed(self.listing, attempt)
            made = truth(self.listing, point, [seed, *self.seeds], self.weights)
            if len(made.values) >= len(self.here.values):
                return made
        return None

    def printed_weights(self) -> dict[str, Scalar]:
        """The adjoints of the dependent variables as the table seeds them; 1 where there is one of them."""
        outputs = self.listing.outputs
        found: dict[str, Scalar] = {}
        for entry in self.layout.entries:
            name = self.listing.target(entry.name)
            if entry.kind == ADJOINT and name in outputs and entry.reading is not None and entry.reading.closed:
                try:
                    found.setdefault(name, value_of(entry.reading.terms, {}))
                except NoValue:
                    continue
        if len(outputs) == 1:
            return {outputs[0]: ONE}
        line = [self.listing.lines[o].terms for o in outputs if o in self.listing.lines]
        if not found:
            for out, terms in zip(outputs, line, strict=False):
                for entry in self.layout.entries:
                    if entry.kind == ADJOINT and [self.listing.target(entry.name)] == list(names_of(terms)):
                        try:
                            if entry.reading is not None:
                                found.setdefault(out, value_of(entry.reading.terms, {}))
                        except NoValue:
                            continue
        return found or dict.fromkeys(outputs[:1], ONE)

    def published(self, kind: str, pass_: int, name: str, table: int) -> Finding | None:
        """The number printed for a variable: in the same table, else in the nearest before it."""
        candidates = self.done.get((kind, pass_, self.listing.target(name)), [])
        here = [f for f in candidates if f.entry.cell.table == table]
        return (here or candidates)[-1] if candidates else None

    def judge(self) -> Judged:
        """Judge every entry."""
        with precision(BITS):
            for entry in self.ordered():
                finding = self.one(entry)
                self.findings.append(finding)
                if entry.kind in NUMBERS and entry.final and finding.shown is not None:
                    pass_ = entry.pass_ if entry.kind in (TANGENT, LOCAL) else 0
                    self.done.setdefault((entry.kind, pass_, self.listing.target(entry.name)), []).append(finding)
            self.adjoint_rows()
        place = {id(entry): i for i, entry in enumerate(self.layout.entries)}
        self.findings.sort(key=lambda f: (f.entry.cell, place.get(id(f.entry), 0)))
        return Judged(self.layout, self.listing, self.problem, self.here, self.there, self.findings, None, self.seeds)

    def ordered(self) -> list[Entry]:
        """The entries with operands first: values, partials and tangents downwards, then the adjoints."""
        rank = {name: i for i, name in enumerate((*self.listing.variables, *self.listing.order()))}
        kinds = {NAME: 0, OPERATION: 0, VALUE: 1, PARTIAL_RULE: 2, LOCAL: 2, TANGENT_RULE: 3, TANGENT: 4,
                 SECOND_RULE: 5, SECOND: 5}  # fmt: skip

        def key(entry: Entry) -> tuple[int, int, int, int]:
            down = rank.get(self.listing.target(entry.name), len(rank))
            return (kinds[entry.kind], entry.pass_, down, entry.cell.row)

        return sorted((e for e in self.layout.entries if e.kind not in (ADJOINT, ADJOINT_RULE)), key=key)

    # ------------------------------------------------------------------------------------------------------- numbers

    def one(self, entry: Entry) -> Finding:
        if entry.kind == NAME:
            return Finding(entry, ROOT, symbolic=True, note="label")
        if entry.reading is None:
            return Finding(entry, UNCHECKED if entry.kind not in NUMBERS else UNREADABLE)
        if entry.kind in NUMBERS:
            if not entry.final:
                return self.working(entry)
            if entry.kind == SECOND:
                return self.second(entry)
            return self.number(entry, self.expected(entry))
        return self.rule(entry)

    def working(self, entry: Entry) -> Finding:
        """A number on the way to a cell's answer."""
        try:
            return (
                Finding(entry, UNCHECKED, shown=printed(entry.reading)) if entry.reading else Finding(entry, UNCHECKED)
            )
        except NoValue:
            return Finding(entry, UNCHECKED)

    def expected(self, entry: Entry) -> Scalar | None:
        name = self.listing.target(entry.name)
        if entry.kind == VALUE:
            return self.here.look(name)
        if entry.kind == TANGENT:
            return self.here.on(entry.pass_).look(DOT + name)
        if entry.kind == LOCAL:
            return self.local(name, entry.pass_, self.here)
        return self.here.look(BAR + name)

    def operands(self, name: str) -> list[str]:
        line = self.listing.lines.get(name)
        return list(dict.fromkeys(self.listing.target(n) for n in names_of(line.terms))) if line is not None else []

    def local(self, name: str, slot: int, at: Truth) -> Scalar | None:
        """The partial of a row by its operand in this slot; an input's is 1."""
        operands = self.operands(name)
        if name in self.listing.variables and slot == 0:
            return ONE
        if slot >= len(operands):
            return None
        return at.partials.get(name, {}).get(operands[slot])

    def printed(self, entry: Entry) -> Printed | None:
        """The number of a cell; one written in variables is taken at the point."""
        reading = entry.reading
        if reading is None:
            return None
        try:
            if reading.closed:
                return printed(reading)
            value = value_of(reading.terms, self.here.on(max(entry.pass_, 0)))
            return Printed(reading, value, value)
        except NoValue:
            return None

    def number(self, entry: Entry, expected: Scalar | None) -> Finding:
        """A number against what it should be, and against what the printed numbers give."""
        shown = self.printed(entry)
        if shown is None:
            return Finding(entry, UNCHECKED)
        if expected is None:
            return self.by_formula(entry, shown)
        how = agreement(shown, expected)
        if how and not shown.reading.closed and self.masked(entry, shown.reading):
            return Finding(entry, ROOT, expected=expected, shown=shown, symbolic=True, note="masked")
        if how:
            return Finding(entry, RIGHT, how, expected, shown)
        return self.wrong(entry, shown, expected)

    def masked(self, entry: Entry, reading: Reading) -> bool:
        """Whether a number written in variables is right at the point only."""
        if self.there is None:
            return False
        there = self.there.on(entry.pass_ + 1)
        kind = {VALUE: "", TANGENT: DOT, ADJOINT: BAR}.get(entry.kind)
        wanted = there.look(kind + self.listing.target(entry.name)) if kind is not None else None
        try:
            return wanted is not None and not close(value_of(reading.terms, there), wanted)
        except NoValue:
            return False

    def wrong(self, entry: Entry, shown: Printed, expected: Scalar) -> Finding:
        drifted = False
        for value, used in self.again(entry):
            if value is not None and follows(shown, value):
                wrong = used.wrong()
                if wrong is not None:
                    return Finding(entry, FOLLOWS, "", expected, shown, from_=wrong.entry.cell)
                drifted |= _holds(value, expected)
        if drifted:
            return Finding(entry, RIGHT, APPROXIMATE, expected, shown, note="drift")
        line = self.listing.lines.get(self.listing.target(entry.name))
        if entry.kind == VALUE and line is not None and line.written and line.cell is not None:
            for kinds in (frozenset[str](), _VALUES):
                try:
                    value = value_of(line.written, _Published(self, entry.cell.table, kinds, 0))
                except NoValue:
                    continue
                if follows(shown, value):
                    return Finding(entry, FOLLOWS, "", expected, shown, from_=line.cell, note="operation")
        return Finding(entry, ROOT, "", expected, shown)

    def again(self, entry: Entry) -> Iterator[tuple[Scalar | None, _Published]]:
        """The number of a row computed again from printed numbers: of the values, of the derivatives, of both."""
        for kinds in (_ALL, _DERIVED, _VALUES):
            if entry.kind == VALUE and kinds is _DERIVED:
                continue
            table = _Published(self, entry.cell.table, kinds, entry.pass_ if entry.kind == TANGENT else 0)
            try:
                yield self.recomputed(entry, table), table
            except NoValue:
                continue

    def recomputed(self, entry: Entry, table: _Published) -> Scalar | None:
        name = self.listing.target(entry.name)
        line = self.listing.lines.get(name)
        if entry.kind == ADJOINT:
            return self.adjoint(name, self.children.get(name, []), table)
        if line is None:
            return None
        if entry.kind == VALUE:
            return value_of(line.terms, table)
        gradient = swept(line.terms, table)[1]
        if entry.kind == LOCAL:
            operands = self.operands(name)
            return gradient.get(operands[entry.pass_]) if entry.pass_ < len(operands) else None
        total = ZERO
        for operand, partial in gradient.items():
            total = add(total, mul(partial, table[DOT + operand]))
        return total

    def adjoint(self, name: str, children: Sequence[str], table: _Published) -> Scalar:
        """The sum of what these rows give to an adjoint, from printed numbers."""
        total = self.weights.get(name, ZERO)
        for child in children:
            partial = self.printed_partial(child, name, table)
            adjoint = table[BAR + child]
            total = add(total, mul(adjoint, partial))
        return total

    def printed_partial(self, child: str, operand: str, table: _Published) -> Scalar:
        """A local partial as the table prints it in its own column, else computed."""
        operands = self.operands(child)
        if VALUE in table.kinds and operand in operands:
            finding = self.published(LOCAL, operands.index(operand), child, table.table)
            if finding is not None and finding.shown is not None:
                table.used.append(finding)
                return finding.shown.fuzzy
        gradient = swept(self.listing.lines[child].terms, table)[1]
        total = ZERO
        for key, partial in gradient.items():
            if self.listing.target(key) == operand:
                total = add(total, partial)
        return total

    def by_formula(self, entry: Entry, shown: Printed) -> Finding:
        """A number of which only its own row's formula is known: the one against the other."""
        wanted = {VALUE: OPERATION, TANGENT: TANGENT_RULE, ADJOINT: ADJOINT_RULE, SECOND: SECOND_RULE}.get(entry.kind)
        for other in self.layout.entries:
            if other.kind != wanted or other.name != entry.name or other.reading is None or other.reading.closed:
                continue
            if other.cell.table != entry.cell.table or other.cell.row != entry.cell.row:
                continue
            table = _Published(self, entry.cell.table, _ALL | {SECOND}, entry.pass_)
            try:
                value = value_of(other.reading.terms, table)
            except (NoValue, KeyError):
                continue
            if agreement(shown, value) or follows(shown, value):
                return Finding(entry, RIGHT, APPROXIMATE, value, shown)
            if table.used:
                wrong = table.wrong()
                if wrong is None:
                    return Finding(entry, ROOT, "", value, shown, note="formula")
        return Finding(entry, UNCHECKED, shown=shown)

    def second(self, entry: Entry) -> Finding:
        shown = self.printed(entry)
        return self.by_formula(entry, shown) if shown is not None else Finding(entry, UNCHECKED)

    # ------------------------------------------------------------------------------------------------------ formulas

    def rule(self, entry: Entry) -> Finding:
        """A formula against the row's own rule, at a second point."""
        assert entry.reading is not None
        name = self.listing.target(entry.name)
        if entry.kind == OPERATION:
            return self.operation(entry, name)
        if self.there is None or entry.kind == SECOND_RULE:
            return Finding(entry, UNCHECKED)
        if entry.kind == PARTIAL_RULE:
            wanted = self.local(name, entry.pass_, self.there)
            return self.compared(entry, [wanted], self.there)
        there = self.there.on(0)
        wanted = there.look(DOT + name)
        if wanted is None:
            return Finding(entry, UNCHECKED)
        return self.tangent_rule(entry, name, wanted, there)

    def tangent_rule(self, entry: Entry, name: str, wanted: Scalar, there: Truth) -> Finding:
        assert entry.reading is not None and self.there is not None
        if self.listing.is_input(name) and (entry.reading.closed or self.is_own_seed(entry, name)):
            return Finding(entry, RIGHT)
        finding = self.compared(entry, [wanted], there)
        if finding.verdict != ROOT:
            return finding
        dotted = [n for n in entry.reading.names if n.startswith(DOT)]
        operands = self.operands(name)
        if not dotted and len(operands) == 1:
            local = self.local(name, 0, there)
            if self.compared(entry, [local], there).verdict == RIGHT:
                return Finding(entry, RIGHT)
        fewer = {self.listing.target(n[1:]) for n in dotted} < set(operands)
        if fewer or entry.reading.closed or not dotted:  # a term that is 0 in this column may be left out
            for place in range(len(self.seeds)):
                column = self.there.on(place + 1)
                if self.compared(entry, [column.look(DOT + name)], column).verdict == RIGHT:
                    return Finding(entry, RIGHT)
        return finding

    def is_own_seed(self, entry: Entry, name: str) -> bool:
        """Whether an input's rule only names its own seed."""
        assert entry.reading is not None
        names = entry.reading.names
        sources = {name, *self.operands(name)}
        return len(entry.reading.terms) == 1 and self.listing.target(names[0].lstrip(".~")) in sources

    def compared(self, entry: Entry, wanted: Sequence[Scalar | None], there: Truth) -> Finding:
        """Whether the formula is one of these numbers at the second point."""
        reading = entry.reading
        assert reading is not None
        targets = [number for number in wanted if number is not None]
        if not targets:
            return Finding(entry, UNCHECKED)
        try:
            value = value_of(reading.terms, there)
        except NoValue:
            return Finding(entry, UNCHECKED)
        if any(close(value, target) for target in targets) or _within(value, targets):
            return Finding(entry, RIGHT)
        if reading.ambiguous:
            try:
                tight = self.layout.reader.read(entry.text, tight=True)
                if any(close(value_of(tight.terms, there), target) for target in targets):
                    if tight.implicit:
                        return Finding(entry, RIGHT)
                    return Finding(entry, ROOT, symbolic=True, note="brackets", expected=targets[0])
            except (Unread, NoValue):
                pass
        return Finding(entry, ROOT, symbolic=True, expected=targets[0])

    def operation(self, entry: Entry, name: str) -> Finding:
        line = self.listing.lines.get(name)
        if line is None or entry.reading is None or self.listing.is_input(name):
            return Finding(entry, RIGHT if line is not None or name in self.listing.variables else UNCHECKED)
        if line.written is not None and line.cell == entry.cell:
            return Finding(entry, ROOT, symbolic=True, note="operation", terms=tuple(line.terms))
        if self.there is None:
            return Finding(entry, RIGHT)
        return self.compared(entry, [self.there.look(name)], self.there)

    # ------------------------------------------------------------------------------------------------------ adjoints

    def adjoint_rows(self) -> None:
        """The adjoint rows in the order in which they are computed, with running totals."""
        tables: dict[int, dict[int, list[Entry]]] = {}
        for entry in self.layout.entries:
            if entry.kind in (ADJOINT, ADJOINT_RULE):
                tables.setdefault(entry.cell.table, {}).setdefault(entry.cell.row, []).append(entry)
        for rows in tables.values():
            self.adjoint_table(rows)

    def adjoint_table(self, rows: dict[int, list[Entry]]) -> None:
        named = {row: self.listing.target(entries[0].name) for row, entries in rows.items()}
        rank = {name: i for i, name in enumerate((*self.listing.variables, *self.listing.order()))}
        ordered = list(rows)
        count: dict[str, list[int]] = {}
        for row in ordered:
            count.setdefault(named[row], []).append(row)
        if self.reads_upwards(ordered, named, rank):
            for places in count.values():
                places.reverse()
        for name in sorted(count, key=lambda n: -rank.get(n, len(rank))):
            total, total_there, covered = self.weights.get(name, ZERO), None, set[str]()
            last = len(count[name]) - 1
            for place, row in enumerate(count[name]):
                total, total_there = self.adjoint_row(rows[row], name, total, total_there, covered, place, last)

    def reads_upwards(self, ordered: Sequence[int], named: Mapping[int, str], rank: Mapping[str, int]) -> bool:
        """Whether the trace is computed from its bottom row: later variables stand lower."""
        places = [rank[named[row]] for row in ordered if named[row] in rank]
        pairs = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :]]
        return sum(b > a for a, b in pairs) > sum(b < a for a, b in pairs)

    def adjoint_row(
        self,
        entries: Sequence[Entry],
        name: str,
        total: Scalar,
        total_there: Scalar | None,
        covered: set[str],
        place: int,
        last: int,
    ) -> tuple[Scalar, Scalar | None]:
        """One row: its formula, then its number; returns the totals after it, here and at the second point."""
        children = self.children.get(name, [])
        rules = [e for e in entries if e.kind == ADJOINT_RULE and e.reading is not None]
        named_children = self.named_children(rules, name, children)
        adds = any(entry.adds for entry in entries) or any(self.refers_to_itself(e, name) for e in rules)
        if not rules or not named_children:
            step = [c for c in children if c not in covered] if place == last else self.next_child(children, covered)
        else:
            step = [c for c in named_children if c not in covered] or named_children
        before = total
        increment = self.given(name, step, self.here)
        after = add(before, increment) if (place or adds) else add(self.weights.get(name, ZERO), increment)
        self.rules(entries, rules, name, step, total_there, covered, place == last, adds)
        covered |= set(step)
        options = [after, increment, before] if last and not adds and place else [after]
        if last and place == last:
            options = [self.here.look(BAR + name) or ZERO, *options]
        for entry in entries:
            if entry.kind == ADJOINT:
                self.adjoint_number(entry, name, step, options, place, last)
            elif entry.reading is None:
                self.findings.append(Finding(entry, UNCHECKED))
        there_after = None
        if self.there is not None:
            there_before = total_there if total_there is not None else self.weights.get(name, ZERO)
            there_after = add(there_before, self.given(name, step, self.there))
        return after, there_after

    def next_child(self, children: Sequence[str], covered: set[str]) -> list[str]:
        """The row that is next to give to an adjoint, where the table does not say: the last that has not."""
        return [c for c in reversed(children) if c not in covered][:1]

    def given(self, name: str, children: Sequence[str], at: Truth) -> Scalar:
        total = ZERO
        for child in children:
            partial = at.partials.get(child, {}).get(name)
            adjoint = at.adjoints.get(child)
            if partial is not None and adjoint is not None:
                total = add(total, mul(adjoint, partial))
        return total

    def refers_to_itself(self, entry: Entry, name: str) -> bool:
        assert entry.reading is not None
        return any(n.startswith(BAR) and self.listing.target(n[1:]) == name for n in entry.reading.names)

    def named_children(self, rules: Sequence[Entry], name: str, children: Sequence[str]) -> list[str]:
        """The rows whose adjoints a formula names, that are such as use the variable."""
        found: list[str] = []
        for entry in rules:
            assert entry.reading is not None
            for text in entry.reading.names:
                if text.startswith(BAR):
                    child = self.listing.target(text[1:])
                    if child in children and child != name and child not in found:
                        found.append(child)
        return found

    def rules(
        self,
        entries: Sequence[Entry],
        rules: Sequence[Entry],
        name: str,
        step: Sequence[str],
        total_there: Scalar | None,
        covered: set[str],
        last: bool,
        adds: bool,
    ) -> None:
        """The formulas of a row at the second point, with what the rows before it have gathered."""
        there = self.there
        for entry in rules:
            assert entry.reading is not None
            if there is None or name not in there.values:
                self.findings.append(Finding(entry, UNCHECKED))
                continue
            before = total_there if total_there is not None else self.weights.get(name, ZERO)
            increment = self.given(name, step, there)
            wanted = [increment, add(before, increment)]
            if last and not covered:
                wanted = [there.look(BAR + name) or ZERO]
                if adds:
                    wanted.append(increment)
            numbers = _Running(there, BAR + name, before, self.listing)
            finding = self.compared_with(entry, wanted, numbers)
            missing = [c for c in self.children.get(name, []) if c not in covered and c not in step]
            if finding.verdict == RIGHT and last and missing and self.names_any(entry):
                finding = Finding(entry, ROOT, symbolic=True, note="missing path")
            elif finding.verdict == ROOT and self.closed_seed(entry, name):
                finding = Finding(entry, UNCHECKED)
            self.findings.append(finding)

    def closed_seed(self, entry: Entry, name: str) -> bool:
        assert entry.reading is not None
        return entry.reading.closed and (name in self.listing.outputs or not self.children.get(name))

    def names_any(self, entry: Entry) -> bool:
        return entry.reading is not None and bool(entry.reading.names)

    def compared_with(self, entry: Entry, wanted: Sequence[Scalar], numbers: _Running) -> Finding:
        assert entry.reading is not None
        if entry.reading.closed:
            at_point = self.here.look(BAR + self.listing.target(entry.name))
            try:
                shown = printed(entry.reading)
            except NoValue:
                return Finding(entry, UNCHECKED)
            if at_point is not None and agreement(shown, at_point):
                return Finding(entry, RIGHT)
            return Finding(entry, UNCHECKED)
        try:
            value = value_of(entry.reading.terms, numbers)
        except NoValue:
            return Finding(entry, UNCHECKED)
        if any(close(value, target) for target in wanted) or _within(value, wanted):
            return Finding(entry, RIGHT)
        if not any(n[0] in ".~" or PARTIAL in n for n in entry.reading.names):
            return Finding(entry, UNCHECKED)  # numbers put in: "1*x_1 + (-1)*cos(x_2)"
        if entry.reading.ambiguous:
            try:
                tight = self.layout.reader.read(entry.text, tight=True)
                if any(close(value_of(tight.terms, numbers), target) for target in wanted):
                    verdict = RIGHT if tight.implicit else ROOT
                    return Finding(entry, verdict, symbolic=True, note="brackets", expected=wanted[0])
            except (Unread, NoValue):
                pass
        return Finding(entry, ROOT, symbolic=True, expected=wanted[0])

    def adjoint_number(
        self, entry: Entry, name: str, step: Sequence[str], options: Sequence[Scalar], place: int, last: int
    ) -> None:
        if entry.reading is None:
            self.record(Finding(entry, UNREADABLE))
            return
        if not entry.final:
            self.findings.append(self.working(entry))
            return
        shown = self.printed(entry)
        if shown is None:
            self.record(Finding(entry, UNCHECKED))
            return
        if name not in self.here.values and name not in self.weights:
            self.record(self.by_formula(entry, shown))
            return
        for option in options:
            how = agreement(shown, option)
            if how:
                self.record(Finding(entry, RIGHT, how, option, shown))
                return
        if last:
            self.record(self.running(entry, name, step, options[-1 if place < last else 0], shown, place, place == last))
        else:
            self.record(self.wrong(entry, shown, options[0]))

    def running(
        self, entry: Entry, name: str, step: Sequence[str], expected: Scalar, shown: Printed, place: int, last: bool
    ) -> Finding:
        """A running total that is not what it should be: from the printed total before it, or a mistake."""
        for kinds in (_ALL, _DERIVED, _VALUES):
            table = _Published(self, entry.cell.table, kinds, 0)
            try:
                step_sum = self.adjoint(name, step, table)
                sums = [] if place else [step_sum]
                earlier = self.published(ADJOINT, 0, name, entry.cell.table)
                if place and earlier is not None and earlier.shown is not None:
                    table.used.append(earlier)
                    sums.append(add(earlier.shown.fuzzy, step_sum))
                if last:
                    sums.append(self.adjoint(name, self.children.get(name, []), table))
            except NoValue:
                continue
            met = [value for value in sums if follows(shown, value)]
            wrong = table.wrong()
            if met and wrong is not None:
                return Finding(entry, FOLLOWS, "", expected, shown, from_=wrong.entry.cell)
            if any(_holds(value, expected) for value in met):
                return Finding(entry, RIGHT, APPROXIMATE, expected, shown, note="drift")
        return Finding(entry, ROOT, "", expected, shown)

    def record(self, finding: Finding) -> None:
        self.findings.append(finding)
        if finding.shown is not None:
            name = self.listing.target(finding.entry.name)
            self.done.setdefault((ADJOINT, 0, name), []).append(finding)


class _Running:
    """The truth, but for the adjoint of one variable, which is what the rows so far have gathered."""

    def __init__(self, there: Truth, name: str, total: Scalar, listing: Listing) -> None:
        self.there, self.name, self.total, self.listing = there, name, total, listing

    def __getitem__(self, name: str) -> Scalar:
        if name.startswith(BAR) and BAR + self.listing.target(name[1:]) == self.name:
            return self.total
        return self.there[name]

    def __contains__(self, name: object) -> bool:
        return name == self.name or name in self.there


def _holds(value: Scalar, expected: Scalar) -> bool:
    """Whether a number computed from rounded ones can be the right one."""
    with precision(BITS):
        return bool(ball(value).overlaps(ball(expected)))


def _within(value: Scalar, targets: Sequence[Scalar]) -> bool:
    """Whether a target is a ball (a derivative at a kink) that holds the value."""
    from flint import arb  # noqa: PLC0415 - the one place where a ball is met as a ball

    for target in targets:
        if (
            type(target) is arb
            and target.rad() > 1e-3
            and target.overlaps(arb(value) if type(value) is not arb else value)
        ):
            return True
    return False
