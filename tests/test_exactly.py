"""Numbers in closed form: short, and the number that they stand for."""

from __future__ import annotations

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
