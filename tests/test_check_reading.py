"""Reading what people write: free-hand formulas and numbers, names, documents, the problem stated round a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from flint import fmpq

import adtrace
from adtrace.checking.freehand import Reader, read_name
from adtrace.checking.grids import grids
from adtrace.checking.layout import read_layout
from adtrace.checking.local import middle, value_of
from adtrace.checking.markup import Unread, plain
from adtrace.language.syntax import Apply

NAMES = ["v_-1", "v_0", "v_1", "v_2", "v_3", "v_4", "v_5", "x", "y", "x_1", "x_2", "V_-1", "w_11"]
READER = Reader(NAMES, seeds=("x_1", "x_2"))


def postfix(text: str) -> str:
    """A cell as it is read, in postfix."""
    return " ".join(t.head if isinstance(t, Apply) else t[0] for t in READER.read(text).terms)


@pytest.mark.parametrize(
    ("cell", "terms"),
    [
        ("2v4v4'", "2 v_4 mul .v_4 mul"),
        (r"\dot{v}_1 v_0", ".v_1 v_0 mul"),
        (r"$\dot v_{-1}/v_{-1}$", ".v_-1 v_-1 div"),
        (r"\dot{v_3}", ".v_3"),
        ("v1_dot*v2", ".v_1 v_2 mul"),
        ("x1. + 2x1", ".x_1 2 x_1 mul add"),
        ("D_p v_{-1} + D_pv_0", ".v_-1 .v_0 add"),
        ("DpV-1*V-1", ".V_-1 V_-1 mul"),
        ("cos(y)*dy", "y cos .y mul"),
        ("ẋ_1 + v̇₋₁", ".x_1 .v_-1 add"),
        ("p_1", ".x_1"),
        ("bv_0 + bv_2", "~v_0 ~v_2 add"),
        (r"\overline{v}_3\cdot(-1)", "~v_3 1 neg mul"),
        ("v̄₋₁ × ∂v₃/∂v₁", "~v_-1 v_3|v_1 mul"),
        (r"\bar v_{1} \frac{\partial v_{1} }{\partial v_{-1} }", "~v_1 v_1|v_-1 mul"),
        ("(dv3/dv1)(dv1/dx1)", "v_3|v_1 v_1|x_1 mul"),
        ("-.544", ".544 neg"),
        ("5cos(pi)", "5 pi cos mul"),
        ("sin^2 x", "x sin 2 pow"),
        ("sin^{-1}(x)", "x asin"),
        ("cos 2x", "2 x mul cos"),
        ("e^{-v_2}", "e v_2 neg pow"),
        ("e^-0.25", "e 0.25 neg pow"),
        ("exp(-1/4)*-sqrt(3)/2", "1 neg 4 div exp 3 sqrt neg mul 2 div"),
        ("√3/2", "3 sqrt 2 div"),
        ("7//2", "7 2 div"),
        ("xy", "x y mul"),
        ("w11 v_1", "w_11 v_1 mul"),
        ("v<sub>1</sub>v<sub>2</sub>", "v_1 v_2 mul"),
        (r"v\_1 \* v\_2", "v_1 v_2 mul"),
        ("**5.5**", "5.5"),
        (r"\mathbf{5.5}", "5.5"),
        (r"\operatorname{sigmoid}(v_1)", "v_1 sigmoid"),
        ("(1)", "1"),
        ("subtract(v2, v1)", "v_2 v_1 sub"),
        ("neg(v4)", "v_4 neg"),
        ("|x|", "x abs"),
        ("½x²", "1 2 div x 2 pow mul"),
        ("10.6931 − (−0.9589)", "10.6931 0.9589 neg sub"),
        (r"\frac{1}{2}", "1 2 div"),
        ("-1/2 v_4^{-1/2}", "1 neg 2 div v_4 1 neg 2 div pow mul"),
    ],
)
def test_free_hand(cell: str, terms: str) -> None:
    """Every notation of the published tables is one formula in the same terms."""
    assert postfix(cell) == terms


@pytest.mark.parametrize("cell", ["", "-", "v_1 +", "(x", "z(v_1)", "x ? y", "a" * 5000, "(" * 500 + "x" + ")" * 500])
def test_what_is_no_formula_is_refused(cell: str) -> None:
    """A cell that cannot be read is refused with a reason, however long or deep."""
    with pytest.raises(Unread, match=r"."):
        READER.read(cell)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("v_1", ("", "v_1")),
        (r"$\bar v_{-1}$", ("~", "v_-1")),
        ("dv_1", (".", "v_1")),
        ("v1_dot", (".", "v_1")),
        ("v'", (".", "v")),
        ("df/dx", ("~", "x")),
        ("v₁", ("", "v_1")),
        ("ẏ", (".", "y")),
        ("D_p v_1", (".", "v_1")),
        ("V-1", ("", "V_-1")),
        ("by", ("~", "y")),
        ("cos(x)", None),
        ("3", None),
    ],
)
def test_names(cell: str, name: tuple[str, str] | None) -> None:
    """The variable of a name cell, with its mark, in every spelling."""
    found = read_name(plain(cell))
    assert (tuple(found) if found else None) == name


def test_a_product_after_a_division_can_be_read_both_ways() -> None:
    """``1/2x`` is ambiguous: it is read from left to right, and the other reading can be had."""
    reading = READER.read("1/2x")
    assert reading.ambiguous
    assert middle(value_of(reading.terms, {"x": fmpq(4)})) == 2.0
    assert middle(value_of(READER.read("1/2x", tight=True).terms, {"x": fmpq(4)})) == 0.125


DOCUMENTS = {
    "markdown": "| Trace | Function | Value |\n|---|---|---|\n| v_0 | x | 2 |\n| v_1 | v_0^2 | 4 |\n",
    "latex": "\\begin{tabular}{lcc}\\hline Trace & Function & Value \\\\ \\hline\n"
    "$v_0$ & $x$ & $2$ \\\\\n$v_1$ & $v_0^2$ & 4 \\\\ \\hline\\end{tabular}",
    "align": "\\begin{align*}\nv_0 &= x &= 2 \\\\\nv_1 &= v_0^2 &= 4\n\\end{align*}",
    "csv": "Trace,Function,Value\nv_0,x,2\nv_1,v_0^2,4\n",
    "semicolons": "Trace;Function;Value\nv_0;x;2\nv_1;v_0^2;4\n",
    "json": '{"columns": ["Trace", "Function", "Value"], "rows": [["v_0", "x", "2"], ["v_1", "v_0^2", 4]]}',
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
        assert [(m.row, m.kind) for m in report.mistakes] == [("v_2", "value")], text


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
    """A row that others use and that is not there is a mistake of its own."""
    table = "| n | op | value |\n|---|---|---|\n| v_0 | x | 2 |\n| v_1 | v_0^2 | 4 |\n| v_3 | v_1*v_2 | 8 |\n"
    report = adtrace.check(table, {"x": 2})
    assert [(m.row, m.cause) for m in report.mistakes] == [("v_2", "missing row")]


def test_a_slip_that_the_point_masks_is_found() -> None:
    """2x in place of x^2 gives the right number at 2; the formula is wrong at another point."""
    table = (
        "| n | op | value | derivative | by x |\n|---|---|---|---|---|\n"
        "| x | x | 1 | dx | 1 |\n| v_1 | x^3 | 1 | 3x dx | 3 |\n| v_2 | sin(v_1) | 0.8415 | cos(v_1)dv_1 | 1.6209 |\n"
    )
    report = adtrace.check(table, {"x": 1}, function="sin(x^3)")
    assert [(m.row, m.kind) for m in report.mistakes] == [("v_1", "tangent formula")]


def test_a_kink_accepts_each_convention() -> None:
    """relu'(0) is 0, 1/2 or 1 by convention; 2 is none of them."""
    for slope, good in (("0", True), ("0.5", True), ("1", True), ("2", False)):
        table = f"| n | op | value | by x |\n|---|---|---|---|\n| x | x | 0 | 1 |\n| v_1 | relu(x) | 0 | {slope} |\n"
        assert adtrace.check(table, {"x": 0}, function="relu(x)").ok is good


def test_the_layout_names_the_columns() -> None:
    """Columns are told by their headings and by what stands in them."""
    text = (
        "| Trace | Elem. op. | Value | Elem. derivative | grad_x | grad_y |\n|---|---|---|---|---|---|\n"
        "| x_1 | x | 1 | dx_1 | 1 | 0 |\n| x_2 | y | 2 | dx_2 | 0 | 1 |\n"
        "| x_3 | x_1 x_2 | 2 | x_1dx_2 + x_2dx_1 | 2 | 1 |\n"
    )
    layout = read_layout(grids(text), ["x", "y"])
    assert layout.kinds == [["name", "operation", "value", "tangent formula", "tangent", "tangent"]]
    assert [column.of for column in layout.passes] == ["x", "y"]


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
    report = adtrace.check("f(x) = x^2 at x=3\n\n| row | operation | value |\n|---|---|---|\n| v_1 | v_0^2 | 8 |\n")
    assert [cell.verdict for cell in report.cells if cell.verdict != "unchecked"] == []
    assert (report.ok, report.exit_status, report.summary()) == (False, 2, "nothing could be checked")
