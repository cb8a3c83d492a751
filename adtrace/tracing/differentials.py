"""Rules of higher order: the formula of the second tangent of a row, from that of the first.

    v̇ = cos(u) u̇            v̈ = cos(u) ü - sin(u) u̇^2
    v̇ = u̇/u                 v̈ = (ü - v̇ u̇)/u                    of a quotient N/d:  (Ṅ - v̇ ḋ)/d

A rule is differentiated along the seed by the table's own partials, u to u̇, u̇ to ü, v to v̇, as a sum of products of
powers, in which equal products are one; so zeros and ones are left out (Griewank and Walther, 2nd ed., section 13.2,
has these formulas of single functions for Taylor coefficients).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import factorial, prod
from typing import NamedTuple

from adtrace.elementals import SLOTS, TABLE, Signature, rule
from adtrace.language.syntax import SILENT, Apply, Name, Number, Terms
from adtrace.tracing.formulas import ADJOINT, contribution, joined, split, summed, tangent

ROW = "v"


class _Product(NamedTuple):
    """A product of powers of what is no product itself, with a factor."""

    factor: Fraction
    powers: tuple[tuple[Terms, int], ...]


_ONE = _Product(Fraction(1), ())


def slot(of: str, order: int, coefficients: bool = False) -> str:
    """The name in rules of the derivative of u, w or v of this order, ``ddu``, or of its coefficient, ``ccu``."""
    return ("c" if coefficients and order > 1 else "d") * order + of


@lru_cache(maxsize=1024)
def higher_tangent(signature: Signature, order: int) -> Terms:
    """The derivative of this order, along the seed, of a row of a signature."""
    if order == 1:
        return tangent(signature.elemental, signature.active)
    moving = _moving(signature)
    below = higher_tangent(signature, order - 1)
    head, operands = split(_bare(below))
    if head == "div" and (slope := _slope(operands[1], moving)):
        numerator = _slope(operands[0], moving) + _times([_power(Name(slot(ROW, order - 1), 0))], slope, -1)
        return joined("div", _written(_collected(numerator)), operands[1])
    return _written(_slope(below, moving))


@lru_cache(maxsize=1024)
def higher_contribution(signature: Signature, slots: tuple[int, ...], order: int) -> Terms:
    """The derivative of this order, along the seed, of what a row adds to the adjoint of the operands in ``slots``.

    Of order 1 it is the adjoint's derivative times the partial, and the adjoint times that of the partial (Griewank and
    Walther, 2nd ed., section 5.4).
    """
    terms = contribution(signature.elemental, slots)
    return _risen(terms, _moving(signature) | {ADJOINT.name}, order) if order else terms


@lru_cache(maxsize=1024)
def is_constant(signature: Signature, slots: tuple[int, ...], order: int) -> bool:
    """Whether the partial by the operands in ``slots`` has no derivative of this order along the seed."""
    partials = signature.elemental.partials
    total: Terms = ()
    for place in slots:
        total = summed(total, False, partials[place])
    return _risen(total, _moving(signature), order) == rule("0")


def in_coefficients(terms: Terms, order: int) -> Terms:
    """The rule of a derivative of this order as that of a Taylor coefficient: k! times the coefficient in place of each
    derivative of order k, over the factorial of the order.
    """
    head, operands = split(_bare(terms))
    if head == "div":
        return joined("div", in_coefficients(operands[0], order), operands[1])
    products = []
    for factor, powers in _expanded(terms):
        sizes = [Fraction(factorial(_order(base))) ** exponent for base, exponent in powers]
        renamed = tuple((_in_coefficients(base), exponent) for base, exponent in powers)
        products.append(_Product(prod(sizes, start=factor) / factorial(order), renamed))
    return _written(products)


def _in_coefficients(base: Terms) -> Terms:
    """What is no product, with coefficients in place of derivatives."""
    if not any(isinstance(term, Name) and _order((term,)) for term in base):
        return base
    if len(base) > 1:
        return in_coefficients(base, 0)
    return (Name(slot(base[0][0].lstrip("d"), _order(base), coefficients=True), 0),)


def _moving(signature: Signature) -> frozenset[str]:
    return frozenset((*(of for of, active in zip(SLOTS, signature.active, strict=False) if active), ROW))


def _risen(terms: Terms, moving: frozenset[str], order: int) -> Terms:
    for _ in range(order):
        terms = _written(_slope(terms, moving))
    return terms


def _order(base: Terms) -> int:
    name = base[0].name if len(base) == 1 and isinstance(base[0], Name) else ""
    return len(name) - 1 if name.lstrip("dc") in (*SLOTS, ROW, ADJOINT.name) else 0


def _bare(terms: Terms) -> Terms:
    """The terms without their places in a text, and without brackets: what needs them gets them in print."""
    return tuple(term._replace(position=0) for term in terms if not (isinstance(term, Apply) and term.head in SILENT))


def _power(name: Name, exponent: int = 1) -> _Product:
    return _Product(Fraction(1), (((name,), exponent),))


def _whole(terms: Terms) -> int | None:
    """A whole number that is written as one."""
    number = terms[0]
    return number.digits if len(terms) == 1 and isinstance(number, Number) and number.exponent == 0 else None


def _expanded(terms: Terms) -> list[_Product]:
    """The terms as a sum of products; sums that are multiplied stay as they are."""
    terms = _bare(terms)
    head, operands = split(terms)
    if (number := _whole(terms)) is not None:
        return [_Product(Fraction(number), ())] if number else []
    if head == "neg":
        return [product._replace(factor=-product.factor) for product in _expanded(operands[0])]
    if head in ("add", "sub"):
        other = _expanded(operands[1])
        return _collected([*_expanded(operands[0]), *(_scaled(p, -1) if head == "sub" else p for p in other)])
    if head in ("mul", "div"):
        return _times(_one(operands[0]), _one(operands[1]), 1, -1 if head == "div" else 1)
    if head == "pow" and (exponent := _whole(operands[1])) is not None:
        products = _one(operands[0])
        return [_Product(p.factor**exponent, tuple((b, e * exponent) for b, e in p.powers)) for p in products]
    return [_Product(Fraction(1), ((terms, 1),))]


def _one(terms: Terms) -> list[_Product]:
    """The terms as one product; none for 0."""
    products = _expanded(terms)
    return products if len(products) < 2 else [_Product(Fraction(1), ((_bare(terms), 1),))]


def _scaled(product: _Product, factor: Fraction | int) -> _Product:
    return product._replace(factor=product.factor * factor)


def _times(some: Iterable[_Product], others: Iterable[_Product], factor: int = 1, power: int = 1) -> list[_Product]:
    """Each product of the one sum by each of the other, whose powers may be turned over."""
    products = []
    for product in some:
        for other in others:
            powers = dict(product.powers)
            for base, exponent in other.powers:
                powers[base] = powers.get(base, 0) + power * exponent
            left = tuple((base, exponent) for base, exponent in powers.items() if exponent)
            products.append(_Product(factor * product.factor * other.factor**power, left))
    return products


def _collected(products: Iterable[_Product]) -> list[_Product]:
    """The sum with equal products as one, and without those of 0."""
    factors: dict[frozenset[tuple[Terms, int]], Fraction] = {}
    first: dict[frozenset[tuple[Terms, int]], _Product] = {}
    for product in products:
        key = frozenset(product.powers)
        first.setdefault(key, product)
        factors[key] = factors.get(key, Fraction(0)) + product.factor
    return [first[key]._replace(factor=factor) for key, factor in factors.items() if factor]


def _slope(terms: Terms, moving: frozenset[str]) -> list[_Product]:
    """The derivative of the terms along the seed."""
    slopes: list[_Product] = []
    for product in _expanded(terms):
        for place, (base, exponent) in enumerate(product.powers):
            rest = [(b, e - (k == place)) for k, (b, e) in enumerate(product.powers)]
            others = _Product(product.factor * exponent, tuple((b, e) for b, e in rest if e))
            slopes += _placed(others, _slope_of(base, moving), len([e for _, e in rest[: place + 1] if e]))
    return _collected(slopes)


def _placed(product: _Product, slopes: Iterable[_Product], place: int) -> list[_Product]:
    """The slopes of a factor in its place among the others: cos(u) ü, as cos(u) u̇ was."""
    before, after = _Product(product.factor, product.powers[:place]), _Product(Fraction(1), product.powers[place:])
    return _times(_times([before], slopes), [after])


def _slope_of(base: Terms, moving: frozenset[str]) -> list[_Product]:
    """The derivative of what is no product."""
    last = base[-1]
    if isinstance(last, Name):
        return [_power(Name(f"d{last.name}", 0))] if last.name.lstrip("d") in moving else []
    if not isinstance(last, Apply):
        return []
    if last.head in ("add", "sub", "neg", "mul", "div"):
        return _slope(base, moving)
    _, operands = split(base)
    slots = dict(zip(SLOTS, operands, strict=False)) | {ROW: base}
    entry = TABLE[last.head, last.arity]
    slopes = []
    for partial, operand in zip(entry.partials, operands, strict=True):
        if moved := _slope(operand, moving):
            slopes += _times(_expanded(_substituted(partial, slots)), moved)
    return _collected(slopes)


def _substituted(terms: Terms, slots: Mapping[str, Terms]) -> Terms:
    """A rule with these terms in place of its slots."""
    pieces: list[Terms] = [slots.get(term.name, (term,)) if isinstance(term, Name) else (term,) for term in terms]
    return tuple(term for piece in pieces for term in piece)


def _written(products: Iterable[_Product]) -> Terms:
    """A sum of products as a rule."""
    total: Terms = ()
    for product in sorted(products, key=lambda of: -max([0, *(_order(base) for base, _ in of.powers)])):
        total = summed(total, product.factor < 0, _of_product(product))
    return total or rule("0")


def _of_product(product: _Product) -> Terms:
    size = abs(product.factor)
    above = [_raised(base, exponent) for base, exponent in product.powers if exponent > 0]
    below = [_raised(base, -exponent) for base, exponent in product.powers if exponent < 0]
    above = ([rule(str(size.numerator))] if size.numerator != 1 or not above else []) + above
    below = ([rule(str(size.denominator))] if size.denominator != 1 else []) + below
    return joined("div", _all("mul", above), _all("mul", below)) if below else _all("mul", above)


def _raised(base: Terms, exponent: int) -> Terms:
    return base if exponent == 1 else joined("pow", base, rule(str(exponent)))


def _all(head: str, operands: list[Terms]) -> Terms:
    total = operands[0]
    for operand in operands[1:]:
        total = joined(head, total, operand)
    return total
