"""The rules of rows of arrays: what a row adds to the adjoint of each operand, as formulas of whole arrays.

``v_1 = W @ x`` adds ``outer(bar v_1, x)`` to that of W, and ``W.T @ bar v_1`` to that of x.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adtrace.arrays.elemental import ShapeError, broadcast
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import entry, is_call
from adtrace.checking.rewriting import bare, names_of, number, put, replaced, same
from adtrace.checking.values import NoValue
from adtrace.elementals import SLOTS, TABLE
from adtrace.language.syntax import Apply, Name, Number, Terms, fold
from adtrace.tracing.formulas import joined


@dataclass(frozen=True)
class _Part:
    """A part of an operation, with the shape of its value."""

    terms: Terms
    shape: Shape
    last: Apply | None = None
    operands: tuple[_Part, ...] = ()


def contributions(
    operation: Terms, shapes: Mapping[str, Shape], adjoint: Terms, value: Terms = ()
) -> dict[str, list[Terms]]:
    """What a row with this adjoint adds to that of each name in its operation, once for each place where it stands.

    ``value`` stands for the row itself, whose partials may be formulas of it, as those of exp and of softmax are.
    Raises `NoValue` where that is no formula of whole arrays.
    """
    found: dict[str, list[Terms]] = {}
    whole = _parts(operation, shapes)
    open_: list[tuple[_Part, Terms]] = [(whole, tuple(adjoint))]
    while open_:
        part, above = open_.pop()
        if part.last is not None:
            named = tuple(value) if part is whole and value else part.terms
            made = zip(part.operands, _added(part, part.last, above, named), strict=True)
            open_ += [(operand, terms) for operand, terms in made if terms]
        elif isinstance(part.terms[0], Name):
            found.setdefault(part.terms[0].name, []).append(above)
    return found


def _parts(operation: Terms, shapes: Mapping[str, Shape]) -> _Part:
    def apply(term: Apply, operands: list[_Part]) -> _Part:
        terms = (*(t for operand in operands for t in operand.terms), term)
        of = tuple(operand.shape for operand in operands)
        try:
            shape = entry(term.head, term.options, of).shape if is_call(term) else broadcast(of)
        except ShapeError as problem:
            raise NoValue(str(problem)) from None
        return _Part(terms, shape, term, tuple(operands))

    def leaf(term: Number | Name) -> _Part:
        return _Part((term,), shapes.get(term.name, ()) if isinstance(term, Name) else ())

    return fold(operation, leaf, apply)


def _added(part: _Part, last: Apply, above: Terms, value: Terms) -> Sequence[Terms]:
    """What an operation of this value adds to each of its operands."""
    bound = {slot: operand.terms for slot, operand in zip(SLOTS, part.operands, strict=False)}
    bound |= {"v": value, "a": above}
    if is_call(last):
        rules = entry(last.head, last.options, tuple(operand.shape for operand in part.operands)).adjoints
        if last.head.startswith("maxpool"):
            shaped = (*last.options, ("shape", part.operands[0].shape))
            rules = ((Name("a", 0), Name("u", 0), Apply(f"{last.head}_input", 2, 0, shaped)),)
        if len(rules) != len(part.operands):
            rules = _MOVED.get(last.head, ())
        if not rules or any(type(t) is Apply and t.head in _PRINTED for rule in rules for t in rule):
            raise NoValue(f"the adjoint of {last.head} is no formula of whole arrays")
        return [replaced(bare(rule), bound) for rule in rules]
    made: list[Terms] = []
    for operand, partial in zip(part.operands, _partials(last, bound), strict=True):
        terms = above if same(partial, (number(1),)) else joined("mul", above, partial)
        made.append(_summed(terms, part.shape, operand.shape) if partial else ())
    return made


def _partials(last: Apply, bound: Mapping[str, Terms]) -> list[Terms]:
    """The partials of an operation entry by entry."""
    if last.head == "pow" and not names_of(bound["w"]):
        return [put("n*u^(n - 1)", {"u": bound["u"], "n": bound["w"]}), ()]
    elemental = TABLE.get((last.head, last.arity))
    if elemental is None:
        raise NoValue(last.head)
    return [replaced(bare(partial), bound) for partial in elemental.partials]


_PRINTED = frozenset(("unpool", "pick", "eye"))
"""Heads that are printed, and have no number without their row."""
_MOVED = {"transpose": (put("u.T", {"u": (Name("a", 0),)}),)}
"""Operations that move entries, whose adjoints are formulas."""


def _summed(terms: Terms, shape: Shape, wanted: Shape) -> Terms:
    """The adjoint of an operand that was repeated: summed over what it was repeated along."""
    if shape == wanted:
        return terms
    axes = len(shape) - len(wanted)
    if wanted and shape[axes:] != wanted:
        raise NoValue("an axis of one entry is repeated")
    if not wanted:
        return (*terms, Apply("sum", 1, 0))
    return (*terms, Apply("sum", 1, 0, (("axis", 0 if axes == 1 else tuple(range(axes))),)))
