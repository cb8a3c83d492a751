"""Documents of every format into sheets: rows and columns as a person sees them, at their lines, nothing lost."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

import adtrace
from adtrace.checking.sheets import ENDINGS, FORMS, Sheet, decoded, document, guessed, read, sheets
from adtrace.checking.sheets.equations import LONGEST_EQUATION, commented
from adtrace.checking.sheets.typst import formula
from adtrace.errors import AdtraceError, BoundError, InputError, OptionError

# ruff: noqa: E501 - documents stand here as they are written
DOCUMENTS = Path(__file__).parent / "documents"
STYLES = sorted(path.stem for path in (Path(__file__).parents[1] / "templates" / "styles").glob("*.toml"))
TABLE = (("v_1", "x", "2"), ("v_2", "v_1^2", "4"))
HEADING = ("trace", "operation", "value")

WRITTEN = {
    "pipes": "| trace | operation | value |\n|---|:-:|---|\n| v_1 | x | 2 |\n| v_2 | v_1^2 | 4 |\n",
    "no outer pipes": "trace | operation | value\n--- | --- | ---\nv_1 | x | 2\nv_2 | v_1^2 | 4\n",
    "no rule": "| trace | operation | value |\n| v_1 | x | 2 |\n| v_2 | v_1^2 | 4 |\n",
    "org": "| trace | operation | value |\n|-------+-----------+-------|\n| v_1 | x | 2 |\n| v_2 | v_1^2 | 4 |\n",
    "tabs": "trace\toperation\tvalue\nv_1\tx\t2\nv_2\tv_1^2\t4\n",
    "tabs in prose": "Here it is.\n\ntrace\toperation\tvalue\nv_1\tx\t2\nv_2\tv_1^2\t4\n\nThat is all.\n",
    "commas": "trace,operation,value\nv_1,x,2\nv_2,v_1^2,4\n",
    "semicolons": "trace;operation;value\nv_1;x;2\nv_2;v_1^2;4\n",
    "columns": "trace   operation   value\nv_1     x           2\nv_2     v_1^2       4\n",
    "grid": "+-------+-----------+-------+\n| trace | operation | value |\n+=======+===========+=======+\n"
            "| v_1   | x         | 2     |\n+-------+-----------+-------+\n| v_2   | v_1^2     | 4     |\n"
            "+-------+-----------+-------+\n",
    "simple": "=====  =========  =====\ntrace  operation  value\n=====  =========  =====\nv_1    x          2\n"
              "v_2    v_1^2      4\n=====  =========  =====\n",
    "pandoc": "trace   operation   value\n------- ----------- ------\nv_1     x           2\nv_2     v_1^2       4\n\n",
    "list": ".. list-table::\n   :header-rows: 1\n\n   * - trace\n     - operation\n     - value\n   * - v_1\n     - x\n"
            "     - 2\n   * - v_2\n     - v_1^2\n     - 4\n",
    "html": "<table><thead><tr><th>trace</th><th>operation</th><th>value</th></tr></thead><tr><td>v_1<td>x<td>2"
            "<tr><td>v_2</td><td>v_1^2</td><td>4</td></tr></table>",
    "latex": "\\begin{tabular}{l@{}cS[table-format=1.2]} % three\n\\toprule trace & operation & {value} \\\\ \\midrule\n"
             "v_1 & x & 2 \\\\[2pt]\nv_2 & v_1^2 & 4 \\\\ \\bottomrule\\end{tabular}",
    "longtable": "\\begin{longtable}{lll}\n\\hline\ntrace & operation & value \\\\\n\\hline\\endhead\n"
                 "v_1 & x & 2 \\\\\nv_2 & v_1^2 & 4\n\\end{longtable}",
    "tabularx": "\\begin{tabularx}{\\textwidth}{lXX}\\hline trace & operation & value\\\\\\hline v_1 & x & 2\\tabularnewline\n"
                "v_2 & v_1^2 & 4\\end{tabularx}",
    "a rule below each row": "\\begin{tabular}{lll}\ntrace & operation & value \\\\ \\hline\nv_1 & x & 2 \\\\ \\hline\n"
                             "v_2 & v_1^2 & 4 \\\\ \\hline\n\\end{tabular}",
    "array": "$$\\begin{array}{l|l|l}\n\\text{trace} & \\text{operation} & \\text{value} \\\\ \\hline\nv_1 & x & 2 \\\\\n"
             "v_2 & v_1^2 & 4\n\\end{array}$$",
    "typst": "#table(columns: 3, table.header([trace], [operation], [value]),\n  [v_1], [x], [2],\n  [v_2], [v_1^2], [4])\n",
    "records": json.dumps([dict(zip(HEADING, row, strict=True)) for row in TABLE]),
    "lists": json.dumps([HEADING, *TABLE]),
    "columns and rows": json.dumps({"columns": HEADING, "rows": TABLE}),
    "notebook": json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": [
        "trace | operation | value\n", "---|---|---\n", "v_1 | x | 2\n", "v_2 | v_1^2 | 4"]}]}),
}  # fmt: skip


def one(text: str, form: str | None = None) -> Sheet:
    """The one sheet of a document."""
    found = sheets(text, form)
    assert len(found) == 1
    return found[0]


def shown(cell: str) -> str:
    """A cell without what sets it upright."""
    return re.sub(r"\\text\s*\{([^{}]*)\}", r"\1", cell).strip("{}")


@pytest.mark.parametrize("name", WRITTEN)
def test_one_table_in_every_format(name: str) -> None:
    """The same heading and rows come out of each format, the form guessed."""
    sheet = one(WRITTEN[name])
    assert tuple(map(shown, sheet.heading)) == HEADING
    assert sheet.rows == TABLE
    assert len(sheet.lines) == 2


def test_texts_and_records_in_json_are_cells() -> None:
    """A notebook's source may be one text, and a cell of JSON what it says by names."""
    cells = [{"cell_type": "markdown", "source": WRITTEN["pipes"]}]
    code = {
        "cell_type": "code",
        "source": "table = '''\n| v_1 | 9 |\n|--|--|\n| v_2 | 8 |\n'''",
    }  # what it prints is read, not it
    assert one(json.dumps({"nbformat": 4, "cells": [code, *cells]})).rows == TABLE
    rows = [["v_1", "x", {"v_1": 2, "exact": True}], ["v_2", "v_1^2", None]]
    found = one(json.dumps({"columns": HEADING, "rows": rows})).rows
    assert found == (("v_1", "x", "v_1 = 2; exact = true"), ("v_2", "v_1^2", ""))


