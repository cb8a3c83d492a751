"""The tables that people published, made again in their authors' notation, with the right figures.

``published_tables.json`` holds the facts of 48 traces with 56 tables: formula, point, seed, operations, and for
each table what its columns hold and the numbers computed for its rows by sympy at 60 digits, apart from adtrace (every
third of these tables was published with a wrong number).  Each is made from the author's operations as a program, in
the named style nearest to it, and read back from Markdown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sympy as sp
from latex_reader import evaluate
from test_published import rounded

import adtrace
from adtrace.tables.panels import panels as panels_of
from adtrace.tables.resources import found
from adtrace.tables.styles import Column, noted, style

FACTS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("published_tables.json").read_text("utf-8"))
DIGITS = 12

STYLES = {
    "baydin-3part": "three-part",
    "numbered-steps": "three-part",
    "aligned-equations": "griewank",
    "cs107-trace": "cs107",
    "cs107-trace-latex": "cs107",
    "trace-2col-symbolic": "cs107",
    "primal-tangent-2col": "directional",
    "primal-tangent-per-pass": "directional",
    "primal-output-derivative-output": "four-column",
    "node-value-derivative": "four-column",
    "primal-value-tangent-value": "aligned",
    "aligned-primal-adjoint": "aligned",
    "array-printout": "aligned",
    "val-par-ops": "aligned",
    "val-par-grad": "aligned",
    "cppad-zero-order": "cppad",
    "cppad-first-order": "cppad",
    "cppad-second-order": "cppad",
    "step-primal-tangent": "ledger",
    "step-adjoint-plus-equals": "ledger",
    "aligned-forward-reverse-pass": "stored-partials",
    "adjoint-aligned-equations": "numbered-from-one",
    "node-partial-adjoint": "numbered-from-one",
    "equation-list": "numbered-from-one",
    "cppad-elimination": "numbered-from-one",
}
"""The nearest named style for each notation of the facts."""

NOT_SAID = {
    "constant": "a row for the constant base of a logarithm: a constant is no variable (simplebigrad, two tables)",
    "elimination": "the reverse sweep as functions that lose a variable each: sentences, not a table (CppAD)",
    "symbols": "a table without a point: every number is computed, and the rows are those of a point (six tables)",
    "order": "a reverse sweep that goes through rows in another order than backwards (an ML-systems lecture)",
}
"""What no style says, with the reason."""

COMPOUND = {
    "comp64501-zh-forward": "exp(-v0) is two operations",
    "comp64501-zh-reverse": "exp(-v0) is two operations",
    "dlcourse-m08-trace": "exp(-v2) is two operations",
    "cs207-erin-bruce-will-9rows": "3*x1**3 and a sum of three are two operations each",
}
"""Tables with a row of several operations: here a row is one elemental, so the trace has a row more for each and keeps
the author's names (names = "source") where it cannot keep the numbers."""

BRANCHES = {
    "cs107-pp6-lechenqian": "a branch of its own for each input: v0 = x, v1 = sin(v0), v2 = y, ...",
    "cs107-pp6ex2-lechenqian": "the same, and each input declared again for the second output",
    "cs107-pp6-yingchenliu": "three families of names, x1 v1 and y1 u1 u2",
}
"""Tables with inputs among the rows: here they stand first, under the author's names."""


def numbered() -> list[Any]:
    """The tables with numbers, each with its case."""
    return [
        pytest.param(case, table, id=f"{case['id']}-{place}")
        for case in FACTS
        for place, table in enumerate(case["tables"], start=1)
        if any(fact is not None for _, *facts in table["rows"] for fact in facts)
    ]


class Plan(NamedTuple):
    """How a table is made."""

    program: str
    notation: dict[str, str]
    mode: str
    seed: Any


NUMBERINGS = {"griewank": lambda k, n: k, "zero": lambda k, n: k + n - 1, "one": lambda k, n: k + n}


