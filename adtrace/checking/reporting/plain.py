"""An account as plain data, for JSON.  Tables, rows and columns are numbered from 1, as people do."""

from __future__ import annotations

from typing import Any

from adtrace.checking.reporting.records import HINT, Account, Finding, Judged, Place, Problem
from adtrace.checking.reporting.sentences import summary


def plain(account: Account) -> dict[str, Any]:
    """Everything that was found.  What is kept back has no keys: no ``expected``, no ``cause``, no ``sentence``."""
    made: dict[str, Any] = {
        "document": account.name,
        "exit_status": account.exit_status,
        "ok": account.ok,
        "summary": summary(account),
        "judged": [_judged(one) for one in account.judged],
        "counts": account.counts,
        "other_function": account.other_function,
        "mistakes": [_finding(account, finding) for finding in account.mistakes],
        "remarks": [_finding(account, finding) for finding in account.remarks],
        "problems": [_problem(account, problem) for problem in account.problems],
        "tables": [_table(account, place) for place in range(len(account.sheets))],
    }
    if account.kept:
        made["kept_back"] = account.kept
    if account.marks is not None:
        made["marks"] = account.marks.to_dict()
    return made


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
