r"""Formulas of arrays: which sign stands for which product, how parts and sums are drawn.

Terms say ``*`` for every product entry by entry.  With the shapes of its names a formula is `arranged` for print:

    hadamard   x \odot y      of two arrays                     scaled   2.5 w     of a number and an array
    summed     \sum_i x_i y_i of what is computed entry by entry, its names with their indices
    dot        x \cdot y      of two vectors, also where ``@`` was typed

`Signs` are what a dialect writes for them; everything else is a call by its name, with the options that say more than
the call alone.  Printed indices count from 1, typed ones from 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adtrace.elementals import BRACKETS
from adtrace.language.syntax import SILENT, Apply, Name, Number, Term, Terms
from adtrace.writing.matrices import Brackets
from adtrace.writing.notation import ANYTHING, ATOM, CALL, INSIDE, LEAD, POWER, PRODUCT, START, Form, Hole, is_of_arrays

HADAMARD, SCALED, SUMMED = "hadamard", "scaled", "summed"
"""Heads of what is printed alone."""
Sizes = tuple[int | None, ...]
"""The lengths of the axes, None where they are not told."""


@dataclass(frozen=True, eq=False)
class Signs:
    """What stands for operations on arrays in one dialect."""

    brackets: Brackets
    named: Callable[[str, Sequence[str]], str]
    """A call by its name, of operands and options."""
    indexed: Callable[[str, str], str]
    """A name with indices: x_{1}, X_{:,1..5}."""
    option: Callable[[str, str], str] = lambda name, value: f"{name}={value}"
    word: Callable[[str], str] = str
    """A word as an option's value."""
    product: str = " "
    """Between matrices, and between a number and an array."""
    hadamard: str = " ⊙ "
    dot: str = " · "
    correlation: str = " ⋆ "
    convolution: str = " * "
    transposed: tuple[str, str] = ("", "ᵀ")
    sum: str = "Σ<i> "
    """With ``<i>`` for the indices."""
    index: Callable[[str], str] = str
    """The indices below a sum."""
    norm: tuple[str, str] = ("‖", "‖")
    typed: bool = False
    """Whether formulas are in the language again: ``W @ x``, ``x[0]``."""


_INFIX = {"matmul": "product", SCALED: "product", HADAMARD: "hadamard", "dot": "dot"}
_CONVOLUTIONS = {
    **dict.fromkeys(("conv1d", "conv2d"), "correlation"),
    **dict.fromkeys(("convolve", "convolve1d", "convolve2d"), "convolution"),
}
_SHORT = {"maxpool1d": "maxpool", "maxpool2d": "maxpool", "avgpool1d": "avgpool", "avgpool2d": "avgpool"}
_OF_THE_SHAPE = ("_input", "_weight", "_adjoint")
_QUIET = frozenset(("unpool", "pick", "spread", "place"))
"""Calls of printed rules, whose options are those of the row itself."""
_DEFAULTS: Mapping[str, tuple[Any, ...]] = {
    "padding": (0,), "dilation": (1,), "keepdims": (False,), "eps": (0, "0"), "mode": ("full",), "axis": (None,),
}  # fmt: skip


def form(signs: Signs, term: Apply) -> Form:
    """How an operation on arrays is written, its operands in places."""
    if signs.typed:
        return _typed(signs, term)
    options: dict[str, Any] = dict(term.options)
    head, first = term.head, Hole(0, PRODUCT, LEAD)
    if head in _INFIX:
        return Form(PRODUCT, (first, getattr(signs, _INFIX[head]), Hole(1, POWER, INSIDE)))
    if head in _CONVOLUTIONS and not _telling(term):
        return Form(PRODUCT, (first, getattr(signs, _CONVOLUTIONS[head]), Hole(1, POWER, INSIDE)))
    if head == "outer":
        before, after = signs.transposed
        return Form(PRODUCT, (first, signs.product, before, Hole(1, ATOM, INSIDE), after))
    if head == "transpose" and not options:
        before, after = signs.transposed
        return Form(POWER, (before, Hole(0, ATOM, INSIDE), after))
    if head == "norm":
        return Form(ATOM, (signs.norm[0], Hole(0, ANYTHING, START), signs.norm[1]))
    if head == SUMMED:
        return Form(PRODUCT, (signs.sum.replace("<i>", signs.index(options["index"])), Hole(0, PRODUCT, INSIDE)))
    if head == "part":
        return _marked(signs.indexed("\0", printed_index(options["index"], ())), [Hole(0, ATOM, INSIDE)], ATOM)
    if head == "array":
        return _array(signs, term)
    return _call(signs, term)


