"""The kinds of layers: each with its options, and a rule from which size, parameters, multiplications and field follow.

A new kind is one entry of `KINDS` and its rule; notations, tables, JSON and checks find it there.  Shapes have the
channels first, without a batch: ``(C, H, W)``, ``(C, L)``, ``(features,)``, and ``(T, features)`` of a sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from adtrace.networks.maps import Map, Outcome, Rules
from adtrace.networks.recurrent import attention, recurrent
from adtrace.networks.simple import (
    added,
    batch_norm,
    concatenated,
    cropped,
    embedding,
    flattened,
    layer_norm,
    linear,
    multiplied,
    padded,
    reshaped,
    same_size,
    upsampled,
)
from adtrace.networks.windowed import adaptive, convolution, global_pool, locally_connected, pool, transposed

COUNT, AXES, PADDING, FLAG, WORD, SHAPE = "count", "axes", "padding", "flag", "word", "shape"
"""What an option takes: a whole number; one for all axes or one for each; a padding; yes or no; a word; a shape."""

NEEDED = object()
"""The default of an option that has none."""


class Option(NamedTuple):
    """An option of a kind."""

    takes: str
    default: Any = NEEDED
    least: int = 1
    words: tuple[str, ...] = ()


Rule = Callable[[Mapping[str, Any], Sequence[Map], Rules], Outcome]
"""What a layer with these options comes to on what it reads."""


class Kind(NamedTuple):
    """A kind of layer."""

    name: str
    short: str
    """What it is called where the author has not written it."""
    rule: Rule | None
    """None for a row of a Wengert list, whose elemental has the rule."""
    options: Mapping[str, Option]
    family: str = ""
    """WINDOW, QUIET (nothing but the values changes), JOINT (several operands), or none."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (kind, (self.name,)) if KINDS.get(self.name) is self else (Kind, tuple(self))


WINDOW, QUIET, JOINT = "window", "quiet", "joint"

_KERNEL = {"axes": Option(COUNT, None), "kernel": Option(AXES), "stride": Option(AXES, 1),
           "padding": Option(PADDING, 0), "dilation": Option(AXES, 1)}  # fmt: skip
_KERNELS = {"out_channels": Option(COUNT, None), **_KERNEL, "groups": Option(COUNT, 1), "bias": Option(FLAG, True),
            "in_channels": Option(COUNT, None)}  # fmt: skip
_BIASES = ("none", "one", "two")
_GATES = {"hidden": Option(COUNT), "biases": Option(WORD, "one", words=_BIASES), "bidirectional": Option(FLAG, False),
          "return_sequences": Option(FLAG, False), "layers": Option(COUNT, 1),
          "in_features": Option(COUNT, None)}  # fmt: skip
_NORM = {"affine": Option(FLAG, True), "center": Option(FLAG, True), "scale": Option(FLAG, True),
         "in_channels": Option(COUNT, None)}  # fmt: skip

_TABLE = (
    Kind("conv", "CONV", convolution, {**_KERNELS, "connections": Option(COUNT, None),
                                       "depth_multiplier": Option(COUNT, None)}, WINDOW),
    Kind("conv_transpose", "CONVT", transposed, {**_KERNELS, "output_padding": Option(AXES, 0, 0)}, WINDOW),
    Kind("locally_connected", "LOCAL", locally_connected, _KERNELS, WINDOW),
    Kind("pool", "POOL", pool, {**_KERNEL, "kind": Option(WORD, "max", words=("max", "avg")),
                                "stride": Option(AXES, None), "ceil": Option(FLAG, False),
                                "trainable": Option(FLAG, False)}, WINDOW),
    Kind("global_pool", "GAP", global_pool, {"kind": Option(WORD, "avg", words=("max", "avg")),
                                             "keep": Option(FLAG, True)}, WINDOW),
    Kind("adaptive_pool", "ADAPTIVE POOL", adaptive, {"kind": Option(WORD, "avg", words=("max", "avg")),
                                                      "size": Option(AXES)}, WINDOW),
    Kind("upsample", "UPSAMPLE", upsampled, {"scale": Option(AXES, 2)}),
    Kind("crop", "CROP", cropped, {"size": Option(AXES, None), "by": Option(PADDING, None)}),
    Kind("pad", "PAD", padded, {"padding": Option(PADDING)}),
    Kind("flatten", "FLATTEN", flattened, {}),
    Kind("reshape", "RESHAPE", reshaped, {"shape": Option(SHAPE)}),
    Kind("linear", "FC", linear, {"out_features": Option(COUNT), "bias": Option(FLAG, True),
                                  "in_features": Option(COUNT, None), "flat": Option(FLAG, False),
                                  "on_channels": Option(FLAG, False)}),
    Kind("batch_norm", "BN", batch_norm, {**_NORM, "running": Option(FLAG, True)}),
    Kind("group_norm", "GN", batch_norm, {**_NORM, "running": Option(FLAG, False)}),
    Kind("layer_norm", "LN", layer_norm, {"affine": Option(FLAG, True), "shape": Option(SHAPE, None),
                                       "on_channels": Option(FLAG, False)}),
    Kind("embedding", "EMBEDDING", embedding, {"num": Option(COUNT), "dim": Option(COUNT)}),
    Kind("rnn", "RNN", recurrent(1, "rnn"), _GATES),
    Kind("lstm", "LSTM", recurrent(4, "lstm"), _GATES),
    Kind("gru", "GRU", recurrent(3, "gru"), _GATES),
    Kind("attention", "ATTENTION", attention, {"heads": Option(COUNT, 1), "bias": Option(FLAG, True),
                                               "in_features": Option(COUNT, None)}),
    Kind("add", "ADD", added, {}, JOINT),
    Kind("multiply", "MULTIPLY", multiplied, {}, JOINT),
    Kind("concat", "CONCAT", concatenated, {}, JOINT),
    Kind("activation", "ACTIVATION", same_size, {"fn": Option(WORD, ""), "trained": Option(COUNT, 0, 0)}, QUIET),
    Kind("dropout", "DROPOUT", same_size, {"fn": Option(WORD, ""), "rate": Option(WORD, "")}, QUIET),
)  # fmt: skip

KINDS = {kind.name: kind for kind in _TABLE}
"""Every kind by its name in the neutral form."""
WINDOWED = tuple(kind.name for kind in _TABLE if "kernel" in kind.options)
"""The kinds whose window has to be told."""


def kind(name: str) -> Kind:
    """The kind of this name."""
    return KINDS[name]
