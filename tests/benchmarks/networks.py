"""Networks of arrays: as a function that is traced, and value and gradient by hand in numpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import adtrace


class Network(NamedTuple):
    """A loss of parameters, and how its value and gradient are computed by hand."""

    function: Callable[..., Any]
    hand: Callable[..., tuple[Any, tuple[Any, ...]]]
    point: tuple[Any, ...]


def dense(batch: int, *sizes: int) -> Network:
    """Two layers: relu between them, softmax and cross entropy behind, the mean over a batch."""
    rng = np.random.default_rng(0)
    first, hidden, last = sizes
    y = np.eye(last)[rng.integers(0, last, batch)]
    point = (rng.normal(size=(batch, first)), rng.normal(size=(first, hidden)) / first**0.5, np.zeros(hidden),
             rng.normal(size=(hidden, last)) / hidden**0.5, np.zeros(last))  # fmt: skip

    def function(x: Any, w: Any, b: Any, v: Any, c: Any) -> Any:
        return adtrace.softmax_cross_entropy(adtrace.relu(x @ w + b) @ v + c, y, reduction="mean")

    def hand(x: Any, w: Any, b: Any, v: Any, c: Any) -> Any:
        before = x @ w + b
        h = np.maximum(before, 0)
        logits = h @ v + c
        shifted = logits - logits.max(axis=1, keepdims=True)
        powers = np.exp(shifted)
        sums = powers.sum(axis=1, keepdims=True)
        loss = -(y * (shifted - np.log(sums))).sum() / batch
        dz = (powers / sums - y) / batch
        dh = dz @ v.T * (before > 0)
        return loss, (dh @ w.T, x.T @ dh, dh.sum(axis=0), h.T @ dz, dz.sum(axis=0))

    return Network(function, hand, point)


def in_autograd(network: Network, anp: Any) -> Callable[..., Any]:
    """The loss of a dense network in autograd's numpy."""
    batch, last = network.point[0].shape[0], network.point[4].shape[0]
    y = np.eye(last)[np.random.default_rng(0).integers(0, last, batch)]

    def loss(x: Any, w: Any, b: Any, v: Any, c: Any) -> Any:
        logits = anp.maximum(x @ w + b, 0) @ v + c
        shifted = logits - anp.max(logits, axis=1, keepdims=True)
        return -anp.sum(y * (shifted - anp.log(anp.sum(anp.exp(shifted), axis=1, keepdims=True)))) / batch

    return loss


def lenet() -> Network:
    """LeCun et al. (1998) on one image of 28 x 28: two convolutions with relu and max pooling, and a linear layer."""
    rng = np.random.default_rng(1)
    y = np.eye(10)[3]
    point = (rng.normal(size=(1, 28, 28)), rng.normal(size=(6, 1, 5, 5)) / 5, rng.normal(size=(16, 6, 5, 5)) / 12,
             rng.normal(size=(10, 256)) / 16)  # fmt: skip

    def function(x: Any, k: Any, m: Any, w: Any) -> Any:
        h = adtrace.maxpool2d(adtrace.relu(adtrace.conv2d(x, k)), 2)
        h = adtrace.maxpool2d(adtrace.relu(adtrace.conv2d(h, m)), 2)
        return adtrace.softmax_cross_entropy(w @ h.flatten(), y)

    def windows(x: Any) -> Any:
        return np.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(1, 2))

    def pooled(x: Any) -> tuple[Any, Any]:
        channels, height, width = x.shape
        four = x.reshape(channels, height // 2, 2, width // 2, 2).transpose(0, 1, 3, 2, 4)
        flat = four.reshape(channels, height // 2, width // 2, 4)
        return flat.max(axis=-1), flat.argmax(axis=-1)

    def unpooled(adjoint: Any, place: Any) -> Any:
        channels, height, width = adjoint.shape
        flat = np.zeros((channels, height, width, 4))
        np.put_along_axis(flat, place[..., None], adjoint[..., None], -1)
        wide = flat.reshape(channels, height, width, 2, 2).transpose(0, 1, 3, 2, 4)
        return wide.reshape(channels, 2 * height, 2 * width)

    def to_input(adjoint: Any, kernel: Any) -> Any:
        padded = np.pad(adjoint, ((0, 0), (4, 4), (4, 4)))
        return np.tensordot(kernel[:, :, ::-1, ::-1], windows(padded), ([0, 2, 3], [0, 3, 4]))

    def hand(x: Any, k: Any, m: Any, w: Any) -> Any:
        first = np.tensordot(k, windows(x), ([1, 2, 3], [0, 3, 4]))
        h, at = pooled(np.maximum(first, 0))
        second = np.tensordot(m, windows(h), ([1, 2, 3], [0, 3, 4]))
        g, there = pooled(np.maximum(second, 0))
        logits = w @ g.ravel()
        powers = np.exp(logits - logits.max())
        dz = powers / powers.sum() - y
        ds = unpooled((w.T @ dz).reshape(g.shape), there) * (second > 0)
        dm = np.tensordot(ds, windows(h), ([1, 2], [1, 2]))
        df = unpooled(to_input(ds, m), at) * (first > 0)
        dk = np.tensordot(df, windows(x), ([1, 2], [1, 2]))
        loss = np.log(powers.sum()) - (logits - logits.max()) @ y
        return loss, (to_input(df, k), dk, dm, np.outer(dz, g.ravel()))

    return Network(function, hand, point)


NETWORKS: dict[str, Callable[[], Network]] = {
    "network 2-2-1": lambda: dense(1, 2, 2, 1), "network 4-8-3, batch 16": lambda: dense(16, 4, 8, 3),
    "network 784-128-10, batch 64": lambda: dense(64, 784, 128, 10), "LeNet, one image": lenet,
}  # fmt: skip
