r"""A formula with named slots into its text in a dialect, and the names of variables.

Slots are named when a formula is printed, never substituted: ``v0 - v0`` stays what it is.
A formula is compiled once for each dialect into a `Pattern`, pieces of text with places for the slots between them;
a place knows whether a sum or a negative number needs brackets there, so a cell costs one ``fill``.
Where numbers are put in, the sign of an addend belongs to the place of its first number, which may have a sign of its
own: 10.6931 - v_3 is 10.6931 + 0.9589 at v_3 = -0.9589.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from adtrace.arrays.table import is_known
from adtrace.elementals import BRACKETS, SLOTS, TABLE, key_of
from adtrace.language.syntax import (
    AND,
    GROUP,
    NOT,
    OR,
    PIECEWISE,
    PLUS,
    RELATIONS,
    Apply,
    Name,
    Number,
    Term,
    Terms,
    starts,
)
from adtrace.settings import ENGLISH
from adtrace.wording import Said, wording
from adtrace.writing.matrices import Brackets

# How tightly a text holds together; a place asks for at least so much, or puts brackets round it.
# A quotient is an addend as it stands, and in brackets a factor: 12 - 1/81, but (1/3)/3 and (1/3) x 3.
SUM, FRACTION, PRODUCT, POWER, CALL, ATOM = 1, 2, 3, 4, 5, 6
ANYTHING, EITHER, BOTH, DENIED, COMPARED = -4, -3, -2, -1, 0
"""The least of all, and conditions: ``or``, ``and``, ``not``, a comparison."""
START, INSIDE, ADDED, TAKEN = "", "*", " + ", " - "
"""What stands before a place: nothing; something, so that a sign there needs brackets; or the sign of its addend,
which the text in the place is written with."""
LEAD = "lead"
"""Before a first operand: what stands before the whole."""


class Text(NamedTuple):
    """A text that stands in a slot: how tightly it holds together, and whether it begins with a minus."""

    text: str
    level: int = ATOM
    negative: bool = False


class Drawn(str):
    """A name that is drawn otherwise than by its letters and digits, and holds together as tightly as it says."""

    @property
    def level(self) -> int:
        """As in `Text`."""
        return ATOM


def held(text: str) -> str:
    """A name as it stands before a superscript."""
    return f"({text})" if isinstance(text, Drawn) and text.level < ATOM else text


def named(text: str) -> Text:
    """A name as a text in a formula."""
    return Text(text, text.level) if isinstance(text, Drawn) else Text(text)


class Place(NamedTuple):
    """A place for a slot: the least level that stands there bare, and what stands before it."""

    slot: str
    level: int
    before: str


class Pattern(NamedTuple):
    """A compiled formula: ``template % texts`` with one text for each place."""

    template: str
    places: tuple[Place, ...]


class Hole(NamedTuple):
    """A place for an operand."""

    operand: int
    level: int
    before: str


class Form(NamedTuple):
    """How an operation is written: how tightly it holds together, and its text with places for the operands."""

    level: int
    pieces: tuple[str | Hole, ...]


MARKS = {"prime": "<v>'", "differential": "d<v>", "directional": "D_{p} <v>"}
"""Tangents as v', dv and D_p v, where letters stand for themselves."""


