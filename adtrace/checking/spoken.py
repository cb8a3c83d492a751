"""Operations in words as formulas: ``product of x and y`` is ``mul(x, y)``, ``x squared`` is ``square(x)``."""

from __future__ import annotations

import re
from functools import lru_cache

from adtrace.checking.words import AND, OPERATION_NOUNS
from adtrace.elementals import FUNCTIONS
from adtrace.language.spellings import GENERAL

_ONE = r"(?:the\s+)?(?:[^\W\d_](?:[^\W_]{0,3})(?:_\{?\w{1,3}\}?)?|\d+(?:\.\d+)?)"
"""A name that is short, or a number."""
_AND = rf"{AND}|y|e|by|with|mit|durch|entre|par|from|to"
_PARTED = re.compile(rf"\s*(?:,\s*(?:(?:{AND})\s+)?|\b(?:{_AND})\b\s+(?=\S))", re.I)
_ALL = rf"(?P<operands>{_ONE}(?:{_PARTED.pattern}{_ONE})*)"
_SAID = [re.compile(pattern, re.I) for pattern in (
    rf"(?:take\s+)?(?:the\s+)?(?P<what>[^\W\d_]+(?:\s[^\W\d_]+)?)\s+(?:of|von|aus|de|du|des|der)\s+{_ALL}",
    rf"(?P<what>add|multiply|divide|subtract|square|negate)\s+{_ALL}",
    rf"(?P<operands>{_ONE}\s+(?P<what>plus|times|minus|mal)\s+{_ONE})",
    rf"(?P<operands>{_ONE})\s+(?P<what>squared|cubed)",
)]  # fmt: skip
_VERBS = {"plus": "add", "times": "mul", "mal": "mul", "multiply": "mul", "divide": "div", "subtract": "sub"}
_TWO, _SEVERAL = frozenset({"sub", "div", "pow", "minus"}), frozenset({"add", "mul", "max", "min"})
"""Functions of two operands, and of two or more; those that are said of one are of one."""


@lru_cache(maxsize=4096)
def function_called(words: str) -> str:
    """The function that words name, ``sin`` of ``sine``; nothing where they name none."""
    word = words.lower()
    nouns = (name for name, said in OPERATION_NOUNS.items() if re.fullmatch(said, words, re.I))
    return next(nouns, word if word in FUNCTIONS or word in GENERAL else "")


def as_formula(text: str) -> str:
    """The text, its words behind the last equals sign as the call that they say."""
    left, sign, words = text.rpartition("=")
    for said in filter(None, (pattern.fullmatch(words.strip()) for pattern in _SAID)):
        what = said["what"].lower()
        name = _VERBS.get(what) or function_called(what)
        between = rf"\s+{what}\s+" if said.start("what") in range(*said.span("operands")) else _PARTED
        operands = [re.sub(r"^the\s+", "", one) for one in re.split(between, said["operands"])]
        least, most = (2, 2) if name in _TWO else (2, 9) if name in _SEVERAL else (1, 1)
        if name and all(operands) and least <= len(operands) <= most:
            return f"{left}{sign} {name}({', '.join(operands[::-1] if ' from ' in words else operands)})".lstrip()
    return text
