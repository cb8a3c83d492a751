"""numpy's functions on recorded arrays, in terms of the rows that there are (NEP 13 and NEP 18).

`ufunc` answers ``__array_ufunc__``, `numpy_function` answers ``__array_function__``.  A function of `_FUNCTIONS` has
numpy's own names and defaults for what it takes; what it has no name for is refused by name.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import accumulate
from typing import Any, NoReturn

import numpy as np

from adtrace.errors import RecordingError
from adtrace.tracing.functions import BINARY, UNARY, function

Array = Any
"""A recorded array or number, or a constant beside it."""
Axes = Any
"""An axis, several in a tuple, or None."""


def ufunc(recording: Any, of: Any, method: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A universal function of numpy on recorded arrays and what stands beside them."""
    name = of.__name__
    given = {key: value for key, value in options.items() if not _is_default(key, value)}
    if "out" in given:
        raise RecordingError(f"numpy's {name} cannot write into an array beside a recorded one: an array of numbers "
                             "holds no rows; write a = a + b in place of a += b, and leave out=... away")  # fmt: skip
    if method == "reduce" and name in _REDUCED:
        given = {"axis": 0} | {key: options[key] for key in ("axis", "keepdims") if key in options} | given
        return _bound(_FUNCTIONS[_REDUCED[name]], f"{name}.reduce", recording, operands, given)
    if method == "outer" and name == "multiply":
        return outer(recording, *operands)
    if given or method != "__call__":
        what = f"{name}.{method}" if method != "__call__" else f"{name} with {', '.join(given)}"
        raise RecordingError(f"numpy's {what} of a recorded array has no row")
    if name == "matmul":
        return recording.made("matmul", (), *operands)
    known = (UNARY if of.nin == 1 else BINARY).get(name)
    if known is None:
        raise RecordingError(f"numpy's {name} has no elemental; write it with those that there are")
    return known(*map(recording.lifted, operands))


def _is_default(name: str, value: Any) -> bool:
    if value is None or value is np._NoValue:
        return True
    return isinstance(value, bool | str) and (name, value) in _DEFAULTS


_DEFAULTS = (("where", True), ("casting", "same_kind"), ("order", "K"), ("subok", True), ("keepdims", False),
             ("optimize", False), ("optimize", True), ("optimize", "optimal"), ("optimize", "greedy"))  # fmt: skip
_REDUCED = {"add": "sum", "maximum": "max", "minimum": "min", "multiply": "prod", "fmax": "max", "fmin": "min"}