def _array(signs: Signs, term: Apply) -> Form:
    """A literal in a line."""
    holes = [Hole(place, ANYTHING, START) for place in range(term.arity)]
    return _marked(signs.brackets.vector(["\0"] * term.arity), holes, ATOM)


def _call(signs: Signs, term: Apply) -> Form:
    shown = 1 if term.head == "spread" else term.arity  # its second operand only has the shape
    head, holes = term.head, [Hole(place, ANYTHING, START) for place in range(shown)]
    name, quiet = _SHORT.get(head, head), head in _QUIET
    for ending in _OF_THE_SHAPE:
        if head.endswith(ending):  # the adjoint of a convolution with a stride, of an operation of one's own
            name, quiet = f"{head.removesuffix(ending)}_adjoint", True
    arguments = ["\0"] * shown
    for option, value in () if quiet else _telling(term):
        text = _option_text(signs, value)
        arguments.append(text if option in ("size", "shape") else signs.option(option, text))
    return _marked(signs.named(name, arguments), holes, CALL)


def _telling(term: Apply) -> list[tuple[str, Any]]:
    """The options that say more than the call alone."""
    options: dict[str, Any] = dict(term.options)
    usual: dict[str, tuple[Any, ...]] = {"stride": (1,) if term.head in _CONVOLUTIONS else (None, options.get("size"))}
    usual |= {"axis": (None, -1)} if "softmax" in term.head else {}
    return [(name, value) for name, value in term.options if value not in {**_DEFAULTS, **usual}.get(name, ())]


def _option_text(signs: Signs, value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_option_text(signs, item) for item in value)}{',' * (len(value) == 1)})"
    return signs.word(value) if isinstance(value, str) and not _DECIMAL.fullmatch(value) else str(value)


