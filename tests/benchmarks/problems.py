"""The four functions of the benchmark, each for about ``n`` operations: a function of a list, and a point.

``f(x, m)`` is written once; ``m`` has sin, tanh and log for whatever x holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Function = Callable[[list[Any], Any], Any]


def chain(n: int) -> tuple[Function, list[float]]:
    """v <- sin(v) a + b, over and over."""

    def function(x: list[Any], m: Any) -> Any:
        a, b = x
        v = a
        for _ in range(max(1, n // 3)):
            v = m.sin(v) * a + b
        return v

    return function, [1.1, 0.3]


def product(n: int) -> tuple[Function, list[float]]:
    """Speelpenning's product of n + 1 variables."""

    def function(x: list[Any], m: Any) -> Any:
        result = x[0]
        for factor in x[1:]:
            result = result * factor
        return result

    return function, [1 + math.sin(k) / (n + 1) for k in range(n + 1)]


def helmholtz(n: int) -> tuple[Function, list[float]]:
    """Griewank's Helmholtz energy of a mixture, dominated by a quadratic form."""
    size = max(2, round(math.sqrt(4 + n / 2) - 2))
    b = [(30 + 9 * math.cos(k)) / (100 * size) for k in range(size)]
    a = [[1 / (row + column + 1) for column in range(size)] for row in range(size)]
    root = math.sqrt(8)

    def dot(left: list[Any], right: list[Any]) -> Any:
        total = left[0] * right[0]
        for u, w in zip(left[1:], right[1:], strict=True):
            total = total + u * w
        return total

    def function(x: list[Any], m: Any) -> Any:
        volume = dot(x, b)
        form = dot([dot(x, row) for row in a], x)
        entropy = dot(x, [m.log(part / (1 - volume)) for part in x])
        return entropy * 2.5 - form / (volume * root) * m.log((volume * 2.4 + 1) / (1 - volume * 0.4))

    return function, [0.4 + 0.3 * math.sin(k + 1) for k in range(size)]


def network(n: int) -> tuple[Function, list[float]]:
    """A network of one hidden layer of tanh units; its weights are the variables."""
    size = max(1, round(math.sqrt(1 + n / 2) - 1))
    given = [math.cos(0.7 * k) for k in range(size)]

    def function(x: list[Any], m: Any) -> Any:
        weights = iter(x)
        hidden = []
        for _ in range(size):
            total = next(weights)
            for signal in given:
                total = total + next(weights) * signal
            hidden.append(m.tanh(total))
        result = next(weights)
        for unit in hidden:
            result = result + next(weights) * unit
        return m.tanh(result)

    count = size * (size + 1) + 1 + size
    return function, [0.5 * math.sin(1.3 * k) / math.sqrt(size) for k in range(count)]


PROBLEMS: dict[str, Callable[[int], tuple[Function, list[float]]]] = {
    "chain": chain,
    "product": product,
    "helmholtz": helmholtz,
    "network": network,
}
