"""Why a number is what it is: the usual causes tried in turn, until one gives the number that is printed.

Each cause is a change to the row's own computation (a sign, a unit, an operand, a path), computed both with the true
and with the printed operands.  The kinds are those of 60 root mistakes in published tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adtrace.checking.derivative_slips import (
    adjoint_guesses,
    local_guesses,
    tangent_guesses,
)
from adtrace.checking.findings import FOLLOWS, ROOT, Finding
from adtrace.checking.freehand import Reading
from adtrace.checking.layout import ADJOINT, LOCAL, TANGENT, VALUE, Entry
from adtrace.checking.local import BITS, NoValue, middle, value_of
from adtrace.checking.markup import BAR, DOT
from adtrace.checking.printed import Printed, agreement, follows, printed, shown_as
from adtrace.checking.repair import close
from adtrace.checking.slips import (
    ARITHMETIC,
    COLUMNS,
    COPIED,
    DIGITS,
    FACTOR,
    FORMULA,
    OPERATION_WRONG,
    PUT_IN,
    ROWS,
    SEEDS,
    SIGN,
    UNKNOWN,
    Cause,
    Guess,
    contexts,
    value_guesses,
)
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import formula_text, name_text, operand_words
from adtrace.language.syntax import Apply, Number, starts
from adtrace.numbers import Scalar, Singular
from adtrace.numbers.exact import ZERO, add, ball, mul, neg, precision


def explained(judge: Judge, finding: Finding) -> Cause:
    """The cause of a root mistake in a number."""
    if finding.shown is None or finding.expected is None:
        return Cause(UNKNOWN, "")
    shown = finding.shown
    with precision(BITS):
        for guess in _guesses(judge, finding, shown):
            if close(guess.value, finding.expected):
                continue
            if _gives(shown, guess.value):
                return Cause(guess.word, guess.sentence)
        digits = _digit_slip(shown, finding.expected)
        return digits or _structural(judge, finding, shown) or Cause(UNKNOWN, "")


def _gives(shown: Printed, value: Scalar) -> bool:
    try:
        return bool(agreement(shown, value)) or (ball(value).rad() > 0 and follows(shown, value) and _sharp(value))
    except (ValueError, ArithmeticError):
        return False


def _sharp(value: Scalar) -> bool:
    """Whether a ball is narrow enough that meeting it is no coincidence."""
    x = ball(value)
    return bool(x.rad() < 0.02 * (abs(x.mid()) + 1e-6))


def _guesses(judge: Judge, finding: Finding, shown: Printed) -> Iterator[Guess]:
    """Every number that a usual cause would give, the likeliest first."""
    yield from _exchanged(judge, finding, shown)
    for guess in _of_row(judge, finding):
        try:
            yield guess
        except (NoValue, Singular):
            continue


def _of_row(judge: Judge, finding: Finding) -> Iterator[Guess]:
    entry, expected = finding.entry, finding.expected
    assert expected is not None
    yield from _put_in(judge, finding)
    yield Guess(SIGN, neg(expected), "the sign is lost")
    kinds = {VALUE: value_guesses, TANGENT: tangent_guesses, ADJOINT: adjoint_guesses, LOCAL: local_guesses}
    if entry.kind in kinds:
        yield from kinds[entry.kind](judge, entry)
    yield from _written_formula(judge, entry)
    yield from _working(judge, finding)
    yield from _copied(judge, finding)
    yield from _other_rows(judge, finding)


# --------------------------------------------------------------------------------------------- exchanged rows, columns


def _exchanged(judge: Judge, finding: Finding, shown: Printed) -> Iterator[Guess]:
    """Rows or columns whose numbers have changed places: two wrong cells, each with the other's number."""
    entry, expected = finding.entry, finding.expected
    assert expected is not None
    name = judge.listing.target(entry.name)
    for other in sorted(judge.findings, key=lambda f: judge.listing.target(f.entry.name) != name):
        if other is finding or other.expected is None or other.shown is None:
            continue
        if other.verdict not in (ROOT, FOLLOWS) or other.entry.cell.table != entry.cell.table:
            continue
        if not (agreement(shown, other.expected) and agreement(other.shown, expected)):
            continue
        there = judge.listing.target(other.entry.name)
        if other.entry.kind == entry.kind and other.entry.pass_ == entry.pass_ and there != name:
            sentence = f"the numbers of the rows {name_text(name)} and {name_text(there)} are exchanged"
            yield Guess(ROWS, other.expected, sentence)
        elif there == name and other.entry.kind == entry.kind == TANGENT and other.entry.pass_ != entry.pass_:
            if judge.listing.is_input(name):
                yield Guess(SEEDS, other.expected, "the seeds of the two columns are exchanged (or their headings)")
            else:
                yield Guess(COLUMNS, other.expected, "the numbers of the two columns are exchanged")
        elif there == name and {other.entry.kind, entry.kind} <= {VALUE, TANGENT, ADJOINT}:
            sentence = f"the {entry.kind} and the {other.entry.kind} of the row are exchanged"
            yield Guess(COLUMNS, other.expected, sentence)


