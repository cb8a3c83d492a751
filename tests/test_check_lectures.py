r"""Arrays and networks as lecture notes and blogs have them: all of it is read, and a wrong number is found alone."""

from __future__ import annotations

import pytest

from adtrace import check
from adtrace.checking.reporting import Report

LEAST_SQUARES = r"""Let $f(x) = \frac{1}{2}\|Ax - b\|^2$ with
\[ A = \begin{bmatrix} 1 & 0 \\ 1 & 1 \\ 1 & 3 \end{bmatrix}, \quad b = \begin{bmatrix} 1 \\ 2 \\ 2 \end{bmatrix},
\quad x = \begin{bmatrix} 0.5 \\ 1 \end{bmatrix}. \]
The residual is
\[ r = Ax - b = \begin{bmatrix} -0.5 \\ -0.5 \\ 1.5 \end{bmatrix} \]
so that
\[ f(x) = \frac{1}{2} r^T r = 1.375 . \]
The gradient is
\[ \nabla f(x) = A^T r = \begin{bmatrix} 0.5 \\ 4 \end{bmatrix} . \]
"""
LAYER_NORM = r"""Layer norm of $x = (2, 4, 6, 0)$ with $\gamma = (1, 2, 0.5, 1)$ and $\beta = (0, 0.5, 0, -1)$.

| step | computation | result |
|------|-------------|--------|
| mean | $\mu = \frac{1}{4}\sum_i x_i$ | 3 |
| centered | $x - \mu$ | (-1, 1, 3, -3) |
| variance | $\sigma^2 = \frac14 \sum_i (x_i - \mu)^2$ | 5 |
| normalized | $\hat x = (x - \mu)/\sqrt{\sigma^2}$ | (-0.4472, 0.4472, 1.3416, -1.3416) |
| output | $y = \gamma \odot \hat x + \beta$ | (-0.4472, 1.3944, 0.6708, -2.3416) |
"""
FENCES = """
```python
X = np.array([[0, 1], [1, 1]])
W = np.array([[0.5], [2]])
z = X @ W
print(z)
```

**Output:**

```
[[2. ]
 [2.5]]
```

```python
r = np.maximum(z - 2.2, 0)
L = r.sum()
print(r)
print(L)
```

```
[[0. ]
 [0.3]]
0.3
```
"""
HEADS = r"""
$$C = \begin{bmatrix} 1 & 2 \\ 0 & -1 \end{bmatrix}, \qquad w = (1, 2, 0, 3)$$
$$s = w^T \mathrm{vec}(C) = 2$$
$$J = CE(s, w) = -\log(s) = -0.6931$$
"""
LAYERS = r"""
With $w^{(2)} = (2, -1)$, $a^{(1)} = (1, 3)$ and $b^{(2)} = 0.5$:
\begin{align*}
z^{(2)} &= w^{(2)} \cdot a^{(1)} + b^{(2)} = -0.5 \\
a^{(2)} &= \tanh(z^{(2)}) = -0.4621 \\
\frac{\partial a^{(2)}}{\partial z^{(2)}} &= 1 - (a^{(2)})^2 = 0.7864 \\
\frac{\partial a^{(2)}}{\partial b^{(2)}} &= \frac{\partial a^{(2)}}{\partial z^{(2)}} = 0.7864 \\
\frac{\partial a^{(2)}}{\partial w^{(2)}} &= \frac{\partial a^{(2)}}{\partial z^{(2)}} a^{(1)} = (0.7864, 2.3593)
\end{align*}
"""
POOL = r"""
$$I = \begin{bmatrix} 1 & 0 & 2 \\ 2 & 1 & 0 \\ 0 & 3 & 1 \end{bmatrix}$$

**Step 1: ReLU** $R = \mathrm{ReLU}(I - 1) = \begin{bmatrix} 0 & 0 & 1 \\ 1 & 0 & 0 \\ 0 & 2 & 0 \end{bmatrix}$

**Step 2: 2×2 max pooling with stride 1**

$$M = \mathrm{maxpool}(R) = \begin{bmatrix} 1 & 1 \\ 2 & 2 \end{bmatrix}$$
"""
CLASSES = r"""
| class | score $z_i$ | $e^{z_i}$ | $p_i = e^{z_i}/\sum_j e^{z_j}$ | $y_i$ | $\partial L/\partial z_i = p_i - y_i$ |
|---|---|---|---|---|---|
| cat | 3.2 | 24.53 | 0.130 | 1 | -0.870 |
| car | 5.1 | 164.02 | 0.869 | 0 | 0.869 |
| frog | -1.7 | 0.18 | 0.001 | 0 | 0.001 |

The loss is $L = -\ln p_{cat} = 2.04$.
"""
EXAMPLES = r"""Fit $\hat y = w x + b$ with $w = 1.2$ and $b = 0.3$; squared error $(\hat y - y)^2$.

| i | x | y | $\hat y$ | $\hat y - y$ | $\partial/\partial w = 2(\hat y - y)x$ |
|---|---|---|---|---|---|
| 1 | 1 | 2 | 1.5 | -0.5 | -1 |
| 2 | 2 | 2.5 | 2.7 | 0.2 | 0.8 |
"""
STEPS = r"""With $u = 0.5$, $w = 0.8$ and $h_0 = 0$:

| $t$ | $x_t$ | $h_{t-1}$ | $a_t = u x_t + w h_{t-1}$ | $h_t = \tanh(a_t)$ |
|---|---|---|---|---|
| 1 | 1 | 0 | 0.5 | 0.4621 |
| 2 | -2 | 0.4621 | -0.6303 | -0.5582 |
"""
UPDATE = r"""$w_5 = 0.4$, $x = 3$

$$net = w_5 x = 1.2$$
$$E = \frac12 net^2 = 0.72$$
$$\frac{\partial E}{\partial w_5} = net \cdot x = 3.6$$

Update with $\eta = 0.5$:
$$w_5^+ = w_5 - \eta \frac{\partial E}{\partial w_5} = 0.4 - 0.5 \cdot 3.6 = -1.4$$
"""
DESCENT = r"""
$$X = \begin{bmatrix} 1 & 1 \\ 1 & 3 \end{bmatrix},\; y = (1, 2),\; \theta^{(0)} = (0, 0.5),\; \alpha = 0.2,\; m = 2$$
$$J(\theta^{(0)}) = \frac{1}{2m} \|X\theta^{(0)} - y\|^2 = 0.125$$
$$e = X\theta^{(0)} - y = (-0.5, -0.5)$$
$$\nabla J(\theta^{(0)}) = \frac{1}{m} X^T e = (-0.5, -1)$$
$$\theta^{(1)} = \theta^{(0)} - \alpha \nabla J(\theta^{(0)}) = (0.1, 0.7)$$
"""
ATTENTION = r"""
\[ Q = \begin{pmatrix} 1 & 0 \\ 0 & 2 \end{pmatrix}, \qquad K = \begin{pmatrix} 1 & 1 \\ 0 & 1 \end{pmatrix}, \qquad
d_k = 2. \]
\[ QK^\top = \begin{pmatrix} 1 & 0 \\ 2 & 2 \end{pmatrix}, \qquad
\frac{Q K^\top}{\sqrt{d_k}} = \begin{pmatrix} 0.707 & 0 \\ 1.414 & 1.414 \end{pmatrix} \]
\[ \mathrm{Attention}(Q, K) = \mathrm{softmax}\left(\frac{Q K^\top}{\sqrt{d_k}}\right) K
= \begin{pmatrix} 0.6698 & 1 \\ 0.5 & 1 \end{pmatrix}. \]
"""
LISTING = """import numpy as np

W = np.array([[0.5, 0.1], [0.2, 0.3]])   # weights
x = np.array([1., -1.])
z = W @ x
# [ 0.4 -0.1]
L = z.sum()
# 0.3
"""
BEYOND = """Weights `Wxh = [0.1, 0.2]`, `Why = [1, -1]`, input `x1 = 2`; loss `L = 0.5*y^2`.

| quantity | formula | value |
|---|---|---|
| h1 | tanh(Wxh*x1) | [0.1974, 0.3799] |
| y | Why@h1 | -0.1826 |
| L | 0.5*y^2 | 0.0167 |
| dL/dWhy | y*h1 | [-0.0360, -0.0694] |
| dL/dWxh | y*Why*(1 - h1^2)*x1 | [-0.3509, 0.3124] |
"""
CROSS = r"""
\begin{tabular}{lll}
Quantity & Expression & Result \\
Pre-activation & $z = W x$ & $(-1.5, 1.9)$ \\
Activation & $p = \sigma(z)$ & $(0.1824, 0.8699)$ \\
Loss & $L = -\sum_k [y_k \ln p_k + (1 - y_k) \ln (1 - p_k)]$ & $0.3408$ \\
\end{tabular}
"""
REASON = """With x = [3, 1], w = [0.5, -1] and b = 0.25:

    z = w·x + b = 0.75
    a = max(0, z) = 0.75
    L = a^2 = 0.5625

    dL/da = 2*a = 1.5
    da/dz = 1        (because z > 0)
    dL/dz = dL/da * da/dz = 1.5
    dL/dw = dL/dz * x = [4.5, 1.5]
    dL/db = dL/dz = 1.5
"""
LABELS = """```python
x = np.array([0.5, -1.0])
W = np.array([[0.2, 0.1], [0.4, -0.2]])
z = W @ x
L = np.sum(z**2)
print("z =", z)       # z = [0.  0.4]
print("L =", L)       # L = 0.16
dz = 2*z
print("dz =", dz)     # dz = [0.  0.8]
```
"""
UNROLLED = r"""
\[ W = \begin{pmatrix} 0.5 & 0 \\ -0.3 & 0.2 \end{pmatrix},
\quad U = \begin{pmatrix} 0.1 & 0.4 \\ 0 & -0.2 \end{pmatrix},
\quad v = (1, 0.5), \quad x_1 = (1, 0), \quad x_2 = (0, 1), \quad h_0 = 0. \]
1. $h_1 = \tanh(W x_1 + U h_0) = (0.4621, -0.2913)$
2. $h_2 = \tanh(W x_2 + U h_1) = (-0.0702, 0.2526)$
3. $s = v^\top h_2 = 0.0561$
4. $\frac{\partial s}{\partial h_2} = v = (1, 0.5)$
5. $\frac{\partial s}{\partial a_2} = v \odot (1 - h_2^2) = (0.9951, 0.4681)$
6. $a_2 = W x_2 + U h_1 = (-0.0703, 0.2583)$
7. $\frac{\partial s}{\partial h_1} = U^\top \frac{\partial s}{\partial a_2} = (0.0995, 0.3044)$
"""
BY_LAYER = r"""With $W^{(1)} = \begin{pmatrix} 0.4 & -0.6 \\ 0.3 & 0.2 \end{pmatrix}$,
$W^{(2)} = \begin{pmatrix} 0.5 & 0.7 \end{pmatrix}$,
$a^{(0)} = (1, -1)$ and $E = \frac12 (a^{(2)})^2$:

| layer $l$ | $z^{(l)} = W^{(l)} a^{(l-1)}$ | $a^{(l)} = \sigma(z^{(l)})$ | $\delta^{(l)}$ |
|---|---|---|---|
| 1 | $(1, 0.1)$ | $(0.7311, 0.5250)$ | $(0.0146, 0.0258)$ |
| 2 | $0.7330$ | $0.6755$ | $0.1481$ |
"""
ITEMS = """
- x: [1, 2]
- W: [[1, -1], [0.5, 0.5]]
- z = W x: [-1, 1.5]
- p = tanh(z): [-0.7616, 0.9051]
- L = sum(p): 0.1435
- dL/dp: [1, 1]
- dL/dz = dL/dp * (1 - p^2): [0.4200, 0.1807]
"""
NABLA = r"""With $X = \begin{bmatrix} 1 & 0 \\ 1 & 2 \end{bmatrix}$, $y = (0, 1)$ and $w = (0, 0)^T$:

1. $p = \sigma(Xw) = (0.5, 0.5)^T$
2. $L = -\sum_i [y_i \log p_i + (1 - y_i) \log(1 - p_i)] = 1.3863$
3. $\nabla_w L = X^T (p - y) = (0, -1)^T$
4. $w_{new} = w - 0.4\, \nabla_w L = (0, 0.4)^T$
"""
EXPS = r"""Let $z = (1, 0, -1)$ and $y = (1, 0, 0)$.
\begin{align*}
S &= \sum_j e^{z_j} = 2.7183 + 1 + 0.3679 = 4.0862 \\
p_1 &= \frac{e^{z_1}}{S} = \frac{2.7183}{4.0862} = 0.6652 \\
p_2 &= \frac{e^{z_2}}{S} = 0.2447 \\
p_3 &= \frac{e^{z_3}}{S} = 0.0900 \\
L &= -\ln p_1 = 0.4076
\end{align*}
Therefore $\nabla_z L = p - y = (-0.3348, 0.2447, 0.0900)$.
"""
UPSTREAM = r"""Forward: $O = P V$ with $P = \begin{bmatrix} 0.25 & 0.75 \\ 0.6 & 0.4 \end{bmatrix}$ and
$V = \begin{bmatrix} 1 & 0 \\ 2 & 1 \end{bmatrix}$, so

$$O = \begin{bmatrix} 1.75 & 0.75 \\ 1.4 & 0.4 \end{bmatrix}$$

The upstream gradient is $dO = \begin{bmatrix} 1 & 1 \\ 0 & 1 \end{bmatrix}$. Then

$$dV = P^T dO = \begin{bmatrix} 0.25 & 0.85 \\ 0.75 & 1.15 \end{bmatrix}$$

$$dP = dO\, V^T = \begin{bmatrix} 1 & 3 \\ 0 & 1 \end{bmatrix}$$
"""
GIVEN = """`x = [0.5, 1]`, `W = [[1, 2], [0, -1]]`, `b = [0, 1]`, target `y = [2, 0]`, `eps = 1e-3`.

| | expression | result |
|---|---|---|
| `yhat` | `W @ x + b` | `[2.5, 0]` |
| `loss` | `mean((yhat - y)**2 + eps)` | `0.126` |
| `d_yhat` | `yhat - y` | `[0.5, 0]` |
| `dW` | `outer(d_yhat, x)` | `[[0.25, 0.5], [0, 0]]` |
| `db` | `d_yhat` | `[0.5, 0]` |
"""
DROPOUT = r"""Mask $m = (2, 0, 2)$, $r = (1, 0, 0.5)$, $W_2 = \begin{bmatrix} 1 & -1 & 2 \end{bmatrix}$.

| Symbol | Definition | Value |
|---|---|---|
| $d$ | $m \odot r$ | [2, 0, 1] |
| $o$ | $W_2 d$ | 4 |
| $\partial o/\partial d$ | $W_2^T$ | [1, -1, 2] |
| $\partial o/\partial r$ | $m \odot \partial o/\partial d$ | [2, 0, 4] |
"""
CODE = """```python
y = np.array([0, 1, 0])
w = 0.5
p = 0.5 - 0.5*w*y + y/len(y)    # -> [0.5, 0.5833, 0.5]
L = np.sum(p**2)                # -> 0.8403
dp = 2 * p                      # -> [1, 1.1667, 1]
dw = np.sum(dp * -0.5*y)        # -> -0.5833
w = w - 0.1 * dw                # -> 0.5583
```
"""
NUMBERED = r"""
\begin{align}
W^{(2)} &= \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix} \nonumber \\
a &= (1, 3) \nonumber \\
z &= W^{(2)\top} a = (1, 5) \\
L &= \sum_i z_i^2 = 26
\end{align}
"""
RIGHT = [
    LEAST_SQUARES, LAYER_NORM, FENCES, HEADS, LAYERS, POOL, CLASSES, EXAMPLES, STEPS, UPDATE, DESCENT, ATTENTION,
    LISTING, BEYOND, REASON, LABELS, UNROLLED, BY_LAYER, ITEMS, NABLA, EXPS,
    UPSTREAM, GIVEN, DROPOUT, CODE, NUMBERED,
]  # fmt: skip


