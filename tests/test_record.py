"""Python functions: what is recorded, which branch was taken, and what is refused."""

# ruff: noqa: PLW0108, SIM201 - what is recorded is the code as it stands

from __future__ import annotations

import functools
import gc
import math
import operator
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace
from adtrace.cli import main
from adtrace.limits import DEFAULT, Limits
from adtrace.tracing.calls import bind_call
from adtrace.tracing.record import record
from tests.wengert_lists import shape

AT = {"x1": 2, "x2": 5}


def recorded(function: Callable[..., Any], at: Any, **options: Any) -> tuple[Any, ...]:
    """The shape of a function's Wengert list."""
    return shape(adtrace.trace(function, at, **options).wengert)


def notes(function: Callable[..., Any], at: Any) -> list[str]:
    """The notes of a function's table, in plain text."""
    return adtrace.trace(function, at).to_dict(mode="reverse")["notes"]


# --- the same list as the text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "function"),
    [
        ("ln(x1) + x1*x2 - sin(x2)", lambda x1, x2: adtrace.ln(x1) + x1 * x2 - adtrace.sin(x2)),
        ("(ln(x1) + x1*x2) - sin(x2)", lambda x1, x2: (adtrace.ln(x1) + x1 * x2) - adtrace.sin(x2)),
        ("1/(x1 + x2) + x2^2 + cos(x1)", lambda x1, x2: 1 / (x1 + x2) + x2**2 + adtrace.cos(x1)),
        ("x1*sin(x2)/x2*cos(x1)", lambda x1, x2: x1 * adtrace.sin(x2) / x2 * adtrace.cos(x1)),
        ("x1 + x2 + x1*x2 + (x1 + x2)*5", lambda x1, x2: x1 + x2 + x1 * x2 + (x1 + x2) * 5),
        ("-x1 + abs(-x2)*x1^x2", lambda x1, x2: -x1 + abs(-x2) * x1**x2),
        ("2^x1 + e^x2 + x1^0.5 + x2^(1/3)", lambda a, b: 2**a + adtrace.e**b + a**0.5 + b ** Fraction(1, 3)),
        ("x1^-2 + log(x2, x1) - max(x1, x2, 3)", lambda a, b: a**-2 + adtrace.log(b, a) - adtrace.max(a, b, 3)),
        ("sin(x1*pi/4)*0.1*x2", lambda x1, x2: adtrace.sin(x1 * adtrace.pi / 4) * 0.1 * x2),
        ("(1 - x1)*(3 - x2)/(2/x1)", lambda x1, x2: (1 - x1) * (3 - x2) / (2 / x1)),
        ("x1*3*(7 - x2 + x1*3) - x2", lambda x1, x2: x1 * 3 * (7 - x2 + x1 * 3) - x2),
    ],
)
@pytest.mark.parametrize("powers", ["rows", "products"])
def test_a_function_gives_the_list_of_its_text(text: str, function: Callable[..., Any], powers: str) -> None:
    """A formula in a Python function has the rows of the same formula as text, in the same order."""
    expected = shape(adtrace.trace(text, AT, powers=powers).wengert)
    assert recorded(function, (2, 5), powers=powers)[1:] == expected[1:]


_OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


@settings(max_examples=60)
@given(
    st.recursive(
        st.sampled_from(["x", "y", "x*3", "7 - y"]),
        lambda inner: st.tuples(inner, st.sampled_from(sorted(_OPERATORS)), inner).map(lambda t: f"({' '.join(t)})"),
        max_leaves=12,
    )
)
def test_any_formula_gives_the_list_of_its_text(formula: str) -> None:
    """Python code and text of the same formula, generated at random, have the same rows in the same order."""
    formula = f"{formula.removeprefix('(').removesuffix(')')} + x*y - y*3" if formula.count("(") == 1 else formula
    formula = f"{formula} - x*y/2 + y"
    function = eval(f"lambda x, y: {formula}")
    assert recorded(function, {"x": 2, "y": 7}) == shape(adtrace.trace(formula, {"x": 2, "y": 7}).wengert)


