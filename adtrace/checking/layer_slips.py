"""What a wrong number of a layer table would come from: each slip one recomputation with one thing changed.

    Case ──slips──▶ (a word, a sentence, the number that it gives) ...

They are tried in the order in which they are seen in tables that people made; the first that gives the printed number
is the cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, prod
from typing import Any, NamedTuple

from adtrace.errors import InputError
from adtrace.networks.maps import SEQUENCE, Map, Outcome, Rules
from adtrace.networks.network import Layer, outcome_of

SIZE, ACTIVATIONS, FIELD, JUMP = "size", "activations", "receptive field", "jump"
PARAMS, WEIGHTS, BIASES = "parameters", "weights", "biases"
MULTS, FLOPS = "multiplications", "flops"
COUNTS = (PARAMS, WEIGHTS, BIASES, MULTS, FLOPS, ACTIVATIONS)


class Case(NamedTuple):
    """A layer, what it reads, and what it comes to."""

    layer: Layer
    operands: tuple[Map, ...]
    outcome: Outcome
    rules: Rules


class Slip(NamedTuple):
    """A mistake that people make."""

    quantity: str
    word: str
    sentence: str
    numbers: Callable[[Case], Iterator[Any]]
    """What it comes to: sizes with the channels first, counts, receptive fields along the first axis."""


_NUMBERS: dict[str, Callable[[Outcome], Any]] = {
    SIZE: lambda one: one.output.shape,
    ACTIVATIONS: lambda one: None if None in one.output.shape else prod(n for n in one.output.shape if n),
    PARAMS: lambda one: int(one.params.value) if one.params is not None else 0,
    WEIGHTS: lambda one: one.weights,
    BIASES: lambda one: one.biases,
    MULTS: lambda one: int(one.multiplications.value) if one.multiplications is not None else 0,
    FLOPS: lambda one: 2 * number_of(MULTS, one),
    FIELD: lambda one: one.output.reach and tuple(own.field for own in one.output.reach),
    JUMP: lambda one: one.output.reach and tuple(own.jump for own in one.output.reach),
}


def number_of(quantity: str, outcome: Outcome) -> Any:
    """A quantity of a layer: a shape with the channels first, a count, the lengths along each axis; None for none."""
    return _NUMBERS[quantity](outcome)


def changed(quantity: str, **options: Any) -> Callable[[Case], Iterator[Any]]:
    """The quantity with other options of the layer; a callable makes one of the layer's options."""

    def numbers(case: Case) -> Iterator[Any]:
        own = case.layer.options
        if any(name not in own for name in options):
            return
        new = {name: value(own) if callable(value) else value for name, value in options.items()}
        try:
            outcome = outcome_of(case.layer._replace(options={**own, **new}), case.operands, case.rules)
            yield number_of(quantity, outcome)
        except (InputError, TypeError, ValueError):
            return

    return numbers


def _once(own: Any) -> Any:
    padding = own["padding"]
    if not isinstance(padding, int):
        return padding
    axes = own.get("axes") or 2
    return tuple((padding, 0) for _ in range(axes))


