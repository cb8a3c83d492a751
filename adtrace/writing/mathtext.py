r"""The formulas of a caption of one's own: LaTeX between dollars, ``with $y = \frac{1}{x_1 + x_2}$``.

    caption ──parted──▶ prose, formula, prose ...      formula ──read──▶ Row of items ──drawn──▶ text, MathML, Typst

LaTeX and Markdown take a formula as it is written.  For the others it is read as what the items below are, a fixed
set, and drawn by a `Pen`; whatever else there is in LaTeX is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from adtrace.errors import OptionError
from adtrace.writing.dialects import TERMINAL, TYPST
from adtrace.writing.mathml import LETTERS, MATHML
from adtrace.writing.notation import Dialect

LETTER, NUMBER, WORD, TEXT, BINARY, RELATION, SLASH, MARK, OPEN, CLOSE, COMMA = range(11)
"""What a symbol is: a letter, a number, a function's name, upright letters, ``+``, ``=``, ``/``, a sign such as ∂ that
stands alone, a bracket, a comma."""


class Symbol(NamedTuple):
    """A character, a number or a word."""

    kind: int
    text: str


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


class Row(tuple["Item", ...]):
    """Items beside each other."""

    __slots__ = ()


Item = Symbol | Fraction | Root | Scripts | Accent | Row

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
_COMMANDS = {name: Symbol(kind, text) for kind, signs in _SIGNS.items() for name, text in signs.items()}
_CHARACTERS = {symbol.text: symbol for symbol in _COMMANDS.values() if not symbol.text.isascii()} | {
    char: Symbol(kind, char)
    for kind, chars in ((BINARY, "+-*"), (RELATION, "=<>"), (SLASH, "/"), (MARK, "!"), (OPEN, "(["), (CLOSE, ")]|"),
                        (COMMA, ",;:"))
    for char in chars
} | {"−": Symbol(BINARY, "-"), "·": Symbol(BINARY, "⋅")}  # fmt: skip
_SPACES = frozenset((",", ":", ";", "!", " ", ">", "quad", "qquad", "displaystyle", "textstyle"))
_SIZES = frozenset(("left", "right", "big", "bigl", "bigr", "Big", "Bigl", "Bigr"))
_UPRIGHT = frozenset(("mathrm", "text", "operatorname", "mathit"))
_ACCENTS = {"dot": "\u0307", "ddot": "\u0308", "bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "vec": "\u20d7"}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\s+|.", re.DOTALL)
_DEEPEST = 40
_SET = (
    "letters, digits, Greek, sub- and superscripts, fractions, roots, accents, operators, brackets and "
    "the usual functions"
)


def parted(caption: str) -> list[str]:
    r"""The caption as prose, formula, prose and so on; ``\$`` is a dollar of the prose.

    Raises `OptionError` for a formula that does not end, is empty, or could end more than itself.
    """
    pieces = re.split(r"(?<!\\)\$", caption)
    if len(pieces) % 2 == 0:
        raise OptionError(f"a $ of the caption is not closed in {caption[:60]!r}; a dollar of the text is written \\$")
    for formula in pieces[1::2]:
        if not formula.strip():
            raise OptionError(f"the caption has an empty formula, $$, in {caption[:60]!r}")
        depth = 0
        for token in _TOKEN.findall(formula):
            depth += (token == "{") - (token == "}")
            if depth < 0 or token in ("%", "#", "\\"):
                break
        else:
            if depth == 0:
                continue
        wrong = "its braces do not pair, or it has a bare % or #"
        raise OptionError(f"${formula[:60]}$ in the caption is no formula: {wrong}")
    return [" ".join(piece.split()) if place % 2 else piece.replace(r"\$", "$") for place, piece in enumerate(pieces)]


def captioned(caption: str, dialect: Dialect) -> str:
    """The caption in a dialect.  Raises `OptionError` for a formula that this dialect has no way to draw."""
    pen = _PENS.get(dialect.name)

    def formula(text: str) -> str:
        drawn = f"${text}$" if pen is None else pen.drawn(_Reader(text).whole())
        if not drawn.strip():
            raise OptionError(f"the caption has an empty formula, ${text[:60]}$")
        return drawn if pen is None else dialect.math(drawn)

    return "".join(formula(piece) if place % 2 else dialect.prose(piece) for place, piece in enumerate(parted(caption)))


class _Reader:
    """A formula of LaTeX, read from left to right."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.tokens = [token for token in _TOKEN.findall(formula) if not token.isspace()]
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
            f"outside LaTeX and Markdown a formula of the caption is made of {_SET}; "
            f"{token[:30]} in ${self.formula[:60]}$ is none of them"
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
        if name in _COMMANDS:
            return _COMMANDS[name]
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
        if name in _FUNCTIONS:
            return Symbol(WORD, name)
        if name in ("frac", "dfrac", "tfrac"):
            return Fraction(self.argument(f"\\{name}"), self.argument(f"\\{name}"))
        if name == "sqrt":
            degree = Row()
            if self.tokens[self.at : self.at + 1] == ["["]:
                self.at += 1
                degree = self.row("]")
                if self.tokens[self.at : self.at + 1] != ["]"]:
                    raise self.refused("\\sqrt[")
                self.at += 1
            return Root(self.argument(f"\\{name}"), degree)
        if name in _ACCENTS:
            return Accent(name, self.argument(f"\\{name}"))
        if name in _UPRIGHT:
            word = "".join(symbol.text for symbol in self.argument(f"\\{name}") if isinstance(symbol, Symbol))
            if word.isascii() and word.isalnum():
                return Symbol(WORD if name == "operatorname" else TEXT, word)
        raise self.refused(f"\\{name}")

    def argument(self, of: str) -> Row:
        """What stands in braces, or the one item after a command or a mark."""
        while self.at < len(self.tokens) and self.tokens[self.at][1:] in _SPACES:
            self.at += 1
        if self.at == len(self.tokens) or self.tokens[self.at] in ("}", "]", "^", "_", "'"):
            raise OptionError(f"{of} in ${self.formula[:60]}$ of the caption has nothing that it is of")
        token = self.tokens[self.at]
        if token[0].isdigit() and len(token) > 1:  # TeX takes one digit: \frac12 is a half, x^10 is x^1 and a 0
            self.tokens[self.at : self.at + 1] = [token[0], token[1:]]
        item = self.atom()
        return Row() if item is None else _row(item)


