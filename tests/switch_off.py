"""Switches off one condition of adtrace/checking at a time, and tells how many of them the tests notice.

    python tests/switch_off.py [--seed 14] [--count 100] [--seconds 120]

Each condition (of an ``if``, an ``if ... else``, a comprehension) is made false, or true, in a child of its own, which
imports the changed module and runs the tests of the checker until one fails: the documents first, then the others.
Tests that fail without a change are left out.  What nobody notices is printed, with its line.
"""

from __future__ import annotations

import argparse
import ast
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

TESTS = Path(__file__).parent
CHECKING = TESTS.parent / "adtrace" / "checking"
FIRST = ("test_check_answers.py",)
LEFT_OUT = ("test_check_hostile.py",)
"""These run in processes of their own, in which nothing is changed."""


@dataclass(frozen=True)
class Switch:
    """One condition, and what it is made."""

    path: Path
    number: int
    """Its place among the conditions of the module."""
    line: int
    text: str
    value: bool

    def __str__(self) -> str:
        where = self.path.relative_to(CHECKING)
        return f"{where}:{self.line}: {self.text[:80]!r} is {'always' if self.value else 'never'} so"


def conditions(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """The places of conditions: what they are in, the field, and the index where it is a list."""
    for inner in ast.walk(tree):
        if isinstance(inner, ast.If | ast.IfExp):
            yield inner, "test", None
        elif isinstance(inner, ast.comprehension):
            for index in range(len(inner.ifs)):
                yield inner, "ifs", index


def at(inner: ast.AST, name: str, index: int | None) -> ast.expr:
    """The condition at a place."""
    value: Any = getattr(inner, name)
    found: ast.expr = value if index is None else value[index]
    return found


def switches() -> list[Switch]:
    """Every condition, made false and made true."""
    found = []
    for path in sorted(CHECKING.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for number, place in enumerate(conditions(tree)):
            condition = at(*place)
            text = ast.unparse(condition)
            if text == "TYPE_CHECKING":
                continue
            found += [Switch(path, number, condition.lineno, text, value) for value in (False, True)]
    return found


def changed(switch: Switch) -> CodeType:
    """The module with a condition that is always the same."""
    tree = ast.parse(switch.path.read_text(encoding="utf-8"))
    inner, name, index = list(conditions(tree))[switch.number]
    constant = ast.copy_location(ast.Constant(switch.value), at(inner, name, index))
    if index is None:
        setattr(inner, name, constant)
    else:
        getattr(inner, name)[index] = constant
    return compile(ast.fix_missing_locations(tree), str(switch.path), "exec")


class Changed(importlib.abc.Loader):
    """Gives one module its changed code."""

    def __init__(self, code: CodeType) -> None:
        self.code = code

    def exec_module(self, module: Any) -> None:
        """Run the changed code in the module."""
        exec(self.code, module.__dict__)


class Finder(importlib.abc.MetaPathFinder):
    """Finds that module before anybody else does."""

    def __init__(self, switch: Switch) -> None:
        parts = switch.path.relative_to(CHECKING.parent.parent).with_suffix("").parts
        self.package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.package else parts)
        self.folder = [str(switch.path.parent)] if self.package else None
        self.loader = Changed(changed(switch))

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """The changed module, if it is asked for."""
        if name != self.name:
            return None
        spec = importlib.util.spec_from_loader(name, self.loader, is_package=self.package)
        if spec is not None and self.folder:
            spec.submodule_search_locations = self.folder
        return spec


def forget() -> None:
    """Let adtrace, and the tests, be imported anew; what they build on stays."""
    for name in list(sys.modules):
        own = name.partition(".")[0]
        if own == "adtrace" or (TESTS / f"{own}.py").exists():
            del sys.modules[name]


class Failures:
    """A plugin of pytest that keeps the names of what fails."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep a failure."""
        if report.failed:
            self.names.append(report.nodeid)


def run(files: Sequence[str], left_out: Sequence[str], *, whole: bool) -> list[str]:
    """The tests that fail: the first, or all of them."""
    import pytest

    failures = Failures()
    options = ["-q", "-p", "no:cacheprovider", "--no-header", *(() if whole else ("-x",))]
    options += [option for name in left_out for option in ("--deselect", name)]
    quiet = io.StringIO()
    with redirect_stdout(quiet), redirect_stderr(quiet):
        status = pytest.main([*options, *files], plugins=[failures])
    return failures.names or (["pytest itself"] if status not in (0, 5) else [])


def in_a_child(switch: Switch | None, files: Sequence[str], left_out: Sequence[str], seconds: int) -> list[str]:
    """The tests that fail under a switch; without one, all that fail."""
    with tempfile.TemporaryFile("w+") as told:
        child = os.fork()
        if not child:
            signal.alarm(seconds)
            try:
                if switch is not None:
                    forget()
                    sys.meta_path.insert(0, Finder(switch))
                failed = run(files, left_out, whole=switch is None)
            except BaseException as problem:
                failed = [repr(problem)]
            told.write("\n".join(failed))
            told.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        told.seek(0)
        failed = told.read().splitlines()
    return failed or (["it takes too long"] if status else [])


def main() -> None:
    """Try a sample of the conditions; the last line is the share that is noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument(
        "--seconds", type=int, default=240, help="after which a child is stopped, and counts as noticed"
    )
    chosen = parser.parse_args()
    os.chdir(TESTS.parent)
    sys.path[:0] = [str(TESTS), str(TESTS.parent)]
    import adtrace  # noqa: F401 - with all that it builds on, once for all children

    names = sorted(path.name for path in TESTS.glob("test_check*.py") if path.name not in (*FIRST, *LEFT_OUT))
    files = [f"tests/{name}" for name in (*FIRST, *names)]
    failing = in_a_child(None, files, (), 3600)
    print(f"{len(failing)} tests fail without a change and are left out", flush=True)
    sample = random.Random(chosen.seed).sample(switches(), chosen.count)
    unnoticed = 0
    for number, switch in enumerate(sample, 1):
        start = time.monotonic()
        failed = in_a_child(switch, files, failing, chosen.seconds)
        unnoticed += not failed
        word = f"noticed by {failed[0]}" if failed else "NOT NOTICED"
        print(f"{number}: {switch}: {word} ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"{len(sample) - unnoticed} of {len(sample)} conditions noticed")


if __name__ == "__main__":
    main()
