"""Traces inside Markdown and documentation tools: fenced blocks, flavours, Sphinx and MkDocs."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from goldens import CASES
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from outside import forked, skip_without

import adtrace
from adtrace.cli import main
from adtrace.errors import BindingError, InputError, MathematicsError, OptionError, ParseError
from adtrace.fences import replaced
from adtrace.latexbuild.exchange import request
from adtrace.request import are_settings, block, words
from adtrace.settings import FLAVOURS, SETTINGS

ROOT = Path(__file__).resolve().parent.parent
TRACE = adtrace.trace("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
BLOCK = "```adtrace mode=forward\nx^2\nat: x=3\n```"
MYST = "myst_enable_extensions = ['dollarmath']\n"
TABLE = adtrace.trace("x^2", at={"x": 3}).table(mode="forward")


def pandoc(text: str, reader: str) -> dict[str, object]:
    """The document as pandoc reads it."""
    skip_without("pandoc")
    command = ["pandoc", "-f", reader, "-t", "json"]
    return dict(json.loads(subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout))


def formulas(tree: object) -> list[str]:
    """The formulas of a document of pandoc."""
    if isinstance(tree, dict):
        if tree.get("t") == "Math":
            return [tree["c"][1]]
        return [found for part in tree.values() for found in formulas(part)]
    return [found for part in tree for found in formulas(part)] if isinstance(tree, list) else []


def in_dollars(text: str) -> list[str]:
    """The formulas of a Markdown text."""
    return re.findall(r"(?<!\\)\$([^$]*)(?<!\\)\$", text)


# -- fenced blocks ---------------------------------------------------------------------------------------------------


def test_blocks_become_tables_and_the_rest_stays() -> None:
    """A block for adtrace becomes its table, in a list with the list's margin; every other line stays as it is."""
    text = f"Before\n\n{BLOCK}\n\nAfter  \n"
    assert replaced(text, {}) == f"Before\n\n{TABLE.rstrip()}\n\nAfter  \n"
    indented = "- item\n" + "\n".join(f"  {line}" for line in BLOCK.split("\n"))
    assert replaced(indented, {}).split("\n")[1:] == [f"  {line}".rstrip() for line in TABLE.rstrip().split("\n")]
    assert replaced("> " + BLOCK.replace("\n", "\n> "), {}).startswith("> **Table.** Forward")


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1\n```\n",
        f"````md\n{BLOCK}\n````\n",
        "~~~\n```adtrace\n~~~\n",
        "```adtracer\nx\n```",
        "`` `adtrace` ``",
    ],
)
def test_other_blocks_stay(text: str) -> None:
    """Blocks of other languages, and blocks shown inside a block, are not touched."""
    assert replaced(text, {}) == text


@pytest.mark.parametrize(
    "given",
    [
        '```adtrace at="x=3" mode=forward\nx^2\n```',
        "~~~~ adtrace\nmode: forward\nat: x=3\n\nx^2\n~~~~",
        "```{.adtrace mode=forward}\n:at: x=3\nx^2\n```",
        "```{adtrace}\n:at: x = 3\n:mode: forward\n\nx^2\n```",
    ],
)
def test_settings_stand_in_the_first_line_or_in_the_block(given: str) -> None:
    """Settings are read from the line of the fence and from lines of their own, in the spellings of every tool."""
    assert replaced(given, {}) == TABLE.rstrip()


SPELLED = sorted(name for name in SETTINGS if "_" in name)


@pytest.mark.parametrize("name", SPELLED)
def test_settings_with_hyphens_are_the_same(name: str) -> None:
    """A setting is spelled as in Python or as on the command line, in blocks, first lines, LaTeX and directives."""
    hyphens = name.replace("_", "-")
    for spelled in (name, hyphens):
        assert dict(block(f"x\n{spelled}: 0.1").settings) == {name: "0.1"}
        assert dict(block(f"x\n:{spelled}: 0.1").settings) == {name: "0.1"}
        assert dict(block("x", f"{spelled}=0.1").settings) == {name: "0.1"}
        assert dict(request(f"{spelled}={{0.1}},|x").settings) == {name: "0.1"}
        assert are_settings(f'{spelled}="0.1"')
    step = "reverse\nlearning-rate: 0.1"
    assert replaced(f"```adtrace\nat: x=3\nmode: {step}\nx^2\n```", {}) == replaced(
        f"```adtrace\nat: x=3\nmode: {step.replace('-', '_')}\nx^2\n```", {}
    )
    assert block("x-y", "").expression == "x-y"