def regular(case: dict[str, Any]) -> dict[str, str]:
    """The letter and the numbering that the author's names follow; the names themselves where they follow none."""
    inputs = [node for node, _ in case["program"]["inputs"]]
    nodes = inputs + [node for node, _ in case["program"]["ops"]]
    for letter in "vx":
        for numbering, number in NUMBERINGS.items():
            indices = [number(k, len(inputs)) for k in range(1 - len(inputs), len(nodes) - len(inputs) + 1)]
            if nodes == [f"{letter}{k}".replace("-", "m") for k in indices] and case["id"] not in COMPOUND:
                return {"letter": letter, "numbering": numbering}
    return {"names": "source"}


def plan(case: dict[str, Any], table: dict[str, Any]) -> Plan:
    """The author's operations as a program, and the notation, mode and seeds of the table."""
    notation = regular(case)
    given: dict[str, str] = {}
    statements = []
    names: dict[str, str] = {}
    for node, variable in case["program"]["inputs"]:
        given.setdefault(variable, node)
        names[node] = given[variable] if "names" in notation else variable
        if "names" in notation and node != variable and given[variable] == node:
            statements.append(f"{node} = {variable}")
    for node, operation in case["program"]["ops"]:
        statements.append(f"{node} = {re.sub(r'[a-z]+m?[0-9]+', lambda m: names.get(m[0], m[0]), operation)}")
    if table["notation"] == "primal-output-derivative-output":
        notation["tangent"] = "leibniz"
    tangents = [kind for kind in table["kinds"] if kind.startswith("tan")]
    seed: Any = None
    if "@" in "".join(tangents):
        vectors = [kind.partition("@")[2].strip("()").split(",") for kind in tangents]
        seed = [dict(zip(case["at"], vector, strict=True)) for vector in vectors]
    elif "seed" in case and STYLES[table["notation"]] != "cs107":
        seed = dict(zip(case["at"], case["seed"], strict=True))
    if table["notation"].startswith("cppad"):
        notation["higher"] = "derivatives"  # its introduction has those of second order, not their coefficients
    mode = "reverse" if "weights" in case and not tangents and set(table["kinds"]) & {"bar", "val0"} else "forward"
    mode = "reverse" if "weights" in case and "seed" not in case else mode
    return Plan("\n".join(statements), notation, mode, seed)


_EQUALS = re.compile(r"(?:^|\s)(?:\\mathrel\{\+\})?= ")


class Cell(NamedTuple):
    """A cell as a reader sees it."""

    name: str
    """What the first cell of its panel begins with."""
    part: str
    """The part of the line that it ends in."""
    seed: int
    text: str


def cells(document: str, name: str, mode: str, seeds: int, order: int) -> Iterator[list[Cell]]:
    """The rows of the first table of a Markdown document, panel by panel, by what the style says of its columns."""
    panels = panels_of(noted(style(name, None), {"higher": "derivatives"}), mode, None, order)
    columns = [[_by_seed(panel.columns, seeds), _by_seed(panel.below, seeds)] for panel in panels]
    lines = [line.strip().strip("|").split("|") for line in document.split("\n\n")[1].splitlines()[2:]]
    for number, line in enumerate(lines):
        texts = [text.strip().strip("$") for text in line]
        for upper, below in columns:
            parts = below if below and number % 2 else upper
            own, texts = texts[: len(parts)], texts[len(parts) :]
            lead = own[1] if parts[0][0] == "step" else own[0]
            if lead:
                left = node_of(_EQUALS.split(lead)[0])
                yield [Cell(left, part, seed, text) for (part, seed), text in zip(parts, own, strict=True)]


def _by_seed(columns: tuple[Column, ...], seeds: int) -> list[tuple[str, int]]:
    """The last part of each column, once for each seed where it holds a tangent."""
    return [
        (column.parts[-1].part, seed)
        for column in columns
        for seed in (range(seeds) if any(part.per_seed for part in column.parts) else (0,))
    ]


