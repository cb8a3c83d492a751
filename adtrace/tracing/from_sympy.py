"""A sympy object into terms, in the order in which sympy holds it or prints it.

An evaluated sum or product is read in the order in which sympy prints it, one built with ``evaluate=False`` in that of
its own arguments.  What sympy has no head for is read back: ``Mul(-1, t)`` as a minus, ``Pow(t, -1)`` as a division,
``Pow(t, 1/2)`` as a square root.  A `Piecewise` is decided at the point, a `Sum` or `Product` with integer bounds is
written out, a `Derivative` and an `Integral` of a polynomial are what sympy makes of them.  Nothing is given to sympy
to read, and sympy is imported only when a sympy object is met.
"""

from __future__ import annotations

import math
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from adtrace.elementals import FUNCTIONS
from adtrace.errors import BindingError, BoundError, DomainError, InputError, nearest, printable
from adtrace.language.reader import NAME
from adtrace.language.syntax import Apply, Name, Number, Term, Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers.primitives import PRIMITIVES
from adtrace.tracing.comparisons import Comparisons
from adtrace.tracing.evaluate import HOLDS
from adtrace.tracing.wengert import Branch

_HIGHEST_DERIVATIVE, _LONGEST_DERIVED = 8, 200
"""What sympy is asked to derive: a derivative may be longer by a factor with each order."""

_HEADS = {entry.sympy: name for name, entry in PRIMITIVES.items() if isinstance(entry.sympy, str) and entry.sympy}
"""The head of each function to which sympy gives another name."""


class _Product(NamedTuple):
    """The factors of a product still to be written."""

    factors: tuple[Any, ...]
    evaluated: bool


class _Power(NamedTuple):
    """A power with a positive exponent, below a fraction line."""

    base: Any
    exponent: Any


@dataclass(frozen=True, slots=True)
class Converted:
    """A sympy object as read."""

    outputs: tuple[tuple[str | None, tuple[Term, ...]], ...]
    """Each dependent variable with the name that it was given, if any."""
    branches: tuple[Branch, ...]
    parameters: tuple[str, ...] | None
    """The arguments of a `Lambda`."""
    symbols: tuple[str, ...]
    """The names of the symbols, those in conditions and in branches not taken among them."""


def is_sympy(given: Any) -> bool:
    """Whether this is a sympy expression or matrix, or holds one in a list, a tuple or a dictionary."""
    sympy = sys.modules.get("sympy")  # if it has not been imported, nobody can have given us its object
    if sympy is None:
        return False
    parts = given.values() if isinstance(given, dict) else given if isinstance(given, list | tuple) else [given]
    return any(isinstance(part, sympy.Basic | sympy.MatrixBase) for part in parts)


def convert(given: Any, point: Mapping[str, Terms], limits: Limits = DEFAULT, *, held: bool = False) -> Converted:
    """A sympy expression, equation, `Lambda`, tuple or matrix as terms.

    If it is ``held``, all of it is unevaluated, and sympy is not asked to evaluate any.

    Raises `BindingError` for a symbol without a value, `InputError` for what has no elemental, `DomainError` where a
    `Piecewise` has no value.
    """
    import sympy  # noqa: PLC0415 - only for a sympy object

    parameters = None
    if isinstance(given, sympy.Lambda):
        parameters = tuple(_name(symbol) for symbol in given.signature)
        given = given.expr
    named: list[tuple[str | None, Any]]
    if isinstance(given, dict):
        named = [(_name(name), part) for name, part in given.items()]
    elif isinstance(given, list | tuple | sympy.Tuple | sympy.MatrixBase):
        named = [(None, part) for part in given]
    else:
        named = [(None, given)]
    converter = _Converter(sympy, point, limits, held)
    outputs: list[tuple[str | None, tuple[Term, ...]]] = []
    for name, part in named:
        if isinstance(part, sympy.Eq):
            if not part.lhs.is_Symbol:
                raise InputError(f"an equation names its result on the left side, Eq(y, ...), not {_shown(part.lhs)}")
            outputs.append((_name(part.lhs), converter.terms(part.rhs)))
        else:
            outputs.append((name, converter.terms(_object(sympy, part))))
    if not outputs:
        raise InputError("there is no expression")
    symbols = tuple(sorted(_symbols(_object(sympy, part) for _, part in named)))
    return Converted(tuple(outputs), converter.comparisons.branches, parameters, symbols)


