"""What a document of each form may do besides the usual: one small document for each, and the table that a person sees.

Rows are those of ``v_1 = x = 2`` and ``v_2 = v_1^2 = 4`` wherever they can be.
"""

from __future__ import annotations

import contextlib
import json
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest
from test_check_sheets import HEADING, TABLE, WRITTEN, equations, one

import adtrace
from adtrace.checking.sheets import decoded, read, sheets
from adtrace.checking.sheets.equations import LONGEST_EQUATION, commented
from adtrace.checking.sheets.latex import without_macros
from adtrace.checking.sheets.lettered import accented
from adtrace.checking.sheets.rows import LARGEST_DOCUMENT, MOST_LINES, Row
from adtrace.checking.sheets.typst import formula
from adtrace.errors import AdtraceError, BoundError, InputError

# ruff: noqa: E501 - documents stand here as they are written

BODY = "|v_1 |x |2\n|v_2 |v_1^2 |4\n"
TEX = r"\begin{tabular}{lll} trace & operation & value \\ \hline v_1 & x & 2 \\ v_2 & v_1^2 & 4 \end{tabular}"
FORMS = {
    "no columns said, a row on each line": ("asciidoc", f"|===\n|trace |operation |value\n{BODY}|==="),
    "cells on lines of their own": ("asciidoc", f'[cols="3*"]\n|===\n|trace\n|operation\n|value\n\n{BODY}|==='),
    "a header of CSV behind a blank line": ("asciidoc", "[%header,format=csv]\n|===\n\ntrace,operation,value\nv_1,x,2\n\nv_2,v_1^2,4\n|==="),
    "a fence of CSV": ("asciidoc", ",===\ntrace,operation,value\nv_1,x,2\nv_2,v_1^2,4\n,==="),
    "a sign of one's own": ("asciidoc", "[format=csv,separator=;]\n|===\ntrace;operation;value\nv_1;x;2\nv_2;v_1^2;4\n|==="),
    "a heading over a column of nothing": ("text", "  trace   operation   value   adjoint\n  " + "─" * 40 + "\n│ v_1     x           2\n│ v_2     v_1^2       4\n"),
    "blank lines between rows": ("rst", "=====  =========  =====\ntrace  operation  value\n=====  =========  =====\nv_1    x          2\n\nv_2    v_1^2      4\n=====  =========  =====\n"),
    "a blank row of a grid": ("rst", WRITTEN["grid"].rstrip("\n") + "\n|       |           |       |\n+-------+-----------+-------+\n"),
    "a remark and a cell over lines": ("rst", ".. list-table::\n\n   As in class.\n\n   * - trace\n     - operation\n     - value\n   * - v_1\n     - x\n     - 2\n   * - v_2\n     - v_1\n       ^2\n     - 4\n"),
    "semicolons in a directive": ("rst", ".. csv-table::\n   :delim: ;\n\n   trace; operation; value\n   v_1; x; 2\n   v_2; v_1^2; 4\n"),
    "a fence of LaTeX": ("markdown", f"```latex\n% the trace\n{TEX}\n```\n"),
    "a fence of HTML": ("markdown", f"```html\n{WRITTEN['html']}\n```\n"),
    "words before a table on its line": ("latex", f"Here: {TEX}"),
    "a stray brace": ("latex", TEX.replace("& x &", "& x} &")),
    "an argument without braces": ("latex", TEX.replace("& 4", r"& \multicolumn1c{4}")),
    "no rows are said": ("html", "<table><th>trace<th>operation<th>value<tr><td>v_1<td>x<td>2<tr><td>v_2<td>v_1^2<td>4</table>"),
    "rows of nothing": ("html", WRITTEN["html"].replace("<tr><td>v_2", "<tr></tr><tr><td>v_2")),
    "a formula of nothing": ("html", WRITTEN["html"].replace("<td>2", "<td>2<math><mi></mi></math>")),
    "a stray end in a formula": ("html", WRITTEN["html"].replace("<td>x", "<td><math><mtext>x</mtext></mo></math>")),
    "an annotation that is closed late": ("html", WRITTEN["html"].replace("<td>x", "<td>x<math><annotation>y</math>y</annotation></math>")),
    "what nobody sees": ("html", WRITTEN["html"].replace("<td>x", "<td>x<span aria-hidden=true><math><mi>y</mi></math></span>")),
    "a picture": ("html", WRITTEN["html"].replace("<td>x", "<td>x<svg></b>" + "<img>" * 30 + "</svg>")),
    "a row that is not full": ("typst", "#table(columns: (auto,) * 3, [trace], [operation], [value],\n [v_1], [x], [2], [v_2], [v_1^2], [4], [])\n"),
    "what is no cell of a notebook": ("ipynb", json.dumps({"nbformat": 4, "cells": ["x", {"cell_type": "markdown", "source": WRITTEN["pipes"]}]})),
    "outputs of a notebook": ("ipynb", json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "outputs": [
        "x", {"data": {"image/png": "x"}}, {"data": {"text/latex": f"% the trace\n{TEX}"}}]}]})),
}  # fmt: skip


