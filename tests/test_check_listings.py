"""Listings with what programs print, steps of gradient descent, and rows that are computed from derivatives."""

from __future__ import annotations

import json

import pytest

from adtrace import check
from adtrace.checking.reporting import Report

NUMPY = """
```python
X = np.array([[1., 2.], [3., -2.]])
w = np.array([1., 2.])
z = X @ w
# [ 5. -1.]
h = np.maximum(0, z)
# [5. 0.]
L = h.sum()
# 5.0
dh = np.ones(2)
dh[h <= 0] = 0
# [1. 0.]
dw = X.T @ dh
# [1. 2.]
```
"""
TORCH = """
```python
X = torch.tensor([[1., 2.], [2., 0.]])
w = torch.tensor([0.5, -0.5], requires_grad=True)
b = torch.tensor(0.1, requires_grad=True)
y_hat = X @ w + b       # tensor([-0.4000,  1.1000])
loss = (y_hat ** 2).sum()
loss.backward()

print(loss)             # tensor(1.3700)
print(w.grad)           # tensor([ 3.6000, -1.6000])
print(b.grad)           # tensor(1.4000)

with torch.no_grad():
    w -= 0.1 * w.grad   # tensor([ 0.1400, -0.3400])
```
"""
PROMPT = """
```
>>> X = np.array([[1., 2.], [3., -2.], [5., 6.]])
>>> mu = X.mean(axis=0); mu
array([3., 2.])
>>> Xc = X - mu; Xc
array([[-2.,  0.],
       [ 0., -4.],
       [ 2.,  4.]])
```
"""
STEP = r"""
- $x = 2$, $w = 0.4$
- $z = w x = 0.8$
- $L = z^2 = 0.64$
- $\bar z = 2 z = 1.6$
- $\bar w = \bar z x = 3.2$
- $w \leftarrow w - 0.1 \bar w = 0.08$
"""
MASK = r"""
x = [1, 2], W = [[1, 1], [-1, 0]]

- z = W x = [3, -1]
- h = max(0, z) = [3, 0]
- L = sum(h) = 3
- dh = [1, 1]
- q = dh * (h > 0) = [1, 0]
- dW = q x^T = [[1, 2], [0, 0]]
"""


def notebook(*cells: tuple[str, str]) -> str:
    """A notebook with cells of code and what they print."""
    each = [
        {
            "cell_type": "code", "source": source,
            "outputs": [{"output_type": "stream", "text": text}] if text else [],
        }
        for source, text in cells
    ]  # fmt: skip
    return json.dumps({"cells": each, "nbformat": 4, "nbformat_minor": 5}, indent=1)


NOTEBOOK = notebook(
    ("x = torch.tensor([[1., 2.]], requires_grad=True)\nW = torch.tensor([[1., 0.], [2., -1.]])", ""),
    ("z = x @ W\nloss = (z ** 2).sum()\nprint(z)\nprint(loss)",
     "tensor([[ 5., -2.]], grad_fn=<MmBackward0>)\ntensor(29.)\n"),
    ("loss.backward()\nprint(x.grad)", "tensor([[10., 24.]])\n"),
)  # fmt: skip

DOCUMENTS = {"numpy": NUMPY, "torch": TORCH, "prompt": PROMPT, "notebook": NOTEBOOK, "step": STEP, "mask": MASK}
SLIPS = [
    ("numpy", "[ 5. -1.]", "[ 5. 1.]"),
    ("numpy", "# [1. 0.]", "# [1. 1.]"),
    ("numpy", "# [1. 2.]", "# [1. 3.]"),
    ("torch", "tensor([-0.4000,  1.1000])", "tensor([-0.4000,  1.0000])"),
    ("torch", "tensor(1.3700)", "tensor(1.7300)"),
    ("torch", "-1.6000", "1.6000"),
    ("torch", "tensor(1.4000)", "tensor(0.7000)"),
    ("torch", "-0.3400", "-0.6600"),
    ("prompt", "[ 0., -4.]", "[ 0., 4.]"),
    ("notebook", "[ 5., -2.]", "[ 5., 2.]"),
    ("notebook", "tensor(29.)", "tensor(21.)"),
    ("notebook", "[[10., 24.]]", "[[10., -24.]]"),
    ("step", "= 0.08", "= 0.72"),
    ("mask", "q = dh * (h > 0) = [1, 0]", "q = dh * (h > 0) = [1, 1]"),
    ("mask", "[[1, 2], [0, 0]]", "[[1, 0], [2, 0]]"),
]


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_what_is_printed_below_or_behind_a_statement_is_its_number(document: str) -> None:
    """numpy's, torch's and a prompt's prints, and those of a notebook: all are read, and right."""
    report = check(document)
    assert report.exit_status == 0, str(report)


