"""No derivative is lost in silence: choices of numpy and Python, numbers of recorded values, numbers beside them."""

# ruff: noqa: PLW0108 - what is recorded is the code as it stands

from __future__ import annotations

import builtins
import copy
import functools
import heapq
import itertools
import math
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace

np = pytest.importorskip("numpy")

W = np.array([[1.0, 2.0], [-3.0, 1.0]])
V = np.array([1.0, 2.0])
by_entry = functools.partial(adtrace.trace, rows="entries")


def heads(function: Callable[..., Any], at: Any) -> list[str]:
    """The elementals of the recorded rows."""
    return [row.elemental.name for row in by_entry(function, at).wengert.rows]


# -- numpy's choices on arrays ---------------------------------------------------------------------------------


def relu_sum(W: Any, x: Any, b: Any) -> Any:  # noqa: N803 - a matrix
    """A layer of two units."""
    return np.maximum(W @ x + b, 0).sum()


def test_a_relu_network_in_numpy_has_its_rows() -> None:
    """``np.maximum(W @ x + b, 0)`` is a row max for each unit, and the slopes are those of the units that are on."""
    at = {"W": W, "x": V, "b": np.array([0.5, -1.0])}
    trace = by_entry(relu_sum, at)
    assert [row.elemental.name for row in trace.wengert.rows].count("max") == 2
    assert trace.wengert.branches == ()
    # z = (5.5, -2): the first unit is on
    wanted = {"W_1_1": 1, "W_1_2": 2, "W_2_1": 0, "W_2_2": 0, "x_1": 1, "x_2": 2, "b_1": 1, "b_2": 0}
    assert trace.gradient == wanted
    other = dict(zip(trace.wengert.independents, [1, 2, -3, 1, 1, 2, 0.5, 5], strict=True))
    assert trace.at(other).gradient["b_2"] == 1


CHOICES: list[tuple[Callable[[Any], Any], list[str], list[list[float]]]] = [
    (lambda x: np.maximum(x, 1.5), ["max", "max"], [[0, 0], [0, 1]]),
    (lambda x: np.minimum(1.5, x), ["min", "min"], [[1, 0], [0, 0]]),
    (lambda x: np.fmax(x, x[::-1]), ["max", "max"], [[0, 1], [0, 1]]),
    (lambda x: np.fmin(x, x[0]), ["min", "min"], [[1, 0], [1, 0]]),
    (lambda x: np.max(x), ["max"], [[0, 1]]),
    (lambda x: np.amin(x), ["min"], [[1, 0]]),
    (lambda x: x.max(), ["max"], [[0, 1]]),
    (lambda x: x.min(axis=0, keepdims=True), ["min"], [[1, 0]]),
    (lambda x: np.max(np.outer(x, x), axis=1), ["max", "max"], [[2, 1], [0, 4]]),
    (lambda x: np.max(np.outer(x, x)), ["max"] * 3, [[0, 4]]),
    (lambda x: np.maximum.accumulate(x[::-1]), ["max"], [[0, 1], [0, 1]]),
    (lambda x: np.clip(x, 0, 1.5), ["max", "min"] * 2, [[1, 0], [0, 0]]),
    (lambda x: x.clip(1.5), ["max", "max"], [[0, 0], [0, 1]]),
    (lambda x: np.clip(x[0], 0, 1.5), ["max", "min"], [[1, 0]]),
    (lambda x: np.abs(-x), ["abs", "abs"], [[1, 0], [0, 1]]),
    (lambda x: abs(x - 3), ["abs", "abs"], [[-1, 0], [0, -1]]),
    (lambda x: np.sign(x) * x, ["sign", "sign"], [[1, 0], [0, 1]]),
    (lambda x: np.heaviside(x, 0.5) * x, ["heaviside", "heaviside"], [[1, 0], [0, 1]]),
    (lambda x: np.maximum(np.stack([x, 2 * x]), 0).max(axis=0), ["max"] * 6, [[2, 0], [0, 2]]),
    (lambda x: np.maximum(np.array([x[0], x[1]]), x[0]), ["max"] * 2, [[1, 0], [0, 1]]),
    (lambda x: adtrace.max(np.array([x[0], x[1]]), 1.5), ["max"] * 2, [[0, 0], [0, 1]]),
    (lambda x: adtrace.relu(x - 1.5), ["relu"] * 2, [[0, 0], [0, 1]]),
    (lambda x: np.arctan2(x, 2), ["atan2"] * 2, [[0.4, 0], [0, 0.25]]),
    (lambda x: np.sin(np.append(x, 1.0))[:2], ["sin"] * 2, [[math.cos(1), 0], [0, math.cos(2)]]),
]


