"""The order of recorded rows, and which of them are one.

Rows are in the order of execution, but for one thing: within one written sum or product they are in the order of the
same formula as text (see `lower`), its operands first.  Python knows where in the source an operation stands (PEP 657),
so an inner sum is known for the left end of a longer one; without that information the order is that of execution.
Then equal rows become one, the first of them, as they do when a text is read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Container, Sequence
from functools import lru_cache
from itertools import islice
from opcode import opmap
from types import CodeType
from typing import Any, NamedTuple

from adtrace.elementals import Signature

SUM, PRODUCT = "sum", "product"
CHAINS = {"add": SUM, "sub": SUM, "mul": PRODUCT, "div": PRODUCT}
"""What the operations make together, written one after the other."""


class Columns(NamedTuple):
    """What was recorded: rows as in `wengert.Flat`, after so many ``inputs``."""

    kinds: list[Signature]
    operands: list[list[int]]
    inputs: int


class Numbering(NamedTuple):
    """The rows of a finished list by the places at which they were recorded."""

    kept: list[int]
    """These places, in the order of the list."""
    places: list[int]
    """For each place that was recorded the one in the list."""
    start: int
    """The first that is another one."""


_Row = tuple[Any, ...]
"""A signature and the places of the operands."""


def numbered(recorded: Columns, sharing: bool, waiting: Collection[int]) -> Numbering | None:
    """The places in which each left end that is ``waiting`` follows the operands of its sum, and equal rows are one.

    None where everything stays as it was recorded.
    """
    kinds, columns, count = recorded
    perhaps_repeated = sharing and all(len(set(c[count:])) < len(c) - count for c in columns)
    if not waiting and not perhaps_repeated:
        return None
    rows = list(zip(kinds, *columns, strict=True))
    start = min(waiting, default=len(rows))
    order: Sequence[int] = _ordered(recorded, start, waiting) if waiting else range(start)
    if perhaps_repeated:  # not where each row has a first (or second) operand of its own
        start = min(start, _first_repeated(rows, count))
    if start == len(rows):
        return None
    kept, places = list(range(start)), list(range(len(rows)))
    first: dict[Any, int] = dict(zip(rows[count:start], range(count, start), strict=True))
    for old in islice(order, start, None):
        signature, *operands = rows[old]
        row = signature, *[places[of] if of >= 0 else of for of in operands]
        places[old] = first.setdefault(row if sharing else old, len(kept))
        if places[old] == len(kept):
            kept.append(old)
    return Numbering(kept, places, start)


def _ordered(recorded: Columns, start: int, waiting: Container[int]) -> list[int]:
    """The places with each written sum after its operands; before ``start`` nothing waits."""
    order = list(range(start))
    operands_of = list(zip(*recorded.operands, strict=True))
    placed = [True] * start + [False] * (len(recorded.kinds) - start)
    for place in range(start, len(placed)):
        stack = [] if place in waiting else [place]
        while stack:  # what waits goes before the first that needs it
            top = stack[-1]
            missing = [of for of in operands_of[top] if of >= 0 and not placed[of]]
            if missing:
                stack.extend(reversed(missing))
                continue
            stack.pop()
            if not placed[top]:
                placed[top] = True
                order.append(top)
    return order


_AT_ONCE = 256


def _first_repeated(rows: Sequence[_Row], start: int) -> int:
    """The first place, from ``start``, that is like an earlier one; the number of places if there is none."""
    seen: set[_Row] = set()
    for at in range(start, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        seen.update(some)
        if len(seen) < at - start + len(some):
            seen = set(rows[start:at])
            for place, row in enumerate(some, at):
                if row in seen:
                    return place
                seen.add(row)
    return len(rows)


# -- sums and products as they are written -------------------------------------------------------------------


def left_ends(recorded: Columns, sites: Sequence[tuple[int, str, int]], passed: Container[int]) -> set[int]:
    """The left ends of the longer sums and products at these ``sites``: places, each with which of both it is, and how
    many operations there are at its left; what a neutral start was added to, in ``passed``, is no part of one.
    """
    ends: set[int] = set()
    for site, chain, depth in sites:
        place = site
        for _ in range(depth):
            place = recorded.operands[0][place]
            if place < 0 or place in ends or place in passed:
                break
            if CHAINS.get(recorded.kinds[place].elemental.name) != chain:
                break
            ends.add(place)
    return ends


_BINARY_OP = opmap["BINARY_OP"]
_SIGNS = {0: SUM, 10: SUM, 13: SUM, 23: SUM, 5: PRODUCT, 11: PRODUCT, 18: PRODUCT, 24: PRODUCT}
"""The operands of the instruction: + - += -= and * / *= /=, since Python 3.11."""


@lru_cache(maxsize=256)
def chained(code: CodeType) -> dict[int, tuple[str, int]]:
    """The sums (and products) of a program that go on: for the instruction, how many operations are at its left end.

    Those are of the same kind, begin where it begins, and end before it.
    """
    ends: dict[tuple[str, int, int], set[tuple[int, int]]] = {}
    operations: list[tuple[int, tuple[str, int, int], tuple[int, int]]] = []
    instructions = zip(code.co_code[::2], code.co_code[1::2], code.co_positions(), strict=False)
    for place, (operation, sign, position) in enumerate(instructions):
        if operation == _BINARY_OP and sign in _SIGNS and None not in position:
            line, end_line, column, end_column = position
            start, end = (_SIGNS[sign], line, column), (end_line, end_column)
            ends.setdefault(start, set()).add(end)  # type: ignore[arg-type]
            operations.append((2 * place, start, end))  # type: ignore[arg-type]
    ordered = {start: sorted(those) for start, those in ends.items()}
    depths = ((place, start[0], bisect_left(ordered[start], end)) for place, start, end in operations)
    return {place: (kind, depth) for place, kind, depth in depths if depth}
