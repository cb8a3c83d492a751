"""Text in a terminal: the traces below each other where the terminal is too narrow for them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from adtrace.tables.table import Block, Table

_MARGIN, _BETWEEN = 2, 3
"""Columns of a terminal before a panel, and more of them between two."""


def fitted(tables: Callable[..., Iterable[Table]], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The options of the tables on stdout: in a terminal that is too narrow for text side by side, it is stacked.

    A layout that was chosen stays.
    """
    if not sys.stdout.isatty() or given["format"] not in ("text", "txt") or given.get("layout", "auto") != "auto":
        return given
    beside = {**given, "layout": "side-by-side"}
    widest = max(_width(block) for table in tables(**beside) for block in table.blocks)
    return {**given, "layout": "stacked"} if widest > shutil.get_terminal_size().columns else beside


def _width(block: Block) -> int:
    return sum(panel.width + _MARGIN for panel in block.panels) + _BETWEEN * (len(block.panels) - 1)
