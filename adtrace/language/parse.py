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
from collections.abc import Mapping
from typing import NamedTuple, NoReturn

from adtrace.collector import uncollected
from adtrace.errors import BoundError, ParseError, printable
from adtrace.language.allowed import Functions, Language
from adtrace.language.reader import LEFT_SIDE, NAME, ArraysWanted, Reader
from adtrace.language.syntax import CONSTANTS, Expression, Name, Statement, Term
from adtrace.limits import DEFAULT, Limits

_COMMENT = re.compile(r"#[^\r\n]*")
_NO_SHAPES: Mapping[str, tuple[int, ...]] = {}
_BREAK = re.compile(r"[()\[\];\n]")
_GO_ON = ("+", "-", "*", "/", "^", "@", ",")
"""What a statement goes on with behind a new line, and before one."""


def parse(
    text: str,
    functions: Functions,
    *,
    declared: frozenset[str] = frozenset(),
    limits: Limits = DEFAULT,
    shapes: Mapping[str, tuple[int, ...]] = _NO_SHAPES,
) -> Expression:
    """Read a formula or a program.

    ``declared`` are the names of variables: each beats a function or a constant of the same name.  ``shapes`` are those
    of the variables whose shape is known, () for a number.
    Raises `ParseError` with the place and the nearest legal spelling, or `BoundError`.
    """
    if len(text) > limits.characters:
        raise BoundError(f"the expression has {len(text)} characters; the bound is {limits.characters}")
    source = _COMMENT.sub(lambda comment: " " * len(comment.group()), text) if "#" in text else text
    spans = _statements(source)
    statements: list[Statement] = []
    outputs, function, parameters = 1, None, None
    there, with_arrays = set(declared), set[str]()
    for start, end in spans:
        left = _left_side(text, source, start, end)
        if left.parameters is not None:
            if end != spans[-1][1]:
                raise ParseError(f"{left.names[0]}(...) = is the left side of the last statement only", text, start)
            function, parameters = left.names[0], left.parameters
            there.update(parameters)
        rights = _outputs(source, left, end, shapes)
        names = _names_of(left, len(rights), text, start)
        with uncollected():
            read = [_right(right, (text, source, functions, there, limits), shapes, with_arrays) for right in rights]
        statements.extend(map(Statement, names, read))
        there.update(name for name in names if name)
        if names[0] is None and end != spans[-1][1]:
            raise ParseError("only the last statement may stand without a name, such as y = ...", text, left.end)
        outputs = len(rights)
    if with_arrays:
        _require_arrays(text, statements, shapes)
    return Expression(text, tuple(statements), outputs, function, parameters)


def parsed(text: str, allowed: Language) -> Expression:
    """A text in the plain form of a language; raises as `parse`."""
    return parse(text, allowed.functions, declared=allowed.declared, limits=allowed.limits, shapes=allowed.shapes)


def _right(
    right: tuple[int, int],
    given: tuple[str, str, Functions, set[str], Limits],
    shapes: Mapping[str, tuple[int, ...]],
    with_arrays: set[str],
) -> tuple[Term, ...]:
    """The terms of one right side; the text is put into ``with_arrays`` if there are any in it."""
    try:
        return Reader(*given).read(*right)
    except ArraysWanted:
        from adtrace.language.arrays import ArrayReader  # noqa: PLC0415 - most texts hold none

    with_arrays.add(given[0])
    return ArrayReader(*given, shapes=shapes).read(*right)


def _require_arrays(text: str, statements: list[Statement], shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise `ParseError` for a function of arrays in a text that has none."""
    from adtrace.language.lists import require_arrays  # noqa: PLC0415

    def fail(problem: str, place: int) -> NoReturn:
        raise ParseError(problem, text, place)

    require_arrays(statements, shapes, fail)


def all_known(read: Expression, language: Language) -> bool:
    """Whether every name in it has a value; one that has none may be several side by side, or be meant for another."""
    valued = {*language.declared, *(read.parameters or ()), *CONSTANTS}
    for statement in read.statements:
        for term in statement.terms:
            if type(term) is Name and term[0] not in valued:
                return False
        if statement.name is not None:
            valued.add(statement.name)
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
        if mark in "()[]":
            depth += 1 if mark in "([" else -1
        elif mark == ";" or (depth <= 0 and not _goes_on(source, start, place)):
            spans.append((start, place))
            start, depth = place + 1, 0
    spans.append((start, len(source)))
    return [span for span in spans if not source[slice(*span)].isspace() and span[0] < span[1]] or [(0, len(source))]


def _goes_on(source: str, start: int, place: int) -> bool:
    """Whether a statement goes on after the new line at ``place``: an operator stands before or after it."""
    before = source[max(start, place - 200) : place].rstrip()
    after = source[place + 1 : place + 200].lstrip()
    return before.endswith((*_GO_ON, "=")) or after.startswith((*_GO_ON, ")", "]"))


def _left_side(text: str, source: str, start: int, end: int) -> _Left:
    match = LEFT_SIDE.match(source, start, end) if source.find("=", start, end) >= 0 else None
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


_CLOSING = {"(": ")", "[": "]"}


def _outputs(source: str, left: _Left, end: int, shapes: Mapping[str, tuple[int, ...]]) -> list[tuple[int, int]]:
    """The right side in one piece, or the pieces of ``(a, b)`` where a bracket round the whole of it has commas."""
    start = left.end
    if source.find(",", start, end) < 0:
        return [(start, end)]
    text = source[start:end]
    first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    if last <= first or _CLOSING.get(text[first]) != text[last]:
        return [(start, end)]
    depth, pieces, begin = 0, list[tuple[int, int]](), first + 1
    for match in re.finditer(r"[()\[\],]", text):
        mark, place = match.group(), match.start()
        depth += (mark in "([") - (mark in ")]")
        if depth == 0 and place < last:
            return [(start, end)]  # the first bracket closes early: (a)*(b)
        if (mark == "," and depth == 1) or (depth == 0 and place == last):
            pieces.append((start + begin, start + place))
            begin = place + 1
    if len(pieces) > 1 and text[first] == "[" and not _is_several(source, left, end, shapes):
        return [(start, end)]
    return pieces if len(pieces) > 1 else [(start, end)]


def _is_several(source: str, left: _Left, end: int, shapes: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether a list that is the whole of a right side is several outputs."""
    from adtrace.language.lists import is_several  # noqa: PLC0415 - most texts hold no list

    return is_several(source, left.end, end, left.names[0] if len(left.names) == 1 else None, shapes)


def _names_of(left: _Left, count: int, text: str, start: int) -> list[str | None]:
    """The name of each output of a statement."""
    if left.parameters is not None or not left.names:
        return [None] * count
    if len(left.names) == count:
        return list(left.names)
    if len(left.names) == 1:
        return [f"{left.names[0]}_{k}" for k in range(1, count + 1)]
    raise ParseError(f"there are {len(left.names)} names for {count} outputs", text, start)
