"""The README is true: its examples are run, and what it lists is what there is."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import warnings
from dataclasses import fields
from pathlib import Path

import pytest
from pages import PAGES, ROOT, blocks, files, sessions

import adtrace
from adtrace.cli import cli, main
from adtrace.elementals import SPELLINGS, TABLE, Elemental
from adtrace.formats import FORMATS
from adtrace.limits import DEFAULT
from adtrace.settings import LAYOUTS, MODES, UNDECIDED
from adtrace.tables.options import COLUMNS, Options
from adtrace.tracing.kinks import Conventions

README = PAGES["README.md"]


@pytest.mark.parametrize("page", PAGES)
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
    assert page != "README.md" or len(sessions(page)) > 10


def block_of_markdown() -> str:
    """The fenced block for adtrace that the README shows, as a page of its own."""
    shown = re.search(r"^````markdown\n(```adtrace .*?)^````$", README, re.MULTILINE | re.DOTALL)
    assert shown is not None
    return f"# Title\n\n{shown[1]}"


@pytest.mark.parametrize("place", [0, 1])
def test_mkdocs_takes_the_lines_for_it(place: int, tmp_path: Path) -> None:
    """A site with the README's lines as its settings has the README's block as a table, whichever way is chosen."""
    pytest.importorskip("mkdocs", reason="not installed: mkdocs")
    _, lines = blocks("README.md", "yaml")[place]
    page = block_of_markdown()
    if "superfences" in lines:
        assert '(`mode="forward"`)' in README
        page = page.replace("mode=forward", 'mode="forward"')
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(page)
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{lines}")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    done = subprocess.run(command, cwd=tmp_path, env=FROM_HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert shown_in((tmp_path / "site" / "index.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["index.rst", "index.md"])
def test_sphinx_takes_the_lines_for_it(name: str, tmp_path: Path) -> None:
    """A project with the README's line in its settings has the README's directive, or its block in MyST, as a table."""
    pytest.importorskip("sphinx", reason="not installed: sphinx")
    if name.endswith(".md"):
        pytest.importorskip("myst_parser", reason="not installed: myst-parser")
    ((_, settings),) = [found for found in blocks("README.md", "python") if found[0] == "conf.py"]
    more = "extensions.append('myst_parser')\n" if name.endswith(".md") else ""
    (tmp_path / "conf.py").write_text(f"{settings}{more}")
    ((_, directive),) = blocks("README.md", "rst")
    (tmp_path / name).write_text(block_of_markdown() if name.endswith(".md") else f"Title\n=====\n\n{directive}")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", ".", "html"]
    done = subprocess.run(command, cwd=tmp_path, env=FROM_HERE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert shown_in((tmp_path / "html" / "index.html").read_text(encoding="utf-8"))


FROM_HERE = os.environ | {"PYTHONPATH": str(ROOT)}


def shown_in(page: str) -> bool:
    """Whether a page has the forward table of the README's block, whole, in MathML, and nothing of its source."""
    rows = re.findall(r'<tr role="row".*?</tr>', page, re.DOTALL)
    assert "at: x1" not in page
    assert "5.5" in rows[-1]
    return len(rows) == 1 + 2 + 5 + 1 and all("<math" in row for row in rows[1:])


def test_the_cell_for_quarto_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """The Python in the README's cell for Quarto, run."""
    cell = re.search(r"^```\{python\}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert cell is not None
    exec(cell[1], {})
    assert "{#tbl-forward}" in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES)
