"""The shape of a network's input: ``32x32x3`` has its channels last, ``3,32,32`` and ``(3, 32, 32)`` first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from adtrace.errors import OptionError, printable
from adtrace.networks.kinds import WINDOW
from adtrace.networks.network import Layer, Statement

FIRST, LAST = "first", "last"
CHANNELS = (FIRST, LAST)
_LARGEST = 10**9


def shape_of(given: Any, channels: str | None) -> tuple[tuple[int, ...], bool]:
    """The lengths in the order in which they are written, and whether channels are last.  Raises `OptionError`."""
    if channels not in (None, *CHANNELS):
        raise OptionError(f"channels is first or last, not {channels!r}")
    last = False
    if isinstance(given, str):
        text = given.strip().strip("()[]").strip()
        last = bool(re.search(r"\d\s*[xX×*]\s*\d", text))
        parts = re.split(r"\s*[xX×*]\s*" if last else r"\s*,\s*", text.rstrip(","))
        if not all(re.fullmatch(r"\d{1,10}", part) for part in parts):
            raise OptionError(f"the input is lengths such as 32x32x3 or 3,32,32; not {printable(given[:40])!r}")
        lengths = tuple(map(int, parts))
    elif isinstance(given, int) and not isinstance(given, bool):
        lengths = (given,)
    elif isinstance(given, Sequence) and all(type(length) is int for length in given) and given:
        lengths = tuple(given)
    else:
        raise OptionError(f"the input is lengths such as 32x32x3 or (3, 32, 32); not {printable(repr(given)[:40])}")
    if not all(1 <= length <= _LARGEST for length in lengths):
        raise OptionError(f"the lengths of the input are whole numbers from 1; not {printable(str(given)[:40])}")
    return lengths, last if channels is None else channels == LAST


def oriented(
    lengths: tuple[int, ...], last: bool, layers: Sequence[Layer], *, sides: bool
) -> tuple[tuple[int | None, ...], list[Statement]]:
    """The shape with the channels first; where the sides alone are given, as ``sides`` allows, with those of the first
    kernels, or one.
    """
    first = next((layer for layer in layers if layer.kind.family == WINDOW or layer.kind.name in _OF_SEQUENCES), None)
    turned = (lengths[-1], *lengths[:-1]) if last and len(lengths) > 1 else lengths
    if first is None or first.kind.family != WINDOW:
        return (lengths if first is not None and len(lengths) == 2 else turned), []
    axes = first.options.get("axes") or min(len(lengths), 2)
    if not sides or len(lengths) != axes:
        return turned, []
    channels = _first_channels(layers)
    told = Statement("one_channel") if channels == 1 else Statement("first_channels", number=channels)
    return (channels, *lengths), [told]


def _first_channels(layers: Sequence[Layer]) -> int:
    """The channels that the first kernels are for; one where nobody has said."""
    return next((layer.options["in_channels"] for layer in layers if layer.options.get("in_channels")), 1)


_OF_SEQUENCES = ("rnn", "lstm", "gru", "attention", "embedding", "layer_norm", "linear", "flatten")
