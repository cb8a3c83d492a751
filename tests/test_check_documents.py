"""`adtrace check` over whole documents of other hands: what it must say of each stands in tests/documents/answers.toml.

The documents are facts (published layouts, homework of many hands, the reviewers' own tables); their answers were found
by hand.  What the checker cannot do yet is ``pending`` there: a strict expected failure, so that it is noticed when it
comes right, and the shares printed here are noticed when they get worse.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import adtrace
from adtrace.checking.marks import Rubric

DOCUMENTS = Path(__file__).parent / "documents"
ANSWERS: dict[str, dict[str, Any]] = tomllib.loads((DOCUMENTS / "answers.toml").read_text(encoding="utf-8"))
ROOTS_FOUND, RIGHT_BLAMED = 11, 103
"""How many roots are found, and how many mistakes are told that are none: the bar, to be moved one way only."""


def report(name: str) -> adtrace.Report | None:
    """The report on a document; None where nothing in it is read as a table."""
    answer = ANSWERS[name]
    try:
        return adtrace.check(DOCUMENTS / name, answer.get("at"), function=answer.get("function"), rubric=Rubric())
    except adtrace.InputError:
        return None


def judged(name: str) -> tuple[list[str], list[str]]:
    """The roots that are not found, and the mistakes that are none."""
    made = report(name)
    roots = [tuple(root) for root in ANSWERS[name].get("roots", ())]
    mistakes = list(made.mistakes) if made else []
    missed = []
    for row, printed, right in roots:
        of_root = [m for m in mistakes if m.row == row and printed in m.sentence and (right in m.sentence or not right)]
        missed += [] if of_root else [f"{row}: {printed} should be {right}"]
        mistakes = [m for m in mistakes if m not in of_root]
    return missed, [f"{m.row}: {m.sentence}" for m in mistakes]


@pytest.fixture(scope="module")
def verdicts() -> dict[str, tuple[list[str], list[str]]]:
    """What is missed and what is blamed wrongly in every document."""
    return {name: judged(name) for name in ANSWERS}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.xfail(reason=f"check: {answer['kind']}", strict=True))
        if answer.get("pending")
        else name
        for name, answer in ANSWERS.items()
    ],
)
def test_document(name: str, verdicts: dict[str, tuple[list[str], list[str]]]) -> None:
    """All roots are found, nothing else is blamed, the exit status and the words are as they must be."""
    answer, made = ANSWERS[name], report(name)
    assert verdicts[name] == ([], [])
    assert (made.exit_status if made else 2) == answer["status"]
    text = str(made)
    assert answer.get("says", "") in text
    assert "never" not in answer or answer["never"] not in text


def test_share_of_roots_found_and_of_right_cells_blamed(
    verdicts: dict[str, tuple[list[str], list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The checker gets no worse while it waits to be rebuilt."""
    roots = sum(len(answer.get("roots", ())) for answer in ANSWERS.values())
    missed, blamed = (sum(len(verdict[k]) for verdict in verdicts.values()) for k in (0, 1))
    right = sum(made.count("right") for name in ANSWERS if (made := report(name)))
    with capsys.disabled():
        shares = f"{roots - missed} of {roots} roots found, {blamed} of {right + blamed} right cells blamed"
        print(f"\ntables of other hands: {shares}")
    assert roots - missed >= ROOTS_FOUND
    assert blamed <= RIGHT_BLAMED


def test_every_document_has_an_answer() -> None:
    """No file without an answer, no answer without a file."""
    assert sorted(ANSWERS) == sorted(path.name for path in DOCUMENTS.iterdir() if path.name != "answers.toml")
