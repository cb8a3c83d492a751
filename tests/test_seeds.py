"""Seeds: unit, directional, several at once."""

from __future__ import annotations

import json

import pytest

import adtrace

EXPRESSION = "x1*sin(x2)"
AT = {"x1": 2, "x2": 5}


def test_the_first_variable_is_the_seed() -> None:
    """Without a seed the first variable has the tangent 1."""
    trace = adtrace.trace(EXPRESSION, at=AT)
    assert trace.tangent.rounded(12) == trace.gradient["x1"].rounded(12)


@pytest.mark.parametrize("seed", ["x2", {"x2": 1}, {"x1": 0, "x2": "1"}, ["x2"]])
def test_a_unit_seed_in_every_spelling(seed: object) -> None:
    """A name, a mapping with zeros left out, and a list of one are the same seed."""
    trace = adtrace.trace(EXPRESSION, at=AT, seed=seed)  # type: ignore[arg-type]
    assert trace.tangent.rounded(12) == trace.gradient["x2"].rounded(12)
    assert r"Setting $\dot x_{1} = 0$ and $\dot x_{2} = 1$ gives $\partial y / \partial x_{2}$" in trace.table()


def test_a_direction() -> None:
    """The tangent in a direction is the gradient times it, and the caption says what it is."""
    trace = adtrace.trace(EXPRESSION, at=AT, seed={"x1": 1, "x2": "-1/2"})
    gradient = trace.gradient
    assert float(trace.tangent) == pytest.approx(float(gradient["x1"]) - float(gradient["x2"]) / 2)
    caption = trace.table(mode="forward").splitlines()[0]
    assert (
        r"Setting $\dot x_{1} = 1$ and $\dot x_{2} = -1/2$ gives the derivative $\dot y$ in this direction" in caption
    )


def test_each_is_the_gradient_by_forward_mode() -> None:
    """A seed for each variable makes a column for each, and together the gradient."""
    trace = adtrace.trace(EXPRESSION, at=AT, seed="each")
    assert [t["y"].rounded(12) for t in trace.tangents] == [g.rounded(12) for g in trace.gradient.values()]
    table = trace.table(mode="forward")
    assert "A forward sweep for each independent variable gives the whole gradient." in table
    headings = table.split("\n\n")[1].splitlines()[0]
    assert "$x_{1}$ | $x_{2}$ |" in headings


def test_several_seeds_are_told_apart() -> None:
    """Unit seeds are headed by their variable, others by their vector; "each" may stand among them."""
    trace = adtrace.trace(EXPRESSION, at=AT, seed=["each", {"x1": 1, "x2": -2}])
    assert len(trace.tangents) == 3
    table = trace.table(mode="forward", style="directional", format="text")
    assert "Pass with p = (1, 0)  Pass with p = (0, 1)  Pass with p = (1, -2)" in table
    assert "There are 3 forward sweeps, one for each seed." in table
    aligned = trace.table(mode="forward", style="aligned", format="text")
    assert "Value, x₁  Value, x₂  Value, p = (1, -2)" in aligned


def test_a_style_with_a_column_for_each() -> None:
    """A style may ask for every derivative; a seed that is given comes before that."""
    every = adtrace.trace(EXPRESSION, at=AT).table(style="cs107", mode="forward", format="text")
    assert "Derivative by x₁  Derivative by x₂" in every
    one = adtrace.trace(EXPRESSION, at=AT, seed="x2").table(style="cs107", mode="forward", format="text")
    assert "Derivative by x₂" in one
    assert "Derivative by x₁" not in one
    along = adtrace.trace(EXPRESSION, at=AT, seed={"x1": 1, "x2": 1}).table(
        style="cs107", mode="forward", format="text"
    )
    assert "Derivative along p = (1, 1)" in along


def test_the_json_lists_the_tangents() -> None:
    """With several seeds a tangent is a list, in their order."""
    document = json.loads(
        adtrace.trace("x*y", at={"x": 3, "y": 4}, seed=["y", "x"]).table(format="json", mode="forward")
    )
    assert document["dependents"][0]["tangent"] == ["3.0000", "4.0000"]
    assert [entry["tangent"] for entry in document["independents"]] == [["0.0000", "1.0000"], ["1.0000", "0.0000"]]


