"""Formulas of whole numbers, in letters and with the numbers put in: ``k·k·C·N + N`` and ``3·3·10·20 + 20``.

A formula is a text in adtrace's language.  What stands in braces is one number where numbers are put in, and stands in
brackets where letters do: of ``r + {k - 1}*j`` come ``r + (k - 1)·j`` and ``4 + 2·2``.  A letter may have a number
behind it that is not printed (``k1*k2`` is ``k·k``), and ``_`` for a prime (``n_`` is ``n'``).
Products have a dot, so that the sizes ``32×32×3`` are never read as one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import NamedTuple

from adtrace.elementals import FUNCTIONS
from adtrace.language.parse import parse
from adtrace.language.syntax import Apply, Name, Number, Terms, fold
from adtrace.writing.notation import CALL, FRACTION, Dialect, Pattern, Text, compile_pattern, fill

Whole = int | Fraction
"""A number of a formula; a fraction only where a transposed convolution has made steps smaller than one."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z]\w*")
_LETTER = re.compile(r"([A-Za-z])(_?)\d*")
_VALUE = "value{}"
"""The name under which what stands in braces is put in."""

_DOTS = {"latex": r"\adtp ", "markdown": r" \cdot ", "text": "·", "html": '<mo lspace="0.1em" rspace="0.1em">·</mo>',
         "typst": " adtdot ", "plain": "·"}  # fmt: skip
_CROSSES = {"latex": r"\adtx ", "markdown": r" \times ", "text": "×",
            "html": '<mo lspace="0.05em" rspace="0.05em">×</mo>', "typst": " adtcross ", "plain": "×"}  # fmt: skip
_BRACKETED = {"floor": "⌊<u>⌋", "ceiling": "⌈<u>⌉"}
_COMMAS = {"latex": "{,}", "markdown": "{,}", "typst": '","'}
_THIN = "\u202f"
_THIN_IN = {"latex": r"\,", "markdown": r"\thinspace ", "typst": " thin "}
"""A thin space between thousands, of text and in formulas."""


@lru_cache(maxsize=32)
def with_dots(dialect: Dialect) -> Dialect:
    """The dialect with a dot between the factors of a product, and the signs of floor and ceiling."""
    call = dialect.call
    if dialect.name in ("text", "plain"):
        call = lambda name, arity: _BRACKETED.get(name) or dialect.call(name, arity)  # noqa: E731
    return replace(dialect, times=_DOTS[dialect.name], call=call)


def dot(dialect: Dialect) -> str:
    """What stands between the factors of a product."""
    return _DOTS[dialect.name]


def sizes(lengths: Sequence[object], dialect: Dialect) -> str:
    """``32×32×3``."""
    return _CROSSES[dialect.name].join(map(str, lengths))


def grouped(number: Whole, dialect: Dialect) -> str:
    """A number with its digits in groups of three: 276,480."""
    if isinstance(number, Fraction) and number.denominator > 1:
        return f"{number.numerator}/{number.denominator}"
    if dialect.columns:  # for a program
        return str(int(number))
    text = f"{int(number):,}"
    if dialect.name == "html" and len(text) > 3:
        return f"<mn>{text.replace(',', _THIN) if dialect.thin else text}</mn>"
    comma = _THIN_IN.get(dialect.name, _THIN) if dialect.thin else _COMMAS.get(dialect.name, ",")
    return text.replace(",", comma)


def in_prose(number: int, dialect: Dialect) -> str:
    """The same in running text."""
    text = f"{number:,}"
    return text.replace(",", r"\," if dialect.name == "latex" else _THIN) if dialect.thin else text


class _Read(NamedTuple):
    """A formula as it is read: in letters, with numbers, and what stands in its braces."""

    general: Terms
    numeric: Terms
    braces: tuple[tuple[str, Terms], ...]
    slots: frozenset[str]


def _terms(text: str) -> Terms:
    return parse(text, FUNCTIONS, declared=frozenset(_NAME.findall(text)) - {"floor", "ceiling"}).terms


@lru_cache(maxsize=1024)
def _read(text: str) -> _Read:
    inner = _BRACES.findall(text)
    names = [_VALUE.format(place) for place in range(len(inner))]
    rest = iter(names)
    numeric = _BRACES.sub(lambda match: next(rest), text)
    slots = frozenset(_NAME.findall(text)) - {"floor", "ceiling"}
    braces = tuple(zip(names, map(_terms, inner), strict=True))
    return _Read(_terms(text.replace("{", "(").replace("}", ")")), _terms(numeric), braces, slots | set(names))


@lru_cache(maxsize=4096)
def _pattern(text: str, dialect: Dialect, numeric: bool) -> Pattern:
    read = _read(text)
    return compile_pattern(read.numeric if numeric else read.general, with_dots(dialect), read.slots)


def _applied(term: Apply, operands: list[Whole]) -> Whole:
    match term.head:
        case "add":
            return operands[0] + operands[1]
        case "sub":
            return operands[0] - operands[1]
        case "mul":
            return operands[0] * operands[1]
        case "div":
            return Fraction(operands[0]) / operands[1]
        case "floor":
            return operands[0].__floor__()
        case "ceiling":
            return operands[0].__ceil__()
    raise ValueError(f"no formula of whole numbers has {term.head}")


def _computed(terms: Terms, values: Mapping[str, Whole]) -> Whole:
    def leaf(term: Number | Name) -> Whole:
        return values[term.name] if isinstance(term, Name) else term.digits * 10**term.exponent

    return fold(terms, leaf, _applied)


@dataclass(frozen=True)
class Counted:
    """A formula with its numbers."""

    text: str
    values: Mapping[str, Whole]

    @cached_property
    def value(self) -> Whole:
        """What it comes to; a whole number where it is one."""
        read = _read(self.text)
        total = _computed(read.numeric, self._numbers)
        return int(total) if isinstance(total, Fraction) and total.denominator == 1 else total

    @cached_property
    def _numbers(self) -> Mapping[str, Whole]:
        braces = {name: _computed(terms, self.values) for name, terms in _read(self.text).braces}
        whole = {name: int(number) if int(number) == number else number for name, number in braces.items()}
        return {**self.values, **whole}

    def numbers(self, dialect: Dialect) -> str:
        """The formula with the numbers put in."""
        numbers = self._numbers
        text = fill(_pattern(self.text, dialect, True), lambda slot: _number(numbers[slot]))
        return _close(text, dialect)


def _number(number: Whole) -> Text:
    if isinstance(number, Fraction) and number.denominator > 1:
        return Text(f"{number.numerator}/{number.denominator}", FRACTION)
    return Text(str(int(number)), negative=number < 0)


def letters(text: str, dialect: Dialect) -> str:
    """The formula in letters."""
    formula = fill(_pattern(text, dialect, False), lambda slot: Text(_letter(slot, dialect), CALL))
    apart = " " if dialect.name == "typst" else ""
    return _close(re.sub(rf"\b2{re.escape(dot(dialect))}", f"2{apart}", formula), dialect)


def _letter(slot: str, dialect: Dialect) -> str:
    match = _LETTER.fullmatch(slot)
    if match is None:
        return dialect.name_of(slot)
    letter = dialect.name_of(match[1])
    return dialect.marks["prime"].replace("<v>", letter) if match[2] else letter


def _close(text: str, dialect: Dialect) -> str:
    """In a terminal signs have no blanks round them: a table of four formulas is wide enough."""
    return text.replace(" + ", "+").replace(" - ", "-") if dialect.name == "text" else text
