"""Taylor coefficients as numbers: any number system lifted by the table's own partials.

A jet is (u_0, u_1, ..., u_k), the coefficients of u(t) = u_0 + u_1 t + ... + u_k t^k along a curve of the point; the
derivative of order i along it is i! u_i.  A function v = phi(u, w, ...) has the coefficients

    k v_k = sum over i = 1..k of i (u_i p_{k-i} + w_i q_{k-i} + ...)

where p, q, ..., its partials, are rules of the table evaluated in jets of one order less (the chain rule
v' = p u' + q w' + ... in coefficients; Griewank and Walther, 2nd ed., section 13.2, has the closed forms of single
functions).  So values
swept in jets along x + t s give tangents of any order, and a reverse sweep over jets of order 1 gives, in its second
coefficients, the product of the Hessian with s (ibid., section 5.4).  At a kink the jets are those of the side to which
the curve leaves it, so that the expansions along s and along -s agree just where the derivatives exist; in a table they
are those of the partials that its rows have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, reduce
from typing import Any

from flint import fmpq

from adtrace.elementals import EDGE, Elemental, integer_power, rule
from adtrace.errors import DomainError
from adtrace.numbers import Arithmetic, Assumed, Scalar
from adtrace.numbers.exact import ZERO
from adtrace.tracing.evaluate import Bound, bind, compiled

MOST_ORDER = 8
"""The highest order: the partials of partials are rules, too, so the work doubles with each."""


class Jet(tuple[Scalar, ...]):
    """The Taylor coefficients of one number, u_0 first."""

    __slots__ = ()

    @property
    def constant(self) -> bool:
        """Whether all coefficients but the first are exactly 0."""
        return all(type(c) in (fmpq, float) and c == 0 for c in self[1:])


@lru_cache(maxsize=32)
def jets(base: Arithmetic, order: int, held: bool = False) -> Arithmetic:
    """The arithmetic of jets of this order over another; of order 0 each has one coefficient.

    ``held``: a row at a kink keeps the partials that it has there, instead of those of the side it is left to.
    """
    zeros = (base.zero,) * order
    add, mul = base.functions["add"], base.functions["mul"]

    def linear(name: str) -> Callable[..., Jet]:
        return lambda *operands: Jet(map(base.functions[name], *operands))

    def product(u: Jet, w: Jet) -> Jet:
        return Jet(_convolved(u, w, k, add, mul) for k in range(order + 1))

    def elemental(entry: Elemental, partials: tuple[str, ...] | None = None) -> Callable[..., Jet]:
        return lambda *operands: _integrated(entry, partials, operands, base)

    return Arithmetic(
        name=base.name,
        functions={name: linear(name) for name in ("add", "sub", "neg")} | {"mul": product},
        literal=lambda digits, exponent: Jet((base.literal(digits, exponent), *zeros)),
        constants=_Lifted(base.constants, zeros),
        sign=lambda x: base.sign(x[0]),
        precision=base.precision,
        zero=Jet((base.zero, *zeros)),
        one=Jet((base.one, *zeros)),
        exact=base.exact,
        magnitude_bits=base.magnitude_bits,
        words=base.words,
        formulas=base.formulas,
        finite=lambda numbers: base.finite(c for jet in numbers for c in jet),
        elemental=elemental,
        row=lambda bound, operands, leaves, at: _on_a_side(
            bound, operands, leaves, elemental, base, held=at if held else None
        ),
        told=lambda x: base.told(x[0]),
        origin=(jets, (base, order, held)),
    )


def _on_a_side(
    bound: Bound, operands: list[Jet], leaves: bool, elemental: Callable[..., Callable[..., Jet]], base: Arithmetic,
    *, held: tuple[str, ...] | None,
) -> tuple[Jet, tuple[str, ...] | None]:  # fmt: skip
    """A row along a curve: at a kink its partials are those of the side to which its operands move, or those held."""
    entry = bound.elemental
    if violated := bound.violated(bound.smooth, operands):
        raise DomainError(f"a finite derivative of {entry.spoken} needs {violated}")
    kink, texts = entry.kink, held or ()
    if kink is None:
        texts = ()
    elif bound.side is None:
        if kink.kind != EDGE and leaves and bound.at_a_kink(operands):
            raise DomainError(f"a derivative of {entry.spoken} of higher order needs not {kink.where}")
        texts = ()
    elif held is None:
        try:
            side = next(filter(None, map(base.sign, bound.side(operands, None))), 0)
        except Assumed:
            raise DomainError(f"a derivative of {entry.spoken} of higher order needs not {kink.where}") from None
        texts = {1: kink.above, -1: kink.below, 0: kink.at}[side]
    return elemental(entry, texts or None)(*operands), texts or None


class _Lifted(Mapping[str, Callable[[], Jet]]):
    """Constants, and whatever else has a name in the system below, as jets."""

    def __init__(self, constants: Mapping[str, Callable[[], Scalar]], zeros: tuple[Scalar, ...]) -> None:
        self.constants, self.zeros = constants, zeros

    def __getitem__(self, name: str) -> Callable[[], Jet]:
        of = self.constants[name]
        return lambda: Jet((of(), *self.zeros))

    def __iter__(self) -> Iterator[str]:
        return iter(self.constants)

    def __len__(self) -> int:
        return len(self.constants)


def coefficient(x: Any, k: int) -> Scalar:
    """The k-th coefficient of a jet, or of each of an array."""
    if type(x) is Jet:
        return x[k]
    array = x.copy()
    for place, jet in enumerate(x.flat):
        array.flat[place] = jet[k]
    return array


def along(value: Any, slope: Jet) -> Jet:
    """The independent variable x + t s, from x, a number of the base or a jet, and s."""
    return Jet((value[0] if type(value) is Jet else value, *slope[:-1]))


def _convolved(u: Jet, w: Jet, k: int, add: Any, mul: Any) -> Scalar:
    """The k-th coefficient of a product."""
    total = mul(u[0], w[k])
    for i in range(1, k + 1):
        total = add(total, mul(u[i], w[k - i]))
    return total


def _of_exponent(entry: Elemental, exponent: Jet) -> Elemental:
    """The elemental; of a power by a constant whole number the one whose base may be 0 or negative."""
    whole = entry.name == "pow" and exponent.constant and type(exponent[0]) is fmpq and exponent[0].q == 1
    return integer_power(int(exponent[0].p)) if whole else entry


def _integrated(entry: Elemental, partials: tuple[str, ...] | None, operands: tuple[Jet, ...], base: Arithmetic) -> Jet:
    """The jet of a function from its value and its partials, or from others in their place, as at a kink."""
    entry = _of_exponent(entry, operands[-1])
    rules = entry.partials if partials is None else tuple(map(rule, partials))
    add, mul, div = (base.functions[name] for name in ("add", "mul", "div"))
    coefficients = [bind(entry, base).value(*(jet[0] for jet in operands))]
    moving = [(jet, terms) for jet, terms in zip(operands, rules, strict=True) if not jet.constant]
    for k in range(1, len(operands[0])):
        lower = jets(base, k - 1)
        below = [Jet(jet[:k]) for jet in operands]
        slopes = [(jet, compiled(terms, lower)(below, Jet(coefficients))) for jet, terms in moving]
        summands = [
            mul(mul(jet[i], p[k - i]), base.literal(i, 0))
            for jet, p in slopes
            for i in range(1, k + 1)
            if type(jet[i]) is not fmpq or jet[i] != ZERO
        ]
        coefficients.append(div(reduce(add, summands), base.literal(k, 0)) if summands else base.zero)
    return Jet(coefficients)