def test_a_program_may_take_several_lines() -> None:
    """The lines that are no settings are the expression together."""
    asked = block("a = x1*x2\nat: x1=2, x2=5\ny = a + sin(a)\n")
    assert asked.expression == "a = x1*x2\ny = a + sin(a)"
    assert "11.0000" not in asked.trace()[0].table(format="text")
    assert f"{asked.trace()[0].value:.4f}" == "9.4560"


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ("sine(x)\nat: x=3", ParseError, "line 3: unknown function 'sine'"),
        ("ln(x)\nat: x=-1", MathematicsError, "line 3: "),
        ("x*y\nopen: y", BindingError, "line 3: x has no value"),
        ("at: x=1", InputError, "line 3: a block for adtrace holds an expression"),
        ("x\nat: x=1\nmood: forward", OptionError, "line 3: there is no option 'mood'.*'mode'"),
        ("x\nat: x=1\nsharing: perhaps", OptionError, "line 3: sharing is true or false"),
        ("x\nat: x=1\ndigits: four", OptionError, "line 3: digits is a whole number"),
    ],
)
def test_an_error_names_its_line(body: str, error: type[Exception], message: str) -> None:
    """What is wrong in a block is an error of its kind that begins with the line of the block."""
    with pytest.raises(error, match=message):
        replaced(f"\n\n```adtrace\n{body}\n```\n", {})


def test_a_block_that_is_not_closed_is_an_error() -> None:
    """A document that ends inside a block is refused, not half replaced."""
    with pytest.raises(InputError, match="line 2: the block is not closed"):
        replaced("\n```adtrace\nx^2\nat: x=3\n", {})


def test_words_keep_what_is_quoted() -> None:
    """Quotes hold blanks together; one that is not closed is an error."""
    assert words("""at="x1 = 2, x2=5"  mode='forward' caption=""") == ["at=x1 = 2, x2=5", "mode=forward", "caption="]
    with pytest.raises(InputError, match="not closed"):
        words('at="x1')