def _row(item: Item) -> Row:
    return item if isinstance(item, Row) else Row((item,))


@dataclass(frozen=True)
class Pen:
    """How one kind of document draws the items; texts of rows are drawn already."""

    symbol: Callable[[Symbol, bool, bool], str]
    """A symbol, whether an operand stands before it, and whether an operand stands behind it without a bracket."""
    fraction: Callable[[str, str, Fraction], str]
    root: Callable[[str, str, Root], str]
    scripts: Callable[[str, str, str, Scripts], str]
    accent: Callable[[str, str], str]
    between: str = ""
    apart: Callable[[str, Item, tuple[bool, bool, bool]], str] = lambda text, *_: text
    """What is drawn, kept apart from its neighbours: whether an operand stands before it, behind it, and whether
    anything else does that binds as tightly as a fraction's bar."""

    def drawn(self, row: Row) -> str:
        """The items beside each other."""
        pieces: list[str] = []
        for place, item in enumerate(row):
            before = place > 0 and _is_operand(row[place - 1])
            behind = place + 1 < len(row) and _begins_operand(row[place + 1])
            if isinstance(item, Symbol):
                pieces.append(self.symbol(item, before, behind))
            else:
                neighbours = (*row[max(place - 1, 0) : place], *row[place + 1 : place + 2])
                tight = before or behind or any(map(_is_tight, neighbours))
                pieces.append(self.apart(self._drawn(item), item, (before, behind, tight)))
        return self.between.join(piece for piece in pieces if piece).replace("  ", " ")

    def _drawn(self, item: Item) -> str:
        if isinstance(item, Fraction):
            return self.fraction(self.drawn(item.above), self.drawn(item.below), item)
        if isinstance(item, Root):
            return self.root(self.drawn(item.inside), self.drawn(item.degree), item)
        if isinstance(item, Scripts):
            return self.scripts(self.drawn(item.base), self.drawn(item.low), self.drawn(item.high), item)
        if isinstance(item, Accent):
            return self.accent(item.name, self.drawn(item.over))
        assert isinstance(item, Row)
        return self.drawn(item)


