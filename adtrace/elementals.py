"""The table of elementals: every operation that a row can be, declared once, as a textbook line.

A rule is text in adtrace's own language, with the slots ``u``, ``w``, ``z``, ... for the operands, ``v`` for the result
and ``du``, ``dw``, ... for the operands' tangents.  From one entry come the value and the partials in every number
system, the formula cell in every dialect, the domain check and its sentence, the tests and the reference of functions.
Adding a function is adding a line.

Partials as in Griewank and Walther, *Evaluating Derivatives* (2nd ed., 2008), Table 2.3 and section 2.1; those that
the result makes cheaper are written with ``v``.  At a kink no derivative exists, and the entry names the partials to
its two sides and those to use by convention: abs 0, relu 0, the first operand of a tie, H(0) = 1/2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from functools import cached_property, lru_cache, reduce
from itertools import product
from typing import Any, NamedTuple, TypeVar
from weakref import WeakValueDictionary

from adtrace.errors import OptionError
from adtrace.language.parse import parse
from adtrace.language.syntax import Apply, Expression, Name, Terms
from adtrace.limits import Limits
from adtrace.wording import Said, said

SLOTS = ("u", "w", "z", "t", "s", "r")
"""The operands in rules, by their place: an elemental may have so many."""

_T = TypeVar("_T")

CORNER, TIE, JUMP, EDGE, NONE = "corner", "tie", "jump", "edge", "none"
"""What a kink is: the slope changes; two operands are equal; the value jumps; the domain ends; none, where only the
rule of the partial is 0/0."""


class Comparison(NamedTuple):
    """A comparison of two rules, ``u > 0``."""

    left: Terms
    relation: str
    right: Terms


class Condition(NamedTuple):
    """One comparison, or several of which one is enough: ``u != 0 or w != 0``."""

    text: str
    choices: tuple[Comparison, ...]


@dataclass(frozen=True)
class Kink:
    """Where an elemental has no derivative, and its partials there and to both sides.

    Partials are rules, one for each operand.  Those to a side hold on the whole of it.
    """

    where: str
    """Conditions, of which the first is an equation: ``u = 0``, ``u = w``.  Left less right tells the sides apart."""
    at: tuple[str, ...]
    """The partials used there by default."""
    below: tuple[str, ...] = ()
    """Where left is less than right; none if they are the elemental's own, or are not known."""
    above: tuple[str, ...] = ()
    """Where left is greater."""
    kind: str = CORNER
    """`CORNER`, `TIE`, `JUMP`, `EDGE` or `NONE`."""
    value: str = ""
    """The value there, where it is a convention, too."""
    slopes: tuple[str, ...] = ()
    """The partials of left less right, where it is not a slot less a number or another slot."""

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Where it is."""
        return conditions(self.where)

    @property
    def equation(self) -> Comparison:
        """What is equal there."""
        return self.conditions[0].choices[0]

    @cached_property
    def slots(self) -> frozenset[str]:
        """The operands that are to move for one to leave it."""
        sides = (*self.equation.left, *self.equation.right)
        return frozenset(term.name for term in sides if isinstance(term, Name))

    @property
    def across(self) -> tuple[str, ...]:
        """The partials of left less right."""
        left, _, right = self.where.split(", ")[0].partition(" = ")
        return self.slopes or tuple({left: "1", right: "-1"}.get(slot, "0") for slot, _ in zip(SLOTS, self.at))  # noqa: B905

    @property
    def sided(self) -> bool:
        """Whether it is continuous, with known partials to both sides."""
        return bool(self.below)


class Signature:
    """What rows have in common that are computed and printed alike; each is made once, by its elemental."""

    __slots__ = ("active", "elemental")

    def __init__(self, elemental: Elemental, active: tuple[bool, ...]) -> None:
        self.elemental = elemental
        self.active = active
        """For each operand, whether it is a variable."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _signature, (self.elemental, self.active)


def _signature(elemental: Elemental, active: tuple[bool, ...]) -> Signature:
    return elemental.signatures[active]


NAMED, BARS, FLOOR, CEILING, ROOT, BASE, INDEXED = "named", "bars", "floor", "ceiling", "root", "base", "indexed"
"""The shapes of a call: ``name(u, w)``, a pair of bars, brackets without a foot or a head, a root, a name with an
index of one operand, and of all."""


