"""A step of gradient descent after the gradient, as homework ends."""

from __future__ import annotations

import json
from fractions import Fraction

import mpmath
import pytest

import adtrace

NET = "h = sigmoid(W @ x + b); L = bce(h, y)"
AT = {"x": [1, 2], "W": [[1, -1], ["1/2", "1/4"]], "b": ["1/2", "-1/2"], "y": [1, 0]}
FORMATS = ("latex", "markdown", "text", "html", "typst")


def test_new_values_are_exact() -> None:
    """0.1 is one tenth: of L = (w x + b - y)^2 at w = 1, b = 0.5, x = 3, y = 2 the new values are 1/10 and 1/5."""
    trace = adtrace.trace("L = (w*x + b - y)^2", at={"w": 1, "b": "0.5", "x": 3, "y": 2}, const=["x", "y"])
    assert {name: value.exact for name, value in trace.updated("0.1").items()} == {
        "w": Fraction(1, 10), "b": Fraction(1, 5)
    }  # fmt: skip
    assert trace.updated(0.1)["w"].exact == Fraction(1, 10)


def test_a_network_by_hand() -> None:
    """Every entry is w - r (s(z) - y) x, at 30 digits of mpmath, and each is printed as that number rounded once."""
    trace = adtrace.trace(NET, at=AT, const=["x", "y"])
    with mpmath.workdps(40):
        slopes = [1 / (1 + mpmath.e ** mpmath.mpf("0.5")) - 1, 1 / (1 + mpmath.e ** mpmath.mpf("-0.5"))]
        rate = mpmath.mpf(1) / 3
        weights = [[1, -1], [mpmath.mpf("0.5"), mpmath.mpf("0.25")]]
        expected = [
            [w - rate * slope * x for w, x in zip(row, (1, 2), strict=True)]
            for row, slope in zip(weights, slopes, strict=True)
        ]
        texts = [[mpmath.nstr(number, 20) for number in row] for row in expected]
    new = trace.updated("1/3")
    assert list(new) == ["W", "b"]
    told = trace.to_dict(mode="reverse", learning_rate="1/3", digits=19)["update"]["W"]
    for row, others in zip(told, texts, strict=True):
        assert [Fraction(text) for text in row] == pytest.approx([Fraction(text) for text in others], abs=1e-18)


@pytest.mark.parametrize("format_", FORMATS)
def test_the_table_is_the_last_in_every_format(format_: str) -> None:
    """It has the new values, and a caption that says what they are; the tables before it are as without it."""
    trace = adtrace.trace(NET, at=AT, const=["x", "y"])
    with_step = trace.tables(mode="reverse", learning_rate="0.1", format=format_)
    assert len(with_step) == 2
    assert with_step[0].caption == trace.tables(mode="reverse", format=format_)[0].caption
    assert "gradient descent" in with_step[1].caption
    text = trace.each_table(mode="reverse", learning_rate="0.1", format=format_)[1]
    assert all(number in text for number in ("1.0622", "0.8755", "0.4378", "0.1255", "0.5622"))
    assert not with_step[1].blocks[0].panels[0].arrow


def test_a_scalar_trace() -> None:
    """Of numbers too, each in a line, with the derivative between the value and the new value."""
    trace = adtrace.trace("(x*y - 1)^2", at={"x": 2, "y": 3})
    rows = list(trace.tables(mode="reverse", learning_rate="1/4", format="text")[-1].blocks[0].groups[0])
    assert rows == [(("x", "2", "30", "-5.5"),), (("y", "3", "20", "-2"),)]


def test_a_letter_stays_a_letter() -> None:
    """The numbers are put in, two signs being one, and a letter of the function is refused."""
    trace = adtrace.trace("(x - 1)^2 + y^2 + 0*z", at={"x": "0.5", "y": 2, "z": 3})
    rows = list(trace.tables(mode="reverse", learning_rate="r", format="text")[-1].blocks[0].groups[0])
    assert [line[0][-1] for line in rows] == ["0.5 + r × 1", "2 - r × 4", "3"]
    assert trace.to_dict(mode="reverse", learning_rate="r")["update"]["y"] == "2.0000 - r*4.0000"
    with pytest.raises(adtrace.BindingError, match="y is a variable"):
        trace.table(learning_rate="y")
    with pytest.raises(adtrace.OptionError, match="numbers, and so is the learning rate"):
        trace.updated("r")


def test_in_symbols() -> None:
    """Without a point the step is a formula; at numbers it is the step there."""
    formulas = adtrace.trace("(w*x - y)^2", const=["x", "y"])
    new = formulas.updated("1/10")["w"].sympy()
    number = adtrace.trace("(w*x - y)^2", at={"w": 2, "x": 3, "y": 1}, const=["x", "y"]).updated("1/10")["w"]
    symbols = {symbol.name: symbol for symbol in new.free_symbols}
    assert new.subs({symbols["w"]: 2, symbols["x"]: 3, symbols["y"]: 1}) == number.exact == -1


@pytest.mark.parametrize(
    ("program", "at", "options", "sentence"),
    [
        ("y1 = x; y2 = 2*x", {"x": 1}, {"outputs": ["y1", "y2"]}, "of y1, y2 choose one, or give weights"),
        ("2*x", {"x": [1, 2]}, {}, "sum it, or give weights"),
        ("x^2", {"x": 1}, {"rate": "1/"}, "learning rate"),
        ("x^2", {"x": 1}, {"rate": [1]}, "not a finite real number"),
        ("x^2", {"x": 1}, {"mode": "forward"}, "mode forward has none"),
    ],
)
def test_what_has_no_step_is_refused(
    program: str, at: dict[str, object], options: dict[str, object], sentence: str
) -> None:
    """Several outputs, arrays, what is no number, a table without a gradient."""
    outputs = options.get("outputs")
    trace = adtrace.trace(program, at=at, outputs=outputs)  # type: ignore[arg-type]
    with pytest.raises(adtrace.AdtraceError, match=sentence):
        trace.table(learning_rate=options.get("rate", "0.1"), mode=options.get("mode", "reverse"))


def test_weights_give_several_outputs_a_step() -> None:
    """The step descends on the weighted sum, 2 x y + (x + y): at (1, 2) it is (1 - 5, 2 - 3)."""
    trace = adtrace.trace("a = x*y; b = x + y", at={"x": 1, "y": 2}, outputs=["a", "b"], weights={"a": 2, "b": 1})
    assert [value.exact for value in trace.updated(1).values()] == [-4, -1]
    assert "weighted sum" in trace.tables(mode="reverse", learning_rate=1)[-1].caption


def test_a_page_has_the_table() -> None:
    """It stands behind the traces of the page."""
    page = adtrace.trace("(x - 1)^2", at={"x": 3}).table(format="html", standalone=True, learning_rate="0.5")
    assert page.index("gradient descent") > page.rindex("<section")


def test_json_names_the_rate() -> None:
    """``learning_rate`` and ``update`` stand in the document, with all decimals."""
    document = json.loads(adtrace.trace("x^2", at={"x": 3}).table(format="json", learning_rate="0.1"))
    assert (document["learning_rate"], document["update"]) == ("0.1", {"x": "2.4000"})
