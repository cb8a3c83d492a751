"""Programs from outside (TeX, pandoc, a browser, ...): a test that calls one skips where it is not installed.

``.ci/run`` runs the files that import this a second time where there are none: nothing may fail there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NoReturn

import pytest


def missing(*programs: str) -> str:
    """Which of the programs are not installed, as a reason to skip; empty if all are."""
    absent = [program for program in programs if shutil.which(program) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def needs(*programs: str) -> pytest.MarkDecorator:
    """The mark of a test that calls these programs."""
    return pytest.mark.skipif(bool(missing(*programs)), reason=missing(*programs))


def skip_without(*programs: str) -> None:
    """Skip the test that is running unless these programs are installed."""
    if missing(*programs):
        pytest.skip(missing(*programs))


def missing_package(name: str) -> str:
    """Whether TeX lacks a package, as a reason to skip."""
    absent = missing("pdflatex", "kpsewhich")
    if absent or subprocess.run(["kpsewhich", name], capture_output=True, check=False).returncode == 0:
        return absent
    return f"not installed: {name}"


Program = Callable[[list[str]], object]
"""The function of a program in Python that takes its arguments, and returns its exit status, or raises it."""


def forked(program: Program, arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A program in Python run in this folder by a child of this process, which has imported it once for all its runs:
    its status, and what it has written to stderr.
    """
    with TemporaryDirectory() as elsewhere:
        told, writes = Path(elsewhere, "stderr"), os.O_WRONLY | os.O_CREAT
        to, error = os.open(os.devnull, writes), os.open(told, writes)
        ended = ended_with(begun(program, arguments, folder, to, error))
        os.close(to)
        os.close(error)
        return subprocess.CompletedProcess(arguments, ended, "", told.read_text(encoding="utf-8"))


def begun(program: Program, arguments: list[str], folder: Path, to: int, error: int = 2) -> int:
    """The number of a child of this process that runs a program in Python, its stdout and stderr these descriptors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: pytest-xdist has one, which waits
        child = os.fork()
    if not child:
        _become(program, arguments, folder, to, error)
    return child


def ended_with(child: int) -> int:
    """The exit status of a child, once it has come to its end."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _become(program: Program, arguments: list[str], folder: Path, to: int, error: int) -> NoReturn:
    status: object = 1
    try:
        os.dup2(error, 2)
        os.dup2(to, 1)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", encoding="utf-8")
        os.chdir(folder)
        warnings.resetwarnings()
        warnings.simplefilter("ignore")
        status = program(arguments)
    except SystemExit as ended:
        status = ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status if isinstance(status, int) else int(status is not None))
