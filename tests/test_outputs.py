"""Several outputs: the Jacobian, weights, and a table for each reverse sweep."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adtrace

PAIR = "f(x, y) = (x*y, exp(x)/y)"
AT = {"x": 1, "y": 2}

VECTORS = [
    (PAIR, AT),
    ("(x1*x3 + ln(x2 + x1)*exp(-x3), exp(-x2) + cos(x1*x3))", {"x1": 3, "x2": 5, "x3": 1}),
    ("(r*cos(t), r*sin(t))", {"r": 2, "t": "pi/6"}),
    ("u = x^2 - y^2; v = 2*x*y; (u, v)", {"x": "1/3", "y": -2}),
    ("(x, y, x, 3, x + 1)", {"x": 7, "y": 0}),
    ("s = exp(a) + exp(b); (exp(a)/s, exp(b)/s)", {"a": "0.1", "b": "0.7"}),
]


@pytest.mark.parametrize(("expression", "at"), VECTORS)
def test_the_jacobian_is_the_same_by_both_sweeps(expression: str, at: dict[str, object]) -> None:
    """A reverse sweep for each output and a forward sweep for each input give the same matrix, digit for digit."""
    trace = adtrace.trace(expression, at=at, seed="each")  # type: ignore[arg-type]
    reverse = {y: {x: value.rounded(20) for x, value in row.items()} for y, row in trace.jacobian.items()}
    forward = {
        y: {x: tangents[y].rounded(20) for x, tangents in zip(at, trace.tangents, strict=True)} for y in trace.values
    }
    assert reverse == forward


def test_the_jacobian_of_polar_coordinates() -> None:
    """The columns of a rotation and a stretch, exactly as they are known."""
    trace = adtrace.trace("(r*cos(t), r*sin(t))", at={"r": 2, "t": "pi/6"})
    rows = [[value.rounded(10) for value in row.values()] for row in trace.jacobian.values()]
    assert rows == [["0.8660254038", "-1.0000000000"], ["0.5000000000", "1.7320508076"]]


NUMBERS = st.integers(-9, 9)


@settings(max_examples=30)
@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_weights_and_seeds_are_linear(a: int, b: int, p: int, q: int) -> None:
    """Weights give the weighted sum of the Jacobian's rows, a seed that of its columns; both meet in one number."""
    jacobian = adtrace.trace(PAIR, at=AT).jacobian
    rows = [list(row.values()) for row in jacobian.values()]
    weighted = adtrace.trace(PAIR, at=AT, weights={"f_1": a, "f_2": b}).gradient
    assert [float(value) for value in weighted.values()] == pytest.approx(
        [a * float(first) + b * float(second) for first, second in zip(*rows, strict=True)]
    )
    (seeded,) = adtrace.trace(PAIR, at=AT, seed={"x": p, "y": q}).tangents
    assert [float(value) for value in seeded.values()] == pytest.approx(
        [p * float(first) + q * float(second) for first, second in rows]
    )


def test_names_of_the_outputs() -> None:
    """The names are those of the left side, of a program's last tuple, or chosen; else numbered."""
    assert list(adtrace.trace("(x, x^2)", at={"x": 2}).values) == ["y_1", "y_2"]
    assert list(adtrace.trace("(x, y)", at=AT).values) == ["f_1", "f_2"]
    assert list(adtrace.trace("(a, b) = (x*y, x)", at=AT).values) == ["a", "b"]
    assert list(adtrace.trace("a = x; b = a*y; c = b^2", at=AT, outputs=["c", "a"]).values) == ["c", "a"]


def test_a_table_for_each_output() -> None:
    """Without weights the reverse mode makes a table for each output, with its caption and its label."""
    latex = adtrace.trace(PAIR, at=AT).table(format="latex", label="tab:j")
    assert latex.count(r"\begin{table}") == 3
    for label in ("tab:j-forward", "tab:j-reverse-1", "tab:j-reverse-2"):
        assert label in latex
    captions = [line for line in adtrace.trace(PAIR, at=AT).table().splitlines() if line.startswith("**Table")]
    assert len(captions) == 3
    assert r"(f_{1}, f_{2}) = f(x, y) = (x \times y, \exp(x)/y)" in captions[0]
    assert r"gives $\partial f_{1} / \partial x$ and $\partial f_{2} / \partial x$" in captions[0]
    assert r"Setting $\bar f_{1} = 1$ and $\bar f_{2} = 0$ gives $\partial f_{1} / \partial x$" in captions[1]
    assert r"Setting $\bar f_{1} = 0$ and $\bar f_{2} = 1$ gives $\partial f_{2} / \partial x$" in captions[2]


