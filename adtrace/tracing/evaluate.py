"""An elemental in a number system: its rules as functions of numbers, bound once for each.

This is where the table of elementals meets an `Arithmetic`.  A rule in postfix becomes a small closure over the
arithmetic's functions; nothing is generated as Python text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flint import fmpq

from adtrace.elementals import SLOTS, TABLE, Comparison, Condition, Elemental, from_the_left, key_of
from adtrace.errors import BoundError, DomainError
from adtrace.language.syntax import SILENT, Apply, Name, Number, Terms, fold, starts
from adtrace.numbers import Arithmetic, Assumed, NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.floats import FLOATS

Rule = Callable[[Sequence[Scalar], Scalar], Scalar]
"""A rule as a function of the operands and of the result v, which is None where no rule asks for it."""


def _slot(place: int) -> Rule:
    return lambda operands, v: operands[place]


_SLOT: dict[str, Rule] = {slot: _slot(place) for place, slot in enumerate(SLOTS)} | {"v": lambda operands, v: v}
HOLDS: dict[str, Callable[[int], bool]] = {
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
    "!=": lambda s: s != 0,
    "=": lambda s: s == 0,
}
"""The relations, by the sign of left minus right."""
Bounded = tuple[tuple[tuple[Rule, Callable[[int], bool]], ...], str]
"""A condition in one number system: its comparisons, and its text."""


@dataclass(frozen=True, eq=False, slots=True)
class Bound:
    """An elemental in one number system."""

    elemental: Elemental
    value: Callable[..., Scalar]
    """The value from the operands."""
    partials: tuple[Rule, ...]
    domain: tuple[Bounded, ...]
    smooth: tuple[Bounded, ...]
    kink: tuple[Bounded, ...]
    side: Rule | None
    """The difference whose sign tells on which side of the kink the operands are, where its sides are known."""
    sign: Callable[[Scalar], int]

    def violated(self, conditions: Sequence[Bounded], operands: Sequence[Scalar]) -> str:
        """The text of the first condition that does not hold, or nothing."""
        open_question = False
        for choices, text in conditions:
            try:
                if not self._holds(choices, operands):
                    return text
            except NeedsPrecision:  # another one may tell
                open_question = True
        if open_question:
            raise NeedsPrecision
        return ""

    def _holds(self, choices: Sequence[tuple[Rule, Callable[[int], bool]]], operands: Sequence[Scalar]) -> bool:
        """Whether one of the comparisons holds."""
        open_question = False
        for difference, holds in choices:
            try:
                if holds(self.sign(difference(operands, None))):
                    return True
            except Assumed:
                return True
            except NeedsPrecision:
                open_question = True
        if open_question:
            raise NeedsPrecision
        return False

    def at_a_kink(self, operands: Sequence[Scalar]) -> bool:
        """Whether the operands are where the partials are a convention."""
        return bool(self.kink) and not self.violated(self.kink, operands)

    def beside(self, operands: Sequence[Scalar]) -> tuple[str, ...] | None:
        """The partials on this side of a kink, where its sides are known."""
        kink = self.elemental.kink
        if self.side is None or kink is None:
            return None
        return kink.above if self.sign(self.side(operands, None)) > 0 else kink.below


@lru_cache(maxsize=1024)
def bind(elemental: Elemental, arithmetic: Arithmetic) -> Bound:
    """The elemental in this arithmetic."""
    function = arithmetic.functions.get(elemental.name)
    value: Callable[..., Scalar]
    if arithmetic.elemental is not None and function is None:
        value = arithmetic.elemental(elemental)
    elif arithmetic.formulas:
        formula = compiled(elemental.formula, arithmetic)
        value = lambda *operands: formula(operands, None)  # noqa: E731 - the shape of an arithmetic's function
    elif function is not None and not elemental.value_text:
        value = function
    else:
        formula = compiled(elemental.value, arithmetic)
        value = lambda *operands: formula(operands, None)  # noqa: E731 - the shape of an arithmetic's function

    def difference(comparison: Comparison) -> Rule:
        sides = compiled(comparison.left, arithmetic), compiled(comparison.right, arithmetic)
        return _apply(arithmetic.functions["sub"], sides)

    def bounded(conditions: tuple[Condition, ...]) -> tuple[Bounded, ...]:
        return tuple(
            (tuple((difference(choice), HOLDS[choice.relation]) for choice in condition.choices), condition.text)
            for condition in conditions
        )

    kink = elemental.kink
    lifted = arithmetic.formulas or arithmetic.elemental is not None  # formulas and jets take the table's own functions
    shown = elemental if lifted else elemental.computing
    return Bound(
        elemental,
        value,
        tuple(compiled(partial, arithmetic) for partial in shown.partials),
        bounded(elemental.domain),
        bounded(elemental.smooth),
        bounded(kink.conditions if kink else ()),
        difference(kink.equation) if kink and kink.sided else None,
        arithmetic.sign,
    )


def compiled(terms: Terms, arithmetic: Arithmetic) -> Rule:
    """A rule as a function of the slots."""

    def leaf(term: Number | Name) -> Rule:
        if isinstance(term, Number):
            return _constant(arithmetic.literal(term.digits, term.exponent))
        return _SLOT[term.name] if term.name in _SLOT else _call(arithmetic.constants[term.name])

    return fold(terms, leaf, lambda term, operands: _apply(_function(term, arithmetic), operands))


Step = Callable[..., tuple[Scalar, ...] | None]
"""The operands of a row, two at least, to its value and as many partials, None by a constant and by an operand that it
has not; nothing outside the domain and at a kink."""


@lru_cache(maxsize=1024)
def step(elemental: Elemental, active: tuple[bool, ...], arithmetic: Arithmetic) -> Step:
    """A row of this elemental in one call, where its ``active`` operands are variables."""
    bound = bind(elemental, arithmetic)
    value, unary = bound.value, elemental.arity == 1
    rules = [rule if varies else None for rule, varies in zip(bound.partials, active, strict=True)]
    needed, kink, violated = (*bound.domain, *bound.smooth), bound.kink, bound.violated
    first, second = (*rules, None)[:2]

    def of_two(u: Scalar, w: Scalar) -> tuple[Scalar, ...] | None:
        operands = u, w
        if (needed and violated(needed, operands)) or (kink and not violated(kink, operands)):
            return None
        v = value(u) if unary else value(u, w)
        return v, None if first is None else first(operands, v), None if second is None else second(operands, v)

    def of_more(*operands: Scalar) -> tuple[Scalar, ...] | None:
        if (needed and violated(needed, operands)) or (kink and not violated(kink, operands)):
            return None
        v = value(*operands)
        return v, *[None if rule is None else rule(operands, v) for rule in rules]

    return of_two if len(rules) < 3 else of_more


def _function(term: Apply, arithmetic: Arithmetic) -> Callable[..., Scalar]:
    """The arithmetic's own function of this head, or the one that the table declares."""
    function = arithmetic.functions.get(term.head)
    entry = TABLE[key_of(term.head, term.arity)] if function is None or term.arity > 2 else None
    if function is None and entry is not None:
        binder = arithmetic.elemental
        function = bind(entry, arithmetic).value if binder is None else binder(entry)
    if entry is None or entry.arity == term.arity:
        return function  # type: ignore[return-value]
    return lambda *operands: from_the_left(entry, operands, function)  # type: ignore[arg-type]


