"""The usual mistakes in an operation, and the number that each of them gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from adtrace.checking.findings import ALL, Published
from adtrace.checking.layout import TANGENT, Entry
from adtrace.checking.local import NoValue, Numbers, value_of
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import name_text
from adtrace.language.syntax import Apply, Name, Number, Terms, starts
from adtrace.numbers import Scalar

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


def contexts(judge: Judge, entry: Entry) -> list[Numbers]:
    """The true numbers, and the printed ones."""
    pass_ = entry.pass_ if entry.kind == TANGENT else 0
    return [judge.here.on(pass_), Published(judge, entry.cell.table, ALL, pass_)]


def value_guesses(judge: Judge, entry: Entry) -> Iterator[Guess]:
    """What the usual mistakes would give for a value."""
    name = judge.listing.target(entry.name)
    line = judge.listing.lines.get(name)
    if line is None:
        return
    for word, terms, sentence in changed_operations(line.terms, judge, name):
        for numbers in contexts(judge, entry):
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
