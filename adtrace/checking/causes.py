"""Why a number is what it is: the usual causes tried in turn, until one gives the number that is printed.

Each cause is a change to the row's own computation (a sign, a unit, an operand, a path), computed both with the true
and with the printed operands.  The kinds are those of 60 root mistakes in published tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adtrace.checking.findings import ALL, FOLLOWS, ROOT, Finding, Published
from adtrace.checking.freehand import Reading
from adtrace.checking.layout import ADJOINT, LOCAL, TANGENT, VALUE, Entry
from adtrace.checking.listing import Truth
from adtrace.checking.local import BITS, NoValue, Numbers, middle, swept, value_of
from adtrace.checking.markup import BAR, DOT
from adtrace.checking.printed import Printed, agreement, follows, printed, shown_as
from adtrace.checking.repair import close
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import formula_text, name_text, operand_words
from adtrace.numbers import Scalar, Singular
from adtrace.numbers.exact import ONE, ZERO, add, ball, div, mul, neg, precision, sub
from adtrace.syntax import Apply, Name, Number, Terms, starts

SIGN, DEGREES, OPERAND, PARTIAL_WRONG, BASE = "sign", "degrees", "operand", "local partial", "e for exp"
COPIED, ROWS, COLUMNS, SEEDS = "copied", "swapped rows", "swapped columns", "swapped seeds"
MISSING_PATH, EXTRA_PATH, PRODUCT_RULE, NEGATED_SQUARE = "missing path", "extra path", "product rule", "negated square"
PUT_IN, ARITHMETIC, FORMULA, DIGITS, TRUNCATION, SUM_OF_ROUNDED = (
    "number put in", "arithmetic", "formula", "digits", "truncated", "sum of rounded numbers")  # fmt: skip
FUNCTION, FACTOR, SEED, BRACKETS, OPERATION_WRONG, LABEL, MASKED = (
    "function", "missing factor", "seed", "brackets", "operation", "label", "masked")  # fmt: skip
UNKNOWN = ""


class Cause(NamedTuple):
    """A cause by its word, and the sentence that names it."""

    word: str
    sentence: str


class Guess(NamedTuple):
    """A number that a mistake would give."""

    word: str
    value: Scalar
    sentence: str


_TRIGONOMETRIC = ("sin", "cos", "tan", "cot", "sec", "csc")
_CONFUSED = {
    "sin": ("cos", "tan"), "cos": ("sin",), "tan": ("sin", "cos"), "ln": ("log10", "log2", "exp"), "exp": ("ln",),
    "sinh": ("cosh", "sin"), "cosh": ("sinh", "cos"), "tanh": ("tan",),
}  # fmt: skip


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
    kinds = {VALUE: _value_guesses, TANGENT: _tangent_guesses, ADJOINT: _adjoint_guesses, LOCAL: _local_guesses}
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
        for numbers in _contexts(judge, entry):
            try:
                value = value_of(reading.terms, numbers)
            except NoValue:
                continue
            yield Guess(FORMULA, value, "it is what the formula beside it gives, and the formula is wrong")


def _contexts(judge: Judge, entry: Entry) -> list[Numbers]:
    """The true numbers, and the printed ones."""
    pass_ = entry.pass_ if entry.kind == TANGENT else 0
    return [judge.here.on(pass_), Published(judge, entry.cell.table, ALL, pass_)]


# -------------------------------------------------------------------------------------------------------------- values


def _value_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    name = judge.listing.target(entry.name)
    line = judge.listing.lines.get(name)
    if line is None:
        return
    for word, terms, sentence in changed_operations(line.terms, judge, name):
        for numbers in _contexts(judge, entry):
            try:
                yield Guess(word, value_of(terms, numbers), sentence)
            except NoValue:
                continue


def changed_operations(terms: Terms, judge: Judge, name: str) -> Iterator[tuple[str, Terms, str]]:
    """The operation of a row with one usual mistake in it."""
    terms = tuple(terms)
    begin = starts(terms)
    for index, term in enumerate(terms):
        if type(term) is Apply and term.head in _TRIGONOMETRIC:
            degrees = (*terms[:index], Name("pi", 0), Apply("mul", 2, 0), Number("180", 180, 0, 0), Apply("div", 2, 0))
            yield DEGREES, (*degrees, *terms[index:]), f"{term.head} is taken of degrees, not of radians"
    yield from _negations(terms, begin)
    for index, term in enumerate(terms):
        if (type(term) is Apply and term.head == "exp") or (
            type(term) is Apply and term.head == "pow" and _is_e(terms, begin, index)
        ):
            yield BASE, (*terms[: begin[index]], Name("e", 0), *terms[index + 1 :]), "e stands in place of its power"
    yield from _other_functions(terms)
    yield from _other_operands(terms, judge, name)


def _is_e(terms: Terms, begin: Sequence[int], index: int) -> bool:
    base = terms[begin[index]]
    return type(base) is Name and base.name == "e"


def _negations(terms: Terms, begin: Sequence[int]) -> Iterator[tuple[str, Terms, str]]:
    terms = tuple(terms)
    for index, term in enumerate(terms):
        if type(term) is not Apply:
            continue
        if term.head == "neg":
            inner = terms[index - 1] if index else None
            if type(inner) is Apply and inner.head == "pow":
                base = terms[begin[index - 1] : begin[index - 2]]
                squared = (*terms[: begin[index - 1]], *base, Apply("neg", 1, 0), *terms[begin[index - 2] : index])
                yield NEGATED_SQUARE, (*squared, *terms[index + 1 :]), "the minus is applied before the power"
            yield SIGN, (*terms[:index], *terms[index + 1 :]), "a minus is lost"
        if term.head in ("sub", "add"):
            other = "add" if term.head == "sub" else "sub"
            sign = "plus" if other == "add" else "minus"
            yield SIGN, (*terms[:index], Apply(other, 2, 0), *terms[index + 1 :]), f"a sign is lost: {sign} is computed"
        if term.head in ("sub", "div") and index == len(terms) - 1:
            second = begin[index - 1]
            swapped = (*terms[second:index], *terms[:second], term)
            yield OPERAND, swapped, "the two operands are exchanged"
    for index, term in enumerate(terms):
        if type(term) is Name and term.name not in ("pi", "e") and len(terms) > 1:
            made = (*terms[: index + 1], Apply("neg", 1, 0), *terms[index + 1 :])
            after = terms[index + 1] if index + 1 < len(terms) else None
            if type(after) is Apply and after.head in ("pow",):
                continue
            yield SIGN, made, f"the sign of {name_text(term.name)} is lost"
    for index, term in enumerate(terms):
        if type(term) is Apply and term.head == "pow":
            doubled = (*terms[:index], Apply("mul", 2, 0), *terms[index + 1 :])
            yield FUNCTION, doubled, "the exponent is taken as a factor"


def _other_functions(terms: Terms) -> Iterator[tuple[str, Terms, str]]:
    for index, term in enumerate(terms):
        if type(term) is not Apply:
            continue
        head = "ln" if term.head == "log" and term.arity == 1 else term.head
        for other in _CONFUSED.get(head, ()):
            made = (*terms[:index], Apply(other, 1, 0), *terms[index + 1 :])
            yield FUNCTION, made, f"{other} is taken in place of {head}"
        for other in {"mul": ("add",), "add": ("mul",), "div": ("mul",)}.get(head, ()):
            made = (*terms[:index], Apply(other, 2, 0), *terms[index + 1 :])
            yield FUNCTION, made, {"add": "a sum is computed for a product", "mul": "a product is computed"}[other]


def _other_operands(terms: Terms, judge: Judge, name: str) -> Iterator[tuple[str, Terms, str]]:
    from adtrace.checking.repair import _distance  # noqa: PLC0415 - how near two names are

    names = [n for n in (*judge.layout.names, *judge.listing.variables) if judge.listing.target(n) != name]
    for index, term in enumerate(terms):
        if type(term) is Name and term.name not in ("pi", "e"):
            for other in sorted(dict.fromkeys(names), key=lambda n: _distance(n, term.name)):
                if other != term.name:
                    made = (*terms[:index], Name(other, 0), *terms[index + 1 :])
                    yield OPERAND, made, f"{name_text(other)} is taken in place of {name_text(term.name)}"


# ------------------------------------------------------------------------------------------------------------ tangents


def _tangent_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    name = judge.listing.target(entry.name)
    line = judge.listing.lines.get(name)
    if line is None or judge.listing.is_input(name):
        yield from _seed_guesses(judge, entry)
        return
    contexts = _contexts(judge, entry)
    for numbers in contexts:
        try:
            yield from _sums(_parts(judge, name, numbers), _two_terms(line.terms))
        except NoValue:
            continue
    yield from _changed_tangents(judge, name, contexts, (DEGREES, BASE))
    value = judge.here.look(name)
    if value is not None:
        yield Guess(COPIED, value, f"the value of {name_text(name)} is copied into the column of derivatives")
    for numbers in contexts:
        try:
            yield from _partials(judge, name, _parts(judge, name, numbers), numbers)
        except NoValue:
            continue
    yield from _changed_tangents(judge, name, contexts, (OPERAND,))


def _changed_tangents(judge: Judge, name: str, contexts: Sequence[Numbers], words: Sequence[str]) -> Iterator[Guess]:
    """The tangent of the row's operation with one of these mistakes in it."""
    line = judge.listing.lines[name]
    for word, terms, sentence in changed_operations(line.terms, judge, name):
        if word not in words:
            continue
        for numbers in contexts:
            try:
                yield Guess(word, _tangent(terms, numbers, line.terms, word, judge), sentence)
            except (NoValue, Singular, KeyError):
                continue


