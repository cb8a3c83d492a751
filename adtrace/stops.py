"""A run that is stopped leaves nothing behind: the signal becomes an exception, so that what was begun is undone.

The first signal counts.  Later ones change nothing, for the run is on its way out: ``timeout`` and a terminal send
theirs to a whole group of processes, and so twice to some.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_DEFAULT = (signal.SIG_DFL, signal.default_int_handler)


class Stopped(BaseException):
    """The run was stopped by a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_status(self) -> int:
        """The exit status that a shell knows it by."""
        return 128 + self.number


class _Arrived:
    """The signal that stopped the run, and how many of the blocks that it must not divide are open."""

    signal = 0
    undivided = 0


def _arrive(number: int, frame: FrameType | None) -> None:
    if not _Arrived.signal:
        _Arrived.signal = number
        if not _Arrived.undivided:
            raise Stopped(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """While the block runs, SIGINT, SIGTERM and SIGHUP raise `Stopped`; afterwards they do what they did.

    A signal that the caller ignores or answers already stays as it is.
    """
    mine: list[tuple[int, object]] = []
    if threading.current_thread() is threading.main_thread():  # no other one may set what a signal does
        answers = [(number, signal.getsignal(number)) for number in _SIGNALS]
        mine = [(number, answer) for number, answer in answers if answer in _DEFAULT]
    if mine:
        _Arrived.signal = 0
    try:
        for number, _ in mine:
            signal.signal(number, _arrive)
        yield
    finally:
        for number, answer in mine:
            signal.signal(number, answer)  # type: ignore[arg-type]


def unheard() -> None:
    """From now on this process, a copy of one that answers them, hears no signal but one that ends it at once."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)


@contextmanager
def undone() -> Iterator[None]:
    """A block of a caller's program that undoes what it has begun: a signal ends it first, and does then what it did
    before.  Inside `stoppable` it changes nothing.
    """
    number = 0
    try:
        with stoppable():
            yield
    except Stopped as stop:
        if signal.getsignal(stop.number) is _arrive:  # an outer block is to be ended, too
            raise
        number = stop.number
    if number:
        signal.raise_signal(number)


@contextmanager
def undivided() -> Iterator[None]:
    """A block that a signal does not divide: what is begun in it is known to those who undo it."""
    _Arrived.undivided += 1
    arrived = _Arrived.signal
    try:
        yield
    finally:
        _Arrived.undivided -= 1
    if _Arrived.signal != arrived and not _Arrived.undivided:
        raise Stopped(_Arrived.signal)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of our own, removed after the block however it ends."""
    import shutil  # noqa: PLC0415 - few runs have something to put there
    import tempfile  # noqa: PLC0415

    folder = None
    with undone():
        try:
            with undivided():
                folder = tempfile.mkdtemp(prefix="adtrace-")
            yield Path(folder)
        finally:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
