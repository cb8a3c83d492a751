"""A trace written as equations, one a line, as a table of one column."""

from __future__ import annotations

import re

from adtrace.checking.grid import Grid, bounded, square

_EQUATION = re.compile(r"\s*(?:[-*+]|\d+[.)])?\s*\$*\s*([^=\s][^=]{0,60})=(.+)")


def equations(lines: list[str]) -> list[Grid]:
    """Equations, one a line, as a table: ``v_1 = ln(v_0) = 0.6931``."""
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    before: list[str] = []
    for number, line in enumerate(lines, start=1):
        match = _EQUATION.fullmatch(line.rstrip().rstrip("$"))
        name = match.group(1).strip().rstrip("+") if match else ""
        if match and len(name) <= 30 and " " not in name.replace("\\bar ", "").replace("\\dot ", ""):
            rows.append((line.strip().strip("$"),))
            numbers.append(number)
            bounded(1, len(rows), number)
        elif not rows:
            before.append(line)
    return [square(("",), rows, numbers, "\n".join(before))] if len(rows) >= 3 else []
