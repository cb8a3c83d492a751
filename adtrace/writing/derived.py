"""Dialects with the formulas of another: reStructuredText and AsciiDoc write Markdown's LaTeX, what pandoc takes is
HTML's MathML, CSV is plain text.
"""

from __future__ import annotations

import re
from dataclasses import replace

from adtrace.writing.dialects import MARKDOWN_IN_MYST, PLAIN
from adtrace.writing.mathml import MATHML


def _flat(text: str) -> str:
    """Text on one line."""
    return "".join(c if c.isprintable() else " " for c in text)


_RST_MARKUP = re.compile(r"[\\*`_|\[\]:<>@]|^(?:[-+•‣⁃=~^\"'#!$%&(),./;?{}]|[0-9A-Za-z]{1,4}(?=[.)] ))")
"""What begins markup where it stands, and at the beginning of a text alone."""


def _rst_prose(text: str) -> str:
    """Text that reStructuredText prints and does not obey."""

    def escaped(mark: re.Match[str]) -> str:
        return f"\\{mark[0]}"

    return _RST_MARKUP.sub(escaped, _flat(text))


def _rst_math(formula: str) -> str:
    return f":math:`{formula}`"


RST = replace(
    MARKDOWN_IN_MYST,
    document="rst",
    math=_rst_math,
    cell=lambda text: _rst_math(MARKDOWN_IN_MYST.cell(text)) if text else "",
    cellwise=True,
    prose=_rst_prose,
    measured=str,
)

_ASCIIDOC_MARKUP = re.compile(r"""[*_`#^~+{}\[\]|:\\<>&"'=@!;]|[-.](?=[-.>])|(?<=[-.])[-.]|\((?=[CRT])|^[-./0-9]""")


def _asciidoc_prose(text: str) -> str:
    """Text that AsciiDoc prints and does not obey: what it could take for markup stands as a number."""
    return _ASCIIDOC_MARKUP.sub(lambda mark: f"&#{ord(mark[0])};", _flat(text))


def _asciidoc_math(formula: str) -> str:
    return f"stem:[{formula.replace(']', chr(92) + ']').replace('|', chr(92) + '|')}]"


ASCIIDOC = replace(
    MARKDOWN_IN_MYST,
    document="asciidoc",
    math=_asciidoc_math,
    cell=lambda text: _asciidoc_math(MARKDOWN_IN_MYST.cell(text)) if text else "",
    cellwise=True,
    prose=_asciidoc_prose,
    measured=str,
)


def _bold(text: str) -> str:
    return f'<mstyle mathvariant="bold">{text}</mstyle>'


def _in_office(text: str) -> str:
    """The marks that pandoc knows for accents."""
    return text.replace(">˙</mo>", ">\u0307</mo>").replace(">¨</mo>", ">\u0308</mo>")


OFFICE = replace(
    MATHML,
    document="office",
    bold=_bold,
    math=lambda text: _in_office(MATHML.math(text)),
    cell=lambda text: _in_office(MATHML.cell(text)),
    measured=str,
)
"""MathML as pandoc reads it."""

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", re.ASCII)
_RUN = re.compile(r"[=+\-@\t\r'\uff1d\uff0b\uff0d\uff20]")
"""What a cell begins with that a spreadsheet computes with; an apostrophe, so that it is never one of ours."""
_DATE = re.compile(r"[0-9]+(?:[/.:-][0-9]+)+", re.ASCII)
"""What a spreadsheet takes for a date, a time or a share: 1/2 is the first of February."""
_QUOTED = re.compile(r'[",;\t\n\r]| $|^ ')


def csv_field(text: str) -> str:
    """A cell of CSV: a number as it is; a text that a spreadsheet would compute with begins with an apostrophe."""
    if _NUMBER.fullmatch(text):
        return text
    if _RUN.match(text) or _DATE.fullmatch(text):
        text = f"'{text}"
    return '"{}"'.format(text.replace('"', '""')) if _QUOTED.search(text) else text


CSV = replace(
    PLAIN,
    document="csv",
    cell=csv_field,
    cellwise=True,
    prose=_flat,
    columns=True,
)
"""Cells for spreadsheets and scripts; names and formulas as in JSON."""
