r"""Whole documents as notes, homework and programs have them: right as they stand, and each slip found where it is.

The function is ``f(x, y) = x y + sin x`` at (2, 3), unless it is told: 6, sin 2 = 0.9093, 6.9093; by x 3 + cos 2 =
2.5839, by y 2; other numbers were found by hand.
"""

from __future__ import annotations

import pytest

import adtrace

ROWS = """\
f(x, y) = x*y + sin(x) at x = 2, y = 3.

| row | operation | value | adjoint |
|---|---|---|---|
| a | x*y | 6 | 1 |
| b | sin(x) | 0.9093 | 1 |
| c | a + b | 6.9093 | 1 |

"""
SENTENCES = r"""
Answer: grad f = (2.5839, 2)
Der Gradient lautet also $(2.5839;\ 2)^T$.
Donc $\dfrac{\partial f}{\partial x}(2, 3) \approx 2.5839$.
Therefore $\frac{\partial f}{\partial x}\Big|_{(2,3)} = 2.5839$.
Respuesta: (∂f/∂x, ∂f/∂y) = (2.5839, 2)
"""
DUALS = """\
f(x) = x^2 at x = 3.

- x = 3 + 1ε
- a = x^2 = 9 + 6ε

Hence $f(3) = 9$ and $f'(3) = 6$.
"""
STORY = """\
f(x, y) = x*y + sin(x) at x = 2, y = 3.

1. First we compute a = xy = 2·3 = 6.
2. Then b = sin(x) = 0.9093.
3. The output is f = a + b = 6 + 0.9093 = 6.9093.

Going backwards:

4. ∂f/∂f = 1.
5. f = a + b, so ∂f/∂a = 1 and ∂f/∂b = 1.
6. a = xy, so ∂f/∂y = ∂f/∂a · x = 2.
7. x is used twice: ∂f/∂x = y + ∂f/∂b · cos(x) = 3 - 0.4161 = 2.5839.
"""
STAGED = """\
f(w, x) = 1/(1 + exp(-(w*x))) at w = 1.5, x = -1.

    dot = w*x              # -> -1.50
    f = 1/(1 + exp(-dot))  # -> 0.18

    ddot = (1 - f) * f     # gradient on dot variable, -> 0.15
    dw = x * ddot          # -> -0.15
    dx = w * ddot          # -> 0.22
"""
ADJOINTS = """\
f(x1, x2) = sin(x1*x2)/x2 at x1 = 0.8, x2 = 1.25.

    v1 = x1*x2;            // 1
    v2 = sin(v1);          // 0.841471
    y  = v2/x2;            // 0.673177
    yb  = 1.0;
    v2b = yb/x2;           // 0.8
    x2b = -yb*v2/(x2*x2);  // -0.538541
    v1b = v2b*cos(v1);     // 0.432242
    x1b = v1b*x2;          // 0.540302
    x2b += v1b*x1;         // -0.192748
"""
SEEDED = """\
f(x, y) = (x + y)*(x - y) at x = 4, y = 1.5.

| var | formula | value | backward | adjoint |
|---|---|---|---|---|
| s | x + y | 5.5 | d * p_bar | 2.5 |
| d | x - y | 2.5 | s * p_bar | 5.5 |
| p | s * d | 13.75 | seed | 1 |
"""
PASSES = r"""
The Jacobian of $F(x_1,x_2) = (x_1x_2,\ x_2^2)$ at $(3, 2)$.
\begin{tabular}{llrrr}
\toprule
 & & primal & \multicolumn{2}{c}{tangents}\\
\cmidrule(lr){4-5}
 & & & pass 1: $\dot x=(1,0)$ & pass 2: $\dot x=(0,1)$\\
\midrule
$y_1$ & $x_1 x_2$ & 6 & 2 & 3\\
$y_2$ & $x_2^2$ & 4 & 0 & 4\\
\bottomrule
\end{tabular}
\[ J_F(3,2) = \begin{pmatrix} 2 & 3\\ 0 & 4 \end{pmatrix}. \]
"""
COLUMNS = r"""
$f(x, y) = xy + \sin x$ at $x = 2$, $y = 3$.

\[
\begin{array}{rcl}
a &=& x y = 6\\
b &=& \sin x = 0.9093\\
c &=& a + b = 6.9093
\end{array}
\]
"""
MULTIPLIERS = """\
J(u1, u2) = u1^2*u2 + 1/u1 at u = (2, 0.5)

- z1 = u1^2 = 4
- z2 = z1*u2 = 2
- z3 = 1/u1 = 0.5
- z4 = z2 + z3 = 2.5

- λ_4 = 1
- λ_3 = λ_4 = 1
- λ_2 = λ_4 = 1
- λ_1 = λ_2 u_2 = 0.5
"""
NUMBERED = r"""
$J(u_1,u_2)=u_1^2u_2+u_1$ with $u=(2,\,0.5)$.

| $i$ | $z_i$ | | $\lambda_i$ | |
|---|---|---|---|---|
| 1 | $u_1^2$ | 4 | $\lambda_2 u_2$ | 0.5 |
| 2 | $z_1u_2$ | 2 | $\lambda_3$ | 1 |
| 3 | $z_2+u_1$ | 4 | 1 | 1 |
"""
SUBSCRIPTS = """\
f(x) = sin(x)^2 at x = 1. Start mit $\\bar f = 1$.

| i | tᵢ | valor |
|---|---|---|
| 1 | sin x | 0.8415 |
| 2 | t₁² | 0.7081 |

| adjunto | fórmula | valor |
|---|---|---|
| t̄₁ | t̄₂·2t₁ | 1.6829 |
| t̄₂ | semilla | 1 |
"""
SEED_IN_PROSE = """\
$f(x, y) = x y + x$ at $x = 2$, $y = 3$, starting from $\\bar f = 1$.

| name | formula | value |
|---|---|---|
| a | x y | 6 |
| f | a + x | 8 |

| name | formula | value |
|---|---|---|
| $\\bar a$ | $\\bar f$ | 1 |
| $\\bar x$ | $\\bar a y + \\bar f$ | 4 |
| $\\bar y$ | $\\bar a x$ | 2 |
"""
AHEAD = """\
$f(x,y) = xy + \\sin x$ at $x=2$, $y=3$: $a = xy = 6$, $b = \\sin x = 0.9093$ and $f = a + b = 6.9093$.

| step | statement | number |
|---|---|---|
| 0 | $\\bar f = 1$ | 1 |
| 1 | $\\bar a = \\bar f$ | 1 |
| 2 | $\\bar b = \\bar f$ | 1 |
| 3 | $\\bar x = \\bar a y + \\bar b \\cos x$ | 2.5839 |
| 4 | $\\bar y = \\bar a x$ | 2 |
"""
CODE = """\
f(w, x) = tanh(w*x) at w = 0.5, x = 2.

    z = w*x             # 1
    h = tanh(z)         # 0.7616
    dh = 1
    dz = (1 - h**2)*dh  # 0.4200
    dw = x*dz           # 0.8399
    dx = w*dz           # 0.2100

So `dw = 0.8399` tells us to decrease `w`.
"""
APPLIED = """\
f(x, y) = (x - y)^2*y at x = 3, y = 1.5

| id | op | inputs | value | grad |
|---|---|---|---|---|
| x | input | | 3 | 4.5 |
| y | input | - | 1.5 | -2.25 |
| a | Sub | x, y | 1.5 | 4.5 |
| b | ^ | a, 2 | 2.25 | 1.5 |
| c | mul | b, y | 3.375 | 1 |
"""
TAPE = """\
f(x, y) = x^2*exp(y) at x = 1.5, y = 0.

| tape entry | value | local gradients |
|---|---|---|
| p = x**2 | 2.25 | dp/dx = 3 |
| q = exp(y) | 1 | dq/dy = 1 |
| r = p*q | 2.25 | dr/dp = 1, dr/dq = 2.25 |

- grad[r] = 1
- grad[q] = grad[r] * dr/dq = 2.25
- grad[p] = grad[r] * dr/dp = 1
- grad[y] = grad[q] * dq/dy = 2.25
- grad[x] = grad[p] * dp/dx = 3
"""
GRADIENTS = r"""
f(x, y) = xy at x = 3, y = 2.

$$a = x y = 6$$
$$\bar y = x = 3$$
$$\bar x = y = 2$$

Damit ist $\nabla f(3, 2) = (\bar x, \bar y) = (2, 3)$。
"""
NAMED = """\
f(x, y) = y*x**2 + x at x = 3.0, y = 2.0

a = x ** 2            # a = 9.0
b = y * a             # b = 18.0
f = b + x             # f = 21.0
d_f = 1.0
d_b = d_f             # d_b = 1.0
d_a = d_b * y         # d_a = 2.0
d_y = d_b * a         # d_y = 9.0
d_x = d_f             # d_x = 1.0
d_x += d_a * 2 * x    # d_x = 13.0
"""
TRIPLES = """\
f(x) = x^3 + x + 1 at x = 2

x = (2, 1, 0)
a = x^3 = (8, 12, 12)
c = a + x = (10, 13, 12)
d = c + 1 = (11, 13, 12)
"""
GRADIENT_DUALS = """\
f(x, y) = x*y + y at x = 3, y = 4

x = (3, 1, 0)
y = (4, 0, 1)
a = x*y = (12, 4, 3)
b = a + y = (16, 4, 4)
"""
LETTERS = """\
f(a, b) = ln(a*b) + a at a = 2, b = 1.5

t1 = a*b = 3
t2 = ln(t1) = 1.099
t3 = t2 + a = 3.099
g3 = dt3/dt3 = 1
g2 = g3*1 = 1
g1 = g2/t1 = 0.333
ga = g1*b + g3 = 1.5
gb = g1*a = 0.667
"""
PATH = r"""
$V(r,h)=r^2 h$ with $r=0.5$, $h=2$.

| Edge | Local derivative | Value |
|---|---|---|
| $\partial V/\partial A$ | $h$ | 2.0000 |
| $\partial V/\partial h$ | $A$ | 0.2500 |
| $\partial A/\partial r$ | $2r$ | 1.0000 |

Path: $\frac{dV}{dr}=\frac{\partial V}{\partial A}\frac{\partial A}{\partial r} = 2.0000\cdot 1.0000 = 2.0000$.
"""
MATLAB = """\
% f = x*exp(y) + y^2 at x = 2, y = 0.5
a = exp(y);        % 1.6487
b = x*a;           % 3.2974
c = y^2;           % 0.2500
f = b + c;         % 3.5474
f_bar = 1;
a_bar = f_bar*x;   % 2.0000
x_bar = f_bar*a;   % 1.6487
y_bar = a_bar*a + f_bar*2*y;   % 4.2974
"""
QUOTIENTS = """\
L(w, b) = (w*2 + b - 5)^2 at w = 1.5, b = 0.5.

| symbol | how | number |
|---|---|---|
| z | w * 2 | 3 |
| p | z + b | 3.5 |
| e | p - 5 | -1.5 |
| L | e ** 2 | 2.25 |
| dL/de | 2 e | -3 |
| dL/dp | dL/de * 1 | -3 |
| dL/db | dL/dp * 1 | -3 |
| dL/dz | dL/dp * 1 | -3 |
| dL/dw | dL/dz * 2 | -6 |

With learning rate 0.1 the new weights are w = 1.5 - 0.1 * (-6) = 2.1 and b = 0.5 - 0.1 * (-3) = 0.8.
"""
CHECKED = """\
f(x, y) = x^2*y, Stelle (2, 3)

    v1 = x²       → 4
    v2 = v1·y     → 12

    v1' = v2' · y     → 3
    y'  = v2'·v1      → 4
    x'  = v1' · 2x    → 12

So df/dx = 12 and df/dy = 4. Check: 2xy = 12 ✓, x² = 4 ✓
"""
LOCALS = """\
f(x, y) = x*sin(y)/y (x = 0.5, y = 1.5)

| node | operation | value | local partials | adjoint |
|---|---|---|---|---|
| a | sin(y) | 0.997 | cos(y) | 0.333 |
| b | x*a | 0.499 | a, x | 0.667 |
| c | b/y | 0.332 | 1/y, -b/y^2 | 1 |
"""
ROLES = r"""
Reverse mode
============

:math:`f(x,y) = y x^2` at :math:`x = 3`, :math:`y = 2`

===  =====  =====  =======
row  how    value  adjoint
===  =====  =====  =======
a    x^2    9      2
b    y a    18     1
===  =====  =====  =======

The gradient is :math:`\bar{x} = \bar{a} (2 x) = 12` and :math:`\bar{y} = \bar{b} a = 9`.
"""
TITLED = r"""
\begin{tabular}{ccc}
\multicolumn{3}{c}{$f(x_1,x_2)=x_1^2x_2$, \quad $x_1=2$, $x_2=3$}\\
\hline
step & forward & reverse\\
\hline
1 & $v_1=x_1^2=4$ & $\bar x_2=\bar v_2v_1=4$\\
2 & $v_2=v_1x_2=12$ & $\bar x_1=\bar v_1\cdot 2x_1=12$\\
3 & $y=v_2=12$ & $\bar v_1=\bar v_2x_2=3$\\
4 & & $\bar v_2=1$
\end{tabular}
"""
ENGINE = """\
f(a, b) = (a*b + b)*a at a = 2, b = -3

```python
>>> c = a * b
>>> d = c + b
>>> e = d * a
>>> for v in (a, b, c, d, e): print(v)
Value(label='a', data=2.0000, grad=-15.0000)
Value(label='b', data=-3.0000, grad=6.0000)
Value(label='c', data=-6.0000, grad=2.0000)
Value(label='d', data=-9.0000, grad=2.0000)
Value(label='e', data=-18.0000, grad=1.0000)
```
"""

