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
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import NamedTuple, overload

from adtrace import styles
from adtrace.cells import Cells, ContributionLine, Line, Lines, Operation
from adtrace.collector import uncollected
from adtrace.dialects import LATEX, MARKDOWN, TERMINAL, TYPST
from adtrace.errors import OptionError, TemplateError
from adtrace.mathml import MATHML
from adtrace.notation import Dialect
from adtrace.numerals import FIXED, Numerals
from adtrace.options import BOTH, FORWARD, REFUSE, REVERSE, SIDE_BY_SIDE, Options
from adtrace.prose import caption, notes, seed_heading
from adtrace.styles import COMPUTING, CONTRIBUTIONS, PER_SEED, Style
from adtrace.sweeps import Evaluation
from adtrace.syntax import Expression

DIALECTS: dict[str, Dialect] = {
    "latex": LATEX, "markdown": MARKDOWN, "text": TERMINAL, "html": MATHML, "typst": TYPST,
}  # fmt: skip
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
    groups: tuple[Sequence[Texts], ...]
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


_Columns = tuple[tuple[styles.Column, int], ...]
"""Columns, each with the seed that it is for."""


class Shape(NamedTuple):
    """A panel of the style with its columns, one for each seed where they hold tangents, and its lines."""

    panel: styles.Panel
    columns: _Columns
    below: _Columns
    groups: tuple[Lines, ...]


_ENTRIES = 2048
"""Inputs, operations or outputs of which the lines are made at once."""
_KEPT = 250_000
"""Lines of the longest table whose texts are kept while it is written; those of a longer one are made again."""


class Group(Sequence[Texts]):
    """The lines of a group, made some entries at a time when they are asked for."""

    def __init__(self, make: Callable[[int, int], list[Texts]], entries: int, length: int) -> None:
        self.make, self.entries, self.length = make, entries, length
        self.kept: list[list[Texts]] = []

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[Texts]:
        return chain.from_iterable(self.parts())

    def parts(self) -> Iterator[list[Texts]]:
        """The lines in parts of some thousand."""
        yield from self.kept
        for start in range(len(self.kept) * _ENTRIES, self.entries, _ENTRIES):
            with uncollected():
                part = self.make(start, min(start + _ENTRIES, self.entries))
            if self.length <= _KEPT:
                self.kept.append(part)
            yield part

    @overload
    def __getitem__(self, index: int) -> Texts: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Texts]: ...
    def __getitem__(self, index: int | slice) -> Texts | Sequence[Texts]:
        if isinstance(index, int) and 0 <= index < self.length:
            return next(islice(self, index, None))
        return list(self)[index]


class Tables(Sequence[Table]):
    """The tables of a document, made when they are asked for; a long one in LaTeX is a table for each page."""

    def __init__(self, tables: Sequence[Table], *, paged: bool) -> None:
        self.parts = [(table, _page_count(table) if paged else 1) for table in tables]

    def __len__(self) -> int:
        return sum(count for _, count in self.parts)

    def __iter__(self) -> Iterator[Table]:
        for table, count in self.parts:
            yield from [table] if count == 1 else _pages(table, count)

    @overload
    def __getitem__(self, index: int) -> Table: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Table]: ...
    def __getitem__(self, index: int | slice) -> Table | Sequence[Table]:
        return list(self)[index]


def tabulate(expression: Expression, evaluations: Sequence[Evaluation], style: Style, options: Options) -> Tables:
    """The tables of the mode: the forward one from the first evaluation, a reverse one from each."""
    dialect = DIALECTS[options.source]
    tables: list[Table] = []
    modes = [mode for mode in (FORWARD, REVERSE) if options.mode in (mode, BOTH) and getattr(style, mode)]
    if not modes:
        raise TemplateError(f"the style {style.name} has no {options.mode} panel")
    for mode in modes:
        for place, evaluation in enumerate(evaluations if mode == REVERSE else evaluations[:1]):
            cells = cells_of(evaluation, dialect, style, options)
            table = _table(expression, cells, mode, options)
            suffix = f"-{mode}" * (len(modes) > 1) + f"-{place + 1}" * (mode == REVERSE and len(evaluations) > 1)
            tables.append(table._replace(label=f"{options.label}{suffix}" if options.label else ""))
    return Tables(tables, paged=dialect in (LATEX, TYPST))


def _form(evaluation: Evaluation, style: Style, options: Options) -> str:
    """How numbers are written; displayed arithmetic computes with decimals, and shows what it computes with."""
    if evaluation.displayed is None:
        return options.numbers or style.numbers
    if options.numbers not in (None, FIXED):
        raise OptionError(f"displayed arithmetic rounds to decimals; numbers is {FIXED}, not {options.numbers}")
    return FIXED


