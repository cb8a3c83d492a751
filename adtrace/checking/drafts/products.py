"""Which products the operations of arrays are: those that come to the numbers that are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import product

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.operations import printed_numbers
from adtrace.checking.readings.cells import Part
from adtrace.checking.work.figures import Work
from adtrace.checking.work.numerals import agreement, compared, follows, printed
from adtrace.checking.work.shapes import fitted, ways
from adtrace.checking.work.values import NoValue, Rows, shape_of, value_of
from adtrace.language.syntax import MATMUL, Apply, Name, Term, Terms
from adtrace.numbers import Scalar


def meant(work: Work, point: Sequence[Terms], values: Mapping[str, Part]) -> Rows:
    """The rows with their products as what they are in the shapes of the point: of those that can be, as what comes to
    the number that is printed.
    """
    if not any(map(terms_shape, point)):
        return work.rows
    numbers: dict[str, Scalar] = {}
    for name, terms in zip(work.inputs, point, strict=True):
        with suppress(NoValue):
            numbers[name] = value_of(terms, {})
    theirs = {name: number.fuzzy for name, number in printed_numbers(values).items()}
    found, typed = [], any(getattr(t, "head", "") == MATMUL for _, terms in work.rows for t in terms)
    for name, terms in work.rows:
        best = best_way(terms, (numbers, {**numbers, **theirs}), values.get(name), typed)
        found.append((name, best[0] if best else terms))
        if best:
            numbers[name] = best[1]
    return tuple(found)


def best_way(
    terms: Terms, each: tuple[Mapping[str, Scalar], Mapping[str, Scalar]], shown: Part | None, typed: bool
) -> tuple[Terms, Scalar] | None:
    """The way in which a row is meant, with its value: by the true numbers of its operands, else by those printed, else
    by its shape.
    """
    best: tuple[int, Terms, Scalar] | None = None
    numbers = each[0]
    for given, columns in product(each, (False, True)):
        with suppress(NoValue):
            for made, _ in ways(_with_columns(terms, given) if columns else terms, given, (False,), typed=typed):
                with suppress(NoValue):
                    value = value_of(made, numbers)
                    alike = _alike(shown, value) if shown else 0
                    if best is None or alike > best[0]:
                        best = alike, made, value
                    agrees = agreement if given is numbers else follows
                    if shown and agrees(printed(shown), value_of(made, given)):
                        return made, value
    return best and best[1:]


def _with_columns(terms: Terms, numbers: Mapping[str, Scalar]) -> Terms:
    """Terms with vectors as columns, where they do not fit as they are: ``W X + b`` of examples in columns."""
    found: list[Term] = []
    for term in terms:
        shape = shape_of(numbers.get(term.name, 0)) if type(term) is Name else ()
        found += (term, Apply("reshape", 1, 0, (("shape", (*shape, 1)),))) if len(shape) == 1 else (term,)
    return tuple(found)


def _alike(shown: Part, value: Scalar) -> int:
    """How many entries of what is printed are those of a value, if all but one are, and one more; 0 where their shapes
    differ.
    """
    number = printed(shown)
    whole = fitted(value, number.shape)
    each = compared(number, value if whole is None else whole)
    same = [follows(entry, true) for _, entry, true in each or ()]
    return 0 if each is None else 1 + sum(same) * (sum(same) >= len(same) - 1)
