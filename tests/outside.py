"""Programs from outside (TeX, pandoc, a browser, ...): a test that calls one skips where it is not installed.

``.ci/run`` runs the files that import this a second time where there are none: nothing may fail there.
"""

from __future__ import annotations

import shutil
import subprocess

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
