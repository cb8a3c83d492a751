"""The report on a checked document: every cell is counted, every format says the same, and nothing is obeyed."""

from __future__ import annotations

import html.parser
import json
import re
import unicodedata
from dataclasses import replace
from fractions import Fraction
from typing import Any

import cmarkgfm
import pytest

import adtrace
from adtrace.checking.readings.cells import read_cell
from adtrace.checking.reporting.marks import Rubric, rubric
from adtrace.checking.reporting.records import (
    EMPTY,
    EXACT,
    FOLLOWING,
    MISSING_ROW,
    NOT_ASKED,
    NOT_READ,
    NOTE,
    OTHER_FUNCTION,
    RIGHT,
    STATES,
    UNREAD_TABLE,
    WRONG,
    Finding,
    Place,
    Problem,
)
from adtrace.checking.reporting.report import FORMATS, Report
from adtrace.checking.sheets import Sheet

SHEET = Sheet(
    ("name", "operation", "value", "tangent"),
    (("v_1", "x", "2", "1"), ("v_2", "v_1^2", "5", "4"), ("v_3", "3 v_2", "15", "TODO"), ("y", "v_3", "", "")),
    (3, 4, 5, 6),
)


def finding(row: int, column: int, state: str, **more: Any) -> Finding:
    """A finding on a cell of `SHEET`."""
    quantity = ("name", "operation", "value", "tangent")[column]
    text = SHEET.rows[row][column]
    return Finding(Place(0, row, column), SHEET.lines[row], text, SHEET.rows[row][0], quantity, state, **more)


FINDINGS = (
    *(finding(row, 1, RIGHT) for row in range(4)),
    finding(0, 2, RIGHT, how=EXACT),
    finding(1, 2, WRONG, expected="4.0731", cause="doubled", sentence="5 should be 4.0731 (it is doubled)"),
    finding(2, 2, FOLLOWING, expected="12.2193", follows=Place(0, 1, 2)),
    finding(3, 2, EMPTY, expected="12.2193"),
    finding(0, 3, NOT_ASKED),
    finding(1, 3, RIGHT, remark="4 is cut off; rounded it is 4.0731"),
    finding(2, 3, NOT_READ),
    finding(3, 3, EMPTY, expected="12.2193"),
)
REPORT = Report("anna.md", (SHEET,), FINDINGS, rubric=Rubric())


def of(*findings: Finding, **more: Any) -> Report:
    """A report on `SHEET` with these findings."""
    return Report("", (SHEET,), findings, **more)


def test_every_cell_has_a_state_and_the_summary_counts_all_of_them() -> None:
    """Each cell of each table is there once, in reading order; names, on which nothing is found, are not counted."""
    assert [cell.place for cell in REPORT.cells] == [Place(0, row, column) for row in range(4) for column in range(4)]
    assert REPORT.counts == dict(zip(STATES, (6, 1, 1, 2, 1, 1), strict=True))
    assert REPORT.summary() == (
        "6 cells right, 1 mistake, 1 cell following from it, 2 empty, 1 not read, 1 not asked, 1 remark"
    )
    assert of(finding(0, 1, RIGHT)).summary() == "1 cell right, 0 mistakes"
    two = of(finding(0, 1, WRONG), finding(1, 1, WRONG), finding(2, 1, FOLLOWING), finding(3, 1, FOLLOWING))
    assert two.summary() == "0 cells right, 2 mistakes, 2 cells following from them"
    missing = of(finding(0, 1, RIGHT), problems=2 * (Problem(MISSING_ROW, "v_2 is missing"),))
    assert missing.summary() == "1 cell right, 0 mistakes, 2 missing rows"


def test_a_cell_is_as_good_as_its_worst_statement() -> None:
    """Wrong is worse than not read, than empty, than following, than right, than not asked."""
    worst_first = (WRONG, NOT_READ, EMPTY, FOLLOWING, RIGHT, NOT_ASKED)
    for place, worse in enumerate(worst_first):
        for better in worst_first[place:]:
            assert of(finding(1, 2, better), finding(1, 2, worse)).verdicts(0)[1, 2].state == worse


