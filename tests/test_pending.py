"""Faults that wait for the work they belong to: each is a strict expected failure that names its subject.

When one comes right its mark is taken away, and the test stays.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from outside import needs
from processor import timed

import adtrace
from adtrace.cli import main

BAYDIN, POINT = "ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}


def waits_for(subject: str) -> Callable[[Any], Any]:
    """The mark of a test that cannot pass yet."""
    return pytest.mark.xfail(reason=subject, strict=True)


def status_of(tmp_path: Path, text: str, *options: str) -> int:
    """The exit status of ``adtrace check`` on a Markdown file with this text."""
    file = tmp_path / "answer.md"
    file.write_text(text, encoding="utf-8")
    return main(["check", str(file), *options])


def reverse_table() -> str:
    """Our own reverse table, in Markdown."""
    return adtrace.trace(BAYDIN, at=POINT).table(mode="reverse")


# -- the checker -------------------------------------------------------------------------------------------


def test_a_table_without_one_of_its_rows_is_not_right(tmp_path: Path) -> None:
    """Each row of a reverse table left out: mistakes or something missing, never a traceback and never all right."""
    lines = reverse_table().splitlines()
    for line in range(4, len(lines)):
        assert status_of(tmp_path, "\n".join(lines[:line] + lines[line + 1 :])) in (3, 4)


@pytest.mark.parametrize("name", ["v_{I}", "v_{i}", "v_l"])
def test_a_row_whose_name_cannot_be_read(name: str, tmp_path: Path) -> None:
    """A row named v_I, v_i or v_l is told of, and is no traceback."""
    assert status_of(tmp_path, reverse_table().replace("$v_{1}$", f"${name}$")) in (3, 4)


def test_tables_parted_by_tabs(tmp_path: Path) -> None:
    """What pasting from a spreadsheet gives is read."""
    text = "f(x) = x^2 at x = 3\n\nname\toperation\tvalue\tderivative\nv_1\tx\t3\t1\nv_2\tv_1^2\t9\t6\n"
    assert status_of(tmp_path, text) == 0


def test_arrows_before_a_name(tmp_path: Path) -> None:
    """An arrow in the cell of a name is no part of the name."""
    text = "f(x) = x^2 at x = 3\n\n| name | operation | value |\n|---|---|---|\n"
    assert status_of(tmp_path, text + "| $\\Downarrow$ $v_1$ | $x$ | 3 |\n| ⇓ $v_2$ | $v_1^2$ | 8 |\n") == 3


def test_our_own_table_of_several_outputs_is_right(tmp_path: Path) -> None:
    """The tables of both outputs are right as they stand."""
    trace = adtrace.trace("f(r, t) = (r*cos(t), r*sin(t))", at={"r": 2, "t": "pi/6"})
    assert status_of(tmp_path, trace.table(mode="reverse")) == 0


def test_our_own_table_of_stored_partials_is_right(tmp_path: Path) -> None:
    """``x*x`` in the style that stores partials is right as it stands."""
    assert status_of(tmp_path, adtrace.trace("x*x", at={"x": 3}).table(style="stored-partials")) == 0


def test_a_point_on_a_line_before_equations_is_no_row(tmp_path: Path) -> None:
    """``x1 = 2, x2 = 5`` is the point."""
    text = "x1 = 2, x2 = 5\n\nv1 = x1*x2 = 10\nv2 = v1 + x1 = 12\n"
    assert status_of(tmp_path, text) == 0


@waits_for("check: two equations on a line")
def test_two_equations_on_a_line(tmp_path: Path) -> None:
    """A value and its tangent on one line are two cells, with a single blank between them too."""
    text = "f(x1, x2) = ln(x1) + x1*x2 - sin(x2) at x1 = 2, x2 = 5\n\nv-1 = x1 = 2 dv-1 = 1\nv0 = x2 = 5 dv0 = 0\n"
    text += "v1 = ln(v-1) = 0.6931 dv1 = dv-1/v-1 = 0.5\nv2 = v-1*v0 = 10 dv2 = dv-1*v0 + v-1*dv0 = 5\n"
    text += "v3 = sin(v0) = -0.9589 dv3 = 0\nv4 = v1 + v2 = 10.6931 dv4 = dv1 + dv2 = 5.5\n"
    assert status_of(tmp_path, text + "v5 = v4 - v3 = 11.6521 dv5 = dv4 - dv3 = 5.5\n") == 0


def test_a_number_beyond_the_bound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers beyond the bound are a report that makes sense or one sentence, and no traceback."""
    rows = "| v_{-1} | x_1 | 2 |\n| v_0 | x_2 | 5 |\n| v_1 | \\exp(9000) | \\exp(9000) |\n| v_2 | v_1 v_1 | 5 |\n"
    assert status_of(tmp_path, f"| name | formula | value |\n|---|---|---|\n{rows}") in (2, 3)
    assert "inf" not in capsys.readouterr().out


