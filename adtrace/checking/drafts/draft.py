"""The author's rows put together: operations, independent variables and the point, as far as the document tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from math import prod

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.account import Account, Defined, by_derivatives
from adtrace.checking.drafts.aligned import assignments
from adtrace.checking.drafts.entries import with_entries
from adtrace.checking.drafts.functions import in_rows, is_row, left_to_do, rows_of
from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import known, surroundings
from adtrace.checking.readings.parts import read_part
from adtrace.checking.readings.rewriting import bare, names_of, renamed, same
from adtrace.checking.statements.layouts import UNNAMED
from adtrace.checking.work.figures import Work
from adtrace.checking.work.numerals import Printed, agreement, compared, follows, printed
from adtrace.checking.work.shapes import fitted, ways
from adtrace.checking.work.values import NoValue, Rows, has_shape, is_closed, middle, shape_of, value_of
from adtrace.elementals import rule
from adtrace.language.lists import nested
from adtrace.language.syntax import ARRAY, MATMUL, Apply, Name, Number, Term, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.seeds import unit


@dataclass(frozen=True)
class Draft:
    """What the rows of a piece of work are."""

    work: Work
    defined: Mapping[str, Defined]
    asked: Asked
    outputs: tuple[str, ...]
    """The row of each function that is asked for; the last rows where none is, or none computes it."""
    computes: bool | None
    """Whether the rows compute the function; None where there is no function, or the rows do not reach so far."""
    names: Mapping[str, str] = field(default_factory=dict)
    """For each variable of the function the independent variable of the rows that it is."""
    unknown: Mapping[str, str] = field(default_factory=dict)
    """Names in operations that no row has, with a row in which each is used."""
    unfinished: tuple[tuple[str, Terms], ...] = ()
    """The rows at the end that are left to do, with their operations."""
    left: tuple[str, ...] = ()
    """Names that are taken for those of rows that are left out."""
    letter: str = ""
    """What the direction of tangents is called: p of D_p."""

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The unknown names that are those of rows, which were left out."""
        around = surroundings(frozenset(self.defined))
        return frozenset(name for name in self.unknown if name in self.left or known(name, around))

    @cached_property
    def by_derivatives(self) -> Mapping[str, Part]:
        """The numbers of rows with names of their own that are computed from derivatives."""
        return by_derivatives(self.defined)

    @cached_property
    def untold(self) -> tuple[str, ...]:
        """The rows without an operation behind computed ones of their letter, which are no independent variables."""
        computed = [row for row, operands in self.work.operands.items() if operands]
        inputs = () if self.asked.functions else self.work.inputs
        return tuple(name for name in inputs if any(comes_before(row, name) for row in computed))

    @property
    def credit(self) -> float:
        """What speaks for it before any cell: that it computes the function; not what it assumes, each independent
        variable that is none of the function's.
        """
        if not self.asked.functions:
            return 0.0
        return (2.0 if self.computes else -3.0) - len(set(self.work.inputs) - set(self.names.values()))

    @cached_property
    def same(self) -> Mapping[str, str]:
        """For every name what it is in the work, the function's variables included."""
        return {**self.names, **self.work.same}


def drafts(told: Account, asked: Asked) -> Iterator[Draft]:
    """The rows in an order in which they can be computed, with what they do not say from what is asked.

    Rows without an operation are parts of the function, in each way that their numbers allow.
    """
    asked = _with_starts(told, asked)
    first = with_entries(told, asked, whole=False)
    yield from _drafts(*first)
    second = with_entries(told, asked, whole=True)  # where the first does not explain all
    if second != first:
        yield from _drafts(*second)


def _with_starts(told: Account, asked: Asked) -> Asked:
    """What is asked, with x_0 as x where an iteration begins with it and nothing else is called so."""
    used = {*told.used}.difference(told.rows, asked.variables, asked.definitions, asked.beside)
    numbers = [name for name in asked.variables if name in asked.point and not terms_shape(asked.point[name])]
    starts = {f"{name}_0": (Name(name, 0),) for name in numbers if f"{name}_0" in used}
    return replace(asked, definitions={**asked.definitions, **starts}) if starts else asked


