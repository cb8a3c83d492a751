"""Every page is true: its examples are run, and what it says of a default is the default."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from outside import forked
from pages import PAGES, ROOT, blocks, files, sessions

import adtrace
from adtrace.cli import main
from adtrace.limits import DEFAULT

SITES, ERRORS = PAGES["docs/tasks/sites.md"], PAGES["docs/reference/errors.md"]
KINKS, PROMISES = PAGES["docs/explanation/kinks.md"], PAGES["docs/explanation/promises.md"]


@pytest.mark.parametrize("page", [page for page in PAGES if sessions(page)])
def test_the_console_examples_print_what_is_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command of a page, run in one folder in its order, prints what stands under it, and nothing else."""
    monkeypatch.chdir(tmp_path)
    for path, text in files(page):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    status = 0
    for command, shown in sessions(page):
        program, *arguments = shlex.split(command)
        if command == "echo $?":
            assert shown == f"{status}\n"
            continue
        assert program == "adtrace"
        status = main(arguments)
        printed = capsys.readouterr()
        assert (printed.out + printed.err).rstrip("\n") == shown.rstrip("\n"), command
        if "-o" in arguments:
            assert (tmp_path / arguments[arguments.index("-o") + 1]).stat().st_size > 0


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "pycon")])
def test_the_python_examples_are_right(page: str) -> None:
    """The Python sessions of a page, one after the other in one namespace, answer what is shown."""
    names: dict[str, object] = {"adtrace": adtrace}
    runner = doctest.DocTestRunner(verbose=False)
    for place, (_, text) in enumerate(blocks(page, "pycon")):
        test = doctest.DocTestParser().get_doctest(text, names, f"{page}, session {place + 1}", page, 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > 0


@pytest.mark.parametrize(
    "command",
    [line for page in PAGES for _, text in blocks(page, "sh") for line in text.splitlines() if line[:8] == "adtrace "],
)
def test_the_commands_without_output_run(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that is shown alone does what is said, in a folder with the submissions that it names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "submissions").mkdir()
    for name, answer in files("docs/tasks/checking.md"):
        (tmp_path / "submissions" / name).write_text(answer, encoding="utf-8")
    arguments = [glob for word in shlex.split(command)[1:] for glob in sorted(map(str, Path().glob(word))) or [word]]
    assert main(arguments) == (3 if "check" in arguments else 0)  # both submissions have mistakes


def test_there_are_examples() -> None:
    """The pages have many of both kinds; an expression that finds none would let all of them pass."""
    assert sum(len(sessions(page)) for page in PAGES) > 40
    assert sum(len(blocks(page, "pycon")) for page in PAGES) > 20


FROM_HERE = os.environ | {"PYTHONPATH": str(ROOT)}


def test_the_homework_sheet_is_written(tmp_path: Path) -> None:
    """The program of the page makes a file with both tables."""
    ((name, program),) = files("docs/tasks/homework-sheet.md")
    (tmp_path / name).write_text(program, encoding="utf-8")
    subprocess.run([sys.executable, name], cwd=tmp_path, env=FROM_HERE, check=True)
    assert (tmp_path / "solutions.tex").read_text(encoding="utf-8").count(r"\begin{table}") == 2


def block_of_markdown() -> str:
    """The fenced block for adtrace that the page on sites shows, as a page of its own."""
    shown = re.search(r"^````markdown\n(```adtrace .*?)^````$", SITES, re.MULTILINE | re.DOTALL)
    assert shown is not None
    return f"# Title\n\n{shown[1]}"


@pytest.mark.parametrize("place", [0, 1])
def test_mkdocs_takes_the_lines_for_it(place: int, tmp_path: Path) -> None:
    """A site with the page's lines as its settings has the page's block as a table, whichever way is chosen."""
    mkdocs = pytest.importorskip("mkdocs.__main__", reason="not installed: mkdocs")
    _, lines = blocks("docs/tasks/sites.md", "yaml")[place]
    page = block_of_markdown()
    if "superfences" in lines:
        assert '(`mode="forward"`)' in SITES
        page = page.replace("mode=forward", 'mode="forward"')
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(page)
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{lines}")
    done = forked(mkdocs.cli, ["build", "--strict", "-q"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert shown_in((tmp_path / "site" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["index.rst", "index.md"])
def test_sphinx_takes_the_lines_for_it(name: str, tmp_path: Path) -> None:
    """A project with the page's line in its settings has the page's directive, or its block in MyST, as a table."""
    sphinx = pytest.importorskip("sphinx.cmd.build", reason="not installed: sphinx")
    if name.endswith(".md"):
        pytest.importorskip("myst_parser", reason="not installed: myst-parser")
    ((_, settings),) = [found for found in blocks("docs/tasks/sites.md", "python") if found[0] == "conf.py"]
    more = "extensions.append('myst_parser')\n" if name.endswith(".md") else ""
    (tmp_path / "conf.py").write_text(f"{settings}{more}")
    ((_, directive),) = blocks("docs/tasks/sites.md", "rst")
    (tmp_path / name).write_text(block_of_markdown() if name.endswith(".md") else f"Title\n=====\n\n{directive}")
    done = forked(sphinx.main, ["-q", "-W", "-b", "html", ".", "html"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert shown_in((tmp_path / "html" / "index.html").read_text(encoding="utf-8"))


def shown_in(page: str) -> bool:
    """Whether a page has the forward table of the block, whole, in MathML, and nothing of its source."""
    rows = re.findall(r'<tr role="row".*?</tr>', page, re.DOTALL)
    assert "at: x1" not in page
    assert "5.5" in rows[-1]
    return len(rows) == 1 + 2 + 5 + 1 and all("<math" in row for row in rows[1:])


def test_the_cell_for_quarto_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """The Python in the page's cell for Quarto, run."""
    cell = re.search(r"^```\{python\}\n(.*?)^```$", SITES, re.MULTILINE | re.DOTALL)
    assert cell is not None
    exec(cell[1], {})
    assert "{#tbl-forward}" in capsys.readouterr().out


@pytest.mark.parametrize("name", [name for name in adtrace.__all__ if name.endswith("Error")])
def test_every_error_that_is_raised_has_its_example(name: str) -> None:
    """The page on errors has an example of each, which ends with its exit status."""
    error = getattr(adtrace, name)
    if not error.__subclasses__():
        example = ERRORS.partition(f"\n`{name}`: ")[2].partition("\n```\n")[0]
        assert example.endswith(f"$ echo $?\n{error.exit_status}")


def test_the_promises_about_kinks_and_doubles_are_kept() -> None:
    """What the pages say happens with these functions at 0, and that doubles are noted."""
    for smooth, slope in (("cos(abs(x))", 0), ("max(x, 0) - max(-x, 0)", 1)):
        trace = adtrace.trace(smooth, at={"x": 0})
        assert (trace.gradient["x"], trace.to_dict()["notes"]) == (slope, [])
        assert f"`{smooth}`" in KINKS
    for convention in ("abs=0", "abs=1"):
        kinked = adtrace.trace("max(x, 0) - min(x, 0)", at={"x": 0}, kinks=convention)
        assert kinked.gradient["x"] == 0
        assert len(kinked.to_dict()["notes"]) == 2
    doubled = adtrace.trace("x*2", at={"x": 1}, arithmetic="float").to_dict()["notes"]
    assert any("double precision" in note for note in doubled)
    assert f"more than {DEFAULT.certified_rows} rows" in PROMISES
    assert f"Where {DEFAULT.bits} bits do not" in PROMISES
