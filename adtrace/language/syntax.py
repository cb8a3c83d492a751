"""What an expression is once it is read: its terms in postfix (reverse Polish) order.

    expression ::= term ...                   operands first, then what is applied to them
    term       ::= Number | Name | Apply

Postfix keeps the order, the grouping and the spelling that the author typed, and every walk over it is one
loop: a sum of 100,000 terms and 100,000 nested functions need no recursion.  Brackets and unary plus, which change
no value, are kept as the heads `GROUP` and `PLUS`, so that what is printed is what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

GROUP = "()"
PLUS = "+()"
SILENT = frozenset({GROUP, PLUS})
"""Heads that stand for themselves in print and for their operand in value."""

PIECEWISE, NOT, AND, OR, TRUE = "piecewise", "not", "and", "or", "True"
RELATIONS = ("<", "<=", ">", ">=", "=", "!=")
r"""Heads of conditions, which are decided at the point and never become rows.

``piecewise`` has values and conditions in turn, ``x, x > 0, 0``; a value at the end holds otherwise.  A chain of
comparisons, ``0 < x < 1``, is one head: ``< <``.
"""

ARRAY, MATMUL, TRANSPOSE, PART = "array", "matmul", "transpose", "part"
"""Heads of arrays beside those of the table of calls: ``[u, w]``, ``u @ w``, ``u.T`` and ``u[0]``.

A part has the option ``index``: a tuple of whole numbers, ``("slice", start, stop, step)`` with None for what is left
out, ``("list", i, ...)`` and ``"..."``.
"""

Option = int | bool | str | tuple[Any, ...] | None
"""What may be given beside operands: whole numbers, flags, words, decimals as text, nothing, and tuples of them."""
Options = tuple[tuple[str, Option], ...]

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
    options: Options = ()
    """What was typed beside the operands, ``axis=0``, in the order in which the table of calls declares it."""


Term = Number | Name | Apply
Terms = Sequence[Term]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a program: ``name = terms``, or the terms alone."""

    name: str | None
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """What was read: one formula, several in brackets, or a program of statements."""

    text: str
    """The whole text as typed."""
    statements: tuple[Statement, ...]
    """In their order; a name may be assigned more than once."""
    outputs: int = 1
    """The last so many statements are the dependent variables."""
    function: str | None = None
    """The ``f`` of ``f(x1, x2) = ...``, if there is one."""
    parameters: tuple[str, ...] | None = None
    """The ``(x1, x2)`` of it: the independent variables in their order."""
    conditional: bool = False
    """Whether there are conditions in it, to be decided at the point."""
    latex: str = ""
    """The right side as the author wrote it in LaTeX, if it was LaTeX: what a caption prints again."""
    notes: tuple[str, ...] = ()
    """What is told about functions of libraries that have defaults of their own."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the last statement."""
        return self.statements[-1].terms

    @property
    def is_formula(self) -> bool:
        """Whether it is one right side, with one output or several."""
        return len(self.statements) == self.outputs


_T = TypeVar("_T")


def fold(
    terms: Terms,
    leaf: Callable[[Number | Name], _T],
    apply: Callable[[Apply, list[_T]], _T],
    *,
    silent: bool = False,
) -> _T:
    """What the terms come to: ``leaf`` of their numbers and names, ``apply`` of what is applied to what came before.

    Brackets and unary plus are what stands in them, unless they are asked for by ``silent``.
    """
    stack: list[_T] = []
    for term in terms:
        if type(term) is not Apply:
            stack.append(leaf(term))  # type: ignore[arg-type]
        elif silent or term.head not in SILENT:
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            stack.append(apply(term, operands))
    return stack[0]


def spelling(terms: Terms) -> tuple[str | tuple[str, int] | tuple[str, int, Options], ...]:
    """The terms without their positions: equal for equal text, whatever the spacing."""
    return tuple(
        t[0] if type(t) is not Apply else (t.head, t.arity, t.options) if t.options else (t.head, t.arity)
        for t in terms
    )


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