def _drafts(told: Account, asked: Asked) -> Iterator[Draft]:
    if asked.functions and not told.left:
        yield from _with_left_out(told, asked)
    operations, wanted = _operations(told, asked)
    names = [*dict.fromkeys([*told.rows, *told.left, *operations, *_operands(operations)])]
    outputs = _outputs(asked, wanted.difference(asked.variables), operations)
    if asked.functions and not _is_whole(names, operations, told, asked):
        yield from _completed(names, operations, outputs if all(outputs) else [], told, asked)
    rows = [name for name in names if name not in outputs or name in told.plain]  # ȳ of a result that is called q
    if asked.functions and len(rows) < len(names):
        every = (_draft(rows, made, told, asked) for made in _summed(operations))
        yield from (_called(draft, outputs) for draft in every if draft.computes)
    for made in _summed(operations):
        draft = _draft(names, made, told, asked)
        yield _called(draft, outputs)
        yield from _misprinted(draft, told)
        yield from _finished(draft)


def _finished(draft: Draft) -> Iterator[Draft]:
    """The draft with the rows that are left to do at its end, if it computes the function with them."""
    if draft.computes is False and (rest := left_to_do(draft.asked, draft.work, draft.names)):
        work = draft.work.but(rows=(*draft.work.rows, *rest))
        yield replace(draft, work=work, outputs=(rest[-1][0],), computes=True, unfinished=tuple(rest))


def _with_left_out(told: Account, asked: Asked) -> Iterator[Draft]:
    """The drafts in which a few names without a row are those of rows that are left out."""
    strangers = _unknown(told.defined, asked, told.plain)
    if 0 < len(strangers) <= _MOST_LEFT_OUT:
        with_them = _drafts(replace(told, left=(*strangers,)), asked)
        yield from (draft for draft in with_them if draft.computes and not _is_slip(draft, strangers))


def _misprinted(draft: Draft, told: Account) -> Iterator[Draft]:
    """The draft with an independent variable as all rows have it that use it, two or more, and not as it is printed."""
    work = draft.work
    shown = {} if draft.asked.point or work.has_arrays else _numbers(told.values)
    by = {work.same.get(name, name): number for name, number in shown.items() if not number.shape}
    numbers = {name: by[same] for name, same in work.same.items() if same in by}
    for place, name in enumerate(work.inputs):
        rows = {row: work.operations[row] for row in work.uses.get(name, ())}
        known = numbers.keys() >= {name, *rows, *_operands(rows)}
        terms = _by_uses(name, rows, work, numbers) if known and len(rows) > 1 else ()
        if terms and not _is_printed(numbers[name], terms, {}):
            point = (*work.point[:place], terms, *work.point[place + 1 :])
            yield replace(draft, work=work.but(point=point))


def _by_uses(name: str, rows: Mapping[str, Terms], work: Work, numbers: Mapping[str, Printed]) -> Terms:
    """The number for which all rows have their printed value that use a variable, where it is in none as printed."""
    number, fuzzy = numbers[name].number, {name: number.fuzzy for name, number in numbers.items()}
    if number is None or any(_is_printed(numbers[row], terms, fuzzy) for row, terms in rows.items()):
        return ()
    names = [other for other, same in work.same.items() if same == name]
    near = {_solved(row, terms, names, numbers) for row, terms in rows.items()} - {None}
    for terms in (rule(f"{x:.{k}f}") for x in near for k in range(1 - number.exponent)):
        there = fuzzy | dict.fromkeys(names, value_of(terms, {}))
        if all(_is_printed(numbers[row], formula, there) for row, formula in rows.items()):
            return terms
    return ()


