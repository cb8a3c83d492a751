"""Slips in pools and softmaxes of networks: each wrong array is found in its row, and its cause is named."""

from __future__ import annotations

import numpy as np
import pytest

import adtrace

POOL = """m = {op}(x, 2) and L = sum(w * m) at w = [[1, 2], [3, 4]] and
x = [[1, 3, 0, 2], [2, 0, 5, 1], [0, 1, 2, 2], [4, 1, 1, 3]]

| row | operation | value | adjoint |
|---|---|---|---|
| x | | [[1, 3, 0, 2], [2, 0, 5, 1], [0, 1, 2, 2], [4, 1, 1, 3]] | {x} |
| w | | [[1, 2], [3, 4]] | {m} |
| m | {op}(x, 2) | {m} | [[1, 2], [3, 4]] |
| v | w * m | {v} | [[1, 1], [1, 1]] |
| L | sum(v) | {L} | 1 |
"""
W = np.array([[1, 2], [3, 4]])
LARGEST, MEAN = np.array([[3, 5], [4, 3]]), np.array([[1.5, 2], [1.5, 2]])
TO_LARGEST = np.array([[0, 1, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0], [3, 0, 0, 4]])
SPREAD = np.kron(W, np.ones((2, 2)))


def _table(op: str, m: np.ndarray, x: np.ndarray) -> str:
    return POOL.format(op=op, m=m.tolist(), x=x.tolist(), v=(W * m).tolist(), L=(W * m).sum())


MOVED = np.array([[1, 0, 0, 0], [0, 0, 2, 0], [0, 0, 0, 0], [3, 0, 0, 4]])
FIRST = np.array([[1, 0, 2, 0], [0, 0, 0, 0], [3, 0, 4, 0], [0, 0, 0, 0]])
SLIPS = [
    ("maxpool2d", LARGEST, MOVED, "x", "adjoint of window 1, 1 is sent to entry 1, 1; the largest is 1, 2"),
    ("maxpool2d", LARGEST, FIRST, "x", "sent to its first entry"),
    ("maxpool2d", LARGEST, SPREAD, "x", "sent to all of its entries"),
    ("maxpool2d", LARGEST, SPREAD / 4, "x", "shared by its entries"),
    ("maxpool2d", MEAN, TO_LARGEST, "m", "a pool of the other kind"),
    ("avgpool2d", MEAN, SPREAD, "x", "not divided by the number of entries"),
    ("avgpool2d", MEAN, SPREAD / 2, "x", "divided by the side of its window"),
    ("avgpool2d", 4 * MEAN, SPREAD / 4, "m", "not divided by the number of entries"),
    ("avgpool2d", LARGEST, SPREAD / 4, "m", "a pool of the other kind"),
]  # fmt: skip


@pytest.mark.parametrize(("op", "m", "x", "row", "cause"), SLIPS, ids=[f"{s[0]}-{s[4]}" for s in SLIPS])
def test_a_slip_in_a_pool_is_found_and_named(op: str, m: np.ndarray, x: np.ndarray, row: str, cause: str) -> None:
    """The one wrong row, though what follows from it is printed, too; L = sum(w m) by hand."""
    report = adtrace.check(_table(op, m, x))
    assert [mistake.row for mistake in report.mistakes] == [row], str(report)
    assert cause in report.mistakes[0].sentence


def test_right_pools_are_right() -> None:
    """Each adjoint in its largest entry, and shared by four."""
    assert adtrace.check(_table("maxpool2d", LARGEST, TO_LARGEST)).ok
    assert adtrace.check(_table("avgpool2d", MEAN, SPREAD / 4)).ok


SOFTMAX = """p = softmax(Z, axis=1) and L = sum(w * p) at Z = [[0, 1], [2, 0]], w = [[1, 2], [3, 4]]

| row | operation | value | adjoint |
|---|---|---|---|
| Z | | [[0, 1], [2, 0]] | {Z} |
| w | | [[1, 2], [3, 4]] | {p} |
| p | softmax(Z, axis=1) | {p} | [[1, 2], [3, 4]] |
| v | w * p | {v} | [[1, 1], [1, 1]] |
| L | sum(v) | {L:.4f} | 1 |
"""


def _softmax(axis: int) -> np.ndarray:
    powers = np.exp(np.array([[0.0, 1], [2, 0]]))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


@pytest.mark.parametrize(("value", "adjoint", "row"), [(1, 1, ""), (0, 1, "p"), (1, 0, "Z")])
def test_the_wrong_axis_of_a_softmax_is_found_and_named(value: int, adjoint: int, row: str) -> None:
    """Rows that add up to 1 are wanted; columns that do, in the value or in the sum of the adjoint, are the slip."""
    p, right = _softmax(value), _softmax(1)
    z = right * (W - (W * right).sum(axis=adjoint, keepdims=True))
    p4, z4, v4 = (np.round(x, 4).tolist() for x in (p, z, W * p))
    report = adtrace.check(SOFTMAX.format(p=p4, Z=z4, v=v4, L=(W * p).sum()))
    assert [mistake.row for mistake in report.mistakes] == ([row] if row else []), str(report)
    assert all("another axis" in mistake.sentence for mistake in report.mistakes)
