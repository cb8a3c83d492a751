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
