"""How much of many cases alike is tried: each thing once with everything beside it in turn, and all on demand.

A style, a format, a mode are each met with every other thing in some case, not in every one: a fault that shows only
where four of them meet is what ``CHECK_MUTATIONS=all`` looks for, which tries all in every file that samples.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)

ALL = os.environ.get("CHECK_MUTATIONS") == "all"


def in_turn(choices: Sequence[T], turn: int, count: int = 1) -> Sequence[T]:
    """So many of the choices, from the place whose turn it is; all of them on demand."""
    if ALL:
        return choices
    return [choices[(turn * count + k) % len(choices)] for k in range(min(count, len(choices)))]


def covering(had: Mapping[H, set[Hashable]]) -> list[H]:
    """Cases that together have all that any of them has: time and again the one that has most of what is left."""
    left, kept = set[Hashable]().union(*had.values()), list[H]()
    while left:
        kept.append(max(had, key=lambda case: len(had[case] & left)))
        left -= had[kept[-1]]
    return kept
