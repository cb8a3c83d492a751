"""Every formula judged: right if it is the rule of its number, in whatever form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.judgements.claims import NO_VALUE, Claim, Judgement
from adtrace.checking.judgements.contributions import Contributions
from adtrace.checking.judgements.evidence import Evidence, Taken
from adtrace.checking.judgements.implicit import is_slope
from adtrace.checking.judgements.steps import misstep
from adtrace.checking.judgements.untold import Untold
from adtrace.checking.readings.names import Name, named, plainly
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.reporting import FOLLOWING, NOT_READ, RIGHT, WRONG
from adtrace.checking.work.figures import Subject
from adtrace.checking.work.formulas import Unknown, contribution, holds, put_back
from adtrace.checking.work.numerals import (
    Printed,
    agreement,
    follows,
    printed,
    sharpened,
    shown_as,
)
from adtrace.checking.work.rules import ADJOINT, TANGENT, VALUE
from adtrace.checking.work.shapes import numbers_of
from adtrace.checking.work.values import NoValue, shape_of, value_of
from adtrace.language.syntax import RELATIONS, Number, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball
from adtrace.tracing.formulas import split

_OWN = {TANGENT: "dot", ADJOINT: "bar"}
"""The marks of derivatives that are not computed from themselves."""


class Formulas:
    """The formulas of one piece of work, with what they are judged by."""

    def __init__(self, draft: Draft, evidence: Evidence, parts: Contributions, untold: Untold) -> None:
        self.draft, self.work, self.right, self.truth = draft, draft.work, evidence.right, evidence.truth
        self.evidence, self.parts, self.untold = evidence, parts, untold

    def look(self, k: int, claim: Claim) -> Judgement | None:
        """The judgement of a claim, if it is a formula, or a step with another number put in than the derivative."""
        part = claim.part
        if reason := misstep(claim, self.evidence.claims, self.draft, self.truth):
            return Judgement(claim, None, WRONG, reason=reason)
        if claim.is_number:
            return None
        if not part.readings:
            return Judgement(claim, None, NOT_READ, reason=part.problem)
        if not claim.subjects:
            return Judgement(claim, None, NOT_READ, reason="it is not known what this is a formula of")
        if reason := next(filter(None, (fault(claim) for fault in (self._stray, self._astride, self._again))), ""):
            return Judgement(claim, claim.subjects[0], WRONG, reason=reason)
        unknown = ""
        for subject in claim.subjects:
            for terms in part.readings:
                try:
                    if self._is_right(terms, subject, claim):
                        reason = self._of_others(claim) or self._limit(terms, subject)
                        return Judgement(claim, subject, WRONG if reason else RIGHT, "formula", reason=reason)
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
        if is_slope(claim, subject, self.right):
            return Judgement(claim, subject, RIGHT, "formula")
        if self._is_of_rows(claim, subject):
            wrong = self.evidence.wrong_operation
            return Judgement(claim, subject, FOLLOWING, follows=None if wrong is None else self.evidence.root(wrong))
        name, shapes = claim.part.name if subject.quantity == VALUE else None, self.truth.shapes
        if name and name.mark == "leibniz" and shapes.get(name.of) and shapes.get(name.variable):
            return Judgement(claim, subject, NOT_READ, reason="it is the Jacobian of an array, and no number of a row")
        if reason := self.untold.reason(claim, subject) or self._put_in(claim, subject):
            return Judgement(claim, subject, NOT_READ, reason=reason)
        if self._comes_to_it(claim, subject):
            return Judgement(claim, subject, RIGHT, "formula")
        return Judgement(claim, subject, WRONG, reason=self._worth(claim, subject))

    def _comes_to_it(self, claim: Claim, subject: Subject) -> bool:
        """Whether the formula of a derivative with decimals put in comes to its number, rounded as they are:
        ``-0.42 + 1*v_2`` where that is what an adjoint is so far.
        """
        terms = claim.part.readings[0]
        if subject.quantity == VALUE or not any(type(t) is Number and t.exponent < 0 for t in terms):
            return False
        with suppress(NoValue):
            numbers = Taken(self.evidence, subject, fuzzy=False).by_keys(claim.context)
            value, true = value_of(terms, numbers, self.evidence.as_meant), self.truth[subject]
            if not (shape_of(value) or shape_of(true)):
                found, number = ball(value), ball(true)
                return found.overlaps(number) and bool(found.rad() < abs(number) / 100)
        return False

    def _put_in(self, claim: Claim, subject: Subject) -> str:
        """What is said of a formula with decimals put in where no number is known that these could be, and of one
        with derivatives beside rows that are told in numbers alone.
        """
        is_put_in = any(type(t) is Number and t.exponent < 0 for t in claim.part.readings[0])
        apart = subject.quantity == VALUE and bool(self.untold.in_numbers) and not claim.part.is_plain
        apart |= bool(self.untold.in_numbers) and self.untold.is_of_constant(subject)
        return NO_VALUE if apart or (is_put_in and self.evidence.expected(subject) is None) else ""

    def _of_derivatives(self, claim: Claim, subject: Subject) -> Judgement | None:
        """A formula of such a row, which is to come to its number, or one in which such rows stand, if it is right."""
        terms, rows = claim.part.readings[0], {name: printed(of) for name, of in self.draft.by_derivatives.items()}
        rows |= {} if subject.variable in rows else self._told_apart(claim, subject)
        own, used = rows.get(subject.variable) if subject.quantity == VALUE else None, {*names_of(terms)} & rows.keys()
        if not (own or used):
            return None
        own = own and sharpened(own, decimals_of(terms))
        with suppress(NoValue):
            values, true = [*self._with_rows(claim, subject, rows, own)], self.truth[subject]
            if any(follows(own or Printed((), true, shape=shape_of(true)), value) for value in values):
                return Judgement(claim, subject, RIGHT, "formula")
            if own:
                return self._not_its_number(claim, subject, f"it comes to {shown_as(values[0], own)}")
            if roots := [k for k, j in self.evidence.judged.items() if j.state == WRONG and _is_of(j, used)]:
                return Judgement(claim, subject, FOLLOWING, follows=self.evidence.root(roots[0]))
        return None

    def _not_its_number(self, claim: Claim, subject: Subject, sentence: str) -> Judgement:
        """A formula with derivatives that comes to another number: not read where one can be held against nothing."""
        of = (claim.context.subjects(named(key), self.work)[:1] for key in names_of(claim.part.readings[0]))
        reasons = (self.untold.reason(claim, one) for one in chain.from_iterable(of) if one.quantity != VALUE)
        reason = next(filter(None, reasons), "")
        return Judgement(claim, subject, NOT_READ if reason else WRONG, reason=reason or sentence)

    def _told_apart(self, claim: Claim, subject: Subject) -> dict[str, Printed]:
        """The number of such a row where another statement tells it, below ``w_new = w - 0.1*dw``."""
        if not self.untold.is_of_derivatives(claim, subject):
            return {}
        same = [one.part for one in self.evidence.claims if one.is_number and subject in one.subjects[:1]]
        return {subject.variable: printed(same[0])} if same else {}

    def _with_rows(
        self, claim: Claim, subject: Subject, rows: Mapping[str, Printed], own: Printed | None
    ) -> Iterator[Scalar]:
        """What a formula comes to with the numbers of such rows, of its ``own`` row with a rate that nobody tells, too:
        any number put in there.  Raises `NoValue`.
        """
        terms, taken = claim.part.readings[0], Taken(self.evidence, subject, fuzzy=True).by_keys(claim.context)
        rates = [key for key in names_of(terms) if own and key not in rows and key not in taken]
        of = {key: rows[key].fuzzy if key in rows else taken[key] for key in names_of(terms) if key not in rates}
        for number in decimals_of(own.terms) if own and rates else (CERTIFIED.zero,):
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
        rows = {row.variable for claim in self.evidence.claims if (row := claim.statement.row)}
        called = {u for row in defined for u in names_of(row.terms)}
        stray = name not in rows and called.intersection(asked.variables)
        return f"{name} is no variable of the function" if stray else ""

    def _astride(self, claim: Claim) -> str:
        """What is said of a formula whose derivatives are along several directions: D_p v_1 beside D_q v_2."""
        names = [claim.statement.named, *map(named, names_of(claim.part.readings[0]))]
        letters = (name.seed for name in names if name is not None and name.mark == "d")
        directions = sorted({letter for letter in letters if letter and letter not in self.work.same})
        return f"it is along {' and '.join(directions)} at once" if len(directions) > 1 else ""

    def _again(self, claim: Claim) -> str:
        """What is said of a computed row, or of its derivative, that is nothing but itself: ``v_2 = v_2``."""
        name = claim.part.name
        computed = self.right.same.get(claim.subjects[0].variable) in self.right.operations
        is_same = name is not None and name == claim.statement.head and computed
        return f"{name.text} is computed from itself" if name is not None and is_same else ""

    def _of_others(self, claim: Claim) -> str:
        """What is said of the formula of a derivative with itself, or of an adjoint with one that it does not come
        from, be they the same number: v̄_1 = v̄_5 beside v̄_1 = v̄_3.
        """
        subject, work, terms = claim.subjects[0], self.right, claim.part.readings[0]
        row, mark = work.same.get(subject.variable, ""), _OWN.get(subject.quantity, "")
        if not mark or work.has_arrays:
            return ""
        results = {work.same.get(output) for output in work.outputs}
        for name in map(named, names_of(terms)):
            of, adjoint = work.same.get(name.variable, ""), name.mark == "bar" or work.same.get(name.of) in results
            if name.mark == mark and name.variable == subject.variable and split(terms)[0] not in ("", "add", "sub"):
                return f"{name.text} is computed from itself"
            counts = of in work.operations if adjoint else name.mark == "leibniz" and of
            if mark == "bar" and name.mark and counts and row not in (of, *work.ancestors(of)):
                return f"{plainly(row)} leads to no {name.text}"
        return ""

    def _limit(self, terms: Terms, subject: Subject) -> str:
        """What is said of the condition of a derivative at a number that is not the function's: [z > 5] of relu."""
        pairs = (split(terms[: k + 1])[1] for k, term in enumerate(terms) if getattr(term, "head", "") in RELATIONS)
        limits = [t for pair in pairs if any(map(names_of, pair)) for side in pair if len(side) == 1 for t in side]
        stray = [t.text for t in limits if type(t) is Number and not decimals_of([t]) <= self._told]
        differs = stray and subject.quantity != VALUE
        return f"its condition changes at {stray[0]}, where the function does not" if differs else ""

    @cached_property
    def _told(self) -> frozenset[Scalar]:
        """The decimals of the function, and 0."""
        return decimals_of([t for terms in self.right.operations.values() for t in terms]) | {CERTIFIED.zero}

    def _is_stranger(self, name: Name) -> bool:
        """Whether a name is none of the table's, no running x_{i+j}, sin''(x), w_old or ε, of no row that is missing,
        and of no entry of an array, x_{11}.
        """
        whole, _, index = name.variable.rpartition("_")
        shape = self.truth.shapes.get(whole) or self.truth.shapes.get(self.work.same.get(whole, "")) or ()
        if len(shape) > 1 or (shape and index.isdecimal() and int(index) <= shape[0]):
            return False
        running = re.search(r"_[i-n]+$|''|_old$|^epsilon$", name.variable)
        told = self.draft.asked.functions and not self.untold.in_numbers
        return bool(told) and name.variable not in self.draft.left_out and not running

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
        if defines(self.draft, claim, subject) and operation == terms:
            return work.operations.get(subject.variable) == operation
        if holds(terms, subject, work, context):
            return True
        use = contribution(terms, subject, work, context) if self.parts.may_have(claim, subject) else None
        if use is not None:
            so_far = any(of == subject for key in names_of(terms) for of in context.subjects(named(key), work))
            self.parts.add(claim, subject, use, so_far=so_far)
            return True
        return any(holds(names, subject, work, context) for names in put_back(terms, subject, work, context))


def defines(draft: Draft, claim: Claim, subject: Subject) -> bool:
    """Whether a claim is the operation of a row where it is taken from."""
    defined = draft.defined.get(subject.variable) if subject.quantity == VALUE else None
    return defined is not None and defined.statement is claim.statement and defined.part == claim.place


def decimals_of(terms: Terms) -> frozenset[Scalar]:
    """The decimals in an expression, as they stand."""
    return frozenset(CERTIFIED.literal(t.digits, t.exponent) for t in terms if type(t) is Number)


def _is_of(judgement: Judgement, variables: Collection[str]) -> bool:
    """Whether a judgement is of the value of one of these."""
    return judgement.subject is not None and judgement.subject.variable in variables
