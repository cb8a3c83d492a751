"""The rules of the table of elementals as Python: what a row costs in double precision is one call.

This is the one module that compiles code, which it (or `straight_line`) writes itself from the table: operands become
``u``, ``w``, ..., constants become numbers.  No text from outside reaches the compiler, not even a name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

from adtrace.elementals import SLOTS, TABLE, Comparison, Condition, Elemental
from adtrace.language.syntax import Apply, Name, Number, Terms, fold
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.primitives import PRIMITIVES, Primitive
from adtrace.tracing.evaluate import Step
from adtrace.tracing.formulas import contribution

_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}


def python_functions() -> dict[str, Callable[..., Any]]:
    """What the code may call, on Python's numbers."""
    return {name: primitive.float for name, primitive in PRIMITIVES.items()} | {"power": math.pow}


def _or_nan(function: Callable[..., float]) -> Callable[..., float]:
    """The function as numpy's own are: no number where there is no value."""

    def value(*operands: float) -> float:
        try:
            return function(*operands)
        except (ValueError, OverflowError):
            return math.nan

    return value


def numpy_functions() -> dict[str, Callable[..., Any]]:
    """What the code may call, on numpy's arrays."""
    import numpy as np  # noqa: PLC0415 - an extra, needed for arrays only

    def function(primitive: Primitive) -> Callable[..., Any]:
        return (
            getattr(np, primitive.numpy) if primitive.numpy else np.vectorize(_or_nan(primitive.float), otypes=[float])
        )

    def power(u: Any, w: Any) -> Any:
        """What is no number has no power, not even 0, and is none itself: there numpy gives 1."""
        if np.ndim(w):
            return np.where(np.isnan(w), w, np.power(u, w))
        return np.power(u, w) if w else 0.0 * u + 1.0

    return {name: function(primitive) for name, primitive in PRIMITIVES.items()} | {
        "power": power,
        "heaviside": lambda x: np.heaviside(x, 0.5),
        "no": np.logical_not,
    }


# -- rules as Python ---------------------------------------------------------------------------------------


def written_rule(terms: Terms, texts: dict[str, str]) -> str:
    """A rule as a Python expression, with the texts of its slots."""

    def leaf(term: Number | Name) -> str:
        if isinstance(term, Number):
            return repr(FLOATS.literal(term.digits, term.exponent))
        return texts[term.name] if term.name in texts else repr(FLOATS.constants[term.name]())

    return fold(terms, leaf, _operation)


def _operation(term: Apply, operands: list[str]) -> str:
    first, second = operands[0], operands[-1]
    if term.head == "neg":
        return f"(-{first})"
    if term.head == "mul" and second in ("1.0", "(-1.0)"):
        return first if second == "1.0" else f"(-{first})"
    if term.head == "pow":
        return _power(first, second)
    if term.head in _SIGNS:
        return f"({first}{_SIGNS[term.head]}{second})"
    if term.head in _NAMES:
        return f"{term.head}({','.join(operands)})"
    return written_rule(TABLE[term.head, term.arity].value, dict(zip(SLOTS, operands, strict=False)))


def _power(base: str, exponent: str) -> str:
    """A power: with a whole number by Python's own operator, else by the function that refuses a negative base."""
    if exponent == "2.0" and base in _HOLES.values():
        return f"({base}*{base})"
    if exponent == "0.0":  # 1 of every number, but of what is none
        return f"(0.0*{base}+1.0)"
    if exponent.endswith(".0") and exponent[:-2].isdigit():
        return f"({base}**{exponent[:-2]})"
    return f"power({base},{exponent})"


_HOLES = {slot: f"{{{slot}}}" for slot in (*SLOTS, "v", "a")}
"""The slots of rules, the adjoint of the row among them, as holes of a pattern."""
_THEMSELVES = {slot: slot for slot in _HOLES}
_NAMES = frozenset(python_functions())