def test_a_line_too_long_for_an_equation_stays_as_it_is() -> None:
    """No comment is looked for in it."""
    assert commented("a = x * y  # 6") == "a = x * y = 6"
    line = f"a = {'x * ' * LONGEST_EQUATION}y  # 6"
    assert commented(line) == line


@pytest.mark.parametrize(("form", "name"), [("markdown", "pipes"), ("org", "org"), ("tsv", "tabs"), ("csv", "commas"),
                                            ("rst", "list"), ("html", "html"), ("latex", "latex"), ("json", "lists"),
                                            ("ipynb", "notebook"), ("typst", "typst"), ("text", "columns")])  # fmt: skip
def test_a_form_that_is_named_is_read_as_it(form: str, name: str) -> None:
    """Each form of the table of forms reads its own document; another name is refused with all of them."""
    assert one(WRITTEN[name], form).rows == TABLE
    with pytest.raises(OptionError, match="markdown, latex"):
        sheets("x", "word")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("mode", ["forward", "reverse", "both", "second"])
def test_our_own_tables_come_back_without_a_cell_lost(style: str, mode: str) -> None:
    """In every format, style and mode as many filled cells in each row as the table that was rendered has."""
    trace = adtrace.trace("f(x, y) = x*exp(y) - abs(x)", at={"x": -2, "y": 1})
    for form in ("markdown", "text", "latex", "html", "typst"):
        tables = trace.tables(style=style, mode=mode, format=form)
        wanted = [sum(bool(str(cell).strip()) for cells in line for cell in cells)
                  for table in tables for block in table.blocks for group in block.groups for line in group]  # fmt: skip
        document = trace.table(style=style, mode=mode, format=form)
        found = [sum(map(bool, row)) for sheet in sheets(document, form) for row in sheet.rows]
        assert found == wanted, form


