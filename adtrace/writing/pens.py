"""How each kind of document draws the items of a formula that an author wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape

from adtrace.writing.dialects import MARKS, PLAIN, TERMINAL, TYPST
from adtrace.writing.items import (
    ACCENTS,
    BINARY,
    CLOSE,
    COMMA,
    COMMANDS,
    DRAWN,
    LETTER,
    MARK,
    NUMBER,
    OPEN,
    RELATION,
    SLASH,
    TEXT,
    WORD,
    Accent,
    Font,
    Fraction,
    Item,
    Root,
    Row,
    Scripts,
    Symbol,
)
from adtrace.writing.mathml import MATHML


@dataclass(frozen=True)
class Pen:
    """How one kind of document draws the items; texts of rows are drawn already."""

    symbol: Callable[[Symbol, bool, bool], str]
    """A symbol, whether an operand stands before it, and whether an operand stands behind it without a bracket."""
    fraction: Callable[[str, str, Fraction], str]
    root: Callable[[str, str, Root], str]
    scripts: Callable[[str, str, str, Scripts], str]
    accent: Callable[[str, str], str]
    font: Callable[[str, str], str]
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
        if isinstance(item, Font):
            return self.font(item.name, self.drawn(item.over))
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
    kind, text, _ = symbol
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


def _text_accent(name: str, over: str) -> str:
    """A combining mark on the first letter, above those that are there."""
    marks = len(over[1:]) - len(over[1:].lstrip(MARKS))
    return over[: 1 + marks] + ACCENTS[name] + over[1 + marks :]


_ALPHABETS = {"mathbf": 0x1D400, "boldsymbol": 0x1D468, "mathcal": 0x1D49C, "mathsf": 0x1D5A0}
_GREEK_ALPHABETS = {"mathbf": 0x1D6A8, "boldsymbol": 0x1D71C}
_ELSEWHERE = dict(zip("\U0001d49d\U0001d4a0\U0001d4a1\U0001d4a3\U0001d4a4\U0001d4a7\U0001d4a8\U0001d4ad\U0001d4ba"
                      "\U0001d4bc\U0001d4c4", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True))  # fmt: skip
"""Script letters that Unicode had before it had its alphabets."""


def _in_font(name: str, text: str) -> str:
    """Letters as those of Unicode's mathematical alphabets; others as they are."""
    if name not in _ALPHABETS:
        return text
    return "".join(_lettered(name, char) for char in text)


def _lettered(name: str, char: str) -> str:
    latin, greek = _ALPHABETS[name], _GREEK_ALPHABETS.get(name, 0)
    if char.isascii() and char.isalpha():
        letter = chr(latin + (ord(char) - 65 if char < "a" else ord(char) - 71))
        return _ELSEWHERE.get(letter, letter)
    if greek and ("Α" <= char <= "Ω" or "α" <= char <= "ω"):
        return chr(greek + (ord(char) - 0x391 if char < "α" else ord(char) - 0x3B1 + 26))
    return char


_TERMINAL = Pen(_text_symbol, _text_fraction, _text_root, _text_scripts, _text_accent, _in_font, apart=_text_apart)
_RAISED = str.maketrans("0123456789+-()abcdefghijklmnoprstuvwxyzT*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ*")


def _name_scripts(base: str, low: str, high: str, of: Scripts) -> str:
    """In a name every character that there is stands high: a caret is for powers."""
    primes, rest = "′" * high.count("′"), high.replace("′", "").replace(" ", "")
    raised = rest.translate(_RAISED)
    if set(raised) & set(rest) <= {"*"}:
        return _text_scripts(base, low, "", of._replace(high=Row())) + primes + raised
    return _text_scripts(base, low, high, of)


IN_TERMINAL = replace(_TERMINAL, scripts=_name_scripts)
"""The pen of names."""

# -- HTML ------------------------------------------------------------------------------------------------------------

