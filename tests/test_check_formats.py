"""A table says the same in whatever it is written: Markdown documents of other hands, their tables in other formats.

Of half of the documents, drawn once, one format each is tried, in turn; ``CHECK_MUTATIONS=all`` tries all of all.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from answers import DOCUMENTS, OPTIONS, answers
from samples import ALL, in_turn

import adtrace
from adtrace.checking.sheets import decoded

ANSWERS = answers()
Table = list[list[str]]
_RULE = re.compile(r"\s*\|[\s:|-]+\|?\s*")
_SHOWN = re.compile(r"`([^`]*)`")


def pieces(text: str) -> list[Table | str]:
    """The tables of a document, and its other lines."""
    found: list[Table | str] = []
    lines, inside = text.split("\n"), False
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        is_row = line.lstrip().startswith("|")
        if is_row and not inside and _RULE.fullmatch(below):
            found.append([])
        inside = is_row and bool(found) and (inside or _RULE.fullmatch(below) is not None)
        if not inside:
            found.append(line)
        elif not _RULE.fullmatch(line):
            cells = re.split(r"(?<!\\)\|", re.sub(r"(?<!\\)\|$", "", line.strip().removeprefix("|")))
            found[-1].append([cell.strip().replace("\\|", "|") for cell in cells])  # type: ignore[union-attr]
    return found


def tabs(table: Table) -> str:
    """As a spreadsheet copies it."""
    return "\n".join(map("\t".join, table)) + "\n"


def columns(table: Table) -> str:
    """In columns of letters, without a rule."""
    width = max(map(len, table))
    full = [[*row, *[""] * (width - len(row))] for row in table]
    wide = [max(map(len, column)) + 3 for column in zip(*full, strict=True)]
    return "\n".join("".join(map(str.ljust, row, wide)).rstrip() for row in full)


def tabular(table: Table) -> str:
    """In LaTeX, without a rule."""

    def cell(text: str) -> str:
        plain = "$" in text or not re.search(r"[_^\\]", text)
        return _SHOWN.sub(r"\\texttt{\1}", text) if "`" in text else text if plain else f"${text}$"

    rows = [" & ".join(map(cell, row)) + r" \\" for row in table]
    return "\n".join([rf"\begin{{tabular}}{{{'l' * len(table[0])}}}", *rows, r"\end{tabular}"])


def page(table: Table) -> str:
    """In HTML."""
    rows = []
    for row in table:
        tag = "td" if rows else "th"
        cells = (f"<{tag}>{html.escape(_SHOWN.sub(lambda shown: shown[1], cell))}</{tag}>" for cell in row)
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def org(table: Table) -> str:
    """In Org, with a rule."""
    rows = ["| " + " | ".join(cell.replace("|", r"\vert{}") for cell in row) + " |" for row in table]
    return "\n".join([rows[0], f"|{'+'.join('---' for _ in table[0])}|", *rows[1:]])


def items(table: Table) -> str:
    """As a list of lists, in reStructuredText."""
    rows = ["\n".join(f"   {' ' if place else '*'} - {cell}" for place, cell in enumerate(row)) for row in table]
    return "\n".join(["\n.. list-table::\n   :header-rows: 1\n", *rows, ""])


def _as_it_is(line: str) -> str:
    return line


WAYS: dict[str, tuple[str, Callable[[Table], str], Callable[[str], str], str, str]] = {
    "tabs": (".txt", tabs, _as_it_is, "", ""),
    "columns": (".txt", columns, _as_it_is, "", ""),
    "latex": (".tex", tabular, lambda line: re.sub(r"^#+ (.*)", r"\\section{\1}", line),
              "\\documentclass{article}\\begin{document}\n", "\n\\end{document}"),
    "html": (".html", page, lambda line: f"<p>{html.escape(line)}</p>" if line.strip() else "",
             "<html><body>", "</body></html>"),
    "org": (".org", org, lambda line: re.sub(r"^#+ ", "* ", line), "", ""),
    "rst": (".rst", items, lambda line: _SHOWN.sub(r"``\1``", line), "", ""),
}  # fmt: skip
"""The end of a file's name, how a table stands in it, how other lines do, and what stands before and behind all."""


