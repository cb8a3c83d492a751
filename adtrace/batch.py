"""Many tables: one after the other, or in processes beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

from adtrace.api import trace
from adtrace.errors import AdtraceError, OptionError
from adtrace.processes import computed, ended
from adtrace.progress import progress as bar
from adtrace.settings import TRACE, names

Request = Mapping[str, Any]
"""The arguments of a trace, ``expression`` among them, and the options of its table."""

_TRACED = frozenset({"expression", "limits", *names(TRACE)})
_AT_ONCE = 25
"""Requests that a process is sent at once."""


def table_of(request: Request, **options: Any) -> str:
    """The table of one request; ``options`` are those of every table that does not have its own."""
    settings = {**options, **request} if isinstance(request, Mapping) else {}
    if "expression" not in settings:
        raise OptionError("a request has an expression, such as {'expression': 'x^2', 'at': {'x': 3}}")
    result = trace(**{name: value for name, value in settings.items() if name in _TRACED})
    return result.table(**{name: value for name, value in settings.items() if name not in _TRACED})


def tables_of(
    requests: Iterable[Request], *, jobs: int | None = 1, progress: bool | None = None, **options: Any
) -> list[str]:
    """The tables of many requests, in their order.

    ``jobs`` is the number of processes: 1 is this one, -1 as many as there are processors, None what
    ``joblib.parallel_config`` says.  ``progress`` draws a bar on stderr; by default where that is a terminal.

    Raises the error of the first request that has one, with its number; `OptionError` where joblib is needed and not
    installed.
    """
    asked = list(requests)
    parts = [asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)]
    texts: list[str] = []
    with ended() if jobs != 1 else nullcontext(), bar(len(asked), progress) as moved:
        for tables in computed(partial(_part, options=options), parts, jobs):
            for table in tables:
                if isinstance(table, AdtraceError):
                    raise _numbered(table, len(texts)) from table
                texts.append(table)
            moved(len(tables))
    return texts


def _part(requests: Sequence[Request], options: Mapping[str, Any]) -> list[str | AdtraceError]:
    """What a process does at once."""
    results: list[str | AdtraceError] = []
    for request in requests:
        try:
            results.append(table_of(request, **options))
        except AdtraceError as error:
            results.append(_plain(error))
            break  # nothing after it is wanted
    return results


def _plain(error: AdtraceError) -> AdtraceError:
    """The error as one that travels between processes: its kind, if that is made from a sentence, and its sentence."""
    kind = type(error) if type(error).__init__ is Exception.__init__ else OptionError
    return kind(str(error))


def _numbered(error: AdtraceError, place: int) -> AdtraceError:
    return type(error)(f"request {place + 1}: {error}")
