"""The operations that were meant, where the rows do not compute the function that they are about.

One row is mended by each slip in turn until the rows compute the function; if several rows are wrong, the first that
is no part of the function is mended first, so that it becomes one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice, takewhile

from flint import arb

from adtrace.checking.drafts.aligned import parts_of
from adtrace.checking.drafts.draft import Draft
from adtrace.checking.drafts.functions import outputs_by_name
from adtrace.checking.interpretations.interpret import Interpretation
from adtrace.checking.judgements.claims import Claim, Judgement
from adtrace.checking.readings.names import Name
from adtrace.checking.readings.rewriting import in_doubles, names_of
from adtrace.checking.reporting import WRONG
from adtrace.checking.slips.explain import mended as candidates
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.numerals import Printed, agreement, printed
from adtrace.checking.work.rules import VALUE, Rule, Surroundings
from adtrace.checking.work.shapes import close
from adtrace.checking.work.values import NoValue, middle, value_of
from adtrace.language.syntax import Apply, Terms, starts
from adtrace.language.syntax import Name as Leaf
from adtrace.numbers import Scalar

_MOST, _MOST_ROWS = 4_000, 120_000
"""Operations that are tried in one piece of work, and rows that are computed anew for them."""


def meant(interpretation: Interpretation, all_claims: Sequence[Claim]) -> tuple[Work, dict[str, Terms]]:
    """The work with the operations that were meant, and those that differ; as it is, if there are none."""
    draft = interpretation.draft
    if draft.work.exact.of_arrays:  # what was meant is looked for among operations of numbers
        return draft.work, {}
    search = _Search(draft, _printed_values(all_claims))
    changed = search.one_row() or search.row_by_row() or search.one_line()
    if not changed:
        return draft.work, {}
    return with_changes(draft.work, changed), changed


def with_changes(work: Work, changed: Mapping[str, Terms]) -> Work:
    """The work with other operations."""
    return work.but(rows=tuple((name, changed.get(name, terms)) for name, terms in work.rows))


def meant_by_numbers(judgements: Sequence[Judgement], work: Work) -> dict[str, Terms]:
    """The operation, of the one row whose numbers are wrong, of which they come out: told another one, where no
    function is asked for; none of entries, nor where a 0 hides a slip in a right number.
    """
    wrong = [
        (j, of) for j in judgements if j.state == WRONG and (of := j.subject) and of.quantity == VALUE and j.printed
    ]
    rows = {work.same.get(of.variable, "") for _, of in wrong}
    row = rows.pop() if len(rows) == 1 and not work.entries and not any(j.how for j, _ in wrong) else ""
    with suppress(NoValue):  # of a row before that nobody tells
        tried = islice(_operations_like(row, work), _MOST_MEANT)
        fits = (terms for terms, numbers in tried if all(_comes_to(j, terms, numbers) for j, _ in wrong))
        return next(({row: terms} for terms in fits), {})
    return {}


def _operations_like(row: str, work: Work) -> Iterator[tuple[Terms, Mapping[str, Scalar]]]:
    """What may be meant by the operation of a row that is one, and the values before it.  Raises `NoValue`."""
    terms, before = work.operations.get(row, ()), (*work.inputs, *takewhile(row.__ne__, work.operations))
    if len(terms) > 1:
        numbers = {name: work.exact[Subject(VALUE, name)] for name in before}
        for change in candidates(Rule(Name(row), VALUE, terms), Surroundings(before, work.operations)):
            yield change.terms, numbers


def _comes_to(judgement: Judgement, terms: Terms, numbers: Mapping[str, Scalar]) -> bool:
    with suppress(NoValue, KeyError):
        return judgement.printed is not None and bool(agreement(judgement.printed, value_of(terms, numbers)))
    return False


_MOST_MEANT = 200


def _printed_values(all_claims: Sequence[Claim]) -> dict[str, Printed]:
    found: dict[str, Printed] = {}
    for claim in all_claims:
        if claim.is_number and claim.subjects and claim.subjects[0].quantity == VALUE:
            with suppress(NoValue):
                found.setdefault(claim.subjects[0].variable, printed(claim.part))
    return found


class _Search:
    """Operations tried in place of others, in doubles at a point nearby."""

    def __init__(self, draft: Draft, values: Mapping[str, Printed]) -> None:
        self.draft, self.values, self.spent, self.computed = draft, values, 0, 0
        self.rows = draft.work.rows
        self.operands = {name: names_of(terms) for name, terms in self.rows}
        self.called = outputs_by_name(draft.work, draft.asked)
        near, inputs = draft.work.near[:1], draft.work.inputs
        self.inputs = {name: float(figures[Subject(VALUE, name)]) for figures in near for name in inputs}
        located = [name for name in draft.work.inputs if name not in draft.work.open]
        self.here = {name: middle(draft.work.exact[Subject(VALUE, name)]) for name in located}
        self.near = self._compute({**self.inputs}, {}, self.operands)
        self.there = self._compute({**self.here}, {}, self.operands)
        self.variables = {name: self.inputs.get(of) for name, of in draft.names.items()}
        self.wanted = [in_doubles(function, self.variables) for function in draft.asked.functions]
        parts = (part for function in draft.asked.functions for part in parts_of(function))
        self.parts = [in_doubles(part, self.variables) for part in parts]

    def one_row(self) -> dict[str, Terms]:
        """The one operation to be changed, of several the one with which most printed values agree."""
        tried = ({name: terms} for place, (name, _) in enumerate(self.rows) for terms in self._candidates(place))
        return max(filter(self._computes, tried), key=self._worth, default={})

    def row_by_row(self) -> dict[str, Terms]:
        """The operations to be changed, each so that its row is a part of the function and agrees with its number."""
        changed: dict[str, Terms] = {}
        for place, (name, _) in enumerate(self.rows):
            if not self._fits(name, changed):
                tried = (changed | {name: terms} for terms in self._candidates(place))
                fitting = (one for one in tried if self._fits(name, one))
                changed = max(fitting, key=self._worth, default=changed)
        return changed if changed and self._computes(changed) else {}

    def one_line(self) -> dict[str, Terms]:
        """The one operation of rows that is a part of the function instead: of a line that was copied, or made up."""
        names = [*self.inputs, *(name for name, _ in self.rows)]
        tried = ({name: part} for place, (name, _) in enumerate(self.rows)
                 for part in self._parts_in_rows(names[: len(self.inputs) + place])
                 if sum(type(t) is Apply for t in part) == 1)  # fmt: skip
        return next(filter(self._computes, tried), {})

    def _candidates(self, place: int) -> Iterator[Terms]:
        """What may have been meant by the operation of a row."""
        work, (name, terms) = self.draft.work, self.rows[place]
        renamed = {same for name, same in work.same.items() if name != same}
        inputs = [name for name in work.inputs if name not in renamed]
        before = (*inputs, *(name for name, _ in self.rows[:place]))
        if len(terms) == 1:  # another name of a row is mended where that row is, unless the output is another row
            yield from ((Leaf(other, 0),) for other in before if name in self.called and (other,) != names_of(terms))
            return
        for change in candidates(Rule(Name(name), VALUE, terms), Surroundings(before, dict(self.rows[:place]))):
            self.spent += 1
            if self.spent > _MOST or self.computed > _MOST_ROWS:
                return
            yield change.terms

    def _parts_in_rows(self, names: Sequence[str]) -> Iterator[Terms]:
        """The parts of the function in terms of rows."""
        numbers = self.near
        for part in dict.fromkeys(part for function in self.draft.asked.functions for part in parts_of(function)):
            begin, end = starts(part), len(part) - 1
            found = [part[end]]
            while (end := end - 1) >= 0:
                value = in_doubles(part[begin[end] : end + 1], self.variables)
                name = next((name for name in names if _close(value, numbers[name])), "")
                found.append(Leaf(name, 0) if name else part[end])
                end = begin[end] if name else end
            yield tuple(reversed(found))

    def _compute(
        self, numbers: dict[str, float | None], changed: Mapping[str, Terms], moved: Collection[str]
    ) -> dict[str, float | None]:
        """The numbers with those of these rows, and of what is computed from them, anew."""
        moved = {*moved}
        for name, terms in self.rows:
            if name in moved or not moved.isdisjoint(self.operands[name]):
                before, numbers[name] = numbers.get(name), None
                with suppress(KeyError, TypeError):
                    numbers[name] = in_doubles(changed.get(name, terms), numbers)
                moved |= {name} if numbers[name] != before else set()
                self.computed += 1
        return numbers

    def _computes(self, changed: Mapping[str, Terms]) -> bool:
        """Whether the rows compute the function nearby, and can be swept at the point: not so the root of 0."""
        numbers = self._compute({**self.near}, changed, changed)
        if self.called:
            are_close = (_close(wanted, numbers[name]) for wanted, name in zip(self.wanted, self.called, strict=True))
        else:
            are_close = (any(_close(wanted, number) for number in numbers.values()) for wanted in self.wanted)
        with suppress(NoValue):
            return all(are_close) and bool(with_changes(self.draft.work, changed).exact)
        return False

    def _fits(self, name: str, changed: Mapping[str, Terms]) -> bool:
        """Whether a row is the output that it is called as, or else a part of the function."""
        value = self._compute({**self.near}, changed, changed)[name]
        wanted = [self.wanted[self.called.index(name)]] if name in self.called else self.parts
        return any(_close(one, value) for one in wanted)

    def _worth(self, changed: Mapping[str, Terms]) -> tuple[int, int]:
        """With how many printed values the changed rows agree, and how short they are."""
        numbers = self._compute({**self.there}, changed, changed)
        pairs = [(shown, numbers.get(name)) for name, shown in self.values.items()]
        agreeing = sum(bool(agreement(shown, arb(number))) for shown, number in pairs if number is not None)
        return agreeing, -sum(map(len, changed.values()))


def _close(some: Scalar | None, other: Scalar | None) -> bool:
    return some is not None and other is not None and close(some, other, 1e-9)
