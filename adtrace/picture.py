"""Tables as PDF, PNG and SVG without TeX, by Typst: the extra ``adtrace[pdf]``.

Typst brings its own fonts and renames symbols now and then, so the extra names one minor version of it.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace

from adtrace.errors import OptionError, TemplateError
from adtrace.options import PICTURES, Options
from adtrace.render import render
from adtrace.sweeps import Evaluation
from adtrace.syntax import Expression
from adtrace.tables import tabulate

_PIXELS_PER_INCH = 200.0


def picture(expression: Expression, evaluation: Evaluation, options: Options) -> bytes:
    """The table of the options as a file of their format.

    Raises `OptionError` for a format that is no picture and where Typst is not installed, `TemplateError` for a
    template that Typst does not take.
    """
    if options.format not in PICTURES:
        raise OptionError(f"a picture's format is {', '.join(PICTURES)}, not {options.format!r}")
    options = replace(options, standalone=True)
    return typeset(render(tabulate(expression, evaluation, options), options), options.format)


def typeset(source: str, format: str) -> bytes:  # noqa: A002 - the option's name
    """A Typst document as a file of a format."""
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError:
        raise OptionError(f"format {format} needs Typst: pip install 'adtrace[pdf]'") from None
    try:
        with tempfile.TemporaryDirectory(prefix="adtrace-") as root:  # an empty root: a document reads no files
            made = typst.compile(
                source.encode("utf-8"),
                root=root,
                format=format,
                ppi=_PIXELS_PER_INCH,
                ignore_system_fonts=source.isascii(),  # its own fonts have all the letters of a table
            )
    except typst.TypstError as problem:
        raise TemplateError(f"Typst does not take the template: {problem}") from None
    return bytes(made)
