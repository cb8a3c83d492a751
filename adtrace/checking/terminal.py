"""Tables as adtrace prints them for a terminal: bars and arrows beside the rows, blanks between the columns."""

from __future__ import annotations

import re
import unicodedata

from adtrace.checking.grid import Grid, bounded, square

_BARS = "│┃▲▼"


def text_tables(text: str) -> list[Grid]:
    """Tables as adtrace prints them: bars and arrows beside the rows, blanks between the columns."""
    found: list[Grid] = []
    rows: list[tuple[int, list[str]]] = []
    before: list[str] = []
    heading = ""

    def finish() -> None:
        nonlocal heading
        if len(rows) > 1:
            found.append(_printed_table(heading, rows, "\n".join(before)))
            before.clear()
        rows.clear()
        heading = ""

    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            finish()
        elif re.fullmatch(r"\s*─[\s─]*", line):
            heading = before.pop() if before else ""
        elif re.match(r"\s*[│┃▲▼]", line):
            if not re.fullmatch(r"[\s┄┈│┃▲▼]*", line):
                rows.append((number, _clusters(line)))
                bounded(1, len(rows), number)
        else:
            before.append(line)
    finish()
    return found


def _clusters(line: str) -> list[str]:
    """The line as what stands in each column of a terminal: a letter with its marks is one."""
    found: list[str] = []
    for char in line:
        if unicodedata.combining(char) and found:
            found[-1] += char
        else:
            found.append(char)
    return found


def _printed_table(heading: str, rows: list[tuple[int, list[str]]], before: str) -> Grid:
    """The cells between columns that are blank, or a bar, in every row."""
    lines = [line for _, line in rows]
    head = _clusters(heading)
    longest = max(len(line) for line in (*lines, head))
    bars = {j for line in lines for j, char in enumerate(line) if char in _BARS}
    blank = [all(j >= len(line) or line[j] in " " + _BARS for line in (*lines, head)) for j in range(longest + 1)]
    starts: list[int] = []
    for j in range(longest):
        opens = not blank[j] and (j < 2 or (blank[j - 1] and (blank[j - 2] or j - 1 in bars or j - 2 in bars)))
        if opens:
            starts.append(j)
    bounded(len(starts), len(rows), rows[0][0])
    ends = [*starts[1:], longest]

    def cells(line: list[str]) -> tuple[str, ...]:
        return tuple("".join(c for c in line[a:b] if c not in _BARS).strip() for a, b in zip(starts, ends, strict=True))

    return square(cells(head), [cells(line) for line in lines], [number for number, _ in rows], before)
