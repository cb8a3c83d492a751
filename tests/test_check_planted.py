"""Tables that adtrace writes, read back: clean as they are, and with one planted mistake found, named and alone."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from planted import (
    FUNCTIONS,
    Planted,
    chosen,
    data,
    edited,
    plantings,
    shown,
    structure,
    visible,
)

import adtrace

STYLES = ["three-part", "griewank", "cs107", "directional", "four-column", "aligned", "ledger", "numbered-from-one"]
EACH = 200
"""Mistakes planted in the tables of each style."""


def names(style: str, place: int) -> dict[str, str]:
    """The variables of a trace as a style numbers them."""
    numbers = structure(*FUNCTIONS[place])
    order = [*numbers.inputs, *(row.name for row in numbers.rows)]
    if style == "cs107":
        return {name: f"x_{i}" for i, name in enumerate(order, start=1)}
    if style == "numbered-from-one":
        return {name: f"v_{i}" for i, name in enumerate(order, start=1)}
    return {name: name for name in order}


class Clean:
    """The correct tables and their reports, each made once."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, str], tuple[str, adtrace.Report]] = {}

    def get(self, place: int, style: str, mode: str) -> tuple[str, adtrace.Report]:
        """A table and its report."""
        key = place, style, mode
        if key not in self.known:
            expression, at = FUNCTIONS[place]
            document = adtrace.trace(expression, at=at).table(format="markdown", style=style, mode=mode)
            self.known[key] = document, adtrace.check(document, at, function=expression)
        return self.known[key]


@pytest.fixture(scope="module")
def clean() -> Clean:
    """The correct tables."""
    return Clean()


def cell_of(report: adtrace.Report, planting: Planted, name: str, style: str) -> Any:
    """The cell that holds the number of a planting; None where the style has none."""
    cells = [c for c in data(report) if c.kind == planting.kind and c.row == name and c.verdict == "right"]
    if planting.kind == "tangent":
        columns = cells if style == "cs107" else cells[:1]
        cells = columns[planting.pass_ : planting.pass_ + 1]
    if planting.kind == "adjoint":
        cells = [c for c in cells if abs(number(c.expected) - planting.right) < 6e-4 * max(1, abs(planting.right))]
    return cells[0] if cells else None


def number(text: str) -> float:
    """A number as a report prints it."""
    return float(Fraction(text.rpartition("=")[2].strip()))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", ["markdown", "latex", "text", "html"])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_what_adtrace_writes_is_right(style: str, form: str, mode: str) -> None:
    """Every style in every format reads back without a mistake, a remark or a problem, and hardly a cell unchecked."""
    for expression, at in FUNCTIONS[::3]:
        document = adtrace.trace(expression, at=at).table(format=form, style=style, mode=mode)
        for report in (adtrace.check(document), adtrace.check(document, at, function=expression)):
            assert [*report.mistakes, *report.remarks, *report.problems] == []
            assert report.count("right") >= 10
            assert report.count("unchecked") <= 0.1 * len(report.cells)


def test_the_json_of_adtrace_is_right() -> None:
    """The structure that --format json writes is read as a table."""
    for expression, at in FUNCTIONS:
        report = adtrace.check(adtrace.trace(expression, at=at).table(format="json"))
        assert report.ok
        assert report.count("right") >= 15


def same_number(planting: Planted, place: int) -> set[str]:
    """The causes that would give the very same number: any of them is a right answer."""
    numbers = structure(*FUNCTIONS[place])
    alike = {
        other.cause
        for other in plantings(numbers)
        if (other.kind, other.name, other.pass_) == (planting.kind, planting.name, planting.pass_)
        and shown(other.wrong) == shown(planting.wrong)
    }
    columns = {"value": numbers.values, "tangent": numbers.tangents[planting.pass_], "adjoint": numbers.adjoints}
    if any(shown(value) == shown(planting.wrong) for value in columns[planting.kind].values()):
        alike.add("swapped rows")  # the number of another row
    return alike


def test_planted_mistakes_are_found_and_named(clean: Clean, capsys: pytest.CaptureFixture[str]) -> None:
    """Of a thousand planted mistakes each is found, nothing else is blamed, and the cause is named."""
    counts: Counter[str] = Counter()
    wrong: list[object] = []
    for seed, style in enumerate(STYLES):
        for place, planting in chosen(EACH, seed):
            document, before = clean.get(place, style, "reverse" if planting.kind == "adjoint" else "forward")
            cell = cell_of(before, planting, names(style, place)[planting.name], style)
            if cell is None:
                continue
            expression, at = FUNCTIONS[place]
            bad = edited(document, cell.line, cell.cell.column + 1, shown(planting.wrong))
            report = adtrace.check(bad, at, function=expression)
            here = [mistake for mistake in report.mistakes if mistake.cell == cell.cell]
            counts["planted"] += 1
            counts["found"] += bool(here)
            counts["alone"] += len(report.mistakes) == len(here)
            counts["named"] += bool(here) and here[0].cause in same_number(planting, place)
            if not here or len(report.mistakes) > len(here):
                wrong.append((style, expression, planting, report.mistakes))
    with capsys.disabled():
        print(
            f"\nplanted mistakes: {counts['planted']}; found {counts['found']}, "
            f"nothing else blamed {counts['alone']}, cause named {counts['named']}"
        )
    assert counts["planted"] >= 1000
    assert wrong == []
    assert counts["named"] >= 0.97 * counts["planted"]


