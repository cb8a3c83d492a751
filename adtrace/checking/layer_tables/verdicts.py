"""The cells of a row of a layer table, judged: right, following from a printed number above, or a root and its cause.

Case, LayerRow ──judge_row──▶ Finding ...
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor, prod
from typing import Any, NamedTuple

from adtrace.checking.layer_tables.columns import JUDGED, MAPS
from adtrace.checking.layer_tables.conventions import Convention
from adtrace.checking.layer_tables.numbers import Number, is_grouped, said, sides
from adtrace.checking.layer_tables.rows import LayerRow
from adtrace.checking.layer_tables.slips import (
    ACTIVATIONS,
    COUNTS,
    FIELD,
    FLOPS,
    JUMP,
    MULTS,
    SIZE,
    Case,
    number_of,
    places_of,
    slip_of,
)
from adtrace.checking.reporting import (
    EMPTY,
    EXACT,
    FOLLOWING,
    NOT_ASKED,
    NOT_READ,
    RIGHT,
    ROUNDED,
    WRONG,
    Finding,
    Place,
)
from adtrace.checking.sheets import Sheet
from adtrace.checking.sheets.rows import UNTOLD
from adtrace.checking.slips.explain import digit_slip
from adtrace.networks.kinds import QUIET
from adtrace.networks.maps import Map, displayed


class Done(NamedTuple):
    """A row that has been judged; the input is the first."""

    right: Map
    printed: Map
    """Its output as it should be, and as the printed numbers have it."""
    roots: Mapping[str, Place] = {}
    """What its size and its field follow from, where they are not right."""
    silent: bool = True
    """Whether its layers only change values, or their order."""


@dataclass
class State:
    """What has been judged of a table so far."""

    convention: Convention
    table: int
    sheet: Sheet
    flat_sizes: bool
    """Whether sizes are printed without channels."""
    one_side: bool = False
    columns: Mapping[str, int] = field(default_factory=dict)
    """The last column of each quantity that a layer has a number of."""
    done: list[Done] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    counts: dict[tuple[str, Place], tuple[Any, Number | None]] = field(default_factory=dict)
    """The counts of cells as they should be, None where that is not known, and as they are printed."""
    is_whole: bool = True
    """Whether the layers of all rows are read."""
    zeros: frozenset[str] = frozenset()
    """The quantities of which some layer prints 0."""
    of_silent: frozenset[str] = frozenset()
    """Those of which some layer that only changes values prints a number."""
    apart: Mapping[int, Map] = field(default_factory=dict)
    """What the layers of rows read that are networks of their own."""
    unpooled: bool = False
    """Whether no pools are told of between convolutions."""
    elided: bool = False
    """Whether rows are left out, so that nobody knows a sum."""
    totals: set[int] = field(default_factory=set)
    """The rows of sums."""
    untrained: int = 0
    """How many of the counted parameters are kept and not trained."""


def is_silent(row: LayerRow) -> bool:
    """Whether its layers only change values, or their order."""
    return all(one.kind.family == QUIET or one.kind.name in ("flatten", "reshape") for one in row.layers)


def agrees(shown: Number, quantity: str, expected: Any, output: Map, state: State) -> bool:
    """Whether a printed number is the expected one."""
    if quantity == SIZE:
        return _is_size(shown, output._replace(shape=expected), state)
    if quantity in (FIELD, JUMP):
        return bool(shown.shape) and (shown.shape == expected or shown.shape == expected[:1] * len(shown.shape))
    return shown.value is not None and bool(abs(shown.value - expected) <= shown.slack)


def _is_size(shown: Number, output: Map, state: State) -> bool:
    shape, printed, whole = output.shape, shown.shape, displayed(output, state.convention.last)
    if len(shape) == 1 and is_grouped(shown.text.strip("()")):  # (51,200)
        return printed == whole or places_of(shape) == int(re.sub(r"\D", "", shown.text))
    if printed in (whole, shape):
        return printed == whole or len(shape) < 2
    places = tuple(n or 1 for n in shape[1:])
    if prod(places) == 1:
        return bool(printed) and prod(printed) in (places_of(shape), *([1] if state.flat_sizes else []))
    if state.flat_sizes or shape[0] is None:
        return printed == places or (len(printed) == 1 and set(places) == set(printed))
    return printed == (places_of(shape),)


def is_input(shown: Number, read: Map, state: State) -> bool:
    """Whether a printed size is that of what is read: whole, along the sides, along one of them, or all its numbers."""
    sides = read.shape[1:] if len(read.shape) > 1 else read.shape
    ways = (displayed(read, state.convention.last), read.shape, sides, (places_of(read.shape),))
    return shown.shape in ways or (len(shown.shape) == 1 and {*sides} == {*shown.shape})


def as_map(shown: Number, right: Map, state: State) -> Map:
    """The output of a row as it is printed, as far as it is."""
    if not shown.literal or not shown.shape or 0 in shown.shape:
        return right
    shape, printed = right.shape, shown.shape
    if len(printed) == len(shape):
        turned = (printed[-1], *printed[:-1]) if state.convention.last and len(shape) > 1 else printed
        return right._replace(shape=turned)
    if state.flat_sizes and len(shape) > 1 and len(printed) in (1, len(shape) - 1):
        return right._replace(shape=(shape[0], *(printed if len(printed) > 1 else printed * (len(shape) - 1))))
    return right._replace(shape=(prod(printed),)) if len(shape) == 1 else right


def judge_row(state: State, row: LayerRow, cases: Sequence[Case], before: Mapping[str, Place]) -> dict[str, Place]:
    """Judge the cells of a row by the first case; what its size and its field follow from, where they are not right."""
    roots, case = dict[str, Place](), cases[0]
    state.untrained += case.counting.kept * sum(one.untrained for one in case.outcomes)
    finished = _finished(state, row)
    for kind in JUDGED:
        expected, shown = number_of(kind, case), finished.get(kind)
        if shown is None:
            state.found += _without_number(state, row, kind, expected, case)
            continue
        if expected in (None, ()):
            state.found.append(told(state, row, kind, NOT_READ, sentence=f"there is no {kind} of this layer"))
            continue
        follows, verdict, cause, sentence = None, RIGHT, "", ""
        if shown.value is None or not agrees(shown, kind, expected, case.output, state):
            follows = _source(state, row, kind, cases, before=before, roots=roots)
            verdict = WRONG if follows is None else FOLLOWING
            cause, sentence = _cause(state, kind, row, cases) if follows is None else ("", "")
            if kind in (SIZE, FIELD):
                roots[kind] = follows or Place(state.table, row.index, row.cells[kind][-1][0])
        elif wrong := _working(row, kind, shown, expected):
            verdict, cause, sentence = WRONG, "working", wrong
        state.found.append(told(state, row, kind, verdict, expected=expected, case=case, cause=cause,
                                 sentence=sentence, follows=follows))  # fmt: skip
    # a row that prints no size hands on what it reads; so does one that changes nothing
    return {kind: before[kind] for kind in (SIZE, FIELD) if kind in before and kind not in row.cells} | roots


def _source(
    state: State, row: LayerRow, kind: str, cases: Sequence[Case], *,
    before: Mapping[str, Place], roots: Mapping[str, Place],
) -> Place | None:  # fmt: skip
    """The root from which a wrong number follows: one before its row, or the size of its own row."""
    shown, (case, *others) = row.seen[kind], cases
    source = before.get(FIELD if kind in (FIELD, JUMP) else SIZE)
    if source and any(agrees(shown, kind, number_of(kind, one), one.output, state) for one in others):
        return source
    own = _of_own_size(kind, case, row, state) if SIZE in roots else None
    return roots[SIZE] if own is not None and shown.value == own else None


def _without_number(state: State, row: LayerRow, kind: str, expected: Any, case: Case) -> Iterator[Finding]:
    """A cell in which no number stands, where there is one to be."""
    if kind in row.seen:  # how it is worked out, and no result
        yield without_result(state, row, kind, expected=expected, case=case)
    elif kind in row.cells:
        text = said(row.cells[kind][-1][1])
        verdict = NOT_READ if re.search(r"\w", text) else EMPTY
        is_told = any(cell != UNTOLD for _, cell in row.cells[kind])
        is_asked = is_told and expected and case.layer is not None and kind not in (FIELD, JUMP)
        yield told(state, row, kind, verdict if is_asked else NOT_ASKED, sentence=f"{text} is no number")
    elif kind in state.columns and _is_wanted(state, row, kind, expected):
        yield told(state, row, kind, EMPTY, expected=expected, case=case)


def without_result(
    state: State, row: LayerRow, kind: str, *, expected: Any = None, case: Case | None = None
) -> Finding:
    """The empty cell of results of a row that has something else of the quantity."""
    return told(state, replace(row, cells={}, seen={}), kind, EMPTY, expected=expected, case=case)


def _finished(state: State, row: LayerRow) -> dict[str, Number]:
    """The numbers of a row but for those that are worked out and have no result where the others have theirs."""
    return {kind: shown for kind, shown in row.seen.items()
            if (shown.literal and not (kind in (SIZE, *COUNTS) and "*" in shown.text))
            or state.columns.get(kind, -1) <= max(at for at, _ in row.cells[kind])}  # fmt: skip


def _is_wanted(state: State, row: LayerRow, kind: str, expected: Any) -> bool:
    """Whether a number is to stand in an empty cell: 0, and one of layers that change values alone, where others do."""
    if row.input:
        return kind == SIZE and not re.search(r"\d", row.name)
    if kind == SIZE and state.flat_sizes and len(expected) == 1 and MAPS in row.seen:
        return False
    if is_silent(row) and kind not in state.of_silent:
        return False
    return bool(expected) or (kind in state.zeros and expected == 0)


def _of_own_size(kind: str, case: Case, row: LayerRow, state: State) -> int | None:
    """A count from the row's own printed size."""
    printed = as_map(row.seen[SIZE], case.output, state).shape
    if None in printed or kind not in (ACTIVATIONS, MULTS, FLOPS):
        return None
    counted: int = number_of(kind, case)
    return counted * places_of(printed) // places_of(case.output.shape)


