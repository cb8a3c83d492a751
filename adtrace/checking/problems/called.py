r"""What is asked, in the names that a table has: ``w`` of the function is ``W^{(1)}`` there, ``x`` is ``\vec x``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from adtrace.checking.problems.asked import Asked
from adtrace.checking.readings.names import LAYERED, WORN, numbered, plainly
from adtrace.checking.readings.rewriting import renamed
from adtrace.checking.statements.layouts import Statement
from adtrace.language.syntax import Terms

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
    for form in _FORMS:
        free = [name for name in names if name not in asked.variables and name not in found.values()]
        for variable in [name for name in asked.variables if name not in names and name not in found]:
            fitting = [name for name in free if form(name) in (variable, form(variable))]
            if len(fitting) == 1:
                found[variable] = fitting[0]
    return _renamed(asked, found) if len({*found.values()}) == len(found) > 0 else asked


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
