"""All readings of a text: each with the answers to the questions that the free reader had.

The plain language has one reading and is tried first; every other form is read by `programs` from tokens.  A text whose
questions are answered otherwise and that then says something else has more than one reading, and a caller that needs
one refuses it.
"""

from __future__ import annotations

from typing import NamedTuple

from adtrace.collector import uncollected
from adtrace.errors import BoundError, ParseError
from adtrace.language.allowed import Language
from adtrace.language.parse import all_known, parsed
from adtrace.language.syntax import Expression
from adtrace.settings import COMMA

_MOST_READINGS = 16


class Reading(NamedTuple):
    """One way to read a text."""

    expression: Expression
    plain: bool
    """Whether it is in the plain language, where there is one way."""
    doubt: int = 0
    """The place of the question whose answer makes this reading."""


def readings(text: str, language: Language, most: int = _MOST_READINGS) -> list[Reading]:
    """Every way in which the text can be read, at most so many; the one that written operators would give is the first.

    Raises `ParseError` where there is none, and `BoundError`.
    """
    longest = language.limits.characters // 5  # each character takes more time than in the plain language
    only_plain = not language.forms or len(text) > longest
    plain = _plain(text, language, only_plain) if language.decimal != COMMA else None
    if plain is not None and (only_plain or all_known(plain, language)):
        return [Reading(plain, True)]
    if len(text) > longest:
        raise BoundError(f"the expression has {len(text)} characters; with decimal commas the bound is {longest}")
    from adtrace.language.programs import free_readings, same  # noqa: PLC0415 - most texts are plain

    try:
        with uncollected():
            free = [Reading(read, False, doubt) for read, doubt in free_readings(text, language, most)]
    except ParseError:
        if plain is not None:
            return [Reading(plain, True)]
        raise
    if plain is not None and len(free) == 1 and same(free[0].expression, plain):
        return [Reading(plain, True)]
    return free


def _plain(text: str, language: Language, must: bool) -> Expression | None:
    """The text in the plain language, if it is in it; raises `ParseError` where it must be."""
    try:
        return parsed(text, language)
    except ParseError:
        if must:
            raise
        return None
