"""Tables that adtrace writes, read back: clean as they are, and with one planted mistake found, named and alone."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import pairwise, product
from typing import Any

import pytest
from latex_reader import evaluate
from mutations import FORMATS, MODES, STYLES, _plain
from planted import (
    FUNCTIONS,
    Planted,
    cells_of,
    chosen,
    chosen_others,
    edited,
    plantings,
    shown,
    structure,
    value,
    visible,
)
from samples import ALL, in_turn

import adtrace

EACH = 150 if ALL else 40
"""Mistakes of the table of causes planted in the tables of each style: two of each cause, twenty-two in all styles."""
OTHERS = 60 if ALL else 23
"""Mistakes that it does not have."""
FORMS = ("markdown", "latex", "text", "html")
FOUND, NAMED = 0.995, 0.97


def names(style: str, place: int) -> dict[str, str]:
    """The variables of a trace as a style numbers them, as reports spell them."""
    numbers = structure(*FUNCTIONS[place])
    order = [*numbers.inputs, *(row.name for row in numbers.rows)]
    letter = {"cs107": "x_", "numbered-from-one": "v_"}.get(style)
    return {name: f"{letter}{i}" if letter else name for i, name in enumerate(order, start=1)}


@cache
def clean(place: int, style: str, mode: str) -> tuple[str, adtrace.Report]:
    """A correct table and its report."""
    expression, at = FUNCTIONS[place]
    document = adtrace.trace(expression, at=at).table(format="markdown", style=style, mode=mode)
    return document, adtrace.check(document, at, function=expression)


def same(row: str, name: str) -> bool:
    """Whether two spellings are one row's name."""
    return row.replace("{", "").replace("}", "") == name.replace("{", "").replace("}", "")


def printed(document: str, finding: Any) -> float | None:
    """The number that the cell of a finding ends in, read apart from the checker."""
    text = cells_of(document.split("\n")[finding.line - 1])[finding.place.column]
    try:
        return evaluate(_plain(text).rpartition("=")[2], {})
    except (AssertionError, KeyError, IndexError, ValueError):
        return None


def cell_of(document: str, report: adtrace.Report, planting: Planted, name: str) -> Any:
    """The finding on the cell that holds the number of a planting; None where the style has none."""
    near = 6e-4 * max(1, abs(planting.right))
    found = [f for f in report.findings if f.quantity == planting.kind and same(f.row, name) and f.state == "right"]
    found = [f for f in found if (n := printed(document, f)) is not None and abs(n - planting.right) < near]
    return found[-1] if found else None


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
def test_what_adtrace_writes_is_right(style: str, form: str) -> None:
    """Every style in every format reads back without a mistake, a remark, a problem, an empty or an unread cell.

    Each has one mode and one function, the next others; of every second one the function and the point are told, too.
    Any two of these five meet in some case.
    """
    turn = STYLES.index(style) + FORMS.index(form)
    for mode, (expression, at) in product(in_turn(MODES, turn), in_turn(FUNCTIONS, turn + FORMS.index(form))):
        document = adtrace.trace(expression, at=at).table(format=form, style=style, mode=mode)
        for told in in_turn(({}, {"at": at, "function": expression}), turn):
            report = adtrace.check(document, **told)
            assert [*report.mistakes, *report.remarks, *report.problems] == []
            assert report.count("right") >= 10
            assert report.exit_status == 0, str(report)


def test_the_json_of_adtrace_is_right() -> None:
    """The structure that --format json writes is read as a table."""
    assert "json" in FORMATS
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


def planted_in(style: str, picked: list[tuple[int, Planted]]) -> tuple[Counter[str], list[object]]:
    """What is found of some mistakes in the tables of a style, and the cases that are amiss."""
    counts: Counter[str] = Counter()
    amiss: list[object] = []
    for place, planting in picked:
        document, before = clean(place, style, "reverse" if planting.kind == "adjoint" else "forward")
        cell = cell_of(document, before, planting, names(style, place)[planting.name])
        if cell is None:
            continue
        expression, at = FUNCTIONS[place]
        bad = edited(document, cell.line, cell.place.column, shown(planting.wrong))
        report = adtrace.check(bad, at, function=expression)
        here = [mistake for mistake in report.mistakes if mistake.place == cell.place]
        counts["planted"] += 1
        counts["found"] += bool(here)
        counts["alone"] += len(report.mistakes) == len(here)
        counts["named"] += bool(here) and here[0].cause in same_number(planting, place)
        if not here or len(report.mistakes) > len(here):
            amiss.append((style, expression, planting, report.mistakes))
    return counts, amiss


