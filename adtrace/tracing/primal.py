"""A Wengert list at a point: the evaluation trace, with the local partials that the derivative sweeps start from.

Each row's value and local partials are computed once, with its domain checked; rows at a kink get the partials of a
convention, or the true ones where it turns out that there are any (see `slopes`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from adtrace.arrays.elemental import ArrayElemental
from adtrace.collector import uncollected
from adtrace.elementals import CORNER, EDGE, NONE, SLOTS, TIE, Elemental, Signature
from adtrace.errors import BoundError, DomainError, UndecidedError
from adtrace.language.syntax import Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar, Singular, TooLarge, decided
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.numbers.rounding import fixed
from adtrace.tracing import compiled
from adtrace.tracing.evaluate import Bound, Bounded, Rule, Step, beyond, bind, constant_value, step
from adtrace.tracing.given import scalars
from adtrace.tracing.jets import along
from adtrace.tracing.kinks import SINGULAR, Convention, Conventions, number, resolved_words, rules
from adtrace.tracing.sentences import domain_sentence, row_text, undecided
from adtrace.tracing.slopes import Partials, Resolution, Sides, Slopes, resolve
from adtrace.tracing.wengert import Constant, Operand, Row, Variable, WengertList, append
from adtrace.wording import said
from adtrace.writing.dialects import plain

_MOST_RAISED = 20_000
"""Rows times variables up to which a higher precision is tried to decide whether a derivative exists."""


class Displayed(NamedTuple):
    """How the numbers of a table are rounded before the next row is computed from them."""

    digits: int
    rounding: str
    running: bool
    """Whether the table shows, and so rounds, each running total of an adjoint; else the whole sum once."""


@dataclass(frozen=True, slots=True)
class Primal:
    """The evaluation trace: what both derivative sweeps start from, at one working precision.

    ``values`` are in the order of the variables, v_{1-n} first.
    """

    constants: dict[int, Scalar]
    """The value of each constant operand, by its identity."""
    values: list[Scalar]
    partials: Partials
    kinks: tuple[Convention, ...]
    """Where the partials are a convention."""
    written: dict[int, tuple[str, ...]]
    """For a row at or beside a kink, its partials as they are written in place of the elemental's."""
    sides: dict[int, Sides | None]
    """The rows at a kink, with the partials to both sides where they are known."""
    resolution: Resolution
    """What is decided of them."""


VALUES, TANGENTS, ADJOINTS = "value", "tangent", "adjoint"
"""The quantities whose numbers stand in later rows."""
Shown = Callable[..., Scalar]
"""A number, its quantity, its place and its seed to what is used in its place."""


def shown_of(evaluated: Evaluated) -> Shown | None:
    """What becomes of a number before it is used: the rounded number that is displayed, the name of a long formula, or,
    for None, itself.
    """
    if evaluated.displayed is None:
        return evaluated.arithmetic.named
    digits, rounding, _ = evaluated.displayed
    literal = evaluated.arithmetic.literal

    def rounded(x: Scalar, *of: object) -> Scalar:
        text = fixed(x, digits, rounding)
        if text is None:
            raise NeedsPrecision("a digit to round at")
        return literal(int(text.replace(".", "")), -digits)

    if evaluated.arithmetic.entries is None:
        return rounded
    from adtrace.tracing.entries import on_entries  # noqa: PLC0415

    return lambda x, *of: on_entries(rounded, x, evaluated.arithmetic)


class Computed(NamedTuple):
    """What is known of an evaluation trace in double precision: its numbers up to the first row that is not regular."""

    values: list[Scalar]
    partials: Partials
    constants: dict[int, Scalar]


