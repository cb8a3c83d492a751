"""Conditions among numbers: which terms are true or false, and that each stands where it may.

A comparison that stands where a number is wanted counts 1 where it holds and 0 where not, as in numpy and Matlab:
``(x > 0)*x``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from adtrace.language.syntax import AND, GROUP, NOT, OR, PIECEWISE, RELATIONS, TRUE, Apply, Name, Number, Term

_LOGICAL = (AND, OR, NOT)


def is_relation(head: str) -> bool:
    """Whether a head is a comparison, or a chain of them."""
    return head.split(" ", maxsplit=1)[0] in RELATIONS


def checked(terms: Sequence[Term], fail: Callable[[str, int], NoReturn]) -> tuple[Term, ...]:
    """The terms with each condition where it may stand; a condition among numbers becomes 1 or 0."""
    out: list[Term] = []
    stack: list[tuple[int, bool]] = []  # where each operand begins, and whether it is a condition
    for term in terms:
        start, truth = len(out), type(term) is Name and term.name == TRUE
        if type(term) is Apply:
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            wanted = _wanted(term, len(operands))
            truth = term.head in _LOGICAL or is_relation(term.head) or (term.head == GROUP and operands[0][1])
            if term.head == GROUP and truth:
                stack.append(operands[0])  # brackets round a condition are for the reader alone
                continue
            start = _placed(out, operands, wanted, term, fail)
        out.append(term)
        stack.append((start, truth))
    if stack[0][1]:
        fail("this is a condition, not a number; write where(x > 0, 1, 0) for 1 or 0", out[-1].position)
    return tuple(out)


def _wanted(term: Apply, count: int) -> list[bool]:
    """For each operand, whether it has to be a condition."""
    if term.head == PIECEWISE:
        return [place % 2 == 1 for place in range(count)]
    return [term.head in _LOGICAL] * count


def _placed(
    out: list[Term],
    operands: list[tuple[int, bool]],
    wanted: list[bool],
    term: Apply,
    fail: Callable[[str, int], NoReturn],
) -> int:
    """Make a number of each condition that stands where one is wanted."""
    start = operands[0][0]
    for place in range(len(operands) - 1, -1, -1):
        begin, truth = operands[place]
        if truth and not wanted[place] and term.head != GROUP:
            end = operands[place + 1][0] if place + 1 < len(operands) else len(out)
            _as_number(out, begin, term.position, end)
            shift = 2
            operands[place + 1 :] = [(first + shift, is_truth) for first, is_truth in operands[place + 1 :]]
        elif wanted[place] and not truth:
            fail("here a condition is wanted, such as x > 0", term.position)
    return start


def _as_number(out: list[Term], begin: int, position: int, end: int | None = None) -> None:
    """A condition as 1 or 0."""
    inside = out[begin:end]
    out[begin:end] = [Number("1", 1, 0, position), *inside, Number("0", 0, 0, position), Apply(PIECEWISE, 3, position)]
