"""A formula of arrays at one of its entries: a formula of numbers, whose names are entries of the operands.

    h * (1 - h)    at [1]     h@1 * (1 - h@1)             entry by entry
    sum(a)                    a@0 + a@1 + a@2             by the index rule of the operation
    unpool(a)      at [1]     a@0 + a@1                   by what the maxima of the row took

``h@1`` is entry 1 of what the token ``h`` stands for, counted in row order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import product
from math import prod
from typing import Any, NamedTuple

from adtrace.arrays.elemental import ArrayElemental, broadcast
from adtrace.arrays.index_rules import Axis, IndexRule, Shape, unflat
from adtrace.arrays.table import entry as array_entry
from adtrace.arrays.table import is_call
from adtrace.elementals import BRACKETS
from adtrace.language.syntax import SILENT, Apply, Name, Number, Term, Terms
from adtrace.tables.composed import added
from adtrace.tracing.formulas import joined, split
from adtrace.writing.arrays import is_entrywise

_MOST_SUMMED = 6
"""Terms of the longest sum that is written out."""
ZERO, ONE, _TWO = ((Number(str(number), number, 0, 0),) for number in range(3))
Place = tuple[int, ...]


class Unwritten(Exception):
    """A formula that is not written out at its entries."""


class Node(NamedTuple):
    """A formula as a tree, with the shape of each part."""

    term: Term
    parts: tuple[Node, ...]
    shape: Shape


class Taken(NamedTuple):
    """What the maxima of a row took: for each the place of its result and that in the operand."""

    results: Sequence[int]
    sources: Sequence[int]


class Entries:
    """Formulas at their entries, in a list whose tokens have these shapes."""

    def __init__(
        self, shapes: Mapping[str, Shape], taken: Callable[[int], Taken], rows: Mapping[int, ArrayElemental],
        held: Callable[[str, str], bool | None],
    ) -> None:  # fmt: skip
        self.shapes, self.taken, self.rows = shapes, taken, rows
        self.held = held
        """Whether a bracket holds for an entry compared with 0; None where that is not known."""

    def tree(self, terms: Terms) -> Node:
        """The formula as a tree.  Raises `Unwritten` for what is not told by the shapes of operands."""
        stack: list[Node] = []
        for term in terms:
            if not isinstance(term, Apply):
                shape = self.shapes.get(term.name, ()) if isinstance(term, Name) else ()
                stack.append(Node(term, (), shape))
                continue
            parts = tuple(stack[len(stack) - term.arity :])
            del stack[len(stack) - term.arity :]
            stack.append(Node(term, parts, self._shape(term, [part.shape for part in parts])))
        return stack[0]

    def _shape(self, term: Apply, shapes: Sequence[Shape]) -> Shape:
        if is_entrywise(term):
            return broadcast(shapes) if len(shapes) > 1 else shapes[0]
        if is_call(term):
            return array_entry(term.head, term.options, tuple(shapes)).shape
        options: dict[str, Any] = dict(term.options)
        if term.head == "spread":
            return shapes[1]
        if "row" in options:
            row = self.rows[options["row"]]
            return row.shape if term.head == "pick" else row.shapes[0]
        if isinstance(options.get("shape"), tuple):
            return tuple(options["shape"])
        raise Unwritten

    def at(self, node: Node, place: Place) -> Terms:
        """The formula at an entry.  Raises `Unwritten` where it is not one of a few numbers."""
        term = node.term
        if not isinstance(term, Apply):
            if isinstance(term, Number) or not node.shape:
                return (term,)
            return (Name(f"{term.name}@{flat(place, node.shape)}", 0),)
        if is_entrywise(term):
            return self._entrywise(term, node, place)
        options: dict[str, Any] = dict(term.options)
        if term.head == "spread":
            return self.at(node.parts[0], _reduced(place, options, len(node.shape)))
        if "row" in options:
            return self._moved(node, place, options["row"])
        if term.head == "norm":
            squares = [joined("pow", self.at(node.parts[0], where), _TWO) for where in places_of(node.parts[0].shape)]
            return joined("sqrt", _total(squares))
        if is_call(term):
            return self._called(term, node, place)
        raise Unwritten

    def _entrywise(self, term: Apply, node: Node, place: Place) -> Terms:
        """An operation on numbers; a bracket that is known to hold, or not, is one."""
        operands = [self.at(part, repeated(place, part.shape)) for part in node.parts]
        if term.head in BRACKETS and not node.parts[0].parts and node.parts[1].term[0] == "0":
            holds = self.held(str(operands[0][0][0]), term.head)
            if holds is not None:
                return ONE if holds else ZERO
        if term.head == "add":
            return added(*operands)
        return operands[0] if term.head in SILENT else joined(term.head, *operands)

    def _called(self, term: Apply, node: Node, place: Place) -> Terms:
        """A function of arrays, by its index rule or by the places that it takes."""
        elemental = array_entry(term.head, term.options, tuple(part.shape for part in node.parts))
        if elemental.index is not None and not elemental.index.choice:
            return self._by_rule(node, elemental.index, place)
        if elemental.places is not None:
            return self._by_places(node, elemental.places, place)
        raise Unwritten

    def _by_rule(self, node: Node, rule: IndexRule, place: Place) -> Terms:
        """A sum of products by the index rule of the operation."""
        letters = dict(zip(rule.result, place, strict=True))
        if prod(rule.sizes[letter] for letter in rule.others) > _MOST_SUMMED:
            raise Unwritten
        summands: list[Terms] = []
        for choice in product(*(range(rule.sizes[letter]) for letter in rule.others)):
            values = letters | dict(zip(rule.others, choice, strict=True))
            where = [tuple(_index(axis, values) for axis in axes) for axes in rule.operands]
            if all(_is_inside(inner, part.shape) for inner, part in zip(where, node.parts, strict=True)):
                factors = [self.at(part, inner) for part, inner in zip(node.parts, where, strict=True)]
                summands.append(factors[0] if len(factors) == 1 else joined("mul", *factors))
        total = _total(summands)
        return total if rule.divisor == 1 else joined("div", total, (Number(str(rule.divisor), rule.divisor, 0, 0),))

    def _by_places(self, node: Node, places: Callable[..., tuple[Any, ...]], place: Place) -> Terms:
        """The entry that an operation moves here."""
        import numpy  # noqa: PLC0415 - only where there are arrays

        for part, moved in zip(node.parts, places(numpy), strict=True):
            source = int(moved[place])
            if source >= 0:
                return self.at(part, unflat(source, part.shape))
        return ZERO

    def _moved(self, node: Node, place: Place, row: int) -> Terms:
        """An entry of what goes through the maxima of a row, forward or back, or back into a part."""
        part, here = node.parts[0], flat(place, node.shape)
        if node.term[0] == "place":
            import numpy  # noqa: PLC0415 - only where there are arrays

            places = self.rows[row].places
            assert places is not None
            sources = places(numpy)[0].reshape(-1).tolist()
            results: Sequence[int] = range(len(sources))
        else:
            results, sources = self.taken(row)
        pairs = zip(results, sources, strict=True)
        if node.term[0] == "pick":
            reached = [source for result, source in pairs if result == here]
        else:
            reached = [result for result, source in pairs if source == here]
        return _total([self.at(part, unflat(at, part.shape)) for at in reached])


def is_written_entrywise(node: Node) -> bool:
    """Whether a formula is computed entry by entry, but for sums and moves of entries."""
    term = node.term
    if not isinstance(term, Apply):
        return True
    plain = is_entrywise(term) or term.head in _SUMS or term.head in _MOVES or is_dot(node)
    return plain and all(map(is_written_entrywise, node.parts))


def is_dot(node: Node) -> bool:
    """Whether it is a product of two vectors, which is a number."""
    return node.term[0] == "matmul" and all(len(part.shape) == 1 for part in node.parts)


_SUMS = frozenset(("sum", "mean", "dot", "norm", "trace"))
_MOVES = frozenset(("spread", "unpool", "pick", "place", "part", "reshape", "flatten", "transpose", "concat", "stack"))


def _total(summands: Sequence[Terms]) -> Terms:
    if len(summands) > _MOST_SUMMED:
        raise Unwritten
    return reduce(added, summands, ()) or ZERO


def folded(terms: Terms, number: Callable[[str], str]) -> Terms:
    """A formula in which numbers that are 0 or 1 choose its terms: ``y ln(p)`` is ``ln(p)``, or nothing.

    ``number`` is that of a name; empty where it is not to choose.
    """
    head, operands = split(terms)
    if not head:
        text = number(terms[0][0]) if isinstance(terms[0], Name) else ""
        return {"0": ZERO, "1": ONE}.get(text, terms)
    parts = [folded(operand, number) for operand in operands]
    texts = [str(part[0][0]) if len(part) == 1 else "" for part in parts]
    for place, text in enumerate(texts):
        if (head, place, text) in _RESULTS:
            return parts[_RESULTS[head, place, text]]
    if (head, texts) == ("sub", ["1", "1"]):
        return ZERO
    if head == "neg" and split(parts[0])[0] in ("add", "sub"):  # -(a + b) is -a - b
        inner, (left, right) = split(parts[0])
        return joined("sub" if inner == "add" else "add", folded((*left, terms[-1]), number), right)
    return joined(head, *parts)


_RESULTS = {
    ("mul", 0, "0"): 0, ("mul", 1, "0"): 1, ("mul", 0, "1"): 1, ("mul", 1, "1"): 0, ("div", 0, "0"): 0,
    ("add", 0, "0"): 1, ("add", 1, "0"): 0, ("sub", 1, "0"): 0, ("neg", 0, "0"): 0,
}  # fmt: skip
"""An operation, one of its operands, and its number: the operand that the result is."""


def _index(axis: Axis, values: Mapping[str, int]) -> int:
    return axis.constant + sum(factor * values[letter] for letter, factor in axis.factors)


def _is_inside(place: Place, shape: Shape) -> bool:
    return all(0 <= at < size for at, size in zip(place, shape, strict=True))


def places_of(shape: Shape) -> list[Place]:
    """The places of all entries, in row order."""
    return list(product(*map(range, shape)))


def flat(place: Place, shape: Shape) -> int:
    """The number of an entry in row order."""
    number = 0
    for at, size in zip(place, shape, strict=True):
        number = number * size + at
    return number


def repeated(place: Place, shape: Shape) -> Place:
    """The place in an operand whose axes of 1, and those it has not, are repeated."""
    own = place[len(place) - len(shape) :]
    return tuple(0 if size == 1 else at for at, size in zip(own, shape, strict=True))


def _reduced(place: Place, options: Mapping[str, Any], rank: int) -> Place:
    """The place in a sum over axes that an entry is part of."""
    axis = options.get("axis")
    axes = range(rank) if axis is None else [number % rank for number in (axis if isinstance(axis, tuple) else (axis,))]
    if options.get("keepdims"):
        return tuple(0 if k in axes else at for k, at in enumerate(place))
    return tuple(at for k, at in enumerate(place) if k not in axes)
