"""The elementals as Python functions, and numpy's functions in terms of them.

``adtrace.sin(x)`` makes a row of a recorded value, a float of a number, and leaves a `Written` constant written.
numpy calls a recorded value when one of its functions meets it (NEP 13); numpy itself is never imported here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adtrace.elementals import FUNCTIONS, TABLE
from adtrace.errors import BoundError, DomainError, RecordingError, nearest, printable
from adtrace.language.syntax import Apply
from adtrace.numbers import Singular, TooLarge
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.primitives import PRIMITIVES
from adtrace.tracing.evaluate import bind
from adtrace.tracing.written import Written, constant_terms, is_number


class Function:
    """An elemental as a function of recorded values and of numbers."""

    __slots__ = ("_least", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._least = FUNCTIONS[name][0]

    def __call__(self, *operands: Any) -> Any:
        """The row of recorded operands, or the number.

        Raises `RecordingError` for operands that it does not take, `DomainError` where there is no real value.
        """
        if len(operands) == 1 and self._least == 1:
            (operand,) = operands
            try:
                return operand.recording.function(self.name, operand)
            except AttributeError:
                if hasattr(operand, "recording"):
                    raise
        self._check(operands)
        for operand in operands:
            recording = getattr(operand, "recording", None)
            if recording is not None:
                return recording.applied(self.name, operands)
        value = self._number([float(operand) for operand in operands])
        if any(type(operand) is Written for operand in operands):
            terms = [term for operand in operands for term in constant_terms(operand)]
            return Written(value, (*terms, Apply(self.name, len(operands), 0)))
        return value

    def _check(self, operands: Sequence[Any]) -> None:
        least, most = FUNCTIONS[self.name]
        if len(operands) < least or (most is not None and len(operands) > most):
            counts = f"{least} or more" if most is None else str(least) if least == most else f"{least} or {most}"
            raise RecordingError(f"{self.name} takes {counts} operands, not {len(operands)}")
        for operand in operands:
            if not hasattr(type(operand), "recording") and not is_number(operand):
                shown = f"{type(operand).__name__} {printable(repr(operand)[:60])}"
                instead = "; for an array write numpy's function" if hasattr(operand, "__array__") else ""
                raise RecordingError(f"{self.name} takes numbers and recorded values, not {shown}{instead}")

    def _number(self, numbers: list[float]) -> float:
        """The value in double precision, with its domain checked."""
        bound = bind(TABLE[self.name, min(len(numbers), 2)], FLOATS)
        result = numbers[0]
        shown = ", ".join(map(repr, numbers))
        try:
            others: Sequence[float | None] = numbers[1:] or [None]
            for other in others:
                violated = bound.violated(bound.domain, result, other)
                if violated:
                    raise DomainError(f"{bound.elemental.spoken} needs {violated}, not {self.name}({shown})")
                result = bound.value(result) if other is None else bound.value(result, other)
        except Singular:
            raise DomainError(f"{self.name}({shown}) has no real value") from None
        except TooLarge:
            raise BoundError(f"{self.name}({shown}) is larger than a double can be") from None
        return result

    def __repr__(self) -> str:
        return f"<elemental {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return function, (self.name,)


def function(name: str) -> Function:
    """The elemental of this name as a function; raises `RecordingError` if there is none."""
    if name not in FUNCTIONS:
        raise RecordingError(f"there is no elemental {name!r}{nearest(name, FUNCTIONS)}")
    return Function(name)


# -- numpy ---------------------------------------------------------------------------------------------------

_exp, _ln, _sqrt, _max, _min = map(Function, ("exp", "ln", "sqrt", "max", "min"))
_floor, _heaviside = map(Function, ("floor", "heaviside"))


def _step(x: Any, at_zero: Any) -> Any:
    """numpy's heaviside says what it is at 0; ours is 1/2 there."""
    if at_zero != 0.5:
        raise RecordingError(f"the elemental heaviside is 1/2 at 0, not {at_zero}: write np.heaviside(x, 0.5)")
    return _heaviside(x)


def _is_unary(name: str) -> bool:
    return name in FUNCTIONS and FUNCTIONS[name][0] == 1


UNARY: Mapping[str, Callable[[Any], Any]] = {
    **{name: Function(name) for entry in PRIMITIVES.values() for name in (entry.name, entry.numpy) if _is_unary(name)},
    "absolute": operator.abs, "fabs": operator.abs, "negative": operator.neg, "positive": operator.pos,
    "conjugate": operator.pos, "square": lambda x: x**2, "reciprocal": lambda x: 1 / x,
    "exp2": lambda x: 2**x, "expm1": lambda x: _exp(x) - 1, "log1p": lambda x: _ln(1 + x),
    "logical_not": operator.not_,
}  # fmt: skip
"""numpy's functions of one operand, by numpy's name; on an array of objects numpy calls them as methods."""

_BINARY: Mapping[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "true_divide": operator.truediv, "power": operator.pow, "pow": operator.pow, "float_power": operator.pow,
    "mod": Function("mod"), "remainder": Function("mod"), "floor_divide": lambda x, y: _floor(x / y),
    "maximum": _max, "minimum": _min, "fmax": _max, "fmin": _min, "arctan2": Function("arctan2"),
    "atan2": Function("atan2"), "hypot": lambda x, y: _sqrt(x**2 + y**2),
    "logaddexp": lambda x, y: _ln(_exp(x) + _exp(y)), "heaviside": _step,
    "clip": lambda x, low, high: _min(_max(x, low), high),
    "less": operator.lt, "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge,
    "equal": operator.eq, "not_equal": operator.ne,
}  # fmt: skip


def on_arrays(ufunc: Any, method: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """What ``active.__array_ufunc__`` answers: a numpy function of recorded values, or of one and an array."""
    if any(getattr(operand, "ndim", 0) for operand in operands):
        return _spread(ufunc, method, operands, options)
    known = UNARY.get(ufunc.__name__) if len(operands) == 1 else _BINARY.get(ufunc.__name__)
    if known is None or method != "__call__":
        raise RecordingError(f"numpy's {ufunc.__name__} has no elemental; write it with those that there are")
    if options:
        raise RecordingError(f"{', '.join(options)} cannot be given to numpy's {ufunc.__name__} of a recorded value")
    return known(*[operand.item() if hasattr(operand, "item") else operand for operand in operands])


def _spread(ufunc: Any, method: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """The function on an array of objects in place of each operand, so that numpy goes through it by itself."""
    largest = max(operands, key=lambda operand: getattr(operand, "size", 0))
    arrays = []
    for operand in operands:
        if getattr(operand, "ndim", 0):
            arrays.append(operand.astype(object))
        else:
            array = largest.astype(object)[(slice(0, 1),) * largest.ndim].copy()  # one entry: numpy repeats it
            array.fill(operand)
            arrays.append(array)
    return getattr(ufunc, method)(*arrays, **options)