def test_planted_mistakes_are_found_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Of hundreds of planted mistakes next to all are found, nothing else is blamed, the cause is named."""
    counts: Counter[str] = Counter()
    amiss: list[object] = []
    for seed, style in enumerate(STYLES):
        found, wrong = planted_in(style, chosen(EACH, seed))
        counts, amiss = counts + found, amiss + wrong
    with capsys.disabled():
        print(
            f"\nplanted mistakes: {counts['planted']}; found {counts['found']}, "
            f"nothing else blamed {counts['alone']}, cause named {counts['named']}"
        )
    assert counts["planted"] >= (1000 if ALL else 200)
    assert counts["alone"] == counts["planted"], amiss
    assert counts["found"] >= FOUND * counts["planted"], amiss
    assert counts["named"] >= NAMED * counts["planted"]


def test_other_mistakes_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    """Slips of copying and reckoning, twenty kinds that no table of causes has, are found all the same."""
    counts: Counter[str] = Counter()
    amiss: list[object] = []
    for seed, style in enumerate(STYLES):
        found, wrong = planted_in(style, chosen_others(OTHERS, seed))
        counts, amiss = counts + found, amiss + wrong
    with capsys.disabled():
        print(f"\nother mistakes: {counts['planted']}; found {counts['found']}, nothing else blamed {counts['alone']}")
    assert counts["planted"] >= (400 if ALL else 150)
    assert counts["alone"] == counts["planted"], amiss
    assert counts["found"] >= FOUND * counts["planted"], amiss


def test_two_mistakes_at_once_are_both_found() -> None:
    """Two planted mistakes in one table are found, and no other."""
    for place in range(len(FUNCTIONS)):
        document, before = clean(place, "cs107", "forward")
        known = names("cs107", place)
        picked = [p for p in plantings(structure(*FUNCTIONS[place])) if visible(p) and p.cause == "sign"]
        picked = [p for p in picked if p.kind == "value"][:1] + [p for p in picked if p.kind == "tangent"][-1:]
        cells = [cell_of(document, before, p, known[p.name]) for p in picked]
        bad = document
        for cell, planting in zip(cells, picked, strict=True):
            bad = edited(bad, cell.line, cell.place.column, shown(planting.wrong))
        expression, at = FUNCTIONS[place]
        report = adtrace.check(bad, at, function=expression)
        assert {m.place for m in report.mistakes} == {cell.place for cell in cells}
        assert {m.cause for m in report.mistakes} == {"sign"}


def swapped(document: str, first: tuple[int, int], second: tuple[int, int]) -> str:
    """A pipe table with two cells exchanged, each given by its line from 1 and its column from 0."""
    lines = document.split("\n")
    (a, i), (b, j) = first, second
    texts = {n: cells_of(lines[n - 1]) for n in (a, b)}
    texts[a][i], texts[b][j] = texts[b][j], texts[a][i]
    for n, cells in texts.items():
        lines[n - 1] = "| " + " | ".join(cells) + " |"
    return "\n".join(lines)


def test_exchanged_rows_are_named() -> None:
    """Two numbers of one column that have changed places are both found, mostly as exchanged rows."""
    named = 0
    for place in range(len(FUNCTIONS)):
        document, before = clean(place, "aligned", "forward")
        cells = [f for f in before.findings if f.quantity == "value" and f.place.row >= 3]
        numbers = [(f, n) for f in cells if (n := printed(document, f)) is not None and n != round(n)]
        pair = next(
            (a, b)
            for (a, x), (b, y) in pairwise(numbers)
            if abs(abs(x) - abs(y)) > 0.05  # not a row and its negation
        )
        bad = swapped(document, *((f.line, f.place.column) for f in pair))
        expression, at = FUNCTIONS[place]
        report = adtrace.check(bad, at, function=expression)
        wrong = {c.place for c in report.cells if c.state in ("wrong", "following")}
        assert wrong == {f.place for f in pair}  # the second may follow from the first: v_3 = v_1 - v_2
        named += "swapped rows" in {m.cause for m in report.mistakes}
    assert 2 * named > len(FUNCTIONS)


def test_exchanged_seeds_are_named() -> None:
    """Two columns of derivatives under each other's heading: the seeds are the mistake, the rest follows."""
    for place in (0, 1, 3):
        document, before = clean(place, "cs107", "forward")
        lines = document.split("\n")
        for line in sorted({cell.line for cell in before.cells}):
            cells = cells_of(lines[line - 1])
            cells[4], cells[5] = cells[5], cells[4]
            lines[line - 1] = "| " + " | ".join(cells) + " |"
        expression, at = FUNCTIONS[place]
        report = adtrace.check("\n".join(lines), at, function=expression)
        assert "swapped seeds" in {m.cause for m in report.mistakes}
        assert {m.place.row for m in report.mistakes} <= {0, 1}
        assert report.count("following") > 3


