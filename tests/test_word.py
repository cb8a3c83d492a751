"""Word documents, reStructuredText, AsciiDoc and CSV, each read by a program or a library that is not ours."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import zipfile
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from outside import needs, skip_without

import adtrace
from adtrace.cli import main
from adtrace.errors import OptionError, TemplateError
from adtrace.tables.resources import found

AT = {"x1": "2", "x2": "5"}
TRACE = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", AT)
ARRAYS = adtrace.trace(
    "z = W @ x + b\nL = sum(z*z)", {"x": "[1, 2]", "W": "[[1, -1], [0.5, 0.25]]", "b": "[0.5, -0.5]"}, const=["x"]
)
LAYERS = adtrace.layers("CONV3-10, ReLU, POOL-2, FLATTEN, FC-10", input="32x32x3")
STYLES = found(None, "styles", ".toml")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def tables(**given: Any) -> list[str]:
    """A trace, arrays, a caption of one's own that is hostile, and a layer table in one format."""
    caption = r"- 1. *a* `b` |c| [d]_ :e:`f` <g> ${x_1}$h {i} ++j++ #k# a@b.c http://l.m ... -- \$ .. n:: é"
    every = [TRACE.table(**given), ARRAYS.table(**given), TRACE.table(**given, caption=caption, mode="reverse")]
    return [*every, LAYERS.table(**given), *(TRACE.table(**given, style=style) for style in STYLES)]


# -- Word ------------------------------------------------------------------------------------------------------------


def document(path: Path, part: str = "word/document.xml") -> ET.Element:
    """A part of a Word document."""
    with zipfile.ZipFile(path) as archive:
        return ET.fromstring(archive.read(part))


@needs("pandoc")
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_no_formula_and_no_number_is_lost(mode: str, tmp_path: Path) -> None:
    """Word's equations, read by pandoc as LaTeX, are as many as the cells, and hold every number of the JSON."""
    TRACE.write(tmp_path / "t.docx", mode=mode)
    run = ["pandoc", str(tmp_path / "t.docx"), "-t", "html", "--mathjax", "--wrap=none"]
    text = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    body = text[text.index("<tbody") :]
    groups = TRACE.tables(mode=mode)[0].blocks[0].groups
    cells = [cell for group in groups for line in group for side in line for cell in side]
    assert len(re.findall(r"class=\"math", body)) == sum(map(bool, cells))
    facts = TRACE.to_dict(mode=mode)
    wanted = [dependent["value"] for dependent in facts["dependents"]] + list(facts.get("gradient", {}).values())
    shown = set(re.findall(r"-?[0-9]+(?:\.[0-9]+)?", body.replace(" ", "")))
    assert all(any(float(text) == float(number) for text in shown) for number in wanted)


NETWORK = adtrace.trace(
    "h = relu(W @ x); p = softmax(h); L = cross_entropy(p, y)",
    {"W": "[[0.1, -0.2], [0.3, 0.4]]", "x": "[1, 2]", "y": "[0, 1]"},
    const=["x", "y"],
)


@needs("pandoc")
def test_names_and_numbers_are_one_run_each(tmp_path: Path) -> None:
    """A function's name is upright text, a variable's slanted text, a number with a comma whole; Word's schema
    has text or a style of mathematics, never both.
    """
    NETWORK.write(tmp_path / "n.docx", language="de")
    adtrace.trace("sigmoid(rate_of) + ln(rate_of)", {"rate_of": "1.5"}).write(tmp_path / "r.docx")
    runs = {}
    for name in ("n.docx", "r.docx"):
        for run in document(tmp_path / name).iter(f"{M}r"):
            runs["".join(run.itertext())] = run
            assert run.find(f"{M}rPr/{M}nor") is None or run.find(f"{M}rPr/{M}sty") is None
    for text in ("relu", "softmax", "cross_entropy", "ln", "sigmoid", "0,1", "0,4", "rate_of"):
        assert runs[text].find(f"{M}rPr/{M}nor") is not None, text
        assert (runs[text].find(f"{W}rPr/{W}i") is not None) == (text == "rate_of")
    assert not {"r", "entropy", "ntropy"} & runs.keys()


@needs("pandoc")
def test_a_column_has_room_for_a_sum(tmp_path: Path) -> None:
    """A cell with a sum sign over an index, of the adjoint of softmax, is no narrower than its signs."""
    NETWORK.write(tmp_path / "n.docx", mode="reverse")
    [cell] = [c for c in document(tmp_path / "n.docx").iter(f"{W}tc") if next(c.iter(f"{M}nary"), None) is not None]
    width = cell.find(f"{W}tcPr/{W}tcW")
    assert width is not None
    # in twentieths of a point at 10 points: = p (.) ( p - Sum p_i p_i ), four signs, two brackets, the sum 20 wide
    assert int(width.get(f"{W}w", "0")) > 1900


