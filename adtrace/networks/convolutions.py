"""Convolutions of numbers, worked out: every place of the window, its products, and where the result has them.

In mode *full* the window meets the signal in one entry at least, with d(k - 1) zeros on each side; *same* has as many
places as the signal has entries (over the stride); in *valid* the whole window lies in the signal.
The values are those of an index rule (`arrays.windows`) in exact numbers, or in formulas where letters are open.
Which zeros *same* has is a convention: numpy's and scipy's have the odd one in front, those of TensorFlow, Keras and
PyTorch behind; numpy's has as many places as the longer of the two operands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from adtrace.arrays.axis_windows import FULL, SAME, VALID, AxisWindow, padding_of
from adtrace.arrays.index_rules import IndexRule, Shape, index_rule
from adtrace.arrays.windows import WINDOW_LETTERS, window_axes
from adtrace.errors import BoundError, DomainError, InputError, OptionError, either, nearest, printable
from adtrace.language.syntax import CONSTANTS, Name, Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge, decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.value import Value, named_values
from adtrace.tracing.arrays import arrays
from adtrace.tracing.choices import chosen, windows
from adtrace.tracing.entries import entries_of, of_entries
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.expressed import Expressed
from adtrace.tracing.point import entries
from adtrace.tracing.products import contracted
from adtrace.tracing.symbols import symbols
from adtrace.writing.dialects import plain
from adtrace.writing.matrices import nested

MODES = (FULL, SAME, VALID)
NUMPY, TENSORFLOW, CENTRED = "numpy", "tensorflow", "centred"
SAMES = (NUMPY, TENSORFLOW, CENTRED)
"""Whose *same*: numpy's; TensorFlow's; the middle of *full*, as long as the signal (scipy)."""
POOLS = ("max", "mean")
_LARGEST = 200_000
"""Products of one result."""
_AXES = 2


class Place(NamedTuple):
    """One place of the window."""

    at: tuple[int, ...]
    """Where it begins, counted in the signal along each axis; less than 0 in the padding."""
    read: tuple[int | None, ...]
    """What it reads, entry by entry of the kernel: the number of the entry of the signal, None for a zero."""
    value: Value


@dataclass(frozen=True)
class Section:
    """A result in one mode."""

    mode: str
    windows: tuple[AxisWindow, ...]
    """The window along each axis."""
    shape: Shape
    places: tuple[Place, ...]

    @property
    def padding(self) -> tuple[tuple[int, int], ...]:
        """The zeros (before, after) along each axis."""
        return tuple((own.before, own.after) for own in self.windows)

    @property
    def values(self) -> Any:
        """The result as nested lists of numbers."""
        return nested([place.value for place in self.places], self.shape)


@dataclass(frozen=True)
class Convolved:
    """A signal, a kernel, and what becomes of them."""

    signal: tuple[Terms, ...]
    """The entries as they were typed, in row order."""
    kernel: tuple[Terms, ...]
    """Empty for pooling."""
    shape: Shape
    window: Shape
    """The kernel's shape."""
    flipped: bool
    stride: tuple[int, ...]
    dilation: tuple[int, ...]
    pool: str
    same: str
    sections: tuple[Section, ...]
    open: bool
    """Whether letters are open."""

    @cached_property
    def by_mode(self) -> Mapping[str, Section]:
        """The results by their modes."""
        return {section.mode: section for section in self.sections}


class _Operand(NamedTuple):
    terms: list[Terms]
    shape: Shape


