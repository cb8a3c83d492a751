"""Arrays as numbers: any number system lifted to arrays of its numbers, and the rows that mix their entries.

A number of `arrays(base)` is a numpy array of base's numbers (doubles as doubles, all else as objects), or one of
base's own, whose shape is ().  A local partial of an array row is a linear map; the sweeps multiply by it as by any
partial:

    partial * tangent     what the operand's tangent adds to the tangent of the row         `Map.forward`
    adjoint * partial     what the operand's adjoint gets from the adjoint of the row       `Map.back`

so that an adjoint has the shape of its variable (Giles 2008, section 2.2: the two are transposes of each other).
numpy is imported with this module, which only traces with arrays import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from adtrace.arrays.elemental import ArrayElemental, said, terms_of
from adtrace.arrays.table import HEADS, entry, is_call
from adtrace.elementals import SLOTS, TABLE
from adtrace.language.syntax import Apply, Name, Number, Option, Term, Terms, fold, spelling
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.primitives import PRIMITIVES
from adtrace.numbers.value import Value
from adtrace.tracing.array_value import ArrayValue
from adtrace.tracing.choices import chosen, largest
from adtrace.tracing.entries import Array, boxed, doubles, entries_of, filled, of_entries, shape_of
from adtrace.tracing.evaluate import bind
from adtrace.tracing.jets import along
from adtrace.tracing.kinks import FIRST
from adtrace.tracing.linear_maps import Added, Contracted, Map, Sparse, summed_to
from adtrace.tracing.products import contracted


@lru_cache(maxsize=64)
def arrays(base: Arithmetic) -> Arithmetic:
    """The arithmetic of arrays of another's numbers."""
    name, original = base.named, base
    if name is not None:  # the name of an entry says which one it is; entries by themselves have none
        base = replace(base, named=None)
    functions = _Lifted(base)
    add, mul = functions["add"], functions["mul"]

    def plus(x: Any, y: Any) -> Any:
        return Added(x, y) if isinstance(x, Map) else add(x, y)

    def times(x: Any, y: Any) -> Any:
        if isinstance(x, Map):
            return x.forward(y)
        if x is None:
            return base.zero  # of a row in which nothing varies
        return y.back(x) if isinstance(y, Map) else mul(x, y)

    lifted = Arithmetic(
        name=base.name,
        functions=functions,
        literal=base.literal,
        constants=base.constants,
        sign=base.sign,
        precision=base.precision,
        zero=base.zero,
        one=base.one,
        exact=base.exact,
        magnitude_bits=base.magnitude_bits,
        words=base.words,
        finite=lambda numbers: _finite(numbers, base),
        formulas=base.formulas,
        told=lambda number: _told(number, base),
        vanishes=base.vanishes,
        entries=base,
        named=name and _named(name),
        shaped=lambda number, like: filled(number, shape_of(like)),
        along=lambda value, slope: np.frompyfunc(along, 2, 1)(boxed(value), boxed(slope)),
        multiplied=(plus, times),
        folded=lambda term, operands, one: on_constants(term, operands, one, lifted),
        origin=(arrays, (original,)),
    )
    return lifted


class _Lifted(Mapping[str, Callable[..., Scalar]]):
    """The functions of a number system on arrays, entry by entry, each made when it is first asked for."""

    def __init__(self, base: Arithmetic) -> None:
        self.base = base
        self.lifted: dict[str, Callable[..., Scalar]] = {}

    def __getitem__(self, head: str) -> Callable[..., Scalar]:
        function = self.lifted.get(head)
        if function is None:
            function = self.lifted[head] = lift(self._of_numbers(head), head, self.base)
        return function

    def _of_numbers(self, head: str) -> Callable[..., Scalar]:
        """The function on numbers; that of jets is made from an elemental."""
        function, elemental = self.base.functions.get(head), self.base.elemental
        if function is not None:
            return function
        if elemental is None:
            raise KeyError(head)
        return lambda *operands: elemental(TABLE[head, len(operands)])(*operands)

    def __iter__(self) -> Iterator[str]:
        return iter(self.base.functions)

    def __len__(self) -> int:
        return len(self.base.functions)


