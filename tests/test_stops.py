"""A run that is stopped: no temporary file, no process and no half of a file stays behind."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adtrace.documents.output import write_whole
from adtrace.errors import BoundError
from adtrace.processes import copied
from adtrace.stops import Stopped, scratch, stoppable, undivided, undone

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="signals and named pipes are those of Unix")

ROOT = Path(__file__).resolve().parent.parent
STOPS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]
PATIENCE = 90
"""Seconds after which a test that waits for another process gives up."""
DEFAULTS = "import signal; [signal.signal(n, signal.SIG_DFL) for n in (signal.SIGTERM, signal.SIGHUP)];"
DEFAULTS += "signal.signal(signal.SIGINT, signal.default_int_handler);"
"""A test may run where some of them are ignored, which a child inherits."""


def started(code: str, folder: Path, *arguments: str, path: str = "") -> subprocess.Popen[str]:
    """A Python process that runs this code in the folder, with a folder for temporary files of its own."""
    (folder / "tmp").mkdir()
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
    environment["PATH"] = f"{path}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        [sys.executable, "-c", DEFAULTS + code, *arguments],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


CLI = "import sys; from adtrace.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize("number", STOPS)
def test_a_table_that_is_being_written_leaves_the_old_one(tmp_path: Path, number: signal.Signals) -> None:
    """Stopped while a table goes to its file: the file is the old one, nothing stands beside it, the status says so."""
    target = tmp_path / "big.md"
    target.write_text("old")
    text = "\n".join(["a=x", *["a=sin(a)"] * 9000, *["a=x*a"] * 9000])
    (tmp_path / "f").write_text(text)
    run = started(CLI, tmp_path, "table", "@f", "--at", "x=1/3", "--numbers", "fixed", "-o", "big.md")
    while not list(tmp_path.glob(".big.md.*")) and run.poll() is None:
        time.sleep(0.001)
    assert run.poll() is None, "it was faster than its test"
    run.send_signal(number)
    _, errors = run.communicate(timeout=PATIENCE)
    assert (run.returncode, errors) == (128 + number, "adtrace: stopped\n")
    assert target.read_text() == "old"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["big.md", "f", "tmp"]


def engine(folder: Path) -> str:
    """The folder of a ``pdflatex`` that never ends, with a process of its own, both of which hold a pipe open."""
    tools = folder / "tools"
    tools.mkdir()
    os.mkfifo(folder / "pipe")
    (tools / "pdflatex").write_text(f"#!/bin/sh\nexec 3> {folder}/pipe\nsleep 1000 &\necho begun >&3\nwait\n")
    (tools / "pdflatex").chmod(0o755)
    (folder / "main.tex").write_text("x")
    return str(tools)


def heard(pipe: int) -> str:
    """What comes out of a pipe next; empty once nobody holds it open."""
    ready, _, _ = select.select([pipe], [], [], PATIENCE)
    assert ready, "somebody still holds the pipe"
    return os.read(pipe, 100).decode()


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[list[int]]:
    """Room for the pipe of a test, closed afterwards."""
    held: list[int] = []
    yield held
    for one in held:
        os.close(one)


@pytest.mark.parametrize("number", STOPS)
def test_a_build_ends_what_it_has_started(tmp_path: Path, pipe: list[int], number: signal.Signals) -> None:
    """Stopped while LaTeX runs: LaTeX and what it has started are ended, and no file or folder is there but before."""
    tools = engine(tmp_path)
    before = {path.name for path in tmp_path.rglob("*")} | {"tmp"}
    run = started(CLI, tmp_path, "build", "main.tex", path=tools)
    pipe.append(os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK))
    while not select.select(pipe, [], [], PATIENCE)[0] or (text := os.read(pipe[0], 100)) == b"":
        time.sleep(0.01)
    assert text == b"begun\n"
    run.send_signal(number)
    _, errors = run.communicate(timeout=PATIENCE)
    assert (run.returncode, errors) == (128 + number, "adtrace: stopped\n")
    assert heard(pipe[0]) == ""
    assert {path.name for path in tmp_path.rglob("*")} == before


def test_a_build_that_takes_too_long_says_so(tmp_path: Path, pipe: list[int]) -> None:
    """Past its limit LaTeX and what it has started are ended; the message has the limit and the option."""
    tools = engine(tmp_path)
    run = started(CLI, tmp_path, "build", "main.tex", "--timeout", "1", path=tools)
    pipe.append(os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK))
    _, errors = run.communicate(timeout=PATIENCE)
    assert run.returncode == 2
    assert errors.startswith("adtrace: error: pdflatex was stopped after 1 seconds: ")
    assert "--timeout SECONDS" in errors
    assert not list((tmp_path / "tmp").iterdir())


BATCH = """
from adtrace import tables_of
if __name__ == "__main__":
    formula = "+".join(f"sin({k}*x)" for k in range(300))
    tables_of(({"expression": formula, "at": {"x": k}} for k in range(1, 4000)), jobs=2, progress=True)
