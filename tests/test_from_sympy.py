"""sympy objects: read in the order in which sympy holds or prints them, or refused with a sentence."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import adtrace
from adtrace.limits import Limits
from adtrace.tracing.from_sympy import convert, number_terms
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.notation import spelled
from tests.wengert_lists import shape

x, y, z = sp.symbols("x y z")
x1, x2 = sp.symbols("x1 x2")
AT = {"x": 2, "y": 5, "z": 3}


def read(expression: Any) -> str:
    """The expression as adtrace writes it."""
    return plain(convert(expression, dict.fromkeys(AT, ()) | {"x1": (), "x2": ()}).outputs[0][1])


# --- the order ---------------------------------------------------------------------------------------------------


def test_the_same_list_as_text_and_as_a_function() -> None:
    """One function as text, as Python code and as a sympy tree in its own order gives one Wengert list."""
    at = {"x1": 2, "x2": 5}
    with sp.evaluate(False):
        tree = sp.log(x1) + x1 * x2 - sp.sin(x2)
    text = shape(adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at).wengert)
    assert shape(adtrace.trace(tree, at).wengert) == text
    assert shape(adtrace.trace(lambda x1, x2: adtrace.ln(x1) + x1 * x2 - adtrace.sin(x2), at).wengert) == text


@pytest.mark.parametrize(
    "expression",
    [
        sp.log(x1) + x1 * x2 - sp.sin(x2), x - y, -x - y, y**2 / x - 3 * x * y + 1, (x + y) * (x - y) / z,
        x / (y * z), -x * y / 2, sp.Rational(3, 2) * x, 1 / x, 1 / (x + y) + y**2 + sp.cos(x), sp.exp(-x) * sp.sqrt(y),
        2**x, x**y, sp.pi * x / 4, sp.E * x, x**sp.Rational(2, 3) + x**sp.Rational(-1, 2), sp.tanh(x) - 5,
        sp.atan2(y, x), sp.Max(x, y) - sp.Min(x, y), sp.Abs(x) * sp.sign(y), x * (y + z) ** 2, 1 - x, -1 / x,
    ],
)  # fmt: skip
def test_an_evaluated_expression_is_read_as_sympy_prints_it(expression: sp.Expr) -> None:
    """What is read, written in the language, is what sympy prints, but for the names of functions and spacing."""
    printed = sp.sstr(expression).replace("**", "^").replace("log", "ln").replace("Max", "max").replace("Min", "min")
    printed = printed.replace("Abs", "abs").replace("E*", "e*")
    unbracketed = str.maketrans("", "", "() ")
    assert read(expression).translate(unbracketed) == printed.translate(unbracketed)
    at = AT | {"x1": 2, "x2": 5}
    names = {str(s) for s in expression.free_symbols}
    mine = adtrace.trace(expression, {k: v for k, v in at.items() if k in names})
    wanted = expression.subs(at)
    assert abs(sp.N(wanted - sp.Float(mine.value.rounded(40), 50), 40)) < sp.Float("1e-38")


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        (sp.Add(sp.log(x), sp.Mul(y, x, evaluate=False), evaluate=False), "ln(x) + y*x"),
        (sp.Add(y, x, y, evaluate=False), "y + x + y"),
        (sp.Add(y, sp.Add(x, y, evaluate=False), evaluate=False), "y + (x + y)"),
        (sp.Mul(y, sp.Pow(x, -1), z, evaluate=False), "y/x*z"),
        (sp.Add(x, sp.Mul(-1, sp.Mul(z, y, evaluate=False), evaluate=False), evaluate=False), "x - z*y"),
        (sp.Mul(x, x, evaluate=False), "x*x"),
        (sp.Pow(sp.Pow(x, 2, evaluate=False), 3, evaluate=False), "(x^2)^3"),
        (sp.Mul(sp.Rational(1, 2), sp.Add(x, x, evaluate=False), evaluate=False), "1/2*(x + x)"),
        (sp.exp(sp.log(x, evaluate=False), evaluate=False), "exp(ln(x))"),
        (sp.Add(x, sp.Mul(-2, y), -3, evaluate=False), "x - 2*y - 3"),
    ],
)
def test_an_unevaluated_tree_keeps_its_order(tree: sp.Expr, written: str) -> None:
    """A tree built with evaluate=False is read argument by argument."""
    assert read(tree) == written


_LEAVES = st.sampled_from([x, y, z, sp.Integer(3), sp.Rational(-2, 3), sp.pi])


def _sine(u: sp.Expr) -> sp.Expr:
    try:
        return sp.sin(u)
    except ZeroDivisionError:  # sympy's own, of an unevaluated 0 + 0
        reject()


def _joined(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(inner, inner)
    return (
        pairs.map(lambda p: p[0] + p[1])
        | pairs.map(lambda p: p[0] - p[1])
        | pairs.map(lambda p: p[0] * p[1])
        | inner.map(lambda u: u / y)
        | inner.map(_sine)
        | inner.map(lambda u: u**2)
        | pairs.map(lambda p: sp.Add(p[1], p[0], evaluate=False))
        | pairs.map(lambda p: sp.Mul(p[1], p[0], evaluate=False))
    )


@settings(max_examples=60)
@given(st.recursive(_LEAVES, _joined, max_leaves=8))
def test_any_expression_keeps_its_value(expression: sp.Expr) -> None:
    """Expressions generated at random have at a point the value that sympy computes."""
    trace = adtrace.trace({"value": expression, "rest": x + y + z}, AT)
    wanted = sp.N(sp.nsimplify(expression, rational=True).subs(AT), 30)
    assert abs(wanted - sp.Float(trace.values["value"].rounded(25), 40)) < sp.Float("1e-20") * (1 + abs(wanted))


# --- what there is ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (sp.Integer(-3), "-3"), (sp.Rational(1, 3), "1/3"), (sp.Rational(-1, 3), "-1/3"), (sp.pi, "pi"), (sp.E, "e"),
        (sp.Float(0.1), "0.1"), (sp.Float("0.1", 30), "0.1"), (sp.Float("-2.5e-30"), "-2.5e-30"), (sp.Float(2), "2.0"),
        (sp.Float("1.23456789012345678901234567890", 30), "1.2345678901234567890123456789"),
        (sp.pi / 2, "pi/2"), (sp.sqrt(2), "sqrt(2)"), (sp.exp(2), "exp(2)"), (sp.sin(sp.pi / 7), "sin(pi/7)"),
        (1 + sp.sqrt(5), "1 + sqrt(5)"),
    ],
)  # fmt: skip
def test_numbers_are_exact(number: sp.Expr, written: str) -> None:
    """Rationals, decimals as short as they can be, pi, e, and what is computed from them; in a point, too."""
    assert spelled(number_terms(number, "a number"), PLAIN).text.replace("e^2", "exp(2)") == written
    found = adtrace.trace("x", {"x": number}).value
    assert abs(sp.Float(found.rounded(40), 60) - sp.N(number, 60)) < sp.Float("1e-15") * (1 + abs(number))


def test_outputs_and_their_names() -> None:
    """Tuples, lists, matrices, dictionaries and equations give several outputs, named where they are."""
    at = {x: 2, y: 5}
    for several in ((x * z, x**2), [x * z, x**2], sp.Tuple(x * z, x**2), sp.Matrix([x * z, x**2])):
        jacobian = adtrace.trace(several, {x: 2, z: 5}).jacobian
        assert {name: dict(row) for name, row in jacobian.items()} == {"y_1": {"x": 5, "z": 2}, "y_2": {"x": 4, "z": 0}}
    assert list(adtrace.trace({"a": x * y, "b": x}, at).jacobian) == ["a", "b"]
    assert list(adtrace.trace([sp.Eq(z, x * y), sp.Eq(sp.Symbol("w"), x)], at).jacobian) == ["z", "w"]
    assert adtrace.trace([x * z, 3, 0.5], {x: 2, z: 5}).jacobian["y_2"] == {"x": 0, "z": 0}


def test_a_lambda_orders_its_variables() -> None:
    """The arguments of a Lambda are the independent variables in their order."""
    trace = adtrace.trace(sp.Lambda((y, x), x / y), {"x": 2, "y": 4})
    assert trace.wengert.independents == ("y", "x")
    assert trace.value == Fraction(1, 2)


@pytest.mark.parametrize(
    ("at", "slope", "note"),
    [
        (-1, "-2", "x < 0 held."),
        (0, "1", "x < 0 did not hold; its sides are equal here, and the derivative is that of the branch taken."),
        (5, "3", "x <= 4 did not hold."),
    ],
)
def test_piecewise_takes_the_branch_of_the_point(at: int, slope: str, note: str) -> None:
    """The conditions are decided at the point and noted; an edge is pointed out."""
    f = sp.Piecewise((x**2, x < 0), (x, x <= 4), (3 * x, True))
    trace = adtrace.trace(f, {"x": at})
    assert str(trace.gradient["x"]) == slope
    assert note in trace.to_dict()["notes"]


def test_conditions_may_be_joined() -> None:
    """And, Or and Not of comparisons, and a Piecewise inside others."""
    inner = sp.Piecewise((x, sp.And(x > 0, y > x)), (y, sp.Or(x < -1, sp.Ne(y, 2))), (x * y, True))
    f = sp.sin(inner) * sp.Piecewise((1, sp.Eq(x, 2)), (2, True))
    assert adtrace.trace(f, {"x": 2, "y": 5}).wengert.rows[0].elemental.name == "sin"
    assert adtrace.trace(inner, {"x": -3, "y": 2}).gradient == {"x": 0, "y": 1}
    assert adtrace.trace(inner, {"x": 0, "y": 2}).gradient == {"x": 2, "y": 0}
    with pytest.raises(adtrace.DomainError, match=r"holds at this point"):
        adtrace.trace(sp.Piecewise((x, x > 3)), {"x": 2})


def test_functions_of_sympy() -> None:
    """Heaviside, logarithms to a base, and functions that have the name of an elemental."""
    assert read(sp.Heaviside(x)) == "heaviside(x)"
    assert read(sp.log(x, y, evaluate=False)) == "log(x, y)"
    assert read(sp.Function("sigmoid")(x) + sp.Function("relu")(y)) == "relu(y) + sigmoid(x)"
    assert read(sp.Max(x, y, z)) == "max(x, y, z)"


k, n = sp.symbols("k n")


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (sp.Sum(x**k / k, (k, 1, 3)), "x + x^2/2 + x^3/3"),
        (sp.Product(x + k, (k, 0, 2)), "x*(x + 1)*(x + 2)"),
        (sp.Sum(x * k, (k, 1, 0)) + y, "0 + y"),
        (sp.Sum(x * n, (k, 1, n), (n, 2, 3)), "2*x + 2*x + (3*x + 3*x + 3*x)"),
        (sp.Derivative(sp.sin(x) * y, x), "y*cos(x)"),
        (sp.UnevaluatedExpr(x + y) * 2, "2*(x + y)"),
        (sp.factorial(x) + y, "y + gamma(x + 1)"),
        (sp.polygamma(0, x) + sp.LambertW(y) + sp.Mod(x, y), "mod(x, y) + lambertw(y) + polygamma(0, x)"),
        (sp.ceiling(x) + sp.frac(y) + sp.floor(x / 3), "ceiling(x) + floor(x/3) + frac(y)"),
    ],
)
def test_sums_products_and_derivatives(expression: sp.Expr, written: str) -> None:
    """A sum or product is written out, a derivative is sympy's, and functions have our names."""
    assert sorted(read(expression).replace(" + ", " ").split()) == sorted(written.replace(" + ", " ").split())
    at = {name: AT[name] for name in ("x", "y") if sp.Symbol(name) in expression.free_symbols}
    wanted = sp.N(expression.doit().subs({sp.Symbol(name): sp.Rational(str(value)) for name, value in at.items()}), 40)
    found = adtrace.trace(expression, at).value
    assert abs(sp.Float(found.rounded(25), 40) - wanted) < sp.Float("1e-24")


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (sp.Sum(x**k, (k, 1, sp.oo)), r"^the bounds of Sum\(.*\) are not whole numbers$"),
        (sp.Sum(x**k, (k, 1, n)), r"^the bounds of Sum|^n has no value"),
        (sp.Sum(x**k, (k, 1, 10**9)), r"has more than 20000 terms, which is the bound$"),
        (sp.Derivative(sp.Function("f")(x), x), r"^sympy finds no derivative for Derivative\(f\(x\), x\)$"),
        (sp.Derivative(sp.exp(sp.sin(x)), (x, 99)), r"^sympy is asked for derivatives up to the 8th"),
    ],
)
def test_sums_and_derivatives_that_are_none(expression: sp.Expr, sentence: str) -> None:
    """Endless sums and derivatives that sympy does not find are refused; nothing hangs."""
    with pytest.raises(adtrace.InputError, match=sentence):
        adtrace.trace(expression, {"x": 2})


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        (r"\alpha", "alpha"), ("α", "alpha"), ("Ω", "Omega"), (r"\lambda", "lambda"), ("λ", "lambda"),
        ("x'", "x_prime"), ("x₁", "x_1"), ("x_{1}", "x_1"), ("x_{1,2}", "x_1_2"), (r"\theta_1", "theta_1"),
        (r"\hat{x}", "hat_x"), (r"\mathbf{w}", "w"), (r"$\beta$", "beta"), ("x", "x"), ("E", "E"), ("S", "S"),
        ("beta", "beta"), ("gamma", "gamma"),
    ],
)  # fmt: skip
def test_symbols_have_a_name(name: str, ours: str) -> None:
    """A symbol written as mathematicians write it has a name in our letters, in the expression and in the point."""
    symbol = sp.Symbol(name)
    for at in ({symbol: 3}, {name: 3}, {ours: 3}):
        assert adtrace.trace(symbol**2, at).gradient == {ours: 6}


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (sp.zeta(x), r'^sympy\'s zeta has no elemental; .*adtrace\.elemental\("zeta", "\.\.\.", \.\.\.\)$'),
        (sp.Integral(x, x) + 0 * y, r"^Integral\(x, x\) has no finite bounds"),
        (sp.Function("sigmoid")(x, x), r"^the elemental sigmoid does not take 2 operands"),
        (sp.Heaviside(x, 1), r"^the elemental heaviside is 1/2 at 0, not 1$"),
        (sp.I * x, r"^I is not a number that adtrace reads"),
        (sp.oo + x, r"^oo is not a number that adtrace reads"),
        (sp.EulerGamma * x, r"^EulerGamma is not a number"),
        (sp.Piecewise((x, sp.Contains(x, sp.S.Integers)), (1, True)), r"is not a condition that adtrace reads"),
        (x > 0, r"is not an expression that adtrace reads"),
        (sp.Eq(x**2, 3), r"^an equation names its result on the left side"),
        (sp.Symbol("x y"), r"^'x y' cannot be the name of a variable"),
        (sp.Symbol("open('f')"), r"cannot be the name of a variable"),
        (sp.Symbol("w"), r"^w has no value"),
        (sp.Symbol("pi"), r"^pi has no value"),
        (x + sp.Symbol("x", positive=True), r"^two different symbols of the expression have the name x$"),
        (x + sp.Dummy("x"), r"^two different symbols of the expression have the name x$"),
        (sp.Matrix([]), r"^there is no expression$"),
    ],
)
def test_what_is_refused(expression: Any, sentence: str) -> None:
    """What has no real meaning, no elemental or no safe name is refused by name."""
    with pytest.raises(adtrace.InputError, match=sentence):
        adtrace.trace(expression, {"x": 2})


