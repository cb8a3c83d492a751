"""Numbers that only rounding by hand explains: right in a document that rounds by hand, a slip in one that does not.

A table whose numbers are all exact, rounded or cut was not computed from its own rounded numbers.  There a number that
is off in its last digit is a slip, and so is one in a working that is none of the table's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from math import isfinite

from flint import arb, fmpq

from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.judgements.contributions import Contributions
from adtrace.checking.judgements.evidence import Evidence
from adtrace.checking.reporting import BY_HAND, CUT, EXACT, RIGHT, ROUNDED
from adtrace.checking.work.figures import Subject
from adtrace.checking.work.numerals import APPROXIMATE, LAST_DIGIT, SINGLE, agreement, single
from adtrace.checking.work.rules import PARTIAL, VALUE
from adtrace.checking.work.shapes import number_of
from adtrace.checking.work.values import BITS, NoValue, middle, value_of
from adtrace.language.syntax import SILENT, Apply, Number, Terms, starts
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, literal, precision, resolved
from adtrace.numbers.floats import FLOATS

SHARP = (EXACT, ROUNDED, CUT)
"""How a number is printed that was not computed by hand."""
_CLEARLY = 0.6
"""How many units more than rounding: a hand that goes on with a digit more than it prints errs by a tenth."""


def parts_in_numbers(terms: Terms) -> Iterator[float]:
    """What the parts of a working come to, each a number."""
    begin = starts(terms)
    for end, term in enumerate(terms):
        if type(term) is Apply and term.head not in SILENT:
            with suppress(NoValue, TypeError, ValueError, OverflowError):
                yield float(value_of(terms[begin[end] : end + 1], {}, FLOATS))


def rounds_to(number: float, decimal: Number) -> bool:
    """Whether a decimal is a number, rounded."""
    return abs(number - decimal.digits * 10.0**decimal.exponent) <= _CLEARLY * 10.0**decimal.exponent


class Rounding:
    """How the numbers of a document are rounded, judged by the true figures."""

    def __init__(self, evidence: Evidence, parts: Contributions) -> None:
        self.evidence, self.truth, self.parts = evidence, evidence.truth, parts

    def suspects(self) -> tuple[list[int], bool]:
        """The claims that rounding by hand alone explains, if they stand in the one cell for which it is needed, and
        whether they do, a working beside its number counted with it; of several those in which nothing else is rounded.
        """
        if self.truth.of_arrays:  # whose entries are judged together
            return [], False
        judged = self.evidence.judged.items()
        right = {k: j for k, j in judged if j.state == RIGHT and j.printed and not j.printed.shape}
        loose = [k for k, judgement in right.items() if self._is_loose(judgement)]
        by_hand = {*loose, *(k for k, judgement in right.items() if judgement.how == CUT)} if loose else ()
        is_lone = len({(right[k].claim.row, right[k].subject) for k in by_hand}) < 2
        return [k for k in loose if is_lone or self._is_sharp(right[k])], is_lone

    def _is_sharp(self, judgement: Judgement) -> bool:
        """Whether a number is off by a unit though nothing is rounded on the way to it: the value of one operation, or
        what has no more digits.
        """
        subject, printed = judgement.subject, judgement.printed
        if judgement.how != LAST_DIGIT or subject is None or printed is None or printed.number is None:
            return False
        true, unit = resolved(self.truth[subject]), literal(1, printed.number.exponent)
        if isinstance(true, fmpq) and (true / unit).q == 1:
            return True
        work = self.truth.work
        applied = [t for t in work.operations.get(work.same[subject.variable], ()) if type(t) is Apply]
        alone = subject.quantity == VALUE and sum(t.head not in SILENT for t in applied) == 1
        return alone and bool(abs(ball(true) - ball(printed.exact)) > _CLEARLY * arb(unit))

    def _is_loose(self, judgement: Judgement) -> bool:
        """Whether a number is neither the rounded nor the cut one, nor worked out from such numbers."""
        printed, subject = judgement.printed, judgement.subject
        if judgement.how not in (LAST_DIGIT, BY_HAND, APPROXIMATE) or printed is None or subject is None:
            return False
        if judgement.how == LAST_DIGIT and self._of_singles and single(self.truth[subject]) == printed.exact:
            return False
        parts = self.parts.true_parts(judgement.claim, subject, anywhere=True)
        if judgement.how != APPROXIMATE and printed.number is not None:
            return not any(agreement(printed, part) in SHARP for part in parts)
        try:
            with precision(BITS):
                meant = ball(number_of(printed.terms, {}, self._arithmetic))
                return not any(meant.overlaps(ball(value)) for value in (self.truth[subject], *parts))
        except NoValue:
            return False

    @cached_property
    def _of_singles(self) -> bool:
        """Whether all numbers with many digits are such as a program in single precision prints."""
        shown = (judgement.printed for judgement in self.evidence.judged.values() if judgement.printed)
        many = (one for one in shown if one.number and len(str(one.number.digits)) >= SINGLE)
        return all(single(one.exact) == one.exact for one in many)

    @cached_property
    def _arithmetic(self) -> Arithmetic:
        return replace(CERTIFIED, name="meant", literal=self._meant)

    def _meant(self, digits: int, exponent: int) -> Scalar:
        """A decimal in a working as the true figures that it may be rounded from; one that is of none as it stands."""
        value = CERTIFIED.literal(digits, exponent)
        if not digits or (exponent >= 0 and value not in self.evidence.rounded):
            return value
        x, half = digits * 10.0**exponent, 0.5 * 10.0**exponent
        first, last = bisect_left(self._figures, x - 1.0001 * half), bisect_left(self._figures, x + 1.0001 * half)
        near = self._figures[first:last]
        if not near:
            return arb(ball(value).mid(), half)
        if value not in self.evidence.rounded and any(abs(figure - x) <= 1e-12 * x for figure in near):
            return value
        return arb((near[0] + near[-1]) / 2, (near[-1] - near[0]) / 2 + 1e-13 * x)

    @cached_property
    def _figures(self) -> list[float]:
        """All numbers of the table, and the partials by which it is computed, without their signs."""
        work = self.truth.work
        subjects = {subject for claim in self.evidence.claims for subject in claim.subjects}
        subjects |= {Subject(VALUE, name) for name in work.variables}
        subjects |= {Subject(PARTIAL, row, u) for row, operands in work.operands.items() for u in operands}
        figures = (middle(number) for number in map(self.evidence.expected, subjects) if number is not None)
        return sorted(abs(figure) for figure in figures if isfinite(figure))