@pytest.mark.parametrize(("name", "right", "wrong"), SLIPS, ids=[wrong for *_, wrong in SLIPS])
def test_a_wrong_print_is_the_one_mistake(name: str, right: str, wrong: str) -> None:
    """A wrong entry of what is printed is found, and nothing else is blamed; gradients of torch are no seeds."""
    document = DOCUMENTS[name]
    assert document.count(right) == 1
    report = check(document.replace(right, wrong))
    assert len(report.mistakes) == 1, str(report)


def test_a_program_that_prints_nothing_is_no_table() -> None:
    """The code of a notebook beside a table is not looked at where it prints no numbers."""
    table = "| v | op | value |\n|---|---|---|\n| v1 | x | 2 |\n| v2 | v1^2 | 4 |"
    cells = [
        {"cell_type": "code", "source": "import numpy as np\nx = 7\nq = x + 1", "outputs": []},
        {"cell_type": "markdown", "source": table},
    ]
    assert check(json.dumps({"cells": cells, "nbformat": 4}), {"x": 2}, function="x^2").exit_status == 0


PAIRS = r"""
| variable | definición | valor |
|---|---|---|
| $f$ | compuerta | $(0.5, 0.75)$ |
| $c$ | estado | $(2, -1)$ |
| $p$ | $f \odot c$ | $(1, -0.75)$ |
| $t$ | $\tanh(p)$ | $(0.7616, -0.6351)$ |

| gradiente | fórmula | valor |
|---|---|---|
| $\frac{\partial L}{\partial t}$ | | $(1, 2)$ |
| $\frac{\partial L}{\partial p}$ | $\frac{\partial L}{\partial t} \odot (1 - t^2)$ | $(0.4200, 1.1932)$ |
| $\frac{\partial L}{\partial c}$ | $\frac{\partial L}{\partial p} \odot f$ | $(0.2100, 0.8949)$ |
"""
SHAPES = """
X = [[1, -1]], W = [[0.5, 1], [1.5, -0.5]], V = [[2], [-1]].

| name | shape | computed as | value |
|---|---|---|---|
| Z | (1, 2) | X W | [[-1, 1.5]] |
| H | (1, 2) | relu(Z) | [[0, 1.5]] |
| y | (1, 1) | H V | [[-1.5]] |
| L | () | y^2 | 2.25 |
"""
LAYERS = r"""
$x = [1, -1]^T$, $t = 1$

$$W^{(1)} = \begin{bmatrix} 0.5 & 0.2 \\ -0.4 & 0.3 \end{bmatrix}, W^{(2)} = \begin{bmatrix} 1 & -1 \\ 0.6 & 0.4 \end{bmatrix}$$

$$z^{(1)} = W^{(1)} x = \begin{bmatrix} 0.3 \\ -0.7 \end{bmatrix}$$

$$a^{(1)} = \mathrm{ReLU}(z^{(1)}) = \begin{bmatrix} 0.3 \\ 0 \end{bmatrix}$$

$$z^{(2)} = W^{(2)} a^{(1)} = \begin{bmatrix} 0.3 \\ 0.18 \end{bmatrix}$$

$$L = \frac12 \sum_i (z^{(2)}_i)^2 = 0.0612$$

$$\delta^{(2)} = z^{(2)} = \begin{bmatrix} 0.3 \\ 0.18 \end{bmatrix}$$

$$\delta^{(1)} = (W^{(2)})^T \delta^{(2)} \odot \mathrm{ReLU}'(z^{(1)}) = \begin{bmatrix} 0.408 \\ 0 \end{bmatrix}$$

$$\frac{\partial L}{\partial W^{(1)}} = \delta^{(1)} x^T = \begin{bmatrix} 0.408 & -0.408 \\ 0 & 0 \end{bmatrix}$$
"""  # noqa: E501
TIME = r"""
## Backpropagation through time, T = 2

$h_t = \tanh(w x_t + U h_{t-1})$, $y = v^T h_2$ with

$w = (0.5, -0.3)$, $U = \begin{bmatrix} 0.1 & 0.4 \\ -0.2 & 0.3 \end{bmatrix}$, $v = (1, -1)$, $x_1 = 1$, $x_2 = 2$.

| step | formula | value |
|---|---|---|
| $h_1$ | $\tanh(w x_1)$ | $(0.4621, -0.2913)$ |
| $a_2$ | $w x_2 + U h_1$ | $(0.9297, -0.7798)$ |
| $h_2$ | $\tanh(a_2)$ | $(0.7304, -0.6526)$ |
| $y$ | $v^T h_2$ | $1.3830$ |
"""
HELD = r"""
$f(x) = \frac12 x^\top Q x$ with $Q = \begin{pmatrix} 2 & 0 \\ 0 & 4 \end{pmatrix}$ at $x = (1, 2)^\top$:

\[
\begin{array}{c|c|c}
\text{row} & \text{value} & \text{adjoint} \\ \hline
x & (1, 2) & (2, 8) \\
u = Q x & (2, 8) & (0.5, 1) \\
f = \frac12 x^\top u & 9 & 1
\end{array}
\]
"""
ARRAYS = {"pairs": PAIRS, "shapes": SHAPES, "layers": LAYERS, "time": TIME, "held": HELD}
ARRAY_SLIPS = [
    ("pairs", "(1, -0.75)", "(1, 0.75)"),
    ("pairs", "(0.2100, 0.8949)", "(0.2100, 1.1932)"),
    ("shapes", "[[-1, 1.5]]", "[[-1, 0.5]]"),
    ("layers", r"0.408 \\ 0 \end", r"0.408 \\ -0.228 \end"),
    ("time", "-0.7798", "-0.7978"),
    ("held", "(2, 8) & (0.5, 1)", "(2, 6) & (0.5, 1)"),
]