SLIPS = [
    (ROWS + SENTENCES, "markdown", [
        ("grad f = (2.5839", "grad f = (2.5389", 10), ("2.5839, 2)\nDer", "2.5839, 3)\nDer", 10),
        (r"(2.5839;\ 2)", r"(2.5839;\ -2)", 11),
        (r"approx 2.5839", r"approx -2.5839", 12), ("} = 2.5839", "} = 1.5839", 13), ("y) = (2.5839", "y) = (2", 14),
        ("y) = (2.5839, 2)", "y) = (2.5839, 3)", 14),
    ]),
    (DUALS, "markdown", [("(3) = 6", "(3) = 9", 6), ("(3) = 9", "(3) = 6", 6), ("6ε", "9ε", 4)]),
    (STORY, "markdown", [
        ("2·3 = 6", "2·3 = 5", 3), ("= 0.9093.", "= 0.9903.", 4), ("9093 = 6.9093", "9093 = 9.6093", 5),
        ("x = 2.\n", "x = 3.\n", 11), ("= 2.5839", "= 3.4161", 12), ("∂b = 1.", "∂b = 2.", 10),
    ]),
    (STAGED, "markdown", [("0.15\n    dw", "0.51\n    dw", 6), ("-> 0.22", "-> -0.22", 8), ("-> 0.18", "-> 0.81", 4)]),
    (ADJOINTS, "markdown", [
        ("-0.538541", "0.538541", 8), ("-yb*v2", "-yb*v1", 8), ("-0.192748", "-0.197248", 11), ("0.8\n", "0.4\n", 7),
    ]),
    (SEEDED, "markdown", [("seed | 1", "seed | 2", 7), ("s * p_bar", "d * p_bar", 6)]),
    (PASSES, "latex", [("2 & 3\\\\ 0 & 4 \\end", "2 & 3\\\\ 4 & 0 \\end", 13), ("4 & 0 & 4", "4 & 0 & 2", 10),
                       ("{pmatrix} 2 & 3", "{pmatrix} 2 & -3", 13)]),
    (MULTIPLIERS, "markdown", [("u_2 = 0.5", "u_1 = 2", 11), ("λ_4 = 1\n- λ_3", "λ_4 = 2\n- λ_3", 8),
                               ("λ_2 = λ_4 = 1", "λ_2 = λ_4 = 3", 10), ("u_2 = 0.5", "u_2 = 5", 11)]),
    (NUMBERED, "markdown", [("2 u_2$ | 0.5", "2 u_1$ | 0.5", 6), ("| 0.5", "| 2.5", 6), ("3$ | 1", "3$ | 2", 7)]),
    (SUBSCRIPTS, "markdown", [("1.6829", "1.6289", 10), ("2t₁ |", "t₁ |", 10), ("0.7081", "0.7018", 6)]),
    (SEED_IN_PROSE, "markdown", [("y + \\bar f$ | 4", "y + \\bar f$ | 3", 11), ("x$ | 2", "x$ | -2", 12)]),
    (AHEAD, "markdown", [("xy = 6", "xy = 5", 1), ("0.9093", "0.9903", 1), ("6.9093", "6.9039", 1),
                         ("2.5839", "2", 8)]),
    (CODE, "markdown", [("`dw = 0.8399`", "`dw = 0.8939`", 10)]),
    (APPLIED, "markdown", [("Sub | x", "Sub | -x", 7), ("^ | a", "+ | a", 8), ("3.375", "3.735", 9),
                            ("-2.25", "2.25", 6)]),
    (TAPE, "markdown", [("dr/dq = 2.25\n", "dr/dq = 2.52\n", 10),
                        ("grad[p] * dp/dx = 3", "grad[q] * dp/dx = 6.75", 13)]),
    (GRADIENTS, "markdown", [("= (2, 3)", "= (2, -3)", 8), (", \\bar y) = (2, 3)", ", \\bar y) = (3, 2)", 8)]),
    (NAMED, "markdown", [("= 13.0", "= 31.0", 11), ("d_b * y ", "d_b * x ", 8), ("f = 21", "f = 12", 5)]),
    (TRIPLES, "markdown", [("8, 12, 12", "8, 21, 12", 4), ("10, 13, 12", "10, 13, 21", 5), ("(8", "(6", 4)]),
    (GRADIENT_DUALS, "markdown", [("12, 4, 3", "12, 3, 4", 5), ("16, 4, 4", "16, 4, 3", 6), ("a + y", "a + x", 6)]),
    (LETTERS, "markdown", [("g1*b + g3 = 1.5", "g1*b = 0.5", 9),
                           ("g1*a = 0.667", "g1*b = 0.5", 10), ("1.099", "1.909", 4)]),
    (PATH, "markdown", [("1.0000 = 2.0000", "1.0000 = 2.5000", 10), ("0.2500", "0.5200", 7)]),
    (MATLAB, "markdown", [("1.6487\nb", "1.6847\nb", 2), ("4.2974", "4.9274", 9), ("% 0.2500", "% 2.5", 4)]),
    (QUOTIENTS, "markdown", [("e | -3", "e | -1.5", 9), ("2 | -6", "2 | 6", 13), ("b | 3.5", "b | 5.3", 6)]),
    (CHECKED, "markdown", [("df/dx = 12", "df/dx = 21", 10), ("df/dy = 4", "df/dy = -4", 10), ("→ 3", "→ 2", 6)]),
    (LOCALS, "markdown", [("| a, x", "| x, a", 6), ("a, x |", "a, y |", 6), ("1/y, -b", "1/y, b", 7)]),
    (ROLES, "rst", [("(2 x) = 12", "(2 x) = 21", 14), ("a = 9", "a = -9", 14)]),
    (TITLED, "latex", [("v_1=4", "v_1=2", 7), ("2x_1=12", "2x_1=21", 8)]),
    (ENGINE, "markdown", [("-15.0000", "15.0000", 8), ("6.0000)", "9.0000)", 9), ("-18", "-81", 12)]),
    (COLUMNS, "latex", [("0.9093\\\\", "0.9903\\\\", 7)]),
]  # fmt: skip