def verdict(document: Path, answer: dict[str, Any]) -> tuple[Any, ...]:
    """What is found, without the places at which it is."""
    options = {option: answer[option] for option in OPTIONS if option in answer}
    report = adtrace.check(document, answer.get("at"), **options)
    mistakes = sorted((m.row, m.quantity.partition(" (")[0], m.expected) for m in report.mistakes)
    others = sorted(problem.kind for problem in report.problems if problem.kind != "note")
    return report.exit_status, mistakes, report.counts, others


def _is_tried(found: Sequence[Table | str]) -> bool:
    """Whether nothing but tables and lines of prose is in a document: what has formats of its own is no other's."""
    lines = [piece for piece in found if isinstance(piece, str)]
    return len(lines) < len(found) and not any(line.startswith(("```", "    ", "|")) or "$$" in line for line in lines)


TRIED = {
    name: found
    for name in ANSWERS
    if name.endswith(".md") and _is_tried(found := pieces(decoded((DOCUMENTS / name).read_bytes(), name)))
}
DRAWN = list(TRIED) if ALL else sorted(random.Random(14).sample(list(TRIED), len(TRIED) // 2))


@pytest.mark.parametrize("name", DRAWN)
def test_a_table_says_the_same_in_every_format(name: str, tmp_path: Path) -> None:
    """As many cells are right, and the same ones wrong."""
    wanted = verdict(DOCUMENTS / name, ANSWERS[name])
    for way in in_turn(list(WAYS), DRAWN.index(name)):
        ending, written, said, above, below = WAYS[way]
        lines = [said(piece) if isinstance(piece, str) else written(piece) for piece in TRIED[name]]
        document = tmp_path / f"document{ending}"
        document.write_text(above + "\n".join(lines) + below, encoding="utf-8")
        assert verdict(document, ANSWERS[name]) == wanted, way


COLUMNS = {
    "a heading with signs": """f(x, y) = x*y + x at x = 2, y = 5

name   = symbolic   = numeric
v_1    = x          2
v_2    = y          5
v_3    = v_1*v_2    {}
v_4    = v_3 + v_1  12
""",
    "first cells that are empty": """f(x, y) = x*y + x at x = 2, y = 5

            value   adjoint
x           2       6
y           5       2
a = x*y     {}      1
f = a + x   12      1
""",
    "letters of two columns": """f(x, y) = x*y + x 在 x = 2, y = 5

节点   运算     数值
x    输入     2
y    输入     5
v1   x*y    {}
v2   v1+x   12
""",
    "commas": """Sequence of 20 words, vocabulary 1000.

Layer                    Output   Parameters
Embedding(1000, 64)      20×64    64000
LSTM(128), last output   128      98816
Dense(10, softmax)       {}       1290
""",
    "a cell alone in its line": """f(x, y, z) = (x + y) z; x = 1, y = -3, z = 6

gate        forward   backward
q = x + y   -2        ∂f/∂q = z = 6
f = q z     {}       ∂f/∂f = 1
                      ∂f/∂x = 6, ∂f/∂y = 6, ∂f/∂z = q = -2
""",
}
RIGHT = {"a cell alone in its line": "-12"}


@pytest.mark.parametrize("columns", COLUMNS)
def test_columns_of_text_may_be_ragged(columns: str) -> None:
    """They were taken for equations or CSV: nothing was read, or right cells were blamed."""
    document, right = COLUMNS[columns], RIGHT.get(columns, "10")
    report = adtrace.check(document.format(right))
    assert (report.exit_status, report.count("not read")) == (0, 0), str(report)
    line = next(k for k, text in enumerate(document.split("\n"), start=1) if "{}" in text)
    assert {mistake.line for mistake in adtrace.check(document.format("11")).mistakes} == {line}
