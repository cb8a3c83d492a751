r"""Slides of beamer on which a table is uncovered: what stands on each page, and where.

A page is read from the PDF: which words, each at which place.  Without pdflatex, beamer and pdftotext these skip.
"""

from __future__ import annotations

import itertools
import os
import re
import subprocess
from pathlib import Path

import pytest
from outside import missing_package, needs, skip_without
from slides import pages, texts

import adtrace
from adtrace.cli import main
from adtrace.errors import BoundError, OptionError
from adtrace.tables.resources import found

BAYDIN = "ln(x1) + x1*x2 - sin(x2)"
SMALL = "x1*x2"
"""A product, where it does not matter what of: TeX sets all rows of a table again on each of its pages."""
AT = {"x1": "2", "x2": "5"}
_LONG = "a = x1*x2 + sin(x1); b = a*x2 + cos(a); c = a*b - x1; d = ln(c*c) + b; y = d*c - exp(x1/10)"
_BAD = re.compile(r"^(?:!.*|Overfull.*|.*adtrace Warning.*)$", re.MULTILINE)

in_beamer = pytest.mark.skipif(
    bool(missing_package("beamer.cls")), reason=missing_package("beamer.cls") or "not installed: beamer"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the document."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fragment(name: str, expression: str = BAYDIN, **options: object) -> str:
    """What inputs a table that is uncovered, with its macros, and no caption unless there is one."""
    made = adtrace.trace(expression, AT).table(format="latex", overlay=True, **{"caption": "", **options})
    Path(f"{name}.tex").write_text(made, encoding="utf-8")
    return rf"\input{{{name}}}"


def compiled(*frames: str, options: str = "", head: str = "", engine: str = "pdflatex", kind: str = "beamer") -> Path:
    """The PDF of these frames."""
    body = "".join(rf"\begin{{frame}}{frame}\end{{frame}}" for frame in frames)
    packages = r"\usepackage{amsmath,amssymb,array,booktabs}\setbeamertemplate{navigation symbols}{}"
    source = rf"\documentclass[{options}]{{{kind}}}{packages}{head}\begin{{document}}{body}\end{{document}}"
    Path("main.tex").write_text(source, encoding="utf-8")
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "main.tex"]
    environment = os.environ | {"max_print_line": "1000"}
    run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, env=environment)
    assert run.returncode == 0, run.stdout[-2000:]
    return Path("main.pdf")


def complaints() -> list[str]:
    """What the log complains about."""
    return _BAD.findall(Path("main.log").read_text(encoding="utf-8", errors="replace"))


def lines(page: str) -> list[str]:
    """The lines of a page that have something on them, without blanks."""
    return ["".join(line.split()) for line in page.splitlines() if line.strip()]


@needs("pdflatex", "pdftotext")
@in_beamer
def test_forward_rows_come_down_one_by_one() -> None:
    """Row k is on page k and on none before; its tangent comes with it."""
    shown = texts(compiled(fragment("t", mode="forward"), options="11pt,aspectratio=169"))
    results = ["=2", "=5", "=ln(2)", "=2×5", "=sin(5)", "=0.6931+10", "=10.6931+0.9589", "=11.6521"]

    assert len(shown) == len(results)
    for k, page in enumerate(shown, start=1):
        _, *rows = lines(page)
        assert [result in row for result, row in zip(results, rows, strict=False)] == [True] * k, page
        assert [row.count("=") for row in rows] == [4] * k
    assert complaints() == []


@needs("pdflatex", "pdftotext")
@in_beamer
def test_adjoints_go_up_after_the_evaluation() -> None:
    """The four rows of the evaluation come first; then the adjoints, from the last line of the table to the first."""
    read = pages(compiled(fragment("t", SMALL, mode="reverse"), options="11pt,aspectratio=169"))
    heights = [min(float(y) for _, _, y in new - old) for old, new in itertools.pairwise(read)]

    assert len(read) == 4 + 5
    assert heights[:3] == sorted(set(heights[:3]))
    assert heights[3:] == sorted(set(heights[3:]), reverse=True)
    assert complaints() == []


