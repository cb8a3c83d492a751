"""What documents say, in the language of their reader: ``languages/de.toml`` has every phrase by its key.

    phrase ::= words and places, "Setting {settings} gives {result} in one forward sweep{upwards}."

A phrase is a whole sentence or a whole part of one, so that each language has its own order, cases and plurals.
English is a file like the others, and the only place with our English words; messages of errors are no documents.
A file is read when the first of its phrases is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from adtrace.errors import OptionError, either, nearest
from adtrace.settings import COMMA, ENGLISH, LANGUAGES

_PLACE = re.compile(r"\{(\w+)\}")
TERMS = "\n[terms]\n"
"""Where the sources of a file begin, which no document needs."""


class Said(NamedTuple):
    """A phrase with what stands in its places, which are texts or phrases again: words before they have a language."""

    key: str
    parts: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        """In English, for messages and JSON."""
        return wording(ENGLISH).told(self)


def said(key: str, **parts: Any) -> Said:
    """The phrase of this key, with what stands in its places."""
    return Said(key, tuple(parts.items()))


@dataclass(frozen=True, eq=False)
class Wording:
    """The phrases of one language."""

    name: str
    phrases: Mapping[str, str]
    names: tuple[str, ...]
    """What LaTeX's babel and polyglossia call the language."""
    comma: bool
    """Whether decimals stand behind a comma."""
    thin: bool
    """Whether thousands are parted by a thin space, and not by a comma."""
    tag: str
    """The language as HTML names it."""
    fonts: tuple[str, ...]
    """Fonts with its letters, for documents that Typst sets alone: Debian's Noto fonts; it goes on to any other."""
    _pieces: dict[str, list[str]] = field(default_factory=dict)

    def pieces(self, key: str) -> list[str]:
        """A phrase in pieces: words, the name of a place, words and so on."""
        pieces = self._pieces.get(key)
        if pieces is None:
            pieces = self._pieces[key] = _PLACE.split(self.phrases[key])
        return pieces

    def say(self, key: str, parts: Mapping[str, Any]) -> str:
        """A phrase with these texts in its places."""
        pieces = self.pieces(key)
        if len(pieces) == 1:
            return pieces[0]
        return "".join([str(parts[piece]) if at % 2 else piece for at, piece in enumerate(pieces)])

    def told(self, what: Said) -> str:
        """A phrase whose parts may be phrases."""
        parts = {name: self.told(part) if isinstance(part, Said) else part for name, part in what.parts}
        return self.say(what.key, parts)


@cache
def source(name: str) -> str:
    """The file of a language."""
    return files("adtrace").joinpath("languages", f"{name}.toml").read_text(encoding="utf-8")


@cache
def wording(name: str) -> Wording:
    """The phrases of a language, by its code."""
    import tomllib  # noqa: PLC0415 - many commands print no document

    read = tomllib.loads(source(name).partition(TERMS)[0])
    about = read["language"]
    comma, thin = about["decimal"] == COMMA, about["thousands"] == "thin"
    return Wording(name, read["phrases"], tuple(about["babel"]), comma, thin, about["tag"], tuple(about["fonts"]))


@cache
def babel_names() -> Mapping[str, str]:
    """The codes of the languages but English, by what babel and polyglossia call them."""
    return {name: code for code in LANGUAGES if code != ENGLISH for name in wording(code).names}


def code_of(given: object) -> str:
    """The code of a language: ``de``, or what LaTeX calls it, ``ngerman``.  Raises `OptionError`."""
    if given in LANGUAGES:
        return str(given)
    named = {name: code for code in LANGUAGES for name in wording(code).names}
    if isinstance(given, str) and given in named:
        return named[given]
    guess = nearest(given, [*LANGUAGES, *named]) if isinstance(given, str) else ""
    raise OptionError(f"language is {either(LANGUAGES)}, not {given!r}{guess}")


def has_comma(name: str, decimal: str | None) -> bool:
    """Whether decimals are printed behind a comma: as the language has them, unless it is said."""
    return wording(name).comma if decimal is None else decimal == COMMA
