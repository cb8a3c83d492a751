"""Where no derivative exists: the conventions, and whether one exists after all.

At a kink of an elemental (abs and relu at 0, a tie of max or min, a jump, the edge of a domain) its local partials are
a convention, which is named under the table.  But a function may be smooth where an elemental of it is not: cos|x| at
0, relu(x) - relu(-x).  So the one-sided slopes of the whole function are computed in each direction x_i (a chain
rule holds for them: Shapiro, *On concepts of directional differentiability*, JOTA 66, 1990).  If both sides agree for
every x_i, the kinks are resolved as seen when one moves off the point in x_1, then x_2, ... (lexicographic
derivatives: Nesterov, *Math. Programming* 104, 2005), and if that gives these very slopes, they are the true
partial derivatives, row by row, and no convention is used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from adtrace.elementals import CORNER, EDGE, TABLE, TIE, Elemental, read
from adtrace.errors import MathematicsError, OptionError, nearest
from adtrace.language.syntax import CONSTANTS, Name, Terms
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.tracing.evaluate import compiled, constant_value
from adtrace.tracing.wengert import Variable, WengertList
from adtrace.writing.dialects import plain

FIRST, LAST, SPLIT = "first", "last", "split"
_TIES = {FIRST: ("1", "0"), LAST: ("0", "1"), SPLIT: ("1/2", "1/2")}
_TIE_WORDS = {
    FIRST: "the first operand takes the tie",
    LAST: "the last operand takes the tie",
    SPLIT: "each operand takes half of the tie",
}
SINGULAR = "singular"
_REFUSE = "error"
_MOST_WORK = 2_000_000
"""Rows times variables up to which the one-sided slopes are computed."""


class Convention(NamedTuple):
    """A row whose local partials are a convention."""

    row: int
    kind: str
    """`CORNER`, `TIE`, `JUMP`, `EDGE`, or `SINGULAR` for an infinite partial that was given a number."""
    words: str
    """The convention in words: ``abs'(0) = 0``."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """The numbers to use at kinks."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """For an elemental's name, or a row's (``v_3``), the text of the partial; for heaviside the value H(0)."""
    tie: str = FIRST
    rows: Mapping[int, str] = field(default_factory=dict)
    """For a row, the text of its partial, or what takes its tie."""
    refuse: bool = False
    """Whether a derivative that does not exist is an error."""

    def at(self, index: int, entry: Elemental) -> tuple[tuple[str, ...], str] | None:
        """The partials of a row at its kink as rules, and the convention in words; None for a singular one
        without a convention.
        """
        given, kink = self.rows.get(index), entry.kink
        if kink is not None and kink.kind == TIE:
            taken = given or self.tie
            return _TIES[taken], _TIE_WORDS[taken]
        if kink is not None and kink.kind == EDGE:
            return kink.at, "the slope from inside the domain"
        if kink is not None and kink.value:
            return kink.at, f"H(0) = {self.step(index, entry) or kink.value} and H'(0) = 0"
        number = given or self.numbers.get(entry.name)
        where = "(0)" if kink is not None and kink.where == "u = 0" else ""
        if number is not None:
            return (number,) * entry.arity, f"{entry.name}'{where} = {number}"
        return (kink.at, f"{entry.name}'{where} = {', '.join(kink.at)}") if kink else None

    def partials(self, index: int, entry: Elemental) -> tuple[str, ...]:
        """The partials of a row at a corner or a tie as rules; none for other rows."""
        found = self.at(index, entry) if entry.kink is not None and entry.kink.kind in (CORNER, TIE) else None
        return found[0] if found else ()

    def step(self, index: int, entry: Elemental) -> str | None:
        """The value at its jump that is given for a row, as text."""
        known = entry.kink is not None and entry.kink.value
        return self.rows.get(index) or self.numbers.get(entry.name) if known else None


