"""numpy's functions on recorded arrays, in terms of the rows that there are (NEP 13 and NEP 18).

`ufunc` answers ``__array_ufunc__``, `numpy_function` answers ``__array_function__``.  A function of `_FUNCTIONS` has
numpy's own names and defaults for what it takes; what it has no name for is refused by name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from adtrace.errors import RecordingError
from adtrace.tracing.functions import BINARY, UNARY, function
from adtrace.tracing.numpy_shapes import (
    Array,
    append,
    atleast,
    broadcast_to,
    column_stack,
    concatenate,
    diagonal,
    diff,
    expand_dims,
    flat,
    flip,
    hstack,
    is_recorded,
    matrix_transpose,
    moveaxis,
    pad,
    ravel,
    repeat,
    reshape,
    roll,
    shape_of,
    split,
    squeeze,
    stack,
    swapaxes,
    take,
    tile,
    transpose,
    vstack,
)
from adtrace.tracing.numpy_sums import (
    average,
    convolve,
    correlate,
    cumsum,
    diag,
    dot,
    einsum,
    inner,
    largest,
    matmul,
    mean,
    norm,
    outer,
    prod,
    ptp,
    smallest,
    std,
    tensordot,
    total,
    trace,
    var,
    vdot,
)


def ufunc(recording: Any, of: Any, method: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A universal function of numpy on recorded arrays and what stands beside them."""
    name = of.__name__
    further = {key: value for key, value in options.items() if not _is_default(key, value)}
    if "out" in further:
        raise RecordingError(f"numpy's {name} cannot write into an array beside a recorded one: an array of numbers "
                             "holds no rows; write a = a + b in place of a += b, and leave out=... away")  # fmt: skip
    if method == "reduce" and name in _REDUCED:
        further = {"axis": 0} | {key: options[key] for key in ("axis", "keepdims") if key in options} | further
        return _bound(_FUNCTIONS[_REDUCED[name]], f"{name}.reduce", recording, operands, further)
    if (name, method) == ("multiply", "outer"):
        return outer(recording, *operands)
    if further or method != "__call__":
        what = f"{name}.{method}" if method != "__call__" else f"{name} with {', '.join(further)}"
        raise RecordingError(f"numpy's {what} of a recorded array has no row")
    if name == "matmul":
        return recording.made("matmul", (), *operands)
    function = (UNARY if of.nin == 1 else BINARY).get(name)
    if function is None:
        raise RecordingError(f"numpy's {name} has no elemental; write it with those that there are")
    return function(*map(recording.lifted, operands))


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
    what = f"{inside}.{name}" if inside else name
    counterpart = _FUNCTIONS.get(what)
    if counterpart is None:
        if name in _COMPARING:
            raise RecordingError(f"numpy's {what} of a recorded array compares its entries, and no row is left of it; "
                                 f'{_WHOLE_CHOICE}, or trace with rows="entries"')  # fmt: skip
        raise RecordingError(f"numpy's {what} of a recorded array has no row; write it with functions that have one")
    options = {key: value for key, value in options.items() if key == "axis" or not _is_default(key, value)}
    return _bound(counterpart, what, recording, given, options)


_WHOLE_CHOICE = "write numpy.maximum, numpy.max or adtrace.relu"


def _module(of: Any) -> str:
    """``linalg``, ``fft``: the part of numpy that a function is from."""
    names = str(getattr(of, "__module__", "")).split(".")
    return names[1] if len(names) > 1 and not names[1].startswith(("_", "lib", "core")) else ""


def _bound(
    counterpart: Callable[..., Any], name: str, recording: Any, given: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    """The call, if what is given are things that it takes."""
    try:
        bound = _signature(counterpart).bind(recording, *given, **options)
    except TypeError as problem:
        raise RecordingError(f"numpy's {name} of a recorded array: {problem}; what it takes here is "
                             f"{', '.join(list(_signature(counterpart).parameters)[1:])}") from None  # fmt: skip
    return counterpart(*bound.args, **bound.kwargs)


@lru_cache(maxsize=256)
def _signature(counterpart: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(counterpart)


_COMPARING = frozenset((
    "where", "argmax", "argmin", "sort", "argsort", "any", "all", "isclose", "allclose", "array_equal", "unique",
    "nonzero", "count_nonzero", "median", "percentile", "quantile", "searchsorted", "select", "partition", "argwhere",
    "flatnonzero", "array_equiv", "choose", "extract", "lexsort", "digitize", "histogram", "piecewise",
))  # fmt: skip


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
    parts = [side * of for side, of in ((here, x), (there, y)) if is_recorded(of) or np.any(of)]
    sides = parts[0] if len(parts) == 1 else parts[0] + parts[1]
    shape = np.broadcast_shapes(mask.shape, shape_of(x), shape_of(y))
    return broadcast_to(recording, sides, shape)


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
