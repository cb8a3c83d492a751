"""A class of checked documents: marks, reports, points of one's own, and files that mean no good."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adtrace import cli
from adtrace.checking import command
from adtrace.checking.check import check
from adtrace.checking.reporting import classroom
from adtrace.checking.reporting.marks import Rubric
from adtrace.checking.reporting.records import EMPTY, MISSING_ROW, RIGHT, STATES, WRONG, Finding, Place, Problem
from adtrace.checking.reporting.report import Report
from adtrace.checking.sheets import Sheet, read
from adtrace.checking.work.figures import Figures
from adtrace.errors import InputError

Run = Callable[..., tuple[int, str, str]]


def judged(document: Path | str, at: Any = None, *, name: str = "", rubric: Any = None, **options: Any) -> Report:
    """In place of the call `check`: a document is lines ``variable state cause``, and a value is found on each."""
    text = read(document).text if isinstance(document, Path) else document
    if "no table" in text or not text:
        raise InputError("there is no trace table in the document\n  of which more is said here")
    if "fault" in text:
        raise KeyError("v_1")
    lines = [line.split(" ") for line in text.splitlines()]
    cells = [line for line in lines if line[1] in (RIGHT, WRONG, EMPTY)]
    found = tuple(
        Finding(Place(0, row, 1), row + 1, "7", line[0], "value", line[1], expected="8", cause="".join(line[2:]))
        for row, line in enumerate(cells)
    )
    sheet = Sheet(("", ""), tuple((line[0], "7") for line in cells), tuple(range(1, len(cells) + 1)))
    gone = tuple(
        Problem(MISSING_ROW, f"{line[0]} is missing", line[0], ("value",)) for line in lines if line[1] == "gone"
    )
    return Report(f"{name}{dict(at)}" if at else name, (sheet,), found, gone, rubric)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in a folder of its own: files by name with their text, and what is given to it."""
    monkeypatch.setitem(cli._COMMANDS, "check", "adtrace.checking.command:check")
    monkeypatch.setattr(command, "checked", lambda: judged)
    monkeypatch.chdir(tmp_path)

    def call(files: dict[str, str], *arguments: str) -> tuple[int, str, str]:
        for name, text in files.items():
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        status = cli.main(["check", *arguments])
        return (status, *capsys.readouterr())

    return call


def table(text: str) -> list[dict[str, str]]:
    """The lines of a file of marks."""
    return list(csv.DictReader(io.StringIO(text)))


GOOD, BAD, LESS = "v_1 right\nv_2 right\n", "v_1 right\nv_2 wrong sign\n", "v_1 right\nv_2 empty\nv_3 gone\n"


def test_a_line_for_every_document_whatever_it_is(run: Run, tmp_path: Path) -> None:
    """A folder, a pipe, an empty file, a document without a table and a fault of ours cost their own line only."""
    Path("folder.md").mkdir()
    os.mkfifo("pipe.md")
    texts = {"ada.md": GOOD, "bob.md": BAD, "cy.md": LESS, "none.md": "no table", "nil.md": "", "bad.md": "fault\n"}
    status, out, err = run(texts, *texts, "folder.md", "pipe.md", "gone.md", "--csv", "marks.csv")
    assert (status, out, err) == (2, "", "")
    rows = table(Path("marks.csv").read_text(encoding="utf-8"))
    assert list(rows[0]) == list(classroom.COLUMNS)
    assert list(rows[0]) == [
        "file", "status", "earned", "possible", "percent", "right", "wrong", "following", "empty", "not read",
        "not asked", "missing rows", "first mistake",
    ]  # fmt: skip
    assert [row["file"] for row in rows] == [*texts, "folder.md", "pipe.md", "gone.md"]
    assert [row["status"] for row in rows] == ["right", "mistakes", "incomplete", *6 * ["unreadable"]]
    assert [list(row.values())[2:12] for row in rows[:3]] == [
        ["2", "2", "100.0", "2", "0", "0", "0", "0", "0", "0"],
        ["1", "2", "50.0", "1", "1", "0", "0", "0", "0", "0"],
        ["1", "3", "33.3", "1", "0", "0", "1", "0", "0", "1"],
    ]
    assert [row["first mistake"] for row in rows[1:]] == [
        "v_2, value (line 2): 7 should be 8",
        "v_3 is missing",
        "there is no trace table in the document",
        "there is no trace table in the document",
        "adtrace failed (KeyError: 'v_1'); please report it",
        "'folder.md' is a folder; expected a file with a table",
        "'pipe.md' is no file of its own but a pipe or a device; expected a file with a table",
        "'gone.md' cannot be read: No such file or directory",
    ]
    assert sorted(os.listdir(tmp_path)) == sorted([*texts, "folder.md", "pipe.md", "marks.csv"])


