"""A class of many submissions, made from the documents with answers: each has the marks and the status that it must.

How long a thousand of them take is a line of tests/benchmarks/bench.py.
"""

from __future__ import annotations

import csv
from itertools import cycle, islice
from pathlib import Path

import pytest
from answers import DOCUMENTS, OPTIONS, answers

from adtrace import cli

SUBMISSIONS = 200
STATUS = {0: "right", 2: "unreadable", 3: "mistakes", 4: "incomplete"}
ALONE = {
    name: answer for name, answer in answers().items() if not {"at", "points", "kind_of_file", *OPTIONS} & answer.keys()
}
"""The documents that say by themselves what is asked, so that one command can check them all."""


def test_every_submission_has_its_marks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each file, in their order, with the marks and the status of its answer; the worst is the status."""
    written = {}
    for number, (name, answer) in enumerate(islice(cycle(ALONE.items()), SUBMISSIONS)):
        path = tmp_path / f"{number:03}{Path(name).suffix}"
        path.write_bytes((DOCUMENTS / name).read_bytes())
        written[path.name] = answer
    marks = tmp_path / "marks.csv"
    status = cli.main(["check", "--csv", str(marks), *(str(tmp_path / name) for name in written)])
    capsys.readouterr()
    assert status == next(s for s in (2, 3, 4, 0) if s in {answer["status"] for answer in written.values()})
    with marks.open(encoding="utf-8-sig", newline="") as stream:
        lines = {Path(line["file"]).name: line for line in csv.DictReader(stream)}
    assert list(lines) == list(written)
    wrong = []
    for name, answer in written.items():
        line = lines[name]
        told = (line["status"], f"{line['earned']} of {line['possible']}")
        right = (STATUS[answer["status"]], answer.get("marks", told[1]))
        wrong += [(name, answer["kind"], told, right)] if told != right else []
    assert wrong == []