class _Part(NamedTuple):
    """One term of a derivative: a local partial times a tangent or an adjoint."""

    name: str
    partial: Scalar
    factor: Scalar

    @property
    def term(self) -> Scalar:
        return mul(self.partial, self.factor)


def _parts(judge: Judge, name: str, numbers: Numbers) -> list[_Part]:
    line = judge.listing.lines[name]
    gradient = swept(line.terms, numbers)[1]
    return [_Part(n, p, numbers[DOT + n]) for n, p in gradient.items() if DOT + n in numbers]


def _tangent(terms: Terms, numbers: Numbers, proper: Terms, word: str, judge: Judge) -> Scalar:
    """The tangent of a changed operation; in degrees only the argument changes, not the factor."""
    gradient = swept(terms, numbers)[1]
    total = ZERO
    factor = div(fmpq_180(), value_of((Name("pi", 0),), {})) if word == DEGREES else ONE
    if word == BASE:
        true_value, value = value_of(proper, numbers), value_of(terms, numbers)
        gradient = {n: mul(p, div(value, true_value)) for n, p in swept(proper, numbers)[1].items()}
    for operand, partial in gradient.items():
        total = add(total, mul(mul(partial, factor), numbers[DOT + operand]))
    return total


def fmpq_180() -> Scalar:
    """180, exactly."""
    return mul(ONE, 180 * ONE)


