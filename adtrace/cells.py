"""The cells of an evaluation in one dialect and one style: the text of each part of each line.

    line ::= Input | Operation | Output                             a variable: an input, a row, a dependent variable
           | ContributionLine | AdjointInput | AdjointOutput        the reverse sweep, one contribution a line

The parts are those of `styles`.  They are made for many lines of one kind at once: rows of one elemental share a
pattern, and the texts that stand in its places, names or numbers, are made once for each variable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, NamedTuple

from adtrace.elementals import Elemental, with_partials
from adtrace.formulas import contribution, tangent
from adtrace.notation import ANYTHING, Dialect, Pattern, Place, Text, compile_pattern, placed, spelled
from adtrace.numerals import EXACT, SHORT, Numerals, Pick
from adtrace.styles import Column, Style
from adtrace.sweeps import Evaluation, Sweep
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
    """A contribution by its place."""

    place: int


class AdjointInput(NamedTuple):
    """The adjoint of an independent variable, as the result that it is."""

    place: int


class AdjointOutput(NamedTuple):
    """The adjoint that a dependent variable starts the sweep with."""

    place: int


Line = Input | Operation | Output | ContributionLine | AdjointInput | AdjointOutput
Kind = type[Line]


class Lines(NamedTuple):
    """Lines of one kind, entry by entry: what stands at one input, operation or output."""

    kind: Kind
    places: Sequence[int]
    """A place for each line: of an input, a dependent variable or a contribution; of a row that of its variable."""
    counts: Sequence[int] | None = None
    """The number of lines of each entry; one each for None."""

    @property
    def length(self) -> int:
        """The number of entries."""
        return len(self.places if self.counts is None else self.counts)


class _Group(NamedTuple):
    """Lines that one pattern prints: rows of one signature, or contributions of such rows to the same operands."""

    elemental: Elemental
    active: tuple[bool, ...]
    slots: tuple[int, ...]
    """The operands that a contribution goes to."""
    lines: list[int]
    """Where the lines stand among those that were asked for."""
    rows: list[int]
    """The place of each row's variable."""
    operands: tuple[list[int], list[int]]
    """The places of the operands, for each slot."""


class _Made(dict[int, str]):
    """Texts by place, each made when it is first needed: a digit that no cell shows need not be decided."""

    def __init__(self, make: Callable[[int], str]) -> None:
        super().__init__()
        self.make = make

    def __missing__(self, place: int) -> str:
        made = self[place] = self.make(place)
        return made


