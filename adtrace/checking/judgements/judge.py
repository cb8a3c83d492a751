"""Every statement of a document judged by one rule, whatever quantity it is of.

A number is right if it is the exact one, rounded or cut; or if it is computed rightly, by the formula that stands
beside it or by the rule of its row, from numbers that are printed elsewhere: *by hand* if those are right, *following*
if one of them is not.  Otherwise it is a root mistake.  Formulas are looked at first, by `Formulas`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import chain, product, takewhile, zip_longest

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.judgements.by_hand import SHARP, Rounding, parts_in_numbers, rounds_to
from adtrace.checking.judgements.claims import NO_VALUE, OF_ITS_WORKING, Claim, Judgement
from adtrace.checking.judgements.contributions import Contributions
from adtrace.checking.judgements.conventions import mixed, unsummed
from adtrace.checking.judgements.evidence import ASTRAY, MENDED, Evidence, Shown, Taken
from adtrace.checking.judgements.formulas import Formulas, decimals_of
from adtrace.checking.judgements.implicit import slope
from adtrace.checking.judgements.steps import is_step
from adtrace.checking.judgements.untold import Untold
from adtrace.checking.judgements.zero_factors import masked
from adtrace.checking.readings.names import plainly
from adtrace.checking.reporting import BY_HAND, EXACT, FOLLOWING, NOT_READ, RIGHT, ROUNDED, WRONG
from adtrace.checking.statements.layouts import Column
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.formulas import meanings_of
from adtrace.checking.work.numerals import (
    Printed,
    agreement,
    difference,
    follows,
    printed,
    printed_ways,
    sharpened,
    shown_as,
)
from adtrace.checking.work.rules import ADJOINT, SECOND_ADJOINT, VALUE
from adtrace.checking.work.shapes import not_meant, number_of, numbers_of, squeezed
from adtrace.checking.work.values import NoValue, is_closed, is_worked, shape_of
from adtrace.language.syntax import Number, Terms
from adtrace.numbers import Scalar

_Computed = Iterator[tuple[Scalar, list[int | None]]]
"""What a number would be, and the claims that it takes over: None for a right one."""
_Look = Callable[[int, Claim], Judgement | None]


class Judge:
    """The claims of one piece of work, with what the others are judged from."""

    def __init__(self, draft: Draft, claims: Sequence[Claim], right: Work, digits: int = 0) -> None:
        self.draft, self.work, self.right, self.digits = draft, draft.work, right, digits
        self.claims, self.truth = claims, right.exact
        self.evidence = Evidence(claims, draft.work, right)
        self.parts = Contributions(self.evidence)
        self.untold = Untold(draft, self.evidence)
        self._borne_out = set[Column]()
        """The columns in which a look before found something right: without a point nothing else says what they are."""
        self.used = {name.variable for claim in claims for name in claim.part.names}
        self.formulas = defaultdict[Subject, list[int]](list)
        for k, claim in enumerate(claims):
            for subject in dict.fromkeys(claim.subjects) if claim.part.is_formula else ():
                self.formulas[subject].append(k)

    def run(self) -> list[Judgement]:
        """A judgement of every claim: of formulas first, of numbers that are computed from others last."""
        judged, formulas = self.evidence.judged, Formulas(self.draft, self.evidence, self.parts, self.untold)
        looks: tuple[_Look, ...] = (formulas.look, self._first_look, self._second_look)
        for look, of_parts in zip_longest(looks, (self.parts.wrong_sums, self.parts.without_total)):
            self._borne_out = {j.claim.statement.column for j in judged.values() if j.state == RIGHT}
            for k, claim in enumerate(self.claims):
                if k not in judged and (judgement := look(k, claim)) is not None:
                    judged[k] = judgement
            judged |= dict(of_parts()) if of_parts else {}
        suspects, is_lone = Rounding(self.evidence, self.parts).suspects()
        for k in suspects:
            of_no_hand = self._of_no_hand(k, judged[k])
            if not self.untold.comes_from_untold(judged[k].subject) and (is_lone or of_no_hand.state == WRONG):
                judged[k] = of_no_hand
        judged |= dict(self.parts.wrong_parts())
        judged |= dict(mixed(judged, self.truth)) | dict(unsummed(judged, self.truth))
        return [judged[k] for k in range(len(self.claims))]

    def _first_look(self, k: int, claim: Claim) -> Judgement | None:
        """Whether a number is the exact one; if not, what it is computed from is looked at when all are known."""
        numbers = [self._sharpened(number) for number in printed_ways(claim.part)] if claim.subjects else []
        if not numbers:
            reason = "it has no value" if claim.subjects else "it is not known what this is a number of"
            return Judgement(claim, None, NOT_READ, reason=claim.part.problem or reason)
        if numbers[0].shape and not self.truth.of_arrays:
            return Judgement(claim, None, NOT_READ, reason="it is several numbers, and no row is an array")
        if judgement := self._untold(k, claim, numbers) or self._exact(claim, numbers):
            return judgement
        number, subject = numbers[0], claim.subjects[0]
        for value in self.parts.true_parts(claim, subject):
            if how := agreement(number, value):
                return Judgement(claim, subject, RIGHT, how, printed=number)
        shown, earlier = Shown(claim, number), self.evidence.printed.get(subject)
        self._show(subject, shown, instead=earlier is not None and earlier.claim.statement is claim.statement)
        self.evidence.deviating.setdefault(subject, k)
        self.evidence.astray.setdefault(subject, shown)
        return None

    def _show(self, subject: Subject, shown: Shown, *, instead: bool = False) -> None:
        """Take a number for the one that is printed: the first; in its row what comes of a working, and not that."""
        earlier = self.evidence.printed.get(subject)
        if earlier is not None and earlier.claim.row == shown.claim.row:
            worked = earlier.claim.is_worked and not shown.claim.is_worked
            if worked:
                self.evidence.workings[subject] = earlier
                self.evidence.deviating.pop(subject, None)
            instead |= worked
        if earlier is None or instead:
            self.evidence.printed[subject] = shown
            self.evidence.exact.discard(subject)

    def _sharpened(self, number: Printed) -> Printed:
        return sharpened(number, self._inputs) if number.number is None and number.inexact else number

    @cached_property
    def _inputs(self) -> frozenset[Scalar]:
        """The decimals of the point and of operations, meant as they stand, but those to which others round."""
        told = decimals_of([*chain.from_iterable((*self.work.point, *self.work.operations.values()))])
        return told.difference(self._rounded())

    def _rounded(self) -> Iterator[Scalar]:
        """The decimals in the document that are rounded."""
        for claim in self.claims:
            if claim.part.number is not None and claim.part.number.exponent < 0 and claim.subjects:
                with suppress(NoValue):
                    number = printed(claim.part)
                    if agreement(number, self.truth[claim.subjects[0]]) != EXACT:
                        yield abs(number.exact)

    def _untold(self, k: int, claim: Claim, numbers: Sequence[Printed]) -> Judgement | None:
        """A number of a row that nothing tells, and nothing uses, where a function is asked for or it has no value:
        judged by its working alone; none for its result, and for an adjoint beside rows that compute it, which is 0.
        """
        (quantity, name, _), draft, work = claim.subjects[0], self.draft, self.work
        if is_step(claim, draft, self.truth):
            return self._by_working(k, claim, numbers[0], "it is a step from the value of a variable")
        row = work.same.get(name, "")
        told = {*draft.names.values(), *draft.asked.variables, *draft.asked.definitions, *work.uses}
        told |= draft.by_derivatives.keys()
        is_told = {name, row} & (told.union(draft.outputs) if draft.computes else told)
        if is_told or name in self.used or not is_closed(work.operations.get(row, ())):
            return None
        if not (draft.asked.functions or row in work.unlocated):
            return None
        if quantity == ADJOINT and draft.computes:
            return None
        results = (self.evidence.expected(Subject(VALUE, output)) for output in draft.outputs)
        if any(result is not None and agreement(numbers[0], result) for result in results):
            return None
        reason = f"nothing tells how {plainly(name)} is computed, and nothing uses it"
        return self._by_working(k, claim, numbers[0], reason)

    def _by_working(self, k: int, claim: Claim, number: Printed, reason: str) -> Judgement:
        """A working and the number that it is said to come to, judged by each other alone."""
        subject, behind = claim.subjects[0], self.claims[k + 1 : k + 2]
        for _, value in self._worked_out(k, claim):
            if follows(number, value):
                return Judgement(claim, subject, RIGHT, agreement(number, value) or BY_HAND, printed=number)
            if self._comes_rounded(k, claim, value):
                return Judgement(claim, subject, RIGHT, ROUNDED, printed=number)
            return Judgement(claim, subject, WRONG, expected=value, printed=number,
                             reason=OF_ITS_WORKING)  # fmt: skip
        for other in behind if behind and behind[0].statement is claim.statement and behind[0].is_number else ():
            if follows(printed(other.part), number_of(claim.part.readings[0], {})):
                return Judgement(claim, subject, RIGHT, EXACT, printed=number)
        return Judgement(claim, subject, NOT_READ, reason=reason, printed=number)

    def _exact(self, claim: Claim, numbers: Sequence[Printed]) -> Judgement | None:
        """A number that is the exact one of what it may be of; wrong is a working in which a factor 0 hides a slip."""
        ways = ((number, subject, self._agrees(number, subject)) for number in numbers for subject in claim.subjects)
        agreeing = [(*way, self._hidden(claim, way[1])) for way in ways if way[2]]
        if not agreeing:
            return self._slope(claim, numbers[0])
        number, subject, how, reason = min(agreeing, key=lambda way: way[3])
        self._show(subject, Shown(claim, number))
        if how == EXACT:
            self.evidence.exact.add(subject)
        return Judgement(claim, subject, WRONG if reason else RIGHT, how, reason=reason, printed=number)

    def _hidden(self, claim: Claim, subject: Subject) -> str:
        """What a factor 0 hides; nothing of a variable, which has no rule: w after a step, ``1 - 0.1*0``."""
        if subject.quantity == VALUE and self.work.same.get(subject.variable) in self.work.inputs:
            return ""
        return masked(claim.part.readings[0], subject, self.truth, self.evidence.as_meant)

    def _slope(self, claim: Claim, number: Printed) -> Judgement | None:
        """A number that is the derivative of one independent variable by another."""
        subject = claim.subjects[0]
        with suppress(NoValue):
            how = agreement(number, slope(subject, self.right, self.truth))
            return Judgement(claim, subject, RIGHT, how, printed=number) if how else None
        return None

    def _agrees(self, number: Printed, subject: Subject) -> str:
        try:
            how, value = agreement(number, self.truth[subject], self.digits), self.truth[subject]
        except NoValue:
            return ""
        unasked = subject.quantity in (ADJOINT, SECOND_ADJOINT) and subject.variable in self.work.constant
        return how or (agreement(number, 0 * value) if unasked else "")  # a sweep need not go on to constants

    def _second_look(self, k: int, claim: Claim) -> Judgement:
        """A number that is not the exact one: computed from others, or a mistake of its own."""
        number = self._sharpened(printed(claim.part))
        for subject in claim.subjects:
            expected = self._expected(claim, subject)
            for value, sources in () if self.digits else self._ways(k, claim, subject):
                if k in sources or not follows(number, value):
                    continue
                roots = [self.evidence.root(source) for source in sources if source is not None]
                if roots:
                    return Judgement(claim, subject, FOLLOWING, "", roots[0], expected, printed=number)
                if expected is not None and squeezed(shape_of(value)) != squeezed(shape_of(expected)):
                    continue  # c̄ * k meant entry by entry, in which another k is as good
                how = BY_HAND if sources else agreement(number, value) or BY_HAND  # none: a part of a sum
                return Judgement(claim, subject, RIGHT, how, None, expected, printed=number)
        return self._at_last(k, claim, number)

    def _at_last(self, k: int, claim: Claim, number: Printed) -> Judgement:
        """A number that nothing printed explains but its own working."""
        subject = claim.subjects[0]
        expected = self._expected(claim, subject)
        if (reason := self.untold.cut_off(subject)) or self.untold.is_of_constant(subject):
            reason = reason or self.untold.reason(claim, subject)
            return self._by_working(k, claim, number, reason or "nothing tells how the result is computed from it")
        if reason := self.untold.reason(claim, subject) or self._unsure(claim, subject):
            return self._by_working(k, claim, number, reason)
        reason = difference(number, expected)
        return Judgement(claim, subject, WRONG, expected=expected, printed=number, reason=reason)

    def _expected(self, claim: Claim, subject: Subject) -> Scalar | None:
        """The right number; nothing where there is none, or it can be held against nothing."""
        is_open = self.untold.is_of_constant(subject) or self.untold.reason(claim, subject)
        return None if is_open else self.evidence.expected(subject)

    def _comes_rounded(self, k: int, claim: Claim, expected: Scalar | None) -> bool:
        """Whether a working comes, rounded, to the right number behind it, and has no decimals but those that are
        printed, or to which a part of the working before it comes: ``σ(0.66) = 1/(1 + 0.5169) = 0.6593``.
        """
        behind = takewhile(lambda other: other.statement is claim.statement, self.claims[k + 1 :])
        results = [printed(other.part) for other in behind if other.is_number and not other.is_worked]
        if expected is None or not claim.is_worked or not results:
            return False
        terms = claim.part.readings[0]
        ways = (expected, number_of(terms, {}))
        if not all(agreement(results[0], value) in SHARP for value in ways):
            return False
        before = (other.part.readings[:1] for other in self.claims[k - claim.place : k])
        numbers = [*chain.from_iterable(map(parts_in_numbers, chain.from_iterable(before)))]
        strays = (t for t in terms if type(t) is Number and decimals_of((t,)).isdisjoint(self._decimals))
        return all(any(rounds_to(number, stray) for number in numbers) for stray in strays)

    @cached_property
    def _decimals(self) -> frozenset[Scalar]:
        """The decimals that are printed as numbers, or tell the point and the operations."""
        shown = (claim.part.readings[0] for claim in self.claims if claim.is_number and not claim.is_worked)
        return self._inputs.union(*map(decimals_of, shown))

    def _unsure(self, claim: Claim, subject: Subject) -> str:
        """What is said of a number with none to be compared with, or one that is computed from what nobody knows."""
        unknown = claim.statement.column not in self._borne_out or self.untold.is_open(subject)
        unsure = self.evidence.expected(subject) is None or (bool(self.work.unlocated) and unknown)
        return NO_VALUE if unsure else ""

    def _of_no_hand(self, k: int, judgement: Judgement) -> Judgement:
        """A number that only rounding by hand explains, where nothing else is rounded so: right by its own working
        alone, undecided if it is the very number that comes from the printed ones.
        """
        claim, subject, number = judgement.claim, judgement.subject, judgement.printed
        assert subject is not None
        assert number is not None
        worked = (value for other, value in self._worked_beside(k, claim) if not self.evidence.is_bad(other))
        if any(agreement(number, value) in SHARP for value in worked):
            return judgement
        expected = self.evidence.expected(subject)
        if expected is None or self._comes_rounded(k, claim, expected):
            return judgement
        computed = chain.from_iterable(self._computed(k, claim, subject, instead) for instead in ("", MENDED))
        if any(agreement(number, value) in SHARP for value, _ in computed):
            exactly = shown_as(expected, number)
            reason = f"it may be computed from rounded numbers, and may be a slip; exactly it is {exactly}"
            return replace(judgement, state=NOT_READ, how="", reason=reason)
        return replace(judgement, state=WRONG, how="", expected=expected)

    def _ways(self, k: int, claim: Claim, subject: Subject) -> _Computed:
        """What a number would be if it was computed from what is printed: of what is printed twice, rightly and not,
        from one or the other.
        """
        yield from self._computed(k, claim, subject)
        first = self.evidence.deviating.get(subject, k)
        again = first < k and self.claims[first].statement.place[:2] != claim.statement.place[:2]
        if again and self.evidence.is_bad(first):  # the same wrong number once more
            yield printed(self.claims[first].part).fuzzy, [first]
        if self.evidence.goes_astray:
            yield from self._computed(k, claim, subject, ASTRAY)
        if not self.truth.of_arrays and any(map(self.evidence.is_bad, self.evidence.deviating.values())):
            yield from self._computed(k, claim, subject, MENDED)

    def _computed(self, k: int, claim: Claim, subject: Subject, instead: str = "") -> _Computed:
        """What a number would be if it was computed from what is printed, or from what is taken instead of that."""
        for other, value in self._worked_beside(k, claim):
            is_bad = self.evidence.is_bad(other)
            if not is_bad or self.claims[other].statement is claim.statement:  # else both are mistakes
                yield value, [other if is_bad else None]
        yield from self._of_formulas(claim, subject, instead)
        is_told = self.truth.of_arrays and self._is_told_beside(claim, subject)  # p - y is sharper than its rule
        by_rule = self._of_rule(claim, subject, instead)
        yield from ((value, of) for value, of in by_rule if not is_told or any(k is not None for k in of))
        if self.work is not self.right:
            with suppress(NoValue):
                yield self.work.exact[subject], [self.evidence.wrong_operation]

    def _worked_out(self, k: int, claim: Claim) -> Iterator[tuple[int, Scalar]]:
        """The numbers before one in its own statement, the last first: what its working comes to."""
        for other in reversed(range(k - claim.place, k)):
            with suppress(NoValue):
                if self.claims[other].is_number:
                    yield other, number_of(self.claims[other].part.readings[0], {})

    def _worked_beside(self, k: int, claim: Claim) -> Iterator[tuple[int, Scalar]]:
        """What its working comes to, in its own statement or in another cell of its row."""
        yield from self._worked_out(k, claim)
        for other in self._workings[claim.row, claim.subjects]:
            with suppress(NoValue):
                if other != k:
                    yield other, number_of(self.claims[other].part.readings[0], {})

    @cached_property
    def _workings(self) -> Mapping[tuple[object, ...], Sequence[int]]:
        """The workings of each row, by what they are of."""
        found = defaultdict[tuple[object, ...], list[int]](list)
        for k, claim in enumerate(self.claims):
            if claim.is_worked:
                found[claim.row, claim.subjects].append(k)
        return found

    def _of_formulas(self, claim: Claim, subject: Subject, instead: str) -> _Computed:
        """The formulas of the same number at the printed numbers, those of the same row first."""
        unfinished = self.parts.is_unfinished(subject)
        formulas = sorted(self.formulas[subject], key=lambda other: self.claims[other].row != claim.row)
        for other in formulas[:_MOST_FORMULAS]:
            if self.parts.has(claim, subject) and self.claims[other].row != claim.row:
                continue  # of another part
            if unfinished and not self.evidence.is_bad(other):
                continue
            for value, sources in self._of_formula(other, subject, is_worked(claim.part.readings[0]), instead):
                yield value, [] if subject in self.parts and sources == [None] else sources

    def _is_told_beside(self, claim: Claim, subject: Subject) -> bool:
        """Whether a right formula of the number, and the whole of it, stands in its row."""
        beside = (k for k in self.formulas[subject] if self.claims[k].row == claim.row and not self.evidence.is_bad(k))
        whole = not self.parts.is_unfinished(subject) and not self.parts.has(claim, subject)
        return whole and any(next(self._of_formula(k, subject, False, ""), ()) for k in beside)

    def _of_formula(self, k: int, subject: Subject, worked: bool, instead: str) -> _Computed:
        """A formula as it is written, at the printed numbers; a working may be meant as the formula is."""
        claim = self.claims[k]
        bad = [k] if self.evidence.is_bad(k) else []
        for terms in claim.part.readings[:2]:
            but = self._not_meant(terms, subject, claim) if self.truth.of_arrays and not (bad or worked) else ()
            for exact in (False, True):
                taken = Taken(self.evidence, subject, fuzzy=not exact, instead=instead)
                try:
                    for value in numbers_of(terms, taken.by_keys(claim.context), but=but):
                        yield value, [*bad, *taken.sources] or [None]
                except NoValue:
                    continue

    def _not_meant(self, terms: Terms, subject: Subject, claim: Claim) -> frozenset[Terms]:
        """The ways in which a formula of arrays cannot be meant, as it is right in another."""
        with suppress(NoValue, IndexError):
            figures, meaning = self.right.near[0], meanings_of(terms, self.right, claim.context)[0]
            return not_meant(terms, {key: figures[of] for key, of in meaning.items()}, figures[subject])
        return frozenset()

    def _of_rule(self, claim: Claim, subject: Subject, instead: str) -> _Computed:
        """The rule of the row at the printed numbers: the whole of it, or of an adjoint a part of its sum."""
        for work in dict.fromkeys((self.right, self.work)):
            for fuzzy, by_value in product((False, True), (False,) if subject.quantity == VALUE else (False, True)):
                taken = Taken(self.evidence, subject, fuzzy, by_value, instead)
                try:
                    each = taken.addends(work)
                except (NoValue, KeyError):
                    continue
                extra = [self.evidence.wrong_operation] if work is not self.right else []
                yield self.evidence.total(each.values()), [*extra, *taken.sources] or [None]
                yield from ((value, [*extra, *taken.sources]) for value in self.parts.parts(claim, subject, each))


_MOST_FORMULAS = 4
"""Formulas of a number that are computed."""
