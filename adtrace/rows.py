"""The rows of a trace for a program: each variable with all its numbers, found when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, overload

from adtrace.documents.structure import formula, operand_text, variable
from adtrace.errors import OptionError
from adtrace.numbers import Scalar
from adtrace.traced import Traced
from adtrace.tracing.quantities import ADJOINT, TANGENT, VALUE, Address
from adtrace.tracing.seeds import entry_names
from adtrace.tracing.sweeps import Sweep
from adtrace.tracing.wengert import Row as WengertRow
from adtrace.tracing.wengert import Variable


class Row:
    """A variable of a trace: an operation, or an independent variable.

    ``row.value``, ``row.tangent``, ``row.adjoint`` and ``row.partials`` are the exact or certified numbers of the
    sweeps, as `Value`; of an array, values with its shape.  They are found when they are asked for, and a row is no
    more than its place in the trace.  Rows cannot be changed; they are equal where trace and place are.
    """

    __slots__ = ("_trace", "index")

    _trace: Traced
    index: int
    """The i of v_i: from 1 for an operation, up to 0 for an independent variable."""

    def __init__(self, trace: Traced, index: int) -> None:
        object.__setattr__(self, "_trace", trace)
        object.__setattr__(self, "index", index)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a row cannot be changed")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Row], tuple[Traced, int]]:
        return Row, (self._trace, self.index)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row):
            return NotImplemented
        return self.index == other.index and self._trace == other._trace

    def __hash__(self) -> int:
        return hash((self.index, self._trace))

    def __repr__(self) -> str:
        """``<v_3 = v_1*v_2: 10>``."""
        return f"<{self.variable} = {self.formula}: {self.value}>"

    @property
    def _place(self) -> int:
        return self.index - self._trace.wengert.first

    @property
    def _row(self) -> WengertRow | None:
        return self._trace.wengert.rows[self.index - 1] if self.index > 0 else None

    @property
    def variable(self) -> str:
        """The name of v_i, ``v_3`` or ``v_{-1}``, as in JSON and in the operands of other rows."""
        return variable(self.index)

    @property
    def name(self) -> str:
        """The name of the independent variable, or what a statement of a program calls the row; else empty."""
        wengert = self._trace.wengert
        if self.index <= 0:
            return wengert.independents[self._place]
        named = (name for name, operand in wengert.assigned if isinstance(operand, Variable) and operand == self.index)
        return next(named, "")

    @property
    def elemental(self) -> str:
        """The name of the elemental, ``mul``; empty for an independent variable."""
        return "" if self._row is None else self._row.elemental.name

    @property
    def operands(self) -> tuple[str, ...]:
        """The operands in their order: the names of variables, and constants as they were typed."""
        return () if self._row is None else tuple(map(operand_text, self._row.operands))

    @property
    def formula(self) -> str:
        """The operation in the language, ``v_{-1}*v_0``; of an independent variable its name."""
        return self.name if self._row is None else formula(self._row)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an array, ``(2, 3)``; ``()`` for a number."""
        shapes = self._trace.wengert.shapes
        return tuple(shapes[self._place]) if shapes else ()

    @property
    def value(self) -> Any:
        """The value: a `Value`, or an array of them.  Raises `BoundError`."""
        return self._trace.evaluation.value(Address(VALUE, self._place))

    @property
    def tangent(self) -> Any:
        """The tangent along the first seed, a `Value` or an array of them; see `tangents`.

        Raises `OptionError` for data (``const``), which have none.
        """
        self._require_varying("tangent")
        return self._trace.evaluation.value(Address(TANGENT, self._place))

    @property
    def tangents(self) -> tuple[Any, ...]:
        """The tangent along each seed."""
        self._require_varying("tangent")
        evaluation = self._trace.evaluation
        return tuple(evaluation.value(Address(TANGENT, self._place, k)) for k in range(len(evaluation.seeds)))

    @property
    def adjoint(self) -> Any:
        """The adjoint, of the output or of the weighted outputs: a `Value`, or an array of them.

        Raises `OptionError` where each of several outputs has a reverse sweep of its own: see `adjoints`; and for data.
        """
        self._require_varying("adjoint")
        if self._trace.has_several_sweeps:
            raise OptionError("there are several outputs: give them weights, or read row.adjoints")
        return self._trace.evaluation.value(Address(ADJOINT, self._place))

    @property
    def adjoints(self) -> dict[str, Any]:
        """The adjoint in each reverse sweep, by the name of its output (of its entry, ``y[0]``)."""
        self._require_varying("adjoint")
        trace = self._trace
        if not trace.has_several_sweeps:
            names = trace.wengert.dependent_names
            return {names[0] if len(names) == 1 else "": self.adjoint}
        names = tuple(entry_names(trace.outputs)) if trace.each_entry else trace.wengert.dependent_names
        address = Address(ADJOINT, self._place)
        return {name: of.value(address) for name, of in zip(names, trace.each_output(), strict=True)}

    @property
    def partials(self) -> dict[str, Any]:
        """The local partial by each operand that is a variable, as a `Value`; one that occurs twice has one.

        Raises `OptionError` for a row with arrays, whose partials are linear maps and no numbers.
        """
        row = self._row
        if row is None:
            return {}
        slots: dict[Variable, list[int]] = {}
        for slot, operand in enumerate(row.operands):
            if isinstance(operand, Variable) and operand - self._trace.wengert.first not in self._trace.wengert.data:
                slots.setdefault(operand, []).append(slot)
        if self._has_arrays:
            raise OptionError(f"{self.variable} is a row of arrays: its partials are linear maps, not numbers")
        number = self._trace.evaluation.number
        return {variable(of): number(_Partial(self.index - 1, tuple(own))) for of, own in slots.items()}

    def to_dict(self) -> dict[str, Any]:
        """Variable, elemental, operands, value, tangent, adjoint and partials, as `to_json` writes them.

        Data have neither tangent nor adjoint, a row of arrays has no partials, and the adjoints of several outputs are
        by output: ``adjoints``.
        """
        written: dict[str, Any] = {"variable": self.variable, "elemental": self.elemental,
                                   "operands": list(self.operands), "value": self.value}  # fmt: skip
        trace = self._trace
        if self._place not in trace.wengert.data:
            written["tangent"] = self.tangent
            written |= {"adjoints": self.adjoints} if trace.has_several_sweeps else {"adjoint": self.adjoint}
        if not self._has_arrays:
            written["partials"] = self.partials
        return written

    @property
    def _has_arrays(self) -> bool:
        """Whether it is an array, or has one among its operands."""
        operands = () if self._row is None else self._row.operands
        arrays = self._trace.wengert.operand_shape
        return bool(self.shape) or any(arrays(operand) for operand in operands if isinstance(operand, Variable))

    def _require_varying(self, what: str) -> None:
        if self._place in self._trace.wengert.data:
            raise OptionError(f"{self.name} is const: it has no {what}")