def test_the_python_examples_are_right(page: str) -> None:
    """The Python sessions of a page, one after the other in one namespace, answer what is shown."""
    names: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False)
    for place, (_, text) in enumerate(blocks(page, "pycon")):
        test = doctest.DocTestParser().get_doctest(text, names, f"{page}, session {place + 1}", page, 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0
    assert page != "README.md" or runner.tries > 10


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    """Every page of docs/ in HTML, its tables made by our own directive."""
    pytest.importorskip("furo")
    from sphinx.application import Sphinx

    out = tmp_path / "html"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of Sphinx's own dependencies
        app = Sphinx(ROOT / "docs", ROOT / "docs", out, tmp_path / "trees", "html", status=None, warningiserror=True)
        app.build()
    assert app.statuscode == 0
    for page in PAGES.keys() - {"README.md"}:
        assert (out / page).with_suffix(".html").exists()


def elemental_line(entry: Elemental) -> str:
    """The line of the README's table that says what the table of elementals says."""
    where = entry.domain_text or "everywhere"
    where += f"; derivative for {entry.smooth_text}" if entry.smooth_text else ""
    at_kink = Conventions().at(1, entry) if entry.kink else None
    where += f"; at {entry.kink.where}: {at_kink[1]}" if entry.kink and at_kink else ""
    where += f"; {entry.order} is a constant" if entry.order else ""
    partials = ", ".join(f"`{partial}`" for partial in entry.partials_text)
    return f"| `{entry.formula_text}` | {partials} | {where} |"


@pytest.mark.parametrize("key", sorted(set(TABLE) - set(SPELLINGS)), ids=str)
def test_every_elemental_has_its_line(key: tuple[str, int]) -> None:
    """The README's line of an elemental is what the table of elementals declares."""
    assert elemental_line(TABLE[key]) in README.splitlines()


def test_the_table_lists_nothing_else() -> None:
    """Each line of the README's table is an elemental's, or one of the two kinds of constant powers."""
    table = README.partition("| row | local partials | where |\n")[2].partition("\n\n")[0].splitlines()[1:]
    ours = {elemental_line(TABLE[key]) for key in set(TABLE) - set(SPELLINGS)}
    assert [line.split(",")[0].split("|")[1].strip() for line in table if line not in ours] == ["`u^n`", "`u^c`"]


def test_every_spelling_is_named() -> None:
    """Each further spelling of a function is in the README, by name or as a call."""
    paragraph = README.partition("Other spellings")[2].partition("\n\n")[0]
    missing = {name for name, _ in SPELLINGS if not re.search(rf"`{name}(\(u\))?`", paragraph)}
    assert not missing


def test_every_option_is_named() -> None:
    """Each option of the command line stands in the README's tables, and each option of a table with its values."""
    listed = "\n".join(line for line in README.splitlines() if line.startswith("| `--"))
    command = cli.commands["table"]
    flags = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    for flag in sorted(flags - {"expression", "--at", "-o", "--output"}):
        assert f"`{flag}`" in listed, flag
    for field in (field for field in fields(Options) if field.name != "of_templates"):
        assert f"`--{field.name.replace('_', '-')}`" in listed, field.name
    for value in (*MODES, *FORMATS, *LAYOUTS, *UNDECIDED, "half-even", "half-up", "three-part"):
        assert f"`{value}`" in listed, value
    assert f"`{','.join(COLUMNS)}`" in listed
    assert f"| `--digits` | {Options().digits}, up to {DEFAULT.decimals} |" in listed


@pytest.mark.parametrize("field", [field.name for field in fields(adtrace.Limits)])
def test_every_bound_is_right(field: str) -> None:
    """The README gives each bound of `limits` its default."""
    assert f"| `{field}` | {getattr(DEFAULT, field)} |" in README


@pytest.mark.parametrize("name", [name for name in adtrace.__all__ if name.endswith("Error")])
def test_every_error_is_named(name: str) -> None:
    """The README names each error; those that are raised have an example with their exit status."""
    assert f"`{name}`" in README or f"`adtrace.{name}`" in README
    error = getattr(adtrace, name)
    if not error.__subclasses__():
        example = README.partition(f"\n`{name}`: ")[2].partition("\n```\n")[0]
        assert example.endswith(f"$ echo $?\n{error.exit_status}")


def test_the_commands_are_targets_of_the_makefile() -> None:
    """``make demo`` and ``make test`` exist."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^    make (\w+)", README, re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert f"\n{target}: " in makefile


def test_the_links_lead_somewhere() -> None:
    """What the README links to in the repository is there."""
    titles = re.findall(r"^## (.+)$", README, re.MULTILINE)
    headings = {f"#{re.sub(r'[^a-z0-9 -]', '', title.lower()).replace(' ', '-')}" for title in titles}
    targets = set(re.findall(r"\]\(([^)]+)\)", README))
    for target in targets - headings:
        assert target.startswith("https://") or (ROOT / target).exists(), target
    assert headings - targets == {"#one-example"}, "a section that the table of contents does not name"


def test_the_picture_is_small() -> None:
    """The picture loads at once."""
    picture = (ROOT / "docs" / "table.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 150_000


def test_the_promises_about_kinks_and_doubles_are_kept() -> None:
    """What the README says happens with these functions at 0, and that doubles are noted."""
    for smooth, slope in (("cos(abs(x))", 0), ("max(x, 0) - max(-x, 0)", 1)):
        trace = adtrace.trace(smooth, at={"x": 0})
        assert (trace.gradient["x"], trace.to_dict()["notes"]) == (slope, [])
        assert f"`{smooth}`" in README
    for convention in ("abs=0", "abs=1"):
        kinked = adtrace.trace("max(x, 0) - min(x, 0)", at={"x": 0}, kinks=convention)
        assert kinked.gradient["x"] == 0
        assert len(kinked.to_dict()["notes"]) == 2
    doubled = adtrace.trace("x*2", at={"x": 1}, arithmetic="float").to_dict()["notes"]
    assert any("double precision" in note for note in doubled)
    assert f"more than {DEFAULT.certified_rows} rows" in README
    assert f"at {DEFAULT.bits} bits" in README