def test_statements_are_in_the_order_of_execution() -> None:
    """A loop adds at each step: only within one written sum do the terms come first."""

    def f(x: Any) -> Any:
        total = x
        for k in range(2, 4):
            total += adtrace.sin(x * k)
        return total

    assert recorded(f, (1,))[1] == shape(adtrace.trace("t = x + sin(x*2); t = t + sin(x*3)", {"x": 1}).wengert)[1]


def test_what_was_computed_before_stays_before() -> None:
    """A sum that an earlier statement has computed is not moved behind the operands of a later one."""
    text = "s = x + y; t = s*y; z = x + y + sin(t) + cos(x)"

    def f(x: Any, y: Any) -> Any:
        s = x + y
        t = s * y
        return x + y + adtrace.sin(t) + adtrace.cos(x)

    def started(x: Any, y: Any) -> Any:
        s = x + y
        return 0 + s + adtrace.sin(x) * y + y

    assert recorded(f, (1, 2))[1] == shape(adtrace.trace(text, {"x": 1, "y": 2}).wengert)[1]
    assert [row[0] for row in recorded(started, (1, 2))[1]] == ["add", "sin", "mul", "add", "add"]


def test_a_sum_of_a_call_is_no_written_sum() -> None:
    """What ``sum`` adds is added where it is called, before what is written to the right of it."""
    rows = recorded(lambda x, y: sum([x, y, 3 * x]) + adtrace.sin(x) * y, (1, 2))[1]
    assert [row[0] for row in rows] == ["mul", "add", "add", "sin", "mul", "add"]


def test_sharing_can_be_turned_off() -> None:
    """Identical operations share a row, unless sharing is off."""
    assert len(recorded(lambda x: x * x + x * x, (2,))[1]) == 2
    assert len(recorded(lambda x: x * x + x * x, (2,), sharing=False)[1]) == 3


def test_the_neutral_start_of_a_sum_and_a_product_makes_no_row() -> None:
    """``sum`` begins with 0 and ``math.prod`` with 1, which nobody wrote."""
    assert recorded(lambda x, y: sum([x, y]), (1, 2))[1] == [("add", -1, 0)]
    assert recorded(lambda x, y: math.prod([x, y]), (1, 2))[1] == [("mul", -1, 0)]


def test_a_function_may_call_itself_and_others() -> None:
    """Recursion and higher-order functions are recorded like any code."""

    def power(x: Any, n: int) -> Any:
        return x if n == 1 else x * power(x, n - 1)

    assert adtrace.trace(lambda x: power(x, 5), (2,)).gradient == {"x": 80}
    assert adtrace.trace(lambda x: functools.reduce(operator.mul, [x] * 5), (2,)).gradient == {"x": 80}


# --- arguments and results -------------------------------------------------------------------------------------


def two(x: Any, y: Any, scale: Any = 3) -> Any:
    """A function of two variables with a default."""
    return x * y * scale


@pytest.mark.parametrize(
    ("at", "names"),
    [
        ((2, 5), ("x", "y")),
        ({"y": 5, "x": "2"}, ("x", "y")),
        ((2, 5, 3), ("x", "y", "scale")),
        ({"x": 2, "y": 5, "scale": 3}, ("x", "y", "scale")),
        ([Fraction(2), 5.0], ("x", "y")),
    ],
)
def test_arguments_by_place_and_by_name(at: Any, names: tuple[str, ...]) -> None:
    """A point gives arguments in their order or by name; a default stays a constant."""
    trace = adtrace.trace(two, at)
    assert trace.wengert.independents == names
    assert trace.value == 30
    assert trace.gradient["y"] == 6


def test_one_variable_needs_no_sequence() -> None:
    """A function of one variable takes a bare number."""
    assert adtrace.trace(lambda x: x * x, 3).gradient == {"x": 6}
    assert adtrace.trace(lambda x: x * x, "1/2").gradient == {"x": 1}


@pytest.mark.parametrize("at", [[1, 2, 3], (1, 2, 3), {"x": [1, 2, 3]}, {"x": (1, 2, 3)}])
def test_a_vector_is_numbered_from_one(at: Any) -> None:
    """An argument of several numbers is the variables x_1, x_2, ..., and is given to the function as it came."""
    trace = adtrace.trace(lambda x: x[0] * x[1] + x[-1], at)
    assert trace.gradient == {"x_1": 2, "x_2": 1, "x_3": 1}