def convolved(
    x: Any, w: Any = None, *, modes: Any = None, flip: bool = True, same: str | None = None, stride: Any = 1,
    padding: Any = None, dilation: Any = 1, pool: str | None = None, k: Any = None, limits: Limits = DEFAULT,
) -> Convolved:  # fmt: skip
    """The results of a convolution, or of pooling.  Raises `OptionError`, `InputError`, `BoundError`."""
    signal = _operand(x, "x", limits)
    kernel = _kernel(w, pool, limits)
    window = kernel.shape if kernel else _sizes(k, "k", len(signal.shape))
    if len(signal.shape) != len(window):
        raise InputError(f"x has {_count(len(signal.shape))} and w has {_count(len(window))}; both have one, or two")
    axes = len(signal.shape)
    strides = _sizes(window if pool and stride in (None, 1) else stride, "stride", axes)
    dilations = _sizes(dilation, "dilation", axes)
    flip = flip and kernel is not None
    same = _same(same, flip=flip)
    sections = []
    for mode in _modes(modes, padding, pooled=pool is not None, flip=flip):
        moved = tuple(
            _moved(mode, n, (size, step, gap), (padding, axis, axes, same))
            for axis, (n, size, step, gap) in enumerate(zip(signal.shape, window, strides, dilations, strict=True))
        )
        sections.append(_section(mode, moved, signal, kernel, (flip, pool or "", limits)))
    numbers = any(_letters(terms) for terms in (*signal.terms, *(kernel.terms if kernel else ())))
    return Convolved(tuple(signal.terms), tuple(kernel.terms) if kernel else (), signal.shape, window, flip, strides,
                     dilations, pool or "", same, tuple(sections), numbers)  # fmt: skip


def _count(axes: int) -> str:
    return "one axis" if axes == 1 else f"{axes} axes"


# -- what is given --------------------------------------------------------------------------------------------

_WORD = re.compile(r"[A-Za-z]\w*", re.ASCII)


def _operand(given: Any, name: str, limits: Limits) -> _Operand:
    """A vector or a matrix, entry by entry."""
    if isinstance(given, str):
        given = _bracketed(given)
    letters = frozenset(_WORD.findall(str(given) if isinstance(given, str | list | tuple) else ""))
    read = entries(given, name, limits, letters=letters)
    if len(read.shape) > _AXES:
        raise InputError(f"{name} has {_count(len(read.shape))}; a convolution here has one or two")
    return _Operand(list(read.entries), read.shape)


def _bracketed(text: str) -> str:
    """``1,2;3,4`` as ``[[1,2],[3,4]]``."""
    if "[" in text or "\\" in text or "(" in text:
        return text
    rows = text.strip().rstrip(";").split(";")
    return f"[{rows[0]}]" if len(rows) == 1 else f"[{', '.join(f'[{row}]' for row in rows)}]"


def _kernel(w: Any, pool: str | None, limits: Limits) -> _Operand | None:
    if pool is None and w is None:
        raise OptionError('the kernel is missing; of pooling say pool="max" and k=2')
    if pool is None:
        return _operand(w, "w", limits)
    if pool == "avg" or pool not in POOLS:
        raise OptionError(f"pool is {either(POOLS)}, not {printable(str(pool))[:40]!r}{nearest(str(pool), POOLS)}")
    if w is not None:
        raise OptionError("pooling has no kernel, only its size: k=2")
    return None


def _sizes(given: Any, name: str, axes: int) -> tuple[int, ...]:
    """A whole number for each axis."""
    if given is None:
        raise OptionError(f"{name} is missing")
    parts = re.split(r"[x×,]", given) if isinstance(given, str) else given
    parts = list(parts) if isinstance(parts, list | tuple) else [parts]
    if len(parts) not in (1, axes):
        raise OptionError(f"{name} is one number, or {axes}; not {printable(str(given))[:40]!r}")
    numbers = [_whole(part, name, 1) for part in parts]
    return tuple(numbers * axes if len(numbers) == 1 else numbers)


def _whole(part: Any, name: str, least: int) -> int:
    text = str(part).strip()
    if isinstance(part, bool) or not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < least:
        raise OptionError(f"{name} is a whole number from {least}, not {printable(text)[:40]!r}")
    return int(text)


