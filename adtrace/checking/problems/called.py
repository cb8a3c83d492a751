r"""What is asked, in the names that a table has: ``w`` of the function is ``W^{(1)}`` there, ``x`` is ``\vec x``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from adtrace.checking.problems.asked import Asked
from adtrace.checking.problems.said import put_in
from adtrace.checking.readings.cells import Part, read_cell
from adtrace.checking.readings.hands import whole
from adtrace.checking.readings.names import LAYERED, WORN, named, numbered, plainly
from adtrace.checking.readings.names import Name as Written
from adtrace.checking.readings.rewriting import names_of, renamed
from adtrace.checking.statements.layouts import Statement
from adtrace.checking.work.numerals import agreement, printed
from adtrace.checking.work.values import NoValue, is_closed, value_of
from adtrace.language.syntax import Apply, Name, Terms

_WORN = re.compile(rf"(?<=.)(?:{'|'.join(sorted(set(WORN.values())))})(?=[⁽_]|$)")


def _unnumbered(name: str) -> str:
    layer = LAYERED.fullmatch(name)
    return layer[1] + layer[3] if layer else name


_FORMS: tuple[Callable[[str], str], ...] = (
    plainly,
    numbered,
    _unnumbered,
    lambda name: _WORN.sub("", numbered(name)),
    lambda name: _WORN.sub("", _unnumbered(name)),
    lambda name: _WORN.sub("", _unnumbered(name)).lower(),
)
"""What a name of a table may be called where it is told, the nearest first."""


def _fitting(variable: str, names: Iterable[str], form: Callable[[str], str], *, told: bool) -> list[str]:
    """The names that may be a variable's in one of the forms; y = 5 is no ŷ."""
    return [name for name in names if form(name) in (variable, form(variable)) and not (told and _HAT.match(name))]


_HAT = re.compile(r"^[^_]*hat(?:_|$)")


def as_called(asked: Asked, said: Iterable[Statement]) -> Asked:
    """What is asked with the variables called as the statements call them, where one name alone can be meant.

    A variable that stands in the statements is none of the others.
    """
    names, found = {name.variable for statement in said for name in statement.told}, dict[str, str]()
    asked = parted(asked, names)
    for form in _FORMS:
        free = [name for name in names if name not in asked.variables and name not in found.values()]
        for variable in [name for name in asked.variables if name not in names and name not in found]:
            fitting = _fitting(variable, free, form, told=variable in asked.point)
            if len(fitting) == 1:
                found[variable] = fitting[0]
    return _renamed(asked, found) if len({*found.values()}) == len(found) > 0 else asked


def without_last(asked: Asked, said: Iterable[Statement]) -> Asked:
    """What is asked without a function of the prose that is an operation of rows, ``L = y^2/2`` where rows compute y,
    or whose steps they are: the point is all that the prose tells.
    """
    each = [(s.named.variable, any(map(_is_operation, s.parts))) for s in said if s.named and not s.named.mark]
    rows, unknown = {name for name, is_computed in each if is_computed}, {*asked.variables}.difference(asked.point)
    steps = any(name.startswith("slope_") for name in rows)  # whose rows have its value at every step
    if asked.told or not (steps or (unknown & rows and unknown <= dict(each).keys())):
        return asked
    point = _of_steps({**asked.beside, **asked.point}, said) if steps else {**asked.beside, **asked.point}
    last = {name: terms for name, terms in zip(asked.outputs, asked.functions, strict=True) if name}
    definitions = {**asked.definitions, **last}
    return Asked(
        variables=tuple(point), point=point, definitions=definitions, pieces=asked.pieces, remarks=asked.remarks
    )


def _of_steps(told: Mapping[str, Terms], said: Iterable[Statement]) -> dict[str, Terms]:
    """The values of the names that statements have: no root to which the steps lead."""
    names = {name.variable for statement in said for name in statement.told}
    return {name: terms for name, terms in told.items() if name in names}


def _is_operation(part: Part) -> bool:
    return part.is_formula and part.is_plain and part.name is None