@pytest.mark.parametrize(
    ("texts", "status"),
    [((GOOD, GOOD), 0), ((GOOD, LESS), 4), ((LESS, BAD, GOOD), 3), ((BAD, "no table", LESS), 2), ((GOOD,), 0)],
)
def test_the_exit_status_of_a_class_is_the_worst(run: Run, texts: tuple[str, ...], status: int) -> None:
    """Unreadable is worse than mistakes, those than what is missing."""
    named = {f"{place}.md": text for place, text in enumerate(texts)}
    assert run(named, *named, "--csv", "-")[0] == status


def test_marks_harm_no_spreadsheet(run: Run) -> None:
    """No cell begins as a formula does, whatever a document or a mistake is called."""
    texts = {"=cmd.md": BAD, "+1.md": BAD, "@a.md": "@SUM(A1) gone\nv_1 right\n", " -b.md": GOOD}
    _, out, _ = run(texts, "--csv", "-", "--", *texts)
    cells = [cell for line in csv.reader(io.StringIO(out)) for cell in line]
    assert not [cell for cell in cells if cell.strip().startswith(("=", "+", "-", "@"))]
    assert [row["file"] for row in table(out)] == [f"'{name}" for name in texts]


def test_a_forgotten_name_of_the_marks_overwrites_nothing(run: Run) -> None:
    """``--csv sub/*.md`` takes the first submission for the file of marks: refused, and nothing is written."""
    texts = {"ada.md": GOOD, "bob.md": BAD, "cy.csv": GOOD}
    for arguments, words in (
        (["--csv", "ada.md", "bob.md"], "holds no marks"),
        (["--csv", "cy.csv", "bob.md"], "holds no marks"),
        (["ada.md", "bob.md", "--csv", "./bob.md"], "one of the documents"),
        (["ada.md", "bob.md", "-o", "ada.md", "--csv", "marks.csv"], "is a file"),
        (["ada.md", "bob.md"], "--csv marks.csv"),
        (["ada.md", "-o", "ada.md"], "overwrite"),
    ):
        status, out, err = run(texts, *arguments)
        assert (status, out) == (2, "")
        assert words in err
        assert {name: Path(name).read_text(encoding="utf-8") for name in texts} == texts
        assert sorted(os.listdir()) == sorted(texts)
    assert run(texts, "ada.md", "bob.md", "--csv", "marks.csv")[0] == 3
    assert run(texts, "ada.md", "--csv", "marks.csv")[0] == 0, "marks are written over marks"
    assert len(table(Path("marks.csv").read_text(encoding="utf-8"))) == 1
    assert run(texts, "ada.md", "--csv", os.devnull)[0] == 0


def test_a_report_for_each_student(run: Run) -> None:
    """Beside a submission, or in a folder; equal names are kept apart; what a student may not know is kept back."""
    texts = {"mo/ada.md": GOOD, "tu/ada.md": BAD, "tu/bob.md": BAD, "tu/bob.tex": GOOD}
    assert run(texts, *texts, "--csv", "marks.csv", "-o", "out")[0] == 3
    assert sorted(os.listdir("out")) == ["bob.md.html", "bob.tex.html", "mo-ada.md.html", "tu-ada.md.html"]
    assert "should be 8" in Path("out/tu-ada.md.html").read_text(encoding="utf-8")
    assert run(texts, *texts, "--csv", "marks.csv", "--format", "json", "--hide")[0] == 3
    assert sorted(os.listdir("mo")) == ["ada.md", "ada.report.json"]
    assert sorted(os.listdir("tu")) == ["ada.md", "ada.report.json", "bob.md", "bob.md.report.json", "bob.tex",
                                        "bob.tex.report.json"]  # fmt: skip
    shown = json.loads(Path("tu/ada.report.json").read_text(encoding="utf-8"))
    assert "expected" not in shown["mistakes"][0]
    assert "8" not in table(Path("marks.csv").read_text(encoding="utf-8"))[1]["first mistake"]
    assert run({}, "tu/bob.tex", "--csv", "marks.csv", "-o", "bob.txt")[0] == 0
    assert (
        Path("bob.txt").read_text(encoding="utf-8").endswith("2 cells right, 0 mistakes.\nMarks: 2 of 2 (100.0 %).\n")
    )
    again = ("tu/ada.report.json", "tu/ada.md", "--csv", "marks.csv", "--format", "json")
    before = Path("tu/ada.report.json").read_text(encoding="utf-8")
    status, _, err = run({}, *again)
    assert status == 2
    assert "overwrite 'tu/ada.report.json'" in err
    assert Path("tu/ada.report.json").read_text(encoding="utf-8") == before
    assert {name: Path(name).read_text(encoding="utf-8") for name in texts} == texts


