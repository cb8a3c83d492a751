"""What an expression is once it is read: its terms in postfix (reverse Polish) order.

    expression ::= term ...                   operands first, then what is applied to them
    term       ::= Number | Name | Apply

Postfix keeps the order, the grouping and the spelling that the author typed, and every walk over it is one
loop: a sum of 100,000 terms and 100,000 nested functions need no recursion.  Brackets and unary plus, which change
no value, are kept as the heads `GROUP` and `PLUS`, so that what is printed is what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

GROUP = "()"
PLUS = "+()"
SILENT = frozenset({GROUP, PLUS})
"""Heads that stand for themselves in print and for their operand in value."""

SAFE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
"""What a name may be, wherever it comes from."""

CONSTANTS = ("pi", "e")
"""Names that have a value of their own, unless a variable is declared under the name."""


class Number(NamedTuple):
    """A decimal literal: the text as typed, and its exact value ``digits * 10**exponent``."""

    text: str
    digits: int
    exponent: int
    position: int


class Name(NamedTuple):
    """A variable, a slot of a rule, or one of `CONSTANTS`."""

    name: str
    position: int


class Apply(NamedTuple):
    """The application of a head (``add``, ``ln``, ...) to the ``arity`` operands before it."""

    head: str
    arity: int
    position: int


Term = Number | Name | Apply
Terms = Sequence[Term]


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as read."""

    text: str
    """The whole text as typed."""
    terms: tuple[Term, ...]
    """The right side, in postfix order."""
    function: str | None = None
    """The ``f`` of ``f(x1, x2) = ...``, if there is one."""
    parameters: tuple[str, ...] | None = None
    """The ``(x1, x2)`` of it: the independent variables in their order."""
    dependent: str | None = None
    """The ``z`` of ``z = ...``, if there is one."""


def spelling(terms: Terms) -> tuple[str | tuple[str, int], ...]:
    """The terms without their positions: equal for equal text, whatever the spacing."""
    return tuple((t.head, t.arity) if type(t) is Apply else t[0] for t in terms)


def starts(terms: Terms) -> list[int]:
    """For each term, the index at which the sub-expression that it ends begins."""
    begin: list[int] = []
    stack: list[int] = []
    for index, term in enumerate(terms):
        first = index
        if type(term) is Apply:
            first = stack[-term.arity]
            del stack[-term.arity :]
        stack.append(first)
        begin.append(first)
    return begin
