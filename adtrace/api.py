"""The library's front door: ``trace(expression, at=...)`` and the `Trace` that it returns."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adtrace.document import structure
from adtrace.elementals import FUNCTIONS
from adtrace.errors import BindingError, OptionError
from adtrace.limits import DEFAULT, Limits
from adtrace.lower import POWERS, ROWS, lower
from adtrace.numbers import Arithmetic
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.value import Value
from adtrace.options import options
from adtrace.parse import parse
from adtrace.point import Number, bind_point, constant
from adtrace.sweeps import Evaluation
from adtrace.syntax import Expression, Name, Terms
from adtrace.tables import tabulate
from adtrace.wengert import WengertList

AUTO = "auto"
ARITHMETICS = {CERTIFIED.name: CERTIFIED, FLOATS.name: FLOATS}


@dataclass(frozen=True, slots=True)
class Trace:
    """A function evaluated and differentiated at a point, row by row."""

    expression: Expression
    evaluation: Evaluation

    @property
    def wengert(self) -> WengertList:
        """The function as a Wengert list."""
        return self.evaluation.wengert

    @property
    def value(self) -> Value:
        """The value of the dependent variable."""
        operand = self.wengert.dependents[0]
        if isinstance(operand, int):
            return self.evaluation.value(lambda sweep: sweep.values[operand - self.wengert.first])
        return self.evaluation.value(lambda sweep: sweep.constants[id(operand)])

    @property
    def gradient(self) -> dict[str, Value]:
        """The partial derivative by each independent variable, from the reverse sweep."""
        return {
            name: self.evaluation.value(lambda sweep, place=place: sweep.adjoints[place])  # type: ignore[misc]
            for place, name in enumerate(self.wengert.independents)
        }

    @property
    def tangent(self) -> Value:
        """The derivative in the direction of the seed, from the forward sweep."""
        operand, zero = self.wengert.dependents[0], self.evaluation.arithmetic.zero
        if isinstance(operand, int):
            return self.evaluation.value(lambda sweep: sweep.tangents[operand - self.wengert.first])
        return self.evaluation.value(lambda sweep: zero)

    def table(self, **given: Any) -> str:
        """The table as text; the keyword arguments are those of `Options`.

        Raises `OptionError`, `TemplateError`, and `UndecidedError` if ``undecided="refuse"``.
        """
        chosen = options(given)
        if chosen.format == "json":
            return json.dumps(structure(self.expression, self.evaluation, chosen), indent=2, ensure_ascii=False) + "\n"
        from adtrace.page import page  # noqa: PLC0415
        from adtrace.render import render  # noqa: PLC0415 - Jinja is imported when a template is needed

        tables = tabulate(self.expression, self.evaluation, chosen)
        if chosen.format == "html" and chosen.standalone:
            return render(tables, chosen, page(self.expression, self.evaluation, chosen, tables))
        return render(tables, chosen)

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The structure that `document` describes, as plain data."""
        return structure(self.expression, self.evaluation, options({"format": "json"} | given))


def trace(
    expression: str,
    at: Mapping[str, Number],
    *,
    seed: str | Mapping[str, Number] | None = None,
    sharing: bool = True,
    powers: str = ROWS,
    arithmetic: str = AUTO,
    limits: Limits = DEFAULT,
) -> Trace:
    """Trace an expression at a point.

    ``at`` gives each independent variable a number (see `point`); its order is theirs unless the expression has a left
    side, ``f(x1, x2) = ...``.  ``seed`` is the tangent of the independent variables: the name of one, or a number for
    each (0 where none is given); the first variable by default.  Identical sub-expressions share a row unless
    ``sharing`` is False; ``powers="products"`` writes ``x^2`` as ``x*x``.  ``arithmetic`` is "certified",
    "float", or "auto": certified up to ``limits.certified_rows`` rows.

    Raises `ParseError`, `BindingError`, `BoundError`, `OptionError`; `DomainError` and `UndecidedError` from the
    mathematics.
    """
    if not isinstance(expression, str):
        raise OptionError(f"an expression is text, not {type(expression).__name__}")
    if powers not in POWERS:
        raise OptionError(f"powers is {' or '.join(POWERS)}, not {powers!r}")
    if not isinstance(at, Mapping):
        raise BindingError("the point is a mapping of names to numbers, such as {'x1': 2, 'x2': 5}")
    read = parse(expression, FUNCTIONS, declared=frozenset(at), limits=limits)
    used = list(dict.fromkeys(term.name for term in read.terms if type(term) is Name))
    point = bind_point(at, read.parameters, used, limits)
    names = tuple(point)
    wengert = lower(read, names, dependent=_dependent(read, names), sharing=sharing, powers=powers, limits=limits)
    evaluation = Evaluation(
        wengert,
        tuple(point.values()),
        _seed(seed, names, limits),
        (constant(1, "the weight"),),
        _arithmetic(arithmetic, len(wengert.rows), limits),
        limits,
    )
    evaluation.first()
    return Trace(read, evaluation)


def _dependent(read: Expression, names: tuple[str, ...]) -> str:
    """The name of the dependent variable: the left side's, else y, else the function's, else the first that is free."""
    choices = [read.dependent, "y", read.function, "f", "z", "w"]
    free = [name for name in choices if name and name not in names]
    return free[0] if free else next(f"y_{k}" for k in range(1, len(names) + 2) if f"y_{k}" not in names)


def _seed(given: str | Mapping[str, Number] | None, names: tuple[str, ...], limits: Limits) -> tuple[Terms, ...]:
    """The tangents of the independent variables."""
    chosen: Mapping[str, Number] = {names[0]: 1} if given is None else {given: 1} if isinstance(given, str) else given
    unknown = [name for name in chosen if name not in names]
    if unknown:
        raise BindingError(f"the seed names {', '.join(map(str, unknown))}; the variables are {', '.join(names)}")
    return tuple(constant(chosen.get(name, 0), f"the seed of {name}", limits) for name in names)


def _arithmetic(name: str, rows: int, limits: Limits) -> Arithmetic:
    if name == AUTO:
        return CERTIFIED if rows <= limits.certified_rows else FLOATS
    if name not in ARITHMETICS:
        raise OptionError(f"arithmetic is {AUTO}, {' or '.join(ARITHMETICS)}, not {name!r}")
    return ARITHMETICS[name]