@pytest.mark.parametrize(("function", "rows", "jacobian"), CHOICES)
def test_numpy_s_choices_are_rows(function: Callable[[Any], Any], rows: list[str], jacobian: list[list[float]]) -> None:
    """Each entry that numpy chooses by comparing is a row of the elemental, with its derivative."""
    trace = by_entry(function, {"x": V})
    found = [row.elemental.name for row in trace.wengert.rows]
    assert [name for name in found if name in rows] == rows
    assert trace.wengert.branches == ()
    slopes = [[float(part) for part in row.values()] for row in trace.jacobian.values()]
    assert np.array(slopes) == pytest.approx(np.array(jacobian), abs=1e-12)


@settings(max_examples=40)
@given(
    st.lists(st.integers(-8, 8).map(lambda k: k / 4 + 0.06), min_size=6, max_size=6),
    st.lists(
        st.sampled_from(["maximum", "minimum", "clip", "abs", "sort", "where", "matmul", "max"]), min_size=1, max_size=5
    ),
)
def test_programs_of_numpy_have_the_derivative_of_differences(numbers: list[float], steps: list[str]) -> None:
    """Random programs over arrays have the gradient that differences of the same program on floats have."""
    matrix = np.array(numbers[:4]).reshape(2, 2)

    def program(x: Any) -> Any:
        for k, step in enumerate(steps):
            if step in ("maximum", "minimum"):
                x = getattr(np, step)(x, 0.3 * k - 0.5) + 0.1 * x
            elif step == "clip":
                x = np.clip(x, -1.1, 1.2) * x
            elif step == "abs":
                x = np.abs(x) - 0.4
            elif step == "sort":
                x = np.sort(x) * np.array([1.0, 2.0])
            elif step == "where":
                x = np.where(x > 0.35, x * x, -x)
            elif step == "matmul":
                x = matrix @ x
            else:
                x = x - np.max(x) / 2
        return x.sum()

    point = np.array(numbers[4:]) + np.array([0.01, 0.027])
    trace = by_entry(program, {"x": point})
    step = 1e-6
    for place, name in enumerate(trace.wengert.independents):
        unit = step * np.eye(2)[place]
        slopes = [(program(point + unit) - program(point)) / step, (program(point) - program(point - unit)) / step]
        if abs(slopes[0] - slopes[1]) < 1e-3 * (1 + abs(slopes[0])):  # no kink is near
            assert float(trace.gradient[name]) == pytest.approx(slopes[0], rel=2e-3, abs=2e-3)


BRANCHES: list[tuple[Callable[[Any], Any], int, list[float]]] = [
    (lambda x: np.where(x > 1.5, 3 * x, -x).sum(), 2, [-1, 3]),
    (lambda x: np.where(np.greater(x, 1.5), 3 * x, -x).sum(), 2, [-1, 3]),
    (lambda x: np.select([x < 1.5, x >= 1.5], [x, x * x]).sum(), 4, [1, 4]),
    (lambda x: x[np.argmax(x)] * 2, 1, [0, 2]),
    (lambda x: x[x.argmin()] * 2, 1, [2, 0]),
    (lambda x: np.array([x[0], x[1]])[np.argmax(np.array([x[0], x[1]]))], 1, [0, 1]),
    (lambda x: np.sort(x)[1] * 5, 1, [0, 5]),
    (lambda x: np.sort(np.array([x[1], x[0]]))[0] * 5, 1, [5, 0]),
    (lambda x: np.median(np.append(x, 1.5)), 2, [0, 0]),
    (lambda x: sum(v for v in x if v > 1.5), 2, [0, 1]),
    (lambda x: x[x > 1.5].sum(), 2, [0, 1]),
]


