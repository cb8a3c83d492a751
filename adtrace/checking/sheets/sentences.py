"""Derivatives that sentences tell, as equations: ``The gradient at node v4 is 3.``, ``Therefore df/dx = 0.25.``"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adtrace.checking.sheets.rows import EQUATIONS, LONGEST_EQUATION, PROSE, Block, Row, table

_NAME = r"[$`]?(?P<{0}>[A-Za-z](?:_?\{{?-?\d{{1,3}}\}}?)?)[$`]?(?![\w(])"
_NUMBER = r"[$`]?\s*(?P<number>[-+−]?\d{1,30}(?:\{?[.,]\}?\d{1,30})?(?:[eE][-+]?\d{1,3})?)(?![\w^*/(]|\s*[-+*/^])"
_SAID = re.compile(
    rf"\b(?:gradient|adjoint|derivative|sensitivity)\s+(?:of\s+{_NAME.format('of')}\s+)?"
    r"(?:at|of|for|by|with\s+respect\s+to|w\.?r\.?t\.?)\s+(?:the\s+)?(?:node|row|variable|input)?\s*"
    rf"{_NAME.format('by')}\s*(?:is|=|equals)\s*{_NUMBER}",
    re.I,
)
_RESULT = re.compile(
    r"(?P<left>(?<![\w/])(?:d|∂|\\partial\s?)\s?[A-Za-z]\w{0,3}\s?/\s?(?:d|∂|\\partial\s?)\s?[A-Za-z](?:_?\{?-?\d{1,3}\}?)?"
    r"|\\[dt]?frac\s?\{\s?(?:d|\\partial)\s?[A-Za-z]\w{0,3}\s?\}\s?\{\s?(?:d|\\partial)\s?[A-Za-z](?:_?\{?-?\d{1,3}\}?)?\s?\})"
    rf"\s*(?:=|≈|\\approx|is)\s*{_NUMBER}"
)


def with_sentences(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, and what the prose behind the first table says of adjoints, behind the last of derivatives."""
    places = [k for k, block in enumerate(blocks) if block.kind != PROSE]
    rows = [
        Row(block.rows[0].line, (said,))
        for k, block in enumerate(blocks) if places and k > places[0] and block.kind == PROSE
        for said in _equations(block.rows[0].cells[0], last=k > places[-1])
    ]  # fmt: skip
    return [*blocks, table(rows)._replace(kind=EQUATIONS)] if rows else list(blocks)


def _equations(text: str, *, last: bool) -> Iterator[str]:
    if len(text) > LONGEST_EQUATION:
        return
    for said in _SAID.finditer(text):
        left = f"d{said['of']}/d{said['by']}" if said["of"] else f"\\bar{{{said['by']}}}"
        yield f"${left} = {said['number']}$"
    for said in _RESULT.finditer(text) if last else ():
        yield f"${said['left']} = {said['number']}$"
