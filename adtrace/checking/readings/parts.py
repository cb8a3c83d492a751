"""One side of an equation into all its readings: a number, a name, or a formula by the language.

The names of the document are declared names of the language, marked ones by placeholders (`hands.placed`); what the
language is not asked to know is put into its words before: calls of functions that nobody gave, ``tanh'(x)``, matrices.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain

from adtrace.checking.brackets import closed_at
from adtrace.checking.readings.arraytext import RULES, as_calls, as_lists, hidden, restored
from adtrace.checking.readings.bare import BECAUSE
from adtrace.checking.readings.hands import OWN_PLACES, PLACES, TooMany, placed, whole
from adtrace.checking.readings.literals import literals, without_thousands
from adtrace.checking.readings.names import (
    LETTERS,
    OWN,
    Name,
    Surroundings,
    canonical,
    function_named,
    known,
    named,
    surroundings,
)
from adtrace.checking.readings.rewriting import names_of
from adtrace.elementals import FUNCTIONS, TABLE
from adtrace.errors import AdtraceError
from adtrace.language.allowed import Language
from adtrace.language.lists import nested
from adtrace.language.readings import readings
from adtrace.language.signs import GREEK
from adtrace.language.syntax import ARRAY, CONSTANTS, GROUP, TRANSPOSE, Apply, Number, Term, Terms
from adtrace.language.syntax import Name as NameTerm
from adtrace.settings import COMMA, POINT
from adtrace.tracing.formulas import split
from adtrace.writing.dialects import TERMINAL
from adtrace.writing.notation import with_names

MOST = 8
"""Readings of a part at most."""
_PLACES = frozenset(PLACES)


@dataclass(frozen=True)
class Part:
    """One side of an equation."""

    source: str
    """The part in the flat form of ``bare``."""
    readings: tuple[tuple[Term, ...], ...] = ()
    """All readings, best first, with `Name.key` for every name; none where it cannot be read."""
    problem: str = ""
    """Why it cannot be read, a sentence."""
    name: Name | None = None
    """The name that it is, if it is one and nothing else; a word that nobody declared is a name without readings."""
    names: tuple[Name, ...] = ()
    """Every name in it, each once."""
    number: Number | None = None
    """The decimal that it is, without its sign; its value is that of the first reading."""
    matrix: tuple[int, ...] | None = None
    """The shape, if it is a literal of an array; one row and one column are vectors."""
    unknown: str = ""
    """A function in it that nobody gave: the g of ``g'(v_3)``, which is a name of its own in the readings."""

    @cached_property
    def is_number(self) -> bool:
        """Whether it is a number, written out or to be worked out."""
        return bool(self.readings) and not names_of(self.readings[0])

    @property
    def is_formula(self) -> bool:
        """Whether it is read, and no number."""
        return bool(self.readings) and not self.is_number

    @property
    def is_plain(self) -> bool:
        """Whether no tangent, adjoint or partial is named in it."""
        return not any(name.mark for name in self.names)

    @cached_property
    def text(self) -> str:
        """As a person reads it, without markup."""
        source = unicodedata.normalize("NFC", " ".join(self.source.split()))
        if "\\" not in source:
            source = re.sub(r" (?=[_^])|(?<=\^\d) (?=_)", "", source)
            return re.sub(r"([_^])\{(-?\w+)\}", r"\1\2", source)
        if self.readings:
            shown = {name.key: name.text for name in self.names}
            return with_names(self.readings[0], TERMINAL, shown).text
        source = re.sub(r"\\(?=[A-Za-z]+\s?\()", "", source)  # a function that is none: \qin(1.3)
        return re.sub(r"\\[A-Za-z]+\s*|[{}]", " ", source).strip()


def of_numbers(source: str, numbers: tuple[tuple[Number, bool], ...]) -> Part:
    """A part that is a number, in each of its readings."""
    minus = Apply("neg", 1, 0)
    terms = tuple((number, minus) if negative else (number,) for number, negative in numbers)
    return Part(source, terms, number=numbers[0][0])


_BRACED = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
_REMARK = re.compile(
    rf"(.*[\d)\]]|.*[^\s*/+^-]\s+)[(\[](?:[A-Za-z][^()=\d]*|{BECAUSE}[^()]*|[A-Z]{{2,4}}\s?\d{{1,2}}"
    r"|\d{1,2}\s?[^\W\d_]{3,}\.?|[\w\s]+(?:→|->)[\w\s]+|(?:\d(?:st|nd|rd|th)\s|[\u0400-\u04ff\u3040-\u9fff\uac00-\ud7af])[^()=]*)[)\]]"
)
"""A part with a remark behind it: ``3 (given)``, ``3 (2 points)``."""


