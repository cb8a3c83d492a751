r"""Variables that are called with a mark, ``w'``, ``\dot x``, ``w^*``, ``x^{(1)}``, are names in every format.

``f(a, b) = a b + sin b`` at (2, 3), b being the marked one: 6, sin 3 = 0.1411, 6.1411; by a: 3; by b: 2 + cos 3 =
1.0100.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

import adtrace

NAMES = {  # in LaTeX, in HTML, in text
    "prime": ("w", "w'", "w", "w&prime;", "w", "w'"),
    "command": ("w", r"w^{\prime}", "w", "<i>w</i>'", "w", "w′"),
    "dot": ("x", r"\dot x", "x", "ẋ", "x", "ẋ"),
    "bar": ("u", r"\bar{u}", "u", "ū", "u", "ū"),
    "star": ("w", "w^*", "w", "w<sup>*</sup>", "w", "w^*"),
    "command of a star": ("w", r"w^{\star}", "w", "w<sup>⋆</sup>", "w", "w^{*}"),
    "index": ("x_1", r"\dot x_1", "x<sub>1</sub>", "ẋ<sub>1</sub>", "x_1", "ẋ_1"),
    "layer": ("x^{(1)}", "x^{(2)}", "x<sup>(1)</sup>", "x<sup>(2)</sup>", "x^(1)", "x^(2)"),
}
ROWS = (("v_1", "{a}", "2", "3"), ("v_2", "{b}", "3", "1.0100"), ("v_3", "{a} {b}", "6", "1"),
        ("v_4", "\\sin {b}", "0.1411", "1"), ("v_5", "v_3 + v_4", "6.1411", "1"))  # fmt: skip
HEADINGS = ("row", "operation", "value", "adjoint")


def markdown(a: str, b: str, rows: Any) -> str:
    """A sheet in Markdown."""
    said = f"$f({a}, {b}) = {a} {b} + \\sin {b}$ at $({a}, {b}) = (2, 3)$.\n\n"
    lines = [f"| ${v}$ | ${op.format(a=a, b=b)}$ | {value} | {adjoint} |" for v, op, value, adjoint in rows]
    return said + "\n".join(["| " + " | ".join(HEADINGS) + " |", "|---|---|---|---|", *lines]) + "\n"


def latex(a: str, b: str, rows: Any) -> str:
    """A sheet in LaTeX."""
    said = f"Let $f({a}, {b}) = {a} {b} + \\sin {b}$ at ${a} = 2$, ${b} = 3$.\n\n\\begin{{tabular}}{{llll}}\n"
    lines = [f"${v}$ & ${op.format(a=a, b=b)}$ & {value} & {adjoint} \\\\" for v, op, value, adjoint in rows]
    return said + "\n".join([" & ".join(HEADINGS) + " \\\\", *lines]) + "\n\\end{tabular}\n"


def html(a: str, b: str, rows: Any) -> str:
    """A sheet in HTML."""
    said = f"<p>f({a}, {b}) = {a}·{b} + sin({b}) at {a} = 2, {b} = 3</p>\n<table>\n"
    lines = [
        f"<tr><td>{v}</td><td>{op.replace(' {b}', '·{b}' if '{a}' in op else '({b})').format(a=a, b=b)}</td>"
        f"<td>{value}</td><td>{adjoint}</td></tr>" for v, op, value, adjoint in rows
    ]  # fmt: skip
    head = "<tr>" + "".join(f"<th>{word}</th>" for word in HEADINGS) + "</tr>"
    return (said + "\n".join([head, *lines]) + "\n</table>\n").replace("\\", "")


def text(a: str, b: str, rows: Any) -> str:
    """A sheet in text, its columns parted by tabs."""
    said = f"f({a}, {b}) = {a} {b} + sin({b}) at {a} = 2, {b} = 3\n\n"
    lines = ["\t".join((v, op.replace("\\sin {b}", "sin({b})").format(a=a, b=b), *rest)) for v, op, *rest in rows]
    return said + "\n".join(["\t".join(HEADINGS), *lines]) + "\n"


FORMATS = {"markdown": (markdown, 0), "latex": (latex, 0), "html": (html, 2), "text": (text, 4)}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_a_marked_name_is_a_name(name: str, form: str) -> None:
    """Right as it is; a changed value, a changed adjoint and the other variable in an operation are found, alone."""
    write, place = FORMATS[form]
    a, b = NAMES[name][place : place + 2]
    report = adtrace.check(write(a, b, ROWS))
    assert report.ok, report
    assert report.count("right") == 15, report
    for row, column, new in ((3, 2, "0.1114"), (1, 3, "1.1000"), (2, 2, "5")):
        rows = [list(each) for each in ROWS]
        rows[row][column] = new
        wrong = [m.place[1:] for m in adtrace.check(write(a, b, rows)).mistakes]
        assert wrong == [(row, column)], (rows[row], str(adtrace.check(write(a, b, rows))))
    rows = [list(each) for each in ROWS]
    rows[3][1] = rows[3][1].replace("{b}", "{a}")
    assert [m.place[1:] for m in adtrace.check(write(a, b, rows)).mistakes] == [(3, 1)]


@pytest.mark.parametrize(
    ("function", "at", "marked"),
    [
        ("f(w, w') = w*w' + sin(w')", {"w": 2, "w'": 3}, "w'"),
        (r"f(x, \dot x) = x \dot x + \sin(\dot x)", {"x": 2, "x_dot": 3}, r"\dot x"),
        ("f(w, w^*) = w w^* + sin(w^*)", {"w": 2, "w_star": 3}, "w^*"),
        ("f(x^{(1)}, x^{(2)}) = x^{(1)} x^{(2)} + sin(x^{(2)})", {"x_1": 2, "x_2": 3}, "x^{(2)}"),
    ],
)
def test_the_caller_may_tell_the_function(function: str, at: dict[str, Any], marked: str) -> None:
    """The names of the caller's function decide, as those of the document's do."""
    plain = "x^{(1)}" if "(" in marked else marked.removeprefix("\\dot ")[0]
    table = markdown(plain, marked, ROWS).partition("\n\n")[2]
    assert adtrace.check(table, at, function=function).ok
    wrong = adtrace.check(table.replace("0.1411", "0.1141"), at, function=function)
    assert [m.place[1:] for m in wrong.mistakes] == [(3, 2)]


def test_rows_decide_where_nothing_is_told() -> None:
    """A row ``w'`` that operations use is a variable; a prime that marks derivatives stays one."""
    own = "| row | operation | value |\n|---|---|---|\n| $w$ | | 2 |\n| $w'$ | | 3 |\n| $v_1$ | $w w'$ | 6 |\n"
    own += "| $v_2$ | $v_1 + w'$ | 9 |\n"
    assert adtrace.check(own).ok
    assert [m.place[1:] for m in adtrace.check(own.replace("| 9 |", "| 8 |")).mistakes] == [(3, 2)]
    derivative = (
        "$f(w) = w^2 + w$ at $w = 2$.\n\n| row | value | derivative | value |\n|---|---|---|---|\n"
        "| $w$ | 2 | $w'$ | 1 |\n"
        "| $v_1 = w^2$ | 4 | $v_1' = 2 w w'$ | 4 |\n| $v_2 = v_1 + w$ | 6 | $v_2' = v_1' + w'$ | 5 |\n"
    )
    assert adtrace.check(derivative).ok
    assert [m.place[1:] for m in adtrace.check(derivative.replace("| 5 |", "| 6 |")).mistakes] == [(2, 3)]