def names(given: Any) -> list[str]:
    """The names of the symbols of a sympy object, sorted; the arguments of a `Lambda` in their order."""
    import sympy  # noqa: PLC0415

    if isinstance(given, sympy.Lambda):
        return [_name(symbol) for symbol in given.signature]
    parts = list(given.values()) if isinstance(given, dict) else given
    parts = parts if isinstance(parts, list | tuple | sympy.Tuple | sympy.MatrixBase) else [parts]
    return sorted(_symbols(part.rhs if isinstance(part, sympy.Eq) else _object(sympy, part) for part in parts))


def number_terms(given: Any, what: str, limits: Limits = DEFAULT) -> tuple[Term, ...]:
    """A sympy number as a constant expression; raises `BindingError` for what is none."""
    import sympy  # noqa: PLC0415

    if not isinstance(given, sympy.Expr) or given.free_symbols:
        raise BindingError(f"{what} is a number, not {_shown(given)}")
    try:
        return _Converter(sympy, {}, limits).terms(given)
    except InputError as problem:
        raise BindingError(f"{what} is not a real number that can be read from sympy: {problem}") from None


def _shown(given: Any) -> str:
    return printable(str(given)[:80])


def _symbols(parts: Iterable[Any]) -> set[str]:
    """The names of every symbol; shared parts are met once."""
    letters: set[str] = set()
    seen: set[int] = set()
    todo = list(parts)
    while todo:
        part = todo.pop()
        if id(part) not in seen:
            seen.add(id(part))
            if hasattr(part, "bound_symbols") and part.bound_symbols:
                letters.update(map(_name, part.free_symbols))
                continue
            if getattr(part, "is_Symbol", False):
                letters.add(_name(part))
            todo.extend(part.args)
    return letters


def _object(sympy: Any, part: Any) -> Any:
    """One output: a sympy object, or a plain number beside others."""
    if isinstance(part, int):
        return sympy.Integer(part)
    return sympy.Float(part) if isinstance(part, float) else part


_FONT = re.compile(r"\\(?:mathrm|mathbf|mathit|mathsf|boldsymbol|text|operatorname)(?![A-Za-z])")
_COMMAND = re.compile(r"\\([A-Za-z]+) *")
_PIECES = (
    (r"[₀-₉]+", r"_\g<0>"), (r"['′]", "_prime"), (r"\^", "_"), (r"(?<=\{)([^{}]*),", r"\1_"),
    (r"[{}]", ""), (r"_+", "_"),
)  # fmt: skip
_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def legible(name: str) -> str:
    r"""A symbol's name in our letters: ``\alpha`` and ``α`` are alpha, ``x'`` is x_prime, ``x_{1}`` and ``x₁`` x_1."""
    if NAME.fullmatch(name):
        return name
    name = _COMMAND.sub(r"\1_", _FONT.sub("", name.strip("$")))  # \hat{x} is hat_x
    for piece, ours in _PIECES:
        name = re.sub(piece, ours, name)
    return "".join(map(_letter, name.translate(_DIGITS))).strip("_")


def _letter(char: str) -> str:
    """A Greek letter by its name."""
    spoken = unicodedata.name(char, "").removeprefix("GREEK SMALL LETTER ").removeprefix("GREEK CAPITAL LETTER ")
    if char.isascii() or not spoken.isalpha():
        return char
    word = spoken.lower().replace("lamda", "lambda")
    return word.capitalize() if char.isupper() else word


def _name(symbol: Any) -> str:
    """The name of a symbol, or of an output."""
    name = symbol if isinstance(symbol, str) else getattr(symbol, "name", None)
    name = legible(name) if isinstance(name, str) else None
    if name is None or not NAME.fullmatch(name):
        raise BindingError(f"{_shown(symbol)!r} cannot be the name of a variable: "
                           "names are the letters A to Z and a to z, digits and underscores")  # fmt: skip
    return name


def _integer(n: int) -> list[Term]:
    number = Number(str(abs(n)), abs(n), 0, 0)
    return [number, Apply("neg", 1, 0)] if n < 0 else [number]


