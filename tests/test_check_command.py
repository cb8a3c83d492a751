"""The command ``adtrace check``: exit statuses, reports, marks, a class, and files that mean no good."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from functools import partial
from pathlib import Path

import pytest
from processor import timed

import adtrace
from adtrace.checking import command
from adtrace.cli import main

HEAD = "| name | operation | value | derivative | by x | by y |\n|---|---|---|---|---|---|\n"
RIGHT = (
    "f(x, y) = x*y + sin(x) at x = 2, y = 3.\n\n"
    + HEAD
    + "| v_1 | x | 2 | dx | 1 | 0 |\n| v_2 | y | 3 | dy | 0 | 1 |\n"
    "| v_3 | v_1 v_2 | 6 | v_1dv_2 + v_2dv_1 | 3 | 2 |\n| v_4 | sin(v_1) | 0.9093 | cos(v_1)dv_1 | -0.4161 | 0 |\n"
    "| v_5 | v_3 + v_4 | 6.9093 | dv_3 + dv_4 | 2.5839 | 2 |\n"
)
WRONG = RIGHT.replace("0.9093", "0.0349").replace("6.9093", "6.0349")
"""The sine of 2 degrees, carried on."""


def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str | bytes, *options: str, name: str = "answer.md"
) -> tuple[int, str, str]:
    """The exit status of the command on a file with this text, and what it prints."""
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    status = main(["check", str(file), *options])
    out, err = capsys.readouterr()
    return status, out, err


def test_exit_statuses(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """0 is all right, 3 mistakes, 2 not readable; the answer goes to stdout and the message to stderr."""
    status, out, err = run(capsys, tmp_path, RIGHT)
    assert (status, err) == (0, "")
    assert out.endswith("25 cells right, 0 mistakes.\n")
    status, out, err = run(capsys, tmp_path, WRONG)
    assert (status, err) == (3, "")
    assert "✗ v_4, value (line 8): 0.0349 should be 0.9093 (sin(v_1) is computed in degrees, not in radians)" in out
    assert "1 mistake, 1 cell following from it" in out
    status, out, err = run(capsys, tmp_path, "There is nothing here.\n")
    assert (status, out) == (2, "")
    assert "there is no trace table in the document: expected rows of cells" in err


def test_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """- reads the document from stdin."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(WRONG.encode()), encoding="utf-8"))
    assert main(["check", "-"]) == 3
    assert "degrees" in capsys.readouterr().out


