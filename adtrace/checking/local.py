"""An expression of earlier rows at given numbers: its value and its partial by each name in it.

A row written by hand may be several elementals (``3x^3``, ``cos(x1 x3)``): it is lowered by `lower` like any
expression, and swept here over numbers that are not constants of the language, the published cells of other rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from typing import Any, Protocol

from flint import arb

from adtrace.errors import AdtraceError
from adtrace.language.syntax import Expression, Name, Statement, Terms
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball, resolved
from adtrace.tracing.evaluate import Bound, bind, constant_value
from adtrace.tracing.kinks import rules
from adtrace.tracing.lower import lower
from adtrace.tracing.spread import spread
from adtrace.tracing.wengert import Constant, Variable, WengertList
from adtrace.writing.dialects import plain

BITS = 160


class Numbers(Protocol):
    """What has a number for some names: a dictionary, the truth of a listing, the cells of a table."""

    def __contains__(self, name: object, /) -> bool: ...

    def __getitem__(self, name: str, /) -> Scalar: ...


class NoValue(ArithmeticError):
    """The expression has no value at these numbers, or a name in it has none."""


def names_of(terms: Terms) -> tuple[str, ...]:
    """The variables of an expression in their order."""
    return tuple(dict.fromkeys(t.name for t in terms if type(t) is Name and t.name not in ("pi", "e")))


def formula(terms: Terms) -> Expression:
    """Terms as an expression that can be lowered."""
    return Expression("", (Statement(None, tuple(terms)),))


@lru_cache(maxsize=4096)
def lowered(terms: tuple[Any, ...]) -> WengertList:
    """The expression as a Wengert list of its own names."""
    return lower(formula(terms), names_of(terms))


def value_of(terms: Terms, numbers: Numbers, arithmetic: Arithmetic = CERTIFIED) -> Scalar:
    """The value.  Raises `NoValue`."""
    return _guarded(terms, numbers, arithmetic, partials=False)[0]


def swept(terms: Terms, numbers: Numbers, arithmetic: Arithmetic = CERTIFIED) -> tuple[Scalar, dict[str, Scalar]]:
    """The value, and the partial by each name.  At a kink a partial is the ball of all that lies between both sides.

    Raises `NoValue`.
    """
    return _guarded(terms, numbers, arithmetic, partials=True)


def _guarded(
    terms: Terms, numbers: Numbers, arithmetic: Arithmetic, *, partials: bool
) -> tuple[Scalar, dict[str, Scalar]]:
    try:
        value, found = _swept(lowered(tuple(terms)), numbers, arithmetic, partials)
        return resolved(value), {name: resolved(partial) for name, partial in found.items()}
    except (Singular, TooLarge, NeedsPrecision, AdtraceError, ValueError, OverflowError) as problem:
        raise NoValue(str(problem)) from None


def _swept(
    wengert: WengertList, numbers: Numbers, arithmetic: Arithmetic, partials: bool
) -> tuple[Scalar, dict[str, Scalar]]:
    missing = [name for name in wengert.independents if name not in numbers]
    if missing:
        raise NoValue(f"{missing[0]} has no value")
    values: list[Scalar] = [numbers[name] for name in wengert.independents]
    computed: list[_Computed] = []
    for row in wengert.rows:
        bound = bind(row.elemental, arithmetic)
        operands = [
            values[x - wengert.first] if type(x) is Variable else constant_value(x.terms, arithmetic, plain)  # type: ignore[union-attr]
            for x in row.operands
        ]
        if bound.domain and bound.violated(bound.domain, operands):
            raise NoValue(f"{bound.elemental.spoken} has no value there")
        values.append(bound.value(*operands))
        computed.append((bound, operands, values[-1]))
    last = wengert.dependents[0]
    if type(last) is Constant:
        return constant_value(last.terms, arithmetic, plain), {}
    gradient = _gradient(wengert, computed, arithmetic) if partials else {}
    return values[wengert.place(0)], gradient


_Computed = tuple[Bound, list[Scalar], Scalar]
"""A row with its operands and its value."""


def _partial(slot: int, bound: Bound, operands: Sequence[Scalar], value: Scalar) -> Scalar:
    """The partial, computed only where it is needed: a value may exist where a derivative does not."""
    if bound.smooth and bound.violated(bound.smooth, operands):
        raise NoValue(f"{bound.elemental.spoken} has no derivative there")
    if bound.at_a_kink(operands):
        return _between(bound, slot, operands, value)
    return bound.partials[slot](operands, value)


def _between(bound: Bound, slot: int, operands: Sequence[Scalar], value: Scalar) -> Scalar:
    """The ball of all that lies between the partials to both sides of a kink, and the one by convention."""
    kink = bound.elemental.kink
    assert kink is not None
    texts = (kink.at[slot], *(side[slot] for side in (kink.below, kink.above) if side))
    numbers = [ball(part(operands, value)) for part in rules(texts, CERTIFIED)]
    return reduce(arb.union, numbers)


def _gradient(wengert: WengertList, computed: Sequence[_Computed], arithmetic: Arithmetic) -> dict[str, Scalar]:
    """The partials of one dependent variable by each independent one, in one reverse sweep."""
    add, mul = arithmetic.functions["add"], arithmetic.functions["mul"]
    n, last = len(wengert.independents), wengert.place(0)
    adjoints: dict[int, Scalar] = {last: arithmetic.one}
    made = spread(wengert, {last})
    for row, target, slots, first in zip(made.rows, made.targets, made.slots, made.first, strict=True):
        partial = reduce(add, [_partial(slot, *computed[row - n]) for slot in slots])
        increment = mul(adjoints[row], partial)
        adjoints[target] = increment if first else add(adjoints[target], increment)
    return {name: adjoints.get(place, arithmetic.zero) for place, name in enumerate(wengert.independents)}


def middle(x: Scalar) -> float:
    """The number as a double, for ordering and for messages."""
    try:
        return float(ball(x).mid())
    except (OverflowError, ValueError):
        return float("nan")
