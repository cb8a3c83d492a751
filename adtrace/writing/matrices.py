r"""Arrays of texts: matrices, vectors in columns or lines, and what a large one leaves out.

    layout ::= text | vector in a line  (1, 2, -1) | matrix  [1 -1; 0.5 0.25] | layouts in brackets  ([..], [..])

Each dialect has a `Brackets` for that.  In a terminal a matrix is several lines: there a formula is a text in which
each block of lines stands between `OPEN` and `CLOSE`, and `unfolded` lays the lines out, the middle ones on one line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

WHOLE_UP_TO, FIRST = 6, 3
"""Entries of the longest axis that is printed whole, and how many of a longer one stand before the dots."""
LINE, COLUMN, ROW = "line", "column", "row"
"""How a vector stands: (1, 2, -1), or as a matrix of one column or one row, beside a product of matrices."""


class Dots(NamedTuple):
    """Entries that are left out: of a line with commas, of a row of a matrix, of a column, of both."""

    line: str = "..."
    across: str = "..."
    down: str = "..."
    both: str = "..."


_FULL_STOPS = Dots()


@dataclass(frozen=True, eq=False)
class Brackets:
    """How arrays of texts are written in one kind of document."""

    matrix: Callable[[Sequence[Sequence[str]]], str]
    """Rows of entries in square brackets, set right."""
    left: Callable[[Sequence[Sequence[str]]], str]
    """The same set left, for formulas."""
    beside: Callable[[Sequence[str]], str]
    """Matrices in brackets beside each other, with commas."""
    shape: Callable[[Sequence[int]], str]
    r"""``\in \mathbb R^{2 \times 2}``, in grey where there is colour."""
    space: Callable[[Sequence[int]], str]
    """The shape alone, as a graph has it on its edges."""
    picked: Callable[[str], str]
    """An entry that a maximum took, underlined."""
    dots: Dots = _FULL_STOPS
    vector: Callable[[Sequence[str]], str] = lambda entries: f"({', '.join(entries)})"
    """Entries in a line."""


def nested(entries: Sequence[Any], shape: Sequence[int]) -> Any:
    """Entries in row order as nested lists; the one entry for shape ()."""
    if not shape:
        return entries[0]
    if len(shape) == 1:
        return list(entries)
    size = len(entries) // shape[0]
    return [nested(entries[k : k + size], shape[1:]) for k in range(0, len(entries), size)]


def is_elided(shape: Sequence[int]) -> bool:
    """Whether entries of an array of this shape are left out."""
    return any(size > WHOLE_UP_TO for size in shape)


def kept(size: int) -> list[int]:
    """The places on an axis that are printed; dots stand before the last if that are not all."""
    return list(range(size)) if size <= WHOLE_UP_TO else [*range(FIRST), size - 1]


def kept_places(shape: Sequence[int]) -> list[int]:
    """The places of the entries that are printed, in row order: all others need no digits."""
    places = [0]
    for size in shape:
        places = [place * size + at for place in places for at in kept(size)]
    return places


def levelled(texts: Sequence[str], rounded: Sequence[bool], digits: int) -> list[str]:
    """The entries of one array with one number of decimals, as soon as one of them is rounded; all as they are else."""
    if not any(rounded):
        return list(texts)
    return [text if not _is_decimal(text) else _lengthened(text, digits) for text in texts]


def _is_decimal(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _lengthened(text: str, digits: int) -> str:
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.ljust(digits, '0')}" if digits else whole


def laid_out(
    entries: Sequence[str], shape: Sequence[int], brackets: Brackets, vector: str = LINE, *, told: bool = False
) -> str:
    """An array of texts, in row order; of a large one only those at `kept_places` are given.

    The shape stands beside what leaves entries out, unless it is ``told`` elsewhere.
    """
    sizes = [len(kept(size)) for size in shape]
    cut = [size > WHOLE_UP_TO for size in shape]
    text = _laid_out(nested(entries, sizes), len(shape), cut, brackets, vector)
    return f"{text} {brackets.shape(shape)}" if any(cut) and not told else text


def _laid_out(entries: Any, rank: int, cut: Sequence[bool], brackets: Brackets, vector: str) -> str:
    line, across, down, both = brackets.dots
    if rank == 0:
        return str(entries)
    if rank == 1:
        if vector == COLUMN:
            return brackets.matrix([[entry] for entry in _with_dots(entries, cut[0], down)])
        if vector == ROW:
            return brackets.matrix([_with_dots(entries, cut[0], across)])
        return brackets.vector(_with_dots(entries, cut[0], line))
    if rank == 2:
        rows = [_with_dots(row, cut[1], across) for row in entries]
        return brackets.matrix(_with_dots(rows, cut[0], _with_dots([down] * len(entries[0]), cut[1], both)))
    inner = [_laid_out(part, rank - 1, cut[1:], brackets, vector) for part in entries]
    return brackets.beside(_with_dots(inner, cut[0], line))


def _with_dots(entries: Sequence[Any], cut: bool, dots: Any) -> list[Any]:
    return [*entries[:-1], dots, entries[-1]] if cut else list(entries)


# -- in a terminal ----------------------------------------------------------------------------------------------------

OPEN, BREAK, CLOSE = "\x02", "\x03", "\x04"
"""What stands before a block of lines, between two of them and after the last."""

Block = list[str]


def folded(lines: Block) -> str:
    """A block of lines within a text."""
    return lines[0] if len(lines) == 1 else f"{OPEN}{BREAK.join(lines)}{CLOSE}"


def unfolded(text: str, width: Callable[[str], int] = len) -> Block:
    """The lines of a text with blocks in it, the middles of all blocks on one line."""
    if OPEN not in text:
        return [text]
    pieces: list[Block] = []
    for place, piece in enumerate(text.split(OPEN)):
        inside, _, after = piece.rpartition(CLOSE) if place else ("", "", piece)
        pieces.extend(([inside.split(BREAK)] if place else []) + ([[after]] if after else []))
    return [line.rstrip() for line in _side_by_side(pieces, width)]


def middle(lines: Block) -> int:
    """The place of the line that stands beside other text: the first of two."""
    return (len(lines) - 1) // 2


def _side_by_side(blocks: Sequence[Block], width: Callable[[str], int]) -> Block:
    above = max(map(middle, blocks))
    below = max(len(block) - middle(block) for block in blocks)
    lines = [""] * (above + below)
    for block in blocks:
        wide, first = max(map(width, block)), above - middle(block)
        for place in range(len(lines)):
            text = block[place - first] if 0 <= place - first < len(block) else ""
            lines[place] += text + " " * (wide - width(text))
    return lines


def _tall(lines: Block, left: str, right: str, single: str) -> Block:
    """Lines in tall brackets; ``left`` and ``right`` are their upper ends, middles and lower ends."""
    if len(lines) == 1:
        return [f"{single[0]}{lines[0]}{single[1]}"]
    ends = [(left[0], right[0]), *[(left[1], right[1])] * (len(lines) - 2), (left[2], right[2])]
    return [f"{before}{line}{after}" for (before, after), line in zip(ends, lines, strict=True)]


def text_matrix(width: Callable[[str], int], *, left: bool = False) -> Callable[[Sequence[Sequence[str]]], str]:
    """Matrices in Unicode's tall brackets, by the width that a text takes."""

    def filled(text: str, wide: int) -> str:
        blanks = " " * (wide - width(text))
        return text + blanks if left else blanks + text

    def matrix(rows: Sequence[Sequence[str]]) -> str:
        columns = [[entry.replace(BREAK, " ") for entry in column] for column in zip_longest(*rows, fillvalue="")]
        set_beside = [[filled(text, max(map(width, column))) for text in column] for column in columns]
        lines = ["  ".join(row) for row in zip(*set_beside, strict=True)]
        return folded(_tall(lines, "⎡⎢⎣", "⎤⎥⎦", "[]"))

    return matrix


def text_beside(width: Callable[[str], int]) -> Callable[[Sequence[str]], str]:
    """Matrices beside each other in tall round brackets."""

    def beside(texts: Sequence[str]) -> str:
        blocks: list[Block] = []
        for place, text in enumerate(texts):
            blocks.extend(([[", "]] if place else []) + [unfolded(text, width)])
        return folded(_tall(_side_by_side(blocks, width), "⎛⎜⎝", "⎞⎟⎠", "()"))

    return beside
