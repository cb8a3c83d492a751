"""An expression into a Wengert list: as typed, one elemental a row, nothing simplified.

One loop over the postfix terms with a stack of operands.  The terms of a sum (and the factors of a product) are
lowered in their order before they are added from left to right, as the textbooks do: ln, the product and the sine
are v_1, v_2, v_3 of Baydin's table, the sums v_4 and v_5.  Constant sub-expressions stay operands in the author's
spelling; identical sub-expressions share a row (hash-consing: Ershov, *On programming of arithmetic operations*,
CACM 1, 1958) unless ``sharing`` is off.  A power is one of three elementals, by its exponent:
a constant integer, a constant real number, or anything else.

A program is lowered statement by statement; a name that is assigned again stands for its new variable from there on,
so each variable of the list is assigned once.
"""

from __future__ import annotations

from collections.abc import Sequence

from adtrace.dialects import plain
from adtrace.elementals import EXPONENTIAL, TABLE, Elemental, integer_power, real_power
from adtrace.errors import BindingError, BoundError, UndecidedError, caret, nearest
from adtrace.evaluate import constant_value
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers import NeedsPrecision
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ONE, exact_integer, precision, sign, sub
from adtrace.numbers.rounding import terminating
from adtrace.syntax import CONSTANTS, SILENT, Apply, Expression, Name, Number, Term, Terms, spelling
from adtrace.wengert import Constant, Operand, Row, Variable, WengertList

ROWS, PRODUCTS = "rows", "products"
POWERS = (ROWS, PRODUCTS)
"""``x^3`` as one row, or as the products ``x*x`` and ``(x*x)*x``."""

_LARGEST_PRODUCT = 64
_EXPONENT_BITS = 256
_MUL = TABLE["mul", 2]


