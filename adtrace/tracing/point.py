"""Numbers from the caller into constant expressions: exactly, and never through Python's evaluation.

A number may be an int, a Fraction, a Decimal, a string in the language (``"1/3"``, ``"pi/2"``, ``"-2e-3"``), a sympy
number, or a float, which means its shortest decimal: 0.1 is one tenth.
"""

from __future__ import annotations

import math
import numbers
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from adtrace.errors import BindingError, BoundError, ParseError, caret, listed, printable
from adtrace.language.allowed import Language
from adtrace.language.calls import CONSTANT_ARRAYS, HEADS
from adtrace.language.parse import parse
from adtrace.language.reader import NAME
from adtrace.language.syntax import CONSTANTS, Apply, Name, Terms
from adtrace.language.syntax import Number as Literal
from adtrace.limits import DEFAULT, Limits
from adtrace.numbers.value import Value
from adtrace.settings import COMMA, POINT
from adtrace.tracing.from_sympy import is_sympy, number_terms
from adtrace.tracing.point_arrays import Entries, axes_of, entries_of, is_array, require_size, split
from adtrace.tracing.reading import language, one_reading
from adtrace.writing.dialects import plain

_ALIKE = re.compile(r"_(?=[0-9])")

Number = Any
"""int | Fraction | Decimal | str | float | sympy number"""


_LONGEST_VALUE = 10_000
"""Characters of a number of the point: it is printed in every cell and caption that names it."""


OPEN = object()
"""What stands in a point for a letter that has no value."""


def constant(
    given: Number, what: str, limits: Limits = DEFAULT, allowed: Language | None = None, letters: Collection[str] = ()
) -> Terms:
    """The number as a constant expression; ``what`` names it in an error, ``allowed`` what its text may hold,
    ``letters`` which names may stand in it.

    Raises `BindingError` for what is not a finite real number, `ParseError` for text that is not in the language,
    `BoundError` for one that is too long.
    """
    if type(given) is int and 0 <= given < _SMALL and limits.literal_digits >= _LEAST:  # as most points are
        return (Literal(str(given), given, 0, 0),)
    if type(given) is float and math.isfinite(given):
        text = repr(given)
    elif is_sympy(given):
        return number_terms(given, what, limits)
    else:
        text = _text(given, what, limits)
    literal = _LITERAL.fullmatch(text)
    if literal is not None and len(text) <= _SHORT and limits.literal_digits >= _LEAST:
        return _literal(*literal.groups())
    if len(text) > _LONGEST_VALUE:
        raise BoundError(f"{what} has {len(text)} characters; the bound is {_LONGEST_VALUE}")
    terms = _formula(text, what, allowed or language(limits=limits), letters)
    if any(type(term) is Apply and term.head in HEADS for term in terms):
        raise BindingError(f"{what} is a number, or an array that is written out: [[1, 2], [3, 4]]")
    return terms


def _formula(text: str, what: str, allowed: Language, letters: Collection[str]) -> Terms:
    """A number that is written as a formula of constants and of these letters."""
    try:
        expression, _ = one_reading(text, allowed)
    except ParseError as error:
        raise ParseError(f"{what}: {error.problem}", error.text, error.position) from None
    if expression.function or expression.statements[0].name or len(expression.statements) > 1 or expression.conditional:
        raise ParseError(f"{what} is a number, not an equation", text, 0)
    for term in expression.terms:
        if type(term) is Name and term.name not in CONSTANTS and term.name not in letters:
            raise BindingError(f"{what} is a number; {term.name} is none\n{caret(text, term.position)}")
    return expression.terms


@dataclass(frozen=True, slots=True)
class Spelled:
    """What makes the terms of an entry."""

    limits: Limits
    allowed: Language | None = None
    letters: Collection[str] = ()

    def __call__(self, number: Any, what: str) -> Terms:
        """The terms; ``what`` names the entry in an error."""
        return constant(number, what, self.limits, self.allowed, self.letters)

    def __reduce__(self) -> tuple[Any, ...]:
        return Spelled, (self.limits,)  # only arrays of numbers are sent before they are spelled


