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
        [("v_5", "operation", "operation")],
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
        [("v_3", "adjoint formula", "sign"), ("v_3", "adjoint", "sign")],
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
        [("v_1", "tangent formula", "local partial"), ("v_1", "tangent", "local partial")],
    ),
    "x prime, arrows, a remark in brackets": Hand(
        r"""
*Task.* Differentiate f(x) = ln(x^2 + 1) · x at x = 1.

| | variable | → value | → derivative | comment |
|---|---|---|---|---|
| 1 | x | 1 | x' = 1 | start |
| 2 | a = x² | 1 | a' = 2x·x' = 2 | power rule |
| 3 | b = a + 1 | 2 | b' = a' = 2 | |
| 4 | c = ln b | 0,693 | c' = b'/b = 1 | chain rule |
| 5 | f = c·x | 0,693 | f' = c'x + c x' = 1,693 | product rule |
""",
        [],
    ),
    "latex array, derivative with respect to both, quotient by a wrong square": Hand(
        r"""
Compute the gradient of $f(x,y)=\frac{\sin x}{y}$ at $(x,y)=(\pi/6, 2)$.
\[
\begin{array}{|c|c|c|c|c|}
\hline
\text{var} & \text{operation} & \text{value} & \partial/\partial x & \partial/\partial y\\
\hline
v_{-1} & x & \pi/6 & 1 & 0\\
v_0 & y & 2 & 0 & 1\\
v_1 & \sin v_{-1} & 0.5 & \sqrt{3}/2 & 0\\
v_2 & v_1/v_0 & 0.25 & \sqrt{3}/4 & -0.25\\
\hline
\end{array}
\]
""",
        [("v_2", "tangent", "local partial")],
    ),
    "delta notation, reverse list under the table": Hand(
        r"""
f(x,y)=(x+y)*y, x=1, y=3

| w | = | val |
|---|---|---|
| w1 | x | 1 |
| w2 | y | 3 |
| w3 | w1+w2 | 4 |
| w4 | w3*w2 | 12 |

Reverse:

| adjoint | = | val |
|---|---|---|
| w4_bar | 1 | 1 |
| w3_bar | w4_bar*w2 | 3 |
| w2_bar | w4_bar*w3 + w3_bar | 7 |
| w1_bar | w3_bar | 3 |
""",
        [],
    ),
    "an extra path": Hand(
        r"""
f(x,y)=(x+y)*y, x=1, y=3

| w | = | val |
|---|---|---|
| w1 | x | 1 |
| w2 | y | 3 |
| w3 | w1+w2 | 4 |
| w4 | w3*w2 | 12 |

| adjoint | = | val |
|---|---|---|
| w4_bar | 1 | 1 |
| w3_bar | w4_bar*w2 | 3 |
| w2_bar | w4_bar*w3 + w3_bar | 7 |
| w1_bar | w3_bar + w4_bar | 4 |
""",
        [("w_1", "adjoint formula", "extra path"), ("w_1", "adjoint", "extra path")],
    ),
    "reverse as dy/dv quotients, chain written out": Hand(
        r"""
$y = x_1 x_2 + \sin(x_1)$, $x_1 = 2$, $x_2 = 3$

| $v$ | $=$ | value |
|---|---|---|
| $v_1$ | $x_1$ | 2 |
| $v_2$ | $x_2$ | 3 |
| $v_3$ | $v_1 v_2$ | 6 |
| $v_4$ | $\sin(v_1)$ | 0.909 |
| $v_5$ | $v_3 + v_4$ | 6.909 |

| $\frac{dy}{dv_i}$ | chain rule | value |
|---|---|---|
| $\frac{dy}{dv_5}$ | $1$ | 1 |
| $\frac{dy}{dv_4}$ | $\frac{dy}{dv_5}\frac{dv_5}{dv_4}$ | 1 |
| $\frac{dy}{dv_3}$ | $\frac{dy}{dv_5}\frac{dv_5}{dv_3}$ | 1 |
| $\frac{dy}{dv_2}$ | $\frac{dy}{dv_3} v_1$ | 2 |
| $\frac{dy}{dv_1}$ | $\frac{dy}{dv_3} v_2 + \frac{dy}{dv_4}\cos(v_1)$ | 2.584 |
""",
        [],
    ),
    "plain equations, forward then reverse": Hand(
        r"""
f(x1, x2) = x1*x2 - exp(x2) at x1 = 4, x2 = 0

v1 = x1 = 4
v2 = x2 = 0
v3 = v1*v2 = 0
v4 = e^v2 = 1
v5 = v3 - v4 = -1

v5bar = 1
v4bar = -v5bar = -1
v3bar = v5bar = 1
v2bar = v3bar*v1 + v4bar*e^v2 = 4 - 1 = 3
v1bar = v3bar*v2 = 0
""",
        [],
    ),
    "leading tangents headed by d over dx, Leibniz in the cells, a sign lost": Hand(
        r"""
f(x,y) = x y^2 - y; x = 2; y = -1

| Var | Expression | Value | d/dx expr | d/dx | d/dy expr | d/dy |
|---|---|---|---|---|---|---|
| v1 | x | 2 | 1 | 1 | 0 | 0 |
| v2 | y | -1 | 0 | 0 | 1 | 1 |
| v3 | v2^2 | 1 | 2 v2 dv2/dx | 0 | 2 v2 dv2/dy | -2 |
| v4 | v1 v3 | 2 | dv1/dx v3 + v1 dv3/dx | 1 | dv1/dy v3 + v1 dv3/dy | -4 |
| v5 | v4 - v2 | 1 | dv4/dx - dv2/dx | 1 | dv4/dy - dv2/dy | -5 |
""",
        [("v_5", "value", "sign")],
    ),
    "html subscripts and bold, tan, negative point": Hand(
        r"""
**Q1.** f(x) = tan(x) − x at x = −1

| **i** | **v<sub>i</sub>** | **expression** | **value** | **v̇<sub>i</sub>** | **value** |
|---|---|---|---|---|---|
| 1 | v<sub>1</sub> | x | −1 | ẋ | 1 |
| 2 | v<sub>2</sub> | tan(v<sub>1</sub>) | −1.5574 | v̇<sub>1</sub>/cos²(v<sub>1</sub>) | 3.4255 |
| 3 | v<sub>3</sub> | v<sub>2</sub> − v<sub>1</sub> | −0.5574 | v̇<sub>2</sub> − v̇<sub>1</sub> | 2.4255 |
""",
        [],
    ),
    "arithmetic slip carried on": Hand(
        r"""
f(a, b) = a^3 + 2b at a = 3, b = 4

| name | formula | value | derivative w.r.t. a |
|---|---|---|---|
| t1 | a | 3 | 1 |
| t2 | b | 4 | 0 |
| t3 | t1^3 | 9 | 27 |
| t4 | 2t2 | 8 | 0 |
| t5 | t3 + t4 | 17 | 27 |
""",
        [("t_3", "value", "function")],
    ),
    "csv with a semicolon and decimal commas": Hand(
        """name;operation;value;tangent
v1;x;0,5;1
v2;v1^2;0,25;1
v3;exp(v2);1,284;1,284
""",
        [],
        {"x": "0.5"},
        ["exp(x^2)"],
    ),
    "tabular with the operation in the name cell and numbers substituted, seed by heading": Hand(
        r"""
\textbf{2.} $f(x_1,x_2)=\frac{x_1}{x_2}-\cos(x_2)$, $(x_1,x_2)=(1,\pi)$, $\dot{x}=(0,1)$

\begin{tabular}{ll|ll}
\multicolumn{2}{c|}{Primal} & \multicolumn{2}{c}{Tangent}\\\hline
$w_1=x_1$ & $=1$ & $\dot w_1=\dot x_1$ & $=0$\\
$w_2=x_2$ & $=\pi$ & $\dot w_2=\dot x_2$ & $=1$\\
$w_3=w_1/w_2$ & $=1/\pi=0.318$ & $\dot w_3=\dot w_1/w_2-w_1\dot w_2/w_2^2$ & $=-1/\pi^2=-0.101$\\
$w_4=\cos w_2$ & $=-1$ & $\dot w_4=-\sin(w_2)\dot w_2$ & $=0$\\
$w_5=w_3-w_4$ & $=-0.682$ & $\dot w_5=\dot w_3-\dot w_4$ & $=-0.101$\\
\end{tabular}
""",
        [("w_5", "value", "sign")],
    ),
    "ledger with a missing path": Hand(
        r"""
$f(x, y) = x y + \ln x$ at $(2, 3)$.

| row | formula | value |
|---|---|---|
| v1 | x | 2 |
| v2 | y | 3 |
| v3 | v1*v2 | 6 |
| v4 | ln v1 | 0.693 |
| v5 | v3+v4 | 6.693 |

| step | update | value |
|---|---|---|
| 1 | v5_bar = 1 | 1 |
| 2 | v4_bar += v5_bar | 1 |
| 3 | v3_bar += v5_bar | 1 |
| 4 | v2_bar += v3_bar * v1 | 2 |
| 5 | v1_bar += v3_bar * v2 | 3 |
""",
        [("v_1", "adjoint formula", "missing path")],
    ),
    "function in a heading with y equals, inputs not tabulated as rows": Hand(
        r"""
# Trace of $y = \ln(x_1 x_2) + x_2$ for $x_1 = 2$ and $x_2 = 3$

| Row | Operation | Value | Tangent ($\dot x_1 = 1$) |
|---|---|---|---|
| $x_1$ | | 2 | 1 |
| $x_2$ | | 3 | 0 |
| $v_1$ | $x_1 x_2$ | 6 | 3 |
| $v_2$ | $\ln v_1$ | 1.792 | 0.5 |
| $v_3$ | $v_2 + x_2$ | 4.792 | 0.5 |
""",
        [],
    ),
    "tangent formulas with numbers put in, a wrong number put in": Hand(
        r"""
f(x, y) = x^2 y + e^y, x = 3, y = 1, seed (1, 0)

| Primal | | Tangent | |
|---|---|---|---|
| v₁ = x | = 3 | v̇₁ | = 1 |
| v₂ = y | = 1 | v̇₂ | = 0 |
| v₃ = v₁² | = 3² = 9 | v̇₃ = 2 v₁ v̇₁ | = 2·3·1 = 6 |
| v₄ = v₃ v₂ | = 9·1 = 9 | v̇₄ = v̇₃ v₂ + v₃ v̇₂ | = 6·1 + 9·1 = 15 |
| v₅ = eʸ | = 2.718 | v̇₅ = eʸ v̇₂ | = 0 |
| v₆ = v₄ + v₅ | = 11.718 | v̇₆ = v̇₄ + v̇₅ | = 15 |
""",
        [("v_4", "tangent", "missing factor")],
    ),
    "latex align with two families and approx": Hand(
        r"""
We consider $f(x_1,x_2)=x_1^2+\sin(x_1x_2)$ at $x_1=1,\ x_2=2$. The forward trace is
\begin{align}
  v_{-1} &= x_1 = 1\\
  v_0 &= x_2 = 2\\
  v_1 &= v_{-1}^2 = 1\\
  v_2 &= v_{-1}v_0 = 2\\
  v_3 &= \sin v_2 \approx 0.9093\\
  v_4 &= v_1+v_3 \approx 1.9093
\end{align}
and the reverse trace
\begin{align}
  \bar v_4 &= \bar y = 1\\
  \bar v_3 &= \bar v_4\frac{\partial v_4}{\partial v_3} = 1\\
  \bar v_1 &= \bar v_4\frac{\partial v_4}{\partial v_1} = 1\\
  \bar v_2 &= \bar v_3\cos v_2 \approx -0.4161\\
  \bar v_0 &= \bar v_2 v_{-1} \approx -0.4161\\
  \bar v_{-1} &= \bar v_2v_0+2\bar v_1v_{-1} \approx 1.1677
\end{align}
""",
        [],
    ),
    "align reverse with a path lost in the number only": Hand(
        r"""
We consider $f(x_1,x_2)=x_1^2+\sin(x_1x_2)$ at $x_1=1,\ x_2=2$.
\begin{align*}
  v_1 &= x_1 = 1\\
  v_2 &= x_2 = 2\\
  v_3 &= v_1^2 = 1\\
  v_4 &= v_1v_2 = 2\\
  v_5 &= \sin v_4 = 0.9093\\
  v_6 &= v_3+v_5 = 1.9093
\end{align*}
\begin{align*}
  \bar v_6 &= 1\\
  \bar v_5 &= \bar v_6 = 1\\
  \bar v_3 &= \bar v_6 = 1\\
  \bar v_4 &= \bar v_5\cos v_4 = -0.4161\\
  \bar v_2 &= \bar v_4 v_1 = -0.4161\\
  \bar v_1 &= \bar v_4v_2+2\bar v_3v_1 = -0.8323
\end{align*}
""",
        [("v_1", "adjoint", "missing path")],
    ),
    "dv1 rows below the primal rows in one table": Hand(
        r"""
g(x, z) = 3x + x z^2, at x = 2, z = 3

| name | formula | number |
|---|---|---|
| v1 | x | 2 |
| v2 | z | 3 |
| v3 | 3*v1 | 6 |
| v4 | v2^2 | 9 |
| v5 | v1*v4 | 18 |
| v6 | v3+v5 | 24 |
| dv1 | dx | 0 |
| dv2 | dz | 1 |
| dv3 | 3*dv1 | 0 |
| dv4 | 2*v2*dv2 | 6 |
| dv5 | dv1*v4 + v1*dv4 | 12 |
| dv6 | dv3+dv5 | 12 |
""",
        [],
    ),
    "a derivative of cosine without its minus, right in the formula": Hand(
        r"""
h(t) = t cos(t), t = 1

| k | w_k | w_k = | w_k' = | w_k' |
|---|---|---|---|---|
| 1 | w_1 = t | 1 | w_1' = t' | 1 |
| 2 | w_2 = cos(w_1) | 0.54 | w_2' = -sin(w_1) w_1' | 0.84 |
| 3 | w_3 = w_1 w_2 | 0.54 | w_3' = w_1' w_2 + w_1 w_2' | 1.38 |
""",
        [("w_2", "tangent", "sign")],
    ),
    "sigmoid neuron with greek and exact fractions": Hand(
        r"""
Let $L = (\sigma(w x + b) - t)^2$ where $w = 1$, $x = 2$, $b = -2$, $t = 1$.

| Node | Expression | Value | Adjoint |
|---|---|---|---|
| $a_1$ | $w x$ | 2 | $-1/4$ |
| $a_2$ | $a_1 + b$ | 0 | $-1/4$ |
| $a_3$ | $\sigma(a_2)$ | $\frac12$ | $-1$ |
| $a_4$ | $a_3 - t$ | $-\frac12$ | $-1$ |
| $L$ | $a_4^2$ | $\frac14$ | $1$ |
""",
        [],
    ),
    "difference in the wrong order": Hand(
        r"""
f(x,y) = sqrt(x) - x/y at (4, 2)

| v_i | expression | value | ∂v_i/∂x | ∂v_i/∂y |
|---|---|---|---|---|
| v_1 | x | 4 | 1 | 0 |
| v_2 | y | 2 | 0 | 1 |
| v_3 | √v_1 | 2 | 0.25 | 0 |
| v_4 | v_1/v_2 | 2 | 0.5 | -1 |
| v_5 | v_3 − v_4 | 0 | 0.25 | 1 |
""",
        [("v_5", "tangent", "sign")],
    ),
    "text block with bars, tangent after a slash": Hand(
        r"""
f(x1,x2,x3) = x1*x2*x3, (x1,x2,x3) = (1, -2, 4)

v | op | num | v' | num'
--|--|--|--|--
v_{-2} | x_1 | 1 | x_1' | 1
v_{-1} | x_2 | -2 | x_2' | 0
v_0 | x_3 | 4 | x_3' | 0
v_1 | v_{-2} v_{-1} | -2 | v_{-2}' v_{-1} + v_{-2} v_{-1}' | -2
v_2 | v_1 v_0 | -8 | v_1' v_0 + v_1 v_0' | -8
y | v_2 | -8 | v_2' | -8
""",
        [],
    ),
    "prose point in words with pi, degrees in one place": Hand(
        r"""
Evaluate the function f(x, y) = x + sin(y) when x equals 2 and y equals 30.

| v | formula | value | df/dy |
|---|---|---|---|
| v1 | x | 2 | 0 |
| v2 | y | 30 | 1 |
| v3 | sin(v2) | 0.5 | 0.154 |
| v4 | v1 + v3 | 2.5 | 0.154 |
""",
        [("v_3", "value", "degrees")],
    ),
    "reverse with a log, factor forgotten": Hand(
        r"""
f(x1, x2) = log(x1) * x2, at x1 = 3, x2 = 4

| Forward | Value | Reverse | Value |
|---|---|---|---|
| v_{-1} = x_1 | 3 | v̄_{-1} = v̄_1 · 1/v_{-1} | 0.333 |
| v_0 = x_2 | 4 | v̄_0 = v̄_2 · v_1 | 1.099 |
| v_1 = log(v_{-1}) | 1.099 | v̄_1 = v̄_2 · v_0 | 4 |
| v_2 = v_1 · v_0 | 4.394 | v̄_2 = ȳ | 1 |
""",
        [("v_{-1}", "adjoint", "missing factor")],
    ),
    "two tables for two seeds": Hand(
        r"""
f(x, y) = x y + y at x = 2, y = 5.

With respect to x:

| v | value | dot v | value |
|---|---|---|---|
| v1 = x | 2 | \dot{v1} = 1 | 1 |
| v2 = y | 5 | \dot{v2} = 0 | 0 |
| v3 = v1 v2 | 10 | \dot{v3} = \dot{v1} v2 + v1 \dot{v2} | 5 |
| v4 = v3 + v2 | 15 | \dot{v4} = \dot{v3} + \dot{v2} | 5 |

With respect to y:

| v | value | dot v | value |
|---|---|---|---|
| v1 = x | 2 | \dot{v1} = 0 | 0 |
| v2 = y | 5 | \dot{v2} = 1 | 1 |
| v3 = v1 v2 | 10 | \dot{v3} = \dot{v1} v2 + v1 \dot{v2} | 2 |
| v4 = v3 + v2 | 15 | \dot{v4} = \dot{v3} + \dot{v2} | 3 |
""",
        [],
    ),
    "gradients as tuples and column vectors": Hand(
        r"""
Let $f(x,y) = x^2 + xy$, $(x,y) = (3, -1)$.

| $v$ | expression | value | $\nabla v$ expression | $\nabla v$ |
|---|---|---|---|---|
| $v_1$ | $x$ | $3$ | $\nabla v_1$ | $(1, 0)$ |
| $v_2$ | $y$ | $-1$ | $\nabla v_2$ | $(0, 1)$ |
| $v_3$ | $v_1^2$ | $9$ | $2v_1\nabla v_1$ | $(6, 0)$ |
| $v_4$ | $v_1v_2$ | $-3$ | $v_2\nabla v_1+v_1\nabla v_2$ | $(1, 3)$ |
| $v_5$ | $v_3+v_4$ | $6$ | $\nabla v_3+\nabla v_4$ | $(7, 3)$ |
""",
        [("v_4", "tangent", "sign")],
    ),
    "bullets with arrows, no table": Hand(
        r"""
Homework 1, f(x) = x·e^(−x) at x = 2.

- v1 := x = 2
- v2 := −v1 = −2
- v3 := e^v2 ≈ 0.1353
- v4 := v1·v3 ≈ 0.2707

Tangents with ẋ = 1:

- v̇1 = 1
- v̇2 = −v̇1 = −1
- v̇3 = v3·v̇2 ≈ −0.1353
- v̇4 = v̇1·v3 + v1·v̇3 ≈ −0.1353
""",
        [],
    ),
    "bullets, degrees": Hand(
        r"""
1. v1 = x = 2
2. v2 = sin(v1) = 0.0349
3. v3 = v1·v2 = 0.0698
""",
        [("v_2", "value", "degrees")],
        {"x": "2"},
        ["x*sin(x)"],
    ),
    "no rows for the inputs": Hand(
        r"""
f(x1, x2) = (x1 + x2)(x1 - x2), x1 = 5, x2 = 3

| v | op | value | d/dx1 | d/dx2 |
|---|---|---|---|---|
| v1 | x1 + x2 | 8 | 1 | 1 |
| v2 | x1 - x2 | 2 | 1 | -1 |
| v3 | v1 v2 | 16 | 10 | -6 |
""",
        [],
    ),
    "no rows for the inputs, a sign lost": Hand(
        r"""
f(x1, x2) = (x1 + x2)(x1 - x2), x1 = 5, x2 = 3

| v | op | value | d/dx1 | d/dx2 |
|---|---|---|---|---|
| v1 | x1 + x2 | 8 | 1 | 1 |
| v2 | x1 - x2 | 2 | 1 | 1 |
| v3 | v1 v2 | 16 | 10 | 10 |
""",
        [("v_2", "tangent", "sign")],
    ),
    "Dv notation, squares of functions": Hand(
        r"""
### Forward mode for $f(x_1, x_2) = \cos^2(x_1)\, x_2$ in $x_1=\pi/3,\; x_2=4$

| Trace | Function | Value | Derivative | $D_p$ with $p=(1,0)$ | $D_p$ with $p=(0,1)$ |
|---|---|---|---|---|---|
| $v_{-1}$ | $x_1$ | $\frac{\pi}{3}$ | $D_pv_{-1}$ | $1$ | $0$ |
| $v_0$ | $x_2$ | $4$ | $D_pv_0$ | $0$ | $1$ |
| $v_1$ | $\cos v_{-1}$ | $\frac{1}{2}$ | $-\sin(v_{-1})D_pv_{-1}$ | $-\frac{\sqrt{3}}{2}$ | $0$ |
| $v_2$ | $v_1^2$ | $\frac{1}{4}$ | $2v_1D_pv_1$ | $-\frac{\sqrt{3}}{2}$ | $0$ |
| $v_3$ | $v_2v_0$ | $1$ | $D_pv_2v_0+v_2D_pv_0$ | $-2\sqrt{3}$ | $\frac{1}{4}$ |
""",
        [],
    ),
    "fenced code, aligned by blanks": Hand(
        r"""
f(x, y) = x*y + exp(x) at x = 0, y = 3

```
v1 = x        = 0      dv1 = 1                  = 1
v2 = y        = 3      dv2 = 0                  = 0
v3 = v1*v2    = 0      dv3 = dv1*v2 + v1*dv2    = 3
v4 = exp(v1)  = 1      dv4 = exp(v1)*dv1        = 1
v5 = v3 + v4  = 1      dv5 = dv3 + dv4          = 4
```
""",
        [],
    ),
    "reverse with contributions named by edges": Hand(
        r"""
z = x y + x, x = 2, y = 3

| node | value | ∂z/∂node = | ∂z/∂node |
|---|---|---|---|
| x | 2 | ∂z/∂a · y + ∂z/∂z · 1 | 4 |
| y | 3 | ∂z/∂a · x | 2 |
| a = x y | 6 | ∂z/∂z · 1 | 1 |
| z = a + x | 8 | 1 | 1 |
""",
        [],
    ),
    "value row swapped": Hand(
        r"""
f(x, y) = x y + sin y, x = 3, y = 1

| v | = | value |
|---|---|---|
| v1 | x | 3 |
| v2 | y | 1 |
| v3 | v1 v2 | 0.8415 |
| v4 | sin v2 | 3 |
| v5 | v3 + v4 | 3.8415 |
""",
        [("v_3", "value", "swapped rows")],
    ),
    "array in a display with text headings and negative power": Hand(
        r"""
\[ f(x,y) = y\,x^{-1} + 3,\qquad x=-2,\ y=8 \]
\begin{center}
\begin{tabular}{@{}lrlr@{}}
\toprule
\multicolumn{2}{c}{Evaluation} & \multicolumn{2}{c}{Derivative ($\dot x=1,\dot y=0$)}\\
\midrule
$v_1=x$ & $-2$ & $\dot v_1$ & $1$\\
$v_2=y$ & $8$ & $\dot v_2$ & $0$\\
$v_3=v_1^{-1}$ & $-\tfrac12$ & $\dot v_3=-v_1^{-2}\dot v_1$ & $-\tfrac14$\\
$v_4=v_2v_3$ & $-4$ & $\dot v_4=\dot v_2v_3+v_2\dot v_3$ & $-2$\\
$v_5=v_4+3$ & $-1$ & $\dot v_5=\dot v_4$ & $-2$\\
\bottomrule
\end{tabular}
\end{center}
""",
        [],
    ),
    "blank-separated D notation with a wrong chain in the product rule": Hand(
        r"""
Question: f(x, y) = x e^y, with x = 2, y = 1 (differentiate w.r.t. y)

| | trace | val | D | D val |
|---|---|---|---|---|
| a | v0 = x | 2 | Dv0 | 0 |
| b | v1 = y | 1 | Dv1 | 1 |
| c | v2 = e^v1 | 2.718 | Dv2 = e^v1 Dv1 | 2.718 |
| d | v3 = v0 v2 | 5.437 | Dv3 = Dv0 v2 - v0 Dv2 | -5.437 |
""",
        [("v_3", "tangent formula", "product rule"), ("v_3", "tangent", "sign")],
    ),
    "masked derivative of a square": Hand(
        r"""
f(x) = sin(x^2) at x = 1

| v | formula | value | v' | value |
|---|---|---|---|---|
| v1 | x | 1 | v1' | 1 |
| v2 | v1^2 | 1 | 2v1' | 2 |
| v3 | sin v2 | 0.841 | cos(v2) v2' | 1.081 |
""",
        [("v_2", "tangent formula", "local partial")],
    ),
    "tikz-free latex with siunitx numbers and column vectors": Hand(
        r"""
Take $f(x_1,x_2)=x_1x_2^2$ at $(x_1,x_2)=(1.5,2)$.

\begin{tabular}{ccc}
name & operation & value \\
$v_1$ & $x_1$ & \num{1.5} \\
$v_2$ & $x_2$ & \num{2} \\
$v_3$ & $v_2^{2}$ & \num{4} \\
$v_4$ & $v_1\cdot v_3$ & \num{6.0} \\
\end{tabular}

\begin{tabular}{ccc}
adjoint & rule & value \\
$\bar{v}_4$ & seed & \num{1} \\
$\bar{v}_3$ & $\bar{v}_4\cdot v_1$ & \num{1.5} \\
$\bar{v}_2$ & $\bar{v}_3\cdot 2v_2$ & \num{6} \\
$\bar{v}_1$ & $\bar{v}_4\cdot v_3$ & \num{4} \\
\end{tabular}
""",
        [],
    ),
    "exponent as a factor in the adjoint": Hand(
        r"""
f(p, q) = p^3 q; p = 2; q = 1

| | forward | | reverse | |
|---|---|---|---|---|
| 1 | v1 = p | 2 | v̄1 = v̄3 · 3 v1 | 6 |
| 2 | v2 = q | 1 | v̄2 = v̄4 · v3 | 8 |
| 3 | v3 = v1³ | 8 | v̄3 = v̄4 · v2 | 1 |
| 4 | v4 = v3 v2 | 8 | v̄4 = 1 | 1 |
""",
        [("v_1", "adjoint formula", "local partial"), ("v_1", "adjoint", "local partial")],
    ),
    "max and abs, words in the comment column": Hand(
        r"""
f(x, y) = max(x, y) - |y|, x = 3, y = -2

| row | op | value | d/dx | d/dy | explanation |
|---|---|---|---|---|---|
| v1 | x | 3 | 1 | 0 | input |
| v2 | y | -2 | 0 | 1 | input |
| v3 | max(v1, v2) | 3 | 1 | 0 | x is larger |
| v4 | abs(v2) | 2 | 0 | -1 | y < 0 so the sign flips |
| v5 | v3 - v4 | 1 | 1 | 1 | |
""",
        [],
    ),
    "scientific numbers, thin spaces, units of colour": Hand(
        r"""
Compute $f(x) = e^{-x^2}$ and its derivative at $x = 3$.

| $v$ | formula | value | $\dot{v}$ formula | $\dot{v}$ |
|---|---|---|---|---|
| $v_1$ | $x$ | $3$ | $\dot{x}$ | $1$ |
| $v_2$ | $v_1^2$ | $9$ | $2v_1\dot{v}_1$ | $6$ |
| $v_3$ | $-v_2$ | $-9$ | $-\dot{v}_2$ | $-6$ |
| $v_4$ | $e^{v_3}$ | $1.234 \times 10^{-4}$ | $\dot{v}_3 e^{v_3}$ | **$-7.404\cdot10^{-4}$** |
""",
        [],
    ),
}