def cells_of(evaluation: Evaluation, dialect: Dialect, style: Style, options: Options) -> Cells:
    """The cells of an evaluation, with the numbers as the options and the style ask for them."""
    form = _form(evaluation, style, options)
    numerals = Numerals(evaluation, options.digits, options.rounding, form, options.undecided == REFUSE)
    return Cells(evaluation, dialect, numerals, style)


def shapes_of(cells: Cells, mode: str, options: Options) -> list[list[Shape]]:
    """The panels of a table, in the blocks in which they stand."""
    panels = cells.style.forward if mode == FORWARD else cells.style.reverse
    shapes = [_shape(cells, styles.with_columns(panel, options.columns)) for panel in panels]
    return [shapes] if options.layout == SIDE_BY_SIDE else [[shape] for shape in shapes]


def lined_up(cells: Cells, shapes: Sequence[Shape]) -> list[list[tuple[Line | None, ...]]]:
    """For each group its lines: what stands there in each panel, entry beside entry."""
    groups = zip(*(shape.groups for shape in shapes), strict=True)
    return [
        [line for entry in zip_longest(*map(cells.entries, group), fillvalue=[]) for line in zip_longest(*entry)]
        for group in groups
    ]


def _table(expression: Expression, cells: Cells, mode: str, options: Options) -> Table:
    blocks = tuple(_block(cells, part) for part in shapes_of(cells, mode, options))
    given = options.caption
    text = caption(expression, cells, mode, options) if given is None else cells.dialect.prose(given)
    if cells.evaluation.arithmetic.exact:  # the notes say whether any digit is undecided, so every cell is made first
        for block in blocks:
            for group in block.groups:
                deque(group, maxlen=0)
    found = notes(cells.evaluation, cells.numerals, cells, mode)
    return Table(text, False, "", mode, options.layout, blocks, found)


def _shape(cells: Cells, panel: styles.Panel) -> Shape:
    computing = panel.order == COMPUTING
    groups: tuple[Lines, ...]
    contributions = panel.lines == CONTRIBUTIONS
    groups = cells.contribution_lines(computing=computing) if contributions else cells.variable_lines()
    if computing and panel.role == "adjoint":  # the results in the order of the inputs
        first, *others = groups
        groups = (*(group if group.counts else Lines(group.kind, group.places[::-1]) for group in others[::-1]), first)
    return Shape(panel, *_columns(panel, len(cells.evaluation.seeds)), groups)


@lru_cache(maxsize=64)
def _columns(panel: styles.Panel, seeds: int) -> tuple[_Columns, _Columns]:
    """The columns of a panel and those below, for so many seeds."""
    columns, below = _by_seed(panel.columns, seeds), _by_seed(panel.below, seeds)
    return _beneath(panel, columns, below) if below else (columns, below)


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


def _by_seed(columns: Sequence[styles.Column], seeds: int) -> _Columns:
    """The columns; one that holds a number of the tangent once for each seed."""
    return tuple(
        (column, seed)
        for column in columns
        for seed in (range(seeds) if any(part.part in PER_SEED for part in column.parts) else (0,))
    )


def _block(cells: Cells, shapes: Sequence[Shape]) -> Block:
    """Panels beside each other: entry by entry, the shorter ones filled with empty lines."""
    steps = [1] * len(shapes)
    groups: list[Group] = []
    for beside in zip(*(shape.groups for shape in shapes), strict=True):
        if any(lines.places for lines in beside):
            groups.append(_group(cells, shapes, beside, steps[:]))
        steps = [step + len(lines.places) for step, lines in zip(steps, beside, strict=True)]
    return Block(_panels(cells, shapes, groups), tuple(groups), sum(map(len, groups)))


def _group(cells: Cells, shapes: Sequence[Shape], beside: Sequence[Lines], steps: Sequence[int]) -> Group:
    """The lines of one group; ``steps`` are the numbers of the first line in each panel."""
    entries = max(lines.length for lines in beside)
    counts = [_counts(lines, entries) for lines in beside]
    heights = list(map(max, *counts)) if len(counts) > 1 else counts[0]
    at = [0] * len(beside)  # where the next lines of each panel stand; they are asked for from the top

    def make(start: int, stop: int) -> list[Texts]:
        if start == 0:
            at[:] = [0] * len(beside)
        upper: list[list[tuple[str, ...]]] = []
        lower: list[list[tuple[str, ...]]] = []
        for k, (shape, lines) in enumerate(zip(shapes, beside, strict=True)):
            own, high = counts[k][start:stop], heights[start:stop]
            places = lines.places[at[k] : at[k] + sum(own)]
            blank = ("",) * len(shape.columns)
            made = _texts(cells, shape.columns, lines.kind, places, steps[k] + at[k])
            if lines.kind not in (Operation, ContributionLine):
                made = [_once(texts, shape) for texts in made]
            upper.append(_spaced(made, own, high, blank))
            below = _texts(cells, shape.below, lines.kind, places, steps[k] + at[k]) if shape.below else []
            lower.append(_spaced(below or [blank] * len(places), own, high, blank))
            at[k] += len(places)
        if not any(shape.below for shape in shapes):
            return list(zip(*upper, strict=True))
        return [
            texts for pair in zip(zip(*upper, strict=True), zip(*lower, strict=True), strict=True) for texts in pair
        ]

    return Group(make, entries, sum(heights) * (2 if any(shape.below for shape in shapes) else 1))


