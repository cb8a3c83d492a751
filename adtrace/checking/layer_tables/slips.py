"""What a wrong number of a layer table would come from: each slip one recomputation with one thing changed.

    Case ──slips──▶ (a word, a sentence, the number that it gives) ...

They are tried in the order in which they are seen in tables that people made; the first that gives the printed number
is the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod
from typing import Any, NamedTuple

from adtrace.checking.readings.rewriting import in_doubles, pattern
from adtrace.errors import InputError
from adtrace.networks.maps import SEQUENCE, Map, Outcome, Rules
from adtrace.networks.network import Layer, outcome_of

SIZE, ACTIVATIONS, FIELD, JUMP = "size", "activations", "receptive field", "jump"
PARAMS, WEIGHTS, BIASES = "parameters", "weights", "biases"
MULTS, FLOPS = "multiplications", "flops"
_SUMMED = (PARAMS, WEIGHTS, BIASES, MULTS, FLOPS)
COUNTS = (*_SUMMED, ACTIVATIONS)


class Counting(NamedTuple):
    """What counts where a table does not say."""

    kept: bool = False
    """Whether numbers that are kept and not trained count among the parameters."""
    added: bool = False
    """Whether biases count among the multiplications, as libraries have them."""
    width: int = 1
    """How many bytes a number takes, where they are counted."""
    before: bool = False
    """Whether jumps are those of what layers read."""


class Case(NamedTuple):
    """The layers of a row, the last of them with what it reads, and what each comes to."""

    layer: Layer | None
    """None for the input."""
    operands: tuple[Map, ...]
    outcomes: tuple[Outcome, ...]
    rules: Rules = Rules()
    counting: Counting = Counting()

    @property
    def output(self) -> Map:
        """What the next row may read."""
        return self.outcomes[-1].output


def places_of(shape: tuple[int | None, ...]) -> int:
    """How many numbers there are; a length that nobody has said is 1."""
    return prod(length or 1 for length in shape)


_NUMBERS: dict[str, Callable[[Outcome], Any]] = {
    SIZE: lambda one: one.output.shape,
    ACTIVATIONS: lambda one: None if None in one.output.shape else places_of(one.output.shape),
    PARAMS: lambda one: int(one.params.value) if one.params is not None else 0,
    WEIGHTS: lambda one: one.weights,
    BIASES: lambda one: one.biases,
    MULTS: lambda one: int(one.multiplications.value) if one.multiplications is not None else 0,
    FLOPS: lambda one: 2 * _NUMBERS[MULTS](one),
    FIELD: lambda one: one.output.reach and tuple(own.field for own in one.output.reach),
    JUMP: lambda one: one.output.reach and tuple(own.jump for own in one.output.reach if own.jump is not None),
}


def number_of(quantity: str, case: Case) -> Any:
    """A quantity of a row: a shape with the channels first, a count, the lengths along each axis; None for none."""
    number, counting = _NUMBERS[quantity], case.counting
    if quantity == JUMP and counting.before and case.operands:
        return number(Outcome(case.operands[0]))
    more = 0
    if counting.kept and quantity == PARAMS:
        more = sum(one.untrained for one in case.outcomes)
    elif counting.added and quantity == MULTS:
        more = sum(places_of(one.output.shape) for one in case.outcomes if one.biases)
    elif quantity == ACTIVATIONS and (places := number(case.outcomes[-1])):
        return places * counting.width
    return sum(map(number, case.outcomes)) + more if quantity in _SUMMED else number(case.outcomes[-1])


_Numbers = Callable[[Case], Iterator[Any]]


class Slip(NamedTuple):
    """A mistake that people make."""

    quantity: str
    word: str
    sentence: str
    numbers: _Numbers
    """What it comes to: sizes with the channels first, counts, receptive fields along the first axis."""


def changed(**options: Any) -> _Numbers:
    """The size with other options of the layer; a callable makes one of the layer's options."""

    def numbers(case: Case) -> Iterator[Any]:
        assert case.layer is not None  # the input has no slips
        own = case.layer.options
        if any(name not in own for name in options):
            return
        try:
            new = {name: value(own) if callable(value) else value for name, value in options.items()}
            yield outcome_of(case.layer._replace(options={**own, **new}), case.operands, case.rules).output.shape
        except (InputError, KeyError, TypeError, ValueError):  # half the kernel of what has none
            return

    return numbers