class _Converter:
    """One walk over the objects, from the outside in, with a stack of what is still to be written."""

    def __init__(self, sympy: Any, point: Mapping[str, Terms], limits: Limits, held: bool = False) -> None:
        self.sympy, self.point, self.limits, self.held = sympy, point, limits, held
        self.written_out = 0
        self.symbols: dict[str, Any] = {}
        self.comparisons = Comparisons(point, limits)
        self.forms: Mapping[Any, Callable[[Any], Sequence[Any]]] = {
            sympy.Sum: lambda item: self.written(item, "add", 0),
            sympy.Product: lambda item: self.written(item, "mul", 1),
            sympy.Derivative: self.derivative,
            sympy.Integral: self.integral,
            sympy.UnevaluatedExpr: lambda item: item.args,
            sympy.factorial: lambda item: [*item.args, *_integer(1), Apply("add", 2, 0), Apply("gamma", 1, 0)],
        }
        """What is read in another way than as a function of its own."""

    def terms(self, given: Any) -> tuple[Term, ...]:
        """An expression in postfix order."""
        written: list[Term] = []
        todo: list[Any] = [given]
        while todo:
            item = todo.pop()
            if isinstance(item, Number | Name | Apply):
                written.append(item)
                if len(written) > self.limits.characters:
                    raise BoundError(f"the expression has more than {self.limits.characters} parts, which is the bound")
            else:
                todo.extend(reversed(self.parts(item)))
        return tuple(written)

    def parts(self, item: Any) -> Sequence[Any]:
        """What stands for one object in postfix order: terms, and objects that are still to be written."""
        if isinstance(item, _Product):
            return self.quotient(item.factors) if item.evaluated else self.chain(item.factors)
        if isinstance(item, _Power):
            return self.power(item.base, item.exponent)
        if not isinstance(item, self.sympy.Expr):
            raise InputError(f"{_shown(item)} is not an expression that adtrace reads ({type(item).__name__})")
        if item.is_Symbol:
            return [self.symbol(item)]
        if item.is_Number or item.is_NumberSymbol or item is self.sympy.I:
            return self.number(item)
        if item.is_Add:
            return self.sum(item)
        if item.is_Mul:
            return self.product(item)
        if item.is_Pow:
            return self.power(*item.args)
        if item.is_Piecewise:
            return [self.piece(item)]
        other = self.forms.get(type(item))
        return self.call(item) if other is None else other(item)

    def is_evaluated(self, item: Any) -> bool:
        """Whether sympy itself would hold the sum or product in this way."""
        if self.held or any(type(part) is type(item) for part in item.args) or len(set(item.args)) < len(item.args):
            return False  # sympy would have joined them; asking it to could take for ever
        with self.sympy.evaluate(True):
            again = item.func(*item.args)
        return type(again) is type(item) and again.args == item.args

    def in_order(self, item: Any) -> tuple[tuple[Any, ...], bool]:
        """The parts of a sum or product as sympy prints them, or holds them, and whether it is the first."""
        if not self.is_evaluated(item):
            return item.args, False
        try:
            return tuple(item.as_ordered_terms() if item.is_Add else item.as_ordered_factors()), True
        except RecursionError:
            raise BoundError("the expression is nested too deeply for sympy to put it in order") from None

    def sum(self, item: Any) -> list[Any]:
        """``a + b - c``."""
        (first, *others), _ = self.in_order(item)
        parts = [first]
        for other in others:
            if other.is_Number and other.is_negative:
                parts += [-other, Apply("sub", 2, 0)]
                continue
            factors, evaluated = self.in_order(other) if other.is_Mul else ((other,), True)
            if other.is_Mul and factors[0].is_Number and factors[0].is_negative:
                parts += [_Product(_without_sign(factors), evaluated), Apply("sub", 2, 0)]
            else:
                parts += [other, Apply("add", 2, 0)]
        return parts

    def product(self, item: Any) -> list[Any]:
        """``a*b/c``, or ``-a*b/c``."""
        factors, evaluated = self.in_order(item)
        if factors[0].is_Rational and factors[0].p == -1:
            return [_Product(_without_sign(factors), evaluated), Apply("neg", 1, 0)]
        return [_Product(factors, evaluated)]

    def chain(self, factors: Sequence[Any]) -> list[Any]:
        """``a*b/c*d``, in the order in which the factors are held."""
        parts: list[Any] = []
        for factor in factors:
            if parts and factor.is_Pow and factor.args[1] == -1:
                parts += [factor.args[0], Apply("div", 2, 0)]
            else:
                parts += [factor, Apply("mul", 2, 0)] if parts else [factor]
        return parts

    def quotient(self, factors: Sequence[Any]) -> list[Any]:
        """``a*b/(c*d)``: what has a negative exponent goes below the line, as sympy prints it."""
        above: list[Any] = []
        below: list[Any] = []
        for factor in factors:
            if factor.is_Rational and not factor.is_Integer:
                above += [self.sympy.Integer(factor.p)] if factor.p != 1 else []
                below.append(self.sympy.Integer(factor.q))
            elif factor.is_Pow and factor.args[1].is_Rational and factor.args[1].is_negative:
                below.append(_Power(factor.args[0], -factor.args[1]))
            else:
                above.append(factor)
        parts = self.factors(above or [self.sympy.Integer(1)])
        return [*parts, *self.factors(below), Apply("div", 2, 0)] if below else parts

    def factors(self, factors: Sequence[Any]) -> list[Any]:
        parts = list(factors[:1])
        for factor in factors[1:]:
            parts += [factor, Apply("mul", 2, 0)]
        return parts

    def power(self, base: Any, exponent: Any) -> list[Any]:
        """A power, or what sympy writes as one: a division, a root, the exponential."""
        one, half = self.sympy.Integer(1), self.sympy.Rational(1, 2)
        if exponent == 1:
            return [base]
        if exponent == -1:
            return [one, base, Apply("div", 2, 0)]
        if exponent == half:
            return [base, Apply("sqrt", 1, 0)]
        if exponent == -half:
            return [one, base, Apply("sqrt", 1, 0), Apply("div", 2, 0)]
        if base is self.sympy.E and exponent.free_symbols:
            return [exponent, Apply("exp", 1, 0)]
        return [base, exponent, Apply("pow", 2, 0)]

    def symbol(self, item: Any) -> Name:
        """A variable."""
        name = _name(item)
        if name not in self.point:
            raise BindingError(f"{name} has no value{nearest(name, self.point)}; give it one with at={{{name!r}: ...}}")
        if self.symbols.setdefault(name, item) != item:
            raise BindingError(f"two different symbols of the expression have the name {name}")
        return Name(name, 0)

    def number(self, item: Any) -> list[Term]:
        """A real number: exactly, a Float as its shortest decimal."""
        if item.is_Float and item.is_finite:
            return self.decimal(item)
        if item.is_Integer:
            return _integer(int(item))
        if item.is_Rational and item.is_finite:
            return [*_integer(int(item.p)), *_integer(int(item.q)), Apply("div", 2, 0)]
        if item is self.sympy.pi:
            return [Name("pi", 0)]
        if item is self.sympy.E:
            return [Name("e", 0)]
        raise InputError(f"{_shown(item)} is not a number that adtrace reads: there are rationals, decimals, pi and e")

    def decimal(self, item: Any) -> list[Term]:
        """The decimal that stands for a Float of its precision."""
        double = float(item)
        text = repr(double) if item._prec == 53 and double and math.isfinite(double) else str(item)
        mantissa, _, exponent = text.lstrip("-").partition("e")
        whole, _, fraction = mantissa.partition(".")
        fraction = fraction.rstrip("0")
        shown = f"{whole}.{fraction}" if fraction else f"{whole}.0"
        number = Number(
            shown + (f"e{int(exponent)}" if exponent else ""),
            int(whole + fraction),
            int(exponent or 0) - len(fraction),
            0,
        )
        return [number, Apply("neg", 1, 0)] if text.startswith("-") else [number]

    def call(self, item: Any) -> list[Any]:
        """A function of the language."""
        name = item.func.__name__
        head, arguments = _HEADS.get(name, name), list(item.args)
        if name == "log" and len(arguments) == 2:
            head = "log"
        if name == "Heaviside":
            if arguments[1:] and arguments[1] != self.sympy.Rational(1, 2):
                raise InputError(f"the elemental heaviside is 1/2 at 0, not {_shown(arguments[1])}")
            arguments = arguments[:1]
        if name == "exp" and arguments[0] == 1:
            return [Name("e", 0)]
        arity = FUNCTIONS.get(head)
        if arity is None:
            raise InputError(
                f"sympy's {printable(name)} has no elemental; write it with those that there are, "
                f'or add one: adtrace.elemental("{printable(name)}", "...", ...)'
            )
        least, most = arity
        if len(arguments) < least or (most is not None and len(arguments) > most):
            raise InputError(f"the elemental {head} does not take {len(arguments)} operands, as in {_shown(item)}")
        return [*arguments, Apply(head, len(arguments), 0)]

    def written(self, item: Any, head: str, empty: int) -> list[Any]:
        """A sum or product with integer bounds, term by term."""
        *inner, (index, first, last) = item.limits
        if not (first.is_Integer and last.is_Integer):
            raise InputError(f"the bounds of {_shown(item)} are not whole numbers")
        count = int(last) - int(first) + 1
        self.written_out += max(count, 0)
        if self.written_out > self.limits.rows:
            raise BoundError(f"{_shown(item)} has more than {self.limits.rows} terms, which is the bound")
        body = item.func(item.function, *inner) if inner else item.function
        if count < 0:  # by Karr's convention
            return [item.doit()]
        parts: list[Any] = []
        for k in range(int(first), int(last) + 1):
            parts += [body.subs(index, k), Apply(head, 2, 0)] if parts else [body.subs(index, k)]
        return parts or _integer(empty)

    def derivative(self, item: Any) -> list[Any]:
        """The derivative that sympy finds."""
        order = sum(count for _, count in item.variable_count if count.is_Integer)
        if order > _HIGHEST_DERIVATIVE or item.count_ops() > _LONGEST_DERIVED:
            raise BoundError(f"sympy is asked for derivatives up to the {_HIGHEST_DERIVATIVE}th, and of no more than "
                             f"{_LONGEST_DERIVED} operations; {_shown(item)}")  # fmt: skip
        derivative = item.doit()
        if derivative.has(self.sympy.Derivative, self.sympy.Subs):
            raise InputError(f"sympy finds no derivative for {_shown(item)}")
        return [derivative]

    def integral(self, item: Any) -> list[Any]:
        """The integral of a polynomial between finite bounds; how long sympy looks for another, nobody can say."""
        whole = item.function
        for variable, *bounds in item.limits:
            degree = _degree(whole, variable)
            if len(bounds) != 2 or not all(bound.is_finite is not False for bound in bounds):
                raise InputError(f"{_shown(item)} has no finite bounds")
            if degree is None or max(degree, whole.count_ops()) > _LONGEST_DERIVED:
                raise InputError(f"{_shown(item)} is no integral of a short polynomial in {variable}; "
                                 "write what it is: sympy's .doit() finds many")  # fmt: skip
            whole = self.sympy.Integral(whole, (variable, *bounds)).doit()
        return [whole]

    # -- Piecewise ---------------------------------------------------------------------------------------

    def piece(self, item: Any) -> Any:
        """The expression of the first condition that holds at the point."""
        for pair in item.args:
            if self.holds(pair.cond):
                return pair.expr
        raise DomainError(f"no condition of {_shown(item)} holds at this point")

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds at the point; its comparisons are noted."""
        sympy = self.sympy
        if condition in (sympy.true, sympy.false):
            return bool(condition)
        if isinstance(condition, sympy.Not):
            return not self.holds(condition.args[0])
        if isinstance(condition, sympy.And):
            return all(self.holds(part) for part in sympy.ordered(condition.args))
        if isinstance(condition, sympy.Or):
            return any(self.holds(part) for part in sympy.ordered(condition.args))
        if isinstance(condition, sympy.ITE):
            which, then, other = condition.args
            return self.holds(then if self.holds(which) else other)
        relation = condition.rel_op.replace("==", "=") if condition.is_Relational else ""
        if relation not in HOLDS:
            raise InputError(f"{_shown(condition)} is not a condition that adtrace reads: there are < <= > >= = and !=")
        left, right = self.terms(condition.lhs), self.terms(condition.rhs)
        return self.comparisons.held(left, relation, right, _shown(condition))


def _degree(expression: Any, variable: Any) -> int | None:
    """The degree of an expression in a variable, before anything is multiplied out; None for what is no polynomial."""
    if not expression.has(variable):
        return 0
    if expression == variable:
        return 1
    if expression.is_Pow and expression.exp.is_Integer and expression.exp > 0:
        inner = _degree(expression.base, variable)
        return None if inner is None else inner * int(expression.exp)
    if not (expression.is_Add or expression.is_Mul):
        return None
    degrees = [degree for part in expression.args if (degree := _degree(part, variable)) is not None]
    if len(degrees) < len(expression.args):
        return None
    return max(degrees) if expression.is_Add else sum(degrees)


def _without_sign(factors: Sequence[Any]) -> tuple[Any, ...]:
    """The factors of a product without the minus of the first."""
    first, *others = factors
    return tuple(others) if first == -1 and others else (-first, *others)