def plain(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without dollars and stray braces."""
    return tuple(cell.replace("$", "").replace("}", "").replace(" ^", "^").strip() for cell in cells)


@pytest.mark.parametrize("name", FORMS)
def test_the_same_table_however_it_is_set(name: str) -> None:
    """Heading and rows; a heading of nothing, and a row of nothing, are no difference."""
    form, text = FORMS[name]
    sheet = one(text, form)
    assert plain(sheet.heading)[:3] == HEADING
    assert tuple(plain(row)[:3] for row in sheet.rows if any(row)) == TABLE


@pytest.mark.parametrize(("form", "text", "before"), [
    ("asciidoc", f"The point is x = 2\n|===\n{BODY}|===", "The point is x = 2"),
    ("html", f"<p>at x = 2</p><table></table><table><tr><td></td></tr></table>{WRITTEN['html']}", "at x = 2"),
    ("rst", f"+---+---+\n\n{WRITTEN['grid']}", "+---+---+"),
    ("rst", f".. list-table:: Trace\n\n{WRITTEN['simple']}", ".. list-table:: Trace"),
    ("latex", f"The trace: {TEX}", "The trace:"),
    ("csv", f"at x = 2\n\n{WRITTEN['commas']}", "at x = 2"),
])  # fmt: skip
def test_what_stands_before_a_table_stays(form: str, text: str, before: str) -> None:
    """Tables of nothing are none, and take no prose with them."""
    assert one(text, form).before.strip() == before


def test_a_rule_without_rows_is_prose() -> None:
    """Of columns in which nothing stands."""
    assert one(f"{WRITTEN['simple']}\n--- ---\n", "rst").after == "--- ---"


def test_cells_that_are_said_to_stand_twice_do() -> None:
    """``2*|`` of AsciiDoc."""
    assert one("|===\n|a |2 |2\n|b 2*|3\n|===", "asciidoc").rows == (("a", "2", "2"), ("b", "3", "3"))


def test_a_first_row_of_asciidoc_is_no_heading_unless_it_is_said() -> None:
    """By an option, or by the blank line below it."""
    assert one("|===\n|z |x\n|v |z\n|===", "asciidoc").rows == (("z", "x"), ("v", "z"))
    assert one("|===\n|z |x\n\n|v |z\n|===", "asciidoc").rows == (("v", "z"),)


def test_two_blanks_in_prose_make_no_columns() -> None:
    """A typewriter's blanks behind full stops, below each other nowhere."""
    with pytest.raises(InputError, match="no trace table"):
        sheets("We go on.  Then we do stop here.\nAnd this is all there is.  And.\nNo.  It is  enough now by far.\n")


@pytest.mark.parametrize(("text", "rows"), [
    ("\\[ v_1 = 2\n\\[ v_2 = 3 \\]\n\\[ v_3 = 4 \\]", ["\\[ v_1 = 2", "v_2 = 3", "v_3 = 4"]),
    ("#+begin_src python\na = x * y  # 6\nb = sin(a)  # sin(6) = -0.28\n#+end_src", ["a = x * y = 6", "b = sin(a) = sin(6) = -0.28"]),
])  # fmt: skip
def test_displays_and_blocks_of_code(text: str, rows: list[str]) -> None:
    """A display that is never closed is prose; a block of Org is code, and functions in its comments are no words."""
    assert equations(text) == rows


def test_names_of_the_code_are_no_words_of_a_comment() -> None:
    """``total`` stands on the left."""
    assert commented("total = a + b  # total 6") == "total = a + b = total 6"
    assert commented("total = a + b  # the 6") == "total = a + b"


def test_numbers_of_json_stand_where_the_row_before_them_does() -> None:
    """A row without a text has no place of its own."""
    text = '{"columns": ["value", "adjoint"], "rows": [\n["a", 1],\n[2, 3],\n["b", 4]]}'
    assert one(text, "json").lines == (2, 2, 4)


def test_quotients_in_a_column_of_tangents_are_of_tangents() -> None:
    """``dx/dz`` is no partial there; in a column of adjoints it is one, if both are names."""
    rows = [Row(1, ("name", "tangent")), Row(2, ("x", "dx")), Row(3, ("z", "dz = dx/dz"))]
    assert [unicodedata.normalize("NFC", row.cells[1]) for row in accented(rows, set())[1:]] == ["ẋ", "ż = ẋ / ż"]
    rows = [Row(1, ("name", "adjoint")), Row(2, ("x", "bx = bz dz/dx")), Row(3, ("z", "bz"))]
    assert [row.cells[1] for row in accented(rows, set())[1:]] == ["x\u0304 = z\u0304 ∂z/∂x", "z\u0304"]


def test_half_a_command_stays_as_it_is() -> None:
    """Arrays of our own LaTeX within each other, and one that is never closed."""
    assert without_macros(r"\adtvec{1, 2} = \adtvec{3") == r"(1, 2) = \adtvec{3"
    assert without_macros(r"\adtvec{\adtvec{1}, 2}") == r"(\adtvec{1}, 2)"
    for half in (r"\adttable{a}{b}", r"\adttable{a}{b}{c"):
        with pytest.raises(InputError, match="adttable has no end"):
            sheets(half, "latex")


def test_formulas_of_typst_that_are_short_of_something() -> None:
    """A fraction of one part, a vector, a formula past the bound."""
    assert formula("frac(x)") == r"\frac{x}{}"
    assert formula("vec(1, 2)") == r"\begin{bmatrix}1 \cr 2\end{bmatrix}"
    long = "v_(1) " * LONGEST_EQUATION
    assert formula(long) == long


def test_a_title_between_rows_without_a_heading() -> None:
    """A title alone begins another part, though there are no names of columns that it could keep."""
    first, second = sheets("| v_1 | x | 2 |\n| v_2 | v_1^2 | 4 |\n| Reverse pass | | |\n| a | 1 | 1 |\n")
    assert (first.rows, second.rows) == (TABLE, (("a", "1", "1"),))


def test_what_stands_over_a_gutter_heads_the_next_column() -> None:
    """The heading over a column of nothing belongs to the column behind it that has none."""
    sheet = one("| trace | operation | | value |\n|---|---|---|---|\n| v_1 | | x | 2 |\n| v_2 | | v_1^2 | 4 |\n")
    assert (sheet.heading, sheet.rows) == (HEADING, TABLE)


@pytest.mark.parametrize(("text", "form", "problem"), [
    ("<table><tr><td>2</td></tr></table>" * 101, "html", "the document has 101 tables"),
    ("<table><tr><td>\n" * 70, "html", "nested too deeply"),
    ("<table><tr>" + "<td colspan=999>1" * 2_000, "html", "more than 64 cells"),
    ("|===\n" + "|a |b\n" * 16_001 + "|===", "asciidoc", "line 2: a table has more than 500 rows"),
    ("v = 2\n" * (MOST_LINES + 1), None, "lines with text"),
    ("| a |\n|---|\n| " + "2<br>" * 19_990 + " |\n| 2" + "<br>" * 20 + " |", None, "lines in its cells"),
    ("\\begin{tabular}{l}\n" + ("2" * 50_000 + "\n") * 3 + "\\end{tabular}", "latex", "more than 150000 characters"),
])  # fmt: skip
def test_bounds_are_told(text: str, form: str | None, problem: str) -> None:
    """Each in a sentence."""
    with pytest.raises(BoundError, match=problem):
        sheets(text, form)


def test_files_that_are_too_large_or_in_no_encoding() -> None:
    """Bytes past the bound; a half of a letter of UTF-16."""
    with pytest.raises(BoundError, match="bytes, which is the bound"):
        decoded(b"a" * (2 * LARGEST_DOCUMENT + 1), "x")
    with pytest.raises(InputError, match="not text in UTF-16"):
        decoded(b"\xff\xfea\x00\x00\xd8", "x")


def test_an_archive_that_is_no_word_document(tmp_path: Path) -> None:
    """What pandoc says of it."""
    import shutil

    if not shutil.which("pandoc"):
        pytest.skip("pandoc is not there")
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(InputError, match="no Word document that pandoc reads"):
        read(path)


TOLD = "| row | operation | value |\n|---|---|---|\n| x | | 3 |\n| v | x^2 | 9 |\n\n"


@pytest.mark.parametrize(("said", "found"), [
    ("The derivative of v with respect to x is 6.", []), ("The derivative of v with respect to x is 7.", ["dv/dx = 7"]),
    ("a " * LONGEST_EQUATION + "The derivative of v with respect to x is 7.", []),
])  # fmt: skip
def test_sentences_tell_derivatives(said: str, found: list[Any]) -> None:
    """d(x^2)/dx = 6 at 3; a sentence past the bound tells nothing."""
    assert [one.text for one in adtrace.check(TOLD + said).mistakes] == found


@pytest.mark.parametrize("key", ["independents", "dependents", "rows", "contributions", "expression", "columns"])
@pytest.mark.parametrize("value", [[1], ["x"], [None], [{}], {"a": 1}, "x", 5, None], ids=repr)
def test_json_of_another_form_is_answered(key: str, value: object) -> None:
    """Our own JSON, and a plain table, of which somebody changed a part: read as far as it is one, or refused."""
    own = adtrace.trace("x*y + x", at={"x": 2, "y": 3}).to_dict()
    for document in (own, {"columns": ["name", "value"], "rows": [["v_1", "2"]]}):
        with contextlib.suppress(AdtraceError):
            assert adtrace.check(json.dumps({**document, key: value})).exit_status in (0, 2, 3, 4)
