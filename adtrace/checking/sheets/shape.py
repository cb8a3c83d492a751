"""Rows into sheets: which rows are headings, where another table begins, what belongs into one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, zip_longest

from adtrace.checking.patterns import EXPONENT, MINUS
from adtrace.checking.sheets.equations import SIGN, displayed, is_equation, split_rows
from adtrace.checking.sheets.rows import EQUATIONS, Row
from adtrace.checking.words import COUNTS, QUANTITIES
from adtrace.elementals import FUNCTIONS
from adtrace.errors import BoundError

_OTHERS = """
trace numeric numerical elementary current variable node name row input forward wrt seed edge dual second first quantity
equation coefficients gate var vars def definition num pass sweep direction layer size shape params parameters knoten
derivada traza 变量 节点
"""
_ENTITLED = re.compile(rf"^(?:{'|'.join(_OTHERS.split())}|{COUNTS})$|{QUANTITIES}")
"""The words of headings."""
_NUMBER = re.compile(rf"{MINUS}(?:\d[\d .,/']*(?:{EXPONENT})?|\\d?frac\{{?\d+\}}?\{{?\d+\}}?)|\d+(?: ?[x×] ?\d+)+")
_NAME = re.compile(r"[A-Za-zα-ω][\W_]{0,3}-?[\d₀-₉₋]+")
_FEWEST_NUMBERS, _LONGEST_NAME = 2, 40
"""Numbers below each other that make a column of numbers, and characters of what names one."""
_COMES_TO = re.compile(r"[\d)]\s*=\s*[\d., ]*\d\s*$")
"""A working with its number."""
_PRODUCT = re.compile(r"\$?[A-Za-z]\w{0,3}\s*[*+^]\s*[A-Za-z\d]\w{0,3}\$?")
"""``x*y`` below x and y, which is the operation of a row that stands upright."""
_COMMAND = re.compile(
    r"\\(?:d?frac|mathbf|boldsymbol|textbf|text|num|phantom|bfseries|centering|multirow)\b|[$`*{}]|<[^<>]*>"
)


_BREAKS = re.compile(r"\\\\|<br|\\cr|\n")
_MOST_BREAKS = 20_000
"""Lines within the cells of a table."""


def bare(cell: str) -> str:
    """A cell without its dollars, braces, stars and tags."""
    return _COMMAND.sub(" ", cell).strip(" =~≈")


@lru_cache(maxsize=4096)
def _words(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d_]{2,}", re.sub(r"\\[A-Za-z]+", " ", bare(cell)).lower()))


def worded(cell: str) -> bool:
    """Whether a cell is words: a heading's, or a remark's."""
    return any((len(word) > 2 and word not in FUNCTIONS) or _ENTITLED.search(word) for word in _words(cell))


def entitled(cell: str) -> bool:
    """Whether a cell holds a word that stands in headings."""
    return any(map(_ENTITLED.search, _words(cell)))


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a row that nothing marks is a heading: words in half of its cells, no number, equation or product."""
    filled = _filled(cells)
    said = sum(map(worded, filled))
    others = _has_numbers(filled) or any(map(_PRODUCT.fullmatch, filled))
    return bool(said and 2 * said >= len(filled) and any(map(entitled, filled)) and not others)


def is_row(cells: Sequence[str]) -> bool:
    """Whether a row above a rule is no heading: numbers, equations and no heading's words, beside which is a seed."""
    filled = _filled(cells)
    of_words = worded("".join(filled[:1])) and 2 * sum(map(worded, filled)) > len(filled)
    told = _has_numbers(filled) and not (of_words and not any(_NUMBER.fullmatch(bare(cell)) for cell in filled))
    return told and not any(map(entitled, filled[:1])) and sum(map(entitled, filled)) * 2 < len(filled)


def _has_numbers(cells: Sequence[str]) -> bool:
    return any(
        _NUMBER.fullmatch(bare(cell).rpartition(": ")[2]) or _COMES_TO.search(cell)
        or (is_equation(cell) and not entitled(cell)) for cell in cells
    )  # fmt: skip


def titled(rows: Sequence[Row]) -> list[Row]:
    """The rows, the first as a heading where nothing marks one, and it alone has no number in some column."""
    first, others = rows[0], rows[1:]
    marked = any(row.heading for row in rows)
    if marked or len(others) < _FEWEST_NUMBERS or max(map(len, first.cells)) > _LONGEST_NAME:
        return list(rows)
    return [first._replace(heading=_names_columns(first.cells, [row.cells for row in others])), *others]


