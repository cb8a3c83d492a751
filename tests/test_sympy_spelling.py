"""What sympy prints, in three ways, is read as what it was: 500 random expressions of our functions, digit by digit."""

from __future__ import annotations

import random
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
import sympy as sp

import adtrace

X, Y = sp.symbols("x y")
ONE = [
    sp.exp, sp.sin, sp.cos, sp.tan, sp.cot, sp.sec, sp.csc, sp.asin, sp.acos, sp.atan, sp.sinh, sp.cosh, sp.tanh,
    sp.asinh, sp.acosh, sp.atanh, sp.log, sp.sqrt, sp.cbrt, sp.Abs, sp.sign, sp.Heaviside, sp.erf, sp.erfc, sp.erfi,
    sp.gamma, sp.loggamma, sp.digamma, sp.LambertW, sp.sinc, sp.Si, sp.Ci, sp.floor, sp.ceiling, sp.frac, sp.factorial,
]  # fmt: skip
TWO = [sp.Max, sp.Min, sp.atan2, sp.beta, sp.Mod, lambda u, w: u + w, lambda u, w: u * w, lambda u, w: u / w,
       lambda u, w: u - w, lambda u, w: u**w, lambda u, w: sp.Piecewise((u, u > w), (w, True)),
       lambda u, w: sp.besselj(sp.Integer(2), u) + w, lambda u, w: sp.polygamma(1, u) * w]  # fmt: skip
LEAVES = [X, Y, X, Y, sp.Integer(3), sp.Rational(2, 3), sp.pi, sp.E, sp.Float("0.25"), sp.Integer(-1)]


def tree(pick: random.Random, size: int) -> sp.Expr:
    """A random expression with so many leaves at most."""
    if size <= 1:
        return pick.choice(LEAVES)
    if pick.random() < 0.45:
        return pick.choice(ONE)(tree(pick, size - 1))
    left = pick.randint(1, size - 1)
    return pick.choice(TWO)(tree(pick, left), tree(pick, size - left))


def numbers(given: Any, at: dict[str, Any]) -> list[str] | None:
    """The value and the gradient to 20 digits; nothing where there is no value, or no derivative."""
    try:
        trace = adtrace.trace(given, at)
        return [number.rounded(20) for number in (trace.value, *trace.gradient.values())]
    except adtrace.MathematicsError:
        return None
    except adtrace.BoundError:
        return None


@cache
def expressions(count: int = 500) -> tuple[list[tuple[sp.Expr, dict[str, Any], list[str]]], list[str]]:
    """Random expressions that have a value and a gradient at a random point, and what was said of those refused."""
    pick = random.Random("what sympy prints")
    found: list[tuple[sp.Expr, dict[str, Any], list[str]]] = []
    refused: list[str] = []
    while len(found) < count:
        try:
            expression = tree(pick, pick.randint(2, 5))
        except (TypeError, ValueError, ZeroDivisionError):
            continue
        if not expression.free_symbols or expression.has(sp.I, sp.oo, sp.zoo, sp.nan, sp.EulerGamma, sp.Subs):
            continue
        point: dict[str, Any] = {"x": Fraction(pick.randint(1, 40), 16), "y": Fraction(pick.randint(1, 40), 7)}
        if expression.has(sp.ITE) or any(sp.Float(str(x)) != x for x in expression.atoms(sp.Float)):
            continue  # a Float of 17 digits, of which sympy prints 15
        at = {name: point[name] for name in "xy" if sp.Symbol(name) in expression.free_symbols}
        try:
            known = numbers(expression, at)
        except adtrace.InputError as problem:
            refused.append(f"{expression}: {problem}")
            continue
        if known is not None:
            found.append((expression, at, known))
    return found, refused


def test_hardly_any_is_refused() -> None:
    """What is passed over has a function or a number of sympy's that nobody promised."""
    _, refused = expressions()
    assert [text for text in refused if "no elemental" not in text and "not a number that" not in text] == []
    assert len(refused) < 25


@pytest.mark.parametrize("printed", [str, sp.srepr], ids=["str", "srepr"])
def test_what_sympy_prints_is_the_expression(printed: Any) -> None:
    """`str` and `srepr` of each of the 500 are read as the same function."""
    for expression, at, known in expressions()[0]:
        assert numbers(printed(expression), at) == known, printed(expression)


def test_what_sympy_typesets_is_the_expression() -> None:
    """`latex` of each is read as the same function, or refused in a sentence; most are read."""
    read = 0
    for expression, at, known in expressions()[0]:
        text = sp.latex(expression)
        try:
            assert numbers(text, at) == known, text
            read += 1
        except (adtrace.ParseError, adtrace.BindingError):  # such as W(x) and B(x, y), which nobody has to know
            continue
    assert read > 400


@pytest.mark.parametrize(
    ("text", "at", "value"),
    [
        ("Symbol('x')", {"x": 2}, "2"), ("Symbol('x', real=True) + 1", {"x": 2}, "3"),
        ("Float('-0.25', precision=53)*x", {"x": 4}, "-1"), ("Mul(Rational(1, 3), Symbol('α'))", {"alpha": 6}, "2"),
        ("Add(x, Integer(-1))", {"x": 3}, "2"), ("Symbol('beta')*Symbol('E')", {"beta": 2, "E": 3}, "6"),
        (r"\left\lfloor{x}\right\rfloor", {"x": 2.5}, "2"), (r"x \bmod y", {"x": 7, "y": 3}, "1"),
        (r"2 \cdot \lceil x \rceil", {"x": 2.5}, "6"), ("J_{0}(x)", {"x": 0}, "1"), ("factorial(x)", {"x": 4}, "24"),
        ("x!", {"x": 4}, "24"), ('Symbol( "x" )', {"x": 4}, "4"),
        ("LambertW(x)", {"x": 0}, "0"), ("Mod(x, 4)", {"x": 7}, "3"),
    ],
)  # fmt: skip
def test_forms_of_sympy(text: str, at: dict[str, Any], value: str) -> None:
    """Quoted names and numbers stand in what `srepr` prints alone."""
    assert str(adtrace.trace(text, at).value.exact) == value


@pytest.mark.parametrize(
    "text",
    ["'x'", "Symbol('x\")", "Symbol('x y')", "Symbol('')", "Integer('2')", "f('x')", "Symbol('x'", "Float('x')",
     "Float('__import__')", "Symbol('x', real=f())"],
)  # fmt: skip
def test_quotes_elsewhere_are_refused(text: str) -> None:
    """A quote is part of no other form."""
    with pytest.raises(adtrace.InputError):
        adtrace.trace(f"x + {text}", {"x": 2})
