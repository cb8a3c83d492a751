"""The numbers of an evaluation as the texts that cells print.

``fixed``   rounded to ``digits`` decimals, zeros kept: 5.5000           (JSON); 1.000e-10 where decimals hide it
``short``   an exact number in its own digits, others rounded: 5.5        (value cells)
``put_in``  as ``short``, but small fractions stay fractions: 1/9         (numbers put into a formula)

Each is the exact value rounded once.  A number that the working precision does not decide is evaluated again at a
higher one, up to the bound; what that leaves open is marked ``?``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from flint import fmpq

from adtrace.errors import BoundError, UndecidedError
from adtrace.language.syntax import Terms
from adtrace.numbers import START_BITS, Scalar, TooLarge, decided
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
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.writing.notation import ATOM, FRACTION, PRODUCT, Text

Pick = Callable[[Sweep], Scalar]
"""Which number of a sweep."""

MARK = "?"
_MOST_ASKED = 20
"""Numbers of a table of which it is asked at most whether algebra shows what they are."""
_ZERO_BITS = 2048
"""A number that cannot be told from 0 at this precision is printed as 0.0000, without a closer look."""

_Rounded = Callable[[Scalar, int, str], str | None]
"""A number with so many digits, by a rounding, or nothing where they are not decided."""


class Decided(NamedTuple):
    """Numbers by their place, as value cells show them and as they are put into formulas."""

    shown: dict[int, str]
    put_in: dict[int, Text]


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

    def __post_init__(self) -> None:
        self.powers &= self.evaluation.displayed is None
        if self.form == EXACT:
            from adtrace.tables.exactly import closed_forms  # noqa: PLC0415 - imports sympy

            self.closed = closed_forms(self.evaluation)

    def closed_form(self, scalar: Scalar, pick: Pick) -> Terms | None:
        """The closed form of a number, if there is a short one: sqrt(3)/2."""
        if self.closed is None:
            return None
        from adtrace.tables.exactly import shown  # noqa: PLC0415

        return shown(pick(self.closed), scalar)

    def fixed(self, scalar: Scalar, pick: Pick) -> str:
        """The number with all its decimals, or a power of ten where they hide it.

        ``pick`` finds it again at a higher precision.
        """
        return self._settled(scalar, pick, self._rounded)

    @property
    def _rounded(self) -> _Rounded:
        return readable if self.powers else fixed

    def significant(self, scalar: Scalar, pick: Pick) -> str:
        """The number with ``digits`` significant digits."""
        return self._settled(scalar, pick, significant)

    def _settled(self, scalar: Scalar, pick: Pick, rounded: _Rounded) -> str:
        """The digits at a precision that decides them, or with the mark."""

        def asked(bits: int) -> str | None:
            number = scalar if bits == START_BITS else pick(self.evaluation.at(bits))
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
            proved = self._proved(scalar, pick)
            text = None if proved is None else rounded(proved, self.digits, self.rounding)
        return text if text is not None else self._marked(scalar, pick, rounded)

    def _proved(self, scalar: Scalar, pick: Pick) -> fmpq | None:
        """The fraction that a number is which no precision tells from a tie, if algebra shows it: exp(ln(5/2)).

        It is asked for a few numbers of small traces: bounded by sizes, so that it is the same on every machine.
        """
        if self.asked >= _MOST_ASKED:
            return None
        self.asked += 1
        from adtrace.tables.exactly import closed_forms, rational  # noqa: PLC0415 - imports sympy

        if self.closed is None and self.asked == 1:
            self.algebra = closed_forms(self.evaluation)
        algebra = self.closed or self.algebra
        return None if algebra is None else rational(pick(algebra), scalar)

    def _marked(self, scalar: Scalar, pick: Pick, rounded: _Rounded) -> str:
        """The digits next to the tie that cannot be told from the number, with the mark."""
        bits = START_BITS
        while bits * 2 <= self.evaluation.limits.bits:
            bits *= 2
        if self.refuse:
            what = f"digit {self.digits} of a number is not decided at {self.evaluation.limits.bits} bits"
            raise UndecidedError(f"{what}: it is next to a tie")
        self.undecided = True
        number = scalar if bits == START_BITS else pick(self.evaluation.at(bits))
        with self.evaluation.arithmetic.precision(bits):
            x = ball(number)
            if x.rel_accuracy_bits() <= 0:  # it may be 0, and so has no first digit, or anything at all
                return f"0{MARK}" if rounded is significant or abs(x) < 1 else MARK
            low, _, exponent = endpoints(x)
            numerator, denominator = (low << exponent, 1) if exponent >= 0 else (low, 1 << -exponent)
            text = str(rounded(fmpq(numerator, denominator), self.digits, self.rounding))
        digits, power_mark, power = text.partition("e")
        return f"{digits}{MARK}{power_mark}{power}"

    def short(self, scalar: Scalar, pick: Pick) -> str:
        """The number in its own digits, if it has few enough; else rounded."""
        if type(scalar) is Long:
            scalar = legible(scalar, self.digits)
        if type(scalar) is fmpq:
            exact = self._terminating(scalar)
            if exact is not None:
                return exact
        return self.fixed(scalar, pick)

    def _terminating(self, scalar: fmpq) -> str | None:
        """The number in its own digits, if they are few enough."""
        exact = terminating(scalar, self.digits)
        return None if exact is None or (self.powers and not is_short(exact)) else exact

    def exact(self, scalar: Scalar) -> str | None:
        """The number with all its decimals, if it is no other number then."""
        text = fixed(scalar, self.digits, self.rounding) if type(scalar) is fmpq else None
        return text if text is not None and fmpq(int(text.replace(".", "")), 10**self.digits) == scalar else None

    def shown(self, scalar: Scalar, pick: Pick) -> str:
        """The number in a value cell."""
        if self.form == SIGNIFICANT:
            return self.significant(scalar, pick)
        return self.fixed(scalar, pick) if self.form == FIXED else self.short(scalar, pick)

    def decimals(self, scalars: Sequence[Scalar]) -> list[str] | None:
        """All of these numbers with their decimals, where Python's own format is the correctly rounded one: doubles,
        with ties to even (it rounds the exact binary value once); every dialect writes them alike.  None otherwise.
        """
        if self.form == SIGNIFICANT or self.rounding != HALF_EVEN or self.evaluation.arithmetic is not FLOATS:
            return None
        texts = list(map(f"%.{self.digits}f".__mod__, scalars))
        zero = f"{0.0:.{self.digits}f}"
        return texts if f"-{zero}" not in texts else [zero if text == f"-{zero}" else text for text in texts]

    def hidden(self, scalars: Sequence[Scalar], texts: Sequence[str]) -> dict[int, str]:
        """Those of these doubles that their decimals hide, each with its power of ten, by its place."""
        zero = f"{0.0:.{self.digits}f}"
        largest = max(max(scalars, default=0.0), -min(scalars, default=0.0))
        if not self.powers or (zero not in texts and largest < _LARGE):
            return {}
        form = f"%.{max(self.digits - 1, 0)}e"  # correctly rounded, as in `decimals`
        return {
            place: _short_power(form % scalar)
            for place, (scalar, text) in enumerate(zip(scalars, texts, strict=True))
            if scalar and (text == zero or not -_LARGE < scalar < _LARGE) and not is_telling(text)
        }

    def decided(self, scalars: Sequence[Scalar]) -> Decided:
        """Those of these numbers that the first precision decides, each by its place; all but closed forms and
        significant digits and powers of ten, which are made one by one.
        """
        found, rounded = Decided({}, {}), self._rounded
        if self.form not in (SHORT, FIXED):
            return found
        with self.evaluation.arithmetic.precision(START_BITS):
            for place, scalar in enumerate(scalars):
                exact = self._exact(scalar)
                try:
                    text = exact.text if exact and exact.level == ATOM else rounded(scalar, self.digits, self.rounding)
                except TooLarge:
                    continue
                if text is not None and "e" not in text:
                    found.shown[place] = text
                    found.put_in[place] = exact or Text(text, ATOM, text[0] == "-")
        return found

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

    def put_in(self, scalar: Scalar, pick: Pick) -> Text:
        """The number as it is put into a formula."""
        exact = self._exact(scalar)
        if exact is not None:
            return exact
        text = self.significant(scalar, pick) if self.form == SIGNIFICANT else self.fixed(scalar, pick)
        return Text(text, PRODUCT if "e" in text else ATOM, text.startswith("-"))