@dataclass(frozen=True, eq=False)
class Dialect:
    """How formulas are written in one kind of document."""

    name: str
    times: str
    superscript: bool
    """Whether an exponent is raised, and so needs no brackets."""
    call: Callable[[str, int], str]
    """A function's call, with ``<u>``, ``<w>``, ... for its operands."""
    name_of: Callable[[str], str]
    """A name that the author chose."""
    subscript: Callable[[str, int], str]
    """A letter with an index: v_{-1}."""
    dot: Callable[[str], str]
    ddot: Callable[[str], str]
    """Two dots, for the second derivative."""
    order: Callable[[str, int], str]
    """``v^(k)``."""
    """The tangent of a variable, from its text."""
    bar: Callable[[str], str]
    """The adjoint of a variable, from its text."""
    chain: Callable[[str, str, str], str]
    """An adjoint times the local partial of the second variable by the third: three texts with others between."""
    derivative: Callable[[str, str], str]
    """The partial derivative of the one by the other, in running text."""
    quotient: Callable[[str, str], str]
    """The same where it is a factor of a formula."""
    bold: Callable[[str], str]
    math: Callable[[str], str]
    """A formula as it stands in running text."""
    prose: Callable[[str], str]
    """Text outside formulas, made harmless."""
    number: Callable[[str], str] = str
    raised: tuple[str, str, str] = ("", "^{", "}")
    """What stands before the base, between base and exponent, and after, where an exponent is raised."""
    relation: Callable[[str], str] = str
    """A comparison's sign."""
    bracket: tuple[str, str] = ("[", "]")
    """What stands round the condition of a bracket that is 1 where it holds and else 0."""
    marks: Mapping[str, str] = field(default_factory=lambda: MARKS)
    """The other marks of a tangent, with ``<v>`` for the variable."""
    cell: Callable[[str], str] = str
    """A formula as it stands in a cell, or many of them with control characters between, unless `cellwise`."""
    dots: str = "..."
    """What stands for the names that a list leaves out."""
    cellwise: bool = False
    """Whether ``cell`` has to be given each cell by itself."""
    form: Callable[[Apply], Form] | None = None
    """How an operation on arrays is written."""
    brackets: Brackets | None = None
    """How arrays of texts are written."""
    indexed: Callable[[str, str], str] = lambda text, index: f"{text}[{index}]"
    """A name with indices."""
    language: str = ENGLISH
    """The language of the words between formulas."""
    comma: bool = False
    """Whether decimals stand behind a comma."""
    thin: bool = False
    """Whether thousands are parted by a thin space, and not by a comma."""
    between: str = ", "
    """What stands between operands and between entries: a semicolon where decimals stand behind a comma."""

    document: str = ""
    """The kind of document, where that is another than those which write formulas so: reStructuredText has those of
    Markdown; else empty."""
    equals: str = "= "
    """What a cell begins with that says what the one before it is equal to."""
    columns: bool = False
    """Whether a table of it is data: every column has a heading, numbers stand alone, and formulas have a left side."""
    measured: Callable[[str], str] = str
    """Formulas, as they stand in cells, as so many characters as they take when they are set."""

    room: int = 0
    """Characters of a page across, where traces that do not fit beside each other are put below each other; else 0."""

    @property
    def kind(self) -> str:
        """The kind of document that it is for."""
        return self.document or self.name

    def say(self, key: str, /, **parts: object) -> str:
        """A phrase in the language of the document, with these pieces of the document in its places."""
        return wording(self.language).say(key, parts)

    def told(self, what: Said | str) -> str:
        """Words that had no language yet, and texts outside formulas, made harmless."""
        if not isinstance(what, Said):
            return self.prose(_POINT.sub(",", what) if self.comma else what)
        return wording(self.language).say(what.key, {name: self.told(part) for name, part in what.parts})

    def listed(self, texts: Sequence[str]) -> str:
        """``x, y and z`` in running text."""
        if len(texts) == 1:
            return texts[0]
        return self.say("and_last", first=self.say("list_between").join(texts[:-1]), last=texts[-1])

    def grouped(self, texts: Sequence[str]) -> str:
        """Entries in brackets, ``(2, 5)``; one by itself."""
        return texts[0] if len(texts) == 1 else f"({self.between.join(texts)})"


_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")


_Part = tuple[int, int, str]
"""A sub-expression still to be written: its last term, and what its place asks for, as in `Place`."""
_Written = list[str | _Part]

_SIGNS = {"neg": "-", PLUS: "+"}


