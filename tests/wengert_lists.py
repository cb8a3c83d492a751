"""Wengert lists as plain data that two of them can be compared by, whatever they were read from."""

from __future__ import annotations

from typing import Any

from adtrace.tracing.wengert import Constant, WengertList
from adtrace.writing.dialects import plain


def operand(given: Any) -> int | str:
    """A variable's index, or a constant's spelling without brackets round the whole of it."""
    if not isinstance(given, Constant):
        return int(given)
    text = plain(given.terms)
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def shape(wengert: WengertList) -> tuple[Any, ...]:
    """What a list says: its variables, its rows and its dependent variables."""
    rows = [(row.elemental.name, *map(operand, row.operands)) for row in wengert.rows]
    return wengert.independents, rows, [operand(x) for x in wengert.dependents]
