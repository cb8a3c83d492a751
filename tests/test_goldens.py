"""Whole files, compared byte for byte, and the figures of the reference tables in each of them."""

from __future__ import annotations

import json

import pytest
from goldens import CASES, FOLDER, REFERENCE, WORKED

ALL = {**CASES, **WORKED}
WANTED = [(case, file) for case, made in ALL.items() for file in made.files]


@pytest.mark.parametrize(("case", "file"), WANTED)
def test_document_is_the_golden(case: str, file: str, request: pytest.FixtureRequest) -> None:
    """A document is the same to the last byte as the file that was read and found right."""
    path = FOLDER / case / file
    document = ALL[case].document(file)
    if request.config.getoption("--rewrite-goldens"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document, encoding="utf-8", newline="\n")

    assert document == path.read_text(encoding="utf-8")


def test_no_golden_is_left_over() -> None:
    """Every file in the folder is made by a case."""
    assert sorted(f"{path.parent.name}/{path.name}" for path in FOLDER.glob("*/*")) == sorted(
        f"{case}/{file}" for case, file in WANTED
    )


# From the reference homework, with its slips corrected: (name of the row, its last column) from top to bottom.
FIGURES = {
    "table-1": ["1", "0", "1/2", "1*5+2*0", "cos(5)*0", "0.5+5", "5.5-0", "5.5"],
    "table-2": ["5.5", "1.7163", "5.5", "1.7163", "5", "-0.2837", "1", "1", "-1", "1", "1"],
    "table-3": ["1", "0", "1+0", "-(1/9)*1/9", "0*6+6*0", "-sin(3)*1", "-1/81+0", "-1/81-0.1411", "-0.1535"],
    "table-4": ["-0.1535", "11.9877", "11.9877", "-0.1535", "-0.0123", "12", "-0.1411", "1", "1", "1", "1", "1"],
}
PRIMAL = {
    "table-1": ["2", "5", "ln(2)", "2*5", "sin(5)", "0.6931+10", "10.6931+0.9589", "11.6521"],
    "table-3": ["3", "6", "3+6", "1/9", "6*6", "cos(3)", "1/9+36", "36.1111-0.9900", "35.1211"],
}
PRIMAL |= {"table-2": PRIMAL["table-1"], "table-4": PRIMAL["table-3"]}


def _plain(cell: str) -> str:
    """A cell of numbers without what dresses it."""
    for dress in ("$", "= ", "\\mathbf{", "}", "\\", " "):
        cell = cell.replace(dress, "")
    return cell.replace("times", "*")


@pytest.mark.parametrize("case", REFERENCE)
def test_reference_tables_have_the_right_figures(case: str) -> None:
    """The last column of both halves holds the figures of the reference, top to bottom."""
    text = (FOLDER / case / "table.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ") and "trace" not in line]
    numbers = [(_plain(row[2]), _plain(row[5])) for row in rows]

    assert [left for left, _ in numbers if left] == PRIMAL[case]
    assert [right for _, right in numbers if right] == FIGURES[case]


@pytest.mark.parametrize(
    ("case", "value", "gradient"),
    [
        ("table-2", "11.6521", {"x1": "5.5000", "x2": "1.7163"}),
        ("table-4", "35.1211", {"x1": "-0.1535", "x2": "11.9877"}),
    ],
)
def test_reference_structures_have_the_right_figures(case: str, value: str, gradient: dict[str, str]) -> None:
    """The JSON of the reverse tables holds the value and the gradient."""
    document = json.loads((FOLDER / case / "table.json").read_text(encoding="utf-8"))

    assert [dependent["value"] for dependent in document["dependents"]] == [value]
    assert document["gradient"] == gradient
