"""Lines that are one row or several: which rows a line stands for, and the formulas of its quantities.

    operations   a row a line; a product of arrays and what is added to it in the same statement are one: W x + b
    single       a row a line
    statements   a line for each statement

Formulas are terms whose names are *tokens*, ``v3``, ``dv3``, ``bv3``: a quantity of the variable at that place.  What a
line hides stands in them as what it is computed from, so that the contributions to a variable are composed, too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.elementals import SLOTS
from adtrace.language.syntax import Apply, Name, Number, Term, Terms
from adtrace.settings import OPERATIONS, STATEMENTS
from adtrace.tracing.formulas import contribution, joined, split, tangent
from adtrace.tracing.quantities import ADJOINT, CONSTANT, TANGENT, VALUE, Quantity
from adtrace.tracing.spread import Spread
from adtrace.tracing.wengert import Constant, Variable, WengertList

_PREFIX = {VALUE: "v", TANGENT: "dv", ADJOINT: "bv"}
WEIGHT = Quantity("weight", ADJOINT.trace, lambda sweep, seed: sweep.starting_at)
"""The adjoint that an output starts the sweep with."""
ZERO = Number("0", 0, 0, 0)
_MOST_TERMS = 60
"""Terms of the longest formula that a line of several rows has."""
_PRODUCTS = frozenset(("matmul", "dot", "outer", "conv1d", "conv2d", "convolve", "convolve2d"))
_ADDED = frozenset(("add", "sub"))


class Token(NamedTuple):
    """What a name in a formula stands for."""

    quantity: Quantity
    place: int


class Composed:
    """The lines of a list, and their formulas."""

    def __init__(self, wengert: WengertList, spread: Spread, rows: str) -> None:
        self.wengert, self.spread, self.way = wengert, spread, rows
        self.n = len(wengert.independents)
        self.tokens: dict[str, Token] = {}
        """What each token that a formula has stands for."""
        self.shapes: dict[str, Shape] = {}
        """The shape of each."""
        self.hidden: set[int] = set()
        """The places of the variables that no line shows."""
        if rows in (OPERATIONS, STATEMENTS):
            self._hide()
        self._values: dict[int, Terms] = {}

    @property
    def lines(self) -> list[int]:
        """The places of the variables that have a line, of the rows."""
        return [place for place in range(self.n, self.n + len(self.wengert.flat.kinds)) if place not in self.hidden]

    # -- which rows a line stands for ----------------------------------------------------------------------------

    def _hide(self) -> None:
        """Find the rows that are part of the next one's line."""
        flat, n = self.wengert.flat, self.n
        named = {v - self.wengert.first for v in (*(operand for _, operand in self.wengert.assigned),
                                                  *self.wengert.dependents) if type(v) is Variable}  # fmt: skip
        uses = Counter(chain.from_iterable(flat.columns))
        ends = sorted(place for place in named if place >= n)
        sizes: dict[int, int] = {}
        for row, kind in enumerate(flat.kinds):
            place, size = n + row, len(kind.elemental.formula)
            for operand in dict.fromkeys(column[row] for column in flat.columns):
                if operand < n or operand in named or uses[operand] > 1 or size + sizes[operand] > _MOST_TERMS:
                    continue
                if _statement(ends, operand) == _statement(ends, place) and self._joins(operand, place):
                    self.hidden.add(operand)
                    size += sizes[operand]
            sizes[place] = size

    def _joins(self, operand: int, place: int) -> bool:
        """Whether a row is part of the line of the one row that uses it."""
        inner, outer = (self.wengert.flat.kinds[of - self.n] for of in (operand, place))
        if self.way == STATEMENTS:
            return True
        if inner.elemental.name == "transpose":
            return outer.elemental.name in _PRODUCTS
        return inner.elemental.name in _PRODUCTS and outer.elemental.name in _ADDED

    def within(self, place: int) -> list[int]:
        """The places of the variables that the line of one stands for, its own first."""
        places = [place]
        if place >= self.n:
            for column in self.wengert.flat.columns:
                operand = column[place - self.n]
                if operand in self.hidden:
                    places += self.within(operand)
        return places

    # -- formulas ------------------------------------------------------------------------------------------------

    def token(self, quantity: Quantity, place: int) -> Name:
        """The token of a quantity at a place, which is told what it stands for."""
        name = f"{_PREFIX[quantity]}{place}"
        return self._told(name, Token(quantity, place), self.shape(place))

    def _told(self, name: str, of: Token, shape: Shape) -> Name:
        self.tokens[name], self.shapes[name] = of, shape
        return Name(name, 0)

    def value(self, place: int) -> Terms:
        """The formula of a row's value."""
        if place not in self._values:
            row = place - self.n
            self._values[place] = spliced(self.wengert.flat.kinds[row].elemental.formula, self.operands(row))
        return self._values[place]

    def tangent(self, place: int, along: int | None = None) -> Terms:
        """The formula of a row's tangent; no terms where nothing varies.

        ``along``: what the tangent of the operand at this place alone makes of it.
        """
        row = place - self.n
        kind, names = self.wengert.flat.kinds[row], dict(self.operands(row))
        names["v"] = self._shown(place)
        varying = self._varying(row)[: len(kind.active)]
        active = tuple(operand >= 0 and along in (None, operand) for operand in varying)
        for slot, operand in zip(SLOTS, self._varying(row), strict=False):
            if operand >= 0:
                names[f"d{slot}"] = self.tangent(operand) if operand in self.hidden else (self.token(TANGENT, operand),)
        elemental = kind.elemental
        if not isinstance(elemental, ArrayElemental):
            return _level(spliced(_plainly(tangent(elemental, active)), names)) if any(active) else ()
        if elemental.places is not None and len(active) > 1:
            return spliced(_put_together(elemental, active), names)
        total: Terms = ()
        for terms, varies in zip(elemental.tangents, active, strict=False):
            if varies:
                total = added(total, _of_row(terms, place))
        return spliced(total, names)

    def adjoint(self, place: int, started: bool) -> Terms:
        """The formula of a variable's adjoint, from all that it contributes to; no terms where nothing does.

        ``started``: whether its weight as an output is part of it.
        """
        total: Terms = ()
        if started:
            total = (self._told(f"bs{place}", Token(WEIGHT, place), self.shape(place)),)
        for row, slots in self._contributions.get(place, ()):
            total = added(total, self._contribution(row, slots, place))
        return total

    @cached_property
    def _contributions(self) -> Mapping[int, list[tuple[int, tuple[int, ...]]]]:
        """For each place the rows that contribute to its adjoint, and to which of their operands."""
        by_target: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        for row, target, slots in zip(self.spread.rows, self.spread.targets, self.spread.slots, strict=True):
            by_target.setdefault(target, []).append((row, slots))
        return by_target

    def _contribution(self, place: int, slots: tuple[int, ...], target: int) -> Terms:
        """What a row contributes to the adjoint of an operand."""
        row = place - self.n
        elemental, names = self.wengert.flat.kinds[row].elemental, dict(self.operands(row))
        names["v"] = self._shown(place)
        names["a"] = self.adjoint(place, False) if place in self.hidden else (self.token(ADJOINT, place),)
        if not isinstance(elemental, ArrayElemental):
            terms = spliced(_plainly(contribution(elemental, slots)), names)
            return self._gathered(terms, self.shape(place), self.shape(target))
        total: Terms = ()
        for slot in slots:
            total = added(total, _of_row(elemental.adjoints[slot], place))
        return spliced(total, names)

    def _gathered(self, terms: Terms, given: Shape, shape: Shape) -> Terms:
        """An adjoint of the row's shape in the shape of its operand: summed where that was repeated."""
        if given == shape:
            return terms
        if not shape:
            return (*terms, Apply("sum", 1, 0))
        extra = len(given) - len(shape)
        axes = tuple(extra + k for k, size in enumerate(shape) if size == 1 and given[extra + k] != 1)
        if axes:
            terms = (*terms, Apply("sum", 1, 0, (("axis", axes), ("keepdims", True))))
        return (*terms, Apply("sum", 1, 0, (("axis", tuple(range(extra))),))) if extra else terms

    def through(self, quantity: Quantity, place: int) -> set[int]:
        """The places of the rows by whose partials a derivative is computed."""
        rows = {row for row, _ in self._contributions.get(place, ())} if quantity is ADJOINT else {place}
        inner = rows & self.hidden if quantity is ADJOINT else set(self._varying(place - self.n)) & self.hidden
        return rows.union(*(self.through(quantity, at) for at in inner)) if place >= 0 else rows

    def shape(self, place: int) -> Shape:
        """The shape of a variable."""
        return self.wengert.shapes[place] if self.wengert.shapes else ()

    def _shown(self, place: int) -> Terms:
        """A variable in a formula: by its token, or what it is computed from if no line shows it."""
        return self.value(place) if place in self.hidden else (self.token(VALUE, place),)

    def _varying(self, row: int) -> list[int]:
        return [column[row] for column in self.wengert.varying.columns]

    def operands(self, row: int) -> dict[str, Terms]:
        """The operands of a row by their slots."""
        flat = self.wengert.flat
        names: dict[str, Terms] = {}
        for slot, column in zip(SLOTS, flat.columns, strict=False):
            place = column[row]
            if place >= 0:
                names[slot] = self._shown(place)
            elif place < -1:
                names[slot] = self._constant(flat.constants[-2 - place], place)
        return names

    def _constant(self, constant: Constant, place: int) -> Terms:
        """A constant: an array by a token, a number as typed."""
        if not any(term[0] == "array" for term in constant.terms):
            return constant.terms
        return (self._told(f"c{-place}", Token(CONSTANT, id(constant)), terms_shape(constant.terms)),)


