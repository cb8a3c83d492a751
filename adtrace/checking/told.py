"""Judgements as findings: what should stand there and why, and the cells in which nothing stands that is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from adtrace.checking.claims import Judgement
from adtrace.checking.figures import Subject, Work
from adtrace.checking.interpret import Interpretation
from adtrace.checking.layouts import STRAY, Column, Statement
from adtrace.checking.meanings import LEFT, NOTHING, OWN, Meaning, lefts
from adtrace.checking.names import Name, plainly
from adtrace.checking.numerals import shown_as
from adtrace.checking.reporting import (
    BY_HAND,
    CUT,
    EMPTY,
    NOT_ASKED,
    NOT_READ,
    RIGHT,
    ROUNDED,
    WRONG,
    Finding,
    Place,
)
from adtrace.checking.rewriting import text_of
from adtrace.checking.rules import ADJOINT, COEFFICIENT, PARTIAL, SECOND, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.language.syntax import Terms

_HOW = {"last digit": ROUNDED, "approximate": ROUNDED}
_FORMULA = {VALUE: "operation", TANGENT: "tangent formula", ADJOINT: "adjoint formula", PARTIAL: "partial formula",
            SECOND: "second-order formula", SECOND_ADJOINT: "second adjoint formula",
            COEFFICIENT: "coefficient formula"}  # fmt: skip


def findings(
    judgements: Sequence[Judgement], causes: Mapping[int, tuple[str, str]], meant: Mapping[str, Terms],
    interpretation: Interpretation, digits: int | None,
) -> Iterator[Finding]:  # fmt: skip
    """What is found of each claim; ``causes`` has a word and a sentence for some, ``meant`` the operations that are."""
    for k, judgement in enumerate(judgements):
        statement = judgement.claim.statement
        meaning = interpretation.columns.get(statement.column, NOTHING)
        finding = _finding(judgement, causes.get(k, ("", "")), meant, digits)
        if judgement.state == NOT_READ and not _is_wanted(judgement, meaning, interpretation):
            finding = replace(finding, state=NOT_ASKED, sentence="")
        yield finding


def _is_wanted(judgement: Judgement, meaning: Meaning, interpretation: Interpretation) -> bool:
    """Whether what is not read is asked for: not so the word beside an input, or the number of a line."""
    statement = judgement.claim.statement
    if judgement.claim.part.name is not None and len(statement.parts) == 1 and not (statement.head or meaning.quantity):
        return False  # the name of a parent or a child
    if judgement.claim.part.readings:
        said = statement.named is not None or len(statement.parts) > 1
        return said or statement.sign == STRAY or bool(meaning.quantity)
    subject = next(iter(judgement.claim.subjects), None)
    work = interpretation.work
    if subject is not None and subject.quantity == VALUE and work.same.get(subject.variable) in work.inputs:
        return False
    if meaning.quantity and _is_working(judgement.claim.part.text, len(statement.parts) > 1, work):
        return True
    return statement.head is not None or _is_expected(statement, meaning, interpretation, frozenset())


_OPERATOR = re.compile(r"[*/^+×·]|[-−]\s*[(\w]")


def _is_working(said: str, beside_others: bool, work: Work) -> bool:
    """Whether a text is worked out of rows, as far as one sees, or of numbers beside its result: ``v̄_4 * (-qin(v_1))``,
    ``-qin(0.4) * 0`` of ``-qin(0.4) * 0 = 0``.
    """
    text = re.sub(r"[\s{}]", "", said)
    of_rows = any("_" in name and name in text for name in work.same)
    return bool(_OPERATOR.search(text)) and (of_rows or (beside_others and any(map(str.isdecimal, text))))


def _finding(judgement: Judgement, cause: tuple[str, str], meant: Mapping[str, Terms], digits: int | None) -> Finding:
    statement, state = judgement.claim.statement, judgement.state
    expected = _expected(judgement, meant, digits) if state != RIGHT else ""
    return Finding(
        statement.place, statement.line, statement.cell.bare, _row(statement, judgement.subject),
        quantity_of(judgement), state,
        how=_HOW.get(judgement.how, judgement.how) if state == RIGHT else "", expected=expected, cause=cause[0],
        sentence=_sentence(judgement, expected, cause[1]), follows=judgement.follows, remark=_remark(judgement, digits),
    )  # fmt: skip


def _sentence(judgement: Judgement, expected: str, cause: str) -> str:
    """What is to be said of a claim; ``cause`` why it is wrong."""
    text, reason = judgement.claim.part.text, judgement.reason
    if judgement.state == NOT_READ:
        return f"{text!r} is not read: {reason}" if reason else "it is not read"
    sentence = reason
    if judgement.state == WRONG and expected:
        sentence = f"{text} should be {expected}" + (f": {reason}" if reason else "")
    elif judgement.state == WRONG:
        row = _row(judgement.claim.statement)
        sentence = f"{text}: {reason}" if reason else f"{text} is not the {quantity_of(judgement)} of {row}"
    return f"{sentence} ({cause})" if cause else sentence


def only_asked(finding: Finding, asked: frozenset[str]) -> Finding:
    """A finding on what is not asked for is none."""
    if not asked or "all" in asked or any(word in finding.quantity for word in asked):
        return finding
    return replace(finding, state=NOT_ASKED, sentence="", expected="", cause="", follows=None)


_DECIMAL = re.compile(r"(?<![\w.,])\d+\.\d+(?!\.?\d)")
_ENTRIES = re.compile(r"\[[-\d., ]+\]")


def with_commas(finding: Finding) -> Finding:
    """A finding with decimal commas, and semicolons between the entries of arrays; what its cell says stays."""

    def comma(text: str) -> str:
        text = _ENTRIES.sub(lambda m: m[0] if m[0] in finding.text else m[0].replace(", ", "; "), text)
        return _DECIMAL.sub(lambda m: m[0] if m[0] in finding.text else m[0].replace(".", ","), text)

    expected, sentence, remark = map(comma, (finding.expected, finding.sentence, finding.remark))
    return replace(finding, expected=expected, sentence=sentence, remark=remark)


def _row(statement: Statement, subject: Subject | None = None) -> str:
    """The row as it is called: by its label, by what the cell itself names, by what it is a number of."""
    name = statement.named
    if statement.label or name is None:
        return statement.label
    variable = plainly(name.variable)
    if subject is not None and subject.quantity in (VALUE, TANGENT, ADJOINT, SECOND_ADJOINT):
        variable = plainly(subject.variable)
    index = variable.partition("_")[2]
    return variable if len(index) < 2 else variable.replace(f"_{index}", f"_{{{index}}}")


def _remark(judgement: Judgement, digits: int | None) -> str:
    """What could be better in a number that is right."""
    if judgement.state != RIGHT or judgement.how not in (CUT, BY_HAND) or judgement.expected is None:
        return ""
    right = _expected(judgement, {}, digits)
    if judgement.how == CUT:
        return f"the digits are cut off, not rounded: {right}"
    return f"computed from rounded numbers; exactly it is {right}" if right != judgement.claim.part.text else ""


def quantity_of(judgement: Judgement) -> str:
    """The quantity in a word: of a formula what it is a formula of."""
    subject, claim = judgement.subject, judgement.claim
    quantity = subject.quantity if subject else claim.subjects[0].quantity if claim.subjects else ""
    return quantity or "cell" if claim.is_number else _FORMULA.get(quantity, "formula")


def _expected(judgement: Judgement, meant: Mapping[str, Terms], digits: int | None) -> str:
    """What should stand there, as text."""
    expected = judgement.expected
    if expected is None:
        subject = judgement.subject
        if subject is not None and subject.quantity == VALUE and subject.variable in meant:
            return text_of(meant[subject.variable])
        return ""
    if isinstance(expected, tuple):
        return text_of(expected)
    return shown_as(expected, None if digits else judgement.printed, digits or 4)


# -------------------------------------------------------------------------------------------- what does not stand there


def blanks(
    statements: Sequence[Statement], interpretation: Interpretation, told: Iterable[Finding], asked: frozenset[str]
) -> Iterator[Finding]:
    """The cells in which nothing is said: empty, or words, where our own table has an entry; else not asked for."""
    seen = {finding.place for finding in told}
    written = _written(statements, interpretation)
    for statement, left in zip(statements, lefts(statements), strict=True):
        if statement.place in seen or statement.parts:
            continue
        seen.add(statement.place)
        meaning = interpretation.columns.get(statement.column, NOTHING)
        gap = written.is_gap(statement, meaning, interpretation)
        enough = not gap and written.has_enough(statement, meaning, interpretation)
        enough = enough or (statement.column, statement.row) in written.formulas
        if enough or _is_constant(statement, meaning, interpretation):
            continue
        begun = written.is_begun(statement, left, meaning, interpretation)
        if not gap and not begun and not _is_expected(statement, meaning, interpretation, asked):
            continue
        words = statement.cell.state == "words"
        sentence = f"{statement.cell.bare!r} is not read" if words else ""
        yield Finding(*_where(statement), meaning.quantity or "cell", NOT_READ if words else EMPTY, sentence=sentence)


def _is_constant(statement: Statement, meaning: Meaning, interpretation: Interpretation) -> bool:
    """Whether a derivative of what is constant would stand there."""
    constant, row = interpretation.work.constant, statement.row
    derived = meaning.quantity in (TANGENT, ADJOINT, SECOND_ADJOINT)
    return row is not None and row.variable in constant and (derived or bool(meaning.quantity == OWN and row.mark))


class _Written(NamedTuple):
    """What stands beside the cells in which nothing does."""

    filled: frozenset[Place]
    told: frozenset[Place]
    """Those that have a formula."""
    headed: frozenset[Column]
    """The columns in which each cell names its own number."""
    seeded: frozenset[Column]
    """The columns that have an entry for an independent variable: so they have one for each."""
    partials: Counter[tuple[int, int]]
    """How many partials a row has."""
    formulas: frozenset[tuple[Column, Name | None]]
    """The rows whose formula a column has: where they are told again, with their number, it is not wanted again."""
    gaps: frozenset[tuple[Column, bool]]
    """The columns in which one computed row alone has nothing, or one independent variable."""

    def is_gap(self, statement: Statement, meaning: Meaning, interpretation: Interpretation) -> bool:
        """Whether a cell is empty that is filled in all other rows of its kind, but for the formula of a seed."""
        work, of_input = interpretation.work, _input(statement, interpretation.work)
        told = meaning.quantity not in ("", LEFT, PARTIAL) and (statement.column, of_input) in self.gaps
        if not told or statement.row is None or not _is_computed(statement, work):
            return False
        formula = not of_input and _has_formula(statement.row, meaning, interpretation)
        named = of_input and meaning.quantity == VALUE and not work.has_arrays  # v_0 = x_2, and no W in R^(2x2)
        return statement.column in interpretation.numbers or formula or named

    def has_enough(self, statement: Statement, meaning: Meaning, interpretation: Interpretation) -> bool:
        """Whether nothing is missing: each operand has its partial, or no cell of the column is told from outside."""
        of_all = meaning.quantity == PARTIAL and (
            self.partials[statement.place.table, statement.place.row] >= _operands(statement, interpretation)
        )
        return of_all or statement.column in self.headed

    def is_begun(
        self, statement: Statement, left: Name | None, meaning: Meaning, interpretation: Interpretation
    ) -> bool:
        """Whether what stands beside a cell, or in its column, wants an entry in it."""
        if meaning.quantity == TANGENT:
            return statement.column in self.seeded and _input(statement, interpretation.work)
        before = statement.place._replace(column=statement.place.column - 1)
        told = before in self.told and statement.column not in interpretation.numbers  # x̄_1 = v̄_{-1}: no more of it
        begun = before in self.filled and not told
        return meaning.quantity == LEFT and left is not None and statement.head is None and begun


def _written(statements: Sequence[Statement], interpretation: Interpretation) -> _Written:
    said = [statement for statement in statements if statement.parts]
    work, columns = interpretation.work, interpretation.columns
    return _Written(
        frozenset(s.place for s in said),
        frozenset(s.place for s in said if _is_formula(s)),
        frozenset(s.column for s in said) - {s.column for s in said if s.head is None},
        frozenset(s.column for s in said if _input(s, work)),
        Counter((s.place.table, s.place.row) for s in said if columns.get(s.column, NOTHING).quantity == PARTIAL),
        frozenset((s.column, s.row) for s in said if _is_worked(s)),
        frozenset(_gaps(statements, interpretation)),
    )


def _is_formula(statement: Statement) -> bool:
    return any(part.is_formula for part in statement.parts)


def _is_worked(statement: Statement) -> bool:
    """Whether a statement has a formula, or a working with numbers put in."""
    return any(part.readings and part.number is None for part in statement.parts)


_MANY = 3
"""Filled cells of a column among which an empty one was forgotten."""


def _gaps(statements: Sequence[Statement], interpretation: Interpretation) -> Iterator[tuple[Column, bool]]:
    """The columns in which one row alone has nothing, of those computed or of the independent variables."""
    work = interpretation.work
    counts = Counter((s.column, _input(s, work), bool(s.parts)) for s in statements if _is_computed(s, work))
    for (column, of_input, filled), count in counts.items():
        many = 1 if of_input and column in interpretation.operations else _MANY
        if not filled and count == 1 and counts[column, of_input, True] >= many:
            yield column, of_input


def _is_computed(statement: Statement, work: Work) -> bool:
    """Whether a statement stands in a row that has a rule: not so the adjoint of a result."""
    row = statement.row
    same = "" if row is None else work.same.get(row.variable, "")
    if row is None or (row.mark == "bar" and same in {work.same[output] for output in work.outputs}):
        return False
    return row.variable in work.operands or same in work.inputs or row.mark == "dot"


def _input(statement: Statement, work: Work) -> bool:
    """Whether a statement without a name of its own stands in the row of an independent variable."""
    row = statement.row
    return statement.head is None and row is not None and work.same.get(row.variable) in work.inputs


def _operands(statement: Statement, interpretation: Interpretation) -> int:
    work = interpretation.work
    return len(work.operands.get(work.same.get(statement.row.variable, ""), ())) if statement.row else 0


def _is_expected(statement: Statement, meaning: Meaning, interpretation: Interpretation, asked: frozenset[str]) -> bool:
    """Whether a table of ours has something in such a cell."""
    row, work = statement.row, interpretation.work
    if row is None or statement.head is not None or not meaning.quantity or meaning.quantity == LEFT:
        return False
    if row.variable not in work.same:
        return meaning.quantity in (OWN, VALUE)
    if (*statement.place[:2], meaning.quantity) in interpretation.answered and (
        meaning.quantity == OWN or _input(statement, work)
    ):
        return False
    if statement.column in interpretation.operations or meaning.quantity == PARTIAL:
        return _has_operands(statement, row, meaning, interpretation)
    if meaning.quantity in (OWN, TANGENT, ADJOINT) and statement.column not in interpretation.numbers:
        return _has_formula(row, meaning, interpretation)
    return not asked or meaning.quantity in asked or meaning.quantity == OWN


def _has_operands(statement: Statement, row: Name, meaning: Meaning, interpretation: Interpretation) -> bool:
    """Whether a row has an operation that its label does not tell, or so many partials."""
    same = interpretation.work.same[row.variable]
    if meaning.quantity == PARTIAL and same != row.variable:
        return False  # another name of a row
    told = interpretation.draft.defined.get(row.variable)
    if meaning.quantity != PARTIAL and told is not None and told.statement.place[:2] == statement.place[:2]:
        return False  # the label has it
    places = int(meaning.by) if meaning.by.isdecimal() else 0
    return len(interpretation.work.operands.get(same, ())) > places


def _has_formula(row: Name, meaning: Meaning, interpretation: Interpretation) -> bool:
    """Whether a number is computed from others: no seed, and no adjoint of an output."""
    work, context = interpretation.work, next(iter(interpretation.contexts.values()))
    same, quantity = work.same[row.variable], meaning.quantity
    if quantity == OWN:
        quantity = next((subject.quantity for subject in context.subjects(row, work)), TANGENT)
    if quantity in (ADJOINT, SECOND_ADJOINT):
        return same not in {work.same.get(output) for output in interpretation.draft.outputs}
    return same in work.operands


def unread(statement: Statement, reason: str) -> Finding:
    """A cell of which nothing is known."""
    return Finding(*_where(statement), "cell", NOT_READ, sentence=reason)


def _where(statement: Statement) -> tuple[Place, int, str, str]:
    """The place, the line, the text and the row of a statement."""
    return statement.place, statement.line, statement.cell.bare, _row(statement)