def test_nested_vectors_star_arguments_and_keywords() -> None:
    """Matrices have two numbers in their names; ``*xs`` and ``**more`` take what is left."""
    matrix = adtrace.trace(lambda w, x: w[0][0] * x + w[1][0], {"w": [[1, 2], [3, 4]], "x": 5})
    assert matrix.gradient == {"w_1_1": 5, "w_1_2": 0, "w_2_1": 1, "w_2_2": 0, "x": 1}
    assert adtrace.trace(lambda *xs: xs[0] * xs[1], (2, 5)).gradient == {"xs_1": 5, "xs_2": 2}
    assert adtrace.trace(lambda *xs: xs[0] * xs[1], {"xs": (2, 5)}).gradient == {"xs_1": 5, "xs_2": 2}
    assert adtrace.trace(lambda x, *, y: x * y, {"x": 2, "y": 5}).gradient == {"x": 5, "y": 2}
    assert adtrace.trace(lambda x, **more: x * more["k"], {"x": 2, "k": 5}).gradient == {"x": 5, "k": 2}


@pytest.mark.parametrize(
    ("function", "at", "sentence"),
    [
        (two, (2,), "y has no value"),
        (two, {"x": 2}, "y has no value"),
        (two, {"x": 2, "y": 5, "z": 1}, "z is not an argument of the function"),
        (two, (1, 2, 3, 4), "the function takes 3 arguments, and the point has 4"),
        (two, (2, "a"), "the value of y is a number; a is none"),
        (two, (2, None), "the value of y is not a finite real number: None"),
        (lambda x: x, {"x": []}, "the value of x is empty"),
        (lambda: 1, (), "a trace needs a variable"),
        (lambda _x: _x, (1,), "'_x' cannot be the name of a variable"),
        (lambda x_1, x: x_1 + x[0], (1, [2]), "two variables would have the name x_1"),
    ],
)
def test_a_call_that_does_not_fit(function: Callable[..., Any], at: Any, sentence: str) -> None:
    """What is missing, too much, or no number is named."""
    with pytest.raises(adtrace.BindingError, match=f"^{sentence}"):
        adtrace.trace(function, at)


@pytest.mark.parametrize(
    ("function", "names", "gradients"),
    [
        (lambda x: (x, x * x), ["y_1", "y_2"], [1, 6]),
        (lambda x: [x, [x * x, 2]], ["y_1", "y_2", "y_3"], [1, 6, 0]),
        (lambda x: {"area": x * x, "side": x}, ["area", "side"], [6, 1]),
        (lambda x: 7, ["y"], [0]),
        (lambda y: y, ["f"], [1]),
    ],
)
def test_several_outputs(function: Callable[..., Any], names: list[str], gradients: list[int]) -> None:
    """A tuple, a nested list, a dictionary of named outputs and a plain number are dependent variables."""
    jacobian = adtrace.trace(function, (3,)).jacobian
    assert list(jacobian) == names
    assert [next(iter(row.values())) for row in jacobian.values()] == gradients


@pytest.mark.parametrize("returned", [None, "x", (), {}, object(), [1, None], {"a": None}])
def test_what_is_no_result(returned: Any) -> None:
    """A function that returns nothing, or something that is no number, is refused."""
    with pytest.raises(adtrace.RecordingError):
        adtrace.trace(lambda x: returned, (3,))


@pytest.mark.parametrize("name", ["a b", "", "x", 3])
def test_names_of_outputs_are_checked(name: Any) -> None:
    """A dictionary's names follow the rule for names, and none is an independent variable's."""
    with pytest.raises(adtrace.BindingError):
        adtrace.trace(lambda x: {name: x}, (3,))


# --- branches ----------------------------------------------------------------------------------------------------


def ramp(x: Any) -> Any:
    """A function with two branches."""
    if x > 0:
        return x * x
    return -x


