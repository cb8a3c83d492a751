"""A word of letters and digits into what it stands for: a name, a function, or several of them side by side."""

from __future__ import annotations

import re
from typing import NamedTuple

from adtrace.errors import nearest
from adtrace.language.allowed import BARE, CONDITIONS, PRIMES, PRODUCTS, SPELLINGS, Language
from adtrace.language.spellings import (
    CALLED_ONLY,
    CHOICES,
    CONDITION_CALLS,
    CONSTANT_SPELLINGS,
    GENERAL,
    LIBRARIES,
    MATHEMATICA,
    TRUE_WORDS,
    TWO_WAYS,
    Spelling,
)
from adtrace.language.stream import NUMBER, Token
from adtrace.language.syntax import TRUE

NAME, FUNCTION, POWER = "name", "function", "power"
"""Kinds of tokens that a word may turn out to be; a power is the number of ``sin2 x``, pasted without its height."""

_GREEK = ("beta", "gamma", "zeta", "Gamma", "Beta")
"""Letters that are functions only before a bracket."""
_LONGEST = 64
"""Letters of a run that is looked at for names side by side."""
_MOST = 3
"""Ways to part a run that are looked for."""
_DIGITS = re.compile(r"[0-9]++")
_INDEXED = re.compile(r"(log|J)_(?:(-?[0-9]++)|([A-Za-z][\w-]*+))", re.ASCII)
"""A function with its base or its order below it: ``log_b``, ``J_0``."""


class Wrong(NamedTuple):
    """A word that is refused, and why."""

    problem: str


Ways = list[list[Token]]


