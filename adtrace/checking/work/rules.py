"""Quantities and their marks; and what a cell must be: the rule of a row's number in the keys of other numbers."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from adtrace.checking.readings.names import Name
from adtrace.language.syntax import Terms
from adtrace.numbers import Scalar

VALUE, TANGENT, ADJOINT, PARTIAL, SECOND, INCREMENT = "value", "tangent", "adjoint", "partial", "second", "increment"
THIRD, FOURTH, COEFFICIENT, THIRD_COEFFICIENT, FOURTH_COEFFICIENT, HESSIAN = (
    "third derivative", "fourth derivative", "coefficient", "third coefficient", "fourth coefficient", "Hessian entry",
)  # fmt: skip
SECOND_ADJOINT, SECOND_PARTIAL = "second adjoint", "second partial"
"""The derivatives of an adjoint and of a local partial along a seed."""
UPSTREAM = "upstream"
"""What a column may have of a row: the adjoint of the one that uses it, before its local partial."""
AND = "|"
"""Between what a derivative is of, or by, and the seed along which it is moved."""
ORDERS = {SECOND: (2, False), COEFFICIENT: (2, True), THIRD: (3, False), THIRD_COEFFICIENT: (3, True),
          FOURTH: (4, False), FOURTH_COEFFICIENT: (4, True)}  # fmt: skip
"""The order of each higher derivative along a seed, and whether it is the Taylor coefficient."""
MARKS = {"dot": TANGENT, "ddot": SECOND, "prime2": SECOND, "bar": ADJOINT, "dotbar": SECOND_ADJOINT, "delta": ADJOINT,
         "order0": VALUE, "order1": TANGENT}  # fmt: skip
OPEN_MARKS = {"prime": (TANGENT, ADJOINT, PARTIAL), "d": (ADJOINT, TANGENT), "grad": (ADJOINT, TANGENT),
              "order2": (SECOND, COEFFICIENT), "order3": (THIRD, THIRD_COEFFICIENT),
              "order4": (FOURTH, FOURTH_COEFFICIENT)}  # fmt: skip
"""Marks that mean one thing, and those that mean what explains the numbers."""
BY_ORDER: Mapping[int, dict[str, float]] = {
    0: {VALUE: 2}, 1: {TANGENT: 2}, 2: {COEFFICIENT: 2.5, SECOND: 2}, 3: {THIRD_COEFFICIENT: 2.5, THIRD: 2},
    4: {FOURTH_COEFFICIENT: 2.5, FOURTH: 2},
}  # fmt: skip
"""What headings that are numbered by the order of a derivative speak for, and how loudly."""
QUANTITIES = (VALUE, TANGENT, ADJOINT, PARTIAL, SECOND, INCREMENT, COEFFICIENT)


@dataclass(frozen=True)
class Rule:
    """How one number comes from others."""

    subject: Name
    """Whose number, by its mark."""
    quantity: str
    """One of `QUANTITIES`."""
    terms: Terms
    """In keys.  Of a value the row's operation; of a tangent the sum of partial * "dot u"; of an adjoint the sum of
    "bar v_i" * partial; of a partial the derivative of the row's operation."""
    addends: tuple[Terms, ...] = ()
    """Of a tangent one per operand, of an adjoint one per use."""


@dataclass(frozen=True)
class Surroundings:
    """The table around a cell."""

    rows: tuple[str, ...] = ()
    """The variables in the order of the table, the independent ones too."""
    operations: Mapping[str, Terms] = field(default_factory=dict)
    """The operation of each row that has one, in variables."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """Keys of the other numbers of the same row, and what each is in words: "the derivative of v_3 by y"."""
    numbers: Mapping[str, Scalar] = field(default_factory=dict)
    """Numbers near which formulas are compared."""
    wrong: Container[str] = frozenset()
    """Keys of the numbers that are mistakes of their own, too."""
    most: int = 20_000
    """Terms that are computed for one explanation: a long row has only its likeliest slips tried."""


class Lazily(Mapping[str, Any]):
    """What a function has for keys, each asked for once, when it is needed: a slip needs few of a table's numbers."""

    def __init__(self, of: Callable[[str], Any]) -> None:
        self._of, self._known = of, dict[str, Any]()

    def __getitem__(self, key: str) -> Any:
        if key not in self._known:
            self._known[key] = self._of(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