def entries(given: Any, name: str, limits: Limits, allowed: Language | None = None,
            letters: Collection[str] = ()) -> Entries:  # fmt: skip
    """An array of the point: nested lists, a numpy array, a matrix, or a list that is typed, ``[[1, -1], [1/3, pi]]``.

    Raises `BindingError` for one that is not rectangular, or empty, and for an entry as `constant`; `BoundError`.
    """
    if not isinstance(given, str):
        return entries_of(given, name, limits, Spelled(limits, allowed, letters))
    what = f"the value of {name}"
    reading = replace(allowed or language(limits=limits), shapes={name: (1,)})  # [5] is an array here
    typed = split(_formula(given, what, reading, letters), what)
    require_size(typed.shape, name, limits)
    return typed


def is_typed_array(given: object) -> bool:
    """Whether a text is an array: a list, a matrix of LaTeX, or a call that makes one, ``ones(2, 3)``."""
    return isinstance(given, str) and _TYPED_ARRAY.match(given) is not None


_TYPED_ARRAY = re.compile(
    rf"[ \t\r\n$]*(?:\[|(?:{'|'.join(CONSTANT_ARRAYS)})[ ]*\(|(?:\\left[ ]*[\[(][ ]*)?\\begin[ ]*\{{)"
)


def named(at: Any, order: Callable[[], Sequence[str] | None]) -> Mapping[Any, Number]:
    """The point as numbers by name: a mapping, a labelled series (of pandas), or, where the function has its variables
    in an ``order``, their values in it: a list, a tuple, an array of one axis.

    Raises `BindingError` for what is none, and for another number of values.
    """
    if isinstance(at, Mapping):
        return at
    if _has_names(at):
        twice = [name for name, count in Counter(at.index).items() if count > 1]
        if twice:
            raise BindingError(f"{listed(twice)} {'is' if len(twice) == 1 else 'are'} given twice")
        return dict(at.items())
    names = order() if _is_series(at) or isinstance(at, list | tuple) or axes_of(at) == 1 else None
    if isinstance(at, str):
        raise BindingError("the point is a mapping of names to numbers, such as {'x1': 2, 'x2': 5}; a text is for the "
                           "command line")  # fmt: skip
    if names is None:
        raise BindingError("the point is a mapping of names to numbers, such as {'x1': 2, 'x2': 5}; a list of numbers "
                           "is for what says the order of its variables, 'f(x1, x2) = ...'")  # fmt: skip
    values = [value for _, value in at.items()] if _is_series(at) else list(at)
    if len(names) != len(values):
        raise BindingError(f"the variables are {listed(names)}, and the point has {len(values)} numbers")
    return dict(zip(names, values, strict=True))


def _is_series(given: object) -> bool:
    """Whether it is values with labels, as pandas has them."""
    return all(hasattr(given, name) for name in ("index", "items", "iloc")) and getattr(given, "ndim", 0) == 1


def _has_names(given: Any) -> bool:
    """Whether the labels are names."""
    return _is_series(given) and all(isinstance(name, str) for name in given.index)


def by_label(at: Any) -> Any:
    """The point; one with labels that are names as a mapping."""
    return named(at, lambda: None) if _has_names(at) else at


def read_point(at: Mapping[Any, Number], allowed: Language) -> tuple[dict[str, Number], tuple[str, ...]]:
    """The point with plain names and numbers, and how each number was read that is not in the plain language.

    Raises `BindingError` for what is no name, and as `constant`.
    """
    if not isinstance(at, Mapping):
        raise BindingError("the point is a mapping of names to numbers, such as {'x1': 2, 'x2': 5}")
    point: dict[str, Number] = {}
    readings: list[str] = []
    for name, number in at.items():
        plain_name = name
        if not isinstance(name, str) or not NAME.fullmatch(name):
            own = _name(name, strict=not allowed.forms) if isinstance(name, str) else None
            plain_name = str(name) if own is None else own
        if plain_name in point:
            raise BindingError(f"{plain_name} is given twice")
        point[plain_name] = number
        if is_typed_array(number) or is_array(number):
            point[plain_name] = entries(number, plain_name, allowed.limits, allowed)
            continue
        if isinstance(number, str) and not _LITERAL.fullmatch(number):
            said = _told(number, f"the value of {plain_name}", allowed)
            if said:
                point[plain_name] = said
                readings.append(f"{plain_name} read as {said}")
    return point, tuple(readings)


def _told(text: str, what: str, allowed: Language) -> str:
    """How a number that is text was read, where it is not plain."""
    terms = constant(text, what, allowed.limits, allowed)
    if allowed.decimal == POINT and text.isascii():
        try:
            parse(text, allowed.functions, limits=allowed.limits)
        except ParseError:
            pass
        else:
            return ""
    return plain(terms)


