"""Rows and contributions as lines: one pattern prints every cell of all lines that are printed alike.

    template % texts          "%s<cell>= %s + %s<cell>= %s + %s"          v_4 | = v_1 + v_2 | = 0.6931 + 10

Rows of one signature have a pattern in common, and so have all contributions while their partials are not written out.
Each place of a template says where its texts come from; they are made once for each variable (`cells`).
A column that a pattern cannot print, since its cells depend on each other's numbers, is one place for the whole cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import comb
from typing import Any, NamedTuple

from adtrace.elementals import SLOTS, Signature
from adtrace.tables.lines import ContributionLine, Kind, Operation
from adtrace.tables.parts import FORMULA, NAME, NUMBER, NUMBERS, PARTS, WRITTEN, Part
from adtrace.tables.styles import Column, column
from adtrace.tracing.differentials import is_constant
from adtrace.tracing.quantities import (
    ADJOINT,
    BACKWARD_COEFFICIENTS,
    BACKWARDS,
    FAMILY,
    IN_RULES,
    INCREMENT,
    REVERSE,
    SWEPT,
    TANGENTS,
    VALUE,
    Quantity,
)
from adtrace.writing.notation import ADDED, ATOM, Dialect, Place, compile_pattern

CELL, PANEL, EMPTY, TIED = "\x1f", "\x1e", "\x1d", "\x1c"
"""What stands in a line between two cells, between two panels, for a cell with nothing in it, and before a line of
the same operation as the one above it."""

NAMES, SHOWN, PUT_IN, CONSTANT, SO_FAR, WHOLE = "names", "shown", "put in", "constant", "so far", "whole"
"""What a text is: the name of a quantity; its number in a value cell, or in a formula; a constant operand; what an
adjoint had before a contribution; a whole cell."""
ROW, LINE, TARGET, ORDER, OPERANDS = range(5)
"""Where it is found: by the row's variable, the line's own place, the target of a contribution, the line's number among
those that are asked for, or by an operand: the first at `OPERANDS`, and the others after it."""
_AT = {slot: OPERANDS + place for place, slot in enumerate(SLOTS)} | {"v": ROW}

_BACK = (*BACKWARDS.values(), *BACKWARD_COEFFICIENTS.values())
_ONE_TEXT = {
    **{Part(quantity, form): (word, quantity, ROW) for quantity in SWEPT for form, word in
       ((NAME, NAMES), (NUMBER, SHOWN))},
    **{Part(of.adjoint, NAME): (NAMES, of.adjoint, TARGET) for of in _BACK},
    **{Part(of.adjoint, NUMBER): (SHOWN, of.total, LINE) for of in _BACK},
}  # fmt: skip
"""The parts that are one text: which, and where it is found."""
_CHAINED = frozenset(Part(of, FORMULA) for back in _BACK for of in (back.adjoint, back.increment))
_FIRST_CHAINED = frozenset({Part(ADJOINT, FORMULA), Part(INCREMENT, FORMULA)})
_BY_SIGNATURE = frozenset(
    word for word, part in PARTS.items()
    if (part.quantity.rule and part.form in (FORMULA, WRITTEN, NUMBERS) and part not in _FIRST_CHAINED)
    or part in _CHAINED - _FIRST_CHAINED
)  # fmt: skip
_PATTERNED = _BY_SIGNATURE | {word for word, part in PARTS.items() if part in _ONE_TEXT or part in _CHAINED}
PATTERNED: dict[Kind, frozenset[str]] = {
    Operation: frozenset(word for word in _PATTERNED if PARTS[word].quantity.trace != REVERSE),
    ContributionLine: frozenset(word for word in _PATTERNED if PARTS[word].quantity.trace == REVERSE),
}
"""The parts that a pattern prints."""


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """Columns of a panel, each with the seed that it is for; told apart by identity, which is cheap to look up by."""

    entries: tuple[tuple[Column, int], ...]

    @property
    def blank(self) -> str:
        """A line with nothing in it."""
        return CELL.join([EMPTY] * len(self.entries))


@dataclass(frozen=True, eq=False, slots=True)
class Source:
    """Texts that stand in places of templates; `source` makes one of a kind, so identity tells them apart."""

    word: str
    of: tuple[Any, ...]


@cache
def source(word: str, *of: Any) -> Source:
    """The one source of these texts: a word of the above, and which numbers, seed and place it takes."""
    return Source(word, of)


class Slot(NamedTuple):
    """Where the text for a place of a template comes from."""

    source: Source
    at: int


class LinePattern(NamedTuple):
    """``template % texts``, with one text for each slot."""

    template: str
    slots: tuple[Slot, ...]


class Plan(NamedTuple):
    """How the columns of a kind of line are printed."""

    whole: tuple[int, ...]
    """The columns whose cells are made one by one."""
    by_signature: bool
    """Whether lines with different signatures have different patterns."""


@lru_cache(maxsize=512)
def plan(columns: Columns, patterned: frozenset[str], each: bool) -> Plan:
    """How these columns are printed, where a pattern prints these parts; ``each``: every cell is made by itself."""
    parts = [None if each or len(c.parts) != 1 else c.parts[0].part for c, _ in columns.entries]
    whole = tuple(k for k, part in enumerate(parts) if part not in patterned)
    return Plan(whole, any(part in _BY_SIGNATURE for part in parts))


@lru_cache(maxsize=512)
def alone(part: str, seed: int) -> Columns:
    """A column that is nothing but this part."""
    return Columns(((column(part), seed),))


@lru_cache(maxsize=4096)
def line_pattern(
    dialect: Dialect, columns: Columns, how: Plan, signature: Signature | None, slots: tuple[int, ...]
) -> LinePattern:
    """The pattern of lines with this signature, of contributions to the operands in ``slots``; None for all lines."""
    pieces: list[str] = []
    texts: list[Slot] = []
    for k, (entry, seed) in enumerate(columns.entries):
        if k in how.whole:
            pieces.append("%s")
            texts.append(Slot(source(WHOLE, k), ORDER))
            continue
        pattern = _part(dialect, PARTS[entry.parts[0].part], seed, signature, slots)
        pieces.append(EMPTY if pattern is None else f"{dialect.equals if entry.equals else ''}{pattern.template}")
        texts.extend(() if pattern is None else pattern.slots)
    return LinePattern(CELL.join(pieces), tuple(texts))


def _part(
    dialect: Dialect, part: Part, seed: int, signature: Signature | None, slots: tuple[int, ...]
) -> LinePattern | None:
    """One part of a line; None where it has nothing to say."""
    if part in _ONE_TEXT:
        word, quantity, at = _ONE_TEXT[part]
        return LinePattern("%s", (Slot(_of(word, quantity, seed), at),))
    if part in _CHAINED:
        chained, chain = _chain(dialect, part.quantity, signature, slots)
        return LinePattern(chained, chain) if part.quantity.rule else (
            LinePattern(f"%s{chained}", (Slot(source(SO_FAR, part.quantity), LINE), *chain))
        )  # fmt: skip
    assert signature is not None
    assert part.quantity.rule is not None
    terms = part.quantity.rule(signature, slots)
    if terms is None:
        return None
    numbers = part.form == NUMBERS
    pattern = compile_pattern(terms, dialect, _SLOTS, numbers=numbers)
    return LinePattern(pattern.template, tuple(_slot(place, signature, numbers, seed) for place in pattern.places))


def _chain(dialect: Dialect, of: Quantity, signature: Signature | None, slots: tuple[int, ...]) -> LinePattern:
    """What a contribution adds, by the chain rule: the adjoint times the partial of the row by the target; of higher
    order Leibniz's rule for that product, in which the partial of the row's tangent is the tangent of the partial.
    Taylor coefficients have no factors there.
    """
    order, template = of.order, ""
    forward, backward = FAMILY[of]
    texts: list[Slot] = []
    for k in range(order):
        if k and signature is not None and is_constant(signature, slots, k):
            continue
        times = comb(order - 1, k) if forward is TANGENTS else 1
        above = forward[k] if k else VALUE
        template += (ADDED if k else "") + (f"{times}{dialect.times}" if times > 1 else "")
        template += dialect.chain("%s", "%s", "%s")
        texts += [Slot(source(NAMES, backward[order - k].adjoint), ROW), Slot(source(NAMES, above), ROW)]
        texts.append(Slot(source(NAMES, VALUE), TARGET))
    return LinePattern(template, tuple(texts))


_SLOTS = frozenset(IN_RULES)


def _of(word: str, quantity: Quantity, seed: int, *of: Any) -> Source:
    """The source of the names or the numbers of a quantity."""
    return source(word, quantity) if word == NAMES else source(word, quantity, seed if quantity.per_seed else 0, *of)


def _slot(place: Place, signature: Signature, numbers: bool, seed: int) -> Slot:
    """What stands in a place of a formula: a name, a constant, or a number with brackets where they are needed."""
    name, level, before = place
    quantity, at = IN_RULES[name]
    if at != "v" and not signature.active[SLOTS.index(at)]:
        return Slot(source(CONSTANT, level, before), _AT[at])
    if numbers:
        return Slot(_of(PUT_IN, quantity, seed, level, before), _AT[at])
    raised = (True,) if level == ATOM else ()
    return Slot(source(NAMES, quantity, *raised), _AT[at])
