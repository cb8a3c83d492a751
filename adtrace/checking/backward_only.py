"""Operations read off adjoint formulas: ``bv_6 = bv_7 v_3`` and ``bv_3 = bv_7 v_6`` say that v_7 is v_3 v_6.

A reverse trace that stands alone writes no operation, but the partials of each row stand in it as the factors of its
adjoint.  An operation is taken for the row's if its partials are those factors at random numbers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from flint import fmpq

from adtrace.checking.layout import ADJOINT_RULE, Layout
from adtrace.checking.listing import Line, Listing, random_point, truth
from adtrace.checking.local import BITS, NoValue, names_of, swept, value_of
from adtrace.checking.markup import BAR
from adtrace.checking.problem import Problem
from adtrace.checking.repair import close, function_values
from adtrace.language.syntax import Apply, Name, Number, Terms
from adtrace.numbers import Scalar
from adtrace.numbers.exact import ONE, ZERO, precision

_FUNCTIONS = ("exp", "ln", "sin", "cos", "tan", "sqrt", "tanh", "sigmoid", "neg")


def reconstructed(layout: Layout, listing: Listing, problem: Problem) -> Listing | None:
    """The listing that the adjoint formulas of a table imply, if it computes the functions that are asked about."""
    wanted = _coefficients(layout, listing)
    names = _ordered(layout, listing)
    if not wanted or not problem.functions or len(names) <= len(problem.variables) + 1:
        return None
    inputs = names[: len(problem.variables)]
    lines = {n: Line(n, (Name(v, 0),), None) for n, v in zip(inputs, problem.variables, strict=True) if n != v}
    for name in names[len(inputs) :]:
        factors = wanted.get(name)
        if not factors:
            return None
        terms = next((t for t in _operations(sorted(factors)) if _explains(t, name, factors)), None)
        if terms is None:
            return None
        lines[name] = Line(name, terms, None)
    made = Listing(tuple(problem.variables), lines, (), dict(listing.aliases), (), invented=True)
    return _with_outputs(made, problem)


def _with_outputs(made: Listing, problem: Problem) -> Listing | None:
    """The listing with the rows that are the functions; none where it does not compute them."""
    for attempt in range(6):
        there = random_point(made, problem.point, attempt)
        try:
            wanted = function_values(problem, there)
        except NoValue:
            continue
        values = truth(made, there).values
        outputs = [next((n for n, v in reversed(values.items()) if close(v, want)), "") for want in wanted]
        if not all(outputs):
            return None
        made.outputs = tuple(outputs)
        return made
    return None


def _ordered(layout: Layout, listing: Listing) -> list[str]:
    """The numbered variables of the adjoint rows, in the order of their index."""
    found: dict[str, int] = {}
    for entry in layout.entries:
        name = listing.target(entry.name)
        index = name.partition("_")[2]
        if entry.kind.startswith("adjoint") and index.lstrip("-").isdigit():
            found[name] = int(index)
    bases = {name.partition("_")[0] for name in found}
    return sorted(found, key=found.__getitem__) if len(bases) == 1 else []


_Factor = tuple[Terms, str]
"""A formula and the adjoint in it whose factor is meant."""


def _coefficients(layout: Layout, listing: Listing) -> dict[str, dict[str, list[_Factor]]]:
    """For each row the formulas in which its adjoint stands, by the variable that they are the adjoint of."""
    found: dict[str, dict[str, list[_Factor]]] = {}
    for entry in layout.entries:
        if entry.kind != ADJOINT_RULE or entry.reading is None:
            continue
        own = listing.target(entry.name)
        for name in entry.reading.names:
            row = listing.target(name[1:])
            if name.startswith(BAR) and row != own:
                found.setdefault(row, {}).setdefault(own, []).append((entry.reading.terms, name))
    return found


def _operations(operands: Sequence[str]) -> Iterator[Terms]:
    """The simple operations on exactly these operands."""
    if len(operands) == 1:
        u = Name(operands[0], 0)
        yield (u,)
        for head in _FUNCTIONS:
            yield (u, Apply(head, 1, 0))
            yield (u, Apply("neg", 1, 0), Apply(head, 1, 0))
        for digits in (2, 3):
            yield (u, Number(str(digits), digits, 0, 0), Apply("pow", 2, 0))
            yield (Number(str(digits), digits, 0, 0), u, Apply("mul", 2, 0))
            yield (u, Number(str(digits), digits, 0, 0), Apply("div", 2, 0))
        yield (u, u, Apply("mul", 2, 0))
        yield (Number("1", 1, 0, 0), u, Apply("div", 2, 0))
    if len(operands) == 2:
        for a, b in (operands, operands[::-1]):
            for head in ("mul", "add", "sub", "div"):
                yield (Name(a, 0), Name(b, 0), Apply(head, 2, 0))


def _explains(terms: Terms, name: str, factors: Mapping[str, list[_Factor]]) -> bool:
    """Whether the partials of an operation are the factors of its adjoint, at random numbers."""
    chance = random.Random(name)
    with precision(BITS):
        numbers: dict[str, Scalar] = {}
        for written in factors.values():
            for formula, _ in written:
                for used in names_of(formula):
                    number = fmpq(chance.randrange(300, 1400), 1000)
                    numbers.setdefault(used, ZERO if used.startswith(BAR) else number)
        for operand in names_of(terms):
            numbers.setdefault(operand, fmpq(chance.randrange(300, 1400), 1000))
        try:
            value, gradient = swept(terms, numbers)
            numbers[name] = value
            for operand, written in factors.items():
                total = ZERO
                for formula, adjoint in written:
                    total += value_of(formula, numbers | {adjoint: ONE}) - value_of(formula, numbers)
                if not close(total, gradient.get(operand, ZERO)):
                    return False
        except NoValue:
            return False
    return True
