"""The library in a script: points of every kind, files of every format, a graph in a notebook, rows, plain data."""

from __future__ import annotations

import io
import json
import pickle
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from jsonschema import Draft202012Validator

import adtrace
from adtrace.graphs.drawings import GraphText

BAYDIN, POINT = "ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}
TRACE = adtrace.trace(BAYDIN, at=POINT)
PICTURES = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<svg"}

# -- files and pictures ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".pdf", ".png", ".svg", ".PDF"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_file_is_what_its_ending_says(ending: str, kind: type, tmp_path: Path) -> None:
    """Pictures are written as any other format is, to a name or a `Path`."""
    pytest.importorskip("typst")
    TRACE.write(kind(tmp_path / f"t{ending}"), mode="reverse")
    assert (tmp_path / f"t{ending}").read_bytes().startswith(PICTURES[ending.lower()])


def test_a_picture_to_a_stream(tmp_path: Path) -> None:
    """An open file of bytes takes a picture, one of text the others; a format that is said comes before the ending."""
    pytest.importorskip("typst")
    stream = io.BytesIO()
    TRACE.write(stream, format="png")
    assert stream.getvalue().startswith(PICTURES[".png"])
    TRACE.write(tmp_path / "table.txt", format="pdf")
    assert (tmp_path / "table.txt").read_bytes().startswith(b"%PDF")
    text = io.StringIO()
    TRACE.write(text, format="latex")
    assert text.getvalue() == TRACE.table(format="latex")
    with pytest.raises(adtrace.OptionError, match="name its file"):
        TRACE.write("-", format="pdf")


@pytest.mark.parametrize("form", ["svg", "tikz", "dot", "mermaid"])
def test_a_graph_is_a_text_that_shows_itself(form: str) -> None:
    """A graph is a `str`; the picture shows in a notebook, whose text is then one line and not its source."""
    graph = TRACE.graph(format=form)
    assert isinstance(graph, str)
    assert graph == pickle.loads(pickle.dumps(graph))
    assert pickle.loads(pickle.dumps(graph)).form == form
    is_picture = form == "svg"
    assert graph.svg == graph._repr_svg_() == (str(graph) if is_picture else None)

    class Printer:
        said = ""

        def text(self, text: str) -> None:
            self.said = text

    printer = Printer()
    graph._repr_pretty_(printer, cycle=False)
    assert (len(printer.said) < 60) is is_picture
    assert isinstance(graph, GraphText)


# -- points ----------------------------------------------------------------------------------------------------


class Series:
    """What pandas' series has that a point needs (pandas itself is tried where it is installed)."""

    ndim = 1
    iloc = None

    def __init__(self, values: dict[Any, Any]) -> None:
        self.values, self.index = values, list(values)

    def items(self) -> Any:
        """The labels with their values."""
        return self.values.items()


def series(values: dict[Any, Any]) -> Any:
    """A pandas series where there is pandas."""
    try:
        import pandas as pd
    except ImportError:
        return Series(values)
    return pd.Series(values)


@pytest.mark.parametrize(
    "at",
    [
        [1, 2.5], (1, "5/2"), np.array([1, 2.5]), {"x": np.float64(1), "y": np.array(2.5)},
        {"x": 1, "y": np.float32(2.5)}, series({"x": 1, "y": 2.5}), series({"y": 2.5, "x": 1}),
        series({0: 1, 1: 2.5}), [Fraction(1), Fraction(5, 2)],
        adtrace.trace("f(x, y) = x^2/2 + 5*y/2", at=[1, 1]).gradient,
    ],
    ids=["list", "tuple", "array", "0-d", "scalars", "series", "labels", "no labels", "fractions", "values"],
)  # fmt: skip
def test_a_point_in_every_form(at: Any) -> None:
    """In the order of the function, or by its labels: for text, LaTeX, sympy's Lambda, Python, and `Trace.at`."""
    x, y = sp.symbols("x y")
    minus = lambda x, y: x - y  # noqa: E731
    for given in ("f(x, y) = x - y", r"f\left(x, y\right) = x - y", sp.Lambda((x, y), x - y), minus):
        assert adtrace.trace(given, at=at).value == Fraction(-3, 2)
    assert adtrace.trace("f(x, y) = x - y", at=[7, 7]).at(at).value == Fraction(-3, 2)


