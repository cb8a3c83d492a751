"""Formulas as numbers: the values, tangents and adjoints of a trace without a point.

A number is a fraction, or a `Formula`: an operation on numbers, down to letters.  The operations leave out only what no
textbook writes: a zero that is added, a factor 1, a sign that belongs to the whole product, an operation on fractions
alone.  What a row needs of the signs of its operands cannot be asked of an open letter; it is an assumption, which
`assumed` lists.  At what may be a kink the partials hold brackets, [u > 0], which are 1 where the condition holds and
else 0 (Iverson's; Knuth, *Two Notes on Notation*, Amer. Math. Monthly 99, 1992).

A formula that is longer than is wanted stands in others as the name of its row, so the cost stays linear in rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from flint import ctx, fmpq

from adtrace.elementals import BRACKETS, TABLE, Abstract, Kink, from_the_left, key_of
from adtrace.language.syntax import CONSTANTS, Apply, Name, Number, Term, Terms
from adtrace.numbers import Arithmetic, Assumed, NeedsPrecision, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ONE, ZERO, ball, literal, power
from adtrace.tracing.evaluate import HOLDS, Bound, bind
from adtrace.writing.dialects import plain

LONGEST_ENTRY = 1
"""The same where there are arrays: each of their entries is a line of its own."""
LONGEST = 40
"""Terms of the longest formula that stands in others; a longer one is named there."""
_MOST_RUNNING = 8
"""A running total of an adjoint is named where it is so many times longer: it grows with each contribution."""
_MOST_SPELLED = 20_000
"""Terms of the longest formula that a value spells out; a longer one has names of rows in it."""

VALUES, TANGENTS, ADJOINTS = "value", "tangent", "adjoint"
_MARK = ":"
"""What stands in the name of a row's number, and in no name of the language."""
_Made = TypeVar("_Made")


class Formula:
    """A number that is not known: an operation on numbers, or a letter."""

    __slots__ = ("last", "name", "numbers", "open", "operands", "size")

    def __init__(self, last: Name | Apply, operands: tuple[Symbol, ...] = (), name: Name | None = None) -> None:
        self.last, self.operands, self.name = last, operands, name
        self.open: bool = any(map(is_open, operands)) if operands else last[0] not in CONSTANTS
        """Whether a letter is in it; else it is a constant."""
        self.size: int = 1 + sum(map(_size, operands))
        """Its terms, as long as no name stands for it."""
        self.numbers: dict[int, Any] = {}
        """What it is by the working precision, if it is a constant."""

    def __repr__(self) -> str:
        return f"Formula({plain(terms_of(self))!r})"


Symbol = Any
"""A number: fmpq or `Formula`."""


def is_open(x: Symbol) -> bool:
    """Whether a number depends on an open letter."""
    return isinstance(x, Formula) and x.open


def _size(x: Symbol) -> int:
    if isinstance(x, Formula):
        return x.size if x.name is None else 1
    return 1 if x.q == 1 else 3


def terms_of(x: Symbol, *, full: bool = False) -> tuple[Term, ...]:
    """A number as terms; ``full``: with no row's name in it."""
    backwards: list[Term] = []
    todo: list[Symbol] = [x]
    while todo:
        y = todo.pop()
        if not isinstance(y, Formula):
            backwards.extend(reversed(_fraction(y)))
        elif y.name is not None and y is not x and not full:
            backwards.append(y.name)
        else:
            backwards.append(y.last)
            todo.extend(y.operands)
    return tuple(reversed(backwards))


def _fraction(x: fmpq) -> tuple[Term, ...]:
    numerator = _whole(abs(int(x.p)))
    terms = numerator if x.q == 1 else (*numerator, *_whole(int(x.q)), Apply("div", 2, 0))
    return (*terms, Apply("neg", 1, 0)) if x < 0 else terms


def _whole(n: int) -> tuple[Term, ...]:
    return (Number(str(n), n, 0, 0),)


