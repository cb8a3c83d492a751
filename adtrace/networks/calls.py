"""A layer written as a call, ``Conv2d(3, 10, kernel_size=3)`` or ``Conv(7*7, stride=2)``, into its options."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from adtrace.errors import InputError, nearest, printable
from adtrace.networks.kinds import WINDOWED
from adtrace.networks.names import (
    CLASSES,
    COUNTED,
    IN,
    ONE_NUMBER,
    OUT,
    SHORT,
    TWO_NUMBERS,
    K,
    P,
    S,
    Signature,
    option_of,
)

_PIECE = re.compile(
    r"""\s*(?:(?P<text>'[^']*'|"[^"]*")|(?P<by>\d+(?:\s*[xX×*]\s*\d+)+)|(?P<number>-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<word>[A-Za-z_][\w.]*)|(?P<sign>[()\[\],=:{}]))"""
)


class Arguments(NamedTuple):
    """What stands in the brackets of a call."""

    positional: list[Any]
    named: dict[str, Any]


class By(tuple[int, ...]):
    """A window written as 3x3."""

    __slots__ = ()


class Word(str):
    """A word that is no text in quotes."""

    __slots__ = ()


def arguments(text: str, where: str) -> Arguments:
    """The operands of a call, from the text between its brackets: numbers, words, and brackets with them."""
    pieces = _pieces(text, where)
    read = Arguments([], {})
    place = 0
    while place < len(pieces):
        name = None
        if place + 1 < len(pieces) and isinstance(pieces[place], Word):
            if pieces[place + 1] == "=":
                name = str(pieces[place])
                place += 2
            elif isinstance(pieces[place + 1], (int, By)):  # stride 2
                name = str(pieces[place])
                place += 1
        value, place = _value(pieces, place, where)
        if name is None:
            if read.named:
                raise InputError(f"{where}: {_shown(value)} stands behind a named operand, and has no name")
            read.positional.append(value)
        elif name in read.named:
            raise InputError(f"{where}: {name} is given twice")
        else:
            read.named[name] = value
        if place < len(pieces):
            if pieces[place] != ",":
                raise InputError(f"{where}: a comma is missing before {_shown(pieces[place])}")
            place += 1
    return read


class _Sign(str):
    __slots__ = ()


def _pieces(text: str, where: str) -> list[Any]:
    values: list[Any] = []
    at = 0
    while text[at:].strip():
        match = _PIECE.match(text, at)
        if match is None:
            raise InputError(f"{where}: {printable(text[at:].strip()[:20])!r} cannot be read")
        at = match.end()
        kind = match.lastgroup
        if kind == "text":
            values.append(match["text"][1:-1])
        elif kind == "by":
            values.append(By(int(number) for number in re.findall(r"\d+", match["by"])))
        elif kind == "number":
            number = match["number"]
            values.append(int(number) if re.fullmatch(r"-?\d{1,12}", number) else float(number))
        elif kind == "word":
            values.append(_CONSTANTS.get(match["word"].lower(), Word(match["word"])))
        else:
            values.append(_Sign(match["sign"]))
    return values


_CONSTANTS: Mapping[str, Any] = {"true": True, "false": False, "none": None}
_CLOSING = {"(": ")", "[": "]", "{": "}"}


def _value(pieces: Sequence[Any], place: int, where: str) -> tuple[Any, int]:
    """A value and the place behind it; what stands in brackets is a tuple."""
    if place >= len(pieces):
        raise InputError(f"{where}: a value is missing at its end")
    first = pieces[place]
    if not isinstance(first, _Sign):
        place += 1
        if (
            isinstance(first, Word) and place < len(pieces) and pieces[place] == "("
        ):  # an object, which changes no shape
            return first, _behind(pieces, place, where)
        return first, place
    if first not in _CLOSING:
        raise InputError(f"{where}: a value is missing before {first!r}")
    closing, entries = _CLOSING[first], list[Any]()
    place += 1
    while place < len(pieces) and pieces[place] != closing:
        entry, place = _value(pieces, place, where)
        entries.append(entry)
        if place < len(pieces) and pieces[place] in (",", ":"):
            place += 1
    if place >= len(pieces):
        raise InputError(f"{where}: a bracket is not closed")
    return tuple(entries), place + 1


def _behind(pieces: Sequence[Any], place: int, where: str) -> int:
    depth = 0
    for at in range(place, len(pieces)):
        if isinstance(pieces[at], _Sign):
            depth += (pieces[at] in _CLOSING) - (pieces[at] in _CLOSING.values())
        if depth == 0:
            return at + 1
    raise InputError(f"{where}: a bracket is not closed")


def _shown(value: Any) -> str:
    return printable(str(value)[:40])


def class_of(name: str) -> str | None:
    """The class of a dotted name, ``nn.Conv2d``, if it is one of PyTorch's or Keras's."""
    last = name.rpartition(".")[2]
    return last if last in CLASSES else None


def simple(name: str) -> str:
    """A name without case, blanks and hyphens."""
    return re.sub(r"[\s_-]", "", name).lower()


