"""The questions of a homework on networks, each a line of arrays.

Prints the gradient of a convolutional net and its step of gradient descent, in numbers and in letters; the adjoints of
convolutions, pools and a sigmoid in letters; the three convolutions of [1, 2, 3, 4] and [1, 0, 2]; the Jacobian of a
softmax with its derivative by a constant that is added (0); a network with the sigmoid beside its equal with tanh.
"""

import adtrace

NET = """
    z = conv1d(x, k) + b
    r = relu(z)
    v = maxpool1d(r, 2, stride=1)
    yhat = w @ v + a
    L = (y - yhat)^2/2
"""
POINT = {"x": [1, 2, -1, 3, "0.5"], "k": [1, -1, 2], "b": "0.5", "w": [2, -1], "a": "0.25", "y": 1}
IN_LETTERS = {
    "convolution": ("conv1d(x, k)", "x=4; k=2"),
    "max pool": ("maxpool1d(x, 2)", "x=4"),
    "average pool": ("avgpool1d(x, 2)", "x=4"),
    "convolution, then sigmoid": ("sigmoid(conv1d(x, k))", "x=3; k=2"),
}
TWO_LAYERS = "sum((w2 @ {layer} + b2)^2)"
LAYERS = {"x": [1, 2], "w1": [["0.5", -1], [1, "0.25"]], "b1": ["0.1", "-0.2"], "w2": [[1, -2]], "b2": ["0.3"]}


def main() -> None:
    net = adtrace.trace(NET, POINT, const="y")
    print(f"L = {net.value.exact}")
    for name, slope in net.gradient.items():
        print(f"dL/d{name} = {slope}, after a step: {net.updated('0.01')[name]}")

    letters = adtrace.trace(NET, shape="x=5; k=3; w=2", const="y")
    print(letters.table(mode="reverse", format="text"))
    for question, (formula, shape) in IN_LETTERS.items():
        print(f"\n{question}")
        print(adtrace.trace(formula, shape=shape).table(mode="reverse", format="text", caption=""))

    for mode in ("full", "valid", "same"):
        values = adtrace.trace(f'convolve(x, k, mode="{mode}")', {"x": [1, 2, 3, 4], "k": [1, 0, 2]}).value
        print(f"{mode}: {values}")

    softmax = adtrace.trace("S = softmax(x + c)", {"x": [1, 2, 3], "c": "0.5"}, weights="each")
    for place, row in enumerate(softmax.jacobian["S"]["x"]):
        print(f"dS_{place + 1}/dx = {row}")
    exact = softmax.to_dict(mode="reverse", digits=30)["jacobian"]
    print({entry: slopes["c"] for entry, slopes in exact.items()})

    sigmoid = adtrace.trace(TWO_LAYERS.format(layer="sigmoid(w1 @ x + b1)"), LAYERS)
    tanh = adtrace.trace(TWO_LAYERS.format(layer="((tanh(w1/2 @ x + b1/2) + 1)/2)"), LAYERS)
    print(f"sigmoid {sigmoid.value:.12f}, tanh {tanh.value:.12f}")
    for name, slope in sigmoid.gradient.items():
        print(name, slope, tanh.gradient[name])


if __name__ == "__main__":
    main()
