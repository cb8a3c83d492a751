"""A Python function into a Wengert list: it is called once with recorded values, and each operation leaves its row.

Operator overloading as in Griewank and Walther, *Evaluating Derivatives* (2nd ed., 2008), section 6.1.  A recorded
value is its variable; a comparison is decided by rising precision, as every digit is.  What is recorded is the branch
that was taken; the comparisons that chose it stand in ``WengertList.branches``.

In double precision the numbers of a row are computed with it, by the step that a sweep takes, so that the first sweep
of a finished list goes on where they end: at the first row that is not regular.  Rows are in the order of execution,
but for what `numbering` says of written sums.

The module is long because `Recording` is one object: every operation of a recorded value comes back to it.
"""

from __future__ import annotations

import math
import numbers
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import repeat, takewhile
from types import CodeType, FrameType
from typing import Any, NamedTuple

from adtrace.arrays.index_rules import Shape
from adtrace.collector import seldom_collected, uncollected
from adtrace.elementals import TABLE, Signature
from adtrace.errors import AdtraceError, BindingError, DomainError, RecordingError, printable
from adtrace.language.reader import NAME
from adtrace.language.syntax import Terms, spelling
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import START_BITS, Arithmetic, Assumed, Scalar, Singular, TooLarge, decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.settings import ROWS
from adtrace.tracing.active import Active, Operation, operation_of
from adtrace.tracing.callers import require_a_choice, written_comparisons
from adtrace.tracing.calls import Call
from adtrace.tracing.evaluate import bind, constant_value
from adtrace.tracing.functions import ENTRYWISE
from adtrace.tracing.given import scalars
from adtrace.tracing.numbering import Columns, Numbering, chained, left_ends, numbered
from adtrace.tracing.primal import FAULTS, Computed, Evaluated, regular_step
from adtrace.tracing.rows import RowBuilder
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.symbols import is_letter, still_open
from adtrace.tracing.wengert import NOTHING, Branch, Constant, Flat, Operand, Rows, Variable, WengertList, append
from adtrace.tracing.written import constant_terms, is_number
from adtrace.writing.dialects import PLAIN, plain, same_printed

_new = object.__new__
_VARIES = (True,)
_INPUT = Signature(TABLE["neg", 1], ())
"""What stands among the kinds of rows for an independent variable."""


