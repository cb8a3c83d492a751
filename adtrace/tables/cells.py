"""The cells of an evaluation in one dialect and one style: the text of each part of each line.

The parts are those of `styles`.  They are made for many lines of one kind at once: rows of one signature share a
pattern (see `patterns`), and the texts that stand in its places, names or numbers, are made once for each variable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import islice
from operator import eq
from typing import Any, NamedTuple

from adtrace.elementals import Signature, with_partials
from adtrace.language.syntax import Terms
from adtrace.tables.lines import (
    AdjointInput,
    AdjointOutput,
    ContributionLine,
    Input,
    Kind,
    Line,
    Lines,
    Operation,
    Output,
)
from adtrace.tables.numerals import Numerals
from adtrace.tables.patterns import (
    ADJOINT,
    CELL,
    EMPTY,
    LEFT,
    LINE,
    ORDER,
    PATTERNED,
    PUT_IN,
    ROW,
    SHOWN,
    SO_FAR,
    TANGENT,
    TARGET,
    TOTAL,
    VALUE,
    WHOLE,
    Columns,
    LinePattern,
    Plan,
    alone,
    line_pattern,
    plan,
    source,
)  # fmt: skip
from adtrace.tables.styles import Column, Style
from adtrace.tables.texts import GRADIENT, Available, Texts
from adtrace.tracing.sweeps import Evaluation
from adtrace.tracing.wengert import Variable
from adtrace.writing.notation import ADDED, ANYTHING, START, TAKEN, Dialect, written


class _Group(NamedTuple):
    """Lines that one pattern prints: rows of one signature, or contributions of such rows to the same operands."""

    signature: Signature | None
    """None for contributions, while their patterns are all the same."""
    slots: tuple[int, ...]
    """The operands that a contribution goes to."""
    order: Sequence[int]
    """Where the lines stand among those that were asked for."""
    places: Sequence[int]
    """The place of each line."""


_Column = Callable[[Sequence[int], int], list[str]]
"""The texts of a part, for places of one kind and a seed."""

_MOST_KEPT = 64


class Cells(Texts):
    """The cells of one evaluation."""

    def __init__(self, evaluation: Evaluation, dialect: Dialect, numerals: Numerals, style: Style) -> None:
        super().__init__(evaluation, dialect, numerals, style)
        self._parts: dict[str, dict[Kind, _Column]] = {}
        self._kept: dict[tuple[object, ...], list[str]] = {}
        self._grouped: tuple[Sequence[int] | None, list[_Group]] = (None, [])

    # -- cells -------------------------------------------------------------------------------------------

    def cell(self, line: Line, column: Column, seed: int, step: int) -> str:
        """The text of one cell."""
        place = line.variable + self.offset if isinstance(line, Operation) else line[0]
        return self.dialect.cell(self._column(type(line), [place], column, seed, step)[0])

    def lines(self, kind: Kind, places: Sequence[int], columns: Columns, step: int) -> list[str]:
        """The lines of one kind, of which the first is number ``step``: their cells with `CELL` between them.

        Those of a short table are kept, for both of its tables begin with the evaluation trace.
        """
        if not places:
            return []
        if len(places) > _MOST_KEPT or type(places) is not range:
            return self._lines(kind, places, columns, step)
        key = kind, places, columns, step
        if key not in self._kept:
            self._kept[key] = self._lines(kind, places, columns, step)
        return self._kept[key]

    def _lines(self, kind: Kind, places: Sequence[int], columns: Columns, step: int) -> list[str]:
        cell, each = self.dialect.cell, self.dialect.cellwise
        if kind in PATTERNED:
            made = self._patterned(kind, places, columns, step, each or self.style.names == "source")
        else:
            texts = [self._column(kind, places, column, seed, step) for column, seed in columns.entries]
            _say_once(texts, columns)
            made = list(map(CELL.join, zip(*map(self._shown_cells, texts), strict=True)))
        if cell is str or each:
            return made
        joined = "\n".join(made)
        marked = cell(joined)
        return made if marked is joined else marked.split("\n")

    def _shown_cells(self, texts: list[str]) -> list[str]:
        """Whole cells, as they stand in a line."""
        if self.dialect.cellwise:
            texts = list(map(self.dialect.cell, texts))
        return texts if all(texts) else [text or EMPTY for text in texts]

    def _patterned(self, kind: Kind, places: Sequence[int], columns: Columns, step: int, each: bool) -> list[str]:
        """The lines of rows or contributions."""
        how = plan(columns, PATTERNED[kind], each)
        whole = {k: self._shown_cells(self._column(kind, places, *columns.entries[k], step)) for k in how.whole}
        groups = self._groups(kind, places, how)
        lines = [""] * len(places)
        for group in groups:
            pattern = line_pattern(self.dialect, columns, how, group.signature, group.slots)
            made = self._filled(kind, group, pattern, whole)
            if len(groups) == 1:
                return made
            for line, text in zip(group.order, made, strict=True):
                lines[line] = text
        return lines

    def _filled(self, kind: Kind, group: _Group, pattern: LinePattern, whole: Mapping[int, list[str]]) -> list[str]:
        """The lines of a group."""
        template, slots = pattern
        if not slots:
            return [template % ()] * len(group.places)
        known = self._sources
        of = [
            known.get(named) or (whole[named.of[0]] if named.word == WHOLE else self._source(named))
            for named, _ in slots
        ]
        if len(group.places) == 1:  # most rows of a short table are alone of their kind
            at = self._found_at(kind, group.places[0], group.order[0])
            return [template % tuple([texts[at[where]] for texts, (_, where) in zip(of, slots, strict=True)])]
        where_at = {where: self._places(kind, group, where) for where in {where for _, where in slots}}
        columns = [[texts[place] for place in where_at[where]] for texts, (_, where) in zip(of, slots, strict=True)]
        return [template % texts for texts in zip(*columns, strict=True)]

    def _found_at(self, kind: Kind, place: int, order: int) -> tuple[int, ...]:
        """Where the texts of the slots are found for one line, in the order of `patterns.ROW` and so on."""
        row, target = place, place
        if kind is ContributionLine:
            row, target = self.sweep.spread.rows[place], self.sweep.spread.targets[place]
        flat, index = self.wengert.flat, row - len(self.independents)
        return row, flat.lefts[index], flat.rights[index], place, target, order

    def _places(self, kind: Kind, group: _Group, where: int) -> Sequence[int]:
        """Where the texts of a slot are found for each line of a group."""
        if where == ORDER:
            return group.order
        if where == LINE:
            return group.places
        rows = group.places
        if kind is ContributionLine:
            of_line = self.sweep.spread.targets if where == TARGET else self.sweep.spread.rows
            rows = [of_line[place] for place in rows]
        if where in (ROW, TARGET):
            return rows
        flat, n = self.wengert.flat, len(self.independents)
        operands = flat.lefts if where == LEFT else flat.rights
        return [operands[row - n] for row in rows]

    def _groups(self, kind: Kind, places: Sequence[int], how: Plan) -> list[_Group]:
        """The rows (or contributions) at these places, those that one pattern prints together."""
        if not how.by_signature:
            return [_Group(None, (), range(len(places)), places)]
        if places is self._grouped[0]:
            return self._grouped[1]
        flat, n = self.wengert.flat, len(self.independents)
        at_kinks = self.sweep.primal.written  # a row at or beside a kink writes its own partials
        keys: list[Any]
        if kind is Operation and not at_kinks:
            keys = [flat.kinds[row - n] for row in places]
        else:
            spread = self.sweep.spread if kind is ContributionLine else None
            rows = places if spread is None else [spread.rows[place] for place in places]
            slots = [()] * len(places) if spread is None else [spread.slots[place] for place in places]
            texts = [at_kinks.get(row - n + 1) for row in rows]
            keys = list(zip([flat.kinds[row - n] for row in rows], slots, texts, strict=True))
        members: dict[Any, list[int]] = {}
        for line, key in enumerate(keys):
            members.setdefault(key, []).append(line)
        found: list[_Group] = []
        for key, order in members.items():
            signature, to, partials = key if isinstance(key, tuple) else (key, (), None)
            if partials is not None:
                signature = with_partials(signature.elemental, partials).signatures[signature.active]
            found.append(_Group(signature, to, order, [places[line] for line in order]))
        self._grouped = places, found
        return found

    def _column(self, kind: Kind, places: Sequence[int], column: Column, seed: int, step: int) -> list[str]:
        """The texts of a column for lines of one kind, of which the first is number ``step``."""
        if len(column.parts) == 1:
            texts = self._pieces(kind, places, column.parts[0].part, seed, step)
        else:
            texts = self._several(kind, places, column, seed, step)
        if not column.equals:
            return texts
        if self.style.names != "source":
            return [f"= {text}" if text else "" for text in texts]
        left = self._left_sides(kind, places)
        return [f"= {text}" if text and text not in said else "" for text, said in zip(texts, left, strict=True)]

    def _several(self, kind: Kind, places: Sequence[int], column: Column, seed: int, step: int) -> list[str]:
        """Parts with what stands between them; one that only says the one before again is left out."""
        texts = last = [""] * len(places)
        for joint, part in column.parts:
            pieces = self._pieces(kind, places, part, seed, step)
            if not any(texts):
                texts = last = pieces
                continue
            sign = f" {joint if kind is ContributionLine else '='} "
            texts = [
                _joined(text, sign, piece, before) if text and piece and piece != before else text or piece
                for text, piece, before in zip(texts, pieces, last, strict=True)
            ]
            last = [piece or before for piece, before in zip(pieces, last, strict=True)]
        return texts

    def _left_sides(self, kind: Kind, places: Sequence[int]) -> Iterable[tuple[str, ...]]:
        """What the cells of a line begin with: a variable with the source's name can say it again."""
        return zip(*(self._pieces(kind, places, part, 0, 0) for part in ("v", "dv", "bv")), strict=True)

    def _pieces(self, kind: Kind, places: Sequence[int], part: str, seed: int, step: int) -> list[str]:
        """The texts of a part."""
        if part == "step":
            return list(map(str, range(step, step + len(places))))
        if part in PATTERNED.get(kind, ()):
            made = self._patterned(kind, places, alone(part, seed), step, False)
            return ["" if text == EMPTY else text for text in made] if EMPTY in made else made
        if part not in self._parts:
            self._parts[part] = self._part(part)
        texts = self._parts[part].get(kind)
        return texts(places, seed) if texts else [""] * len(places)

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

    # -- parts -------------------------------------------------------------------------------------------

    def _part(self, part: str) -> dict[Kind, _Column]:
        """The kinds of line that have this part, and its texts."""
        match part:
            case "v":
                return {Input: _at(self.names), Output: _at(self.dependents)}
            case "operation":
                return {Input: _at(self.independents), Output: self._output_operands}
            case "numbers":
                return {
                    Input: lambda places, seed: self._spelled(self.evaluation.point, places),
                    Output: self._output_values,
                }
            case "value":
                return {Input: self._shown(VALUE), Output: self._output_values}
            case "dv":
                outputs: _Column = lambda places, seed: [self.dot(self.dependents[p]) for p in places]  # noqa: E731
                return {Input: _at(self._dots), Output: outputs}
            case "tangent":
                return {
                    Input: lambda places, seed: [self.dot(self.independents[place]) for place in places],
                    Output: self._output_tangents,
                }
            case "tangent_numbers":
                return {
                    Input: lambda places, seed: self._spelled(self.evaluation.seeds[seed], places),
                    Output: self._output_tangent_values,
                }
            case "tangent_value":
                return {Input: self._shown(TANGENT), Output: self._output_tangent_values}
            case "bv" | "bx" | "adjoint_value":
                return self._adjoint_names(part)
        kind, _, form = part.partition("_")
        if kind == "partial":
            return self._partials(int(form[0]) - 1, value=form.endswith("value"))
        return self._adjoints(form or CHAINED)

    def _shown(self, kind: str) -> _Column:
        def shown(places: Sequence[int], seed: int) -> list[str]:
            return list(map(self._source(source(SHOWN, kind, seed if kind == TANGENT else 0)).__getitem__, places))

        return shown

    def _spelled(self, given: Sequence[Terms], places: Sequence[int]) -> list[str]:
        return [written(given[place], self.dialect) for place in places]

    # -- evaluation --------------------------------------------------------------------------------------

    def _output_operands(self, places: Sequence[int], seed: int) -> list[str]:
        return [self.operand(self.wengert.dependents[place]).text for place in places]

    def _output_values(self, places: Sequence[int], seed: int) -> list[str]:
        return [self.dialect.bold(self.dependent_value(place)) for place in places]

    def dependent_value(self, place: int) -> str:
        """The value of a dependent variable."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self._source(source(SHOWN, VALUE, 0))[operand + self.offset]
        key = id(operand)
        return self.numerals.shown(self.sweep.constants[key], lambda sweep: sweep.constants[key])

    def _partials(self, slot: int, *, value: bool) -> dict[Kind, _Column]:
        """A local partial; an input is the identity of its variable."""
        ones: _Column = lambda places, seed: ["1" if slot == 0 else ""] * len(places)  # noqa: E731
        return {Input: ones, Operation: lambda places, seed: self._partial_values(places, slot)} if value else {
            Input: ones
        }  # fmt: skip

    def _partial_values(self, places: Sequence[int], slot: int) -> list[str]:
        n = len(self.independents)

        def shown(row: int) -> str:
            partial = self.sweep.primal.partials[slot][row - n]
            return self.dialect.number(self.numerals.shown(partial, lambda sweep: sweep.primal.partials[slot][row - n]))

        formulas = self._pieces(Operation, places, f"partial_{slot + 1}", 0, 0)
        return [shown(row) if text else "" for row, text in zip(places, formulas, strict=True)]

    # -- tangents ----------------------------------------------------------------------------------------

    def _output_tangents(self, places: Sequence[int], seed: int) -> list[str]:
        operands = [self.wengert.dependents[place] for place in places]
        return [self.dot(self.name(operand)) if isinstance(operand, Variable) else "" for operand in operands]

    def _output_tangent_values(self, places: Sequence[int], seed: int) -> list[str]:
        values = self._source(source(SHOWN, TANGENT, seed))
        operands = [self.wengert.dependents[place] for place in places]
        shown = [values[operand + self.offset] if isinstance(operand, Variable) else "0" for operand in operands]
        return list(map(self.dialect.bold, shown))

    # -- adjoints ----------------------------------------------------------------------------------------

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
                return {
                    Input: _at(self._bars),
                    Operation: _at(self._bars),
                    Output: lambda places, seed: [self.bar(self.dependents[p]) if p in started else "" for p in places],
                    AdjointInput: of_input,
                    AdjointOutput: lambda places, seed: list(map(self.bar, self._output_operands(places, seed))),
                }
        shown, gradient = self._shown(ADJOINT), self._shown(GRADIENT)
        bold: _Column = lambda places, seed: list(map(self.dialect.bold, gradient(places, seed)))  # noqa: E731
        weights: _Column = lambda places, seed: [self._weight(p) if p in started else "" for p in places]  # noqa: E731
        return {
            Input: bold, AdjointInput: bold, Operation: shown,
            Output: weights, AdjointOutput: weights,
        }  # fmt: skip

    def _adjoints(self, form: str) -> dict[Kind, _Column]:
        """What an adjoint is computed from: chained partials, written-out partials, or numbers."""

        def started(places: Sequence[int], seed: int) -> list[str]:
            return [self._weight(place) if form == NUMBERS else self.bar(self.dependents[place]) for place in places]

        def result(places: Sequence[int], seed: int) -> list[str]:
            if form == NUMBERS:
                return self._pieces(AdjointInput, places, "adjoint_value", 0, 0)
            return [self._bars[place] for place in places]

        def summed(places: Sequence[int], seed: int) -> list[str]:
            return self._sums(places, form, started)

        def added(places: Sequence[int], seed: int) -> list[str]:
            return self._added(places, form)

        return {
            ContributionLine: added, AdjointInput: result, AdjointOutput: started, Input: summed, Operation: summed,
        }  # fmt: skip

    def _sums(self, places: Sequence[int], form: str, started: _Column) -> list[str]:
        """The adjoint of each variable as the sum of all that reaches it."""
        reaching = [self._by_target.get(place, []) for place in places]
        increments = iter(self._increments([k for these in reaching for k in these], form))
        sums = []
        for place, these in zip(places, reaching, strict=True):
            terms = started(self._starts_at.get(place, []), 0) + [next(increments) for _ in these]
            sums.append("".join([*terms[:1], *map(_added_to, terms[1:])]))
        return sums

    def _increments(self, places: Sequence[int], form: str) -> list[str]:
        """What each contribution adds."""
        return self._pieces(ContributionLine, places, "increment" if form == CHAINED else f"increment_{form}", 0, 0)

    def _added(self, places: Sequence[int], form: str) -> list[str]:
        """The increments, written out or as numbers, added to what is there already."""
        spread, bars = self.sweep.spread, self._source(source(SO_FAR))

        def added(place: int, text: str) -> str:
            if form != NUMBERS:
                return f"{bars[place]}{text}"
            last = spread.before[place]
            if last is not None:
                return self._source(source(PUT_IN, TOTAL, 0, ANYTHING, START))[last] + _added_to(text)
            first, *others = map(self._weight, self._starts_at.get(spread.targets[place], []))
            return "".join([first, *map(_added_to, [*others, text])])

        first_of = spread.first
        return [
            text if first_of[place] else added(place, text)
            for place, text in zip(places, self._increments(places, form), strict=True)
        ]

    def _weight(self, place: int) -> str:
        return written(self.evaluation.weights[place], self.dialect)


CHAINED, NUMBERS = "chained", "numbers"


def _at(texts: Available) -> _Column:
    return lambda places, seed: list(map(texts.__getitem__, places))


def _say_once(texts: list[list[str]], columns: Columns) -> None:
    """Inputs and outputs, where the next part often only says the same again: ``= 5.5`` stands once.

    The number of another seed is another number, and stands beside an equal one.
    """
    for place, (column, seed) in enumerate(columns.entries):
        follows = place and column.equals and column.parts and columns.entries[place - 1][1] == seed
        if not follows or not any(map(eq, texts[place], texts[place - 1])):
            continue
        said = place - 1 if column.parts[-1].part.endswith("value") else place
        pairs = zip(texts[said], texts[place], texts[place - 1], strict=True)
        texts[said] = ["" if text == before else own for own, text, before in pairs]


def _joined(text: str, sign: str, piece: str, before: str) -> str:
    """A cell with one part more; 2 = 2.0000 is one number."""
    return piece if text == before and _same_number(piece, before) else f"{text}{sign}{piece}"


def _same_number(text: str, other: str) -> bool:
    """Whether two cells are one decimal number, written with more zeros or fewer."""
    return all(map(_DECIMAL.fullmatch, (text, other))) and Decimal(text) == Decimal(other)


_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def _added_to(term: str) -> str:
    """A product as a later term of a sum, with the sign between them: one with a minus is taken away."""
    return f"{TAKEN if term[0] == '-' else ADDED}{term.lstrip('+-')}"
