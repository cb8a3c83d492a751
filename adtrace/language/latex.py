"""The commands of LaTeX in a stream of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable

from adtrace.errors import printable
from adtrace.language.commands import (
    ACCENTS,
    FONTS,
    FRACTIONS,
    FUNCTIONS,
    IGNORED,
    SIZES,
    SYMBOLS,
    UNREAD,
    WITH_ARGUMENT,
)
from adtrace.language.groups import ARGUMENT, LISTS, GroupStream
from adtrace.language.names import BRACED, COMMAND, LETTERS
from adtrace.language.stream import OPEN, SIGN, WORD, Frame, Token

_FLOOR_SIGNS = {"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉"}
_INDEX = re.compile(r"\[[ ]*([A-Za-z]|[0-9]{1,9})[ ]*\]")
_WHOLE = re.compile(r"[ ]*(?:([0-9])[ ]*([0-9])|\{[ ]*([0-9]{1,9})[ ]*\}[ ]*\{[ ]*([0-9]{1,9})[ ]*\})")
"""The two whole numbers of a fraction."""
_INNER = re.compile(r"[ ]*([A-Za-z0-9][A-Za-z0-9 _-]{0,80}+)(?:_?\{([^{}]{0,80})\}[ ]*)?\}")
"""The name in a font's braces: ``rate``, ``v_{1}``, ``d-model``."""
_ACCENTED = re.compile(
    r"[ ]*(?:\{[ ]*\\?([A-Za-z]+)(?:_(?:\{([A-Za-z0-9]{1,40})\}|([A-Za-z0-9])))?[ ]*\}|\\?([A-Za-z]+))"
)
_ARGUMENT = re.compile(r"[ ]*\{[^{}]*+\}")


