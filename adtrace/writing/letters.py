r"""The author's own symbols, ``yhat=\hat y; lr=\eta``: what stands for a name wherever a formula is written.

    text ──assigned──▶ name, LaTeX ──symbol──▶ Scripts ──lettered──▶ a dialect that draws it

A symbol is one letter or word, in a font, with accents, and with sub- and superscripts; it is drawn from what it is
made of in every format, so that nothing of the author's text is obeyed.  Marks of derivatives stand over the letter
alone, an index behind its subscript.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from adtrace.errors import OptionError
from adtrace.writing.dialects import LATEX, MARKDOWN, OPERATORS, TERMINAL, TYPST
from adtrace.writing.items import (
    ACCENTS,
    BINARY,
    CLOSE,
    COMMA,
    DRAWN,
    FONTS,
    LETTER,
    MARK,
    NUMBER,
    OPEN,
    TEXT,
    Accent,
    Font,
    Item,
    Reader,
    Row,
    Scripts,
    Symbol,
)
from adtrace.writing.notation import ATOM, POWER, Dialect, Drawn
from adtrace.writing.pens import IN_LATEX, IN_MARKDOWN, IN_TERMINAL, PENS, Pen

Letters = tuple[tuple[str, str], ...]
"""The symbols as they were given: names, and LaTeX."""
_LONGEST = 80
_MADE_OF = (
    r"one letter, \alpha or \mathrm{word}, with "
    f"{', '.join(rf'{chr(92)}{name}' for name in ACCENTS)}, {', '.join(rf'{chr(92)}{name}' for name in FONTS)}, "
    "_{...} and ^{...}"
)
_IN_SCRIPTS = {LETTER: "", NUMBER: "", TEXT: "", BINARY: "+-*", COMMA: ",", MARK: "′∞", OPEN: "(", CLOSE: ")"}
"""What a script may hold, and of signs which."""
_SPACED = re.compile(r"\\text\s*\{[^}]*\s[^}]*\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*'*", re.ASCII)
_COMBINED = {mark: name for name, mark in ACCENTS.items()}
_LOW = dict(zip("₊₋₀₁₂₃₄₅₆₇₈₉", "+-0123456789", strict=True))


def assigned(given: object) -> Letters:
    r"""The symbols from ``"yhat=\hat y; lr=\eta"`` or a mapping; raises `OptionError` for what is none.

    Two names may not have the same symbol.
    """
    if isinstance(given, tuple):
        return given  # checked before
    letters = _pairs(given)
    names: dict[Scripts, str] = {}
    for name, text in letters:
        if not isinstance(name, str) or not isinstance(text, str) or not _NAME.fullmatch(name):
            raise OptionError(rf"letters give names symbols, as yhat=\hat y; {name!r} is no name")
        if name in names.values():
            raise OptionError(f"letters give {name} two symbols")
        other = names.setdefault(symbol(text), name)
        if other != name:
            raise OptionError(f"letters give {other} and {name} the same symbol, {text}")
    return letters


def _pairs(given: object) -> tuple[tuple[Any, Any], ...]:
    """The names and symbols of a text or of a mapping, not yet checked."""
    if isinstance(given, Mapping):
        return tuple(given.items())
    if not isinstance(given, str):
        raise OptionError(rf"letters are a text such as 'yhat=\hat y; lr=\eta', or a mapping, not {given!r}")
    pairs = [part.partition("=") for part in given.split(";") if part.strip()]
    if not all(equals for _, equals, _ in pairs):
        raise OptionError(rf"letters are written as 'yhat=\hat y; lr=\eta', not {given[:60]!r}")
    return tuple((name.strip(), text.strip()) for name, _, text in pairs)


@lru_cache(maxsize=256)
def symbol(text: str) -> Scripts:
    """What a symbol is made of; raises `OptionError` for what is more than one, or not in the set."""
    read = Reader(_spelled(text), "a symbol", _MADE_OF)
    if not text or len(text) > _LONGEST:
        raise OptionError(f"a symbol is made of {_MADE_OF}, in at most {_LONGEST} characters; {text[:30]!r} is none")
    row = read.whole()
    if _SPACED.search(text):
        raise read.refused("a blank")
    if len(row) != 1 or (isinstance(row[0], Scripts) and len(row[0].base) != 1):
        raise read.refused(text if row else "nothing")
    whole = row[0] if isinstance(row[0], Scripts) else Scripts(row, Row(), Row())
    _require_letter(whole.base[0], read)
    for item in (*whole.low, *whole.high):
        _require_script(item, read)
    return whole


def _spelled(text: str) -> str:
    r"""In LaTeX's spelling: ŷ is ``\hat{y}``, x₁ is ``x_{1}``."""
    decomposed = unicodedata.normalize("NFD", text)
    low = re.sub(f"[{''.join(_LOW)}]+", lambda match: f"_{{{''.join(map(_LOW.__getitem__, match[0]))}}}", decomposed)
    marks = "".join(_COMBINED)
    return re.sub(f"(.)([{marks}]+)", lambda match: _accented(match[1], match[2]), low, flags=re.DOTALL)


