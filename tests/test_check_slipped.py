"""`adtrace check` of rows in which a cell is left out: that row is told, and no other."""

from __future__ import annotations

import pytest

import adtrace
from adtrace.checking.check import check

TABLE = adtrace.trace("ln(x)+x*y-sin(y)", at={"x": 2, "y": 5}).table(mode="reverse", format="markdown")
LINES = TABLE.split("\n")
ROWS = [k for k, line in enumerate(LINES) if line.startswith("| $v_{")]


@pytest.mark.parametrize("left_out", range(6))
@pytest.mark.parametrize("k", ROWS[2:])
def test_a_row_with_a_cell_left_out_is_told_alone(k: int, left_out: int) -> None:
    """Each cell of each computed row is left out in turn, those behind it moved left: nothing else is wrong,
    or one cell that needs what is lost: a name, an operation, a part of a sum.
    """
    cells = LINES[k].strip("|").split("|")
    del cells[left_out]
    report = check("\n".join([*LINES[:k], f"|{'|'.join(cells)}| |", *LINES[k + 1 :]]))
    elsewhere = [finding for finding in report.findings if finding.state == "wrong" and finding.line != k + 1]
    assert len(elsewhere) <= (left_out in (0, 1, 3, 4))
    assert [finding for finding in report.findings if finding.state in ("wrong", "empty", "not read")]


def test_the_table_as_it_was_is_right() -> None:
    """Nothing is wrong where nothing is left out."""
    assert not check(TABLE).mistakes


def test_a_number_in_the_place_of_a_name_is_not_read() -> None:
    """A row whose first panel is empty has a 7 put in where a name would stand: told, and nothing else changes."""
    k = next(k for k, line in enumerate(LINES) if line.startswith("| | | |"))
    report = check("\n".join([*LINES[:k], LINES[k].replace("| |", "| 7 |", 1), *LINES[k + 1 :]]))
    assert [
        (finding.line, finding.state) for finding in report.findings if finding.state not in ("right", "not asked")
    ] == [(k + 1, "not read")]


def test_a_variable_whose_adjoint_is_not_told_again_is_missing() -> None:
    """Behind the rows stands what the variables get, one by one; where it stands for none, none is missing."""
    told = "\n\n| x̄ | = v̄_{-1} | = 5.5 |\n|---|---|---|\n| ȳ | = v̄_0 | = 1.7163 |\n"
    alone = adtrace.trace("ln(x)+x*y-sin(y)", at={"x": 2, "y": 5}).table(
        mode="reverse", style="four-column", format="markdown"
    )
    assert check(alone + told).exit_status == 0
    assert "the adjoint of y is missing" in str(check((alone + told).replace("| ȳ | = v̄_0 | = 1.7163 |\n", "")))
    assert check(alone).exit_status == 0
