"""Codes in one line of hyphens, as Ciresan's papers have them: ``64C3-MP2-10C5S2P1-AP2-FC7``.

    code    ::= [shape "-"] part "-" part ...
    part    ::= [times "x"] count "C" window [option ...] | ("MP" | "AP" | "P" | "S") window [option ...]
              | outputs ["N" | "FC" | "F"] | "FC" outputs | a word without numbers: ReLU, BN, GAP, softmax
    option  ::= "S" stride | "P" padding

Where nothing is said a convolution has stride 1 and no padding, a pool the stride of its window.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from adtrace.errors import InputError
from adtrace.networks.calls import simple
from adtrace.networks.names import SHORT

CONV, POOL, LINEAR, WORD = "conv", "pool", "linear", ""
_LENGTHS = r"\d+(?:[x×]\d+)*"
_OPTIONS = r"(?:[SP]\d+)*"
_PART = re.compile(
    rf"(?:(?P<times>\d{{1,3}})[x×])?(?P<kernels>\d*)C(?P<window>{_LENGTHS})(?P<conv>{_OPTIONS})"
    rf"|(?P<pool>MP|AP|P|S)(?P<size>{_LENGTHS})(?P<pooled>{_OPTIONS})"
    r"|(?P<outputs>\d+)(?:N|FC|F)?|FC?(?P<after>\d+)|(?P<shape>\d+(?:[x×]\d+)+)|(?P<word>[A-Za-z]+)",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\dC\d|(?:^|-)[MA]P\d|\d(?:N|FC)(?:-|$)|(?:^|-)C\d", re.IGNORECASE)
"""What only such a code has."""
_ALONE = re.compile(rf"\d*C{_LENGTHS}{_OPTIONS}|[MA]P\d+|\d+(?:N|FC)")
"""What is such a part with nothing beside it."""
_APART = re.compile(r"(?<![A-Za-z0-9])(FC|MP|AP)-(?=\d)", re.IGNORECASE)
_QUIET = frozenset(
    ("conv", "pool", "fc", "dense", "linear", "mp", "ap", "maxpool", "avgpool", "in", "input", "rnn", "lstm", "gru")
)
"""Words that want a number."""
_AVERAGE = ("AP", "S")
"""Pools that take the mean; S2 is the subsampling of LeNet."""


class Part(NamedTuple):
    """One layer of a code."""

    written: str
    kind: str
    """Of the layer; `WORD` for one that is a name alone."""
    options: dict[str, Any]
    statement: tuple[str, str] = ("", "")
    """The key of what is said below the table, and the code it is said of."""


class Code(NamedTuple):
    """A whole code."""

    shape: tuple[int, ...]
    """That of the input, or nothing."""
    parts: tuple[Part, ...]


def is_code(text: str) -> bool:
    """Whether a text is such a code, though a part may say too little."""
    return bool(_matched(text))


def code(text: str, where: str) -> Code | None:
    """The layers of a code; None where a text is none.  Raises `InputError` for a part that says too little."""
    matches = _matched(text)
    if not matches:
        return None
    shape = tuple(map(int, re.findall(r"\d+", matches[0][0]))) if matches[0]["shape"] else ()
    layers = matches[bool(shape) :]
    sparing = any(match["conv"] for match in layers)
    return Code(shape, tuple(part for match in layers for part in _parts(match, where, sparing)))


def _matched(text: str) -> list[re.Match[str]]:
    """The parts of a code; none where a text is no code."""
    pieces = _APART.sub(r"\1", re.sub(r"^(?:INPUT|IN)-(?=\d)", "", text)).split("-")
    matches = [match for match in map(_PART.fullmatch, map(str.strip, pieces)) if match]
    if len(matches) < len(pieces) or not _TOLD.search(text) or (len(pieces) == 1 and not _ALONE.fullmatch(pieces[0])):
        return []
    words = (match["word"] for match in matches if match["word"])
    return [] if any(match["shape"] for match in matches[1:]) or not all(map(_is_word, words)) else matches


def _is_word(word: str) -> bool:
    return simple(word) in SHORT and simple(word) not in _QUIET


def _parts(match: re.Match[str], where: str, sparing: bool) -> list[Part]:
    """A part as layers; ``sparing`` where strides and paddings are said of some convolutions."""
    written = match[0]
    if match["window"]:
        if not match["kernels"]:
            raise InputError(f"{where}: how many kernels has {written}? write 64{written} for 64 of them")
        own = {"out_channels": int(match["kernels"]), "kernel": _window(match["window"]), "stride": 1, "padding": 0}
        part = Part(written[match.start("kernels") :], CONV, own | _said(match["conv"]),
                   ("code_dashed" if sparing else "code_ciresan", "NCk"))  # fmt: skip
        return [part] * int(match["times"] or 1)
    if match["pool"]:
        pool = match["pool"].upper()
        options: dict[str, Any] = {
            "kernel": _window(match["size"]), "kind": "avg" if pool in _AVERAGE else "max",
        }  # fmt: skip
        return [Part(written, POOL, options | _said(match["pooled"]), ("code_pool", f"{pool}k"))]
    if match["word"]:
        return [Part(written, WORD, {})]
    outputs = int(match["outputs"] or match["after"])
    said = ("code_outputs", f"{written.rstrip('0123456789')}N") if match["after"] else ("", "")
    return [Part(written, LINEAR, {"out_features": outputs, "flat": True}, said)]


def _window(text: str) -> int | tuple[int, ...]:
    lengths = tuple(map(int, re.findall(r"\d+", text)))
    return lengths[0] if len(set(lengths)) == 1 else lengths


def _said(text: str) -> dict[str, int]:
    """What stands behind a window: ``S2P1``."""
    names = {"s": "stride", "p": "padding"}
    return {names[letter.lower()]: int(number) for letter, number in re.findall(r"([A-Za-z])(\d+)", text)}
