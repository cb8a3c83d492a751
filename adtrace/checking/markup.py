"""A cell without its markup: Markdown, LaTeX, HTML and Unicode as the plain characters of a formula."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

DOT, DOT2, BAR = ".", "..", "~"
"""The marks of a tangent, a second-order coefficient and an adjoint."""
LONGEST_CELL = 4_000
_DEEPEST = 60

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₋₊", "0123456789-+")
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_CHARACTERS = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*",
    "∗": "*", "•": "*", "÷": "/", "⁄": "/", "∕": "/", "π": " pi ", "σ": " sigmoid ", "√": " sqrt ", "∂": "∂",
    "′": "'", "’": "'", "‘": "'", "`": " ", "≈": "=", "≃": "=", "≅": "=", "≐": "=", "→": "=", "⇒": "=", "，": ",",
    "（": "(", "）": ")", "＝": "=", "＋": "+", "\u00a0": " ", "\u2009": " ", "\u200b": "", "½": "(1/2)",
    "¼": "(1/4)", "¾": "(3/4)", "…": " ", "⏎": " ", "∥": "|", "Δ": "∂", "δ": "∂", "𝜕": "∂", "↓": " ", "↑": " ",
}  # fmt: skip


class Unread(ValueError):
    """The cell is not a formula or a number that can be read; says what was expected."""


_TAG_SUB = re.compile(r"<\s*sub\s*>(.*?)<\s*/\s*sub\s*>", re.I | re.S)
_TAG_SUP = re.compile(r"<\s*sup\s*>(.*?)<\s*/\s*sup\s*>", re.I | re.S)
_TAG = re.compile(r"<\s*/?\s*[A-Za-z][^<>]*>")
_STYLES = re.compile(
    r"\\(?:mathbf|boldsymbol|mathrm|mathit|mathsf|textbf|textit|text|bm|operatorname\*?|textcolor\s*\{[^{}]*\}|"
    r"color\s*\{[^{}]*\}|mathbin|mathrel|mbox|hbox|ensuremath|underline|cancel|boxed|fbox|emph|textnormal)(?![A-Za-z])"
)
_STYLED = re.compile(_STYLES.pattern + r"\s*\{([^{}]*)\}")
_SPACING = re.compile(
    r"\\(?:left|right|bigl|bigr|Bigl|Bigr|big|Big|displaystyle|textstyle|quad|qquad|limits|hline|hfill|"
    r"centering|small|phantom)(?![A-Za-z])|\\[,;:!> ]"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*(?=\S)")
_COMMANDS = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "pi": " pi ", "ln": " ln ", "log": " log ", "sin": " sin ",
    "cos": " cos ", "tan": " tan ", "exp": " exp ", "sinh": " sinh ", "cosh": " cosh ", "tanh": " tanh ",
    "arcsin": " asin ", "arccos": " acos ", "arctan": " atan ", "sqrt": " sqrt ", "max": " max ", "min": " min ",
    "sigma": " sigmoid ", "partial": "∂", "nabla": "∇",
    "delta": "∂", "Delta": "∂", "approx": "=", "simeq": "=", "to": "=",
    "Rightarrow": "=", "rightarrow": "=", "doteq": "=", "equiv": "=", "lvert": "|", "rvert": "|", "vert": "|",
    "lbrace": "(", "rbrace": ")", "prime": "'", "cot": " cot ", "sec": " sec ", "csc": " csc ", "mid": "|",
    "colon": ":", "ldots": " ", "dots": " ", "cdots": " ", "mathop": "",
    "downarrow": " ", "uparrow": " ", "bfseries": " ", "adtheading": " ", "adtprimal": " ",
    "adtderived": " ", "relax": "", "e": "e", "bullet": "*",
}  # fmt: skip
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ACCENTS = {"dot": DOT, "ddot": DOT2, "bar": BAR, "overline": BAR}
_ACCENT = re.compile(r"\\(dot|ddot|bar|overline)(?![A-Za-z])\s*")
MARKED = {DOT: "\u0307", DOT2: "\u0308", BAR: "\u0304"}


def _group(text: str, start: int) -> tuple[str, int]:
    """The braced group (or the one token) at ``start``, and where it ends."""
    while start < len(text) and text[start].isspace():
        start += 1
    if start < len(text) and text[start] == "{":
        depth = 0
        for place in range(start, len(text)):
            depth += (text[place] == "{") - (text[place] == "}")
            if depth == 0:
                return text[start + 1 : place], place + 1
        raise Unread("a brace is never closed")
    command = _COMMAND.match(text, start)
    end = command.end() if command else min(start + 1, len(text))
    return text[start:end], end


def _fractions(text: str, depth: int = 0) -> str:
    r"""``\frac{a}{b}`` as ``((a)/(b))``; a derivative stays open, ``∂ v_3/∂ v_1``."""
    if depth > _DEEPEST:
        raise Unread("fractions are nested too deeply")
    pieces: list[str] = []
    position = 0
    while match := _FRACTION.search(text, position):
        above, after = _group(text, match.end())
        below, after = _group(text, after)
        above, below = _fractions(above, depth + 1), _fractions(below, depth + 1)
        partial = re.match(r"\s*(\\partial|∂|d\b|d(?=[A-Za-z\\]))", below) and re.match(r"\s*(\\partial|∂|d)", above)
        pieces += [text[position : match.start()], f" {above}/{below} " if partial else f"(({above})/({below}))"]
        position = after
    return "".join(pieces) + text[position:]


def _accents(text: str) -> str:
    r"""``\dot{v}_1`` and ``\dot{v_1}`` as v with a combining dot before the index."""
    while match := _ACCENT.search(text):
        inside, end = _group(text, match.end())
        inside = inside.strip()
        mark = MARKED[_ACCENTS[match.group(1)]]
        base = re.match(r"[A-Za-z]+", inside)
        marked = base.group() + mark + inside[base.end() :] if base else inside + mark
        text = f"{text[: match.start()]} {marked}{text[end:]}"
    return text


@lru_cache(maxsize=4096)
def plain(cell: str) -> str:
    """The cell without its markup: Markdown, LaTeX, HTML and Unicode as the characters of a formula."""
    if len(cell) > LONGEST_CELL:
        raise Unread(f"a cell has {len(cell)} characters; {LONGEST_CELL} are read")
    text = html.unescape(cell)
    text = _TAG_SUB.sub(r"_{\1}", text)
    text = _TAG_SUP.sub(r"^{\1}", text)
    text = _TAG.sub(" ", text)
    text = re.sub(r"\\([_*#%&$|])", r"\1", text)
    text = re.sub(r"\*\*(?=[^\s*][^*]*\*\*)([^*]+)\*\*(?![A-Za-z0-9(])", r"\1", text)
    text = text.replace("$", " ").replace("~", " ").replace(r"\(", " ").replace(r"\)", " ")
    text = re.sub(r"\\\\|\\(?:begin|end)\s*\{[^{}]*\}", " ", text)
    for _ in range(3):
        text = _STYLED.sub(r" \1 ", text)
    text = _STYLES.sub(" ", text)
    text = _SPACING.sub(" ", text)
    text = re.sub(r"\\[{]", "(", text)
    text = re.sub(r"\\[}]", ")", text)
    text = re.sub(r"\bd\\?mathrm\b", "d", text)
    text = _accents(_fractions(text))
    text = _COMMAND.sub(lambda m: _COMMANDS.get(m.group(1), f" {m.group(1)} "), text)
    text = unicodedata.normalize("NFD", text)
    for mark in ("\u0305", "\u0304"):
        text = text.replace(mark, "\u0304")
    return _raised("".join(_CHARACTERS.get(c, c) for c in text))


def _raised(text: str) -> str:
    """Unicode indices and exponents in ASCII."""
    text = re.sub("[₀-₉₋₊]+", lambda m: "_{" + m.group().translate(_SUBSCRIPTS) + "}", text)
    table = "".join(_SUPERSCRIPTS)
    return re.sub(f"[{table}]+", lambda m: "^(" + "".join(_SUPERSCRIPTS[c] for c in m.group()) + ")", text)
