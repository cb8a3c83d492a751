"""Derivatives of second and higher order: against sympy, mpmath and identities; at kinks they exist or are refused."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp
from samples import ALL

import adtrace

NAMES = ("x1", "x2", "x3")
_UNARY = (
    ("sin({})", sp.sin), ("cos({})", sp.cos), ("exp({}/4)", lambda u: sp.exp(u / 4)), ("tanh({})", sp.tanh),
    ("ln(3 + sin({}))", lambda u: sp.log(3 + sp.sin(u))), ("sqrt(2 + ({})^2)", lambda u: sp.sqrt(2 + u**2)),
    ("atan({})", sp.atan), ("({})^3", lambda u: u**3), ("-({})", lambda u: -u), ("erf({})", sp.erf),
    ("sigmoid({})", lambda u: 1 / (1 + sp.exp(-u))), ("1/(2 + cos({}))", lambda u: 1 / (2 + sp.cos(u))),
    ("(2 + cos({}))^(1/3)", lambda u: (2 + sp.cos(u)) ** sp.Rational(1, 3)),
)  # fmt: skip
_BINARY = (
    ("({}) + ({})", lambda u, w: u + w), ("({}) - ({})", lambda u, w: u - w), ("({})*({})", lambda u, w: u * w),
    ("({})/(3 + sin({}))", lambda u, w: u / (3 + sp.sin(w))), ("(2 + sin({}))^({})", lambda u, w: (2 + sp.sin(u)) ** w),
    ("atan2({}, 2 + sin({}))", lambda u, w: sp.atan(u / (2 + sp.sin(w)))),
)  # fmt: skip


def program(seed: int) -> tuple[str, sp.Expr]:
    """A random formula in three variables, as text and as a sympy expression."""
    choose = random.Random(seed)
    terms = [(name, sp.Symbol(name)) for name in NAMES]
    for _ in range(choose.randint(2, 4)):
        if choose.random() < 0.45:
            text, function = choose.choice(_UNARY)
            u = choose.choice(terms)
            terms.append((text.format(u[0]), function(u[1])))
        else:
            text, function = choose.choice(_BINARY)
            u, w = choose.choice(terms), choose.choice(terms[-2:])
            terms.append((text.format(u[0], w[0]), function(u[1], w[1])))
    return terms[-1]


@pytest.mark.parametrize("block", range(5))
def test_the_hessian_is_sympys(block: int) -> None:
    """All second derivatives of random formulas to 25 digits, symmetric, and equal to those of products."""
    for seed in range(10 * block, 10 * block + (10 if ALL else 6)):
        text, expression = program(seed)
        choose = random.Random(seed)
        point = {name: Fraction(choose.randint(-8, 8), choose.randint(1, 5)) for name in NAMES}
        trace = adtrace.trace(f"f(x1, x2, x3) = {text}", at=point)
        values = {sp.Symbol(name): sp.Rational(x.numerator, x.denominator) for name, x in point.items()}
        hessian = trace.hessian
        for a in NAMES:
            for b in NAMES:
                wanted = sp.N(sp.diff(expression, a, b), 50, subs=values)
                error = abs(sp.Float(hessian[a][b].rounded(40), 50) - wanted)
                assert error <= 10 ** sp.Integer(-25) * max(1, abs(wanted)), (text, a, b)
                assert hessian[a][b].rounded(40) == hessian[b][a].rounded(40)
        seed_vector = {"x1": 1, "x2": -2, "x3": Fraction(1, 3)}
        product = trace.hessian_vector(seed_vector)
        for a in NAMES:
            sum_of_row = sum(Fraction(hessian[a][b].rounded(40)) * seed_vector[b] for b in NAMES)
            assert abs(Fraction(product[a].rounded(40)) - sum_of_row) < Fraction(1, 10**35)
        second = 2 * Fraction(trace.taylor(2, seed_vector)["y"][2].rounded(40))  # forward over forward
        reverse = sum(Fraction(product[a].rounded(40)) * seed_vector[a] for a in NAMES)
        assert abs(second - reverse) < Fraction(1, 10**35)


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("sin(x)*exp(x)/x", lambda x: mp.sin(x) * mp.exp(x) / x),
        ("x^x", lambda x: x**x),
        ("softplus(x) + sigmoid(x^2)", lambda x: mp.log(1 + mp.exp(x)) + 1 / (1 + mp.exp(-x * x))),
        ("cbrt(x) + log(x, 3) + x^(5/2)", lambda x: mp.cbrt(x) + mp.log(x) / mp.log(3) + x ** mp.mpf(2.5)),
        ("abs(x - 3) + max(x, x^2)", lambda x: abs(x - 3) + max(x, x * x)),
        ("asin(x/2)*acosh(x)", lambda x: mp.asin(x / 2) * mp.acosh(x)),
    ],
)
def test_taylor_coefficients_are_mpmaths(text: str, function: object) -> None:
    """Orders 0 to 6 at 3/2."""
    found = adtrace.trace(text, at={"x": "3/2"}).taylor(6)["y"]
    with mp.workdps(60):
        wanted = mp.taylor(function, mp.mpf(3) / 2, 6)  # type: ignore[arg-type]
        for coefficient, other in zip(found, wanted, strict=True):
            assert abs(mp.mpf(coefficient.rounded(30)) - other) < mp.mpf(10) ** -25


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("cos(abs(x))", -1), ("relu(x) - relu(-x)", 0), ("max(x, x^2) + min(x, x^2)", 2), ("relu(x)^3", 0),
        ("sigmoid(x)", 0), ("softplus(x)", Fraction(1, 4)), ("x^0", 0), ("abs(x)^2", 2), ("abs(x + 1)", 0),
        ("abs(x^2)", 2), ("max(x^2, -x^2)", 2), ("abs(x)*abs(-x)", 2),
    ],
)  # fmt: skip
def test_a_second_derivative_at_a_kink_that_exists(text: str, second: object) -> None:
    """Where both sides agree the derivative is the true one."""
    assert adtrace.trace(text, at={"x": 0}).hessian["x"]["x"] == second


@pytest.mark.parametrize(
    "text", ["abs(x)*x", "relu(x)^2", "abs(x)", "x^(3/2)", "heaviside(x)*x", "sqrt(x^3)", "max(x, 0)", "atan2(x, -1)"]
)
def test_a_second_derivative_that_does_not_exist_is_refused(text: str) -> None:
    """A sentence, never a number."""
    with pytest.raises(adtrace.DomainError):
        _ = adtrace.trace(text, at={"x": 0}).hessian


def test_several_outputs_and_weights() -> None:
    """By output first; with weights that of the weighted sum; constants have zeros."""
    of_each = adtrace.trace("(x*y^2, x^3, 7)", at={"x": 2, "y": 3}).hessian
    assert of_each["f_1"]["x"]["y"] == 6
    assert of_each["f_2"] == {"x": {"x": 12, "y": 0}, "y": {"x": 0, "y": 0}}
    assert of_each["f_3"]["x"]["x"] == 0
    weighted = adtrace.trace("(x*y^2, x^3, 7)", at={"x": 2, "y": 3}, weights={"f_1": 1, "f_2": -2})
    assert weighted.hessian["x"] == {"x": -24, "y": 6}
    assert weighted.hessian_vector("y") == {"x": 6, "y": 4}


@pytest.mark.parametrize("order", [0, 9, -1, "2", 1.5])
def test_orders_that_are_none(order: object) -> None:
    """A whole number up to the bound."""
    with pytest.raises(adtrace.OptionError, match="from 1 to 8"):
        adtrace.trace("x^2", at={"x": 1}).taylor(order)  # type: ignore[arg-type]


def test_hessians_at_kinks_in_several_variables() -> None:
    """Symmetric where they exist, also for rows that stay at their kink along a direction; refused where y(x + t s) has
    second derivatives that belong to no bilinear form.
    """
    identity = adtrace.trace("relu(x)*y - relu(-x)*y", at={"x": 0, "y": 1})
    assert identity.hessian == {"x": {"x": 0, "y": 1}, "y": {"x": 1, "y": 0}}
    assert identity.hessian_vector({"x": 2, "y": 3}) == {"x": 3, "y": 2}
    square = adtrace.trace("abs(x - y)^2 + x*y^3", at={"x": 1, "y": 1})
    assert square.hessian == {"x": {"x": 2, "y": 1}, "y": {"x": 1, "y": 8}}
    weights = {"f_1": 1, "f_2": -2, "f_3": 5}
    weighted = adtrace.trace("(abs(x)*x, relu(x)^2, x^3*y)", at={"x": 0, "y": 1}, weights=weights)
    assert weighted.hessian == {"x": {"x": -2, "y": 0}, "y": {"x": 0, "y": 0}}  # abs(x)*x - 2*relu(x)^2 = -x^2
    for text in ("abs(x*y)", "max(x^2, y^2)", "abs(x)*y", "max(x, y)*x"):
        trace = adtrace.trace(text, at={"x": 0, "y": 0})
        for ask in (lambda t: t.hessian, lambda t: t.hessian_vector("x"), lambda t: t.hessian_vector("y")):
            with pytest.raises(adtrace.DomainError, match="no derivative of this order exists"):
                ask(trace)