def compile_pattern(
    terms: Terms, dialect: Dialect, slots: frozenset[str], *, numbers: bool = False, typed: bool = False
) -> Pattern:
    """The pattern of a formula; names outside ``slots`` are written as the dialect writes names.

    ``numbers``: the slots are for numbers, which take in the signs of their addends.  ``typed``: the formula has the
    brackets that the author gave it, and no others that it can do without.
    """
    pieces: list[str] = []
    places: list[Place] = []
    begin = starts(terms)
    todo: _Written = [(len(terms) - 1, ANYTHING, START)]  # what is still to be written, last first
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        index, least, before = item
        term = terms[index]
        slot = type(term) is Name and (term.name in slots or term.name.partition("[")[0] in slots)
        if before in _SIGNED and not (numbers and (slot or _hands_on(term, least))):
            pieces.append(before)
            before = INSIDE
        if slot:
            pieces.append("%s")
            places.append(Place(term.name, least, before))  # type: ignore[union-attr]
        elif isinstance(term, Apply):
            operands = _operands(begin, index, term.arity)
            if term.head == "pow" and dialect.superscript:
                operands[-1] = _inside(terms, operands[-1])
            todo.extend(reversed(_written(term, operands, (index, least, before), dialect, typed)))
        else:
            text = _leaf(term, dialect)
            pieces.append(_escaped(f"({text.text})" if text.level < least else text.text))
    return Pattern("".join(pieces), tuple(places))


_SIGNED = (ADDED, TAKEN)


def _hands_on(term: Term, least: int) -> bool:
    """Whether the sign before this is that of its first factor."""
    return isinstance(term, Apply) and term.head in ("mul", "div") and _LEVELS[term.head] >= least


def _leaf(term: Number | Name, dialect: Dialect) -> Text:
    if isinstance(term, Number):
        text = dialect.number(term.text)
        return Text(text, PRODUCT if dialect.times in text else ATOM)  # 2 x 10^-3 is a product in print
    return named(_named(term.name, dialect.name_of, dialect))


def _named(name: str, text_of: Callable[[str], str], dialect: Dialect) -> str:
    """A name, with the indices that stand behind it in brackets where there are any."""
    base, _, index = name[:-1].partition("[")
    if name[-1] != "]" or not index or base.endswith(("_", "_-")):  # v_[1], as some write an index, is a name
        return text_of(name)
    return dialect.indexed(text_of(base), index)


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _written(term: Apply, operands: list[int], part: _Part, dialect: Dialect, typed: bool) -> _Written:
    """What an application is written as: text and operands in reading order."""
    head, (_, least, before) = term.head, part
    first, last = operands[0], operands[-1]
    if head == GROUP:
        return ["(", (first, ANYTHING, START), ")"]
    bracketed = least > _LEVELS.get(head, CALL)
    if head in _SIGNS:
        bracketed = before != START
        return _bracketed([_SIGNS[head], (first, FRACTION if bracketed else max(least, FRACTION), INSIDE)], bracketed)
    lead = START if bracketed else before
    if head in ("add", "sub"):
        sides: _Written = [(first, SUM, lead), (last, FRACTION, ADDED if head == "add" else TAKEN)]
        return _bracketed(sides, bracketed)
    if head in ("mul", "div"):
        sign = dialect.times if head == "mul" else "/"
        return _bracketed([(first, FRACTION if typed else PRODUCT, lead), sign, (last, POWER, INSIDE)], bracketed)
    if head == "pow":
        return _bracketed(_raised((first, ATOM, INSIDE), last, dialect), bracketed)
    if head in BRACKETS:
        sides = [(first, SUM, START), f" {dialect.relation(BRACKETS[head])} ", (last, SUM, START)]
        return [dialect.bracket[0], *sides, dialect.bracket[1]]
    if head in (PIECEWISE, NOT, AND, OR) or head.split(" ", maxsplit=1)[0] in RELATIONS:
        return _condition(head, operands, dialect, least)
    if is_of_arrays(term):
        return _of_arrays(term, operands, part, dialect)
    return _bracketed(_call(dialect.call(head, term.arity), operands, dialect.between), bracketed)


