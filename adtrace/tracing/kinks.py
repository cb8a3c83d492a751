"""Where no derivative exists: the conventions, and the numbers that are used at kinks.

At a kink of an elemental (abs and relu at 0, a tie of max or min, a jump, the edge of a domain) its local partials are
a convention, which is named under the table.  `slopes` decides where a derivative exists after all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from adtrace.elementals import CORNER, EDGE, JUMP, NONE, TABLE, TIE, Elemental, Kink, read, rule
from adtrace.errors import MathematicsError, OptionError, nearest
from adtrace.language.syntax import CONSTANTS, Name, Terms
from adtrace.numbers import Arithmetic, NeedsPrecision, Scalar
from adtrace.numbers.certified import CERTIFIED
from adtrace.tracing.evaluate import compiled, constant_value
from adtrace.tracing.wengert import WengertList
from adtrace.wording import Said, said
from adtrace.writing.dialects import plain

FIRST, LAST, SPLIT, ALL = "first", "last", "split", "all"
_TIES = {FIRST: ("1", "0"), LAST: ("0", "1"), SPLIT: ("1/2", "1/2"), ALL: ("1", "1")}
_TIE_WORDS = {tie: said(f"tie_{tie}") for tie in _TIES}
_ENTRY_WORDS = {tie: said(f"entry_{tie}") for tie in _TIES}
SINGULAR = "singular"
_REFUSE = "error"


class Convention(NamedTuple):
    """A row whose local partials are a convention."""

    row: int
    kind: str
    """`CORNER`, `TIE`, `JUMP`, `EDGE`, or `SINGULAR` for an infinite partial that was given a number."""
    words: Said | str
    """The convention in words, or as an equation: ``abs'(0) = 0``."""
    targets: frozenset[int] = frozenset()
    """The outputs that have no derivative for it; the one past the last is their weighted sum."""
    entries: tuple[int, ...] = ()
    """Of an array the entries where it is one, counted in row order."""


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
    always: bool = False
    """Whether they hold, too, where the partials of another side give derivatives that exist."""

    def at(self, index: int, entry: Elemental) -> tuple[tuple[str, ...], Said | str] | None:
        """The partials of a row at its kink as rules, and the convention in words; None for a singular one
        without a convention.
        """
        given, kink = self.rows.get(index), entry.kink
        if kink is not None and kink.kind == TIE:
            tie = given or self.tie
            return _TIES[tie], _TIE_WORDS[tie]
        if kink is not None and (words := self._words(index, entry, kink)) is not None:
            return kink.at, words
        number = given or self.numbers.get(entry.name)
        where = "(0)" if kink is not None and kink.where == "u = 0" else ""
        if number is not None:
            return (number,) * entry.arity, f"{entry.name}'{where} = {number}"
        return (kink.at, f"{entry.name}'{where} = {', '.join(kink.at)}") if kink else None

    def _words(self, index: int, entry: Elemental, kink: Kink) -> Said | str | None:
        """The convention of a kink whose partials nobody chooses; None for other kinks."""
        if kink.kind == NONE:
            return ", ".join(kink.at)
        if kink.kind == EDGE:
            return said("slope_inside")
        if kink.value:
            return said("two", first=f"H(0) = {self.step(index, entry) or kink.value}", second="H'(0) = 0")
        if kink.kind == JUMP and entry.arity > 1:
            return said("partials_begin" if kink.at == entry.partials_text else "partials_either")
        return None

    def taken(self, index: int) -> tuple[str, Said]:
        """What takes the tie of a maximum over several entries, and the convention in words."""
        tie = self.rows.get(index) or self.tie
        return tie, _ENTRY_WORDS[tie]

    def partials(self, index: int, entry: Elemental) -> tuple[str, ...]:
        """The partials of a row at a corner or a tie as rules; none for other rows."""
        convention = self.at(index, entry) if entry.kink is not None and entry.kink.kind in (CORNER, TIE) else None
        return convention[0] if convention else ()

    def step(self, index: int, entry: Elemental) -> str | None:
        """The value at its jump that is given for a row, as text."""
        jumps = entry.kink is not None and entry.kink.value
        return self.rows.get(index) or self.numbers.get(entry.name) if jumps else None


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
                raise OptionError(f"tie is {FIRST}, {LAST}, {SPLIT} or {ALL}, not {text!r}")
            tie = text
            continue
        row = _ROW.fullmatch(name)
        if not (row and text in _TIES):
            _check_number(name, text)
        if row:
            rows[int(row[1])] = text
        elif name not in kinked:
            raise OptionError(
                f"{name!r} has no kink with a number{nearest(name, kinked)}; "
                f"there are tie, v_1, v_2, ... and {', '.join(sorted(kinked))}"
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
                raise OptionError(f"v_{index} is a tie, which takes {FIRST}, {LAST}, {SPLIT} or {ALL}, not {text!r}")
        elif entry is None or not _has_number(entry):
            raise OptionError(f"kinks names v_{index}, which {'has no kink' if entry else 'is not a row'}")
        elif text in _TIES:
            raise OptionError(f"v_{index} = {entry.name}(...) takes a number at its kink, not {text!r}")
    return given


def _pairs(text: str) -> dict[str, str]:
    choices = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise OptionError(f"kinks is written as abs=0,relu=1/2,tie=split, or {_REFUSE}; not {text!r}")
        if name.strip() in choices:
            raise OptionError(f"kinks names {name.strip()!r} twice")
        choices[name.strip()] = value.strip()
    return choices


def _check_number(name: str, text: str) -> None:
    terms = read(text).terms
    if any(type(term) is Name and term.name not in CONSTANTS for term in terms):
        raise OptionError(f"the convention {name} is a number, not {text!r}")
    try:
        constant_value(terms, CERTIFIED, plain)
    except (MathematicsError, NeedsPrecision):
        raise OptionError(f"the convention {name} is a number, not {text!r}") from None


def resolved_words(entry: Elemental, texts: tuple[str, ...]) -> Said:
    """The words for partials that are those of one side because another derivative needs them."""
    ties = _TIES if entry.kink is not None and entry.kink.kind == TIE else {}
    named = next((_TIE_WORDS[tie] for tie, partials in ties.items() if partials == texts), None)
    return said("resolved", convention=named or said("partial_is", partials=", ".join(texts)))


def rules(texts: Sequence[str], arithmetic: Arithmetic) -> tuple[Callable[..., Scalar], ...]:
    """Partials by convention, as functions of the slots."""
    return tuple(compiled(rule(text), arithmetic) for text in texts)


def number(text: str, arithmetic: Arithmetic) -> Scalar:
    """The number of a convention."""
    terms: Terms = read(text).terms
    return constant_value(terms, arithmetic, lambda _: text)
