"""A program as input: one step of a logistic regression, with the names of its statements in the table.

The text could as well stand in a file: ``adtrace table @steps.txt --at ... --notation names=source``.
"""

from __future__ import annotations

import adtrace

PROGRAM = """
z = w*x + b        # the linear part
p = sigmoid(z)     # the probability
loss = -ln(p)      # of the right class
"""

trace = adtrace.trace(PROGRAM, at={"w": "1/2", "x": 3, "b": -1})
print(trace.table(format="text", style="aligned", mode="reverse", notation="names=source"))

rate = 0.1
for name in ("w", "b"):
    print(f"{name} moves by {-rate * float(trace.gradient[name]):.4f}")
