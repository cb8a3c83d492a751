"""Judgements of work that compares nothing, or guesses at operations that nobody tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.judgements.formulas import defines
from adtrace.checking.reporting import FOLLOWING, NOT_READ, RIGHT, WRONG
from adtrace.checking.work.figures import Work
from adtrace.checking.work.rules import VALUE
from adtrace.checking.work.values import shape_of


def compares(judgements: Sequence[Judgement], draft: Draft) -> bool:
    """Whether anything is held against anything: an operation of none but open names, and the number of an independent
    variable, are right whatever they are.
    """
    work, told = draft.work, [(j.claim, j.subject) for j in judgements if j.subject and j.state != NOT_READ]
    free = (
        (subject.quantity == VALUE and work.same.get(subject.variable) in work.inputs)
        or defines(draft, claim, subject) for claim, subject in told
    )  # fmt: skip
    return bool(work.uses) and not (all(free) and work.uses.keys().isdisjoint(work.operations))


def without_guesses(judgements: Sequence[Judgement], draft: Draft) -> list[Judgement]:
    """Where no operation is told, nothing is wrong but what goes against operations that explain nearly all that is
    printed, in a row that has a value or something right in it.
    """
    work, states = draft.work, Counter(judgement.state for judgement in judgements)
    ends = {*work.inputs, *(work.same.get(output) for output in draft.outputs)}
    fits = set(work.operands) <= ends or states[RIGHT] >= 3 * (states[WRONG] + states[FOLLOWING])
    shown = {work.same.get(j.subject.variable) for j in judgements
             if j.subject and (j.state == RIGHT or j.subject.quantity == VALUE)}  # fmt: skip
    told = {work.same.get(name) for name in draft.asked.definitions}
    sure = told | ((shown | ends) - _odd(judgements, work) if fits else set()) if draft.computes else set()
    return [
        replace(j, state=NOT_READ, follows=None, reason="no operation of its rows is told")
        if j.state in (WRONG, FOLLOWING) and not (j.subject and work.same.get(j.subject.variable) in sure) else j
        for j in judgements
    ]  # fmt: skip


def _odd(judgements: Iterable[Judgement], work: Work) -> set[str | None]:
    """The rows with a number of another shape than theirs."""
    return {work.same.get(j.subject.variable) for j in judgements
            if j.subject and j.printed and j.printed.shape != shape_of(j.expected)}  # fmt: skip