def node_of(name: str) -> str:
    r"""A variable as the facts name it, from its LaTeX with any mark: ``\bar v_{-1}`` is vm1."""
    name = re.sub(r"^\\frac\{\\partial (.*?)\}\{.*", r"\1", name).removeprefix("D_{p}")
    return re.sub(r"\\[a-z]+|[_{} ]", "", name).replace("-", "m")


VALUE, TANGENT, ADJOINT = ("value", "numbers"), ("tangent_value", "tangent_numbers"), ("adjoint_value",)
SECOND = ("second_value", "second_numbers")
PARTIALS = (("partial_1_value",), ("partial_2_value",))


def wanted(kind: str, place: int) -> tuple[tuple[str, ...], int] | None:
    """Which parts of a row a column of the facts is, and for which seed."""
    if kind == "val":
        return VALUE, 0
    if kind == "second":
        return SECOND, 0
    if kind == "bar":
        return ADJOINT, 0
    if kind.startswith("part"):
        return PARTIALS[int(kind[4:])], 0
    if kind.startswith("tan@"):
        return TANGENT, place
    if kind.startswith("tan"):
        return TANGENT, int(kind[3:] or 0)
    return None


def same(cell: Cell, fact: str) -> bool:
    """Whether a cell shows the number: the correctly rounded digits, or a formula with numbers put in that gives it."""
    text = _EQUALS.split(cell.text)[-1]
    text = re.sub(r"^\\mathbf\{(.*)\}$", r"\1", text)
    try:
        return Decimal(text) == Decimal(rounded(fact))
    except ArithmeticError:
        return abs(Decimal(evaluate(text, {})) - Decimal(fact)) <= Decimal("1e-10") * max(1, abs(Decimal(fact)))


def order_of(table: dict[str, Any]) -> int:
    """The highest derivative along the seed that the author shows."""
    return 2 if "second" in table["kinds"] else 1


def made(case: dict[str, Any], table: dict[str, Any]) -> tuple[adtrace.Trace, Plan, str]:
    """The trace of the author's operations, and the document in the author's notation."""
    how = plan(case, table)
    outputs = case["program"]["outputs"]
    weights = dict(zip(outputs, case["weights"], strict=True)) if len(case.get("weights", ())) > 1 else None
    trace = adtrace.trace(how.program, at=case["at"], seed=how.seed, outputs=outputs, weights=weights)
    name = STYLES[table["notation"]]
    return (
        trace,
        how,
        trace.table(style=name, mode=how.mode, digits=DIGITS, notation=how.notation, order=order_of(table)),
    )


def rows_of(case: dict[str, Any], table: dict[str, Any], document: str, how: Plan) -> dict[str, list[list[Cell]]]:
    """The rows of our table by the author's name of their variable, in their order."""
    name = STYLES[table["notation"]]
    seeds = len(how.seed) if isinstance(how.seed, list) else len(case["at"]) if name == "cs107" else 1
    rows: dict[str, list[list[Cell]]] = {}
    for row in cells(document, name, how.mode, seeds, order_of(table)):
        rows.setdefault(row[0].name, []).append(row)
    for node, variable in case["program"]["inputs"]:  # an input that is declared again is still one variable
        first = next(other for other, name in case["program"]["inputs"] if name == variable)
        rows.setdefault(node, rows[first])
    return rows


