"""Workings in which a factor 0 hides a wrong one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from flint import arb

from adtrace.checking.readings.names import named
from adtrace.checking.readings.rewriting import bare, names_of, replaced, text_of, total
from adtrace.checking.work.derived import contributions, rule_of
from adtrace.checking.work.figures import Figures, Subject, Work
from adtrace.checking.work.numerals import FUZZY, all_entries
from adtrace.checking.work.partials import partial_terms, swept
from adtrace.checking.work.rules import ADJOINT, AND, SECOND, SECOND_ADJOINT, TANGENT, VALUE
from adtrace.checking.work.values import BITS, NoValue, met, shape_of, value_of
from adtrace.language.syntax import SILENT, Apply, Name, Number, Terms, starts
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.exact import ball, precision
from adtrace.tracing.formulas import joined, split

_NEAR = 1e-9
_LINEAR = {"add", "sub", "neg", "mul", "div", *SILENT}
_PRODUCTS = {"matmul", "mul", "conv2d", "conv1d", "dot", "outer"}
_DEEPEST, _LONGEST = 8, 200
"""So often others are put into a rule, and into one of so many terms none."""


def masked(terms: Terms, subject: Subject, truth: Figures, meant: Arithmetic) -> str:
    """What is to be said of a product with 0, or of a 0 that is divided, that hides what does not stand beside a 0 in
    the rule of the row; nothing if none.  ``meant`` has the decimals as what they may be rounded from.
    """
    if divisor := _divisor(terms, subject, truth, meant):
        return f"the 0 hides that {text_of(divisor)} is no divisor of this row's"
    if factor := _beside_nothing(terms, subject, truth):
        return f"the zeros hide that {text_of(factor)} is no factor of this row's"
    entries = all_entries(tuple(terms))
    zeros = [(entry, *zero) for entry in entries for zero in _zeros(entry, divided=subject.quantity == VALUE)]
    row = truth.work.same[subject.variable]
    operation = truth.work.operations.get(row, ())
    operands = [term.name for term in operation if type(term) is Name]
    of_arrays = bool(zeros) and _is_of_arrays(row, truth)
    repeated = len(operands) > len(set(operands))  # its factors are parts of those that are printed
    if not zeros or repeated or of_arrays != (len(entries) > 1):  # arrays by their shapes
        return ""
    with precision(BITS), suppress(NoValue, KeyError):
        of = operation if of_arrays else entries[0]
        beside = [*(_of_entries if of_arrays else _of_rule)(of, subject, truth)]
        for entry, place, factor in zeros:
            if not _is_factor(entry, place, beside, meant):
                return f"the factor 0 hides that {text_of(factor)} is no factor of this row's"
    return ""


def _is_of_arrays(row: str, truth: Figures) -> bool:
    """Whether a row, what it is computed from, or what is computed from it and others is an array."""
    operands = truth.work.operands
    uses = truth.work.uses.get(row, ())
    around = {row, *operands.get(row, ()), *uses, *(name for use in uses for name in operands[use])}
    return any(map(truth.shapes.get, around))


def _divisor(terms: Terms, subject: Subject, truth: Figures, shown_as: Arithmetic) -> Terms:
    """By what a 0 is divided that is written as a divisor of the row's rule is, and another number; else nothing."""
    entries = all_entries(tuple(terms))
    shown = [(k, divisor) for k, entry in enumerate(entries) for part, divisor in _quotients(entry) if _is_null(part)]
    if not shown:
        return ()
    try:
        meant = [divisor for _, divisor in _quotients(rule_of(subject, truth.work).terms)]
        values = [value_of(divisor, truth.primal) for divisor in meant]
        numbers = [(divisor, [*getattr(of, "flat", (of,))]) for divisor, of in zip(meant, values, strict=True)]
        for place, divisor in shown:
            number = ball(value_of(divisor, {}, shown_as))
            alike = any(_may_be(number, of[place % len(of)]) for _, of in numbers)
            if not alike and any(_is_written_so(divisor, other) for other, _ in numbers):
                return divisor
    except (NoValue, KeyError):
        pass
    return ()


def _quotients(terms: Terms) -> Iterator[tuple[Terms, Terms]]:
    """What is divided in a formula, and by what: of u/v/w also u by v*w."""
    terms = bare(terms)
    begin = starts(terms)
    for k in (k for k, term in enumerate(terms) if type(term) is Apply and term.head == "div"):
        part, divisor = terms[begin[k] : begin[k - 1]], terms[begin[k - 1] : k]
        yield part, divisor
        head, operands = split(part)
        if head == "div":
            yield operands[0], joined("mul", operands[1], divisor)


def _is_written_so(shown: Terms, divisor: Terms) -> bool:
    """Whether numbers stand for the names of a divisor; one alone for one in which there are no numbers but powers."""
    heads = [[getattr(t, "head", "") for t in of] for of in (shown, divisor)]
    return heads[0] == heads[1] or (len(shown) == 1 and {*heads[1]} <= {"", "pow"} and bool(names_of(divisor)))


