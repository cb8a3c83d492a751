"""What stands beside operands: the literals of options, ``axis=(0, 1)``, and the parts of an array, ``X[:, 0:5]``.

Both readers hand in their tokens as words with their places, and get back what they mean and where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from adtrace.language.calls import (
    AXES,
    AXIS,
    COUNT,
    FLAG,
    FROM_0,
    NUMBER,
    PLACES,
    SHAPE,
    WHOLE,
    Call,
    Slot,
)
from adtrace.language.syntax import Option

Fail = Callable[[str, int], NoReturn]

MOST_AXES = 16
"""Axes of an array."""
_WORDS = {"True": True, "False": False, "None": None}
_WHOLE = re.compile(r"[0-9]{1,12}", re.ASCII)
_DECIMAL = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_EINSUM = re.compile(r"[ ]*[A-Za-z ]+(?:,[A-Za-z ]+)*(?:->[A-Za-z ]*)?", re.ASCII)
_MOST_ITEMS = 10_000
"""Entries of a list of places."""


class Piece(NamedTuple):
    """A word of a literal, and where it stands."""

    text: str
    place: int


class Literals:
    """Literals out of pieces, from one place on."""

    def __init__(self, pieces: Sequence[Piece], fail: Fail) -> None:
        self.pieces, self.fail, self.at = pieces, fail, 0

    @property
    def here(self) -> Piece:
        """The next piece; an empty one at the end."""
        if self.at < len(self.pieces):
            return self.pieces[self.at]
        last = self.pieces[-1] if self.pieces else Piece("", 0)
        return Piece("", last.place + len(last.text))

    def take(self, text: str) -> bool:
        """Take this piece if it comes next."""
        if self.here.text == text:
            self.at += 1
            return True
        return False

    def value(self) -> Option:
        """One literal: a number, a word in quotes, True, False or None, or several in brackets."""
        piece = self.here
        self.at += 1
        text = piece.text
        if text in _WORDS:
            return _WORDS[text]
        if text[:1] in ("'", '"') and len(text) > 1:
            return text[1:-1]
        if text in ("(", "["):
            return self.several(")" if text == "(" else "]", piece.place)
        sign = "-" if text == "-" else ""
        if text in ("-", "+"):
            text = self.here.text
            self.at += 1
        if _WHOLE.fullmatch(text):
            return int(sign + text)
        if _DECIMAL.fullmatch(text):
            return sign + text
        return self.fail("here a value is wanted: a number, a word in quotes, True, False, None, or several in "
                         "brackets", piece.place)  # fmt: skip

    def several(self, closing: str, place: int) -> tuple[Option, ...]:
        """The literals up to the closing bracket."""
        values: list[Option] = []
        while not self.take(closing):
            if values and not self.take(","):
                self.fail("this bracket is never closed", place)
            if values and self.take(closing):  # (2,)
                break
            if self.here.text in ("(", "["):
                self.fail("a list of values has one level of brackets", self.here.place)
            if len(values) == _MOST_ITEMS:
                self.fail(f"a list may have {_MOST_ITEMS} values", place)
            values.append(self.value())
        if not values:
            self.fail("there is nothing in these brackets", place)
        return tuple(values)

    def part(self, place: int) -> tuple[Option, ...]:
        """The index in square brackets up to the closing one: ``0``, ``:, 0:5``, ``[0, 2]``, ``...``."""
        items: list[Option] = []
        while True:
            items.append(self.item())
            if self.take("]"):
                break
            if not self.take(","):
                self.fail("this bracket is never closed" if not self.here.text else _PART, self.here.place)
            if self.take("]"):
                break
        if sum(item == "..." for item in items) > 1:
            self.fail("an index has ... once", place)
        if len(items) > MOST_AXES:
            self.fail(f"an array has {MOST_AXES} axes at most", place)
        return tuple(items)

    def item(self) -> Option:
        """One item of an index."""
        piece = self.here
        if self.take("..."):
            return "..."
        if self.take("["):
            return ("list", *self.whole_numbers(piece.place))
        if piece.text in ("None", "newaxis", "np.newaxis"):
            self.fail("an axis of length 1 is made by reshape(x, ...)", piece.place)
        bounds: list[Option] = [self.bound()]
        while len(bounds) < 3 and self.take(":"):
            bounds.append(self.bound())
        if len(bounds) > 1:
            bounds += [None] * (3 - len(bounds))
            if bounds[2] == 0:
                self.fail("the step of a slice is not 0", piece.place)
            return ("slice", *bounds)
        if bounds[0] is None:
            self.fail(_PART if piece.text != "]" else "there is nothing in these brackets", piece.place)
        return bounds[0]

    def bound(self) -> int | None:
        """A whole number, or nothing."""
        piece = self.here
        text = piece.text
        if text in ("-", "+"):
            self.at += 1
            text += self.here.text
        if _WHOLE.fullmatch(text.lstrip("+-")):
            self.at += 1
            return int(text)
        if text and text[0] not in ":,]":
            self.fail(_PART, piece.place)
        return None

    def whole_numbers(self, place: int) -> list[int]:
        """A list of whole numbers."""
        values = self.several("]", place)
        numbers = [value for value in values if type(value) is int]
        if len(numbers) < len(values):
            self.fail(_PART, place)
        return numbers


_PART = "an index is a whole number, a slice such as 0:5, or a list of whole numbers, from 0 on"


def fitting(call: Call, slot: Slot, value: Option, place: int, fail: Fail) -> Option:
    """The value of an option as it is kept; refused where it is not of its kind."""
    kind = slot.kind
    if isinstance(kind, tuple):
        if value not in kind:
            fail(f"{slot.name} of {call.head} is {_choices(kind)}, not {_shown(value)}", place)
        return value
    result, wanted = _KINDS[kind](value)
    if result is _WRONG or (isinstance(result, tuple) and len(result) > MOST_AXES and kind != PLACES):
        fail(f"{slot.name} of {call.head} is {wanted}, not {_shown(value)}", place)
    return result


_WRONG: Option = "wrong"


def _axis(value: Option) -> tuple[Option, str]:
    fits = value is None or type(value) is int
    return value if fits else _WRONG, "the number of an axis from 0 on"


def _axes(value: Option) -> tuple[Option, str]:
    fits = value is None or type(value) is int or (isinstance(value, tuple) and all(type(k) is int for k in value))
    return value if fits else _WRONG, "the number of an axis from 0 on, several in brackets, or None"


def _flag(value: Option) -> tuple[Option, str]:
    return value if isinstance(value, bool) else _WRONG, "True or False"


def _counts(least: int) -> Callable[[Option], tuple[Option, str]]:
    def kept(value: Option) -> tuple[Option, str]:
        numbers = value if isinstance(value, tuple) else (value,)
        fits = all(type(number) is int and number >= least for number in numbers)
        return value if fits else _WRONG, f"a whole number from {least}, or one for each axis in brackets"

    return kept


def _shape(value: Option) -> tuple[Option, str]:
    lengths = value if isinstance(value, tuple) else (value,)
    fits = all(type(length) is int and (length >= 1 or length == -1) for length in lengths) and lengths.count(-1) <= 1
    return lengths if fits else _WRONG, "the lengths of axes, from 1, such as 2, 3 (one of them may be -1)"


def _places(value: Option) -> tuple[Option, str]:
    numbers = value if isinstance(value, tuple) else (value,)
    fits = all(type(number) is int for number in numbers) or value is None
    return value if fits else _WRONG, "a whole number from 0 on, or a list of them"


def _number(value: Option) -> tuple[Option, str]:
    fits = (type(value) is int or (isinstance(value, str) and _DECIMAL.fullmatch(value) is not None)) and (
        not str(value).startswith("-")
    )
    return str(value) if fits else _WRONG, "a number from 0"


def _whole(value: Option) -> tuple[Option, str]:
    return value if type(value) is int and value >= 1 else _WRONG, "a whole number from 1"


def _einsum(value: Option) -> tuple[Option, str]:
    fits = isinstance(value, str) and _EINSUM.fullmatch(value)
    return str(value).replace(" ", "") if fits else _WRONG, "the letters of the axes, such as 'ij,j->i'"


_KINDS = {
    AXIS: _axis, AXES: _axes, FLAG: _flag, COUNT: _counts(1), FROM_0: _counts(0), SHAPE: _shape, PLACES: _places,
    NUMBER: _number, WHOLE: _whole, "einsum": _einsum,
}  # fmt: skip


def _choices(words: Sequence[str]) -> str:
    return f"{', '.join(map(repr, words[:-1]))} or {words[-1]!r}"


def _shown(value: Option) -> str:
    return repr(value)[:40]