def conventions(given: str | Mapping[str, object] | None) -> Conventions:
    """The conventions from ``"abs=1,relu=1/2,tie=split,v_3=0"``, a mapping of the same, or ``"error"``.

    Raises `OptionError` for a name that has no kink and a number that is none.
    """
    if given is None:
        return Conventions()
    if given == _REFUSE:
        return Conventions(refuse=True)
    if not isinstance(given, str | Mapping):
        raise OptionError(f"kinks is a text such as abs=0, or a mapping of names to numbers, not {given!r}")
    pairs = _pairs(given) if isinstance(given, str) else {str(name): str(value) for name, value in given.items()}
    numbers: dict[str, str] = {}
    rows: dict[int, str] = {}
    tie = FIRST
    kinked = {name: entry.name for (name, _), entry in TABLE.items() if _has_number(entry)}
    for name, text in pairs.items():
        if name == "tie":
            if text not in _TIES:
                raise OptionError(f"tie is {FIRST}, {LAST} or {SPLIT}, not {text!r}")
            tie = text
            continue
        row = _ROW.fullmatch(name)
        if not (row and text in _TIES):
            _check_number(name, text)
        if row:
            rows[int(row[1])] = text
        elif name not in kinked:
            known = ", ".join(sorted(kinked))
            raise OptionError(
                f"{name!r} has no kink with a number{nearest(name, kinked)}; there are tie, v_1, v_2, ... and {known}"
            )
        else:
            numbers[kinked[name]] = text
    return Conventions(numbers, tie, rows)


_ROW = re.compile(r"v_?([1-9][0-9]{0,8})", re.ASCII)


def _has_number(entry: Elemental) -> bool:
    """Whether a number may be given for its kink: a slope, the value of a jump, or a partial that is infinite."""
    kink = entry.kink
    return kink.kind == CORNER or bool(kink.value) if kink else bool(entry.smooth_text)


def checked(given: Conventions, wengert: WengertList) -> Conventions:
    """The conventions; raises `OptionError` for a row that has no such kink."""
    for index, text in given.rows.items():
        entry = wengert.rows[index - 1].elemental if index <= len(wengert.rows) else None
        if entry is not None and entry.kink is not None and entry.kink.kind == TIE:
            if text not in _TIES:
                raise OptionError(f"v_{index} is a tie, which takes {FIRST}, {LAST} or {SPLIT}, not {text!r}")
        elif entry is None or not _has_number(entry):
            raise OptionError(f"kinks names v_{index}, which {'has no kink' if entry else 'is not a row'}")
        elif text in _TIES:
            raise OptionError(f"v_{index} = {entry.name}(...) takes a number at its kink, not {text!r}")
    return given


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise OptionError(f"kinks is written as abs=0,relu=1/2,tie=split, or {_REFUSE}; not {text!r}")
        if name.strip() in found:
            raise OptionError(f"kinks names {name.strip()!r} twice")
        found[name.strip()] = value.strip()
    return found


def _check_number(name: str, text: str) -> None:
    terms = read(text).terms
    if any(type(term) is Name and term.name not in CONSTANTS for term in terms):
        raise OptionError(f"the convention {name} is a number, not {text!r}")
    try:
        constant_value(terms, CERTIFIED, plain)
    except (MathematicsError, NeedsPrecision):
        raise OptionError(f"the convention {name} is a number, not {text!r}") from None


# -- whether a derivative exists ----------------------------------------------------------------------------


Partials = tuple[list[Scalar], list[Scalar]]
"""For each row the partial by its first operand, and by its second one; None for a constant, and for none."""


def _of_row(partials: Partials, index: int) -> tuple[Scalar, ...]:
    return partials[0][index - 1], partials[1][index - 1]


class Sides(NamedTuple):
    """The partials of a row to both sides of its kink, and of the difference that changes its sign there."""

    below: Sequence[Scalar]
    above: Sequence[Scalar]
    across: Sequence[Scalar]


def true_partials(
    wengert: WengertList, partials: Partials, at_kinks: Mapping[int, Sides | None], arithmetic: Arithmetic
) -> dict[int, tuple[str, ...]] | None:
    """The partials at the kinks, as texts, that give the true derivatives of every output, if they exist.

    ``at_kinks`` has each row at a kink, with its sides where they are known.
    """
    n = len(wengert.independents)
    known = {row: sides for row, sides in at_kinks.items() if sides is not None}
    if len(known) < len(at_kinks) or n * len(wengert.rows) > _MOST_WORK:
        return None
    one, zero = arithmetic.one, arithmetic.zero
    minus = arithmetic.functions["neg"](one)
    try:
        slopes = []
        for place in range(n):
            right = _one_sided(wengert, partials, known, arithmetic, _unit(n, place, one, zero))
            left = _one_sided(wengert, partials, known, arithmetic, _unit(n, place, minus, zero))
            if not all(_opposite(*sides, arithmetic) for sides in zip(right, left, strict=True)):
                return None
            slopes.append(right)
        chosen, gradients = _lexicographic(wengert, partials, known, arithmetic)
    except NeedsPrecision:
        return None
    subtract = arithmetic.functions["sub"]
    same = all(
        _is_zero(subtract(gradients[k][place], slopes[place][k]), arithmetic)
        for place in range(n)
        for k in range(len(wengert.dependents))
    )
    return chosen if same else None


