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
    AdjointRow,
    ContributionLine,
    Input,
    Kind,
    Line,
    Lines,
    Operation,
    Output,
)
from adtrace.tables.naming import Naming
from adtrace.tables.numerals import Numerals
from adtrace.tables.parts import FORMULA, NAME, NUMBER, NUMBERS, PARTS, word
from adtrace.tables.patterns import (
    CELL,
    EMPTY,
    LINE,
    OPERANDS,
    ORDER,
    PATTERNED,
    PUT_IN,
    ROW,
    SHOWN,
    SO_FAR,
    TARGET,
    WHOLE,
    Columns,
    LinePattern,
    Plan,
    alone,
    line_pattern,
    plan,
    source,
)  # fmt: skip
from adtrace.tables.styles import Column
from adtrace.tables.texts import Texts
from adtrace.tracing.quantities import (
    ADJOINT,
    CONSTANT,
    FAMILY,
    REVERSE,
    STEP,
    VALUE,
    Address,
    Backwards,
    Quantity,
)
from adtrace.tracing.wengert import Variable
from adtrace.writing.notation import ADDED, ANYTHING, START, TAKEN, written


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


_MOST_KEPT = 64


class Cells:
    """The cells of one evaluation."""

    arrays = False
    """Whether an adjoint has one line, and its results stand beside the numbers put in."""

    def __init__(self, naming: Naming, numerals: Numerals) -> None:
        self.naming, self.numerals = naming, numerals
        self.evaluation, self.dialect, self.style = numerals.evaluation, naming.dialect, naming.style
        self.wengert, self.sweep = self.evaluation.wengert, self.evaluation.first()
        self.texts = Texts(naming, numerals)
        self._lines_kept: dict[tuple[object, ...], list[str]] = {}
        self._grouped: tuple[Sequence[int] | None, list[_Group]] = (None, [])

    # -- cells -------------------------------------------------------------------------------------------

    def cell(self, line: Line, column: Column, seed: int, step: int) -> str:
        """The text of one cell."""
        place = line.variable + self.naming.offset if isinstance(line, Operation | AdjointRow) else line[0]
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
        if key not in self._lines_kept:
            self._lines_kept[key] = self._lines(kind, places, columns, step)
        return self._lines_kept[key]

    def _lines(self, kind: Kind, places: Sequence[int], columns: Columns, step: int) -> list[str]:
        cell, each = self.dialect.cell, self.dialect.cellwise
        if kind in PATTERNED:
            lines = self._patterned(kind, places, columns, step, each or self.arrays or self.style.names == "source")
        else:
            texts = [self._column(kind, places, column, seed, step) for column, seed in columns.entries]
            _say_once(texts, columns, later=self.numerals.formulas)
            return self.set_lines(texts)
        if cell is str or each:
            return lines
        return self._in_dialect(lines)

    def set_lines(self, texts: Sequence[list[str]]) -> list[str]:
        """Lines from the texts of their columns."""
        lines = list(map(CELL.join, zip(*map(self._shown_cells, texts), strict=True)))
        return lines if self.dialect.cellwise else self._in_dialect(lines)

    def _in_dialect(self, lines: list[str]) -> list[str]:
        """Lines of formulas as they stand in cells."""
        cell = self.dialect.cell
        if cell is str:
            return lines
        joined = "\n".join(lines)
        marked = cell(joined)
        return lines if marked is joined else marked.split("\n")

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
            filled = self._filled(kind, group, pattern, whole)
            if len(groups) == 1:
                return filled
            for line, text in zip(group.order, filled, strict=True):
                lines[line] = text
        return lines

    def _filled(self, kind: Kind, group: _Group, pattern: LinePattern, whole: Mapping[int, list[str]]) -> list[str]:
        """The lines of a group."""
        template, slots = pattern
        if not slots:
            return [template % ()] * len(group.places)
        of = [whole[named.of[0]] if named.word == WHOLE else self.texts[named] for named, _ in slots]
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
        flat, index = self.wengert.flat, row - len(self.wengert.independents)
        return row, place, target, order, *[column[index] for column in flat.columns]

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
        flat, n = self.wengert.flat, len(self.wengert.independents)
        operands = flat.columns[where - OPERANDS]
        return [operands[row - n] for row in rows]

    def _groups(self, kind: Kind, places: Sequence[int], how: Plan) -> list[_Group]:
        """The rows (or contributions) at these places, those that one pattern prints together."""
        if not how.by_signature:
            return [_Group(None, (), range(len(places)), places)]
        if places is self._grouped[0]:
            return self._grouped[1]
        members: dict[Any, list[int]] = {}
        for line, key in enumerate(self._alike(kind, places)):
            members.setdefault(key, []).append(line)
        groups: list[_Group] = []
        for key, order in members.items():
            signature, to, partials = key if isinstance(key, tuple) else (key, (), None)
            if partials is not None:
                signature = with_partials(signature.elemental, partials).signatures[signature.active]
            groups.append(_Group(signature, to, order, [places[line] for line in order]))
        self._grouped = places, groups
        return groups

    def _alike(self, kind: Kind, places: Sequence[int]) -> Iterable[Any]:
        """For each place what it shares with those that one pattern prints: a signature, or that with slots and
        partials.
        """
        flat, n = self.wengert.flat, len(self.wengert.independents)
        at_kinks = self.sweep.primal.written  # a row at or beside a kink writes its own partials
        if kind is Operation and not at_kinks:
            return [flat.kinds[row - n] for row in places]
        spread = self.sweep.spread if kind is ContributionLine else None
        rows = places if spread is None else [spread.rows[place] for place in places]
        slots = [()] * len(places) if spread is None else [spread.slots[place] for place in places]
        texts = [at_kinks.get(row - n + 1) for row in rows]
        return zip([flat.kinds[row - n] for row in rows], slots, texts, strict=True)

    def _column(self, kind: Kind, places: Sequence[int], column: Column, seed: int, step: int) -> list[str]:
        """The texts of a column for lines of one kind, of which the first is number ``step``."""
        if len(column.parts) == 1:
            texts = self._pieces(kind, places, column.parts[0].part, seed, step)
        else:
            texts = self._several(kind, places, column, seed, step)
        if not column.equals:
            return texts
        if self.style.names != "source":
            return [f"{self.dialect.equals}{text}" if text else "" for text in texts]
        left = self._left_sides(kind, places, column)
        equals = self.dialect.equals
        return [f"{equals}{text}" if text and text not in said else "" for text, said in zip(texts, left, strict=True)]

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

    def _left_sides(self, kind: Kind, places: Sequence[int], column: Column) -> Iterable[tuple[str, ...]]:
        """What the cells of a line begin with: a variable with the source's name can say it again."""
        names = {
            "v",
            "dv",
            "bv",
            *(word(p.quantity, NAME) for p in column.parts if p.quantity.order > 1 and p.quantity.mark),
        }
        return zip(*(self._pieces(kind, places, name, 0, 0) for name in names), strict=True)

    def _pieces(self, kind: Kind, places: Sequence[int], part: str, seed: int, step: int) -> list[str]:
        """The texts of a part."""
        if part in PATTERNED.get(kind, ()):
            lines = self._patterned(kind, places, alone(part, seed), step, False)
            return ["" if text == EMPTY else text for text in lines] if EMPTY in lines else lines
        quantity, form = PARTS[part]
        if quantity is STEP:
            return list(map(str, range(step, step + len(places))))
        if quantity.operand is not None:
            return self._partials(kind, places, quantity, form)
        if quantity.trace == REVERSE:
            return self._adjoints(kind, places, quantity, form, seed)
        if kind is Input:
            return self._of_inputs(places, quantity, form, seed)
        return self._of_outputs(places, quantity, form, seed) if kind is Output else [""] * len(places)

    def entries(self, lines: Lines) -> list[list[Line]]:
        """The lines one by one, those of each entry together."""
        shift = self.naming.offset if lines.kind in (Operation, AdjointRow) else 0
        one_by_one: Iterator[Line] = (lines.kind(place - shift) for place in lines.places)
        return [list(islice(one_by_one, count)) for count in lines.counts or [1] * len(lines.places)]

    def by_rows(self) -> Cells:
        """The cells with a line for each row."""
        return self

    def shown_with(self, place: int) -> list[int]:
        """The places of the variables that the line of one stands for."""
        return [place]

    def on_edge(self, address: Address, write: Callable[[Address], str]) -> str:
        """A number as an edge of the graph has it."""
        return write(address)

    def map_on_edge(self, at: int) -> str:
        """The local partial of a contribution, by its number in the spread, where it is a map; empty where a number."""
        return ""

    def variable_lines(self) -> tuple[Lines, Lines, Lines]:
        """The lines of the variables: inputs, operations, outputs."""
        outputs = range(len(self.wengert.dependents) if self.style.outputs else 0)
        n, count = len(self.wengert.independents), len(self.wengert.rows)
        return Lines(Input, range(n)), Lines(Operation, range(n, n + count)), Lines(Output, outputs)

    def contribution_lines(self, *, computing: bool) -> tuple[Lines, Lines, Lines]:
        """The lines of the reverse sweep: inputs, each row's contributions, outputs.

        Rows are in the order of the sweep, or in their own with what is computed last first.
        """
        n, count = len(self.wengert.independents), len(self.wengert.rows)
        counts = [0] * count
        for row in self.sweep.spread.rows:
            counts[row - n] += 1
        places = range(len(self.sweep.spread.rows))
        rows = Lines(ContributionLine, places, counts[::-1]) if computing else (
            Lines(ContributionLine, places[::-1], counts)
        )  # fmt: skip
        data = self.wengert.data
        inputs = [place for place in range(n) if place not in data] if data else range(n)
        return Lines(AdjointInput, inputs), rows, Lines(AdjointOutput, self.naming.started)

    # -- parts -------------------------------------------------------------------------------------------

    def _shown(self, quantity: Quantity, places: Sequence[int], seed: int = 0) -> list[str]:
        """The numbers of a quantity in value cells."""
        return list(map(self.texts[source(SHOWN, quantity, seed)].__getitem__, places))

    def _spelled(self, numbers: Sequence[Terms], places: Sequence[int]) -> list[str]:
        return [written(numbers[place], self.dialect) for place in places]

    def _of_inputs(self, places: Sequence[int], quantity: Quantity, form: str, seed: int) -> list[str]:
        """What a sweep forward begins with at the independent variables."""
        if form == NAME:
            names = self.naming.marked(quantity)
            return [names[place] for place in places]
        if form in (FORMULA, NUMBERS):
            if quantity.typed is None:
                return [""] * len(places)
            if form == NUMBERS:
                return self._spelled(quantity.typed(self.evaluation, seed), places)
            return [self.naming.mark(quantity)(self.naming.independents[place]) for place in places]
        return self._shown(quantity, places, seed if quantity.per_seed else 0)

    def _of_outputs(self, places: Sequence[int], quantity: Quantity, form: str, seed: int) -> list[str]:
        """What a sweep forward ends with at the dependent variables."""
        mark = self.naming.mark(quantity)
        if form == NAME:
            return [mark(self.naming.dependents[place]) for place in places]
        operands = [self.wengert.dependents[place] for place in places]
        if form == FORMULA:
            if quantity.typed is None:
                return [""] * len(places)
            varies = [quantity is VALUE or isinstance(operand, Variable) for operand in operands]
            names = [self.naming.operand(operand).text for operand in operands]
            return [mark(name) if shown else "" for name, shown in zip(names, varies, strict=True)]
        return [self.dialect.bold(self.of_dependent(quantity, place, seed)) for place in places]

    def of_dependent(self, quantity: Quantity, place: int, seed: int = 0) -> str:
        """A number of a dependent variable; one that is constant has its own value, and no derivative but 0."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self._shown(quantity, [operand + self.naming.offset], seed if quantity.per_seed else 0)[0]
        if self.numerals.formulas and quantity is VALUE:
            return self.texts.plain(Address(CONSTANT, id(operand)))
        return self.numerals.text(Address(CONSTANT, id(operand))) if quantity is VALUE else "0"

    def _partials(self, kind: Kind, places: Sequence[int], quantity: Quantity, form: str) -> list[str]:
        """A local partial, of which there is no number by data; an input is the identity of its variable."""
        if kind is not Operation:
            return ["1" if kind is Input and quantity.operand == 0 else ""] * len(places)
        n = len(self.wengert.independents)
        addresses = [Address(quantity, row - n) for row in places]
        formulas = self._pieces(Operation, places, quantity.name, 0, 0)
        return [
            self.texts.plain(address) if text and self.sweep[address] is not None else ""
            for address, text in zip(addresses, formulas, strict=True)
        ]

    # -- adjoints ----------------------------------------------------------------------------------------

    @cached_property
    def _starts_at(self) -> dict[int, list[int]]:
        """For the place of a variable the dependent variables that it is, of those that start the sweep."""
        starts: dict[int, list[int]] = {}
        for place in self.naming.started:
            starts.setdefault(self.wengert.dependents[place] + self.naming.offset, []).append(place)  # type: ignore[operator]
        return starts

    @cached_property
    def _by_target(self) -> dict[int, list[int]]:
        """For the place of a variable the contributions to its adjoint, in computing order."""
        contributions: dict[int, list[int]] = {}
        for place, target in enumerate(self.sweep.spread.targets):
            contributions.setdefault(target, []).append(place)
        return contributions

    def _adjoints(self, kind: Kind, places: Sequence[int], quantity: Quantity, form: str, seed: int) -> list[str]:
        """A part of the reverse sweep: a name, a number, or what it is computed from."""
        of = FAMILY[quantity][1][quantity.order]
        if quantity is of.gradient or form == NAME:
            return self._adjoint_names(kind, places, quantity)
        number = form == NUMBER
        if kind is ContributionLine:
            return self._added(places, form, of, seed)
        if kind in (Output, AdjointOutput):
            return self._at_outputs(kind, places, form, of)
        if kind is AdjointInput and not number and form != NUMBERS:
            return [self.naming.marked(of.adjoint)[place] for place in places]
        seed = seed if quantity.per_seed else 0
        if kind is AdjointInput or (kind is Input and number):
            return list(map(self.dialect.bold, self._shown(of.gradient, places, seed)))
        return self._shown(of.adjoint, places, seed) if number else self._sums(places, form, of, seed)

    def _adjoint_names(self, kind: Kind, places: Sequence[int], quantity: Quantity) -> list[str]:
        """The adjoints by name, those of the independent variables where they are results."""
        of, naming = FAMILY[quantity][1][quantity.order], self.naming
        adjoint = of.adjoint
        mark = naming.mark(adjoint)
        if quantity is of.gradient:
            mark = naming.mark(quantity)
            return [mark(naming.independents[place]) if kind is Input else "" for place in places]
        if kind is AdjointInput:
            return [mark(naming.independents[place]) for place in places]
        if kind is Output:
            return [mark(naming.dependents[place]) if place in naming.started else "" for place in places]
        if kind is AdjointOutput:
            return [mark(naming.operand(self.wengert.dependents[place]).text) for place in places]
        return [naming.marked(adjoint)[place] for place in places]

    def _at_outputs(self, kind: Kind, places: Sequence[int], form: str, of: Backwards) -> list[str]:
        """What starts the sweep: of the evaluation's lines the weights alone."""
        if form == NUMBER:
            return self._weights(places, of)
        return [""] * len(places) if kind is Output else self._started(places, form, of)

    def _weights(self, places: Sequence[int], of: Backwards) -> list[str]:
        """The weights of those dependent variables that start the sweep."""
        weights = self._started(places, NUMBERS, of)
        return [text if place in self.naming.started else "" for place, text in zip(places, weights, strict=True)]

    def _started(self, places: Sequence[int], form: str, of: Backwards) -> list[str]:
        """What starts the sweep at the dependent variables: a weight, whose derivatives are 0, or its name."""
        if form == NUMBERS:
            return self._spelled(self.evaluation.weights, places) if of.adjoint is ADJOINT else ["0"] * len(places)
        return [self.naming.mark(of.adjoint)(self.naming.dependents[place]) for place in places]

    def _sums(self, places: Sequence[int], form: str, of: Backwards, seed: int) -> list[str]:
        """The adjoint of each variable as the sum of all that reaches it."""
        reaching = [self._by_target.get(place, []) for place in places]
        increments = iter(self._increments([k for these in reaching for k in these], form, of, seed))
        sums = []
        for place, these in zip(places, reaching, strict=True):
            terms = self._started(self._starts_at.get(place, []), form, of) + [next(increments) for _ in these]
            sums.append("".join([*terms[:1], *map(_added_to, terms[1:])]))
        return sums

    def _increments(self, places: Sequence[int], form: str, of: Backwards, seed: int) -> list[str]:
        """What each contribution adds."""
        return self._pieces(ContributionLine, places, word(of.increment, form), seed, 0)

    def _added(self, places: Sequence[int], form: str, of: Backwards, seed: int) -> list[str]:
        """The increments, written out or as numbers, added to what is there already."""
        spread, bars = self.sweep.spread, self.texts[source(SO_FAR, of.adjoint)]
        seed = seed if of.total.per_seed else 0

        def added(place: int, text: str) -> str:
            if form != NUMBERS:
                return f"{bars[place]}{text}"
            last = spread.before[place]
            if last is not None:
                return self.texts[source(PUT_IN, of.total, seed, ANYTHING, START)][last] + _added_to(text)
            first, *others = self._started(self._starts_at.get(spread.targets[place], []), form, of)
            return "".join([first, *map(_added_to, [*others, text])])

        first_of = spread.first
        return [
            text if first_of[place] else added(place, text)
            for place, text in zip(places, self._increments(places, form, of, seed), strict=True)
        ]


