"""The rules of a row's numbers, made from the operations of the rows by the partials of the table of elementals.

v_2 = v_1*x      dot v_2 = x*dot v_1 + v_1*dot x      bar v_1 = bar v_2*x      dv_2/dv_1 = x
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from adtrace.checking.readings.names import Name as Marked
from adtrace.checking.readings.rewriting import bare, names_of, number, put
from adtrace.checking.work.rules import ADJOINT, PARTIAL, SECOND, VALUE, Rule
from adtrace.elementals import SLOTS, TABLE
from adtrace.language.syntax import Apply, Name, Number, Term, Terms, fold
from adtrace.tracing.formulas import joined

Pair = tuple[Terms, Terms]
"""A sub-expression and its derivative, which is () where it is 0."""


class NoRule(ValueError):
    """An operation that has no rule in one formula."""


def derivative(operation: Terms, by: str) -> Terms:
    """The derivative of an operation by a name, by the chain rule from outside.  Raises `NoRule`."""
    return _derivative(tuple(operation), by)


@lru_cache(maxsize=4096)
def _derivative(operation: tuple[Term, ...], by: str) -> Terms:
    def leaf(term: Number | Name) -> Pair:
        return (term,), ((number(1),) if type(term) is Name and term.name == by else ())

    return fold(operation, leaf, _applied)[1] or (number(0),)


def _applied(term: Apply, operands: list[Pair]) -> Pair:
    made = (*(t for value, _ in operands for t in value), term)
    if not any(slope for _, slope in operands):
        return made, ()
    total: Terms = ()
    for partial, (_, slope) in zip(_partials(term, [value for value, _ in operands], made), operands, strict=True):
        if slope and not _is(partial, 0):
            total = added(total, times(partial, slope))
    return made, total


def _partials(term: Apply, values: Sequence[Terms], whole: Terms) -> list[Terms]:
    """The partials of an operation by its operands."""
    if term.head == "pow" and _constant(values[1]):
        return [put("n*u^(n - 1)", {"u": values[0], "n": values[1]}), ()]
    if term.head == "div":
        return [put(text, {"u": values[0], "w": values[1]}) for text in ("1/w", "-u/w^2")]
    entry = TABLE.get((term.head, term.arity))
    if entry is None or term.options:
        raise NoRule(term.head)
    slots = {**dict(zip(SLOTS, values, strict=False)), "v": whole}
    return [_filled(bare(partial), slots) for partial in entry.partials]


def _filled(terms: Terms, slots: Mapping[str, Terms]) -> Terms:
    found: list[Term] = []
    for term in terms:
        found += slots.get(term.name, (term,)) if type(term) is Name else (term,)
    return tuple(found)


def _constant(terms: Terms) -> bool:
    return not names_of(terms)


def _is(terms: Terms, value: int) -> bool:
    return len(terms) == 1 and type(terms[0]) is Number and (terms[0].digits, terms[0].exponent) == (value, 0)


def times(some: Terms, others: Terms) -> Terms:
    """A product, without a factor 1."""
    if _is(some, 1):
        return others
    return some if _is(others, 1) else joined("mul", some, others)


def added(total: Terms, term: Terms) -> Terms:
    """A sum; nothing is the empty sum."""
    return joined("add", total, term) if total else term


def rule_of(
    subject: Marked, quantity: str, operations: Mapping[str, Terms], outputs: Mapping[str, Terms] | None = None
) -> Rule:
    """The rule of a number of a row; of an input the tangent has none.

    ``outputs`` are the dependent variables with the weights of the adjoints, 1 each.  Raises `NoRule`.
    """
    row = subject.variable
    if quantity == PARTIAL:
        return Rule(subject, quantity, derivative(bare(operations.get(subject.of, ())), row))
    if quantity == ADJOINT:
        return _adjoint(subject, operations, outputs or {})
    operation = bare(operations.get(row, ()))
    if not operation:
        raise NoRule(row)
    if quantity == VALUE:
        return Rule(subject, quantity, operation)
    addends = _along(operation)
    if quantity == SECOND:
        addends = _along(_sum(addends))
    return Rule(subject, quantity, _sum(addends), tuple(addends))


def _along(terms: Terms) -> list[Terms]:
    """The derivative along the seed: one addend for each name."""
    names = {name: name for name in names_of(terms)}
    above = {n: f"ddot {n[4:]}" if n.startswith("dot ") else f"dot {n}" for n in names}
    return [times(derivative(terms, name), (Name(above[name], 0),)) for name in names]


def _adjoint(subject: Marked, operations: Mapping[str, Terms], outputs: Mapping[str, Terms]) -> Rule:
    row, addends = subject.variable, []
    for use, terms in operations.items():
        if any(type(t) is Name and t.name == row for t in terms):
            partial = derivative(bare(terms), row)
            addends.append(times((Name(f"bar {use}", 0),), partial))
    weight = outputs.get(row)
    return Rule(subject, ADJOINT, _sum([weight, *addends] if weight else addends), tuple(addends))


def _sum(addends: Sequence[Terms]) -> Terms:
    total: Terms = ()
    for addend in addends:
        total = added(total, addend)
    return total or (number(0),)