_DECIMAL = re.compile(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?", re.ASCII)


def _marked(text: str, holes: Sequence[Hole], level: int) -> Form:
    """A text with its holes where NULs stand."""
    first, *others = text.split("\0")
    pieces: list[str | Hole] = [first]
    for hole, piece in zip(holes, others, strict=True):
        pieces.extend((hole, piece))
    return Form(level, tuple(piece for piece in pieces if piece != ""))


def _typed(signs: Signs, term: Apply) -> Form:
    """As the language has it."""
    options: dict[str, Any] = dict(term.options)
    head, holes = term.head, [Hole(place, ANYTHING, START) for place in range(term.arity)]
    if head in _QUIET or head.endswith(_OF_THE_SHAPE):
        return _call(signs, term)
    if head == "matmul":
        return Form(PRODUCT, (Hole(0, PRODUCT, LEAD), " @ ", Hole(1, POWER, INSIDE)))
    if head in (HADAMARD, SCALED):
        return Form(PRODUCT, (Hole(0, PRODUCT, LEAD), "*", Hole(1, POWER, INSIDE)))
    if head == "transpose" and not term.options:
        return Form(ATOM, (Hole(0, ATOM, INSIDE), ".T"))
    if head == "part":
        return Form(ATOM, (Hole(0, ATOM, INSIDE), f"[{typed_index(options['index'])}]"))
    if head == "array":
        return _marked(signs.brackets.vector(["\0"] * term.arity), holes, ATOM)
    arguments = ["\0"] * term.arity
    for name, value in term.options:
        text = _option_text(signs, value)
        numbers = name == "shape" and isinstance(value, tuple) and term.head == "reshape"
        arguments.append(text[1:-1].rstrip(",") if numbers else text if name == "size" else signs.option(name, text))
    return _marked(signs.named(head, arguments), holes, CALL)


# -- indices ----------------------------------------------------------------------------------------------------------


def printed_index(items: Sequence[Any], sizes: Sizes) -> str:
    """The indices of a part as mathematics counts, from 1: ``:,1..5``; ``sizes`` tell where an axis ends."""
    spread = len(sizes) - sum(item != "..." for item in items)
    texts: list[str] = []
    axis = 0
    for item in items:
        if item == "...":
            texts += [":"] * spread if sizes else ["..."]
            axis += max(spread, 0)
            continue
        texts.append(_printed_item(item, sizes[axis] if axis < len(sizes) else None))
        axis += 1
    return ",".join(texts)


def _printed_item(item: Any, size: int | None) -> str:
    if isinstance(item, tuple) and item[:1] == ("list",):
        return f"({','.join(_from_one(entry, size) for entry in item[1:])})"
    if not isinstance(item, tuple):
        return _from_one(item, size)
    _, start, stop, step = item
    if step not in (None, 1):
        return typed_index((item,))  # a stride is said as it is typed
    if start is None and stop is None:
        return ":"
    last = _from_one(-1 if stop is None else stop - 1 if stop != 0 else 0, size)
    return f"{_from_one(start or 0, size)}..{last}"


def _from_one(index: int, size: int | None) -> str:
    if index >= 0:
        return str(index + 1)
    if size is not None:
        return str(size + index + 1)
    return f"n{index + 1 or ''}"


def typed_index(items: Sequence[Any]) -> str:
    """The indices of a part as they are typed, from 0: ``:, 0:5``."""
    return ", ".join(map(_typed_item, items))


def _typed_item(item: Any) -> str:
    if not isinstance(item, tuple):
        return str(item)
    if item[:1] == ("list",):
        return f"[{', '.join(map(str, item[1:]))}]"
    start, stop, step = ("" if bound is None else str(bound) for bound in item[1:])
    return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"


# -- arranging --------------------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A part of a formula: its terms, its shape, and whether it is names and numbers computed entry by entry."""

    terms: tuple[Term, ...]
    sizes: Sizes
    entrywise: bool


_INDICES = "ijklmnopqrstabcd"


def arranged(terms: Terms, sizes: Mapping[str, Sizes]) -> tuple[Term, ...]:
    """A formula for print, by the shapes of its names."""
    stack: list[_Piece] = []
    for term in terms:
        if not isinstance(term, Apply):
            shape = sizes.get(term.name, ()) if isinstance(term, Name) else ()
            stack.append(_Piece((term,), shape, True))
            continue
        operands = stack[len(stack) - term.arity :]
        del stack[len(stack) - term.arity :]
        stack.append(_applied(term, operands, sizes))
    return stack[0].terms


def _applied(term: Apply, operands: Sequence[_Piece], names: Mapping[str, Sizes]) -> _Piece:
    """What is printed for an operation on parts that are printed already."""
    first, last = operands[0], operands[-1]
    if is_entrywise(term):
        shape = max((piece.sizes for piece in operands), key=len)
        head = _times(first, last) if term.head == "mul" else term.head
        return _Piece(_joined(operands, term, head), shape, all(piece.entrywise for piece in operands))
    sizes = _sizes(term, operands)
    if term.head == "sum" and first.sizes and first.entrywise:
        return _summed(term, first, sizes, names)
    if term.head == "part" and len(first.terms) == 1 and isinstance(first.terms[0], Name):
        options: dict[str, Any] = dict(term.options)
        index = printed_index(options["index"], first.sizes)
        return _Piece((first.terms[0]._replace(name=f"{first.terms[0].name}[{index}]"),), sizes, False)
    is_dot = term.head == "matmul" and len(first.sizes) == len(last.sizes) == 1
    return _Piece(_joined(operands, term, "dot" if is_dot else term.head), sizes, False)


def _times(first: _Piece, last: _Piece) -> str:
    """The sign of a product of entries, of a number and an array, or of numbers."""
    if first.sizes and last.sizes:
        return HADAMARD
    return SCALED if last.sizes and not isinstance(last.terms[0], Number) else "mul"


def _joined(operands: Sequence[_Piece], term: Apply, head: str) -> tuple[Term, ...]:
    return (*(part for piece in operands for part in piece.terms), term._replace(head=head))


_ENTRYWISE = SILENT | frozenset((HADAMARD, SCALED, *BRACKETS))


def is_entrywise(term: Apply) -> bool:
    """Whether an operation is computed entry by entry: that of a scalar elemental, or brackets."""
    return term.head in _ENTRYWISE or not is_of_arrays(term)


def _summed(term: Apply, piece: _Piece, sizes: Sizes, names: Mapping[str, Sizes]) -> _Piece:
    """A sum with its indices, those of the axes that are summed over below it."""
    rank = len(piece.sizes)
    axes = _axes(dict(term.options).get("axis"), rank)
    below = ",".join(_INDICES[axis] for axis in axes)
    whole = ",".join(_INDICES[:rank])
    terms: list[Term] = []
    for part in piece.terms:
        if isinstance(part, Name) and (own := len(names.get(part.name, ()))):
            terms.append(part._replace(name=f"{part.name}[{whole[2 * (rank - own) :]}]"))
        elif isinstance(part, Apply) and part.head in (HADAMARD, SCALED):
            terms.append(part._replace(head=SCALED))
        else:
            terms.append(part)
    return _Piece((*terms, Apply(SUMMED, 1, term.position, (("index", below),))), sizes, False)


def _axes(axis: Any, rank: int) -> tuple[int, ...]:
    if axis is None:
        return tuple(range(rank))
    return tuple(number % rank for number in (axis if isinstance(axis, tuple) else (axis,)))


def _sizes(term: Apply, operands: Sequence[_Piece]) -> Sizes:
    """The shape of an operation's result, as far as it is told."""
    options: dict[str, Any] = dict(term.options)
    if isinstance(options.get("shape"), tuple):
        return tuple(options["shape"])
    shape = _RESULTS.get(term.head)
    return shape(options, [piece.sizes for piece in operands]) if shape else operands[0].sizes


def _transposed(options: Mapping[str, Any], operands: Sequence[Sizes]) -> Sizes:
    axes = options.get("axes") or tuple(range(len(operands[0])))[::-1]
    return tuple(operands[0][axis] for axis in axes) if len(axes) == len(operands[0]) else operands[0]


def _reduced(options: Mapping[str, Any], operands: Sequence[Sizes]) -> Sizes:
    gone = _axes(options.get("axis"), len(operands[0])) if operands[0] else ()
    keep = options.get("keepdims")
    return tuple(1 if at in gone else n for at, n in enumerate(operands[0]) if keep or at not in gone)


def _part(options: Mapping[str, Any], operands: Sequence[Sizes]) -> Sizes:
    items = options["index"]
    whole: int = sum(item != "..." for item in items)
    chosen: int = sum(not isinstance(item, tuple) and item != "..." for item in items)
    return (*[None] * max(whole - chosen, 0), *operands[0][whole:])


_RESULTS: Mapping[str, Callable[[Mapping[str, Any], Sequence[Sizes]], Sizes]] = {
    "matmul": lambda _, of: (*of[0][:-1], *(of[-1][-1:] if len(of[-1]) > 1 else ())),
    "outer": lambda _, of: (*of[0], *of[-1]),
    "transpose": _transposed,
    **dict.fromkeys(("dot", "norm", "trace", "cross_entropy", "softmax_cross_entropy", "bce", "mse"), lambda *_: ()),
    **dict.fromkeys(("sum", "mean", "max", "min"), _reduced),
    "array": lambda _, of: (len(of), *of[0]),
    "stack": lambda _, of: (None, *of[0]),
    "flatten": lambda *_: (None,),
    "part": _part,
    "spread": lambda _, of: of[-1],
}
"""The shape of a result from the options and the shapes of the operands; of what is not here that of the first."""
