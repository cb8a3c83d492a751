"""Another point of a recorded function: the same branch, or a refusal."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import adtrace


def kinked(x: float, y: float) -> float:
    """A function with a branch on a variable and one on a row."""
    z = x * y
    if x > 0 and z >= 3:
        return z * z
    return -z


def test_the_same_branch_is_evaluated_again() -> None:
    """Where every comparison comes out the same, the recorded list serves."""
    trace = adtrace.trace(kinked, at=(2, 5))

    assert trace.at({"x": 3, "y": 4}).value == 144
    assert trace.function()((3.0, 4.0)) == (144.0, [96.0, 72.0])


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ({"x": -1, "y": 4}, "x > 0 held where the function was recorded, and does not hold here"),
        ({"x": 1, "y": 2}, "v_1 >= 3 held where the function was recorded, and does not hold here"),
    ],
)
def test_another_branch_is_refused(point: dict[str, int], said: str) -> None:
    """The numbers of a branch that was not recorded are never printed, certified, compiled or over arrays."""
    trace = adtrace.trace(kinked, at=(2, 5))
    numbers = [float(number) for number in point.values()]

    for asked in (
        lambda: trace.at(point),
        lambda: trace.function()(numbers),
        lambda: trace.function()(np.array([[2.0, 5.0], numbers])),
    ):
        with pytest.raises(adtrace.DomainError, match=said):
            asked()


def test_a_comparison_that_did_not_hold_is_held_to_that() -> None:
    """A branch that was not taken must not be taken at the other point."""
    trace = adtrace.trace(kinked, at=(-2, 5))

    assert trace.at({"x": -3, "y": 2}).value == 6
    with pytest.raises(adtrace.DomainError, match="x > 0 did not hold where the function was recorded, and holds here"):
        trace.at({"x": 1, "y": 2})


def test_a_piecewise_of_sympy_is_held_to_its_piece() -> None:
    """The pieces' conditions are comparisons like those of a function."""
    x = sympy.Symbol("x")
    trace = adtrace.trace(sympy.Piecewise((x**2, x + 1 > 2), (sympy.sin(x), True)), at={"x": 3})

    assert trace.at({"x": 4}).value == 16
    with pytest.raises(adtrace.DomainError, match="held where the function was recorded"):
        trace.at({"x": 0})
