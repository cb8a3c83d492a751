"""Python's cyclic garbage collector, off while much is made that stays, and at a distance while a caller's code runs.

It goes through every container each time that their number has grown by a quarter, and finds nothing: rows, texts and
lines hold no cycles.  With it a long trace takes half as long again.
"""

from __future__ import annotations

import gc

_SELDOM = 200_000
"""Containers that are made before the youngest are looked at."""


class seldom_collected:  # noqa: N801 - read as a phrase: with seldom_collected()
    """Few collections inside the block, for a caller's code may leave cycles; afterwards as before."""

    __slots__ = ("before",)

    def __enter__(self) -> None:
        self.before = gc.get_threshold()
        if 0 < self.before[0] < _SELDOM:
            gc.set_threshold(_SELDOM, *self.before[1:])

    def __exit__(self, *raised: object) -> None:
        gc.set_threshold(*self.before)


class uncollected:  # noqa: N801 - read as a phrase: with uncollected()
    """No collections inside the block; afterwards as before.  Blocks may stand inside one another."""

    __slots__ = ("enabled",)

    def __enter__(self) -> None:
        self.enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *raised: object) -> None:
        if self.enabled:
            gc.enable()
