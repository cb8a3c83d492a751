"""A document to stdout, or whole to a file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from adtrace.errors import InputError


def write(document: str, output: str | None) -> None:
    """The document to stdout, or whole to a file: never a part of one."""
    if output in (None, "-"):
        try:
            sys.stdout.write(document)
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as problem:
            silence(sys.stdout)
            raise InputError(f"the output cannot be written: {problem.strerror}") from None
        return
    try:
        target = Path(output).resolve()  # a link stays a link
        if target.exists() and not target.is_file():  # a device or a pipe: nothing can take its place
            target.write_text(document, encoding="utf-8", newline="\n")
            return
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(document)
            os.chmod(name, _mode_of(target))
            os.replace(name, target)
        except BaseException:
            os.unlink(name)
            raise
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, ValueError) as problem:  # ValueError: a name that no file can have
        raise InputError(f"{output!r} cannot be written: {getattr(problem, 'strerror', problem)}") from None


def silence(stream: TextIO) -> None:
    """Let nothing more be written to a stream that takes nothing, not even when Python closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _mode_of(target: Path) -> int:
    """The permissions of the file: those it has, else those that a new file gets."""
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