@dataclass(frozen=True)
class Evaluated:
    """What is evaluated: a list at a point in a number system; `primal` is its trace at a precision, made once."""

    wengert: WengertList
    point: Sequence[Terms]
    """The value of each independent variable, a constant expression as the author typed it."""
    arithmetic: Arithmetic = CERTIFIED
    limits: Limits = DEFAULT
    conventions: Conventions = Conventions()  # noqa: RUF009 - frozen, and the default of the records it stands in
    displayed: Displayed | None = None
    """If every row is computed from the rounded numbers shown above it."""
    summed: tuple[Terms, ...] | None = None
    """The weights of the outputs, where their sum is differentiated, which at kinks is asked about like an output."""
    direction: tuple[Terms, ...] | None = None
    """Along what the point moves, where the numbers are jets; None for a point that stays."""
    held: Mapping[int, tuple[str, ...]] | None = None
    """The partials that rows at and beside kinks keep along it; None for those of the side to which each is left."""

    def __hash__(self) -> int:
        return hash(self.wengert)

    def __getstate__(self) -> dict[str, Any]:
        return {of.name: getattr(self, of.name) for of in fields(self)}  # the traces are made anew

    @cached_property
    def _primals(self) -> dict[int, Primal]:
        """The traces by precision; `dataclasses.replace` begins anew."""
        return {}

    def primal(self, bits: int) -> Primal:
        """The evaluation trace; raises `NeedsPrecision` for a comparison that a higher precision may decide."""
        if bits not in self._primals:
            self._primals[bits] = _primal(self, self.nothing(), bits)
        return self._primals[bits]

    def begin(self, computed: Computed, bits: int) -> None:
        """Make the first trace, of which a part is computed already."""
        with uncollected():
            self._primals[bits] = _primal(self, computed, bits)

    def nothing(self) -> Computed:
        """An evaluation trace of which only the point is known."""
        values = scalars(self.point, self.arithmetic)
        if self.direction is not None:
            slopes = [constant_value(terms, self.arithmetic, plain) for terms in self.direction]
            values = list(map(self.arithmetic.along or along, values, slopes))
        return Computed(values, [[] for _ in self.wengert.flat.columns], {})

    def is_last(self, bits: int) -> bool:
        """Whether no higher precision will decide a slope: bounded by the size of the list, never by a clock."""
        if self.arithmetic.formulas:
            return True
        small = len(self.wengert.independents) * len(self.wengert.rows) <= _MOST_RAISED
        return not small or bits * 2 > self.limits.bits

    def resolved(self, bits: int, known: Raw) -> Resolution:
        """What is decided at the kinks; the same at every precision, so that it is asked once."""
        for primal in self._primals.values():
            return primal.resolution
        if not known.kinks:
            return Resolution({}, {}, frozenset())
        if self.conventions.always:
            every = frozenset(range(len(self.wengert.dependents) + 1))
            return Resolution({}, dict.fromkeys((kink.row for kink in known.kinks), every), frozenset())
        if self.arithmetic.entries is not None:
            from adtrace.tracing.array_kinks import resolved  # noqa: PLC0415

            return resolved(self, known.kinks, bits)

        def asked(more: int) -> Resolution:
            with self.arithmetic.precision(more):
                raw = known if more == bits else _raw(self, self.nothing())
                slopes = Slopes(self.wengert, raw.partials, _sides(self, raw), self.arithmetic, self.is_last(more))
                weights = self.summed and [constant_value(terms, self.arithmetic, plain) for terms in self.summed]
                return resolve(slopes, raw.kinks, weights)

        return decided(asked, self.limits, "whether a derivative exists", bits)


class Raw(NamedTuple):
    """An evaluation trace in which each row at a kink has the partials of its convention."""

    values: list[Scalar]
    partials: Partials
    constants: dict[int, Scalar]
    kinks: list[Convention]
    written: dict[int, tuple[str, ...]]


