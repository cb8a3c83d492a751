"""Dialects with the formulas of another: reStructuredText and AsciiDoc write Markdown's LaTeX, what pandoc takes is
HTML's MathML, CSV is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from adtrace.writing.dialects import LATEX, MARKDOWN_IN_MYST, PLAIN
from adtrace.writing.mathml import MATHML


def _flat(text: str) -> str:
    """Text on one line."""
    return "".join(c if c.isprintable() else " " for c in text)


_RST_MARKUP = re.compile(
    r"[\\*`_|\[\]:<>@]|^[-+•‣⁃](?=\s)|^\.(?=\. )|^(?:[0-9A-Za-z#]{1,4}|\()(?=[.)]\s|[0-9A-Za-z#]+\)\s)"
)
"""What begins markup where it stands, and at the beginning of a text alone."""


def _rst_prose(text: str) -> str:
    """Text that reStructuredText prints and does not obey."""

    def escaped(mark: re.Match[str]) -> str:
        return f"\\{mark[0]}"

    return _RST_MARKUP.sub(escaped, _flat(text))


def _rst_math(formula: str) -> str:
    """A formula without the commands that docutils does not know."""
    formula = formula.replace(r"\lt ", "< ").replace(r"\gt ", "> ").replace(r"\enspace", r"\;")
    formula = formula.replace(r"\mathrel{+}", "{+}")
    return f":math:`{formula}`"


_CLOSE = re.compile(r"(:math:`[^`]*`|``[^`]+``)(?=[^\s.,;:!?)\]}'\"/\\-])")
_OPEN = re.compile(r"(?<=[^\s(\[{<'\"/:\\-])(?=:math:`)")


def rst_apart(text: str) -> str:
    """Prose whose formulas are told from what stands close to them: ``k`` x ``k``."""
    return _OPEN.sub(r"\\ ", _CLOSE.sub(r"\1\\ ", text)).replace("\\ \\ ", "\\ ")


def _rst_matrix(rows: Sequence[Sequence[str]]) -> str:
    """In brackets that every program draws which reads the role."""
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\left[\begin{{matrix}}{body}\end{{matrix}}\right]"


_BRACKETS = MARKDOWN_IN_MYST.brackets
assert _BRACKETS is not None
RST = replace(
    MARKDOWN_IN_MYST,
    document="rst",
    math=_rst_math,
    cell=lambda text: _rst_math(LATEX.cell(text)) if text else "",
    cellwise=True,
    dot=LATEX.dot,
    ddot=LATEX.ddot,
    brackets=replace(_BRACKETS, matrix=_rst_matrix, left=_rst_matrix),
    prose=_rst_prose,
    measured=str,
)

_ASCIIDOC_MARKUP = re.compile(
    r"""[*_`#^~+{}\[\]|:\\<>&"'=@!]|[-.](?=[-.>])|(?<=[-.])[-.]|\((?=[CRT])|^(?:[-.]|[0-9]+)(?=\.?\s)"""
)


def _asciidoc_prose(text: str) -> str:
    """Text that AsciiDoc prints and does not obey: what it could take for markup stands as a number."""
    return _ASCIIDOC_MARKUP.sub(lambda mark: "".join(f"&#{ord(char)};" for char in mark[0]), _flat(text))


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


_FUNCTION = re.compile(r"<mi>(\w{2,})</mi>")
_CORNERS = re.compile("<mo>([⌊⌈⌋⌉])</mo>")
_ACCENT = re.compile(r'<mo stretchy="(?:true|false)">[^<]*</mo>(?=</mover>)')
_QUOTIENT = re.compile(r"<mfrac>(<mrow>.*?</mrow>)<mrow>.*?</mrow></mfrac>")
_TAG = re.compile(r"<[^<>]*>")


def _in_office(text: str) -> str:
    """Accents, functions and brackets as pandoc knows them."""
    text = text.replace(">˙</mo>", ">\u0307</mo>").replace(">¨</mo>", ">\u0308</mo>")
    text = _CORNERS.sub(lambda sign: f'<mo form="{"prefix" if sign[1] in "⌊⌈" else "postfix"}">{sign[1]}</mo>', text)
    return _FUNCTION.sub(r'<mi mathvariant="normal">\1</mi>', text)


def _without_tags(text: str) -> str:
    """MathML as so many characters as it takes when it is set."""
    return _TAG.sub("", _QUOTIENT.sub(r"\1", _ACCENT.sub("", text)))


OFFICE = replace(
    MATHML,
    document="office",
    bold=_bold,
    math=lambda text: _in_office(MATHML.math(text)),
    cell=lambda text: _in_office(MATHML.cell(text)),
    measured=_without_tags,
    room=112,
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
