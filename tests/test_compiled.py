"""trace.function(), trace.cost() and trace.at(): the list as compiled code, its operations counted, another point."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
import sympy

import adtrace
from adtrace.elementals import TABLE

EXPRESSIONS = {
    "ln(x1) + x1*x2 - sin(x2)": ("x1", "x2"),
    "1/(x1 + x2) + x2^2 + cos(x1)": ("x1", "x2"),
    "x^y + log(x, y) - atan2(x, y)/cbrt(x*y)": ("x", "y"),
    "sqrt(x)*exp(-x^2/2) + x^(-3) - 2^y + e^(x*y)": ("x", "y"),
    "tanh(x)*cosh(y) - sinh(x)/asinh(y) + atan(x*y)*erf(x)": ("x", "y"),
    "x*x*x - x/x + (x - y)*(x - y) + 7": ("x", "y"),
}


def sympy_of(text: str, names: tuple[str, ...]) -> tuple[sympy.Expr, list[sympy.Symbol]]:
    """The expression read by sympy, an independent reader of our own test texts."""
    symbols = [sympy.Symbol(name, positive=True) for name in names]
    known: dict[str, Any] = dict(zip(names, symbols, strict=True)) | {"ln": sympy.log, "e": sympy.E}
    return sympy.sympify(text.replace("^", "**"), locals=known), symbols


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_value_and_gradient_are_sympy_s(text: str) -> None:
    """At random points the compiled function gives what sympy differentiates and evaluates with 30 digits."""
    names = EXPRESSIONS[text]
    function = adtrace.trace(text, at=dict.fromkeys(names, 2)).function()
    expression, symbols = sympy_of(text, names)
    draw = random.Random(7)
    for _ in range(5):
        point = [draw.uniform(1.1, 3) for _ in names]
        exact = {symbol: sympy.Float(x, 30) for symbol, x in zip(symbols, point, strict=True)}
        value, gradient = function(point)
        assert value == pytest.approx(float(expression.evalf(30, subs=exact)), rel=1e-13, abs=1e-13)
        for found, symbol in zip(gradient, symbols, strict=True):
            wanted = float(expression.diff(symbol).evalf(30, subs=exact))
            assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12)


POINTS = {"acosh": 1.7, "atanh": 0.4, "asin": 0.3, "acos": 0.3, "arccosh": 1.7, "arctanh": 0.4, "log": 1.3}


OPERATORS = {"add", "sub", "mul", "div", "neg", "pow"}


@pytest.mark.parametrize(("name", "arity"), [key for key in TABLE if key[0] not in OPERATORS])
def test_every_elemental_compiled_is_the_certified_one(name: str, arity: int) -> None:
    """Each function of the language has in compiled form the value and the partials that certified arithmetic has."""
    x = POINTS.get(name, 0.6)
    text, point = (f"{name}(x)", {"x": x}) if arity == 1 else (f"{name}(x, y)", {"x": x, "y": 1.9})
    if TABLE[name, arity].order:
        text, point = f"{name}(2, x)", {"x": x}
    certified = adtrace.trace(text, at=point)
    value, gradient = certified.function()(list(point.values()))
    assert value == pytest.approx(float(certified.value), rel=1e-14, abs=1e-15)
    assert gradient == pytest.approx([float(part) for part in certified.gradient.values()], rel=1e-12, abs=1e-14)
    swept = adtrace.trace(text, at=point, arithmetic="float")
    assert float(swept.value) == pytest.approx(float(certified.value), rel=1e-14, abs=1e-15)
    assert [float(part) for part in swept.gradient.values()] == pytest.approx(gradient, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "kinks", "point", "value", "gradient"),
    [
        ("abs(x)", None, [0.0], 0.0, [0.0]),
        ("abs(x)", "abs=1", [0.0], 0.0, [1.0]),
        ("relu(x)", "relu=1/2", [0.0], 0.0, [0.5]),
        ("relu(x)", "relu=1/2", [-3.0], 0.0, [0.0]),
        ("max(x, y)", None, [2.0, 2.0], 2.0, [1.0, 0.0]),
        ("max(x, y)", "tie=last", [2.0, 2.0], 2.0, [0.0, 1.0]),
        ("min(x, y)", "tie=split", [2.0, 2.0], 2.0, [0.5, 0.5]),
        ("min(x, y)", None, [1.0, 2.0], 1.0, [1.0, 0.0]),
        ("heaviside(x)", "heaviside=1", [0.0], 1.0, [0.0]),
        ("abs(x)*y", "v_1=-1", [0.0, 3.0], 0.0, [-3.0, 0.0]),
    ],
)
def test_kinks_follow_the_conventions(
    text: str, kinks: str | None, point: list[float], value: float, gradient: list[float]
) -> None:
    """At a kink the compiled function uses the convention of the trace, beside it the true slope."""
    names = ["x", "y"][: len(point)]
    function = adtrace.trace(text, at=dict.fromkeys(names, 1), kinks=kinks).function()
    assert function(point) == (value, gradient)


def test_several_outputs_are_a_list() -> None:
    """Of several outputs each has its value and its gradient; a constant one has zeros."""
    function = adtrace.trace("(x*y, 3, x)", at={"x": 2, "y": 5}).function()
    assert function([2.0, 5.0]) == [(10.0, [5.0, 2.0]), (3.0, [0.0, 0.0]), (2.0, [1.0, 0.0])]


def test_arrays_are_points_beside_each_other() -> None:
    """An array of points gives arrays of what each point gives alone, at kinks, too."""
    numpy = pytest.importorskip("numpy")
    text = "sigmoid(x*y) + max(x, y)*abs(x - 1) - erf(y)/cbrt(x) + x^2*relu(y)"
    function = adtrace.trace(text, at={"x": 2, "y": 1}).function()
    points = numpy.array([[1.0, 1.0], [2.0, 0.5], [0.3, -1.0], [1.0, 0.0]])
    values, gradients = function(points)
    assert values.shape == (4,)
    assert gradients.shape == (4, 2)
    for point, value, gradient in zip(points, values, gradients, strict=True):
        alone = function(list(point))
        assert value == pytest.approx(alone[0], rel=1e-14)
        assert list(gradient) == pytest.approx(alone[1], rel=1e-14)


@pytest.mark.parametrize("point", [5, None, [[2, 3], [4, 5]], ["2", "3"], {2.0, 3.0}, [2j, 3.0], "23"])
def test_what_is_no_point_is_refused(point: Any) -> None:
    """A number, a text, a set or a list of points in place of a point has a sentence, whatever is computed of it."""
    for text in ("x*y + sin(x)", "x + y", "(x, y)"):
        function = adtrace.trace(text, at={"x": 2, "y": 3}).function()
        with pytest.raises(adtrace.BindingError, match="a point is 2 numbers, and points are an array of 2 columns"):
            function(point)


def test_many_points_are_taken_some_at_a_time() -> None:
    """More points than are held at once give what each gives alone, at both ends of every part, for several outputs."""
    numpy = pytest.importorskip("numpy")
    function = adtrace.trace("(sin(x)*y, x - 1, 2)", at={"x": 2, "y": 1}).function()
    points = numpy.stack([numpy.linspace(-3, 3, 9_001), numpy.linspace(1, 2, 9_001)], axis=1)
    found = function(points)
    assert [values.shape for values, _ in found] == [(9_001,)] * 3
    for place in (0, 1_999, 2_000, 2_001, 7_999, 8_000, 9_000):
        for (values, gradients), (value, gradient) in zip(found, function(list(points[place])), strict=True):
            assert values[place] == pytest.approx(value, rel=1e-14)
            assert list(gradients[place]) == pytest.approx(gradient, rel=1e-14)


def test_what_has_no_value_is_refused() -> None:
    """Outside the domain, past the range of doubles and for a point of another length there is a sentence."""
    function = adtrace.trace("ln(x)/y", at={"x": 2, "y": 1}).function()
    for point in ([-1.0, 1.0], [1.0, 0.0]):
        with pytest.raises(adtrace.DomainError, match="no value in double precision"):
            function(point)
    with pytest.raises(adtrace.BindingError, match="a point has 2 numbers, not 3"):
        function([1.0, 2.0, 3.0])
    numpy = pytest.importorskip("numpy")
    with pytest.raises(adtrace.DomainError):
        function(numpy.array([[1.0, 2.0], [-1.0, 2.0]]))
    with pytest.raises(adtrace.BindingError):
        function(numpy.ones((3, 5)))


def test_cost_counted_by_hand() -> None:
    """x*y costs one product, and its reverse sweep two; sin(x)*x one more call, a cosine, and an addition."""
    one = adtrace.trace("x*y", at={"x": 2, "y": 3}).cost()
    assert (one.function, one.reverse) == (1, 2)
    # v1 = sin x, v2 = v1 x: b1 = b2 x, bx = b2 v1 (2 products); bx += b1 cos x (cosine, product, addition)
    two = adtrace.trace("sin(x)*x", at={"x": 2}).cost()
    assert (two.function, two.reverse) == (2, 5)
    assert str(two) == "2 operations; reverse sweep 5, 2.50 times as many"
    assert adtrace.trace("x", at={"x": 2}).cost().ratio == 0


def chain(x: Any, y: Any) -> Any:
    """v <- sin(v) x + y."""
    v = x
    for _ in range(50):
        v = adtrace.sin(v) * x + y
    return v


def product(*x: Any) -> Any:
    """Speelpenning's product."""
    return math.prod(x)