def _is_operand(item: Item) -> bool:
    """Whether an operator behind this item has it as its left operand."""
    return not isinstance(item, Symbol) or item.kind in (LETTER, NUMBER, WORD, TEXT, MARK, CLOSE)


def _begins_operand(item: Item) -> bool:
    return not isinstance(item, Symbol) or item.kind in (LETTER, NUMBER, WORD, TEXT, MARK)


def _is_tight(item: Item) -> bool:
    """Whether a fraction beside this item wants brackets where it has no bar."""
    if not isinstance(item, Symbol):
        return True
    return item.kind in (SLASH, OPEN, CLOSE) or (item.kind == BINARY and item.text not in "+-±∓")


def _is_sum(row: Row) -> bool:
    """Whether brackets have to hold a row together where something stands beside it."""
    return any(isinstance(item, Symbol) and item.kind in (BINARY, RELATION, COMMA) for item in row)


# -- a terminal ------------------------------------------------------------------------------------------------------

_LOW = str.maketrans("+-0123456789aehijklmnoprstuvx", "₊₋₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_HIGH = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")


def _text_symbol(symbol: Symbol, before: bool, behind: bool) -> str:
    kind, text = symbol
    if kind == RELATION or (kind == BINARY and before):
        return f" {text} "
    if kind == COMMA:
        return f"{text} "
    if kind in (WORD, TEXT):
        return f"{' ' * before}{text}{' ' * behind}"
    return text


def _text_fraction(above: str, below: str, of: Fraction) -> str:
    above = f"({above})" if _is_sum(of.above) else above
    return f"{above}/({below})" if _is_sum(of.below) or len(of.below) > 1 else f"{above}/{below}"


def _text_root(inside: str, index: str, of: Root) -> str:
    held = inside if len(of.inside) == 1 and isinstance(of.inside[0], Symbol) else f"({inside})"
    high = index.translate(_HIGH)
    return f"root({index}, {inside})" if index and set(index) & set(high) else f"{high}√{held}"


def _text_scripts(base: str, low: str, high: str, of: Scripts) -> str:
    held = f"({base})" if _is_sum(of.base) or any(isinstance(item, Fraction) for item in of.base) else base
    if low:
        set_low = low.replace(" ", "").translate(_LOW)
        plain = set(set_low) & set(low)
        held += set_low if not plain else f"_{low}" if len(of.low) == 1 else f"_({low})"
    primes = "′" * high.count("′")
    rest = high.replace("′", "")
    held += primes
    return f"{held}^{rest}" if len(of.high) - len(primes) == 1 else f"{held}^({rest})" if rest else held


def _text_apart(text: str, item: Item, beside: tuple[bool, bool, bool]) -> str:
    """A fraction in brackets, a root with blanks, and a blank behind an exponent, where they would run into others."""
    before, behind, tight = beside
    if isinstance(item, Fraction):
        return f"({text})" if tight else text
    if isinstance(item, Root):
        return f"{' ' * before}{text}{' ' * behind}"
    return f"{text} " if behind and isinstance(item, Scripts) and item.high else text