def _names_columns(cells: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether cells are names of columns, with a letter over one of numbers, and have none but in such, ``p = 1``."""
    numbers = [all(_NUMBER.fullmatch(bare(row[j])) for row in others) for j in range(len(cells))]
    titles = list(zip(cells, numbers, strict=True))
    if _has_numbers(_filled([bare(cell) for cell, below in titles if not below or "=" not in cell])):
        return False
    named = cells[0] if is_equation(others[0][0]) and not is_equation(cells[0]) else ""
    return any(below and re.search(r"[^\W\d_]", bare(cell) or named) for cell, below in titles)


def squared(rows: Sequence[Row]) -> list[Row]:
    """The rows, as wide as the widest of them."""
    width = max((len(row.cells) for row in rows), default=0)
    return [row._replace(cells=row.cells + ("",) * (width - len(row.cells))) for row in rows]


def parts(rows: Sequence[Row]) -> list[tuple[list[Row], list[Row]]]:
    """The rows in one part for each heading in them: its heading rows, and what stands below.

    A row of words between rows begins another part; a title alone in its row keeps the columns' names.
    """
    width = len(rows[0].cells)
    found: list[tuple[list[Row], list[Row]]] = [([], [])]
    for row in _with_heading(rows):
        above, below = found[-1]
        filled = _filled(row.cells)
        said = (row.heading and not is_row(row.cells)) or is_heading(row.cells)
        if said and not below and len(above) < 3:
            above.append(row)
        elif said and below and (row.heading or _begins_part(row.cells)):
            names = [one for one in above if len(_filled(one.cells)) > 1][-1:] if len(filled) == 1 < width else []
            found.append(([row, *names], []))
        elif filled:
            below.append(row)
    return found


def _with_heading(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows, the first as a heading if it has no number, and several others have nothing else."""
    below = [bare(cell) for row in rows[1:] for cell in _filled(row.cells)]
    is_above = len(rows) > 2 and not _has_numbers(rows[0].cells) and all(map(_NUMBER.fullmatch, below))
    return [rows[0]._replace(heading=True), *rows[1:]] if is_above else rows


def _filled(cells: Sequence[str]) -> list[str]:
    return [cell for cell in cells if cell.strip()]


def _begins_part(cells: Sequence[str]) -> bool:
    filled = _filled(cells)
    said = all(map(worded, filled)) and sum(map(entitled, filled)) * 2 >= len(filled)
    return said and not _NAME.match(bare(cells[0]))


def joined_heading(rows: Sequence[Row], width: int) -> tuple[str, ...]:
    """One text for each column; a group's heading stands before those of its columns."""
    texts = [list(row.cells) for row in rows]
    for above, below in pairwise(texts):
        if all(cell.strip() for cell in below[1:]) and any(cell.strip() for cell in above[1:]):  # no title alone
            for place in range(1, len(above)):
                above[place] = above[place] or above[place - 1]
    columns = zip_longest(*texts, fillvalue="")
    joined = [" ".join(dict.fromkeys(filter(None, map(str.strip, column)))) for column in columns]
    return tuple(joined + [""] * (width - len(joined)))


def lists_apart(rows: Sequence[Row]) -> list[Row]:
    r"""Rows whose every cell is a list of equations, ``$$v_0 = 2 \\ v_1 = 8$$``, as a row for each equation."""
    found: list[Row] = []
    breaks = sum(len(_BREAKS.findall("\0".join(row.cells))) for row in rows)
    if not breaks:
        return list(rows)
    if breaks > _MOST_BREAKS:
        raise BoundError(f"line {rows[0].line}: a table has more than {_MOST_BREAKS} lines in its cells, "
                         "which is the bound")  # fmt: skip
    for row in rows:
        lists = [_listed(cell) for cell in row.cells]
        if any(lists) and all(lists[j] or not cell.strip() for j, cell in enumerate(row.cells)):
            found += (Row(row.line, tuple(cells)) for cells in zip_longest(*lists, fillvalue=""))
        else:
            found.append(row._replace(cells=tuple(map(_in_line, row.cells))))
    return found


def _listed(cell: str) -> list[str]:
    if not _BREAKS.search(cell):
        return []
    text = cell.replace("$", " ")
    text = text if "\\\\" in cell else re.sub(r"\s*\n\s*", r" \\\\ ", text)
    blocks = displayed(text, 1)
    if len(blocks) != 1 or blocks[0].kind != EQUATIONS or len(blocks[0].rows) < 2:
        return []
    dollar = "$" if "$" in cell else ""
    return [f"{dollar}{row.cells[0]}{dollar}" for row in blocks[0].rows]


def _in_line(cell: str) -> str:
    """A cell of several lines as one: its equations parted by semicolons."""
    if "\n" not in cell and "<br" not in cell:
        return cell
    text = ""
    for _, pieces in split_rows(re.sub(r"\s*\n\s*", "<br>", cell.strip())):
        piece = " & ".join(pieces).strip()
        parted = "; " if is_equation(piece) and "=" in text else " "
        text += parted + piece
    return text.strip(" ;")


def glued(rows: Sequence[Row]) -> list[Row]:
    """Rows without the columns in which nothing but ``=`` stands: the sign goes to what it stands before."""
    width = len(rows[0].cells) if rows else 0
    signs = [j for j in range(width - 1)
             if any(row.cells[j].strip() for row in rows)
             and all(re.fullmatch(rf"[$&\s]*(?:{SIGN})?[$&\s]*", row.cells[j]) for row in rows)]  # fmt: skip
    found = list(rows)
    for j in reversed(signs):
        found = [row._replace(cells=(*row.cells[:j], _signed(row.cells[j], row.cells[j + 1]), *row.cells[j + 2 :]))
                 for row in found]  # fmt: skip
    return found


def _signed(sign: str, cell: str) -> str:
    sign = sign.strip("$& ")
    return f"${sign} {cell[1:]}" if cell.startswith("$") and sign else f"{sign} {cell}".strip()
