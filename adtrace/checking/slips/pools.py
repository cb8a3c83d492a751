"""What slips make of pools: the adjoint of a window in another entry, in all of them, or not divided by its size.

The adjoint of ``maxpool2d(x, 2)`` is ``maxpool2d_input(bar m, x, size=2, shape=(4, 4))``, that of an average pool
``avgpool2d_input(bar m, size=2, shape=(4, 4))``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from math import prod

from adtrace.arrays.elemental import ShapeError
from adtrace.arrays.table import entry
from adtrace.checking.readings.rewriting import number, pattern, places, replaced
from adtrace.checking.slips.changes import Change, Changed, replaced_at
from adtrace.checking.work.rules import Rule, Surroundings
from adtrace.checking.work.values import middle
from adtrace.language.syntax import Apply, Name, Options, Term
from adtrace.tracing.formulas import joined, split

_MOST = 60
"""Entries to which a window's adjoint may have been sent by mistake."""
_POOLS = {"max": "maxpool", "mean": "avgpool"}


def pooled(pairs: str, more: Options = ()) -> Change:
    """Each pool of the form before an arrow becomes what stands after it: ``mean(u) -> mean(u)*n``.

    ``max(u)`` and ``mean(u)`` are pools, or adjoints, of the same windows, ``max(u, w)`` is the adjoint of the largest
    entries of w; ``n`` is the size of the window, ``m`` how many times its side that is.  They have ``more`` options.
    """
    made = {}
    for pair in pairs.split("; "):
        before, after = (pattern(side)[0] for side in pair.split(" -> "))
        made[_POOLS[before[-1][0]], before[-1][1]] = after

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        for end, begin in places(rule.terms):
            term = rule.terms[end]
            if isinstance(term, Apply) and (after := made.get((term.head[:7], term.arity))):
                operands = split(rule.terms[begin[end] : end + 1])[1]
                side, size = _window(term)[0], prod(_window(term))
                bound = dict(zip("uw", operands, strict=False)) | {"n": (number(size),), "m": (number(size // side),)}
                pools = tuple(_as_pool(one, term, more) for one in after)
                yield replaced_at(rule.terms, begin[end], end, replaced(pools, bound), {})

    return change


def _as_pool(one: Term, term: Apply, more: Options) -> Term:
    """The pool that a word of a form stands for, with the windows of another."""
    if not isinstance(one, Apply) or one.head not in _POOLS:
        return one
    return one._replace(head=_POOLS[one.head] + term.head[7:], options=(*term.options, *more))


def _window(term: Apply) -> tuple[int, ...]:
    """The lengths of the window."""
    size = dict(term.options).get("size")
    return tuple(size) if isinstance(size, tuple) else (int(str(size)),) * (2 if "2d" in term.head else 1)


def misplaced(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """The adjoint of one window in another of its entries."""
    for end, begin in places(rule.terms):
        term = rule.terms[end]
        if not isinstance(term, Apply) or not re.fullmatch(r"maxpool\dd_input", term.head):
            continue
        whole = rule.terms[begin[end] : end + 1]
        above, of = split(whole)[1]
        entries = around.numbers.get(of[0].name) if len(of) == 1 and isinstance(of[0], Name) else None
        shape = dict(term.options)["shape"]
        for window, right, wrong in _wrong_places(term, entries)[:_MOST] if hasattr(entries, "shape") else ():
            part = (*above, Apply("part", 1, 0, (("index", window),)))
            at_right, at_wrong = (
                (*part, Apply("place", 1, 0, (("shape", shape), ("index", place)))) for place in (right, wrong)
            )
            moved = joined("add", joined("sub", whole, at_right), at_wrong)
            fields = {"window": _said(window), "entry": _said(wrong), "largest": _said(right)}
            yield Changed(replaced_at(rule.terms, begin[end], end, moved, {}).terms, fields)


def _wrong_places(term: Apply, numbers: object) -> Sequence[tuple[tuple[int, ...], ...]]:
    """For each window its place, that of its largest entry, and those of the others."""
    import numpy as np  # noqa: PLC0415 - where there are arrays

    from adtrace.tracing.choices import windows  # noqa: PLC0415

    options = dict(term.options)
    shape = tuple(options.pop("shape"))  # type: ignore[arg-type]
    try:
        index = entry(term.head.removesuffix("_input"), tuple(options.items()), (shape,)).index
    except ShapeError:
        return []
    assert index is not None
    where, inside = windows(index, shape)
    flat = [middle(x) for x in np.asarray(numbers, dtype=object).reshape(-1)]
    found = []
    for window, (of, here) in enumerate(zip(where, inside, strict=True)):
        best = max(map(int, of[here]), key=lambda place: flat[place])
        at, right, *others = (
            tuple(map(int, np.unravel_index(place, of_shape)))
            for place, of_shape in ((window, index.shape), (best, shape), *((place, shape) for place in of[here]))
        )
        found += [(at, right, place) for place in others]
    return found


def _said(place: Sequence[int]) -> str:
    return ", ".join(str(k + 1) for k in place)
