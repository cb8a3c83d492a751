"""What to write for what is not in the language: the second half of the parser's messages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from adtrace.errors import nearest
from adtrace.language.calls import ELSEWHERE, LIBRARY_CALLS
from adtrace.language.syntax import CONSTANTS

_HINTS = {
    "·": "write *", "×": "write *", "⋅": "write *", "•": "write *", "∗": "write *", "÷": "write /", "∕": "write /",
    "−": "write the minus sign as -", "–": "write the minus sign as -", "—": "write the minus sign as -",
    "‐": "write the minus sign as -", "√": "write sqrt(...)", "∛": "write cbrt(...)",
    "σ": "write sigmoid(...), or sigma for a variable", "|": "write abs(...)", "[": "use round brackets",
    "]": "use round brackets", "{": "use round brackets", "}": "use round brackets", "!": "there is no factorial",
    "\\": "write the formula as plain text: ln(x1), not LaTeX", "=": "an equals sign stands after the left side only",
    "'": "there are no quotes or primes", '"': "there are no quotes", "`": "there are no quotes",
    "_": "a name begins with a letter", ":": "a left side ends in =",
    "%": "a remainder is mod(x, y), and x percent is x/100", "$": "write the formula without dollar signs",
    ".": "a point stands in a number only, and functions are bare names: sin(x)", "∞": "numbers are finite",
    "<": "there are no comparisons", ">": "there are no comparisons",
}  # fmt: skip
_FOREIGN = {
    "tg": "tan", "ctg": "cot", "cotan": "cot", "cosec": "csc", "arctg": "arctan", "sgn": "sign", "signum": "sign",
    "lg": "log10", "lb": "log2", "ld": "log2", "sh": "sinh", "ch": "cosh", "th": "tanh", "fabs": "abs",
    "logistic": "sigmoid", "expit": "sigmoid", "root": "sqrt", "pow": "u^w", "power": "u^w", "sqr": "u^2",
    "square": "u^2", "round": "", "factorial": "", "diff": "",
}  # fmt: skip
"""Names that other books and tools use, with ours; empty where there is none, and a guess would mislead."""


def of_character(char: str) -> str:
    """What to write for a character that is not in the language, or nothing."""
    if char in _HINTS:
        return _HINTS[char]
    name = unicodedata.name(char, "")
    if name.startswith("SUPERSCRIPT") and char.isdigit():
        return f"write ^{unicodedata.digit(char)}"
    if name.startswith("SUBSCRIPT") and char.isdigit():
        return f"write the digit on the line, {unicodedata.digit(char)}"
    if name.startswith("VULGAR FRACTION"):
        return "write fractions as 1/2"
    if name.startswith(("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ")) and name.count(" ") == 3:
        word = name.rsplit(" ", 1)[1].lower().replace("lamda", "lambda")
        return f"write {word.capitalize() if char.isupper() else word}"
    if char.isdigit():
        return "digits are 0 to 9"
    if char.isalpha():
        return "names are the letters A to Z and a to z, digits and underscores"
    return ""


def unknown_function(name: str, functions: Iterable[str]) -> str:
    """``unknown function 'sine' (did you mean 'sin'?)``."""
    if name in CONSTANTS:
        return f"{name} is a constant, not a function; write {name}*(...) for a product"
    ours = _FOREIGN.get(name.lower(), ELSEWHERE.get(name))
    library = next((prefix for prefix, table in LIBRARY_CALLS.items() if name in table), "")
    if ours is None and library:
        return f"unknown function {name!r} ({library}.{name}(...) is read)"
    if ours is None:
        return f"unknown function {name!r}{nearest(name, functions)}"
    return f"unknown function {name!r}" + (f" (here it is written {ours})" if ours else "")
