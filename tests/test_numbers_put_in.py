"""Numbers as they stand in formulas: signs, fractions, and those that decimals would hide."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import mpmath as mp
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from latex_reader import evaluate

import adtrace

ALL = "name,formula,partial,numbers,value"


def rows(expression: str, at: dict[str, object], **options: object) -> list[list[str]]:
    """The cells of every row of the Markdown table, without dollars and the equals sign."""
    document = adtrace.trace(expression, at=at).table(**{"columns": "formula,numbers,value"} | options)  # type: ignore[arg-type]
    lines = [line for line in document.splitlines() if line.startswith("| ") and "trace" not in line]
    return [[cell.strip().strip("$").removeprefix("= ") for cell in line.strip("|").split("|")] for line in lines]


def put_in(expression: str, at: dict[str, object], **options: object) -> list[str]:
    """The cells with numbers put in, evaluation and derivative, from top to bottom."""
    return [cell for row in rows(expression, at, **options) for cell in (row[2], row[6]) if cell]


@pytest.mark.parametrize(
    ("expression", "at", "cells"),
    [
        ("ln(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5}, ["10.6931 + 0.9589"]),
        ("1/(x1 + x2) + x2^2 + cos(x1)", {"x1": 3, "x2": 6}, ["36.1111 - 0.9900", "-1/81 - 0.1411"]),
        ("x1*x2 + sin(x1)", {"x1": 2, "x2": 4}, ["4 - 0.4161"]),
        ("x*y - y", {"x": -2, "y": 3}, [r"1 \times 3 - 2 \times 0", r"-2 \times 3", "-6 - 3"]),
        ("x - y", {"x": 12, "y": "1/81"}, ["12 - 1/81"]),
        ("x - y", {"x": 12, "y": "-1/81"}, ["12 + 1/81"]),
        ("x + y", {"x": 12, "y": "-1/81"}, ["12 - 1/81"]),
        ("x*y", {"x": 2, "y": "-0.99"}, [r"2 \times (-0.99)"]),
        ("x^2 + y", {"x": -3, "y": -4}, ["(-3)^{2}", "9 - 4"]),
        ("x - (-3)", {"x": 2}, ["2 + 3"]),
        ("x + (-3)", {"x": 2}, ["2 - 3"]),
        ("-x", {"x": -3}, ["-(-3)"]),
        ("exp(x)", {"x": -2}, [r"\exp(-2)"]),
        ("x/3", {"x": "1/3"}, ["(1/3)/3"]),
        ("x*3", {"x": "1/2"}, [r"(1/2) \times 3"]),
        ("atan(x)/y", {"x": "1/6", "y": "1/7"}, [r"1/(1 + (1/6)^{2})"]),
        ("y - x*z", {"x": "-1/3", "y": 1, "z": 2}, [r"1 + 2/3"]),
        ("x^2*exp(-x)", {"x": "1e-5"}, [r"(1.000 \times 10^{-5})^{2}", r"\exp(-1.000 \times 10^{-5})"]),
        ("exp(x^2)", {"x": "1e-5"}, [r"\exp(1.000 \times 10^{-10})"]),
        ("3/x - 4*x", {"x": "-1e-5"}, [r"3/(-1.000 \times 10^{-5})", r"-300000 + 4.000 \times 10^{-5}"]),
    ],
)  # fmt: skip
def test_cells_as_a_book_writes_them(expression: str, at: dict[str, object], cells: list[str]) -> None:
    """The sign of an addend is absorbed, a factor's is not; a fraction that is a factor is bracketed."""
    found = put_in(expression, at)
    assert [cell for cell in cells if cell not in found] == []


def test_formulas_stay_as_typed() -> None:
    """Only numbers absorb signs: the typed constant keeps its brackets in the formula, and the caption is the text."""
    assert rows("x - (-3)", {"x": 2})[1][1] == "v_{0} - (-3)"
    table = adtrace.trace("a/b*c - (-a)", at={"a": 1, "b": 2, "c": 3}).table()
    assert r"a/b \times c - (-a)" in table
    assert adtrace.trace("1/3*x", at={"x": 2}).to_dict()["rows"][0]["formula"] == "1/3*v_0"


