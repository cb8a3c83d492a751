"""An evaluation into tables: panels, groups, lines and cells, all of them plain strings in one dialect.

    Table ::= caption, label, Block ..., notes
    Block ::= Panel ... ; group ...             side by side: the panels together; stacked: a block for each
    group ::= line ...                          inputs, operations, outputs
    line  ::= for each panel its cells, one for each column ("" where there is nothing)

The default layout is that of Baydin, Pearlmutter, Radul and Siskind, *Automatic Differentiation in Machine Learning: a
Survey*, JMLR 18 (2018), Tables 2 and 3: an adjoint row stands beside the operation that made it, and is read upwards.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from adtrace import styles
from adtrace.cells import Cells, ContributionLine, Line, Operation
from adtrace.dialects import LATEX, MARKDOWN, TERMINAL
from adtrace.notation import Dialect
from adtrace.numerals import FIXED, Numerals
from adtrace.options import BOTH, FORWARD, REFUSE, REVERSE, SIDE_BY_SIDE, Options
from adtrace.prose import caption, notes, seed_heading
from adtrace.styles import COMPUTING, CONTRIBUTIONS, PER_SEED, Style
from adtrace.sweeps import Evaluation
from adtrace.syntax import Expression

DIALECTS: dict[str, Dialect] = {"latex": LATEX, "markdown": MARKDOWN, "text": TERMINAL}
"""The dialect of each format that a template renders."""

Texts = tuple[tuple[str, ...], ...]
"""A line: for each panel its cells."""


class Column(NamedTuple):
    """A column of a panel."""

    heading: str
    equals: bool
    """Whether its cells begin with an equals sign."""
    width: int
    """Characters of its widest cell; none for LaTeX, which measures by itself."""


class Panel(NamedTuple):
    """One of the traces of a table."""

    heading: str
    derived: bool
    """Whether it holds derivatives only."""
    upward: bool
    """Whether it is read from the bottom."""
    columns: tuple[Column, ...]
    headed: bool
    """Whether any column has a heading."""
    width: int
    """Characters of a whole line, with two blanks between columns, or one before an equals sign."""
    first: int
    """The place of its first cell in a line, from 1, where every panel has an empty column on each side."""
    last: int
    """The place of its last cell."""


class Block(NamedTuple):
    """Panels that share their lines."""

    panels: tuple[Panel, ...]
    groups: tuple[tuple[Texts, ...], ...]
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


Entry = list[Line | None]
"""The lines that stand at one input, operation or output."""


_Columns = tuple[tuple[styles.Column, int], ...]
"""Columns, each with the seed that it is for."""


class _Shape(NamedTuple):
    """A panel of the style with its columns, one for each seed where they hold tangents, and its entries."""

    panel: styles.Panel
    columns: _Columns
    below: _Columns
    groups: list[list[Entry]]


def tabulate(
    expression: Expression, evaluations: Sequence[Evaluation], style: Style, options: Options
) -> tuple[Table, ...]:
    """The tables of the mode: the forward one from the first evaluation, a reverse one from each."""
    dialect = DIALECTS[options.format]
    tables: list[Table] = []
    modes = (FORWARD, REVERSE) if options.mode == BOTH else (options.mode,)
    for mode in modes:
        for place, evaluation in enumerate(evaluations if mode == REVERSE else evaluations[:1]):
            form = options.numbers or (FIXED if evaluation.displayed else style.numbers)
            numerals = Numerals(evaluation, options.digits, options.rounding, form, options.undecided == REFUSE)
            cells = Cells(evaluation, dialect, numerals, style)
            table = _table(expression, cells, mode, options)
            suffix = f"-{mode}" * (len(modes) > 1) + f"-{place + 1}" * (mode == REVERSE and len(evaluations) > 1)
            tables.append(table._replace(label=f"{options.label}{suffix}" if options.label else ""))
    return tuple(part for table in tables for part in _pages(table)) if dialect is LATEX else tuple(tables)


def _table(expression: Expression, cells: Cells, mode: str, options: Options) -> Table:
    panels = cells.style.forward if mode == FORWARD else cells.style.reverse
    shapes = [_shape(cells, styles.with_columns(panel, options.columns)) for panel in panels]
    parts = [shapes] if options.layout == SIDE_BY_SIDE else [[shape] for shape in shapes]
    blocks = tuple(_block(cells, part) for part in parts)
    given = options.caption
    text = caption(expression, cells, mode, options) if given is None else cells.dialect.prose(given)
    return Table(text, False, "", mode, options.layout, blocks, notes(cells.evaluation, cells.numerals, cells, mode))


def _shape(cells: Cells, panel: styles.Panel) -> _Shape:
    groups: list[list[Entry]]
    if panel.lines == CONTRIBUTIONS:
        inputs, rows, outputs = cells.contribution_lines()
        count = len(cells.wengert.rows)
        groups = [_alone(inputs), [list(rows.get(index, [])) for index in range(1, count + 1)], _alone(outputs)]
        if panel.order != COMPUTING:  # on top stands what is computed last
            groups[1] = [entry[::-1] for entry in groups[1]]
    else:
        groups = [_alone(lines) for lines in cells.variable_lines()]
    if panel.order == COMPUTING and panel.role == "adjoint":
        groups = [group[::-1] for group in groups[::-1]]
        groups[-1].reverse()  # the results in the order of the inputs
    columns, below = _by_seed(cells, panel.columns), _by_seed(cells, panel.below)
    if below:
        columns, below = _beneath(panel, columns, below)
    return _Shape(panel, columns, below, groups)


def _alone(lines: Sequence[Line]) -> list[Entry]:
    return [[line] for line in lines]


def _beneath(panel: styles.Panel, columns: _Columns, below: _Columns) -> tuple[_Columns, _Columns]:
    """Both lines with the same number of cells, where only one of them has a cell for each seed."""
    above: list[tuple[styles.Column, int]] = []
    under: list[tuple[styles.Column, int]] = []
    for upper, lower in zip(panel.columns, panel.below, strict=True):
        pairs = zip_longest(
            (one for one in columns if one[0] is upper),
            (one for one in below if one[0] is lower),
        )
        for top, bottom in pairs:
            blank = (styles.Column("", upper.equals, ()), 0)
            above.append(top or blank)
            under.append(bottom or blank)
    return tuple(above), tuple(under)


def _by_seed(cells: Cells, columns: Sequence[styles.Column]) -> _Columns:
    """The columns; one that holds a number of the tangent once for each seed."""
    seeds = range(len(cells.evaluation.seeds))
    return tuple(
        (column, seed)
        for column in columns
        for seed in (seeds if any(part.part in PER_SEED for part in column.parts) else (0,))
    )


def _block(cells: Cells, shapes: Sequence[_Shape]) -> Block:
    """Panels beside each other: entry by entry, the shorter ones filled with empty lines."""
    steps = [0] * len(shapes)
    blanks = [("",) * len(shape.columns) for shape in shapes]
    groups: list[tuple[Texts, ...]] = []
    for group in zip_longest(*(shape.groups for shape in shapes), fillvalue=[]):
        lines: list[Texts] = []
        for beside in zip_longest(*group, fillvalue=[]):
            for row in zip_longest(*beside):
                lines.extend(_texts(cells, shapes, row, steps, blanks))
        if lines:
            groups.append(tuple(lines))
    return Block(_panels(cells, shapes, groups), tuple(groups), sum(map(len, groups)))


def _texts(
    cells: Cells,
    shapes: Sequence[_Shape],
    row: tuple[Line | None, ...],
    steps: list[int],
    blanks: list[tuple[str, ...]],
) -> list[Texts]:
    """The texts of one line of each panel, and of the line below it where a panel has one."""
    upper: list[tuple[str, ...]] = []
    lower: list[tuple[str, ...]] = []
    for place, (shape, line) in enumerate(zip(shapes, row, strict=True)):
        if line is None:
            upper.append(blanks[place])
            lower.append(blanks[place])
            continue
        steps[place] += 1
        texts = [cells.cell(line, column, seed, steps[place]) for column, seed in shape.columns]
        upper.append(tuple(texts) if isinstance(line, Operation | ContributionLine) else _once(texts, shape))
        below = tuple(cells.cell(line, column, seed, steps[place]) for column, seed in shape.below)
        lower.append(below or blanks[place])
    return [tuple(upper), tuple(lower)] if any(shape.below for shape in shapes) else [tuple(upper)]


def _once(texts: list[str], shape: _Shape) -> tuple[str, ...]:
    """The cells of an input or output, where the next part often only says the same again: ``= 5.5`` stands once."""
    for place in range(1, len(texts)):
        column = shape.columns[place][0]
        if column.equals and texts[place] == texts[place - 1]:
            texts[place - 1 if column.parts[-1].part.endswith("value") else place] = ""
    return tuple(texts)


def _panels(cells: Cells, shapes: Sequence[_Shape], groups: Sequence[Sequence[Texts]]) -> tuple[Panel, ...]:
    panels: list[Panel] = []
    for place, shape in enumerate(shapes):
        headings = [_heading(cells, column, seed) for column, seed in shape.columns]
        for under, (column, seed) in enumerate(shape.below):
            headings[under] = headings[under] or _heading(cells, column, seed)
        equals = [column.equals for column, _ in shape.columns]
        widths = [0] * len(headings)
        if cells.dialect is not LATEX:
            rows = [line[place] for group in groups for line in group]
            widths = [max(map(width, column)) for column in zip(headings, *rows, strict=True)]
            gaps = sum(1 if sign else 2 for sign in equals[1:])
            widths[-1] += max(0, len(shape.panel.heading) - sum(widths) - gaps)
        total = sum(widths) + sum(1 if sign else 2 for sign in equals[1:])
        columns = tuple(Column(*of) for of in zip(headings, equals, widths, strict=True))
        first = (panels[-1].last + 1 if panels else 0) + 2
        derived = shape.panel.role != "evaluation"
        heading = cells.dialect.prose(shape.panel.heading)
        last = first + len(columns) - 1
        panels.append(Panel(heading, derived, shape.panel.upward, columns, any(headings), total, first, last))
    return tuple(panels)


def _heading(cells: Cells, column: styles.Column, seed: int) -> str:
    """The heading of a column; several seeds are told apart even where the style's heading does not name them."""
    several = len(cells.evaluation.seeds) > 1 and any(part.part in PER_SEED for part in column.parts)
    text = column.heading
    if several and not _SEED.search(text):
        text += ", {seed}" if text else "{seed}"
    words = _SEED.split(text)
    words[0::2] = [cells.dialect.prose(word) for word in words[0::2]]
    words[1::2] = [seed_heading(cells, seed, whole=word == "{vector}") for word in words[1::2]]
    return "".join(words)


_SEED = re.compile(r"(\{seed\}|\{vector\})")


def width(text: str) -> int:
    """Columns that a text takes in a terminal: combining marks take none."""
    return len(text) - text.count("\u0304") - text.count("\u0307")


PAGE_LINES = 25
"""Lines of the longest table that stands on one page; TeX does not break a table by itself."""


def _pages(table: Table) -> list[Table]:
    """The table in parts that each stand on a page: blocks as they are, or cut between lines."""
    if sum(block.height for block in table.blocks) <= PAGE_LINES:
        return [table]
    blocks = [part for block in table.blocks for part in _cut(block)]
    last = len(blocks) - 1
    return [
        table._replace(
            blocks=(block,),
            continued=place > 0,
            label="" if place else table.label,
            notes=table.notes if place == last else (),
        )
        for place, block in enumerate(blocks)
    ]


def _cut(block: Block) -> list[Block]:
    """A block in parts of at most PAGE_LINES lines, its groups kept apart."""
    parts: list[list[list[Texts]]] = [[]]
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
