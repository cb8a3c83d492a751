"""What is traced, each kind by its reader: a text, a text in sympy's syntax, a sympy object, a Python function.

Which kind something is, is asked here and nowhere else, of `READERS`, from the first on; a new kind is one entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any, NamedTuple

from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import HEADS, is_call, terms_of_entries, terms_shape
from adtrace.collector import uncollected
from adtrace.elementals import SLOTS
from adtrace.errors import BindingError, OptionError, ParseError, listed, nearest, printable
from adtrace.language.allowed import Language
from adtrace.language.ranks import Rank, rank
from adtrace.language.syntax import ARRAY, CONSTANTS, PART, PIECEWISE, TRUE, Apply, Expression, Name, Statement, Terms
from adtrace.limits import Limits
from adtrace.numbers import Arithmetic
from adtrace.settings import SYMPY
from adtrace.tracing.calls import Call, bind_call
from adtrace.tracing.conditions import branches_taken
from adtrace.tracing.from_sympy import convert, is_sympy, legible
from adtrace.tracing.from_sympy import names as convert_names
from adtrace.tracing.lower import ARRAY_HEADS, lower
from adtrace.tracing.point import OPEN, Number, bind_point, named, opened, read_point, value_of
from adtrace.tracing.point_arrays import Entries, open_entries
from adtrace.tracing.primal import Computed
from adtrace.tracing.reading import one_reading
from adtrace.tracing.record import Recording, record
from adtrace.tracing.wengert import Branch, WengertList
from adtrace.writing.dialects import plain, same_printed


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted of whatever is read: where, what of it, and how it becomes rows."""

    at: Any
    """The point, as the caller gave it."""
    letters: tuple[str, ...] | None
    """The letters that stay open; None for every one."""
    outputs: Sequence[str] | None
    """The names of a program that are its outputs, if chosen."""
    sharing: bool
    powers: str
    syntax: str
    deciding: Arithmetic | None
    """What decides comparisons of a Python function, if that is chosen."""
    allowed: Language
    """How text is read, and its bounds."""
    const: tuple[str, ...] = ()
    """The variables that are data."""
    entries: bool = False
    """Whether arrays are unrolled, a row for each entry."""
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    """The shapes of open letters that are arrays."""

    @property
    def limits(self) -> Limits:
        """The bounds of the trace."""
        return self.allowed.limits


class Lowered(NamedTuple):
    """What a reader gives: the function as rows, and the point."""

    expression: Expression
    wengert: WengertList
    point: Sequence[Terms]
    readings: tuple[str, ...] = ()
    """How the text and its point were read, where they are not in the plain language."""
    computed: Computed | None = None
    """The numbers that were computed on the way."""


class Reader(NamedTuple):
    """One kind of what is traced."""

    kind: str
    """The kind in a sentence: ``a sympy object``."""
    takes: Callable[[Any, Asked], bool]
    lowered: Callable[[Any, Asked], Lowered]


def lowered(given: Any, asked: Asked) -> Lowered:
    """What is traced as a Wengert list at its point, by the first reader that takes it.

    Raises `OptionError` for what no reader takes, and as the reader does.
    """
    for reader in READERS:
        if reader.takes(given, asked):
            return reader.lowered(given, asked)
    *kinds, last = dict.fromkeys(reader.kind for reader in READERS)
    raise OptionError(f"an expression is {', '.join(kinds)} or {last}, not {type(given).__name__}")


# -- text --------------------------------------------------------------------------------------------------


