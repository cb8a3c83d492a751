"""Random piecewise programs at their kinks, against one-sided difference quotients in exact fractions."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest

import adtrace

Function = Callable[[Fraction, Fraction], Fraction]
NAMES = ("x", "y")
STEP, NEAR = Fraction(1, 2**200), Fraction(1, 2**100)
"""The quotients are of polynomials near the point, so that they are as near to their limits as the step is small."""


def sign(x: Fraction) -> Fraction:
    """-1, 0 or 1."""
    return Fraction((x > 0) - (x < 0))


UNARY: dict[str, Callable[[Fraction], Fraction]] = {
    "abs": abs, "relu": lambda x: max(x, Fraction(0)), "sign": sign, "heaviside": lambda x: (sign(x) + 1) / 2,
}  # fmt: skip


def program(draw: random.Random, depth: int, jumps: bool) -> tuple[str, Function]:
    """A random expression in x and y, and the function that it is."""
    if depth == 0 or draw.random() < 0.15:
        chosen = draw.choice(["x", "y", "x", "y", "0", "1", "-2", "1/2"])
        if chosen in NAMES:
            return chosen, (lambda x, y: x) if chosen == "x" else (lambda x, y: y)
        number = Fraction(chosen)
        return f"({chosen})", lambda x, y: number
    heads = ["abs", "relu", "max", "min", "max", "min", "add", "sub", "mul"]
    head = draw.choice(heads + ["sign", "heaviside"] * jumps)
    left, f = program(draw, depth - 1, jumps)
    if head in UNARY:
        outer = UNARY[head]
        return f"{head}({left})", lambda x, y: outer(f(x, y))
    right, g = program(draw, depth - 1, jumps)
    if head in ("max", "min"):
        choose = max if head == "max" else min
        return f"{head}({left}, {right})", lambda x, y: choose(f(x, y), g(x, y))
    if head == "mul":
        return f"({left})*({right})", lambda x, y: f(x, y) * g(x, y)
    if head == "add":
        return f"({left}) + ({right})", lambda x, y: f(x, y) + g(x, y)
    return f"({left}) - ({right})", lambda x, y: f(x, y) - g(x, y)


def slope(f: Function, point: Sequence[Fraction], direction: Sequence[Fraction]) -> Fraction | None:
    """The derivative in a direction, to within `NEAR`; None where the quotients to the two sides differ."""
    right, left = (
        (f(*(p + h * d for p, d in zip(point, direction, strict=True))) - f(*point)) / h for h in (STEP, -STEP)
    )
    return right if abs(right - left) < NEAR else None


def cases(jumps: bool, count: int) -> list[tuple[list[tuple[str, Function]], list[Fraction], list[Fraction]]]:
    """Programs of two outputs, points of which most are at kinks, and directions."""
    draw = random.Random(20 + jumps)
    return [
        (
            [program(draw, 4, jumps) for _ in range(2)],
            [Fraction(draw.choice([0, 0, 0, 1, -2]), draw.choice([1, 1, 2])) for _ in NAMES],
            [Fraction(draw.choice([0, 1, 1, -1, 2, -3])) for _ in NAMES],
        )
        for _ in range(count)
    ]


def traced(
    outputs: list[tuple[str, Function]], point: list[Fraction], seed: list[Fraction], **options: object
) -> adtrace.Trace:
    """The trace of the outputs at the point, along the seed."""
    text = ", ".join(text for text, _ in outputs)
    at, along = dict(zip(NAMES, point, strict=True)), dict(zip(NAMES, seed, strict=True))
    return adtrace.trace(f"f(x, y) = ({text})", at=at, seed=along, **options)  # type: ignore[arg-type]


UNITS = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]


def agrees(numbers: list[Fraction | None], slopes: list[Fraction | None], notes: list[str], exact: bool) -> bool:
    """Whether the numbers are the derivatives, or a note stands where one is missing; if ``exact``, only there."""
    right = all(wanted is not None and number is not None and abs(number - wanted) < NEAR
                for number, wanted in zip(numbers, slopes, strict=True))  # fmt: skip
    if not notes:
        return right
    return not exact or None in slopes or not right


@pytest.mark.parametrize("jumps", [False, True])
def test_the_gradient_of_each_output_is_its_derivative_or_has_a_note(jumps: bool) -> None:
    """Reverse: an output without a note has its true gradient; one with a note (but for jumps) has not."""
    noted = 0
    for outputs, point, seed in cases(jumps, 150):
        trace = traced(outputs, point, seed)
        tables = trace.table(mode="reverse", format="text", caption="").split("Reverse adjoint trace")[1:]
        for place, ((_, f), row) in enumerate(zip(outputs, trace.jacobian.values(), strict=True)):
            slopes = [slope(f, point, unit) for unit in UNITS]
            notes = ["kink"] if "kink" in tables[place] or "another number" in tables[place] else []
            noted += bool(notes)
            assert agrees([number.exact for number in row.values()], slopes, notes, not jumps), (outputs, point)
    assert noted > 40


@pytest.mark.parametrize("jumps", [False, True])
def test_the_tangent_is_the_slope_or_has_a_note(jumps: bool) -> None:
    """Forward: a table without a note has the slopes of its outputs in the direction of the seed."""
    noted = 0
    for outputs, point, seed in cases(jumps, 150):
        trace = traced(outputs[:1], point, seed)
        slopes = [slope(f, point, seed) for _, f in outputs[:1]]
        notes = trace.to_dict(mode="forward")["notes"]
        noted += bool(notes)
        numbers = [number.exact for number in trace.tangents[0].values()]
        assert agrees(numbers, slopes, notes, exact=False), (outputs, point, seed)
    assert noted > 15


def test_the_gradient_of_a_weighted_sum_is_its_derivative_or_has_a_note() -> None:
    """The sum of two outputs with weights is decided as one function, whose kinks may cancel."""
    for outputs, point, seed in cases(False, 100):
        weights = {"f_1": 1, "f_2": -1}
        (_, f), (_, g) = outputs
        trace = traced(outputs, point, seed, weights=weights)
        slopes = [slope(lambda x, y, f=f, g=g: f(x, y) - g(x, y), point, unit) for unit in UNITS]  # type: ignore[misc]
        notes = trace.to_dict(mode="reverse")["notes"]
        assert agrees([number.exact for number in trace.gradient.values()], slopes, notes, True), (outputs, point)
