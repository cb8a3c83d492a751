"""Rows and contributions as lines: one pattern prints every cell of all lines that are printed alike.

    template % texts          "%s<cell>= %s + %s<cell>= %s + %s"          v_4 | = v_1 + v_2 | = 0.6931 + 10

Rows of one signature have a pattern in common, and so have all contributions while their partials are not written out.
Each place of a template says where its texts come from; they are made once for each variable (`cells`).
A column that a pattern cannot print, since its cells depend on each other's numbers, is one place for the whole cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from adtrace.elementals import Signature
from adtrace.tables.lines import ContributionLine, Kind, Operation
from adtrace.tables.styles import Column, Part
from adtrace.tracing.formulas import contribution, tangent
from adtrace.writing.notation import Dialect, Pattern, Place, compile_pattern

CELL, PANEL, EMPTY, TIED = "\x1f", "\x1e", "\x1d", "\x1c"
"""What stands in a line between two cells, between two panels, for a cell with nothing in it, and before a line of
the same operation as the one above it."""

VALUE, TANGENT, ADJOINT, TOTAL = "values", "tangents", "adjoints", "totals"
"""The numbers of a sweep, by the names they have there."""
NAMES, BARS, DOTS, SHOWN, PUT_IN, CONSTANT, SO_FAR, WHOLE = (
    "names", "bars", "dots", "shown", "put in", "constant", "so far", "whole",
)  # fmt: skip
"""What a text is: a name, or that of an adjoint or a tangent; a number in a value cell, or in a formula; a constant
operand; what an adjoint had before a contribution; a whole cell."""
ROW, LEFT, RIGHT, LINE, TARGET, ORDER = range(6)
"""Where it is found: by the row's variable, its operands, the line's own place, the target of a contribution, or the
line's number among those that are asked for."""

_OF_ROWS = ("operation", "numbers", "partial_1", "partial_2", "tangent", "tangent_numbers")
_OF_CONTRIBUTIONS = ("increment_written", "increment_numbers")
PATTERNED: dict[Kind, frozenset[str]] = {
    Operation: frozenset(("v", "value", "dv", "tangent_value", *_OF_ROWS)),
    ContributionLine: frozenset(("bv", "adjoint", "adjoint_value", "increment", *_OF_CONTRIBUTIONS)),
}
"""The parts that a pattern prints."""
_BY_SIGNATURE = frozenset((*_OF_ROWS, *_OF_CONTRIBUTIONS))
_SLOTS = frozenset(("u", "w", "v", "du", "dw", "a"))
_NUMBERS = "numbers"
"""How the parts end that have numbers put in."""


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
    return Columns(((Column("", False, (Part("", part),)), seed),))


@lru_cache(maxsize=4096)
def line_pattern(
    dialect: Dialect, columns: Columns, how: Plan, signature: Signature | None, slots: tuple[int, ...]
) -> LinePattern:
    """The pattern of lines with this signature, of contributions to the operands in ``slots``; None for all lines."""
    pieces: list[str] = []
    found: list[Slot] = []
    for k, (column, seed) in enumerate(columns.entries):
        if k in how.whole:
            pieces.append("%s")
            found.append(Slot(source(WHOLE, k), ORDER))
            continue
        made = _part(dialect, column.parts[0].part, seed, signature, slots)
        pieces.append(EMPTY if made is None else f"{'= ' if column.equals else ''}{made.template}")
        found.extend(() if made is None else made.slots)
    return LinePattern(CELL.join(pieces), tuple(found))


def _part(
    dialect: Dialect, part: str, seed: int, signature: Signature | None, slots: tuple[int, ...]
) -> LinePattern | None:
    """One part of a line; None where it has nothing to say."""
    if part in _SIMPLE:
        word, kind, at = _SIMPLE[part]
        return LinePattern("%s", (Slot(source(word, kind, seed) if kind else source(word), at),))
    if part in ("adjoint", "increment"):
        chained = dialect.chain("%s", "%s", "%s")
        chain = (Slot(source(BARS), ROW), Slot(source(NAMES), ROW), Slot(source(NAMES), TARGET))
        return LinePattern(chained, chain) if part == "increment" else (
            LinePattern(f"%s{chained}", (Slot(source(SO_FAR), LINE), *chain))
        )  # fmt: skip
    assert signature is not None
    pattern = _pattern(dialect, part, signature, slots)
    if pattern is None:
        return None
    numbers = part.endswith(_NUMBERS)
    return LinePattern(pattern.template, tuple(_slot(place, signature, numbers, seed) for place in pattern.places))


_SIMPLE = {
    "v": (NAMES, "", ROW), "dv": (DOTS, "", ROW), "bv": (BARS, "", TARGET),
    "value": (SHOWN, VALUE, ROW), "tangent_value": (SHOWN, TANGENT, ROW), "adjoint_value": (SHOWN, TOTAL, LINE),
}  # fmt: skip


def _pattern(dialect: Dialect, part: str, signature: Signature, slots: tuple[int, ...]) -> Pattern | None:
    """The formula of a part."""
    entry, active = signature.elemental, signature.active
    if part in ("operation", "numbers"):
        terms = entry.formula
    elif part in _OF_CONTRIBUTIONS:
        terms = contribution(entry, slots)
    elif part.startswith("partial"):
        operand = int(part[-1]) - 1
        if operand >= len(active) or not active[operand]:
            return None
        terms = entry.partials[operand]
    else:
        terms = tangent(entry, active)
    return compile_pattern(terms, dialect, _SLOTS, numbers=part.endswith(_NUMBERS))


def _slot(place: Place, signature: Signature, numbers: bool, seed: int) -> Slot:
    """What stands in a place of a formula: a name, a constant, or a number with brackets where they are needed."""
    name, level, before = place
    if name in ("v", "a"):
        kind, word, at = (VALUE, NAMES, ROW) if name == "v" else (ADJOINT, BARS, ROW)
    else:
        operand = name[-1] == "w"
        kind, word, at = (TANGENT, DOTS, LEFT + operand) if name[0] == "d" else (VALUE, NAMES, LEFT + operand)
        if not signature.active[operand]:
            return Slot(source(CONSTANT, level, before), at)
    return Slot(source(PUT_IN, kind, seed if kind == TANGENT else 0, level, before) if numbers else source(word), at)