_MATHML_ACCENTS = {"dot": "˙", "ddot": "¨", "bar": "¯", "hat": "^", "tilde": "~", "vec": "→"}


_MATHML_TAGS = {
    NUMBER: "<mn>{}</mn>", LETTER: "<mi>{}</mi>", TEXT: "<mi>{}</mi>", SLASH: '<mo lspace="0" rspace="0">{}</mo>',
    OPEN: '<mo form="prefix" stretchy="false">{}</mo>', CLOSE: '<mo form="postfix" stretchy="false">{}</mo>',
}  # fmt: skip
"""How symbols are drawn wherever they stand; those of a kind that is not named here are operators."""


def _mathml_symbol(symbol: Symbol, before: bool, behind: bool) -> str:
    kind, text = symbol.kind, escape(symbol.text).replace("-", "\u2212")
    if kind == DRAWN:
        return symbol.text
    if kind == WORD:
        space = ' lspace="0" rspace="0.17em"' if behind else ""
        product = '<mo lspace="0" rspace="0.17em">\u2062</mo>' if before else ""
        return f"{product}<mi>{text}</mi><mo{space}>\u2061</mo>"  # applied to: a screen reader says "of"
    if kind == TEXT and len(text) == 1:
        return f'<mi mathvariant="normal">{text}</mi>'
    if kind == BINARY and not before:
        return f'<mo form="prefix">{text}</mo>'
    is_letter = kind == MARK and symbol.text in "∂∇∞"
    return _MATHML_TAGS.get(LETTER if is_letter else kind, "<mo>{}</mo>").format(text)


def _mathml_root(inside: str, index: str, _: Root) -> str:
    return f"<mroot><mrow>{inside}</mrow><mrow>{index}</mrow></mroot>" if index else f"<msqrt>{inside}</msqrt>"


def _mathml_scripts(base: str, low: str, high: str, _: Scripts) -> str:
    tag = "msubsup" if low and high else "msub" if low else "msup"
    return f"<{tag}>{''.join(f'<mrow>{row}</mrow>' for row in (base, *filter(None, (low, high))))}</{tag}>"


def _mathml_accent(name: str, over: str) -> str:
    """A bar over a word is as long as the word."""
    stretchy = "true" if name == "bar" and _MATHML_WORD.search(over) else "false"
    mark = f'<mo stretchy="{stretchy}">{_MATHML_ACCENTS[name]}</mo>'
    return f'<mover accent="true"><mrow>{over}</mrow>{mark}</mover>'


_MATHML_WORD = re.compile(r">\w{2,}</mi>")
_MATHML_LETTER = re.compile(r"<mi[^>]*>(\w+)</mi>")


def _mathml_font(name: str, over: str) -> str:
    """A letter of another alphabet; a word in italics asks for them."""

    def lettered(match: re.Match[str]) -> str:
        text = _in_font(name, match[1])
        style = ' style="font-style:italic"' if name == "mathit" and len(text) > 1 else ""
        upright = "" if len(text) > 1 or name == "mathit" else ' mathvariant="normal"'
        return f"<mi{style}{upright}>{text}</mi>"

    return _MATHML_LETTER.sub(lettered, over)


_HTML = Pen(
    _mathml_symbol,
    lambda above, below, _: f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>",
    _mathml_root,
    _mathml_scripts,
    _mathml_accent,
    _mathml_font,
)

# -- Typst -----------------------------------------------------------------------------------------------------------

_TYPST_ACCENTS = {"dot": "dot", "ddot": "dot.double", "bar": "macron", "hat": "hat", "tilde": "tilde", "vec": "arrow"}


def _typst_symbol(symbol: Symbol, _before: bool, _behind: bool) -> str:
    """Every sign of ASCII with a backslash, so that none of them is Typst's own."""
    kind, text, _ = symbol
    if kind == DRAWN:
        return text
    if kind in (WORD, TEXT):
        return f'op("{text}")' if kind == WORD else f'upright("{text}")'
    return text if kind in (LETTER, NUMBER) or text in "+-=" or not text.isascii() else f"\\{text}"


