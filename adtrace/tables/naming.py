"""The names of one evaluation in one dialect and one style, each marked for what it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property, reduce
from typing import TYPE_CHECKING

from adtrace.errors import OptionError, listed, nearest
from adtrace.language.syntax import CONSTANTS, Expression, Name, Terms
from adtrace.tables.styles import Style
from adtrace.tracing.quantities import ADJOINT, TANGENT, Quantity
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Constant, Operand, Variable, WengertList
from adtrace.writing.notation import Dialect, Text, held, named, spelled

if TYPE_CHECKING:
    from adtrace.writing.letters import Letters

_Mark = Callable[[str], str]
MOST_NAMES = 8
"""A sentence lists at most so many variables."""


class Naming:
    """How an evaluation names its variables, and what is computed for them."""

    def __init__(self, evaluation: Evaluation, dialect: Dialect, style: Style) -> None:
        self.dialect, self.style = dialect, style
        self.wengert, self._sweep, self._seeds = evaluation.wengert, evaluation.first(), evaluation.seeds
        self.offset = -self.wengert.first
        self.independents = [dialect.name_of(name) for name in self.wengert.independents]
        self.dependents = [dialect.name_of(name) for name in self.wengert.dependent_names]
        self.names = self._names()
        self._constants: dict[int, Text] = {}
        self._marks: dict[tuple[str, int], _Mark] = {("", 1): str}
        self._marked: dict[tuple[str, int], list[str]] = {("", 1): self.names}

    @cached_property
    def units(self) -> list[int | None]:
        """For each seed the independent variable, by place, that it is the unit vector of; None for another seed."""
        return [self._sweep.unit(seed) for seed in self._seeds]

    def _names(self) -> list[str]:
        """The name of every variable, v_{1-n} first, in the style's numbering."""
        style, wengert, dialect = self.style, self.wengert, self.dialect
        count = self.offset + 1 + len(wengert.rows)
        if style.names != "source":
            start = {"griewank": wengert.first, "zero": 0, "one": 1}[style.numbering]
            return [dialect.subscript(style.letter, start + place) for place in range(count)]
        names = self.source
        arrays = {name for place, name in names.items() if wengert.shapes and wengert.shapes[place]}
        letter = _free_letter(style.letter, names.values(), arrays)
        return [
            dialect.name_of(names[place]) if place in names else dialect.subscript(letter, wengert.first + place)
            for place in range(count)
        ]

    @cached_property
    def source(self) -> dict[int, str]:
        """The names that the source gives variables, by place, where the style has them."""
        wengert = self.wengert
        names: dict[int, str] = {}
        if self.style.names != "source":
            return names
        for name, variable in source_names(wengert):
            names.setdefault(variable + self.offset, name)
        if wengert.shapes:  # an output has its name where it is computed
            for name, operand in zip(wengert.dependent_names, wengert.dependents, strict=True):
                if isinstance(operand, Variable):
                    names.setdefault(operand + self.offset, name)
        return dict(enumerate(wengert.independents)) | names

    def name(self, variable: int) -> str:
        """``v_i``."""
        return self.names[variable + self.offset]

    def mark(self, quantity: Quantity) -> _Mark:
        """How the style writes a quantity of a variable, from its text."""
        key = quantity.mark, quantity.order
        if key not in self._marks:
            self._marks[key] = self._dots(quantity.order) if quantity.mark == "dot" else self._barred(quantity.order)
        return self._marks[key]

    def marked(self, quantity: Quantity) -> list[str]:
        """A quantity of every variable, by name."""
        key = quantity.mark, quantity.order
        if key not in self._marked:
            self._marked[key] = list(map(self.mark(quantity), self.names))
        return self._marked[key]

    def accented(self, quantity: Quantity) -> bool:
        """Whether its mark is one that a power does not run into."""
        return quantity.mark != "dot" or (self.style.tangent == "dot" and quantity.order <= 2)

    def _dots(self, order: int) -> _Mark:
        """The derivative of this order along the seed: the mark of a tangent, repeated."""
        if order == 1:
            return self._dot()
        kind, dialect = self.style.tangent, self.dialect
        if kind == "leibniz":
            raise OptionError("the mark leibniz is that of a first derivative; name another for the tangent")
        if kind == "superscript":
            return lambda text: dialect.order(held(text), order)
        if kind == "dot":
            return dialect.ddot if order == 2 else lambda text: dialect.order(held(text), order)
        once = self._dot()
        return lambda text: reduce(lambda marked, _: once(marked), range(order), text)

    def _barred(self, order: int) -> _Mark:
        """The adjoint, or of a higher order its derivative along the seed: the mark of that on top of the bar."""
        bar = self._bar()
        if order == 1:
            return bar
        if self.style.adjoint == "leibniz":
            raise OptionError("the mark leibniz is that of a first derivative; name another for the adjoint")
        dots = self._dots(order - 1)
        return lambda text: dots(bar(text))

    def _bar(self) -> _Mark:
        if self.style.adjoint != "leibniz":
            return self.dialect.bar
        above = self.dependents[self.started[0] if self.started else 0]
        return lambda text: self.dialect.quotient(above, text)

    def _dot(self) -> _Mark:
        """Leibniz's quotient needs one variable to differentiate by."""
        kind, dialect = self.style.tangent, self.dialect
        if kind == "leibniz":
            place = self.units[0] if len(self._seeds) == 1 else None
            if place is not None:
                return lambda text: dialect.quotient(text, self.independents[place])
            kind = "directional"
        if kind == "dot":
            return dialect.dot
        if kind == "superscript":
            return lambda text: dialect.order(held(text), 1)
        mark = dialect.marks[kind]
        if kind == "prime":
            return lambda text: mark.replace("<v>", held(text))
        return lambda text: mark.replace("<v>", text)

    def constant(self, constant: Constant) -> Text:
        """A constant operand as typed."""
        text = self._constants.get(id(constant))
        if text is None:
            text = self._constants[id(constant)] = spelled(constant.terms, self.dialect)
        return text

    def operand(self, operand: Operand) -> Text:
        """An operand in a formula."""
        return self.constant(operand) if isinstance(operand, Constant) else named(self.name(operand))

    @cached_property
    def started(self) -> list[int]:
        """The dependent variables that start the reverse sweep."""
        return list(self._sweep.starting)


