"""Notations that the published cases have not: each a table with one planted slip, which alone is found, or none."""

from __future__ import annotations

from typing import NamedTuple

import pytest

import adtrace


class Case(NamedTuple):
    """A table by hand, what it is of, and the mistakes in it by row, kind and cause."""

    functions: list[str]
    at: dict[str, str] | None
    table: str
    mistakes: list[tuple[str, str, str]]


PP6 = ["exp(-(sin(x)-cos(y))^2)"]
PP6_AT = {"x": "pi/2", "y": "pi/3"}

CASES = {
    "gradients as lists, dots behind": Case(
        PP6,
        PP6_AT,
        """
| Trace | Elementary Function | Current Value | Elementary Derivative | grad |
|---|---|---|---|---|
| x1 | x | pi/2 | x1. | [1,0] |
| x2 | y | pi/3 | x2. | [0,1] |
| x3 | sin(x1) | 1 | cos(x1)x1. | [0, 0] |
| x4 | cos(x2) | 1/2 | -sin(x2)x2. | [0, -sqrt(3)/2] |
| x5 | x3 - x4 | 1/2 | x3. - x4. | [0, sqrt(3)/2] |
| x6 | x5^2 | 1/4 | 2x5x5. | [0, sqrt(3)/2] |
| x7 | -x6 | -1/4 | -x6. | [0, sqrt(3)/2] |
| x8 | exp(x7) | e^(-1/4) | exp(x7)x7. | [0, -sqrt(3)/2 e^(-1/4)] |
""",
        [("x_7", "tangent", "sign")],
    ),
    "calls, indices with a hyphen": Case(
        PP6,
        PP6_AT,
        """
| Trace | Elementary Operation | Value | Derivative wrt x | Derivative wrt y |
|---|---|---|---|---|
| v-1 | x | 1.5708 | 1 | 0 |
| v0 | y | 1.0472 | 0 | 1 |
| v1 | sin(v-1) | 1 | 0 | 0 |
| v2 | cos(v0) | 0.5 | 0 | -0.866 |
| v3 | subtract(v1, v2) | 0.5 | 0 | 0.866 |
| v4 | power(v3, 2) | 0.25 | 0 | 0.866 |
| v5 | neg(v4) | -0.25 | 0 | -0.866 |
| v6 | exp(v5) | 0.7788 | 0 | -0.6745 |
""",
        [],
    ),
    "D_p without a subscript sign": Case(
        ["ln(x1)+x1*x2"],
        {"x1": "2", "x2": "5"},
        """
| Trace | Operation | Value | Deriv | Dp value p=(1,0) |
|---|---|---|---|---|
| V-1 | x1 | 2 | DpV-1 | 1 |
| V0 | x2 | 5 | DpV0 | 0 |
| V1 | ln(V-1) | 0.69 | DpV-1/V-1 | 0.5 |
| V2 | V-1*V0 | 10 | V0*DpV-1 + V-1*DpV0 | 5 |
| V3 | V1+V2 | 10.69 | DpV1+DpV2 | 4.5 |
""",
        [("V_3", "tangent", "sign")],
    ),
    "stored partials": Case(
        ["exp(x1*x2)+x1"],
        {"x1": "1", "x2": "2"},
        """
| Node | Current value | Numerical | ∂1 | ∂1 value | ∂2 | ∂2 value |
|---|---|---|---|---|---|---|
| x_1 | x_1 | 1 | 1 | 1 | - | - |
| x_2 | x_2 | 2 | 1 | 1 | - | - |
| x_3 | x_1 x_2 | 2 | x_2 | 2 | x_1 | 1 |
| x_4 | exp(x_3) | e^2 | exp(x_3) | e | - | - |
| x_5 | x_4 + x_1 | e^2+1 | 1 | 1 | 1 | 1 |
""",
        [("x_4", "partial", "e for exp")],
    ),
    "a table for each output": Case(
        ["x^2+y^2", "exp(x+y)"],
        {"x": "1", "y": "1"},
        """
| trace | elem op | value | elem der | grad x | grad y |
|---|---|---|---|---|---|
| x_1 | x | 1 | x_1' | 1 | 0 |
| x_2 | y | 1 | x_2' | 0 | 1 |
| v_1 | x_1^2 | 1 | 2x_1x_1' | 2 | 0 |
| v_2 | x_2^2 | 1 | 2x_2x_2' | 0 | 2 |
| v_3 | v_1+v_2 | 2 | v_1'+v_2' | 2 | 2 |

| trace | elem op | value | elem der | grad x | grad y |
|---|---|---|---|---|---|
| x_1 | x | 1 | x_1' | 1 | 0 |
| x_2 | y | 1 | x_2' | 0 | 1 |
| v_1 | x_1+x_2 | 2 | x_1'+x_2' | 1 | 1 |
| v_2 | exp(v_1) | e^2 | exp(v_1)v_1' | e | e^2 |
""",
        [("v_2", "tangent", "e for exp")],
    ),
    "outputs put together": Case(
        ["x^2+y^2", "exp(x+y)"],
        {"x": "1", "y": "1"},
        """
| trace | elem op | value | grad x | grad y |
|---|---|---|---|---|
| v_{-1} | x | 1 | 1 | 0 |
| v_0 | y | 1 | 0 | 1 |
| v_1 | v_{-1}^2 | 1 | 2 | 0 |
| v_2 | v_0^2 | 1 | 0 | 2 |
| v_3 | v_1+v_2 | 2 | 2 | 2 |
| v_4 | v_{-1}+v_0 | 2 | 1 | 1 |
| v_5 | exp(v_4) | e^2 | e^2 | e^2 |
| v_6 | [v_3, v_5] | [2, e^2] | [2, e^2] | [2, e^2] |
""",
        [],
    ),
    "adjoints as derivatives of y": Case(
        ["x1*x2+sin(x1)"],
        {"x1": "2", "x2": "5"},
        """
| Forward | Value | | Backward | Value |
|---|---|---|---|---|
| v1 = x1 | 2 | | ∂y/∂x1 = ∂y/∂v3 ∂v3/∂v1 + ∂y/∂v4 ∂v4/∂v1 = 5 + cos(2) | 5.416 |
| v2 = x2 | 5 | | ∂y/∂x2 = ∂y/∂v3 ∂v3/∂v2 | 2 |
| v3 = v1 v2 | 10 | | ∂y/∂v3 = 1 | 1 |
| v4 = sin(v1) | 0.909 | | ∂y/∂v4 = 1 | 1 |
| v5 = v3 + v4 | 10.909 | | ∂y/∂v5 = 1 | 1 |
""",
        [("x_1", "adjoint", "arithmetic")],
    ),
    "equations": Case(
        ["x1*x2+sin(x1)"],
        {"x1": "2", "x2": "5"},
        """
v1 = x1*x2 = 2*5 = 10
v2 = sin(x1) = sin(2) = 0.909
y = v1 + v2 = 10.909
dy/dv1 = 1
dy/dv2 = 1
dy/dx1 = dy/dv1 * dv1/dx1 + dy/dv2 * dv2/dx1 = 1*5 + 1*cos(2) = 4.584
dy/dx2 = dy/dv1 * dv1/dx2 = 1*2 = 2
""",
        [],
    ),
    "names and numbers only": Case(
        ["x1*x2+sin(x1)"],
        {"x1": "2", "x2": "5"},
        """
| variable | value | derivative |
|---|---|---|
| v_{-1} | 2 | 1 |
| v_0 | 5 | 0 |
| v_1 | 10 | 5 |
| v_2 | 0.9093 | 0.4161 |
| v_3 | 10.9093 | 5.4161 |
""",
        [("v_2", "tangent", "sign")],
    ),
    "nothing given": Case(
        [],
        None,
        """
| Trace | Elementary Function | Current Value | Elementary Function Derivative | ∇x Value | ∇y Value |
|---|---|---|---|---|---|
| x1 | x1 | 2 | ẋ1 | 1 | 0 |
| x2 | x2 | 3 | ẋ2 | 0 | 1 |
| x3 | x1x2 | 6 | x1ẋ2 + x2ẋ1 | 3 | 2 |
| x4 | ln(x3) | 1.79 | ẋ3/x3 | 0.5 | 0.33 |
| x5 | x4 + x1 | 3.79 | ẋ4 + ẋ1 | 1.5 | 1.33 |
""",
        [("x_5", "tangent", "missing factor")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_notation(name: str) -> None:
    """The mistake that stands in the table is found and named, and nothing else."""
    case = CASES[name]
    report = adtrace.check(case.table, case.at, function=case.functions)
    assert [(m.row, m.kind, m.cause) for m in report.mistakes] == case.mistakes, report.render()
    assert report.problems == []
    assert report.count("right") >= 7
