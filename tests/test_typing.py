"""The public names have complete types, and do what the script of a user says that they do."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import adtrace

SCRIPT = Path(__file__).with_name("typed_script.py")


def test_a_script_of_a_user_passes_mypy_strict(tmp_path: Path) -> None:
    """As someone outside has it: no configuration of ours, the package as it is installed."""
    pytest.importorskip("mypy")
    (tmp_path / "mypy.ini").write_text("[mypy]\n")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "mypy.ini", "--ignore-missing-imports",
               "--cache-dir", os.devnull]  # fmt: skip
    run = subprocess.run([*command, str(SCRIPT)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_script_runs(tmp_path: Path) -> None:
    """Each of its lines does what its types say, without a warning."""
    pytest.importorskip("typst")
    run = subprocess.run([sys.executable, "-W", "error", str(SCRIPT)], cwd=tmp_path, capture_output=True, text=True,
                         check=False)  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "t.tex").is_file()
    assert "<Convolution" in run.stdout


def test_the_script_uses_every_public_name() -> None:
    """What is public and not in the script is an error's base, or IPython's."""
    used = {node.attr for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    used |= {name.name for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
             for name in node.names}  # fmt: skip
    errors = {name for name in adtrace.__all__ if name.endswith("Error")}
    assert set(adtrace.__all__) - used - errors <= {"__version__", "load_ipython_extension", "convolve", "e"}


def public() -> list[tuple[str, object]]:
    """The public names, and the public members of the classes among them."""
    found = [(name, getattr(adtrace, name)) for name in adtrace.__all__ if name not in ("__version__", "pi", "e")]
    for name, thing in list(found):
        if inspect.isclass(thing) and not issubclass(thing, Exception):
            found += [(f"{name}.{own}", member) for own, member in inspect.getmembers(thing) if not own.startswith("_")
                      and (callable(member) or isinstance(member, property))]  # fmt: skip
    return found


@pytest.mark.parametrize(("name", "thing"), public(), ids=lambda x: x if isinstance(x, str) else "")
def test_public_names_say_what_they_are(name: str, thing: object) -> None:
    """Each has a docstring of its own, and all parameters and what it returns have types."""
    said = inspect.getdoc(thing)
    assert said, name
    assert len(said) > 15, name
    function = thing.fget if isinstance(thing, property) else thing
    if inspect.isfunction(function):
        hints = inspect.signature(function)
        assert hints.return_annotation is not hints.empty, name
        for parameter in list(hints.parameters.values()):
            assert parameter.name == "self" or parameter.annotation is not parameter.empty, (name, parameter)