@pytest.mark.parametrize(
    ("at", "slope", "note"),
    [
        (3, 6, "x > 0 held."),
        (-3, -1, "x > 0 did not hold."),
        (0, -1, "x > 0 did not hold; its sides are equal here, and the derivative is that of the branch taken."),
    ],
)
def test_the_branch_taken_is_noted(at: int, slope: int, note: str) -> None:
    """The comparison decides by the value at the point, and stands under the table; an edge is pointed out."""
    assert adtrace.trace(ramp, (at,)).gradient == {"x": slope}
    assert notes(ramp, (at,)) == [note]
    assert note.replace(">", r"\>") not in adtrace.trace(ramp, (at,)).table(format="latex")
    assert r"$x$ $>$ $0$" in adtrace.trace(ramp, (at,)).table(format="latex")  # which has no command \gt


def test_each_comparison_is_noted_once_in_order() -> None:
    """Repeated comparisons are noted once; intermediate variables by their place in the table."""

    def f(x: Any, y: Any) -> Any:
        s = x * y + adtrace.sin(x) + y
        for _ in range(3):
            s = s if s != 1 else x
            s = s if y <= x else x
        return s if not (s == x) and x else y

    assert notes(f, (2, 1)) == ["v_4 != 1 held.", "y <= x held.", "v_4 = x did not hold.", "x != 0 held."]


def test_builtins_that_compare() -> None:
    """``sorted`` of Python, and ``max`` by a key, choose by comparing."""
    trace = adtrace.trace(lambda x, y: max([x, y], key=lambda v: -v) * 2 + sorted([x, y, 3])[1], (5, 4))
    assert trace.gradient == {"x": 0, "y": 3}


def test_a_comparison_is_decided_exactly() -> None:
    """Doubles cannot tell these sides apart: 0.1 + 0.2 is 0.3, and e^(1e-20) is above 1."""
    (note,) = notes(lambda x, y: x if x + y == 0.3 else y, (0.1, 0.2))
    assert note.startswith("v_1 = 0.3 held; its sides are equal here")
    assert adtrace.trace(lambda x: x if adtrace.exp(x) > 1 else 2 * x, ("1e-20",)).gradient == {"x": 1}


def test_an_undecidable_comparison_is_refused() -> None:
    """sin^2 + cos^2 cannot be told from 1 at any precision."""
    with pytest.raises(adtrace.UndecidedError, match=r"^whether v_5 > 1 is not decided at 1024 bits$"):
        adtrace.trace(
            lambda x: x if adtrace.sin(x) ** 2 + adtrace.cos(x) ** 2 > 1 else -x, (3,), limits=Limits(bits=1024)
        )


def test_a_comparison_without_a_value_names_the_row() -> None:
    """A domain error on the way to a comparison is the sentence of the row."""
    with pytest.raises(adtrace.DomainError, match=r"v_1 = ln\(v_0\)$"):
        adtrace.trace(lambda x: x if adtrace.ln(x) > 0 else -x, (-2,))


def test_infinity_is_a_start_for_a_minimum() -> None:
    """A search for the least may begin with infinity, which needs no comparison."""

    def least(*values: Any) -> Any:
        best = math.inf
        for value in values:
            best = value if value < best else best
        return best

    assert adtrace.trace(least, (3, 1, 2)).gradient == {"values_1": 0, "values_2": 1, "values_3": 0}


def test_floats_decide_where_they_are_asked_for() -> None:
    """With double precision a comparison is decided in it."""
    assert adtrace.trace(lambda x, y: x if x + y == 0.3 else y, (0.1, 0.2), arithmetic="float").gradient["x"] == 0


def test_many_comparisons_are_not_all_listed() -> None:
    """The notes stop after a dozen comparisons and say how many there are more."""

    def f(x: Any) -> Any:
        while x < 100:
            x = x + 1
        return x

    found = notes(f, (1,))
    assert len(found) == 13
    assert found[-1] == "88 further comparisons were decided in the same way."
    assert len(adtrace.trace(f, (1,)).wengert.branches) == 100


# --- numbers computed while recording ------------------------------------------------------------------------------


def plain_rows(x: Any, y: Any) -> Any:
    """Regular rows, equal ones among them, and written sums."""
    s = x * y
    return x + y + adtrace.sin(s) * y + x * y * adtrace.cos(x) * 0.5 + x**2 / (x * y) - 2 / y