_LITERAL = re.compile(r"(-?)(([0-9]+)(?:\.([0-9]+))?(?:e([+-]?[0-9]{1,2}))?)", re.ASCII)
_SMALL, _SHORT, _LEAST = 10**16, 32, 400
"""A literal of so many characters, with two digits of an exponent, is within any bound of at least so many digits."""


def _literal(sign: str, text: str, whole: str, fraction: str | None, exponent: str | None) -> Terms:
    """The terms of one number, which are most of all points, without a reader for the language."""
    shift = int(exponent or 0) - len(fraction or "")
    term = Literal(text, int(whole + (fraction or "")), shift, len(sign))
    return (term, Apply("neg", 1, 0)) if sign else (term,)


def _text(given: Number, what: str, limits: Limits) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, Value):
        if given.exact is None:
            raise BindingError(f"{what} is {given}, a value that is no fraction; float(value) is the double next to it")
        return _text(given.exact, what, limits)
    if getattr(given, "ndim", None) == 0 and not isinstance(given, numbers.Number):  # numpy.array(3.0)
        given = given[()]
    text = None if isinstance(given, bool) else _digits(given, limits)
    if text is None:
        raise BindingError(f"{what} is not a finite real number: {printable(repr(given)[:80])}")
    return text


def _digits(number: object, limits: Limits) -> str | None:
    """A number of Python or numpy as it is read: a float as its shortest decimal.  None for one that is not finite."""
    if isinstance(number, numbers.Integral):
        return _integer(int(number), limits)
    if isinstance(number, Fraction):
        whole = _integer(number.numerator, limits)
        return whole if number.denominator == 1 else f"{whole}/{_integer(number.denominator, limits)}"
    if isinstance(number, Decimal):
        return str(number) if number.is_finite() else None
    if not isinstance(number, numbers.Real) or number - number != 0:
        return None
    is_double = getattr(number, "itemsize", 8) >= 8 and float(number) == number
    return repr(float(number)) if is_double else str(number)  # other precisions print their own shortest decimal


def _integer(n: int, limits: Limits) -> str:
    if abs(n) >= 10**limits.literal_digits:
        raise BoundError(f"a number may have {limits.literal_digits} digits")
    return str(n)


def assignments(text: str, option: str, decimal: str = POINT, *, strict: bool = False) -> dict[str, str]:
    r"""``x1=2,x2=pi/2`` as names and texts; commas inside brackets part nothing, semicolons and line ends part, too.

    A name may be one of Unicode or LaTeX (``x₁``, ``\theta_1``), and ``(x, y) = (1, 2)`` gives two.
    Raises `ParseError` for a piece that is not an assignment, and for a name given twice.
    """
    texts: dict[str, str] = {}
    for start, piece in _pieces(text, decimal):
        name, equals, value = piece.partition("=")
        for label, number in _pairs(name, value):
            variable = _name(label, strict=strict)
            if not equals or variable is None or not number.strip() or "=" in number:
                second = piece.find("=", len(name) + 1)  # x=1 y=2, x==1: the fault is where the second sign stands
                fault = start + second if equals and second > 0 else min(start, len(text))
                form = f"{option} is written as name=number, separated by commas"
                raise ParseError(form + _comma(piece, texts, decimal, option), text, fault)
            if variable in texts:
                raise ParseError(f"{variable} is given twice in {option}", text, start)
            texts[variable] = number.strip()
    return texts


def _name(text: str, *, strict: bool) -> str | None:
    """The name that a text is, in Unicode or LaTeX, too; None for what is none."""
    if NAME.fullmatch(text.strip()) or strict:
        return text.strip() if NAME.fullmatch(text.strip()) else None
    from adtrace.language.programs import name_of  # noqa: PLC0415 - most names are plain

    return name_of(text, language())


def _comma(piece: str, before: dict[str, str], decimal: str, option: str) -> str:
    """What a message says of ``x1=1,5``: a comma that may stand before decimals."""
    number = next(reversed(before.values()), "")
    if decimal == COMMA or not number[-1:].isdecimal() or not _DIGITS.fullmatch(piece):
        return ""
    spelled = "--decimal comma" if option.startswith("--") else "decimal comma"
    return f"; where 1,5 is a number, add {spelled}, and part by semicolons"


