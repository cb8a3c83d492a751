"""A table of worked formulas, ready for a template: layers of a network, sizes of a window, products of a convolution.

    WorkedTable ::= caption, label, WorkedPanel ..., group ..., totals, notes
    group       ::= line ...                    groups stand a little apart
    line        ::= for each panel its cells, one for each column ("" where there is nothing)

Over the columns of a panel stand its heading and, once, the formula in letters whose numbers its lines put in.
All of it is plain strings in one dialect; a template lays out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from adtrace.writing.dialects import LATEX, width
from adtrace.writing.notation import Dialect

LEFT, RIGHT, CENTRE, SIGN, RESULT, FILL = "l", "r", "c", "e", "q", "f"
"""The sides of a column: set left, right, in the middle; a sign alone, close to what stands on both its sides; what
begins with a sign and is set left, close to what stands before it; nothing, for a heading that is wider."""

WorkedLine = tuple[tuple[str, ...], ...]
"""For each panel its cells."""


class WorkedColumn(NamedTuple):
    """A column of a panel."""

    side: str
    heading: str = ""
    width: int = 0
    """Characters of its widest cell; none for LaTeX, which measures by itself."""


class WorkedPanel(NamedTuple):
    """Columns under one heading."""

    heading: str
    general: str
    """The formula in letters; empty for none."""
    derived: bool
    """Whether it is what things cost (red), not what flows (blue)."""
    columns: tuple[WorkedColumn, ...]
    named: int = 0
    """How many columns stand before those that the heading and the formula stand over: names of lines."""
    first: int = 0
    """The place of its first cell in a line, from 0, where an empty column stands between two panels."""
    width: int = 0
    """Characters of a line of it: two blanks between columns, none round signs."""


class WorkedTable(NamedTuple):
    """One table."""

    caption: str
    """Empty for none."""
    label: str
    panels: tuple[WorkedPanel, ...]
    groups: tuple[tuple[WorkedLine, ...], ...]
    totals: tuple[WorkedLine, ...]
    """Lines below a hairline."""
    notes: tuple[str, ...]
    """Sentences below the table, in one paragraph."""
    arrow: bool = False
    """Whether an arrow down its left side says in which order the lines are made."""
    height: int = 0
    """The number of lines, totals not counted."""


_CLOSE = (SIGN, RESULT)


def gap(before: WorkedColumn, column: WorkedColumn) -> int:
    """The blanks between two columns of a terminal."""
    if column.side == FILL:
        return 0
    return 1 if column.side in _CLOSE or before.side == SIGN else 2


def fitted(table: WorkedTable, dialect: Dialect) -> WorkedTable:
    """The table with the places of its panels, and the widths of its columns where those have to be told."""
    panels: list[WorkedPanel] = []
    first = 0
    for place, panel in enumerate(table.panels):
        columns = panel.columns
        if dialect.name != LATEX.name:
            lines = [line[place] for line in _lines(table)]
            columns = tuple(_wide(column, [cells[at] for cells in lines]) for at, column in enumerate(columns))
            gaps = sum(gap(*pair) for pair in pairwise(columns))
            before = sum(column.width for column in columns[: panel.named]) + 2 * panel.named
            most = sum(column.width for column in columns) + gaps
            lacking = before + max(width(panel.heading), width(panel.general)) - most
            panel = panel._replace(width=most + max(lacking, 0))  # noqa: PLW2901
            if dialect.kind == "rst" and lacking > 0:  # a grid has the room in its columns
                columns = (*columns[:-1], columns[-1]._replace(width=columns[-1].width + lacking))
        panels.append(panel._replace(columns=columns, first=first))
        first += len(columns) + 1
    return table._replace(panels=tuple(panels), height=sum(map(len, table.groups)))


def _lines(table: WorkedTable) -> Iterable[WorkedLine]:
    for group in (*table.groups, table.totals):
        yield from group


def _wide(column: WorkedColumn, cells: Sequence[str]) -> WorkedColumn:
    return column._replace(width=max(map(width, (column.heading, *cells)), default=0))


def celled(dialect: Dialect) -> Callable[[str], str]:
    """A formula as it stands in a cell of these tables: LaTeX's columns are formulas already."""
    if dialect.name == LATEX.name:
        return str
    return lambda text: dialect.math(text) if text else ""


def name(text: str, dialect: Dialect) -> str:
    """A layer as it was typed, in a cell."""
    if dialect.name == "typst":
        return f"#adt-name({_quoted(text)})"
    return rf"\adtname{{{dialect.prose(text)}}}" if dialect.name == LATEX.name else code(text, dialect)


def word(text: str, dialect: Dialect) -> str:
    """A word in a cell."""
    return rf"\adtword{{{dialect.prose(text)}}}" if dialect.name == LATEX.name else dialect.prose(text)


def code(text: str, dialect: Dialect) -> str:
    """A text of the author's as it was typed, in running text."""
    return {
        "latex": lambda: rf"\adtcode{{{dialect.prose(text)}}}",
        "markdown": lambda: f"`{text.replace('|', ' ').replace('`', ' ')}`",
        "rst": lambda: f"``{' '.join(text.replace('`', ' ').split())}``",
        "asciidoc": lambda: f"`+{text.replace('+', ' ').replace('|', ' ').replace('`', ' ')}+`",
        "html": lambda: f"<code>{dialect.prose(text)}</code>",
        "office": lambda: f"<code>{dialect.prose(text)}</code>",
        "typst": lambda: f"#raw({_quoted(text)})",
    }.get(dialect.kind, lambda: dialect.prose(text))()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{"".join(char if char.isprintable() else " " for char in escaped)}"'


def quiet(text: str, dialect: Dialect) -> str:
    """A formula in grey: a zero, a general formula."""
    return {
        "latex": lambda: rf"\adtsoft{{{text}}}",
        "html": lambda: f'<mrow class="adt-soft">{text}</mrow>',
        "typst": lambda: f"#adt-soft(${text}$)",
    }.get(dialect.kind, lambda: text)()


def sought(text: str, dialect: Dialect) -> str:
    """A number that was sought: bold, in the colour of what is derived."""
    return {
        "latex": lambda: rf"{{\adtderived\boldsymbol{{{text}}}}}",
        "html": lambda: f'<mrow class="adt-sought">{text}</mrow>',
        "typst": lambda: f"#text(fill: adt-derived, ${dialect.bold(text)}$)",
    }.get(dialect.kind, lambda: dialect.bold(text))()


def moving(text: str, dialect: Dialect) -> str:
    """An entry of a window that moves: in the colour of values."""
    return {
        "latex": lambda: rf"{{\adtprimal {text}}}",
        "html": lambda: f'<mrow class="adt-moving">{text}</mrow>',
        "typst": lambda: f"#text(fill: adt-primal, ${text}$)",
    }.get(dialect.kind, lambda: text)()
