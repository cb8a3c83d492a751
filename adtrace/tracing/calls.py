"""The arguments of a Python function from a point: what its independent variables are and how it is called.

at=(2, 5)                     arguments in their order, named by the function's signature
at={"x1": 2, "x2": 5}         arguments by name
at={"x": [1, 2, 3]}           an argument that is a list or a tuple: the variables x_1, x_2, x_3
at=[1, 2, 3]                  the same, for a function of one argument
at={"x": numpy.array(...)}    an array: one variable with its shape; so is a list where the function says that the
                              argument is one, ``x: numpy.ndarray``, and a list that is typed, "[1, 2, 3]"
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import FunctionType
from typing import Any, NamedTuple

from adtrace.errors import BindingError, listed, printable
from adtrace.language.reader import NAME
from adtrace.language.syntax import Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.functions import recorded_array
from adtrace.tracing.given import Given
from adtrace.tracing.point import OPEN, by_label, constant, entries, is_typed_array, opened, value_of

_DEEPEST = 8


class _Vector(NamedTuple):
    """An argument of several variables: its name, the given list, tuple or array, and its parts."""

    name: str
    given: Any
    parts: Sequence[_Vector | str]
    flat: bool
    """Whether every part is a variable."""


_Argument = _Vector | str


@dataclass(frozen=True, slots=True)
class Call:
    """How a function is called: its independent variables, their values, and the shape of its arguments."""

    function: str
    text: str
    """``f(x, y)``."""
    names: tuple[str, ...]
    point: Given
    positional: tuple[_Argument, ...]
    keywords: tuple[tuple[str, _Argument], ...]

    @property
    def has_arrays(self) -> bool:
        """Whether a variable has a shape."""
        return self.point.has_arrays

    def of(self, function: Callable[..., Any], inputs: Sequence[Any]) -> Any:
        """Call the function with these values in place of the numbers."""
        values = iter(inputs)
        positional = [_filled(argument, values) for argument in self.positional]
        keywords = {name: _filled(argument, values) for name, argument in self.keywords}
        return function(*positional, **keywords)


def _filled(argument: _Argument, values: Iterator[Any]) -> Any:
    """The argument with recorded values, of the kind that was given."""
    if isinstance(argument, str):
        return next(values)
    if argument.flat:
        parts = list(islice(values, len(argument.parts)))
    else:
        parts = [_filled(part, values) for part in argument.parts]
    if not hasattr(argument.given, "astype"):
        return tuple(parts) if isinstance(argument.given, tuple) else parts
    array = argument.given.astype(object)
    for place, part in enumerate(parts):
        array[place] = part
    return recorded_array(array)


class _Binder:
    """Names each number of the arguments; an array is one variable, or several if entries are to be ``apart``."""

    def __init__(self, limits: Limits, parameters: Sequence[inspect.Parameter], apart: bool) -> None:
        self.limits, self.apart = limits, apart
        self.declared = frozenset(p.name for p in parameters if "ndarray" in str(p.annotation).lower())
        """The arguments of which the function says that they are arrays."""
        self.names: list[str] = []
        self.numbers: list[float | Terms] = []

    def argument(self, name: str, given: Any, depth: int = 0) -> _Argument:
        """A number as the variable ``name``, and an array, too; a sequence as ``name_1``, ``name_2``, ..."""
        if not self.apart and self.is_array(name, given):
            _check_name(name)
            self.names.append(name)
            self.numbers.append(entries(given, name, self.limits))
            return name
        parts = sequence(given)
        if parts is None:
            self.variable(name, given)
            return name
        if not parts or depth == _DEEPEST:
            raise BindingError(f"the value of {name} is {'empty' if not parts else 'nested too deeply'}")
        names = _numbered(name, len(parts))
        if set(map(type, parts)) == _FLOATS and self.are_short(parts):  # as most vectors
            _check_name(names[0])
            self.names += names
            self.numbers += parts
            return _Vector(name, given, names, True)
        arguments = [self.argument(of_part, part, depth + 1) for of_part, part in zip(names, parts, strict=True)]
        return _Vector(name, given, arguments, all(isinstance(part, str) for part in arguments))

    def is_array(self, name: str, given: Any) -> bool:
        """Whether an argument is one variable with a shape."""
        if is_numpy_array(given):
            if type(given).__name__ in _OTHERWISE:
                raise BindingError(f"{name} is a numpy.{type(given).__name__}, which has operators of its own; give "
                                   "numpy.array(...)")  # fmt: skip
            return True
        return is_typed_array(given) or (name in self.declared and sequence(given) is not None)

    def variable(self, name: str, given: Any) -> None:
        _check_name(name)
        if given is OPEN:
            self.names.append(name)
            self.numbers.append(value_of(name, given, self.limits))
            return
        short = type(given) is float and self.are_short((given,))
        self.names.append(name)
        self.numbers.append(given if short else constant(given, f"the value of {name}", self.limits))

    def are_short(self, numbers: Sequence[float]) -> bool:
        """Whether floats are finite and within the bound of digits, so that their terms can wait."""
        return FLOATS.finite(numbers) and self.limits.literal_digits >= DEFAULT.literal_digits

    def check_names(self) -> None:
        """Raise `BindingError` where two variables have one name."""
        seen: set[str] = set()
        for name in self.names if len(set(self.names)) < len(self.names) else ():
            if name in seen:
                raise BindingError(f"two variables would have the name {name}")
            seen.add(name)


_FLOATS = {float}
_OTHERWISE = ("matrix", "MaskedArray")
"""Arrays of numpy with operators of their own."""


@lru_cache(maxsize=8)
def _numbered(name: str, count: int) -> tuple[str, ...]:
    """The names of a vector's variables."""
    return tuple([f"{name}_{place}" for place in range(1, count + 1)])


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise BindingError(f"{printable(name)!r} cannot be the name of a variable: "
                           "names are the letters A to Z and a to z, digits and underscores")  # fmt: skip


