r"""The formulas of a caption of one's own: LaTeX between dollars, ``with $y = \frac{1}{x_1 + x_2}$``.

    caption ──parted──▶ prose, formula, prose ...      formula ──read──▶ Row of items ──drawn──▶ text, MathML, Typst

LaTeX and Markdown take a formula as it is written.  For the others it is read (`items`) and drawn (`pens`).
"""

from __future__ import annotations

import re

from adtrace.errors import OptionError
from adtrace.writing.items import TOKEN, Reader
from adtrace.writing.notation import Dialect
from adtrace.writing.pens import PENS


def parted(caption: str) -> list[str]:
    r"""The caption as prose, formula, prose and so on; ``\$`` is a dollar of the prose.

    Raises `OptionError` for a formula that does not end, is empty, or could end more than itself.
    """
    pieces = re.split(r"(?<!\\)\$", caption)
    if len(pieces) % 2 == 0:
        raise OptionError(f"a $ of the caption is not closed in {caption[:60]!r}; a dollar of the text is written \\$")
    for formula in pieces[1::2]:
        if not formula.strip():
            raise OptionError(f"the caption has an empty formula, $$, in {caption[:60]!r}")
        depth = 0
        for token in TOKEN.findall(formula):
            depth += (token == "{") - (token == "}")
            if depth < 0 or token in ("%", "#", "\\"):
                break
        else:
            if depth == 0:
                continue
        wrong = "its braces do not pair, or it has a bare % or #"
        raise OptionError(f"${formula[:60]}$ in the caption is no formula: {wrong}")
    return [" ".join(piece.split()) if place % 2 else piece.replace(r"\$", "$") for place, piece in enumerate(pieces)]


def captioned(caption: str, dialect: Dialect) -> str:
    """The caption in a dialect.  Raises `OptionError` for a formula that this dialect has no way to draw."""
    pen = PENS.get(dialect.name)

    def formula(text: str) -> str:
        drawn = text if pen is None else pen.drawn(Reader(text).whole())
        if not drawn.strip():
            raise OptionError(f"the caption has an empty formula, ${text[:60]}$")
        return dialect.math(drawn) if pen is not None or dialect.document else f"${drawn}$"

    return "".join(formula(piece) if place % 2 else dialect.prose(piece) for place, piece in enumerate(parted(caption)))