def _two_terms(terms: Terms) -> str:
    """What it is to subtract the two terms of a derivative: of a product a wrong rule, of a sum a lost sign."""
    last = terms[-1]
    return PRODUCT_RULE if type(last) is Apply and last.head in ("mul", "div") else SIGN


def _sums(parts: Sequence[_Part], rule: str) -> Iterator[Guess]:
    """Terms left out, or taken with the other sign."""
    if len(parts) == 2:
        first, second = parts
        yield Guess(rule, sub(first.term, second.term), "the two terms are subtracted, not added")
        yield Guess(rule, sub(second.term, first.term), "the two terms are subtracted, not added")
    if len(parts) > 1:
        for left_out in parts:
            total = ZERO
            for part in parts:
                total = total if part is left_out else add(total, part.term)
            yield Guess(MISSING_PATH, total, f"the term of {name_text(left_out.name)} is missing")
        for turned in parts:
            total = ZERO
            for part in parts:
                total = sub(total, part.term) if part is turned else add(total, part.term)
            yield Guess(SIGN, total, f"the sign of the term of {name_text(turned.name)} is lost")


def _partials(judge: Judge, name: str, parts: Sequence[_Part], numbers: Numbers) -> Iterator[Guess]:
    """Each local partial replaced by a likely wrong one, and its factor left out."""
    for part in parts:
        rest = ZERO
        for other in parts:
            rest = rest if other is part else add(rest, other.term)
        yield Guess(
            FACTOR, add(rest, part.partial), f"the local partial is not multiplied by {operand_words(DOT + part.name)}"
        )
        for partial, text in wrong_partials(judge, name, part.name, part.partial, numbers):
            value = add(rest, mul(partial, part.factor))
            what = f"∂{name_text(name)}/∂{name_text(part.name)}"
            yield Guess(PARTIAL_WRONG, value, f"the local partial {what} is {_rounded(part.partial)}; {text} is taken")


