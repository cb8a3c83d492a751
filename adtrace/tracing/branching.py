"""Whether the comparisons on which a program branched come out the same at another point.

A Wengert list stands for the program that was recorded only where they do (Griewank and Walther, 2nd ed., section 2.2);
elsewhere its numbers would be those of another branch, and are refused.
"""

from __future__ import annotations

from dataclasses import replace

from adtrace.errors import DomainError, UndecidedError
from adtrace.language.syntax import Expression, Statement, Terms
from adtrace.numbers import Scalar, decided
from adtrace.tracing.evaluate import HOLDS
from adtrace.tracing.lower import lower
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Branch, Variable, WengertList
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import spelled


def require_same_branches(evaluation: Evaluation) -> None:
    """Raise `DomainError` for the first comparison that comes out otherwise than where the list was recorded."""
    for branch in evaluation.wengert.branches:
        if _held(evaluation, branch) != branch.held:
            raise DomainError(departed(evaluation.wengert, branch))


def departed(wengert: WengertList, branch: Branch) -> str:
    """``x > 0 held where the function was recorded, and does not hold here``."""
    sides = f"{_spoken(wengert, branch.left)} {branch.relation} {_spoken(wengert, branch.right)}"
    then, now = ("held", "does not hold") if branch.held else ("did not hold", "holds")
    return f"{sides} {then} where the function was recorded, and {now} here; trace it anew at this point"


def _spoken(wengert: WengertList, side: Variable | Terms) -> str:
    if not isinstance(side, Variable):
        return spelled(side, PLAIN).text
    return wengert.independents[side - wengert.first] if side <= 0 else PLAIN.subscript("v", side)


def _held(evaluation: Evaluation, branch: Branch) -> bool:
    """The comparison at the point of the evaluation, at rising precision."""
    arithmetic = evaluation.arithmetic

    def asked(bits: int) -> bool:
        with arithmetic.precision(bits):
            left, right = (_number(evaluation, side, bits) for side in (branch.left, branch.right))
            return HOLDS[branch.relation](arithmetic.sign(arithmetic.functions["sub"](left, right)))

    try:
        return decided(asked, evaluation.limits, "a comparison")
    except UndecidedError:
        raise DomainError(f"{departed(evaluation.wengert, branch)}: it is undecided") from None


def _number(evaluation: Evaluation, side: Variable | Terms, bits: int) -> Scalar:
    """The number of a side: a variable of the list, or an expression in the independent variables."""
    if isinstance(side, Variable):
        return evaluation.at(bits).values[side - evaluation.wengert.first]
    read = Expression("", (Statement(None, tuple(side)),))
    wengert = lower(read, evaluation.wengert.independents, limits=evaluation.limits)
    evaluated = replace(evaluation.evaluated, wengert=wengert, summed=None)
    alone = replace(evaluation, evaluated=evaluated, weights=evaluation.weights[:1]).at(bits)
    return alone.output(0)