def _constant(value: Scalar) -> Rule:
    return lambda operands, v: value


def _call(constant: Callable[[], Scalar]) -> Rule:
    return lambda operands, v: constant()


def _apply(function: Callable[..., Scalar], rules: Sequence[Rule]) -> Rule:
    if len(rules) == 1:
        (first,) = rules
        return lambda operands, v: function(first(operands, v))
    if len(rules) == 2:
        first, second = rules
        return lambda operands, v: function(first(operands, v), second(operands, v))
    return lambda operands, v: function(*[rule(operands, v) for rule in rules])


def constant_value(terms: Terms, arithmetic: Arithmetic, spelled: Callable[[Terms], str]) -> Scalar:
    """The value of a constant expression; ``spelled`` names it in an error.

    Raises `DomainError` naming the operation that has no value.
    """
    if arithmetic.entries is FLOATS and hasattr(terms, "floats"):
        return terms.floats()  # an array of the point, of which no terms are made
    if len(terms) == 1 and type(terms[0]) is Number:
        return _literal(terms[0], arithmetic)
    stack: list[Scalar] = []
    for index, term in enumerate(terms):
        if type(term) is Number:
            stack.append(_literal(term, arithmetic))
        elif type(term) is not Apply:
            stack.append(arithmetic.constants[term[0]]())
        elif term.head not in SILENT:
            operands = stack[-term.arity :]
            del stack[-term.arity :]
            try:
                fold = arithmetic.folded
                stack.append(_folded(term, operands, arithmetic) if fold is None else fold(term, operands, _folded))
            except (Singular, TooLarge) as problem:
                here = spelled(terms[starts(terms)[index] : index + 1])
                if isinstance(problem, TooLarge):
                    raise BoundError(beyond(here, arithmetic)) from None
                needs = str(problem)
                instead = instead_of_power(operands[-1]) if term.head == "pow" else ""
                raise DomainError(f"{needs}, not {here}" if needs else f"{here} has no real value{instead}") from None
    return stack[0]


def instead_of_power(exponent: Scalar) -> str:
    """The function that a third power may be meant for, which the power itself is not: it has no negative base."""
    third = (exponent * 3).is_integer() if type(exponent) is float else type(exponent) is fmpq and exponent.q == 3
    return "; cbrt(u) is the cube root of every number" if third else ""


def _literal(term: Number, arithmetic: Arithmetic) -> Scalar:
    try:
        return arithmetic.literal(term.digits, term.exponent)
    except TooLarge:
        raise BoundError(beyond(term.text, arithmetic)) from None


def beyond(what: str, arithmetic: Arithmetic) -> str:
    """The sentence for a number that passes the arithmetic's magnitude."""
    return f"{what} is larger than 2^{arithmetic.magnitude_bits}, which is the bound of {arithmetic.name} arithmetic"


def _folded(term: Apply, operands: list[Scalar], arithmetic: Arithmetic) -> Scalar:
    """One operation on constants, with its domain checked."""
    if term.head == "pow":  # the arithmetic's power knows integers, and refuses what has no real value
        return arithmetic.functions["pow"](*operands)
    bound = bind(TABLE[key_of(term.head, term.arity)], arithmetic)

    def value(*operands: Scalar) -> Scalar:
        violated = bound.violated(bound.domain, operands)
        if violated:
            raise Singular(f"{bound.elemental.spoken} needs {violated}")
        return bound.value(*operands)

    return from_the_left(bound.elemental, operands, value)
