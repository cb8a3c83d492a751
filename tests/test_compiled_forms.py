"""Every form of `trace.function()` against the certified sweeps, on programs generated at random.

One point (a list, a tuple, a mapping, numpy's scalars, an array of any dtype) and many (arrays of two and more axes,
of floats and integers, read-only, not contiguous); one to five variables, one and several outputs, among them inputs
and constants.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import adtrace
from adtrace.tracing.quantities import VALUE, Address

np = pytest.importorskip("numpy")


@pytest.fixture(autouse=True)
def own_elementals() -> None:
    """Elementals of one's own, smooth ones and others."""
    adtrace.elemental("softstep", "u/(1 + u^2)")
    adtrace.elemental("ellipse", "u^2 + u*w/2 + w^2")
    adtrace.elemental("bent", "max(u, u/10)", kink="u = 0", at_kink="1/2")
    adtrace.elemental("apart", "abs(u - w)", kink="u = w", at_kink=("0", "0"))
    adtrace.elemental("upper", "sqrt(u)", domain="u >= 1/2", smooth="u > 1/2")


_UNARY = ("-{}", "sin({})", "tanh({})", "atan({})", "exp(-({})^2)", "ln(2 + sin({}))", "sqrt(1 + ({})^2)", "({})^2",
          "({})^3", "({})^0", "1/(2 + cos({}))", "erf({})", "sigmoid({})", "softstep({})")  # fmt: skip
_KINKED = ("abs({})", "relu({})", "max({}, {})", "min({}, {})", "heaviside({})", "sign({})", "bent({})",
           "apart({}, {})")  # fmt: skip
_BINARY = ("{} + {}", "{} - ({})", "{}*({})", "({})/(2 + cos({}))", "atan2({}, 2 + sin({}))", "(2 + sin({}))^({})",
           "ellipse({}, {})")  # fmt: skip


class Program(NamedTuple):
    """A program in text, and how many variables and outputs it has."""

    text: str
    names: tuple[str, ...]
    outputs: int


@st.composite
def programs(draw: st.DrawFn, patterns: tuple[str, ...] = _UNARY + _BINARY + _KINKED) -> Program:
    """Statements of one operation each on inputs, earlier statements and numbers; outputs of every kind."""
    names = tuple(f"x{k}" for k in range(1, draw(st.integers(1, 5)) + 1))
    made = list(names)
    lines = []
    for place in range(1, draw(st.integers(1, 10)) + 1):
        pattern = draw(st.sampled_from(patterns))
        operands = [draw(st.sampled_from(made[-6:] + made[:2])) for _ in range(pattern.count("{}"))]
        if len(operands) == 2 and draw(st.integers(0, 4)) == 0:
            operands[draw(st.integers(0, 1))] = draw(st.sampled_from(["1/2", "3", "pi"]))
        lines.append(f"a{place} = {pattern.format(*operands)}")
        made.append(f"a{place}")
    count = draw(st.integers(1, 3))
    results = [made[-1], *(draw(st.sampled_from([*made, "7"])) for _ in range(count - 1))]
    lines.append(f"({', '.join(results)})" if count > 1 else f"{results[0]}")
    text = "; ".join(lines)
    return Program(text, tuple(name for name in names if name in text), count)


def expected(trace: adtrace.Trace, point: list[float]) -> list[tuple[float, list[float]]]:
    """Values and gradients from the certified sweeps; no example where a number is large, or where a kink is near."""
    moved = trace.at(dict(zip(trace.wengert.independents, point, strict=True)))
    first = moved.evaluation.first()
    assume(not first.primal.kinks and not first.primal.written)
    values = [moved.evaluation.value(Address(VALUE, k)) for k in range(len(first.values))]
    assume(all(abs(float(value)) < 1e4 for value in values))
    gradients = [[float(part) for part in row.values()] for row in moved.jacobian.values()]
    assume(all(abs(part) < 1e4 for row in gradients for part in row))
    return list(zip(map(float, moved.values.values()), gradients, strict=True))


def same(found: Any, wanted: list[tuple[float, list[float]]]) -> None:
    """One point's values and gradients, of one output or of several."""
    for (value, gradient), (right, slopes) in zip([found] if type(found) is tuple else found, wanted, strict=True):
        assert float(value) == pytest.approx(right, rel=1e-8, abs=1e-8)
        assert list(map(float, gradient)) == pytest.approx(slopes, rel=1e-8, abs=1e-8)


