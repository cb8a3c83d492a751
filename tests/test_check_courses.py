r"""Documents as courses, blogs and spreadsheets have them: all of each is right, and a slip is found at its line alone.

Where a slip is tried, both stand there: ``«the right cell|the wrong one»``.
"""

# ruff: noqa: E501 - documents as they are

from __future__ import annotations

import re

import pytest

from adtrace import check

DOCUMENTS = {
    "upstream of a Jacobian": r"""Softmax of $z = (1, 2, 0.5)$:

$$p = \mathrm{softmax}(z) = (0.2312, 0.6285, 0.1402)$$

The upstream gradient is $\partial L/\partial p = g = (0.2, -1, 0.5)$.

The Jacobian is $J = \mathrm{diag}(p) - p p^T$:

$$J = \begin{pmatrix} 0.1778 & -0.1453 & «-0.0324|0.0676» \\ -0.1453 & 0.2335 & -0.0881 \\ -0.0324 & -0.0881 & 0.1206 \end{pmatrix}$$

$$\frac{\partial L}{\partial z} = J^T g = (0.1647, «-0.3066|-0.2066», 0.142)$$
""",
    "Jacobian by name": r"""Let z = (1, -1, 0) and y = (0, 0, 1).

p = softmax(z) = (0.6652, «0.09|0.19», 0.2447)

L = -log p_3 = «1.4076|1.3»

∂L/∂p = g = (0, 0, -4.0862)

∂p/∂z = J = diag(p) - p p^T = [[0.2227, -0.0599, -0.1628], [-0.0599, 0.0819, -0.022], [-0.1628, -0.022, 0.1848]]

∂L/∂z = J g = (0.6652, «0.09|0.19», -0.7553) = p - y
""",
    "Jacobian in a table": r"""Cross-entropy: with logits `z = [2, 1, 0.1]` and target `y = [1, 0, 0]`.

| step | value |
|---|---|
| p = softmax(z) | [0.659, 0.2424, 0.0986] |
| L = -sum(y * log(p)) | «0.417|0.47» |
| ∂L/∂p = g = -y/p | («-1.5174|-1.4174», 0, 0) |
| J = diag(p) - p pᵀ | [[0.2247, -0.1598, -0.065], [-0.1598, «0.1837|0.2837», -0.0239], [-0.065, -0.0239, 0.0889]] |
| ∂L/∂z = J g | [-0.341, 0.2424, «0.0986|0.1986»] |
""",
    "zeros worked out": r"""$f(x, y) = x y + \sin(y)$ at $x = 2$, $y = 0$; seed $\dot x = 1$, $\dot y = 0$.

| row | value | tangent | working |
|---|---|---|---|
| $v_1 = x y$ | 0 | «0|2» | $1 \cdot 0 + 2 \cdot 0$ |
| $v_2 = \sin y$ | 0 | «0|1» | $1 \cdot 0$ |
| $v_3 = v_1 + v_2$ | 0 | «0|1» | $0 + 0$ |
""",
    "descent": r"""Minimise $f(x) = x^2 - 4x + 5$ by gradient descent with step size $\alpha = 0.1$ from $x_0 = 0$.

| k | $x_k$ | $f(x_k)$ | $f'(x_k)$ | $x_{k+1}$ |
|---|---|---|---|---|
| 0 | 0 | 5 | -4 | 0.4 |
| 1 | 0.4 | «3.56|3.65» | «-3.2|-3.3» | «0.72|0.73» |
| 2 | 0.72 | 2.6384 | -2.56 | 0.976 |
""",
    "descent in two variables": r"""Gradient descent on f(x, y) = x^2 + 3*y^2, learning rate 0.1, start (2, 1).

| k | x_k | y_k | f(x_k, y_k) | ∂f/∂x | ∂f/∂y | x_{k+1} | y_{k+1} |
|---|---|---|---|---|---|---|---|
| 0 | 2 | 1 | 7 | 4 | 6 | 1.6 | 0.4 |
| 1 | 1.6 | 0.4 | «3.04|3.4» | «3.2|3.4» | «2.4|2.2» | 1.28 | 0.16 |
| 2 | 1.28 | 0.16 | 1.7152 | 2.56 | 0.96 | «1.024|1.042» | «0.064|0.046» |
""",
    "descent of points": r"""Gradient descent for $f(x,y) = x^2 + xy + y^2$ with $\eta = 0.1$ starting at $(x_0, y_0) = (1, -2)$:

| step | $(x, y)$ | $f$ | $\nabla f$ | new $(x, y)$ |
|---|---|---|---|---|
| 0 | (1, -2) | 3 | (0, -3) | (1, -1.7) |
| 1 | (1, -1.7) | «2.19|2.91» | (0.3, «-2.4|-2.2») | (0.97, «-1.46|-1.64») |
""",
    "Newton": r"""Newton's method for $g(t) = t^2 - 2$:

| n | $t_n$ | $g(t_n)$ | $g'(t_n)$ | $t_{n+1}$ |
|---|---|---|---|---|
| 0 | 1 | -1 | 2 | 1.5 |
| 1 | 1.5 | «0.25|0.5» | 3 | «1.4167|1.4617» |
| 2 | 1.4167 | 0.0069 | 2.8333 | 1.4142 |
""",
    "one times an adjoint": r"""$L = \sum_i (Wx)_i$ with $W = [[1, 2], [3, 4]]$, $x = [1, -1]$.

| | value | adjoint |
|---|---|---|
| v_1 = W x | [-1, -1] | 1·v̄_2 = [1, 1] |
| v_2 = sum(v_1) | «-2|-3» | 1 |
| x | [1, -1] | W^T v̄_1 = [«4, 6|3, 7»] |
| W | [[1, 2], [3, 4]] | v̄_1 x^T = [[1, -1], [1, -1]] |
""",
    "nothing divided": r"""f(x, y) = x^2/(8*y) at x = 0, y = 2

| row | value | adjoint formula | adjoint |
|---|---|---|---|
| v1 = x^2 | 0 | v̄3/v2 = 1/16 | 0.0625 |
| v2 = 8*y | 16 | -v1/v2^2 * v̄3 = -0/«256|128» | 0 |
| v3 = v1/v2 | 0 | 1 | 1 |
| x | 0 | 2*0*0.0625 | 0 |
| y | 2 | 8*0 | 0 |
""",
    "nothing divided by a product": r"""f(x, y) = x/(8*y) at x = 0, y = 3

| quantity | working | value |
|---|---|---|
| f | 0/(8 × «3|5») | 0 |
| ∂f/∂x | 1/(8 × 3) | 0.0417 |
| ∂f/∂y | -0/(8 × 3^2) | 0 |
""",
    "hinge loss of vectors": r"""Linear SVM with $w = (1, -1)$ and $b = 0.5$. Hinge loss $\max(0, 1 - y_i (w \cdot x_i + b))$.

| i | $x_i$ | $y_i$ | $w \cdot x_i + b$ | $y_i (w \cdot x_i + b)$ | hinge loss |
|---|---|---|---|---|---|
| 1 | (2, 1) | 1 | 1.5 | 1.5 | 0 |
| 2 | (0, 1) | -1 | -0.5 | «0.5|0.7» | 0.5 |
| 3 | (1, 1) | -1 | «0.5|0.6» | -0.5 | «1.5|1.4» |

Sum of losses: 2.
""",
    "hinge loss of numbers": r"""Hinge loss for $w = 2$, $b = -1$:

| x | y | s = w*x + b | m = y*s | loss = max(0, 1 - m) | dloss/dw |
|---|---|---|---|---|---|
| 1 | 1 | 1 | 1 | 0 | 0 |
| 0.5 | 1 | 0 | 0 | «1|2» | -0.5 |
| 1 | -1 | 1 | «-1|1» | 2 | «1|-1» |
""",
    "hinge loss with its derivative": r"""$w = (0.5, 1)$, $b = 0$, loss $L_i = \max(0, 1 - y_i f(x_i))$ with $f(x) = w^\top x + b$

| $i$ | $x_i$ | $y_i$ | $f(x_i)$ | margin $y_i f(x_i)$ | $L_i$ | $\partial L_i / \partial w$ |
|---|---|---|---|---|---|---|
| 1 | (2, 1) | +1 | 2 | 2 | 0 | (0, 0) |
| 2 | (1, -1) | +1 | «-0.5|0.5» | -0.5 | «1.5|0.5» | («-1, 1|1, -1») |
| 3 | (0, 1) | -1 | 1 | -1 | 2 | (0, 1) |
""",
    "a matrix in the words of the prose": r"""The loss is the sum of the squares of the valid convolution (without flipping) of X with K = [[1, -1], [2, 0]], where X = [[1, 2, 0], [0, 1, 3], [2, 1, 1]].

| row | value | adjoint |
|---|---|---|
| Y = conv2d(X, K) | [[-1, 4], [3, «0|1»]] | [[-2, 8], [«6|7», 0]] |
| S = Y**2 | [[1, 16], [9, 0]] | [[1, 1], [1, 1]] |
| L = sum(S) | «26|27» | 1 |
| K | | [[«14, 2], [20, 28|2, 30], [18, 18»]] |
""",
    "a sum in words": r"""Convolve the image x = [[1, 0, 2], [3, 1, 0], [0, 2, 1]] with K = [[0, 1], [1, 0]] and add up all entries.

| step | formula | value |
|---|---|---|
| y | x * K | [[3, 3], [1, «2|3»]] |
| s | sum of y | «9|8» |

The derivatives:

| quantity | value |
|---|---|
| ∂s/∂y | [[1, 1], [1, 1]] |
| ∂s/∂K | [[5, 3], [6, «4|5»]] |
| ∂s/∂x | [[0, 1, 1], [1, «2|3», 1], [1, 1, 0]] |
""",
    "steps with numbers put in": r"""$f(x, y) = x^2 y$ at $x = 2$, $y = 1$.

$v_1 = x^2 = 4$
$v_2 = v_1 y = 4$
$\bar v_2 = 1$
$\bar v_1 = y \bar v_2 = 1$
$\bar y = v_1 \bar v_2 = 4$
$\bar x = 2 x \bar v_1 = 4$

Step with $\eta = 0.5$:

$x \leftarrow x - \eta \bar x = 2 - 0.5 \cdot «4|3» = 0$
$y \leftarrow y - \eta \bar y = 1 - 0.5 \cdot «4|5» = -1$
""",
    "a notebook that is copied": r"""In [1]:
import numpy as np
x = np.array([1., 3., 5., 7.])
gamma, beta = 2.0, 0.5
mu = x.mean()
mu

Out[1]: 4.0

In [2]:
var = ((x - mu)**2).mean()
var

Out[2]: «5.0|5.5»

In [3]:
xhat = (x - mu)/np.sqrt(var)
xhat

Out[3]: array([-1.34164079, -0.4472136 ,  0.4472136 ,  «1.34164079|1.43164079»])

In [4]:
y = gamma*xhat + beta
y

Out[4]: array([-2.18328157, «-0.39442719|-0.39442791»,  1.39442719,  3.18328157])
""",
    "micrograd": r"""```python
x1 = Value(2.0)
x2 = Value(0.0)
w1 = Value(-3.0)
w2 = Value(1.0)
b = Value(6.5)
x1w1 = x1*w1
x2w2 = x2*w2
s = x1w1 + x2w2
n = s + b
o = n.tanh()
o.backward()
```

| variable | data | grad |
|---|---|---|
| o | «0.4621|0.4612» | 1.0000 |
| n | 0.5000 | «0.7864|0.7846» |
| b | 6.5000 | 0.7864 |
| s | -6.0000 | 0.7864 |
| x1w1 | -6.0000 | 0.7864 |
| x2w2 | 0.0000 | 0.7864 |
| x1 | 2.0000 | «-2.3593|-2.3952» |
| w1 | -3.0000 | «1.5729|1.5792» |
| x2 | 0.0000 | 0.7864 |
| w2 | 1.0000 | 0.0000 |
""",
    "what a library prints": r"""In [1]: x = np.array([1., 2.])
In [2]: W = np.array([[1., 0.], [1., -1.]])
In [3]: h = W @ x
In [4]: h.sum()
Out[4]: «0.0|1.0»
In [5]: np.maximum(h, 0)
Out[5]: array([1., «0.|2.»])
""",
    "layers above names": r"""**A worked example of backpropagation** (quadratic cost, sigmoid neurons)

Layer 1 has inputs $a^1 = (0.5, 1)^T$. The weights and biases are

$$w^2 = \begin{bmatrix} 1 & -1 \\ 0.5 & 0.5 \end{bmatrix}, \quad b^2 = \begin{bmatrix} 0 \\ 0.25 \end{bmatrix}, \quad w^3 = \begin{bmatrix} 2 & -1 \end{bmatrix}, \quad b^3 = 0.1,$$

and the desired output is $y = 1$.

Feedforward:

$$z^2 = w^2 a^1 + b^2 = \begin{bmatrix} -0.5 \\ 1 \end{bmatrix}$$
$$a^2 = \sigma(z^2) = \begin{bmatrix} 0.3775 \\ 0.7311 \end{bmatrix}$$
$$z^3 = w^3 a^2 + b^3 = «0.124|0.1425»$$
$$a^3 = \sigma(z^3) = 0.531$$
$$C = \frac{1}{2}(y - a^3)^2 = 0.11$$

Output error:

$$\delta^3 = (a^3 - y) \sigma'(z^3) = «-0.1168|-0.1281»$$

Backpropagate the error:

$$\delta^2 = ((w^3)^T \delta^3) \odot \sigma'(z^2) = \begin{bmatrix} -0.0549 \\ 0.023 \end{bmatrix}$$

Gradients:

$$\frac{\partial C}{\partial w^3} = \delta^3 (a^2)^T = \begin{bmatrix} -0.0441 & -0.0854 \end{bmatrix}$$
$$\frac{\partial C}{\partial w^2} = \delta^2 (a^1)^T = \begin{bmatrix} -0.0275 & -0.0549 \\ 0.0115 & 0.023 \end{bmatrix}$$
""",
    "a residual block in a table": r"""Residual block: y = x + W2 relu(W1 x)

x = [1, -2]
W1 = [[1, 0.5], [-1, 1]]
W2 = [[0.5, 1], [2, -1]]

| node | formula | value | gradient |
|---|---|---|---|
| u | W1 @ x | [0, «-3|-2»] | [0, 0] |
| h | relu(u) | [0, 0] | [2.5, «0|1»] |
| r | W2 @ h | [0, 0] | [1, 1] |
| y | x + r | [1, -2] | [1, 1] |
| L | sum(y) | «-1|1» | 1 |
""",
    "a residual block in a list": r"""**Residual block** $y = x + W_2\,\mathrm{ReLU}(W_1 x)$ with

$$x = \begin{pmatrix} 2 \\ 1 \end{pmatrix}, \quad W_1 = \begin{pmatrix} 1 & -1 \\ 0 & 1 \end{pmatrix}, \quad W_2 = \begin{pmatrix} 1 & 2 \\ -1 & 0 \end{pmatrix}.$$

Forward:

- $u = W_1 x = (1, «1|2»)$
- $h = \mathrm{ReLU}(u) = (1, 1)$
- $y = x + W_2 h = (5, «0|1»)$
- $L = \frac12 \|y\|^2 = 12.5$

Backward:

- $\bar y = y = (5, 0)$
- $\bar h = W_2^\top \bar y = (5, «10|0»)$
- $\bar u = \bar h \odot [u > 0] = (5, 10)$
- $\bar x = \bar y + W_1^\top \bar u = («10|5», 5)$
- $\bar W_1 = \bar u x^\top = \begin{pmatrix} 10 & 5 \\ 20 & 10 \end{pmatrix}$
- $\bar W_2 = \bar y h^\top = \begin{pmatrix} 5 & 5 \\ 0 & 0 \end{pmatrix}$
""",
    "a convolution with a stride, in German": r"""**Aufgabe 3.** Gegeben sind die Eingabe $X = \begin{pmatrix} 1 & 2 & 0 & 1 \\ 0 & 1 & 3 & 0 \\ 2 & 0 & 1 & 1 \\ 1 & 1 & 0 & 2 \end{pmatrix}$ und der Filter $K = \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$ (Schrittweite 2, keine Auffüllung).

**Lösung.**

Faltung: $$Y = X * K = \begin{pmatrix} 2 & 0 \\ 3 & «3|2» \end{pmatrix}$$

ReLU nach Abzug der Schwelle: $$R = \max(0, Y - 1) = \begin{pmatrix} 1 & «0|1» \\ 2 & 2 \end{pmatrix}$$

Mittelwert: $$m = \frac14 \sum_{i,j} R_{ij} = 1{,}«25|5»$$
""",
    "momentum": r"""SGD with momentum on $f(w) = \frac12 w^2$, $\beta = 0.9$, $\eta = 0.1$, $w_0 = 1$, $v_0 = 0$:

| t | $w_t$ | $g_t = w_t$ | $v_{t+1} = \beta v_t + g_t$ | $w_{t+1} = w_t - \eta v_{t+1}$ |
|---|---|---|---|---|
| 0 | 1 | 1 | 1 | 0.9 |
| 1 | 0.9 | 0.9 | «1.8|1.9» | «0.72|0.73» |
| 2 | 0.72 | «0.72|0.27» | 2.34 | 0.486 |
""",
    "a general sum in the prose": r"""Exercise 5.3. A network with two inputs, two tanh hidden units and one linear output computes
$a_j = \sum_i w_{ji} x_i$, $z_j = \tanh(a_j)$, $y = \sum_j v_j z_j$. For $x_1 = 1$, $x_2 = 0.5$,
$w_{11} = 0.2$, $w_{12} = -0.4$, $w_{21} = 0.6$, $w_{22} = 0.8$, $v_1 = 1$, $v_2 = -0.5$ and target $t = 0$ with $E = \frac12 (y - t)^2$:

| quantity | value |
|---|---|
| $a_1 = w_{11} x_1 + w_{12} x_2$ | 0 |
| $a_2 = w_{21} x_1 + w_{22} x_2$ | «1|1.1» |
| $z_1 = \tanh(a_1)$ | 0 |
| $z_2 = \tanh(a_2)$ | 0.7616 |
| $y = v_1 z_1 + v_2 z_2$ | «-0.3808|-0.3880» |
| $E = \frac12 (y - t)^2$ | 0.0725 |
| $\delta = y - t$ | -0.3808 |
| $\partial E/\partial v_2 = \delta z_2$ | «-0.29|0.29» |
| $\delta_1 = (1 - z_1^2) v_1 \delta$ | -0.3808 |
| $\delta_2 = (1 - z_2^2) v_2 \delta$ | «0.08|-0.08» |
| $\partial E/\partial w_{21} = \delta_2 x_1$ | 0.08 |
""",
    "a loss that the prose works out": r"""6.036 Homework 8: Let $X = \begin{bmatrix} 3 & 2 \end{bmatrix}^T$, $W^1 = \begin{bmatrix} 1 & 0 & -1 \\ 0 & 1 & -1 \end{bmatrix}$, $W^1_0 = (-1, -1, 3)^T$, ReLU, and $W^2 = \begin{bmatrix} 1 & -1 \\ 1 & -1 \\ -1 & 1 \end{bmatrix}$, $W^2_0 = (0, 2)^T$, softmax.

- $Z^1 = (W^1)^T X + W^1_0 = (2, 1, «-2|-3»)$
- $A^1 = \text{ReLU}(Z^1) = (2, 1, 0)$
- $Z^2 = (W^2)^T A^1 + W^2_0 = (3, «-1|1»)$
- $A^2 = \text{softmax}(Z^2) = (0.982, 0.018)$
- With the target $y = (0, 1)^T$: $L = -\sum_i y_i \ln A^2_i = «4.0181|3.0181»$
- $\partial L/\partial Z^2 = A^2 - y = (0.982, -0.982)$
- $\partial L/\partial W^2 = A^1 (\partial L/\partial Z^2)^T = \begin{bmatrix} 1.964 & -1.964 \\ 0.982 & -0.982 \\ 0 & 0 \end{bmatrix}$
""",
    "a half and a square of HTML": r"""<h2>A perceptron with a sigmoid</h2>
<p>x = (1, 2), w = (0.5, -0.25), target t = 1, learning rate 0.5</p>
<table>
<tr><th>Step</th><th>Formula</th><th>Value</th></tr>
<tr><td>Net input</td><td>z = w&middot;x + 0.1</td><td>0.1</td></tr>
<tr><td>Output</td><td>a = &sigma;(z)</td><td>0.525</td></tr>
<tr><td>Error</td><td>E = &frac12;(t &minus; a)<sup>2</sup></td><td>«0.1128|0.2256»</td></tr>
<tr><td>Delta</td><td>dE/dz = (a &minus; t) a (1 &minus; a)</td><td>-0.1185</td></tr>
<tr><td>Weight gradient</td><td>dE/dw = dE/dz x</td><td>(-0.1185, «-0.2369|0.2369»)</td></tr>
</table>
""",
    "parameters in short": r"""f(w, x) = 1/(1 + exp(-(w0*x0 + w1*x1 + w2))) with w0 = 2, x0 = -1, w1 = -3, x1 = -2, w2 = -3

s = w0*x0 + w1*x1 + w2 = «1|2»
f = 1/(1 + exp(-s)) = 0.7311
df/ds = f*(1 - f) = «0.1966|0.2966»
df/dw0 = x0*df/ds = -0.1966
""",
    "logistic regression with a letter for its function": r"""**CS229.** Logistic regression with $h_\theta(x) = g(\theta^T x)$, one step of stochastic gradient ascent.

Let $x = (1, 2, -1)^T$, $y = 1$, $\theta = (0.1, -0.2, 0.3)^T$ and $\alpha = 0.5$.

1. $z = \theta^T x = «-0.6|0.6»$
2. $h = g(z) = \frac{1}{1 + e^{-z}} = 0.3543$
3. $\ell = y \log h + (1 - y) \log(1 - h) = «-1.0375|1.0375»$
4. $\frac{\partial \ell}{\partial \theta} = (y - h) x = («0.6457, 1.2913, -0.6457|1.3543, 2.7087, -1.3543»)$
5. $\theta := \theta + \alpha (y - h) x = («0.4228, 0.4457, -0.0228|-0.2228, -0.8457, 0.6228»)$
""",
    "numpy in a table": r"""### Manual check of a Dense layer

inputs: `x = [[1.0, 2.0], [3.0, 4.0]]` (batch of 2)
kernel: `W = [[0.5, -1.0], [0.25, 0.5]]`
bias: `b = [0.1, 0.2]`

| step | numpy | result |
|---|---|---|
| pre-activation | `z = x @ W + b` | [[1.1, 0.2], [«2.6|2.5», -0.8]] |
| activation | `a = np.maximum(z, 0)` | [[1.1, 0.2], [2.6, «0|0.8»]] |
| loss | `L = a.sum()` | «3.9|4.9» |
| dL/dz | `(z > 0).astype(float)` | [[1, 1], [1, 0]] |
| dL/dW | `x.T @ dL/dz` | [[4, 1], [6, «2|4»]] |
| dL/db | `dL/dz.sum(axis=0)` | [2, 1] |
""",
    "descent line by line": r"""Minimise f(x) = 0.5*x^2 by gradient descent with step size 0.5 from x_0 = 4.

k = 0: x_0 = 4, f(x_0) = 8, f'(x_0) = 4, x_1 = 4 - 0.5*4 = 2
k = 1: x_1 = 2, f(x_1) = «2|3», f'(x_1) = 2, x_2 = 2 - 0.5*2 = «1|1.5»
k = 2: x_2 = 1, f(x_2) = 0.5, f'(x_2) = 1, x_3 = 1 - 0.5*«1|2» = 0.5
""",
    "descent as a list": r"""We run gradient descent on $f(x) = x^4 - 2x^2$ with learning rate $\eta = 0.1$.

- $x_0 = 2$
- $f'(x_0) = 4x_0^3 - 4x_0 = «24|42»$
- $x_1 = x_0 - \eta f'(x_0) = 2 - 0.1 \cdot «24|42» = -0.4$
- $f'(x_1) = 4x_1^3 - «4|2»x_1 = 1.344$
- $x_2 = x_1 - \eta f'(x_1) = -0.4 - 0.1 \cdot «1.344|1.433» = -0.5344$
""",
}
_TRIED = re.compile(r"«([^|»]*)\|([^»]*)»")
SLIPS = [(title, k) for title, text in DOCUMENTS.items() for k in range(len(_TRIED.findall(text)))]