def test_marked_names_have_tangents_and_adjoints_of_their_own() -> None:
    r"""``\dot w'`` is the tangent of w', ``\bar{\dot x}`` the adjoint of the variable that is called so."""
    forward = (
        "$f(w, w') = w w'$ at $(w, w') = (2, 3)$.\n\n| row | value | tangent | value |\n|---|---|---|---|\n"
        "| $w$ | 2 | $\\dot w$ | 0 |\n| $w'$ | 3 | $\\dot w'$ | 1 |\n"
        "| $v_1 = w w'$ | 6 | $\\dot v_1 = \\dot w w' + w \\dot w'$ | 2 |\n"
    )
    assert adtrace.check(forward).ok, adtrace.check(forward)
    assert [m.place[1:] for m in adtrace.check(forward.replace("| 2 |\n", "| 3 |\n")).mistakes] == [(2, 3)]
    reverse = (
        "$f(x, \\dot x) = x \\dot x$ at $(x, \\dot x) = (2, 3)$.\n\n"
        "| row | value | adjoint | value |\n|---|---|---|---|\n"
        "| $x$ | 2 | $\\bar x = \\bar v_1 \\dot x$ | 3 |\n| $\\dot x$ | 3 | $\\bar{\\dot x} = \\bar v_1 x$ | 2 |\n"
        "| $v_1 = x \\dot x$ | 6 | $\\bar v_1$ | 1 |\n"
    )
    assert adtrace.check(reverse).ok, adtrace.check(reverse)
    assert [m.place[1:] for m in adtrace.check(reverse.replace("x$ | 2 |\n", "x$ | 5 |\n")).mistakes] == [(1, 3)]


@pytest.mark.parametrize("form", ["markdown", "latex", "html"])
@pytest.mark.parametrize("turned", [0, 1, 2])
def test_one_direction_has_one_letter(form: str, turned: int) -> None:
    """D_q in a formula of D_p is a mistake, at whichever name it stands; a table all along q is as right as before."""
    trace = adtrace.trace("ln(x1) + x1*x2 - sin(x2)", at={"x1": 2, "x2": 5})
    table = trace.table(style="directional", format=form, mode="forward")
    letter = "<mi>p</mi>" if form == "html" else "_{p}"
    *_, row = (match for match in re.finditer(r"(?m)^.*$", table) if row_of_v_5(match[0], form))
    places = [match.start() for match in re.finditer(re.escape(letter), row[0])]
    assert len(places) == 3
    at = row.start() + places[turned]
    report = adtrace.check(table[:at] + letter.replace("p", "q") + table[at + len(letter) :])
    wrong = [finding for finding in report.findings if finding.state == "wrong"]
    assert [finding.row for finding in wrong] == ["v_5"]
    assert "along p and q at once" in str(report)
    all_along = adtrace.check(table.replace(letter, letter.replace("p", "q")))
    assert {finding.state for finding in all_along.findings} == {"right"}


def row_of_v_5(line: str, form: str) -> bool:
    """Whether a line is that of v_5 = v_4 - v_3."""
    return ("<mn>5</mn>" if form == "html" else "v_{5} = v_{4}") in line and "4" in line and "3" in line


def test_second_derivatives_of_adjoints_are_not_blamed() -> None:
    """Of a table of order 3 they are not read; they were adjoints, and each of them wrong."""
    table = adtrace.trace("x*sin(x)", {"x": 1}).table(mode="reverse", order=3, format="markdown")
    report = adtrace.check(table, function="x*sin(x)", at={"x": 1})
    assert report.mistakes == ()
    assert report.exit_status == 4
