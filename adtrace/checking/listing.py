"""The author's own rows as a Wengert list (their operations, their numbering), and what every cell should be.

A row that is an input is an independent variable, or stands for one; every other row is an expression of rows.
`Truth` holds the values, tangents and adjoints of the list at one point, computed from its own operations alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flint import fmpq

from adtrace.checking.freehand import PARTIAL, Reading
from adtrace.checking.layout import OPERATION, VALUE, Cell, Entry, Layout
from adtrace.checking.local import BITS, NoValue, names_of, swept, value_of
from adtrace.checking.markup import BAR, DOT
from adtrace.language.syntax import Name, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ONE, ZERO, add, mul, precision


@dataclass
class Line:
    """One row of the author."""

    name: str
    terms: Terms
    cell: Cell | None
    written: Terms | None = None
    """What the author wrote, where `terms` is what was meant."""
    problem: str = ""
    """Why the written operation cannot be, in words."""


@dataclass
class Listing:
    """The author's Wengert list."""

    variables: tuple[str, ...]
    """The independent variables in their order."""
    lines: dict[str, Line] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()
    """The rows that are the dependent variables."""
    aliases: dict[str, str] = field(default_factory=dict)
    unresolved: tuple[str, ...] = ()
    """Rows of which no operation is known."""
    invented: bool = False
    """Whether the operations are the function's, since the table writes none."""

    def target(self, name: str) -> str:
        """The row that a name means."""
        return self.aliases.get(name, name)

    def order(self) -> list[str]:
        """The rows with each after its operands; a row in a cycle is left out."""
        done: dict[str, bool] = {}
        found: list[str] = []
        for start in self.lines:
            stack = [(start, False)]
            while stack:
                name, ready = stack.pop()
                if ready:
                    operands = [self.target(n) for n in names_of(self.lines[name].terms)]
                    good = all(done.get(n, n in self.variables) for n in operands)
                    done[name] = good
                    if good and name not in found:
                        found.append(name)
                elif name in self.lines and name not in done:
                    done[name] = False
                    stack.append((name, True))
                    stack += [(self.target(n), False) for n in names_of(self.lines[name].terms)]
        return found

    def is_input(self, name: str) -> bool:
        """Whether the row is an independent variable or only stands for one, or for a number."""
        name = self.target(name)
        if name in self.variables:
            return True
        line = self.lines.get(name)
        if line is None:
            return False
        names = names_of(line.terms)
        return not names or (len(line.terms) == 1 and names[0] in self.variables)


@dataclass
class Truth:
    """Every number of a listing at one point; by name it knows ``v_1``, ``.v_1``, ``~v_1`` and ``v_3|v_1``."""

    listing: Listing
    values: dict[str, Scalar]
    partials: dict[str, dict[str, Scalar]]
    tangents: list[dict[str, Scalar]]
    adjoints: dict[str, Scalar]
    weights: dict[str, Scalar]
    pass_: int = 0
    problems: dict[str, str] = field(default_factory=dict)

    def on(self, pass_: int) -> Truth:
        """The same truth, with the tangents of another column."""
        return Truth(self.listing, self.values, self.partials, self.tangents, self.adjoints, self.weights, pass_)

    def __getitem__(self, name: str) -> Scalar:
        found = self.look(name)
        if found is None:
            raise KeyError(name)
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.look(name) is not None

    def look(self, name: str) -> Scalar | None:
        """The number, or None where there is none."""
        target = self.listing.target
        if PARTIAL in name:
            above, below = name.split(PARTIAL)
            return self.partial(target(above), target(below))
        if name.startswith(".."):
            return None
        if name.startswith(DOT):
            tangents = self.tangents[self.pass_] if 0 <= self.pass_ < len(self.tangents) else {}
            return tangents.get(target(name[1:]))
        if name.startswith(BAR):
            found = self.adjoints.get(target(name[1:]))
            return self.output_weight(name[1:]) if found is None else found
        return self.values.get(target(name))

    def output_weight(self, name: str) -> Scalar | None:
        """The weight of a dependent variable that has no row of its own: ``~y``."""
        outputs = self.listing.outputs
        base, _, index = name.partition("_")
        if base not in ("y", "f", "z", "L"):
            return None
        place = int(index) - 1 if index.isdigit() else 0
        return self.weights.get(outputs[place], ONE) if place < len(outputs) else None

    def partial(self, above: str, below: str) -> Scalar | None:
        """The local partial of a row by an operand; by anything else the total derivative."""
        direct = self.partials.get(above)
        if direct is None:
            outputs = self.listing.outputs
            if above in self.values or not outputs or above.partition("_")[0] not in ("y", "f", "z", "L"):
                return ONE if above == below and above in self.values else ZERO if above in self.values else None
            return self.adjoints.get(below)
        if below in direct:
            return direct[below]
        if above == below:
            return ONE
        if below not in self.values:
            return None
        return _reversed(self.listing, self.partials, {above: ONE}).get(below, ZERO)