@pytest.mark.parametrize("form", ["markdown", "text", "latex", "html", "typst"])
@pytest.mark.parametrize("style", ["three-part", "ledger"])
def test_our_own_tables_of_arrays_come_back(style: str, form: str) -> None:
    """A matrix is one cell, in whatever a format sets it: four numbers of W, in their order."""
    trace = adtrace.trace("f(W, x) = sum(W @ x)", at={"W": [[1, 2], [3, 4]], "x": [5, 6]})
    found = sheets(trace.table(style=style, mode="reverse", format=form), form)
    cell = next(cell for row in found[0].rows if "W" in "".join(row[:2]) for cell in row if "4" in cell and "3" in cell)
    assert re.findall(r"\d", cell.replace("2 \\times 2", ""))[-4:] == ["1", "2", "3", "4"]
    assert not any("⎡" in cell or "⎣" in cell for sheet in found for row in sheet.rows for cell in row)


def test_our_own_json_comes_back_with_increments() -> None:
    """Values, tangents and adjoints as one sheet, the increments of the adjoints as another."""
    document = adtrace.trace("x*y", at={"x": 2, "y": 5}).table(format="json")
    first, second = sheets(document)
    assert first.heading == ("variable", "formula", "value", "tangent", "adjoint")
    assert [row[2] for row in first.rows] == ["2.0000", "5.0000", "10.0000", "10.0000"]
    assert "increment" in second.heading


def tables_of_markdown(text: str) -> list[list[list[str]]]:
    """The cells of each table as markdown-it sees them, the heading first, without columns of nothing."""
    from markdown_it import MarkdownIt

    found: list[list[list[str]]] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and found[-1]:
            found[-1][-1].append(token.content)
    kept = [[j for j in range(len(table[0])) if any(row[j].strip() for row in table)] for table in found]
    return [[[row[j] for j in columns] for row in table] for table, columns in zip(found, kept, strict=True)]


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.md")), ids=lambda path: path.stem)
def test_the_documents_have_the_tables_that_markdown_sees(path: Path) -> None:
    """Rows and columns of each are those of markdown-it; a heading inside a table parts it."""
    document = read(path)
    wanted = [(len(table), len(table[0])) for table in tables_of_markdown(document.text)]
    found = [
        (len(s.rows) + any(s.heading), len(s.heading)) for s in sheets(document.text, document.form) if not s.equations
    ]
    if wanted and not path.stem.startswith(("heading-inside", "read-fenced")):
        assert found == wanted


@pytest.mark.parametrize("path", sorted(p for p in DOCUMENTS.iterdir() if p.suffix not in (".md", ".toml")),
                         ids=lambda path: path.name)  # fmt: skip
def test_the_other_documents_have_rows(path: Path) -> None:
    """Each is read, and no row of it is empty; a line is a line of the document."""
    document = read(path)
    for sheet in sheets(document.text, document.form):
        assert all(any(row) for row in sheet.rows)
        assert all(1 <= line <= document.text.count("\n") + 1 for line in sheet.lines)
        assert all(len(row) == len(sheet.heading) for row in sheet.rows)


def equations(text: str, form: str | None = None) -> list[str]:
    """The rows of the only list of equations."""
    sheet = one(text, form)
    assert sheet.equations
    assert all(len(row) == 1 for row in sheet.rows)
    return [row[0] for row in sheet.rows]


