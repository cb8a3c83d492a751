"""The numbers of a piece of work: of every row its value, tangents, adjoints and partials.

A `Subject` is one number, whatever it is called in a table; `Figures` has them at a point, in a number system.
Formulas are compared at a point nearby, in doubles, where no factor is 0 or 1 by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import prod
from typing import Any, NamedTuple

from adtrace.arrays.index_rules import Shape
from adtrace.checking.readings.rewriting import names_of, reached
from adtrace.checking.work.nearby import moved_point, without_kinks
from adtrace.checking.work.partials import (
    MOST_ENTRIES,
    diagonal,
    gathered,
    partials_of,
    pulled,
    pushed,
    sum_of,
    turned_partials,
)
from adtrace.checking.work.rules import (
    ADJOINT,
    AND,
    HESSIAN,
    INCREMENT,
    ORDERS,
    PARTIAL,
    SECOND_ADJOINT,
    SECOND_PARTIAL,
    TANGENT,
    VALUE,
)
from adtrace.checking.work.shapes import close
from adtrace.checking.work.values import (
    NoValue,
    Numbers,
    Rows,
    Seed,
    Swept,
    entry_by_entry,
    hull,
    shape_of,
    value_of,
)
from adtrace.elementals import rule
from adtrace.language.lists import nested
from adtrace.language.syntax import ARRAY, PART, Apply, Number, Terms
from adtrace.language.syntax import Name as Leaf
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.seeds import unit

ANYWHERE = "\x00anywhere"
"""A seed in which no tangent is 0 or 1 by chance."""
ENTRIES = "*"
"""Behind an operand: the partial entry by entry, cos(x) of sin(x), and not its matrix."""
OCCURRENCE = "#"
"""Between an operand and the place, among all operands, of one of those that are alike."""
SUM = " + "
"""Between the names of outputs whose sum is differentiated."""


class Subject(NamedTuple):
    """One number: a quantity of a variable."""

    quantity: str
    variable: str
    by: str = ""
    """Of a tangent its seed, of an adjoint the row that is differentiated, of a partial the operand."""


@dataclass(frozen=True, eq=False)
class Work:
    """Rows that compute something, and where."""

    rows: Rows
    """Each variable with its operation, operands before use."""
    inputs: tuple[str, ...]
    point: tuple[Terms, ...]
    seeds: Mapping[str, Seed] = field(default_factory=dict)
    """The seeds by name: that of each independent variable alone has its name."""
    weights: Mapping[str, Terms] = field(default_factory=dict)
    """The adjoints of outputs that are arrays, where they are not 1."""
    unlocated: frozenset[str] = frozenset()
    """The independent variables whose value nobody tells: what depends on one has no number."""
    constants: frozenset[str] = frozenset()
    """The independent variables by which nothing is differentiated."""
    from_zero: frozenset[str] = frozenset()
    """The arrays whose entries are counted from 0."""

    def but(self, **changes: Any) -> Work:
        """The work with changes: the one that was made so before, with its numbers, for those of a class are alike."""
        each = vars(replace(self, **changes)).values()
        return _shared(*(_Entries(one) if isinstance(one, Mapping) else one for one in each))

    @cached_property
    def meant(self) -> dict[tuple[Terms, Hashable], list[dict[str, Subject]]]:
        """What the names of formulas may stand for in their contexts, as far as it was asked."""
        return {}

    def seed(self, name: str) -> Seed:
        """The seed of this name; one in no special direction, where formulas are compared."""
        if name == ANYWHERE:
            anywhere = ((Number("", 713 + 292 * k, -3, 0),) for k in range(len(self.inputs)))
            return tuple(rule("0") if u in self.constants else x for u, x in zip(self.inputs, anywhere, strict=True))
        return self.seeds[name]

    @cached_property
    def operations(self) -> dict[str, Terms]:
        """The operation of each row."""
        return dict(self.rows)

    @cached_property
    def arrays(self) -> frozenset[str]:
        """The independent variables that are arrays."""
        pairs = zip(self.inputs, self.point, strict=True)
        return frozenset(name for name, terms in pairs if any(getattr(term, "head", "") == ARRAY for term in terms))

    @cached_property
    def examples(self) -> frozenset[str]:
        """The inputs beside arrays that are called as examples and labels are, and no parameters: x, X_1, y, t."""
        inputs = self.inputs if self.arrays else ()
        return frozenset(name for name in inputs if name.partition("_")[0].lower() in ("x", "y", "t"))

    @property
    def has_arrays(self) -> bool:
        """Whether an independent variable is an array."""
        return bool(self.arrays)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """All of them: independent ones first."""
        return (*self.inputs, *self.operations)

    @cached_property
    def same(self) -> dict[str, str]:
        """For each variable the one that it is another name of; most are names of their own."""
        found: dict[str, str] = {name: name for name in self.inputs}
        for name, terms in self.rows:
            other = terms[0].name if len(terms) == 1 and type(terms[0]) is Leaf else ""
            found[name] = found.get(other, name)
        return found

    @cached_property
    def called(self) -> dict[str, tuple[str, ...]]:
        """For each of these all its names."""
        found: dict[str, tuple[str, ...]] = {}
        for name, same in self.same.items():
            found[same] = (*found.get(same, ()), name)
        return found

    @cached_property
    def operands(self) -> dict[str, tuple[str, ...]]:
        """The operands of each row that is no other name of one, under the names by which each is the same."""
        return {
            name: tuple(dict.fromkeys(self.same.get(u, u) for u in names_of(terms)))
            for name, terms in self.rows if self.same[name] == name
        }  # fmt: skip

    @cached_property
    def uses(self) -> dict[str, tuple[str, ...]]:
        """The rows in which each variable is an operand."""
        found: dict[str, list[str]] = {}
        for name, operands in self.operands.items():
            for operand in operands:
                found.setdefault(operand, []).append(name)
        return {name: tuple(rows) for name, rows in found.items()}

    def sources(self, subject: Subject) -> Mapping[str, Subject]:
        """The rows from whose tangents a tangent comes, or from whose adjoints an adjoint, each with its partial."""
        row = self.same.get(subject.variable, subject.variable)
        return self._sources.get((subject.quantity == TANGENT, row), {})

    @cached_property
    def _sources(self) -> dict[tuple[bool, str], dict[str, Subject]]:
        operands, uses = self.operands.items(), self.uses.items()
        of_adjoints = {(False, row): {use: Subject(PARTIAL, use, row) for use in of} for row, of in uses}
        return of_adjoints | {(True, row): {u: Subject(PARTIAL, row, u) for u in of} for row, of in operands}

    def ancestors(self, row: str) -> frozenset[str]:
        """The rows from which one is computed."""
        return reached(row, lambda name: self.operands.get(name, ()))

    @cached_property
    def entries(self) -> dict[str, tuple[str, Any]]:
        """The rows that are called as an entry of another and are one: of which, and where in it."""
        parts = ((name, terms[0], terms[-1]) for name, terms in self.rows if len(terms) == 2)
        return {
            name: (base.name, dict(part.options)["index"]) for name, base, part in parts
            if type(base) is Leaf and type(part) is Apply and part.head == PART and name.startswith(f"{base.name}_")
        }  # fmt: skip

    def whole(self, name: str) -> str:
        """The row of which a row is an entry; itself, if it is none."""
        return self.entries.get(name, (name, ()))[0]

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The rows of which no other row uses more than an entry, by the last name of each."""
        last = {self.same[name]: name for name in self.variables}
        unused = self.entries.keys() - self.uses.keys()
        sinks = [name for name in self.operands if name not in unused and unused.issuperset(self.uses.get(name, ()))]
        return tuple(last[name] for name in sinks) or tuple(self.variables[-1:])

    @cached_property
    def open(self) -> frozenset[str]:
        """All that has no number, since it is computed from what nobody tells."""
        found = set(self.unlocated)
        for name, terms in self.rows:
            if found.intersection(names_of(terms)):
                found.add(name)
        return frozenset(found)

    @cached_property
    def constant(self) -> frozenset[str]:
        """All that is a number or computed from constants alone, by each of its names."""
        found = set(self.constants)
        for name, operands in self.operands.items():
            if found.issuperset(operands):
                found.add(name)
        return frozenset(name for name, same in self.same.items() if same in found)

    @property
    def exact(self) -> Figures:
        """Its numbers at the point.  Raises `NoValue`."""
        if isinstance(self._exact, NoValue):
            raise self._exact
        return self._exact

    @cached_property
    def _exact(self) -> Figures | NoValue:
        try:
            return Figures(self, self.point)
        except NoValue as reason:  # once: many cells ask
            return reason

    @cached_property
    def near(self) -> tuple[Figures, ...]:
        """Its numbers at points nearby, in doubles: to both sides where that may matter, else at one."""
        found: list[Figures] = []
        for sign in (1, -1, 3):
            try:
                moved = zip(self.inputs, self.point, moved_point(self.inputs, self.point, sign), strict=True)
                point = tuple(there if name in self.uses else here for name, here, there in moved)  # p - t, with t told
                found.append(Figures(self, point, FLOATS))
            except NoValue:
                continue
            if len(found) == 1 and not (isinstance(self._exact, Figures) and self._exact.at_kinks):
                break
        return tuple(found[:2])

    @cached_property
    def straight(self) -> tuple[Figures, ...]:
        """Its numbers at a point nearby with lines in the place of what is at a kink, by each convention: for formulas
        of derivatives.
        """
        found: list[Figures] = []
        for side in range(3 if self.near and self.exact.at_kinks and not self.exact.of_arrays else 0):
            with suppress(NoValue):
                rows = tuple((name, without_kinks(terms, self.exact.primal, side)) for name, terms in self.rows)
                found.append(Figures(self.but(rows=rows), moved_point(self.inputs, self.point, 1), FLOATS))
        return tuple(found)

    @cached_property
    def further(self) -> tuple[Figures, ...]:
        """Its numbers further away, in doubles, once for all that is asked; none where it has none there."""
        with suppress(NoValue):
            return (Figures(self, moved_point(self.inputs, self.point, 7), FLOATS),)
        return ()


