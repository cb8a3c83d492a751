"""Documents made to cost time or memory are answered within two seconds and 512 megabytes, with no traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from samples import ALL

HERE = Path(__file__).parent
TEN = 10_000_000
SECONDS, MEGABYTES = 2.0, 512
QUICK = 0.1
"""Seconds within which nothing is checked at length."""
TRIES = 2
"""How often what takes long is checked again: the machine may have been busy."""
WAYS = ("command", "library")


def filled(piece: str, size: int = TEN) -> str:
    """A piece of text, over and over."""
    return piece * (size // len(piece))


def nested(size: int) -> str:
    """A list in a list in a list."""
    return "".join(f"{'  ' * depth}- v_{depth} = {depth}\n" for depth in range(size))


TABLE = "| v_0 | x | 2 |\n|---|---|---|\n| v_0 | x | 2 |\n"
HEAD = "| n | op | value |\n|---|---|---|\n"
XY = "| x | | 2 |\n| y | | 3 |\n"
DOCUMENTS: dict[str, Callable[[], str]] = {
    "new lines, 20,000": lambda: "\n" * 20_000,
    "pipes, 90,000": lambda: "|" * 90_000,
    "blanks, 80,000": lambda: " " * 80_000,
    "new lines": lambda: filled("\n"),
    "pipes": lambda: filled("|"),
    "pipes and new lines": lambda: filled("|\n"),
    "blanks": lambda: filled(" "),
    "blanks and new lines": lambda: filled(" \n"),
    "tabs": lambda: filled("\t"),
    "braces": lambda: filled("{"),
    "braces closed": lambda: filled("{", TEN // 2) + filled("}", TEN // 2),
    "dollars": lambda: filled("$"),
    "brackets": lambda: filled("[") + "]",
    "methods in a cell": lambda: TABLE + "| v_1 | " + filled("a.sum(b)", 100_000) + " | 3 |\n",
    "headings of summaries": lambda: filled("Layer  x\n", 18_000),
    "round brackets in a cell": lambda: TABLE + "| v_1 | " + filled("(", 1_000_000) + " | 3 |\n",
    "NULs": lambda: filled("\0"),
    "nested lists": lambda: nested(2_000),
    "HTML opened": lambda: filled("<table><tr><td>"),
    "HTML without an end": lambda: "<table>" + filled("<tr><td>1"),
    "tabulars opened": lambda: filled("\\begin{tabular}{l}"),
    "aligned opened": lambda: filled("\\begin{aligned}&"),
    "backslashes": lambda: filled("\\"),
    "JSON opened": lambda: filled('{"cells": ['),
    "blanks in a notebook": lambda: '{"cells": [{"cell_type": "markdown", "source": ["' + filled(" ") + '"]}]}',
    "equals signs": lambda: filled("="),
    "a long equation": lambda: "v_1 = " + filled("1 + ", 1_000_000) + "1 = 3",
    "a wide table": lambda: (
        filled("| v_1 ", 1_000_000) + "|\n" + filled("|---", 600_000) + "|\n" + filled("| 2 ", 600_000)
    ),
    "grid lines": lambda: filled("+---+---+\n"),
    "quotation marks": lambda: filled('"'),
    "semicolons": lambda: filled(";"),
    "steps of a listing": lambda: "```python\n" + filled("x -= 1\n", 10_000) + "```\n",
    "entities": lambda: filled("&amp;"),
    "digits": lambda: "v_1 = " + filled("1"),
    "digits in a cell": lambda: TABLE + "| v_1 | v_0 | " + filled("9", 1_000_000) + " |\n",
    "powers": lambda: TABLE + "| v_1 | 9^9^9^9^9 | 3 |\n| v_2 | 10^(10^(10^10)) | 3 |\n",
    "beyond the bound": lambda: (
        "| name | operation | value |\n|---|---|---|\n| v_{-1} | x_1 | 2 |\n| v_0 | x_2 | 5 |\n"
        "| v_1 | \\exp(9000) | \\exp(9000) |\n| v_2 | v_1 \\times v_1 | 5 |\n"
    ),
    "beyond the bound, equations": lambda: (
        "v_{-1} = x_1 = 2\nv_0 = x_2 = 5\nv_1 = \\exp(9000)\nv_2 = v_1 \\times v_1 = 5\n"
    ),
    "divided by zero": lambda: TABLE + "| v_1 | 1/(v_0 - 2) | 3 |\n| v_2 | ln(v_0 - 2) | 1 |\n",
    "many rows": lambda: (
        "| n | op | value |\n|---|---|---|\n| v_0 | x | 1 |\n"
        + "".join(f"| v_{i} | v_{i - 1} + v_{i - 1} | 1 |\n" for i in range(1, 2_000))
    ),
    "the same row": lambda: "| n | op | value |\n|---|---|---|\n" + filled("| v_1 | v_1 | 1 |\n", 30_000),
    "tables in tables": lambda: filled("<table><tr><td>1", 600_000) + filled("</td></tr></table>", 600_000),
    "a million columns": lambda: "| a " * 1_000_000 + "|\n" + "|---" * 1_000_000 + "|\n",
    "3,000 columns": lambda: "| v_1 " * 3_000 + "|\n" + "|---" * 3_000 + "|\n" + ("| 2 " * 3_000 + "|\n") * 3,
    "digits in mathematics": lambda: "$v_1 = " + filled("7", 1_900_000) + "$",
    "a matrix of 100,000 entries": lambda: (
        TABLE + "| v_1 | \\begin{pmatrix}" + " & ".join(["1"] * 100_000) + "\\end{pmatrix} | 3 |\n"
    ),
    "a list in brackets": lambda: TABLE + "| v_1 | v_0 | [" + ", ".join(["1"] * 300) + "] |\n",
    "fractions nested": lambda: TABLE + "| v_1 | " + "\\frac{1}{" * 100_000 + "2" + "}" * 100_000 + " | 3 |\n",
    "fractions displayed": lambda: "$$v_1 = " + "\\frac{1}{" * 100_000 + "2" + "}" * 100_000 + "$$\n",
    "roots nested in prose": lambda: "f(x) = " + "\\sqrt{" * 50_000 + "x" + "}" * 50_000 + " at x = 2\n",
    "pictures in a notebook": lambda: json.dumps(
        {"cells": [{"cell_type": "markdown", "source": ["![](data:image/png;base64," + filled("iVBOR", 1_900_000)]}]}
    ),
    "a picture in Markdown": lambda: "![](data:image/png;base64," + filled("iVBOR", 1_900_000) + ")\n",
    "underscores": lambda: filled("a_", 1_900_000),
    "names and equals signs": lambda: filled("x = ", 1_900_000),
    "dollars and blanks": lambda: filled("$ ", 1_900_000),
    "a chain of rows in prose": lambda: "".join(f"v_{i} = v_{i - 1} + 1 = {i}\n" for i in range(80_000)),
    "combining characters": lambda: "a" + "\u0307" * 900_000 + " = 3",
    "combining characters in a cell": lambda: TABLE + "| v_1 | a" + "\u0307" * 300_000 + " | 3 |\n",
    "minus signs in a cell": lambda: TABLE + "| v_1 | " + "-" * 990 + "v_0 | 3 |\n",
    "hats": lambda: "v_1 = x" + filled("^", 1_900_000) + " = 3",
    "cells of 100,000 columns": lambda: "<table>" + "<tr><td colspan=100000 rowspan=100000>1" * 50 + "</table>",
    "macros that double": lambda: (
        "".join(f"\\newcommand{{\\x{chr(97 + i)}}}{{\\x{chr(98 + i)}\\x{chr(98 + i)}}}" for i in range(24))
        + "\\begin{tabular}{ll}$v_1$ & $\\xa$\\\\\\end{tabular}"
    ),
    "layers without end": lambda: (
        "| Layer | Output shape | Parameters |\n|---|---|---|\n" + "| Conv2D 3x3, 64 | 30x30x64 | 1792 |\n" * 20_000
    ),
    "names alone": lambda: HEAD + "".join(f"| v_{i} | | |\n" for i in range(490)),
    "400 outputs": lambda: HEAD + XY + "".join(f"| v_{i} | x*y + {i} | {6 + i + (i == 7)} |\n" for i in range(1, 400)),
    "400 outputs in columns": lambda: (
        "| n | op | value "
        + "| a " * 20
        + "|\n"
        + "|---" * 23
        + "|\n| x | | 2 |"
        + " 1 |" * 20
        + "\n"
        + "".join(f"| v_{i} | x*{i} | {2 * i + (i == 7)} |" + f" {i} |" * 20 + "\n" for i in range(1, 100))
    ),
    "100 inputs in columns": lambda: (
        "| n | op | value "
        + "| a " * 10
        + "|\n"
        + "|---" * 13
        + "|\n"
        + "".join(f"| x_{i} | | {i} |" + " 1 |" * 10 + "\n" for i in range(1, 100))
        + "| y | "
        + " + ".join(f"x_{i}" for i in range(1, 100))
        + " | 4951 |"
        + " 1 |" * 10
        + "\n"
    ),
    "open marks in 20 columns": lambda: (
        "| n "
        + "| a " * 20
        + "|\n|"
        + "---|" * 21
        + "\n| x |"
        + " 2 |" * 20
        + "\n"
        + "".join(
            f"| v_{i} |"
            + f" v_{{{i - 1}}}' + dv_{{{i - 1}}} + v_{{{i - 1}}}^{{(2)}} + v_{{{i - 1}}}^{{(3)}} |" * 20
            + "\n"
            for i in range(1, 32)
        )
    ),
    "nothing but marks": lambda: (
        HEAD.replace("value", "$v'$")
        + "".join(
            f"| v_{i} | v_{{{i - 1}}}' \\dot v_{{{i - 1}}} dv_{{{i - 1}}} \\nabla v_{{{i - 1}}} v_{{{i - 1}}}^{{(2)}}"
            f" v_{{{i - 1}}}^{{(3)}} v_{{{i - 1}}}^{{(4)}} | {i} |\n"
            for i in range(1, 70)
        )
    ),
    "exponents of 100,000": lambda: HEAD + XY + "".join(f"| v_{i} | x*y | 1e{99_999 - i} |\n" for i in range(240)),
    "a deep chain": lambda: (
        HEAD + "| v_0 | x | 0.5 |\n" + "".join(f"| v_{i} | sin(v_{i - 1}) | 0.4 |\n" for i in range(1, 300))
    ),
    "one row of all": lambda: (
        HEAD
        + XY
        + "".join(f"| v_{i} | x * {i} | {2 * i} |\n" for i in range(1, 300))
        + "| f | "
        + " + ".join(f"v_{i}" for i in range(1, 300))
        + " | 5 |\n"
    ),
    "another function of 200 rows": lambda: (
        "f(x, y) = x*y at x = 2, y = 3\n\n"
        + HEAD
        + XY
        + "".join(f"| v_{i} | x*{i} + y | {2 * i + 3} |\n" for i in range(1, 200))
    ),
    "60 parts of an adjoint": lambda: (
        "| n | op | value | bar |\n|---|---|---|---|\n"
        + "".join(
            f"| {name} | {of} | 2 | " + " + ".join(["0.5"] * 60) + " = 30 |\n"
            for name, of in [("x", ""), *((f"v_{i}", f"x*{i}") for i in range(1, 60))]
        )
        + "| f | "
        + " + ".join(f"v_{i}" for i in range(1, 60))
        + " | 5 | 1 |\n"
    ),
    "110 outputs with increments of adjoints": lambda: (
        f"{HEAD}| x | | 2 |\n"
        + "".join(f"| v_{i} | x * {i} | {2 * i} |\n" for i in range(1, 110))
        + "\n| step | value |\n|---|---|\n"
        + "".join(f"| bar v_{i} += bar f | 1 |\n" for i in range(1, 110))
        + "".join(f"| bar x += bar v_{i} * {i} | {i * (i + 1) // 2} |\n" for i in range(1, 110))
    ),
    "200 rows without operations": lambda: (
        f"f(x) = {'sin(1.2*' * 200}x{')' * 200} at x = 1\n\n| row | value |\n|---|---|\n"
        + "".join(f"| v_{i} | 1.01 |\n" for i in range(200))
    ),
    "25 products of arrays": lambda: f"{HEAD}| W | | [[1, 2], [3, 4]] |\n| y | {'W*' * 25}W | [[1, 2], [3, 5]] |\n",
    "300 addends": lambda: (
        f"f(x) = {'+'.join(f'x*{i}' for i in range(300))} at x = 1\n\n{HEAD}| x | | 1 |\n| y | see above | 5 |\n"
    ),
    "new lines in CSV": lambda: filled("\n", 1_990_000),
    "equations in CSV": lambda: filled("v = x = 2\n", 190_000),
    "many functions in prose": lambda: filled("f(x) = x^2 at x = 2. ", 400_000) + "\n\n" + TABLE,
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What came of each document, by the command line and by the library: by one of them where it is checked at length,
    as both check alike.
    """
    folder = tmp_path_factory.mktemp("hostile")
    endings = [{"notebook": "ipynb", "CSV": "csv"}.get(name.rpartition(" ")[2], "md") for name in DOCUMENTS]
    paths = {name: folder / f"{k}.{ending}" for k, (name, ending) in enumerate(zip(DOCUMENTS, endings, strict=True))}
    for name, path in paths.items():
        path.write_text(DOCUMENTS[name](), encoding="utf-8")
    said = answered([(name, WAYS[k % 2], paths[name]) for k, name in enumerate(DOCUMENTS)])
    quick = [(name, by) for (name, by), answer in said.items() if ALL or answer["seconds"] < QUICK]
    said |= answered([(name, WAYS[by == WAYS[0]], paths[name]) for name, by in quick])
    for _ in range(TRIES):
        slow = [key for key, answer in said.items() if answer["seconds"] >= SECONDS]
        said |= answered([(*key, paths[key[0]]) for key in slow]) if slow else {}
    shutil.rmtree(folder)  # a fifth of a gigabyte
    return {name: [said[name, by] for by in WAYS if (name, by) in said] for name in DOCUMENTS}


def answered(orders: Sequence[tuple[str, str, Path]]) -> dict[tuple[str, str], dict[str, Any]]:
    """What came of each document, one way."""
    lines = "".join(json.dumps({"path": str(path), "by": by}) + "\n" for _, by, path in orders)
    command = [sys.executable, str(HERE / "hostile_documents.py")]
    ran = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=600, check=True)
    return {(name, by): json.loads(line) for (name, by, _), line in zip(orders, ran.stdout.splitlines(), strict=True)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_document(name: str, answers: dict[str, list[dict[str, Any]]]) -> None:
    """A report or a sentence, never a traceback, in time and in memory; never that all is right."""
    for answer in answers[name]:
        assert answer["escaped"] == ""
        assert answer["status"] in (2, 3, 4)
        assert "Traceback" not in answer["said"]
        assert answer["seconds"] < SECONDS
        assert answer["memory"] < MEGABYTES
