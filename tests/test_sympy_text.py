"""Text in sympy's own syntax: what sympy's parser reads, and what never gets to it."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from sympy.parsing.sympy_parser import (
    convert_xor,
    implicit_multiplication_application,
    parse_expr,
    standard_transformations,
)

import adtrace

AT = {"x": 2, "y": 3}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2x + sin y", "2*x + sin(y)"), ("x y^2", "x*y^2"), ("sin^2 x + cos**2 y", "(sin(x))^2 + (cos(y))^2"),
        ("xy", "x*y"), ("y x!", "y*gamma(x + 1)"), ("(x + y)! x", "gamma(x + y + 1)*x"),
        ("x - y - (x - y)", "x - y - (x - y)"), ("y/x/y", "y/x/y"), ("1/2 x y", "1/2*x*y"),
        ("Max(x, y)*Abs(-x)", "max(x, y)*abs(-x)"), ("sqrt(x) + root(y, 5)", "sqrt(x) + y^(1/5)"),
        ("Piecewise((x, x > y), (y, True))", "y"), ("LambertW(x) + Mod(y, x)", "lambertw(x) + mod(y, x)"),
        ("sigmoid(x)*y", "sigmoid(x)*y"), ("E^x*pi*y", "exp(x)*pi*y"), ("ln x*y", "ln(x*y)"),
        ("x + x + y", "x + x + y"), ("Rational(-1, 3)*x*y + Integer(4)", "-1/3*x*y + 4"),
    ],
)  # fmt: skip
def test_what_is_read(text: str, written: str) -> None:
    """Implicit products and applications, factorials and ``^`` as in sympy, in the order of the text."""
    read = adtrace.trace(text, AT, syntax="sympy") if "y" in written and "x" in written else None
    if read is None:
        read = adtrace.trace(f"{text} + 0*x*y", AT, syntax="sympy")
        written += " + 0*x*y"
    assert read.expression.text == written


@pytest.mark.parametrize(
    "text",
    ["2x y + sin x", "sin^2 x - y**2/3", "(x + y)! + x y", "x^-y + 3 x!", "exp(x y)/(1 + y)", "Max(x, y) + Min(x, y)"],
)
def test_it_means_what_sympy_means(text: str) -> None:
    """The value and the slopes are those of sympy's own reading of the text, evaluated."""
    steps = (*standard_transformations, convert_xor, implicit_multiplication_application)
    theirs = parse_expr(text, transformations=steps)
    trace = adtrace.trace(text, AT, syntax="sympy")
    place = {sp.Symbol(name): value for name, value in AT.items()}
    assert abs(sp.N(theirs.subs(place), 40) - sp.Float(trace.value.rounded(30), 50)) < sp.Float("1e-29")
    for name, slope in trace.gradient.items():
        wanted = sp.N(theirs.diff(sp.Symbol(name)).subs(place), 40)
        assert abs(wanted - sp.Float(slope.rounded(30), 50)) < sp.Float("1e-28")


@pytest.mark.parametrize(
    "name", ["beta", "gamma", "S", "N", "E", "I", "O", "Q", "e", "pi", "zeta", "x1", "w_out", "j", "b1"]
)
def test_a_declared_name_beats_sympy(name: str) -> None:
    """A variable has any name, whatever sympy has under it."""
    assert adtrace.trace(f"2 {name} x", {name: 3, "x": 5}, syntax="sympy").gradient == {name: 10, "x": 6}


@pytest.mark.parametrize(
    ("text", "at", "gradient"),
    [("2j*x", {"j": 3, "x": 5}, {"j": 10, "x": 6}), ("0b1 + x", {"b1": 3, "x": 5}, {"b1": 0, "x": 1}),
     ("3e*x", {"e": 2, "x": 5}, {"e": 15, "x": 6})],
)  # fmt: skip
def test_numbers_are_numbers(text: str, at: dict[str, Any], gradient: dict[str, int]) -> None:
    """A number ends where its digits end: there are no imaginary, binary or half-written ones."""
    assert adtrace.trace(text, at, syntax="sympy").gradient == gradient


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x.y", r"^'\.' does not pass to sympy's parser\n  x\.y\n   \^$"), ("'x'", "does not pass"),
        ("x[0]", "does not pass"), ("{x}", "does not pass"), ("x = y", "does not pass"), ("x; y", "does not pass"),
        ("lambda x: x", "^lambda is neither a variable"), ("x if y else x", "^if is neither"),
        ("__import__", "does not pass"), ("x.__class__", "does not pass"), ("x__y + x + y", "^x__y is neither"),
        ("z*x*y", "^z is neither a variable with a value nor a function"), ("sine(x)*y", r"did you mean 'sin'\?"),
        ("Symbol(x)*y", "^Symbol is neither"), ("Function(x)", "^Function is neither"),
        ("(x", "^sympy's parser does not"),
        ("x < y", "is not an expression"), ("x*y*1e999", "^a number may have 400 digits"),
        ("", "^there is no expression"),
        ("+".join(["x"] * 5000), "2000 tokens"), ("(" * 90 + "x*y" + ")" * 90, "50 nested brackets"),
        ("0 < x < y", "is not an expression"), ("zeta(x)*y", "^zeta is neither"),
        ("Integer(10**10**10)*x*y", "^the operands of Integer are plain numbers"),
        ("Rational(1, 10**10)*x*y", "^the operands of Rational are plain numbers"),
    ],
)  # fmt: skip
def test_what_is_refused(text: str, sentence: str) -> None:
    """What is not a number, a declared name, a function of the list or an operator never gets to sympy."""
    with pytest.raises(adtrace.InputError, match=sentence):
        adtrace.trace(text, AT, syntax="sympy")


def test_names_that_the_parser_needs_are_no_variables() -> None:
    """A variable that would take the place of what sympy's parser writes is refused; so is a keyword."""
    for name in ("Symbol", "Integer", "Add", "lambda"):
        with pytest.raises(adtrace.ParseError, match=f"^in sympy's syntax {name} cannot be a variable"):
            adtrace.trace(f"{name}*x", {name: 2, "x": 3}, syntax="sympy")


def test_the_syntax_is_a_setting() -> None:
    """Another syntax than the two is refused, and without it a text is in our own language."""
    with pytest.raises(adtrace.OptionError, match=r"^syntax is adtrace or sympy, not 'latex'$"):
        adtrace.trace("x", {"x": 1}, syntax="latex")
    assert adtrace.trace("x*y", AT, syntax="adtrace").value == 6
