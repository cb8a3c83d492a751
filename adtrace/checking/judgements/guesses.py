"""Judgements of work that compares nothing, or guesses at operations that nobody tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.judgements.claims import OF_ITS_WORKING, Judgement
from adtrace.checking.judgements.formulas import decimals_of, defines
from adtrace.checking.reporting import FOLLOWING, NOT_READ, RIGHT, WRONG
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.work.figures import Work
from adtrace.checking.work.rules import VALUE
from adtrace.checking.work.values import shape_of
from adtrace.numbers import Scalar


def compares(judgements: Sequence[Judgement], draft: Draft) -> bool:
    """Whether anything is held against anything: a working against its number, or more than operations of none but open
    names and the numbers of independent variables, which are right whatever they are.
    """
    work, told = draft.work, [(j.claim, j.subject) for j in judgements if j.subject and j.state != NOT_READ]
    free = (
        (subject.quantity == VALUE and work.same.get(subject.variable) in work.inputs)
        or defines(draft, claim, subject) for claim, subject in told
    )  # fmt: skip
    counts = Counter(subject for _, subject in told)
    if any(counts[subject] > 1 for claim, subject in told if claim.is_worked):
        return True
    return bool(work.uses) and not (all(free) and work.uses.keys().isdisjoint(work.operations))


def without_givens(judgements: Sequence[Judgement], draft: Draft) -> list[Judgement]:
    """Where no row is computed from others and no function is known, numbers that stand in no working are held against
    nothing: the total of rows that are worked out.
    """
    told = Counter(j.subject for j in judgements)
    used = {number for j in judgements if j.claim.is_worked for number in decimals_of(j.claim.part.readings[0])}
    return [
        replace(j, state=NOT_READ, reason="nothing tells how it is computed")
        if j.state == RIGHT and told[j.subject] == 1 and not j.claim.is_worked and used.isdisjoint(_decimals(j)) else j
        for j in judgements
    ] if not (draft.asked.functions or draft.work.uses) else [*judgements]  # fmt: skip


def _decimals(judgement: Judgement) -> frozenset[Scalar]:
    return decimals_of(judgement.claim.part.readings[0]) if judgement.claim.part.readings else frozenset()


def without_guesses(judgements: Sequence[Judgement], draft: Draft) -> list[Judgement]:
    """Where no operation is told, nothing is wrong but what goes against the working beside it, where no function is
    known, or against operations that explain nearly all that is printed, in a row that has a value or something right
    in it.
    """
    sure = _sure(judgements, draft)
    return [
        replace(j, state=NOT_READ, follows=None, reason="no operation of its rows is told")
        if j.state in (WRONG, FOLLOWING) and j.reason != OF_ITS_WORKING
        and not (j.subject and draft.work.same.get(j.subject.variable) in sure) else j
        for j in judgements
    ]  # fmt: skip


IN_DOUBT = "too much goes against the way in which these rows are read"
_MANY = 4


def without_doubts(
    judgements: list[Judgement], said: Sequence[Statement], draft: Draft, *, is_other: bool
) -> list[Judgement]:  # fmt: skip
    """Where rows of arrays lead nowhere, and not to the function of the prose, or many cells, and a quarter of them, go
    against the way in which they are read, nothing is wrong but what goes against the working beside it.
    """
    cells = {state: {j.claim.statement.place for j in judgements if j.state == state} for state in (RIGHT, WRONG)}
    has_arrays = any(part.matrix for statement in said for part in statement.parts)
    enough = 1 if is_other and len(draft.work.outputs) >= _MANY else max(_MANY, len(cells[RIGHT] - cells[WRONG]) / 3)
    if not has_arrays or len(cells[WRONG]) < enough:
        return judgements
    return [
        replace(j, state=NOT_READ, follows=None, reason=IN_DOUBT)
        if j.state in (WRONG, FOLLOWING) and j.reason != OF_ITS_WORKING else j for j in judgements
    ]  # fmt: skip


def _sure(judgements: Sequence[Judgement], draft: Draft) -> set[str | None]:
    """The rows in which a number may be wrong."""
    work, states = draft.work, Counter(judgement.state for judgement in judgements)
    if not draft.asked.functions:
        return {work.same.get(j.subject.variable) for j in judgements if j.subject and j.claim.is_worked}
    ends = {*work.inputs, *(work.same.get(output) for output in draft.outputs)}
    fits = set(work.operands) <= ends or states[RIGHT] >= 3 * (states[WRONG] + states[FOLLOWING])
    shown = {work.same.get(j.subject.variable) for j in judgements
             if j.subject and (j.state == RIGHT or j.subject.quantity == VALUE)}  # fmt: skip
    told = {work.same.get(name) for name in draft.asked.definitions}
    return told | ((shown | ends) - _odd(judgements, work) if fits else set()) if draft.computes else set()


def _odd(judgements: Iterable[Judgement], work: Work) -> set[str | None]:
    """The rows with a number of another shape than theirs."""
    return {work.same.get(j.subject.variable) for j in judgements
            if j.subject and j.printed and j.printed.shape != shape_of(j.expected)}  # fmt: skip