def _rounded(value: Scalar) -> str:
    return shown_as(value, None)


def wrong_partials(
    judge: Judge, name: str, operand: str, partial: Scalar, numbers: Numbers
) -> Iterator[tuple[Scalar, str]]:
    """Local partials that people write in place of the right one."""
    line = judge.listing.lines[name]
    try:
        value = value_of(line.terms, numbers)
        u = numbers[operand]
    except (NoValue, KeyError):
        return
    others = [numbers[n] for n in judge.operands(name) if n != operand and n in numbers]
    yield value, "the value of the row"
    yield u, f"{name_text(operand)} itself"
    yield ONE, "1"
    for heads in ("sin", "cos"):
        if any(type(t) is Apply and t.head in ("sin", "cos", "tan") for t in line.terms):
            made = value_of((Name("u", 0), Apply(heads, 1, 0)), {"u": u})
            yield made, f"{heads}({name_text(operand)})"
            yield neg(made), f"-{heads}({name_text(operand)})"
    try:
        yield div(ONE, u), f"1/{name_text(operand)}"
        yield neg(div(ONE, mul(u, u))), f"-1/{name_text(operand)}^2"
        yield div(ONE, mul(u, u)), f"1/{name_text(operand)}^2"
        yield div(ONE, partial), "its reciprocal"
        yield mul(partial, u), f"a factor {name_text(operand)} too many"
        yield div(partial, u), f"a factor {name_text(operand)} too few"
    except (Singular, NoValue, ArithmeticError):
        pass
    two = ONE + ONE
    yield mul(partial, two), "twice as much"
    yield div(partial, two), "half as much"
    for other in others:
        try:
            yield other, "the other operand"
            yield neg(div(ONE, mul(other, other))), "-1/(the other operand)^2"
            yield neg(div(ONE, other)), "-1/(the other operand)"
            yield div(ONE, other), "1/(the other operand)"
        except (Singular, NoValue, ArithmeticError):
            continue


def _seed_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    for value in (ONE, ZERO):
        yield Guess(SEED, value, "the seed of this column is another")


# ------------------------------------------------------------------------------------------------------------ adjoints


def _adjoint_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    name = judge.listing.target(entry.name)
    children = judge.children.get(name, [])
    found: list[tuple[Numbers, list[_Part]]] = []
    for numbers in _contexts(judge, entry):
        parts: list[_Part] = []
        found.append((numbers, parts))
        for child in children:
            try:
                gradient = swept(judge.listing.lines[child].terms, numbers)[1]
                partial = next((p for n, p in gradient.items() if judge.listing.target(n) == name), None)
                if partial is not None and BAR + child in numbers:
                    parts.append(_Part(child, partial, numbers[BAR + child]))
            except NoValue:
                continue
        yield from _adjoint_sums(judge, name, parts, numbers)
    yield from _adjoint_operations(judge, entry, name, children, (DEGREES, BASE))
    for numbers, parts in found:
        yield from _adjoint_partials(judge, name, parts, numbers)
    yield from _adjoint_operations(judge, entry, name, children, (OPERAND,))


