"""An elemental of the user's own, declared by the same line as those of the table, and tried before it is taken.

    swish = adtrace.elemental("swish", "u/(1 + exp(-u))")

It is then an elemental like any other: in text, in Python functions, in every format.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from adtrace.derive import derived_partials
from adtrace.elementals import EDGE, FUNCTIONS, SLOTS, TABLE, Elemental, Kink, key_of, parts, register
from adtrace.errors import InputError, OptionError, nearest, printable
from adtrace.language.calls import CALLS
from adtrace.language.parse import parse
from adtrace.language.reader import NAME
from adtrace.language.syntax import CONSTANTS, RELATIONS, Apply, Name, Terms
from adtrace.tracing.functions import Function
from adtrace.trials import check_partials, with_sides

_RESERVED = frozenset(
    (*CONSTANTS, *SLOTS, *(f"d{slot}" for slot in SLOTS), "v", "a", "b", "add", "sub", "mul", "div", "neg", "pow")
)


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
        return _of_arrays(name, index, _texts(adjoints), formula, latex)
    _check_name(name)
    value = _rule(formula, "the formula", SLOTS)
    slots = _slots(name, value, formula)
    own = None if partials is None else _texts(partials)
    _check_kink(name, value, kink)
    entry = Elemental(
        name,
        f"{name}({', '.join(slots)})",
        derived_partials(value, len(slots)) if own is None else own,
        tangent,
        value_text=formula,
        domain_text=_conditions(domain, slots),
        smooth_text=_conditions(smooth, slots),
        kink=_kink(name, kink or "", _texts(at_kink), slots),
        latex=_latex(name, latex, slots),
    )
    _check_rules(entry, len(slots))
    entry = with_sides(entry)
    before = TABLE.get((name, len(slots)))
    if before is None or astuple(before) != astuple(entry):
        if name in FUNCTIONS:
            raise OptionError(f"there is an elemental {name} already; choose another name")
        check_partials(entry)
        register(entry)
    return Function(name)


def _texts(texts: str | Sequence[str]) -> tuple[str, ...]:
    """One text, or several."""
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _slots(name: str, value: Terms, formula: str) -> tuple[str, ...]:
    """The operands of a formula, none of which is left out."""
    used = {term.name for term in value if isinstance(term, Name)}
    slots = SLOTS[: max((place for place, slot in enumerate(SLOTS, start=1) if slot in used), default=0)]
    if not slots or not used.issuperset(slots):
        among = "u or u and w" if len(slots) <= 2 else f"{', '.join(slots[:-1])} and {slots[-1]}"
        raise InputError(f"the formula of {name} is to be in its operands, {among}: {printable(formula)}")
    return slots


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
        if len(sides) != 3 or sides[1] not in RELATIONS:
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
