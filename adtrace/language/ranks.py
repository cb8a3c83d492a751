"""How many axes an expression has, as far as that can be seen: what a product without a sign may mean depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adtrace.language.syntax import ARRAY, MATMUL, PART, TRANSPOSE, Apply, Name, Number, Term, fold

Rank = int | None
"""The number of axes, 0 of a number; None where it is not seen."""

_FIXED = dict.fromkeys(("norm", "dot", "cross_entropy", "softmax_cross_entropy", "bce", "mse", "trace"), 0) | {
    "flatten": 1, "outer": 2, **dict.fromkeys(("conv1d", "conv2d", "reshape", "stack", "einsum")),
}  # fmt: skip
"""The axes of calls whose operands do not tell; None where the options and shapes do."""
_REDUCING = ("sum", "mean", "max", "min")
_KEEPING = (TRANSPOSE, "concat", "softmax", "log_softmax", "normalize", "batch_norm", "layer_norm")


def rank(terms: Sequence[Term], ranks: Mapping[str, Rank]) -> Rank:
    """The number of axes of an expression, whose names have those of ``ranks`` and else none."""

    def leaf(term: Number | Name) -> Rank:
        return ranks.get(term.name, 0) if type(term) is Name else 0

    return fold(terms, leaf, _applied)


def _applied(term: Apply, operands: list[Rank]) -> Rank:
    head, first = term.head, operands[0]
    if head in _FIXED:
        return _FIXED[head]
    if head in _KEEPING or "pool" in head:
        return first
    if head in _REDUCING and term.arity == 1:
        return 0 if not term.options else None
    if head == PART:
        return _part(term, first)
    if head == ARRAY:
        return None if first is None else first + 1
    seen = [rank for rank in operands if rank is not None]
    if len(seen) < len(operands):
        return None
    return max(sum(seen) - 2, 0) if head == MATMUL else max(seen)


def _part(term: Apply, first: Rank) -> Rank:
    """The axes that are left of a part: each number takes one away."""
    index = dict(term.options)["index"]
    numbers = sum(type(item) is int for item in index) if isinstance(index, tuple) else 0
    return None if first is None else max(first - numbers, 0)
