"""What moves a window over an array: convolution and pooling (Goodfellow et al., *Deep Learning*, 2016, section 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from adtrace.arrays.axis_windows import SAME, VALID, AxisWindow, padding_of
from adtrace.arrays.elemental import ArrayElemental, ShapeError, make, said, written
from adtrace.arrays.index_rules import Shape, index_rule
from adtrace.language.syntax import Option, Options


def _pair(name: str, given: Option, axes: int, least: int) -> tuple[int, ...]:
    """An option that is one number for all axes, or one for each."""
    numbers = given if isinstance(given, tuple) else (given,) * axes
    if len(numbers) != axes or not all(type(n) is int and n >= least for n in numbers):
        kind = "a whole number" if axes == 1 else f"a whole number, or {axes} of them,"
        raise ShapeError(f"{name} is {kind} from {least}, not {given!r}")
    return numbers  # type: ignore[return-value]


WINDOW_LETTERS = "ixy", "jzt"
"""The letters of a result's places and of a window's, axis by axis."""


def _windows(
    head: str, shape: Shape, window: tuple[int, ...], options: Mapping[str, Option], stride: Option
) -> tuple[str, dict[str, int]]:
    """The axes of an operand under a moving window, as text, and how far its letters run."""
    count = len(window)
    dilations = _pair("dilation", options.get("dilation", 1), count, 1)
    strides = _pair("stride", stride, count, 1)
    padding = options.get("padding", 0)
    spatial = shape[len(shape) - count :]
    if padding in (VALID, SAME):
        pairs = [padding_of(str(padding), *of) for of in zip(spatial, window, strides, dilations, strict=True)]
        if any(before != after for before, after in pairs) or (padding == SAME and set(strides) != {1}):
            raise ShapeError('padding="same" is for a stride of 1 and a window of odd length')
        padding = tuple(before for before, _ in pairs)
    paddings = _pair("padding", padding, count, 0)
    moved = [AxisWindow(k, s, p, p, d) for k, s, p, d in zip(window, strides, paddings, dilations, strict=True)]
    for n, own in zip(spatial, moved, strict=True):
        if own.places(n) == 0:
            padded = f" and padding of {own.before}" if own.before else ""
            raise ShapeError(f"{head}: a window of {own.span} is longer than the axis of {n}{padded}")
    return window_axes(spatial, moved)


def window_axes(shape: Shape, windows: Sequence[AxisWindow], *, flipped: bool = False) -> tuple[str, dict[str, int]]:
    """The axes of an operand under a window on each, as an index rule writes them, and how far its letters run.

    ``flipped`` has the window's last entry first, as convolution in mathematics has it.
    """
    texts: list[str] = []
    extents: dict[str, int] = {}
    for place, (n, own) in enumerate(zip(shape, windows, strict=True)):
        i, j = (letters[place] for letters in WINDOW_LETTERS)
        extents[i], extents[j] = own.places(n), own.kernel
        if flipped:
            texts.append(f"{i}*{own.stride} - {j}*{own.dilation} + {own.span - 1} - {own.before}")
        else:
            texts.append(f"{i}*{own.stride} + {j}*{own.dilation} - {own.before}")
    return ",".join(texts), extents


def convolution(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """Cross-correlation, as every library calls convolution: the kernel is not flipped."""
    count = int(head[4])
    u, w = shapes
    settings = dict(options)
    window = w[len(w) - count :]
    if (len(u), len(w)) == (count, count):
        batch, channels = "", False
    elif len(w) == count + 2 and len(u) in (count + 1, count + 2):
        batch, channels = "b" if len(u) == count + 2 else "", True
        if u[-count - 1] != w[1]:
            raise ShapeError(f"{head}: the input has {u[-count - 1]} channels, the kernel is for {w[1]}")
    else:
        plain, deep = ("n", "C x n") if count == 1 else ("H x W", "C x H x W")
        kernel, kernels = ("k", "O x C x k") if count == 1 else ("h x w", "O x C x h x w")
        raise ShapeError(
            f"{head} is of {plain} with a kernel of {kernel}, or of {deep} (a batch in front, if there is one) with "
            f"{kernels}; not of {said(u)} with {said(w)}"
        )
    axes, extents = _windows(head, u, window, settings, settings.get("stride", 1))
    places, inner = (",".join(letters[:count]) for letters in WINDOW_LETTERS)
    lead = f"{batch}," if batch else ""
    text = f"v[{places}] = u[{axes}]*w[{inner}]"
    if channels:
        text = f"v[{lead}o,{places}] = u[{lead}c,{axes}]*w[o,c,{inner}]"
    index = index_rule(text, shapes, extents)
    simple = not channels and not options
    adjoints = (
        (written("convolve2d" if count == 2 else "convolve", (), "a", "w"), written(head, (), "u", "a"))
        if simple
        else (
            written(f"{head}_input", (*options, ("shape", u)), "a", "w"),
            written(f"{head}_weight", (*options, ("shape", w)), "u", "a"),
        )
    )
    return make(head, options, shapes, index, adjoints_text=adjoints,
                tangents_text=(written(head, options, "du", "w"), written(head, options, "u", "dw")))  # fmt: skip


def convolve(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """Convolution: the kernel is flipped; ``full``, ``same`` or ``valid`` as numpy has it."""
    axes = 2 if head == "convolve2d" else 1
    u, w = shapes
    if len(u) != axes or len(w) != axes:
        what = "two vectors" if axes == 1 else "two matrices"
        raise ShapeError(f"{head} is of {what}, not of {said(u)} and {said(w)}")
    mode = dict(options).get("mode", "full")
    if mode not in ("full", "same", "valid"):
        raise ShapeError(f'mode of {head} is "full", "same" or "valid", not {mode!r}')
    texts: list[str] = []
    extents: dict[str, int] = {}
    for place, (n, k) in enumerate(zip(u, w, strict=True)):
        i, j = (letters[place] for letters in WINDOW_LETTERS)
        short, long = sorted((n, k))
        offset = {"full": 0, "same": (short - 1) // 2, "valid": short - 1}[str(mode)]
        extents[i] = {"full": n + k - 1, "same": long, "valid": long - short + 1}[str(mode)]
        texts.append(f"{i} - {j} + {offset}")
    places, inner = (",".join(letters[:axes]) for letters in WINDOW_LETTERS)
    index = index_rule(f"v[{places}] = u[{','.join(texts)}]*w[{inner}]", shapes, extents)
    correlation = f"conv{axes}d"
    adjoints = (
        (written(correlation, (), "a", "w"), written(correlation, (), "a", "u"))
        if mode == "full"
        else (
            written(f"{head}_input", (*options, ("shape", u)), "a", "w"),
            written(f"{head}_weight", (*options, ("shape", w)), "u", "a"),
        )
    )
    return make(head, options, shapes, index, adjoints_text=adjoints,
                tangents_text=(written(head, options, "du", "w"), written(head, options, "u", "dw")))  # fmt: skip


def pool(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The largest entry of each window, or the mean."""
    count = int(head[-2])
    (u,) = shapes
    settings = dict(options)
    if len(u) < count:
        raise ShapeError(f"{head} is of an array of at least {count} axes, not of {said(u)}")
    window = _pair("size", settings.get("size"), count, 1)
    axes, extents = _windows(head, u, window, settings, settings.get("stride") or tuple(window))
    paddings = _pair("padding", settings.get("padding", 0), count, 0)
    if any(2 * p > k for p, k in zip(paddings, window, strict=True)):
        raise ShapeError(f"padding of {head} is at most half of its window")
    lead = "".join(f"{letter}," for letter in "abcd"[: len(u) - count])
    places = ",".join(WINDOW_LETTERS[0][:count])
    if head.startswith("max"):
        text = f"v[{lead}{places}] = max(u[{lead}{axes}])"
        adjoint, tangent = written("unpool", (), "a"), written("pick", (), "du")
    else:
        text = f"v[{lead}{places}] = u[{lead}{axes}]/{prod(window)}"
        adjoint = written(f"{head}_input", (*options, ("shape", u)), "a")
        tangent = written(head, options, "du")
    return make(head, options, shapes, index_rule(text, shapes, extents), adjoints_text=(adjoint,),
                 tangents_text=(tangent,))  # fmt: skip