@needs("pdflatex", "pdftotext")
@in_beamer
def test_nothing_moves_in_any_style() -> None:
    """Each page has all words of the one before at their places, and more; the last is the page of a handout."""
    frames, steps = [], []
    for style in found(None, "styles", ".toml"):
        given = {"style": style, "mode": "reverse", "layout": "stacked" if style < "d" else "side"}
        frames.append(fragment(style, "x1*x2", **given))
        steps.append(adtrace.trace("x1*x2", AT).tables(format="latex", overlay=True, **given)[0].steps.last)
    read = pages(compiled(*frames, options="9pt,aspectratio=169"))
    assert complaints() == []
    handout = pages(compiled(*frames, options="9pt,aspectratio=169,handout"))
    assert complaints() == []

    assert len(read) == sum(steps)
    last = 0
    for count, whole in zip(steps, handout, strict=True):
        own, last = read[last : last + count], last + count
        for before, after in itertools.pairwise(own):
            assert not before - after
            assert after - before
        assert own[-1] == whole


@needs("pdflatex", "pdftotext")
@in_beamer
def test_pauses_and_tables_count_on() -> None:
    r"""After \pause a table goes on where it is; after a table \pause, a list and another table go on with it."""
    small = fragment("t", "x1*x2", mode="forward")  # four rows
    frame = rf"Before\pause{small}\pause After {small}\begin{{itemize}}\item<+-> it\item<+-> them\end{{itemize}}"
    shown = ["".join(page.split()) for page in texts(compiled(frame, options="8pt"))]
    ends = [page.count("=10") for page in shown]

    assert ends == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert ["After" in page for page in shown] == [page >= 5 for page in range(10)]
    assert ["Before" in page for page in shown] == [True] * 10
    products = shown[3].count("×")  # those of the row of the first table
    assert [page.count("×") for page in shown] == [0] * 3 + [products] * 4 + [2 * products] * 3
    assert ["them" in page for page in shown] == [page == 9 for page in range(10)]


@needs("pdflatex", "pdftotext")
@in_beamer
def test_table_too_tall_for_its_frame_is_turned_over() -> None:
    """Its parts follow each other on the slides of one frame, at a size that is read; a handout has a page for each."""
    frame = r"{Title}\def\adtheight{2.5cm}" + fragment("t", SMALL, mode="reverse")
    shown = texts(compiled(frame, options="11pt"))
    assert any("turn it over in" in line for line in complaints())
    parts = int(re.findall(r"turn it over in (\d+) parts", " ".join(complaints()))[0])
    fonts = subprocess.run(["pdffonts", "main.pdf"], capture_output=True, text=True, check=True).stdout

    assert len(shown) == 4 + 5
    assert "CMSS8" in fonts or "CMSS9" in fonts or "CMSS10" in fonts
    assert all("Forward evaluation trace" in page or "Reverse adjoint trace" in page for page in shown)
    assert len(texts(compiled(frame, options="11pt,handout"))) == parts


@needs("pdflatex", "pdftotext")
@in_beamer
def test_traces_on_other_sheets_follow_each_other() -> None:
    """Where the tangents stand on another part than the evaluation, they come after it: every row is seen."""
    frame = "{Title}" + fragment("t", mode="forward", layout="stacked")
    shown = ["".join(page.split()) for page in texts(compiled(frame, options="11pt,aspectratio=169"))]
    assert any("turn it over in" in line for line in complaints())

    assert len(shown) == 16
    assert ["Forwardevaluationtrace" in page for page in shown] == [True] * 8 + [False] * 8
    assert ["=11.6521" in page for page in shown] == [page == 7 for page in range(16)]
    assert ["=5.5" in page for page in shown] == [page >= 14 for page in range(16)]  # 5.5 - 0, then the result


@needs("pdflatex", "pdftotext")
@in_beamer
def test_covered_rows_may_be_seen_through() -> None:
    r"""With \setbeamercovered{transparent} all rows stand on each page, where they will stand."""
    head = r"\setbeamercovered{transparent}"
    read = pages(compiled(fragment("t", "x1*x2", mode="forward"), head=head))

    assert len(read) == 4
    assert read[0] == read[1] == read[2] == read[3]


