"""Text into an `Expression`: our own grammar, read by operator precedence, without recursion.

    program    ::= statement ( ";" | new line ) ...                      "#" begins a comment
    statement  ::= [ left "=" ] right
    left       ::= name | name "(" name, ... ")" | "(" name, ... ")"
    right      ::= expression | "(" expression, expression, ... ")"      several outputs stand in brackets
    expression ::= sum of products of signed powers, as in Python; "^" is "**"
    operand    ::= number | name | function "(" expression, ... ")" | "(" expression ")"

There are no strings, attributes, subscripts, comparisons or keywords in it: what is not listed above is refused
with its place and the nearest legal spelling, and nothing that is read is ever evaluated as Python.
Precedence from low to high: ``+ -``, ``* /``, unary ``+ -``, ``^`` (to the right), so ``-x^2`` is ``-(x^2)``.
A new line goes on with the statement where a bracket is open or an operator stands at the break.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import NamedTuple, NoReturn

from adtrace.collector import uncollected
from adtrace.errors import BoundError, ParseError, printable
from adtrace.language.allowed import Functions, Language
from adtrace.language.hints import of_character, unknown_function
from adtrace.language.syntax import CONSTANTS, GROUP, PLUS, Apply, Expression, Name, Number, Statement, Term
from adtrace.limits import DEFAULT, Limits

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|([A-Za-z][A-Za-z0-9_]*+)(?![ \t\r\n]*+\()"
    r"|([A-Za-z][A-Za-z0-9_]*+)"
    r"|(\*\*|[-+*/^(),]))"
)
_NUMBER, _NAME, _CALLED, _SIGN = 1, 2, 3, 4
"""A token's kind, which is its group in the pattern; a name that a bracket follows is called."""
_SPACE = re.compile(r"[ \t\r\n]*")
_LEFT_SIDE = re.compile(  # possessive throughout: 100,000 blanks are looked at once
    r"[ \t\r\n]*+([A-Za-z][A-Za-z0-9_]*+)?[ \t\r\n]*+(?:\(([^()=]*+)\))?[ \t\r\n]*+=(?!=)"
)
_COMMENT = re.compile(r"#[^\r\n]*")
_BREAK = re.compile(r"[();\n]")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
"""What a variable may be called."""

_BINARY = {"+": ("add", 1), "-": ("sub", 1), "*": ("mul", 2), "/": ("div", 2), "^": ("pow", 4), "**": ("pow", 4)}
_PREFIX = {"-": "neg", "+": PLUS}
_PREFIX_PRECEDENCE = 3
_OPEN = 0  # the precedence of an open bracket on the stack: nothing is popped past it


_new = tuple.__new__  # a named tuple without the cost of naming its fields


