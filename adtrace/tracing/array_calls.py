"""The functions of the table of calls as Python functions: ``adtrace.softmax(z)``, ``adtrace.conv1d(x, k, stride=2)``.

Of recorded arrays they are rows; of numbers and numpy's arrays they are computed in double precision.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from adtrace.arrays.elemental import broadcast
from adtrace.arrays.table import entry
from adtrace.elementals import FUNCTIONS
from adtrace.errors import RecordingError
from adtrace.language.calls import CALLS, NUMBER, SHAPE, Call
from adtrace.language.lists import Typed, call_ends, gathers, positional
from adtrace.language.literals import fitting
from adtrace.language.syntax import Apply, Name, Number, Option, Term
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.functions import Function
from adtrace.tracing.rows import WRITTEN_OUT


class ArrayFunction:
    """A call of the table as a function; ``max`` and ``min`` of several numbers are the elementals of that name."""

    __slots__ = ("call", "scalar")

    def __init__(self, name: str) -> None:
        self.call: Call = CALLS[name]
        self.scalar = Function(name) if name in FUNCTIONS else None

    def __call__(self, *given: Any, **options: Any) -> Any:
        """The rows of recorded arrays, or the numbers.

        Raises `RecordingError` for options that the call has not, `ShapeError` for arrays that do not fit.
        """
        if self.scalar is not None and not options and len(given) > 1 and not _is_option(given[1]):
            return self.scalar(*given)
        operands, chosen = self._sorted(given, options)
        terms: list[Term] = [Name(str(place), 0) for place in range(len(operands))]
        call_ends(Typed(self.call, chosen, 0), terms, range(len(operands)), _refuse)
        if not operands:
            return _constant(terms)
        last = terms[-1]
        assert type(last) is Apply
        recording = next((of for of in map(_recording, operands) if of is not None), None)
        if recording is not None:
            return recording.called(last, operands)
        return _in_doubles(last, operands)

    def _sorted(self, given: Sequence[Any], options: Mapping[str, Any]) -> tuple[list[Any], dict[str, Option]]:
        """The operands, and the options by their names."""
        call, operands, chosen, typed = self.call, list[Any](), dict[str, Option](), dict[str, Any]()
        for place, value in enumerate(given):
            name = positional(call, place)
            if not name:
                operands.append(value)
            elif call.slots[-1].kind == SHAPE and name in typed:
                before = typed[name]
                typed[name] = (*(before if isinstance(before, tuple) else (before,)), value)
            else:
                typed[name] = value
        if gathers(call) and len(operands) == 1 and isinstance(operands[0], list | tuple):
            operands = list(operands[0])
        for name, value in (*typed.items(), *options.items()):
            slot = call.slot(name)
            if slot is None:
                has = f"; it has {', '.join(call.names)}" if call.slots else "; it has none"
                raise RecordingError(f"adtrace.{call.head} has no option {name!r}{has}")
            if name in chosen:
                raise RecordingError(f"{name} of adtrace.{call.head} is given twice")
            chosen[name] = fitting(call, slot, _option(value, slot.kind == NUMBER), 0, _refuse)
        return operands, chosen

    def __eq__(self, other: object) -> bool:
        return self.call.head == other.call.head if isinstance(other, ArrayFunction) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.call.head)

    def __repr__(self) -> str:
        return f"<function {self.call.head} of arrays>"

    def __reduce__(self) -> tuple[Any, ...]:
        return ArrayFunction, (self.call.head,)


def _refuse(problem: str, place: int) -> NoReturn:
    raise RecordingError(problem)


def _is_option(value: Any) -> bool:
    """Whether a second operand of ``max`` is an axis: None or a tuple."""
    return value is None or isinstance(value, tuple)


def _option(value: Any, decimal: bool) -> Option:
    """An option as the language has it: whole numbers, words, flags, tuples; decimals as text."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return tuple(_option(item, decimal) for item in value)
    return repr(value) if decimal and isinstance(value, float) else value


def _recording(value: Any) -> Any:
    """The recording that a value, or an entry of a list, is of; None for a constant."""
    if isinstance(value, list | tuple):
        return next((of for of in map(_recording, value) if of is not None), None)
    if getattr(getattr(value, "dtype", None), "kind", "") == "O":
        return _recording(value.ravel().tolist())
    recording = getattr(value, "_recording", None)
    if recording is not None and recording.shapes is None:
        raise RecordingError("functions of arrays record where an argument is an array: give it as numpy.array(...)")
    return recording


def _constant(terms: Sequence[Term]) -> Any:
    """An array of zeros and ones."""
    import numpy as np  # noqa: PLC0415 - only where there are arrays

    stack: list[Any] = []
    for term in terms:
        if type(term) is Apply:
            stack[-term.arity :] = [stack[-term.arity :]]
        else:
            assert type(term) is Number
            stack.append(term.digits)
    return np.array(stack[0])


def _in_doubles(call: Apply, operands: Sequence[Any]) -> Any:
    """The value of a call on arrays of numbers."""
    import numpy as np  # noqa: PLC0415 - only where there are arrays

    from adtrace.tracing.arrays import arrays, value_of  # noqa: PLC0415
    from adtrace.tracing.entries import filled, shape_of  # noqa: PLC0415

    try:
        numbers = [np.asarray(operand, dtype=float) for operand in operands]
    except (TypeError, ValueError):
        raise RecordingError(f"adtrace.{call.head} takes arrays of numbers and recorded ones") from None
    plain = [number if number.ndim else float(number) for number in numbers]
    arithmetic = arrays(FLOATS)
    if call.head in ("stack", "concat", *WRITTEN_OUT):
        return _WRITTEN[call.head](plain, dict(call.options))
    shapes = tuple(map(shape_of, plain))
    if call.head == "mul":
        shape = broadcast(shapes, "mul")
        return filled(plain[0] * plain[1], shape)
    return value_of(entry(call.head, call.options, shapes), plain, arithmetic)


def _stacked(operands: list[Any], options: dict[str, Any]) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.stack(operands, **options)


def _joined(operands: list[Any], options: dict[str, Any]) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.concatenate(operands, **options)


def _normalized(axis: int) -> Any:
    def of(operands: list[Any], options: dict[str, Any]) -> Any:
        x, scale, shift = operands
        scaled = ArrayFunction("normalize")(x, axis=axis, **{name: float(eps) for name, eps in options.items()})
        return scaled * scale + shift

    return of


_WRITTEN = {"stack": _stacked, "concat": _joined, "batch_norm": _normalized(0), "layer_norm": _normalized(-1)}
"""Calls that are several rows."""