def test_a_list_for_what_has_no_order() -> None:
    """One variable needs no order; of several the answer is a sentence, and so it is for another number of values."""
    assert adtrace.trace("x^2", at=[3]).value == 9
    assert adtrace.trace(sp.Symbol("x") ** 2, at=(3,)).value == 9
    assert adtrace.trace("f(x) = x[0]*x[1]", at=[[3, 4]]).value == 12
    for given in ("x*y", sp.Symbol("x") * sp.Symbol("y")):
        with pytest.raises(adtrace.BindingError, match=r"f\(x1, x2\) = "):
            adtrace.trace(given, at=[1, 2])
    with pytest.raises(adtrace.BindingError, match="the variables are x, y, and the point has 3 numbers"):
        adtrace.trace("f(x, y) = x*y", at=[1, 2, 3])
    for wrong in (3, "3", np.eye(2), {1, 2}, object()):
        with pytest.raises(adtrace.BindingError, match="a mapping of names"):
            adtrace.trace("f(x, y) = x*y", at=wrong)


def test_a_value_as_a_number_of_the_point() -> None:
    """A value that is a fraction is one; one that is none is not made into a double unsaid."""
    third = adtrace.trace("x/3", at={"x": 1}).value
    assert adtrace.trace("x*2", at={"x": third}).value == Fraction(2, 3)
    assert adtrace.trace(lambda x: x * third, at={"x": 2}).value == Fraction(2, 3)
    sine = adtrace.trace("sin(x)", at={"x": 1}).value
    for ask in (lambda: adtrace.trace("x*2", at={"x": sine}), lambda: adtrace.trace(lambda x: x * sine, at={"x": 2})):
        with pytest.raises(adtrace.BindingError, match="a value that is no fraction"):
            ask()


# -- sympy -----------------------------------------------------------------------------------------------------

X, Y, K, N = sp.symbols("x y i n")


@pytest.mark.parametrize(
    "given",
    [
        sp.Sum(X**K / sp.factorial(K), (K, 0, 4)), sp.Product(X + K, (K, 1, 3)), sp.Derivative(sp.sin(X) * X, X),
        sp.Sum(sp.Product(X + K, (K, 1, N)), (N, 1, 2)), sp.Integral(X * K, (K, 0, 1)),
        sp.Integral((X + K) ** 3 * Y, (K, X, Y)), sp.Integral(X * K * N, (K, 0, N), (N, 0, 2)),
        sp.exp(sp.Integral(K**2, (K, 0, X))) + 1,
    ],
    ids=str,
)  # fmt: skip
def test_what_sympy_holds_unevaluated(given: Any) -> None:
    """Sums, products, derivatives, and integrals of polynomials with finite bounds are what sympy's ``doit`` makes."""
    at = {"x": Fraction(7, 5), "y": Fraction(-2, 3)}
    symbols = sorted(given.free_symbols, key=str)
    trace = adtrace.trace(given, at={str(symbol): at[str(symbol)] for symbol in symbols})
    exact = given.doit()
    point = {symbol: sp.Rational(at[str(symbol)]) for symbol in symbols}
    for ours, theirs in ((trace.value, exact), *((trace.gradient[str(s)], sp.diff(exact, s)) for s in symbols)):
        assert ours.rounded(20) == f"{sp.N(theirs.subs(point), 60):.20f}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (sp.Integral(sp.exp(K * X), (K, 0, 2)), "no integral of a short polynomial in i"),
        (sp.Integral((K + X) ** 100_000, (K, 0, 2)), "no integral of a short polynomial in i"),
        (sp.Integral(X * K, (K, 0, sp.oo)), "no finite bounds"),
        (sp.Integral(X, X), "no finite bounds"),
        (sp.Sum(X**K, (K, 0, sp.oo)), "not whole numbers"),
        (sp.Sum(X * K, (K, 1, 10**9)), "more than 20000 terms"),
    ],
    ids=str,
)
def test_what_sympy_cannot_say_at_once(given: Any, message: str) -> None:
    """What may take for ever is refused with a sentence."""
    with pytest.raises(adtrace.InputError, match=message):
        adtrace.trace(given, at={"x": 2})


