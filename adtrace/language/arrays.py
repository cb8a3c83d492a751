"""Arrays in the plain language: ``[[1, 2], [3, 4]] @ x``, ``W.T``, ``X[:, 0:5]``, ``sum(X, axis=0)``.

The reader of `reader` with square brackets, ``@``, ``.T`` and values beside operands; what both readers make of a list
and of a call of the table is here, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import prod
from typing import Any, NamedTuple, NoReturn

from adtrace.errors import listed
from adtrace.language.calls import CALLS, CONSTANT_ARRAYS, HEADS, ONE_NAME, REQUIRED, SHAPE, Call
from adtrace.language.literals import MOST_AXES, Fail, Literals, Piece, fitting
from adtrace.language.reader import NAMED, OPENED, SIGN, Open, Operator, Reader, arity_problem
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
    Options,
    Statement,
    Term,
    Terms,
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
_SIGNS = re.compile(
    r"[\w)\]]\s*@|\.T\b|(?<![\\\w])[A-Za-z]\w*\[|[\[,]\s*\[|[,(]\s*axis\s*=|\b([A-Za-z]\w*)\s*\(", re.ASCII
)
_NAMES = re.compile(r"(?<![\w.])[A-Za-z]\w*", re.ASCII)
_VALUE = re.compile(r"[ \t\r\n]*(?:[-+]?[ ]*[0-9.]|[(\['\"]|(?:True|False|None)\b)")
_MOST_PIECES, _MOST_CONSTANT = 20_000, 10_000
"""Pieces of one literal, and entries of an array of constants."""
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
        found: list[Piece] = []
        depth = 0
        while depth >= 0 and len(found) < _MOST_PIECES and (match := _PIECE.match(self.text, position, self.end)):
            text, position = match[1], match.end()
            depth += (text in ("(", "[")) - (text in (")", "]"))
            found.append(Piece(text, match.start(1)))
        return found

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
        if top.function is None or call is None or of_numbers or fits(functions, top):
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


def operands_of(terms: Sequence[Term], starts: Sequence[int]) -> list[list[Term]]:
    """The operands that begin at these places."""
    return [list(terms[a:b]) for a, b in zip(starts, [*starts[1:], None], strict=True)] if starts else []


def fits(functions: Mapping[str, tuple[int, int | None]], bracket: _Bracket) -> bool:
    """Whether it is a call of the table of elementals."""
    if bracket.function is None or bracket.function not in functions or bracket.options:
        return False
    least, most = functions[bracket.function]
    return len(bracket.starts) >= least and (most is None or len(bracket.starts) <= most)


def gathers(call: Call | None) -> bool:
    """Whether a call takes any number of arrays, in a bracket of their own, too: ``concat((a, b))``."""
    return call is not None and call.operands is None and not call.first


def positional(call: Call, place: int) -> str:
    """The name of the option that stands at this place of a call without its name; empty for an operand."""
    if call.first:
        return call.slots[place].name if place < len(call.slots) else ""
    if call.operands is None or place < call.operands:
        return ""
    place -= call.operands
    if call.slots and call.slots[-1].kind == SHAPE:
        return call.slots[-1].name  # reshape(x, 2, 3)
    return call.slots[place].name if place < len(call.slots) else ""


_OTHER_NAMES = {"dim": "axis", "dims": "axes", "keepdim": "keepdims", "kernel_size": "size", "axes": "axis"}


def taken(call: Call, options: dict[str, Option], named: Piece, literals: Literals, fail: Fail) -> None:
    """One option of a call, by the name of its slot."""
    name, place = named
    slot = call.slot(name)
    if slot is None:
        ours = _OTHER_NAMES.get(name, "")
        hint = f" (did you mean {ours!r}?)" if call.slot(ours) else ""
        has = f"; it has {listed(call.names, ' and ')}" if call.slots else "; it has none"
        fail(f"{call.head} has no option {name!r}{hint or has}", place)
    at = literals.here.place
    value = literals.value()
    if slot.kind == SHAPE and name in options and type(value) is int:
        before = options[name]
        assert isinstance(before, tuple)
        value = (*before, value)
    elif name in options:
        fail(f"{name} of {call.head} is given twice", place)
    options[name] = fitting(call, slot, value, at, fail)


class Typed(NamedTuple):
    """A call of the table as it is typed: what it is, what stands beside its operands, and where."""

    call: Call
    options: Mapping[str, Option]
    place: int


def call_ends(typed: Typed, terms: list[Term], starts: Sequence[int], fail: Fail) -> None:
    """Apply a call of the table to its operands, which begin at ``starts`` and end the terms."""
    call, options, place = typed
    count = len(starts)
    if gathers(call) and count == 1 and type(last := terms[-1]) is Apply and last.head == ARRAY:
        terms.pop()
        count = last.arity
    _require_complete(typed, count, fail)
    if call.head in CONSTANT_ARRAYS:
        terms += constant_array(call.head, options, place, fail)
    elif call.head == "dropout":
        terms.append(Apply("mul", 2, place))
    elif call.head == "embedding":
        index = options["index"]
        items = (("list", *index) if isinstance(index, tuple) else index,)
        terms.append(Apply(PART, 1, place, (("index", items),)))
    else:
        given: Options = tuple((slot.name, options[slot.name]) for slot in call.slots if slot.name in options)
        terms.append(Apply(ONE_NAME.get(call.head, call.head), count, place, given))


def _require_complete(typed: Typed, count: int, fail: Fail) -> None:
    """Refuse a wrong number of operands, and a call without an option that it needs."""
    call, options, place = typed
    if call.operands not in (None, count) or count < (call.operands is None):
        problem = arity_problem(call.head, call.operands or 1, call.operands, count)
        problem = problem.replace("1 or 0 operands", "none").replace("operand", "array")
        fail(problem + (f"; {call.advice}" if call.advice else ""), place)
    missing = [slot.name for slot in call.slots if slot.default == REQUIRED and slot.name not in options]
    if missing:
        fail(f"{call.head} needs {listed(missing, ' and ')}: {usage(call)}", place)


def usage(call: Call) -> str:
    """``maxpool1d(x, size, stride=..., padding=...)``"""
    arrays = ["x", "k", "b"][: call.operands] if call.operands is not None else ["a, b"]
    slots = [slot.name if slot.default == REQUIRED else f"{slot.name}={slot.default}" for slot in call.slots]
    return f"{call.head}({', '.join([*slots, *arrays] if call.first else [*arrays, *slots])})"


def constant_array(head: str, options: Mapping[str, Option], place: int, fail: Fail) -> list[Term]:
    """``zeros(2, 3)``, ``ones(3)``, ``eye(2)``, ``one_hot(1, 3)``: an array of zeros and ones."""
    count: Any = options.get("count")
    chosen: Any = options.get("place")
    shape: Any = options.get("shape")
    if head == "eye":
        shape, ones = (count, count), {n * count + n for n in range(count)} if count <= _MOST_CONSTANT else set()
    elif head == "one_hot":
        rows = chosen if isinstance(chosen, tuple) else (chosen,)
        if not all(0 <= row < count for row in rows):
            fail(f"the places of one_hot are from 0 to {count - 1}", place)
        shape = (len(rows), count) if isinstance(chosen, tuple) else (count,)
        ones = {n * count + row for n, row in enumerate(rows)}
    else:
        if -1 in shape:
            fail(f"the lengths of {head} are from 1", place)
        ones = set()
    size = prod(shape)
    if size > _MOST_CONSTANT:
        fail(f"an array of constants in a formula has {_MOST_CONSTANT} entries at most, not {size}", place)
    one, zero = Number("1", 1, 0, place), Number("0", 0, 0, place)
    return nested([(one if head == "ones" or n in ones else zero,) for n in range(size)], shape, place)


def nested(entries: Sequence[Terms], shape: Sequence[int], place: int) -> list[Term]:
    """Entries in row order as an array of this shape."""
    terms: list[Term] = []
    steps = [prod(shape[axis:]) for axis in range(len(shape))]
    for number, entry in enumerate(entries, 1):
        terms += entry
        for step, length in zip(reversed(steps), reversed(shape), strict=True):
            if number % step:
                break
            terms.append(Apply(ARRAY, length, place))
    return terms


def require_arrays(statements: Sequence[Statement], shapes: Mapping[str, tuple[int, ...]], fail: Fail) -> None:
    """Refuse a function of arrays in a text that has none."""
    if any(shapes.values()) or any(ARRAY in term for statement in statements for term in statement.terms):
        return
    for before, term in chain.from_iterable(pairwise(statement.terms) for statement in statements):
        if type(term) is not Apply or not (term.head in HEADS or (term.head in _OF_NUMBERS and term.arity == 1)):
            continue
        if term.head == PART:
            name = before.name if type(before) is Name else "this"
            fail(f"{name} is a number and has no entries: write {name}_1 for a name", term.position)
        sign = {MATMUL: "@", TRANSPOSE: ".T"}.get(term.head)
        what = f"{sign!r} is not part of the language of numbers: it" if sign else term.head
        fail(f"{what} is of arrays, and there is none here", term.position)


# -- lists -----------------------------------------------------------------------------------------------


def entry_shape(terms: Sequence[Term]) -> tuple[int, ...] | None:
    """The shape of an entry of a list that is no list: a number's, or not known."""
    number = type(terms[0]) is Number and all(type(t) is Apply and t.head in ("neg", GROUP) for t in terms[1:])
    return () if number else None