class Recording(RowBuilder):
    """One call of a function in the making.

    Each operation leaves a row; equal ones become one at the end, in which the first of them counts.  In double
    precision the values and partials are computed on the way, up to the first row that is not regular.
    """

    __slots__ = (
        "_at", "_beside", "_bits", "_compared", "_functions", "_integers", "_unspelled", "arithmetic", "branches",
        "computing", "ended", "first", "firsts", "floats", "lefts", "most", "names", "nothing", "partials", "passed",
        "point", "rights", "seconds", "sites", "unchained", "values",
    )  # fmt: skip

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
        count = len(names)
        super().__init__(count, sharing, powers, limits)
        self.names, self.point, self.arithmetic = names, point, arithmetic
        self.first = 1 - count
        self.kinds = [_INPUT] * count
        self.columns = [[NOTHING] * count, [NOTHING] * count]
        self.lefts, self.rights = self.columns
        """The columns of an operator of Python, by themselves: it adds to them in the time that it takes."""
        self.most = count + limits.rows
        self.ended = False
        """Whether the call is over: a value that outlives it is refused, for the list is made."""
        self.computing = False
        """Whether rows are computed."""
        self.values = self._start()
        self.partials: list[list[Any]] = [[], []]
        self.firsts, self.seconds = self.partials
        self.branches: dict[tuple[Operand, str, Operand], Branch] = {}
        self.unchained: CodeType | None = None
        """The latest program without a longer sum or product in it."""
        self.sites: list[tuple[int, str, int]] = []
        """Places of sums and products that go on, as they are written: which, and how many operations at the left."""
        self.passed: set[int] = set()
        """Places to which a neutral start was added."""
        self.floats: dict[float, Active] = {}
        self._integers: dict[int, Active] = {}
        self._unspelled: list[Constant] = []
        self._beside: dict[int, Active] = {}
        self._functions: dict[str, Operation] = {}
        self.nothing = Active(self, NOTHING)
        """The second operand of a row that has one."""
        self._at: dict[tuple[str, int], tuple[list[Scalar], dict[int, Scalar]]] = {}
        self._bits = START_BITS
        self._compared: tuple[CodeType | None, frozenset[int]] = None, frozenset()
        """The latest program that compared, and where comparisons are written in it."""

    def inputs(self) -> list[Any]:
        """The independent variables."""
        actives: list[Active] = []
        for place, value in zip(range(self.count), self.values or repeat(None)):  # noqa: B905 - endless
            active = _new(Active)  # of a long vector they are a good part of a call
            active._recording, active._place, active._value = self, place, value
            actives.append(active)
        return actives

    def _start(self) -> list[float]:
        """The values of the independent variables, if rows are computed."""
        if self.arithmetic is not FLOATS:
            return []
        try:
            numbers = scalars(self.point, FLOATS)
        except AdtraceError:
            return []  # the evaluation says why
        self.computing = True
        return numbers

    def name(self, operand: Operand) -> str:
        """The operand in a message."""
        if isinstance(operand, Constant):
            return plain(operand.terms)
        new = numbered(self._recorded(), self.sharing, set())
        place = operand + self.count - 1
        place = place if new is None else new.places[place]
        return self.names[place] if place < self.count else PLAIN.subscript("v", place - self.count + 1)

    # -- rows --------------------------------------------------------------------------------------------

    def of(self, active: Active) -> Variable:
        """The variable of a recorded value."""
        return self.variable(active._place)

    def operand(self, value: Any) -> Operand | None:
        """The operand that a value in the function is; None for what is neither recorded nor a number."""
        if type(value) is Active:
            self._check(value)
            return self.of(value)
        return self._constant(value) if is_number(value) or self._not_complex(value) else None

    def _not_complex(self, value: Any) -> bool:
        """False; raises `RecordingError` for a number that is not real."""
        if isinstance(value, numbers.Complex):
            raise RecordingError(f"a complex number, {value}, beside a recorded value: every number here is real")
        return False

    def number(self, value: Any) -> Active | None:
        """A recorded value as it is, a number as one beside it; None for anything else."""
        if type(value) in (float, int):
            return self._number(value)
        if type(value) is Active:
            self._check(value)
            return value
        real = is_number(value) or self._not_complex(value)
        return self._active(self.place(self._constant(value))) if real else None

    def _number(self, value: float) -> Active:
        """A float or an integer."""
        place = (self.floats if type(value) is float else self._integers).get(value)  # type: ignore[call-overload]
        return self._beside_them(value) if place is None else place

    def _beside_them(self, value: float) -> Active:
        """A float or an integer that is met for the first time; it is spelled when that is asked for."""
        alone = math.isfinite(value) if type(value) is float else abs(value) < _EXACT
        if alone and not self._constants:
            constant = Constant(partial(constant_terms, value))
            self._unspelled.append(constant)
        else:
            constant = self.interned(constant_terms(value))
        place = self.place(constant)
        if not alone:
            return self._active(place)
        active = self._beside[place] = Active(self, place, float(value))
        memory: dict[Any, Active] = self.floats if type(value) is float else self._integers
        memory[value] = active
        return active

    def _check(self, active: Active) -> None:
        if self.ended:
            raise self.no_place()
        if active._recording is not self:
            raise RecordingError("a value recorded in one trace was used in another one")

    def _constant(self, value: Any) -> Constant:
        """The one constant of this number's spelling."""
        if type(value) in (float, int):
            return self.constants[-2 - self._number(value)._place]
        return self.interned(constant_terms(value))

    def interned(self, terms: Terms) -> Constant:
        """The one constant of this spelling."""
        for constant in self._unspelled:
            self._constants[spelling(constant.terms)] = constant
        self._unspelled.clear()
        return super().interned(terms)

    def site(self, frame: FrameType) -> None:
        """Note the next place, if what is executed here is the end of a longer sum or product."""
        while frame.f_code in ENTRYWISE and frame.f_back:  # an operation on arrays stands where it is written
            frame = frame.f_back
        ends = chained(frame.f_code)
        if not ends:
            self.unchained = frame.f_code
        elif frame.f_lasti in ends:
            self.sites.append((len(self.kinds), *ends[frame.f_lasti]))

    def entry(self, signature: Signature, places: tuple[int, ...]) -> int:
        """The place of this row, which is a new one."""
        if len(places) > 2:
            return self._wide(signature, places)
        left, right = (*map(self._active, places), self.nothing)[:2]
        active: Active = operation_of(signature)(left, right)
        return active._place

    def _wide(self, signature: Signature, places: tuple[int, ...]) -> int:
        """The place of a row of more than two operands, which are no operator's."""
        place = len(self.kinds)
        if place >= self.most:
            raise self.no_place()
        operands = [self._active(of)._value for of in places]
        append(self._whole(), places)
        self.kinds.append(signature)
        if self.computing:
            try:
                outcome = regular_step(signature, FLOATS)(*operands)
            except FAULTS:
                outcome = None
            if outcome is None:
                self.computing = False
            else:
                value, *numbers = outcome
                self.values.append(value)
                append(_filled(self.partials, None), numbers, None)
        return place

    def _active(self, place: int) -> Active:
        """What stands at this place."""
        if place >= 0:
            return Active(self, place, self.values[place] if self.computing else None)
        if place == NOTHING:
            return self.nothing
        active = self._beside.get(place)
        if active is None:
            active = self._beside[place] = Active(self, place)
            if self.computing:
                try:
                    active._value = constant_value(self.constants[-2 - place].terms, FLOATS, plain)
                except AdtraceError:
                    self.computing = False
        return active

    def active(self, operand: Operand) -> Active:
        """The recorded value of an operand."""
        return self._active(self.place(operand))

    def function(self, name: str, value: Active) -> Active:
        """The elemental of this name applied to a recorded value."""
        operation = self._functions.get(name)
        if operation is None:
            operation = self._functions[name] = operation_of(TABLE[name, 1].signatures[_VARIES])
        return operation(value, self.nothing)  # type: ignore[no-any-return]

    def applied(self, name: str, values: Sequence[Any]) -> Active:
        """The elemental of this name applied to values of the function, at least one of them recorded."""
        operands = [self.operand(value) for value in values]
        for operand, value in zip(operands, values, strict=True):
            if operand is None:
                raise RecordingError(f"{name} takes numbers and recorded values, not {_shown(value)}")
        return self.active(self.elemental(name, operands))  # type: ignore[arg-type]

    # -- comparisons -------------------------------------------------------------------------------------

    def check_caller(self, frame: FrameType, relation: str) -> None:
        """Raise `RecordingError` where a comparison is asked by a function that would choose without a row."""
        code = frame.f_code
        if code is not self._compared[0]:
            self._compared = code, written_comparisons(code)
        if frame.f_lasti not in self._compared[1]:
            require_a_choice(frame, relation)

    def decide(self, left: Operand, relation: str, right: Operand, holds: Callable[[Any, Any], bool]) -> bool:
        """Whether a comparison holds at the point; it is noted."""
        if self.ended:
            raise self.no_place()
        key = left, relation, right
        branch = self.branches.get(key)
        if branch is None:
            sign = self._sign(left, relation, right)
            sides = [side.terms if isinstance(side, Constant) else side for side in (left, right)]
            branch = self.branches[key] = Branch(sides[0], relation, sides[1], holds(sign, 0), sign == 0)
        return branch.held

    def length(self) -> int:
        """The scalar operations so far."""
        return len(self.kinds) - self.count

    def _sign(self, left: Operand, relation: str, right: Operand) -> int:
        """The sign of left - right, by rising precision."""
        long = self.length() > self.limits.certified_rows
        arithmetic = self.arithmetic or (FLOATS if long else CERTIFIED)

        def what() -> str:
            return f"{self.name(left)} {relation} {self.name(right)}"

        def asked(bits: int) -> int:
            self._bits = bits
            try:
                with arithmetic.precision(bits):
                    sides = [self._value(side, arithmetic) for side in (left, right)]
                    return arithmetic.sign(arithmetic.functions["sub"](*sides))
            except Assumed:
                letters = [name for name, terms in zip(self.names, self.point, strict=True) if is_letter(terms)]
                raise DomainError(still_open(what(), letters, _line())) from None
            except (Singular, DomainError, TooLarge):
                self._explain(arithmetic)
                raise DomainError(f"{self.name(left)} or {self.name(right)} has no real value here") from None

        return decided(asked, self.limits, lambda: f"whether {what()}", self._bits)

    def _value(self, operand: Operand, arithmetic: Arithmetic) -> Scalar:
        """The number of an operand; each row is computed once at each precision."""
        values, constants = self._at.setdefault((arithmetic.name, self._bits), ([], {}))
        if not values:
            values.extend(scalars(self.point, arithmetic))

        def number(of: Operand) -> Scalar:
            if type(of) is Variable:
                return values[of - self.first]
            assert isinstance(of, Constant)
            if id(of) not in constants:
                constants[id(of)] = constant_value(of.terms, arithmetic, plain)
            return constants[id(of)]

        if type(operand) is Variable:
            computed = len(values) + self.first - 1
            rows = Rows(Flat(self.kinds, self._whole(), self.constants), self.first)
            for row in rows[len(values) : operand + self.count] if operand > computed else ():
                bound = bind(row.elemental, arithmetic)
                operands = [number(of) for of in row.operands]
                if bound.domain and bound.violated(bound.domain, operands):
                    raise Singular
                values.append(bound.value(*operands))
        return number(operand)

    def _explain(self, arithmetic: Arithmetic) -> None:
        """Raise the sentence of the row that has no value."""
        last = self.variable(len(self.kinds) - 1)
        wengert = self._list(numbered(self._recorded(), self.sharing, set()), [last], ["y"])
        one = constant_terms(1)
        Evaluation(Evaluated(wengert, self.point, arithmetic, self.limits), ((one,) * len(self.names),), (one,)).first()

    # -- the end -----------------------------------------------------------------------------------------

    def finish(self, dependents: Sequence[Operand], names: Sequence[str]) -> Recorded:
        """The Wengert list of what was recorded."""
        recorded = self._recorded()
        new = numbered(recorded, self.sharing, left_ends(recorded, self.sites, self.passed))
        return Recorded(self._list(new, dependents, names), self._computed(new))

    def _recorded(self) -> Columns:
        return Columns(self.kinds, self._whole(), self.count)

    def _whole(self) -> list[list[int]]:
        """The columns, the further ones as long as the first two."""
        return _filled(self.columns, NOTHING)

    def no_place(self) -> AdtraceError:
        """The error of a row that there is no place for."""
        if self.ended:
            return RecordingError(
                "a recorded value was used after its trace had ended; it stands for a number in it only"
            )
        return super().no_place()

    def end(self) -> None:
        """Take no more rows, and let go of the recorded numbers: they know their recording, and no cycle is to stay."""
        self.ended, self.computing, self.most = True, False, 0
        self.floats.clear()
        self._integers.clear()
        self._beside.clear()
        self.nothing._recording = None

    def _list(self, new: Numbering | None, dependents: Sequence[Operand], names: Sequence[str]) -> WengertList:
        """The rows that are kept in their order, or all."""
        constants, count = tuple(self.constants), self.count
        if new is None:
            flat = Flat(self.kinds[count:], [column[count:] for column in self._whole()], constants)
            branches = tuple(self.branches.values())
            return WengertList(tuple(self.names), flat, tuple(dependents), tuple(names), branches=branches,
                               shapes=self.shapes_of(range(len(self.kinds))))  # fmt: skip
        kept, places, start = new

        def of_rows(column: list[Any]) -> list[Any]:
            return column[count:start] + [column[old] for old in kept[start:]]

        columns = list(map(of_rows, self._whole()))
        for column in columns:
            column[start - count :] = [places[of] if of >= 0 else of for of in column[start - count :]]

        def moved(operand: Any) -> Any:
            return self.variable(places[self.place(operand)]) if type(operand) is Variable else operand

        first: dict[tuple[Any, ...], Branch] = {}
        for branch in (b._replace(left=moved(b.left), right=moved(b.right)) for b in self.branches.values()):
            first.setdefault(branch[:3], branch)
        flat = Flat(of_rows(self.kinds), columns, constants)
        dependents = tuple(map(moved, dependents))
        return WengertList(tuple(self.names), flat, dependents, tuple(names), branches=tuple(first.values()),
                           shapes=self.shapes_of(kept))  # fmt: skip

    def shapes_of(self, kept: Iterable[int]) -> tuple[Shape, ...]:
        """The shapes of what stands at these places; none where all there is are numbers."""
        return ()

    def returned(self, value: Any, function: str) -> list[tuple[str | None, Any]]:
        """What the function returned as values, each with its name in a dictionary."""
        return results(value, function)

    def _computed(self, new: Numbering | None) -> Computed | None:
        """The numbers of the rows that are kept, as far as they are computed without a gap."""
        if not self.values:
            return None
        self.partials.extend([] for _ in self.columns[len(self.partials) :])
        values, partials = self.values, _filled(self.partials, None)
        constants = {id(self.constants[-2 - place]): active._value for place, active in self._beside.items()}
        if new is not None:
            kept, _, start = new
            places, count = list(takewhile(len(values).__gt__, kept[start:])), self.count
            partials = [column[: start - count] + [column[of - count] for of in places] for column in partials]
            values = values[:start] + [values[of] for of in places]
        return Computed(values, partials, constants)


