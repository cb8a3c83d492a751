"""Arrays in the plain language: ``[[1, 2], [3, 4]] @ x``, ``W.T``, ``X[:, 0:5]``, ``sum(X, axis=0)``.

The reader of `reader` with square brackets, ``@``, ``.T`` and values beside operands; what both readers make of a list
and of a call of the table is here, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from adtrace.language.calls import CALLS, Call
from adtrace.language.lists import (
    Typed,
    call_ends,
    entry_shape,
    gathers,
    list_shape,
    positional,
    require_alike,
    signs_of_arrays,
    taken,
)
from adtrace.language.literals import MOST_AXES, Literals, Piece
from adtrace.language.reader import NAMED, OPENED, SIGN, Open, Operator, Reader
from adtrace.language.syntax import (
    ARRAY,
    GROUP,
    MATMUL,
    PART,
    TRANSPOSE,
    Apply,
    Name,
    Number,
    Option,
    Term,
)

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r"|([A-Za-z][A-Za-z0-9_]*+)(?![ \t\r\n]*+\()"
    r"|([A-Za-z][A-Za-z0-9_]*+)"
    r"|(\*\*|\.T(?![A-Za-z0-9_])|[-+*/^(),@\[\]]))"
)
_KEYWORD = re.compile(r"[ \t\r\n]*([A-Za-z_][A-Za-z0-9_]*+)[ \t\r\n]*=(?!=)")
_PIECE = re.compile(
    r"[ \t\r\n]*('[^'\r\n]{0,200}'|\"[^\"\r\n]{0,200}\"|[A-Za-z_][A-Za-z0-9_.]*+"
    r"|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|\.\.\.|[-+()\[\],:])"
)
_VALUE = re.compile(r"[ \t\r\n]*(?:[-+]?[ ]*[0-9.]|[(\['\"]|(?:True|False|None)\b)")
_MOST_PIECES = 20_000
"""Pieces of one literal."""
_PRODUCT, _TIGHTEST = 2, 5


class _Bracket:
    """An open bracket: a list, a call or a group, and what stands in it so far."""

    __slots__ = ("call", "first", "function", "given", "kind", "lists", "options", "position", "starts", "valued")

    def __init__(self, kind: str, position: int, start: int, function: str | None, call: Call | None) -> None:
        self.kind, self.position, self.function, self.call = kind, position, function, call
        self.starts = [start]
        self.options: dict[str, Option] = {}
        self.given = 0
        """Operands and options so far that have no names."""
        self.valued = False
        """Whether what stands after the last comma is an option."""
        self.first: tuple[int, ...] | None = None
        """Of a list the shape of the first entry whose shape is seen."""
        self.lists: list[tuple[int, ...] | None] = []
        """Of a list the shapes of its entries; None where it is not seen."""


class ArrayReader(Reader):
    """One pass over a right side that may hold arrays."""

    def __init__(self, *given: Any, shapes: Mapping[str, tuple[int, ...]]) -> None:
        super().__init__(*given)
        self.holds_arrays, self.position = any(shapes.values()) or signs_of_arrays(self.text), 0
        self.open_brackets: list[_Bracket] = []
        self.last_list: tuple[int, int, tuple[int, ...] | None] = (-1, -1, None)  # where it is, and its shape
        self.after = 0  # where the last token ends

    def read(self, start: int, end: int) -> tuple[Term, ...]:
        """Read the expression that stands from ``start`` to ``end``."""
        self.position, self.end, wanted = start, end, True
        while match := _TOKEN.match(self.text, self.position, end):
            kind = match.lastindex or 0
            place, self.position = match.span(kind)
            wanted = self.operand(kind, match[kind], place) if wanted else self.operator(kind, match[kind], place)
            self.after = self.position
        position = self.skip(self.position)
        if position < end:
            self.unknown(position)
        if wanted:
            self.missing_operand(end)
        self.pop_to(OPENED, left=False)
        if self.stack:
            self.fail("this bracket is never closed", self.stack[-1].position)
        return tuple(self.terms)

    def arrays(self) -> None:
        """Go on: the reader of arrays is this one."""

    def unknown(self, place: int) -> NoReturn:
        """Refuse a character that is not in the language."""
        self.unread(self.text[place], place)

    def operand(self, kind: int, token: str, place: int) -> bool:
        """Take a token where an operand begins; return whether an operand is still wanted."""
        if kind == SIGN and token == "[":
            self.push("[", place, None)
            return True
        if kind == SIGN and token == "(":
            function, _ = self.called or (None, place)
            self.push("(", place, function)
            return not self.option()
        if kind == NAMED and token not in self.functions:
            self.terms.append(Name(token, place))
            return False
        return super().operand(kind, token, place)

    def missing_operand(self, place: int, token: str = "") -> NoReturn:
        """Say what is missing where an operand should begin."""
        if token == "]" and self.open_brackets and self.open_brackets[-1].kind == "[":
            more = len(self.open_brackets[-1].starts) > 1
            self.fail("there is no entry after the comma" if more else "there is nothing in these brackets", place)
        super().missing_operand(place, token)

    def call(self, token: str, place: int) -> None:
        """Take a name that a bracket follows: a function."""
        if token in CALLS and token not in self.declared and token not in self.functions:
            self.called = (token, place)
            return
        super().call(token, place)

    def operator(self, kind: int, token: str, place: int) -> bool:
        """Take a token after a complete operand; return whether an operand is wanted next."""
        top = self.open_brackets[-1] if self.open_brackets else None
        if top is not None and top.valued and token not in (",", ")"):
            self.fail("what stands beside the operands is one value: a number, a word in quotes, True or False", place)
        if kind == SIGN and token in _AFTER:
            return _AFTER[token](self, place)
        if kind == SIGN and token == ",":
            self.comma(place)
            return not self.option()
        return super().operator(kind, token, place)

    def product(self, place: int) -> bool:
        """``@``, which binds as ``*``."""
        self.pop_to(_PRODUCT, left=True)
        self.stack.append(Operator(MATMUL, 2, _PRODUCT, place))
        return True

    def transposed(self, place: int) -> bool:
        """``.T``"""
        self.terms.append(Apply(TRANSPOSE, 1, place))
        return False

    def part(self, place: int) -> bool:
        """``x[0]``"""
        if type(self.terms[-1]) is Number or self.after != place:
            self.implicit_product("[", place)
        if type(self.terms[-1]) is Apply and self.terms[-1].head == GROUP and not self.holds_arrays:
            self.unread("[", place)  # (x + 1)[y]: a product, for the free reader
        literals = Literals(self.pieces(self.position), self.fail)
        self.terms.append(Apply(PART, 1, place, (("index", literals.part(place)),)))
        self.went(literals)
        return False

    def pieces(self, position: int) -> list[Piece]:
        """The pieces of the literal that begins here."""
        pieces: list[Piece] = []
        depth = 0
        while depth >= 0 and len(pieces) < _MOST_PIECES and (match := _PIECE.match(self.text, position, self.end)):
            text, position = match[1], match.end()
            depth += (text in ("(", "[")) - (text in (")", "]"))
            pieces.append(Piece(text, match.start(1)))
        return pieces

    def went(self, literals: Literals) -> None:
        """Go on behind a literal."""
        last = literals.pieces[literals.at - 1]
        self.position = self.after = last.place + len(last.text)

    # -- brackets ----------------------------------------------------------------------------------------

    def push(self, kind: str, place: int, function: str | None) -> None:
        """Open a bracket."""
        if kind == "[" and len(self.open_brackets) > MOST_AXES and all(b.kind == "[" for b in self.open_brackets):
            self.fail(f"an array has {MOST_AXES} axes at most", place)
        call = CALLS.get(function) if function is not None and function not in self.declared else None
        self.open(place)
        self.open_brackets.append(_Bracket(kind, place, len(self.terms), function, call))

    def option(self) -> bool:
        """Take what stands beside operands, if it comes next: by its name, or at its place."""
        top = self.open_brackets[-1]
        top.valued = False
        call = top.call
        if call is None:
            if top.function is not None and (match := _KEYWORD.match(self.text, self.position, self.end)):
                self.fail(f"{top.function} takes operands alone; there is nothing to give by name", match.start(1))
            return False
        match = _KEYWORD.match(self.text, self.position, self.end)
        if match:
            name, place, self.position = match[1], match.start(1), match.end()
        else:
            place = self.skip(self.position)
            name = "" if top.function in self.functions else positional(call, top.given)
            if not name or not (call.first or _VALUE.match(self.text, place, self.end)):
                top.given += 1
                return False
            top.given += 1
        literals = Literals(self.pieces(self.position), self.fail)
        taken(call, top.options, Piece(name, place), literals, self.fail)
        self.went(literals)
        if call.first and not match:
            self.first_ends(top)
            return False
        top.valued = True
        return True

    def first_ends(self, top: _Bracket) -> None:
        """An option that stands before the operands: its comma."""
        comma = self.skip(self.position)
        if not self.text.startswith(",", comma):
            self.fail(f"{top.function} takes arrays after it", comma)
        self.position = comma + 1

    def comma(self, place: int) -> None:
        """End one operand of a call, or one entry of a list."""
        top = self.open_brackets[-1] if self.open_brackets else None
        if top is not None and top.function is None and self.listed(top):
            self.pop_to(OPENED, left=False)
            self.entry_ends(top, place)
        else:
            super().comma(place)
        assert top is not None
        if top.valued:
            top.starts.pop()
        top.starts.append(len(self.terms))

    def listed(self, bracket: _Bracket) -> bool:
        """Whether a bracket is a list: a square one, or the one of ``concat((a, b))``."""
        if bracket.kind == "[":
            return True
        outer = self.open_brackets[-2] if len(self.open_brackets) > 1 else None
        return outer is not None and gathers(outer.call) and len(outer.starts) == 1

    def entry_ends(self, bracket: _Bracket, place: int) -> None:
        """One entry of a list is complete."""
        start = bracket.starts[-1]
        if len(self.terms) == start:
            self.fail("there is no entry here", place)
        is_list = self.last_list[:2] == (start, len(self.terms))
        last = self.last_list[2] if is_list else entry_shape(self.terms[start:])
        bracket.lists.append(last)
        self.counts[-1] += 1
        place = self.terms[-1 if is_list else start].position
        require_alike(bracket.first, last, len(bracket.lists), place, self.fail)
        bracket.first = last if bracket.first is None else bracket.first

    def close(self, place: int) -> None:
        """Close the innermost round bracket."""
        if not self.open_brackets or self.open_brackets[-1].kind == "[":
            if self.open_brackets:
                self.fail("here ] is wanted: this bracket closes another kind", place)
            super().close(place)
        top = self.open_brackets.pop()
        if top.valued:
            top.starts.pop()
        if top.function is None and len(top.starts) > 1:
            self.open_brackets.append(top)
            self.end_list(place)
            return
        call, functions = top.call, self.functions
        of_numbers = top.function in functions and not top.options and not self.holds_arrays
        if top.function is None or call is None or of_numbers or _fits(functions, top):
            super().close(place)
            return
        self.pop_to(OPENED, left=False)
        bracket = self.stack.pop()
        self.counts.pop()
        assert type(bracket) is Open
        call_ends(Typed(call, top.options, bracket.function_position), self.terms, top.starts, self.fail)

    def close_list(self, place: int) -> bool:
        """Close the innermost square bracket."""
        if not self.open_brackets:
            self.fail("this bracket was never opened", place)
        if self.open_brackets[-1].kind != "[":
            self.fail("here ) is wanted: this bracket closes another kind", place)
        self.end_list(place)
        return False

    def end_list(self, place: int) -> None:
        """The list is complete: an array, or a bracket as any other where nothing here is one."""
        self.pop_to(OPENED, left=False)
        top = self.open_brackets[-1]
        self.entry_ends(top, place)
        self.open_brackets.pop()
        outer = self.open_brackets[-1] if self.open_brackets else None
        inner = outer is not None and (
            outer.kind == "[" or (outer.call is not None and outer.function not in self.functions)
        )
        function = outer.function if outer is not None else None
        of_numbers = function is not None and self.functions.get(function, (1, 1))[1] != 1
        if not self.holds_arrays and (of_numbers or (len(top.lists) == 1 and not top.lists[0] and not inner)):
            self.unread("[", top.position)  # max([a, b]) and [a + b]*2 are of numbers
        self.stack.pop()
        self.counts.pop()
        self.terms.append(Apply(ARRAY, len(top.lists), top.position))
        self.last_list = (top.starts[0], len(self.terms), list_shape(top.lists))


_AFTER = {
    "@": ArrayReader.product, ".T": ArrayReader.transposed, "[": ArrayReader.part, "]": ArrayReader.close_list,
}  # fmt: skip


# -- lists -----------------------------------------------------------------------------------------------


def _fits(functions: Mapping[str, tuple[int, int | None]], bracket: _Bracket) -> bool:
    """Whether it is a call of the table of elementals."""
    if bracket.function is None or bracket.function not in functions or bracket.options:
        return False
    least, most = functions[bracket.function]
    return len(bracket.starts) >= least and (most is None or len(bracket.starts) <= most)
