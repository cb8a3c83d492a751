"""Tables of cells out of a document: Markdown, LaTeX, HTML, CSV, JSON, and the tables that adtrace prints as text.

Every reader is one pass over bounded text and gives `Grid` records; nothing in a document is executed or fetched.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from adtrace.checking.equations import equations
from adtrace.checking.grid import (
    LARGEST_DOCUMENT,
    LARGEST_LINE,
    MOST_COLUMNS,
    MOST_TABLES,
    Grid,
    bounded,
    is_heading,
    square,
)
from adtrace.checking.tabulars import latex_tables
from adtrace.checking.terminal import text_tables
from adtrace.checking.web import html_tables
from adtrace.errors import BoundError, InputError


def grids(text: str, kind: str | None = None) -> list[Grid]:
    """The tables of a document; ``kind`` is markdown, latex, csv or json, guessed where it is not given.

    Raises `InputError` where the document cannot be read as its kind, `BoundError` past a documented bound.
    """
    if len(text) > LARGEST_DOCUMENT:
        raise BoundError(f"the document has {len(text)} characters; {LARGEST_DOCUMENT} are read")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LARGEST_LINE:
            raise BoundError(f"line {number} has {len(line)} characters; {LARGEST_LINE} are read")
    found = _READERS[kind or _guessed(text)](text)
    if len(found) > MOST_TABLES:
        raise BoundError(f"the document has {len(found)} tables; {MOST_TABLES} are read")
    return found


def _guessed(text: str) -> str:
    start = text.lstrip()
    if start.startswith(("{", "[")) and not start.startswith("[x]"):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return "json"
    if re.match(r"\s*<(!doctype|html|div|table|figure|section)\b", text, re.I):
        return "html"
    if re.search(r"\\begin\s*\{(tabular|array|tabularx|longtable|align|aligned|table)|\\adttable\{", text):
        return "latex"
    if re.search(r"^\s*\|?.*\|.*\n\s*\|?[\s:|-]*-[\s:|-]*\|?[\s:|-]*$", text, re.M) or "<table" in text.lower():
        return "markdown"
    if re.search(r"[│┃▲▼]|^\s*─{3,}", text, re.M):
        return "text"
    lines = [line for line in text.split("\n") if line.strip()]
    commas = sum("," in line or "\t" in line or ";" in line for line in lines)
    return "csv" if lines and commas >= 0.8 * len(lines) else "markdown"


_RULE = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*")


def _markdown(text: str) -> list[Grid]:
    lines = text.split("\n")
    found: list[Grid] = []
    outside: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        rule = lines[place + 1] if place + 1 < len(lines) else ""
        if "|" in line and "-" in rule and len(rule) <= LARGEST_LINE and _RULE.fullmatch(rule) and "|" in rule + line:
            grid, place = _pipe_table(lines, place, "\n".join(outside))
            found.append(grid)
            outside = []
            continue
        if line.count("|") >= 2 and line.strip().startswith("|"):  # a table without its rule
            grid, place = _pipe_table(lines, place, "\n".join(outside), ruled=False)
            found.append(grid)
            outside = []
            continue
        outside.append(line)
        place += 1
    if found:
        found[-1] = found[-1]._replace(after="\n".join(outside))
    if "<table" in text.lower():
        found += html_tables(text)
    if not found and re.search(r"\\begin\s*\{(tabular|array|align|aligned)", text):
        found = latex_tables(text)
    if not found:
        found = equations(lines)
    return found


def _pipe_table(lines: list[str], place: int, before: str, *, ruled: bool = True) -> tuple[Grid, int]:
    heading = _pipe_cells(lines[place], place + 1)
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    here = place + 2 if ruled else place
    while here < len(lines) and "|" in lines[here] and lines[here].strip():
        if not _RULE.fullmatch(lines[here]):
            cells = _pipe_cells(lines[here], here + 1)
            bounded(len(cells), len(rows) + 1, here + 1)
            rows.append(cells)
            numbers.append(here + 1)
        here += 1
    if ruled and rows and _is_row(heading):  # the rule was put below the first row, for Markdown wants one
        rows.insert(0, heading)
        numbers.insert(0, place + 1)
        ruled = False
    if not ruled:
        heading = tuple("" for _ in heading)
    return square(heading, rows, numbers, before), here


def _is_row(cells: Sequence[str]) -> bool:
    """Whether what stands above the rule is no heading: a variable with its number first, and a number after it."""
    plain_cells = [re.sub(r"[\s$_{}=]", "", cell) for cell in cells]
    return bool(
        re.fullmatch(r"[A-Za-z]-?[0-9]+", plain_cells[0])
        and any(re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", cell) for cell in plain_cells[1:])
    )


def _pipe_cells(line: str, number: int) -> tuple[str, ...]:
    """The cells of a row; a bar inside code or after a backslash is text."""
    if line.count("|") > 4 * MOST_COLUMNS:
        bounded(MOST_COLUMNS + 1, 0, number)
    text = line.strip()
    text = text.removeprefix("|")
    cells: list[str] = []
    current: list[str] = []
    code = False
    place = 0
    while place < len(text):
        char = text[place]
        if char == "\\" and place + 1 < len(text):
            current.append(text[place : place + 2])
            place += 2
            continue
        code ^= char == "`"
        if char == "|" and not code:
            cells.append("".join(current).strip())
            current = []
        else:
            current.append(char)
        place += 1
    rest = "".join(current).strip()
    if rest or not text.endswith("|"):
        cells.append(rest)
    bounded(len(cells), 0, number)
    return tuple(cell.replace("`", "") for cell in cells)


def _csv(text: str) -> list[Grid]:
    sample = text[:4000]
    delimiter = max(
        ",;\t|", key=lambda sign: min((line.count(sign) for line in sample.split("\n") if line.strip()), default=0)
    )
    found: list[Grid] = []
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    before: list[str] = []
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)

    def finish() -> None:
        if len(rows) > 1:
            heading = rows.pop(0) if not re.search(r"\d", "".join(rows[0])) or is_heading(rows[0]) else ()
            found.append(square(heading, list(rows), numbers[-len(rows) :], "\n".join(before)))
        before.clear()
        rows.clear()
        numbers.clear()

    try:
        for row in reader:
            bounded(len(row), len(rows), reader.line_num)
            if len([cell for cell in row if cell.strip()]) < 2:
                text_row = " ".join(row).strip()
                if (rows and text_row.startswith("#")) or not text_row:
                    finish()
                before.append(text_row)
                continue
            rows.append(tuple(cell.strip() for cell in row))
            numbers.append(reader.line_num)
    except csv.Error as problem:
        raise InputError(f"line {reader.line_num}: this is not CSV: {problem}") from None
    finish()
    return found


def _json(text: str) -> list[Grid]:
    try:
        data = json.loads(text)
    except RecursionError:
        raise InputError("the JSON is nested too deeply") from None
    except ValueError as problem:
        raise InputError(f"this is not JSON: {problem}") from None
    found: list[Grid] = []
    for table in _json_tables(data):
        heading = tuple(str(cell) for cell in table.get("columns") or table.get("heading") or ())
        rows = []
        for number, row in enumerate(table["rows"], start=1):
            cells = [row.get(name, "") for name in heading] if isinstance(row, dict) else row
            if not isinstance(cells, list):
                raise InputError(f"row {number}: a row is a list of cells")
            bounded(len(cells), number, number)
            rows.append(tuple("" if cell is None else str(cell) for cell in cells))
        before = " ".join(str(table[key]) for key in ("title", "caption", "function", "expression") if table.get(key))
        if rows:
            found.append(square(heading, rows, list(range(1, len(rows) + 1)), before))
    return found


def _json_tables(data: Any) -> list[dict[str, Any]]:
    """The tables of a JSON document: {columns, rows}, a list of such, {tables: [...]}, or adtrace's own structure."""
    if isinstance(data, dict) and isinstance(data.get("tables"), list):
        data = data["tables"]
    if isinstance(data, dict) and "independents" in data and isinstance(data.get("rows"), list):
        return [_own_structure(data)]
    if isinstance(data, list) and data and all(isinstance(row, list) for row in data):
        data = {"columns": data[0], "rows": data[1:]}
    candidates = data if isinstance(data, list) else [data]
    tables = [table for table in candidates if isinstance(table, dict) and isinstance(table.get("rows"), list)]
    if not tables:
        raise InputError('there is no table in the JSON: expected {"columns": [...], "rows": [[...], ...]}')
    if any(not all(isinstance(row, list | dict) for row in table["rows"]) for table in tables):
        raise InputError('each of the "rows" is a list of cells')
    return tables


def _own_structure(data: dict[str, Any]) -> dict[str, Any]:
    """What ``adtrace table --format json`` writes, as a table."""
    kinds = [kind for kind in ("value", "tangent", "adjoint") if any(kind in row for row in data["rows"])]
    rows = []
    for place, entry in enumerate([*data["independents"], *data["rows"], *data.get("dependents", [])]):
        inside = place < len(data["independents"])
        last = place >= len(data["independents"]) + len(data["rows"])
        name = entry.get("name") if last else entry.get("variable")
        formula = entry.get("name") if inside else entry.get("variable") if last else entry.get("formula")
        rows.append([name, formula, *(entry.get(kind) for kind in kinds)])
    return {"columns": ["name", "formula", *kinds], "rows": rows, "function": f"y = {data.get('expression', '')}"}


_READERS: dict[str, Callable[[str], list[Grid]]] = {
    "markdown": _markdown, "latex": latex_tables, "html": html_tables, "csv": _csv, "json": _json,
    "text": text_tables,
}  # fmt: skip
KINDS = {".md": "markdown", ".markdown": "markdown", ".tex": "latex", ".csv": "csv", ".tsv": "csv", ".json": "json",
         ".html": "html", ".htm": "html"}  # fmt: skip