def _solved(row: str, terms: Terms, names: Collection[str], numbers: Mapping[str, Printed]) -> float | None:
    """Where a variable, by any of its names, would be, near what is printed, for a row to have its printed value."""
    others = {u: middle(numbers[u].exact) for u in names_of(terms)}
    wanted = middle(numbers[row].exact)

    def off(x: float) -> float:
        return float(value_of(terms, others | dict.fromkeys(names, x), FLOATS)) - wanted

    last = next(others[name] for name in names if name in others)
    here = last * 1.01 + 0.01
    with suppress(NoValue, ZeroDivisionError, OverflowError, TypeError, ValueError):
        for _ in range(40):
            step = off(here) * (here - last) / (off(here) - off(last))
            last, here = here, here - step
            if abs(step) <= 1e-12 * (1 + abs(here)):
                return here if abs(here) < 1e6 else None
    return None


def _is_slip(draft: Draft, left: Collection[str]) -> bool:
    """Whether a name without a row stands for a row that is there, of which it is a misspelling."""
    work, variables = draft.work, draft.asked.variables
    return any(
        is_row((Name(name, 0),), row, work)
        for name in left for row in work.variables if row not in left and (work.same[row] != name or row in variables)
    )  # fmt: skip


_MOST_LEFT_OUT = 2
"""Names without a row that may be those of rows left out."""


def _outputs(asked: Asked, names: Collection[str], operations: Mapping[str, Terms]) -> list[str]:
    """The names of the results of which no operation is told, but a number perhaps; "" for one of several, f_1 and f_2,
    that has none.
    """
    called, count = dict.fromkeys((*asked.outputs, asked.called, "y", "f")), len(asked.functions)
    free = [name for name in called if name in names and is_closed(operations.get(name, ()))]
    for base in called if count > 1 and not free else ():
        numbered = [f"{base}_{k}" for k in range(1, count + 1)]
        free = free or [name if name in names and name not in operations else "" for name in numbered]
        free = free if any(free) else []
    return free[: count or None]


def _is_whole(names: Iterable[str], operations: Mapping[str, Terms], told: Account, asked: Asked) -> bool:
    """Whether each row with a name or a value has an operation, or is one of the function's variables."""
    rows = {name for name in names if name in told.values or not name.startswith(UNNAMED)}
    computed = {name for name, terms in operations.items() if not is_closed(terms)}
    return bool(operations and told.plain) and rows <= {*computed, *asked.variables}


def _summed(operations: dict[str, Terms]) -> Iterator[dict[str, Terms]]:
    """The operations with the axis of a sum kept as one entry, and without it: a table prints both alike."""
    yield operations
    kept = ("keepdims", True)
    less = {
        name: (*terms[:-1], terms[-1]._replace(options=tuple(option for option in terms[-1].options if option != kept)))
        for name, terms in operations.items() if type(terms[-1]) is Apply and kept in terms[-1].options
    }  # fmt: skip
    if less:
        yield operations | less


def _operations(told: Account, asked: Asked) -> tuple[dict[str, Terms], set[str]]:
    """The operations that are told, with those that stand for what is only named, and all names."""
    operations = {name: row.terms for name, row in told.defined.items()
                  if not (is_closed(row.terms) and name in asked.outputs)}  # fmt: skip
    if not asked.functions:
        operations = _by_numbers(operations, told.values)
    wanted = [*told.rows, *_operands(operations), *told.used, *(() if asked.functions else asked.definitions)]
    for name in wanted:
        terms = asked.definitions.get(name) or stand_in(name, frozenset(told.rows)) or _of_rows(name, told, asked)
        if terms and is_closed(operations.get(name, ())):  # a working with numbers tells no operation
            operations[name] = terms
            wanted += names_of(terms)
    operations = _with_parts(_without_loops(operations, set(asked.variables)))
    if asked.functions:
        operations = _without_strangers(operations, {*told.rows, *told.left, *asked.variables, *asked.definitions})
        if all(map(is_closed, operations.values())):  # a = 3 tells what a is, and not how it comes
            operations = {name: terms for name, terms in operations.items() if name in asked.variables}
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
    whole, used = dict(operations), {*_operands(operations)}
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


