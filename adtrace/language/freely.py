"""A right side as people write it: the reader of `parse` over tokens, with what may be left out.

Precedence from low to high: ``if else``, ``or``, ``and``, ``not``, comparisons, ``+ -``, ``* /`` and products without
a sign, unary ``+ -``, a function without brackets, ``^``, roots.  Where a text can be read in another way, too, the
reader asks which one is meant: it is told by ``choices`` (the first, if it is not), and ``doubts`` are the questions
that it had.  `readings` asks again with the other answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, NoReturn

from adtrace.errors import BoundError
from adtrace.language.allowed import BARE, BARS, CONDITIONS, PRODUCTS, Language
from adtrace.language.conditions import checked
from adtrace.language.parse import Operator, Reader, arity_problem, parse
from adtrace.language.spellings import CHOICES, CONDITION_CALLS, INVERSES, MATHEMATICA, TWO_WAYS, Spelling
from adtrace.language.stream import BREAK, CLOSE, END, NUMBER, OPEN, SIGN, WORD, Token
from adtrace.language.syntax import (
    AND,
    CONSTANTS,
    GROUP,
    NOT,
    OR,
    PIECEWISE,
    PLUS,
    RELATIONS,
    Apply,
    Name,
    Number,
    Term,
    Terms,
    spelling,
)
from adtrace.language.words import FUNCTION, NAME, POWER, Words, Wrong

_CHOICE, _OR, _AND, _NOT, _RELATION, _SUM, _PRODUCT = 0.3, 0.4, 0.5, 0.6, 0.7, 1.0, 2.0
_TIGHT, _PREFIX, _BARE, _COEFFICIENT, _POWER, _RAISED = 2.5, 3.0, 3.5, 3.7, 4.0, 4.5
_ROOT, _UNDER, _MIXED = 5.0, 5.5, 5.8
_BINARY = {"+": ("add", _SUM), "-": ("sub", _SUM), "*": ("mul", _PRODUCT), "/": ("div", _PRODUCT), "^": ("pow", _POWER),
           "%%": ("mod", _PRODUCT)}  # fmt: skip
_LOGICAL = {"and": (AND, _AND), "or": (OR, _OR)}
_ROOTS = {"√": "sqrt", "∛": "cbrt", "∜": "∜"}
_SLOTS = ("u", "w", "t")

Doubt = tuple[str, int]
"""A question: what it is about, and its place."""


class Call(NamedTuple):
    """A function on its way to its operands."""

    name: str
    place: int
    power: tuple[Term, ...] = ()
    """The exponent of ``sin^2 x``."""
    meaning: Spelling | None = None
    """What it stands for, where that is not what its name says."""


class _Bracket:
    """An open bracket: where each of its operands begins, and whose they are."""

    __slots__ = ("call", "kind", "listed", "position", "power_of", "starts")
    precedence = 0.0

    def __init__(self, kind: str, position: int, start: int, call: Call | None = None) -> None:
        self.kind, self.position, self.call = kind, position, call
        self.starts = [start]
        self.listed = False
        self.power_of: Call | None = None


class _Bare(NamedTuple):
    """A function without brackets, waiting for the end of its operand."""

    call: Call
    start: int
    precedence: float = _BARE


class _Question:
    """``c ? a : b`` on the stack."""

    __slots__ = ("position", "starts")
    precedence = _CHOICE

    def __init__(self, position: int, starts: list[int]) -> None:
        self.position, self.starts = position, starts


_Entry = Operator | _Bracket | _Bare | _Question


class FreeReader(Reader):
    """One pass over the tokens of a right side."""

    def __init__(
        self, tokens: Sequence[Token], shown: str, language: Language, choices: Mapping[Doubt, int], words: Words
    ) -> None:
        super().__init__(shown, shown, language.functions, language.declared, language.limits)
        self.tokens, self.language, self.choices, self.words = tokens, language, choices, words
        self.waiting: list[_Entry] = []
        self.brackets: list[_Bracket] = []
        self.queue: list[Token] = []
        self.at = 0
        self.doubts: dict[Doubt, int] = {}
        self.pending: Call | None = None
        self.previous = Token(END, "", 0)
        self.typed_raises: dict[int, bool] = {}
        """Where a power is typed with ``^``, and whether its base is a constant."""
        self.conditional = False
        self.latex = "\\" in shown or "$" in shown
        self.sheet = shown.lstrip()[:1] == "="

    # -- tokens ------------------------------------------------------------------------------------------

    def next(self) -> Token:
        """The next token, which is taken."""
        if self.queue:
            return self.queue.pop()
        token = self.tokens[self.at]
        self.at += token.kind != END
        return token

    def peek(self, ahead: int = 0) -> Token:
        """A token to come."""
        if ahead < len(self.queue):
            return self.queue[-1 - ahead]
        return self.tokens[min(self.at + ahead - len(self.queue), len(self.tokens) - 1)]

    def choice(self, what: str, place: int, count: int = 2) -> int:
        """Which of several readings is asked for."""
        self.doubts.setdefault((what, place), count)
        return self.choices.get((what, place), 0)

    def need(self, form: str, problem: str, place: int) -> None:
        """Refuse a form that is not allowed."""
        if form not in self.language.forms:
            self.fail(problem, place)

    def parse(self) -> tuple[Term, ...]:
        """The terms of the right side."""
        want = True
        while True:
            token = self.next()
            if token.kind == END:
                break
            if token.kind != BREAK:
                want = self.take(token) if want else self.follow(token)
                self.previous = token
        if want:
            self.nothing(token)
        self.reduce(0.0, left=False)
        if self.waiting:
            top = self.waiting[-1]
            if isinstance(top, _Bracket):
                self.fail(_open(top), top.position)
            self.fail("this condition has no other value: write a if c else b", _place(top))
        if self.conditional:
            return checked(self.terms, self.fail)
        return tuple(self.terms)

    # -- where an operand begins -------------------------------------------------------------------------

    def take(self, token: Token) -> bool:
        """Take a token where an operand begins; return whether one is still wanted."""
        kind, text, place = token[:3]
        if kind == WORD and self.pending is None and text in self.declared:  # as most words are
            self.terms.append(Name(text, place))
            return False
        if kind == OPEN:
            return self.open_bracket(token)
        if self.pending is not None and (kind not in (SIGN, CLOSE) or text in ("-", "+", "|", "√", "∛", "∜")):
            self.need(BARE, f"{self.pending.name} is a function: write its operand in brackets", place)
            self.waiting.append(_Bare(self.pending, len(self.terms)))
            self.pending = None
        if kind == NUMBER:
            self.terms.append(self.number(text, place))
            return False
        if kind == NAME:
            self.terms.append(Name(text, place))
            return self.no_brackets(text)
        if kind == FUNCTION:
            return self.function(Call(text, place), token)
        if kind == WORD:
            return self.word(token)
        return self.take_sign(token) if kind == SIGN else self.nothing(token)

    def take_sign(self, token: Token) -> bool:
        """Take a sign before its operand."""
        text, place = token.text, token.place
        if text in ("+", "-"):
            self.waiting.append(Operator("neg" if text == "-" else PLUS, 1, _PREFIX, place))
            return True
        if text in _ROOTS:
            return self.root(text, place)
        if text in ("|", "or") and self.pending is None:
            self.need(BARS, "'|' is not part of the language: write abs(...)", place)
            for _ in range(2 if text == "or" else 1):  # || begins two
                self.push(_Bracket("|", place, len(self.terms)))
            return True
        if text in ("not", "!"):
            self.conditional = True
            self.waiting.append(Operator(NOT, 1, _NOT, place))
            return True
        return self.nothing(token)

    def no_brackets(self, name: str) -> bool:
        """``PI()`` is the constant."""
        if name in CONSTANTS and self.peek()[:2] == (OPEN, "(") and self.peek(1)[:2] == (CLOSE, ")"):
            self.next(), self.next()
        return False

    def word(self, token: Token) -> bool:
        """A word: a name, a function, or several side by side."""
        if token.text == "not" and CONDITIONS in self.language.forms and self.language.value("not") is None:
            self.conditional = True
            self.waiting.append(Operator(NOT, 1, _NOT, token.place))
            return True
        after = self.peek()
        bracket = after.text if after.kind == OPEN and after.text in ("(", "[") else ""
        follows = after.kind in (NUMBER, WORD, OPEN) or after.text in ("|", "^", "√")
        ways = self.words.ways(token, bracket, follows)
        if isinstance(ways, Wrong):
            self.fail(ways.problem, token.place)
        way = ways[self.choice("word", token.place, len(ways))] if len(ways) > 1 else ways[0]
        self.queue.extend(reversed(way[1:]))
        return self.take(way[0])

    def function(self, call: Call, token: Token) -> bool:
        """A function: its power, then its bracket or its operand."""
        name = call.name
        if name in TWO_WAYS:
            call = call._replace(meaning=TWO_WAYS[name][self.choice("meaning", call.place)])
        self.leave_brace()
        call = self.with_height(call)
        after = self.peek()
        if after[:2] == (SIGN, "^"):
            return self.powered(call)
        if after[:2] == (OPEN, "(") and self.peek(1)[:2] == (CLOSE, ")") and self.peek(2)[:2] == (OPEN, "("):
            self.next(), self.next()  # ReLU()(x)
            after = self.peek()
        operand = after.kind in (NUMBER, WORD, NAME, FUNCTION, OPEN) or after.text in ("|", "-", "+", "√", "∛", "or")
        if not operand or (after.text in ("-", "+") and self.peek(1).spaced and after.spaced):
            self.fail(f"{name} is a function: write its operand in brackets, {name}(...)", call.place)
        self.pending = call
        return True

    def leave_brace(self) -> None:
        """``{sin}^2 x``, as Word has it: a brace round the name alone is none."""
        if self.peek().kind != CLOSE or not self.brackets or self.waiting[-1] is not self.brackets[-1]:
            return
        bracket = self.brackets[-1]
        if bracket.kind == "{" and bracket.starts == [len(self.terms)] and bracket.power_of is None:
            self.brackets.pop(), self.waiting.pop(), self.next()

    def with_height(self, call: Call) -> Call:
        """The function with the number of ``sin2 x`` for its power, as a PDF gives ``sin²x``, or without."""
        after = self.peek()
        if after.kind == NUMBER and not after.spaced and self.peek(1)[:2] == (OPEN, "(") and after.text.isdigit():
            if self.choice("height", after.place):
                return call
        elif after.kind != POWER:
            return call
        self.next()
        return call._replace(power=(self.number(after.text, after.place),))

    def powered(self, call: Call) -> bool:
        """``sin^2 x``, ``sin^{-1}(x)``, ``sin²(x)``: the power of a function."""
        self.need(BARE, f"{call.name} is a function: write its power as {call.name}(...)^2", call.place)
        self.next()
        token = self.next()
        minus = token[:2] == (SIGN, "-")
        if minus:
            token = self.next()
        if token.kind == OPEN and not minus:
            bracket = _Bracket(token.text, token.place, len(self.terms))
            bracket.power_of = call
            self.push(bracket)
            return True
        terms: list[Term]
        if token.kind == NUMBER:
            terms = [self.number(token.text, token.place)]
        elif token.kind == WORD and self.language.value(token.text):
            terms = [Name(str(self.language.value(token.text)), token.place)]
        else:
            self.fail(f"{call.name} is a function: write its power as {call.name}(...)^2", call.place)
        if minus:
            terms.append(Apply("neg", 1, token.place))
        return self.with_power(call, tuple(terms))

    def with_power(self, call: Call, power: tuple[Term, ...]) -> bool:
        """The function with its power; of -1 it may be the inverse function."""
        plain = [t for t in power if not (type(t) is Apply and t.head == GROUP)]
        if spelling(plain) == ("1", ("neg", 1)):
            inverse = INVERSES.get(call.name)
            if inverse is None:
                self.fail(
                    f"{call.name}^-1 can be read in two ways: 1/{call.name}(x), or the inverse function of {call.name}",
                    call.place,
                )
            direct = self.words.meaning(call.name)
            other = inverse if self.choice("inverse", call.place) else f"1/{direct}(u)"
            power, call = (), call._replace(meaning=other)
        self.pending = call._replace(power=power) if power else call
        after = self.peek()
        if after.kind not in (NUMBER, WORD, OPEN) and after.text not in ("|", "-", "√"):
            self.fail(f"{call.name} is a function: write its operand in brackets, {call.name}(...)", call.place)
        return True

    def root(self, sign: str, place: int) -> bool:
        """``√x``, ``√(x + 1)``."""
        if self.peek().kind == OPEN:
            self.pending = Call(_ROOTS[sign], place)
            return True
        self.waiting.append(Operator(_ROOTS[sign], 1, _ROOT, place))
        return True

    def open_bracket(self, token: Token) -> bool:
        """Open a bracket; a function before it makes it a call."""
        call, self.pending = self.pending, None
        if call is not None and token.text == "{/":
            self.waiting.append(_Bare(call, len(self.terms)))
            call = None
        if call is not None and token.text == "[" and call.meaning is None:
            call = call._replace(meaning=MATHEMATICA.get(call.name))
        self.push(_Bracket(token.text, token.place, len(self.terms), call))
        return True

    def push(self, bracket: _Bracket) -> None:
        """Open this bracket."""
        self.waiting.append(bracket)
        self.brackets.append(bracket)

    def nothing(self, token: Token) -> NoReturn:
        """Say what is missing where an operand should begin."""
        place, shown = token.place, token.text
        if self.pending is not None:
            name = self.pending.name
            self.fail(f"{name} is a function: write its operand in brackets, {name}(...)", self.pending.place)
        if token.kind == END and not self.terms and not self.waiting:
            self.fail("there is no expression", place)
        if token.kind == END:
            self.fail("the expression ends too early", place)
        if token.kind == CLOSE and self.waiting and isinstance(self.waiting[-1], _Bracket):
            more = len(self.waiting[-1].starts) > 1
            self.fail("there is no operand after the comma" if more else "there is nothing in these brackets", place)
        if self.shown[place : place + len(shown)] != shown:  # a sign of LaTeX or Unicode, in the author's spelling
            shown = self.shown[place : place + 1]
        if token.kind == CLOSE and shown not in (")", "]", "}", "|"):
            self.fail("the expression ends too early here", place)
        self.fail(_UNREAD.get(shown) or f"{shown!r} has no operand before it", place)

    # -- after an operand --------------------------------------------------------------------------------

    def follow(self, token: Token) -> bool:
        """Take a token after a complete operand; return whether an operand is wanted next."""
        kind, text, place = token[:3]
        if kind == CLOSE:
            self.close_bracket(token)
            return self.pending is not None
        if kind == NUMBER:
            return self.number_after(token)
        if kind in (OPEN, NAME, FUNCTION) or (kind == WORD and text not in _KEYWORDS) or text in _ROOTS:
            return self.beside(token)
        if kind == WORD:
            return self.keyword(token)
        if text in _BINARY:
            return self.binary(token)
        if text in RELATIONS or text == "==":
            return self.compare(text, place)
        if text in _LOGICAL:
            if text == "or" and self.brackets and self.brackets[-1].kind == "|":  # |x|| closes two
                self.queue.append(Token(SIGN, "|", place))
                return self.bar(Token(SIGN, "|", place))
            self.conditional = True
            head, level = _LOGICAL[text]
            self.operate(head, level, place)
            return True
        if text == "|":
            return self.bar(token)
        if text in (",", ";"):
            return self.operand_ends(token)
        return self.postfix(token)

    def postfix(self, token: Token) -> bool:
        """``!``, ``?`` and ``:``, and what has no meaning here."""
        text, place = token.text, token.place
        if text == "!" and "gamma" in self.functions:
            if self.peek().text == "!":
                self.fail("'!!' is not part of the language: write one factorial", place)
            self.terms += [Number("1", 1, 0, place), Apply("add", 2, place), Apply("gamma", 1, place)]
            return False
        if text == "?":
            self.reduce(_CHOICE, left=False)
            top = self.waiting[-1] if self.waiting else None
            begin = top.starts[-1] if isinstance(top, _Question | _Bracket) else 0
            self.waiting.append(_Question(place, [begin, len(self.terms)]))
            self.conditional = True
            return True
        if text == ":" and any(isinstance(entry, _Question) for entry in self.waiting[-8:]):
            self.reduce(_CHOICE, left=False)
            top = self.waiting[-1]
            if isinstance(top, _Question) and len(top.starts) == 2:
                top.starts.append(len(self.terms))
                return True
        return self.fail(_UNREAD.get(text) or f"{text!r} is not part of the language", place)

    def number_after(self, token: Token) -> bool:
        """A number after an operand: ``x.5``, ``x 2``, ``(x + 1)2``."""
        before, place = self.previous, token.place
        if before.kind == NUMBER:
            one = token.text.startswith(".") and not token.spaced
            if before.text == "0" and self.peek().kind == WORD and not one:
                self.fail("numbers are written in decimal", place)
            self.fail("a number has one decimal point" if one else _MISSING, place)
        if token.text.startswith(".") and not token.spaced:
            if self.choice("point", place):
                token = token._replace(text=token.text[1:])
            return self.beside(token)
        if self.choice("height", place):
            self.operate("pow", _POWER, place)
            return self.take(token)
        return self.beside(token)

    def beside(self, token: Token) -> bool:
        """Two operands side by side."""
        before, place = self.previous, token.place
        if PRODUCTS not in self.language.forms:
            self.fail(_MISSING, place)
        if before.kind == NUMBER and before.text == "0" and token.kind == WORD and token.text[:1] in "xXbBoO" and (
            token.text[1:2].isdigit() and not token.spaced
        ):  # fmt: skip
            self.fail("numbers are written in decimal", place)
        if before.kind == NUMBER and token.kind == WORD and token.text[0] == "_":
            self.fail(_MISSING, place)
        if token[:2] == (OPEN, "[") and before.kind == WORD and not token.spaced and not self.brackets_of_lists():
            self.fail(f"{before.text} is a number and has no entries: write {before.text}_1 for a name", place)
        if token.text == "{/" and before.kind == NUMBER and before.text.isdigit() and self.choice("mixed", place):
            self.waiting.append(Operator("add", 2, _MIXED, place))
            return self.take(token)
        level = self.product_level(token, implicit=True)
        self.operate("mul", level, place)
        return self.take(token)

    def brackets_of_lists(self) -> bool:
        """Whether the innermost bracket is that of a call with square brackets."""
        return bool(self.brackets) and self.brackets[-1].call is not None and self.brackets[-1].kind == "["

    def product_level(self, token: Token, *, implicit: bool) -> float:
        """How tightly this product binds: as a written one, unless it is asked for otherwise."""
        waiting = self.waiting
        index = len(waiting) - 1
        if implicit and self.raised_doubt(token):
            return _RAISED
        while index >= 0:
            top = waiting[index]
            if isinstance(top, _Bracket | _Question) or top.precedence < _PRODUCT:
                break
            if isinstance(top, _Bare):
                if implicit and not token.spaced and self.is_coefficient(top):
                    return _COEFFICIENT
                if self.choice("bare", top.call.place):
                    return _COEFFICIENT
            elif implicit and top.precedence == _ROOT:
                if self.choice("root", top.position):
                    return _UNDER
            elif (top.head == "mod" and self.choice("modulus", top.position)) or (
                implicit and top.head == "div" and self.choice("over", top.position)
            ):
                return _TIGHT
            index -= 1
        return _PRODUCT

    def is_coefficient(self, bare: _Bare) -> bool:
        """Whether only constants stand after the function so far: ``sin 2x``, ``cos 2πx``."""
        heads = {t.head for t in self.terms[bare.start :] if type(t) is Apply}
        names = [t.name for t in self.terms[bare.start :] if type(t) is Name]
        return heads <= {"mul", "div", "neg"} and all(name in CONSTANTS and name not in self.declared for name in names)

    def raised_doubt(self, token: Token) -> bool:
        """``e^2x``, ``x^ny``: whether what follows an exponent belongs to it."""
        if token.spaced or self.latex or self.previous.kind not in (NUMBER, WORD) or not self.waiting:
            return False
        top = self.waiting[-1]
        if isinstance(top, Operator) and top.head == "neg" and len(self.waiting) > 1:
            top = self.waiting[-2]
        if not isinstance(top, Operator) or top.head != "pow" or top.position not in self.typed_raises:
            return False
        constant = self.typed_raises[top.position]
        if not constant and (token.kind == OPEN or self.previous.kind == NUMBER):
            return False
        return bool(self.choice("raised", top.position))

    def binary(self, token: Token) -> bool:
        """An operator."""
        text, place = token.text, token.place
        head, level = _BINARY[text]
        if level == _PRODUCT:
            level = self.product_level(token, implicit=False)
        if head == "mod" and self.after_product() and self.choice("dividend", place):
            level = _BARE
        if head == "pow":
            if self.is_transposed():
                return False
            level = self.height(place)
        self.operate(head, level, place)
        return True

    def height(self, place: int) -> float:
        """How tightly a power binds, which is told from what stands on both sides of its sign."""
        if self.peek().text == "^{" and self.peek(1)[:2] == (OPEN, "(") and self.is_order():
            self.fail(
                "a number in brackets above a name can be read in two ways: as a power, x^1, or as an index; "
                "write the power without brackets, the index as x_1",
                place,
            )
        after = self.peek()
        last = self.terms[-1]
        if after.kind != OPEN:
            is_constant = type(last) is Name and last.name in CONSTANTS and last.name not in self.declared
            self.typed_raises[place] = type(last) is Number or is_constant
        top = self.waiting[-1] if self.waiting else None
        if self.sheet and isinstance(top, Operator) and top.head == "neg" and self.choice("sheet", top.position):
            self.reduce(_PREFIX, left=True)  # a spreadsheet's minus comes before its power
        if isinstance(top, Operator) and top.precedence == _ROOT and self.choice("root", top.position):
            return _MIXED
        return _POWER

    def after_product(self) -> bool:
        """Whether a product or a minus waits for what stands here: ``2x mod y``, ``-x mod y``."""
        top = self.waiting[-1] if self.waiting else None
        return isinstance(top, Operator) and _PRODUCT <= top.precedence <= _PREFIX

    def is_transposed(self) -> bool:
        """``^T`` in LaTeX: the transpose of a number is the number."""
        one, two, three = self.peek(), self.peek(1), self.peek(2)
        sign = one if one.kind != OPEN else two
        if sign.text not in ("⊤", "T") or (sign.text == "T" and (not self.latex or self.language.value("T"))):
            return False
        if one.kind == OPEN and three.kind != CLOSE:
            return False
        for _ in range(3 if one.kind == OPEN else 1):
            self.next()
        return True

    def is_order(self) -> bool:
        """``^{(1)}``."""
        ends = self.peek(3).kind == self.peek(4).kind == CLOSE
        return self.peek(2).kind == NUMBER and ends

    def operate(self, head: str, level: float, place: int) -> None:
        """An operator with two operands waits for its right one."""
        self.reduce(level, left=head != "pow")
        self.waiting.append(Operator(head, 2, level, place))

    def compare(self, relation: str, place: int) -> bool:
        """A comparison; several in a row are a chain."""
        self.need(CONDITIONS, f"{relation!r} is not part of the language: there are no comparisons", place)
        inside = self.brackets or any(isinstance(entry, Operator) and entry.head == "if" for entry in self.waiting)
        if not inside and relation == "=":
            self.fail("'=' is not part of the language: an equals sign stands after the left side only", place)
        relation = "=" if relation == "==" else relation
        self.conditional = True
        self.reduce(_RELATION, left=False)
        top = self.waiting[-1] if self.waiting else None
        if isinstance(top, Operator) and top.precedence == _RELATION:
            self.waiting[-1] = Operator(f"{top.head} {relation}", top.arity + 1, _RELATION, top.position)
        else:
            self.waiting.append(Operator(relation, 2, _RELATION, place))
        return True

    def keyword(self, token: Token) -> bool:
        """``and``, ``or``, ``if`` and ``else`` between operands."""
        text, place = token.text, token.place
        if self.language.value(text):
            return self.beside(token)
        self.need(CONDITIONS, _MISSING, place)
        self.conditional = True
        if text in _LOGICAL:
            self.operate(*_LOGICAL[text], place)
        elif text == "if":
            self.reduce(_CHOICE, left=False)
            self.waiting.append(Operator("if", 0, _CHOICE, place))
        elif text == "else":
            self.reduce(_CHOICE, left=False)
            top = self.waiting[-1] if self.waiting else None
            if not isinstance(top, Operator) or top.head != "if":
                self.fail("this else has no if before it", place)
            self.waiting[-1] = Operator(PIECEWISE, 3, _CHOICE, top.position)
        else:
            self.fail(_MISSING, place)
        return True

    def bar(self, token: Token) -> bool:
        """A bar after an operand closes, unless none is open here; where an operand follows it may open another."""
        place = token.place
        self.need(BARS, "'|' is not part of the language: write abs(...)", place)
        inside = bool(self.brackets) and self.brackets[-1].kind == "|"
        if not inside and self.conditional and self.brackets and self.has_relation():
            self.operate(OR, _OR, place)
            return True
        after = self.peek()
        begins = after.kind in (NUMBER, WORD, OPEN) or after.text in _ROOTS
        if inside and not (begins and self.choice("bar", place)):
            self.close_bracket(Token(CLOSE, "|", place))
            return False
        return self.beside(token)

    def has_relation(self) -> bool:
        """Whether a comparison stands before this sign in the same brackets."""
        last = self.terms[-1]
        if type(last) is Apply and last.head == GROUP:
            last = self.terms[-2]
        top = self.waiting[-1] if self.waiting else None
        return (isinstance(top, Operator) and top.precedence in (_RELATION, _OR, _AND)) or (
            type(last) is Apply and last.head.split(" ")[0] in RELATIONS
        )

    # -- the ends of operands and brackets ---------------------------------------------------------------

    def reduce(self, level: float, *, left: bool) -> None:
        """Apply what waits and binds more tightly (or as tightly, for ``left``)."""
        waiting, terms = self.waiting, self.terms
        while waiting:
            top = waiting[-1]
            if isinstance(top, _Bracket) or top.precedence < level or (top.precedence == level and not left):
                return
            if isinstance(top, Operator) and top.head == "if":
                return
            waiting.pop()
            if isinstance(top, _Bare):
                self.call_ends(top.call, [top.start])
            elif isinstance(top, _Question):
                self.question_ends(top)
            elif top.head == "∜":
                terms += [*parse("1/4", {}).terms, Apply(GROUP, 1, top.position), Apply("pow", 2, top.position)]
            else:
                terms.append(Apply(top.head, top.arity, top.position))

    def question_ends(self, question: _Question) -> None:
        """``c ? a : b`` is complete."""
        if len(question.starts) < 3:
            self.fail("this ? has no : after it", question.position)
        self.reorder(question.starts)
        self.terms.append(Apply(PIECEWISE, 3, question.position))

    def reorder(self, starts: list[int]) -> None:
        """Condition, value, value into value, condition, value."""
        first, second, third = starts
        terms = self.terms
        terms[first:third] = [*terms[second:third], *terms[first:second]]

    def operand_ends(self, token: Token) -> bool:
        """A comma."""
        place = token.place
        self.reduce(0.0, left=False)
        top = self.waiting[-1] if self.waiting else None
        if not isinstance(top, _Bracket) or not self.takes_several():
            self.fail(
                "a comma separates the operands of a function; decimals are written with a point, 1.5, "
                "and several outputs in brackets, (a, b)",
                place,
            )
        top.starts.append(len(self.terms))
        top.listed = top.call is None
        return True

    def takes_several(self) -> bool:
        """Whether the innermost bracket is a call's, or a list of operands in one."""
        for entry in reversed(self.waiting):
            if not isinstance(entry, _Bracket) or entry.kind == "|":
                return False
            if entry.call is not None:
                return True
        return False

    def close_bracket(self, token: Token) -> None:
        """Close the innermost bracket: a group, a call, a list of operands, a function's power."""
        self.reduce(0.0, left=False)
        if not self.brackets:
            self.fail("this bracket was never opened", token.place)
        if self.waiting[-1] is not self.brackets[-1]:
            self.fail("this condition has no other value: write a if c else b", _place(self.waiting[-1]))
        bracket = self.brackets.pop()
        self.waiting.pop()
        if (bracket.kind == "|") != (token.text == "|"):
            self.fail(_open(bracket), bracket.position)
        if bracket.power_of is not None:
            start = bracket.starts[0]
            power = tuple(self.terms[start:])
            del self.terms[start:]
            if len(power) > 1 and bracket.kind == "^{":
                power = _grouped(power, bracket.position)
            self.with_power(bracket.power_of, power)
        elif bracket.call is not None:
            self.call_ends(bracket.call, bracket.starts)
        elif bracket.listed:
            self.brackets[-1].starts += bracket.starts[1:]
        elif bracket.kind == "|":
            self.terms.append(Apply("abs", 1, bracket.position))
        elif bracket.kind in ("(", "["):
            self.terms.append(Apply(GROUP, 1, bracket.position))
        elif bracket.kind == "^{":
            start = bracket.starts[0]
            self.terms[start:] = _grouped(self.terms[start:], bracket.position)

    # -- functions ---------------------------------------------------------------------------------------

    def call_ends(self, call: Call, starts: list[int]) -> None:
        """Apply a function to its operands, which begin at ``starts``."""
        name = call.name.rpartition(".")[2]
        if call.meaning is None and name in CHOICES and call.name not in self.functions:
            self.choose(call, CHOICES[name], starts)
        elif call.meaning is None and name in CONDITION_CALLS and call.name not in self.functions:
            self.condition(call, CONDITION_CALLS[name], starts)
        else:
            self.elemental(call, starts)
        if call.power:
            self.terms += [*call.power, Apply("pow", 2, call.place)]

    def elemental(self, call: Call, starts: list[int]) -> None:
        """A function of the table, or what stands for it."""
        index = self.words.index(call.name) if call.meaning is None and call.name not in self.functions else None
        if index is not None:
            call, starts = self.indexed(call, starts, index)
        meaning = call.meaning if call.meaning is not None else self.words.meaning(call.name)
        if call.name == "∜":
            meaning = "u^(1/4)"
        if meaning is None:
            self.fail(self.words.unknown(call.name), call.place)
        count = len(starts)
        if isinstance(meaning, str) and meaning in self.functions:
            least, most = self.functions[meaning]
            if count < least or (most is not None and count > most):
                self.fail(arity_problem(call.name, least, most, count), call.place)
            self.terms.append(Apply(meaning, count, call.place))
            return
        self.written_out(call, (meaning,) if isinstance(meaning, str) else meaning, starts)

    def indexed(self, call: Call, starts: list[int], index: str) -> tuple[Call, list[int]]:
        """``log_b(x)`` is log(x, b), ``J_n(x)`` is besselj(n, x): the function and where its operands begin."""
        place = call.place
        if call.name[0] == "l" and index in ("2", "10"):
            return call._replace(meaning=f"log{index}"), starts
        digits = index.removeprefix("-")
        terms: list[Term] = [self.number(digits, place) if digits.isdigit() else Name(index, place)]
        if digits.isdigit() and digits != index:
            terms.append(Apply("neg", 1, place))
        if call.name[0] == "l":
            starts = [*starts, len(self.terms)]
            self.terms += terms
            return call._replace(meaning="log"), starts
        self.terms[starts[0] : starts[0]] = terms
        return call._replace(meaning="besselj"), [starts[0], *(start + len(terms) for start in starts)]

    def written_out(self, call: Call, formulas: tuple[str, ...], starts: list[int]) -> None:
        """Put the operands into the formula that stands for a function."""
        count = len(starts)
        if formulas[0].endswith("..."):
            head = "add" if "+" in formulas[0] else "mul"
            spans = [self.terms[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
            self.terms[starts[0] :] = spans[0]
            for span in spans[1:]:
                self.terms += [*span, Apply(head, 2, call.place)]
            return
        found = {len({t.name for t in terms if type(t) is Name and t.name in _SLOTS}): terms
                 for terms in (self.formula(text) for text in formulas)}  # fmt: skip
        if count not in found:
            if not found:
                self.fail(self.words.unknown(call.name), call.place)
            least, most = min(found), max(found)
            self.fail(arity_problem(call.name, least, most, count), call.place)
        spans = [self.terms[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]
        out: list[Term] = []
        for term in found[count]:
            if type(term) is Name and term.name in _SLOTS:
                out += spans[_SLOTS.index(term.name)]
            else:
                out.append(term._replace(position=call.place))
        if starts[0] + len(out) > self.limits.characters:
            raise BoundError(f"the expression has more than {self.limits.characters} parts, which is the bound")
        self.terms[starts[0] :] = out

    def formula(self, text: str) -> Terms:
        """A formula that stands for a function; its functions are those of the language."""
        return parse(text, self.functions).terms

    def choose(self, call: Call, order: str, starts: list[int]) -> None:
        """``where(c, a, b)`` and ``Piecewise((a, c), (b, True))`` as values and conditions in turn."""
        self.need(CONDITIONS, f"unknown function {call.name!r}", call.place)
        self.conditional = True
        if order == "where":
            if len(starts) != 3:
                self.fail(f"{call.name} takes a condition and two values, not {len(starts)} operands", call.place)
            self.reorder(starts)
        elif len(starts) < 2:
            self.fail(f"{call.name} takes values and conditions in turn", call.place)
        self.terms.append(Apply(PIECEWISE, len(starts), call.place))

    def condition(self, call: Call, head: str, starts: list[int]) -> None:
        """``And(c, d)``, ``Gt(x, 0)``."""
        self.need(CONDITIONS, f"unknown function {call.name!r}", call.place)
        self.conditional = True
        wanted = 1 if head == NOT else 2
        if len(starts) < wanted or (len(starts) > wanted and head not in (AND, OR)):
            self.fail(arity_problem(call.name, wanted, wanted, len(starts)), call.place)
        self.terms.append(Apply(head, len(starts), call.place))


_KEYWORDS = ("and", "or", "if", "else")
_MISSING = "an operator is missing here: products are written with *"
_UNREAD = {
    "!": "'!' is not part of the language: there is no factorial",
    "%": "'%' is not part of the language: there is no remainder or percent sign; write x/100 for x percent",
    "//": "there is no whole-number division: write /", "=": "'=' is not part of the language: "
    "an equals sign stands after the left side only", ":": "':' is not part of the language: a left side ends in =",
    "@": "'@' is not part of the language", ":=": "a left side stands at the beginning: y := x",
    "⊤": "a transpose stands after ^", "'": "a prime stands after the name of a variable",
    ".": "'.' is not part of the language: a point stands in a number only, and functions are bare names: sin(x)",
}  # fmt: skip


def _place(entry: _Entry) -> int:
    return entry.call.place if isinstance(entry, _Bare) else entry.position


def _open(bracket: _Bracket) -> str:
    return "this bar is never closed" if bracket.kind == "|" else "this bracket is never closed"


def _grouped(terms: Sequence[Term], position: int) -> tuple[Term, ...]:
    """An exponent that is set high stands in brackets on the line, but for one number or name and its minus."""
    last = terms[-1]
    short = len(terms) == 1 or (len(terms) == 2 and type(last) is Apply and last.head == "neg")
    if short or (type(last) is Apply and last.head == GROUP):
        return tuple(terms)
    return (*terms, Apply(GROUP, 1, position))
