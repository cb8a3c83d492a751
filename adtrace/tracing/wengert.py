"""A function as a Wengert list: one elemental a row, each variable assigned once.

    wengert_list ::= independents ; row ... ; dependents              v_{i-n} = x_i, i = 1..n
    row          ::= v_i = phi_i(operand, ...)                        i = 1..l, operands before use
    operand      ::= Variable(index) | Constant(terms)

Griewank and Walther, *Evaluating Derivatives* (2nd ed., 2008), section 2.2, Table 2.2; their numbering.
``dependents`` is explicit: the expression ``x`` has no row, and a function may have several outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import zip_longest
from math import prod
from typing import Any, NamedTuple, overload

from adtrace.arrays.table import terms_shape
from adtrace.elementals import SLOTS, Elemental, Signature
from adtrace.language.syntax import Terms
from adtrace.tracing.to_sympy import to_sympy


class Variable(int):
    """``v_i``: an independent variable for i <= 0, an intermediate one for i >= 1."""

    __slots__ = ()


class Constant:
    """A constant sub-expression, kept as the author typed it: ``1/3``, ``pi/4``, ``0.1``."""

    __slots__ = ("_terms",)

    def __init__(self, terms: Terms | Callable[[], Terms]) -> None:
        self._terms = terms

    @property
    def terms(self) -> Terms:
        """The expression; made when it is first asked for, if it is given as what makes it."""
        if callable(self._terms):
            self._terms = tuple(self._terms())
        return self._terms

    def __eq__(self, other: object) -> bool:
        return self.terms == other.terms if isinstance(other, Constant) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.terms)

    def __reduce__(self) -> tuple[Any, ...]:
        return Constant, (self.terms,)

    def __repr__(self) -> str:
        return f"Constant({self.terms!r})"


Operand = Variable | Constant


class Row(NamedTuple):
    """``v_i = elemental(operands)``; its place in the list gives i."""

    elemental: Elemental
    operands: tuple[Operand, ...]


class Branch(NamedTuple):
    """A comparison on which a program branched, decided at the point.

    The list stands for the program wherever its comparisons come out the same.
    """

    left: Variable | Terms
    """A variable of the list, or an expression in the independent variables."""
    relation: str
    """``<``, ``<=``, ``>``, ``>=``, ``=`` or ``!=``."""
    right: Variable | Terms
    held: bool
    boundary: bool
    """Whether both sides are equal, so that another branch begins at this point."""


NOTHING = -1
"""The place of an operand that a row has not."""


class Flat(NamedTuple):
    """The rows of a list as they are stored: their elementals with which operands vary, and columns with their places.

    A variable's place counts from 0 for v_{1-n}; -1 is no operand, and the constants stand at -2, -3, ...: so a list of
    the variables, the constants from the last to the first and one more has each number at its place.
    """

    kinds: list[Signature]
    """Each row's signature."""
    columns: list[list[int]]
    """For each slot the place of that operand in each row.  Two at least, so that the rows of one operand and of two,
    which most are, can be swept by loops over two columns; one more for each further operand that a row has."""
    constants: Sequence[Constant]
    """The constant operands of the rows, in the order of their first use."""


class Rows(Sequence[Row]):
    """v_1..v_l, each made when it is asked for."""

    __slots__ = ("_first", "_flat")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, flat: Flat, first: int) -> None:
        self._flat, self._first = flat, first

    def _row(self, signature: Signature, *places: int) -> Row:
        return Row(signature.elemental, tuple([self._operand(place) for place in places if place != NOTHING]))

    def _operand(self, place: int) -> Operand:
        return Variable(place + self._first) if place >= 0 else self._flat.constants[-2 - place]

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __len__(self) -> int:
        return len(self._flat.kinds)

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, self._flat.kinds, *self._flat.columns)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        kinds, columns, _ = self._flat
        if isinstance(index, slice):
            return tuple(map(self._row, kinds[index], *(column[index] for column in columns)))
        return self._row(kinds[index], *[column[index] for column in columns])


def append(columns: list[list[Any]], entries: Sequence[Any], nothing: int | None = NOTHING) -> None:
    """Add the entries of a row to the columns; what it has not is ``nothing``, and so is what no row had before it."""
    while len(entries) > len(columns):
        columns.append([nothing] * len(columns[0]))
    for column, entry in zip_longest(columns, entries, fillvalue=nothing):
        column.append(entry)  # type: ignore[union-attr]


def flattened(rows: Iterable[Row], first: int) -> Flat:
    """Rows as they are stored; ``first`` is the index of the first variable."""
    flat = Flat([], [[], []], [])
    places: dict[int, int] = {}

    def place(operand: Operand) -> int:
        if not isinstance(operand, Constant):
            return operand - first
        if id(operand) not in places:
            places[id(operand)] = -2 - len(places)
            flat.constants.append(operand)  # type: ignore[attr-defined]
        return places[id(operand)]

    for elemental, operands in rows:
        flat.kinds.append(elemental.signatures[tuple(type(operand) is Variable for operand in operands)])
        append(flat.columns, list(map(place, operands)))
    return flat