MISSING = Problem(MISSING_ROW, "v_2 is missing", "v_2", ("value", "tangent formula"))
OTHER = Problem(OTHER_FUNCTION, "the table computes x*y, not x + y")


@pytest.mark.parametrize(
    ("states", "problems", "status"),
    [
        ([RIGHT, NOT_ASKED], [], 0),
        ([RIGHT], [Problem(NOTE, "the point is taken from the text")], 0),
        ([RIGHT, FOLLOWING, EMPTY, WRONG], [], 3),
        ([RIGHT, EMPTY], [], 4),
        ([RIGHT, NOT_READ], [], 4),
        ([EMPTY], [], 4),
        ([RIGHT], [MISSING], 4),
        ([RIGHT], [Problem(UNREAD_TABLE, "table 2 is not read")], 4),
        ([RIGHT], [OTHER], 3),
        ([NOT_ASKED], [OTHER], 3),
        ([WRONG], [MISSING], 3),
        ([NOT_READ], [], 2),
        ([NOT_ASKED], [], 2),
        ([], [Problem(UNREAD_TABLE, "table 1 is not read")], 2),
    ],
)
def test_exit_statuses(states: list[str], problems: list[Problem], status: int) -> None:
    """2: nothing readable; else 3: a mistake; else 4: something is missing or not read; else 0."""
    made = of(*(finding(0, column, state) for column, state in enumerate(states)), problems=tuple(problems))
    assert (made.exit_status, made.ok) == (status, status == 0)
    if status == 2:
        assert made.summary() == "nothing could be checked"
        assert len(str(made).strip().split("\n\n")[-1].split("\n")) >= 2, "why"


def test_marks_are_over_all_that_is_asked() -> None:
    """What is empty, missing or not read earns nothing and counts; another function earns nothing at all."""
    assert REPORT.marks is not None
    assert (REPORT.marks.earned, REPORT.marks.possible) == (7, 11)
    strict = replace(REPORT, rubric=rubric("formula=2, number=0.5", consequential=False))
    assert (strict.marks.earned, strict.marks.possible) == (4 * 2 + 2 * Fraction(1, 2), 4 * 2 + 7 * Fraction(1, 2))
    rows = replace(REPORT, rubric=rubric("formula=2"), problems=(MISSING,))
    assert (rows.marks.earned, rows.marks.possible) == (11, 15 + 3)
    other = replace(REPORT, problems=(OTHER,))
    assert (other.marks.earned, other.marks.possible) == (0, 11)
    assert "Marks: 0 of 11 (0.0 %)." in str(other)
    assert "✗ the table computes x*y, not x + y; it earns nothing" in str(other)
    assert of(finding(0, 1, RIGHT)).marks is None
    for text in ("style=7", "formula", "number=-1", "number=1e9", "number=٣"):
        with pytest.raises(adtrace.OptionError, match="points are formula=N,number=N"):
            rubric(text)


def test_the_text_tells_where_everything_is() -> None:
    """Signs behind the cells, a sentence for each mistake and remark, and the places of what is empty or not read."""
    assert str(REPORT) == (
        "Table 1 (line 3)\n"
        " name   operation   value   tangent\n"
        " v_1    x         ✓ 2     ✓ 1\n"
        " v_2    v_1^2     ✓ 5     ✗ 4       ✓\n"
        " v_3    3 v_2     ✓ 15    ↳ TODO    ?\n"
        " y      v_3       ✓       ∅         ∅\n"
        "\n"
        "✗ v_2, value (line 4): 5 should be 4.0731 (it is doubled)\n"
        "! v_2, tangent (line 4): 4 is cut off; rounded it is 4.0731\n"
        "? v_3, tangent (line 5): TODO is not read as a number or a formula\n"
        "∅ empty: tangent of y; value of y\n"
        f"{REPORT.summary()}.\n"
        "Marks: 7 of 11 (63.6 %).\n"
    )
    coloured = REPORT.render(colour=True)
    assert "\x1b[1;31m5     ✗\x1b[0m" in coloured
    assert "\x1b" not in str(REPORT)


