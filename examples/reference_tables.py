"""The four tables of the reference homework (question 4, forward and reverse AD), with the right figures.

Run with a folder to write to: ``python examples/reference_tables.py out``.
"""

import sys
from pathlib import Path

import adtrace

TABLES = {
    "tables-1-2": adtrace.trace("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5}),
    "tables-3-4": adtrace.trace("f(x1, x2) = 1/(x1 + x2) + x2^2 + cos(x1)", at={"x1": 3, "x2": 6}, powers="products"),
}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, trace in TABLES.items():
        for kind, ending in {"markdown": ".md", "latex": ".tex", "text": ".txt", "json": ".json"}.items():
            path = folder / (name + ending)
            path.write_text(trace.table(format=kind, standalone=kind == "latex"), encoding="utf-8")
            print(path)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out"))
