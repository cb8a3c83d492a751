"""What a trace with open letters assumes: the conditions of its rows that no number decides, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adtrace.arrays.elemental import ArrayElemental
from adtrace.elementals import EDGE, NONE, TIE, Comparison, Condition, Kink
from adtrace.language.syntax import Name, Terms, spelling
from adtrace.numbers import START_BITS, Assumed, NeedsPrecision
from adtrace.numbers import Scalar as Symbol
from adtrace.tracing.evaluate import HOLDS, compiled
from adtrace.tracing.primal import Evaluated
from adtrace.tracing.symbols import is_open, terms_of
from adtrace.tracing.wengert import Constant, Row
from adtrace.wording import Said

Assumption = tuple[Terms, str, Terms]
"""A comparison of two formulas."""

_STRICT = {">=": ">", "<=": "<"}


def assumptions(evaluated: Evaluated) -> list[list[Assumption]]:
    """The conditions that are assumed, each as the comparisons of which one is enough."""
    conditions: dict[object, list[Assumption]] = {}
    for _, row, operands, value in _rows(evaluated):
        for condition in _needed(row, evaluated.conventions.refuse):
            assumed = _assumed(condition, operands, value, evaluated)
            if assumed:
                conditions.setdefault(tuple(map(_key, assumed)), assumed)
    return _merged(list(conditions.values()))


def conventions_told(evaluated: Evaluated) -> list[tuple[int, str, Said | str]]:
    """The rows that may be at a kink: which, its kind, and the convention in words."""
    kinks: dict[int, tuple[int, str, Said | str]] = {}
    for index, row, operands, _ in _rows(evaluated):
        kink, choice = row.elemental.kink, getattr(getattr(row.elemental, "index", None), "choice", "")
        if choice:
            kinks.setdefault(index, (index, TIE, evaluated.conventions.taken(index)[1]))
        if index in kinks or kink is None or kink.kind == EDGE or not _meets(kink, operands, evaluated):
            continue
        at = evaluated.conventions.at(index, row.elemental)
        if at is not None:
            kinks[index] = index, kink.kind, at[1]
    return list(kinks.values())


def _meets(kink: Kink, operands: list[Symbol], evaluated: Evaluated) -> bool:
    """Whether it is open on which side of its kink a row is."""
    return any(_assumed(condition, operands, None, evaluated) for condition in kink.conditions)


def _rows(evaluated: Evaluated) -> Iterator[tuple[int, Row, list[Symbol], Symbol]]:
    """The rows, each with its place from 1, its operands and its value; of arrays once for each entry."""
    primal, first = evaluated.primal(START_BITS), evaluated.wengert.first
    for index, row in enumerate(evaluated.wengert.rows, start=1):
        operands = [
            primal.constants[id(x)] if isinstance(x, Constant) else primal.values[x - first] for x in row.operands
        ]
        value = primal.values[index - first]
        if evaluated.arithmetic.entries is None:
            yield index, row, operands, value
            continue
        from adtrace.tracing.entries import entry_by_entry  # noqa: PLC0415 - numpy is imported where there are arrays

        whole = isinstance(row.elemental, ArrayElemental)
        for numbers in entry_by_entry(operands[:1] if whole else operands):
            yield index, row, numbers, value


def _needed(row: Row, refuse: bool) -> Sequence[Condition]:
    """The conditions under which the row has the value and the partials that are printed."""
    entry = row.elemental
    needed = [*entry.domain, *entry.smooth]
    if entry.kink is not None and (entry.kink.kind in (EDGE, NONE) or refuse):
        left, _, right = entry.kink.equation
        needed.append(Condition("", (Comparison(left, "!=", right),)))
    return needed


def _assumed(condition: Condition, operands: list[Symbol], value: Symbol, evaluated: Evaluated) -> list[Assumption]:
    """The comparisons of a condition that are open; none if one of them holds, or none is open."""
    if not any(map(is_open, operands)):
        return []
    arithmetic = evaluated.arithmetic.entries or evaluated.arithmetic
    comparisons: list[Assumption] = []
    for left, relation, right in condition.choices:
        sides = [compiled(side, arithmetic)(operands, value) for side in (left, right)]
        try:
            if HOLDS[relation](arithmetic.sign(arithmetic.functions["sub"](*sides))):
                return []
        except Assumed:
            comparisons.append((_terms(sides[0]), relation, _terms(sides[1])))
        except NeedsPrecision:
            continue
    return comparisons


def _terms(side: Symbol) -> Terms:
    """A side, by its row's name where that is shorter."""
    name: Name | None = getattr(side, "name", None)
    return terms_of(side) if name is None else (name,)


def _key(assumption: Assumption) -> object:
    left, relation, right = assumption
    return spelling(left), relation, spelling(right)


def _merged(conditions: list[list[Assumption]]) -> list[list[Assumption]]:
    """``u >= 0`` and ``u != 0`` as ``u > 0``, and nothing that follows from another."""
    alone = {_key(choices[0]) for choices in conditions if len(choices) == 1}

    def sharper(assumption: Assumption) -> Assumption:
        left, relation, right = assumption
        strict = _STRICT.get(relation, relation)
        unequal = _key((left, "!=", right)) in alone or _key((left, strict, right)) in alone
        return (left, strict, right) if unequal else assumption

    merged: dict[tuple[object, ...], list[Assumption]] = {}
    for choices in conditions:
        new = [sharper(assumption) for assumption in choices]
        merged.setdefault(tuple(map(_key, new)), new)
    singles = {keys[0] for keys in merged if len(keys) == 1}

    def follows(assumption: Assumption) -> bool:
        left, relation, right = assumption
        if relation == "!=" and any(_key((left, sign, right)) in singles for sign in "<>"):
            return True
        root = left and left[-1][0] == "sqrt" and relation in ("!=", ">")  # sqrt(u) != 0 where u > 0
        return bool(root) and _key((left[:-1], ">", right)) in singles

    return [
        choices for keys, choices in merged.items()
        if not any(map(follows, choices)) and not (len(keys) > 1 and singles.intersection(keys))
    ]  # fmt: skip