def _raw(evaluated: Evaluated, computed: Computed) -> Raw:
    """The trace, before it is decided which derivatives exist; raises `NeedsPrecision` for an open comparison."""
    wengert = evaluated.wengert
    raw = Raw(*computed, [], {})
    if len(computed.partials[0]) < len(wengert.flat.kinds):
        _evaluate(evaluated, computed, raw.kinks, raw.written)
    for dependent in wengert.dependents:
        if type(dependent) is Constant:
            _constant(dependent, computed.constants, evaluated.arithmetic)
    return raw


def _primal(evaluated: Evaluated, computed: Computed, bits: int) -> Primal:
    """The evaluation trace; raises `NeedsPrecision` for a comparison that a higher precision may decide."""
    wengert = evaluated.wengert
    raw = _raw(evaluated, computed)
    values, partials, constants, kinks, written = raw
    resolution = evaluated.resolved(bits, raw)
    sides = _sides(evaluated, raw)
    for index, above in resolution.chosen.items():
        _resolve_row(wengert.rows[index - 1], raw, index, sides[index], above)
    for index, entries in resolution.sides.items():
        _resolve_entries(evaluated, raw, index, entries)
    conventions = _told(wengert, raw, resolution)
    if evaluated.conventions.refuse:
        _refuse(evaluated, conventions, resolution)
    conventions += tuple(
        kink._replace(
            targets=frozenset([0]),
            entries=entries,
            words=said("resolved", convention=said("partial_there", partial=words)),
        )
        for kink in kinks
        for entries, words in _on_sides(wengert.rows[kink.row - 1].elemental, resolution.sides.get(kink.row, {}))
    )  # fmt: skip
    if wengert.data:
        for column, places in zip(partials, wengert.varying.columns, strict=True):
            column[:] = [partial if place >= 0 else None for partial, place in zip(column, places, strict=True)]
    return Primal(constants, values, partials, conventions, written, sides, resolution)


def _resolve_row(row: Row, raw: Raw, index: int, numbers: Sides | None, above: bool) -> None:
    """Give a row the partials of one side of its kink."""
    kink = row.elemental.kink
    assert numbers is not None
    assert kink is not None
    raw.written[index], slopes = (kink.above, numbers.above) if above else (kink.below, numbers.below)
    for column, slope, operand in zip(raw.partials, slopes, row.operands, strict=False):
        column[index - 1] = slope if type(operand) is Variable else None


def _told(wengert: WengertList, raw: Raw, resolution: Resolution) -> tuple[Convention, ...]:
    """The conventions on which a derivative depends, as they are resolved."""
    return tuple(
        kink._replace(
            targets=resolution.targets[kink.row],
            entries=resolution.entries.get(kink.row, kink.entries),
            words=resolved_words(wengert.rows[kink.row - 1].elemental, raw.written[kink.row])
            if kink.row in resolution.chosen
            else kink.words,
        )
        for kink in raw.kinks
        if resolution.targets[kink.row]
    )


def _refuse(evaluated: Evaluated, conventions: Sequence[Convention], resolution: Resolution) -> None:
    """Raise where a derivative does not exist, or may not."""
    if conventions:
        row = conventions[0].row
        at = evaluated.wengert.rows[row - 1].elemental.kink
        where = at.where if at else ""
        raise DomainError(f"no derivative exists: {row_text(evaluated.wengert, row)} is at its kink, {where}")
    if resolution.undecided:
        raise UndecidedError(f"whether a derivative exists is not decided at {evaluated.limits.bits} bits")


def _on_sides(elemental: Elemental, sides: Mapping[int, bool]) -> list[tuple[tuple[int, ...], str]]:
    """The entries whose partials are those of one side of their kink, and these partials."""
    kink = elemental.kink
    groups = {above: tuple(entry for entry, side in sides.items() if side is above) for above in (False, True)}
    return [
        (entries, ", ".join(kink.above if above else kink.below))
        for above, entries in groups.items() if entries and kink is not None
    ]  # fmt: skip


