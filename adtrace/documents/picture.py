"""Typst documents into PDF, PNG and SVG, without TeX: the extra ``adtrace[pdf]``.

Typst brings its own fonts and renames symbols now and then, so the extra names one minor version of it.
"""

from __future__ import annotations

from typing import Literal, cast

from adtrace.errors import OptionError, TemplateError
from adtrace.stops import scratch

_PIXELS_PER_INCH = 200.0


def typeset(source: str, format: str) -> bytes:  # noqa: A002 - the option's name
    """A Typst document as a file of a format.

    Raises `OptionError` where Typst is not installed, `TemplateError` for a document that it does not take.
    """
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError:
        raise OptionError(f"format {format} needs Typst: pip install 'adtrace[pdf]'") from None
    try:
        with scratch() as root:  # all that a document can read is itself
            document = root / "table.typ"
            document.write_text(source, encoding="utf-8")
            made = typst.compile(
                str(document),
                root=str(root),
                format=cast(Literal["pdf", "png", "svg"], format),
                ppi=_PIXELS_PER_INCH,
                ignore_system_fonts=source.isascii(),  # its own fonts have all the letters of a table
            )
    except typst.TypstError as problem:
        raise TemplateError(f"Typst does not take the template: {problem}") from None
    return bytes(made)
