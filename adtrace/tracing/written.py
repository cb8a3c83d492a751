"""Constants of Python code that stay as they are written: ``pi``, ``e``, and what is computed from them.

A `Written` is a float to everything but adtrace, which keeps the expression: in ``adtrace.sin(x + adtrace.pi/4)``
the row reads ``v_0 + pi/4`` and its number is exact.  With other numbers ``+ - * / **`` give a `Written` again.
"""

from __future__ import annotations

import numbers
import operator
from collections.abc import Callable
from typing import Any

from adtrace.errors import BoundError
from adtrace.language.syntax import Apply, Name, Term, Terms
from adtrace.tracing.point import constant

_LONGEST = 10_000


class Written(float):
    """A float that knows the constant expression it is."""

    __slots__ = ("terms",)
    terms: tuple[Term, ...]
    """The expression."""

    def __new__(cls, value: float, terms: Terms) -> Written:
        """A number with its expression; raises `BoundError` for a very long one."""
        if len(terms) > _LONGEST:
            raise BoundError(f"a constant expression may have {_LONGEST} operations and numbers")
        number = super().__new__(cls, value)
        number.terms = tuple(terms)
        return number

    def __neg__(self) -> Written:
        return Written(-float(self), (*self.terms, Apply("neg", 1, 0)))

    def __pos__(self) -> Written:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Written, (float(self), self.terms)


def constant_terms(number: Any) -> Terms:
    """A number of Python as a constant expression; raises `BindingError` for what is none."""
    if type(number) is Written:
        return number.terms
    if type(number) is bool:
        number = int(number)
    return constant(number, "a number in the function")


def is_number(value: object) -> bool:
    """Whether this is a real number of Python: an int, a Fraction, a Decimal, a float, numpy's or sympy's."""
    if isinstance(value, numbers.Complex):
        return isinstance(value, numbers.Real)
    return isinstance(value, numbers.Number) or _is_sympy(value)


def _is_sympy(value: object) -> bool:
    return getattr(value, "is_number", False) is True


def _arithmetic(head: str, function: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """An operator and its reflected form."""

    def joined(left: Any, right: Any) -> Any:
        value = function(float(left), float(right))
        if not isinstance(value, float):  # a root of a negative number
            return value
        return Written(value, (*constant_terms(left), *constant_terms(right), Apply(head, 2, 0)))

    def forward(self: Written, other: Any) -> Any:
        return joined(self, other) if is_number(other) else NotImplemented

    def reflected(self: Written, other: Any) -> Any:
        return joined(other, self) if is_number(other) else NotImplemented

    return forward, reflected


for _name, _head in {"add": "add", "sub": "sub", "mul": "mul", "truediv": "div", "pow": "pow"}.items():
    _forward, _reflected = _arithmetic(_head, getattr(operator, _name))
    setattr(Written, f"__{_name}__", _forward)
    setattr(Written, f"__r{_name}__", _reflected)

pi = Written(3.141592653589793, (Name("pi", 0),))
"""The circle's constant, exactly."""
e = Written(2.718281828459045, (Name("e", 0),))
"""Euler's number, exactly."""