def _cause(state: State, kind: str, row: LayerRow, cases: Sequence[Case]) -> tuple[str, str]:
    """A word and a sentence for a root mistake: on what should be before it, and on what is printed there."""
    case, shown = cases[0], row.seen[kind]
    expected = number_of(kind, case)
    for working in _workings(row, kind):
        if not working.literal and agrees(working, kind, expected, case.output, state):
            return "arithmetic", f"{working.text} is {working.value}"
    for one in cases:
        cause = slip_of(one, kind, lambda number: agrees(shown, kind, number, case.output, state))
        if cause[0]:
            return cause
    counted = kind in COUNTS and expected and shown.value is not None and not shown.slack
    slip = digit_slip(str(shown.value), str(expected)) if counted else ""
    return ("digits", slip) if slip else ("", "")


def _workings(row: LayerRow, kind: str) -> list[Number]:
    """How the cells of a quantity work its number out, and what they come to on the way: a product of a count is no
    size, nor is a size with the batch.
    """
    found = list[Number]()
    for _, cell in row.cells[kind]:
        before: Number | None = None
        for side in sides(cell):
            is_working = side is not None and side.value is not None and (
                not side.literal or (kind in COUNTS and "*" in side.text)
                or (len(side.shape) == 1 and before is not None and not before.literal)
                or (kind == SIZE and len(side.shape) > len(row.seen[kind].shape) == 1)
            )  # fmt: skip
            found += [side] if side and is_working and side.text != row.seen[kind].text else []
            before = side
    return found


