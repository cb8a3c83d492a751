"""Sums of products by an index rule: matrix products, dot, outer, einsum, sums and means; the largest over an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from adtrace.arrays.elemental import ArrayElemental, ShapeError, axes_of, make, said, written
from adtrace.arrays.index_rules import Shape, index_rule
from adtrace.language.syntax import Apply, Number, Options


def ruled(head: str, options: Options, shapes: Sequence[Shape], text: str, **more: Any) -> ArrayElemental:
    """An entry by the text of its index rule."""
    return make(head, options, shapes, index_rule(text, shapes), **more)


def indices(letters: str) -> str:
    """``[i,j]``; nothing for a number."""
    return f"[{','.join(letters)}]" if letters else ""


def einsum_rule(left: Sequence[str], result: str) -> str:
    """The index rule of a sum of products, from the letters of its operands and of its result."""
    slots = (f"{slot}{indices(letters)}" for slot, letters in zip("uw", left, strict=False))
    return f"v{indices(result)} = {'*'.join(slots)}"


def _einsum_adjoints(left: Sequence[str], result: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The adjoints and tangents of a sum of products, as sums of products."""
    if len(left) == 1:
        return (f'einsum("{result}->{left[0]}", a)',), (f'einsum("{left[0]}->{result}", du)',)
    u, w = left
    adjoints = f'einsum("{result},{w}->{u}", a, w)', f'einsum("{u},{result}->{w}", u, a)'
    return adjoints, (f'einsum("{u},{w}->{result}", du, w)', f'einsum("{u},{w}->{result}", u, dw)')


_MATRIX_ADJOINTS = {
    (1, 1): ("a*w", "a*u"),
    (2, 1): ("outer(a, w)", "u.T @ a"),
    (1, 2): ("w @ a", "outer(u, a)"),
    (2, 2): ("a @ w.T", "u.T @ a"),
}