class RowName(NamedTuple):
    """A row's number that stands in a formula by name."""

    quantity: str
    place: int
    seed: int
    entry: int | None = None
    """The entry, counted in row order, where that number is an array."""


def row_name(name: str) -> RowName | None:
    """What a name in a formula stands for; None for a letter."""
    if _MARK not in name:
        return None
    quantity, *places = name.split(_MARK)
    return RowName(quantity, *map(int, places))


def _folded(x: Symbol, leaf: Callable[[Symbol], _Made], applied: Callable[[Apply, list[_Made]], _Made]) -> _Made:
    """One walk over a number's operations, each of which is met once."""
    results: dict[int, _Made] = {}
    todo: list[Symbol] = [x]
    while todo:
        y = todo[-1]
        if id(y) in results:
            todo.pop()
        elif not isinstance(y, Formula) or not y.operands:
            results[id(y)] = leaf(todo.pop())
        elif missing := [operand for operand in y.operands if id(operand) not in results]:
            todo.extend(missing)
        else:
            assert isinstance(y.last, Apply)
            results[id(todo.pop())] = applied(y.last, [results[id(operand)] for operand in y.operands])
    return results[id(x)]


def spelled_size(x: Symbol) -> int:
    """The terms that a number has with no row's name in it."""
    return _folded(x, _size, lambda term, sizes: 1 + sum(sizes))


# -- operations ----------------------------------------------------------------------------------------------


def _joined(head: str, *operands: Symbol) -> Formula:
    return Formula(Apply(head, len(operands), 0), operands)


def _negated(x: Symbol) -> Symbol | None:
    """What x is the negative of, if it is written as one."""
    if isinstance(x, Formula):
        return x.operands[0] if type(x.last) is Apply and x.last.head == "neg" and x.name is None else None
    return -x if x < 0 else None


def _neg(x: Symbol) -> Symbol:
    inner = _negated(x)
    if inner is not None:
        return inner
    return -x if isinstance(x, fmpq) else _joined("neg", x)


def _add(x: Symbol, y: Symbol) -> Symbol:
    if isinstance(x, fmpq) and isinstance(y, fmpq):
        return x + y
    if ZERO in (x, y):
        return y if x == ZERO else x
    inner = _negated(y)
    return _joined("add", x, y) if inner is None else _joined("sub", x, inner)


def _sub(x: Symbol, y: Symbol) -> Symbol:
    if isinstance(x, fmpq) and isinstance(y, fmpq):
        return x - y
    if y == ZERO:
        return x
    if x == ZERO:
        return _neg(y)
    inner = _negated(y)
    return _joined("sub", x, y) if inner is None else _joined("add", x, inner)


def _mul(x: Symbol, y: Symbol) -> Symbol:
    if isinstance(x, fmpq) and isinstance(y, fmpq):
        return x * y
    if ZERO in (x, y):
        return ZERO
    if ONE in (x, y):
        return y if x == ONE else x
    first, second = _negated(x), _negated(y)
    if first is not None:
        return _mul(first, second) if second is not None else _neg(_mul(first, y))
    if second is not None:
        return _neg(_mul(x, second))
    below = fmpq(y.q) if isinstance(y, fmpq) and y.p == 1 else _reciprocal(y)
    if below is not None:
        return _div(x, below)
    below = _reciprocal(x)
    return _joined("mul", x, y) if below is None else _div(y, below)


def _reciprocal(x: Symbol) -> Symbol | None:
    """What x is 1 over, if it is written so."""
    if isinstance(x, Formula) and type(x.last) is Apply and x.last.head == "div" and x.name is None:
        return x.operands[1] if x.operands[0] == ONE else None
    return None


def _div(x: Symbol, y: Symbol) -> Symbol:
    if y == ZERO:
        raise Singular
    if isinstance(x, fmpq) and isinstance(y, fmpq):
        return x / y
    if x == ZERO or y == ONE:
        return x
    above, below = _negated(x), _negated(y)
    if above is not None:
        return _div(above, below) if below is not None else _neg(_div(above, y))
    return _joined("div", x, y) if below is None else _neg(_div(x, below))


