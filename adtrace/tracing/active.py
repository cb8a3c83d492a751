"""Recorded values: what stands in a Python function in place of its numbers, and leaves a row at each operation.

Operator overloading as in Griewank and Walther, *Evaluating Derivatives* (2nd ed., 2008), section 6.1.  A recorded
value is its variable; whose row it is, and what becomes of the row, is the affair of its `record.Recording`.  In double
precision the numbers of a row are computed with it, by the step that a sweep takes.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Mapping
from fractions import Fraction
from functools import lru_cache
from sys import _getframe
from types import FrameType
from typing import Any, NoReturn

from adtrace.elementals import TABLE, Signature
from adtrace.errors import RecordingError
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.callers import without_a_number
from adtrace.tracing.functions import UNARY, function, on_arrays
from adtrace.tracing.numbering import CHAINS
from adtrace.tracing.primal import FAULTS, regular_step

_new = object.__new__


class Active:
    """A recorded value: a variable of the Wengert list that is being made, or a number beside one."""

    __slots__ = ("_place", "_recording", "_value")

    # Nothing of it is public: a number that could be read would be computed with, and its derivative lost.

    def __init__(self, recording: Any, place: int, value: float | None = None) -> None:
        self._recording, self._place = recording, place
        self._value = value
        """Its number, where it is computed while recording."""

    def __neg__(self) -> Any:
        return self._recording.function("neg", self)

    def __pos__(self) -> Active:
        return self

    def __abs__(self) -> Any:
        return self._recording.function("abs", self)

    def __pow__(self, other: object) -> Active:
        recording = self._recording
        exponent = recording.operand(other)
        return NotImplemented if exponent is None else recording.active(recording.power(recording.of(self), exponent))

    def __rpow__(self, other: object) -> Active:
        recording = self._recording
        if type(other) is float:
            other = exactly(other, _getframe(1))
        base = recording.operand(other)
        return NotImplemented if base is None else recording.active(recording.power(base, recording.of(self)))

    def __bool__(self) -> bool:
        return bool(self != 0)  # type: ignore[comparison-overlap]

    __hash__ = None  # type: ignore[assignment]  # what is equal at one point is not the same variable

    def __repr__(self) -> str:
        return f"<recorded value {self._recording.name(self._recording.of(self))}>"

    def __format__(self, form: str) -> str:
        if form:
            raise RecordingError(f"a recorded value has no digits to format by {form!r}; print it by itself")
        return repr(self)

    def __copy__(self) -> Active:
        return self

    def __deepcopy__(self, memo: object) -> Active:
        return self

    def clip(self, min: object = None, max: object = None, out: None = None) -> Any:  # noqa: A002 - numpy's names
        """``numpy.clip`` asks for it."""
        above = self if min is None else function("max")(self, min)
        return above if max is None else function("min")(above, max)

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        """numpy's functions, on recorded values and on arrays beside them."""
        if self._recording.shapes is not None and any(getattr(operand, "ndim", 0) for operand in operands):
            return self._recording.ufunc(ufunc, method, operands, options)
        return on_arrays(ufunc, method, operands, options)

    def _sympy_(self) -> NoReturn:
        """Sympy asks before it computes: declined, so that ``sympy.pi*x`` is left to the reflected operator."""
        from sympy import SympifyError  # noqa: PLC0415 - only sympy comes here

        raise SympifyError("a recorded value: write adtrace.sin(x) in place of sympy.sin(x)")


def exactly(base: float, frame: FrameType) -> Any:
    """The base of a power.  A fraction's own power turns it into a float before it asks, up to Python 3.12."""
    return frame.f_locals["a"] if frame.f_code is _FRACTION_POWER else base


_FRACTION_POWER = Fraction.__pow__.__code__


def _as_a_method(of: Callable[..., Any]) -> Callable[..., Any]:
    """``x.sin()``: numpy calls its function on an array of objects as a method of each."""

    def method(self: Active, *others: object) -> Any:
        return of(self, *others)

    return method


Operation = Callable[[Active, Any], Any]


