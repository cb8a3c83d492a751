"""What a terminal shows: text, stacked where it is narrow; whatever reads a pipe or a file gets Markdown as ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from outside import begun, ended_with

import adtrace
from adtrace.cli import main
from adtrace.tables.options import of_file

pty = pytest.importorskip("pty", reason="a terminal is opened as Unix does")

ROOT = Path(__file__).resolve().parent.parent
TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
COMMAND = [sys.executable, "-m", "adtrace", "table", "ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5"]


def seen(columns: int, *arguments: str) -> str:
    """What a terminal of so many columns shows."""

    def program(given: list[str]) -> int:
        os.environ["COLUMNS"] = str(columns)
        return main(given)

    ours, theirs = pty.openpty()
    child = begun(program, [*COMMAND[3:], *arguments], ROOT, theirs)
    os.close(theirs)
    found = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # Linux says so when the other end is closed
            piece = b""
        if not piece:
            break
        found += piece
    os.close(ours)
    assert ended_with(child) == 0
    return found.decode().replace("\r\n", "\n")


def widest(text: str) -> int:
    """Columns of the widest line of a table."""
    return max(len(line.replace("\u0307", "").replace("\u0304", "")) for line in text.splitlines() if "│" in line)


def test_a_terminal_shows_text_that_fits() -> None:
    """Side by side where there is room, below each other where there is not, and neither is a column too early."""
    beside = TRACE.table(format="text", layout="side-by-side")
    room = widest(beside)
    assert seen(room) == beside
    narrow = seen(room - 1)
    assert narrow == TRACE.table(format="text", layout="stacked")
    assert widest(narrow) < room - 1


def test_what_is_chosen_stays() -> None:
    """A layout and a format that are named hold in a terminal, too; a format of files is not laid out for it."""
    assert seen(20, "--layout", "side-by-side") == TRACE.table(format="text", layout="side-by-side")
    assert seen(200, "--layout", "stacked") == TRACE.table(format="text", layout="stacked")
    assert seen(20, "--format", "markdown") == TRACE.table()
    assert seen(20, "-f", "txt", "--mode", "forward") == TRACE.table(format="text", layout="stacked", mode="forward")


def test_a_pipe_gets_markdown_of_any_width() -> None:
    """The width of a terminal that is not there changes nothing."""
    done = subprocess.run(COMMAND, cwd=ROOT, env=os.environ | {"COLUMNS": "20"}, capture_output=True, check=True)
    assert done.stdout.decode() == TRACE.table()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("t.MD", {"format": "markdown"}),
        ("t.markdown", {"format": "markdown"}),
        ("t.qmd", {"format": "markdown", "flavour": "quarto"}),
        ("t.htm", {"format": "html", "standalone": True}),
        ("t.TEX", {"format": "latex"}),
        ("t.v2.txt", {"format": "text"}),
    ],
)
def test_files_by_their_ending(name: str, shown: dict[str, object], tmp_path: Path) -> None:
    """Endings in capitals and the other usual ones are known on the command line and to `Trace.write`."""
    path = tmp_path / name
    assert main([*COMMAND[3:], "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == TRACE.table(**shown)
    TRACE.write(path)
    assert path.read_text(encoding="utf-8") == TRACE.table(**{k: v for k, v in shown.items() if k != "standalone"})


@pytest.mark.parametrize(("ending", "format_"), [("tex", "latex"), ("md", "markdown"), ("txt", "text")])
def test_an_ending_names_a_format(ending: str, format_: str) -> None:
    """Where a format is named its usual ending does as well."""
    assert TRACE.table(format=ending) == TRACE.table(format=format_)
    assert of_file(f"a.{ending}") == {"format": format_}
