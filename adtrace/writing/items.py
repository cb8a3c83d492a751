r"""Formulas of LaTeX that an author wrote, ``\frac{1}{x_1 + x_2}``, as what they are made of.

    formula ──read──▶ Row of items

The items below are all that there is; whatever else there is in LaTeX is refused, so no text of an author's is obeyed.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from adtrace.errors import OptionError
from adtrace.writing.mathml import LETTERS

LETTER, NUMBER, WORD, TEXT, BINARY, RELATION, SLASH, MARK, OPEN, CLOSE, COMMA, DRAWN = range(12)
"""What a symbol is: a letter, a number, a function's name, upright letters, ``+``, ``=``, ``/``, a sign such as ∂ that
stands alone, a bracket, a comma, a text of the dialect that stands as it is."""


class Symbol(NamedTuple):
    """A character, a number or a word."""

    kind: int
    text: str
    latex: str = ""
    r"""How LaTeX writes it, where that is a command: ``\varepsilon``; of a word the command that it stands behind."""


class Fraction(NamedTuple):
    r"""``\frac{above}{below}``."""

    above: Row
    below: Row


class Root(NamedTuple):
    r"""``\sqrt[degree]{inside}``; no degree for a square root."""

    inside: Row
    degree: Row


class Scripts(NamedTuple):
    """``base_{low}^{high}``; an empty row for none."""

    base: Row
    low: Row
    high: Row


class Accent(NamedTuple):
    r"""``\dot{over}``."""

    name: str
    over: Row


class Font(NamedTuple):
    r"""``\mathbf{over}``."""

    name: str
    over: Row


class Row(tuple["Item", ...]):
    """Items beside each other."""

    __slots__ = ()


Item = Symbol | Fraction | Root | Scripts | Accent | Font | Row

_FUNCTIONS = frozenset(
    re.findall(
        r"\w+",
        "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth ln log exp min max lim det gcd sup inf arg",
    )
)
_SIGNS: dict[int, dict[str, str]] = {
    LETTER: {**LETTERS, "varepsilon": "ε", "vartheta": "ϑ", "varphi": "φ", "varrho": "ϱ", "varsigma": "ς", "ell": "ℓ"},
    BINARY: {"cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "*", "circ": "∘"},
    RELATION: {
        "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "lt": "<", "gt": ">", "approx": "≈",
        "equiv": "≡", "sim": "∼", "propto": "∝", "to": "→", "rightarrow": "→", "mapsto": "↦", "leftarrow": "←",
        "in": "∈", "mid": "|",
    },
    MARK: {
        "partial": "∂", "nabla": "∇", "infty": "∞", "ldots": "…", "dots": "…", "cdots": "⋯", "prime": "′", "sum": "∑",
        "prod": "∏", "int": "∫", "%": "%", "&": "&", "#": "#", "_": "_",
    },
    OPEN: {"{": "{", "lbrace": "{", "lvert": "|", "langle": "⟨", "lbrack": "["},
    CLOSE: {"}": "}", "rbrace": "}", "rvert": "|", "rangle": "⟩", "rbrack": "]", "vert": "|"},
}  # fmt: skip
COMMANDS = {name: Symbol(kind, text, f"\\{name}") for kind, signs in _SIGNS.items() for name, text in signs.items()}
_CHARACTERS = {symbol.text: symbol for symbol in reversed(COMMANDS.values()) if not symbol.text.isascii()} | {
    char: Symbol(kind, char)
    for kind, chars in ((BINARY, "+-*"), (RELATION, "=<>"), (SLASH, "/"), (MARK, "!"), (OPEN, "(["), (CLOSE, ")]|"),
                        (COMMA, ",;:"))
    for char in chars
} | {"−": Symbol(BINARY, "-"), "·": Symbol(BINARY, "⋅", r"\cdot")}  # fmt: skip
_SPACES = frozenset((",", ":", ";", "!", " ", ">", "quad", "qquad", "displaystyle", "textstyle"))
_SIZES = frozenset(("left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr"))
_UPRIGHT = frozenset(("mathrm", "text", "operatorname"))
_FRACTIONS = frozenset(("frac", "dfrac", "tfrac"))
FONTS = ("mathbf", "boldsymbol", "mathcal", "mathsf", "mathit")
"""The commands for a letter of another font."""
ACCENTS = {"dot": "\u0307", "ddot": "\u0308", "bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "vec": "\u20d7"}
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_DEEPEST = 40
_CAPTION = "outside LaTeX and Markdown a formula of the caption"
_SET = (
    "letters, digits, Greek, sub- and superscripts, fractions, roots, accents, operators, brackets and "
    "the usual functions"
)


class Reader:
    """A formula of LaTeX, read from left to right."""

    def __init__(self, formula: str, what: str = _CAPTION, made_of: str = _SET) -> None:
        self.formula, self.what, self.made_of = formula, what, made_of
        self.tokens = [token for token in TOKEN.findall(formula) if not token.isspace()]
        self.at = self.depth = 0

    def whole(self) -> Row:
        """All of it."""
        row = self.row("")
        if self.at < len(self.tokens):
            raise self.refused(self.tokens[self.at])
        return row

    def refused(self, token: str) -> OptionError:
        """What is not in the set."""
        return OptionError(
            f"{self.what} is made of {self.made_of}; {token[:30]} in ${self.formula[:60]}$ is none of them"
        )

    def row(self, end: str) -> Row:
        """Items up to the token that ends them, or to the end."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.refused("so deep a nesting")
        items: list[Item] = []
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("}", end):
            item = self.item()
            if item is not None:
                items.append(item)
        self.depth -= 1
        return Row(items)

    def item(self) -> Item | None:
        """One item with its scripts; None for mere space."""
        token = self.tokens[self.at]
        base = Row() if token in ("^", "_", "'") else self.atom()
        low, high = Row(), Row()
        while base is not None and self.at < len(self.tokens) and (mark := self.tokens[self.at]) in ("^", "_", "'"):
            self.at += 1
            if mark == "'":
                high = Row((*high, Symbol(MARK, "′")))
            elif mark == "^":
                high = Row((*high, *self.argument(mark)))
            elif low:
                raise self.refused("__")
            else:
                low = self.argument(mark)
        return base if base is None or not (low or high) else Scripts(_row(base), low, high)

    def atom(self) -> Item | None:
        """A symbol, a group, or a command with what it is of."""
        token = self.tokens[self.at]
        self.at += 1
        if token == "{":
            row = self.row("}")
            if self.at == len(self.tokens):
                raise self.refused("{ without }")
            self.at += 1
            return row[0] if len(row) == 1 else row
        if token[0] != "\\":
            return self.character(token)
        name = token[1:]
        if name in _SPACES or token == "~":
            return None
        if name in _SIZES:
            if self.tokens[self.at : self.at + 1] == ["."]:
                self.at += 1
            return None
        if name in COMMANDS:
            return COMMANDS[name]
        return self.command(name)

    def character(self, token: str) -> Item | None:
        """What stands for itself."""
        if token[0].isdigit() and token.isascii():
            return Symbol(NUMBER, token)
        if token == "~":
            return None
        if token.isascii() and token.isalpha():
            return Symbol(LETTER, token)
        if token not in _CHARACTERS:
            raise self.refused(token)
        return _CHARACTERS[token]

    def command(self, name: str) -> Item:
        r"""``\frac`` and the others that have arguments, and the functions."""
        of = f"\\{name}"
        if name in _FUNCTIONS:
            return Symbol(WORD, name)
        if name in _FRACTIONS:
            return Fraction(self.argument(of), self.argument(of))
        if name == "sqrt":
            degree = self.degree()
            return Root(self.argument(of), degree)
        if name in ACCENTS:
            return Accent(name, self.argument(of))
        if name in FONTS or name in _UPRIGHT:
            row = self.argument(of)
            word = _word(row)
            if name in FONTS and (word or len(row) == 1):
                return Font(name, Row((Symbol(TEXT, word),)) if len(word) > 1 else row)
            if word and name in _UPRIGHT:
                return Symbol(WORD if name == "operatorname" else TEXT, word, of)
        raise self.refused(of)

    def degree(self) -> Row:
        """The degree of a root in its brackets; empty for none."""
        if self.tokens[self.at : self.at + 1] != ["["]:
            return Row()
        self.at += 1
        degree = self.row("]")
        if self.tokens[self.at : self.at + 1] != ["]"]:
            raise self.refused("\\sqrt[")
        self.at += 1
        return degree

    def argument(self, of: str) -> Row:
        """What stands in braces, or the one item after a command or a mark."""
        while self.at < len(self.tokens) and self.tokens[self.at][1:] in _SPACES:
            self.at += 1
        if self.at == len(self.tokens) or self.tokens[self.at] in ("}", "]", "^", "_", "'"):
            raise OptionError(f"{of} in ${self.formula[:60]}$ has nothing that it is of")
        token = self.tokens[self.at]
        if token[0].isdigit() and len(token) > 1:  # TeX takes one digit: \frac12 is a half, x^10 is x^1 and a 0
            self.tokens[self.at : self.at + 1] = [token[0], token[1:]]
        item = self.atom()
        return Row() if item is None else _row(item)


def _word(row: Row) -> str:
    """The letters and digits of a row that is nothing else; else none."""
    word = "".join(item.text if isinstance(item, Symbol) else "-" for item in row)
    return word if word.isascii() and word.isalnum() else ""


def _row(item: Item) -> Row:
    return item if isinstance(item, Row) else Row((item,))