class Drawn(NamedTuple):
    """How a call is drawn where formulas are set; each dialect has a line for each shape."""

    shape: str = NAMED
    word: str = ""
    """What stands before the brackets; the spelling of the elemental, if empty."""
    number: str = ""
    """The degree of a root, the base of a logarithm, the order of a function; ``<u>`` or ``<w>`` for an operand."""

    @property
    def argument(self) -> str:
        """The operand in the brackets of a name with an index."""
        return "<w>" if self.number == "<u>" else "<u>"


ANYWHERE, PAIRS = "1/2; -7/3; 0.1; 3", "1/2, 3; -7/3, 0.1; 5, -2/9; -1.25, -3"
"""Points at which an elemental of one operand, and of two, is tried where its entry names no others."""
_POSITIVE, _INSIDE = "1/2; 7/3; 0.001; 40", "1/2; -3/7; 0.99; -1/1000"


@dataclass(frozen=True, eq=False)
class Elemental:
    """One elemental function.  The texts are as declared; the properties are what they say, read once.

    An entry is made once and is equal to itself only, so that tables of what is compiled from it are cheap to look up.
    """

    name: str
    """The canonical name, which is also the spelling in the language."""
    formula_text: str
    """What a formula cell shows: ``u*w``, ``ln(u)``."""
    partials_text: tuple[str, ...]
    """The local partials, one for each operand: ``("w", "u")``."""
    tangent_text: str = ""
    """The tangent where the textbook's form is not the sum of partial times tangent."""
    computed_text: tuple[str, ...] = ()
    """How the partials are computed, where digits would cancel in what is printed."""
    value_text: str = ""
    """How the value is computed, where that is not the formula itself."""
    definition_text: str = ""
    """The value as a textbook defines it, where it is computed in another way."""
    in_sympy: str = ""
    """sympy's name of it, where it has one though the numbers need not bring the function."""
    domain_text: str = ""
    """Where the elemental has a real value; everywhere, if empty.  Conditions are parted by commas."""
    smooth_text: str = ""
    """Where, within the domain, it has finite partials; everywhere, if empty."""
    kink: Kink | None = None
    """Where one-sided partials differ and a convention takes their place; a row beside it writes those of its side."""
    drawn: Drawn = Drawn()  # noqa: RUF009 - a tuple
    """How its call is drawn."""
    latex: str = ""
    r"""The call of one's own elemental in LaTeX and Markdown, ``\mathrm{GELU}(<u>)``; other formats write its name."""
    title: str = ""
    """What a sentence calls it; its name, if empty."""
    order: str = ""
    """The slot that takes constants only: by it there is no partial."""
    many: bool = False
    """Whether a call may have more than two operands, taken from the left."""
    tries: str = ""
    """Points at which it is smooth, in every region of its domain: ``1/2, 3; -7/3, 0.1``.  The usual ones, if empty."""

    def __reduce__(self) -> tuple[Any, ...]:
        """By its name if it is in the table; one's own, and one that is made from another, by what it says."""
        key = self.name, self.arity
        if TABLE.get(key) is self and key not in DECLARED:
            return _of_table, key
        return (declared_again if key in DECLARED else made), _texts(self)

    @property
    def arity(self) -> int:
        """The number of operands."""
        return len(self.partials_text)

    @property
    def points(self) -> tuple[tuple[str, ...], ...]:
        """The operands at each of the points at which it is tried."""
        points = self.tries or (ANYWHERE if self.arity == 1 else PAIRS)
        return tuple(tuple(number.strip() for number in point.split(",")) for point in points.split(";"))

    @property
    def spoken(self) -> str:
        """What a sentence calls it."""
        return str(self.told)

    @property
    def told(self) -> Said | str:
        """The same in a document: the phrase of its title, or its name."""
        return said(self.title) if self.title else self.name

    @cached_property
    def signatures(self) -> dict[tuple[bool, ...], Signature]:
        """The elemental with each choice of operands that vary."""
        return {active: Signature(self, active) for active in product((True, False), repeat=self.arity)}

    @cached_property
    def formula(self) -> Terms:
        """The formula."""
        return rule(self.formula_text)

    @cached_property
    def value(self) -> Terms:
        """The value as a function of the operands."""
        return rule(self.value_text or self.formula_text)

    @cached_property
    def definition(self) -> Terms:
        """The value as it is defined."""
        return rule(self.definition_text) if self.definition_text else self.value

    @cached_property
    def partials(self) -> tuple[Terms, ...]:
        """The local partials as functions of the operands and the result."""
        return tuple(rule(text) for text in self.partials_text)

    @cached_property
    def computing(self) -> Elemental:
        """The elemental with the partials that are computed in place of those that are printed."""
        return replace(self, partials_text=self.computed_text, computed_text=()) if self.computed_text else self

    @cached_property
    def tangent(self) -> Terms | None:
        """The textbook's form of the tangent when every operand varies."""
        return rule(self.tangent_text) if self.tangent_text else None

    @cached_property
    def domain(self) -> tuple[Condition, ...]:
        """Where there is a real value."""
        return conditions(self.domain_text)

    @cached_property
    def smooth(self) -> tuple[Condition, ...]:
        """Where the partials are finite."""
        return conditions(self.smooth_text)


