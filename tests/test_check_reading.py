"""Documents of every kind through the whole road: what is found in them, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import adtrace
from adtrace.cli import cli

DOCUMENTS = {
    "markdown": "| Trace | Function | Value |\n|---|---|---|\n| v_0 | x | 2 |\n| v_1 | v_0^2 | 4 |\n",
    "latex": "\\begin{tabular}{lcc}\\hline Trace & Function & Value \\\\ \\hline\n"
    "$v_0$ & $x$ & $2$ \\\\\n$v_1$ & $v_0^2$ & 4 \\\\ \\hline\\end{tabular}",
    "align": "\\begin{align*}\nv_0 &= x &= 2 \\\\\nv_1 &= v_0^2 &= 4\n\\end{align*}",
    "csv": "Trace,Function,Value\nv_0,x,2\nv_1,v_0^2,4\n",
    "semicolons": "Trace;Function;Value\nv_0;x;2\nv_1;v_0^2;4\n",
    "json": '{"columns": ["Trace", "Function", "Value"], "rows": [["v_0", "x", "2"], ["v_1", "v_0^2", 4]]}',
    "json tables": '{"tables": [{"columns": ["Trace", "Function", "Value"], "rows": [["v_0", "x", 2], '
    '["v_1", "v_0^2", 4]]}]}',
    "json rows": '[["Trace", "Function", "Value"], ["v_0", "x", "2"], ["v_1", "v_0^2", "4"]]',
    "html": "<p>x</p><table><tr><th>Trace</th><th>Function</th><th>Value</th></tr>"
    "<tr><td>v<sub>0</sub></td><td>x</td><td>2</td></tr><tr><td>v<sub>1</sub></td>"
    "<td>v<sub>0</sub><sup>2</sup></td><td>4</td></tr></table>",
    "equations": "The trace:\n\nv_0 = x = 2\nv_1 = v_0^2 = 4\nv_2 = v_1 = 4\n",
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_documents(kind: str) -> None:
    """The same table is found in every kind of document, its kind guessed, and its mistakes too."""
    report = adtrace.check(DOCUMENTS[kind], {"x": 2}, function="x^2")
    assert report.ok, report.render()
    assert report.count("right") >= 2
    wrong = adtrace.check(DOCUMENTS[kind].replace("4", "5"), {"x": 2}, function="x^2")
    assert [m.row for m in wrong.mistakes][:1] == ["v_1"]


def test_the_problem_is_read_from_the_text() -> None:
    """The function and the point may stand in the text before the table, in dollars or in words."""
    for text in (
        r"Let $f(x, y) = x^2 \cdot y$ at $(x, y) = (3, 2)$.",
        "Find the derivatives of f(x, y) = x^2*y at x = 3, y = 2.",
        r"Consider $z = x^2 y$ with $x = 3$ and $y = 2$",
    ):
        table = "| name | op | value |\n|---|---|---|\n| v1 | x^2 | 9 |\n| v2 | v1*y | 17 |\n"
        report = adtrace.check(f"{text}\n\n{table}")
        assert [(m.row, m.quantity) for m in report.mistakes] == [("v_2", "value")], text


def test_two_works_in_one_document() -> None:
    """Tables that define the same rows otherwise are two answers, each held against itself."""
    one = "| n | op | value |\n|---|---|---|\n| v_0 | x | 2 |\n| v_1 | v_0^2 | 4 |\n| v_2 | sin(v_1) | -0.7568 |\n"
    two = (
        "| n | op | value |\n|---|---|---|\n| v_0 | x | 3 |\n| v_1 | exp(v_0) | 20.0855 |\n| v_2 | v_1/v_0 | 6.6952 |\n"
    )
    report = adtrace.check(f"{one}\n\n{two}")
    assert report.ok
    assert report.count("right") == 12


def test_a_missing_row_is_named() -> None:
    """A row that others use and that is not there is told, and what depends on it is not called right."""
    table = "| n | op | value |\n|---|---|---|\n| v_0 | x | 2 |\n| v_1 | v_0^2 | 4 |\n| v_3 | v_1*v_2 | 8 |\n"
    report = adtrace.check(table, {"x": 2})
    assert [(problem.kind, problem.row) for problem in report.problems] == [("missing row", "v_2")]
    assert (report.mistakes, report.exit_status) == ((), 4)


def test_a_slip_that_the_point_masks_is_found() -> None:
    """2x in place of x^2 gives the right number at 2; the formula is wrong at another point."""
    table = (
        "| n | op | value | derivative | by x |\n|---|---|---|---|---|\n"
        "| x | x | 1 | dx | 1 |\n| v_1 | x^3 | 1 | 3x dx | 3 |\n| v_2 | sin(v_1) | 0.8415 | cos(v_1)dv_1 | 1.6209 |\n"
    )
    report = adtrace.check(table, {"x": 1}, function="sin(x^3)")
    assert [(m.row, m.quantity) for m in report.mistakes] == [("v_1", "tangent formula")]


def test_a_kink_accepts_each_convention() -> None:
    """relu'(0) is 0, 1/2 or 1 by convention; 2 is none of them."""
    for slope, good in (("0", True), ("0.5", True), ("1", True), ("2", False)):
        table = f"| n | op | value | by x |\n|---|---|---|---|\n| x | x | 0 | 1 |\n| v_1 | relu(x) | 0 | {slope} |\n"
        assert adtrace.check(table, {"x": 0}, function="relu(x)").ok is good