def _say_once(texts: list[list[str]], columns: Columns, *, later: bool) -> None:
    """Inputs and outputs, where the next part often only says the same again: ``= 5.5`` stands once; ``later``: at the
    name that a formula is, and not where the formulas stand.

    The number of another seed is another number, and stands beside an equal one.
    """
    for place, (column, seed) in enumerate(columns.entries):
        follows = place and column.equals and column.parts and columns.entries[place - 1][1] == seed
        if not follows or not any(map(eq, texts[place], texts[place - 1])):
            continue
        said = place - 1 if column.parts[-1].form == NUMBER and not later else place
        pairs = zip(texts[said], texts[place], texts[place - 1], strict=True)
        texts[said] = ["" if text == before else own for own, text, before in pairs]


def _joined(text: str, sign: str, piece: str, before: str) -> str:
    """A cell with one part more; 2 = 2.0000 is one number."""
    return piece if text == before and _same_number(piece, before) else f"{text}{sign}{piece}"


def _same_number(text: str, other: str) -> bool:
    """Whether two cells are one decimal number, written with more zeros or fewer."""
    texts = [_COMMA.sub(r"\1.\2", cell) for cell in (text, other)]
    return all(map(_DECIMAL.fullmatch, texts)) and Decimal(texts[0]) == Decimal(texts[1])


_COMMA = re.compile(r"""(?:<mn>)?([0-9]+)(?:,|\{,\}|",")([0-9]+)(?:</mn>)?""", re.ASCII)
"""A decimal comma, as dialects write it."""
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)


def _added_to(term: str) -> str:
    """A product as a later term of a sum, with the sign between them: one with a minus is taken away."""
    return f"{TAKEN if term[0] == '-' else ADDED}{term.lstrip('+-')}"
