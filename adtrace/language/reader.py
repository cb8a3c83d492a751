"""The reader of one right side in the plain language: numbers, names, functions, operators and brackets.

Dijkstra's shunting-yard over a pattern of tokens, without recursion.  What has to do with arrays is told by
`ArraysWanted`, and read by `arrays`: most texts hold none, and are not to wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import NamedTuple, NoReturn

from adtrace.errors import BoundError, ParseError, printable
from adtrace.language.allowed import Functions
from adtrace.language.calls import CALLS
from adtrace.language.hints import of_character, unknown_function
from adtrace.language.syntax import GROUP, PLUS, Apply, Name, Number, Term
from adtrace.limits import Limits

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|([A-Za-z][A-Za-z0-9_]*+)(?![ \t\r\n]*+\()"
    r"|([A-Za-z][A-Za-z0-9_]*+)"
    r"|(\*\*|[-+*/^(),]))"
)
NUMBER, NAMED, CALLED, SIGN = 1, 2, 3, 4
"""A token's kind, which is its group in the pattern; a name that a bracket follows is called."""
_SPACE = re.compile(r"[ \t\r\n]*")
LEFT_SIDE = re.compile(  # possessive throughout: 100,000 blanks are looked at once
    r"[ \t\r\n]*+([A-Za-z][A-Za-z0-9_]*+)?[ \t\r\n]*+(?:\(([^()=]*+)\))?[ \t\r\n]*+=(?!=)"
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
"""What a variable may be called."""

BINARY = {"+": ("add", 1), "-": ("sub", 1), "*": ("mul", 2), "/": ("div", 2), "^": ("pow", 4), "**": ("pow", 4)}
_PREFIX = {"-": "neg", "+": PLUS}
_PREFIX_PRECEDENCE = 3
OPENED = 0  # the precedence of an open bracket on the stack: nothing is popped past it


class ArraysWanted(Exception):
    """What stands in the text is in the language of arrays."""


_OF_ARRAYS = "[]@='\""
"""Characters that only the reader of arrays knows."""

_new = tuple.__new__  # a named tuple without the cost of naming its fields


class Open(NamedTuple):
    """An open bracket on the stack: of a call when ``function`` is set."""

    position: int
    function: str | None
    function_position: int


class Operator(NamedTuple):
    """An operator on the stack, waiting for its right operand."""

    head: str
    arity: int
    precedence: float
    position: int


class Reader:
    """One pass of Dijkstra's shunting-yard over the text: ``terms`` grows in postfix order."""

    def __init__(self, text: str, source: str, functions: Functions, declared: Set[str], limits: Limits) -> None:
        self.shown, self.text = text, source  # as typed, and with blanks for its comments
        self.functions, self.declared, self.limits = functions, declared, limits
        self.terms: list[Term] = []
        self.stack: list[Operator | Open] = []
        self.counts: list[int] = []  # operands read so far in each open bracket
        self.called: tuple[str, int] | None = None  # the function whose bracket comes next
        self.end = len(text)

    def fail(self, problem: str, position: int) -> NoReturn:
        """Refuse what stands at this place."""
        raise ParseError(problem, self.shown, position)

    def read(self, start: int, end: int) -> tuple[Term, ...]:
        """Read the expression that stands from ``start`` to ``end``."""
        position, want_operand = start, True
        self.end = end
        text, next_token, terms = self.text, _TOKEN.match, self.terms
        while match := next_token(text, position, end):
            kind = match.lastindex or 0
            place, position = match.span(kind)
            token = match[kind]
            if not want_operand:
                want_operand = self.operator(kind, token, place)
            elif kind == NAMED and token not in self.functions:
                terms.append(_new(Name, (token, place)))
                want_operand = False
            else:
                want_operand = self.operand(kind, token, place)
        position = self.skip(position)
        if position < end:
            self.unknown(position)
        if want_operand:
            self.missing_operand(end)
        self.pop_to(OPENED, left=False)
        if self.stack:
            self.fail("this bracket is never closed", self.stack[-1].position)
        return tuple(self.terms)

    def skip(self, position: int) -> int:
        """The position after any white space."""
        match = _SPACE.match(self.text, position, self.end)
        return match.end() if match else position

    def operand(self, kind: int, token: str, place: int) -> bool:
        """Take a token where an operand begins; return whether an operand is still wanted."""
        if kind == NUMBER:
            self.terms.append(self.number(token, place))
            return False
        if kind == CALLED:
            self.call(token, place)
            return True
        if kind == NAMED:
            self.function_name(token, place)
            return False
        if token in _PREFIX:
            self.stack.append(Operator(_PREFIX[token], 1, _PREFIX_PRECEDENCE, place))
            return True
        if token == "(":
            self.open(place)
            return True
        return self.missing_operand(place, token)

    def call(self, token: str, place: int) -> None:
        """Take a name that a bracket follows: a function."""
        if token in self.declared:
            self.fail(f"{token} is a variable, not a function; write {token}*(...) for a product", place)
        if token not in self.functions:
            if token in CALLS:
                raise ArraysWanted
            self.fail(unknown_function(token, self.functions), place)
        self.called = (token, place)

    def function_name(self, token: str, place: int) -> None:
        """Take a name that is a function's, without a bracket: a variable, if it is declared as one."""
        if token not in self.declared:
            raised = self.text.startswith(("^", "**"), self.skip(place + len(token)))
            advice = f"write its power as {token}(...)^2" if raised else f"write its operand in brackets, {token}(...)"
            self.fail(f"{token} is a function: {advice}", place)
        self.terms.append(_new(Name, (token, place)))

    def operator(self, kind: int, token: str, place: int) -> bool:
        """Take a token after a complete operand; return whether an operand is wanted next."""
        if kind != SIGN or token == "(":
            self.implicit_product(token, place)
        if token == ")":
            self.close(place)
            return False
        if token == ",":
            self.comma(place)
            return True
        head, precedence = BINARY[token]
        self.pop_to(precedence, left=head != "pow")
        self.stack.append(_new(Operator, (head, 2, precedence, place)))
        return True

    def open(self, place: int) -> None:
        """Open a bracket; a function name just before it makes it a call."""
        function, function_place = self.called or (None, place)
        self.called = None
        self.stack.append(_new(Open, (place, function, function_place)))
        self.counts.append(1)

    def pop_to(self, precedence: int, *, left: bool) -> None:
        """Apply the waiting operators that bind more tightly (or as tightly, for ``left`` ones)."""
        stack = self.stack
        while stack:
            top = stack[-1]
            if type(top) is Open:
                return
            head, arity, binds, position = top  # type: ignore[misc]
            if binds < precedence or (binds == precedence and not left):
                return
            stack.pop()
            self.terms.append(_new(Apply, (head, arity, position, ())))

    def close(self, place: int) -> None:
        """Close the innermost bracket."""
        self.pop_to(OPENED, left=False)
        if not self.stack:
            self.fail("this bracket was never opened", place)
        bracket = self.stack.pop()
        count = self.counts.pop()
        assert type(bracket) is Open
        if bracket.function is None:
            self.terms.append(_new(Apply, (GROUP, 1, bracket.position, ())))
            return
        least, most = self.functions[bracket.function]
        if count < least or (most is not None and count > most):
            if bracket.function in CALLS:
                self.arrays()  # the largest of one array
            self.fail(arity_problem(bracket.function, least, most, count), bracket.function_position)
        self.terms.append(_new(Apply, (bracket.function, count, bracket.function_position, ())))

    def comma(self, place: int) -> None:
        """End one operand of a call."""
        self.pop_to(OPENED, left=False)
        if not self.stack or self.stack[-1].function is None:  # type: ignore[union-attr]
            self.fail(
                "a comma separates the operands of a function; decimals are written with a point, 1.5, "
                "and several outputs in brackets, (a, b)",
                place,
            )
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
                f"{ParseError('', self.shown, place)}"
            )
        return _new(Number, (token, int(digits), int(exponent or 0) - len(fraction), place))

    def missing_operand(self, place: int, token: str = "") -> NoReturn:
        """Say what is missing where an operand should begin."""
        if not token and not self.terms and not self.stack:
            self.fail("there is no expression", place)
        if token == ")" and self.stack and type(self.stack[-1]) is Open:
            more = self.counts[-1] > 1
            self.fail("there is no operand after the comma" if more else "there is nothing in these brackets", place)
        if token == "/" and self.text[place - 1 : place] == "/":
            self.fail("whole-number division is floor(x/y)", place)
        self.fail(f"{token!r} has no operand before it" if token else "the expression ends too early", place)

    def implicit_product(self, token: str, place: int) -> NoReturn:
        """Refuse two operands side by side: ``2x``, ``x y``, ``(a)(b)``."""
        last = self.terms[-1]
        if type(last) is Number:
            if token.startswith("."):
                self.fail("a number has one decimal point", place)
            if last.text == "0" and token[0] in "xXbBoO" and token[1:2].isdigit():
                self.fail("numbers are written in decimal", place)
            if place and self.text[place - 1 : place] not in " \t\r\n":
                self.fail(f"products are written out: {last.text}*{'(...)' if token == '(' else token}", place)
        bracket = next((entry for entry in reversed(self.stack) if type(entry) is Open), None)
        if bracket and "\n" in self.text[bracket.position : place] and LEFT_SIDE.match(self.text, place):
            self.fail("this bracket is never closed", bracket.position)  # here the next statement begins
        self.fail("an operator is missing here: products are written with *", place)

    def unknown(self, place: int) -> NoReturn:
        """Refuse a character that is not in the language."""
        char = self.text[place]
        if char in _OF_ARRAYS or self.text.startswith(".T", place):
            raise ArraysWanted
        self.unread(char, place)

    def arrays(self) -> None:
        """Leave the text to the reader of arrays."""
        raise ArraysWanted

    def unread(self, char: str, place: int) -> NoReturn:
        """Refuse a character that is in no part of the language."""
        hint = of_character(char)
        quoted = '"\'"' if char == "'" else f"'{printable(char)}'"
        self.fail(f"{quoted} is not part of the language" + (f": {hint}" if hint else ""), place)


def arity_problem(function: str, least: int, most: int | None, count: int) -> str:
    """``log takes 1 or 2 operands, not 3``."""
    if most is None:
        wanted = f"{least} or more operands"
    elif least == most:
        wanted = "one operand" if least == 1 else f"{least} operands"
    else:
        wanted = f"{least} or {most} operands"
    return f"{function} takes {wanted}, not {count}"
