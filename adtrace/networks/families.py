"""The answers to an inverse question in words: one by one, a family as a formula, or the condition that they meet.

A sentence is pieces: words, and formulas in the language of `counts`, with a relation between two.  Every family is
checked against all answers before it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from adtrace.networks.asked import Asked
from adtrace.networks.inverse import CEIL, EXACT, TRANSPOSED, Answer, Found, Question
from adtrace.tables import worked
from adtrace.wording import wording
from adtrace.writing.counts import letters
from adtrace.writing.dialects import LATEX
from adtrace.writing.notation import Dialect

_LISTED, _RUNS, _PROGRESSION = 12, 8, 4
"""Answers, and stretches of them, that are listed; the fewest that are told as a progression."""


class Piece(NamedTuple):
    """A phrase, a mark between phrases, or a formula of texts with signs between them."""

    text: str
    """The key of a phrase, or a mark: a comma, a colon, a semicolon."""
    formula: tuple[str, ...] = ()
    """Formulas of `counts`, signs (``=``, ``<=``) and ready lists of numbers by turns."""
    parts: tuple[tuple[str, Any], ...] = ()
    """What stands in the places of the phrase: pieces, or a text."""


def words(key: str, **parts: Any) -> Piece:
    """A phrase by its key, with pieces or texts in its places; or a mark."""
    return Piece(key, (), tuple(parts.items()))


def formula(*parts: str) -> Piece:
    """A formula: parts in the language of `counts`, signs between them."""
    return Piece("", parts)


_MARKS = (",", ":", ";")


def sentence(pieces: Sequence[Piece], dialect: Dialect) -> str:
    """The pieces in running text."""
    whole = ""
    for piece in pieces:
        text = _told(piece, dialect)
        whole += text if not whole or piece.text in _MARKS else f" {text}"
    return whole


def _told(piece: Piece, dialect: Dialect) -> str:
    if piece.formula:
        return dialect.math(_written(piece, dialect))
    if piece.text in _MARKS:
        return piece.text
    parts = {name: of if isinstance(of, str) else sentence(of, dialect) for name, of in piece.parts}
    return dialect.say(piece.text, **parts)


def cell(pieces: Sequence[Piece], dialect: Dialect) -> str:
    """The pieces in a cell."""
    if dialect.name != LATEX.name:
        return sentence(pieces, dialect)
    whole = ""
    for piece in pieces:
        whole += ("\\ " if whole and piece.text not in _MARKS else "") + _in_latex(piece, dialect)
    return whole


def _in_latex(piece: Piece, dialect: Dialect) -> str:
    """A piece in a cell of LaTeX, which is a formula."""
    if piece.formula:
        return _written(piece, dialect)
    if piece.text in _MARKS:
        return worked.word(piece.text, dialect)
    parts, latex = dict(piece.parts), ""
    for at, text in enumerate(wording(dialect.language).pieces(piece.text)):
        if at % 2:
            latex += worked.word(parts[text], dialect) if isinstance(parts[text], str) else cell(parts[text], dialect)
        elif text:
            inner = rf"\adtword{{{text.strip()}}}" if text.strip() else ""
            latex += f"{chr(92) + ' ' if text[0] == ' ' else ''}{inner}{chr(92) + ' ' if text[-1] == ' ' else ''}"
    return latex


_SIGNS = ("=", "<=", "<", "...")
_RELATIONS = {"latex": {"<=": r" \le "}, "markdown": {"<=": r" \le ", "<": r" \lt "}, "text": {"<=": " ≤ "},
              "html": {"<=": "<mo>≤</mo>", "<": "<mo>&lt;</mo>"}, "typst": {"<=": " <= "}}  # fmt: skip


def _written(piece: Piece, dialect: Dialect) -> str:
    texts = []
    for part in piece.formula:
        if part in _SIGNS:
            texts.append(_RELATIONS.get(dialect.name, {}).get(part, f" {part} "))
        elif part.startswith("#"):  # a list of numbers, of tuples, of letters in brackets
            texts.append(_list(part[1:], dialect))
        else:
            texts.append(letters(part, dialect))
    return "".join(texts)


def _list(text: str, dialect: Dialect) -> str:
    names = [dialect.name_of(char) if char.isalpha() else char for char in text.replace("...", "\0")]
    return "".join(names).replace("\0", dialect.dots if dialect.name != "text" else "…")


# -- what is said ---------------------------------------------------------------------------------------------


def value(answer: Answer, letter: str, *, transposed: bool = False) -> Any:
    """What a letter of the formula is in an answer."""
    if letter in "io":
        return answer.n if (letter == "i") != transposed else answer.m
    return answer.rest if letter == "a" else getattr(answer, letter)


def every(found: Found, asked: Asked) -> list[Piece]:
    """All answers, in the shortest way that is complete."""
    names = _names(asked)
    rows = [tuple(value(answer, name, transposed=asked.transposed) for name in names) for answer in found.answers]
    if found.count == 1:
        return [words("no_other")]
    if not found.complete:
        return [words("more_than", count=[formula(f"{len(rows)}")], condition=[condition(asked)])]
    if len(rows) <= _LISTED:
        return [listing(names, rows)]
    whole = all(isinstance(entry, int) for row in rows for entry in row)
    family = (_progression(names, rows) or _halves(found, asked, names) or _stretches(names, rows)) if whole else None
    count = [words("answers_in_brackets", count=str(found.count))]
    if family is not None:
        return [*family, *count]
    return [words("answers_with", count=str(found.count), condition=[condition(asked)])]


def _names(asked: Asked) -> tuple[str, ...]:
    """The letters that are sought, k first."""
    return tuple(letter for letter in "kspdaio" if letter in asked.sought)


def listing(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Piece:
    """``k = 8, 9, 10``, ``(k, s) = (1, 2), (2, 2), (5, 1)``."""
    if len(names) == 1:
        return formula(names[0], "=", "#" + ", ".join(_entry(row[0]) for row in rows))
    of = ", ".join(f"({', '.join(map(_entry, row))})" for row in rows)
    return formula(f"#({', '.join(names)})", "=", f"#{of}")


def _entry(value: Any) -> str:
    return f"({value[0]}:{value[1]})" if isinstance(value, tuple) else str(value)


def _values(numbers: Sequence[int]) -> str:
    """``1, 2, ..., 64``; as they are where they are few."""
    if len(numbers) <= 4:
        return ", ".join(map(str, numbers))
    return f"{numbers[0]}, {numbers[1]}, ..., {numbers[-1]}"


def _progression(names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> list[Piece] | None:
    """Answers that follow each other in equal steps: ``p = (k - 1)/2 for k = 1, 3, ..., 63``."""
    steps = {tuple(b - a for a, b in zip(one, other, strict=True)) for one, other in pairwise(rows)}
    if len(rows) < _PROGRESSION or len(steps) != 1:
        return None
    (step,) = steps
    moving = [place for place, by in enumerate(step) if by]
    along = min(moving, key=lambda place: (names[place] == "p", place))
    start = rows[0]
    formulas: list[Piece] = []
    for place, name in enumerate(names):
        if place == along:
            continue
        formulas += [formula(name, "=", _linear(names[along], start[place], start[along], step[place], step[along])),
                 words(",")]  # fmt: skip
    values = [row[along] for row in rows]
    if not formulas:
        return [formula(names[along], "=", f"#{_values(values)}")]
    return [words("for_values", formulas=formulas[:-1], values=[formula(names[along], "=", f"#{_values(values)}")])]


def _linear(letter: str, at: int, start: int, rise: int, run: int) -> str:
    """The number that is ``at`` where the letter is ``start``, and rises so much with each run."""
    slope = Fraction(rise, run)
    if slope == 0:
        return str(at)
    whole = at * slope.denominator - slope.numerator * start
    if slope.denominator == 1 and whole == 0:
        return letter if slope == 1 else f"-{letter}" if slope == -1 else f"{slope.numerator}*{letter}"
    factor = "" if abs(slope.numerator) == 1 else f"{abs(slope.numerator)}*"
    sign = "-" if slope < 0 else ""
    above = f"{sign}{factor}{letter}{_signed(whole)}"
    if slope.denominator == 1:
        return above
    return f"({above})/{slope.denominator}" if whole else f"{above}/{slope.denominator}"


def _halves(found: Found, asked: Asked, names: Sequence[str]) -> list[Piece] | None:
    """A padding that follows from the rest: ``p = floor(7*(k - 1)/2)`` for each kernel, or dilation."""
    question, letter = asked.question, "".join(names).replace("p", "")
    if "p" not in names or letter not in ("k", "d") or question.n is None or question.m is None:
        return None
    strides = {answer.s for answer in found.answers}
    values = [value(answer, letter) for answer in found.answers]
    if len(strides) != 1 or len(set(values)) < len(values):
        return None
    more = question.m * strides.pop() - question.n
    if any(answer.p != (answer.d * (answer.k - 1) + more) // 2 for answer in found.answers):
        return None
    above = f"({_span(asked)}{_signed(more)})" if more else _span(asked)
    of = formula("p", "=", f"floor({above}/2)")
    return [words("for_values", formulas=[of], values=[formula(letter, "=", f"#{_steps(values)}")])]


def _signed(number: int) -> str:
    """`` + 3``, `` - 3``; nothing for 0."""
    return f" {'-' if number < 0 else '+'} {abs(number)}" if number else ""


def _steps(numbers: Sequence[int]) -> str:
    steps = {b - a for a, b in pairwise(numbers)}
    return _values(numbers) if len(steps) == 1 else ", ".join(map(str, numbers))


def _span(asked: Asked) -> str:
    """``d*(k - 1)`` with what is known put in."""
    k, d = asked.question.k, asked.question.d
    if k is not None:
        return f"{d * (k - 1)}" if d is not None else f"{k - 1}*d" if k > 2 else "d"
    return "d*(k - 1)" if d is None else f"{d}*(k - 1)" if d > 1 else "(k - 1)"


def _stretches(names: Sequence[str], rows: Sequence[tuple[int, ...]]) -> list[Piece] | None:
    """A few stretches of the last letter by the others: ``s = 2: k = 1, 2, ..., 9``."""
    best: list[Piece] | None = None
    for last in range(len(names)):
        others = [place for place in range(len(names)) if place != last]

        def of(row: tuple[int, ...], others: list[int] = others) -> tuple[int, ...]:
            return tuple(row[place] for place in others)

        pieces: list[Piece] = []
        ordered = sorted(rows, key=lambda row: (of(row), row[last]))
        runs = [(key, [row[last] for row in group]) for key, group in groupby(ordered, key=of)]
        even = all(len({b - a for a, b in pairwise(values)}) <= 1 for _, values in runs)
        if len(runs) > _RUNS or not even or (best is not None and len(runs) >= (len(best) + 1) // 4):
            continue
        heads = [names[place] for place in others]
        for key, values in runs:
            pieces += [listing(heads, [key]), words(":"), formula(names[last], "=", f"#{_values(values)}"), words(";")]
        best = pieces[:-1]
    return best


def condition(asked: Asked) -> Piece:
    """What an answer meets, with what is known put in: ``31*s <= 64 + 2*p - 7*(k - 1) - 1 < 32*s``."""
    question = asked.question
    n, m = question.n, question.m
    source, result = ("o", "i") if asked.transposed else ("i", "o")
    padding = None if question.before is None else question.before + _behind(question)
    total = " + 2*p" if padding is None else f" + {padding}" if padding else ""
    span = _span(asked)
    room = f"{source if n is None else n}{total}{'' if span == '0' else f' - {span}'} - 1"
    stride = "s" if question.s is None else str(question.s)
    low = f"({result} - 1)*{stride}" if m is None else f"{m - 1}*{stride}"
    if question.rounding == EXACT:
        return formula(low, "=", room)
    if question.rounding == TRANSPOSED:
        return formula(room, "=", f"{low} + {'a' if question.a is None else question.a}")
    if question.rounding == CEIL:
        return formula(f"({result} - 2)*{stride}" if m is None else f"{m - 2}*{stride}", "<", room, "<=", low)
    return formula(low, "<=", room, "<", f"{result}*{stride}" if m is None else f"{m}*{stride}")


def _behind(question: Question) -> int:
    return (question.before or 0) if question.after is None else question.after
