"""The textbook's form of a derivative: how a tangent and a contribution are written for each elemental.

    tangent        v̇_1 = v̇_{-1}/v_{-1}                          a tangent times a local partial
    contribution   v̄_{-1} = v̄_{-1} + v̄_1/v_{-1}                 an adjoint times a local partial, added to what is there

These are rules in postfix, built from the elemental's own partials, so that the formula cell, the cell with
numbers put in and the number itself come from one entry of the table.
"""

from __future__ import annotations

from adtrace.elementals import SLOTS, Elemental
from adtrace.language.syntax import Apply, Name, Number, Term, Terms, starts

ADJOINT = Name("a", 0)
"""The slot of the adjoint of the row."""
TANGENTS = tuple(Name(f"d{slot}", 0) for slot in SLOTS)

_ONE = "1"


def joined(head: str, *operands: Terms) -> tuple[Term, ...]:
    """An application in postfix."""
    return (*(term for operand in operands for term in operand), Apply(head, len(operands), 0))


def split(terms: Terms) -> tuple[str, list[Terms]]:
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
        negative, size = _signed(partial)
        total = summed(total, negative, _tangent_term(size, (slot,)))
    return total


def summed(total: Terms, negative: bool, term: Terms) -> Terms:
    """A term with its sign added to a sum; nothing is the empty sum."""
    if not total:
        return joined("neg", term) if negative else term
    return joined("sub" if negative else "add", total, term)


def _signed(terms: Terms) -> tuple[bool, Terms]:
    """Whether a product or a quotient begins with a minus, and the rest: ``-v/w`` is true and ``v/w``."""
    head, operands = split(terms)
    if head == "neg":
        return True, operands[0]
    if head in ("mul", "div"):
        negative, first = _signed(operands[0])
        return negative, joined(head, first, operands[1]) if negative else terms
    return False, terms


def _nothing(elemental: Elemental, active: tuple[bool, ...]) -> bool:
    """Whether no operand counts, so that the zeros have to be written."""
    partials = zip(elemental.partials, active, strict=False)
    return all(_is_number(partial, "0") for partial, varies in partials if varies)


def _tangent_term(partial: Terms, slot: Terms) -> Terms:
    """A local partial without its sign times a tangent: ``cos(u)*du``, ``du/u``, ``v*du/u``."""
    if _is_number(partial, _ONE):
        return slot
    head, operands = split(partial)
    if head == "div":
        return joined("div", _tangent_term(operands[0], slot), operands[1])
    return joined("mul", partial, slot)


def contribution(elemental: Elemental, slots: tuple[int, ...]) -> Terms:
    """What a row adds to the adjoint of an operand: ``a*cos(u)``."""
    if len(slots) == 1:
        return _times((ADJOINT,), elemental.partials[slots[0]])
    total: Terms = ()
    for slot in slots:
        total = summed(total, *_signed(elemental.partials[slot]))
    return _times((ADJOINT,), total)


def _times(left: Terms, partial: Terms) -> Terms:
    """An adjoint times a local partial: ``a*cos(u)``, ``a/u``, ``a*(-v/w)``, ``a*(-1)``."""
    head, operands = split(partial)
    if head == "mul":
        return joined("mul", _times(left, operands[0]), operands[1])
    if head == "div" and _is_number(operands[0], _ONE):
        return joined("div", left, operands[1])
    return joined("mul", left, partial)