def _working(row: LayerRow, kind: str, shown: Number, expected: Any) -> str:
    """What is wrong with the working of a right number."""
    for side in _workings(row, kind):
        is_exact = kind in COUNTS and not side.slack and not isinstance(expected, tuple)
        if not _comes_to(side.value, kind, shown) or (is_exact and side.value != expected):  # type: ignore[arg-type]
            return f"the number is right, and {side.text} " + ("is not" if "*" not in side.text and side.literal
                                                               else f"is {side.value}")  # fmt: skip
    return ""


def miscounted(row: LayerRow, kind: str) -> Number | None:
    """How a count is worked out, where that comes to another number."""
    shown = row.seen.get(kind)
    return next((one for one in _workings(row, kind) if not one.slack and shown and one.value is not None
                 and not _comes_to(one.value, kind, shown)), None)  # fmt: skip


def _comes_to(value: Fraction, kind: str, shown: Number) -> bool:
    """Whether a working comes to a number: to one length of a size, or of a field, rounded perhaps."""
    if kind in (SIZE, FIELD):
        return not {floor(value), ceil(value)}.isdisjoint((*shown.shape, prod(shown.shape)))
    return shown.value is not None and abs(value - shown.value) <= shown.slack


def told(
    state: State, row: LayerRow, kind: str, verdict: str, *, expected: Any = None, case: Case | None = None,
    text: str = "", cause: str = "", sentence: str = "", follows: Place | None = None,
) -> Finding:  # fmt: skip
    """A finding on a row's last cell of a quantity."""
    column, cell = row.cells[kind][-1] if kind in row.cells else (state.columns[kind], "")
    if case is not None and expected is not None:
        text = _shown(kind, expected, case.output, state)
    place, seen, shown = Place(state.table, row.index, column), row.seen.get(kind), said(cell).lstrip("= ")
    state.counts[kind, place] = 0 if verdict == NOT_ASKED else expected, seen
    shown = re.sub(r"\s*\*\s*", "×", shown)
    if verdict == WRONG:
        sentence = f"{shown} should be {text}" + (f" ({sentence})" if sentence else "")
    how = (ROUNDED if seen and seen.slack else EXACT) if verdict == RIGHT else ""
    return Finding(
        place, state.sheet.lines[row.index], shown, row.name.replace("*", "×"), kind, verdict, how=how,
        expected=text if verdict != RIGHT else "", cause=cause,
        sentence=sentence if verdict in (WRONG, NOT_READ) else "", follows=follows,
    )  # fmt: skip


def _shown(kind: str, expected: Any, output: Map, state: State) -> str:
    if not isinstance(expected, tuple):
        return f"{expected:,}"
    sides = displayed(output, state.convention.last) if kind == SIZE else expected
    flat = kind == SIZE and state.flat_sizes and len(sides) > 1
    sides = output.shape[1:] if flat else sides
    alike = len(set(sides)) == 1 and (state.one_side if flat else kind != SIZE)
    return "×".join(map(str, sides[:1] if alike else sides))
