r"""One cell as people write it, into terms: ``2v4v4'``, ``\dot{v}_1``, ``v1_dot``, ``-.544``, ``sin^2 x``.

A name becomes one spelling whatever its markup: a base and an index, ``v_-1``, ``x_1``, ``x``; a mark before it says
what of the variable is meant:

    v_1        the value            .v_1      the tangent       ..v_1     the second-order coefficient
    ~v_1       the adjoint          v_3|v_1   the partial of the one by the other

Products may be implicit; where ``a/bc`` can be read in two ways, `Reading` says so and the other reading can be had.
Nothing that is read is evaluated as anything but our own terms.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from adtrace.checking.markup import BAR, DOT, DOT2, MARKED, Unread, plain
from adtrace.elementals import FUNCTIONS
from adtrace.language.syntax import Apply, Name, Number, Term, Terms

PARTIAL = "|"
_DEEPEST = 60
OUTPUTS = ("y", "f", "z", "L", "J", "E")
"""What dependent variables are called; a derivative of one is an adjoint."""

_SPOKEN = {
    "log": "log", "subtract": "sub", "minus": "sub", "multiply": "mul", "times": "mul", "product": "mul",
    "divide": "div", "negative": "neg", "negate": "neg", "power": "pow", "plus": "add", "arcsinh": "asinh",
    "arccosh": "acosh", "arctanh": "atanh", "sig": "sigmoid", "logistic": "sigmoid", "tg": "tan", "ctg": "cot",
    "arctg": "atan", "sen": "sin", "abs": "abs", "ReLU": "relu", "Relu": "relu", "Sin": "sin", "Cos": "cos",
    "Exp": "exp", "Log": "log", "Ln": "ln", "LN": "ln", "Sqrt": "sqrt", "Tan": "tan", "SIN": "sin", "COS": "cos",
}  # fmt: skip
_OPERATIONS = {"add": 2, "sub": 2, "mul": 2, "div": 2, "neg": 1, "pow": 2}
_INVERSE = {"sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh"}


class Variable(NamedTuple):
    """A name as it is written in a cell: what of it is meant, and its one spelling."""

    mark: str
    name: str


@dataclass(frozen=True)
class Reading:
    """A cell's expression."""

    terms: Terms
    text: str
    ambiguous: bool = False
    """Whether a product follows a division: ``a/b c``, ``a/b*c``."""
    implicit: bool = False
    """Whether any such product is without a sign."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it, each once, without the constants."""
        return tuple(dict.fromkeys(t.name for t in self.terms if type(t) is Name and t.name not in ("pi", "e")))

    @property
    def closed(self) -> bool:
        """Whether it is a number: no names."""
        return not self.names

    @property
    def literal(self) -> Number | None:
        """The one number that the cell is, but for a sign, if it is one."""
        signs = ("neg", "()", "+()")
        rest = [t for t in self.terms if not (type(t) is Apply and t.head in signs)]
        if len(rest) == 1 and type(rest[0]) is Number:
            return rest[0]
        return _scientific(self.terms)


def _scientific(terms: Terms) -> Number | None:
    """``1.000 * 10^(-10)`` as the one number that it is, whatever its sign."""
    signs = {"neg": "-", "pow": "^", "mul": "*"}
    shape = "".join(["n" if type(t) is Number else signs.get(t.head, "?") if type(t) is Apply else "?" for t in terms])
    match = re.fullmatch(r"n-?nn(-?)\^\*-?", shape)
    if match is None:
        return None
    number, ten, power = [t for t in terms if type(t) is Number]
    if ten.text != "10" or power.exponent or power.digits > _POWERS:
        return None
    shift = -power.digits if match.group(1) else power.digits
    return Number(f"{number.text}e{shift}", number.digits, number.exponent + shift, number.position)


_POWERS = 9_999
"""The largest power of ten that is part of a number."""

# -------------------------------------------------------------------------------------------------------------- names