def test_columns_line_up_whatever_stands_in_them() -> None:
    """A letter with its accents takes one column of a terminal, a wide one two."""
    sheet = Sheet(("", ""), (("v\u0307_1", "a"), ("値", "b"), ("x", "c")), (1, 2, 3))
    lines = Report("", (sheet,), (Finding(Place(0, 2, 1), 3, "c", "x", "value", RIGHT),)).render().split("\n")[1:4]

    def before(line: str, letter: str) -> int:
        return sum(
            0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) == "W" else 1
            for c in line[: line.index(letter)]
        )

    assert len({before(line, letter) for line, letter in zip(lines, "abc", strict=True)}) == 1


EVIL = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![](http://evil.example/x.png)",
    "https://evil.example/",
    "www.evil.example",
    "<https://evil.example>",
    "a | b",
    "`code` **bold** _it_ ~~no~~",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "</td></table><h1>gone",
    '" onmouseover="alert(1)',
    "{{7*7}} <% x %> << y >>",
    "{python} $x$ \\(y\\)",
    "line\nanother",
    "&lt;b&gt;",
    "@everyone # heading",
]


class _Tags(html.parser.HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def evil(text: str) -> Report:
    """A report in which everything that comes from outside is this."""
    sheet = Sheet((text, "value"), ((text, text),), (1,))
    found = Finding(Place(0, 0, 1), 1, text, text, "value", WRONG, expected=text, cause=text, sentence=text)
    again = replace(found, state=NOT_READ, sentence="")
    return Report(text, (sheet,), (found, again, replace(found, state=RIGHT, remark=text)), (Problem(NOTE, text),))


@pytest.mark.parametrize("text", EVIL)
def test_what_comes_from_outside_is_shown_and_not_obeyed(text: str) -> None:
    """No markup of a cell, a name or a sentence gets through; every visible character does."""
    made = evil(text)
    tags = {tag for tag, _ in _Tags(cmarkgfm.github_flavored_markdown_to_html(made.render("markdown"))).tags}
    assert tags <= {"p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"}
    rows = cmarkgfm.github_flavored_markdown_to_html(made.render("markdown")).count("<td")
    assert rows == 2
    page = _Tags(made.render("html"))
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "div", "table", "thead", "tbody", "tr",
        "th", "td", "span", "ul", "li", "a", "strong",
    }  # fmt: skip
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in page.tags)
    for form in FORMATS:
        assert not any(unicodedata.category(c) in ("Cc", "Cf") and c != "\n" for c in made.render(form))
    if text.isprintable():
        assert text in page.text
        assert " ".join(text.split()) in made.render("text").replace("\n", " ")


def test_html_says_a_state_by_sign_and_words_and_links_what_follows_to_its_root() -> None:
    """A wrong cell says what it should be; a link leads to a cell that is there; a legend explains the signs met."""
    page = _Tags(REPORT.render("html"))
    cells = {attributes["id"]: attributes for tag, attributes in page.tags if tag == "td" and "id" in attributes}
    assert cells["t1r2c3"]["class"] == "adt-wrong"
    assert cells["t1r2c3"]["title"] == "should be 4.0731"
    assert "follows from v_2, value (line 4)" in (cells["t1r3c3"]["title"] or "")
    links = [attributes for tag, attributes in page.tags if tag == "a"]
    assert any(link["href"] == "#t1r2c3" and "wrong" in (link.get("aria-label") or "") for link in links)
    assert all((link["href"] or "#")[1:] in cells for link in links)
    signs = [attributes for tag, attributes in page.tags if tag == "span" and attributes.get("role") == "img"]
    assert all(sign["aria-label"] for sign in signs)
    assert {"right", "a mistake", "empty", "not read"} <= {sign["aria-label"] for sign in signs}
    assert not [value for _, attributes in page.tags for value in attributes.values() if value and "//" in value]
    assert "url(" not in REPORT.render("html")
    legend = page.text[page.text.rindex("Marks:") :]
    assert all(words in legend for words in ("right", "a mistake", "right from numbers that are wrong", "empty"))