@pytest.mark.parametrize("document", ARRAYS.values(), ids=ARRAYS)
def test_vectors_of_two_shapes_layers_and_times_are_right(document: str) -> None:
    """Vectors of two entries are no values with derivatives, shapes no numbers, T no exponent, A of f(x) constant."""
    assert not check(document).mistakes, str(check(document))


@pytest.mark.parametrize(("name", "right", "wrong"), ARRAY_SLIPS, ids=[wrong for *_, wrong in ARRAY_SLIPS])
def test_a_wrong_entry_is_found_on_its_line(name: str, right: str, wrong: str) -> None:
    """The first mistake that is told stands where the slip was made."""
    document = ARRAYS[name]
    before, _, _ = document.partition(right)
    assert check(document.replace(right, wrong)).mistakes[0].line == before.count("\n") + 1


def test_a_digit_of_a_working_that_is_no_number_of_the_point_is_wrong() -> None:
    """``0.4·2 - 0.6·1 + 0.2`` where b is 0.3: decimals of the point are meant as they stand."""
    point, rule = "x = [2, 1], w = [0.4, -0.6], b = 0.3", "z = w₁x₁ + w₂x₂ + b"
    document = f"{point}\n\n- {rule} = 0.4·2 + (-0.6)·1 + 0.3 = 0.5\n- a = σ(z) = 0.6225\n"
    assert check(document).ok
    assert [found.line for found in check(document.replace("·1 + 0.3", "·1 + 0.2")).mistakes] == [3]


def test_a_comment_with_words_in_brackets_is_no_function() -> None:
    """``N = 2 (see lecture 4)`` is not 2 see lecture 4."""
    document = "# batch N = 2 (see lecture 4)\n\n- x = 3\n- y = x^2 = 9\n"
    assert "see" not in str(check(document))


def test_the_gradient_of_a_quadratic_form_of_a_symmetric_matrix() -> None:
    """``A x``: a symmetric A is one at the second point, too."""
    form = "$f(x) = \\frac12 x^T A x$ with $A = [[2, 1], [1, 3]]$ at $x = (1, 2)$\n\n- $u = A x = (4, 7)$\n"
    assert check(f"{form}- $f = \\frac12 x^T u = 9$\n- $\\nabla f = A x = (4, 7)$\n").exit_status == 0


def test_the_last_operand_of_a_formula_in_the_prose_has_no_value() -> None:
    """Of ``A x + b = (6, -10)`` b is not (6, -10)."""
    rows = "| step | value |\n|---|---|\n| $u = A x$ | $(4, 7)$ |\n| $r = u + b$ | $(5, 5)$ |\n"
    point = "$A = [[2, 1], [1, 3]]$, $b = (1, -2)$, $x = (1, 2)$\n\n"
    assert check(f"{point}{rows}\nHence $A x + b = (5, 5)$.\n").exit_status == 0


