"""Seconds of processor time, as if the machine were idle."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

STEPS, USUAL = 400_000, 0.022
"""A loop, and the processor time that it takes where nothing else runs."""
QUICK = 0.25
"""Seconds after which it matters how slow the machine is."""


def slowness() -> float:
    """How much slower than usual this machine is now: what shares its cores and caches takes processor time, too."""
    start = time.process_time()
    total = 0
    for number in range(STEPS):
        total += number
    return max(1.0, (time.process_time() - start) / USUAL)


def timed(call: Callable[[], Answer]) -> tuple[float, Answer]:
    """The seconds of a call, by how slow the machine is, and its answer: for generous bounds, not for measurements."""
    start = time.process_time()
    answer = call()
    passed = time.process_time() - start
    return passed / (slowness() if passed > QUICK else 1), answer
