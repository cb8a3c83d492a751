"""Griewank and Walther's first example, y = (sin(x1/x2) + x1/x2 - exp(x2)) * (x1/x2 - exp(x2)) at (1.5, 0.5).

Prints its reverse trace as text, with the brackets that give the book's six rows, then the gradient to twelve decimals.
Sharing does the rest: x1/x2 and exp(x2) are typed more than once and are one row each.
"""

import adtrace

EXPRESSION = "f(x1, x2) = (sin(x1/x2) + (x1/x2 - exp(x2)))*(x1/x2 - exp(x2))"


def main() -> None:
    trace = adtrace.trace(EXPRESSION, at={"x1": "1.5", "x2": "0.5"})
    print(trace.table(mode="reverse", format="text"))
    for name, partial in trace.gradient.items():
        print(f"df/d{name} = {partial:.12f}")


if __name__ == "__main__":
    main()
