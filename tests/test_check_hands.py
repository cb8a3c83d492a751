"""Homework as different hands write it: clean pieces are found clean, and of each mistake the row, kind and cause."""

from __future__ import annotations

import pytest
from check_hands import HANDS

import adtrace


@pytest.mark.parametrize("title", HANDS)
def test_hand(title: str) -> None:
    """The piece is read whole, its mistakes are found with their causes, and nothing else is blamed."""
    hand = HANDS[title]
    report = adtrace.check(hand.document, at=hand.at, function=hand.functions)
    assert report.problems == []
    assert {cell.verdict for cell in report.cells} <= {"right", "root", "follows", "unchecked"}
    assert [(m.row, m.kind, m.cause) for m in report.mistakes] == hand.mistakes