class _Open(NamedTuple):
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
        self.stack: list[Operator | _Open] = []
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
            elif kind == _NAME and token not in self.functions:
                terms.append(_new(Name, (token, place)))
                want_operand = False
            else:
                want_operand = self.operand(kind, token, place)
        position = self.skip(position)
        if position < end:
            self.unknown(position)
        if want_operand:
            self.missing_operand(end)
        self.pop_to(_OPEN, left=False)
        if self.stack:
            self.fail("this bracket is never closed", self.stack[-1].position)
        return tuple(self.terms)

    def skip(self, position: int) -> int:
        """The position after any white space."""
        match = _SPACE.match(self.text, position, self.end)
        return match.end() if match else position

    def operand(self, kind: int, token: str, place: int) -> bool:
        """Take a token where an operand begins; return whether an operand is still wanted."""
        if kind == _NUMBER:
            self.terms.append(self.number(token, place))
            return False
        if kind == _CALLED:
            self.call(token, place)
            return True
        if kind == _NAME:
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
        if kind != _SIGN or token == "(":
            self.implicit_product(token, place)
        if token == ")":
            self.close(place)
            return False
        if token == ",":
            self.comma(place)
            return True
        head, precedence = _BINARY[token]
        self.pop_to(precedence, left=head != "pow")
        self.stack.append(_new(Operator, (head, 2, precedence, place)))
        return True

    def open(self, place: int) -> None:
        """Open a bracket; a function name just before it makes it a call."""
        function, function_place = self.called or (None, place)
        self.called = None
        self.stack.append(_new(_Open, (place, function, function_place)))
        self.counts.append(1)

    def pop_to(self, precedence: int, *, left: bool) -> None:
        """Apply the waiting operators that bind more tightly (or as tightly, for ``left`` ones)."""
        stack = self.stack
        while stack:
            top = stack[-1]
            if type(top) is _Open:
                return
            head, arity, binds, position = top  # type: ignore[misc]
            if binds < precedence or (binds == precedence and not left):
                return
            stack.pop()
            self.terms.append(_new(Apply, (head, arity, position)))

    def close(self, place: int) -> None:
        """Close the innermost bracket."""
        self.pop_to(_OPEN, left=False)
        if not self.stack:
            self.fail("this bracket was never opened", place)
        bracket = self.stack.pop()
        count = self.counts.pop()
        assert type(bracket) is _Open
        if bracket.function is None:
            self.terms.append(_new(Apply, (GROUP, 1, bracket.position)))
            return
        least, most = self.functions[bracket.function]
        if count < least or (most is not None and count > most):
            self.fail(arity_problem(bracket.function, least, most, count), bracket.function_position)
        self.terms.append(_new(Apply, (bracket.function, count, bracket.function_position)))

    def comma(self, place: int) -> None:
        """End one operand of a call."""
        self.pop_to(_OPEN, left=False)
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
        if token == ")" and self.stack and type(self.stack[-1]) is _Open:
            more = self.counts[-1] > 1
            self.fail("there is no operand after the comma" if more else "there is nothing in these brackets", place)
        if token == "/" and self.text[place - 1 : place] == "/":
            self.fail("there is no whole-number division: write /", place)
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
        bracket = next((entry for entry in reversed(self.stack) if type(entry) is _Open), None)
        if bracket and "\n" in self.text[bracket.position : place] and _LEFT_SIDE.match(self.text, place):
            self.fail("this bracket is never closed", bracket.position)  # here the next statement begins
        self.fail("an operator is missing here: products are written with *", place)

    def unknown(self, place: int) -> NoReturn:
        """Refuse a character that is not in the language."""
        char = self.text[place]
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


def parse(
    text: str,
    functions: Functions,
    *,
    declared: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
) -> Expression:
    """Read a formula or a program.

    ``declared`` are the names of variables: each beats a function or a constant of the same name.
    Raises `ParseError` with the place and the nearest legal spelling, or `BoundError`.
    """
    if len(text) > limits.characters:
        raise BoundError(f"the expression has {len(text)} characters; the bound is {limits.characters}")
    source = _COMMENT.sub(lambda comment: " " * len(comment.group()), text) if "#" in text else text
    spans = _statements(source)
    statements: list[Statement] = []
    outputs, function, parameters = 1, None, None
    there = set(declared)
    for start, end in spans:
        left = _left_side(text, source, start, end)
        if left.parameters is not None:
            if end != spans[-1][1]:
                raise ParseError(f"{left.names[0]}(...) = is the left side of the last statement only", text, start)
            function, parameters = left.names[0], left.parameters
            there.update(parameters)
        rights = _outputs(source, left.end, end)
        names = _names_of(left, len(rights), text, start)
        with uncollected():
            read = [Reader(text, source, functions, there, limits).read(*right) for right in rights]
        statements.extend(map(Statement, names, read))
        there.update(name for name in names if name)
        if names[0] is None and end != spans[-1][1]:
            raise ParseError("only the last statement may stand without a name, such as y = ...", text, left.end)
        outputs = len(rights)
    return Expression(text, tuple(statements), outputs, function, parameters)


def all_known(read: Expression, language: Language) -> bool:
    """Whether every name in it has a value; one that has none may be several side by side, or be meant for another."""
    known = {*language.declared, *(read.parameters or ()), *CONSTANTS}
    for statement in read.statements:
        for term in statement.terms:
            if type(term) is Name and term[0] not in known:
                return False
        if statement.name is not None:
            known.add(statement.name)
    return True