COURSE = r"""
Three examples are the columns of $X$ ($m = 3$):

$$X = \begin{bmatrix} 1 & 0 & 2 \\ 0.5 & -1 & 1 \end{bmatrix},\ Y = \begin{bmatrix} 1 & 0 & 1 \end{bmatrix}$$

$$W^{[1]} = \begin{bmatrix} 0.2 & -0.4 \\ 0.6 & 0.1 \end{bmatrix},\quad b^{[1]} = \begin{bmatrix} 0.1 \\ -0.2 \end{bmatrix} \quad W^{[2]} = \begin{bmatrix} 0.5 & -0.7 \end{bmatrix}$$

$Z^{[1]} = W^{[1]} X + b^{[1]} = \begin{bmatrix} 0.1 & 0.5 & 0.1 \\ 0.45 & -0.3 & 1.1 \end{bmatrix}$

$A^{[1]} = \tanh(Z^{[1]}) = \begin{bmatrix} 0.0997 & 0.4621 & 0.0997 \\ 0.4219 & -0.2913 & 0.8005 \end{bmatrix}$

$Z^{[2]} = W^{[2]} A^{[1]} = \begin{bmatrix} -0.2455 & 0.4350 & -0.5105 \end{bmatrix}$

$L = \frac{1}{2m} \sum (Z^{[2]} - Y)^2 = 0.6705$

$dZ^{[2]} = \frac{1}{m}(Z^{[2]} - Y) = \begin{bmatrix} -0.4152 & 0.1450 & -0.5035 \end{bmatrix}$

$dW^{[2]} = dZ^{[2]} A^{[1]T} = \begin{bmatrix} -0.0246 & -0.6205 \end{bmatrix}$

$dZ^{[1]} = W^{[2]T} dZ^{[2]} * (1 - (A^{[1]})^2) = \begin{bmatrix} -0.2055 & 0.0570 & -0.2493 \\ 0.2389 & -0.0929 & 0.1266 \end{bmatrix}$
"""  # noqa: E501
LABELS = r"""
Temos $m = 3$ exemplos e $\alpha = 0.1$, com a função de custo $J(\theta) = \frac{1}{2m} \|X\theta - y\|^2$:

$$X = \begin{bmatrix} 1 & 1 \\ 1 & 2 \\ 1 & 4 \end{bmatrix}, \quad y = \begin{bmatrix} 2 \\ 2 \\ 5 \end{bmatrix}, \quad \theta = \begin{bmatrix} 0.5 \\ 1 \end{bmatrix}$$

**Passo 1 – previsão:** $\hat y = X\theta = \begin{bmatrix} 1.5 \\ 2.5 \\ 4.5 \end{bmatrix}$

**Passo 2 – erro:** $e = \hat y - y = \begin{bmatrix} -0.5 \\ 0.5 \\ -0.5 \end{bmatrix}$

**Passo 3 – gradiente:** $\nabla J = \frac{1}{m} X^T e = \begin{bmatrix} -0.1667 \\ -0.5000 \end{bmatrix}$

**Passo 4:** $\theta \leftarrow \theta - \alpha \nabla J = \begin{bmatrix} 0.5167 \\ 1.0500 \end{bmatrix}$
"""  # noqa: E501
ENTRIES = r"""
$W = \begin{pmatrix}1 & 2\\ -1 & 0.5\end{pmatrix}$, $x = (3, -2)^\top$.

| entry | how | number |
|---|---|---|
| $z_1$ | $W_{11} x_1 + W_{12} x_2 = 1 \cdot 3 + 2 \cdot (-2)$ | -1 |
| $z_2$ | $W_{21} x_1 + W_{22} x_2 = -1 \cdot 3 + 0.5 \cdot (-2)$ | -4 |
| $p_1$ | $e^{z_1}/(e^{z_1} + e^{z_2})$ | 0.9526 |
| $L$ | $-\ln p_1$ | 0.0486 |
| $\partial L/\partial z_1$ | $p_1 - 1$ | -0.0474 |
| $\partial L/\partial z_2$ | $1 - p_1$ | 0.0474 |
| $\partial L/\partial W_{11}$ | $\frac{\partial L}{\partial z_1} x_1$ | -0.1423 |
| $\partial L/\partial W_{12}$ | $\frac{\partial L}{\partial z_1} x_2$ | 0.0949 |
| $\partial L/\partial W_{21}$ | $\frac{\partial L}{\partial z_2} x_1$ | 0.1423 |
| $\partial L/\partial W_{22}$ | $\frac{\partial L}{\partial z_2} x_2$ | -0.0949 |
"""
NEURON = """
With `x = [2, 1]`, `w = [0.5, -1]`, `b = -0.5`, `t_1 = 0`:

- z = w . x + b = -0.5
- out_{h1} = sigmoid(z) = 0.3775
- L = -log(1 - out_{h1}) = 0.4741
- dL/dz = out_{h1} = 0.3775
"""
COURSES = {"course": COURSE, "labels": LABELS, "entries": ENTRIES, "neuron": NEURON}
COURSE_SLIPS = [
    ("course", "-0.0246 &", "-0.0738 &"), ("course", "0.45 & -0.3", "0.45 & 0.3"), ("course", "-0.2493", "0.2493"),
    ("labels", r"-0.5 \\ 0.5", r"-0.5 \\ -0.5"), ("labels", "-0.5000", "-1.5000"), ("labels", "0.5167", "0.4833"),
    ("entries", "| -1 |", "| 1 |"), ("entries", "| 0.0949 |", "| -0.1423 |"),
    ("neuron", "b = -0.5\n", "b = 0.5\n"), ("neuron", "dL/dz = out_{h1} = 0.3775", "dL/dz = out_{h1} = -0.3775"),
]  # fmt: skip