def _by_numbers(operations: Mapping[str, Terms], values: Mapping[str, Part]) -> dict[str, Terms]:
    """The operations with another row in them where the printed numbers tell of one alone: for ``v_1 = ln(v_1)``, and
    for a result that is said to be one row and has the number of another, which nothing uses.
    """
    found, numbers = dict(operations), _numbers(values)
    for name in [name for name in reversed(found) if name in numbers and len(names_of(found[name])) == 1]:
        (operand,), number = names_of(found[name]), numbers[name]
        others = numbers.keys() - {name}
        if len(found[name]) == 1:
            is_other = operand in numbers and not follows(number, numbers[operand].fuzzy)
            others = others.difference(_operands(found)) if is_other else set()
        elif operand != name:
            continue
        ways = {other: renamed(found[name], {operand: other}) for other in others}
        fitting = [
            terms for other, terms in ways.items() if _is_printed(number, terms, {other: numbers[other].fuzzy})
        ]  # fmt: skip
        if len(fitting) == 1:
            found[name] = fitting[0]
    return found


def _numbers(values: Mapping[str, Part]) -> dict[str, Printed]:
    """The printed numbers that have a value."""
    found: dict[str, Printed] = {}
    for name, part in values.items():
        with suppress(NoValue):
            found[name] = printed(part)
    return found


def _is_printed(number: Printed, terms: Terms, others: Mapping[str, Scalar]) -> bool:
    """Whether a printed number is what an operation comes to at others."""
    with suppress(NoValue):
        return follows(number, value_of(terms, others))
    return False


def _operands(operations: Mapping[str, Terms]) -> list[str]:
    return [u for terms in operations.values() for u in names_of(terms)]


def _completed(
    names: Sequence[str], operations: Mapping[str, Terms], outputs: Sequence[str], told: Account, asked: Asked
) -> Iterator[Draft]:
    """The drafts in which rows without an operation are parts of the function."""
    named = {*told.rows, *_operands(operations)}
    free = [name for name in asked.variables if name not in named]
    kept = {*asked.variables, *by_derivatives(told.defined)}  # other numbers alone may be parts of the function
    operations = {name: terms for name, terms in operations.items() if name in kept or not is_closed(terms)}
    open_rows = [name for name in names if name not in (*operations, *asked.variables)]
    computed = any(map(_is_computed, told.defined.values()))
    for assigned in assignments(open_rows, outputs, free, _located(told, asked), told.values):
        allowed = {*open_rows, *free} if computed else assigned.keys()  # else any rows would compute the function
        allowed = {*allowed}.difference(operations, _misfits(assigned, asked, told.values))
        more = {name: terms for name, terms in assigned.items() if name in allowed}
        made, draft = {**operations, **more}, _draft([*names, *more], {**operations, **more}, told, asked)
        linked = _linked(draft, (*told.left, *more)) if draft.computes else {}
        yield _called(_draft([*names, *more], made | linked, told, asked) if linked else draft, outputs)


def _located(told: Account, asked: Asked) -> Asked:
    """What is asked, at the point that rows of variables print, too."""
    shown = {name: part.readings[0] for name, part in told.values.items() if name in asked.variables}
    return replace(asked, point=shown | dict(asked.point))


def _is_computed(row: Defined) -> bool:
    """Whether a row is told to be computed from others, and not only to be one."""
    return len(row.terms) > 1 and not is_closed(row.terms)


