"""Derivatives at a kink: those of one table are by one convention, and so is a formula and the number beside it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.reporting import NOT_READ, RIGHT, WRONG
from adtrace.checking.work.figures import Figures, Subject
from adtrace.checking.work.formulas import holds_around, meanings_of
from adtrace.checking.work.numerals import APPROXIMATE, agreement, shown_as
from adtrace.checking.work.rules import ADJOINT, PARTIAL, TANGENT
from adtrace.checking.work.shapes import close, numbers_of
from adtrace.checking.work.values import NoValue, middle
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ball

_CLOSE = 1e-9


def mixed(judged: Mapping[int, Judgement], truth: Figures) -> Iterator[tuple[int, Judgement]]:
    """What is right by another convention than the most of its table, or, of as many, than what stands first."""
    reason = "it is by another convention at the kink than the others"
    for each in _by_tables(judged, truth) if truth.sides else ():
        counts = Counter(side for fits in each.values() for side in fits)
        if not counts:
            continue
        best = max(counts, key=lambda side: (counts[side], side in next(iter(each.values()))))
        state = WRONG if 2 * counts[best] > len(each) else NOT_READ
        for k, subject in (at for at, fits in each.items() if best not in fits):
            yield k, replace(judged[k], state=state, how="", expected=truth.sides[best][subject], reason=reason)


def unsummed(judged: Mapping[int, Judgement], truth: Figures) -> Iterator[tuple[int, Judgement]]:
    """Adjoints of arrays whose entries do not add up to what pools of them pass back, whatever entry takes a tie."""
    work = truth.work
    for k, one in judged.items() if truth.of_arrays else ():
        subject, number = one.subject, one.printed
        if one.how != APPROXIMATE or not number or not number.shape or not subject or subject.quantity != ADJOINT:
            continue
        uses = work.uses.get(work.same.get(subject.variable, ""), ())
        heads = (getattr(work.operations[use][-1], "head", "") for use in uses)
        with suppress(NoValue):
            passed = [truth[Subject(ADJOINT, use, subject.by)] for use in uses]
            if all(head.startswith("maxpool") for head in heads):
                shown, true = sum(number.fuzzy.flat), sum(entry for array in passed for entry in array.flat)
                reason = f"its entries add up to {shown_as(shown)}, and what is passed back to {shown_as(true)}"
                if not ball(shown).overlaps(ball(true)):
                    yield k, replace(one, state=WRONG, how="", reason=reason)


def _by_tables(judged: Mapping[int, Judgement], truth: Figures) -> Iterable[Mapping[tuple[int, Subject], set[int]]]:
    """Of each table the tangents, or adjoints, that are right by some conventions alone, with those; none that several
    rows tell of, in parts perhaps, and none whose formula tells the convention.
    """
    found = defaultdict[tuple[int, str], dict[tuple[int, Subject], set[int]]](dict)
    right = {k: one for k, one in sorted(judged.items()) if one.state == RIGHT and one.subject}
    rows = defaultdict[tuple[int, Subject | None], set[int]](set)
    for one in right.values():
        rows[one.claim.row[0], one.subject].add(one.claim.row[1])
    for k, one in right.items():
        table, subject = one.claim.row[0], one.subject
        if subject is None or subject.quantity not in (TANGENT, ADJOINT) or len(rows[table, subject]) > 1:
            continue
        fits = _fitting(one, subject, truth)
        odd = not fits and one.how == APPROXIMATE and one.claim.part.number is not None
        if (odd or 0 < len(fits) < len(truth.sides)) and not _is_told(one, subject, right.values(), truth):
            found[table, subject.quantity][k, subject] = fits
    return found.values()


def _is_told(judgement: Judgement, subject: Subject, others: Iterable[Judgement], truth: Figures) -> bool:
    """Whether a formula is right to both sides of the kink, ``v̄_1 [x > y]``, or a number is its value."""
    told = (one for one in others if one.subject == subject and _is_general(one, subject, truth))
    if judgement.printed is None:
        return _is_general(judgement, subject, truth)
    with suppress(NoValue):
        values = (value for one in told for value in _worth(one, truth))
        return any(agreement(judgement.printed, value) not in ("", APPROXIMATE) for value in values)
    return False


def _is_general(judgement: Judgement, subject: Subject, truth: Figures) -> bool:
    claim = judgement.claim
    with suppress(NoValue):
        return any(holds_around(terms, subject, truth.work, claim.context) for terms in claim.part.readings)
    return False


def _fitting(judgement: Judgement, subject: Subject, truth: Figures) -> set[int]:
    """The conventions by which a number, or what a formula comes to, is right."""
    found = set()
    for side, figures in enumerate(truth.sides):
        with suppress(NoValue):
            true = figures[subject]
            if judgement.printed is not None:
                fits = bool(agreement(judgement.printed, true))
            else:
                fits = any(close(middle(value), middle(true), _CLOSE) for value in _worth(judgement, figures))
            found |= {side} if fits else set()
    return found


def _worth(judgement: Judgement, figures: Figures) -> Iterator[Scalar]:
    """What a formula without local partials comes to."""
    claim = judgement.claim
    for terms in claim.part.readings[:1]:
        for meaning in meanings_of(terms, figures.work, claim.context)[:1]:
            if PARTIAL not in {of.quantity for of in meaning.values()}:
                yield from numbers_of(terms, {key: figures[of] for key, of in meaning.items()})
