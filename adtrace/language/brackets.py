"""Functions before their operands, with their powers, and brackets from their beginning to their end."""

from __future__ import annotations

from collections.abc import Sequence

from adtrace.language.allowed import BARE
from adtrace.language.levels import ROOTS, LevelReader
from adtrace.language.reader import Operator
from adtrace.language.spellings import INVERSES, MATHEMATICA, TWO_WAYS
from adtrace.language.stream import CLOSE, NUMBER, OPEN, SIGN, WORD, Token
from adtrace.language.syntax import GROUP, Apply, Name, Term, spelling
from adtrace.language.waiting import ROOT, Bare, Bracket, Call, place_of, unclosed
from adtrace.language.words import FUNCTION, NAME, POWER


class BracketReader(LevelReader):
    """A reader of functions and brackets."""

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
            bracket = Bracket(token.text, token.place, len(self.terms))
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
            self.pending = Call(ROOTS[sign], place)
            return True
        self.waiting.append(Operator(ROOTS[sign], 1, ROOT, place))
        return True

    def open_bracket(self, token: Token) -> bool:
        """Open a bracket; a function before it makes it a call."""
        call, self.pending = self.pending, None
        if call is not None and token.text == "{/":
            self.waiting.append(Bare(call, len(self.terms)))
            call = None
        if call is not None and token.text == "[" and call.meaning is None:
            call = call._replace(meaning=MATHEMATICA.get(call.name))
        self.push(Bracket(token.text, token.place, len(self.terms), call))
        return True

    def push(self, bracket: Bracket) -> None:
        """Open this bracket."""
        self.waiting.append(bracket)
        self.brackets.append(bracket)

    def brackets_of_lists(self) -> bool:
        """Whether the innermost bracket is that of a call with square brackets."""
        return bool(self.brackets) and self.brackets[-1].call is not None and self.brackets[-1].kind == "["

    def operand_ends(self, token: Token) -> bool:
        """A comma."""
        place = token.place
        self.reduce(0.0, left=False)
        top = self.waiting[-1] if self.waiting else None
        if not isinstance(top, Bracket) or not self.takes_several():
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
            if not isinstance(entry, Bracket) or entry.kind == "|":
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
            self.fail("this condition has no other value: write a if c else b", place_of(self.waiting[-1]))
        bracket = self.brackets.pop()
        self.waiting.pop()
        if (bracket.kind == "|") != (token.text == "|"):
            self.fail(unclosed(bracket), bracket.position)
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


def _grouped(terms: Sequence[Term], position: int) -> tuple[Term, ...]:
    """An exponent that is set high stands in brackets on the line, but for one number or name and its minus."""
    last = terms[-1]
    short = len(terms) == 1 or (len(terms) == 2 and type(last) is Apply and last.head == "neg")
    if short or (type(last) is Apply and last.head == GROUP):
        return tuple(terms)
    return (*terms, Apply(GROUP, 1, position))
