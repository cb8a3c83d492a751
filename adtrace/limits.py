"""The documented bounds: what keeps every input within two seconds and half a gigabyte.

They are checked before the work that they bound.  A caller who means it passes other ones:
``adtrace.trace(text, at=..., limits=Limits(rows=1_000_000))`` or ``--limit rows=1000000``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

from adtrace.errors import OptionError


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one trace."""

    characters: int = 250_000
    """Length of an expression."""
    literal_digits: int = 400
    """Digits of one number, and the largest decimal exponent that it may have."""
    rows: int = 20_000
    """Rows of a Wengert list; of a Python function the operations that it executes, equal ones counted."""
    entries: int = 4_000_000
    """Entries of an array, and of all arrays of a trace together."""
    operations: int = 100_000_000
    """Scalar operations of a trace with arrays."""
    certified_rows: int = 5_000
    """Up to this many rows the digits are certified; longer traces are computed in double precision."""
    decimals: int = 100
    """Decimals that may be asked for."""
    bits: int = 16_384
    """The highest working precision; what it does not settle is marked undecided."""
    row_bits: int = 4_000_000
    """Rows times working precision: the highest precision of a long trace is lower than ``bits``."""
    cells: int = 250_000
    """Cells of a document; one of Typst counts four times, of HTML eight times, of a picture 200 times."""
    page_rows: int = 1_500
    """Rows of a trace of which an HTML page is made."""
    graph_rows: int = 400
    """Rows of a trace whose computational graph is drawn."""

    def __post_init__(self) -> None:
        for field in fields(self):
            given, most = getattr(self, field.name), HIGHEST[field.name]
            if type(given) is not int or not 0 <= given <= most:
                raise OptionError(f"the bound {field.name} is a whole number from 0 to {most}, not {given!r}")

    @property
    def most_cells(self) -> int:
        """The bound on cells: where more rows are allowed, so are the cells of their tables."""
        return max(self.cells, _CELLS_OF_A_ROW * self.rows if self.rows > DEFAULT.rows else 0)

    def of(self, rows: int) -> Limits:
        """The bounds for a trace of so many rows, whose precision ends sooner if it is long."""
        bits = max(_LEAST_BITS, self.row_bits // max(rows, 1))
        return self if bits >= self.bits else _with_bits(self, 1 << (bits.bit_length() - 1))


@lru_cache(maxsize=64)
def _with_bits(limits: Limits, bits: int) -> Limits:
    return replace(limits, bits=bits)


_CELLS_OF_A_ROW = 25
_LEAST_BITS = 512
"""Enough for the digits that may be asked for, where they are not lost on the way."""

HIGHEST = {
    "characters": 100_000_000, "literal_digits": 4_000, "rows": 10_000_000, "entries": 10**9, "operations": 10**12,
    "certified_rows": 10_000_000, "decimals": 10_000, "bits": 1_000_000,
    "row_bits": 10**12, "cells": 10**9, "page_rows": 20_000, "graph_rows": 10_000,
}  # fmt: skip
"""How far each bound may be raised: past this a slip of the hand would take all the time or memory there is."""

DEFAULT = Limits()

MAGNITUDE_BITS = 20_000
"""No number may be larger than 2 to this power; this bound is not raised, for its digits would fill a page."""

EXACT_BITS = 4_096
"""A fraction whose numerator or denominator grows past this many bits goes on as a certified ball:
under iteration (the logistic map) exact fractions double in length at every step."""