def _typst_scripts(base: str, low: str, high: str, _: Scripts) -> str:
    return (base or '""') + (f"_({low})" if low else "") + (f"^({high})" if high else "")


_TYPST_FONTS = {
    "mathbf": "upright(bold({}))", "boldsymbol": "bold({})", "mathcal": "cal({})", "mathsf": "sans({})",
    "mathit": "italic({})",
}  # fmt: skip


def _typst_accent(name: str, over: str) -> str:
    """A bar over a word is as long as the word."""
    return f"{'overline' if name == 'bar' and _QUOTE in over else _TYPST_ACCENTS[name]}({over})"


def _typst_font(name: str, over: str) -> str:
    return _TYPST_FONTS[name].format(over.removeprefix("upright(").removesuffix(")") if _QUOTE in over else over)


_QUOTE = '"'
_TYPST = Pen(
    _typst_symbol,
    lambda above, below, _: f'frac({above}, {below}, style: "vertical")',  # bare, ours are set on the line
    lambda inside, index, _: f"root({index}, {inside})" if index else f"sqrt({inside})",
    _typst_scripts,
    _typst_accent,
    _typst_font,
    between=" ",
)

# -- LaTeX, for what is drawn in every format ------------------------------------------------------------------------

_WIDE = {"bar": "overline", "hat": "widehat", "tilde": "widetilde", "vec": "overrightarrow"}
_LATEX_LETTER = re.compile(r"[A-Za-z0-9]|\\[A-Za-z]+")
_LATEX_WORD = re.compile(r"\\[a-z]+\{[A-Za-z0-9]{2,}\}")
_SPARE = re.compile(r" (?![A-Za-z\\])")
_LATEX = {symbol.text: symbol.latex for symbol in reversed(COMMANDS.values())} | {"*": r"\ast"}


def _latex_symbol(symbol: Symbol, _before: bool, _behind: bool) -> str:
    """A command with the blank that ends it."""
    kind, text, latex = symbol
    if kind in (WORD, TEXT):
        return (latex or r"\mathrm") + f"{{{text}}}"
    command = "" if kind == DRAWN else latex or _LATEX.get(text, "")
    return f"{command} " if command else text


def _latex_over(command: str, over: str) -> str:
    """A command of one letter, or of more in braces."""
    over = _SPARE.sub("", over)
    return f"\\{command} {over} " if _LATEX_LETTER.fullmatch(over) else f"\\{command}{{{over}}}"


def _latex_accent(name: str, over: str) -> str:
    return _latex_over(_WIDE.get(name, name) if _LATEX_WORD.fullmatch(over) else name, over)


def _latex_scripts(base: str, low: str, high: str, _: Scripts, before_low: str = "") -> str:
    before_low = before_low if base.endswith("}") else ""
    text = base + (f"{before_low}_{{{low}}}" if low else "")
    primes = r"\prime " * (high.count(r"\prime "))
    return text + ("" if not high else "'" * high.count(r"\prime") if high == primes else f"^{{{high}}}")


IN_LATEX = Pen(
    _latex_symbol,
    lambda above, below, _: rf"\frac{{{above}}}{{{below}}}",
    lambda inside, index, _: rf"\sqrt{f'[{index}]' if index else ''}{{{inside}}}",
    _latex_scripts,
    _latex_accent,
    _latex_over,
    apart=lambda text, *_: _SPARE.sub("", text),
)
IN_MARKDOWN = replace(IN_LATEX, scripts=partial(_latex_scripts, before_low=r"\textstyle"))
"""No brace before a subscript: cmark-gfm takes }_ for emphasis."""

PENS: Mapping[str, Pen] = {TERMINAL.name: _TERMINAL, PLAIN.name: _TERMINAL, MATHML.name: _HTML, TYPST.name: _TYPST}
"""The pens of the dialects; LaTeX and Markdown need none."""
