"""How large a document becomes, counted before any of it is made: its lines, its columns, and so its cells."""

from __future__ import annotations

from math import prod

from adtrace.errors import BoundError
from adtrace.formats import FORMATS
from adtrace.limits import Limits
from adtrace.settings import REVERSE
from adtrace.tables import styles
from adtrace.tables.options import Options
from adtrace.tables.panels import panels
from adtrace.tables.styles import Style
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import WengertList

_STRUCTURE = 8
"""Numbers and texts of a row in JSON, besides its tangents."""
_TERMS = 4
"""Terms of a constant that are a cell's worth of text."""
_LEARNED = 4
"""Cells of a variable in the table of a learning rate."""
_TANGENT = 2
"""What one of many tangents counts for: it has a sweep of its own."""


def lines_of(wengert: WengertList) -> int:
    """A line for each input, operation and output."""
    return len(wengert.independents) + len(wengert.flat.kinds) + len(wengert.dependents)


def require_seeds(wengert: WengertList, seeds: int, limits: Limits) -> None:
    """Raise `BoundError` for more tangents than a document may have cells."""
    if seeds < 2:
        return
    lines, most = lines_of(wengert), limits.most_cells
    if seeds * lines > most:
        raise BoundError(
            f"{seeds} seeds of {lines} variables are {seeds * lines} tangents; the bound is {most} "
            "(a reverse sweep gives a whole gradient; --limit cells=N raises it)"
        )


def require_cells(evaluation: Evaluation, sweeps: int, seeds: int, style: Style | None, options: Options) -> None:
    """Raise `BoundError` for a document of more cells than ``limits.cells``.

    ``sweeps`` is the number of reverse sweeps, one for each output without weights.
    """
    limits = evaluation.limits
    lines, worth = lines_of(evaluation.wengert), FORMATS[options.format].worth
    if options.format == "json" or style is None:
        per_line = _TANGENT * seeds * options.order + (_STRUCTURE if sweeps == 1 else sweeps)
    else:
        operands = len(evaluation.wengert.flat.columns)
        per_line = sum(
            _columns(panel, seeds) * (sweeps if mode == REVERSE else 1)
            for mode in options.sweeps
            for panel in panels(style, mode, options.columns, options.order, operands)
        )
    learned = _LEARNED * len(evaluation.wengert.independents) if options.learning_rate is not None else 0
    terms = _terms_of_constants(evaluation.wengert)
    shapes = (*evaluation.wengert.shapes[: len(evaluation.wengert.independents)], *evaluation.wengert.dependent_shapes)
    entries = sweeps * sum(map(prod, shapes)) if sweeps > 1 and evaluation.wengert.shapes else 0
    cells, most = lines * per_line + learned + entries + terms // _TERMS, int(limits.most_cells / worth)
    if cells <= most:
        return
    many = [f"{sweeps} outputs"] * (sweeps > 1) + [f"{entries} entries of gradients and weights"] * (entries > 0)
    many += [f"{seeds} seeds"] * (seeds > 1) + [f"{lines} lines"]
    many += [f"{terms} terms of constants in its rows"] * (terms // _TERMS > cells // 2)
    hints = ["weights give one reverse sweep for all outputs"] * (sweeps > 1)
    hints += ["a reverse sweep gives a whole gradient"] * (seeds > 1)
    hints += [f"{options.format} has a bound of its own, below that of markdown"] * (worth > 1)
    raised = f"--limit cells={limits.most_cells * -(-cells // most)} raises it"
    raise BoundError(
        f"a document of {', '.join(many)} has {cells} cells; the bound is {most} ({'; '.join([*hints, raised])})"
    )


def _terms_of_constants(wengert: WengertList) -> int:
    """The terms of all constant operands: one is written wherever it is used."""
    flat = wengert.flat
    lengths = [len(constant.terms) for constant in flat.constants]
    if max(lengths, default=0) < _TERMS:
        return 0
    return sum(lengths[-2 - place] for places in flat.columns for place in places if place < -1)


def _columns(panel: styles.Panel, seeds: int) -> int:
    """The columns of a panel, those with a number of each seed once for each."""
    many = _TANGENT * seeds if seeds > 1 else 1
    return sum(many if any(part.per_seed for part in column.parts) else 1 for column in (*panel.columns, *panel.below))
