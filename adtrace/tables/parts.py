"""The parts of a row by the words of a style: each is a form of a quantity.

A form is the name, the formula, the formula written out or with numbers put in, or the number.

    tangent_numbers ::= (TANGENT, numbers)          form ::= name | formula | written | numbers | number
"""

from __future__ import annotations

from typing import NamedTuple

from adtrace.tracing.quantities import (
    ADJOINT,
    BACKWARD_COEFFICIENTS,
    BACKWARDS,
    COEFFICIENTS,
    PARTIALS,
    REVERSE,
    STEP,
    SWEPT,
    TANGENT,
    TANGENTS,
    VALUE,
    Backwards,
    Quantity,
)

NAME, FORMULA, WRITTEN, NUMBERS, NUMBER = "name", "formula", "written", "numbers", "number"
"""The name; what it is computed from; the same with the partials written out (of an adjoint, where the formula has them
as quotients) and with numbers put in; the number."""


class Part(NamedTuple):
    """A form of a quantity."""

    quantity: Quantity
    form: str

    @property
    def per_seed(self) -> bool:
        """Whether it holds a number for each seed."""
        return self.quantity.per_seed and self.form in (NUMBERS, NUMBER)


def _forwards(of: Quantity, word: str) -> dict[str, Part]:
    """The parts of a quantity in a sweep forward, by its word: tangent, second, ..."""
    return {word: Part(of, FORMULA), f"{word}_numbers": Part(of, NUMBERS), f"{word}_value": Part(of, NUMBER)}


def _backwards(marks: str, of: Backwards) -> dict[str, Part]:
    """The parts of a reverse sweep: adjoint, second_adjoint, ..."""
    forms = {"": FORMULA, "_written": WRITTEN, "_numbers": NUMBERS, "_value": NUMBER}
    parts = {f"{marks}bv": Part(of.adjoint, NAME), f"{marks}bx": Part(of.gradient, NAME)}
    parts |= {spelled(of.adjoint) + ending: Part(of.adjoint, form) for ending, form in forms.items()}
    del forms["_value"]
    return parts | {spelled(of.increment) + ending: Part(of.increment, form) for ending, form in forms.items()}


def spelled(quantity: Quantity) -> str:
    """The name of a quantity as one word: ``second_adjoint``."""
    return quantity.name.replace(" ", "_")


PARTS = {
    "v": Part(VALUE, NAME), "operation": Part(VALUE, FORMULA), "numbers": Part(VALUE, NUMBERS),
    "value": Part(VALUE, NUMBER), "step": Part(STEP, NUMBER),
    **{f"{partial.name}{ending}": Part(partial, form)
       for partial in PARTIALS for ending, form in (("", FORMULA), ("_value", NUMBER))},
    **{word: part for of in SWEPT if of is not VALUE for word, part in _forwards(of, spelled(of)).items()},
    **{f"{'d' * order}v": Part(of, NAME) for order, of in TANGENTS.items()},
    **{word: part for order, of in BACKWARDS.items() for word, part in _backwards("d" * (order - 1), of).items()},
    **{f"{'c' * order}v": Part(of, NAME) for order, of in COEFFICIENTS.items() if order > 1},
    **{word: part for order, of in BACKWARD_COEFFICIENTS.items() if order > 2
       for word, part in _backwards("c" * (order - 1), of).items()},
}  # fmt: skip
"""The parts of a cell:

v, operation, numbers, value          the variable, its formula, the formula with numbers put in, its value
step                                  the number of the line
partial_1, partial_2, ..._value       the local partials by the operands
dv, tangent, tangent_numbers, ..      the same for the tangent; a numbers or value column for each seed
ddv, second, second_numbers, ..       the same for the second derivative along the seed, and third, fourth
bv, adjoint, adjoint_written, ..      the same for the adjoint: with the partials as quotients, and written out
bx                                    the adjoint of the independent variable, beside its bv
increment, increment_written, ..      what one contribution adds
dbv, second_adjoint, ..               the same for the derivative of the adjoint along the seed, and third, fourth
dbx, second_increment, ..             and what one contribution adds to it
ccv, second_coefficient, ..           the Taylor coefficients of the same orders, and third_adjoint_coefficient
"""
OF_CONTRIBUTIONS = ("step", *(word for word, part in PARTS.items() if part.quantity.trace == REVERSE))
"""The parts of a line for each contribution."""

_COLUMNS = {FORMULA: "formula", WRITTEN: "partial", NUMBERS: "numbers", NUMBER: "value"}
SHORTHAND = {
    quantity.trace: {_COLUMNS[form]: word for word, (of, form) in PARTS.items() if of is quantity and form in _COLUMNS}
    for quantity in (VALUE, TANGENT, ADJOINT)
}
"""For each trace the parts of its rows by the words of the option ``columns``."""


def word(quantity: Quantity, form: str) -> str:
    """The word for a form of a quantity."""
    return next(word for word, part in PARTS.items() if part == (quantity, form))


def titled(part: Part) -> str:
    """What stands over a column of data: ``variable``, ``formula``, ``numbers``, ``value``; of the others ``tangent``,
    ``tangent formula``, ``tangent numbers``, ``tangent value``.
    """
    if part.quantity is VALUE:
        return "variable" if part.form == NAME else "value" if part.form == NUMBER else part.form
    if part.quantity is STEP:
        return part.quantity.name
    form = {NAME: "", NUMBER: " value"}.get(part.form, f" {part.form}")
    return f"{part.quantity.name.replace('_', ' ')}{form}"


WORKED_OUT = {
    name: word(quantity, NUMBER)
    for name, (quantity, form) in PARTS.items()
    if form == NUMBERS and (quantity, NUMBER) in PARTS.values()
}
"""For a word for a formula with numbers put in the one for its number."""