def read_part(piece: str, declared: frozenset[str], decimal: str) -> Part:
    """One side of an equation, in the flat form of ``bare``."""
    return _read_part(piece, declared if may_name(piece, declared) else frozenset(), decimal)


_ENTRIES = re.compile(
    rf"(?P<letter>[{LETTERS}](?P<mark>[\u0304\u0307])?)(?:_\{{?(?P<index>\w+)\}}?)?(?P<order>\s*\^\s*\{{?\s*\(\d\)\s*\}}?)?"
    r"\s*\[(?P<entries>[\d:.]+(?:,[\d:.]+)*)\]"
)


def _as_index(match: re.Match[str]) -> str:
    """Entries in brackets that count from 1, as our own text has them, as an index: ``c̄[1..2]``, ``x⁽¹⁾[2]``."""
    if not (match["mark"] or match["order"] or ".." in match["entries"]):
        return match[0]  # as Python counts them
    index = ",".join(filter(None, (match["index"], match["entries"])))
    return f"{match['letter']}_{{{index}}}{match['order'] or ''}"


_INPUT = re.compile(r"^(?:input|Eingabe|entrée|entrada|输入|入力|입력)\s+(?=[^\W\d_]\w?(?:_\{?\w+\}?)?$)", re.I)
"""The word before a variable alone: ``input x``."""
_LETTERS, _CALLED = re.compile(r"[^\W\d_]+"), frozenset(("sin", "cos", "tan", "ln", "log", "exp", "sqrt", "frac"))


def may_name(piece: str, declared: frozenset[str]) -> bool:
    """Whether any declared name can stand in a text: none in numbers put in, which are read under any names alike."""
    words = _LETTERS.findall(piece)
    return any(word not in _CALLED or any(name.partition("_")[0] in word for name in declared) for word in words)


@lru_cache(maxsize=65_536)
def _read_part(piece: str, declared: frozenset[str], decimal: str) -> Part:
    source = _ENTRIES.sub(_as_index, piece.strip().rstrip(",;").strip())
    while source[:1] == "{" and _BRACED.fullmatch(source):
        source = source[1:-1].strip()
    if numbers := literals(source, declared, decimal):
        return of_numbers(source, numbers)
    source = _INPUT.sub("", source)
    name = whole(source, declared) if hidden(as_calls(source[:LONGEST])) == source else None
    if name is None:
        return _without_remark(_formula(source, declared, decimal), declared, decimal)
    if not _words((name,), declared):
        product = _formula(source, declared, decimal).readings if name.mark == "d" and "d" in declared else ()
        return Part(source, ((NameTerm(name.key, 0),), *product[1:]), name=name, names=(name,))
    part = _formula(source, declared, decimal)
    alone = not part.readings or (len(part.readings[0]) == 1 and type(part.readings[0][0]) is NameTerm)
    return replace(part, name=name, names=(name,)) if alone else part


def _without_remark(part: Part, declared: frozenset[str], decimal: str) -> Part:
    """``3 (given)`` as 3."""
    remark = None if part.readings and not _words(part.names, declared) else _REMARK.fullmatch(part.source)
    return read_part(remark.group(1), declared, decimal) if remark else part


def _words(names: Iterable[Name], declared: frozenset[str]) -> list[str]:
    """What is no name of the document nor looks like one."""
    around = surroundings(declared)
    return [n.variable for n in names if not (n.mark or known(n.variable, around) or is_short(n))]


def is_short(name: Name) -> bool:
    """Whether it is a letter, with an index or without: a variable, though nobody declared it."""
    base, index = name.variable.partition("_")[::2]
    plain = bool(index) or len(base) == 1 or "(" in base
    return plain or base in GREEK.values() or base.endswith(("hat", "tilde", "vec"))


@lru_cache(maxsize=512)
def _language(declared: frozenset[str], decimal: str, arrays: bool) -> Language:
    names = declared | _PLACES
    shapes = {PLACES[-1]: (2,)} if arrays else {}
    return Language({**FUNCTIONS, **RULES}, names, decimal=COMMA if decimal == COMMA else POINT, shapes=shapes)


