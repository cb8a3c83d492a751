"""Brackets in a text: where one is closed, and what stands outside of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

BRACKETS = r"(?P<open>[(\[{])|(?P<close>[)\]}])"
"""Brackets of any kind, as a pattern to which signs may be added."""
_BRACES = re.compile(r"\\.|(?P<open>\{)|(?P<close>\})", re.S)
_OTHERS = re.compile(r"(?P<open>[(\[])|(?P<close>[)\]])")


def outside(text: str, signs: re.Pattern[str], start: int = 0) -> Iterator[re.Match[str]]:
    """What the groups of a pattern find outside of its groups ``open`` and ``close``; a close of nothing, too."""
    depth = 0
    for match in signs.finditer(text, start):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close" and depth:
            depth -= 1
        elif kind and not depth:
            yield match


def parted(text: str, signs: Iterable[re.Match[str]]) -> list[str]:
    """What stands before, between and behind signs in a text."""
    pieces, position = list[str](), 0
    for sign in signs:
        pieces.append(text[position : sign.start()])
        position = sign.end()
    return [*pieces, text[position:]]


def closed_at(text: str, start: int = 0) -> int:
    """Where the bracket that opens at a place is closed: a brace by braces alone, others by others; -1 if it is not."""
    signs = _BRACES if text[start : start + 1] == "{" else _OTHERS
    return next((match.start() for match in outside(text, signs, start + 1)), -1)


def within(text: str) -> str:
    """A text to the end of the bracket in which it stands, if it stands in one."""
    closed = closed_at(f"({text}")
    return text[: closed - 1] if closed > 0 else text