@pytest.mark.parametrize(("case", "table"), numbered())
def test_every_number_of_the_table(case: dict[str, Any], table: dict[str, Any]) -> None:
    """Each number of the published table stands, computed aright, in its row and column of ours."""
    _, how, document = made(case, table)
    rows = rows_of(case, table, document, how)
    compared = left_out = 0
    for node, *facts in table["rows"]:
        tangents = 0
        for kind, fact in zip(table["kinds"], facts, strict=True):
            where = wanted(kind, tangents)
            tangents += kind.startswith("tan")
            if fact is None or kind == "val0":  # those are in the test of the running totals
                continue
            if where is None or node is None:
                left_out += 1
                continue
            parts, seed = where
            ours = [
                cell for row in rows[node] for cell in row if cell.part in parts and cell.seed == seed and cell.text
            ]
            assert ours, f"{node} has no {kind}"
            assert same(ours[-1], fact), (node, kind, ours[-1].text)
            compared += 1
    if table["notation"].startswith("val-par"):
        assert left_out == sum(node is None for node, *_ in table["rows"]), NOT_SAID["constant"]
    else:
        assert left_out == 0
        assert compared or "val0" in table["kinds"]


SECOND_ORDER = {
    "cppad-exp2-for2": {
        "v3": ("2*v1_0*v1_1", "2*(v1_1*v1_1 + v1_0*v1_2)"),
        "v4": ("v3_1/2", "v3_2/2"),
        "v5": ("v2_1 + v4_1", "v2_2 + v4_2"),
        "v2": ("v1_1", "v1_2"),
    },
    "cppad-expeps-for2": {
        "v2": ("1*v1_1", "1*v1_2"),
        "v3": ("v2_1/1", "v2_2/1"),
        "v4": ("v3_1", "v3_2"),
        "v5": ("v3_1*v1_0 + v3_0*v1_1", "v3_2*v1_0 + 2*v3_1*v1_1 + v3_0*v1_2"),
        "v6": ("v5_1/2", "v5_2/2"),
        "v7": ("v4_1 + v6_1", "v4_2 + v6_2"),
    },
}
"""The operations of first and of second order in CppAD's introduction (exp_2.xrst, exp_eps.xrst), v^(k) as v_k."""


@pytest.mark.parametrize("case", [case for case in FACTS if case["id"] in SECOND_ORDER], ids=lambda case: case["id"])
def test_every_formula_of_second_order(case: dict[str, Any]) -> None:
    """The author's formulas of both orders are ours, under the author's names v_3^(2); coefficients are other ones."""
    how = plan(case, case["tables"][0])
    trace = adtrace.trace(how.program, at=case["at"], outputs=case["program"]["outputs"])
    given: dict[str, Any] = {"style": "cppad", "mode": "forward", "order": 2, "format": "text"}
    table = trace.table(**given, notation=how.notation)
    found = dict(re.findall(r"(v[₀-₉]+⁽[¹²]⁾) = (.*?)(?:  |$)", table, re.MULTILINE))
    for name, formulas in SECOND_ORDER[case["id"]].items():
        for order, formula in enumerate(formulas, start=1):
            ours = found[f"{name[0]}{chr(0x2080 + int(name[1:]))}⁽{'¹²'[order - 1]}⁾"]
            ours = re.sub(r"v([₀-₉])(?!⁽)", r"v\1⁽⁰⁾", ours).translate(_ON_THE_LINE)
            ours = re.sub(r"v(\d)\((\d)\)", r"v\1_\2", ours.replace("×", "*").replace("^", "**"))
            assert sp.expand(sp.sympify(ours) - sp.sympify(formula)) == 0, name
    seconds = [Decimal(row[-1]) for row in case["tables"][0]["rows"]]
    coefficients = trace.table(**given, notation=how.notation | {"higher": "coefficients"})
    shown = [line.split()[-1] for line in coefficients.splitlines() if "⁽²⁾ = " in line]
    assert [2 * Decimal(number) for number in shown[: len(seconds)]] == seconds
    assert "Taylor coefficients" in coefficients.partition("\n")[0]
    assert "Coefficients of order 2" in coefficients


_ON_THE_LINE = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁽⁾⁰¹²", "0123456789()012")

OTHER_ORDER = "mlsys-lecture-reverse"


