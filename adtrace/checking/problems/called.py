r"""What is asked, in the names that a table has: ``w`` of the function is ``W^{(1)}`` there, ``x`` is ``\vec x``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from itertools import chain

from adtrace.checking.problems.asked import Asked
from adtrace.checking.problems.said import put_in
from adtrace.checking.readings.names import LAYERED, WORN, numbered, plainly
from adtrace.checking.readings.rewriting import renamed
from adtrace.checking.statements.layouts import Statement
from adtrace.language.syntax import Apply, Name, Terms

_WORN = re.compile(rf"(?<=.)(?:{'|'.join(sorted(set(WORN.values())))})(?=[⁽_]|$)")


def _unnumbered(name: str) -> str:
    layer = LAYERED.fullmatch(name)
    return layer[1] + layer[3] if layer else name


_FORMS: tuple[Callable[[str], str], ...] = (
    plainly,
    numbered,
    _unnumbered,
    lambda name: _WORN.sub("", numbered(name)),
    lambda name: _WORN.sub("", _unnumbered(name)),
    lambda name: _WORN.sub("", _unnumbered(name)).lower(),
)
"""What a name of a table may be called where it is told, the nearest first."""


def as_called(asked: Asked, said: Iterable[Statement]) -> Asked:
    """What is asked with the variables called as the statements call them, where one name alone can be meant.

    A variable that stands in the statements is none of the others.
    """
    names, found = {name.variable for statement in said for name in statement.told}, dict[str, str]()
    asked = _parted(asked, names)
    for form in _FORMS:
        free = [name for name in names if name not in asked.variables and name not in found.values()]
        for variable in [name for name in asked.variables if name not in names and name not in found]:
            fitting = [name for name in free if form(name) in (variable, form(variable))]
            if len(fitting) == 1:
                found[variable] = fitting[0]
    return _renamed(asked, found) if len({*found.values()}) == len(found) > 0 else asked


def _parted(asked: Asked, names: Collection[str]) -> Asked:
    """What is asked with xW as the product of x and W, where statements have these and no xW."""
    pairs = {
        name: (name[:k], name[k:]) for name in asked.variables if name not in names
        for k in range(1, len(name)) if name[:k] in names and name[k:] in names
    }  # fmt: skip
    products: dict[str, Terms] = {name: (Name(a, 0), Name(b, 0), Apply("mul", 2, 0)) for name, (a, b) in pairs.items()}
    return asked if not pairs else replace(
        asked, functions=tuple(put_in(terms, products) for terms in asked.functions),
        variables=tuple(dict.fromkeys(chain.from_iterable(pairs.get(name, (name,)) for name in asked.variables))),
        each=tuple(_parted(one, names) for one in asked.each),
    )  # fmt: skip


def _renamed(asked: Asked, new: Mapping[str, str]) -> Asked:
    """What is asked, the variables called anew in all of it."""

    def called(name: str) -> str:
        return new.get(name, name)

    def told(of: Mapping[str, Terms]) -> dict[str, Terms]:
        return {called(name): renamed(terms, new) for name, terms in of.items()}

    return replace(
        asked, functions=tuple(renamed(terms, new) for terms in asked.functions), point=told(asked.point),
        variables=tuple(map(called, asked.variables)), definitions=told(asked.definitions), seed=told(asked.seed),
        each=tuple(_renamed(one, new) for one in asked.each), weights=told(asked.weights),
        wanted=frozenset(map(called, asked.wanted)), constants=frozenset(map(called, asked.constants)),
    )  # fmt: skip
