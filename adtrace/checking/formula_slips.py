"""Why a formula is not the row's own: the usual mistakes tried at the second point."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adtrace.checking.derivative_slips import (
    Part,
    adjoint_partials,
    adjoint_sums,
    partial_guesses,
    parts_of,
    sums,
    two_terms,
)
from adtrace.checking.findings import Finding
from adtrace.checking.listing import Truth
from adtrace.checking.local import BITS, NoValue, value_of
from adtrace.checking.markup import BAR, DOT
from adtrace.checking.repair import close
from adtrace.checking.slips import (
    EXTRA_PATH,
    FACTOR,
    MISSING_PATH,
    OPERAND,
    PARTIAL_WRONG,
    SIGN,
    UNKNOWN,
    Cause,
    Guess,
)
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import name_text
from adtrace.numbers import Singular
from adtrace.numbers.exact import add, mul, neg, precision


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
    parts = parts_of(judge, name, there)
    found = [Guess(SIGN, neg(wanted), "the sign is lost"), *sums(parts, two_terms(judge.listing.lines[name].terms))]
    found += list(partial_guesses(judge, name, parts, there))
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
        Part(child, judge_partial, there[BAR + child])
        for child in judge.children.get(name, [])
        if (judge_partial := there.partials.get(child, {}).get(name)) is not None
    ]
    lost = Guess(SIGN, neg(there[BAR + name]), "the sign is lost")
    found = [lost, *adjoint_sums(judge, name, parts, there), *adjoint_partials(judge, name, parts, there)]
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
