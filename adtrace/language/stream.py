"""Tokens, and the stream of them that grows while a text is read."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from adtrace.errors import ParseError
from adtrace.language.allowed import Language
from adtrace.language.signs import Source

NUMBER, WORD, SIGN, OPEN, CLOSE, BREAK, END, TEXT = (
    "number", "word", "sign", "open", "close", "break", "end", "text",
)  # fmt: skip
"""Kinds of tokens; a text is a word in quotes."""

BLANK = re.compile(r"[ \t\r\f\v]++|\\[,;:! ]")


class Token(NamedTuple):
    """A token: its kind, what it is in the language, and its place in the author's text."""

    kind: str
    text: str
    place: int
    spaced: bool = False
    """Whether a blank stands before it."""
    solid: tuple[tuple[int, int], ...] = ()
    """Of a word the spans that are one letter or one subscript, and are not cut."""


class Frame(NamedTuple):
    """A construct whose group is open: what closes it, and what follows its end."""

    closing: str
    rest: tuple[str, ...]
    place: int


class Stream:
    """A text, how far it is read, its tokens so far, and the constructs that are open in it."""

    def __init__(self, source: Source, shown: str, language: Language) -> None:
        self.text, self.source, self.shown, self.language = source.text, source, shown, language
        self.latex = "\\" in shown or "$" in shown
        self.tokens: list[Token] = []
        self.frames: list[Frame] = []
        self.environments: list[str] = []
        self.spaced = False
        self.at = 0

    def fail(self, problem: str, position: int) -> NoReturn:
        """Refuse what stands here."""
        raise ParseError(problem, self.shown, self.source.place(position))

    def put(self, kind: str, text: str, position: int, solid: tuple[tuple[int, int], ...] = ()) -> None:
        """The next token."""
        self.tokens.append(Token(kind, text, self.source.place(position), self.spaced, solid))
        self.spaced = False

    def blanks(self) -> None:
        """Go on behind the blanks that stand here."""
        while match := BLANK.match(self.text, self.at):
            self.at = match.end()

    def inside(self, environment: str) -> bool:
        """Whether this environment of LaTeX is the innermost one."""
        return bool(self.environments) and self.environments[-1] == environment