def _adjoint_sums(judge: Judge, name: str, parts: Sequence[_Part], numbers: Numbers) -> Iterator[Guess]:
    total = ZERO
    for part in parts:
        total = add(total, part.term)
    for part in parts:
        if len(parts) > 1:
            yield Guess(MISSING_PATH, sub(total, part.term), f"the path through {name_text(part.name)} is missing")
            turned = sub(total, mul(ONE + ONE, part.term))
            yield Guess(SIGN, turned, f"the sign of the path through {name_text(part.name)} is lost")
    used = {part.name for part in parts}
    for other in judge.listing.lines:
        if other == name or BAR + other not in numbers:
            continue
        adjoint = numbers[BAR + other]
        if other not in used:
            sentence = f"{name_text(other)} does not use {name_text(name)}, and yet its adjoint is added"
            yield Guess(EXTRA_PATH, add(total, adjoint), sentence)
        if other in used and len(parts) > 0:
            part = next(p for p in parts if p.name == other)
            sentence = f"the path through {name_text(other)} is counted twice"
            yield Guess(EXTRA_PATH, add(total, part.term), sentence)


def _adjoint_partials(judge: Judge, name: str, parts: Sequence[_Part], numbers: Numbers) -> Iterator[Guess]:
    for part in parts:
        rest = ZERO
        for other in parts:
            rest = rest if other is part else add(rest, other.term)
        sentence = f"the local partial is not multiplied by {operand_words(BAR + part.name)}"
        yield Guess(FACTOR, add(rest, part.partial), sentence)
        for partial, text in wrong_partials(judge, part.name, name, part.partial, numbers):
            what = f"∂{name_text(part.name)}/∂{name_text(name)}"
            value = add(rest, mul(partial, part.factor))
            yield Guess(PARTIAL_WRONG, value, f"the local partial {what} is {_rounded(part.partial)}; {text} is taken")


def _adjoint_operations(
    judge: Judge, entry: Entry, name: str, children: Sequence[str], words: Sequence[str]
) -> Iterator[Guess]:
    """A child's operation changed: degrees, e for its power, another operand."""
    for child in children:
        line = judge.listing.lines[child]
        for numbers in _contexts(judge, entry):
            try:
                proper = swept(line.terms, numbers)[1].get(name, ZERO)
                adjoint = numbers[BAR + child]
                table = numbers
                rest = sub(judge.adjoint(name, children, _as_published(judge, entry, table)), mul(adjoint, proper))
            except (NoValue, KeyError):
                continue
            for word, terms, sentence in changed_operations(line.terms, judge, child):
                if word not in words:
                    continue
                try:
                    partial = swept(terms, numbers)[1].get(name)
                    if word == BASE:
                        ratio = div(value_of(terms, numbers), value_of(line.terms, numbers))
                        partial = mul(proper, ratio)
                    elif word == DEGREES and partial is not None:
                        partial = mul(partial, div(fmpq_180(), value_of((Name("pi", 0),), {})))
                    if partial is not None:
                        yield Guess(word, add(rest, mul(adjoint, partial)), sentence)
                except (NoValue, Singular):
                    continue


def _as_published(judge: Judge, entry: Entry, numbers: Numbers) -> Published:
    if isinstance(numbers, Truth):
        return Published(judge, entry.cell.table, frozenset(), 0)
    return Published(judge, entry.cell.table, ALL, 0)


def _local_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    name = judge.listing.target(entry.name)
    operands = judge.operands(name)
    if name not in judge.listing.lines or entry.pass_ >= len(operands):
        return
    operand = operands[entry.pass_]
    right = judge.here.partials.get(name, {}).get(operand)
    if right is None:
        return
    for word, terms, sentence in changed_operations(judge.listing.lines[name].terms, judge, name):
        if word in (DEGREES, BASE):
            try:
                partial = swept(terms, judge.here)[1].get(operand, ZERO)
                if word == BASE:
                    proper = judge.listing.lines[name].terms
                    partial = mul(right, div(value_of(terms, judge.here), value_of(proper, judge.here)))
                if word == DEGREES:
                    partial = mul(partial, div(fmpq_180(), value_of((Name("pi", 0),), {})))
                yield Guess(word, partial, sentence)
            except (NoValue, Singular):
                continue
    for partial, text in wrong_partials(judge, name, operand, right, judge.here):
        yield Guess(PARTIAL_WRONG, partial, f"it is {text}")


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


# ------------------------------------------------------------------------------------------------------------ formulas


