"""A trace written as equations, one a line, as a table of one column."""

from __future__ import annotations

import re

from adtrace.checking.grid import Grid, bounded, square

_EQUATION = re.compile(r"\$*\s*([^=\s][^=]{0,60})=(.+)")
_BULLET = re.compile(r"^\s*(?:[-*+•]\s+|\(?\d{1,3}[.)]\s+)")
_GAP = re.compile(r"(?<![=\s])(?:\s{2,}|\t\s*)(?=[^\s=+*/^()]{1,20}\s*=)")
"""Between two equations of one line."""


def equations(lines: list[str]) -> list[Grid]:
    """Equations, one a line or several side by side, as a table: ``v_1 = ln(v_0) = 0.6931``."""
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    before: list[str] = []
    for number, line in enumerate(lines, start=1):
        bare = _BULLET.sub("", line, count=1).replace(":=", "=").strip().strip("$`").strip()
        match = _EQUATION.fullmatch(bare)
        name = match.group(1).strip().rstrip("+").strip() if match else ""
        if match and len(name) <= 30 and " " not in name.replace("\\bar ", "").replace("\\dot ", ""):
            rows.append(tuple(_GAP.split(bare)))
            numbers.append(number)
            bounded(len(rows[-1]), len(rows), number)
        elif not rows:
            before.append(line)
    return [square(("",), rows, numbers, "\n".join(before))] if len(rows) >= 3 else []