def test_consequences_are_not_blamed() -> None:
    """A wrong value carried on correctly is one mistake, and what is computed from it follows."""
    for place, (expression, at) in enumerate(FUNCTIONS):
        numbers, wrong = structure(expression, at), structure(expression, at)
        row = numbers.rows[0]
        planted = next(p for p in plantings(numbers) if p.kind == "value" and p.name == row.name)
        wrong.values[row.name] = planted.wrong + 0.5
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
        assert len(report.mistakes) == 1, place
        assert same(report.mistakes[0].row, row.name), place
        changed = sum(abs(wrong.values[n] - numbers.values[n]) > 0.01 for n in wrong.values)
        assert report.count("following") == changed - 1


def test_truncated_digits_and_sums_of_rounded_numbers_are_right() -> None:
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
    how = {finding.row: finding.how for finding in report.findings if finding.quantity == "value"}
    assert (how["v_1"], how["v_2"]) == ("cut", "rounded")


@pytest.mark.parametrize(
    ("style", "mode", "row"),
    [("cs107", "reverse", "| $x_{1}$ | $x_{1}$ | $2$ |"), ("cs107", "both", "| $x_{7}$ | $x_{6} - x_{5}$ |"),
     ("baydin", "both", "| $v_{5}$ | $= v_{4} - v_{3}$ |"), ("baydin", "both", "| $v_{-1}$ | $= x_{1}$ |"),
     ("three-part", "reverse", "| $y$ | $= v_{5}$ |")],
)  # fmt: skip
def test_a_row_left_out_of_one_table_is_named(style: str, mode: str, row: str) -> None:
    """A table that uses a row it does not have is told of, though another table of the document may have the row."""
    expression, at = FUNCTIONS[0]
    lines = adtrace.trace(expression, at=at).table(style=style, mode=mode, digits=4).splitlines(keepends=True)
    places = [k for k, line in enumerate(lines) if line.startswith(row)]
    assert places
    for place in places:
        report = adtrace.check("".join(lines[:place] + lines[place + 1 :]), at, function=expression)
        assert report.exit_status
        assert {problem.kind for problem in report.problems} == {"missing row"}


def test_definitions_of_each_table_are_no_table() -> None:
    """Two tables that both bring their macros are read as two, and their decimal commas as such."""
    expression, at = FUNCTIONS[0]
    table = adtrace.trace(expression, at=at).table(format="latex", mode="forward", language="de")
    report = adtrace.check(table + "\n" + table)
    assert report.exit_status == 0
    assert len(report.sheets) == 2
    assert report.count("right") == 64