def with_kinks(x: Any, y: Any) -> Any:
    """Rows beside and at a kink, with regular ones before and after them."""
    a = abs(x * y - 3)
    return x + y + adtrace.relu(y - y) * a + x * y * adtrace.heaviside(x - x) * adtrace.exp(a) + adtrace.max(x, y, 2)


def with_branches(x: Any, y: Any) -> Any:
    """A program that compares what it has computed."""
    total = x
    while total < 20:
        total = total + x * y if total > y else total * 3 - x
    return total, x * y


@pytest.mark.parametrize("function", [plain_rows, with_kinks, with_branches, lambda x, y: 7, lambda x, y: (y, x * 0)])
@pytest.mark.parametrize("sharing", [True, False])
def test_numbers_of_the_recording_are_those_of_the_sweep(function: Callable[..., Any], sharing: bool) -> None:
    """What is computed row by row while recording is to the last bit what a sweep of the finished list computes."""
    evaluation = adtrace.trace(function, (1.7, 2.3), arithmetic="float", sharing=sharing).evaluation
    anew = replace(evaluation, evaluated=replace(evaluation.evaluated, point=tuple(evaluation.point)))
    found, expected = evaluation.first(), anew.first()
    assert found.values == expected.values
    assert found.primal.partials == expected.primal.partials
    assert found.constants == expected.constants
    assert (found.primal.kinks, found.primal.written) == (expected.primal.kinks, expected.primal.written)
    assert (found.adjoints, found.totals) == (expected.adjoints, expected.totals)


@pytest.mark.parametrize(
    ("function", "error", "sentence"),
    [
        (
            lambda x: 2 * adtrace.ln(x - 3) + x,
            adtrace.DomainError,
            r"^ln needs u > 0, but v_1 = -1\.0 in v_2 = ln\(v_1\)$",
        ),
        (lambda x: x / (x - 2), adtrace.DomainError, r"^a division needs w != 0, but w = v_1 = 0\.0 in v_2 = v_0/v_1$"),
        (lambda x: adtrace.exp(x * 1000) * 0, adtrace.BoundError, r"^v_2 = exp\(v_1\) is larger than 2\^1024"),
        (lambda x: adtrace.sqrt(x - x) + 1, adtrace.DomainError, r"^a finite derivative of sqrt needs u > 0"),
        (lambda x: x * 1e300 * 10**20, adtrace.BoundError, r"^v_2 = v_1\*100000000000000000000 is larger than 2\^1024"),
    ],
)
def test_a_row_without_a_value_is_refused_after_recording(
    function: Callable[..., Any], error: type[Exception], sentence: str
) -> None:
    """In double precision, too, the whole function is recorded first, and then the row is named that has no value."""
    called = []
    with pytest.raises(error, match=sentence):
        adtrace.trace(lambda x: (function(x), called.append(x))[0], (2.0,), arithmetic="float")
    assert called


@pytest.mark.parametrize("first", [0.5, Decimal("0.5"), adtrace.pi])
def test_numbers_of_one_spelling_are_one_constant(first: Any) -> None:
    """A float and a Decimal of one spelling are one constant, whichever comes first; an integer is another."""
    rows = recorded(lambda x: (x * first, x * 0.5, x * Decimal("0.5"), x * 2, x * 2.0), (1,))[1]
    assert [row[2] for row in rows] == list(
        dict.fromkeys([str(first) if first != adtrace.pi else "pi", "0.5", "2", "2.0"])
    )


def test_every_operation_counts_for_the_bound() -> None:
    """A loop that only repeats itself comes to an end, too."""

    def f(x: Any) -> Any:
        while True:
            x * x

    with pytest.raises(adtrace.BoundError, match=r"^the trace has more than 20 rows, which is the bound$"):
        adtrace.trace(f, (1,), limits=Limits(rows=20))


