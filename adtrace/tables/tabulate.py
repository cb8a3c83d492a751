"""An evaluation into tables: the cells, the layout, the caption and the notes of each.

The default layout is that of Baydin, Pearlmutter, Radul and Siskind, *Automatic Differentiation in Machine Learning: a
Survey*, JMLR 18 (2018), Tables 2 and 3: an adjoint row stands beside the operation that made it, and is read upwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adtrace.errors import BoundError, OptionError, TemplateError
from adtrace.formats import FORMATS
from adtrace.language.syntax import Expression
from adtrace.settings import (
    AUTO,
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
from adtrace.tables import updates
from adtrace.tables.array_panels import downward, is_of_arrays, of_arrays, valued
from adtrace.tables.blocks import block_of, block_of_texts
from adtrace.tables.cells import Cells
from adtrace.tables.naming import Naming, require_told_apart
from adtrace.tables.notes import notes, notes_of_digits
from adtrace.tables.numerals import MARK, Numerals
from adtrace.tables.options import Options
from adtrace.tables.panels import as_columns, worked_out
from adtrace.tables.panels import panels as panels_of
from adtrace.tables.prose import caption
from adtrace.tables.shapes import Shape, shape_of
from adtrace.tables.steps import Uncovered, uncovered
from adtrace.tables.styles import Style
from adtrace.tables.table import LATEX_LINES, PAGE_LINES, Block, Sheets, Table
from adtrace.tracing.sweeps import Evaluation
from adtrace.writing.derived import ASCIIDOC, CSV, OFFICE, RST
from adtrace.writing.dialects import LATEX, MARKDOWN, MARKDOWN_IN_MYST, MARKDOWN_IN_PANDOC, TERMINAL, TYPST
from adtrace.writing.mathml import MATHML
from adtrace.writing.notation import Dialect
from adtrace.writing.spoken import spoken

DIALECTS: dict[str, Dialect] = {
    dialect.kind: dialect for dialect in (LATEX, MARKDOWN, TERMINAL, MATHML, OFFICE, TYPST, RST, ASCIIDOC, CSV)
}
"""The dialects in which formats write formulas."""
_SHEETS = {LATEX.name: LATEX_LINES, TYPST.name: PAGE_LINES}
_BESIDE = 118
"""Characters of the widest traces with arrays that stand beside each other."""


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
    panels = panels_of(cells.style, mode, options.columns, options.order, len(cells.wengert.flat.columns))
    if cells.numerals.formulas:
        panels = tuple(map(worked_out, panels))
    options = _laid_out(cells, mode, options)
    stacked = options.layout == STACKED
    if is_of_arrays(cells):
        panels = tuple(of_arrays(panel, options.columns) for panel in panels)
        panels = tuple(map(downward, panels)) if stacked else panels
    if cells.dialect.columns:
        formulas = cells.numerals.formulas or EXACT in (options.numbers, cells.style.numbers)
        panels = tuple(as_columns(panel, options.columns is not None, formulas) for panel in panels)
    shapes = [shape_of(cells, panel) for panel in panels]
    return [[shape] for shape in shapes] if stacked and cells.dialect.name != LATEX.name else [shapes]


def _laid_out(cells: Cells, mode: str, options: Options) -> Options:
    """The options with a layout: traces with arrays stand beside each other if they have room, and a line for each row.

    Those of numbers are laid out by who sets them, but where a page has to be filled by us.
    """
    if options.layout != AUTO or not (is_of_arrays(cells) or cells.dialect.room):
        return options
    beside = replace(options, layout=SIDE_BY_SIDE)
    if not is_of_arrays(cells):
        panels = block_of(cells, shapes_of(cells, mode, beside)[0]).panels
        wide = sum(panel.width for panel in panels) > cells.dialect.room
        return replace(options, layout=STACKED) if wide else beside
    shapes = shapes_of(cells.terminal, mode, beside)[0]
    block = block_of(cells.terminal, shapes)
    lines = sum(max(lines.length for lines in group) for group in zip(*(shape.groups for shape in shapes), strict=True))
    fits = block.height == lines and sum(panel.width for panel in block.panels) <= _BESIDE
    return beside if fits else replace(options, layout=STACKED)


def _table(expression: Expression, cells: Cells, mode: str, options: Options) -> Table:
    options = _laid_out(cells, mode, options)
    shapes = shapes_of(cells, mode, options)
    blocks = tuple(block_of(cells, part) for part in shapes)
    steps = uncovered(cells, shapes[0], mode) if options.overlay and _on_slides(blocks) else None
    words = options.caption
    mode = SECOND if mode == REVERSE and options.order > 1 else mode
    words = "" if words is None and cells.dialect.columns else words
    text = caption(expression, cells, mode, options) if words is None else _captioned(words, cells.dialect)
    marked = cells.evaluation.arithmetic.exact and _marked(cells, blocks)
    below = notes(cells.evaluation, marked, cells.numerals, cells, mode, order=options.order)
    if is_of_arrays(cells):
        from adtrace.tables.array_prose import notes as array_notes  # noqa: PLC0415 - only where there are arrays

        below = (*below, *array_notes(cells, expression))
    return _whole(cells, options, mode, blocks, text)._replace(notes=below, steps=steps)


def _whole(cells: Cells, options: Options, mode: str, blocks: tuple[Block, ...], text: str) -> Table:
    """A table with its caption, its layout and its pages."""
    sheets = Sheets(blocks, _SHEETS.get(cells.dialect.name))
    layout = SIDE_BY_SIDE if options.layout == AUTO and cells.dialect.name != LATEX.name else options.layout
    return Table(text, "", "", mode, layout, blocks, (), sheets, bool(cells.wengert.shapes))


def _on_slides(blocks: Sequence[Block]) -> bool:
    """True; raises `BoundError` for a table that is too long to be uncovered: each step is a page."""
    lines = sum(block.height for block in blocks)
    if lines > LATEX_LINES:
        raise BoundError(f"a table of {lines} lines is too long to be uncovered on slides; the bound is {LATEX_LINES}")
    return True


def _updated(cells: Cells, options: Options) -> Table:
    """The table of a step of gradient descent: each variable, its value, its derivative, its new value."""
    texts = updates.columns(cells)
    block = block_of_texts(cells, updates.headings(cells), cells.set_lines(texts))
    text = updates.caption(cells) if options.caption is None else _captioned(options.caption, cells.dialect)
    marked = cells.evaluation.arithmetic.exact and _marked(cells, (block,))
    count = len(block.groups[0])
    steps = Uncovered(count, ("1",), (tuple((str(step),) for step in range(1, count + 1)),))
    return _whole(cells, options, REVERSE, (block,), text)._replace(
        label=f"{options.label}-update" if options.label else "",
        notes=notes_of_digits(cells.evaluation, marked, cells.dialect),
        steps=steps if options.overlay and _on_slides((block,)) else None,
    )


def _captioned(text: str, dialect: Dialect) -> str:
    from adtrace.writing.mathtext import captioned  # noqa: PLC0415 - few captions are the author's own

    return captioned(text, dialect)


def _marked(cells: Cells, blocks: Sequence[Block]) -> bool:
    """Whether a digit is marked as undecided, which every line has to be made for."""
    parts = [part for block in blocks for group in block.groups for part in group.parts()]
    return cells.numerals.undecided and any(MARK in line for part in parts for line in part)
