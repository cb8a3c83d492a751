"""One trace in the tables in which people write it: all are right, and each number that is changed is found."""

from __future__ import annotations

import re

import pytest

import adtrace

# ruff: noqa: E501 - tables stand here as they are written

PROBLEM = "f(x, y) = x*y + sin(x) at x = 2, y = 3\n\n"
COMPOSED = "f(x, y) = (x*y + sin(x))^2 at x = 2, y = 3\n\nwith v1 = x*y, v2 = sin(x), v3 = v1 + v2, v4 = v3^2\n\n"
EDGES = """v3 | v4 | 13.8186 | 1 | 13.8186
v1 | v3 | 1 | 13.8186 | 13.8186
v2 | v3 | 1 | 13.8186 | 13.8186
x | v1 | 3 | 13.8186 | 41.4558
y | v1 | 2 | 13.8186 | 27.6372
x | v2 | -0.4161 | 13.8186 | -5.7506"""
ROWS = {"x": ("2", "2.5839"), "y": ("3", "2"), "v1 = x*y": ("6", "1"), "v2 = sin(x)": ("0.9093", "1"),
        "v3 = v1 + v2": ("6.9093", "1")}  # fmt: skip


def table(heading: str, rows: str, problem: str = PROBLEM) -> str:
    """A table of Markdown, from its heading and its rows, each a line."""
    lines = [f"| {line} |" for line in (heading, *rows.splitlines())]
    rule = "|" + "---|" * (heading.count("|") + 1)
    return problem + "\n".join((lines[0], rule, *lines[1:])) + "\n"


def pairs(heading: str, form: str) -> str:
    """A value and a derivative in one cell."""
    rows = "\n".join(f"{row} | {form.format(*numbers)}" for row, numbers in ROWS.items())
    return table(f"node | {heading}", rows)


LAYOUTS = {
    "edges": table("edge | local derivative | upstream | product", re.sub(r"^(\w+) \| (\w+)", r"\1→\2", EDGES, flags=re.M), COMPOSED),
    "edges backwards": table("edge | local | upstream gradient | contribution",
                             re.sub(r"^(\w+) \| (\w+)", r"\2 → \1", EDGES, flags=re.M), COMPOSED),
    "ends of edges": table("from | to | local derivative | upstream | contribution", EDGES, COMPOSED),
    "ends of edges backwards": table("from | to | local | upstream | product",
                                     re.sub(r"^(\w+) \| (\w+)", r"\2 | \1", EDGES, flags=re.M), COMPOSED),
    "both in a cell": pairs("forward / backward", "{} / {}"),
    "one in brackets": pairs("value (gradient)", "{} ({})"),
    "one in square brackets": pairs("value [grad]", "${}$ [${}$]"),
    "a pair": pairs("(value, adjoint)", "({}, {})"),
    "words": table("node | description | value | gradient", """x | input | 2 | 2.5839
y | input | 3 | 2
v1 | product of x and y | 6 | 1
v2 | sine of x | 0.9093 | 1
v3 | sum of v1 and v2 | 6.9093 | 1"""),
    "verbs": table("node | operation | value | gradient", """v1 | multiply x by y | 6 | 1
v2 | take the sine of x | 0.9093 | 1
v3 | v1 plus v2 | 6.9093 | 1"""),
    "answers": table("quantity | value", "$f$ | 6.9093\n$\\frac{\\partial f}{\\partial x}$ | 2.5839\n∂f/∂y | 2"),
    "answers at the point": table("quantity | value", "f | 6.9093\n∂f/∂x | 2.5839\n∂f/∂y | 2\n∇f | (2.5839, 2)").replace(
        "f |", "f(2, 3) |").replace("∂x |", "∂x (2, 3) |").replace("∂f/∂y", "$f_y(2,3)$"),
    "answers by primes": table("|", "f(2) | 4.9093\nf'(2) | 3.5839\nf''(2) | 1.0907", "f(x) = x^2 + sin(x) at x = 2\n\n"),
    "two directions": table("step | expression | value | ∂/∂x | ∂/∂y",
                            "a | v1 = xy | 6 | 3 | 2\nb | v2 = sin x | 0.9093 | -0.4161 | 0\nc | v3 = v1 + v2 | 6.9093 | 2.5839 | 2"),
    "put in": table("variable | formula | substitution | result",
                    "v1 | x·y | 2·3 | 6\nv2 | sin x | sin 2 | 0.9093\nv3 | v1+v2 | 6+0.9093 | 6.9093"),
    "rows across": table(" | x | y | v1 = xy | v2 = sin x | v3 = v1+v2",
                         "value | 2 | 3 | 6 | 0.9093 | 6.9093\nbackward | 2.5839 | 2 | 1 | 1 | 1"),
    "dual numbers": table("expression | dual number",
                          "x | 2 + 1ε\ny | 3 + 0ε\nv1 = xy | 6 + 3ε\nv2 = sin x | 0.9093 - 0.4161ε\nv3 = v1+v2 | 6.9093 + 2.5839ε"),
    "gates": table("node | gate | inputs | output | local gradients | upstream gradient | downstream gradients",
                   "v1 | * | x=2, y=3 | 6 | 3, 2 | 1 | 3, 2\nv2 | sin | x=2 | 0.9093 | -0.4161 | 1 | -0.4161\n"
                   "v3 | + | v1=6, v2=0.9093 | 6.9093 | 1, 1 | 1 | 1, 1"),
}  # fmt: skip
NUMBER = re.compile(r"(?<=[\w' ])\((?:2, ?3|2)\)|(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])")
"""The point in brackets, or a number."""


def told(document: str) -> list[str]:
    """What a report says of single cells."""
    return [line for line in str(adtrace.check(document)).splitlines() if line[:2] in ("✗ ", "? ", "∅ ")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_right(layout: str) -> None:
    """No cell of it is blamed, or left."""
    assert told(LAYOUTS[layout]) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_that_is_changed_is_found(layout: str) -> None:
    """At its line, and nothing else is blamed."""
    document = LAYOUTS[layout]
    begin = document.index("\n", document.index("|---"))
    places = [match for match in NUMBER.finditer(document, begin) if match[1]]
    for match in places:
        other = match[0][:-1] + str((int(match[0][-1]) + 3) % 10)
        line = document.count("\n", 0, match.start()) + 1
        found = told(document[: match.start()] + other + document[match.end() :])
        assert found, (line, other)
        assert all(one.startswith("✗ ") and f"(line {line})" in one for one in found), found
    assert len(places) >= 3


def test_paths_of_several_edges_are_not_read() -> None:
    """They were equations of names, and each right cell was blamed."""
    paths = "x → v1 → v3 | y · 1 | 3\nx → v2 → v3 | cos(x) · 1 | -0.4161\ny → v1 → v3 | x · 1 | {}"
    document = table("path | product of derivatives | value", paths)
    assert {line[:2] for line in told(document.format(2))} == {"? "}
    assert any("(line 7)" in line for line in told(document.format(5)))


def test_operands_of_which_some_have_their_numbers() -> None:
    """They were values of their row, and right ones were blamed."""
    rows = "v1 | mul | x = {}, y | 6\nv2 | sin | x | 0.9093\nv3 | add | v1 = 6, v2 | 6.9093"
    document = table("node | operation | inputs | value", rows)
    assert told(document.format(2)) == []
    assert [line[:5] for line in told(document.format(4))] == ["✗ v_1"]
