"""Programs as people write them: statements, their left sides and their outputs, out of tokens.

Each reading of a text is one answer to each of the questions that the free reader had; see `readings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, NoReturn

from adtrace.errors import BoundError, InputError, ParseError
from adtrace.language.allowed import Language
from adtrace.language.calls import CALLS, LIBRARY_NAMES
from adtrace.language.commands import PRINTED
from adtrace.language.freely import FreeReader
from adtrace.language.listed import ArrayTokens
from adtrace.language.lists import is_several, require_arrays
from adtrace.language.ranks import Rank, rank
from adtrace.language.reader import NAME
from adtrace.language.signs import source
from adtrace.language.stream import BREAK, CLOSE, END, OPEN, SIGN, WORD, Token
from adtrace.language.syntax import CONSTANTS, GROUP, Apply, Expression, Statement, Term, spelling
from adtrace.language.tokens import tokens
from adtrace.language.waiting import Doubt
from adtrace.language.words import Words

_OF_ARRAYS = re.compile(
    r"[\[@]|\.T\b|matrix\}|\{array\}|⊤|\\top|ᵀ|\b(?:" + "|".join(sorted({*CALLS, *LIBRARY_NAMES})) + r")\s*\("
)
"""What a text of arrays has somewhere."""
_MOST_ATTEMPTS = 48
_MOST_TOKENS = 150_000
"""Tokens that are read again, in all, to find another reading."""


def _spelled(read: Expression) -> tuple[object, ...]:
    """What is said, whatever the brackets."""
    return tuple(
        (s.name, spelling([t for t in s.terms if not (type(t) is Apply and t.head == GROUP)])) for s in read.statements
    )


def same(one: Expression, other: Expression) -> bool:
    """Whether two readings say the same, whatever their brackets."""
    return _spelled(one) == _spelled(other)


def free_readings(text: str, language: Language, most: int) -> list[tuple[Expression, int]]:
    """The readings of a text that is not plain, each with the place of the question whose answer makes it."""
    stream = tokens(source(text), text, language)
    if len(stream) > language.limits.characters // 4:
        raise BoundError(f"the expression has {len(stream)} parts; the bound is {language.limits.characters // 4}")
    ways: dict[object, tuple[Expression, int]] = {}
    problem: InputError | None = None
    todo: list[dict[Doubt, int]] = [{}]
    attempts = 0
    while todo and len(ways) < most and (attempts < 2 or attempts * len(stream) <= _MOST_TOKENS):
        choices = todo.pop(0)
        attempts += 1
        program = _Program(text, stream, language, choices)
        try:
            read = program.read()
        except ParseError as error:
            problem = problem or error
        else:
            ways.setdefault(_spelled(read), (read, list(choices)[-1][1] if choices else 0))
        for answers in _further(choices, program.doubts):
            if attempts + len(todo) >= _MOST_ATTEMPTS:
                break
            todo += answers
    if not ways:
        assert problem is not None
        raise problem
    return list(ways.values())


def _further(choices: dict[Doubt, int], doubts: dict[Doubt, int]) -> Iterator[list[dict[Doubt, int]]]:
    """For each question that is new, its other answers beside those that were given, and the first to those before."""
    answered = dict(choices)
    for doubt, count in doubts.items():
        if doubt not in choices:
            yield [{**answered, doubt: answer} for answer in range(1, count)]
            answered[doubt] = 0


class _Left(NamedTuple):
    """The left side of a statement, and how many tokens it has."""

    names: tuple[str, ...] = ()
    function: str | None = None
    parameters: tuple[str, ...] | None = None
    length: int = 0


class _Program:
    """The statements of a text, in one of its readings."""

    def __init__(self, text: str, stream: list[Token], language: Language, choices: dict[Doubt, int]) -> None:
        self.text, self.stream, self.language, self.choices = text, stream, language, choices
        self.doubts: dict[Doubt, int] = {}
        self.conditional = False
        self.words = Words(language)
        self.ranks: dict[str, Rank] = {name: len(language.shapes.get(name, ())) for name in language.declared}
        self.with_arrays = any(language.shapes.values()) or _OF_ARRAYS.search(text) is not None
        self.notes: list[str] = []

    def fail(self, problem: str, place: int) -> NoReturn:
        raise ParseError(problem, self.text, place)

    def read(self) -> Expression:
        """The expression."""
        statements: list[Statement] = []
        outputs, function, parameters, latex = 1, None, None, ""
        spans = list(self.statements())
        for number, part in enumerate(spans):
            last = number == len(spans) - 1
            left = self.left(part)
            if left.parameters is not None:
                if not last:
                    self.fail(f"{left.function}(...) = is the left side of the last statement only", part[0].place)
                function, parameters = left.function, left.parameters
                self.declare(parameters)
            right = part[left.length :]
            pieces = self.outputs(right, left)
            names = self.names(left, len(pieces), part[0].place)
            if names[0] is None and not last:
                self.fail("only the last statement may stand without a name, such as y = ...", (right or part)[0].place)
            for name, piece in zip(names, pieces, strict=True):
                statements.append(Statement(name, self.right(piece)))
                if self.with_arrays and name is not None:
                    self.ranks[name] = rank(statements[-1].terms, self.ranks)
            self.declare([name for name in names if name])
            outputs = len(pieces)
            latex = self.latex(right) if len(spans) == 1 else ""
        if self.with_arrays:
            require_arrays(statements, self.language.shapes, self.fail)
        notes = tuple(self.notes)
        return Expression(self.text, tuple(statements), outputs, function, parameters, self.conditional, latex, notes)

    def outputs(self, right: list[Token], left: _Left) -> list[list[Token]]:
        """The right side in one piece, or in as many as it has outputs."""
        pieces = _outputs(right)
        if len(pieces) == 1 or right[0].text not in ("[", "[&"):
            return pieces
        name = left.names[0] if len(left.names) == 1 else None
        several = is_several(self.text, right[0].place, right[-1].place + 1, name, self.language.shapes)
        return pieces if several else [right]

    def declare(self, names: Sequence[str]) -> None:
        """Names that have values from here on."""
        if not self.language.declared.issuperset(names):
            self.language = self.language.with_names(names)
            self.words = Words(self.language)

    def right(self, piece: list[Token]) -> tuple[Term, ...]:
        """The terms of a right side."""
        end = piece[-1].place + len(piece[-1].text) if piece else len(self.text)
        ended = [*piece, Token(END, "", min(end, len(self.text)))]
        reader = self.reader(ended)
        try:
            return reader.parse()
        finally:
            if isinstance(reader, ArrayTokens):
                self.notes += [note for note in reader.notes if note not in self.notes]
            self.doubts |= reader.doubts
            self.conditional |= reader.conditional

    def reader(self, piece: list[Token]) -> FreeReader:
        """The reader of a right side: one of arrays only where the text may hold some."""
        arguments = (piece, self.text, self.language, self.choices, self.words)
        return ArrayTokens(*arguments, ranks=self.ranks) if self.with_arrays else FreeReader(*arguments)

    def statements(self) -> Iterator[list[Token]]:
        """The tokens of each statement: parted by ``;`` and by line ends outside brackets."""
        part: list[Token] = []
        depth, empty = 0, True
        for place, token in enumerate(self.stream):
            depth += (token.kind == OPEN) - (token.kind == CLOSE)
            ends = token.kind == END or (depth <= 0 and token[:2] == (SIGN, ";"))
            if token.kind == BREAK:
                if depth > 0 or self.goes_on(place):
                    continue
                ends = True
            if not ends:
                part.append(token)
                continue
            while part and part[-1][:2] in ((SIGN, "."), (SIGN, ",")):
                part.pop()  # the end of a sentence
            if part:
                empty = False
                yield part
            part = []
        if empty:
            self.fail("there is no expression", 0 if self.text.isspace() else len(self.text))

    def goes_on(self, place: int) -> bool:
        """Whether a statement goes on after the line end at ``place``."""
        before = self.stream[place - 1] if place else None
        after = next((token for token in self.stream[place + 1 : place + 50] if token.kind != BREAK), None)
        if before is not None and before.kind == SIGN and before.text in _GO_ON:
            return True
        return after is not None and ((after.text in _GO_ON and after.text != "not") or after.kind == CLOSE)

    # -- left sides --------------------------------------------------------------------------------------

    def left(self, part: list[Token]) -> _Left:
        """``y =``, ``(p, q) =``, ``f(x1, x2) =``, ``y = f(x) =``, ``f: x ->``, ``lambda x:``, ``@(x, y)``."""
        names: tuple[str, ...] = ()
        function: str | None = None
        parameters: tuple[str, ...] | None = None
        at = 1 if part[0].text in ("=", ":=") else 0  # a spreadsheet's formula
        for _ in range(4):
            side = self.side(part, at)
            if side is None:
                break
            head, inside, at = side
            if inside is not None:
                function, parameters = (head[0] if head else function or "f"), inside
            elif part[at - 1].text == ":" and parameters is None:
                function = head[0]  # f: x -> ...
            elif names or parameters is not None:
                self.fail(_EQUALS, part[at - 1].place)
            else:
                names = head
        if parameters is not None and function is not None and names == (function,):
            names = ()
        return _Left(names, function if parameters is not None else None, parameters, at)

    def side(self, part: list[Token], at: int) -> tuple[tuple[str, ...], tuple[str, ...] | None, int] | None:
        """One left side from ``at``: the names, the variables of a function, and where it ends."""
        first = part[at] if at < len(part) else None
        if first is None:
            return None
        is_lambda = first[:2] == (WORD, "lambda") and not self.language.value("lambda")
        if first[:2] == (SIGN, "@") or is_lambda:
            return self.anonymous(part, at)
        if first.kind == WORD and at + 1 < len(part):
            return self.named(part, at)
        if first[:2] == (OPEN, "(") and (end := _closing(part, at)) is not None and end + 1 < len(part):
            if part[end + 1].text == "->":
                return (), self.listed(part[at + 1 : end], first.place + 1), end + 2
            if part[end + 1].text in ("=", ":="):
                return self.listed(part[at + 1 : end], first.place + 1), None, end + 2
        return None

    def named(self, part: list[Token], at: int) -> tuple[tuple[str, ...], tuple[str, ...] | None, int] | None:
        """``y =``, ``f(x) =``, ``f: x ->``, ``x ->``."""
        first, after = part[at : at + 2]
        if after.text in ("=", ":="):
            return (self.name(first),), None, at + 2
        if after.text == ":" and any(token.text == "->" for token in part[at:]):
            return (self.name(first),), None, at + 2
        if after.text == "->":
            return (), (self.name(first),), at + 2
        if after.kind == OPEN:
            end = _closing(part, at + 1)
            if end is not None and end + 1 < len(part) and part[end + 1].text in ("=", ":="):
                return (self.name(first),), self.listed(part[at + 2 : end], after.place + 1), end + 2
        return None

    def anonymous(self, part: list[Token], at: int) -> tuple[tuple[str, ...], tuple[str, ...], int]:
        """``lambda x, y: ...`` and ``@(x, y) ...``."""
        if part[at].text == "@":
            end = _closing(part, at + 1) if at + 1 < len(part) and part[at + 1].kind == OPEN else None
            if end is None:
                self.fail("a function without a name is written @(x, y) ...", part[at].place)
            return (), self.listed(part[at + 2 : end], part[at + 1].place + 1), end + 1
        end = next((place for place in range(at, len(part)) if part[place].text == ":"), None)
        if end is None:
            self.fail("lambda x: ... is a function of x", part[at].place)
        return (), self.listed(part[at + 1 : end], part[at].place), end + 1

    def listed(self, inside: list[Token], place: int) -> tuple[str, ...]:
        """Names with commas between them."""
        names: list[str] = []
        wanted = True
        for token in inside:
            if not wanted:
                if token.text != ",":
                    self.fail(f"{token.text!r} is not a name", token.place)
                wanted = True
                continue
            name = self.name(token)
            if name in names:
                self.fail(f"{name} is declared twice", token.place)
            names.append(name)
            wanted = False
        if wanted:
            self.fail("'' is not a name", inside[-1].place + 1 if inside else place)
        return tuple(names)

    def name(self, token: Token) -> str:
        """The name of a left side; one that prints alike is the one that has a value."""
        name = _plain_name(token)
        if name is None:
            self.fail(f"{token.text!r} is not a name", token.place)
        value = self.language.value(name)
        return value if value is not None and value not in CONSTANTS else name

    def names(self, left: _Left, count: int, place: int) -> list[str | None]:
        """The name of each output of a statement."""
        if not left.names:
            return [None] * count
        if len(left.names) == count:
            return list(left.names)
        if len(left.names) == 1:
            return [f"{left.names[0]}_{k}" for k in range(1, count + 1)]
        return self.fail(f"there are {len(left.names)} names for {count} outputs", place)

    def latex(self, right: list[Token]) -> str:
        """The right side as it is written, if it is LaTeX that can be printed again as it stands."""
        text = self.text
        if "\\" not in text or not text.isascii() or self.conditional or not right:
            return ""
        place = right[0].place
        size = _SIZE.search(text[max(0, place - 20) : place])
        written = text[place - len(size.group()) if size else place :]
        written = _SPACES.sub(" ", written).replace("$", " ").strip()
        written = re.sub(r"(?:\\[)\]]|\\end\{[a-z*]+\}|[.,;\s])+$", "", written)
        written = re.sub(r"\s+", " ", written).strip()
        commands = re.findall(r"\\([A-Za-z]+|.)", written)
        if re.search(r"[#%&|\"<>~=;]", written) or not PRINTED.issuperset(commands) or not _balanced(written):
            return ""
        return written


_SPACES = re.compile(r"\\[,;:! ]|\\(?:q?quad|thinspace|medspace|thickspace|displaystyle|textstyle|limits)(?![A-Za-z])")
_SIZE = re.compile(r"\\(?:left|[bB]igl?)[ ]*$")
_EQUALS = "'=' is not part of the language: an equals sign stands after the left side only"
_GO_ON = ("+", "-", "*", "/", "^", "@", "=", ",", "and", "or", "<", ">", "<=", ">=")


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0 and text.count("\\left") == text.count("\\right")


def _closing(part: Sequence[Token], at: int) -> int | None:
    """The place of the bracket that closes the one at ``at``."""
    depth = 0
    for place in range(at, len(part)):
        depth += (part[place].kind == OPEN) - (part[place].kind == CLOSE)
        if depth == 0:
            return place
    return None


def _outputs(right: list[Token]) -> list[list[Token]]:
    """The right side in one piece, or the pieces of ``(a, b)`` and ``[a, b]``."""
    bracketed = bool(right) and right[0].kind == OPEN and right[0].text in ("(", "[", "[&", "{")
    if not bracketed or _closing(right, 0) != len(right) - 1:
        return [right]
    pieces: list[list[Token]] = [[]]
    depth = 0
    for token in right[1:-1]:
        depth += (token.kind == OPEN) - (token.kind == CLOSE)
        if depth == 0 and token[:2] in ((SIGN, ","), (SIGN, ";")):
            pieces.append([])
        else:
            pieces[-1].append(token)
    return pieces if len(pieces) > 1 else [right]


def _plain_name(token: Token) -> str | None:
    """The name that a word is."""
    if token.kind != WORD:
        return None
    base = token.text.rstrip("'")
    name = base + "_prime" * (len(token.text) - len(base))
    name = name.rstrip("_") if not NAME.fullmatch(name.rstrip("'")) or name.endswith("_") else name
    return name if NAME.fullmatch(name) else None


def name_of(text: str, language: Language) -> str | None:
    r"""The name that a text is: ``x₁`` is x1, ``\theta_{1}`` is theta_1, ``x'`` is x_prime; None for what is none."""
    stripped = text.strip(" \t$")
    if NAME.fullmatch(stripped):
        return stripped
    try:
        stream = [t for t in tokens(source(stripped), stripped, language) if t.kind != BREAK]
    except ParseError:
        return None
    while len(stream) > 2 and stream[0][:2] == (OPEN, "{") and stream[-2][:2] == (CLOSE, "}"):
        stream = [*stream[1:-2], stream[-1]]
    if len(stream) == 3 and stream[0].kind == WORD and stream[1].kind == WORD and stream[0].text in ("Delta", "delta"):
        return _plain_name(stream[0]._replace(text=stream[0].text + stream[1].text))
    if len(stream) != 2:
        return None
    name = _plain_name(stream[0])
    return re.sub(r"_(?=[0-9])", "", name) if name and "_" not in stripped else name