def test_one_table_for_weighted_outputs() -> None:
    """With weights there is one reverse table, which starts from each of them."""
    trace = adtrace.trace(PAIR, at=AT, weights={"f_1": 1, "f_2": -2})
    table = trace.table(mode="reverse", style="aligned")
    assert table.count("**Table") == 1
    assert r"Setting $\bar f_{1} = 1$ and $\bar f_{2} = -2$ gives the gradient of their weighted sum" in table
    assert r"$\bar v_{1} = \bar f_{1}$ | $1$" in table
    assert r"$\bar v_{3} = \bar f_{2}$ | $-2$" in table


def test_one_variable_as_two_outputs() -> None:
    """A variable that is an output twice starts with the sum of its weights."""
    trace = adtrace.trace("a = x*y; (a, a)", at=AT, weights={"f_1": 2, "f_2": 3})
    assert trace.gradient["x"] == 10
    assert r"\bar v_{1} = \bar f_{1} + \bar f_{2}" in trace.table(mode="reverse", style="aligned")


def test_the_json_has_the_jacobian() -> None:
    """The structure has every output, and the Jacobian; with weights the gradient and the contributions."""
    document = json.loads(adtrace.trace(PAIR, at=AT).table(format="json"))
    assert [entry["name"] for entry in document["dependents"]] == ["f_1", "f_2"]
    assert document["jacobian"] == {"f_1": {"x": "2.0000", "y": "1.0000"}, "f_2": {"x": "1.3591", "y": "-0.6796"}}
    weighted = adtrace.trace(PAIR, at=AT, weights={"f_1": 1}).to_dict(mode="reverse")
    assert weighted["gradient"] == {"x": "2.0000", "y": "1.0000"}
    assert "jacobian" not in weighted


def test_an_output_that_is_constant() -> None:
    """A constant output has its value, no tangent and no derivatives, and breaks nothing."""
    trace = adtrace.trace("(x^2, 3)", at={"x": 5})
    assert [float(value) for value in trace.values.values()] == [25, 3]
    assert trace.jacobian["y_2"]["x"] == 0
    for form in ("markdown", "latex", "text", "json"):
        assert "3" in trace.table(format=form)


REFUSED = [
    ({"weights": {"z": 1}}, adtrace.BindingError, "the weights name z; the outputs are f_1, f_2"),
    ({"outputs": ["q"]}, adtrace.BindingError, "q is not a name of the program; there are"),
    ({"outputs": ["x", "x"]}, adtrace.OptionError, "outputs names the same twice"),
    ({"outputs": []}, adtrace.OptionError, "outputs is a list of names of the program, not"),
    ({"outputs": "x"}, adtrace.OptionError, "outputs is a list of names of the program, not 'x'"),
]


@pytest.mark.parametrize(("options", "error", "sentence"), REFUSED)
def test_what_is_refused(options: dict[str, object], error: type[Exception], sentence: str) -> None:
    """Weights and outputs of other names are refused with those that there are."""
    with pytest.raises(error, match=f"^{sentence}"):
        adtrace.trace(PAIR, at=AT, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("what", ["value", "gradient", "tangent"])
def test_one_number_of_several_is_not_guessed(what: str) -> None:
    """The attributes for one output say which attribute has them all."""
    with pytest.raises(adtrace.OptionError, match=r"there are several outputs: .*trace\.(values|jacobian|tangents)"):
        getattr(adtrace.trace(PAIR, at=AT), what)


def test_a_weight_of_zero_starts_the_sweep_of_the_only_output() -> None:
    """The one output has its row though its weight is 0, and every adjoint is 0; of several such a one has no row."""
    table = adtrace.trace("y = x^2", at={"x": 3}, weights={"y": 0}).table(format="markdown", mode="reverse")
    assert r"$\bar v_{1}$ | $= \bar y$ | $= 0$ |" in table
    both = adtrace.trace("f(x) = (x^2, sin(x))", at={"x": 3}, weights={"y_1": 0, "y_2": 1})
    assert r"= \bar y_{1}$" not in both.table(format="markdown", mode="reverse")
    assert r"= \bar y_{2}$" in both.table(format="markdown", mode="reverse")
