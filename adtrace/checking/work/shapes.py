r"""Formulas of arrays as people write them: which products are those of matrices, and vectors as columns.

``W x + b``, ``\bar z x^T``, ``W.T @ d``, ``2 a ⊙ b`` say by the shapes of their names what they mean; `ways` has the
terms that they may stand for at numbers in given shapes.  Arrays are the same whether a vector is a row or a column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import cycle, product
from math import prod

from adtrace.arrays.elemental import ShapeError, broadcast, said
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import entry, is_call
from adtrace.checking.readings.arraytext import DET, DIAG, RULES
from adtrace.checking.readings.names import Name as Marked
from adtrace.checking.readings.names import named
from adtrace.checking.readings.rewriting import names_of
from adtrace.checking.work.values import NoValue, Numbers, shape_of, taken, value_of
from adtrace.language.lists import nested
from adtrace.language.syntax import (
    ARRAY,
    MATMUL,
    PART,
    PIECEWISE,
    SILENT,
    TRANSPOSE,
    Apply,
    Name,
    Number,
    Option,
    Options,
    Term,
    Terms,
    fold,
)
from adtrace.numbers import Arithmetic, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS

MATRICES, ENTRIES, ALIKE, INNER, MIXED, OUTER = "matrices", "entries", "alike", "inner", "mixed", "outer"
SLID, PADDED, FULL, SAME, VALID = "slid", "padded", "full", "same", "valid"
"""What a product of two arrays is: of matrices where they fit, entry by entry where they fit, or are alike, the inner
one, entry by entry of two vectors and of matrices else, the convolutions that * stands for, too, without a flip and
with one, and that of each by each, of which a transposed vector speaks."""
_CONVOLUTIONS = (SLID, FULL, PADDED, SAME, VALID)
SPREAD = "spread"
"""Written round what is repeated into the shape of an array."""
_OF_ROWS = RULES.keys() - {SPREAD, DIAG, DET}
"""Written round the adjoint of a row, for what the row adds to that of an operand."""
_PRODUCTS = ("mul", MATMUL, "dot")
_CLOSE, _LARGEST, _LARGEST_INVERSE = 1e-7, 12, 3
TRANSPOSED = frozenset(("T", "⊤"))
"""The exponent that is none."""
_Part = tuple[Terms, Shape]


def squeezed(shape: Shape) -> Shape:
    """A shape without the axes of one entry: a row and a column are a vector."""
    return tuple(size for size in shape if size != 1)


def fitted(number: Scalar, shape: Shape) -> Scalar | None:
    """An array in this shape, if it has it but for axes of one entry; else nothing."""
    mine = shape_of(number)
    if mine == shape:
        return number
    if squeezed(mine) != squeezed(shape):
        return None
    if not mine:
        import numpy as np  # noqa: PLC0415 - only where there are arrays

        return np.full(shape, number, dtype=float if type(number) is float else object)
    return number.reshape(shape) if shape else number.reshape(-1)[0]


def shapes_differ(shown: Shape, wanted: Shape) -> str:
    """What is to be said of an array in another shape."""
    turned = ": it is transposed" if len(wanted) > 1 and squeezed(shown) == squeezed(wanted)[::-1] else ""
    return f"it is {said(shown)}, and should be {said(wanted)}{turned}"


def numbers_of(
    terms: Terms, numbers: Numbers, arithmetic: Arithmetic = CERTIFIED, but: Container[Terms] = ()
) -> Iterator[Scalar]:
    """The value of an expression, in each way in which it may be meant, but some.  Raises `NoValue` where it has
    none.
    """
    problem: NoValue | None = None
    found = False
    for made, given in ways(terms, numbers):
        try:
            if made not in but:
                yield value_of(made, given, arithmetic)
                found = True
        except NoValue as error:
            problem = problem or error
    if problem is not None and not found:
        raise problem


def not_meant(terms: Terms, numbers: Numbers, wanted: Scalar) -> frozenset[Terms]:
    """The ways in which a formula cannot be meant, as another comes to what is wanted and these do not: where ``A B``
    is the product of matrices, that of entries is a mistake, and no other reading.
    """
    found: dict[Terms, bool] = {}
    for made, given in ways(terms, numbers):
        with suppress(NoValue):
            found[made] = found.get(made, False) or close(value_of(made, given, FLOATS), wanted, _CLOSE)
    return frozenset(made for made, fits in found.items() if not fits) if any(found.values()) else frozenset()


def number_of(terms: Terms, numbers: Numbers, arithmetic: Arithmetic = CERTIFIED) -> Scalar:
    """The value of an expression in the first way in which it has one.  Raises `NoValue`."""
    for number in numbers_of(terms, numbers, arithmetic):
        return number
    raise NoValue("it has no value")


def ways(
    terms: Terms, numbers: Numbers, columns_first: Sequence[bool] = (True, False), *, typed: bool = False
) -> Iterator[tuple[Terms, Numbers]]:
    """The terms that a formula may stand for, with the numbers of their names: vectors as columns, and as they are;
    where products of matrices are ``typed`` with a sign of their own, others are rather of entries.  Raises `NoValue`.
    """
    heads = _heads(terms)
    if PIECEWISE in heads:
        terms = _chosen(terms)
    if heads & _OF_ROWS:
        raise NoValue("it is of a row")
    given = _named(terms, numbers)
    if not (any(map(shape_of, given.values())) or heads & {ARRAY, TRANSPOSE, MATMUL, SPREAD, DIAG}):
        yield terms, given
        return
    seen: list[tuple[bool, Terms]] = []
    outer = (OUTER,) if TRANSPOSE in heads or any(getattr(t, "name", "") in TRANSPOSED for t in terms) else ()
    first = (ENTRIES, MATRICES) if typed else (MATRICES, ENTRIES)
    for columns, kinds in _kinds(terms, columns_first, (*first, INNER, MIXED), outer):
        moved = {name: _column(number) if columns else number for name, number in given.items()}
        with suppress(ShapeError):
            made = _meant(terms, {name: shape_of(x) for name, x in moved.items()}, kinds, columns)
            if (columns, made) not in seen:
                seen.append((columns, made))
                yield made, moved


def _kinds(
    terms: Terms, columns_first: Sequence[bool], first: Sequence[str], last: Sequence[str]
) -> Iterator[tuple[bool, Sequence[str]]]:
    """Whether vectors are columns, and what the products are: all alike, or two or three each by itself, A * (B X)."""
    heads = [getattr(term, "head", "") for term in terms]
    several = sum(head in _PRODUCTS for head in heads)
    for columns in columns_first:
        alike = (
            *([ALIKE] if "sum" in heads else ()),
            *first,
            *(() if columns else _CONVOLUTIONS),
            *last,
        )  # a column is no kernel
        yield from ((columns, (kind,)) for kind in alike)
        yield from ((columns, each) for each in product(first[:2], repeat=several if several in (2, 3) else 0) if each)


def _named(terms: Terms, numbers: Numbers) -> dict[str, Scalar]:
    """The numbers of the names in a formula.  Raises `NoValue`."""
    names = [name for name in names_of(terms) if name in numbers or name not in TRANSPOSED]
    if unknown := next((name for name in names if name not in numbers), ""):
        raise NoValue(f"{unknown} has no value")
    return {name: numbers[name] for name in names}


def _column(number: Scalar) -> Scalar:
    return number.reshape(-1, 1) if len(shape_of(number)) == 1 else number


def _chosen(terms: Terms) -> Terms:
    """``(1 if z > 0 else 0)`` as the positive part of a sign: 0 where z is, and 1 for ``z >= 0``."""

    def apply(term: Apply, parts: list[Terms]) -> Terms:
        if term.head == PIECEWISE and len(parts) == 3:
            sign = parts[1][-1]
            ends = [part[0].text if len(part) == 1 and type(part[0]) is Number else "" for part in (parts[0], parts[2])]
            if type(sign) is Apply and sign.head in (">", ">=", "<", "<=") and ends in (["1", "0"], ["0", "1"]):
                strict, over = len(sign.head) == 1, (sign.head[0] == ">") == (ends == ["1", "0"])
                strict = strict == (ends == ["1", "0"])
                difference = (*parts[1][:-1], Apply("sub", 2, 0), *(() if over == strict else (Apply("neg", 1, 0),)))
                step = (*difference, Apply("sign", 1, 0), Apply("relu", 1, 0))
                return step if strict else (Number("1", 1, 0, 0), *step, Apply("sub", 2, 0))
        return (*(t for part in parts for t in part), term)

    return fold(terms, lambda leaf: (leaf,), apply)


def at_its_branch(terms: Terms, point: Mapping[str, Terms]) -> Terms:
    """A function with the branches that are taken at a point, but for those of a step; as it is, if none is known."""
    if PIECEWISE in _heads(terms):
        with suppress(NoValue):
            return taken((("", _chosen(terms)),), tuple(point), tuple(point.values()))[0][1]
    return terms


def _meant(terms: Terms, shapes: Mapping[str, Shape], kinds: Sequence[str], columns: bool) -> Terms:
    """The terms with each product as what it is at these shapes, the kinds in turn.  Raises `ShapeError`."""
    times, told, kind = _each_by_each if OUTER in kinds else _product, _heads(terms), cycle(kinds)

    def leaf(term: Number | Name) -> _Part:
        return (term,), shapes.get(term.name, ()) if type(term) is Name else ()

    def apply(term: Apply, parts: list[_Part]) -> _Part:
        if term.head in SILENT or term.head == SPREAD:
            return parts[0]
        if raised := _raised(term, parts, shapes):
            return raised
        if term.head in _PRODUCTS and term.arity == 2:
            return times(term.head, parts[0], parts[1], next(kind))
        if term.head == "outer" and columns:
            return _applied(MATMUL, [parts[0], _transposed(parts[1])])
        if term.head == ARRAY:
            return _listed(term, parts, columns)
        head, options = _fitted(term, [shape for _, shape in parts])
        made = _applied(head, parts if head != "mean" else [_several(parts[0], told)], options, term.arity)
        return _upright(made) if columns else made

    return fold(terms, leaf, apply)[0]


def _raised(term: Apply, parts: list[_Part], names: Container[str]) -> _Part | None:
    """The transpose, also of what has an exponent that is none, and the inverse of a matrix.  Raises `ShapeError`."""
    base = parts[0]
    if term.head != "pow":
        return _transposed(base) if term.head == TRANSPOSE and not term.options else None
    signs = [getattr(t, "text", "") or getattr(t, "head", "") or getattr(t, "name", "") for t in parts[1][0]]
    if signs[-1] in TRANSPOSED and signs[-1] not in names:
        return _transposed(base)
    is_inverse = len(squeezed(base[1])) > 1 and [sign for sign in signs if sign not in SILENT] == ["1", "neg"]
    return _inverse(base) if is_inverse else None


def _several(part: _Part, told: set[str]) -> _Part:
    """What a mean is of: no inner product that is written entry by entry.  Raises `ShapeError`."""
    if prod(part[1]) == 1 and _heads(part[0]) - told - {"mul", "reshape", TRANSPOSE}:
        raise ShapeError("a mean is of several numbers")
    return part


def _heads(terms: Terms) -> set[str]:
    return {t.head for t in terms if type(t) is Apply}


def _on_diagonal(part: _Part) -> _Part:
    """A vector on the diagonal of a matrix: its entries times those of the unit matrix.  Raises `ShapeError`."""
    size = max(part[1], default=0)
    if not 0 < size <= _LARGEST or not _are_vectors(part[1]):
        raise ShapeError("diag is of a vector")
    return _applied("mul", [part, (unit_matrix(size), (size, size))])


def _determinant(entries: Sequence[Sequence[Terms]]) -> Terms:
    """The determinant of a small matrix, along its first row."""
    terms: list[Term] = []
    for k, first in enumerate(entries[0]):
        minor = (*_determinant(_without(entries, 0, k)), Apply("mul", 2, 0)) if len(entries) > 1 else ()
        terms += (*first, *minor, *((Apply("sub" if k % 2 else "add", 2, 0),) if k else ()))
    return tuple(terms)


def _without(entries: Sequence[Sequence[Terms]], row: int, column: int) -> list[list[Terms]]:
    return [[t for k, t in enumerate(line) if k != column] for j, line in enumerate(entries) if j != row]


def _entries(part: _Part) -> list[list[Terms]]:
    """The entries of a small square matrix.  Raises `ShapeError`."""
    terms, (size, *others) = part[0], part[1] or (0,)
    if others != [size] or size > _LARGEST_INVERSE:
        raise ShapeError("a determinant is of a small square matrix")
    return [[(*terms, Apply(PART, 1, 0, (("index", (i, j)),))) for j in range(size)] for i in range(size)]


def _inverse(part: _Part) -> _Part:
    """The inverse of a small matrix, by its cofactors.  Raises `ShapeError`."""
    entries = _entries(part)
    places = product(range(len(entries)), repeat=2)
    cofactors = [
        (*_determinant(_without(entries, j, i)), *((Apply("neg", 1, 0),) if (i + j) % 2 else ())) for i, j in places
    ]
    return (*nested(cofactors, part[1], 0), *_determinant(entries), Apply("div", 2, 0)), part[1]


def unit_matrix(size: int) -> Terms:
    """Ones on the diagonal, and zeros."""
    rows = range(size)
    return tuple(nested([(Number(str(int(i == j)), int(i == j), 0, 0),) for i in rows for j in rows], (size, size), 0))


def _fitted(term: Apply, shapes: Sequence[Shape]) -> tuple[str, Options]:
    """A call as what it is at these shapes: of matrices, of vectors, of a vector as a column."""
    if term.head == "convolve" and len(shapes[1]) % 2 == 0:
        return "convolve2d", term.options
    if term.head in ("maxpool2d", "avgpool2d") and len(shapes[0]) == 1:
        return term.head.replace("2d", "1d"), term.options
    column = term.head in ("softmax", "log_softmax") and not term.options and shapes[0][1:] == (1,)
    return term.head, (("axis", 0),) if column else term.options


def _listed(term: Apply, parts: list[_Part], columns: bool) -> _Part:
    """A list, as a column if it is none of arrays; the rows of a matrix are no columns."""
    heads = ([getattr(term, "head", "") for term in terms[-2:]] for terms, _ in parts)
    rows = [(terms[:-1], shape[:1]) if last == [ARRAY, "reshape"] else (terms, shape)
            for last, (terms, shape) in zip(heads, parts, strict=True)]  # fmt: skip
    made = _applied(ARRAY, rows, term.options, term.arity)
    return _upright(made) if columns else made


def _upright(part: _Part) -> _Part:
    """A vector as a column."""
    return _applied("reshape", [part], (("shape", (*part[1], 1)),)) if len(part[1]) == 1 else part


def _applied(head: str, parts: list[_Part], options: Options = (), arity: int = 0) -> _Part:
    """An operation on parts."""
    if head in (DIAG, DET):
        return _on_diagonal(parts[0]) if head == DIAG else (_determinant(_entries(parts[0])), ())
    term = Apply(head, arity or len(parts), 0, options)
    of = tuple(shape for _, shape in parts)
    terms = (*(t for part, _ in parts for t in part), term)
    if head == ARRAY:
        if len({squeezed(shape) for shape in of}) > 1:
            raise ShapeError("the rows of an array differ in length")
        return terms, (len(of), *of[0])
    return terms, entry(head, options, of).shape if is_call(term) else broadcast(of)


def _transposed(part: _Part) -> _Part:
    return _applied(TRANSPOSE, [part]) if len(part[1]) > 1 else part


def _product(head: str, left: _Part, right: _Part, kind: str) -> _Part:
    """A product of two, as what it is in their shapes: of matrices where they fit, of entries, or of each by each."""
    a, b = left[1], right[1]
    if not a or not b:
        return _applied("mul", [left, right])
    if head == "mul" and kind in _slides(a, b) and _are_plain(left, right):
        return _convolved(left, right, kind)
    together, conforms = _together(a, b), a[-1] == b[-2:][0]
    inner = _inner(a, b, kind == INNER or head == "dot", head == MATMUL and not conforms)
    if inner == INNER:
        return _applied("sum", [_applied("mul", [left, right])])
    if inner or (conforms and not (head != MATMUL and _is_by_entry(kind, a, b) and together)):
        return _applied(MATMUL, [left, right])
    return _applied(_entrywise(a, b, together), [left, right])


def _slides(a: Shape, b: Shape) -> tuple[str, ...]:
    """The convolutions that a product may be: nobody turns one of two arrays alike."""
    return (_CONVOLUTIONS[:-1] if a == b else _CONVOLUTIONS) if len(a) == len(b) else (SLID,)


def _are_plain(*parts: _Part) -> bool:
    """Whether nothing is computed in two operands, as in ``x * k`` and ``d * k[::-1]``: no others are convolved."""
    return all(type(t) is not Apply or t.head in (*SILENT, PART, "neg", ARRAY) for terms, _ in parts for t in terms)


def _is_by_entry(kind: str, a: Shape, b: Shape) -> bool:
    return kind == ENTRIES or (kind == MIXED and len(a) == len(b) == 1) or (kind == ALIKE and a == b)


def _each_by_each(head: str, left: _Part, right: _Part, kind: str) -> _Part:
    """A product as `_product` has it, but of two vectors that of each by each."""
    vectors = len(left[1]) == len(right[1]) == 1
    return _applied("outer", [left, right]) if vectors else _product(head, left, right, kind)


def _entrywise(a: Shape, b: Shape, together: bool) -> str:
    """The product that multiplies entry by entry, or each by each."""
    return "mul" if together or not _are_vectors(a, b) else "outer"


def _are_vectors(*shapes: Shape) -> bool:
    return all(len(squeezed(shape)) == 1 for shape in shapes)


def _inner(a: Shape, b: Shape, meant: bool, forced: bool) -> str:
    """What the inner product of vectors alike is, if theirs is one: that of rows or of columns, or that of matrices."""
    if squeezed(a) != squeezed(b) or len(squeezed(a)) > 1:
        return ""
    if meant:
        return INNER if a == b else MATMUL
    return INNER if forced else ""


def _convolved(left: _Part, right: _Part, kind: str) -> _Part:
    axes = "" if len(right[1]) % 2 == 1 else "2d"  # a kernel, or one for each channel in and out
    if kind in (FULL, SAME, VALID):
        return _applied(f"convolve{axes}", [left, right], (("mode", kind),))
    padding = (("padding", tuple(size // 2 for size in right[1])),) if kind == PADDED else ()
    return _applied("conv2d" if axes else "conv1d", [left, right], padding)


def _together(a: Shape, b: Shape) -> bool:
    try:
        broadcast((a, b))
    except ShapeError:
        return False
    return True


def close(one: Scalar, other: Scalar, near: float, filled: bool = False) -> bool:
    """Whether two numbers, or arrays, are one in doubles; ``filled`` repeats the first into the shape of the second."""
    if not shape_of(one) and not shape_of(other):
        return bool(abs(one - other) <= near * (1e-3 + abs(other)))
    import numpy as np  # noqa: PLC0415 - only where there are arrays

    wanted = shape_of(other)
    mine = fitted(one, wanted)
    if mine is None and filled:
        with suppress(ValueError):
            mine = np.broadcast_to(one, wanted)
    return mine is not None and bool(np.all(abs(mine - other) <= near * (1e-3 + abs(other))))


def entries_named(terms: Terms, shapes: Mapping[str, Shape], from_zero: Container[str] = ()) -> Terms:
    r"""The terms with ``r_2`` as the second entry of r and ``r_1..2`` as its first two, where r is an array and
    r_2 no row, and ``\bar r_2`` as that of its adjoint; the entries of some are counted ``from_zero``.
    """
    found: list[Term] = []
    for term in terms:
        name = named(term.name) if type(term) is Name else Marked("")
        parts = name.variable.split("_") if name.variable not in shapes else []
        bases = ["_".join(parts[:k]) for k in range(1, len(parts))]
        each = ((base, _place(name.variable[len(base) + 1 :], shapes[base], base not in from_zero)) for base in bases
                if base in shapes)  # fmt: skip
        base, place = next((entry for entry in each if entry[1]), ("", ()))
        entry_of = (Name(name._replace(variable=base).key, 0), Apply(PART, 1, 0, (("index", place),)))
        found += entry_of if place else [term]
    return tuple(found)


_RANGE = re.compile(r"(\d+)|([1-9]\d*)\.{2,3}(\d+)|(\d*):(\d*)(?::(\d+))?")
"""Along one axis: an entry, both ends of some that are counted from 1, or what Python writes."""


def _place(index: str, shape: Shape, first: int) -> tuple[Option, ...]:
    """The place, from 0, of an entry by its index, which is counted from 1 or 0, or of several, ``1..2``; none if such
    an array has none.
    """
    if ":" not in index and ".." not in index:
        place = tuple(k - first for k in entry_index(index, len(shape)))
        return place if all(0 <= k < size for k, size in zip(place, shape, strict=False)) else ()
    signs = [sign for k in index.split("_") if (sign := _RANGE.fullmatch(k))]
    if not len(signs) == len(index.split("_")) == len(shape):
        return ()
    return tuple(
        int(one) - first if one else ("slice", *((int(start) - 1, int(end), None) if start else map(_end, ends)))
        for one, start, end, *ends in map(re.Match.groups, signs)
    )


def _end(text: str | None) -> int | None:
    return int(text) if text else None


def entry_index(text: str, rank: int) -> tuple[int, ...]:
    """The numbers of an index with so many, ``2_1`` or ``21``; none if it is not one."""
    index = text.split("_")
    index = [*index[0]] if len(index) == 1 and len(index[0]) == rank else index
    return tuple(map(int, index)) if len(index) == rank and all(map(str.isdecimal, index)) else ()


def rows_added(
    terms: Terms, numbers: Mapping[str, Scalar], added: Callable[[str], Scalar]
) -> tuple[Terms, dict[str, Scalar]]:
    """The terms with what rows add, ``unpool(bar v)``, or operands, ``pick(dot u)``, as numbers of their own; ``added``
    has that of the one whose adjoint or tangent is named.
    """
    if not any(type(t) is Apply and t.head in _OF_ROWS for t in terms):
        return terms, dict(numbers)
    more = dict(numbers)

    def apply(term: Apply, parts: list[Terms]) -> Terms:
        whole = (*(t for part in parts for t in part), term)
        named = next((t.name for t in whole if type(t) is Name and " " in t.name), "")
        if term.head not in _OF_ROWS or not named:
            return whole
        more[f"\x00{named}"] = added(named)
        return (Name(f"\x00{named}", 0),)

    return fold(terms, lambda leaf: (leaf,), apply), more
