"""The lines of a table: which cells stand beside each other, before any text is made.

line ::= Input | Operation | Output                             a variable: an input, a row, a dependent variable
| ContributionLine | AdjointInput | AdjointOutput        the reverse sweep, one contribution a line
| AdjointRow | AdjointInput                              the same of arrays, one adjoint a line
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Input(NamedTuple):
    """An independent variable by its place."""

    place: int


class Operation(NamedTuple):
    """The variable v_index."""

    variable: int


class Output(NamedTuple):
    """A dependent variable by its place."""

    place: int


class ContributionLine(NamedTuple):
    """A contribution by its place."""

    place: int


class AdjointInput(NamedTuple):
    """The adjoint of an independent variable, as the result that it is."""

    place: int


class AdjointOutput(NamedTuple):
    """The adjoint that a dependent variable starts the sweep with."""

    place: int


class AdjointRow(NamedTuple):
    """The adjoint of the variable v_index with all that reaches it, as traces with arrays have it."""

    variable: int


Line = Input | Operation | Output | ContributionLine | AdjointInput | AdjointOutput | AdjointRow
Kind = type[Line]


class Lines(NamedTuple):
    """Lines of one kind, entry by entry: what stands at one input, operation or output."""

    kind: Kind
    places: Sequence[int]
    """A place for each line: of an input, a dependent variable or a contribution; of a row that of its variable."""
    counts: Sequence[int] | None = None
    """The number of lines of each entry; one each for None."""

    @property
    def length(self) -> int:
        """The number of entries."""
        return len(self.places if self.counts is None else self.counts)
