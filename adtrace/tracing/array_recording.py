"""A Python function of arrays into a Wengert list: a row for each operation of whole arrays.

As `record`, with shapes: a recorded value with axes is an `ActiveArray`.  No number is computed on the way; a
comparison asks for those of the rows before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import FrameType
from typing import Any
from weakref import ref

import numpy as np

from adtrace.arrays.elemental import broadcast
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import terms_shape
from adtrace.elementals import Elemental, Signature
from adtrace.errors import RecordingError, printable
from adtrace.language.syntax import Apply, Options
from adtrace.numbers import Arithmetic, Scalar
from adtrace.tracing.active import Active
from adtrace.tracing.active_arrays import ActiveArray
from adtrace.tracing.arrays import arrays
from adtrace.tracing.evaluate import constant_value
from adtrace.tracing.numbering import CHAINS
from adtrace.tracing.numpy_calls import ufunc
from adtrace.tracing.numpy_shapes import part
from adtrace.tracing.point import entries
from adtrace.tracing.primal import Computed, Evaluated, advance
from adtrace.tracing.record import Recording, results
from adtrace.tracing.wengert import NOTHING, Constant, Operand, Variable, append
from adtrace.tracing.written import is_number
from adtrace.writing.dialects import plain

_NEUTRAL = {"add": 0, "mul": 1}
_SMALL = 10_000
"""Up to so many entries equal arrays in the function are one constant."""


class ArrayRecording(Recording):
    """One call of a function with arrays in the making."""

    __slots__ = ("_arrays", "_computed_at", "_shapes_of_constants")

    def __init__(self, names: Sequence[str], point: Any, **options: Any) -> None:
        super().__init__(names, point, **options)
        self.computing, self.values = False, []
        self.shapes = [terms_shape(terms) for terms in point]
        self._arrays: dict[Any, Constant] = {}
        self._computed_at: dict[tuple[str, int], Computed] = {}
        self._shapes_of_constants: dict[int, Shape] = {}

    def _start(self) -> list[float]:
        return []

    def inputs(self) -> list[Any]:
        """The independent variables."""
        return [self._active(place) for place in range(self.count)]

    # -- values and shapes -------------------------------------------------------------------------------

    def shape(self, operand: Operand) -> Shape:
        """The shape of an operand."""
        if not isinstance(operand, Constant):
            return self.shape_at(operand + self.count - 1)
        shape = self._shapes_of_constants.get(id(operand))
        return self._shapes_of_constants.setdefault(id(operand), terms_shape(operand.terms)) if shape is None else shape

    def shape_at(self, place: int) -> Shape:
        """The shape of what stands at this place."""
        return self.shape(self.constants[-2 - place]) if place < 0 else self._aligned()[place]

    def _aligned(self) -> list[Shape]:
        """The shapes of all rows; those of numbers leave none when they are made."""
        assert self.shapes is not None
        self.shapes.extend([()] * (len(self.kinds) - len(self.shapes)))
        return self.shapes

    def row_shape(self, elemental: Elemental, operands: tuple[Operand, ...]) -> Shape:
        """The shape of a row, by numpy's rules: a vector beside a column is a matrix here, for that is what was run."""
        self._aligned()
        shapes = tuple(map(self.shape, operands))
        if hasattr(elemental, "shapes"):
            return super().row_shape(elemental, operands)
        try:
            return np.broadcast_shapes(*shapes)
        except ValueError:
            return broadcast(shapes, elemental.name)  # its sentence

    def shapes_of(self, kept: Iterable[int]) -> tuple[Shape, ...]:
        """The shapes of what stands at these places."""
        shapes = self._aligned()
        return tuple([shapes[place] for place in kept])

    def length(self) -> int:
        """The scalar operations so far."""
        return max(self.operations, len(self.kinds) - self.count)

    def _active(self, place: int) -> Any:
        if place != NOTHING and self.shape_at(place):
            return ActiveArray(self, place)
        return Active(self, place) if place >= 0 else super()._active(place)

    def entry(self, signature: Signature, places: tuple[int, ...]) -> int:
        """The place of this row, which is a new one."""
        place = len(self.kinds)
        if place >= self.most:
            raise self.no_place()
        append(self._whole(), places)
        self.kinds.append(signature)
        return place

    def operand(self, value: Any) -> Operand | None:
        """The operand that a value in the function is; None for what is neither recorded, nor a number nor an array."""
        if type(value) is ActiveArray or (type(value) is Active and value._place < 0):
            self._check(value)  # type: ignore[arg-type]
            return self.constants[-2 - value._place] if value._place < 0 else self.variable(value._place)
        if type(value) is Active or is_number(value):
            return super().operand(value)
        if isinstance(value, list | tuple):
            return self._listed(value)
        if hasattr(value, "__array__"):
            array = np.asanyarray(value)  # a masked one is refused where its entries are read
            if not array.ndim:
                return super().operand(array.item())
            mixed = array.dtype == object and any(isinstance(entry, Active | ActiveArray) for entry in array.flat)
            return self._listed(array.tolist()) if mixed else self._constant_array(array)
        return super().operand(value)

    def _listed(self, parts: Sequence[Any]) -> Operand:
        """A list as an array: a row where something in it is recorded."""
        if not _holds_recorded(parts):
            return self._constant_array(parts)
        return self.call("array", (), self._operands("an array", parts))

    def _constant_array(self, given: Any) -> Constant:
        """An array of numbers in the function, as it is at this moment."""
        small = type(given) is np.ndarray and given.dtype != object and given.size <= _SMALL
        key = (given.shape, given.dtype.str, given.tobytes()) if small else None
        if key in self._arrays:
            return self._arrays[key]
        constant = Constant(entries(given, "an array in the function", self.limits))
        if key is not None:
            self._arrays[key] = constant
        return constant

    def _operands(self, what: str, values: Sequence[Any]) -> list[Operand]:
        operands: list[Operand] = []
        for value in values:
            operand = self.operand(value)
            if operand is None:
                shown = f"{type(value).__name__} {printable(repr(value)[:60])}"
                raise RecordingError(f"{what} takes numbers, arrays and recorded values, not {shown}")
            operands.append(operand)
        return operands

    # -- rows --------------------------------------------------------------------------------------------

    def function(self, name: str, value: Any) -> Any:
        """The elemental of this name applied to a recorded value, entry by entry."""
        return self.active(self.unary(name, self._operands(name, [value])[0]))

    def operation(self, head: str, left: Any, right: Any, frame: FrameType) -> Any:
        """An operator of Python on an array; what it does not know is left to the other operand."""
        if head in _NEUTRAL and type(left) in (int, float) and left == _NEUTRAL[head]:
            self.passed.add(right._place)
            return self.again(right)
        operands = self.operand(left), self.operand(right)
        if operands[0] is None or operands[1] is None:
            return NotImplemented
        if head in CHAINS and any(type(operand) is Variable for operand in operands):
            self.site(frame)
        row = self.call(head, (), operands) if head == "matmul" else self.binary(head, *operands)  # type: ignore[arg-type]
        return self.active(row)

    def raised(self, base: Any, exponent: Any) -> Any:
        """A power of which one side is an array."""
        of, power = self.operand(base), self.operand(exponent)
        return NotImplemented if of is None or power is None else self.active(self.binary("pow", of, power))

    def made(self, head: str, options: Options, *values: Any) -> Any:
        """The row of a call that mixes entries."""
        return self.active(self.call(head, options, self._operands(head, values)))

    def called(self, call: Apply, values: Sequence[Any]) -> Any:
        """The row of a call of the table of calls."""
        if call.head == "mul":
            return self.active(self.binary("mul", *self._operands("dropout", values)))
        return self.made(call.head, call.options, *values)

    def part(self, array: ActiveArray, index: Any) -> Any:
        """``array[index]``"""
        return part(self, array, index)

    def ufunc(self, of: Any, method: str, operands: Sequence[Any], options: Mapping[str, Any]) -> Any:
        """A universal function of numpy on a recorded number beside arrays."""
        return ufunc(self, of, method, operands, options)

    def lifted(self, value: Any) -> Any:
        """What stands beside recorded arrays as one of them; a number as a number of Python."""
        if isinstance(value, Active | ActiveArray):
            return value
        if isinstance(value, list | tuple) or np.ndim(value):
            return self.active(self._operands("an operation on arrays", [value])[0])
        return value.item() if isinstance(value, np.ndarray | np.float64 | np.integer) else value

    def again(self, array: Any) -> Any:
        """A copy: the same variable under another name, which an update in place leaves alone."""
        return ActiveArray(self, array._place) if type(array) is ActiveArray else array

    def seen(self, made: Any, base: Any) -> Any:
        """What is a view of another array in numpy."""
        view = self.again(base) if made is base else made
        if type(view) is type(base) is ActiveArray:
            base._shared = base._shared or [ref(base)]
            base._shared.append(ref(view))
            view._shared = base._shared
        return view

    def returned(self, value: Any, function: str) -> list[tuple[str | None, Any]]:
        """What the function returned, an array as one."""
        return results(value, function, lambda one: bool(np.ndim(one)) if isinstance(one, np.ndarray) else
                       type(one) is ActiveArray)  # fmt: skip

    # -- comparisons -------------------------------------------------------------------------------------

    def _value(self, operand: Operand, arithmetic: Arithmetic) -> Scalar:
        """The number of an operand; each row is computed once at each precision."""
        system = arrays(arithmetic)
        so_far = self._list(None, [], [])
        evaluated = Evaluated(so_far, self.point, system, self.limits)
        key = arithmetic.name, self._bits
        computed = self._computed_at.setdefault(key, evaluated.nothing())
        if isinstance(operand, Constant):
            return constant_value(operand.terms, system, plain)
        advance(evaluated, computed)
        return computed.values[operand - self.first]


def _holds_recorded(parts: Any) -> bool:
    """Whether something in nested lists is recorded."""
    if isinstance(parts, list | tuple):
        return any(map(_holds_recorded, parts))
    if isinstance(parts, np.ndarray):
        return parts.dtype == object and any(map(_holds_recorded, parts.flat))
    return isinstance(parts, Active | ActiveArray)
