"""How many axes an expression has, as far as that can be seen: what a product without a sign may mean depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adtrace.language.syntax import ARRAY, MATMUL, PART, TRANSPOSE, Apply, Name, Number, Term, fold

Rank = int | None
"""The number of axes, 0 of a number; None where it is not seen."""

_TO_NUMBERS = ("norm", "dot", "cross_entropy", "softmax_cross_entropy", "bce", "mse", "trace")
_REDUCING = ("sum", "mean", "max", "min")
_KEEPING = ("softmax", "log_softmax", "normalize", "batch_norm", "layer_norm")


def rank(terms: Sequence[Term], ranks: Mapping[str, Rank]) -> Rank:
    """The number of axes of an expression, whose names have those of ``ranks`` and else none."""

    def leaf(term: Number | Name) -> Rank:
        return ranks.get(term.name, 0) if type(term) is Name else 0

    return fold(terms, leaf, _applied)


def _applied(term: Apply, operands: list[Rank]) -> Rank:
    head, first = term.head, operands[0]
    if head == ARRAY:
        return None if first is None else first + 1
    if head == MATMUL:
        return None if None in operands else max(sum(rank or 0 for rank in operands) - 2, 0)
    if head == PART:
        return _part(term, first)
    if head in _TO_NUMBERS:
        return 0
    if head in _REDUCING and term.arity == 1:
        return 0 if not term.options else None
    if head in ("flatten", "outer"):
        return 1 if head == "flatten" else 2
    if head in ("conv1d", "conv2d", "reshape", "concat", "stack", "einsum") or "pool" in head:
        return first if head == "concat" or "pool" in head else None
    if head in (TRANSPOSE, *_KEEPING):
        return first
    return None if None in operands else max(rank or 0 for rank in operands)


def _part(term: Apply, first: Rank) -> Rank:
    """The axes that are left of a part: each number takes one away."""
    index = dict(term.options)["index"]
    taken = sum(type(item) is int for item in index) if isinstance(index, tuple) else 0
    return None if first is None else max(first - taken, 0)
