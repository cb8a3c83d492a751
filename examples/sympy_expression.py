"""A sympy expression with its derivative: the trace's gradient beside what sympy finds symbolically.

Prints the reverse table of a Piecewise, with the condition that held, and both gradients.
"""

import sympy

import adtrace


def main() -> None:
    x, y = sympy.symbols("x y")
    f = sympy.Piecewise((x**2 * sympy.exp(-y / 2), x > y), (sympy.sin(x * y), True))
    at = {x: 3, y: sympy.log(2)}
    trace = adtrace.trace(f, at)
    print(trace.table(mode="reverse", format="text"))
    for symbol in (x, y):
        exact = f.diff(symbol).subs(at)
        print(f"df/d{symbol} = {trace.gradient[str(symbol)]:.6f} = {sympy.simplify(exact)}")


if __name__ == "__main__":
    main()
