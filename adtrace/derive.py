"""The partials of a formula by sympy: our terms into its objects, its derivative back into our terms.

No text passes between the two; sympy is imported when it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adtrace.elementals import SLOTS
from adtrace.errors import InputError
from adtrace.language.syntax import Terms
from adtrace.tracing.from_sympy import convert
from adtrace.tracing.to_sympy import to_sympy
from adtrace.writing.dialects import plain

_LONGEST = 60
"""Operations of the longest derivative that sympy is asked to factor."""


def derived_partials(formula: Terms, arity: int) -> tuple[str, ...]:
    """The partial by each slot, in the language.

    Raises `InputError` where sympy has no derivative that can be written with the elementals.
    """
    import sympy  # noqa: PLC0415 - only where a derivative is wanted

    slots = {name: sympy.Symbol(name, real=True) for name in SLOTS[:arity]}
    value = to_sympy(formula, slots)
    return tuple(_partial(sympy, value, slot, slots) for slot in slots.values())


def _partial(sympy: Any, value: Any, slot: Any, slots: Mapping[str, Any]) -> str:
    # A jump has no slope beside it: where it is, is a kink, which the declaration has to name.
    derivative = value.diff(slot).replace(sympy.DiracDelta, lambda *operands: sympy.Integer(0))
    choices = [derivative]
    if derivative.count_ops() <= _LONGEST:  # no simplify(): it is slow, and brings in functions that nobody wrote
        choices += [sympy.together(derivative), sympy.factor(derivative)]
    best = min(choices, key=lambda choice: choice.count_ops())
    try:
        return plain(convert(best, dict.fromkeys(slots, ())).outputs[0][1])
    except InputError as problem:
        raise InputError(f"the partial by {slot} is not found ({problem}); give the partials") from None