def test_the_command_reads_and_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``adtrace md`` takes a file or stdin and gives a file or stdout; the example of the folder goes through it."""
    example = ROOT / "examples" / "markdown" / "notes.in.md"
    assert main(["md", str(example), "-o", str(tmp_path / "notes.md")]) == 0
    made = (tmp_path / "notes.md").read_text(encoding="utf-8")
    assert made.count("| Forward | evaluation | trace ↓ |") == 2
    assert "```" not in made
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(example.read_bytes())))
    assert main(["md", "--flavour", "pandoc"]) == 0
    assert "\n: Forward mode AD of" in capsys.readouterr().out
    assert main(["md", str(tmp_path / "none.md")]) == 2
    assert "cannot be read" in capsys.readouterr().err


# -- flavours --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("case", [name for name in CASES if "table.md" in CASES[name].files])
def test_a_flavour_changes_the_caption_alone(case: str, flavour: str) -> None:
    """In every flavour the rows are those of GitHub's, character for character, but for the rows of a matrix, and for
    the empty left side of a relation, without which LibreOffice prints none.
    """
    made, options = CASES[case].trace(), {key: value for key, value in CASES[case].options.items() if key != "label"}
    rows = [line for line in made.table(**options).split("\n") if line.startswith("|")]
    parted = [row.replace(r" \cr ", r" \\ ") for row in rows] if flavour != "gfm" else rows
    # GitHub's reader drops a backslash before a backslash
    found = [line for line in made.table(**options, flavour=flavour).split("\n") if line.startswith("|")]
    found = [line.replace("$\\text{} = ", "$= ") for line in found]
    assert [re.sub(r"-{3,}", "---", line) for line in found] == [re.sub(r"-{3,}", "---", line) for line in parted]


@pytest.mark.parametrize("flavour", ["pandoc", "quarto"])
@pytest.mark.parametrize("case", [name for name in CASES if "table.md" in CASES[name].files])
def test_pandoc_reads_caption_and_cells(case: str, flavour: str) -> None:
    """pandoc finds the table with its caption, and every formula of caption, cells and notes as we wrote it."""
    made, options = CASES[case].trace(), {key: value for key, value in CASES[case].options.items() if key != "label"}
    text = made.table(**options, flavour=flavour)
    read = pandoc(text, "markdown")
    kinds = [part["t"] for part in read["blocks"]]  # type: ignore[union-attr, index]
    assert kinds[0] == "Table"
    assert sorted(formulas(read["blocks"])) == sorted(in_dollars(text))
    captions = [part["c"][1][1] for part in read["blocks"] if part["t"] == "Table"]  # type: ignore[union-attr, index]
    assert captions[0]


def test_pandoc_finds_a_label() -> None:
    """A label is what pandoc links to, on a div; one for pandoc-crossref stays in the caption."""
    text = TRACE.table(mode="forward", flavour="pandoc", label="one") + "\nSee [the table](#one).\n"
    read = pandoc(text, "markdown")
    (div,) = [part for part in read["blocks"] if part["t"] == "Div"]  # type: ignore[union-attr, index, attr-defined]
    assert div["c"][0][0] == "one"
    assert [part["t"] for part in div["c"][1]] == ["Table"]
    assert text.count("#one}") == 1
    crossed = TRACE.table(mode="forward", flavour="pandoc", label="tbl:one")
    assert crossed.rstrip().endswith("forward sweep. {#tbl:one}")
    assert ":::" not in crossed


def test_labels_stand_where_each_flavour_has_them() -> None:
    """Quarto has the label behind the caption, MyST in the directive; Quarto wants its own beginning."""
    assert TRACE.table(mode="forward", flavour="quarto", label="tbl-one").rstrip().endswith("forward sweep. {#tbl-one}")
    myst = TRACE.table(mode="forward", flavour="myst", label="one").split("\n")
    assert myst[0].startswith("```{table} Forward mode AD of $y = ")
    assert myst[1:3] == [":name: one", ""]
    assert myst[-2:] == ["```", ""]
    with pytest.raises(OptionError, match="begin with tbl-"):
        TRACE.table(flavour="quarto", label="one")
    with pytest.raises(OptionError, match="a flavour is one of Markdown's"):
        TRACE.table(flavour="pandoc", format="latex")


@pytest.mark.parametrize("library", ["mistune", "cmarkgfm"])
def test_other_parsers_find_the_table(library: str) -> None:
    """GitHub's own parser and nbconvert's find as many rows and cells as markdown-it."""
    module = pytest.importorskip(library)
    text = TRACE.table()
    rendered = (
        module.create_markdown(plugins=["table", "math"])(text)
        if library == "mistune"
        else module.github_flavored_markdown_to_html(text)
    )
    tokens = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_space=False).parse(text)
    assert len(re.findall(r"<td[ >]", rendered)) == sum(token.type == "td_open" for token in tokens)


# -- documentation tools ---------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A Sphinx project with a page that has a directive and its settings."""
    pytest.importorskip("sphinx", reason="sphinx is not installed")
    (tmp_path / "conf.py").write_text(
        "project = 'x'\nauthor = 'x'\nextensions = ['adtrace.sphinx', 'sphinx.ext.mathjax']\nnumfig = True\n"
    )
    (tmp_path / "index.rst").write_text(
        "Title\n=====\n\nSee :numref:`one`.\n\n"
        ".. adtrace:: f(x1, x2) = ln(x1) + x1*x2 - sin(x2)\n   :at: x1=2, x2=5\n   :mode: reverse\n   :label: one\n\n"
        ".. adtrace::\n   :at: x=0\n   :mode: forward\n   :caption: 50% of <x> & *y*\n\n   abs(x)\n"
    )
    return tmp_path


def sphinx(folder: Path, builder: str) -> subprocess.CompletedProcess[str]:
    """A build, with its warnings as errors."""
    return forked(
        pytest.importorskip("sphinx.cmd.build").main,
        ["-q", "-W", "-E", "-b", builder, str(folder), str(folder / builder)],
        ROOT,
    )


def test_sphinx_builds_html_and_latex(site: Path) -> None:
    """The directive gives a numbered table of formulas in HTML and our own table in LaTeX, without a warning."""
    for builder in ("html", "latex"):
        built = sphinx(site, builder)
        assert built.returncode == 0, built.stderr
    page = (site / "html" / "index.html").read_text(encoding="utf-8")
    assert "Table 1" in page
    assert page.count('<tr role="row"') == (1 + 11) + (1 + 3)
    assert page.count("<math") >= 6 * 11 - 8
    assert "<mn>11.6521</mn>" in page
    assert "MathJax" not in page
    assert "50% of &lt;x&gt; &amp; *y*" in page
    assert "adttable" not in page
    document = next((site / "latex").glob("*.tex")).read_text(encoding="utf-8")
    assert document.count(r"\begin{table}[htbp]") == 2
    assert r"\usepackage{booktabs}" in document
    assert "}{index:one}\n" in document
    assert r"\ref{\detokenize{index:one}}" in document