def _linked(draft: Draft, left: Sequence[str]) -> dict[str, Terms]:
    """The operations of rows that are left out, or of which none is told, in terms of the rows that are there."""
    work = draft.work
    left = [name for name in left if name in work.operations]  # an input called otherwise has none
    rows = [row for row in work.operands if row not in work.entries]
    before = {name: [row for row in rows if name not in work.ancestors(row)] for name in left}
    ways = {name: in_rows(renamed(work.operations[name], draft.names), work, before[name]) for name in left}
    return {name: terms for name, terms in ways.items() if terms}


def stand_in(call: str, declared: frozenset[str]) -> Terms:
    """Some smooth function in the place of one that nobody gives: of ``g(v_3)``, with which formulas are compared."""
    function, bracket, operand = call.rstrip(")").partition("(")
    readings = read_part(operand, declared, "").readings if bracket and function.isidentifier() else ()
    wave = 900 + sum(map(ord, function)) % 400
    return (*readings[0], Number(f"{wave}e-3", wave, -3, 0), Apply("mul", 2, 0), Apply("sin", 1, 0)) if readings else ()


def _called(draft: Draft, names: Sequence[str]) -> Draft:
    """The draft with what its outputs are called beside the names of their rows."""
    more = tuple(
        (name, (Name(row, 0),))
        for name, row in zip(names, draft.outputs, strict=False)
        if name and name not in draft.work.same
    )
    if not more or not draft.computes:
        return draft
    return replace(draft, work=draft.work.but(rows=(*draft.work.rows, *more)))


def _draft(names: Sequence[str], operations: Mapping[str, Terms], told: Account, asked: Asked) -> Draft:
    names = [*dict.fromkeys([*names, *_operands(operations)])]
    places = {name: k for k, name in enumerate(asked.variables)}
    inputs = sorted(_inputs(names, operations, asked), key=lambda name: places.get(name, len(places)))
    work_rows = tuple((name, operations[name]) for name in _sorted(names, operations) if name not in inputs)
    seeds = {name: unit(k, len(inputs)) for k, name in enumerate(inputs)}
    work = Work(work_rows, tuple(inputs), (), seeds, from_zero=told.from_zero)
    matching = _matching(work, asked, told.values)
    point, unlocated = _point(work, operations, asked, told.values, matching)
    evaluated = 2 * len(told.plain) > len(told.rows)  # a trace of values, in which each row has its place
    rows = {*(told.plain if evaluated else told.rows), *matching.values()}
    unknown = _unknown(told.defined, asked, rows.difference(told.left))
    unlocated |= {name for name in operations if "(" in name}  # a call of what nobody gives
    work = work.but(point=point, unlocated=unlocated, rows=_meant(work, point, told.values))
    draft = Draft(work, told.defined, asked, work.outputs, None, matching, unknown, left=told.left)
    if not asked.functions or not work.near:
        return draft
    found = rows_of(asked, work, matching)
    if found is None:
        return replace(draft, computes=False)
    return replace(draft, outputs=found.rows, computes=True, names=found.names)


def _without_strangers(operations: Mapping[str, Terms], names: set[str]) -> dict[str, Terms]:
    """The operations without those that name a letter which is no row, no variable and no other name of one."""
    names = names.union(*(names_of(terms) for terms in operations.values() if len(terms) == 1))
    around = surroundings(frozenset(operations))
    return {
        name: terms for name, terms in operations.items()
        if all(u in names or known(u, around) for u in names_of(terms))
    }  # fmt: skip


def _meant(work: Work, point: Sequence[Terms], values: Mapping[str, Part]) -> Rows:
    """The rows with their products as what they are in the shapes of the point: of those that can be, as what comes to
    the number that is printed.
    """
    if not any(map(terms_shape, point)):
        return work.rows
    numbers: dict[str, Scalar] = {}
    for name, terms in zip(work.inputs, point, strict=True):
        with suppress(NoValue):
            numbers[name] = value_of(terms, {})
    theirs = {name: number.fuzzy for name, number in _numbers(values).items()}
    found, typed = [], any(getattr(t, "head", "") == MATMUL for _, terms in work.rows for t in terms)
    for name, terms in work.rows:
        best = _best_way(terms, (numbers, {**numbers, **theirs}), values.get(name), typed)
        found.append((name, best[0] if best else terms))
        if best:
            numbers[name] = best[1]
    return tuple(found)


