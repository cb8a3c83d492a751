"""The structure behind a table as plain data: what ``to_dict`` returns and ``--format json`` writes.

    expression, mode, numbers?, digits, rounding
    independents   [{name, variable, value, tangent?, adjoint?}]
    rows           [{variable, elemental, operands, formula, value, tangent?, adjoint?}]
    dependents     [{name, variable, value, tangent?, adjoint?}]
    gradient       {name: value}                                         reverse, both and second
    learning_rate  text
    update         {name: value}                                         with a learning rate: after the step
    hessian_vector {name: value}                                         the same, of order 2 and higher
    contributions  [{row, target, slots, partial, increment, total}]     reverse, both and second, in computing order
    jacobian       {output: {name: value}}                               several outputs without weights, in place of
                                                                         gradient, contributions and adjoints
    hessian_vectors {output: {name: value}}                              the same, of order 2 and higher
    notes          [text]
    readings       [text]                                                how the input was read, if it is not plain

``second?``, ``third?`` and ``fourth?`` stand after a tangent where the order is that high: the derivatives along the
seed, k! times the Taylor coefficients.  In the modes reverse, both and second of order k ``second_adjoint?`` and so on
are the derivatives of the adjoint along the seed, of order 1 to k - 1, and contributions have theirs.

Numbers are strings rounded to ``digits`` decimals; with ``numbers="float"`` they are numbers, the nearest doubles, and
with ``numbers="exact"`` so are those that are no fractions, and a fraction is a string that is exact, ``11/2``
(what is past the doubles, undecided, or a formula, is a string in any case).  Variables are ``v_{-1}``, ``v_0``,
``v_1``; formulas and constant operands are in the language of the input but for those names, and so is an input with
which displayed arithmetic computes if its decimals are another number (1/3).  ``tangent?`` stands in the modes forward,
both and second, ``adjoint?`` in reverse, both and second.  With several seeds a tangent is a list, one for each.  An
array is a nested list; beside a variable that is one stands its ``shape``, and contributions of arrays have no partial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

from adtrace.elementals import SLOTS
from adtrace.errors import UndecidedError
from adtrace.language.syntax import Expression
from adtrace.numbers.value import Value
from adtrace.settings import DOUBLES, EXACT, FIXED, FORWARD, REFUSE
from adtrace.tables.cells import Cells
from adtrace.tables.naming import Naming
from adtrace.tables.notes import notes
from adtrace.tables.numerals import Numerals
from adtrace.tables.options import Options
from adtrace.tables.parts import spelled as word_of
from adtrace.tables.resources import checked_folder
from adtrace.tables.styles import style
from adtrace.tracing.quantities import (
    ADJOINT,
    BACKWARDS,
    CONSTANT,
    TANGENTS,
    UPDATED,
    VALUE,
    Address,
    Quantity,
)
from adtrace.tracing.quantities import REVERSE as ADJOINTS
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Constant, Operand, Row, Variable
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.matrices import nested
from adtrace.writing.notation import Text, fill, pattern, spelled


def structure(
    expression: Expression, evaluations: Sequence[Evaluation], options: Options, outputs: Sequence[str]
) -> dict[str, Any]:
    """The document as dictionaries, lists and strings; one evaluation, or one for each of these outputs."""
    evaluation, wengert = evaluations[0], evaluations[0].wengert
    lines = _Lines(evaluation, _numerals(evaluation, options), tuple(_derivatives(len(evaluations), options)))
    _round_at_once(lines.numerals, (VALUE, *lines.derivatives))
    document: dict[str, Any] = {
        "expression": expression.text,
        "mode": options.mode,
        **({"numbers": options.numbers} if options.numbers in (DOUBLES, EXACT) else {}),
        "digits": options.digits,
        "rounding": options.rounding,
        "independents": [lines.independent(*of) for of in enumerate(wengert.independents)],
        "rows": [lines.row(*of) for of in enumerate(wengert.rows, start=1)],
        "dependents": [lines.dependent(*of) for of in zip(wengert.dependent_names, wengert.dependents, strict=True)],
    }
    if options.mode != FORWARD and len(evaluations) == 1:
        document |= _gradients(evaluation, lines.numerals, ("gradient", "hessian_vector"), options.order)
        if evaluation.rate is not None:
            document |= _update(evaluation, options)
        document["contributions"] = _contributions(evaluation, lines.numerals, options.order)
    elif options.mode != FORWARD:
        parts = {name: _gradients(own, _numerals(own, options), ("jacobian", "hessian_vectors"), options.order)
                 for name, own in zip(outputs, evaluations, strict=True)}  # fmt: skip
        document |= {key: {name: part[key] for name, part in parts.items()} for key in next(iter(parts.values()))}
    numerals = lines.numerals
    asked = numerals.undecided, numerals, None, options.mode
    told = (note for own in evaluations for note in notes(own, *asked, order=options.order))
    document["notes"] = list(dict.fromkeys(told))
    return document


def _derivatives(evaluations: int, options: Options) -> Iterator[Quantity]:
    """What a variable has a number of beside its value: tangents, and adjoints where there is one reverse sweep."""
    highest = options.order if FORWARD in options.sweeps else options.order - 1  # a reverse sweep needs those below
    yield from (TANGENTS[order] for order in range(1, highest + 1))
    if options.mode != FORWARD and evaluations == 1:
        yield from (BACKWARDS[order].adjoint for order in range(1, options.order + 1))


class _PlainNumbers(Numerals):
    """The numbers as JSON's own: the nearest doubles; where they are to be exact, fractions as texts, ``1/3``.

    What is past the doubles, not decided, or a formula, is a text.
    """

    __slots__ = ("fractions",)
    fractions: bool

    def texts(self, address: Address) -> Any:
        """The number; of an array nested lists."""
        if self.formulas:
            return super().texts(address)
        value = self.evaluation.value(address)
        return self._plain(value, address) if isinstance(value, Value) else self._nested(value, address)

    def _nested(self, values: Any, address: Address) -> Any:
        entries = [self._plain(value, address._replace(entry=entry)) for entry, value in enumerate(values.flat)]
        return nested(entries, values.shape)

    def _plain(self, value: Value, address: Address) -> float | str:
        if self.fractions and self.evaluation.arithmetic.exact and value.exact is not None:
            return str(value.exact)
        try:
            number = float(value)
        except UndecidedError:
            return self.text(address)
        return number if isfinite(number) else str(value)

    def double(self, number: float) -> Any:
        """A number that no sweep has."""
        return "0" if self.fractions and not number else number


@dataclass(frozen=True)
class _Lines:
    """The variables of an evaluation as dictionaries, with all that each has a number of."""

    evaluation: Evaluation
    numerals: Numerals
    derivatives: tuple[Quantity, ...]

    @property
    def offset(self) -> int:
        """The place of v_0."""
        return -self.evaluation.wengert.first

    @cached_property
    def names(self) -> Mapping[int, str]:
        """Of rows that are arrays, as the statements of a program call them."""
        wengert = self.evaluation.wengert
        assigned = wengert.assigned if wengert.shapes else ()
        return {int(operand): name for name, operand in assigned if isinstance(operand, Variable)}

    def independent(self, place: int, name: str) -> dict[str, Any]:
        """An independent variable."""
        return {"name": name, "variable": variable(place - self.offset)} | self.numbers(place)

    def row(self, index: int, row: Row) -> dict[str, Any]:
        """An intermediate variable, and its operation."""
        name = self.names.get(index)
        operation = {
            **({} if name is None else {"name": name}),
            "variable": variable(index),
            "elemental": row.elemental.name,
            "operands": [operand_text(operand) for operand in row.operands],
            "formula": formula(row),
        }
        return operation | self.numbers(index + self.offset)

    def dependent(self, name: str, operand: Operand) -> dict[str, Any]:
        """A dependent variable: a variable of the list, or a constant, which no derivative reaches."""
        if type(operand) is Variable:
            return {"name": name, "variable": variable(operand)} | self.numbers(operand + self.offset)
        value = self.numerals.texts(Address(CONSTANT, id(operand)))
        nothing = {of.name: self.numerals.double(0.0) for of in self.derivatives if of.trace != ADJOINTS}
        return {"name": name, "variable": operand_text(operand), "value": value} | nothing

    def numbers(self, place: int) -> dict[str, Any]:
        """All that a variable has a number of: of what there is for each seed a list, if there are several."""
        shapes, data = self.evaluation.wengert.shapes, self.evaluation.wengert.data
        shape = {"shape": list(shapes[place])} if shapes and shapes[place] else {}
        return shape | {
            word_of(quantity): _one_or_all([
                self.number(Address(quantity, place, seed)) for seed in self.evaluation.seeds_of(quantity)
            ])
            for quantity in ((VALUE,) if place in data else (VALUE, *self.derivatives))
        }  # fmt: skip

    def number(self, address: Address) -> Any:
        """A number; one of an input as typed, where displayed arithmetic computes with another than its decimals."""
        quantity, place, seed, _ = address
        shown_typed = quantity.typed if self.evaluation.displayed is not None else None
        typed = () if shown_typed is None else shown_typed(self.evaluation, seed)
        arrays = bool(self.evaluation.wengert.shapes)
        rounded = not isinstance(self.numerals, _PlainNumbers)
        if rounded and place < len(typed) and not arrays and self.numerals.exact(address) is None:
            return plain(typed[place])
        return self.numerals.texts(address)


def _one_or_all(numbers: list[Any]) -> Any:
    return numbers[0] if len(numbers) == 1 else numbers


def _numerals(evaluation: Evaluation, options: Options) -> Numerals:
    """The numbers with all their decimals."""
    kind = _PlainNumbers if options.numbers in (DOUBLES, EXACT) else Numerals
    refuse = options.undecided == REFUSE
    numerals = kind(evaluation, options.digits, options.rounding, FIXED, refuse, simplify=options.simplify)
    if isinstance(numerals, _PlainNumbers):
        numerals.fractions = options.numbers == EXACT
    return numerals


def _round_at_once(numerals: Numerals, quantities: Iterable[Quantity]) -> None:
    """Round all numbers of these quantities, which is quicker than one by one, if they are rounded at all."""
    for quantity in quantities if not isinstance(numerals, _PlainNumbers) else ():
        for seed in numerals.evaluation.seeds_of(quantity):
            numerals.column(quantity, seed)


def _gradients(evaluation: Evaluation, numerals: Numerals, names: tuple[str, str], order: int) -> dict[str, Any]:
    """The gradient, and from order 2 on its derivative along each seed, under these names."""
    return {
        name: {
            of: _each_seed(evaluation, numerals, quantity, place)
            for place, of in enumerate(evaluation.wengert.independents)
            if place not in evaluation.wengert.data
        }
        for name, quantity, _ in zip(names, (ADJOINT, BACKWARDS[2].adjoint), range(order), strict=False)
    }


def _update(evaluation: Evaluation, options: Options) -> dict[str, Any]:
    """The variables after a step of gradient descent."""
    from adtrace.tables.updates import new_values, varying  # noqa: PLC0415

    numerals = _numerals(evaluation, options)
    naming = Naming(evaluation, PLAIN, style(options.style, checked_folder(options.template_dir)))
    cells = Cells(naming, numerals)
    names = evaluation.wengert.independents
    plain_numbers = isinstance(numerals, _PlainNumbers)
    step = {
        names[place]: numerals.texts(Address(UPDATED, place)) if plain_numbers else new_values(cells, place)
        for place in varying(cells)
    }
    return {"learning_rate": plain(evaluation.rate or ()), "update": step}


def _each_seed(evaluation: Evaluation, numerals: Numerals, quantity: Quantity, place: int) -> Any:
    """A number, or where there is one for each of several seeds a list."""
    return _one_or_all([numerals.texts(Address(quantity, place, seed)) for seed in evaluation.seeds_of(quantity)])


def _contributions(evaluation: Evaluation, numerals: Numerals, order: int) -> list[dict[str, Any]]:
    quantities: dict[str, Quantity] = {}
    for of in [BACKWARDS[k] for k in range(1, order + 1)]:
        before = word_of(of.adjoint).removesuffix("adjoint")
        quantities |= {f"{before}partial": of.partial, f"{before}increment": of.increment, f"{before}total": of.total}
    if evaluation.wengert.shapes:  # the partial of an array by another is a map, which has no number
        quantities = {name: of for name, of in quantities.items() if not name.endswith("partial")}
    _round_at_once(numerals, quantities.values())
    spread, first = evaluation.spread, evaluation.wengert.first
    return [
        {"row": variable(row + first), "target": variable(target + first), "slots": [SLOTS[slot] for slot in slots]}
        | {name: _each_seed(evaluation, numerals, quantity, place) for name, quantity in quantities.items()}
        for place, (row, target, slots) in enumerate(zip(spread.rows, spread.targets, spread.slots, strict=True))
    ]


def variable(index: int) -> str:
    """The name of v_i."""
    return PLAIN.subscript("v", index)


def operand_text(operand: Operand) -> str:
    """An operand: the name of a variable, or a constant in the language."""
    return spelled(operand.terms, PLAIN).text if type(operand) is Constant else variable(operand)  # type: ignore[arg-type]


def formula(row: Row) -> str:
    """The operation of a row in the language."""
    texts = {
        slot: spelled(operand.terms, PLAIN) if type(operand) is Constant else Text(variable(operand))  # type: ignore[arg-type]
        for slot, operand in zip(SLOTS, row.operands, strict=False)
    }
    return fill(pattern(row.elemental.formula, PLAIN), texts.__getitem__)
