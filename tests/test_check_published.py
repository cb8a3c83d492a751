"""`adtrace.check` over 48 published traces (tests/check_cases.json), each cell with a verdict found by hand.

The tables are facts taken from public documents: expressions, points, cells.  ``WRONG(root)`` does not follow from the
published cells that it depends on, ``WRONG(propagated)`` does; everything else is right to the digits that it prints.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest

import adtrace

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "check_cases.json").read_text(encoding="utf-8"))
UNKNOWN_FUNCTION = "cs107-hw4-nn-matheus"  # z(...) is an activation that nobody defines

# A number that follows from a wrong local partial in the same table: the case counts it as a root of its own.
FOLLOWS_FROM_A_PARTIAL = {("cs107-team14-reverse", 0, 1, 5)}


def markdown(case: dict[str, Any]) -> str:
    """The tables of a case as somebody would have them in a Markdown file."""
    lines: list[str] = []
    for table in case["tables"]:
        columns = [_cell(text) for text in table["columns"]]
        lines += [table["title"], "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
        lines += ["| " + " | ".join(_cell(text) for text in row) + " |" for row in table["rows"]]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def report(case: dict[str, Any]) -> adtrace.Report:
    """The report on a case, its function and point given."""
    at = dict(zip(case["variables"], case["point"], strict=True)) if case["point"] else None
    return adtrace.check(markdown(case), at, function=case["functions"])


def judged() -> list[tuple[str, tuple[str, int, int, int], str, str]]:
    """Each cell with a verdict: the kind of it, its place, and what is found."""
    found: list[tuple[str, tuple[str, int, int, int], str, str]] = []
    for case in CASES:
        made = report(case)
        for t, table in enumerate(case["tables"]):
            known = made.verdicts(t)
            for r, row in enumerate(table["verdicts"] or []):
                for c, verdict in enumerate(row):
                    if verdict is not None:
                        cell = known.get((r, c))
                        kind = {"WRONG(root)": "root", "WRONG(propagated)": "follows"}.get(verdict, "right")
                        text = table["rows"][r][c]
                        found.append((kind, (case["id"], t, r, c), cell.verdict if cell else "unchecked", text))
    return found


@pytest.fixture(scope="module")
def verdicts() -> list[tuple[str, tuple[str, int, int, int], str, str]]:
    """What is found in all the cells."""
    return judged()


def test_every_root_is_found_and_no_right_cell_is_blamed(
    verdicts: list[tuple[str, tuple[str, int, int, int], str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """All roots are found (one as a consequence of a wrong partial), no right cell is blamed, consequences are told."""
    counts = Counter((kind, found) for kind, _, found, _ in verdicts)
    totals = Counter(kind for kind, *_ in verdicts)
    with capsys.disabled():
        print(
            f"\npublished tables: {counts['root', 'root']} of {totals['root']} roots found as roots, "
            f"{counts['right', 'right'] + counts['right', 'unchecked']} of {totals['right']} right cells left alone "
            f"({counts['right', 'unchecked']} not checked), "
            f"{counts['follows', 'follows']} of {totals['follows']} consequences told apart"
        )
    missed = {place for kind, place, found, _ in verdicts if kind == "root" and found != "root"}
    assert missed == FOLLOWS_FROM_A_PARTIAL
    assert [
        (place, text) for kind, place, found, text in verdicts if kind == "right" and found in ("root", "follows")
    ] == []
    assert [(place, found) for kind, place, found, _ in verdicts if kind == "follows" and found != "follows"] == []
    assert counts["right", "unchecked"] <= 12


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_no_table_is_unreadable(case: dict[str, Any]) -> None:
    """Every published table is read: each has checked cells, and no problem but a function that nobody defines."""
    made = report(case)
    assert made.cells
    unread = [problem for problem in made.problems if case["id"] != UNKNOWN_FUNCTION]
    assert unread == []
    assert made.exit_status in (0, 3)


def latex(case: dict[str, Any]) -> str:
    """The tables of a case as tabulars."""
    pieces = []
    for table in case["tables"]:
        rows = [" & ".join(text.replace("_", "\\_") for text in table["columns"])]
        rows += [" & ".join(f"${text}$" for text in row) for row in table["rows"]]
        body = " \\\\\n".join(rows)
        pieces.append(f"\\section{{{table['title']}}}\n\\begin{{tabular}}{{lll}}\n{body}\n\\end{{tabular}}\n")
    return "".join(pieces)


def comma_separated(case: dict[str, Any]) -> str:
    """The tables of a case as CSV, their titles on lines of their own."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    for table in case["tables"]:
        writer.writerow([table["title"]])
        writer.writerow(table["columns"])
        writer.writerows(table["rows"])
        writer.writerow([])
    return stream.getvalue()


def html(case: dict[str, Any]) -> str:
    """The tables of a case as HTML."""
    pieces = []
    for table in case["tables"]:
        head = "".join(f"<th>{escape(text)}</th>" for text in table["columns"])
        rows = ["".join(f"<td>{escape(text)}</td>" for text in row) for row in table["rows"]]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        pieces.append(f"<h2>{table['title']}</h2><table><tr>{head}</tr>{body}</table>")
    return "".join(pieces)