def lift(function: Callable[..., Scalar], head: str, base: Arithmetic) -> Callable[..., Scalar]:
    """A function of numbers on arrays, too; numpy's own where the numbers are doubles and it has one."""
    in_numpy = _half_at_0 if head == "heaviside" else _of_numpy(head)
    ufuncs: dict[int, Any] = {}

    def on_doubles(*operands: Scalar) -> Scalar:
        if not any(type(x) is np.ndarray for x in operands):
            return function(*operands)
        try:  # numpy says itself what is no number, and has looked at all entries when it has
            with np.errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
                return in_numpy(*operands)
        except FloatingPointError:
            with np.errstate(all="ignore"):
                return _checked(in_numpy(*operands))

    def on_objects(*operands: Scalar) -> Scalar:
        if not any(type(x) is np.ndarray for x in operands):
            return function(*operands)
        ufunc = ufuncs.get(len(operands)) or ufuncs.setdefault(len(operands), np.frompyfunc(function, len(operands), 1))
        entries = ufunc(*map(boxed, operands))
        return entries.astype(float) if base is FLOATS else entries

    return on_doubles if base is FLOATS and in_numpy is not None else on_objects


def _of_numpy(head: str) -> Any:
    """numpy's function of a primitive; None where it has none."""
    return getattr(np, PRIMITIVES[head].numpy, None) if head in PRIMITIVES and PRIMITIVES[head].numpy else None


def _half_at_0(x: Array) -> Array:
    return np.heaviside(x, 0.5)


def _checked(array: Array) -> Array:
    """Doubles, all of which are numbers."""
    if not np.isfinite(array).all():
        raise Singular if np.isnan(array).any() else TooLarge
    return array


_MOST_TOLD = 12
"""Entries of the largest array that a sentence spells out."""


def _told(number: Scalar, base: Arithmetic) -> Any:
    if type(number) is not np.ndarray:
        return base.told(number)
    if number.size > _MOST_TOLD:
        return f"an array of {said(number.shape)}"
    return str(ArrayValue(number, lambda bits: number, value=lambda entry, at, limits: Value(base.told(entry), at)))


def _named(name: Callable[..., Scalar]) -> Callable[..., Scalar]:
    """What each entry of a number is in the rows after it."""

    def named(x: Scalar, quantity: str, place: int, seed: int = 0, running: bool = False) -> Scalar:
        if type(x) is not np.ndarray:
            return name(x, quantity, place, seed, running)
        names = np.empty(x.size, dtype=object)
        for at, number in enumerate(x.flat):
            names[at] = name(number, quantity, place, seed, running, at)
        return names.reshape(x.shape)

    return named


def _finite(numbers: Iterable[Scalar], base: Arithmetic) -> bool:
    if base is FLOATS:
        return all(bool(np.isfinite(np.asarray(x, dtype=float)).all()) for x in numbers)
    return base.finite(number for x in numbers for number in entries_of(x))


def on_constants(term: Apply, operands: list[Scalar], one: Callable[..., Scalar], arithmetic: Arithmetic) -> Scalar:
    """An operation on constants, of which one is an array or makes one: ``one`` is the same on single numbers."""
    if term.head == "array":
        return _listed(operands, arithmetic)
    if is_call(term):
        return value_of(entry(term.head, term.options, tuple(map(shape_of, operands))), operands, arithmetic)
    if not any(type(x) is np.ndarray for x in operands):
        return one(term, operands, arithmetic.entries)
    entries = np.frompyfunc(lambda *numbers: one(term, list(numbers), arithmetic.entries), len(operands), 1)(
        *map(boxed, operands)
    )
    return entries.astype(float) if doubles(arithmetic) else entries


def _listed(operands: Sequence[Scalar], arithmetic: Arithmetic) -> Scalar:
    """Numbers, or arrays of one shape, along a new axis in front."""
    shape = (len(operands), *shape_of(operands[0]))
    return of_entries([number for x in operands for number in entries_of(x)], shape, arithmetic)


# -- rules of whole arrays --------------------------------------------------------------------------------------------


def rule_value(terms: Terms, slots: Mapping[str, Scalar], arithmetic: Arithmetic) -> Scalar:
    """A rule of whole arrays, such as ``v*(a - sum(a*v))``, from the numbers of its slots."""
    numbers: list[Scalar] = []
    for term, places in _once(tuple(terms)):
        if isinstance(term, Number):
            numbers.append(arithmetic.literal(term.digits, term.exponent))
        elif isinstance(term, Name):
            numbers.append(slots[term.name] if term.name in slots else arithmetic.constants[term.name]())
        else:
            numbers.append(_applied(term, [numbers[place] for place in places], arithmetic))
    return numbers[-1]