def _best_way(
    terms: Terms, each: tuple[Mapping[str, Scalar], Mapping[str, Scalar]], shown: Part | None, typed: bool
) -> tuple[Terms, Scalar] | None:
    """The way in which a row is meant, with its value: by the true numbers of its operands, else by those printed, else
    by its shape.
    """
    best: tuple[int, Terms, Scalar] | None = None
    numbers = each[0]
    for given, columns in product(each, (False, True)):
        with suppress(NoValue):
            if columns and best is not None and (best[0] or not shown):
                continue
            for made, _ in ways(_with_columns(terms, given) if columns else terms, given, (False,), typed=typed):
                with suppress(NoValue):
                    value = value_of(made, numbers)
                    alike = _alike(shown, value) if shown else 0
                    if best is None or alike > best[0]:
                        best = alike, made, value
                    agrees = agreement if given is numbers else follows
                    if shown and agrees(printed(shown), value_of(made, given)):
                        return made, value
    return best and best[1:]


def _with_columns(terms: Terms, numbers: Mapping[str, Scalar]) -> Terms:
    """Terms with vectors as columns, where they do not fit as they are: ``W X + b`` of examples in columns."""
    found: list[Term] = []
    for term in terms:
        shape = shape_of(numbers.get(term.name, 0)) if type(term) is Name else ()
        found += (term, Apply("reshape", 1, 0, (("shape", (*shape, 1)),))) if len(shape) == 1 else (term,)
    return tuple(found)


def _alike(shown: Part, value: Scalar) -> int:
    """How many entries of what is printed are those of a value, and one more; 0 where their shapes differ."""
    number = printed(shown)
    whole = fitted(value, number.shape)
    each = compared(number, value if whole is None else whole)
    return 0 if each is None else 1 + sum(follows(entry, true) for _, entry, true in each)


def _without_loops(operations: Mapping[str, Terms], variables: set[str]) -> dict[str, Terms]:
    """The operations without those that name their own row: ``x | x`` is a variable."""
    found = {name: terms for name, terms in operations.items() if name not in names_of(terms)}
    for name, terms in list(found.items()):
        other = terms[0].name if len(terms) == 1 and type(terms[0]) is Name else ""
        if {name, other} <= found.keys() and len(found[other]) == 1 and names_of(found[other]) == (name,):
            del found[other if name not in variables else name]
    return found


def _sorted(names: Iterable[str], operations: Mapping[str, Terms]) -> list[str]:
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


def _inputs(names: Sequence[str], operations: Mapping[str, Terms], asked: Asked) -> list[str]:
    """The independent variables: names without an operation, and rows whose operation is a number."""
    open_names = [name for name in names if name not in operations]
    numbers = [name for name in names if name in operations and is_closed(operations[name])]
    if not asked.functions:
        return open_names + numbers
    named = [name for name in numbers if name in asked.variables]
    others = [name for name in numbers if name not in asked.variables]
    missing = len(asked.variables) - len([name for name in open_names if name in asked.variables]) - len(named)
    return open_names + named + others[: max(missing, 0)]


