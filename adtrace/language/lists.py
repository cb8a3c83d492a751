"""What readers make of a list and of a call of arrays: terms, by the table of calls and the shapes of entries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import prod
from typing import Any, NamedTuple

from adtrace.errors import listed
from adtrace.language.calls import CALLS, CONSTANT_ARRAYS, HEADS, ONE_NAME, REQUIRED, SHAPE, Call
from adtrace.language.literals import Fail, Literals, Piece, fitting
from adtrace.language.reader import arity_problem
from adtrace.language.syntax import (
    ARRAY,
    GROUP,
    MATMUL,
    PART,
    TRANSPOSE,
    Apply,
    Name,
    Number,
    Option,
    Options,
    Statement,
    Term,
    Terms,
)

_SIGNS = re.compile(
    r"[\w)\]]\s*@|\.T\b|(?<![\\\w])[A-Za-z]\w*\[|[\[,]\s*\[|[,(]\s*axis\s*=|\b([A-Za-z]\w*)\s*\(", re.ASCII
)
_NAMES = re.compile(r"(?<![\w.])[A-Za-z]\w*", re.ASCII)
_MOST_CONSTANT = 10_000
"""Entries of an array of constants."""


def operands_of(terms: Sequence[Term], starts: Sequence[int]) -> list[list[Term]]:
    """The operands that begin at these places."""
    return [list(terms[a:b]) for a, b in zip(starts, [*starts[1:], None], strict=True)] if starts else []


def gathers(call: Call | None) -> bool:
    """Whether a call takes any number of arrays, in a bracket of their own, too: ``concat((a, b))``."""
    return call is not None and call.operands is None and not call.first


def positional(call: Call, place: int) -> str:
    """The name of the option that stands at this place of a call without its name; empty for an operand."""
    if call.first:
        return call.slots[place].name if place < len(call.slots) else ""
    if call.operands is None or place < call.operands:
        return ""
    place -= call.operands
    if call.slots and call.slots[-1].kind == SHAPE:
        return call.slots[-1].name  # reshape(x, 2, 3)
    return call.slots[place].name if place < len(call.slots) else ""


_OTHER_NAMES = {"dim": "axis", "dims": "axes", "keepdim": "keepdims", "kernel_size": "size", "axes": "axis"}


def taken(call: Call, options: dict[str, Option], named: Piece, literals: Literals, fail: Fail) -> None:
    """One option of a call, by the name of its slot."""
    name, place = named
    slot = call.slot(name)
    if slot is None:
        ours = _OTHER_NAMES.get(name, "")
        hint = f" (did you mean {ours!r}?)" if call.slot(ours) else ""
        has = f"; it has {listed(call.names, ' and ')}" if call.slots else "; it has none"
        fail(f"{call.head} has no option {name!r}{hint or has}", place)
    at = literals.here.place
    value = literals.value()
    if slot.kind == SHAPE and name in options and type(value) is int:
        before = options[name]
        assert isinstance(before, tuple)
        value = (*before, value)
    elif name in options:
        fail(f"{name} of {call.head} is given twice", place)
    options[name] = fitting(call, slot, value, at, fail)


class Typed(NamedTuple):
    """A call of the table as it is typed: what it is, what stands beside its operands, and where."""

    call: Call
    options: Mapping[str, Option]
    place: int


def call_ends(typed: Typed, terms: list[Term], starts: Sequence[int], fail: Fail) -> None:
    """Apply a call of the table to its operands, which begin at ``starts`` and end the terms."""
    call, options, place = typed
    count = len(starts)
    if gathers(call) and count == 1 and type(last := terms[-1]) is Apply and last.head == ARRAY:
        terms.pop()
        count = last.arity
    _require_complete(typed, count, fail)
    if call.head in CONSTANT_ARRAYS:
        terms += constant_array(call.head, options, place, fail)
    elif call.head == "dropout":
        terms.append(Apply("mul", 2, place))
    elif call.head == "embedding":
        index = options["index"]
        items = (("list", *index) if isinstance(index, tuple) else index,)
        terms.append(Apply(PART, 1, place, (("index", items),)))
    else:
        settings: Options = tuple((slot.name, options[slot.name]) for slot in call.slots if slot.name in options)
        if call.head == "logsumexp":
            terms += [Apply("exp", 1, place), Apply("sum", 1, place, settings), Apply("ln", 1, place)]
            return
        terms.append(Apply(ONE_NAME.get(call.head, call.head), count, place, settings))


def _require_complete(typed: Typed, count: int, fail: Fail) -> None:
    """Refuse a wrong number of operands, and a call without an option that it needs."""
    call, options, place = typed
    if call.operands not in (None, count) or count < (call.operands is None):
        problem = arity_problem(call.head, call.operands or 1, call.operands, count)
        problem = problem.replace("1 or 0 operands", "none").replace("operand", "array")
        fail(problem + (f"; {call.advice}" if call.advice else ""), place)
    missing = [slot.name for slot in call.slots if slot.default == REQUIRED and slot.name not in options]
    if missing:
        fail(f"{call.head} needs {listed(missing, ' and ')}: {usage(call)}", place)


def usage(call: Call) -> str:
    """``maxpool1d(x, size, stride=..., padding=...)``"""
    arrays = ["x", "k", "b"][: call.operands] if call.operands is not None else ["a, b"]
    slots = [slot.name if slot.default == REQUIRED else f"{slot.name}={slot.default}" for slot in call.slots]
    return f"{call.head}({', '.join([*slots, *arrays] if call.first else [*arrays, *slots])})"


def constant_array(head: str, options: Mapping[str, Option], place: int, fail: Fail) -> list[Term]:
    """``zeros(2, 3)``, ``ones(3)``, ``eye(2)``, ``one_hot(1, 3)``: an array of zeros and ones."""
    count: Any = options.get("count")
    chosen: Any = options.get("place")
    shape: Any = options.get("shape")
    if head == "eye":
        shape, ones = (count, count), {n * count + n for n in range(count)} if count <= _MOST_CONSTANT else set()
    elif head == "one_hot":
        rows = chosen if isinstance(chosen, tuple) else (chosen,)
        if not all(0 <= row < count for row in rows):
            fail(f"the places of one_hot are from 0 to {count - 1}", place)
        shape = (len(rows), count) if isinstance(chosen, tuple) else (count,)
        ones = {n * count + row for n, row in enumerate(rows)}
    else:
        if -1 in shape:
            fail(f"the lengths of {head} are from 1", place)
        ones = set()
    size = prod(shape)
    if size > _MOST_CONSTANT:
        fail(f"an array of constants in a formula has {_MOST_CONSTANT} entries at most, not {size}", place)
    one, zero = Number("1", 1, 0, place), Number("0", 0, 0, place)
    return nested([(one if head == "ones" or n in ones else zero,) for n in range(size)], shape, place)


def nested(entries: Sequence[Terms], shape: Sequence[int], place: int) -> list[Term]:
    """Entries in row order as an array of this shape."""
    terms: list[Term] = []
    steps = [prod(shape[axis:]) for axis in range(len(shape))]
    for number, entry in enumerate(entries, 1):
        terms += entry
        for step, length in zip(reversed(steps), reversed(shape), strict=True):
            if number % step:
                break
            terms.append(Apply(ARRAY, length, place))
    return terms


def require_arrays(statements: Sequence[Statement], shapes: Mapping[str, tuple[int, ...]], fail: Fail) -> None:
    """Refuse a function of arrays in a text that has none."""
    if any(shapes.values()) or any(ARRAY in term for statement in statements for term in statement.terms):
        return
    for before, term in chain.from_iterable(pairwise(statement.terms) for statement in statements):
        if type(term) is not Apply or not (term.head in HEADS or (term.head in _OF_NUMBERS and term.arity == 1)):
            continue
        if term.head == PART:
            name = before.name if type(before) is Name else "this"
            fail(f"{name} is a number and has no entries: write {name}_1 for a name", term.position)
        sign = {MATMUL: "@", TRANSPOSE: ".T"}.get(term.head)
        what = f"{sign!r} is not part of the language of numbers: it" if sign else term.head
        fail(f"{what} is of arrays, and there is none here", term.position)


def entry_shape(terms: Sequence[Term]) -> tuple[int, ...] | None:
    """The shape of an entry of a list that is no list: a number's, or not known."""
    number = type(terms[0]) is Number and all(type(t) is Apply and t.head in ("neg", GROUP) for t in terms[1:])
    return () if number else None


