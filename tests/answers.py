"""What the checker must say of a document, held against what it says: the answers of tests/documents/answers.toml.

An answer is facts found by hand: ``status`` (0 all right, 2 nothing readable, 3 mistakes, 4 something empty or not
read); ``roots``, each a list ``[row, what is printed, what is right, quantity, cause]`` of which the end may be missing
and "" stands for anything; ``may``, mistakes that may be told besides, as a number that has its wrong formula beside
it; ``says`` and ``never`` (words, or a list of them) of the report; ``marks = "11 of 12"``; ``empty``, ``not_read``,
``following``, how many cells are in that state; ``another`` where the tables compute another function; ``missing``, the
rows that are not there.  What is asked of the checker: ``function``, ``at``, ``kind_of_file``, ``seed``,
``asked``, ``digits``, ``own_function``, ``points``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import adtrace
from adtrace.checking.reporting.marks import Rubric, rubric

DOCUMENTS = Path(__file__).parent / "documents"
OPTIONS = ("function", "seed", "asked", "digits", "own_function")


def answers(folder: Path = DOCUMENTS) -> dict[str, dict[str, Any]]:
    """The answers by the name of the document."""
    return tomllib.loads((folder / "answers.toml").read_text(encoding="utf-8"))


def report(name: str, answer: dict[str, Any], folder: Path = DOCUMENTS) -> adtrace.Report | None:
    """The report on a document; None where nothing in it is read as a table."""
    options = {option: answer[option] for option in OPTIONS if option in answer}
    if "kind_of_file" in answer:
        options["kind"] = answer["kind_of_file"]
    points = rubric(answer["points"]) if "points" in answer else Rubric()
    try:
        return adtrace.check(folder / name, answer.get("at"), rubric=points, **options)
    except adtrace.InputError:
        return None


@dataclass(frozen=True)
class Verdict:
    """What differs from the answer."""

    roots: int
    missed: tuple[str, ...]
    """Roots that are not found."""
    blamed: tuple[str, ...]
    """Mistakes that are none."""
    right: int
    """Cells called right."""
    other: tuple[str, ...]
    """Status, marks, counts and words that are not as they must be."""

    @property
    def wrong(self) -> tuple[str, ...]:
        """All of it."""
        return self.missed + self.blamed + self.other


def states(made: adtrace.Report) -> dict[tuple[int, int], str]:
    """The state of each cell of a report, by its line in the document and its column."""
    return {(cell.line, cell.place.column): cell.state for cell in made.cells}


def same_name(name: str) -> str:
    """A row's name in one spelling: ``v_{-1}``, ``v_-1`` and ``v-1`` are one row."""
    return re.sub(r"[{}_\s]", "", name)


def is_root(mistake: Any, root: list[str]) -> bool:
    """Whether a mistake is the one of an answer."""
    row, printed, right, quantity, cause = [*root, "", "", "", ""][:5]
    return (
        (not row or same_name(mistake.row) == same_name(row))
        and _spelled(printed) in _spelled(mistake.sentence)
        and _spelled(right) in _spelled(mistake.sentence)
        and quantity in mistake.quantity
        and (not cause or mistake.cause in cause.split("|"))
    )


def _spelled(text: str) -> str:
    """Without what markup, spaces and the sign of a product make different."""
    return re.sub(r"[\s{}$*·⋅×\\]", "", text.replace("−", "-"))


def verdict(made: adtrace.Report | None, answer: dict[str, Any]) -> Verdict:
    """What a report says that the answer does not, and the other way round."""
    mistakes = list(made.mistakes) if made else []
    missed = []
    for root in answer.get("roots", ()):
        hit = [mistake for mistake in mistakes if is_root(mistake, root)]
        missed += [] if hit else [" ".join(root[:1]) + ": " + " should be ".join(root[1:3])]
        mistakes = [mistake for mistake in mistakes if mistake not in hit]
    for allowed in answer.get("may", ()):
        mistakes = [mistake for mistake in mistakes if not is_root(mistake, allowed)]
    blamed = tuple(f"{mistake.row}: {mistake.sentence}" for mistake in mistakes)
    right = made.count("right") if made else 0
    return Verdict(len(answer.get("roots", ())), tuple(missed), blamed, right, tuple(_others(made, answer)))


def judged(name: str, answer: dict[str, Any], folder: Path = DOCUMENTS) -> Verdict:
    """What differs on a document; what it raises is a difference, too."""
    try:
        return verdict(report(name, answer, folder), answer)
    except Exception as problem:
        return Verdict(len(answer.get("roots", ())), (), (), 0, (f"raises {problem!r}",))


def _others(made: adtrace.Report | None, answer: dict[str, Any]) -> Iterator[str]:
    status = made.exit_status if made else 2
    if status != answer["status"]:
        yield f"status {status}, not {answer['status']}"
    text = str(made) if made else ""
    for words in _each(answer.get("says", ())):
        if words not in text:
            yield f"does not say {words!r}"
    for words in _each(answer.get("never", ())):
        if words in text:
            yield f"says {words!r}"
    if "marks" in answer:
        marks = made.marks if made else None
        told = f"{marks.earned} of {marks.possible}" if marks else "none"
        if told != answer["marks"]:
            yield f"marks {told}, not {answer['marks']}"
    told = [problem.kind for problem in made.problems] if made else []
    if ("another function" in told) != answer.get("another", False):
        yield "another function or not"
    gone = [problem.row for problem in made.problems if problem.kind == "missing row"] if made else []
    stated = "missing" in answer or answer["status"] in (0, 4)
    if stated and sorted(map(same_name, gone)) != sorted(map(same_name, answer.get("missing", ()))):
        yield f"missing rows {gone}"
    for key in ("empty", "not_read", "following"):
        state = key.replace("_", " ")
        if key in answer and (count := made.count(state) if made else 0) != answer[key]:
            yield f"{count} cells {state}, not {answer[key]}"


def _each(words: str | list[str]) -> Iterable[str]:
    return [words] if isinstance(words, str) else words
