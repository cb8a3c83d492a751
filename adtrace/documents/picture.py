"""What a template has written for a format of bytes into a file of it.

Typst makes PDF, PNG and SVG, without TeX: the extra ``adtrace[pdf]``; pandoc makes the others.

Typst brings its own fonts and renames symbols now and then, so the extra names one minor version of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from adtrace.errors import OptionError, TemplateError
from adtrace.formats import FORMATS, PANDOC
from adtrace.stops import scratch
from adtrace.wording import wording

_PIXELS_PER_INCH = 200.0
_OTHERS = 0x2E80
"""The first letter, in Unicode's order, of what none of Typst's own fonts has: Chinese, Japanese, Korean."""


def made(text: str, format: str) -> bytes:  # noqa: A002 - the option's name
    """The text that a template has written for a format of bytes as a file of it.

    Raises `OptionError` where what makes it is not installed, `TemplateError` for a text that it does not take.
    """
    if FORMATS[format].by == PANDOC:
        from adtrace.documents.office import converted  # noqa: PLC0415 - few documents are Word's

        return converted(text, format)
    return typeset(text, format)


def framed(svg: str, title: str, language: str, format: str) -> bytes:  # noqa: A002 - the option's name
    """A picture in SVG as a PDF or PNG of its size, with a title, in words of this language; raises as `typeset`."""
    from adtrace.documents.render import shipped  # noqa: PLC0415 - Jinja is imported when a template is needed

    own = max(map(ord, svg)) < _OTHERS
    return typeset(shipped("typst/_picture.typ", svg=svg, title=title, tag=wording(language).tag), format, own=own)


def typeset(source: str, format: str, *, own: bool | None = None) -> bytes:  # noqa: A002 - the option's name
    """A Typst document as a file of a format; with no fonts but Typst's where they have all its letters (``own``), as
    those of an ASCII document are.

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
            content = _compiled(document, format, own=source.isascii() if own is None else own)
    except typst.TypstError as problem:
        raise TemplateError(f"Typst does not take the template: {problem}") from None
    return bytes(content)


def _compiled(document: Path, format: str, *, own: bool) -> bytes:  # noqa: A002
    """The document typeset; a PDF that those can read who listen, PDF/UA-1, unless a template of the user's is none.

    ``own``: with no fonts but Typst's.
    """
    import typst  # noqa: PLC0415 - an extra

    def compiled(standard: Literal["ua-1"] | None) -> bytes:
        return bytes(
            typst.compile(
                str(document),
                root=str(document.parent),
                format=cast(Literal["pdf", "png", "svg"], format),
                ppi=_PIXELS_PER_INCH,
                ignore_system_fonts=own,
                pdf_standards=standard,
            )
        )

    if format == "pdf":
        try:
            return compiled("ua-1")
        except typst.TypstError as problem:
            if "PDF/UA" not in str(problem):
                raise
    return compiled(None)
