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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import Any, NamedTuple, overload

from adtrace.collector import uncollected
from adtrace.errors import BoundError, OptionError, TemplateError
from adtrace.formats import FORMATS
from adtrace.language.syntax import Expression
from adtrace.settings import (
    AUTO,
    ENGLISH,
    ENTRIES,
    EXACT,
    FIXED,
    FORWARD,
    GFM,
    MYST,
    OPERATIONS,
    REFUSE,
    REVERSE,
    SECOND,
    SIDE_BY_SIDE,
    STACKED,
    STATEMENTS,
)
from adtrace.tables import parts as words
from adtrace.tables import styles, updates
from adtrace.tables.array_panels import downward, is_of_arrays, of_arrays, valued
from adtrace.tables.cells import Cells
from adtrace.tables.lines import Lines
from adtrace.tables.naming import Naming, require_told_apart
from adtrace.tables.notes import notes, notes_of_digits
from adtrace.tables.numerals import MARK, Numerals
from adtrace.tables.options import Options
from adtrace.tables.patterns import CELL, EMPTY, PANEL, TIED, Columns
from adtrace.tables.prose import caption, seed_heading
from adtrace.tables.steps import Shape, Uncovered, uncovered
from adtrace.tables.styles import COMPUTING, CONTRIBUTIONS, Style
from adtrace.tracing.quantities import EVALUATION
from adtrace.tracing.quantities import REVERSE as ADJOINTS
from adtrace.tracing.sweeps import Evaluation
from adtrace.wording import wording
from adtrace.writing.derived import ASCIIDOC, CSV, OFFICE, RST
from adtrace.writing.dialects import LATEX, MARKDOWN, MARKDOWN_IN_MYST, MARKDOWN_IN_PANDOC, TERMINAL, TYPST, width
from adtrace.writing.mathml import MATHML
from adtrace.writing.matrices import OPEN, middle, unfolded
from adtrace.writing.notation import Dialect
from adtrace.writing.spoken import spoken

DIALECTS: dict[str, Dialect] = {
    dialect.kind: dialect for dialect in (LATEX, MARKDOWN, TERMINAL, MATHML, OFFICE, TYPST, RST, ASCIIDOC, CSV)
}
"""The dialects in which formats write formulas."""

LineCells = tuple[tuple[str, ...], ...]
"""A line: for each panel its cells."""


