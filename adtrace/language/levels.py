"""How tightly operators bind, products without a sign among them."""

from __future__ import annotations

from adtrace.language.applied import CallReader
from adtrace.language.parse import parse
from adtrace.language.reader import Operator
from adtrace.language.stream import CLOSE, NUMBER, OPEN, WORD, Token
from adtrace.language.syntax import CONSTANTS, GROUP, PIECEWISE, Apply, Name, Number
from adtrace.language.waiting import (
    CALLED,
    COEFFICIENT,
    MIXED,
    POWER_LEVEL,
    PREFIX,
    PRODUCT,
    RAISED,
    ROOT,
    SUM,
    TIGHT,
    UNDER,
    Bare,
    Bracket,
    Question,
)

BINARY = {
    "+": ("add", SUM), "-": ("sub", SUM), "*": ("mul", PRODUCT), "/": ("div", PRODUCT), "^": ("pow", POWER_LEVEL),
    "%%": ("mod", PRODUCT),
}  # fmt: skip
ROOTS = {"√": "sqrt", "∛": "cbrt", "∜": "∜"}
_TIGHTER = {"mod": ("modulus", TIGHT), "div": ("over", TIGHT), **dict.fromkeys(ROOTS.values(), ("root", UNDER))}
"""Operators whose right operand a product behind it may be: what is asked, and how tightly it binds then."""


class LevelReader(CallReader):
    """A reader that applies what binds more tightly first."""

    def reduce(self, level: float, *, left: bool) -> None:
        """Apply what waits and binds more tightly (or as tightly, for ``left``)."""
        waiting, terms = self.waiting, self.terms
        while waiting:
            top = waiting[-1]
            if isinstance(top, Bracket) or top.precedence < level or (top.precedence == level and not left):
                return
            if isinstance(top, Operator) and top.head == "if":
                return
            waiting.pop()
            if isinstance(top, Bare):
                self.call_ends(top.call, [top.start])
            elif isinstance(top, Question):
                self.question_ends(top)
            elif top.head == "∜":
                terms += [*parse("1/4", {}).terms, Apply(GROUP, 1, top.position), Apply("pow", 2, top.position)]
            else:
                terms.append(Apply(top.head, top.arity, top.position))

    def question_ends(self, question: Question) -> None:
        """``c ? a : b`` is complete."""
        if len(question.starts) < 3:
            self.fail("this ? has no : after it", question.position)
        self.reorder(question.starts)
        self.terms.append(Apply(PIECEWISE, 3, question.position))

    def operate(self, head: str, level: float, place: int) -> None:
        """An operator with two operands waits for its right one."""
        self.reduce(level, left=head != "pow")
        self.waiting.append(Operator(head, 2, level, place))

    def binary(self, token: Token) -> bool:
        """An operator."""
        text, place = token.text, token.place
        head, level = BINARY[text]
        if level == PRODUCT:
            level = self.product_level(token, implicit=False)
        if head == "mod" and self.after_product() and self.choice("dividend", place):
            level = CALLED
        if head == "pow":
            if self.is_transposed():
                return False
            level = self.height(place)
        self.operate(head, level, place)
        return True

    def product_level(self, token: Token, *, implicit: bool) -> float:
        """How tightly this product binds: as a written one, unless it is asked for otherwise."""
        if implicit and self.raised_doubt(token):
            return RAISED
        for top in reversed(self.waiting):
            if isinstance(top, Bracket | Question) or top.precedence < PRODUCT:
                break
            if isinstance(top, Bare):
                if (implicit and not token.spaced and self.is_coefficient(top)) or self.choice("bare", top.call.place):
                    return COEFFICIENT
            elif top.head == "mod" or (implicit and top.head in _TIGHTER):
                what, level = _TIGHTER[top.head]
                if self.choice(what, top.position):
                    return level
        return PRODUCT

    def is_coefficient(self, bare: Bare) -> bool:
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

    def height(self, place: int) -> float:
        """How tightly a power binds, which is told from what stands on both sides of its sign."""
        if self.is_order():
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
            self.reduce(PREFIX, left=True)  # a spreadsheet's minus comes before its power
        if isinstance(top, Operator) and top.precedence == ROOT and self.choice("root", top.position):
            return MIXED
        return POWER_LEVEL

    def after_product(self) -> bool:
        """Whether a product or a minus waits for what stands here: ``2x mod y``, ``-x mod y``."""
        top = self.waiting[-1] if self.waiting else None
        return isinstance(top, Operator) and PRODUCT <= top.precedence <= PREFIX

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
        opens = self.peek().text == "^{" and self.peek(1)[:2] == (OPEN, "(")
        return opens and self.peek(2).kind == NUMBER and self.peek(3).kind == self.peek(4).kind == CLOSE