def _resolve_entries(evaluated: Evaluated, raw: Raw, index: int, entries: Mapping[int, Any]) -> None:
    """Give entries of an array row the partials of one side of their kink, or of what they take."""
    from adtrace.tracing.array_kinks import on_sides, with_taken  # noqa: PLC0415

    wengert, arithmetic = evaluated.wengert, evaluated.arithmetic
    row = wengert.rows[index - 1]
    if isinstance(row.elemental, ArrayElemental):
        raw.partials[0][index - 1] = with_taken(raw.partials[0][index - 1], entries, arithmetic)
        return
    operands, value = [_operand(x, wengert, raw, arithmetic) for x in row.operands], raw.values[index - wengert.first]
    kink = row.elemental.kink
    assert kink is not None
    for slot, column in enumerate(raw.partials):
        if column[index - 1] is not None and slot < len(operands):
            column[index - 1] = on_sides(column[index - 1], entries, kink, slot, operands, value, arithmetic)


def _sides(evaluated: Evaluated, raw: Raw) -> dict[int, Sides | None]:
    """The numbers of the partials to both sides of each row at a kink, where they are known."""
    wengert, arithmetic = evaluated.wengert, evaluated.arithmetic
    by_row: dict[int, Sides | None] = {}
    if arithmetic.entries is not None:
        return dict.fromkeys(kink.row for kink in raw.kinks)
    for index, kind, *_ in raw.kinks:
        row = wengert.rows[index - 1]
        kink = row.elemental.kink
        if kind not in (CORNER, TIE) or kink is None or not kink.sided:
            by_row[index] = None
            continue
        operands = [_operand(x, wengert, raw, arithmetic) for x in row.operands]
        value = raw.values[index - wengert.first]
        by_row[index] = Sides(*(
            [partial(operands, value) for partial in rules(texts, arithmetic)]
            for texts in (kink.below, kink.above, kink.across)
        ))  # fmt: skip
    return by_row


def _operand(operand: Operand, wengert: WengertList, raw: Raw, arithmetic: Arithmetic) -> Scalar:
    if isinstance(operand, Constant):
        return _constant(operand, raw.constants, arithmetic)
    return raw.values[operand - wengert.first]


def advance(evaluated: Evaluated, computed: Computed) -> None:
    """Compute what is not known yet of a list that grows."""
    start = len(computed.partials[0])
    computed.partials.extend([None] * start for _ in evaluated.wengert.flat.columns[len(computed.partials) :])
    if start < len(evaluated.wengert.flat.kinds):
        _evaluate(evaluated, computed, [], {})


def _evaluate(
    evaluated: Evaluated, computed: Computed, kinks: list[Convention], written: dict[int, tuple[str, ...]]
) -> None:
    """Compute the rows that are not known yet."""
    values, partials, constants = computed
    (kinds, columns, _), arithmetic = evaluated.wengert.flat, evaluated.arithmetic
    n, start, count = len(evaluated.point), len(partials[0]), len(kinds)
    values.extend([None] * (count - start))
    values.extend([_constant(constant, constants, arithmetic) for constant in evaluated.wengert.flat.constants][::-1])
    values.append(None)  # the second operand of a row that has one

    def irregular(place: int) -> tuple[Scalar, ...]:
        index = place - n + 1
        outcome, texts, kink = _irregular(index, evaluated, values)
        if texts is not None:
            written[index] = texts
        if kink is not None:
            kinks.append(kink)
        return outcome

    rows = islice(zip(range(n, n + count), kinds, *columns, strict=True), start, None)
    of_two = len(columns) == len(partials) == 2
    (_compute_rows_of_two if of_two else _compute_rows)(rows, _Steps(evaluated), computed, irregular)
    del values[n + count :]


class _Steps(dict[Signature, Step]):
    """The step of each signature."""

    def __init__(self, evaluated: Evaluated) -> None:
        super().__init__()
        self._arithmetic, self._regular = evaluated.arithmetic, shown_of(evaluated) is None

    def __missing__(self, signature: Signature) -> Step:
        self[signature] = regular_step(signature, self._arithmetic) if self._regular else _irregular_always
        return self[signature]


