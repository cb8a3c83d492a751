"""Numbers as people write them: displayed arithmetic, and significant digits."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import mpmath as mp
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from latex_reader import evaluate

import adtrace

LECTURE = {"expression": "ln(x1) + x1*x2 - sin(x2)", "at": {"x1": 2, "x2": 5}}


def test_the_sum_of_rounded_rows() -> None:
    """10.6931 + 0.9589 is 11.6520, as lecture notes print it; the exact value rounds to 11.6521."""
    by_hand = adtrace.trace(**LECTURE, arithmetic="displayed").table(style="ledger", mode="forward")
    exactly = adtrace.trace(**LECTURE).table(style="ledger", mode="forward")
    assert "11.6520" in by_hand
    assert "11.6521" not in by_hand
    assert "11.6521" in exactly
    assert "11.6520" not in exactly


def test_it_is_labelled() -> None:
    """A note says how the numbers were made, in every format; the value and the gradient of the trace stay exact."""
    trace = adtrace.trace(**LECTURE, arithmetic="displayed")
    for form in ("markdown", "latex", "text", "json"):
        assert "Every row is computed from the numbers shown above it, rounded to 3 decimals" in trace.table(
            format=form, digits=3
        )
    assert f"{trace.value:.4f}" == "11.6521"
    assert trace.gradient["x1"] == 5.5


CHAIN = re.compile(r"\$(.+) = (-?[0-9.]+)\$")


def chains(document: str) -> list[tuple[str, str]]:
    """Each cell that works a number out, as its working and its result."""
    found = [CHAIN.fullmatch(cell.strip()) for line in document.splitlines() for cell in line.split("|")]
    return [(match[1], match[2]) for match in found if match]


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "3", "0.7", "pi"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})")
        | st.tuples(st.sampled_from(["sin", "exp", "ln", "tanh", "sqrt"]), inner).map(lambda t: f"{t[0]}({t[1]})")
        | inner.map(lambda t: f"({t})^2")
    ),
    max_leaves=7,
)


@settings(max_examples=60)
@given(
    EXPRESSIONS, st.sampled_from(["2", "pi/3", "1.23456789"]), st.sampled_from(["5", "-0.5", "1/3"]), st.integers(1, 6)
)
def test_every_line_is_right_as_it_stands(expression: str, x: str, y: str, digits: int) -> None:
    """Whoever works a line out from the numbers in it gets the number behind it, in both sweeps."""
    at = {name: number for name, number in (("x", x), ("y", y)) if name in expression.replace("exp", "")}
    assume(at)
    try:
        document = adtrace.trace(expression, at=at, arithmetic="displayed").table(style="four-column", digits=digits)
    except (adtrace.MathematicsError, adtrace.BoundError):
        assume(False)
    worked = chains(document)
    for working, result in worked:
        number = evaluate(working, {})
        assume(abs(number) < 1e6)
        assert abs(number - float(result)) <= 0.5000001 * 10.0**-digits


def test_running_totals_are_rounded_where_they_are_shown() -> None:
    """Three thirds of 0.1 are 0.09 when each total is written down, and 0.10 when they are one sum."""
    trace = adtrace.trace("x/3*0.1 + (x/3)*0.1 + x/3*0.1", at={"x": 1}, arithmetic="displayed", sharing=False)
    rows = trace.table(style="griewank", mode="reverse", digits=2)
    line = trace.table(style="aligned", mode="reverse", digits=2)
    assert "0.09" in rows.splitlines()[-4] or r"\mathbf{0.09}" in rows
    assert r"\mathbf{0.10}" in line


def test_what_was_typed_is_not_rounded() -> None:
    """The point is put in as typed, however long: nobody rounds the question."""
    trace = adtrace.trace("2*x + y", at={"x": "1.23456789", "y": "pi/3"}, arithmetic="displayed")
    table = trace.table(style="four-column", digits=2)
    assert r"$2 \times 1.23456789 = 2.47$" in table
    assert r"$2.47 + \pi/3 = 3.52$" in table


def test_a_rounded_zero_cannot_divide() -> None:
    """A number that is zero as displayed divides nothing, and the sentence names it."""
    trace = adtrace.trace("1/(x - 1)", at={"x": "1.00001"}, arithmetic="displayed")
    with pytest.raises(adtrace.DomainError, match=r"a division needs w != 0, but w = v_1 = 0"):
        trace.table(digits=2)


def test_it_goes_with_decimals_only() -> None:
    """Displayed arithmetic computes with decimals, so significant digits and exact numbers are refused."""
    trace = adtrace.trace("x^2", at={"x": 3}, arithmetic="displayed")
    for numbers in ("significant", "exact", "short"):
        with pytest.raises(adtrace.OptionError, match="displayed arithmetic rounds to decimals"):
            trace.table(numbers=numbers)
    assert trace.table(numbers="fixed") == trace.table()


@settings(max_examples=80)
@given(st.sampled_from(["exp(x)", "x^2/7", "sin(x)*1e-9", "x*1e12", "ln(x)", "1/x", "x - pi"]),
       st.fractions(min_value="1/1000", max_value=1000, max_denominator=1000), st.integers(1, 25),
       st.sampled_from(["half-even", "half-up"]))  # fmt: skip
def test_significant_digits(expression: str, x: object, digits: int, rounding: str) -> None:
    """A value has so many significant digits, those of mpmath's value at 60 digits, rounded once."""
    table = adtrace.trace(expression, at={"x": x}).table(
        style="aligned", mode="forward", numbers="significant", digits=digits, rounding=rounding, format="text"
    )
    shown = next(line for line in table.splitlines() if line.startswith("▼")).split("  ")
    printed = Decimal(next(cell.strip() for cell in shown[1:] if cell.strip()))
    with mp.workdps(60):
        number = mp.mpf(x.numerator) / x.denominator  # type: ignore[attr-defined]
        value = {
            "exp(x)": lambda: mp.exp(number), "x^2/7": lambda: number**2 / 7,
            "sin(x)*1e-9": lambda: mp.sin(number) / 10**9,
            "x*1e12": lambda: number * 10**12, "ln(x)": lambda: mp.log(number), "1/x": lambda: 1 / number,
            "x - pi": lambda: number - mp.pi,
        }[expression]()  # fmt: skip
        exact = Decimal(mp.nstr(value, 50, strip_zeros=False))
    if exact == 0 or abs(exact) < Decimal("1e-45"):
        assert printed == 0
        return
    unit = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    assume(abs(exact / unit % 1 - Decimal("0.5")).copy_abs() > Decimal("1e-15"))  # mpmath's last digits at a tie
    mode = ROUND_HALF_EVEN if rounding == "half-even" else ROUND_HALF_UP
    assert printed == (exact / unit).quantize(Decimal(1), mode) * unit


