"""Text into an `Expression`: our own grammar, read by operator precedence, without recursion.

    statement  ::= [ name [ "(" name, ... ")" ] "=" ] expression
    expression ::= sum of products of signed powers, as in Python; "^" is "**"
    operand    ::= number | name | function "(" expression, ... ")" | "(" expression ")"

There are no strings, attributes, subscripts, comparisons or keywords in it: what is not listed above is refused
with its place and the nearest legal spelling, and nothing that is read is ever evaluated as Python.
Precedence from low to high: ``+ -``, ``* /``, unary ``+ -``, ``^`` (to the right), so ``-x^2`` is ``-(x^2)``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, NoReturn

from adtrace.errors import BoundError, ParseError, nearest, printable
from adtrace.limits import DEFAULT, Limits
from adtrace.syntax import GROUP, PLUS, Apply, Expression, Name, Number, Term

Functions = Mapping[str, tuple[int, int | None]]
"""The functions that may be called: name, and the least and the largest number of operands (None: any)."""

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<sign>\*\*|[-+*/^(),]))"
)
_SPACE = re.compile(r"[ \t\r\n]*")
_LEFT_SIDE = re.compile(r"[ \t\r\n]*([A-Za-z][A-Za-z0-9_]*)[ \t\r\n]*(\(([^()=]*)\))?[ \t\r\n]*=(?!=)", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)

_BINARY = {"+": ("add", 1), "-": ("sub", 1), "*": ("mul", 2), "/": ("div", 2), "^": ("pow", 4), "**": ("pow", 4)}
_PREFIX = {"-": "neg", "+": PLUS}
_PREFIX_PRECEDENCE = 3
_OPEN = 0  # the precedence of an open bracket on the stack: nothing is popped past it

_HINTS = {
    "²": "write ^2", "³": "write ^3", "·": "write *", "×": "write *", "⋅": "write *", "÷": "write /",
    "−": "write the minus sign as -", "–": "write the minus sign as -", "√": "write sqrt(...)",
    "π": "write pi", "σ": "write sigmoid(...)", "|": "write abs(...)", "[": "use round brackets",
    "]": "use round brackets", "{": "use round brackets", "}": "use round brackets", "!": "there is no factorial",
    "\\": "write the formula as plain text: ln(x1), not LaTeX", "=": "an equals sign stands after the left side only",
    "'": "a prime is not part of a name", "_": "a name begins with a letter", ";": "one expression at a time",
    "%": "there is no remainder or percent sign", "$": "write the formula without dollar signs",
}  # fmt: skip


class _Open(NamedTuple):
    """An open bracket on the stack: of a call when ``function`` is set."""

    position: int
    function: str | None
    function_position: int


class _Operator(NamedTuple):
    """An operator on the stack, waiting for its right operand."""

    head: str
    arity: int
    precedence: int
    position: int


class _Reader:
    """One pass of Dijkstra's shunting-yard over the text: ``terms`` grows in postfix order."""

    def __init__(self, text: str, functions: Functions, declared: frozenset[str], limits: Limits) -> None:
        self.text, self.functions, self.declared, self.limits = text, functions, declared, limits
        self.terms: list[Term] = []
        self.stack: list[_Operator | _Open] = []
        self.counts: list[int] = []  # operands read so far in each open bracket
        self.called: tuple[str, int] | None = None  # the function whose bracket comes next

    def fail(self, problem: str, position: int) -> NoReturn:
        raise ParseError(problem, self.text, position)

    def read(self, start: int) -> tuple[Term, ...]:
        """Read the expression from ``start`` to the end of the text."""
        position, want_operand, end = start, True, len(self.text)
        while True:
            match = _TOKEN.match(self.text, position)
            if match is None:
                position = self.skip(position)
                if position < end:
                    self.unknown(position)
                break
            place, position = match.start(match.lastgroup or 0), match.end()
            token, kind = match.group(match.lastgroup or 0), match.lastgroup
            want_operand = self.operand(kind, token, place) if want_operand else self.operator(kind, token, place)
        if want_operand:
            self.missing_operand(end)
        self.pop_to(_OPEN, left=False)
        if self.stack:
            self.fail("this bracket is never closed", self.stack[-1].position)
        return tuple(self.terms)

    def skip(self, position: int) -> int:
        """The position after any white space."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def operand(self, kind: str | None, token: str, place: int) -> bool:
        """Take a token where an operand begins; return whether an operand is still wanted."""
        if kind == "number":
            self.terms.append(self.number(token, place))
            return False
        if kind == "name":
            return self.name(token, place)
        if token in _PREFIX:
            self.stack.append(_Operator(_PREFIX[token], 1, _PREFIX_PRECEDENCE, place))
            return True
        if token == "(":
            self.open(place)
            return True
        return self.missing_operand(place, token)

    def name(self, token: str, place: int) -> bool:
        """Take a name: a call if a bracket follows and it is a function, else a variable or a constant."""
        after = self.skip(place + len(token))
        called = self.text.startswith("(", after)
        if called and token in self.declared:
            self.fail(f"{token} is a variable, not a function; write {token}*(...) for a product", place)
        if called and token not in self.functions:
            self.fail(f"unknown function {token!r}{nearest(token, self.functions)}", place)
        if not called and token in self.functions and token not in self.declared:
            self.fail(f"{token} is a function: write its operand in brackets, {token}(...)", place)
        if called:
            self.called = (token, place)
            return True
        self.terms.append(Name(token, place))
        return False

    def operator(self, kind: str | None, token: str, place: int) -> bool:
        """Take a token after a complete operand; return whether an operand is wanted next."""
        if kind != "sign" or token == "(":
            self.implicit_product(token, place)
        if token == ")":
            self.close(place)
            return False
        if token == ",":
            self.comma(place)
            return True
        head, precedence = _BINARY[token]
        self.pop_to(precedence, left=head != "pow")
        self.stack.append(_Operator(head, 2, precedence, place))
        return True

    def open(self, place: int) -> None:
        """Open a bracket; a function name just before it makes it a call."""
        function, function_place = self.called or (None, place)
        self.called = None
        self.stack.append(_Open(place, function, function_place))
        self.counts.append(1)

    def pop_to(self, precedence: int, *, left: bool) -> None:
        """Apply the waiting operators that bind more tightly (or as tightly, for ``left`` ones)."""
        while self.stack:
            top = self.stack[-1]
            if type(top) is _Open or top.precedence < precedence or (top.precedence == precedence and not left):  # type: ignore[union-attr]
                return
            self.stack.pop()
            self.terms.append(Apply(top.head, top.arity, top.position))  # type: ignore[union-attr]

    def close(self, place: int) -> None:
        """Close the innermost bracket."""
        self.pop_to(_OPEN, left=False)
        if not self.stack:
            self.fail("this bracket was never opened", place)
        bracket = self.stack.pop()
        count = self.counts.pop()
        assert type(bracket) is _Open
        if bracket.function is None:
            self.terms.append(Apply(GROUP, 1, bracket.position))
            return
        least, most = self.functions[bracket.function]
        if count < least or (most is not None and count > most):
            self.fail(_arity_problem(bracket.function, least, most, count), bracket.function_position)
        self.terms.append(Apply(bracket.function, count, bracket.function_position))

    def comma(self, place: int) -> None:
        """End one operand of a call."""
        self.pop_to(_OPEN, left=False)
        if not self.stack or self.stack[-1].function is None:  # type: ignore[union-attr]
            self.fail("a comma separates the operands of a function; decimals are written with a point, 1.5", place)
        self.counts[-1] += 1

    def number(self, token: str, place: int) -> Number:
        """A literal within the bounds, checked before any of it becomes a number."""
        mantissa, _, exponent = token.replace("E", "e").partition("e")
        whole, _, fraction = mantissa.partition(".")
        digits = whole + fraction
        bound = self.limits.literal_digits
        if len(digits) > bound or len(exponent) > 12 or abs(int(exponent or 0)) > bound:
            raise BoundError(
                f"a number may have {bound} digits and a decimal exponent up to {bound}"
                f"{ParseError('', self.text, place)}"
            )
        return Number(token, int(digits), int(exponent or 0) - len(fraction), place)

    def missing_operand(self, place: int, token: str = "") -> NoReturn:
        """Say what is missing where an operand should begin."""
        if not token and not self.text.strip():
            self.fail("there is no expression", place)
        if token == ")" and self.stack and type(self.stack[-1]) is _Open:
            self.fail("there is nothing in these brackets", place)
        self.fail(f"{token!r} has no operand before it" if token else "the expression ends too early", place)

    def implicit_product(self, token: str, place: int) -> NoReturn:
        """Refuse two operands side by side: ``2x``, ``x y``, ``(a)(b)``."""
        last = self.terms[-1]
        if type(last) is Number and token.startswith("."):
            self.fail("a number has one decimal point", place)
        token = "(...)" if token == "(" else token
        if type(last) is Number and place and self.text[place - 1 : place] not in " \t\r\n":
            self.fail(f"products are written out: {last.text}*{token}", place)
        self.fail("an operator is missing here: products are written with *", place)

    def unknown(self, place: int) -> NoReturn:
        """Refuse a character that is not in the language."""
        char = self.text[place]
        hint = _HINTS.get(char)
        if hint is None and char.isdigit():
            hint = "digits are 0 to 9"
        if hint is None and char.isalpha():
            hint = "names are the letters A to Z and a to z, digits and underscores"
        self.fail(f"{printable(char)!r} is not part of the language" + (f": {hint}" if hint else ""), place)


def _arity_problem(function: str, least: int, most: int | None, count: int) -> str:
    if most is None:
        wanted = f"{least} or more operands"
    elif least == most:
        wanted = "one operand" if least == 1 else f"{least} operands"
    else:
        wanted = f"{least} or {most} operands"
    return f"{function} takes {wanted}, not {count}"


def parse(
    text: str,
    functions: Functions,
    *,
    declared: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Expression:
    """Read one statement.

    ``declared`` are the names of variables: each beats a function or a constant of the same name.
    Raises `ParseError` with the place and the nearest legal spelling, or `BoundError`.
    """
    if len(text) > limits.characters:
        raise BoundError(f"the expression has {len(text)} characters; the bound is {limits.characters}")
    left = _LEFT_SIDE.match(text)
    function = parameters = dependent = None
    start = 0
    if left:
        start = left.end()
        if left.group(2) is None:
            dependent = left.group(1)
        else:
            function = left.group(1)
            parameters = _parameters(text, left.group(3), left.start(3))
            declared = declared.union(parameters)
    terms = _Reader(text, functions, declared, limits).read(start)
    return Expression(text, terms, function, parameters, dependent)


def _parameters(text: str, inside: str, start: int) -> tuple[str, ...]:
    """The names between the brackets of ``f(x1, x2) = ...``."""
    names: list[str] = []
    for part in inside.split(","):
        name = part.strip(" \t\r\n")
        place = start + len(part) - len(part.lstrip(" \t\r\n"))
        if not _NAME.fullmatch(name):
            raise ParseError(f"{printable(name)!r} is not a name", text, min(place, len(text)))
        if name in names:
            raise ParseError(f"{name} is declared twice", text, place)
        names.append(name)
        start += len(part) + 1
    return tuple(names)
