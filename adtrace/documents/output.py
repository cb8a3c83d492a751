"""A document to stdout, or whole to a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import TextIO

from adtrace.errors import InputError, OptionError
from adtrace.stops import undivided, undone

_HELD = 16_000_000
"""Characters for stdout that are held back, so that an error leaves nothing there; a longer document is on its way."""


def write(document: str | Iterable[str], output: str | None, mark: str = "") -> None:
    """The document, or its pieces, to stdout, or whole to a file, which begins with the mark: never a part of one."""
    pieces = iter([document] if isinstance(document, str) else document)
    if output is not None and output != "-":
        write_whole(Path(output), (piece.encode("utf-8") for piece in chain([mark] if mark else [], pieces)))
        return
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _HELD:
            break
    try:
        sys.stdout.write("".join(held))
        sys.stdout.writelines(pieces)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has all that it wants; click would make a failure of it
        silence(sys.stdout)
    except OSError as problem:
        silence(sys.stdout)
        raise InputError(f"the output cannot be written: {problem.strerror}") from None


def require_file(output: str, format: str) -> None:  # noqa: A002 - the option's name
    """Raise `OptionError` where bytes of this format would go to stdout, which is most often a terminal."""
    if output == "-":
        raise OptionError(f"a {format} is not written to a terminal; name its file with -o")


def write_whole(path: Path, data: bytes | Iterable[bytes]) -> None:
    """The bytes, or pieces of them, into the file, in one step: never a part of them.

    Raises `InputError` where that cannot be done.
    """
    pieces = [data] if isinstance(data, bytes) else data
    try:
        target = path.resolve()  # a link stays a link
        if target.exists() and not target.is_file():  # a device or a pipe: nothing can take its place
            with target.open("wb") as stream:
                stream.writelines(pieces)
            return
        with undone():
            _replace(target, pieces)
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, ValueError) as problem:  # ValueError: a name that no file can have
        raise InputError(f"{str(path)!r} cannot be written: {getattr(problem, 'strerror', problem)}") from None


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    """The pieces into a file beside the target, which takes its place."""
    name = ""
    try:
        with undivided():
            from tempfile import mkstemp  # noqa: PLC0415 - for --help no file is written

            handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
        os.chmod(name, _mode_of(target))
        os.replace(name, target)
    except BaseException:
        if name:
            Path(name).unlink(missing_ok=True)
        raise


def write_changed(path: Path, data: bytes) -> bool:
    """As `write_whole`, but a file that holds just that is left alone; says whether it was written."""
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
    except OSError as problem:
        raise InputError(f"{str(path)!r} cannot be read: {problem.strerror}") from None
    write_whole(path, data)
    return True


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