class Written(Sequence[LineCells]):
    """Lines, each written as one text, `patterns.PANEL` and `patterns.CELL` between its parts."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    def __eq__(self, other: object) -> bool:
        return self.lines == other.lines if isinstance(other, Written) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self.lines))

    def __reduce__(self) -> tuple[Any, ...]:
        return Written, (self.lines,)  # however they are made

    def parts(self) -> Iterator[list[str]]:
        """The lines in parts of some thousand."""
        yield self.lines

    def __iter__(self) -> Iterator[LineCells]:
        return map(texts, chain.from_iterable(self.parts()))

    @overload
    def __getitem__(self, index: int) -> LineCells: ...
    @overload
    def __getitem__(self, index: slice) -> Written: ...
    def __getitem__(self, index: int | slice) -> LineCells | Written:
        lines = self.lines[index]
        return texts(lines) if isinstance(lines, str) else Written(lines)


def texts(line: str) -> LineCells:
    """The cells of a line, panel by panel."""
    return tuple([tuple(panel.split(CELL)) for panel in line.replace(EMPTY, "").replace(TIED, "").split(PANEL)])


class Column(NamedTuple):
    """A column of a panel."""

    heading: str
    equals: bool
    """Whether its cells begin with an equals sign."""
    width: int
    """Characters of its widest cell; none for LaTeX, which measures by itself."""
    number: bool = False
    """Whether its cells are numbers that stand alone."""
    said: str = ""
    """Its heading, formulas with their words, where a document has alternative texts."""


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
    arrow: bool = True
    """Whether an arrow tells which way it is read."""
    words: tuple[str, ...] = ()
    """Its heading in words, one over each of its columns, where no heading can stand over several of them."""


class Block(NamedTuple):
    """Panels that share their lines."""

    panels: tuple[Panel, ...]
    groups: tuple[Written, ...]
    height: int
    """The number of lines."""
    tall: tuple[tuple[int, ...], ...] = ()
    """For each line of each group the rows of its highest matrix, for Typst, which has to be told."""
    said: tuple[Written, ...] = ()
    """The groups in words, cell by cell, where a document has alternative texts; else none."""


class Table(NamedTuple):
    """One table, ready for a template."""

    caption: str
    """Empty for none."""
    label: str
    alias: str
    """The label as it was given, for the first of several tables; else empty."""
    mode: str
    layout: str
    """side-by-side or stacked; in LaTeX, which sets the panels of one block in either way, auto too."""
    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    sheets: Sheets
    """The blocks as they stand on pages: where a table does not break by itself, a long one is cut between lines."""
    arrays: bool = False
    """Whether cells hold vectors and matrices."""
    steps: Uncovered | None = None
    """When each cell is uncovered on a slide, if that is asked for."""
    document_title: str = ""
    """What a document with this table is called, as text; empty where its format has no title."""
    said: str = ""
    """The caption, its formulas with their words, where a document has alternative texts."""
    said_notes: tuple[str, ...] = ()
    """The notes in the same way."""


class Sheets:
    """The blocks of each page, cut when they are asked for."""

    def __init__(self, blocks: tuple[Block, ...], most: int | None) -> None:
        self.blocks = blocks
        self.most = most
        """The lines of a sheet; None where a table breaks by itself."""

    def of(self, blocks: tuple[Block, ...]) -> Sheets:
        """These blocks, cut in the same way."""
        return Sheets(blocks, self.most)

    def __eq__(self, other: object) -> bool:
        return (self.blocks, self.most) == (other.blocks, other.most) if isinstance(other, Sheets) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.blocks, self.most))

    def __iter__(self) -> Iterator[tuple[Block, ...]]:
        if self.most is None or sum(block.height for block in self.blocks) <= self.most:
            yield self.blocks
            return
        for block in self.blocks:
            for part in _cut(block, self.most):
                yield (part,)


PAGE_LINES = 31
"""Lines of the longest table that stands on one page in Typst; a figure is not broken by itself."""
LATEX_LINES = 400
"""Lines of the longest table that LaTeX sets at once; it fills its pages with them by itself."""
_SHEETS = {LATEX.name: LATEX_LINES, TYPST.name: PAGE_LINES}
_ENTRIES = 1024
"""Inputs, operations or outputs of which the lines are made at once."""
_BESIDE = 118
"""Characters of the widest traces with arrays that stand beside each other."""
_KEPT = 250_000
"""Lines of the longest table whose texts are kept while it is written; those of a longer one are made again."""


class Group(Written):
    """The lines of a group, made some entries at a time when they are asked for."""

    def __init__(self, make: Callable[[int, int], list[str]], entries: int, length: int) -> None:
        self.make, self.entries, self.length = make, entries, length
        self.kept: list[list[str]] = []

    def __len__(self) -> int:
        return self.length

    @property
    def lines(self) -> list[str]:  # type: ignore[override]
        """All lines at once."""
        return list(chain.from_iterable(self.parts()))

    def parts(self) -> Iterator[list[str]]:
        """The lines in parts of some thousand."""
        yield from self.kept
        for start in range(len(self.kept) * _ENTRIES, self.entries, _ENTRIES):
            with uncollected():
                part = self.make(start, min(start + _ENTRIES, self.entries))
            if self.length <= _KEPT:
                self.kept.append(part)
            yield part


def tabulate(
    expression: Expression,
    evaluations: Sequence[Evaluation],
    style: Style,
    options: Options,
    dialect: Dialect | None = None,
) -> tuple[Table, ...]:
    """The tables of the mode: the forward one from the first evaluation, a reverse one from each; in the dialect of the
    format unless in another.
    """
    dialect = dialect or DIALECTS[FORMATS[options.format].dialect]
    tables: list[Table] = []
    modes = [mode for mode in options.sweeps if not _lacking(style, mode, options.order)]
    if not modes:
        lacking = _lacking(style, options.sweeps[0], options.order)
        raise TemplateError(f"the style {style.name} has no {lacking} panel")
    cells: list[Cells] = []  # of each evaluation: the forward table has the names and numbers of the first reverse one
    for mode in modes:
        for place, evaluation in enumerate(evaluations if mode == REVERSE else evaluations[:1]):
            if place == len(cells):
                cells.append(cells_of(evaluation, dialect, style, options))
                require_told_apart(cells[0].naming, expression, options.letters)
            table = _table(expression, cells[place], mode, options)
            suffix = f"-{mode}" * (len(modes) > 1) + f"-{place + 1}" * (mode == REVERSE and len(evaluations) > 1)
            if options.label:
                alias = options.label if suffix and not tables else ""
                table = table._replace(label=f"{options.label}{suffix}", alias=alias)
            tables.append(table)
    if options.learning_rate is not None:
        tables.append(_updated(cells[0], options))
    return tuple(tables)


def _lacking(style: Style, mode: str, order: int) -> str:
    """What a style has no panel of, and a table needs: a reverse one of order 2 has the tangents, too."""
    needed = (FORWARD, REVERSE) if mode == REVERSE and order > 1 else (mode,)
    return next((of for of in needed if not getattr(style, of)), "")


def _form(evaluation: Evaluation, style: Style, options: Options) -> str:
    """How numbers are written; displayed arithmetic computes with decimals, and shows what it computes with."""
    if evaluation.displayed is None:
        return options.numbers or style.numbers
    if options.numbers not in (None, FIXED):
        raise OptionError(f"displayed arithmetic rounds to decimals; numbers is {FIXED}, not {options.numbers}")
    return FIXED


def cells_of(evaluation: Evaluation, dialect: Dialect, style: Style, options: Options) -> Cells:
    """The cells of an evaluation, with the numbers as the options and the style ask for them."""
    dialect = _of_flavour(dialect, options)
    if options.letters and not dialect.columns:
        from adtrace.writing.letters import lettered  # noqa: PLC0415 - few tables have any

        shapes = evaluation.wengert.shapes
        arrays = (name for name, shape in zip(evaluation.wengert.independents, shapes or (), strict=False) if shape)
        dialect = lettered(dialect, options.letters, frozenset(arrays))
    dialect = dialect if dialect.columns else spoken(dialect, options.language, options.decimal)  # data have points
    form = _form(evaluation, style, options)
    refuse, powers = options.undecided == REFUSE, style.scientific
    numerals = Numerals(evaluation, options.digits, options.rounding, form, refuse, powers, options.simplify)
    if not (evaluation.wengert.shapes or options.rows == STATEMENTS):
        return Cells(Naming(evaluation, dialect, style), numerals)
    from adtrace.tables.array_cells import ArrayCells  # noqa: PLC0415 - only where there are arrays

    if options.rows == ENTRIES:
        raise OptionError('rows="entries" makes another trace: it is an argument of trace(...), not of its table')
    if "names" not in (options.notation or {}):
        style = replace(style, names="source")  # v_i says nothing about a matrix
    panels = [of_arrays(panel, options.columns) for mode in (FORWARD, REVERSE) for panel in getattr(style, mode)]
    return ArrayCells(Naming(evaluation, dialect, style), numerals, options.rows or OPERATIONS, valued(panels))


def _of_flavour(dialect: Dialect, options: Options) -> Dialect:
    """The dialect, for Markdown in one of its flavours."""
    if dialect.kind != MARKDOWN.name or options.flavour == GFM:
        return dialect
    return MARKDOWN_IN_MYST if options.flavour == MYST else MARKDOWN_IN_PANDOC


def shapes_of(cells: Cells, mode: str, options: Options) -> list[list[Shape]]:
    """The panels of a table, in the blocks in which they stand."""
    panels = styles.panels(cells.style, mode, options.columns, options.order, len(cells.wengert.flat.columns))
    if cells.numerals.formulas:
        panels = tuple(map(styles.worked_out, panels))
    options = _laid_out(cells, mode, options)
    stacked = options.layout == STACKED
    if is_of_arrays(cells):
        panels = tuple(of_arrays(panel, options.columns) for panel in panels)
        panels = tuple(map(downward, panels)) if stacked else panels
    if cells.dialect.columns:
        formulas = cells.numerals.formulas or EXACT in (options.numbers, cells.style.numbers)
        panels = tuple(styles.as_columns(panel, options.columns is not None, formulas) for panel in panels)
    shapes = [_shape(cells, panel) for panel in panels]
    return [[shape] for shape in shapes] if stacked and cells.dialect.name != LATEX.name else [shapes]


def _laid_out(cells: Cells, mode: str, options: Options) -> Options:
    """The options with a layout: traces with arrays stand beside each other if they have room, and a line for each row.

    Those of numbers are laid out by who sets them, but where a page has to be filled by us.
    """
    if options.layout != AUTO or not (is_of_arrays(cells) or cells.dialect.room):
        return options
    beside = replace(options, layout=SIDE_BY_SIDE)
    if not is_of_arrays(cells):
        panels = _block(cells, shapes_of(cells, mode, beside)[0]).panels
        wide = sum(panel.width for panel in panels) > cells.dialect.room
        return replace(options, layout=STACKED) if wide else beside
    shapes = shapes_of(cells.terminal, mode, beside)[0]
    block = _block(cells.terminal, shapes)
    lines = sum(max(lines.length for lines in group) for group in zip(*(shape.groups for shape in shapes), strict=True))
    fits = block.height == lines and sum(panel.width for panel in block.panels) <= _BESIDE
    return beside if fits else replace(options, layout=STACKED)


def _table(expression: Expression, cells: Cells, mode: str, options: Options) -> Table:
    options = _laid_out(cells, mode, options)
    shapes = shapes_of(cells, mode, options)
    blocks = tuple(_block(cells, part) for part in shapes)
    steps = uncovered(cells, shapes[0], mode) if options.overlay and _on_slides(blocks) else None
    given = options.caption
    mode = SECOND if mode == REVERSE and options.order > 1 else mode
    given = "" if given is None and cells.dialect.columns else given
    text = caption(expression, cells, mode, options) if given is None else _captioned(given, cells.dialect)
    marked = cells.evaluation.arithmetic.exact and _marked(cells, blocks)
    found = notes(cells.evaluation, marked, cells.numerals, cells, mode, order=options.order)
    if is_of_arrays(cells):
        from adtrace.tables.array_prose import notes as array_notes  # noqa: PLC0415 - only where there are arrays

        found = (*found, *array_notes(cells, expression))
    sheets = Sheets(blocks, _SHEETS.get(cells.dialect.name))
    layout = SIDE_BY_SIDE if options.layout == AUTO and cells.dialect.name != LATEX.name else options.layout
    return Table(text, "", "", mode, layout, blocks, found, sheets, bool(cells.wengert.shapes), steps)


def _on_slides(blocks: Sequence[Block]) -> bool:
    """True; raises `BoundError` for a table that is too long to be uncovered: each step is a page."""
    lines = sum(block.height for block in blocks)
    if lines > LATEX_LINES:
        raise BoundError(f"a table of {lines} lines is too long to be uncovered on slides; the bound is {LATEX_LINES}")
    return True


def _updated(cells: Cells, options: Options) -> Table:
    """The table of a step of gradient descent: each variable, its value, its derivative, its new value."""
    dialect, texts = cells.dialect, updates.columns(cells)
    headings = updates.headings(cells)
    lines = cells.set_lines(texts)
    group = Written(_unfolded(lines) if dialect.name == TERMINAL.name else lines)
    widths = [0] * len(headings) if dialect.name == LATEX.name else _widths(headings, [group], dialect)
    columns = tuple(Column(heading, False, width) for heading, width in zip(headings, widths, strict=True))
    between = 2 * (len(columns) - 1)
    panel = Panel("", True, False, columns, True, sum(widths) + between, 2, len(columns) + 1, arrow=False)
    tall = (_heights(group),) if dialect.name == TYPST.name and is_of_arrays(cells) else ()
    block = Block((panel,), (group,), len(group), tall)
    given = options.caption
    text = updates.caption(cells) if given is None else _captioned(given, dialect)
    marked = cells.evaluation.arithmetic.exact and _marked(cells, (block,))
    found = notes_of_digits(cells.evaluation, marked, dialect)
    sheets = Sheets((block,), _SHEETS.get(dialect.name))
    label = f"{options.label}-update" if options.label else ""
    layout = SIDE_BY_SIDE if options.layout == AUTO and dialect.name != LATEX.name else options.layout
    each = Uncovered(len(group), ("1",), (tuple((str(step),) for step in range(1, len(group) + 1)),))
    steps = each if options.overlay and _on_slides((block,)) else None
    return Table(text, label, "", REVERSE, layout, (block,), found, sheets, bool(cells.wengert.shapes), steps)


def _captioned(text: str, dialect: Dialect) -> str:
    from adtrace.writing.mathtext import captioned  # noqa: PLC0415 - few captions are the author's own

    return captioned(text, dialect)


def _marked(cells: Cells, blocks: Sequence[Block]) -> bool:
    """Whether a digit is marked as undecided, which every line has to be made for."""
    parts = [part for block in blocks for group in block.groups for part in group.parts()]
    return cells.numerals.undecided and any(MARK in line for part in parts for line in part)


def _shape(cells: Cells, panel: styles.Panel) -> Shape:
    computing = panel.order == COMPUTING
    groups: tuple[Lines, ...]
    contributions = panel.lines == CONTRIBUTIONS
    groups = cells.contribution_lines(computing=computing) if contributions else cells.variable_lines()
    if computing and panel.role == ADJOINTS:  # the results in the order of the inputs
        first, *others = groups
        groups = (*(group if group.counts else Lines(group.kind, group.places[::-1]) for group in others[::-1]), first)
    return Shape(panel, *_columns(panel, len(cells.evaluation.seeds)), groups)


@lru_cache(maxsize=64)
def _columns(panel: styles.Panel, seeds: int) -> tuple[Columns, Columns]:
    """The columns of a panel and those below, for so many seeds.

    Beside more than two seeds the tangents stand as values: nobody reads ``0 x 5 - 0.7568 x 0`` five times.
    """
    if seeds > _MOST_WORKED:
        valued = [_as_values(part, droppable=not panel.below) for part in (panel.columns, panel.below)]
        panel = replace(panel, columns=valued[0], below=valued[1])
    columns, below = _by_seed(panel.columns, seeds), _by_seed(panel.below, seeds)
    if below:
        columns, below = _beneath(panel, columns, below)
    return Columns(columns), Columns(below)


_Entries = tuple[tuple[styles.Column, int], ...]
_MOST_WORKED = 2
"""Seeds beside which each tangent is worked out."""


def _beneath(panel: styles.Panel, columns: _Entries, below: _Entries) -> tuple[_Entries, _Entries]:
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


def _by_seed(columns: Sequence[styles.Column], seeds: int) -> _Entries:
    """The columns; one that holds a number of the tangent once for each seed."""
    return tuple(
        (column, seed)
        for column in columns
        for seed in (range(seeds) if any(part.per_seed for part in column.parts) else (0,))
    )


def _as_values(columns: Sequence[styles.Column], *, droppable: bool) -> tuple[styles.Column, ...]:
    """The columns with values of tangents in place of numbers put in; one that stands there already is not repeated."""
    entries: list[styles.Column] = []
    parts = [part for column in columns for part in column.parts if droppable and part.per_seed]
    valued = {part.quantity for part in parts if part.form == words.NUMBER}
    for column in columns:
        worked = list(filter(_is_worked, column.parts))
        kept = tuple(part for part in column.parts if part not in worked)
        if not worked:
            entries.append(column)
        elif worked[0].quantity not in valued:
            entries.append(column._replace(parts=tuple(map(_as_value, column.parts))))
        elif kept:
            entries.append(column._replace(parts=(styles.Part("", kept[0].part), *kept[1:])))
    return tuple(entries)


def _is_worked(part: styles.Part) -> bool:
    """Whether it is a tangent with numbers put in."""
    return part.per_seed and part.form == words.NUMBERS


def _as_value(part: styles.Part) -> styles.Part:
    return styles.Part(part.joint, words.word(part.quantity, words.NUMBER)) if _is_worked(part) else part


def _block(cells: Cells, shapes: Sequence[Shape]) -> Block:
    """Panels beside each other: entry by entry, the shorter ones filled with empty lines."""
    steps = [1] * len(shapes)
    groups: list[Written] = []
    for beside in zip(*(shape.groups for shape in shapes), strict=True):
        if any(lines.places for lines in beside):
            groups.append(_group(cells, shapes, beside, steps[:]))
        steps = [step + len(lines.places) for step, lines in zip(steps, beside, strict=True)]
    tall = tuple(map(_heights, groups)) if cells.dialect.name == TYPST.name and is_of_arrays(cells) else ()
    return Block(_panels(cells, shapes, groups), tuple(groups), sum(map(len, groups)), tall)


def _heights(group: Written) -> tuple[int, ...]:
    """For each line the rows of its highest matrix."""
    return tuple(max(piece.count(";") + 1 for piece in ["", *line.split("mat(")[1:]]) for line in group.lines)


def _group(cells: Cells, shapes: Sequence[Shape], beside: Sequence[Lines], steps: Sequence[int]) -> Written:
    """The lines of one group; ``steps`` are the numbers of the first line in each panel."""
    entries = max([lines.length for lines in beside])
    counts = [_counts(lines, entries) for lines in beside]
    heights = counts[0] if all(own == counts[0] for own in counts[1:]) else list(map(max, *counts))
    at = [0] * len(beside)  # where the next lines of each panel stand; they are asked for from the top
    twice = any(shape.below.entries for shape in shapes)

    def make(start: int, stop: int) -> list[str]:
        if start == 0:
            at[:] = [0] * len(beside)
        upper: list[list[str]] = []
        lower: list[list[str]] = []
        for k, (shape, lines) in enumerate(zip(shapes, beside, strict=True)):
            own, high = counts[k][start:stop], heights[start:stop]
            places, step = lines.places[at[k] : at[k] + sum(own)], steps[k] + at[k]
            upper.append(_spaced(cells.lines(lines.kind, places, shape.columns, step), own, high, shape.columns))
            if twice:
                empty = not shape.below.entries
                below = (
                    [shape.columns.blank] * len(places) if empty else cells.lines(lines.kind, places, shape.below, step)
                )
                lower.append(_spaced(below, own, high, shape.columns))
            at[k] += len(places)
        made = _beside(upper)
        if twice:
            return [line for pair in zip(made, _beside(lower), strict=True) for line in pair]
        return _tied(made, heights[start:stop]) if cells.dialect.name == LATEX.name else made

    if is_of_arrays(cells):
        made = make(0, entries)
        if len(shapes) == 1:  # data have no derivatives
            made = [line for line in made if line.strip(EMPTY + CELL)]
        return Written(_unfolded(made) if cells.dialect.name == TERMINAL.name else made)
    return Group(make, entries, sum(heights) * (2 if twice else 1))


def _unfolded(lines: list[str]) -> list[str]:
    """The lines of a terminal, where those with matrices in them are several."""
    if not any(OPEN in line for line in lines):
        return lines
    return [line for folded in lines for line in _several_lines(folded)]


def _several_lines(line: str) -> list[str]:
    """A line with matrices in its cells as several, the names and signs in the middle of each."""
    panels = [[unfolded(cell, width) for cell in panel.split(CELL)] for panel in line.split(PANEL)]
    blocks = [block for panel in panels for block in panel]
    above, below = max(map(middle, blocks)), max(len(block) - middle(block) for block in blocks)
    made: list[str] = []
    for place in range(-above, below):
        at = [[_line_at(block, place) for block in panel] for panel in panels]
        made.append(PANEL.join(map(CELL.join, at)))
    return made


def _line_at(block: list[str], place: int) -> str:
    """The line so far below the middle of a block."""
    place += middle(block)
    return block[place] if 0 <= place < len(block) else EMPTY


def _counts(lines: Lines, entries: int) -> Sequence[int]:
    """The lines of each entry, none past the last."""
    counts = [1] * len(lines.places) if lines.counts is None else lines.counts
    return [*counts, *[0] * (entries - len(counts))] if len(counts) < entries else counts


def _beside(panels: list[list[str]]) -> list[str]:
    """The lines of panels that stand beside each other."""
    return panels[0] if len(panels) == 1 else list(map(PANEL.join, zip(*panels, strict=True)))


def _tied(lines: list[str], heights: Sequence[int]) -> list[str]:
    """The lines, those after the first of an entry marked: a page shows that they are of one operation."""
    if len(lines) == len(heights):
        return lines
    rest = iter(lines)
    return [TIED + line if k else line for height in heights for k, line in enumerate(islice(rest, height))]


def _spaced(lines: list[str], counts: Sequence[int], heights: Sequence[int], columns: Columns) -> list[str]:
    """The lines with empty ones after an entry that is higher in another panel."""
    if counts == heights:
        return lines
    rest, blank = iter(lines), columns.blank
    spaced: list[str] = []
    for count, height in zip(counts, heights, strict=True):
        spaced.extend(islice(rest, count))
        if height > count:
            spaced.extend([blank] * (height - count))
    return spaced


def _widths(headings: Sequence[str], groups: Sequence[Written], dialect: Dialect) -> list[int]:
    """The width of the widest cell of each column, those of all panels one after the other."""
    widest = [width(dialect.measured(text)) for text in headings]
    for group in groups:
        for part in group.parts():
            text = dialect.measured("\n".join(part).replace(EMPTY, "").replace(PANEL, CELL))
            measure = len if text.isascii() else width
            columns = zip(*[line.split(CELL) for line in text.split("\n")], strict=True)
            widest = [max(before, *map(measure, column)) for before, column in zip(widest, columns, strict=True)]
    return widest


def _panels(cells: Cells, shapes: Sequence[Shape], groups: Sequence[Written]) -> tuple[Panel, ...]:
    headings = [_headings(cells, shape) for shape in shapes]
    every = [text for own in headings for text in own]
    widths = [0] * len(every) if cells.dialect.name == LATEX.name else _widths(every, groups, cells.dialect)
    columns = [shape.columns for shape in shapes]
    return _set(
        cells.dialect, tuple(zip([shape.panel for shape in shapes], columns, headings, strict=True)), tuple(widths)
    )


@lru_cache(maxsize=256)
def _set(
    dialect: Dialect, panels: tuple[tuple[styles.Panel, Columns, tuple[str, ...]], ...], widths: tuple[int, ...]
) -> tuple[Panel, ...]:
    """The panels with their headings, in columns of these widths."""
    found: list[Panel] = []
    rest = iter(widths)
    for panel, columns, headings in panels:
        equals = [column.equals for column, _ in columns.entries]
        widest, gaps = list(islice(rest, len(equals))), sum(1 if sign else 2 for sign in equals[1:])
        heading = _phrased(panel.heading, dialect)
        words = _over_columns(dialect.prose(heading), len(equals))
        if dialect.kind == MARKDOWN.name and not any(headings):
            widest = [max(pair) for pair in zip(widest, map(_longest_word, words), strict=True)]
        elif dialect.name != LATEX.name:
            arrow = _ARROW if dialect.kind == RST.kind else 0
            widest[-1] += max(0, width(heading) + arrow - sum(widest) - gaps)
        first = (found[-1].last + 1 if found else 0) + 2
        derived, last = panel.role != EVALUATION, first + len(equals) - 1
        own = tuple(Column(*of) for of in zip(headings, equals, widest, map(_is_number, columns.entries), strict=True))
        room = sum(widest) + gaps
        named = Panel(dialect.prose(heading), derived, panel.upward, own, any(headings), room, first, last, words=words)
        found.append(named)
    return tuple(found)


def _phrased(heading: str, dialect: Dialect) -> str:
    """The heading with its phrases in the language of the document; the marks of seeds stay."""

    def phrase(found: re.Match[str]) -> str:
        known = found[1] in wording(ENGLISH).phrases and found[0] not in styles.SEED_MARKS
        marks = {mark[1:-1]: mark for mark in styles.SEED_MARKS}
        return dialect.say(found[1], number=found[2], **marks) if known else found[0]

    return styles.PHRASE.sub(phrase, heading)


def _is_number(entry: tuple[styles.Column, int]) -> bool:
    """Whether a column is numbers alone."""
    column = entry[0]
    return not column.equals and bool(column.parts) and all(part.form == words.NUMBER for part in column.parts)


_ARROW = 2
"""Characters of a blank and an arrow behind a heading."""


def _over_columns(heading: str, columns: int) -> tuple[str, ...]:
    """A heading in so many parts, the first as long as the others or longer; nothing where it has no more words."""
    words = heading.split(" ") if heading else []
    each, more = divmod(len(words), columns)
    rest = iter(words)
    return tuple(" ".join(islice(rest, each + (place < more))) for place in range(columns))


def _longest_word(text: str) -> int:
    """What the longest word of a heading takes, in characters of a formula, whose indices are small."""
    return 3 * max(map(width, text.split(" "))) // 2 + 1


def _headings(cells: Cells, shape: Shape) -> tuple[str, ...]:
    """The headings of the columns of a panel."""
    headings = [_heading(cells, column, seed) for column, seed in shape.columns.entries]
    for under, (column, seed) in enumerate(shape.below.entries):
        headings[under] = headings[under] or _heading(cells, column, seed)
    return tuple(headings)


def _heading(cells: Cells, column: styles.Column, seed: int) -> str:
    """The heading of a column; several seeds are told apart even where the style's heading does not name them."""
    text, seeds = column.heading, len(cells.evaluation.seeds)
    if not text and seeds == 1:
        return ""
    text = _phrased(text, cells.dialect)
    several = seeds > 1 and any(part.per_seed for part in column.parts)
    if several and not _SEED.search(text):
        text += f", {styles.SEED}" if text else styles.SEED
    words = _SEED.split(text)
    words[0::2] = [cells.dialect.prose(word) for word in words[0::2]]
    words[1::2] = [seed_heading(cells, seed, word) for word in words[1::2]]
    return "".join(words)


_SEED = re.compile(f"({'|'.join(map(re.escape, styles.SEED_MARKS))})")


def _cut(block: Block, most: int) -> Iterator[Block]:
    """A block in parts of at most so many lines, its groups kept apart."""
    page: list[Written] = []
    words: list[Written] = []
    left = most

    def part(height: int) -> Block:
        tall = tuple(map(_heights, page)) if block.tall else ()
        return Block(block.panels, tuple(page), height, tall, tuple(words))

    for group, said in zip_longest(block.groups, block.said):
        lines, heard = chain.from_iterable(group.parts()), chain.from_iterable(said.parts() if said else ())
        while taken := list(islice(lines, left)):
            page.append(Written(taken))
            if said:
                words.append(Written(list(islice(heard, left))))
            left -= len(taken)
            if not left:
                yield part(most)
                page, words, left = [], [], most
    if page:
        yield part(most - left)