def increments(totals: list[str]) -> list[float]:
    """What each row adds, from the smallest."""
    numbers = [float(re.sub(r"[^-.0-9]", "", total)) for total in totals]
    return sorted(after - before for before, after in pairwise([0.0, *numbers]))


def accumulations() -> list[Any]:
    """The tables that show each contribution to an adjoint in a row of its own."""
    return [given for given in numbered() if given.values[1]["kinds"][-1] == "val0"]


@pytest.mark.parametrize(("case", "table"), accumulations())
def test_the_running_totals(case: dict[str, Any], table: dict[str, Any]) -> None:
    """Each contribution stands in a row, with the adjoint so far, in the author's order; or see NOT_SAID["order"]."""
    _, how, document = made(case, table)
    rows = rows_of(case, table, document, how)
    facts: dict[str, list[str]] = {}
    for node, *numbers in table["rows"]:
        if numbers[-1] is not None:
            facts.setdefault(node, []).append(numbers[-1])
    assert facts
    for node, totals in facts.items():
        ours = [cell for row in rows[node] for cell in row if cell.part in ADJOINT]
        if "bar" in table["kinds"]:  # the term that is added last
            term = rounded(totals[0])
            assert term in ours[-1].text
        elif case["id"] == OTHER_ORDER:
            assert increments([cell.text for cell in ours]) == pytest.approx(increments(totals))
            assert same(ours[-1], totals[-1])
        else:
            assert len(ours) == len(totals)
            assert all(same(cell, total) for cell, total in zip(ours, totals, strict=True))


def test_every_table_has_a_style() -> None:
    """There are 56 tables of 48 traces; each notation has its nearest style, and every one is a style that we have."""
    notations = [table["notation"] for case in FACTS for table in case["tables"]]
    assert (len(FACTS), len(notations)) == (48, 56)
    ours = set(found(None, "styles", ".toml")) - {"baydin"}  # three-part, with the partials put in
    assert {STYLES[notation] for notation in notations} == ours
    without = {case["id"] for case in FACTS} - {given.values[0]["id"] for given in numbered()}
    assert without == {"cppad-exp2-rev1", *(case["id"] for case in FACTS if isinstance(case["at"], list))}


def test_the_operations_are_the_author_s() -> None:
    """A trace has a row for each operation of the author, and a row more only for the compound ones listed above."""
    for case in (case for case in FACTS if "program" in case):
        trace, _, _ = made(case, case["tables"][0])
        more = len(trace.wengert.rows) - len(case["program"]["ops"])
        assert (more > 0) == (case["id"] in COMPOUND), case["id"]
        assert more >= 0


def test_the_numbering_is_the_author_s() -> None:
    """A style or an option says each author's numbering; the names of the source stand where there is none."""
    named = {case["id"] for case in FACTS if "program" in case and regular(case) == {"names": "source"}}
    own = {case["id"] for case in FACTS if "program" in case and {"f", "x", "y"} & {n for n, _ in nodes(case)}}
    assert named == own | set(COMPOUND) | set(BRANCHES) | {"simplebigrad-table2", "simplebigrad-table3"}


def nodes(case: dict[str, Any]) -> list[list[str]]:
    """The author's names of the variables, with what each is."""
    return [*case["program"]["inputs"], *case["program"]["ops"]]


def test_the_program_is_the_formula() -> None:
    """The author's operations have the value that his formula has."""
    for case in (case for case in FACTS if "program" in case):
        trace, _, _ = made(case, case["tables"][0])
        values = [value.rounded(DIGITS) for value in trace.values.values()]
        formulas = [adtrace.trace(formula, at=_used(formula, case["at"])) for formula in case["expressions"]]
        assert values == [formula.value.rounded(DIGITS) for formula in formulas]


def _used(formula: str, at: dict[str, str]) -> dict[str, str]:
    return {name: number for name, number in at.items() if re.search(rf"\b{name}\b", formula)}
