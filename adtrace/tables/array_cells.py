"""The cells of a trace with arrays, or of one whose lines are statements.

    name, formula        z      = W x + b
    numbers              = [1 -1; 0.5 0.25] [1; 2] + [0.5; -0.5] = [-0.5; 0.5]         operands put in = result

An adjoint has one line, the sum of all that reaches it.  What is computed entry by entry is one matrix of the formulas
with numbers put in; products of arrays have the arrays put in.  A vector stands in a column if one is an operand of
``@``, and else in a line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from adtrace.arrays.elemental import ArrayElemental
from adtrace.arrays.index_rules import Shape, unflat
from adtrace.elementals import EXPONENTIAL
from adtrace.language.syntax import Apply, Name, Term, Terms
from adtrace.numbers import NeedsPrecision
from adtrace.settings import COMMA, POINT, SHORT, SINGLE
from adtrace.tables.at_entries import Entries, Node, Taken, Unwritten, folded, is_written_entrywise
from adtrace.tables.cells import Cells
from adtrace.tables.composed import WEIGHT, Composed, Token, spliced
from adtrace.tables.lines import AdjointInput, AdjointOutput, AdjointRow, Input, Kind, Lines, Operation, Output
from adtrace.tables.naming import Naming
from adtrace.tables.numerals import Numerals
from adtrace.tables.parts import FORMULA, NAME, NUMBER, NUMBERS, PARTS, WRITTEN
from adtrace.tables.styles import Column
from adtrace.tracing.formulas import split
from adtrace.tracing.kinks import Conventions
from adtrace.tracing.quantities import ADJOINT, CONSTANT, GRADIENT, REVERSE, STEP, TANGENT, VALUE, Address, Quantity
from adtrace.tracing.wengert import Variable
from adtrace.writing.arrays import arranged, printed_index
from adtrace.writing.dialects import PLAIN, TERMINAL, width
from adtrace.writing.matrices import (
    COLUMN,
    LINE,
    OPEN,
    ROW,
    Brackets,
    is_elided,
    kept_places,
    laid_out,
    levelled,
    unfolded,
)
from adtrace.writing.notation import Text, compile_pattern, fill, with_names
from adtrace.writing.spoken import spoken

MOST_COLUMNS = 64
"""Characters of the widest cell with numbers put in; a wider one has the result alone."""
_LONGEST_LINE = 44
"""Characters of the formulas of the longest vector that stands in a line."""
_PUT_IN = frozenset(("matmul", "outer", "conv1d", "conv2d", "convolve", "convolve2d", "transpose"))
"""Operations that are shown with their operands put in."""
_TURNED = "^T"
"""Behind a token: the array with its axes turned round."""
_ARRAY = "\0"
"""Stands for an array that is laid out already."""


class ArrayCells(Cells):
    """The cells of one evaluation, by lines that stand for one row or several."""

    arrays = True

    def __init__(self, naming: Naming, numerals: Numerals, rows: str, valued: frozenset[Quantity]) -> None:
        super().__init__(naming, numerals)
        self.valued = valued
        """The quantities whose results have a column of their own, beside that of the numbers put in."""
        self.composed = Composed(self.wengert, self.sweep.spread, rows)
        self.texts.hidden = self.composed.hidden
        assert self.dialect.brackets is not None
        self.brackets: Brackets = self.dialect.brackets
        self._blocks: dict[tuple[Quantity, int, int, str], str] = {}
        self.at_entries = Entries(self.composed.shapes, self._taken, self._array_rows, self._held)

    # -- what there is ---------------------------------------------------------------------------------------------

    @cached_property
    def terminal(self) -> ArrayCells:
        """The same in a terminal, where the width of a cell is known."""
        if self.dialect.name == TERMINAL.name:
            return self
        terminal = spoken(TERMINAL, self.dialect.language, COMMA if self.dialect.comma else POINT)
        return ArrayCells(Naming(self.evaluation, terminal, self.style), self.numerals, self.composed.way, self.valued)

    @cached_property
    def _array_rows(self) -> Mapping[int, ArrayElemental]:
        """The operations of whole arrays by the places of their variables."""
        kinds = enumerate(self.wengert.flat.kinds, start=len(self.wengert.independents))
        return {place: kind.elemental for place, kind in kinds if isinstance(kind.elemental, ArrayElemental)}

    def _taken(self, place: int) -> Taken:
        """What the maxima of a row took.  Raises `Unwritten` where that is no entry, but a share of several."""
        partial = self.sweep.primal.partials[0][place - len(self.wengert.independents)]
        weights = getattr(partial, "weights", ())
        one = self.evaluation.arithmetic.one
        if partial is None or (weights is not None and any(weight is not one and weight != one for weight in weights)):
            raise Unwritten
        return Taken(partial.results.tolist(), partial.sources.tolist())

    def _choosing(self, name: str) -> str:
        """0 or 1 for data that are so; else nothing."""
        of = self._token(name)
        if of is None or of.quantity is not VALUE or of.place not in self.wengert.data:
            return ""
        entry = name.partition("@")[2]
        text = self.texts.plain(Address(*of, 0, int(entry) if entry else None))
        return text if text in ("0", "1") else ""

    def _held(self, name: str, head: str) -> bool | None:
        """Whether a number is above 0, at least 0, and so on; None for formulas."""
        of = self._token(name)
        if of is None or self.numerals.formulas:
            return None
        entry = name.partition("@")[2]
        number = self.sweep[Address(*of, 0, int(entry) if entry else None)]
        base = self.evaluation.arithmetic.entries or self.evaluation.arithmetic
        try:
            sign = base.sign(number)
        except NeedsPrecision:
            return None
        if sign == 0 and self._own_conventions:
            raise Unwritten  # the partial there is not what the bracket says
        holds = {"above": sign > 0, "at_least": sign >= 0, "below": sign < 0, "at_most": sign <= 0, "equal": sign == 0}
        return holds[head]

    @cached_property
    def _own_conventions(self) -> bool:
        """Whether partials at kinks may be others than those of the brackets."""
        conventions = self.evaluation.evaluated.conventions
        return bool(conventions != Conventions() or self.sweep.primal.resolution.sides)

    @cached_property
    def vector(self) -> str:
        """How vectors stand: in columns beside a product of matrices."""
        for place, elemental in self._array_rows.items():
            if elemental.name == "matmul" and len(elemental.shapes[1]) == 1 and len(elemental.shapes[0]) > 1:
                return COLUMN
            if elemental.name == "outer" and place:
                return COLUMN
        return LINE

    @cached_property
    def _picked(self) -> Mapping[int, frozenset[int]]:
        """The entries of variables that maxima took."""
        picked: dict[int, frozenset[int]] = {}
        flat, n = self.wengert.flat, len(self.wengert.independents)
        for place, elemental in self._array_rows.items():
            operand = flat.columns[0][place - n]
            if elemental.index is not None and elemental.index.choice and operand >= 0:
                try:
                    picked[operand] = picked.get(operand, frozenset()) | set(self._taken(place).sources)
                except Unwritten:
                    continue
        return picked

    def variable_lines(self) -> tuple[Lines, Lines, Lines]:
        """Inputs; rows; outputs: the last rows, where they are the outputs by their names."""
        n, lines = len(self.wengert.independents), self.composed.lines
        outputs = {
            place: y - self.wengert.first for place, y in enumerate(self.wengert.dependents) if isinstance(y, Variable)
        }
        unnamed = [
            place for place in range(len(self.wengert.dependents))
            if place not in outputs or self.naming.names[outputs[place]] != self.naming.dependents[place]
        ]  # fmt: skip
        inputs = Lines(Input, range(n))
        if unnamed:
            return inputs, Lines(Operation, lines), Lines(Output, unnamed)
        last = len(lines)
        while last and lines[last - 1] in outputs.values():
            last -= 1
        return inputs, Lines(Operation, lines[:last]), Lines(Operation, lines[last:])

    def contribution_lines(self, *, computing: bool) -> tuple[Lines, Lines, Lines]:
        """As `variable_lines`: all that reaches an adjoint is one line; beside an output of another name is none."""
        _, rows, outputs = self.variable_lines()
        last = Lines(AdjointRow, outputs.places if outputs.kind is Operation else ())
        return Lines(AdjointInput, range(len(self.wengert.independents))), Lines(AdjointRow, rows.places), last

    def by_rows(self) -> Cells:
        """The cells with a line for each row."""
        return ArrayCells(self.naming, self.numerals, SINGLE, self.valued)

    def shown_with(self, place: int) -> list[int]:
        """The places of the variables that the line of one stands for."""
        return self.composed.within(place)

    def on_edge(self, address: Address, write: Callable[[Address], str]) -> str:
        """A number as an edge of the graph has it: of an array its shape."""
        shape = getattr(self.sweep[address], "shape", ())
        return self.brackets.space(shape) if shape else write(address)

    def map_on_edge(self, at: int) -> str:
        """The local partial of arrays, written as what it makes of the operand's tangent."""
        place, target = self.sweep.spread.rows[at], self.sweep.spread.targets[at]
        if not self.composed.shape(place) and not self.composed.shape(target):
            return ""
        return self._formula(self.composed.tangent(place, along=target))

    def of_dependent(self, quantity: Quantity, place: int, seed: int = 0) -> str:
        """A number of a dependent variable."""
        operand = self.wengert.dependents[place]
        if isinstance(operand, Variable):
            return self.array(quantity, operand + self.naming.offset, seed if quantity.per_seed else 0)
        if quantity is VALUE:
            return self.array(CONSTANT, id(operand))
        return "0"

    # -- numbers ---------------------------------------------------------------------------------------------------

    def array(self, quantity: Quantity, place: int, seed: int = 0, vector: str = "") -> str:
        """The number of a quantity as a value cell shows it."""
        key = quantity, place, seed, vector or self.vector
        if key not in self._blocks:
            self._blocks[key] = self._array(*key)
        return self._blocks[key]

    def _array(self, quantity: Quantity, place: int, seed: int, vector: str) -> str:
        shape = self._shape(quantity, place)
        if not shape:
            return self.texts.shown(Address(quantity, place, seed))
        texts = self._entries(quantity, place, seed, shape)
        if vector == _TURNED:
            rows, columns = shape
            texts = [texts[k * columns + j] for j in range(columns) for k in range(rows)]
            shape = columns, rows
        told = quantity is VALUE and place < len(self.wengert.independents)  # by the formula cell
        if not self.numerals.formulas:
            return laid_out(texts, shape, self.brackets, vector, told=told)
        if vector == LINE:
            plain = self.terminal
            long = sum(map(width, texts)) > _LONGEST_LINE if plain is self else plain.is_long(quantity, place, seed)
            vector = COLUMN if long else LINE
        return laid_out(texts, shape, replace(self.brackets, matrix=self.brackets.left), vector, told=told)

    def _entries(self, quantity: Quantity, place: int, seed: int, shape: Shape) -> Sequence[str]:
        """The entries that a cell shows, those marked that a maximum took."""
        entries = kept_places(shape)
        addresses = [Address(quantity, place, seed, entry) for entry in entries]
        texts = list(map(self.texts.shown, addresses))
        if self.numerals.form == SHORT and not self.numerals.formulas:
            texts = self._levelled(texts, addresses)
        picked = self._picked.get(place, ()) if quantity is VALUE else ()
        return [
            self.brackets.picked(text) if entry in picked else text for text, entry in zip(texts, entries, strict=True)
        ]

    def _levelled(self, texts: Sequence[str], addresses: Sequence[Address]) -> list[str]:
        """The entries with one number of decimals, if one of them is rounded; a comma is put in after that."""
        plain = [self.numerals.text(address) for address in addresses]
        plain = [own if self.dialect.number(own) == text else text for own, text in zip(plain, texts, strict=True)]
        level = levelled(plain, list(map(self.numerals.is_rounded, addresses)), self.numerals.digits)
        pairs = zip(texts, plain, level, strict=True)
        return [text if own == even else self.dialect.number(even) for text, own, even in pairs]

    def is_long(self, quantity: Quantity, place: int, seed: int) -> bool:
        """Whether the formulas of a vector have no room in a line."""
        return OPEN in self.array(quantity, place, seed, LINE)

    def _shape(self, quantity: Quantity, place: int) -> Shape:
        if quantity is CONSTANT:
            return tuple(getattr(self.sweep[Address(CONSTANT, place)], "shape", ()))
        return self.composed.shape(place)

    # -- formulas --------------------------------------------------------------------------------------------------

    def _name(self, of: Token) -> str:
        """A token as formulas write it."""
        quantity, place = of
        if quantity is CONSTANT:
            return self.array(CONSTANT, place)
        if quantity is WEIGHT:
            first = self._starts_at[place][0]
            return self.naming.mark(ADJOINT)(self.naming.dependents[first])
        return self.naming.marked(quantity)[place]

    def _formula(self, terms: Terms) -> str:
        """A formula with the names of variables."""
        tokens = self.composed.tokens
        used = {term.name for term in terms if isinstance(term, Name)} & tokens.keys()
        names = {name: self._name(tokens[name]) for name in used}
        drawn = terms if self.dialect.name == PLAIN.name else arranged(terms, self.composed.shapes)
        return with_names(drawn, self.dialect, names).text

    def _substituted(self, terms: Terms, shape: Shape, seed: int, *, chosen: bool = False) -> str:
        """A formula with numbers put in; empty where that is not shown.

        ``chosen``: data that are 0 or 1 choose its terms.
        """
        if len(terms) == 1 or self.numerals.formulas:
            return ""  # of formulas the result is what there is to say
        tokens = {term.name for term in terms if isinstance(term, Name) and term.name in self.composed.tokens}
        if is_elided(shape) or any(is_elided(self.composed.shapes[name]) for name in tokens):
            return ""
        try:
            node = self.at_entries.tree(terms)
            if is_written_entrywise(node) and not _is_scaled(node):
                return self._entry_by_entry(node, seed, chosen)
            return self._put_in(node, seed)
        except Unwritten:
            return ""

    def _defined(self, terms: Terms, seed: int) -> str:
        """An array by its definition, with numbers put in: (e^1, e^2)/(e^1 + e^2); empty where that is not shown."""
        if self.numerals.formulas:
            return ""
        try:
            node = self.at_entries.tree(_in_powers(terms))
            if is_elided(node.shape) or not is_written_entrywise(node):
                return ""
            if len(node.parts) != 2 or node.parts[1].shape or not node.parts[1].parts:
                return self._entry_by_entry(node, seed, False)
            array = Text(self._entry_by_entry(node.parts[0], seed, False))
            whole = (Name(_ARRAY, 0), *self.at_entries.at(node.parts[1], ()), node.term)  # one number for all entries
            return self._filled_in(whole, lambda name: array if name == _ARRAY else self._number(name, seed))
        except Unwritten:
            return ""

    def _entry_by_entry(self, node: Node, seed: int, chosen: bool) -> str:
        texts: list[str] = []
        for place in kept_places(node.shape):
            terms = self.at_entries.at(node, unflat(place, node.shape))
            terms = folded(terms, self._choosing) if chosen else terms
            texts.append(self._filled_in(terms, lambda name: self._number(name, seed)))
        return laid_out(texts, node.shape, self.brackets, self.vector)

    def _filled_in(self, terms: Terms, text: Callable[[str], Text]) -> str:
        names = {term.name for term in terms if isinstance(term, Name)}
        slots = frozenset(name for name in names if name == _ARRAY or self._token(name) is not None)
        return fill(compile_pattern(tuple(terms), self.dialect, slots, numbers=True), text)

    def _token(self, name: str) -> Token | None:
        return self.composed.tokens.get(name.partition("@")[0].partition("~")[0])

    def _number(self, name: str, seed: int) -> Text:
        """The number, or the array, that a token stands for."""
        of = self._token(name)
        assert of is not None
        quantity, place = of
        seed = seed if quantity.per_seed else 0
        before, _, entry = name.partition("@")
        token, _, how = before.partition("~")
        if entry:
            return self.texts.number(Address(quantity, place, seed, int(entry)))
        if self.composed.shapes[token]:
            return Text(self.array(quantity, place, seed, how))
        return self.texts.number(Address(quantity, place, seed))

    def _put_in(self, node: Node, seed: int) -> str:
        """Arrays put into a product of them."""
        sizes: dict[str, Any] = dict(self.composed.shapes)
        terms = arranged(self._turned(node, "", sizes), sizes)
        if any(isinstance(term, Name) and term.name[-1] == "]" for term in terms):
            raise Unwritten
        return self._filled_in(terms, lambda name: self._number(name, seed))

    def _turned(self, node: Node, how: str, sizes: dict[str, Any]) -> tuple[Term, ...]:
        """The terms, with tokens that say how an array stands: a row, a column, transposed."""
        term = node.term
        if isinstance(term, Name) and how and node.shape:
            name, shape = f"{term.name}~{how}", node.shape
            sizes[name] = {ROW: (1, *shape), COLUMN: (*shape, 1), _TURNED: shape[::-1]}[how]
            return (term._replace(name=name),)
        if not isinstance(term, Apply):
            return (term,)
        if how:
            raise Unwritten
        return self._applied(node, term, sizes)

    def _applied(self, node: Node, term: Apply, sizes: dict[str, Any]) -> tuple[Term, ...]:
        parts, hows = node.parts, [""] * len(node.parts)
        if term.head not in _PUT_IN and not is_written_entrywise(node._replace(parts=())):
            raise Unwritten
        if term.head == "transpose":
            if term.options or len(node.shape) != 2:
                raise Unwritten
            return self._turned(parts[0], _TURNED, sizes)
        if term.head == "outer":
            term, hows = term._replace(head="matmul"), [COLUMN, ROW]
        elif term.head == "matmul":
            hows = [ROW if len(parts[0].shape) == 1 else "", COLUMN if len(parts[1].shape) == 1 else ""]
        elif term.head in ("sum", "mean", "dot", "norm", "trace", "unpool", "pick", "place", "spread", "part"):
            raise Unwritten
        operands = [self._turned(part, how, sizes) for part, how in zip(parts, hows, strict=True)]
        return (*(piece for operand in operands for piece in operand), term)

    # -- parts of lines ----------------------------------------------------------------------------------------------

    def _pieces(self, kind: Kind, places: Sequence[int], part: str, seed: int, step: int) -> list[str]:
        """The texts of a part."""
        quantity, form = PARTS[part]
        if quantity is STEP:
            return list(map(str, range(step, step + len(places))))
        if kind is Output:
            return super()._pieces(kind, places, part, seed, step) if quantity.trace != REVERSE else [""] * len(places)
        if kind is AdjointOutput:
            return [self._weight(form, place) for place in places]
        if quantity is GRADIENT:
            quantity = ADJOINT
            if kind not in (Input, AdjointInput):
                return [""] * len(places)
        if quantity not in (VALUE, TANGENT, ADJOINT):
            return [""] * len(places)
        return [self._part(quantity, form, place, seed) for place in places]

    def _weight(self, form: str, place: int) -> str:
        """What an output starts the sweep with."""
        if form not in (NUMBER, NUMBERS):
            return self.naming.mark(ADJOINT)(self.naming.dependents[place])
        at = self.wengert.place(place)
        shape = self.composed.shape(at)
        if at not in self._starts_at:
            return "0"  # of a weight that starts no sweep
        return self.brackets.space(shape) if shape else self.array(WEIGHT, at)

    def _part(self, quantity: Quantity, form: str, place: int, seed: int) -> str:
        n = len(self.wengert.independents)
        if quantity is not VALUE and place in self.wengert.data:
            return ""
        if form == NAME:
            return self.naming.marked(quantity)[place]
        if form == NUMBER:
            return self._result(quantity, place, seed)
        terms = self._terms(quantity, place)
        if form in (FORMULA, WRITTEN):
            return self._formula(terms) if terms else ""
        result = self._result(quantity, place, seed)
        if place < n and quantity is not ADJOINT:
            return result
        text = self._numbers(quantity, place, seed)
        return text if quantity in self.valued else self._both(text, result)

    def _numbers(self, quantity: Quantity, place: int, seed: int) -> str:
        """The formula with numbers put in, where there is room for it beside the result."""
        other = self.terminal
        text = other._worked(quantity, place, seed)
        whole = other._both(text, other._result(quantity, place, seed))
        if not text or max(map(width, unfolded(whole, width))) > MOST_COLUMNS:
            return ""
        return self._worked(quantity, place, seed)

    def _worked(self, quantity: Quantity, place: int, seed: int) -> str:
        entry = self._array_rows.get(place)
        if quantity is VALUE and entry is not None and entry.index is not None and entry.index.choice:
            return self._which(place, entry)
        terms = self._terms(quantity, place)
        loss = quantity is VALUE and entry is not None and bool(entry.definition_text)
        if loss and entry is not None:
            terms = spliced(entry.definition, self.composed.operands(place - len(self.wengert.independents)))
            if entry.shape:
                return self._defined(terms, seed)
        if quantity is not VALUE and self._at_kinks & self.composed.through(quantity, place):
            return ""  # a convention is no number that the formula has
        return self._substituted(terms, self.composed.shape(place), seed, chosen=loss) if terms else ""

    @cached_property
    def _at_kinks(self) -> set[int]:
        """The places of rows with an entry at a kink."""
        return {kink.row - self.wengert.first for kink in self.sweep.primal.kinks}

    def _which(self, place: int, entry: ArrayElemental) -> str:
        """The entries that maxima took, by name."""
        operand = self.wengert.flat.columns[0][place - len(self.wengert.independents)]
        if is_elided(entry.shape) or operand < 0:
            return ""
        try:
            edges = self._taken(place)
        except Unwritten:
            return ""
        sources = dict(zip(edges.results, edges.sources, strict=True))
        if len(sources) < len(edges.results):
            return ""  # every entry of a tie was taken
        shape, name = entry.shapes[0], self.naming.names[operand]
        indices = (printed_index(unflat(sources[k], shape), shape) for k in kept_places(entry.shape))
        texts = [self.dialect.indexed(name, index) for index in indices]
        return laid_out(texts, entry.shape, self.brackets, self.vector)

    def _both(self, text: str, result: str) -> str:
        return f"{text} = {result}" if text and text != result else result

    def _terms(self, quantity: Quantity, place: int) -> Terms:
        n = len(self.wengert.independents)
        if quantity is ADJOINT:
            return self.composed.adjoint(place, place in self._starts_at)
        if place < n:
            return ()
        return self.composed.value(place) if quantity is VALUE else self.composed.tangent(place)

    def _result(self, quantity: Quantity, place: int, seed: int) -> str:
        text = self.array(quantity, place, seed if quantity.per_seed else 0)
        bold = place < len(self.wengert.independents) if quantity is ADJOINT else place in self._starts_at
        return self.dialect.bold(text) if bold else text

    def _column(self, kind: Kind, places: Sequence[int], column: Column, seed: int, step: int) -> list[str]:
        """As for numbers; beside an input stands its shape."""
        parts = [PARTS[of.part] for of in column.parts]
        if kind is Input and parts and parts[0] == (VALUE, FORMULA):
            shapes = [self.composed.shape(place) for place in places]
            return [self.brackets.shape(shape) if shape else "" for shape in shapes]
        worked = {part.quantity for part in parts if part.form == NUMBERS} - self.valued
        pairs = zip(column.parts, parts, strict=True)  # what has the result already is not followed by it
        rest = tuple(of for of, part in pairs if part.form != NUMBER or part.quantity not in worked)
        return super()._column(kind, places, column._replace(parts=rest), seed, step)


def _in_powers(terms: Terms) -> Terms:
    """A formula with e^u for exp(u), which is shorter with numbers put in."""
    head, operands = split(terms)
    if not head:
        return terms
    operands = [_in_powers(operand) for operand in operands]
    if head == "exp":
        return spliced(EXPONENTIAL.formula, {"u": operands[0]})
    return (*(term for operand in operands for term in operand), terms[-1])


def _is_scaled(node: Node) -> bool:
    """Whether a formula is a number by its name times an array by its name."""
    if not isinstance(node.term, Apply) or node.term.head != "mul":
        return False
    left, right = node.parts
    return isinstance(left.term, Name) and isinstance(right.term, Name) and not left.shape and bool(right.shape)
