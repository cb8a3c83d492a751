r"""The Markdown goldens, read by Markdown parsers as tables, and by a reader of LaTeX as mathematics."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from itertools import pairwise

import pytest
from goldens import CASES, FOLDER, Case
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from latex_reader import evaluate, key
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

import adtrace

DOCUMENTS = [case for case, made in CASES.items() if "table.md" in made.files]
ARRAYS = {"arrays", "convolution"}
"""Read back, matrices and all, in test_array_tables."""
HALVES = [
    case
    for case in DOCUMENTS
    if CASES[case].options.keys().isdisjoint({"style", "letters"}) and case != "second" and case not in ARRAYS
]
"""Those with name, formula and number in each half; of the others other tests read the columns."""
MATH = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")


def source(case: str) -> str:
    """A golden."""
    return (FOLDER / case / "table.md").read_text(encoding="utf-8")


def tables(text: str) -> list[list[list[str]]]:
    """Tables of rows of cells, as markdown-it with dollar formulas reads them; asserts that a cell is one formula."""
    tokens = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_space=False).parse(text)
    found: list[list[list[str]]] = []
    for before, token in pairwise(tokens):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif before.type == "th_open":
            found[-1][-1].append(token.content)
        elif before.type == "td_open":
            kinds = [child.type for child in token.children or ()]
            assert kinds in ([], ["math_inline"])
            found[-1][-1].append(token.children[0].content if token.children else "")
    return found


@pytest.mark.parametrize("case", DOCUMENTS)
def test_rules_of_markdown_that_survives(case: str) -> None:
    """Formulas hold nothing that some Markdown parser, or a macro language before it, reads as its own."""
    text = source(case)
    formulas = MATH.findall(text)

    assert formulas
    for formula in formulas:
        assert formula == formula.strip() != ""
        assert "|" not in formula
        assert "}_" not in formula
        assert not re.search(r"\\[^A-Za-z]", formula)
    for opening in ("{{", "}}", "{%", "%}", "{#"):
        assert opening not in text
    assert not re.search(r"\d", "".join(after[:1] for after in MATH.split(text)[2::2]))  # pandoc: no digit after a $


@pytest.mark.parametrize("case", DOCUMENTS)
def test_tables_keep_their_columns(case: str) -> None:
    """Every row of a table has as many cells as its header, and each cell is one formula or nothing."""
    for table in tables(source(case)):
        assert len(table) > 1
        assert {len(row) for row in table} == {len(table[0])}


@pytest.mark.parametrize("case", DOCUMENTS)
def test_cmark_gfm_keeps_the_cells(case: str) -> None:
    """GitHub's parser leaves the text of every cell alone, for MathJax to find."""
    cmarkgfm = pytest.importorskip("cmarkgfm", reason="needs cmarkgfm")
    rendered = cmarkgfm.github_flavored_markdown_to_html(source(case))
    cells = [html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", rendered, re.DOTALL)]

    expected = [cell for table in tables(source(case)) for row in table[1:] for cell in row]
    assert cells == [f"${cell}$" if cell else "" for cell in expected]


@pytest.mark.parametrize("case", DOCUMENTS)
def test_mistune_keeps_the_cells(case: str) -> None:
    """The parser of nbconvert finds the same formulas in the same cells."""
    mistune = pytest.importorskip("mistune", reason="needs mistune")
    rendered = mistune.create_markdown(plugins=["table", "math"])(source(case))
    cells = [html.unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", rendered, re.DOTALL)]

    expected = [cell for table in tables(source(case)) for row in table[1:] for cell in row]
    assert cells == [rf'<span class="math">\({cell}\)</span>' if cell else "" for cell in expected]


@dataclass
class Half:
    """One of the traces of a table: its lines, each a name and its cells."""

    heading: str
    lines: list[list[str]]


def halves(table: list[list[str]]) -> list[Half]:
    """The traces that stand beside each other; the heading of one stands over its columns in words, an arrow last."""
    ended = [place for place, heading in enumerate(table[0]) if heading.endswith(("↓", "↑"))]
    starts = [0, *(next(place for place in range(end + 1, len(table[0])) if table[0][place]) for end in ended[:-1])]
    ends = [*starts[1:], len(table[0])]
    return [
        Half(" ".join(filter(None, table[0][start:end])), [row[start:end] for row in table[1:] if row[start]])
        for start, end in zip(starts, ends, strict=True)
    ]


class Replay:
    """A trace done again from what a table prints, cell by cell."""

    def __init__(self, trace: adtrace.Trace, digits: int) -> None:
        self.facts = trace.to_dict(mode="both", digits=30)
        self.tolerance = 10.0**-digits
        noted = [re.match(r"(v_\S+) \(\w+\) is at its kink", note) for note in self.facts["notes"]]
        self.kinks = {_latex(note[1]) for note in noted if note}
        self.values: dict[str, float] = {}
        for made in self.facts["contributions"]:
            self.values[f"d{_latex(made['row'])}/d{_latex(made['target'])}"] = float(made["partial"])
        self.checked = 0

    def check(self, half: Half) -> None:
        """Compute each line from its formula and compare the other cells with it."""
        upward = half.heading.endswith("↑")
        inputs = len(self.facts["independents"])
        self._start(half, inputs)
        for line in reversed(half.lines) if upward else half.lines:
            name, formula, *rest = line
            assert all(cell.startswith("= ") for cell in line[1:] if cell)
            if key(name).removeprefix(r"\dot") in self.kinks:  # its partial is a convention, not the formula's
                self.values[key(name)] = self._fact(key(name))
                continue
            exact = evaluate(formula[2:], self.values)
            for cell in filter(None, rest):
                printed = evaluate(cell[2:], self.values)
                assert printed == pytest.approx(exact, rel=60 * self.tolerance, abs=60 * self.tolerance)
                self.checked += 1
            self.values[key(name)] = exact  # only now: an adjoint's formula names the adjoint before it

    def _start(self, half: Half, inputs: int) -> None:
        """The numbers that a sweep begins with."""
        if half.heading.endswith("↑"):
            self.values[key(half.lines[-1][1][2:])] = 1.0
            return
        slot = "tangent" if "derivative" in half.heading else "value"
        for fact, line in zip(self.facts["independents"], half.lines[:inputs], strict=True):
            self.values[key(line[1][2:])] = float(fact[slot])

    def _fact(self, name: str) -> float:
        kind = "tangent" if name.startswith(r"\dot") else "value"
        bare = name.removeprefix(r"\dot")
        return next(float(row[kind]) for row in self.facts["rows"] if _latex(row["variable"]) == bare)


def _latex(variable: str) -> str:
    """``v_0`` as cells write it."""
    return "v_{" + variable.removeprefix("v_").strip("{}") + "}"


@pytest.mark.parametrize("case", HALVES)
def test_printed_cells_are_the_mathematics(case: str) -> None:
    """Each formula, evaluated as printed, gives the numbers beside it, line after line, and at the end the result."""
    made: Case = CASES[case]
    trace = made.trace()
    replay = Replay(trace, made.options.get("digits", 4))
    for table in tables(source(case)):
        for half in halves(table):
            replay.check(half)
            y = evaluate(key(half.lines[-1][0]), replay.values)
            if half.heading.startswith("Forward evaluation"):
                assert y == pytest.approx(float(trace.value))
            elif half.heading.startswith("Forward derivative"):
                assert y == pytest.approx(float(trace.tangent))
            else:
                found = [evaluate(key(line[0]), replay.values) for line in half.lines[: len(trace.gradient)]]
                assert found == pytest.approx([float(partial) for partial in trace.gradient.values()])

    assert replay.checked > 0


def _joined(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(texts, st.sampled_from("+-*/"), texts).map(lambda t: f"({t[0]}){t[1]}({t[2]})")
    bare = st.tuples(texts, st.sampled_from("+-*"), texts).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
    call = st.tuples(st.sampled_from(["sin", "exp", "tanh", "sqrt", "-", "cbrt"]), texts).map(
        lambda t: f"{t[0]}({t[1]})"
    )
    power = st.tuples(texts, st.sampled_from(["2", "-1", "3", "1/2"])).map(lambda t: f"({t[0]})^({t[1]})")
    return two | bare | call | power


EXPRESSIONS = st.recursive(st.sampled_from(["x1", "x2", "rate", "2", "1/3", "0.5", "pi"]), _joined, max_leaves=8)


@settings(max_examples=60)
@given(EXPRESSIONS, st.tuples(*[st.sampled_from(["2", "-1.5", "1/3", "pi/2", "0.25"])] * 3))
def test_any_table_parses_back(expression: str, numbers: tuple[str, str, str]) -> None:
    """Whatever was typed, the table keeps its columns and every cell is the mathematics that it prints."""
    at = {name: n for name, n in zip(("x1", "x2", "rate"), numbers, strict=True) if name in expression}
    assume(at)
    try:
        trace = adtrace.trace(expression, at)
    except adtrace.MathematicsError:
        assume(False)
    replay = Replay(trace, 9)
    assume(max(abs(float(row["value"])) for row in [*replay.facts["rows"], {"value": "0"}]) < 1e6)
    document = trace.table(digits=20, columns="name,formula,partial,value")

    for table in tables(document):
        assert {len(row) for row in table} == {len(table[0])}
        for half in halves(table):
            half.lines = [[cell for cell in line if cell] for line in half.lines]
            try:
                replay.check(half)
            except (OverflowError, ZeroDivisionError):
                assume(False)
