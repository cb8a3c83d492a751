"""The mistakes that people make in the reverse sweep of a network, each planted in tables: the root, and the cause."""

from __future__ import annotations

import numpy as np
import pytest
from hand_networks import NETWORKS, Rule, correlated, full, table

import adtrace

WRONG: list[tuple[str, str, Rule, str]] = [
    # the gradient is transposed, or a product lacks a transpose, or its factors are in the wrong order
    ("dense", "W1", lambda n: np.outer(n["x"], n["bar z1"]), "it is 2 x 3, and should be 3 x 2: it is transposed"),
    ("attention", "B", lambda n: n["bar K"].T @ n["X"], "it is transposed"),
    ("conv2d", "K", lambda n: correlated(np.pad(n["X"], 1), n["bar Z"]).T, "it is transposed"),
    ("batch", "X", lambda n: n["bar Z"] @ n["W"], "is taken without its transpose"),
    ("attention", "K", lambda n: n["bar S"] @ n["Q"], "a factor is transposed"),
    # the sum over the batch, or over positions, is forgotten, or another axis is taken; a mean for a sum
    ("batch", "b", lambda n: n["bar Z"], "it is 3 x 2, and should be 2 entries"),
    ("batch", "b", lambda n: n["bar Z"][0], "not summed"),
    ("batch", "b", lambda n: n["bar Z"].mean(axis=0), "the mean is taken in place of the sum"),
    ("batch", "W", lambda n: n["X"].T @ n["bar Z"] / 3, "every entry is divided by 3"),
    ("conv1d", "b", lambda n: n["bar z"], "it is 4 entries, and should be a number"),
    ("conv2d", "D", lambda n: np.ones((2, 2)), "the division by 4 is left out"),
    # the derivative of an activation
    ("dense", "z1", lambda n: n["bar h"] * (n["bar h"] > 0), "mask"),
    ("conv1d", "z", lambda n: n["bar r"] * n["r"], "r"),
    ("conv2d", "Z", lambda n: n["bar R"] * (n["bar R"] > 0), "mask"),
    ("conv1d", "z", lambda n: n["bar r"] * (n["z"] < 0), "heaviside"),
    ("dense", "z2", lambda n: n["bar p"], "is left out"),
    ("batch", "S", lambda n: n["bar P"] * n["P"] * (1 - n["P"]), "only the diagonal of the softmax's Jacobian"),
    ("attention", "U", lambda n: n["bar P"] * n["P"] * (1 - n["P"]), "only the diagonal of the softmax's Jacobian"),
    ("attention", "U", lambda n: n["bar P"] * n["P"], "sum"),
    ("dense", "p", lambda n: n["y"] - n["p"], "right but for its sign"),
    # a factor, a path
    ("attention", "X", lambda n: n["bar V"] @ n["C"].T + n["bar K"] @ n["B"].T, "the path through Q is left out"),
    ("attention", "X", lambda n: n["bar Q"] @ n["A"].T, "overwritten, not added to"),
    # convolutions
    ("conv1d", "x", lambda n: full(n["bar z"], n["k"][::-1]), "the kernel is turned round"),
    ("conv2d", "X", lambda n: full(n["bar Z"], np.flip(n["K"]))[1:-1, 1:-1], "the kernel is turned round"),
    ("conv2d", "K", lambda n: np.flip(correlated(np.pad(n["X"], 1), n["bar Z"])), "turned round"),
    ("conv1d", "x", lambda n: correlated(n["bar z"], n["k"]), "it is 2 entries, and should be 6 entries"),
    ("conv2d", "X", lambda n: full(n["bar Z"], n["K"]), "it is 5 x 5, and should be 3 x 3"),
    # slips of the pen
    ("dense", "W1", lambda n: np.outer(n["bar z1"], n["x"]) + np.diag([0.0, 0.3, 0.0])[:, :2], "entry 2, 2 should be"),
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


@pytest.mark.parametrize(
    ("network", "row", "rule", "sentence"), WRONG, ids=lambda each: each if type(each) is str else ""
)
def test_the_root_is_found_and_its_cause_named(network: str, row: str, rule: Rule, sentence: str) -> None:
    """One mistake, of the row whose rule is wrong, told as what was done; what is computed from it follows."""
    report = adtrace.check(table(network, row, rule), NETWORKS[network].at)
    assert [mistake.row.replace("_", "") for mistake in report.mistakes] == [row], str(report)
    assert sentence in report.mistakes[0].sentence