@pytest.mark.parametrize("document", RIGHT)
def test_what_is_right_is_read_and_right(document: str) -> None:
    """No cell is blamed, none left unread, and no row is said to be missing that nobody needs."""
    assert check(document).exit_status == 0, str(check(document))


WRONG = [
    (LEAST_SQUARES, "1.375", "2.75", "f"),
    (LEAST_SQUARES, "0.5 \\\\ 4", "0.5 \\\\ 5", "x"),
    (LAYER_NORM, "| 5 |", "| 6.6667 |", "sigma_{sq}"),
    (LAYER_NORM, "(-1, 1, 3, -3)", "(-1, 1, 4, -3)", "centered"),
    (FENCES, "[2.5]", "[3.5]", "z"),
    (FENCES, "\n0.3\n", "\n0.6\n", "L"),
    (HEADS, "= 2$$", "= 3$$", "s"),
    (HEADS, "-0.6931", "0.6931", "J"),
    (LAYERS, "-0.5 ", "0.5 ", "z⁽²⁾"),
    (POOL, "1 & 1 \\\\ 2 & 2", "1 & 1 \\\\ 2 & 3", "M"),
    (CLASSES, "24.53", "26.53", "col_3"),
    (CLASSES, "0.130", "0.230", "p"),
    (CLASSES, "-0.870", "0.870", "z"),
    (CLASSES, "2.04", "0.89", "L"),
    (EXAMPLES, "2.7", "2.9", "yhat"),
    (EXAMPLES, "0.8 |", "0.4 |", "col_6"),
    (STEPS, "-0.6303", "-0.9303", "a_2"),
    (STEPS, "| 0.5 |", "| 0.6 |", "a_1"),
    (UPDATE, "-1.4", "2.2", "w_{5_new}"),
    (DESCENT, "0.125", "0.25", "J"),
    (DESCENT, "(-0.5, -1)", "(-1, -2)", "theta⁽⁰⁾"),
    (DESCENT, "(0.1, 0.7)", "(-0.1, 0.3)", "theta⁽¹⁾"),
    (ATTENTION, "0.6698 & 1", "0.6698 & 2", "Attention"),
    (LISTING, "-0.1]", "0.1]", "z"),
    (BEYOND, "0.3799", "0.4799", "h_1"),
    (REASON, "[4.5, 1.5]", "[4.5, 2.5]", "w"),
    (LABELS, "[0.  0.8]", "[0.  0.4]", "z"),
    (UNROLLED, "0.4681", "0.8681", "a_2"),
    (UNROLLED, "-0.2913", "0.2913", "h_1"),
    (BY_LAYER, "0.5250", "0.6250", "a⁽¹⁾"),
    (BY_LAYER, "0.0258", "0.0528", "z⁽¹⁾"),
    (ITEMS, "0.9051", "0.8051", "p"),
    (ITEMS, "0.1807", "0.2807", "z"),
    (EXPS, "(-0.3348,", "(0.3348,", "z"),
    (EXPS, "{S} = 0.0900", "{S} = 0.1900", "p_3"),
    (UPSTREAM, "1 & 3", "1 & 2", "P"),
    (GIVEN, "0.126", "0.252", "loss"),
    (GIVEN, "[[0.25, 0.5]", "[[0.25, 1]", "W"),
    (DROPOUT, "| 4 |", "| 5 |", "o"),
    (CODE, "0.5583", "0.4417", "w_{new}"),
    (CODE, "0.5833, 0.5]", "0.6833, 0.5]", "p"),
    (NUMBERED, "= 26", "= 27", "L"),
    (NABLA, "(0, 0.4)", "(0, -0.4)", "w_{new}"),
    (NABLA, "(0, -1)", "(0, 1)", "w"),
    (BEYOND, "-0.3509", "0.3509", "Wxh"),
]


