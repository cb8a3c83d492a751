"""The functions that sympy knows beside the textbook's: exact values, extremes, doubles, arrays, and names."""

from __future__ import annotations

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from flint import fmpq
from oracles import FUNCTIONS, digits

import adtrace
from adtrace.numbers import NeedsPrecision, Singular, TooLarge
from adtrace.numbers.exact import ball, precision
from adtrace.numbers.primitives import PRIMITIVES
from adtrace.numbers.rounding import nearest_double


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("gamma(5)", "24"), ("gamma(1)", "1"), ("gamma(21)", "2432902008176640000"), ("loggamma(1)", "0"),
        ("loggamma(2)", "0"), ("erfc(0)", "1"), ("erfi(0)", "0"), ("normcdf(0)", "1/2"), ("besselj(0, 0)", "1"),
        ("besselj(3, 0)", "0"), ("lambertw(0)", "0"), ("Si(0)", "0"), ("sinc(0)", "1"), ("beta(5, 7)", "1/2310"),
        ("beta(1/2, 3)", "16/15"), ("beta(3, 2/7)", "343/144"), ("floor(-7/2)", "-4"), ("ceiling(-7/2)", "-3"),
        ("frac(-7/2)", "1/2"), ("mod(-7, 3)", "2"), ("mod(7, -3)", "-2"), ("mod(7/2, 2/3)", "1/6"), ("floor(pi)", "3"),
        ("ceil(sqrt(2))", "2"), ("floor(-pi/3)", "-2"), ("floor(1e300/3)", str(10**300 // 3)), ("mod(1e300, 7)", "1"),
    ],
)  # fmt: skip
def test_exact_values(text: str, value: str) -> None:
    """Where a value is rational at a rational operand, it is that fraction."""
    assert str(adtrace.trace(f"{text} + o", at={"o": 0}).value.exact) == value


EXTREMES = {
    "gamma": ("1e-300", "-1e-300", "-150.5", "170.6", "1500.25"), "loggamma": ("1e-300", "1e5", "1e300", "1.5"),
    "digamma": ("1e-300", "-100000.5", "1e300"), "erfc": ("26", "100", "-30", "1e-300"), "erfi": ("1e-300", "25", "-5"),
    "lambertw": ("1e300", "1e-300", "-0.36787944"), "Si": ("1e5", "1e-300", "-3"), "Ci": ("1e-300", "1e5"),
    "sinc": ("1e-300", "1e5"), "trigamma": ("1e-300", "-100000.25", "1e300"), "normcdf": ("-38", "9"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "point"), [(name, point) for name, points in EXTREMES.items() for point in points])
def test_extremes(name: str, point: str) -> None:
    """Near poles and far out the first seventeen digits are mpmath's at 700 digits."""
    found = adtrace.trace(f"{name}(x)", at={"x": point}).value
    with digits(700):
        wanted = FUNCTIONS[name](mp.mpf(point))
        error = abs(mp.mpf(str(found)) - wanted) / abs(wanted)
        assert error < mp.mpf(10) ** -15


@pytest.mark.parametrize("order", ["0", "1", "-3", "30", "1/2", "-7/3"])
@pytest.mark.parametrize("point", ["0.001", "2", "50.5", "1000"])
def test_bessel_functions(order: str, point: str) -> None:
    """Value and slope are mpmath's for orders of both signs, whole or not."""
    trace = adtrace.trace(f"besselj({order}, x)", at={"x": point})
    with digits(60):
        n, x = mp.mpf(fmpq_text(order)), mp.mpf(point)
        assert abs(mp.mpf(trace.value.rounded(40)) - mp.besselj(n, x)) < mp.mpf(10) ** -39
        slope = (mp.besselj(n - 1, x) - mp.besselj(n + 1, x)) / 2
        assert abs(mp.mpf(trace.gradient["x"].rounded(40)) - slope) < mp.mpf(10) ** -39


def fmpq_text(text: str) -> Any:
    """A fraction in mpmath."""
    above, _, below = text.partition("/")
    return mp.mpf(above) / int(below or 1)


@pytest.mark.parametrize("order", [1, 2, 3, 8, 31])
@pytest.mark.parametrize("point", ["-7/3", "-1000.25", "-0.001"])
def test_polygamma_of_negative_numbers(order: int, point: str) -> None:
    """By reflection, too, it is mpmath's."""
    found = adtrace.trace(f"polygamma({order}, x)", at={"x": point}).value
    with digits(80):
        wanted = mp.psi(order, fmpq_text(point) if "/" in point else mp.mpf(point))
        assert abs(mp.mpf(str(found)) - wanted) < abs(wanted) * mp.mpf(10) ** -15


NUMBERS = [0.5, -2.25, 1e-9, 3.0, 17.5, 60.0, -0.1]


@pytest.mark.parametrize("name", ["erfc", "erfi", "gamma", "loggamma", "digamma", "lambertw", "Si", "Ci", "sinc",
                                  "sinc_slope", "floor", "ceiling", "frac"])  # fmt: skip
def test_doubles_are_near_the_certified_value(name: str) -> None:
    """In double precision a value is within four units of the last place; where it has none, Python's error says so."""
    entry = PRIMITIVES[name]
    for x in NUMBERS:
        with precision(256):
            try:
                wanted = nearest_double(ball(entry.certified(fmpq(*x.as_integer_ratio()))))
            except (Singular, TooLarge, NeedsPrecision):
                wanted = math.inf
            if wanted is None or math.isinf(wanted):
                with pytest.raises((ValueError, OverflowError)):
                    entry.float(x)
                continue
        assert abs(entry.float(x) - wanted) <= 4 * math.ulp(wanted), x


