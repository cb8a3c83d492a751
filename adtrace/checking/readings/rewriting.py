"""Rules of rows taken apart and put together again: patterns in the notation of the table of elementals.

``u``, ``w``, ``z`` in a pattern stand for any sub-expression, ``n`` and ``m`` for a number as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from math import isfinite
from typing import Any

from adtrace.arrays.elemental import terms_of
from adtrace.arrays.table import is_known
from adtrace.checking.readings.names import plainly
from adtrace.elementals import BRACKETS, TABLE, from_the_left, key_of
from adtrace.errors import AdtraceError
from adtrace.language.syntax import CONSTANTS, GROUP, SILENT, Apply, Name, Number, Term, Terms, fold, starts
from adtrace.numbers import Singular, TooLarge
from adtrace.numbers.floats import FLOATS
from adtrace.tracing.evaluate import HOLDS, bind
from adtrace.writing.dialects import PLAIN
from adtrace.writing.notation import with_names

ANY, LITERAL = frozenset("uwz"), frozenset("nm")
_SPELLINGS = {"log": "ln"} | {f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")}
_UNDEFINED = (Singular, TooLarge, AdtraceError, ArithmeticError, ValueError, TypeError, KeyError)
_OF_SHAPES = (*_UNDEFINED, AttributeError, IndexError, RecursionError)
"""A slip may put a number where an operation wants an array; a function that nobody knows is its own formula."""

Bound = dict[str, Terms]
"""What the letters of a pattern stand for."""


@lru_cache(maxsize=2048)
def pattern(text: str) -> tuple[tuple[Term, ...], list[int]]:
    """A pattern in postfix, and where its parts begin."""
    terms = bare(terms_of(text))
    return terms, starts(terms)


def number(value: int) -> Number:
    """A whole number as a term."""
    return Number(str(value), value, 0, 0)


def bare(terms: Terms) -> tuple[Term, ...]:
    """The terms without brackets, each function under one name, powers of e as exp."""
    found: list[Term] = []
    stack: list[int] = []
    for term in terms:
        first = len(found)
        if type(term) is Apply:
            if term.head in SILENT:
                continue
            first = stack[-term.arity]
            is_exp = term.head == "pow" and stack[-1] == first + 1 and getattr(found[first], "name", "") == "e"
            if is_exp:
                del found[first]
            del stack[-term.arity :]
            head = _SPELLINGS.get(term.head, term.head) if term.arity == 1 else term.head
            found.append(Apply("exp", 1, 0) if is_exp else term._replace(head=head))
        else:
            found.append(term)
        stack.append(first)
    return tuple(found)


def matched(text: str, terms: Terms, begin: Sequence[int], end: int) -> Bound | None:
    """What the letters of the pattern stand for, if the sub-expression that ends there is of its form."""
    bound: Bound = {}
    made, inner = pattern(text)

    def match(p: int, t: int) -> bool:
        wanted, there = made[p], terms[t]
        if type(wanted) is Name and wanted.name in ANY | LITERAL:
            part = terms[begin[t] : t + 1]
            if wanted.name in LITERAL and type(there) is not Number:
                return False
            return same(bound.setdefault(wanted.name, part), part)
        if type(wanted) is not Apply or type(there) is not Apply:
            return same((wanted,), (there,))
        if (wanted.head, wanted.arity) != (there.head, there.arity) or not set(wanted.options) <= set(there.options):
            return False
        for _ in range(wanted.arity):
            if not match(p - 1, t - 1):
                return False
            p, t = inner[p - 1], begin[t - 1]
        return True

    return bound if match(len(made) - 1, end) else None


def same(some: Terms, others: Terms) -> bool:
    """Whether both are the same terms, wherever they stand."""
    return len(some) == len(others) and all(
        type(a) is type(b) and placeless(a) == placeless(b) for a, b in zip(some, others, strict=True)
    )


def placeless(term: Term) -> tuple[Any, ...]:
    """A term without the place where it stands."""
    return (term.head, term.arity, term.options) if type(term) is Apply else term[:-1]


def put(text: str, bound: Mapping[str, Terms]) -> tuple[Term, ...]:
    """The pattern with its letters replaced; whole numbers are added up: u^(n - 1) of 3 is u^2, and of 2 it is u."""
    found: list[Term] = []
    for term in pattern(text)[0]:
        if type(term) is Name and term.name in bound:
            found += bound[term.name]
        elif type(term) is Apply and term.head in ("add", "sub") and all(map(_is_whole, found[-2:])):
            second, first = found.pop()[1], found.pop()[1]
            found.append(number(first + second if term.head == "add" else first - second))
        elif type(term) is Apply and term.head == "pow" and same(found[-1:], (number(1),)):
            found.pop()
        else:
            found.append(term)
    return tuple(found)


def _is_whole(term: Term) -> bool:
    return type(term) is Number and term.exponent == 0


def replaced(terms: Terms, by: Mapping[str, Terms]) -> tuple[Term, ...]:
    """The terms with others in place of names."""
    return tuple(t for term in terms for t in (by.get(term.name, (term,)) if type(term) is Name else (term,)))


def total(addends: Iterable[Terms]) -> Terms:
    """The sum of addends; of none it is 0."""
    made: Terms = ()
    for addend in addends:
        made = (*made, *addend, Apply("add", 2, 0)) if made else addend
    return made or (number(0),)


def renamed(terms: Terms, names: Mapping[str, str]) -> Terms:
    """The terms with other names, by those that they have; what is not among these keeps its own."""
    return tuple(term._replace(name=names.get(term.name, term.name)) if type(term) is Name else term for term in terms)


def names_of(terms: Terms) -> tuple[str, ...]:
    """The names in their order, without pi and e."""
    return tuple({t.name: None for t in terms if type(t) is Name and t.name not in CONSTANTS})


def reached(name: str, operands: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """All names from which one is computed, through however many rows."""
    waiting, found = [name], set[str]()
    while waiting:
        further = {*operands(waiting.pop())} - found
        found |= further
        waiting += further
    return frozenset(found)


# ------------------------------------------------------------------------------------------------------------- numbers


@lru_cache(maxsize=512)
def _function(head: str, arity: int) -> Callable[..., float]:
    """The operation in doubles."""
    function = FLOATS.functions.get(head)
    if function is not None and arity <= 2:
        return function
    if head in BRACKETS:
        return lambda u, w: float(HOLDS[BRACKETS[head]](u - w))
    entry = TABLE.get(key_of(head, arity))
    if entry is None:
        raise KeyError(head)  # of arrays, or without a formula
    value = function or bind(entry, FLOATS).value
    return lambda *operands: from_the_left(entry, operands, value)


def in_doubles(terms: Terms, numbers: Mapping[str, Any]) -> Any:
    """The value in doubles, an array of them for arrays; None where there is none."""
    try:
        value = _of_numbers(terms, numbers)
    except KeyError:
        value = _of_whole_arrays(terms, numbers)
    except _UNDEFINED:
        return None
    return value if not isinstance(value, float) or isfinite(value) else None


def _of_numbers(terms: Terms, numbers: Mapping[str, Any]) -> float:
    stack: list[float] = []
    for term in terms:
        if isinstance(term, Apply):
            function = _function(term.head, term.arity)
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            stack.append(function(*operands))
        elif isinstance(term, Number):
            stack.append(float(term.digits) * 10.0**term.exponent if term.exponent else float(term.digits))
        else:
            found = numbers.get(term.name)
            if hasattr(found, "shape"):
                raise KeyError(term.name)
            stack.append(FLOATS.constants[term.name]() if found is None else found)
    return stack[0]


def _of_whole_arrays(terms: Terms, numbers: Mapping[str, Any]) -> Any:
    heads = {(t.head, t.arity) for t in terms if type(t) is Apply} - {(head, 1) for head in SILENT}
    if any(not is_known(head) and key_of(head, arity) not in TABLE for head, arity in heads):
        return None
    from adtrace.tracing.arrays import arrays, rule_value  # noqa: PLC0415 - numpy is imported where there are arrays

    try:
        return rule_value(terms, numbers, arrays(FLOATS))
    except _OF_SHAPES:
        return None


# --------------------------------------------------------------------------------------------------------------- words


_MARKS = {"dot": "{}'", "ddot": "{}''", "prime": "{}'", "bar": "bar {}", "dotbar": "bar {}'", "ddotbar": "bar {}''",
          "d": "d{}", "grad": "grad {}"}  # fmt: skip


def key_text(key: str) -> str:
    """A name as plain text: v_{-1}, v_1' for a tangent, bar v_1 for an adjoint, dy/dv_1."""
    mark, _, variable = plainly(key).partition(" ")
    if not variable:
        base, low, index = mark.partition("_")
        return f"{base}_{{{index}}}" if low and index.startswith("-") else mark
    if mark.startswith("leibniz"):
        above, _, below = variable.partition(" ")
        return f"d{key_text(above)}/d{key_text(below)}"
    return _MARKS.get(mark, mark + " {}").format(key_text(variable.split(" ")[0]))