def _table(*entries: Elemental) -> dict[tuple[str, int], Elemental]:
    return {(entry.name, entry.arity): entry for entry in entries}


# fmt: off
_BASE = _table(
    Elemental("add",   "u + w", ("1", "1")),
    Elemental("sub",   "u - w", ("1", "-1")),
    Elemental("mul",   "u*w",   ("w", "u"), "du*w + u*dw"),
    Elemental("div",   "u/w",   ("1/w", "-v/w"), "(du - v*dw)/w", domain_text="w != 0", title="a_division"),
    Elemental("neg",   "-u",    ("-1",)),
    Elemental("pow",   "u^w",   ("w*u^(w - 1)", "v*ln(u)"), "w*u^(w - 1)*du + v*ln(u)*dw",
              domain_text="u >= 0, u > 0 or w > 0",
              kink=Kink("u = 0", ("w*u^(w - 1)", "0"), kind=EDGE), title="a_variable_power",
              tries="1/2, 3; 7/3, -0.1; 5, 0; 1, -3/2"),

    Elemental("exp",   "exp(u)",   ("v",)),
    Elemental("ln",    "ln(u)",    ("1/u",), domain_text="u > 0", tries=_POSITIVE),
    Elemental("log2",  "log2(u)",  ("1/(u*ln(2))",), domain_text="u > 0", drawn=Drawn(BASE, "log", "2"),
              tries=_POSITIVE),
    Elemental("log10", "log10(u)", ("1/(u*ln(10))",), domain_text="u > 0", drawn=Drawn(BASE, "log", "10"),
              tries=_POSITIVE),
    Elemental("log",   "log(u, w)", ("1/(u*ln(w))", "-v/(w*ln(w))"), value_text="ln(u)/ln(w)", in_sympy="log",
              domain_text="u > 0, w > 0, w != 1", drawn=Drawn(BASE, "log", "<w>"),
              tries="1/2, 3; 7/3, 0.1; 5, 1/9; 1, 10"),
    Elemental("sqrt",  "sqrt(u)",  ("1/(2*v)",), domain_text="u >= 0", smooth_text="u > 0", drawn=Drawn(ROOT),
              tries=_POSITIVE),
    Elemental("cbrt",  "cbrt(u)",  ("1/(3*v^2)",), smooth_text="u != 0", drawn=Drawn(ROOT, number="3")),

    Elemental("sin",   "sin(u)",   ("cos(u)",)),
    Elemental("cos",   "cos(u)",   ("-sin(u)",)),
    Elemental("tan",   "tan(u)",   ("1 + v^2",), domain_text="cos(u) != 0"),
    Elemental("cot",   "cot(u)",   ("-(1 + v^2)",), value_text="cos(u)/sin(u)", in_sympy="cot",
              domain_text="sin(u) != 0"),
    Elemental("sec",   "sec(u)",   ("v*tan(u)",), value_text="1/cos(u)", in_sympy="sec", domain_text="cos(u) != 0"),
    Elemental("csc",   "csc(u)",   ("-v*cot(u)",), value_text="1/sin(u)", in_sympy="csc", domain_text="sin(u) != 0"),
    Elemental("asin",  "asin(u)",  ("1/sqrt(1 - u^2)",), domain_text="u >= -1, u <= 1",
              smooth_text="u != -1, u != 1", drawn=Drawn(word="arcsin"), tries=_INSIDE),
    Elemental("acos",  "acos(u)",  ("-1/sqrt(1 - u^2)",), domain_text="u >= -1, u <= 1",
              smooth_text="u != -1, u != 1", drawn=Drawn(word="arccos"), tries=_INSIDE),
    Elemental("atan",  "atan(u)",  ("1/(1 + u^2)",), drawn=Drawn(word="arctan")),
    Elemental("atan2", "atan2(u, w)", ("w/(u^2 + w^2)", "-u/(u^2 + w^2)"), "(w*du - u*dw)/(u^2 + w^2)",
              domain_text="u != 0 or w != 0", kink=Kink("u = 0, w < 0", ("1/w", "0"), kind=JUMP),
              tries="1/2, 3; 1/2, -3; -1/2, -3; -1/2, 3; 2, 0; -2, 0; 0, 2"),

    Elemental("sinh",  "sinh(u)",  ("cosh(u)",)),
    Elemental("cosh",  "cosh(u)",  ("sinh(u)",)),
    Elemental("tanh",  "tanh(u)",  ("1 - v^2",)),
    Elemental("asinh", "asinh(u)", ("1/sqrt(u^2 + 1)",)),
    Elemental("acosh", "acosh(u)", ("1/sqrt(u^2 - 1)",), domain_text="u >= 1", smooth_text="u != 1",
              tries="1.001; 7/3; 40"),
    Elemental("atanh", "atanh(u)", ("1/(1 - u^2)",), domain_text="u > -1, u < 1", tries=_INSIDE),

    Elemental("sigmoid",  "sigmoid(u)",  ("v*(1 - v)",), value_text="exp(min(u, 0))/(1 + exp(-abs(u)))",
              definition_text="1/(1 + exp(-u))", tries=f"{ANYWHERE}; 30"),
    Elemental("softplus", "softplus(u)", ("sigmoid(u)",), value_text="max(u, 0) + ln(1 + exp(-abs(u)))",
              definition_text="ln(1 + exp(u))", tries=f"{ANYWHERE}; 30"),

    Elemental("erf",     "erf(u)",     ("2/sqrt(pi)*exp(-u^2)",)),
    Elemental("erfc",    "erfc(u)",    ("-2/sqrt(pi)*exp(-u^2)",), tries=f"{ANYWHERE}; 12"),
    Elemental("erfi",    "erfi(u)",    ("2/sqrt(pi)*exp(u^2)",)),
    Elemental("normcdf", "normcdf(u)", ("exp(-u^2/2)/sqrt(2*pi)",), value_text="erfc(-u/sqrt(2))/2",
              tries=f"{ANYWHERE}; -30"),
    Elemental("gamma",     "gamma(u)",     ("v*digamma(u)",), domain_text="u > 0 or u != floor(u)",
              drawn=Drawn(word="Gamma"), tries=f"{ANYWHERE}; -20.5; 90"),
    Elemental("loggamma",  "loggamma(u)",  ("digamma(u)",), domain_text="u > 0", tries=_POSITIVE),
    Elemental("digamma",   "digamma(u)",   ("trigamma(u)",), domain_text="u > 0 or u != floor(u)"),
    Elemental("trigamma",  "trigamma(u)",  ("polygamma(2, u)",), value_text="polygamma(1, u)",
              domain_text="u > 0 or u != floor(u)"),
    Elemental("polygamma", "polygamma(u, w)", ("0", "polygamma(u + 1, w)"), domain_text="w > 0 or w != floor(w)",
              order="u", tries="0, 1/2; 1, -7/3; 2, 3; 5, -0.1; 30, 40"),
    Elemental("beta",      "beta(u, w)", ("v*(digamma(u) - digamma(u + w))", "v*(digamma(w) - digamma(u + w))"),
              domain_text="u > 0, w > 0", tries="1/2, 3; 5, 7; 0.1, 22.5; 100, 1/3"),
    Elemental("besselj",   "besselj(u, w)", ("0", "(besselj(u - 1, w) - besselj(u + 1, w))/2"), order="u",
              drawn=Drawn(BASE, "J", "<u>"), tries="0, 1/2; 1, -7/3; -2, 3; 1/2, 40; -4/3, 0.1; 30, 5"),
    Elemental("lambertw",  "lambertw(u)", ("1/(exp(v)*(1 + v))",), domain_text="u >= -1/e", smooth_text="u > -1/e",
              tries=f"{_POSITIVE}; -1/3; -0.36"),
    Elemental("Si",        "Si(u)",   ("sinc(u)",), tries=f"{ANYWHERE}; 40"),
    Elemental("Ci",        "Ci(u)",   ("cos(u)/u",), domain_text="u > 0", tries=_POSITIVE),
    Elemental("sinc",      "sinc(u)", ("(cos(u) - v)/u",), computed_text=("sinc_slope(u)",),
              kink=Kink("u = 0", ("0",), kind=NONE), tries=f"{ANYWHERE}; 0.0000001"),

    Elemental("abs",   "abs(u)",    ("sign(u)",), kink=Kink("u = 0", ("0",), ("-1",), ("1",)),
              drawn=Drawn(BARS)),
    Elemental("sign",  "sign(u)",   ("0",), kink=Kink("u = 0", ("0",), kind=JUMP)),
    Elemental("max",   "max(u, w)", ("heaviside(u - w)", "heaviside(w - u)"), many=True,
              kink=Kink("u = w", ("1", "0"), ("0", "1"), ("1", "0"), TIE), tries="1/2, 3; 3, 1/2; -1, -2"),
    Elemental("min",   "min(u, w)", ("heaviside(w - u)", "heaviside(u - w)"), many=True,
              kink=Kink("u = w", ("1", "0"), ("1", "0"), ("0", "1"), TIE), tries="1/2, 3; 3, 1/2; -1, -2"),
    Elemental("relu",  "relu(u)",   ("heaviside(u)",), value_text="max(u, 0)",
              kink=Kink("u = 0", ("0",), ("0",), ("1",))),
    Elemental("floor",   "floor(u)",   ("0",), kink=Kink("u = floor(u)", ("0",), kind=JUMP), drawn=Drawn(FLOOR),
              tries="1/2; -7/3; 0.1"),
    Elemental("ceiling", "ceiling(u)", ("0",), kink=Kink("u = floor(u)", ("0",), kind=JUMP), drawn=Drawn(CEILING),
              tries="1/2; -7/3; 0.1"),
    Elemental("frac",    "frac(u)",    ("1",), kink=Kink("u = floor(u)", ("1",), kind=JUMP), tries="1/2; -7/3; 0.1"),
    Elemental("mod",     "mod(u, w)",  ("1", "-floor(u/w)"), domain_text="w != 0",
              kink=Kink("u/w = floor(u/w)", ("1", "-floor(u/w)"), kind=JUMP)),
    Elemental("heaviside", "heaviside(u)", ("0",), kink=Kink("u = 0", ("0",), kind=JUMP, value="1/2"),
              drawn=Drawn(word="H")),
)
# fmt: on


