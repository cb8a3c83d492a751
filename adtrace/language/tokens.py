r"""The token reader: text, LaTeX and the signs of Unicode into one stream of tokens, each with its place.

What LaTeX and Unicode set in two dimensions becomes brackets that are not seen: ``\frac{a}{b}`` is ``{{a}/{b}}``,
``x²`` is ``x^{2}``.  Such a bracket groups and leaves no trace in the terms.  Every construct that waits for an
argument is an entry of one stack, so depth needs no recursion, and every pattern is matched at a place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from adtrace.errors import ParseError, printable
from adtrace.language.allowed import Language
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
from adtrace.language.hints import of_character
from adtrace.language.signs import GREEK, Source
from adtrace.settings import COMMA

NUMBER, WORD, SIGN, OPEN, CLOSE, BREAK, END = "number", "word", "sign", "open", "close", "break", "end"

_LETTERS = f"A-Za-z{''.join(GREEK)}"
_BLANK = re.compile(r"[ \t\r\f\v]++|\\[,;:! ]")
_WORD = re.compile(rf"[{_LETTERS}][{_LETTERS}0-9_]*+")
_DOTTED = re.compile(r"(?:(?:\.|::)[A-Za-z_][A-Za-z0-9_]*+)++")
_DECIMAL = {
    False: re.compile(r"(?:[0-9]++(?:\.(?![*/^])[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]++)?"),
    True: re.compile(r"(?:[0-9]++(?:,[0-9]++)?)(?:[eE][+-]?[0-9]++)?"),
}
_SIGN = re.compile(r"\*\*|//|<=|>=|==|!=|<>|=<|:=|->|=>|&&|\|\||\.[*/^]|[-+*/^,;=<>!%?:&|@.√∛∜↦→⌊⌋⌈⌉½⅓-⅞⅐⅑⅒¼¾]")
_PRINTED = re.compile(
    r"(Symbol|Dummy|Float)\([ ]*(['\"])([^'\"\n]{1,400})\2(?:[ ]*,[ ]*[a-z_]+=[A-Za-z0-9]+)*[ ]*\)|ExprCondPair(?=\()"
)
"""What `sympy.srepr` prints with a quoted name or number inside, and the pairs of its `Piecewise`."""
_NUMERAL = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:e[+-]?[0-9]+)?")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?|(.))", re.DOTALL)
_INDEX = re.compile(r"\[[ ]*([A-Za-z]|[0-9]{1,9})[ ]*\]")
_BRACED = re.compile(r"[ ]*\{[ ]*([A-Za-z]+\*?)[ ]*\}")
_SUBSCRIPT = re.compile(r"\\(?:mathit|mathrm|text|mathsf|mathbf|operatorname|textrm|rm)\b|\\[,;:! ]|[{} ,]")
_PLAIN_SUBSCRIPT = re.compile(r"-?[0-9]+|[A-Za-z]")
_WHOLE = re.compile(r"[ ]*(?:([0-9])[ ]*([0-9])|\{[ ]*([0-9]{1,9})[ ]*\}[ ]*\{[ ]*([0-9]{1,9})[ ]*\})")
"""The two whole numbers of a fraction."""
_INNER = re.compile(r"[ ]*([A-Za-z0-9][A-Za-z0-9 _-]{0,80}+)(?:_?\{([^{}]{0,80})\}[ ]*)?\}")
"""The name in a font's braces: ``rate``, ``v_{1}``, ``d-model``."""
_ACCENTED = re.compile(
    r"[ ]*(?:\{[ ]*\\?([A-Za-z]+)(?:_(?:\{([A-Za-z0-9]{1,40})\}|([A-Za-z0-9])))?[ ]*\}|\\?([A-Za-z]+))"
)
_ARGUMENT = re.compile(r"[ ]*\{[^{}]*+\}")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_SAME = {"**": "^", ".^": "^", ".*": "*", "./": "/", "==": "==", "<>": "!=", "=<": "<=", "&&": "and", "||": "or",
         "→": "->", "↦": "->", "=>": "->", "&": "and"}  # fmt: skip
