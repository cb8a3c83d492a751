"""Each cell held against what it should be: right, a root mistake, or following from one.

A number is right if it is the value of its row to the digits that it prints.  If it is not, its row is computed again
from the numbers that are printed where it gets its operands: if that gives what is printed, it follows from a wrong
one of them; if not, the mistake is made here.  A formula is held against the row's own rule at a second, random point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
    holds,
    seeds_of,
    within,
)
from adtrace.checking.freehand import Reading
from adtrace.checking.layout import (
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
    Entry,
    Layout,
)
from adtrace.checking.listing import Listing, Truth, input_values, random_point, random_seed, truth
from adtrace.checking.local import BITS, NoValue, names_of, swept, value_of
from adtrace.checking.markup import BAR, DOT, Unread
from adtrace.checking.printed import APPROXIMATE, Printed, agreement, follows, printed
from adtrace.checking.problem import Problem
from adtrace.checking.repair import close
from adtrace.language.syntax import Terms
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ONE, ZERO, add, mul, precision


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
        """For each variable the rows that use it."""
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

    def forwards(self) -> None:
        """Judge every entry but the adjoints."""
        with precision(BITS):
            for entry in self.ordered():
                finding = self.one(entry)
                self.findings.append(finding)
                if entry.kind in NUMBERS and entry.final and finding.shown is not None:
                    pass_ = entry.pass_ if entry.kind in (TANGENT, LOCAL) else 0
                    self.done.setdefault((entry.kind, pass_, self.listing.target(entry.name)), []).append(finding)

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
        """The finding on one entry."""
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
        """What a number should be."""
        name = self.listing.target(entry.name)
        if entry.kind == VALUE:
            return self.here.look(name)
        if entry.kind == TANGENT:
            return self.here.on(entry.pass_).look(DOT + name)
        if entry.kind == LOCAL:
            return self.local(name, entry.pass_, self.here)
        return self.here.look(BAR + name)

    def operands(self, name: str) -> list[str]:
        """The variables that a row is an expression of."""
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
        if self.symbolic and shown.reading.closed:  # a number at a point that nobody tells
            return Finding(entry, UNCHECKED, expected=expected)
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
        """A number that is not what it should be: a consequence, an effect of rounding, or a mistake."""
        drifted = False
        for value, used in self.again(entry):
            if value is not None and follows(shown, value):
                wrong = used.wrong()
                if wrong is not None:
                    return Finding(entry, FOLLOWS, "", expected, shown, from_=wrong.entry.cell)
                drifted |= holds(value, expected)
        if drifted:
            return Finding(entry, RIGHT, APPROXIMATE, expected, shown, note="drift")
        line = self.listing.lines.get(self.listing.target(entry.name))
        if entry.kind == VALUE and line is not None and line.written and line.cell is not None:
            for kinds in (frozenset[str](), VALUES):
                try:
                    value = value_of(line.written, Published(self, entry.cell.table, kinds, 0))
                except NoValue:
                    continue
                if follows(shown, value):
                    return Finding(entry, FOLLOWS, "", expected, shown, from_=line.cell, note="operation")
        if entry.kind == TANGENT and line is not None and line.written and line.cell is not None:
            tangent = self.tangent_of(line.written, Published(self, entry.cell.table, ALL, entry.pass_))
            if tangent is not None and follows(shown, tangent):
                return Finding(entry, FOLLOWS, "", expected, shown, from_=line.cell, note="operation")
        return Finding(entry, ROOT, "", expected, shown)

    def again(self, entry: Entry) -> Iterator[tuple[Scalar | None, Published]]:
        """The number of a row computed again from printed numbers: of the values, of the derivatives, of both."""
        for kinds in (ALL, DERIVED, VALUES):
            if entry.kind == VALUE and kinds is DERIVED:
                continue
            table = Published(self, entry.cell.table, kinds, entry.pass_ if entry.kind == TANGENT else 0)
            try:
                yield self.recomputed(entry, table), table
            except NoValue:
                continue

    def recomputed(self, entry: Entry, table: Published) -> Scalar | None:
        """The number of a row from the numbers of a table."""
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

    def adjoint(self, name: str, children: Sequence[str], table: Published) -> Scalar:
        """The sum of what these rows give to an adjoint, from printed numbers."""
        total = self.weights.get(name, ZERO)
        for child in children:
            partial = self.printed_partial(child, name, table)
            adjoint = table[BAR + child]
            total = add(total, mul(adjoint, partial))
        return total

    def printed_partial(self, child: str, operand: str, table: Published) -> Scalar:
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
            table = Published(self, entry.cell.table, ALL | {SECOND}, entry.pass_)
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
        """A second-order number, of which only the row's own formula is known."""
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
        """A formula of a tangent; one that leaves out a term that is 0 in its column is right."""
        assert entry.reading is not None
        assert self.there is not None
        if self.listing.is_input(name) and (entry.reading.closed or self.is_own_seed(entry, name)):
            return Finding(entry, RIGHT)
        finding = self.compared(entry, [wanted], there)
        if finding.verdict != ROOT:
            return finding
        line = self.listing.lines.get(name)
        if line is not None and line.written and line.cell is not None:
            written = self.tangent_of(line.written, there)
            if written is not None and self.compared(entry, [written], there).verdict == RIGHT:
                return Finding(entry, FOLLOWS, symbolic=True, from_=line.cell, note="operation")
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

    def tangent_of(self, terms: Terms, numbers: Truth | Published) -> Scalar | None:
        """The tangent of an expression of rows from these numbers, such as of an operation as it was written."""
        total = ZERO
        try:
            for operand, partial in swept(terms, numbers)[1].items():
                total = add(total, mul(partial, numbers[DOT + operand]))
        except (NoValue, KeyError):
            return None
        return total

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
        if any(close(value, target) for target in targets) or within(value, targets):
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
        """An operation: what is meant by the row, or a mistake."""
        line = self.listing.lines.get(name)
        if line is None or entry.reading is None or self.listing.is_input(name):
            return Finding(entry, RIGHT if line is not None or name in self.listing.variables else UNCHECKED)
        if line.written is not None and line.cell == entry.cell:
            return Finding(entry, ROOT, symbolic=True, note="operation", terms=tuple(line.terms))
        if self.there is None:
            return Finding(entry, RIGHT)
        return self.compared(entry, [self.there.look(name)], self.there)

    def given(self, name: str, children: Sequence[str], at: Truth) -> Scalar:
        """What these rows give to an adjoint."""
        total = ZERO
        for child in children:
            partial = at.partials.get(child, {}).get(name)
            adjoint = at.adjoints.get(child)
            if partial is not None and adjoint is not None:
                total = add(total, mul(adjoint, partial))
        return total