def _operation(both: Signature, beside: Signature, alike: Container[Signature]) -> Operation:
    """What makes a row of two recorded values, or of one ``beside`` a number on its right, whatever rows there are.

    ``alike`` are the sums or products that it may be at the right end of.  Raises `BoundError` past ``limits.rows``.
    """

    def of_both(u: float, w: float) -> tuple[float, ...] | None:
        nonlocal of_both  # compiled when it is first needed
        of_both = regular_step(both, FLOATS)
        return of_both(u, w)

    def of_one(u: float, w: float) -> tuple[float, ...] | None:
        nonlocal of_one
        of_one = regular_step(beside, FLOATS)
        return of_one(u, w)

    def row(self: Active, other: Any) -> Any:
        recording = self._recording
        signature, step = both, of_both
        if type(other) is not Active or other._recording is not recording:
            constant = recording.floats.get(other) if type(other) is float else None
            other = recording.number(other) if constant is None else constant
            if other is None:
                return NotImplemented
            signature, step = beside, of_one
        kinds, left = recording.kinds, self._place
        active = _new(Active)
        active._recording = recording
        active._place = place = len(kinds)
        if alike and left != place - 1 and kinds[left] in alike:  # perhaps the left end of what is written here
            frame = _getframe(1)
            if frame.f_code is not recording.unchained:
                recording.site(frame)
        if place >= recording.most:
            raise recording.no_place()
        kinds.append(signature)
        recording.lefts.append(left)
        recording.rights.append(other._place)
        if recording.computing:
            try:
                outcome = step(self._value, other._value)  # type: ignore[arg-type]
            except FAULTS:
                outcome = None
            if outcome is not None:
                value, p, q = outcome
                active._value = value
                recording.values.append(value)
                recording.firsts.append(p)
                recording.seconds.append(q)
                return active
            recording.computing = False  # the sweep goes on from here
        active._value = None
        return active

    return row


@lru_cache(maxsize=1024)
def operation_of(signature: Signature) -> Operation:
    """What makes a row of this signature; a second operand that it has not is `Recording.nothing`."""
    return _operation(signature, signature, ())


_NEUTRAL = {"add": 0, "mul": 1}


def _arithmetic(head: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """An operator and its reflected form.  The neutral start of ``sum`` and ``prod``, ``0 + x``, makes no row."""
    both, first, second, _ = TABLE[head, 2].signatures.values()
    alike = {kind for name in CHAINS if CHAINS[name] == CHAINS[head] for kind in TABLE[name, 2].signatures.values()}
    of_right, neutral = operation_of(second), _NEUTRAL.get(head)

    def reflected(self: Active, other: object) -> Any:
        recording = self._recording
        if neutral is not None and type(other) in (int, float) and other == neutral:
            recording.passed.add(self._place)
            return self
        left = recording.number(other)
        return NotImplemented if left is None else of_right(left, self)

    return _operation(both, first, alike), reflected


_ORDERS = frozenset(("<", "<=", ">", ">="))


def _comparison(relation: str, holds: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def compare(self: Active, other: object) -> Any:
        if isinstance(other, float) and math.isinf(other):
            return holds(0.0, other)
        if relation in _ORDERS:
            self._recording.check_caller(_getframe(1), relation)
        right = self._recording.operand(other)
        if right is None:
            return NotImplemented
        return self._recording.decide(self._recording.of(self), relation, right, holds)

    return compare


def _refused(what: str, instead: str) -> Callable[..., NoReturn]:
    def refuse(self: Active, *others: object) -> NoReturn:
        raise RecordingError(f"{what} of a recorded value has no elemental; {instead}")

    return refuse


def _float(self: Active) -> NoReturn:
    """What asks for a float computes on without a derivative: as a rule a function of `math`, which is named."""
    raise RecordingError(without_a_number(_getframe(1)))


_NO_INTEGER = "write adtrace.floor(x), or take it of a plain number"
_REFUSED = {
    "int": ("int()", _NO_INTEGER), "complex": ("complex()", "every number here is real"),
    "index": ("an index", "only plain integers count and index"),
    "round": ("round()", _NO_INTEGER), "trunc": ("trunc()", _NO_INTEGER),
}  # fmt: skip

Active.__float__ = _float  # type: ignore[attr-defined]
for _name, _function in UNARY.items():  # as attributes: a class with __getattr__ is slow at every other one
    setattr(Active, _name, _as_a_method(_function))
_floor, _mod = function("floor"), function("mod")
_WHOLE: Mapping[str, Callable[..., Any]] = {
    "floor": _floor, "ceil": function("ceil"), "mod": _mod, "rmod": lambda x, other: _mod(other, x),
    "floordiv": lambda x, other: _floor(x / other), "rfloordiv": lambda x, other: _floor(other / x),
    "divmod": lambda x, other: (_floor(x / other), _mod(x, other)),
    "rdivmod": lambda x, other: (_floor(other / x), _mod(other, x)),
}  # fmt: skip
for _name, _function in _WHOLE.items():
    setattr(Active, f"__{_name}__", _as_a_method(_function))
for _name, _head in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div"}.items():
    _forward, _reflected = _arithmetic(_head)
    setattr(Active, f"__{_name}__", _forward)
    setattr(Active, f"__r{_name}__", _reflected)
for _name, _relation in {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "ne": "!="}.items():
    setattr(Active, f"__{_name}__", _comparison(_relation, getattr(operator, _name)))
for _name, _sentence in _REFUSED.items():
    setattr(Active, f"__{_name}__", _refused(*_sentence))
for _name in ("rint", "item"):  # numpy asks for these
    setattr(Active, _name, _refused(f"{_name}()", _NO_INTEGER if _name == "rint" else "a number has no derivative"))
