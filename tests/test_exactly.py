"""Numbers in closed form: short, and the number that they stand for."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import adtrace

PP6 = ("exp(-(sin(x) - cos(y))^2)", {"x": "pi/2", "y": "pi/3"})


def values(expression: str, at: dict[str, object], **options: object) -> list[list[str]]:
    """The cells of the printed table, line by line."""
    text = adtrace.trace(expression, at=at).table(format="markdown", caption="", **options)
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip(" $") for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_cs107_has_its_closed_forms() -> None:
    """The published exercise's own figures: 1/2, sqrt(3)/2, exp(-1/4), and the product of the two."""
    lines = values(*PP6, style="cs107", numbers="exact", mode="forward")

    assert [line[2] for line in lines] == [r"\pi/2", r"\pi/3", "1", "1/2", "1/2", "1/4", "-1/4", r"\exp(-1/4)"]
    assert [line[5] for line in lines[3:]] == [
        r"-\sqrt{3}/2", r"\sqrt{3}/2", r"\sqrt{3}/2", r"-\sqrt{3}/2", r"-\sqrt{3} \times \exp(-1/4)/2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "at", "closed"),
    [
        ("sqrt(x)", {"x": 8}, "2*sqrt(2)"),
        ("x/3 + 1/6", {"x": 1}, "1/2"),
        ("ln(x) + ln(2)", {"x": 3}, "ln(2) + ln(3)"),
        ("atan(x)", {"x": 1}, "pi/4"),
        ("max(sqrt(x), 1)", {"x": 2}, "sqrt(2)"),
        ("abs(x - pi)", {"x": 3}, "-3 + pi"),
        ("sigmoid(x)", {"x": 0}, "1/2"),
        ("log2(x)", {"x": 8}, "3"),
    ],
)
def test_a_closed_form_is_the_number(expression: str, at: dict[str, object], closed: str) -> None:
    """What is printed, read back and evaluated, is the value to thirty digits."""
    trace = adtrace.trace(expression, at=at)
    shown = adtrace.trace(closed + " + 0*x", at={"x": 1})

    assert shown.value.rounded(30) == trace.value.rounded(30)
    text = trace.table(format="text", caption="", numbers="exact", mode="forward", columns="name,value").splitlines()
    last = next(line for line in reversed(text) if line.startswith("▼"))
    ours = last.split("=")[1].split("▼")[0].strip().replace(" × ", "*").replace("π", "pi")
    assert adtrace.trace(f"{ours} + 0*x", at={"x": 1}).value.rounded(30) == trace.value.rounded(30)


def test_what_has_no_short_closed_form_is_rounded() -> None:
    """A long closed form, and a number that sympy cannot carry, are printed as decimals."""
    expression, at = "sin(cos(exp(x)) + ln(x + 1/7)*x^(2/3))", {"x": "3/2"}
    lines = values(expression, at, numbers="exact", columns="name,value", mode="forward")

    assert lines[-1][1] == f"= \\mathbf{{{adtrace.trace(expression, at=at).value.rounded(4)}}}"


def test_an_undefined_value_is_still_refused() -> None:
    """Closed forms change nothing about the domain."""
    with pytest.raises(adtrace.DomainError, match="ln needs u > 0"):
        adtrace.trace("ln(x)", at={"x": -1}).table(numbers="exact")


def test_sympy_is_imported_for_closed_forms_only() -> None:
    """A table in the other forms of numbers leaves sympy alone."""
    code = (
        "import sys, adtrace\n"
        "trace = adtrace.trace('sin(x)', at={'x': 'pi/3'})\n"
        "trace.table(); print('sympy' in sys.modules)\n"
        "trace.table(numbers='exact'); print('sympy' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("text", "x", "digits", "value"),
    [
        ("exp(ln(x))", "5/2", 0, "2"),
        ("exp(ln(x))", "7/2", 0, "4"),
        ("sqrt(x)^2", "2.00005", 4, "2.0000"),
        ("sqrt(x)^2", "2.00015", 4, "2.0002"),
        ("sin(x)^2 + cos(x)^2 + 1/2", "5/2", 0, "2"),
        ("3*exp(x)*exp(-x)/2", "1", 0, "2"),
        ("ln(x) - ln(2) - ln(3) + 5/2", "6", 0, "2"),
        ("tanh(x)^2 + 1/cosh(x)^2 + 1/2", "1", 0, "2"),
        ("(sqrt(x) + sqrt(3))^2 - 2*sqrt(6) + 1/2", "2", 0, "6"),
    ],
)
def test_algebra_decides_a_tie_that_no_precision_does(text: str, x: str, digits: int, value: str) -> None:
    """The number is the fraction that one finds by hand, rounded half to even: no mark, and it is not refused."""
    trace = adtrace.trace(text, at={"x": x})
    document = trace.table(digits=digits, format="text", mode="forward", undecided="refuse")
    assert re.search(rf"y  = v\S+ += {re.escape(value)} ", document)
    assert "undecided" not in document
    assert trace.to_dict(digits=digits)["dependents"][0]["value"] == value


def test_what_algebra_does_not_show_is_marked() -> None:
    """atan(1/2) + atan(1/3) is pi/4 (Machin), which sympy does not know: the last digit carries the mark."""
    trace = adtrace.trace("5/2 + atan(x) + atan(1/3) - pi/4", at={"x": "1/2"})
    assert "2?" in trace.table(digits=0, format="text", mode="forward")
    with pytest.raises(adtrace.UndecidedError):
        trace.table(digits=0, undecided="refuse")


@pytest.mark.parametrize("text", ["1/(1 + exp(-x))", "sigmoid(x)", "exp(-x) + 1/(exp(-x/3) + 1)", "(1/3)^x + 1/2"])
def test_closed_forms_are_bounded_by_size(text: str) -> None:
    """A power that would be multiplied out a million times over is left, or the number is rounded."""
    document = adtrace.trace(text, at={"x": 1000000}).table(numbers="exact", format="text", mode="forward")
    assert "y  = v" in document