def rows(report: Report) -> list[str]:
    """The rows in which mistakes are."""
    return [mistake.row for mistake in report.mistakes]


@pytest.mark.parametrize(("document", "right", "wrong", "row"), WRONG)
def test_a_wrong_number_is_found_alone(document: str, right: str, wrong: str, row: str) -> None:
    """One mistake, of that row."""
    assert document.count(right) == 1
    assert rows(check(document.replace(right, wrong))) == [row], str(check(document.replace(right, wrong)))


def test_a_function_that_nobody_knows_is_not_read_and_blames_nothing() -> None:
    """Its number was right whatever it was, and the vector before it was taken for a matrix."""
    report = check(HEADS.replace("vec", "pack"))
    assert (report.mistakes, report.count("not read"), report.exit_status) == ((), 1, 4), str(report)


@pytest.mark.parametrize(("right", "wrong"), [("", ""), ("0.3408", "0.1704"), ("0.8699)", "0.7699)")])
def test_a_sum_goes_on_over_what_has_its_index_and_brackets_may_be_square(right: str, wrong: str) -> None:
    """With a function of its caller's, too: right formulas were blamed."""
    function = "L(x, W, y) = -sum(y*log(sigmoid(W @ x)) + (1 - y)*log(1 - sigmoid(W @ x)))"
    at = {"x": [1, 2], "W": [[0.5, -1], [1.5, 0.2]], "y": [0, 1]}
    for document in (CROSS, CROSS.replace("[y_k", "y_k").replace("p_k)]", "p_k)")):
        report = check(document.replace(right, wrong) if right else document, function=function, at=at)
        assert len(report.mistakes) == bool(right), str(report)