def _beside_nothing(terms: Terms, subject: Subject, truth: Figures) -> Terms:
    """The array that is multiplied by one of zeros, and is none of which the row is computed; else nothing."""
    with suppress(NoValue, KeyError):
        shown = [*_times_zeros(terms)] if truth.of_arrays else []
        ways = [way for value in _around(subject, truth) for way in (value, value.T)] if shown else []
        flat = [[*way.flat] for way in ways] + [[*way.flat][::-1] for way in ways]  # a kernel may be turned over
        for operand, entries in shown:
            alike = [all(map(_may_be, map(ball, entries), of)) for of in flat if len(of) == len(entries)]
            if alike and not any(alike):
                return operand
    return ()


def _around(subject: Subject, truth: Figures) -> list[Any]:
    """The arrays of which a row is computed: its operands, with their tangents, or the adjoints of what uses it."""
    work, row = truth.work, truth.work.same[subject.variable]
    of = (*work.uses.get(row, ()), row) if subject.quantity == ADJOINT else (row,)
    names = [name for one in of for name in names_of(work.operations.get(one, ()))]
    marked = {TANGENT: [f"dot {name}" for name in names], ADJOINT: [f"bar {use}" for use in of]}
    values = (truth[_meant(key, subject)] for key in (*names, *marked.get(subject.quantity, ())))
    return [value for value in values if shape_of(value)]


def _times_zeros(terms: Terms) -> Iterator[tuple[Terms, list[Scalar]]]:
    """The literals of arrays that are multiplied by one of zeros, each with its entries.  Raises `NoValue`."""
    begin = starts(terms)
    for k, head in ((k, t.head) for k, t in enumerate(terms) if type(t) is Apply and t.head in _PRODUCTS):
        operands = terms[begin[k] : begin[k - 1]], terms[begin[k - 1] : k]
        values = [value_of(operand, {}, FUZZY) for operand in operands]
        entries = [[*getattr(value, "flat", ())] for value in values]
        zero = [bool(of) and all(ball(entry).is_zero() for entry in of) for of in entries]
        by_entries = head == "mul" and shape_of(values[0]) == shape_of(values[1])  # of σ'(z), worked out
        if zero.count(True) == 1 and all(entries) and not by_entries:
            yield operands[zero[0]], entries[zero[0]]


def _of_rule(working: Terms, subject: Subject, truth: Figures) -> Iterator[Scalar]:
    """What stands beside each 0 in the rule of a number, be it that of a name or of what is computed, as the derivative
    of the rule by that; for a working of several products in what comes of it where other rules are put in, too.
    Raises `NoValue`.
    """
    if subject.quantity in (TANGENT, ADJOINT):
        yield from _beside(truth.factors(subject))
    rule: Terms = rule_of(subject, truth.work).terms
    value_of(rule, _numbers(rule, subject, truth))
    if subject.quantity == SECOND_ADJOINT:
        told = _by_value(truth.work.same[subject.variable], truth.work)
        yield from _by_zeros(told, _numbers(told, subject, truth))
    for _ in range(min(max(sum(type(t) is Apply and t.head == "mul" for t in working), 1), _DEEPEST)):
        yield from _by_zeros(rule, _numbers(rule, subject, truth))
        more = dict[str, Terms]()
        of = {key: _meant(key, subject) for key in names_of(rule)}
        for key in (key for key, number in of.items() if subject.quantity == VALUE or number.quantity != VALUE):
            with suppress(NoValue):  # that of an independent variable
                more[key] = rule_of(of[key], truth.work).terms
        rule = replaced(rule, more)
        if not more or len(rule) > _LONGEST:
            return


def _numbers(rule: Terms, subject: Subject, truth: Figures) -> dict[str, Scalar]:
    """The numbers of the names in the rule of a number."""
    return {key: truth[_meant(key, subject)] for key in names_of(rule)}


def _by_value(row: str, work: Work) -> Terms:
    """The rule of the derivative of an adjoint, in which partials are formulas of the value of their row, as that of a
    root is.  Raises `NoValue`.
    """
    addends = list[Terms]()
    for use in (use for use in work.uses.get(row, ()) if use in work.operations):
        bar = Name(f"bar {use}", 0)
        each = contributions(work.operations[use], {}, (bar,), (Name(use, 0),))
        for terms in (terms for name, several in each.items() if work.same.get(name) == row for terms in several):
            for key, partial in partial_terms(terms).items():
                moved = Name(f"dot{key}" if key == bar.name else f"dot {key}", 0)
                addends.append(joined("mul", partial, (moved,)))
    return total(addends)


