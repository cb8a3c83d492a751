"""The mistakes that people make in the reverse sweep of a network, each planted in tables: the root, and the cause."""

from __future__ import annotations

import numpy as np
import pytest
from hand_networks import NETWORKS, Rule, correlated, full, softmax, spread_back, table, to_maxima

import adtrace

WRONG: list[tuple[str, str, Rule, str]] = [
    # the gradient is transposed, or a product lacks a transpose, or its factors are in the wrong order
    ("dense", "W1", lambda n: np.outer(n["x"], n["bar z1"]), "it is 2 x 3, and should be 3 x 2: it is transposed"),
    ("batch", "V", lambda n: n["bar S"].T @ n["H"], "it is 3 x 2, and should be 2 x 3: it is transposed"),
    ("attention", "B", lambda n: n["bar K"].T @ n["X"], "it is transposed"),
    ("conv2d", "K", lambda n: correlated(np.pad(n["X"], 1), n["bar Z"]).T, "it is transposed"),
    ("batch", "X", lambda n: n["bar Z"] @ n["W"], "is taken without its transpose"),
    ("attention", "K", lambda n: n["bar S"] @ n["Q"], "is taken without its transpose"),
    ("attention", "Q", lambda n: n["bar S"].T @ n["K"], "transpose"),
    # the sum over the batch, or over positions, is forgotten, or another axis is taken; a mean for a sum
    ("batch", "b", lambda n: n["bar Z"], "it is 3 x 2, and should be 2 entries"),
    ("batch", "c", lambda n: n["bar S"].sum(axis=1), "summed over another axis"),
    ("batch", "b", lambda n: n["bar Z"][0], "not summed"),
    ("batch", "b", lambda n: n["bar Z"].mean(axis=0), "the mean is taken in place of the sum"),
    ("batch", "W", lambda n: n["X"].T @ n["bar Z"] / 3, "divided by 3"),
    ("conv1d", "b", lambda n: n["bar z"], "it is 4 entries, and should be a number"),
    ("conv1d", "b", lambda n: n["bar z"].mean(), "the mean is taken in place of the sum"),
    ("conv2d", "D", lambda n: np.ones((2, 2)), "not divided by the number of entries"),
    ("dense", "p", lambda n: 2 * (n["p"] - n["y"]), "the division by 2 is left out"),
    # the derivative of an activation
    ("dense", "z1", lambda n: n["bar h"], "is left out"),
    ("dense", "z1", lambda n: n["bar h"] * (n["bar h"] > 0), "mask"),
    ("conv1d", "z", lambda n: n["bar r"] * n["r"], "r"),
    ("conv2d", "Z", lambda n: n["bar R"] * (n["bar R"] > 0), "mask"),
    ("conv1d", "z", lambda n: n["bar r"] * (n["z"] < 0), "heaviside"),
    ("dense", "z2", lambda n: n["bar p"] * n["z2"] * (1 - n["z2"]), "z2"),
    ("dense", "z2", lambda n: n["bar p"], "is left out"),
    ("batch", "Z", lambda n: n["bar H"] * (1 - n["Z"] ** 2), "Z"),
    ("batch", "Z", lambda n: n["bar H"] * (1 - n["H"]), "H"),
    ("batch", "S", lambda n: n["bar P"] * n["P"] * (1 - n["P"]), "only the diagonal of the softmax's Jacobian"),
    ("attention", "U", lambda n: n["bar P"] * n["P"] * (1 - n["P"]), "only the diagonal of the softmax's Jacobian"),
    ("attention", "U", lambda n: n["bar P"] * n["P"], "sum"),
    ("batch", "S", lambda n: (p := softmax(n["S"].T).T) * (n["bar P"] - (n["bar P"] * p).sum(0)), "axis"),
    ("batch", "S", lambda n: n["Y"] - n["P"], "right but for its sign"),
    ("batch", "P", lambda n: n["Y"] / n["P"], "right but for its sign"),
    ("dense", "p", lambda n: n["y"] - n["p"], "right but for its sign"),
    # a factor, a path
    ("attention", "S", lambda n: n["bar U"], "the division by sqrt(2) is left out"),
    ("attention", "S", lambda n: n["bar U"] / 2, "2"),
    ("attention", "X", lambda n: n["bar V"] @ n["C"].T + n["bar K"] @ n["B"].T, "the path through Q is left out"),
    ("attention", "X", lambda n: n["bar Q"] @ n["A"].T, "overwritten, not added to"),
    ("attention", "C", lambda n: n["X"].T @ n["bar K"], "K"),
    ("dense", "W2", lambda n: np.outer(n["bar z2"], n["z1"]), "z1"),
    # convolutions and pools
    ("conv1d", "x", lambda n: full(n["bar z"], n["k"][::-1]), "the kernel is turned round"),
    ("conv2d", "X", lambda n: full(n["bar Z"], np.flip(n["K"]))[1:-1, 1:-1], "the kernel is turned round"),
    ("conv1d", "k", lambda n: correlated(n["x"], n["bar z"])[::-1], "turned round"),
    ("conv2d", "K", lambda n: np.flip(correlated(np.pad(n["X"], 1), n["bar Z"])), "turned round"),
    ("conv1d", "x", lambda n: correlated(n["bar z"], n["k"]), "it is 2 entries, and should be 6 entries"),
    ("conv2d", "X", lambda n: full(n["bar Z"], n["K"]), "it is 5 x 5, and should be 3 x 3"),
    ("conv1d", "r", lambda n: to_maxima(n["r"], n["bar v"], 2, 1, last=True), "maximum"),
    ("conv1d", "r", lambda n: np.array([0, 2, -1, 3]) * n["bar y"], "maximum"),
    ("conv2d", "R", lambda n: np.kron(n["bar P"], np.ones((2, 2))) / 4, "average"),
    ("conv2d", "R", lambda n: np.kron(n["bar P"], np.ones((2, 2))), "whole window"),
    ("conv2d", "R", lambda n: to_maxima(-n["R"], n["bar P"], 2, 2), "minimum"),
    # slips of the pen
    ("dense", "W1", lambda n: np.outer(n["bar z1"], n["x"]) + [[0, 0], [0, 0.3], [0, 0]], "entry 2, 2 should be"),
    ("conv2d", "X", lambda n: full(n["bar Z"], n["K"])[1:-1, 1:-1] * [[1, 1, 1], [1, 10, 1], [1, 1, 1]], "entry 2, 2"),
    ("attention", "P", lambda n: 10 * n["bar O"] @ n["V"].T, "the decimal point is misplaced"),
    # weights that are already updated
    ("dense", "h", lambda n: (n["W2"] - np.outer(n["bar z2"], n["h"])).T @ n["bar z2"], "updated"),
    ("batch", "H", lambda n: n["bar S"] @ (n["V"] - 0.1 * n["H"].T @ n["bar S"]).T, "updated"),
]  # fmt: skip


@pytest.mark.parametrize("network", NETWORKS)
def test_the_right_tables_are_right(network: str) -> None:
    """What numpy has in place of ours: none is called wrong."""
    report = adtrace.check(table(network), NETWORKS[network].at)
    assert (report.mistakes, report.exit_status, report.count("not read")) == ((), 0, 0), str(report)