def _respelled(name: str, of: str, formula: str) -> Elemental:
    """The same elemental, shown as the author spelled it."""
    entry = _BASE[of, 1]
    value = entry.value_text or entry.formula_text
    return replace(entry, formula_text=formula, value_text=value, drawn=Drawn())


# The spellings that people type for an elemental of the table; the JSON keeps the canonical name.
SPELLINGS = {
    ("log", 1): _respelled("log", "ln", "log(u)"),
    ("arcsin", 1): _respelled("arcsin", "asin", "arcsin(u)"),
    ("arccos", 1): _respelled("arccos", "acos", "arccos(u)"),
    ("arctan", 1): _respelled("arctan", "atan", "arctan(u)"),
    ("arctan2", 2): replace(_BASE["atan2", 2], formula_text="arctan2(u, w)", value_text="atan2(u, w)"),
    ("arcsinh", 1): _respelled("arcsinh", "asinh", "arcsinh(u)"),
    ("arccosh", 1): _respelled("arccosh", "acosh", "arccosh(u)"),
    ("arctanh", 1): _respelled("arctanh", "atanh", "arctanh(u)"),
    ("ceil", 1): _respelled("ceil", "ceiling", "ceil(u)"),
    ("step", 1): _respelled("step", "heaviside", "step(u)"),
}