@pytest.mark.parametrize("arithmetic", ["float", "certified"])
def test_a_value_that_is_kept_after_its_recording(arithmetic: str) -> None:
    """What a function hands out is refused once its trace is made, which stays as it was."""
    kept: list[Any] = []
    trace = adtrace.trace(lambda x: (kept.append(x), x * x + x)[1], (1,), arithmetic=arithmetic)
    (x,) = kept
    uses: list[Callable[[], Any]] = [
        lambda: adtrace.sin(x), lambda: x * 3.0, lambda: 2 - x, lambda: x * x, lambda: x**2, lambda: x > 0,
        lambda: abs(x), lambda: adtrace.max(x, 1),
    ]  # fmt: skip
    for use in uses:
        with pytest.raises(adtrace.RecordingError, match="used after its trace had ended"):
            use()
    with pytest.raises(adtrace.RecordingError):
        adtrace.trace(lambda y: y if x > 1 else -y, (2,))
    assert trace.table() == adtrace.trace(lambda x: x * x + x, (1,), arithmetic=arithmetic).table()
    assert (float(trace.gradient["x"]), float(trace.tangent)) == (3, 3)


def test_a_callable_that_keeps_a_recorded_state() -> None:
    """Its second trace is refused, and the first one is as it was."""

    class Sum:
        state: Any = 0.0

        def __call__(self, x: Any) -> Any:
            self.state = self.state * 1.5 + x * x
            return self.state

    function = Sum()
    first = adtrace.trace(function, (2.0,), arithmetic="float")
    with pytest.raises(adtrace.RecordingError):
        adtrace.trace(function, (3.0,), arithmetic="float")
    assert first.table() == adtrace.trace(Sum(), (2.0,), arithmetic="float").table()


def test_traces_in_several_threads_leave_the_collector_as_it_was() -> None:
    """However calls overlap, the threshold of the collector is afterwards what it was before the first."""
    before = gc.get_threshold()
    inside, first_ended = threading.Event(), threading.Event()

    def first(x: Any) -> Any:
        inside.wait(10)  # the other one has begun
        return x * x

    def second(x: Any) -> Any:
        inside.set()
        first_ended.wait(10)
        return x + 1

    def run() -> None:
        adtrace.trace(first, (2,))
        first_ended.set()

    thread = threading.Thread(target=run)
    thread.start()
    adtrace.trace(second, (3,))
    thread.join()
    assert gc.get_threshold() == before


def test_an_attribute_that_a_recorded_value_has_not() -> None:
    """The sentence names the value, not its class."""
    with pytest.raises(AttributeError, match=r"^a recorded value has no attribute 'real'$"):
        adtrace.trace(lambda x: x.real, (1,))


# --- functions and constants -------------------------------------------------------------------------------------


def test_functions_of_plain_numbers() -> None:
    """Without a recorded value an elemental is a function of numbers."""
    assert adtrace.sin(0.5) == math.sin(0.5)
    assert adtrace.max(1, 3, 2) == 3
    assert adtrace.log(8, 2) == pytest.approx(3)
    assert two(2.0, adtrace.relu(-1)) == 0
    with pytest.raises(adtrace.DomainError, match=r"^ln needs u > 0, not ln\(-1\.0\)$"):
        adtrace.ln(-1)
    with pytest.raises(adtrace.RecordingError, match=r"^sin takes 1 operands, not 2$"):
        adtrace.sin(1, 2)
    with pytest.raises(adtrace.RecordingError, match=r"^sin takes numbers and recorded values, not str 'x'$"):
        adtrace.sin("x")
    with pytest.raises(AttributeError):
        adtrace.sinn  # noqa: B018


