"""The causes of root mistakes: the table of slips, asked of each with what stands around it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from itertools import islice

from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.readings.rewriting import key_text, names_of
from adtrace.checking.reporting import RIGHT, WRONG
from adtrace.checking.slips.explain import explain, explain_alone, explain_formula
from adtrace.checking.slips.table import EXTRA_PATH, MISSING_PATH, OPERATION, ROUNDING, ROWS
from adtrace.checking.work.derived import in_keys, rule_of
from adtrace.checking.work.figures import Subject, Work
from adtrace.checking.work.formulas import holds, put_in
from adtrace.checking.work.numerals import agreement, shown_as
from adtrace.checking.work.rules import (
    ADJOINT,
    AND,
    ORDERS,
    PARTIAL,
    SECOND,
    SECOND_ADJOINT,
    TANGENT,
    VALUE,
    Lazily,
    Rule,
    Surroundings,
)
from adtrace.checking.work.values import NoValue
from adtrace.language.syntax import Number
from adtrace.numbers import Scalar

LABEL, PUT_IN, ARITHMETIC = "label", "number put in", "arithmetic"
_OF_NUMBERS = {ROWS, MISSING_PATH, EXTRA_PATH}
"""Words for wrong numbers that say nothing of an operation."""
_MOST_NUMBERS = 6
_MOST, _FEW, _MOST_TERMS = 60, 10, 200_000
"""Mistakes of a document for which a cause is looked for; terms computed for all of them, where they are not few."""


def reasons(judgements: Sequence[Judgement], right: Work, digits: int = 0) -> dict[int, tuple[str, str]]:
    """For root mistakes by place the cause, a word and a sentence; ``digits`` are the decimals asked for."""
    found: dict[int, tuple[str, str]] = {}
    ranked = sorted(judgements, key=lambda j: j.state != WRONG)  # the wrong one, else the first, tells
    printed = {j.subject: j.printed.exact for j in reversed(ranked) if j.subject and j.printed}
    roots = {judgement.subject: WRONG for judgement in judgements if judgement.state == WRONG}
    mistakes = ((k, each) for k, each in enumerate(judgements) if each.state == WRONG and each.subject is not None)
    for k, judgement in islice(mistakes, _MOST):
        assert judgement.subject is not None
        told = _short(judgement, digits) or _label(judgement, judgement.subject, right)
        told = told or _cause(judgement, judgement.subject, right, printed, roots)
        if told := told or _without_rule(judgements[k - 1], judgement):
            found[k] = told
    return found


def _without_rule(before: Judgement, judgement: Judgement) -> tuple[str, str] | None:
    """What is seen of a number without its rule: by the working before it, and by what it is and should be."""
    shown, true = judgement.printed, judgement.expected
    alone = explain_alone(shown, true) if shown is not None and true is not None else None
    return _of_working(before, judgement) or alone


def _of_working(before: Judgement, judgement: Judgement) -> tuple[str, str] | None:
    """A number behind a working with numbers, 2 + 1 = 4, that is right."""
    told, terms = before.claim, before.claim.part.readings[:1]
    beside = told.statement is judgement.claim.statement and told.place < judgement.claim.place
    if not beside or before.state != RIGHT or not told.is_number or len(terms[0]) < 3 or before.printed is None:
        return None
    return ARITHMETIC, f"{told.part.text} is right, and comes to {shown_as(before.printed.exact)}"


def _short(judgement: Judgement, digits: int) -> tuple[str, str] | None:
    """A number that is right but for the decimals that are asked for."""
    shown, true = judgement.printed, judgement.expected
    if not digits or shown is None or true is None or not agreement(shown, true):
        return None
    decimals = min((max(-entry.number.exponent, 0) for entry in shown.each if entry.number is not None), default=digits)
    has = {0: "no decimals", 1: "one decimal"}.get(decimals, f"{decimals} decimals")
    return (ROUNDING, f"it has {has} where {digits} are asked for") if decimals < digits else None


def _cause(
    judgement: Judgement, subject: Subject, work: Work, printed: Mapping[Subject, Scalar],
    roots: Mapping[Subject | None, str],
) -> tuple[str, str] | None:  # fmt: skip
    """The slip in the rule of a number, if it has one, with which the printed one comes out."""
    if judgement.how:  # it is the right number, by a working in which a factor 0 hides the slip
        return None
    try:
        rule = rule_of(subject, work)
    except NoValue:
        return None
    row = work.same[subject.variable]
    if any("(" in name for name in (row, *work.uses.get(row, ()))):
        return None  # the formula that stands for a function that nobody gives is not told
    rows = tuple(name for name in work.variables  # another name is no other row
                 if work.same.get(name) != row or name == subject.variable)  # fmt: skip
    subjects = _subjects(subject, work)
    true, wrong = _keyed(subjects, work, {}), Lazily(lambda key: roots[subjects[key]])
    most = _MOST_TERMS // max(_FEW, min(len(roots), _MOST))
    around = Surroundings(
        rows, work.operations, _beside(subject, work, {of.quantity for of in printed}), true, wrong, most
    )
    if judgement.claim.is_number and judgement.printed is not None:
        worked = judgement.printed.number is None and not judgement.reason
        told = explain(rule, true, _keyed(subjects, work, printed), judgement.printed, around)
        return told or (_put_in(judgement, subject, work) if worked else None)
    return _of_formula(judgement, rule, work, around)


def _put_in(judgement: Judgement, subject: Subject, work: Work) -> tuple[str, str] | None:
    """A working in which one number is another than that of the row that it stands for."""
    terms, context = judgement.claim.part.readings[0], judgement.claim.context
    if sum(type(term) is Number for term in terms) not in range(2, _MOST_NUMBERS):
        return None
    try:
        told = put_in(terms, subject, work, context)
    except NoValue:
        return None
    return told and (PUT_IN, f"{told[0]} stands where {key_text(told[1])} is put in")


def _label(judgement: Judgement, subject: Subject, work: Work) -> tuple[str, str] | None:
    """A formula that is named after another row, and is that of its own."""
    claim = judgement.claim
    row, head = claim.statement.row, claim.statement.head
    other = row.variable if row is not None and head is not None and row.variable != head.variable else ""
    if other not in work.same or claim.is_number or not claim.part.readings:
        return None
    try:
        told = holds(claim.part.readings[0], subject._replace(variable=other), work, claim.context)
    except NoValue:
        return None
    return (LABEL, f"it is that of {key_text(other)}, in whose row it stands") if told else None


def _of_formula(judgement: Judgement, rule: Rule, work: Work, around: Surroundings) -> tuple[str, str] | None:
    claim, subject, terms = judgement.claim, judgement.subject, judgement.claim.part.readings[0]
    assert subject is not None
    try:
        told = explain_formula(rule, in_keys(terms, rule, claim.context, work), around)
    except NoValue:
        told = None
    if subject.quantity == VALUE and (told is None or told.word in _OF_NUMBERS or len(rule.terms) == 1):
        return OPERATION, ""
    return told


def _subjects(subject: Subject, work: Work) -> Lazily:
    """What the keys around a cell are of: values, and tangents and adjoints along its own seed and output."""
    by, _, along = subject.by.partition(AND)
    seed = along or (by if subject.quantity in (TANGENT, *ORDERS) else next(iter(work.seeds), ""))
    output = by if subject.quantity in (ADJOINT, SECOND_ADJOINT) else work.outputs[0]
    marks = {"": (VALUE, ""), "dot": (TANGENT, seed), "bar": (ADJOINT, output), "ddot": (SECOND, seed),
             "dotbar": (SECOND_ADJOINT, f"{output}{AND}{seed}")}  # fmt: skip

    def of(key: str) -> Subject:
        mark, _, name = ("", "", key) if key in work.same else key.partition(" ")
        quantity, way = marks[mark]
        if name not in work.same:
            name, _, way = name.rpartition(AND)
            if quantity != TANGENT or name not in work.same or way not in _other_seeds(subject, work):
                raise KeyError(key)
        return Subject(quantity, name, way)

    return Lazily(of)


def _keyed(subjects: Lazily, work: Work, printed: Mapping[Subject, Scalar]) -> Lazily:
    """The numbers around a cell by their keys, as they are printed or else the right ones."""

    def number(key: str) -> Scalar:
        of = subjects[key]
        try:
            return printed[of] if of in printed else work.exact[of]
        except NoValue:
            raise KeyError(key) from None

    return Lazily(number)


def _other_seeds(subject: Subject, work: Work) -> list[str]:
    """The other independent variables by which a row may be differentiated, for a tangent."""
    return [name for name in work.inputs if subject.quantity == TANGENT and name != subject.by]


def _beside(subject: Subject, work: Work, there: Container[str]) -> dict[str, str]:
    """The other numbers of the row, and what each is in words, of the quantities that are there."""
    name, said = subject.variable, key_text(subject.variable)
    marks = {VALUE: "", **{word: mark for word, mark in ((TANGENT, "dot "), (ADJOINT, "bar ")) if word in there}}
    found = {f"{mark}{name}": f"the {word} of {said}" for word, mark in marks.items() if word != subject.quantity}
    found |= {f"dot {name}|{by}": f"the derivative of {said} by {by}" for by in _other_seeds(subject, work)}
    if subject.quantity == PARTIAL:
        found |= {u: f"the value of {key_text(u)}" for u in names_of(work.operations.get(work.same[name], ()))}
    return found
