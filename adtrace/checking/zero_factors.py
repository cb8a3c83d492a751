"""Workings in which a factor 0 hides a wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adtrace.checking.figures import Figures, Subject
from adtrace.checking.rules import ADJOINT, TANGENT
from adtrace.checking.values import NoValue, middle
from adtrace.language.syntax import Apply, Name, Number, Terms, starts
from adtrace.numbers import Scalar


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
    for number in _beside_zero(terms):
        if not _is_factor(number, pairs):
            return f"the factor 0 hides that {number.text} is no factor of this row's"
    return ""


def _beside_zero(terms: Terms) -> Iterator[Number]:
    """The numbers that are multiplied by 0 and nothing else."""
    begin = starts(terms)
    for k, term in enumerate(terms):
        two = [t for t in terms[max(k - 2, 0) : k] if type(t) is Number]
        if type(term) is not Apply or term.head != "mul" or len(two) < 2:
            continue
        around = next((t for m, t in enumerate(terms) if m > k and begin[m] <= begin[k] and type(t) is Apply), None)
        if around is None or around.head not in ("mul", "div", "pow"):  # else a product of more factors
            small, other = sorted(two, key=lambda t: t.digits != 0)
            if small.digits == 0 and other.digits:
                yield other


def _is_factor(number: Number, pairs: Sequence[tuple[Scalar, Scalar]]) -> bool:
    """Whether a number stands beside a 0 in the rule of a row."""
    x, width = number.digits * 10.0**number.exponent, 0.51 * 10.0**number.exponent if number.exponent < 0 else 1e-9
    doubles = [(middle(one), middle(other)) for one, other in pairs]
    return any(abs(abs(a) - x) <= width and b == 0 for pair in doubles for a, b in (pair, pair[::-1]))
