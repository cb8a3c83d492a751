"""What a layer table may mean where it does not say, and which of that explains most of it.

    rows ──ways──▶ the values of each question ──believed──▶ Convention, Finding ...

Each question is answered with the others as they are believed, twice: all answers to all of them would be thousands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adtrace.checking.layer_tables import words
from adtrace.checking.layer_tables.columns import READ_JUMP
from adtrace.checking.layer_tables.numbers import said
from adtrace.checking.layer_tables.rows import LayerRow, are_unpooled
from adtrace.checking.layer_tables.slips import JUMP, MULTS, PARAMS, Counting
from adtrace.checking.reporting import FOLLOWING, NOT_READ, NOTE, RIGHT, WRONG, Finding, Problem
from adtrace.checking.sheets import Sheet
from adtrace.checking.words import WEIGHTS

LEGENDS: Mapping[tuple[str, ...], str] = {
    (): "",
    ("CONVk-N(s,p): s=1,p=0",): "CONVk-N has padding 0",
    ("CONVk-N(p,s): s=1,p=(k-1)/2",): "CONVk-N(p,s) names the padding first",
    ("CONV-k-N(s,p): s=1,p=(k-1)/2",): "CONV-k-N keeps the size",
}
"""What codes may mean, in the order in which it is believed, and how that is said."""
_WINDOWS = ((2, 2, 0), (3, 2, 0), (3, 2, 1), ())
"""The windows that pools may have where nothing tells them: all of a table the same, or each as its size has it."""
_WORTH = {RIGHT: 1.0, FOLLOWING: 0.4, WRONG: -1.0, NOT_READ: -1.0}
_ROUNDED_UP = re.compile(r"ceil|round\w* up|aufgerundet|aufrunden|arrondi", re.IGNORECASE)
_SAME = re.compile(r"\bsame\W{0,3}[ -]padd|\bpadding(?: is|:)?\s*=?\s*\W?same\b", re.IGNORECASE)
_TRAINED = re.compile(r"(?<!non-)(?<!non )\btrain(?:able|ed) param(?!.*\bnon-?\s?trainable)", re.IGNORECASE)
"""What says that parameters are those that are trained, and is no list of sums."""
_WEIGHTS = re.compile(WEIGHTS, re.IGNORECASE)
_BYTES = re.compile(r"\bbytes?\b|\boctets?\b|float ?32|fp32", re.IGNORECASE)
_BOTH = (False, True)


class Convention(NamedTuple):
    """How a table is meant where it does not say."""

    legend: tuple[str, ...] = ()
    biased: bool | None = True
    """Whether biases count; None where all but convolutions before a normalisation, whose rows tell no options, have
    them.
    """
    order: tuple[bool, bool] = (True, True)
    """Whether channels stand last, in sizes and in that of the input."""
    ceil: bool = False
    window: tuple[int, ...] = (2, 2, 0)
    """Kernel, stride and padding of pools that tell none; nothing where each is as its size has it."""
    kept: bool = False
    """Whether the means that a normalisation keeps, and does not train, count."""
    added: bool = False
    width: int = 1
    before: bool = False
    """Whether jumps are those of what layers read."""
    padded: bool = False
    """Whether convolutions that tell no padding keep the size."""
    same: bool = False
    """Whether convolutions whose row tells no padding have TensorFlow's, as the prose says."""
    unpooled: bool = False
    """Whether the table leaves out pools between its rows."""
    gate: str = ""
    """Whether gates of recurrent layers have one vector of biases or two, or Keras' number, where not as their codes
    have them.
    """

    @property
    def last(self) -> bool:
        """Whether channels stand last in sizes."""
        return self.order[0]

    @property
    def counting(self) -> Counting:
        """What counts."""
        return Counting(self.kept, self.added, self.width, self.before)


_Ways = Mapping[str, Sequence[Any]]


def believed(
    sheet: Sheet, legends: Mapping[tuple[str, ...], Sequence[LayerRow]], ordered: bool, *,
    is_told: bool, judged: Callable[[Convention], list[Finding]],
) -> tuple[Convention, list[Finding]]:  # fmt: skip
    """The convention by which most is right, and what is found by it; a single number by which pools are rounded up,
    or biases are left out, is a mistake, if nothing says so.
    """
    prose, rows = said(" ".join((sheet.before, sheet.after, *sheet.heading))), legends[()]
    ways, findings = _ways(legends, ordered, prose, is_told=is_told), dict[Convention, list[Finding]]()
    biases = _biases(prose, " ".join(sheet.heading))
    ways |= {
        "biased": (*biases, None) if any(row.normed for row in rows) and True in biases else biases,
        "width": (1, 4) if _BYTES.search(prose) else (1,),
    }

    def explained(meant: Convention) -> float:
        if meant not in findings:
            findings[meant] = judged(meant)
        return round(sum(_WORTH.get(one.state, 0) for one in findings[meant]), 6)

    best = _best(ways, explained)
    counted = [row for row in rows if row.is_layer and PARAMS in row.seen and row.seen[PARAMS].value]
    is_of_biases = len(counted) > 1 and not _WEIGHTS.search(" ".join(sheet.heading))
    of_library = re.search("mult-adds", " ".join(sheet.heading), re.IGNORECASE)
    for own, usual, may_be in (
        ("ceil", False, not _ROUNDED_UP.search(prose)), ("biased", True, is_of_biases), ("unpooled", False, True),
        ("before", False, True), ("added", False, not of_library),
    ):  # fmt: skip
        if may_be and getattr(best, own) != usual and usual in ways[own]:
            bad = {WRONG, NOT_READ} if own == "unpooled" else {WRONG}
            best = _not_by_one(best, _best({**ways, own: (usual,)}, explained), findings, bad)
    return best, findings[best]


