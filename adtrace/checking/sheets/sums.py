"""Sums of numbers in sentences, which are of no row: ``so the derivative is 2*3 + 1 = 7``, ``sin(2) = 0.909``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from adtrace.checking.brackets import closed_at
from adtrace.checking.sheets.rows import LONGEST_EQUATION, PROSE, Block, Row
from adtrace.elementals import FUNCTIONS

SUMS = ("sum",)
"""The heading of their table."""
_CALL = rf"\\?(?:{'|'.join(sorted(FUNCTIONS, key=len, reverse=True))})(?![A-Za-z])"
_TERM = (
    rf"(?:(?<!\d)\d+(?!\d)(?:[.,]\d+(?!\d))?|[-+−*/·×⋅^(){{}}\s]"
    rf"|\\(?:cdot|times|left|right|frac|[,;! ])(?![A-Za-z])|{_CALL}){{1,80}}+"
)
_SUM = re.compile(
    rf"(?:^|[$`:;(]\s*|[.,]\s|(?<![\w\\+*/^·×⋅−-])(?!{_CALL})[^\W\d_]{{2,}}\s[$`(]?)"
    rf"(?P<sum>(?=[-−\\\w(]){_TERM}(?:(?:[=≈]|\\approx(?![A-Za-z])){_TERM}){{1,5}})"
    r"(?!(?<=\s)[^\W\d_](?![^\W\d_])|(?<!\s)[\w(\[]|[%=≈\\^_]|[.,]\d)"
)
_WORKED = re.compile(r"[\d)}]\s*(?:[-+−*/·×⋅^]|\\(?:cdot|times))|\\?[a-z]{2,}\d?\s*[({\d]")


def sums(blocks: Sequence[Block], cells: Iterable[str]) -> Iterator[Row]:
    """The equations of nothing but numbers in the prose, each with its line, but for what the cells of tables have."""
    told = "\n".join(cells)
    for row in (block.rows[0] for block in blocks if block.kind == PROSE):
        if len(row.cells[0]) <= LONGEST_EQUATION and "=" in row.cells[0]:
            said = (match["sum"].strip(" ${}") for match in _SUM.finditer(row.cells[0]))
            yield from (Row(row.line, (text,)) for text in said if text not in told and _is_sum(text))


def _is_sum(text: str) -> bool:
    """Whether something is worked out, and no bracket is of what stands before."""
    return bool(_WORKED.search(re.split("[=≈]|approx", text)[0])) and closed_at(f"({text})") == len(text) + 1
