"""Mistakes planted in correct tables: what a row's number becomes when a usual mistake is made in it.

The traces are computed here once more, in floats, from the structure that adtrace gives; the rules of differentiation
are written out anew, so that nothing of what is tested plants the mistakes.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import adtrace

FUNCTIONS: list[tuple[str, dict[str, str]]] = [
    ("ln(x1) + x1*x2 - sin(x2)", {"x1": "2", "x2": "5"}),
    ("1/(x1 + x2) + x2*x2 + cos(x1)", {"x1": "3", "x2": "6"}),
    ("exp(-(sin(x) - cos(y))^2)", {"x": "1.3", "y": "0.4"}),
    ("(sin(x1/x2) + x1/x2 - exp(x2))*(x1/x2 - exp(x2))", {"x1": "1.5", "x2": "0.5"}),
    ("x1*x3 + ln(x2 + x1)*exp(-x3)", {"x1": "3", "x2": "5", "x3": "1.2"}),
    ("(x1*x2 + sin(x1))*exp(-x2)", {"x1": "1.5", "x2": "0.5"}),
    ("sqrt(x^2 + y^2) - x*cos(y)", {"x": "1.2", "y": "2.7"}),
    ("exp(x1*x2) - sin(x1)*x2", {"x1": "0.8", "x2": "1.7"}),
    ("x*y + sin(x)*cos(y) - exp(x)", {"x": "1.1", "y": "2.3"}),
    ("ln(x1*x2) + sin(x3)/x1 - x3^2", {"x1": "1.7", "x2": "2.9", "x3": "2.2"}),
]

_UNARY: dict[str, tuple[Callable[[float], float], Callable[[float], float]]] = {
    "neg": (lambda u: -u, lambda u: -1.0),
    "exp": (math.exp, math.exp),
    "ln": (math.log, lambda u: 1 / u),
    "sin": (math.sin, math.cos),
    "cos": (math.cos, lambda u: -math.sin(u)),
    "sqrt": (math.sqrt, lambda u: 0.5 / math.sqrt(u)),
}


@dataclass
class Row:
    """One row of a trace: its elemental, and its operands as names or numbers."""

    name: str
    elemental: str
    operands: list[str | float]


@dataclass
class Numbers:
    """Every number of a trace, keyed by (kind, pass, name)."""

    rows: list[Row]
    inputs: list[str]
    values: dict[str, float] = field(default_factory=dict)
    tangents: list[dict[str, float]] = field(default_factory=list)
    adjoints: dict[str, float] = field(default_factory=dict)


def structure(expression: str, at: dict[str, str]) -> Numbers:
    """The rows as adtrace lists them, under its names v_{-1}, v_0, v_1, ..."""
    document = _document(expression, tuple(at.items()))
    rows = [
        Row(row["variable"], row["elemental"], [_operand(text) for text in row["operands"]]) for row in document["rows"]
    ]
    numbers = Numbers(rows, [entry["variable"] for entry in document["independents"]])
    point = {entry["variable"]: float(at[entry["name"]]) for entry in document["independents"]}
    fill(numbers, point)
    return numbers


@cache
def _document(expression: str, at: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return adtrace.trace(expression, at=dict(at)).to_dict()


def _operand(text: str) -> str | float:
    return float(text) if re.fullmatch(r"-?[\d.]+", text) else text


def value(row: Row, get: Callable[[str], float]) -> float:
    """The value of a row."""
    operands = [get(x) if isinstance(x, str) else x for x in row.operands]
    if row.elemental in _UNARY:
        return _UNARY[row.elemental][0](operands[0])
    u, w = operands
    return {"add": u + w, "sub": u - w, "mul": u * w}.get(row.elemental) or (
        u / w if row.elemental == "div" else u**w if row.elemental in ("powi", "pow", "powc") else 0.0
    )


def partials(row: Row, get: Callable[[str], float]) -> dict[str, float]:
    """The local partials of a row by the names among its operands."""
    operands = [get(x) if isinstance(x, str) else x for x in row.operands]
    if row.elemental in _UNARY:
        found = [_UNARY[row.elemental][1](operands[0])]
    else:
        u, w = operands
        found = {
            "add": [1.0, 1.0],
            "sub": [1.0, -1.0],
            "mul": [w, u],
            "div": [1 / w if w else 0.0, -u / w**2 if w else 0.0],
            "powi": [w * u ** (w - 1), 0.0],
        }[row.elemental]
    merged: dict[str, float] = {}
    for x, partial in zip(row.operands, found, strict=True):
        if isinstance(x, str):
            merged[x] = merged.get(x, 0.0) + partial
    return merged


def fill(numbers: Numbers, point: dict[str, float]) -> None:
    """All three sweeps."""
    numbers.values = dict(point)
    for row in numbers.rows:
        numbers.values[row.name] = value(row, numbers.values.__getitem__)
    for place in range(len(numbers.inputs)):
        tangents = {name: float(i == place) for i, name in enumerate(numbers.inputs)}
        for row in numbers.rows:
            local = partials(row, numbers.values.__getitem__)
            tangents[row.name] = sum(p * tangents[x] for x, p in local.items())
        numbers.tangents.append(tangents)
    numbers.adjoints = dict.fromkeys(numbers.values, 0.0)
    numbers.adjoints[numbers.rows[-1].name] = 1.0
    for row in reversed(numbers.rows):
        for x, p in partials(row, numbers.values.__getitem__).items():
            numbers.adjoints[x] += numbers.adjoints[row.name] * p


@dataclass(frozen=True)
class Planted:
    """A wrong number for a cell, the cause that should be named, and the number that is right."""

    kind: str
    """value, tangent or adjoint."""
    name: str
    pass_: int
    wrong: float
    right: float
    cause: str


def plantings(numbers: Numbers) -> Iterator[Planted]:
    """Every usual mistake in every row of a trace."""
    for row in numbers.rows:
        yield from _in_values(numbers, row)
        yield from _in_tangents(numbers, row)
    yield from _in_adjoints(numbers)


def _degrees(row: Row, numbers: Numbers) -> float:
    u = numbers.values[row.operands[0]]  # type: ignore[index]
    return math.sin(math.radians(u)) if row.elemental == "sin" else math.cos(math.radians(u))


def _in_values(numbers: Numbers, row: Row) -> Iterator[Planted]:
    right = numbers.values[row.name]

    def planted(wrong: float, cause: str) -> Planted:
        return Planted("value", row.name, 0, wrong, right, cause)

    yield planted(-right, "sign")
    if row.elemental in ("sin", "cos"):
        yield planted(_degrees(row, numbers), "degrees")
    if row.elemental == "exp":
        yield planted(math.e, "e for exp")
    names = [x for x in row.operands if isinstance(x, str)]
    others = [n for n in numbers.values if n not in (row.name, *names)]
    for x in names[:1]:
        for other in others[:2]:
            changed = lambda n, x=x, other=other: numbers.values[other if n == x else n]  # noqa: E731
            try:
                yield planted(value(row, changed), "operand")
            except (ValueError, ZeroDivisionError, OverflowError):
                continue
    before = next((r for r in numbers.rows if r.name in names), None)
    if row.elemental == "neg" and before is not None and before.elemental == "powi":
        yield planted(abs(right), "sign")


def _in_tangents(numbers: Numbers, row: Row) -> Iterator[Planted]:
    local = partials(row, numbers.values.__getitem__)
    for place, tangents in enumerate(numbers.tangents):
        right = tangents[row.name]

        def planted(wrong: float, cause: str, right: float = right, place: int = place) -> Planted:
            return Planted("tangent", row.name, place, wrong, right, cause)

        yield planted(-right, "sign")
        yield planted(numbers.values[row.name], "copied")
        if row.elemental == "mul" and len(local) == 2:
            (a, p), (b, q) = local.items()
            yield planted(p * tangents[a] - q * tangents[b], "product rule")
        if row.elemental in ("sin", "cos"):
            x = str(row.operands[0])
            u = math.radians(numbers.values[x])
            yield planted((math.cos(u) if row.elemental == "sin" else -math.sin(u)) * tangents[x], "degrees")
            wrong = math.sin(numbers.values[x]) if row.elemental == "sin" else math.cos(numbers.values[x])
            yield planted(wrong * tangents[x], "local partial")
        if row.elemental == "div" and isinstance(row.operands[1], str) and isinstance(row.operands[0], str):
            a, b = row.operands
            first, second = local[a] * tangents[a], -1 / numbers.values[a] ** 2 * tangents[b]
            yield planted(first + second, "local partial")
        if row.elemental == "exp":
            yield planted(math.e * tangents[str(row.operands[0])], "e for exp")


def _in_adjoints(numbers: Numbers) -> Iterator[Planted]:
    for name, right in numbers.adjoints.items():
        paths = {
            row.name: numbers.adjoints[row.name] * partials(row, numbers.values.__getitem__)[name]
            for row in numbers.rows
            if name in row.operands
        }
        if not paths:
            continue

        def planted(wrong: float, cause: str, right: float = right, name: str = name) -> Planted:
            return Planted("adjoint", name, 0, wrong, right, cause)

        yield planted(-right, "sign")
        for through, amount in paths.items():
            if len(paths) > 1:
                yield planted(right - amount, "missing path")
                yield planted(right - 2 * amount, "sign")
            strangers = [n for n in numbers.adjoints if n not in paths and n != name and n not in numbers.inputs]
            for stranger in strangers[:1]:
                yield planted(right + numbers.adjoints[stranger], "extra path")
            row = next(r for r in numbers.rows if r.name == through)
            if row.elemental == "mul" and len(set(row.operands)) == 2:
                yield planted(right - amount + numbers.adjoints[through] * numbers.values[name], "local partial")


def visible(planting: Planted) -> bool:
    """Whether the mistake can be seen in four decimals, and is no rounding."""
    difference = abs(planting.wrong - planting.right)
    return difference > 0.02 and difference > 0.01 * abs(planting.right) and abs(planting.wrong) < 1e5


def shown(number: float) -> str:
    """A number as a table prints it."""
    return f"{number:.4f}"


Rewriter = Callable[[str], str]


def chosen(count: int, seed: int) -> list[tuple[int, Planted]]:
    """A fixed choice of plantings: the place of the function, and the mistake; as many of each cause as there are."""
    return _some(_by_cause(), count, seed)


def _some(groups: list[list[tuple[int, Planted]]], count: int, seed: int) -> list[tuple[int, Planted]]:
    """A sample of so many, of each group as many as there are."""
    chance = random.Random(seed)
    picked: list[tuple[int, Planted]] = []
    for group in groups:
        picked += chance.sample(group, min(len(group), max(count // len(groups), 1)))
    return picked


@cache
def _by_cause() -> list[list[tuple[int, Planted]]]:
    """All plantings that can be seen, those of one quantity and one cause together."""
    found: dict[tuple[str, str], list[tuple[int, Planted]]] = {}
    for place, (expression, at) in enumerate(FUNCTIONS):
        for planting in plantings(structure(expression, at)):
            if visible(planting):
                found.setdefault((planting.kind, planting.cause), []).append((place, planting))
    return list(found.values())


def with_number(cell: str, number: str) -> str:
    """The cell with its last part replaced by a number, in whatever markup it has."""
    text = cell.strip()
    dollars = text.startswith("$") and text.endswith("$") and len(text) > 1
    inside = text.strip("$")
    left, equals, _ = inside.rpartition("=")
    made = f"{left}= {number}" if equals else number
    return f"${made}$" if dollars else made


def edited(document: str, line: int, column: int, number: str) -> str:
    """A Markdown document with one cell of a pipe table replaced; ``line`` from 1, ``column`` from 0."""
    lines = document.split("\n")
    cells = cells_of(lines[line - 1])
    cells[column] = with_number(cells[column], number)
    lines[line - 1] = "| " + " | ".join(cells) + " |"
    return "\n".join(lines)


def cells_of(line: str) -> list[str]:
    """The cells of a line of a pipe table."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def others(numbers: Numbers, kind: str, name: str, pass_: int) -> Iterator[tuple[str, float]]:
    """Twenty ways to a wrong number that no table of causes has: an arithmetic slip, a line copied wrongly."""
    column = {"value": numbers.values, "tangent": numbers.tangents[pass_], "adjoint": numbers.adjoints}[kind]
    right = column[name]
    yield from _of_digits(right)
    yield "one too many", right + 1
    yield "one too few", right - 1
    yield "a tenth carried", right + 0.1
    yield "doubled", 2 * right
    yield "halved", right / 2
    yield "squared", right * right
    yield "cubed", right**3
    yield "turned over", 1 / right if right else 7.0
    yield "root taken", math.sqrt(abs(right))
    yield "ten times", 10 * right
    yield "a tenth", right / 10
    names = list(column)
    place = names.index(name)
    yield "line above copied", column[names[place - 1]]
    yield "line below copied", column[names[(place + 1) % len(names)]]
    row = next((row for row in numbers.rows if row.name == name), None)
    if row is not None:
        u, *w = [numbers.values[x] if isinstance(x, str) else x for x in row.operands]
        second = w[0] if w else right
        yield "operands added", u + second
        yield "operands multiplied", u * second
        yield "once more by an operand", right * u


