"""The worked traces that people published: every single-output case with a point gets the right figures.

``published.json`` holds the facts.  Expressions, points and rows are as published, but for two spellings of sympy:
``Max`` and ``Abs`` are ``max`` and ``abs`` in the language, which says so when it meets them.  The figures are not the
published ones (every third table has a wrong number): they were computed by sympy at 60 digits, apart from adtrace.
"""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

import adtrace

FACTS: dict[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_name("published.json").read_text("utf-8"))
DECIMALS = 12


def rounded(text: str) -> str:
    """Thirty computed digits as adtrace should print them: twelve decimals, half to even, no negative zero."""
    number = Decimal(text).quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN)
    return format(abs(number) if number == 0 else number, "f")


def named(kind: str) -> list[Any]:
    """The cases of a kind as parameters that carry their names."""
    return [pytest.param(case, id=case["id"]) for case in FACTS[kind]]


@pytest.mark.parametrize("case", named("cases"))
def test_value_and_gradient_have_the_computed_digits(case: dict[str, Any]) -> None:
    """The value and every partial derivative of a published case are right to twelve decimals."""
    trace = adtrace.trace(case["expression"], at=case["at"])
    assert trace.value.rounded(DECIMALS) == rounded(case["value"])
    assert list(trace.gradient) == list(case["at"])
    assert [value.rounded(DECIMALS) for value in trace.gradient.values()] == [rounded(g) for g in case["gradient"]]


@pytest.mark.parametrize("case", named("cases"))
def test_forward_and_reverse_agree(case: dict[str, Any]) -> None:
    """One forward sweep for each variable gives the gradient of the reverse sweep, digit for digit."""
    for name, partial in zip(case["at"], case["gradient"], strict=True):
        trace = adtrace.trace(case["expression"], at=case["at"], seed=name)
        assert trace.tangent.rounded(DECIMALS) == rounded(partial)


@pytest.mark.parametrize("case", named("kinks"))
def test_a_kink_is_noted_or_refused(case: dict[str, Any]) -> None:
    """Where the derivative is a choice, the table says so in a note, or the trace is refused; where there is one, it
    is printed without.
    """
    if case.get("refused"):
        with pytest.raises(adtrace.DomainError, match=r"needs .* but v_"):
            adtrace.trace(case["expression"], at=case["at"])
        return
    trace = adtrace.trace(case["expression"], at=case["at"])
    assert trace.value.rounded(DECIMALS) == rounded(case["value"])
    notes = trace.to_dict()["notes"]
    if case["id"] == "pytorch-relu-minus-relu":  # x itself: smooth, though its elementals are not
        assert trace.gradient["x"] == 1 == int(case["one_sided"]["x"][0])
        assert notes == []
        return
    assert any("kink" in note for note in notes)
    for form in ("markdown", "latex", "text"):
        assert "kink" in trace.table(format=form)


@pytest.mark.parametrize("case", named("row_programs"))
def test_the_wengert_list_is_the_author_s(case: dict[str, Any]) -> None:
    """The rows of a published table are our rows: one row for each operation, and every value is found among them.

    ``expression`` is grouped as the rows are, where the author's formula (``typed``) is grouped otherwise.
    """
    rows = adtrace.trace(case["expression"], at=case["at"]).to_dict(digits=DECIMALS)["rows"]
    operations = sum(len(re.findall(r"\*\*|[-+*/]|[a-z]+\(", operation)) for operation, _ in case["rows"])
    assert len(rows) == operations
    theirs, ours = {rounded(value) for _, value in case["rows"]}, {row["value"] for row in rows}
    if operations == len(case["rows"]):
        assert ours == theirs
    else:  # a row of theirs holds several operations: exp(-x), 3x^3
        assert ours > theirs


def test_both_groupings_of_a_formula_have_one_value() -> None:
    """Where a table groups its formula otherwise than it is typed, both have the published function's value."""
    regrouped = [case for case in FACTS["row_programs"] if "typed" in case]
    assert regrouped
    for case in regrouped:
        values = {adtrace.trace(case[form], at=case["at"]).value.rounded(DECIMALS) for form in ("typed", "expression")}
        assert values == {rounded(case["rows"][-1][1])}


def test_the_facts_are_all_there() -> None:
    """The copy holds every single-output case with a point, each once."""
    assert {kind: len(cases) for kind, cases in FACTS.items()} == {"cases": 90, "kinks": 7, "row_programs": 37}
    names = [case["id"] for kind in ("cases", "kinks") for case in FACTS[kind]]
    assert len(set(names)) == len(names)