class _Span:
    """A constant on the operand stack: the terms from ``start`` to ``end``."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end


class _Chain:
    """A sum or a product on the operand stack that goes on: its operands are lowered, its operations wait."""

    __slots__ = ("first", "rest")

    def __init__(self, first: Operand) -> None:
        self.first = first
        self.rest: list[tuple[str, Operand]] = []


_Item = Operand | _Span | _Chain

_KIND = {"add": "sum", "sub": "sum", "mul": "product", "div": "product"}


def _goes_on(terms: Terms) -> list[bool]:
    """For each term, whether it is a sum that stands at the left end of a longer sum, or a product of a product."""
    result = [False] * len(terms)
    stack: list[int] = []
    for index, term in enumerate(terms):
        if type(term) is Apply:
            left = stack[-term.arity]
            del stack[-term.arity :]
            inner, kind = terms[left], _KIND.get(term.head)
            result[left] = kind is not None and type(inner) is Apply and _KIND.get(inner.head) == kind
        stack.append(index)
    return result


class _Lowering:
    """One pass over the statements."""

    def __init__(self, expression: Expression, independents: Sequence[str], sharing: bool, powers: str, limits: Limits):
        self.expression, self.limits, self.sharing, self.powers = expression, limits, sharing, powers
        first = 1 - len(independents)
        self.named: dict[str, Operand] = {name: Variable(first + place) for place, name in enumerate(independents)}
        self.rows: list[Row] = []
        self.shared: dict[object, Variable] = {}
        self.constants: dict[object, Constant] = {}
        self.terms: tuple[Term, ...] = ()

    def lower(self, terms: tuple[Term, ...]) -> Operand:
        """Lower one right side; return the operand that it is."""
        self.terms = terms
        stack: list[_Item] = []
        for index, (term, goes_on) in enumerate(zip(terms, _goes_on(terms), strict=True)):
            if isinstance(term, Number):
                stack.append(_Span(index, index + 1))
            elif isinstance(term, Name):
                stack.append(self.name(term, index))
            else:
                self.apply(term, stack, index, goes_on)
        return self.operand(stack[0])

    def name(self, term: Name, index: int) -> _Item:
        """A declared variable first, then a constant."""
        known = self.named.get(term.name)
        if known is not None:
            return known
        if term.name in CONSTANTS:
            return _Span(index, index + 1)
        declared = self.expression.parameters
        if declared is not None:
            function = f"{self.expression.function}({', '.join(declared)})"
            problem = f"{term.name} is not among the variables of {function}"
        elif any(term.name == statement.name for statement in self.expression.statements):
            problem = f"{term.name} is used before it is assigned"
        else:
            problem = f"{term.name} has no value{nearest(term.name, self.named)}; give it one with {term.name}=..."
        raise BindingError(f"{problem}\n{caret(self.expression.text, term.position)}")

    def apply(self, term: Apply, stack: list[_Item], index: int, goes_on: bool) -> None:
        """Replace the operands on the stack by the result."""
        operands = stack[-term.arity :]
        if all(type(operand) is _Span for operand in operands):
            operands[0].end = index + 1  # type: ignore[union-attr]
            del stack[len(stack) - term.arity + 1 :]
            return
        if term.head in SILENT:
            return
        del stack[-term.arity :]
        left = operands[0]
        if type(left) is not _Chain:
            left = _Chain(self.operand(left))
        left.rest.extend((term.head, self.operand(other)) for other in operands[1:])
        if goes_on:
            stack.append(left)
        elif term.arity == 1:
            stack.append(self.unary(term.head, left.first))
        else:
            stack.append(self.chained(left))

    def chained(self, chain: _Chain) -> Operand:
        """The operations of a chain, from left to right."""
        result = chain.first
        for head, other in chain.rest:
            result = self.binary(head, result, other)
        return result

    def unary(self, head: str, operand: Operand) -> Operand:
        """An elemental of one operand; a name may stand for a constant."""
        if isinstance(operand, Constant):
            return self.interned((*operand.terms, Apply(head, 1, 0)))
        return self.row(TABLE[head, 1], (operand,))

    def binary(self, head: str, left: Operand, right: Operand) -> Operand:
        """An elemental of two operands; the first of many constants may still be alone."""
        if type(left) is Constant and type(right) is Constant:
            return self.interned((*left.terms, *right.terms, Apply(head, 2, 0)))
        if head == "pow":
            return self.power(left, right)
        return self.row(TABLE[head, 2], (left, right))

    def power(self, base: Operand, exponent: Operand) -> Operand:
        """One of the three powers, or e^u."""
        if type(exponent) is Constant:
            return self.constant_power(base, exponent)
        if type(base) is Constant and spelling(base.terms) == ("e",):
            return self.row(EXPONENTIAL, (exponent,))
        return self.row(TABLE["pow", 2], (base, exponent))

    def constant_power(self, base: Operand, exponent: Constant) -> Operand:
        n = _constant_exponent(exponent, self.limits)
        if isinstance(n, Elemental):
            return self.row(n, (base, exponent))
        if self.powers == ROWS or not 2 <= n <= _LARGEST_PRODUCT:
            return self.row(integer_power(n), (base, exponent))
        result = base
        for _ in range(n - 1):
            result = self.row(_MUL, (result, base))
        return result

    def operand(self, item: _Item) -> Operand:
        """A variable as it is; a span of constant terms as one interned constant."""
        if isinstance(item, _Span):
            return self.interned(self.terms[item.start : item.end])
        assert not isinstance(item, _Chain)
        return item

    def interned(self, terms: tuple[Term, ...]) -> Constant:
        return self.constants.setdefault(spelling(terms), Constant(terms))

    def row(self, elemental: Elemental, operands: tuple[Operand, ...]) -> Variable:
        """The variable of this row: an earlier one if it is the same and rows are shared."""
        # Elementals and constants are interned, so their identity is their equality, and cheaper to hash.
        key = (id(elemental), *(x if type(x) is Variable else (id(x),) for x in operands))
        if self.sharing:
            known = self.shared.get(key)
            if known is not None:
                return known
        if len(self.rows) >= self.limits.rows:
            raise BoundError(f"the trace has more than {self.limits.rows} rows, which is the bound")
        self.rows.append(Row(elemental, operands))
        variable = Variable(len(self.rows))
        self.shared[key] = variable
        return variable


def _constant_exponent(exponent: Constant, limits: Limits) -> int | Elemental:
    """The integer that a constant exponent is, or the power of it if it is no integer.

    Raises `UndecidedError` if its sign is not decided: ``x^(e - e)``.
    """
    bits = _EXPONENT_BITS
    while True:
        try:
            with precision(bits):
                value = constant_value(exponent.terms, CERTIFIED, plain)
                n = exact_integer(value)
                return _real_power(value, exponent) if n is None else n
        except NeedsPrecision:
            bits *= 2
            if bits > limits.bits:
                what = f"whether the exponent {plain(exponent.terms)} is positive"
                raise UndecidedError(f"{what} is not decided at {limits.bits} bits") from None


def _real_power(value: object, exponent: Constant) -> Elemental:
    """The power with a constant exponent that is no integer."""
    less_one = sub(value, ONE)
    text = f"{plain(exponent.terms)} - 1"
    if hasattr(less_one, "q"):
        decimal = any(type(t) is Number and "." in t.text for t in exponent.terms)
        text = (terminating(less_one, 12) if decimal else None) or str(less_one)
    return real_power(text, sign(value) > 0, sign(less_one) > 0)


def lower(
    expression: Expression,
    independents: Sequence[str],
    *,
    names: Sequence[str] = ("y",),
    outputs: Sequence[str] | None = None,
    sharing: bool = True,
    powers: str = ROWS,
    limits: Limits = DEFAULT,
) -> WengertList:
    """The Wengert list of an expression in these independent variables.

    ``names`` are those of the dependent variables: the last statements of the program, or the ``outputs`` chosen from
    its names.  Raises `BindingError` for a name that is none of them, `BoundError` past ``limits.rows``.
    """
    lowering = _Lowering(expression, independents, sharing, powers, limits)
    results: list[Operand] = []
    assigned: list[tuple[str, Operand]] = []
    for statement in expression.statements:
        results.append(lowering.lower(statement.terms))
        if statement.name is not None:
            lowering.named[statement.name] = results[-1]
            assigned.append((statement.name, results[-1]))
    dependents = tuple(results[-expression.outputs :])
    if outputs is not None:
        dependents = tuple(_output(name, lowering.named) for name in outputs)
    return WengertList(tuple(independents), tuple(lowering.rows), dependents, tuple(names), tuple(assigned))


def _output(name: str, named: dict[str, Operand]) -> Operand:
    if name not in named:
        raise BindingError(f"{name} is not a name of the program{nearest(name, named)}; there are {', '.join(named)}")
    return named[name]
