"""The text goldens as a terminal shows them: columns in line, arrows at the sides, nothing left over."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from goldens import CASES, FOLDER

DOCUMENTS = [case for case, made in CASES.items() if "table.txt" in made.files]


def source(case: str) -> str:
    """A golden."""
    return (FOLDER / case / "table.txt").read_text(encoding="utf-8")


PANELS = [case for case in DOCUMENTS if "style" not in CASES[case].options and "ℝ" not in source(case)]
"""Those of the three-part tables, a panel beside the other; in other styles a row is one row of columns."""
STYLED = [case for case in DOCUMENTS if "style" in CASES[case].options]
BARS = "│▼▲"


def columns(text: str) -> str:
    """The text with one character for each column of a terminal."""
    assert all(unicodedata.east_asian_width(char) not in "WF" for char in text)
    return "".join(char for char in text if not unicodedata.combining(char))


def blocks(case: str) -> list[list[str]]:
    """The lines of each block of traces, below its headings, without the hairlines."""
    found: list[list[str]] = []
    for line in source(case).splitlines():
        if line.startswith("  ──"):
            found.append([])
        elif line[:1] and line[0] in BARS and "┄" not in line:
            found[-1].append(columns(line))
    return found


@pytest.mark.parametrize("case", DOCUMENTS)
def test_nothing_is_left_over(case: str) -> None:
    """No line ends in blanks, no tab is in it, and the document ends with one line end."""
    text = source(case)

    assert [line for line in text.split("\n") if line != line.rstrip()] == []
    assert "\t" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


@pytest.mark.parametrize("case", PANELS)
def test_equals_signs_stand_in_line(case: str) -> None:
    """In every block the equals signs stand in as many columns as its traces have parts."""
    for lines in blocks(case):
        places = {place for line in lines for place, char in enumerate(line) if char == "="}
        bars = {tuple(place for place, char in enumerate(line) if char in BARS) for line in lines}
        fullest = max(line.count("=") for line in lines)

        assert len(places) == fullest
        assert all(
            line[place - 1] == line[place + 1] == " " for line in lines for place in places if line[place:][:1] == "="
        )
        assert len(bars) == 1


@pytest.mark.parametrize("case", PANELS)
def test_headings_stand_over_their_traces(case: str) -> None:
    """Each heading begins where the names of its trace begin, over a rule."""
    lines = source(case).splitlines()
    for above, rule, first in zip(lines, lines[1:], lines[2:], strict=False):
        if rule.startswith("  ──"):
            starts = [place + 2 for place, char in enumerate(columns(first)) if char in BARS]

            assert all(above[start : start + 7] in ("Forward", "Reverse") for start in starts)
            assert all(rule[start] == "─" != rule[start - 1] for start in starts)


@pytest.mark.parametrize("case", PANELS)
def test_arrows_show_the_way(case: str) -> None:
    """An arrow points down at the foot of a trace that is read downwards, and up at the head of an adjoint trace."""
    lines = source(case).splitlines()
    headings = [line for line, rule in pairwise(lines) if rule.startswith("  ──")]
    for heading, rows in zip(headings, blocks(case), strict=True):
        for place in (place for place, char in enumerate(rows[0]) if char in BARS):
            side = "".join(row[place] for row in rows)
            upward = heading[place + 2 :].startswith("Reverse")

            assert side == ("▲" + "│" * (len(rows) - 1) if upward else "│" * (len(rows) - 1) + "▼")


@pytest.mark.parametrize("case", STYLED)
def test_columns_stand_in_line(case: str) -> None:
    """In a style of columns no cell reaches into the next: blanks stand before each heading, in every row."""
    lines = source(case).splitlines()
    headings = [columns(line) for line, rule in pairwise(lines) if rule.startswith("  ──")]
    assert headings
    for heading, rows in zip(headings, blocks(case), strict=True):
        starts = [found.start() for found in re.finditer(r"(?<=  )\S", heading)]
        for place in starts[1:]:
            assert all(row[place - 2 : place].strip(BARS + " ") == "" for row in rows), heading
            assert any(row[place : place + 1].strip() for row in rows), heading
