"""Legends: what the letters of a code mean, in the author's form: ``CONVk-N(s,p): s=1, p=1``.

    legend   ::= pattern [":" letter "=" value, ...]
    pattern  ::= name, then letters with what stands between them; brackets and "/s" may be left out in a layer
    value    ::= number | letter | formula of letters, (k-1)/2 | same | valid

Letters: k or f (K) the window, N, n or F the kernels or outputs, s, p, d, g, and i a number that only counts layers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adtrace.errors import InputError, ParseError, nearest, printable
from adtrace.networks.calls import simple
from adtrace.networks.names import SHORT, Signature
from adtrace.networks.network import Statement
from adtrace.writing.counts import Counted

_OF_WINDOWS = {"k": "kernel", "f": "kernel", "K": "kernel", "N": "out_channels", "n": "out_channels",
               "F": "out_channels", "C": "out_channels", "c": "out_channels", "s": "stride", "S": "stride",
               "p": "padding", "P": "padding", "d": "dilation", "D": "dilation", "g": "groups", "G": "groups",
               "i": ""}  # fmt: skip
_MEANINGS = {
    "conv": _OF_WINDOWS, "conv_transpose": _OF_WINDOWS, "locally_connected": _OF_WINDOWS,
    "pool": {**_OF_WINDOWS, "N": "kernel", "n": "kernel"},
    "linear": dict.fromkeys("NnkFCcm", "out_features") | {"i": ""},
    "rnn": dict.fromkeys("NnkhH", "hidden"), "lstm": dict.fromkeys("NnkhH", "hidden"),
    "gru": dict.fromkeys("NnkhH", "hidden"), "upsample": dict.fromkeys("kNnsS", "scale"),
    "crop": dict.fromkeys("kNn", "size"), "attention": dict.fromkeys("hHNn", "heads"),
    "embedding": {"V": "num", "D": "dim", "d": "dim", "N": "num"},
}  # fmt: skip
"""What the letters of a code mean for a kind."""
_NUMBER = r"\d+(?:[xX×]\d+)*"


@dataclass(frozen=True)
class Legend:
    """One line of a legend."""

    written: str
    """As its author wrote it."""
    name: str
    """The name that it is for, without case."""
    signature: Signature
    pattern: re.Pattern[str]
    """What stands behind the name."""
    letters: Mapping[str, str]
    """The option of each letter."""
    values: Mapping[str, str]
    """What letters are where a layer does not say, as text."""
    statement: Statement
    stated: bool = True
    """Whether the table tells it even where no value of it was taken."""

    def read(self, rest: str, where: str) -> tuple[dict[str, Any], bool] | None:
        """The options of what stands behind the name, and whether a value was taken; None where it does not fit."""
        match = self.pattern.fullmatch(rest)
        if match is None:
            return None
        numbers = {letter: _number(text) for letter, text in match.groupdict().items() if text is not None}
        said = dict(numbers)
        open_ = [
            letter for letter in self.letters if letter not in said and letter not in self.values and letter != "i"
        ]
        if open_ and self.stated:
            raise InputError(
                f"{where}: the legend {self.written!r} leaves {open_[0]} open here; add {open_[0]}=1 to it"
            )
        for letter, text in self.values.items():
            if letter not in said:
                numbers[letter] = _evaluated(text, numbers, f"{where}: {letter}={text}")
        options = {self.letters[letter]: value for letter, value in numbers.items() if self.letters[letter]}
        return options, len(said) < len(numbers)


def _number(text: str) -> Any:
    numbers = tuple(int(part) for part in re.split("[xX×]", text))
    return numbers if len(numbers) > 1 else numbers[0]


_WORDS = ("same", "valid", "causal", "full")


def _evaluated(text: str, numbers: Mapping[str, Any], where: str) -> Any:
    """The value of a letter, from those that are there."""
    if text.lower() in _WORDS:
        return text.lower()
    windows = {letter: value for letter, value in numbers.items() if isinstance(value, tuple)}
    if windows:
        axes = len(next(iter(windows.values())))
        return tuple(
            _evaluated(text, {k: v[at] if isinstance(v, tuple) else v for k, v in numbers.items()}, where)
            for at in range(axes)
        )
    if not re.fullmatch(r"[\w\s()+*/-]{1,40}", text):
        raise InputError(f"{where}: a value is a number, a letter, or a formula of letters such as (k-1)/2")
    try:
        value = Counted(text, {letter: value for letter, value in numbers.items() if isinstance(value, int)}).value
    except KeyError as letter:
        raise InputError(f"{where}: the letter {letter.args[0]!r} has no value there") from None
    except (ParseError, ValueError, ZeroDivisionError):
        raise InputError(f"{where} cannot be computed") from None
    if type(value) is not int:
        raise InputError(f"{where} is {value}, which is no whole number; say it, as CONV4-10(1,2) has padding 2")
    return value


def legend(text: str) -> Legend:
    """A line of a legend, read.  Raises `InputError`."""
    where = f"the legend {printable(text.strip()[:60])!r}"
    head, _, tail = text.strip().partition(":")
    names = [name for name in SHORT if simple(head).startswith(name)]
    name = max(names, key=len, default="")
    if not name:
        raise InputError(f"{where} begins with no name of a layer such as CONV, POOL or FC{nearest(head, SHORT)}")
    at = next(end for end in range(len(head) + 1) if simple(head[:end]) == name)
    signature = SHORT[name]
    meanings = _MEANINGS.get(signature.kind, {})
    pattern, letters = _compiled(head[at:], meanings, where)
    values: dict[str, str] = {}
    for part in _parted(tail):
        letter, sign, value = part.partition("=")
        letter = letter.strip()
        if not sign or letter not in meanings:
            raise InputError(f"{where}: a value is written as p=1, with one of {', '.join(meanings)}; not {part!r}")
        values[letter] = value.strip()
        letters[letter] = meanings[letter]
    silent = signature.kind in ("conv", "conv_transpose") and not {"padding", "stride"} <= set(letters.values())
    told = Statement("legend_silent" if silent else "legend", (text.strip(),))
    return Legend(text.strip(), name, signature, pattern, letters, values, told)


def _parted(text: str) -> list[str]:
    """What stands between commas outside of brackets."""
    parts, depth, start = list[str](), 0, 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char in ",;" and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, text[start:]] if part.strip()]


def _compiled(text: str, meanings: Mapping[str, str], where: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """What stands behind the name as a pattern: brackets, and what stands behind a slash, may be left out."""
    letters: dict[str, str] = {}
    inner, optional = "", 0
    if "(" in text:
        text, _, bracket = text.partition("(")
        places = [part.strip().rstrip("=") for part in bracket.rstrip(") ").split(",")]
        for place, letter in enumerate(places):
            _letter(letter, meanings, letters, where)
            group = rf"(?P<{letter}>{_NUMBER})"
            inner += rf"(?:\s*,\s*{group}" if place else group
            optional += place > 0
        inner = rf"(?:\s*\(\s*{inner}{')?' * optional}\s*\))?"
    head, slash, behind = text.partition("/")
    pattern = _literal(head, meanings, letters, where)
    if slash:
        pattern += rf"(?:/{_literal(behind, meanings, letters, where)})?"
    return re.compile(pattern + inner), letters


def _literal(text: str, meanings: Mapping[str, str], letters: dict[str, str], where: str) -> str:
    pieces: list[str] = []
    for char in text.strip():
        if char.isalpha():
            _letter(char, meanings, letters, where)
            pieces.append(rf"(?P<{char}>{_NUMBER})")
        else:
            pieces.append(rf"\s*{re.escape(char)}\s*" if not char.isspace() else r"\s*")
    return "".join(pieces)


def _letter(letter: str, meanings: Mapping[str, str], letters: dict[str, str], where: str) -> None:
    if letter not in meanings:
        raise InputError(f"{where}: {letter!r} is no letter of it; there are {', '.join(meanings)}")
    if letter in letters:
        raise InputError(f"{where}: {letter} stands in it twice")
    letters[letter] = meanings[letter]


_SMALL = r"(?:[(]?(?P<s>\d+)(?:\s*,\s*(?P<p>\d+))?[)])?"


def _usual(name: str, pattern: str, values: Mapping[str, str], statement: Statement) -> Legend:
    """A legend that holds where the author gives none."""
    signature = SHORT[name]
    meanings = _MEANINGS[signature.kind]
    regex = re.compile(pattern)
    letters = {letter: meanings[letter] for letter in (*regex.groupindex, *values)}
    return Legend("", name, signature, regex, letters, values, statement, stated=False)


_BEHIND = rf"(?:\s*\(\s*(?P<s>{_NUMBER})(?:\s*,\s*(?P<p>{_NUMBER}))?\s*\))?"
_MARKED = r"(?:\s*(?:/|s|/s)\s*(?P<s>\d+))?(?:\s*/?\s*p\s*(?P<p>\d+))?(?:\s*/?\s*d\s*(?P<d>\d+))?"
_CONV = Statement("code_conv", ("CONVk-N(s,p)",))
_DASHED = Statement("code_dashed", ("CONV-k-N",))
_POOLED = Statement("code_pool", ("POOL-k",))
_CONVS = [name for name, signature in SHORT.items() if signature.kind == "conv"]
_POOLS = [name for name, signature in SHORT.items() if signature.kind == "pool"]
_TURNED = [name for name, signature in SHORT.items() if signature.kind == "conv_transpose"]
_TRANSPOSED = Statement("code_transposed", ("CONVTk-N(s,p)",))

USUAL: Sequence[Legend] = (
    *(_usual(name, rf"\s*(?P<k>{_NUMBER})\s*-\s*(?P<N>\d+){tail}", {"s": "1", "p": "(k-1)/2"}, _CONV)
      for name in _CONVS if name not in ("dw", "dwconv", "depthwise", "depthwiseconv") for tail in (_BEHIND, _MARKED)),
    *(_usual(name, rf"\s*-\s*(?P<k>{_NUMBER})\s*-\s*(?P<N>\d+){tail}", {"s": "1", "p": "0"}, _DASHED)
      for name in _CONVS if name not in ("dw", "dwconv", "depthwise", "depthwiseconv") for tail in (_BEHIND, _MARKED)),
    *(_usual(name, rf"\s*-?\s*(?P<k>{_NUMBER}){tail}", {"s": "1", "p": "(k-1)/2"}, _CONV)
      for name in ("dw", "dwconv", "depthwise", "depthwiseconv") for tail in (_BEHIND, _MARKED)),
    *(_usual(name, rf"\s*-?\s*(?P<k>{_NUMBER})\s*-\s*(?P<N>\d+){tail}", {"s": "1", "p": "0"}, _TRANSPOSED)
      for name in _TURNED for tail in (_BEHIND, _MARKED)),
    *(_usual(name, rf"\s*-?\s*(?P<k>{_NUMBER}){tail}", {"s": "k"}, _POOLED)
      for name in _POOLS for tail in (_BEHIND, _MARKED)),
)  # fmt: skip
"""What codes mean where no legend is given: VGG's, the dashed one of exams, pooling."""
