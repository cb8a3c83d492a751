"""An activation function of one's own: declared in one line, its derivative found and checked.

Prints the forward table of a neuron with it, in whose last row the derivative stands that was found.
"""

import adtrace

swish = adtrace.elemental("swish", "u/(1 + exp(-u))", latex=r"\operatorname{swish}(<u>)")


def main() -> None:
    neuron = adtrace.trace("swish(w*x + b)", at={"w": 0.5, "x": 2, "b": -1}, seed="w")
    print(neuron.table(mode="forward", format="text"))
    slope = adtrace.trace("swish(x)", at={"x": 0}).gradient["x"]
    print(f"swish(1.5) = {swish(1.5):.6f}, swish'(0) = {slope}")


if __name__ == "__main__":
    main()