@pytest.mark.parametrize("style", ["three-part", "griewank", "aligned", "ledger", "numbered-from-one"])
def test_sums_of_contributions(style: str) -> None:
    """An adjoint is added to with its sign: never ``+ (-`` or ``+ -`` in any style."""
    trace = adtrace.trace("x*y - sin(x)*x - y^2", at={"x": 2, "y": "-1.5"})
    for columns in (None, ALL):
        table = trace.table(style=style, columns=columns)
        assert "+ (-" not in re.sub(r"\(-[0-9.]+\)\^", "", table)
        assert "+ -" not in table
        assert "- -" not in table


def test_fractions_of_rules() -> None:
    """The partial of a quotient is a fraction in brackets, and so is that of erf."""
    table = adtrace.trace("erf(x/y)", at={"x": 1, "y": 2}).table(format="text", columns=ALL, mode="reverse")
    assert "v̄₁ × (-v₁/v₀)" in table
    assert "v̄₂ × (2/sqrt(π)) × exp(-v₁^2)" in table
    assert "0.8788 × (-0.5/2)" in table


# -- small and large -----------------------------------------------------------------------------------------


def value(expression: str, at: dict[str, object], **options: object) -> str:
    """The text of the value."""
    document = json.loads(adtrace.trace(expression, at=at).table(format="json", **options))  # type: ignore[arg-type]
    return str(document["dependents"][0]["value"])


@pytest.mark.parametrize(
    ("expression", "at", "text"),
    [
        ("x^2*exp(-x)", {"x": "1e-5"}, "1.000e-10"),
        ("exp(x)", {"x": 50}, "5.185e21"),
        ("exp(x)", {"x": 500}, "1.404e217"),
        ("exp(-x)", {"x": 1000}, "5.076e-435"),
        ("-exp(-x)", {"x": 20}, "-2.061e-9"),
        ("exp(x) - 1", {"x": "1e-60"}, "1.000e-60"),
        ("x/3", {"x": "1e-4"}, "3.333e-5"),
        ("x*pi", {"x": 318309886}, "999999999.4226"),
        ("x*pi", {"x": 318309887}, "1.000e9"),
        ("x", {"x": 123456789012345}, "123456789012345.0000"),
        ("x + 1", {"x": 999999999999999}, "1.000e15"),
        ("x", {"x": 0}, "0.0000"),
        ("sin(x)", {"x": "pi"}, "0.0000"),
        ("exp(x) - exp(x + 0)", {"x": 1}, "0.0000"),
    ],
)
def test_numbers_that_decimals_hide(expression: str, at: dict[str, object], text: str) -> None:
    """All digits 0 though the number is not, or ten digits before the point: a power of ten; a true 0 stays 0."""
    assert value(expression, at) == text


def test_how_each_format_writes_them() -> None:
    """A power of ten on a page; plain in text, JSON and for LaTeX's values."""
    trace = adtrace.trace("x^2*exp(-x)", at={"x": "1e-5"})
    for form, text in {
        "markdown": r"1.000 \times 10^{-10}", "latex": r"1.000 \times 10^{-10}", "text": "1.000e-10",
        "json": "1.000e-10", "typst": "1.000 times 10^(-10)",
        "html": "<mn>1.000</mn><mo>×</mo><msup><mn>10</mn><mrow><mo form=\"prefix\">−</mo><mn>10</mn></mrow></msup>",
    }.items():  # fmt: skip
        document = trace.table(format=form)
        assert text in document
        assert not re.search(r"0\.0000(?!\d)", document)
        assert "-0.0000" not in document
    assert "(1.000e-5)^2" in trace.table(format="text")


def test_exact_numbers_stay_whole() -> None:
    """An integer of up to 15 digits is printed as it is; a longer one is rounded."""
    assert put_in("x + 1", {"x": 99999999999999})[0] == "99999999999999 + 1"
    assert rows("x*10", {"x": 99999999999999})[1][3] == "999999999999990"
    assert rows("x*100", {"x": 99999999999999})[1][3] == r"1.000 \times 10^{16}"


def test_a_style_may_say_otherwise(tmp_path: object) -> None:
    """``scientific = false`` keeps every decimal."""
    folder = tmp_path / "styles"  # type: ignore[operator]
    folder.mkdir()
    panel = '[[forward]]\nheading = "T"\ncolumns = ["v", "= value"]\n'
    (folder / "plain.toml").write_text(f"scientific = false\n{panel}", encoding="utf-8")
    trace = adtrace.trace("x^2*exp(-x) + exp(30)", at={"x": "1e-5"})
    table = trace.table(style="plain", mode="forward", template_dir=tmp_path)
    assert "$= 0.0000$" in table
    assert r"10686474581524.4621" in table
    assert r"\times 10" not in table.split("\n\n")[1]