def test_two_mistakes_at_once_are_both_found(clean: Clean) -> None:
    """Two planted mistakes in one table are found, and no other."""
    for place in range(len(FUNCTIONS)):
        document, before = clean.get(place, "cs107", "forward")
        known = names("cs107", place)
        picked = [p for p in plantings(structure(*FUNCTIONS[place])) if visible(p) and p.cause == "sign"]
        picked = [p for p in picked if p.kind == "value"][:1] + [p for p in picked if p.kind == "tangent"][-1:]
        cells = [cell_of(before, p, known[p.name], "cs107") for p in picked]
        bad = document
        for cell, planting in zip(cells, picked, strict=True):
            bad = edited(bad, cell.line, cell.cell.column + 1, shown(planting.wrong))
        expression, at = FUNCTIONS[place]
        report = adtrace.check(bad, at, function=expression)
        assert {m.cell for m in report.mistakes} == {cell.cell for cell in cells}
        assert {m.cause for m in report.mistakes} == {"sign"}


def swapped(document: str, first: tuple[int, int], second: tuple[int, int]) -> str:
    """A pipe table with two cells exchanged, each given by its line and column from 1."""
    lines = document.split("\n")
    (a, i), (b, j) = first, second
    texts = {n: re.split(r"(?<!\\)\|", lines[n - 1]) for n in (a, b)}
    texts[a][i], texts[b][j] = texts[b][j], texts[a][i]
    for n, cells in texts.items():
        lines[n - 1] = "|".join(cells)
    return "\n".join(lines)


def test_exchanged_rows_are_named(clean: Clean) -> None:
    """Two numbers of one column that have changed places are both found, as exchanged rows."""
    for place in range(len(FUNCTIONS)):
        document, before = clean.get(place, "aligned", "forward")
        cells = [c for c in data(before) if c.kind == "value" and "." in c.expected and c.cell.row >= 3]
        pair = next(
            (a, b)
            for a, b in pairwise(cells)
            if abs(abs(number(a.expected)) - abs(number(b.expected))) > 0.05  # not a row and its negation
        )
        bad = swapped(document, *((c.line, c.cell.column + 1) for c in pair))
        expression, at = FUNCTIONS[place]
        report = adtrace.check(bad, at, function=expression)
        wrong = {c.cell for c in report.cells if c.verdict in ("root", "follows")}
        assert wrong == {c.cell for c in pair}  # the second may follow from the first: v_3 = v_1 - v_2
        assert {m.cause for m in report.mistakes} == {"swapped rows"}


def test_exchanged_seeds_are_named(clean: Clean) -> None:
    """Two columns of derivatives under each other's heading: the seeds are the mistake, the rest follows."""
    for place in (0, 1, 3):
        document, before = clean.get(place, "cs107", "forward")
        lines = document.split("\n")
        for line in sorted({cell.line for cell in before.cells}):
            cells = re.split(r"(?<!\\)\|", lines[line - 1])
            cells[5], cells[6] = cells[6], cells[5]
            lines[line - 1] = "|".join(cells)
        expression, at = FUNCTIONS[place]
        report = adtrace.check("\n".join(lines), at, function=expression)
        assert {m.cause for m in report.mistakes} == {"swapped seeds"}
        assert {m.cell.row for m in report.mistakes if m.cell} <= {0, 1}
        assert report.count("follows") > 3


def test_consequences_are_not_blamed() -> None:
    """A wrong value carried on correctly is one mistake, and what is computed from it follows."""
    for place, (expression, at) in enumerate(FUNCTIONS):
        numbers = structure(expression, at)
        row = numbers.rows[0]
        planted = next(p for p in plantings(numbers) if p.kind == "value" and p.name == row.name)
        wrong = structure(expression, at)
        wrong.values[row.name] = planted.wrong + 0.5
        from planted import value

        try:
            for later in wrong.rows[1:]:
                wrong.values[later.name] = value(later, wrong.values.__getitem__)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        lines = ["| name | operation | value |", "|---|---|---|"]
        document = adtrace.trace(expression, at=at).to_dict()
        for entry in document["independents"]:
            lines.append(f"| {entry['variable']} | {entry['name']} | {at[entry['name']]} |")
        for entry in document["rows"]:
            lines.append(f"| {entry['variable']} | {entry['formula']} | {wrong.values[entry['variable']]:.6f} |")
        report = adtrace.check("\n".join(lines), at, function=expression)
        assert [m.row for m in report.mistakes] == [row.name], place
        changed = sum(abs(wrong.values[n] - numbers.values[n]) > 0.01 for n in wrong.values)
        assert report.count("follows") == changed - 1


def test_truncated_digits_and_sums_of_rounded_numbers_are_remarks() -> None:
    """What is right within its last digit is no mistake, and is told how it falls short."""
    table = """
| name | operation | value |
|---|---|---|
| v_0 | x | 3 |
| v_1 | cos(v_0) | -0.9899 |
| v_2 | ln(v_0) | 1.0986 |
| v_3 | v_1 + v_2 | 0.1087 |
"""
    report = adtrace.check(table, {"x": 3}, function="cos(x) + ln(x)")
    assert report.ok
    assert [(m.row, m.cause) for m in report.remarks] == [
        ("v_1", "truncated"),
        ("v_3", "sum of rounded numbers"),
    ]
