"""A page that students step through: one HTML file with the table, the graph and every step of both sweeps.

Writes ``step_through.html`` (or the file that is named) and prints what it holds.  Open it in a browser; the arrow
keys step, and ``step_through.html#12`` opens step 12, so that a lecture can link to it.
"""

import sys
from pathlib import Path

import adtrace

NEURON = "y = sigmoid(w1*x1 + w2*x2 + b)"
POINT = {"w1": "0.5", "w2": -1, "x1": 2, "x2": 3, "b": "0.25"}


def main(path: Path) -> None:
    trace = adtrace.trace(NEURON, at=POINT)
    page = trace.table(format="html", standalone=True, mode="reverse")
    path.write_text(page, encoding="utf-8")
    print(f"{path}: {page.count('<li ')} steps, {len(page) // 1000} kB, nothing to fetch")
    for name, partial in trace.gradient.items():
        print(f"  dy/d{name} = {partial:.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "step_through.html"))