def text_of(terms: Terms) -> str:
    """A formula as plain text."""
    terms = tidy(terms)
    return with_names(terms, PLAIN, {key: key_text(key) for key in names_of(terms)}).text


def tidy(terms: Terms) -> Terms:
    """The terms without factors 1 and -1, and without the sum of a negative term."""

    def apply(term: Apply, operands: list[Terms]) -> Terms:
        first, last = operands[0], operands[-1]
        if term.head == "mul" and same(first, (number(1),)):
            return last
        if term.head in ("mul", "div") and same(last, (number(1),)):
            return first
        minus = (number(1), Apply("neg", 1, 0))
        if term.head == "mul" and (same(first, minus) or same(last, minus)):
            return (*(last if same(first, minus) else first), minus[1])
        if term.head == "add" and same(last[-1:], minus[1:]):
            return (*first, *last[:-1], Apply("sub", 2, 0))
        return (*(t for operand in operands for t in operand), term)

    return fold(terms, lambda leaf: (leaf,), apply)


def places(terms: Terms) -> Iterator[tuple[int, list[int]]]:
    """The operations of a formula, the outermost first, with where each sub-expression begins; 60 at most."""
    begin = starts(terms)
    for end in [i for i, t in enumerate(terms) if type(t) is Apply and t.head != GROUP][::-1][:60]:
        yield end, begin