def _text(given: str, asked: Asked) -> Lowered:
    letters, limits = asked.letters, asked.limits
    at, told = read_point(_named(asked.at, lambda: _order_of_text(given, asked)), asked.allowed)
    allowed = replace(asked.allowed, shapes=asked.shapes) if asked.shapes else asked.allowed
    read, said, abstract = _reading(given, at, letters, allowed)
    told = ((f"read as {said}",) if said else ()) + read.notes + _of_parts(read) + told + abstract
    used = _used(read)
    for name in asked.shapes:
        if name not in (read.parameters or used):
            raise BindingError(f"shape names {name}, which is not a variable of the expression")
    if letters != ():
        at = opened(at, letters and _of_text(read, letters), read.parameters or used)
        at = {name: _letters(name, value, asked) for name, value in at.items()}
    point = bind_point(at, read.parameters, used, limits)
    branches: tuple[Branch, ...] = ()
    if read.conditional:
        _require_numbers_compared(read, point)
        read, branches = branches_taken(read, point, limits)
    return _rows(read, point, branches, asked)._replace(readings=told)


def _require_numbers_compared(read: Expression, point: Mapping[str, Terms]) -> None:
    """Raise `ParseError` for a condition that is on an array."""
    ranks: dict[str, Rank] = {name: len(terms_shape(terms)) for name, terms in point.items()}
    for statement in read.statements:
        chosen = next((t for t in statement.terms if type(t) is Apply and t.head == PIECEWISE), None)
        of_arrays = any(type(t) is Name and ranks.get(t.name, 0) != 0 for t in statement.terms)
        if chosen is not None and (of_arrays or any(type(t) is Apply and t.head == ARRAY for t in statement.terms)):
            problem = "a condition is on numbers, not on arrays: write max(x, 0), relu(x), or a product with a mask"
            raise ParseError(problem, read.text, chosen.position)
        if statement.name is not None:
            ranks[statement.name] = rank(statement.terms, ranks)


def _letters(name: str, value: Number, asked: Asked) -> Number:
    """The value of a variable; of an open letter with a shape the letters of its entries."""
    return open_entries(name, asked.shapes[name], asked.limits) if value is OPEN and name in asked.shapes else value


def _of_parts(read: Expression) -> tuple[str, ...]:
    """What is told about the first part of an array that is taken by its number: from where they count."""
    if not any(PART in {term[0] for term in statement.terms} for statement in read.statements):
        return ()
    for statement in read.statements:
        for before, term in zip(statement.terms, statement.terms[1:], strict=False):
            if type(term) is Apply and term.head == PART and type(before) is Name:
                index = dict(term.options)["index"]
                if isinstance(index, tuple) and all(type(k) is int and k >= 0 for k in index):
                    typed, printed = ", ".join(map(str, index)), ",".join(str(k + 1) for k in index)
                    return (f"{before.name}[{typed}] is {before.name}_{printed}: the places in brackets count from 0",)
    return ()


_CALL = re.compile(r"([A-Za-z]+(?:_?[0-9]+)?)\s*\(", re.ASCII)
_UNKNOWN = re.compile(r"unknown function '([A-Za-z]+(?:_?[0-9]+)?)'", re.ASCII)
_MOST_ABSTRACT = 16


def _reading(
    text: str, at: Mapping[str, Number], letters: tuple[str, ...] | None, allowed: Language
) -> tuple[Expression, str, tuple[str, ...]]:
    """The expression, how it was read, and the functions without a rule, which are read where letters are open."""
    abstract: list[str] = []
    shapes = {name: number.shape for name, number in at.items() if isinstance(number, Entries)}
    declared = allowed.declared.union(at, letters or ())
    while True:
        functions: dict[str, tuple[int, int | None]] = {**allowed.functions, **dict.fromkeys(abstract, (1, len(SLOTS)))}
        named = replace(allowed, declared=declared, functions=functions, shapes={**allowed.shapes, **shapes})
        try:
            read, said = one_reading(text, named)
        except ParseError as problem:
            match = _UNKNOWN.fullmatch(problem.problem)
            if letters == () or match is None or match[1] in abstract or len(abstract) == _MOST_ABSTRACT:
                raise
            abstract.append(match[1])
            continue
        clash = set(abstract).intersection(_used(read), read.parameters or ())
        if clash:
            name = min(clash)
            raise ParseError(f"{name} is a letter and a function here; a product is written {name}*(...)", text,
                             next(m.start() for m in _CALL.finditer(text) if m[1] == name))  # fmt: skip
        told = (f"{name} is a function without a rule, with the derivative {name}'" for name in abstract)
        return read, said, tuple(told)