def _point(
    work: Work, operations: Mapping[str, Terms], asked: Asked, values: Mapping[str, Part], matching: Mapping[str, str]
) -> tuple[tuple[Terms, ...], frozenset[str]]:
    """The value of each independent variable: as asked, as its operation says, or as it is printed; who has none."""
    variables = {name: variable for variable, name in matching.items()}
    found: list[Terms] = []
    unlocated: set[str] = set()
    for place, name in enumerate(work.inputs):
        others = [other for other, same in work.same.items() if same == name]
        wanted = map(asked.point.get, (variables.get(name, ""), *others))
        told = (*wanted, operations.get(name), *(values[other].readings[0] for other in others if other in values))
        terms = _fitting([one for one in told if one and not (is_closed(one) and not has_shape(one))])
        terms = _zeros(name, values, terms)
        if terms is None or not is_closed(terms):
            unlocated.add(name)
            terms = (Number("", 731 + 173 * place, -3, 0),)
        found.append(terms)
    return tuple(found), frozenset(unlocated)


def _zeros(name: str, values: Mapping[str, Part], terms: Terms | None) -> Terms | None:
    """A 0 of what is called as arrays are with another index, all of it: of h_0 beside vectors h_1 and h_2."""
    letter = _LETTER.match(name)
    if not letter or not terms or len(terms) > 1 or getattr(terms[0], "digits", None) != 0:
        return terms
    shapes = {terms_shape(part.readings[0]) for other, part in values.items() if other.startswith(letter[0])} - {()}
    shape = shapes.pop() if len(shapes) == 1 else ()
    return tuple(nested([terms] * prod(shape), shape, 0)) if shape else terms


_LETTER = re.compile("[^_⁽]+[_⁽]")


def _fitting(told: Sequence[Terms]) -> Terms | None:
    """The first of what is told of a variable, an array where one tells of an array and one of a number."""
    closed = {bool(terms_shape(one)): one for one in told if is_closed(one)}
    return closed[True] if len(closed) == 2 else next(iter(told), None)


def comes_before(row: str, other: str) -> bool:
    """Whether rows of one letter have their numbers in this order."""
    (base, _, first), (letter, _, last) = row.rpartition("_"), other.rpartition("_")
    return base == letter and first.isdecimal() and last.isdecimal() and int(first) < int(last)


def _matching(work: Work, asked: Asked, values: Mapping[str, Part]) -> dict[str, str]:
    """For each variable of the function the independent variable that it is: by name, by another name, in order, but
    for one that is printed in another shape.
    """
    found = {name: work.same[name] for name in asked.variables if name in work.same}
    rest = [name for name in work.inputs if name not in found.values()]
    missing = [name for name in asked.variables if name not in found]
    if len(missing) <= len(rest):
        pairs = zip(missing, rest, strict=False)
        found |= {name: row for name, row in pairs if _may_be(asked, name, values.get(row))}
    return found


def _may_be(asked: Asked, name: str, shown: Part | None) -> bool:
    """Whether a variable may be a row that is printed so: both in one shape, where both have a value; where no function
    has it, with that number.
    """
    told = asked.point.get(name)
    if told is None or shown is None:
        return True
    alike = terms_shape(told) == terms_shape(shown.readings[0])
    return alike and (bool(asked.functions) or _is_printed(printed(shown), told, {}))


def _misfits(assigned: Mapping[str, Terms], asked: Asked, values: Mapping[str, Part]) -> Iterator[str]:
    """The rows that are printed otherwise than the variable is that they are taken for."""
    for row, (term, *rest) in assigned.items():
        if not (rest or _may_be(asked, getattr(term, "name", ""), values.get(row))):
            yield row


def _unknown(defined: Mapping[str, Defined], asked: Asked, rows: Collection[str]) -> dict[str, str]:
    """Names in operations that are of no row and no variable, with a row in which each is used."""
    used = [name for definition in defined.values() for name in names_of(definition.terms)]
    extra = [n for n in dict.fromkeys(used) if n not in (*asked.variables, *asked.definitions, *rows, *defined)]
    if not asked.functions:  # a row left out has a number between those of others
        around = surroundings(frozenset(rows))
        extra = [name for name in extra if known(name, around)]
    return {
        name: row for name in extra for row, definition in defined.items()
        if name in names_of(definition.terms)
    }  # fmt: skip