def parted(asked: Asked, names: Collection[str]) -> Asked:
    """What is asked with xW as the product of x and W, where statements have these and no xW."""
    pairs = {
        name: (name[:k], name[k:]) for name in asked.variables if name not in names
        for k in range(1, len(name)) if name[:k] in names and name[k:] in names
    }  # fmt: skip
    products: dict[str, Terms] = {name: (Name(a, 0), Name(b, 0), Apply("mul", 2, 0)) for name, (a, b) in pairs.items()}
    return asked if not pairs else replace(
        asked, functions=tuple(put_in(terms, products) for terms in asked.functions),
        variables=tuple(dict.fromkeys(chain.from_iterable(pairs.get(name, (name,)) for name in asked.variables))),
        each=tuple(parted(one, names) for one in asked.each),
        definitions={name: put_in(terms, products) for name, terms in asked.definitions.items()},
        seed={name: terms for name, terms in asked.seed.items() if name not in pairs},
    )  # fmt: skip


def with_values(said: Iterable[Statement], asked: Asked) -> Iterator[Statement]:
    """The statements with the numbers that the prose gives to names which have no row, a learning rate; and with
    ``X * K`` as the convolution that the function has; and with derivatives for what they are called beside,
    ``∂L/∂p = g = (1, 2)``.
    """
    each = [*map(_as_defined, said)]
    constants = {name: terms for name, terms in asked.definitions.items() if is_closed(terms)}
    rows, told = _rows(each, bool(asked.functions)), constants | dict(asked.beside) if asked.functions else asked.point
    beside = {name: terms for name, terms in told.items() if name not in rows}
    others = {head.variable: (Name(of.key, 0),) for head, of in _derivatives(each, {*rows, *asked.variables, *beside})}
    each = [_of_itself(statement, others) for statement in each] if others else each
    beside, convolved = {**beside, **others}, dict(_convolutions(asked.functions))
    for statement in each:
        parts = tuple(_valued(part, beside, convolved) for part in statement.parts)
        yield replace(statement, parts=parts) if beside or convolved else statement


def _as_defined(statement: Statement) -> Statement:
    """A statement without a function that nobody gives where the formula behind it says what that is:
    ``h = g(z) = 1/(1 + e^{-z})``.
    """
    others = tuple(part for part in statement.parts if not part.unknown)
    is_told = statement.head and any(part.is_formula and part.is_plain for part in others)
    return replace(statement, parts=others) if is_told and len(others) < len(statement.parts) else statement


def _derivatives(said: Iterable[Statement], rows: Collection[str]) -> Iterator[tuple[Written, Written]]:
    """The other name of each derivative that has one, which is no row's, and the derivative."""
    for statement in said:
        head, other = statement.head, _other(statement)
        if head and other and head.mark and not other.mark and other.variable not in rows:
            yield other, head


def _other(statement: Statement) -> Written | None:
    """What stands between the head of a statement and what it comes to, if that is a name."""
    return statement.parts[0].name if statement.head and len(statement.parts) > 1 else None


def _of_itself(statement: Statement, others: Mapping[str, Terms]) -> Statement:
    """A statement without the other name of its derivative."""
    other = _other(statement)
    return replace(statement, parts=statement.parts[1:]) if other and other.variable in others else statement


def _rows(said: Sequence[Statement], asked: bool) -> set[str]:
    """The names of rows, and where no function is ``asked`` those that rows are computed from."""
    rows = {name.variable for s in said for name in (s.row, s.head) if name}
    plain = (s for s in said if not (asked or any(name.mark for name in s.told)))
    return rows.union(name.variable for s in plain for name in s.names)


def _valued(part: Part, beside: Mapping[str, Terms], convolved: Mapping[tuple[str, ...], Terms]) -> Part:
    """A side with its values put in."""
    used = beside.keys() & {name.variable for name in part.names if not name.mark}
    if part.name is not None or not (used or convolved):
        return part
    put = (named(key) for name in used for key in names_of(beside[name]))
    readings = (_convolved(tuple(put_in(terms, beside)), convolved) for terms in part.readings)
    return replace(part, readings=tuple(map(tuple, readings)), names=(*part.names, *put))


def _convolutions(functions: Iterable[Terms]) -> Iterator[tuple[tuple[str, ...], Terms]]:
    """The convolutions of two variables in functions, by their names."""
    for function in functions:
        for of in (function[k : k + 3] for k in range(len(function) - 2)):
            if isinstance(of[2], Apply) and of[2].head.startswith("conv") and len(names_of(of)) == 2:
                yield names_of(of), of