class _Left(NamedTuple):
    """The left side of a statement: ``y =``, ``(p, q) =`` or ``f(x1, x2) =``, and where the right side begins."""

    names: tuple[str, ...]
    parameters: tuple[str, ...] | None
    end: int


def _statements(source: str) -> list[tuple[int, int]]:
    """Where the statements stand: parted by ``;`` and by new lines that do not stand inside brackets."""
    if ";" not in source and "\n" not in source:
        return [(0, len(source))]
    spans: list[tuple[int, int]] = []
    depth, start = 0, 0
    for match in _BREAK.finditer(source):
        mark, place = match.group(), match.start()
        if mark in "()":
            depth += 1 if mark == "(" else -1
        elif mark == ";" or (depth <= 0 and not _goes_on(source, start, place)):
            spans.append((start, place))
            start, depth = place + 1, 0
    spans.append((start, len(source)))
    return [span for span in spans if not source[slice(*span)].isspace() and span[0] < span[1]] or [(0, len(source))]


def _goes_on(source: str, start: int, place: int) -> bool:
    """Whether a statement goes on after the new line at ``place``: an operator stands before or after it."""
    before = source[max(start, place - 200) : place].rstrip()
    after = source[place + 1 : place + 200].lstrip()
    return before.endswith(("+", "-", "*", "/", "^", "=", ",")) or after.startswith(("+", "-", "*", "/", "^", ")", ","))


def _left_side(text: str, source: str, start: int, end: int) -> _Left:
    match = _LEFT_SIDE.match(source, start, end) if source.find("=", start, end) >= 0 else None
    if match is None or (match.group(1) is None and match.group(2) is None):
        return _Left((), None, start)
    inside = _names(text, match.group(2), match.start(2)) if match.group(2) is not None else None
    if match.group(1) is None:
        return _Left(inside or (), None, match.end())
    return _Left((match.group(1),), inside, match.end())


def _names(text: str, inside: str, start: int) -> tuple[str, ...]:
    """The names between the brackets of a left side."""
    names: dict[str, None] = {}
    for part in inside.split(","):
        name = part.strip(" \t\r\n")
        place = start + len(part) - len(part.lstrip(" \t\r\n"))
        if not NAME.fullmatch(name):
            raise ParseError(f"{printable(name)!r} is not a name", text, min(place, len(text)))
        if name in names:
            raise ParseError(f"{name} is declared twice", text, place)
        names[name] = None
        start += len(part) + 1
    return tuple(names)


def _outputs(source: str, start: int, end: int) -> list[tuple[int, int]]:
    """The right side in one piece, or the pieces of ``(a, b)`` where a bracket round the whole of it has commas."""
    if source.find(",", start, end) < 0:
        return [(start, end)]
    text = source[start:end]
    first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    if last <= first or text[first] != "(" or text[last] != ")":
        return [(start, end)]
    depth, pieces, begin = 0, list[tuple[int, int]](), first + 1
    for match in re.finditer(r"[(),]", text):
        mark, place = match.group(), match.start()
        depth += (mark == "(") - (mark == ")")
        if depth == 0 and place < last:
            return [(start, end)]  # the first bracket closes early: (a)*(b)
        if (mark == "," and depth == 1) or (depth == 0 and place == last):
            pieces.append((start + begin, start + place))
            begin = place + 1
    return pieces if len(pieces) > 1 else [(start, end)]


def _names_of(left: _Left, count: int, text: str, start: int) -> list[str | None]:
    """The name of each output of a statement."""
    if left.parameters is not None or not left.names:
        return [None] * count
    if len(left.names) == count:
        return list(left.names)
    if len(left.names) == 1:
        return [f"{left.names[0]}_{k}" for k in range(1, count + 1)]
    raise ParseError(f"there are {len(left.names)} names for {count} outputs", text, start)