def numpy_function(recording: Any, of: Any, given: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A function of numpy that met a recorded array."""
    name = of.__name__
    inside = _module(of)
    known = _FUNCTIONS.get(f"{inside}.{name}" if inside else name)
    if known is None:
        what = f"{inside}.{name}" if inside else name
        if name in _COMPARING:
            raise RecordingError(f"numpy's {what} of a recorded array compares its entries, and no row is left of it; "
                                 f'{_WHOLE_CHOICE}, or trace with rows="entries"')  # fmt: skip
        raise RecordingError(f"numpy's {what} of a recorded array has no row; write it with functions that have one")
    options = {key: value for key, value in options.items() if key == "axis" or not _is_default(key, value)}
    return _bound(known, f"{inside}.{name}" if inside else name, recording, given, options)


_WHOLE_CHOICE = "write numpy.maximum, numpy.max or adtrace.relu"


def _module(of: Any) -> str:
    """``linalg``, ``fft``: the part of numpy that a function is from."""
    names = str(getattr(of, "__module__", "")).split(".")
    return names[1] if len(names) > 1 and not names[1].startswith(("_", "lib", "core")) else ""


def _bound(
    known: Callable[..., Any], name: str, recording: Any, given: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    """The call, if what is given are things that it takes."""
    try:
        bound = _signature(known).bind(recording, *given, **options)
    except TypeError as problem:
        raise RecordingError(f"numpy's {name} of a recorded array: {problem}; what it takes here is "
                             f"{', '.join(list(_signature(known).parameters)[1:])}") from None  # fmt: skip
    return known(*bound.args, **bound.kwargs)


@lru_cache(maxsize=256)
def _signature(known: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(known)


_COMPARING = frozenset((
    "where", "argmax", "argmin", "sort", "argsort", "any", "all", "isclose", "allclose", "array_equal", "unique",
    "nonzero", "count_nonzero", "median", "percentile", "quantile", "searchsorted", "select", "partition", "argwhere",
    "flatnonzero", "array_equiv", "choose", "extract", "lexsort", "digitize", "histogram", "piecewise",
))  # fmt: skip

# -- shapes ----------------------------------------------------------------------------------------------


def shape_of(x: Array) -> tuple[int, ...]:
    """The shape of what stands beside a recorded array, too."""
    return tuple(np.shape(x)) if isinstance(x, list | tuple | np.ndarray | np.generic) else getattr(x, "shape", ())


def _axis(axis: Any, rank: int) -> int:
    place = int(operator.index(axis))
    if not -rank <= place < rank:
        raise RecordingError(f"axis {place} of an array that has {rank}")
    return place % rank


def reshape(recording: Any, a: Array, /, shape: Any = None, *, newshape: Any = None, order: str = "C") -> Array:
    """``numpy.reshape``."""
    if order != "C":
        raise RecordingError(f"reshape is in the order of the rows, C, not {order!r}")
    wanted = shape if shape is not None else newshape
    lengths = tuple(map(operator.index, wanted)) if isinstance(wanted, list | tuple | np.ndarray) else (wanted,)
    if not lengths:  # an array of one entry as a number
        return entry(recording, reshape(recording, a, (-1,)), 0)
    if lengths == shape_of(a):
        return recording.seen(a, a)
    return recording.seen(recording.made("reshape", (("shape", tuple(map(operator.index, lengths))),), a), a)


def entry(recording: Any, a: Array, *index: int) -> Array:
    """One entry, or a part, by indices."""
    return recording.made("part", (("index", index),), a)


def ravel(recording: Any, a: Array, order: str = "C") -> Array:
    """``numpy.ravel``."""
    return reshape(recording, a, (-1,), order=order)


def flat(recording: Any, a: Array) -> Array:
    """The entries in row order, as a row of its own where there are several axes."""
    if len(shape_of(a)) == 1:
        return a
    return recording.made("flatten", (), a) if shape_of(a) else reshape(recording, a, (1,))


def transpose(recording: Any, a: Array, axes: Axes = None) -> Array:
    """``numpy.transpose``."""
    rank = len(shape_of(a))
    if rank < 2:
        return recording.seen(a, a)
    if axes is None:
        return recording.seen(recording.made("transpose", (), a), a)
    order = tuple(_axis(axis, rank) for axis in axes)
    options = () if order == tuple(reversed(range(rank))) else (("axes", order),)
    return recording.seen(recording.made("transpose", options, a), a)


def swapaxes(recording: Any, a: Array, axis1: int, axis2: int) -> Array:
    """``numpy.swapaxes``."""
    order = list(range(len(shape_of(a))))
    i, j = (_axis(axis, len(order)) for axis in (axis1, axis2))
    order[i], order[j] = order[j], order[i]
    return transpose(recording, a, order)


def matrix_transpose(recording: Any, x: Array, /) -> Array:
    """``numpy.matrix_transpose``."""
    return swapaxes(recording, x, -1, -2)


def moveaxis(recording: Any, a: Array, source: Any, destination: Any) -> Array:
    """``numpy.moveaxis``."""
    rank = len(shape_of(a))
    pairs = [[_axis(one, rank) for one in np.atleast_1d(those)] for those in (source, destination)]
    order = [axis for axis in range(rank) if axis not in pairs[0]]
    for to, origin in sorted(zip(pairs[1], pairs[0], strict=True)):
        order.insert(to, origin)
    return transpose(recording, a, order)


def expand_dims(recording: Any, a: Array, axis: Axes) -> Array:
    """``numpy.expand_dims``."""
    return reshape(recording, a, np.expand_dims(np.broadcast_to(0.0, shape_of(a)), axis).shape)


def squeeze(recording: Any, a: Array, axis: Axes = None) -> Array:
    """``numpy.squeeze``."""
    try:
        return reshape(recording, a, np.squeeze(np.broadcast_to(0.0, shape_of(a)), axis).shape)
    except ValueError as problem:
        raise RecordingError(f"numpy's squeeze of a recorded array: {problem}") from None


def atleast(rank: int) -> Callable[..., Array]:
    """``numpy.atleast_1d``, ``numpy.atleast_2d``."""

    def of(recording: Any, *arys: Array) -> Array:
        made = [a if len(shape_of(a)) >= rank else reshape(recording, a, (1,) * (rank - len(shape_of(a))) + shape_of(a))
                for a in arys]  # fmt: skip
        return made[0] if len(made) == 1 else tuple(made)

    return of


def broadcast_to(recording: Any, array: Array, shape: Any) -> Array:
    """``numpy.broadcast_to``, as a product with ones."""
    lengths = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    return array if lengths == shape_of(array) else recording.lifted(np.ones(lengths, dtype=int)) * array


# -- parts -----------------------------------------------------------------------------------------------


def part(recording: Any, a: Array, index: Any) -> Array:
    """``a[index]``, as numpy has it: a row for a part, and one for other axes."""
    items = index if isinstance(index, tuple) else (index,)
    shape = shape_of(a)
    places = [_item(item) for item in items]
    chosen = [item for item in places if item is not None]
    if len(chosen) == 1 and isinstance(chosen[0], np.ndarray) and chosen[0].ndim > 1 and len(items) == 1:
        return _of_places(recording, a, chosen[0])
    try:
        wanted = np.broadcast_to(np.False_, shape)[tuple(places)].shape
    except IndexError:
        wanted = None  # the row says what is wrong
    if wanted is not None and all(one is Ellipsis or (isinstance(one, slice) and one in _EVERY) for one in chosen):
        return reshape(recording, a, wanted)
    made = recording.made("part", (("index", tuple(map(_option, chosen))),), a)
    made = made if wanted is None or shape_of(made) == wanted else reshape(recording, made, wanted)
    return made if any(isinstance(one, np.ndarray) for one in chosen) else recording.seen(made, a)


def _item(item: Any) -> Any:
    """One item of an index: a whole number, a slice, None, ``...``, or an array of whole numbers."""
    if item is None or item is Ellipsis:
        return item
    if isinstance(item, slice):
        return slice(*(None if one is None else _whole(one) for one in (item.start, item.stop, item.step)))
    if isinstance(item, list | np.ndarray):
        places = np.asarray(item) if not any(map(_is_recorded, item)) else np.empty(0)
        if places.ndim and places.dtype.kind in "iub" and places.size:
            return places
        if not places.ndim and places.dtype.kind in "iu":
            return int(places)
    return _whole(item)


def _whole(item: Any) -> int:
    if isinstance(item, bool | np.bool_) or _is_recorded(item) or not hasattr(item, "__index__"):
        raise RecordingError("an index of a recorded array is a whole number, a slice or a constant list of them, not "
                             f"{'a recorded value' if _is_recorded(item) else type(item).__name__}")  # fmt: skip
    return operator.index(item)


_EVERY = (slice(None), slice(None, None, 1), slice(0, None), slice(0, None, 1))


def _option(item: Any) -> Any:
    """An item of an index as the option of a part."""
    if item is Ellipsis:
        return "..."
    if isinstance(item, slice):
        return ("slice", item.start, item.stop, item.step)
    if isinstance(item, np.ndarray):
        item = np.flatnonzero(item) if item.dtype == bool and item.ndim == 1 else item
        if item.ndim > 1 or item.dtype == bool:
            raise RecordingError("an index of several lists has each as a vector")
        return ("list", *item.tolist())
    return item


def _of_places(recording: Any, a: Array, places: Any) -> Array:
    """``a[places]`` for an array of places, or a mask, of several axes."""
    shape = shape_of(a)
    if places.dtype == bool:
        if places.shape != shape:
            raise RecordingError(f"a mask has the shape of its array, {shape}, and not {places.shape}")
        return flat(recording, a)[np.flatnonzero(places)]
    return reshape(recording, a[places.ravel()], (*places.shape, *shape[1:]))


def take(recording: Any, a: Array, indices: Any, axis: Axes = None) -> Array:
    """``numpy.take``."""
    if axis is None:
        return ravel(recording, a)[indices]
    return recording.lifted(a)[(slice(None),) * _axis(axis, len(shape_of(a))) + (indices,)]


def flip(recording: Any, m: Array, axis: Axes = None) -> Array:
    """``numpy.flip``."""
    rank = len(shape_of(m))
    axes = range(rank) if axis is None else [_axis(one, rank) for one in np.atleast_1d(axis)]
    return m[tuple(slice(None, None, -1) if place in axes else slice(None) for place in range(rank))]


def roll(recording: Any, a: Array, shift: int, axis: Axes = None) -> Array:
    """``numpy.roll``."""
    if axis is None:
        places = np.roll(np.arange(int(np.prod(shape_of(a)))), shift)
        return reshape(recording, ravel(recording, a)[places], shape_of(a))
    axis = _axis(axis, len(shape_of(a)))
    return take(recording, a, np.roll(np.arange(shape_of(a)[axis]), shift), axis)


def repeat(recording: Any, a: Array, repeats: Any, axis: Axes = None) -> Array:
    """``numpy.repeat``."""
    if axis is None:
        a, axis = ravel(recording, a), 0
    axis = _axis(axis, len(shape_of(a)))
    return take(recording, a, np.repeat(np.arange(shape_of(a)[axis]), repeats), axis)


def tile(recording: Any, A: Array, reps: Any) -> Array:  # noqa: N803 - numpy's name
    """``numpy.tile``."""
    shape = shape_of(A)
    places = np.tile(np.arange(int(np.prod(shape))).reshape(shape), reps)
    return reshape(recording, ravel(recording, A)[places.ravel()], places.shape)


def split(recording: Any, ary: Array, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    """``numpy.split``."""
    axis = _axis(axis, len(shape_of(ary)))
    try:
        parts = np.split(np.arange(shape_of(ary)[axis]), indices_or_sections)
    except ValueError as problem:
        raise RecordingError(f"numpy's split of a recorded array: {problem}") from None
    if not all(part.size for part in parts):
        raise RecordingError("numpy's split of a recorded array makes a part without entries")
    return [ary[(slice(None),) * axis + (slice(int(part[0]), int(part[-1]) + 1),)] for part in parts]


def diff(recording: Any, a: Array, n: int = 1, axis: int = -1) -> Array:
    """``numpy.diff``."""
    front = (slice(None),) * _axis(axis, len(shape_of(a)))
    for _ in range(n):
        a = a[(*front, slice(1, None))] - a[(*front, slice(None, -1))]
    return a


def diagonal(recording: Any, a: Array, offset: int = 0) -> Array:
    """``numpy.diagonal`` of a matrix."""
    rows, columns = shape_of(a) if len(shape_of(a)) == 2 else _refused("diagonal of a recorded array is of a matrix")
    first = (0, offset) if offset >= 0 else (-offset, 0)
    places = list(range(min(rows - first[0], columns - first[1])))
    return a[[first[0] + k for k in places], [first[1] + k for k in places]]


def diag(recording: Any, v: Array, k: int = 0) -> Array:
    """``numpy.diag``: the diagonal of a matrix, or the matrix of a diagonal."""
    if len(shape_of(v)) != 1:
        return diagonal(recording, v, k)
    below = max(-k, 0)
    ones = np.eye(shape_of(v)[0] + abs(k), k=k, dtype=int)[below : below + shape_of(v)[0]]
    return pad(recording, einsum(recording, "i,ij->ij", v, ones), ((below, max(k, 0)), (0, 0)))


def _refused(problem: str) -> NoReturn:
    raise RecordingError(f"numpy's {problem}")


# -- put together ----------------------------------------------------------------------------------------


def concatenate(recording: Any, arrays: Iterable[Array], /, axis: Axes = 0) -> Array:
    """``numpy.concatenate``."""
    parts = list(arrays)
    if axis is None:
        parts, axis = [ravel(recording, recording.lifted(part)) for part in parts], 0
    return parts[0] if len(parts) == 1 else recording.made("concat", (("axis", axis),) if axis else (), *parts)


def stack(recording: Any, arrays: Iterable[Array], axis: int = 0) -> Array:
    """``numpy.stack``."""
    return recording.made("stack", (("axis", axis),) if axis else (), *arrays)


def vstack(recording: Any, tup: Iterable[Array]) -> Array:
    """``numpy.vstack``."""
    parts = list(tup)
    if all(len(shape_of(part)) <= 1 for part in parts):
        return stack(recording, [flat(recording, part) for part in parts])
    return concatenate(recording, [atleast(2)(recording, part) for part in parts])


def hstack(recording: Any, tup: Iterable[Array]) -> Array:
    """``numpy.hstack``."""
    parts = [atleast(1)(recording, part) for part in tup]
    return concatenate(recording, parts, 0 if len(shape_of(parts[0])) == 1 else 1)


def column_stack(recording: Any, tup: Iterable[Array]) -> Array:
    """``numpy.column_stack``."""
    parts = list(tup)
    if all(len(shape_of(part)) == 1 for part in parts):
        return stack(recording, parts, 1)
    return concatenate(
        recording, [part if len(shape_of(part)) > 1 else reshape(recording, part, (-1, 1)) for part in parts], 1
    )


def append(recording: Any, arr: Array, values: Array, axis: Axes = None) -> Array:
    """``numpy.append``."""
    return concatenate(recording, [arr, values], axis)


def pad(recording: Any, array: Array, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> Array:
    """``numpy.pad`` with a constant."""
    if mode != "constant" or np.ndim(constant_values):
        _refused(f"pad of a recorded array pads with one number, not by mode={mode!r}")
    widths = np.broadcast_to(pad_width, (len(shape_of(array)), 2))
    for axis, (before, after) in enumerate(widths.tolist()):
        shape = shape_of(array)
        ends = [np.full((*shape[:axis], width, *shape[axis + 1 :]), constant_values) for width in (before, after)]
        parts = [part for part in (ends[0], array, ends[1]) if 0 not in shape_of(part)]
        array = concatenate(recording, parts, axis)
    return array


# -- sums and products -----------------------------------------------------------------------------------


def reduced(head: str) -> Callable[..., Array]:
    """``numpy.sum`` and its like: a sum, a mean, the largest, over axes."""

    def of(recording: Any, a: Array, axis: Axes = None, dtype: Any = None, *, keepdims: bool = False) -> Array:
        if dtype is not None:
            _require_real(dtype)
        if not shape_of(a):
            return a
        given = tuple(map(operator.index, axis)) if isinstance(axis, list | tuple) else axis
        options: list[tuple[str, Any]] = [] if axis is None else [("axis", given)]
        if given == ():
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
        made = reduce(operator.mul, ravel(recording, a))
        return reshape(recording, made, (1,) * len(shape)) if keepdims else made
    axis = _axis(axis, len(shape))
    front = (slice(None),) * axis
    made = reduce(operator.mul, [a[(*front, place)] for place in range(shape[axis])])
    return reshape(recording, made, (*shape[:axis], 1, *shape[axis + 1 :])) if keepdims else made


def cumsum(recording: Any, a: Array, axis: Axes = None) -> Array:
    """``numpy.cumsum`` of a vector, as sums of parts."""
    a = ravel(recording, a) if axis is None else a
    if len(shape_of(a)) != 1:
        _refused("cumsum of a recorded array is of a vector")
    return stack(recording, list(accumulate(a)))


def var(recording: Any, a: Array, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Array:
    """``numpy.var``: the mean of squares about the mean."""
    about = (a - mean(recording, a, axis, keepdims=True)) ** 2
    if not ddof:
        return mean(recording, about, axis, keepdims=keepdims)
    counted = shape_of(a) if axis is None else [shape_of(a)[one] for one in np.atleast_1d(axis)]
    return total(recording, about, axis, keepdims=keepdims) / (int(np.prod(counted)) - ddof)


def std(recording: Any, a: Array, axis: Axes = None, *, ddof: float = 0, keepdims: bool = False) -> Array:
    """``numpy.std``."""
    return function("sqrt")(var(recording, a, axis, ddof=ddof, keepdims=keepdims))


def average(recording: Any, a: Array, axis: Axes = None, weights: Array = None, *, keepdims: bool = False) -> Array:
    """``numpy.average``."""
    if weights is None:
        return mean(recording, a, axis, keepdims=keepdims)
    if shape_of(weights) != shape_of(a):
        _refused("average of a recorded array takes weights of its shape")
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
    pairs = [[_axis(one, rank) for one in np.atleast_1d(those)] for those, rank in zip(axes, ranks, strict=True)]
    letters = "abcdefghijklmnopqrstuvwxyz"
    mine, theirs = list(letters[:left]), list(letters[left : left + right])
    for i, j in zip(*pairs, strict=True):
        theirs[j] = mine[i]
    kept = [c for k, c in enumerate(mine) if k not in pairs[0]] + [c for k, c in enumerate(theirs) if k not in pairs[1]]
    return einsum(recording, f"{''.join(mine)},{''.join(theirs)}->{''.join(kept)}", a, b)


def einsum(recording: Any, subscripts: Any, /, *operands: Array) -> Array:
    """``numpy.einsum`` of one operand or two."""
    if not isinstance(subscripts, str):
        _refused("einsum of a recorded array takes its letters as a text: 'ij,j->i'")
    if len(operands) > 2:
        _refused("einsum of a recorded array is of two operands at most; write it as several")
    return recording.made("einsum", (("subscripts", subscripts.replace(" ", "")),), *operands)


def convolve(recording: Any, a: Array, v: Array, mode: str = "full") -> Array:
    """``numpy.convolve``."""
    return recording.made("convolve", () if mode == "full" else (("mode", mode),), a, v)


def correlate(recording: Any, a: Array, v: Array, mode: str = "valid") -> Array:
    """``numpy.correlate``."""
    if mode == "valid" and len(shape_of(a)) == 1 and shape_of(a) >= shape_of(v):
        return recording.made("conv1d", (), a, v)
    if shape_of(a) < shape_of(v):
        _refused("correlate of a recorded array has the longer one in front")
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
        _refused(f"linalg.norm of a recorded array is the Euclidean one, or of vectors with ord=1 or inf, not {ord!r}")
    return sizes[ord](recording, abs(x), axis, keepdims=keepdims)


# -- the rest --------------------------------------------------------------------------------------------


def clip(recording: Any, a: Array, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Array:  # noqa: A002
    """``numpy.clip``."""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    above = a if low is None else function("max")(a, low)
    return above if high is None else function("min")(above, high)


def where(recording: Any, condition: Any, x: Array = None, y: Array = None, /) -> Array:
    """``numpy.where`` by a mask that is constant."""
    mask = np.asarray(condition) if not hasattr(condition, "_recording") else np.empty(0, dtype=object)
    if x is None or y is None or mask.dtype != bool:
        raise RecordingError("numpy's where of recorded arrays takes a constant mask of True and False; "
                             f'{_WHOLE_CHOICE}, or trace with rows="entries"')  # fmt: skip
    here, there = (recording.lifted(part.astype(int)) for part in (mask, ~mask))
    parts = [side * of for side, of in ((here, x), (there, y)) if _is_recorded(of) or np.any(of)]
    made = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    shape = np.broadcast_shapes(mask.shape, shape_of(x), shape_of(y))
    return broadcast_to(recording, made, shape)


def _is_recorded(x: Any) -> bool:
    return hasattr(x, "_recording")


def full_like(number: Any) -> Callable[..., Any]:
    """``numpy.zeros_like`` and ``numpy.ones_like``: constants."""

    def of(recording: Any, a: Array, dtype: Any = None, *, shape: Any = None) -> Any:
        return np.full(shape_of(a) if shape is None else shape, number, dtype=float if dtype is None else dtype)

    return of


def given_like(recording: Any, a: Array, fill_value: Any, dtype: Any = None) -> Any:
    """``numpy.full_like``."""
    return np.full(shape_of(a), fill_value, dtype=float if dtype is None else dtype)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": total, "mean": mean, "max": largest, "amax": largest, "min": smallest, "amin": smallest, "prod": prod,
    "cumsum": cumsum, "var": var, "std": std, "average": average, "ptp": ptp,
    "dot": dot, "vdot": vdot, "inner": inner, "outer": outer, "matmul": matmul, "tensordot": tensordot,
    "einsum": einsum, "convolve": convolve, "correlate": correlate, "trace": trace, "linalg.norm": norm,
    "linalg.matmul": matmul, "linalg.outer": outer, "linalg.trace": trace, "linalg.tensordot": tensordot,
    "linalg.vector_norm": lambda recording, x, /, *, axis=None, keepdims=False, ord=2: norm(  # noqa: A006
        recording, x if axis is not None else flat(recording, x), ord, axis, keepdims=keepdims),
    "transpose": transpose, "permute_dims": transpose, "swapaxes": swapaxes, "moveaxis": moveaxis,
    "matrix_transpose": matrix_transpose, "linalg.matrix_transpose": matrix_transpose,
    "reshape": reshape, "ravel": ravel, "squeeze": squeeze, "expand_dims": expand_dims,
    "atleast_1d": atleast(1), "atleast_2d": atleast(2), "broadcast_to": broadcast_to,
    "concatenate": concatenate, "concat": concatenate, "stack": stack, "vstack": vstack, "hstack": hstack,
    "column_stack": column_stack, "append": append, "pad": pad, "take": take, "flip": flip, "roll": roll,
    "flipud": lambda recording, m: flip(recording, m, 0), "fliplr": lambda recording, m: flip(recording, m, 1),
    "repeat": repeat, "tile": tile, "split": split, "diff": diff, "diagonal": diagonal, "diag": diag,
    "clip": clip, "where": where,
    "copy": lambda recording, a, order="K": recording.again(a),
    "zeros_like": full_like(0.0), "empty_like": full_like(0.0), "ones_like": full_like(1.0), "full_like": given_like,
    "shape": lambda recording, a: shape_of(a), "ndim": lambda recording, a: len(shape_of(a)),
    "size": lambda recording, a, axis=None: int(np.prod(shape_of(a) if axis is None else shape_of(a)[axis])),
    "real": lambda recording, val: val,
    "result_type": lambda recording, *arrays_and_dtypes: np.dtype(float),
}  # fmt: skip
"""numpy's functions by name, each from the recording and what numpy gives it."""
METHODS: Mapping[str, Callable[..., Any]] = {name: _FUNCTIONS[name] for name in (
    "sum", "mean", "max", "min", "prod", "cumsum", "var", "std", "dot", "transpose", "swapaxes", "ravel", "squeeze",
    "clip", "repeat", "take", "diagonal", "trace", "copy",
)}  # fmt: skip
"""Those that are methods of arrays, too."""