def _not_by_one(
    best: Convention, other: Convention, findings: Mapping[Convention, list[Finding]], bad: Collection[str]
) -> Convention:
    """The other convention where by the best one a single number more is right."""
    wrong, more = ({one.place for one in findings[meant] if one.state in bad} for meant in (best, other))
    return other if len(more) == len(wrong) + 1 and len(more - wrong) == 1 else best


def _best(ways: _Ways, explained: Callable[[Convention], float]) -> Convention:
    """The convention of these ways that explains most."""
    best = Convention(**{own: values[0] for own, values in ways.items()})
    for own in (*ways, *ways):
        best = max((best._replace(**{own: value}) for value in ways[own]), key=explained)
    return best


def _biases(prose: str, headings: str) -> Sequence[bool]:
    return (False,) if words.UNBIASED.search(prose) else _BOTH if _WEIGHTS.search(headings) else (True, False)


def _ways(
    legends: Mapping[tuple[str, ...], Sequence[LayerRow]], ordered: bool, prose: str, *, is_told: bool
) -> dict[str, Sequence[Any]]:
    """What a table leaves open, as it is usual and otherwise."""
    rows = [row for row in legends[()] if row.layers]
    options = [layer.options for row in rows for layer in row.layers]
    orders = [(ordered, ordered), (not ordered, not ordered), (not ordered, ordered)]
    return {
        "order": orders[::2] if is_told else orders,
        "legend": _apart(legends),
        **_ways_of_windows(rows, prose),
        "kept": _open(any(each.get("running") for each in options) and not _TRAINED.search(prose)),
        "before": _open(any(JUMP in row.seen and READ_JUMP not in row.cells for row in rows)),
        "unpooled": _open(are_unpooled(legends[()], is_open=True)),
        "added": _open(any(MULTS in row.seen for row in rows)),
        "gate": ("", "one", "two", "Keras'") if any("biases" in each for each in options) else ("",),
    }


def _ways_of_windows(rows: Sequence[LayerRow], prose: str) -> dict[str, Sequence[Any]]:
    """What a table leaves open of its windows."""
    pools = [row.unsaid for row in rows if row.layers[0].kind.name == "pool"]
    return {
        "window": _WINDOWS if "kernel" in frozenset().union(*pools) else _WINDOWS[:1],
        "padded": _open(any({"padding", "kernel"} & row.unsaid == {"padding"} for row in rows)),
        "same": _open(_SAME.search(prose))[::-1],
        "ceil": _open(pools),
    }


def _apart(legends: Mapping[tuple[str, ...], Sequence[LayerRow]]) -> Sequence[tuple[str, ...]]:
    """The legends by which rows are other layers than by those before."""
    meant = {repr([row.layers for row in legends[legend]]): legend for legend in [*legends][::-1]}
    return [legend for legend in legends if legend in meant.values()]


def _open(is_open: object) -> Sequence[bool]:
    """Whether something may be otherwise than it is usual."""
    return _BOTH if is_open else _BOTH[:1]


def notes(convention: Convention, source: str) -> Iterator[Problem]:
    """What is said of how a table is read."""
    if source:
        yield Problem(NOTE, source)
    if convention.legend:
        yield Problem(NOTE, f"the table is read so: {LEGENDS[convention.legend]}")
    if convention.ceil:
        yield Problem(NOTE, "the last window of a pooling may reach over the edge: sizes of pooling are rounded up")
    if convention.window and convention.window != _WINDOWS[0]:
        kernel, stride, padding = convention.window
        yield Problem(NOTE, f"pools are read as {kernel}×{kernel} with stride {stride} and padding {padding}")
    if convention.before:
        yield Problem(NOTE, "each jump is that of what its layer reads")
    if convention.unpooled:
        yield Problem(NOTE, "pools that the table leaves out are taken to stand between its rows")
    if convention.added:
        yield Problem(NOTE, "additions of biases count among the multiplications")
    if convention.width > 1:
        yield Problem(NOTE, f"a number takes {convention.width} bytes")
    if convention.kept:
        yield Problem(NOTE, "the means that a normalisation keeps count among the parameters")
    if convention.gate:
        yield Problem(NOTE, f"gates of recurrent layers are counted with {convention.gate} vector(s) of biases")
    if convention.biased is False:
        yield Problem(NOTE, "the parameters are counted without biases")
    if convention.biased is None:
        yield Problem(NOTE, "convolutions before a normalisation are counted without biases")
