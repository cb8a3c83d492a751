r"""A cell into what it says: chains of equations, each part with all its readings.

    "$\dot v_1 = 2 v_0 \dot v_0 = 6$"  ->  Chain: v̇_1 | 2 v_0 v̇_0 | 6        "(6, 3)"  ->  a pair, and an array
    "p = 3, q = 2"                      ->  two chains                         "?"       ->  words

Formulas are read by the language, with the names of the document as its declared names, and marked names as
placeholders (`names.placed`); what markup only sets is taken off before (`bare.flat`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from adtrace.checking.brackets import closed_at, outside, parted
from adtrace.checking.patterns import FIGURES
from adtrace.checking.readings.arraytext import untransposed
from adtrace.checking.readings.bare import STAR, flat
from adtrace.checking.readings.hands import whole
from adtrace.checking.readings.names import EDGE, Name, known, surroundings
from adtrace.checking.readings.parts import DOTTED, Part, may_name, of_numbers, read_part
from adtrace.checking.sheets.rows import LONGEST_EQUATION
from adtrace.checking.spoken import as_formula
from adtrace.checking.words import AND
from adtrace.language.syntax import Number
from adtrace.settings import COMMA

__all__ = ["Cell", "Chain", "Part", "read_cell"]

FORMULA, WORDS, EMPTY, DASH = "formula", "words", "empty", "dash"
EQUALS, ADDS = "=", "+="


@dataclass(frozen=True)
class Chain:
    """An equation of two or more parts, or one part alone."""

    parts: tuple[Part, ...]
    sign: str = EQUALS


@dataclass(frozen=True)
class Cell:
    """A cell and what it says."""

    text: str
    """As it is written in the document."""
    chains: tuple[Chain, ...] = ()
    pair: tuple[Part, ...] = ()
    """The entries of a pair or a list, ``(6, 3)``, ``(2, 1), (3, 0)``, where the cell or its last part is one."""
    state: str = FORMULA
    left: bool = True
    """Whether the first chain names its own left side, if it has one: not so where the cell begins with ``=``."""

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All sides of its chains."""
        return tuple(part for chain in self.chains for part in chain.parts)

    @property
    def names(self) -> Iterator[Name]:
        """All names in them."""
        return (name for part in self.parts for name in part.names)

    @cached_property
    def bare(self) -> str:
        """As a person reads it, without markup."""
        said = [" = ".join(part.text for part in chain.parts).replace("=", chain.sign, 1) for chain in self.chains]
        return (", ".join(said) or flat(self.text[:LONGEST_EQUATION])[0]).replace(STAR, "⋆")


_PLAIN_NUMBER = re.compile(r"\s*(-?)(\d{1,12})(?:\.(\d{1,30}))?\s*")
_DASHES = re.compile(r"=?[-/._□\s\\]*|n\.?\s?/?\s?a\.?|none|\.\.\.", re.I)


@lru_cache(maxsize=65_536)
def read_cell(text: str, declared: frozenset[str] = frozenset(), decimal: str = "") -> Cell:
    """What a cell says in a document with these names (in the spelling of `Name.variable`) and this decimal sign.

    ``decimal`` is ``"point"``, ``"comma"``, or nothing where the document does not tell.
    """
    if plain := _PLAIN_NUMBER.fullmatch(text):  # as most cells are
        sign, before, decimals = plain.groups("")
        if decimal != COMMA or len(decimals) != 3:
            number = Number(text.strip().lstrip("-"), int(before + decimals), -len(decimals), 0)
            return Cell(text, (Chain((of_numbers(text.strip(), ((number, bool(sign)),)),)),))
    if len(text) > LONGEST_EQUATION:
        problem = f"a cell has {len(text)} characters; {LONGEST_EQUATION} are read"
        return Cell(text, (Chain((Part(text[:60] + "...", problem=problem),)),), state=WORDS)
    source, braces = flat(text)
    source = as_formula(source)
    source = _INNER.sub(r"dot(\1, \2)", source) if _PLAIN_LEFT.match(source) else source
    if not source or _DASHES.fullmatch(source):
        return Cell(text, state=DASH if source else EMPTY)
    if declared and not may_name(source, declared):
        return read_cell(text, frozenset(), decimal)
    said = [chain for statement in _statements(source) for chain in _chains(statement, declared, decimal)]
    chains = (*said, *_underbraced(braces, declared, decimal))
    pair = _entries(said[-1].parts[-1].source if said else source, declared, decimal)
    return Cell(text, chains, pair, _state(chains, pair, declared), not re.match(r"\s*(?:\+?=|~)", source))


