"""Networks run on arrays of numpy, one layer after the other: what sizes, counts and receptive fields are held against.

Nothing here knows a formula of sizes: arrays are padded, cut and put together, weights are arrays that are counted, and
the receptive field is which entries of the input reach an entry of the output, by running one input for each of them.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

Layer = dict[str, Any]


def padded(x: np.ndarray, before: int, after: int, axis: int) -> np.ndarray:
    """The array with zeros on one axis."""
    widths = [(0, 0)] * x.ndim
    widths[axis] = (before, after)
    return np.pad(x, widths)


def windows(x: np.ndarray, axis: int, layer: Layer, *, ceil: bool = False) -> list[np.ndarray]:
    """What each tap of a window reads along an axis: arrays of the places that the window has, found by moving it."""
    k, s, d, p = (layer.get(name, default) for name, default in
                  (("kernel", 1), ("stride", 1), ("dilation", 1), ("padding", 0)))  # fmt: skip
    n = x.shape[axis]
    if p == "same":
        places = len(range(0, n, s))
        both = max((places - 1) * s + d * (k - 1) + 1 - n, 0)
        before, after = both // 2, both - both // 2
    elif p == "causal":
        before, after = d * (k - 1), 0
    elif p == "full":
        before = after = d * (k - 1)
    elif p == "valid":
        before = after = 0
    else:
        before, after = p if isinstance(p, (list, tuple)) else (p, p)
    x = padded(x, before, after, axis)
    starts = [at for at in range(0, x.shape[axis], s) if at + d * (k - 1) < x.shape[axis]]
    if ceil:  # one more window may hang over the end, if it begins on the input or the padding before it
        further = [at for at in range(0, x.shape[axis], s) if at + d * (k - 1) >= x.shape[axis]]
        if further and further[0] < n + before and starts and starts[-1] + d * (k - 1) < x.shape[axis] - 1:
            starts.append(further[0])
            x = padded(x, 0, d * (k - 1), axis)
    return [np.take(x, [at + d * tap for at in starts], axis=axis) for tap in range(k)]


def windowed(x: np.ndarray, axis: int, layer: Layer, *, ceil: bool = False) -> np.ndarray:
    """The sum of each window along an axis, with weights that cancel nowhere."""
    parts = windows(x, axis, layer, ceil=ceil)
    return sum((tap + 1) * part for tap, part in enumerate(parts))  # type: ignore[return-value]


def transposed(x: np.ndarray, axis: int, layer: Layer) -> np.ndarray:
    """Every place written to a window of the output; then the padding is cut away."""
    k, s, p, d = layer["kernel"], layer.get("stride", 1), layer.get("padding", 0), layer.get("dilation", 1)
    x = np.moveaxis(x, axis, -1)
    n = x.shape[-1]
    out = np.zeros((*x.shape[:-1], (n - 1) * s + d * (k - 1) + 1 + layer.get("output_padding", 0)))
    for place in range(n):
        for tap in range(k):
            out[..., place * s + tap * d] += (tap + 1) * x[..., place]
    out = out[..., p : out.shape[-1] - p]
    return np.moveaxis(out, -1, axis)


class Run:
    """A network that is run on an array with the channels first."""

    def __init__(self, layers: list[Layer], x: np.ndarray, axes: int | None = None) -> None:
        self.arrays: list[np.ndarray] = [x]
        self.params: list[int] = []
        self.multiplications: list[int] = []
        self.axes = axes
        """How many axes behind the channels are places; all of them, if None."""
        self.labels = {"input": 0}
        self.extend(layers)

    def extend(self, layers: list[Layer]) -> None:
        """Run some more layers; those that do not fit leave everything as it was."""
        length = len(self.arrays)
        try:
            self.run(layers)
        except (ValueError, AssertionError, IndexError):
            del self.arrays[length:], self.params[length - 1 :], self.multiplications[length - 1 :]
            raise

    def run(self, layers: list[Layer]) -> None:
        """Run some more layers."""
        labels = self.labels
        for layer in layers:
            reads = [self.arrays[labels[name] if name != "prev" else -1] for name in layer.get("inputs", ["prev"])]
            out, weights, products = self.layer(layer, reads)
            self.arrays.append(out)
            self.params.append(sum(weight.size for weight in weights))
            self.multiplications.append(products)
            if "name" in layer:
                labels[layer["name"]] = len(self.arrays) - 1

    def layer(self, layer: Layer, reads: list[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray], int]:
        """The output of a layer, its weights, and how many products of a weight it takes."""
        x, op = reads[0], layer["op"]
        axes = range(1, x.ndim if self.axes is None else 1 + self.axes)
        if op in ("conv", "pool", "conv_transpose"):
            return self.moved(layer, x, axes)
        if op in ("activation", "dropout"):
            return np.maximum(x, 0), [], 0
        if op == "batch_norm":
            return x, [np.ones(x.shape[0]), np.ones(x.shape[0])], 0
        if op == "add":
            assert all(one.shape == x.shape for one in reads)
            return sum(reads), [], 0  # type: ignore[return-value]
        if op == "concat":
            return np.concatenate(reads, axis=0), [], 0
        if op == "upsample":
            for axis in axes:
                x = np.repeat(x, layer["scale"], axis=axis)
            return x, [], 0
        if op == "global_pool":
            return x.sum(axis=tuple(axes), keepdims=True), [], 0
        if op == "flatten":
            return x.reshape(-1), [], 0
        assert op == "linear"
        weight = np.ones((layer["out_features"], x.shape[-1]))
        bias = [np.ones(layer["out_features"])] if layer.get("bias", True) else []
        return x @ weight.T, [weight, *bias], x[..., :1].size * weight.size

    def moved(self, layer: Layer, x: np.ndarray, axes: range) -> tuple[np.ndarray, list[np.ndarray], int]:
        """Convolutions and pooling: along each axis in turn, then over channels."""
        op, count = layer["op"], x.shape[0]
        places = x[:1].size
        for axis in axes:
            if op == "conv_transpose":
                x = transposed(x, axis, layer)
            else:
                x = windowed(x, axis, {**layer, "stride": layer.get("stride", layer["kernel"] if op == "pool" else 1)},
                             ceil=layer.get("ceil", False))  # fmt: skip
        if op == "pool":
            return x, [], 0
        groups, made = layer.get("groups", 1), layer["out_channels"]
        kernel = (layer["kernel"],) * (x.ndim - 1)
        weight = np.ones((made, count // groups, *kernel))
        parts = [part.sum(axis=0) for part in np.split(x, groups, axis=0)]
        out = np.stack([parts[channel * groups // made] for channel in range(made)])
        bias = [np.ones(made)] if layer.get("bias", True) else []
        products = out[:1].size * weight.size if op == "conv" else places * weight.size
        return out, [weight, *bias], products


def field(layers: list[Layer], n: int) -> list[tuple[int, float]]:
    """For each layer the receptive field and the jump along an axis, from one run for each entry of the input.

    Outputs that the padding reaches are left out; layers after a flattening have none.
    """
    run = Run(layers, np.eye(n)[None], axes=1)  # an axis more: which entry of the input is 1
    found: list[tuple[int, float]] = []
    for out in run.arrays[1:]:
        columns = out[0].T
        spans = [np.flatnonzero(column) for column in columns.T]
        inner = [span for span in spans if len(span) and span[0] > 0 and span[-1] < n - 1]
        if len(inner) < 5:
            break
        width = max(int(span[-1] - span[0]) + 1 for span in inner)
        firsts = [(int(span[0]) + int(span[-1])) / 2 for span in inner]
        jump = (firsts[-1] - firsts[0]) / (len(inner) - 1)
        found.append((width, jump))
    return found


def random_network(seed: int) -> tuple[list[Layer], tuple[int, ...]]:
    """A network of 3 to 30 layers and the shape of its input."""
    chance = random.Random(seed)
    axes = chance.choice((1, 1, 2, 2, 2, 3))
    shape = (chance.randint(1, 6), *(chance.randint(5, {1: 60, 2: 20, 3: 8}[axes]) for _ in range(axes)))
    layers: list[Layer] = []
    run = Run([], np.zeros(shape))
    for _ in range(chance.randint(3, 30)):
        candidate = random_layers(chance, run.arrays[-1], len(layers))
        before = len(run.arrays)
        try:
            run.extend(candidate)
        except (ValueError, AssertionError, IndexError):
            continue
        if 0 in run.arrays[-1].shape or run.arrays[-1].size > 4_000:
            del run.arrays[before:]
            continue
        layers += candidate
        if len(layers) >= 27:
            break
    while len(layers) < 3:
        layers.append({"op": "activation", "fn": "relu"})
    return layers, shape


def random_layers(chance: random.Random, x: np.ndarray, place: int) -> list[Layer]:
    """One more layer, or a block with branches."""
    if x.ndim == 1:
        return [chance.choice((
            {"op": "linear", "out_features": chance.randint(1, 12), "bias": chance.random() < 0.7},
            {"op": "activation", "fn": "relu"}, {"op": "dropout"},
        ))]  # fmt: skip
    count = x.shape[0]
    kind = chance.random()
    if kind < 0.4:
        groups = chance.choice([g for g in range(1, count + 1) if count % g == 0])
        return [{"op": "conv", "out_channels": groups * chance.randint(1, 3), "kernel": chance.randint(1, 4),
                 "stride": chance.randint(1, 3), "groups": groups, "dilation": chance.choice((1, 1, 2)),
                 "padding": chance.choice((0, 1, 2, "same", "valid", "causal", "full")),
                 "bias": chance.random() < 0.6}]  # fmt: skip
    if kind < 0.55:
        k = chance.randint(2, 3)
        return [{"op": "pool", "kind": chance.choice(("max", "avg")), "kernel": k, "stride": chance.randint(1, 3),
                 "padding": chance.choice((0, 0, 1)), "ceil": chance.random() < 0.4}]  # fmt: skip
    if kind < 0.65:
        return [{"op": "conv_transpose", "out_channels": chance.randint(1, 4), "kernel": chance.randint(2, 4),
                 "stride": chance.randint(1, 3), "padding": chance.randint(0, 1)}]  # fmt: skip
    if kind < 0.7:
        return [{"op": "upsample", "scale": 2}]
    if kind < 0.78:
        return [{"op": chance.choice(("batch_norm", "activation"))}]
    if kind < 0.95:
        begin, first, second = f"x{place}", f"a{place}", f"b{place}"
        joint = chance.choice(("add", "concat"))
        return [
            {"op": "activation", "fn": "relu", "name": begin},
            {"op": "conv", "out_channels": count, "kernel": 3, "padding": 1, "name": first},
            {"op": "conv", "out_channels": count, "kernel": chance.choice((1, 5)), "padding": "same", "name": second,
             "inputs": [begin]},
            {"op": joint, "inputs": [first, second, begin][: chance.randint(2, 3)]},
        ]  # fmt: skip
    return [{"op": chance.choice(("flatten", "global_pool"))}]
