"""Python's cyclic garbage collector, off while much is made that stays, and at a distance while a caller's code runs.

It goes through every container each time that their number has grown by a quarter, and finds nothing: rows, texts and
lines hold no cycles.  With it a long trace takes half as long again.
"""

from __future__ import annotations

import gc
import threading
from contextlib import ContextDecorator

_SELDOM = 200_000
"""Containers that are made before the youngest are looked at."""


class _Threshold:
    """The threshold that was there before the first of the blocks that are open now, in whatever thread."""

    lock = threading.Lock()
    blocks = 0
    before = (0, 0, 0)


class seldom_collected(ContextDecorator):  # noqa: N801 - read as a phrase: with seldom_collected()
    """Few collections inside the block, or the function, which may leave cycles; afterwards as before."""

    def __enter__(self) -> None:
        with _Threshold.lock:
            if not _Threshold.blocks:
                _Threshold.before = gc.get_threshold()
                if 0 < _Threshold.before[0] < _SELDOM:
                    gc.set_threshold(_SELDOM, *_Threshold.before[1:])
            _Threshold.blocks += 1

    def __exit__(self, *raised: object) -> None:
        with _Threshold.lock:
            _Threshold.blocks -= 1
            if not _Threshold.blocks:
                gc.set_threshold(*_Threshold.before)


class uncollected:  # noqa: N801 - read as a phrase: with uncollected()
    """No collections inside the block; afterwards as before.  Blocks may stand inside one another."""

    __slots__ = ("enabled",)

    def __enter__(self) -> None:
        self.enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *raised: object) -> None:
        if self.enabled:
            gc.enable()