@needs("pdflatex", "pdftotext")
@in_beamer
@pytest.mark.parametrize(
    ("theme", "engine"),
    [("Berlin", "pdflatex"), ("default", "lualatex"), ("Madrid", "xelatex")],
)
def test_themes_and_engines(theme: str, engine: str) -> None:
    """The pages of other themes and engines are uncovered alike, without an overfull box."""
    skip_without(engine)
    frame = "{Title}" + fragment("t", SMALL, mode="reverse")
    read = pages(compiled(frame, options="11pt", head=rf"\usetheme{{{theme}}}", engine=engine))

    assert len(read) >= 4 + 5  # and in the foot the number of the page, if the theme has one
    tables = [[word for word in page if float(word[2]) > 60 and float(word[2]) < 250] for page in read]
    for before, after in itertools.pairwise(tables):
        assert set(before) < set(after)
    assert complaints() == []


@needs("pdflatex", "pdftotext")
@in_beamer
def test_frame_that_breaks_by_itself_has_all_rows() -> None:
    """In a frame with allowframebreaks, which has no overlays, the table is whole, on as many pages as it needs."""
    frame = "[allowframebreaks]{Title}" + fragment("t", _LONG, mode="reverse")
    shown = texts(compiled(frame, options="11pt"))

    assert 1 < len(shown) < 6
    wanted = adtrace.trace(_LONG, AT).table(mode="reverse", format="text")
    numbers = re.findall(r"\d+\.\d{4}", wanted.split("\n\n", 1)[1])
    text = " ".join(shown)
    assert [number for number in numbers if number not in text] == []


@needs("pdflatex", "pdftotext")
def test_outside_beamer_the_table_is_whole() -> None:
    """An article prints the whole table, and says once that rows are uncovered on slides alone."""
    body = fragment("t", mode="forward") + fragment("u", mode="reverse")
    packages = r"\usepackage{amsmath,array,booktabs}"
    Path("main.tex").write_text(
        rf"\documentclass{{article}}{packages}\begin{{document}}{body}\end{{document}}", encoding="utf-8"
    )
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "main.tex"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert len(complaints()) == 1
    assert "on slides of beamer alone" in complaints()[0]
    text = "".join("".join(texts(Path("main.pdf"))).split())
    assert text.count("=11.6521") == 2


@needs("pdflatex", "pdftotext")
@in_beamer
def test_documents_ask_for_it_without_fragile() -> None:
    r"""\adtrace[overlay] in a frame that is not fragile, built by ``adtrace build``, as \adtsetup for all."""
    Path("talk.tex").write_text(
        r"\documentclass{beamer}\usepackage{adtrace}\adtsetup{overlay,mode=forward,at={x1=2,x2=5}}\begin{document}"
        r"\begin{frame}\adtrace*{x1*x2}\end{frame}"
        r"\begin{frame}\adtrace*[overlay=no]{x1*x2}\end{frame}"
        r"\begin{frame}\adtrace[height=.5\textheight]{x1+x2}\end{frame}\end{document}",
        encoding="utf-8",
    )
    assert main(["build", "talk.tex"]) == 0

    assert [page.count("=") for page in texts(Path("talk.pdf"))][:5] == [4, 8, 12, 16, 16]


@needs("pdflatex", "pdftotext")
@in_beamer
def test_the_tables_of_a_trace_follow_each_other() -> None:
    """Without a mode the tables are on slides of their own, numbered on, uncovered or whole; of a handout on a page."""
    frames = (
        r"\begin{frame}{Title}\adtrace[at={x1=2,x2=5}]{x1*x2}\end{frame}"
        r"\begin{frame}\adtrace*[overlay,at={x1=2,x2=5}]{x1*x2}\end{frame}"
        r"\begin{frame}[allowframebreaks]\adtrace[at={x1=2,x2=5}]{x1*x2}\end{frame}"
    )
    head = r"\usepackage{adtrace}\setbeamertemplate{caption}[numbered]\begin{document}"
    for kind, slides in (("", 2 + 4 + 9), ("[handout]", 4)):
        Path("talk.tex").write_text(rf"\documentclass{kind}{{beamer}}{head}{frames}\end{{document}}", encoding="utf-8")
        assert main(["build", "talk.tex"]) == 0
        read = texts(Path("talk.pdf"))
        assert ["Table 1" in read[0], "Table 2" in read[1], "Table 2" in read[0]] == [True, True, False]
        counts = [page.count("=") for page in read[2:slides]]
        assert (counts[:4], counts[-1]) == ([16, 18] if kind else [4, 8, 12, 16], 18)
        assert "Table 3" in "".join(read[slides:])
        assert "Overfull" not in Path("talk.log").read_text(encoding="utf-8", errors="replace")


