"""Tables whose rows are known only by their value, as libraries print their records: ``val:10 | [2, 5] | mul``.

Each distinct value becomes a name, the parents and the operation a formula of names, and what is left reads like any
other table.  An operation that is not printed is the one whose value is the row's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from adtrace.checking.freehand import Reader
from adtrace.checking.grid import Grid
from adtrace.checking.local import NoValue, middle, value_of
from adtrace.checking.markup import Unread
from adtrace.numbers.certified import CERTIFIED

_VALUED = re.compile(r"\W*(?:val|value|data|v)\s*[:=(]\s*(-?\d*\.?\d+(?:[eE][-+]?\d+)?)", re.I)
_LIST = re.compile(r"[\s$]*[\[(]([^\[\]()]*)[\])][\s$]*")
_BASE = "2.718"  # the base of the natural logarithm, which some libraries keep as an operand
_UNARY = ("{0}", "-{0}", "ln({0})", "exp({0})", "sin({0})", "cos({0})", "tan({0})", "sqrt({0})", "tanh({0})",
          "sigmoid({0})", "relu({0})", "{0}^2", "1/{0}")  # fmt: skip
_BINARY = ("{0} + {1}", "{0} * {1}", "{0} - {1}", "{0} / {1}", "log({0}, {1})", "{0}^{1}", "{1} - {0}")
_SIGNS = {"add": "{0} + {1}", "plus": "{0} + {1}", "+": "{0} + {1}", "mul": "{0} * {1}", "*": "{0} * {1}",
          "sub": "{0} - {1}", "minus": "{0} - {1}", "-": "{0} - {1}", "div": "{0} / {1}", "truediv": "{0} / {1}",
          "/": "{0} / {1}", "pow": "{0}^{1}", "**": "{0}^{1}", "neg": "-{0}"}  # fmt: skip


def renamed(grids: Sequence[Grid]) -> list[Grid]:
    """The tables with names in place of values, where they have no names."""
    names: dict[str, str] = {}
    formulas: dict[str, str] = {}
    return [_renamed(grid, names, formulas) if _by_value(grid) else grid for grid in grids]


def _by_value(grid: Grid) -> bool:
    marked = sum(bool(_VALUED.match(row[0])) for row in grid.rows)
    return bool(grid.rows) and len(grid.heading) > 1 and marked >= 0.8 * len(grid.rows)


def _renamed(grid: Grid, names: dict[str, str], formulas: dict[str, str]) -> Grid:
    keys = [match.group(1) if (match := _VALUED.match(row[0])) else "" for row in grid.rows]
    for key in keys:
        names.setdefault(key, f"n_{len(names) + 1}")
    parents = next((j for j in range(1, len(grid.heading)) if _all_lists(grid, j)), None)
    operations = next((j for j, text in enumerate(grid.heading) if re.search(r"\bop", text, re.I) and j), None)
    rows: list[tuple[str, ...]] = []
    for key, row in zip(keys, grid.rows, strict=True):
        cells = list(row)
        cells[0] = names[key]
        if parents is not None:
            operands = _operands(row[parents], names)
            word = row[operations].strip("$ ").lower() if operations is not None else ""
            if operands is not None and key not in formulas:
                formulas[key] = _formula(key, operands, word, names)
            cells[parents] = formulas.get(key, "")
        if operations is not None:
            cells[operations] = ""
        rows.append(tuple(cells))
    heading = list(grid.heading)
    if parents is not None:
        heading[parents] = "operation"
    return grid._replace(rows=tuple(rows), heading=tuple(heading))


def _all_lists(grid: Grid, j: int) -> bool:
    return all(_LIST.fullmatch(row[j]) for row in grid.rows)


def _operands(cell: str, names: dict[str, str]) -> list[str] | None:
    match = _LIST.fullmatch(cell)
    texts = [piece.strip() for piece in match.group(1).split(",") if piece.strip()] if match else []
    for text in texts:
        if re.fullmatch(r"-?\d*\.?\d+", text):
            names.setdefault(text, f"n_{len(names) + 1}")
    return [names[text] for text in texts] if all(text in names for text in texts) else None


def _formula(key: str, operands: list[str], word: str, names: dict[str, str]) -> str:
    """The operation of these operands: the one that is named, else the one with the row's value."""
    if not operands:
        return "e" if key.startswith(_BASE) else key
    if word and word != "none":
        template = _SIGNS.get(word)
        return template.format(*operands) if template else f"{word}({', '.join(operands)})"
    numbers = {name: CERTIFIED.literal(*_literal(text)) for text, name in names.items() if text}
    target = middle(CERTIFIED.literal(*_literal(key)))
    reader = Reader(names.values())
    for template in _UNARY if len(operands) == 1 else _BINARY if len(operands) == 2 else ():
        formula = template.format(*operands)
        try:
            value = middle(value_of(reader.read(formula).terms, numbers))
        except (NoValue, Unread):
            continue
        if abs(value - target) <= 2e-3 * (1 + abs(target)):
            return formula
    return ""


def _literal(text: str) -> tuple[int, int]:
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    return int(whole + fraction or "0"), int(exponent or 0) - len(fraction)
