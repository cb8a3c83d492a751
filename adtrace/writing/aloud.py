"""Formulas as they are read out, for those who listen: ``v 4 equals cosine of v minus 1``.

    formula ──MathML──▶ tree ──read──▶ words

The words are those of the tree that `mathml` writes, and so of every formula, array and symbol that HTML has.
They are the labels of row headers in HTML, and the alternative texts of formulas in a PDF.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape

from adtrace.writing.mathml import MATHML, markup
from adtrace.writing.notation import Dialect

_SIGNS = {
    "−": "minus", "-": "minus", "+": "plus", "=": "equals", "+=": "plus equals", "×": "times", "⋅": "times",
    "/": "over", "÷": "divided by", "±": "plus or minus", "⊙": "times entry by entry", "·": "dot",
    "⋆": "correlated with", "*": "star", "<": "less than", ">": "greater than", "≤": "at most", "≥": "at least",
    "≠": "not equal to", "≈": "about", "∈": "in", "→": "to", "∂": "partial", "∑": "sum over", "…": "and so on",
    "⋯": "and so on", "⋮": "and so on", "⋱": "and so on", "\u2061": "of", "\u2062": "times",
    "(": "open bracket", ")": "close bracket", "[": "open bracket", "]": "close bracket", ":": "to",
    "′": "prime", "∞": "infinity", "𝖳": "transposed", "ℝ": "R", "|": "bar", "‖": "norm bar", "!": "factorial",
    "?": "undecided",
}  # fmt: skip
_ACCENTS = {"˙": "dot", "¨": "double dot", "¯": "bar", "^": "hat", "~": "tilde", "→": "vector"}
_WORDS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "cot": "cotangent", "sec": "secant", "csc": "cosecant",
    "arcsin": "arc sine", "arccos": "arc cosine", "arctan": "arc tangent", "asin": "arc sine", "acos": "arc cosine",
    "atan": "arc tangent", "sinh": "hyperbolic sine", "cosh": "hyperbolic cosine", "tanh": "hyperbolic tangent",
    "ln": "natural logarithm", "log": "logarithm", "exp": "exponential", "max": "maximum", "min": "minimum",
    "sgn": "sign",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed"}
_FENCES = {"|": "absolute value of", "⌊": "floor of", "⌈": "ceiling of", "‖": "norm of"}
_IN_BRACKETS = re.compile(r"\([\w,]+\)")


def words(mathml: str) -> str:
    """A formula of MathML, as `mathml.markup` writes it, in words; two formulas in one text, one after the other."""
    try:
        tree = ET.fromstring(f"<all>{mathml}</all>")
    except ET.ParseError:  # a template's own markup
        return re.sub(r"<[^>]*>", " ", mathml).strip()
    return " ".join(_row(tree).split()).replace(" ,", ",").replace(" ;", ";")


def _row(of: ET.Element) -> str:
    """What stands beside each other; brackets round one name or number are not said."""
    children = list(of)
    if len(children) > 2 and children[0].tag == children[-1].tag == "mo":
        opening, inside = children[0].text or "", children[1:-1]
        if opening in _FENCES:
            return f"{_FENCES[opening]} {_held(inside)}"
        if opening == "[" and len(inside) == 1 and inside[0].tag == "mtable":
            return f"matrix {_read(inside[0])} end of matrix"
        if opening == "(" and _is_one(inside):
            return _all(inside)
    return _all(children) or (of.text or "").strip()


def _all(parts: Sequence[ET.Element]) -> str:
    return " ".join(word for part in parts if (word := _read(part)))


def _is_one(parts: Sequence[ET.Element]) -> bool:
    """Whether it is one name or number, with a minus or without, and needs no brackets when it is heard."""
    if len(parts) == 2 and parts[0].tag == "mo" and parts[0].text in ("−", "-"):
        parts = parts[1:]
    if len(parts) == 1 and parts[0].tag in ("mrow", "math"):
        return _is_one(list(parts[0]))
    return len(parts) == 1 and parts[0].tag not in ("mfrac", "mtable", "msup", "mo")


def _held(parts: Sequence[ET.Element]) -> str:
    """Parts that stand together, as a listener has to be told where they are more than one."""
    said = _all(parts)
    return said if _is_one(parts) or said.startswith("open bracket") else f"open bracket {said} close bracket"


def _read(of: ET.Element) -> str:
    if of.tag in ("mi", "mo", "mn", "mtext"):
        return _leaf(of)
    read = _READ.get(of.tag)
    return read(list(of)) if read is not None else _row(of)


def _leaf(of: ET.Element) -> str:
    text = (of.text or "").strip() or (of.text or "")
    sign = _SIGNS.get(text)
    if of.tag == "mo":
        return text if sign is None else sign
    return _WORDS.get(text) or sign or _letter(text)


def _letter(text: str) -> str:
    """A letter of another alphabet, as every voice can say it."""
    if len(text) != 1 or text.isascii():
        return text
    name, plain = unicodedata.name(text, ""), unicodedata.normalize("NFKC", text)
    font = next((font for font in ("BOLD", "SCRIPT", "SANS-SERIF") if font in name), "")
    return f"{font.lower()} {plain}" if font and plain != text else text


def _power(parts: Sequence[ET.Element]) -> str:
    base, exponent = map(_read, parts)
    if exponent in ("transposed", "prime"):
        return f"{base} {exponent}"
    if _IN_BRACKETS.fullmatch("".join(parts[1].itertext())):  # v^(2) is no power
        return f"{base} with superscript {exponent}"
    if base == "R":
        return f"R {exponent.replace('times', 'by')}"
    base = f"open bracket {base} close bracket" if base.startswith("minus ") else base
    return f"{base} {_POWERS.get(exponent) or f'to the power of {_held([parts[1]])}'}"


def _both(parts: Sequence[ET.Element]) -> str:
    base, low, script = map(_read, parts)
    return f"{base} {low} {script if script == 'prime' else f'with superscript {script}'}"


def _fraction(parts: Sequence[ET.Element]) -> str:
    above, below = map(_read, parts)
    if above.startswith("partial ") and below.startswith("partial "):
        return f"{above} by {below}"
    return f"{_held(parts[:1])} over {_held(parts[1:])}"


def _accented(parts: Sequence[ET.Element]) -> str:
    mark = parts[1].text or ""
    return f"{_read(parts[0])} {_ACCENTS.get(mark, _SIGNS.get(mark, mark))}"


def _matrix(rows: Sequence[ET.Element]) -> str:
    return "; ".join(", ".join(map(_read, row)) for row in rows)


_READ: dict[str, Callable[[Sequence[ET.Element]], str]] = {
    "msub": _all,
    "msup": _power,
    "msubsup": _both,
    "mfrac": _fraction,
    "msqrt": lambda parts: f"square root of {_held(parts)}",
    "mroot": lambda parts: f"root {_read(parts[1])} of {_held(parts[:1])}",
    "mover": _accented,
    "munder": lambda parts: f"{_all(parts)} of",
    "mtable": _matrix,
}

START, END = "\x02", "\x03"
"""What stands round the words of a formula in a sentence."""


@lru_cache(maxsize=8)
def aloud(dialect: Dialect = MATHML) -> Dialect:
    """The dialect of HTML, read out: a cell is words, and a formula in a sentence stands between `START` and `END`."""

    def said(text: str) -> str:
        return words(markup(text)) if text else ""

    return replace(dialect, cell=said, math=lambda text: f"{START}{said(text)}{END}")


_MATH = re.compile(r"<math>(.*?)</math>", re.DOTALL)


def labelled(cell: str) -> str:
    """A cell of HTML whose formulas say their words: of what a line is called by, which programs look for words in."""
    return _MATH.sub(lambda match: f'<math aria-label="{escape(words(match[1]))}">{match[1]}</math>', cell)