FORWARD = """f(x, y) = sin(x y) + x^2 at x = 0.7, y = 1.9

| | operation | value | by x | by y |
|-|-|-|-|-|
| x | | 0.7 | 1 | 0 |
| y | | 1.9 | 0 | 1 |
| v_1 | x y | 1.33 | 1.9 | 0.7 |
| v_2 | sin(v_1) | 0.9711 | 0.4531 | 0.1669 |
| v_3 | x^2 | 0.49 | 1.4 | 0 |
| v_4 | v_2 + v_3 | 1.4611 | 1.8531 | 0.1669 |
"""
CHAIN = """f(x) = exp(sin(x^2)) at x = 0.8

| | operation | value | tangent |
|-|-|-|-|
| x | | 0.8 | 1 |
| v_1 | x^2 | 0.64 | 1.6 |
| v_2 | sin(v_1) | 0.5972 | 1.2833 |
| v_3 | exp(v_2) | 1.8170 | 2.3319 |
"""
AROUND = {
    "another seed": (FORWARD, "0.4531 | 0.1669", "0.1669 | 0.1669", ["it is the derivative of v_2 by y"]),
    "seeds": (FORWARD, "0.4531 | 0.1669", "0.1669 | 0.4531",
              [f"this number and the derivative of v_2 by {u} are exchanged" for u in "yx"]),
    "the value": (FORWARD, "0.9711 | 0.4531", "0.9711 | 0.9711", ["it is the value of v_2"]),
    "a value and a tangent": (FORWARD, "0.9711 | 0.4531", "0.4531 | 0.9711",
                              [f"this number and the {word} of v_2 are exchanged" for word in ("tangent", "value")]),
    "rows of which one uses the other": (
        CHAIN, "1.2833 |\n| v_3 | exp(v_2) | 1.8170 | 2.3319", "2.3319 |\n| v_3 | exp(v_2) | 1.8170 | 1.2833",
        ["the numbers of the rows v_2 and v_3 are exchanged", "the numbers of the rows v_3 and v_2 are exchanged"]),
}  # fmt: skip
"""Numbers that are those of other cells: by hand cos(1.33)*1.9 = 0.4531, cos(1.33)*0.7 = 0.1669, sin(1.33) = 0.9711."""


@pytest.mark.parametrize("name", AROUND)
def test_a_number_of_another_cell_is_told_as_that(name: str) -> None:
    """The other column's, the other seed's, and that of a row that is computed from it, where both are exchanged."""
    document, right, wrong, told = AROUND[name]
    assert adtrace.check(document).ok
    mistakes = adtrace.check(document.replace(right, wrong)).mistakes
    assert [mistake.sentence.partition("(")[2].rstrip(")") for mistake in mistakes] == told


@pytest.mark.parametrize(("function", "at", "mode", "right", "wrong"), [
    ("x*y + x", {"x": 2, "y": 3}, "second", "= \\dot{\\bar f}", "= -\\dot{\\bar f}"),
    ("(x + y, 3)", {"x": 1, "y": 4}, "reverse", "\\bar v_{1} \\times 1", "\\bar v_{1} \\times 2"),
])  # fmt: skip
def test_a_formula_of_zeros_alone_is_compared_with_the_rule(
    function: str, at: dict[str, int], mode: str, right: str, wrong: str
) -> None:
    """Whatever its sign and its factors are, it comes to 0, if only of an output that is constant."""
    table = adtrace.trace(function, at=at).table(style="directional", mode=mode, notation={"tangent": "dot"})
    assert adtrace.check(table, at, function=function).exit_status == 0
    report = adtrace.check(table.replace(right, wrong, 1), at, function=function)
    assert (right in table, report.exit_status, report.count("wrong")) == (True, 3, 1), report


def test_tangents_that_a_slip_makes_look_like_the_values() -> None:
    """All other tangents by x are the values of their rows by chance: the column is of tangents as its formulas are."""
    at, function = {"x": 1, "y": 2}, "(x*y, exp(x)/y)"
    table = adtrace.trace(function, at=at).table(style="aligned", mode="forward")
    slip = table.replace("| $\\dot v_{0} = \\dot y$ | $0$ |", "| $\\dot v_{0} = \\dot y$ | $2$ |")
    report = adtrace.check(slip, at, function=function)
    assert (slip != table, [(f.row, f.text) for f in report.mistakes]) == (True, [("v_0", "2")]), report
