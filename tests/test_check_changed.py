"""Documents of all kinds, changed at random: there is a report or a sentence, and never an error of Python."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

import adtrace

HERE = Path(__file__).parent
CRASHED: list[str] = json.loads((HERE / "crashed.json").read_text(encoding="utf-8"))
"""Documents changed so that once ended in a traceback, without the lines that had no part in it."""
DOCUMENTS = sorted(
    path for path in (HERE / "documents").iterdir() if path.suffix in (".md", ".tex", ".txt", ".csv", ".html")
)
PIECES = [
    "1/0", "ln(0)", "(", ")", "{", "}", "\\", "$", "|", "&", "=", "∂", "_", "^", "'", "\u0307", "\u0304", "0", "-", "e",
    "inf", "nan", "[", "]", "[[1,2],[3]]", ",", ";", "%", "#", "x", "v_1", "f(2,3)", "1e999", "10^", "√", "Σ", "×",
    "\n", "\n\n", " ", "\\frac{}{}", "\\dot ", "\\bar{",
]  # fmt: skip
TIMES = 6000 if os.environ.get("CHECK_MUTATIONS") == "all" else 100


def answered(text: str) -> bool:
    """Whether a document has a report in every form, or is refused in a sentence."""
    try:
        report = adtrace.check(text)
    except adtrace.InputError as problem:
        return bool(str(problem))
    return all(report.render(form) for form in ("text", "html", "json"))


@pytest.mark.parametrize("text", CRASHED, ids=range(len(CRASHED)))
def test_what_once_ended_in_a_traceback_is_answered(text: str) -> None:
    """Each is one kind of fault."""
    assert answered(text)


def test_documents_changed_at_random_are_answered() -> None:
    """Up to six places each, at which a piece is put in, perhaps in the place of what stands there; behind every fifth
    another document goes on.
    """
    rng = random.Random(14)
    for time in range(TIMES):
        paths = rng.choices(DOCUMENTS, k=2 if time % 5 == 0 else 1)
        text = "\n\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)[:20_000]
        for _ in range(rng.choice((1, 1, 2, 3, 6))):
            place = rng.randrange(len(text) + 1)
            text = text[:place] + rng.choice(PIECES) + text[place + rng.choice((0, 0, 1, 2, 8)) :]
        assert answered(text), text
