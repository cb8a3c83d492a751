"""An expression into a Wengert list: as typed, one elemental a row, nothing simplified.

One loop over the postfix terms with a stack of operands.  The terms of a sum (and the factors of a product) are
lowered in their order before they are added from left to right, as the textbooks do: ln, the product and the sine
are v_1, v_2, v_3 of Baydin's table, the sums v_4 and v_5.  Constant sub-expressions stay operands in the author's
spelling; what a row is, and when one is shared, is said in `rows`.

A program is lowered statement by statement; a name that is assigned again stands for its new variable from there on,
so each variable of the list is assigned once.
"""

from __future__ import annotations

from collections.abc import Sequence

from adtrace.arrays.elemental import ShapeError
from adtrace.arrays.index_rules import Shape
from adtrace.arrays.table import is_call
from adtrace.collector import uncollected
from adtrace.errors import BindingError, caret, listed, nearest, printable
from adtrace.language.syntax import CONSTANTS, SILENT, Apply, Expression, Name, Number, Term, Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.settings import ROWS
from adtrace.tracing.rows import WRITTEN_OUT, RowBuilder
from adtrace.tracing.wengert import Branch, Operand, Variable, WengertList


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


ARRAY_HEADS = ("array", *WRITTEN_OUT)
"""Heads of arrays that are no single row."""
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


class _Lowering(RowBuilder):
    """One pass over the statements."""

    __slots__ = ("expression", "named", "terms")

    def __init__(self, expression: Expression, independents: Sequence[str], sharing: bool, powers: str, limits: Limits):
        super().__init__(len(independents), sharing, powers, limits)
        self.expression = expression
        first = 1 - len(independents)
        self.named: dict[str, Operand] = {name: Variable(first + place) for place, name in enumerate(independents)}
        self.terms: tuple[Term, ...] = ()

    def lower(self, terms: tuple[Term, ...]) -> Operand:
        """Lower one right side; return the operand that it is."""
        self.terms = terms
        stack: list[_Item] = []
        for index, (term, goes_on) in enumerate(zip(terms, _goes_on(terms), strict=True)):
            if type(term) is Number:
                stack.append(_Span(index, index + 1))
            elif type(term) is Name:
                stack.append(self.name(term, index))
            elif self.shapes is None:
                self.apply(term, stack, index, goes_on)  # type: ignore[arg-type]
            else:
                try:
                    self.apply(term, stack, index, goes_on)  # type: ignore[arg-type]
                except ShapeError as problem:
                    raise BindingError(f"{problem}\n{caret(self.expression.text, term.position)}") from None
        return self.operand(stack[0])

    def name(self, term: Name, index: int) -> _Item:
        """A declared variable first, then a constant."""
        item = self.named.get(term.name)
        if item is not None:
            return item
        if term.name in CONSTANTS:
            return _Span(index, index + 1)
        declared = self.expression.parameters
        if declared is not None:
            function = f"{self.expression.function}({listed(declared)})"
            problem = f"{term.name} is not among the variables of {function}"
        elif any(term.name == statement.name for statement in self.expression.statements):
            problem = f"{term.name} is used before it is assigned"
        else:
            problem = f"{term.name} has no value{nearest(term.name, self.named)}; give it one with {term.name}=..."
        raise BindingError(f"{problem}\n{caret(self.expression.text, term.position)}")

    def apply(self, term: Apply, stack: list[_Item], index: int, goes_on: bool) -> None:
        """Replace the operands on the stack by the result."""
        operands = stack[-term.arity :]
        if type(operands[0]) is type(operands[-1]) is _Span and all(type(operand) is _Span for operand in operands):
            operands[0].end = index + 1
            del stack[len(stack) - term.arity + 1 :]
            return
        if term.head in SILENT:
            return
        del stack[-term.arity :]
        if self.shapes is not None and (is_call(term) or term.head in ARRAY_HEADS):
            stack.append(self.call(term.head, term.options, [self.operand(operand) for operand in operands]))
            return
        if term.arity > 2:  # a call, which is no chain
            stack.append(self.elemental(term.head, [self.operand(operand) for operand in operands]))
            return
        left = operands[0]
        if type(left) is not _Chain:
            left = _Chain(self.operand(left))
        for other in operands[1:]:
            left.rest.append((term.head, self.operand(other)))
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

    def operand(self, item: _Item) -> Operand:
        """A variable as it is; a span of constant terms as one interned constant."""
        if isinstance(item, _Span):
            return self.interned(self.terms[item.start : item.end])
        assert not isinstance(item, _Chain)
        return item


def lower(
    expression: Expression,
    independents: Sequence[str],
    *,
    names: Sequence[str] = ("y",),
    outputs: Sequence[str] | None = None,
    branches: tuple[Branch, ...] = (),
    sharing: bool = True,
    powers: str = ROWS,
    limits: Limits = DEFAULT,
    shapes: Sequence[Shape] | None = None,
    data: frozenset[int] = frozenset(),
) -> WengertList:
    """The Wengert list of an expression in these independent variables.

    ``shapes`` are those of the independent variables, where there are arrays; ``data`` the places of those that do not
    vary.  ``names`` are those of the dependent variables: the last statements of the program, or the ``outputs`` chosen
    from its names.  ``branches`` are the comparisons that chose the expression.

    Raises `BindingError` for a name that is none of them, `BoundError` past ``limits.rows``.
    """
    lowering = _Lowering(expression, independents, sharing, powers, limits)
    if shapes is not None:
        lowering.shapes = list(shapes)
    results: list[Operand] = []
    assigned: list[tuple[str, Operand]] = []
    for statement in expression.statements:
        with uncollected():
            results.append(lowering.lower(statement.terms))
        if statement.name is not None:
            lowering.named[statement.name] = results[-1]
            assigned.append((statement.name, results[-1]))
    dependents = tuple(results[-expression.outputs :])
    if outputs is not None:
        dependents = tuple(_output(name, lowering.named) for name in outputs)
    return WengertList(tuple(independents), lowering.flat(), dependents, tuple(names), tuple(assigned), branches,
                       tuple(lowering.shapes or ()), data)  # fmt: skip


def _output(name: str, named: dict[str, Operand]) -> Operand:
    if name not in named:
        wanted = printable(name) or "nothing"
        raise BindingError(f"{wanted} is not a name of the program{nearest(name, named)}; there are {listed(named)}")
    return named[name]
