"""What array elementals have in common: the record, and shapes that fit.

The adjoints and tangents of an entry are texts in the slots u, w, ... (operands), v (the result), a (its adjoint), du,
dw, ... (tangents): what is printed.  For index rules and places they are computed from the rule itself, and a test
holds one against the other.

Adjoints as in Giles, *An extended collection of matrix derivative results for forward and reverse mode algorithmic
differentiation* (2008), section 2.2, and Goodfellow et al., *Deep Learning* (2016), sections 6.5.6 and 9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import zip_longest
from math import prod
from typing import Any

from adtrace.arrays.index_rules import IndexRule, Shape
from adtrace.elementals import FUNCTIONS, SLOTS, Condition, Elemental, conditions
from adtrace.errors import InputError
from adtrace.language.parse import parse
from adtrace.language.syntax import Apply, Name, Option, Options, Term, Terms

Rule = str | tuple[Term, ...]
"""A formula in the slots of rules: text, or terms where a head is no function of the language."""

_SLOT_SHAPES = dict.fromkeys((*SLOTS, "v", "a", *(f"d{slot}" for slot in SLOTS)), (1,))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Terms:
    return parse(text, FUNCTIONS, shapes=_SLOT_SHAPES, declared=frozenset(_SLOT_SHAPES)).terms


def terms_of(rule: Rule) -> Terms:
    """A formula as terms."""
    return _parsed(rule) if isinstance(rule, str) else rule


def written(head: str, options: Options, *slots: str) -> tuple[Term, ...]:
    """A call on slots as terms."""
    return (*(Name(slot, 0) for slot in slots), Apply(head, len(slots), 0, options))


class ShapeError(InputError):
    """Shapes that do not fit, in a sentence without its place."""


@dataclass(frozen=True, eq=False)
class ArrayElemental(Elemental):
    """An operation of whole arrays, with its options, at the shapes of its operands."""

    options: Options = ()
    shapes: tuple[Shape, ...] = ()
    """The operands' shapes."""
    shape: Shape = ()
    """The result's."""
    index: IndexRule | None = None
    places: Callable[..., tuple[Any, ...]] | None = None
    """For each operand an array of the result's shape, from numpy and the operands' shapes: the place in the operand
    (its entries counted in row order) that stands there, -1 for none."""
    adjoints_text: tuple[Rule, ...] = ()
    """What each operand's adjoint gets."""
    tangents_text: tuple[Rule, ...] = ()
    """What the tangent of each operand adds."""
    adjoints_computed: tuple[Rule, ...] = ()
    """How the adjoints of a formula are computed, where digits would cancel in what is printed."""
    tangents_computed: tuple[Rule, ...] = ()

    @property
    def arity(self) -> int:
        """The number of operands."""
        return len(self.shapes)

    @cached_property
    def formula(self) -> Terms:
        """The call, with its options."""
        return written(self.name, self.options, *SLOTS[: self.arity])

    @cached_property
    def value(self) -> Terms:
        """The formula of whole arrays by which doubles are computed, which do not overflow."""
        return terms_of(self.value_text) if self.value_text else self.formula

    @cached_property
    def definition(self) -> Terms:
        """The formula of whole arrays."""
        return terms_of(self.definition_text) if self.definition_text else self.formula

    @cached_property
    def domain(self) -> tuple[Condition, ...]:
        """What holds in every entry."""
        return conditions(self.domain_text)

    @cached_property
    def adjoints(self) -> tuple[Terms, ...]:
        """What is printed of `adjoints_text`."""
        return tuple(map(terms_of, self.adjoints_text))

    @cached_property
    def tangents(self) -> tuple[Terms, ...]:
        """What is printed of `tangents_text`."""
        return tuple(map(terms_of, self.tangents_text))

    @cached_property
    def operations(self) -> int:
        """The scalar operations of the value, which bounds are counted in."""
        if self.index is not None:
            return max(len(self.index.operands) * self.index.products - prod(self.shape), 1)
        return prod(self.shape) if self.places is not None else 4 * sum(map(prod, self.shapes))


def said(shape: Shape) -> str:
    """A shape as a sentence says it: "a number", "3 entries", "2 x 3"."""
    if not shape:
        return "a number"
    return " x ".join(map(str, shape)) if len(shape) > 1 else f"{shape[0]} entries" if shape[0] > 1 else "1 entry"


def broadcast(shapes: Sequence[Shape], what: str = "") -> Shape:
    """The shape of an elementwise result: axes aligned at the right, an axis of 1 repeated (as numpy does it), but two
    operands never make more entries than the larger one has: [1, 2] + [[1], [2]] is no matrix by accident.

    Raises `ShapeError`.
    """
    result: list[int] = []
    for sizes in zip_longest(*map(reversed, shapes), fillvalue=1):
        different = sorted(set(sizes) - {1})
        if len(different) > 1:
            raise ShapeError(_misfit(shapes, what))
        result.append(different[0] if different else 1)
    shape = tuple(reversed(result))
    if len(shapes) > 1 and prod(shape) > max(map(prod, shapes)):
        left, right = map(said, shapes[:2])
        raise ShapeError(
            f"{left} and {right} would be repeated into {said(shape)}; reshape one of them, or write outer(u, w)"
        )
    return shape


def _misfit(shapes: Sequence[Shape], what: str) -> str:
    """The sentence for two shapes that do not fit entry by entry."""
    left, right = shapes[:2]
    meant = ""
    if what == "mul" and left and right and left[-1] == right[-2 if len(right) > 1 else -1]:
        meant = "; the product of matrices is written @"
    return f"{said(left)} and {said(right)} do not fit entry by entry{meant}"


def make(head: str, options: Options, shapes: Sequence[Shape], index: IndexRule, **more: Any) -> ArrayElemental:
    """An entry with an index rule."""
    return ArrayElemental(head, head, (), options=options, shapes=tuple(shapes), shape=index.shape, index=index, **more)


def axes_of(head: str, given: Option, rank: int) -> tuple[int, ...]:
    """The axes that an option names, counted from 0; all of them for None."""
    if given is None:
        return tuple(range(rank))
    chosen = given if isinstance(given, tuple) else (given,)
    for axis in chosen:
        if type(axis) is not int or not -rank <= axis < rank:
            there = f"{-rank} to {rank - 1}" if rank else "none: it is a number"
            raise ShapeError(f"axis={axis!r} of {head}: the array's axes are {there}")
    axes = tuple(int(axis) % rank for axis in chosen)
    if len(set(axes)) < len(axes):
        raise ShapeError(f"axis={given!r} of {head} names an axis twice")
    return axes
