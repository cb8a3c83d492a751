"""Templates of the user's own: found before ours, able to lay out a table, unable to do anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import adtrace
from adtrace.cli import main
from adtrace.errors import OptionError
from adtrace.request import Request
from adtrace.settings import SETTINGS, TABLE, Setting
from adtrace.tables.resources import template_root

TRACE = adtrace.trace("x1*x2", at={"x1": 2, "x2": 5})
CALL = ["table", "x1*x2", "--at", "x1=2,x2=5"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for templates."""
    for name in ("markdown", "text", "latex"):
        (tmp_path / "templates" / name).mkdir(parents=True)
    return tmp_path / "templates"


def rendered(folder: Path, template: str, **given: Any) -> str:
    """What a template of the user makes of the table."""
    (folder / "markdown" / "mine.md").write_text(template, encoding="utf-8")
    return TRACE.table(template_dir=folder, style="mine", **given)


def test_style_of_ones_own(folder: Path) -> None:
    """A style is one file; it gets the tables as plain data."""
    template = (
        "<% for table in tables %><% for block in table.blocks %><% for group in block.groups %>"
        "<% for line in group %><% for cells in line %><< cells | join(' ') >>;<% endfor %><< '\\n' >>"
        "<% endfor %><% endfor %><% endfor %><% endfor %>"
    )

    last = rendered(folder, template, mode="forward").splitlines()[-1]
    assert last == r"y = v_{1} = \mathbf{10};\dot y = \dot v_{1} = \mathbf{5};"


def test_folder_of_the_user_comes_first(folder: Path) -> None:
    """A template of our name in the user's folder takes the place of ours; the others stay."""
    (folder / "markdown" / "three-part.md").write_text("mine: << tables | length >>", encoding="utf-8")

    assert TRACE.table(template_dir=folder) == "mine: 2\n"
    assert TRACE.table(template_dir=folder, format="text") == TRACE.table(format="text")
    assert TRACE.table() != "mine: 2\n"


def test_parts_of_ours_can_be_replaced(folder: Path) -> None:
    """What our template includes may be the user's: a preamble of one's own."""
    (folder / "latex" / "_preamble.tex").write_text("\\documentclass{memoir}\n", encoding="utf-8")

    assert TRACE.table(format="latex", standalone=True, template_dir=folder).startswith("\\documentclass{memoir}")


@pytest.mark.parametrize(
    ("form", "name", "more"),
    [
        ("latex", "latex/_macros.tex", "\\def\\adtgap{8pt}"),
        ("html", "html/_table.css", ".adtrace th { color: red; }"),
        ("typst", "typst/_macros.typ", "#let adt-gap = 8pt"),
        ("text", "text/three-part.txt", "mine"),
    ],
)
def test_a_part_of_ones_own_may_begin_with_ours(folder: Path, form: str, name: str, more: str) -> None:
    """``adtrace/`` before a name is our template, also where the folder has one of that name, and nowhere else."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(f'{more}\n<% include "adtrace/{name}" %>\n', encoding="utf-8")
    (folder / "adtrace" / form).mkdir(parents=True)
    (folder / "adtrace" / name).write_text("not asked for", encoding="utf-8")

    ours, table = TRACE.table(format=form), TRACE.table(format=form, template_dir=folder)
    assert table.replace(f"{more}\n", "", 1) == ours
    assert table != ours


def test_what_is_not_ours_is_not_there(folder: Path) -> None:
    """``adtrace/`` leads to our templates and to nothing else."""
    for name in ("adtrace/latex/none.tex", "adtrace/../latex/three-part.tex", "adtrace//etc/passwd", "adtrace/"):
        with pytest.raises(adtrace.TemplateError, match="which is not there"):
            rendered(folder, f"<% include '{name}' %>")


def test_template_may_change_between_calls(folder: Path) -> None:
    """A template that was edited is read again."""
    assert rendered(folder, "one") == "one\n"
    assert rendered(folder, "two") == "two\n"


def test_record_of_ones_own(folder: Path) -> None:
    """A notation is a TOML record in the user's folder, read again when it was edited."""
    (folder / "styles").mkdir()
    for letter in ("w", "z"):
        record = f'letter = "{letter}"\n[[forward]]\ncolumns = ["v", "= operation"]\n'
        (folder / "styles" / "plain.toml").write_text(record, encoding="utf-8")

        table = TRACE.table(mode="forward", style="plain", template_dir=folder, format="text")
        assert f"{letter}₁  = {letter}₋₁ × {letter}₀" in table