def truth(
    listing: Listing,
    point: Mapping[str, Scalar],
    seeds: Sequence[Mapping[str, Scalar]] = (),
    weights: Mapping[str, Scalar] | None = None,
) -> Truth:
    """Evaluate a listing at a point with these seeds; rows without a value are left out, with their problem."""
    with precision(BITS):
        values: dict[str, Scalar] = {name: point[name] for name in listing.variables if name in point}
        partials: dict[str, dict[str, Scalar]] = {}
        problems: dict[str, str] = {}
        look = _Values(values, listing)
        for name in listing.order():
            terms = listing.lines[name].terms
            try:
                try:
                    value, gradient = swept(terms, look)
                except NoValue:
                    value, gradient = value_of(terms, look), {}
                values[name] = value
                merged: dict[str, Scalar] = {}
                for operand, partial in gradient.items():
                    key = listing.target(operand)
                    merged[key] = add(merged[key], partial) if key in merged else partial
                partials[name] = merged
            except NoValue as problem:
                problems[name] = str(problem)
        chosen = dict(weights or dict.fromkeys(listing.outputs[:1], ONE))
        tangents = [_tangents(listing, partials, seed) for seed in seeds]
        adjoints = _reversed(listing, partials, chosen)
        for name in values:
            adjoints.setdefault(name, ZERO)
        return Truth(listing, values, partials, tangents, adjoints, chosen, 0, problems)


class _Values:
    """The values so far, under every name of a row."""

    def __init__(self, values: dict[str, Scalar], listing: Listing) -> None:
        self.values_, self.listing = values, listing

    def __getitem__(self, name: str) -> Scalar:
        return self.values_[self.listing.target(name)]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.listing.target(name) in self.values_


def _tangents(
    listing: Listing, partials: Mapping[str, Mapping[str, Scalar]], seed: Mapping[str, Scalar]
) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {name: seed.get(name, ZERO) for name in listing.variables}
    for name, gradient in partials.items():
        total = ZERO
        for operand, partial in gradient.items():
            total = add(total, mul(partial, found.get(operand, ZERO)))
        found[name] = total
    return found


def _reversed(
    listing: Listing, partials: Mapping[str, Mapping[str, Scalar]], weights: Mapping[str, Scalar]
) -> dict[str, Scalar]:
    found: dict[str, Scalar] = dict(weights)
    for name in reversed(list(partials)):
        adjoint = found.get(name)
        if adjoint is None:
            continue
        for operand, partial in partials[name].items():
            increment = mul(adjoint, partial)
            found[operand] = add(found[operand], increment) if operand in found else increment
    return found


# ------------------------------------------------------------------------------------------ from entries to a listing


def listing_of(layout: Layout, variables: Sequence[str], point: Mapping[str, Scalar]) -> Listing:
    """The rows as the author wrote them; ``variables`` and ``point`` are those given, and may be empty."""
    listing = Listing(tuple(variables), aliases=dict(layout.aliases))
    written = operations(layout)
    claimed = [name for name in layout.names if name in variables]
    claimed += [
        entry.reading.names[0]
        for entry in written.values()
        if entry.reading
        and len(entry.reading.terms) == 1
        and entry.reading.names
        and entry.reading.names[0] in variables
    ]
    free = [name for name in variables if name not in claimed]
    found: list[str] = list(variables)
    unresolved: list[str] = []
    numbers = [entry for entry in written.values() if entry.reading is not None and entry.reading.closed]
    spare = len([e for e in numbers if e.name not in variables]) > len(free)
    for name in layout.names:
        entry = written.get(name)
        if name in listing.variables:
            continue
        reading = entry.reading if entry else None
        cell = entry.cell if entry else layout.names[name]
        if reading is None:
            if entry is not None:
                listing.lines[name] = Line(name, (Name(name, 0),), cell, (), entry.problem)
            else:
                unresolved.append(name)
            continue
        if reading.closed and not (variables and not free):
            source = _source(reading, free, point, spare) if variables else name
            if not source:
                listing.lines[name] = Line(name, reading.terms, cell)
                continue
            if source in free:
                free.remove(source)
            if source != name:
                listing.lines[name] = Line(name, (Name(source, 0),), cell)
            elif name not in found:
                found.append(name)
            continue
        single = reading.names[0] if len(reading.terms) == 1 and reading.names else ""
        if single and (single == name or (single not in layout.names and single not in layout.aliases)):
            _input(listing, Line(name, (Name(single, 0),), cell), found, free)
            continue
        listing.lines[name] = Line(name, reading.terms, cell)
    listing.variables = tuple(found)
    _undefined(listing, variables, free)
    listing.unresolved = tuple(name for name in unresolved if name not in listing.lines)
    listing.outputs = _outputs(listing)
    return listing


