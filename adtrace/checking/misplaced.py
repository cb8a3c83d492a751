"""Equations that stand in the row of another variable than the one that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from adtrace.checking.claims import Judgement
from adtrace.checking.figures import Work
from adtrace.checking.layouts import Statement
from adtrace.checking.names import plainly
from adtrace.checking.reporting import RIGHT, WRONG


def misplaced(
    judgements: Iterable[Judgement], statements: Sequence[Statement], work: Work
) -> list[Judgement]:  # fmt: skip
    """The judgements, with what is right of another row as wrong where it stands: ``v̇_2 = ...`` in the row of v_1, in a
    column in which most name their own rows.
    """
    named = {(s.place, s.column): own for s in statements if (own := _is_own(s, work)) is not None}
    counts = Counter((column, own) for (_, column), own in named.items())
    strangers = {
        (place, column) for (place, column), own in named.items()
        if not own and counts[column, True] > max(1, counts[column, False])
    }  # fmt: skip
    return [
        _wrong(judgement) if judgement.state == RIGHT
        and (judgement.claim.statement.place, judgement.claim.statement.column) in strangers else judgement
        for judgement in judgements
    ]  # fmt: skip


def _is_own(statement: Statement, work: Work) -> bool | None:
    """Whether a statement names the variable of its row; None where it, or its row, names none."""
    head, row = statement.head, statement.row
    if head is None or row is None or row.mark or not statement.parts or head.of:  # df/dx says both
        return None
    one, other = (work.same.get(name.variable, "") for name in (head, row))
    return one == other if one and other else None


def _wrong(judgement: Judgement) -> Judgement:
    statement = judgement.claim.statement
    head, row = (plainly(name.variable) if name else "" for name in (statement.head, statement.row))
    return replace(judgement, state=WRONG, reason=f"it is of {head}, and stands in the row of {row}")