def test_displayed_arithmetic_computes_with_what_it_shows() -> None:
    """Numbers rounded to decimals are those that are computed with, so they are shown as they are."""
    table = adtrace.trace("exp(x)*2", at={"x": 25}, arithmetic="displayed").table(digits=2, format="text")
    assert "72004899337.39" in table
    assert "72004899337.39 × 2" in table or "144009798674.78" in table


def test_doubles_too() -> None:
    """Long traces in double precision show small and large numbers by their powers, zeros as zeros."""
    trace = adtrace.trace("x^2*y + 0*x - y*1e-12", at={"x": 1e-7, "y": -3e10}, limits=adtrace.Limits(certified_rows=0))
    table = trace.table(format="text", columns=ALL)
    assert "(1.000e-7)^2" in table
    assert "-3.000e10" in table
    assert "-0.0000" not in table


def test_undecided_digits_keep_their_mark() -> None:
    """A tie that no precision decides is marked in a power of ten as well."""
    table = adtrace.trace("x*(4*(atan(1/2) + atan(1/3))/pi)", at={"x": "1.00005e-7"}).table(
        digits=5, format="text", mode="forward", columns="formula,numbers,value"
    )
    assert re.search(r"1\.000[01]\?e-7", table)
    assert "marks a last digit that is undecided" in table


# -- the numbers put in are the number -------------------------------------------------------------------------

POINTS = st.sampled_from(["2", "-3", "1/3", "-2/7", "0.25", "-1.125", "1e-6", "-4e-7", "31", "2000000", "pi/4", "-pi"])
EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "(-3)", "0.5", "1/3", "x", "y"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from("+-*/-+"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})")
        | st.tuples(st.sampled_from(["sin", "exp", "tanh", "atan", "cos", "-"]), inner).map(lambda t: f"{t[0]}({t[1]})")
        | st.tuples(inner, st.sampled_from(["2", "3", "(-2)"])).map(lambda t: f"({t[0]})^{t[1]}")
    ),
    max_leaves=8,
)


def pairs(document: str) -> Iterator[tuple[str, str]]:
    """Each cell with numbers put in, and the value beside it."""
    for line in document.splitlines():
        if line.startswith("| ") and "trace" not in line:
            cells = [cell.strip().strip("$").removeprefix("= ") for cell in line.strip("|").split("|")]
            yield from ((first, second) for first, second in ((cells[2], cells[3]), (cells[-2], cells[-1])) if first)


@settings(max_examples=150)
@given(EXPRESSIONS, POINTS, POINTS)
def test_every_cell_gives_its_value(expression: str, x: str, y: str) -> None:
    """Numbers put in, read by a reader that is not ours and computed in doubles, give the value beside them."""
    at = {name: number for name, number in (("x", x), ("y", y)) if re.search(rf"\b{name}\b", expression)}
    assume(at)
    try:
        document = adtrace.trace(expression, at=at).table(columns="formula,numbers,value", digits=30)
    except (adtrace.MathematicsError, adtrace.BoundError):
        assume(False)
    compared = 0
    for cell, shown in pairs(document):
        wanted = evaluate(re.sub(r"^\\mathbf\{(.*)\}$", r"\1", shown).replace("} }", "}}"), {})
        try:
            found = evaluate(cell, {})
        except OverflowError:
            continue
        largest = max([abs(evaluate(n, {})) for n in re.findall(r"[0-9.]+(?: \\times 10\^\{-?\d+\})?", cell)] + [1.0])
        if not math.isfinite(found) or largest > 1e12:
            continue
        assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9 * largest**2), (cell, shown)
        compared += 1
    assert compared or len(document) < 2000


@settings(max_examples=100)
@given(st.fractions(min_value="-1e-3", max_value="1e-3", max_denominator=10**12), st.integers(1, 9))
def test_digits_of_small_numbers(x: Fraction, digits: int) -> None:
    """A small number has its correctly rounded digits: decimals, or significant ones where decimals are all 0."""
    shown = value("x*1", {"x": x}, digits=digits)
    exact = Decimal(x.numerator) / Decimal(x.denominator)
    if "e" in shown:
        with mp.workdps(60):
            wanted = mp.nstr(mp.mpf(x.numerator) / x.denominator, 40)
        unit = Decimal(1).scaleb(Decimal(wanted).adjusted() - digits + 1)
        assert abs(Decimal(shown) - Decimal(wanted)) <= unit / 2
        assert abs(exact) <= Decimal(1).scaleb(-digits) / 2
        assert len(re.sub(r"[-.]|e.*", "", shown)) == digits
    else:
        assert abs(Decimal(shown) - exact) <= Decimal(1).scaleb(-digits) / 2
        assert Decimal(shown) != 0 or x == 0