@lru_cache(maxsize=1024)
def value_pattern(elemental: Elemental) -> str:
    """The value with ``{u}``, ``{w}``, ... for the operands."""
    terms = elemental.value if elemental.value_text else elemental.formula
    return written_rule(terms, _HOLES)


@lru_cache(maxsize=4096)
def contribution_pattern(elemental: Elemental, slots: tuple[int, ...]) -> str:
    """What a regular row adds to the adjoint of the operands in ``slots``, with ``{a}`` for its own adjoint."""
    return written_rule(contribution(elemental.computing, slots), _HOLES)


@lru_cache(maxsize=1024)
def irregular_patterns(elemental: Elemental, arrays: bool) -> tuple[str, ...]:
    """Where a row is not regular, as far as its numbers do not tell: at a kink, and outside the domain of what is
    computed by a formula.  A function of Python or numpy has no finite number outside its domain.
    """
    both, either, no = _ON_ARRAYS if arrays else _ON_NUMBERS

    def holds(condition: Condition) -> str:
        choices = [f"({_compared(choice)})" for choice in condition.choices]
        return choices[0] if len(choices) == 1 else either.join(choices)

    patterns = []
    if elemental.value_text:
        patterns += [f"{no}({holds(condition)})" for condition in (*elemental.domain, *elemental.smooth)]
    if elemental.kink:
        patterns.append(both.join(f"({holds(condition)})" for condition in elemental.kink.conditions))
    return tuple(patterns)


_ON_NUMBERS = (" and ", " or ", "not ")
_ON_ARRAYS = ("&", "|", "no")


def _compared(comparison: Comparison) -> str:
    relation = _RELATIONS.get(comparison.relation, comparison.relation)
    return f"{written_rule(comparison.left, _HOLES)}{relation}{written_rule(comparison.right, _HOLES)}"


_RELATIONS = {"=": "=="}


def python_code(source: str, kind: str) -> CodeType:
    """The lines that this module wrote, compiled."""
    return compile(source, kind, "exec")


def defined(code: CodeType, name: str, functions: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
    """The function that the code defines, over these functions."""
    space: dict[str, Any] = dict(functions)
    exec(code, space)
    function: Callable[..., Any] = space[name]
    return function


# -- rows as Python ----------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def step(elemental: Elemental, active: tuple[bool, ...]) -> Step:
    """A row of this elemental in double precision, as `evaluate.step`; Python's own errors are a row without value."""

    def written(terms: Terms) -> str:
        return written_rule(terms, _HOLES).format_map(_THEMSELVES)

    def holds(condition: Condition) -> str:
        choices = (_compared(choice).format_map(_THEMSELVES) for choice in condition.choices)
        return f"({' or '.join(choices)})"

    refused = [f"not {holds(condition)}" for condition in (*elemental.domain, *elemental.smooth)]
    refused += [" and ".join(map(holds, elemental.kink.conditions))] if elemental.kink else []
    value = value_pattern(elemental).format_map(_THEMSELVES)
    partials = [
        written(terms) if varies else "None" for terms, varies in zip(elemental.computing.partials, active, strict=True)
    ]
    finite = ["v", *(f"p{k}" for k, text in enumerate(partials) if not _PLAIN.fullmatch(text))]
    lines = [
        f"def step({','.join(SLOTS[: max(2, elemental.arity)])}):",
        f" if {' or '.join(refused)}:return None" if refused else "",
        f" v={value}",
        *(f" p{k}={text}" for k, text in enumerate(partials)),
        f" if {' or '.join(f'{name}-{name}' for name in finite)}:return None",  # infinite or no number at all
        f" return v,{','.join(f'p{k}' for k in range(len(partials)))}{',None' * (2 - len(partials))}",
    ]
    return defined(python_code("\n".join(filter(None, lines)), "<elemental>"), "step", python_functions())


_PLAIN = re.compile(rf"None|[{''.join(SLOTS)}v]|\(?-?[0-9.]+\)?|(?:cos|sin|sign|heaviside)\([^()]*\)")
"""Partials that are finite where the value is."""