def test_markdown_is_a_table_that_keeps_its_cells() -> None:
    """Behind each cell stands its sign and, where it is wrong, what it should be."""
    page = cmarkgfm.github_flavored_markdown_to_html(REPORT.render("markdown"))
    assert page.count("<tr>") == 5
    assert '<td align="left">5 ✗ 4.0731</td>' in page
    assert '<td align="left">∅ 12.2193</td>' in page
    assert "<li>✗ v_2, value (line 4): 5 should be 4.0731 (it is doubled)</li>" in page


def test_json_has_everything() -> None:
    """States of all cells, each finding with all that is known of it, rows and columns numbered from 1."""
    data = json.loads(REPORT.render("json"))
    assert data == REPORT.to_dict()
    assert data["counts"] == REPORT.counts
    assert (data["document"], data["exit_status"], data["ok"]) == ("anna.md", 3, False)
    assert data["tables"][0]["states"][1] == ["not asked", "right", "wrong", "right"]
    assert data["mistakes"] == [
        {
            "table": 1, "row": 2, "column": 3, "line": 4, "variable": "v_2", "quantity": "value", "text": "5",
            "state": "wrong", "how": "", "expected": "4.0731", "cause": "doubled",
            "sentence": "5 should be 4.0731 (it is doubled)", "remark": "", "follows": None,
        }
    ]  # fmt: skip
    assert [f["follows"] for f in data["tables"][0]["findings"] if f["state"] == "following"] == [
        {"table": 1, "row": 2, "column": 3}
    ]
    assert len(data["tables"][0]["findings"]) == len(FINDINGS)
    assert data["marks"]["earned"] == 7
    assert "kept_back" not in data


@pytest.mark.parametrize("form", [*FORMATS, "notebook"])
@pytest.mark.parametrize("what", ["hide", "hint"])
def test_a_student_is_not_told_what_should_be(form: str, what: str) -> None:
    """No format has the right number, nor a sentence or a remark that tells it; a hint has the cause in a word."""
    told = replace(REPORT, problems=(Problem(MISSING_ROW, "a row v_2b = 12.2193 is missing", "v_2b"),)).keeping(what)
    text = told._repr_html_() if form == "notebook" else told.render(form)
    text = re.sub("<style>.*</style>", "", text, flags=re.S).replace("\\_", "_")
    for secret in ("4.0731", "12.2193", "should be", "expected", "it is doubled", "cut off", "exact"):
        assert secret not in text
    assert ("doubled" in text) == (what == "hint")
    assert "v_2, value (line 4)" in text or form == "json"
    assert told.marks == REPORT.marks
    assert told.counts == REPORT.counts
    if form == "json":
        assert ("cause" in json.loads(text)["mistakes"][0]) == (what == "hint")
        assert json.loads(text)["kept_back"] == what
    with pytest.raises(adtrace.OptionError, match="hides or hints"):
        REPORT.keeping("all")


def test_a_notebook_shows_the_report_as_a_table() -> None:
    """HTML with its own style and nothing to fetch, Markdown for front ends without it; two reports do not mix."""
    shown = REPORT._repr_html_()
    page = _Tags(shown)
    assert page.tags[0][0] == "div"
    assert "table" in {tag for tag, _ in page.tags}
    assert not {"html", "body", "script", "link"} & {tag for tag, _ in page.tags}
    other = _Tags(replace(REPORT, name="ben.md")._repr_html_())

    def names(of_page: _Tags) -> set[str | None]:
        return {attributes.get("id") for _, attributes in of_page.tags} - {None}

    assert names(page)
    assert not names(page) & names(other)
    assert REPORT._repr_markdown_() == REPORT.render("markdown")
    assert repr(REPORT) == f"<Report: {REPORT.summary()}>"
    with pytest.raises(adtrace.OptionError, match="text, markdown, html, json"):
        REPORT.render("pdf")


