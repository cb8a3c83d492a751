"""The elementals as Python functions, and numpy's functions in terms of them.

``adtrace.sin(x)`` makes a row of a recorded value, a float of a number, and leaves a `Written` constant written.
numpy calls a recorded value when one of its functions meets it (NEP 13); numpy itself is never imported here.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from adtrace.elementals import FUNCTIONS, TABLE, from_the_left, key_of
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
        """The row of recorded operands, or the number; of arrays with recorded values the array of these.

        Raises `RecordingError` for operands that it does not take, `DomainError` where there is no real value.
        """
        if len(operands) == 1 and self._least == 1:
            (operand,) = operands
            try:
                return operand._recording.function(self.name, operand)
            except AttributeError:
                if hasattr(operand, "_recording"):
                    raise
        recording = next((of._recording for of in operands if hasattr(type(of), "_recording")), None)
        self._check_count(operands)
        if recording is None or recording.shapes is None:
            if any(getattr(operand, "ndim", 0) and operand.dtype.kind == "O" for operand in operands):
                return _on_entries(_entrywise(self, len(operands)), "__call__", operands, {})
            self._check(operands)
        return self._constant(operands) if recording is None else recording.applied(self.name, operands)

    def _constant(self, operands: Sequence[Any]) -> float | Written:
        """The number; of what is written out it is that, too."""
        value = self._number([float(operand) for operand in operands])
        if not any(type(operand) is Written for operand in operands):
            return value
        terms = [term for operand in operands for term in constant_terms(operand)]
        return Written(value, (*terms, Apply(self.name, len(operands), 0)))

    def _check_count(self, operands: Sequence[Any]) -> None:
        least, most = FUNCTIONS[self.name]
        if len(operands) < least or (most is not None and len(operands) > most):
            counts = f"{least} or more" if most is None else str(least) if least == most else f"{least} or {most}"
            raise RecordingError(f"{self.name} takes {counts} operands, not {len(operands)}")

    def _check(self, operands: Sequence[Any]) -> None:
        for operand in operands:
            if not hasattr(type(operand), "_recording") and not is_number(operand):
                shown = f"{type(operand).__name__} {printable(repr(operand)[:60])}"
                instead = "; for an array write numpy's function" if hasattr(operand, "__array__") else ""
                raise RecordingError(f"{self.name} takes numbers and recorded values, not {shown}{instead}")

    def _number(self, operands: list[float]) -> float:
        """The value in double precision, with its domain checked."""
        bound = bind(TABLE[key_of(self.name, len(operands))], FLOATS)
        shown = ", ".join(map(repr, operands))

        def value(*operands: float) -> float:
            violated = bound.violated(bound.domain, operands)
            if violated:
                raise DomainError(f"{bound.elemental.spoken} needs {violated}, not {self.name}({shown})")
            return bound.value(*operands)  # type: ignore[no-any-return]

        try:
            return from_the_left(bound.elemental, operands, value)
        except Singular:
            raise DomainError(f"{self.name}({shown}) has no real value") from None
        except TooLarge:
            raise BoundError(f"{self.name}({shown}) is larger than a double can be") from None

    def __eq__(self, other: object) -> bool:
        return self.name == other.name if isinstance(other, Function) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

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

BINARY: Mapping[str, Callable[..., Any]] = {
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
    """What ``__array_ufunc__`` answers: a numpy function of recorded values, or of arrays with such beside them."""
    elemental = (UNARY if ufunc.nin == 1 else BINARY).get(ufunc.__name__)
    if any(getattr(operand, "ndim", 0) for operand in operands):
        compute = ufunc if elemental is None or elemental in _OPERATORS else _entrywise(elemental, ufunc.nin)
        return _on_entries(compute, method, operands, options)
    if method == "reduce" and elemental is not None:  # numpy.sum and numpy.max of one number
        return operands[0]
    if elemental is None or method != "__call__":
        raise RecordingError(f"numpy's {ufunc.__name__} has no elemental; write it with those that there are")
    if options:
        raise RecordingError(f"{', '.join(options)} cannot be given to numpy's {ufunc.__name__} of a recorded value")
    return elemental(*map(_scalar, operands))


_OPERATORS = frozenset(filter(callable, vars(operator).values()))


def _scalar(operand: Any) -> Any:
    """A number of numpy as one of Python; a long double, for which Python has none, as its shortest decimal."""
    number = operand.item() if hasattr(operand, "dtype") else operand
    if hasattr(number, "dtype"):
        return Decimal(str(number)) if isinstance(number, numbers.Real) else complex(number)
    return number


# -- arrays --------------------------------------------------------------------------------------------------
# To numpy an array of objects is nothing special: its maximum compares the entries and takes one, and no row is left.
# An array that a traced function gets, and what is computed from it, is a subclass that sees each function first.


def _array_ufunc(self: Any, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
    return on_arrays(ufunc, method, operands, options)


@lru_cache(maxsize=1)
def _kind() -> Any:
    """The subclass; made when an array is met."""
    import numpy as np  # noqa: PLC0415 - an extra

    class RecordedArray(np.ndarray):
        """An array of objects with recorded values in it."""

        __array_ufunc__ = _array_ufunc

        def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
            return recorded_array(super().__array_function__(func, types, args, kwargs))

    return RecordedArray


def recorded_array(given: Any) -> Any:
    """An array of objects as one that records; anything else as it is."""
    import numpy as np  # noqa: PLC0415

    return given.view(_kind()) if type(given) is np.ndarray and given.dtype == object else given


@lru_cache(maxsize=256)
def _entrywise(function: Callable[..., Any], arity: int) -> Any:
    """A function of numbers and recorded values as one of arrays, with numpy's methods."""
    import numpy as np  # noqa: PLC0415

    return np.frompyfunc(function, arity, 1, identity=None)


def _on_entries(function: Any, method: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
    """A numpy function (or a method of it) on arrays of objects and recorded values beside them."""
    import numpy as np  # noqa: PLC0415

    def plain(operand: Any) -> Any:
        if isinstance(operand, np.ndarray):
            return operand.view(np.ndarray)
        if hasattr(type(operand), "_recording"):
            box = np.empty((), dtype=object)
            box[()] = operand
            return box
        return operand

    options = dict(options)
    out = options.get("out")
    if out:
        options["out"] = tuple(map(plain, out))
    result = getattr(function, method)(*map(plain, operands), **options)
    return out[0] if out and len(out) == 1 else recorded_array(result)


ENTRYWISE = frozenset(code.__code__ for code in (_on_entries, _array_ufunc, on_arrays))
"""The code between an operation on arrays and the place where it is written."""
