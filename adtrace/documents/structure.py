"""The structure behind a table as plain data: what ``to_dict`` returns and ``--format json`` writes.

    expression, mode, digits, rounding
    independents   [{name, variable, value, tangent?, adjoint?}]
    rows           [{variable, elemental, operands, formula, value, tangent?, adjoint?}]
    dependents     [{name, variable, value, tangent?, adjoint?}]
    gradient       {name: value}                                         reverse and both
    contributions  [{row, target, slots, partial, increment, total}]     reverse and both, in computing order
    jacobian       {output: {name: value}}                               several outputs without weights, in place of
                                                                         gradient, contributions and adjoints
    notes          [text]
    readings       [text]                                                how the input was read, if it is not plain

Numbers are strings rounded to ``digits`` decimals; variables are ``v_{-1}``, ``v_0``, ``v_1``; formulas and constant
operands are in the language of the input but for those names, and so is an input with which displayed arithmetic
computes if its decimals are another number (1/3).  ``tangent?`` stands in the
modes forward and both, ``adjoint?`` in reverse and both.  With several seeds a tangent is a list, one for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adtrace.elementals import SLOTS
from adtrace.language.syntax import Expression, Terms
from adtrace.numbers import Scalar
from adtrace.settings import FORWARD, REFUSE, REVERSE
from adtrace.tables.numerals import Numerals
from adtrace.tables.options import Options
from adtrace.tables.prose import notes
from adtrace.tracing.sweeps import Contribution, Evaluation
from adtrace.tracing.wengert import Constant, Operand, Row, Variable
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.notation import Text, fill, pattern, spelled


def structure(expression: Expression, evaluations: Sequence[Evaluation], options: Options) -> dict[str, Any]:
    """The document as dictionaries, lists and strings; one evaluation, or one for each output."""
    evaluation = evaluations[0]
    numerals = Numerals(evaluation, options.digits, options.rounding, refuse=options.undecided == REFUSE)
    wengert, sweep = evaluation.wengert, evaluation.first()
    offset = -wengert.first
    forward, reverse = options.mode != REVERSE, options.mode != FORWARD and len(evaluations) == 1

    def typed(given: Sequence[Terms], scalar: Scalar, place: int) -> str | None:
        """A number of an input as typed, where displayed arithmetic computes with another one than its decimals."""
        if evaluation.displayed is None or place >= len(given) or numerals.exact(scalar) is not None:
            return None
        return plain(given[place])

    def number(kind: str, place: int) -> str:
        if kind == "values" and (own := typed(evaluation.point, sweep.values[place], place)) is not None:
            return own
        return numerals.fixed(getattr(sweep, kind)[place], lambda again: getattr(again, kind)[place])

    def tangent(place: int) -> str | list[str]:
        each = [
            typed(evaluation.seeds[k], tangents[place], place)
            or numerals.fixed(tangents[place], lambda again, k=k: again.tangents[k][place])  # type: ignore[misc]
            for k, tangents in enumerate(sweep.tangents)
        ]
        return each[0] if len(each) == 1 else each

    def derivatives(place: int) -> dict[str, Any]:
        found: dict[str, Any] = {"tangent": tangent(place)} if forward else {}
        return found | ({"adjoint": number("adjoints", place)} if reverse else {})

    def dependent(name: str, operand: Operand) -> dict[str, Any]:
        if type(operand) is Variable:
            place = operand + offset
            shown: dict[str, Any] = {"name": name, "variable": variable(operand), "value": number("values", place)}
            return shown | derivatives(place)
        key = id(operand)
        value = numerals.fixed(sweep.constants[key], lambda again: again.constants[key])
        return {"name": name, "variable": _operand(operand), "value": value} | (
            {"tangent": numerals.fixed(evaluation.arithmetic.zero, lambda again: evaluation.arithmetic.zero)}
            if forward
            else {}
        )

    document: dict[str, Any] = {
        "expression": expression.text,
        "mode": options.mode,
        "digits": options.digits,
        "rounding": options.rounding,
        "independents": [
            {"name": name, "variable": variable(place - offset), "value": number("values", place)} | derivatives(place)
            for place, name in enumerate(wengert.independents)
        ],
        "rows": [
            {
                "variable": variable(index),
                "elemental": row.elemental.name,
                "operands": [_operand(operand) for operand in row.operands],
                "formula": _formula(row),
                "value": number("values", index + offset),
            }
            | derivatives(index + offset)
            for index, row in enumerate(wengert.rows, start=1)
        ],
        "dependents": [dependent(*pair) for pair in zip(wengert.dependent_names, wengert.dependents, strict=True)],
    }
    if reverse:
        document["gradient"] = {name: number("adjoints", place) for place, name in enumerate(wengert.independents)}
        document["contributions"] = _contributions(evaluation, numerals)
    elif options.mode != FORWARD:
        document["jacobian"] = {
            name: _gradient(one, options) for name, one in zip(wengert.dependent_names, evaluations, strict=True)
        }
    told = (note for one in evaluations for note in notes(one, numerals.undecided, numerals, None, options.mode))
    document["notes"] = list(dict.fromkeys(told))
    return document


def _gradient(evaluation: Evaluation, options: Options) -> dict[str, str]:
    numerals = Numerals(evaluation, options.digits, options.rounding, refuse=options.undecided == REFUSE)
    adjoints = evaluation.first().adjoints
    return {
        name: numerals.fixed(adjoints[place], lambda again, place=place: again.adjoints[place])  # type: ignore[misc]
        for place, name in enumerate(evaluation.wengert.independents)
    }


def _contributions(evaluation: Evaluation, numerals: Numerals) -> list[dict[str, Any]]:
    def numbers(place: int, made: Contribution) -> dict[str, str]:
        return {
            "partial": numerals.fixed(made.partial, lambda sweep: sweep.contributions[place].partial),
            "increment": numerals.fixed(made.increment, lambda sweep: sweep.contributions[place].increment),
            "total": numerals.fixed(made.total, lambda sweep: sweep.contributions[place].total),
        }

    return [
        {"row": variable(made.row), "target": variable(made.target), "slots": [SLOTS[slot] for slot in made.slots]}
        | numbers(place, made)
        for place, made in enumerate(evaluation.first().contributions)
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
