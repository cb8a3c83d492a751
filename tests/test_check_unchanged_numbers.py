"""`adtrace check` of slips that leave the number as it is: another factor beside 0, an adjoint of another row."""

from __future__ import annotations

import pytest

from adtrace.checking.check import check

SEEDS = """f(x, y) = x*x*y + x at x = 2, y = 3

| v | value | tangent |
|---|---|---|
| x | 2 | 1 |
| y | 3 | 0 |
| a = x·x | 4 | 4 |
| b = a·y | 12 | 12 |
| f = b + x | 14 | 13 |
"""

ADJOINTS = """f(x1, x2) = ln(x1) + x1 x2 - sin(x2) at (x1, x2) = (2, 5)

| v | operation | value | adjoint | = |
|---|---|---|---|---|
| v_{-1} | x1 | 2 | v̄_{-1} = v̄_1 ∂v_1/∂v_{-1} + v̄_2 ∂v_2/∂v_{-1} | 5.5 |
| v_0 | x2 | 5 | v̄_0 = v̄_2 v_{-1} + v̄_3 cos(v_0) | 1.7163 |
| v_1 | ln(v_{-1}) | 0.6931 | v̄_1 = v̄_4 · 1 | 1 |
| v_2 | v_{-1} v_0 | 10 | v̄_2 = v̄_4 ∂v_4/∂v_2 | 1 |
| v_3 | sin(v_0) | -0.9589 | v̄_3 = v̄_5 · (-1) | -1 |
| v_4 | v_1 + v_2 | 10.6931 | v̄_4 = v̄_5 · 1 | 1 |
| v_5 | v_4 - v_3 | 11.6521 | v̄_5 = 1 | 1 |
"""

ZEROS = """| v | rule | value |
|---|---|---|
| x | ∈ R^2 | (1, 2) |
| W | ∈ R^{2×2} | ((1, -1), (0.5, 0.25)) |
| z | W x | ((1, -1), (0.5, 0.25)) (1, 2) = (-1, 1) |
| L | sum(z) | 0 |

| v | rule | tangent |
|---|---|---|
| ẋ | | (1, 0) |
| Ẇ | | ((0, 0), (0, 0)) |
| ż | Ẇ x + W ẋ | ((0, 0), (0, 0)) (1, 2) + ((1, -1), (0.5, 0.25)) (1, 0) = (1, 0.5) |
| L̇ | sum(ż) | 1.5 |
"""

QUOTIENTS = r"""$L = -\sum_i y_i \ln p_i$ with $p = (0.2, 0.5, 0.3)$, $y = (1, 0, 0)$

| v | rule | value |
|---|---|---|
| p | | (0.2, 0.5, 0.3) |
| y | | (1, 0, 0) |
| L | cross_entropy(p, y) | 1.6094 |
| L̄ | 1 | 1 |
| p̄ | -L̄ y / p | (-1 · 1/0.2, -1 · 0/0.5, -1 · 0/0.3) = (-5, 0, 0) |
"""

POOL = r"""$Y = maxpool(X, 2, stride = 1)$

| Forward | evaluation | trace |
|---|---|---|
| $X$ | $\in \mathbb R^{2 \times 3}$ | $= ((1, 1, 1), (1, 1, 1))$ |
| $Y$ | $= \operatorname{maxpool}(X, 2, \mathit{stride} = 1)$ | $= ((1, 1))$ |

| Reverse | adjoint | trace |
|---|---|---|
| $\bar Y$ | | $= ((11, 12))$ |
| $\bar X$ | $= \operatorname{unpool}(\bar Y)$ | $= ((11, 12, 0), (0, 0, 0))$ |
"""

MIXED = """L = a*h + sum(x) at a = 0.5, h = 0, x = (1, 2)

| v | operation | value |
|---|---|---|
| m | a*h | 0.5 * 0 = 0 |
| s | sum(x) | 3 |
| L | m + s | 3 |
"""


