"""The operations of rows, as they are told: in order, with what stands for names alone, without loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.account import Account
from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import known, surroundings
from adtrace.checking.readings.parts import read_part
from adtrace.checking.readings.rewriting import bare, names_of, renamed, same
from adtrace.checking.work.numerals import Printed, follows, printed
from adtrace.checking.work.values import NoValue, is_closed, value_of
from adtrace.language.syntax import ARRAY, Apply, Name, Number, Term, Terms
from adtrace.numbers import Scalar


def summed(operations: dict[str, Terms]) -> Iterator[dict[str, Terms]]:
    """The operations with the axis of a sum kept as one entry, and without it: a table prints both alike."""
    yield operations
    kept = ("keepdims", True)
    less = {
        name: (*terms[:-1], terms[-1]._replace(options=tuple(option for option in terms[-1].options if option != kept)))
        for name, terms in operations.items() if type(terms[-1]) is Apply and kept in terms[-1].options
    }  # fmt: skip
    if less:
        yield operations | less


def told_operations(told: Account, asked: Asked) -> tuple[dict[str, Terms], set[str]]:
    """The operations that are told, with those that stand for what is only named, and all names."""
    operations = {name: row.terms for name, row in told.defined.items()
                  if not (is_closed(row.terms) and name in asked.outputs)}  # fmt: skip
    if not asked.functions:
        operations = _by_numbers(operations, told.values) | _as_variables(operations)
    wanted = [*told.rows, *names_in(operations), *told.used, *(() if asked.functions else asked.definitions)]
    for name in wanted:
        terms = asked.definitions.get(name) or stand_in(name, frozenset(told.rows)) or _of_rows(name, told, asked)
        if terms and is_closed(operations.get(name, ())):  # a working with numbers tells no operation
            operations[name] = terms
            wanted += names_of(terms)
    operations = _with_parts(_without_loops(operations))
    if asked.functions:
        operations = _without_strangers(operations, {*told.rows, *told.left, *asked.variables, *asked.definitions})
        if all(map(is_closed, operations.values())):  # a = 3 tells what a is, and not how it comes
            operations = {}
    return operations, set(wanted)


def _of_rows(name: str, told: Account, asked: Asked) -> Terms:
    """A vector beside others that no row has, of rows that are its entries: p of p_1, p_2 and p_3."""
    arrays = any(part.matrix for part in told.values.values()) or any(map(terms_shape, asked.point.values()))
    entries: list[Term] = []
    while arrays and name not in (*told.rows, *asked.variables) and f"{name}_{len(entries) + 1}" in told.plain:
        entries.append(Name(f"{name}_{len(entries) + 1}", 0))
    return (*entries, Apply(ARRAY, len(entries), 0)) if len(entries) > 1 else ()


def _with_parts(operations: Mapping[str, Terms]) -> dict[str, Terms]:
    """The operations with a row that nothing uses for what it is within another: a = W x + b that is told after
    h = tanh(W x + b).
    """
    whole, used = dict(operations), {*names_in(operations)}
    bared = {name: bare(terms) for name, terms in operations.items()}
    for name, part in [*bared.items()]:
        if name in used or len(part) < 3 or is_closed(part):
            continue
        for row, operation in bared.items():
            if len(operation) <= len(part):
                continue
            places = (k for k in range(len(operation) - len(part) + 1) if same(operation[k : k + len(part)], part))
            if (place := next(places, None)) is not None:
                whole[row] = bared[row] = (*operation[:place], Name(name, 0), *operation[place + len(part) :])
    return whole


def _as_variables(operations: Mapping[str, Terms]) -> dict[str, Terms]:
    """Rows ``v_{-1} = 2`` and ``v_0 = 5`` as the variables x_1 and x_2 of an operation, which are as many."""
    parts = [name.rpartition("_") for name, terms in operations.items() if is_closed(terms)]
    numbered = {letter: sum(base == letter for base, *_ in parts) for letter, _, number in parts if number == "0"}
    used = {*names_in(operations)}
    for letter, count in numbered.items():
        rows = [f"{letter}_{k}" for k in range(1 - count, 1)]
        others = {base for name in used if (base := name.rpartition("_")[0]) not in ("", letter)}
        for base in others if operations.keys() >= {*rows} else ():
            if _family(base, used) == {f"{base}_{k + 1}" for k in range(count)}:
                return {row: (Name(f"{base}_{k + 1}", 0),) for k, row in enumerate(rows)}
    return {}


def _family(letter: str, names: Iterable[str]) -> set[str]:
    """The names with this letter and an index."""
    return {name for name in names if name.startswith(f"{letter}_")}


def _by_numbers(operations: Mapping[str, Terms], values: Mapping[str, Part]) -> dict[str, Terms]:
    """The operations with another row in them where the printed numbers tell of one alone: for ``v_1 = ln(v_1)``, and
    for a result that is said to be one row and has the number of another, which nothing uses.
    """
    found, numbers = dict(operations), printed_numbers(values)
    for name in [name for name in reversed(found) if name in numbers and len(names_of(found[name])) == 1]:
        (operand,), number = names_of(found[name]), numbers[name]
        others = numbers.keys() - {name}
        if len(found[name]) == 1:
            is_other = operand in numbers and not follows(number, numbers[operand].fuzzy)
            others = others.difference(names_in(found)) if is_other else set()
        elif operand != name:
            continue
        ways = {other: renamed(found[name], {operand: other}) for other in others}
        fitting = [
            terms for other, terms in ways.items() if is_printed(number, terms, {other: numbers[other].fuzzy})
        ]  # fmt: skip
        if len(fitting) == 1:
            found[name] = fitting[0]
    return found


def printed_numbers(values: Mapping[str, Part]) -> dict[str, Printed]:
    """The printed numbers that have a value."""
    found: dict[str, Printed] = {}
    for name, part in values.items():
        with suppress(NoValue):
            found[name] = printed(part)
    return found


def is_printed(number: Printed, terms: Terms, others: Mapping[str, Scalar]) -> bool:
    """Whether a printed number is what an operation comes to at others."""
    with suppress(NoValue):
        return follows(number, value_of(terms, others))
    return False


def names_in(operations: Mapping[str, Terms]) -> list[str]:
    """The names in all of them, as often as they stand there."""
    return [u for terms in operations.values() for u in names_of(terms)]


def stand_in(call: str, declared: frozenset[str]) -> Terms:
    """Some smooth function in the place of one that nobody gives: of ``g(v_3)``, with which formulas are compared."""
    function, bracket, operand = call.rstrip(")").partition("(")
    readings = read_part(operand, declared, "").readings if bracket and function.isidentifier() else ()
    wave = 900 + sum(map(ord, function)) % 400
    return (*readings[0], Number(f"{wave}e-3", wave, -3, 0), Apply("mul", 2, 0), Apply("sin", 1, 0)) if readings else ()


def _without_strangers(operations: Mapping[str, Terms], names: set[str]) -> dict[str, Terms]:
    """The operations without those that name a letter which is no row, no variable and no other name of one."""
    names = names.union(*(names_of(terms) for terms in operations.values() if len(terms) == 1))
    around = surroundings(frozenset(operations))
    return {
        name: terms for name, terms in operations.items()
        if all(u in names or known(u, around) for u in names_of(terms))
    }  # fmt: skip


def _without_loops(operations: Mapping[str, Terms]) -> dict[str, Terms]:
    """The operations without those that name their own row: ``x | x`` is a variable."""
    found = {name: terms for name, terms in operations.items() if name not in names_of(terms)}
    for name, terms in list(found.items()):
        other = terms[0].name if len(terms) == 1 and type(terms[0]) is Name else ""
        if {name, other} <= found.keys() and len(found[other]) == 1 and names_of(found[other]) == (name,):
            del found[other]
    return found


def in_order(names: Iterable[str], operations: Mapping[str, Terms]) -> list[str]:
    """The rows with operands before use, else in their order; rows in a circle come last and have no value."""
    done: dict[str, None] = {}
    for start in names:
        stack = [start]
        seen: set[str] = set()
        while stack:
            name = stack[-1]
            wanted = [u for u in names_of(operations.get(name, ())) if u not in done and u not in seen and u != name]
            if name in done or not wanted or name in seen:
                stack.pop()
                if name in operations:
                    done[name] = None
            seen.add(name)
            stack += wanted if name not in done else []
    return list(done)