@lru_cache(maxsize=4096)
def _once(terms: tuple[Term, ...]) -> tuple[tuple[Term, tuple[int, ...]], ...]:
    """The steps of a rule, each with the places of its operands among them: what occurs twice is one."""
    steps: dict[tuple[Any, ...], int] = {}
    listed: list[tuple[Term, tuple[int, ...]]] = []

    def step(term: Term, places: Sequence[int]) -> int:
        key = (*spelling((term,)), isinstance(term, Name), *places)
        if key not in steps:
            steps[key] = len(listed)
            listed.append((term, tuple(places)))
        return steps[key]

    fold(terms, lambda leaf: step(leaf, ()), step)
    return tuple(listed)


def _applied(term: Apply, operands: list[Scalar], arithmetic: Arithmetic) -> Scalar:
    """One operation of a rule."""
    if is_call(term):
        return value_of(entry(term.head, term.options, tuple(map(shape_of, operands))), operands, arithmetic)
    if term.head == "array":
        return _listed(operands, arithmetic)
    if term.head.endswith("_adjoint"):
        return _of_declared(term, operands, arithmetic)
    if term.head in _OF_RULES:
        return _OF_RULES[term.head](*operands, **dict(term.options), arithmetic=arithmetic)
    function = arithmetic.functions.get(term.head)
    if function is None:
        function = bind(TABLE[term.head, term.arity], arithmetic).value
    return function(*operands)


def value_of(elemental: ArrayElemental, operands: Sequence[Scalar], arithmetic: Arithmetic) -> Scalar:
    """The value of an array row, whatever its partials."""
    if elemental.index is not None and elemental.index.choice:
        if doubles(arithmetic) and elemental.index.over_axes:
            return largest(elemental.index, operands[0])
        return chosen(elemental.index, operands[0], arithmetic)[0]
    if elemental.index is not None:
        return contracted(elemental.index, operands, arithmetic)
    if elemental.places is not None:
        return _placed(elemental, operands, arithmetic)
    slots = dict(zip(SLOTS, operands, strict=False))
    if not arithmetic.formulas:
        try:  # where exponents are less their largest, equal ones are 1, exactly
            return rule_value(elemental.value, slots, arithmetic)
        except NeedsPrecision:  # which is the largest is not decided, and need not be
            pass
    return rule_value(elemental.definition, slots, arithmetic)


def _places(elemental: ArrayElemental) -> tuple[Array, ...]:
    assert elemental.places is not None
    return _cached_places(elemental)


@lru_cache(maxsize=512)
def _cached_places(elemental: ArrayElemental) -> tuple[Array, ...]:
    return tuple(elemental.places(np))  # type: ignore[misc]


def _placed(elemental: ArrayElemental, operands: Sequence[Scalar], arithmetic: Arithmetic) -> Scalar:
    """Each entry of the result from its place in an operand."""
    sources = _places(elemental)
    if len(sources) == 1:
        flat = boxed(operands[0]).reshape(-1)
        entries = flat[sources[0]]
    else:
        entries = np.empty(elemental.shape, dtype=float if doubles(arithmetic) else object)
        for x, places in zip(operands, sources, strict=True):
            here = places >= 0
            entries[here] = boxed(x).reshape(-1)[places[here]]
    if not elemental.shape:
        return float(entries) if doubles(arithmetic) else entries[()] if type(entries) is np.ndarray else entries
    return entries


class Ruled(Map):
    """The partial of an operand of a formula of whole arrays, by its rules."""

    __slots__ = ("adjoint", "slot", "slots", "tangent")

    def __init__(
        self, elemental: ArrayElemental, slot: int, slots: Mapping[str, Scalar], arithmetic: Arithmetic
    ) -> None:
        super().__init__(elemental.shapes[slot], elemental.shape, arithmetic)
        adjoints, tangents = elemental.adjoints_computed, elemental.tangents_computed
        as_printed = arithmetic.formulas
        self.adjoint = terms_of(adjoints[slot]) if adjoints and not as_printed else elemental.adjoints[slot]
        self.tangent = terms_of(tangents[slot]) if tangents and not as_printed else elemental.tangents[slot]
        self.slot, self.slots = slot, slots

    def forward(self, tangent: Scalar) -> Scalar:
        """See `Map`."""
        name = SLOTS[self.slot]
        slots = {**self.slots, f"d{name}": filled(tangent, self.shape)}
        return filled(rule_value(self.tangent, slots, self.arithmetic), self.result)

    def back(self, adjoint: Scalar) -> Scalar:
        """See `Map`."""
        share = rule_value(self.adjoint, {**self.slots, "a": adjoint}, self.arithmetic)
        return filled(summed_to(share, self.shape, self.arithmetic), self.shape)


