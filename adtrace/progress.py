"""How far along many tables or documents are: click's bar on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_WIDTH, _LONGEST = 24, 24
"""Characters of the bar, and of the name beside it: with the position and the time they fit a line of 80."""


class _Watched:
    """A stream on which a bar is wanted though it is no terminal, as that of a notebook."""

    def __init__(self, stream: Any) -> None:
        self.write, self.flush = stream.write, stream.flush

    def isatty(self) -> bool:
        """What click asks before it draws."""
        return True


@contextmanager
def progress(count: int, drawn: bool | None = None) -> Iterator[Callable[..., None]]:
    """A bar of so many steps, as the function that moves it: ``moved(steps)``, or ``moved(1, name)`` of what was done.

    It is drawn as ``drawn`` says; by default where stderr is a terminal.
    """
    if not (sys.stderr.isatty() if drawn is None else drawn):
        yield lambda steps, name=None: None
        return
    import click  # noqa: PLC0415 - only where somebody watches

    stream: Any = sys.stderr if sys.stderr.isatty() else _Watched(sys.stderr)
    with click.progressbar(
        length=count, file=stream, width=_WIDTH, bar_template="[%(bar)s]  %(info)s", empty_char=" ", show_pos=True,
        item_show_func=_short,
    ) as bar:  # fmt: skip
        yield bar.update


def _short(name: str | None) -> str | None:
    """A name that harms no terminal."""
    return name and ascii(name)[1:-1][-_LONGEST:]
