"""Names in a text: letters with their subscripts and primes, Greek ones by their names."""

from __future__ import annotations

import re

from adtrace.errors import printable
from adtrace.language.signs import GREEK
from adtrace.language.stream import WORD, Stream

_LETTERS = f"A-Za-z{''.join(GREEK)}"
LETTERS = re.compile(rf"[{_LETTERS}][{_LETTERS}0-9_]*+")
"""A run of letters and digits."""
COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?|(.))", re.DOTALL)
BRACED = re.compile(r"[ ]*\{[ ]*([A-Za-z]+\*?)[ ]*\}")
_DOTTED = re.compile(r"(?:(?:\.|::)[A-Za-z_][A-Za-z0-9_]*+)++")
_SUBSCRIPT = re.compile(r"\\(?:mathit|mathrm|text|mathsf|mathbf|operatorname|textrm|rm)\b|\\[,;:! ]|[{} ,]")
_PLAIN_SUBSCRIPT = re.compile(r"-?[0-9]+|[A-Za-z]")
_LONGEST_SUBSCRIPT = 200
_OF_CASES = ("if", "for", "when", "where", "wenn", "falls", "si")
"""Words before a condition of a choice."""


class NameStream(Stream):
    """A stream that names are read into."""

    def word(self, run: str, start: int, end: int) -> None:
        """A run of letters and digits, with its subscript, its primes and what a point joins to it."""
        text = self.text
        name, solid = transliterated(run)
        self.at = end
        if run in _OF_CASES and self.inside("cases"):
            self.spaced = True
            return
        subscript = ""
        if run.endswith("_") and text[end : end + 1] in ("{", "\\", "-"):
            name, subscript = name[:-1], self.subscript(end)
        elif text[end : end + 1] == "_":
            subscript = self.subscript(end + 1)
        if subscript:
            base = len(name) - 1
            name += f"_{subscript}"
            solid = (*solid, (max(base, 0), len(name)))
        elif match := _DOTTED.match(text, end):
            self.at = match.end()
            name += match.group().replace("::", ".")
            solid = ((0, len(name)),)
        primes = 0
        while text[self.at : self.at + 1] == "'":
            self.at, primes = self.at + 1, primes + 1
        if primes:
            solid = (*solid, (max(len(name) - 1, 0), len(name) + primes))
            name += "'" * primes
        self.put(WORD, name, start, solid)

    def subscript(self, at: int) -> str:
        """The subscript that begins here, as part of a name; the reader goes on behind it."""
        text = self.text
        if text[at : at + 1] == "{":
            depth, end = 0, at
            for end in range(at, min(len(text), at + _LONGEST_SUBSCRIPT)):
                depth += (text[end] == "{") - (text[end] == "}")
                if depth == 0:
                    break
            if depth:
                self.fail("this subscript is never closed", at)
            inner, self.at = text[at + 1 : end], end + 1
        elif match := COMMAND.match(text, at):
            inner, self.at = match.group(), match.end()
            if braced := BRACED.match(text, self.at):
                inner, self.at = braced.group(1), braced.end()
        elif match := _PLAIN_SUBSCRIPT.match(text, at):
            inner, self.at = match.group(), match.end()
        else:
            self.fail("a subscript is a number or a name, x_{12}", at)
        plain = _SUBSCRIPT.sub("_", inner).replace("\\", "")
        plain = "".join(GREEK.get(char, char) for char in plain)
        plain = re.sub(r"_+", "_", plain).strip("_")
        if not re.fullmatch(r"-?[A-Za-z0-9_]+(?:_-[0-9]+)?", plain):
            self.fail(f"{printable(inner)!r} is no subscript: it is a number or a name, x_{{12}}", at)
        return plain


def transliterated(run: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Greek letters by their names, each of which is not to be cut."""
    if run.isascii():
        return run, ()
    pieces: list[str] = []
    solid: list[tuple[int, int]] = []
    length = 0
    for char in run:
        plain = GREEK.get(char, char)
        if len(plain) > 1:
            solid.append((length, length + len(plain)))
        pieces.append(plain)
        length += len(plain)
    return "".join(pieces), tuple(solid)
