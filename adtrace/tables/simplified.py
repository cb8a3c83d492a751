r"""Formulas as sympy simplifies them, where that makes them shorter.

What sympy need not know, a bracket [u > 0] or a function without a rule, is a letter of its own meanwhile.
"""

from __future__ import annotations

from typing import Any

from adtrace.elementals import BRACKETS, TABLE, Abstract, key_of
from adtrace.errors import AdtraceError
from adtrace.language.syntax import CONSTANTS, Apply, Name, Terms, spelling, starts
from adtrace.tracing.from_sympy import convert
from adtrace.tracing.to_sympy import to_sympy

_LONGEST = 120
"""Terms of the longest formula that sympy is asked about: its time grows fast."""


def simplified(terms: Terms) -> Terms:
    """The formula simplified, or itself where that is no shorter, or too long to ask."""
    if len(terms) > _LONGEST:
        return terms
    import sympy  # noqa: PLC0415 - only where it is asked for

    short, hidden = _letters(terms)
    names = {term.name: f"s_{place}" for place, term in enumerate(t for t in short if type(t) is Name)}
    symbols = {name: sympy.Symbol(letter, real=True) for name, letter in names.items() if name not in CONSTANTS}
    back: dict[str, Any] = {letter: (Name(name, 0),) for name, letter in names.items()}
    back |= {names[name]: span for name, span in hidden.items()}
    point = {letter: (Name(letter, 0),) for letter in names.values()}
    try:
        result = convert(sympy.simplify(to_sympy(short, symbols)), point).outputs[0][1]
    except (AdtraceError, ArithmeticError, AttributeError, KeyError, NotImplementedError, RecursionError, TypeError,
            ValueError):  # fmt: skip
        return terms
    whole = [part for term in result for part in (back.get(term.name, (term,)) if type(term) is Name else (term,))]
    return tuple(whole) if len(whole) < len(terms) else terms


def _letters(terms: Terms) -> tuple[Terms, dict[str, Terms]]:
    """The formula with a letter for each part that sympy need not know, and these parts."""
    begin, end, out = starts(terms), len(terms), list[Any]()
    hidden: dict[str, Terms] = {}
    letters: dict[Any, str] = {}
    while end:
        last = terms[end - 1]
        if type(last) is Apply and (last.head in BRACKETS or isinstance(TABLE.get((last.head, last.arity)), Abstract)
                                    or key_of(last.head, last.arity) not in TABLE):  # fmt: skip
            span = terms[begin[end - 1] : end]
            name = letters.setdefault(spelling(span), f"part {len(letters)}")
            hidden[name] = span
            out.append(Name(name, 0))
            end = begin[end - 1]
        else:
            out.append(last)
            end -= 1
    return tuple(reversed(out)), hidden
