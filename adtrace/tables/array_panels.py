"""The panels of a style for traces with arrays: one line for each adjoint, results beside the numbers put in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from adtrace.tables.cells import Cells
from adtrace.tables.parts import FORMULA, NUMBER, NUMBERS, WRITTEN, word
from adtrace.tables.styles import COMPUTING, CONTRIBUTIONS, Column, Panel
from adtrace.tables.styles import Part as Piece
from adtrace.tracing.quantities import ADJOINT, INCREMENT, REVERSE, Quantity

if TYPE_CHECKING:
    from adtrace.tables.array_cells import ArrayCells


def is_of_arrays(cells: Cells) -> TypeGuard[ArrayCells]:
    """Whether they are the cells of a trace with arrays, whose module other traces need not load."""
    return cells.arrays


def has_arrays(cells: Cells) -> TypeGuard[ArrayCells]:
    """Whether they are that, and not those of a trace of numbers with a line for each statement."""
    return cells.arrays and bool(cells.wengert.shapes)


def of_arrays(panel: Panel, chosen: Mapping[str, tuple[str, ...]] | None) -> Panel:
    """A panel for arrays: contributions to an adjoint are one line, and a column of its values shows how they come
    about, unless the columns were ``chosen``.
    """
    columns = tuple(column._replace(parts=tuple(map(_whole, column.parts))) for column in panel.columns)
    if chosen is None and panel.role == REVERSE and not any(_has(column, NUMBERS) for column in columns):
        columns = tuple(column._replace(parts=tuple(map(_put_in, column.parts))) for column in columns)
    return replace(panel, lines=CONTRIBUTIONS if panel.role == REVERSE else panel.lines, columns=columns)


def _whole(piece: Piece) -> Piece:
    """What a contribution adds is all that an adjoint is."""
    if piece.quantity is not INCREMENT:
        return piece
    return Piece(piece.joint.replace("+=", "="), word(ADJOINT, WRITTEN if piece.form == FORMULA else piece.form))


def _put_in(piece: Piece) -> Piece:
    return piece._replace(part=word(ADJOINT, NUMBERS)) if (piece.quantity, piece.form) == (ADJOINT, NUMBER) else piece


def _has(column: Column, form: str) -> bool:
    return any(piece.form == form for piece in column.parts)


def valued(panels: Iterable[Panel]) -> frozenset[Quantity]:
    """The quantities that have a value of their own beside their numbers."""
    pieces = [piece for panel in panels for column in panel.columns for piece in column.parts]
    worked = {piece.quantity for piece in pieces if piece.form == NUMBERS}
    return frozenset(piece.quantity for piece in pieces if piece.form == NUMBER and piece.quantity in worked)


def downward(panel: Panel) -> Panel:
    """A panel below another, read downwards as that is."""
    return replace(panel, upward=False, order=COMPUTING) if panel.upward else panel