class _Entries(dict[str, Any]):
    """A mapping that is looked up by its entries."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


_shared = lru_cache(maxsize=32)(Work)


class Figures:
    """The numbers of a piece of work at one point, each computed once; at a kink a ball of all between the sides."""

    def __init__(
        self, work: Work, point: Sequence[Terms], arithmetic: Arithmetic = CERTIFIED, only: Swept | None = None
    ) -> None:
        self.work = work
        first = only or Swept(work.rows, work.inputs, tuple(point), arithmetic)
        more = () if only else (Swept(work.rows, work.inputs, tuple(point), arithmetic, way) for way in first.kinks)
        self._all = (first, *more)
        self.of_arrays = first.arithmetic.entries is not None
        self.arithmetic = first.arithmetic
        self.at_kinks = len(self._all) > 1
        self._numbers: dict[Subject, Scalar] = {}
        self._missing: dict[Subject, str] = {}
        self._partials: dict[str, dict[str, Scalar]] = {}
        self.formulas: dict[tuple[Terms, tuple[tuple[str, Subject], ...]], tuple[Scalar, ...]] = {}
        """What formulas come to, by the meaning of their names."""
        self.held: dict[tuple[Terms, Subject, tuple[tuple[str, Subject], ...]], bool] = {}
        """Whether they are those of numbers, by the same."""

    def __getitem__(self, subject: Subject) -> Scalar:
        if subject in self._missing:
            raise NoValue(self._missing[subject])
        if subject not in self._numbers:
            try:
                self._numbers[subject] = self._number(subject)
            except (KeyError, NoValue) as problem:  # once, too
                self._missing[subject] = str(problem) if type(problem) is NoValue else f"{subject.variable} is no row"
                raise NoValue(self._missing[subject]) from None
        return self._numbers[subject]

    def _number(self, subject: Subject) -> Scalar:
        quantity, variable, by = subject
        first, (of, _, more) = self._all[0], by.partition(AND)
        if self._is_untold(subject):
            raise NoValue(f"{variable} depends on what nobody tells")
        if quantity == VALUE:
            return first.value(variable)
        if quantity == PARTIAL:
            return self.partial(variable, by)
        if quantity == SECOND_PARTIAL:
            return self._turned_partial(variable, of, more)
        if quantity == HESSIAN:
            return self._by_two(variable, *by.split(" "))
        if quantity in ORDERS:
            return first.along(variable, self.work.seed(by), *ORDERS[quantity])
        if quantity == TANGENT:
            return hull(*(each.along(variable, self.work.seed(by)) for each in self._open([variable])))
        return self._backwards(subject)

    def _by_two(self, variable: str, one: str, other: str) -> Scalar:
        """The derivative by two independent variables, of arrays by each two entries."""
        first, inputs, shape = self._all[0], self.work.inputs, shape_of(self[Subject(VALUE, other)])
        place = inputs.index(self.work.same[other])
        direction = unit(place, len(inputs))
        if not shape:
            return first.turned(variable, one, direction)
        if prod(shape) > MOST_ENTRIES:
            raise NoValue("it is a matrix of more entries than are compared")
        from numpy import stack  # noqa: PLC0415

        each = [[rule(str(int(k == entry))) for k in range(prod(shape))] for entry in range(prod(shape))]
        entries = (tuple(nested(unit_of, shape, 0)) for unit_of in each)
        seeds = ((*direction[:place], entry, *direction[place + 1 :]) for entry in entries)
        turned = [first.turned(variable, one, seed) for seed in seeds]
        return stack(turned, axis=-1).reshape((*shape_of(turned[0]), *shape))

    def _backwards(self, subject: Subject) -> Scalar:
        """An adjoint, of an entry that in the adjoint of its array, what a use adds to one, or its derivative."""
        quantity, variable, by = subject
        of, _, more = by.partition(AND)
        row, place = self.work.entries.get(variable, ("", ()))
        with self.arithmetic.precision(128):
            if row and quantity in (ADJOINT, SECOND_ADJOINT) and variable not in of.split(SUM):
                whole = self[subject._replace(variable=row)]
                entry = whole[place] if shape_of(whole) else whole  # 0, where nothing depends on it
                return float(entry) if isinstance(entry, float) else entry  # numpy's own divide by 0 without a word
            if quantity == INCREMENT:
                factors = self[Subject(ADJOINT, variable, more)], self.partial(variable, of)
                return self.arithmetic.functions["mul"](*factors)
            outputs = {output: self.work.weights.get(output) for output in of.split(SUM)}
            if quantity == SECOND_ADJOINT:
                seed = self.work.seed(more)
                each = (self._all[0].turned(output, variable, seed, weight) for output, weight in outputs.items())
                return sum_of(each, self.arithmetic)
            return hull(*(self._adjoint(variable, outputs, each) for each in self._open([*outputs])))

    def _adjoint(self, variable: str, outputs: Mapping[str, Scalar | None], swept: Swept) -> Scalar:
        """The adjoint of a variable, of all outputs with their weights."""
        each = (swept.derivative(output, variable, weight) for output, weight in outputs.items())
        return sum_of(each, self.arithmetic)

    def _open(self, names: Sequence[str]) -> tuple[Swept, ...]:
        """The sweeps that may give derivatives of these rows: by each convention, where one does not exist."""
        return self._all[:1] if all(map(self._all[0].is_smooth, names)) else self._all

    def _turned_partial(self, variable: str, operand: str, seed: str) -> Scalar:
        """The derivative of a local partial along a seed: by a step along the tangents of the operands."""
        row, operand = self.work.same[variable], self.work.same.get(operand, operand)
        terms = self.work.operations[row]
        values, tangents = (
            {name: self[Subject(quantity, name, by)] for name in names_of(terms)}
            for quantity, by in ((VALUE, ""), (TANGENT, seed))
        )
        each = gathered(turned_partials(terms, values, tangents, self.arithmetic), self.work.same, self.arithmetic)
        return each.get(operand, self.arithmetic.zero)

    def _is_untold(self, subject: Subject) -> bool:
        """Whether a number, an adjoint by its output, depends on variables of which nobody tells the value."""
        is_exact = (self.arithmetic.entries or self.arithmetic) is CERTIFIED
        about = {subject.variable, *subject.by.replace(SUM, AND).split(AND)}
        return is_exact and not about.isdisjoint(self.work.open) and not self._is_fixed(subject)

    def _is_fixed(self, subject: Subject) -> bool:
        """Whether a derivative is the same at every point, such as a seed."""
        if subject.quantity == VALUE:
            return False
        values = [figures[subject] for figures in self.work.near]
        further = [figures[subject] for figures in self.work.further]
        return bool(further) and all(close(value, further[0], 1e-12) for value in values)

    def partial(self, variable: str, operand: str) -> Scalar:
        """The local partial of a row by an operand; 0 for what is none."""
        row, same = self.work.same[variable], self.work.same
        if operand.endswith(ENTRIES):
            return diagonal(self.partial(variable, operand.removesuffix(ENTRIES)))
        if row in self.work.inputs:
            return self.arithmetic.one if same.get(operand, operand) == row else self.arithmetic.zero
        if OCCURRENCE in operand:
            return self._by_occurrence(row).get(operand.partition(OCCURRENCE)[2], self.arithmetic.zero)
        if row not in self._partials:
            terms = self.work.operations[row]
            numbers = {name: self[Subject(VALUE, name)] for name in names_of(terms)}
            self._partials[row] = gathered(partials_of(terms, numbers, self.arithmetic), same, self.arithmetic)
        return self._partials[row].get(same.get(operand, operand), self.arithmetic.zero)

    def _by_occurrence(self, row: str) -> dict[str, Scalar]:
        """The partial by each of the places at which an operand stands in a row, as u and w of u*w."""
        if row + OCCURRENCE not in self._partials:
            terms, numbers = list(self.work.operations[row]), dict[str, Scalar]()
            names = names_of(terms)
            for k, term in enumerate(terms):
                if type(term) is Leaf and term.name in names:
                    place = str(len(numbers))
                    numbers[place], terms[k] = self[Subject(VALUE, term.name)], Leaf(place, 0)
            self._partials[row + OCCURRENCE] = partials_of(tuple(terms), numbers, self.arithmetic)
        return self._partials[row + OCCURRENCE]

    def factors(self, subject: Subject) -> list[tuple[Scalar, Scalar]]:
        """The factors of each product in the rule of a tangent or an adjoint: the local partial last."""
        sources = self.work.sources(subject).items()
        return [(self[subject._replace(variable=u)], self.partial(*of[1:])) for u, of in sources]

    def addends(self, subject: Subject, numbers: Numbers | None = None) -> dict[str, Scalar]:
        """What each operand of a tangent, or each use of an adjoint or of its derivative, contributes, by its own
        numbers or others.
        """
        if numbers is None:
            numbers = {u: self[subject._replace(variable=u)] for u in self.work.sources(subject)}
        if subject.quantity == SECOND_ADJOINT:
            return self._second_addends(subject, numbers)
        return addends(self.work, subject, self.primal, numbers, self.arithmetic, self.partial)

    def _second_addends(self, subject: Subject, numbers: Numbers) -> dict[str, Scalar]:
        """What each use contributes to the derivative of an adjoint, by the derivatives of those of the uses."""
        row, (output, seed) = self.work.same[subject.variable], subject.by.split(AND, 1)
        mul, found = self.arithmetic.functions["mul"], dict[str, Scalar]()
        for use in self.work.uses.get(row, ()):
            moved = mul(self[Subject(ADJOINT, use, output)], self._turned_partial(use, row, seed))
            found[use] = sum_of((mul(numbers[use], self.partial(use, row)), moved), self.arithmetic)
        return found

    @cached_property
    def sides(self) -> tuple[Figures, ...]:
        """The numbers by each convention, where one row alone is at a kink and no array."""
        alone = not self.of_arrays and self._all[0].kinked == 1
        return tuple(Figures(self.work, (), only=swept) for swept in self._all[1:]) if alone else ()

    @cached_property
    def primal(self) -> dict[str, Scalar]:
        """The values of all rows."""
        return {name: self[Subject(VALUE, name)] for name in self.work.variables}

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of all rows that have a value."""
        shapes: dict[str, Shape] = {}
        for name in self.work.variables:
            with suppress(NoValue):
                shapes[name] = shape_of(self[Subject(VALUE, name)])
        return shapes