def _underbraced(braces: Iterable[tuple[str, str]], declared: frozenset[str], decimal: str) -> Iterator[Chain]:
    """What stands over and under braces as equations, as far as it is read."""
    each = (_chain([over, below], EQUALS, declared, decimal) for over, below in braces)
    return (chain for chain in each if all(part.readings for part in chain.parts))


def _state(chains: tuple[Chain, ...], pair: tuple[Part, ...], declared: frozenset[str]) -> str:
    """Whether anything in a cell is a formula, a number or a name of the document."""
    around = surroundings(declared)
    parts = [part for chain in chains for part in chain.parts]
    names = [part.name for part in parts if part.name]
    readable = any(part.readings for part in (*parts, *pair))
    return FORMULA if readable or any(name.mark or known(name.variable, around) for name in names) else WORDS


# ------------------------------------------------------------------------------------------------------------ chains

_MARK = re.compile(
    r"(?P<open>[(\[{]|\\begin\s*\{[^{}]*\})|(?P<close>[)\]}]|\\end\s*\{[^{}]*\})|(?P<line>\\\\|\n|;)"
    rf"|(?P<comma>,(?!\d)|(?<!\d),|(?<![A-Za-z_])(?:{AND})(?![A-Za-z_]))|[<>!]=|(?P<adds>\+=)"
    r"|(?P<edge>-+>|→)|(?P<equals>:=|=+>?|<-+|←|(?<!\S)~|(?<=\s)\#(?=[\s\[(]*[-+]?\s*[.\d]))"
)


def _cut(text: str, kinds: frozenset[str]) -> tuple[list[str], list[str]]:
    """The text between the marks of these kinds outside of brackets, and the marks' kinds."""
    marks = [mark for mark in outside(text, _MARK) if mark.lastgroup in kinds]
    return parted(text, marks), [mark.lastgroup or "" for mark in marks]


_SIGNS = frozenset({"adds", "edge", "equals"})


_ASIDE = re.compile(r"(?<=\S)\s*\(\s*=\s*([^()=]*)\)\s*$")
"""A last equation in brackets: ``x_1 x_2 (= 6)``."""


@lru_cache(maxsize=1024)
def _statements(source: str) -> tuple[str, ...]:
    """The equations of a cell: parted by lines and semicolons, and by commas where every piece is an equation."""
    lines, _ = _cut(source.replace("&", " ") if "begin" not in source else source, frozenset({"line"}))
    statements: list[str] = []
    for line in (_ASIDE.sub(r" = \1", line) for line in lines):
        if not line.strip():
            continue
        if statements and re.match(r"\s*(?:=|\+(?!=)|\*)", line):  # the line before goes on
            statements[-1] += line
            continue
        pieces, _ = _cut(line, frozenset({"comma"}))
        several = len(pieces) > 1 and (
            all(":" in piece or _cut(piece, _SIGNS)[1] for piece in pieces) or all(map(whole, map(str.strip, pieces)))
        )
        statements += pieces if several else [line]
    return tuple(statements)


def _chains(statement: str, declared: frozenset[str], decimal: str) -> list[Chain]:
    """One statement as a chain, if there is anything in it."""
    pieces, signs = _cut(statement, _SIGNS)
    name, colon, rest = pieces[0].partition(":")
    if colon and rest.strip(" &") and whole(name, declared) is not None:
        pieces[:1], signs = [name, rest], ["equals", *signs]
    pieces = [piece.strip(" &\u2009") for piece in pieces]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return []
    sign = ADDS if "adds" in signs else EDGE if signs and set(signs) == {"edge"} else EQUALS
    return [_chain(pieces, sign, declared, decimal)]


_LEFT = re.compile(r"\s*([^\W\d_](?:_\{?\w{1,4}\}?)?)\s*\(([^()=]*)\)\s*")

_AT_POINT = re.compile(rf"\s*([^()]*[^()\s^])\s*\((?=[^()]*\d)[{FIGURES}/*π]+\)\s*")
"""A derivative at a point, ``∂f/∂x(2, 3)``."""