_Irregular = Callable[[int], tuple[Scalar, ...]]
"""The numbers of a row that is not regular, by its place."""


def _compute_rows(rows: Iterable[Any], steps: _Steps, computed: Computed, irregular: _Irregular) -> None:
    """Compute these rows: each is its place, its signature, and the places of its operands."""
    values, partials, _ = computed
    for place, signature, *operands in rows:
        try:
            outcome = steps[signature](*[values[of] for of in operands[: max(2, len(signature.active))]])
        except (TooLarge, NeedsPrecision, Singular, *FAULTS):
            outcome = None
        values[place], *slopes = irregular(place) if outcome is None else outcome
        append(partials, slopes, None)


def _compute_rows_of_two(rows: Iterable[Any], steps: _Steps, computed: Computed, irregular: _Irregular) -> None:
    """As `_compute_rows`, where no row has more than two operands: in half the time, measured."""
    values, (firsts, seconds), _ = computed
    for place, signature, left, right in rows:
        try:
            outcome = steps[signature](values[left], values[right])
        except (TooLarge, NeedsPrecision, Singular, *FAULTS):
            outcome = None
        values[place], p, q = irregular(place) if outcome is None else outcome
        firsts.append(p)
        seconds.append(q)


def _constant(constant: Constant, constants: dict[int, Scalar], arithmetic: Arithmetic) -> Scalar:
    """The number that a constant operand is."""
    number = constants.get(id(constant))
    if number is None:
        number = constants[id(constant)] = constant_value(constant.terms, arithmetic, plain)
    return number


FAULTS = (ValueError, ZeroDivisionError, OverflowError)
"""What Python raises in double precision where there is no value."""


def _irregular_always(*operands: Scalar) -> None:
    """A row that is rounded, and one whose partials depend on its branch, is computed by itself."""


def regular_step(signature: Signature, arithmetic: Arithmetic) -> Step:
    """A regular row of this signature in one call, which gives nothing where the row is not regular."""
    elemental, active = signature.elemental, signature.active
    if arithmetic.entries is not None:
        from adtrace.tracing.array_rows import array_step  # noqa: PLC0415 - numpy is imported where there are arrays

        whole = isinstance(elemental, ArrayElemental)
        scalar = _irregular_always if whole else regular_step(signature, arithmetic.entries)
        return array_step(signature, scalar, arithmetic)
    if elemental.kink is not None and (elemental.kink.sided or arithmetic.row is not None):
        return _irregular_always
    return compiled.step(elemental, active) if arithmetic is FLOATS else step(elemental, active, arithmetic)


def _irregular(
    index: int, evaluated: Evaluated, values: Sequence[Scalar]
) -> tuple[tuple[Scalar, ...], tuple[str, ...] | None, Convention | None]:
    """As `_evaluated`, or the sentence that says why the row has no value or no partials."""
    wengert, arithmetic = evaluated.wengert, evaluated.arithmetic
    row = wengert.rows[index - 1]
    operands = [values[column[index - 1]] for column in wengert.flat.columns[: len(row.operands)]]
    try:
        return _evaluated(index, row, operands, evaluated)
    except NeedsPrecision:
        raise NeedsPrecision(undecided(wengert, index)) from None
    except TooLarge:
        raise BoundError(beyond(row_text(wengert, index), arithmetic)) from None
    except (Singular, DomainError) as problem:
        texts = list(map(arithmetic.told, getattr(problem, "operands", None) or operands))
        raise DomainError(domain_sentence(wengert, index, str(problem), texts)) from None


def _as_it_is(x: Scalar, *of: object) -> Scalar:
    return x


