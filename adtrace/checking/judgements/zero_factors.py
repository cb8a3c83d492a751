"""Workings in which a factor 0 hides a wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flint import arb

from adtrace.checking.readings.rewriting import bare, names_of, text_of
from adtrace.checking.work.derived import rule_of
from adtrace.checking.work.figures import Figures, Subject
from adtrace.checking.work.numerals import FUZZY, all_entries
from adtrace.checking.work.partials import swept
from adtrace.checking.work.rules import ADJOINT, TANGENT, VALUE
from adtrace.checking.work.values import BITS, NoValue, met, middle, value_of
from adtrace.language.syntax import SILENT, Apply, Name, Number, Terms, starts
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ball, precision
from adtrace.tracing.formulas import joined, split

_NEAR = 1e-9
_LINEAR = {"add", "sub", "neg", "mul", "div", *SILENT}


def masked(terms: Terms, subject: Subject, truth: Figures) -> str:
    """What is to be said of a product with 0 that hides what is no factor of the row's, and of what 0 is divided by;
    nothing if none.
    """
    if divisor := _divisor(terms, subject, truth):
        return f"the 0 hides that {text_of(divisor)} is no divisor of this row's"
    entries = all_entries(tuple(terms))
    zeros = [(entry, *zero) for entry in entries for zero in _zeros(entry)]
    if not zeros or truth.of_arrays != (len(entries) > 1):  # arrays by their shapes
        return ""
    operation = truth.work.operations.get(truth.work.same[subject.variable], ())
    try:
        pairs = _pairs(operation, subject, truth)
    except (NoValue, KeyError):
        return ""
    operands = [term.name for term in operation if type(term) is Name]
    if len(operands) > len(set(operands)):
        return ""  # its factors are parts of those that are printed
    parted = any(middle(partial) == 0 for _, partial in pairs)
    with precision(BITS):
        for entry, place, factor, is_whole in zeros:
            if (is_whole or not parted) and not _is_factor(entry, place, pairs):
                return f"the factor 0 hides that {text_of(factor)} is no factor of this row's"
    return ""


def _divisor(terms: Terms, subject: Subject, truth: Figures) -> Terms:
    """By what a 0 is divided that is written as a divisor of the row's rule is, and another number; else nothing."""
    shown = [divisor for part, divisor in _quotients(terms) if _is_zero(part)]
    if not shown or truth.of_arrays:
        return ()
    try:
        meant = [divisor for _, divisor in _quotients(rule_of(subject, truth.work).terms)]
        numbers = [(divisor, value_of(divisor, truth.primal)) for divisor in meant]
        for divisor in shown:
            number = ball(value_of(divisor, {}, FUZZY))
            alike = any(_may_be(number, true) for _, true in numbers)
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


def _pairs(operation: Terms, subject: Subject, truth: Figures) -> Sequence[tuple[Scalar, ...]]:
    """The factors of a number that is a product, or a sum of products.  Raises `NoValue` for another one."""
    if subject.quantity == VALUE:
        return (_each_by_each if truth.of_arrays else _factors)(operation, truth)
    if truth.of_arrays or subject.quantity not in (TANGENT, ADJOINT):
        raise NoValue("its factors are not known")
    return truth.factors(subject)


def _factors(operation: Terms, truth: Figures) -> list[tuple[Scalar, ...]]:
    """The factors of an operation that is a product of two names or numbers.  Raises `NoValue` for another one."""
    head, operands = split(bare(operation)) if operation else ("", [])  # of an independent variable
    if head != "mul" or any(len(operand) > 1 for operand in operands):
        raise NoValue("it is no product of two")
    return [tuple(value_of(operand, truth.primal) for operand in operands)]


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


def _zeros(terms: Terms) -> Iterator[tuple[int, Terms, bool]]:
    """The place of each factor 0, what is multiplied by it, ``sin(2.3)``, and whether nothing else is."""
    begin = starts(terms)
    for k in (k for k, term in enumerate(terms) if type(term) is Apply and term.head == "mul"):
        cut = begin[k - 1]
        factors = [terms[begin[k] : cut], terms[cut:k]]
        around = [t for m, t in enumerate(terms) if m > k and begin[m] <= begin[k] and type(t) is Apply]
        zeros = list(map(_is_zero, factors))
        if zeros.count(True) == 1 and all(t.head in _LINEAR for t in around):
            nearest = next((t.head for t in around if t.head not in SILENT), "")
            first = zeros[0]
            yield begin[k] if first else cut, factors[first], nearest not in ("mul", "div")


def _is_zero(terms: Terms) -> bool:
    return type(terms[0]) is Number and not terms[0].digits and all(getattr(t, "head", "") == "neg" for t in terms[1:])


def _is_factor(terms: Terms, place: int, pairs: Sequence[tuple[Scalar, ...]]) -> bool:
    """Whether that by which a 0 is multiplied in a working, signs and divisors included, stands beside a 0 in the rule
    of a row: the derivative of the working by the 0.
    """
    zero = Name("\x000", 0)
    try:
        factor = swept((*terms[:place], zero, *terms[place + 1 :]), {zero.name: FUZZY.zero}, FUZZY)[1][zero.name]
    except NoValue:
        return True
    return any(_may_be(ball(factor), a) for pair in pairs for a, b in (pair, pair[::-1]) if ball(b).contains(0))


def _may_be(shown: arb, factor: Scalar) -> bool:
    """Whether a number is another, as far as its digits tell: 1.2 is not 1.1."""
    true = ball(factor)
    within = arb(shown.mid(), shown.rad() * (1 - _NEAR))
    return bool(abs(true - shown.mid()) <= _NEAR * (1 + abs(true))) or bool(true.overlaps(within))
