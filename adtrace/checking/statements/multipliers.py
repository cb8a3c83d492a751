"""Letters that are the adjoints of numbered rows by themselves: ``λ_4 = 1, λ_3 = λ_4 z_2`` beside z_1 to z_4."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations

from adtrace.checking.readings.cells import Cell, Part
from adtrace.checking.readings.names import MARKING, spelled
from adtrace.checking.statements.layouts import Table, name_of

INDEXED, _MULTIPLIER = (re.compile(rf"([{letters}])_\{{?([ijkn])\}}?") for letters in ("A-Za-z", "λμ"))
"""A heading of numbered rows, ``v_i``; of their multipliers, ``λ_i``."""
_Rows = Mapping[int, tuple[Part, ...]]
"""What the rows of one letter say, by their numbers."""


def multipliers(tables: Sequence[Table]) -> Iterator[str]:
    """Each such letter and that of the rows, as they are declared."""
    rows = _numbered(name_and_sides for table in tables for row in table.rows for name_and_sides in map(_told, row))
    for one, other in permutations(rows, 2):
        if _are_adjoints(rows[one], one, rows[other]):
            yield f"{MARKING}{one} {other}"
    for table in tables:
        heading = [cell.bare for cell in table.heading]
        bases = {said[2]: said[1] for said in map(INDEXED.fullmatch, heading) if said}
        of = (said for said in map(_MULTIPLIER.fullmatch, heading) if said and said[2] in bases)
        yield from (f"{MARKING}{spelled(said[1])} {bases[said[2]]}" for said in of)


def _told(cell: Cell) -> tuple[str, tuple[Part, ...]]:
    """The row that a cell names before an equal sign, and the other sides; "" where that has a mark."""
    name = name_of(cell)
    return (name.variable, cell.chains[0].parts[1:]) if name and not name.mark else ("", ())


def _numbered(told: Iterable[tuple[str, tuple[Part, ...]]]) -> Mapping[str, _Rows]:
    """What the numbered rows of each letter say."""
    rows = defaultdict[str, dict[int, tuple[Part, ...]]](dict)
    for name, sides in told:
        letter, _, index = name.partition("_")
        if sides and index.isdecimal():
            rows[letter][int(index)] = sides
    return rows


def _are_adjoints(rows: _Rows, letter: str, others: _Rows) -> bool:
    """Whether rows begin with a number at the last of the others, go back from there, and those do not use them."""
    last = max(rows)
    back = any(f"{letter}_{k}" in _used(parts) for j, parts in rows.items() for k in rows if k > j)
    seeded = back and last == max(others) and rows[last][-1].is_number
    used = {name.partition("_")[0] for parts in others.values() for name in _used(parts)}
    return seeded and rows.keys() <= others.keys() and letter not in used


def _used(parts: Sequence[Part]) -> set[str]:
    return {name.variable for part in parts for name in part.names}
