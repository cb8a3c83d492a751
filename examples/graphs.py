"""The computational graph of one trace in four writings: SVG, TikZ, DOT and Mermaid.

Writes ``graph.svg``, ``graph.tikz``, ``graph.dot`` and ``graph.mmd`` into a folder (the current one, or the one that is
named) and prints the Mermaid text, which GitHub draws inside a fenced ``mermaid`` block.
"""

import sys
from pathlib import Path

import adtrace

ENDINGS = {"svg": ".svg", "tikz": ".tikz", "dot": ".dot", "mermaid": ".mmd"}


def main(folder: Path) -> None:
    trace = adtrace.trace("f(x1, x2) = ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    folder.mkdir(parents=True, exist_ok=True)
    for name, ending in ENDINGS.items():
        (folder / f"graph{ending}").write_text(trace.graph(format=name), encoding="utf-8")
    print(trace.graph(format="mermaid"), end="")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