@pytest.mark.parametrize("number", [sp.I, sp.oo, sp.nan, sp.zoo, x, x > 0])
def test_points_that_are_no_numbers(number: Any) -> None:
    """A point is a real number."""
    with pytest.raises(adtrace.BindingError, match=r"^the value of x is "):
        adtrace.trace("x", {"x": number})


def test_a_matrix_is_a_point() -> None:
    """A matrix of sympy is the array of its exact entries, of two axes even where it has one entry."""
    held = sp.Matrix([[1, sp.sqrt(2)], [sp.Rational(1, 3), sp.pi]])
    trace = adtrace.trace("sum(x^2)", {"x": held})
    slopes = [[entry.rounded(12) for entry in row] for row in trace.gradient["x"].tolist()]
    assert slopes == [[f"{sp.N(2 * entry, 40):.12f}" for entry in row] for row in held.tolist()]
    assert adtrace.trace("x", {"x": sp.Matrix([1])}).value.shape == (1, 1)


@pytest.mark.parametrize("entry", [sp.I, sp.oo, sp.nan, x])
def test_a_matrix_of_numbers(entry: Any) -> None:
    """Each entry of a matrix is a real number."""
    with pytest.raises(adtrace.BindingError, match=r"^an entry of x is "):
        adtrace.trace("x", {"x": sp.Matrix([1, entry])})


def test_values_without_a_variable() -> None:
    """A value that no symbol takes is named, and so is a point that is no mapping."""
    with pytest.raises(adtrace.BindingError, match=r"^y is not a variable"):
        adtrace.trace(x**2, {"x": 1, "y": 2})
    with pytest.raises(adtrace.BindingError, match=r"^the point is a mapping"):
        adtrace.trace(x * sp.Symbol("z"), (1, 2))


def test_depth_and_size_are_bounded() -> None:
    """A deep tree is read without recursion; one whose parts double at each level is refused, and soon."""
    deep = x
    for _ in range(900):
        deep = sp.sin(deep, evaluate=False)
    assert len(adtrace.trace(deep, {"x": 1}).wengert.rows) == 900
    double = x
    for _ in range(60):
        double = sp.Mul(double, double, evaluate=False)
    with pytest.raises(adtrace.BoundError, match=r"^the expression has more than 1000 parts"):
        adtrace.trace(double, {"x": 1}, limits=Limits(characters=1000))
