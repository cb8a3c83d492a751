"""A text into the one expression that it is: how it was read is told, and what can be read in two ways is refused.

`readings` of the language gives all ways; here one is wanted.  The refusal spells both in the plain language, so that
the author can take the one that is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from adtrace.elementals import FUNCTIONS
from adtrace.errors import OptionError, ParseError
from adtrace.language.allowed import FREE, STRICT, Language
from adtrace.language.parse import all_known, parsed
from adtrace.language.syntax import Expression
from adtrace.limits import DEFAULT, Limits
from adtrace.settings import COMMA, DECIMALS, POINT
from adtrace.writing.dialects import plain

if TYPE_CHECKING:
    from adtrace.language.readings import Reading

_LONGEST = 120
"""Characters of each reading in a refusal."""


def language(*, declared: frozenset[str] = frozenset(), strict: bool = False, decimal: str = POINT,
             limits: Limits = DEFAULT, shapes: Mapping[str, tuple[int, ...]] | None = None) -> Language:  # fmt: skip
    """What may be read.  Raises `OptionError` for a decimal sign that there is not."""
    if decimal not in DECIMALS:
        raise OptionError(f"decimal is {POINT} or {COMMA}, not {decimal!r}")
    if not isinstance(strict, bool):
        raise OptionError(f"strict is True or False, not {strict!r}")
    return Language(FUNCTIONS, declared, STRICT if strict else FREE, decimal, limits, shapes or {})


def one_reading(text: str, allowed: Language) -> tuple[Expression, str]:
    """The expression, and how the text was read where it is not in the plain language.

    Raises `ParseError` for a text that has no reading, or more than one.
    """
    if allowed.decimal == POINT:
        try:
            read = parsed(text, allowed)
        except ParseError:
            if not allowed.forms:
                raise
        else:
            if not allowed.forms or all_known(read, allowed):
                return read, ""
    from adtrace.language.readings import readings  # noqa: PLC0415 - most texts are in the plain language

    candidates = readings(text, allowed, 2)
    if len(candidates) > 1:
        _refuse(text, candidates)
    read, is_plain, _ = candidates[0]
    return read, "" if is_plain else spelled_out(read)


def _refuse(text: str, candidates: list[Reading]) -> NoReturn:
    statements = [reading.expression.statements for reading in candidates]
    sides = [[plain(statement.terms) for statement in part] for part in statements]
    differ = [pair for pair in zip(*sides, strict=False) if pair[0] != pair[1]]
    if len(differ) == 1 and len(sides[0]) == len(sides[1]):
        one, other = differ[0]
    else:
        one, other = (spelled_out(reading.expression) for reading in candidates)
    if max(len(one), len(other)) > _LONGEST:
        one, other = _neighbourhoods(one, other)
    problem = f"this can be read in two ways: {one} or {other}; write the one that is meant"
    raise ParseError(problem, text, candidates[1].doubt)


def _neighbourhoods(one: str, other: str) -> tuple[str, str]:
    """Where two long readings differ, and what stands beside it."""
    start = max(0, _alike(one, other) - _LONGEST // 3)
    end = max(0, _alike(one[start:][::-1], other[start:][::-1]) - _LONGEST // 3)
    before, after = "..." if start else "", "..." if end else ""
    shown = [f"{before}{text[start : len(text) - end]}{after}" for text in (one, other)]
    return tuple(text if len(text) <= 2 * _LONGEST else f"{text[: 2 * _LONGEST]}..." for text in shown)  # type: ignore[return-value]


def _alike(one: str, other: str) -> int:
    """How many characters are the same at the beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def spelled_out(read: Expression) -> str:
    """The expression in the plain language, with its left sides."""
    parts: list[str] = []
    last = read.statements[-read.outputs :]
    for statement in read.statements[: -read.outputs]:
        parts.append(f"{statement.name} = {plain(statement.terms)}")
    right = ", ".join(plain(statement.terms) for statement in last)
    right = f"({right})" if len(last) > 1 else right
    names = ", ".join(statement.name or "" for statement in last)
    left = f"({names}) = " if len(last) > 1 and last[0].name else f"{names} = " if names.strip(", ") else ""
    if read.parameters is not None and read.function is not None:
        left += f"{read.function}({', '.join(read.parameters)}) = "
    return "; ".join([*parts, left + right])
