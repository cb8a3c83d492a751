"""Tables of reStructuredText and MyST that are directives: ``list-table`` and ``csv-table``."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping

from adtrace.checking.sheets.rows import Lines, Row, Taken, prose, table
from adtrace.errors import InputError

_OPENS = re.compile(r"\s*(?:(\.\. )|[`:]{3,}\{)(list|csv)-table\b")
_CLOSES = {".. ": re.compile(r"\S|\s*[`:]{3,}\s*$"), None: re.compile(r"\s*[`:]{3,}\s*$")}
"""What ends a directive, by what stands before its name."""
_ITEM = re.compile(r"\s*(\* +)?- ?(.*)")
_OPTION = re.compile(r"\s*:([\w-]+):(?:\s+(.*)|$)")


def directive(lines: Lines, place: int) -> Taken:
    """The table of a directive: its options above, then a list of lists, or lines of CSV."""
    opens = _OPENS.match(lines.texts[place])
    if not opens:
        return None
    closes = _CLOSES[opens[1]]
    end = next((k for k in range(place + 1, len(lines.texts)) if closes.match(lines.texts[k])), len(lines.texts))
    written = [(lines.number(k), lines.texts[k]) for k in range(place + 1, end) if lines.texts[k].strip()]
    options = {of[1]: (of[2] or "").strip() for _, text in written if (of := _OPTION.match(text))}
    inside = [(line, text) for line, text in written if not _OPTION.match(text)]
    rows = _of_lists(inside) if opens[2] == "list" else _of_csv(inside, options)
    if not rows:
        return [prose(lines.number(place), lines.texts[place])], place + 1
    first = options.get("header-rows", "")[:1]
    headings = (int(first) if first.isdecimal() else 0) + ("header" in options)
    return [table(row._replace(heading=j < headings) for j, row in enumerate(rows))], end


_Written = list[tuple[int, str]]


def _of_lists(written: _Written) -> list[Row]:
    """A list of lists; a cell may have several lines."""
    rows: list[Row] = []
    for line, text in written:
        item = _ITEM.match(text)
        if item and (item[1] or rows):
            above = Row(line, ()) if item[1] else rows.pop()
            rows.append(above._replace(cells=(*above.cells, item[2].strip())))
        elif rows:
            rows[-1] = rows[-1]._replace(cells=(*rows[-1].cells[:-1], f"{rows[-1].cells[-1]} {text.strip()}"))
    return rows


def _of_csv(written: _Written, options: Mapping[str, str]) -> list[Row]:
    """Lines of CSV, the headings of an option first."""
    asked = options.get("delim", ",")
    sign = {"tab": "\t", "space": " "}.get(asked, asked if asked in (";", "|", ":") else ",")
    headed = [(written[0][0], options["header"])] if written and "header" in options else []
    return list(csv_rows((*headed, *written), sign))


def csv_rows(written: Iterable[tuple[int, str]], sign: str) -> Iterator[Row]:
    """Lines of CSV, each with its number, as rows; a cell in quotes may have several lines.  Raises `InputError`."""
    numbers: list[int] = []

    def lines() -> Iterator[str]:
        for number, text in written:
            numbers.append(number)
            yield f"{text}\n"

    begin, reader = 0, csv.reader(lines(), delimiter=sign, skipinitialspace=sign != "\t")
    try:
        for cells in reader:
            yield Row(numbers[begin], tuple(map(str.strip, cells)))
            begin = reader.line_num
    except csv.Error as problem:
        raise InputError(f"line {numbers[-1]}: this is not CSV: {problem}") from None
