"""An elemental of the user's own, declared by the same line as those of the table, and tried before it is taken.

    swish = adtrace.elemental("swish", "u/(1 + exp(-u))")

It is then an elemental like any other: in text, in Python functions, in every format.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from fractions import Fraction
from itertools import chain, islice, product
from random import Random
from typing import Any

from flint import arb, fmpq

from adtrace.derive import derived_partials
from adtrace.elementals import EDGE, FUNCTIONS, JUMP, SLOTS, TABLE, Elemental, Kink, key_of, parts, register, rule
from adtrace.errors import AdtraceError, InputError, OptionError, nearest, printable
from adtrace.language.calls import CALLS
from adtrace.language.parse import parse
from adtrace.language.reader import NAME
from adtrace.language.syntax import CONSTANTS, SILENT, Apply, Name, Number, Terms, fold
from adtrace.numbers import NeedsPrecision, Scalar, Singular, TooLarge
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.exact import ball
from adtrace.tracing.evaluate import Bound, bind, compiled, constant_value
from adtrace.tracing.functions import Function
from adtrace.writing.dialects import plain

_RESERVED = frozenset(
    (*CONSTANTS, *SLOTS, *(f"d{slot}" for slot in SLOTS), "v", "a", "b", "add", "sub", "mul", "div", "neg", "pow")
)
_BITS = 512
_STEP = fmpq(1, 2**120)
_TOLERANCE = fmpq(1, 2**40)
_SAMPLES = tuple(
    Fraction(n, d)
    for n, d in ((0, 1), (1, 3), (-2, 7), (6, 5), (-7, 5), (13, 5), (-17, 6), (1, 29), (-1, 31), (23, 3), (-29, 4))
)
_OFFSETS = (Fraction(0), Fraction(1, 7), Fraction(-1, 7), Fraction(5, 3), Fraction(-5, 3))
_MOST = 60
"""Combinations of samples that are tried."""
_MOST_DRAWN = 4_000
"""Points of more than two operands that are looked at."""


def elemental(
    name: str,
    formula: str = "",
    partials: str | Sequence[str] | None = None,
    *,
    tangent: str = "",
    domain: str = "",
    smooth: str = "",
    kink: str | None = None,
    at_kink: str | Sequence[str] = (),
    latex: str = "",
    index: str = "",
    adjoints: Sequence[str] = (),
) -> Any:
    r"""Add an elemental to the table; the answer is the function, for recorded values and for numbers.

    ``formula`` is its value in the operands ``u``, ``w``, ``z``, ``t``, ``s``, ``r``, as many of them as it has; a
    formula cell shows the call, ``swish(v_1)``.
    ``partials`` are in the operands and the result ``v``, one for each operand; sympy finds them where none are given.
    ``domain`` says where there is a real value and ``smooth`` where the partials are finite: ``"u > 0, w != 1"``.
    ``kink`` says where no derivative exists (``"u = 0"``), and ``at_kink`` the partials to use there; a formula with
    abs, max, sign and their like has to say it, if only with ``kink=""`` for none.
    ``latex`` is the call in LaTeX and Markdown, with ``<u>``, ``<w>``, ...: ``r"\mathrm{Swish}(<u>)"``; the other
    formats write ``swish(u)``.

    The partials are compared with finite differences at points of the domain.  Raises `OptionError` for a name that is
    taken or not allowed, `ParseError` for a rule that is not in the language, `InputError` for partials that are wrong.
    The same declaration may be made again.

    An operation of arrays is declared by its ``index`` rule alone, ``"v = u[i]*w[i,j]*z[j]"`` (see
    `adtrace.arrays.index_rules`), from which its value, tangents and adjoints follow; ``adjoints`` are formulas to
    print for them, ``"a*(w @ z)"``, in a (the adjoint of the result), v and the operands, compared with the rule.
    """
    if index:
        return _of_arrays(name, index, (adjoints,) if isinstance(adjoints, str) else tuple(adjoints), formula, latex)
    _check_name(name)
    value = _rule(formula, "the formula", SLOTS)
    used = {term.name for term in value if isinstance(term, Name)}
    arity = max((place for place, slot in enumerate(SLOTS, start=1) if slot in used), default=0)
    slots = SLOTS[:arity]
    if not arity or not used.issuperset(slots):
        among = "u or u and w" if arity <= 2 else f"{', '.join(slots[:-1])} and {slots[-1]}"
        raise InputError(f"the formula of {name} is to be in its operands, {among}: {printable(formula)}")
    given = (partials,) if isinstance(partials, str) else tuple(partials) if partials is not None else None
    _check_kink(name, value, kink)
    found = derived_partials(value, arity) if given is None else given
    entry = Elemental(
        name,
        f"{name}({', '.join(slots)})",
        found,
        tangent,
        value_text=formula,
        domain_text=_conditions(domain, slots),
        smooth_text=_conditions(smooth, slots),
        kink=_kink(name, kink or "", (at_kink,) if isinstance(at_kink, str) else tuple(at_kink), slots),
        latex=_latex(name, latex, slots),
    )
    _check_rules(entry, arity)
    entry = with_sides(entry)
    known = TABLE.get((name, arity))
    if known is None or astuple(known) != astuple(entry):
        if name in FUNCTIONS:
            raise OptionError(f"there is an elemental {name} already; choose another name")
        _check_partials(entry)
        register(entry)
    return Function(name)


def _of_arrays(name: str, index: str, adjoints: tuple[str, ...], formula: str, latex: str) -> Any:
    """An operation of arrays by its index rule."""
    from adtrace.arrays.declared import declared, withdrawn  # noqa: PLC0415 - numpy is imported where there are arrays
    from adtrace.tracing.array_calls import ArrayFunction  # noqa: PLC0415
    from adtrace.tracing.array_rules import require_adjoints  # noqa: PLC0415

    _check_name(name)
    if formula or latex:
        raise OptionError(f"{name} is declared by a formula of numbers or by an index rule of arrays, not by both")
    if name in FUNCTIONS or (name in CALLS and name not in _OWN):
        raise OptionError(f"there is a function {name} already; choose another name")
    declared(name, index, adjoints)
    try:
        require_adjoints(name, index, adjoints)
    except InputError:
        withdrawn(name)
        raise
    _OWN.add(name)
    return ArrayFunction(name)


_OWN: set[str] = set()
"""The operations of arrays that were declared."""


def _check_name(name: str) -> None:
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise OptionError(f"{printable(str(name)[:60])!r} cannot be the name of an elemental: "
                          "names are the letters A to Z and a to z, digits and underscores")  # fmt: skip
    if name in _RESERVED:
        raise OptionError(f"{name} has a meaning in rules and formulas; choose another name")


def _rule(text: str, what: str, slots: Sequence[str]) -> Terms:
    """A rule in these slots."""
    if not isinstance(text, str):
        raise OptionError(f"{what} is text in the language, not {type(text).__name__}")
    read = parse(text, FUNCTIONS, declared=frozenset(slots))
    if read.function or read.statements[0].name or len(read.statements) > 1:
        raise InputError(f"{what} is an expression, not an equation: {printable(text)}")
    for term in read.terms:
        if isinstance(term, Name) and term.name not in (*slots, *CONSTANTS):
            raise InputError(f"{what} is in {', '.join(slots)}; {term.name} is none of them{nearest(term.name, slots)}")
    return read.terms


def _conditions(text: str, slots: Sequence[str]) -> str:
    """Conditions as the table has them, each of them read once."""
    for part in (choice for _, choices in parts(text) for choice in choices):
        sides = part.rsplit(" ", 2)
        if len(sides) != 3 or sides[1] not in (">", ">=", "<", "<=", "!=", "="):
            raise OptionError(f"a condition is written as 'u > 0', with spaces, and several with ', ': not {part!r}")
        for side in (sides[0], sides[2]):
            _rule(side, f"the condition {part}", slots)
    return text


def _kink(name: str, where: str, at: tuple[str, ...], slots: Sequence[str]) -> Kink | None:
    """The kink as it is declared; its sides are found when it is tried."""
    if at and not where:
        raise OptionError(f"at_kink is given for {name}, but kink does not say where")
    if not where:
        return None
    first = parts(_conditions(where, slots))[0][1][0]
    if " = " not in first:
        raise OptionError(f"the kink of {name} is where something is equal, such as 'u = 0', not {first!r}")
    return Kink(where, at)


def _latex(name: str, latex: str, slots: Sequence[str]) -> str:
    if latex and (any(f"<{slot}>" not in latex for slot in slots) or latex.count("{") != latex.count("}")):
        holes = " and ".join(f"<{slot}>" for slot in slots)
        raise OptionError(
            f"the LaTeX of {name} is its call with {holes} for the operands and closed braces: not {latex}"
        )
    return latex


def _check_rules(entry: Elemental, arity: int) -> None:
    """Each rule is read, and there is one for each operand."""
    slots = SLOTS[:arity]
    kinks = entry.kink.at if entry.kink else ()
    for texts, what in ((entry.partials_text, "partial"), (kinks, "partial at the kink")):
        if len(texts) != arity and (entry.kink or what == "partial"):
            raise OptionError(f"{entry.name} has {arity} operand{'s' * (arity > 1)} and needs a {what} for each, "
                              f"not {len(texts)}")  # fmt: skip
        for text in texts:
            _rule(text, f"a {what} of {entry.name}", (*slots, "v"))
    if entry.tangent_text:
        _rule(entry.tangent_text, f"the tangent of {entry.name}", (*slots, "v", *(f"d{slot}" for slot in slots)))


def _check_kink(name: str, value: Terms, kink: str | None) -> None:
    """A formula with a kink in it has to say where its own kinks are."""
    if kink is not None:
        return
    todo, seen = [value], set[tuple[str, int]]()
    while todo:
        for term in todo.pop():
            key = key_of(term.head, term.arity) if isinstance(term, Apply) else None
            if key not in TABLE or key in seen:
                continue
            seen.add(key)
            entry = TABLE[key]
            if entry.kink and entry.kink.kind != EDGE:
                raise InputError(f"the formula of {name} has {entry.name} in it, which has a kink: say where {name} "
                                 'has one, kink="u = 0", at_kink="0", or that it has none, kink=""')  # fmt: skip
            if entry.value_text:
                todo.append(entry.value)


# -- the trial -------------------------------------------------------------------------------------------------


def _check_partials(entry: Elemental) -> None:
    """Compare each partial with the differences to both sides at points of the domain."""
    bound = bind(entry, CERTIFIED)
    tried = 0
    with CERTIFIED.precision(_BITS):
        for point in _points(entry):
            try:
                if bound.violated((*bound.domain, *bound.smooth), point) or bound.at_a_kink(point):
                    continue
                value = bound.value(*point)
                found = [partial(point, value) for partial in bound.partials]
            except (Singular, TooLarge):
                raise InputError(f"{_at(entry, point)} has no value or no derivative: say where it has one with "
                                 'domain="u > 0", or where it is finite with smooth="u > 0"') from None  # fmt: skip
            except NeedsPrecision:
                continue
            for slot, partial in enumerate(found):
                slopes = _slopes(bound, point, slot, value)
                if slopes is None:
                    continue
                for slope in slopes:
                    _compare(entry, slot, point, ball(slope), ball(partial))
                tried += 1
            if tried >= _MOST:
                break
    if not tried:
        raise InputError(f"no point was found in the domain of {entry.name} at which its partials can be checked: "
                         f"{entry.domain_text}")  # fmt: skip


def _points(entry: Elemental) -> Iterator[tuple[fmpq, ...]]:
    """Points to try: round the origin, and at and round each number in the conditions and in the formula."""
    samples = list(_SAMPLES)
    where = (*entry.domain, *entry.smooth, *(entry.kink.conditions if entry.kink else ()))
    sides = [side for condition in where for c in condition.choices for side in (c.left, c.right)]
    for terms in (*sides, *([term] for term in entry.value if isinstance(term, Number))):
        if any(isinstance(term, Name) and term.name in SLOTS for term in terms):
            continue
        try:
            centre = ball(constant_value(terms, CERTIFIED, plain))
        except (AdtraceError, NeedsPrecision):
            continue
        middle = Fraction(round(float(centre.mid()) * 2**20), 2**20)
        samples += [sign * middle + offset for sign in (1, -1) for offset in _OFFSETS]
    numbers = [fmpq(x.numerator, x.denominator) for x in dict.fromkeys(samples)]
    if entry.arity <= 2:
        yield from product(numbers, repeat=entry.arity)
        return
    draw = Random(entry.arity).choice  # in order the first operand would stay what it is
    yield from (tuple([draw(numbers) for _ in range(entry.arity)]) for _ in range(_MOST_DRAWN))


# -- the sides of a kink ---------------------------------------------------------------------------------------


_Point = tuple[fmpq, ...]


def with_sides(entry: Elemental) -> Elemental:
    """The elemental with the partials to both sides of its kink, if they can be told; a kink at which the value jumps
    is a jump.
    """
    kink = entry.kink
    if kink is None:
        return entry
    bound = bind(entry, CERTIFIED)
    found: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    try:
        with CERTIFIED.precision(_BITS):
            for on in islice(_on_kink(entry, bound), _MOST):
                beside = _beside(entry, bound, on)
                if any(not _continuous(bound, on, point) for point in beside):
                    return replace(entry, kink=replace(kink, kind=JUMP))
                below, above = (_resolved(entry, on, point) for point in beside)
                found.add((below, above))
            ((below, above),) = found
            sided = replace(kink, below=below, above=above, slopes=_slopes_across(entry, kink))
            return replace(entry, kink=sided) if _agree(entry, sided) else entry
    except (AdtraceError, Singular, TooLarge, NeedsPrecision, ValueError):
        return entry  # as it is: at its kink it has no derivative, and that is all that is known


def _on_kink(entry: Elemental, bound: Bound) -> Iterator[_Point]:
    """Points of the domain at the kink: those of `_points`, with a slot of the equation put in if it is alone."""
    assert entry.kink is not None
    left, _, right = entry.kink.equation
    for point in _points(entry):
        for slot, other in ((left, right), (right, left)):
            names = {term.name for term in other if isinstance(term, Name)}
            if len(slot) == 1 and isinstance(slot[0], Name) and slot[0].name in SLOTS and slot[0].name not in names:
                number = compiled(other, CERTIFIED)(point, None)
                if type(number) is fmpq:
                    place = SLOTS.index(slot[0].name)
                    point = (*point[:place], number, *point[place + 1 :])  # noqa: PLW2901
                break
        if not bound.violated(bound.domain, point) and bound.at_a_kink(point):
            yield point


def _beside(entry: Elemental, bound: Bound, on: _Point) -> tuple[_Point, _Point]:
    """A point a hair below the kink, and one above it."""
    assert entry.kink is not None
    left, right = (compiled(side, CERTIFIED) for side in (entry.kink.equation.left, entry.kink.equation.right))
    found: dict[int, _Point] = {}
    for slot, step in product(range(len(on)), (_STEP, -_STEP)):
        moved = tuple(x + step if place == slot else x for place, x in enumerate(on))
        if not bound.violated(bound.domain, moved):
            side = CERTIFIED.sign(CERTIFIED.functions["sub"](left(moved, None), right(moved, None)))
            found.setdefault(side, moved)
    if -1 not in found or 1 not in found:
        raise ValueError("the domain has one side only")
    return found[-1], found[1]


def _continuous(bound: Bound, on: _Point, beside: _Point) -> bool:
    change = CERTIFIED.functions["sub"](bound.value(*beside), bound.value(*on))
    return bool(abs(ball(change)) < ball(_TOLERANCE))


def _resolved(entry: Elemental, on: _Point, beside: _Point) -> tuple[str, ...]:
    """The partials on the side of a point beside the kink: what is at a kink of its own takes that side."""

    def apply(term: Apply, operands: list[Terms]) -> Terms:
        if term.head in SILENT:
            return (*operands[0], term)
        return _side_of(term, operands, on, beside) or _shortened(term, operands)

    return tuple(plain(fold(terms, lambda term: (term,), apply, silent=True)) for terms in entry.partials)


def _shortened(term: Apply, operands: list[Terms]) -> Terms:
    """An operation, without the zeros and ones that the sides of a kink bring in."""
    whole = (*chain.from_iterable(operands), term)
    if not any(isinstance(part, Name) for part in whole):
        number = constant_value(whole, CERTIFIED, plain)
        return rule(str(number)) if type(number) is fmpq else whole
    first, last = (plain(operand) for operand in (operands[0], operands[-1]))
    if term.head in ("mul", "div") and "0" in (first, last if term.head == "mul" else ""):
        return rule("0")
    if (term.head, first) in (("mul", "1"), ("add", "0")):
        return operands[-1]
    if (term.head, last) in (("mul", "1"), ("div", "1"), ("add", "0"), ("sub", "0")):
        return operands[0]
    return whole


def _side_of(term: Apply, operands: list[Terms], on: _Point, beside: _Point) -> Terms | None:
    """What ``abs(u - 1)`` is on a side of u = 1, ``1 - u``; None where it is not at its kink."""
    inner = TABLE.get((term.head, term.arity))
    if inner is None or inner.kink is None or not (inner.kink.sided or inner.kink.kind == JUMP):
        return None
    bound = bind(inner, CERTIFIED)

    def numbers(point: _Point) -> list[Scalar]:
        return [compiled(operand, CERTIFIED)(point, None) for operand in operands]

    if not bound.at_a_kink(numbers(on)):
        return None
    near = numbers(beside)
    if inner.kink.kind == JUMP:
        return rule(str(bound.value(*near)))
    texts = bound.beside(near) or ()
    kept = [(text, operand) for text, operand in zip(texts, operands, strict=True) if text != "0"]
    if not kept:
        return rule("0")
    ((text, operand),) = kept  # abs, relu, max and min are one of their operands, or less it
    return operand if text == "1" else (*operand, Apply("neg", 1, 0))


def _slopes_across(entry: Elemental, kink: Kink) -> tuple[str, ...]:
    """The partials of what is equal at the kink, where they are not seen at a glance."""
    left, _, right = kink.equation
    if all(len(side) == 1 and isinstance(side[0], Name | Number) for side in (left, right)):
        return ()
    return derived_partials((*left, *right, Apply("sub", 2, 0)), entry.arity)


def _agree(entry: Elemental, kink: Kink) -> bool:
    """Whether the sides are the partials wherever the elemental is tried."""
    bound = bind(replace(entry, kink=kink), CERTIFIED)
    for point in islice(_points(entry), _MOST):
        try:
            if bound.violated((*bound.domain, *bound.smooth), point) or bound.at_a_kink(point):
                continue
            value = bound.value(*point)
            numbers = [rule_of(point, value) for rule_of in bound.partials]
        except (Singular, TooLarge, NeedsPrecision):
            continue
        sides = [compiled(rule(text), CERTIFIED)(point, value) for text in bound.beside(point) or ()]
        if any(abs(ball(x) - ball(y)) > ball(_TOLERANCE) for x, y in zip(sides, numbers, strict=True)):
            return False
    return True


def _slopes(bound: Bound, point: tuple[fmpq, ...], slot: int, value: Scalar) -> tuple[Scalar, ...] | None:
    """The difference quotients to the right and to the left; None where one of them leaves the domain."""
    functions = CERTIFIED.functions
    slopes = []
    for step in (_STEP, -_STEP):
        moved = tuple(x + step if place == slot else x for place, x in enumerate(point))
        try:
            if bound.violated((*bound.domain, *bound.smooth), moved):
                return None
            slopes.append(functions["div"](functions["sub"](bound.value(*moved), value), step))
        except (Singular, TooLarge, NeedsPrecision):
            return None
    return tuple(slopes)


def _compare(entry: Elemental, slot: int, point: tuple[fmpq, ...], slope: arb, partial: arb) -> None:
    """Raise `InputError` where a partial is certainly not this slope."""
    if abs(slope - partial) / (1 + abs(slope)) > ball(_TOLERANCE):
        raise InputError(
            f"the partial of {entry.name} by {SLOTS[slot]} is wrong: {entry.partials_text[slot]} is "
            f"{float(partial.mid()):.6g} at {_where(point)}, where the slope is {float(slope.mid()):.6g}"
        )


def _where(point: tuple[fmpq, ...]) -> str:
    return " and ".join(f"{slot} = {number}" for slot, number in zip(SLOTS, point, strict=False))


def _at(entry: Elemental, point: tuple[fmpq, ...]) -> str:
    return f"{entry.name} at {_where(point)}"
