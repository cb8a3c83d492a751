"""The number systems in which a trace is evaluated, and how their numbers become digits.

``exact``      fractions, multiples of pi and balls, and arithmetic on them
``elementary`` the elementary functions of those numbers
``special``    gamma, error, Bessel functions and their like, and those with jumps
``primitives`` the functions that numbers must bring, each in every system
``certified``  exact fractions, exact multiples of pi, and balls (Arb) otherwise: the default
``floats``     double precision, for traces of many thousand rows
``rounding``   a number of either into its correctly rounded digits
``formatting`` a value as ``format`` writes it
``operators``  Python's operators and numpy's functions, from one method that computes
``computed``   an operation on values, at whatever precision is asked for
``value``      a number of a trace as the caller gets it

A number system is an `Arithmetic`: a table from the heads of the language to functions of its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from adtrace.errors import UndecidedError
from adtrace.limits import Limits

START_BITS = 128
"""The lowest working precision."""

Scalar = Any
"""A number of some arithmetic: fmpq, Long, PiMultiple or arb; float."""


class Singular(ArithmeticError):
    """A rule divides by zero, or leaves its domain, at these operands."""


class TooLarge(ArithmeticError):
    """A number passes the documented magnitude."""


class NeedsPrecision(ArithmeticError):
    """A comparison or a division cannot be decided at the working precision."""


class Assumed(NeedsPrecision):
    """A comparison of formulas in open letters, which no precision decides: what a rule needs of it is assumed."""


_Answer = TypeVar("_Answer")


def decided(
    ask: Callable[[int], _Answer | None], limits: Limits, what: str | Callable[[], str], bits: int = START_BITS
) -> _Answer:
    """The first answer at rising precision: ``ask(128)``, ``ask(256)``, ..., up to the bound.

    None, and `NeedsPrecision`, ask for more bits.  Raises `UndecidedError`: ``what``, which may be spelled when it is
    needed (or what the last question says), is not decided.
    """
    while True:
        try:
            answer = ask(bits)
        except NeedsPrecision as question:
            answer, what = None, str(question) or what
        if answer is not None:
            return answer
        bits *= 2
        if bits > limits.bits:
            raise UndecidedError(f"{what if isinstance(what, str) else what()} is not decided at {limits.bits} bits")


def highest_bits(limits: Limits) -> int:
    """The last precision that `decided` asks at."""
    return START_BITS << max((limits.bits // START_BITS).bit_length() - 1, 0)


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """One number system."""

    name: str
    functions: Mapping[str, Callable[..., Scalar]]
    """The function of each head: ``add``, ``mul``, ``ln``, ...  They raise the errors above."""
    literal: Callable[[int, int], Scalar]
    """The number ``digits * 10**exponent``."""
    constants: Mapping[str, Callable[[], Scalar]]
    """``pi`` and ``e``, at the working precision."""
    sign: Callable[[Scalar], int]
    """-1, 0 or 1; raises `NeedsPrecision` where it is not decided."""
    precision: Callable[[int], AbstractContextManager[object]]
    """A context in which the arithmetic works with so many bits."""
    zero: Scalar
    one: Scalar
    exact: bool
    """Whether digits are certified: if not, one sweep is all that there is."""
    magnitude_bits: int
    """No number is larger than 2 to this power; what would be raises `TooLarge`."""
    unchecked: tuple[Callable[[Scalar, Scalar], Scalar], Callable[[Scalar, Scalar], Scalar]] | None = None
    """Addition and multiplication that do not raise, if there are cheaper ones; then `finite` checks their results."""
    finite: Callable[[Iterable[Scalar]], bool] = lambda numbers: True
    """Whether none of them passes the magnitude."""
    elemental: Callable[..., Callable[..., Scalar]] | None = None
    """An elemental (and partials in place of its own) as a function of numbers, where its value rule does not give it:
    the higher coefficients of a jet come from the partials.
    """
    row: Callable[..., tuple[Scalar, tuple[str, ...] | None] | None] | None = None
    """How a row is computed whose operands are no numbers that stand still, from the bound elemental, the operands,
    whether a kink of it can be left, and the partials at one: its value, and the texts of its partials if they are not
    the elemental's own.  None for a row that is computed as any other.
    """
    words: str = "double_precision"
    """What its numbers are computed in, where a note says that they are not certified."""
    formulas: bool = False
    """Whether numbers are formulas: the value of a row is then its own formula."""
    named: Callable[..., Scalar] | None = None
    """What a number is in the rows after it, from its quantity, place and seed: its name, where that is shorter."""
    vanishes: Callable[[Scalar], bool] | None = None
    """Whether a number is 0 whatever its letters are, where `sign` leaves it open."""
    entries: Arithmetic | None = None
    """The number system of the entries, where numbers are arrays."""
    multiplied: tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]] | None = None
    """Addition and multiplication for the derivative sweeps, where partials are no numbers: linear maps of arrays."""
    along: Callable[[Scalar, Scalar], Scalar] | None = None
    """The jets of an array of independent variables, from the arrays of the values and of the slopes."""
    shaped: Callable[[Scalar, Scalar], Scalar] | None = None
    """A number repeated into the shape of another, where numbers are arrays."""
    folded: Callable[..., Scalar] | None = None
    """An operation on constants, where they may be arrays."""
    told: Callable[[Scalar], Any] = lambda number: number
    """What a sentence shows of a number: a number, or a text."""
    origin: tuple[Callable[..., Arithmetic], tuple[Any, ...]] | None = None
    """What makes it, and of what: in another process it is made again."""

    def __reduce__(self) -> tuple[Any, ...]:
        if self.origin is None:
            raise TypeError(f"the number system {self.name} belongs to one evaluation")
        return self.origin

    @property
    def linear(self) -> tuple[Callable[[Scalar, Scalar], Scalar], Callable[[Scalar, Scalar], Scalar]]:
        """Addition and multiplication, for the derivative sweeps."""
        return self.multiplied or self.unchecked or (self.functions["add"], self.functions["mul"])


def standing(name: str) -> Arithmetic:
    """A number system that stands in a module of this folder: ``certified.CERTIFIED``."""
    module, _, constant = name.partition(".")
    system: Arithmetic = getattr(import_module(f"adtrace.numbers.{module}"), constant)
    return system