@pytest.mark.parametrize("document", COURSES.values(), ids=COURSES)
def test_layers_in_square_brackets_labels_and_entries_are_right(document: str) -> None:
    """Examples in columns beside a bias, steps behind labels, a row for each entry, ``w . x`` and ``out_{h1}``."""
    report = check(document)
    assert not report.mistakes, str(report)
    assert not report.count("not read"), str(report)


@pytest.mark.parametrize(("name", "right", "wrong"), COURSE_SLIPS, ids=[wrong for *_, wrong in COURSE_SLIPS])
def test_a_slip_in_them_is_the_one_mistake(name: str, right: str, wrong: str) -> None:
    """Found where it stands, and nothing else is blamed."""
    before, _, _ = COURSES[name].partition(right)
    report = check(COURSES[name].replace(right, wrong, 1))
    assert [found.line for found in report.mistakes] == [before.count("\n") + 1], str(report)


RAISED = r"""
$w^2 = \begin{bmatrix} 0.3 & -0.6 \\ 0.8 & 0.1 \end{bmatrix}$, $b^2 = (0.2, -0.4)$, $w^3 = (1.2, -0.7)$,
$a^1 = (0.5, 0.9)$, $y = 1$.

| quantity | formula | number |
|---|---|---|
| $z^2$ | $w^2 a^1 + b^2$ | $(-0.19, 0.09)$ |
| $a^2$ | $\sigma(z^2)$ | $(0.4526, 0.5225)$ |
| $z^3$ | $w^3 a^2$ | $0.1774$ |
| $a^3$ | $\sigma(z^3)$ | $0.5442$ |
| $C$ | $\frac12 (y - a^3)^2$ | $0.1039$ |
| $\delta^3$ | $(a^3 - y) \odot \sigma'(z^3)$ | $-0.1130$ |
| $\delta^2$ | $(w^3)^T \delta^3 \odot \sigma'(z^2)$ | $(-0.0336, 0.0197)$ |
| $\partial C / \partial w^2$ | $\delta^2 (a^1)^T$ | $\begin{bmatrix} -0.0168 & -0.0302 \\ 0.0099 & 0.0178 \end{bmatrix}$ |
"""  # noqa: E501
JACOBIAN = r"""
Take $y = \tanh(Wx)$ with

$$W = \begin{bmatrix} 1 & -0.5 \\ 0.25 & 0.75 \\ 0 & 2 \end{bmatrix}, \qquad x = \begin{bmatrix} 0.4 \\ 0.2 \end{bmatrix}.$$

Seed $\dot x = (1, -1)^T$:

| | primal | tangent |
|---|---|---|
| $x$ | $(0.4, 0.2)$ | $(1, -1)$ |
| $z = Wx$ | $(0.3, 0.25, 0.4)$ | $\dot z = W \dot x = (1.5, -0.5, -2)$ |
| $y = \tanh z$ | $(0.2913, 0.2449, 0.3799)$ | $\dot y = (1 - y^2) \odot \dot z = (1.3727, -0.4700, -1.7113)$ |
"""  # noqa: E501
RUNNING = """
x = (2, 4, −2, 6), w = (1, −2).

1. Pooling: a₁ = (2 + 4)/2 = 3, a₂ = (−2 + 6)/2 = 2, so a = (3, 2).
2. Output: y = w · a = 1·3 + (−2)·2 = −1.
3. ∂y/∂a = w = (1, −2).
4. ∂y/∂x: every entry of a window gets one half: ∂y/∂x = (0.5, 0.5, −1, −1).
"""
WORDS = r"""
上下文词向量 $e_1 = [1, 0]$,$e_2 = [0, 2]$,$U = \begin{bmatrix} 1 & -1 \\ 0.5 & 0.5 \end{bmatrix}$,目标词 $y = [0, 1]$。

- $h = (e_1 + e_2)/2 = [0.5, 1]$
- $z = U h = [-0.5, 0.75]$
- $\hat y = \text{softmax}(z) = [0.2227, 0.7773]$
- $L = -\log \hat y_2 = 0.2519$
- $\frac{\partial L}{\partial z} = \hat y - y = [0.2227, -0.2227]$
- $\frac{\partial L}{\partial U} = \frac{\partial L}{\partial z} h^T = \begin{bmatrix} 0.1114 & 0.2227 \\ -0.1114 & -0.2227 \end{bmatrix}$
- $\frac{\partial L}{\partial h} = U^T \frac{\partial L}{\partial z} = [0.1114, -0.3341]$
- $\frac{\partial L}{\partial e_1} = \frac{\partial L}{\partial e_2} = \frac12 \frac{\partial L}{\partial h} = [0.0557, -0.1670]$
"""  # noqa: E501
HANDS = {"raised": RAISED, "jacobian": JACOBIAN, "running": RUNNING, "words": WORDS}
HAND_SLIPS = [
    ("raised", "(-0.19, 0.09)", "(-0.19, 0.9)"), ("raised", "| $-0.1130$", "| $0.1130$"),
    ("raised", r"-0.0168 & -0.0302 \\ 0.0099", r"-0.0168 & 0.0099 \\ -0.0302"),
    ("jacobian", "-0.4700", "0.4700"), ("jacobian", "(0.3, 0.25, 0.4)", "(0.3, 0.25, 0.5)"),
    ("running", "(0.5, 0.5, −1, −1)", "(1, 1, −2, −2)"), ("running", "a = (3, 2)", "a = (3, 3)"),
    ("words", "[0.0557, -0.1670]", "[0.1114, -0.3341]"), ("words", "[0.2227, -0.2227]", "[0.2227, 0.7773]"),
]  # fmt: skip