def test_formats(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The report as Markdown, HTML and JSON says the same."""
    _, out, _ = run(capsys, tmp_path, WRONG, "--format", "json")
    data = json.loads(out)
    assert data["counts"]["wrong"] == 1
    assert data["counts"]["following"] == 1
    assert data["mistakes"][0]["cause"] == "degrees"
    assert data["tables"][0]["states"][3][2] == "wrong"
    assert data["tables"][0]["states"][4][2] == "following"
    _, out, _ = run(capsys, tmp_path, WRONG, "--format", "markdown")
    assert "0.0349$ ✗" in out
    _, out, _ = run(capsys, tmp_path, WRONG, "--format", "html")
    assert re.search(r'<td[^>]*class="adt-wrong" title="should be 0\.9093">', out)
    status, _, err = run(capsys, tmp_path, WRONG, "--format", "pdf")
    assert status == 2
    assert "text, markdown, html, json" in err


def test_what_stands_in_a_cell_is_shown_and_not_obeyed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Markup and control characters of a document are made harmless in every report."""
    evil = RIGHT.replace("| 6 |", "| <script>alert(1)</script> |").replace("| dx |", "| \x1b[31mdx |")
    for form in ("text", "markdown", "html"):
        _, out, _ = run(capsys, tmp_path, evil, "--format", form)
        assert "<script" not in out
        assert "\x1b" not in out


def test_marks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A point a cell; what follows from a mistake earns its point unless it is not to."""
    _, out, _ = run(capsys, tmp_path, WRONG, "--marks")
    assert out.endswith("Marks: 24 of 25 (96.0 %).\n")
    _, out, _ = run(capsys, tmp_path, WRONG, "--points", "formula=2,number=1")
    assert out.endswith("Marks: 34 of 35 (97.1 %).\n")
    _, out, _ = run(capsys, tmp_path, WRONG, "--no-consequential")
    assert out.endswith("Marks: 23 of 25 (92.0 %).\n")
    status, _, err = run(capsys, tmp_path, WRONG, "--points", "style=7")
    assert status == 2
    assert "points are formula=N,number=N" in err


def test_a_class(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A line for each file, in their order; one that cannot be read does not stop the rest."""
    texts = {"ada.md": RIGHT.encode(), "=bob.md": WRONG.encode(), "cy.md": b"\x00\x01", "di.md": b"no table"}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    files = [str(tmp_path / name) for name in texts]
    marks = tmp_path / "marks.csv"
    assert main(["check", *files, str(tmp_path / "gone.md"), "--csv", str(marks)]) == 2
    assert capsys.readouterr().err == ""
    rows = list(csv.DictReader(io.StringIO(marks.read_text(encoding="utf-8"))))
    assert [row["status"] for row in rows] == ["right", "mistakes", "unreadable", "unreadable", "unreadable"]
    assert [row["percent"] for row in rows] == ["100.0", "96.0", "", "", ""]
    assert "degrees" in rows[1]["first mistake"]
    assert "zero byte" in rows[2]["first mistake"]
    assert main(["check", files[0], files[1]]) == 2
    assert "--csv" in capsys.readouterr().err


def test_progress_is_for_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that counts and names the files stands on stderr while a terminal watches; a name steers no terminal."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    watching = Terminal()
    monkeypatch.setattr(sys, "stderr", watching)
    names = ["a.md", "\x1b[2Jb.md"]
    for name in names:
        (tmp_path / name).write_text(RIGHT, encoding="utf-8")
    files = [str(tmp_path / name) for name in names]
    assert main(["check", *files, "--csv", str(tmp_path / "marks.csv")]) == 0
    assert re.search(r"\[#{12} {12}\]  1/2.*a\.md", watching.getvalue())
    assert re.search(r"\[#{24}\]  2/2.*b\.md", watching.getvalue())
    assert "\x1b[2J" not in watching.getvalue()
    assert watching.getvalue().endswith("\n")


def test_colour_is_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks are in colour on a terminal only, and NO_COLOR is respected."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert command.coloured(Terminal())
    assert not command.coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not command.coloured(Terminal())
    report = adtrace.check(WRONG)
    assert "\x1b[1;31m0.0349 ✗\x1b[0m" in report.render("text", colour=True)
    assert "\x1b" not in report.render("text")


def test_one_table_of_several(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """--table N checks one; a number that there is not is refused."""
    both = RIGHT + "\n\n" + WRONG
    assert run(capsys, tmp_path, both, "--table", "1")[0] == 0
    assert run(capsys, tmp_path, both, "--table", "2")[0] == 3
    status, _, err = run(capsys, tmp_path, both, "--table", "3")
    assert status == 2
    assert "--table is 1 to 2" in err


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "huge": ("a.md", b"| v_1 | 2 |\n" * 200_000, "characters"),
    "binary": ("a.md", bytes(range(256)) * 50, "zero byte"),
    "half a tabular": ("a.tex", b"\\begin{tabular}{cc}\n v_1 & 2 \\\\\n v_2 & 3", "half a table"),
    "half a JSON": ("a.json", b'{"columns": ["a", "b"], "rows": [["v_1", "2"', "not JSON"),
    "heading only": ("a.md", b"| name | value |\n|---|---|\n", "no rows"),
    "a million columns": ("a.md", b"|" + b"a|" * 45_000 + b"\n|" + b"-|" * 45_000 + b"\n", "cells"),
    "a million columns in CSV": ("a.csv", b",".join([b"v"] * 45_000) + b"\n1,2\n", "cells"),
    "a long line": ("a.md", b"x" * 150_000, "characters"),
    "many rows": ("a.md", b"| n | v |\n|---|---|\n" + b"| v_1 | 2 |\n" * 5000, "rows"),
    "many tables": ("a.md", b"| n | v |\n|---|---|\n| v_1 | 2 |\n\n" * 300, "tables"),
    "deep JSON": ("a.json", b"[" * 90_000, "JSON"),
    "nothing": ("a.md", b"", "no trace table"),
    "blank lines": ("a.csv", b"\n" * 500_000, "no trace table"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_get_a_clear_error(capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str) -> None:
    """A file that cannot be a homework is refused within two seconds of processor time, in a sentence that says why."""
    name, data, words = HOSTILE[kind]
    seconds, (status, out, err) = timed(lambda: run(capsys, tmp_path, data, name=name))
    assert seconds < 2
    assert (status, out) == (2, "")
    assert words in err
    assert err.startswith("adtrace: error: ")


HARD_CELLS = [
    "(" * 1500 + "x" + ")" * 1500,
    "-" * 1900 + "x",
    "x^9^9^9^9^9",
    "exp(exp(exp(exp(exp(9)))))",
    "10^10^10^10",
    "1e999",
    "9" * 3000,
    "\\frac{" * 500 + "x",
    "\\dot " * 900,
    "dv_1/" * 700,
    "<sub>" * 700,
    "**a" * 900,
    "__import__('os').system('x')",
    "{{7*7}} <% x %>",
    "=cmd()!A1",
    "|" * 10,
]


def test_hostile_cells_are_only_unreadable(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A cell that cannot be read, or has no value that fits in memory, never stops the check of the others."""
    for cell in HARD_CELLS:
        for column in ("operation", "value"):
            row = f"| v_4 | {cell} | 1 |" if column == "operation" else f"| v_4 | v_3 | {cell} |"
            text = f"| name | operation | value |\n|---|---|---|\n| v_1 | x | 2 |\n| v_3 | v_1^2 | 4 |\n{row}\n"
            seconds, (status, out, err) = timed(partial(run, capsys, tmp_path, text, "--at", "x=2"))
            assert seconds < 2, cell[:40]
            assert status in (0, 2, 3, 4), (cell[:40], err)
            assert "v_1^2" in out
