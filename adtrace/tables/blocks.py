"""Panels beside each other: the lines of a group as texts, the widths of columns, and their headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from adtrace.settings import (
    ENGLISH,
)
from adtrace.tables import parts as words
from adtrace.tables import styles
from adtrace.tables.array_panels import is_of_arrays
from adtrace.tables.cells import Cells
from adtrace.tables.lines import Lines
from adtrace.tables.patterns import CELL, EMPTY, PANEL, TIED, Columns
from adtrace.tables.prose import seed_heading
from adtrace.tables.shapes import Shape
from adtrace.tables.table import Block, Column, Group, Panel, Written, heights
from adtrace.tracing.quantities import EVALUATION
from adtrace.wording import wording
from adtrace.writing.derived import RST
from adtrace.writing.dialects import LATEX, MARKDOWN, TERMINAL, TYPST, width
from adtrace.writing.matrices import OPEN, middle, unfolded
from adtrace.writing.notation import Dialect


def block_of(cells: Cells, shapes: Sequence[Shape]) -> Block:
    """Panels beside each other: entry by entry, the shorter ones filled with empty lines."""
    steps = [1] * len(shapes)
    groups: list[Written] = []
    for beside in zip(*(shape.groups for shape in shapes), strict=True):
        if any(lines.places for lines in beside):
            groups.append(_group(cells, shapes, beside, steps[:]))
        steps = [step + len(lines.places) for step, lines in zip(steps, beside, strict=True)]
    return Block(_panels(cells, shapes, groups), tuple(groups), sum(map(len, groups)), _tall(cells, groups))


def block_of_texts(cells: Cells, headings: Sequence[str], lines: list[str]) -> Block:
    """One panel, whose lines are made already."""
    dialect = cells.dialect
    group = Written(_unfolded(lines) if dialect.name == TERMINAL.name else lines)
    widths = [0] * len(headings) if dialect.name == LATEX.name else _widths(headings, [group], dialect)
    columns = tuple(Column(heading, False, width) for heading, width in zip(headings, widths, strict=True))
    room = sum(widths) + 2 * (len(columns) - 1)
    panel = Panel("", True, False, columns, True, room, 2, len(columns) + 1, arrow=False)
    return Block((panel,), (group,), len(group), _tall(cells, [group]))


def _tall(cells: Cells, groups: Sequence[Written]) -> tuple[tuple[int, ...], ...]:
    """The rows of the highest matrices, where Typst has to be told."""
    return tuple(map(heights, groups)) if cells.dialect.name == TYPST.name and is_of_arrays(cells) else ()


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
        texts = _beside(upper)
        if twice:
            return [line for pair in zip(texts, _beside(lower), strict=True) for line in pair]
        return _tied(texts, heights[start:stop]) if cells.dialect.name == LATEX.name else texts

    if is_of_arrays(cells):
        texts = make(0, entries)
        if len(shapes) == 1:  # data have no derivatives
            texts = [line for line in texts if line.strip(EMPTY + CELL)]
        return Written(_unfolded(texts) if cells.dialect.name == TERMINAL.name else texts)
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
    texts: list[str] = []
    for place in range(-above, below):
        at = [[_line_at(block, place) for block in panel] for panel in panels]
        texts.append(PANEL.join(map(CELL.join, at)))
    return texts


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
    result: list[Panel] = []
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
        first = (result[-1].last + 1 if result else 0) + 2
        derived, last = panel.role != EVALUATION, first + len(equals) - 1
        own = tuple(Column(*of) for of in zip(headings, equals, widest, map(_is_number, columns.entries), strict=True))
        room = sum(widest) + gaps
        named = Panel(dialect.prose(heading), derived, panel.upward, own, any(headings), room, first, last, words=words)
        result.append(named)
    return tuple(result)


def _phrased(heading: str, dialect: Dialect) -> str:
    """The heading with its phrases in the language of the document; the marks of seeds stay."""

    def phrase(match: re.Match[str]) -> str:
        is_phrase = match[1] in wording(ENGLISH).phrases and match[0] not in styles.SEED_MARKS
        marks = {mark[1:-1]: mark for mark in styles.SEED_MARKS}
        return dialect.say(match[1], number=match[2], **marks) if is_phrase else match[0]

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
    length, more = divmod(len(words), columns)
    rest = iter(words)
    return tuple(" ".join(islice(rest, length + (place < more))) for place in range(columns))


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