@pytest.mark.parametrize("name", [r"\alpha", "x'", "x_{1}", r"\hat y", r"\hat{y}", "α", r"x^{\prime}", r"\theta_{1}"])
def test_symbols_as_people_name_them(name: str) -> None:
    """A symbol keeps its derivative under a plain name, whether the point has the symbol or its name."""
    symbol = sp.Symbol(name)
    for key in (symbol, name):
        (slope,) = adtrace.trace(symbol**2 * sp.sin(symbol), at={key: 2}).gradient.values()
        assert slope.rounded(20) == f"{sp.N(sp.diff(symbol**2 * sp.sin(symbol), symbol).subs(symbol, 2), 40):.20f}"


# -- rows ------------------------------------------------------------------------------------------------------


def test_the_rows_of_a_trace() -> None:
    """Every row has the numbers of the textbook's table: Baydin et al. (2018), Tables 2 and 3, and Python's own."""
    v = {row.variable: row for row in TRACE.variables}
    assert [row.variable for row in TRACE.rows] == ["v_1", "v_2", "v_3", "v_4", "v_5"]
    assert [v["v_{-1}"].name, v["v_0"].name, v["v_5"].name] == ["x1", "x2", ""]
    assert [(row.elemental, row.operands) for row in TRACE.rows] == [
        ("ln", ("v_{-1}",)), ("mul", ("v_{-1}", "v_0")), ("sin", ("v_0",)), ("add", ("v_1", "v_2")),
        ("sub", ("v_4", "v_3")),
    ]  # fmt: skip
    assert v["v_2"].formula == "v_{-1}*v_0"
    assert v["v_2"].value.exact == 10
    assert [f"{row.value:.3f}" for row in TRACE.rows] == ["0.693", "10.000", "-0.959", "10.693", "11.652"]
    assert [f"{row.tangent:.3f}" for row in TRACE.variables] == ["1.000", "0.000", "0.500", "5.000", "0.000", "5.500",
                                                                 "5.500"]  # fmt: skip
    assert [f"{row.adjoint:.3f}" for row in TRACE.variables] == ["5.500", "1.716", "1.000", "1.000", "-1.000", "1.000",
                                                                 "1.000"]  # fmt: skip
    assert v["v_1"].partials == {"v_{-1}": Fraction(1, 2)}
    assert v["v_2"].partials == {"v_{-1}": 5, "v_0": 2}
    assert v["v_3"].partials["v_0"].rounded(25) == f"{sp.N(sp.cos(5), 40):.25f}"
    assert v["v_0"].partials == {}
    assert repr(v["v_2"]) == "<v_2 = v_{-1}*v_0: 10>"
    assert TRACE.rows[1:3][0] == TRACE.rows[-4] == v["v_2"]
    assert pickle.loads(pickle.dumps(TRACE.rows)) == TRACE.rows
    assert {TRACE.rows[0]: 1}[pickle.loads(pickle.dumps(TRACE.rows[0]))] == 1
    with pytest.raises(AttributeError):
        v["v_2"].value = 3
    with pytest.raises(AttributeError):
        v["v_2"].index = 3