def test_a_report_of_the_command_is_called_by_its_file(tmp_path: Path) -> None:
    """As it is typed; one of standard input has no name."""
    file = tmp_path / "answer.csv"
    file.write_text(DOCUMENTS["csv"], encoding="utf-8")
    asked = ["--function", "x^2", "--at", "x=2", "--format", "html"]
    assert str(file) in CliRunner().invoke(cli, ["check", str(file), *asked]).output
    assert "answer.csv" not in CliRunner().invoke(cli, ["check", "-", *asked], input=DOCUMENTS["markdown"]).output


def test_a_path_is_read_as_a_file(tmp_path: Path) -> None:
    """A `Path` is a file whose ending says what it is; a missing one is an error with its name."""
    file = tmp_path / "answer.tex"
    file.write_text(DOCUMENTS["latex"], encoding="utf-8")
    assert adtrace.check(file, {"x": 2}).name == "answer.tex"
    with pytest.raises(adtrace.InputError, match=r"nowhere\.md.* cannot be read"):
        adtrace.check(tmp_path / "nowhere.md")


def test_the_name_of_a_file_is_no_document() -> None:
    """A file's name given as the text is told to be a Path."""
    with pytest.raises(adtrace.InputError, match=r"'official\.md' is the name of a file.*write Path\('official\.md'\)"):
        adtrace.check("official.md")


@pytest.mark.parametrize(("value", "right", "wrong"), [("9", 4, []), ("8", 3, ["v_1"])])
def test_a_first_row_above_the_rule_is_a_row(value: str, right: int, wrong: list[str]) -> None:
    """A Markdown table without a heading, its rule under the first row, is checked with that row."""
    report = adtrace.check(
        f"f(x) = x^2 at x=3\n\n| $v_0$ | $= x$ | $= 3$ |\n|---|---|---|\n| v_1 | v_0^2 | {value} |\n"
    )
    assert (report.count("right"), [mistake.row for mistake in report.mistakes]) == (right, wrong)


def test_a_report_without_a_checked_cell_is_not_good() -> None:
    """Where no cell could be judged the report is not ok and its status says so."""
    report = adtrace.check("| row | work | value |\n|---|---|---|\n| Monday | milk | 8 |\n| Tuesday | bread | 9 |\n")
    assert (report.ok, report.exit_status) == (False, 2)
    assert "nothing could be checked" in report.summary()
