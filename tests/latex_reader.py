r"""A reader of the formulas in cells, written apart from adtrace: LaTeX in, a float out.

sum     ::= product (("+" | "-") product) ...
product ::= factor ("\times" factor | "/" factor | partial) ...
factor  ::= "-" factor | atom [ "^" group ]
partial ::= "\frac{\partial" name "}{\partial" name "}"
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from oracles import FUNCTIONS as MPMATH

_TOKEN = re.compile(r"\s*(\d+\.?\d*\??|\\[A-Za-z]+|[A-Za-z]|[-+/^_(),{}\[\]])")

FUNCTIONS: dict[str, Callable[..., float]] = {
    r"\ln": math.log, r"\exp": math.exp, r"\sin": math.sin, r"\cos": math.cos, r"\tan": math.tan, r"\tanh": math.tanh,
    r"\sinh": math.sinh, r"\cosh": math.cosh, r"\arctan": math.atan, r"\arcsin": math.asin, r"\arccos": math.acos,
    r"\max": max, r"\min": min, "relu": lambda u: max(u, 0.0), "sign": lambda u: (u > 0) - (u < 0),
    "H": lambda u: 0.5 * (1 + (u > 0) - (u < 0)), "sigmoid": lambda u: 1 / (1 + math.exp(-u)), "erf": math.erf,
    "softplus": lambda u: math.log1p(math.exp(u)),
}  # fmt: skip


def key(name: str) -> str:
    """A variable's LaTeX without its blanks."""
    return name.replace(" ", "")


class Reader:
    """One formula, with the numbers that its names stand for."""

    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        self.tokens: list[str] = []
        self.values = values
        place = 0
        while place < len(text.rstrip()):
            match = _TOKEN.match(text, place)
            assert match is not None, f"no formula: {text!r} at {place}"
            self.tokens.append(match.group(1))
            place = match.end()
        self.place = 0

    def value(self) -> float:
        """The number that the whole formula is."""
        result = self.sum()
        assert self.place == len(self.tokens), f"left over: {self.tokens[self.place :]}"
        return result

    def next(self) -> str:
        """The next token; nothing at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        """The next token, which must be the wanted one, if any."""
        token = self.next()
        assert token, "the formula ends too early"
        assert wanted in ("", token), f"{wanted!r} is wanted, not {token!r}"
        self.place += 1
        return token

    def sum(self) -> float:
        """Products, added."""
        result = self.product()
        while self.next() in ("+", "-"):
            result += self.product() if self.take() == "+" else -self.product()
        return result

    def product(self) -> float:
        """Factors, multiplied and divided from left to right."""
        result = self.factor()
        while self.next() in (r"\times", "/", r"\frac"):
            if self.next() == r"\frac":
                result *= self.partial()
            elif self.take() == "/":
                result /= self.factor()
            else:
                result *= self.factor()
        return result

    def partial(self) -> float:
        """A local partial by its names."""
        self.take(r"\frac")
        names = []
        for _ in range(2):
            self.take("{")
            self.take(r"\partial")
            names.append(self.name())
            self.take("}")
        return self.values[f"d{names[0]}/d{names[1]}"]

    def factor(self) -> float:
        """An atom, raised or with a sign."""
        if self.next() == "-":
            self.take()
            return -self.factor()
        result = self.atom()
        if self.next() == "^":
            self.take()
            result **= self.group()
        return result

    def group(self, left: str = "{", right: str = "}") -> float:
        """A sum in brackets."""
        self.take(left)
        result = self.sum()
        self.take(right)
        return result

    def atom(self) -> float:
        """A number, a name, a call or a bracket."""
        token = self.next()
        if token[0].isdigit():
            return float(self.take().rstrip("?"))
        if token == "(":
            return self.group("(", ")")
        if token == r"\lvert":
            return abs(self.group(r"\lvert", r"\rvert"))
        if token == r"\mathbf":
            self.take()
            return self.group()
        if token == r"\sqrt":
            self.take()
            root = self.group("[", "]") if self.next() == "[" else 2.0
            inner = self.group()
            return math.copysign(abs(inner) ** (1 / root), inner)
        if token == r"\log":
            self.take()
            if self.next() != "_":
                return math.log(self.group("(", ")"))
            self.take("_")
            base = self.group()
            return math.log(self.group("(", ")"), base)
        if token == r"\operatorname":
            self.take()
            self.take("{")
            return self.call("".join(iter(self.take, "}")))
        called = self.tokens[self.place + 1 : self.place + 2] == ["("]  # a variable may have a function's name: beta
        if token in FUNCTIONS or (called and token.removeprefix("\\") in MPMATH):
            return self.call(self.take())
        return self.values[self.name()]

    def call(self, function: str) -> float:
        """A function of what stands in the brackets."""
        self.take("(")
        operands = [self.sum()]
        while self.next() == ",":
            self.take()
            operands.append(self.sum())
        self.take(")")
        written = FUNCTIONS.get(function) or MPMATH[function.removeprefix("\\")]  # those of all tables are mpmath's
        return float(written(*operands))

    def name(self) -> str:
        r"""A variable with its accent and subscript: ``\bar v_{-1}``, ``\mathit{rate}``."""
        text = self.take()
        if text in (r"\bar", r"\dot") and self.next() != "{":
            text += " " + self.take()
        for opening in ("{", "_"):
            if self.next() == opening:
                text += self.take() + (self.take("{") if opening == "_" else "")
                depth = 1
                while depth:
                    token = self.take()
                    depth += (token == "{") - (token == "}")
                    text += token
        return key(text)


def evaluate(text: str, values: Mapping[str, float]) -> float:
    """The number that a formula is, where its names have these values."""
    return Reader(text, {r"\pi": math.pi, "e": math.e} | values).value()