def test_unknown_style_lists_those_that_are_there(folder: Path) -> None:
    """The error names the styles, ours and the user's, and no included part."""
    (folder / "latex" / "mine.tex").write_text("mine", encoding="utf-8")
    with pytest.raises(adtrace.TemplateError, match=r"no style 'their'.*; there are .*griewank.*, mine.*, three-part$"):
        TRACE.table(format="latex", style="their", template_dir=folder)
    with pytest.raises(adtrace.TemplateError, match=r"^(?!.*(mine|_preamble))"):
        TRACE.table(format="latex", style="their")


@pytest.mark.parametrize("style", ["../markdown/three-part", "/etc/passwd", "..", "", "a/b", "a\\b", "x" * 5000, "é"])
def test_style_is_a_name(style: str) -> None:
    """A style is no path."""
    with pytest.raises(adtrace.TemplateError):
        TRACE.table(style=style)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    """A template folder that is not there is an error, not ours in silence."""
    with pytest.raises(adtrace.TemplateError, match="nowhere"):
        TRACE.table(template_dir=tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("<< nothing >>", "'nothing' is undefined"),
        ("<< tables[0].title >>", "has no attribute 'title'"),
        ("<% for table in tabels %><% endfor %>", "'tabels' is undefined"),
        ("<< tables[9].caption >>", "has no element 9"),
        ("<% if %>", "line 1"),
        ("<% for x in tables %>", "line 1"),
        ("\n<< tables | upper >>", "line 2"),
        ("<< 1 / 0 >>", "division by zero"),
        ("<% include 'latex/nothing.tex' %>", "includes latex/nothing.tex, which is not there"),
        ("<% include 'markdown/mine.md' %>", "not come to an end"),
        ("<% macro m() %><< m() >><% endmacro %><< m() >>", "not come to an end"),
    ],
)
def test_faults_of_a_template_are_told(folder: Path, template: str, message: str) -> None:
    """A template that names what is not there, or is not valid, gives our error with the reason."""
    with pytest.raises(adtrace.TemplateError, match=message):
        rendered(folder, template)


@pytest.mark.parametrize(
    "template",
    [
        "<< tables.__class__ >>",
        "<< ''.__class__.__mro__[1].__subclasses__() >>",
        "<< tables[0].__init__.__globals__ >>",
        "<< tables[0]._replace(caption='x') >>",
        "<< tables[0]._make >>",
        "<< tables | attr('__class__') >>",
        "<< tables | map(attribute='__class__') | list >>",
        "<< (tables | max(attribute='__class__')) >>",
        "<< lipsum >>",
        "<< cycler >>",
        "<< joiner >>",
        "<< namespace() >>",
        "<< range(3) >>",
        "<< dict() >>",
        "<< self.__init__ >>",
        "<< self._TemplateReference__context >>",
        "<< loop >>",
        "<% import 'os' as os %>",
        "<% include '../../secret.md' %>",
        "<% include 'markdown/../../../secret.md' %>",
        "<% include '/etc/passwd' %>",
        "<< ''.format(tables) >>",
        "<< '%s'.format_map({}) >>",
        "<< 'x'.ljust(10) >>",
        "<< 'x' * 10 >>",
        "<< 2 ** 3 >>",
        "<< '%9d' % 1 >>",
        "<% set x = [] %><< x.append(1) >>",
        "<% do tables.append(1) %>",
    ],
)
def test_sandbox_holds(folder: Path, template: str) -> None:
    """Nothing of Python is within a template's reach: no attributes of its own, no calls, no other files."""
    (folder.parent / "secret.md").write_text("secret", encoding="utf-8")
    with pytest.raises(adtrace.TemplateError):
        rendered(folder, template)


