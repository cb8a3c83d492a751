"""The heads of calls that mix entries, each with what makes its entry at the shapes of its operands."""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Mapping
from functools import lru_cache

from adtrace.arrays.elemental import ArrayElemental, ShapeError, broadcast, said
from adtrace.arrays.formulas import loss, norm, normalize, softmax
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.places import concat, part, reshape, transpose
from adtrace.arrays.products import dot, einsum, largest, matmul, outer, summed, trace
from adtrace.arrays.windows import convolution, convolve, pool
from adtrace.errors import OptionError
from adtrace.language.syntax import Apply, Options, Terms, fold

_HEADS: dict[str, Callable[[str, Options, tuple[Shape, ...]], ArrayElemental]] = {
    "matmul": matmul, "dot": dot, "outer": outer, "einsum": einsum, "trace": trace,
    "sum": summed, "mean": summed, "max": largest, "min": largest,
    "conv1d": convolution, "conv2d": convolution, "convolve": convolve, "convolve2d": convolve,
    "maxpool1d": pool, "maxpool2d": pool, "avgpool1d": pool, "avgpool2d": pool,
    "transpose": transpose, "flatten": reshape, "reshape": reshape, "part": part,
    "concat": concat, "stack": concat,
    "softmax": softmax, "log_softmax": softmax, "norm": norm, "normalize": normalize,
    "cross_entropy": loss, "softmax_cross_entropy": loss, "bce": loss, "mse": loss,
}  # fmt: skip

HEADS: Mapping[str, object] = _HEADS
"""The heads of calls that mix entries."""
LOSSES = frozenset(head for head, maker in _HEADS.items() if maker is loss)
"""Those of predictions and targets."""
_OF_RULES = frozenset(
    ("array", "batch_norm", "layer_norm", "hadamard", "scaled", "summed", "spread", "place", "pick", "unpool", "eye")
)
"""Heads of literals, of what is several rows, and of what is printed."""


def is_known(head: str) -> bool:
    """Whether a head is one of arrays, and no function without a rule."""
    return head in HEADS or head in _OF_RULES or head.endswith(("_input", "_weight", "_adjoint"))


_Made = Callable[[str, Options, tuple[Shape, ...]], ArrayElemental]


def entry(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The elemental of a call at the shapes of its operands.  Raises `ShapeError` where they do not fit."""
    return _entry(_HEADS[head], head, options, shapes)


@lru_cache(maxsize=8192)
def _entry(maker: _Made, head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    return maker(head, options, shapes)


def again(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The same in another process.  Raises `OptionError` for one's own operation that is not declared there."""
    if head not in _HEADS:
        raise OptionError(f"the operation {head} is not declared here: adtrace.elemental({head!r}, index=...)")
    return entry(head, options, shapes)


def _sent(elemental: ArrayElemental) -> tuple[Callable[..., ArrayElemental], tuple[str, Options, tuple[Shape, ...]]]:
    return again, (elemental.name, elemental.options, elemental.shapes)


copyreg.pickle(ArrayElemental, _sent)


def is_call(term: Apply) -> bool:
    """Whether a term mixes the entries of its operands; ``max(u, w)`` of two does not."""
    return term.head in HEADS and (term.head not in ("max", "min") or term.arity == 1)


def terms_of_entries(terms: Terms) -> list[Terms]:
    """The entries of a literal array in row order; what is none is one entry.  Raises `ShapeError` for an array that is
    to be computed first.
    """
    own = getattr(terms, "entries", None)
    if own is not None:
        return list(own)

    def apply(term: Apply, operands: list[list[Terms]]) -> list[Terms]:
        if term.head == "array":
            return [entry for entries in operands for entry in entries]
        if any(len(entries) > 1 for entries in operands):
            raise ShapeError("an array of the point is a list of numbers")
        return [(*(part for (entry,) in operands for part in entry), term)]

    return fold(terms, lambda leaf: [(leaf,)], apply, silent=True)


def register(head: str, made: Callable[[str, Options, tuple[Shape, ...]], ArrayElemental] | None) -> None:
    """Add an operation of one's own, with what makes its entry; None takes it out again."""
    if made is None:
        del _HEADS[head]
    else:
        _HEADS[head] = made


def terms_shape(terms: Terms) -> Shape:
    """The shape of a constant expression.  Raises `ShapeError`."""
    shape = getattr(terms, "shape", None)  # asked first: the terms of an array are made when they are asked for
    if shape is not None:
        return tuple(shape)
    if not any(type(term) is Apply and (term.head == "array" or is_call(term)) for term in terms):
        return ()

    def apply(term: Apply, shapes: list[Shape]) -> Shape:
        if term.head == "array":
            if len(set(shapes)) > 1:
                raise ShapeError(f"an array of {said(shapes[0])} and of others: its rows differ in length")
            return (len(shapes), *shapes[0])
        return entry(term.head, term.options, tuple(shapes)).shape if is_call(term) else broadcast(shapes, term.head)

    return fold(terms, lambda leaf: (), apply)
