"""Seeds, weights, learning rates: tangents of the independent variables, adjoints of the dependent ones, steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

from adtrace.arrays.elemental import said
from adtrace.arrays.index_rules import Shape, unflat
from adtrace.errors import BindingError, listed
from adtrace.language.syntax import Name, Terms
from adtrace.limits import DEFAULT, Limits
from adtrace.tracing.point import Number, constant, entries, is_typed_array
from adtrace.tracing.point_arrays import Entries, is_array

EACH = "each"
"""The seed that stands for a sweep for every independent variable; of weights, for every entry of the outputs."""

Seed = str | Mapping[str, Number]
"""The name of a variable, or of an entry of one, ``x[1]``; or the tangent of each (0 where none is given)."""

_ONE, _ZERO = constant(1, "1"), constant(0, "0")


class Variables(NamedTuple):
    """What a seed (or weights) has numbers for."""

    names: tuple[str, ...]
    shapes: Sequence[Shape] = ()
    """None where all of them are numbers."""
    data: frozenset[int] = frozenset()
    """The places of those that do not vary."""
    what: str = "seed"
    limits: Limits = DEFAULT
    letters: frozenset[str] = frozenset()
    """Those that may stand in it."""

    def shape(self, place: int) -> Shape:
        """The shape of one of them."""
        return tuple(self.shapes[place]) if self.shapes else ()


def seeds_of(given: Seed | Sequence[Seed] | None, of: Variables) -> tuple[tuple[Terms, ...], ...]:
    """The seeds: the tangents of the independent variables, once for each."""
    names = of.names
    varying = [name for place, name in enumerate(names) if place not in of.data]
    if given is None:
        return (unit(names.index(varying[0]), len(names)),) if varying else ((_ZERO,) * len(names),)
    chosen: list[Any] = [given] if not isinstance(given, list | tuple) else list(given)
    if EACH not in names:
        chosen = [seed for entry in chosen for seed in (varying if _is_each(entry) else [entry])]
    if not all(isinstance(seed, str | Mapping) for seed in chosen):
        raise BindingError(f"a seed is the name of a variable, a mapping of names to numbers, or a list; not {given!r}")
    if not chosen:
        raise BindingError("there is no seed in the list")
    return tuple(vector({seed: 1} if isinstance(seed, str) else seed, of) for seed in chosen)


def _is_each(entry: object) -> bool:
    return isinstance(entry, str) and entry == EACH


def seed_count(given: object, names: tuple[str, ...]) -> int:
    """How many seeds there are, before any is made."""
    count = len(names) if EACH not in names else 1
    chosen = given if isinstance(given, list | tuple) else [given]
    return sum(count if _is_each(entry) else 1 for entry in chosen)


def unit(place: int, count: int) -> tuple[Terms, ...]:
    """1 at one place (in every entry of an array) and 0 at the others."""
    return (*(_ZERO,) * place, _ONE, *(_ZERO,) * (count - place - 1))


def entry_units(place: int, of: Variables) -> Iterator[tuple[Terms, ...]]:
    """For each entry of a variable the vector with 1 there and 0 elsewhere."""
    shape = of.shape(place)
    for entry in range(prod(shape)):
        one = list[Terms](unit(place, len(of.names)))
        if shape:
            one[place] = Entries(shape, _one_at(entry, prod(shape)), None)
        yield tuple(one)


def entry_names(of: Variables) -> list[str]:
    """``y[0]``, ``y[1]``: the entries of the variables, by the names that weights know."""
    names: list[str] = []
    for place, name in enumerate(of.names):
        shape = of.shape(place)
        places = (", ".join(map(str, unflat(entry, shape))) for entry in range(prod(shape)))
        names += [f"{name}[{at}]" for at in places] if shape else [name]
    return names


def _one_at(entry: int, count: int) -> list[Terms]:
    return [_ONE if place == entry else _ZERO for place in range(count)]


_ENTRY = re.compile(r"(\w+)\s*\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]", re.ASCII)


def vector(chosen: Mapping[str, Number], of: Variables) -> tuple[Terms, ...]:
    """A number (or an array) for each variable, 0 where none is given; ``x[1]`` names an entry."""
    numbers: dict[str, Terms] = {}
    places = {name: place for place, name in enumerate(of.names)}
    for key, number in chosen.items():
        name, entry = _named(str(key), places, of)
        place = places[name]
        if place in of.data:
            raise BindingError(f"{name} is const: it has no {of.what}")
        if entry is None:
            numbers[name] = _number(name, number, of.shape(place), of)
        else:
            before = numbers.get(name)
            zeros = [_ZERO] * prod(of.shape(place))
            spelled = list(before.entries) if isinstance(before, Entries) else zeros
            spelled[entry] = constant(number, f"the {of.what} of {key}", of.limits, None, of.letters)
            numbers[name] = Entries(of.shape(place), spelled, None)
    return tuple(numbers.get(name, _ZERO) for name in of.names)


def _named(key: str, places: Mapping[str, int], of: Variables) -> tuple[str, int | None]:
    """The variable that a key names, and the place of its entry, if it names one."""
    if key in places:
        return key, None
    match = _ENTRY.fullmatch(key.strip())
    if match is None or match[1] not in places:
        names, there = ("seed names", "variables") if of.what == "seed" else ("weights name", "outputs")
        raise BindingError(f"the {names} {listed([key]) if key else 'nothing'}; the {there} are {listed(of.names)}")
    shape = of.shape(places[match[1]])
    index = [int(number) for number in match[2].split(",")]
    if len(index) != len(shape) or not all(-size <= k < size for k, size in zip(index, shape, strict=True)):
        raise BindingError(f"{key} is no entry of {match[1]}, which is {said(shape)}; entries count from 0")
    place = 0
    for k, size in zip(index, shape, strict=True):
        place = place * size + k % size
    return match[1], place


def _number(name: str, number: Any, shape: Shape, of: Variables) -> Terms:
    """What is given for a variable: an array of its shape, or a number for each entry."""
    if not (is_typed_array(number) or is_array(number)):
        return constant(number, f"the {of.what} of {name}", of.limits, None, of.letters)
    array = entries(number, name, of.limits, None, of.letters)
    if array.shape != shape:
        raise BindingError(f"the {of.what} of {name} is {said(array.shape)}, and {name} is {said(shape)}")
    return array


def rate_of(given: Number, of: Variables) -> Terms:
    """A learning rate: a number, or a letter of `Variables.letters`."""
    rate = constant(given, "the learning rate", of.limits, None, of.letters)
    for term in rate:
        if type(term) is Name and term.name in of.names:
            raise BindingError(f"the learning rate is a number or a letter of its own; {term.name} is a variable")
    return rate


def weights_of(given: Mapping[str, Number] | str | None, of: Variables) -> tuple[Terms, ...]:
    """The adjoints of the dependent variables: 1 for a single one, or as given (0 where none is)."""
    if given is None or (isinstance(given, str) and given == EACH):
        return (_ONE,) * len(of.names)
    if not isinstance(given, Mapping):
        raise BindingError(f"weights is a mapping of outputs to numbers, or {EACH!r}, not {given!r}")
    return vector(given, of)