def _of_text(read: Expression, letters: tuple[str, ...]) -> tuple[str, ...]:
    """The open letters that are variables; others are those of seeds and weights."""
    return tuple(name for name in letters if name in (read.parameters or _used(read)))


def _used(read: Expression) -> list[str]:
    """The names that are read before a statement gives them a value, in their order."""
    used: dict[str, None] = {}
    assigned: set[str | None] = set()
    for statement in read.statements:
        used |= dict.fromkeys(t[0] for t in statement.terms if type(t) is Name and t[0] not in assigned)
        assigned.add(statement.name)
    used.pop(TRUE, None)  # of a condition
    return list(used)


# -- sympy -------------------------------------------------------------------------------------------------


def _sympy_text(given: str, asked: Asked) -> Lowered:
    from adtrace.tracing.sympy_text import parsed_by_sympy  # noqa: PLC0415 - few texts are in its syntax

    return _converted(parsed_by_sympy(given, _named(asked.at), asked.limits), asked, held=True)


def _converted(given: Any, asked: Asked, *, held: bool = False) -> Lowered:
    """A sympy object; all of it is unevaluated if it is ``held``."""
    limits = asked.limits
    given_at = _named(asked.at, lambda: _order_of_sympy(given))
    at = {legible(str(getattr(symbol, "name", symbol))): number for symbol, number in given_at.items()}
    if asked.letters != ():
        at = opened(at, asked.letters, convert_names(given))
    values = {name: value_of(name, number, limits) for name, number in at.items()}
    converted = convert(given, values, limits, held=held)
    point = bind_point(at, converted.parameters, list(converted.symbols), limits)
    statements = tuple(Statement(name, terms) for name, terms in converted.outputs)
    text = ", ".join(plain(terms) for _, terms in converted.outputs)
    text = text if len(statements) == 1 else f"({text})"
    read = Expression(text, statements, len(statements), None, converted.parameters)
    return _rows(read, point, converted.branches, asked)


# -- a Python function -------------------------------------------------------------------------------------


def _recorded(given: Callable[..., Any], asked: Asked) -> Lowered:
    if asked.outputs is not None:
        raise OptionError("outputs chooses names of a program; a Python function returns the ones that are wanted")
    with uncollected():
        call = bind_call(given, asked.at, asked.limits, asked.letters, apart=asked.entries)
    wengert, computed = record(
        given, call, arithmetic=asked.deciding, sharing=asked.sharing, powers=asked.powers, limits=asked.limits,
        kind=_kind(call),
    )  # fmt: skip
    data = data_places(asked.const, call.names)
    wengert = replace(wengert, data=data) if data else wengert
    read = Expression(call.text, (), len(wengert.dependents), call.function, call.names)
    return Lowered(read, wengert, call.point, computed=computed)


def _kind(call: Call) -> type[Recording]:
    """What records: operations of numbers, or of whole arrays where an argument is one."""
    if not call.has_arrays:
        return Recording
    from adtrace.tracing.array_recording import ArrayRecording  # noqa: PLC0415 - numpy is imported where it is met

    return ArrayRecording


READERS = (
    Reader("text", lambda given, asked: isinstance(given, str) and asked.syntax == SYMPY, _sympy_text),
    Reader("text", lambda given, asked: isinstance(given, str), _text),
    Reader("a function", lambda given, asked: callable(given) and not is_sympy(given), _recorded),  # a Lambda is both
    Reader("a sympy object", lambda given, asked: is_sympy(given), _converted),
)
"""The kinds of what can be traced, in the order in which they are asked."""


# -- for several of them -----------------------------------------------------------------------------------


def _named(at: Any, order: Callable[[], Sequence[str] | None] = lambda: None) -> Mapping[Any, Number]:
    """The point of an expression: numbers by name."""
    return {} if at is None else named(at, order)


