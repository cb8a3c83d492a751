"""Backpropagation through a network of two inputs, two hidden and two output sigmoids, with the well-known numbers.

Prints the error and its derivative by every weight, all from one reverse sweep, and how many rows that sweep has.
The expression is ordinary text, put together from its layers.
"""

import adtrace

POINT = {
    "i1": "0.05", "i2": "0.10", "b1": "0.35", "b2": "0.60", "t1": "0.01", "t2": "0.99",
    "w1": "0.15", "w2": "0.20", "w3": "0.25", "w4": "0.30", "w5": "0.40", "w6": "0.45", "w7": "0.50", "w8": "0.55",
}  # fmt: skip


def main() -> None:
    hidden = [f"sigmoid({a}*i1 + {b}*i2 + b1)" for a, b in (("w1", "w2"), ("w3", "w4"))]
    outputs = [f"sigmoid({a}*{hidden[0]} + {b}*{hidden[1]} + b2)" for a, b in (("w5", "w6"), ("w7", "w8"))]
    loss = " + ".join(f"(t{k} - {output})^2/2" for k, output in enumerate(outputs, start=1))
    trace = adtrace.trace(f"E = {loss}", at=POINT)
    print(f"E = {trace.value:.9f} in {len(trace.wengert.rows)} rows")
    for name, partial in trace.gradient.items():
        if name.startswith("w"):
            print(f"dE/d{name} = {partial:.9f}")


if __name__ == "__main__":
    main()
