"""What the tests of the numerical core compare with: mpmath's numbers, and a reader of postfix terms of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import mpmath as mp
import sympy
from flint import arb, fmpq

from adtrace.elementals import TABLE
from adtrace.language.syntax import GROUP, PLUS, Apply, Number, Terms
from adtrace.numbers.exact import PiMultiple
from adtrace.tracing.to_sympy import to_sympy


@contextmanager
def digits(count: int) -> Iterator[None]:
    """Let mpmath work with so many decimal digits."""
    with mp.workdps(count):
        yield


def step(u: Any) -> Any:
    """The Heaviside function with the value 1/2 at 0."""
    return (mp.sign(u) + 1) / 2


def real_cbrt(u: Any) -> Any:
    """The real cube root."""
    return mp.sign(u) * mp.cbrt(abs(u))


class _Functions(dict[str, Callable[..., Any]]):
    """Functions by name; one that is not written down here is the definition of its elemental, by sympy in mpmath."""

    def __missing__(self, name: str) -> Callable[..., Any]:
        entry = TABLE.get((name, 1)) or TABLE.get((name, 2))
        if entry is None:
            raise KeyError(name)
        slots = sympy.symbols("u w", real=True)[: entry.arity]
        definition = to_sympy(entry.definition, dict(zip("uw", slots, strict=False)))
        self[name] = function = sympy.lambdify(slots, definition, "mpmath")
        return function


FUNCTIONS: Mapping[str, Callable[..., Any]] = _Functions({
    "add": lambda u, w: u + w, "sub": lambda u, w: u - w, "mul": lambda u, w: u * w, "div": lambda u, w: u / w,
    "neg": lambda u: -u, "pow": lambda u, w: u**w, "powi": lambda u, w: u**w, "powc": lambda u, w: u**w,
    "exp": mp.exp, "ln": mp.log, "log2": lambda u: mp.log(u) / mp.log(2), "log10": mp.log10,
    "log": lambda u, w=None: mp.log(u) if w is None else mp.log(u) / mp.log(w), "sqrt": mp.sqrt, "cbrt": real_cbrt,
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "cot": mp.cot, "sec": mp.sec, "csc": mp.csc,
    "asin": mp.asin, "acos": mp.acos, "atan": mp.atan, "atan2": mp.atan2,
    "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan, "arctan2": mp.atan2,
    "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh,
    "arcsinh": mp.asinh, "arccosh": mp.acosh, "arctanh": mp.atanh,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)), "softplus": lambda u: mp.log1p(mp.exp(u)), "erf": mp.erf,
    "erfc": mp.erfc, "erfi": mp.erfi, "normcdf": mp.ncdf, "gamma": mp.gamma, "loggamma": mp.loggamma,
    "digamma": mp.digamma, "trigamma": lambda u: mp.psi(1, u), "polygamma": lambda u, w: mp.psi(int(u), w),
    "beta": mp.beta, "besselj": mp.besselj, "lambertw": lambda u: mp.lambertw(u).real, "Si": mp.si, "Ci": mp.ci,
    "sinc": mp.sinc, "floor": mp.floor, "ceiling": mp.ceil, "ceil": mp.ceil, "frac": mp.frac,
    "sinc_slope": lambda u: mp.cos(u) / u - mp.sin(u) / u**2, "mod": lambda u, w: u - w * mp.floor(u / w),
    "abs": abs, "sign": mp.sign, "max": max, "min": min, "relu": lambda u: max(u, mp.mpf(0)), "heaviside": step,
    "step": step,
})  # fmt: skip
"""Every function of the language in mpmath, written from its definition."""


def value_of(terms: Terms, names: Mapping[str, Any]) -> Any:
    """The value of postfix terms in mpmath: a reader that shares nothing with `adtrace.tracing.evaluate`."""
    stack: list[Any] = []
    for term in terms:
        if isinstance(term, Number):
            stack.append(mp.mpf(term.digits) * mp.mpf(10) ** term.exponent)
        elif isinstance(term, Apply):
            if term.head in (GROUP, PLUS):
                continue
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            stack.append(FUNCTIONS[term.head](*operands))
        elif term.name in names:
            stack.append(names[term.name])
        else:
            stack.append({"pi": mp.pi, "e": mp.e}[term.name] + mp.mpf(0))
    (result,) = stack
    return result


def real(scalar: Any) -> Any:
    """A number of adtrace (the midpoint, of a ball) as mpmath's, at mpmath's precision."""
    if isinstance(scalar, PiMultiple):
        return real(scalar.factor) * mp.pi
    if isinstance(scalar, fmpq):
        return mp.mpf(int(scalar.p)) / int(scalar.q)
    if isinstance(scalar, arb):
        mantissa, exponent = scalar.mid().man_exp()
        return mp.ldexp(mp.mpf(int(mantissa)), int(exponent))
    return mp.mpf(scalar)


def close(found: Any, wanted: Any, exponent: int) -> bool:
    """Whether two numbers agree to ``10**exponent``, relatively where they are larger than 1."""
    return bool(abs(found - wanted) <= mp.mpf(10) ** exponent * max(1, abs(wanted)))