_TERMINAL = Pen(
    _text_symbol,
    _text_fraction,
    _text_root,
    _text_scripts,
    lambda name, over: over[:1] + _ACCENTS[name] + over[1:],
    apart=_text_apart,
)

# -- HTML ------------------------------------------------------------------------------------------------------------

_MATHML_ACCENTS = {"dot": "˙", "ddot": "¨", "bar": "¯", "hat": "^", "tilde": "~", "vec": "→"}


def _mathml_symbol(symbol: Symbol, before: bool, behind: bool) -> str:
    kind, text = symbol.kind, escape(symbol.text).replace("-", "\u2212")
    if kind == NUMBER:
        return f"<mn>{text}</mn>"
    if kind == LETTER or (kind == MARK and symbol.text in "∂∇∞"):
        return f"<mi>{text}</mi>"
    if kind == TEXT:
        return f'<mi mathvariant="normal">{text}</mi>' if len(text) == 1 else f"<mi>{text}</mi>"
    if kind == WORD:
        space = ' lspace="0" rspace="0.17em"' if behind else ""
        product = '<mo lspace="0" rspace="0.17em">\u2062</mo>' if before else ""
        return f"{product}<mi>{text}</mi><mo{space}>\u2061</mo>"  # applied to: a screen reader says "of"
    if kind in (OPEN, CLOSE):
        return f'<mo form="{"prefix" if kind == OPEN else "postfix"}" stretchy="false">{text}</mo>'
    if kind == SLASH:
        return '<mo lspace="0" rspace="0">/</mo>'
    return f'<mo form="prefix">{text}</mo>' if kind == BINARY and not before else f"<mo>{text}</mo>"


def _mathml_root(inside: str, index: str, _: Root) -> str:
    return f"<mroot><mrow>{inside}</mrow><mrow>{index}</mrow></mroot>" if index else f"<msqrt>{inside}</msqrt>"


def _mathml_scripts(base: str, low: str, high: str, _: Scripts) -> str:
    tag = "msubsup" if low and high else "msub" if low else "msup"
    return f"<{tag}>{''.join(f'<mrow>{row}</mrow>' for row in (base, *filter(None, (low, high))))}</{tag}>"


_HTML = Pen(
    _mathml_symbol,
    lambda above, below, _: f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>",
    _mathml_root,
    _mathml_scripts,
    lambda name, over: (
        f'<mover accent="true"><mrow>{over}</mrow><mo stretchy="false">{_MATHML_ACCENTS[name]}</mo></mover>'
    ),
)

# -- Typst -----------------------------------------------------------------------------------------------------------

_TYPST_ACCENTS = {"dot": "dot", "ddot": "dot.double", "bar": "macron", "hat": "hat", "tilde": "tilde", "vec": "arrow"}


def _typst_symbol(symbol: Symbol, _before: bool, _behind: bool) -> str:
    """Every sign of ASCII with a backslash, so that none of them is Typst's own."""
    kind, text = symbol
    if kind in (WORD, TEXT):
        return f'op("{text}")' if kind == WORD else f'upright("{text}")'
    return text if kind in (LETTER, NUMBER) or text in "+-=" or not text.isascii() else f"\\{text}"


def _typst_scripts(base: str, low: str, high: str, _: Scripts) -> str:
    return (base or '""') + (f"_({low})" if low else "") + (f"^({high})" if high else "")


_TYPST = Pen(
    _typst_symbol,
    lambda above, below, _: f'frac({above}, {below}, style: "vertical")',  # bare, ours are set on the line
    lambda inside, index, _: f"root({index}, {inside})" if index else f"sqrt({inside})",
    _typst_scripts,
    lambda name, over: f"{_TYPST_ACCENTS[name]}({over})",
    between=" ",
)

_PENS: Mapping[str, Pen] = {TERMINAL.name: _TERMINAL, MATHML.name: _HTML, TYPST.name: _TYPST}
"""The pens of the dialects; LaTeX and Markdown need none."""
