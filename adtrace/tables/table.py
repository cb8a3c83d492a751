"""A table as its templates find it: every cell a plain string in one dialect.

Table ::= caption, label, Block ..., notes
Block ::= Panel ... ; group ...             side by side: the panels together; stacked: a block for each
group ::= line ...                          inputs, operations, outputs
line  ::= for each panel its cells, one for each column ("" where there is nothing)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from typing import Any, NamedTuple, overload

from adtrace.collector import uncollected
from adtrace.tables.patterns import CELL, EMPTY, PANEL, TIED
from adtrace.tables.steps import Uncovered

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


PAGE_LINES = 31
"""Lines of the longest table that stands on one page in Typst; a figure is not broken by itself."""
LATEX_LINES = 400
"""Lines of the longest table that LaTeX sets at once; it fills its pages with them by itself."""
_ENTRIES = 1024
"""Inputs, operations or outputs of which the lines are made at once."""
_KEPT = 250_000
"""Lines of the longest table whose texts are kept while it is written; those of a longer one are made again."""


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


def heights(group: Written) -> tuple[int, ...]:
    """For each line the rows of its highest matrix."""
    return tuple(max(piece.count(";") + 1 for piece in ["", *line.split("mat(")[1:]]) for line in group.lines)


def _cut(block: Block, most: int) -> Iterator[Block]:
    """A block in parts of at most so many lines, its groups kept apart."""
    page: list[Written] = []
    words: list[Written] = []
    left = most

    def part(height: int) -> Block:
        tall = tuple(map(heights, page)) if block.tall else ()
        return Block(block.panels, tuple(page), height, tall, tuple(words))

    for group, said in zip_longest(block.groups, block.said):
        lines, heard = chain.from_iterable(group.parts()), chain.from_iterable(said.parts() if said else ())
        while rows := list(islice(lines, left)):
            page.append(Written(rows))
            if said:
                words.append(Written(list(islice(heard, left))))
            left -= len(rows)
            if not left:
                yield part(most)
                page, words, left = [], [], most
    if page:
        yield part(most - left)
