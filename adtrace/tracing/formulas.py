"""The textbook's form of a derivative: how a tangent and a contribution are written for each elemental.

    tangent        v̇_1 = v̇_{-1}/v_{-1}                          a tangent times a local partial
    contribution   v̄_{-1} = v̄_{-1} + v̄_1/v_{-1}                 an adjoint times a local partial, added to what is there

These are rules in postfix, built from the elemental's own partials, so that the formula cell, the cell with
numbers put in and the number itself come from one entry of the table.
"""

from __future__ import annotations

from adtrace.elementals import Elemental
from adtrace.language.syntax import Apply, Name, Number, Term, Terms, starts

ADJOINT = Name("a", 0)
"""The slot of the adjoint of the row."""
TANGENTS = (Name("du", 0), Name("dw", 0))

_ONE = "1"


def _joined(head: str, *operands: Terms) -> tuple[Term, ...]:
    return (*(term for operand in operands for term in operand), Apply(head, len(operands), 0))


def _split(terms: Terms) -> tuple[str, list[Terms]]:
    """The head of a rule and its operands; no head for a number or a name."""
    last = terms[-1]
    if type(last) is not Apply:
        return "", []
    begin = starts(terms)
    operands: list[Terms] = []
    end = len(terms) - 1
    for _ in range(last.arity):
        operands.append(terms[begin[end - 1] : end])
        end = begin[end - 1]
    return last.head, operands[::-1]


def _is_number(terms: Terms, text: str) -> bool:
    return len(terms) == 1 and type(terms[0]) is Number and terms[0].text == text


def tangent(elemental: Elemental, active: tuple[bool, ...]) -> Terms:
    """The tangent of a row whose ``active`` operands are variables."""
    if elemental.tangent is not None and all(active):
        return elemental.tangent
    total: Terms = ()
    for partial, slot, varies in zip(elemental.partials, TANGENTS, active, strict=False):
        if not varies or (_is_number(partial, "0") and sum(active) > 1 and not _nothing(elemental, active)):
            continue
        term = _tangent_term(partial, (slot,))
        head, operands = _split(term)
        if not total:
            total = term
        elif head == "neg":
            total = _joined("sub", total, operands[0])
        else:
            total = _joined("add", total, term)
    return total


def _nothing(elemental: Elemental, active: tuple[bool, ...]) -> bool:
    """Whether no operand counts, so that the zeros have to be written."""
    partials = zip(elemental.partials, active, strict=False)
    return all(_is_number(partial, "0") for partial, varies in partials if varies)


def _tangent_term(partial: Terms, slot: Terms) -> Terms:
    """A local partial times a tangent: ``cos(u)*du``, ``du/u``, ``-du``."""
    head, operands = _split(partial)
    if _is_number(partial, _ONE):
        return slot
    if head == "neg" and _is_number(operands[0], _ONE):
        return _joined("neg", slot)
    if head == "div":
        return _joined("div", _tangent_term(operands[0], slot), operands[1])
    return _joined("mul", partial, slot)


def contribution(elemental: Elemental, slots: tuple[int, ...]) -> Terms:
    """What a row adds to the adjoint of an operand: ``a*cos(u)``."""
    partial = elemental.partials[slots[0]]
    for slot in slots[1:]:
        partial = _joined("add", partial, elemental.partials[slot])
    return _times((ADJOINT,), partial)


def _times(left: Terms, partial: Terms) -> Terms:
    """An adjoint times a local partial: ``a*cos(u)``, ``a/u``, ``a*(-1)``."""
    head, operands = _split(partial)
    if head == "mul":
        return _joined("mul", _times(left, operands[0]), operands[1])
    if head == "div":
        one = _is_number(operands[0], _ONE)
        return _joined("div", left if one else _times(left, operands[0]), operands[1])
    return _joined("mul", left, partial)