def as_json(case: dict[str, Any]) -> str:
    """The tables of a case as JSON."""
    return json.dumps([{key: table[key] for key in ("title", "columns", "rows")} for table in case["tables"]])


@pytest.mark.parametrize("writer", [latex, comma_separated, html, as_json])
def test_every_format_gives_the_same_verdicts(writer: Callable[[dict[str, Any]], str]) -> None:
    """The published tables as LaTeX, CSV, HTML and JSON are judged as they are in Markdown."""
    for case in CASES:
        at = dict(zip(case["variables"], case["point"], strict=True)) if case["point"] else None
        kind = "csv" if writer is comma_separated else None
        made = adtrace.check(writer(case), at, function=case["functions"], kind=kind)
        expected = report(case)
        for place in range(len(case["tables"])):
            found = {where: cell.verdict for where, cell in made.verdicts(place).items()}
            assert found == {where: cell.verdict for where, cell in expected.verdicts(place).items()}, case["id"]


def test_without_the_function_hardly_a_right_cell_is_blamed() -> None:
    """A student may give neither function nor point: then two cells of 590 are blamed, of one copied operation."""
    blamed = []
    for case in CASES:
        made = adtrace.check(markdown(case))
        for t, table in enumerate(case["tables"]):
            known = made.verdicts(t)
            for r, row in enumerate(table["verdicts"] or []):
                for c, verdict in enumerate(row):
                    right = verdict is not None and not verdict.startswith("WRONG")
                    if right and (r, c) in known and known[r, c].verdict in ("root", "follows"):
                        blamed.append((case["id"], t, r, c))
    assert blamed == [("zomi-notes-zh", 0, 6, 2), ("zomi-notes-zh", 0, 7, 2)]


SYMBOLS = {
    ("comp64501-zh-forward", "v_9", "name"): "label",
    ("comp64501-zh-forward", "y_1", "operation"): "operation",
    ("comp64501-zh-forward", "y_2", "operation"): "operation",
    ("cs107-team14-forward", "v_6", "tangent formula"): "product rule",
    ("cs107-team14-milestone-forward", "v_6", "tangent formula"): "product rule",
    ("adblog-x1-sqrt-log", "v_5", "tangent formula"): "sign",
    ("rishab-reverse", "v_1", "adjoint formula"): "extra path",
    ("cs107-pomeranian", "v_1", "tangent formula"): "operand",
    ("cs107-pomeranian", "v_3", "tangent formula"): "operand",
    ("cs207-pyne-3x2-sin", "x_2", "tangent formula"): "",
    ("zomi-notes-zh", "v_5", "operation"): "operation",
    ("cs107-pp6-boerzhang", "x_7", "tangent formula"): "missing factor",
    ("ift6135-2020-t1", "v_1", "operation"): "operation",
    ("ift6135-2020-t3", "v_3", "tangent formula"): "brackets",
}


def test_wrong_formulas_are_found_apart_from_the_numbers() -> None:
    """Slips in formulas whose numbers are right are found at a second point, and named."""
    cases = {case["id"]: case for case in CASES}
    for (name, row, kind), cause in SYMBOLS.items():
        found = [m for m in report(cases[name]).mistakes if m.row == row and m.kind == kind]
        assert len(found) == 1, (name, row, kind)
        assert not cause or found[0].cause == cause, (name, found[0])


CAUSES = {
    ("comp64501-zh-forward", "v_4", "tangent"): "swapped rows",
    ("cs207-ad20-x3-sin5y", "x_5", "tangent"): "sign",
    ("boblaw-griewank", "v_4", "adjoint"): "",
    ("cs107-team14-forward", "v_5", "tangent"): "sign",
    ("cs107-team14-reverse", "v_1", "partial"): "local partial",
    ("cs107-pp6ex2-matheus", "f_2", "tangent"): "e for exp",
    ("cs107-kanenorman-logsin", "v_{-1}", "tangent"): "swapped seeds",
    ("cs207-addictedtocs-sinexp", "x_3", "value"): "degrees",
    ("cs207-addictedtocs-sinexp", "x_3", "tangent"): "degrees",
    ("rishab-forward-x0", "v_3", "value"): "degrees",
    ("rishab-reverse", "v_1", "adjoint"): "extra path",
    ("ai-infra-zh-reverse", "v_0", "adjoint"): "sign",
    ("ift6135-2020-t3", "v_6", "value"): "number put in",
}


def test_the_cause_is_named() -> None:
    """The usual causes are named where they explain the published number."""
    cases = {case["id"]: case for case in CASES}
    wrong = {}
    for (name, row, kind), cause in CAUSES.items():
        found = [m for m in report(cases[name]).mistakes if m.row == row and m.kind == kind]
        assert found, (name, row, kind)
        if cause and cause not in [m.cause for m in found]:
            wrong[name, row, kind] = [(m.cause, m.sentence) for m in found]
    assert wrong == {}