def test_many_places_are_told_in_short() -> None:
    """Of thousands of empty and unread cells the first are named, and how many more there are."""
    rows = tuple((f"v_{row}", "", "?") for row in range(1000))
    sheet = Sheet(("", "", ""), rows, tuple(range(1, 1001)))
    found = [
        Finding(Place(0, row, column), row + 1, rows[row][column], f"v_{row}", "value", state)
        for row in range(1000)
        for column, state in ((1, EMPTY), (2, NOT_READ))
    ]
    made = Report("", (sheet, sheet), tuple(found))
    sentences = str(made).split("\n\n")[-1]
    assert len(sentences) < 3000
    assert "empty: table 1, value of v_0, v_1, v_2" in sentences
    assert "and 980 more" in sentences
    assert "1000 empty, 1000 not read" in made.summary()


def test_a_cell_that_is_read_is_set_as_a_formula() -> None:
    """MathML and LaTeX of what was typed, accents on their letters; a decimal comma, and words, stay what they are."""
    texts = ("= \\bar v_3 \\cdot \\frac{\\partial v_3}{\\partial v_{-1}}", "dv_1 + x^2", "2,5", "TODO | no", "(6, 3)")
    sheet = Sheet(("",) * 5, (texts,), (1,))
    cells = {Place(0, 0, column): read_cell(text) for column, text in enumerate(texts)}
    made = Report("", (sheet,), readings=cells)
    page, markdown = made.render("html"), made.render("markdown")
    v3 = '<msub><mover accent="true"><mi>v</mi><mo stretchy="false">¯</mo></mover><mrow><mn>3</mn></mrow></msub>'
    assert f"<td><math><mo>=</mo>{v3}<mo>×</mo><mfrac>" in page
    assert "<mn>2,5</mn>" in page
    assert "<td>TODO | no</td>" in page
    assert r"$= \bar v_{3} \times \frac{\partial v_{3} }{\partial v_{-1} }$" in markdown
    assert "$dv_{1} + x^{2}$ | ${2,5}$ | TODO &#124; no | $(6, 3)$ |" in markdown
    assert " = v̄_3" in made.render("text")


def test_a_missing_row_costs_the_cells_that_other_rows_have() -> None:
    """Each computed row has an operation and a value: so many cells are gone with v_2."""
    document = (
        "f(x, y) = ln(x) + x*y - sin(y) at x = 2, y = 5\n\n| trace | operation | value |\n|---|---|---|\n"
        "| v_1 | ln x | 0.6931 |\n| v_3 | sin y | -0.9589 |\n| v_4 | v_1 + v_2 | 10.6931 |\n"
        "| v_5 | v_4 - v_3 | 11.6521 |"
    )
    (problem,) = adtrace.check(document).problems
    assert (problem.row, problem.asked) == ("v_2", ("operation", "value"))


def test_a_tangent_in_the_column_of_adjoints_is_told_as_one() -> None:
    """The adjoint of sin(x) is 1, and its tangent cos(2) = -0.4161."""
    document = (
        "f(x, y) = x*y + sin(x) at x = 2, y = 5\n\n| row | value | tangent by x | adjoint |\n|---|---|---|---|\n"
        "| x | 2 | 1 | 4.5839 |\n| y | 5 | 0 | 2 |\n| v_1 = x*y | 10 | 5 | 1 |\n"
        "| v_2 = sin(x) | 0.9093 | -0.4161 | -0.4161 |\n"
        "| v_3 = v_1 + v_2 | 10.9093 | 4.5839 | 1 |"
    )
    (mistake,) = adtrace.check(document).mistakes
    assert (mistake.row, mistake.sentence) == ("v_2", "-0.4161 should be 1 (it is the tangent of v_2)")


def test_a_double_may_be_wrong_in_its_last_digits() -> None:
    """A program's 1 with a hundred roundings in it is right, and the same distance with fewer digits is none."""
    document = "f(x) = x*x at x = 1\n\n| row | value |\n|---|---|\n| x | 1 |\n| v_1 = x*x | {} |\n"
    assert adtrace.check(document.format("1.0000000000000222")).mistakes == ()
    assert [one.row for one in adtrace.check(document.format("1.0000222")).mistakes] == ["v_1"]
