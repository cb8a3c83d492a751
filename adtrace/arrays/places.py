"""Entries at other places: transpose, reshape, parts, concat, stack."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from math import prod
from typing import Any

from adtrace.arrays.elemental import ArrayElemental, Rule, ShapeError, axes_of, said, written
from adtrace.arrays.index_rules import Shape
from adtrace.elementals import SLOTS
from adtrace.language.syntax import Option, Options


def _placed(  # noqa: PLR0917 - as above
    head: str, options: Options, shapes: tuple[Shape, ...], shape: Shape, places: Callable[..., tuple[Any, ...]],
    adjoints: tuple[Rule, ...],
) -> ArrayElemental:  # fmt: skip
    slots = SLOTS[: len(shapes)]
    tangents = tuple(
        written(head, options, *(f"d{slot}" if slot == of else slot for slot in slots)) for of in slots
    )  # of an operand that stands still there are zeros
    return ArrayElemental(head, head, (), options=options, shapes=shapes, shape=shape, places=places,
                          adjoints_text=adjoints, tangents_text=tangents)  # fmt: skip


def _entry_places(numpy: Any, shape: Shape) -> Any:
    return numpy.arange(prod(shape)).reshape(shape)


def transpose(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The axes in another order: reversed, if none is given."""
    (shape,) = shapes
    order = dict(options).get("axes")
    axes = axes_of(head, order, len(shape)) if order is not None else tuple(reversed(range(len(shape))))
    if len(axes) != len(shape):
        raise ShapeError(f"axes={order!r} of transpose names {len(axes)} of {len(shape)} axes")
    back = tuple(axes.index(place) for place in range(len(shape)))
    adjoint = written("transpose", () if order is None else (("axes", back),), "a")
    return _placed(head, options, shapes, tuple(shape[axis] for axis in axes),
                   lambda numpy: (_entry_places(numpy, shape).transpose(axes),), (adjoint,))  # fmt: skip


def reshape(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The same entries in the same order, in an array of another shape."""
    (shape,) = shapes
    size = prod(shape)
    if head == "flatten":
        wanted: tuple[int, ...] = (size,)
    else:
        lengths = dict(options).get("shape")
        wanted = lengths if isinstance(lengths, tuple) else (lengths,)
        if not all(type(n) is int and (n > 0 or n == -1) for n in wanted) or wanted.count(-1) > 1:
            raise ShapeError(f"reshape takes the lengths of the axes, one of them -1 for what is left; not {lengths!r}")
        rest = prod(n for n in wanted if n != -1)
        if -1 in wanted and size % rest == 0:
            wanted = tuple(size // rest if n == -1 else n for n in wanted)
        if prod(wanted) != size:
            raise ShapeError(f"reshape: {said(shape)} are {size} entries in all, {said(wanted)} are another number")
    return _placed(head, options, shapes, wanted, lambda numpy: (_entry_places(numpy, shape).reshape(wanted),),
                   (written("reshape", (("shape", shape),), "a"),))  # fmt: skip


def index_of(items: tuple[Option, ...]) -> tuple[Any, ...]:
    """The items of a part as Python's own."""
    index: list[Any] = []
    for item in items:
        if isinstance(item, tuple) and item[:1] == ("slice",):
            index.append(slice(*item[1:]))
        elif isinstance(item, tuple) and item[:1] == ("list",):
            index.append(list(item[1:]))
        else:
            index.append(Ellipsis if item == "..." else item)
    return tuple(index)


def part(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """A part, by indices and slices that count from 0."""
    """The entries in row order along other axes."""
    (shape,) = shapes
    items = index_of(dict(options)["index"])  # type: ignore[arg-type]
    _check_part(items, shape)

    def places(numpy: Any) -> tuple[Any, ...]:
        return (numpy.asarray(_entry_places(numpy, shape)[items]),)

    import numpy as np  # noqa: PLC0415 - only where there are arrays

    try:
        (chosen,) = places(np)
    except (IndexError, ValueError) as problem:
        raise ShapeError(f"the part of an array of {said(shape)}: {problem}") from None
    if chosen.size == 0:
        raise ShapeError(f"the part of an array of {said(shape)} is empty")
    adjoint = written("place", (("shape", shape), *options), "a")
    return _placed(head, options, shapes, chosen.shape, places, (adjoint,))


def _check_part(items: tuple[Any, ...], shape: Shape) -> None:
    """Raise `ShapeError` for an index that the array has not; indices count from 0."""
    if not shape:
        raise ShapeError("a number has no parts")
    axes = [item for item in items if item is not None]
    if len([item for item in axes if item is not Ellipsis]) > len(shape):
        raise ShapeError(f"{len(items)} indices for an array of {said(shape)}, which has {len(shape)} axes")
    if Ellipsis in axes:
        return
    for item, size in zip(axes, shape, strict=False):
        for index in item if isinstance(item, list) else [item]:
            if type(index) is int and not -size <= index < size:
                raise ShapeError(f"there is no [{index}] among {size} entries: they count from 0 to {size - 1}")


_MOST_TOGETHER = 500
"""The tangent and each adjoint of a row name all that it puts together."""


def concat(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """Arrays one after the other along an axis; stacked along a new one."""
    stacked = head == "stack"
    axis, wide = _beside(head, options, shapes)
    shape = (*wide[0][:axis], sum(other[axis] for other in wide), *wide[0][axis + 1 :])

    def places(numpy: Any) -> tuple[Any, ...]:
        return tuple(
            numpy.concatenate(
                [_entry_places(numpy, other) if k == j else numpy.full(other, -1) for j, other in enumerate(wide)], axis
            )
            for k in range(len(wide))
        )

    begins = [0, *accumulate(other[axis] for other in wide[:-1])]
    open_axes = (("slice", None, None, None),) * axis
    parts = [
        (*open_axes, begin if stacked else ("slice", begin, begin + other[axis], None))
        for begin, other in zip(begins, wide, strict=True)
    ]
    adjoints = tuple(written("part", (("index", part),), "a") for part in parts)
    return _placed(head, options, shapes, shape, places, adjoints)


def _beside(head: str, options: Options, shapes: tuple[Shape, ...]) -> tuple[int, list[Shape]]:
    """The axis along which arrays are put together, and their shapes with it; raises `ShapeError` if they differ."""
    if len(shapes) > _MOST_TOGETHER:
        raise ShapeError(f"{head} puts {_MOST_TOGETHER} arrays together at most, not {len(shapes)}")
    stacked = head == "stack"
    rank = len(shapes[0]) + stacked
    if rank == 0:
        raise ShapeError("concat is of arrays; numbers are put into one by [a, b] or stack(a, b)")
    (axis,) = axes_of(head, dict(options).get("axis", 0), rank)
    if not stacked:
        if len({(len(shape), *shape[:axis], *shape[axis + 1 :]) for shape in shapes}) > 1:
            raise ShapeError(f"concat along axis {axis} of {' and '.join(map(said, shapes))}: their other axes differ")
        return axis, list(shapes)
    if len(set(shapes)) > 1:
        raise ShapeError(f"stack is of arrays of one shape, not of {' and '.join(map(said, shapes))}")
    return axis, [(*shape[:axis], 1, *shape[axis:]) for shape in shapes]
