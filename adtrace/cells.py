"""The cells of an evaluation in one dialect and one style: the text of each part of each line.

    line ::= Input | Operation | Output                             a variable: an input, a row, a dependent variable
           | ContributionLine | AdjointInput | AdjointOutput        the reverse sweep, one contribution a line

The parts are those of `styles`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from adtrace.elementals import Elemental
from adtrace.formulas import contribution, tangent
from adtrace.notation import Dialect, Pattern, Text, compile_pattern, fill, spelled
from adtrace.numerals import EXACT, SHORT, Numerals, Pick
from adtrace.styles import Column, Style
from adtrace.sweeps import Contribution, Evaluation, Sweep
from adtrace.syntax import Number, Terms
from adtrace.wengert import Constant, Operand, Variable, WengertList


class Input(NamedTuple):
    """An independent variable by its place."""

    place: int


class Operation(NamedTuple):
    """The variable v_index."""

    variable: int


class Output(NamedTuple):
    """A dependent variable by its place."""

    place: int


class ContributionLine(NamedTuple):
    """A contribution by its place, and the place of the one before it to the same variable."""

    place: int
    before: int | None


class AdjointInput(NamedTuple):
    """The adjoint of an independent variable, as the result that it is."""

    place: int


class AdjointOutput(NamedTuple):
    """The adjoint that a dependent variable starts the sweep with."""

    place: int


Line = Input | Operation | Output | ContributionLine | AdjointInput | AdjointOutput

_SLOTS = frozenset(("u", "w", "v", "du", "dw", "a"))
_Mark = Callable[[str], str]
_SHORT = 12
"""A constant typed in at most so many characters is put into formulas as typed."""


class Cells:
    """The cells of one evaluation, with each pattern compiled once and each number rounded once."""

    def __init__(self, evaluation: Evaluation, dialect: Dialect, numerals: Numerals, style: Style) -> None:
        self.evaluation, self.dialect, self.numerals, self.style = evaluation, dialect, numerals, style
        self.wengert = evaluation.wengert
        self.sweep: Sweep = evaluation.first()
        self.offset = -self.wengert.first
        self.independents = [dialect.name_of(name) for name in self.wengert.independents]
        self.dependents = [dialect.name_of(name) for name in self.wengert.dependent_names]
        self.names = self._names()
        self.dot = _tangent_mark(dialect, style, evaluation.seeds, self.independents)
        self.contributions = self._by_target()
        self._constants: dict[int, Text] = {}
        self._put_in: dict[tuple[str, int, int], Text] = {}
        self._parts: dict[str, Callable[[Line, int], str]] = {
            "v": self._v, "operation": self._operation, "numbers": self._numbers, "value": self._value,
            "partial_1": lambda line, seed: self._partial(line, 0),
            "partial_2": lambda line, seed: self._partial(line, 1),
            "partial_1_value": lambda line, seed: self._partial_value(line, 0),
            "partial_2_value": lambda line, seed: self._partial_value(line, 1),
            "dv": self._dv, "tangent": self._tangent, "tangent_numbers": self._tangent_numbers,
            "tangent_value": self._tangent_value,
            "bv": self._bv, "bx": self._bx, "adjoint_value": self._adjoint_value,
            "adjoint": lambda line, seed: self._adjoint(line, "chained", whole=True),
            "adjoint_written": lambda line, seed: self._adjoint(line, "written", whole=True),
            "adjoint_numbers": lambda line, seed: self._adjoint(line, "numbers", whole=True),
            "increment": lambda line, seed: self._adjoint(line, "chained", whole=False),
            "increment_written": lambda line, seed: self._adjoint(line, "written", whole=False),
            "increment_numbers": lambda line, seed: self._adjoint(line, "numbers", whole=False),
        }  # fmt: skip

    # -- cells -------------------------------------------------------------------------------------------

    def cell(self, line: Line, column: Column, seed: int, step: int) -> str:
        """The text of a cell: its parts, joined; a part that only says the one before again is left out."""
        text = last = ""
        for joint, part in column.parts:
            piece = str(step) if part == "step" else self._parts[part](line, seed)
            if not piece or piece == last:
                continue
            if text:
                text += f" {joint if isinstance(line, ContributionLine) else '='} "
            text += piece
            last = piece
        if column.equals and text in self._left_side(line):
            return ""
        return self.dialect.cell(f"= {text}" if column.equals and text else text)

    def _left_side(self, line: Line) -> tuple[str, ...]:
        """What the cells of a line begin with; only a variable with the source's name can say it again."""
        return (self._v(line, 0), self._dv(line, 0), self._bv(line, 0)) if self.style.names == "source" else ()

    def variable_lines(self) -> tuple[list[Line], list[Line], list[Line]]:
        """The lines of the variables: inputs, operations, outputs."""
        outputs = [
            Output(place)
            for place, operand in enumerate(self.wengert.dependents)
            if self.style.outputs and self.operand(operand).text != self.dependents[place]
        ]
        inputs, rows = range(len(self.independents)), range(1, len(self.wengert.rows) + 1)
        return list(map(Input, inputs)), list(map(Operation, rows)), list(outputs)

    def contribution_lines(self) -> tuple[list[Line], dict[int, list[Line]], list[Line]]:
        """The lines of the reverse sweep in computing order: inputs last, each row's contributions, outputs first."""
        rows: dict[int, list[Line]] = {}
        latest: dict[int, int] = {}
        for place, made in enumerate(self.sweep.contributions):
            rows.setdefault(made.row, []).append(ContributionLine(place, latest.get(made.target)))
            latest[made.target] = place
        outputs: list[Line] = [AdjointOutput(place) for place in self._started()]
        return list(map(AdjointInput, range(len(self.independents)))), rows, outputs

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

    def bar(self, text: str) -> str:
        """The adjoint of a variable, from its text."""
        if self.style.adjoint == "leibniz":
            return self.dialect.quotient(self.dependents[self._started()[0] if self._started() else 0], text)
        return self.dialect.bar(text)

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
        """A number of the point or the seed as typed, where that is short: pi/2 is put in, a long decimal rounded."""
        if len(terms) == 1 and isinstance(terms[0], Number):
            short = -terms[0].exponent <= self.numerals.digits and len(terms[0].text) <= _SHORT
        else:
            short = sum(len(term[0]) for term in terms) <= _SHORT
        return spelled(terms, self.dialect) if short else None

    def _number(self, kind: str, place: int, seed: int = 0) -> Text:
        """A value, tangent or adjoint as it is put into a formula."""
        key = (kind, place, seed)
        known = self._put_in.get(key)
        if known is None:
            typed = {"value": self.evaluation.point, "tangent": self.evaluation.seeds[seed]}.get(kind, ())
            as_typed = place < len(typed) and self.numerals.form in (SHORT, EXACT)
            known = self._typed(typed[place]) if as_typed else None
            if known is None:
                found = self._found(kind, place, seed)
                closed = self.numerals.closed_form(*found)
                known = self.numerals.put_in(*found) if closed is None else spelled(closed, self.dialect)
                known = known._replace(text=self.dialect.number(known.text)) if closed is None else known
            self._put_in[key] = known
        return known

    def _found(self, kind: str, place: int, seed: int = 0) -> tuple[object, Pick]:
        """A number of the sweep, and how it is found again at a higher precision."""
        if kind == "value":
            return self.sweep.values[place], lambda sweep: sweep.values[place]
        if kind == "tangent":
            return self.sweep.tangents[seed][place], lambda sweep: sweep.tangents[seed][place]
        if kind == "total":
            return self.sweep.contributions[place].total, lambda sweep: sweep.contributions[place].total
        return self.sweep.adjoints[place], lambda sweep: sweep.adjoints[place]

    def shown(self, kind: str, place: int, seed: int = 0) -> str:
        """A number in a value cell."""
        found = self._found(kind, place, seed)
        closed = self.numerals.closed_form(*found)
        return (
            self.dialect.number(self.numerals.shown(*found)) if closed is None else spelled(closed, self.dialect).text
        )

    def _operand_number(self, operand: Operand) -> Text:
        if isinstance(operand, Constant):
            return self._constant(operand)
        return self._number("value", operand + self.offset)

    # -- patterns ----------------------------------------------------------------------------------------

    def _slots(self, index: int, *, numbers: bool, seed: int = 0) -> Callable[[str], Text]:
        """What stands in the slots of a formula of the row: names, or numbers."""
        operands = self.wengert.rows[index - 1].operands

        def text(slot: str) -> Text:
            if slot in ("u", "w"):
                operand = operands[slot == "w"]
                return self._operand_number(operand) if numbers else self.operand(operand)
            if slot == "v":
                return self._number("value", index + self.offset) if numbers else Text(self.name(index))
            if slot == "a":
                return self._number("adjoint", index + self.offset) if numbers else Text(self.bar(self.name(index)))
            operand = operands[slot == "dw"]
            assert isinstance(operand, Variable)
            if numbers:
                return self._number("tangent", operand + self.offset, seed)
            return Text(self.dot(self.name(operand)))

        return text

    # -- evaluation --------------------------------------------------------------------------------------

    def _v(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return self.names[place]
            case Operation(index):
                return self.name(index)
            case Output(place):
                return self.dependents[place]
        return ""

    def _operation(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return self.independents[place]
            case Operation(index):
                return self._formula(index, numbers=False)
            case Output(place):
                return self.operand(self.wengert.dependents[place]).text
        return ""

    def _formula(self, index: int, *, numbers: bool) -> str:
        entry = self.wengert.rows[index - 1].elemental
        return fill(_formula(self.dialect, entry), self._slots(index, numbers=numbers))

    def _numbers(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return spelled(self.evaluation.point[place], self.dialect).text
            case Operation(index):
                return self._formula(index, numbers=True)
        return self._value(line, seed)

    def _value(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return self.shown("value", place)
            case Operation(index):
                return self.shown("value", index + self.offset)
            case Output(place):
                return self.dialect.bold(self.dependent_value(place))
        return ""

    def dependent_value(self, place: int) -> str:
        """The value of a dependent variable."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self.shown("value", operand + self.offset)
        key = id(operand)
        return self.numerals.shown(self.sweep.constants[key], lambda sweep: sweep.constants[key])

    def _partial(self, line: Line, slot: int) -> str:
        if isinstance(line, Input) and slot == 0:
            return "1"  # an input is the identity of its variable
        if not isinstance(line, Operation):
            return ""
        row = self.wengert.rows[line.variable - 1]
        if slot >= len(row.operands) or isinstance(row.operands[slot], Constant):
            return ""
        return fill(_partial(self.dialect, row.elemental, slot), self._slots(line.variable, numbers=False))

    def _partial_value(self, line: Line, slot: int) -> str:
        if not isinstance(line, Operation) or not self._partial(line, slot):
            return self._partial(line, slot)
        place = line.variable - 1
        return self.numerals.shown(
            self.sweep.primal.partials[place][slot], lambda sweep: sweep.primal.partials[place][slot]
        )

    # -- tangents ----------------------------------------------------------------------------------------

    def _dv(self, line: Line, seed: int) -> str:
        return self.dot(self._v(line, seed))

    def _tangent(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return self.dot(self.independents[place])
            case Operation(index):
                return self._tangent_formula(index, numbers=False, seed=seed)
            case Output(place):
                operand = self.wengert.dependents[place]
                return self.dot(self.name(operand)) if isinstance(operand, Variable) else ""
        return ""

    def _tangent_formula(self, index: int, *, numbers: bool, seed: int) -> str:
        row = self.wengert.rows[index - 1]
        active = tuple(isinstance(operand, Variable) for operand in row.operands)
        return fill(_tangent(self.dialect, row.elemental, active), self._slots(index, numbers=numbers, seed=seed))

    def _tangent_numbers(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return spelled(self.evaluation.seeds[seed][place], self.dialect).text
            case Operation(index):
                return self._tangent_formula(index, numbers=True, seed=seed)
        return self._tangent_value(line, seed)

    def _tangent_value(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return self.shown("tangent", place, seed)
            case Operation(index):
                return self.shown("tangent", index + self.offset, seed)
            case Output(place):
                operand = self.wengert.dependents[place]
                moves = isinstance(operand, Variable)
                return self.dialect.bold(self.shown("tangent", operand + self.offset, seed) if moves else "0")  # type: ignore[operator]
        return ""

    # -- adjoints ----------------------------------------------------------------------------------------

    def _started(self) -> list[int]:
        """The dependent variables that start the reverse sweep."""
        found = []
        for place, (operand, weight) in enumerate(zip(self.wengert.dependents, self.evaluation.weights, strict=True)):
            zero = len(weight) == 1 and isinstance(weight[0], Number) and weight[0].digits == 0
            if isinstance(operand, Variable) and not (zero and len(self.dependents) > 1):
                found.append(place)
        return found

    def _starts_at(self, variable: int) -> list[int]:
        """The dependent variables that are this variable, and start the sweep."""
        return [place for place in self._started() if self.wengert.dependents[place] == variable]

    def _by_target(self) -> dict[int, list[int]]:
        """For each variable the places of the contributions to its adjoint, in computing order."""
        found: dict[int, list[int]] = {}
        for place, made in enumerate(self.sweep.contributions):
            found.setdefault(made.target, []).append(place)
        return found

    def _bv(self, line: Line, seed: int) -> str:
        match line:
            case Input(place):
                return self.bar(self.names[place])
            case Operation(index):
                return self.bar(self.name(index))
            case Output(place):
                return self.bar(self.dependents[place]) if place in self._started() else ""
            case ContributionLine(place):
                return self.bar(self.name(self.sweep.contributions[place].target))
            case AdjointInput(place):
                return self.bar(self.independents[place])
            case AdjointOutput(place):
                return self.bar(self.operand(self.wengert.dependents[place]).text)

    def _bx(self, line: Line, seed: int) -> str:
        return self.bar(self.independents[line.place]) if isinstance(line, Input) else ""

    def _adjoint(self, line: Line, form: str, *, whole: bool) -> str:
        """What an adjoint is computed from: chained partials, written-out partials, or numbers."""
        match line:
            case ContributionLine(place, before):
                made = self.sweep.contributions[place]
                increment = self._increment(made, form)
                if made.first or not whole:
                    return increment
                return f"{self._so_far(made, before, form)} + {_bracketed(increment)}"
            case AdjointInput(place):
                return self._adjoint_value(line, 0) if form == "numbers" else self.bar(self.names[place])
            case AdjointOutput(place):
                return self._weight(place) if form == "numbers" else self.bar(self.dependents[place])
            case Output():
                return ""
        variable = line.variable if isinstance(line, Operation) else line.place - self.offset
        terms = [
            self._weight(place) if form == "numbers" else self.bar(self.dependents[place])
            for place in self._starts_at(variable)
        ]
        terms += [self._increment(self.sweep.contributions[k], form) for k in self.contributions.get(variable, [])]
        return " + ".join([*terms[:1], *map(_bracketed, terms[1:])])

    def _increment(self, made: Contribution, form: str) -> str:
        """What one contribution adds."""
        if form == "chained":
            return self.dialect.chain(self.bar(self.name(made.row)), self.name(made.row), self.name(made.target))
        row = self.wengert.rows[made.row - 1]
        return fill(
            _increment(self.dialect, row.elemental, made.slots), self._slots(made.row, numbers=form == "numbers")
        )

    def _so_far(self, made: Contribution, before: int | None, form: str) -> str:
        """The adjoint of the target before this contribution."""
        if form != "numbers":
            return self.bar(self.name(made.target))
        if before is not None:
            return self.numerals.put_in(*self._found("total", before)).text
        return " + ".join(self._weight(place) for place in self._starts_at(made.target))

    def _weight(self, place: int) -> str:
        return spelled(self.evaluation.weights[place], self.dialect).text

    def _adjoint_value(self, line: Line, seed: int) -> str:
        match line:
            case Input(place) | AdjointInput(place):
                return self.dialect.bold(self.shown("adjoint", place))
            case Operation(index):
                return self.shown("adjoint", index + self.offset)
            case ContributionLine(place):
                return self.shown("total", place)
            case Output(place) | AdjointOutput(place):
                return self._weight(place) if place in self._started() else ""


@lru_cache(maxsize=1024)
def _formula(dialect: Dialect, elemental: Elemental) -> Pattern:
    """The formula of a row, compiled once for each dialect; so are the three below."""
    return compile_pattern(elemental.formula, dialect, _SLOTS)


@lru_cache(maxsize=1024)
def _partial(dialect: Dialect, elemental: Elemental, slot: int) -> Pattern:
    return compile_pattern(elemental.partials[slot], dialect, _SLOTS)


@lru_cache(maxsize=1024)
def _tangent(dialect: Dialect, elemental: Elemental, active: tuple[bool, ...]) -> Pattern:
    return compile_pattern(tangent(elemental, active), dialect, _SLOTS)


@lru_cache(maxsize=1024)
def _increment(dialect: Dialect, elemental: Elemental, slots: tuple[int, ...]) -> Pattern:
    return compile_pattern(contribution(elemental, slots), dialect, _SLOTS)


def _bracketed(term: str) -> str:
    """A term of a sum after the first."""
    return f"({term})" if term.startswith("-") else term


def _is(terms: Terms, text: str) -> bool:
    return len(terms) == 1 and isinstance(terms[0], Number) and terms[0].text == text


def unit(vector: Sequence[Terms]) -> int | None:
    """The place of the 1 in a unit vector."""
    ones = [place for place, terms in enumerate(vector) if _is(terms, "1")]
    return ones[0] if len(ones) == 1 and all(_is(t, "0") for k, t in enumerate(vector) if k != ones[0]) else None


def _tangent_mark(dialect: Dialect, style: Style, seeds: Sequence[Sequence[Terms]], names: Sequence[str]) -> _Mark:
    """How the style writes the tangent of a variable; Leibniz's quotient needs one variable to differentiate by."""
    kind = style.tangent
    if kind == "leibniz":
        place = unit(seeds[0]) if len(seeds) == 1 else None
        if place is not None:
            return lambda text: dialect.quotient(text, names[place])
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
