"""What the columns of a layer table say of what a layer reads, and of how many maps it makes, judged."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any, NamedTuple

from adtrace.checking.layer_tables.columns import INPUT, MAPS, READ_DEPTH, READ_FIELD, READ_JUMP
from adtrace.checking.layer_tables.numbers import Number
from adtrace.checking.layer_tables.rows import SHORTCUT, LayerRow
from adtrace.checking.layer_tables.slips import FIELD, JUMP, SIZE, Case, number_of
from adtrace.checking.layer_tables.verdicts import Done, State, agrees, as_map, is_input, told
from adtrace.checking.layer_tables.words import KERNELS
from adtrace.checking.reporting import FOLLOWING, RIGHT, WRONG, Finding, Place
from adtrace.networks.maps import SEQUENCE, Map, Outcome, displayed
from adtrace.networks.reach import Reach


class _Read(NamedTuple):
    """A column of what is read, and what its numbers follow from."""

    column: str
    root: str
    quantity: str = ""
    """The quantity of the layer before."""


_COLUMNS = (_Read(INPUT, SIZE), _Read(READ_DEPTH, SIZE), _Read(READ_FIELD, FIELD, FIELD), _Read(READ_JUMP, FIELD, JUMP))


def told_of_what_is_read(state: State, row: LayerRow, operands: list[Done]) -> list[Done]:
    """The rows that a layer reads, and what its own columns say of that, judged."""
    for column in _COLUMNS:
        shown = row.seen.get(column.column)
        if shown is not None and shown.literal and len(operands) == 1:
            operands = [_judged(state, row, column, shown, operands[0])]
    return operands


def _judged(state: State, row: LayerRow, column: _Read, shown: Number, operand: Done) -> Done:
    """What is read, as the column has it where that is wrong."""
    if column.column == INPUT and (last := _last_step(row, shown, operand)):
        state.found.append(told(state, row, column.column, RIGHT))
        return last
    if not _is_known(operand.right, column) or _is(shown, operand.right, column, state):
        state.found += [told(state, row, column.column, RIGHT)] if _is_known(operand.right, column) else []
        return operand
    if column.column == INPUT and (other := _other(state, row, shown, operand)):
        state.found.append(told(state, row, column.column, RIGHT))
        return other
    source = operand.roots.get(column.root) if _is(shown, operand.printed, column, state) else None
    state.found.append(told(state, row, column.column, FOLLOWING if source else WRONG, follows=source,
                            text=_written(operand.right, column, state)))  # fmt: skip
    roots = {**operand.roots, column.root: source or Place(state.table, row.index, row.cells[column.column][-1][0])}
    if column.column == INPUT:
        return operand._replace(printed=as_map(shown, operand.right, state), roots=roots)
    if column.column == READ_FIELD:
        return operand._replace(printed=reaching(operand.printed, shown), roots=roots)
    return operand


def _last_step(row: LayerRow, shown: Number, operand: Done) -> Done | None:
    """The last step of a sequence, where a layer of numbers reads that."""
    if row.layers[0].kind.name != "linear" or operand.right.kind != SEQUENCE or shown.shape != operand.right.shape[1:]:
        return None
    return Done(operand.right._replace(shape=shown.shape), operand.printed._replace(shape=shown.shape))


def _other(state: State, row: LayerRow, shown: Number, operand: Done) -> Done | None:
    """What is read where that is not what the row above makes: behind a pool, or beside a shortcut."""
    if between := _between(state, shown, operand.right):
        return Done(between, between)
    above = reversed(state.done) if SHORTCUT.search(row.name) else ()
    return next((one for one in above if is_input(shown, one.right, state)), None)


def _between(state: State, shown: Number, read: Map) -> Map | None:
    """What is read behind a pool, or a change into one row, that torchinfo does not show; None where that is no way."""
    if not any("depth-idx" in heading for heading in state.sheet.heading) or len(read.shape) < 2 or None in read.shape:
        return None
    for k in range(1, 9):
        pooled = (read.shape[0], *(side // k for side in read.shape[1:] if side))
        if shown.shape in (pooled, (prod(n for n in pooled if n),)):
            return read._replace(shape=shown.shape, reach=None)
    return None


def _number(read: Map, column: _Read) -> Any:
    return number_of(column.quantity, Case(None, (), (Outcome(read),))) if column.quantity else read.shape[:1]


def _is_known(read: Map, column: _Read) -> bool:
    if column.column == INPUT:
        return True
    number = _number(read, column)
    return bool(number) and None not in number and (column.column != READ_DEPTH or len(read.shape) > 1)


def _is(shown: Number, read: Map, column: _Read, state: State) -> bool:
    """Whether a number is that of what is read."""
    if column.column == INPUT:
        return is_input(shown, read, state)
    return _is_known(read, column) and agrees(shown, column.quantity or FIELD, _number(read, column), read, state)


def _written(read: Map, column: _Read, state: State) -> str:
    lengths = displayed(read, state.convention.last) if column.column == INPUT else _number(read, column)
    return "×".join(map(str, lengths[:1] if column.quantity and len({*lengths}) == 1 else lengths))


def reaching(read: Map, shown: Number) -> Map:
    """A map whose receptive field is the printed one."""
    if not read.reach or not shown.shape:
        return read
    fields = shown.shape if len(shown.shape) == len(read.reach) else shown.shape[:1] * len(read.reach)
    reach = (Reach((0,), (own - 1,), old.advance) for own, old in zip(fields, read.reach, strict=True))
    return read._replace(reach=tuple(reach))


def maps_told(state: State, row: LayerRow, output: Map) -> Iterator[Finding]:
    """How many maps a row says that there are, where that is wrong; of a pooling in the column of kernels, too."""
    for kind in (MAPS, KERNELS) if row.layers[-1].kind.name.endswith("pool") else (MAPS,):
        if kind in row.seen and len(output.shape) > 1 and row.seen[kind].value != output.shape[0]:
            yield told(state, row, kind, WRONG, text=str(output.shape[0]))