class Words:
    """The words of one text; each is looked up once."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._known: dict[tuple[object, ...], Ways | Wrong] = {}

    def ways(self, token: Token, bracket: str, follows: bool) -> Ways | Wrong:
        """What a word may be: each way a list of tokens, most often one of one token.

        ``bracket`` is the bracket that follows, if one does; ``follows`` tells whether an operand may.
        """
        key = (token.text, token.solid, bracket, follows)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._ways(token, bracket, follows)
        if isinstance(known, Wrong):
            return known
        return [[part._replace(place=token.place, spaced=token.spaced and not n) for n, part in enumerate(way)]
                for way in known]  # fmt: skip

    def _ways(self, token: Token, bracket: str, follows: bool) -> Ways | Wrong:
        text, language = token.text, self.language
        value = language.value(text)
        if value is not None and (value == text or text not in language.functions or not bracket):
            return [[Token(NAME, value, 0)]]
        if text.endswith("'"):
            return self._primed(text)
        if CONDITIONS in language.forms and text in TRUE_WORDS:
            return [[Token(NAME, TRUE, 0)]]
        if SPELLINGS in language.forms and text in CONSTANT_SPELLINGS:
            return [[Token(NAME, CONSTANT_SPELLINGS[text], 0)]]
        if "." in text:
            return self._dotted(text)
        if self.is_function(text, bracket) and (bracket or text not in _GREEK):
            return [[Token(FUNCTION, text, 0)]]
        found = self.parted(token, bracket, follows) if PRODUCTS in language.forms else []
        if found:
            return found
        if bracket:
            return Wrong(self.unknown(text))
        return [[Token(NAME, text, 0)]]

    def is_function(self, text: str, bracket: str) -> bool:
        """Whether a word is a function here: some are so only before a bracket."""
        if text in self.language.functions:
            return True
        if SPELLINGS not in self.language.forms:
            return False
        if _INDEXED.fullmatch(text):
            return self.index(text) is not None
        if bracket == "[" and text in MATHEMATICA:
            return True
        meaning = self.meaning(text)
        if meaning is None and text not in CHOICES and text not in CONDITION_CALLS:
            return False
        if bracket:
            return True
        bare = text not in CALLED_ONLY and len(text) > 1
        return bare and isinstance(meaning, str) and meaning in self.language.functions

    def index(self, text: str) -> str | None:
        """The base of ``log_2`` and ``log_b``, the order of ``J_0``: a number or a name with a value."""
        match = _INDEXED.fullmatch(text)
        if match is None or (match[1] == "J" and "besselj" not in self.language.functions):
            return None
        return match[2] or self.language.value(match[3])

    def meaning(self, text: str) -> Spelling | None:
        """What a function's name stands for, alone or behind the prefix of a library."""
        functions = self.language.functions
        library, _, name = text.rpartition(".")
        if library:
            table = LIBRARIES.get(library)
            if table is None:
                return None
            return table.get(name) or self.meaning(name)
        if text in functions:
            return text
        known = GENERAL.get(text)
        if known is None and text in TWO_WAYS:
            known = TWO_WAYS[text][0]
        if known is None and (text.isupper() or text.istitle()):
            lower = text.lower()
            known = lower if lower in functions else GENERAL.get(lower) if text.isupper() and len(text) > 2 else None
        return known

    def _dotted(self, text: str) -> Ways | Wrong:
        """``np.sin``, ``math.pi``."""
        library, _, name = text.rpartition(".")
        if library not in LIBRARIES:
            value = self.language.value(library)
            of = f"; {library} is a variable" if value else ""
            return Wrong(f"{text!r} is not part of the language: "
                         f"a point stands in a number, or after the name of a library, np.sin(x){of}")  # fmt: skip
        if name in ("pi", "e", "Pi", "PI", "E"):
            return [[Token(NAME, name.lower(), 0)]]
        if name in ("inf", "Inf", "infty", "nan", "NaN", "oo"):
            return Wrong(f"{text} is no number: numbers are finite")
        if self.meaning(text) is None and name not in CHOICES and name not in CONDITION_CALLS:
            return Wrong(self.unknown(name, text))
        return [[Token(FUNCTION, text, 0)]]

    def _primed(self, text: str) -> Ways | Wrong:
        """``x'``: a variable of its own, if it has a value."""
        base = text.rstrip("'")
        count = len(text) - len(base)
        value = self.language.value(base + "_prime" * count)
        if value is not None and PRIMES in self.language.forms:
            return [[Token(NAME, value, 0)]]
        return Wrong(
            f"{text} can be read in two ways: as a derivative of {base}, or as a variable beside {base}; "
            f"write the derivative out, or give the variable a value, {text}=..."
        )

    def unknown(self, name: str, shown: str = "") -> str:
        """The sentence for a function that there is not."""
        from adtrace.language.hints import unknown_function  # noqa: PLC0415

        shown = shown or name
        if self.language.value(name):
            return f"{name} is a variable, not a function"
        names = [*self.language.functions, *(other for other in self.language.declared if len(other) > 1)]
        sentence = unknown_function(name, self.language.functions)
        if "did you mean" not in sentence and "written" not in sentence:
            sentence += nearest(name, names)
        return sentence.replace(repr(name), repr(shown), 1)

    def parted(self, token: Token, bracket: str, follows: bool) -> Ways:
        """A run of letters as names and functions side by side: only if every part of it has a value.

        ``xy`` is x and y, ``2xsiny`` ends in x, sin and y.  A letter that Greek or a subscript made of several
        characters is not cut.
        """
        text = token.text
        if len(text) > _LONGEST or "." in text or "'" in text:
            return []
        uncut = {place for start, end in token.solid for place in range(start + 1, end)}
        found: Ways = []
        dead: set[tuple[int, bool]] = set()

        def rest(start: int, called: bool, way: list[Token]) -> bool:
            """Part the text from ``start``, where ``called`` tells that a function stands before it."""
            if start == len(text):
                kinds = [part.kind for part in way]
                if called and not (bracket or follows):
                    return False
                if bracket and kinds[-1:] == [NAME] and FUNCTION in kinds:
                    return False  # sine(x) is no sin(e)*(x)
                found.append(list(way))
                return True
            if (start, called) in dead or len(found) >= _MOST:
                return False
            reached = False
            if called and (digits := _DIGITS.match(text, start)) and digits.end() not in uncut:
                for kind in (POWER, NUMBER) if digits.end() == start + 1 else (NUMBER,):
                    reached |= rest(digits.end(), kind == POWER, [*way, Token(kind, digits.group(), 0)])
            for end in range(len(text), start, -1):
                if end in uncut or (end < len(text) and text[end] in "_") or text[end - 1] == "_":
                    continue
                if end < len(text) and text[end].isdigit() and text[end - 1].isdigit():
                    continue
                reached |= self._part(text[start:end], end, way, rest)
            if not reached:
                dead.add((start, called))
            return reached

        rest(0, False, [])
        return found[:_MOST]

    def _part(self, part: str, end: int, way: list[Token], rest: object) -> bool:
        """Go on behind one part, if it has a meaning."""
        assert callable(rest)
        reached = False
        value = self.language.value(part) if not part[0].isdigit() else None
        if value is not None and not (value == "e" and way and way[-1].kind != NAME):
            reached |= rest(end, False, [*way, Token(NAME, value, 0)])
        elif len(part) > 1 and part in self.language.functions and BARE in self.language.forms:
            reached |= rest(end, True, [*way, Token(FUNCTION, part, 0)])
        return reached
