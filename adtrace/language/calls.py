"""The table of calls: the functions of arrays, how many operands each has, and what may be given beside them.

An entry is one line: the head, the number of its operands, and its options with their kinds and defaults in the order
in which they may stand without their names.  The first entries are functions whose elementals are in
`array_elementals`; those with a ``text`` are written out in the language, and those of `CONSTANT_ARRAYS` are arrays of
numbers.  A function of the table of elementals under the same name comes first: ``max(x, y)`` is of two operands, and
``max(x)`` of one array.  A declared name beats both.

`LIBRARY_CALLS` says what a name means behind the prefix of its library, with that library's defaults, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from adtrace.language.syntax import ARRAY, MATMUL, PART, TRANSPOSE, Option

AXIS, AXES, FLAG, COUNT, FROM_0, SHAPE, PLACES, NUMBER, WHOLE = (
    "axis", "axes", "flag", "count", "from 0", "shape", "places", "number", "whole",
)  # fmt: skip
"""Kinds of options: one axis (or None); one axis, several in brackets or None; True or False; a whole number from 1, or
one for each axis; the same from 0; the lengths of axes; a list of places; a number as text; a whole number."""


class Slot(NamedTuple):
    """An option: its name, its kind or the words that it may be, and its value where none is given."""

    name: str
    kind: str | tuple[str, ...]
    default: Option = None


REQUIRED = "required"
"""The default of an option that has none."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function of arrays."""

    head: str
    operands: int | None
    """How many there are; None: any number, or one list of them."""
    slots: tuple[Slot, ...] = ()
    text: str = ""
    """What it is written out as, with ``u, w, t`` for its operands."""
    first: bool = False
    """Whether the options stand before the operands."""
    advice: str = ""
    """What to write where the number of operands is another."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its options."""
        return tuple(slot.name for slot in self.slots)

    def slot(self, name: str) -> Slot | None:
        """The option of this name."""
        return next((slot for slot in self.slots if slot.name == name), None)


_AXES, _KEEP = Slot("axis", AXES), Slot("keepdims", FLAG, False)
_LAST, _FIRST = (Slot("axis", AXIS, default) for default in (-1, 0))
_STRIDE, _PADDING, _DILATION = Slot("stride", COUNT, 1), Slot("padding", FROM_0, 0), Slot("dilation", COUNT, 1)
_SIZE, _BY_SIZE = Slot("size", COUNT, REQUIRED), Slot("stride", COUNT, None)
"""A pool moves by its own size, unless it is told otherwise."""
_MODE = Slot("mode", ("full", "same", "valid"), "full")
_SUM, _MEAN = (Slot("reduction", ("none", "sum", "mean"), default) for default in ("sum", "mean"))
_EPS = Slot("eps", NUMBER, "0")
_SHAPE = Slot("shape", SHAPE, REQUIRED)

_TABLE = (
    Call("sum", 1, (_AXES, _KEEP), advice="numbers are added with +"),
    Call("mean", 1, (_AXES, _KEEP), advice="that of numbers is written mean([a, b])"),
    Call("max", 1, (_AXES, _KEEP)),
    Call("min", 1, (_AXES, _KEEP)),
    Call("norm", 1, advice="that of numbers is written norm([a, b])"),
    Call("dot", 2),
    Call("outer", 2),
    Call("matmul", 2),
    Call("trace", 1),
    Call("einsum", None, (Slot("subscripts", "einsum", REQUIRED),), first=True),
    Call("softmax", 1, (_LAST,)),
    Call("log_softmax", 1, (_LAST,)),
    Call("cross_entropy", 2, (_SUM,)),
    Call("softmax_cross_entropy", 2, (_SUM,)),
    Call("bce", 2, (_SUM,)),
    Call("mse", 2, (_MEAN,)),
    Call("conv1d", 2, (_STRIDE, _PADDING, _DILATION), advice="a bias is added: conv1d(x, k) + b"),
    Call("conv2d", 2, (_STRIDE, _PADDING, _DILATION), advice="a bias is added: conv2d(x, k) + b"),
    Call("convolve", 2, (_MODE,)),
    Call("convolve1d", 2, (_MODE,)),
    Call("maxpool1d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("maxpool2d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("avgpool1d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("avgpool2d", 1, (_SIZE, _BY_SIZE, _PADDING)),
    Call("flatten", 1),
    Call("reshape", 1, (_SHAPE,)),
    Call("transpose", 1, (Slot("axes", PLACES),)),
    Call("concat", None, (_FIRST,)),
    Call("stack", None, (_FIRST,)),
    Call("batch_norm", 3, (_EPS,)),
    Call("layer_norm", 3, (_EPS,)),
    Call("normalize", 1, (_LAST, _EPS)),
    Call("embedding", 1, (Slot("index", PLACES, REQUIRED),)),
    Call("dropout", 2, text="u*w", advice="the mask is given: dropout(x, mask)"),
    Call("zeros", 0, (_SHAPE,)),
    Call("ones", 0, (_SHAPE,)),
    Call("eye", 0, (Slot("count", WHOLE, REQUIRED),)),
    Call("one_hot", 0, (Slot("place", PLACES, REQUIRED), Slot("count", WHOLE, REQUIRED))),
)  # fmt: skip

CALLS: Mapping[str, Call] = {call.head: call for call in _TABLE}
"""The functions of arrays by name."""
CONSTANT_ARRAYS = ("zeros", "ones", "eye", "one_hot")
"""Calls that are arrays of numbers."""
ONE_NAME = {"convolve1d": "convolve"}
"""Two names of one head."""
HEADS = frozenset((*CALLS, ARRAY, MATMUL, TRANSPOSE, PART)) - {"max", "min"}
"""Every head that is of arrays alone."""
