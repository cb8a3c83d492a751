"""An activation function of one's own: declared in one line, its derivative found and checked by adtrace.

Prints the forward table of a neuron with it, and the derivative that was found.
"""

import adtrace

swish = adtrace.elemental("swish", "u/(1 + exp(-u))", latex=r"\operatorname{swish}(<u>)")


def main() -> None:
    print(
        adtrace.trace("swish(w*x + b)", at={"w": 0.5, "x": 2, "b": -1}, seed="w").table(mode="forward", format="text")
    )
    slope = adtrace.trace(lambda x: swish(x), at=0).gradient["x"]
    print(f"swish(1.5) = {swish(1.5):.6f}, swish'(0) = {slope}")


if __name__ == "__main__":
    main()