@dataclass(frozen=True, slots=True)
class _Partial:
    """Finds a local partial of a row in a sweep: the sum over the slots in which the operand stands."""

    row: int
    slots: tuple[int, ...]

    def __call__(self, sweep: Sweep) -> Scalar:
        """The number in a sweep."""
        return sweep.partial(self.row, self.slots)


class Rows(Sequence[Row]):
    """Rows of a trace one after the other, each made when it is asked for."""

    __slots__ = ("_indices", "_trace")

    def __init__(self, trace: Traced, indices: range) -> None:
        self._trace, self._indices = trace, indices

    def __len__(self) -> int:
        return len(self._indices)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Rows: ...
    def __getitem__(self, place: int | slice) -> Row | Rows:
        if isinstance(place, slice):
            return Rows(self._trace, self._indices[place])
        try:
            return Row(self._trace, self._indices[place])
        except IndexError:
            count = f"{len(self)} row{'s' * (len(self) != 1)}"
            allowed = f": from 0 to {len(self) - 1}, or from -{len(self)} to -1" if self else ""
            raise IndexError(f"there is no row {place} of {count}{allowed}") from None

    def __reduce__(self) -> tuple[type[Rows], tuple[Traced, range]]:
        return Rows, (self._trace, self._indices)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rows):
            return NotImplemented
        return self._indices == other._indices and self._trace == other._trace

    def __hash__(self) -> int:
        return hash((self._indices, self._trace))

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {self._trace!r}>"