def require_alike(first: tuple[int, ...] | None, last: tuple[int, ...] | None, number: int, place: int,
                  fail: Fail) -> None:  # fmt: skip
    """Refuse an entry of a list, by its number, where it has another shape than the first that is seen."""
    if first is None or last is None or first == last:
        return
    if not first or not last:
        fail(f"entry {number} is {'a list' if last else 'a number'}, and those before it are "
             f"{'lists' if first else 'numbers'}", place)  # fmt: skip
    if len(first) == len(last) == 1:
        fail(f"row {number} has {counted(last[0])}, and the first has {first[0]}", place)
    fail(f"entry {number} has the shape {shaped(last)}, and the first {shaped(first)}", place)


def counted(count: int) -> str:
    """``1 entry``, ``2 entries``"""
    return f"{count} entr{'y' if count == 1 else 'ies'}"


def shaped(shape: Sequence[int]) -> str:
    """``2 x 3``"""
    return " x ".join(map(str, shape)) or "of a number"


def list_shape(entries: Sequence[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    """The shape of a list, if that of its entries is seen."""
    inner = next((shape for shape in entries if shape is not None), None)
    return None if inner is None else (len(entries), *inner)


def is_several(source: str, start: int, end: int, name: str | None, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether ``[a, b]``, the whole of a right side, is several outputs, as ``(a, b)`` is, and no array.

    It is as long as there is no other sign of arrays in the text, and its name is not used.
    """
    if any(shapes.values()):
        return False
    if signs_of_arrays(source):
        return False
    return name is None or _last_places(source).get(name, -1) < end


@lru_cache(maxsize=4)
def _last_places(source: str) -> dict[str, int]:
    """Where each name stands last in a text."""
    return {match.group(): match.start() for match in _NAMES.finditer(source)}


@lru_cache(maxsize=4)
def signs_of_arrays(source: str) -> bool:
    """Whether a text has a sign of arrays beside a list."""
    found = _SIGNS.finditer(source)
    return any(match[1] is None or (match[1] in CALLS and match[1] not in _OF_NUMBERS) for match in found)


_OF_NUMBERS = ("max", "min")
