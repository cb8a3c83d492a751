"""The structure behind a table as plain data: what ``to_dict`` returns and ``--format json`` writes.

    expression, mode, digits, rounding
    independents   [{name, variable, value, tangent?, adjoint?}]
    rows           [{variable, elemental, operands, formula, value, tangent?, adjoint?}]
    dependents     [{name, variable, value, tangent?, adjoint?}]
    gradient       {name: value}                                         reverse, both and second
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

Numbers are strings rounded to ``digits`` decimals; variables are ``v_{-1}``, ``v_0``, ``v_1``; formulas and constant
operands are in the language of the input but for those names, and so is an input with which displayed arithmetic
computes if its decimals are another number (1/3).  ``tangent?`` stands in the modes forward, both and second,
``adjoint?`` in reverse, both and second.  With several seeds a tangent is a list, one for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adtrace.elementals import SLOTS
from adtrace.language.syntax import Expression
from adtrace.settings import FIXED, FORWARD, REFUSE
from adtrace.tables.numerals import Numerals
from adtrace.tables.options import Options
from adtrace.tables.parts import spelled as word_of
from adtrace.tables.prose import notes
from adtrace.tracing.quantities import (
    ADJOINT,
    BACKWARDS,
    CONSTANT,
    TANGENTS,
    VALUE,
    Address,
    Quantity,
)
from adtrace.tracing.quantities import REVERSE as ADJOINTS
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Constant, Operand, Row, Variable
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.notation import Text, fill, pattern, spelled


def structure(expression: Expression, evaluations: Sequence[Evaluation], options: Options) -> dict[str, Any]:
    """The document as dictionaries, lists and strings; one evaluation, or one for each output."""
    evaluation = evaluations[0]
    numerals = _numerals(evaluation, options)
    wengert = evaluation.wengert
    offset = -wengert.first
    highest = options.order if FORWARD in options.sweeps else options.order - 1  # a reverse sweep needs those below
    derivatives = [TANGENTS[order] for order in range(1, highest + 1)]
    reverse = options.mode != FORWARD and len(evaluations) == 1
    derivatives += [BACKWARDS[order].adjoint for order in range(1, options.order + 1)] if reverse else []

    for quantity in (VALUE, *derivatives):
        for seed in range(len(evaluation.seeds) if quantity.per_seed else 1):
            numerals.column(quantity, seed)  # all of them at once is quicker

    def number(address: Address) -> str:
        """A number; one of an input as typed, where displayed arithmetic computes with another than its decimals."""
        quantity, place, seed = address
        typed = quantity.typed(evaluation, seed) if evaluation.displayed is not None else ()
        if place < len(typed) and numerals.exact(address) is None:
            return plain(typed[place])
        return numerals.text(address)

    def numbers(place: int) -> dict[str, Any]:
        """All that a variable has a number of: of what there is for each seed a list, if there are several."""
        shown: dict[str, Any] = {}
        for quantity in (VALUE, *derivatives):
            seeds = range(len(evaluation.seeds) if quantity.per_seed else 1)
            each = [number(Address(quantity, place, seed)) for seed in seeds]
            shown[word_of(quantity)] = each[0] if len(each) == 1 else each
        return shown

    def dependent(name: str, operand: Operand) -> dict[str, Any]:
        if type(operand) is Variable:
            return {"name": name, "variable": variable(operand)} | numbers(operand + offset)
        value = numerals.text(Address(CONSTANT, id(operand)))
        nothing = {of.name: numerals.double(0.0) for of in derivatives if of.trace != ADJOINTS}
        return {"name": name, "variable": _operand(operand), "value": value} | nothing

    document: dict[str, Any] = {
        "expression": expression.text,
        "mode": options.mode,
        "digits": options.digits,
        "rounding": options.rounding,
        "independents": [
            {"name": name, "variable": variable(place - offset)} | numbers(place)
            for place, name in enumerate(wengert.independents)
        ],
        "rows": [
            {
                "variable": variable(index),
                "elemental": row.elemental.name,
                "operands": [_operand(operand) for operand in row.operands],
                "formula": _formula(row),
            }
            | numbers(index + offset)
            for index, row in enumerate(wengert.rows, start=1)
        ],
        "dependents": [dependent(*pair) for pair in zip(wengert.dependent_names, wengert.dependents, strict=True)],
    }
    if reverse:
        document |= _gradients(evaluation, numerals, ("gradient", "hessian_vector"), options.order)
        document["contributions"] = _contributions(evaluation, numerals, options.order)
    elif options.mode != FORWARD:
        each = {name: _gradients(one, _numerals(one, options), ("jacobian", "hessian_vectors"), options.order)
                for name, one in zip(wengert.dependent_names, evaluations, strict=True)}  # fmt: skip
        document |= {key: {name: of[key] for name, of in each.items()} for key in next(iter(each.values()))}
    told = (note for one in evaluations for note in notes(one, numerals.undecided, numerals, None, options.mode))
    document["notes"] = list(dict.fromkeys(told))
    return document


def _numerals(evaluation: Evaluation, options: Options) -> Numerals:
    """The numbers with all their decimals."""
    refuse = options.undecided == REFUSE
    return Numerals(evaluation, options.digits, options.rounding, FIXED, refuse, simplify=options.simplify)


def _gradients(evaluation: Evaluation, numerals: Numerals, names: tuple[str, str], order: int) -> dict[str, Any]:
    """The gradient, and from order 2 on its derivative along each seed, under these names."""
    return {
        name: {
            of: _each_seed(evaluation, numerals, quantity, place)
            for place, of in enumerate(evaluation.wengert.independents)
        }
        for name, quantity, _ in zip(names, (ADJOINT, BACKWARDS[2].adjoint), range(order), strict=False)
    }


def _each_seed(evaluation: Evaluation, numerals: Numerals, quantity: Quantity, place: int) -> Any:
    """A number, or where there is one for each of several seeds a list."""
    seeds = range(len(evaluation.seeds) if quantity.per_seed else 1)
    each = [numerals.text(Address(quantity, place, seed)) for seed in seeds]
    return each[0] if len(each) == 1 else each


def _contributions(evaluation: Evaluation, numerals: Numerals, order: int) -> list[dict[str, Any]]:
    quantities: dict[str, Quantity] = {}
    for of in [BACKWARDS[k] for k in range(1, order + 1)]:
        before = word_of(of.adjoint).removesuffix("adjoint")
        quantities |= {f"{before}partial": of.partial, f"{before}increment": of.increment, f"{before}total": of.total}
    for quantity in quantities.values():
        for seed in range(len(evaluation.seeds) if quantity.per_seed else 1):
            numerals.column(quantity, seed)
    spread, first = evaluation.spread, evaluation.wengert.first
    return [
        {"row": variable(row + first), "target": variable(target + first), "slots": [SLOTS[slot] for slot in slots]}
        | {name: _each_seed(evaluation, numerals, quantity, place) for name, quantity in quantities.items()}
        for place, (row, target, slots) in enumerate(zip(spread.rows, spread.targets, spread.slots, strict=True))
    ]


def variable(index: int) -> str:
    """The name of v_i."""
    return PLAIN.subscript("v", index)


def _operand(operand: Operand) -> str:
    return spelled(operand.terms, PLAIN).text if type(operand) is Constant else variable(operand)  # type: ignore[arg-type]


def _formula(row: Row) -> str:
    texts = {
        slot: spelled(operand.terms, PLAIN) if type(operand) is Constant else Text(variable(operand))  # type: ignore[arg-type]
        for slot, operand in zip(SLOTS, row.operands, strict=False)
    }
    return fill(pattern(row.elemental.formula, PLAIN), texts.__getitem__)