def _accented(letter: str, marks: str) -> str:
    for mark in marks:
        letter = rf"\{_COMBINED[mark]}{{{letter}}}"
    return letter


def _require_letter(item: Item, read: Reader) -> None:
    """A letter or a word that is no function's, in fonts and with accents."""
    while isinstance(item, Accent | Font):
        if len(item.over) != 1:
            raise read.refused(read.formula)
        item = item.over[0]
    if not isinstance(item, Symbol) or item.kind not in (LETTER, TEXT) or item.text in OPERATORS:
        raise read.refused(read.formula)


def _require_script(item: Item, read: Reader) -> None:
    if isinstance(item, Symbol):
        if item.kind not in _IN_SCRIPTS or (item.kind > TEXT and item.text not in _IN_SCRIPTS[item.kind]):
            raise read.refused(item.latex or item.text)
    elif isinstance(item, Accent | Font):
        _require_letter(item, read)
    else:
        raise read.refused("what stands in its script")


class Letter(Drawn):
    """A symbol drawn in a dialect, with what it is made of."""

    item: Scripts

    @property
    def level(self) -> int:
        """A name with a superscript wants brackets where it is raised to a power; primes run into none."""
        primes = all(isinstance(item, Symbol) and item.text == "′" for item in self.item.high)
        return ATOM if primes else POWER


def _drawn(pen: Pen, item: Scripts) -> Letter:
    whole: Item = item if item.low or item.high else item.base[0]
    letter = Letter(pen.drawn(Row((whole,))).strip())
    letter.item = item
    return letter


_PENS = {LATEX.name: IN_LATEX, MARKDOWN.name: IN_MARKDOWN, **PENS, TERMINAL.name: IN_TERMINAL}


@lru_cache(maxsize=64)
def lettered(dialect: Dialect, letters: Letters, arrays: frozenset[str] = frozenset()) -> Dialect:
    """The dialect with these symbols for names; the entries of ``arrays`` are the letters x_1, x_2, ..."""
    pen = _PENS.get(dialect.name)
    if not letters or pen is None:  # the language itself has plain names
        return dialect
    drawn = {name: _drawn(pen, symbol(text)) for name, text in letters}

    def over(mark: str, plain: Callable[[str], str]) -> Callable[[str], str]:
        def marked(text: str) -> str:
            if not isinstance(text, Letter):
                return plain(text)
            return _drawn(pen, text.item._replace(base=Row((Accent(mark, text.item.base),))))

        return marked

    def indexed(text: str, index: str) -> str:
        if not isinstance(text, Letter) or dialect.name == TERMINAL.name:
            return dialect.indexed(text, index)
        shown = index.replace("..", " dots ") if dialect.name == TYPST.name else index
        low = (*text.item.low, Symbol(COMMA, ",")) if text.item.low else ()
        return _drawn(pen, text.item._replace(low=Row((*low, Symbol(DRAWN, shown)))))

    def name_of(name: str) -> str:
        head, *index = name.split("_")
        if head in arrays and head in drawn and index and all(map(str.isdigit, index)):
            return indexed(drawn[head], ",".join(index))
        return drawn.get(name) or dialect.name_of(name)

    return replace(
        dialect,
        name_of=name_of,
        dot=over("dot", dialect.dot),
        ddot=over("ddot", dialect.ddot),
        bar=over("bar", dialect.bar),
        indexed=indexed,
    )
