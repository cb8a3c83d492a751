"""What a command is given: text, ``-`` for stdin, ``@FILE``, or ``script.py:name`` for what a Python file holds.

A Python file is run as a script's import would run it, and only where its user has asked for that.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from os.path import isfile
from pathlib import Path
from types import ModuleType
from typing import Any

from adtrace.errors import AdtraceError, InputError, nearest, printable
from adtrace.limits import DEFAULT

NAMED = re.compile(r"(.+\.py):([A-Za-z_]\w*)")
"""What stands under a name in a Python file."""


def read(expression: str, what: str) -> str:
    """The text, from stdin for ``-`` and from a file for ``@FILE``; ``what`` it is, for messages."""
    most = DEFAULT.characters * 100
    try:
        if expression == "-":
            return sys.stdin.buffer.read(most).decode("utf-8-sig").strip()
        if expression.startswith("@"):
            with open(expression[1:], encoding="utf-8-sig") as stream:
                return stream.read(most).strip()
    except UnicodeDecodeError:
        raise InputError(f"the {what} is not text in UTF-8") from None
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        raise InputError(f"{expression[1:]!r} cannot be read: {getattr(problem, 'strerror', problem)}") from None
    return expression.removeprefix(" ") if expression.startswith(" -") else expression


def module_of(expression: str, what: str = "expression") -> tuple[ModuleType, str, str]:
    """The module that the file of ``script.py:name`` makes, the file and the name; the file is run."""
    from importlib.util import module_from_spec, spec_from_file_location  # noqa: PLC0415

    match = NAMED.fullmatch(expression)
    if match is None:
        raise InputError(f"with --python the {what} is written as script.py:f, not {printable(expression[:60])!r}")
    path = Path(match[1])
    if not isfile(path):
        raise InputError(f"{match[1]!r} cannot be read: there is no such file")
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = sys.modules.get(path.stem, module)  # what the file defines can be found by its own name
    sys.path.insert(0, str(path.resolve().parent))  # as python does for a script, so that its own imports are found
    with faults_of(expression):
        spec.loader.exec_module(module)
    return module, match[1], match[2]


def object_of(expression: str) -> Any:
    """What stands under the name in ``script.py:name``.  Raises `InputError` where nothing does."""
    module, path, name = module_of(expression, "network")
    if not hasattr(module, name):
        raise InputError(f"{path} has no {name!r}{nearest(name, [own for own in vars(module) if own[0] != '_'])}")
    return getattr(module, name)


@contextmanager
def faults_of(expression: str) -> Iterator[None]:
    """What a user's file raises, as an error with its place."""
    path = NAMED.fullmatch(expression)
    try:
        yield
    except (AdtraceError, KeyboardInterrupt, BrokenPipeError):
        raise
    except (Exception, SystemExit) as problem:
        place = f"line {getattr(problem, 'lineno', None)}" if isinstance(problem, SyntaxError) else ""
        for frame in traceback.extract_tb(problem.__traceback__):
            if path and Path(frame.filename).name == Path(path[1]).name:
                place = f"line {frame.lineno}"
        where = f" ({place})" if place else ""
        text = printable(str(problem)[:200])
        raise InputError(
            f"{expression} raised {type(problem).__name__}{where}" + (f": {text}" if text else "")
        ) from None