def addends(  # noqa: PLR0917 - the numbers of a row, of which each may be printed or true
    work: Work, subject: Subject, values: Numbers, others: Numbers, arithmetic: Arithmetic,
    partial: Callable[[str, str], Scalar],
) -> dict[str, Scalar]:  # fmt: skip
    """What each operand of a tangent, or each use of an adjoint, contributes, by the numbers of ``others``; ``partial``
    has the local partials of a row that no array is in.
    """
    row, found = work.same[subject.variable], dict[str, Scalar]()
    mul, of_arrays = arithmetic.functions["mul"], arithmetic.entries is not None

    def pushing(operand: str) -> Scalar:
        terms = work.operations[row]
        names = [name for name in names_of(terms) if work.same.get(name, name) == operand]
        tangents = dict.fromkeys(names, others[operand])
        return sum_of(pushed(terms, values, tangents, names, arithmetic).values(), arithmetic)

    def pulling(use: str) -> Scalar:
        added = pulled(work.operations[use], values, others[use], arithmetic)
        return gathered(added, work.same, arithmetic).get(row, arithmetic.zero)

    passed = pushing if subject.quantity == TANGENT else pulling
    for other, of in work.sources(subject).items():
        found[other] = passed(other) if of_arrays else mul(others[other], partial(*of[1:]))
    if subject.quantity == TANGENT:
        return found
    if row in (work.same.get(output) for output in subject.by.split(SUM)):
        found[""] = entry_by_entry(lambda x: arithmetic.one, values[row])
        for output in subject.by.split(SUM):
            if work.same.get(output) == row and output in work.weights:
                found[""] = value_of(work.weights[output], {}, arithmetic)
    return found