def test_rows_agree_with_the_plain_data() -> None:
    """Rows and `to_dict` tell the same of every variable, to the last decimal, also of a program with constants."""
    trace = adtrace.trace("a = x*y + 2; b = a*a*x^3; b/pi", at={"x": "1/3", "y": 2}, seed=["x", {"x": 1, "y": -1}])
    document = trace.to_dict(digits=30)
    for row, told in zip(trace.variables, [*document["independents"], *document["rows"]], strict=True):
        assert row.variable == told["variable"]
        assert row.value.rounded(30) == told["value"]
        assert [tangent.rounded(30) for tangent in row.tangents] == told["tangent"]
        assert row.adjoint.rounded(30) == told["adjoint"]
        assert list(row.operands) == told.get("operands", [])
        assert row.formula == told.get("formula", told.get("name"))
    assert [row.name for row in trace.rows if row.name] == ["a", "b"]
    for told in document["contributions"]:
        row = trace.rows[int(told["row"].removeprefix("v_")) - 1]
        assert row.partials[told["target"]].rounded(30) == told["partial"]


def test_a_row_as_json_and_one_that_is_not_there() -> None:
    """A row is written with its numbers, here worked by hand at ln x1 + x1 x2; another one is refused in a sentence."""
    trace = adtrace.trace("ln(x1) + x1*x2", {"x1": 2, "x2": 5})
    assert json.loads(json.dumps(trace.rows[1], default=adtrace.to_json)) == {
        "variable": "v_2", "elemental": "mul", "operands": ["v_{-1}", "v_0"], "value": 10, "tangent": 5, "adjoint": 1,
        "partials": {"v_{-1}": 5, "v_0": 2},
    }  # fmt: skip
    arrays = adtrace.trace("z = W @ x; s = sum(z); t = z[0]", {"W": [[1, 2], [3, 4]], "x": [1, 2]}, const=["x"],
                           outputs=["s", "t"])  # fmt: skip
    written = json.loads(json.dumps(list(arrays.variables), default=adtrace.to_json))
    assert written[0]["adjoints"] == {"s": [[1, 2], [1, 2]], "t": [[1, 2], [0, 0]]}
    assert written[1] == {"variable": "v_0", "elemental": "", "operands": [], "value": [1, 2]}
    for place in (9, 3, -4):
        with pytest.raises(IndexError, match=rf"no row {place} of 3 rows: from 0 to 2, or from -3 to -1"):
            trace.rows[place]
    assert len(list(trace.rows)) == 3


def test_rows_of_arrays_outputs_and_data() -> None:
    """Rows of arrays have arrays and no partials that are numbers; outputs by name; what is const varies not."""
    trace = adtrace.trace("f(W, x) = sum(W @ x)*2", at={"W": [[1, 2], ["1/3", 1]], "x": [1, 2]})
    product, total, twice = trace.rows
    assert product.shape == (2,)
    assert product.value.exact == [5, Fraction(7, 3)]
    assert product.adjoint == [2, 2]
    assert trace.variables[0].adjoint == [[2, 4], [2, 4]]
    assert (total.shape, total.value.exact) == ((), Fraction(22, 3))
    assert twice.partials == {"v_2": 2}
    for row in (product, total):
        with pytest.raises(adtrace.OptionError, match="linear maps"):
            _ = row.partials
    several = adtrace.trace("f(x, y) = (x*y, x + y)", at=[2, 3])
    assert several.variables[0].adjoints == {"f_1": 3, "f_2": 1}
    with pytest.raises(adtrace.OptionError, match=r"read row\.adjoints"):
        _ = several.rows[0].adjoint
    data = adtrace.trace("(w*x - 1)^2", at={"w": 2, "x": 3}, const="x")
    assert data.rows[0].partials == {"v_{-1}": 3}
    with pytest.raises(adtrace.OptionError, match="x is const"):
        _ = data.variables[1].tangent


def test_rows_are_found_when_they_are_asked_for() -> None:
    """The last row of a long trace costs no more than itself."""
    trace = adtrace.trace("+".join(f"sin(x*{k})" for k in range(1, 2000)), at={"x": 1}, arithmetic="float")
    assert len(trace.rows) > 4_000
    assert trace.rows[-1].value == trace.value


# -- plain data ------------------------------------------------------------------------------------------------