def half(own: Any) -> Any:
    """The padding by which a kernel keeps the size of what it reads."""
    kernel = own["kernel"]
    return tuple((k - 1) // 2 for k in kernel) if isinstance(kernel, tuple) else (kernel - 1) // 2


def _evaluated(text: str, letters: Mapping[str, int]) -> Iterator[int]:
    """What formulas come to that are whole numbers: ``k*c*n + n; k*c*n``."""
    for formula in text.split("; "):
        yield int(in_doubles(pattern(formula)[0], letters) or 0)


def along(text: str) -> _Numbers:
    """The size with each side made from itself, y, the side that is read, x, and its division, o by v."""

    def numbers(case: Case) -> Iterator[Any]:
        output, read, sizes = case.output.shape, case.operands[0].shape, case.outcomes[0].sizes
        if len(sizes) == len(output) - 1 and len(read) == len(output):
            made = [next(_evaluated(text, {"o": one.over[0], "v": one.over[1], "y": y or 0, "x": x or 0}), 0)
                    for one, y, x in zip(sizes, output[1:], read[1:], strict=True)]  # fmt: skip
            yield output[0], *made

    return numbers


def counted(text: str, of: str = "") -> _Numbers:
    """Counts of layers with weights, or of a kind, in the letters of `_letters`."""

    def numbers(case: Case) -> Iterator[Any]:
        assert case.layer is not None
        if case.layer.kind.name == of if of else case.outcomes[0].weights:
            yield from _evaluated(text, _letters(case, case.layer))

    return numbers


def _letters(case: Case, layer: Layer) -> dict[str, int]:
    """k places of a kernel, a along its side; c channels that are read, n that are made, at x and at m places, a map
    of the side y; w weights, b biases, t multiplications.
    """
    kernel, (read, kind), made = layer.options.get("kernel"), case.operands[0][::2], case.output.shape
    axes = max(len(made) - 1, 1)
    k = prod(kernel) if isinstance(kernel, tuple) else kernel**axes if isinstance(kernel, int) else 1
    channels, own = -1 if kind == SEQUENCE else 0, case.outcomes[0]
    c, n = read[channels] or 1, made[channels] or 1
    m = places_of(made) // n
    return {"k": k, "a": round(k**0.5), "c": c, "n": n, "m": m, "x": places_of(read) // c, "y": round(m**0.5),
            "w": own.weights, "b": own.biases, "t": number_of(MULTS, case)}  # fmt: skip


def field(text: str) -> _Numbers:
    """A receptive field from the one before it, r, its jump, j, the window's length, k, and the stride, s."""

    def numbers(case: Case) -> Iterator[Any]:
        assert case.layer is not None
        before, own = case.operands[0].reach, case.layer.options
        kernel, stride = own.get("kernel"), own.get("stride") or own.get("kernel")
        if before and isinstance(kernel, int) and isinstance(stride, int) and isinstance(before[0].jump, int):
            yield tuple(_evaluated(text, {"r": before[0].field, "j": before[0].jump, "k": kernel, "s": stride}))

    return numbers


def _moved(by: int) -> _Numbers:
    return lambda case: iter([tuple(n + by for n in number_of(FIELD, case) or ())])


# fmt: off
TABLE = (
    Slip(SIZE, "channels", "the channels of what it reads, not of what it makes",
         lambda case: iter([(case.operands[0].shape[0], *case.output.shape[1:])])),
    Slip(SIZE, "rounding", "rounded up, where the division is rounded down", along("ceil(o/v) + 1")),
    Slip(SIZE, "rounding", "rounded down, where it is rounded up", changed(ceil=False)),
    Slip(SIZE, "padding", "without the padding", changed(padding=0)),
    Slip(SIZE, "padding", "the padding is counted once, not on both sides",
         changed(padding=lambda own: ((own["padding"], 0),) * (own.get("axes") or 2))),
    Slip(SIZE, "padding", "padded to keep the size, which it is not", changed(padding=half)),
    Slip(SIZE, "stride", "without the stride", changed(stride=1)),
    Slip(SIZE, "stride", "the stride is that of the window", changed(stride=lambda own: own["kernel"])),
    Slip(SIZE, "stride", "with stride 2", changed(stride=2)),
    Slip(SIZE, "dilation", "without the dilation", changed(dilation=1)),
    Slip(SIZE, "plus one", "the + 1 is left out", along("y - 1")),
    Slip(SIZE, "plus one", "one too many", along("y + 1")),
    Slip(SIZE, "unchanged", "the size of what it reads", along("x")),
    Slip(SIZE, "sides", "height and width are exchanged",
         lambda case: iter([(case.output.shape[0], *case.output.shape[:0:-1])])),
    Slip(PARAMS, "bias", "without the biases", lambda case: iter([case.outcomes[0].weights])),
    Slip(PARAMS, "bias", "one bias for the layer, not one for each kernel", counted("w + 1")),
    Slip(PARAMS, "bias", "as many biases as the layer reads channels, not as it makes", counted("w + c")),
    Slip(PARAMS, "bias", "with biases, where there are none", counted("(w + n)*max(1 - b, 0)")),
    Slip(PARAMS, "bias", "the biases are counted twice", counted("w + 2*b")),
    Slip(PARAMS, "depth", "without the depth of what it reads", counted("floor(w/c) + b; floor(w/c)")),
    Slip(PARAMS, "kernels", "of one kernel, not of all", counted("floor(w/n) + 1; floor(w/n); floor(w/n) + n")),
    Slip(PARAMS, "kernel", "the width of the kernel, not its area", counted("a*c*n + b; a*c*n")),
    Slip(PARAMS, "channels", "the channels of the wrong side", counted("k*c*c + c; k*n*n + n; k*c*c + n")),
    Slip(PARAMS, "flattened", "without the places of the map that is flattened", counted("c*n + b; c*n")),
    Slip(PARAMS, "shared", "counted at every place: the kernel is shared", counted("(w + b)*m; w*m")),
    Slip(PARAMS, "pooling", "pooling has no parameters", counted("k; k*c; k*c + c; k + 1; k*c*c + c", "pool")),
    Slip(BIASES, "channels", "as many as the layer reads channels, not as it makes", counted("c")),
    Slip(BIASES, "bias", "one for the layer, not one for each kernel", counted("1")),
    Slip(MULTS, "kernel", "without the places and channels that each output reads", counted("m*n; m*c; m")),
    Slip(MULTS, "kernel", "the width of the kernel, not its area", counted("m*n*a*c")),
    Slip(MULTS, "depth", "without the depth of what it reads", counted("m*n*k")),
    Slip(MULTS, "places", "at one place, not at all", counted("w")),
    Slip(MULTS, "kernels", "of one kernel, not of all", counted("m*k*c")),
    Slip(MULTS, "bias", "with the biases, which are added", counted("m*(w + b); m*n*k*c + n")),
    Slip(MULTS, "input", "at the places of what it reads, not of what it makes", counted("x*w")),
    Slip(MULTS, "width", "the width of the map, not its area", counted("y*w")),
    Slip(MULTS, "two for each", "multiplications and additions", counted("2*t")),
    Slip(FLOPS, "one for each", "multiplications alone", counted("t")),
    Slip(ACTIVATIONS, "depth", "without the channels", lambda case: iter([places_of(case.output.shape[1:])])),
    Slip(ACTIVATIONS, "width", "the width of the map, not its area",
         lambda case: iter([places_of(case.output.shape[:2])])),
    Slip(FIELD, "off by one", "one too many", _moved(1)),
    Slip(FIELD, "off by one", "one too few", _moved(-1)),
    Slip(FIELD, "left out", "the layer is left out", field("r")),
    Slip(FIELD, "jump", "without the strides before it", field("r + k - 1")),
    Slip(FIELD, "jump", "with the layer's own stride, which widens the next one only", field("r + (k - 1)*j*s")),
    Slip(FIELD, "k for k - 1", "k in place of k - 1", field("r + k*j")),
    Slip(FIELD, "product", "the fields are multiplied", field("r*k")),
    Slip(FIELD, "alone", "of this layer alone", field("k")),
    Slip(JUMP, "stride", "without the layer's own stride",
         lambda case: iter([tuple(own.jump for own in case.operands[0].reach or ())])),
)
# fmt: on


def slip_of(case: Case, quantity: str, is_it: Callable[[Any], bool]) -> tuple[str, str]:
    """The first slip that gives the printed number: its word and its sentence; empty where none does."""
    slips = TABLE if len(case.operands) == len(case.outcomes) == 1 else ()
    found = (slip for slip in slips if slip.quantity == quantity and any(n and is_it(n) for n in slip.numbers(case)))
    return next(((slip.word, slip.sentence) for slip in found), ("", ""))