_Texts = Sequence[str] | Mapping[int, str]
_Column = Callable[[Sequence[int], int], list[str]]
"""The texts of a part, for places of one kind and a seed."""

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
        self._constants: dict[int, Text] = {}
        self._sources: dict[object, _Texts] = {}
        self._parts: dict[str, dict[Kind, _Column]] = {}
        self._last: tuple[Sequence[int] | None, list[_Group]] = (None, [])

    # -- cells -------------------------------------------------------------------------------------------

    def cell(self, line: Line, column: Column, seed: int, step: int) -> str:
        """The text of one cell."""
        place = line.variable + self.offset if isinstance(line, Operation) else line[0]
        return self.column(type(line), [place], column, seed, step)[0]

    def column(self, kind: Kind, places: Sequence[int], column: Column, seed: int, step: int) -> list[str]:
        """The texts of a column for lines of one kind, of which the first is number ``step``.

        A cell is its parts, joined; a part that only says the one before again is left out.
        """
        texts = last = [""] * len(places)
        for joint, part in column.parts:
            pieces = self._pieces(kind, places, part, seed, step)
            sign = f" {joint if kind is ContributionLine else '='} "
            if texts is last and not any(texts):
                texts = last = pieces
                continue
            texts = [
                _joined(text, sign, piece, before) if text and piece and piece != before else text or piece
                for text, piece, before in zip(texts, pieces, last, strict=True)
            ]
            last = [piece or before for piece, before in zip(pieces, last, strict=True)]
        if column.equals:
            left = self._left_sides(kind, places)
            texts = [f"= {text}" if text and text not in said else "" for text, said in zip(texts, left, strict=True)]
        return texts if self.dialect.cell is str else list(map(self.dialect.cell, texts))

    def _left_sides(self, kind: Kind, places: Sequence[int]) -> Iterable[tuple[str, ...]]:
        """What the cells of a line begin with; only a variable with the source's name can say it again."""
        if self.style.names != "source":
            return [()] * len(places)
        return zip(*(self._pieces(kind, places, part, 0, 0) for part in ("v", "dv", "bv")), strict=True)

    def _pieces(self, kind: Kind, places: Sequence[int], part: str, seed: int, step: int) -> list[str]:
        if part == "step":
            return list(map(str, range(step, step + len(places))))
        if part not in self._parts:
            self._parts[part] = self._part(part)
        made = self._parts[part].get(kind)
        return made(places, seed) if made else [""] * len(places)

    def entries(self, lines: Lines) -> list[list[Line]]:
        """The lines one by one, those of each entry together."""
        shift = self.offset if lines.kind is Operation else 0
        one_by_one: Iterator[Line] = (lines.kind(place - shift) for place in lines.places)
        return [list(islice(one_by_one, count)) for count in lines.counts or [1] * len(lines.places)]

    def variable_lines(self) -> tuple[Lines, Lines, Lines]:
        """The lines of the variables: inputs, operations, outputs."""
        outputs = range(len(self.dependents) if self.style.outputs else 0)
        n, count = len(self.independents), len(self.wengert.rows)
        return Lines(Input, range(n)), Lines(Operation, range(n, n + count)), Lines(Output, outputs)

    def contribution_lines(self, *, computing: bool) -> tuple[Lines, Lines, Lines]:
        """The lines of the reverse sweep: inputs, each row's contributions, outputs.

        Rows are in the order of the sweep, or in their own with what is computed last first.
        """
        n, count = len(self.independents), len(self.wengert.rows)
        counts = [0] * count
        for row in self.sweep.spread.rows:
            counts[row - n] += 1
        places = range(len(self.sweep.spread.rows))
        rows = Lines(ContributionLine, places, counts[::-1]) if computing else (
            Lines(ContributionLine, places[::-1], counts)
        )  # fmt: skip
        return Lines(AdjointInput, range(n)), rows, Lines(AdjointOutput, self._started)

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

    def bar(self, text: str) -> str:
        """The adjoint of a variable, from its text."""
        if self.style.adjoint == "leibniz":
            return self.dialect.quotient(self.dependents[self._started[0] if self._started else 0], text)
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
        """A number of the point or the seed as typed, where that is short: pi/2 is put in, a long decimal rounded.

        Displayed arithmetic computes with what is typed, so it is put in whatever its length.
        """
        if self.evaluation.displayed is not None:
            return spelled(terms, self.dialect)
        if self.numerals.form not in (SHORT, EXACT):
            return None
        if len(terms) == 1 and isinstance(terms[0], Number):
            short = -terms[0].exponent <= self.numerals.digits and len(terms[0].text) <= _SHORT
        else:
            short = sum(len(term[0]) for term in terms) <= _SHORT
        return spelled(terms, self.dialect) if short else None

    def _given(self, kind: str, seed: int) -> Sequence[Terms]:
        """The numbers of the inputs as they were typed."""
        return self.evaluation.point if kind == VALUE else self.evaluation.seeds[seed] if kind == TANGENT else ()

    def _number(self, kind: str, place: int, seed: int = 0) -> Text:
        """A number of the sweep as it is put into a formula."""
        given = self._given(kind, seed)
        typed = self._typed(given[place]) if place < len(given) else None
        if typed is not None:
            return typed
        found = self._found(kind, place, seed)
        closed = self.numerals.closed_form(*found)
        if closed is not None:
            return spelled(closed, self.dialect)
        text, level, negative = self.numerals.put_in(*found)
        return Text(self.dialect.number(text), level, negative)

    def _scalars(self, kind: str, seed: int) -> Sequence[Any]:
        return self.sweep.tangents[seed] if kind == TANGENT else getattr(self.sweep, kind)

    def _found(self, kind: str, place: int, seed: int = 0) -> tuple[object, Pick]:
        """A number of the sweep, and how it is found again at a higher precision."""
        if kind == TANGENT:
            return self.sweep.tangents[seed][place], lambda sweep: sweep.tangents[seed][place]
        return getattr(self.sweep, kind)[place], lambda sweep: getattr(sweep, kind)[place]

    def shown(self, kind: str, place: int, seed: int = 0) -> str:
        """A number in a value cell."""
        found = self._found(_KINDS.get(kind, kind), place, seed)
        closed = self.numerals.closed_form(*found)
        return (
            self.dialect.number(self.numerals.shown(*found)) if closed is None else spelled(closed, self.dialect).text
        )

    def increment(self, place: int) -> str:
        """The number that a contribution adds."""
        made = self.sweep.contributions[place]
        return self.dialect.number(
            self.numerals.shown(made.increment, lambda sweep: sweep.contributions[place].increment)
        )

    def _decimals(self, kind: str, seed: int) -> list[str] | None:
        """All numbers of a kind at once, where they are plain decimals in value cells and in formulas."""
        key = kind, seed
        if key not in self._sources:
            texts = self.numerals.decimals(self._scalars(kind, seed))
            if texts is None:
                return None
            self._sources[key] = texts if self.dialect.number is str else list(map(self.dialect.number, texts))
        return self._sources[key]  # type: ignore[return-value]

    def _values(self, kind: str, seed: int = 0) -> _Texts:
        """The numbers of a kind as value cells show them."""
        key = kind, seed, "shown"
        if key not in self._sources:
            found = self._decimals(kind, seed)
            self._sources[key] = _Made(lambda place: self.shown(kind, place, seed)) if found is None else found
        return self._sources[key]

    def _put_in(self, kind: str, seed: int, slot: Place) -> _Texts:
        """The numbers of a kind as they stand in a place of a formula."""
        key = kind, seed, slot.level, slot.leading
        if key not in self._sources:
            found = self._decimals(kind, seed)
            if found is None:
                self._sources[key] = _Made(lambda place: placed(self._number(kind, place, seed), slot))
            else:
                texts = found[:] if slot.leading else [f"({text})" if text[0] == "-" else text for text in found]
                for place, terms in enumerate(self._given(kind, seed)):
                    typed = self._typed(terms)
                    if typed is not None:
                        texts[place] = placed(typed, slot)
                self._sources[key] = texts
        return self._sources[key]

    # -- patterns ----------------------------------------------------------------------------------------

    def _groups(self, places: Sequence[int], contributions: bool) -> list[_Group]:
        """The rows (or contributions) at these places, those that one pattern prints together."""
        if places is self._last[0]:
            return self._last[1]
        flat, n, spread = self.wengert.flat, len(self.independents), self.sweep.spread if contributions else None
        rows = places if spread is None else [spread.rows[place] for place in places]
        kinds: list[Any] = [flat.kinds[row - n] for row in rows]
        written = self.sweep.primal.written  # a row at or beside a kink writes its own partials
        if spread is not None or written:
            slots = [()] * len(places) if spread is None else [spread.slots[place] for place in places]
            kinds = list(zip(kinds, slots, [written.get(row - n + 1) for row in rows], strict=True))
        members: dict[Any, list[int]] = {}
        for line, key in enumerate(kinds):
            members.setdefault(key, []).append(line)
        found: list[_Group] = []
        for key, lines in members.items():
            kind, to, texts = key if isinstance(key, tuple) else (key, (), None)
            entry, active = kind.elemental, kind.active
            chosen = [rows[line] for line in lines]
            operands = [flat.lefts[row - n] for row in chosen], [flat.rights[row - n] for row in chosen]
            found.append(
                _Group(entry if texts is None else with_partials(entry, texts), active, to, lines, chosen, operands)
            )
        self._last = places, found
        return found

    def _filled(
        self,
        groups: Sequence[_Group],
        count: int,
        pattern_of: Callable[[_Group], Pattern | None],
        numbers: bool,
        seed: int,
    ) -> list[str]:
        """A formula for each line, with names or numbers in its places; nothing where there is no pattern."""
        texts = [""] * count
        for group in groups:
            pattern = pattern_of(group)
            if pattern is None:
                continue
            columns = [self._slot(group, slot, numbers, seed) for slot in pattern.places]
            made = map(pattern.template.__mod__, zip(*columns, strict=True)) if columns else (
                [pattern.template % ()] * len(group.lines)
            )  # fmt: skip
            if len(group.lines) == count:
                return list(made)
            for line, text in zip(group.lines, made, strict=True):
                texts[line] = text
        return texts

    def _slot(self, group: _Group, slot: Place, numbers: bool, seed: int) -> Iterable[str]:
        """What stands in a place of the pattern of a group, for each line."""
        name = slot.slot
        if name in ("v", "a"):
            source = self._put_in(VALUE if name == "v" else ADJOINT, 0, slot) if numbers else (
                self.names if name == "v" else self._bars
            )  # fmt: skip
            return map(source.__getitem__, group.rows)
        which = name[-1] == "w"
        places = group.operands[which]
        if not group.active[which]:
            source = self._constants_in(slot)
        elif numbers:
            source = self._put_in(TANGENT if name[0] == "d" else VALUE, seed if name[0] == "d" else 0, slot)
        else:
            source = self._dots if name[0] == "d" else self.names
        return map(source.__getitem__, places)

    def _constants_in(self, slot: Place) -> _Texts:
        """The constant operands as they stand in a place of a formula."""
        key = "constant", slot.level, slot.leading
        if key not in self._sources:
            constants = self.wengert.flat.constants
            self._sources[key] = _Made(lambda place: placed(self._constant(constants[-2 - place]), slot))
        return self._sources[key]

    # -- parts -------------------------------------------------------------------------------------------

    def _part(self, part: str) -> dict[Kind, _Column]:
        """The kinds of line that have this part, and its texts."""
        match part:
            case "v":
                return {Input: _at(self.names), Operation: _at(self.names), Output: _at(self.dependents)}
            case "operation":
                formulas: _Column = lambda places, seed: self._formulas(places, self._formula, False, 0)  # noqa: E731
                return {Input: _at(self.independents), Operation: formulas, Output: self._output_operands}
            case "numbers":
                return {
                    Input: lambda places, seed: self._spelled(self.evaluation.point, places),
                    Operation: lambda places, seed: self._formulas(places, self._formula, True, 0),
                    Output: self._output_values,
                }
            case "value":
                return {Input: self._shown(VALUE), Operation: self._shown(VALUE), Output: self._output_values}
            case "dv":
                outputs: _Column = lambda places, seed: [self.dot(self.dependents[p]) for p in places]  # noqa: E731
                return {Input: _at(self._dots), Operation: _at(self._dots), Output: outputs}
            case "tangent":
                return {
                    Input: lambda places, seed: [self.dot(self.independents[place]) for place in places],
                    Operation: lambda places, seed: self._formulas(places, self._tangent, False, seed),
                    Output: self._output_tangents,
                }
            case "tangent_numbers":
                return {
                    Input: lambda places, seed: self._spelled(self.evaluation.seeds[seed], places),
                    Operation: lambda places, seed: self._formulas(places, self._tangent, True, seed),
                    Output: self._output_tangent_values,
                }
            case "tangent_value":
                shown = self._shown(TANGENT)
                return {Input: shown, Operation: shown, Output: self._output_tangent_values}
            case "bv" | "bx" | "adjoint_value":
                return self._adjoint_names(part)
        kind, _, form = part.partition("_")
        if kind == "partial":
            slot = int(form[0]) - 1
            return self._partials(slot, self._partial_values if form.endswith("value") else self._partial_formulas)
        return self._adjoints(form or CHAINED, whole=kind == "adjoint")

    def _shown(self, kind: str) -> _Column:
        return lambda places, seed: list(map(self._values(kind, seed if kind == TANGENT else 0).__getitem__, places))

    def _spelled(self, given: Sequence[Terms], places: Sequence[int]) -> list[str]:
        return [spelled(given[place], self.dialect).text for place in places]

    # -- evaluation --------------------------------------------------------------------------------------

    def _formulas(
        self, places: Sequence[int], pattern_of: Callable[[_Group], Pattern | None], numbers: bool, seed: int
    ) -> list[str]:
        """A formula of each row."""
        return self._filled(self._groups(places, False), len(places), pattern_of, numbers, seed)

    def _formula(self, group: _Group) -> Pattern:
        return _formula(self.dialect, group.elemental)

    def _tangent(self, group: _Group) -> Pattern:
        return _tangent(self.dialect, group.elemental, group.active)

    def _output_operands(self, places: Sequence[int], seed: int) -> list[str]:
        return [self.operand(self.wengert.dependents[place]).text for place in places]

    def _output_values(self, places: Sequence[int], seed: int) -> list[str]:
        return [self.dialect.bold(self.dependent_value(place)) for place in places]

    def dependent_value(self, place: int) -> str:
        """The value of a dependent variable."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self._values(VALUE)[operand + self.offset]
        key = id(operand)
        return self.numerals.shown(self.sweep.constants[key], lambda sweep: sweep.constants[key])

    def _partials(self, slot: int, rows: Callable[[Sequence[int], int], list[str]]) -> dict[Kind, _Column]:
        """A local partial of a row; an input is the identity of its variable."""
        ones: _Column = lambda places, seed: ["1" if slot == 0 else ""] * len(places)  # noqa: E731
        return {Input: ones, Operation: lambda places, seed: rows(places, slot)}

    def _partial_formulas(self, places: Sequence[int], slot: int) -> list[str]:
        def pattern(group: _Group) -> Pattern | None:
            varies = slot < len(group.active) and group.active[slot]
            return _partial(self.dialect, group.elemental, slot) if varies else None

        return self._formulas(places, pattern, False, 0)

    def _partial_values(self, places: Sequence[int], slot: int) -> list[str]:
        n = len(self.independents)

        def shown(row: int) -> str:
            partial = self.sweep.primal.partials[row - n][slot]
            return self.dialect.number(self.numerals.shown(partial, lambda sweep: sweep.primal.partials[row - n][slot]))

        written = self._partial_formulas(places, slot)
        return [shown(row) if text else "" for row, text in zip(places, written, strict=True)]

    # -- tangents ----------------------------------------------------------------------------------------

    def _output_tangents(self, places: Sequence[int], seed: int) -> list[str]:
        operands = [self.wengert.dependents[place] for place in places]
        return [self.dot(self.name(operand)) if isinstance(operand, Variable) else "" for operand in operands]

    def _output_tangent_values(self, places: Sequence[int], seed: int) -> list[str]:
        values = self._values(TANGENT, seed)
        operands = [self.wengert.dependents[place] for place in places]
        shown = [values[operand + self.offset] if isinstance(operand, Variable) else "0" for operand in operands]
        return list(map(self.dialect.bold, shown))

    # -- adjoints ----------------------------------------------------------------------------------------

    @cached_property
    def _started(self) -> list[int]:
        """The dependent variables that start the reverse sweep."""
        found = []
        for place, (operand, weight) in enumerate(zip(self.wengert.dependents, self.evaluation.weights, strict=True)):
            zero = len(weight) == 1 and isinstance(weight[0], Number) and weight[0].digits == 0
            if isinstance(operand, Variable) and not (zero and len(self.dependents) > 1):
                found.append(place)
        return found

    @cached_property
    def _starts_at(self) -> dict[int, list[int]]:
        """For the place of a variable the dependent variables that it is, of those that start the sweep."""
        found: dict[int, list[int]] = {}
        for place in self._started:
            found.setdefault(self.wengert.dependents[place] + self.offset, []).append(place)  # type: ignore[operator]
        return found

    @cached_property
    def _by_target(self) -> dict[int, list[int]]:
        """For the place of a variable the contributions to its adjoint, in computing order."""
        found: dict[int, list[int]] = {}
        for place, target in enumerate(self.sweep.spread.targets):
            found.setdefault(target, []).append(place)
        return found

    def _adjoint_names(self, part: str) -> dict[Kind, _Column]:
        """The adjoints by name, or their values."""
        of_input: _Column = lambda places, seed: [self.bar(self.independents[place]) for place in places]  # noqa: E731
        started = self._started
        match part:
            case "bx":
                return {Input: of_input}
            case "bv":
                targets = self.sweep.spread.targets
                return {
                    Input: _at(self._bars),
                    Operation: _at(self._bars),
                    Output: lambda places, seed: [self.bar(self.dependents[p]) if p in started else "" for p in places],
                    ContributionLine: lambda places, seed: [self._bars[targets[place]] for place in places],
                    AdjointInput: of_input,
                    AdjointOutput: lambda places, seed: list(map(self.bar, self._output_operands(places, seed))),
                }
        shown = self._shown(ADJOINT)
        bold: _Column = lambda places, seed: list(map(self.dialect.bold, shown(places, seed)))  # noqa: E731
        weights: _Column = lambda places, seed: [self._weight(p) if p in started else "" for p in places]  # noqa: E731
        return {
            Input: bold, AdjointInput: bold, Operation: shown, ContributionLine: self._shown(TOTAL),
            Output: weights, AdjointOutput: weights,
        }  # fmt: skip

    def _adjoints(self, form: str, *, whole: bool) -> dict[Kind, _Column]:
        """What an adjoint is computed from: chained partials, written-out partials, or numbers."""

        def started(places: Sequence[int], seed: int) -> list[str]:
            return [self._weight(place) if form == NUMBERS else self.bar(self.dependents[place]) for place in places]

        def result(places: Sequence[int], seed: int) -> list[str]:
            if form == NUMBERS:
                return self._pieces(AdjointInput, places, "adjoint_value", 0, 0)
            return [self._bars[place] for place in places]

        def summed(places: Sequence[int], seed: int) -> list[str]:
            return self._sums(places, form, started)

        def contributions(places: Sequence[int], seed: int) -> list[str]:
            increments = self._increments(places, form)
            return self._added(places, increments, form) if whole else increments

        return {
            ContributionLine: contributions, AdjointInput: result, AdjointOutput: started,
            Input: summed, Operation: summed,
        }  # fmt: skip

    def _sums(self, places: Sequence[int], form: str, started: _Column) -> list[str]:
        """The adjoint of each variable as the sum of all that reaches it."""
        reaching = [self._by_target.get(place, []) for place in places]
        increments = iter(self._increments([k for these in reaching for k in these], form))
        sums = []
        for place, these in zip(places, reaching, strict=True):
            terms = started(self._starts_at.get(place, []), 0) + [next(increments) for _ in these]
            sums.append(" + ".join([*terms[:1], *map(_bracketed, terms[1:])]))
        return sums

    def _increments(self, places: Sequence[int], form: str) -> list[str]:
        """What each contribution adds."""
        if form != CHAINED:
            groups = self._groups(places, True)
            return self._filled(groups, len(places), self._increment, form == NUMBERS, 0)
        rows, targets, *_ = self.sweep.spread
        above = [rows[place] for place in places]
        below = map(self.names.__getitem__, [targets[place] for place in places])
        return list(
            map(self.dialect.chain, map(self._bars.__getitem__, above), map(self.names.__getitem__, above), below)
        )

    def _increment(self, group: _Group) -> Pattern:
        return _increment(self.dialect, group.elemental, group.slots)

    def _added(self, places: Sequence[int], increments: list[str], form: str) -> list[str]:
        """The increments, added to what is there already."""
        first, targets, before = self.sweep.spread.first, self.sweep.spread.targets, self.sweep.spread.before
        if form != NUMBERS:
            bars = self._bars
            return [
                text if first[place] else f"{bars[targets[place]]} + {text if text[0] != '-' else _bracketed(text)}"
                for place, text in zip(places, increments, strict=True)
            ]
        totals = self._put_in(TOTAL, 0, _BARE)

        def so_far(place: int) -> str:
            last = before[place]
            if last is not None:
                return totals[last]
            return " + ".join(self._weight(dependent) for dependent in self._starts_at.get(targets[place], []))

        return [
            text if first[place] else f"{so_far(place)} + {_bracketed(text)}"
            for place, text in zip(places, increments, strict=True)
        ]

    def _weight(self, place: int) -> str:
        return spelled(self.evaluation.weights[place], self.dialect).text


VALUE, TANGENT, ADJOINT, TOTAL = "values", "tangents", "adjoints", "totals"
_KINDS = {"value": VALUE, "tangent": TANGENT, "adjoint": ADJOINT, "total": TOTAL}
CHAINED, NUMBERS = "chained", "numbers"
_BARE = Place("", ANYTHING, True)


def _at(texts: _Texts) -> _Column:
    return lambda places, seed: list(map(texts.__getitem__, places))


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


def _joined(text: str, sign: str, piece: str, before: str) -> str:
    """A cell with one part more; 2 = 2.0000 is one number."""
    return piece if text == before and _same_number(piece, before) else f"{text}{sign}{piece}"


def _same_number(text: str, other: str) -> bool:
    """Whether two cells are one decimal number, written with more zeros or fewer."""
    return all(map(_DECIMAL.fullmatch, (text, other))) and Decimal(text) == Decimal(other)


_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


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