def test_the_json_is_computed_as_displayed_too() -> None:
    """The structure has the numbers of the tables."""
    trace = adtrace.trace(**LECTURE, arithmetic="displayed")
    document = json.loads(trace.table(format="json", mode="forward"))
    assert document["dependents"][0]["value"] == "11.6520"


@pytest.mark.parametrize("style", ["three-part", "numbered-from-one", "four-column", "griewank", "cs107"])
@pytest.mark.parametrize("point", ["1/3", "pi/3", "0.126"])
def test_an_input_is_shown_as_what_is_computed_with(style: str, point: str) -> None:
    """10*w at w = 1/3 is 3.33 by hand: its first row says 1/3, and not 0.33, from which 3.30 would follow."""
    trace = adtrace.trace("10*w", at={"w": point}, seed={"w": point}, arithmetic="displayed")
    document = trace.table(style=style, digits=2, format="text", mode="forward", caption="")
    rounded = {"1/3": "0.33", "pi/3": "1.05", "0.126": "0.13"}[point]
    assert not re.search(rf"(?<![0-9]){re.escape(rounded)}(?![0-9])", document)
    assert point.replace("pi", "π") in document
    found = trace.to_dict(digits=2)
    assert (found["independents"][0]["value"], found["independents"][0]["tangent"]) == (point, point)
    assert found["rows"][0]["value"] == {"1/3": "3.33", "pi/3": "10.47", "0.126": "1.26"}[point]