EQUATIONS = {
    "plain": ("v_1 = x = 2\nv_2 = v_1^2 = 4", ["v_1 = x = 2", "v_2 = v_1^2 = 4"]),
    "blank lines": ("s = p - q   --->   4\n\nf = s*r   --->   8", ["s = p - q   --->   4", "f = s*r   --->   8"]),
    "bullets": ("- a = 2*3 = 6\n- df/da = b = 3\n", ["a = 2*3 = 6", "df/da = b = 3"]),
    "numbered, nested": ("1. \\\\( v_1 = x^2 \\\\)\n   - \\\\( \\dot{v_1} = 2x \\\\)", ["v_1 = x^2", r"\dot{v_1} = 2x"]),
    "over lines": ("$$\n\\begin{aligned}\n\\dot v_1 &= 3 v_0 \\\\\n&= 3 \\cdot 4 \\\\\n&= 12\n\\end{aligned}\n$$",
                   [r"\dot v_1 = 3 v_0 = 3 \cdot 4 = 12"]),
    "plain over lines": ("v_1 = x^2\n    = 4\nv_2 = v_1 + 1\n    = 5", ["v_1 = x^2 = 4", "v_2 = v_1 + 1 = 5"]),
    "beside each other": ("\\begin{align}\nv_1 &= x & \\dot v_1 &= 1 \\\\\nv_2 &= v_1^2 & \\dot v_2 &= 2 v_1\n\\end{align}",
                          ["v_1 = x", r"\dot v_1 = 1", "v_2 = v_1^2", r"\dot v_2 = 2 v_1"]),
    "a matrix is no row": ("$$v_1 = \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}$$\n$$v_2 = 3$$",
                           [r"v_1 = \begin{bmatrix} 1 \\ 2 \end{bmatrix}", "v_2 = 3"]),
    "comments": ("```python\na = x * y  # 6\nb = sin(a)  # the sine\nc = b + 1  # = 0.72\n```",
                 ["a = x * y = 6", "b = sin(a)", "c = b + 1 = 0.72"]),
    "c": ("```c\ndouble a = x * y;   // 6\ndouble b = a + 1; // 7\n```", ["a = x * y = 6", "b = a + 1 = 7"]),
    "underbrace": ("$$v_1 = \\underbrace{2 x}_{4} = 4$$\n$$v_2 = 1$$", [r"v_1 = \underbrace{2 x}_{4} = 4", "v_2 = 1"]),
    "one line": ("x = 3; u = x^2 = 9; y = u + x = 12", ["x = 3", "u = x^2 = 9", "y = u + x = 12"]),
    "items": ("\\begin{itemize}\n\\item $v_1 = x = 2$\n\\item $v_2 = v_1^2 = 4$\n\\end{itemize}",
              ["v_1 = x = 2", "v_2 = v_1^2 = 4"]),
    "paragraphs": ("<p>v<sub>1</sub> = x = 2</p><p>v<sub>2</sub> = 4</p>",
                   ["v<sub>1</sub> = x = 2", "v<sub>2</sub> = 4"]),
}  # fmt: skip


@pytest.mark.parametrize("name", EQUATIONS)
def test_lists_of_equations_have_a_row_for_each(name: str) -> None:
    """However they are set: as lines, bullets, displays, code, side by side, over several lines."""
    text, rows = EQUATIONS[name]
    assert equations(text, "html" if text.startswith("<") else None) == rows


def test_a_point_and_a_function_are_prose_and_no_rows() -> None:
    """The first line of numbers is the point; a formula with f(x) on its left is no row; prose parts the lists."""
    first, second = sheets(
        "f(x, y) = x y at\nx = 2, y = 3\n\na = x y = 6\nb = a + 1 = 7\n\nBackward:\ndb = 1\nda = db = 1"
    )
    assert [row[0] for row in first.rows] == ["a = x y = 6", "b = a + 1 = 7"]
    assert "x = 2, y = 3" in first.before
    assert first.after == second.before == "Backward:"
    assert second.lines == (8, 9)


def test_lists_in_cells_become_rows() -> None:
    """Of displays and line breaks in cells of HTML and pipes, where every cell is a list; else they stay in their cell."""
    sheet = one("| a | b |\n|---|---|\n| $$v_0 = 2 \\\\ v_1 = 4$$ | $$d = 1 \\\\ e = 2$$ |\n")
    assert sheet.rows == (("$v_0 = 2$", "$d = 1$"), ("$v_1 = 4$", "$e = 2$"))
    sheet = one("<table><tr><th>step<th>local<tr><td>f = q z<td>df/dq = z = 4<br>df/dz = q<br>= 3</table>")
    assert sheet.rows == (("f = q z", "df/dq = z = 4; df/dz = q = 3"),)


def test_bars_in_formulas_are_text() -> None:
    """Between dollars, after a backslash and in code; a dollar alone begins no formula."""
    sheet = one("| trace | value |\n|---|---|\n| $|v_0|$ | 2 |\n| v \\| w | `|3|` |\n| $5 | 4 |\n")
    assert sheet.rows == (("$|v_0|$", "2"), ("v | w", "|3|"), ("$5", "4"))