@needs("pandoc")
def test_a_word_document_is_a_book_s(tmp_path: Path) -> None:
    """Headings cover their columns, captions are counted by fields, rows stay whole, and the document has a title."""
    TRACE.write(tmp_path / "t.docx", label="tab:one")
    root = document(tmp_path / "t.docx")
    for table in root.iter(f"{W}tbl"):
        spans = [span.get(f"{W}val") for span in table.iter(f"{W}gridSpan")]
        assert spans == ["3", "3"]
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        assert columns == 7
        borders = table.find(f"{W}tblPr/{W}tblBorders")
        assert borders is not None
        assert {border.tag.removeprefix(W) for border in borders} == {"top", "bottom"}
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in table.iter(f"{W}tr"))
    fields = [field.get(f"{W}instr", "") for field in root.iter(f"{W}fldSimple")]
    assert [field.split() for field in fields] == [["SEQ", "Table", "\\*", "ARABIC"]] * 2
    styles = [style.get(f"{W}val") for style in root.iter(f"{W}pStyle")]
    assert styles.count("Caption") == 2
    names = {mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")}
    assert {"tab:one-forward", "tab:one-reverse"} <= names
    title = document(tmp_path / "t.docx", "docProps/core.xml").find("{http://purl.org/dc/elements/1.1/}title")
    assert title is not None
    assert (title.text or "").startswith("Forward mode AD of y=f(x1,x2)=ln(x1)")


@needs("pandoc")
def test_no_relation_lacks_a_side(tmp_path: Path) -> None:
    """No equation begins or ends with a relation, which LibreOffice prints as a question mark."""
    LAYERS.write(tmp_path / "l.docx")
    TRACE.write(tmp_path / "t.docx")
    for name in ("l.docx", "t.docx"):
        for formula in document(tmp_path / name).iter(f"{M}oMath"):
            for end in (formula[0], formula[-1]):
                words = end.findtext(f"{M}t")
                assert end.tag != f"{M}r" or words not in ("=", "∈", "≤", "≥", "<", ">")


@needs("pandoc")
@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_written_and_read_again(style: str, tmp_path: Path) -> None:
    """Every style gives a Word document, whose cells are all right when it is read back."""
    TRACE.write(tmp_path / "t.docx", style=style, mode="reverse")
    report = adtrace.check(tmp_path / "t.docx")
    assert report.ok, str(report)


@needs("pandoc")
def test_wide_traces_stand_below_each_other(tmp_path: Path) -> None:
    """Four traces are too wide for a page: each is a table of its own; what is asked for stays."""
    trace = adtrace.trace("x1*sin(x2) + x1^2/x2", {"x1": "2", "x2": "pi/3"})
    trace.write(tmp_path / "auto.docx", mode="second")
    trace.write(tmp_path / "side.docx", mode="second", layout="side-by-side")
    assert [len(list(document(tmp_path / name).iter(f"{W}tbl"))) for name in ("auto.docx", "side.docx")] == [4, 1]


def test_without_pandoc_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback, exit status 2, no part of a file."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["table", "x", "--at", "x=1", "-o", str(tmp_path / "t.docx")]) == 2
    assert "needs the program pandoc, which is not installed: apt install pandoc" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", ["echo no table >&2; exit 3", "exit 0"])
def test_what_pandoc_says_is_told_in_a_sentence(failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pandoc that fails, or writes nothing, is an error with its first line, and no file."""
    program = tmp_path / "pandoc"
    program.write_text(f"#!/bin/sh\n{failing}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises((TemplateError, OptionError), match="pandoc does not take the document"):
        TRACE.write(tmp_path / "t.docx")
    assert [path.name for path in tmp_path.iterdir()] == ["pandoc"]


@pytest.mark.parametrize("ending", [".odt", ".pptx", ".xlsx", ".ODT"])
def test_what_would_not_look_right_is_refused(ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names what to write instead."""
    assert main(["table", "x", "--at", "x=1", "-o", str(tmp_path / f"t{ending}")]) == 2
    assert re.search(r"is not written: .*\.(docx|png|csv)", capsys.readouterr().err)
    with pytest.raises(OptionError, match="is not written"):
        LAYERS.write(tmp_path / f"t{ending}")
    assert list(tmp_path.iterdir()) == []


# -- reStructuredText and AsciiDoc -----------------------------------------------------------------------------------


def test_docutils_takes_all_of_it() -> None:
    """No warning, as many tables as there are, and every cell the formula that it is."""
    core = pytest.importorskip("docutils.core")
    for text in tables(format="rst"):
        said = io.StringIO()
        settings = {"warning_stream": said, "report_level": 1, "math_output": "MathML"}
        tree = core.publish_doctree(text, settings_overrides=settings)
        core.publish_string(
            text, writer=pytest.importorskip("docutils.writers.html5_polyglot").Writer(), settings_overrides=settings
        )
        assert said.getvalue() == ""
        made = [node.tagname for node in tree.findall() if node.tagname in ("table", "system_message", "problematic")]
        assert made == ["table"] * text.count(".. table::")
        maths = {node.astext() for node in tree.findall() if node.tagname == "math"}
        assert {formula.replace("\\\\", "\\") for formula in re.findall(r":math:`([^`]*)`", text)} == {
            formula.replace("\\\\", "\\") for formula in maths
        }


def test_columns_of_windows_have_their_letters() -> None:
    """The letters of the configuration, and full, same and valid, stand over their columns as docutils reads them."""
    core = pytest.importorskip("docutils.core")
    documents = adtrace.window(in_=64, out=32, k=8, d=1), adtrace.convolution([1, 2, 3, 4], [1, 0, 2])
    for document, wanted in zip(documents, ("i p d k s o", "full same valid"), strict=True):
        heads = [
            node for node in core.publish_doctree(document.table(format="rst")).findall() if node.tagname == "thead"
        ]
        assert set(wanted.split()) <= {node.astext() for node in heads[0].findall() if node.tagname == "entry"}


def test_a_caption_is_what_was_written() -> None:
    """A caption with all that reStructuredText takes for markup is text again when docutils has read it."""
    core = pytest.importorskip("docutils.core")
    caption = r"* a* `b` |c| [d]_ e:: <f> *g* __h__ :i:`j` k_ \l http://m.n o@p.q"
    tree = core.publish_doctree(TRACE.table(format="rst", caption=caption, mode="forward"))
    titles = [node.astext() for node in tree.findall() if node.tagname == "title"]
    assert titles == [caption]


def test_asciidoctor_takes_all_of_it(tmp_path: Path) -> None:
    """No warning; each table has its rows and its caption, and each formula is MathJax's."""
    skip_without("asciidoctor", "node")  # npm's
    text = "\n\n".join(tables(format="asciidoc")[:4])
    (tmp_path / "t.adoc").write_text(text, encoding="utf-8")
    run = ["asciidoctor", "-s", "-o", str(tmp_path / "t.html"), str(tmp_path / "t.adoc")]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout + done.stderr == ""
    html = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert html.count("<table") == text.count("|===") // 2
    assert html.count("\\(") == len(re.findall(r"stem:\[(?:\\.|[^\]\\])*\]", text))
    assert "stem:" not in html
    assert "- 1. *a* `b` |c| [d]_ :e:`f` <g> " in unescape(html)


# -- CSV -------------------------------------------------------------------------------------------------------------

RUN = re.compile(r"[=+\-@\t\r]")


def test_a_spreadsheet_runs_no_cell_and_makes_no_date() -> None:
    """Each cell that begins with what a spreadsheet runs is a number; none is a fraction, which it takes for a date."""
    symbols = adtrace.trace("-x1*x2 - x1/3")
    exact = adtrace.trace("x/9 - 1/3", {"x": "-1"})
    texts = [*tables(format="csv"), symbols.table(format="csv"), exact.table(format="csv", numbers="exact")]
    texts += [exact.table(format="csv", numbers="exact", style=style) for style in STYLES]
    texts.append(TRACE.table(format="csv", caption='=HYPERLINK("http://a.b", "c")'))
    for text in texts:
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert not RUN.match(cell) or re.fullmatch(r"-[0-9.]+(e-?[0-9]+)?", cell), cell
                assert not re.fullmatch(r"[0-9]+([/.:-][0-9]+)+", cell) or re.fullmatch(r"[0-9]+\.[0-9]+", cell), cell


def test_numbers_are_numbers_in_columns_of_their_own(tmp_path: Path) -> None:
    """The values of a file of CSV are those of the JSON, row by row, read by the library of Python."""
    TRACE.write(tmp_path / "t.csv", mode="forward")
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    facts = TRACE.to_dict(mode="forward")
    lines = [*facts["independents"], *facts["rows"], *facts["dependents"]]
    for name, key in (("value", "value"), ("tangent value", "tangent")):
        assert [float(row[name]) for row in rows] == [float(line[key]) for line in lines]
    assert [row["variable"] for row in rows[:-1]] == [line["variable"] for line in lines[:-1]]
    assert all(row["formula"].startswith(f"{row['variable']} = ") for row in rows)


@pytest.mark.parametrize("format_", ["rst", "asciidoc", "csv"])
@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_checker_reads_what_is_written(format_: str, mode: str) -> None:
    """Every cell of our own tables is read back and right; a wrong number is found."""
    text = TRACE.table(format=format_, mode=mode)
    report = adtrace.check(text)
    assert report.ok, str(report)
    assert report.counts["right"] >= 32
    wrong = text.replace("0.9589", "0.8589")
    assert not adtrace.check(wrong).ok


@pytest.mark.parametrize("ending", [".MD", ".htm", ".qmd", ".asciidoc", ".rest", ".ADOC", ".Csv"])
def test_endings_are_known(ending: str, tmp_path: Path) -> None:
    """Other endings of the same formats, in capitals or not."""
    TRACE.write(tmp_path / f"t{ending}")
    assert (tmp_path / f"t{ending}").stat().st_size > 500