@pytest.mark.parametrize("style", ["three-part", "griewank", "ledger"])
def test_an_input_has_a_number_for_each_seed(style: str) -> None:
    """The zeros of a unit seed stand beside one another: none is left out because its neighbour is equal."""
    trace = adtrace.trace("x*y + z", at={"x": 1, "y": 2, "z": 3}, seed="each")
    (table,) = trace.tables(mode="forward", style=style, format="text")
    tangents = [line[-1] for line in table.blocks[0].groups[0] if any("\u0307" in cell for cell in line[-1])]
    numbers = [[float(cell.removeprefix("= ")) for cell in cells[-3:]] for cells in tangents]
    assert numbers == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_a_variable_called_each() -> None:
    """A variable beats the word that stands for all of them."""
    trace = adtrace.trace("each*x", at={"each": 2, "x": 3}, seed="each")
    assert [float(t["y"]) for t in trace.tangents] == [3]


def test_many_variables_have_short_headings() -> None:
    """A seed of many numbers is named by its place."""
    at = {f"x{k}": k for k in range(1, 11)}
    trace = adtrace.trace("+".join(at), at=at, seed=[{"x1": 1, "x2": 1}, "x3"])
    assert "seed 1" in trace.table(mode="forward", format="text")


@pytest.mark.parametrize(
    ("seed", "sentence"),
    [
        ("z", "the seed names z; the variables are x1, x2"),
        ({"x1": 1, "q": 2}, "the seed names q; the variables are x1, x2"),
        ([], "there is no seed in the list"),
        ([{"x1": "one"}], "one has no value|the seed of x1"),
        ([3], "a seed is the name of a variable"),
    ],
)
def test_what_is_refused(seed: object, sentence: str) -> None:
    """A seed of other variables, or none, is refused with a sentence."""
    with pytest.raises(adtrace.InputError, match=sentence):
        adtrace.trace(EXPRESSION, at=AT, seed=seed)  # type: ignore[arg-type]


@pytest.mark.parametrize("one", ["1", "1.0", "2/2", "1e0", 1.0, "3 - 2"])
def test_a_seed_is_a_number(one: object) -> None:
    """Whatever is typed for 1, the unit seed is captioned as the partial derivative and heads its column."""
    trace = adtrace.trace("x1*x2", at={"x1": 2, "x2": 3}, seed={"x1": one, "x2": "0.0"})  # type: ignore[dict-item]
    assert r"gives $\partial y / \partial x_{1}$ in one forward sweep" in trace.table(mode="forward")
    several = adtrace.trace("x1*x2", at={"x1": 2, "x2": 3}, seed=[{"x1": one}, {"x2": one}])  # type: ignore[list-item]
    assert "A forward sweep for each independent variable" in several.table(mode="forward")


@pytest.mark.parametrize("zero", ["0", "1-1", "0.0", "pi - pi"])
def test_a_weight_is_a_number(zero: str) -> None:
    """An output whose weight is 0 has no line in the reverse trace, however the 0 is typed."""
    trace = adtrace.trace("(x*y, x + y)", at={"x": 2, "y": 3}, weights={"f_1": zero, "f_2": 1})
    table = trace.table(format="text", mode="reverse")
    assert "= f̄₂" in table
    assert "= f̄₁" not in table.partition("\n\n")[2]


def test_many_seeds_show_values() -> None:
    """Beside two seeds tangents are worked out; beside more they are values, in every style."""
    at = {"x": 2, "y": 3, "z": 4}
    two = adtrace.trace("x*y - sin(z)", at=at, seed=["x", "y"]).table(format="text", mode="forward")
    assert "1 × 3 + 2 × 0" in two
    for name in ("three-part", "four-column", "cs107", "aligned", "stored-partials", "directional"):
        trace = adtrace.trace("x*y - sin(z)", at=at, seed=["x", "y", "z"])
        many = trace.table(format="text", mode="forward", style=name)
        assert "1 × 3 + 2 × 0" not in many
        assert "-0.6536" in many or "0.6536" in many