def test_spans_of_columns_and_rows_leave_cells_in_their_columns() -> None:
    """Headings over several columns stand before each of them; a cell over two rows leaves the second one empty."""
    html = one("<table><tr><th rowspan=2>name<th colspan=2>forward<tr><th>formula<th>value"
               "<tr><td rowspan=2>v_1<td>x<td>2<tr><td>y<td>3</table>")  # fmt: skip
    assert html.heading == ("name", "forward formula", "forward value")
    assert html.rows == (("v_1", "x", "2"), ("", "y", "3"))
    latex = one(r"\begin{tabular}{lll} & \multicolumn{2}{c}{forward} \\ name & formula & value \\ \hline v_1 & x & 2 \\"
                r"v_2 & \multicolumn{2}{c}{\$4 \& more} \\ \end{tabular}")  # fmt: skip
    assert latex.heading == ("name", "forward formula", "forward value")
    assert latex.rows == (("v_1", "x", "2"), ("v_2", r"\$4 \& more", ""))


def test_formulas_of_typst_are_those_of_latex() -> None:
    """Fractions, accents by all of their names, indices in round brackets."""
    assert formula("frac(dot(v)_(1), b + 1) x") == r"\frac{\dot{v}_{1}}{b + 1} x"
    assert [formula(f"{name}(v)") for name in ("macron", "overline", "dot.double", "hat")] == [
        r"\bar{v}", r"\bar{v}", r"\ddot{v}", r"\hat{v}",
    ]  # fmt: skip


def test_a_cell_of_two_rows_is_one_column() -> None:
    """The 2 of multirow counts rows."""
    body = r"trace & operation & value \\ \hline \multirow{2}{*}{v_1} & x & 2 \\ & v_1^2 & 4"
    assert one(rf"\begin{{tabular}}{{lll}} {body} \end{{tabular}}").rows == (("v_1", "x", "2"), ("", "v_1^2", "4"))


def test_a_longer_number_that_pushes_its_row_leaves_the_columns() -> None:
    """A number put in that is a sign longer moves the rest of its line: each row has its two blanks, not the same."""
    trace = adtrace.trace("log(x1) + x1*x2 - sin(x2)", {"x1": 1.5, "x2": 1.2})
    text = trace.table(style="stored-partials", mode="reverse", format="text")
    before, after = one(text, "text"), one(text.replace("0.9320  ", "-3.6133  "), "text")
    changed = [tuple("-3.6133" if cell == "0.9320" else cell for cell in row) for row in before.rows]
    assert before.rows != after.rows
    assert list(after.rows) == changed


def test_gutters_vanish_and_signs_go_to_their_cells() -> None:
    """A column of nothing, a column of = alone, ragged rows; a column with a heading and no entry is asked and stays."""
    sheet = one(
        "| n | | f | | value | dot |\n|---|---|---|---|---|---|\n| v_1 | = | x | | 2 | |\n| v_2 | = | v_1^2 |\n"
    )
    assert sheet.heading == ("n", "f", "value", "dot")
    assert sheet.rows == (("v_1", "= x", "2", ""), ("v_2", "= v_1^2", "", ""))


def test_a_first_row_above_the_rule_is_a_row() -> None:
    """Markdown wants a rule below the first line, which then is no heading."""
    sheet = one("| v_1 | x | 2 |\n|---|---|---|\n| v_2 | v_1^2 | 4 |\n")
    assert sheet.heading == ("", "", "")
    assert sheet.lines == (1, 3)


@pytest.mark.parametrize("heading", [
    r"\text{Var} & \text{Def.} & \text{Val.} & \dot v_i \ (\dot x = 1)",
    r"\text{Zeile} & \text{Vorschrift} & \text{Zahl} & \dot v_i, \dot x = 1",
    r"\text{Item} & \text{What} & \text{Amount} & \dot{v}_i = \partial v_i/\partial x",
])  # fmt: skip
def test_a_heading_may_say_the_seed(heading: str) -> None:
    """An equation among the words of a heading makes it no row, of an array nor of a table in Markdown."""
    rows = [r"v_1 & x & 2 & 1", r"v_2 & v_1^2 & 4 & 4"]
    array = "\\[\\begin{array}{llll}" + " \\\\ ".join([heading + r"\\\hline", *rows]) + "\\end{array}\\]"
    lines = ["|" + "|".join(f"${cell.strip()}$" for cell in row.split("&")) + "|" for row in (heading, *rows)]
    pipes = "\n".join([lines[0], "|---|---|---|---|", *lines[1:]])
    for text, form in ((array, "latex"), (pipes, "markdown")):
        (sheet,) = sheets(text, form)
        assert any(sheet.heading)
        assert [row[0].strip("$ ") for row in sheet.rows] == ["v_1", "v_2"]