BESIDE = r"""With $W = \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}$ and $x = (1, 1)$:

| row | forward | value | backward | gradient |
|---|---|---|---|---|
| 1 | $u = W x$ | (3, 1) | $\bar u = \bar y$ | (4, 2) |
| 2 | $y = x + u$ | (4, 2) | $\bar y = y$ | (4, 2) |
| 3 | $L = \frac12 y^\top y$ | 10 | $\bar L = 1$ | 1 |

Hence $\bar x = \bar y + W^\top \bar u = (8, 12)$.
"""


def test_the_last_factor_of_a_sentence_is_no_row() -> None:
    """ū was said to be (8, 12)."""
    assert check(BESIDE).mistakes == (), str(check(BESIDE))
    assert rows(check(BESIDE.replace("(8, 12)", "(8, 10)"))) == ["x"]


def test_what_leads_through_a_row_that_is_not_read_is_not_blamed() -> None:
    """The adjoint of z was said to be 0."""
    report = check("""
x = [2, 1], W = [[0.5, -0.5], [1, 0.25]], v = [1, -2]

  z = W x = [0.5, 2.25]
  h = blorp(z) = [0.6225, 0.9047]
  s = v · h = -1.1868
  ds/dh = v = [1, -2]
  ds/dz = ds/dh * h * (1 - h) = [0.2350, -0.1725]
""")
    assert (report.mistakes, report.count("not read")) == ((), 2), str(report)


