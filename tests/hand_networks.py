"""Networks as people differentiate them by hand, worked out by numpy: the rows of the reverse sweep, one to be wrong.

    table("dense", "W1", lambda n: np.outer(n["x"], n["bar z1"]))

is our own table of the network, in which that row's adjoint, and all that is computed from it, are the wrong ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

import adtrace

Numbers = Mapping[str, Any]
Rule = Callable[[Numbers], Any]


@dataclass(frozen=True)
class Network:
    """A program at a point, and the same by numpy: its values, then its adjoints in the order of the sweep."""

    program: str
    at: dict[str, Any]
    const: tuple[str, ...]
    values: dict[str, Rule]
    adjoints: dict[str, Rule]


def softmax(z: Any) -> Any:
    """Along the last axis."""
    made = np.exp(z)
    return made / made.sum(axis=-1, keepdims=True)


def spread_back(p: Any, adjoint: Any) -> Any:
    """The adjoint of what a softmax is of."""
    return p * (adjoint - (adjoint * p).sum(axis=-1, keepdims=True))


def correlated(x: Any, k: Any) -> Any:
    """Without padding, in as many dimensions as both have."""
    places = np.ndindex(*(a - b + 1 for a, b in zip(np.shape(x), np.shape(k), strict=True)))
    found = {i: (x[tuple(slice(a, a + b) for a, b in zip(i, np.shape(k), strict=True))] * k).sum() for i in places}
    return np.array(list(found.values())).reshape([n + 1 for n in max(found)])


def full(x: Any, k: Any) -> Any:
    """The full convolution, which flips the kernel."""
    return correlated(np.pad(x, [(n - 1, n - 1) for n in np.shape(k)]), np.flip(k))


def to_maxima(x: Any, adjoint: Any, size: int, stride: int) -> Any:
    """The adjoint of what a pool is of: that of each window to its first maximum."""
    made = np.zeros_like(x, dtype=float)
    for i in np.ndindex(*np.shape(adjoint)):
        window = tuple(slice(k * stride, k * stride + size) for k in i)
        place = np.argwhere(x[window] == x[window].max())[0]
        made[tuple(k * stride + p for k, p in zip(i, place, strict=True))] += adjoint[i]
    return made


NETWORKS = {
    "dense": Network(
        "z1 = W1 @ x + b1\nh = relu(z1)\nz2 = W2 @ h + b2\np = sigmoid(z2)\nL = mse(p, y)",
        {"W1": [[1, -1], [0.5, 0.25], [2, 1]], "x": [1, 2], "b1": [0.5, -0.5, -1], "W2": [[1, -2, 0.5], [-0.5, 1, 1]],
         "b2": [0.1, -0.2], "y": [1, 0]},
        ("y",),
        {"z1": lambda n: n["W1"] @ n["x"] + n["b1"], "h": lambda n: np.maximum(n["z1"], 0),
         "z2": lambda n: n["W2"] @ n["h"] + n["b2"], "p": lambda n: 1 / (1 + np.exp(-n["z2"])),
         "L": lambda n: ((n["p"] - n["y"]) ** 2).mean()},
        {"p": lambda n: n["p"] - n["y"], "z2": lambda n: n["bar p"] * n["p"] * (1 - n["p"]),
         "h": lambda n: n["W2"].T @ n["bar z2"], "z1": lambda n: n["bar h"] * (n["z1"] > 0),
         "W1": lambda n: np.outer(n["bar z1"], n["x"]), "x": lambda n: n["W1"].T @ n["bar z1"],
         "b1": lambda n: n["bar z1"], "W2": lambda n: np.outer(n["bar z2"], n["h"]), "b2": lambda n: n["bar z2"]},
    ),
    "batch": Network(
        "Z = X @ W + b\nH = tanh(Z)\nS = H @ V + c\nP = softmax(S, axis=1)\nL = cross_entropy(P, Y)",
        {"X": [[1, 2], [-1, 0.5], [0.5, 1]], "W": [[0.5, -1], [0.25, 1]], "b": [0.1, -0.2],
         "V": [[1, -0.5, 0.3], [0.25, 1, -0.7]], "c": [0.1, 0.2, 0.3], "Y": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]},
        ("Y",),
        {"Z": lambda n: n["X"] @ n["W"] + n["b"], "H": lambda n: np.tanh(n["Z"]),
         "S": lambda n: n["H"] @ n["V"] + n["c"], "P": lambda n: softmax(n["S"]),
         "L": lambda n: -(n["Y"] * np.log(n["P"])).sum()},
        {"P": lambda n: -n["Y"] / n["P"], "S": lambda n: spread_back(n["P"], n["bar P"]),
         "H": lambda n: n["bar S"] @ n["V"].T, "Z": lambda n: n["bar H"] * (1 - n["H"] ** 2),
         "X": lambda n: n["bar Z"] @ n["W"].T, "W": lambda n: n["X"].T @ n["bar Z"],
         "b": lambda n: n["bar Z"].sum(axis=0), "V": lambda n: n["H"].T @ n["bar S"],
         "c": lambda n: n["bar S"].sum(axis=0)},
    ),
    "conv1d": Network(
        "z = conv1d(x, k) + b\nr = relu(z)\nv = maxpool1d(r, 2, stride=1)\ny = dot(w, v) + a\nd = y - t\nL = d^2/2",
        {"x": [1, 2, -1, 3, 0.5, 4], "k": [1, -1, 2], "b": 0.5, "w": [2, -1, 3], "a": 0.25, "t": 1}, ("t",),
        {"z": lambda n: correlated(n["x"], n["k"]) + n["b"], "r": lambda n: np.maximum(n["z"], 0),
         "v": lambda n: np.maximum(n["r"][:-1], n["r"][1:]), "y": lambda n: n["w"] @ n["v"] + n["a"],
         "d": lambda n: n["y"] - n["t"], "L": lambda n: n["d"] ** 2 / 2},
        {"d": lambda n: n["d"], "y": lambda n: n["bar d"], "v": lambda n: n["bar y"] * n["w"],
         "r": lambda n: to_maxima(n["r"], n["bar v"], 2, 1), "z": lambda n: n["bar r"] * (n["z"] > 0),
         "x": lambda n: full(n["bar z"], n["k"]), "k": lambda n: correlated(n["x"], n["bar z"]),
         "b": lambda n: n["bar z"].sum(), "w": lambda n: n["bar y"] * n["v"], "a": lambda n: n["bar y"]},
    ),
    "conv2d": Network(
        "Z = conv2d(X, K, padding=1)\nR = relu(Z)\nP = maxpool2d(R, 2, stride=2)\nD = P*C\nL = mean(D)",
        {"X": [[1, 2, 0], [-1, 3, 1], [2, 0.5, -2]], "K": [[1, -1], [0.5, 3]], "C": [[1, -2], [0.5, 3]]}, ("C",),
        {"Z": lambda n: correlated(np.pad(n["X"], 1), n["K"]), "R": lambda n: np.maximum(n["Z"], 0),
         "P": lambda n: n["R"].reshape(2, 2, 2, 2).max(axis=(1, 3)), "D": lambda n: n["P"] * n["C"],
         "L": lambda n: n["D"].mean()},
        {"D": lambda n: np.full((2, 2), 0.25), "P": lambda n: n["bar D"] * n["C"],
         "R": lambda n: to_maxima(n["R"], n["bar P"], 2, 2), "Z": lambda n: n["bar R"] * (n["Z"] > 0),
         "X": lambda n: full(n["bar Z"], n["K"])[1:-1, 1:-1], "K": lambda n: correlated(np.pad(n["X"], 1), n["bar Z"])},
    ),
    "attention": Network(
        "Q = X @ A\nK = X @ B\nV = X @ C\nS = Q @ K.T\nU = S/sqrt(2)\nP = softmax(U, axis=1)\nO = P @ V\n"
        "D = O*G\nL = sum(D)",
        {"X": [[1, 2], [-1, 0.5], [0.5, 1]], "A": [[0.5, -1], [0.25, 1]], "B": [[1, 0.5], [-0.5, 0.75]],
         "C": [[1, -0.5], [0.25, 1]], "G": [[1, -1], [0.5, 2], [-0.3, 0.7]]}, ("G",),
        {"Q": lambda n: n["X"] @ n["A"], "K": lambda n: n["X"] @ n["B"], "V": lambda n: n["X"] @ n["C"],
         "S": lambda n: n["Q"] @ n["K"].T, "U": lambda n: n["S"] / 2**0.5, "P": lambda n: softmax(n["U"]),
         "O": lambda n: n["P"] @ n["V"], "D": lambda n: n["O"] * n["G"], "L": lambda n: n["D"].sum()},
        {"D": lambda n: np.ones((3, 2)), "O": lambda n: n["bar D"] * n["G"], "P": lambda n: n["bar O"] @ n["V"].T,
         "U": lambda n: spread_back(n["P"], n["bar P"]), "S": lambda n: n["bar U"] / 2**0.5,
         "V": lambda n: n["P"].T @ n["bar O"], "K": lambda n: n["bar S"].T @ n["Q"], "Q": lambda n: n["bar S"] @ n["K"],
         "X": lambda n: n["bar V"] @ n["C"].T + n["bar K"] @ n["B"].T + n["bar Q"] @ n["A"].T,
         "A": lambda n: n["X"].T @ n["bar Q"], "B": lambda n: n["X"].T @ n["bar K"],
         "C": lambda n: n["X"].T @ n["bar V"]},
    ),
}  # fmt: skip


@cache
def _right(network: str) -> str:
    made = NETWORKS[network]
    trace = adtrace.trace(made.program, at=made.at, const=made.const)
    return str(trace.table(mode="reverse", format="markdown", layout="stacked"))


def worked(network: str, row: str = "", wrong: Rule | None = None) -> dict[str, Any]:
    """Every number of the network, the adjoint of one row by another rule."""
    made = NETWORKS[network]
    numbers = {name: np.array(x, dtype=float) for name, x in made.at.items()}
    for name, rule in made.values.items():
        numbers[name] = rule(numbers)
    for name, rule in made.adjoints.items():
        numbers[f"bar {name}"] = (wrong if wrong is not None and name == row else rule)(numbers)
    return numbers


def table(network: str, row: str = "", wrong: Rule | None = None) -> str:
    """Our table of the network with the numbers that numpy has, and no workings in the reverse sweep."""
    numbers = worked(network, row, wrong)

    def line(text: str) -> str:
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        name = re.fullmatch(r"\$\\bar ([\w{}]+)\$", cells[0])
        key = f"bar {name[1].replace('_', '').strip('{}').replace('{', '').replace('}', '')}" if name else ""
        return f"| {cells[0]} | {cells[1]} | $= {written(numbers[key])}$ |" if key in numbers else text

    return "\n".join(map(line, _right(network).splitlines()))


def written(value: Any) -> str:
    """A number or an array in LaTeX, to four decimals."""
    if not np.ndim(value):
        return f"{value:.4f}"
    rows = [[f"{x:.4f}" for x in row] for row in np.reshape(value, (-1, np.shape(value)[-1]))]
    if np.ndim(value) == 1:
        return f"({', '.join(rows[0])})"
    return r"\begin{bmatrix}" + r" \cr ".join(" & ".join(row) for row in rows) + r"\end{bmatrix}"
