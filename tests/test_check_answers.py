"""`adtrace check` over whole documents of other hands: what it must say of each stands in tests/documents/answers.toml.

The documents are facts (published layouts, homework of many hands, tables of each kind in a right and a wrong form);
their answers were found by hand, their numbers computed with mpmath.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from answers import DOCUMENTS, Verdict, answers, judged

ANSWERS: dict[str, dict[str, Any]] = answers()


@cache
def verdict(name: str) -> Verdict:
    """What is missed, what is blamed wrongly, and what else is not as it must be, in a document."""
    return judged(name, ANSWERS[name])


@pytest.mark.parametrize("name", ANSWERS)
def test_document(name: str) -> None:
    """All roots are found, nothing else is blamed; status, marks, counts and words are as they must be."""
    assert verdict(name).wrong == ()


def test_shares_over_all_documents(capsys: pytest.CaptureFixture[str]) -> None:
    """Every root is found and no right cell is blamed."""
    verdicts = {name: verdict(name) for name in ANSWERS}
    roots = sum(each.roots for each in verdicts.values())
    missed = sum(len(each.missed) for each in verdicts.values())
    blamed = sum(len(each.blamed) for each in verdicts.values())
    right = sum(each.right for each in verdicts.values())
    whole = sum(not each.wrong for each in verdicts.values())
    with capsys.disabled():
        print(
            f"\ndocuments: {whole} of {len(verdicts)} as they must be, {roots - missed} of {roots} roots found, "
            f"{blamed} mistakes told that are none, {right} cells right"
        )
    assert missed == blamed == 0


def test_every_document_has_an_answer() -> None:
    """No file without an answer, no answer without a file."""
    assert sorted(ANSWERS) == sorted(path.name for path in DOCUMENTS.iterdir() if path.name != "answers.toml")