def test_each_student_has_a_point(run: Run) -> None:
    """A file has the point of each document by its name or path; who is left out, and who is too much, is told."""
    texts = {"a/ada.md": GOOD, "a/bob.md": GOOD, "a/cy.md": GOOD}
    points = 'file,point\nada.md,"x1=2,x2=5"\na/bob.md,x1=1/3,x2=7\nzoe.md,x1=1\n'
    status, _, err = run(
        texts | {"points.csv": points}, *texts, "--csv", "m.csv", "--points-file", "points.csv", "--format", "json",
        "--at", "x1=9",
    )  # fmt: skip
    assert status == 0
    assert err == (
        "adtrace: points.csv has no point for a/cy.md\n"
        "adtrace: points.csv has a point for zoe.md, which is not checked\n"
    )
    named = [
        json.loads(Path(f"a/{name}.report.json").read_text(encoding="utf-8"))["document"]
        for name in ("ada", "bob", "cy")
    ]
    assert ["2" in named[0] and "5" in named[0], "1/3" in named[1] and "7" in named[1], "9" in named[2]] == [True] * 3
    for bad, words in (
        ("ada.md\n", "line 1: a line is a file and its point"),
        ("file,point\nada.md,two\n", "line 2: a line is a file and its point"),
        ("ada.md,x=1\nada.md,x=2\n", "has a point already"),
        ("ada.md,x=1+\n", "ada.md"),
        ("ada.md,x=1,x=2\n", "x"),
    ):
        status, _, err = run({"points.csv": bad}, *texts, "--csv", "other.csv", "--points-file", "points.csv")
        assert status == 2, bad
        assert words in err
        assert not Path("other.csv").exists()
    assert run({}, *texts, "--csv", "other.csv", "--points-file", "gone.csv")[0] == 2
    status, out, _ = run({"points.csv": points}, "a/ada.md", "--points-file", "points.csv", "--format", "json")
    assert '"x1"' in json.loads(out)["document"] or "x1" in json.loads(out)["document"]


def test_a_summary_of_a_class(run: Run) -> None:
    """Which cell most of the class got wrong, how many, with the commonest cause; a cell counts once for a student."""
    texts = {f"{place}.md": "v_1 wrong sign\nv_1 wrong chain\nv_2 wrong\n" for place in range(3)}
    texts |= {"x.md": "v_1 wrong degrees\nv_2 right\n", "y.md": "no table", "z.md": LESS}
    _, out, err = run(texts, *texts, "--csv", "-", "--summary")
    assert len(table(out)) == 6
    assert err == (
        "6 documents: 4 with mistakes, 1 incomplete, 1 not readable; 16.7 % on average.\n"
        "\n"
        "  wrong in  cell        commonest cause\n"
        "         4  v_1, value  sign (3)\n"
        "         3  v_2, value\n"
    )


def test_a_class_in_which_nothing_is_read_has_no_average(run: Run) -> None:
    """There are no marks."""
    texts = {"y.md": "no table", "z.md": "no table"}
    assert run(texts, *texts, "--csv", "-", "--summary")[2] == "2 documents: 2 not readable.\n"


def test_a_bar_for_a_class_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bar that counts and names the files stands on stderr while a terminal watches; a name steers no terminal."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    watching = Terminal()
    monkeypatch.setattr(sys, "stderr", watching)
    texts = {"a.md": GOOD, "\x1b[2Jb.md": GOOD}
    assert run(texts, *texts, "--csv", "marks.csv")[0] == 0
    assert "1/2" in watching.getvalue()
    assert "2/2" in watching.getvalue()
    assert "\x1b[2J" not in watching.getvalue()


