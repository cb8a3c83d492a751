"""Work in parts, in processes beside each other.

Processes are joblib's (an extra), so where they run is its user's to say: ``joblib.parallel_config`` sends the same
call to two processors or to the workers of a Dask cluster.  What a command alone begins is done by copies of its own
process, where the system makes such.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from adtrace.errors import BoundError, OptionError
from adtrace.stops import Stopped, undone, unheard

_Part = TypeVar("_Part")
_Made = TypeVar("_Made")


@contextmanager
def ended() -> Iterator[None]:
    """A signal that stops us stops the processes beside us, which would wait five minutes for more to do."""
    with undone():
        try:
            yield
        except Stopped:
            loky = sys.modules.get("joblib.externals.loky")
            if loky is not None:
                loky.get_reusable_executor(reuse=True).shutdown(wait=True, kill_workers=True)
            raise


def computed(work: Callable[[_Part], _Made], parts: Iterable[_Part], jobs: int | None) -> Iterator[_Made]:
    """What the work makes of each part, in their order.

    ``jobs`` is the number of processes: 1 is this one, -1 as many as there are processors, None what
    ``joblib.parallel_config`` says.  Raises `OptionError` where joblib is needed and not installed.
    """
    if jobs == 1:
        return map(work, parts)
    try:
        from joblib import Parallel, delayed  # noqa: PLC0415 - an extra, needed for processes only
    except ImportError:
        raise OptionError("work in several processes needs joblib: pip install 'adtrace[batch]'") from None
    if jobs is not None and (type(jobs) is not int or jobs == 0):
        raise OptionError(f"jobs is a number of processes, -1 for one on each processor, or None, not {jobs!r}")
    return iter(Parallel(n_jobs=jobs, return_as="generator")(delayed(work)(part) for part in parts))


def copied(work: Callable[[_Part], _Made], parts: Sequence[_Part], jobs: int) -> Iterator[_Made]:
    """As `computed`, by copies of this process, which have loaded what it has: for a class that is a tenth of all work.

    Only Linux copies a process safely; elsewhere, and for one job, it is `computed`.  What the work raises is not told,
    it ends its process.  Raises `BoundError` where one is ended.
    """
    if jobs == 1 or sys.platform != "linux":
        yield from computed(work, parts, jobs)
        return
    from multiprocessing import get_context  # noqa: PLC0415 - few runs have so much to do
    from multiprocessing.connection import wait  # noqa: PLC0415

    context, begun, ends = get_context("fork"), [], list[Any]()
    made: dict[int, _Made] = {}
    try:
        for job in range(jobs):
            receiving, sending = context.Pipe(duplex=False)
            ends.append(receiving)
            of_job = range(job, len(parts), jobs), sending, tuple(ends)
            begun.append(context.Process(target=_sent, args=(work, parts, *of_job), daemon=True))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of numpy's threads, which know of copies
                begun[-1].start()
            sending.close()  # or the next process held it open, too
        for place in range(len(parts)):
            while place not in made:
                if not ends:
                    raise BoundError("a process beside this one was ended before its time: memory may have run out")
                for end in list[Any](wait(ends)):
                    try:
                        made.update([end.recv()])
                    except EOFError:
                        ends.remove(end)
            yield made.pop(place)
    finally:
        for process in begun:
            process.kill()


def _sent(
    work: Callable[[_Part], _Made], parts: Sequence[_Part], places: Iterable[int], end: Any, others: Iterable[Any]
) -> None:
    """Do some of the parts and send what is made of each; signals are for the process that waits."""
    unheard()
    for other in others:  # copied: held open here it would seem that somebody waits
        other.close()
    with suppress(BrokenPipeError):  # nobody waits any more
        for place in places:
            end.send((place, work(parts[place])))


def processors() -> int:
    """How many processes are worth starting: 1 where joblib is not installed."""
    try:
        from joblib import cpu_count  # noqa: PLC0415
    except ImportError:
        return 1
    return int(cpu_count())
