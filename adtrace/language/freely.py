"""A right side as people write it: the reader of `parse` over tokens, with what may be left out.

Precedence from low to high: ``if else``, ``or``, ``and``, ``not``, comparisons, ``+ -``, ``* /`` and products without
a sign, unary ``+ -``, a function without brackets, ``^``, roots.  Where a text can be read in another way, too, the
reader asks which one is meant: it is told by ``choices`` (the first, if it is not), and ``doubts`` are the questions
that it had.  `readings` asks again with the other answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from adtrace.language.allowed import BARE, BARS, CONDITIONS, PRODUCTS
from adtrace.language.brackets import BracketReader
from adtrace.language.conditions import checked
from adtrace.language.levels import BINARY, ROOTS
from adtrace.language.reader import Operator
from adtrace.language.stream import BREAK, CLOSE, END, NUMBER, OPEN, SIGN, TEXT, WORD, Token
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
)
from adtrace.language.waiting import (
    BOTH,
    CHOICE,
    DENIED,
    EITHER,
    MIXED,
    POWER_LEVEL,
    PREFIX,
    RELATION,
    Bare,
    Bracket,
    Call,
    Question,
    place_of,
    unclosed,
)
from adtrace.language.words import FUNCTION, NAME, Wrong

_LOGICAL = {"and": (AND, BOTH), "or": (OR, EITHER)}


class FreeReader(BracketReader):
    """One pass over the tokens of a right side."""

    # -- where an operand begins -------------------------------------------------------------------------

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
            if isinstance(top, Bracket):
                self.fail(unclosed(top), top.position)
            self.fail("this condition has no other value: write a if c else b", place_of(top))
        if self.conditional:
            return checked(self.terms, self.fail)
        return tuple(self.terms)

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
            self.waiting.append(Bare(self.pending, len(self.terms)))
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
            self.waiting.append(Operator("neg" if text == "-" else PLUS, 1, PREFIX, place))
            return True
        if text in ROOTS:
            return self.root(text, place)
        if text in ("|", "or") and self.pending is None:
            self.need(BARS, "'|' is not part of the language: write abs(...)", place)
            for _ in range(2 if text == "or" else 1):  # || begins two
                self.push(Bracket("|", place, len(self.terms)))
            return True
        if text in ("not", "!"):
            self.conditional = True
            self.waiting.append(Operator(NOT, 1, DENIED, place))
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
            self.waiting.append(Operator(NOT, 1, DENIED, token.place))
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

    def nothing(self, token: Token) -> NoReturn:
        """Say what is missing where an operand should begin."""
        place, shown = token.place, token.text
        if token.kind == TEXT:
            self.no_quotes(token)
        if self.pending is not None:
            name = self.pending.name
            self.fail(f"{name} is a function: write its operand in brackets, {name}(...)", self.pending.place)
        if token.kind == END and not self.terms and not self.waiting:
            self.fail("there is no expression", place)
        if token.kind == END:
            self.fail("the expression ends too early", place)
        if token.kind == CLOSE and self.waiting and isinstance(self.waiting[-1], Bracket):
            more = len(self.waiting[-1].starts) > 1
            self.fail("there is no operand after the comma" if more else "there is nothing in these brackets", place)
        if self.shown[place : place + len(shown)] != shown:  # a sign of LaTeX or Unicode, in the author's spelling
            shown = self.shown[place : place + 1]
        if token.kind == CLOSE and shown not in (")", "]", "}", "|"):
            self.fail("the expression ends too early here", place)
        self.fail(_UNREAD.get(shown) or f"{shown!r} has no operand before it", place)

    def no_quotes(self, token: Token) -> NoReturn:
        """Refuse a quoted word where none may stand."""
        quote = token.text[0]
        hint = "a prime stands after the name of a variable" if quote == "'" else "there are no quotes"
        shown = '"\'"' if quote == "'" else f"'{quote}'"
        self.fail(f"{shown} is not part of the language: {hint}", token.place)

    # -- after an operand --------------------------------------------------------------------------------

    def follow(self, token: Token) -> bool:
        """Take a token after a complete operand; return whether an operand is wanted next."""
        kind = token.kind
        if kind == SIGN:
            return _BEHIND.get(token.text, FreeReader.postfix)(self, token)
        if kind == CLOSE:
            self.close_bracket(token)
            return self.pending is not None
        if kind == NUMBER:
            return self.number_after(token)
        if kind == WORD and token.text in _KEYWORDS:
            return self.keyword(token)
        return self.beside(token)

    def logical(self, token: Token) -> bool:
        """``&&`` and ``||`` between operands."""
        if token.text == "or" and self.brackets and self.brackets[-1].kind == "|":  # |x|| closes two
            self.queue.append(Token(SIGN, "|", token.place))
            return self.bar(Token(SIGN, "|", token.place))
        self.conditional = True
        self.operate(*_LOGICAL[token.text], token.place)
        return True

    def postfix(self, token: Token) -> bool:
        """``!``, ``?`` and ``:``, and what has no meaning here."""
        text, place = token.text, token.place
        if text == "!" and "gamma" in self.functions:
            if self.peek().text == "!":
                self.fail("'!!' is not part of the language: write one factorial", place)
            self.terms += [Number("1", 1, 0, place), Apply("add", 2, place), Apply("gamma", 1, place)]
            return False
        if text == "?":
            self.reduce(CHOICE, left=False)
            top = self.waiting[-1] if self.waiting else None
            begin = top.starts[-1] if isinstance(top, Question | Bracket) else 0
            self.waiting.append(Question(place, [begin, len(self.terms)]))
            self.conditional = True
            return True
        if text == ":" and any(isinstance(entry, Question) for entry in self.waiting[-8:]):
            self.reduce(CHOICE, left=False)
            top = self.waiting[-1]
            if isinstance(top, Question) and len(top.starts) == 2:
                top.starts.append(len(self.terms))
                return True
        return self.fail(_UNREAD.get(text) or f"{text!r} is not part of the language", place)

    def number_after(self, token: Token) -> bool:
        """A number after an operand: ``x.5``, ``x 2``, ``(x + 1)2``."""
        before, place = self.previous, token.place
        if before.kind == NUMBER:
            pointed = token.text.startswith(".") and not token.spaced
            if before.text == "0" and self.peek().kind == WORD and not pointed:
                self.fail("numbers are written in decimal", place)
            self.fail("a number has one decimal point" if pointed else _MISSING, place)
        if token.text.startswith(".") and not token.spaced:
            if self.choice("point", place):
                token = token._replace(text=token.text[1:])
            return self.beside(token)
        if self.choice("height", place):
            self.operate("pow", POWER_LEVEL, place)
            return self.take(token)
        return self.beside(token)

    def beside(self, token: Token) -> bool:
        """Two operands side by side."""
        before, place = self.previous, token.place
        if PRODUCTS not in self.language.forms:
            self.fail(_MISSING, place)
        problem = self.no_factor(token)
        if problem:
            self.fail(problem, place)
        if token.text == "{/" and before.kind == NUMBER and before.text.isdigit() and self.choice("mixed", place):
            self.waiting.append(Operator("add", 2, MIXED, place))
            return self.take(token)
        self.operate("mul", self.product_level(token, implicit=True), place)
        return self.take(token)

    def no_factor(self, token: Token) -> str:
        """Why this is no factor of a product without a sign, if it is none."""
        before = self.previous
        if before.kind == NUMBER and token.kind == WORD:
            if before.text == "0" and token.text[:1] in "xXbBoO" and token.text[1:2].isdigit() and not token.spaced:
                return "numbers are written in decimal"
            if token.text[0] == "_":
                return _MISSING
        elif token[:2] == (OPEN, "[") and before.kind == WORD and not token.spaced and not self.brackets_of_lists():
            return f"{before.text} is a number and has no entries: write {before.text}_1 for a name"
        return ""

    def compare(self, token: Token) -> bool:
        """A comparison; several in a row are a chain."""
        relation, place = token.text, token.place
        self.need(CONDITIONS, f"{relation!r} is not part of the language: there are no comparisons", place)
        inside = self.brackets or any(isinstance(entry, Operator) and entry.head == "if" for entry in self.waiting)
        if not inside and relation == "=":
            self.fail("'=' is not part of the language: an equals sign stands after the left side only", place)
        relation = "=" if relation == "==" else relation
        self.conditional = True
        self.reduce(RELATION, left=False)
        top = self.waiting[-1] if self.waiting else None
        if isinstance(top, Operator) and top.precedence == RELATION:
            self.waiting[-1] = Operator(f"{top.head} {relation}", top.arity + 1, RELATION, top.position)
        else:
            self.waiting.append(Operator(relation, 2, RELATION, place))
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
            self.reduce(CHOICE, left=False)
            self.waiting.append(Operator("if", 0, CHOICE, place))
        elif text == "else":
            self.reduce(CHOICE, left=False)
            top = self.waiting[-1] if self.waiting else None
            if not isinstance(top, Operator) or top.head != "if":
                self.fail("this else has no if before it", place)
            self.waiting[-1] = Operator(PIECEWISE, 3, CHOICE, top.position)
        else:
            self.fail(_MISSING, place)
        return True

    def bar(self, token: Token) -> bool:
        """A bar after an operand closes, unless none is open here; where an operand follows it may open another."""
        place = token.place
        self.need(BARS, "'|' is not part of the language: write abs(...)", place)
        inside = bool(self.brackets) and self.brackets[-1].kind == "|"
        if not inside and self.conditional and self.brackets and self.has_relation():
            self.operate(OR, EITHER, place)
            return True
        after = self.peek()
        begins = after.kind in (NUMBER, WORD, OPEN) or after.text in ROOTS
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
        return (isinstance(top, Operator) and top.precedence in (RELATION, EITHER, BOTH)) or (
            type(last) is Apply and last.head.split(" ")[0] in RELATIONS
        )


_KEYWORDS = ("and", "or", "if", "else")
_MISSING = "an operator is missing here: products are written with *"
_UNREAD = {
    "!": "'!' is not part of the language: there is no factorial",
    "%": "'%' is not part of the language: a remainder is mod(x, y), and x percent is x/100",
    "//": "whole-number division is floor(x/y)", "=": "'=' is not part of the language: "
    "an equals sign stands after the left side only", ":": "':' is not part of the language: a left side ends in =",
    "@": "'@' is not part of the language", ":=": "a left side stands at the beginning: y := x",
    "⊤": "a transpose stands after ^", "'": "a prime stands after the name of a variable",
    ".": "'.' is not part of the language: a point stands in a number only, and functions are bare names: sin(x)",
}  # fmt: skip
_BEHIND: dict[str, Callable[[FreeReader, Token], bool]] = {
    **dict.fromkeys(BINARY, FreeReader.binary), **dict.fromkeys((*RELATIONS, "=="), FreeReader.compare),
    **dict.fromkeys(_LOGICAL, FreeReader.logical), **dict.fromkeys(ROOTS, FreeReader.beside),
    **dict.fromkeys((",", ";"), FreeReader.operand_ends), "|": FreeReader.bar,
}  # fmt: skip
"""What reads each sign behind an operand."""