def test_a_class_of_real_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In processes beside each other each document has the marks and the report that it has alone."""
    monkeypatch.setitem(cli._COMMANDS, "check", "adtrace.checking.command:check")
    monkeypatch.setattr(classroom, "processors", lambda: 2)
    documents = sorted((Path(__file__).parent / "documents").glob("adjoint-*.md"))[:22]
    marks = tmp_path / "marks.csv"
    out = tmp_path / "out"
    gone = tmp_path / "gone.md"
    arguments = [
        "check",
        *map(str, documents),
        str(gone),
        "--csv",
        str(marks),
        "-o",
        str(out),
        "--format",
        "json",
        "--hide",
    ]
    status = cli.main(arguments)
    rows = table(marks.read_text(encoding="utf-8"))
    assert [row["file"] for row in rows] == [*map(str, documents), str(gone)]
    assert rows.pop()["status"] == "unreadable"
    reports = [check(document, name=str(document), rubric=Rubric()) for document in documents]
    assert status == 2
    for row, report, document in zip(rows, reports, documents, strict=True):
        assert [int(row[state]) for state in STATES] == [report.count(state) for state in STATES]
        assert float(row["percent"]) == round(float(report.marks.percent), 1)
        shown = (out / f"{document.stem}.json").read_text(encoding="utf-8")
        assert shown == report.keeping("hide").render("json")
        written = " ".join(cell for sheet in report.sheets for line in sheet.rows for cell in line)
        secrets = {found.expected for found in report.mistakes if found.expected} - set(written.split())
        assert not any(f'"{secret}"' in shown or f" {secret}" in shown for secret in secrets if secret not in written)


def test_options_of_one_document(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The format of a report is that of its file; contradictions and unknown formats are refused."""
    assert run({"a.md": BAD}, "a.md", "-o", "r.html")[0] == 3
    assert Path("r.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    for arguments, words in (
        (["--format", "pdf"], "text, markdown, html, json"),
        (["--hide", "--hint"], "one of them"),
        (["--digits", "-1"], "--digits is 0 to 100 decimals"),
        (["--asked", "value,colour"], "--asked is all, or some of value, tangent"),
        (["--points", "style=7"], "formula=N,number=N"),
    ):
        status, out, err = run({}, "a.md", *arguments)
        assert (status, out) == (2, "")
        assert words in err
        assert "Traceback" not in err
    given: dict[str, Any] = {}
    monkeypatch.setattr(
        command, "checked", lambda: lambda document, **options: given.update(options) or judged(document)
    )
    run(
        {},
        "a.md",
        "--asked",
        "value, tangent",
        "--digits",
        "4",
        "--own-function",
        "--function",
        "f(x) = x^2",
        "--seed",
        "x",
    )
    assert given["asked"] == ("value", "tangent")
    assert (given["digits"], given["own_function"], given["function"], given["seed"]) == (4, True, ["f(x) = x^2"], "x")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode()), encoding="utf-8"))
    status, out, _ = run({}, "-", "--hint")
    assert (status, "7 is not right: sign" in out) == (3, True)


def test_rows_that_were_seen_before_are_not_swept_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The students of a class write the same rows: their numbers are computed once, whatever stands beside them."""
    head = "| row | operation | value |\n|---|---|---|\n| v_0 | x | 2 |\n"
    swept: list[Figures] = []
    begin = Figures.__init__
    monkeypatch.setattr(Figures, "__init__", lambda *given: swept.append(given[0]) or begin(*given))
    for last, mistakes in (("-0.5366", 0), ("-0.4", 1)):
        begun = len(swept)
        document = f"{head}| v_1 | 3*v_0^2 | 12 |\n| v_2 | sin(v_1) | {last} |\n"
        assert len(check(document, function="sin(3*x^2)", at={"x": 2}).mistakes) == mistakes
        assert (len(swept) > begun) == (not mistakes)


def test_a_few_documents_are_told_one_by_one() -> None:
    """Nobody waits for the second before the first is told."""
    begun: list[str] = []

    def checked(path: Path, *, name: str) -> Report:
        begun.append(name)
        return check("| row | operation | value |\n|---|---|---|\n| x | | 2 |\n| v1 | x^2 | 4 |\n")

    made = classroom.outcomes(checked, [classroom.Submission(name, {}) for name in ("a.md", "b.md", "c.md")])
    assert (next(made).name, begun) == ("a.md", ["a.md"])
    assert [one.status for one in made] == [0, 0]
