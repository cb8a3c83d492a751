"""numpy's functions on recorded arrays that are sums and products: means, ``dot``, ``einsum``, convolution, norms."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import reduce
from itertools import accumulate
from typing import Any

import numpy as np

from adtrace.errors import RecordingError
from adtrace.tracing.functions import function
from adtrace.tracing.numpy_shapes import (
    Array,
    Axes,
    axis_of,
    diagonal,
    flat,
    pad,
    ravel,
    refused,
    reshape,
    shape_of,
    stack,
)


def reduced(head: str) -> Callable[..., Array]:
    """``numpy.sum`` and its like: a sum, a mean, the largest, over axes."""

    def of(recording: Any, a: Array, axis: Axes = None, dtype: Any = None, *, keepdims: bool = False) -> Array:
        if dtype is not None:
            _require_real(dtype)
        if not shape_of(a):
            return a
        axes = tuple(map(operator.index, axis)) if isinstance(axis, list | tuple) else axis
        options: list[tuple[str, Any]] = [] if axis is None else [("axis", axes)]
        if axes == ():
            return a
        if keepdims:
            options.append(("keepdims", True))
        return recording.made(head, tuple(options), a)

    return of


total, mean, largest, smallest = map(reduced, ("sum", "mean", "max", "min"))


def _require_real(dtype: Any) -> None:
    if np.dtype(dtype) not in (np.dtype(float), np.dtype(object)):
        raise RecordingError(f"a recorded array has real numbers, which nothing rounds: not those of {np.dtype(dtype)}")


def prod(recording: Any, a: Array, axis: Axes = None, dtype: Any = None, *, keepdims: bool = False) -> Array:
    """``numpy.prod``, as products of parts."""
    if not shape_of(a):
        return a
    shape = shape_of(a)
    if axis is None:
        product = reduce(operator.mul, ravel(recording, a))
        return reshape(recording, product, (1,) * len(shape)) if keepdims else product
    axis = axis_of(axis, len(shape))
    front = (slice(None),) * axis
    product = reduce(operator.mul, [a[(*front, place)] for place in range(shape[axis])])
    return reshape(recording, product, (*shape[:axis], 1, *shape[axis + 1 :])) if keepdims else product


def cumsum(recording: Any, a: Array, axis: Axes = None) -> Array:
    """``numpy.cumsum`` of a vector, as sums of parts."""
    a = ravel(recording, a) if axis is None else a
    if len(shape_of(a)) != 1:
        refused("cumsum of a recorded array is of a vector")
    return stack(recording, list(accumulate(a)))


def var(recording: Any, a: Array, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Array:
    """``numpy.var``: the mean of squares about the mean."""
    about = (a - mean(recording, a, axis, keepdims=True)) ** 2
    if not ddof:
        return mean(recording, about, axis, keepdims=keepdims)
    counted = shape_of(a) if axis is None else [shape_of(a)[k] for k in np.atleast_1d(axis)]
    return total(recording, about, axis, keepdims=keepdims) / (int(np.prod(counted)) - ddof)


def std(recording: Any, a: Array, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Array:
    """``numpy.std``."""
    return function("sqrt")(var(recording, a, axis, ddof=ddof, keepdims=keepdims))


def average(recording: Any, a: Array, axis: Axes = None, weights: Array = None, *, keepdims: bool = False) -> Array:
    """``numpy.average``."""
    if weights is None:
        return mean(recording, a, axis, keepdims=keepdims)
    if shape_of(weights) != shape_of(a):
        refused("average of a recorded array takes weights of its shape")
    weights = recording.lifted(weights)
    sums = [total(recording, x, axis, keepdims=keepdims) for x in (recording.lifted(a) * weights, weights)]
    return sums[0] / sums[1]


def ptp(recording: Any, a: Array, axis: Axes = None, *, keepdims: bool = False) -> Array:
    """``numpy.ptp``: the largest less the smallest."""
    return largest(recording, a, axis, keepdims=keepdims) - smallest(recording, a, axis, keepdims=keepdims)


def dot(recording: Any, a: Array, b: Array) -> Array:
    """``numpy.dot``."""
    ranks = len(shape_of(a)), len(shape_of(b))
    if 0 in ranks:
        return recording.lifted(a) * recording.lifted(b)
    if ranks == (1, 1):
        return recording.made("dot", (), a, b)
    if max(ranks) <= 2 or ranks[1] == 1:
        return recording.made("matmul", (), a, b)
    return tensordot(recording, a, b, ([-1], [-2]))


def vdot(recording: Any, a: Array, b: Array) -> Array:
    """``numpy.vdot``."""
    return dot(recording, *(flat(recording, recording.lifted(x)) for x in (a, b)))


def inner(recording: Any, a: Array, b: Array) -> Array:
    """``numpy.inner``: sums over both last axes."""
    if not shape_of(a) or not shape_of(b) or len(shape_of(b)) == 1:
        return dot(recording, a, b)
    return tensordot(recording, a, b, ([-1], [-1]))


def outer(recording: Any, a: Array, b: Array) -> Array:
    """``numpy.outer``."""
    return recording.made("outer", (), *(flat(recording, recording.lifted(x)) for x in (a, b)))


def matmul(recording: Any, x1: Array, x2: Array, /) -> Array:
    """``numpy.matmul``."""
    return recording.made("matmul", (), x1, x2)


def tensordot(recording: Any, a: Array, b: Array, axes: Any = 2) -> Array:
    """``numpy.tensordot``, as an einsum."""
    left, right = len(shape_of(a)), len(shape_of(b))
    if isinstance(axes, int):
        axes = (list(range(left - axes, left)), list(range(axes)))
    ranks = (left, right)
    pairs = [[axis_of(axis, rank) for axis in np.atleast_1d(own)] for own, rank in zip(axes, ranks, strict=True)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    mine, theirs = list(letters[:left]), list(letters[left : left + right])
    for i, j in zip(*pairs, strict=True):
        theirs[j] = mine[i]
    free = [c for k, c in enumerate(mine) if k not in pairs[0]] + [c for k, c in enumerate(theirs) if k not in pairs[1]]
    return einsum(recording, f"{''.join(mine)},{''.join(theirs)}->{''.join(free)}", a, b)


def einsum(recording: Any, subscripts: Any, /, *operands: Array) -> Array:
    """``numpy.einsum`` of one operand or two."""
    if not isinstance(subscripts, str):
        refused("einsum of a recorded array takes its letters as a text: 'ij,j->i'")
    if len(operands) > 2:
        refused("einsum of a recorded array is of two operands at most; write it as several")
    return recording.made("einsum", (("subscripts", subscripts.replace(" ", "")),), *operands)


def convolve(recording: Any, a: Array, v: Array, mode: str = "full") -> Array:
    """``numpy.convolve``."""
    return recording.made("convolve", () if mode == "full" else (("mode", mode),), a, v)


def correlate(recording: Any, a: Array, v: Array, mode: str = "valid") -> Array:
    """``numpy.correlate``."""
    if mode == "valid" and len(shape_of(a)) == 1 and shape_of(a) >= shape_of(v):
        return recording.made("conv1d", (), a, v)
    if shape_of(a) < shape_of(v):
        refused("correlate of a recorded array has the longer one in front")
    return convolve(recording, a, recording.lifted(v)[::-1], mode)


def trace(recording: Any, a: Array) -> Array:
    """``numpy.trace``."""
    return recording.made("trace", (), a)


def norm(recording: Any, x: Array, ord: Any = None, axis: Axes = None, *, keepdims: bool = False) -> Array:  # noqa: A002
    """``numpy.linalg.norm``."""
    rank = len(shape_of(x)) if axis is None else len(np.atleast_1d(axis))
    euclidean = ord is None or (ord == 2 and rank == 1) or (ord == "fro" and rank == 2)
    if euclidean and axis is None and not keepdims:
        return recording.made("norm", (), x)
    if euclidean:
        return function("sqrt")(total(recording, x**2, axis, keepdims=keepdims))
    sizes = {1: total, np.inf: largest, -np.inf: smallest}
    if rank != 1 or ord not in sizes:
        refused(f"linalg.norm of a recorded array is the Euclidean one, or of vectors with ord=1 or inf, not {ord!r}")
    return sizes[ord](recording, abs(x), axis, keepdims=keepdims)


def diag(recording: Any, v: Array, k: int = 0) -> Array:
    """``numpy.diag``: the diagonal of a matrix, or the matrix of a diagonal."""
    if len(shape_of(v)) != 1:
        return diagonal(recording, v, k)
    below = max(-k, 0)
    ones = np.eye(shape_of(v)[0] + abs(k), k=k, dtype=int)[below : below + shape_of(v)[0]]
    return pad(recording, einsum(recording, "i,ij->ij", v, ones), ((below, max(k, 0)), (0, 0)))
