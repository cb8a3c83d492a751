"""trace.write(): the table in pieces, to a file or a stream."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import adtrace
from adtrace.documents import output
from adtrace.documents.render import pieces
from adtrace.tables.styles import style
from adtrace.tables.table import LATEX_LINES
from adtrace.tables.tabulate import tabulate

LONG = "+".join(f"sin({k}*x)" for k in range(1, 400))


@pytest.mark.parametrize("ending", ["md", "tex", "txt", "json"])
def test_a_file_gets_the_table_in_the_format_of_its_ending(ending: str, tmp_path: Path) -> None:
    """What is written is what table() returns, in UTF-8, in the format of the name of the file."""
    trace = adtrace.trace(LONG, at={"x": "0.3"})
    names = {"md": "markdown", "tex": "latex", "txt": "text", "json": "json"}
    file = tmp_path / f"table.{ending}"
    trace.write(file, digits=3)
    assert file.read_text(encoding="utf-8") == trace.table(format=names[ending], digits=3)
    stream = io.StringIO()
    trace.write(stream, format=names[ending], digits=3)
    assert stream.getvalue() == file.read_text(encoding="utf-8")


def test_an_error_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """No part of a document takes the place of a file, and nothing else is left in the folder."""
    file = tmp_path / "table.tex"
    file.write_text("old", encoding="utf-8")
    trace = adtrace.trace("x*(4*(atan(1/2) + atan(1/3))/pi) + x", at={"x": "2.00005"})
    with pytest.raises(adtrace.UndecidedError):
        trace.write(file, undecided="refuse")
    templates = tmp_path / "templates"
    (templates / "latex").mkdir(parents=True)
    (templates / "latex" / "three-part.tex").write_text("begun\n<< nothing >>\n", encoding="utf-8")
    with pytest.raises(adtrace.TemplateError):
        trace.write(file, template_dir=templates)
    assert file.read_text(encoding="utf-8") == "old"
    assert sorted(os.listdir(tmp_path)) == ["table.tex", "templates"]


@pytest.mark.parametrize("form", ["latex", "markdown"])
def test_no_piece_is_long_and_no_line_is_made_early(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of a table of 6,000 rows are made while they are asked for, and each is a small part of the whole."""
    options: Any = adtrace.api.options({"format": form, "mode": "reverse"})
    monkeypatch.setattr("adtrace.tables.table._KEPT", 0)
    limits = adtrace.Limits(rows=10_000)
    trace = adtrace.trace(_chain, at=(1.1, 0.3), arithmetic="float", limits=limits)
    notation = style("three-part", None)
    tables = tabulate(trace.expression, [trace.evaluation], notation, options)
    made = list(pieces(tables, notation, options))
    whole = "".join(made)
    assert whole == trace.table(format=form, mode="reverse")
    assert max(map(len, made)) < len(whole) / 5


def _chain(x: Any, y: Any) -> Any:
    v = x
    for _ in range(2_000):
        v = adtrace.sin(v) * x + y
    return v


def test_a_long_table_is_cut_into_sheets() -> None:
    """A long table in LaTeX stands on sheets of as many lines as TeX sets at once, all of them in order."""
    options: Any = adtrace.api.options({"format": "latex", "mode": "both", "label": "t"})
    trace = adtrace.trace(LONG, at={"x": "0.3"}, arithmetic="float")
    tables = tabulate(trace.expression, [trace.evaluation], style("three-part", None), options)
    assert [table.label for table in tables] == ["t-forward", "t-reverse"]
    for table in tables:
        sheets = list(table.sheets)
        assert len(sheets) > 2
        assert all(sum(len(group) for group in block.groups) == block.height <= LATEX_LINES for (block,) in sheets)
        whole = [line for block in table.blocks for group in block.groups for line in group]
        assert [line for (block,) in sheets for group in block.groups for line in group] == whole
    (whole_table,) = adtrace.trace("x*x", at={"x": 2}).tables(format="latex", mode="reverse")
    assert list(whole_table.sheets) == [whole_table.blocks]


def test_a_sheet_has_the_columns_of_its_own_panels(tmp_path: Path) -> None:
    """A long stacked table whose traces differ in their columns: each sheet is as wide as what stands on it."""
    (tmp_path / "styles").mkdir()
    panels = '[[reverse]]\ncolumns = ["v", "= operation", "= value"]\n[[reverse]]\ncolumns = ["bv"]\n'
    (tmp_path / "styles" / "mine.toml").write_text(panels, encoding="utf-8")
    trace = adtrace.trace(LONG, at={"x": "0.3"}, arithmetic="float")
    text = trace.table(format="typst", mode="reverse", layout="stacked", style="mine", template_dir=tmp_path)
    found = re.findall(r"columns: \((.*)\),", text)
    wide, narrow = found[0], found[-1]
    assert len(wide) > len(narrow) > 0
    assert found == [wide] * found.count(wide) + [narrow] * found.count(narrow)


def test_a_long_document_is_on_its_way_before_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """To stdout a short document comes whole or not at all; a long one does not wait for its end."""

    def failing() -> Iterator[str]:
        yield "first "
        yield "second "
        raise adtrace.UndecidedError("the end")

    with pytest.raises(adtrace.UndecidedError):
        output.write(failing(), None)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(output, "_HELD", 6)
    with pytest.raises(adtrace.UndecidedError):
        output.write(failing(), None)
    assert capsys.readouterr().out == "first second "


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the memory of a process is read from /proc")
def test_writing_takes_little_memory_beside_the_trace(tmp_path: Path) -> None:
    """The text of 30,000 rows, 20 MB, is written with less than a quarter of it in memory at once."""
    program = f"""
import sys
sys.path.insert(0, {str(Path(adtrace.__file__).parent.parent)!r})
import adtrace
def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) * 1024
def chain(x, y):
    v = x
    for _ in range(10_000):
        v = adtrace.sin(v) * x + y
    return v
trace = adtrace.trace(chain, at=(1.1, 0.3), arithmetic="float", limits=adtrace.Limits(rows=100_000))
trace.write({str(tmp_path / "first.tex")!r}, mode="reverse")
before = peak()
import os
text = trace.table(format="latex", mode="reverse")
print(peak() - before, len(text), os.path.getsize({str(tmp_path / "first.tex")!r}))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=100)
    more, length, size = map(int, done.stdout.split())
    assert length == size
    assert more > length * 3 / 4  # what table() holds and write() did not
