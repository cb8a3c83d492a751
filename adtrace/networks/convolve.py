"""``adtrace.convolve(...)``: the table of a convolution, the window at each place and its products written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adtrace.errors import OptionError
from adtrace.limits import DEFAULT, Limits
from adtrace.networks.convolution_tables import MOST_ENTRIES, MOST_LINES, Lines, products, results, shown, worked
from adtrace.networks.convolutions import Convolved, Section, convolved
from adtrace.networks.worked_documents import OF_DOCUMENTS, OF_NUMBERS, WorkedDocument
from adtrace.tables.options import Options
from adtrace.tables.options import options as document_options
from adtrace.tables.worked import WorkedTable, fitted
from adtrace.tracing.array_calls import ArrayFunction
from adtrace.writing.dialects import PLAIN
from adtrace.writing.matrices import nested
from adtrace.writing.notation import Dialect, spelled


@dataclass(frozen=True, repr=False)
class Convolution(WorkedDocument):
    """A convolution, or pooling, in one mode or more."""

    of: Convolved
    own = (*OF_DOCUMENTS, *OF_NUMBERS)

    def __repr__(self) -> str:
        return f"<Convolution: {'; '.join(f'{section.mode} {_plain(section)}' for section in self.of.sections)}>"

    @property
    def results(self) -> dict[str, Any]:
        """The result in each mode, as nested lists of numbers, each a `Value`."""
        return {section.mode: section.values for section in self.of.sections}

    @property
    def sections(self) -> Mapping[str, Section]:
        """The results with their shapes, paddings and places, by mode."""
        return self.of.by_mode

    def to_dict(self, **given: Any) -> dict[str, Any]:
        """The results as plain data.

        x, w, flipped, stride, dilation, pool, results [{mode, padding, shape, result, places [{at, products, value}]}].
        Numbers are strings, exact where they are short.
        """
        chosen = document_options({"format": "json"} | given)
        of = self.of
        return {
            "x": nested([spelled(terms, PLAIN).text for terms in of.signal], of.shape),
            "w": nested([spelled(terms, PLAIN).text for terms in of.kernel], of.window) if of.kernel else None,
            "flipped": of.flipped,
            "stride": list(of.stride),
            "dilation": list(of.dilation),
            "pool": of.pool or None,
            "results": [_structure(of, section, chosen) for section in of.sections],
        }

    def tables(self, dialect: Dialect, chosen: Options) -> Sequence[WorkedTable]:
        """The products place by place, and the results with their sizes."""
        lines = Lines(self.of, dialect, chosen)
        tables = [] if lines.count > MOST_LINES else [products(lines)]
        tables.append(results(lines, captioned=not tables))
        return [fitted(table, dialect) for table in tables]


def convolve(x: Any, w: Any = None, **given: Any) -> Any:
    """The convolution of a signal with a kernel, worked out: ``convolve("[1,2,3,4]", "[1,0,2]").table()``.

    ``x`` and ``w`` are vectors or matrices, typed (``"[1, 1/2, pi, a]"``, letters stay open) or as lists.  ``modes``
    are some of full, same, valid; ``flip=False`` is correlation, which deep learning calls convolution.  ``same`` says
    whose: "numpy", "tensorflow" or "centred"; ``stride``, ``dilation`` and ``padding`` are numbers, or one for each
    axis, and a padding also "1:2".  ``pool="max"`` or "mean" with ``k`` is pooling.

    With an array of numpy or a recorded one, and none of these words, it is the function of arrays that it is in a
    traced function: ``adtrace.convolve(x, w, mode="same")``.

    Raises `OptionError`, `InputError` for what does not fit, `BoundError`.
    """
    if w is not None and not isinstance(x, str) and not isinstance(w, str) and not set(given) - {"mode"}:
        return ArrayFunction("convolve")(x, w, **given)
    return convolution(x, w, **given)


def convolution(
    x: Any, w: Any = None, *, modes: Any = None, flip: bool = True, same: str | None = None, stride: Any = 1,
    padding: Any = None, dilation: Any = 1, pool: str | None = None, k: Any = None, limits: Limits = DEFAULT,
) -> Convolution:  # fmt: skip
    """As `convolve`, of whatever operands."""
    if not isinstance(flip, bool):
        raise OptionError(f"flip is True or False, not {flip!r}")
    return Convolution(convolved(x, w, modes=modes, flip=flip, same=same, stride=stride, padding=padding,
                                 dilation=dilation, pool=pool, k=k, limits=limits))  # fmt: skip


def _plain(section: Section) -> str:
    flat = [shown(place.value, PLAIN) for place in section.places[:MOST_ENTRIES]]
    if len(flat) < len(section.places):
        return f"{' x '.join(map(str, section.shape))} entries"
    return str(nested(flat, section.shape)).replace("'", "")


def _structure(of: Convolved, section: Section, chosen: Options) -> dict[str, Any]:
    digits, rounding = chosen.digits, chosen.rounding
    flat = [shown(place.value, PLAIN, digits, rounding) for place in section.places]
    return {
        "mode": section.mode,
        "padding": [list(sides) for sides in section.padding],
        "shape": list(section.shape),
        "result": nested(flat, section.shape),
        "places": [
            {"at": list(place.at), "products": worked(of, place, PLAIN), "value": text}
            for place, text in zip(section.places, flat, strict=True)
        ],
    }
