"""Where no derivative exists: a truth table of every elemental with a kink, as in DiffRules' tests.

A line of the table is a formula, its point, the conventions, its value, its derivatives, and how many conventions the
notes name.  The derivatives are worked out by hand; with no note they are the true ones.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import pytest

import adtrace
from adtrace.elementals import TABLE


class Line(NamedTuple):
    """A line of the truth table."""

    formula: str
    at: dict[str, str]
    kinks: str | None
    value: str
    gradient: list[str]
    notes: int

    def trace(self, seed: Any = None) -> adtrace.Trace:
        """The trace of the line."""
        return adtrace.trace(self.formula, at=self.at, seed=seed, kinks=self.kinks)


X, XY, XYZ = {"x": "0"}, {"x": "0", "y": "0"}, {"x": "0", "y": "0", "z": "0"}

ONE = [
    Line("abs(x)", X, None, "0", ["0"], 1),
    Line("abs(x)", X, "abs=1", "0", ["1"], 1),
    Line("abs(x)", X, "abs=-1", "0", ["-1"], 1),
    Line("abs(x)", {"x": "-2"}, "abs=1", "2", ["-1"], 0),
    Line("abs(x)", {"x": "2"}, None, "2", ["1"], 0),
    Line("relu(x)", X, None, "0", ["0"], 1),
    Line("relu(x)", X, "relu=1/2", "0", ["0.5"], 1),
    Line("relu(x)", X, "relu=1", "0", ["1"], 1),
    Line("relu(x)", {"x": "-3"}, "relu=1", "0", ["0"], 0),
    Line("relu(x)", {"x": "3"}, None, "3", ["1"], 0),
    Line("max(x, 0)", X, None, "0", ["1"], 1),
    Line("max(0, x)", X, None, "0", ["0"], 1),
    Line("max(0, x)", X, "tie=last", "0", ["1"], 1),
    Line("max(x, 0)", X, "tie=split", "0", ["0.5"], 1),
    Line("min(x, 0)", X, None, "0", ["1"], 1),
    Line("min(0, x)", X, None, "0", ["0"], 1),
    Line("min(0, x)", X, "tie=split", "0", ["0.5"], 1),
    Line("max(x, 1)", X, None, "1", ["0"], 0),
    Line("min(x, 1)", X, None, "0", ["1"], 0),
    Line("sign(x)", X, None, "0", ["0"], 1),
    Line("sign(x)", {"x": "-1/3"}, None, "-1", ["0"], 0),
    Line("floor(x)", X, None, "0", ["0"], 1),
    Line("floor(x)", {"x": "-1/3"}, None, "-1", ["0"], 0),
    Line("ceiling(x)", X, None, "0", ["0"], 1),
    Line("frac(x)", X, None, "0", ["1"], 1),
    Line("mod(x, 3)", {"x": "6"}, None, "0", ["1"], 1),
    Line("mod(7, x)", {"x": "2"}, None, "1", ["-3"], 0),
    Line("sinc(x)", X, None, "1", ["0"], 0),
    Line("heaviside(x)", X, None, "0.5", ["0"], 1),
    Line("heaviside(x)", X, "heaviside=1", "1", ["0"], 1),
    Line("heaviside(x)", X, "step=0", "0", ["0"], 1),
    Line("step(x) + sign(x)", X, "heaviside=1", "1", ["0"], 2),
    Line("heaviside(x)", {"x": "2"}, "heaviside=0", "1", ["0"], 0),
    Line("sqrt(x)", X, "sqrt=0", "0", ["0"], 1),
    Line("cbrt(x)", X, "cbrt=0", "0", ["0"], 1),
    Line("asin(x + 1)", X, "asin=0", "1.5708", ["0"], 1),
    Line("acos(x + 1)", X, "acos=-1", "0", ["-1"], 1),
    Line("acosh(x + 1)", X, "acosh=2", "0", ["2"], 1),
    Line("x^(3/2)", X, None, "0", ["0"], 1),
    Line("atan2(x, -1)", X, None, "3.1416", ["-1"], 1),
    Line("arctan2(x, y)", {"x": "0", "y": "-2"}, None, "3.1416", ["-0.5", "0"], 1),
    Line("x^y", {"x": "0", "y": "1"}, None, "0", ["1", "0"], 1),
    Line("x^y", {"x": "0", "y": "2"}, None, "0", ["0", "0"], 1),
]
"""Every elemental with a kink, at it and beside it."""

TRUE = [
    Line("x^1", X, None, "0", ["1"], 0),
    Line("x^0", X, None, "1", ["0"], 0),
    Line("x^2", X, None, "0", ["0"], 0),
    Line("cos(abs(x))", X, None, "1", ["0"], 0),
    Line("abs(x)^2", X, None, "0", ["0"], 0),
    Line("x*abs(x)", X, None, "0", ["0"], 0),
    Line("abs(x) - abs(-x)", X, None, "0", ["0"], 0),
    Line("abs(x) - abs(-x)", X, "abs=1", "0", ["0"], 0),
    Line("relu(x) - relu(-x)", X, None, "0", ["1"], 0),
    Line("relu(x) - relu(-x)", X, "relu=1", "0", ["1"], 0),
    Line("max(x, 0) + min(x, 0)", X, None, "0", ["1"], 0),
    Line("min(0, x) + max(0, x)", X, "tie=split", "0", ["1"], 0),
    Line("max(x, 0) - max(-x, 0)", X, None, "0", ["1"], 0),
    Line("max(x, x)", X, None, "0", ["1"], 0),
    Line("max(x, -x) - abs(x)", X, None, "0", ["0"], 0),
    Line("relu(x)*relu(x)", X, None, "0", ["0"], 0),
    Line("abs(x)*y", XY, None, "0", ["0", "0"], 0),
    Line("abs(x*y)", XY, None, "0", ["0", "0"], 0),
    Line("max(x, y) + min(x, y)", XY, None, "0", ["1", "1"], 0),
    Line("max(x, y) + min(x, y)", {"x": "3", "y": "3"}, "tie=split", "6", ["1", "1"], 0),
    Line("abs(x + y) - abs(-y - x) + z", XYZ, None, "0", ["0", "0", "1"], 0),
    Line("0^x", {"x": "2"}, None, "0", ["0"], 0),
    Line("0^x", {"x": "1/2"}, None, "0", ["0"], 0),
    Line("atan2(0, x)", {"x": "-1"}, None, "3.1416", ["0"], 0),
    Line("atan2(x, y)", {"x": "0", "y": "2"}, None, "0", ["0.5", "0"], 0),
    Line("sqrt(2)*relu(x) - sqrt(2)*relu(-x)", X, None, "0", ["1.4142"], 0),
    Line("exp(y)*relu(x) - exp(y)*relu(-x)", {"x": "0", "y": "2"}, None, "0", ["7.3891", "0"], 0),
]
"""Kinks that the function does not have: the true derivative, whatever the conventions, and no note."""

SEVERAL = [
    Line("max(x, y)", XY, None, "0", ["1", "0"], 1),
    Line("max(x, y)", XY, "tie=last", "0", ["0", "1"], 1),
    Line("max(x, y)", XY, "tie=split", "0", ["0.5", "0.5"], 1),
    Line("min(x, y)", XY, "tie=last", "0", ["0", "1"], 1),
    Line("max(x, y, z)", XYZ, None, "0", ["1", "0", "0"], 2),
    Line("max(x, y, z)", XYZ, "tie=last", "0", ["0", "0", "1"], 2),
    Line("max(x, y, z)", XYZ, "tie=split", "0", ["0.25", "0.25", "0.5"], 2),
    Line("max(max(x, y), z)", XYZ, "tie=split", "0", ["0.25", "0.25", "0.5"], 2),
    Line("max(x, max(y, z))", XYZ, "tie=split", "0", ["0.5", "0.25", "0.25"], 2),
    Line("max(x, y, z)", XYZ, "tie=split,v_2=first", "0", ["0.5", "0.5", "0"], 2),
    Line("max(x, y, z)", XYZ, "v_1=last", "0", ["0", "1", "0"], 2),
    Line("max(min(x, y), z)", XYZ, "v_1=last,v_2=first", "0", ["0", "1", "0"], 2),
    Line("abs(x) + abs(y)", XY, "abs=1,v_2=-1", "0", ["1", "-1"], 2),
    Line("abs(x) + relu(y)", XY, "v1=1/3,relu=1", "0", ["0.3333", "1"], 2),
    Line("heaviside(x) + heaviside(y)", XY, "v_1=1", "1.5", ["0", "0"], 2),
    Line("exp(abs(x))", X, None, "1", ["0"], 1),
    Line("sqrt(x^2)", X, "sqrt=0", "0", ["0"], 1),
    Line("sqrt(x^2 + y^2)", XY, "sqrt=1", "0", ["0", "0"], 1),
    Line("max(min(x, y), 0)", XY, None, "0", ["1", "0"], 2),
    Line("sign(x)*x", X, None, "0", ["0"], 1),
    Line("abs(x) + relu(y) - relu(-y)", XY, None, "0", ["0", "1"], 1),
    Line("x^2*sign(x) + heaviside(y)", XY, "heaviside=1", "1", ["0", "0"], 2),
    Line("abs(sin(x))", {"x": "pi"}, "abs=1", "0", ["-1"], 1),
    Line("max(x1*x2, x1 + x2)", {"x1": "2", "x2": "2"}, None, "4", ["2", "2"], 1),
]
"""Ties of several operands, kinks within kinks, and conventions for single rows."""

TABLE_OF_TRUTH = [pytest.param(line, id=f"{line.formula} {line.kinks or ''}") for line in (*ONE, *TRUE, *SEVERAL)]


def numbers(values: Any) -> list[float]:
    """The numbers as floats, to four decimals."""
    return [float(f"{value:.4f}") for value in values]


@pytest.mark.parametrize("line", TABLE_OF_TRUTH)
def test_the_truth_table(line: Line) -> None:
    """Value and derivatives are those of the table, and each convention that is used is named in a note."""
    trace = line.trace()
    assert f"{trace.value:.4f}" == f"{float(line.value):.4f}"
    assert numbers(trace.gradient.values()) == [float(number) for number in line.gradient]
    assert len([note for note in trace.to_dict()["notes"] if "convention" in note or "edge" in note]) == line.notes


@pytest.mark.parametrize("line", TABLE_OF_TRUTH)
def test_forward_is_reverse(line: Line) -> None:
    """Both sweeps give the same derivatives at a kink, digit for digit."""
    trace = line.trace("each")
    forward = [next(iter(tangents.values())).rounded(12) for tangents in trace.tangents]
    assert forward == [value.rounded(12) for value in trace.gradient.values()]


@pytest.mark.parametrize("line", TABLE_OF_TRUTH)
def test_no_table_shows_what_is_no_number(line: Line) -> None:
    """No document has nan or inf in it, nor the logarithm or quotient that has no value."""
    trace = line.trace()
    for form in ("markdown", "latex", "text", "json"):
        document = trace.table(format=form)
        assert not re.search(r"\b(nan|inf|zoo)\b|ln\(0\)|/0\b|/\(2 (×|\\times) 0\)", document)


@pytest.mark.parametrize("line", [given for given in TABLE_OF_TRUTH if given.values[0].notes])
def test_a_convention_is_never_used_in_silence(line: Line) -> None:
    """Where a convention is used, every format and every style says so under the tables; `kinks="error"` refuses."""
    trace = line.trace()
    for form in ("markdown", "latex", "text"):
        for name in ("three-part", "cs107", "aligned"):
            document = trace.table(format=form, style=name, mode="reverse")
            assert len(re.findall("By convention|the edge of its domain", document)) == line.notes
    with pytest.raises(adtrace.DomainError, match=r"no derivative exists|needs u"):
        adtrace.trace(line.formula, at=line.at, kinks="error")


@pytest.mark.parametrize("line", [given for given in TABLE_OF_TRUTH if not given.values[0].notes])
def test_a_true_derivative_is_not_refused(line: Line) -> None:
    """`kinks="error"` refuses nothing that has a derivative, and leaves the number as it is."""
    trace = adtrace.trace(line.formula, at=line.at, kinks="error")
    assert numbers(trace.gradient.values()) == [float(number) for number in line.gradient]


def test_every_kink_is_in_the_truth_table() -> None:
    """Each elemental of the table with a kink, or with an infinite partial, has lines at it."""
    kinked = {name for (name, _), entry in TABLE.items() if entry.kink or entry.smooth_text}
    kinked -= {"arcsin", "arccos", "arccosh", "ceil", "pow"}  # other spellings; and x^y
    kinked -= {"lambertw"}  # at no point that can be decided
    named = {name for line in ONE for name in re.findall(r"[a-z][a-z0-9]*(?=\()", line.formula)}
    assert kinked <= named
    assert any("x^y" in line.formula for line in ONE)


CELLS = [
    ("abs(x)", {"x": 0}, None, "0 × v̇₀", "v̄₁ × 0"),
    ("abs(x)", {"x": 0}, "abs=1", "v̇₀", "v̄₁ × 1"),
    ("abs(x)", {"x": -2}, None, "-v̇₀", "v̄₁ × (-1)"),
    ("relu(x)", {"x": 0}, "relu=1/2", "v̇₀/2", "v̄₁/2"),
    ("relu(x)", {"x": -1}, None, "0 × v̇₀", "v̄₁ × 0"),
    ("max(x, 3)", {"x": 5}, None, "v̇₀", "v̄₁ × 1"),
    ("max(x, 3)", {"x": 2}, None, "0 × v̇₀", "v̄₁ × 0"),
    ("min(x, 3)", {"x": 3}, "tie=split", "v̇₀/2", "v̄₁/2"),
    ("sqrt(x)", {"x": 0}, "sqrt=7", "7 × v̇₀", "v̄₁ × 7"),
]


@pytest.mark.parametrize(("formula", "at", "kinks", "tangent", "contribution"), CELLS)
def test_the_cells_use_the_partial_that_is_used(
    formula: str, at: dict[str, int], kinks: str | None, tangent: str, contribution: str
) -> None:
    """At a kink the cells have the number of the convention for a partial, and beside it the branch taken."""
    trace = adtrace.trace(formula, at=at, kinks=kinks)
    aligned = trace.table(format="text", style="aligned", mode="both")
    assert re.search(rf"v̇₁ = {re.escape(tangent)}  ", aligned)
    assert re.search(rf"= x̄ = {re.escape(contribution)}  ", aligned)


def test_two_operands_show_the_one_that_counts() -> None:
    """The tangent of a maximum is the tangent of the operand that it is; of a split tie half of each."""
    beside = adtrace.trace("max(x, y)", at={"x": 2, "y": 1}).table(format="text", mode="forward")
    assert "v̇₁  = v̇₋₁ = 1" in beside
    split = adtrace.trace("max(x, y)", at={"x": 2, "y": 2}, kinks="tie=split").table(format="text", mode="forward")
    assert "v̇₁  = v̇₋₁/2 + v̇₀/2 = 1/2 + 0/2" in split


def test_a_note_stands_only_where_a_convention_counts() -> None:
    """A table whose numbers a kink does not reach has no note of it."""
    both = adtrace.trace("(abs(x), y^2)", at={"x": 0, "y": 3})
    first, second = both.table(mode="reverse").split("**Table")[1:]
    assert "abs'(0)" in first.replace("&#39;", "'")
    assert "kink" not in second
    assert "kink" not in adtrace.trace("abs(x) + y", at={"x": 0, "y": 1}, seed="y").table(mode="forward")


REFUSED = {
    "abs": "kinks is written as abs=0,relu=1/2,tie=split, or error; not 'abs'",
    "abs=": "kinks is written as",
    "": "kinks is written as",
    "abs=x": "the convention abs is a number, not 'x'",
    "abs=1/0": "the convention abs is a number, not '1/0'",
    "abs=first": "the convention abs is a number, not 'first'",
    "tie=both": "tie is first, last, split or all, not 'both'",
    "tie=first,tie=last": "kinks names 'tie' twice",
    "sine=1": "'sine' has no kink with a number",
    "sign=1": "'sign' has no kink with a number",
    "v_9=1": "kinks names v_9, which is not a row",
    "v_3=1": "kinks names v_3, which has no kink",
    "v_0=1": "'v_0' has no kink",
    "v_1=1": "v_1 is a tie, which takes first, last, split or all, not '1'",
    "v_2=last": "v_2 = abs(...) takes a number at its kink, not 'last'",
}


@pytest.mark.parametrize(("kinks", "sentence"), REFUSED.items())
def test_conventions_that_make_no_sense(kinks: str, sentence: str) -> None:
    """What is no convention, or for a row that has no kink, is refused with a sentence."""
    with pytest.raises(adtrace.OptionError, match=f"^{re.escape(sentence)}"):
        adtrace.trace("max(x, 0) + abs(x)", at={"x": 0}, kinks=kinks)


UNDEFINED = {
    "atan2(x, y)": "atan2 needs u != 0 or w != 0",
    "sqrt(x)": "a finite derivative of sqrt needs u > 0",
    "sqrt(x^2 + y^2)": "a finite derivative of sqrt needs u > 0",
    "cbrt(x)": "a finite derivative of cbrt needs u != 0",
    "x^0.5": "a finite derivative of a real power needs u > 0",
    "x^y": "a power with a variable exponent needs u > 0 or w > 0",
    "0^x": "a power with a variable exponent needs u > 0 or w > 0, but u = 0 and w = v_0 = 0 in v_1 = 0^v_0",
    "x^x": "a power with a variable exponent needs u > 0 or w > 0",
    "x^-1": "a negative power needs u != 0",
    "x*ln(x)": "ln needs u > 0",
}


@pytest.mark.parametrize(("formula", "sentence"), UNDEFINED.items())
def test_no_value_or_an_infinite_slope(formula: str, sentence: str) -> None:
    """Where there is no value, or only an infinite slope and no convention for it, the trace is refused."""
    at = {name: 0 for name in ("x", "y") if name in formula}
    with pytest.raises(adtrace.DomainError, match=re.escape(sentence)):
        adtrace.trace(formula, at=at)


def test_the_json_names_the_convention() -> None:
    """The structure has the note in plain text."""
    (note,) = json.loads(adtrace.trace("relu(x)", at={"x": 0}).table(format="json"))["notes"]
    assert note == (
        "v_1 (relu) is at its kink, v_0 = 0: its one-sided slopes are 0 and 1, and no derivative exists. "
        "By convention relu'(0) = 0."
    )


# -- each output, each direction, each precision ----------------------------------------------------------------


def notes(trace: adtrace.Trace, mode: str) -> list[str]:
    """The notes of a table."""
    found: list[str] = trace.to_dict(mode=mode)["notes"]
    return found


def test_a_direction_without_a_derivative_is_noted() -> None:
    """relu(min(2x - y, 2y - x)) has partial derivatives 0 at 0, and along (1, 1) the slopes 0 and 1 (it is relu(t))."""
    text = "relu(min(2*x - y, 2*y - x))"
    trace = adtrace.trace(text, at=XY, seed={"x": 1, "y": 1})
    (note,) = notes(trace, "forward")
    assert note == ("f has no derivative in the direction p = (1, 1): its one-sided slopes are 0 and 1.000. "
                    "Its tangent is the sum of its partial derivatives times the seed.")  # fmt: skip
    assert notes(trace, "reverse") == []
    assert "no derivative in the direction" in trace.table(mode="forward", format="text")
    assert notes(adtrace.trace(text, at=XY, seed="each"), "forward") == []
    assert notes(adtrace.trace(text, at=XY, seed={"x": 1, "y": -1}), "forward") == []
    with pytest.raises(adtrace.DomainError, match=r"f has different slopes to both sides along \(1, 1\)$"):
        adtrace.trace(text, at=XY, seed={"x": 1, "y": 1}, kinks="error")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("abs(x)*(sqrt(2)*sqrt(2) - 2 + 1e-60)", "its one-sided slopes are -1 and 1"),
        ("abs(x)*(exp(1e-80) - 1)", "its one-sided slopes are -1 and 1"),
        ("abs(x)*(sqrt(2)*sqrt(2) - 2)", "Whether y has a derivative here is undecided"),
    ],
)
def test_a_small_slope_is_decided_at_a_higher_precision(text: str, told: str) -> None:
    """Whether slopes differ is decided at the precision that it takes; what none decides is noted."""
    (note,) = notes(adtrace.trace(text, at=X, kinks="abs=1"), "both")
    assert told in note


def test_each_output_is_decided_on_its_own() -> None:
    """A smooth output has its true derivative beside one at a kink, whose table alone has the note."""
    trace = adtrace.trace("(relu(x) - relu(-x), abs(x))", at=X)
    smooth, kink = trace.table(mode="reverse", format="text").split("Table 2.")
    assert "kink" not in smooth
    assert "abs'(0) = 0" in kink
    assert [[str(number) for number in row.values()] for row in trace.jacobian.values()] == [["1"], ["0"]]
    assert [str(number) for number in trace.tangents[0].values()] == ["1", "0"]
    assert len(notes(trace, "reverse")) == 1


def test_weights_may_cancel_a_kink() -> None:
    """relu(x) - relu(-x), as the weighted sum of two outputs, is x: its gradient is 1, and no note stands by it."""
    at = {"at": X, "weights": {"y_1": 1, "y_2": -1}}
    trace = adtrace.trace("(relu(x), relu(-x))", **at)
    assert trace.gradient["x"] == 1
    assert notes(trace, "reverse") == []
    assert len(notes(trace, "forward")) == 2
    assert len(notes(adtrace.trace("(relu(x), relu(-x))", at=X, weights={"y_1": 1, "y_2": 1}), "reverse")) == 2


def test_a_derivative_that_no_partials_give_is_told() -> None:
    """max(min(x, y), 0) has the partial derivatives 0 and 0 at 0, which no partials of the two rows give."""
    found = notes(adtrace.trace("max(min(x, y), 0)", at=XY), "reverse")
    assert any("by x exists and is another number" in note for note in found)


POOLED = {  # z and w, and the derivative of L by z
    (-1, -1, 0, -2): ((0, 1, -1), (0, 0, 0, 0)),
    (0, -2, 2, 0): ((0, 1, 0), (0, 0, 1, 0)),
    (2, 0, 0, 1): ((1, 0, 1), (1, 0, 0, 1)),
}


@pytest.mark.parametrize("z", POOLED)
def test_a_pool_takes_what_gives_the_derivative_that_exists(z: tuple[int, ...]) -> None:
    """L is smooth at z, where relu and pool are not, and no note speaks of entries whose adjoint is 0.

    The first: L = max(relu(z_2), relu(z_3)) - max(relu(z_3), relu(z_4)) is relu(z_3) - relu(z_3) = 0 about it.
    """
    w, gradient = POOLED[z]
    trace = adtrace.trace("L = dot(w, maxpool1d(relu(z), 2, stride=1))", at={"z": list(z), "w": list(w)}, const="w")
    assert [int(x) for x in trace.gradient["z"].flat] == list(gradient)
    assert "kink" not in (table := trace.table(mode="reverse", format="text"))
    assert " tie" not in table