_WORKED = re.compile(r"[-+*/^(@]")
_PROSE = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0400-\u04ff\u3040-\u9fff\uac00-\ud7af]|[A-Za-z][\u0300\u0301\u0327]"
)
"""A letter that no formula has."""
_TIMES = re.compile(r"(?<=[\d)])\s+x\s+(?=[-+]?[(\d.]|[-+][A-Za-z])|(?<=[\w)\]])\s\.\s(?=[\w(\[])")
"""A cross between numbers, and a dot apart; in ``2 x + c`` x is a variable."""


_EULER = re.compile(r"(?<![A-Za-z\\_])e\s*\^\s*(?:\{((?=[^{}\d]*[A-Za-z])(?:[^{}]|\{[^{}]*\})*)\}|([A-Za-z]\w{0,9}))")
"""An exponential, ``e^{-a}``."""


def _formula(source: str, declared: frozenset[str], decimal: str) -> Part:
    """A part that is neither a number nor one name, by the language."""
    text = hidden(as_lists(without_thousands(source), declared)) if len(source) <= LONGEST else source
    if any(sign in text for sign in ("//", " x ", " . ")):
        text = _TIMES.sub("*", text.replace("//", "/"))
    if problem := _refused(text):
        return Part(source, problem=problem)
    if f"e{OWN}" in declared:  # beside a row e, too
        text = _EULER.sub(lambda m: f"exp({m[1] or m[2]})", text)
    ways = [_read(way, around, decimal) for way, around in _texts(text, declared)]
    read = tuple(dict.fromkeys(chain.from_iterable(way.readings for way in ways)))[:MOST]
    unknown = max(way.unknown for way in ways)
    if not read:
        return Part(source, problem=ways[0].problem, unknown=unknown)
    names = tuple(map(named, dict.fromkeys(chain.from_iterable(map(names_of, read)))))
    words = _words(names, declared) or _euler(source, read[0], declared)
    if words and not _WORKED.search(source):
        shown = " or ".join(words) if " " in source else unicodedata.normalize("NFC", source)
        return Part(source, problem=f"no row is named {shown}")
    return Part(source, read, names=names, matrix=_shape(read[0]), unknown=unknown)


def _euler(source: str, terms: Terms, declared: frozenset[str]) -> list[str]:
    """The e of a word of letters, which then is a word: seed is no product of s, e, e and d."""
    word = len(source) > 2 and _LETTERS.fullmatch(source) and "e" not in declared
    return ["e"] if word and NameTerm("e", 0) in terms else []


def _refused(text: str) -> str:
    """Why a text is not even tried."""
    if len(text) > LONGEST:
        return f"a formula has {len(text)} characters; {LONGEST} are read"
    if _PROSE.search(text) and not _WORKED.search(text):
        return f"no row is named {unicodedata.normalize('NFC', text)}"
    if _OPERATOR.search(text):
        return "d/dx of an expression is not read"
    return f"it has more than {_MOST_BARS} bars" if text.count("|") > _MOST_BARS else ""


def _read(text: str, around: Surroundings, decimal: str) -> Part:
    """One text in all its readings, with the keys of its names."""
    unknown = ""
    try:
        text, calls = _called(text, around)
        unknown = next((name.variable.partition("(")[0].strip("'") for name in calls.values()), "")
        text, names = placed(text, around)
        text = restored(text)
        found = _expressions(text, around.declared, decimal)
    except (AdtraceError, TooMany) as error:
        function = re.search(r"unknown function '(\w+)'", str(error))
        return Part(text, problem=_sentence(error), unknown=unknown or (function.group(1) if function else ""))
    names |= calls
    read = tuple(tuple(_renamed(term, names, around.declared) for term in terms) for terms in found)
    return Part(text, read, unknown=unknown)


def _texts(text: str, declared: frozenset[str]) -> list[tuple[str, Surroundings]]:
    """The text as it is to be read, and otherwise: a point at its end is a dot, or none; ``dx`` is d times x."""
    around = surroundings(declared)
    ways = [(text, around)]
    if re.search(r"[\w}]\.$", text):
        ways.insert(1 if DOTTED.search(text) else 0, (text[:-1], around))
    if "d" in declared and re.search(r"(?<![A-Za-z])d[A-Za-z]", text):
        ways.append((text, around._replace(products=True)))
    return ways


