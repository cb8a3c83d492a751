"""The texts that stand in the places of formulas: the names and the numbers of an evaluation, each written once.

Names are those of the style; a number is rounded when it is first needed, so a digit that no cell shows need not be
decided.  `patterns` names the sources of texts; here they are made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from adtrace.language.syntax import GROUP, Apply, Number, Terms
from adtrace.settings import EXACT, SHORT
from adtrace.tables import patterns
from adtrace.tables.numerals import Decided, Numerals, Pick
from adtrace.tables.patterns import TANGENT, VALUE, Source
from adtrace.tables.styles import Style
from adtrace.tracing.sweeps import Evaluation, Sweep
from adtrace.tracing.wengert import Constant, Operand, Variable, WengertList
from adtrace.writing.notation import ADDED, POWER, PRODUCT, START, TAKEN, Dialect, Place, Text, placed, spelled


class _Made(dict[int, str]):
    """Texts by place, each made when it is first needed: a digit that no cell shows need not be decided."""

    def __init__(self, make: Callable[[int], str], made: Mapping[int, str]) -> None:
        super().__init__(made)
        self.make = make

    def __missing__(self, place: int) -> str:
        made = self[place] = self.make(place)
        return made


Available = Sequence[str] | Mapping[int, str]
GRADIENT = "gradient"
"""The adjoints of the inputs, which are shown where those of the rows are not."""

_Mark = Callable[[str], str]
_SHORT = 12
"""A constant typed in at most so many characters is put into formulas as typed."""


class Texts:
    """The names and numbers of one evaluation in one dialect and one style."""

    def __init__(self, evaluation: Evaluation, dialect: Dialect, numerals: Numerals, style: Style) -> None:
        self.evaluation, self.dialect, self.numerals, self.style = evaluation, dialect, numerals, style
        self.wengert = evaluation.wengert
        self.sweep: Sweep = evaluation.first()
        self.offset = -self.wengert.first
        self.independents = [dialect.name_of(name) for name in self.wengert.independents]
        self.dependents = [dialect.name_of(name) for name in self.wengert.dependent_names]
        self.names = self._names()
        alone = style.tangent == "leibniz" and len(evaluation.seeds) == 1
        self.dot = _tangent_mark(dialect, style, self.units[0] if alone else None, self.independents)
        self._constants: dict[int, Text] = {}
        self._sources: dict[Source, Available] = {}
        self._inputs: dict[tuple[str, int], list[Text | None]] = {}
        self._rounded: dict[tuple[str, int], list[str] | None] = {}
        self._hidden: dict[tuple[str, int], dict[int, Text]] = {}
        self._known: dict[tuple[str, int], Decided] = {}

    @cached_property
    def units(self) -> list[int | None]:
        """For each seed the independent variable, by place, that it is the unit vector of; None for another seed."""
        return [self.sweep.unit(seed) for seed in self.evaluation.seeds]

    # -- names -------------------------------------------------------------------------------------------

    def _names(self) -> list[str]:
        """The name of every variable, v_{1-n} first, in the style's numbering."""
        style, wengert, dialect = self.style, self.wengert, self.dialect
        count = self.offset + 1 + len(wengert.rows)
        if style.names != "source":
            start = {"griewank": wengert.first, "zero": 0, "one": 1}[style.numbering]
            return [dialect.subscript(style.letter, start + place) for place in range(count)]
        given: dict[int, str] = {}
        for name, variable in source_names(wengert):
            given.setdefault(variable + self.offset, name)
        given = dict(enumerate(wengert.independents)) | given
        letter = _free_letter(style.letter, given.values())
        return [
            dialect.name_of(given[place]) if place in given else dialect.subscript(letter, wengert.first + place)
            for place in range(count)
        ]

    def name(self, variable: int) -> str:
        """``v_i``."""
        return self.names[variable + self.offset]

    @cached_property
    def _bars(self) -> list[str]:
        """The adjoint of every variable, by name."""
        return list(map(self.bar, self.names))

    @cached_property
    def _dots(self) -> list[str]:
        """The tangent of every variable, by name."""
        return list(map(self.dot, self.names))

    @cached_property
    def bar(self) -> _Mark:
        """How the style writes the adjoint of a variable, from its text."""
        if self.style.adjoint != "leibniz":
            return self.dialect.bar
        above = self.dependents[self._started[0] if self._started else 0]
        return lambda text: self.dialect.quotient(above, text)

    def _constant(self, constant: Constant) -> Text:
        """A constant operand as typed."""
        known = self._constants.get(id(constant))
        if known is None:
            known = self._constants[id(constant)] = spelled(constant.terms, self.dialect)
        return known

    def operand(self, operand: Operand) -> Text:
        """An operand in a formula."""
        return self._constant(operand) if isinstance(operand, Constant) else Text(self.name(operand))

    # -- numbers -----------------------------------------------------------------------------------------

    def _typed(self, terms: Terms) -> Text | None:
        """A number of the point or the seed as typed, where that is short: pi/2 is put in, a long decimal rounded.

        Displayed arithmetic computes with what is typed, so it is put in whatever its length.
        """
        if self.evaluation.displayed is not None:
            return spelled(terms, self.dialect)
        if self.numerals.form not in (SHORT, EXACT):
            return None
        if isinstance(terms[0], Number) and (len(terms) == 1 or (len(terms) == 2 and terms[1][0] == "neg")):
            short = -terms[0].exponent <= self.numerals.digits and len(terms[0].text) <= _SHORT
        else:
            short = sum(len(term[0]) for term in terms) <= _SHORT
        return spelled(terms, self.dialect) if short else None

    def _given(self, kind: str, seed: int) -> list[Text | None]:
        """The numbers of the inputs as they are put into a formula where that is as typed."""
        key = kind, seed
        if key not in self._inputs:
            given = self.evaluation.point if kind == VALUE else self.evaluation.seeds[seed] if kind == TANGENT else ()
            self._inputs[key] = list(map(self._typed, given))
        return self._inputs[key]

    def _number(self, kind: str, place: int, seed: int = 0) -> Text:
        """A number of the sweep as it is put into a formula."""
        found = self._found(kind, place, seed)
        closed = self.numerals.closed_form(*found)
        if closed is not None:
            return spelled(closed, self.dialect)
        return self._numeral(self.numerals.put_in(*found))

    def _numeral(self, number: Text) -> Text:
        """A number as the dialect writes it: 1.000e-5 is one word, and a product where it is 1.000 x 10^-5."""
        text, level, negative = number
        if "e" not in text:
            return number
        made = self.dialect.number(text)
        return Text(made, POWER if made == text else level, negative)

    def _scalars(self, sweep: Sweep, kind: str, seed: int) -> Sequence[Any]:
        """The numbers of a kind, in a sweep at any precision."""
        if kind == GRADIENT:
            return sweep.adjoints[: len(self.independents)]
        return sweep.tangents[seed] if kind == TANGENT else getattr(sweep, kind)

    def _found(self, kind: str, place: int, seed: int = 0) -> tuple[object, Pick]:
        """A number of the sweep, and how it is found again at a higher precision."""
        return self._scalars(self.sweep, kind, seed)[place], lambda sweep: self._scalars(sweep, kind, seed)[place]

    def shown(self, kind: str, place: int, seed: int = 0) -> str:
        """A number in a value cell."""
        found = self._found(kind, place, seed)
        typed = self._computed_with(kind, place, seed)
        if typed is not None and self.numerals.shown(*found) != self.numerals.exact(found[0]):
            return typed.text
        closed = self.numerals.closed_form(*found)
        return (
            self.dialect.number(self.numerals.shown(*found)) if closed is None else spelled(closed, self.dialect).text
        )

    def _computed_with(self, kind: str, place: int, seed: int) -> Text | None:
        """A number as typed that displayed arithmetic computes with, whatever decimals a cell has room for."""
        given = self._given(kind, seed) if self.evaluation.displayed is not None else []
        return given[place] if place < len(given) else None

    def increment(self, place: int) -> str:
        """The number that a contribution adds."""
        made = self.sweep.contributions[place]
        return self.dialect.number(
            self.numerals.shown(made.increment, lambda sweep: sweep.contributions[place].increment)
        )

    def _decimals(self, kind: str, seed: int) -> list[str] | None:
        """All numbers of a kind at once, where they are plain decimals in value cells and in formulas."""
        key = kind, seed
        if key not in self._rounded:
            scalars = self._scalars(self.sweep, kind, seed)
            self._rounded[key] = found = self.numerals.decimals(scalars)
            hidden = {} if found is None else self.numerals.hidden(scalars, found)
            self._hidden[key] = {place: self._numeral(Text(t, PRODUCT, t[0] == "-")) for place, t in hidden.items()}
            for place, text in self._hidden[key].items():
                found[place] = text.text  # type: ignore[index]
        return self._rounded[key]

    def _decided(self, kind: str, seed: int) -> Decided:
        """The numbers of a kind that the first precision decides."""
        key = kind, seed
        if key not in self._known:
            self._known[key] = found = self.numerals.decided(self._scalars(self.sweep, kind, seed))
            for place, text in enumerate(self._given(kind, seed)):
                if text is not None:
                    found.put_in[place] = text
                    if self.evaluation.displayed is not None:
                        found.shown.pop(place, None)
        return self._known[key]

    def _source(self, of: Source) -> Available:
        """The texts of a source; see `patterns`."""
        if of not in self._sources:
            self._sources[of] = self._texts(of.word, *of.of)
        return self._sources[of]

    def _texts(self, word: str, *of: Any) -> Available:
        match word:
            case patterns.NAMES:
                return self.names
            case patterns.BARS:
                return self._bars
            case patterns.DOTS:
                return self._dots
            case patterns.SHOWN:
                return self._values(*of)
            case patterns.PUT_IN:
                return self._put_in(*of)
            case patterns.CONSTANT:
                return self._constants_in(*of)
        assert word == patterns.SO_FAR
        return self._so_far()

    def _values(self, kind: str, seed: int = 0) -> Available:
        """The numbers of a kind as value cells show them."""
        found = self._decimals(kind, seed)
        if found is not None:
            return found
        return _Made(lambda place: self.shown(kind, place, seed), self._decided(kind, seed).shown)

    def _put_in(self, kind: str, seed: int, level: int, before: str) -> Available:
        """The numbers of a kind as they stand in a place of a formula."""
        slot, found = Place("", level, before), self._decimals(kind, seed)
        if found is None:
            known = self._decided(kind, seed).put_in
            return _Made(lambda place: placed(known.get(place) or self._number(kind, place, seed), slot), {})
        texts = _decimals_in(found, before)
        for place, number in self._hidden[kind, seed].items():
            texts[place] = placed(number, slot)
        for place, text in enumerate(self._given(kind, seed)):
            if text is not None:
                texts[place] = placed(text, slot)
        return texts

    def _constants_in(self, level: int, before: str) -> Available:
        """The constant operands as they stand in a place of a formula."""
        slot, constants = Place("", level, before), self.wengert.flat.constants

        def made(place: int) -> str:
            constant = constants[-2 - place]
            text = self._constant(constant)
            if before in (ADDED, TAKEN) and type(last := constant.terms[-1]) is Apply and last.head == GROUP:
                inner = spelled(constant.terms[:-1], self.dialect)
                text = inner if inner.negative else text  # x + (-3) with numbers put in is 2 - 3
            return placed(text, slot)

        return _Made(made, {})

    def _so_far(self) -> Available:
        """For each contribution the adjoint that it is added to; nothing for the first."""
        before = [f"{bar} + " for bar in self._bars]
        spread = self.sweep.spread
        return ["" if first else before[target] for target, first in zip(spread.targets, spread.first, strict=True)]

    @cached_property
    def _started(self) -> list[int]:
        """The dependent variables that start the reverse sweep."""
        return list(self.sweep.starting)


