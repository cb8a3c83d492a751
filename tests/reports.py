"""Every report that a test of the checker asks for, held as a whole: the state of each cell, and all that is said.

``tests/reports/<file>.txt`` has those of the tests of one file, so that a change of the checker shows everything that
it changes; what nobody asserts stands there, too.  ``pytest --rewrite-goldens tests/test_check_small_tables.py`` writes
those of a file anew, or of chosen tests; read the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "reports"
_HEAD = re.compile(r"^=== (.*)\n", re.MULTILINE)
_DISTINCT = {"exact": "=", "rounded": "~", "cut": "<", "by hand": "h", "formula": "f"}
"""How a cell is right; a state has the sign of its own report otherwise."""


def whole(report: Any) -> str:
    """Where each cell stands, a row of a table a word, and the lines of the report below its tables."""
    from adtrace.checking.reporting.records import SIGNS
    from adtrace.checking.reporting.sentences import judged, said, summary

    tables = []
    for place, sheet in enumerate(report.sheets):
        known = report.verdicts(place)
        rows = ("".join(_mark(known[i, j], SIGNS) for j in range(len(row))) for i, row in enumerate(sheet.rows))
        tables.append(" ".join(rows))
    lines = [" ".join(filter(None, (SIGNS[one.state], one.where, one.sentence))) for one in said(report)]
    return "\n".join([*judged(report), *tables, *lines, summary(report)]) + "\n"


def _mark(verdict: Any, signs: dict[str, str]) -> str:
    finding = verdict.finding
    return _DISTINCT.get(finding.how if finding else "", "") or signs[verdict.state] or "."


class Reports:
    """The reports of one file of tests, as they are kept and as they are made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        parts = _HEAD.split(path.read_text(encoding="utf-8"))[1:] if path.exists() else []
        self.kept = dict(zip(parts[::2], parts[1::2], strict=True))
        self.made: dict[str, str] = {}

    @contextmanager
    def of(self, item: pytest.Item) -> Iterator[None]:
        """While a test runs: its reports are those that are kept, or are kept from now on."""
        import adtrace.checking.check as checker

        name, real, asked = _name(item), checker.Report, list[Any]()

        def report(*arguments: Any) -> Any:
            asked.append(real(*arguments))
            return asked[-1]

        checker.Report = report  # type: ignore[assignment,misc]
        try:
            yield
        finally:
            checker.Report = real  # type: ignore[misc]
        self.made[name] = "\n".join(dict.fromkeys(map(whole, asked)))
        if item.config.getoption("--rewrite-goldens"):
            chosen = item.config.getoption("keyword") or any("::" in argument for argument in item.config.args)
            all_of = {**(self.kept if chosen else {}), **self.made}
            written = "\n".join(f"=== {name}\n{of}".rstrip() + "\n" for name, of in sorted(all_of.items()))
            self.path.write_text(written, encoding="utf-8", newline="\n")
            return
        assert name in self.kept, "a new test: keep its reports by --rewrite-goldens, and read them"
        kept = self.kept[name].rstrip()
        if asked and kept:  # one that asks others' reports again has none of its own
            changes = "\n".join(unified_diff(kept.split("\n"), self.made[name].rstrip().split("\n"), "kept", "made"))
            assert not changes, changes


def _name(item: Any) -> str:
    """A test by the places of its parameters: the parameters themselves may be whole documents."""
    places = item.callspec.indices.values() if hasattr(item, "callspec") else ()
    return f"{item.originalname}[{'-'.join(map(str, places))}]" if places else item.originalname