_INDEX = r"(?:_?\{\s*[-+]?\s*[A-Za-z0-9]{1,6}\s*\}|_\(\s*[-+]?\d{1,6}\s*\)|_[-+]?\d{1,6}|\d{1,6})"
_SUFFIXES = {"dot": DOT, "prime": DOT, "tan": DOT, "bar": BAR, "adj": BAR, "'": DOT, "''": DOT2, ".": DOT}
_UNMARK = {mark: sign for sign, mark in MARKED.items()}


def spelled(base: str, index: str | None) -> str:
    """The one spelling of a base and its index."""
    if not index:
        return base
    inner = re.sub(r"[_{}()\s+]", "", index)
    return f"{base}_{inner}" if inner else base


def canonical(name: str) -> str:
    """The one spelling of a plain identifier: ``x1`` is ``x_1``."""
    match = re.fullmatch(r"([A-Za-z]+)_?\{?(-?\d+)\}?", name.strip())
    return f"{match.group(1)}_{int(match.group(2))}" if match else name.strip()


class _Token(NamedTuple):
    kind: str  # number, name, call, sign
    text: str
    place: int
    spaced: bool


_NUMBER = re.compile(r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3}(?![A-Za-z_\d.]))?")
_SIGN = re.compile(r"\*\*|//|[-+*/^(),|=\[\]{}]")