KINK = """f(x) = relu(x^2 - 1) at x = 2

| v | operation | value | adjoint | = |
|---|---|---|---|---|
| v_0 | x | 2 | v̄_0 = v̄_1 · 2 v_0 | 4 |
| v_1 | v_0^2 | 4 | v̄_1 = v̄_2 | 1 |
| v_2 | v_1 - 1 | 3 | v̄_2 = v̄_3 [v_2 > 0] | 1 |
| v_3 | relu(v_2) | 3 | v̄_3 = 1 | 1 |
"""


CONVOLVED = """c = x ⋆ k at x = (1, 2, -1, 3, 0.5), k = (1, -1, 2)

| v | rule | value |
|---|---|---|
| x | | (1, 2, -1, 3, 0.5) |
| k | | (1, -1, 2) |
| c | conv1d(x, k) | (-3, 9, -3) |
| L | sum(c^2) | 99 |
| L̄ | 1 | 1 |
| c̄ | 2 c | (-6, 18, -6) |
| x̄ | c̄ * k | (-6, 18, -6) * (1, -1, 2) = (-6, 24, -36, 42, -12) |
| k̄ | x ⋆ c̄ | (36, -48, 57) |
"""

GRADIENT = """Reverse mode of $f(a, b) = a b + 2 a$ at $(a, b) = (5, 3)$.

| variable | gradient |
|---|---|
| a | 5 |
| b | 5 |
"""


PARTS = """f(x, y) = ln(x) + x y - sin(y) at x = 2, y = 5

| v | rule | value | adjoint | rule | value |
|---|---|---|---|---|---|
| v_{-1} | x | 2 | x̄ | v̄_{-1} | 5.5 |
| v_0 | y | 5 | ȳ | v̄_0 | 1.7163 |
| v_1 | ln(v_{-1}) | 0.6931 | v̄_{-1} | v̄_{-1} + v̄_1 / v_{-1} | 5.5 |
| v_2 | v_{-1} v_0 | 10 | v̄_0 | v̄_0 + v̄_2 v_{-1} | 1.7163 |
| | | | v̄_{-1} | v̄_2 v_0 | 5 |
| v_3 | sin(v_0) | -0.9589 | v̄_0 | v̄_3 cos(v_0) | -0.2837 |
| v_4 | v_1 + v_2 | 10.6931 | v̄_1 | v̄_4 | 1 |
| | | | v̄_2 | v̄_4 | 1 |
| v_5 | v_4 - v_3 | 11.6521 | v̄_3 | -v̄_5 | -1 |
| | | | v̄_4 | v̄_5 | 1 |
| f | v_5 | 11.6521 | v̄_5 | 1 | 1 |
"""

TANGENTS = r"""f(x, y) = x y + y at x = 2, y = 5.

| v | value | dot v | value |
|---|---|---|---|
| v1 = x | 2 | \dot{v1} = 1 | 1 |
| v2 = y | 5 | \dot{v2} = 0 | 0 |
| v3 = v1 v2 | 10 | \dot{v3} = \dot{v1} v2 + v1 \dot{v2} | 5 |
| v4 = v3 + v2 | 15 | \dot{v4} = \dot{v3} + \dot{v2} | 5 |
"""


@pytest.mark.parametrize(
    "right", [PARTS, TANGENTS, SEEDS, CONVOLVED, GRADIENT, KINK, ADJOINTS, ZEROS, QUOTIENTS, POOL, MIXED]
)
def test_what_is_right_is_right(right: str) -> None:
    """Nothing is wrong, nothing missing, nothing unread."""
    assert check(right).exit_status == 0


