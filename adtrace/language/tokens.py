"""The token reader: text, LaTeX and the signs of Unicode into one stream of tokens, each with its place.

Every pattern is matched at a place, and none looks further than the token that it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from adtrace.errors import printable
from adtrace.language.allowed import Language
from adtrace.language.hints import of_character
from adtrace.language.latex import LatexStream
from adtrace.language.names import LETTERS, transliterated
from adtrace.language.signs import Source
from adtrace.language.stream import BLANK, BREAK, CLOSE, END, NUMBER, OPEN, SIGN, TEXT, WORD, Token
from adtrace.settings import COMMA

_DECIMAL = {
    False: re.compile(r"(?:[0-9]++(?:\.(?![*/^])[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"),
    True: re.compile(r"(?:[0-9]++(?:,[0-9]++)?)(?:[eE][+-]?[0-9]++)?"),
}
_SIGN = re.compile(r"\*\*|//|<=|>=|==|!=|<>|=<|:=|->|=>|&&|\|\||\.[*/^]|[-+*/^,;=<>!%?:&|@.√∛∜↦→⌊⌋⌈⌉⊤½⅓-⅞⅐⅑⅒¼¾]")
_PRINTED = re.compile(
    r"(Symbol|Dummy|Float)\([ ]*(['\"])([^'\"\n]{1,400})\2(?:[ ]*,[ ]*[a-z_]+=[A-Za-z0-9]+)*[ ]*\)|ExprCondPair(?=\()"
)
"""What `sympy.srepr` prints with a quoted name or number inside, and the pairs of its `Piecewise`."""
_QUOTED = re.compile(r"(['\"])[A-Za-z0-9_,\->. ]{1,200}\1")
_NUMERAL = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?")


class _Lexer(LatexStream):
    """One pass over the source."""

    def __init__(self, source: Source, shown: str, language: Language) -> None:
        super().__init__(source, shown, language)
        self.number = _DECIMAL[language.decimal == COMMA]

    def read(self) -> list[Token]:
        """All tokens, and one for the end."""
        text, end = self.text, len(self.text)
        while self.at < end:
            if match := BLANK.match(text, self.at):
                self.at, self.spaced = match.end(), True
                continue
            self.token()
        if self.environments:
            self.fail(f"\\begin{{{self.environments[-1]}}} has no end", end)
        unseen = [frame.place for frame in self.frames if frame.closing not in (")", "]")]
        if unseen:  # of the others the reader of the terms says so
            self.fail("this bracket is never closed", unseen[-1])
        self.put(END, "", end)
        return self.tokens

    def token(self) -> None:
        """Read what stands here."""
        text, at = self.text, self.at
        char = text[at]
        if match := self.number.match(text, at):
            self.at = match.end()
            number = match.group().replace(",", ".")
            self.put(NUMBER, number.removesuffix(".") if self.latex else number, at)
        elif match := _PRINTED.match(text, at):
            self.printed(match, at)
        elif match := LETTERS.match(text, at):
            self.word(match.group(), at, match.end())
        elif char in _BY_CHARACTER:
            _BY_CHARACTER[char](self, char, at)
        elif match := _SIGN.match(text, at):
            self.at = match.end()
            self.sign(match.group(), at)
        else:
            self.unknown(char, at)

    def printed(self, match: re.Match[str], at: int) -> None:
        """``Symbol('x')``, ``Float('0.25', precision=53)``."""
        kind, _, quoted = match.groups()
        self.at = match.end()
        if kind == "Float" and _NUMERAL.fullmatch(quoted):
            self.put(OPEN, "{", at)
            if "precision=53" in match.group():  # a double, which stands for its shortest decimal
                quoted = repr(float(quoted))
            if quoted.startswith("-"):
                self.put(SIGN, "-", at)
            self.put(NUMBER, quoted.lstrip("-"), at)
            self.put(CLOSE, "}", at)
        elif kind and kind != "Float" and LETTERS.fullmatch(quoted):
            name, _ = transliterated(quoted)
            self.put(WORD, name, at, ((0, len(name)),))
        elif kind:
            self.fail(f"{printable(quoted)!r} is not a {'number' if kind == 'Float' else 'name'}", at)

    def line_end(self, _: str, at: int) -> None:
        """A line end, which parts statements; in an environment of LaTeX it is a blank."""
        self.at += 1
        self.spaced = True
        if not self.environments:
            self.put(BREAK, "\n", at)

    def blank(self, char: str, at: int) -> None:
        """The dollar round a formula, and LaTeX's blank."""
        if char == "~" and not self.latex:
            self.unknown(char, at)
        self.at += 1
        self.spaced = True

    def comment(self, _: str, at: int) -> None:
        """What is not read, to the end of the line."""
        newline = self.text.find("\n", at)
        self.at = len(self.text) if newline < 0 else newline

    def quoted(self, char: str, at: int) -> None:
        """A word in quotes, which a call may have beside its operands."""
        match = _QUOTED.match(self.text, at)
        if match is None:
            self.unknown(char, at)
        self.at = match.end()
        self.put(TEXT, match.group(), at)

    def unknown(self, char: str, at: int) -> NoReturn:
        """Refuse a character that is in no form of the language."""
        hint = _REFUSED.get(char) or of_character(char)
        quoted = '"\'"' if char == "'" else f"'{printable(char)}'"
        self.fail(f"{quoted} is not part of the language" + (f": {hint}" if hint else ""), at)


_BY_CHARACTER: dict[str, Callable[[_Lexer, str, int], None]] = {
    "\\": lambda lexer, _, at: lexer.command(at), "\n": _Lexer.line_end, "#": _Lexer.comment,
    **dict.fromkeys("([{", _Lexer.open), **dict.fromkeys(")]}", _Lexer.close), **dict.fromkeys("$~", _Lexer.blank),
    **dict.fromkeys("'\"", _Lexer.quoted),
}  # fmt: skip
_REFUSED = {
    "°": "angles are in radians; write 30 degrees as 30*pi/180",
    "'": "a prime stands after the name of a variable", '"': "there are no quotes", "_": "a name begins with a letter",
    "∞": "numbers are finite",
}  # fmt: skip


def tokens(source: Source, shown: str, language: Language) -> list[Token]:
    """The tokens of a text, the last one its end; raises `ParseError` with the place in ``shown``."""
    return _Lexer(source, shown, language).read()
