"""Arrays of a point: nested lists, numpy arrays, sympy matrices and lists that are typed, each with its shape.

`Entries` behaves as the terms of a nested list.  The terms are made when they are asked for: of a numpy array of
100,000 doubles nobody asks for them, and the numbers are at hand as they were given.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from adtrace.arrays.elemental import said
from adtrace.errors import BindingError, BoundError, OptionError, printable
from adtrace.language.lists import nested
from adtrace.language.literals import MOST_AXES
from adtrace.language.reader import NAME
from adtrace.language.syntax import ARRAY, Apply, Name, Term, Terms
from adtrace.limits import Limits
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.evaluate import constant_value
from adtrace.writing.dialects import plain

if TYPE_CHECKING:
    import numpy

Made = Callable[[Any, str], Terms]
"""One number as terms, and what it is in an error."""
Shape = tuple[int, ...]


class Entries(Sequence[Term]):
    """An array of constants: the terms of a nested list, made when they are asked for."""

    __slots__ = ("_entries", "_made", "_numbers", "_terms", "shape", "what")

    def __init__(self, shape: Shape, numbers: Any, made: Made | None, what: str = "an entry") -> None:
        """``numbers`` are the entries in row order, as they were given, or, where ``made`` is None, their terms."""
        self.shape, self.what = shape, what
        self._numbers, self._made = numbers, made
        self._entries: list[Terms] | None = list(numbers) if made is None else None
        self._terms: tuple[Term, ...] | None = None

    @property
    def entries(self) -> list[Terms]:
        """The terms of each entry, in row order."""
        if self._entries is None:
            assert self._made is not None
            numbers, terms_of = self._numbers, self._made
            numbers = numbers.tolist() if _is_exact(numbers) else numbers
            self._entries = [terms_of(number, self.what) for number in numbers]
        return self._entries

    @property
    def terms(self) -> tuple[Term, ...]:
        """All of it as one expression."""
        if self._terms is None:
            self._terms = tuple(nested(self.entries, self.shape, 0))
        return self._terms

    def floats(self) -> numpy.ndarray[Any, Any]:
        """The entries in double precision, in the shape of the array; no terms are made for it."""
        import numpy as np  # noqa: PLC0415 - points of numbers do without it

        if _is_exact(self._numbers):
            return np.asarray(self._numbers, dtype=np.float64).reshape(self.shape)
        if self._made is not None and set(map(type, self._numbers)) <= {int, float}:
            flat = [float(number) for number in self._numbers]
        elif getattr(self._numbers, "dtype", None) is not None:
            flat = [float(text) for text in map(str, self._numbers)]
        else:
            flat = [float(constant_value(terms, FLOATS, plain)) for terms in self.entries]
        return np.array(flat, dtype=np.float64).reshape(self.shape)

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[Term]:
        return iter(self.terms)

    @overload
    def __getitem__(self, index: int) -> Term: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Term, ...]: ...
    def __getitem__(self, index: int | slice) -> Term | tuple[Term, ...]:
        return self.terms[index]

    def __eq__(self, other: object) -> bool:
        return self.terms == tuple(other) if isinstance(other, Entries | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.terms)

    def __reduce__(self) -> tuple[Any, ...]:
        if _is_exact(self._numbers):
            return Entries, (self.shape, self._numbers, self._made, self.what)
        return Entries, (self.shape, self.entries, None, self.what)

    def __repr__(self) -> str:
        return f"<array of {' x '.join(map(str, self.shape))} entries>"


def _is_exact(numbers: Any) -> bool:
    """Whether it is a numpy array of doubles, whole numbers or flags, whose entries are what they are."""
    dtype = getattr(numbers, "dtype", None)
    return dtype is not None and (dtype.kind in "iub" or dtype.str[1:] == "f8")


def is_array(given: Any) -> bool:
    """Whether what a caller gives for a variable is an array: a list, a numpy array with axes, a matrix."""
    if type(given) in _OF_NUMBERS:
        return False
    if isinstance(given, list | tuple | range | Entries):
        return True
    return not isinstance(given, str | int | float) and (axes_of(given) > 0 or _is_matrix(given))


def axes_of(given: Any) -> int:
    """The number of axes of what numpy can take over."""
    count = getattr(given, "ndim", 0)
    return count if isinstance(count, int) and hasattr(given, "__array__") else 0


def _is_matrix(given: Any) -> bool:
    """Whether it is a matrix of sympy."""
    sympy = sys.modules.get("sympy")
    return sympy is not None and isinstance(given, sympy.MatrixBase | sympy.NDimArray)


def entries_of(given: Any, name: str, limits: Limits, made: Made) -> Entries:
    """What a caller gives for a variable as an array.

    Raises `BindingError` for what is not rectangular or empty, `BoundError` for more entries than `limits` allows.
    """
    what = f"an entry of {name}"
    if isinstance(given, Entries):
        return given
    if _is_matrix(given):
        shape = tuple(int(length) for length in given.shape)
        require_size(shape, name, limits)
        return Entries(shape, [made(entry, what) for entry in _flat_matrix(given)], None, what)
    if axes_of(given):
        return _of_numpy(given, name, limits, made)
    shape, flat = _of_lists(given, name, limits)
    if set(map(type, flat)) <= {int, float} and all(map(_is_short, flat)):
        return Entries(shape, flat, made, what)
    return Entries(shape, [made(number, what) for number in flat], None, what)


def _flat_matrix(given: Any) -> list[Any]:
    """The entries of a matrix of sympy in row order."""
    return list(given.flat()) if hasattr(given, "flat") else list(given)


def _is_short(number: float) -> bool:
    """Whether a number is finite and no long one."""
    return math.isfinite(number) if type(number) is float else -_LONG < number < _LONG


_LONG = 10**300


def require_size(shape: Shape, name: str, limits: Limits) -> None:
    """Refuse an array of a shape that is none here."""
    if 0 in shape:
        raise BindingError(f"an axis of {name} has the length 0; an array has an entry at least along each axis")
    if len(shape) > MOST_AXES:
        raise BoundError(f"{name} has {len(shape)} axes; the bound is {MOST_AXES}")
    if math.prod(shape) > limits.entries:
        raise BoundError(f"{name} has {math.prod(shape)} entries; the bound is {limits.entries}")


def _of_numpy(given: Any, name: str, limits: Limits, maker: Made) -> Entries:
    """A numpy array, or what numpy takes over, as it is at this moment."""
    import numpy as np  # noqa: PLC0415 - what is given here has it

    shape = tuple(int(length) for length in given.shape)
    require_size(shape, name, limits)
    if hasattr(given, "mask") and np.ma.is_masked(given):
        raise BindingError(f"{name} has masked entries, which are no numbers; give those that are, x.compressed()")
    try:
        flat = np.array(given).reshape(-1)
    except Exception as problem:
        raise BindingError(f"{name} does not become a numpy array: {printable(str(problem))[:80]}") from None
    what = f"an entry of {name}"
    if flat.dtype.kind == "f":
        finite = np.isfinite(flat)
        if not finite.all():
            place = ", ".join(str(int(k)) for k in np.unravel_index(int(finite.argmin()), shape))
            raise BindingError(f"{name}[{place}] is not a finite real number: {flat[finite.argmin()]}")
    if flat.dtype.kind in "iufb":
        flat.setflags(write=False)
        return Entries(shape, flat, maker if _is_exact(flat) and flat.dtype.kind != "b" else _respelled(maker), what)
    if flat.dtype.kind not in "OU":
        raise BindingError(f"{name} is not an array of real numbers: its type is {flat.dtype}")
    return Entries(shape, [maker(number, what) for number in flat.tolist()], None, what)


def _respelled(maker: Made) -> Made:
    """True is 1, and a number of single precision its own shortest decimal: numpy prints 0.1 for it, and means it."""
    return lambda number, what: maker(int(number) if isinstance(number, bool) else str(number), what)


_OF_NUMBERS = {int, float, str}


def _of_lists(given: Any, name: str, limits: Limits) -> tuple[Shape, list[Any]]:
    """Nested lists in row order: the shape and the entries."""
    shape: list[int] = []
    level: list[Any] = [given]
    while not set(map(type, level)) <= _OF_NUMBERS and any(map(is_array, level)):
        level = [part.tolist() if axes_of(part) else part for part in level]
        _require_alike(level, tuple(shape), name)
        shape.append(len(level[0]))
        require_size(tuple(shape), name, limits)
        level = [entry for part in level for entry in part]
    return tuple(shape), level


def _require_alike(level: list[Any], shape: Shape, name: str) -> None:
    """Refuse lists of which one is shorter than the first, or a number among them."""
    first = level[0]
    listed = is_array(first)
    for place, part in enumerate(level):
        if is_array(part) != listed:
            kind, other = ("a number", "a list") if listed else ("a list", "a number")
            raise BindingError(f"{_of(name, place, shape)} is {kind}, and the first is {other}")
        if not listed:
            continue
        if len(part) != len(first):
            count = f"{len(part)} entr{'y' if len(part) == 1 else 'ies'}"
            raise BindingError(f"{_of(name, place, shape)} has {count}, and the first has {len(first)}")


def _of(name: str, place: int, shape: Shape) -> str:
    """``row 2 of W``, ``row 2 of W[0]``."""
    if not shape:
        return name
    index: list[str] = []
    row = place % shape[-1]
    place //= shape[-1]
    for length in reversed(shape[:-1]):
        index.append(f"[{place % length}]")
        place //= length
    return f"row {row + 1} of {name}{''.join(reversed(index))}"


def split(terms: Terms, what: str = "an array") -> Entries:
    """The terms of a nested list, entry by entry; raises `BindingError` for an array that is not written out."""
    stack: list[tuple[Shape, list[Terms]]] = []
    for term in terms:
        if type(term) is not Apply:
            stack.append(((), [(term,)]))
            continue
        operands = stack[-term.arity :]
        del stack[-term.arity :]
        if term.head == ARRAY:
            if len({shape for shape, _ in operands}) > 1:
                raise BindingError(f"{what} is not rectangular")
            stack.append(((term.arity, *operands[0][0]), [entry for _, flat in operands for entry in flat]))
        elif any(shape for shape, _ in operands):
            raise BindingError(f"{what} is an array of numbers, written out: [[1, 2], [3, 4]]")
        else:
            stack.append(((), [(*(inner for _, flat in operands for entry in flat for inner in entry), term)]))
    shape, flat = stack[0]
    return Entries(shape, flat, None, what)


_SHAPE = re.compile(r"\s*\(?\s*([0-9]{1,12}(?:\s*[x×,]\s*[0-9]{1,12})*)\s*,?\s*\)?\s*", re.ASCII)


def shapes_given(given: Any, limits: Limits) -> dict[str, Shape]:
    """The shapes of open letters: ``x=5; W=2x2`` as text, or a mapping of names to lengths.

    Raises `OptionError` for what is none.
    """
    if given is None:
        return {}
    pairs = given.items() if isinstance(given, Mapping) else _shape_pairs(given)
    shapes: dict[str, Shape] = {}
    for name, lengths in pairs:
        if not isinstance(name, str) or not NAME.fullmatch(name) or name in shapes:
            raise OptionError(f"shape gives each name its lengths once, x=5; W=2x2, not {printable(str(name))[:40]!r}")
        if isinstance(lengths, str) and (match := _SHAPE.fullmatch(lengths)):
            lengths = [int(length) for length in re.split(r"[x×,]", match[1])]  # noqa: PLW2901 - what it says
        if type(lengths) is int:
            lengths = (lengths,)  # noqa: PLW2901
        if not isinstance(lengths, list | tuple) or not all(type(length) is int for length in lengths):
            raise OptionError(f"the shape of {name} is written 5, 2x3 or (2, 3), not {printable(str(lengths))[:40]!r}")
        shapes[name] = tuple(lengths)
        require_size(shapes[name], name, limits)
        if sum(map(math.prod, shapes.values())) > limits.rows:
            raise BoundError(f"with {name} there are more than {limits.rows} letters, which is the bound on rows")
    return shapes


def _shape_pairs(given: Any) -> list[tuple[str, str]]:
    """``x=5; W=2x2`` in pieces; a comma parts them, too, where a name stands behind it."""
    if not isinstance(given, str):
        raise OptionError(f"shape gives names their lengths, x=5; W=2x2, not {printable(repr(given))[:40]}")
    pieces = [piece for piece in re.split(r"[;\n]|,(?=\s*[A-Za-z_]\w*\s*=)", given) if piece.strip()]
    pairs = [piece.partition("=") for piece in pieces]
    return [(name.strip(), lengths) for name, _, lengths in pairs]


def open_entries(name: str, shape: Shape, limits: Limits) -> Entries:
    """An array of letters: ``x_1, x_2``, ``W_1_2``."""
    require_size(shape, name, limits)
    flat: list[Terms] = []
    for place in range(math.prod(shape)):
        index: list[int] = []
        for length in reversed(shape):
            place, k = divmod(place, length)  # noqa: PLW2901 - what is left of it
            index.append(k + 1)
        flat.append((Name("_".join([name, *map(str, reversed(index))]), 0),))
    return Entries(shape, flat, None, f"an entry of {name}")


def require_shapes(names: Sequence[str], shapes: Sequence[Shape], given: Sequence[Shape]) -> None:
    """Refuse arrays of other shapes than those that a list was made for."""
    for name, shape, other in zip(names, shapes, given, strict=True):
        if shape != other:
            raise BindingError(f"{name} is {said(shape)} in this trace, and not {said(other)}; trace it anew")