@pytest.mark.parametrize(("function", "least", "gradient"), BRANCHES)
def test_what_numpy_decides_is_a_branch_that_is_noted(
    function: Callable[[Any], Any], least: int, gradient: list[float]
) -> None:
    """Conditions, sorting and places of extremes are branches: each is kept, and another point is held to it."""
    trace = by_entry(function, {"x": V})
    assert len(trace.wengert.branches) >= least
    assert list(trace.gradient.values()) == gradient
    with pytest.raises(adtrace.DomainError, match="where the function was recorded"):
        trace.at({"x_1": 4, "x_2": 0})


@pytest.mark.parametrize(
    ("function", "instead"),
    [
        (lambda x, y: np.maximum(np.array([x, y]), 0), "numpy's maximum .* write adtrace.max, which takes arrays"),
        (lambda x, y: np.minimum(0, np.array([x, y])), "numpy's minimum .* write adtrace.min"),
        (lambda x, y: np.max([x, y]), "numpy's max .* write adtrace.max"),
        (lambda x, y: np.amin(np.array([x, y])), "numpy's amin .* write adtrace.min"),
        (lambda x, y: np.array([x, y]).min(), "numpy's min .* write adtrace.min"),
        (lambda x, y: np.clip(np.array([x, y]), 0, 1), r"numpy's clip .* write adtrace.min\(adtrace.max"),
        (lambda x, y: np.sign(np.array([x, y])) * x, "numpy's sign .* write adtrace.sign"),
        (lambda x, y: np.ptp(np.array([x, y])), "numpy's ptp"),
    ],
)
def test_an_array_of_objects_that_only_compares_is_refused(function: Callable[..., Any], instead: str) -> None:
    """An array made in the function is numpy's own, whose maximum leaves no row: the sentence says what to write."""
    with pytest.raises(adtrace.RecordingError, match=instead):
        by_entry(function, (1, 2))


# -- Python's max and min --------------------------------------------------------------------------------------

largest = max


def looped(x: Any, y: Any) -> Any:
    """A maximum in a loop over a map."""
    total = 0
    for value in map(max, [x], [y]):
        total = total + value
    return total


def guarded(x: Any, y: Any) -> Any:
    """A minimum in a handler, over several lines."""
    try:
        return min(
            x,
            y,
        )
    finally:
        pass


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x, y: max(x, y), "max"), (lambda x, y: min(x, y, 3), "min"), (lambda x, y: max(0, x) + y, "max"),
        (lambda x, y: min(0, x) + y, "min"), (lambda x, y: max([x, y]), "max"), (lambda x, y: min(*[x, y]), "min"),
        (lambda x, y: max((v for v in (x, y)), default=0), "max"), (lambda x, y: builtins.min(x, y), "min"),
        (lambda x, y: largest(x, y), "max"), (lambda x, y: functools.partial(max, x)(y), "max"),
        (lambda x, y: functools.reduce(min, [x, y]), "min"), (lambda x, y: sum(map(max, [x, 1], [y, y])), "max"),
        (lambda x, y: list(itertools.accumulate([x, y], max)), "max"),
        (lambda x, y: [max(v, 0) for v in (x, y)], "max"), (lambda x, y: abs(max(min(1, 2), x)) * y, "max"),
        (lambda x, y: max(np.array([x, y])), "max"), (looped, "max"), (guarded, "min"),
    ],
)  # fmt: skip
def test_python_s_max_and_min_are_refused(function: Callable[..., Any], name: str) -> None:
    """They only ask which is larger: the sentence names the elemental that has a row."""
    with pytest.raises(adtrace.RecordingError, match=rf"^Python's {name} of .*; write adtrace\.{name}$"):
        by_entry(function, (1, 2))


def comparing(x: Any, y: Any) -> Any:
    """Comparisons in code that uses max and min on plain numbers."""
    bound = max(1, min(2, 3))
    if x < y and not x > bound and 0 < x <= 5:
        return x * bound + y
    return y


