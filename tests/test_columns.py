"""The parts of a row, for all traces or for each."""

from __future__ import annotations

import dataclasses

import pytest

import adtrace
from adtrace.errors import OptionError
from adtrace.tables.options import Options

TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
EACH = "evaluation:name,formula,numbers;adjoint:name,formula,partial,value"


def test_columns_of_each_trace_are_the_published_ones() -> None:
    """Table 3 of Baydin et al. (2018): the local partial is put in on the right, numbers are put in on the left."""
    table = TRACE.table(mode="reverse", format="text", style="baydin")
    (line,) = [line for line in table.splitlines() if "v̄₂ × ∂v₂/∂v₋₁" in line]
    assert line.split("│")[-1].split() == ["v̄₋₁", "=", "v̄₂", "×", "∂v₂/∂v₋₁", "=", "v̄₂", "×", "v₀", "=", "5"]
    assert "v₂  = v₋₁ × v₀ = 2 × 5 " in table
    assert TRACE.table(mode="reverse", format="text", columns=EACH) == table
    parts = {"evaluation": ["formula", "numbers"], "adjoint": ["formula", "partial", "value"]}
    assert TRACE.table(mode="reverse", format="text", columns=parts) == table


def test_a_trace_that_is_not_named_keeps_its_columns() -> None:
    """Only the tangents are asked to be values; a list without names is for all traces."""
    own = TRACE.table(mode="forward", format="text")
    left, right = "│ v₅  = v₄ - v₃  = 10.6931 + 0.9589", "v̇₅  = 5.5"
    (line,) = [
        line
        for line in TRACE.table(mode="forward", format="text", columns="tangent:value").splitlines()
        if left in line
    ]
    assert line.split("│")[-1].strip() == right
    assert left in own
    assert "ln(2)" not in TRACE.table(mode="forward", format="text", columns="formula,value")


@pytest.mark.parametrize("given", ["name,formula,partial,value", EACH, "partial", {"adjoint": "partial"}])
def test_columns_are_the_same_when_they_are_checked_again(given: object) -> None:
    """An option record made from another keeps its columns."""
    once = Options(columns=given)  # type: ignore[arg-type]
    assert dataclasses.replace(once, digits=6).columns == once.columns


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("evaluation:partial", "partial is a part of the adjoint trace, not of the evaluation trace"),
        ("forward:value", "each trace of columns is evaluation, tangent or adjoint, not 'forward'"),
        ("adjoint:value;adjoint:formula", "columns names a trace twice"),
        ("adjoint:", "each of columns is name, formula, partial, numbers or value, not ''"),
        ({"adjoint": 3}, "columns is a text such as 'name,formula', or a list of names, not 3"),
    ],
)
def test_wrong_columns_are_refused(given: object, sentence: str) -> None:
    """What is not a trace or not a part of it has a sentence."""
    with pytest.raises(OptionError, match=sentence):
        Options(columns=given)  # type: ignore[arg-type]
