"""A row of an array trace: a scalar elemental entry by entry, or an operation of whole arrays.

The regular case is one call; a row with an entry at a kink, outside of a domain or with a tie is gone through entry by
entry, by what computes the rows of scalar traces, so that conventions, sentences and bounds are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.index_rules import Shape
from adtrace.elementals import NONE, SLOTS, TIE, Signature
from adtrace.errors import DomainError
from adtrace.numbers import Arithmetic, Assumed, Scalar, Singular, TooLarge
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.arrays import partials_of, rule_value, value_of
from adtrace.tracing.choices import chosen
from adtrace.tracing.entries import boxed, entries_of, entry_by_entry, filled, of_entries, shape_of
from adtrace.tracing.evaluate import HOLDS, Bound, Bounded, Step, bind
from adtrace.tracing.kinks import Convention, rules
from adtrace.tracing.linear_maps import Entrywise
from adtrace.tracing.wengert import Row

Evaluated = Any
"""What `primal` evaluates, which imports this module."""
Outcome = tuple[tuple[Scalar, ...], tuple[str, ...] | None, Convention | None]
"""A value and its partials, two at least; the texts of these at a kink; the kink if they are a convention."""


class OfEntry(Singular):
    """What is wrong with one entry of a row, with the operands there."""

    def __init__(self, problem: str, operands: Sequence[Scalar], entry: tuple[int, ...]) -> None:
        super().__init__(problem)
        self.operands, self.entry = operands, entry


def array_step(signature: Signature, scalar: Step, arithmetic: Arithmetic) -> Step:
    """A regular row in one call, which gives nothing where the row is not regular; ``scalar`` is that of numbers."""
    elemental, active = signature.elemental, signature.active
    if isinstance(elemental, ArrayElemental):
        return _whole_step(elemental, active, arithmetic)
    entrywise = _doubles_step if arithmetic.entries is FLOATS else _objects_step
    on_arrays = entrywise(signature, scalar, arithmetic)

    def step(*operands: Scalar) -> Any:
        return (on_arrays if any(type(x) is np.ndarray for x in operands) else scalar)(*operands)

    return step


def _whole_step(elemental: ArrayElemental, active: tuple[bool, ...], arithmetic: Arithmetic) -> Step:
    def regular(*places: Scalar) -> Any:
        operands = places[: elemental.arity]
        if elemental.index is not None and elemental.index.choice:
            value, partial, ties = chosen(elemental.index, operands[0], arithmetic)
            return None if ties else (value, partial, None)
        if elemental.domain or elemental.smooth:
            _require_everywhere(elemental, operands, arithmetic)
        value = value_of(elemental, operands, arithmetic)
        _require_finite(value, arithmetic)
        return (value, *_padded(partials_of(elemental, active, operands, value, arithmetic)))

    return regular


def _padded(partials: Sequence[Any]) -> list[Any]:
    """The partials, two at least."""
    return [*partials, None] if len(partials) == 1 else list(partials)


def _require_finite(value: Scalar, arithmetic: Arithmetic) -> None:
    """Raise `TooLarge` for a sum or a product past the range of doubles."""
    if arithmetic.entries is FLOATS and not np.isfinite(value).all():
        raise TooLarge


def _require_everywhere(elemental: ArrayElemental, operands: Sequence[Scalar], arithmetic: Arithmetic) -> None:
    """Raise `Singular` for the first entry at which a condition on the operands does not hold."""
    sign = (arithmetic.entries or arithmetic).sign
    for condition in (*elemental.domain, *elemental.smooth):
        ((left, relation, right),) = condition.choices
        slots = dict(zip(SLOTS, operands, strict=False))
        if any(term[0] == "v" for term in left):
            slots["v"] = value_of(elemental, operands, arithmetic)
        sides = (rule_value(side, slots, arithmetic) for side in (left, right))
        difference = arithmetic.functions["sub"](*sides)
        signs = [difference] if arithmetic.entries is FLOATS else map(sign, entries_of(difference))
        try:
            holds = all(np.all(HOLDS[relation](number)) for number in signs)
        except Assumed:  # of open letters it is assumed, and told
            holds = True
        if not holds:
            raise Singular(f"{elemental.spoken} needs {condition.text} in every entry")


def _objects_step(signature: Signature, scalar: Step, arithmetic: Arithmetic) -> Step:
    def regular(*operands: Scalar) -> Any:
        shape = np.broadcast_shapes(*map(shape_of, operands))
        columns: list[list[Scalar]] = [[] for _ in (None, *operands)]
        for numbers in entry_by_entry(operands):
            outcome = scalar(*numbers)
            if outcome is None:
                return None
            for column, number in zip(columns, outcome, strict=True):
                column.append(number)
        return _outcome(columns, signature.active, operands, shape, arithmetic)

    return regular


def _outcome(
    columns: Sequence[list[Scalar]], active: Sequence[bool], operands: Sequence[Scalar], shape: tuple[int, ...],
    arithmetic: Arithmetic,
) -> Any:  # fmt: skip
    """The value and the partials from their entries."""
    partials = [
        Entrywise(of_entries(column, shape, arithmetic), shape_of(operand), shape, arithmetic) if varies else None
        for column, varies, operand in zip(columns[1:], active, operands, strict=False)
    ]
    return (of_entries(columns[0], shape, arithmetic), *_padded(partials))


def _doubles_step(signature: Signature, scalar: Step, arithmetic: Arithmetic) -> Step:
    bound = bind(signature.elemental, arithmetic)

    needed = (*bound.domain, *bound.smooth)

    def regular(*operands: Scalar) -> Any:
        with np.errstate(all="ignore"):
            if not _everywhere(needed, operands) or (bound.kink and _at_kink(bound, operands).any()):
                return None
        return _on_doubles(bound, signature.active, operands, arithmetic, None)

    return regular


def _everywhere(conditions: Sequence[Bounded], operands: Sequence[Scalar]) -> bool:
    """Whether all conditions hold in every entry."""
    return all(bool(np.all(_holds(choices, operands))) for choices, _ in conditions)


def _holds(choices: Any, operands: Sequence[Scalar]) -> Any:
    held = np.False_
    for difference, holds in choices:
        held = held | holds(difference(operands, None))  # the difference has the sign
    return held


def _at_kink(bound: Bound, operands: Sequence[Scalar]) -> Any:
    """At which entries the operands are at the kink."""
    there = np.True_
    for choices, _ in bound.kink:
        there = there & _holds(choices, operands)
    return np.broadcast_to(there, np.broadcast_shapes(*map(shape_of, operands)))


def _on_doubles(
    bound: Bound, active: Sequence[bool], operands: Sequence[Scalar], arithmetic: Arithmetic,
    at: tuple[Any, tuple[Any, ...]] | None,
) -> Any:  # fmt: skip
    """An elementwise row in doubles; ``at``: where a convention holds, and its partials."""
    shape = np.broadcast_shapes(*map(shape_of, operands))
    value = filled(bound.value(*operands[: bound.elemental.arity]), shape)
    partials: list[Any] = []
    for slot, (rule, varies) in enumerate(zip(bound.partials, active, strict=True)):
        if not varies:
            partials.append(None)
            continue
        numbers = rule(operands, value)
        if at is not None:
            numbers = np.where(at[0], at[1][slot](operands, value), numbers)
        partials.append(Entrywise(numbers, shape_of(operands[slot]), shape, arithmetic))
    return (value, *_padded(partials))


def irregular(  # noqa: PLR0917 - a row, where it stands, and what rows of numbers are computed by
    index: int, row: Row, operands: list[Scalar], evaluated: Evaluated, shown: Callable[..., Scalar] | None,
    scalar: Callable[..., Outcome],
) -> Outcome:  # fmt: skip
    """A row with an entry at a kink, outside of a domain, with a tie, or rounded; ``scalar`` is what a row of numbers
    gives.
    """
    arithmetic, entry = evaluated.arithmetic, row.elemental
    assert arithmetic.entries is not None
    base = replace(evaluated, arithmetic=arithmetic.entries)
    active = [not hasattr(operand, "terms") for operand in row.operands]
    if isinstance(entry, ArrayElemental):
        return _whole(index, entry, active, operands, evaluated, shown)
    is_array = any(type(x) is np.ndarray for x in operands)
    if is_array and arithmetic.entries is FLOATS and shown is None:
        outcome = _conventional(index, entry, active, operands, evaluated)
        if outcome is not None:
            return outcome
    if is_array:
        shape = np.broadcast_shapes(*map(shape_of, operands))
        columns, convention = _entry_by_entry(shape, operands, lambda numbers: scalar(index, row, numbers, base))
        (value, *partials), texts = _outcome(columns, active, operands, shape, arithmetic), None
    else:
        (value, *partials), texts, convention = scalar(index, row, operands, base)
    if arithmetic.named is not None:
        value = arithmetic.named(value, "value", index - evaluated.wengert.first)
    return (value, *partials), texts, convention


def _entry_by_entry(
    shape: Shape, operands: Sequence[Scalar], of: Callable[[list[Scalar]], Outcome]
) -> tuple[list[list[Scalar]], Convention | None]:
    """The values and the partials of all entries, and the convention of those that are at a kink."""
    columns: list[list[Scalar]] = [[] for _ in range(1 + max(2, len(operands)))]
    conventions: dict[int, Convention] = {}
    spread = [np.broadcast_to(boxed(x), shape).reshape(-1).tolist() for x in operands]  # doubles of Python's own
    for place, entries in enumerate(zip(*spread, strict=True)):
        try:
            numbers, _, convention = of(list(entries))
        except (Singular, DomainError) as problem:
            raise OfEntry(str(problem), list(entries), tuple(map(int, np.unravel_index(place, shape)))) from None
        for column, number in zip(columns, numbers, strict=True):
            column.append(number)
        if convention is not None:
            conventions[place] = convention
    first = next(iter(conventions.values()), None)
    return columns, first and first._replace(entries=tuple(conventions))


def _conventional(
    index: int, entry: Any, active: Sequence[bool], operands: list[Scalar], evaluated: Evaluated
) -> Outcome | None:
    """An elementwise row of doubles with entries at its kink; None for one that is singular anywhere."""
    arithmetic = evaluated.arithmetic
    bound = bind(entry, arithmetic)
    with np.errstate(all="ignore"):
        at = evaluated.conventions.at(index, entry)
        if at is None or not bound.kink or not _everywhere((*bound.domain, *bound.smooth), operands):
            return None
        there = _at_kink(bound, operands)
        numbers = _on_doubles(bound, active, operands, arithmetic, (there, rules(at[0], arithmetic)))
    kind = entry.kink.kind
    convention = None if kind == NONE else Convention(index, kind, at[1], entries=tuple(np.flatnonzero(there).tolist()))
    step = evaluated.conventions.step(index, entry)
    if step is not None:
        return None
    return numbers, None, convention


def _whole(  # noqa: PLR0917
    index: int, entry: ArrayElemental, active: Sequence[bool], operands: list[Scalar], evaluated: Evaluated,
    shown: Callable[..., Scalar] | None,
) -> Outcome:  # fmt: skip
    arithmetic, place = evaluated.arithmetic, index - evaluated.wengert.first
    if entry.index is not None and entry.index.choice:
        tie, words = evaluated.conventions.taken(index)
        value, partial, ties = chosen(entry.index, operands[0], arithmetic, tie)
        convention = Convention(index, TIE, words, entries=tuple(ties)) if ties else None
        return (value if shown is None else shown(value, "value", place), partial, None), None, convention
    if entry.domain or entry.smooth:
        _require_everywhere(entry, operands, arithmetic)
    value = value_of(entry, operands, arithmetic)
    _require_finite(value, arithmetic)
    if shown is not None:
        value = shown(value, "value", place)
    return (value, *_padded(partials_of(entry, active, operands, value, arithmetic))), None, None
