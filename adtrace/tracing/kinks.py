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


class Kink(NamedTuple):
    """A row whose local partials are a convention."""

    row: int
    kind: str
    """`CORNER`, `TIE`, `JUMP`, `EDGE`, or `SINGULAR` for an infinite partial that was given a number."""
    convention: str
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
        given = self.rows.get(index)
        if entry.kink_kind == TIE:
            taken = given or self.tie
            return _TIES[taken], _TIE_WORDS[taken]
        if entry.kink_kind == EDGE:
            return entry.at_kink_text, "the slope from inside the domain"
        if entry.name == "heaviside":
            return entry.at_kink_text, f"H(0) = {self.step(index) or '1/2'} and H'(0) = 0"
        number = given or self.numbers.get(entry.name)
        if number is None and not entry.kink_kind:
            return None
        where = "(0)" if entry.kink_text == "u = 0" else ""
        if number is None:
            return entry.at_kink_text, f"{entry.name}'{where} = {', '.join(entry.at_kink_text)}"
        return (number,) * entry.arity, f"{entry.name}'{where} = {number}"

    def step(self, index: int) -> str | None:
        """The value H(0) that is given for a row, as text."""
        return self.rows.get(index) or self.numbers.get("heaviside")


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
    return entry.kink_kind == CORNER or entry.name == "heaviside" or bool(entry.smooth_text and not entry.kink_kind)


def checked(given: Conventions, wengert: WengertList) -> Conventions:
    """The conventions; raises `OptionError` for a row that has no such kink."""
    for index, text in given.rows.items():
        entry = wengert.rows[index - 1].elemental if index <= len(wengert.rows) else None
        if entry is not None and entry.kink_kind == TIE:
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


def true_partials(
    wengert: WengertList,
    partials: Partials,
    kinks: Sequence[Kink],
    arithmetic: Arithmetic,
) -> dict[int, tuple[str, ...]] | None:
    """The partials at the kinks, as texts, that give the true derivatives of every output, if they exist."""
    n = len(wengert.independents)
    known = all(wengert.rows[kink.row - 1].elemental.name in _AT_KINK for kink in kinks)  # a user's own corner is not
    if not known or any(kink.kind not in (CORNER, TIE) for kink in kinks) or n * len(wengert.rows) > _MOST_WORK:
        return None
    at_kinks = {kink.row for kink in kinks}
    one, zero = arithmetic.one, arithmetic.zero
    minus = arithmetic.functions["neg"](one)
    try:
        slopes = []
        for place in range(n):
            right = _one_sided(wengert, partials, at_kinks, arithmetic, _unit(n, place, one, zero))
            left = _one_sided(wengert, partials, at_kinks, arithmetic, _unit(n, place, minus, zero))
            if not all(_opposite(*sides, arithmetic) for sides in zip(right, left, strict=True)):
                return None
            slopes.append(right)
        chosen, gradients = _lexicographic(wengert, partials, at_kinks, arithmetic)
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
    at_kinks: set[int],
    arithmetic: Arithmetic,
    direction: list[Scalar],
) -> list[Scalar]:
    """The one-sided slope of each dependent variable in a direction."""
    offset = -wengert.first
    slopes = [[component] for component in direction]
    for index, row in enumerate(wengert.rows, start=1):
        if index in at_kinks:
            moves = [slopes[x + offset][0] if isinstance(x, Variable) else arithmetic.zero for x in row.operands]
            if row.elemental.name == "relu":
                moves.append(arithmetic.zero)
            slopes.append([arithmetic.functions[_AT_KINK[row.elemental.name]](*moves)])
        else:
            slopes.append([_combined((row.operands, _of_row(partials, index)), slopes, 0, offset, arithmetic)])
    return [slopes[x + offset][0] if isinstance(x, Variable) else arithmetic.zero for x in wengert.dependents]


_AT_KINK = {"abs": "abs", "relu": "max", "max": "max", "min": "min"}
"""The function of its operands' moves that a kink is; relu(u) is max(u, 0)."""


def _combined(
    row: tuple[Sequence[object], Sequence[Scalar]],
    moves: list[list[Scalar]],
    k: int,
    offset: int,
    arithmetic: Arithmetic,
) -> Scalar:
    """The sum of partial times the k-th move of the operand."""
    operands, partials = row
    add, mul = arithmetic.functions["add"], arithmetic.functions["mul"]
    total = arithmetic.zero
    for operand, partial in zip(operands, partials, strict=False):
        if isinstance(operand, Variable):
            total = add(total, mul(partial, moves[operand + offset][k]))
    return total


def _lexicographic(
    wengert: WengertList, partials: Partials, at_kinks: set[int], arithmetic: Arithmetic
) -> tuple[dict[int, tuple[str, ...]], list[list[Scalar]]]:
    """The partials at the kinks as one moves off in x_1, then x_2, ...; and the gradients that they give."""
    n, offset = len(wengert.independents), -wengert.first
    one, zero = arithmetic.one, arithmetic.zero
    moves: list[list[Scalar]] = [_unit(n, place, one, zero) for place in range(n)]
    still = [zero] * n
    chosen: dict[int, tuple[str, ...]] = {}
    numbers = {"0": zero, "1": one, "-1": arithmetic.functions["neg"](one)}
    for index, row in enumerate(wengert.rows, start=1):
        row_partials = _of_row(partials, index)
        if index in at_kinks:
            sides = [moves[x + offset] if isinstance(x, Variable) else still for x in row.operands]
            chosen[index] = _side(row.elemental.name, sides, still, arithmetic)
            row_partials = tuple(numbers[text] for text in chosen[index])
        moves.append([_combined((row.operands, row_partials), moves, k, offset, arithmetic) for k in range(n)])
    return chosen, [moves[x + offset] if isinstance(x, Variable) else still for x in wengert.dependents]


def _side(name: str, sides: list[list[Scalar]], still: list[Scalar], arithmetic: Arithmetic) -> tuple[str, ...]:
    """The partials on the side of a kink to which its operands move."""
    first, second = sides[0], sides[1] if len(sides) == 2 else still
    subtract = arithmetic.functions["sub"]
    side = next((s for s in (arithmetic.sign(subtract(a, b)) for a, b in zip(first, second, strict=True)) if s), 1)
    if name == "abs":
        return ("1" if side > 0 else "-1",)
    if name == "relu":
        return ("1" if side > 0 else "0",)
    takes_first = (side > 0) == (name == "max")
    return ("1", "0") if takes_first else ("0", "1")


def rules(texts: Sequence[str], arithmetic: Arithmetic) -> tuple[Callable[..., Scalar], ...]:
    """Partials by convention, as functions of the slots."""
    return tuple(compiled(read(text).terms, arithmetic) for text in texts)


def number(text: str, arithmetic: Arithmetic) -> Scalar:
    """The number of a convention."""
    terms: Terms = read(text).terms
    return constant_value(terms, arithmetic, lambda _: text)
