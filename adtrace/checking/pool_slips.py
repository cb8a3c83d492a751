"""What slips make of pools: the adjoint of a window in another entry, in all of them, or not divided by its size.

The adjoint of ``maxpool2d(x, 2)`` is ``maxpool2d_input(bar m, x, size=2, shape=(4, 4))``, that of an average pool
``avgpool2d_input(bar m, size=2, shape=(4, 4))``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod

from adtrace.arrays.elemental import ShapeError
from adtrace.arrays.table import entry
from adtrace.checking.rewriting import number, places
from adtrace.checking.rules import Rule, Surroundings
from adtrace.checking.slip_changes import Change, Changed
from adtrace.checking.values import middle
from adtrace.language.syntax import Apply, Name, Options, Terms
from adtrace.tracing.formulas import joined

_MOST = 60
"""Entries to which a window's adjoint may have been sent by mistake."""
_Made = Callable[[Apply, Sequence[Terms], int], Terms | None]


def pooled(head: str, made: _Made) -> Change:
    """Each pool whose head begins so, as something else, made of its operands and the size of its window."""

    def change(rule: Rule, around: Surroundings) -> Iterator[Changed]:
        for end, begin in places(rule.terms):
            term = rule.terms[end]
            if type(term) is not Apply or not term.head.startswith(head):
                continue
            operands = _operands(rule.terms, begin, end)
            after = made(term, operands, _size(term))
            if after is not None:
                first = begin[end]
                terms = (*rule.terms[:first], *after, *rule.terms[end + 1 :])
                yield Changed(terms, {"before": rule.terms[first : end + 1], "after": after})

    return change


def _operands(terms: Terms, begin: Sequence[int], end: int) -> list[Terms]:
    """The operands of an operation, the first of them first."""
    found: list[Terms] = []
    last = end - 1
    for _ in range(getattr(terms[end], "arity", 0)):
        found.append(tuple(terms[begin[last] : last + 1]))
        last = begin[last] - 1
    return found[::-1]


def _window(term: Apply) -> tuple[int, ...]:
    """The lengths of the window."""
    size = dict(term.options).get("size")
    axes = 2 if "2d" in term.head else 1
    return tuple(size) if isinstance(size, tuple) else (int(str(size)),) * axes


def _size(term: Apply) -> int:
    return prod(_window(term))


def _applied(head: str, operands: Sequence[Terms], options: Options) -> Terms:
    return (*(t for operand in operands for t in operand), Apply(head, len(operands), 0, options))


def _with(term: Apply, head: str, *more: tuple[str, object]) -> Apply:
    return term._replace(head=head, options=(*term.options, *more))  # type: ignore[arg-type]


def _is_adjoint(term: Apply) -> bool:
    return term.head.endswith("_input")


def to_all(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
    """The whole adjoint in every entry of the window."""
    return joined("mul", _spread(term, operands), (number(size),)) if _is_adjoint(term) else None


def evenly(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
    """The adjoint in equal parts, as that of an average pool."""
    return _spread(term, operands) if _is_adjoint(term) else None


def _spread(term: Apply, operands: Sequence[Terms]) -> Terms:
    return _applied(term.head.replace("max", "avg"), operands[:1], term.options)


def to_first(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
    """The adjoint in the first entry of each window."""
    if not _is_adjoint(term):
        return None
    return _applied(term.head, [operands[0], joined("mul", operands[1], (number(0),))], term.options)


def to_least(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
    """The adjoint in the smallest entry of each window."""
    return _applied(term.head, [operands[0], joined("neg", operands[1])], term.options) if _is_adjoint(term) else None


def tied(taken: str) -> _Made:
    """The adjoint of a tie in other entries."""

    def made(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
        return _applied(term.head, operands, (*term.options, ("tie", taken))) if _is_adjoint(term) else None

    return made


def undivided(term: Apply, operands: Sequence[Terms], size: int) -> Terms:
    """The sum of the window, or the whole adjoint in each of its entries."""
    return joined("mul", _applied(term.head, operands, term.options), (number(size),))


def by_the_side(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
    """Divided by the side of the window, and not by the number of its entries."""
    side = _window(term)[0]
    if not 1 < side < size:
        return None
    return joined("mul", _applied(term.head, operands, term.options), (number(size // side),))


def of_the_other_kind(term: Apply, operands: Sequence[Terms], size: int) -> Terms | None:
    """The largest for the mean, the mean for the largest."""
    other = "avgpool" if term.head.startswith("max") else "maxpool"
    return None if _is_adjoint(term) else _applied(other + term.head[7:], operands, term.options)


def misplaced(rule: Rule, around: Surroundings) -> Iterator[Changed]:
    """The adjoint of one window in another of its entries."""
    for end, begin in places(rule.terms):
        term = rule.terms[end]
        if type(term) is not Apply or not (term.head.startswith("maxpool") and _is_adjoint(term)):
            continue
        above, of = _operands(rule.terms, begin, end)
        number_of = around.numbers.get(of[0].name) if len(of) == 1 and type(of[0]) is Name else None
        if not hasattr(number_of, "shape"):
            continue
        for window, right, wrong in _wrong_places(term, number_of)[:_MOST]:
            shape = dict(term.options)["shape"]
            part = (*above, Apply("part", 1, 0, (("index", window),)))
            at_right, at_wrong = (
                (*part, Apply("place", 1, 0, (("shape", shape), ("index", place)))) for place in (right, wrong)
            )
            moved = joined("add", joined("sub", rule.terms[begin[end] : end + 1], at_right), at_wrong)
            yield Changed((*rule.terms[: begin[end]], *moved, *rule.terms[end + 1 :]), {
                "window": _said(window), "entry": _said(wrong), "largest": _said(right)})  # fmt: skip


def _wrong_places(term: Apply, number_of: object) -> list[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
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
    where, inside = windows(index.operands[0], index.result, index.others, tuple(index.sizes.items()), shape)
    flat = [middle(x) for x in np.asarray(number_of, dtype=object).reshape(-1)]
    found = []
    for window, (of, here) in enumerate(zip(where, inside, strict=True)):
        entries = [int(place) for place in of[here]]
        best = max(entries, key=lambda place: flat[place])
        places_of = [tuple(map(int, np.unravel_index(place, shape))) for place in (best, *entries)]
        at = tuple(map(int, np.unravel_index(window, index.shape)))
        found += [(at, places_of[0], place) for place in places_of[1:] if place != places_of[0]]
    return found


def _said(place: Sequence[int]) -> str:
    return ", ".join(str(k + 1) for k in place)