def test_a_heading_between_rows_begins_another_sheet() -> None:
    """And a title alone in its row keeps the names of the columns."""
    first, second = sheets(
        "| name | formula | value |\n|---|---|---|\n| v_1 | x | 2 |\n| **Reverse pass** | | |\n| a | 1 | 1 |\n"
    )
    assert (first.rows, second.rows) == ((("v_1", "x", "2"),), (("a", "1", "1"),))
    assert second.heading == ("**Reverse pass** name", "formula", "value")


def test_words_in_cells_are_no_heading() -> None:
    """A row whose numbers are words, as a student leaves them, stays a row."""
    sheet = one(
        "| name | formula | value |\n|---|---|---|\n| v_1 | x | 2 |\n| v_2 | TODO | no idea |\n| z | product | sum |\n"
    )
    assert len(sheet.rows) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_ends_of_lines(encoding: str, end: str, tmp_path: Path) -> None:
    """The same table out of each encoding, marked or guessed, at the same lines."""
    path = tmp_path / "a.md"
    path.write_bytes(("Übung 3\n\n" + WRITTEN["pipes"]).replace("\n", end).encode(encoding))
    document = read(path)
    sheet = one(document.text, document.form)
    assert (sheet.rows, sheet.lines, sheet.before) == (TABLE, (5, 6), "Übung 3")


def test_word_documents_by_pandoc(tmp_path: Path) -> None:
    """A table with formulas, and what is no Word document; an archive that unpacks to gigabytes is refused at once."""
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 30_000_000)
    with pytest.raises(BoundError, match="unpacks to more than"):
        read(bomb)
    (tmp_path / "no.docx").write_bytes(b"no archive")
    with pytest.raises(InputError, match="no Word document"):
        read(tmp_path / "no.docx")
    if shutil.which("pandoc"):
        path = tmp_path / "a.docx"
        text = "| trace | value |\n|---|---|\n| $v_1 = x$ | 2 |\n"
        subprocess.run(["pandoc", "-f", "markdown", "-o", path], input=text.encode(), check=True)
        document = read(path)
        assert one(document.text, document.form).rows == ((r"\(v_{1} = x\)", "2"),)


def test_word_without_pandoc_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence."""
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError, match="pandoc, which is not installed"):
        read(path)


def test_cells_of_latex_in_lines_and_over_columns() -> None:
    """Line ends within a cell begin no row; cells over columns head each; rules and comments are no text."""
    found = one(
        r"\begin{tabular}{l|p{3cm}r}" "\n" r"\hline" "\n" r" & \multicolumn{2}{c}{\textcolor{red}{Forward \\ trace}} \\"
        "\n" r"\cmidrule(lr){2-3}" "\n" r"Node & Value & Gradient \\ \hline  % & none" "\n"
        r"$v_1$ & $x_1$ \newline $= 3$ & \makecell{1 \\ 2} \\[2pt]" "\n" r"\multirow{2}{*}{$v_2$} & 3 & {\bfseries 5}"
        "\n" r"\end{tabular}", "latex"
    )  # fmt: skip
    assert [" ".join(cell.split()[-1:]) for cell in found.heading] == ["Node", "Value", "Gradient"]
    assert found.rows == (("$v_1$", "$x_1$ $= 3$", "1 2"), ("$v_2$", "3", r"{ 5}"))
    assert found.lines == (6, 7)


def test_signs_in_verbatim_part_no_cells() -> None:
    r"""``\verb|a&b|`` is a cell."""
    table = "\\begin{tabular}{ll}\nname & code \\\\ \\hline\n$v_1$ & \\verb|a&b| \\\\\n\\end{tabular}"
    assert one(table, "latex").rows == (("$v_1$", r"\verb|a&b|"),)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe, a name of nothing: a sentence, at once."""
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "nothing.md")
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(InputError, match="a pipe or a device"):
        read(tmp_path / "pipe.md")
    with pytest.raises(InputError, match="zero byte"):
        decoded(b"a\0b|c", "x")
    with pytest.raises(InputError, match="x is not text"):
        decoded(b"PK\x03\x04", "x")


