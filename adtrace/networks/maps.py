"""What flows from layer to layer, and what a rule makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from adtrace.errors import InputError
from adtrace.networks.reach import START, Reach
from adtrace.wording import Said
from adtrace.writing.counts import Counted

MAP, SEQUENCE = "map", "sequence"
"""Channels and places, (C, H, W); or steps of features, (T, features), where a row of numbers is (features,)."""


class LayerError(InputError):
    """What is wrong with a layer, in a sentence without its place."""


class Map(NamedTuple):
    """The output of a layer."""

    shape: tuple[int | None, ...]
    """Channels first; None for a number of channels that nobody has said."""
    reach: tuple[Reach, ...] | None
    """What the places of each axis read; None where there is none of places, as in a sequence."""
    kind: str = MAP


class Rules(NamedTuple):
    """What formulas are written for."""

    dilated: bool = False
    """Whether size formulas have a dilation."""
    per_kernel: bool = False
    """Whether parameters are (k·k·C + 1)·N."""
    channels_last: bool = False
    biased: bool = True
    """False: no layer has biases."""


class Size(NamedTuple):
    """The size of an axis, worked out."""

    formula: Counted
    general: bool = False
    """Whether it is the formula of a window, which stands over the column in letters."""
    over: tuple[int, int] = (0, 1)
    """The division before it is rounded."""
    unread: int = 0
    """Places of the padded input that no window reads; less than 0 where the last window reaches over it."""


class Outcome(NamedTuple):
    """What a layer comes to."""

    output: Map
    sizes: tuple[Size, ...] = ()
    """How each axis is worked out, or one for all of the output."""
    params: Counted | None = None
    weights: int = 0
    biases: int = 0
    multiplications: Counted | None = None
    fields: tuple[Counted, ...] = ()
    untrained: int = 0
    """Numbers that are kept and not trained, as running means."""
    notes: tuple[Said, ...] = ()


def plain(shape: Sequence[int | None]) -> str:
    """A shape as a sentence says it: 32×32×3."""
    return "×".join("?" if length is None else str(length) for length in shape)


def displayed(output: Map, channels_last: bool) -> tuple[int, ...]:
    """The shape in the order of the network's input; a number of channels that nobody has said is left out."""
    shape = output.shape
    if channels_last and output.kind == MAP and len(shape) > 1:
        shape = (*shape[1:], shape[0])
    return tuple(length for length in shape if length is not None)


def one_operand(operands: Sequence[Map]) -> Map:
    """The operand of a layer that has one."""
    if len(operands) != 1:
        raise LayerError(f"it reads one layer, not {len(operands)}; an addition or a concatenation reads several")
    return operands[0]


def spatial(operand: Map, axes: int | None = None) -> Map:
    """The operand as channels and places, along so many axes if that is said."""
    result = _spatial(operand)
    if axes is not None and len(result.shape) - 1 != axes:
        raise LayerError(f"it moves along {_axes(axes)}, and what it reads has {_axes(len(result.shape) - 1)}: "
                         f"{plain(result.shape)}")  # fmt: skip
    return result


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"


def _spatial(operand: Map) -> Map:
    shape = operand.shape
    if operand.kind == SEQUENCE and len(shape) == 2:  # steps are places, features are channels
        return Map((shape[1], shape[0]), operand.reach or (START,))
    if len(shape) < 2:
        count = "numbers" if shape[0] != 1 else "number"
        raise LayerError(f"it moves a window over places, and what it reads is {shape[0]} {count} in a row")
    return operand


def product(names: Sequence[str]) -> str:
    """The text of a product."""
    return "*".join(names)