@pytest.mark.parametrize("name", HANDS)
def test_layers_as_exponents_seeds_of_vectors_and_running_text_are_right(name: str) -> None:
    """Nielsen's ``z^2``, a seed told for x of tanh(Wx), vectors in sentences, a target that no row uses."""
    function = "dot(w, avgpool1d(x, 2))" if name == "running" else None
    report = check(HANDS[name], {"x": [2, 4, -2, 6], "w": [1, -2]} if function else None, function=function)
    assert not report.mistakes, str(report)
    assert not report.count("not read"), str(report)


@pytest.mark.parametrize(("name", "right", "wrong"), HAND_SLIPS, ids=[wrong for *_, wrong in HAND_SLIPS])
def test_their_slips_are_found_where_they_stand(name: str, right: str, wrong: str) -> None:
    """Found on its line, and nothing else is blamed."""
    function = "dot(w, avgpool1d(x, 2))" if name == "running" else None
    before, _, _ = HANDS[name].partition(right)
    report = check(
        HANDS[name].replace(right, wrong, 1), {"x": [2, 4, -2, 6], "w": [1, -2]} if function else None,
        function=function,
    )  # fmt: skip
    assert [found.line for found in report.mistakes] == [before.count("\n") + 1], str(report)


PRODUCT = r"""
$f(x) = \frac12 x^\top A x + \sum_i x_i^3$ with $A = \begin{bmatrix} 2 & 1 \\ 1 & 3 \end{bmatrix}$, $x = (1, 2)$, $v = (1, -1)$

\begin{align*}
A x &= \begin{bmatrix} 4 \\ 7 \end{bmatrix} \\
f(x) &= \frac12 \cdot 18 + 9 = 18 \\
\nabla f(x) &= A x + 3 x^2 = \begin{bmatrix} 7 \\ 19 \end{bmatrix} \\
A v &= \begin{bmatrix} 1 \\ -2 \end{bmatrix} \\
\nabla^2 f(x)\, v &= A v + 6 x \odot v = \begin{bmatrix} 7 \\ -14 \end{bmatrix}
\end{align*}
"""  # noqa: E501


@pytest.mark.parametrize(
    ("right", "wrong"), [("4 \\\\ 7", "4 \\\\ 8"), ("+ 9 = 18", "+ 9 = 27"), ("7 \\\\ 19", "7 \\\\ 9"), ("-14", "14")]
)
def test_a_product_of_a_hessian_and_a_vector(right: str, wrong: str) -> None:
    """Rows without names, a value behind f(x), a vector that the prose alone tells: right, and their slips not."""
    assert check(PRODUCT).exit_status == 0, str(check(PRODUCT))
    before, _, _ = PRODUCT.partition(right)
    assert [found.line for found in check(PRODUCT.replace(right, wrong)).mistakes] == [before.count("\n") + 1]


def test_a_gradient_that_is_worked_out_in_a_sentence() -> None:
    """A gradient with its formula in the sentence behind a table is a row of its own."""
    document = (
        "$f(x) = x^T A x$ with $A = [[2, 1], [0, 3]]$ at $x = (1, 2)$.\n\n| row | value | adjoint |\n|---|---|---|\n"
        "| $u = A x$ | (4, 6) | (1, 2) |\n| $f = x^T u$ | 16 | 1 |\n\n"
        "Hence $\\nabla f(x) = (A + A^\\top) x = (6, 13)$.\n"
    )
    assert not check(document).mistakes
    assert [found.line for found in check(document.replace("13)", "14)")).mistakes] == [8]