"""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 1)])
def test_a_batch_ends_its_processes(tmp_path: Path, number: signal.Signals, status: int) -> None:
    """A program stopped in the middle of its tables leaves no process, which would hold its output open, and ends as it
    would have without us: by the signal, or with KeyboardInterrupt.
    """
    pytest.importorskip("joblib")
    (tmp_path / "batch.py").write_text(BATCH)
    run = started("import runpy; runpy.run_path('batch.py', run_name='__main__')", tmp_path)
    assert run.stderr is not None
    assert run.stderr.read(1).isspace()  # the bar: the first tables are there
    run.send_signal(number)
    _, errors = run.communicate(timeout=PATIENCE)
    assert run.returncode in (status, -number)
    assert ("KeyboardInterrupt" in errors) == (number == signal.SIGINT)


def _ends_itself(part: int) -> int:
    """Work that never comes to its end for one part."""
    if part == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return part * part


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux copies processes")
def test_a_copy_that_is_ended_is_told() -> None:
    """Copies of a process make what it would, in order; where one is ended from outside what is missing is not waited
    for, and none is left.
    """
    others = {*multiprocessing.active_children()}  # joblib's, of a test before, stay for minutes
    assert list(copied(_ends_itself, [0, 1, 2, 4, 5, 6, 7], 3)) == [0, 1, 4, 16, 25, 36, 49]
    made = copied(_ends_itself, [0, 1, 2, 3, 4, 5], 2)
    assert [next(made), next(made), next(made)] == [0, 1, 4]
    with pytest.raises(BoundError, match="ended before its time"):
        next(made)
    for process in {*multiprocessing.active_children()} - others:
        process.join(PATIENCE)
    assert {*multiprocessing.active_children()} <= others


def test_a_block_is_not_divided() -> None:
    """A signal that comes while something is begun is answered when it is known, once."""
    begun = []

    @stoppable()
    def run() -> None:
        with undivided():
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
            begun.append("whole")
        begun.append("never")

    with pytest.raises(Stopped) as stop:
        run()
    assert (begun, stop.value.exit_status) == (["whole"], 143)


def test_a_second_signal_does_not_stop_the_undoing() -> None:
    """While it is undone, what was begun is undone to the end; afterwards signals do what they did."""
    undoing = []
    before = [signal.getsignal(number) for number in STOPS]

    @stoppable()
    def run() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            signal.raise_signal(signal.SIGINT)
            undoing.append("done")

    with pytest.raises(Stopped):
        run()
    assert undoing == ["done"]
    assert [signal.getsignal(number) for number in STOPS] == before


def test_a_signal_of_the_callers_stays_the_callers() -> None:
    """What a program answers by itself, or ignores, is left to it."""
    answered = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: answered.append(number))
    try:
        with stoppable(), undone():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert answered == [signal.SIGTERM]


def test_a_program_that_writes_is_stopped_by_its_signal(tmp_path: Path) -> None:
    """In a caller's program KeyboardInterrupt stays what it is, and no part of a file stays."""

    def pieces() -> Iterator[bytes]:
        yield b"a part"
        assert list(tmp_path.iterdir())
        signal.raise_signal(signal.SIGINT)
        yield b"never"

    places = []

    def use() -> None:
        with scratch() as folder:
            places.append(folder)
            (folder / "x").write_text("x")
            signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / "t.md", pieces())
        with pytest.raises(KeyboardInterrupt):
            use()
    finally:
        signal.signal(signal.SIGINT, before)
    assert places
    assert not places[0].exists()
    assert not list(tmp_path.iterdir())