def called(name: str, given: Arguments, where: str) -> list[tuple[str, dict[str, Any]]]:
    """The layers that a call is: for each its kind and its options, only those that are said."""
    own = class_of(name)
    if own is None:
        if simple(name) not in SHORT:
            names = [*CLASSES, *SHORT]
            raise InputError(f"{where}: {printable(name)!r} is no layer that is known here{nearest(name, names)}")
        return [_short(SHORT[simple(name)], given, where)]
    signature = CLASSES[own]
    numbers = [value for value in given.positional if isinstance(value, int)]
    if own in ONE_NUMBER and len(numbers) < 2 and "hidden_size" not in given.named:
        signature = CLASSES[f"keras.{own}"]
    if own in TWO_NUMBERS and len(numbers) > 1:
        signature = signature._replace(positional=CLASSES["Linear"].positional)
    options = dict(signature.fixed)
    if len(given.positional) > len(signature.positional):
        raise InputError(f"{where}: {own} has {len(signature.positional)} operands by position at most")
    pairs = list(zip(signature.positional, given.positional, strict=False))
    for keyword, value in given.named.items():
        option = option_of(signature, keyword)
        if option is None:
            names = [*signature.keywords, *filter(None, signature.positional)]
            raise InputError(f"{where}: {own} has no {keyword!r} here{nearest(keyword, names)}")
        pairs.append((option, value))
    for option, value in pairs:
        if option:
            _put(options, option, value, where)
    return _expanded(signature.kind, options, where)


def _put(options: dict[str, Any], option: str, value: Any, where: str) -> None:
    """An option with its value as the kinds have it."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    if isinstance(value, By) and option in ("in_features", "out_features"):  # nn.Linear(16*5*5, 120)
        value = prod(value)
    if option in _REFUSED:
        usual, sentence = _REFUSED[option]
        if value not in usual:
            raise InputError(f"{where}: {sentence}")
    elif option in _TURNED:
        options["biases"] = _TURNED[option](value, options.get("biases", "one"))
    elif option == "torch_padding":
        options[P] = _torch_padding(value, where)
    elif option == "fn":
        options["fn"] = str(value).rpartition(".")[2].lower() if value is not None else ""
    elif value is not None or option not in (S, IN, "trained", "scale"):
        options[option] = str(value) if isinstance(value, Word) else value


_TURNED: Mapping[str, Callable[[Any, str], str]] = {
    "two_biases": lambda value, before: "two" if value else "none",
    "one_bias": lambda value, before: before if value else "none",
    "reset_after": lambda value, before: "two" if value else "one",
}
"""What PyTorch and Keras say of the biases of a gate: how many vectors that are."""
_REFUSED: Mapping[str, tuple[tuple[Any, ...], str]] = {
    "size_": ((None,), "how much larger a map becomes is written as scale_factor=2"),
    "start_dim": ((1,), "flatten begins at the channels, start_dim=1"),
    "end_dim": ((-1,), "flatten goes to the last axis, end_dim=-1"),
    "concat_axis": ((-1,), "channels are put together, axis=-1"),
}
"""What changes a shape and is read with one value alone."""


def _torch_padding(value: Any, where: str) -> Any:
    """(left, right, top, bottom): the last axis comes first."""
    if not isinstance(value, tuple):
        return value
    if len(value) % 2:
        raise InputError(f"{where}: a padding of PyTorch has two numbers for each axis, the last axis first")
    pairs = [tuple(value[at : at + 2]) for at in range(0, len(value), 2)]
    return tuple(reversed(pairs))


def _expanded(kind: str, options: dict[str, Any], where: str) -> list[tuple[str, dict[str, Any]]]:
    """One layer, or the two that a separable convolution is."""
    if kind == "attention" and "key_dim" in options:
        options["in_features"] = options["heads"] * options.pop("key_dim")
    if kind != "separable":
        return [(kind, options)]
    kernels, bias = options.pop(OUT, None), options.pop("bias", True)
    options.setdefault("depth_multiplier", 1)
    axes = options["axes"]
    return [("conv", {**options, "bias": False}), ("conv", {"axes": axes, OUT: kernels, K: 1, "bias": bias})]


def _short(signature: Signature, given: Arguments, where: str) -> tuple[str, dict[str, Any]]:
    """A call under a short name, whose operands tell by themselves what they are: 3x3 is a window."""
    options = dict(signature.fixed)
    for keyword, value in given.named.items():
        option = _short_option(signature, keyword)
        if option is None:
            raise InputError(f"{where}: {keyword!r} is not known here{nearest(keyword, signature.keywords)}")
        if option:
            _put(options, option, value, where)
    windows = [value for value in given.positional if isinstance(value, (By, tuple))]
    plain = [value for value in given.positional if not isinstance(value, (By, tuple))]
    if len(windows) > 1 or (windows and signature.kind not in WINDOWED):
        raise InputError(f"{where}: {_shown(windows[-1])} is a window too many")
    if windows:
        options[K] = tuple(windows[0])
    if plain:
        _place(options, signature.kind, plain, where)
    return signature.kind, options


def _short_option(signature: Signature, keyword: str) -> str | None:
    """The option of a keyword, which may be a letter of the formula; empty for one without meaning, None for none."""
    letters = {"N": signature.keywords.get("n", ""), "K": K, "S": S, "P": P}
    options = {**signature.keywords, **letters}
    option = options.get(keyword) or options.get(keyword.lower())
    return option_of(signature, keyword.lower()) if option is None or (not option and keyword in letters) else option


_KERNELS = ("conv", "conv_transpose", "locally_connected")
_TWO = {"pool": (K, S), "embedding": ("num", "dim")}
"""The options that two numbers are."""


def _place(options: dict[str, Any], kind: str, numbers: Sequence[Any], where: str) -> None:
    """Numbers that stand for options without saying which."""
    if kind in _KERNELS and (len(numbers) > 1 or K not in options):
        raise InputError(f"{where}: which number is the window? write k=3, N=64, or CONV3-64")
    if kind == "pool" and len(numbers) == 1 and K in options:
        options[S] = numbers[0]
    elif len(numbers) == 2 and kind in _TWO and _TWO[kind][0] not in options:
        options.update(zip(_TWO[kind], numbers, strict=True))
    elif len(numbers) == 1 and kind in COUNTED:
        options[COUNTED[kind]] = numbers[0]
    elif kind not in ("activation", "dropout"):
        raise InputError(f"{where}: {_shown(numbers[-1])} is a number too many")
