"""Terms as sympy's objects, for a program that goes on with them.

No text passes between the two, and sympy is imported when one of these functions is called.  Inside
``sympy.evaluate(False)`` what they make keeps the order and the grouping of the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from adtrace.elementals import BRACKETS, SLOTS, TABLE, Abstract, from_the_left, key_of
from adtrace.errors import InputError
from adtrace.language.syntax import Apply, Expression, Name, Number, Terms, fold
from adtrace.numbers.primitives import PRIMITIVES


def to_sympy(terms: Terms, names: Mapping[str, Any]) -> Any:
    """Terms as a sympy expression of what ``names`` gives for their names."""
    import sympy  # noqa: PLC0415 - only where it is asked for

    def leaf(term: Number | Name) -> Any:
        if isinstance(term, Number):
            return _number(sympy, term)
        return names[term.name] if term.name in names else {"pi": sympy.pi, "e": sympy.E}[term.name]

    return fold(terms, leaf, lambda term, operands: applied(sympy, term, operands))


_RELATIONS: dict[str, Any] = {
    ">": lambda sympy: sympy.Gt, ">=": lambda sympy: sympy.Ge, "<": lambda sympy: sympy.Lt,
    "<=": lambda sympy: sympy.Le, "=": lambda sympy: sympy.Eq,
}  # fmt: skip


def _abstract(sympy: Any, entry: Abstract, operands: list[Any]) -> Any:
    """A function without a rule, or its derivative, at these operands."""
    function = sympy.Function(entry.of)
    if not entry.by:
        return function(*operands)
    slots = [sympy.Dummy(f"xi_{place}") for place in range(1, len(operands) + 1)]
    derivative = sympy.Derivative(function(*slots), *(slots[place] for place in entry.by))
    return sympy.Subs(derivative, tuple(slots), tuple(operands))


def _number(sympy: Any, term: Number) -> Any:
    """The number, exactly."""
    if term.exponent >= 0:
        return sympy.Integer(term.digits * 10**term.exponent)
    return sympy.Rational(term.digits, 10**-term.exponent)


def applied(sympy: Any, term: Apply, operands: list[Any]) -> Any:
    """The application of a head to sympy's objects."""
    if term.head in BRACKETS:
        return sympy.Piecewise((1, _RELATIONS[BRACKETS[term.head]](sympy)(*operands)), (0, True))
    entry = TABLE[key_of(term.head, term.arity)]
    if isinstance(entry, Abstract):
        return _abstract(sympy, entry, operands)
    head = entry.in_sympy or entry.name
    if entry.in_sympy or (entry.name in PRIMITIVES and not (entry.value_text and entry.name == term.head)):
        function = PRIMITIVES[head].in_sympy(sympy) if head in PRIMITIVES else getattr(sympy, head)
        return function(*operands)

    def defined(*those: Any) -> Any:
        return to_sympy(entry.definition, dict(zip(SLOTS, those, strict=False)))

    return from_the_left(entry, operands, defined)


_shared = attrgetter(*(field.name for field in fields(Expression)))


@dataclass(frozen=True, slots=True)
class Formula(Expression):
    """The expression of a trace, which knows its variables."""

    variables: tuple[str, ...] = ()

    @classmethod
    def of(cls, expression: Expression, variables: tuple[str, ...]) -> Formula:
        """The same expression in these variables."""
        return cls(*(*_shared(expression), variables))

    def sympy(self) -> Any:
        """The function as an unevaluated sympy expression, a `Tuple` of them if there are several outputs.

        Numbers are exact, and a name that a program assigns stands for what it is.  Raises `InputError` for a Python
        function, which is known as a Wengert list only.
        """
        import sympy  # noqa: PLC0415 - only where it is asked for

        if not self.statements:
            raise InputError("a recorded function has no formula; trace.wengert.cse() gives its rows to sympy")
        names: dict[str, Any] = {name: sympy.Symbol(name) for name in self.variables}
        results = []
        with sympy.evaluate(False):
            for statement in self.statements:
                results.append(to_sympy(statement.terms, names))
                if statement.name is not None:
                    names[statement.name] = results[-1]
        outputs = results[-self.outputs :]
        return outputs[0] if self.outputs == 1 else sympy.Tuple(*outputs)