VALIDATOR = Draft202012Validator(adtrace.json_schema())
KINDS: dict[str, tuple[Callable[[], adtrace.Trace], dict[str, Any]]] = {
    "both": (lambda: TRACE, {}),
    "forward": (lambda: TRACE, {"mode": "forward", "digits": 0, "rounding": "half-up"}),
    "several seeds": (lambda: adtrace.trace(BAYDIN, at=POINT, seed="each"), {}),
    "second order": (lambda: TRACE, {"mode": "second"}),
    "fourth order": (lambda: adtrace.trace(BAYDIN, at=POINT, seed="each"), {"mode": "both", "order": 4}),
    "several outputs": (lambda: adtrace.trace("f(r, t) = (r*cos(t), 3)", at=[2, "pi/6"]), {}),
    "several outputs of second order": (lambda: adtrace.trace("f(r, t) = (r*t, r)", at=[2, 1]), {"mode": "second"}),
    "weights": (lambda: adtrace.trace("f(r, t) = (r*t, r)", at=[2, 1], weights={"y_1": 1, "y_2": "1/3"}), {}),
    "a step": (lambda: TRACE, {"mode": "reverse", "learning_rate": "0.1"}),
    "readings": (lambda: adtrace.trace("2x + sin x", at={"x": 1}), {}),
    "a kink": (lambda: adtrace.trace("abs(x)", at={"x": 0}), {}),
    "letters": (lambda: adtrace.trace("x*y + exp(x*y)"), {}),
    "displayed": (lambda: adtrace.trace("x*y", at={"x": "1/3", "y": 2}, arithmetic="displayed"), {}),
    "doubles": (lambda: adtrace.trace("x*sin(y)", at={"x": "1/3", "y": 2}, arithmetic="float"), {}),
    "past the doubles": (lambda: adtrace.trace("exp(x)", at={"x": 1000}), {}),
    "as good as nothing": (lambda: adtrace.trace("sin(x)^2 + cos(x)^2 - 1", at={"x": 1}), {}),
    "an input alone": (lambda: adtrace.trace("x", at={"x": 3}), {}),
    "arrays": (lambda: adtrace.trace("h = W @ x; sum(tanh(h))", at={"W": [[1, 2], [3, 4]], "x": [1, 2]}), {}),
    "entries": (lambda: adtrace.trace("W @ x", at={"W": [[1, 2], [3, 4]], "x": [1, 2]}, weights="each"), {}),
    "arrays of letters": (lambda: adtrace.trace("sum(W @ x)", shape="W=2x2; x=2"), {}),
    "data": (lambda: adtrace.trace("(w*x - 1)^2", at={"w": 2, "x": 3}, const="x"), {}),
    "recorded": (lambda: adtrace.trace(lambda x, y: x * y, at=[1, 2]), {}),
    "six operands": (lambda: adtrace.trace("max(a, b, c, d)", at=dict(zip("abcd", (1, 2, 3, 4), strict=True))), {}),
}  # fmt: skip