def _half(own: Any) -> Any:
    kernel = own["kernel"]
    return tuple((k - 1) // 2 for k in kernel) if isinstance(kernel, tuple) else (kernel - 1) // 2


def _sides(case: Case, made: Callable[[int, int, int, int], int]) -> Iterator[Any]:
    """The size with each side made from its division, the side itself and the side that is read."""
    output, read = case.outcome.output.shape, case.operands[0].shape
    sizes = case.outcome.sizes
    if len(sizes) == len(output) - 1 and len(read) == len(output):
        yield (output[0], *(made(*one.over, side or 0, n or 0)
                            for one, side, n in zip(sizes, output[1:], read[1:], strict=True)))  # fmt: skip


def _kernel(case: Case) -> tuple[int, int, int, int]:
    """The places of a kernel, the channels that are read, those that are made, and the places of the output."""
    kernel = case.layer.options.get("kernel")
    axes = max(len(case.outcome.output.shape) - 1, 1)
    places = prod(kernel) if isinstance(kernel, tuple) else kernel**axes if isinstance(kernel, int) else 1
    read, made = case.operands[0].shape, case.outcome.output.shape
    sequence = case.operands[0].kind == SEQUENCE
    return places, (read[-1 if sequence else 0] or 1), made[0] or 1, prod(n or 1 for n in made[1:])


def _counted(formula: Callable[[Case, int, int, int, int], Sequence[int]]) -> Callable[[Case], Iterator[Any]]:
    """What a formula of `_kernel`'s four numbers comes to, of layers that have weights."""

    def numbers(case: Case) -> Iterator[Any]:
        if case.outcome.weights:
            yield from formula(case, *_kernel(case))

    return numbers


def _pooled(case: Case) -> Iterator[Any]:
    if case.layer.kind.name == "pool":
        places, read, _, _ = _kernel(case)
        yield from (places, places * read, places * read + read, places + 1, places * read * read + read)


def _fields(made: Callable[[int, int, int, int], int]) -> Callable[[Case], Iterator[Any]]:
    """A receptive field from the one before, its jump, the window's length, and the stride."""

    def numbers(case: Case) -> Iterator[Any]:
        before, own = case.operands[0].reach, case.layer.options
        kernel, stride = own.get("kernel"), own.get("stride") or own.get("kernel")
        if before and isinstance(kernel, int) and isinstance(stride, int) and isinstance(before[0].jump, int):
            yield (made(before[0].field, before[0].jump, kernel, stride),)

    return numbers


def _moved(by: int) -> Callable[[Case], Iterator[Any]]:
    return lambda case: iter([tuple(n + by for n in number_of(FIELD, case.outcome) or ())])


TABLE = (
    Slip(SIZE, "channels", "the channels of what it reads, not of what it makes",
         lambda case: iter([(case.operands[0].shape[0], *case.outcome.output.shape[1:])])),
    Slip(SIZE, "rounding", "rounded up, where the division is rounded down",
         lambda case: _sides(case, lambda over, by, side, n: ceil(over / by) + 1)),
    Slip(SIZE, "rounding", "rounded down, where it is rounded up", changed(SIZE, ceil=False)),
    Slip(SIZE, "padding", "without the padding", changed(SIZE, padding=0)),
    Slip(SIZE, "padding", "the padding is counted once, not on both sides", changed(SIZE, padding=_once)),
    Slip(SIZE, "padding", "padded to keep the size, which it is not", changed(SIZE, padding=_half)),
    Slip(SIZE, "stride", "without the stride", changed(SIZE, stride=1)),
    Slip(SIZE, "stride", "the stride is that of the window", changed(SIZE, stride=lambda own: own["kernel"])),
    Slip(SIZE, "stride", "with stride 2", changed(SIZE, stride=2)),
    Slip(SIZE, "dilation", "without the dilation", changed(SIZE, dilation=1)),
    Slip(SIZE, "plus one", "the + 1 is left out", lambda case: _sides(case, lambda over, by, side, n: side - 1)),
    Slip(SIZE, "plus one", "one too many", lambda case: _sides(case, lambda over, by, side, n: side + 1)),
    Slip(SIZE, "unchanged", "the size of what it reads",
         lambda case: _sides(case, lambda over, by, side, n: n)),
    Slip(SIZE, "sides", "height and width are exchanged",
         lambda case: iter([(case.outcome.output.shape[0], *case.outcome.output.shape[:0:-1])])),
    Slip(PARAMS, "bias", "without the biases", lambda case: iter([case.outcome.weights])),
    Slip(PARAMS, "bias", "one bias for the layer, not one for each kernel",
         _counted(lambda case, k, c, n, m: [case.outcome.weights + 1])),
    Slip(PARAMS, "bias", "as many biases as the layer reads channels, not as it makes",
         _counted(lambda case, k, c, n, m: [case.outcome.weights + c])),
    Slip(PARAMS, "bias", "with biases, where there are none",
         _counted(lambda case, k, c, n, m: [case.outcome.weights + n] if not case.outcome.biases else [])),
    Slip(PARAMS, "bias", "the biases are counted twice",
         _counted(lambda case, k, c, n, m: [case.outcome.weights + 2 * case.outcome.biases])),
    Slip(PARAMS, "depth", "without the depth of what it reads",
         _counted(lambda case, k, c, n, m: [case.outcome.weights // c + b for b in (case.outcome.biases, 0)])),
    Slip(PARAMS, "kernels", "of one kernel, not of all",
         _counted(lambda case, k, c, n, m: [case.outcome.weights // n + b for b in (1, 0, n)])),
    Slip(PARAMS, "kernel", "the width of the kernel, not its area",
         _counted(lambda case, k, c, n, m: [round(k**0.5) * c * n + b for b in (case.outcome.biases, 0)])),
    Slip(PARAMS, "channels", "the channels of the wrong side",
         _counted(lambda case, k, c, n, m: [k * c * c + c, k * n * n + n, k * c * c + n])),
    Slip(PARAMS, "flattened", "without the places of the map that is flattened",
         _counted(lambda case, k, c, n, m: [c * n + b for b in (case.outcome.biases, 0)])),
    Slip(PARAMS, "shared", "counted at every place: the kernel is shared",
         _counted(lambda case, k, c, n, m: [(case.outcome.weights + b) * m for b in (case.outcome.biases, 0)])),
    Slip(PARAMS, "pooling", "pooling has no parameters", _pooled),
    Slip(BIASES, "channels", "as many as the layer reads channels, not as it makes",
         _counted(lambda case, k, c, n, m: [c])),
    Slip(BIASES, "bias", "one for the layer, not one for each kernel", _counted(lambda case, k, c, n, m: [1])),
    Slip(MULTS, "kernel", "without the places and channels that each output reads",
         _counted(lambda case, k, c, n, m: [m * n, m * c, m])),
    Slip(MULTS, "kernel", "the width of the kernel, not its area",
         _counted(lambda case, k, c, n, m: [m * n * round(k**0.5) * c])),
    Slip(MULTS, "depth", "without the depth of what it reads", _counted(lambda case, k, c, n, m: [m * n * k])),
    Slip(MULTS, "places", "at one place, not at all", _counted(lambda case, k, c, n, m: [case.outcome.weights])),
    Slip(MULTS, "kernels", "of one kernel, not of all", _counted(lambda case, k, c, n, m: [m * k * c])),
    Slip(MULTS, "bias", "with the biases, which are added",
         _counted(lambda case, k, c, n, m: [m * (case.outcome.weights + case.outcome.biases), m * n * k * c + n])),
    Slip(MULTS, "input", "at the places of what it reads, not of what it makes",
         _counted(lambda case, k, c, n, m: [prod(x or 1 for x in case.operands[0].shape[1:]) * case.outcome.weights])),
    Slip(MULTS, "width", "the width of the map, not its area",
         _counted(lambda case, k, c, n, m: [round(m**0.5) * case.outcome.weights])),
    Slip(MULTS, "two for each", "multiplications and additions",
         _counted(lambda case, k, c, n, m: [2 * number_of(MULTS, case.outcome)])),
    Slip(FLOPS, "one for each", "multiplications alone",
         _counted(lambda case, k, c, n, m: [number_of(MULTS, case.outcome)])),
    Slip(ACTIVATIONS, "depth", "without the channels",
         lambda case: iter([prod(n or 1 for n in case.outcome.output.shape[1:])])),
    Slip(ACTIVATIONS, "width", "the width of the map, not its area",
         lambda case: iter([prod(n or 1 for n in case.outcome.output.shape[:2])])),
    Slip(FIELD, "off by one", "one too many", _moved(1)),
    Slip(FIELD, "off by one", "one too few", _moved(-1)),
    Slip(FIELD, "left out", "the layer is left out", _fields(lambda r, j, k, s: r)),
    Slip(FIELD, "jump", "without the strides before it", _fields(lambda r, j, k, s: r + k - 1)),
    Slip(FIELD, "jump", "with the layer's own stride, which widens the next one only",
         _fields(lambda r, j, k, s: r + (k - 1) * j * s)),
    Slip(FIELD, "k for k - 1", "k in place of k - 1", _fields(lambda r, j, k, s: r + k * j)),
    Slip(FIELD, "product", "the fields are multiplied", _fields(lambda r, j, k, s: r * k)),
    Slip(FIELD, "alone", "of this layer alone", _fields(lambda r, j, k, s: k)),
    Slip(JUMP, "stride", "without the layer's own stride",
         lambda case: iter([tuple(own.jump for own in case.operands[0].reach or ())])),
)  # fmt: skip


def slip_of(case: Case, quantity: str, is_it: Callable[[Any], bool]) -> tuple[str, str]:
    """The first slip that gives the printed number: its word and its sentence; empty where none does."""
    if not case.operands or len(case.operands) > 1:
        return "", ""
    for slip in TABLE:
        if slip.quantity == quantity:
            for number in slip.numbers(case):
                if number and is_it(number):
                    return slip.word, slip.sentence
    return "", ""


def digit_slip(shown: str, right: str) -> str:
    """What is wrong with the digits of a number, if it is one digit, a pair of them, or a zero."""
    if shown.rstrip("0") == right.rstrip("0"):
        return "a factor of ten"
    if len(shown) == len(right):
        differ = [place for place, (a, b) in enumerate(zip(shown, right, strict=True)) if a != b]
        if len(differ) == 1:
            return "one digit is another"
        if len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(shown) == sorted(right):
            return "two digits are exchanged"
    longer, shorter = (shown, right) if len(shown) > len(right) else (right, shown)
    near = len(longer) == len(shorter) + 1 and len(shorter) > 2
    if near and any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))):
        return "a digit too many" if longer == shown else "a digit is missing"
    return ""