def _of_digits(right: float) -> Iterator[tuple[str, float]]:
    """What becomes of a number's digits in copying."""
    text = shown(abs(right))
    sign = -1 if right < 0 else 1
    point = text.index(".")
    digits = [place for place, digit in enumerate(text) if digit.isdigit()]
    first, second = digits[:2]
    exchanged = list(text)
    exchanged[first], exchanged[second] = text[second], text[first]
    yield "digits exchanged", sign * float("".join(exchanged))
    yield "first digit one higher", sign * (abs(right) + 10.0 ** (point - 1))
    yield "a digit lost", sign * float(text[: point + 1] + text[point + 2 :])
    yield "a digit doubled", sign * float(text[: point + 2] + text[point + 1 :])
    yield "whole part lost", sign * float(text[point:])
    yield "decimals lost", sign * float(text[:point])
    yield "six for nine", sign * float(text.replace("9", "6").replace("5", "8"))


def chosen_others(count: int, seed: int) -> list[tuple[int, Planted]]:
    """A fixed choice of those, as many of each as there are."""
    return _some(_by_slip(), count, seed)


@cache
def _by_slip() -> list[list[tuple[int, Planted]]]:
    """All of them, each kind together."""
    found: dict[str, list[tuple[int, Planted]]] = {}
    for place, (expression, at) in enumerate(FUNCTIONS):
        numbers = structure(expression, at)
        kinds = [("value", 0), *(("tangent", pass_) for pass_ in range(len(numbers.tangents))), ("adjoint", 0)]
        for kind, pass_ in kinds:
            column = {"value": numbers.values, "tangent": numbers.tangents[pass_], "adjoint": numbers.adjoints}[kind]
            for name, right in column.items():
                for how, wrong in others(numbers, kind, name, pass_):
                    planting = Planted(kind, name, pass_, wrong, right, how)
                    if visible(planting):
                        found.setdefault(how, []).append((place, planting))
    return list(found.values())
