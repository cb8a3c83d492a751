"""Formulas that are numbers, for the caller: in the language, and as a value that sympy takes."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from adtrace.errors import OptionError
from adtrace.language.syntax import CONSTANTS, Name, Term, Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers.value import Value, computed, received, sent
from adtrace.tracing.symbols import (
    _MOST_SPELLED,
    ADJOINTS,
    TANGENTS,
    VALUES,
    Formula,
    Symbol,
    _folded,
    is_open,
    number,
    row_name,
    spelled_size,
    symbols,
    terms_of,
)
from adtrace.tracing.to_sympy import applied
from adtrace.writing.dialects import PLAIN, plain

_LETTERS = {VALUES: "v", TANGENTS: "dv", ADJOINTS: "bv"}


def in_language(terms: Terms, first: int) -> str:
    """Terms in the language, a row's number by its name in the JSON document: v_3, dv_3, bv_3."""
    return plain([_letter(term, first) for term in terms])


def _letter(term: Term, first: int) -> Term:
    named = row_name(term.name) if type(term) is Name else None
    if named is None:
        return term
    quantity, place, seed, entry = named
    letter = PLAIN.subscript(f"{_LETTERS[quantity]}{seed + 1 if seed else ''}", place + first)
    return Name(letter if entry is None else f"{letter}_{entry + 1}", 0)


class Expressed(Value):
    """A number of a trace without a point: a formula in the letters that stay open.

    ``str(value)`` is the formula in the language, ``value.sympy()`` the same for sympy.  One without letters, such as
    ln(2), is a number and converts as every `Value` does; of another one that is refused.
    """

    __slots__ = ("_first", "symbol")

    def __init__(self, symbol: Symbol, limits: Limits = DEFAULT, first: int = 0) -> None:
        self.symbol, self._first = symbol, first
        value = None if is_open(symbol) else number(symbol)
        super().__init__(value, lambda bits: number(symbol), limits)

    def sympy(self) -> Any:
        """The formula as an expression of sympy, its letters as sympy's symbols of the same names."""
        import sympy  # noqa: PLC0415 - only where it is asked for

        def leaf(x: Symbol) -> Any:
            if not isinstance(x, Formula):
                return sympy.Rational(int(x.p), int(x.q))
            name = x.last[0]
            return {"pi": sympy.pi, "e": sympy.E}[name] if name in CONSTANTS else sympy.Symbol(name)

        return _folded(self.symbol, leaf, lambda term, operands: applied(sympy, term, operands))

    def __str__(self) -> str:
        full = spelled_size(self.symbol) <= _MOST_SPELLED
        return in_language(terms_of(self.symbol, full=full), self._first)

    def __repr__(self) -> str:
        return f"Value({self})"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Expressed) and (self._scalar is None or other._scalar is None):
            return str(self) == str(other)
        return False if self._scalar is None else super().__eq__(other)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(str(self)) if self._scalar is None else super().__hash__()

    @property
    def exact(self) -> Any:
        """The value as a fraction, where it is one and known to be."""
        return None if self._scalar is None else super().exact

    def settled(self, decide: Any, what: str) -> Any:
        """As of every value, of a formula without letters."""
        return super().settled(decide, what) if self._scalar is not None else self._refuse()

    def _compare(self, other: object) -> int | None:
        return super()._compare(other) if self._scalar is not None else self._refuse()

    def _computed(self, head: str, operands: tuple[Any, ...]) -> Value:
        numbers = [_symbol_of(operand) for operand in operands]
        if None not in numbers:
            return Expressed(symbols().functions[head](*numbers), self._limits, self._first)
        for operand in operands:
            if isinstance(operand, Expressed) and operand._scalar is None:
                operand._refuse()
        return computed(head, operands)  # formulas without letters are numbers

    def _refuse(self) -> Any:
        raise OptionError(f"{str(self)[:60]} is a formula in letters that are open; at=... gives them values")

    def __reduce__(self) -> tuple[Any, ...]:
        return _expressed, (_listed(self.symbol), self._limits, self._first)


def _symbol_of(value: Value) -> Symbol | None:
    """A value as a number in formulas: a fraction, or a formula itself."""
    if isinstance(value, Expressed):
        return value.symbol
    exact = value.exact
    return None if exact is None else fmpq(exact.numerator, exact.denominator)


def _listed(x: Symbol) -> list[Any]:
    """A number as a list of its operations, each after its operands, which are places in the list: without recursion.

    A fraction is a `Fraction`, an operation its term, the places of its operands and the name that stands for it.
    """
    places: dict[int, int] = {}
    terms: list[Any] = []
    todo: list[Symbol] = [x]
    while todo:
        y = todo[-1]
        missing = [z for z in y.operands if id(z) not in places] if isinstance(y, Formula) else []
        if missing and id(y) not in places:
            todo.extend(missing)
            continue
        todo.pop()
        if id(y) not in places:
            places[id(y)] = len(terms)
            is_formula = isinstance(y, Formula)
            terms.append((y.last, [places[id(z)] for z in y.operands], y.name) if is_formula else sent(y))
    return terms


def _expressed(listed: list[Any], limits: Limits, first: int) -> Expressed:
    numbers: list[Symbol] = []
    for entry in listed:
        if isinstance(entry, tuple):
            last, places, name = entry
            numbers.append(Formula(last, tuple(numbers[place] for place in places), name))
        else:
            numbers.append(received(entry))
    return Expressed(numbers[-1], limits, first)
