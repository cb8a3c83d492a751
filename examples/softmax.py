"""Sigmoid and softmax, one output at a time.

Prints s'(x) beside s(x)(1 - s(x)), the sigmoid beside (tanh(x/2) + 1)/2, and the Jacobian of a softmax of three
numbers, whose rows sum to zero: adding a constant to every number changes nothing.
"""

import adtrace

NAMES = ("x1", "x2", "x3")
POINT = {"x1": 1, "x2": 2, "x3": 3}


def main() -> None:
    at = {"x": "0.5"}
    slope = adtrace.trace("1/(1 + e^(-x))", at).tangent
    product = adtrace.trace("sigmoid(x)*(1 - sigmoid(x))", at).value
    print(f"s'(0.5) = {slope:.10f}   s(0.5)(1 - s(0.5)) = {product:.10f}")
    sigmoid, tanh = adtrace.trace("sigmoid(x)", at).value, adtrace.trace("(tanh(x/2) + 1)/2", at).value
    print(f"s(0.5)  = {sigmoid:.10f}   (tanh(0.25) + 1)/2  = {tanh:.10f}")

    total = " + ".join(f"exp({name})" for name in NAMES)
    for output in NAMES:
        trace = adtrace.trace(f"exp({output})/({total})", POINT)
        row = trace.gradient.values()
        print(f"S = {trace.value:.4f}   " + "  ".join(f"{partial:8.4f}" for partial in row))


if __name__ == "__main__":
    main()
