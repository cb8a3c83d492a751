r"""Cells of arrays in Markdown read back into numpy, for tests: ``\begin{bmatrix}1 & 2\end{bmatrix} (1, 2) + 0.5``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*)|\\begin\{(?P<open>bmatrix)\}|\\end\{(?P<close>bmatrix)\}"
    r"|\\operatorname\{(?P<word>\w+)\}|(?P<sign>\\[A-Za-z]+|.))"
)
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "relu": lambda x: np.maximum(x, 0), "tanh": np.tanh, "ln": np.log,
    "exp": np.exp, "sqrt": np.sqrt, "abs": np.abs,
}  # fmt: skip
_BINARY: dict[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (1, lambda x, y: x + y), "-": (1, lambda x, y: x - y), "\\times": (2, lambda x, y: x * y),
    "/": (2, lambda x, y: x / y), "\\odot": (2, lambda x, y: x * y),
    "\\star": (2, lambda x, y: np.correlate(x, y) if x.ndim == 1 else _correlated(x, y)),
    "*": (2, lambda x, y: np.convolve(x, y) if x.ndim == 1 else _convolved(x, y)),
    "\\cdot": (2, lambda x, y: x @ y),
}  # fmt: skip


def _correlated(x: Any, y: Any) -> Any:
    if x.ndim != 2 or y.ndim != 2:
        raise Unread("channels")
    shape = tuple(n - k + 1 for n, k in zip(x.shape, y.shape, strict=True))
    return np.array([[(x[i : i + y.shape[0], j : j + y.shape[1]] * y).sum() for j in range(shape[1])]
                     for i in range(shape[0])])  # fmt: skip


def _convolved(x: Any, y: Any) -> Any:
    if x.ndim != 2 or y.ndim != 2:
        raise Unread("channels")
    p, q = y.shape
    return _correlated(np.pad(x, ((p - 1, p - 1), (q - 1, q - 1))), y[::-1, ::-1])


class Unread(Exception):
    """What is no formula of numbers."""


def last_part(cell: str) -> str:
    """The result of a cell: what stands behind its last equals sign."""
    return cell.rsplit(" = ", 1)[-1].removeprefix("= ")


def entries(text: str) -> list[float]:
    """The numbers of a result, in row order."""
    text = re.sub(r"\\in \\mathbb R\^\{[^}]*\}", "", text)
    found = re.findall(r"(-?\d+\.?\d*)(?: \\times 10\^\{(-?\d+)\})?", text)
    return [float(f"{number}e{power or 0}") for number, power in found]


def value_of(text: str) -> Any:
    """The value of a formula of numbers and arrays.  Raises `Unread`."""
    text = re.sub(r"\\(?:mathbf|underline)\{", "{", text)
    tokens = []
    for token in _TOKEN.finditer(text.replace(r"\cr", ";").replace(r"\\ ", ";")):
        kind, found = token.lastgroup, token[token.lastgroup or 0]
        if found.strip() and found not in ("\\left", "\\right"):
            tokens.append(("open" if kind == "open" else "close" if kind == "close" else kind or "", found))
    value, rest = _sum(tokens, 0)
    if rest != len(tokens):
        raise Unread(text)
    return value


_Tokens = list[tuple[str, str]]


def _at(tokens: _Tokens, place: int) -> tuple[str, str]:
    return tokens[place] if place < len(tokens) else ("", "")


def _sum(tokens: _Tokens, place: int, least: int = 1) -> tuple[Any, int]:
    negative = _at(tokens, place)[1] == "-"
    if negative:
        value, place = _sum(tokens, place + 1, 2)
        value = -value
    else:
        value, place = _factor(tokens, place)
    while True:
        kind, sign = _at(tokens, place)
        if sign in _BINARY and kind == "sign":
            level, apply = _BINARY[sign]
            if level < least:
                return value, place
            other, place = _sum(tokens, place + 1, level + 1)
            value = apply(value, other)
        elif kind in ("number", "open", "word") or sign in ("(", "{") or sign[1:] in FUNCTIONS:
            other, place = _factor(tokens, place)  # beside each other
            value = value @ other if np.ndim(value) == 2 and np.ndim(other) == 2 else value * other
        else:
            return value, place


def _factor(tokens: _Tokens, place: int) -> tuple[Any, int]:
    kind, found = _at(tokens, place)
    if kind == "number":
        value, place = float(found), place + 1
    elif kind == "open":
        value, place = _matrix(tokens, place + 1)
    elif kind == "word" or found[1:] in FUNCTIONS:
        name = found.removeprefix("\\")
        if name not in FUNCTIONS:
            raise Unread(name)
        value, place = _factor(tokens, place + 1)
        value = FUNCTIONS[name](value)
    elif found in ("(", "{"):
        values, place = _listed(tokens, place + 1)
        value = values[0] if len(values) == 1 else np.array(values)
    else:
        raise Unread(found)
    if _at(tokens, place)[1] == "^":
        power, place = _factor(tokens, place + 1)
        value = value**power
    return value, place


def _listed(tokens: _Tokens, place: int) -> tuple[list[Any], int]:
    values = []
    while True:
        value, place = _sum(tokens, place)
        values.append(value)
        sign = _at(tokens, place)[1]
        if sign in (")", "}"):
            return values, place + 1
        if sign != ",":
            raise Unread(sign)
        place += 1


def _matrix(tokens: _Tokens, place: int) -> tuple[Any, int]:
    rows: list[list[Any]] = [[]]
    while True:
        value, place = _sum(tokens, place)
        rows[-1].append(value)
        kind, sign = _at(tokens, place)
        place += 1
        if kind == "close":
            return np.array(rows), place
        if sign == ";":
            rows.append([])
        elif sign != "&":
            raise Unread(sign)
