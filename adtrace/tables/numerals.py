"""The numbers of an evaluation as the texts that cells print.

``text``    in the form that is asked for: short, an exact number in its own digits and others rounded, 5.5; fixed,
            to ``digits`` decimals with zeros kept, 5.5000; 1.000e-10 where decimals hide it
``put_in``  as ``text``, but small fractions stay fractions: 1/9         (numbers put into a formula)
``column``  many of them at once

Each is the exact value rounded once.  A number that the working precision does not decide is evaluated again at a
higher one, up to the bound; what that leaves open is marked ``?``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any, NamedTuple

from flint import fmpq

from adtrace.errors import BoundError, UndecidedError
from adtrace.language.syntax import Terms
from adtrace.numbers import START_BITS, Arithmetic, Scalar, TooLarge, decided, highest_bits
from adtrace.numbers.exact import Long, ball
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.rounding import (
    LARGEST_PART,
    endpoints,
    fixed,
    is_short,
    is_telling,
    legible,
    readable,
    significant,
    terminating,
)
from adtrace.settings import EXACT, FIXED, HALF_EVEN, SHORT, SIGNIFICANT
from adtrace.tracing.evaluate import beyond
from adtrace.tracing.expressed import in_language
from adtrace.tracing.quantities import Address, Quantity
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.tracing.symbols import row_name, terms_of
from adtrace.writing.matrices import nested
from adtrace.writing.notation import ATOM, FRACTION, PRODUCT, Text

MARK = "?"
_MOST_ASKED = 20
"""Numbers of a table of which it is asked at most whether algebra shows what they are."""
_ZERO_BITS = 2048
"""A number that cannot be told from 0 at this precision is printed as 0.0000, without a closer look."""

_Rounded = Callable[[Scalar, int, str], str | None]
"""A number with so many digits, by a rounding, or nothing where they are not decided."""


class Rounded(NamedTuple):
    """The numbers of a quantity that the first precision decides, by their place."""

    texts: list[str] | None
    """All of them as decimals, where Python's own format is the correctly rounded one; those in the others are
    hidden by their decimals."""
    shown: dict[int, str]
    """As value cells show them."""
    put_in: dict[int, Text]
    """As they are put into formulas."""


_LARGE = 999_999_999.0
"""A double that is smaller has no more digits before the point than a page shows."""


def _short_power(text: str) -> str:
    """``1.000e-10`` and ``1.000e9`` from Python's 1.000e-10 and 1.000e+09."""
    digits, _, power = text.partition("e")
    return f"{digits}e{int(power)}"


