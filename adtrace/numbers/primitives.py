"""The table of primitives: the functions that numbers must bring, which no rule composes from others.

An entry says a function once in every system that computes: on certified numbers, on doubles, on numpy's arrays and
on sympy's objects.  The arithmetics, compiled code, closed forms and both ways to sympy are read off this table.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from flint import fmpq

from adtrace.numbers import elementary as certified
from adtrace.numbers import exact, special
from adtrace.numbers.elementary import fixed
from adtrace.numbers.exact import ONE, ZERO, Scalar, root
from adtrace.numbers.special import nearest


class Primitive(NamedTuple):
    """One function in every system of numbers."""

    name: str
    certified: Callable[..., Scalar]
    """On exact numbers and balls; it raises `Singular`, `TooLarge` and `NeedsPrecision`."""
    float: Callable[..., Any]
    """On doubles; Python's own errors say where it has no value."""
    numpy: str = ""
    """numpy's name of it; without one the arrays are gone through number by number."""
    sympy: str | Callable[[Any], Callable[..., Any]] = ""
    """sympy's name of it, or what it is in sympy's functions; by default our own name."""

    def in_sympy(self, sympy: Any) -> Callable[..., Any]:
        """The function on sympy's objects."""
        head: Callable[..., Any] = (
            getattr(sympy, self.sympy or self.name) if isinstance(self.sympy, str) else self.sympy(sympy)
        )
        return head


def sign(x: float) -> int:
    """-1, 0 or 1."""
    return (x > 0) - (x < 0)


def _same(of: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    """What Python's operators do, sympy's objects do too."""
    return lambda sympy: of


def _real_cbrt(sympy: Any) -> Callable[[Any], Any]:
    """The real root: sympy's own is the principal one."""
    return lambda x: sympy.sign(x) * sympy.Abs(x) ** sympy.Rational(1, 3)


# fmt: off
_ENTRIES = (
    Primitive("add", exact.add, operator.add, "add", _same(operator.add)),
    Primitive("sub", exact.sub, operator.sub, "subtract", _same(operator.sub)),
    Primitive("mul", exact.mul, operator.mul, "multiply", _same(operator.mul)),
    Primitive("div", exact.div, operator.truediv, "divide", _same(operator.truediv)),
    Primitive("neg", exact.neg, operator.neg, "negative", _same(operator.neg)),
    Primitive("pow", exact.power, operator.pow, "power", _same(operator.pow)),

    Primitive("exp",   certified.exp, math.exp, "exp"),
    Primitive("ln",    certified.ln, math.log, "log", "log"),
    Primitive("log2",  certified.logarithm(2), math.log2, "log2", lambda sympy: lambda x: sympy.log(x, 2)),
    Primitive("log10", certified.logarithm(10), math.log10, "log10", lambda sympy: lambda x: sympy.log(x, 10)),
    Primitive("sqrt",  root(2), math.sqrt, "sqrt"),
    Primitive("cbrt",  root(3), math.cbrt, "cbrt", _real_cbrt),

    Primitive("sin",   certified.sin, math.sin, "sin"),
    Primitive("cos",   certified.cos, math.cos, "cos"),
    Primitive("tan",   certified.tan, math.tan, "tan"),
    Primitive("asin",  certified.asin, math.asin, "arcsin"),
    Primitive("acos",  certified.acos, math.acos, "arccos"),
    Primitive("atan",  certified.atan, math.atan, "arctan"),
    Primitive("atan2", certified.atan2, math.atan2, "arctan2"),
    Primitive("sinh",  certified.growing("sinh", ZERO), math.sinh, "sinh"),
    Primitive("cosh",  certified.growing("cosh", ONE), math.cosh, "cosh"),
    Primitive("tanh",  fixed("tanh", ZERO, ZERO), math.tanh, "tanh"),
    Primitive("asinh", fixed("asinh", ZERO, ZERO), math.asinh, "arcsinh"),
    Primitive("acosh", certified.acosh, math.acosh, "arccosh"),
    Primitive("atanh", certified.atanh, math.atanh, "arctanh"),

    Primitive("erf",   fixed("erf", ZERO, ZERO), math.erf),
    Primitive("erfc",  fixed("erfc", ZERO, ONE), math.erfc),
    Primitive("erfi",  special.erfi, nearest(special.erfi)),
    Primitive("gamma", special.gamma, math.gamma),
    Primitive("loggamma",  special.loggamma, nearest(special.loggamma)),
    Primitive("digamma",   special.digamma, nearest(special.digamma)),
    Primitive("polygamma", special.polygamma, nearest(special.polygamma)),
    Primitive("beta",      special.beta, nearest(special.beta)),
    Primitive("besselj",   special.besselj, nearest(special.besselj)),
    Primitive("lambertw",  special.lambertw, nearest(special.lambertw), "", "LambertW"),
    Primitive("Si",    fixed("si", ZERO, ZERO), nearest(fixed("si", ZERO, ZERO))),
    Primitive("Ci",    special.cosine_integral, nearest(special.cosine_integral)),
    Primitive("sinc",  fixed("sinc", ZERO, ONE), lambda x: math.sin(x) / x if x else 1.0),
    Primitive("sinc_slope", special.sinc_slope, nearest(special.sinc_slope), "",
              lambda sympy: lambda x: (sympy.cos(x) - sympy.sinc(x)) / x if x else sympy.Integer(0)),

    Primitive("abs",   certified.absolute, abs, "absolute", "Abs"),
    Primitive("sign",  lambda x: fmpq(exact.sign(x)), lambda x: float(sign(x)), "sign"),
    Primitive("max",   certified.maximum, max, "maximum", "Max"),
    Primitive("min",   certified.minimum, min, "minimum", "Min"),
    Primitive("floor",   special.floor, lambda x: float(math.floor(x)), "floor"),
    Primitive("ceiling", special.ceiling, lambda x: float(math.ceil(x)), "ceil"),
    Primitive("frac",    special.frac, lambda x: x - math.floor(x)),
    Primitive("mod",     special.mod, lambda x, y: x % y + 0.0, "mod", "Mod"),
    Primitive("heaviside", certified.heaviside, lambda x: 0.5 * (sign(x) + 1), "", "Heaviside"),
)
# fmt: on

PRIMITIVES = {entry.name: entry for entry in _ENTRIES}
"""Every primitive by its name, which is the head of a term."""
