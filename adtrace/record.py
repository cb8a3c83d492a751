"""A Python function into a Wengert list: it is called once with recorded values, and each operation leaves its row.

Operator overloading as in Griewank and Walther, *Evaluating Derivatives* (2nd ed., 2008), section 6.1.  A recorded
value is its variable and nothing more; numbers are computed when a comparison asks for one, and then the comparison is
decided by rising precision, as every digit is.  What is recorded is the branch that was taken; the comparisons that
chose it stand in ``WengertList.branches``.

Rows are in the order of execution, but for one thing: within one written sum or product they are in the order of the
same formula as text (see `lower`), its operands first.  Python knows where in the source an operation stands (PEP 657),
so an inner sum is known for the left end of a longer one; without that information the order is that of execution.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from sys import _getframe
from types import CodeType, FrameType
from typing import Any, NoReturn

from adtrace.calls import Call
from adtrace.collector import seldom_collected, uncollected
from adtrace.dialects import PLAIN, plain
from adtrace.elementals import TABLE, Elemental
from adtrace.errors import BindingError, DomainError, RecordingError, UndecidedError, printable
from adtrace.evaluate import bind, constant_value
from adtrace.functions import UNARY, on_arrays
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.parse import NAME
from adtrace.rows import ROWS, RowBuilder
from adtrace.sweeps import START_BITS, Evaluation
from adtrace.syntax import Terms
from adtrace.wengert import Branch, Constant, Operand, Row, Variable, WengertList
from adtrace.written import constant_terms, is_number


class Active:
    """A recorded value: a variable of the Wengert list that is being made."""

    __slots__ = ("operand", "recording")

    def __init__(self, recording: Recording, operand: Operand) -> None:
        self.recording, self.operand = recording, operand

    def __neg__(self) -> Active:
        return self.recording.applied("neg", (self,))

    def __pos__(self) -> Active:
        return self

    def __abs__(self) -> Active:
        return self.recording.applied("abs", (self,))

    def __pow__(self, other: object) -> Active:
        recording = self.recording
        exponent = recording.operand(other)
        return NotImplemented if exponent is None else Active(recording, recording.power(self.operand, exponent))

    def __rpow__(self, other: object) -> Active:
        recording = self.recording
        base = recording.operand(other)
        return NotImplemented if base is None else Active(recording, recording.power(base, self.operand))

    def __bool__(self) -> bool:
        return bool(self != 0)  # type: ignore[comparison-overlap]

    __hash__ = None  # type: ignore[assignment]  # what is equal at one point is not the same variable

    def __repr__(self) -> str:
        return f"<recorded value {self.recording.name(self.operand)}>"

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        """numpy's functions, on recorded values and on arrays beside them."""
        return on_arrays(ufunc, method, operands, options)

    def _sympy_(self) -> NoReturn:
        """Sympy asks before it computes: declined, so that ``sympy.pi*x`` is left to the reflected operator."""
        from sympy import SympifyError  # noqa: PLC0415 - only sympy comes here

        raise SympifyError("a recorded value: write adtrace.sin(x) in place of sympy.sin(x)")

    def __getattr__(self, name: str) -> Any:
        """``x.sin()``: numpy calls its function on an array of objects as a method of each."""
        if name not in UNARY:
            raise AttributeError(f"a recorded value has no attribute {name!r}")
        return lambda: UNARY[name](self)


_SUM, _PRODUCT = ("add", "sub"), ("mul", "div")
_NEUTRAL = {"add": 0, "mul": 1}


