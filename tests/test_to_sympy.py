"""Traces given back to sympy: the function unevaluated, the rows as `sympy.cse` has its own."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

import adtrace

PROGRAMS: list[tuple[str, dict[str, Any]]] = [
    ("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}),
    ("sigmoid(x)*max(x, y, 2)/y + 0.1*x^-2 - e^x + log(x, 3) + relu(x) + cot(x) + arcsin(y/9) + step(x) + cbrt(x)",
     {"x": 2, "y": 5}),
    ("a = x*y; b = a + sin(a); (b, a^2.5)", {"x": 2, "y": 3}),
    ("e*x + e^e", {"x": 2, "e": 3}),
    ("-x^2 - (-x) + -3*x + sqrt(x)/3 - 1/2", {"x": "7/3"}),
    ("gamma(x)/beta(x, y) - besselj(2, x)*lambertw(y) + mod(x, y) + frac(x) - normcdf(x*y)", {"x": 2.5, "y": 0.7}),
    ("v_1*w + tan(pi*w)", {"v_1": 2, "w": "1/8"}),
]  # fmt: skip


def numbers(trace: adtrace.Trace) -> list[str]:
    """The values and the Jacobian to 25 decimals, row by row of the outputs."""
    slopes = [slope for row in trace.jacobian.values() for slope in row.values()]
    return [number.rounded(25) for number in (*trace.values.values(), *slopes)]


@pytest.mark.parametrize(("text", "at"), PROGRAMS, ids=[text[:30] for text, _ in PROGRAMS])
def test_the_expression_comes_back_the_same(text: str, at: dict[str, Any]) -> None:
    """What sympy is given is the function: traced again it has the same numbers."""
    trace = adtrace.trace(text, at=at)
    assert numbers(adtrace.trace(trace.expression.sympy(), at=at)) == numbers(trace)


def test_the_expression_is_unevaluated() -> None:
    """Nothing is joined, put in order or computed, and numbers are exact."""
    x = sp.Symbol("x")
    assert adtrace.trace("x + x", {"x": 1}).expression.sympy().args == (x, x)
    assert adtrace.trace("sin(0*x)", {"x": 1}).expression.sympy().args[0].args == (0, x)
    assert adtrace.trace("x*0.1", {"x": 1}).expression.sympy().args == (x, sp.Rational(1, 10))
    assert adtrace.trace("sigmoid(x)", {"x": 1}).expression.sympy().doit() == 1 / (1 + sp.exp(-x))
    assert not adtrace.trace("x + x", {"x": 1}).expression.sympy().is_Mul
    assert adtrace.trace("(x, x^2)", {"x": 1}).expression.sympy() == sp.Tuple(x, x**2)


@pytest.mark.parametrize(("text", "at"), PROGRAMS, ids=[text[:30] for text, _ in PROGRAMS])
def test_the_rows_put_together_are_the_function(text: str, at: dict[str, Any]) -> None:
    """The pairs, put into each other from the last to the first, are the function, as sympy's own pairs are."""
    trace = adtrace.trace(text, at=at)
    pairs, outputs = trace.wengert.cse()
    assert len(pairs) == len(trace.wengert.rows)
    known = {sp.Symbol(name): sp.Rational(str(trace.at(at).values.get(name, value))) for name, value in at.items()}
    for symbol, formula in pairs:
        assert symbol not in known
        known[symbol] = sp.N(formula.subs(known), 40)
    for found, wanted in zip(outputs, trace.values.values(), strict=True):
        assert abs(sp.N(found.subs(known), 40) - sp.Float(wanted.rounded(30), 50)) < sp.Float("1e-28")


def test_the_pairs_are_those_of_sympy() -> None:
    """On an expression that shares a product, the shapes of the pairs are those of `sympy.cse`."""
    x, y = sp.symbols("x y")
    pairs, (output,) = adtrace.trace("sin(x*y) + x*y", {"x": 1, "y": 2}).wengert.cse()
    assert pairs[0] == (sp.Symbol("v_1"), x * y)
    theirs, reduced = sp.cse(sp.sin(x * y) + x * y)
    assert theirs[0][1] == pairs[0][1]
    back = output
    for symbol, formula in reversed(pairs):
        back = back.xreplace({symbol: formula})
    assert sp.simplify(back.doit() - reduced[0].xreplace(dict(theirs))) == 0


def test_a_recorded_function_has_rows_only() -> None:
    """A Python function has no formula to give; its rows can be had."""
    trace = adtrace.trace(lambda x: x * x + 1, (3,))
    with pytest.raises(adtrace.InputError, match=r"trace\.wengert\.cse\(\)"):
        trace.expression.sympy()
    assert len(trace.wengert.cse()[0]) == 2
