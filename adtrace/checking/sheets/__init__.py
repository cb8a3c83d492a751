"""Documents into sheets: every table and list of equations in them, whatever the format.

    bytes ──files──▶ text ──a reader──▶ Block ... ──shape──▶ Sheet

``rows``       rows and blocks, and the bounds within which documents are read
``listings``   listings of code with what they printed
``equations``  equations, one a line, in displays, in alignments
``pipes``      cells between bars or tabs
``columns``    cells in columns of characters: our own text, reStructuredText, pandoc
``summaries``  summaries of networks
``worded``     rows whose numbers have their words with them, and derivatives that sentences tell
``sums``       sums of numbers in sentences
``directives`` tables of reStructuredText and MyST that are directives
``latex``      LaTeX tables
``web``        HTML, and MathML as LaTeX
``shape``      rows into headings and rows
``joined``     columns that belong together, and one that holds two
``scan``       a document line by line, by all of these
``asciidoc``   AsciiDoc
``typst``      Typst
``lettered``   marks in letters before names as accents
``typed``      CSV, JSON, notebooks
``units``      tables with a unit of a network a row, as equations
``examples``   tables with an example a row, as equations
``files``      the forms of documents: a table; files: encodings, Word by pandoc
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, takewhile

from adtrace.checking.patterns import FIGURES, MINUS, TITLE
from adtrace.checking.sheets.files import ENDINGS, FORMS, Document, decoded, document, guessed, read
from adtrace.checking.sheets.joined import joined
from adtrace.checking.sheets.lettered import with_layers, with_pools, with_registers, with_steps, with_suffixes
from adtrace.checking.sheets.listings import with_cells
from adtrace.checking.sheets.pipes import with_wiki_tables
from adtrace.checking.sheets.rows import EQUATIONS, MOST_TABLES, PROSE, Block, Row, is_blank, prose, within_bounds
from adtrace.checking.sheets.shape import (
    glued,
    joined_heading,
    lists_apart,
    parts,
    squared,
    titled,
)
from adtrace.checking.sheets.summaries import layers_told, with_totals
from adtrace.checking.sheets.sums import SUMS, sums
from adtrace.checking.sheets.worded import with_sentences
from adtrace.errors import BoundError, InputError, OptionError

__all__ = ["ENDINGS", "FORMS", "SUMS", "Document", "Sheet", "decoded", "document", "guessed", "read", "sheets"]


@dataclass(frozen=True)
class Sheet:
    """One table of a document, or one list of equations.

    A heading between rows begins another sheet, with the same columns if it is only a title.
    """

    heading: tuple[str, ...]
    """A text for each column; empty where there is none."""
    rows: tuple[tuple[str, ...], ...]
    """As many cells in each as the heading has, with their markup as it is written."""
    lines: tuple[int, ...]
    """The line of the document at which each row stands, from 1."""
    before: str = ""
    """The prose above it, from the table before on: captions, the function, the point."""
    after: str = ""
    """The prose below it, to the next table."""
    equations: bool = False
    """Whether it is a list of equations, with one column and a row for each."""


_SHAPE = re.compile(r"\b(?:torch\.Size|TensorShape)\(([\[(](?:None|[\d, ])*[\])])\)")
"""A shape as libraries print it."""
_OVERLAY = re.compile(
    r"\\(?:onslide|uncover|only|visible|alert)\*?\s*<[^<>\n]{0,20}>(?:\{(\$[^$\n]*\$)\})?|(?<=\\item)\s*<[^<>\n]{0,20}>"
    r"|\\pause(?![A-Za-z])"
)
"""When a slide shows something."""
_BATCH = re.compile(r"(?<!\w)([\[(])\s*(?:B|N|bs|batch(?:_size)?)\s*,\s*(?=\d+\s*[,\])])")
"""The batch before a size, ``[B, 16, 7, 7]``, in a document of layers."""
_OF_LAYERS = re.compile(r"conv|pool|linear|dense", re.IGNORECASE)


def sheets(text: str, form: str | None = None) -> tuple[Sheet, ...]:
    """The sheets of a document, last the sums in its prose; ``form`` is a name of `FORMS`, guessed where not given.

    Raises `InputError` where there is none or the document is not of its form, `BoundError` past a documented bound,
    `OptionError` for a form that there is not.
    """
    if form is not None and form not in FORMS:
        raise OptionError(f"the form of a document is {', '.join(FORMS)}; not {form!r}")
    text = _OVERLAY.sub(r"\1", _SHAPE.sub(r"\1", within_bounds(text.removeprefix("\ufeff"))))
    text = _BATCH.sub(r"\1", text) if _OF_LAYERS.search(text) else text
    for rewritten in (with_wiki_tables, with_layers, with_pools, with_registers, with_suffixes, with_steps, with_cells):
        text = rewritten(text)
    blocks = FORMS[form or guessed(text)].blocks(text)
    found = assembled(blocks)
    if len(found) > MOST_TABLES:
        raise BoundError(f"the document has {len(found)} tables; {MOST_TABLES} are read")
    filled = tuple(sheet for sheet in found if sheet.rows)
    if not filled:
        raise InputError(_why_none(text, found))
    said = [*sums(blocks, chain.from_iterable(row for sheet in filled for row in sheet.rows))]
    return (*filled, Sheet(SUMS, tuple(row.cells for row in said), tuple(row.line for row in said))) if said else filled


def of_equations(sheet: Sheet, told: Iterable[tuple[int, str]]) -> Sheet:
    """A sheet with equations for its rows, each with its line."""
    lines, texts = zip(*told, strict=True)
    return replace(sheet, heading=("",), rows=tuple((f"${text}$",) for text in texts), lines=lines, equations=True)


_TITLE = re.compile(rf"^[ \t]*(?:{TITLE})", re.MULTILINE)


def told_together(all_sheets: Sequence[Sheet], place: int) -> Sheet:
    """A sheet with the prose round it and those that stand directly above and below it, between two sheets up to the
    first title or from there on.
    """
    begin = next((k for k in range(place, 0, -1) if all_sheets[k].before.strip()), 0)
    end = next((k for k in range(place, len(all_sheets)) if all_sheets[k].after.strip()), place)
    before, after = all_sheets[begin].before, all_sheets[end].after
    if begin and (title := _TITLE.search(before)):
        before = before[title.start() :]
    if end + 1 < len(all_sheets):
        after = _TITLE.split(after, maxsplit=1)[0]
    return replace(all_sheets[place], before=before, after=after)


def _why_none(text: str, found: list[Sheet]) -> str:
    if found:
        return "the table has a heading and no rows: expected a row for each variable, v_1 = ... and so on"
    if text.endswith(tuple(ENDINGS)) and len(text.split()) == 1:
        return f"{text!r} is the name of a file, not a document: write Path({text!r})"
    return (
        "there is no trace table in the document: expected rows of cells between bars |, a LaTeX tabular, "
        "an HTML table, CSV, or equations v_1 = ..., one a line"
    )


def assembled(blocks: list[Block]) -> list[Sheet]:
    """The sheets of the blocks, in their order, each with the prose round it."""
    found: list[Sheet] = []
    said: list[str] = []
    for block in (
        piece for whole in with_sentences(layers_told(with_totals(settled(blocks)))) for piece in _without_point(whole)
    ):
        if block.kind == PROSE:
            said.append(block.rows[0].cells[0])
            continue
        before = "\n".join(said).strip("\n")
        if found:
            found[-1] = replace(found[-1], after=before)
        new = _sheets_of(block, before)
        if new:
            found += new
            said = []
    if found:
        found[-1] = replace(found[-1], after="\n".join(said).strip("\n"))
    return found


def _sheets_of(block: Block, before: str) -> list[Sheet]:
    """A block as a sheet, or as one for each heading in it."""
    found = []
    whole = lists_apart(glued(squared(block.rows)))
    equations = [(list[Row](), whole)]  # have no headings: b.grad = 1
    for above, below in () if not whole else equations if block.kind == EQUATIONS else parts(titled(whole)):
        width = len(whole[0].cells)
        titles = [cell for row in above for cell in row.cells if cell.strip() and row.cells.count("") == width - 1]
        before = "\n".join([before, *titles])  # of the whole table
        heading, rows = joined(joined_heading(above, width), below)
        lines = tuple(row.line for row in below)
        if heading:
            found.append(Sheet(heading, tuple(rows), lines, before, "", block.kind == EQUATIONS))
        before = ""
    return found


def settled(blocks: list[Block]) -> list[Block]:
    """Lists of equations with only blank lines between them as one; a single plain equation beside a table as prose."""
    found: list[Block] = []
    last = -1  # the list of equations behind which nothing but blank lines has come
    for block in blocks:
        if block.kind == EQUATIONS and last >= 0:
            first = found[last]
            found[last:] = [Block(EQUATIONS, first.rows + block.rows, first.loose and block.loose)]
        else:
            found.append(block)
        if block.kind == EQUATIONS:
            last = len(found) - 1
        elif not is_blank(block):
            last = -1
    return _with_single_as_prose(found)


def _with_single_as_prose(found: list[Block]) -> list[Block]:
    firm = [j for j, block in enumerate(found) if block.kind != PROSE and not _is_single(block)]
    last = max(firm, default=-1)
    loose = [(firm and _is_single(block)) or (j < last and _is_point(block)) for j, block in enumerate(found)]
    return [_as_prose(block) if loose[j] else block for j, block in enumerate(found)]


def _is_single(block: Block) -> bool:
    """Whether a block is one plain line, which beside a table is prose; a whole trace in a line is none."""
    if block.kind != EQUATIONS or not block.loose or len({row.line for row in block.rows}) > 1:
        return False
    formulas = [row.cells[0] for row in block.rows if not _POINT.fullmatch(row.cells[0])]
    return len(formulas) < 3 and sum(text.count("=") > 1 for text in formulas) < 2


_POINT = re.compile(rf"(?!d|\w+\.grad)[^='/∂\\]*(?<![.\s])\s*=\s*(?:{MINUS}[\d.,/]+|\[[{FIGURES}/\[\]]+\])\s*")


def _without_point(block: Block) -> list[Block]:
    """The block without first lines of several numbers each, x1 = 2, x2 = 5, which are a point and no rows."""
    lines = [block._replace(rows=tuple(rows)) for _, rows in groupby(block.rows, lambda row: row.line)]
    first = [*takewhile(lambda line: len(line.rows) > 1 and _is_point(line), lines)]
    if len(first) == len(lines):
        return [block]
    rest = block._replace(rows=tuple(row for line in lines[len(first) :] for row in line.rows))
    return [*map(_as_prose, first), rest]


def _is_point(block: Block) -> bool:
    """Whether plain equations, above a table, are a point, x = 2, and no rows."""
    return block.kind == EQUATIONS and block.loose and all(_POINT.fullmatch(row.cells[0]) for row in block.rows)


def _as_prose(block: Block) -> Block:
    texts = [row.cells[0] for row in block.rows]
    said = [f"${text}$" if "\\" in text and "$" not in text else text for text in texts]
    return prose(block.rows[0].line, ", ".join(said))
