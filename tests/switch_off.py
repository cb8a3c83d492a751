"""Switches off one condition of adtrace/checking at a time, and tells how many of them the tests notice.

    python tests/switch_off.py --map /tmp/conditions.json [--seed 14] [--count 100] [--like "numerals.py.*never"]

First all tests that ask the checker run once, each condition (of an ``if``, an ``if ... else``, a comprehension)
telling what it was in which test; the map is kept in a file, which is made anew when it is away.  Then each condition
is made false, or true, in a child of its own, which imports the changed module and runs the tests in which it was the
opposite, some quick ones first, until one fails or ``--seconds`` of work are over.  What nobody notices is printed.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

TESTS = Path(__file__).parent
CHECKING = TESTS.parent / "adtrace" / "checking"
LEFT_OUT = ("test_check_hostile.py",)
"""These run in processes of their own, in which nothing is changed."""

_QUICK = 25
"""The quickest tests, which run first; the others follow in any order, so that those of one kind are not all."""


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


def rewritten(path: Path, made: Callable[[int, ast.expr], ast.expr]) -> CodeType:
    """The module with its conditions, by their numbers, as they are made."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for number, (inner, name, index) in enumerate(list(conditions(tree))):
        condition = made(number, at(inner, name, index))
        if index is None:
            setattr(inner, name, condition)
        else:
            getattr(inner, name)[index] = condition
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


def switched(switch: Switch) -> CodeType:
    """The module with a condition that is always the same."""
    constant = ast.Constant(switch.value)
    return rewritten(
        switch.path, lambda number, now: ast.copy_location(constant, now) if number == switch.number else now
    )


def telling(path: Path) -> CodeType:
    """The module with conditions that say what they are: each goes through `Tests.was`, the builtin ``__was__``."""
    name = str(path.relative_to(CHECKING))

    def told(number: int, now: ast.expr) -> ast.expr:
        arguments = [ast.Constant(f"{name}:{number}"), now]
        return ast.copy_location(ast.Call(ast.Name("__was__", ast.Load()), arguments, []), now)

    return rewritten(path, told)


class Changed(importlib.abc.Loader):
    """Gives one module its changed code."""

    def __init__(self, code: CodeType) -> None:
        self.code = code

    def exec_module(self, module: Any) -> None:
        """Run the changed code in the module."""
        exec(self.code, module.__dict__)


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that have a code of their own before anybody else does."""

    def __init__(self, codes: dict[Path, Callable[[], CodeType]]) -> None:
        self.codes = {}
        for path, code in codes.items():
            parts = path.relative_to(CHECKING.parent.parent).with_suffix("").parts
            self.codes[".".join(parts[:-1] if path.stem == "__init__" else parts)] = path, code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """A changed module, if it is asked for."""
        if name not in self.codes:
            return None
        where, code = self.codes[name]
        package = where.stem == "__init__"
        spec = importlib.util.spec_from_loader(name, Changed(code()), is_package=package)
        if spec is not None and package:
            spec.submodule_search_locations = [str(where.parent)]
        return spec


def forget() -> None:
    """Let adtrace, and the tests, be imported anew; what they build on stays."""
    for name in list(sys.modules):
        own = name.partition(".")[0]
        if own == "adtrace" or (TESTS / f"{own}.py").exists():
            del sys.modules[name]


class Tests:
    """A plugin of pytest: what fails, how long each test takes, and what the conditions are in it."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.seconds: Counter[str] = Counter()
        self.outcomes: dict[str, set[tuple[str, bool]]] = {"": set()}
        self.here = self.outcomes[""]

    def was(self, condition: str, outcome: object) -> object:
        """What a condition is, as it is."""
        self.here.add((condition, bool(outcome)))
        return outcome

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self.here = self.outcomes.setdefault(nodeid, set())

    def pytest_runtest_logreport(self, report: Any) -> None:
        """A test, or what is made for it, has run."""
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.append(report.nodeid)

    def map(self) -> dict[str, Any]:
        """For each condition and outcome the tests in which it was so, the quickest first; "" is the import."""
        tests: dict[str, list[str]] = {}
        for test in sorted(self.outcomes, key=lambda name: self.seconds[name]):
            for condition, outcome in self.outcomes[test]:
                if test not in self.failed:
                    tests.setdefault(f"{condition}:{outcome}", []).append(test)
        return {"tests": tests, "seconds": self.seconds, "failed": self.failed}


class Chosen:
    """A plugin of pytest: the chosen tests in their order, until one fails or the time is over."""

    def __init__(self, tests: Sequence[str], seconds: dict[str, float], most: int) -> None:
        self.order = {test: place for place, test in enumerate(tests)}
        self.seconds, self.most = seconds, most
        self.failed: list[str] = []
        self.run = 0

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Only those tests, in their order."""
        items[:] = sorted((item for item in items if item.nodeid in self.order), key=lambda i: self.order[i.nodeid])

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test that takes longer than before ends the child, which is a notice, too."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 10 + 2 * self.seconds.get(nodeid, 0))
        self.run += 1

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep a failure."""
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtest_teardown(self, item: Any) -> None:
        """After the time is over, nothing more."""
        if time.process_time() > self.most:
            item.session.shouldstop = "the time is over"