# ------------------------------------------------------------------------------------------------ the cell's own words


def _working(judge: Judge, finding: Finding) -> Iterator[Guess]:
    """Working that does not give the number written after it: ``5 cos(pi) = 5``."""
    entry = finding.entry
    for other in judge.findings:
        if other.entry.final or other.shown is None or other.entry.cell[:2] != entry.cell[:2]:
            continue
        if other.entry.kind != entry.kind or other.entry.name != entry.name or other.entry.pass_ != entry.pass_:
            continue
        assert finding.shown is not None
        assert finding.expected is not None
        if agreement(other.shown, finding.expected) or follows(other.shown, finding.expected):
            sentence = f"{other.entry.text.strip()} is {shown_as(other.shown.exact, finding.shown)}"
            if close(neg(other.shown.exact), finding.shown.exact):
                yield Guess(SIGN, finding.shown.exact, f"the sign is lost: {sentence}")
            yield Guess(ARITHMETIC, finding.shown.exact, sentence)


def _put_in(judge: Judge, finding: Finding) -> Iterator[Guess]:
    """A number put into the formula that is none of the row's operands: ``36.0278 - 0.9899`` for v_5 + v_4."""
    entry, shown = finding.entry, finding.shown
    assert shown is not None
    if shown.reading.literal is not None:
        return
    known = operand_values(judge, entry)
    strange = [t for t in shown.reading.terms if type(t) is Number and t.exponent < 0 and not _matches(t, known)]
    missing = [(n, v) for n, v in known if not _appears(v, shown)]
    if len(strange) == 1 and missing:
        name, value = min(missing, key=lambda item: abs(abs(middle(item[1])) - float(strange[0].text)))
        sentence = f"{strange[0].text} is put in for {name}, which is {shown_as(value, shown)}"
        yield Guess(PUT_IN, shown.exact, sentence)


def operand_values(judge: Judge, entry: Entry) -> list[tuple[str, Scalar]]:
    """The numbers that the row's formula is about, each with its name."""
    name = judge.listing.target(entry.name)
    at = judge.here.on(entry.pass_ if entry.kind == TANGENT else 0)
    names = [*judge.operands(name)]
    if entry.kind == TANGENT:
        names += [DOT + n for n in judge.operands(name)]
    if entry.kind == ADJOINT:
        names = []
        for child in judge.children.get(name, []):
            names += [BAR + child, *judge.operands(child)]
    found = [(operand_words(n), v) for n in dict.fromkeys(names) if (v := at.look(n)) is not None]
    if entry.kind == ADJOINT:
        found += [
            (f"the contribution of {name_text(child)}", judge.given(name, [child], judge.here))
            for child in judge.children.get(name, [])
        ]
    if entry.kind == TANGENT:
        found += [
            (f"the term of {name_text(n)}", mul(partial, at.look(DOT + n) or ZERO))
            for n, partial in judge.here.partials.get(name, {}).items()
        ]
    return found


def single(term: Number) -> Printed:
    """One number of a cell, as if it stood alone."""
    return printed(Reading((term,), term.text))


def _matches(term: Number, known: Sequence[tuple[str, Scalar]]) -> bool:
    alone = single(term)
    return any(agreement(alone, value) or agreement(alone, neg(value)) for _, value in known)


def _appears(value: Scalar, shown: Printed) -> bool:
    """Whether the value stands in the cell, as a number or as a part of it."""
    if any(type(term) is Number and _matches(term, [("", value)]) for term in shown.reading.terms):
        return True
    terms = shown.reading.terms
    begin = starts(terms)
    for index, term in enumerate(terms):
        if type(term) is Apply:
            try:
                part = value_of(terms[begin[index] : index + 1], {})
            except NoValue:
                continue
            if close(part, value) or close(part, neg(value)):
                return True
    return False