TEXT = "gamma(x) + digamma(x)*erfc(y) - Si(y)*besselj(2, x)/lambertw(x) + normcdf(y) + sinc(x - y)*Ci(x) + beta(x, 2)"


def test_compiled_code_and_arrays() -> None:
    """The compiled function, at a point and at an array of points, gives the certified numbers."""
    trace = adtrace.trace(
        f"{TEXT} + floor(x)*mod(y, x) + frac(x*y)*erfi(y) + polygamma(1, x)", at={"x": 2.5, "y": 0.75}
    )
    function = trace.function()
    points = np.array([[2.5, 0.75], [1.25, -0.3]])
    values, gradients = function(points)
    for point, value, gradient in zip(points, values, gradients, strict=True):
        at = trace.at({"x": float(point[0]), "y": float(point[1])})
        single = function(list(point))
        for found in ((value, gradient), single):
            assert math.isclose(found[0], float(at.value), rel_tol=1e-12)
            assert np.allclose(found[1], [float(at.gradient[name]) for name in "xy"], rtol=1e-11)


def test_no_value_in_an_array_is_said() -> None:
    """A point outside the domain, one among many, is refused as it is for the other elementals."""
    function = adtrace.trace("loggamma(x)*lambertw(x)", at={"x": 1}).function()
    with pytest.raises(adtrace.DomainError, match=r"^no value in double precision"):
        function(np.array([[1.0], [-2.5]]))
    with pytest.raises(adtrace.DomainError, match=r"^no value in double precision"):
        function([-2.5])


@pytest.mark.parametrize("arithmetic", ["certified", "float"])
def test_sinc_has_a_slope_at_zero(arithmetic: str) -> None:
    """At 0 sinc is 1 and flat, which is its true slope: nothing is noted; beside it no digits cancel."""
    trace = adtrace.trace("sinc(x)", at={"x": 0}, arithmetic=arithmetic)
    assert float(trace.value) == 1
    assert float(trace.gradient["x"]) == 0
    assert trace.to_dict()["notes"] == [] or arithmetic == "float"
    near = adtrace.trace("sinc(x)", at={"x": "1e-7"}, arithmetic=arithmetic).gradient["x"]
    assert math.isclose(float(near), -1e-7 / 3, rel_tol=1e-13)
    assert trace.function()([0.0]) == (1.0, [0.0])


@pytest.mark.parametrize(
    ("text", "at", "slopes", "note"),
    [
        ("floor(x)", {"x": 3}, ["0"], "v₁ (floor) is at its kink, v₀ = floor(v₀): its value jumps there."),
        ("ceiling(x)", {"x": -2}, ["0"], "v₁ (ceiling) is at its kink"),
        ("frac(x)", {"x": 0}, ["1"], "By convention frac' = 1."),
        (
            "mod(x, y)",
            {"x": 6, "y": 3},
            ["1", "-2"],
            "By convention its partials are those of the piece that begins there.",
        ),
    ],
)
def test_jumps_are_noted(text: str, at: dict[str, int], slopes: list[str], note: str) -> None:
    """On a jump the slope is that of the piece to the right, and a note says that there is a jump."""
    trace = adtrace.trace(text, at=at)
    assert [str(slope) for slope in trace.gradient.values()] == slopes
    assert note in trace.table(format="text", mode="forward")
    with pytest.raises(adtrace.AdtraceError):
        _ = adtrace.trace(text, at=at, kinks="error").gradient


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("besselj(x, 2)", r"^besselj\(u, w\) has no partial by its order u, which is a constant here$"),
        ("polygamma(x, 2)", r"^polygamma\(u, w\) has no partial by its order u"),
        (
            "polygamma(-1, x)",
            r"^the order u of polygamma is a whole number from 0, but u = -1 in v_1 = polygamma\(-1, v_0\)$",
        ),
        ("polygamma(1/2, x)", r"^the order u of polygamma is a whole number"),
        ("besselj(1/2, -x)", r"^besselj of an order that is no integer needs w > 0, but w = v_1 = -2 in v_2"),
        ("besselj(99999, x)", r"^besselj has an order from -10000 to 10000"),
        ("gamma(1e9*x)", r"is larger than 2\^20000"),
        ("erfi(1e9*x)", r"is larger than 2\^20000"),
    ],
)
def test_what_is_refused(text: str, sentence: str) -> None:
    """An order that varies or does not exist, and a value past the bound, are refused in a sentence."""
    with pytest.raises(adtrace.AdtraceError, match=sentence):
        adtrace.trace(text, at={"x": 2})


@pytest.mark.parametrize("name", ["beta", "gamma", "digamma", "mod", "floor", "Si", "Ci", "sinc", "S", "N", "E", "e"])
def test_a_variable_beats_the_function_of_its_name(name: str) -> None:
    """A declared variable of the name is the variable, in text and from sympy."""
    assert adtrace.trace(f"{name}*x", at={name: 2, "x": 3}).gradient == {name: 3, "x": 2}


def test_an_elemental_of_ones_own_with_a_name_of_ours() -> None:
    """A name that is taken is refused in a sentence."""
    with pytest.raises(adtrace.OptionError, match=r"sinc"):
        adtrace.elemental("sinc", "sin(u)/u")
