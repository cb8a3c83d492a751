"""The library in a script: points of every kind, files of every format, a graph in a notebook, rows, plain data."""

from __future__ import annotations

import io
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

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
