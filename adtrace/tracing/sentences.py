"""What is wrong with a row, in a sentence: the condition, the numbers that break it, and the row itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from adtrace.elementals import SLOTS
from adtrace.errors import MathematicsError
from adtrace.language.calls import CALLS
from adtrace.numbers import NeedsPrecision, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.value import Value
from adtrace.tracing.evaluate import constant_value, instead_of_power
from adtrace.tracing.wengert import Constant, Row, Variable, WengertList
from adtrace.writing.dialects import PLAIN, plain
from adtrace.writing.notation import Text, fill, pattern, spelled


def row_text(wengert: WengertList, index: int) -> str:
    """``v_3 = ln(v_1)``."""
    row = wengert.rows[index - 1]
    texts = {
        slot: Text(PLAIN.subscript("v", operand)) if type(operand) is Variable else spelled(operand.terms, PLAIN)  # type: ignore[union-attr]
        for slot, operand in zip(SLOTS, row.operands, strict=False)
    }
    return f"{PLAIN.subscript('v', index)} = {fill(pattern(row.elemental.formula, PLAIN), texts.__getitem__)}"


def domain_sentence(wengert: WengertList, index: int, problem: str, operands: Sequence[Scalar | str]) -> str:
    """``ln needs u > 0, but v_1 = -2 in v_3 = ln(v_1)``; of two operands those that the condition names."""
    row = wengert.rows[index - 1]
    slots = SLOTS[: len(row.operands)]
    named = [slot for slot in slots if re.search(rf"\b{slot}\b", problem)] or slots
    equations = []
    for slot, operand, told in zip(slots, row.operands, operands, strict=True):
        if slot not in named:
            continue
        which = f"{slot} = " if slot != slots[0] or len(named) > 1 else ""
        if type(operand) is Variable:
            equations.append(f"{which}{PLAIN.subscript('v', operand)} = {_short(told)}")
        else:
            equations.append(f"{which or f'{slot} = '}{plain(operand.terms)}")  # type: ignore[union-attr]
    needs = problem or f"{row.elemental.spoken} has no real value or derivative here"
    return f"{needs}, but {' and '.join(equations)} in {row_text(wengert, index)}{_instead(row, needs)}"


_LOSSES = ("cross_entropy", "bce")


def _instead(row: Row, needs: str) -> str:
    """What a power of a negative number may be meant for, or a loss of what is no probability."""
    if row.elemental.name in _LOSSES:
        return f"; {CALLS[row.elemental.name].advice}"
    exponent = row.operands[-1]
    if not needs.endswith("needs u >= 0") or type(exponent) is not Constant:
        return ""
    return instead_of_power(constant_value(exponent.terms, CERTIFIED, plain))


def _short(number: Scalar | str) -> str:
    try:
        return number if isinstance(number, str) else str(Value(number, lambda bits: number))
    except (MathematicsError, NeedsPrecision):
        return "0, as far as it is decided"


def undecided(wengert: WengertList, index: int) -> str:
    """What a higher precision would have to decide in this row."""
    entry = wengert.rows[index - 1].elemental
    conditions = ", ".join(filter(None, (entry.domain_text, entry.smooth_text, entry.kink.where if entry.kink else "")))
    return f"whether {conditions or 'a divisor is 0'} in {row_text(wengert, index)}"
