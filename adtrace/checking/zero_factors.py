"""Workings in which a factor 0 hides a wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from flint import arb

from adtrace.checking.figures import Figures, Subject
from adtrace.checking.numerals import FUZZY
from adtrace.checking.rewriting import text_of
from adtrace.checking.rules import ADJOINT, TANGENT
from adtrace.checking.values import BITS, NoValue, middle, value_of
from adtrace.language.syntax import SILENT, Apply, Name, Number, Term, Terms, starts
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ball, precision

_NEAR = 1e-9


def masked(terms: Terms, subject: Subject, truth: Figures) -> str:
    """What is to be said of a product with 0 that hides a number which is no factor of the row's; nothing if none."""
    if subject.quantity not in (TANGENT, ADJOINT):
        return ""
    try:
        pairs = truth.factors(subject)
    except (NoValue, KeyError):
        return ""
    operation = truth.work.operations.get(truth.work.same[subject.variable], ())
    operands = [term.name for term in operation if type(term) is Name]
    if len(operands) > len(set(operands)) or any(type(term) is Apply and term.head == "div" for term in terms):
        return ""  # its factors are parts of those that are printed
    for factor in _beside_zero(terms):
        if not _is_factor(factor, pairs):
            return f"the factor 0 hides that {text_of(factor)} is no factor of this row's"
    return ""


def _beside_zero(terms: Terms) -> Iterator[Terms]:
    """What is multiplied by 0 and nothing else: a number, or what is worked out from numbers, ``sin(2.3)``."""
    begin = starts(terms)
    for k, term in enumerate(terms):
        if type(term) is not Apply or term.head != "mul":
            continue
        cut = begin[k - 1]
        factors = [_plain(terms[begin[k] : cut]), _plain(terms[cut:k])]
        around = next((t for m, t in enumerate(terms) if m > k and begin[m] <= begin[k] and _says(t)), None)
        if around is None or around.head not in ("mul", "div", "pow"):  # else a product of more factors
            zeros = [_is_zero(factor) for factor in factors]
            if any(zeros) and not all(zeros):
                yield factors[zeros.index(False)]


def _says(term: Term) -> TypeGuard[Apply]:
    return type(term) is Apply and term.head not in SILENT


def _plain(terms: Terms) -> Terms:
    """A factor without the brackets and signs round it, which pass through a product."""
    while len(terms) > 1 and type(terms[-1]) is Apply and terms[-1].head in (*SILENT, "neg"):
        terms = terms[:-1]
    return terms


def _is_zero(terms: Terms) -> bool:
    return len(terms) == 1 and type(terms[0]) is Number and not terms[0].digits


def _is_factor(factor: Terms, pairs: Sequence[tuple[Scalar, Scalar]]) -> bool:
    """Whether what is printed beside a 0 may be what stands there in the rule of a row."""
    try:
        shown = abs(ball(value_of(factor, {}, FUZZY)))
    except NoValue:
        return True
    with precision(BITS):
        return any(_may_be(shown, a) and middle(b) == 0 for pair in pairs for a, b in (pair, pair[::-1]))


def _may_be(shown: arb, factor: Scalar) -> bool:
    true = abs(ball(factor))
    return bool(abs(true - shown) <= _NEAR * (1 + true)) or bool(true.overlaps(shown))
