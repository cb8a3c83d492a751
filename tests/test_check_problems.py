"""Several problems in one document: each table is judged by the function and the point above it.

The numbers are of plain Python: x y + sin x at (2, 3) is 6 + 0.9093 = 6.9093; x e^y at (3, 0.5) is 3 * 1.6487 = 4.9462,
by x 1.6487, by y 4.9462; x / y at (1, 4) is 0.25, by x 0.25, by y -0.0625.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from answers import states
from samples import in_turn
from test_check_unusual import NETWORK

import adtrace

FIRST = """\
$f(x, y) = x y + \\sin x$ at $(x, y) = (2, 3)$

| row | operation | value |
|---|---|---|
| $v_{-1}$ | $x$ | 2 |
| $v_0$ | $y$ | 3 |
| $v_1$ | $v_{-1} v_0$ | 6 |
| $v_2$ | $\\sin v_{-1}$ | 0.9093 |
| $v_3$ | $v_1 + v_2$ | 6.9093 |
"""
SECOND = """\
$f(x, y) = x e^y$ at $(x, y) = (3, 0.5)$

| row | operation | value | adjoint |
|---|---|---|---|
| $v_{-1}$ | $x$ | 3 | 1.6487 |
| $v_0$ | $y$ | 0.5 | 4.9462 |
| $v_1$ | $e^{v_0}$ | 1.6487 | 3 |
| $v_2$ | $v_{-1} v_1$ | 4.9462 | 1 |
"""
THIRD = """\
Let $g(x, y) = x/y$.

Here $x = 1$ and $y = 4$.

- $v_1 = x = 1$
- $v_2 = y = 4$
- $v_3 = v_1/v_2 = 0.25$
- $\\bar v_3 = 1$
- $\\bar v_2 = -\\bar v_3 v_1/v_2^2 = -0.0625$
- $\\bar v_1 = \\bar v_3/v_2 = 0.25$
"""
LATEX = r"""
\section{One}
Compute $f(x, y) = x y + \sin x$ at $(x, y) = (2, 3)$.
\begin{tabular}{lll}
row & operation & value \\ \hline
$v_{-1}$ & $x$ & $2$ \\
$v_0$ & $y$ & $3$ \\
$v_1$ & $v_{-1} v_0$ & $6$ \\
$v_2$ & $\sin v_{-1}$ & $0.9093$ \\
$v_3$ & $v_1 + v_2$ & $6.9093$ \\
\end{tabular}
That is all.
\section{Two}
At $x = 3$ and $y = 0.5$ the function is $f(x, y) = x e^y$.
\begin{tabular}{lll}
row & operation & value \\ \hline
$v_{-1}$ & $x$ & $3$ \\
$v_0$ & $y$ & $0.5$ \\
$v_1$ & $e^{v_0}$ & $1.6487$ \\
$v_2$ & $v_{-1} v_1$ & $4.9462$ \\
\end{tabular}
"""
SLIPS = {
    "0.9093": "0.9903", "6.9093": "6.9903", "1.6487": "1.4687", "4.9462": "4.9426", "0.0625": "0.0652", "0.25": "0.52",
    "= -4": "= -8",
}  # fmt: skip
DOCUMENTS = {
    "titles": f"## Problem 1\n\n{FIRST}\n## Problem 2\n\n{SECOND}\n## Problem 3\n\n{THIRD}",
    "no titles": f"{FIRST}\n{SECOND}\n{THIRD}",
    "another order": f"**1.** {THIRD}\nSo much for that.\n\n**2.** {FIRST}\n**3.** {SECOND}",
    "sections": LATEX,
    "sentences": f"## A\n\n{NETWORK}\nThus all is done.\n\n## B\n\n{FIRST}\n## C\n\n{SECOND}",
    "sentences in between": f"{FIRST}\n## B\n\n{NETWORK}\n{SECOND}",
}


def changed(text: str) -> Iterator[tuple[str, str, int]]:
    """The document with one number changed at a time, the number, and its line."""
    lines = text.split("\n")
    for number, wrong in SLIPS.items():
        for k, line in enumerate(lines):
            if number in line:
                yield "\n".join([*lines[:k], line.replace(number, wrong, 1), *lines[k + 1 :]]), number, k + 1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_problem_has_its_function_and_its_point(name: str) -> None:
    """All is right, and every problem is told; one changed number, each of two documents, is the one mistake."""
    document = DOCUMENTS[name]
    report = adtrace.check(document)
    assert report.ok, report
    assert str(report).count("judged as") == document.count("(x, y) = x") + document.count("tanh(w"), report
    for wrong, number, line in in_turn([*changed(document)], [*DOCUMENTS].index(name) + 1, 4):
        made = adtrace.check(wrong)
        places = {place for place, state in states(made).items() if state == "wrong"}
        assert {place[0] for place in places} == {line}, f"{number} in line {line}\n{made}"


def test_a_table_alone_has_the_function_above_it() -> None:
    """``--table 2`` is judged by the second problem; a function that the caller tells is that of all tables."""
    two = f"{FIRST}\n{SECOND}"
    report = adtrace.check(two, table=2)
    assert report.ok, report
    assert "x*exp(y)" in str(report) or "x*e^y" in str(report), report
    assert not adtrace.check(two, {"x": 2, "y": 3}, function="x*y + sin(x)").ok


@pytest.mark.parametrize("said", ["With $z = v_3$ we get", "$y = v_3$, so that", "Since $f(x, y) = v_3$:"])
def test_a_formula_in_the_prose_is_no_other_problem(said: str) -> None:
    """What is said of the rows above the second table is no function of its own; nor is the variable y a row."""
    reverse = "| row | adjoint |\n|---|---|\n| $v_3$ | 1 |\n| $v_2$ | 1 |\n| $v_1$ | 1 |\n| $v_0$ | 2 |\n"
    right = f"{FIRST}\n## Reverse\n\n{said}\n\n{reverse}| $v_{{-1}}$ | 2.5839 |\n"
    assert adtrace.check(right).ok, adtrace.check(right)
    wrong = adtrace.check(right.replace("2.5839", "2.5389"))
    assert [mistake.row for mistake in wrong.mistakes] == ["v_{-1}"], wrong


DESCENT = r"""Gradient descent for $f(x,y) = x^2 + xy + y^2$ with $\eta = 0.1$ starting at $(x_0, y_0) = (1, -2)$:

| step | $(x, y)$ | $f$ | $\nabla f$ | new $(x, y)$ |
|---|---|---|---|---|
| 0 | (1, -2) | 3 | (0, -3) | (1, -1.7) |
| 1 | (1, -1.7) | 2.19 | (0.3, -2.2) | (0.97, -1.46) |
"""


@pytest.mark.parametrize("above", [
    "", "| name | mark |\n|---|---|\n| Ann | good |\n\n",
    "Input 28x28x1\n\n| Layer | Output | Parameters |\n|---|---|---|\n| Conv2D(8, 3) | 26x26x8 | 80 |\n\n",
])  # fmt: skip
def test_steps_are_the_same_below_another_table(above: str) -> None:
    """What the steps leave of the prose above them was asked of them nevertheless, and right steps were blamed."""
    line = above.count("\n") + 6
    assert [mistake.line for mistake in adtrace.check(above + DESCENT).mistakes] == [line]