def _pow(x: Symbol, y: Symbol) -> Symbol:
    if y == ONE:
        return x
    if y == ZERO and isinstance(x, Formula):
        return ONE
    return _call("pow")(x, y)


@cache
def _call(head: str) -> Callable[..., Symbol]:
    """A function of the language: a fraction where it is one, else its call."""

    def call(*operands: Symbol) -> Symbol:
        if all(isinstance(x, fmpq) for x in operands):
            value = _certified(Apply(head, len(operands), 0), list(operands))
            if type(value) is fmpq:
                return value
        return _joined(head, *operands)

    return call


def _certified(term: Apply, numbers: list[Any]) -> Any:
    """An operation on certified numbers; None for a function without a rule."""
    if term.head in BRACKETS:
        difference = CERTIFIED.functions["sub"](*numbers)
        return fmpq(HOLDS[BRACKETS[term.head]](CERTIFIED.sign(difference)))
    if term.head == "pow":
        return power(*numbers)
    entry = TABLE[key_of(term.head, term.arity)]
    return None if isinstance(entry, Abstract) else from_the_left(entry, numbers, bind(entry, CERTIFIED).value)


@cache
def _bracket(head: str) -> Callable[[Symbol, Symbol], Symbol]:
    """1 where a comparison holds and else 0; a bracket where it is open."""

    def bracket(x: Symbol, y: Symbol) -> Symbol:
        try:
            return fmpq(HOLDS[BRACKETS[head]](_sign(_sub(x, y))))
        except Assumed:
            return _joined(head, x, y)

    return bracket


class _Functions(dict[str, Callable[..., Symbol]]):
    """The function of every head: what the language has, and functions without a rule."""

    def get(self, head: str, default: Any = None) -> Any:
        return self[head]

    def __missing__(self, head: str) -> Callable[..., Symbol]:
        return _bracket(head) if head in BRACKETS else _call(head)


class _Letters(Mapping[str, Callable[[], Symbol]]):
    """Constants and letters: every name is a number."""

    def __getitem__(self, name: str) -> Callable[[], Symbol]:
        return lambda: Formula(Name(name, 0))

    def __iter__(self) -> Any:
        return iter(CONSTANTS)

    def __len__(self) -> int:
        return len(CONSTANTS)


# -- what is known -------------------------------------------------------------------------------------------


def number(x: Symbol) -> Any:
    """A constant as a certified number at the working precision; None where a function in it has no rule."""
    if not isinstance(x, Formula):
        return x
    if ctx.prec not in x.numbers:

        def leaf(y: Symbol) -> Any:
            return CERTIFIED.constants[y.last[0]]() if isinstance(y, Formula) else y

        x.numbers[ctx.prec] = _folded(x, leaf, _known)
    return x.numbers[ctx.prec]


def _known(term: Apply, numbers: list[Any]) -> Any:
    """An operation on certified numbers; None where a function without a rule is in one."""
    return None if any(n is None for n in numbers) else _certified(term, numbers)


_TRIED = (fmpq(1009, 1999), fmpq(3001, 2003), fmpq(-1013, 1493))
"""Where it is tried whether a formula is 0: numbers without a simple relation."""


def _vanishes(x: Symbol) -> bool:
    """Whether a formula is 0 as far as balls tell at points that have nothing to do with it."""
    for base in _TRIED:
        letters: dict[str, fmpq] = {}

        def leaf(y: Symbol, base: fmpq = base, letters: dict[str, fmpq] = letters) -> Any:
            if not isinstance(y, Formula):
                return y
            if y.last[0] in CONSTANTS:
                return CERTIFIED.constants[y.last[0]]()
            return letters.setdefault(y.last[0], base + fmpq(17 * len(letters), 97))

        try:
            with CERTIFIED.precision(_TRIED_BITS):
                value = _folded(x, leaf, _known)
                return value is not None and bool(ball(value).contains(0))
        except (Singular, TooLarge, NeedsPrecision):
            continue
    return False


