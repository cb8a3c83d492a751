"""Summaries of networks as Keras and torchsummary print them."""

from __future__ import annotations

import re

from adtrace.checking.sheets.columns import LONGEST_LINE
from adtrace.checking.sheets.rows import MOST_ROWS, Lines, Row, Taken, table

_HEADING, _DRAWN = re.compile(r"[\s│┃]*Layer\b.*(?:  |[│┃])\s*\S"), re.compile(r"[\s_=\-─━┏┳┓┡╇┩├┼┤└┴┘╋]*")
_TOTAL = re.compile(r"\s*((?:Total|Trainable|Non-trainable) params):\s*([\d,]+)")
_PARTED = re.compile(r"\s*[│┃]\s*|(?<![│┃])\s{2,}(?![│┃\s])")


def summary_table(lines: Lines, place: int) -> Taken:
    """The summary of a network, with its total: rules between rows, or blank lines."""
    below = "".join(lines.texts[place + 1 : place + 2]).strip()
    if not _HEADING.match(lines.texts[place][:LONGEST_LINE]) or not below or not _DRAWN.fullmatch(below[:LONGEST_LINE]):
        return None
    heading = _cells(lines.texts[place])
    if len(heading) < 2:
        return None
    rows, end, ended = [Row(lines.number(place), heading, heading=True)], place + 1, False
    for j, text in enumerate(lines.texts[end : place + 4 * MOST_ROWS], start=end):
        if _DRAWN.fullmatch(text):
            continue
        total = _TOTAL.match(text)
        ended = ended or bool(total)
        cells = (total[1], *[""] * (len(heading) - 2), total[2]) if total else () if ended else _cells(text)
        if len(cells) == len(heading):
            rows.append(Row(lines.number(j), cells))
        elif len(cells) == 1 and end == j:  # a name goes on
            rows[-1] = rows[-1]._replace(cells=(rows[-1].cells[0] + cells[0].replace("(", " ("), *rows[-1].cells[1:]))
        else:
            break
        end = j + 1
    return ([table(rows)], end) if len(rows) > 2 else None


def _cells(text: str) -> tuple[str, ...]:
    return tuple(_PARTED.split(text[:LONGEST_LINE].strip(" \t│┃")))
