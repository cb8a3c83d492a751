"""A function as a Wengert list: one elemental a row, each variable assigned once.

    wengert_list ::= independents ; row ... ; dependents              v_{i-n} = x_i, i = 1..n
    row          ::= v_i = phi_i(operand, ...)                        i = 1..l, operands before use
    operand      ::= Variable(index) | Constant(terms)

Griewank and Walther, *Evaluating Derivatives* (2nd ed., 2008), section 2.2, Table 2.2; their numbering.
``dependents`` is explicit: the expression ``x`` has no row, and a function may have several outputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from adtrace.elementals import Elemental
from adtrace.syntax import Terms


class Variable(int):
    """``v_i``: an independent variable for i <= 0, an intermediate one for i >= 1."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant sub-expression, kept as the author typed it: ``1/3``, ``pi/4``, ``0.1``."""

    terms: Terms


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


class Signature(NamedTuple):
    """What rows have in common that are computed and printed alike."""

    elemental: Elemental
    active: tuple[bool, ...]
    """For each operand, whether it is a variable."""


class Flat(NamedTuple):
    """The rows as flat lists, for the loops that go over many of them.

    A number has a place: the variables v_{1-n}.. in their order, then the constants, and nothing at -1.
    """

    signatures: tuple[Signature, ...]
    kinds: list[int]
    """The place of each row's signature."""
    lefts: list[int]
    """The place of each row's first operand."""
    rights: list[int]
    """The place of its second one, -1 for none."""
    constants: tuple[Constant, ...]


@dataclass(frozen=True)
class WengertList:
    """A function of ``independents``, row by row."""

    independents: tuple[str, ...]
    """The names of x_1..x_n."""
    rows: tuple[Row, ...]
    """v_1..v_l."""
    dependents: tuple[Operand, ...]
    """The variables (or constants) that y_1..y_m are."""
    dependent_names: tuple[str, ...]
    """The names of y_1..y_m."""
    assigned: tuple[tuple[str, Operand], ...] = ()
    """The named statements of a program, in their order: a name that is assigned again stands here again."""
    branches: tuple[Branch, ...] = ()
    """The comparisons that chose these rows, each once, in their order."""

    @property
    def first(self) -> int:
        """The index of the first variable, 1 - n."""
        return 1 - len(self.independents)

    @cached_property
    def flat(self) -> Flat:
        """The rows as flat lists."""
        offset, base = len(self.independents) - 1, len(self.independents) + len(self.rows)
        constants: dict[int, tuple[int, Constant]] = {}
        signatures: dict[tuple[Elemental, bool, bool | None], int] = {}
        kinds: list[int] = []
        lefts: list[int] = []
        rights: list[int] = []

        def place(constant: Constant) -> int:
            return constants.setdefault(id(constant), (base + len(constants), constant))[0]

        for elemental, operands in self.rows:
            u, w = operands if len(operands) == 2 else (operands[0], None)
            varies = type(u) is Variable
            lefts.append(u + offset if varies else place(u))  # type: ignore[operator, arg-type]
            also = None if w is None else type(w) is Variable
            rights.append(-1 if w is None else w + offset if also else place(w))  # type: ignore[operator, arg-type]
            kinds.append(signatures.setdefault((elemental, varies, also), len(signatures)))
        return Flat(
            tuple(Signature(e, (one,) if two is None else (one, two)) for e, one, two in signatures),
            kinds, lefts, rights, tuple(constant for _, constant in constants.values()),
        )  # fmt: skip


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