def _evaluated(
    index: int, row: Row, operands: list[Scalar], evaluated: Evaluated
) -> tuple[tuple[Scalar, ...], tuple[str, ...] | None, Convention | None]:
    """The value of a row and its partials, two at least; the texts of these at or beside a kink; the kink if they are
    a convention.
    """
    arithmetic = evaluated.arithmetic
    if arithmetic.entries is not None:
        from adtrace.tracing.array_rows import irregular  # noqa: PLC0415

        return irregular(index, row, operands, evaluated, shown_of(evaluated), _evaluated)
    bound = bind(row.elemental, arithmetic)
    if bound.domain:
        _require(bound, bound.domain, operands, "")
    shown, place = shown_of(evaluated) or _as_it_is, index - evaluated.wengert.first
    outcome = None
    if arithmetic.row is not None:
        outcome = arithmetic.row(bound, operands, _leaves(row), _held(index, row, evaluated))
    kink: Convention | None = None
    if outcome is not None:
        value, texts = shown(outcome[0], VALUES, place), outcome[1]
    else:
        value = shown(bound.value(*operands), VALUES, place)
        texts, kink = _at_kink(index, row, bound, operands, evaluated) if bound.smooth or bound.kink else (None, None)
        step = evaluated.conventions.step(index, row.elemental) if kink else None
        if step is not None:
            value = shown(number(step, arithmetic), VALUES, place)
    chosen = bound.partials if texts is None else rules(texts, arithmetic)
    return (value, *_of_variables(row, chosen, operands, value)), texts, kink


def _held(index: int, row: Row, evaluated: Evaluated) -> tuple[str, ...] | None:
    """The partials that a row has at its kink whichever way it moves."""
    held = evaluated.held
    return evaluated.conventions.partials(index, row.elemental) if held is None else held.get(index, ())


def _at_kink(
    index: int, row: Row, bound: Bound, operands: Sequence[Scalar], evaluated: Evaluated
) -> tuple[tuple[str, ...] | None, Convention | None]:
    """The texts of the partials of a row at or beside its kink, and the kink if they are a convention."""
    kink = row.elemental.kink
    if not _leaves(row):  # 0^x: the edge is not left, and the other partial is no convention
        return kink.at if kink and kink.kind == EDGE and bound.at_a_kink(operands) else None, None
    convention = _convention(index, bound, operands, evaluated.conventions)
    if convention is None:
        return bound.beside(operands), None
    return convention[0], None if convention[1].kind == NONE else convention[1]


def _leaves(row: Row) -> bool:
    """Whether a kink can be left: whether an operand that it is a matter of is a variable."""
    kink = row.elemental.kink
    return kink is None or any(
        slot in kink.slots and type(operand) is Variable for slot, operand in zip(SLOTS, row.operands, strict=False)
    )


def _of_variables(row: Row, chosen: Sequence[Rule], operands: Sequence[Scalar], value: Scalar) -> list[Scalar]:
    """The partials of a row, two at least; None for a constant, and for an operand that it has not."""
    partials = [
        rule(operands, value) if type(operand) is Variable else None
        for rule, operand in zip(chosen, row.operands, strict=True)
    ]
    return partials if len(partials) > 1 else [*partials, None]


def _convention(
    index: int, bound: Bound, operands: Sequence[Scalar], conventions: Conventions
) -> tuple[tuple[str, ...], Convention] | None:
    """The partials by convention as texts, where the row is at a kink; raises where there is none to use."""
    singular = bound.violated(bound.smooth, operands)
    if not singular and not bound.at_a_kink(operands):
        return None
    entry = bound.elemental
    convention = conventions.at(index, entry)
    if convention is None:
        raise DomainError(f"a finite derivative of {entry.spoken} needs {singular}")
    return convention[0], Convention(index, entry.kink.kind if entry.kink and not singular else SINGULAR, convention[1])


def _require(bound: Bound, conditions: Sequence[Bounded], operands: Sequence[Scalar], what: str) -> None:
    violated = bound.violated(conditions, operands)
    if violated:
        raise DomainError(f"{what}{bound.elemental.spoken} needs {violated}")
