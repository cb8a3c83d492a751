"""What is asked of a window: ``i=64, o=32, k=8, d=1; find s, p`` as a `Question` for each axis.

The letters are those of the formula: i (in, n) is the axis that is given to the layer, or several, 64x48, and o (out,
m) what it makes of it; k, s, p, d and a are kernel, stride, padding, dilation and output padding, one number or one for
each axis.  A padding is also 1:2, before and after, valid, or same (TensorFlow's: ceil(i/s) places, the odd zero
behind); k = s is windows side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from adtrace.arrays.axis_windows import SAME, VALID
from adtrace.errors import InputError, OptionError, nearest, printable
from adtrace.networks.inverse import (
    CEIL,
    EQUAL,
    EXACT,
    FLOOR,
    LARGEST,
    ODD_AFTER,
    TRANSPOSED,
    Interval,
    Question,
)

_LETTERS = {
    "i": "i", "in": "i", "in_": "i", "n": "i", "input": "i", "o": "o", "out": "o", "m": "o", "output": "o",
    "k": "k", "kernel": "k", "kernel_size": "k", "f": "k", "size": "k", "pool_size": "k",
    "s": "s", "stride": "s", "strides": "s", "p": "p", "pad": "p", "padding": "p",
    "d": "d", "dilation": "d", "dilation_rate": "d", "a": "a", "output_padding": "a",
}  # fmt: skip
"""The words for each letter of the formula."""
_WORDS = {"i": "the input", "o": "the output", "k": "the kernel", "s": "the stride", "p": "the padding",
          "d": "the dilation", "a": "the output padding"}  # fmt: skip
_LEAST = {"p": 0, "a": 0}
_USUAL = {"s": 1, "d": 1, "a": 0}
"""What letters are of which nothing is said."""
AXES = {1: ("",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The names of the axes of a window, by how many it has."""
_FLAGS = ("exact", "ceil", "transposed", "asymmetric", "any_padding")


class Asked(NamedTuple):
    """One question about one axis."""

    label: str
    question: Question
    sought: tuple[str, ...]
    """The letters that are sought, in the order i, p, d, k, s, o, a."""
    assumed: tuple[str, ...]
    """The letters that nothing was said about, which are what they are by default."""

    @property
    def transposed(self) -> bool:
        """Whether the layer goes the other way."""
        return self.question.rounding == TRANSPOSED


def letter_of(word: object) -> str:
    """The letter of the formula that a word means.  Raises `OptionError`."""
    folded = str(word).strip().lower().replace("-", "_")
    if folded not in _LETTERS:
        raise OptionError(f"there is no {printable(str(word))[:40]!r} in a window{nearest(folded, _LETTERS)}; "
                          "there are in, out, k, s, p, d and, of a transposed convolution, a")  # fmt: skip
    return _LETTERS[folded]


def asked(given: Mapping[str, Any]) -> list[Asked]:
    """The questions of one case, one for each axis.

    Raises `OptionError` for what is no question, `InputError` for sizes that are none.
    """
    given = dict(given)
    label = str(given.pop("label", given.pop("name", "")))
    flags = {name: bool(given.pop(name, False)) for name in _FLAGS}
    bounds = bounds_of(given.pop("bounds", None))
    sought = _sought(given.pop("find", None))
    tied = bool(given.pop("nonoverlapping", False))
    values: dict[str, Any] = {}
    for word, value in given.items():
        letter = letter_of(word)
        if value is None:
            continue
        if letter in ("k", "s") and isinstance(value, str) and value.strip() in ("k", "s"):
            tied = True
            continue
        if letter in values:
            raise OptionError(f"{_WORDS[letter]} is given twice")
        values[letter] = value
    sought = _completed(values, sought, tied=tied)
    _require_question(values, sought, tied=tied, transposed=flags["transposed"])
    count = max((_axes(letter, value) for letter, value in values.items()), default=1)
    if count not in AXES:
        raise OptionError(f"a window has one axis, two or three; not {count}")
    questions = []
    for axis, name in enumerate(AXES[count]):
        own = {letter: _on_axis(letter, value, axis, count) for letter, value in values.items()}
        words = ", ".join(filter(None, (label, name)))
        questions.append(_one(words, own, sought, _Choice(flags, bounds, tied)))
    return questions