EXPONENTIAL = _respelled("exp", "exp", "e^u")
"""``e^x`` as typed: the exponential, not a general power."""


@dataclass(frozen=True, eq=False)
class Abstract(Elemental):
    """A function without a rule, z(u), or a derivative of one, z'(u): known by name alone."""

    of: str = ""
    """The function."""
    by: tuple[int, ...] = ()
    """The operands by which it is differentiated, in order; none for the function itself."""

    @cached_property
    def formula(self) -> Terms:
        """The call."""
        return (*(Name(slot, 0) for slot in SLOTS[: self.arity]), Apply(self.name, self.arity, 0))

    @cached_property
    def value(self) -> Terms:
        """The call, too."""
        return self.formula

    @cached_property
    def partials(self) -> tuple[Terms, ...]:
        """The derivatives of one order more."""
        heads = [_derivative(self.of, (*self.by, place), self.arity) for place in range(self.arity)]
        return tuple((*self.formula[:-1], Apply(head, self.arity, 0)) for head in heads)


def _derivative(of: str, by: tuple[int, ...], arity: int) -> str:
    """``z'``, ``z''``; of two operands ``z'_1``, ``z'_12``."""
    return of + "'" * len(by) + (f"_{''.join(str(place + 1) for place in sorted(by))}" if arity > 1 and by else "")


