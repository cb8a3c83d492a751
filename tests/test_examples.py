"""The examples run where they find nothing, and print the figures that were computed apart from adtrace."""

from __future__ import annotations

import ast
import json
import os
import runpy
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from outside import needs

from adtrace.cli import cli

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
FACTS: dict[str, Any] = {
    case["id"]: case
    for case in json.loads(Path(__file__).with_name("published.json").read_text(encoding="utf-8"))["cases"]
}
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py"))


def run(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the script prints, run in an empty folder without arguments."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", [name])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def figures(case: str, decimals: int) -> list[str]:
    """The value and the gradient of a published case, rounded."""
    facts = FACTS[case]
    return [f"{Decimal(text):.{decimals}f}" for text in (facts["value"], *facts["gradient"])]


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_runs_and_says_what_it_prints(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each script runs in an empty folder, prints something, and has a docstring about it."""
    assert run(name, tmp_path, monkeypatch, capsys).strip()
    docstring = ast.get_docstring(ast.parse((EXAMPLES / name).read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring.splitlines()) > 1


def test_griewank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The value and the gradient of Griewank and Walther's example are the computed ones, in six rows."""
    printed = run("griewank.py", tmp_path, monkeypatch, capsys)
    value, *gradient = figures("griewank-rust-test", 12)
    assert [line.rpartition(" ")[2] for line in printed.splitlines()[-2:]] == gradient
    assert f"= v₆      = {Decimal(value):.4f}" in printed


def test_one_pass_for_each_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two passes, whose last rows are the two partial derivatives."""
    printed = run("one_pass_for_each_variable.py", tmp_path, monkeypatch, capsys)
    last = [line for line in printed.splitlines() if line.startswith("| $f$")]
    value, _, by_y = figures("cs107-pp6-matheus", 4)
    assert ["mathbf{0}$" in last[0], f"mathbf{{{by_y}}}$" in last[1]] == [True, True]
    assert all(f"mathbf{{{value}}}$" in line for line in last)


def test_softmax(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Both identities hold, the Jacobian is symmetric, and the outputs add up to one."""
    first, second, *rows = run("softmax.py", tmp_path, monkeypatch, capsys).splitlines()
    for line in (first, second):
        left, right = (part.split()[0] for part in line.split(" = ")[1:])
        assert left == right
    outputs = [Decimal(row.split()[2]) for row in rows]
    jacobian = [row.split()[3:] for row in rows]
    assert abs(sum(outputs) - 1) < Decimal("0.0002")
    assert jacobian == [list(column) for column in zip(*jacobian, strict=True)]


def test_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The error and its derivative by each of the eight weights are the computed ones."""
    error, *weights = run("network.py", tmp_path, monkeypatch, capsys).splitlines()
    case = FACTS["mazur-backprop-gradient"]
    value, *gradient = figures("mazur-backprop-gradient", 9)
    named = dict(zip(case["at"], gradient, strict=True))
    assert error.split()[2] == value
    assert weights == [f"dE/d{name} = {named[name]}" for name in sorted(named) if name.startswith("w")]


def test_newton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The steps are the fractions that Newton's method gives by hand."""
    printed = run("newton.py", tmp_path, monkeypatch, capsys)
    steps = [line.split()[2] for line in printed.splitlines() if line.startswith("x = ")]
    assert steps == ["3/2", "17/12", "577/408", "665857/470832", "886731088897/627013566048"]


def test_own_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The script's own template lays the trace out: a list item for each row."""
    printed = run("own_style.py", tmp_path, monkeypatch, capsys)
    assert printed.count("\n1. $") == 6
    assert r"so $\dot f = \dot v_{3} = \mathbf{0.5774}$" in printed


@needs("pdflatex")
def test_the_solution_sheet_compiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sheet and its fragments compile without a warning; every reference is found and nothing sticks out."""
    names = run("solution_sheet.py", tmp_path, monkeypatch, capsys).split()
    folder = tmp_path / "sheet"
    assert [tmp_path / name for name in names] == [folder / Path(name).name for name in names]
    command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", "-no-shell-escape", "sheet.tex"]
    environment = os.environ | {"TEXMFVAR": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=60)
        assert done.returncode == 0
    log = (folder / "sheet.log").read_text(encoding="latin-1")
    assert "Warning" not in log
    assert "Overfull" not in log
    assert "Output written on sheet.pdf (5 pages" in log.replace("\n", "")


def test_network_homework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The answers are those of the homework: the net's by hand, the convolutions, a softmax that no constant moves."""
    lines = run("network_homework.py", tmp_path, monkeypatch, capsys).splitlines()
    told = {line.partition(" = ")[0]: line.partition(" = ")[2].partition(", after")[0] for line in lines[:6]}
    assert told == {
        "L": "1225/32", "dL/dx": "[0, 8.75, -8.75, 17.5, 0]", "dL/dk": "[17.5, -8.75, 26.25]", "dL/db": "8.75",
        "dL/dw": "[83.125, 83.125]", "dL/da": "8.75",
    }  # fmt: skip
    assert {"full: [1, 2, 5, 8, 6, 8]", "valid: [5, 8]", "same: [2, 5, 8, 6]"} <= set(lines)
    (slopes,) = (ast.literal_eval(line) for line in lines if line.startswith("{'S[0]'"))
    assert set(slopes.values()) == {f"{0:.30f}"}
    (values,) = (line for line in lines if line.startswith("sigmoid "))
    assert values.split()[1].rstrip(",") == values.split()[3]


def _commands() -> list[tuple[str, list[str]]]:
    """The commands of the homeworks on layers and on windows, each with what its comments say of the answer."""
    found: list[tuple[str, list[str]]] = []
    scripts = (EXAMPLES / name for name in ("layers_homework.sh", "windows_homework.sh"))
    for line in "\n\n".join(script.read_text(encoding="utf-8") for script in scripts).splitlines():
        if line.startswith("adtrace "):
            found.append((line, []))
        elif line.startswith("# ") and found and any(c in line for c in "=;()0123456789") and not line.endswith("."):
            found[-1][1].append(line[2:])
        elif not line:
            found.append(("", []))
    return [(command, says) for command, says in found if command]


@pytest.mark.parametrize(("command", "says"), _commands())
def test_the_questions_of_homeworks_are_answered(command: str, says: list[str]) -> None:
    """Each command of the shell scripts prints what stands below it: the published figures, or what is right."""
    answer = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert answer.exit_code == 0, answer.output
    for text in says:
        assert text in answer.output