def _convolved(terms: Terms, known: Mapping[tuple[str, ...], Terms]) -> Terms:
    """A formula with a product of two names as what is known of them."""
    for k in range(len(terms) - 2):
        of = terms[k : k + 3]
        if isinstance(of[2], Apply) and of[2].head == "mul" and isinstance(of[1], Name) and names_of(of) in known:
            return *terms[:k], *known[names_of(of)], *_convolved(terms[k + 3 :], known)
    return terms


_AT = re.compile(r"((?:∇\s*)?[^()]*[^()\s^])\s*(\([^=]*\))")

_PRIMES = {"prime": "leibniz", "prime2": "leibniz2"}


def at_the_point(said: Sequence[Statement], asked: Asked) -> Iterator[Statement]:
    """The statements, ``f(2, 3) = 6`` as one of f; one of another point says nothing that is asked."""
    rows = [(s.named.variable, s.parts) for s in reversed(said) if s.named and not s.named.mark]
    shown = {name: part.readings[0] for name, parts in rows for part in parts if part.is_number}
    numbers = [asked.point.get(name, shown.get(name, ())) for name in asked.variables]
    called = {asked.called} if asked.called else dict(rows).keys()
    for statement in said:
        name, place = _call(statement)
        head = _head(statement.head or whole(name) or Written(name), asked)
        is_called = place and (head.mark or name in called)
        yield _with_head(statement, head, _there(statement, place, numbers)) if is_called else statement


def _with_head(statement: Statement, head: Written, parts: tuple[Part, ...]) -> Statement:
    """A statement in the row of what is called, with that for its head where it stands in its own cell."""
    beside = _AT.fullmatch(statement.label) and statement.cell.text != statement.label
    return replace(statement, head=None if beside else head, row=head, label="", parts=parts)


def _there(statement: Statement, place: Iterable[Part], numbers: Iterable[Terms]) -> tuple[Part, ...]:
    """What is said of the point; nothing of another."""
    parts = (part for part in statement.parts if part is not statement.cell.parts[0] or part.is_number)
    return tuple(parts) if _are(place, numbers) else ()


def _head(said: Written, asked: Asked) -> Written:
    """What is said: f_x(2, 3) is the derivative by x, and f'(2) where there is one variable."""
    of, _, index = said.variable.partition("_")
    if of == asked.called and index in asked.variables and not said.mark:
        return Written(index, "leibniz", of)
    mark = _PRIMES.get(said.mark, "") if len(asked.variables) == 1 else ""
    by = asked.variables[0] if mark else ""
    return Written(by, mark, said.variable) if mark else said


def _are(place: Iterable[Part], numbers: Iterable[Terms]) -> bool:
    """Whether the numbers that a place says are these; what has no value, 1/0, is none."""
    with suppress(NoValue):
        pairs = zip(place, numbers, strict=False)
        return all(number and agreement(printed(part), value_of(number, {})) for part, number in pairs)
    return False


def _call(statement: Statement) -> tuple[str, tuple[Part, ...]]:
    """The function of whose value, or derivative, a statement is, and the numbers in the brackets behind it, be they in
    its cell or in that which names its row.
    """
    head, sides = statement.head, statement.cell.parts
    said = (*(side.source for side in sides[:1]), statement.label) if head is None or head.mark else ()
    call = next(filter(None, map(_AT.fullmatch, said)), None)
    cell = read_cell(call[2] if call else "")
    place = cell.pair or cell.parts
    return (call[1], place) if call and all(part.is_number for part in place) else ("", ())  # f(x, y)


def _renamed(asked: Asked, new: Mapping[str, str]) -> Asked:
    """What is asked, the variables called anew in all of it."""

    def called(name: str) -> str:
        return new.get(name, name)

    def told(of: Mapping[str, Terms]) -> dict[str, Terms]:
        return {called(name): renamed(terms, new) for name, terms in of.items()}

    return replace(
        asked, functions=tuple(renamed(terms, new) for terms in asked.functions), point=told(asked.point),
        variables=tuple(map(called, asked.variables)), definitions=told(asked.definitions), seed=told(asked.seed),
        each=tuple(_renamed(one, new) for one in asked.each), weights=told(asked.weights),
        wanted=frozenset(map(called, asked.wanted)), constants=frozenset(map(called, asked.constants)),
    )  # fmt: skip
