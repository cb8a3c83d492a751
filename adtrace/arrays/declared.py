"""One's own operations of arrays: an index rule, and the adjoints that are printed.

    adtrace.elemental("bilinear", index="v = u[i]*w[i,j]*z[j]")

A letter that stands alone on an axis of an operand runs along it; a letter of the result that stands only in sums, such
as i in ``u[2*i + j]``, runs as far as all of its places are inside.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from adtrace.arrays.elemental import ArrayElemental, Rule, ShapeError, make, said, terms_of, written
from adtrace.arrays.index_rules import Axis, Shape, index_rule, parsed
from adtrace.arrays.table import register
from adtrace.elementals import SLOTS
from adtrace.errors import InputError, ParseError, printable
from adtrace.language.calls import declare
from adtrace.language.syntax import Name, Options

_AXIS = r"[a-z0-9+\-* ]+"
_INDEX = rf"(?:\[{_AXIS}(?:,{_AXIS})*\])?"
_RULE = re.compile(rf"v(?P<left>{_INDEX}) *= *[a-z]{_INDEX}(?: *\* *[a-z]{_INDEX})*(?: */ *[1-9][0-9]{{0,5}})?")
_SLOT = re.compile(rf"([a-z]){_INDEX}")
_LETTER = re.compile(r"[a-z]")


def declared(name: str, text: str, adjoints: Sequence[str]) -> None:
    """Add an operation of arrays to the tables.

    Raises `InputError` for a rule that is none, and for printed adjoints that are not those of the rule.
    """
    arity = _check(name, text)
    if adjoints and len(adjoints) != arity:
        raise InputError(f"{name} has {arity} operands, and {len(adjoints)} adjoints are given")
    for adjoint in adjoints:
        _check_adjoint(name, adjoint, SLOTS[:arity])
    register(name, _entry_of(name, text, tuple(adjoints), arity))
    declare(name, arity)


def withdrawn(name: str) -> None:
    """Take an operation out of the tables that was declared wrongly."""
    register(name, None)
    declare(name, None)


def _check(name: str, text: str) -> int:
    """The number of operands of a rule."""
    match = _RULE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        given = printable(str(text))[:60]
        raise InputError(f"the index rule of {name} is written v[i,k] = u[i,j]*w[j,k], with letters; not {given!r}")
    right = text.partition("=")[2].partition("/")[0]
    slots = tuple(_SLOT.findall(right))
    if slots != SLOTS[: len(slots)]:
        raise InputError(f"the operands of {name} are {', '.join(SLOTS[: len(slots)])}, each once and in this order")
    result = _LETTER.findall(match["left"])
    inner = {letter for index in re.findall(r"\[([^\]]*)\]", right) for letter in _LETTER.findall(index)}
    if len(set(result)) < len(result) or not set(result) <= inner:
        raise InputError(f"each index of {name} on the left stands there once, and on the right")
    return len(slots)


def _check_adjoint(name: str, adjoint: str, slots: Sequence[str]) -> None:
    try:
        terms = terms_of(adjoint)
    except ParseError as problem:
        raise InputError(f"an adjoint of {name}: {problem}") from None
    for term in terms:
        if isinstance(term, Name) and term.name not in (*slots, "v", "a"):
            raise InputError(f"an adjoint of {name} is in a, v, {', '.join(slots)}; {term.name} is none of them")


def _entry_of(
    name: str, text: str, adjoints: tuple[str, ...], arity: int
) -> Callable[[str, Options, tuple[Shape, ...]], ArrayElemental]:
    """What makes the entry at the shapes of the operands."""

    def entry(head: str, options: Options, shapes: tuple[Shape, ...]) -> ArrayElemental:
        extents = _extents(name, text, shapes)
        try:
            index = index_rule(text, shapes, extents)
        except ValueError as problem:
            raise ShapeError(f"{name}({', '.join(map(said, shapes))}): {problem}") from None
        slots = SLOTS[:arity]
        printed: tuple[Rule, ...] = adjoints or tuple(
            written(f"{name}_adjoint", (("slot", slot), ("shape", shape)), "a", *filter(slot.__ne__, slots))
            for slot, shape in zip(slots, shapes, strict=True)
        )
        tangents = tuple(
            written(name, (), *(f"d{other}" if other == slot else other for other in slots)) for slot in slots
        )
        return make(head, options, shapes, index, adjoints_text=printed, tangents_text=tangents)

    return entry


def _extents(name: str, text: str, shapes: Sequence[Shape]) -> Mapping[str, int]:
    """How far the letters run that stand alone on no axis."""
    _, operands, _, _ = parsed(text)
    places: list[tuple[Axis, int, Shape]] = []
    for axes, shape in zip(operands, shapes, strict=True):
        if len(axes) != len(shape):
            raise ShapeError(f"{name} has an operand of {len(axes)} axes, not {said(shape)}")
        places += [(axis, size, shape) for axis, size in zip(axes, shape, strict=True)]
    runs = {axis.letter: size for axis, size, _ in places if axis.letter}
    extents: dict[str, int] = {}
    for axis, size, shape in places:
        unknown = [letter for letter in axis.letters if letter not in runs]
        if not unknown:
            continue
        factors = dict(axis.factors)
        if len(unknown) > 1 or min(factors.values()) < 1 or axis.constant < 0:
            raise ShapeError(f"{name}: how far {' and '.join(unknown)} run is not told by {text}")
        factor = factors.pop(unknown[0])
        reach = size - 1 - axis.constant - sum(other * (runs[letter] - 1) for letter, other in factors.items())
        if reach < 0:
            raise ShapeError(f"{name}: {said(shape)} are too few for {text}")
        extents[unknown[0]] = runs[unknown[0]] = reach // factor + 1
    return extents


def sample_shapes(text: str, rng: random.Random) -> tuple[Shape, ...]:
    """Shapes that fit a rule: small, and long enough for its windows."""
    _, operands, _, _ = parsed(text)
    letters = sorted({letter for axes in operands for axis in axes for letter in axis.letters})
    sizes = {letter: rng.choice((2, 3)) for letter in letters}
    return tuple(
        tuple(
            sizes[axis.letter] if axis.letter else axis.constant + 1 + sum(
                abs(factor) * (sizes[letter] - 1) for letter, factor in axis.factors)
            for axis in axes
        )
        for axes in operands
    )  # fmt: skip
