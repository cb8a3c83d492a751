"""Who asks a recorded value for its number or its order: the instruction at which a frame stands, and what it calls.

``max(x, y)`` of Python and ``numpy.maximum`` of an array of objects only ask which is larger: the table would have no
row of what was chosen, so they are refused by name.  ``if x > y``, ``sorted`` and whatever else is written in Python
compare honestly.  A call is known by its place in the source (PEP 657): its callable is what is loaded where it begins.

What is not seen: a choice by code in C that is neither written as a call of a name nor handed ``max`` or ``min`` in
the same function.  Its comparison is noted under the table, as that of any branch.
"""

from __future__ import annotations

import builtins
import dis
import math
from functools import lru_cache, partial
from itertools import takewhile
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

from adtrace.elementals import FUNCTIONS
from adtrace.errors import RecordingError
from adtrace.tracing.functions import UNARY

_CHOICES = ((builtins.max, "max"), (builtins.min, "min"))
_COMPARISONS = frozenset(
    ("lt", "le", "gt", "ge", "less", "less_equal", "greater", "greater_equal", "isclose", "allclose")
)
_IN_OTHER_WORDS = {
    "fabs": "adtrace.abs(x)", "pow": "x**y", "exp2": "2**x", "expm1": "adtrace.exp(x) - 1",
    "log1p": "adtrace.ln(1 + x)", "hypot": "adtrace.sqrt(x**2 + y**2)", "degrees": "x*180/adtrace.pi",
    "radians": "x*adtrace.pi/180", "lgamma": "adtrace.loggamma(x)",
}  # fmt: skip


class Callee(NamedTuple):
    """What an instruction calls: as it is written, and what that is in the frame, as far as it is known."""

    name: str = ""
    value: Any = None
    keywords: tuple[str, ...] = ()


class _Call(NamedTuple):
    """A call as it is compiled: the instructions that load its callable, from the first, and its keywords."""

    loads: tuple[dis.Instruction, ...] = ()
    keywords: tuple[str, ...] = ()


@lru_cache(maxsize=256)
def written_comparisons(code: CodeType) -> frozenset[int]:
    """Where comparisons are written in a program; elsewhere it is code in C that compares."""
    return frozenset(i.offset for i in dis.get_instructions(code) if i.opname in ("COMPARE_OP", "CONTAINS_OP"))


@lru_cache(maxsize=256)
def _call(code: CodeType, offset: int) -> _Call:
    """The call at this offset; nothing in it if there is none, or one of what is no name."""
    before = list(takewhile(lambda instruction: instruction.offset <= offset, dis.get_instructions(code)))
    call = before.pop()
    start = _start(call)
    if "CALL" not in call.opname or None in start:
        return _Call()
    keywords = next((code.co_consts[i.arg or 0] for i in reversed(before[-3:]) if i.opname in _KEYWORDS), ())
    loads: list[dis.Instruction] = []
    for instruction in reversed(before):
        if _start(instruction) != start or not instruction.opname.startswith("LOAD_"):
            if loads or (_start(instruction) == start and _is_call(instruction)):
                break  # a call of what a call gives
            continue
        loads.append(instruction)
        if instruction.opname not in _ATTRIBUTES:
            break
    return _Call(tuple(reversed(loads)), keywords if isinstance(keywords, tuple) else ())


def _is_call(instruction: dis.Instruction) -> bool:
    return "CALL" in instruction.opname and instruction.arg is not None and instruction.opname != "PRECALL"


_KEYWORDS = ("KW_NAMES", "LOAD_CONST")
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")


def _start(instruction: dis.Instruction) -> tuple[int | None, int | None]:
    """The line and column in the source where the code of an instruction begins."""
    place = instruction.positions
    return (place.lineno, place.col_offset) if place else (None, None)


def callee(frame: FrameType) -> Callee:
    """What the frame is calling."""
    loads, keywords = _call(frame.f_code, frame.f_lasti)
    value: Any = None
    for place, load in enumerate(loads):
        if load.opname in _ATTRIBUTES:
            plain = place and (isinstance(value, ModuleType) or type(value).__name__ == "ufunc")
            value = getattr(value, load.argval, None) if plain else None  # no other one is asked: it may be computed
        else:
            value = _named(frame, load.opname, load.argval)
    while isinstance(value, partial):
        value = value.func
    return Callee(loads[-1].argval if loads else "", value, keywords)