def is_of_arrays(term: Apply) -> bool:
    """Whether an operation is none of scalars: the table of elementals does not have it, and it has a rule."""
    return key_of(term.head, term.arity) not in TABLE and is_known(term.head)


def _of_arrays(term: Apply, operands: list[int], part: _Part, dialect: Dialect) -> _Written:
    """An operation on arrays by its form."""
    assert dialect.form is not None
    (level, pieces), (_, least, before) = dialect.form(term), part
    bracketed = least > level
    lead = START if bracketed else before
    written: _Written = [
        piece if isinstance(piece, str) else
        (operands[piece.operand], piece.level, lead if piece.before == LEAD else piece.before)
        for piece in pieces
    ]  # fmt: skip
    return _bracketed(written, bracketed)


def _raised(base: _Part, exponent: int, dialect: Dialect) -> _Written:
    """A power: its exponent set high, or behind ``^``."""
    if not dialect.superscript:
        return ["", base, "^", (exponent, ATOM, INSIDE), ""]
    before, between, after = dialect.raised
    return [before, base, between, (exponent, ANYTHING, START), after]


def _condition(head: str, operands: list[int], dialect: Dialect, least: int) -> _Written:
    """A condition, or a choice by conditions: ``0 < x < 1``, ``where(x > 0, x, 0)``; how a text was read is told so."""
    if head == PIECEWISE:
        values, conditions = operands[::2], operands[1::2]
        if len(operands) == 3:
            parts: _Written = [(conditions[0], ANYTHING, START), ", ", (values[0], ANYTHING, START), ", "]
            return ["where(", *parts, (values[1], ANYTHING, START), ")"]
        written: _Written = []
        for place, value in enumerate(values):
            condition: str | _Part = (conditions[place], ANYTHING, START) if place < len(conditions) else "True"
            written += [", (" if place else "(", (value, ANYTHING, START), ", ", condition, ")"]
        return ["Piecewise(", *written, ")"]
    if head == NOT:
        return _bracketed(["not ", (operands[0], DENIED, START)], least > DENIED)
    signs = head.split(" ") if head not in (AND, OR) else [head] * (len(operands) - 1)
    level, inner = {OR: (EITHER, EITHER), AND: (BOTH, BOTH)}.get(head, (COMPARED, SUM))
    joined: _Written = [(operands[0], inner, START)]
    for sign, operand in zip(signs, operands[1:], strict=True):
        joined += [f" {dialect.relation(sign)} ", (operand, inner, START)]
    return _bracketed(joined, least > level)


def _inside(terms: Terms, index: int) -> int:
    """The expression within its brackets: an exponent set high needs none."""
    while isinstance(term := terms[index], Apply) and term.head == GROUP:
        index -= 1
    return index


def _operands(begin: list[int], index: int, arity: int) -> list[int]:
    """The indices of the operands' last terms, left to right."""
    indices = [index - 1]
    for _ in range(arity - 1):
        indices.append(begin[indices[-1]] - 1)
    return indices[::-1]


def _bracketed(written: _Written, needed: bool) -> _Written:
    return ["(", *written, ")"] if needed else written


_HOLE = re.compile(rf"<([{''.join(SLOTS)}])>")


@lru_cache(maxsize=256)
def _pieces(template: str) -> tuple[str, ...]:
    """A call's template in pieces, the names of its holes between them."""
    return tuple([piece if place % 2 else _escaped(piece) for place, piece in enumerate(_HOLE.split(template))])