def test_myst_has_the_directive_for_nothing(site: Path) -> None:
    """In a page of MyST the directive is a fenced block, and `--flavour myst` is read as a labelled table."""
    pytest.importorskip("myst_parser", reason="myst-parser is not installed")
    conf = (site / "conf.py").read_text()
    (site / "conf.py").write_text(conf.replace("'adtrace.sphinx'", "'adtrace.sphinx', 'myst_parser'") + MYST)
    (site / "index.rst").unlink()
    made = TRACE.table(mode="forward", flavour="myst", label="two")
    page = "# Title\n\n{numref}`one` and {numref}`two`\n\n"
    (site / "index.md").write_text(f"{page}```{{adtrace}} x^2\n:at: x=3\n:mode: forward\n:label: one\n```\n\n{made}")
    built = sphinx(site, "html")
    assert built.returncode == 0, built.stderr
    html = (site / "html" / "index.html").read_text(encoding="utf-8")
    assert re.search(r"Table 1.*Table 2.*<mn>9</mn>.*mathbf\{5.5\}", html, re.DOTALL)


def test_sphinx_reports_an_error_at_its_line(site: Path) -> None:
    """A trace that cannot be made is an error of the page, with its line and our sentence."""
    (site / "index.rst").write_text("Title\n=====\n\n.. adtrace:: sine(x)\n   :at: x=1\n")
    built = sphinx(site, "html")
    assert built.returncode != 0
    assert "index.rst:4" in built.stderr
    assert "unknown function 'sine'" in built.stderr


@pytest.mark.parametrize("name", ["index.md", "index.rst"])
def test_sphinx_reports_what_is_wrong_in_one_line(name: str, site: Path) -> None:
    """A block of MyST that cannot be traced, and one that asks for what its builder decides, have their line."""
    pytest.importorskip("myst_parser", reason="not installed: myst-parser")
    conf = (site / "conf.py").read_text()
    (site / "conf.py").write_text(conf.replace("'adtrace.sphinx'", "'adtrace.sphinx', 'myst_parser'"))
    (site / "index.rst").unlink()
    if name == "index.md":
        (site / name).write_text("# T\n\nText\n\n```adtrace mode=forward\nx*(y\nat: x=1, y=2\n```\n")
    else:
        (site / name).write_text("T\n=\n\nText\n\n.. adtrace::\n   :at: x=1\n\n   x\n   format: text\n")
    built = sphinx(site, "html")
    assert built.returncode != 0
    wanted = "5: ERROR: adtrace: " if name == "index.md" else "6: ERROR: adtrace: format is Sphinx's to choose"
    assert f"{name}:{wanted}" in built.stderr
    assert "Traceback" not in built.stderr


def test_sphinx_has_tables_of_its_own_elsewhere(site: Path) -> None:
    """In text the table and its note are Sphinx's; in an EPUB, too, whose text takes no style."""
    for builder in ("text", "epub"):
        sphinx(site, builder)
    text = (site / "text" / "index.txt").read_text(encoding="utf-8")
    assert r"= \mathbf{11.6521}" in text
    assert "is at its kink" in text
    page = (site / "epub" / "index.xhtml").read_text(encoding="utf-8")
    assert "<style" not in page
    assert r"\mathbf{11.6521}" in page


def test_the_page_of_the_examples_goes_through_every_tool(site: Path, tmp_path: Path) -> None:
    """The page as it is, in Sphinx with MyST and in MkDocs beside superfences: two tables, and the text between."""
    pytest.importorskip("myst_parser", reason="not installed: myst-parser")
    source = (ROOT / "examples" / "markdown" / "notes.in.md").read_text(encoding="utf-8")
    (site / "conf.py").write_text("project = 'x'\nextensions = ['myst_parser', 'adtrace.sphinx']\n")
    (site / "index.rst").unlink()
    (site / "index.md").write_text(source)
    built = sphinx(site, "html")
    assert built.returncode == 0, built.stderr
    pages = [(site / "html" / "index.html").read_text(encoding="utf-8")]
    mkdocs = mkdocs_site(tmp_path / "m", source)
    assert mkdocs.returncode == 0, mkdocs.stderr
    pages.append((tmp_path / "m" / "site" / "index.html").read_text(encoding="utf-8"))
    for page in pages:
        assert page.count('<tbody role="rowgroup"') == 2
        assert page.count("<mn>11.6521</mn>") == 3
        assert "<p>Both partial derivatives take one reverse sweep:</p>" in page
        assert "at: x1" not in page