@pytest.mark.parametrize(
    ("function", "gradient"),
    [
        (comparing, [2, 1]),
        (lambda x, y: sorted([y, x, 3])[0], [1, 0]),
        (lambda x, y: sorted([x, y, max(1, 3)])[1], [0, 1]),
        (lambda x, y: (values := [y, x], values.sort(), values[0])[2], [1, 0]),
        (lambda x, y: (values := [y], heapq.heappush(values, x), values[0])[2], [1, 0]),
        (lambda x, y: x if operator.lt(x, y) else y, [1, 0]),
        (lambda x, y: x if operator.ge(y, x) else y, [1, 0]),
        (lambda x, y: max([x, y], key=lambda v: -v), [1, 0]),
        (lambda x, y: x if (x, 1) < (y, 0) else y, [1, 0]),
        (lambda x, y: x if any(v > 1 for v in (x, y)) else y, [1, 0]),
        (lambda x, y: adtrace.max(x, y) + adtrace.min(x, 0), [0, 1]),
        (lambda x, y: max(1, 2) * x + y, [2, 1]),
    ],
)
def test_honest_comparisons_are_taken(function: Callable[..., Any], gradient: list[int]) -> None:
    """Written comparisons, sorting, and max of plain numbers are as they were."""
    assert list(by_entry(function, (1, 2)).gradient.values()) == gradient


# -- the number of a recorded value ----------------------------------------------------------------------------


@pytest.mark.parametrize("arithmetic", ["auto", "float"])
@pytest.mark.parametrize("name", ["value", "place", "recording", "real", "imag", "exact", "numerator"])
def test_no_attribute_is_a_number(name: str, arithmetic: str) -> None:
    """What could be read as a number would be computed with, and its derivative be lost."""
    with pytest.raises(AttributeError, match=f"^a recorded value has no attribute '{name}'$"):
        by_entry(lambda x: getattr(x, name) * x, 2, arithmetic=arithmetic)


def stored(x: Any) -> Any:
    """A recorded value in an array of floats."""
    array = np.zeros(2)
    array[0] = x
    return array.sum()


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (lambda x: float(x), r"^float\(\) of a recorded value has no elemental"),
        (lambda x: np.float64(x), r"^float\(\) of a recorded value"),
        (lambda x: np.asarray(x, dtype=float), r"^float\(\) of a recorded value"),
        (lambda x: np.array([x, x]).astype(float), r"^float\(\) of a recorded value"),
        (stored, r"^float\(\) of a recorded value"),
        (lambda x: int(x), r"^int\(\) of a recorded value"),
        (lambda x: complex(x), r"^complex\(\) of a recorded value"),
        (lambda x: x.item(), r"^item\(\) of a recorded value"),
        (lambda x: np.round(x, 1), r"^rint\(\) of a recorded value"),
        (lambda x: f"{x:.2f}", r"no digits to format by '.2f'"),
        (math.sin, r"^math\.sin of a recorded value has no elemental; write adtrace\.sin\(x\), or numpy's function$"),
        (lambda x: 2 * math.exp(x) + math.sin(1), r"^math\.exp of .*; write adtrace\.exp\(x\)"),
        (lambda x: math.log(x, 2), r"^math\.log of .*; write adtrace\.log\(x\)"),
        (lambda x: math.pow(x, 2), r"^math\.pow of .*; write x\*\*y$"),
        (lambda x: math.fabs(x), r"^math\.fabs of .*; write adtrace\.abs\(x\)$"),
        (lambda x: math.lgamma(x), r"^math\.lgamma of .*; write adtrace\.loggamma\(x\)$"),
        (lambda x: x * 1j, r"^a complex number, 1j, beside a recorded value"),
        (lambda x: np.complex128(1j) * x, r"^a complex number, 1j, beside a recorded value"),
        (lambda x: x + np.clongdouble(2), r"^a complex number, \(2\+0j\), beside a recorded value"),
    ],
)
def test_what_asks_for_a_number_is_refused(function: Callable[[Any], Any], sentence: str) -> None:
    """The sentence names what was called and what to write."""
    with pytest.raises(adtrace.RecordingError, match=sentence):
        by_entry(function, 2)