@needs("pdflatex", "pdftotext")
@in_beamer
def test_standalone_document_is_of_slides() -> None:
    """``--standalone`` makes a document of slides that compiles alone, a frame for each table."""
    argv = ["table", SMALL, "--at", "x1=2,x2=5", "--overlay", "--standalone", "-o", "main.tex"]
    assert main(argv) == 0
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "main.tex"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0

    assert len(texts(Path("main.pdf"))) == 4 + 9
    assert complaints() == []


@needs("pdflatex", "pdftotext")
@in_beamer
@pytest.mark.parametrize(
    ("asked", "frames"),
    [
        (["layers", "CONV3-10, FLATTEN, FC-10", "--input", "32x32x3"], [5]),
        (["window", "--in", "16", "--out", "8", "--set", "k=4,d=1", "--find", "s,p"], [1]),
        (["convolve", "[1,2,3]", "[1,0,2]"], [6, 3]),
    ],
)
def test_layers_and_windows_are_uncovered_line_by_line(asked: list[str], frames: list[int]) -> None:
    """The lines of layer tables, of windows and of products come down one by one, the total of a column last."""
    assert main([*asked, "--overlay", "--standalone", "-f", "latex", "-o", "main.tex"]) == 0
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "main.tex"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    read = pages(Path("main.pdf"))

    assert len(read) == sum(frames)
    for before, after in itertools.pairwise(read[: frames[0]]):
        assert not before - after
        assert after - before


def test_arrays_are_uncovered_line_by_line() -> None:
    """A line of whole arrays is a step, as a row of numbers is; data have a step of their own, and no adjoint."""
    at = {"x": "[1, 2]", "W": "[[1, -1], [0.5, 0.25]]", "b": "[0.5, -0.5]", "y": "[1, 0]"}
    made = adtrace.trace("z = W @ x + b\nh = sigmoid(z)\nL = bce(h, y)", at, const=["y"])
    table = made.tables(mode="reverse", format="latex", overlay=True)[0]
    steps = [line for group in table.steps.groups for line in group]

    assert [len(group) for group in table.steps.groups] == [len(group) for group in table.blocks[0].groups]
    assert sorted(int(step) for line in steps for step in line if step != "0") == list(range(1, table.steps.last + 1))
    filled = [[bool("".join(cells)) for cells in line] for group in table.blocks[0].groups for line in group]
    assert [[step != "0" for step in line] for line in steps] == filled


@pytest.mark.parametrize("style", found(None, "styles", ".toml"))
@pytest.mark.parametrize("mode", ["forward", "reverse", "second"])
def test_each_cell_has_a_step(style: str, mode: str) -> None:
    """In every style and mode the lines of steps are those of the table, and each step from 1 to the last is there."""
    for table in adtrace.trace("(x1*sin(x1)/x2, exp(x1))", AT).tables(
        mode=mode, style=style, format="latex", overlay=True, order=2 if mode == "second" else 1
    ):
        assert table.steps is not None
        lines = [line for group in table.steps.groups for line in group]
        cells = [line for group in table.blocks[0].groups for line in group]
        steps = {int(step) for line in lines for panel in line for step in panel.split(",")}

        assert [len(line) for line in lines] == [len(line) for line in cells]
        assert steps | {0} == set(range(table.steps.last + 1))
        for line, texts_ in zip(lines, cells, strict=True):
            for step, panel in zip(line, texts_, strict=True):
                assert (step != "0") == bool("".join(panel)), (style, line, texts_)


def test_other_formats_refuse_it(capsys: pytest.CaptureFixture[str]) -> None:
    """What is no LaTeX says what uncovers rows there; a table of hundreds of lines is none for slides."""
    with pytest.raises(OptionError, match=r"^overlay uncovers rows on slides of LaTeX's beamer; the format is mark"):
        adtrace.trace("x", {"x": 1}).table(format="markdown", overlay=True)
    with pytest.raises(BoundError, match=r"^a table of 502 lines is too long to be uncovered on slides; the bound is"):
        adtrace.trace("+".join(f"sin({k}*x)" for k in range(1, 168)), {"x": 1}).table(format="latex", overlay=True)
    assert main(["graph", "x*x", "--at", "x=1", "--overlay"]) == 2
    assert "no such option '--overlay'" in capsys.readouterr().err
