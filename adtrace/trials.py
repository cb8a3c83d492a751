"""An elemental that is declared, tried at points of its domain: its partials, and the sides of its kink."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice, product
from random import Random

from flint import arb, fmpq

from adtrace.derive import derived_partials
from adtrace.elementals import JUMP, SLOTS, TABLE, Elemental, Kink, rule
from adtrace.errors import AdtraceError, InputError
from adtrace.language.syntax import SILENT, Apply, Name, Number, Terms, fold
from adtrace.numbers import NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball
from adtrace.tracing.evaluate import Bound, bind, compiled, constant_value
from adtrace.writing.dialects import plain

_BITS = 512
_STEP = fmpq(1, 2**120)
_TOLERANCE = fmpq(1, 2**40)
_SAMPLES = tuple(
    Fraction(n, d)
    for n, d in ((0, 1), (1, 3), (-2, 7), (6, 5), (-7, 5), (13, 5), (-17, 6), (1, 29), (-1, 31), (23, 3), (-29, 4))
)
_OFFSETS = (Fraction(0), Fraction(1, 7), Fraction(-1, 7), Fraction(5, 3), Fraction(-5, 3))
_MOST = 60
"""Combinations of samples that are tried."""
_MOST_DRAWN = 4_000
"""Points of more than two operands that are looked at."""
_Point = tuple[fmpq, ...]


def check_partials(entry: Elemental) -> None:
    """Compare each partial with the differences to both sides at points of the domain."""
    bound = bind(entry, CERTIFIED)
    tried = 0
    with CERTIFIED.precision(_BITS):
        for point in _points(entry):
            try:
                if bound.violated((*bound.domain, *bound.smooth), point) or bound.at_a_kink(point):
                    continue
                value = bound.value(*point)
                numbers = [partial(point, value) for partial in bound.partials]
            except (Singular, TooLarge):
                raise InputError(f"{_at(entry, point)} has no value or no derivative: say where it has one with "
                                 'domain="u > 0", or where it is finite with smooth="u > 0"') from None  # fmt: skip
            except NeedsPrecision:
                continue
            for slot, partial in enumerate(numbers):
                slopes = _slopes(bound, point, slot, value)
                if slopes is None:
                    continue
                for slope in slopes:
                    _compare(entry, slot, point, ball(slope), ball(partial))
                tried += 1
            if tried >= _MOST:
                break
    if not tried:
        raise InputError(f"no point was found in the domain of {entry.name} at which its partials can be checked: "
                         f"{entry.domain_text}")  # fmt: skip


def _points(entry: Elemental) -> Iterator[_Point]:
    """Points to try: each number of `_numbers` in each operand, or draws of them where that is too many."""
    numbers = _numbers(entry)
    if entry.arity <= 2:
        yield from product(numbers, repeat=entry.arity)
        return
    draw = Random(entry.arity).choice  # in order the first operand would stay what it is
    yield from (tuple([draw(numbers) for _ in range(entry.arity)]) for _ in range(_MOST_DRAWN))


def _numbers(entry: Elemental) -> list[fmpq]:
    """Numbers to try: round the origin, and at and round each number in the conditions and in the formula."""
    samples = list(_SAMPLES)
    where = (*entry.domain, *entry.smooth, *(entry.kink.conditions if entry.kink else ()))
    sides = [side for condition in where for c in condition.choices for side in (c.left, c.right)]
    for terms in (*sides, *([term] for term in entry.value if isinstance(term, Number))):
        if any(isinstance(term, Name) and term.name in SLOTS for term in terms):
            continue
        with suppress(AdtraceError, NeedsPrecision):
            centre = ball(constant_value(terms, CERTIFIED, plain))
            middle = Fraction(round(float(centre.mid()) * 2**20), 2**20)
            samples += [sign * middle + offset for sign in (1, -1) for offset in _OFFSETS]
    return [fmpq(x.numerator, x.denominator) for x in dict.fromkeys(samples)]


# -- the sides of a kink ---------------------------------------------------------------------------------------


def with_sides(entry: Elemental) -> Elemental:
    """The elemental with the partials to both sides of its kink, if they can be told; a kink at which the value jumps
    is a jump.
    """
    kink = entry.kink
    if kink is None:
        return entry
    bound = bind(entry, CERTIFIED)
    sides: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    try:
        with CERTIFIED.precision(_BITS):
            for on in islice(_on_kink(entry, bound), _MOST):
                beside = _beside(entry, bound, on)
                if any(not _continuous(bound, on, point) for point in beside):
                    return replace(entry, kink=replace(kink, kind=JUMP))
                below, above = (_resolved(entry, on, point) for point in beside)
                sides.add((below, above))
            ((below, above),) = sides
            sided = replace(kink, below=below, above=above, slopes=_slopes_across(entry, kink))
            return replace(entry, kink=sided) if _agree(entry, sided) else entry
    except (AdtraceError, Singular, TooLarge, NeedsPrecision, ValueError):
        return entry  # as it is: at its kink it has no derivative, and that is all that is known


def _on_kink(entry: Elemental, bound: Bound) -> Iterator[_Point]:
    """Points of the domain at the kink: those of `_points`, with a slot of the equation put in if it is alone."""
    assert entry.kink is not None
    left, _, right = entry.kink.equation
    for point in _points(entry):
        for slot, other in ((left, right), (right, left)):
            names = {term.name for term in other if isinstance(term, Name)}
            if len(slot) == 1 and isinstance(slot[0], Name) and slot[0].name in SLOTS and slot[0].name not in names:
                number = compiled(other, CERTIFIED)(point, None)
                if type(number) is fmpq:
                    place = SLOTS.index(slot[0].name)
                    point = (*point[:place], number, *point[place + 1 :])  # noqa: PLW2901
                break
        if not bound.violated(bound.domain, point) and bound.at_a_kink(point):
            yield point


def _beside(entry: Elemental, bound: Bound, on: _Point) -> tuple[_Point, _Point]:
    """A point a hair below the kink, and one above it."""
    assert entry.kink is not None
    left, right = (compiled(side, CERTIFIED) for side in (entry.kink.equation.left, entry.kink.equation.right))
    points: dict[int, _Point] = {}
    for slot, step in product(range(len(on)), (_STEP, -_STEP)):
        moved = tuple(x + step if place == slot else x for place, x in enumerate(on))
        if not bound.violated(bound.domain, moved):
            side = CERTIFIED.sign(CERTIFIED.functions["sub"](left(moved, None), right(moved, None)))
            points.setdefault(side, moved)
    if -1 not in points or 1 not in points:
        raise ValueError("the domain has one side only")
    return points[-1], points[1]


def _continuous(bound: Bound, on: _Point, beside: _Point) -> bool:
    change = CERTIFIED.functions["sub"](bound.value(*beside), bound.value(*on))
    return bool(abs(ball(change)) < ball(_TOLERANCE))


def _resolved(entry: Elemental, on: _Point, beside: _Point) -> tuple[str, ...]:
    """The partials on the side of a point beside the kink: what is at a kink of its own takes that side."""

    def apply(term: Apply, operands: list[Terms]) -> Terms:
        if term.head in SILENT:
            return (*operands[0], term)
        return _side_of(term, operands, on, beside) or _shortened(term, operands)

    return tuple(plain(fold(terms, lambda term: (term,), apply, silent=True)) for terms in entry.partials)


def _shortened(term: Apply, operands: list[Terms]) -> Terms:
    """An operation, without the zeros and ones that the sides of a kink bring in."""
    whole = (*chain.from_iterable(operands), term)
    if not any(isinstance(part, Name) for part in whole):
        number = constant_value(whole, CERTIFIED, plain)
        return rule(str(number)) if type(number) is fmpq else whole
    first, last = (plain(operand) for operand in (operands[0], operands[-1]))
    if term.head in ("mul", "div") and "0" in (first, last if term.head == "mul" else ""):
        return rule("0")
    if (term.head, first) in (("mul", "1"), ("add", "0")):
        return operands[-1]
    if (term.head, last) in (("mul", "1"), ("div", "1"), ("add", "0"), ("sub", "0")):
        return operands[0]
    return whole


def _side_of(term: Apply, operands: list[Terms], on: _Point, beside: _Point) -> Terms | None:
    """What ``abs(u - 1)`` is on a side of u = 1, ``1 - u``; None where it is not at its kink."""
    inner = TABLE.get((term.head, term.arity))
    if inner is None or inner.kink is None or not (inner.kink.sided or inner.kink.kind == JUMP):
        return None
    bound = bind(inner, CERTIFIED)

    def numbers(point: _Point) -> list[Scalar]:
        return [compiled(operand, CERTIFIED)(point, None) for operand in operands]

    if not bound.at_a_kink(numbers(on)):
        return None
    near = numbers(beside)
    if inner.kink.kind == JUMP:
        return rule(str(bound.value(*near)))
    texts = bound.beside(near) or ()
    parts = [(text, operand) for text, operand in zip(texts, operands, strict=True) if text != "0"]
    if not parts:
        return rule("0")
    ((text, operand),) = parts  # abs, relu, max and min are one of their operands, or less it
    return operand if text == "1" else (*operand, Apply("neg", 1, 0))


def _slopes_across(entry: Elemental, kink: Kink) -> tuple[str, ...]:
    """The partials of what is equal at the kink, where they are not seen at a glance."""
    left, _, right = kink.equation
    if all(len(side) == 1 and isinstance(side[0], Name | Number) for side in (left, right)):
        return ()
    return derived_partials((*left, *right, Apply("sub", 2, 0)), entry.arity)


def _agree(entry: Elemental, kink: Kink) -> bool:
    """Whether the sides are the partials wherever the elemental is tried."""
    bound = bind(replace(entry, kink=kink), CERTIFIED)
    for point in islice(_points(entry), _MOST):
        try:
            if bound.violated((*bound.domain, *bound.smooth), point) or bound.at_a_kink(point):
                continue
            value = bound.value(*point)
            numbers = [rule_of(point, value) for rule_of in bound.partials]
        except (Singular, TooLarge, NeedsPrecision):
            continue
        sides = [compiled(rule(text), CERTIFIED)(point, value) for text in bound.beside(point) or ()]
        if any(abs(ball(x) - ball(y)) > ball(_TOLERANCE) for x, y in zip(sides, numbers, strict=True)):
            return False
    return True


def _slopes(bound: Bound, point: _Point, slot: int, value: Scalar) -> tuple[Scalar, ...] | None:
    """The difference quotients to the right and to the left; None where one of them leaves the domain."""
    functions = CERTIFIED.functions
    slopes = []
    for step in (_STEP, -_STEP):
        moved = tuple(x + step if place == slot else x for place, x in enumerate(point))
        try:
            if bound.violated((*bound.domain, *bound.smooth), moved):
                return None
            slopes.append(functions["div"](functions["sub"](bound.value(*moved), value), step))
        except (Singular, TooLarge, NeedsPrecision):
            return None
    return tuple(slopes)


def _compare(entry: Elemental, slot: int, point: _Point, slope: arb, partial: arb) -> None:
    """Raise `InputError` where a partial is certainly not this slope."""
    if abs(slope - partial) / (1 + abs(slope)) > ball(_TOLERANCE):
        raise InputError(
            f"the partial of {entry.name} by {SLOTS[slot]} is wrong: {entry.partials_text[slot]} is "
            f"{float(partial.mid()):.6g} at {_where(point)}, where the slope is {float(slope.mid()):.6g}"
        )


def _where(point: _Point) -> str:
    return " and ".join(f"{slot} = {number}" for slot, number in zip(SLOTS, point, strict=False))


def _at(entry: Elemental, point: _Point) -> str:
    return f"{entry.name} at {_where(point)}"