def pytest_quietly(files: Iterable[str], plugin: object, *options: str) -> int:
    """Run files of tests; the exit status of pytest."""
    import pytest

    quiet = io.StringIO()
    with redirect_stdout(quiet), redirect_stderr(quiet):
        return int(pytest.main(["-q", "-p", "no:cacheprovider", *options, *files], plugins=[plugin]))


def in_a_child(codes: dict[Path, Callable[[], CodeType]], work: Callable[[], Any]) -> Any:
    """What some work comes to in a child that imports adtrace anew, with these codes; None if the child is ended."""
    with tempfile.TemporaryFile("w+") as told:
        child = os.fork()
        if not child:
            try:
                forget()
                sys.meta_path.insert(0, Finder(codes))
                answer = work()
            except BaseException as problem:
                answer = {"problem": repr(problem)}
            json.dump(answer, told)
            told.flush()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        told.seek(0)
        answer = None if status else json.load(told)
        if isinstance(answer, dict) and "problem" in answer:  # of the child itself: it says nothing of a switch
            raise RuntimeError(answer["problem"])
        return answer


def mapped(files: Sequence[str]) -> dict[str, Any]:
    """The tests by what the conditions are in them."""

    def work() -> dict[str, Any]:
        tests = Tests()
        builtins.__was__ = tests.was  # type: ignore[attr-defined]
        pytest_quietly(files, tests)
        return tests.map()

    codes = {path: partial(telling, path) for path in CHECKING.rglob("*.py")}
    found: dict[str, Any] = in_a_child(codes, work)
    return found


def verdict(switch: Switch, known: dict[str, Any], most: int) -> tuple[bool, str]:
    """Whether a switch is noticed, and by what."""
    condition = f"{switch.path.relative_to(CHECKING)}:{switch.number}:{not switch.value}"
    tests = known["tests"].get(condition, [])
    if "" in tests:  # while the modules are imported: by any test
        tests = sorted(filter(None, known["seconds"]), key=lambda name: known["seconds"][name])[::20]
    if not tests:
        return False, "NOT NOTICED, it never is the opposite"
    others = tests[_QUICK:]
    tests = [*tests[:_QUICK], *random.Random(0).sample(others, len(others))]

    def work() -> list[Any]:
        chosen = Chosen(tests, known["seconds"], most)
        files = dict.fromkeys(test.partition("::")[0] for test in tests)
        status = pytest_quietly(files, chosen, "-x")
        return [chosen.failed or (["pytest itself"] if status not in (0, 2, 5) else []), chosen.run]

    answer = in_a_child({switch.path: partial(switched, switch)}, work)
    if answer is None:
        return True, "noticed: it takes too long"
    failed, run = answer
    return bool(failed), f"noticed by {failed[0]}" if failed else f"NOT NOTICED by {run} of {len(tests)} tests"


def main() -> None:
    """Try a sample of the conditions; the last line is the share that is noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--map", type=Path, required=True, help="the file of what the conditions are in which test")
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--like", help="in place of a sample: those whose line is like this regular expression")
    parser.add_argument("--seconds", type=int, default=60, help="of work for each, after which it is not noticed")
    chosen = parser.parse_args()
    os.chdir(TESTS.parent)
    sys.path[:0] = [str(TESTS), str(TESTS.parent)]
    import adtrace.cli  # noqa: F401 - with all that it builds on, once for all children

    if not chosen.map.exists():
        asking = re.compile(r"\badtrace(\.| import )check|^from answers import", re.MULTILINE)
        files = sorted(
            f"tests/{path.name}" for path in TESTS.glob("test_*.py")
            if path.name not in LEFT_OUT and asking.search(path.read_text(encoding="utf-8"))
        )  # fmt: skip
        chosen.map.write_text(json.dumps(mapped(files)), encoding="utf-8")
    known = json.loads(chosen.map.read_text(encoding="utf-8"))
    print(f"{len(known['failed'])} tests fail without a change and are left out: {known['failed']}", flush=True)
    sample = (
        [switch for switch in switches() if re.search(chosen.like, str(switch))]
        if chosen.like
        else random.Random(chosen.seed).sample(switches(), chosen.count)
    )
    noticed = 0
    for number, switch in enumerate(sample, 1):
        start = time.monotonic()
        seen, word = verdict(switch, known, chosen.seconds)
        noticed += seen
        print(f"{number}: {switch}: {word} ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"{noticed} of {len(sample)} conditions noticed")


if __name__ == "__main__":
    main()