@lru_cache(maxsize=256)
def abstract(name: str, arity: int) -> Abstract:
    """The entry of a function without a rule, or of a derivative of one."""
    word, _, slots = name.rpartition("_") if "'_" in name else (name, "", "")  # g_1 is no derivative
    by = tuple(int(slot) - 1 for slot in slots) if slots else (0,) * word.count("'")
    drawn = Drawn(INDEXED if slots else NAMED, word, ",".join(slots))
    return Abstract(name, name, ("0",) * arity, of=word.rstrip("'"), by=by, drawn=drawn)


class _Table(dict[tuple[str, int], Elemental]):
    """The elementals, and for every other name a function without a rule; the language says which names it reads."""

    def __missing__(self, key: tuple[str, int]) -> Elemental:
        return abstract(*key)


TABLE: dict[tuple[str, int], Elemental] = _Table(_BASE | SPELLINGS)
"""Every elemental by its spelling and its number of operands."""


def key_of(head: str, count: int) -> tuple[str, int]:
    """The key in the table for a call with so many operands: that of two, where it takes any number from the left."""
    two = TABLE.get((head, 2))
    return (head, 2) if two is not None and two.many and count > 2 else (head, count)


def from_the_left(entry: Elemental, operands: Sequence[_T], apply: Callable[..., _T]) -> _T:
    """What a call makes of its operands: all at once, or, of more than the elemental has, from the left."""
    return apply(*operands) if len(operands) == entry.arity else reduce(apply, operands)


BRACKETS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<=", "equal": "="}
"""Heads of rules that are 1 where a comparison of two operands holds and else 0: [u > w]."""

_OPERATORS = ("add", "sub", "mul", "div", "neg", "pow")


def functions() -> dict[str, tuple[int, int | None]]:
    """The functions of the language: each name with the least and the largest number of operands."""
    arities: dict[str, tuple[int, int | None]] = {}
    for (name, arity), entry in TABLE.items():
        if name not in _OPERATORS:
            least, most = arities.get(name, (arity, arity))
            arities[name] = (min(least, arity), None if entry.many or most is None else max(most, arity))
    return arities


FUNCTIONS = functions()
DECLARED: set[tuple[str, int]] = set()
"""The entries that are a user's own."""


def register(entry: Elemental) -> None:
    """Add an elemental to the table: the one place where it changes after the import."""
    TABLE[entry.name, entry.arity] = entry
    FUNCTIONS[entry.name] = (entry.arity, entry.arity)
    DECLARED.add((entry.name, entry.arity))


def _of_table(name: str, arity: int) -> Elemental:
    return TABLE[name, arity]


_MADE: WeakValueDictionary[tuple[Any, ...], Elemental] = WeakValueDictionary()


def made(*texts: Any) -> Elemental:
    """An entry that is made from others, or arrives from another process: one for all that say the same."""
    entry = _MADE.get(texts)
    if entry is None:
        entry = _MADE[texts] = Elemental(*texts)
    return entry