STRIDED = r"""
$X = \begin{bmatrix} 1 & 2 & 0 & 1 \\ 0 & 1 & 3 & 2 \\ 2 & 1 & 0 & 1 \\ 1 & 0 & 2 & 3 \end{bmatrix}$, stride 2.

**Forward.** $Y = X * K = \begin{bmatrix} 1 & 3 \\ 1 & 5 \end{bmatrix}$ and $R = Y + b = \begin{bmatrix} -1 & 1 \\ -1 & 3 \end{bmatrix}$.

The loss is the sum of all entries, $L = \sum R = 2$.

Its derivatives are $\frac{\partial L}{\partial b} = 4$ and $\frac{\partial L}{\partial K} = \begin{bmatrix} 3 & 5 \\ 6 & 6 \end{bmatrix}$.
"""  # noqa: E501
BATCH = """
P = X W + b, E = P - Y, L = 1/(2N) sum(E^2), N = 3

X = [[1, 0], [2, 1], [0, 3]]
W = [[0.5], [1]]
b = 0.2
Y = [[1], [2], [2]]

P = X W + b      = [[0.7], [2.2], [3.2]]
E = P - Y        = [[-0.3], [0.2], [1.2]]
L = sum(E^2)/6   = 0.2617
dL/dP = E/3      = [[-0.1000], [0.0667], [0.4000]]
dL/dW = X^T dL/dP = [[0.0333], [1.2667]]
"""
STEPS = """
```python
X = np.array([[1., 2.], [0., -1.]])
W = np.array([[0.1, -0.2], [0.4, 0.0]])
Y = np.array([[1, 0], [0, 1]])
S = X @ W
print(S)
# [[0.9  -0.2]
#  [-0.4  0.0]]
loss = np.sum(Y * S) / 2
print(loss)        # 0.45
dS = Y / 2
dW = X.T @ dS
print(dW)
# [[0.5  0. ]
#  [1.  -0.5]]
W -= 0.1 * dW
print(W)
# [[0.05  -0.2]
#  [0.3  0.05]]
```
"""
SENTENCE = """
<p>Dados z = (1, &minus;1, 0.5) e a classe correta 3, ou seja y = (0, 0, 1).</p>
<table>
<tr><th>passo</th><th>fórmula</th><th>resultado</th></tr>
<tr><td>p</td><td>softmax(z)</td><td>(0.5741, 0.0777, 0.3482)</td></tr>
<tr><td>L</td><td>&minus;sum(y * log(p))</td><td>1.0550</td></tr>
</table>
"""
NORM = """
For ``x = [2, 4, 9]`` we compute ``y = (x - mean(x)) / std(x)``.

| name | expression | value |
|---|---|---|
| d | x - mean(x) | [-3, -1, 4] |
| s | sqrt(mean(d**2)) | 2.9439 |
| y | d / s | [-1.0190, -0.3397, 1.3587] |
"""
BATCHES = {"strided": STRIDED, "batch": BATCH, "steps": STEPS, "sentence": SENTENCE, "norm": NORM}
BATCH_SLIPS = [
    ("strided", r"1 & 3 \\ 1 & 5", r"1 & 4 \\ 1 & 5"), ("strided", r"3 & 5 \\ 6 & 6", r"3 & 5 \\ 6 & 8"),
    ("batch", "= 0.2617", "= 0.5233"), ("batch", "[1.2667]", "[3.8000]"),
    ("steps", "# 0.45", "# 0.90"), ("steps", "[0.05  -0.2]", "[0.15  -0.2]"),
    ("sentence", "0.0777", "0.0778"), ("sentence", "1.0550", "2.0550"), ("norm", "1.3587", "1.5387"),
]  # fmt: skip


def batch(name: str, document: str) -> Report:
    """The report of one of these documents."""
    if name == "strided":
        point = {"X": [[1, 2, 0, 1], [0, 1, 3, 2], [2, 1, 0, 1], [1, 0, 2, 3]], "K": [[1, -1], [0, 2]], "b": -2}
        return check(document, point, function="sum(conv2d(X, K, stride=2) + b)")
    return check(document)


@pytest.mark.parametrize("name", BATCHES)
def test_batches_strides_and_numbers_within_sentences_are_right(name: str) -> None:
    """``sum(E^2)/6`` for 1/(2N) of three examples, W after a step, the point before words, std."""
    report = batch(name, BATCHES[name])
    assert report.exit_status == 0, str(report)


@pytest.mark.parametrize(("name", "right", "wrong"), BATCH_SLIPS, ids=[wrong for *_, wrong in BATCH_SLIPS])
def test_a_slip_in_a_batch_is_the_one_mistake(name: str, right: str, wrong: str) -> None:
    """One mistake, and no more."""
    assert BATCHES[name].count(right) == 1
    report = batch(name, BATCHES[name].replace(right, wrong))
    assert len(report.mistakes) == 1, str(report)