_DIGITS = re.compile(r"[0-9]+[^=]*")
_TUPLE = re.compile(r"\s*\(([^()]*+)\)\s*")


def _pieces(text: str, decimal: str) -> Iterator[tuple[int, str]]:
    """The assignments of a text, each with its place."""
    depth, start = 0, 0
    for place, char in enumerate(text + ","):
        depth += (char in "([{") - (char in ")]}")
        parts = char in ",;\n" and not (char == "," and decimal == COMMA and not _NEXT.match(text, place))
        if place < len(text) and (not parts or depth > 0):
            continue
        piece = text[start:place]
        if piece.strip(" \t$") or char == "," or start == 0:  # a ; or a line end may stand last
            yield start, piece.strip("$ \t") if "$" in piece else piece
        start = place + 1


_NEXT = re.compile(r",[ \t]*[^\W\d]\w*[ \t]*=")
"""A comma before the next name, where commas stand in numbers."""


def _pairs(name: str, value: str) -> list[tuple[str, str]]:
    """``(x, y) = (1, 2)`` as two assignments."""
    names, numbers = _TUPLE.fullmatch(name), _TUPLE.fullmatch(value)
    if names is None or numbers is None:
        return [(name, value)]
    pairs = list(zip(names[1].split(","), numbers[1].split(","), strict=False))
    same = names[1].count(",") == numbers[1].count(",")
    return pairs if same else [(name, value)]


def _extra_problem(extra: list[str], variables: list[str]) -> str:
    """``x is not a variable of the expression; its variables are x1 and x2``."""
    plural = "is not a variable" if len(extra) == 1 else "are not variables"
    there = [name for name in variables if name not in CONSTANTS]
    have = f"its variables are {listed(there)}" if len(there) > 1 else f"its variable is {there[0]}" if there else ""
    extras = listed(extra)
    names = [str(name) for name in extra]
    product = f"; products are written out: {'*'.join(names)}" if len(names) > 1 and "".join(names) in there else ""
    return f"{extras} {plural} of the expression; {have or 'it has none'}{product}"


def bind_point(
    at: Mapping[str, Number], parameters: tuple[str, ...] | None, used: list[str], limits: Limits
) -> dict[str, Terms]:
    """The point in the order of the independent variables: of the left side, else of the point itself.

    Raises `BindingError` for a parameter without a value and a value without a variable.
    """
    order = list(parameters) if parameters is not None else list(at)
    missing = [name for name in order if name not in at]
    if missing:
        raise BindingError(f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no value")
    variables = order if parameters is not None else used
    wanted_names = frozenset(variables)
    extra = [name for name in at if name not in wanted_names]
    if extra:
        raise BindingError(_extra_problem(extra, variables))
    _require_unlike(order)
    if not order:
        wanted = next((name for name in used if name not in CONSTANTS), "x1")
        raise BindingError(f"a trace needs a variable; give it a value, such as {wanted}=2")
    return {name: value_of(name, at[name], limits) for name in order}


def _require_unlike(names: Sequence[str]) -> None:
    """Refuse two names that look the same in print: ``x1`` and ``x_1``."""
    alike: dict[str, str] = {}
    for name in names:
        other = alike.setdefault(_ALIKE.sub("", name) if "_" in name else name, name)
        if other != name:
            raise BindingError(f"{other} and {name} look the same in print; rename one of them")


def value_of(name: str, given: Number, limits: Limits) -> Terms:
    """The value of a variable as a constant expression; that of an open letter is its name."""
    if is_array(given):
        return entries(given, name, limits)
    if given is not OPEN:
        return constant(given, f"the value of {name}", limits)
    if name in CONSTANTS:
        raise BindingError(f"{name} is a constant; a letter that stays open needs another name")
    return (Name(name, 0),)


def opened(at: Mapping[str, Number], letters: Sequence[str] | None, used: Sequence[str]) -> dict[str, Number]:
    """The point with its open letters: those that are named, or every name that is used for None.

    They stand in the order in which the names are used.  Raises `BindingError` for a letter that has a value.
    """
    for name in letters or ():
        if name in at:
            raise BindingError(f"{name} has a value, and so it is not open")
    chosen = [name for name in used if name not in CONSTANTS and name not in at] if letters is None else letters
    point = {name: at.get(name, OPEN) for name in used if name in at or name in chosen}
    return point | {name: at[name] for name in at if name not in point}
