r"""Small tables, one for each thing that no other test holds: all that is told of them, line by line."""

from __future__ import annotations

import pytest

import adtrace


def told(document: str) -> list[str]:
    """What a report says of single cells, and its remarks."""
    return [line for line in str(adtrace.check(document)).splitlines() if line[:2] in ("✗ ", "? ", "∅ ", "· ")]


ROW_SUMS = r"""L = sum(s^2) at X = [[1, 2, 3], [4, 5, 6]]

| row | value | adjoint |
|---|---|---|
| X | [[1, 2, 3], [4, 5, 6]] | {} = [[12, 12, 12], [30, 30, 30]] |
| s = sum(X, axis=1) | [6, 15] | 2 s = [12, 30] |
| L = sum(s^2) | 261 | 1 |
"""


@pytest.mark.parametrize(("formula", "right"), [
    (r"$\bar s 1^T$", True), (r"$\bar s \mathbf{1}^\top$", True), (r"$2 (X \mathbf{1}) \mathbf{1}^T$", True),
    ("spread(sbar)", True), (r"$\mathbf{1} \bar s^T$", False), (r"$2 \cdot 1^T X$", False),
])  # fmt: skip
@pytest.mark.parametrize("square", [False, True])
def test_ones_in_a_product_have_a_side(formula: str, right: bool, square: bool) -> None:
    """Sums of rows are spread along rows: ``1 s̄^T`` passed, ``s̄ 1^T`` was not read."""
    document = ROW_SUMS.format(formula)
    if square:
        for three, two in ((", 3]", "]"), (", 6]]", "]]"), ("[12, 12, 12], [30, 30, 30]", "[6, 6], [18, 18]"),
                           ("[6, 15]", "[3, 9]"), ("[12, 30]", "[6, 18]"), ("261", "90")):  # fmt: skip
            document = document.replace(three, two)
    found = told(document)
    assert found == [] if right else [line.partition(":")[0] for line in found] == ["✗ X, adjoint formula (line 5)"]


@pytest.mark.parametrize("cell", ["2 x = 6", "2 x", "x + x = 6"])
def test_a_formula_of_a_derivative_is_no_operation(cell: str) -> None:
    """Where operations stand beside the names: all numbers of the adjoints were blamed."""
    table = f"f(x) = x^2 + 1 at x = 3\n\n| row | value | adjoint |\n|---|---|---|\n| x | 3 | {cell} |\n"
    rows = "| s = x^2 | 9 | 1 |\n| L = s + 1 | 10 | {} |\n"
    assert told(table + rows.format(1)) == []
    assert told(table + rows.format(2)) == [
        "✗ L, adjoint (line 7): 2 should be 1 (it is twice as much as it should be)"
    ]


def test_operations_may_stand_below_the_word_derivative() -> None:
    """The heading only weighs."""
    assert told("f(x) = sin(x^2) at x = 2\n\n| row | derivative |\n|---|---|\n| s | x^2 |\n| L | sin(s) |\n") == []