def with_slip(title: str, place: int = -1) -> str:
    """A document with one of its slips, or right."""
    places = iter(range(len(SLIPS)))
    return _TRIED.sub(lambda tried: tried[2] if next(places) == place else tried[1], DOCUMENTS[title])


@pytest.mark.parametrize("title", DOCUMENTS)
def test_what_is_right_is_read_and_right(title: str) -> None:
    """No cell is blamed, none left unread, and no row is said to be missing that nobody needs."""
    assert check(with_slip(title)).exit_status == 0, str(check(with_slip(title)))


@pytest.mark.parametrize(("title", "place"), SLIPS)
def test_a_slip_is_found_at_its_line_alone(title: str, place: int) -> None:
    """Whatever follows from it is no mistake."""
    begin = [tried.start() for tried in _TRIED.finditer(DOCUMENTS[title])][place]
    line = DOCUMENTS[title].count("\n", 0, begin) + 1
    report = check(with_slip(title, place))
    assert {mistake.line for mistake in report.mistakes} == {line}, str(report)


def test_a_condition_is_no_part_of_a_function() -> None:
    """A row was taken for the condition of a choice, which ended in a traceback."""
    text = "| row | operation | value |\n|---|---|---|\n| A | | [0.5, 2] |\n| Z | 2*A | [1, 2] |\n| W | | [1, 2] |\n"
    report = check(text, {"A": [0.5, 2]}, function="L(A) = -sum((A if A*2 = 4 else 0))")
    assert [mistake.row for mistake in report.mistakes] == ["Z"], str(report)


def test_numbers_put_in_alone_tell_no_operation() -> None:
    """The derivatives by k were said to be 0."""
    report = check("""k = [1, -1, 2]
x = [1, 2, 0, -1, 3]

y1 = 1*1 + 2*(-1) + 0*2 = -1
y2 = 2*1 + 0*(-1) + (-1)*2 = 0

L = y1 + y2 = -1
dL/dk1 = x1 + x2 = 3
""")
    assert (report.mistakes, report.exit_status) == ((), 4), str(report)