def mkdocs_site(folder: Path, page: str, more: str = "") -> subprocess.CompletedProcess[str]:
    """A site with one page, built strictly."""
    pytest.importorskip("mkdocs", reason="not installed: mkdocs")
    (folder / "docs").mkdir(parents=True, exist_ok=True)
    (folder / "docs" / "index.md").write_text(page, encoding="utf-8")
    settings = f"site_name: x\nmarkdown_extensions:\n  - pymdownx.superfences\n  - adtrace.mkdocs{more}\n"
    (folder / "mkdocs.yml").write_text(settings)
    return forked(
        pytest.importorskip("mkdocs.__main__").cli, ["build", "--strict", "-q", "-f", str(folder / "mkdocs.yml")], ROOT
    )


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("# T\n\n```adtrace mode=forward\nsine(x)\nat: x=1\n```\n", "line 3: unknown function 'sine'"),
        ("---\na: b\n---\n\n\n# T\n\n- a\n\n    ```adtrace open=y\n    x\n    ```\n", "line 10: a trace needs a"),
        ("# T\n\n```adtrace format=text\nx\nat: x=1\n```\n", "line 3: the format of a page's table is"),
        ("# T\n\n```adtrace\nx\nat: x=1\n", "line 3: the block is not closed"),
        ("# T\n\n```adtrace mood=forward\nx\nat: x=1\n```\n", "line 3: there is no option 'mood'"),
    ],
)
def test_a_wrong_block_ends_mkdocs_in_one_line(page: str, message: str, tmp_path: Path) -> None:
    """The page, the line in its file and our sentence; no traceback."""
    done = mkdocs_site(tmp_path, page)
    assert done.returncode != 0
    assert f"ERROR   -  adtrace: index.md, {message}" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 4


def test_blocks_of_every_tool_in_python_markdown() -> None:
    """Whatever the block's first line looks like, inside lists and quotes; other blocks show theirs as source."""
    markdown = pytest.importorskip("markdown", reason="not installed: markdown")
    lines = ["```adtrace mode=forward", '```{.adtrace mode="forward"}', "```{adtrace}\n:mode: forward"]
    lines.append("~~~adtrace mode=forward")
    for margin in ("", "> "):
        for line in lines:
            text = f"{line}\nx^2\nat: x=3\n{line[:3]}".replace("\n", f"\n{margin}")
            page = markdown.markdown(f"Text\n\n{margin}{text}\n\nMore", extensions=["adtrace.mkdocs", "fenced_code"])
            assert page.count('<tr role="row"') == 4, (margin, line)
            assert page.endswith("<p>More</p>")
            assert ("<blockquote>" in page) == bool(margin)
    shown = markdown.markdown(f"````text\n{BLOCK}\n````", extensions=["adtrace.mkdocs", "fenced_code"])
    assert "```adtrace" in shown
    assert "<math" not in shown
    plain = markdown.markdown(BLOCK, extensions=["adtrace.mkdocs"], extension_configs={"adtrace.mkdocs": {"digits": 1}})
    assert "<math" in plain
    table = markdown.markdown(BLOCK.replace("mode", "format=markdown mode"), extensions=["adtrace.mkdocs", "tables"])
    assert "<math" not in table
    assert table.count("<tr>") == 4
    with pytest.raises(ParseError, match="line 1: unknown function"):
        markdown.markdown("```adtrace\nsine(x)\nat: x=1\n```", extensions=["adtrace.mkdocs"])


def test_a_fence_of_superfences_is_a_table() -> None:
    """Superfences makes the block our HTML, or a table for arithmatex; an error stops it with our sentence."""
    markdown = pytest.importorskip("markdown", reason="not installed: markdown")
    superfences = pytest.importorskip("pymdownx.superfences", reason="not installed: pymdown-extensions")
    from adtrace.mkdocs import fence, validator

    custom = {"name": "adtrace", "class": "adtrace", "format": fence, "validator": validator}
    reader = markdown.Markdown(
        extensions=["pymdownx.superfences"], extension_configs={"pymdownx.superfences": {"custom_fences": [custom]}}
    )
    page = reader.convert('Text\n\n```{.adtrace at="x=3"}\nx^2\nmode: forward\n```\n')
    assert page.count('<tr role="row"') == 4
    assert "<mn>9</mn>" in page
    page = reader.convert('Text\n\n```{.adtrace at="x=3" format="markdown"}\nx^2\nmode: forward\n```\n')
    table = ET.fromstring(re.search(r"<table>.*</table>", page, re.DOTALL)[0])  # type: ignore[index]
    assert [len(row) for row in table.iter("tr")] == [6] * 4
    assert r"\(= \mathbf{9}\)" in "".join(table.itertext())
    with pytest.raises(superfences.SuperFencesException, match="unknown function 'sine'"):
        reader.convert("```adtrace\nsine(x)\nat: x=3\n```\n")
