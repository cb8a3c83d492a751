"""The letters of a trace that stay open, and the number system that it is made in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

from adtrace.elementals import Abstract
from adtrace.errors import BindingError, OptionError, one_of, printable
from adtrace.language.syntax import CONSTANTS, Name, Terms
from adtrace.limits import Limits
from adtrace.numbers import Arithmetic
from adtrace.numbers.certified import CERTIFIED
from adtrace.numbers.floats import FLOATS
from adtrace.settings import ARITHMETICS, AUTO, SYSTEMS
from adtrace.tracing.symbols import symbols
from adtrace.tracing.wengert import WengertList
from adtrace.writing.dialects import plain


class _Every(frozenset[str]):
    """The letters that may stay open where all of them do."""

    def __contains__(self, name: object) -> bool:
        return True


EVERY = _Every()


def letters_of(at: Any, given: object, arrays: Iterable[str]) -> tuple[str, ...] | None:
    """The letters that stay open, those that are to be arrays among them; None for every one."""
    if given is None and at is None:
        return None
    names = [given] if isinstance(given, str) else () if given is None else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise OptionError(f"open is the name of a letter, or a list of names, not {given!r}")
    return (*names, *(name for name in arrays if name not in names))


def number_system(symbolic: bool, arithmetic: str, longest: object, limits: Limits) -> Callable[[int], Arithmetic]:
    """The number system for so many rows."""
    if type(longest) is not int or longest < 1:
        raise OptionError(f"longest is a whole number from 1, not {longest!r}")
    if not symbolic:
        return lambda rows: arithmetic_of(arithmetic, rows, limits)
    if arithmetic not in (AUTO, CERTIFIED.name):
        raise OptionError(f"open letters have formulas, not numbers: arithmetic is {AUTO}, not {arithmetic!r}")
    return lambda rows: symbols(longest)


def require_meant(letters: tuple[str, ...] | None, names: tuple[str, ...], vectors: Sequence[Sequence[Terms]]) -> None:
    """Raise `BindingError` for an open letter that stands nowhere."""
    if letters:
        used = {term[0] for vector in vectors for terms in vector for term in terms if type(term) is Name}
        for name in letters:
            if name not in names and name not in used:
                raise BindingError(f"{printable(name) or 'nothing'} is to stay open, and stands neither in the "
                                   "expression nor in a seed or a weight")  # fmt: skip


def require_rules(wengert: WengertList) -> None:
    """Raise `OptionError` for a function without a rule, which has no numbers."""
    for signature in dict.fromkeys(wengert.flat.kinds):  # each once: they are few, however many rows there are
        if isinstance(signature.elemental, Abstract):
            raise OptionError(f"{signature.elemental.of} has no rule, and so no numbers")


def is_number(terms: Terms) -> bool:
    """Whether no letter stands in a constant expression."""
    return not any(type(term) is Name and term.name not in CONSTANTS for term in terms)


def require_numbers(seeds: Sequence[Sequence[Terms]], weights: Sequence[Terms]) -> None:
    """Raise `OptionError` for a letter in a seed or a weight."""
    for terms in (*(terms for seed in seeds for terms in seed), *weights):
        if not is_number(terms):
            raise OptionError(f"{plain(terms)} of a seed or a weight is a letter, which has no value")


def arithmetic_of(name: str, rows: int, limits: Limits) -> Arithmetic:
    """The arithmetic of that name, which for "auto" depends on how many rows there are."""
    if name == AUTO:
        return CERTIFIED if rows <= limits.certified_rows else FLOATS
    one_of("arithmetic", name, ARITHMETICS)
    module, _, system = SYSTEMS[name].partition(".")
    arithmetic: Arithmetic = getattr(import_module(f"adtrace.numbers.{module}"), system)
    return arithmetic
