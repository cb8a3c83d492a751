r"""Tables as different hands write them: a document, what is asked of it, and the mistakes in it.

Each is a whole piece of homework.  ``mistakes`` are the row, the kind of the cell and the cause of every mistake, in
their order; a clean piece has none.
"""

from __future__ import annotations

from typing import NamedTuple


class Hand(NamedTuple):
    """A piece of homework and the mistakes in it by row, kind and cause."""

    document: str
    mistakes: list[tuple[str, str, str]]
    at: dict[str, str] | None = None
    functions: list[str] | None = None


HANDS: dict[str, Hand] = {
    "prose point, v1 names, Leibniz derivatives, value in the operation cell": Hand(
        r"""
## Problem 2

Let f(x, y) = x*y + sin(x). We evaluate the derivative by x at x = 2, y = 5.

| step | primal | tangent |
|---|---|---|
| 1 | v1 = x = 2 | dv1/dx = 1 |
| 2 | v2 = y = 5 | dv2/dx = 0 |
| 3 | v3 = v1·v2 = 2·5 = 10 | dv3/dx = dv1/dx·v2 + v1·dv2/dx = 1·5 + 2·0 = 5 |
| 4 | v4 = sin v1 = sin 2 = 0.909 | dv4/dx = cos v1 · dv1/dx = cos 2 · 1 = −0.416 |
| 5 | v5 = v3 + v4 = 10.909 | dv5/dx = dv3/dx + dv4/dx = 5 − 0.416 = 4.584 |
""",
        [],
    ),
    "prose point, v1 names, Leibniz derivatives, a sign lost": Hand(
        r"""
Let f(x, y) = x*y + sin(x). At x = 2, y = 5:

| | primal | tangent |
|---|---|---|
| 1. | v1 = x = 2 | dv1/dx = 1 |
| 2. | v2 = y = 5 | dv2/dx = 0 |
| 3. | v3 = v1·v2 = 2·5 = 10 | dv3/dx = dv1/dx·v2 + v1·dv2/dx = 1·5 + 2·0 = 5 |
| 4. | v4 = sin v1 = sin 2 = 0.909 | dv4/dx = cos v1 · dv1/dx = cos 2 · 1 = 0.416 |
| 5. | v5 = v3 + v4 = 10.909 | dv5/dx = dv3/dx + dv4/dx = 5 + 0.416 = 5.416 |
""",
        [("v_4", "tangent", "sign")],
    ),
    "latex align, dots, fractions, primal and tangent apart": Hand(
        r"""
\section*{Exercise 3}
Consider $f(x_1,x_2) = \frac{x_1}{x_2} + e^{x_1}$ at $x_1 = 1$, $x_2 = 2$, with $\dot{x}_1 = 1$, $\dot x_2 = 0$.
\begin{tabular}{l|l|l}
\hline
\textbf{Variable} & \textbf{Expression} & \textbf{Value} \\ \hline
$v_{-1}$ & $x_1$ & $1$ \\
$v_0$ & $x_2$ & $2$ \\
$v_1$ & $\dfrac{v_{-1}}{v_0}$ & $\frac{1}{2}$ \\
$v_2$ & $e^{v_{-1}}$ & $e \approx 2{,}718$ \\
$v_3$ & $v_1+v_2$ & $3{,}218$ \\ \hline
\end{tabular}

\begin{tabular}{l|l|l}
\hline
\textbf{Tangent} & \textbf{Expression} & \textbf{Value} \\ \hline
$\dot v_{-1}$ & $\dot x_1$ & $1$ \\
$\dot v_0$ & $\dot x_2$ & $0$ \\
$\dot v_1$ & $\dfrac{\dot v_{-1} v_0 - v_{-1}\dot v_0}{v_0^2}$ & $\frac{1\cdot 2 - 1\cdot 0}{4} = \frac{1}{2}$ \\
$\dot v_2$ & $e^{v_{-1}}\dot v_{-1}$ & $2{,}718$ \\
$\dot v_3$ & $\dot v_1+\dot v_2$ & $3{,}218$ \\ \hline
\end{tabular}
""",
        [],
    ),
    "pp6 e for e squared, w letters, primes": Hand(
        r"""
**f(x,y) = exp(x*y) + x**, point (x, y) = (1, 2), derivative w.r.t. x

| name | op | value | derivative | value of derivative |
|---|---|---|---|---|
| w1 | x | 1 | w1' | 1 |
| w2 | y | 2 | w2' | 0 |
| w3 | w1w2 | 2 | w1'w2 + w1w2' | 2 |
| w4 | e^w3 | e^2 | e^w3 w3' | 2e |
| w5 | w4 + w1 | e^2 + 1 | w4' + w1' | 2e + 1 |
""",
        [("w_4", "tangent", "e for exp")],
    ),
    "w with underscores, primes, two gradients, exact": Hand(
        r"""
Function: `f(x, y) = exp(-(sin(x)-cos(y))^2)`, at `x = pi/2`, `y = pi/3`

| Trace | Elementary Function | Current Value | Elementary Function Derivative | ∇x Value | ∇y Value |
|:---:|:---:|:---:|:---:|:---:|:---:|
| $w_1$ | $x$ | $\pi/2$ | $w_1'$ | 1 | 0 |
| $w_2$ | $y$ | $\pi/3$ | $w_2'$ | 0 | 1 |
| $w_3$ | $\sin w_1$ | 1 | $\cos(w_1) w_1'$ | 0 | 0 |
| $w_4$ | $\cos w_2$ | 1/2 | $-\sin(w_2) w_2'$ | 0 | $-\sqrt{3}/2$ |
| $w_5$ | $w_3-w_4$ | .5 | $w_3' - w_4'$ | 0 | $\frac{\sqrt3}{2}$ |
| $w_6$ | $w_5^2$ | .25 | $2 w_5 w_5'$ | 0 | .866 |
| $w_7$ | $-w_6$ | -.25 | $-w_6'$ | 0 | -.866 |
| $w_8$ | $e^{w_7}$ | .778 | $e^{w_7} w_7'$ | 0 | -.674 |
""",
        [],
    ),
    "reverse from the bottom up, arrows and bold": Hand(
        r"""
# Backprop by hand

f(x1, x2) = ln(x1) + x1 x2 − sin(x2), evaluated at (x1, x2) = (2, 5)

| ↓ Forward | | **value** |
|---|---|---|
| **v−1** | = x1 | = 2 |
| **v0** | = x2 | = 5 |
| **v1** | = ln v−1 | = 0.6931 |
| **v2** | = v−1 × v0 | = 10 |
| **v3** | = sin v0 | = −0.9589 |
| **v4** | = v1 + v2 | = 10.6931 |
| **v5** | = v4 − v3 | = 11.6521 |
| **y** | = v5 | = 11.6521 |

| ↑ Reverse | | **value** |
|---|---|---|
| x̄1 | = v̄−1 | = 5.5 |
| x̄2 | = v̄0 | = 1.7163 |
| v̄−1 | = v̄1 / v−1 + v̄2 v0 | = 1/2 + 5 = 5.5 |
| v̄0 | = v̄2 v−1 + v̄3 cos v0 | = 2 − 0.2837 = 1.7163 |
| v̄1 | = v̄4 · 1 | = 1 |
| v̄2 | = v̄4 · 1 | = 1 |
| v̄3 | = v̄5 · (−1) | = −1 |
| v̄4 | = v̄5 · 1 | = 1 |
| v̄5 | = ȳ | = 1 |
""",
        [],
    ),
    "reverse with a missing path": Hand(
        r"""
f(x1, x2) = ln(x1) + x1 x2 − sin(x2), evaluated at (x1, x2) = (2, 5)

| variable | operation | value |
|---|---|---|
| v−1 | x1 | 2 |
| v0 | x2 | 5 |
| v1 | ln v−1 | 0.693 |
| v2 | v−1 × v0 | 10 |
| v3 | sin v0 | −0.959 |
| v4 | v1 + v2 | 10.693 |
| v5 | v4 − v3 | 11.652 |

| adjoint | formula | value |
|---|---|---|
| v̄5 | 1 | 1 |
| v̄4 | v̄5 · 1 | 1 |
| v̄3 | v̄5 · (−1) | −1 |
| v̄2 | v̄4 · 1 | 1 |
| v̄1 | v̄4 · 1 | 1 |
| v̄0 | v̄2 v−1 + v̄3 cos v0 | 1.716 |
| v̄−1 | v̄2 v0 | 5 |
""",
        [("v_{-1}", "adjoint formula", "missing path")],
    ),
    "ledger with += and running totals": Hand(
        r"""
$$f(x, y) = x^2 y + y$$ at $x=3$, $y=2$.

| name | formula | value |
|---|---|---|
| a | x | 3 |
| b | y | 2 |
| c | a^2 | 9 |
| d | c*b | 18 |
| g | d + b | 20 |

| Step | Adjoint computation | Value |
|---|---|---|
| 1 | \bar{g} = 1 | 1 |
| 2 | \bar{d} += \bar{g} | 1 |
| 3 | \bar{b} += \bar{g} | 1 |
| 4 | \bar{c} += \bar{d} b | 2 |
| 5 | \bar{b} += \bar{d} c | 10 |
| 6 | \bar{a} += 2 a \bar{c} | 12 |
""",
        [],
    ),
    "D_p two columns, quotient rule, decimals cut": Hand(
        r"""
Compute D_p f for f(x1,x2) = x1/x2 + cos(x1), x1 = 3, x2 = 4, p = (1, 0).

| Forward primal trace | Value | Forward tangent trace | p = [1,0] | p = [0,1] |
|---|---|---|---|---|
| $v_{-1} = x_1$ | 3 | $D_p v_{-1} = p_1$ | 1 | 0 |
| $v_0 = x_2$ | 4 | $D_p v_0 = p_2$ | 0 | 1 |
| $v_1 = v_{-1}/v_0$ | 0.75 | $D_p v_1 = (v_0 D_p v_{-1} - v_{-1} D_p v_0)/v_0^2$ | 0.25 | -0.187 |
| $v_2 = \cos(v_{-1})$ | -0.989 | $D_p v_2 = -\sin(v_{-1}) D_p v_{-1}$ | -0.141 | 0 |
| $v_3 = v_1 + v_2$ | -0.239 | $D_p v_3 = D_p v_1 + D_p v_2$ | 0.108 | -0.187 |
""",
        [],
    ),
    "swapped seeds": Hand(
        r"""
f(x,y) = x^2 + 3xy at x=1, y=2

| v | expr | val | d/dx | d/dy |
|---|---|---|---|---|
| v1 | x | 1 | 0 | 1 |
| v2 | y | 2 | 1 | 0 |
| v3 | v1^2 | 1 | 0 | 2 |
| v4 | 3 v1 v2 | 6 | 3 | 6 |
| v5 | v3+v4 | 7 | 3 | 8 |
""",
        [("v_1", "tangent", "swapped seeds")],
    ),
    "degrees": Hand(
        r"""
### c) $g(u, v) = u \sin(v)$ for $u = 3$, $v = 2$

| step | computation | value | dot | comment |
|---|---|---|---|---|
| $z_1$ | $u$ | 3 | 1 | seed |
| $z_2$ | $v$ | 2 | 0 | |
| $z_3$ | $\sin z_2$ | 0.0349 | 0 | no u in it |
| $z_4$ | $z_1 \cdot z_3$ | 0.1047 | 0.0349 | product rule |
""",
        [("z_3", "value", "degrees")],
    ),
    "copied value in the derivative column, code ticks": Hand(
        r"""
`f(x) = x^2 * exp(x)`, at `x = 1`

| `row` | `code` | `val` | `dot` |
|---|---|---|---|
| `t0` | `x` | `1` | `1` |
| `t1` | `t0**2` | `1` | `1` |
| `t2` | `exp(t0)` | `2.718` | `2.718` |
| `t3` | `t1*t2` | `2.718` | `5.437` |
""",
        [("t_1", "tangent", "copied")],
    ),
    "wrong operand, python names v1_dot": Hand(
        r"""
f(a,b,c) = (a+b)*(b+c), a=1, b=2, c=4

| v | | | v_dot | |
|---|---|---|---|---|
| v1 = a | 1 | | v1_dot = 1 | 1 |
| v2 = b | 2 | | v2_dot = 0 | 0 |
| v3 = c | 4 | | v3_dot = 0 | 0 |
| v4 = v1 + v2 | 3 | | v4_dot = v1_dot + v2_dot | 1 |
| v5 = v1 + v3 | 5 | | v5_dot = v1_dot + v3_dot | 1 |
| v6 = v4*v5 | 15 | | v6_dot = v4_dot*v5 + v4*v5_dot | 8 |
""",
        [("v_5", "operation", "operand")],
    ),
    "a table for each output": Hand(
        r"""
Jacobian of f at x = 2, y = 1.

f_1(x, y) = x^2*y

| v | op | val | dx | dy |
|---|---|---|---|---|
| v1 | x | 2 | 1 | 0 |
| v2 | y | 1 | 0 | 1 |
| v3 | v1^2 | 4 | 4 | 0 |
| v4 | v3 v2 | 4 | 4 | 4 |

f_2(x, y) = ln(x) - y

| v | op | val | dx | dy |
|---|---|---|---|---|
| v1 | x | 2 | 1 | 0 |
| v2 | y | 1 | 0 | 1 |
| v3 | ln v1 | 0.6931 | 0.5 | 0 |
| v4 | v3 - v2 | -0.3069 | 0.5 | 1 |
""",
        [("v_4", "tangent", "sign")],
    ),
    "aligned reverse with partial signs": Hand(
        r"""
f(x1,x2) = x1*x2 + x2^3 at x1 = -2, x2 = 1

| Forward | value | Backward | value |
|---|---|---|---|
| v1 = x1 | -2 | ∂f/∂v1 = ∂f/∂v3 · v2 | 1 |
| v2 = x2 | 1 | ∂f/∂v2 = ∂f/∂v3 · v1 + ∂f/∂v4 · 3v2² | -2 + 3 = 1 |
| v3 = v1 v2 | -2 | ∂f/∂v3 = ∂f/∂v5 · 1 | 1 |
| v4 = v2³ | 1 | ∂f/∂v4 = ∂f/∂v5 · 1 | 1 |
| v5 = v3 + v4 | -1 | ∂f/∂v5 | 1 |
""",
        [],
    ),
    "latex align environment, v1 names without braces": Hand(
        r"""
Let $f(x, y) = \sqrt{x^2 + y^2}$ at the point $(3, 4)$.
\begin{align*}
v_1 &= x = 3 & \dot{v}_1 &= 1 \\
v_2 &= y = 4 & \dot{v}_2 &= 0 \\
v_3 &= v_1^2 = 9 & \dot{v}_3 &= 2 v_1 \dot{v}_1 = 6 \\
v_4 &= v_2^2 = 16 & \dot{v}_4 &= 2 v_2 \dot{v}_2 = 0 \\
v_5 &= v_3 + v_4 = 25 & \dot{v}_5 &= \dot{v}_3 + \dot{v}_4 = 6 \\
v_6 &= \sqrt{v_5} = 5 & \dot{v}_6 &= \frac{\dot{v}_5}{2\sqrt{v_5}} = 0.6
\end{align*}
""",
        [],
    ),
    "latex reverse with a lost minus in the partial": Hand(
        r"""
\begin{table}
\caption{Reverse mode for $f(x_1, x_2) = \cos(x_1 x_2)$ at $x_1 = 2$, $x_2 = 0.5$}
\begin{tabular}{|c|c|c|c|c|c|}
\hline
 & Primal & Value & & Adjoint & Value \\
\hline
$v_1$ & $x_1$ & $2$ & $\bar v_1$ & $\bar v_3 v_2$ & $0.4207$ \\
$v_2$ & $x_2$ & $0.5$ & $\bar v_2$ & $\bar v_3 v_1$ & $1.6829$ \\
$v_3$ & $v_1 v_2$ & $1$ & $\bar v_3$ & $\bar v_4 \sin(v_3)$ & $0.8415$ \\
$v_4$ & $\cos v_3$ & $0.5403$ & $\bar v_4$ & $1$ & $1$ \\
\hline
\end{tabular}
\end{table}
""",
        [("v_3", "adjoint formula", "sign")],
    ),
    "five cosines, working in the cell, negative angle": Hand(
        r"""
Function f(x, y) = 5cos(x) + y^2, point x = pi, y = -3.

Trace | Operation | Value | Derivative | df/dx | df/dy
--- | --- | --- | --- | --- | ---
x_1 | x | pi | 1 | 1 | 0
x_2 | y | -3 | 1 | 0 | 1
x_3 | 5cos(x_1) | 5cos(pi) = 5 | -5sin(x_1)x_1' | 0 | 0
x_4 | x_2^2 | 9 | 2x_2x_2' | 0 | -6
x_5 | x_3 + x_4 | 14 | x_3' + x_4' | 0 | -6
""",
        [("x_3", "value", "sign")],
    ),
    "sigmoid by pieces, thin spaces, decimal commas": Hand(
        r"""
$$\sigma(z) = \frac{1}{1+e^{-z}}, \quad z = w x + b$$ with w = 0.5, x = 2, b = -1.5

| var | formula | value | derivative | ∂/∂w |
|---|---|---|---|---|
| v1 | w | 0,5 | dv1 | 1 |
| v2 | x | 2 | dv2 | 0 |
| v3 | b | −1,5 | dv3 | 0 |
| v4 | v1 · v2 | 1 | v2 dv1 + v1 dv2 | 2 |
| v5 | v4 + v3 | −0,5 | dv4 + dv3 | 2 |
| v6 | exp(−v5) | 1,6487 | −exp(−v5) dv5 | −3,2974 |
| v7 | 1 + v6 | 2,6487 | dv6 | −3,2974 |
| v8 | 1/v7 | 0,3775 | −dv7/v7² | 0,4700 |
""",
        [],
        {"w": "0.5", "x": "2", "b": "-1.5"},
        ["1/(1+exp(-(w*x+b)))"],
    ),
    "product rule with a factor left out, v-dot unicode": Hand(
        r"""
Given y = x1 · x1 · x2 − x2, x1 = 3, x2 = 2, ẋ1 = 1, ẋ2 = 0

| v | | v̇ | |
|---|---|---|---|
| v₋₁ = x₁ | 3 | v̇₋₁ = ẋ₁ | 1 |
| v₀ = x₂ | 2 | v̇₀ = ẋ₂ | 0 |
| v₁ = v₋₁² | 9 | v̇₁ = v₋₁ · v̇₋₁ | 3 |
| v₂ = v₁ · v₀ | 18 | v̇₂ = v̇₁ v₀ + v₁ v̇₀ | 6 |
| v₃ = v₂ − v₀ | 16 | v̇₃ = v̇₂ − v̇₀ | 6 |
| y = v₃ | 16 | ẏ = v̇₃ | 6 |
""",
        [("v_1", "tangent formula", "missing factor")],
    ),
}
