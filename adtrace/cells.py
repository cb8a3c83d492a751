"""The cells of an evaluation in one dialect: for each variable the name, the formula, the numbers, the value.

An entry is the lines that stand at one input, operation or output; each line is a name and its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from adtrace.formulas import contribution, tangent
from adtrace.notation import PRODUCT, Dialect, Pattern, Text, compile_pattern, fill, spelled
from adtrace.numerals import Numerals, Pick
from adtrace.sweeps import Contribution, Evaluation, Sweep
from adtrace.syntax import Number, Terms
from adtrace.wengert import Constant, Operand, Row, Variable

Entry = list[tuple[str, ...]]
Columns = tuple[str, ...]

_SLOTS = frozenset(("u", "w", "v", "du", "dw", "a", "b"))
_SHORT = 12
"""A constant typed in at most so many characters is put into formulas as typed."""


def _pick(kind: str, place: int) -> Pick:
    """How a number is found again in a sweep of higher precision."""
    return lambda sweep: getattr(sweep, kind)[place]


class Cells:
    """The cells of one evaluation, with each pattern compiled once."""

    def __init__(self, evaluation: Evaluation, dialect: Dialect, numerals: Numerals) -> None:
        self.evaluation, self.dialect, self.numerals = evaluation, dialect, numerals
        self.wengert = evaluation.wengert
        self.sweep: Sweep = evaluation.first()
        first, count = self.wengert.first, len(self.sweep.values)
        self.offset = -first
        self.names = [dialect.subscript("v", index) for index in range(first, first + count)]
        self.independents = [dialect.name_of(name) for name in self.wengert.independents]
        self.dependents = [dialect.name_of(name) for name in self.wengert.dependent_names]
        self._patterns: dict[object, Pattern] = {}
        self._constants: dict[int, Text] = {}

    # -- names -------------------------------------------------------------------------------------------

    def name(self, variable: int) -> str:
        """``v_i``."""
        return self.names[variable + self.offset]

    def dot(self, variable: int) -> str:
        """The tangent of v_i."""
        return self.dialect.dot(self.names[variable + self.offset])

    def bar(self, variable: int) -> str:
        """The adjoint of v_i."""
        return self.dialect.bar(self.names[variable + self.offset])

    def constant(self, constant: Constant) -> Text:
        """A constant operand as typed."""
        known = self._constants.get(id(constant))
        if known is None:
            known = self._constants[id(constant)] = spelled(constant.terms, self.dialect)
        return known

    def operand(self, operand: Operand) -> Text:
        """An operand in a formula."""
        return self.constant(operand) if type(operand) is Constant else Text(self.names[operand + self.offset])  # type: ignore[operator]

    # -- numbers -----------------------------------------------------------------------------------------

    def number(self, operand: Operand) -> Text:
        """An operand's number as it is put into a formula."""
        if type(operand) is Constant:
            return self.constant(operand)
        place = operand + self.offset  # type: ignore[operator]
        typed = self.evaluation.point[place] if place <= self.offset else None
        if typed is not None and self._is_short(typed):
            return spelled(typed, self.dialect)
        return self.numerals.put_in(self.sweep.values[place], _pick("values", place))

    def _is_short(self, typed: Terms) -> bool:
        """Whether a number of the point is put in as typed: pi/2 is, a long decimal is rounded."""
        if len(typed) == 1 and type(typed[0]) is Number:
            return -typed[0].exponent <= self.numerals.digits and len(typed[0].text) <= _SHORT
        return sum(len(term[0]) for term in typed) <= _SHORT

    def value(self, kind: str, place: int) -> str:
        """A number in a value cell; ``kind`` is values, tangents or adjoints."""
        return self.numerals.short(getattr(self.sweep, kind)[place], _pick(kind, place))

    def tangent_number(self, operand: Operand) -> Text:
        """The number of an operand's tangent."""
        place = operand + self.offset  # type: ignore[operator]
        if place <= self.offset and self._is_short(self.evaluation.seed[place]):
            return spelled(self.evaluation.seed[place], self.dialect)
        return self.numerals.put_in(self.sweep.tangents[place], _pick("tangents", place))

    # -- patterns ----------------------------------------------------------------------------------------

    def pattern(self, key: object, terms: Callable[[], Terms]) -> Pattern:
        """The compiled pattern of a rule; compiled at its first use."""
        known = self._patterns.get(key)
        if known is None:
            known = self._patterns[key] = compile_pattern(terms(), self.dialect, _SLOTS)
        return known

    def formula(self, row: Row) -> Pattern:
        """The formula of a row."""
        return self.pattern(id(row.elemental), lambda: row.elemental.formula)

    def tangent_formula(self, row: Row) -> Pattern:
        """The tangent of a row."""
        active = tuple(type(operand) is Variable for operand in row.operands)
        return self.pattern((id(row.elemental), active), lambda: tangent(row.elemental, active))

    def contribution_formula(self, row: Row, made: Contribution) -> Pattern:
        """A contribution with the local partial written out."""
        key = (id(row.elemental), made.slots, made.first)
        return self.pattern(key, lambda: contribution(row.elemental, made.slots, first=made.first))

    # -- entries -----------------------------------------------------------------------------------------

    def evaluation_entries(self, columns: Columns) -> list[list[Entry]]:
        """The evaluation trace."""
        inputs, rows = list[Entry](), list[Entry]()
        for place, name in enumerate(self.independents):
            parts = {"formula": name, "value": self.value("values", place)}
            parts["numbers"] = spelled(self.evaluation.point[place], self.dialect).text
            inputs.append([_line(self.names[place], parts, columns, named=True)])
        for index, row in enumerate(self.wengert.rows, start=1):
            pattern, parts = self.formula(row), {}
            for column in columns:
                if column == "formula":
                    parts[column] = fill(pattern, dict(zip("uw", map(self.operand, row.operands), strict=False)))
                elif column == "numbers":
                    parts[column] = fill(pattern, dict(zip("uw", map(self.number, row.operands), strict=False)))
                else:
                    parts[column] = self.value("values", index + self.offset)
            rows.append([_line(self.name(index), parts, columns)])
        outputs = list[Entry]()
        for name, operand in zip(self.dependents, self.wengert.dependents, strict=True):
            result = self.dialect.bold(self.dependent_value(operand))
            parts = {"formula": self.operand(operand).text, "numbers": result, "value": result}
            outputs.append([_line(name, parts, columns, named=True)])
        return [inputs, rows, outputs]

    def dependent_value(self, operand: Operand) -> str:
        """The value of a dependent variable."""
        if type(operand) is Variable:
            return self.value("values", operand + self.offset)
        key = id(operand)
        return self.numerals.short(self.sweep.constants[key], lambda sweep: sweep.constants[key])

    def tangent_entries(self, columns: Columns) -> list[list[Entry]]:
        """The tangent trace."""
        inputs, rows = list[Entry](), list[Entry]()
        for place, name in enumerate(self.independents):
            parts = {"formula": self.dialect.dot(name), "value": self.value("tangents", place)}
            parts["numbers"] = spelled(self.evaluation.seed[place], self.dialect).text
            inputs.append([_line(self.dialect.dot(self.names[place]), parts, columns, named=True)])
        for index, row in enumerate(self.wengert.rows, start=1):
            pattern, parts = self.tangent_formula(row), {}
            for column in columns:
                if column == "formula":
                    parts[column] = fill(pattern, self._tangent_texts(index, row, numbers=False))
                elif column == "numbers":
                    parts[column] = fill(pattern, self._tangent_texts(index, row, numbers=True))
                else:
                    parts[column] = self.value("tangents", index + self.offset)
            rows.append([_line(self.dot(index), parts, columns)])
        outputs = list[Entry]()
        for name, operand in zip(self.dependents, self.wengert.dependents, strict=True):
            parts = {"formula": "", "value": self.dialect.bold("0")}
            if type(operand) is Variable:
                parts = {
                    "formula": self.dot(operand),
                    "value": self.dialect.bold(self.value("tangents", operand + self.offset)),
                }
            parts["numbers"] = parts["value"]
            outputs.append([_line(self.dialect.dot(name), parts, columns, named=True)])
        return [inputs, rows, outputs]

    def _tangent_texts(self, index: int, row: Row, *, numbers: bool) -> dict[str, Text]:
        """What stands in the slots of a tangent formula."""
        texts = {"v": self.number(Variable(index)) if numbers else Text(self.name(index))}
        for slot, operand in zip("uw", row.operands, strict=False):
            texts[slot] = self.number(operand) if numbers else self.operand(operand)
            if type(operand) is Variable:
                texts["d" + slot] = self.tangent_number(operand) if numbers else Text(self.dot(operand))
        return texts

    def adjoint_entries(self, columns: Columns) -> list[list[Entry]]:
        """The adjoint trace, in the order in which it stands in the table: what is computed last on top."""
        inputs = list[Entry]()
        for place, name in enumerate(self.independents):
            value = self.dialect.bold(self.value("adjoints", place))
            parts = {"formula": self.dialect.bar(self.names[place]), "numbers": value, "value": value}
            inputs.append([_line(self.dialect.bar(name), parts, columns, named=True)])
        rows: list[Entry] = [[] for _ in self.wengert.rows]
        for place, made, before in self._contributions():
            rows[made.row - 1].insert(0, self._adjoint_line(place, made, before, columns))
        outputs = list[Entry]()
        for place, (name, operand) in enumerate(zip(self.dependents, self.wengert.dependents, strict=True)):
            if type(operand) is not Variable:
                outputs.append([])
                continue
            weight = self.weight(place)
            parts = {"formula": self.dialect.bar(name), "numbers": weight, "value": weight}
            outputs.append([_line(self.bar(operand), parts, columns, named=True)])
        return [inputs, rows, outputs]

    def weight(self, place: int) -> str:
        """The adjoint that a dependent variable starts from, as given."""
        return spelled(self.evaluation.weights[place], self.dialect).text

    def _contributions(self) -> Iterator[tuple[int, Contribution, int | None]]:
        """Each contribution with its place and that of the one before it to the same target."""
        latest: dict[int, int] = {}
        for place, made in enumerate(self.sweep.contributions):
            yield place, made, latest.get(made.target)
            latest[made.target] = place

    def _adjoint_line(self, place: int, made: Contribution, before: int | None, columns: Columns) -> tuple[str, ...]:
        row, parts = self.wengert.rows[made.row - 1], {}
        for column in columns:
            if column == "formula":
                chained = self.dialect.chain(self.bar(made.row), self.name(made.row), self.name(made.target))
                parts[column] = chained if made.first else f"{self.bar(made.target)} + {chained}"
            elif column == "value":
                parts[column] = self.numerals.short(made.total, lambda sweep: sweep.contributions[place].total)
            else:
                texts = self._adjoint_texts(made, row, before, numbers=column == "numbers")
                parts[column] = fill(self.contribution_formula(row, made), texts)
        return _line(self.bar(made.target), parts, columns)

    def _adjoint_texts(self, made: Contribution, row: Row, before: int | None, *, numbers: bool) -> dict[str, Text]:
        """What stands in the slots of a contribution with its local partial written out."""
        if not numbers:
            texts = {"a": Text(self.bar(made.row)), "b": Text(self.bar(made.target)), "v": Text(self.name(made.row))}
            return texts | dict(zip("uw", map(self.operand, row.operands), strict=False))
        texts = {"a": self.adjoint_number(made.row), "v": self.number(Variable(made.row))}
        if before is not None:
            total = self.sweep.contributions[before].total
            texts["b"] = self.numerals.put_in(total, lambda sweep: sweep.contributions[before].total)
        elif not made.first:  # the target is itself a dependent variable: its weight was there first
            texts["b"] = self._weight(made.target)
        return texts | dict(zip("uw", map(self.number, row.operands), strict=False))

    def adjoint_number(self, variable: int) -> Text:
        """The number of a row's adjoint."""
        place = variable + self.offset
        return self.numerals.put_in(self.sweep.adjoints[place], _pick("adjoints", place))

    def _weight(self, variable: Variable) -> Text:
        weights = [
            spelled(weight, self.dialect)
            for weight, operand in zip(self.evaluation.weights, self.wengert.dependents, strict=True)
            if type(operand) is Variable and operand == variable
        ]
        return weights[0] if len(weights) == 1 else Text(" + ".join(w.text for w in weights), PRODUCT - 1)


def _line(name: str, parts: dict[str, str], columns: Columns, *, named: bool = False) -> tuple[str, ...]:
    """A line from its parts.  Beside a value column, a ``named`` input or output needs no numbers."""
    return (
        name,
        *("" if named and column == "numbers" and "value" in columns else parts.get(column, "") for column in columns),
    )
