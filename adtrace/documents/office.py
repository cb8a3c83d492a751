"""HTML documents into Word's and others' by pandoc, a program of its own.

Formulas become Word's own equations.  What pandoc does not know of our tables is put into a Word document by `word`.
"""

from __future__ import annotations

import re
import shutil
import subprocess

from adtrace.documents.word import finished
from adtrace.errors import BoundError, OptionError, TemplateError

_SECONDS = 120
"""How long pandoc may take."""
_GET = "apt install pandoc, brew install pandoc, winget install pandoc, or pandoc.org"

_WORD = re.compile(r"<(m[in])([^>]*)>([^\W\d]\w+|[0-9]+,[0-9]+)</\1>")
"""A name of several letters, and a number with a decimal comma."""
_ITALIC = re.compile("italic")


def _whole_words(document: str) -> str:
    """The document with names and numbers as texts of formulas: pandoc parts a name into its letters, its underscore
    into an index, and a number at its comma.
    """
    return _WORD.sub(_whole_word, document)


def _whole_word(match: re.Match[str]) -> str:
    italic = ' mathvariant="italic"' if _ITALIC.search(match[2]) else ""
    return f"<mtext{italic}>{match[3]}</mtext>"


def converted(document: str, format: str) -> bytes:  # noqa: A002 - the option's name
    """An HTML document as a file of a format.

    Raises `OptionError` where pandoc is not installed, `TemplateError` for a document that it does not take,
    `BoundError` for one that takes it too long.
    """
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        raise OptionError(f"format {format} needs the program pandoc, which is not installed: {_GET}; "
                          "Word opens HTML, too: -o table.html")  # fmt: skip
    command = [pandoc, "+RTS", "-M2g", "-RTS", "--from=html", f"--to={format}", "--mathml", "--standalone",
               "--output=-"]  # fmt: skip
    if format == "epub":  # it has to have one
        command.append("--metadata=title:adtrace")
    try:
        run = subprocess.run(
            command, input=_whole_words(document).encode("utf-8"), capture_output=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise BoundError(f"pandoc has not made the {format} in {_SECONDS} seconds") from None
    except OSError as problem:
        raise OptionError(f"pandoc cannot be run: {problem.strerror}") from None
    if run.returncode or not run.stdout:
        reason = run.stderr.decode("utf-8", "replace").strip().partition("\n")[0][:200]
        raise TemplateError(f"pandoc does not take the document: {reason or 'it gives no reason'}")
    return finished(run.stdout) if format == "docx" else run.stdout
