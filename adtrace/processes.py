"""Work in parts, in processes beside each other.

Processes are joblib's (an extra), so where they run is its user's to say: ``joblib.parallel_config`` sends the same
call to two processors or to the workers of a Dask cluster.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from adtrace.errors import OptionError
from adtrace.stops import Stopped, undone

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


def processors() -> int:
    """How many processes are worth starting: 1 where joblib is not installed."""
    try:
        from joblib import cpu_count  # noqa: PLC0415
    except ImportError:
        return 1
    return int(cpu_count())