def _filled(columns: list[list[Any]], nothing: int | None) -> list[list[Any]]:
    """The columns, the further ones as long as the first two."""
    for column in columns[2:]:
        column.extend([nothing] * (len(columns[0]) - len(column)))
    return columns


class Recorded(NamedTuple):
    """What a call gives: the list, and what was computed on the way."""

    wengert: WengertList
    computed: Computed | None


_EXACT = 2**53
"""Integers below it are doubles, and within any bound of digits."""


def _shown(value: object) -> str:
    return f"{type(value).__name__} {printable(repr(value)[:60])}"


def results(
    returned: Any, function: str, is_one: Callable[[Any], bool] = lambda value: False
) -> list[tuple[str | None, Any]]:
    """What a function returned as values, each with its name in a dictionary.

    Sequences and arrays are taken apart in their order, so a matrix gives its entries row by row, unless it ``is_one``.
    """
    outputs: list[tuple[str | None, Any]]
    if isinstance(returned, dict):
        outputs = [(str(name), value) for name, value in returned.items()]
    else:
        outputs = []
        stack = [returned]
        while stack:
            value = stack.pop()
            if is_one(value):
                outputs.append((None, value))
                continue
            value = value.tolist() if hasattr(type(value), "__array__") and hasattr(value, "tolist") else value
            if isinstance(value, list | tuple):
                stack.extend(reversed(value))
            else:
                outputs.append((None, value))
    if not outputs:
        raise RecordingError(f"{function} returned nothing to differentiate: {_shown(returned)}")
    for _, value in outputs:
        if type(value) is not Active and not is_number(value) and not is_one(value):
            raise RecordingError(f"{function} is to return a number, several in a tuple, or a dictionary of them, "
                                 f"not {_shown(value)}")  # fmt: skip
    return outputs