def _texts(entry: Elemental) -> tuple[Any, ...]:
    """What an entry says."""
    return tuple(getattr(entry, of.name) for of in fields(Elemental))


def declared_again(*texts: Any) -> Elemental:
    """A user's own entry that arrives from another process; raises `OptionError` where its name means another one."""
    entry = made(*texts)
    namesake = TABLE.get((entry.name, entry.arity))
    if namesake is None and entry.name not in FUNCTIONS:
        register(entry)
        return entry
    if namesake is None or astuple(namesake) != astuple(entry):
        raise OptionError(f"the elemental {entry.name} that arrives is another one than the {entry.name} that is here")
    return namesake


def _one(entry: Elemental) -> Elemental:
    """The one entry that says the same."""
    return made(*_texts(entry))


@lru_cache(maxsize=256)
def integer_power(exponent: int) -> Elemental:
    """``u^n`` for a constant integer: any u, but u != 0 for a negative n."""
    n = exponent
    if n in (0, 1):
        partial = str(n)
    elif n == 2:
        partial = "2*u"
    elif n > 0:
        partial = f"{n}*u^{n - 1}"
    else:
        partial = f"-1/u^{1 - n}" if n == -1 else f"-{-n}/u^{1 - n}"
    domain = "u != 0" if n < 0 else ""
    return _one(Elemental("powi", "u^w", (partial, "0"), domain_text=domain, title="a_negative_power"))


@lru_cache(maxsize=256)
def real_power(less_one: str, positive: bool, above_one: bool) -> Elemental:
    """``u^w`` for a constant w that is no integer: u >= 0, or u > 0 for a negative w.

    ``less_one`` is the text of w - 1; above 1 the partial is finite at u = 0, too.
    """
    return _one(Elemental(
        "powc",
        "u^w",
        (f"w*u^({less_one})", "0"),
        domain_text="u >= 0" if positive else "u > 0",
        smooth_text="" if above_one else "u > 0",
        kink=Kink("u = 0", ("0", "0"), kind=EDGE) if above_one else None,
        title="a_real_power",
    ))  # fmt: skip


@lru_cache(maxsize=256)
def of_order(entry: Elemental, n: int) -> Elemental:
    """An elemental of the order n, whose partials are those of the orders beside it."""
    partials = [text.replace("u - 1", str(n - 1)).replace("u + 1", str(n + 1)) for text in entry.partials_text]
    if n == 0 and entry.name == "besselj":
        partials[1] = "-besselj(1, w)"
    return _one(replace(entry, partials_text=tuple(partials)))


@lru_cache(maxsize=1024)
def with_partials(entry: Elemental, texts: tuple[str, ...]) -> Elemental:
    """The elemental as a row at (or beside) a kink writes it: with these partials."""
    return replace(entry, partials_text=texts, tangent_text="")


_OF_RULES: dict[str, tuple[int, int | None]] = {"sinc_slope": (1, 1), **dict.fromkeys(BRACKETS, (2, 2))}
"""What is no elemental: it has no partials, and stands in rules alone."""


@lru_cache(maxsize=1024)
def rule(text: str) -> Terms:
    """A rule in postfix order.  Its numbers come from exact exponents, which may be longer than what is typed."""
    return parse(text, FUNCTIONS | _OF_RULES, limits=Limits(literal_digits=4_000)).terms


@lru_cache(maxsize=256)
def conditions(text: str) -> tuple[Condition, ...]:
    """``u > 0, w != 1`` as comparisons."""
    return tuple(Condition(part, tuple(map(_comparison, choices))) for part, choices in parts(text))


def parts(text: str) -> list[tuple[str, list[str]]]:
    """The conditions of a text, each with the comparisons of which one is enough."""
    return [(part, part.split(" or ")) for part in filter(None, (piece.strip() for piece in text.split(", ")))]


def _comparison(text: str) -> Comparison:
    left, relation, right = text.rsplit(" ", 2)
    return Comparison(rule(left), relation, rule(right))


def read(text: str, declared: frozenset[str] = frozenset(), **bounds: object) -> Expression:
    """A statement in the language of this table; see `parse`."""
    return parse(text, FUNCTIONS, declared=declared, **bounds)  # type: ignore[arg-type]
