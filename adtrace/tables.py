"""An evaluation into tables: panels, groups, lines and cells, all of them plain strings in one dialect.

    Table ::= caption, label, Block ..., notes
    Block ::= Panel ... ; group ...             side by side: two panels; stacked: a block for each
    group ::= line ...                          inputs, operations, outputs
    line  ::= for each panel its cells: the name, then one for each column ("" where there is nothing)

The layout is that of Baydin, Pearlmutter, Radul and Siskind, *Automatic Differentiation in Machine Learning: a Survey*,
JMLR 18 (2018), Tables 2 and 3: an adjoint row stands beside the operation that made it, and is read upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from adtrace.cells import Cells, Entry
from adtrace.dialects import LATEX, MARKDOWN, TERMINAL
from adtrace.mathml import MATHML
from adtrace.notation import Dialect
from adtrace.numerals import MARK, Numerals
from adtrace.options import BOTH, FORWARD, REFUSE, REVERSE, SIDE_BY_SIDE, Options
from adtrace.prose import caption, kink_note
from adtrace.sweeps import Evaluation
from adtrace.syntax import Expression

EVALUATION, TANGENT, ADJOINT = "evaluation", "tangent", "adjoint"

DIALECTS: dict[str, Dialect] = {"latex": LATEX, "markdown": MARKDOWN, "text": TERMINAL, "html": MATHML}
"""The dialect of each format that a template renders."""

_HEADINGS = {
    EVALUATION: "Forward evaluation trace",
    TANGENT: "Forward derivative trace",
    ADJOINT: "Reverse adjoint trace",
}
_COLUMNS = {
    EVALUATION: ("formula", "numbers"),
    TANGENT: ("formula", "numbers"),
    ADJOINT: ("formula", "value"),
}
_PANELS = {FORWARD: (EVALUATION, TANGENT), REVERSE: (EVALUATION, ADJOINT)}

Line = tuple[tuple[str, ...], ...]


class Panel(NamedTuple):
    """One of the traces of a table."""

    kind: str
    heading: str
    upward: bool
    """Whether it is read from the bottom."""
    columns: tuple[str, ...]
    """What the cells after the name hold."""
    widths: tuple[int, ...]
    """Characters of the widest cell of the name and of each column, where the dialect is for a terminal."""
    width: int
    """Characters of a whole line, with `` = `` before each column."""
    first: int
    """The place of its first cell in a line, from 1, where every panel has an empty column on each side."""
    last: int
    """The place of its last cell."""
    cells: int
    """The number of its cells."""


class Block(NamedTuple):
    """Panels that share their lines."""

    panels: tuple[Panel, ...]
    groups: tuple[tuple[Line, ...], ...]
    height: int
    """The number of lines."""


class Table(NamedTuple):
    """One table, ready for a template."""

    caption: str
    """Empty for none; in a part that goes on, the caption of the first."""
    continued: bool
    """Whether this part goes on with a table that is too long for one page."""
    label: str
    mode: str
    layout: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]


def tabulate(expression: Expression, evaluation: Evaluation, options: Options) -> tuple[Table, ...]:
    """The table of the mode, or both tables."""
    dialect = DIALECTS[options.format]
    numerals = Numerals(evaluation, options.digits, options.rounding, options.undecided == REFUSE)
    cells = Cells(evaluation, dialect, numerals)
    modes = (FORWARD, REVERSE) if options.mode == BOTH else (options.mode,)
    tables = [_table(expression, cells, mode, options) for mode in modes]
    return tuple(part for table in tables for part in _pages(table)) if dialect is LATEX else tuple(tables)


def _table(expression: Expression, cells: Cells, mode: str, options: Options) -> Table:
    panels = _PANELS[mode]
    columns = [_shown(kind, options.columns) for kind in panels]
    entries = [_entries(cells, kind, shown) for kind, shown in zip(panels, columns, strict=True)]
    if options.layout == SIDE_BY_SIDE:
        parts: list[Sequence[int]] = [range(len(panels))]
    else:
        parts = [[place] for place in range(len(panels))]
    monospaced = cells.dialect is TERMINAL
    blocks = tuple(
        _block([panels[p] for p in part], [columns[p] for p in part], [entries[p] for p in part], monospaced)
        for part in parts
    )
    label = options.label or ""
    if label and options.mode == BOTH:
        label = f"{label}-{mode}"
    text = (
        cells.dialect.prose(options.caption)
        if options.caption is not None
        else caption(expression, cells, mode, options)
    )
    return Table(
        text, False, label, mode, options.layout, blocks, notes(cells.evaluation, cells.numerals, cells.dialect)
    )


PAGE_LINES = 25
"""Lines of the longest table that stands on one page; TeX does not break a table by itself."""


def _pages(table: Table) -> list[Table]:
    """The table in parts that each stand on a page: blocks as they are, or cut between lines."""
    if sum(block.height for block in table.blocks) <= PAGE_LINES:
        return [table]
    blocks = [part for block in table.blocks for part in _cut(block)]
    last = len(blocks) - 1
    return [
        table._replace(blocks=(block,), continued=place > 0, label="" if place else table.label,
                       notes=table.notes if place == last else ())
        for place, block in enumerate(blocks)
    ]  # fmt: skip


def _cut(block: Block) -> list[Block]:
    """A block in parts of at most PAGE_LINES lines, its groups kept apart."""
    parts: list[list[list[Line]]] = [[]]
    height = 0
    for group in block.groups:
        parts[-1].append([])
        for line in group:
            if height == PAGE_LINES:
                parts.append([[]])
                height = 0
            parts[-1][-1].append(line)
            height += 1
    kept = [tuple(tuple(group) for group in part if group) for part in parts]
    return [Block(block.panels, groups, sum(map(len, groups))) for groups in kept if groups]


def _shown(kind: str, columns: tuple[str, ...] | None) -> tuple[str, ...]:
    """The columns of a panel; only adjoint rows have a local partial to write out."""
    if columns is None:
        return _COLUMNS[kind]
    return tuple(column for column in columns if column != "partial" or kind == ADJOINT)


def _entries(cells: Cells, kind: str, columns: tuple[str, ...]) -> list[list[Entry]]:
    """The three groups of a panel: for each input, operation and output the lines that stand there."""
    make = {EVALUATION: cells.evaluation_entries, TANGENT: cells.tangent_entries, ADJOINT: cells.adjoint_entries}[kind]
    return make(columns)


def _block(
    kinds: Sequence[str], columns: Sequence[tuple[str, ...]], entries: Sequence[list[list[Entry]]], monospaced: bool
) -> Block:
    """Panels beside each other: entry by entry, the shorter ones filled with empty lines."""
    blanks = [("",) * (1 + len(shown)) for shown in columns]
    groups: list[tuple[Line, ...]] = []
    for group in zip(*entries, strict=True):
        lines: list[Line] = []
        for beside in zip_longest(*group, fillvalue=()):
            for row in zip_longest(*beside):
                lines.append(tuple(cell or blank for cell, blank in zip(row, blanks, strict=True)))
        if lines:
            groups.append(tuple(lines))
    panels: list[Panel] = []
    for place, (kind, shown) in enumerate(zip(kinds, columns, strict=True)):
        widths = _widths(groups, place, _HEADINGS[kind]) if monospaced else ()
        total = sum(widths) + len(EQUALS) * len(shown)
        first = (panels[-1].last + 1 if panels else 0) + 2
        panels.append(
            Panel(
                kind, _HEADINGS[kind], kind == ADJOINT, shown, widths, total, first, first + len(shown), len(shown) + 1
            )
        )
    return Block(tuple(panels), tuple(groups), sum(map(len, groups)))


EQUALS = " = "


def _widths(groups: Sequence[Sequence[Line]], place: int, heading: str) -> tuple[int, ...]:
    """The widest cell of each column; the last one makes room for the heading."""
    rows = [line[place] for group in groups for line in group]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    widths[-1] += max(0, len(heading) - sum(widths) - len(EQUALS) * (len(widths) - 1))
    return tuple(widths)


def width(text: str) -> int:
    """Columns that a text takes in a terminal: combining marks take none."""
    return len(text) - text.count("\u0304") - text.count("\u0307")


def notes(evaluation: Evaluation, numerals: Numerals, dialect: Dialect) -> tuple[str, ...]:
    """What stands under a table: conventions at kinks, undecided digits, uncertified numbers."""
    found = [kink_note(evaluation, kink, dialect) for kink in evaluation.first().kinks]
    if numerals.undecided:
        found.append(
            f"{dialect.prose(MARK)} marks a last digit that is undecided: at {evaluation.limits.bits} bits "
            "the number cannot be told from a tie of the rounding."
        )
    if not evaluation.arithmetic.exact:
        found.append("Computed in double precision: the digits are not certified.")
    return tuple(found)