@pytest.mark.parametrize("numbers", ["text", "float", "exact"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_plain_data_are_what_the_schema_says(kind: str, numbers: str) -> None:
    """Tables of every kind, by jsonschema, as they come back from JSON; and no number is JSON's NaN or Infinity."""
    make, options = KINDS[kind]
    document = make().to_dict(numbers=numbers, **options)
    text = json.dumps(document, allow_nan=False)
    VALIDATOR.validate(json.loads(text))
    assert document.get("numbers", "text") == numbers
    assert json.loads(make().table(format="json", numbers=numbers, **options)) == json.loads(text)


def test_the_schema_says_no() -> None:
    """The schema is one of its draft, and refuses a document with a key too many, one too few, or no number."""
    Draft202012Validator.check_schema(adtrace.json_schema())
    document = TRACE.to_dict()
    for spoil in (
        lambda d: d.pop("rows"), lambda d: d.update(extra=1), lambda d: d["rows"][0].update(extra="1"),
        lambda d: d["rows"][0].pop("value"), lambda d: d["rows"][0].update(value=None),
        lambda d: d["independents"][0].update(variable="x"), lambda d: d.update(jacobian={"y": {"x1": "1"}}),
        lambda d: d.update(mode="backward"), lambda d: d.update(numbers="text"), lambda d: d.update(update={"x1": "1"}),
        lambda d: d["contributions"][0].update(slots=[]), lambda d: d["contributions"][0].pop("total"),
    ):  # fmt: skip
        spoiled = json.loads(json.dumps(document))
        spoil(spoiled)
        assert not VALIDATOR.is_valid(spoiled)


def test_numbers_as_they_are_wanted() -> None:
    """Texts are rounded, floats the nearest doubles, and exact numbers fractions, where they are any."""
    trace = adtrace.trace("x*y + sin(x*y)/3", at={"x": "1/3", "y": "1/7"})
    text, doubles, exact = (trace.to_dict(numbers=numbers) for numbers in ("text", "float", "exact"))
    assert (text["rows"][0]["value"], doubles["rows"][0]["value"], exact["rows"][0]["value"]) == (
        "0.0476", 1 / 21, "1/21"
    )  # fmt: skip
    assert doubles["gradient"]["x"] == exact["gradient"]["x"] == float(trace.gradient["x"])
    assert Fraction(exact["contributions"][0]["partial"]) == 1
    assert doubles["rows"][0]["formula"] == text["rows"][0]["formula"]
    step = adtrace.trace("x^2", at={"x": 3}).to_dict(numbers="exact", mode="reverse", learning_rate="0.1")
    assert step["update"] == {"x": "12/5"}
    large = adtrace.trace("exp(x)", at={"x": 1000}).to_dict(numbers="float")
    assert large["rows"][0]["value"].startswith("1.97007111401704")
    with pytest.raises(adtrace.OptionError, match="numbers=float is for JSON"):
        trace.table(numbers="float")
    with pytest.raises(adtrace.OptionError):
        trace.to_dict(numbers="double")


def test_a_default_for_json() -> None:
    """``json.dumps`` with our default writes whatever the library returns."""
    trace = adtrace.trace("x*y + sin(x)", at={"x": 2, "y": "1/3"})

    def written(thing: Any) -> Any:
        return json.loads(json.dumps(thing, default=adtrace.to_json, allow_nan=False))

    assert written(trace.gradient) == {"x": float(trace.gradient["x"]), "y": 2}
    assert written(trace) == trace.to_dict()
    arrays = adtrace.trace("sum(W @ x)", at={"W": [[1, 2], ["1/3", 1]], "x": [1, 2]})
    assert written(arrays.gradient) == {"W": [[1, 2], [1, 2]], "x": [4 / 3, 3]}
    assert written({"f": adtrace.trace("x*y").value}) == {"f": "x*y"}
    assert written([adtrace.trace("exp(x)", at={"x": 1000}).value])[0].startswith("1.97")
    assert written(adtrace.layers("conv 3x3, 8; relu", input="3x8x8")) == written(
        adtrace.layers("conv 3x3, 8; relu", input="3x8x8").to_dict()
    )
    assert written(adtrace.check(trace.table()))["ok"] is True
    with pytest.raises(TypeError):
        written(object())


def test_pandas_takes_values() -> None:
    """Columns of values are numbers by ``astype(float)``, and keep what they are until then."""
    pd = pytest.importorskip("pandas")
    trace = adtrace.trace("x*y + sin(x)", at={"x": 2, "y": "1/3"})
    frame = pd.DataFrame({"row": row.variable, "value": row.value, "adjoint": row.adjoint} for row in trace.rows)
    assert frame["value"].iloc[0].exact == Fraction(2, 3)
    assert frame[["value", "adjoint"]].astype(float).dtypes.tolist() == [float, float]
    assert frame["value"].astype(float).tolist() == [float(row.value) for row in trace.rows]
    assert (frame["value"] * 3).iloc[0].exact == 2
    assert pd.Series(trace.gradient).astype(float).to_dict() == {n: float(v) for n, v in trace.gradient.items()}
    assert pd.to_numeric(pd.Series(trace.gradient).astype(float)).dtype == float