def _same(given: str | None, *, flip: bool) -> str:
    if given is None:
        return NUMPY if flip else TENSORFLOW
    if given not in SAMES:
        raise OptionError(f"same is {', '.join(SAMES)}; not {printable(str(given))[:40]!r}{nearest(str(given), SAMES)}")
    return given


def _modes(given: Any, padding: Any, *, pooled: bool, flip: bool) -> tuple[str, ...]:
    """The modes that are asked for; with a padding that one."""
    if padding is not None:
        if given is not None:
            raise OptionError("modes are paddings of their own: give the modes, or a padding")
        return (_PADDED,)
    if given is None:
        return MODES if flip else (VALID,)
    modes = [mode.strip() for mode in given.split(",")] if isinstance(given, str) else list(given)
    for mode in modes:
        if mode not in MODES:
            word = printable(str(mode))[:40]
            raise OptionError(f"modes are {', '.join(MODES)}; not {word!r}{nearest(str(mode), MODES)}")
    if len(set(modes)) < len(modes) or not modes:
        raise OptionError("modes names each once: full,same,valid")
    if pooled and FULL in modes:
        raise OptionError("pooling has the modes same and valid")
    return tuple(modes)


_PADDED = "padded"


def _moved(mode: str, n: int, window: tuple[int, int, int], of: tuple[Any, int, int, str]) -> AxisWindow:
    """The window along one axis."""
    (k, s, d), (padding, axis, axes, same) = window, of
    if mode == _PADDED:
        before, after = _padding(padding, axis, axes)
    elif mode == SAME and same != TENSORFLOW:
        before, after = _in_the_middle(n, window, same)
    else:
        before, after = padding_of(mode, n, k, s, d)
    own = AxisWindow(k, s, before, after, d)
    if own.places(n) == 0:
        padded = f" with its padding, {n + before + after}" if before + after else ""
        where = "" if mode == _PADDED else f": mode {mode} has no place for it"
        raise InputError(f"a window of {own.span} is longer than an axis of {n}{padded}{where}")
    return own


def _padding(given: Any, axis: int, axes: int) -> tuple[int, int]:
    """The zeros before and after: 1, 1:2, 1x2 (by axis), (1, 2) (by axis), ((1, 2), (0, 1))."""
    parts = re.split(r"[x×,]", given) if isinstance(given, str) else given
    parts = list(parts) if isinstance(parts, list | tuple) else [parts]
    if len(parts) not in (1, axes):
        text = printable(str(given))[:40]
        raise OptionError(f"padding is one number, before:after, or one for each axis; not {text!r}")
    part = parts[axis % len(parts)]
    sides = part.split(":") if isinstance(part, str) else part
    sides = list(sides) if isinstance(sides, list | tuple) else [sides]
    if len(sides) not in (1, 2):
        raise OptionError(f"padding has two sides, before:after; not {printable(str(given))[:40]!r}")
    return _whole(sides[0], "padding", 0), _whole(sides[-1], "padding", 0)


def _in_the_middle(n: int, window: tuple[int, int, int], same: str) -> tuple[int, int]:
    """*Same* as the middle of *full*: numpy's has the length of the longer operand."""
    k, s, d = window
    over = d * (k - 1)
    if s != 1:
        raise OptionError(f"the same of {same} has no stride; that of TensorFlow has")
    long = max(n, k) if same == NUMPY and d == 1 else n
    first = (min(n, k) - 1) // 2 if same == NUMPY and d == 1 else over // 2
    before = over - first
    return before, long - n + over - before


# -- the results ----------------------------------------------------------------------------------------------


def _letters(terms: Terms) -> bool:
    return any(type(term) is Name and term.name not in CONSTANTS for term in terms)