def sequence(given: Any) -> Sequence[Any] | None:
    """The parts of a list, a tuple or an array; None for anything else."""
    if isinstance(given, list | tuple):
        return given
    if getattr(given, "ndim", 0) and hasattr(given, "tolist"):
        parts = given.tolist()
        return parts if isinstance(parts, list) else None
    return None


def is_numpy_array(given: Any) -> bool:
    """Whether it is an array of numpy that has axes."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(given, numpy.ndarray) and given.ndim > 0


def bind_call(
    function: Callable[..., Any], at: Any, limits: Limits, letters: Sequence[str] | None = (), *, apart: bool = False
) -> Call:
    """The call of a function at a point, of which these letters stay open; of a point of None every argument does.
    An array is one variable, or one for each entry if they are to be ``apart``.

    Raises `BindingError` for an argument without a value, a value without an argument, and what is no number.
    """
    parameters, at = _parameters(function), by_label(at)
    binder = _Binder(limits, parameters, apart)
    if letters is None or letters:
        at = _opened(at, letters, parameters)
    if isinstance(at, Mapping):
        positional, keywords = _by_name(dict(at), parameters, binder)
    else:
        positional, keywords = _in_order(at, parameters, binder), []
    binder.check_names()
    if not binder.names:
        raise BindingError("a trace needs a variable; give the function a value, such as at=(2, 5)")
    name = getattr(function, "__name__", "")
    name = name if NAME.fullmatch(name) else "f"
    shown = [argument if isinstance(argument, str) else argument.name for argument in positional]
    shown += [name for name, _ in keywords]
    return Call(name, f"{name}({', '.join(shown)})", tuple(binder.names), Given(binder.numbers),
                tuple(positional), tuple(keywords))  # fmt: skip


def _opened(at: Any, letters: Sequence[str] | None, parameters: list[inspect.Parameter]) -> dict[Any, Any]:
    """The point with its open letters, by the names of the signature."""
    if at is None:
        at = {}
    if not isinstance(at, Mapping):
        raise BindingError("beside open letters the point is a mapping of names to numbers, such as {'x1': 2}")
    return opened(at, letters, [p.name for p in parameters if p.default is p.empty and p.kind in _NAMED])


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    if type(function) is FunctionType and not (function.__dict__ or function.__defaults__ or function.__annotations__):
        code = function.__code__
        if not (code.co_kwonlyargcount or code.co_posonlyargcount or code.co_flags & _COLLECTS):
            names = code.co_varnames[: code.co_argcount]  # as most, without the time that their signature takes
            return [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name in names]
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # a function written in C: its arguments are x_1, x_2, ...
        return [inspect.Parameter("x", inspect.Parameter.VAR_POSITIONAL)]


_COLLECTS = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
_NAMED = (
    inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY,
)  # fmt: skip
_IN_ORDER = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _of_kinds(parameters: list[inspect.Parameter], *kinds: object) -> list[inspect.Parameter]:
    return [parameter for parameter in parameters if parameter.kind in kinds]


def _required(parameters: list[inspect.Parameter]) -> list[inspect.Parameter]:
    return [parameter for parameter in parameters if parameter.default is parameter.empty]


def _values(at: Any, ordered: list[inspect.Parameter], *, whole: bool, collects: bool) -> Sequence[Any]:
    """The arguments in a point; of a function of one argument, which a ``whole`` array is, the point itself."""
    values = list(at) if whole and at.ndim > 1 else sequence(at)
    alone = not collects and len(_required(ordered) if whole else ordered) == 1
    return [at] if values is None or (alone and (whole or len(values) != 1)) else values


def _in_order(at: Any, parameters: list[inspect.Parameter], binder: _Binder) -> list[_Argument]:
    """Arguments in the order of the signature."""
    ordered, spread = _of_kinds(parameters, *_IN_ORDER), _of_kinds(parameters, inspect.Parameter.VAR_POSITIONAL)
    values = _values(at, ordered, whole=is_numpy_array(at) and not binder.apart, collects=bool(spread))
    if len(values) > len(ordered) and not spread:
        raise BindingError(f"the function takes {len(ordered)} arguments, and the point has {len(values)}")
    required = _required(_of_kinds(parameters, *_NAMED))
    _no_missing([p.name for p in required if p not in ordered[: len(values)]])
    names = [p.name for p in ordered]
    names += [f"{spread[0].name}_{k}" for k in range(1, len(values) - len(ordered) + 1)]
    return [binder.argument(name, value) for name, value in zip(names, values, strict=False)]


def _by_name(
    at: dict[Any, Any], parameters: list[inspect.Parameter], binder: _Binder
) -> tuple[list[_Argument], list[tuple[str, _Argument]]]:
    """Arguments by the names of the signature."""
    positional: list[_Argument] = []
    keywords: list[tuple[str, _Argument]] = []
    by_position = True
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            keywords += [(str(name), binder.argument(str(name), at.pop(name))) for name in list(at)]
        elif parameter.name not in at:
            if parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL:
                _no_missing([parameter.name])
            by_position = False
        elif parameter.kind is parameter.VAR_POSITIONAL:
            argument = binder.argument(parameter.name, at.pop(parameter.name))
            positional += [argument] if isinstance(argument, str) else argument.parts
        else:
            argument = binder.argument(parameter.name, at.pop(parameter.name))
            if parameter.kind in _IN_ORDER and by_position:
                positional.append(argument)
            else:
                keywords.append((parameter.name, argument))
    if at:
        names = ", ".join(printable(str(name)) for name in at)
        raise BindingError(f"{names} {'is not an argument' if len(at) == 1 else 'are not arguments'} of the function")
    return positional, keywords


def _no_missing(names: list[str]) -> None:
    if names:
        raise BindingError(f"{listed(names)} {'has' if len(names) == 1 else 'have'} no value")
