"""The author's rows put together: operations, independent variables and the point, as far as the document tells."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, filterfalse

from adtrace.arrays.table import terms_shape
from adtrace.checking.drafts.account import Account, Defined, by_derivatives
from adtrace.checking.drafts.aligned import NamedParts, assignments, in_names
from adtrace.checking.drafts.entries import with_entries
from adtrace.checking.drafts.functions import in_rows, is_row, left_to_do, rows_of
from adtrace.checking.drafts.operations import in_order, is_printed, names_in, printed_numbers, summed, told_operations
from adtrace.checking.drafts.points import inputs_of, is_next, located, point_of, rows_of_variables
from adtrace.checking.drafts.products import meant
from adtrace.checking.drafts.workings import located_by_workings, with_names
from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.cells import Part
from adtrace.checking.readings.names import known, surroundings
from adtrace.checking.readings.rewriting import names_of, reached, renamed
from adtrace.checking.statements.layouts import UNNAMED
from adtrace.checking.work.figures import Work
from adtrace.checking.work.nearby import UNIT
from adtrace.checking.work.numerals import Printed
from adtrace.checking.work.shapes import unit_matrix
from adtrace.checking.work.values import NoValue, is_closed, is_worked, middle, value_of
from adtrace.elementals import rule
from adtrace.language.syntax import Name, Terms
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
    def beside(self) -> frozenset[str]:
        """The rows whose operation stands in that of another: v_5 of ``y = v_5 = v_3 + v_4``."""
        told = ((name, row.statement.named) for name, row in self.defined.items())
        return frozenset(name for name, of in told if of and of.variable != name)

    @cached_property
    def is_told_of(self) -> bool:
        """Whether its rows are computed from each other, and most, but for arrays, are not told in numbers alone."""
        rows = [row.terms for row in self.defined.values()]
        named = [bool(names_of(terms)) for terms in rows if names_of(terms) or is_worked(terms)]
        return any(named) and (self.work.has_arrays or 2 * sum(named) >= len(named))

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
    asked = located_by_workings(told, _with_starts(told, asked))
    told = with_names(told, located(told, asked)) if told.put_in and asked.functions else told
    first = with_entries(told, asked, whole=False)
    yield from chain.from_iterable(map(_gone_on, _drafts(*first)))
    second = with_entries(told, asked, whole=True)  # where the first does not explain all
    if second != first:
        yield from chain.from_iterable(map(_gone_on, _drafts(*second)))


def _gone_on(draft: Draft) -> Iterator[Draft]:
    """The draft, and where its rows go on from the function that the prose tells one that ends with them: with the loss
    of ``y = x + W h``.
    """
    yield draft
    work, told = draft.work, {draft.work.same.get(output, "") for output in draft.outputs}
    ends = [name for name in work.outputs if told <= {*work.ancestors(work.same[name])}]
    if draft.computes and not draft.asked.told and len(told) == len(ends) == 1 and work.has_arrays:
        yield replace(draft, outputs=(ends[0],))


def _with_starts(told: Account, asked: Asked) -> Asked:
    """What is asked, with x_0 as x where an iteration begins with it and nothing else is called so, and I as the unit
    matrix.
    """
    used = {*told.used}.difference(told.rows, asked.variables, asked.definitions, asked.beside)
    numbers = [name for name in asked.variables if name in asked.point and not terms_shape(asked.point[name])]
    starts: dict[str, Terms] = {f"{name}_0": (Name(name, 0),) for name in numbers if f"{name}_0" in used}
    starts |= _unit_of(told) if UNIT in used else {}
    constants = asked.constants | {UNIT} & starts.keys()
    return replace(asked, definitions={**asked.definitions, **starts}, constants=constants) if starts else asked


def _unit_of(told: Account) -> dict[str, Terms]:
    """The unit matrix in the shape of the rows that use it, if these are printed in one."""
    rows = (told.values.get(row) for row, of in told.defined.items() if UNIT in names_of(of.terms))
    shapes = {part.matrix for part in rows if part and part.matrix}
    sizes = [shape[0] for shape in shapes if len(shapes) == len({*shape}) == 1]
    return {UNIT: unit_matrix(sizes[0])} if sizes else {}


def _drafts(told: Account, asked: Asked) -> Iterator[Draft]:
    if asked.functions and not told.left:
        yield from _with_left_out(told, asked)
    operations, wanted = told_operations(told, asked)
    names = [*dict.fromkeys([*told.rows, *told.left, *operations, *names_in(operations)])]
    outputs = _outputs(asked, wanted.difference(asked.variables), operations)
    if asked.functions and not _is_whole(names, operations, told, asked):
        yield from _completed(names, operations, outputs if all(outputs) else [], told, asked)
    rows = [name for name in names if name not in outputs or name in told.plain]  # ȳ of a result that is called q
    if asked.functions and len(rows) < len(names):
        yield from (_called(_draft(rows, made, told, asked), outputs) for made in summed(operations))
    for made in summed(operations):
        draft = _with_one_result(_draft(names, made, told, asked))
        yield _called(draft, outputs)
        yield from _misprinted(draft, told)
        yield from _finished(draft)


def _with_one_result(draft: Draft) -> Draft:
    """The draft with a result that is told twice, ``y = f(x_1, x_2) = x_1 x_2 + x_1`` and as the last row, as another
    name of the latter.
    """
    work, ends = draft.work, draft.work.outputs
    if draft.asked.functions or not 1 < len(ends) <= _MOST_ENDS or not work.near:
        return draft
    pairs = ((name, row) for name in ends if "_" not in name for row in ends if row != name)
    name, row = next(((name, row) for name, row in pairs if is_row((Name(name, 0),), row, work)), ("", ""))
    if not name:
        return draft
    work = work.but(rows=(*((of, terms) for of, terms in work.rows if of != name), (name, (Name(row, 0),))))
    return replace(draft, work=work, outputs=work.outputs)


_MOST_ENDS = 6
"""Rows that nothing uses, of which one may be another."""


def _finished(draft: Draft) -> Iterator[Draft]:
    """The draft with the rows that are left to do at its end, if it computes the function with them."""
    draft = _with_the_rest(draft) if draft.computes is False else draft
    if draft.computes is False and (rest := left_to_do(draft.asked, draft.work, draft.names)):
        work = draft.work.but(rows=(*draft.work.rows, *rest))
        yield replace(draft, work=work, outputs=(rest[-1][0],), computes=True, unfinished=tuple(rest))


def _with_the_rest(draft: Draft) -> Draft:
    """The draft with the variables that no row uses yet, the target of a loss."""
    work, asked = draft.work, draft.asked
    rest = {name: asked.point[name] for name in asked.variables if name not in draft.names and name in asked.point}
    if not rest or not rest.keys().isdisjoint(work.variables):
        return draft
    inputs = (*work.inputs, *rest)
    work = work.but(inputs=inputs, point=(*work.point, *rest.values()), seeds=_units(inputs))
    return replace(draft, work=work, names={**draft.names, **{name: name for name in rest}})


def _with_left_out(told: Account, asked: Asked) -> Iterator[Draft]:
    """The drafts in which a few names without a row are those of rows that are left out."""
    strangers = _unknown(told.defined, asked, told.plain)
    if 0 < len(strangers) <= _MOST_LEFT_OUT:
        with_them = _drafts(replace(told, left=(*strangers,)), asked)
        yield from (draft for draft in with_them if draft.computes and not _is_slip(draft, strangers))


def _misprinted(draft: Draft, told: Account) -> Iterator[Draft]:
    """The draft with an independent variable as all rows have it that use it, two or more, and not as it is printed."""
    work = draft.work
    shown = {} if draft.asked.point or work.has_arrays else printed_numbers(told.values)
    by = {work.same.get(name, name): number for name, number in shown.items()}
    numbers = {name: by[same] for name, same in work.same.items() if same in by}
    for place, name in enumerate(work.inputs):
        rows = {row: work.operations[row] for row in work.uses.get(name, ())}
        known = numbers.keys() >= {name, *rows, *names_in(rows)}
        terms = _by_uses(name, rows, work, numbers) if known and len(rows) > 1 else ()
        if terms and not is_printed(numbers[name], terms, {}):
            point = (*work.point[:place], terms, *work.point[place + 1 :])
            yield replace(draft, work=work.but(point=point))


def _by_uses(name: str, rows: Mapping[str, Terms], work: Work, numbers: Mapping[str, Printed]) -> Terms:
    """The number for which all rows have their printed value that use a variable, where it is in none as printed."""
    number, fuzzy = numbers[name].number, {name: number.fuzzy for name, number in numbers.items()}
    if number is None or any(is_printed(numbers[row], terms, fuzzy) for row, terms in rows.items()):
        return ()
    names = [other for other, same in work.same.items() if same == name]
    near = {_solved(row, terms, names, numbers) for row, terms in rows.items()} - {None}
    for terms in (rule(f"{x:.{k}f}") for x in near for k in range(1 - number.exponent)):
        there = fuzzy | dict.fromkeys(names, value_of(terms, {}))
        if all(is_printed(numbers[row], formula, there) for row, formula in rows.items()):
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


def _completed(
    names: Sequence[str], operations: Mapping[str, Terms], outputs: Sequence[str], told: Account, asked: Asked
) -> Iterator[Draft]:
    """The drafts in which rows without an operation are parts of the function."""
    marked = asked.point.keys() - told.plain  # x_1, of which x̄_1 alone stands, may be v_1
    named = ({*told.rows} - marked) | {*names_in(operations)}
    free = [name for name in asked.variables if name not in named]
    kept = {*asked.variables, *by_derivatives(told.defined)}  # other numbers alone may be parts of the function
    operations = {name: terms for name, terms in operations.items() if name in kept or not is_closed(terms)}
    open_rows = [name for name in filterfalse(is_next, names) if name not in (*operations, *asked.variables)]
    computed = any(map(_is_computed, told.defined.values()))
    for assigned in _assigned(open_rows, outputs, free, located(told, asked), told.values):
        allowed = {*open_rows, *free} if computed else assigned.keys()  # else any rows would compute the function
        more = {name: terms for name, terms in assigned.items() if name in allowed and name not in operations}
        made = _using(more, operations) | more
        draft = _draft([*names, *more], made, told, asked)
        linked = _linked(draft, (*told.left, *more)) if draft.computes else {}
        yield _called(_draft([*names, *more], made | linked, told, asked) if linked else draft, outputs)


def _using(more: Mapping[str, Terms], operations: Mapping[str, Terms]) -> dict[str, Terms]:
    """Operations in which what other rows are stands by their names."""
    parts = NamedParts(more)
    return {name: in_names(terms, parts) for name, terms in operations.items()}


def _assigned(
    rows: Sequence[str], outputs: Sequence[str], free: Sequence[str], asked: Asked, values: Mapping[str, Part]
) -> Iterator[dict[str, Terms]]:
    """The operations of rows; where the output by its name is not the last it may be one on the way: y before L."""
    yield from assignments(rows, outputs, free, asked, values)
    if rows and outputs and rows[-1] not in outputs:
        yield from assignments(rows, (), free, asked, values)


def _is_computed(row: Defined) -> bool:
    """Whether a row is told to be computed from others, and not only to be one."""
    return len(row.terms) > 1 and not is_closed(row.terms)


def _linked(draft: Draft, left: Sequence[str]) -> dict[str, Terms]:
    """The operations of rows that are left out, or of which none is told, in terms of the rows that are there."""
    work = draft.work
    left = [name for name in left if name in work.operations]  # an input called otherwise has none
    rows = [row for row in work.operands if row not in work.entries]
    after = {name: reached(name, lambda row: work.uses.get(row, ())) for name in left}
    before = {name: [row for row in rows if row not in after[name]] for name in left}
    ways = {name: in_rows(renamed(work.operations[name], draft.names), work, before[name]) for name in left}
    return {name: terms for name, terms in ways.items() if terms}


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


def _units(inputs: Sequence[str]) -> dict[str, tuple[Terms, ...]]:
    """The direction along each of the independent variables."""
    return {name: unit(k, len(inputs)) for k, name in enumerate(inputs)}


def _draft(names: Sequence[str], operations: Mapping[str, Terms], told: Account, asked: Asked) -> Draft:
    names = [*dict.fromkeys([*names, *names_in(operations)])]
    places = {name: k for k, name in enumerate(asked.variables)}
    inputs = sorted(inputs_of(names, operations, asked), key=lambda name: places.get(name, len(places)))
    work_rows = tuple((name, operations[name]) for name in in_order(names, operations) if name not in inputs)
    work = Work(work_rows, tuple(inputs), (), _units(inputs), from_zero=told.from_zero)
    matching = rows_of_variables(work, asked, told.values)
    point, unlocated = point_of(work, operations, asked, told.values, matching)
    evaluated = 2 * len(told.plain) > len(told.rows)  # a trace of values, in which each row has its place
    rows = {*(told.plain if evaluated else told.rows), *matching.values()}
    unknown = _unknown(told.defined, asked, rows.difference(told.left))
    unlocated |= {name for name in operations if "(" in name}  # a call of what nobody gives
    work = work.but(point=point, unlocated=unlocated, rows=meant(work, point, told.values))
    draft = Draft(work, told.defined, asked, work.outputs, None, matching, unknown, left=told.left)
    if not asked.functions or not work.near:
        return draft
    found = rows_of(asked, work, matching)
    if found is None:
        return replace(draft, computes=False)
    return replace(draft, outputs=found.rows, computes=True, names=found.names)


def comes_before(row: str, other: str) -> bool:
    """Whether rows of one letter have their numbers in this order."""
    (base, _, first), (letter, _, last) = row.rpartition("_"), other.rpartition("_")
    return base == letter and first.isdecimal() and last.isdecimal() and int(first) < int(last)


def _unknown(defined: Mapping[str, Defined], asked: Asked, rows: Collection[str]) -> dict[str, str]:
    """Names in operations that are of no row and no variable, with a row in which each is used."""
    used = [name for definition in defined.values() for name in names_of(definition.terms)]
    extra = [n for n in dict.fromkeys(used) if n not in (*asked.variables, *asked.definitions, *rows, *defined)]
    if not asked.functions:  # a row left out has a number between those of others
        around = surroundings(frozenset(filterfalse(is_next, rows)))
        extra = [name for name in extra if known(name, around)]
    return {
        name: row for name in extra for row, definition in defined.items()
        if name in names_of(definition.terms)
    }  # fmt: skip
