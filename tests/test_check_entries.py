r"""Arrays that are written entry by entry: rows ``z_1`` and ``\bar W_{12}``, a convolution place by place."""

from __future__ import annotations

import re

import pytest

from adtrace import check

NETWORK = r"""
Two-layer network $z = W x + b$, $h = \sigma(z)$, $y = u^T h$, $L = \frac12 (y - t)^2$ at $x = (1, 2)$,
$W = \begin{pmatrix}0.1 & 0.2\\ 0.3 & -0.4\end{pmatrix}$, $b = (0, 0.1)$, $u = (0.5, -1)$, $t = 1$.

- $z_1 = 0.1\cdot 1 + 0.2\cdot 2 + 0 = 0.5$
- $z_2 = 0.3\cdot 1 - 0.4\cdot 2 + 0.1 = -0.4$
- $h_1 = \sigma(0.5) = 0.6225$
- $h_2 = \sigma(-0.4) = 0.4013$
- $y = 0.5\cdot 0.6225 - 0.4013 = -0.0901$
- $L = 0.5942$

Backward:

- $\frac{\partial L}{\partial y} = y - t = -1.0901$
- $\frac{\partial L}{\partial h_1} = -1.0901\cdot 0.5 = -0.5450$
- $\frac{\partial L}{\partial h_2} = -1.0901\cdot(-1) = 1.0901$
- $\frac{\partial L}{\partial z_1} = -0.5450\cdot 0.6225\cdot(1 - 0.6225) = -0.1281$
- $\frac{\partial L}{\partial z_2} = 1.0901\cdot 0.4013\cdot(1 - 0.4013) = 0.2619$
- $\frac{\partial L}{\partial W_{11}} = -0.1281\cdot 1 = -0.1281$
- $\frac{\partial L}{\partial W_{12}} = -0.1281\cdot 2 = -0.2562$
- $\frac{\partial L}{\partial W_{21}} = 0.2619$
- $\frac{\partial L}{\partial W_{22}} = 0.5238$
- $\frac{\partial L}{\partial b_1} = -0.1281$
- $\frac{\partial L}{\partial b_2} = 0.2619$
- $\frac{\partial L}{\partial u_1} = -1.0901\cdot 0.6225 = -0.6786$
- $\frac{\partial L}{\partial u_2} = -0.4375$
"""
CLASSES = r"""
$L = -\ln p_2$ with $p = \mathrm{softmax}(z)$ at $z = (1, 2, 0.5)$.

| | value |
|---|---|
| $p_1$ | 0.2312 |
| $p_2$ | 0.6285 |
| $p_3$ | 0.1402 |
| $L$ | 0.4644 |

| | gradient |
|---|---|
| $\partial L/\partial z_1$ | 0.2312 |
| $\partial L/\partial z_2$ | -0.3715 |
| $\partial L/\partial z_3$ | 0.1402 |
"""
FULL = r"""
Convolution $y = x * w$ (full) with $x = (1, 2, 3, 4)$ and $w = (1, 0, -1)$.

| n | products | result |
|---|---|---|
| $y_0$ | $1\cdot 1$ | 1 |
| $y_1$ | $1\cdot 0 + 2\cdot 1$ | 2 |
| $y_2$ | $1\cdot(-1) + 2\cdot 0 + 3\cdot 1$ | 2 |
| $y_3$ | $2\cdot(-1) + 3\cdot 0 + 4\cdot 1$ | 2 |
| $y_4$ | $3\cdot(-1) + 4\cdot 0$ | -3 |
| $y_5$ | $4\cdot(-1)$ | -4 |
"""
PLACES = r"""
$x = \begin{pmatrix}1&2&0\\0&1&3\\2&1&1\end{pmatrix}$ with $k = \begin{pmatrix}1&0\\-1&2\end{pmatrix}$,
$y = \mathrm{conv2d}(x, k)$:

\begin{align}
y_{11} &= 1\cdot 1 + 2\cdot 0 + 0\cdot(-1) + 1\cdot 2 = 3\\
y_{12} &= 2\cdot 1 + 0\cdot 0 + 1\cdot(-1) + 3\cdot 2 = 7\\
y_{21} &= 0\cdot 1 + 1\cdot 0 + 2\cdot(-1) + 1\cdot 2 = 0\\
y_{22} &= 1\cdot 1 + 3\cdot 0 + 1\cdot(-1) + 1\cdot 2 = 2
\end{align}
"""
FROM_0 = r"""
$y = \mathrm{conv1d}(x, k)$ and $L = \sum_i y_i^2$ at $x = (1, 2, 3, 4)$, $k = (1, 0, -1)$.

| name | formula | value | adjoint formula | adjoint |
|---|---|---|---|---|
| $y_0$ | $x_0 k_0 + x_1 k_1 + x_2 k_2$ | -2 | $2 y_0$ | -4 |
| $y_1$ | $x_1 k_0 + x_2 k_1 + x_3 k_2$ | -2 | $2 y_1$ | -4 |
| $L$ | $y_0^2 + y_1^2$ | 8 | 1 | 1 |
| $k_0$ | | 1 | $\bar y_0 x_0 + \bar y_1 x_1$ | -12 |
| $k_1$ | | 0 | $\bar y_0 x_1 + \bar y_1 x_2$ | -20 |
| $k_2$ | | -1 | $\bar y_0 x_2 + \bar y_1 x_3$ | -28 |
"""
POOLED = r"""
Max pooling with window 2 of $x = (1, 5, 2, 4)$: $y = \mathrm{maxpool1d}(x, 2)$, $L = y_1 + 2 y_2$.

| | value |
|---|---|
| $y_1$ | $\max(1, 5) = 5$ |
| $y_2$ | $\max(2, 4) = 4$ |
| $L$ | 13 |
| $\bar x_1$ | 0 |
| $\bar x_2$ | 1 |
| $\bar x_3$ | 0 |
| $\bar x_4$ | 2 |
"""
CODE = """
`y = conv1d(x, k)`, `L = sum(y^2)` at `x = [1, 2, 3, 4]`, `k = [1, 0, -1]`

```python
y[0] = 1*1 + 2*0 + 3*(-1) = -2
y[1] = 2*1 + 3*0 + 4*(-1) = -2
L = y[0]**2 + y[1]**2 = 8
dL/dy[0] = 2*y[0] = -4
dL/dy[1] = 2*y[1] = -4
dk[0] = -4*1 + -4*2 = -12
dk[1] = -4*2 + -4*3 = -20
dk[2] = -4*3 + -4*4 = -28
```
"""
PADDED = """
$y = x * w$ with a zero on both sides, $x = (1, 2, 3, 4)$, $w = (1, 0, -1)$.

| | value |
|---|---|
| $y_1$ | -2 |
| $y_2$ | -2 |
| $y_3$ | -2 |
| $y_4$ | 3 |
"""
STEP = r"""
RNN step $h = \tanh(W h_0 + U x)$, $y = v \cdot h$ with $h_0 = (0.5, -0.5)$, $x = 1$, $W = [[0.2, 0.1], [0, 0.3]]$,
$U = (0.4, -0.6)$, $v = (1, 1)$:

- $a_1 = 0.2\cdot 0.5 + 0.1\cdot(-0.5) + 0.4 = 0.45$
- $a_2 = 0.3\cdot(-0.5) - 0.6 = -0.75$
- $h_1 = \tanh(0.45) = 0.4219$
- $h_2 = \tanh(-0.75) = -0.6351$
- $y = 0.4219 - 0.6351 = -0.2133$
"""
JACOBIAN = r"""
$y = \mathrm{softmax}(z)$ at $z = (1, 2, 0.5)$.

- $y_1 = \frac{e^{1}}{e^{1} + e^{2} + e^{0.5}} = 0.2312$
- $y_2 = \frac{e^{2}}{e^{1} + e^{2} + e^{0.5}} = 0.6285$
- $y_3 = 0.1402$

Jacobian:

- $\frac{\partial y_1}{\partial z_1} = y_1(1 - y_1) = 0.1778$
- $\frac{\partial y_1}{\partial z_2} = -y_1 y_2 = -0.1453$
- $\frac{\partial y_2}{\partial z_2} = y_2(1 - y_2) = 0.2335$
- $\frac{\partial y_3}{\partial z_1} = -y_1 y_3 = -0.0324$
"""
RIGHT = {
    "step": STEP,
    "jacobian": JACOBIAN,
    "network": NETWORK, "classes": CLASSES, "full": FULL, "places": PLACES, "from 0": FROM_0, "pooled": POOLED,
    "code": CODE, "padded": PADDED,
}  # fmt: skip