def test_a_copy_of_a_recorded_value_is_that_value() -> None:
    """Copies of lists and of arrays have the same variables in them."""
    trace = by_entry(lambda x: copy.deepcopy([x])[0] * copy.copy(x) + copy.deepcopy(np.array([x]))[0], 3)
    assert trace.gradient == {"x": 7}


# -- numbers beside recorded values ----------------------------------------------------------------------------

NUMBERS: list[tuple[Any, Fraction]] = [
    *((kind(3), Fraction(3)) for kind in (np.int8, np.uint8, np.int16, np.uint32, np.int64, np.uint64, np.intc)),
    *((kind(2.5), Fraction(5, 2)) for kind in (np.float16, np.float32, np.float64)),
    (np.longdouble("0.1"), Fraction(1, 10)), (np.longdouble(3), Fraction(3)), (np.array(2.5), Fraction(5, 2)),
    (3, Fraction(3)), (2.5, Fraction(5, 2)), (0.1, Fraction(1, 10)), (True, Fraction(1)), (np.True_, Fraction(1)),
    (Fraction(1, 3), Fraction(1, 3)), (Decimal("0.7"), Fraction(7, 10)), (sympy.Rational(1, 3), Fraction(1, 3)),
    (sympy.Integer(4), Fraction(4)),
]  # fmt: skip
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow,
}  # fmt: skip


@pytest.mark.parametrize("sign", OPERATORS)
@pytest.mark.parametrize(("number", "exact"), NUMBERS, ids=lambda given: f"{type(given).__name__}-{given}")
def test_every_number_on_either_side_of_every_operator(number: Any, exact: Fraction, sign: str) -> None:
    """The value is exact: no number becomes a float on the way, whoever's operator is asked first."""
    apply = OPERATORS[sign]
    assert by_entry(lambda x: apply(number, x), 2).value.exact == apply(exact, 2)
    right = by_entry(lambda x: apply(x, number), 2).value
    if sign != "**" or exact.denominator == 1:
        assert right.exact == apply(Fraction(2), exact)
    else:
        wanted = sympy.Integer(2) ** sympy.Rational(exact.numerator, exact.denominator)
        assert right.rounded(40) == str(sympy.N(wanted, 80).round(40))


@pytest.mark.parametrize(("number", "exact"), NUMBERS, ids=lambda given: f"{type(given).__name__}-{given}")
def test_every_number_in_a_comparison_and_in_the_point(number: Any, exact: Fraction) -> None:
    """A comparison is decided with it, on either side; in the point it is the number."""
    edge = exact + Fraction(1, 10**30)
    assert by_entry(lambda x: 2 * x if x > number else 3 * x, edge).gradient["x"] == 2
    assert by_entry(lambda x: 2 * x if number < x else 3 * x, edge).gradient["x"] == 2
    if not isinstance(number, bool | np.bool_):
        assert by_entry("x*x", {"x": number}).value.exact == exact**2
        assert by_entry(lambda x: x * x, at=number).value.exact == exact**2


def test_a_fraction_to_a_recorded_power_keeps_its_digits() -> None:
    """Before Python 3.13 a fraction's own power becomes a float before the recorded value is asked."""
    third = by_entry(lambda x: Fraction(1, 3) ** x, at=2)
    assert third.value.rounded(30) == "0.111111111111111111111111111111"


@pytest.mark.parametrize("kind", [float, np.float64, np.float32, np.float16, np.longdouble, np.array])
@pytest.mark.parametrize("number", [1.0, 0.0, 2.5])
def test_a_number_of_numpy_is_printed_like_python_s(kind: Callable[[float], Any], number: float) -> None:
    """Whatever type a float has in the point, alone or in an array, its table is that of the same float."""
    expected = by_entry(lambda x: x * 1.96 - x, {"x": number}).table(format="text")
    assert by_entry(lambda x: x * 1.96 - x, {"x": kind(number)}).table(format="text") == expected
    typed = by_entry(lambda x: x[0] * x[1], {"x": [number, 2.0]}).table(format="text")
    if kind is not np.array:
        array = np.array([number, 2.0], dtype=kind)
        assert by_entry(lambda x: x[0] * x[1], {"x": array}).table(format="text") == typed
