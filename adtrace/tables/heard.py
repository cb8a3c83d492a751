"""Tables for those who listen: beside each formula of a Typst document its words, which become alternative texts.

The words are those of the same table in the dialect `writing.aloud`: cell by cell, and formula by formula in sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from adtrace.formats import FORMATS
from adtrace.language.syntax import Expression
from adtrace.tables.options import Options
from adtrace.tables.prose import heading
from adtrace.tables.styles import Style
from adtrace.tables.table import Block, Table
from adtrace.tables.tabulate import DIALECTS, cells_of, tabulate
from adtrace.tracing.sweeps import Evaluation
from adtrace.writing.dialects import TERMINAL, TYPST

_FORMULA = re.compile(r"(?<!\\)\$(.*?)(?<!\\)\$", re.DOTALL)
_WORDS = re.compile("\x02(.*?)\x03", re.DOTALL)
"""Between `aloud.START` and `aloud.END`."""


def quoted(text: str) -> str:
    """A string of Typst, in ASCII: what has other letters is set with fonts of the system."""
    return '"' + "".join(c if c.isascii() and c.isprintable() and c not in '\\"' else _code(c) for c in text) + '"'


def _code(char: str) -> str:
    return f"\\u{{{ord(char):x}}}"


def tables(
    expression: Expression, evaluations: Sequence[Evaluation], style: Style, options: Options
) -> tuple[Table, ...]:
    """The tables of `tabulate`; those of Typst have the words of their formulas, and a title."""
    sheets = tabulate(expression, evaluations, style, options)
    if DIALECTS[FORMATS[options.format].dialect] is not TYPST:
        return sheets
    from adtrace.writing.aloud import aloud  # noqa: PLC0415 - few tables are Typst's

    title = heading(expression, cells_of(evaluations[0], TERMINAL, style, options))
    heard = tabulate(expression, evaluations, style, options, aloud())
    return tuple(said(table, words)._replace(document_title=title) for table, words in zip(sheets, heard, strict=True))


def said(table: Table, heard: Table) -> Table:
    """The table with the words of the other, which is the same one read out."""
    return table._replace(
        said=_sentence(table.caption, heard.caption),
        said_notes=tuple(map(_sentence, table.notes, heard.notes)),
        blocks=tuple(map(_block, table.blocks, heard.blocks)),
        sheets=table.sheets.of(tuple(map(_block, table.blocks, heard.blocks))),
    )


def _sentence(text: str, heard: str) -> str:
    """A sentence in which every formula has its words; as it is where the two do not have the same formulas."""
    words: Iterator[str] = iter(_WORDS.findall(heard))
    if len(_FORMULA.findall(text)) != len(_WORDS.findall(heard)):
        return text
    return _FORMULA.sub(lambda formula: f"#adt-said({quoted(next(words))}, {formula[0]})", text)


def _block(block: Block, heard: Block) -> Block:
    """A block with the words of its cells, and its headings with theirs."""
    panels = tuple(
        panel._replace(
            columns=tuple(
                column._replace(said=_sentence(column.heading, other.heading))
                for column, other in zip(panel.columns, words.columns, strict=True)
            )
        )
        for panel, words in zip(block.panels, heard.panels, strict=True)
    )
    return block._replace(panels=panels, said=heard.groups)
