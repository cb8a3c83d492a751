"""Rows whose cells are parted by bars or tabs, as in Markdown, Org and pasted text; leniently."""

from __future__ import annotations

import re

from adtrace.checking.brackets import parted
from adtrace.checking.sheets.rows import MOST_COLUMNS, Lines, Row, Taken, table

_RULE = " \t|:+=-"
_COOKIES = re.compile(r"\s*\|(?=.*<)(?:\s*(?:<[lcr]?\d{0,3}>)?\s*\|)+\s*(?<!\|\|)")
"""The widths and sides of Org's columns: ``| <l> | <r10> |``."""
_TOKEN = re.compile(r"\\.|[|`$]")
_BAR = re.compile(r"\\\|(?![^$]*\$[^$]*$)")
"""A bar that is text, but for the norm within dollars."""
_SPACED = re.compile(r"(?<=\S)\s+\|\s+(?=\S)")


def is_rule(line: str) -> bool:
    """Whether a line is the rule below a heading: ``|---|:-:|``, ``---|---``, Org's ``|---+---|``."""
    return "-" in line and ("|" in line or "+" in line) and not line.strip(_RULE)


def pipe_table(lines: Lines, place: int) -> Taken:
    """A table between bars that begins at a line: with its rule or without, with outer bars or without."""
    line, following = lines.text(place), lines.text(place + 1)
    if "|" not in line:
        return None
    outer = line.lstrip().startswith("|") and line.count("|") >= 2
    if not (outer or is_rule(following) or (_SPACED.search(line) and _SPACED.search(following))):
        return None
    rows: list[Row] = []
    width = len(pipe_cells(following, 0))
    while "|" in (line := lines.text(place)):
        if not is_rule(line) and not _COOKIES.fullmatch(line[:1_000]):
            heading = not rows and is_rule(lines.text(place + 1))
            rows.append(Row(lines.number(place), pipe_cells(line, width), heading))
        place += 1
    return [table(rows)], place


def pipe_cells(line: str, width: int) -> tuple[str, ...]:
    """The cells of a row; a bar in code, in mathematics or after a backslash is text, if so many are wanted."""
    if line.count("|") > 4 * MOST_COLUMNS:
        return ("",) * (MOST_COLUMNS + 1)  # past the bound
    text = line.strip().removeprefix("|")
    apart = _cells(text, within=True)
    if width and len(apart) != width:
        plain = _cells(text, within=False)
        apart = plain if len(plain) == width or len(apart) < width else apart
    return tuple(apart)


def _cells(text: str, *, within: bool) -> list[str]:
    bars, open_ = list[re.Match[str]](), ""
    for match in _TOKEN.finditer(text):
        sign = match.group()
        if sign in "`$" and within and (not open_ or open_ == sign):
            open_ = "" if open_ else sign if text.find(sign, match.end()) >= 0 else ""
        elif sign == "|" and not open_:
            bars.append(match)
    cells = parted(text, bars)
    cells = cells if cells[-1].strip() or not bars else cells[:-1]
    return [_BAR.sub("|", cell).replace("`", "").strip() for cell in cells]


def tab_table(lines: Lines, place: int) -> Taken:
    """Lines with tabs between their cells, two or more, as they come out of a sheet or a document."""
    rows: list[Row] = []
    while place < len(lines.texts) and "\t" in lines.texts[place].strip():
        cells = tuple(cell.strip().strip('"') for cell in lines.texts[place].rstrip("\n").split("\t"))
        rows.append(Row(lines.number(place), cells))
        place += 1
    if len(rows) < 2 or (any("=" in row.cells[0] for row in rows) and all(sum(map(bool, r.cells)) < 2 for r in rows)):
        return None
    return [table(rows)], place


_WIKI = re.compile(r"^\{\|.*\n(?:.*\n){1,500}?\|\}", re.M)
_HEADED = re.compile(r"^!\s*(.*)$", re.M)


def with_wiki_tables(text: str) -> str:
    """A document with the headings of a wiki's tables, ``! node !! value``, between bars, as their rows are."""
    return _WIKI.sub(
        lambda table: _HEADED.sub(lambda row: f"| {row[1].replace('!!', '||')}", table[0]).removesuffix("|}"), text
    )