def _counts(lines: Lines, entries: int) -> Sequence[int]:
    """The lines of each entry, none past the last."""
    counts = [1] * len(lines.places) if lines.counts is None else lines.counts
    return [*counts, *[0] * (entries - len(counts))] if len(counts) < entries else counts


def _texts(cells: Cells, columns: _Columns, kind: object, places: Sequence[int], step: int) -> list[tuple[str, ...]]:
    """The cells of lines of one kind."""
    made = [cells.column(kind, places, column, seed, step) for column, seed in columns]  # type: ignore[arg-type]
    return list(zip(*made, strict=True))


def _spaced(
    lines: list[tuple[str, ...]], counts: Sequence[int], heights: Sequence[int], blank: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """The lines with empty ones after an entry that is higher in another panel."""
    if counts == heights:
        return lines
    rest = iter(lines)
    spaced: list[tuple[str, ...]] = []
    for count, height in zip(counts, heights, strict=True):
        spaced.extend(islice(rest, count))
        if height > count:
            spaced.extend([blank] * (height - count))
    return spaced


def _once(cells: tuple[str, ...], shape: Shape) -> tuple[str, ...]:
    """The cells of an input or output, where the next part often only says the same again: ``= 5.5`` stands once."""
    texts = list(cells)
    for place in range(1, len(texts)):
        column = shape.columns[place][0]
        if column.equals and texts[place] and texts[place] == texts[place - 1]:
            texts[place - 1 if column.parts[-1].part.endswith("value") else place] = ""
    return tuple(texts)


def _widths(headings: Sequence[str], groups: Sequence[Group], place: int) -> list[int]:
    """The width of the widest cell of each column of a panel."""
    widest = list(map(width, headings))
    for group in groups:
        for part in group.parts():
            columns = zip(*(line[place] for line in part), strict=True)
            for k, column in enumerate(columns):
                widest[k] = max(widest[k], *map(len if "".join(column).isascii() else width, column))
    return widest


def _panels(cells: Cells, shapes: Sequence[Shape], groups: Sequence[Group]) -> tuple[Panel, ...]:
    panels: list[Panel] = []
    for place, shape in enumerate(shapes):
        headings = [_heading(cells, column, seed) for column, seed in shape.columns]
        for under, (column, seed) in enumerate(shape.below):
            headings[under] = headings[under] or _heading(cells, column, seed)
        equals = [column.equals for column, _ in shape.columns]
        widths = [0] * len(headings)
        if cells.dialect is not LATEX:
            widths = _widths(headings, groups, place)
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
        text += f", {styles.SEED}" if text else styles.SEED
    words = _SEED.split(text)
    words[0::2] = [cells.dialect.prose(word) for word in words[0::2]]
    words[1::2] = [seed_heading(cells, seed, word) for word in words[1::2]]
    return "".join(words)


_SEED = re.compile(f"({'|'.join(map(re.escape, styles.SEED_MARKS))})")


def width(text: str) -> int:
    """Columns that a text takes in a terminal: combining marks take none."""
    return len(text) - text.count("\u0304") - text.count("\u0307")


PAGE_LINES = 25
"""Lines of the longest table that stands on one page; a figure is not broken by itself."""


def _page_count(table: Table) -> int:
    """The number of pages that a table takes."""
    if sum(block.height for block in table.blocks) <= PAGE_LINES:
        return 1
    return sum(-(-block.height // PAGE_LINES) for block in table.blocks)


def _pages(table: Table, count: int) -> Iterator[Table]:
    """The table in parts that each stand on a page, cut between lines."""
    parts = (part for block in table.blocks for part in _cut(block))
    for place, part in enumerate(parts):
        yield table._replace(
            blocks=(part,),
            continued=place > 0,
            label="" if place else table.label,
            notes=table.notes if place == count - 1 else (),
        )


def _cut(block: Block) -> Iterator[Block]:
    """A block in parts of at most PAGE_LINES lines, its groups kept apart."""
    page: list[tuple[Texts, ...]] = []
    left = PAGE_LINES
    for group in block.groups:
        lines = iter(group)
        while taken := tuple(islice(lines, left)):
            page.append(taken)
            left -= len(taken)
            if not left:
                yield Block(block.panels, tuple(page), sum(map(len, page)))
                page, left = [], PAGE_LINES
    if page:
        yield Block(block.panels, tuple(page), sum(map(len, page)))