_OPERATOR = re.compile(
    r"\\[dt]?frac\s*\{\s*[d∂]\s*\}\s*\{\s*[d∂][^{}]*\}\s*[({\[\\]|(?<![\w}])[d∂]\s*/\s*[d∂]\s*[A-Za-z](?:_?\w)?\s*[({\[]"
)
DOTTED = re.compile(r"[A-Za-z]_?\{?\d*\}?\.\s*[-+*/)]")
_CALL = re.compile(
    r"(?<![A-Za-z\\_.])(([^\W\d_¼-¾⅐-⅞])(?:_\{?\w{1,4}\}?)?|[A-Za-z]{2,12})\s?('{0,2})\s*\((?=[^()]*(?:[^\W\d_]|\())"
)
_BESSEL = re.compile(r"J_\{?\d+\}?")
_MOST_CALLS, _MOST_WORDS, _MOST_BARS, LONGEST = 8, 24, 16, 1_500


def _called(text: str, around: Surroundings) -> tuple[str, dict[str, Name]]:
    """``tanh'(x)`` by the partial of its table, and calls of functions that nobody gave, ``g(v_3)``, as names."""
    calls: dict[str, Name] = {}
    position = 0
    for _ in range(_MOST_WORDS):
        match = _CALL.search(text, position)
        if match is None or len(calls) == _MOST_CALLS:
            break
        word, letter, primes = match.group(1, 2, 3)
        position = match.end()
        function = function_named(word)
        close = closed_at(text, match.end() - 1)
        if close < 0 or _BESSEL.fullmatch(word) or known(canonical(word), around):
            continue
        if not primes if function else not (primes or letter):
            continue
        operand, rest = text[match.end() : close], text[close + 1 :]
        put = _partial(function, operand) if len(primes) == 1 else ""
        if not put:
            put = PLACES[OWN_PLACES + len(calls)]
            inner = whole(operand, around.declared)
            calls[put] = Name(f"{canonical(word)}{primes}({inner.key if inner else ''.join(operand.split())})")
            put = f" {put} "
        text = text[: match.start()] + put + rest
        position = match.start() + 1
    return text, calls


def _partial(function: str, operand: str) -> str:
    """The derivative of a function of the table, as text; "" if it is none."""
    entry = TABLE.get((function, 1))
    if entry is None:
        return ""
    put = {"u": f"({operand})", "v": f"{function}({operand})"}
    text = re.sub(r"\b[uv]\b", lambda slot: put[slot.group()], entry.partials_text[0])
    return f"({text})"


def _sentence(error: Exception) -> str:
    """The first line of an error of the language: what it says, without a place in a text that nobody wrote."""
    line = str(error).partition("\n")[0]
    return f"it cannot be read: {line}" if "Zq" not in line else "it cannot be read as a formula"


_OF_ARRAYS = ("of arrays", "unknown function", "more operands, not 1")
"""Words of the problems that a text of arrays has where it is read as one of numbers."""


def _expressions(text: str, declared: frozenset[str], decimal: str) -> list[tuple[Term, ...]]:
    """All readings of a text in placeholders, best first; raises `AdtraceError` where there is none."""
    tries = [(decimal, False)]
    if re.search(r"\d,\d", text) and not decimal:
        tries.append((COMMA, False))
    problem: AdtraceError | None = None
    for sign, arrays in (*tries, (decimal, True)):
        if arrays and not any(word in str(problem) for word in _OF_ARRAYS):
            continue
        try:
            found = readings(text, _language(declared, sign, arrays), MOST if len(text) < 400 else 2)
        except AdtraceError as error:
            problem = problem or error
            continue
        each = ([statement.terms for statement in reading.expression.statements] for reading in found)
        return [of[0] if len(of) == 1 else tuple(nested(of, (len(of),), 0)) for of in each]  # several are an array
    assert problem is not None
    raise problem


def _renamed(term: Term, names: dict[str, Name], declared: frozenset[str]) -> Term:
    """A name of the language as its key; a number or a function as it is."""
    if type(term) is not NameTerm:
        return term
    name = names.get(term.name)
    if name is not None:
        return NameTerm(name.key, 0)
    return term if term.name in declared or term.name in CONSTANTS else NameTerm(canonical(term.name), 0)


def _shape(terms: Terms) -> tuple[int, ...] | None:
    """The shape of a literal of an array: of numbers or formulas in brackets; none of a matrix that is transposed."""
    head, operands = split(terms)
    if head == ARRAY:
        return (len(operands), *(_shape(operands[-1]) or ()))
    inner = _shape(operands[0]) if head in (GROUP, TRANSPOSE) else None
    return inner if inner and (head == GROUP or sum(length > 1 for length in inner) < 2) else None
