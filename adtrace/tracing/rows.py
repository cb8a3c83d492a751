"""The rows of a Wengert list in the making: what reading a text and recording a call have in common.

Constants and elementals are interned, and a row that is already there is used again (hash-consing: Ershov, *On
programming of arithmetic operations*, CACM 1, 1958) unless ``sharing`` is off.  A power is one of three elementals,
by its exponent: a constant integer, a constant real number, or anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import prod

from adtrace.arrays.elemental import ArrayElemental, broadcast
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import entry as array_entry
from adtrace.arrays.table import terms_shape
from adtrace.elementals import (
    EXPONENTIAL,
    SLOTS,
    TABLE,
    Elemental,
    Signature,
    from_the_left,
    integer_power,
    key_of,
    of_order,
    real_power,
)
from adtrace.errors import AdtraceError, BoundError, InputError
from adtrace.language.syntax import Apply, Number, Options, Terms, spelling
from adtrace.limits import Limits
from adtrace.numbers import NeedsPrecision, decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ONE, exact_integer, precision, resolved, sign, sub
from adtrace.numbers.rounding import terminating
from adtrace.settings import ROWS
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.wengert import Constant, Flat, Operand, Variable, append
from adtrace.writing.dialects import plain

_LARGEST_PRODUCT = 64
_MUL = TABLE["mul", 2]
WRITTEN_OUT = ("batch_norm", "layer_norm")
"""Calls that are several rows."""


_PLACES_OF_AN_ENTRY = 3
"""An entry of arrays put together is held once for each of them."""


class RowBuilder:
    """Rows of a function of ``count`` variables, one after the other."""

    __slots__ = (
        "_constants",
        "_places",
        "_powers",
        "_shared",
        "columns",
        "constants",
        "count",
        "entries",
        "kinds",
        "limits",
        "operations",
        "placed",
        "powers",
        "shapes",
        "sharing",
    )  # fmt: skip

    def __init__(self, count: int, sharing: bool, powers: str, limits: Limits) -> None:
        self.count, self.sharing, self.powers, self.limits = count, sharing, powers, limits
        self.kinds: list[Signature] = []
        self.columns: list[list[int]] = [[], []]
        self.constants: list[Constant] = []
        """Those that are operands of rows, in the order of their first use."""
        self._shared: dict[tuple[Signature, tuple[int, ...]], int] = {}
        self._places: dict[int, int] = {}
        self._constants: dict[object, Constant] = {}
        self._powers: dict[int, tuple[Elemental, int | None]] = {}
        self.entries = self.operations = self.placed = 0
        self.shapes: list[Shape] | None = None
        """The shape of each variable so far, where there are arrays."""

    def unary(self, head: str, operand: Operand) -> Operand:
        """An elemental of one operand; of a constant it stays a constant."""
        if isinstance(operand, Constant):
            return self.interned((*operand.terms, Apply(head, 1, 0)))
        return self.row(TABLE[head, 1], (operand,))

    def binary(self, head: str, left: Operand, right: Operand) -> Operand:
        """An elemental of two operands; of constants it stays a constant."""
        if isinstance(left, Constant) and isinstance(right, Constant):
            return self.interned((*left.terms, *right.terms, Apply(head, 2, 0)))
        if head == "pow":
            return self.power(left, right)
        entry = TABLE[head, 2]
        return self.row(self._of_order(entry, left) if entry.order else entry, (left, right))

    def elemental(self, head: str, operands: Sequence[Operand]) -> Operand:
        """An elemental of these operands, of more than it has from the left; of constants it stays a constant."""
        if len(operands) == 1:
            return self.unary(head, operands[0])
        entry = TABLE[key_of(head, len(operands))]
        if entry.arity == 2:
            return from_the_left(entry, operands, partial(self.binary, head))
        if all(isinstance(operand, Constant) for operand in operands):
            terms = (term for operand in operands for term in operand.terms)  # type: ignore[union-attr]
            return self.interned((*terms, Apply(head, len(operands), 0)))
        return self.row(entry, tuple(operands))

    def _of_order(self, entry: Elemental, order: Operand) -> Elemental:
        """The elemental with its order, if that is a whole number, in its partials."""
        if not isinstance(order, Constant):
            raise InputError(
                f"{entry.formula_text} has no partial by its order {entry.order}, which is a constant here"
            )
        try:
            n = exact_integer(constant_value(order.terms, CERTIFIED, plain))
        except NeedsPrecision:
            return entry
        return entry if n is None else of_order(entry, n)

    def power(self, base: Operand, exponent: Operand) -> Operand:
        """One of the three powers, or e^u."""
        if isinstance(exponent, Constant) and (self.shapes is None or not self.shape(exponent)):
            return self._constant_power(base, exponent)
        if isinstance(base, Constant) and spelling(base.terms) == ("e",):
            return self.row(EXPONENTIAL, (exponent,))
        return self.row(TABLE["pow", 2], (base, exponent))

    def _constant_power(self, base: Operand, exponent: Constant) -> Operand:
        power = self._powers.get(id(exponent))
        if power is None:
            power = self._powers[id(exponent)] = self._power_of(exponent)
        elemental, n = power
        if n is None or self.powers == ROWS or not 2 <= n <= _LARGEST_PRODUCT:
            return self.row(elemental, (base, exponent))
        result = base
        for _ in range(n - 1):
            result = self.row(_MUL, (result, base))
        return result

    def _power_of(self, exponent: Constant) -> tuple[Elemental, int | None]:
        """The power with this exponent, and the exponent where it is an integer.

        Raises `UndecidedError` if its sign is not decided: ``x^(e - e)``.
        """

        def asked(bits: int) -> tuple[Elemental, int | None]:
            with precision(bits):
                value = constant_value(exponent.terms, CERTIFIED, plain)
                n = exact_integer(value)
                return (_real_power(value, exponent), None) if n is None else (integer_power(n), n)

        return decided(asked, self.limits, lambda: f"whether the exponent {plain(exponent.terms)} is positive")

    def interned(self, terms: Terms) -> Constant:
        """The one constant of this spelling."""
        return self._constants.setdefault(spelling(terms), Constant(tuple(terms)))

    def spelled(self, term: Apply, operands: Sequence[Constant], *of: object) -> Constant:
        """An operation on constants as one of them, in their own spelling."""
        terms = [part for operand in operands for part in operand.terms]
        return self.interned((*terms, Apply(term.head, len(operands), 0, term.options)))

    def row(self, elemental: Elemental, operands: tuple[Operand, ...]) -> Operand:
        """The variable of this row: an earlier one if it is the same and rows are shared."""
        signature = elemental.signatures[tuple([type(operand) is Variable for operand in operands])]
        places = tuple(map(self.place, operands))
        if self.shapes is None:
            return self.variable(self.entry(signature, places))
        shape = self.row_shape(elemental, operands)
        place = self.entry(signature, places)
        if place == len(self.shapes):
            self.shapes.append(shape)
            self._require_size(elemental, shape)
        return self.variable(place)

    def _require_size(self, elemental: Elemental, shape: Shape) -> None:
        """Raise `BoundError` for more entries, or more operations, than the bounds allow; before they are computed."""
        self.entries += prod(shape)
        self.operations += elemental.operations if isinstance(elemental, ArrayElemental) else prod(shape)
        if isinstance(elemental, ArrayElemental) and elemental.places is not None:
            self.placed += prod(shape) * len(elemental.shapes)  # where each entry stands, is held for each operand
            if self.placed > _PLACES_OF_AN_ENTRY * self.limits.entries:
                most = f"{_PLACES_OF_AN_ENTRY * self.limits.entries} (entries times {_PLACES_OF_AN_ENTRY})"
                raise BoundError(f"with {elemental.name} operands stand in more than {most} places, which is the bound")
        if self.entries > self.limits.entries:
            raise BoundError(f"the arrays of the trace have more than {self.limits.entries} entries, the bound")
        if self.operations > self.limits.operations:
            raise BoundError(f"the trace has more than {self.limits.operations} operations, which is the bound")

    def row_shape(self, elemental: Elemental, operands: tuple[Operand, ...]) -> Shape:
        """The shape of a row.  Raises `ShapeError`."""
        if isinstance(elemental, ArrayElemental):
            return elemental.shape
        return broadcast([self.shape(operand) for operand in operands], elemental.name)

    def shape(self, operand: Operand) -> Shape:
        """The shape of an operand."""
        assert self.shapes is not None
        return terms_shape(operand.terms) if isinstance(operand, Constant) else self.shapes[operand + self.count - 1]

    def call(self, head: str, options: Options, operands: Sequence[Operand]) -> Operand:
        """A row that mixes entries; of constants it stays a constant.  Raises `ShapeError`."""
        if all(isinstance(operand, Constant) for operand in operands):
            terms = [term for operand in operands for term in operand.terms]  # type: ignore[union-attr]
            return self.interned((*terms, Apply(head, len(operands), 0, options)))
        shapes = tuple(map(self.shape, operands))
        if head == "array":
            head, options = "stack", (("axis", 0),)
        if head in ("stack", "concat") and len(operands) > len(SLOTS):
            return self._joined(head, options, operands, shapes)
        if head in WRITTEN_OUT:
            return self._written_out(head, options, operands)
        return self.row(array_entry(head, options, shapes), tuple(operands))

    def _joined(self, head: str, options: Options, operands: Sequence[Operand], shapes: tuple[Shape, ...]) -> Operand:
        """More arrays put together than a row has operands: some of them, then the rest."""
        array_entry(head, options, shapes)  # all of them fit
        first = self.call(head, options, operands[: len(SLOTS)])
        rest = self.call(head, options, operands[len(SLOTS) :])
        return self.call("concat", tuple(pair for pair in options if pair[0] == "axis"), (first, rest))

    def _written_out(self, head: str, options: Options, operands: Sequence[Operand]) -> Operand:
        """A call that is several rows: (x normalized) * g + b."""
        axis = 0 if head == "batch_norm" else -1
        eps = tuple(pair for pair in options if pair[0] == "eps")
        scaled = self.call("normalize", (("axis", axis), *eps), operands[:1])
        return self.binary("add", self.binary("mul", scaled, operands[1]), operands[2])

    def entry(self, signature: Signature, places: tuple[int, ...]) -> int:
        """The place of the row with operands at these places.  Raises `BoundError` past ``limits.rows``."""
        if self.sharing:
            new = self.count + len(self.kinds)
            place = self._shared.setdefault((signature, places), new)
            if place != new:
                return place
        if len(self.kinds) >= self.limits.rows:
            raise self.no_place()
        self.kinds.append(signature)
        if len(self.columns) == len(places) == 2:  # most rows
            self.columns[0].append(places[0])
            self.columns[1].append(places[1])
        else:
            append(self.columns, places)
        return self.count + len(self.kinds) - 1

    def no_place(self) -> AdtraceError:
        """The error of a trace that is too long."""
        return BoundError(f"the trace has more than {self.limits.rows} rows, which is the bound")

    def place(self, operand: Operand) -> int:
        """The place of an operand; a constant gets its own at its first use."""
        if not isinstance(operand, Constant):
            return operand + self.count - 1
        place = self._places.get(id(operand))
        if place is None:
            self.constants.append(operand)
            place = self._places[id(operand)] = -1 - len(self.constants)
        return place

    def variable(self, place: int) -> Variable:
        """The variable at this place."""
        return Variable(place - self.count + 1)

    def flat(self) -> Flat:
        """The rows as they are stored."""
        return Flat(self.kinds, self.columns, tuple(self.constants))


def _real_power(value: object, exponent: Constant) -> Elemental:
    """The power with a constant exponent that is no integer."""
    less_one = resolved(sub(value, ONE))
    text = f"{plain(exponent.terms)} - 1"
    if hasattr(less_one, "q"):
        decimal = any(type(t) is Number and "." in t.text for t in exponent.terms)
        text = (terminating(less_one, 12) if decimal else None) or str(less_one)
    return real_power(text, sign(value) > 0, sign(less_one) > 0)
