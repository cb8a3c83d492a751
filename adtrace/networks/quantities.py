"""What a column of a layer table holds: one table, from which columns, headings, attributes and JSON follow.

A quantity's name is that of the attribute of `Row` (and of `Total`, where it is summed), and its key in JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from adtrace.networks.maps import product
from adtrace.networks.network import Row
from adtrace.writing.counts import Counted

Workings = Sequence[Counted]


class Quantity(NamedTuple):
    """A quantity of the rows."""

    name: str
    derived: bool
    """Whether it is what a layer costs (red), not what flows (blue)."""
    workings: Callable[[Row], Workings]
    """How it is worked out, for each axis or once; nothing where there is nothing to work out."""
    summed: bool
    """Whether it has a total."""
    windows_first: bool = True
    """Whether the formula over the column is that of windows, where there are some."""

    @property
    def heading(self) -> str:
        """The phrase over its column."""
        return f"quantity_{self.name}"


def _none(row: Row) -> Workings:
    return ()


def _sizes(row: Row) -> Workings:
    return [size.formula for size in row.outcome.sizes]


def _params(row: Row) -> Workings:
    return () if row.outcome.params is None else (row.outcome.params,)


def _multiplications(row: Row) -> Workings:
    return () if row.outcome.multiplications is None else (row.outcome.multiplications,)


def _flops(row: Row) -> Workings:
    times = row.outcome.multiplications
    if times is None:
        return ()
    text = f"2*({times.text})" if " + " in times.text else f"2*{times.text}"
    return (Counted(text, times.values),)


def _activations(row: Row) -> Workings:
    if len(row.size) < 2:
        return ()
    names = [f"x{place}" for place in range(len(row.size))]
    return (Counted(product(names), dict(zip(names, row.size, strict=True))),)


def _fields(row: Row) -> Workings:
    return row.outcome.fields


_TABLE = (
    Quantity("size", False, _sizes, False),
    Quantity("activations", False, _activations, True),
    Quantity("params", True, _params, True),
    Quantity("weights", True, _none, True),
    Quantity("biases", True, _none, True),
    Quantity("multiplications", True, _multiplications, True),
    Quantity("macs", True, _multiplications, True),
    Quantity("flops", True, _flops, True),
    Quantity("field", False, _fields, False),
    Quantity("jump", False, _none, False),
)

QUANTITIES = {quantity.name: quantity for quantity in _TABLE}
"""Every quantity by its name."""
COUNTS = {"mults": "multiplications", "macs": "macs", "flops": "flops"}
"""The quantity that a way of counting is."""
ALIASES = {
    "output": "size", "out": "size", "shape": "size", "sizes": "size", "output size": "size", "parameters": "params",
    "mults": "multiplications", "mult": "multiplications", "rf": "field", "receptive field": "field", "fields": "field",
    "memory": "activations", "name": "layer", "layers": "layer", "bias": "biases",
}  # fmt: skip
"""Other words for them."""