def energy(*x: Any) -> Any:
    """A quadratic form and logarithms, as in Griewank's Helmholtz energy."""
    volume = sum(part * (k + 1) / 50 for k, part in enumerate(x))
    form = sum(u * w / (i + j + 1) for i, u in enumerate(x) for j, w in enumerate(x))
    return sum(u * adtrace.ln(u / (1 - volume)) for u in x) - form / volume * adtrace.ln((1 + volume) / (1 - volume))


def network(*w: Any) -> Any:
    """Two tanh units and one more."""
    first, second = adtrace.tanh(w[0] + w[1] * 0.3), adtrace.tanh(w[2] + w[3] * 0.7)
    return adtrace.tanh(w[4] * first + w[5] * second)


@pytest.mark.parametrize("function", [chain, product, energy, network])
def test_the_cheap_gradient_bound(function: Any) -> None:
    """A gradient costs at most four times the operations of its function (Griewank and Walther, ch. 4)."""
    count = 2 if function is chain else 6
    cost = adtrace.trace(function, at=[0.1 * (k + 1) / 2 for k in range(count)]).cost()
    assert 0 < cost.ratio <= 4


@pytest.mark.parametrize("arithmetic", ["certified", "float"])
def test_another_point_is_the_same_trace_there(arithmetic: str) -> None:
    """trace.at(point) has the numbers and the table of a trace made at that point, and leaves the first as it was."""
    text = "f(x, y) = x^2*y - exp(y)/x"
    first = adtrace.trace(text, at={"x": 2, "y": "1/3"}, arithmetic=arithmetic, seed={"x": 1, "y": -2})
    before = first.table(format="text")
    moved = first.at({"x": "3/2", "y": -1})
    anew = adtrace.trace(text, at={"x": "3/2", "y": -1}, arithmetic=arithmetic, seed={"x": 1, "y": -2})
    assert moved.table(format="text") == anew.table(format="text") != before
    assert {name: str(part) for name, part in moved.gradient.items()} == {
        name: str(part) for name, part in anew.gradient.items()
    }
    assert first.table(format="text") == before
    with pytest.raises(adtrace.BindingError, match="y has no value"):
        first.at({"x": 1})
