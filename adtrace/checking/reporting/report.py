"""The answer of a check: `Report`, an account that can be printed, or written as plain data, for JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Self

from adtrace.checking.reporting.records import HINT, Account, Finding, Judged, Place, Problem
from adtrace.checking.reporting.sentences import summary
from adtrace.errors import OptionError

ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}
FORMATS = tuple(ENDINGS)


@dataclass(frozen=True, repr=False)
class Report(Account):
    """What was found in one document.

    ``ok`` is whether every cell that is asked for is there and right; ``mistakes`` are the root mistakes, each once;
    ``remarks`` are on cells that are right, but not as good as they could be; ``cells`` has the state of every cell,
    ``counts`` how many there are of each; ``problems`` belong to no cell: another function, a missing row, a table
    that is not read.  Print it for the tables and the sentences; a notebook shows it as a table.
    """

    def __hash__(self) -> int:
        return hash((self.name, self.summary()))

    def __repr__(self) -> str:
        """``<Report: 32 cells right, 2 mistakes>``."""
        return f"<Report: {self.summary()}>"

    def __str__(self) -> str:
        return self.render()

    def _repr_html_(self) -> str:
        return self._laid_out("fragment")

    def _repr_markdown_(self) -> str:
        return self.render("markdown")

    def summary(self) -> str:
        """One line that names all that counts: ``11 cells right, 1 mistake, 2 cells following from it, 3 empty``."""
        return summary(self)

    def render(self, format: str = "text", *, colour: bool = False) -> str:  # noqa: A002 - the option's name
        """The report as a document, in colour for a terminal.  Raises `OptionError` for a format that there is not."""
        if format not in FORMATS:
            raise OptionError(f"a report is {', '.join(FORMATS)}; not {format!r}")
        if format == "json":
            lines = (json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n").split("\n")
            return "\n".join(line if line.isprintable() else _escaped(line) for line in lines)
        return self._laid_out(format, colour)

    def _laid_out(self, form: str, colour: bool = False) -> str:
        from adtrace.checking.reporting.layouts import laid_out  # noqa: PLC0415 - Jinja, only where something is shown

        return laid_out(self, form, colour=colour)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data; ``docs/tasks/checking.md`` has its keys.

        Tables, rows and columns are numbered from 1.  What is kept back has no keys: no ``expected``, no ``sentence``.
        """
        made: dict[str, Any] = {
            "document": self.name,
            "exit_status": self.exit_status,
            "ok": self.ok,
            "summary": summary(self),
            "judged": [_judged(one) for one in self.judged],
            "counts": self.counts,
            "other_function": self.other_function,
            "mistakes": [_finding(self, finding) for finding in self.mistakes],
            "remarks": [_finding(self, finding) for finding in self.remarks],
            "problems": [_problem(self, problem) for problem in self.problems],
            "tables": [_table(self, place) for place in range(len(self.sheets))],
        }
        if self.kept:
            made["kept_back"] = self.kept
        if self.marks is not None:
            made["marks"] = self.marks.to_dict()
        return made

    def keeping(self, what: str) -> Self:
        """For a student: ``hide`` tells right or wrong and where, ``hint`` the cause of a mistake in a word, too."""
        return replace(self, kept=what)


def _judged(one: Judged) -> dict[str, Any]:
    told = {"function": one.function, "point": dict(one.point), "sweeps": list(one.sweeps), "sentence": one.sentence}
    return {"tables": [table + 1 for table in one.tables]} | told


def _where(place: Place) -> dict[str, int]:
    return {"table": place.table + 1, "row": place.row + 1, "column": place.column + 1}


_ALWAYS = {"line": "line", "variable": "row", "quantity": "quantity", "text": "text", "state": "state"}
_TOLD = ("how", "expected", "cause", "sentence", "remark")
"""The keys of a finding, with its fields: those that are always there, and those that may be kept back."""


def _finding(account: Account, finding: Finding) -> dict[str, Any]:
    made: dict[str, Any] = {key: getattr(finding, field) for key, field in _ALWAYS.items()}
    told = _TOLD if not account.kept else ("cause",) if account.kept == HINT else ()
    made |= {key: getattr(finding, key) for key in told}
    if not account.kept:
        made["follows"] = _where(finding.follows) if finding.follows is not None else None
    return _where(finding.place) | made


def _problem(account: Account, problem: Problem) -> dict[str, Any]:
    more = {} if account.kept else {"variable": problem.row, "asked": list(problem.asked)}
    return {"kind": problem.kind, "sentence": problem.sentence} | more


def _table(account: Account, place: int) -> dict[str, Any]:
    sheet, known = account.sheets[place], account.verdicts(place)
    return {
        "table": place + 1,
        "columns": list(sheet.heading),
        "rows": [list(row) for row in sheet.rows],
        "lines": list(sheet.lines),
        "states": [[known[i, j].state for j in range(len(row))] for i, row in enumerate(sheet.rows)],
        "findings": [_finding(account, finding) for cell in known.values() for finding in cell.findings],
    }


def _escaped(line: str) -> str:
    """A line of JSON without what a terminal may take for a command."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
