"""The rule of a number as terms in the keys of others: what slips are made in, and what a wrong formula should be.

A row of arrays, ``v_1 = W @ x``, adds ``outer(bar v_1, x)`` to the adjoint of W, and ``W.T @ bar v_1`` to that of x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adtrace.arrays.elemental import ShapeError, broadcast
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import entry, is_call
from adtrace.checking.readings.names import Name, named
from adtrace.checking.readings.rewriting import bare, names_of, number, put, replaced, same, total
from adtrace.checking.work.contexts import Context
from adtrace.checking.work.figures import SUM, Subject, Work
from adtrace.checking.work.partials import partial_terms
from adtrace.checking.work.rules import (
    ADJOINT,
    AND,
    COEFFICIENT,
    INCREMENT,
    PARTIAL,
    SECOND,
    SECOND_ADJOINT,
    TANGENT,
    VALUE,
    Rule,
)
from adtrace.checking.work.values import NoValue, shape_of
from adtrace.elementals import SLOTS, TABLE
from adtrace.language.syntax import Apply, Number, Terms, fold
from adtrace.language.syntax import Name as Leaf
from adtrace.tracing.formulas import joined

_ZERO, _ONE, _TWO = ((number(value),) for value in (0, 1, 2))


def _partial(work: Work, row: str, operand: str) -> Terms:
    """The partial of a row by a variable, under all of its names."""
    return total(terms for name, terms in partial_terms(work.operations[row]).items() if work.same.get(name) == operand)


def as_written(variable: str, terms: Terms, work: Work) -> str:
    """The name by which a formula calls a variable; its own, where it does not."""
    row = work.same.get(variable, variable)
    return next((name for name in names_of(terms) if work.same.get(name) == row), variable)


def in_keys(terms: Terms, rule: Rule, context: Context, work: Work) -> Terms:
    """A formula as somebody wrote it in the keys of the rule that it should be, partials as the formulas they are."""
    wanted: dict[str, str] = {}
    for key in names_of(rule.terms):
        name = named(key)
        wanted.setdefault(f"{name.mark} {work.same.get(name.variable, name.variable)}", key)
    found: dict[str, Terms] = {}
    for key in names_of(terms):
        subjects = context.subjects(named(key), work)
        of = next((s for s in subjects if s.quantity == PARTIAL), subjects[0] if subjects else None)
        if of is None:
            continue
        if of.quantity == PARTIAL:
            found[key] = rule_of(of, work).terms
            continue
        mark = {TANGENT: "dot", ADJOINT: "bar", SECOND: "ddot", SECOND_ADJOINT: "dotbar"}.get(of.quantity, "")
        own = Name(of.variable, mark).key
        found[key] = (Leaf(wanted.get(f"{mark} {work.same.get(of.variable, of.variable)}", own), 0),)
    return replaced(terms, found)


def _times(key: str, partial: Terms) -> Terms:
    if partial == _ONE:
        return (Leaf(key, 0),)
    return joined("mul", partial, (Leaf(key, 0),))


def _of_numbers(work: Work, use: str, row: str) -> list[Terms]:
    return [_times(f"bar {use}", _partial(work, use, row))]


def _of_arrays(work: Work, use: str, row: str) -> list[Terms]:
    """What a row of arrays adds to the adjoint of another.  Raises `NoValue`."""
    shapes = {name: shape_of(work.exact.primal[name]) for name in names_of(work.operations[use])}
    found = contributions(bare(work.operations[use]), shapes, (Leaf(f"bar {use}", 0),))
    return [terms for name, each in found.items() if work.same.get(name) == row for terms in each]


def rule_of(subject: Subject, work: Work) -> Rule:
    """How a number comes from others.  Raises `NoValue` where there is no rule for it."""
    row, quantity = work.same.get(subject.variable, ""), subject.quantity
    if quantity not in _RULES or (work.exact.of_arrays and quantity in (SECOND_ADJOINT, SECOND, COEFFICIENT)):
        raise NoValue("a derivative of higher order has no rule of one row")
    seeded = quantity == TANGENT and subject.by in work.seeds
    told = seeded or (quantity == VALUE and row in work.inputs and not work.has_arrays)
    if row not in work.operations and quantity not in (ADJOINT, SECOND_ADJOINT) and not told:
        raise NoValue("an independent variable has no rule")
    mark, way = _RULES[quantity]
    addends = tuple(way(subject, row, work))
    name = Name(subject.variable, mark)
    if quantity == PARTIAL:
        name = Name(as_written(work.same.get(subject.by, ""), work.operations[row], work), "leibniz", name.variable)
    return Rule(name, quantity, total(addends), addends if mark else ())


def _of_value(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    yield work.operations[row] if row in work.operations else work.point[work.inputs.index(row)]


def _of_partial(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    yield _partial(work, row, work.same.get(subject.by, ""))


def _of_increment(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    """What a row passes back to one operand."""
    yield _times(f"bar {row}", _partial(work, row, work.same.get(subject.by.partition(AND)[0], "")))


def _of_tangent(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    """What each operand adds; of an independent variable its seed."""
    if row not in work.operations:
        yield work.seeds[subject.by][work.inputs.index(row)]
        return
    for operand in work.operands[row]:
        yield _times(f"dot {as_written(operand, work.operations[row], work)}", _partial(work, row, operand))


def _of_second_adjoint(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    """What a row adds to the derivative of the adjoint of another along a seed: its own, and that of the partial."""
    for use in work.uses.get(row, ()):
        partial = _partial(work, use, row)
        yield _times(f"dotbar {use}", partial)
        for name, terms in partial_terms(partial).items():
            if terms != _ZERO:
                yield joined("mul", _times(f"dot {name}", terms), (Leaf(f"bar {use}", 0),))


def _of_adjoint(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    """The contributions of all uses, and 1 for an output."""
    of = _of_arrays if work.exact.of_arrays else _of_numbers
    for use in work.uses.get(row, ()):
        yield from of(work, use, row)
    if row in (work.same.get(output) for output in subject.by.split(SUM)):
        yield _ONE


def _of_second(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    """The addends of a second derivative along a seed: of each operand, of each square, and of each pair twice."""
    operands = work.operands[row]
    partials = {u: _partial(work, row, u) for u in operands}
    yield from (_times(f"ddot {u}", partials[u]) for u in operands)
    for k, u in enumerate(operands):
        curved = partial_terms(partials[u])
        for w in operands[k:]:
            second = total(terms for name, terms in curved.items() if work.same.get(name) == w)
            of_u, of_w = (Leaf(f"dot {u}", 0),), (Leaf(f"dot {w}", 0),)
            product = joined("pow", of_u, _TWO) if u == w else joined("mul", _TWO, joined("mul", of_u, of_w))
            if second != _ZERO:
                yield product if second == _ONE else joined("mul", second, product)


def _of_coefficient(subject: Subject, row: str, work: Work) -> Iterator[Terms]:
    yield from (joined("div", addend, _TWO) for addend in _of_second(subject, row, work))


_RULES: Mapping[str, tuple[str, Callable[[Subject, str, Work], Iterator[Terms]]]] = {
    VALUE: ("", _of_value), PARTIAL: ("", _of_partial), TANGENT: ("dot", _of_tangent), ADJOINT: ("bar", _of_adjoint),
    INCREMENT: ("", _of_increment), SECOND: ("ddot", _of_second), COEFFICIENT: ("ddot", _of_coefficient),
    SECOND_ADJOINT: ("dotbar", _of_second_adjoint),
}  # fmt: skip
"""The mark of each quantity, and the addends of its rule."""


# ------------------------------------------------------------------------------------------------------- rows of arrays


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
        elif isinstance(part.terms[0], Leaf):
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

    def leaf(term: Number | Leaf) -> _Part:
        return _Part((term,), shapes.get(term.name, ()) if isinstance(term, Leaf) else ())

    return fold(operation, leaf, apply)


def _added(part: _Part, last: Apply, above: Terms, value: Terms) -> Sequence[Terms]:
    """What an operation of this value adds to each of its operands."""
    bound = {slot: operand.terms for slot, operand in zip(SLOTS, part.operands, strict=False)}
    bound |= {"v": value, "a": above}
    if is_call(last):
        rules = entry(last.head, last.options, tuple(operand.shape for operand in part.operands)).adjoints
        if last.head.startswith("maxpool"):
            shaped = (*last.options, ("shape", part.operands[0].shape))
            rules = ((Leaf("a", 0), Leaf("u", 0), Apply(f"{last.head}_input", 2, 0, shaped)),)
        if len(rules) != len(part.operands) or any(type(t) is Apply and t.head in _PRINTED for of in rules for t in of):
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


def _summed(terms: Terms, shape: Shape, wanted: Shape) -> Terms:
    """The adjoint of an operand that was repeated: summed over what it was repeated along."""
    if not wanted and shape:
        return (*terms, Apply("sum", 1, 0))
    new = len(shape) - len(wanted)
    one = [k for k, (many, size) in enumerate(zip(shape[new:], wanted, strict=True)) if many != size]
    over = [Apply("sum", 1, 0, (("axis", _axes(range(new))),))] if new else []
    return (*terms, *over, *([Apply("sum", 1, 0, (("axis", _axes(one)), ("keepdims", True)))] if one else []))


def _axes(places: Sequence[int]) -> int | tuple[int, ...]:
    return places[0] if len(places) == 1 else tuple(places)