def test_what_a_template_may_do(folder: Path) -> None:
    """Macros, loops, conditions and the documented filters work."""
    template = (
        "<% macro m(x) %>[<< x >>]<% endmacro %>"
        "<% for x in tables recursive %><< m(loop.index) >><% endfor %>"
        "<% set a = tables | first %><< ('─' | times(3)) | pad(5) >>|<< a.mode | replace('w', 'W') >>"
    )

    assert rendered(folder, template) == "[1][2]───  |forWard\n"


@pytest.mark.parametrize("template", ["<< nothing >>", "<% if %>", "good <% include 'gone.md' %>"])
def test_no_partial_file_is_left(folder: Path, template: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A template that fails leaves the old file as it was, no new one, and a message on stderr."""
    (folder / "markdown" / "mine.md").write_text(template, encoding="utf-8")
    out = folder.parent / "out"
    out.mkdir()
    (out / "old.md").write_text("old", encoding="utf-8")
    for name in ("old.md", "new.md"):
        assert main([*CALL, "--template-dir", str(folder), "--style", "mine", "-o", str(out / name)]) == 2

    assert [path.name for path in out.iterdir()] == ["old.md"]
    assert (out / "old.md").read_text(encoding="utf-8") == "old"
    assert capsys.readouterr().err.startswith("adtrace: error: the template markdown/mine.md")


def test_every_format_has_its_default_style() -> None:
    """The default style is there for each format that a template renders."""
    for name, ending in {"markdown": "md", "latex": "tex", "text": "txt"}.items():
        assert template_root().joinpath(name).joinpath(f"three-part.{ending}").is_file()


def test_json_is_no_table() -> None:
    """The records of a table are refused for a format that has none, with the call that gives its structure."""
    with pytest.raises(adtrace.OptionError, match=r"json is no table; to_dict\(\) gives its structure"):
        TRACE.tables(format="json")


def test_the_records_have_the_notation_that_is_asked_for() -> None:
    """A mark that the options change stands in the records of a table as it stands in its text."""
    (table,) = TRACE.tables(format="markdown", mode="forward", notation="letter=w")
    first = table.blocks[0].groups[0][0][0][0]
    assert first.startswith("w_")
    assert f"${first}$" in TRACE.table(format="markdown", mode="forward", notation="letter=w")


def test_a_setting_that_only_a_template_reads_is_one_entry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry in the table of settings reaches the template by its name, from Python and from a document."""
    monkeypatch.setitem(SETTINGS, "paper", Setting("paper", TABLE, "The paper.", values=("a4", "a5")))
    (folder / "markdown" / "sheet.md").write_text("paper <<paper>>, <<tables[0].caption | length>> characters\n")
    chosen = {"style": "sheet", "template_dir": folder}
    made = adtrace.trace("x*y", at={"x": 2, "y": 3})
    plain = made.table(**chosen)
    assert plain.startswith("paper , ")
    assert made.table(**chosen, paper="a5") == plain.replace("paper ,", "paper a5,")
    trace, options = Request("x*y", {"at": "x=2, y=3", "paper": "a4"}).trace()
    assert trace.table(**options, **chosen) == plain.replace("paper ,", "paper a4,")
    with pytest.raises(OptionError, match="paper is a4 or a5, not 'a6'"):
        made.table(paper="a6")
    monkeypatch.setitem(SETTINGS, "paper", Setting("paper", TABLE, "The paper."))
    with pytest.raises(OptionError, match="paper is text, not None"):
        made.table(paper=None)