_ROOTS = {"√": "sqrt", "∛": "cbrt", "∜": "∜"}
_FLOOR_SIGNS = {"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉"}
_FLOORS = {"⌊": "floor", "⌈": "ceiling"}
_OPENED = re.compile(r"\{[ ]*(?:\\left[ ]*)?\(")
_LONGEST_CALL = 400
"""Characters of such operands at most that are looked through."""
ARGUMENT = "<argument>"
"""Where the next group of a construct stands."""
_LONGEST_SUBSCRIPT = 200


class Token(NamedTuple):
    """A token: its kind, what it is in the language, and its place in the author's text."""

    kind: str
    text: str
    place: int
    spaced: bool = False
    """Whether a blank stands before it."""
    solid: tuple[tuple[int, int], ...] = ()
    """Of a word the spans that are one letter or one subscript, and are not cut."""


class _Frame(NamedTuple):
    """A construct whose group is open: what closes it, and what follows its end."""

    closing: str
    rest: tuple[str, ...]
    place: int


class _Lexer:
    """One pass over the source."""

    def __init__(self, source: Source, shown: str, language: Language) -> None:
        self.text, self.source, self.shown, self.language = source.text, source, shown, language
        self.number = _DECIMAL[language.decimal == COMMA]
        self.latex = "\\" in shown or "$" in shown
        self.tokens: list[Token] = []
        self.frames: list[_Frame] = []
        self.environments: list[str] = []
        self.spaced = False
        self.at = 0

    def fail(self, problem: str, position: int) -> NoReturn:
        raise ParseError(problem, self.shown, self.source.place(position))

    def put(self, kind: str, text: str, position: int, solid: tuple[tuple[int, int], ...] = ()) -> None:
        self.tokens.append(Token(kind, text, self.source.place(position), self.spaced, solid))
        self.spaced = False

    def read(self) -> list[Token]:
        """All tokens, and one for the end."""
        text, end = self.text, len(self.text)
        while self.at < end:
            if match := _BLANK.match(text, self.at):
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
        elif match := _WORD.match(text, at):
            self.word(match.group(), at, match.end())
        elif char == "\\":
            self.command(at)
        elif char == "\n":
            self.at += 1
            self.spaced = True
            if not self.environments:
                self.put(BREAK, "\n", at)
        elif char in "([{":
            self.open(char, at)
        elif char in ")]}":
            self.close(char, at)
        elif char == "$" or (char == "~" and self.latex):
            self.at += 1
            self.spaced = True
        elif char == "#":
            newline = text.find("\n", at)
            self.at = len(text) if newline < 0 else newline
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
        elif kind and kind != "Float" and _WORD.fullmatch(quoted):
            name, _ = _transliterated(quoted)
            self.put(WORD, name, at, ((0, len(name)),))
        elif kind:
            self.fail(f"{printable(quoted)!r} is not a {'number' if kind == 'Float' else 'name'}", at)

    # -- words -------------------------------------------------------------------------------------------

    def word(self, run: str, start: int, end: int) -> None:
        """A run of letters and digits, with its subscript, its primes and what a point joins to it."""
        text = self.text
        name, solid = _transliterated(run)
        self.at = end
        if run in _OF_CASES and self.environments and self.environments[-1] == "cases":
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
        elif match := _COMMAND.match(text, at):
            inner, self.at = match.group(), match.end()
            if braced := _BRACED.match(text, self.at):
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

    # -- signs and brackets ------------------------------------------------------------------------------

    def sign(self, sign: str, at: int) -> None:
        """An operator, a comparison, or a sign that stands for a function or a number."""
        if sign in _ROOTS:
            self.put(SIGN, sign, at)
        elif "½" <= sign <= "¾" or "⅐" <= sign <= "⅞":
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

    def open(self, char: str, at: int, step: int = 1) -> None:
        """A bracket as it is seen; a brace groups and is not."""
        self.at += step
        if char == "{" and self.tokens and self.tokens[-1].kind == WORD and self.holds_operands(at):
            self.frames.append(_Frame("}", (), at))
            return
        raised = char == "{" and bool(self.tokens) and self.tokens[-1][:2] == (SIGN, "^")
        self.put(OPEN, "^{" if raised else char, at)
        self.frames.append(_Frame(_CLOSING[char], (_CLOSING[char],), at))

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
        while match := _BLANK.match(self.text, self.at):
            self.at = match.end()
        at = self.at
        char = self.text[at : at + 1]
        if char == "{":
            self.at += 1
            self.frames.append(_Frame("}", rest, at))
            return True
        if char.isdigit():
            self.at += 1
            self.put(NUMBER, char, at)
        elif match := _WORD.match(char):
            self.at += 1
            name, solid = _transliterated(char)
            self.put(WORD, name, at, solid)
        elif (match := _COMMAND.match(self.text, at)) and match[1] and match[1] in SYMBOLS:
            self.command(at)
        else:
            self.fail("here an argument in braces is wanted, as in \\frac{1}{x}", at if char else place)
        return False

    # -- LaTeX -------------------------------------------------------------------------------------------

    def command(self, at: int) -> None:
        """A command of LaTeX."""
        match = _COMMAND.match(self.text, at)
        if match is None:
            self.fail("a \\ begins a command of LaTeX", at)
        name, mark = match.groups()
        self.at = match.end()
        if mark is not None:
            self.mark(mark, at)
        elif name in IGNORED:
            self.spaced = True
        elif name in SIZES:
            self.delimiter(at)
        elif name in WITH_ARGUMENT:
            self.skip_argument(at)
        elif name in FRACTIONS:
            self.command_fraction(at)
        elif name in FONTS:
            self.font(name, at)
        elif name in ACCENTS:
            self.accent(ACCENTS[name], at)
        elif name in _SPECIAL:
            _SPECIAL[name](self, name, at)
        elif name in FUNCTIONS:
            self.function(FUNCTIONS[name], at)
        elif name in SYMBOLS:
            self.symbol(SYMBOLS[name], at)
        else:
            self.fail(UNREAD.get(name) or f"\\{printable(name)} is not a command that is read in a formula", at)

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

    def separator(self, at: int, *, row: bool = False) -> None:
        r"""``&`` and ``\\``: what parts the cells and rows of an environment."""
        inside = self.environments[-1] if self.environments else ""
        if inside in _LISTS:
            while self.tokens and self.tokens[-1][:2] in ((SIGN, ","), (SIGN, "."), (SIGN, ";")):
                self.tokens.pop()
            self.put(SIGN, ",", at)
        elif row:
            self.put(BREAK, "\n", at)

    def delimiter(self, at: int) -> None:
        r"""What stands after ``\left``, ``\right`` and ``\big``: a bracket, a bar, or nothing."""
        left = self.text.startswith("\\left", at)
        while match := _BLANK.match(self.text, self.at):
            self.at = match.end()
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
            self.frames.append(_Frame("|", (")",), at))
        elif name == "rvert":
            self.close("|", at, step=step)
        else:
            self.put(SIGN, "|", at)

    def command_fraction(self, at: int) -> None:
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

    def function(self, name: str, at: int) -> None:
        r"""A function of LaTeX; ``\log_{b}`` takes its base with it."""
        if name == "log" and self.text[self.at : self.at + 1] == "_":
            base = self.subscript(self.at + 1)
            name = f"log{base}" if base in ("2", "10") else f"log_{base}"
        self.put(WORD, name, at, ((0, len(name)),))

    def font(self, name: str, at: int) -> None:
        r"""``\mathrm{e}``, ``\operatorname{relu}``, ``\mathit{rate}``, ``\mathrm{v_{1}}``, ``\mathsf T``."""
        while match := _BLANK.match(self.text, self.at):
            self.at = match.end()
        if self.text[self.at : self.at + 1] != "{":
            match = _WORD.match(self.text, self.at)
            if match is None:
                self.fail(f"\\{name} stands before a name", at)
            self.at += 1
            self.word(match.group()[0], at, self.at)
            return
        cases = bool(self.environments) and self.environments[-1] == "cases"
        if cases and name in ("text", "mbox", "textrm", "mathrm"):
            self.at += 1
            self.spaced = True
            self.frames.append(_Frame("}", (), at))
            return
        begin, end = self.at + 1, self.text.find("}", self.at)
        inner = _INNER.match(self.text, begin)
        if inner is None or end < 0:
            self.at = begin
            self.put(OPEN, "{", at)
            self.frames.append(_Frame("}", ("}",), at))
            return
        self.at = inner.end()
        word = re.sub(r"[ -]+", "_", inner.group(1).strip()) + (f"_{inner.group(2)}" if inner.group(2) else "")
        word = re.sub(r"[^A-Za-z0-9_]+", "_", word).strip("_")
        if not word or word[0].isdigit():
            self.fail(f"\\{name} stands before a name", at)
        if self.text[self.at : self.at + 1] == "_":
            word += f"_{self.subscript(self.at + 1)}"
        self.put(WORD, word, at, ((0, len(word)),))

    def accent(self, word: str, at: int) -> None:
        r"""``\hat{y}`` is the name y_hat."""
        match = _ACCENTED.match(self.text, self.at)
        if match is None:
            self.fail("an accent stands over a letter, as in \\hat{y}", at)
        if match[4] and not self.text[self.at : match.end()].lstrip().startswith("\\"):
            letter, self.at = match[4][0], match.start(4) + 1
        else:
            letter, self.at = match[1] or match[4], match.end()
        name = f"{letter}_{word}"
        if match[2] or match[3]:
            name += f"_{match[2] or match[3]}"
        if self.text[self.at : self.at + 1] == "_":
            name += f"_{self.subscript(self.at + 1)}"
        self.put(WORD, name, at, ((0, len(name)),))

    def floor(self, name: str, at: int) -> None:
        r"""``\lfloor``, ``\rceil``: brackets that are functions."""
        self.sign(_FLOOR_SIGNS[name], at)

    def skip_argument(self, at: int) -> None:
        match = _ARGUMENT.match(self.text, self.at)
        if match is None:
            self.fail("here an argument in braces is wanted", at)
        self.at, self.spaced = match.end(), True

    def environment(self, which: str, at: int) -> None:
        r"""``\begin{cases}`` opens a choice, a matrix several outputs; others only hold a formula."""
        match = _BRACED.match(self.text, self.at)
        if match is None:
            self.fail(f"\\{which} names an environment in braces", at)
        self.at = match.end()
        name = match.group(1).rstrip("*")
        if name not in _ENVIRONMENTS:
            self.fail(f"the environment {name} is not read in a formula", at)
        if which == "begin":
            if name == "array":
                self.skip_argument(at)
            self.environments.append(name)
            if name in _LISTS:
                if name == "cases":
                    self.put(WORD, "Piecewise", at)
                self.put(OPEN, "(", at)
                self.frames.append(_Frame("\\end", (")",), at))
            return
        if not self.environments or self.environments[-1] != name:
            self.fail(f"\\end{{{name}}} has no beginning", at)
        if name in _LISTS:
            while self.tokens and self.tokens[-1][:2] in ((SIGN, ","), (SIGN, "."), (SIGN, ";")):
                self.tokens.pop()
            self.close("\\end", at, step=0)
        self.environments.pop()

    def unknown(self, char: str, at: int) -> NoReturn:
        """Refuse a character that is in no form of the language."""
        hint = _REFUSED.get(char) or of_character(char)
        quoted = '"\'"' if char == "'" else f"'{printable(char)}'"
        self.fail(f"{quoted} is not part of the language" + (f": {hint}" if hint else ""), at)


_OF_CASES = ("if", "for", "when", "where", "wenn", "falls", "si")
"""Words before a condition of a choice."""
_SPECIAL = {
    "sqrt": _Lexer.root, "begin": _Lexer.environment, "end": _Lexer.environment,
    **dict.fromkeys(_FLOOR_SIGNS, _Lexer.floor),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), _Lexer.bar),
}  # fmt: skip
_LISTS = ("cases", "pmatrix", "bmatrix", "matrix", "array")
_ENVIRONMENTS = (*_LISTS, "equation", "align", "aligned", "gather", "gathered", "split", "displaymath", "math")
_REFUSED = {
    "°": "angles are in radians; write 30 degrees as 30*pi/180",
    "'": "a prime stands after the name of a variable", '"': "there are no quotes", "_": "a name begins with a letter",
    "∞": "numbers are finite",
}  # fmt: skip


def _transliterated(run: str) -> tuple[str, tuple[tuple[int, int], ...]]:
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


def tokens(source: Source, shown: str, language: Language) -> list[Token]:
    """The tokens of a text, the last one its end; raises `ParseError` with the place in ``shown``."""
    return _Lexer(source, shown, language).read()