@settings(max_examples=60)
@given(programs(), st.data())
def test_every_form_is_the_sweep(program: Program, data: st.DataObject) -> None:
    """Whatever form a point has, its numbers are those of the table."""
    draw = data.draw
    n = len(program.names)
    number = st.integers(-96, 96).map(lambda k: k / 32 + 1 / 1024)
    points = draw(st.lists(st.lists(number, min_size=n, max_size=n), min_size=1, max_size=3))
    try:
        trace = adtrace.trace(program.text, dict.fromkeys(program.names, "1/7"))
        wanted = [expected(trace, point) for point in points]
    except adtrace.MathematicsError:  # whether |x| is x is not decided
        assume(False)
    function = trace.function()
    for point, right in zip(points, wanted, strict=True):
        for form in (point, tuple(point), dict(zip(program.names, point, strict=True)), np.array(point),
                     [np.float32(x) for x in point], [np.longdouble(x) for x in point], [Fraction(x) for x in point],
                     [Decimal(x) for x in point], np.array(point, dtype=object)):  # fmt: skip
            same(function(form), right)
    array = np.array(points)
    frozen = array.copy()
    frozen.flags.writeable = False
    wide = np.zeros((2 * len(points), 2 * n))
    wide[::2, ::-2] = array
    for form in (array, frozen, array.astype(np.float32), np.asfortranarray(array), wide[::2, ::-2],
                 array.astype(object), array[:, None], array[None, None], np.ma.array(array)):  # fmt: skip
        before = form.copy()
        found = function(form)
        assert (np.asarray(form) == np.asarray(before)).all()
        pairs = [found] if type(found) is tuple else found
        for values, gradients in pairs:
            assert values.shape == form.shape[:-1]
            assert gradients.shape == form.shape
        for place, right in enumerate(wanted):
            flat = [(values.reshape(-1)[place], gradients.reshape(-1, n)[place]) for values, gradients in pairs]
            same(flat, right)


_AT_KINKS = _KINKED * 3 + _BINARY[:3] + ("-{}", "({})^2", "sqrt({})", "({})^({})", "upper({})", "sin({})", "({})^0")


@settings(max_examples=120)
@given(programs(_AT_KINKS), st.sampled_from(["abs=1,tie=split", "tie=last,relu=1/2,heaviside=1,sqrt=5", None, "error"]),
       st.data())  # fmt: skip
def test_at_kinks_the_numbers_are_those_of_the_sweep(program: Program, kinks: str | None, data: st.DataObject) -> None:
    """At a kink, by whatever convention, and at the edge of a domain: the sweep's numbers, or a refusal like it."""
    number = st.sampled_from([0.0, 0.5, 1.0, -1.0, 2.0, -0.5])
    point = [data.draw(number) for _ in program.names]
    try:
        trace = adtrace.trace(program.text, dict.fromkeys(program.names, "3/2"), kinks=kinks, arithmetic="float")
    except adtrace.AdtraceError:
        assume(False)
    try:
        moved = trace.at(dict(zip(program.names, point, strict=True)))
        gradients = [[float(part) for part in row.values()] for row in moved.jacobian.values()]
        right = list(zip(map(float, moved.values.values()), gradients, strict=True))
    except adtrace.MathematicsError:
        right = []
    function, array = trace.function(), np.array([point, point])
    for form in (point, dict(zip(program.names, point, strict=True)), np.array(point)):
        if right:
            same(function(form), right)
    if right:
        found = function(array)
        same([(v[1], g[1]) for v, g in ([found] if type(found) is tuple else found)], right)
    elif not dead(trace.wengert):
        for form in (point, array):
            with pytest.raises(adtrace.DomainError):
                function(form)


def dead(wengert: Any) -> bool:
    """Whether a row leads to no output: where it has no derivative the table is refused, the numbers may be right."""
    live = {int(of) for of in wengert.dependents if isinstance(of, int)}
    for index in range(len(wengert.rows), 0, -1):
        if index in live:
            live |= {int(of) for of in wengert.rows[index - 1].operands if isinstance(of, int)}
    return any(index not in live for index in range(1, len(wengert.rows) + 1))


@pytest.mark.parametrize(
    ("text", "point", "kinks", "right"),
    [
        ("max(x, 0) - max(-x, 0)", [0.0], None, (0.0, [1.0])),
        ("cos(abs(x))*y", [0.0, 3.0], "abs=1", (3.0, [0.0, 1.0])),
        ("x^y", [0.0, 2.0], None, (0.0, [0.0, 0.0])),
        ("sqrt(x)*y", [0.0, 3.0], "sqrt=2", (0.0, [6.0, 0.0])),
        ("apart(x, y)*x", [2.0, 2.0], None, (0.0, [0.0, 0.0])),
    ],
)
def test_a_derivative_that_exists_at_a_kink(text: str, point: list[float], kinks: Any, right: Any) -> None:
    """Where the function is smooth after all the compiled function has the true slope, as the table has."""
    function = adtrace.trace(text, dict.fromkeys("xy"[: len(point)], 2), kinks=kinks).function()
    same(function(point), [right])
    values, gradients = function(np.array([point, [x + 1 for x in point], point]))
    same((values[2], gradients[2]), [right])
    same((values[1], gradients[1]), [function([x + 1 for x in point])])


def test_a_domain_of_one_s_own_is_kept() -> None:
    """Outside the domain that was declared there is no number, though the formula has one."""
    function = adtrace.trace("upper(x)", {"x": 2}).function()
    for form in ([0.25], np.array([[4.0], [0.25]])):
        with pytest.raises(adtrace.DomainError, match="upper needs u >= 1/2"):
            function(form)


