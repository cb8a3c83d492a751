"""Whether a printed number is a value: exact, rounded, cut, within its last digit, or worked out by hand.

A decimal that stands alone is compared digit by digit.  A cell with numbers put in, ``10.6931 + 0.9589``, is evaluated
with each of its decimals as the ball of all that it may stand for, and holds the value or does not.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import cycle, islice, product
from struct import pack, unpack

from flint import arb, fmpq

from adtrace.checking.readings.bare import ONES
from adtrace.checking.readings.cells import Part
from adtrace.checking.work.shapes import number_of, numbers_of, shapes_differ, squeezed
from adtrace.checking.work.values import BITS, NoValue, shape_of, spoken
from adtrace.language.syntax import ARRAY, SILENT, Apply, Number, Term, fold
from adtrace.numbers import Scalar, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, literal, neg, precision, resolved
from adtrace.numbers.rounding import readable, significant

EXACT, ROUNDED, CUT, LAST_DIGIT, APPROXIMATE = "exact", "rounded", "cut", "last digit", "approximate"
_CLOSE = arb(fmpq(1, 10**25))
_USUAL = fmpq(1, 20_000)
"""Half a unit of four decimals: what a whole number may differ from a value that prints like it, 1 for 0.9999997."""
_DOUBLE, SINGLE = 14, 8
"""Significant digits from which a number was printed by a machine, which errs in the last ones."""
_DYADIC = 1024
"""Of a decimal such as 0.5 or 0.125, the largest denominator: it is more often exact than rounded."""


@lru_cache(maxsize=1024)
def _power(exponent: int) -> fmpq:
    return literal(1, exponent)


def _unit(digits: int, exponent: int) -> fmpq:
    """One unit of the last digit that is printed; more of them for the digits of a double or a single."""
    many = len(str(digits))
    return _power(exponent) * (2000 if many >= _DOUBLE else 6 if many >= SINGLE else 1)


def _slack(digits: int, exponent: int) -> fmpq:
    """How far from a decimal the number may lie for which it stands."""
    if exponent >= 0:
        return _power(exponent) / 2 if exponent > 0 and len(str(digits)) >= 3 else fmpq(0)
    return _unit(digits, exponent) / (1 if exponent < -1 else 2)


def _fuzzy(digits: int, exponent: int) -> Scalar:
    """A decimal in working as the ball of what it may stand for; a whole number and a short dyadic one are exact."""
    value = CERTIFIED.literal(digits, exponent)
    slack = _slack(digits, exponent)
    short = -3 <= exponent < 0 and digits % 10 and isinstance(value, fmpq) and _DYADIC % int(value.q) == 0
    return value if not slack or not digits or short else arb(arb(value).mid(), arb(slack))


FUZZY = replace(CERTIFIED, name="fuzzy", literal=_fuzzy)
"""The certified arithmetic with decimals as printed: each a ball as wide as its last digit."""


@dataclass(frozen=True)
class Printed:
    """A number as a cell prints it; of an array, its entries in the order of rows."""

    terms: tuple[Term, ...]
    exact: Scalar
    """Its value if every digit is meant."""
    number: Number | None = None
    """The decimal that it is, if it is one and nothing else."""
    entries: tuple[Printed, ...] = ()
    shape: tuple[int, ...] = ()
    worked: Scalar | None = None
    """Of an entry of an array that is worked out, the ball of all that it may be."""

    @cached_property
    def fuzzy(self) -> Scalar:
        """The ball of all that it may stand for."""
        with precision(BITS):
            if self.worked is not None:
                return self.worked
            if self.entries:
                return _together([entry.fuzzy for entry in self.entries], self.shape)
            if self.number is not None:
                slack = _slack(self.number.digits, self.number.exponent)
                return arb(ball(self.exact).mid(), arb(slack)) if slack else self.exact
            try:
                return number_of(self.terms, {}, FUZZY)
            except NoValue:
                return self.exact

    @cached_property
    def each(self) -> tuple[Printed, ...]:
        """The entries of an array, those of one that is worked out, too; a number is its own."""
        if self.entries or not self.shape:
            return self.entries or (self,)
        return tuple(Printed((), x, worked=of) for x, of in zip(self.exact.flat, self.fuzzy.flat, strict=True))

    @cached_property
    def others(self) -> tuple[Printed, ...]:
        """What working with arrays may come to in the other ways in which it may be meant."""
        if self.entries or not any(type(t) is Apply and t.head == ARRAY for t in self.terms):
            return ()
        found = []
        with suppress(NoValue):
            for value in islice(numbers_of(self.terms, {}), 1, None):
                found.append(Printed((), value, shape=shape_of(value), worked=value))
        return tuple(found)

    @property
    def decimals(self) -> int:
        """Decimals of the number, if it is one; else of the longest number in it."""
        numbers = [self.number] if self.number else [t for t in self.terms if type(t) is Number]
        return max((0, *(-number.exponent for number in numbers)))

    @cached_property
    def inexact(self) -> bool:
        """Whether there are decimals in it that may be rounded."""
        return self.worked is not None or any(type(t) is Number and t.exponent < 0 for t in self.terms)


def printed(part: Part, reading: int = 0) -> Printed:
    """The number that a part of a cell prints, in one of its readings.  Raises `NoValue`."""
    if reading >= len(part.readings):
        raise NoValue(part.problem or "it is no number")
    return _printed(part.readings[reading], part.matrix)


@lru_cache(maxsize=65_536)
def _printed(terms: tuple[Term, ...], matrix: tuple[int, ...] | None) -> Printed:
    """The number that terms are: a class prints the same ones over and over.  Raises `NoValue`."""
    if matrix is None:
        return _number(terms)
    each = tuple(map(_number, all_entries(terms)))
    return Printed(terms, _together([entry.exact for entry in each], matrix), entries=each, shape=matrix)


def sharpened(shown: Printed, exact: Container[Scalar]) -> Printed:
    """A number that is worked out from decimals of which some are meant as they stand: ``0.4*2 + 0.3``, of inputs."""
    if shown.number is not None or not shown.inexact:
        return shown
    if shown.entries:
        return replace(shown, entries=tuple(sharpened(entry, exact) for entry in shown.entries))

    def decimal(digits: int, exponent: int) -> Scalar:
        value = CERTIFIED.literal(digits, exponent)
        return value if value in exact else _fuzzy(digits, exponent)

    with precision(BITS), suppress(NoValue):
        return replace(shown, worked=number_of(shown.terms, {}, replace(FUZZY, literal=decimal)))
    return shown


def printed_ways(part: Part) -> Iterator[Printed]:
    """The number of each reading that has one: ``2,799`` is 2799, or 2.799."""
    for reading in range(len(part.readings)):
        try:
            yield printed(part, reading)
        except NoValue:
            continue


def _number(terms: tuple[Term, ...]) -> Printed:
    """The number that terms are."""
    first, *signs = spoken(terms)
    if type(first) is Number and all(type(term) is Apply and term.head == "neg" for term in signs):
        value = CERTIFIED.literal(first.digits, first.exponent)
        return Printed(terms, neg(value) if len(signs) % 2 else value, first)
    with precision(BITS):
        value = number_of(terms, {})
        return Printed(terms, value, shape=shape_of(value))


def _together(entries: list[Scalar], shape: tuple[int, ...]) -> Scalar:
    """An array of numbers.  Raises `NoValue` where they do not fill it."""
    from numpy import empty  # noqa: PLC0415 - where there are arrays

    made = empty(len(entries), dtype=object)
    made[:] = entries
    try:
        return made.reshape(shape)
    except ValueError:
        raise NoValue("its rows differ in length") from None


def all_entries(terms: tuple[Term, ...]) -> list[tuple[Term, ...]]:
    """The entries of a literal of an array along all of its axes, each as terms; of what is no array it is one."""

    def apply(term: Apply, operands: list[list[tuple[Term, ...]]]) -> list[tuple[Term, ...]]:
        if term.head == ARRAY:
            return [entry for operand in operands for entry in operand]
        longest = max(map(len, operands))  # a number stands for as many
        repeated = (islice(cycle(operand), longest) for operand in operands)
        return [(*(t for one in each for t in one), term) for each in zip(*repeated, strict=True)]

    return fold(terms, lambda leaf: [(leaf,)], apply)


def agreement(shown: Printed, value: Scalar, decimals: int = 0) -> str:
    """How the printed number is the value: one of the words above, or nothing where it is not.

    ``decimals`` are what a decimal must have at least, if it is not exact.
    """
    if shown.shape or shape_of(value):
        return _of_arrays(shown, value, decimals)
    with precision(BITS):
        true, exact = ball(value), ball(shown.exact)
        if not true.is_finite():
            return ""
        near = _CLOSE * (1 + abs(true.mid()))
        if true.rad() > near:
            return APPROXIMATE if true.overlaps(ball(shown.fuzzy)) else ""
        if abs(true - exact) <= near or (true - exact).contains(0):
            return EXACT
        if shown.number is None:
            return APPROXIMATE if shown.inexact and true.overlaps(ball(shown.fuzzy)) else ""
        if len(str(shown.number.digits)) - 1 < decimals and -shown.number.exponent < decimals:
            return ""
        if shown.number.exponent >= 0:
            return _whole(shown.number, true - exact, value)
        return _decimal(shown.number, true - exact, bool(true > 0))


def _of_arrays(shown: Printed, value: Scalar, decimals: int) -> str:
    """How an array is another, in the worst of its entries; one number stands for an array of zeros alone."""
    for other in shown.others:
        if how := _of_arrays(other, value, decimals):
            return how
    each = compared(shown, value)
    if each is None and shown.number is not None and shown.number.text == ONES:
        each = [((), replace(shown, terms=()), true) for true in value.flat]
    if each is None:
        zero = not shown.shape and shape_of(value) and all(bool(x == shown.exact == 0) for x in value.flat)
        return EXACT if zero else ""
    found = {agreement(entry, true, decimals) for _, entry, true in each}
    return "" if "" in found else max(found, key=_WORST.index)


_WORST = (EXACT, ROUNDED, CUT, LAST_DIGIT, APPROXIMATE)


def compared(shown: Printed, value: Scalar) -> list[tuple[tuple[int, ...], Printed, Scalar]] | None:
    """The entries of an array beside those of another, each with its place from 1; None where the shapes differ."""
    wanted = shape_of(value)
    if squeezed(shown.shape) != squeezed(wanted):
        return None
    places = product(*(range(1, size + 1) for size in squeezed(wanted)))
    return list(zip(places, shown.each, value.flat if wanted else (value,), strict=True))


def difference(shown: Printed, value: Scalar) -> str:
    """Where an array is not another: its shape, or the entries; nothing for numbers."""
    if not shown.shape and not shape_of(value):
        return ""
    each = compared(shown, value)
    if each is None:
        return shapes_differ(shown.shape, shape_of(value))
    wrong = [(place, entry, true) for place, entry, true in each if not agreement(entry, true)]
    if 1 < len(wrong) == len(each) or len(wrong) > _MOST_TOLD or not all(place for place, *_ in wrong):
        return ""
    told = (f"entry {', '.join(map(str, place))} should be {shown_as(true, entry)}" for place, entry, true in wrong)
    return "; ".join(told)


_MOST_TOLD = 3
"""Entries of an array that are told one by one."""


def _whole(number: Number, difference: arb, value: Scalar) -> str:
    """A whole number beside a value that is none: rounded to three significant figures or more, or 1 for 0.9999997."""
    if abs(difference) <= arb(_USUAL):
        return ROUNDED
    digits = str(number.digits)
    given = digits.rstrip("0")
    resolved_value = resolved(value)
    short = isinstance(resolved_value, fmpq) and resolved_value.q == 1 and abs(resolved_value) < 10**6
    if (len(digits) < 3 and number.exponent <= 0) or (short and not number.exponent):
        return ""
    figures = max(len(given), 3) if not number.exponent else len(digits)
    half = arb(_power(number.exponent + len(digits) - figures) / 2)
    return ROUNDED if abs(difference) <= half else ""


def _decimal(number: Number, difference: arb, positive: bool) -> str:
    """A decimal: rounded, cut, or one unit off in its last digit."""
    unit = arb(_power(number.exponent))
    if not abs(difference) > unit / 2:  # halfway, too
        return ROUNDED
    toward_zero = bool(difference > 0) == positive
    if abs(difference) < unit and toward_zero and (number.digits or number.exponent < -1):
        return CUT
    wide = arb(_unit(number.digits, number.exponent)) * arb(fmpq(10001, 10000))
    if number.exponent > -2 or abs(difference) > wide:
        return ""
    return LAST_DIGIT if len(str(number.digits)) < _DOUBLE else ROUNDED


def single(value: Scalar) -> fmpq | None:
    """The shortest decimal that is in single precision what the value is there: what a program prints for it."""
    with suppress(OverflowError):
        kept = pack("f", float(ball(value).mid()))
        texts = (f"{unpack('f', kept)[0]:.{digits}e}" for digits in range(5, 9))
        return next(
            (fmpq(*Fraction(text).as_integer_ratio()) for text in texts if pack("f", float(text)) == kept), None
        )
    return None


def follows(shown: Printed, value: Scalar) -> bool:
    """Whether the printed number can be this value, computed from printed numbers and so no sharper than they are."""
    if shown.shape or shape_of(value):
        each = compared(shown, value)
        return each is not None and all(follows(entry, true) for _, entry, true in each)
    with precision(BITS):
        try:
            return bool(agreement(shown, value)) or bool(ball(value).overlaps(ball(shown.fuzzy)))
        except (ValueError, ArithmeticError):
            return False


def shown_as(value: Scalar, like: Printed | None = None, decimals: int = 4) -> str:
    """The value as a correction of what is printed: in as many decimals, and in as many as tell it from that."""
    if shape_of(value):
        printed = like.entries if like is not None and len(like.entries) == value.size else (None,) * value.size
        pairs = zip(value.flat, printed, strict=True)
        texts = [shown_as(x, None if entry and agreement(entry, x) else entry, decimals) for x, entry in pairs]
        return _nested(texts, shape_of(value))
    return _number_as(value, None if like is not None and like.shape else like, decimals)


def _number_as(value: Scalar, like: Printed | None, decimals: int) -> str:
    with precision(BITS):
        value = resolved(value)
        x = ball(value)
        over = _LARGEST_BELOW if like is not None and _is_fraction(like.terms) else 1
        if isinstance(value, fmpq) and value.q <= over:
            return str(value)
        if x.rad() > _CLOSE * (1 + abs(x.mid())):
            lower, upper = (round(float(end), 6) + 0.0 for end in (x.lower(), x.upper()))
            return f"between {lower:g} and {upper:g}"
        alone = like.number if like is not None else None
        if alone is not None and "e" in alone.text:
            with suppress(TooLarge):  # or too small
                if powered := significant(value, len(str(alone.digits)), "half-even"):
                    return powered
        wanted = min(-alone.exponent if alone is not None and alone.exponent < -1 else decimals, 20)
        wanted += isinstance(value, fmpq) and (value * 10**wanted).q == 2  # halfway: 0.125 rather than 0.12
        return _told_apart(value, wanted, None if like is None else like.exact)


_LARGEST_BELOW = 10_000
"""What a fraction is told over at most, where one is printed."""


def _is_fraction(terms: tuple[Term, ...]) -> bool:
    """Whether a number is printed as one whole number over another."""
    over = [term.head for term in terms if type(term) is Apply and term.head not in (*SILENT, "neg")]
    return over == ["div"] and not any(term.exponent for term in terms if type(term) is Number)


def _nested(texts: list[str], shape: tuple[int, ...]) -> str:
    """The entries of an array in brackets."""
    for size in shape[::-1]:
        texts = [f"[{', '.join(texts[k : k + size])}]" for k in range(0, len(texts), size)]
    return texts[0]


def _told_apart(value: Scalar, decimals: int, other: Scalar | None) -> str:
    """The value in so many decimals, and more where they would be those of the other number."""
    try:
        text = readable(value, decimals, "half-even") or f"{float(ball(value).mid()):g}"
    except TooLarge:
        return "a number that is too large to be written"
    while other is not None and decimals < 30 and _says(text, other) and not _says(text, value):
        decimals += 1
        text = readable(value, decimals, "half-even") or text
    return text


def _says(text: str, number: Scalar) -> bool:
    """Whether a text is this number as it stands."""
    try:
        stands = fmpq(*Fraction(text).as_integer_ratio())
    except ValueError:
        return False
    return bool(isinstance(number, fmpq) and stands == number) or bool((ball(number) - arb(stands)).contains(0))