def _called(piece: str, declared: frozenset[str]) -> Name | None:
    """The name before the brackets of a left side, ``f(x, y)`` or ``∂f/∂x(2, 3)``."""
    left = _LEFT.fullmatch(piece)
    if left and all(whole(name, declared) for name in left.group(2).split(",")):
        return whole(left.group(1))
    at = _AT_POINT.fullmatch(piece)
    name = whole(at[1], declared) if at else None
    return name if name and name.mark else None


def _chain(pieces: list[str], sign: str, declared: frozenset[str], decimal: str) -> Chain:
    ends = [re.search(r"[\w}]\.$", piece) for piece in pieces]
    if len(pieces) > 1 and ends[-1] and not ends[0] and not any(map(DOTTED.search, pieces)):
        pieces = [*pieces[:-1], pieces[-1][:-1]]  # the full stop of a sentence
    parts = [read_part(piece, declared, decimal) for piece in pieces]
    parts[1:] = [_without_itself(part, parts[0].name, declared, decimal) for part in parts[1:]]
    name = _called(pieces[0], declared) if len(parts) > 1 and parts[0].name is None else None
    if name is not None:
        parts[0] = replace(parts[0], name=name, readings=(), problem="", unknown="")
    if sign != EDGE or any(part.name is None for part in parts):
        return Chain(tuple(parts), EQUALS if sign == EDGE else sign)
    return _edge(parts, pieces)


def _edge(ends: list[Part], pieces: list[str]) -> Chain:
    """An edge from one name to another, which a path of several is not."""
    if len(ends) > 2:
        return Chain((Part(" → ".join(pieces), problem="a path of several edges is not read"),))
    return Chain(tuple(ends), EDGE if len(ends) == 2 else EQUALS)


_BESIDE = re.compile(rf"([{FIGURES}]*\d)\s+\(([^()]*)\)")


def _without_itself(part: Part, name: Name | None, declared: frozenset[str], decimal: str) -> Part:
    """A number without the derivative that it is of in brackets behind it: ``a.grad = 6 (∂L/∂a)``."""
    beside = _BESIDE.fullmatch(part.source) if name and name.mark and part.is_formula else None
    other = whole(beside[2], declared) if beside else None
    same = other and name and other.mark and other.variable == name.variable
    return read_part(beside[1], declared, decimal) if beside and same else part


_INNER = re.compile(r"(?:\\langle|[⟨〈])\s*([^\W\d_][^\s,+*/()-]*)\s*,\s*([^\W\d_][^\s,+*/()-]*?)\s*(?:\\rangle|[⟩〉])")
_PLAIN_LEFT = re.compile(r"\s*[^\W\d_](?:_\{?\w+\}?)?\s*=")
"""The inner product of two names, ``s = ⟨a, x⟩``; a gradient ``∇f = ⟨y, x⟩`` is a vector."""


def _entries(source: str, declared: frozenset[str], decimal: str) -> tuple[Part, ...]:
    """The entries of ``(6, 3)``, ``[0, 1]``, ``(2, 1), (3, 0)``, ``-sin(y), x`` and ``6 + 3ε``."""
    source = _ANGLES.sub("(", _ANGLES_END.sub(")", source))
    if dual := _DUAL.fullmatch(source):
        pieces = [dual.group(1), dual.group(2).strip("+ ") + (dual.group(3).strip() or "1")]
    else:
        pieces = _listed(untransposed(source), decimal)
    parts = tuple(read_part(piece, declared, decimal) for piece in pieces)
    return parts if len(parts) > 1 and (source[:1] in "([" or all(part.readings for part in parts)) else ()


def _listed(text: str, decimal: str) -> list[str]:
    """What commas part in one pair of brackets, or several brackets side by side."""
    comma = frozenset({"comma", "line"} if decimal == COMMA or ";" in text else {"comma"})
    pieces, _ = _cut(text, comma)
    if len(pieces) > 1:
        return pieces
    if text[:1] not in ("(", "[") or closed_at(text) != len(text) - 1:
        return []
    pieces, _ = _cut(text[1:-1], comma)
    return pieces if len(pieces) > 1 or decimal == COMMA else re.split(r",(?![^(\[]*[)\]])", text[1:-1])


_ANGLES, _ANGLES_END = re.compile(r"\\langle(?![A-Za-z])\s*|[⟨〈]"), re.compile(r"\s*\\rangle(?![A-Za-z])|[⟩〉]")
_DUAL = re.compile(r"(.*\S)\s*([+-])\s*([\d.,/]*)\s*\*?\s*(?:ε|epsilon|eps)")
"""A dual number: ``6 + 3ε``."""