def matmul(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The product of matrices and vectors; of more axes those in front count the matrices."""
    u, w = shapes
    if not u or not w:
        raise ShapeError(f"@ is the product of matrices, and {said(u if not u else w)} is none; write *")
    if u[-1] != w[-2 if len(w) > 1 else -1]:
        raise ShapeError(_unfit(u, w))
    batch = "abcdefgh"[: max(len(u), len(w)) - 2] if max(len(u), len(w)) > 2 else ""
    left = (batch if len(u) > 2 else "") + ("ij" if len(u) > 1 else "j")
    right = (batch if len(w) > 2 else "") + ("jk" if len(w) > 1 else "j")
    result = batch + ("i" if len(u) > 1 else "") + ("k" if len(w) > 1 else "")
    try:
        index = index_rule(einsum_rule((left, right), result), shapes)
    except ValueError:
        raise ShapeError(f"{said(u)} and {said(w)} do not fit: their first axes differ") from None
    adjoints, tangents = _einsum_adjoints((left, right), result)
    if not batch:
        adjoints, tangents = _MATRIX_ADJOINTS[len(u), len(w)], ("du @ w", "u @ dw")
    return make(head, options, shapes, index, adjoints_text=adjoints, tangents_text=tangents)


def _unfit(u: Shape, w: Shape) -> str:
    """The sentence for a product of matrices whose inner axes differ."""
    if u == w:
        meant = "; entry by entry is written *"
    elif u[0] == w[0] and len(u) > 1:
        meant = "; the transpose of the first fits: .T"
    elif len(w) > 1 and u[-1] == w[-1]:
        meant = "; the transpose of the second fits: .T"
    elif len(u) > 1 and len(w) > 1 and w[-1] == u[0]:
        meant = "; in the other order they fit"
    else:
        meant = ""
    rows = f"{w[-2]} rows" if len(w) > 1 else f"{said(w)}"
    columns = f"{u[-1]} columns" if len(u) > 1 else said(u)
    return f"{said(u)} @ {said(w)} does not fit: {columns} on the left, {rows} on the right{meant}"


def dot(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The product of two vectors that is a number."""
    u, w = shapes
    if len(u) != 1 or len(w) != 1:
        raise ShapeError(f"dot is of two vectors, not of {said(u)} and {said(w)}; the product of matrices is written @")
    if u != w:
        raise ShapeError(f"dot is of two vectors of one length, not of {said(u)} and {said(w)}")
    return ruled(head, options, shapes, "v = u[i]*w[i]",
                  adjoints_text=("a*w", "a*u"), tangents_text=("dot(du, w)", "dot(u, dw)"))  # fmt: skip


def outer(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The product of two vectors that is a matrix."""
    u, w = shapes
    if len(u) != 1 or len(w) != 1:
        raise ShapeError(f"outer is of two vectors, not of {said(u)} and {said(w)}")
    return ruled(head, options, shapes, "v[i,j] = u[i]*w[j]",
                  adjoints_text=("a @ w", "a.T @ u"), tangents_text=("outer(du, w)", "outer(u, dw)"))  # fmt: skip


def einsum(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """A sum of products by letters, as in numpy."""
    text = str(dict(options)["subscripts"]).replace(" ", "")
    operands, result = _subscripts(text, shapes)
    try:
        index = index_rule(einsum_rule(operands, result), shapes)
    except ValueError as problem:
        raise ShapeError(f'einsum("{text}"): {problem}') from None
    adjoints, tangents = _einsum_adjoints(operands, result)
    if any(len(set(operand)) < len(operand) or not set(operand) <= {*result, *"".join(operands[:k] + operands[k + 1 :])}
           for k, operand in enumerate(operands)):  # fmt: skip
        return make(head, options, shapes, index, tangents_text=tangents, adjoints_text=tuple(
            written(f"einsum_{back}", (*options, ("shape", shape)), *slots)
            for back, shape, slots in zip(("input", "weight"), shapes, _BACK[len(shapes)], strict=False)
        ))  # fmt: skip
    return make(head, options, shapes, index, adjoints_text=adjoints, tangents_text=tangents)


def _subscripts(text: str, shapes: tuple[Shape, ...]) -> tuple[list[str], str]:
    """The letters of the operands and those of the result, which fit the shapes."""
    left, arrow, result = text.partition("->")
    operands = left.split(",")
    letters = [letter for operand in operands for letter in operand]
    if not arrow:
        result = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    if len(operands) != len(shapes) or not all(letter.isalpha() and letter.islower() for letter in letters):
        raise ShapeError(f'einsum("{text}") has small letters for the axes of {len(shapes)} operands, parted by commas')
    if len(set(result)) < len(result) or not set(result) <= set(letters):
        raise ShapeError(f'einsum("{text}") has each letter of its result once, and among those of its operands')
    for operand, shape in zip(operands, shapes, strict=True):
        if len(operand) != len(shape):
            raise ShapeError(f'einsum("{text}"): {operand or "nothing"} stands for an array of {said(shape)}')
    return operands, result


_BACK = {1: (("a",),), 2: (("a", "w"), ("u", "a"))}


def _letters(rank: int) -> str:
    """The letters of an operand with so many axes."""
    return "ijklmnopqrstuvwxyz"[:rank]


def _reduced(head: str, options: Options, shape: Shape) -> tuple[str, str, dict[str, int], tuple[int, ...]]:
    """The letters of an operand, those of its sum over axes, the letters that are kept with length 1, and the axes."""
    settings = dict(options)
    axes = axes_of(head, settings.get("axis"), len(shape))
    letters = _letters(len(shape))
    extents = {letter.upper(): 1 for place, letter in enumerate(letters) if place in axes and settings.get("keepdims")}
    result = "".join(
        letter if place not in axes else letter.upper() if extents else "" for place, letter in enumerate(letters)
    )
    return letters, result, extents, axes


def summed(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The sum over axes, or their mean."""
    (shape,) = shapes
    letters, result, extents, axes = _reduced(head, options, shape)
    count = prod(shape[axis] for axis in axes)
    over = f"/{count}" if head == "mean" else ""
    divided = (Number(str(count), count, 0, 0), Apply("div", 2, 0)) if over else ()
    index = index_rule(f"v{indices(result)} = u{indices(letters)}{over}", shapes, extents)
    return make(head, options, shapes, index, adjoints_text=((*written("spread", options, "a", "u"), *divided),),
                tangents_text=(written(head, options, "du"),))  # fmt: skip


def largest(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The largest (smallest) entry along axes."""
    (shape,) = shapes
    if not shape:
        raise ShapeError(f"{head} of one operand is of an array, not of a number")
    letters, result, extents, _ = _reduced(head, options, shape)
    index = index_rule(f"v{indices(result)} = {head}(u{indices(letters)})", shapes, extents)
    return make(head, options, shapes, index, adjoints_text=(written("unpool", (), "a"),),
                tangents_text=(written("pick", (), "du"),))  # fmt: skip


def trace(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
    """The sum of the diagonal of a square matrix."""
    (shape,) = shapes
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapeError(f"trace is of a square matrix, not of {said(shape)}")
    return ruled(head, options, shapes, "v = u[i,i]", adjoints_text=(f"a*eye({shape[0]})",),
                  tangents_text=("trace(du)",))  # fmt: skip
