"""Adjoints that are told of in parts: which row tells of which contribution, and what its number may be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate
from typing import NamedTuple

from adtrace.checking.judgements.claims import Claim, Judgement
from adtrace.checking.judgements.evidence import Evidence
from adtrace.checking.readings.names import plainly
from adtrace.checking.reporting import MISSING_ROW, RIGHT, WRONG, Problem
from adtrace.checking.statements.layouts import ADDED
from adtrace.checking.work.figures import ANYWHERE, Subject
from adtrace.checking.work.numerals import agreement, printed
from adtrace.checking.work.rules import ADJOINT, AND, SECOND_ADJOINT
from adtrace.checking.work.values import BITS, NoValue
from adtrace.numbers import Scalar


class _Contribution(NamedTuple):
    """What one row tells of an adjoint."""

    use: str
    so_far: bool
    """Whether it names the adjoint so far."""
    added: bool


class Contributions:
    """The parts of adjoints, as they are found in formulas."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        told = {(claim.subjects[0], claim.row) for claim in evidence.claims if claim.subjects}
        rows = Counter(subject for subject, _ in told if subject.quantity in (ADJOINT, SECOND_ADJOINT))
        added = {c.subjects[0] for c in evidence.claims if c.subjects and c.statement.sign == ADDED}
        self._numbers = defaultdict[Subject, list[int]](list)
        """The claims that are numbers of each."""
        for k, claim in enumerate(evidence.claims):
            if claim.is_number and claim.subjects:
                self._numbers[claim.subjects[0]].append(k)
        self._several = {subject for subject, count in rows.items() if count > 1 or subject in added}
        """The adjoints that are told of in more than one row, or added to."""
        self._rows: dict[Subject, dict[tuple[int, int], _Contribution]] = {}
        self._uses: dict[Subject, set[str]] = {}

    def add(self, claim: Claim, subject: Subject, use: str, *, so_far: bool) -> None:
        """A formula is that of one contribution."""
        self._uses.setdefault(subject, set()).add(use)
        rows = self._rows.setdefault(subject, {})
        rows.setdefault(claim.row, _Contribution(use, so_far, claim.statement.sign == ADDED))

    def may_have(self, claim: Claim, subject: Subject) -> bool:
        """Whether a formula may be that of one contribution."""
        added = claim.statement.sign == ADDED and subject.quantity in (ADJOINT, SECOND_ADJOINT)
        return added or subject in self._several

    def __contains__(self, subject: Subject) -> bool:
        return subject in self._uses

    def has(self, claim: Claim, subject: Subject) -> bool:
        """Whether the row of a claim tells of one."""
        return claim.row in self._rows.get(subject, {})

    def is_unfinished(self, subject: Subject) -> bool:
        """Whether parts are told, and not all of them."""
        return subject in self and not self._is_complete(subject, len(self._evidence.right.sources(subject)))

    def wrong_sums(self) -> Iterator[tuple[int, Judgement]]:
        """The last contribution to each adjoint whose contributions are told one by one, and not all of them."""
        evidence = self._evidence
        for subject, told in self._uses.items():
            formulas = [k for k, j in evidence.judged.items() if j.subject == subject and j.state == RIGHT]
            uses = evidence.right.sources(subject)
            if len(formulas) > len(told) or not any(self._adds(use, subject) for use in set(uses) - told):
                continue
            with suppress(NoValue):
                numbers = [printed(evidence.claims[k].part) for k in self._numbers[subject]]
                addends = evidence.truth.addends(subject)
                if not numbers or agreement(numbers[-1], evidence.total(addends[use] for use in told)):
                    yield max(formulas), Judgement(evidence.claims[max(formulas)], subject, WRONG)

    def _adds(self, use: str, subject: Subject) -> bool:
        """Whether a use adds something to an adjoint: sign nowhere nearby does."""
        output, line, _ = subject.by.partition(AND)
        anywhere = subject._replace(by=f"{output}{line}{ANYWHERE}" if line else output)
        near = self._evidence.right.near
        with suppress(NoValue):
            return not near or any(of.addends(anywhere)[use] != 0 for of in near)
        return True

    def without_total(self) -> Iterator[tuple[int, Judgement]]:
        """The last number of each adjoint that rows with two numbers each tell of in parts, where it is no total."""
        evidence = self._evidence
        for subject, rows in self._rows.items():
            last = [k for k in self._numbers[subject] if evidence.claims[k].row == _end(rows)]
            judged = [evidence.judged[k] for k in last if k in evidence.judged]
            whole = {of.use for of in rows.values()} == {*evidence.right.sources(subject)} and len(rows) > 1
            columns = {judgement.claim.statement.column for judgement in judged}
            total = evidence.expected(subject) if whole and 1 < len(columns) == len(last) else None
            if total is not None and not any(j.printed and agreement(j.printed, total) for j in judged):
                yield last[-1], replace(judged[-1], state=WRONG, how="", expected=total)

    def wrong_parts(self) -> Iterator[tuple[int, Judgement]]:
        """The total in a row that tells of one contribution, and is not the last of them."""
        evidence = self._evidence
        for subject, rows in self._rows.items():
            own = self._of_one_number(subject) & {row for row, of in rows.items() if not (of.so_far or of.added)}
            for k in (k for k in self._numbers[subject] if evidence.claims[k].row in own - {_end(rows)}):
                judgement = evidence.judged[k]
                number, parts = judgement.printed, self.true_parts(judgement.claim, subject)
                if judgement.state == RIGHT and number and parts and not any(agreement(number, of) for of in parts):
                    reason = f"it is the whole {subject.quantity}, and not what one row contributes"
                    yield k, replace(judgement, state=WRONG, how="", expected=parts[0], reason=reason)

    def _of_one_number(self, subject: Subject) -> set[tuple[int, int]]:
        """The rows that have one number of an adjoint."""
        counts = Counter(self._evidence.claims[k].row for k in self._numbers[subject])
        return {row for row, count in counts.items() if count == 1}

    def missing(self) -> Iterator[Problem]:
        """The contributions without a row, of adjoints whose contributions are told row by row, and nowhere whole."""
        evidence = self._evidence
        for subject, told in self._uses.items():
            of = [(evidence.claims[k], j.state) for k, j in evidence.judged.items() if j.subject == subject]
            rows, uses = {claim.row for claim, _ in of}, evidence.right.sources(subject)
            is_wrong = any(state == WRONG for claim, state in of if not claim.is_number)
            if not is_wrong and 1 < len(rows) < len(uses) and rows == self._rows[subject].keys():
                for use in (use for use in uses if use not in told):
                    sentence = f"the contribution of {use} to the {subject.quantity} of {subject.variable} is missing"
                    yield Problem(MISSING_ROW, plainly(sentence), plainly(subject.variable), (subject.quantity,))

    def true_parts(self, claim: Claim, subject: Subject, *, anywhere: bool = False) -> list[Scalar]:
        """What a number may be in a row that tells of one contribution to an adjoint, or in any."""
        with suppress(NoValue, KeyError), self._evidence.truth.arithmetic.precision(BITS):
            if self.has(claim, subject) or (anywhere and subject.quantity == ADJOINT):
                return [*self.parts(claim, subject, self._evidence.truth.addends(subject))]
        return []

    def parts(self, claim: Claim, subject: Subject, addends: Mapping[str, Scalar]) -> Iterator[Scalar]:
        """What a number that is told in parts may be: the contribution of its row, or the adjoint so far, upwards or
        downwards; without a formula any contribution, or running total.
        """
        rows = self._rows.get(subject, {})
        if claim.row not in rows:
            if len(addends) > 1 and subject in self._several and self._is_complete(subject, len(addends)):
                yield from self._partial_sums(list(addends.values()))
            return
        use, so_far, added = rows[claim.row]
        order = [rows[row].use for row in sorted(rows)]
        place = sorted(rows).index(claim.row)
        if not addends.keys() >= {*order}:
            return  # of the rows as they are written, in which another uses it
        if not so_far:
            yield addends[use]
        for uses in (order[: place + 1], order[place:]):
            if (so_far or added) and len(set(uses)) == len(uses) > 1:
                yield self._evidence.total(addends[name] for name in uses)

    def _partial_sums(self, numbers: list[Scalar]) -> Iterator[Scalar]:
        """Single contributions, and running totals in either order."""
        yield from numbers
        for order in (numbers, numbers[::-1]):
            yield from list(accumulate(order, lambda *two: self._evidence.total(two)))[1:-1]

    def _is_complete(self, subject: Subject, count: int) -> bool:
        """Whether an adjoint that is told of in parts is whole somewhere, or has as many parts as contributions."""
        claims, judged, numbers = self._evidence.claims, self._evidence.judged, self._numbers[subject]
        whole = any(k in judged and judged[k].state == RIGHT for k in numbers)
        return whole or len({claims[k].statement.place for k in numbers}) >= count


def _end(rows: Mapping[tuple[int, int], _Contribution]) -> tuple[int, int]:
    """The row in which the total of contributions stands: the last one, or upwards the first."""
    return min(rows) if rows[min(rows)].so_far else max(rows)
