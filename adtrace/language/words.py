"""A word of letters and digits into what it stands for: a name, a function, or several of them side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from adtrace.errors import nearest
from adtrace.language.allowed import BARE, CONDITIONS, PRIMES, PRODUCTS, SPELLINGS, Language
from adtrace.language.calls import CALLS, ELSEWHERE, LIBRARY_CALLS, Call, LibraryCall
from adtrace.language.lists import usage
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
        self._meanings: dict[tuple[object, ...], Ways | Wrong] = {}

    def ways(self, token: Token, bracket: str, follows: bool) -> Ways | Wrong:
        """What a word may be: each way a list of tokens, most often one of one token.

        ``bracket`` is the bracket that follows, if one does; ``follows`` tells whether an operand may.
        """
        key = (token.text, token.solid, bracket, follows)
        meaning = self._meanings.get(key)
        if meaning is None:
            meaning = self._meanings[key] = self._ways(token, bracket, follows)
        if isinstance(meaning, Wrong):
            return meaning
        return [[part._replace(place=token.place, spaced=token.spaced and not n) for n, part in enumerate(way)]
                for way in meaning]  # fmt: skip

    def _ways(self, token: Token, bracket: str, follows: bool) -> Ways | Wrong:
        text = token.text
        if (name := self._name(text, bracket)) is not None:
            return [[Token(NAME, name, 0)]]
        if text.endswith("'"):
            return self._primed(text)
        if "." in text:
            return self._dotted(text)
        if self.is_function(text, bracket) and (bracket or text not in _GREEK):
            return [[Token(FUNCTION, text, 0)]]
        ways = self.parted(token, bracket, follows) if PRODUCTS in self.language.forms else []
        if ways:
            return ways
        if bracket:
            return Wrong(self.unknown(text))
        return [[Token(NAME, text, 0)]]

    def _name(self, text: str, bracket: str) -> str | None:
        """The name that a word is as a whole: a variable's, a constant's, the condition that always holds."""
        value = self.language.value(text)
        if value is not None and (value == text or text not in self.language.functions or not bracket):
            return value
        if CONDITIONS in self.language.forms and text in TRUE_WORDS:
            return TRUE
        return CONSTANT_SPELLINGS.get(text) if SPELLINGS in self.language.forms else None

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
        if bracket == "(" and self.array_call(text) is not None:
            return True
        meaning = self.meaning(text)
        if meaning is None and text not in CHOICES and text not in CONDITION_CALLS:
            return False
        if bracket:
            return True
        bare = text not in CALLED_ONLY and len(text) > 1
        return bare and isinstance(meaning, str) and meaning in self.language.functions

    def array_call(self, text: str) -> Call | LibraryCall | None:
        """The function of arrays that a word is, alone or behind the prefix of a library."""
        library, _, name = text.rpartition(".")
        if not library:
            return CALLS.get(text)
        if library in ("adtrace", "ad"):
            return CALLS.get(name)
        return LIBRARY_CALLS.get(library, {}).get(name)

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
        meaning = GENERAL.get(text)
        if meaning is None and text in TWO_WAYS:
            meaning = TWO_WAYS[text][0]
        if meaning is None and (text.isupper() or text.istitle()):
            lower = text.lower()
            meaning = lower if lower in functions else GENERAL.get(lower) if text.isupper() and len(text) > 2 else None
        return meaning

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
        if self.array_call(text) is not None:
            return [[Token(FUNCTION, text, 0)]]
        if self.meaning(text) is None and name not in CHOICES and name not in CONDITION_CALLS:
            return Wrong(self.elsewhere(name, text) or self.unknown(name, text))
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

    def elsewhere(self, name: str, shown: str) -> str:
        """What is written here for a function of a library that is not read, if anything is."""
        written = ELSEWHERE.get(name)
        if written is None and name in CALLS:
            written = usage(CALLS[name])
        return f"{shown} is not read; here it is written {written}" if written else ""

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
        cuts = [end for end in range(len(text), 0, -1) if end not in uncut and _may_be_cut(text, end)]
        ways: Ways = []
        dead: set[tuple[int, bool]] = set()

        def rest(start: int, called: bool, way: list[Token]) -> bool:
            """Part the text from ``start``, where ``called`` tells that a function stands before it."""
            if start == len(text):
                kinds = [part.kind for part in way]
                without = called and not (bracket or follows)
                if without or (bracket and kinds[-1:] == [NAME] and FUNCTION in kinds):  # sine(x) is no sin(e)*(x)
                    return False
                ways.append(way)
                return True
            if (start, called) in dead or len(ways) >= _MOST:
                return False
            reached = False
            parts = chain(_digits(text, start, uncut) if called else (), self._parts(text, start, cuts, way))
            for end, part in parts:
                reached |= rest(end, part.kind in (FUNCTION, POWER), [*way, part])
            if not reached:
                dead.add((start, called))
            return reached

        rest(0, False, [])
        return ways[:_MOST]

    def _parts(self, text: str, start: int, cuts: list[int], way: list[Token]) -> Iterator[tuple[int, Token]]:
        """The names and functions that begin here, the longest first, each with its end."""
        language = self.language
        for end in cuts:
            if end <= start:
                return
            part = text[start:end]
            value = language.value(part) if not part[0].isdigit() else None
            if value is not None and not (value == "e" and way and way[-1].kind != NAME):
                yield end, Token(NAME, value, 0)
            elif len(part) > 1 and part in language.functions and BARE in language.forms:
                yield end, Token(FUNCTION, part, 0)


def _may_be_cut(text: str, end: int) -> bool:
    """Whether a part of a run may end here: not at a subscript's mark, and not within a number."""
    before, after = text[end - 1], text[end : end + 1]
    return "_" not in (before, after) and not (before.isdigit() and after.isdigit())


def _digits(text: str, start: int, uncut: set[int]) -> Iterator[tuple[int, Token]]:
    """The number behind a function's name, with its end: a power if it has one digit, or the operand."""
    digits = _DIGITS.match(text, start)
    if digits and digits.end() not in uncut:
        for kind in (POWER, NUMBER) if digits.end() == start + 1 else (NUMBER,):
            yield digits.end(), Token(kind, digits.group(), 0)