def formula_cause(judge: Judge, finding: Finding) -> Cause:
    """Why a formula is not the row's: the usual changes tried at the second point."""
    reading, there = finding.entry.reading, judge.there
    if reading is None or there is None:
        return Cause(UNKNOWN, "")
    name = judge.listing.target(finding.entry.name)
    kind = finding.entry.kind
    with precision(BITS):
        try:
            written = value_of(reading.terms, there)
        except NoValue:
            return Cause(UNKNOWN, "")
        guesses: list[Guess] = []
        try:
            if kind == "tangent formula" and name in judge.listing.lines:
                guesses = _formula_guesses(judge, name, reading.names, there)
            elif kind == "adjoint formula":
                guesses = _adjoint_formula_guesses(judge, name, there)
        except (NoValue, Singular, ArithmeticError):
            guesses = []
        for guess in guesses:
            if close(guess.value, written):
                return Cause(guess.word, guess.sentence)
    return _named_operands(judge, name, kind, reading.names)


def _formula_guesses(judge: Judge, name: str, names: Sequence[str], there: Truth) -> list[Guess]:
    wanted = there[DOT + name]
    parts = _parts(judge, name, there)
    found = [Guess(SIGN, neg(wanted), "the sign is lost"), *_sums(parts, _two_terms(judge.listing.lines[name].terms))]
    found += list(_partials(judge, name, parts, there))
    own = there[DOT + name]
    if DOT + name in names and len(parts) == 1:
        sentence = f"it refers to itself: d{name_text(name)} stands for d{name_text(parts[0].name)}"
        found.insert(0, Guess(OPERAND, mul(parts[0].partial, own), sentence))
    return [g._replace(sentence=_without_numbers(g.sentence)) for g in found]


def _without_numbers(sentence: str) -> str:
    """A sentence of a formula names no number: those of the second point mean nothing to a reader."""
    return re.sub(r" is (?:-?[\d./= ]+|between [^;]*); (.*) is taken$", r" is not \1", sentence)


def _adjoint_formula_guesses(judge: Judge, name: str, there: Truth) -> list[Guess]:
    parts = [
        _Part(child, judge_partial, there[BAR + child])
        for child in judge.children.get(name, [])
        if (judge_partial := there.partials.get(child, {}).get(name)) is not None
    ]
    found = [*_adjoint_sums(judge, name, parts, there), *_adjoint_partials(judge, name, parts, there)]
    for child in judge.listing.lines:
        if child not in judge.children.get(name, []) and BAR + child in there:
            total = there[BAR + name]
            sentence = f"{name_text(child)} does not use {name_text(name)}, and yet its adjoint is added"
            found.append(Guess(EXTRA_PATH, add(total, there[BAR + child]), sentence))
    return [g._replace(sentence=_without_numbers(g.sentence)) for g in found]


def _named_operands(judge: Judge, name: str, kind: str, names: Sequence[str]) -> Cause:
    """The variables that a formula names and should not, or should and does not."""
    target = judge.listing.target
    if kind == "tangent formula":
        used = {target(n[1:]) for n in names if n.startswith(DOT)}
        wanted = set(judge.operands(name))
        if name in used - wanted:
            return Cause(OPERAND, f"it refers to itself, d{name_text(name)}")
        for strange in sorted(used - wanted):
            return Cause(OPERAND, f"d{name_text(strange)} is not the tangent of an operand of the row")
        if not used and wanted:
            return Cause(FACTOR, "no tangent of an operand stands in it")
        for lost in sorted(wanted - used):
            return Cause(MISSING_PATH, f"the term of d{name_text(lost)} is missing")
    if kind == "adjoint formula":
        used = {target(n[1:]) for n in names if n.startswith(BAR)} - {name}
        wanted = set(judge.children.get(name, []))
        for strange in sorted(used - wanted):
            return Cause(EXTRA_PATH, f"{name_text(strange)} does not use {name_text(name)}")
        for lost in sorted(wanted - used):
            return Cause(MISSING_PATH, f"the path through {name_text(lost)} is missing")
    return Cause(PARTIAL_WRONG, "a local partial in it is wrong") if kind != "operation" else Cause(UNKNOWN, "")