def require_alike(first: tuple[int, ...] | None, last: tuple[int, ...] | None, number: int, place: int,
                  fail: Fail) -> None:  # fmt: skip
    """Refuse an entry of a list, by its number, where it has another shape than the first that is seen."""
    if first is None or last is None or first == last:
        return
    if not first or not last:
        fail(f"entry {number} is {'a list' if last else 'a number'}, and those before it are "
             f"{'lists' if first else 'numbers'}", place)  # fmt: skip
    if len(first) == len(last) == 1:
        fail(f"row {number} has {counted(last[0])}, and the first has {first[0]}", place)
    fail(f"entry {number} has the shape {shaped(last)}, and the first {shaped(first)}", place)


def counted(count: int) -> str:
    """``1 entry``, ``2 entries``"""
    return f"{count} entr{'y' if count == 1 else 'ies'}"


def shaped(shape: Sequence[int]) -> str:
    """``2 x 3``"""
    return " x ".join(map(str, shape)) or "of a number"


def list_shape(entries: Sequence[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    """The shape of a list, if that of its entries is seen."""
    inner = next((shape for shape in entries if shape is not None), None)
    return None if inner is None else (len(entries), *inner)


def is_several(source: str, start: int, end: int, name: str | None, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether ``[a, b]``, the whole of a right side, is several outputs, as ``(a, b)`` is, and no array.

    It is as long as there is no other sign of arrays in the text, and its name is not used.
    """
    if any(shapes.values()):
        return False
    if signs_of_arrays(source):
        return False
    return name is None or _last_places(source).get(name, -1) < end


@lru_cache(maxsize=4)
def _last_places(source: str) -> dict[str, int]:
    """Where each name stands last in a text."""
    return {match.group(): match.start() for match in _NAMES.finditer(source)}


@lru_cache(maxsize=4)
def signs_of_arrays(source: str) -> bool:
    """Whether a text has a sign of arrays beside a list."""
    matches = _SIGNS.finditer(source)
    return any(match[1] is None or (match[1] in CALLS and match[1] not in _OF_NUMBERS) for match in matches)


_OF_NUMBERS = ("max", "min")
