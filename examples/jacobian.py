"""Several outputs: polar coordinates, their Jacobian by both sweeps, and its determinant, which is r.

The tables are those of a worked solution: one forward table with a column for each variable, one reverse table for
each output.
"""

from __future__ import annotations

import adtrace

POLAR = "(x, y) = (r*cos(t), r*sin(t))"

trace = adtrace.trace(POLAR, at={"r": 2, "t": "pi/6"}, seed="each")
print(trace.table(format="text", style="directional", mode="forward"))
print(trace.table(format="text", mode="reverse"))

(a, b), (c, d) = ([float(value) for value in row.values()] for row in trace.jacobian.values())
forward = [[float(tangents[name]) for tangents in trace.tangents] for name in trace.values]
print("forward and reverse agree:", forward == [[a, b], [c, d]])
print(f"determinant {a * d - b * c:.4f}")
