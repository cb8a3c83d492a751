"""Steps of gradient descent behind a trace: ``x_1 = 2 - 0.1*5 = 1.5``, in which 5 is to be the derivative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, combinations
from math import prod
from operator import eq

from flint import arb

from adtrace.checking.drafts.draft import Draft
from adtrace.checking.drafts.points import is_next
from adtrace.checking.judgements.claims import Claim
from adtrace.checking.readings.names import named
from adtrace.checking.readings.rewriting import bare, names_of
from adtrace.checking.work.figures import Figures, Subject, Work
from adtrace.checking.work.numerals import FUZZY, all_entries, shown_as
from adtrace.checking.work.rules import ADJOINT, TANGENT, VALUE
from adtrace.checking.work.shapes import number_of
from adtrace.checking.work.values import NoValue, shape_of
from adtrace.language.syntax import Name, Terms
from adtrace.numbers.exact import ball
from adtrace.tracing.formulas import split


def is_step(claim: Claim, draft: Draft, truth: Figures) -> bool:
    """Whether a number is an independent variable after a step from its value: ``w = 1 - 0.1*6 = 0.4``."""
    (quantity, name, _), first = claim.subjects[0], claim.statement.parts[0]
    row, parts = draft.work.same.get(name, ""), claim.statement.parts
    if quantity != VALUE or row not in draft.work.inputs or len(parts) < 2 or not (first.is_number and first.readings):
        return False
    return _start(first.readings[0], name, draft, truth, ("sub", "add")) == row


def misstep(claim: Claim, claims: Sequence[Claim], draft: Draft, truth: Figures) -> str:
    """What is said of a step in which what stands beside the rate is neither the derivative nor the number that the
    document has for it.
    """
    start, put_in = _taken_away(claim, draft, truth)
    with suppress(NoValue):
        output = draft.outputs[0] if put_in else ""
        backwards, forwards = Subject(ADJOINT, start, output), Subject(TANGENT, draft.work.same.get(output, ""), start)
        of_these = (c for c in claims if {backwards, forwards} & _plain(c.subjects, draft.work))
        told = (number_of(c.part.readings[0], {}, FUZZY) for c in of_these if c.is_number)
        shown = [ball(number) for number in (truth[backwards], *told)] if put_in else []
        if shown and not any(number.overlaps(of) for number in put_in for of in shown):
            return f"the derivative by {start} is {shown_as(truth[backwards])}"
    return ""


def _taken_away(claim: Claim, draft: Draft, truth: Figures) -> tuple[str, list[arb]]:
    """The variable of a step, of itself or of a row behind the function, and what its derivative may be in it."""
    terms, work = bare(claim.part.readings[0]) if claim.part.readings and claim.subjects else (), draft.work
    if not terms or claim.subjects[0].quantity != VALUE or truth.of_arrays or len({*draft.outputs}) != 1:
        return "", []
    name, output = claim.subjects[0].variable, work.same.get(draft.outputs[0], "")
    start = _start(terms, name, draft, truth)
    within = {output, *work.ancestors(output), *work.inputs} - {start}
    outside = (is_next(name) and name in work.inputs) or work.same.get(name) not in within
    taken = split(terms)[1][1] if start and outside else ()
    by_row = any(name.startswith("slope_") for name in names_of(taken))  # of a table of steps
    return start, _put_in(taken) if taken and not by_row else []


def _plain(subjects: Sequence[Subject], work: Work) -> set[Subject]:
    """What a number may be of, each row under its first name."""
    return {subject._replace(variable=work.same.get(subject.variable, "")) for subject in subjects}


def _put_in(terms: Terms) -> list[arb]:
    """What the derivative may be of the product that is taken away, ``0.1*5``: each factor, and all but one."""
    factors = [*_factors(terms)]
    closed = [factor for factor in factors if not names_of(factor)]
    if len(factors) < 2 or len(closed) < len(factors) - 1 or any(map(_is_marked, factors)):
        return []
    with suppress(NoValue):
        numbers = [ball(number_of(factor, {}, FUZZY)) for factor in closed]
        return [prod(some) for size in range(1, len(factors)) for some in combinations(numbers, size)]
    return []


def _is_marked(terms: Terms) -> bool:
    """Whether a derivative is put in by its name, or more than a name."""
    return any(named(name).mark or len(terms) > 1 for name in names_of(terms))


def _start(terms: Terms, name: str, draft: Draft, truth: Figures, heads: Sequence[str] = ("sub",)) -> str:
    """The independent variable of the letter of a name from which something is taken away, or from whose value."""
    head, operands = split(terms)
    if head not in heads:
        return ""
    first = operands[0]
    alike = [row for row in draft.work.inputs if row.partition("_")[0] == name.partition("_")[0]]
    for row in sorted(alike, key=lambda row: not name.startswith(row)):  # its own before another of the same value
        if len(first) == 1 and type(first[0]) is Name and draft.work.same.get(first[0].name) == row:
            return row
        with suppress(NoValue):
            value = truth[Subject(VALUE, row)]
            told = [number_of(entry, {}) for entry in all_entries(tuple(first))] if not names_of(first) else []
            if len(told) == prod(shape_of(value)) and all(map(eq, told, getattr(value, "flat", (value,)))):
                return row
    return ""


def _factors(terms: Terms) -> Iterator[Terms]:
    """The factors of a product."""
    head, operands = split(terms)
    if head == "mul":
        yield from chain.from_iterable(map(_factors, operands))
    else:
        yield terms
