"""An expression of earlier rows at given numbers: its value and its partial by each name in it.

A row written by hand may be several elementals (``3x^3``, ``cos(x1 x3)``): it is lowered by `lower` like any
expression, and swept here over numbers that are not constants of the language, the published cells of other rows.
"""

from __future__ import annotations

from collections.abc import Callable
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
    offset = -wengert.first
    rows: list[list[tuple[int, Scalar]]] = []
    for row in wengert.rows:
        bound = bind(row.elemental, arithmetic)
        operands = [
            values[x + offset] if type(x) is Variable else constant_value(x.terms, arithmetic, plain)  # type: ignore[union-attr]
            for x in row.operands
        ]
        u, w = operands if len(operands) == 2 else (operands[0], None)
        if bound.domain and bound.violated(bound.domain, u, w):
            raise NoValue(f"{bound.elemental.spoken} has no value there")
        value = bound.value(*operands)
        values.append(value)
        rows.append(
            [
                (x + offset, _partial(bound, slot, u, w, value))
                for slot, x in enumerate(row.operands)
                if type(x) is Variable
            ]
        )
    last = wengert.dependents[0]
    if type(last) is Constant:
        return constant_value(last.terms, arithmetic, plain), {}
    if not partials:
        return values[last + offset], {}  # type: ignore[operator]
    return values[last + offset], _gradient(wengert, rows, last + offset, arithmetic)  # type: ignore[operator]


def _partial(bound: Bound, slot: int, u: Scalar, w: Scalar, value: Scalar) -> Callable[[], Scalar]:
    """The partial, computed only if it is asked for: a value may exist where a derivative does not."""

    def computed() -> Scalar:
        if bound.smooth and bound.violated(bound.smooth, u, w):
            raise NoValue(f"{bound.elemental.spoken} has no derivative there")
        if bound.at_a_kink(u, w):
            return _between(bound, slot, u, w, value)
        return bound.partials[slot](u, w, value)

    return computed


def _between(bound: Bound, slot: int, u: Scalar, w: Scalar, value: Scalar) -> Scalar:
    """The ball of all that lies between the partials to both sides of a kink, and the one by convention."""
    kink = bound.elemental.kink
    assert kink is not None
    texts = (kink.at[slot], *(side[slot] for side in (kink.below, kink.above) if side))
    numbers = [ball(part(u, w, value)) for part in rules(texts, CERTIFIED)]
    return reduce(arb.union, numbers)


def _gradient(
    wengert: WengertList, rows: list[list[tuple[int, Any]]], last: int, arithmetic: Arithmetic
) -> dict[str, Scalar]:
    """The partials of one dependent variable by each independent one, in one reverse sweep."""
    add, mul = arithmetic.functions["add"], arithmetic.functions["mul"]
    adjoints: dict[int, Scalar] = {last: arithmetic.one}
    count = len(wengert.independents)
    for index in range(len(rows) - 1, -1, -1):
        adjoint = adjoints.get(index + count)
        if adjoint is None:
            continue
        for target, partial in rows[index]:
            increment = mul(adjoint, partial())
            adjoints[target] = add(adjoints[target], increment) if target in adjoints else increment
    return {name: adjoints.get(place, arithmetic.zero) for place, name in enumerate(wengert.independents)}


def middle(x: Scalar) -> float:
    """The number as a double, for ordering and for messages."""
    try:
        return float(ball(x).mid())
    except (OverflowError, ValueError):
        return float("nan")