def test_pi_and_e_stay_written() -> None:
    """The constants are floats to Python and exact to a trace, and so is what is computed from them."""
    assert (adtrace.pi, adtrace.e) == (math.pi, math.e)
    assert adtrace.trace(lambda x: adtrace.sin(adtrace.pi / 6) * x, (1,)).value.exact == Fraction(1, 2)
    trace = adtrace.trace(lambda x: x * (2 - adtrace.pi / 3 + 1), (1,))
    assert trace.to_dict()["rows"][0]["formula"] == "v_0*(2 - pi/3 + 1)"
    assert math.cos(adtrace.pi) == -1
    assert isinstance((-adtrace.e) ** 0.5, complex)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        (math.sin, r"^math\.sin of a recorded value has no elemental; write adtrace\.sin\(x\)"),
        (lambda x: float(x), r"^float\(\) of a recorded value"),
        (lambda x: int(x), r"^int\(\) of a recorded value"),
        (lambda x: math.trunc(x), r"^trunc\(\) of a recorded value"),
        (lambda x: round(x), r"^round\(\) of a recorded value"),
        (lambda x: [1, 2][x], r"^an index of a recorded value"),
        (lambda x: adtrace.max(x, "1"), r"^max takes numbers and recorded values, not str '1'$"),
    ],
)
def test_what_has_no_elemental(function: Callable[..., Any], sentence: str) -> None:
    """What cannot be recorded is refused with a sentence that says what to write; Python sees a TypeError."""
    with pytest.raises(adtrace.RecordingError, match=sentence) as caught:
        adtrace.trace(function, (1,))
    assert isinstance(caught.value, TypeError)


def test_values_of_another_trace() -> None:
    """A recorded value that outlives its trace is refused in another one."""
    kept: list[Any] = []
    adtrace.trace(lambda x: kept.append(x) or x, (1,))
    with pytest.raises(adtrace.RecordingError, match=r"^a value recorded in one trace was used in another one$"):
        adtrace.trace(lambda x: x * kept[0], (1,))


def test_what_the_function_raises_is_its_own() -> None:
    """An error of the function itself reaches the caller."""
    with pytest.raises(KeyError):
        adtrace.trace(lambda x: {}["a"], (1,))


# --- numpy -------------------------------------------------------------------------------------------------------

np = pytest.importorskip("numpy")


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda x, y: np.sin(x) + np.maximum(x, y), "sin(x) + max(x, y)"),
        (lambda x, y: np.power(x, 3) * np.float64(0.5) - np.sqrt(y), "x^3*0.5 - sqrt(y)"),
        (lambda x, y: np.float64(0.5) * x + np.int64(2) / y, "0.5*x + 2/y"),
        (lambda x, y: np.expm1(x) + np.log1p(y), "(exp(x) - 1) + ln(1 + y)"),
        (lambda x, y: np.hypot(x, y), "sqrt(x^2 + y^2)"),
        (lambda x, y: np.square(x) / np.abs(y), "x^2/abs(y)"),
        (lambda x, y: np.floor(x / 3) + np.ceil(y / 2) * np.mod(y, x), "floor(x/3) + ceil(y/2)*mod(y, x)"),
        (lambda x, y: math.floor(x / 3) + math.ceil(y / 2) * (y % x), "floor(x/3) + ceil(y/2)*mod(y, x)"),
        (lambda x, y: y // 3 + 7 % y - 9 // x + divmod(y, 3)[1], "floor(y/3) + mod(7, y) - floor(9/x) + mod(y, 3)"),
        (lambda x, y: np.array([x, y]) @ np.array([y, 3]), "x*y + y*3"),
        (lambda x, y: np.exp(np.array([x, y])).sum(), "exp(x) + exp(y)"),
        (lambda x, y: (np.array([2, 3]) * x).sum() + 0 * y, "2*x + 3*x + 0*y"),
        (lambda x, y: (x * np.array([2.5, 3]))[0] + y, "x*2.5 + y"),
    ],
)
def test_numpy_on_recorded_values(function: Callable[..., Any], text: str) -> None:
    """numpy's functions, its numbers and arrays of objects record what the formula records."""
    at = {"x": "2", "y": "5"}
    mine, theirs = adtrace.trace(function, at), adtrace.trace(text, at)
    slopes = [{name: value.rounded(30) for name, value in trace.gradient.items()} for trace in (mine, theirs)]
    assert slopes[0] == slopes[1]
    found = {row.elemental.name for row in mine.wengert.rows}
    assert found == {row.elemental.name for row in theirs.wengert.rows}


def test_arrays_as_arguments_and_results() -> None:
    """With rows by entry an array in the point is one of numbers, and an array that is returned is several outputs."""
    trace = adtrace.trace(lambda x: np.outer(x, x), {"x": np.array([2, 3])}, rows="entries")
    assert [str(trace.jacobian[f"y_{k}"]["x_1"]) for k in range(1, 5)] == ["4", "3", "3", "0"]
    slopes = adtrace.trace(lambda x: np.dot(x, x), np.array([1.5, 2]), rows="entries").gradient
    assert slopes == {"x_1": 3, "x_2": 4}