GAPS = {
    "ones": (
        "$P = [[1, 2], [3, 4]]$, $v = (1, 1)$\n\n- $u = P v = (3, 7)$\n- $f = \\mathbf 1^T u = 10$\n"
        "- $\\bar u = \\mathbf 1 = (1, 1)$\n- $\\bar v = P^T \\mathbf 1 = (4, 6)$\n", "(4, 6)", "(3, 7)",
    ),
    "inner": (
        "$a = (1, 2)$, $x = (3, -1)$\n\n- $s = \\langle a, x \\rangle = 1$\n- $f = s^2 = 1$\n- $\\bar s = 2 s = 2$\n"
        "- $\\bar x = a \\bar s = (2, 4)$\n- $\\bar a = x \\bar s = (6, -2)$\n", "\\rangle = 1", "\\rangle = 5",
    ),
    "outer": (
        "a1 = [1, 2], W2 = [[1, 3], [0, 1]]\n\n- z = W2 @ a1 = [7, 2]\n- L = sum(z^2)/2 = 26.5\n- d2 = z = [7, 2]\n"
        "- dW2 = d2 ⊗ a1 is [[7, 14], [2, 4]]\n", "[7, 14]", "[7, 15]",
    ),
    "one row": (
        "x = [1, -2], W = [[1, 2], [0, 1]]\n\n| $z = W x$ | $h = \\tanh(z)$ | $L = \\sum h$ | $\\bar h$ |\n"
        "|---|---|---|---|\n| (-3, -2) | (-0.9951, -0.9640) | -1.9591 | (1, 1) |\n", "-0.9640", "-0.9460",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GAPS)
def test_ones_inner_and_outer_products_and_one_row_of_numbers(name: str) -> None:
    r"""``P^T \mathbf 1``, ``\langle a, x\rangle``, ``d2 ⊗ a1 is ...``, equations above one row of numbers."""
    document, right, wrong = GAPS[name]
    assert check(document).exit_status in (0, 4), str(check(document))
    assert not check(document).count("not read"), str(check(document))
    assert len(check(document.replace(right, wrong, 1)).mistakes) == 1, str(check(document.replace(right, wrong, 1)))


def test_a_kink_at_the_second_point_is_no_traceback() -> None:
    """Doubles on both sides of a kink have no ball between them: a formula is not compared there."""
    document = r"""
$$W^{(1)} = \begin{bmatrix} 0.5 & 0.2 \\ -0.4 & 0.3 \end{bmatrix},\quad W^{(2)} = \begin{bmatrix} 1 & -1 \\ 0.6 & 0.4 \end{bmat#rix},\quad W^{(3)} = \begin{bmatrix} 0.3 & -0.8 \end{bmatrix}$$

$$z^{(1)} = W^{(1)} x = \begin{bmatrix} 0.3 \\ -0.7 \end{bmatrix}$$

$$a^{(1)} = \mathrm{ReLU}(z^{(1)}) = \begin{bmatrix} 0.3 \\ 0 \end{bmatrix}$$

$$z^{(2)} = W^{(2)} a^{(1)} = \begin{bmatrix} 0.3 \\ 0.18 \end{bmatrix}$$

$$a^{(2)} = \mathrm{ReLU}(z^{(2)}) = \begin{bmatrix} 0.3 \\ 0.18 \end{bmatrix}$$

$$z^{(3)} = W^{(3)} a^{(2)} = -0.054$$

$$\delta^{(2)} = (W^{(3)})^T \delta^{(3)} \odot \mathrm{ReLU}'(z^{(2)}) = \begin{bmatrix} -0.3162 \\ 0.8432 \end{bmatrix}$$

$$\frac{\partial L}{\partial W^{(2)}} = \delta^{(2)} (a^{(1)})^T = \begin{bmatrix} -0.09486 & 0 \\ 0.25296 & 0 \end{bmatrix}$$
"""  # noqa: E501
    assert check(document).findings


PRINTED_BELOW = """X = [[1, 2], [-1, 1]], W = [[0.5], [-1]], Y = [[1], [0]]

```
P = X @ W + 0.5
E = P - Y
L = sum(E**2)
dP = 2*E
dW = X.T @ dP
W_new = W - 0.1*dW
```

```
P = [[-1.]
 [-1.]]
L = 5.0
dW = [[ -2.]
 [-10.]]
W_new = [[0.7]
 [0. ]]
```
"""


def test_arrays_over_several_lines_and_a_step_whose_number_stands_elsewhere() -> None:
    """``W_new = W - 0.1*dW`` was no operation of W_new where its number stood in another line."""
    assert check(PRINTED_BELOW).exit_status == 0
    for right, wrong, line in ((" [0. ]]", " [0.2]]", 9), (" [-10.]]", " [10.]]", 16), ("0.1*dW", "0.2*dW", 9)):
        assert [mistake.line for mistake in check(PRINTED_BELOW.replace(right, wrong)).mistakes] == [line]
    without = PRINTED_BELOW.partition("W_new = [[")[0] + "```\n"
    report = check(without)
    assert (report.exit_status, report.mistakes) == (4, ())