class _Choice(NamedTuple):
    flags: Mapping[str, bool]
    bounds: Mapping[str, Interval]
    tied: bool


def _sought(given: object) -> tuple[str, ...] | None:
    if given is None:
        return None
    words = given.replace(";", ",").split(",") if isinstance(given, str) else given
    if not isinstance(words, Sequence):
        raise OptionError(f"find is a list of letters, s,p; not {given!r}")
    letters = [letter_of(word) for word in words if str(word).strip()]
    if len(set(letters)) < len(letters) or not letters:
        raise OptionError("find names what is sought, each once: s,p")
    return tuple(letters)


def _completed(values: Mapping[str, Any], sought: tuple[str, ...] | None, *, tied: bool) -> tuple[str, ...]:
    """What is sought: what is named; else the size that is not given, or with both sizes kernel, stride, padding."""
    if sought is None:
        open_ = tuple(letter for letter in "ikspo" if letter not in values)
        sought = tuple(letter for letter in open_ if letter in "io") or open_
    if tied and "k" not in values:
        sought = (*sought, "k", "s")
    return tuple(letter for letter in "ipdksoa" if letter in sought)


def _require_question(values: Mapping[str, Any], sought: tuple[str, ...], *, tied: bool, transposed: bool) -> None:
    """Raise `OptionError` for letters that make no question."""
    letters = {*values, *sought}
    for wrong, sentence in (
        ({*values} & {*sought}, "{} is given and sought"),
        ({"k", "s"} - {*values} if tied and {"k", "s"} & {*values} else (), "with k = s both are given, or neither"),
        ({"i"} if {"i", "o"} <= {*sought} else (), "the input or the output is given: not both are sought"),
        ({"i", "o", "k"} - letters, "{} is neither given nor sought: --set k=3, or --find k"),
        (() if transposed else {"a"} & letters, "{} is of transposed convolutions: add --transposed"),
    ):
        if wrong:
            raise OptionError(sentence.format(_WORDS[min(wrong, key="ikospda".index)]))


_AXIS = re.compile(r"[x×*]")


def _axes(letter: str, value: Any) -> int:
    """For how many axes a value is given; 1 for one that is for all."""
    if isinstance(value, str):
        return len(_AXIS.split(value))
    return len(value) if isinstance(value, list | tuple) else 1


def _on_axis(letter: str, value: Any, axis: int, count: int) -> Any:
    """The value on one axis."""
    several = isinstance(value, str | list | tuple)
    parts = [value] if not several else _AXIS.split(value) if isinstance(value, str) else list(value)
    if len(parts) not in (1, count):
        raise OptionError(f"{_WORDS[letter]} is given for {len(parts)} axes, of which there are {count}")
    if len(parts) == 1 and count > 1 and letter in "io":
        raise OptionError(f"{_WORDS[letter]} is given for one axis, of which there are {count}")
    return parts[axis % len(parts)]


def whole(value: Any, letter: str) -> int:
    """A whole number within the bounds.  Raises `InputError`."""
    least, text = _LEAST.get(letter, 1), str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,30}", text):
        raise InputError(f"{_WORDS[letter]} is a whole number, not {printable(text)[:40]!r}")
    number = int(text)
    if not least <= number <= LARGEST:
        raise InputError(f"{_WORDS[letter]} is a whole number from {least} to 10^12, not {text[:40]}")
    return number


def _paddings(value: Any) -> tuple[int | None, int | None, str]:
    """The padding before, the one after where it differs, and how its sides are."""
    if isinstance(value, list | tuple) and len(value) == 2:
        return whole(value[0], "p"), whole(value[1], "p"), EQUAL
    word = str(value).strip().lower()
    if word == VALID:
        return 0, None, EQUAL
    if word == SAME:
        return None, None, SAME
    if ":" in word:
        before, _, after = word.partition(":")
        return whole(before, "p"), whole(after, "p"), EQUAL
    if re.fullmatch(r"[a-z]+", word):
        raise OptionError(f"the padding is a number, before:after, valid or same; not {word[:40]!r}")
    return whole(value, "p"), None, EQUAL


