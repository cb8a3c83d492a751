"""The magics ``%adtrace`` and ``%%adtrace`` of notebooks.  IPython is imported only by those who are in it."""

from __future__ import annotations

import shlex
from itertools import takewhile
from typing import Any

from adtrace.documents.shown import Shown
from adtrace.errors import AdtraceError


def load_ipython_extension(shell: Any) -> None:
    """Add the magics to an IPython shell: ``%load_ext adtrace``."""
    shell.register_magic_function(magic, "line_cell", "adtrace")


def magic(line: str, cell: str | None = None) -> Shown | None:
    """Show the trace of an expression.

    ``%adtrace x*y + x --at x=2,y=5``, or with the expression or program as the cell's body, ``%%adtrace --at x=2,y=5``.
    The options are those of ``adtrace table``; with --format or -o it writes text, as that does.
    """
    from IPython.core.error import UsageError  # noqa: PLC0415 - here there is an IPython

    from adtrace.cli import asked, main  # noqa: PLC0415

    try:
        typed = shlex.split(line)
        words = list(takewhile(lambda word: not word.startswith("--") and word not in ("-o", "-f", "-h"), typed))
        formula = [cell.strip()] if cell is not None else [" ".join(words)] if words else []
        arguments = [*formula, *(typed if cell is not None else typed[len(words) :])]
        if {"-h", "--help"}.intersection(arguments):
            main(["table", "--help"])
            return None
        trace, options, format_, output = asked(arguments)
        if format_ is None and not output:
            return trace.show(**options)
        main(["table", *arguments])
    except (AdtraceError, ValueError) as problem:
        raise UsageError(str(problem)) from None
    return None