class Reader:
    """Reads cells of one document: ``known`` are the names of its rows and variables."""

    def __init__(
        self,
        known: Collection[str] = (),
        *,
        orders: bool = False,
        trailing: bool = False,
        seeds: Sequence[str] = (),
        by: Collection[str] = (),
    ) -> None:
        self.known = frozenset(known)
        self.orders = orders
        """Whether ``v^(1)`` is a derivative, as CppAD writes it."""
        self.trailing = trailing
        """Whether a full stop after a name is a dot: ``x1.``."""
        self.seeds = tuple(seeds)
        self.by = frozenset(by)
        """The variables of which a derivative by them is a tangent: ``dv_1/dx``."""
        rows = [name.partition("_")[0] for name in self.known if name.partition("_")[2].lstrip("-").isdigit()]
        self.numbered = frozenset(base for base in rows if rows.count(base) > 1)
        """The letters of numbered rows: ``v_7`` is one of them, though there be no such row."""
        self.bases = frozenset(name.partition("_")[0] for name in self.known)

    def read(self, cell: str, *, tight: bool = False) -> Reading:
        """The cell as one expression; ``tight`` binds a product more tightly than the division before it.

        Raises `Unread`.
        """
        text = plain(cell).strip().rstrip(",;" if self.trailing else ".,;").strip()
        if not text or text in ("-", "--", "---"):
            raise Unread("the cell is empty")
        tokens = self.tokens(text)
        parser = _Parser(tokens, tight)
        terms = parser.parse()
        return Reading(tuple(terms), text, parser.ambiguous, parser.implicit)

    def tokens(self, text: str) -> list[_Token]:
        """The text as numbers, names, calls and signs."""
        found: list[_Token] = []
        position, end = 0, len(text)
        while position < end:
            if text[position].isspace():
                position += 1
                continue
            spaced = position > 0 and text[position - 1].isspace()
            if match := _NUMBER.match(text, position):
                found.append(_Token("number", match.group(), position, spaced))
                position = match.end()
            elif text[position].isalpha() or text[position] in "∂∇":
                token, position = self.word(text, position, spaced)
                found.append(token)
            elif match := _SIGN.match(text, position):
                sign = {"[": "(", "]": ")", "{": "(", "}": ")", "**": "^", "//": "/"}.get(match.group(), match.group())
                found.append(_Token("sign", sign, position, spaced))
                position = match.end()
            else:
                raise Unread(f"{text[position]!r} is not part of a formula")
        return found

    def word(self, text: str, position: int, spaced: bool) -> tuple[_Token, int]:
        """A name with its marks, a function, or a constant."""
        if quotient := self.quotient(text, position):
            token, position = quotient
            return _Token("name", token, position, spaced), position
        if marked := self.differential(text, position):
            token, position = marked
            return _Token("name", token, position, spaced), position
        if named := self.variable(text, position):
            variable, position = named
            return _Token("name", variable.mark + variable.name, position, spaced), position
        match = re.compile(r"[A-Za-z]+(?:2|10)?").match(text, position)
        if match is None:
            raise Unread(f"{text[position]!r} is not part of a formula")
        word = match.group()
        for length in range(len(word), 0, -1):
            head = word[:length]
            spoken = _SPOKEN.get(head, head)
            if spoken in FUNCTIONS or spoken in _OPERATIONS or spoken in ("square", "inv", "reciprocal"):
                return _Token("call", spoken, position, spaced), position + length
            if head in ("pi", "e") or (head == "E" and "E" not in self.bases):
                return _Token("name", "pi" if head == "pi" else "e", position, spaced), position + length
        raise Unread(f"{word!r} is neither a row, a variable nor a function")

    def variable(self, text: str, position: int) -> tuple[Variable, int] | None:
        """The known variable that begins here."""
        match = _letters_then_index(text, position)
        if match is None:
            return None
        letters, accent, index, late, suffix, order, end = match
        if index is None and re.match(r"-\d", text[end : end + 2]) and letters in self.bases:
            hyphen = re.compile(r"-\d+").match(text, end)
            if hyphen and letters not in self.known and spelled(letters, hyphen.group()) in self.known:
                index, end = hyphen.group(), hyphen.end()
        mark = _UNMARK.get(accent or late, "")
        if suffix and not mark:
            mark = _SUFFIXES.get(suffix.strip("_"), "")
        if order and self.orders:
            mark = {"0": "", "1": DOT, "2": DOT2}[re.sub(r"\D", "", order)]
        elif order:
            end -= len(order)
        name = spelled(letters, index)
        if name in self.known or (index and letters in self.numbered):
            return Variable(mark, name), end
        if mark and not suffix and letters:  # an accent makes it a variable whatever its name
            return Variable(mark, name), end
        if letters == "p" and index and self.seeds:
            place = index.strip("_{}() ")
            if place.isdigit() and 1 <= int(place) <= len(self.seeds):
                return Variable(DOT, self.seeds[int(place) - 1]), end
        return self.shorter(text, position, letters)

    def shorter(self, text: str, position: int, letters: str) -> tuple[Variable, int] | None:
        """``xy`` as x and then y, where ``xy`` is no name."""
        if _SPOKEN.get(letters, letters) in FUNCTIONS or letters in ("pi", "e"):
            return None
        for length in range(len(letters) - 1, 0, -1):
            if letters[:length] in self.known and letters[length:] not in FUNCTIONS:
                rest = letters[length:]
                if any(rest.startswith(base) for base in self.bases) or rest[:1] == "e" or rest in FUNCTIONS:
                    return Variable("", letters[:length]), position + length
        return None

    def quotient(self, text: str, position: int) -> tuple[str, int] | None:
        """``dv_3/dv_1``, ``∂v_3/∂v_1``: the partial of one variable by another."""
        first = _DIFFERENTIAL.match(text, position)
        if first is None:
            return None
        above = self.any_variable(text, first.end())
        if above is None:
            return None
        bridge = re.compile(r"\s*\)?\s*/\s*\(?\s*").match(text, above[1])
        second = _DIFFERENTIAL.match(text, bridge.end()) if bridge else None
        below = self.any_variable(text, second.end()) if second else None
        if below is None or above[0].mark or below[0].mark:
            return None
        if below[0].name in self.by:
            return DOT + above[0].name, below[1]
        if above[0].name in OUTPUTS:
            return BAR + below[0].name, below[1]
        return f"{above[0].name}{PARTIAL}{below[0].name}", below[1]

    def differential(self, text: str, position: int) -> tuple[str, int] | None:
        """``dv_1``, ``D_p v_1``, ``Dv_1``, ``bv_1``: a mark written as a letter before the name."""
        for pattern, mark in ((_DIFFERENTIAL, DOT), (_ADJOINT, BAR)):
            match = pattern.match(text, position)
            if match is None:
                continue
            found = self.variable(text, match.end()) or _output(text, match.end())
            if found is None or found[0].mark:
                continue
            if self.variable_is_whole(text, position):
                continue
            return mark + found[0].name, found[1]
        return None

    def variable_is_whole(self, text: str, position: int) -> bool:
        """Whether the text here is a known name as it stands, such as a row named ``d1``."""
        match = _letters_then_index(text, position)
        return match is not None and spelled(match[0], match[2]) in self.known

    def any_variable(self, text: str, position: int) -> tuple[Variable, int] | None:
        """A variable, known or not: ``y`` of ``dy/dv_1`` need not be a row."""
        found = self.variable(text, position)
        if found is not None:
            return found
        match = _letters_then_index(text, position)
        if match is None or len(match[0]) > 1:
            return None
        return Variable("", spelled(match[0], match[2])), match[6]