_LEFT_SIDE = re.compile(r"[\s$]*\\?[^\W\d]\w*\s*(?:\\left\s*)?\(([^()=]*?)(?:\\right\s*)?\)\s*:?=(?!=)")


def _order_of_text(text: str, asked: Asked) -> Sequence[str] | None:
    """The names in the brackets of a left side, f(x1, x2) = ...; without one the variable, if there is only one."""
    left = _LEFT_SIDE.match(text)
    if left is not None:
        return [name.strip() for name in left[1].split(",")]
    names = [name for name in _used(_reading(text, {}, (), asked.allowed)[0]) if name not in CONSTANTS]
    return names if len(names) == 1 else None


def _order_of_sympy(given: Any) -> Sequence[str] | None:
    """The arguments of a `Lambda`; else the symbol, if there is only one."""
    names = convert_names(given)
    return names if len(names) == 1 or type(given).__name__ == "Lambda" else None


def _rows(read: Expression, point: Mapping[str, Terms], branches: tuple[Branch, ...], asked: Asked) -> Lowered:
    """An expression at its point as rows."""
    independents, outputs = tuple(point), asked.outputs
    names = dependent_names(read, independents) if outputs is None else tuple(outputs)
    shapes, limits = shapes_of(read, tuple(point.values())), asked.limits
    if asked.letters != ():  # a formula is an operation of its own, and longer than a number
        limits = replace(limits, operations=min(limits.operations, limits.rows))
    wengert = lower(read, independents, names=names, outputs=outputs, branches=branches, sharing=asked.sharing,
                    powers=asked.powers, limits=limits, shapes=shapes,
                    data=data_places(asked.const, independents))  # fmt: skip
    if asked.entries and shapes is not None:
        from adtrace.tracing.unrolled import unrolled  # noqa: PLC0415 - numpy is imported where there are arrays

        scalars = unrolled(wengert, sharing=asked.sharing, powers=asked.powers, limits=asked.limits).wengert
        return Lowered(read, scalars, [entry for terms in point.values() for entry in terms_of_entries(terms)])
    return Lowered(read, wengert, tuple(point.values()))


def shapes_of(read: Expression, point: Sequence[Terms]) -> list[Shape] | None:
    """The shapes of the independent variables; None where all there is are numbers."""
    shapes = list(map(terms_shape, point))
    if any(shapes):
        return shapes
    words = {term[0] for statement in read.statements for term in statement.terms}
    if words.isdisjoint(HEADS) and words.isdisjoint(ARRAY_HEADS):
        return None
    terms = (term for statement in read.statements for term in statement.terms)
    there = any(type(term) is Apply and (is_call(term) or term.head in ARRAY_HEADS) for term in terms)
    return shapes if there else None


def data_places(const: Sequence[str], independents: Sequence[str]) -> frozenset[int]:
    """The places of the variables that are data.  Raises `BindingError` for a name that is none of them."""
    if not const:
        return frozenset()
    for name in const:
        if name not in independents:
            text = f"{printable(name) or 'nothing'}{nearest(name, independents)}"
            raise BindingError(f"const names {text}; the variables are {listed(independents)}")
    if len(const) == len(independents):
        raise BindingError("all variables are const; then nothing is differentiated")
    return frozenset(place for place, name in enumerate(independents) if name in const)


def dependent_names(read: Expression, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of the dependent variables: the left side's, else y, else the first that is free."""
    last = read.statements[-read.outputs :]
    given = [statement.name for statement in last if statement.name is not None]
    if len(given) == len(last):
        return tuple(f"{name}_new" if same_printed([name], names) else name for name in given)
    taken = {*names, *filter(None, (statement.name for statement in read.statements))}
    letters = chain(("y", read.function, "f", "z", "w"), (f"y{k}" for k in count()))
    places = range(1, read.outputs + 1)
    several = ([letter] if read.outputs == 1 else [f"{letter}_{k}" for k in places] for letter in letters if letter)
    return tuple(next(those for those in several if not same_printed([*those, those[0].partition("_")[0]], taken)))