def _decimals_in(texts: Sequence[str], before: str) -> list[str]:
    """Decimals, all of which stand in a place with this before it."""
    if before in (ADDED, TAKEN):
        positive, negative = before, TAKEN if before == ADDED else ADDED
        return [negative + text[1:] if text[0] == "-" else positive + text for text in texts]
    if before == START or not any(text[0] == "-" for text in texts):
        return list(texts)
    return [f"({text})" if text[0] == "-" else text for text in texts]


def _tangent_mark(dialect: Dialect, style: Style, unit: int | None, names: Sequence[str]) -> _Mark:
    """How the style writes the tangent of a variable; Leibniz's quotient needs one variable to differentiate by."""
    kind = style.tangent
    if kind == "leibniz":
        if unit is not None:
            return lambda text: dialect.quotient(text, names[unit])
        kind = "directional"
    if kind == "dot":
        return dialect.dot
    mark = dialect.marks[kind]
    return lambda text: mark.replace("<v>", text)


def _free_letter(letter: str, names: Collection[str]) -> str:
    """The letter of the variables without a name: the style's, or another if a name has it with a number."""
    numbered = {match[1] for name in names if (match := _NUMBERED.fullmatch(name))}
    return next((free for free in (letter, *"tuswrqzvxypabcdghklmn") if free not in numbered), letter)


_NUMBERED = re.compile(r"([A-Za-z])_?[0-9]+", re.ASCII)


def source_names(wengert: WengertList) -> Iterator[tuple[str, Variable]]:
    """The names of a program's statements for their variables; those assigned again are numbered, x_1, x_2."""
    times = Counter(name for name, _ in wengert.assigned) + Counter(wengert.independents)
    count: Counter[str] = Counter()
    for name, operand in wengert.assigned:
        count[name] += 1
        if isinstance(operand, Variable):
            yield (f"{name}_{count[name]}" if times[name] > 1 else name), operand