def _line() -> str:
    """Where the program stands: the line of the first frame that is not ours."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").startswith("adtrace."):
        frame = frame.f_back
    return f" in line {frame.f_lineno}" if frame is not None else ""


def record(
    function: Callable[..., Any],
    call: Call,
    *,
    sharing: bool = True,
    powers: str = ROWS,
    arithmetic: Arithmetic | None = None,
    limits: Limits = DEFAULT,
    kind: type[Recording] = Recording,
) -> Recorded:
    """The Wengert list of one call of a function, and the numbers that were computed with it.

    ``arithmetic`` is the one that decides comparisons: certified up to ``limits.certified_rows`` rows, if None.
    What the function itself raises is passed on.  Raises `RecordingError` for what has no elemental, `BoundError`
    past ``limits.rows`` operations, equal ones counted, `DomainError` and `UndecidedError` from a comparison.
    """
    recording = kind(call.names, call.point, sharing=sharing, powers=powers, arithmetic=arithmetic, limits=limits)
    with seldom_collected():
        try:
            returned = recording.returned(call.of(function, recording.inputs()), call.function)
        except AttributeError as problem:
            if hasattr(type(problem.obj), "_recording"):
                problem.args = (f"a recorded value has no attribute {problem.name!r}",)
            raise
    operands = [recording.operand(value) for _, value in returned]
    named = [name for name, _ in returned if name is not None]
    names = checked_names(named, call.names) if named else free_names(len(returned), call.names)
    with uncollected():
        wengert = recording.finish(operands, names)  # type: ignore[arg-type]
        recording.end()
    return wengert


def free_names(count: int, taken: Sequence[str]) -> tuple[str, ...]:
    """``y``, or ``y_1``, ``y_2``, ...; with another letter where a variable has such a name."""
    for letter in (*"yfzwpqrst", "out", "output"):
        names = (letter,) if count == 1 else tuple(f"{letter}_{place}" for place in range(1, count + 1))
        if not same_printed(names, taken):
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
        if same_printed([name], taken):
            raise BindingError(f"the dependent variable {name} would be printed as an independent one is: "
                               "choose another name")  # fmt: skip
    return tuple(names)