def _section(
    mode: str, moved: tuple[AxisWindow, ...], signal: _Operand, kernel: _Operand | None, of: tuple[bool, str, Limits]
) -> Section:
    """The result in one mode."""
    flip, pool, limits = of
    index = _rule(moved, signal.shape, kernel, flip, pool)
    if index.products > _LARGEST:
        raise BoundError(f"the result has {index.products} products; the bound is {_LARGEST}")
    places, inside = windows(index, signal.shape)
    read = [
        tuple(int(place) if there else None for place, there in zip(row, within, strict=True))
        for row, within in zip(places.tolist(), np.broadcast_to(inside, places.shape).tolist(), strict=True)
    ]
    starts = [tuple(i * own.stride - own.before for i, own in zip(at, moved, strict=True))
              for at in product(*(range(size) for size in index.shape))]  # fmt: skip
    values = _values(index, signal, kernel, limits)
    results = tuple(Place(*fields) for fields in zip(starts, read, values, strict=True))
    return Section(mode, moved, index.shape, results)


def _rule(moved: Sequence[AxisWindow], shape: Shape, kernel: _Operand | None, flip: bool, pool: str) -> IndexRule:
    """How an entry of the result is made: an index rule, as the elementals of arrays have it."""
    axes, extents = window_axes(shape, moved, flipped=flip)
    places, inner = (",".join(letters[: len(moved)]) for letters in WINDOW_LETTERS)
    if kernel is not None:
        return index_rule(f"v[{places}] = u[{axes}]*w[{inner}]", (shape, kernel.shape), extents)
    size = prod(own.kernel for own in moved)
    right = f"max(u[{axes}])" if pool == "max" else f"u[{axes}]/{size}"
    return index_rule(f"v[{places}] = {right}", (shape,), extents)


def _values(index: IndexRule, signal: _Operand, kernel: _Operand | None, limits: Limits) -> list[Value]:
    """The entries of the result: exact numbers, or formulas in the letters that are open."""
    operands = [operand for operand in (signal, kernel) if operand is not None]
    letters = any(_letters(terms) for operand in operands for terms in operand.terms)
    if letters and index.choice:
        raise InputError("which of open letters is the largest nobody can say; give them numbers")
    arithmetic = symbols() if letters else CERTIFIED

    at = _Entries(index, tuple(operands), arithmetic)
    try:
        first = decided(at, limits, "which entry is the largest")
    except TooLarge:
        raise BoundError("an entry of the result is too large") from None
    if letters:
        return [Expressed(number, limits) for number in first]
    return list(named_values(range(len(first)), first, at, limits).values())


@dataclass(frozen=True)
class _Entries:
    """The entries of the result at whatever precision is asked for."""

    index: IndexRule
    operands: tuple[_Operand, ...]
    arithmetic: Arithmetic

    def __call__(self, bits: int) -> list[Scalar]:
        """All of them at a working precision."""
        if bits not in self._made:
            with self.arithmetic.precision(bits):
                self._made[bits] = _computed(self.index, self.operands, self.arithmetic)
        return self._made[bits]

    def __getstate__(self) -> dict[str, Any]:
        return {of.name: getattr(self, of.name) for of in fields(self)}

    @cached_property
    def _made(self) -> dict[int, list[Scalar]]:
        return {}


def _computed(index: IndexRule, operands: Sequence[_Operand], arithmetic: Arithmetic) -> list[Scalar]:
    """The entries of the result at a working precision."""
    lifted = arrays(arithmetic)
    factors = [
        of_entries([_number(terms, arithmetic) for terms in operand.terms], operand.shape, arithmetic)
        for operand in operands
    ]
    if index.choice:
        return entries_of(chosen(index, factors[0], lifted)[0])
    return entries_of(contracted(index, factors, lifted))


def _number(terms: Terms, arithmetic: Arithmetic) -> Scalar:
    """The number that an entry is."""
    try:
        return constant_value(terms, arithmetic, plain)
    except NeedsPrecision:
        raise
    except (Singular, TooLarge) as problem:
        raise DomainError(f"{plain(terms)} is no number: {problem}") from None