def test_outputs_are_not_printed_like_inputs() -> None:
    """An input y1 is printed as an output y_1 would be, so the outputs take another letter."""
    trace = adtrace.trace("(x*y1, x + y1)", at={"x": 2, "y1": 3})
    assert trace.wengert.dependent_names == ("f_1", "f_2")
    recorded = adtrace.trace(lambda x, y1: (x * y1, x + y1), at={"x": 2, "y1": 3})
    assert recorded.wengert.dependent_names == ("f_1", "f_2")
    with pytest.raises(adtrace.BindingError, match="y_1 would be printed as an independent one is"):
        adtrace.trace(lambda x, y1: {"y_1": x * y1}, at={"x": 2, "y1": 3})
    assert adtrace.trace("y_1 = x*y1", at={"x": 2, "y1": 3}).wengert.dependent_names == ("y_1_new",)


def test_weights_each_is_a_sweep_for_each_entry() -> None:
    """Tables, captions and JSON go entry by entry; the gradients are the rows of W for y = W x."""
    trace = adtrace.trace("y = W @ x", {"x": [1, 2], "W": [[1, 2], [3, 4]]}, weights="each")
    captions = [table.caption for table in trace.tables(mode="reverse", format="text")]
    assert len(captions) == 2
    assert "= 1 and the other entries to 0 gives the gradient of y₂ in one" in captions[1]
    jacobian = trace.to_dict(mode="reverse", digits=0)["jacobian"]
    assert {entry: of["x"] for entry, of in jacobian.items()} == {"y[0]": ["1", "2"], "y[1]": ["3", "4"]}
    assert trace.jacobian["y"]["x"].tolist() == [[1, 2], [3, 4]]
    with pytest.raises(adtrace.OptionError, match="jacobian"):
        _ = trace.gradient


def test_weights_each_of_numbers_is_a_sweep_for_each_output() -> None:
    """Without arrays it is what no weights are; of one number it is its gradient."""
    several = adtrace.trace("a = x*y; b = x + y", {"x": 1, "y": 2}, outputs=["a", "b"], weights="each")
    without = adtrace.trace("a = x*y; b = x + y", {"x": 1, "y": 2}, outputs=["a", "b"])
    assert several.table() == without.table()
    assert adtrace.trace("x^2", {"x": 3}, weights="each").gradient["x"].exact == 6


def test_weights_each_mixes_arrays_and_numbers() -> None:
    """An array and a number: a table for each entry and one for the number, on the page with their graphs, too."""
    trace = adtrace.trace("a = 2*x; b = sum(a)", {"x": [1, 2]}, outputs=["a", "b"], weights="each")
    assert list(trace.to_dict(mode="reverse")["jacobian"]) == ["a[0]", "a[1]", "b"]
    assert trace.table(mode="reverse", format="html", standalone=True).count("<caption>") == 3
    with pytest.raises(adtrace.OptionError, match="graph is of one sweep"):
        trace.graph()


def test_weights_each_is_bounded_by_cells() -> None:
    """Entries of all gradients and weights count before any is made; an odd word is refused."""
    trace = adtrace.trace("exp(x)", {"x": [0] * 3000}, weights="each")
    with pytest.raises(adtrace.BoundError, match="18000000 entries of gradients and weights"):
        trace.table(mode="reverse")
    with pytest.raises(adtrace.BindingError, match="or 'each', not 'all'"):
        adtrace.trace("exp(x)", {"x": 0}, weights="all")


@pytest.mark.parametrize("style", ["three-part", "griewank", "cs107", "ledger"])
def test_const_has_no_line_in_the_reverse_trace(style: str) -> None:
    """Data of a trace of numbers: no adjoint of theirs in the table, in its caption, or in the gradient."""
    trace = adtrace.trace("w*x + b", at={"w": 2, "x": 3, "b": 1}, const="x")
    table = trace.table(format="text", mode="reverse", style=style)
    assert "x̄" not in table.replace("x̄₁", "").replace("x̄₂", "").replace("x̄₃", "").replace("x̄₄", "").replace("x̄₅", "")
    assert "∂y/∂x" not in table
    assert list(trace.gradient) == ["w", "b"]
