"""The printed numbers of a piece of work and the judgements so far, and what is computed from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import NamedTuple

from flint import arb, fmpq

from adtrace.checking.judgements.claims import Claim, Judgement
from adtrace.checking.readings.names import named
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.reporting import FOLLOWING, WRONG, Place
from adtrace.checking.work.contexts import Context
from adtrace.checking.work.derived import contributions, rule_of
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.figures import addends as addends_of
from adtrace.checking.work.numerals import FUZZY, Printed, printed
from adtrace.checking.work.partials import gathered, partials_of, sum_of
from adtrace.checking.work.rules import ADJOINT, AND, INCREMENT, PARTIAL, SECOND, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.checking.work.shapes import fitted
from adtrace.checking.work.values import BITS, NoValue, shape_of, value_of
from adtrace.language.syntax import Name
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, literal, precision


class Shown(NamedTuple):
    """A number that is printed somewhere."""

    claim: Claim
    number: Printed


class Evidence:
    """What is printed, and what is judged of it."""

    def __init__(self, claims: Sequence[Claim], work: Work, right: Work) -> None:
        self.claims, self.work, self.right = claims, work, right
        self.truth = right.exact
        self.printed: dict[Subject, Shown] = {}
        self.workings: dict[Subject, Shown] = {}
        """The workings in the rows of those."""
        self.exact: set[Subject] = set()
        """What is printed exactly, and so is taken as it is."""
        self.judged: dict[int, Judgement] = {}
        self.deviating: dict[Subject, int] = {}
        """The claims whose number is not the right one, by what it is of."""
        self.astray: dict[Subject, Shown] = {}
        """Those numbers, where the right one is printed, too."""
        self.computed: dict[Hashable, tuple[dict[str, Scalar] | NoValue, tuple[int, ...]]] = {}
        """What comes of the printed numbers, with the claims from which those are, by how they are taken."""

    def is_bad(self, k: int) -> bool:
        """Whether a claim is a mistake, follows from one, or is not judged yet."""
        judgement = self.judged.get(k)
        return judgement is None or judgement.state in (WRONG, FOLLOWING)

    def root(self, k: int) -> Place:
        """Where the mistake stands that a claim takes over, or is."""
        judgement = self.judged.get(k)
        follows = judgement.follows if judgement is not None else None
        return self.claims[k].statement.place if follows is None else follows

    @property
    def goes_astray(self) -> bool:
        """Whether a number may be computed from a wrong one beside which the right one is known: by its rule, too."""
        return any(subject in self.exact or subject.quantity != VALUE for subject in self.astray)

    @property
    def wrong_operation(self) -> int | None:
        """The first claim of an operation, or of a value, that is wrong."""
        wrong = (k for k, j in self.judged.items() if j.state == WRONG and j.subject and j.subject.quantity == VALUE)
        return next(wrong, None)

    def expected(self, subject: Subject) -> Scalar | None:
        """The right number; nothing where there is none."""
        try:
            return self.truth[subject]
        except NoValue:
            return None

    @cached_property
    def rounded(self) -> Mapping[Scalar, Sequence[Scalar]]:
        """The right numbers, without their signs, that stand behind the decimals that are printed for them."""
        found = defaultdict[Scalar, list[Scalar]](list)
        for claim in self.claims:
            true = self.expected(claim.subjects[0]) if claim.subjects and claim.part.number is not None else None
            if claim.part.number is not None and true is not None and not shape_of(true):
                unit, shown = literal(1, claim.part.number.exponent), abs(printed(claim.part).exact)
                with precision(BITS):
                    if shown != true and abs(abs(ball(true)) - ball(shown)) < _BY_HAND * unit + _PART * shown:
                        found[shown].append(abs(ball(true)))
        return found

    @cached_property
    def as_meant(self) -> Arithmetic:
        """The arithmetic with decimals as what they may be rounded from, be it by a hand that had rounded before."""
        return replace(FUZZY, name="as meant", literal=self._meant)

    def _meant(self, digits: int, exponent: int) -> Scalar:
        value = FUZZY.literal(digits, exponent)
        for true in self.rounded.get(CERTIFIED.literal(digits, exponent), ()):
            value = ball(value).union(true)
        return value

    def total(self, numbers: Iterable[Scalar]) -> Scalar:
        """A sum, as sharp as the true numbers."""
        with self.truth.arithmetic.precision(128):
            return sum_of(numbers, self.truth.arithmetic)


ASTRAY, MENDED = "astray", "mended"
_BY_HAND, _PART = 10, fmpq(1, 500)
"""Units of the last digit, and the part of the whole, that a hand errs by which goes on with what it rounded."""


@dataclass
class Taken:
    """Numbers as they are printed, and where those are not the right ones the claims they are from."""

    evidence: Evidence
    subject: Subject
    """What is computed from them."""
    fuzzy: bool
    by_value: bool = False
    """Whether partials are computed from the value of their row, as a hand does that has exp(u) already."""
    instead: str = ""
    """`ASTRAY` where of what is printed twice, rightly and not, the wrong one is taken; `MENDED` where the right number
    is taken for a wrong one, rounded as that: it was copied wrongly after all was computed."""
    met: list[int] = field(default_factory=list)
    """The claims of those that are not the right ones."""

    @property
    def sources(self) -> list[int | None]:
        """Those of them that are mistakes, or may be."""
        return [k for k in self.met if self.evidence.is_bad(k)]

    def of(self, subject: Subject) -> Scalar:
        """The printed number of a subject under any of its names, else the right one."""
        evidence = self.evidence
        for same in _under_all_names(subject, evidence.work):
            astray = evidence.astray.get(same) if self.instead == ASTRAY else None
            found = astray or evidence.printed.get(same)
            exact = same in evidence.exact and astray is None
            if found is None or exact or same == self.subject:  # nothing follows from itself
                continue
            if same in evidence.deviating:
                if self.instead == MENDED and (rounded := self._rounded(same, found)) is not None:
                    return rounded
                self.met.append(evidence.deviating[same])
            shape = shape_of(evidence.truth[subject])
            number = found.number.fuzzy if self.fuzzy else found.number.exact
            same_shape = fitted(number, shape)
            return number if same_shape is None else same_shape
        return evidence.truth[subject]

    def _rounded(self, subject: Subject, shown: Shown) -> Scalar | None:
        """The right number, or what a right working comes to, rounded as the wrong one that is printed; None where that
        is right or has no digits.
        """
        number, evidence = shown.number.number, self.evidence
        if number is None or not evidence.is_bad(evidence.deviating[subject]):
            return None
        working, unit = evidence.workings.get(subject), literal(1, number.exponent)
        with precision(BITS):
            right = ball(working.number.exact if working is not None else evidence.truth[subject])
            if self.fuzzy:
                return arb(right.mid(), ball(unit))
            units = (right.mid() / unit + fmpq(1, 2)).floor().unique_fmpz()
            return None if units is None else int(units) * unit

    def like(self, subject: Subject) -> Lookup:
        """The same number of other variables."""
        same = self.evidence.work.same
        return Lookup(self, lambda name: (subject._replace(variable=name),) if name in same else ())

    @property
    def values(self) -> Lookup:
        """The values of variables."""
        return self.like(Subject(VALUE, ""))

    def by_keys(self, context: Context) -> Lookup:
        """The numbers that the keys of a formula are, along the seed and of the output of what is computed."""
        quantity, by, work = self.subject.quantity, self.subject.by, self.evidence.work
        output, _, seed = by.partition(AND)
        context = context.along(
            seed or by if quantity in (TANGENT, SECOND_ADJOINT) else context.seed,
            output if quantity in (ADJOINT, SECOND_ADJOINT) else context.output,
        )
        return Lookup(self, lambda key: context.subjects(named(key), work))

    def addends(self, work: Work) -> dict[str, Scalar]:
        """The rule of the number, as addends: of a value and of a partial there is one."""
        return self._once(work, self.subject, lambda taken: taken._addends(work))

    def _once(self, work: Work, of: Hashable, compute: Callable[[Taken], dict[str, Scalar]]) -> dict[str, Scalar]:
        """What is computed from printed numbers, once for all that ask for it, hundreds in a long table."""
        computed = self.evidence.computed
        key = work is self.evidence.right, of, self.fuzzy, self.by_value, self.instead
        if key not in computed:
            there = replace(self, met=[])
            each: dict[str, Scalar] | NoValue
            try:
                added = compute(there)
                several = of == self.subject and len({*map(shape_of, added.values())} - {()}) > 1
                # as one of the printed numbers has another
                each = NoValue("what is added has several shapes") if several else added
            except (NoValue, KeyError) as problem:
                each = NoValue(str(problem))
            computed[key] = each, tuple(dict.fromkeys(there.met))
        each, met = computed[key]
        if isinstance(each, NoValue):
            raise each
        self.met += met
        return each

    def _addends(self, work: Work) -> dict[str, Scalar]:
        subject, truth = self.subject, self.evidence.truth
        (quantity, variable, by), row = subject, work.same[subject.variable]
        if quantity == SECOND_ADJOINT:
            return work.exact.addends(subject, self.like(subject))
        if row not in work.operations and quantity != ADJOINT:
            return {"": truth[subject]}
        if quantity == VALUE:
            return {"": value_of(work.operations[row], self.values)}
        if quantity == PARTIAL:
            return {"": self._partials(work, row)[work.same.get(by, by)]}
        if quantity == INCREMENT:
            operand, output = by.split(AND, 1)
            partial = self._partials(work, row)[work.same.get(operand, operand)]
            adjoint = self.of(Subject(ADJOINT, variable, output))
            return {operand: truth.arithmetic.functions["mul"](adjoint, partial)}
        if quantity == SECOND:
            of = {"": Subject(VALUE, ""), "dot": Subject(TANGENT, "", by), "ddot": Subject(SECOND, "", by)}
            terms = rule_of(subject, work).terms
            keys = {key: of[named(key).mark]._replace(variable=named(key).variable) for key in names_of(terms)}
            return {"": value_of(terms, {key: self.of(operand) for key, operand in keys.items()}, truth.arithmetic)}
        if quantity not in (TANGENT, ADJOINT):
            raise NoValue("it has no rule")
        with truth.arithmetic.precision(128):
            return self._products(work, row)

    def _products(self, work: Work, row: str) -> dict[str, Scalar]:
        """What each operand of a tangent, or each use of an adjoint, contributes."""
        arithmetic, others = self.evidence.truth.arithmetic, self.like(self.subject)
        partials = cache(lambda of: self._partials(work, of))
        each = addends_of(
            work, self.subject, self.values, others, arithmetic, lambda of, by: self._partial(of, by, partials)
        )
        if self.by_value and self.subject.quantity == ADJOINT and arithmetic.entries is not None:
            each |= {use: self._of_value(work, use, others[use])[row] for use in work.sources(self.subject)}
        return each

    def _partial(self, row: str, by: str, partials: Callable[[str], dict[str, Scalar]]) -> Scalar:
        """A partial by its rule, or as it is printed: where it is a tangent, or an adjoint, perhaps as that."""
        ways = (Subject(PARTIAL, row, by), Subject(TANGENT, row, by), Subject(ADJOINT, by, row))
        found = next((way for way in ways if self.instead == ASTRAY and way in self.evidence.astray), None)
        return self.of(found) if found else partials(row)[by]

    def _partials(self, work: Work, row: str) -> dict[str, Scalar]:
        return self._once(work, row, lambda taken: taken._partials_of(work, row))

    def _partials_of(self, work: Work, row: str) -> dict[str, Scalar]:
        arithmetic = self.evidence.truth.arithmetic
        if self.by_value and arithmetic.entries is None:
            return self._of_value(work, row, arithmetic.one)
        return gathered(partials_of(work.operations[row], self.values, arithmetic), work.same, arithmetic)

    def _of_value(self, work: Work, row: str, adjoint: Scalar) -> dict[str, Scalar]:
        """What a row adds to the adjoint of each operand, by the formulas that have the row's own value in them."""
        arithmetic, above, values = self.evidence.truth.arithmetic, Name("\x00adjoint", 0), self.values
        shapes = self.evidence.truth.shapes if arithmetic.entries is not None else {}
        added = contributions(work.operations[row], shapes, (above,), (Name(row, 0),))
        each = {}
        for operand, formulas in added.items():
            numbers = {u: adjoint if u == above.name else values[u] for terms in formulas for u in names_of(terms)}
            each[operand] = sum_of((value_of(terms, numbers, arithmetic) for terms in formulas), arithmetic)
        return gathered(each, work.same, arithmetic)


@dataclass(frozen=True)
class Lookup:
    """Printed numbers by names."""

    taken: Taken
    subjects: Callable[[str], tuple[Subject, ...]]
    """What a name may be of."""

    def __contains__(self, name: object) -> bool:
        return bool(self.subjects(str(name)))

    def __getitem__(self, name: str) -> Scalar:
        of = self.subjects(name)
        if not of or of[0] == self.taken.subject:
            raise NoValue("it is told by itself, or by nothing")
        return self.taken.of(next((subject for subject in of if subject in self.taken.evidence.printed), of[0]))


def _under_all_names(subject: Subject, work: Work) -> Iterable[Subject]:
    """A subject under each name of its variable, its own first."""
    yield subject
    for name in work.called.get(work.same.get(subject.variable, subject.variable), ()):
        yield subject._replace(variable=name)