def partials_of(
    elemental: ArrayElemental, active: Sequence[bool], operands: Sequence[Scalar], value: Scalar, arithmetic: Arithmetic
) -> list[Map | None]:
    """The local partials of an array row that is no choice; None by an operand that is a constant."""
    maps: list[Map | None] = []
    for slot, varies in enumerate(active):
        if not varies:
            maps.append(None)
        elif elemental.index is not None:
            maps.append(Contracted(elemental, slot, operands, arithmetic))
        elif elemental.places is not None:
            places = _places(elemental)[slot].reshape(-1)
            (results,) = np.nonzero(places >= 0)
            maps.append(Sparse(results, places[results], None, elemental.shapes[slot], elemental.shape, arithmetic))
        else:
            slots = dict(zip(SLOTS, operands, strict=False)) | {"v": value}
            maps.append(Ruled(elemental, slot, slots, arithmetic))
    return maps


# -- heads that stand in printed rules alone --------------------------------------------------------------------------


def _spread(a: Scalar, u: Scalar, axis: Option = None, keepdims: Option = False, *, arithmetic: Arithmetic) -> Scalar:
    """The adjoint of a sum in every entry that was summed."""
    total = entry("sum", (("axis", axis), ("keepdims", keepdims)), (shape_of(u),))
    return Contracted(total, 0, (u,), arithmetic).back(a)


def _of_call(head: str, slot: int) -> Callable[..., Scalar]:
    def adjoint(x: Scalar, y: Scalar = None, *, shape: Any, arithmetic: Arithmetic, **options: Any) -> Scalar:
        shape = tuple(shape)
        other = x if slot else y  # the other operand: u of a weight's adjoint, w of an input's
        a = y if slot else x
        shapes = (shape,) if y is None else (shape_of(other), shape) if slot else (shape, shape_of(other))
        of = entry(head, tuple(options.items()), shapes)
        operands: list[Scalar] = [None] if y is None else [other, None] if slot else [None, other]
        return Contracted(of, slot, operands, arithmetic).back(a)

    return adjoint


def _of_largest(head: str) -> Callable[..., Scalar]:
    def adjoint(a: Scalar, u: Scalar, *, shape: Any, arithmetic: Arithmetic, **options: Any) -> Scalar:
        tie = str(options.pop("tie", FIRST))
        of = entry(head, tuple(options.items()), (tuple(shape),))
        assert of.index is not None
        return chosen(of.index, u, arithmetic, tie)[1].back(a)

    return adjoint


def _place(a: Scalar, *, shape: Any, index: Any, arithmetic: Arithmetic) -> Scalar:
    """Zeros but for a part."""
    of = entry("part", (("index", index),), (tuple(shape),))
    (partial,) = partials_of(of, (True,), (None,), None, arithmetic)
    assert partial is not None
    return partial.back(a)


def _of_declared(term: Apply, operands: Sequence[Scalar], arithmetic: Arithmetic) -> Scalar:
    """What an operand's adjoint gets of an operation of one's own: the rule with its letters moved."""
    slot = SLOTS.index(str(dict(term.options)["slot"]))
    adjoint, *others = operands
    shape = tuple(dict(term.options)["shape"])  # type: ignore[arg-type]
    numbers: list[Scalar] = [*others[:slot], None, *others[slot:]]
    shapes = tuple(shape if x is None else shape_of(x) for x in numbers)
    of = entry(term.head.removesuffix("_adjoint"), (), shapes)
    return Contracted(of, slot, numbers, arithmetic).back(adjoint)


_OF_RULES: dict[str, Callable[..., Scalar]] = {
    "spread": _spread,
    "place": _place,
    **{f"{head}_input": _of_call(head, 0) for head in HEADS if head.startswith(("conv", "avgpool", "einsum"))},
    **{f"{head}_input": _of_largest(head) for head in HEADS if head.startswith("maxpool")},
    **{f"{head}_weight": _of_call(head, 1) for head in HEADS if head.startswith(("conv", "einsum"))},
}
