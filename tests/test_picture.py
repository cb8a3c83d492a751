"""Tables as PDF, PNG and SVG without TeX: Typst takes every table, and the numbers stand in the PDF."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from goldens import CASES, REFERENCE
from outside import skip_without
from samples import in_turn

import adtrace
from adtrace.cli import main
from adtrace.documents.picture import typeset
from adtrace.elementals import TABLE
from adtrace.errors import OptionError, TemplateError

pytest.importorskip("typst", reason="typst is not installed: pip install 'adtrace[pdf]'")

ROOT = Path(__file__).resolve().parent.parent
STYLES = sorted(path.stem for path in (ROOT / "templates" / "styles").glob("*.toml"))
NAME = ["ln(x1) + x1*x2 - sin(x2)", "--at", "x1=2,x2=5"]


def text_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF, as another program extracts it."""
    skip_without("pdftotext")
    path = folder / "table.pdf"
    path.write_bytes(pdf)
    command = ["pdftotext", "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.replace("−", "-")


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_number_of_the_table_stands_in_the_pdf(name: str, tmp_path: Path) -> None:
    """Each decimal that the text table prints is found in the PDF, as often or more."""
    case = CASES[name]
    options = {key: value for key, value in case.options.items() if key != "label"}
    table = case.trace().table(**options, format="text").replace("−", "-")
    text = re.sub(r"[∂\s]", "", text_of(case.trace().picture(**options), tmp_path))
    text = unicodedata.normalize("NFKC", text)  # the bold digits of a result that is a matrix are letters of their own
    numbers = re.findall(r"\d+\.\d+", table)
    for number in set(numbers):
        assert text.count(number) >= table.count(number), number


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_the_rows_of_the_reference_tables_read_as_in_print(name: str, tmp_path: Path) -> None:
    """The PDF holds both headings, the caption with its number, and the results."""
    text = text_of(REFERENCE[name].trace().picture(**REFERENCE[name].options), tmp_path)
    assert "Table 1. " in text
    assert "Forward evaluation trace" in text
    assert "11.6521" in text or "35.1211" in text


@pytest.mark.parametrize("style", STYLES)
def test_every_style_is_typeset(style: str) -> None:
    """Typst takes each style in both modes, every other one stacked; several seeds, outputs and a kink included."""
    trace = adtrace.trace("(relu(x1)*x2, exp(x1)/x2 + w_out)", at={"x1": 0, "x2": 5, "w_out": 1}, seed=["x1", "x2"])
    for layout in in_turn(("side-by-side", "stacked"), STYLES.index(style)):
        assert trace.picture(style=style, layout=layout).startswith(b"%PDF-")


def test_every_elemental_is_typeset() -> None:
    """Typst takes the formula of each entry of the table of elementals, with its numbers and partials put in; one
    function has them all, so that the fonts are read once.
    """
    operators = {"add": "x1 + x2", "sub": "x1 - x2", "mul": "x1*x2", "div": "x1/x2", "neg": "-x1", "pow": "x1^x2"}
    calls = []
    for (name, arity), entry in TABLE.items():
        first = "2" if entry.order else "x3" if name in ("acosh", "arccosh") else "x1"
        calls.append(operators.get(name, f"{name}({', '.join([first, 'x2'][:arity])})"))
    trace = adtrace.trace(" + ".join(f"({call})" for call in calls), at={"x1": "1/2", "x2": "1/3", "x3": "3/2"})
    columns = (
        "evaluation:name,formula,numbers,value;tangent:name,formula,numbers,value;"
        "adjoint:name,formula,partial,numbers,value"
    )
    document = trace.table(columns=columns, format="typst", standalone=True)
    assert {row.elemental.name for row in trace.wengert.rows} == {entry.name for entry in TABLE.values()}
    assert typeset(document, "pdf").startswith(b"%PDF-")


def test_the_endings_choose_the_format(tmp_path: Path) -> None:
    """``-o`` writes a PDF, a PNG, an SVG or Typst's text, each of which begins as it should."""
    beginnings = {"pdf": b"%PDF-", "png": b"\x89PNG", "svg": b"<svg", "typ": b"#["}
    for ending, beginning in beginnings.items():
        path = tmp_path / f"trace.{ending}"
        assert main(["table", *NAME, "-o", str(path)]) == 0
        assert path.read_bytes().startswith(beginning)


def test_a_picture_is_the_same_each_time() -> None:
    """Two runs give the same bytes: no date and no chance is in them."""
    trace = adtrace.trace("x^2", at={"x": 3})
    assert trace.picture() == trace.picture()
    assert trace.picture(format="png") == trace.picture(format="png")


def test_a_picture_is_not_written_to_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a file to write to, a binary format is refused with a sentence; a text has no picture."""
    assert main(["table", *NAME, "--format", "pdf"]) == 2
    assert "name its file with -o" in capsys.readouterr().err
    assert main(["table", *NAME, "--format", "png", "-o", "-"]) == 2
    trace = adtrace.trace("x^2", at={"x": 3})
    with pytest.raises(OptionError, match=r"picture\(format='svg'\)"):
        trace.table(format="svg")
    with pytest.raises(OptionError, match="the format of a picture is pdf, png, svg"):
        trace.picture(format="latex")


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Typst the error names the command that installs it."""
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(OptionError, match=r"pip install 'adtrace\[pdf\]'"):
        adtrace.trace("x^2", at={"x": 3}).picture()


def test_text_of_the_author_is_printed_and_not_obeyed(tmp_path: Path) -> None:
    """A caption with every special character of Typst comes out as typed, and reads no file."""
    caption = '#read("/etc/passwd") \\$x\\$ *b* _i_ `c` <l> @r [x] = - + / \\ ~ \' " {y} # // /* 1. https://a.b'
    text = text_of(adtrace.trace("x^2", at={"x": 3}).picture(mode="forward", caption=caption), tmp_path)
    assert "".join(caption.replace(r"\$", "$").split()) in "".join(text.split())


def test_a_fragment_stands_in_a_document_of_the_authors(tmp_path: Path) -> None:
    """Fragments number on, are referred to by their labels, and leave the settings of the document alone."""
    trace = adtrace.trace("x^2", at={"x": 3})
    one = trace.table(format="typst", mode="forward", label="tab:a/b")
    two = trace.table(format="typst", label="two")
    text = text_of(
        typeset(
            f'See @two-reverse and #ref(label("tab:a/b")).\n{one}\n$1/2$ #h(1cm) #[#set text(red); A]\n{two}', "pdf"
        ),
        tmp_path,
    )
    assert "See Table 3 and Table 1." in text
    assert "1/2" not in text  # a fraction of the author's stays one
    assert [number for number in "123" if f"Table {number}. " in text] == ["1", "2", "3"]


def test_a_template_that_typst_refuses_is_an_error_of_the_template(tmp_path: Path) -> None:
    """What Typst says about a user's template comes as our error."""
    (tmp_path / "typst").mkdir()
    (tmp_path / "typst" / "mine.typ").write_text("#unknown-function()")
    with pytest.raises(TemplateError, match="Typst does not take the template"):
        adtrace.trace("x^2", at={"x": 3}).picture(style="mine", template_dir=tmp_path)


def test_notes_below_a_table_that_is_made_smaller_stay_on_the_page(tmp_path: Path) -> None:
    """The notes of a wide layer table are as wide as it is set: they ran off both sides of the page."""
    net = "conv7-64/2, maxpool3/2, x: relu, conv3-64, bn, a: conv3-64, add of a x, conv3-128/2, flatten, fc-1000"
    adtrace.layers(net, input="224x224x3").write(tmp_path / "net.pdf")
    skip_without("pdftotext")
    command = ["pdftotext", "-bbox", str(tmp_path / "net.pdf"), "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert min(float(x) for x in re.findall(r'xMin="([^"]*)"', words)) > 0
