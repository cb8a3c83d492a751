"""Newton's method for x^2 = 2 in exact fractions: every step is a trace.

Prints the trace of the first step, then each step's fraction and its error: 3/2, 17/12, 577/408, 665857/470832.
"""

import adtrace

EQUATION = "x^2 - 2"


def main() -> None:
    guess = 1
    for step in range(5):
        trace = adtrace.trace(EQUATION, at={"x": guess})
        if step == 0:
            print(trace.table(mode="forward", format="text"))
        value, slope = trace.value.exact, trace.tangent.exact
        guess = guess - value / slope
        print(f"x = {guess}   x^2 - 2 = {float(guess**2 - 2):.1e}")


if __name__ == "__main__":
    main()