@dataclass(slots=True)
class Numerals:
    """The numbers of one evaluation at one number of digits and one rounding."""

    evaluation: Evaluation
    digits: int
    rounding: str
    form: str = SHORT
    """How a value cell writes a number: short, fixed, significant or exact."""
    refuse: bool = False
    """Whether an undecided digit is an error."""
    powers: bool = True
    """Whether a number that decimals hide is printed with a power of ten: 1.000e-10 for 0.0000.

    Never in displayed arithmetic, which computes with its decimals.
    """
    simplify: bool = False
    """Whether formulas are shown as sympy simplifies them."""
    undecided: bool = False
    """Whether any number so far carries the mark."""
    bits: int = field(init=False, default=START_BITS)
    """The highest precision that a number has needed so far."""
    asked: int = field(init=False, default=0)
    """Numbers of which it was asked whether algebra shows what they are."""
    algebra: Sweep | None = field(init=False, default=None)
    """The numbers in closed form for that."""
    closed: Sweep | None = field(init=False, default=None)
    """The numbers in closed form, where they are asked for."""
    formulas: bool = field(init=False, default=False)
    """Whether numbers are formulas, which stand as they are."""
    _simplified: dict[Terms, Terms] = field(init=False, default_factory=dict)
    _columns: dict[tuple[Quantity, int], Rounded] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.powers &= self.evaluation.displayed is None
        self.formulas = self.evaluation.arithmetic.formulas
        if self.form == EXACT and not self.formulas:
            from adtrace.tables.exactly import closed_forms  # noqa: PLC0415 - imports sympy

            self.closed = closed_forms(self.evaluation)

    def closed_form(self, address: Address) -> Terms | None:
        """The closed form of a number, if there is a short one: sqrt(3)/2; a formula, with the names of rows in it."""
        if self.formulas:
            return self._named(address) or self._formula(self.evaluation.first()[address])
        if self.closed is None:
            return None
        from adtrace.tables.exactly import shown  # noqa: PLC0415

        return shown(self.closed[address], self.evaluation.first()[address])

    def _named(self, address: Address) -> Terms:
        """The name of an entry that is one of another row; nothing for any other number."""
        name = getattr(self.evaluation.first()[address], "name", None)
        of = row_name(name.name) if name is not None else None
        own = of is None or of.entry is None or of[:2] == (address.quantity.name, address.place)
        return () if own or name is None else (name,)

    def _formula(self, number: Scalar) -> Terms:
        """A number as a formula, with the names of rows in it."""
        terms = terms_of(number)
        if not self.simplify or len(terms) <= 1:
            return terms
        if terms not in self._simplified:
            from adtrace.tables.simplified import simplified  # noqa: PLC0415 - imports sympy

            self._simplified[terms] = simplified(terms)
        return self._simplified[terms]

    def text(self, address: Address) -> str:
        """The number in a value cell; from its column, where that is there."""
        quantity, place, seed, entry = address
        column = self._columns.get((quantity, seed)) if entry is None else None
        if column is not None and (text := column.shown.get(place) or (column.texts and column.texts[place])):
            return text
        return self._text(self.evaluation.first()[address], address)

    def texts(self, address: Address) -> Any:
        """The number in a value cell; of an array nested lists."""
        shape = getattr(self.evaluation.first()[address], "shape", ())
        if not shape:
            return self.text(address)
        quick = self._decimals(self.evaluation.first()[address].reshape(-1).tolist())
        if quick is not None and quick.texts is not None:
            return nested([quick.shown.get(entry) or text for entry, text in enumerate(quick.texts)], shape)
        return nested([self.text(address._replace(entry=entry)) for entry in range(prod(shape))], shape)

    def double(self, number: float) -> str:
        """A double that no sweep has, as a value cell writes it."""
        return self._text(number, None)

    def put_in(self, address: Address) -> Text:
        """The number as it is put into a formula."""
        number = self.evaluation.first()[address]
        exact = self._exact(number)
        if exact is not None:
            return exact
        text = self._settled(number, address, significant if self.form == SIGNIFICANT else self._rounded)
        return Text(text, PRODUCT if "e" in text else ATOM, text.startswith("-"))

    def is_rounded(self, address: Address) -> bool:
        """Whether a value cell has not all digits of the number."""
        exact = self._exact(self.evaluation.first()[address])
        return exact is None or exact.level != ATOM

    def exact(self, address: Address) -> str | None:
        """The number with all its decimals, if it is no other number then."""
        number = self.evaluation.first()[address]
        text = fixed(number, self.digits, self.rounding) if type(number) is fmpq else None
        return text if text is not None and fmpq(int(text.replace(".", "")), 10**self.digits) == number else None

    def column(self, quantity: Quantity, seed: int = 0) -> Rounded:
        """The numbers of a quantity for a seed, all at once where that is quicker."""
        key = quantity, seed
        if key not in self._columns:
            numbers = quantity.numbers(self.evaluation.first(), seed)
            assert isinstance(numbers, list)
            arrays = self.evaluation.arithmetic.entries is not None
            self._columns[key] = Rounded(None, {}, {}) if arrays else self._decimals(numbers) or self._decided(numbers)
        return self._columns[key]

    def _text(self, number: Scalar, address: Address | None) -> str:
        if self.formulas:
            return in_language(self._formula(number) if address else terms_of(fmpq(0)), self.evaluation.wengert.first)
        if self.form == SIGNIFICANT:
            return self._settled(number, address, significant)
        if self.form != FIXED:  # in its own digits, if it has few enough
            if type(number) is Long:
                number = legible(number, self.digits)
            text = self._terminating(number) if type(number) is fmpq else None
            if text is not None:
                return text
        return self._settled(number, address, self._rounded)

    @property
    def _rounded(self) -> _Rounded:
        """All decimals, or a power of ten where they hide the number."""
        return readable if self.powers else fixed

    def _at(self, number: Scalar, address: Address | None, bits: int) -> Scalar:
        """The number at a higher precision, where it has an address."""
        return number if bits == START_BITS or address is None else self.evaluation.at(bits)[address]

    def _settled(self, scalar: Scalar, address: Address | None, rounded: _Rounded) -> str:
        """The digits at a precision that decides them, or with the mark."""

        def asked(bits: int) -> str | None:
            number = self._at(scalar, address, bits)
            with self.evaluation.arithmetic.precision(bits):
                text = rounded(number, self.digits, self.rounding)
                if text is None and rounded is readable and bits * 2 > zero_bits and ball(number).contains(0):
                    text = fixed(number, self.digits, self.rounding)
            if text is not None:
                self.bits = max(self.bits, bits)
            return text

        limits, higher = self.evaluation.limits, max(self.bits, 2 * START_BITS)
        zero_bits = min(limits.bits, _ZERO_BITS)
        try:
            text = asked(START_BITS)
            if text is None and higher <= limits.bits:  # what another number needed, this one will need, too
                text = decided(asked, limits, "a digit", higher)
        except UndecidedError:
            text, self.bits = None, limits.bits  # where one number is lost, the others are not looked for step by step
        except TooLarge:
            raise BoundError(beyond("a number of the trace", self.evaluation.arithmetic)) from None
        if text is None:
            proved = self._proved(scalar, address)
            text = None if proved is None else rounded(proved, self.digits, self.rounding)
        return text if text is not None else self._marked(scalar, address, rounded)

    def _proved(self, scalar: Scalar, address: Address | None) -> fmpq | None:
        """The fraction that a number is which no precision tells from a tie, if algebra shows it: exp(ln(5/2)).

        It is asked for a few numbers of small traces: bounded by sizes, so that it is the same on every machine.
        """
        if address is None or self.asked >= _MOST_ASKED:
            return None
        self.asked += 1
        from adtrace.tables.exactly import closed_forms, rational  # noqa: PLC0415 - imports sympy

        if self.closed is None and self.asked == 1:
            self.algebra = closed_forms(self.evaluation)
        algebra = self.closed or self.algebra
        return None if algebra is None else rational(algebra[address], scalar)

    def _marked(self, scalar: Scalar, address: Address | None, rounded: _Rounded) -> str:
        """The digits next to the tie that cannot be told from the number, with the mark."""
        bits = highest_bits(self.evaluation.limits)
        if self.refuse:
            what = f"digit {self.digits} of a number is not decided at {self.evaluation.limits.bits} bits"
            raise UndecidedError(f"{what}: it is next to a tie")
        self.undecided = True
        number = self._at(scalar, address, bits)
        with self.evaluation.arithmetic.precision(bits):
            x = ball(number)
            if x.rel_accuracy_bits() <= 0:  # it may be 0, and so has no first digit, or anything at all
                return f"0{MARK}" if rounded is significant or abs(x) < 1 else MARK
            low, _, exponent = endpoints(x)
            numerator, denominator = (low << exponent, 1) if exponent >= 0 else (low, 1 << -exponent)
            text = str(rounded(fmpq(numerator, denominator), self.digits, self.rounding))
        digits, power_mark, power = text.partition("e")
        return f"{digits}{MARK}{power_mark}{power}"

    def _terminating(self, scalar: fmpq) -> str | None:
        """The number in its own digits, if they are few enough."""
        exact = terminating(scalar, self.digits)
        return None if exact is None or (self.powers and not is_short(exact)) else exact

    @property
    def _base(self) -> Arithmetic:
        """The number system of single numbers."""
        return self.evaluation.arithmetic.entries or self.evaluation.arithmetic

    @property
    def _as_python(self) -> bool:
        """Whether decimals are those of Python's own format."""
        return self.form != SIGNIFICANT and self.rounding == HALF_EVEN and self._base is FLOATS

    def _decimals(self, numbers: Sequence[Scalar]) -> Rounded | None:
        """All of these numbers with their decimals, where Python's own format is the correctly rounded one: doubles,
        with ties to even (it rounds the exact binary value once); every dialect writes them alike.  None otherwise.
        """
        if not self._as_python:
            return None
        texts, zero = list(map(f"%.{self.digits}f".__mod__, numbers)), f"{0.0:.{self.digits}f}"
        if f"-{zero}" in texts:
            texts = [zero if text == f"-{zero}" else text for text in texts]
        largest = max(max(numbers, default=0.0), -min(numbers, default=0.0))
        if not self.powers or (zero not in texts and largest < _LARGE):
            return Rounded(texts, {}, {})
        form = f"%.{max(self.digits - 1, 0)}e"  # correctly rounded, as those are
        hidden = {
            place: _short_power(form % number)
            for place, (number, text) in enumerate(zip(numbers, texts, strict=True))
            if number and (text == zero or (not -_LARGE < number < _LARGE and not is_telling(text)))
        }
        return Rounded(texts, hidden, {place: Text(text, PRODUCT, text[0] == "-") for place, text in hidden.items()})

    def _decided(self, numbers: Sequence[Scalar]) -> Rounded:
        """Those of these numbers that the first precision decides, each by its place; all but closed forms and
        significant digits, which are made one by one.
        """
        column, rounded = Rounded(None, {}, {}), self._rounded
        if self.form not in (SHORT, FIXED) or self.formulas:
            return column
        with self.evaluation.arithmetic.precision(START_BITS):
            for place, number in enumerate(numbers):
                exact = self._exact(number)
                try:
                    text = exact.text if exact and exact.level == ATOM else rounded(number, self.digits, self.rounding)
                except TooLarge:
                    continue
                if text is not None:
                    column.shown[place] = text
                    column.put_in[place] = exact or Text(text, PRODUCT if "e" in text else ATOM, text[0] == "-")
        return column

    def _exact(self, scalar: Scalar) -> Text | None:
        """A number in its own digits, or a small fraction, if it is one."""
        if self.form not in (SHORT, EXACT):
            return None
        if type(scalar) is Long:
            scalar = legible(scalar, self.digits)
        if type(scalar) is not fmpq:
            return None
        text = self._terminating(scalar)
        if text is not None:
            return Text(text, ATOM, text[0] == "-")
        if abs(scalar.p) <= LARGEST_PART and scalar.q <= LARGEST_PART:
            return Text(str(scalar), FRACTION, scalar < 0)
        return None