@dataclass(frozen=True)
class WengertList:
    """A function of ``independents``, row by row."""

    independents: tuple[str, ...]
    """The names of x_1..x_n."""
    flat: Flat
    """v_1..v_l, as they are stored."""
    dependents: tuple[Operand, ...]
    """The variables (or constants) that y_1..y_m are."""
    dependent_names: tuple[str, ...]
    """The names of y_1..y_m."""
    assigned: tuple[tuple[str, Operand], ...] = ()
    """The named statements of a program, in their order: a name that is assigned again stands here again."""
    branches: tuple[Branch, ...] = ()
    """The comparisons that chose these rows, each once, in their order."""
    shapes: tuple[tuple[int, ...], ...] = ()
    """The shape of every variable, v_{1-n} first; none where all of them are numbers."""
    data: frozenset[int] = frozenset()
    """The places of the independent variables that do not vary: they have no tangent, no adjoint, and no entry in the
    gradient."""

    def __hash__(self) -> int:
        return hash((self.independents, self.dependent_names, len(self.flat.kinds)))

    def __getstate__(self) -> dict[str, Any]:
        return {of.name: getattr(self, of.name) for of in fields(self)}  # what follows from them is found anew

    @property
    def first(self) -> int:
        """The index of the first variable, 1 - n."""
        return 1 - len(self.independents)

    @property
    def rows(self) -> Rows:
        """v_1..v_l."""
        return Rows(self.flat, self.first)

    def place(self, dependent: int) -> int:
        """The place of the variable that a dependent one is, which is no constant."""
        variable = self.dependents[dependent]
        assert type(variable) is Variable
        return variable - self.first

    def operand_shape(self, operand: Operand) -> tuple[int, ...]:
        """The shape of an operand."""
        if not self.shapes:
            return ()
        return terms_shape(operand.terms) if isinstance(operand, Constant) else self.shapes[operand - self.first]

    @property
    def dependent_shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of y_1..y_m; none where all there is are numbers."""
        return tuple(map(self.operand_shape, self.dependents)) if self.shapes else ()

    @cached_property
    def operations(self) -> int:
        """The scalar operations of the rows: what bounds are counted in."""
        if not self.shapes:
            return len(self.rows)
        n = len(self.independents)
        kinds = zip(self.flat.kinds, self.shapes[n:], strict=True)
        return sum(getattr(kind.elemental, "operations", prod(shape)) for kind, shape in kinds)

    @cached_property
    def varying(self) -> Flat:
        """The rows as the derivative sweeps see them: what does not vary is no operand."""
        if not self.data:
            return self.flat
        still = [place in self.data for place in range(len(self.independents))]
        columns: list[list[int]] = [[] for _ in self.flat.columns]
        for places in zip(*self.flat.columns, strict=True):
            varying = [place if place >= 0 and not still[place] else NOTHING for place in places]
            still.append(all(place == NOTHING for place in varying))
            for column, place in zip(columns, varying, strict=True):
                column.append(place)
        return self.flat._replace(columns=columns)

    def cse(self) -> tuple[list[tuple[Any, Any]], list[Any]]:
        """The rows as ``sympy.cse`` gives its own: pairs of a symbol and its formula, and the outputs in them."""
        import sympy  # noqa: PLC0415 - only where it is asked for

        letter = next(c for c in "vwtsrqp" if not any(name.startswith(f"{c}_") for name in self.independents))
        intermediates = [sympy.Symbol(f"{letter}_{index}") for index in range(1, len(self.rows) + 1)]
        symbols = [*map(sympy.Symbol, self.independents), *intermediates]

        def operand(x: Operand) -> Any:
            return to_sympy(x.terms, {}) if isinstance(x, Constant) else symbols[x - self.first]

        with sympy.evaluate(False):
            formulas = [
                to_sympy(entry.formula, dict(zip(SLOTS, map(operand, operands), strict=False)))
                for entry, operands in self.rows
            ]
            return list(zip(intermediates, formulas, strict=True)), [operand(x) for x in self.dependents]


def validate(wengert: WengertList) -> None:
    """Hold a list to the grammar above; raises AssertionError, for a fault would be ours."""
    for index, row in enumerate(wengert.rows, start=1):
        assert len(row.operands) == row.elemental.arity, f"v_{index}: arity"
        for operand in row.operands:
            assert type(operand) is Constant or wengert.first <= operand < index, f"v_{index}: used before bound"  # type: ignore[operator]
        assert any(type(operand) is Variable for operand in row.operands), f"v_{index}: a constant row"
    last = len(wengert.rows)
    for dependent in wengert.dependents:
        assert type(dependent) is Constant or wengert.first <= dependent <= last, "a dependent is not bound"  # type: ignore[operator]
    assert len(wengert.dependents) == len(wengert.dependent_names)