@pytest.mark.parametrize(
    ("text", "gradient"),
    [
        ("x^2 + sin(x + y)", lambda x, y: [2 * x + np.cos(x + y), np.cos(x + y)]),
        ("x*y + sin(x+y)", lambda x, y: [y + np.cos(x + y), x + np.cos(x + y)]),
        ("(x + y) + (x + y)*y", lambda x, y: [1 + y, 1 + x + 2 * y]),
    ],
)
def test_an_adjoint_that_two_operands_take_whole(text: str, gradient: Any) -> None:
    """A sum hands its adjoint to both operands: what one of them gets besides is not the other's."""
    points = np.array([[1.0, 2.0], [0.25, -3.0]])
    _, found = adtrace.trace(text, {"x": 1, "y": 2}).function()(points)
    assert found == pytest.approx(np.array(gradient(*points.T)).T, rel=1e-14)


def test_integers_are_points() -> None:
    """An array of whole numbers is computed in doubles; numpy's small integers do not overflow."""
    function = adtrace.trace("x^40/y + x - y", {"x": 1, "y": 2}).function()
    right = (3.0**40 / 2 + 1, [20 * 3.0**39 + 1, -(3.0**40) / 4 - 1])
    same(function([np.int8(3), np.int8(2)]), [right])
    for kind in (np.int8, np.uint16, np.int64):
        values, gradients = function(np.array([[3, 2]], dtype=kind))
        same((values[0], gradients[0]), [right])


@pytest.mark.parametrize("text", ["ln(x)^0 + y", "1^ln(x) + y", "ln(x)*0 + y", "heaviside(ln(x))*0 + y", "sqrt(x)^0"])
def test_what_is_no_number_on_the_way_is_refused_in_an_array_too(text: str) -> None:
    """ln(-1) is no number, and neither is its power 0, whatever numpy says."""
    names = {"x": 2, "y": 1} if "y" in text else {"x": 2}
    function = adtrace.trace(text, names).function()
    with pytest.raises(adtrace.DomainError):
        function([-1.0, 1.0][: len(names)])
    with pytest.raises(adtrace.DomainError):
        function(np.array([[2.0, 1.0], [-1.0, 1.0]])[:, : len(names)])


def test_a_gradient_past_a_double_is_refused_in_every_form() -> None:
    """The value is a double and its derivative is none; derivatives whose sum alone is none are given."""
    function = adtrace.trace("1e300*sin(1e10*x)", {"x": 0}).function()
    for point in ([0.0], np.array([[1.0], [0.0]])):
        with pytest.raises(adtrace.DomainError, match="a derivative is larger"):
            function(point)
    both = adtrace.trace("1e308*x + 1e308*y", {"x": 0, "y": 0}).function()
    assert both([0.0, 0.0]) == (0.0, [1e308, 1e308])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_infinite_points_are_refused(bad: float) -> None:
    """A point is finite, even where the function would be."""
    function = adtrace.trace("atan(x)", {"x": 2}).function()
    for point in ([bad], np.array([bad]), {"x": bad}, np.array([[1.0], [bad]])):
        with pytest.raises(adtrace.BindingError, match="the numbers of a point are finite"):
            function(point)


@pytest.mark.parametrize("points", [np.array([["1", "2"]]), np.array([[1j, 2]]), np.array([[None, 1]])])
def test_arrays_of_other_things_are_refused(points: Any) -> None:
    """Texts, complex numbers and objects that are no numbers are no points."""
    with pytest.raises(adtrace.BindingError, match="points are an array of real numbers"):
        adtrace.trace("x + y", {"x": 2, "y": 1}).function()(points)


def test_a_variable_that_the_value_does_not_depend_on() -> None:
    """Its partial derivative is 0 at every point."""
    function = adtrace.trace("f(x, y) = 2*x", {"x": 2, "y": 1}).function()
    assert function([3, 4]) == (6, [2, 0])
    values, gradients = function(np.array([[3, 4], [5, 6]]))
    assert (values.tolist(), gradients.tolist()) == ([6, 10], [[2, 0], [2, 0]])


def test_no_points_give_no_numbers() -> None:
    """An array without a row is answered by arrays without one."""
    values, gradients = adtrace.trace("x*y", {"x": 2, "y": 1}).function()(np.zeros((0, 2)))
    assert (values.shape, gradients.shape) == ((0,), (0, 2))


def test_names_of_a_mapping_are_those_of_the_variables() -> None:
    """A mapping has each variable and no other."""
    function = adtrace.trace("x - y", {"x": 2, "y": 1}).function()
    assert function({"y": 1, "x": 5.0}) == (4, [1, -1])
    for point in ({"x": 1.0}, {"x": 1.0, "z": 2.0}, {"x": 1.0, "y": 2.0, "z": 1.0}):
        with pytest.raises(adtrace.BindingError, match="a number for each of x, y, and no other"):
            function(point)
