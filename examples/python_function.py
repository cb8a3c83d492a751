"""A Python function with a loop and a branch: one step of gradient descent on a small robust fit.

Prints the forward table, whose notes name the branches taken, and the new parameters.
"""

import adtrace

DATA = [(0, 1), (1, 3), (2, 9)]


def loss(a, b):
    """Huber's loss of the line a*x + b: squares near the data, straight lines far from them."""
    total = 0
    for x, y in DATA:
        off = abs(a * x + b - y)
        total += off**2 / 2 if off <= 1 else off - 0.5
    return total


def main() -> None:
    at = {"a": 2, "b": 1}
    trace = adtrace.trace(loss, at)
    print(trace.table(mode="forward", format="text"))
    print(f"loss = {trace.value}")
    for name, slope in trace.gradient.items():
        print(f"{name} = {at[name]} - 0.1*({slope}) = {at[name] - slope / 10:.1f}")


if __name__ == "__main__":
    main()
