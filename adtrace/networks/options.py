"""What a layer table can be asked to be: its own options, beside those of all documents (format, caption, label)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from adtrace.errors import OptionError, nearest, one_of
from adtrace.networks.quantities import ALIASES, COUNTS, QUANTITIES
from adtrace.settings import AUTO, SIDE_BY_SIDE, STACKED
from adtrace.tables.options import Options
from adtrace.tables.options import options as document_options

SUMS = TERMS, PER_KERNEL, NONE = "terms", "per-kernel", "none"
"""Parameters as k·k·C·N + N, as (k·k·C + 1)·N, or as a number alone."""
PRODUCTS = DOT, TIMES = "dot", "times"
ALWAYS = "always"
DILATIONS = (AUTO, ALWAYS)
"""A dilation in size formulas where the network has one, or in any network."""
LAYOUTS = (AUTO, SIDE_BY_SIDE, STACKED)

_OF_DOCUMENTS = (
    "format", "flavour", "standalone", "macros", "caption", "label", "placement", "overlay", "template_dir",
    "language", "decimal",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerOptions:
    """The options of one layer table."""

    columns: Sequence[str] | str | None = None
    """The quantities beside the layers: size, activations, params, weights, biases, multiplications, macs, flops,
    field, jump; None for size, params, multiplications and field."""
    counts: str = "mults"
    """What is counted where no columns are named: mults, macs or flops."""
    sum: str = TERMS
    product: str = DOT
    dilation: str = AUTO
    layout: str = AUTO
    """stacked: sizes and fields above, costs below."""
    merge: bool = False
    """Whether activations and dropout stand in the line of the layer that they follow."""
    fold: bool = False
    """Whether blocks that are repeated are one line."""

    def __post_init__(self) -> None:
        one_of("counts", self.counts, tuple(COUNTS))
        one_of("sum", self.sum, SUMS)
        one_of("product", self.product, PRODUCTS)
        one_of("dilation", self.dilation, DILATIONS)
        one_of("layout", self.layout, (*LAYOUTS, "side"))
        object.__setattr__(self, "columns", self._checked())

    def _checked(self) -> tuple[str, ...] | None:
        if self.columns is None:
            return None
        names = self.columns.split(",") if isinstance(self.columns, str) else self.columns
        if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
            raise OptionError(f"columns is a text such as 'size,params', or a list of names, not {self.columns!r}")
        chosen: list[str] = []
        for name in names:
            word = ALIASES.get(name.strip().lower(), name.strip().lower())
            if word == "layer":
                continue
            if word not in QUANTITIES:
                quantities = ", ".join(QUANTITIES)
                raise OptionError(f"each of columns is {quantities}; not {name!r}{nearest(word, QUANTITIES)}")
            if word in chosen:
                raise OptionError(f"columns names {word} twice")
            chosen.append(word)
        if not chosen:
            raise OptionError(f"columns names a quantity beside the layer: {', '.join(QUANTITIES)}")
        return tuple(chosen)


_OWN = tuple(entry.name for entry in fields(LayerOptions))


def options_of(given: Mapping[str, Any]) -> tuple[LayerOptions, Options]:
    """The options of the table and those of the document.  Raises `OptionError` for one that does not exist."""
    names = [*_OWN, *_OF_DOCUMENTS]
    for name in given:
        if name not in names:
            raise OptionError(f"there is no option {name!r}{nearest(name, names)}; there are {', '.join(names)}")
    own = LayerOptions(**{name: value for name, value in given.items() if name in _OWN})
    return own, document_options({name: value for name, value in given.items() if name in _OF_DOCUMENTS})
