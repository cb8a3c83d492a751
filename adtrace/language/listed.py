r"""Arrays as people write them: lists and matrices, ``W^T``, parts, and the calls of the table, out of tokens.

What has arrays in it is read here, over the reader of `freely`; a product of two arrays that has no sign of its own, or
one that means two things, is refused with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from adtrace.errors import printable
from adtrace.language.calls import Call, LibraryCall
from adtrace.language.freely import FreeReader
from adtrace.language.library import Library, library_call_ends
from adtrace.language.lists import (
    Typed,
    call_ends,
    counted,
    entry_shape,
    gathers,
    list_shape,
    operands_of,
    positional,
    require_alike,
    signs_of_arrays,
    taken,
)
from adtrace.language.literals import MOST_AXES, Literals, Piece
from adtrace.language.ranks import Rank, rank
from adtrace.language.stream import CLOSE, END, NUMBER, OPEN, SIGN, TEXT, WORD, Token
from adtrace.language.syntax import ARRAY, MATMUL, PART, TRANSPOSE, Apply, Name, Option, Term
from adtrace.language.waiting import Bracket
from adtrace.settings import COMMA

_MOST_PIECES = 20_000
_LONGEST_OPERAND = 100
"""Terms of an operand whose axes are looked for."""
_ELEMENTWISE = ("*", "⊙", ".*", r"\odot")
"""Signs of a product entry by entry."""
_TWO_MEANINGS = {r"\times": "cross", "×": "cross", r"\ast": "convolve", "∗": "convolve", r"\star": "conv1d"}
"""What a sign between two arrays may mean beside a product; of every other sign it is dot."""
_SHOWN_SIGN = re.compile(r"\\[A-Za-z]+|\.\*|.", re.DOTALL)
_LISTS = ("[", "[&")
"""Brackets that are lists: a square one, and a matrix of LaTeX."""


class Inside:
    """What stands in an open bracket beside the places of its operands."""

    __slots__ = ("call", "first", "given", "options", "rows", "shapes", "valued")

    def __init__(self, call: Call | LibraryCall | None) -> None:
        self.call = call
        self.options: dict[str, Option] = {}
        self.given = 0
        """How many of them stood without their names."""
        self.valued = False
        """Whether what stands after the last comma is an option."""
        self.first: tuple[int, ...] | None = None
        """Of a list the shape of the first entry whose shape is seen."""
        self.shapes: list[tuple[int, ...] | None] = []
        """Of a list the shapes of its entries."""
        self.rows: list[int] = []
        """Of a list the numbers of entries before each ``;``."""

    @property
    def signature(self) -> Call | None:
        """The operands and options of the call."""
        return self.call.call if isinstance(self.call, LibraryCall) else self.call


class ArrayTokens(FreeReader):
    """One pass over the tokens of a right side that may hold arrays."""

    def __init__(self, *given: Any, ranks: dict[str, Rank]) -> None:
        super().__init__(*given)
        self.ranks = ranks
        self.with_arrays = any(self.language.shapes.values()) or signs_of_arrays(self.shown)
        self.last_list: tuple[int, int, tuple[int, ...] | None] = (-1, -1, None)
        self.notes: list[str] = []
        self.inner: dict[int, Inside] = {}
        """What stands in the open brackets, by their depth."""

    # -- where an operand begins -------------------------------------------------------------------------

    def take(self, token: Token) -> bool:
        """Take a token where an operand begins; return whether one is still wanted."""
        begins = self.previous.kind == OPEN or self.is_comma(self.previous)
        if begins and self.pending is None and (top := self.innermost()) is not None and self.option(top, token):
            return False
        return super().take(token)

    def is_comma(self, token: Token) -> bool:
        """Whether a token parts operands: a semicolon, too, where decimals have a comma."""
        return token[:2] == (SIGN, ",") or (token[:2] == (SIGN, ";") and self.language.decimal == COMMA)

    def innermost(self) -> Bracket | None:
        """The innermost bracket, if nothing in it waits for an operand."""
        top = self.waiting[-1] if self.waiting else None
        return top if isinstance(top, Bracket) else None

    def open_bracket(self, token: Token) -> bool:
        """Open a bracket: a list, a call, or as any other."""
        wanted = super().open_bracket(token)
        if self.innermost() is not None:
            top = self.brackets[-1]
            call = top.call.name if top.call is not None and token.text == "(" else ""
            self.inner[len(self.brackets)] = Inside(self.words.array_call(call) if call else None)
            if len(self.brackets) > MOST_AXES and all(b.kind in _LISTS for b in self.brackets[-MOST_AXES - 1 :]):
                self.fail(f"an array has {MOST_AXES} axes at most", token.place)
        return wanted

    def option(self, top: Bracket, token: Token) -> bool:
        """Take what stands beside the operands of a call, if it begins here."""
        inside = self.inside()
        call = inside.signature
        named = token.kind == WORD and self.peek()[:2] == (SIGN, "=")
        if top.call is None or call is None:
            if named and top.call is not None and self.with_arrays and self.of_numbers(top.call.name):
                self.fail(f"{top.call.name} takes operands alone; there is nothing to give by name", token.place)
            return False
        if named:
            name = token.text
            self.next()
        else:
            place = len(top.starts) - 1 + inside.given
            name = "" if self.of_numbers(top.call.name) else positional(call, place)
            if not name or not (call.first or _begins_value(token)):
                return False
            self.queue.append(token)
            inside.given += 1
        pieces = self.pieces()
        literals = Literals([piece for piece, _ in pieces], self.fail)
        taken(call, inside.options, Piece(name, token.place), literals, self.fail)
        self.skip_literal(literals, pieces)
        inside.valued = True
        return True

    def of_numbers(self, name: str) -> str:
        """The function of the table of elementals that a name is; behind a prefix only where there is no array."""
        if name in self.functions:
            return name
        meaning = self.words.meaning(name) if not self.with_arrays or self.words.array_call(name) is None else None
        return meaning if isinstance(meaning, str) and meaning in self.functions else ""

    def pieces(self) -> list[tuple[Piece, int]]:
        """The pieces of the literal that comes next, each with how many tokens it is."""
        pieces: list[tuple[Piece, int]] = []
        depth, ahead = 0, 0
        while depth >= 0 and len(pieces) < _MOST_PIECES and (token := self.peek(ahead)).kind != END:
            depth += (token.kind == OPEN) - (token.kind == CLOSE)
            dots = all(self.peek(ahead + k)[:2] == (SIGN, ".") for k in range(3))
            pieces.append((Piece("..." if dots else token.text, token.place), 3 if dots else 1))
            ahead += pieces[-1][1]
        return pieces

    def skip_literal(self, literals: Literals, pieces: Sequence[tuple[Piece, int]]) -> None:
        """Go on behind a literal."""
        for _ in range(sum(count for _, count in pieces[: literals.at])):
            self.previous = self.next()

    # -- after an operand --------------------------------------------------------------------------------

    def follow(self, token: Token) -> bool:
        """Take a token after a complete operand; return whether an operand is wanted next."""
        top = self.innermost()
        if top is not None and self.inside().valued and token.kind != CLOSE and not self.is_comma(token):
            self.fail(
                "what stands beside the operands is one value: a number, a word in quotes, True or False", token.place
            )
        if token.kind == TEXT:
            self.no_quotes(token)
        if token.kind == SIGN and token.text in ("*", "^"):
            return self.binary(token)
        if self.is_comma(token):
            return self.operand_ends(token)
        wanted = self.follow_array(token)
        return super().follow(token) if wanted is None else wanted

    def follow_array(self, token: Token) -> bool | None:
        """Take what stands behind arrays alone, as `follow`; None for any other token."""
        if token[:2] == (OPEN, "[") and self.has_parts(token):
            return self.part(token)
        if token[:2] == (SIGN, "@"):
            self.operate(MATMUL, self.product_level(token, implicit=False), token.place)
            return True
        if token[:2] == (SIGN, ".") and self.peek()[:2] == (WORD, "T") and not self.peek().spaced:
            self.next()
            return self.transposed(token.place)
        ends = token[:2] == (SIGN, ";") and self.language.decimal != COMMA and self.row_ends(token)
        return True if ends else None

    def has_parts(self, token: Token) -> bool:
        """Whether a square bracket behind an operand takes a part of it."""
        if token.spaced or self.previous.kind not in (WORD, CLOSE, OPEN):  # it opened the part before
            return False
        last = self.terms[-1]
        if self.previous.kind == WORD:
            return type(last) is Apply or (type(last) is Name and self.ranks.get(last.name) != 0)
        return self.with_arrays

    def part(self, token: Token) -> bool:
        """``x[0]``"""
        pieces = self.pieces()
        literals = Literals([piece for piece, _ in pieces], self.fail)
        self.terms.append(Apply(PART, 1, token.place, (("index", literals.part(token.place)),)))
        self.skip_literal(literals, pieces)
        return False

    def transposed(self, place: int) -> bool:
        """``.T`` and ``^T``"""
        self.terms.append(Apply(TRANSPOSE, 1, place))
        return False

    def word(self, token: Token) -> bool:
        """A word, which may end in ``.T``."""
        base = token.text
        while base.endswith(".T"):
            base = base[:-2]
        count = (len(token.text) - len(base)) // 2
        if not count or "." in base or (base in self.functions and not self.language.value(base)):
            return super().word(token)
        wanted = super().word(token._replace(text=base, solid=((0, len(base)),)))
        if wanted:
            self.fail(f"{base} is a function: its transpose is written {base}(...).T", token.place)
        for _ in range(count):
            self.transposed(token.place + len(base))
        return False

    def is_transposed(self) -> bool:
        """``^T``: of a number it is the number."""
        one, two, three = self.peek(), self.peek(1), self.peek(2)
        sign = one if one.kind != OPEN else two
        if sign.text not in ("⊤", "T") or (one.kind == OPEN and three.kind != CLOSE):
            return False
        of_array = self.with_arrays and self.last_rank() != 0
        if sign.text == "T" and (self.language.value("T") or not (self.latex or of_array)):
            return False
        for _ in range(3 if one.kind == OPEN else 1):
            self.next()
        if of_array:
            self.transposed(sign.place)
        return True

    # -- products that could be two ----------------------------------------------------------------------

    def last_operand(self) -> list[Term]:
        """The operand that is complete, without what waits for it."""
        start, wanted = len(self.terms), 1
        while wanted and len(self.terms) - start < _LONGEST_OPERAND:
            start -= 1
            term = self.terms[start]
            wanted += (term.arity if type(term) is Apply else 0) - 1
        return self.terms[start:]

    def last_rank(self) -> Rank:
        """The axes of the operand that is complete; of a very long one they are not looked for."""
        operand = self.last_operand()
        return rank(operand, self.ranks) if len(operand) < _LONGEST_OPERAND else None

    def next_rank(self, token: Token) -> Rank:
        """The axes of the operand that begins with this token, as far as that is seen."""
        if token.kind == NUMBER:
            return 0
        if token.kind == WORD and (name := self.language.value(token.text.partition(".")[0])):
            return self.ranks.get(name, 0) if self.peek()[:2] != (OPEN, "[") else None
        return None

    def require_one_product(self, token: Token, after: Token, sign: str) -> None:
        """Refuse a product of two arrays that can be read in two ways."""
        if not self.with_arrays:
            return
        left, right = self.last_rank(), self.next_rank(after)
        if 0 in (left, right) or (left is None and right is None):
            return
        one = self.shown_operand()
        other = printable(self.shown[after.place : after.place + len(after.text)]) if after.kind == WORD else "..."
        if not sign:
            said = f"{one} beside {other}"
            first = f"{one} @ {other}"
        else:
            name = _TWO_MEANINGS.get(sign, "dot")
            said = f"{sign} between arrays"
            first = f"{name}({one}, {other})" if (left, right) != (2, 1) else f"{one} @ {other}"
        self.fail(f"{said} can be read in two ways: {first} or {one}*{other}; write the one that is meant", token.place)

    def shown_operand(self) -> str:
        """The operand that is complete, if it is a name."""
        operand = self.last_operand()
        if type(operand[-1]) is Apply and operand[-1].head == TRANSPOSE and len(operand) == 2:
            return f"{operand[0][0]}.T"
        return operand[0].name if type(operand[0]) is Name and len(operand) == 1 else "..."

    def beside(self, token: Token) -> bool:
        """Two operands side by side."""
        self.require_one_product(token, token, "")
        return super().beside(token)

    def binary(self, token: Token) -> bool:
        """An operator; of a product its sign says what it is."""
        if token.text == "*":
            match = _SHOWN_SIGN.match(self.shown, token.place)
            sign = match.group() if match else "*"
            if sign not in _ELEMENTWISE:
                self.require_one_product(token, self.peek(), sign)
        return super().binary(token)

    # -- lists and calls ---------------------------------------------------------------------------------

    def inside(self) -> Inside:
        """What stands in the innermost bracket."""
        return self.inner.setdefault(len(self.brackets), Inside(None))

    def is_list(self, bracket: Bracket) -> bool:
        """Whether a bracket is a list: no call, and not in one of numbers, as ``max([a, b])`` is."""
        if bracket.call is not None or bracket.power_of is not None:
            return False
        depth = len(self.brackets)
        outer = self.brackets[depth - 2] if depth > 1 else None
        if bracket.kind == "(":
            call = self.inner[depth - 1].signature if outer is not None and depth - 1 in self.inner else None
            return outer is not None and gathers(call) and len(outer.starts) == 1
        return bracket.kind in _LISTS and not self.flattens(depth - 2)

    def flattens(self, depth: int) -> bool:
        """Whether a list in the bracket at this depth stands for the operands of a function of numbers."""
        while depth >= 0 and self.brackets[depth].call is None and self.brackets[depth].kind in ("(", *_LISTS):
            depth -= 1
        call = self.brackets[depth].call if depth >= 0 else None
        if call is None or self.with_arrays:
            return False
        meaning = self.words.meaning(call.name)
        if isinstance(meaning, str) and self.functions.get(meaning, (1, None))[1] == 1:
            return False  # exp([1, 2])
        inside = self.inner.get(depth + 1)
        of_arrays = inside is not None and inside.call is not None and call.name not in self.functions
        return not of_arrays and self.words.meaning(call.name) != "u"

    def operand_ends(self, token: Token) -> bool:
        """A comma."""
        self.reduce(0.0, left=False)
        top = self.innermost()
        if top is None:
            return super().operand_ends(token)
        inside = self.inside()
        if self.is_list(top):
            self.entry_ends(top)
            top.starts.append(len(self.terms))
            return True
        wanted = super().operand_ends(token)
        if inside.valued:
            top.starts.pop(-2)
            inside.valued = False
        return wanted

    def entry_ends(self, top: Bracket) -> None:
        """One entry of a list is complete."""
        start, inside = top.starts[-1], self.inside()
        is_list = self.last_list[:2] == (start, len(self.terms))
        last = self.last_list[2] if is_list else entry_shape(self.terms[start:])
        inside.shapes.append(last)
        place = self.terms[-1 if is_list else start].position
        require_alike(inside.first, last, len(inside.shapes), place, self.fail)
        inside.first = last if inside.first is None else inside.first

    def row_ends(self, token: Token) -> bool:
        """``;`` in a list: the end of a row."""
        self.reduce(0.0, left=False)
        top = self.innermost()
        if top is None or not self.is_list(top) or top.kind == "(":
            return False
        self.entry_ends(top)
        top.starts.append(len(self.terms))
        self.inside().rows.append(len(top.starts) - 1)
        return True

    def close_bracket(self, token: Token) -> None:
        """Close the innermost bracket: a list, a call of arrays, or as any other."""
        self.reduce(0.0, left=False)
        top = self.innermost()
        if top is None or top is not self.brackets[-1] or (top.kind == "|") != (token.text == "|"):
            super().close_bracket(token)
            return
        inside = self.inside()
        if inside.valued:
            top.starts.pop()
        if top.call is not None and self.is_of_arrays(top, inside):
            self.array_call_ends(top, inside)
        elif self.is_list(top) and self.is_array(top, inside):
            self.list_ends(top, inside)
        else:
            del self.inner[len(self.brackets)]
            super().close_bracket(token)
            return
        self.brackets.pop()
        self.waiting.pop()
        del self.inner[len(self.brackets) + 1]

    def is_of_arrays(self, top: Bracket, inside: Inside) -> bool:
        """Whether a call is one of the table, and not of the elemental under its name."""
        assert top.call is not None
        if inside.call is None:
            return False
        meaning = self.words.meaning(top.call.name)
        limits = self.functions.get(meaning) if isinstance(meaning, str) else None
        if limits is None or inside.options:
            return True
        return self.with_arrays and len(top.starts) < limits[0]

    def array_call_ends(self, top: Bracket, inside: Inside) -> None:
        """A call of the table is complete."""
        call, name = inside.call, top.call
        assert call is not None
        assert name is not None
        if isinstance(call, LibraryCall):
            typed = Library(name.name, call, inside.options, name.place)
            note = library_call_ends(typed, self.terms, top.starts, self.fail)
            if note and note not in self.notes:
                self.notes.append(note)
        else:
            call_ends(Typed(call, inside.options, name.place), self.terms, top.starts, self.fail)
        if name.power:
            self.terms += [*name.power, Apply("pow", 2, name.place)]

    def is_array(self, top: Bracket, inside: Inside) -> bool:
        """Whether a list is an array; round one number it is a bracket as any other, where nothing else is one."""
        is_list = self.last_list[:2] == (top.starts[0], len(self.terms))
        if len(top.starts) > 1 or (is_list and top.kind != "("):
            return True
        outer = self.inner.get(len(self.brackets) - 1)
        in_call = outer is not None and outer.call is not None and self.brackets[-2].call is not None
        in_list = len(self.brackets) > 1 and self.brackets[-2].kind in _LISTS and self.brackets[-2].call is None
        return top.kind != "(" and (in_call or in_list or self.with_arrays)

    def list_ends(self, top: Bracket, inside: Inside) -> None:
        """A list is complete: an array."""
        self.entry_ends(top)
        start, position, shapes = top.starts[0], top.position, inside.shapes
        if not inside.rows and top.kind != "[&":
            self.terms.append(Apply(ARRAY, len(shapes), position))
            self.last_list = (start, len(self.terms), list_shape(shapes))
            return
        ends = [*inside.rows, len(shapes)]
        lengths = [end - begin for begin, end in zip([0, *ends], ends, strict=False)]
        for number, length in enumerate(lengths, 1):
            if length != lengths[0]:
                place = self.terms[top.starts[ends[number - 1] - length]].position
                self.fail(f"row {number} has {counted(length)}, and the first has {lengths[0]}", place)
        if lengths[0] > 1:
            spans = operands_of(self.terms, top.starts)
            self.terms[start:] = [
                term
                for end, length in zip(ends, lengths, strict=True)
                for term in (*(t for span in spans[end - length : end] for t in span), Apply(ARRAY, length, position))
            ]
        self.terms.append(Apply(ARRAY, len(lengths), position))
        whole = None if None in shapes else (len(lengths), *(lengths[:1] if lengths[0] > 1 else ()), *(shapes[0] or ()))
        self.last_list = (start, len(self.terms), whole)


def _begins_value(token: Token) -> bool:
    """Whether a literal may begin with this token."""
    if token.kind in (NUMBER, TEXT):
        return True
    if token.kind == WORD:
        return token.text in ("True", "False", "None")
    return token[:2] in ((SIGN, "-"), (SIGN, "+"), (OPEN, "("), (OPEN, "["))