def _output(text: str, position: int) -> tuple[Variable, int] | None:
    """A dependent variable that need not have a row: the ``y`` of ``by`` and ``dy``."""
    match = re.compile(r"[yfz](?![A-Za-z])(?:_?\{?\d\}?)?").match(text, position)
    return (Variable("", canonical(re.sub(r"[{}]", "", match.group()))), match.end()) if match else None


_DIFFERENTIAL = re.compile(r"(?:D_\{?p\}?|Dp|D_p|∂|∇|D|d)\s*(?=[A-Za-z])|(?:D_\{?p\}?)\s*\(?\s*(?=[A-Za-z])")
_ADJOINT = re.compile(r"(?:bar|adj|b)_?\s*(?=[A-Za-z])")


def _letters_then_index(text: str, position: int) -> tuple[str, str, str | None, str, str, str, int] | None:
    """Letters, accent, index, late accent, suffix, order and the end of the name that begins here."""
    letters = re.compile(r"[A-Za-z]+").match(text, position)
    if letters is None:
        return None
    base, end = letters.group(), letters.end()
    accent = text[end : end + 1] if text[end : end + 1] in _UNMARK else ""
    end += len(accent)
    index = re.compile(_INDEX).match(text, end)
    late = ""
    if index:
        end = index.end()
        late = text[end : end + 1] if text[end : end + 1] in _UNMARK else ""
        end += len(late)
    suffix = re.compile(r"_\{?\s*(?:dot|bar|prime|adj)\s*\}?|dot(?![A-Za-z])|bar(?![A-Za-z])|'{1,2}").match(text, end)
    if suffix is None and index:
        suffix = re.compile(r"\.(?![0-9])(?=\W|$)").match(text, end)
    tail = re.sub(r"[_{}\s]", "", suffix.group()) if suffix else ""
    end = suffix.end() if suffix else end
    order = re.compile(r"\^\{?\((?:[0-2])\)\}?").match(text, end)
    end = order.end() if order else end
    return base, accent, index.group() if index else None, late, tail, order.group() if order else "", end


# ------------------------------------------------------------------------------------------------------- the grammar