def _arithmetic(head: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """An operator and its reflected form.  The neutral start of ``sum`` and ``prod``, ``0 + x``, makes no row."""
    elemental, neutral = TABLE[head, 2], _NEUTRAL.get(head)

    def forward(self: Active, other: object) -> Any:
        recording = self.recording
        if type(other) is Active and other.recording is recording:
            right: Operand | None = other.operand
        else:
            right = recording.operand(other)
            if right is None:
                return NotImplemented
        return recording.link(elemental, (self.operand, right), _getframe(1))  # type: ignore[arg-type]

    def reflected(self: Active, other: object) -> Any:
        recording = self.recording
        if neutral is not None and type(other) in (int, float) and other == neutral:
            return self
        left = recording.operand(other)
        if left is None:
            return NotImplemented
        return recording.link(elemental, (left, self.operand), _getframe(1))

    return forward, reflected


def _comparison(relation: str, holds: Callable[[Any, Any], bool]) -> Callable[..., Any]:
    def compare(self: Active, other: object) -> Any:
        if isinstance(other, float) and math.isinf(other):
            return holds(0.0, other)
        right = self.recording.operand(other)
        return NotImplemented if right is None else self.recording.decide(self.operand, relation, right, holds)

    return compare


def _refused(what: str, instead: str) -> Callable[..., NoReturn]:
    def refuse(self: Active, *others: object) -> NoReturn:
        raise RecordingError(f"{what} of a recorded value has no elemental; {instead}")

    return refuse


_NO_FLOAT = "write adtrace.sin(x), or numpy's function, in place of math.sin(x)"
_NO_INTEGER = "it is piecewise constant; take it of a plain number"
_REFUSED = {
    "float": ("float()", _NO_FLOAT), "int": ("int()", _NO_INTEGER), "complex": ("complex()", _NO_FLOAT),
    "index": ("an index", "only plain integers count and index"),
    "round": ("round()", _NO_INTEGER), "floor": ("floor()", _NO_INTEGER), "ceil": ("ceil()", _NO_INTEGER),
    "trunc": ("trunc()", _NO_INTEGER), "floordiv": ("//", _NO_INTEGER), "rfloordiv": ("//", _NO_INTEGER),
    "mod": ("%", _NO_INTEGER), "rmod": ("%", _NO_INTEGER), "divmod": ("divmod()", _NO_INTEGER),
    "rdivmod": ("divmod()", _NO_INTEGER),
}  # fmt: skip

for _name, _head in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div"}.items():
    _forward, _reflected = _arithmetic(_head)
    setattr(Active, f"__{_name}__", _forward)
    setattr(Active, f"__r{_name}__", _reflected)
for _name, _relation in {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "=", "ne": "!="}.items():
    setattr(Active, f"__{_name}__", _comparison(_relation, getattr(operator, _name)))
for _name, _sentence in _REFUSED.items():
    setattr(Active, f"__{_name}__", _refused(*_sentence))


_Place = tuple[CodeType, int]
"""Where in a program an operation was executed: the code and the instruction."""


class Recording(RowBuilder):
    """One call of a function in the making."""

    def __init__(
        self,
        names: Sequence[str],
        point: Sequence[Terms],
        *,
        sharing: bool,
        powers: str,
        arithmetic: Arithmetic | None,
        limits: Limits,
    ) -> None:
        super().__init__(sharing, powers, limits)
        self.names, self.point, self.arithmetic = tuple(names), tuple(point), arithmetic
        self.first = 1 - len(self.names)
        self.inputs = [Active(self, Variable(self.first + place)) for place in range(len(self.names))]
        self.branches: dict[tuple[int, str, int], Branch] = {}
        self._numbers: dict[object, Constant] = {}
        self._places: list[_Place | None] = []
        self._values: dict[tuple[str, int], tuple[list[Scalar], dict[int, Scalar]]] = {}
        self._bits = START_BITS

    def name(self, operand: Operand) -> str:
        """The operand in a message."""
        if isinstance(operand, Constant):
            return plain(operand.terms)
        return self.names[operand - self.first] if operand <= 0 else PLAIN.subscript("v", operand)

    # -- rows --------------------------------------------------------------------------------------------

    def operand(self, value: Any) -> Operand | None:
        """The operand that a value in the function is; None for what is neither recorded nor a number."""
        kind = type(value)
        if kind is Active:
            if value.recording is not self:
                raise RecordingError("a value recorded in one trace was used in another one")
            return value.operand  # type: ignore[no-any-return]
        if kind is int or kind is float:
            known = self._numbers.get((kind, value))
            if known is None:
                known = self._numbers[kind, value] = self.interned(constant_terms(value))
            return known
        return self.interned(constant_terms(value)) if is_number(value) else None

    def link(self, elemental: Elemental, operands: tuple[Operand, ...], frame: FrameType) -> Active:
        """A row of a sum or a product; it may be a part of a longer one, as its place in the source tells."""
        variable = self.row(elemental, operands)
        if variable > len(self._places):  # a new one
            self._places.extend([None] * (variable - len(self._places) - 1))
            self._places.append((frame.f_code, frame.f_lasti))
        return Active(self, variable)

    def applied(self, name: str, values: Sequence[Any]) -> Active:
        """The elemental of this name applied to values of the function, at least one of them recorded."""
        if len(values) == 1 and type(values[0]) is Active and values[0].recording is self:
            return Active(self, self.unary(name, values[0].operand))
        operands = [self.operand(value) for value in values]
        for operand, value in zip(operands, values, strict=True):
            if operand is None:
                raise RecordingError(f"{name} takes numbers and recorded values, not {_shown(value)}")
        result = operands[0]
        if len(operands) == 1:
            result = self.unary(name, result)  # type: ignore[arg-type]
        for other in operands[1:]:
            result = self.binary(name, result, other)  # type: ignore[arg-type]
        return Active(self, result)  # type: ignore[arg-type]

    # -- comparisons -------------------------------------------------------------------------------------

    def decide(self, left: Operand, relation: str, right: Operand, holds: Callable[[Any, Any], bool]) -> bool:
        """Whether a comparison holds at the point; it is noted."""
        key = id(left), relation, id(right)
        known = self.branches.get(key)
        if known is None:
            sign = self._sign(left, relation, right)
            sides = [side.terms if isinstance(side, Constant) else side for side in (left, right)]
            known = self.branches[key] = Branch(sides[0], relation, sides[1], holds(sign, 0), sign == 0)
        return known.held

    def _sign(self, left: Operand, relation: str, right: Operand) -> int:
        """The sign of left - right, by rising precision."""
        arithmetic = self.arithmetic or (CERTIFIED if len(self.rows) <= self.limits.certified_rows else FLOATS)
        while True:
            try:
                with arithmetic.precision(self._bits):
                    sides = [self._value(side, arithmetic) for side in (left, right)]
                    return arithmetic.sign(arithmetic.functions["sub"](*sides))
            except NeedsPrecision:
                if self._bits * 2 > self.limits.bits:
                    what = f"{self.name(left)} {relation} {self.name(right)}"
                    raise UndecidedError(f"whether {what} is not decided at {self._bits} bits") from None
                self._bits *= 2
            except (Singular, DomainError, TooLarge):
                self._explain(arithmetic)
                raise DomainError(f"{self.name(left)} or {self.name(right)} has no real value here") from None

    def _value(self, operand: Operand, arithmetic: Arithmetic) -> Scalar:
        """The number of an operand; each row is computed once at each precision."""
        values, constants = self._values.setdefault((arithmetic.name, self._bits), ([], {}))
        if not values:
            values.extend(constant_value(terms, arithmetic, plain) for terms in self.point)

        def number(of: Operand) -> Scalar:
            if type(of) is Variable:
                return values[of - self.first]
            assert isinstance(of, Constant)
            if id(of) not in constants:
                constants[id(of)] = constant_value(of.terms, arithmetic, plain)
            return constants[id(of)]

        if type(operand) is Variable:
            computed = len(values) + self.first - 1
            for row in self.rows[computed:operand] if operand > computed else ():
                bound = bind(row.elemental, arithmetic)
                operands = [number(of) for of in row.operands]
                u, w = operands if len(operands) == 2 else (operands[0], None)
                if bound.domain and bound.violated(bound.domain, u, w):
                    raise Singular
                values.append(bound.value(*operands))
        return number(operand)

    def _explain(self, arithmetic: Arithmetic) -> None:
        """Raise the sentence of the row that has no value."""
        wengert = WengertList(self.names, tuple(self.rows), (Variable(len(self.rows)),), ("y",))
        one = constant_terms(1)
        Evaluation(wengert, self.point, ((one,) * len(self.names),), (one,), arithmetic, self.limits).first()

    # -- the end -----------------------------------------------------------------------------------------

    def finish(self, dependents: Sequence[Operand], names: Sequence[str]) -> WengertList:
        """The Wengert list of what was recorded."""
        order = self._order()
        if order is None:
            return WengertList(
                self.names, tuple(self.rows), tuple(dependents), tuple(names), branches=tuple(self.branches.values())
            )
        new = {old: Variable(place) for place, old in enumerate(order, start=1)}

        def moved(operand: Any) -> Any:
            return new.get(operand, operand) if type(operand) is Variable else operand

        rows = [self.rows[old - 1] for old in order]
        return WengertList(
            self.names,
            tuple(Row(row.elemental, tuple(map(moved, row.operands))) for row in rows),
            tuple(map(moved, dependents)),
            tuple(names),
            branches=tuple(b._replace(left=moved(b.left), right=moved(b.right)) for b in self.branches.values()),
        )

    def _order(self) -> list[int] | None:
        """The rows with each written sum after its operands; None where that is the order of execution."""
        waiting = set(self._left_ends())
        if not waiting:
            return None
        order: list[int] = []
        placed = [False] * (len(self.rows) + 1)
        for index in range(1, len(self.rows) + 1):
            stack = [] if index in waiting else [index]
            while stack:  # a row that waits goes before the first that needs it
                top = stack[-1]
                needed = [of for of in self.rows[top - 1].operands if type(of) is Variable and of > 0]
                missing = [of for of in needed if not placed[of]]
                if missing:
                    stack.extend(reversed(missing))
                    continue
                stack.pop()
                if not placed[top]:
                    placed[top] = True
                    order.append(top)
        return order

    def _left_ends(self) -> Iterator[int]:
        """The rows that are the left end of a longer sum, or product, in the source."""
        known: dict[tuple[CodeType, int, int], bool] = {}
        rows, places = self.rows, self._places
        for row, place in zip(rows, places, strict=False):
            left = row.operands[0]
            if place is None or type(left) is not Variable or left <= 0:
                continue
            inner = places[left - 1]
            if inner is None or inner[0] is not place[0] or inner[1] == place[1]:
                continue
            if (rows[left - 1].elemental.name in _SUM) != (row.elemental.name in _SUM):
                continue
            key = *place, inner[1]
            if key not in known:
                positions = list(place[0].co_positions())
                known[key] = _is_left_end(positions[inner[1] // 2], positions[place[1] // 2])
            if known[key]:
                yield left


def _is_left_end(inner: Sequence[int | None], outer: Sequence[int | None]) -> bool:
    """Whether the source of one operation begins where that of the other begins, and ends before it."""
    if None in inner or None in outer:
        return False
    line, end, column, end_column = inner
    return (line, column) == (outer[0], outer[2]) and (end, end_column) < (outer[1], outer[3])


def _shown(value: object) -> str:
    return f"{type(value).__name__} {printable(repr(value)[:60])}"


def results(returned: Any, function: str) -> list[tuple[str | None, Any]]:
    """What a function returned as values, each with its name in a dictionary.

    Sequences and arrays are taken apart in their order, so a matrix gives its entries row by row.
    """
    found: list[tuple[str | None, Any]]
    if isinstance(returned, dict):
        found = [(str(name), value) for name, value in returned.items()]
    else:
        found = []
        stack = [returned]
        while stack:
            value = stack.pop()
            value = value.tolist() if hasattr(type(value), "__array__") and hasattr(value, "tolist") else value
            if isinstance(value, list | tuple):
                stack.extend(reversed(value))
            else:
                found.append((None, value))
    if not found:
        raise RecordingError(f"{function} returned nothing to differentiate: {_shown(returned)}")
    for _, value in found:
        if type(value) is not Active and not is_number(value):
            raise RecordingError(f"{function} is to return a number, several in a tuple, or a dictionary of them, "
                                 f"not {_shown(value)}")  # fmt: skip
    return found


def record(
    function: Callable[..., Any],
    call: Call,
    *,
    sharing: bool = True,
    powers: str = ROWS,
    arithmetic: Arithmetic | None = None,
    limits: Limits = DEFAULT,
) -> WengertList:
    """The Wengert list of one call of a function.

    ``arithmetic`` is the one that decides comparisons: certified up to ``limits.certified_rows`` rows, if None.
    What the function itself raises is passed on.  Raises `RecordingError` for what has no elemental, `BoundError`
    past ``limits.rows``, `DomainError` and `UndecidedError` from a comparison.
    """
    recording = Recording(call.names, call.point, sharing=sharing, powers=powers, arithmetic=arithmetic, limits=limits)
    with seldom_collected():
        returned = results(call.of(function, recording.inputs), call.function)
    operands = [recording.operand(value) for _, value in returned]
    given = [name for name, _ in returned if name is not None]
    names = checked_names(given, call.names) if given else free_names(len(returned), call.names)
    with uncollected():
        return recording.finish(operands, names)  # type: ignore[arg-type]


def free_names(count: int, taken: Sequence[str]) -> tuple[str, ...]:
    """``y``, or ``y_1``, ``y_2``, ...; with another letter where a variable has such a name."""
    for letter in (*"yfzwpqrst", "out", "output"):
        names = (letter,) if count == 1 else tuple(f"{letter}_{place}" for place in range(1, count + 1))
        if not set(names) & set(taken):
            return names
    raise BindingError("no name is left for the dependent variables; return a dictionary of named ones")


def checked_names(names: Sequence[str], taken: Sequence[str]) -> tuple[str, ...]:
    """The names of dependent variables that a dictionary gives."""
    for name in names:
        if not NAME.fullmatch(name):
            raise BindingError(f"{printable(name)!r} cannot be the name of a dependent variable: "
                               "names are the letters A to Z and a to z, digits and underscores")  # fmt: skip
        if name in taken:
            raise BindingError(f"{name} is an independent variable and cannot be a dependent one, too")
    return tuple(names)