def _call(template: str, operands: list[int], between: str) -> _Written:
    """A call's template with its operands in place; those that it has no holes for follow the last one that it has."""
    pieces, written = _pieces(template), list[str | _Part]()
    last = max(map(SLOTS.index, pieces[1::2]))
    for position, piece in enumerate(pieces):
        if position % 2 == 0:
            written.append(piece)
            continue
        place = SLOTS.index(piece)
        written.append((operands[place], ANYTHING, START))
        for further in operands[last + 1 :] if place == last else ():
            written.extend((between, (further, ANYTHING, START)))
    return written


def fill(pattern: Pattern, text: Callable[[str], Text]) -> str:
    """The formula with the text of each slot, bracketed where the place needs it."""
    return pattern.template % tuple([placed(text(place.slot), place) for place in pattern.places])


def placed(text: Text, place: Place) -> str:
    """The text as it stands in a place, with the sign of its addend where that belongs to the place."""
    words, level, negative = text
    before = place.before
    if before in _SIGNED:
        if negative and level >= FRACTION:  # two signs are one
            before = TAKEN if (words[0] == "-") != (before == TAKEN) else ADDED
            words = words[1:]
        return f"{before}({words})" if level < place.level else f"{before}{words}"
    return f"({words})" if level < place.level or (negative and before != START) else words


def spelled(terms: Terms, dialect: Dialect) -> Text:
    """A whole expression as typed."""
    if len(terms) == 1:
        leaf = _leaf(terms[0], dialect)  # type: ignore[arg-type]  # one term alone is no application
        return Text(leaf.text, leaf.level, leaf.text.startswith(("-", "+")))
    if _is_negative(terms):
        return Text(written(terms, dialect), PRODUCT, True)
    text = compile_pattern(terms, dialect, frozenset(), typed=True).template % ()
    return Text(text, _level(terms, dialect), text.startswith(("-", "+")))


def _level(terms: Terms, dialect: Dialect) -> int:
    """How tightly an expression holds together."""
    signed, end = False, len(terms) - 1
    while isinstance(last := terms[end], Apply) and last.head in _SIGNS:
        signed, end = True, end - 1
    if not isinstance(last, Apply):
        level = _leaf(last, dialect).level
    elif last.head not in _LEVELS and dialect.form is not None and is_of_arrays(last):
        level = dialect.form(last).level
    else:
        level = _LEVELS.get(last.head, CALL)
    return min(level, PRODUCT) if signed else level


def with_names(terms: Terms, dialect: Dialect, names: Mapping[str, str]) -> Text:
    """As `spelled`, where these names are written as they are given."""
    if len(terms) == 1 and isinstance(terms[0], Name) and terms[0].name in names:
        return named(names[terms[0].name])
    pattern = compile_pattern(terms, dialect, frozenset(names), typed=True)
    text = fill(pattern, lambda slot: named(_named(slot, names.__getitem__, dialect)))
    return Text(text, _level(terms, dialect), text.startswith(("-", "+")))


def written(terms: Terms, dialect: Dialect) -> str:
    """A whole expression as typed, where nothing stands beside it."""
    first = terms[0]
    if len(terms) == 1 and type(first) is Number:
        return dialect.number(first.text)
    return f"-{dialect.number(first.text)}" if _is_negative(terms) else spelled(terms, dialect).text  # type: ignore[union-attr]


def _is_negative(terms: Terms) -> bool:
    """Whether it is a number with a minus: half of the numbers of a point are."""
    return len(terms) == 2 and type(terms[0]) is Number and terms[1][0] == "neg"


_LEVELS = {GROUP: ATOM, PLUS: PRODUCT, "neg": PRODUCT, "add": SUM, "sub": SUM, "mul": PRODUCT, "div": FRACTION,
           "pow": POWER}  # fmt: skip


_IN_FORMULAS = frozenset((*SLOTS, *(f"d{slot}" for slot in SLOTS), "v", "a"))


@lru_cache(maxsize=4096)
def pattern(terms: Terms, dialect: Dialect) -> Pattern:
    """The pattern of a row's formula in running text."""
    return compile_pattern(terms, dialect, _IN_FORMULAS, typed=True)
