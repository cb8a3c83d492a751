"""Every statement of a document judged by one rule, whatever quantity it is of.

A number is right if it is the exact one, rounded or cut; or if it is computed rightly, by the formula that stands
beside it or by the rule of its row, from numbers that are printed elsewhere: *by hand* if those are right, *following*
if one of them is not.  Otherwise it is a root mistake.  A formula is right if it is the rule, in whatever form.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import chain, product
from math import prod

from adtrace.checking.drafts.draft import Draft, comes_before
from adtrace.checking.judgements.by_hand import SHARP, Rounding
from adtrace.checking.judgements.claims import Claim, Judgement
from adtrace.checking.judgements.contributions import Contributions
from adtrace.checking.judgements.conventions import mixed
from adtrace.checking.judgements.evidence import Evidence, Shown, Taken
from adtrace.checking.judgements.steps import is_step, misstep
from adtrace.checking.judgements.zero_factors import masked
from adtrace.checking.readings.names import Name, named, plainly
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.reporting import BY_HAND, EXACT, FOLLOWING, NOT_READ, RIGHT, WRONG
from adtrace.checking.statements.layouts import Column
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.formulas import Unknown, contribution, holds, meanings_of, put_back
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
from adtrace.checking.work.shapes import not_meant, number_of, numbers_of
from adtrace.checking.work.values import NoValue, is_closed, is_worked, shape_of, value_of
from adtrace.language.syntax import Number, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.certified import CERTIFIED

_Computed = Iterator[tuple[Scalar, list[int | None]]]
"""What a number would be, and the claims that it takes over: None for a right one."""


class Judge:
    """The claims of one piece of work, with what the others are judged from."""

    def __init__(self, draft: Draft, claims: Sequence[Claim], right: Work, digits: int = 0) -> None:
        self.draft, self.work, self.right, self.digits = draft, draft.work, right, digits
        self.claims, self.truth = claims, right.exact
        self.evidence = Evidence(claims, draft.work, right)
        self.parts = Contributions(self.evidence)
        self._borne_out = set[Column]()
        """The columns in which a look before found something right: without a point nothing else says what they are."""
        self.used = {name.variable for claim in claims for name in claim.part.names}
        self.formulas = defaultdict[Subject, list[int]](list)
        for k, claim in enumerate(claims):
            for subject in dict.fromkeys(claim.subjects) if claim.part.is_formula else ():
                self.formulas[subject].append(k)

    def run(self) -> list[Judgement]:
        """A judgement of every claim: of formulas first, of numbers that are computed from others last."""
        judged = self.evidence.judged
        for look in (self._misstep, self._formula, self._first_look, self._second_look):
            self._borne_out = {j.claim.statement.column for j in judged.values() if j.state == RIGHT}
            for k, claim in enumerate(self.claims):
                if k not in judged and (judgement := look(k, claim)) is not None:
                    judged[k] = judgement
            if look == self._formula:
                judged |= dict(self.parts.wrong_sums())
            if look == self._first_look:
                judged |= dict(self.parts.without_total())
        suspects, is_lone = Rounding(self.evidence, self.parts).suspects()
        for k in suspects:
            of_no_hand = self._of_no_hand(k, judged[k])
            if not self._comes_from_untold(judged[k].subject) and (is_lone or of_no_hand.state == WRONG):
                judged[k] = of_no_hand
        judged |= dict(mixed(judged, self.truth))
        return [judged[k] for k in range(len(self.claims))]

    # ------------------------------------------------------------------------------------------------ numbers

    def _first_look(self, k: int, claim: Claim) -> Judgement | None:
        """Whether a number is the exact one; if not, what it is computed from is looked at when all are known."""
        if not claim.is_number:
            return None
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
        evidence = self.evidence
        earlier = evidence.printed.get(subject)
        if earlier is None or earlier.claim.statement is claim.statement:  # what its working comes to
            evidence.printed[subject] = Shown(claim, number)
            evidence.exact.discard(subject)
        evidence.deviating.setdefault(subject, k)
        evidence.astray.setdefault(subject, Shown(claim, number))
        return None

    def _sharpened(self, number: Printed) -> Printed:
        return sharpened(number, self._inputs) if number.number is None and number.inexact else number

    @cached_property
    def _inputs(self) -> frozenset[Scalar]:
        """The decimals of the point and of operations, meant as they stand, but those to which others round."""
        told = _decimals([*chain.from_iterable((*self.work.point, *self.work.operations.values()))])
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
        """A number of a row that nothing tells, and nothing uses, where a function is asked for: judged by its working
        alone; none for what is its result, and for an adjoint beside rows that compute it, which is 0.
        """
        (quantity, name, _), draft, work = claim.subjects[0], self.draft, self.work
        if is_step(claim, draft, self.truth):
            return self._by_working(k, claim, numbers[0], "it is a step from the value of a variable")
        row = work.same.get(name, "")
        told = {*draft.names.values(), *draft.asked.variables, *draft.asked.definitions, *work.uses}
        told |= draft.by_derivatives.keys()
        is_told = {name, row} & (told.union(draft.outputs) if draft.computes else told)
        if is_told or name in self.used or not is_closed(work.operations.get(row, ())) or not draft.asked.functions:
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
            return Judgement(claim, subject, WRONG, expected=value, printed=number,
                             reason="it is not what its working comes to")  # fmt: skip
        for other in behind if behind and behind[0].statement is claim.statement and behind[0].is_number else ():
            if follows(printed(other.part), number_of(claim.part.readings[0], {})):
                return Judgement(claim, subject, RIGHT, EXACT, printed=number)
        return Judgement(claim, subject, NOT_READ, reason=reason, printed=number)

    def _exact(self, claim: Claim, numbers: Sequence[Printed]) -> Judgement | None:
        """A number that is the exact one of what it may be of; wrong is a working in which a factor 0 hides a slip."""
        ways = ((number, subject, self._agrees(number, subject)) for number in numbers for subject in claim.subjects)
        agreeing = [(*way, masked(claim.part.readings[0], way[1], self.truth)) for way in ways if way[2]]
        if not agreeing:
            return None
        number, subject, how, reason = min(agreeing, key=lambda way: way[3])
        self.evidence.printed.setdefault(subject, Shown(claim, number))
        if how == EXACT:
            self.evidence.exact.add(subject)
        return Judgement(claim, subject, WRONG if reason else RIGHT, how, reason=reason, printed=number)

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
            expected = self.evidence.expected(subject)
            for value, sources in () if self.digits else self._ways(k, claim, subject):
                if k in sources or not follows(number, value):
                    continue
                roots = [self.evidence.root(source) for source in sources if source is not None]
                if roots:
                    return Judgement(claim, subject, FOLLOWING, "", roots[0], expected, printed=number)
                how = BY_HAND if sources else agreement(number, value) or BY_HAND  # none: a part of a sum
                return Judgement(claim, subject, RIGHT, how, None, expected, printed=number)
        subject = claim.subjects[0]
        expected = self.evidence.expected(subject)
        if reason := self._unknown(subject):
            return Judgement(claim, subject, NOT_READ, reason=reason, printed=number)
        if expected is None or self._is_unsure(claim, subject):
            return Judgement(claim, subject, NOT_READ, reason="it has no value to be compared with", printed=number)
        reason = difference(number, expected)
        return Judgement(claim, subject, WRONG, expected=expected, printed=number, reason=reason)

    def _comes_from_untold(self, subject: Subject | None) -> bool:
        """Whether a number is computed from a row that nobody tells how to compute: from what is printed in it."""
        row = self.work.same.get(subject.variable, "") if subject else ""
        return not self.work.ancestors(row).isdisjoint(self.draft.untold)

    def _unknown(self, subject: Subject) -> str:
        """What is said of a derivative that may be computed by an operation that nobody tells, if it is one."""
        backwards = subject.quantity in (ADJOINT, SECOND_ADJOINT)
        for name in self.draft.untold if subject.quantity != VALUE else ():
            if comes_before(subject.variable, name) if backwards else subject.variable == name:
                return f"nothing tells how {plainly(name)} is computed"
        return ""

    @cached_property
    def _unread(self) -> frozenset[str | None]:
        """The rows with an operation that is not read: they are computed from what nobody knows."""
        told = (c for c in self.claims if not c.part.readings and re.search(r"\w\s*[(*/+^]", c.part.source))
        unread = (claim.statement.named for claim in told)
        inputs = {*self.work.inputs}
        return frozenset(self.work.same.get(name.variable) for name in unread if name and not name.mark) & inputs

    def _is_cut_off(self, subject: Subject) -> bool:
        """Whether it is the adjoint of a row that leads to the output by way of one that is not read, if at all."""
        end = self.work.same.get(subject.by, "")
        before = self.work.ancestors(end) if self._unread else ()
        led = subject.quantity == ADJOINT and not self._unread.isdisjoint(before)
        return led and self.work.same.get(subject.variable) not in {end, *before, *self._unread}

    def _is_unsure(self, claim: Claim, subject: Subject) -> bool:
        """Whether what a number should be is computed from what nobody knows."""
        unknown = claim.statement.column not in self._borne_out or self._is_open(subject)
        return (
            self._is_cut_off(subject) or self._is_of_no_loss(claim, subject) or (bool(self.work.unlocated) and unknown)
        )

    def _is_of_no_loss(self, claim: Claim, subject: Subject) -> bool:
        """Whether it is an adjoint in a work that ends in an array, of which nothing tells what it starts with."""
        named, outputs = claim.statement.named, self.work.outputs
        is_gradient = named is not None and named.mark == "grad" and len(outputs) == 1
        end = subject.by if subject.quantity == ADJOINT else outputs[0] if is_gradient else ""
        told = self.draft.asked.weights or Subject(ADJOINT, end, end) in self.evidence.printed
        return prod(self.truth.shapes.get(end, ())) > 1 and not told and self.work.same.get(end) not in self.work.uses

    def _is_open(self, subject: Subject) -> bool:
        """Whether it is the value of a row with an operand of which no number is known, and none is printed."""
        operands = self.work.operands.get(subject.variable, ()) if subject.quantity == VALUE else ()
        return any(u in self.work.unlocated and Subject(VALUE, u) not in self.evidence.printed for u in operands)

    def _of_no_hand(self, k: int, judgement: Judgement) -> Judgement:
        """A number that only rounding by hand explains, where nothing else is rounded so: right by its own working
        alone, undecided if it is the very number that comes from the printed ones.
        """
        claim, subject, number = judgement.claim, judgement.subject, judgement.printed
        assert subject is not None
        assert number is not None
        worked = (value for other, value in self._worked_out(k, claim) if not self.evidence.is_bad(other))
        if any(agreement(number, value) in SHARP for value in worked):
            return judgement
        expected = self.evidence.expected(subject)
        if expected is None:
            return judgement
        computed = self._computed(k, claim, subject) if number.number is not None else ()
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
            yield from self._computed(k, claim, subject, astray=True)

    def _computed(self, k: int, claim: Claim, subject: Subject, *, astray: bool = False) -> _Computed:
        """What a number would be if it was computed from what is printed."""
        for other, value in self._worked_out(k, claim):
            yield value, [other if self.evidence.is_bad(other) else None]
        yield from self._of_formulas(claim, subject, astray)
        yield from self._of_rule(claim, subject, astray)
        if self.work is not self.right:
            with suppress(NoValue):
                yield self.work.exact[subject], [self.evidence.wrong_operation]

    def _worked_out(self, k: int, claim: Claim) -> Iterator[tuple[int, Scalar]]:
        """The numbers before one in its own statement, the last first: what its working comes to."""
        for other in reversed(range(k - claim.place, k)):
            with suppress(NoValue):
                if self.claims[other].is_number:
                    yield other, number_of(self.claims[other].part.readings[0], {})

    def _of_formulas(self, claim: Claim, subject: Subject, astray: bool) -> _Computed:
        """The formulas of the same number at the printed numbers, those of the same row first."""
        unfinished = self.parts.is_unfinished(subject)
        formulas = sorted(self.formulas[subject], key=lambda other: self.claims[other].row != claim.row)
        for other in formulas[:_MOST_FORMULAS]:
            if self.parts.has(claim, subject) and self.claims[other].row != claim.row:
                continue  # of another part
            if unfinished and not self.evidence.is_bad(other):
                continue
            for value, sources in self._of_formula(other, subject, is_worked(claim.part.readings[0]), astray):
                yield value, [] if subject in self.parts and sources == [None] else sources

    def _of_formula(self, k: int, subject: Subject, worked: bool, astray: bool) -> _Computed:
        """A formula as it is written, at the printed numbers; a working may be meant as the formula is."""
        claim = self.claims[k]
        bad = [k] if self.evidence.is_bad(k) else []
        for terms in claim.part.readings[:2]:
            but = self._not_meant(terms, subject, claim) if self.truth.of_arrays and not (bad or worked) else ()
            for exact in (False, True):
                taken = Taken(self.evidence, subject, fuzzy=not exact, astray=astray)
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

    def _of_rule(self, claim: Claim, subject: Subject, astray: bool) -> _Computed:
        """The rule of the row at the printed numbers: the whole of it, or of an adjoint a part of its sum."""
        for work in dict.fromkeys((self.right, self.work)):
            for fuzzy, by_value in product((False, True), (False,) if subject.quantity == VALUE else (False, True)):
                taken = Taken(self.evidence, subject, fuzzy, by_value, astray)
                try:
                    each = taken.addends(work)
                except (NoValue, KeyError):
                    continue
                extra = [self.evidence.wrong_operation] if work is not self.right else []
                yield self.evidence.total(each.values()), [*extra, *taken.sources] or [None]
                yield from ((value, [*extra, *taken.sources]) for value in self.parts.parts(claim, subject, each))

    # ------------------------------------------------------------------------------------------------ formulas

    def _misstep(self, k: int, claim: Claim) -> Judgement | None:
        """A step of gradient descent with another number put in than the derivative."""
        reason = misstep(claim, self.claims, self.draft, self.truth)
        return Judgement(claim, None, WRONG, reason=reason) if reason else None

    def _formula(self, k: int, claim: Claim) -> Judgement | None:
        part = claim.part
        if claim.is_number:
            return None
        if not part.readings:
            return Judgement(claim, None, NOT_READ, reason=part.problem)
        if not claim.subjects:
            return Judgement(claim, None, NOT_READ, reason="it is not known what this is a formula of")
        if reason := self._stray(claim) or self._astride(claim):
            return Judgement(claim, claim.subjects[0], WRONG, reason=reason)
        unknown = ""
        for subject in claim.subjects:
            for terms in part.readings:
                try:
                    if self._is_right(terms, subject, claim):
                        return Judgement(claim, subject, RIGHT, "formula")
                except Unknown as problem:
                    unknown = str(problem)
                except NoValue:
                    continue
        subject = claim.subjects[0]
        return self._of_derivatives(claim, subject) or self._no_formula(claim, subject, unknown)

    def _no_formula(self, claim: Claim, subject: Subject, unknown: str) -> Judgement:
        """A formula that is not the rule: wrong, or with an ``unknown`` name, or that of rows one of which is wrong."""
        if unknown:
            state = WRONG if self._is_stranger(named(unknown)) else NOT_READ
            return Judgement(claim, subject, state, reason=f"{named(unknown).text} is no row and no variable")
        if self._is_of_rows(claim, subject):
            wrong = self.evidence.wrong_operation
            return Judgement(claim, subject, FOLLOWING, follows=None if wrong is None else self.evidence.root(wrong))
        name, shapes = claim.part.name, self.truth.shapes
        if (
            subject.quantity == VALUE
            and name
            and name.mark == "leibniz"
            and shapes.get(name.of)
            and shapes.get(name.variable)
        ):
            return Judgement(claim, subject, NOT_READ, reason="it is the Jacobian of an array, and no number of a row")
        if reason := self._unknown(subject):
            return Judgement(claim, subject, NOT_READ, reason=reason)
        if self._is_cut_off(subject):
            return Judgement(claim, subject, NOT_READ, reason="a row between is not read")
        if self._is_of_no_loss(claim, subject):
            return Judgement(claim, subject, NOT_READ, reason="the result is an array without an adjoint")
        return Judgement(claim, subject, WRONG, reason=self._worth(claim, subject))

    def _of_derivatives(self, claim: Claim, subject: Subject) -> Judgement | None:
        """A formula of such a row, which is to come to its number, or one in which such rows stand, if it is right."""
        terms, rows = claim.part.readings[0], {name: printed(of) for name, of in self.draft.by_derivatives.items()}
        own, used = rows.get(subject.variable) if subject.quantity == VALUE else None, {*names_of(terms)} & rows.keys()
        if not (own or used):
            return None
        own = own and sharpened(own, _decimals(terms))
        with suppress(NoValue):
            values, true = [*self._with_rows(claim, subject, rows, own)], self.truth[subject]
            if any(follows(own or Printed((), true, shape=shape_of(true)), value) for value in values):
                return Judgement(claim, subject, RIGHT, "formula")
            if own:
                return Judgement(claim, subject, WRONG, reason=f"it comes to {shown_as(values[0], own)}")
            if roots := [k for k, j in self.evidence.judged.items() if j.state == WRONG and _is_of(j, used)]:
                return Judgement(claim, subject, FOLLOWING, follows=self.evidence.root(roots[0]))
        return None

    def _with_rows(
        self, claim: Claim, subject: Subject, rows: Mapping[str, Printed], own: Printed | None
    ) -> Iterator[Scalar]:
        """What a formula comes to with the numbers of such rows, of its ``own`` row with a rate that nobody tells, too:
        any number put in there.  Raises `NoValue`.
        """
        terms, taken = claim.part.readings[0], Taken(self.evidence, subject, fuzzy=True).by_keys(claim.context)
        rates = [key for key in names_of(terms) if own and key not in rows and key not in taken]
        of = {key: rows[key].fuzzy if key in rows else taken[key] for key in names_of(terms) if key not in rates}
        for number in _decimals(own.terms) if own and rates else (CERTIFIED.zero,):
            yield from numbers_of(terms, of | dict.fromkeys(rates, number))

    def _stray(self, claim: Claim) -> str:
        """What is said of an independent variable that the function does not have, where another is called as it has
        it.
        """
        asked, defined, terms = self.draft.asked, self.draft.defined.values(), claim.part.readings[0]
        name = next(iter(names_of(terms)), "") if len(terms) == 1 else ""
        stands = self.work.same.get(name) in self.work.inputs and name not in (*asked.variables, *asked.definitions)
        if claim.subjects[0].quantity != VALUE or not stands or not asked.functions:
            return ""
        rows = {claim.statement.row.variable for claim in self.claims if claim.statement.row is not None}
        called = {u for row in defined if len(row.terms) == 1 for u in names_of(row.terms)}
        stray = name not in rows and called.intersection(asked.variables)
        return f"{name} is no variable of the function" if stray else ""

    def _astride(self, claim: Claim) -> str:
        """What is said of a formula whose derivatives are along several directions: D_p v_1 beside D_q v_2."""
        names = [claim.statement.named, *map(named, names_of(claim.part.readings[0]))]
        letters = (name.seed for name in names if name is not None and name.mark == "d")
        directions = sorted({letter for letter in letters if letter and letter not in self.work.same})
        return f"it is along {' and '.join(directions)} at once" if len(directions) > 1 else ""

    def _is_stranger(self, name: Name) -> bool:
        """Whether a name is none of the table's, no running entry x_{i+j}, and of no row that is missing."""
        running = re.search(r"_[i-n]+$", name.variable)
        return bool(self.draft.asked.functions) and name.variable not in self.draft.left_out and not running

    def _worth(self, claim: Claim, subject: Subject) -> str:
        """What a formula with numbers put in comes to, and should."""
        terms = claim.part.readings[0]
        if subject.quantity == VALUE or not any(type(t) is Number for t in terms):
            return ""
        try:
            value = value_of(terms, Taken(self.evidence, subject, fuzzy=False).by_keys(claim.context))
            number = self.truth[subject]
            true = Printed((), number, shape=shape_of(number))
        except NoValue:
            return ""
        told = shown_as(value, true)
        return "" if agreement(true, value) else f"it is {told}, and should be {shown_as(true.exact)}"

    def _is_of_rows(self, claim: Claim, subject: Subject) -> bool:
        """Whether a formula is that of the rows as they are written, of which one is wrong."""
        if subject.quantity == VALUE or self.work is self.right:
            return False
        try:
            return any(holds(terms, subject, self.work, claim.context) for terms in claim.part.readings)
        except NoValue:
            return False

    def _is_right(self, terms: Terms, subject: Subject, claim: Claim) -> bool:
        work, context = self.right, claim.context
        operation = self.work.operations.get(subject.variable)
        if _defines(self.draft, claim, subject) and operation == terms:
            return work.operations.get(subject.variable) == operation
        if holds(terms, subject, work, context):
            return True
        use = contribution(terms, subject, work, context) if self.parts.may_have(claim, subject) else None
        if use is not None:
            so_far = any(of == subject for key in names_of(terms) for of in context.subjects(named(key), work))
            self.parts.add(claim, subject, use, so_far=so_far)
            return True
        return any(holds(names, subject, work, context) for names in put_back(terms, subject, work, context))


def compares(judgements: Sequence[Judgement], draft: Draft) -> bool:
    """Whether anything is held against anything: an operation of none but open names, and the number of an independent
    variable, are right whatever they are.
    """
    work, told = draft.work, [(j.claim, j.subject) for j in judgements if j.subject and j.state != NOT_READ]
    free = (
        (subject.quantity == VALUE and work.same.get(subject.variable) in work.inputs)
        or _defines(draft, claim, subject) for claim, subject in told
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


def _defines(draft: Draft, claim: Claim, subject: Subject) -> bool:
    """Whether a claim is the operation of a row where it is taken from."""
    defined = draft.defined.get(subject.variable) if subject.quantity == VALUE else None
    return defined is not None and defined.statement is claim.statement and defined.part == claim.place


def _decimals(terms: Terms) -> frozenset[Scalar]:
    """The decimals in an expression, as they stand."""
    return frozenset(CERTIFIED.literal(t.digits, t.exponent) for t in terms if type(t) is Number)


def _is_of(judgement: Judgement, variables: Collection[str]) -> bool:
    """Whether a judgement is of the value of one of these."""
    return judgement.subject is not None and judgement.subject.variable in variables


_MOST_FORMULAS = 4
"""Formulas of a number that are computed."""