def test_lines_are_counted_past_what_is_no_formula() -> None:
    r"""A \nonumber moved what stood behind it one line up."""
    (mistake,) = check(NUMBERED.replace("= 26", "= 27")).mistakes
    assert mistake.line == 6


NO_LOSS = """```python
X = np.array([[0, 1], [1, 1]])
w = np.array([0.6, -0.9])
out = X @ w                   # [-0.9 -0.3]
error = out - 1               # [-1.9 -1.3]
d_out = error * out           # [1.71 0.39]
grad_w = X.T @ d_out          # [0.39 2.1]
```
"""


def test_derivatives_of_what_nobody_names_are_not_blamed() -> None:
    """An error is an array: the adjoint of out was said to be ones."""
    report = check(NO_LOSS)
    assert (report.mistakes, report.exit_status) == ((), 4), str(report)


def test_who_wants_one_gradient_of_several_leaves_out_no_others() -> None:
    """That of Whh alone, of three weights."""
    report = check("""Weights `Wxh = [0.1, 0.2]`, `Whh = [[0.3, -0.1], [0.2, 0.4]]`, `Why = [1, -1]`; `x1 = 2` and
`h0 = [0, 1]`.

| quantity | formula | value |
|---|---|---|
| h1 | Wxh*x1 + Whh@h0 | [0.1, 0.8] |
| y | Why@h1 | -0.7 |
| dy/dh1 | Why | [1, -1] |
| dy/dWhh | outer(dy/dh1, h0) | [[0, 1], [0, -1]] |
""")
    assert report.exit_status == 0, str(report)