@pytest.mark.parametrize("text", ["\n" * 8_000, "|" * 36_000, " " * 32_000])
def test_documents_of_nothing_are_answered_at_once(text: str) -> None:
    """Searching a long empty document costs no more than reading it."""

    def refused(document: str) -> None:
        with pytest.raises(adtrace.InputError):
            adtrace.check(document)

    tenth, _ = timed(lambda: refused(text[: len(text) // 10]))
    assert timed(lambda: refused(text))[0] < 40 * max(tenth, 0.01)


def test_a_file_of_marks_never_overwrites_a_submission(tmp_path: Path) -> None:
    """``--csv`` with the name of the file forgotten is refused, and the submission stays."""
    files = [tmp_path / f"{name}.md" for name in "ab"]
    for file in files:
        file.write_text("| v_1 | x | 4 |\n|---|---|---|\n| v_2 | sqrt(v_1) | 2 |\n", encoding="utf-8")
    main(["check", "--csv", *map(str, files)])
    assert files[0].read_text(encoding="utf-8").startswith("| v_1 |")


def test_a_document_in_utf_16(tmp_path: Path) -> None:
    """What Windows calls Unicode is read, or told of by its name."""
    file = tmp_path / "answer.md"
    file.write_text("| name | formula | value |\n|---|---|---|\n| v_1 | x | 4 |\n| v_2 | sqrt(v_1) | 2 |\n", "utf-16")
    assert main(["check", str(file)]) == 0


# -- arrays ------------------------------------------------------------------------------------------------


@waits_for("arrays: data are no variables")
def test_data_keep_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    """A statement ``t = 1`` keeps its name in the rows."""
    program = "x = 3; t = 1; o = sigmoid(w*x + b); E = (o - t)^2/2"
    arguments = ["table", program, "--at", "w=0.5,b=-1", "--format", "text", "--notation", "names=source"]
    assert main([*arguments, "--caption", ""]) == 0
    assert "o - t" in capsys.readouterr().out


# -- documents and the library ------------------------------------------------------------------------------


@pytest.mark.parametrize("send", [lambda x: pickle.loads(pickle.dumps(x)), copy.deepcopy], ids=["pickle", "deepcopy"])
def test_a_trace_can_be_sent(send: Callable[[Any], Any]) -> None:
    """A trace and its numbers survive pickling and copying."""
    trace = adtrace.trace(BAYDIN, at=POINT)
    assert send(trace.value) == trace.value
    assert send(trace).table() == trace.table()


def test_writing_a_picture(tmp_path: Path) -> None:
    """``trace.write("t.pdf")`` writes what ``-o t.pdf`` does."""
    adtrace.trace(BAYDIN, at=POINT).write(tmp_path / "t.pdf")
    assert (tmp_path / "t.pdf").read_bytes().startswith(b"%PDF")


def test_a_graph_shows_itself() -> None:
    """The graph at the end of a notebook's cell is a picture."""
    assert "<svg" in adtrace.trace(BAYDIN, at=POINT).graph()._repr_svg_()


@needs("pandoc")
def test_a_table_for_word(tmp_path: Path) -> None:
    """``-o t.docx`` is a document for Word, or a sentence that says what is missing."""
    assert main(["table", BAYDIN, "--at", "x1=2,x2=5", "-o", str(tmp_path / "t.docx")]) == 0
    assert (tmp_path / "t.docx").read_bytes().startswith(b"PK")


def test_captions_in_a_language(capsys: pytest.CaptureFixture[str]) -> None:
    """Captions and headings are in the author's language."""
    assert main(["table", "x^2", "--at", "x=2", "--language", "de"]) == 0
    assert "Tabelle" in capsys.readouterr().out