@pytest.mark.parametrize(("document", "kind", "slips"), SLIPS)
def test_a_slip_is_found_where_it_stands(document: str, kind: str, slips: list[tuple[str, str, int]]) -> None:
    """Nothing is found in the document as it is, and each slip is found in its line, and nowhere else."""
    assert adtrace.check(document, kind=kind).ok, adtrace.check(document, kind=kind)
    for old, new, line in slips:
        assert document.count(old) == 1, old
        report = adtrace.check(document.replace(old, new), kind=kind)
        assert {finding.line for finding in report.mistakes} == {line}, report


def test_a_derivative_at_another_point_is_not_asked() -> None:
    """``f_x`` at (0, 3), 3 + cos 0 = 4, is right, though it is none of the table."""
    said = r"Donc $\dfrac{\partial f}{\partial x}(0, 3) = 4$."
    assert not adtrace.check(ROWS + said).count("wrong")


def test_a_working_in_dual_numbers_is_said_not_to_be_read() -> None:
    """``(3 + ε)^2`` is no mistake, and not passed over."""
    report = adtrace.check(DUALS.replace("x^2 = 9", "x^2 = (3 + ε)^2 = 9"), kind="markdown")
    assert (report.count("wrong"), report.count("not read")) == (0, 1)


def test_a_second_derivative_follows_from_a_wrong_one() -> None:
    """exp(x^2)/x at 0.8: with 2 exp(0.64) = 3.793 for 8.648, the last is (3.793 - 2*0.8297)/0.8 = 2.6669."""
    report = adtrace.check("""\
| v | operation | value | v' | v'' |
|---|---|---|---|---|
| x | | 0.8 | 1 | 0 |
| a | x^2 | 0.6400 | 1.6000 | 2.0000 |
| b | exp(a) | 1.8965 | 3.0344 | 3.7930 |
| c | b/x | 2.3706 | 0.8297 | 2.6669 |
""")
    assert [(f.row, f.state) for f in report.findings if f.state != "right"] == [("b", "wrong"), ("c", "following")]