def _by_zeros(rule: Terms, numbers: Mapping[str, Scalar]) -> Iterator[Scalar]:
    """The derivative of a rule by each part of it that is 0."""
    zero = Name("\x000", 0)
    for k, first in enumerate(starts(rule)[:-1]):
        with suppress(NoValue):
            value = value_of(rule[first : k + 1], numbers)
            if not shape_of(value) and ball(value).contains(0):
                yield swept((*rule[:first], zero, *rule[k + 1 :]), {**numbers, zero.name: value})[1][zero.name]


def _beside(pairs: Iterable[tuple[Scalar, ...]]) -> Iterator[Scalar]:
    """What stands beside 0 in products of two."""
    return (a for pair in pairs for a, b in (pair, pair[::-1]) if ball(b).contains(0))


def _meant(key: str, subject: Subject) -> Subject:
    """What a key in the rule of a number is of."""
    output, _, seed = subject.by.partition(AND)
    name, seed = named(key), seed or subject.by
    by = {"": "", "dot": seed, "ddot": seed, "bar": output, "dotbar": subject.by}[name.mark]
    quantity = {"": VALUE, "dot": TANGENT, "ddot": SECOND, "bar": ADJOINT, "dotbar": SECOND_ADJOINT}[name.mark]
    return Subject(quantity, name.variable, by)


def _of_entries(operation: Terms, subject: Subject, truth: Figures) -> Iterator[Scalar]:
    """What stands beside each 0 in the products of arrays of which a value is the sum.  Raises `NoValue`."""
    if subject.quantity != VALUE:
        raise NoValue("its factors are not known")
    yield from (a for pair in _each_by_each(operation, truth) for a, b in (pair, pair[::-1]) if ball(b).contains(0))


def _each_by_each(operation: Terms, truth: Figures) -> list[tuple[Scalar, ...]]:
    """The entries that meet in the products of arrays, of an operation that is a sum of such.  Raises `NoValue`."""
    begin, applied = starts(operation), {k: t.head for k, t in enumerate(operation) if type(t) is Apply}
    if not {*applied.values()} <= {"matmul", "dot", "mul", "add", *SILENT}:
        raise NoValue("it is no sum of products")
    pairs = list[tuple[Scalar, ...]]()
    for k, head in applied.items():
        if head not in ("add", *SILENT):
            operands = operation[begin[k] : begin[k - 1]], operation[begin[k - 1] : k]
            pairs += met(*(value_of(operand, truth.primal) for operand in operands), summed=head != "mul")
    return pairs


def _zeros(terms: Terms, *, divided: bool) -> Iterator[tuple[int, Terms]]:
    """The place of each factor 0, perhaps of each 0 that is ``divided``, with what is beside it, ``sin(2.3)``."""
    begin, heads = starts(terms), ("mul", "div") if divided else ("mul",)
    applied = [(k, t.head) for k, t in enumerate(terms) if type(t) is Apply]
    for k, head in ((k, head) for k, head in applied if head in heads):
        cut = begin[k - 1]
        factors = [terms[begin[k] : cut], terms[cut:k]]
        around = {of for m, of in applied if m > k and begin[m] <= begin[k]}
        zeros = list(map(_is_zero, factors))
        if zeros.count(True) == 1 and (zeros[0] or head == "mul") and around <= _LINEAR:
            yield begin[k] if zeros[0] else cut, factors[zeros[0]]


def _is_zero(terms: Terms) -> bool:
    return type(terms[0]) is Number and not terms[0].digits and all(getattr(t, "head", "") == "neg" for t in terms[1:])


def _is_null(terms: Terms) -> bool:
    """Whether a product has a factor 0."""
    head, operands = split(terms)
    return _is_zero(terms) or (head in ("mul", "neg") and any(map(_is_null, operands)))


def _is_factor(terms: Terms, place: int, beside: Iterable[Scalar], shown_as: Arithmetic) -> bool:
    """Whether that by which a 0 is multiplied in a working, signs and divisors included, stands beside a 0 in the rule
    of a row: the derivative of the working by the 0, of which -0 is as good.
    """
    zero, end = Name("\x000", 0), place + 1
    while end < len(terms) and getattr(terms[end], "head", "") == "neg":
        end += 1
    try:
        factor = swept((*terms[:place], zero, *terms[end:]), {zero.name: FUZZY.zero}, shown_as)[1][zero.name]
    except NoValue:
        return True
    shown = ball(factor)
    either = (shown, -shown) if end > place + 1 else (shown,)  # the sign may be that of the product: -0.0 * v_1/v_0
    return any(_may_be(one, of) for of in beside for one in either)


def _may_be(shown: arb, factor: Scalar) -> bool:
    """Whether a number is another, as far as its digits tell: 1.2 is not 1.1."""
    true = ball(factor)
    within = arb(shown.mid(), shown.rad() * (1 - _NEAR))
    return bool(abs(true - shown.mid()) <= _NEAR * (1 + abs(true))) or bool(true.overlaps(within))