def _named(frame: FrameType, operation: str, name: str) -> Any:
    scopes = (frame.f_globals, frame.f_builtins)
    if operation != "LOAD_GLOBAL":
        scopes = (frame.f_locals, *scopes)  # type: ignore[assignment]
    return next((scope[name] for scope in scopes if name in scope), None)


@lru_cache(maxsize=256)
def _handed_on(code: CodeType, offset: int) -> tuple[str, ...]:
    """Which of ``max`` and ``min`` are handed to what an instruction calls or goes through: ``reduce(max, values)``."""
    listed = list(dis.get_instructions(code))
    here = next(i for i in listed if i.offset == offset)
    inside = [i for i in listed if _within(i, here)]
    loads = [i for i in inside if i.opname in ("LOAD_GLOBAL", "LOAD_NAME") and i.argval in ("max", "min")]
    called = {load.offset for i in inside if loads and "CALL" in i.opname for load in _call(code, i.offset).loads}
    return tuple(load.argval for load in loads if load.offset not in called)


def _within(instruction: dis.Instruction, call: dis.Instruction) -> bool:
    """Whether the source of an instruction is a part of a call's, or stands in the lines of what is no call."""
    part, whole = instruction.positions, call.positions
    if part is None or whole is None or None in part or None in whole:
        return False
    if "CALL" not in call.opname:
        return whole.lineno <= part.lineno and part.end_lineno <= whole.end_lineno  # type: ignore[operator]
    return (whole.lineno, whole.col_offset) <= (part.lineno, part.col_offset) and (
        part.end_lineno,
        part.end_col_offset,
    ) <= (whole.end_lineno, whole.end_col_offset)


def require_a_choice(frame: FrameType, relation: str) -> None:
    """Raise `RecordingError` where code in C compares here that is Python's max or min, or a numpy function like it."""
    if _is_ours(frame):
        return
    while frame.f_back and (_module(frame).partition(".")[0] == "numpy" or _is_ours(frame)):  # on the way to C
        frame = frame.f_back
    name, value, keywords = callee(frame)
    if relation in ("<=", ">=") or name == "sign":  # Python's own functions ask neither
        if name not in _COMPARISONS:
            raise RecordingError(f"numpy's {name or 'maximum'} of an array of objects only compares the recorded "
                                 "values in it, and no row is left of the choice; "
                                 f"write {_instead(name)}, which takes arrays")  # fmt: skip
        return
    chosen = _choice(frame, name, value)
    if chosen and "key" not in keywords:  # with a key an item is chosen, which is a branch
        raise RecordingError(f"Python's {chosen} of recorded values only compares them, and no row is left of the "
                             f"choice; write adtrace.{chosen}")  # fmt: skip


def _choice(frame: FrameType, name: str, value: Any) -> str:
    """Which of Python's ``max`` and ``min`` the frame calls, or hands on to what it calls, if either."""
    if value is None and name in ("max", "min"):
        return name
    called = next((n for f, n in _CHOICES if f is value), "")
    if called or name in ("sort", "sorted"):
        return called
    handed = _handed_on(frame.f_code, frame.f_lasti)
    return next((n for f, n in _CHOICES if n in handed and _named(frame, "LOAD_NAME", n) is f), "")


def _instead(name: str) -> str:
    """What to write in place of numpy's function."""
    if name in ("clip", "sign"):
        return "adtrace.sign" if name == "sign" else "adtrace.min(adtrace.max(x, low), high)"
    return "adtrace.min" if "min" in name else "adtrace.max"


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _is_ours(frame: FrameType) -> bool:
    return _module(frame).startswith("adtrace.tracing.")


def without_a_number(frame: FrameType) -> str:
    """The sentence for what asks a recorded value to be a float."""
    name, value, _ = callee(frame)
    name = getattr(value, "__name__", name)
    if value is not None and getattr(math, name, None) is value:
        other = "adtrace.elemental(...) adds one"
        if name in FUNCTIONS:
            other = f"write adtrace.{name}(x)" + (", or numpy's function" if name in UNARY else "")
        instead = f"write {_IN_OTHER_WORDS[name]}" if name in _IN_OTHER_WORDS else other
        return f"math.{name} of a recorded value has no elemental; {instead}"
    return ("float() of a recorded value has no elemental: a plain number has no derivative; "
            "write adtrace.sin(x), or numpy's function, in place of math.sin(x)")  # fmt: skip