def _input(listing: Listing, line: Line, found: list[str], free: list[str]) -> None:
    """A row that is an input: itself, or a variable of the function under its own name.

    ``found`` are the independent variables so far, ``free`` those of the function that no row stands for yet.
    """
    single = names_of(line.terms)[0]
    if listing.variables and single not in found:
        if not free:
            listing.lines[line.name] = line
            return
        single = free.pop(0)
    if single not in found:
        found.append(single)
    if single != line.name:
        listing.lines[line.name] = Line(line.name, (Name(single, 0),), line.cell)


def _undefined(listing: Listing, variables: Sequence[str], free: list[str]) -> None:
    """Inputs that have no row of their own: names that are used and never defined, in the order of their index."""
    used = {listing.target(n) for line in listing.lines.values() for n in names_of(line.terms)}
    missing = sorted((n for n in used if n not in listing.lines and n not in listing.variables), key=_by_index)
    unused = [name for name in variables if name not in used and name in free]
    if missing and len(missing) == len(unused):
        for name, source in zip(missing, unused, strict=True):
            listing.lines[name] = Line(name, (Name(source, 0),), None)


def _by_index(name: str) -> tuple[str, int]:
    base, _, index = name.partition("_")
    return base, int(index) if index.lstrip("-").isdigit() else 0


def operations(layout: Layout) -> dict[str, Entry]:
    """For each row the entry that says what it is: the first that can be read."""
    found: dict[str, Entry] = {}
    for entry in layout.entries:
        if entry.kind == OPERATION and entry.name not in found:
            found[entry.name] = entry
        elif entry.kind == OPERATION and entry.reading is not None and found[entry.name].reading is None:
            elsewhere = entry.cell.table != found[entry.name].cell.table
            found[entry.name] = entry if elsewhere else found[entry.name]
    for entry in layout.entries:  # an input row that says "x_1 = x_1" in one cell and "x" in the next
        said = found[entry.name].reading if entry.kind == OPERATION else None
        itself = said is not None and said.names == (entry.name,)
        if itself and entry.reading is not None and entry.reading.names not in ((), (entry.name,)):
            found[entry.name] = entry
    return found


def _source(reading: Reading, free: list[str], point: Mapping[str, Scalar], spare: bool) -> str:
    """The variable that an input row with a number stands for: of that value, else the next; none for a constant."""
    try:
        value = value_of(reading.terms, {})
        for name in free:
            if name in point and _same(value, point[name]):
                return name
    except NoValue:
        pass
    return "" if spare and point else free[0]


def _same(a: Scalar, b: Scalar) -> bool:
    from adtrace.checking.local import middle  # noqa: PLC0415 - a name that is used once

    return abs(middle(a) - middle(b)) <= 1e-9 * (1 + abs(middle(a)))


def _outputs(listing: Listing) -> tuple[str, ...]:
    """The dependent variables: rows that no other row uses, those that only rename a row included."""
    used = {listing.target(n) for line in listing.lines.values() for n in names_of(line.terms)}
    sinks = [name for name in listing.lines if name not in used]
    named = [name for name in sinks if name.partition("_")[0] in ("y", "f", "z", "L", "J", "E", "F", "g")]
    return tuple(named or sinks[-1:] if len(sinks) < 2 else named or sinks)


def random_point(listing: Listing, near: Mapping[str, Scalar], attempt: int) -> dict[str, Scalar]:
    """A second point at which a formula is tried: near the first, where the domain is likely to be the same."""
    chance = random.Random(f"adtrace {attempt}")
    found: dict[str, Scalar] = {}
    for name in listing.variables:
        factor = fmpq(chance.randrange(1021, 1789), 1400)
        if name in near:
            shift = fmpq(chance.randrange(13, 97), 500 * (attempt + 1))
            shrunk = 1 + (factor - 1) / (attempt + 1)
            found[name] = add(mul(near[name], shrunk), shift)
        else:
            found[name] = factor
    return found


def random_seed(listing: Listing, attempt: int) -> dict[str, Scalar]:
    """Tangents of the independent variables that no coincidence explains."""
    chance = random.Random(f"seed {attempt}")
    return {name: fmpq(chance.randrange(601, 1999), 1000) for name in listing.variables}


def input_values(layout: Layout, listing: Listing) -> dict[str, Scalar]:
    """The point as the table itself prints it."""
    found: dict[str, Scalar] = {}
    written = operations(layout)
    candidates: Iterable[Entry] = (
        *(entry for entry in layout.entries if entry.kind == VALUE and entry.final),
        *(entry for entry in written.values() if entry.reading is not None and entry.reading.closed),
    )
    for entry in candidates:
        name = listing.target(entry.name)
        line = listing.lines.get(name)
        source = name if name in listing.variables else ""
        if line is not None and len(line.terms) == 1 and names_of(line.terms):
            source = names_of(line.terms)[0] if names_of(line.terms)[0] in listing.variables else ""
        if source and source not in found and entry.reading is not None and entry.reading.closed:
            try:
                found[source] = value_of(entry.reading.terms, {})
            except NoValue:
                continue
    return found
