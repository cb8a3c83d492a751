"""A function evaluated and differentiated at a point: `Traced`, which answers with numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from math import prod
from typing import TYPE_CHECKING, Any, Self

from adtrace.arrays.elemental import said
from adtrace.arrays.table import terms_shape
from adtrace.collector import uncollected
from adtrace.errors import OptionError
from adtrace.language.syntax import Terms
from adtrace.limits import Limits
from adtrace.numbers.value import Value, named_values
from adtrace.settings import AUTO, OPERATIONS
from adtrace.tracing.branching import require_same_branches
from adtrace.tracing.letters import EVERY, arithmetic_of, is_number, require_numbers, require_rules
from adtrace.tracing.point import Number, bind_point, named, read_point
from adtrace.tracing.point_arrays import require_shapes
from adtrace.tracing.quantities import ADJOINT, TANGENT, UPDATED, VALUE, Address, Quantity
from adtrace.tracing.reading import language
from adtrace.tracing.seeds import Seed, Variables, entry_units, rate_of, seeds_of, unit
from adtrace.tracing.sweeps import Adjoints, Evaluation, Output, Pick, nothing
from adtrace.tracing.to_sympy import Formula
from adtrace.tracing.wengert import Variable, WengertList
from adtrace.writing.dialects import plain

if TYPE_CHECKING:
    from adtrace.tracing.straight_line import Cost

_SHOWN, _SHOWN_NAMES = 60, 6
"""Characters of a function, and variables, in the line that stands for a trace."""


@dataclass(frozen=True, slots=True, repr=False)
class Traced:
    """A function evaluated and differentiated at a point, row by row."""

    expression: Formula
    evaluation: Evaluation
    chosen_seed: bool = False
    """Whether the caller gave a seed; else a style may have its own."""
    chosen_weights: bool = False
    """Whether the caller weighted the outputs; else each has a reverse sweep of its own."""
    each_entry: bool = False
    """Whether each entry of the outputs has a reverse sweep of its own."""
    displayed: bool = False
    """Whether tables are computed from the rounded numbers that they show."""
    readings: tuple[str, ...] = ()
    """How the text and its point were read, where they are not in the plain language: ``read as 2*x + sin(x)``."""
    kind_of_rows: str = OPERATIONS
    """What a row of a table is: see `settings.KINDS_OF_ROWS`."""
    decimal: str | None = None
    """Whether its tables have a decimal point or comma: what it was read with, if that was said."""

    def __repr__(self) -> str:
        """``<Trace of x*y at x=1, y=2: f = 2>``, in one line however long the function is."""
        text = " ".join(self.expression.text.split())
        text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        named = zip(self.wengert.independents, self.evaluation.point, strict=True)
        point = ", ".join(
            name if plain(terms) == name else f"{name}={plain(terms)}" for name, terms in islice(named, _SHOWN_NAMES)
        )
        more = ", ..." if len(self.wengert.independents) > _SHOWN_NAMES else ""
        results = (f"{name} = {value}" for name, value in islice(self.values.items(), _SHOWN_NAMES))
        return f"<Trace of {text} at {point}{more}: {', '.join(results)}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    @property
    def wengert(self) -> WengertList:
        """The function as a Wengert list."""
        return self.evaluation.wengert

    @property
    def value(self) -> Value:
        """The value of the dependent variable; with several, see `values`."""
        return self._only(self.values, "values")

    @property
    def values(self) -> dict[str, Value]:
        """The value of each dependent variable."""
        return {name: self._dependent(place, VALUE) for place, name in self._dependents()}

    @property
    def has_several_sweeps(self) -> bool:
        """Whether there is a reverse sweep for each output, or for each entry."""
        return self.sweeps > 1

    @property
    def sweeps(self) -> int:
        """The number of reverse sweeps: one for each output without weights, or for each entry."""
        if self.each_entry:
            return sum(map(prod, self.wengert.dependent_shapes)) or len(self.wengert.dependents)
        return 1 if self.chosen_weights else len(self.wengert.dependents)

    @property
    def gradient(self) -> dict[str, Value]:
        """The partial derivative by each independent variable, from the reverse sweep: of the dependent variable, or of
        the weighted sum of several; without weights, see `jacobian`.
        """
        if self.has_several_sweeps:
            raise OptionError("there are several outputs: give them weights, or read trace.jacobian")
        return _adjoints(self.evaluation)

    def updated(self, rate: Number) -> dict[str, Value]:
        """Each independent variable after a step of gradient descent, w - rate dL/dw, from the exact numbers.

        Raises `OptionError` where there is no single number to descend from, and for a rate with letters where the
        values are numbers; `BindingError` for what is no rate.
        """
        evaluation = self.stepping(rate)
        assert evaluation.rate is not None
        if not (self.evaluation.arithmetic.formulas or is_number(evaluation.rate)):
            raise OptionError(f"the new values are numbers, and so is the learning rate, not {rate!r}")
        varying = (place for place in range(len(self.wengert.independents)) if place not in self.wengert.data)
        return {self.wengert.independents[place]: evaluation.value(Address(UPDATED, place)) for place in varying}

    def stepping(self, rate: Number) -> Evaluation:
        """The evaluation with a step of gradient descent; raises as `updated`."""
        if not self.chosen_weights:
            if len(self.wengert.dependents) > 1:
                names = ", ".join(self.wengert.dependent_names)
                raise OptionError(f"a learning rate is for one output; of {names} choose one, or give weights")
            if any(self.wengert.dependent_shapes):
                name, shape = self.wengert.dependent_names[0], self.wengert.dependent_shapes[0]
                raise OptionError(f"a learning rate is for an output that is a number, and {name} is {said(shape)}: "
                                  "sum it, or give weights")  # fmt: skip
        return self.evaluation.stepping(rate_of(rate, inputs_of(self.wengert, self.limits, EVERY)))

    @property
    def jacobian(self) -> dict[str, dict[str, Value]]:
        """For each dependent variable its partial derivatives, from a reverse sweep for each."""
        evaluations = replace(self, each_entry=False).each_output()
        if not any(self.wengert.dependent_shapes):
            return {name: _adjoints(evaluations[place]) for place, name in self._dependents()}
        outputs = outputs_of(self.wengert, self.limits)
        return {
            name: _stacked(
                [_adjoints(self.evaluation.weighted(weights, place)) for weights in entry_units(place, outputs)],
                outputs.shape(place),
            )
            for place, name in self._dependents()
        }

    @property
    def tangent(self) -> Value:
        """The derivative in the direction of the (first) seed, from the forward sweep; with several outputs, see
        `tangents`.
        """
        return self._only(self.tangents[0], "tangents")

    @property
    def tangents(self) -> list[dict[str, Value]]:
        """For each seed the tangent of each dependent variable."""
        return [
            {name: self._dependent(place, TANGENT, k) for place, name in self._dependents()}
            for k in range(len(self.evaluation.seeds))
        ]

    def taylor(self, order: int, seed: Seed | None = None) -> dict[str, list[Value]]:
        """For each dependent variable its Taylor coefficients of order 0 to ``order`` along a seed (the trace's first
        by default): y(x + t s) = c_0 + c_1 t + c_2 t^2 + ...; the derivative of order k along s is k! c_k.

        Raises `OptionError` for an order that is none, `DomainError` where a derivative does not exist.
        """
        from adtrace.tracing.higher import coefficients  # noqa: PLC0415

        rows = coefficients(self.evaluation, self._direction(seed), order)
        return dict(zip(self.wengert.dependent_names, rows, strict=True))

    def hessian_vector(self, seed: Seed | None = None) -> dict[str, Value]:
        """The product of the Hessian with a seed (the trace's first by default), an entry for each variable.

        With several outputs it is that of their weighted sum; without weights, see `hessian`.  Raises `DomainError`
        where a second derivative does not exist.
        """
        if len(self.wengert.dependents) > 1 and not self.chosen_weights:
            raise OptionError("there are several outputs: give them weights, or read trace.hessian")
        return self._hessian_vector(self.evaluation, self._direction(seed))

    @property
    def hessian(self) -> dict[str, Any]:
        """The second derivatives: ``trace.hessian["x1"]["x2"]``; of several outputs by output first."""
        if len(self.wengert.dependents) > 1 and not self.chosen_weights:
            evaluations = self.each_output()
            return {name: self._hessian(evaluations[place]) for place, name in self._dependents()}
        return self._hessian(self.evaluation)

    def _hessian(self, evaluation: Evaluation) -> dict[str, dict[str, Value]]:
        inputs = self.independents
        return {
            name: _stacked([self._hessian_vector(evaluation, seed) for seed in entry_units(place, inputs)],
                           inputs.shape(place))
            for place, name in enumerate(inputs.names) if place not in inputs.data
        }  # fmt: skip

    def _hessian_vector(self, evaluation: Evaluation, direction: tuple[Terms, ...]) -> dict[str, Value]:
        from adtrace.tracing.higher import hessian_vector  # noqa: PLC0415

        products = hessian_vector(evaluation, direction)
        named = enumerate(zip(self.wengert.independents, products, strict=True))
        return {name: product for place, (name, product) in named if place not in self.wengert.data}

    def _direction(self, seed: Seed | None) -> tuple[Terms, ...]:
        """The direction that a seed is; the first of the trace by default."""
        return self.evaluation.seeds[0] if seed is None else seeds_of(seed, self.independents)[0]

    @property
    def independents(self) -> Variables:
        """The independent variables, as seeds have numbers for them."""
        return inputs_of(self.wengert, self.limits)

    @property
    def outputs(self) -> Variables:
        """The dependent variables, as weights have numbers for them."""
        return outputs_of(self.wengert, self.limits)

    @property
    def limits(self) -> Limits:
        """The bounds of the trace."""
        return self.evaluation.limits

    def at(self, point: Any) -> Self:
        """The same function at another point; nothing is read or lowered again.

        ``point`` has a number for each independent variable: a mapping, ``{"x1": 2}``, a list in their order, a series
        of pandas.  Raises `BindingError` for a variable without a number, and `DomainError` where a recorded function
        would take another branch.
        """
        require_rules(self.wengert)
        names = self.wengert.independents
        typed, _ = read_point(named(point, lambda: names), language(limits=self.evaluation.limits))
        values = bind_point(typed, names, list(names), self.evaluation.limits)
        if self.wengert.shapes:
            require_shapes(names, self.wengert.shapes[: len(names)], [terms_shape(values[name]) for name in names])
        evaluated = replace(self.evaluation.evaluated, point=tuple(values[name] for name in names))
        if evaluated.arithmetic.formulas:
            numbers = arithmetic_of(AUTO, self.wengert.operations, self.limits)
            if self.wengert.shapes:
                from adtrace.tracing.arrays import arrays  # noqa: PLC0415 - numpy is imported where there are arrays

                numbers = arrays(numbers)
            evaluated = replace(evaluated, arithmetic=numbers)
            require_numbers(self.evaluation.seeds, self.evaluation.weights)
        evaluation = replace(self.evaluation, evaluated=evaluated)
        evaluation.first()
        evaluation.require_derivatives()
        if self.wengert.branches:
            require_same_branches(evaluation)
        return replace(self, evaluation=evaluation)

    def function(self) -> Callable[..., Any]:
        """The function as compiled straight-line code in double precision: ``value, gradient`` of any point, or of
        an array of points; see `straight_line.compiled`.  Where there are arrays it is called with these, one point at
        a time; see `array_function.swept`.
        """
        from adtrace.tracing.straight_line import compiled  # noqa: PLC0415 - only who asks often pays for it

        require_rules(self.wengert)
        if self.wengert.shapes:
            from adtrace.tracing.array_function import swept  # noqa: PLC0415 - numpy is imported where it is met

            return swept(self.evaluation)
        return compiled(self.evaluation)

    def cost(self) -> Cost:
        """The operations of the function and of its reverse sweep, counted; prints as a sentence."""
        from adtrace.tracing.straight_line import cost  # noqa: PLC0415

        return cost(self.wengert)

    def each_output(self, sweeps: int | None = None) -> list[Evaluation]:
        """A reverse sweep for each dependent variable, with ``weights="each"`` for each entry, or for so many of them;
        they share the evaluation trace.
        """
        count = len(self.wengert.dependents)
        if self.each_entry:
            outputs = outputs_of(self.wengert, self.limits)
            units = ((weights, place) for place in range(count) for weights in entry_units(place, outputs))
            return [self.evaluation.weighted(weights, place) for weights, place in islice(units, sweeps)]
        places = range(count if sweeps is None else sweeps)
        return [self.evaluation.weighted(unit(place, count), place) for place in places]

    def _dependents(self) -> list[tuple[int, str]]:
        return list(enumerate(self.wengert.dependent_names))

    def _dependent(self, place: int, quantity: Quantity, seed: int = 0) -> Value:
        """A number of a dependent variable; a constant one has its own value, and the tangent zero."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self.evaluation.value(Address(quantity, operand - self.wengert.first, seed))
        pick: Pick = Output(place) if quantity is VALUE else nothing
        return self.evaluation.number(pick)

    def _only(self, values: dict[str, Value], where: str) -> Value:
        if len(values) > 1:
            raise OptionError(f"there are several outputs: read trace.{where}")
        return next(iter(values.values()))


def inputs_of(wengert: WengertList, limits: Limits, letters: frozenset[str] = frozenset()) -> Variables:
    """The independent variables, as seeds have numbers for them; ``letters`` may stand in these."""
    n = len(wengert.independents)
    return Variables(wengert.independents, wengert.shapes[:n], wengert.data, "seed", limits, letters)


def outputs_of(wengert: WengertList, limits: Limits, letters: frozenset[str] = frozenset()) -> Variables:
    """The dependent variables, as weights have numbers for them."""
    return Variables(wengert.dependent_names, wengert.dependent_shapes, what="weight", limits=limits, letters=letters)


def _stacked(parts: list[dict[str, Any]], shape: tuple[int, ...]) -> dict[str, Any]:
    """The same numbers for each entry of an array, put together along its axes."""
    if not shape:
        return parts[0]
    from adtrace.tracing.array_value import stacked  # noqa: PLC0415 - numpy is imported where there are arrays

    return {name: stacked([part[name] for part in parts], shape) for name in parts[0]}


def _adjoints(evaluation: Evaluation) -> dict[str, Value]:
    names = evaluation.wengert.independents
    if evaluation.wengert.shapes or evaluation.wengert.data:
        varying = (place for place in range(len(names)) if place not in evaluation.wengert.data)
        return {names[place]: evaluation.value(Address(ADJOINT, place)) for place in varying}
    if evaluation.arithmetic.formulas:
        return {name: evaluation.value(Address(ADJOINT, place)) for place, name in enumerate(names)}
    with uncollected():
        return named_values(names, evaluation.first().adjoints, Adjoints(evaluation), evaluation.limits)
