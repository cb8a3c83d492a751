"""The printed numbers of a piece of work and the judgements so far, and what is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from adtrace.checking.array_rules import contributions
from adtrace.checking.claims import Claim, Judgement
from adtrace.checking.figures import Context, Subject, Work, gathered, partials_of, sum_of
from adtrace.checking.figures import addends as addends_of
from adtrace.checking.names import named
from adtrace.checking.numerals import Printed
from adtrace.checking.reporting import FOLLOWING, WRONG, Place
from adtrace.checking.rules import ADJOINT, AND, INCREMENT, PARTIAL, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.checking.shapes import fitted
from adtrace.checking.values import NoValue, shape_of, value_of
from adtrace.language.syntax import Name
from adtrace.numbers import Scalar


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
        self.exact: set[Subject] = set()
        """What is printed exactly, and so is taken as it is."""
        self.judged: dict[int, Judgement] = {}
        self.deviating: dict[Subject, int] = {}
        """The claims whose number is not the right one, by what it is of."""

    def is_bad(self, k: int) -> bool:
        """Whether a claim is a mistake, follows from one, or is not judged yet."""
        judgement = self.judged.get(k)
        return judgement is None or judgement.state in (WRONG, FOLLOWING)

    def root(self, k: int) -> Place:
        """Where the mistake stands that a claim takes over, or is."""
        judgement = self.judged.get(k)
        if judgement is not None and judgement.follows is not None:
            return judgement.follows
        return self.claims[k].statement.place

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

    def total(self, numbers: Iterable[Scalar]) -> Scalar:
        """A sum, as sharp as the true numbers."""
        with self.truth.arithmetic.precision(128):
            return sum_of(numbers, self.truth.arithmetic)


def addends(work: Work, subject: Subject, taken: Taken) -> dict[str, Scalar]:
    """The rule of a number, as addends: of a value and of a partial there is one."""
    row = work.same[subject.variable]
    if subject.quantity == SECOND_ADJOINT:
        others = {use: taken.of(subject._replace(variable=use)) for use in work.uses.get(row, ())}
        return work.exact.addends(subject, others)
    if row not in work.operations and subject.quantity != ADJOINT:
        return {"": taken.evidence.truth[subject]} if row in work.inputs else {}
    if subject.quantity == VALUE:
        return {"": value_of(work.operations[row], taken)}
    if subject.quantity == PARTIAL:
        return {"": _partials(work, row, taken)[work.same.get(subject.by, subject.by)]}
    if subject.quantity == INCREMENT:
        operand, output = subject.by.split(AND, 1)
        mul = taken.evidence.truth.arithmetic.functions["mul"]
        partial = _partials(work, row, taken)[work.same.get(operand, operand)]
        return {operand: mul(taken.of(Subject(ADJOINT, subject.variable, output)), partial)}
    if subject.quantity not in (TANGENT, ADJOINT):
        raise NoValue("it has no rule")
    arithmetic = taken.evidence.truth.arithmetic
    with arithmetic.precision(128):
        found = addends_of(
            work, subject, taken, _Others(taken), arithmetic, lambda of, by: _partials(work, of, taken)[by]
        )
        if taken.by_value and subject.quantity == ADJOINT and arithmetic.entries is not None:
            above = _Others(taken)
            found |= {use: _of_value(work, use, taken, above[use])[row] for use in work.uses.get(row, ())}
        return found


def _partials(work: Work, row: str, taken: Taken) -> dict[str, Scalar]:
    arithmetic = taken.evidence.truth.arithmetic
    if taken.by_value and arithmetic.entries is None:
        return _of_value(work, row, taken, arithmetic.one)
    return gathered(partials_of(work.operations[row], taken, arithmetic), work.same, arithmetic)


def _of_value(work: Work, row: str, taken: Taken, adjoint: Scalar) -> dict[str, Scalar]:
    """What a row adds to the adjoint of each operand, by the formulas that have the row's own value in them."""
    arithmetic, above = taken.evidence.truth.arithmetic, Name("\x00adjoint", 0)
    shapes = taken.evidence.truth.shapes if arithmetic.entries is not None else {}
    added = contributions(work.operations[row], shapes, (above,), (Name(row, 0),))
    numbers = _With(taken, above.name, adjoint)
    each = {name: sum_of((value_of(terms, numbers, arithmetic) for terms in formulas), arithmetic)
            for name, formulas in added.items()}  # fmt: skip
    return gathered(each, work.same, arithmetic)


@dataclass
class Taken:
    """Numbers by variable as they are printed, and where those are not the right ones the claims they are from."""

    evidence: Evidence
    subject: Subject
    fuzzy: bool
    by_value: bool = False
    """Whether partials are computed from the value of their row, as a hand does that has exp(u) already."""
    sources: list[int | None] = field(default_factory=list)

    def of(self, subject: Subject) -> Scalar:
        """The printed number of a subject under any of its names, else the right one."""
        work = self.evidence.work
        for name in _names(work, subject.variable):
            same = subject._replace(variable=name)
            found = self.evidence.printed.get(same)
            if found is None or same in self.evidence.exact or same == self.subject:  # nothing follows from itself
                continue
            source = self.evidence.deviating.get(same)
            if source is not None and self.evidence.is_bad(source):
                self.sources.append(source)
            shape = shape_of(self.evidence.truth[subject])
            number = fitted(found.number.fuzzy if self.fuzzy else found.number.exact, shape)
            if number is None:
                raise NoValue("it has another shape")
            return number
        return self.evidence.truth[subject]

    def __contains__(self, name: object) -> bool:
        return name in self.evidence.work.same

    def __getitem__(self, name: str) -> Scalar:
        return self.of(Subject(VALUE, name))


@dataclass
class _With:
    """Printed numbers, and one by another name."""

    taken: Taken
    name: str
    number: Scalar

    def __contains__(self, name: object) -> bool:
        return name == self.name or name in self.taken

    def __getitem__(self, name: str) -> Scalar:
        return self.number if name == self.name else self.taken[name]


class _Others:
    """The tangents, or adjoints, from which one is computed, by variable."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken

    def __contains__(self, name: object) -> bool:
        return name in self._taken

    def __getitem__(self, name: str) -> Scalar:
        return self._taken.of(self._taken.subject._replace(variable=name))


def _names(work: Work, variable: str) -> list[str]:
    """All names of a variable, its own first."""
    row = work.same.get(variable, variable)
    return [variable, *(name for name in work.same if work.same[name] == row and name != variable)]


@dataclass
class Environment:
    """Numbers by the keys of a formula, as they are printed."""

    evidence: Evidence
    context: Context
    subject: Subject
    exact: bool
    taken: list[int | None] = field(default_factory=list)

    def _subjects(self, key: str) -> tuple[Subject, ...]:
        context = self.context
        if self.subject.quantity == TANGENT:
            context = replace(context, seed=self.subject.by)
        elif self.subject.quantity == ADJOINT:
            context = replace(context, output=self.subject.by)
        elif self.subject.quantity == SECOND_ADJOINT:
            output, seed = self.subject.by.split(AND, 1)
            context = replace(context, output=output, seed=seed)
        return context.subjects(named(key), self.evidence.work)

    def __contains__(self, key: object) -> bool:
        return bool(self._subjects(str(key)))

    def __getitem__(self, key: str) -> Scalar:
        taken = Taken(self.evidence, self.subject, not self.exact)
        of = self._subjects(key)
        if self.subject in of and of[0] == self.subject:
            raise NoValue("it is told by itself")
        number = taken.of(next((s for s in of if s in self.evidence.printed), of[0]))
        self.taken += taken.sources
        return number