# -- names -----------------------------------------------------------------------------------------------------


def test_bars_over_words() -> None:
    """A bar spans a word in every format that can draw one; a letter, the author's v too, has a short one."""
    trace = adtrace.trace("total_objective*w_out + v1*yhat", at={"total_objective": 1, "w_out": 2, "v1": 3, "yhat": 4})
    wanted = {
        "latex": [r"\overline{\mathit{total\_objective}}", r"\overline{\mathit{yhat}}", r"\mathrm{\bar v_{1}}"],
        "markdown": [r"\overline{\mathit{total_{\mathit{objective} } } }", r"\overline{\mathit{yhat} }", r"\bar w_{"],
        "typst": ['overline(italic("total_objective"))', 'overline(italic("yhat"))', "macron(w)_("],
        "html": ['total_objective</mi><mo stretchy="true">¯</mo>', 'yhat</mi><mo stretchy="true">¯</mo>'],
        "text": ["t\u0304otal_objective", "y\u0304hat", "w\u0304_out"],
    }
    for form, texts in wanted.items():
        table = trace.table(format=form, mode="reverse")
        assert [text for text in texts if text not in table] == []


SOFTMAX_ROWS = [
    ("softmax(z)", {"z": [1, 2]}, r"(e^{1}, e^{2})/(e^{1} + e^{2})"),
    ("softmax(z)", {"z": [1, 2, 3]}, r"(e^{1}, e^{2}, e^{3})/(e^{1} + e^{2} + e^{3})"),
    ("log_softmax(z)", {"z": [1, -2]}, r"(1, -2) - \ln(e^{1} + e^{-2})"),
    ("softmax(Z, axis=1)", {"Z": [[1, 2], [0, 3]]},
     r"\begin{bmatrix}e^{1}/(e^{1} + e^{2}) & e^{2}/(e^{1} + e^{2}) \cr "
     r"e^{0}/(e^{0} + e^{3}) & e^{3}/(e^{0} + e^{3})\end{bmatrix}"),
    ("softmax(Z, axis=0)", {"Z": [[1, 2], [0, 3]]},
     r"\begin{bmatrix}e^{1}/(e^{1} + e^{0}) & e^{2}/(e^{2} + e^{3}) \cr "
     r"e^{0}/(e^{1} + e^{0}) & e^{3}/(e^{2} + e^{3})\end{bmatrix}"),
    ("softmax(z)", {"z": [10, 20, 30, 40, 50, 60]}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "at", "numbers"), SOFTMAX_ROWS, ids=[str(case[:2]) for case in SOFTMAX_ROWS])
def test_a_softmax_has_its_powers_of_e(expression: str, at: dict[str, object], numbers: str) -> None:
    """As by hand, along its own axis; the result alone where a line would be too long."""
    document = adtrace.trace(expression, at=at).table(columns="formula,numbers")
    row = next(line for line in document.splitlines() if "softmax}" in line and line.startswith("| $"))
    cell = row.split("|")[3].strip().strip("$").removeprefix("= ")
    assert cell.rpartition(" = ")[0] == numbers


@pytest.mark.parametrize("form", ["text", "markdown", "latex", "html", "rst", "asciidoc", "typst"])
@pytest.mark.parametrize("case", SOFTMAX_ROWS[:5], ids=[str(case[:2]) for case in SOFTMAX_ROWS[:5]])
def test_a_softmax_with_numbers_put_in_is_read_again(case: tuple[str, dict[str, object], str], form: str) -> None:
    """In each format the working comes to the row's value: each e^1 is a power, each quotient that of its row."""
    expression, at, _ = case
    document = adtrace.trace(expression, at=at).table(mode="reverse", format=form)
    report = adtrace.check(document, at, kind=None if form in ("text", "markdown", "html") else form)
    assert (report.mistakes, report.count("not read")) == ((), 0), str(report)