class LatexStream(GroupStream):
    """A stream with commands of LaTeX in it."""

    def command(self, at: int) -> None:
        """A command of LaTeX."""
        match = COMMAND.match(self.text, at)
        if match is None:
            self.fail("a \\ begins a command of LaTeX", at)
        name, mark = match.groups()
        self.at = match.end()
        if mark is not None:
            self.mark(mark, at)
        elif name in _MEANINGS:
            _MEANINGS[name](self, name, at)
        elif name in SYMBOLS:
            self.symbol(SYMBOLS[name], at)
        else:
            self.fail(UNREAD.get(name) or f"\\{printable(name)} is not a command that is read in a formula", at)

    def mark(self, mark: str, at: int) -> None:
        r"""A command of one sign: ``\\``, ``\{``, ``\(``."""
        if mark in ",;:! ()[]\n":
            self.spaced = True  # spaces, and the ends of a formula
        elif mark == "\\":
            self.separator(at, row=True)
        elif mark == "{":
            self.open("(", at, step=0)
        elif mark == "}":
            self.close(")", at, step=0)
        elif mark in "_%&#$":
            self.fail(f"\\{mark} is text, not part of a formula", at)
        else:
            self.fail(f"\\{printable(mark)} is not a command that is read in a formula", at)

    def space(self, _: str, at: int) -> None:
        """A command that sets nothing, or that only says how large."""
        self.spaced = True

    def delimiter(self, _: str, at: int) -> None:
        r"""What stands after ``\left``, ``\right`` and ``\big``: a bracket, a bar, or nothing."""
        left = self.text.startswith("\\left", at)
        self.blanks()
        char = self.text[self.at : self.at + 1]
        if char == ".":
            self.at += 1
        elif char == "|" and (left or self.text.startswith("\\right", at)):
            self.bar("lvert" if left else "rvert", self.at, step=1)

    def bar(self, name: str, at: int, step: int = 0) -> None:
        """A bar that tells on which side of its operand it stands."""
        if name == "lvert":
            self.put(WORD, "abs", at)
            self.at += step
            self.put(OPEN, "(", at)
            self.frames.append(Frame("|", (")",), at))
        elif name == "rvert":
            self.close("|", at, step=step)
        else:
            self.put(SIGN, "|", at)

    def over(self, _: str, at: int) -> None:
        r"""``\frac{a}{b}``, ``\frac12``."""
        whole = _WHOLE.match(self.text, self.at)
        if whole:
            self.at = whole.end()
            self.fraction(at, whole[1] or whole[3], whole[2] or whole[4])
        else:
            self.go_on(("{", "{", ARGUMENT, "}", "/", "{", ARGUMENT, "}", "}"), at)

    def root(self, _: str, at: int) -> None:
        r"""``\sqrt{x}``, ``\sqrt[3]{x}``, ``\sqrt[n]{x}``."""
        degree = "2"
        if self.text[self.at : self.at + 1] == "[":
            index = _INDEX.match(self.text, self.at)
            if index is None:
                self.fail("the degree of a root is a number or a letter, as in \\sqrt[3]{x}", self.at)
            degree, self.at = index.group(1), index.end()
        if degree in ("2", "3"):
            self.go_on(("sqrt" if degree == "2" else "cbrt", "(", ARGUMENT, ")"), at)
        else:
            self.go_on(("{", "{", ARGUMENT, "}", "^", "^{", "1", "/", degree, "}", "}"), at)

    def function(self, command: str, at: int) -> None:
        r"""A function of LaTeX; ``\log_{b}`` takes its base with it."""
        name = FUNCTIONS[command]
        if name == "log" and self.text[self.at : self.at + 1] == "_":
            base = self.subscript(self.at + 1)
            name = f"log{base}" if base in ("2", "10") else f"log_{base}"
        self.put(WORD, name, at, ((0, len(name)),))

    def font(self, name: str, at: int) -> None:
        r"""``\mathrm{e}``, ``\operatorname{relu}``, ``\mathit{rate}``, ``\mathrm{v_{1}}``, ``\mathsf T``."""
        self.blanks()
        if self.text[self.at : self.at + 1] != "{":
            match = LETTERS.match(self.text, self.at)
            if match is None:
                self.fail(f"\\{name} stands before a name", at)
            self.at += 1
            self.word(match.group()[0], at, self.at)
            return
        if self.inside("cases") and name in ("text", "mbox", "textrm", "mathrm"):
            self.at += 1
            self.spaced = True
            self.frames.append(Frame("}", (), at))
            return
        begin, end = self.at + 1, self.text.find("}", self.at)
        inner = _INNER.match(self.text, begin)
        if inner is None or end < 0:
            self.at = begin
            self.put(OPEN, "{", at)
            self.frames.append(Frame("}", ("}",), at))
            return
        self.at = inner.end()
        word = re.sub(r"[ -]+", "_", inner.group(1).strip()) + (f"_{inner.group(2)}" if inner.group(2) else "")
        word = re.sub(r"[^A-Za-z0-9_]+", "_", word).strip("_")
        if not word or word[0].isdigit():
            self.fail(f"\\{name} stands before a name", at)
        if self.text[self.at : self.at + 1] == "_":
            word += f"_{self.subscript(self.at + 1)}"
        self.put(WORD, word, at, ((0, len(word)),))

    def accent(self, command: str, at: int) -> None:
        r"""``\hat{y}`` is the name y_hat."""
        match = _ACCENTED.match(self.text, self.at)
        if match is None:
            self.fail("an accent stands over a letter, as in \\hat{y}", at)
        if match[4] and not self.text[self.at : match.end()].lstrip().startswith("\\"):
            letter, self.at = match[4][0], match.start(4) + 1
        else:
            letter, self.at = match[1] or match[4], match.end()
        name = f"{letter}_{ACCENTS[command]}"
        if match[2] or match[3]:
            name += f"_{match[2] or match[3]}"
        if self.text[self.at : self.at + 1] == "_":
            name += f"_{self.subscript(self.at + 1)}"
        self.put(WORD, name, at, ((0, len(name)),))

    def floor(self, name: str, at: int) -> None:
        r"""``\lfloor``, ``\rceil``: brackets that are functions."""
        self.sign(_FLOOR_SIGNS[name], at)

    def skip_argument(self, _: str, at: int) -> None:
        """A command whose argument is not read."""
        match = _ARGUMENT.match(self.text, self.at)
        if match is None:
            self.fail("here an argument in braces is wanted", at)
        self.at, self.spaced = match.end(), True

    def environment(self, which: str, at: int) -> None:
        r"""``\begin{cases}`` opens a choice, a matrix several outputs; others only hold a formula."""
        match = BRACED.match(self.text, self.at)
        if match is None:
            self.fail(f"\\{which} names an environment in braces", at)
        self.at = match.end()
        name = match.group(1).rstrip("*")
        if name not in _ENVIRONMENTS:
            self.fail(f"the environment {name} is not read in a formula", at)
        if which == "begin":
            if name == "array":
                self.skip_argument(name, at)
            self.environments.append(name)
            if name in LISTS:
                self.list_begins(name, at)
            return
        if not self.environments or self.environments[-1] != name:
            self.fail(f"\\end{{{name}}} has no beginning", at)
        if name in LISTS:
            self.drop_stops()
            self.close("\\end", at, step=0)
        self.environments.pop()

    def list_begins(self, name: str, at: int) -> None:
        """The choice of ``cases``, or a matrix: the bracket round one that has none itself is only seen."""
        if name == "cases":
            self.put(WORD, "Piecewise", at)
            self.put(OPEN, "(", at)
            self.frames.append(Frame("\\end", (")",), at))
            return
        tokens = self.tokens
        called = len(tokens) > 1 and tokens[-2].kind == WORD
        if name in ("matrix", "array") and tokens and _is_bracket(tokens[-1]) and not called:
            tokens[-1] = tokens[-1]._replace(text="{")
            self.frames[-1] = self.frames[-1]._replace(rest=("}",))
        self.put(OPEN, "[&", at)
        self.frames.append(Frame("\\end", ("]",), at))


def _is_bracket(token: Token) -> bool:
    """Whether it is a bracket that may stand round a matrix for the eye alone."""
    return token[:2] in ((OPEN, "["), (OPEN, "("))


_MEANINGS: dict[str, Callable[[LatexStream, str, int], None]] = {
    command: meaning
    for commands, meaning in (
        (FUNCTIONS, LatexStream.function),
        (("lvert", "rvert", "vert", "mid"), LatexStream.bar),
        (_FLOOR_SIGNS, LatexStream.floor),
        (("begin", "end"), LatexStream.environment),
        (("sqrt",), LatexStream.root),
        (ACCENTS, LatexStream.accent),
        (FONTS, LatexStream.font),
        (FRACTIONS, LatexStream.over),
        (WITH_ARGUMENT, LatexStream.skip_argument),
        (SIZES, LatexStream.delimiter),
        (IGNORED, LatexStream.space),
    )
    for command in commands
}
"""What each command is read by, but for signs and Greek letters."""
_ENVIRONMENTS = (*LISTS, "equation", "align", "aligned", "gather", "gathered", "split", "displaymath", "math")
