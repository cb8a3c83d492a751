"""The numbers of rows that somebody wrote: each row's operation in a real Wengert list, swept by the real sweeps.

Every row is a dependent variable of the list, so that the derivative of any row by any other can be asked for: of the
last by the others they are adjoints, of the others by an independent variable tangents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache, reduce
from itertools import product
from typing import Any, Protocol

from flint import arb

from adtrace.arrays.elemental import ShapeError
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import is_call, terms_shape
from adtrace.checking.readings.rewriting import in_doubles, names_of
from adtrace.elementals import CORNER, JUMP, TIE
from adtrace.errors import AdtraceError
from adtrace.language.syntax import ARRAY, PIECEWISE, SILENT, Apply, Expression, Name, Statement, Terms, spelling
from adtrace.limits import DEFAULT
from adtrace.numbers import START_BITS, Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, resolved
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.conditions import branches_taken
from adtrace.tracing.given import Scalars
from adtrace.tracing.kinks import FIRST, LAST, SPLIT, Conventions
from adtrace.tracing.lower import lower
from adtrace.tracing.primal import Evaluated
from adtrace.tracing.seeds import unit
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.tracing.wengert import Variable, WengertList

BITS = START_BITS
_USUAL = Conventions()
Rows = tuple[tuple[str, Terms], ...]
"""Names and operations, operands before use."""
Seed = tuple[Terms, ...]
"""The tangent of each independent variable."""


class Numbers(Protocol):
    """What has a number for some names."""

    def __contains__(self, name: object, /) -> bool: ...

    def __getitem__(self, name: str, /) -> Scalar: ...


class NoValue(ArithmeticError):
    """There is no value at these numbers, or a name has none."""


_FAILURES = (
    Singular, TooLarge, NeedsPrecision, AdtraceError, ShapeError, ArithmeticError, ValueError, TypeError, LookupError,
    AttributeError,
)  # fmt: skip


@contextmanager
def _as_no_value() -> Iterator[None]:
    """Whatever fails in a sweep as `NoValue`."""
    try:
        yield
    except RecursionError:  # a function that nobody knows is its own formula
        raise NoValue("it has a function that is not known here") from None
    except _FAILURES as problem:
        raise NoValue(str(problem)) from None


def is_closed(terms: Terms) -> bool:
    """Whether an expression is a number."""
    return not names_of(terms)


def is_worked(terms: Terms) -> bool:
    """Whether a number is written as an expression."""
    return any(type(t) is Apply and t.head not in (ARRAY, "neg", *SILENT) for t in terms)


def has_shape(terms: Terms) -> bool:
    """Whether the arrays in an expression without names fit together."""
    try:
        terms_shape(terms)
    except ShapeError:
        return False
    return True


def shape_of(number: Scalar) -> Shape:
    """The shape of a number, () of one that is no array."""
    return tuple(getattr(number, "shape", ()))


def _shapes(rows: Rows, point: Sequence[Terms] | Scalars) -> tuple[Shape, ...] | None:
    """The shapes of the independent variables where there are arrays; None where there is none."""
    with _as_no_value():
        found = tuple(map(shape_of, point)) if type(point) is Scalars else tuple(map(terms_shape, point))
    of_arrays = (t for _, terms in rows for t in terms if type(t) is Apply and (t.head == ARRAY or is_call(t)))
    return found if any(found) or any(of_arrays) else None


def _lifted(arithmetic: Arithmetic) -> Arithmetic:
    from adtrace.tracing.arrays import arrays  # noqa: PLC0415 - numpy is imported where there are arrays

    return arithmetic if arithmetic.entries is not None else arrays(arithmetic)


@lru_cache(maxsize=8192)
def listed(rows: Rows, inputs: tuple[str, ...], shapes: tuple[Shape, ...] | None = None) -> WengertList:
    """The rows as a Wengert list whose dependent variables are all of them, inputs first.  Raises `NoValue`."""
    statements = tuple(Statement(name, tuple(terms)) for name, terms in rows)
    names = (*inputs, *(name for name, _ in rows))
    with _as_no_value():
        return lower(Expression("", statements), inputs, names=names, outputs=names, sharing=False, shapes=shapes)


_WORKED = 9
"""Terms past which the number of an independent variable is worked out before the sweeps."""


class Swept:
    """The numbers of rows at one point, in one number system; a sweep is made when it is first asked for."""

    def __init__(
        self,
        rows: Rows,
        inputs: tuple[str, ...],
        point: Sequence[Terms] | Scalars,
        arithmetic: Arithmetic = CERTIFIED,
        conventions: Conventions = _USUAL,
    ) -> None:
        if any(type(t) is Apply and t.head == PIECEWISE for _, terms in rows for t in terms):
            rows = taken(rows, inputs, point)
        shapes = _shapes(rows, point)
        if shapes is not None:
            arithmetic = _lifted(arithmetic)
        elif type(point) is not Scalars and max(map(len, point), default=0) > _WORKED:  # once for all sweeps
            point = Scalars(_closed(tuple(terms), arithmetic) for terms in point)
        self.inputs, self.arithmetic = inputs, arithmetic
        self.names = {name: place for place, name in enumerate((*inputs, *(name for name, _ in rows)))}
        self.wengert = listed(rows, inputs, shapes)
        seeds = tuple(unit(k, len(inputs)) for k in range(len(inputs)))
        evaluated = Evaluated(self.wengert, point, arithmetic, conventions=conventions)
        self._evaluation = Evaluation(evaluated, seeds, unit(0, len(self.names)))
        self._sweeps: dict[tuple[Seed | None, str | None, Terms | None], Sweep] = {}
        with _as_no_value():
            self.sweep = self._evaluation.at(BITS)

    def _place(self, name: str) -> int | None:
        """Where a row stands in the list; None for one that is constant."""
        dependent = self.wengert.dependents[self.names[name]]
        return dependent - self.wengert.first if type(dependent) is Variable else None

    def _swept(self, seed: Seed | None = None, of: str | None = None, weight: Terms | None = None) -> Sweep:
        """The sweep along a seed, and from a row with its weights."""
        if (seed, of, weight) not in self._sweeps:
            evaluation = self._evaluation
            if of is not None:
                output = self.names[of]
                weights = unit(output, len(self.names))
                weights = weights if weight is None else (*weights[:output], weight, *weights[output + 1 :])
                evaluation = evaluation.weighted(weights, output)
            if seed is not None:
                evaluation = evaluation.seeded((seed,))
            self._sweeps[seed, of, weight] = evaluation.at(BITS)
        return self._sweeps[seed, of, weight]

    def value(self, name: str) -> Scalar:
        """The value of a row or an independent variable."""
        return _resolved(self.sweep.output(self.names[name]))

    def derivative(self, of: str, by: str, weight: Terms | None = None) -> Scalar:
        """The derivative of one row by another, through every path; of an array, of the sum of its entries, each times
        its weight if there are weights.
        """
        place, target = self._place(by), self._place(of)
        if place is None or target is None:
            return self.arithmetic.one if of == by else self.arithmetic.zero
        with _as_no_value():
            if by in self.inputs and self.arithmetic.entries is None and weight is None:
                return resolved(self.sweep.tangents[self.inputs.index(by)][target])
            return _resolved(self._swept(None, of, weight).adjoints[place])

    def along(self, name: str, seed: Seed, order: int = 1, coefficient: bool = False) -> Scalar:
        """The derivative of this order of a row along a seed, or the Taylor coefficient."""
        place = self._place(name)
        if place is None:
            return self.arithmetic.zero
        with _as_no_value():
            sweep = self._swept(seed)
            numbers = sweep.tangents[0] if order == 1 else sweep.along(0, order, "values", coefficient)
            return _resolved(numbers[place])

    def turned(self, of: str, by: str, seed: Seed, weight: Terms | None = None) -> Scalar:
        """The derivative along a seed of the derivative of one row by another."""
        place, target = self._place(by), self._place(of)
        if place is None or target is None:
            return self.arithmetic.zero
        with _as_no_value():
            return _resolved(self._swept(seed, of, weight).along(0, 1, "adjoints")[place])

    @cached_property
    def kinks(self) -> tuple[Conventions, ...]:
        """Further conventions for the rows at which a derivative is one; none where every derivative exists."""
        kinds = [(kink.row, kink.kind) for kink in self.sweep.primal.kinks if kink.row]
        if not kinds:
            return ()
        tied = any(kind == TIE for _, kind in kinds)
        further = [Conventions(tie=tie, always=True) for tie in (FIRST, LAST, SPLIT)] if tied else []
        for side in ("below", "above", "middle"):
            rows = {row: text for row, kind in kinds if kind in (CORNER, JUMP) and (text := self._slope(row, side))}
            further += [Conventions(tie=FIRST, rows=rows, always=True)] if rows else []
        return tuple(further)

    @property
    def kinked(self) -> int:
        """How many rows are at a kink."""
        return len({kink.row for kink in self.sweep.primal.kinks})

    def is_smooth(self, name: str) -> bool:
        """Whether every derivative of a row by the independent variables exists."""
        return not any(self.names[name] in kink.targets for kink in self.sweep.primal.kinks)

    def _slope(self, row: int, side: str) -> str:
        kink = self.wengert.rows[row - 1].elemental.kink
        if kink is None or not (kink.below and kink.above):
            return ""
        texts = {"below": kink.below[0], "above": kink.above[0]}
        return texts.get(side) or f"(({texts['below']}) + ({texts['above']}))/2"


def taken(rows: Rows, inputs: Sequence[str], point: Sequence[Terms] | Scalars) -> Rows:
    """The rows with the branches that are taken at a point."""
    if type(point) is Scalars:
        raise NoValue("conditions are decided at a point that is written down")
    expression = Expression("", tuple(Statement(name, tuple(terms)) for name, terms in rows), conditional=True)
    with _as_no_value():
        taken, _ = branches_taken(expression, dict(zip(inputs, point, strict=True)), DEFAULT)
    return tuple((statement.name or "", statement.terms) for statement in taken.statements)


ROW = "\x00row"
"""The name of a row that stands alone."""


def value_of(terms: Terms, numbers: Numbers, arithmetic: Arithmetic = CERTIFIED) -> Scalar:
    """The value of an expression of names that have numbers.  Raises `NoValue`."""
    if type(terms) is tuple and not any(type(term) is Name for term in terms):
        return _closed(terms, arithmetic)
    if arithmetic is FLOATS:
        quick = in_doubles(spoken(terms), dict(zip(*operands_of(terms, numbers), strict=True)))
        if quick is not None:
            return quick
    return alone(terms, numbers, arithmetic).value(ROW)


@lru_cache(maxsize=65_536)
def _closed(terms: Terms, arithmetic: Arithmetic) -> Scalar:
    """The value of an expression without names: a class writes the same numbers over and over."""
    return alone(terms, {}, arithmetic).value(ROW)


def spoken(terms: Terms) -> Terms:
    """Terms without brackets."""
    return tuple(t for t in terms if type(t) is not Apply or t.head not in SILENT)


def wording(terms: Terms) -> tuple[object, ...]:
    """The terms without brackets and positions: equal for equal text."""
    return spelling(spoken(terms))


def alone(terms: Terms, numbers: Numbers, arithmetic: Arithmetic, conventions: Conventions = _USUAL) -> Swept:
    """An expression as the one row of a list, its names the independent variables.  Raises `NoValue`."""
    inputs, given = operands_of(terms, numbers)
    return Swept(((ROW, tuple(terms)),), inputs, Scalars(given), arithmetic, conventions)


def operands_of(terms: Terms, numbers: Numbers) -> tuple[tuple[str, ...], list[Scalar]]:
    """The names of an expression, and their numbers.  Raises `NoValue`."""
    inputs = names_of(terms)
    missing = next((name for name in inputs if name not in numbers), None)
    if missing is not None:
        raise NoValue(f"{missing} has no value")
    return inputs, [numbers[name] for name in inputs]


def met(u: Scalar, w: Scalar, *, summed: bool) -> list[tuple[Scalar, Scalar]]:
    """The entries of two arrays that meet in their product, be it summed along an axis or entry by entry."""
    import numpy as np  # noqa: PLC0415 - where there are arrays

    if summed:
        pairs = zip(np.reshape(u, (-1, len(w))).T, np.reshape(w, (len(w), -1)), strict=True)
        return [pair for own, other in pairs for pair in product(own, other)]
    return list(zip(*(array.flat for array in np.broadcast_arrays(u, w)), strict=True))


def entry_by_entry(function: Any, *numbers: Scalar) -> Scalar:
    """A function of numbers on each entry of arrays, and on numbers as they are."""
    if not any(map(shape_of, numbers)):
        return function(*numbers)
    from numpy import frompyfunc  # noqa: PLC0415

    made = frompyfunc(function, len(numbers), 1)(*numbers)
    return made.astype(float) if all(type(x) is float for x in made.flat) else made


def _resolved(number: Scalar) -> Scalar:
    return entry_by_entry(resolved, number) if shape_of(number) and number.dtype == object else resolved(number)


def hull(*numbers: Scalar) -> Scalar:
    """The ball of all that lies between some numbers.  Raises `NoValue` for doubles that differ, which have none."""
    if any(map(shape_of, numbers)):
        return entry_by_entry(hull, *numbers)
    first, *others = numbers
    if all(type(other) is type(first) and bool(other == first) for other in others):
        return first
    if isinstance(first, float):
        raise NoValue("between doubles there is no ball")
    return reduce(arb.union, map(ball, numbers))


def middle(x: Scalar) -> float:
    """The number as a double, for ordering and for messages."""
    try:
        return float(ball(x).mid())
    except (OverflowError, ValueError):
        return float("nan")
