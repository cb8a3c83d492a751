"""Judgements as findings: what should stand there and why, and the cells in which nothing stands that is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from adtrace.arrays.table import terms_shape
from adtrace.checking.interpretations.interpret import Interpretation
from adtrace.checking.interpretations.meanings import LEFT, NOTHING, OWN, Meaning, lefts
from adtrace.checking.judgements.claims import Judgement
from adtrace.checking.readings.names import Name, plainly
from adtrace.checking.readings.parts import LONGEST, Part
from adtrace.checking.readings.rewriting import text_of
from adtrace.checking.reporting import BY_HAND, CUT, EMPTY, NOT_ASKED, NOT_READ, RIGHT, ROUNDED, WRONG, Finding, Place
from adtrace.checking.spoken import function_called
from adtrace.checking.statements.headings import RECEIVED
from adtrace.checking.statements.layouts import STRAY, UNNAMED, Column, Statement, name_of
from adtrace.checking.work.figures import OCCURRENCE, Subject
from adtrace.checking.work.numerals import shown_as
from adtrace.checking.work.rules import (
    ADJOINT,
    AND,
    COEFFICIENT,
    INCREMENT,
    PARTIAL,
    SECOND,
    SECOND_ADJOINT,
    TANGENT,
    UPSTREAM,
    VALUE,
)
from adtrace.language.syntax import Name as Leaf
from adtrace.language.syntax import Terms

_HOW = {"last digit": ROUNDED, "approximate": ROUNDED}
_FORMULA = {VALUE: "operation", SECOND: "second-order formula"}
_FORMULA |= {of: f"{of} formula" for of in (TANGENT, ADJOINT, PARTIAL, SECOND_ADJOINT, COEFFICIENT)}
_OPERATOR = re.compile(r"[*/^+×·]|[-−]\s*[(\w]|[A-Za-z]{2,}\s?\(")
_WORD = re.compile(r"[^\W\d_]+")
_CALL = re.compile(r"[A-Za-z]+\s*\((?:[^\W\d]\w*[\u0300-\u036f]?(?:_?\{[^{}]*\})?[\s,;|]*)+\)")
"""A call of a function with names alone."""
_OPEN = re.compile(r"(?:[=≈]|#|//)[\s$`&]*(?:(?P<inside>[,;])|$)")
"""A sign with nothing behind it, at the end of a cell or of an equation in it."""


def findings(
    judgements: Sequence[Judgement], causes: Mapping[int, tuple[str, str]], meant: Mapping[str, Terms],
    cells: AskedCells, digits: int | None,
) -> Iterator[Finding]:  # fmt: skip
    """What is found of each claim; ``causes`` has a word and a sentence for some, ``meant`` the operations that are."""
    for k, judgement in enumerate(judgements):
        statement, state = judgement.claim.statement, judgement.state
        (word, why), expected = causes.get(k, ("", "")), _expected(judgement, meant, digits) if state != RIGHT else ""
        finding = Finding(
            statement.place, statement.line, statement.cell.bare, _row(statement, judgement.subject),
            quantity_of(judgement), state, _HOW.get(judgement.how, judgement.how) if state == RIGHT else "", expected,
            word, _sentence(judgement, expected, why), judgement.follows, _remark(judgement, digits),
        )  # fmt: skip
        unasked = state == NOT_READ and not cells.is_question(judgement)
        yield replace(finding, state=NOT_ASKED, sentence="") if unasked else finding


def _sentence(judgement: Judgement, expected: str, cause: str) -> str:
    """What is to be said of a claim; ``cause`` why it is wrong."""
    text, reason = judgement.claim.part.text, judgement.reason
    if judgement.state == NOT_READ:
        return f"{text!r} is not read: {reason}"
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
    of_row = subject is not None and subject.quantity in (VALUE, TANGENT, ADJOINT, SECOND_ADJOINT)
    variable = plainly(subject.variable if subject is not None and of_row else name.variable)
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
    subjects = (judgement.subject,) if judgement.subject else judgement.claim.subjects
    quantity = subjects[0].quantity if subjects else ""
    return quantity or "cell" if judgement.claim.is_number else _FORMULA.get(quantity, "formula")


def _expected(judgement: Judgement, meant: Mapping[str, Terms], digits: int | None) -> str:
    """What should stand there, as text."""
    subject = judgement.subject
    if judgement.expected is not None:
        return shown_as(judgement.expected, None if digits else judgement.printed, digits or 4)
    if subject is None or subject.quantity != VALUE or subject.variable not in meant:
        return ""
    right = text_of(meant[subject.variable])
    return right if right != judgement.claim.part.text else ""  # as where x_3 is no variable of the function


def unread(statement: Statement, reason: str) -> Finding:
    """A cell of which nothing is known."""
    return Finding(*where(statement), "cell", NOT_READ, sentence=reason)


def where(statement: Statement) -> tuple[Place, int, str, str]:
    """The place, the line, the text and the row of a statement."""
    return statement.place, statement.line, statement.cell.bare, _row(statement)


def _is_called(part: Part, statement: Statement) -> bool:
    """Whether a side is what the formula beside it is called: ``J = CE(y, p) = -sum(y log(p))``."""
    return (
        not part.readings and bool(_CALL.fullmatch(part.source)) and any(other.is_formula for other in statement.parts)
    )


def _is_kind(part: Part, statement: Statement) -> bool:
    """Whether a cell is nothing but the word for the operation of a row that tells it elsewhere: add, sin."""
    word = part.text.strip()
    return statement.head is None and len(statement.parts) < 2 and len(word) > 1 and bool(function_called(word))


def _is_label(statement: Statement) -> bool:
    """Whether a cell is what a row without a name is called: mul, add."""
    row = statement.row
    return row is not None and row.variable.startswith(UNNAMED) and statement.cell.bare == statement.label


_MANY = 3
"""Filled cells of a column among which an empty one was forgotten."""
_INPUT = "independent"
_IN_PARTS = ("bar", "dotbar")
"""Marks of what may be told of in parts."""
_DERIVED = (TANGENT, ADJOINT, SECOND_ADJOINT)
"""What a constant has no number of."""


class AskedCells:
    """Which cells something is asked in: where our own table has an entry, all others of their kind have one, or what
    stands beside them wants one.
    """

    def __init__(
        self, statements: Sequence[Statement], interpretation: Interpretation, judgements: Iterable[Judgement]
    ) -> None:
        self.statements, self.interpretation, self.work = statements, interpretation, interpretation.work
        said = [statement for statement in statements if statement.parts]
        self._filled = {s.place for s in said}
        self._formulas = {s.place for s in said if any(part.is_formula for part in s.parts)}
        self._naming = {s.column for s in said} - {s.column for s in said if s.head is None}
        """The columns in which each cell names its own number."""
        self._seeded = {s.column for s in filter(self._is_of_input, said)}
        """The columns that have an entry for an independent variable: so they have one for each."""
        self._partials = Counter(s.place[:2] for s in filter(self._is_of_partial, said))
        self._apart = {j.claim.row for j in judgements if j.subject is not None and OCCURRENCE in j.subject.by}
        """The rows that tell the partials of u*u one by one."""
        self._gaps = set(self._lone_gaps())

    @cached_property
    def _worked(self) -> Counter[tuple[Column, Name | None]]:
        """How often a column has a formula of a row, or a working."""
        worked = (s for s in self.statements if any(part.readings and part.number is None for part in s.parts))
        return Counter((s.column, s.row) for s in worked)

    @cached_property
    def _sizes(self) -> Counter[tuple[Column, int, bool]]:
        """How often a column of partials has an entry, or none, in a row of so many operands."""
        of_partials = [
            (s, self.work.operands.get(self._same(s), ())) for s in filter(self._is_of_partial, self.statements)
        ]
        return Counter((s.column, len(operands), bool(s.parts)) for s, operands in of_partials)

    def blanks(self, told: Iterable[Finding], asked: frozenset[str]) -> Iterator[Finding]:
        """The cells in which nothing is said, or words, though something is asked in them; ``told`` are the others."""
        yield from self._open_ends()
        seen = {finding.place for finding in told}
        for statement, left in zip(self.statements, lefts(self.statements), strict=True):
            if statement.place in seen or _is_label(statement):
                continue
            seen.add(statement.place)
            if self._is_blank(statement, left, asked):
                words = statement.cell.state == "words"
                sentence = f"{statement.cell.bare!r} is not read" if words else ""
                of, quantity = self.interpretation.subjects(statement, left), self._meaning(statement).quantity
                quantity = of[0].quantity if of and quantity in (OWN, LEFT) else quantity or "cell"
                yield Finding(*where(statement), quantity, NOT_READ if words else EMPTY, sentence=sentence)

    def _open_ends(self) -> Iterator[Finding]:
        """The equations that end with their sign, where others of the column end with a number: ``b = 2*a =``."""
        numbered = {s.column[:2] for s in self.statements if s.parts and s.parts[-1].is_number}
        said = {s.place: s for s in self.statements if s.parts or s.head}
        last = {place[:2]: place.column for place in said}
        for place, statement in said.items():
            end = _OPEN.search(statement.cell.text) if statement.column[:2] in numbered else None
            if end and (end["inside"] or statement.parts or last[place[:2]] == place.column):
                yield Finding(*where(statement), "cell", EMPTY)

    def is_question(self, judgement: Judgement) -> bool:
        """Whether what is not read is asked for: not so the word beside an input, or the number of a line."""
        statement, part = judgement.claim.statement, judgement.claim.part
        meaning, several = self._meaning(statement), len(statement.parts) > 1
        beside_others = several or statement.column in self.interpretation.numbers
        if self._is_name(judgement) or _is_called(part, statement) or _is_kind(part, statement):
            return False
        if part.readings:
            return statement.named is not None or several or statement.sign == STRAY or bool(meaning.quantity)
        if self._is_given(judgement.claim.subjects):
            listed = part.text[:1] in ("[", "(") or len(part.text) > LONGEST  # [1, 3, , 4]: an entry is lost
            return listed or self._is_working(part.text, beside_others)
        if meaning.quantity and self._is_working(part.text, beside_others):
            return True
        return statement.head is not None or self._is_expected(statement, frozenset())

    def _is_name(self, judgement: Judgement) -> bool:
        """Whether a cell is nothing but the name of a parent or a child."""
        statement = judgement.claim.statement
        alone = judgement.claim.part.name is not None and len(statement.parts) < 2
        return alone and not (statement.head or self._meaning(statement).quantity)

    def _is_given(self, subjects: Sequence[Subject]) -> bool:
        """Whether a cell is of the value of an independent variable."""
        values = (subject.variable for subject in subjects[:1] if subject.quantity == VALUE)
        return any(self.work.same.get(name) in self.work.inputs for name in values)

    def _is_working(self, said: str, beside_others: bool) -> bool:
        """Whether a text is worked out of rows, as far as one sees, or of numbers beside its result:
        ``v̄_4 * (-qin(v_1))``, ``qin(0.4)`` of ``qin(0.4) = 0.39``.
        """
        text = re.sub(r"[\s{}]", "", said)
        of_rows = any("_" in name and name in text for name in self.work.same)
        named = any(map(str.isdecimal, text)) or not self.work.same.keys().isdisjoint(_WORD.findall(text))
        return bool(_OPERATOR.search(text)) and (of_rows or (beside_others and named))

    def _meaning(self, statement: Statement) -> Meaning:
        return self.interpretation.columns.get(statement.column, NOTHING)

    def _is_blank(self, statement: Statement, left: Name | None, asked: frozenset[str]) -> bool:
        """Whether an entry is missing: never where each operand has its partial, where no cell of the column is told
        from outside, of the derivative of a constant, or where a row is told again with its number, whose formula is
        there: the whole of an adjoint in parts.
        """
        quantity, row, column = self._meaning(statement).quantity, statement.row, statement.column
        gap = self._is_gap(statement)
        partials = quantity == PARTIAL and self._has_partials(statement)
        uses = self.work.uses.get(self.work.same.get(row.variable, ""), ()) if row and row.mark in _IN_PARTS else ()
        answered = (*statement.place[:2], quantity) in self.interpretation.answered
        if answered and not self.work.operands.get(self._same(statement), (row,)):
            return False  # of a constant nothing is to be worked out
        if self._worked[column, row] >= max(len(uses), 1) or (not gap and (partials or column in self._naming)):
            return False
        if row is not None and (
            self._is_below(row, column) or self._is_beside(row, name_of(statement.cell), quantity, column, asked)
        ):
            return False
        return gap or self._is_begun(statement, left) or self._is_expected(statement, asked)

    def _is_below(self, row: Name, column: Column) -> bool:
        """Whether it is of a derivative below the formulas of values, of which none is of a derivative."""
        return bool(row.mark) and column in self.interpretation.operations.difference(self._of_marked)

    def _is_beside(self, row: Name, own: Name | None, quantity: str, column: Column, asked: frozenset[str]) -> bool:
        """Whether it is of the derivative of a constant, of a partial of arrays, of the sweep of one output in the row
        of another, which no row uses, of what comes to a result from above, or the formula of an adjoint to which
        nothing is added.
        """
        work, output = self.work, self.interpretation.contexts[column].output
        same = work.same.get(row.variable, "")
        if quantity == UPSTREAM:
            return same not in work.uses  # of the result
        if quantity == PARTIAL:
            return any(work.exact.shapes.get(name) for name in (same, *work.operands.get(same, ())))
        derived = row.mark or quantity in _DERIVED
        if derived and row.variable in work.constant | self._data(asked):
            return True
        end = work.same.get(output, "")
        backwards = quantity in (OWN, SECOND, ADJOINT, SECOND_ADJOINT) and end in map(work.same.get, work.outputs)
        if not backwards or row.variable == output:
            return False
        formula = bool(row.mark or own) and column not in self.interpretation.numbers
        return (row.variable in work.outputs and not work.uses.get(same)) or (
            formula and same not in {end, *work.ancestors(end)}
        )

    def _data(self, asked: frozenset[str]) -> frozenset[str]:
        """The examples and labels beside parameters, of which nobody needs a derivative that is not asked for."""
        told = asked or self.work.examples.issuperset(self.work.arrays)
        return frozenset() if told else self.work.examples

    def _is_of_partial(self, statement: Statement) -> bool:
        return self._meaning(statement).quantity == PARTIAL

    def _has_partials(self, statement: Statement) -> bool:
        """Whether a row has as many partials as operands."""
        return self._partials[statement.place[:2]] >= len(self._operands(statement))

    def _is_gap(self, statement: Statement) -> bool:
        """Whether a cell is empty that is filled in all other rows of its kind, but for the formula of a seed."""
        row, of_input, quantity = statement.row, self._is_of_input(statement), self._meaning(statement).quantity
        if quantity in ("", LEFT) or (quantity == PARTIAL and not of_input):
            return False
        if row is None or (statement.column, self._kind(statement)) not in self._gaps:
            return False
        named = of_input and quantity in (VALUE, PARTIAL) and not self.work.has_arrays  # v_0 = x_2, no W in R^(2x2)
        return named or statement.column in self.interpretation.numbers or self._has_formula(row, quantity)

    def _lone_gaps(self) -> Iterator[tuple[Column, str]]:
        """The columns in which one row of a kind alone has nothing, and its kind."""
        each = [(s.column, kind, bool(s.parts)) for s in self._first_told() if (kind := self._kind(s))]
        counts, whole = Counter(each), Counter((column, filled) for column, _, filled in each)
        partials = {column for column, meaning in self.interpretation.columns.items() if meaning.quantity == PARTIAL}
        of_inputs = partials | self.interpretation.operations
        for column, kind in (key[:2] for key, count in counts.items() if not key[2] and count == 1):
            alone = whole[column, False] == 1 and whole[column, True] >= _MANY
            one = column in of_inputs if kind == _INPUT else alone
            if counts[column, kind, True] >= (1 if one else _MANY):
                yield column, kind

    def _first_told(self) -> Iterator[Statement]:
        """The statements but for empty cells of rows that another cell of the column is about."""
        named = {(s.column, s.head.variable) for s in self.statements if s.head and s.parts}
        for s in self.statements:
            if s.parts or not s.row or (s.column, s.row.variable) not in named:
                yield s

    def _kind(self, statement: Statement) -> str:
        """The kind of row in which a statement stands; none where it has no rule.  Adjoints are told alike in rows of
        one letter: that of an independent variable is computed as others are, x̄_1 = v̄_0 only names it again, and
        nobody differentiates by the x of w*x + b.
        """
        row = statement.row
        if row is None or not self._has_rule(statement):
            return ""
        letter = row.variable.rpartition("_")[0]
        if row.mark in _IN_PARTS or (letter and self._meaning(statement).quantity == ADJOINT):
            return f"adjoints {letter}"
        return _INPUT if self._is_of_input(statement) else "computed"

    def _is_begun(self, statement: Statement, left: Name | None) -> bool:
        """Whether what stands beside a cell, or in its column, wants an entry in it."""
        quantity, column = self._meaning(statement).quantity, statement.column
        if quantity == TANGENT:
            return column in self._seeded and self._is_of_input(statement)
        before = statement.place._replace(column=statement.place.column - 1)
        told = before in self._formulas and column not in self.interpretation.numbers  # x̄_1 = v̄_{-1}: no more of it
        begun = before in self._filled and not told
        return quantity == LEFT and left is not None and statement.head is None and begun

    def _has_rule(self, statement: Statement) -> bool:
        """Whether a statement stands in a row that has a rule: not so the adjoint of a result."""
        row, work, same = statement.row, self.work, self._same(statement)
        if row is None or (row.mark == "bar" and same in {work.same[output] for output in work.outputs}):
            return False
        return row.variable in work.operands or same in work.inputs or row.mark == "dot"

    def _is_of_input(self, statement: Statement) -> bool:
        """Whether a statement without a name of its own stands in the row of an independent variable, an entry, too."""
        name = statement.row.variable if statement.row and statement.head is None else ""
        return self.work.same.get(self.work.whole(name)) in self.work.inputs

    def _same(self, statement: Statement) -> str:
        """Its row, by the name that it is another one of."""
        return self.work.same.get(statement.row.variable, "") if statement.row else ""

    def _operands(self, statement: Statement) -> Sequence[object]:
        """The operands of its row, once or, where their partials are, as often as they stand in it."""
        same = self._same(statement)
        if statement.place[:2] in self._apart:
            return [term for term in self.work.operations.get(same, ()) if type(term) is Leaf]
        return self.work.operands.get(same, ()) if same not in self.work.entries else ()  # nobody writes z_1 = z[0]

    def _is_expected(self, statement: Statement, asked: frozenset[str]) -> bool:
        """Whether a table of ours has something in such a cell."""
        row, meaning, of = statement.row, self._meaning(statement), self.interpretation
        quantity = meaning.quantity
        if row is None or statement.head is not None or quantity in ("", LEFT):
            return False
        if row.variable not in self.work.same:
            return quantity in (OWN, VALUE)
        answered = (*statement.place[:2], quantity) in of.answered | self._told(statement, row)
        if answered and (quantity == OWN or self._is_of_input(statement) or self._same(statement) != row.variable):
            return False
        if statement.column in of.operations or quantity in (PARTIAL, INCREMENT):
            return self._has_operands(statement, row, meaning)
        if quantity in (OWN, TANGENT, ADJOINT) and statement.column not in of.numbers:
            return self._has_formula(row, quantity)
        return not asked or quantity in asked or quantity == OWN

    def _told(self, statement: Statement, row: Name) -> frozenset[tuple[int, int, str]]:
        """The place of a row of an array whose value the prose tells: nobody writes it out again."""
        told = terms_shape(self.interpretation.draft.asked.point.get(row.variable, ()))
        return frozenset([(*statement.place[:2], VALUE)] if told else [])

    @cached_property
    def _of_marked(self) -> frozenset[Column]:
        """The columns in which something is said of a derivative that has a row of its own."""
        return frozenset(s.column for s in self.statements if s.parts and s.row and s.row.mark)

    def _has_operands(self, statement: Statement, row: Name, meaning: Meaning) -> bool:
        """Whether a row has an operation that its label does not tell, or so many partials."""
        size = statement.column, len(self.work.operands.get(self._same(statement), ()))
        passed_over = not self._sizes[*size, True] and self._sizes[*size, False] > 1  # the two of each product
        if meaning.quantity == PARTIAL and (passed_over or self._same(statement) != row.variable):
            return False  # or another name of a row
        told = self.interpretation.draft.defined.get(row.variable)
        is_label = told is not None and told.statement.place[:2] == statement.place[:2]
        if meaning.quantity not in (PARTIAL, INCREMENT) and is_label:
            return False  # the label has it
        place = meaning.by.partition(AND)[0]
        if place.startswith(RECEIVED):
            return False
        return len(self._operands(statement)) > (int(place) if place.isdecimal() else 0)

    def _has_formula(self, row: Name, quantity: str) -> bool:
        """Whether a number is computed from others: no seed, and no adjoint of an output."""
        work, same = self.work, self.work.same[row.variable]
        if quantity == OWN:
            context = next(iter(self.interpretation.contexts.values()))
            quantity = next((subject.quantity for subject in context.subjects(row, work)), TANGENT)
        if quantity in (ADJOINT, SECOND_ADJOINT):
            return same not in {work.same.get(output) for output in self.interpretation.draft.outputs}
        return same in work.operands and same not in work.entries