def test_numpy_functions_without_an_elemental() -> None:
    """What numpy has and the table has not is refused by name."""
    with pytest.raises(adtrace.RecordingError, match=r"^numpy's rint has no elemental"):
        adtrace.trace(lambda x: np.rint(x), (1,))
    with pytest.raises(adtrace.RecordingError, match=r"heaviside is 1/2 at 0, not 1"):
        adtrace.trace(lambda x: np.heaviside(x, 1), (1,))
    with pytest.raises(adtrace.RecordingError, match=r"for an array write numpy's function$"):
        adtrace.trace(lambda x: x * adtrace.sin(np.array([1.0, 2.0])), (1,))


# --- size, and the command line ----------------------------------------------------------------------------------


def test_a_long_loop_is_recorded_without_recursion() -> None:
    """Ten thousand steps with a branch at each are recorded and bounded."""

    def f(x: Any, steps: int = 10_001) -> Any:
        for _ in range(steps):
            x = adtrace.sin(x) + 1 if x > 0.5 else x * 0.5 - 1
        return x

    limits = Limits(rows=1_000_000)
    wengert = record(f, bind_call(f, {"x": 0.25}, limits), limits=limits).wengert
    assert len(wengert.rows) == 20_002
    with pytest.raises(adtrace.BoundError, match=r"^the trace has more than 20000 rows"):
        record(f, bind_call(f, {"x": 0.25}, DEFAULT))


def test_a_long_written_sum_is_ordered_without_recursion() -> None:
    """A sum of eight hundred terms in one line of source keeps the order of the text."""
    text = " + ".join(f"x*{k}" for k in range(800))
    function = eval(f"lambda x: {text}")
    assert recorded(function, (2,)) == shape(adtrace.trace(text, {"x": 2}).wengert)


SCRIPT = """
from dataclasses import dataclass
import adtrace

@dataclass
class Scale:
    by: int

def f(x, y):
    return Scale(3).by*x*y if x > y else adtrace.ln(x)

def broken(x):
    return x.missing
"""


def test_a_function_in_a_file_runs_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``script.py:f`` is refused without --python, whose absence is named, and traced with it."""
    script = tmp_path / "steps.py"
    script.write_text(SCRIPT, encoding="utf-8")
    assert main(["table", f"{script}:f", "--at", "x=3,y=2"]) == 2
    assert "looks like a function in a Python file; to run the file, add --python" in capsys.readouterr().err
    assert main(["table", f"{script}:f", "--at", "x=3,y=2", "--python", "--format", "text", "--mode", "forward"]) == 0
    printed = capsys.readouterr().out
    assert "f(x, y) at (x, y) = (3, 2)" in printed
    assert "x > y held." in printed


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("x^2", "adtrace: error: with --python the expression is written as script.py:f, not 'x^2'"),
        ("none.py:f", "adtrace: error: 'none.py' cannot be read: there is no such file"),
        ("steps.py:g", "adtrace: error: steps.py has no function 'g'"),
        ("steps.py:brokn", "adtrace: error: steps.py has no function 'brokn' (did you mean 'broken'?)"),
        ("steps.py:broken", "adtrace: error: steps.py:broken raised AttributeError (line 13): a recorded value has no "
                            "attribute 'missing'"),
        ("bad.py:f", "adtrace: error: bad.py:f raised SyntaxError (line 1)"),
        ("stops.py:f", "adtrace: error: stops.py:f raised SystemExit (line 1): 3"),
    ],
)  # fmt: skip
def test_faults_of_a_script_are_sentences(
    expression: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is wrong with the script comes out as one sentence with its place, and exit status 2."""
    monkeypatch.chdir(tmp_path)
    Path("steps.py").write_text(SCRIPT, encoding="utf-8")
    Path("bad.py").write_text("def f(:\n", encoding="utf-8")
    Path("stops.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    assert main(["table", expression, "--at", "x=3", "--python"]) == 2
    assert capsys.readouterr().err.startswith(sentence)