def _free_letter(letter: str, names: Collection[str], arrays: Collection[str]) -> str:
    """The letter of the variables without a name: the style's, or another if a name or an entry has it numbered."""
    numbered = {match[1] for name in names if (match := _NUMBERED.fullmatch(name))}.union(arrays)
    return next((free for free in (letter, *"tuswrqzvxypabcdghklmn") if free not in numbered), letter)


def require_told_apart(naming: Naming, expression: Expression, letters: Letters) -> None:
    """Raise `OptionError` for a symbol of a name that there is not, and for one that stands for two things."""
    if not letters:
        return
    wengert = naming.wengert
    own = {*wengert.independents, *wengert.dependent_names, *naming.source.values(), *dict(wengert.assigned)}
    own |= {expression.function} if expression.function else set()
    constants = (constant.terms for constant in wengert.flat.constants)
    names = own | _names_in((*(statement.terms for statement in expression.statements), *constants))
    for name, text in letters:
        if name not in names:
            raise OptionError(f"letters: there is no {name!r}{nearest(name, own)}; there are {listed(sorted(own))}")
        if name in CONSTANTS and name not in own:
            raise OptionError(f"letters: {name} is a number here, which no symbol stands for; {text} was given")
    seen: dict[str, str] = {}
    for text, what in _shown(naming, sorted(names)):
        other = seen.setdefault(text, what)
        if other != what:
            raise OptionError(f"letters: {text} stands for {other} and for {what}; give one of them another symbol")


def _shown(naming: Naming, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The symbols of names, rows, tangents and adjoints, each with what it stands for."""
    symbols = [(naming.dialect.name_of(name), name) for name in names]
    yield from symbols
    yield from ((text, f"the row {text}") for place, text in enumerate(naming.names) if place not in naming.source)
    for quantity in (TANGENT, ADJOINT):
        mark = naming.mark(quantity)
        yield from ((mark(text), f"the {quantity.name} of {name}") for text, name in symbols)


def _names_in(of: Iterable[Terms]) -> set[str]:
    """The names in these terms, those of arrays without their indices."""
    return {term.name.partition("[")[0] for terms in of for term in terms if type(term) is Name}


_NUMBERED = re.compile(r"([A-Za-z])_?[0-9]+", re.ASCII)


def source_names(wengert: WengertList) -> Iterator[tuple[str, Variable]]:
    """The names of a program's statements for their variables; those assigned again are numbered, x_1, x_2."""
    times = Counter(name for name, _ in wengert.assigned) + Counter(wengert.independents)
    count: Counter[str] = Counter()
    for name, operand in wengert.assigned:
        count[name] += 1
        if isinstance(operand, Variable):
            yield (f"{name}_{count[name]}" if times[name] > 1 else name), operand