class _Parser:
    """Tokens to postfix terms, by descent; implicit products bind as written ones."""

    def __init__(self, tokens: list[_Token], tight: bool) -> None:
        self.tokens, self.tight = tokens, tight
        self.at = 0
        self.depth = 0
        self.ambiguous = self.implicit = False

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sign(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        token = self.peek()
        return token is not None and token.kind == "sign" and token.text in signs

    def parse(self) -> list[Term]:
        terms = self.sum()
        token = self.peek()
        if token is not None:
            raise Unread(f"{token.text!r} is not expected here")
        return terms

    def sum(self) -> list[Term]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unread("brackets are nested too deeply")
        left = self.product()
        while self.sign("+", "-"):
            sign = self.tokens[self.at].text
            self.at += 1
            right = self.product()
            left = [*left, *right, Apply("add" if sign == "+" else "sub", 2, 0)]
        self.depth -= 1
        return left

    def product(self) -> list[Term]:
        left = self.unary()
        divided = False
        while True:
            if self.sign("*", "/"):
                sign = self.tokens[self.at].text
                self.at += 1
                right = self.unary()
                if sign == "/" and self.tight:
                    right = self.tightly(right)
                self.ambiguous |= divided and sign == "*"
                divided |= sign == "/"
                left = [*left, *right, Apply("mul" if sign == "*" else "div", 2, 0)]
            elif self.begins_factor():
                self.ambiguous |= divided
                self.implicit |= divided
                left = [*left, *self.power(), Apply("mul", 2, 0)]
            else:
                return left

    def tightly(self, right: list[Term]) -> list[Term]:
        """The whole product after a division as its divisor."""
        while self.sign("*") or self.begins_factor():
            if self.sign("*"):
                self.at += 1
                self.ambiguous = True
                right = [*right, *self.unary(), Apply("mul", 2, 0)]
            else:
                self.ambiguous = self.implicit = True
                right = [*right, *self.power(), Apply("mul", 2, 0)]
        return right

    def begins_factor(self) -> bool:
        token = self.peek()
        if token is None:
            return False
        if token.kind == "number":  # "v_1 2" is no product, but ")(2" and "x 2" after an operand are rare enough
            return token.spaced
        return token.kind in ("name", "call") or token.text == "("

    def unary(self) -> list[Term]:
        if self.sign("-", "+"):
            sign = self.tokens[self.at].text
            self.at += 1
            self.depth += 1
            if self.depth > _DEEPEST:
                raise Unread("signs are nested too deeply")
            operand = self.unary()
            self.depth -= 1
            return [*operand, Apply("neg", 1, 0)] if sign == "-" else operand
        return self.power()

    def power(self) -> list[Term]:
        base = self.atom()
        if self.sign("^"):
            self.at += 1
            exponent = self.unary()
            return [*base, *exponent, Apply("pow", 2, 0)]
        return base

    def atom(self) -> list[Term]:
        token = self.peek()
        if token is None:
            raise Unread("the formula ends too early")
        self.at += 1
        if token.kind == "number":
            return [_number(token.text)]
        if token.kind == "name":
            return [Name(token.text, 0)]
        if token.kind == "call":
            return self.call(token.text)
        if token.text == "(":
            inside = self.sum()
            self.close()
            return inside
        if token.text == "|":
            inside = self.sum()
            if not self.sign("|"):
                raise Unread("a bar | is never closed")
            self.at += 1
            return [*inside, Apply("abs", 1, 0)]
        raise Unread(f"{token.text!r} has no operand before it")

    def close(self) -> None:
        if not self.sign(")"):
            raise Unread("a bracket is never closed")
        self.at += 1

    def call(self, function: str) -> list[Term]:
        exponent: list[Term] | None = None
        if self.sign("^"):
            self.at += 1
            exponent = self.unary_atom()
            if _spells(exponent, "-1") and function in _INVERSE:
                function, exponent = _INVERSE[function], None
        if self.sign("("):
            self.at += 1
            operands = [self.sum()]
            while self.sign(","):
                self.at += 1
                operands.append(self.sum())
            self.close()
        else:
            operands = [self.bare_operand()]
        result = _called(function, operands)
        return [*result, *exponent, Apply("pow", 2, 0)] if exponent is not None else result

    def unary_atom(self) -> list[Term]:
        if self.sign("-"):
            self.at += 1
            return [*self.atom(), Apply("neg", 1, 0)]
        return self.atom()

    def bare_operand(self) -> list[Term]:
        """The operand of a call without brackets: ``sin x``, ``cos 2x``, ``ln -3`` is refused."""
        operand = self.power()
        token = self.peek()
        if type(operand[-1]) is Number and token is not None and token.kind == "name" and not token.spaced:
            operand = [*operand, *self.power(), Apply("mul", 2, 0)]
        return operand


def _spells(terms: Sequence[Term], text: str) -> bool:
    return text == "-1" and len(terms) == 2 and type(terms[0]) is Number and terms[0].text == "1"


def _number(text: str) -> Number:
    mantissa, _, exponent = text.replace("E", "e").partition("e")
    whole, _, fraction = mantissa.partition(".")
    if len(whole + fraction) > 100:
        raise Unread("a number has more than 100 digits")
    return Number(text, int(whole + fraction), int(exponent or 0) - len(fraction), 0)


def _called(function: str, operands: list[list[Term]]) -> list[Term]:
    flat = [term for operand in operands for term in operand]
    count = len(operands)
    if function == "square" and count == 1:
        return [*flat, Number("2", 2, 0, 0), Apply("pow", 2, 0)]
    if function in ("inv", "reciprocal") and count == 1:
        return [Number("1", 1, 0, 0), *flat, Apply("div", 2, 0)]
    if function in _OPERATIONS:
        if _OPERATIONS[function] == count:
            return [*flat, Apply(function, count, 0)]
        if function in ("add", "mul") and count > 1:
            return _folded(function, operands)
        raise Unread(f"{function} takes {_OPERATIONS[function]} operands")
    least, most = FUNCTIONS[function]
    if count < least or (most is not None and count > most):
        raise Unread(f"{function} takes {least} operand{'s' if least > 1 else ''}")
    return [*flat, Apply(function, count, 0)]


def _folded(function: str, operands: list[list[Term]]) -> list[Term]:
    terms = list(operands[0])
    for operand in operands[1:]:
        terms += [*operand, Apply(function, 2, 0)]
    return terms


# --------------------------------------------------------------------------------------------------- parts of a cell


def split(text: str, sign: str = "=") -> list[str]:
    """The parts of a chain ``a = b = c``; an equals sign inside brackets parts nothing."""
    parts: list[str] = []
    depth, start = 0, 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == sign and depth <= 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return parts


_QUOTIENT = re.compile(r"\(?\s*(?:∂|d)\s*([A-Za-z]+_?\{?-?\d*\}?)\s*/\s*(?:∂|d)\s*([A-Za-z]+_?\{?-?\d*\}?)\s*\)?")


def read_quotient(text: str) -> tuple[str, str] | None:
    """The two variables of a derivative that is a name: ``df/dx``, ``∂y/∂v_3``."""
    match = _QUOTIENT.fullmatch(text.strip())
    if match is None:
        return None
    above, below = (canonical(part.replace("{", "").replace("}", "")) for part in match.groups())
    return above, below


def read_name(text: str) -> Variable | None:
    """The variable that a name cell names, its mark included: ``v_1``, ``dv_1``, ``v1_dot``, ``bv_{-1}``, ``df/dx``."""
    text = text.strip().strip(":").strip()
    quotient = read_quotient(text)
    if quotient is not None:
        return Variable(BAR, quotient[1]) if quotient[0] in OUTPUTS else Variable(DOT, quotient[0])
    for pattern, mark in ((_DIFFERENTIAL, DOT), (_ADJOINT, BAR)):
        match = pattern.match(text)
        inner = _letters_then_index(text, match.end()) if match else None
        if inner and inner[6] == len(text) and len(inner[0]) <= 2 and not (inner[1] or inner[3] or inner[4]):
            return Variable(mark, spelled(inner[0], inner[2]))
    whole = _letters_then_index(text, 0)
    if whole is None:
        return None
    letters, accent, index, late, suffix, order, end = whole
    if index is None and end < len(text) and re.fullmatch(r"-\d+", text[end:]):
        index, end = text[end:], len(text)
    if end != len(text) or len(letters) > 4 or letters in FUNCTIONS or letters in ("pi", "e"):
        return None
    mark = _UNMARK.get(accent or late, "") or (_SUFFIXES.get(suffix, "") if suffix else "")
    if order:
        mark = {"0": "", "1": DOT, "2": DOT2}[re.sub(r"\D", "", order)]
    return Variable(mark, spelled(letters, index))
