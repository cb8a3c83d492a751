r"""Brackets, those that are seen and those that are not, and constructs that wait for their arguments.

What LaTeX and Unicode set in two dimensions becomes brackets that are not seen: ``\frac{a}{b}`` is ``{{a}/{b}}``,
``x²`` is ``x^{2}``.  Such a bracket groups and leaves no trace in the terms.  Every construct that waits for an
argument is an entry of one stack, so depth needs no recursion.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from adtrace.language.commands import SYMBOLS
from adtrace.language.names import COMMAND, LETTERS, NameStream, transliterated
from adtrace.language.stream import BREAK, CLOSE, NUMBER, OPEN, SIGN, WORD, Frame

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SAME = {"**": "^", ".^": "^", ".*": "*", "./": "/", "==": "==", "<>": "!=", "=<": "<=", "&&": "and", "||": "or",
         "→": "->", "↦": "->", "=>": "->", "&": "and"}  # fmt: skip
ROOTS = {"√": "sqrt", "∛": "cbrt", "∜": "∜"}
"""Signs of roots, each with its function."""
_FLOORS = {"⌊": "floor", "⌈": "ceiling"}
_OPENED = re.compile(r"\{[ ]*(?:\\left[ ]*)?\(")
_LONGEST_CALL = 400
"""Characters of such operands at most that are looked through."""
LISTS = ("cases", "pmatrix", "bmatrix", "matrix", "array")
"""Environments of LaTeX whose cells are operands."""
ARGUMENT = "<argument>"
"""Where the next group of a construct stands."""


class GroupStream(NameStream):
    """A stream with groups in it."""

    def open(self, char: str, at: int, step: int = 1) -> None:
        """A bracket as it is seen; a brace groups and is not."""
        self.at += step
        if char == "{" and self.tokens and self.tokens[-1].kind == WORD and self.holds_operands(at):
            self.frames.append(Frame("}", (), at))
            return
        raised = char == "{" and bool(self.tokens) and self.tokens[-1][:2] == (SIGN, "^")
        self.put(OPEN, "^{" if raised else char, at)
        self.frames.append(Frame(_CLOSING[char], (_CLOSING[char],), at))

    def holds_operands(self, at: int) -> bool:
        r"""Whether a brace holds several operands in brackets and nothing else: sympy's ``f{\left(x,y \right)}``."""
        depth, several = 0, False
        opened = _OPENED.match(self.text, at)
        for end in range(opened.end() - 1 if opened else at, min(len(self.text), at + _LONGEST_CALL) if opened else at):
            char = self.text[end]
            depth += (char in "([{") - (char in ")]}")
            several = several or (char == "," and depth == 1)
            if depth == 0:
                return several and self.text[end + 1 : end + 20].lstrip().startswith("}")
        return False

    def close(self, char: str, at: int, step: int = 1) -> None:
        """The end of a group, and what follows it."""
        self.at += step
        if not self.frames:  # the reader of the terms says so, if nothing is wrong before it
            self.put(CLOSE, char, at)
            return
        frame = self.frames.pop()
        if frame.closing != char:
            self.fail(f"here {frame.closing} is wanted: this bracket closes another kind", at)
        self.go_on(frame.rest, at)

    def go_on(self, items: Sequence[str], at: int) -> None:
        """Put the tokens of a construct, as far as the next argument that is a group of its own."""
        for number, item in enumerate(items):
            if item != ARGUMENT:
                self.item(item, at)
            elif self.argument(tuple(items[number + 1 :]), at):
                return

    def item(self, item: str, at: int) -> None:
        """One token of a construct: a bracket, a number, a word or a sign."""
        if item in ("{", "^{", "(", "{/"):
            self.put(OPEN, item, at)
        elif item in ("}", ")", "]"):
            self.put(CLOSE, item, at)
        elif item[0].isdigit():
            self.put(NUMBER, item, at)
        else:
            self.put(WORD if item[0].isalpha() else SIGN, item, at)

    def argument(self, rest: tuple[str, ...], place: int) -> bool:
        """The next argument: a group, whose end goes on with the rest, or one letter, digit or symbol."""
        self.blanks()
        at = self.at
        char = self.text[at : at + 1]
        if char == "{":
            self.at += 1
            self.frames.append(Frame("}", rest, at))
            return True
        if char.isdigit():
            self.at += 1
            self.put(NUMBER, char, at)
        elif match := LETTERS.match(char):
            self.at += 1
            name, solid = transliterated(char)
            self.put(WORD, name, at, solid)
        elif (match := COMMAND.match(self.text, at)) and match[1] and match[1] in SYMBOLS:
            self.at = match.end()
            self.symbol(SYMBOLS[match[1]], at)
        else:
            self.fail("here an argument in braces is wanted, as in \\frac{1}{x}", at if char else place)
        return False

    def symbol(self, plain: str, at: int) -> None:
        """A Greek letter, which is a name, or a sign."""
        if not plain[0].isalpha() or plain in ("and", "or", "not"):
            self.item(plain, at)
            return
        end = self.at
        name = f"{plain}_{self.subscript(end + 1)}" if self.text[end : end + 1] == "_" else plain
        while self.text[self.at : self.at + 1] == "'":
            self.at += 1
            name += "'"
        self.put(WORD, name, at, ((0, len(name)),))

    def sign(self, sign: str, at: int) -> None:
        """An operator, a comparison, or a sign that stands for a function or a number."""
        if sign in ROOTS:
            self.put(SIGN, sign, at)
        elif "¼" <= sign <= "¾" or "⅐" <= sign <= "⅞":
            above, _, below = unicodedata.normalize("NFKC", sign).partition("\u2044")
            self.fraction(at, above, below)
        elif sign in _FLOORS:
            self.put(WORD, _FLOORS[sign], at)
            self.open("(", at, step=0)
        elif sign in "⌋⌉":
            self.close(")", at, step=0)
        elif sign == "&" and self.environments:
            self.separator(at)
        else:
            self.put(SIGN, _SAME.get(sign, sign), at)

    def fraction(self, at: int, above: str, below: str) -> None:
        """Two whole numbers above each other."""
        self.put(OPEN, "{/", at)
        for kind, text in ((NUMBER, above), (SIGN, "/"), (NUMBER, below)):
            self.put(kind, text, at)
        self.put(CLOSE, "}", at)

    def separator(self, at: int, *, row: bool = False) -> None:
        r"""``&`` and ``\\``: what parts the cells and rows of an environment."""
        if self.environments and self.environments[-1] in LISTS:
            self.drop_stops()
            self.put(SIGN, ";" if row and self.environments[-1] != "cases" else ",", at)
        elif row:
            self.put(BREAK, "\n", at)

    def drop_stops(self) -> None:
        """Take back the marks of a sentence that end a cell or a row."""
        while self.tokens and self.tokens[-1][:2] in ((SIGN, ","), (SIGN, "."), (SIGN, ";")):
            self.tokens.pop()
