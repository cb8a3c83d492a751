"""The usual mistakes in a tangent, an adjoint or a local partial, and the number that each of them gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adtrace.checking.findings import ALL, Published
from adtrace.checking.layout import Entry
from adtrace.checking.listing import Truth
from adtrace.checking.local import NoValue, Numbers, swept, value_of
from adtrace.checking.markup import BAR, DOT
from adtrace.checking.printed import shown_as
from adtrace.checking.slips import (
    BASE,
    COPIED,
    DEGREES,
    EXTRA_PATH,
    FACTOR,
    MISSING_PATH,
    OPERAND,
    PARTIAL_WRONG,
    PRODUCT_RULE,
    SEED,
    SIGN,
    Guess,
    changed_operations,
    contexts,
)
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import name_text, operand_words
from adtrace.language.syntax import Apply, Name, Terms
from adtrace.numbers import Scalar, Singular
from adtrace.numbers.exact import ONE, ZERO, add, div, mul, neg, sub

# ------------------------------------------------------------------------------------------------------------ tangents


def tangent_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    """What the usual mistakes would give for a tangent."""
    name = judge.listing.target(entry.name)
    line = judge.listing.lines.get(name)
    if line is None or judge.listing.is_input(name):
        yield from _seed_guesses(judge, entry)
        return
    both = contexts(judge, entry)
    for numbers in both:
        try:
            yield from sums(parts_of(judge, name, numbers), two_terms(line.terms))
        except NoValue:
            continue
    yield from _changed_tangents(judge, name, both, (DEGREES, BASE))
    value = judge.here.look(name)
    if value is not None:
        yield Guess(COPIED, value, f"the value of {name_text(name)} is copied into the column of derivatives")
    for numbers in both:
        try:
            yield from partial_guesses(judge, name, parts_of(judge, name, numbers), numbers)
        except NoValue:
            continue
    yield from _changed_tangents(judge, name, both, (OPERAND,))


def _changed_tangents(judge: Judge, name: str, both: Sequence[Numbers], words: Sequence[str]) -> Iterator[Guess]:
    """The tangent of the row's operation with one of these mistakes in it."""
    line = judge.listing.lines[name]
    for word, terms, sentence in changed_operations(line.terms, judge, name):
        if word not in words:
            continue
        for numbers in both:
            try:
                yield Guess(word, _tangent(terms, numbers, line.terms, word, judge), sentence)
            except (NoValue, Singular, KeyError):
                continue


class Part(NamedTuple):
    """One term of a derivative: a local partial times a tangent or an adjoint."""

    name: str
    partial: Scalar
    factor: Scalar

    @property
    def term(self) -> Scalar:
        """The term."""
        return mul(self.partial, self.factor)


def parts_of(judge: Judge, name: str, numbers: Numbers) -> list[Part]:
    """The terms of a tangent."""
    line = judge.listing.lines[name]
    gradient = swept(line.terms, numbers)[1]
    return [Part(n, p, numbers[DOT + n]) for n, p in gradient.items() if DOT + n in numbers]


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


def two_terms(terms: Terms) -> str:
    """What it is to subtract the two terms of a derivative: of a product a wrong rule, of a sum a lost sign."""
    last = terms[-1]
    return PRODUCT_RULE if type(last) is Apply and last.head in ("mul", "div") else SIGN


def sums(parts: Sequence[Part], rule: str) -> Iterator[Guess]:
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


def partial_guesses(judge: Judge, name: str, parts: Sequence[Part], numbers: Numbers) -> Iterator[Guess]:
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


def adjoint_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    """What the usual mistakes would give for an adjoint."""
    name = judge.listing.target(entry.name)
    children = judge.children.get(name, [])
    found: list[tuple[Numbers, list[Part]]] = []
    for numbers in contexts(judge, entry):
        parts: list[Part] = []
        found.append((numbers, parts))
        for child in children:
            try:
                gradient = swept(judge.listing.lines[child].terms, numbers)[1]
                partial = next((p for n, p in gradient.items() if judge.listing.target(n) == name), None)
                if partial is not None and BAR + child in numbers:
                    parts.append(Part(child, partial, numbers[BAR + child]))
            except NoValue:
                continue
        yield from adjoint_sums(judge, name, parts, numbers)
    yield from _adjoint_operations(judge, entry, name, children, (DEGREES, BASE))
    for numbers, parts in found:
        yield from adjoint_partials(judge, name, parts, numbers)
    yield from _adjoint_operations(judge, entry, name, children, (OPERAND,))


def adjoint_sums(judge: Judge, name: str, parts: Sequence[Part], numbers: Numbers) -> Iterator[Guess]:
    """Paths left out, turned round, counted twice, or added that do not exist."""
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


def adjoint_partials(judge: Judge, name: str, parts: Sequence[Part], numbers: Numbers) -> Iterator[Guess]:
    """Each local partial of a path replaced by a likely wrong one, and its factor left out."""
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
        for numbers in contexts(judge, entry):
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


def local_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    """What the usual mistakes would give for a local partial."""
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
