"""numpy's functions on recorded arrays that put entries at other places: shapes, parts, and arrays put together."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

import numpy as np

from adtrace.errors import BoundError, RecordingError

Array = Any
"""A recorded array or number, or a constant beside it."""
Axes = Any
"""An axis, several in a tuple, or None."""

# -- shapes ----------------------------------------------------------------------------------------------


def shape_of(x: Array) -> tuple[int, ...]:
    """The shape of what stands beside a recorded array, too."""
    return tuple(np.shape(x)) if isinstance(x, list | tuple | np.ndarray | np.generic) else getattr(x, "shape", ())


def axis_of(axis: Any, rank: int) -> int:
    """An axis, counted from 0."""
    place = int(operator.index(axis))
    if not -rank <= place < rank:
        raise RecordingError(f"axis {place} of an array that has {rank}")
    return place % rank


def require_room(recording: Any, *lengths: Any) -> None:
    """Refuse an array with more entries than the bound, before numpy lays out where they come from."""
    entries = 1
    for length in lengths:
        entries *= int(length)
    if entries > recording.limits.entries:
        raise BoundError(f"an array of {entries} entries; the bound is {recording.limits.entries}")


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
    if axes is not None and sorted(axis_of(axis, rank) for axis in axes) != list(range(rank)):
        raise RecordingError(f"the axes {tuple(axes)!r} of transpose are not each of {rank}, once")
    if rank < 2:
        return recording.seen(a, a)
    if axes is None:
        return recording.seen(recording.made("transpose", (), a), a)
    order = tuple(axis_of(axis, rank) for axis in axes)
    options = () if order == tuple(reversed(range(rank))) else (("axes", order),)
    return recording.seen(recording.made("transpose", options, a), a)


def swapaxes(recording: Any, a: Array, axis1: int, axis2: int) -> Array:
    """``numpy.swapaxes``."""
    order = list(range(len(shape_of(a))))
    i, j = (axis_of(axis, len(order)) for axis in (axis1, axis2))
    order[i], order[j] = order[j], order[i]
    return transpose(recording, a, order)


def matrix_transpose(recording: Any, x: Array, /) -> Array:
    """``numpy.matrix_transpose``."""
    return swapaxes(recording, x, -1, -2)


def moveaxis(recording: Any, a: Array, source: Any, destination: Any) -> Array:
    """``numpy.moveaxis``."""
    rank = len(shape_of(a))
    pairs = [[axis_of(axis, rank) for axis in np.atleast_1d(axes)] for axes in (source, destination)]
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
        pads = [(1,) * (rank - len(shape_of(a))) for a in arys]
        parts = [reshape(recording, a, pad + shape_of(a)) if pad else a for a, pad in zip(arys, pads, strict=True)]
        return parts[0] if len(parts) == 1 else tuple(parts)

    return of


def broadcast_to(recording: Any, array: Array, shape: Any) -> Array:
    """``numpy.broadcast_to``, as a product with ones."""
    lengths = tuple(shape) if isinstance(shape, list | tuple) else (shape,)
    require_room(recording, *lengths)
    return array if lengths == shape_of(array) else recording.lifted(np.ones(lengths, dtype=int)) * array


# -- parts -----------------------------------------------------------------------------------------------


def part(recording: Any, a: Array, index: Any) -> Array:
    """``a[index]``, as numpy has it: a row for a part, and one for other axes."""
    items = [_item(item) for item in (index if isinstance(index, tuple) else (index,))]
    if len(items) == 1 and isinstance(items[0], np.ndarray) and items[0].ndim > 1:
        return _of_places(recording, a, items[0])
    axes = [item for item in items if item is not None]
    try:
        shape = np.broadcast_to(np.False_, shape_of(a))[tuple(items)].shape
    except IndexError:
        shape = None  # the row says what is wrong
    if shape is not None and all(map(_is_every, axes)):
        return reshape(recording, a, shape)
    entries = recording.made("part", (("index", tuple(map(_option, axes))),), a)
    if shape is not None and shape_of(entries) != shape:
        entries = reshape(recording, entries, shape)
    return entries if any(isinstance(axis, np.ndarray) for axis in axes) else recording.seen(entries, a)


def _is_every(item: Any) -> bool:
    """Whether an item of an index takes all entries of its axes."""
    return item is Ellipsis or (isinstance(item, slice) and item in _EVERY)


def _item(item: Any) -> Any:
    """One item of an index: a whole number, a slice, None, ``...``, or an array of whole numbers."""
    if item is None or item is Ellipsis:
        return item
    if isinstance(item, slice):
        if type(item.step) is int and item.step == 0:
            raise RecordingError("the step of a slice is not 0")
        return slice(*(None if end is None else _whole(end) for end in (item.start, item.stop, item.step)))
    if isinstance(item, list | np.ndarray):
        places = np.asarray(item) if not any(map(is_recorded, item)) else np.empty(0)
        if places.ndim and places.dtype.kind in "iub" and places.size:
            return places
        if not places.ndim and places.dtype.kind in "iu":
            return int(places)
    return _whole(item)


def _whole(item: Any) -> int:
    if isinstance(item, bool | np.bool_) or is_recorded(item) or not hasattr(item, "__index__"):
        raise RecordingError("an index of a recorded array is a whole number, a slice or a constant list of them, not "
                             f"{'a recorded value' if is_recorded(item) else type(item).__name__}")  # fmt: skip
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
    return recording.lifted(a)[(slice(None),) * axis_of(axis, len(shape_of(a))) + (indices,)]


def flip(recording: Any, m: Array, axis: Axes = None) -> Array:
    """``numpy.flip``."""
    rank = len(shape_of(m))
    axes = range(rank) if axis is None else [axis_of(k, rank) for k in np.atleast_1d(axis)]
    return m[tuple(slice(None, None, -1) if place in axes else slice(None) for place in range(rank))]


def roll(recording: Any, a: Array, shift: int, axis: Axes = None) -> Array:
    """``numpy.roll``."""
    if axis is None:
        places = np.roll(np.arange(int(np.prod(shape_of(a)))), shift)
        return reshape(recording, ravel(recording, a)[places], shape_of(a))
    axis = axis_of(axis, len(shape_of(a)))
    return take(recording, a, np.roll(np.arange(shape_of(a)[axis]), shift), axis)


def repeat(recording: Any, a: Array, repeats: Any, axis: Axes = None) -> Array:
    """``numpy.repeat``."""
    if axis is None:
        a, axis = ravel(recording, a), 0
    axis = axis_of(axis, len(shape_of(a)))
    times = np.asarray(repeats)
    require_room(recording, np.sum(times) if times.ndim else times, 1 if times.ndim else shape_of(a)[axis])
    return take(recording, a, np.repeat(np.arange(shape_of(a)[axis]), repeats), axis)


def tile(recording: Any, A: Array, reps: Any) -> Array:  # noqa: N803 - numpy's name
    """``numpy.tile``."""
    shape = shape_of(A)
    require_room(recording, *shape, *np.ravel(reps))
    places = np.tile(np.arange(int(np.prod(shape))).reshape(shape), reps)
    return reshape(recording, ravel(recording, A)[places.ravel()], places.shape)


def split(recording: Any, ary: Array, indices_or_sections: Any, axis: int = 0) -> list[Array]:
    """``numpy.split``."""
    axis = axis_of(axis, len(shape_of(ary)))
    try:
        parts = np.split(np.arange(shape_of(ary)[axis]), indices_or_sections)
    except ValueError as problem:
        raise RecordingError(f"numpy's split of a recorded array: {problem}") from None
    if not all(part.size for part in parts):
        raise RecordingError("numpy's split of a recorded array makes a part without entries")
    return [ary[(slice(None),) * axis + (slice(int(part[0]), int(part[-1]) + 1),)] for part in parts]


def diff(recording: Any, a: Array, n: int = 1, axis: int = -1) -> Array:
    """``numpy.diff``."""
    front = (slice(None),) * axis_of(axis, len(shape_of(a)))
    for _ in range(n):
        a = a[(*front, slice(1, None))] - a[(*front, slice(None, -1))]
    return a


def diagonal(recording: Any, a: Array, offset: int = 0) -> Array:
    """``numpy.diagonal`` of a matrix."""
    rows, columns = shape_of(a) if len(shape_of(a)) == 2 else refused("diagonal of a recorded array is of a matrix")
    first = (0, offset) if offset >= 0 else (-offset, 0)
    places = list(range(min(rows - first[0], columns - first[1])))
    return a[[first[0] + k for k in places], [first[1] + k for k in places]]


def refused(problem: str) -> NoReturn:
    """Raise the sentence of what numpy has and is not taken here."""
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
        refused(f"pad of a recorded array pads with one number, not by mode={mode!r}")
    widths = np.broadcast_to(pad_width, (len(shape_of(array)), 2))
    for axis, (before, after) in enumerate(widths.tolist()):
        shape = shape_of(array)
        if before < 0 or after < 0:
            raise RecordingError(f"pad adds entries; {min(before, after)} is no number of them")
        require_room(recording, *shape[:axis], before + after, *shape[axis + 1 :])
        ends = [np.full((*shape[:axis], width, *shape[axis + 1 :]), constant_values) for width in (before, after)]
        parts = [part for part in (ends[0], array, ends[1]) if 0 not in shape_of(part)]
        array = concatenate(recording, parts, axis)
    return array


def is_recorded(x: Any) -> bool:
    """Whether it is a recorded number or array."""
    return hasattr(x, "_recording")