def added(total: Terms, terms: Terms) -> Terms:
    """A sum with one more term, or with those of another sum: without brackets, and a minus takes away."""
    head, operands = split(terms)
    if not total or not terms:
        return total or terms
    if head in _ADDED:
        first = added(total, operands[0])
        return joined(head, first, operands[1])
    if head == "neg":
        return joined("sub", total, operands[0])
    return joined("add", total, terms)


def _level(terms: Terms) -> Terms:
    """A sum whose terms were put in, without brackets round those that are sums."""
    head, operands = split(terms)
    return added(_level(operands[0]), _level(operands[1])) if head == "add" else terms


def _plainly(terms: Terms) -> Terms:
    """A rule without factors of 1, where -1 is a minus, and the slope of relu is a bracket: [u > 0]."""
    head, operands = split(terms)
    if not head:
        return terms
    parts = [_plainly(operand) for operand in operands]
    if head == "heaviside":
        return joined("above", parts[0], (ZERO,))
    if head == "mul":
        left, right = parts
        for one, other in ((left, right), (right, left)):
            inner, (number, *_) = split(one) if one[-1][0] == "neg" else ("", [one])
            if len(number) == 1 and number[0][0] == "1":
                return joined("neg", other) if inner else other
        if right[-1][0] == "neg" and left[-1][0] != "neg":
            return joined("neg", joined("mul", left, right[:-1]))
    last = terms[-1]
    assert isinstance(last, Apply)
    return (*(term for part in parts for term in part), last)


