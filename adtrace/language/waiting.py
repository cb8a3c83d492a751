"""What waits on the stack of the free reader, how tightly each of it binds, and the questions that the reader has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from adtrace.language.allowed import Language
from adtrace.language.reader import Operator, Reader
from adtrace.language.spellings import Spelling
from adtrace.language.stream import END, Token
from adtrace.language.syntax import Term
from adtrace.language.words import Words

CHOICE, EITHER, BOTH, DENIED, RELATION, SUM, PRODUCT = 0.3, 0.4, 0.5, 0.6, 0.7, 1.0, 2.0
TIGHT, PREFIX, CALLED, COEFFICIENT, POWER_LEVEL, RAISED = 2.5, 3.0, 3.5, 3.7, 4.0, 4.5
ROOT, UNDER, MIXED = 5.0, 5.5, 5.8

Doubt = tuple[str, int]
"""A question: what it is about, and its place."""


class Call(NamedTuple):
    """A function on its way to its operands."""

    name: str
    place: int
    power: tuple[Term, ...] = ()
    """The exponent of ``sin^2 x``."""
    meaning: Spelling | None = None
    """What it stands for, where that is not what its name says."""


class Bracket:
    """An open bracket: where each of its operands begins, and whose they are."""

    __slots__ = ("call", "kind", "listed", "position", "power_of", "starts")
    precedence = 0.0

    def __init__(self, kind: str, position: int, start: int, call: Call | None = None) -> None:
        self.kind, self.position, self.call = kind, position, call
        self.starts = [start]
        self.listed = False
        self.power_of: Call | None = None


class Bare(NamedTuple):
    """A function without brackets, waiting for the end of its operand."""

    call: Call
    start: int
    precedence: float = CALLED


class Question:
    """``c ? a : b`` on the stack."""

    __slots__ = ("position", "starts")
    precedence = CHOICE

    def __init__(self, position: int, starts: list[int]) -> None:
        self.position, self.starts = position, starts


Entry = Operator | Bracket | Bare | Question


def place_of(entry: Entry) -> int:
    """Where it stands in the text."""
    return entry.call.place if isinstance(entry, Bare) else entry.position


def unclosed(bracket: Bracket) -> str:
    """The sentence for a bracket without an end."""
    return "this bar is never closed" if bracket.kind == "|" else "this bracket is never closed"


class WaitingReader(Reader):
    """A reader of tokens with what waits in it."""

    def __init__(
        self, tokens: Sequence[Token], shown: str, language: Language, choices: Mapping[Doubt, int], words: Words
    ) -> None:
        super().__init__(shown, shown, language.functions, language.declared, language.limits)
        self.tokens, self.language, self.choices, self.words = tokens, language, choices, words
        self.waiting: list[Entry] = []
        self.brackets: list[Bracket] = []
        self.queue: list[Token] = []
        self.at = 0
        self.doubts: dict[Doubt, int] = {}
        self.pending: Call | None = None
        self.previous = Token(END, "", 0)
        self.typed_raises: dict[int, bool] = {}
        """Where a power is typed with ``^``, and whether its base is a constant."""
        self.conditional = False
        self.latex = "\\" in shown or "$" in shown
        self.sheet = shown.lstrip()[:1] == "="

    def next(self) -> Token:
        """The next token, which is taken."""
        if self.queue:
            return self.queue.pop()
        token = self.tokens[self.at]
        self.at += token.kind != END
        return token

    def peek(self, ahead: int = 0) -> Token:
        """A token to come."""
        if ahead < len(self.queue):
            return self.queue[-1 - ahead]
        return self.tokens[min(self.at + ahead - len(self.queue), len(self.tokens) - 1)]

    def choice(self, what: str, place: int, count: int = 2) -> int:
        """Which of several readings is asked for."""
        self.doubts.setdefault((what, place), count)
        return self.choices.get((what, place), 0)

    def need(self, form: str, problem: str, place: int) -> None:
        """Refuse a form that is not allowed."""
        if form not in self.language.forms:
            self.fail(problem, place)
