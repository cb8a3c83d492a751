"""Seeds and weights: the tangents of the independent variables and the adjoints of the dependent ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adtrace.errors import BindingError, listed
from adtrace.language.syntax import Terms
from adtrace.limits import Limits
from adtrace.tracing.point import Number, constant

EACH = "each"
"""The seed that stands for a sweep for every independent variable."""

Seed = str | Mapping[str, Number]
"""The name of a variable, or the tangent of each (0 where none is given)."""

_ONE, _ZERO = constant(1, "1"), constant(0, "0")


def seeds_of(
    given: Seed | Sequence[Seed] | None, names: tuple[str, ...], limits: Limits, letters: frozenset[str] = frozenset()
) -> tuple[tuple[Terms, ...], ...]:
    """The seeds: the tangents of the independent variables, once for each."""
    if given is None:
        return (unit(0, len(names)),)
    chosen: list[Any] = [given] if not isinstance(given, list | tuple) else list(given)
    if EACH not in names:
        chosen = [one for entry in chosen for one in (names if isinstance(entry, str) and entry == EACH else (entry,))]
    if not all(isinstance(one, str | Mapping) for one in chosen):
        raise BindingError(f"a seed is the name of a variable, a mapping of names to numbers, or a list; not {given!r}")
    if not chosen:
        raise BindingError("there is no seed in the list")
    return tuple(_seed({one: 1} if isinstance(one, str) else one, names, limits, letters) for one in chosen)


def seed_count(given: object, names: tuple[str, ...]) -> int:
    """How many seeds there are, before any is made."""
    each = len(names) if EACH not in names else 1
    entries = given if isinstance(given, list | tuple) else [given]
    return sum(each if isinstance(entry, str) and entry == EACH else 1 for entry in entries)


def unit(place: int, count: int) -> tuple[Terms, ...]:
    """1 at one place and 0 at the others."""
    return (*(_ZERO,) * place, _ONE, *(_ZERO,) * (count - place - 1))


def _seed(
    chosen: Mapping[str, Number], names: tuple[str, ...], limits: Limits, letters: frozenset[str]
) -> tuple[Terms, ...]:
    there = frozenset(names)
    unknown = [name for name in chosen if name not in there]
    if unknown:
        wanted = listed(name or "nothing" for name in unknown)
        raise BindingError(f"the seed names {wanted}; the variables are {listed(names)}")
    return tuple(
        constant(chosen[name], f"the seed of {name}", limits, None, letters) if name in chosen else _ZERO
        for name in names
    )


def weights_of(
    given: Mapping[str, Number] | None, names: tuple[str, ...], limits: Limits, letters: frozenset[str]
) -> tuple[Terms, ...]:
    """The adjoints of the dependent variables: 1 for a single one, or as given (0 where none is)."""
    if given is None:
        return (_ONE,) * len(names)
    if not isinstance(given, Mapping):
        raise BindingError(f"weights is a mapping of outputs to numbers, not {given!r}")
    there = frozenset(names)
    unknown = [name for name in given if name not in there]
    if unknown:
        raise BindingError(f"the weights name {listed(unknown)}; the outputs are {listed(names)}")
    return tuple(constant(given.get(name, 0), f"the weight of {name}", limits, None, letters) for name in names)