def _put_together(elemental: ArrayElemental, active: tuple[bool, ...]) -> Terms:
    """The tangent of arrays put together: their tangents put together, zeros for those that do not vary."""
    parts: list[Terms] = []
    for slot, varies in zip(SLOTS, active, strict=False):
        parts.append((Name(f"d{slot}", 0),) if varies else joined("mul", (ZERO,), (Name(slot, 0),)))
    head = Apply(elemental.name, len(parts), 0, elemental.options)
    return (*(term for part in parts for term in part), head)


def _of_row(terms: Terms, place: int) -> Terms:
    """A rule that moves entries, which only its row knows: it is told the row."""
    last = terms[-1] if terms else None
    if not isinstance(last, Apply) or last.head not in MOVED:
        return terms
    return (*terms[:-1], last._replace(options=(*last.options, ("row", place))))


MOVED = frozenset(("unpool", "pick", "place"))


def _statement(ends: Sequence[int], place: int) -> int:
    """The number of the statement that a row is part of."""
    return bisect_left(ends, place)


def spliced(terms: Terms, names: Mapping[str, Terms]) -> tuple[Term, ...]:
    """Terms with others in the place of names."""
    whole: list[Term] = []
    for term in terms:
        inner = names.get(term.name) if isinstance(term, Name) else None
        whole.extend((term,) if inner is None else inner)
    return tuple(whole)
