"""What is known of an entry, and the numbers that a table prints as operands of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flint import arb

from adtrace.checking.freehand import PARTIAL
from adtrace.checking.layout import ADJOINT, SECOND, TANGENT, VALUE, Cell, Entry, Layout
from adtrace.checking.listing import Listing, Truth
from adtrace.checking.local import BITS, NoValue, names_of, value_of
from adtrace.checking.markup import BAR, DOT, DOT2, Unread
from adtrace.checking.printed import EXACT, Printed
from adtrace.checking.problem import Problem
from adtrace.checking.repair import close
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ONE, ZERO, ball, precision

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
    findings: list[Finding] = field(default_factory=list)
    computes: bool | None = None
    """Whether the rows compute the function asked about; None where it is not known."""


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


class Cells(Protocol):
    """What the printed numbers are looked up in: the judge."""

    here: Truth

    def published(self, kind: str, pass_: int, name: str, table: int) -> Finding | None:
        """The number printed for a variable."""


class Published:
    """The printed numbers, and the true ones where none is printed."""

    def __init__(self, cells: Cells, table: int, kinds: frozenset[str], pass_: int) -> None:
        self.cells, self.table, self.kinds, self.pass_ = cells, table, kinds, pass_
        self.used: list[Finding] = []

    def finding(self, name: str) -> Finding | None:
        """The finding on the number printed for a name."""
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
        return self.cells.published(kind, self.pass_ if kind == TANGENT else 0, plain, self.table)

    def __getitem__(self, name: str) -> Scalar:
        finding = self.finding(name)
        if finding is not None and finding.shown is not None:
            self.used.append(finding)
            exact = finding.verdict == RIGHT and finding.how == EXACT and finding.expected is not None
            return finding.expected if exact else finding.shown.fuzzy
        return self.cells.here.on(self.pass_)[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self.finding(name) is not None or name in self.cells.here.on(self.pass_))

    def wrong(self) -> Finding | None:
        """A wrong number among those that were used."""
        return next((f for f in self.used if f.verdict in (ROOT, FOLLOWS)), None)


VALUES, DERIVED, ALL = frozenset({VALUE}), frozenset({TANGENT, ADJOINT}), frozenset({VALUE, TANGENT, ADJOINT})


class Running:
    """The truth, but for the adjoint of one variable, which is what the rows so far have gathered."""

    def __init__(self, there: Truth, name: str, total: Scalar, listing: Listing) -> None:
        self.there, self.name, self.total, self.listing = there, name, total, listing

    def __getitem__(self, name: str) -> Scalar:
        if name.startswith(BAR) and BAR + self.listing.target(name[1:]) == self.name:
            return self.total
        return self.there[name]

    def __contains__(self, name: object) -> bool:
        return name == self.name or name in self.there


def holds(value: Scalar, expected: Scalar) -> bool:
    """Whether a number computed from rounded ones can be the right one."""
    with precision(BITS):
        return bool(ball(value).overlaps(ball(expected)))


def within(value: Scalar, targets: Sequence[Scalar]) -> bool:
    """Whether a target is a ball (a derivative at a kink) that holds the value."""
    return any(type(target) is arb and target.rad() > 1e-3 and target.overlaps(ball(value)) for target in targets)