@pytest.mark.parametrize(
    ("right", "old", "new", "said"),
    [
        (SEEDS, "| x | 2 | 1 |", "| x | 2 | -1 |", "right but for its sign"),  # no dy/dx = -F_x/F_y of x by itself
        (ADJOINTS, "v̄_3 = v̄_5", "v̄_3 = v̄_1", "v_3 leads to no v̄_1"),
        (
            PARTS,
            "v̄_3 cos(v_0) | -0.2837",
            "v̄_3 cos(v_0) | 1.7163",
            "1.7163 should be -0.2837",
        ),  # of all that reaches v_0
        (PARTS, "v̄_2 v_0 | 5", "v̄_2 v_0 | 5.5", "5.5 should be 5"),
        (TANGENTS, r"\dot{v3} + \dot{v2} | 5", r"\dot{v3} + \dot{v2} | 1", "1 should be 5"),  # no partial of v3 + v2
        (GRADIENT, "| b | 5 |", "| b | 3 |", "the derivative of a*b by b is a, not b"),  # no value of b
        (CONVOLVED, ", 2) = (-6, 24", ", 1) = (-6, 24", "(-6, 18, -6) * (1, -1, 1) should be"),
        (ADJOINTS, "v̄_4 = v̄_5 · 1", "v̄_4 = v̄_4", "v̄_4 is computed from itself"),
        (KINK, "[v_2 > 0]", "[v_2 > 0.5]", "its condition changes at 0.5, where the function does not"),
        (ADJOINTS, "v̄_1 = v̄_4", "v̄_1 = v̄_1", "v̄_1 is computed from itself"),
        (ADJOINTS, "∂v_4/∂v_2 | 1", "∂v_4/∂v_1 | 1", "v_2 leads to no ∂v_4/∂v_1"),
        (ZEROS, "(1, 2) + ", "(1, 7) + ", "the zeros hide that [1, 7] is no factor of this row's"),
        (ZEROS, "R^{2×2}", "R^4", "its shape is 4 entries, and should be 2 x 2"),
        (QUOTIENTS, "0/0.3", "0/0.2", "the 0 hides that 0.2 is no divisor of this row's"),
        (POOL, "(11, 12, 0)", "(11, 10, 0)", "its entries add up to 21, and what is passed back to 23"),
        (MIXED, "0.5 * 0", "5.5 * 0", "the factor 0 hides that 5.5 is no factor of this row's"),
    ],
)
def test_a_slip_is_told_though_its_number_stays(right: str, old: str, new: str, said: str) -> None:
    """It is wrong at its line alone, with what is wrong of it."""
    assert right.count(old) == 1
    report = check(right.replace(old, new))
    line = right[: right.index(old)].count("\n") + 1
    wrong = [finding for finding in report.findings if finding.state == "wrong"]
    assert [finding.line for finding in wrong] == [line]
    assert said in str(report)


def test_an_adjoint_that_is_added_to_stands_in_its_own_formula() -> None:
    """What was there before is an addend; and the adjoint of an independent variable may stand for another."""
    rows = ADJOINTS.replace("v̄_{-1} = v̄_1 ∂v_1/∂v_{-1} + v̄_2 ∂v_2/∂v_{-1} | 5.5 |", "v̄_{-1} = v̄_2 v_0 | 5 |")
    assert check(f"{rows}| | | | v̄_{{-1}} = v̄_{{-1}} + v̄_1/v_{{-1}} | 5.5 |\n").exit_status == 0
    told = "f(w, x, b) = (w x + b)^2 at w = 2, x = 3, b = 1\n\n| v | value | adjoint | = |\n|---|---|---|---|\n"
    lines = ("p = w x | 6 | p̄ = z̄ | 14", "z = p + b | 7 | z̄ = 2 z | 14", "f = z^2 | 49 | f̄ = 1 | 1",
             "b | 1 | b̄ = z̄ | 14", "w | 2 | w̄ = b̄ x | 42", "x | 3 | x̄ = b̄ w | 28")  # fmt: skip
    assert check(told + "".join(f"| {line} |\n" for line in lines)).exit_status == 0