def slips(document: str) -> list[tuple[str, int]]:
    """The document with each of its results another number, and the line of that."""
    lines = document.split("\n")
    changed = []
    for k, line in enumerate(lines):
        last = re.search(r"(-?)(\d+)((?:\.\d+)?)(?=\$?(?: \||\\\\)?$)", line)
        if last and line[:1] in ("-", "|", "y", "L", "d"):
            number = f"{last[1]}{int(last[2]) + 3}{last[3]}"
            lines_changed = [*lines[:k], line[: last.start()] + number + line[last.end() :], *lines[k + 1 :]]
            changed.append(("\n".join(lines_changed), k + 1))
    return changed


def gaps(document: str) -> list[tuple[str, int]]:
    """The document without one of the rows of its entries, and the number of the line."""
    lines = document.split("\n")
    entries = [
        k
        for k, line in enumerate(lines)
        if re.match(r"(?:[-|] )?[^=|]*_(?:\{\d\d\}|\d)\}?\$?( \||\s+[=&])|(?:y|dL/dy|dk)\[", line)
    ]
    return [("\n".join([*lines[:k], *lines[k + 1 :]]), k + 1) for k in entries]


SLIPS = [(name, *slip) for name, document in RIGHT.items() for slip in slips(document)]
GAPS = [(name, *gap) for name, document in RIGHT.items() if name != "jacobian" for gap in gaps(document)]


@pytest.mark.parametrize("document", RIGHT.values(), ids=RIGHT)
def test_every_entry_is_right(document: str) -> None:
    """All that stands there is judged, and right."""
    report = check(document)
    assert (report.exit_status, report.render("text").count("✗")) == (0, 0), report.render("text")


@pytest.mark.parametrize(("name", "document", "line"), SLIPS, ids=[f"{name} {line}" for name, _, line in SLIPS])
def test_a_wrong_entry_is_found_where_it_is(name: str, document: str, line: int) -> None:
    """Another number is the only mistake, and it is told at its cell."""
    mistakes = check(document).mistakes
    assert [mistake.line for mistake in mistakes] == [line], name


@pytest.mark.parametrize(("name", "document", "line"), GAPS, ids=[f"{name} {line}" for name, _, line in GAPS])
def test_an_entry_that_is_left_out_is_missing(name: str, document: str, line: int) -> None:
    """What is left out is told, and nothing else is wrong."""
    report = check(document)
    assert (report.exit_status, [*report.mistakes]) == (4, []), (name, line, report.render("text"))