def _unit(n: int, place: int, one: Scalar, zero: Scalar) -> list[Scalar]:
    return [one if k == place else zero for k in range(n)]


def _is_zero(x: Scalar, arithmetic: Arithmetic) -> bool:
    """Zero, or so near to it that no digit shows it: what a ball cannot tell from zero."""
    try:
        return arithmetic.sign(x) == 0
    except NeedsPrecision:
        return True


def _opposite(right: Scalar, left: Scalar, arithmetic: Arithmetic) -> bool:
    return _is_zero(arithmetic.functions["add"](right, left), arithmetic)


def _one_sided(
    wengert: WengertList,
    partials: Partials,
    at_kinks: Mapping[int, Sides],
    arithmetic: Arithmetic,
    direction: list[Scalar],
) -> list[Scalar]:
    """The one-sided slope of each dependent variable in a direction."""
    offset = -wengert.first
    slopes = [[component] for component in direction]
    for index, row in enumerate(wengert.rows, start=1):
        row_partials, sides = _of_row(partials, index), at_kinks.get(index)
        if sides is not None:
            move = _combined((row.operands, sides.across), slopes, 0, offset, arithmetic)
            row_partials = tuple(sides.above if arithmetic.sign(move) > 0 else sides.below)
        slopes.append([_combined((row.operands, row_partials), slopes, 0, offset, arithmetic)])
    return [slopes[x + offset][0] if isinstance(x, Variable) else arithmetic.zero for x in wengert.dependents]


def _combined(
    row: tuple[Sequence[object], Sequence[Scalar]],
    moves: list[list[Scalar]],
    k: int,
    offset: int,
    arithmetic: Arithmetic,
) -> Scalar:
    """The sum of partial times the k-th move of the operand."""
    operands, partials = row
    add, sub, mul = (arithmetic.functions[name] for name in ("add", "sub", "mul"))
    total = arithmetic.zero
    for operand, partial in zip(operands, partials, strict=False):
        if isinstance(operand, Variable):
            move = moves[operand + offset][k]  # a number less itself is 0, even if it is only known as a ball
            total = sub(total, move) if partial == -1 else add(total, mul(partial, move))
    return total


def _lexicographic(
    wengert: WengertList, partials: Partials, at_kinks: Mapping[int, Sides], arithmetic: Arithmetic
) -> tuple[dict[int, tuple[str, ...]], list[list[Scalar]]]:
    """The partials at the kinks as one moves off in x_1, then x_2, ...; and the gradients that they give."""
    n, offset = len(wengert.independents), -wengert.first
    one, zero = arithmetic.one, arithmetic.zero
    moves: list[list[Scalar]] = [_unit(n, place, one, zero) for place in range(n)]
    chosen: dict[int, tuple[str, ...]] = {}
    for index, row in enumerate(wengert.rows, start=1):
        row_partials, sides = _of_row(partials, index), at_kinks.get(index)
        if sides is not None and row.elemental.kink is not None:
            across = (_combined((row.operands, sides.across), moves, k, offset, arithmetic) for k in range(n))
            up = next((side for side in map(arithmetic.sign, across) if side), 1) > 0
            chosen[index] = row.elemental.kink.above if up else row.elemental.kink.below
            row_partials = tuple(sides.above if up else sides.below)
        moves.append([_combined((row.operands, row_partials), moves, k, offset, arithmetic) for k in range(n)])
    still = [zero] * n
    return chosen, [moves[x + offset] if isinstance(x, Variable) else still for x in wengert.dependents]


def rules(texts: Sequence[str], arithmetic: Arithmetic) -> tuple[Callable[..., Scalar], ...]:
    """Partials by convention, as functions of the slots."""
    return tuple(compiled(read(text).terms, arithmetic) for text in texts)


def number(text: str, arithmetic: Arithmetic) -> Scalar:
    """The number of a convention."""
    terms: Terms = read(text).terms
    return constant_value(terms, arithmetic, lambda _: text)