_TRIED_BITS = 256


def _sign(x: Symbol) -> int:
    if is_open(x):
        raise Assumed
    value = number(x)
    if value is None:
        raise Assumed
    return CERTIFIED.sign(value)


def _row(bound: Bound, operands: list[Symbol], leaves: bool, at: tuple[str, ...]) -> Any:
    """The value of a row, and the texts of its partials at what may be a kink; nothing where all is known."""
    if not any(map(is_open, operands)):
        return None
    value = bound.value(*operands)
    kink = bound.elemental.kink
    if not leaves or kink is None or bound.side is None:
        return value, None
    try:
        side = _sign(bound.side(operands, None))
    except Assumed:
        return value, _bracketed(kink, at or kink.at)
    return value, kink.above if side > 0 else kink.below if side < 0 else at or kink.at


def _bracketed(kink: Kink, at: tuple[str, ...]) -> tuple[str, ...]:
    """The partials to both sides of a kink and at it, each times the bracket of where it counts."""
    sides = kink.where.split(", ")[0].replace(" = ", ", ")

    def together(below: str, here: str, above: str) -> str:
        if below == here == above:
            return here
        if here == above:
            parts = [(above, "at_least"), (below, "below")]
        elif here == below:
            parts = [(above, "above"), (below, "at_most")]
        else:
            parts = [(above, "above"), (below, "below"), (here, "equal")]
        text = ""
        for partial, head in parts:
            if partial == "0":
                continue
            sign, bracket = " - " if partial == "-1" else " + ", f"{head}({sides})"
            text += sign + (bracket if partial in ("1", "-1") else f"({partial})*{bracket}")
        return text[3:] if text.startswith(" + ") else f"-{text[3:]}"

    return tuple(map(together, kink.below, at, kink.above))


def _named(longest: int) -> Callable[..., Symbol]:
    """What a number is in others: itself, or the name of its row where that is shorter."""

    def named(  # noqa: PLR0917 - a number, and its address
        x: Symbol, quantity: str, place: int, seed: int = 0, running: bool = False, entry: int | None = None
    ) -> Symbol:
        if not isinstance(x, Formula) or x.size <= longest * (_MOST_RUNNING if running else 1):
            return x
        if (x.size <= 2 and longest > LONGEST_ENTRY) or (x.name is not None and longest == LONGEST_ENTRY):
            return x
        places = (place, seed) if entry is None else (place, seed, entry)
        return Formula(x.last, x.operands, Name(_MARK.join((quantity, *map(str, places))), 0))

    return named


@lru_cache(maxsize=16)
def symbols(longest: int = LONGEST) -> Arithmetic:
    """The arithmetic of formulas, of which one with more terms than ``longest`` is named in others."""
    return Arithmetic(
        name="symbolic",
        functions=_Functions(add=_add, sub=_sub, mul=_mul, div=_div, neg=_neg, pow=_pow),
        literal=literal,
        constants=_Letters(),
        sign=_sign,
        precision=CERTIFIED.precision,
        zero=ZERO,
        one=ONE,
        exact=True,
        magnitude_bits=CERTIFIED.magnitude_bits,
        formulas=True,
        row=_row,
        named=_named(longest),
        vanishes=_vanishes,
        told=lambda x: plain(terms_of(x)),
        origin=(symbols, (longest,)),
    )


# -- letters of a point --------------------------------------------------------------------------------------


def is_letter(terms: Terms) -> bool:
    """Whether a value of the point is an open letter."""
    return len(terms) == 1 and type(terms[0]) is Name and terms[0].name not in CONSTANTS


def still_open(what: str, letters: Sequence[str], where: str = "") -> str:
    """The sentence for a comparison that open letters leave undecided."""
    plural = "have" if len(letters) > 1 else "has"
    names = " and ".join(letters)
    return f"whether {what}{where} is open, for {names} {plural} no value; a branch is chosen at a point, at=..."


# -- for the caller ------------------------------------------------------------------------------------------
