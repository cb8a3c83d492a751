"""What the template of a page gets besides tables: plain strings and numbers.  `page` makes them."""

from __future__ import annotations

from typing import NamedTuple

from adtrace.tables.steps import Marks


class Step(NamedTuple):
    """One step of a sweep."""

    sweep: str
    """forward or reverse."""
    formulas: tuple[str, ...]
    """What is computed, ``v_4 = v_1 + v_2 = 0.6931 + 10 = 10.6931``, in the page's dialect."""


class Section(NamedTuple):
    """One table of the page with its graph."""

    heading: str
    first: int
    """The steps during which the page shows it."""
    last: int
    drawing: str
    undrawn: str
    """Why there is no drawing."""
    steps: tuple[Marks, ...]
    """For each block."""


class Page(NamedTuple):
    """What a page has besides its tables."""

    title: str
    heading: str
    sections: tuple[Section, ...]
    steps: tuple[Step, ...]