def _written_formula(judge: Judge, entry: Entry) -> Iterator[Guess]:
    """The number that the row's formula gives as it is written, where the formula is wrong."""
    for other in judge.findings:
        if not other.symbolic or other.verdict != ROOT or other.entry.cell[:2] != entry.cell[:2]:
            continue
        reading = other.entry.reading
        if reading is None or other.entry.name != entry.name:
            continue
        for numbers in contexts(judge, entry):
            try:
                value = value_of(reading.terms, numbers)
            except NoValue:
                continue
            yield Guess(FORMULA, value, "it is what the formula beside it gives, and the formula is wrong")


# --------------------------------------------------------------------------------------------- numbers of other cells


def _copied(judge: Judge, finding: Finding) -> Iterator[Guess]:
    """The number of another column of the same row."""
    entry = finding.entry
    name = judge.listing.target(entry.name)
    value = judge.here.look(name)
    if entry.kind != VALUE and value is not None:
        yield Guess(COPIED, value, f"the value of {name_text(name)} is copied into the column of derivatives")
    for place in range(len(judge.seeds)):
        tangent = judge.here.on(place).look(DOT + name)
        if tangent is None or (entry.kind == TANGENT and place == entry.pass_):
            continue
        if entry.kind == TANGENT:
            yield Guess(COLUMNS, tangent, "it is the number of another column of derivatives")
        elif entry.kind == VALUE:
            yield Guess(COPIED, tangent, f"the derivative of {name_text(name)} is copied into the column of values")
    if entry.kind in (TANGENT, ADJOINT):
        total = ZERO
        for partial in judge.here.partials.get(name, {}).values():
            total = add(total, partial)
        yield Guess(FACTOR, total, "it is the sum of the local partials")


def _other_rows(judge: Judge, finding: Finding) -> Iterator[Guess]:
    """The number of the same column in another row, the nearest first."""
    entry = finding.entry
    own = judge.listing.target(entry.name)
    mark = {VALUE: "", TANGENT: DOT, ADJOINT: BAR}.get(entry.kind)
    if mark is None or finding.shown is None or abs(middle(finding.shown.exact)) in (0.0, 1.0):
        return
    at = judge.here.on(entry.pass_ if entry.kind == TANGENT else 0)
    names = list(judge.layout.names)
    here = names.index(own) if own in names else 0
    for other in sorted(names, key=lambda n: abs(names.index(n) - here)):
        value = at.look(mark + judge.listing.target(other))
        if other != own and value is not None:
            yield Guess(ROWS, value, f"it is the number of the row {name_text(other)}")


def _digit_slip(shown: Printed, expected: Scalar) -> Cause | None:
    """One digit different, two exchanged, or the decimal point moved."""
    literal = shown.reading.literal
    if literal is None:
        return None
    right = shown_as(expected, shown)
    wrong = re.sub(r"^(-?)\.", r"\g<1>0.", shown.reading.text.replace(" ", "").lstrip("="))
    for power in (-3, -2, -1, 1, 2, 3):
        factor = 10.0**power
        if abs(middle(expected)) > 0 and abs(middle(shown.exact) / middle(expected) / factor - 1) < 2e-3:
            return Cause(DIGITS, "the decimal point is misplaced")
    if not re.fullmatch(r"-?\d*\.?\d+", wrong) or len(wrong) != len(right) or len(wrong.strip("-0.")) < 3:
        return None
    different = [i for i, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
    if len(different) == 1:
        return Cause(DIGITS, "one digit is wrong")
    if (
        len(different) == 2
        and wrong[different[0]] == right[different[1]]
        and wrong[different[1]] == right[different[0]]
    ):
        return Cause(DIGITS, "two digits are exchanged")
    return None


def _structural(judge: Judge, finding: Finding, shown: Printed) -> Cause | None:
    """What is left: the written operation is another one."""
    line = judge.listing.lines.get(judge.listing.target(finding.entry.name))
    if line is not None and line.written and finding.entry.kind == VALUE:
        return Cause(OPERATION_WRONG, f"the operation should be {formula_text(line.terms)}")
    return None