@pytest.mark.parametrize(("data", "sentence"), [
    (b"%PDF-1.5", "a PDF: hand in what it was made from"), (b"\x89PNG\r\n", "a picture: type its table"),
    (b"{\\rtf1", "rich text: save it as a Word document"), (b"\xd0\xcf\x11\xe0\xa1", "save it as .docx, or a table as .csv"),
    ("xl/workbook.xml", "a spreadsheet: save its table as .csv"), ("ppt/presentation.xml", "slides"),
    ("Object 1/content.xml", "LibreOffice's formulas, which are not read"),
])  # fmt: skip
def test_what_is_no_text_is_told_what_to_do(data: bytes | str, sentence: str) -> None:
    """A file of another program is named, with a way out."""
    if isinstance(data, str):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(data, "<a/>")
        data = stream.getvalue()
    with pytest.raises(InputError, match=sentence):
        document(data, "homework")


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="documents of offices are read by pandoc")
def test_a_document_of_libreoffice_is_read(tmp_path: Path) -> None:
    """A table that is typed in one, by its ending and by what it begins with."""
    path = tmp_path / "a.odt"
    subprocess.run(
        ["pandoc", "-f", "markdown", "-o", path], input=b"| trace | value |\n|--|--|\n| v1 = x | 2 |\n", check=True
    )
    for name in ("a.odt", "a"):
        found = document(path.read_bytes(), name)
        assert (found.form, one(found.text, found.form).rows) == ("odt", (("v1 = x", "2"),))


@pytest.mark.parametrize(("text", "form", "problem"), [
    ("| trace | value |\n|---|---|\n", None, "a heading and no rows"), ("homework.md", None, "is the name of a file"),
    ("", None, "no trace table in the document"), ("Dear all,\nsee you in = May", None, "no trace table"),
    ("\\begin{tabular}{l}\nv_1 & 2", None, "half a table"), ("{", "json", "not JSON"), ("[1, 2]", "json", "no table"),
    ('{"rows": [1]}', "json", "a list of cells"), ("[]", "ipynb", "no cells"),
])  # fmt: skip
def test_what_holds_no_table_says_so(text: str, form: str | None, problem: str) -> None:
    """Each with the sentence that helps."""
    with pytest.raises(InputError, match=problem):
        sheets(text, form)


HOSTILE = {
    "lines": "\n" * 400_000, "blanks": " " * 1_990_000, "bars": "|" * 1_990_000, "ten megabytes": "| a" * 3_400_000,
    "bars in lines": ("|" * 90_000 + "\n") * 4, "braces": ("{" * 90_000 + "\n") * 4, "tables": "| a | b |\n\n" * 4_000,
    "zeros": "\0" * 1_990_000, "lists": "- " * 990_000, "brackets": "[" * 990_000 + "]" * 990_000,
    "displays": "$$ v\n" * 4_000, "openings": "\\[ v\n" * 4_000, "alignments": "\\begin{align} v\n" * 4_000,
    "tabulars": "\\begin{tabular}{l}\n" * 4_000, "groups": "\\begin{tabular}{l}" + "{" * 90_000 + "\\end{tabular}",
    "elements": "<table><tr><td>" * 60_000, "formulas": "<table><tr><td><math>" + "<mrow>" * 90_000,
    "fences": "```\nv = 2\n" * 2_000, "equations": "v = x = 2\n" * 4_000, "typst": "#table(" * 200_000,
    "breaks": "| a |\n|---|\n| " + "v = 2 <br>" * 2_000 + " |", "indented": "".join(" " * i + "- v = 2\n" for i in range(900)),
    "rules": ("|" + "-" * 90_000 + "x\n") * 4, "borders": ("+" * 90_000 + "x\n") * 4, "dollars": ("$" * 90_000 + "\n") * 4,
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", [None, "html", "csv"])
def test_hostile_documents_are_answered(name: str, form: str | None) -> None:
    """Sheets, or a sentence: no traceback, no recursion."""
    try:
        said = str(len(sheets(HOSTILE[name], form)))
    except AdtraceError as problem:
        said = str(problem)
    assert 0 < len(said) < 1_000


def test_every_ending_names_a_form() -> None:
    """The endings of the table of forms are apart, and a document of each is guessed as one of them."""
    assert set(ENDINGS.values()) <= set(FORMS)
    assert {guessed(text) for text in WRITTEN.values()} <= set(FORMS)