def _one(label: str, values: Mapping[str, Any], sought: tuple[str, ...], choice: _Choice) -> Asked:
    """The question about one axis."""
    rounding = _rounding(choice.flags)
    numbers = {letter: whole(value, letter) for letter, value in values.items() if letter != "p"}
    before, after, sides = _paddings(values["p"]) if "p" in values else (0, None, EQUAL)
    if "p" in sought:
        before, sides = None, ODD_AFTER if choice.flags["asymmetric"] else EQUAL
    ends = numbers.get("i"), numbers.get("o")
    source, result = ends[::-1] if rounding == TRANSPOSED else ends
    if sides == SAME and (source is None or rounding in (CEIL, TRANSPOSED)):
        raise OptionError("padding same is of an input that is given, and of a convolution that rounds down")
    numbers = {letter: number for letter, number in _USUAL.items() if letter not in sought} | numbers
    whole_window = {"k", "p", "d"} <= set(values)  # a window that is given is what it is
    question = Question(
        source, result, numbers.get("k"), numbers.get("s"), before, after, numbers.get("d"), numbers.get("a"),
        rounding, sides, choice.tied, not (choice.flags["any_padding"] or whole_window), choice.bounds,
    )  # fmt: skip
    return Asked(label, question, sought, tuple(letter for letter in "spd" if letter not in {*values, *sought}))


def _rounding(flags: Mapping[str, bool]) -> str:
    """What is done with a remainder."""
    chosen = [name for name in ("exact", "ceil", "transposed") if flags[name]]
    if len(chosen) > 1:
        raise OptionError(f"{' and '.join(chosen)} do not go together")
    return {"exact": EXACT, "ceil": CEIL, "transposed": TRANSPOSED}[chosen[0]] if chosen else FLOOR


_BOUND = re.compile(r"\s*(\w+)\s*(?:=\s*([0-9]{1,13})\s*(?:\.\.\.?|-|to)\s*([0-9]{1,13})|<=\s*([0-9]{1,13}))\s*")


def bounds_of(given: Any) -> dict[str, Interval]:
    """``k=1..10, p<=31``, or a mapping of letters to (least, most), as intervals.  Raises `OptionError`."""
    if given is None:
        return {}
    pairs: list[tuple[Any, Any]] = []
    if isinstance(given, str):
        for part in filter(str.strip, given.split(",")):
            match = _BOUND.fullmatch(part)
            if match is None:
                raise OptionError(f"bounds are written k=1..10 or k<=10, not {printable(part.strip())[:40]!r}")
            letter = letter_of(match[1])
            pairs.append((letter, (match[2] or _LEAST.get(letter, 1), match[3] or match[4])))
    elif isinstance(given, Mapping):
        pairs = list(given.items())
    else:
        raise OptionError(f"bounds are text, k=1..10, or a mapping of letters to (least, most), not {given!r}")
    bounds: dict[str, Interval] = {}
    for word, ends in pairs:
        letter = letter_of(word)
        if letter in "ioa":
            raise OptionError("bounds are of k, s, p and d")
        least, most = ends if isinstance(ends, list | tuple) and len(ends) == 2 else (_LEAST.get(letter, 1), ends)
        bounds[letter] = whole(least, letter), whole(most, letter)
        if bounds[letter][0] > bounds[letter][1]:
            raise OptionError(f"no number is from {bounds[letter][0]} to {bounds[letter][1]}, the bounds of {letter}")
    return bounds


_PAIR = re.compile(r"\s*([\w-]+)\s*=\s*([^,;=]+?)\s*")


def pairs_of(text: str, option: str) -> dict[str, str]:
    """``k=8,d=1`` as letters and texts.  Raises `OptionError`."""
    texts: dict[str, str] = {}
    for part in filter(str.strip, re.split(r"[,;]", text)):
        match = _PAIR.fullmatch(part)
        if match is None:
            raise OptionError(f"{option} is written k=8,d=1, not {printable(part.strip())[:40]!r}")
        if match[1] in texts:
            raise OptionError(f"{option} gives {match[1]} twice")
        texts[match[1]] = match[2]
    return texts
