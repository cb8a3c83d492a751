"""The operation that was meant, where the one that is written cannot be: a wrong index, a wrong sign, a lost times.

A repair changes one thing in one row.  It is believed if it makes the list compute the function that is asked about,
or, where no function is known, if it gives the number that the row prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isnan

from adtrace.checking.layout import VALUE, Layout
from adtrace.checking.listing import Line, Listing, Truth, random_point, truth
from adtrace.checking.local import BITS, NoValue, formula, middle, names_of, value_of
from adtrace.checking.printed import Printed, agreement, printed
from adtrace.checking.problem import Problem
from adtrace.elementals import SLOTS
from adtrace.language.syntax import SILENT, Apply, Name, Term, Terms, fold, starts
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ONE, precision
from adtrace.tracing.lower import lower
from adtrace.tracing.wengert import Variable, WengertList, flattened

_MOST_ROWS = 60
_MOST_TRIED = 12_000
_TWINS = {"add": ("sub",), "sub": ("add",), "mul": ("div", "add"), "div": ("mul",), "sin": ("cos",), "cos": ("sin",),
          "ln": ("exp",), "exp": ("ln",)}  # fmt: skip


def close(a: Scalar, b: Scalar) -> bool:
    """Whether two numbers are one, as far as 20 digits show."""
    with precision(BITS):
        x, y = middle(a), middle(b)
        return not (isnan(x) or isnan(y)) and abs(x - y) <= 1e-11 * (1 + abs(x) + abs(y))


def function_values(problem: Problem, point: Mapping[str, Scalar]) -> list[Scalar]:
    """The values of the functions at a point.  Raises `NoValue`."""
    with precision(BITS):
        return [value_of(terms, point) for terms in problem.functions]


class Repairer:
    """Holds a listing against the function at a random point, and mends single rows."""

    def __init__(self, layout: Layout, listing: Listing, problem: Problem, point: Mapping[str, Scalar]) -> None:
        self.layout, self.listing, self.problem, self.point = layout, listing, problem, point
        self.shown = _printed_values(layout, listing)
        self.there: dict[str, Scalar] = {}
        self.wanted: list[Scalar] = []
        self.spent = 0
        """Rows evaluated so far in the search; it is given up past a bound."""
        for attempt in range(12):
            there = random_point(listing, point, attempt)
            try:
                self.wanted = function_values(problem, there) if problem.functions else []
            except NoValue:
                continue
            self.there = there
            break

    def consistent(self, listing: Listing) -> bool | None:
        """Whether every function is the value of a row; None where no function is known."""
        if not self.wanted:
            return None
        self.spent += len(listing.lines)
        if self.spent > _MOST_TRIED:
            return False
        values = truth(listing, self.there).values
        return all(any(close(value, want) for value in values.values()) for want in self.wanted)

    def repair(self) -> None:
        """Mend the rows that cannot be as they are written; what is written stays in ``Line.written``."""
        if len(self.listing.lines) > _MOST_ROWS:
            return
        for _ in range(4):
            done = self.listing.order()
            broken = [name for name in self.listing.lines if name not in done]
            first = next((n for n in broken if self.is_first(n, broken)), None)
            if first is None or not self.mend(first, impossible=not self.lacks_a_row(first)):
                break
        if self.consistent(self.listing) is False:
            self.mend_for_function()
        self.outputs()

    def lacks_a_row(self, name: str) -> bool:
        """Whether a row uses one that is not there: it may be the missing row that is wrong, not this one."""
        known = {*self.listing.lines, *self.listing.variables}
        return any(self.listing.target(n) not in known for n in names_of(self.listing.lines[name].terms))

    def is_first(self, name: str, broken: Sequence[str]) -> bool:
        """Whether a row cannot be for its own reason, not because of a row before it."""
        others = [n for n in names_of(self.listing.lines[name].terms) if n in broken and n != name]
        place = list(self.listing.lines)
        return all(place.index(other) > place.index(name) for other in others)

    def mend(self, name: str, *, impossible: bool) -> bool:
        """Replace the operation of a row by the nearest one that gives its number."""
        line = self.listing.lines[name]
        here = truth(self.listing, self.point)
        fitting: list[Terms] = []
        for terms in self.candidates(name):
            shown = self.shown.get(name)
            try:
                with precision(BITS):
                    value = value_of(terms, here)
            except NoValue:
                continue
            if shown is not None and not agreement(shown, value):
                continue
            fitting.append(terms)
            if self.consistent(self.with_line(name, terms)):
                self.accept(name, terms)
                return True
            if len(fitting) > 200:
                break
        if fitting and impossible and (self.shown.get(name) is not None or line.written == ()):
            self.accept(name, fitting[0])
            return True
        return False

    def mend_for_function(self) -> None:
        """One row, or two, changed so that the function comes out; first the rows whose number disagrees."""
        here = truth(self.listing, self.point)
        suspects = [name for name in self.listing.lines if self.disagrees(name, here)]
        for name in suspects:
            if self.mend(name, impossible=False):
                return
        for name in [n for n in self.listing.lines if n not in suspects and not self.listing.is_input(n)]:
            for terms in self.candidates(name):
                if self.consistent(self.with_line(name, terms)):
                    self.accept(name, terms)
                    return
        for name in suspects:  # two rows at once: believe the first number that another operation explains
            if self.mend(name, impossible=True):
                if self.consistent(self.listing):
                    return
                self.mend_for_function_once()
                return

    def mend_for_function_once(self) -> None:
        """A second row, after a first that alone does not give the function."""
        here = truth(self.listing, self.point)
        for name in [n for n in self.listing.lines if self.disagrees(n, here)]:
            if self.mend(name, impossible=False):
                return

    def disagrees(self, name: str, here: Truth) -> bool:
        """Whether the printed value of a row is not that of its operation."""
        shown = self.shown.get(name)
        return shown is not None and name in here.values and not agreement(shown, here.values[name])

    def outputs(self) -> None:
        """The rows that only rename a result: y_1 must be the first function, and so on."""
        if not self.wanted:
            self.renamed_by_number()
            return
        values = truth(self.listing, self.there).values
        renames = [n for n, line in self.listing.lines.items() if _renames(line) and not self.listing.is_input(n)]
        renames = [n for n in renames if n.partition("_")[0] in ("y", "f", "z")]
        if len(self.wanted) == 1:
            pairs = [(name, self.wanted[0]) for name in renames]
        else:
            pairs = [(n, self.wanted[i]) for n in renames for i in [_index(n)] if 0 <= i < len(self.wanted)]
        for name, want in pairs:
            if name in values and close(values[name], want):
                continue
            meant = [n for n, value in values.items() if n != name and n in self.listing.lines and close(value, want)]
            if meant:
                self.accept(name, (Name(meant[0], 0),))
        rows = [next((n for n, v in reversed(values.items()) if close(v, want)), "") for want in self.wanted]
        if all(rows):
            self.listing.outputs = tuple(rows)

    def renamed_by_number(self) -> None:
        """A row that only renames a result, and has the number of another row: that one is meant."""
        here = truth(self.listing, self.point)
        for name, line in self.listing.lines.items():
            shown = self.shown.get(name)
            if shown is None or not _renames(line) or self.listing.is_input(name) or not self.disagrees(name, here):
                continue
            rows = [n for n, other in self.listing.lines.items() if not _renames(other) and n in here.values]
            meant = [n for n in rows if agreement(shown, here.values[n])]
            if len(meant) == 1 and name.partition("_")[0] in ("y", "f", "z"):
                self.accept(name, (Name(meant[0], 0),))

    def with_line(self, name: str, terms: Terms) -> Listing:
        """The listing with another operation in one row."""
        lines = dict(self.listing.lines)
        lines[name] = replace(lines[name], terms=terms)
        return replace(self.listing, lines=lines)

    def accept(self, name: str, terms: Terms) -> None:
        """Take an operation for the one that is meant."""
        line = self.listing.lines[name]
        if tuple(terms) == tuple(line.terms):
            return
        written = line.terms if line.written is None else line.written
        self.listing.lines[name] = replace(line, terms=tuple(terms), written=tuple(written))

    def candidates(self, name: str) -> Iterator[Terms]:
        """Operations near the written one, nearest first; for an unreadable one every simple operation."""
        line = self.listing.lines[name]
        place = list(self.listing.lines).index(name)
        names = [*self.listing.variables, *list(self.listing.lines)[:place]]
        stands = {self.listing.target(n) for n in self.layout.names}
        names = [n for n in names if n in stands or n not in self.listing.lines] if stands else names
        names.sort(key=lambda n: n in self.listing.variables and n not in self.layout.names)
        if line.written != ():
            yield from _near(line.terms, names, name)
        yield from _simple(names)


def _renames(line: Line) -> bool:
    return len(line.terms) == 1 and type(line.terms[0]) is Name


def _index(name: str) -> int:
    tail = name.partition("_")[2]
    return int(tail) - 1 if tail.isdigit() else 0


def _near(terms: Terms, names: Sequence[str], own: str) -> Iterator[Terms]:
    """One change: a name, a sign, a function, the order of two operands, brackets."""
    for index, term in enumerate(terms):
        if type(term) is Name and term.name not in ("pi", "e"):
            for other in sorted(names, key=lambda n, name=term.name: (_distance(n, name), n)):  # type: ignore[misc]
                if other not in (term.name, own):
                    yield (*terms[:index], Name(other, 0), *terms[index + 1 :])
    for index, term in enumerate(terms):
        if type(term) is Apply:
            for head in _TWINS.get(term.head, ()):
                yield (*terms[:index], Apply(head, term.arity, 0), *terms[index + 1 :])
    last = terms[-1] if terms else None
    if type(last) is Apply and last.head in ("sub", "div") and len(terms) == 3:
        yield (terms[1], terms[0], last)
    if terms:
        yield (*terms, Apply("neg", 1, 0))
        if type(last) is Apply and last.head == "neg":
            yield tuple(terms[:-1])


def _distance(a: str, b: str) -> int:
    """How unlike two names are: a lost minus is nearest, then a neighbouring index."""
    (base, _, i), (other, _, j) = a.partition("_"), b.partition("_")
    if base != other or not i or not j:
        return 50
    if int(i) == -int(j):
        return 0
    return abs(int(i) - int(j))


def _simple(names: Sequence[str]) -> Iterator[Terms]:
    for a in names:
        yield (Name(a, 0),)
    for head in ("mul", "add", "sub", "div"):
        for i, a in enumerate(names):
            for j, b in enumerate(names):
                if head in ("sub", "div") or i <= j:
                    yield (Name(a, 0), Name(b, 0), Apply(head, 2, 0))
    for head in ("neg", "ln", "exp", "sin", "cos", "tan", "sqrt"):
        for a in names:
            yield (Name(a, 0), Apply(head, 1, 0))


def _printed_values(layout: Layout, listing: Listing) -> dict[str, Printed]:
    found: dict[str, Printed] = {}
    for entry in layout.entries:
        if entry.kind == VALUE and entry.final and entry.reading is not None and entry.reading.closed:
            try:
                found.setdefault(listing.target(entry.name), printed(entry.reading))
            except NoValue:
                continue
    return found


# ------------------------------------------------------------------------ tables that write no operations of their own


def invented(layout: Layout, listing: Listing, problem: Problem, point: Mapping[str, Scalar]) -> Listing | None:
    """A listing of the function under the names of a table that has no operations, if its numbers support one."""
    if len(problem.functions) != 1:
        return None
    names = [n for n in (*layout.names, *(entry.name for entry in layout.entries)) if "_" in n]
    names = list(dict.fromkeys(n for n in names if n not in problem.variables or not _also_numbered(n, names)))
    if not names:
        return None
    bases = [name.partition("_")[0] for name in names]
    base = max(set(bases), key=bases.count)
    indices = [int(n.partition("_")[2]) for n in names if n.partition("_")[0] == base and _whole(n.partition("_")[2])]
    if not indices:
        return None
    best: tuple[float, int, Listing] | None = None
    for wengert in _lowerings(problem.functions[0], problem.variables):
        for start in dict.fromkeys((1 - len(problem.variables), 0, 1)):
            made = _named(wengert, base, start, problem.variables)
            if not set(indices) <= set(range(start, start + len(problem.variables) + len(wengert.rows))):
                continue
            here = truth(made, point, [{problem.variables[0]: ONE}])
            score, count = _score(layout, made, here)
            full = len(indices) >= len(problem.variables) + len(wengert.rows)
            if count >= 2 and score > 0.6 and (full or score == 1.0 or _score_is_clear(score, count)):
                key = (score + 0.1 * full, -len(wengert.rows), made)
                if best is None or key[:2] > best[:2]:
                    best = key
    return best[2] if best else None


def _score_is_clear(score: float, count: int) -> bool:
    return score >= 0.75 and count >= 4


def _also_numbered(name: str, names: Sequence[str]) -> bool:
    return sum(other.partition("_")[0] == name.partition("_")[0] for other in names) < 2


def _whole(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _score(layout: Layout, listing: Listing, here: Truth) -> tuple[float, int]:
    """The share of the printed numbers that the listing explains."""
    marks: dict[str, Callable[[str], Scalar | None]] = {
        "value": here.look,
        "tangent": lambda n: here.look(f".{n}"),
        "adjoint": lambda n: here.look(f"~{n}"),
    }
    good = count = 0
    for entry in layout.entries:
        if entry.kind in marks and entry.final and entry.reading is not None and entry.reading.closed:
            value = marks[entry.kind](listing.target(entry.name))
            if value is None:
                continue
            try:
                shown = printed(entry.reading)
            except NoValue:
                continue
            count += 1
            good += bool(agreement(shown, value))
    return (good / count if count else 0.0), count


def _lowerings(terms: Terms, variables: Sequence[str]) -> Iterator[WengertList]:
    expression = formula(terms)
    for sharing in (True, False):
        yield lower(expression, variables, sharing=sharing)
    yield _in_postfix(terms, variables)
    yield lower(formula(_regrouped(tuple(terms))), variables)


def _regrouped(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """``a + b - c`` as ``a + (b - c)``, throughout."""

    def apply(term: Apply, operands: list[tuple[Term, ...]]) -> tuple[Term, ...]:
        left = operands[0]
        if term.head in ("add", "sub") and type(left[-1]) is Apply and left[-1].head == "add":
            cut = starts(left)[len(left) - 2]
            return (*left[:cut], *left[cut:-1], *operands[1], term, left[-1])
        return (*(t for operand in operands for t in operand), term)

    return fold(terms, lambda term: (term,), apply, silent=True)


def _in_postfix(terms: Terms, variables: Sequence[str]) -> WengertList:
    """The rows in the order in which a stack machine meets them."""
    whole = lower(formula(terms), variables)
    order: list[int] = []

    def visit(index: int) -> None:
        for operand in whole.rows[index - 1].operands:
            if type(operand) is Variable and operand > 0 and operand not in order:
                visit(operand)
        if index not in order:
            order.append(index)

    if whole.rows and len(whole.rows) < _MOST_ROWS:
        visit(len(whole.rows))
    place = {old: new for new, old in enumerate(order, start=1)}
    rows = tuple(
        whole.rows[old - 1]._replace(
            operands=tuple(
                Variable(place[x]) if type(x) is Variable and x > 0 else x for x in whole.rows[old - 1].operands
            )
        )
        for old in order
    )
    return replace(whole, flat=flattened(rows, whole.first), dependents=(Variable(len(rows)),))


def _named(wengert: WengertList, base: str, start: int, variables: Sequence[str]) -> Listing:
    """The Wengert list under these names; a lone negation is part of the row that uses it."""
    names = {Variable(wengert.first + i): f"{base}_{start + i}" for i in range(len(variables))}
    lines = {
        f"{base}_{start + i}": Line(f"{base}_{start + i}", (Name(v, 0),), None)
        for i, v in enumerate(variables)
        if v != f"{base}_{start + i}"
    }
    uses: dict[int, int] = {}
    for row in wengert.rows:
        for operand in row.operands:
            if type(operand) is Variable:
                uses[operand] = uses.get(operand, 0) + 1
    inside: dict[int, tuple[Term, ...]] = {}
    number = start + len(variables)
    last = ""
    for index, row in enumerate(wengert.rows, start=1):
        texts: dict[str, tuple[Term, ...]] = {}
        for slot, operand in zip(SLOTS, row.operands, strict=False):
            if type(operand) is Variable:
                texts[slot] = inside.get(operand, (Name(names.get(operand, ""), 0),))
            else:
                texts[slot] = tuple(operand.terms)  # type: ignore[union-attr]
        terms = tuple(
            piece
            for term in row.elemental.formula
            for piece in (texts.get(term.name, (term,)) if type(term) is Name else (term,))
            if not (type(piece) is Apply and piece.head in SILENT)
        )
        if row.elemental.name == "neg" and uses.get(index) == 1 and index < len(wengert.rows):
            inside[index] = terms
            continue
        names[Variable(index)] = last = f"{base}_{number}"
        lines[last] = Line(last, terms, None)
        number += 1
    lines["y"] = Line("y", (Name(last or next(iter(names.values())), 0),), None)
    return Listing(tuple(variables), lines, ("y",), {}, (), invented=True)
