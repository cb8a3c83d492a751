"""The rows of a trace as the rules that a checker holds cells against, under the names v_{-1}, v_0, v_1, ..., and
mistakes planted in them: the changes of the table of slips, each with the number that it gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from slip_row_rules import rule_of

import adtrace
from adtrace.checking.readings.names import Name as Key
from adtrace.checking.readings.rewriting import in_doubles, names_of, same
from adtrace.checking.slips.changes import Changed
from adtrace.checking.slips.explain import plainly, tried
from adtrace.checking.slips.table import Slip
from adtrace.checking.work.rules import ADJOINT, PARTIAL, TANGENT, VALUE, Rule, Surroundings
from adtrace.checking.work.values import middle, value_of
from adtrace.elementals import SLOTS
from adtrace.elementals import rule as terms_of
from adtrace.language.syntax import Name, Number, Terms
from adtrace.tracing.wengert import Constant


class Rows(NamedTuple):
    """The rules of a trace, its numbers by key, and the table round them."""

    trace: Any
    rules: list[Rule]
    numbers: dict[str, Any]
    around: Surroundings

    @property
    def doubles(self) -> dict[str, float]:
        """The numbers as doubles."""
        return {key: middle(x) for key, x in self.numbers.items()}


class Planting(NamedTuple):
    """A slip in a rule, and the number that it gives in place of the right one."""

    rule: Rule
    slip: Slip
    changed: Changed
    wrong: float
    right: float

    @property
    def visible(self) -> bool:
        """Whether it can be seen in four decimals, and is no rounding."""
        difference = abs(self.wrong - self.right)
        return difference > 0.02 and difference > 0.01 * abs(self.right) and abs(self.wrong) < 1e5


def rows_of(expression: str, at: dict[str, str]) -> Rows:
    """The rules of values, tangents along the first input, partials, and adjoints of the last output."""
    trace = adtrace.trace(expression, at=at)
    wengert = trace.wengert
    n = len(wengert.independents)
    names = [f"v_{wengert.first + i}" for i in range(n + len(wengert.rows))]
    operations = {
        name: _operation(row, names, wengert.first) for name, row in zip(names[n:], wengert.rows, strict=True)
    }
    numbers = {name: value_of(terms_of(at[x]), {}) for name, x in zip(names, wengert.independents, strict=False)}
    seeds: list[Terms] = [(Number(str(int(k == 0)), int(k == 0), 0, 0),) for k in range(n)]
    rules = [Rule(Key(name, "dot"), TANGENT, seed) for name, seed in zip(names, seeds, strict=False)]
    for name, operation in operations.items():
        rules.append(rule_of(Key(name), VALUE, operations))
        rules.append(rule_of(Key(name, "dot"), TANGENT, operations))
        rules += [rule_of(Key(u, "leibniz", name), PARTIAL, operations) for u in names_of(operation)]
    last = names[wengert.place(len(wengert.dependents) - 1)]
    weights = {last: (Number("1", 1, 0, 0),)}
    rules += [rule_of(Key(name, "bar"), ADJOINT, operations, weights) for name in reversed(names)]
    for rule in rules:
        numbers[rule.subject.key] = value_of(rule.terms, numbers)
    return Rows(trace, rules, numbers, Surroundings(tuple(names), operations, {}, numbers))


def _operation(row: Any, names: list[str], first: int) -> Terms:
    slots = {
        slot: tuple(x.terms) if isinstance(x, Constant) else (Name(names[x - first], 0),)
        for slot, x in zip(SLOTS, row.operands, strict=False)
    }
    found: list[Any] = []
    for term in row.elemental.formula:
        found += slots.get(term.name, (term,)) if isinstance(term, Name) else (term,)
    return tuple(found)


def plantings(rows: Rows) -> Iterator[Planting]:
    """Every slip of the table in every rule, with its number, where it has another one than the rule."""
    numbers = rows.doubles
    for rule in rows.rules:
        right = in_doubles(rule.terms, numbers)
        plain, around = plainly(rule, rows.around)
        for slip, changed in tried(plain, around, 9):
            if changed.exchanged or same(changed.terms, plain.terms):
                continue
            wrong = in_doubles(changed.terms, numbers) if changed.decimals is None else None
            if wrong is not None and abs(wrong - right) > 1e-9 * (1 + abs(right)):
                yield Planting(rule, slip, changed, wrong, right)
