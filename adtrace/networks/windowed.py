"""Layers that move a window: convolutions of all kinds, and pooling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from adtrace.arrays.axis_windows import FULL, VALID, WORDS, AxisWindow, padding_of, transposed_places
from adtrace.networks.maps import LayerError, Map, Outcome, Rules, Size, one_operand, plain, product, spatial
from adtrace.networks.reach import Reach
from adtrace.wording import said
from adtrace.writing.counts import Counted, Whole

Options = Mapping[str, Any]


def each_axis(given: Any, axes: int, name: str) -> tuple[int, ...]:
    """One number for all axes, or one for each."""
    if isinstance(given, int):
        return (given,) * axes
    if len(given) != axes:
        raise LayerError(
            f"{name} has {len(given)} numbers, and there {'is 1 axis' if axes == 1 else f'are {axes} axes'}"
        )
    return tuple(given)


def paddings(given: Any, axes: int) -> list[Any]:
    """A padding that is no word: for each axis before and after, two whole numbers."""
    if isinstance(given, int):
        return [(given, given)] * axes
    if all(isinstance(entry, int) for entry in given):
        if axes == 1 and len(given) == 2:
            return [tuple(given)]
        return [(entry, entry) for entry in each_axis(given, axes, "padding")]
    if len(given) != axes:
        raise LayerError(
            f"padding has {len(given)} pairs, and there {'is 1 axis' if axes == 1 else f'are {axes} axes'}"
        )
    pairs = [(entry, entry) if isinstance(entry, int) else tuple(entry) for entry in given]
    if not all(len(pair) == 2 and all(isinstance(entry, int) for entry in pair) for pair in pairs):
        raise LayerError("a padding of an axis is a number, or a pair: before and after")
    return pairs


def _windows(options: Options, places: Sequence[int], *, ceil: bool = False) -> list[AxisWindow]:
    """The window on each axis.  Raises `LayerError` for one that is larger than its padded axis."""
    axes = len(places)
    kernel = each_axis(options["kernel"], axes, "kernel")
    stride = each_axis(kernel if options["stride"] is None else options["stride"], axes, "stride")
    dilation = each_axis(options["dilation"], axes, "dilation")
    padding = options["padding"]
    if isinstance(padding, str):
        if padding not in WORDS:
            raise LayerError(f"padding is numbers, or {', '.join(WORDS)}; not {padding!r}")
        pairs = [padding_of(padding, *of) for of in zip(places, kernel, stride, dilation, strict=True)]
    else:
        pairs = paddings(padding, axes)
    windows = [
        AxisWindow(k, s, before, after, d, ceil)
        for k, s, d, (before, after) in zip(kernel, stride, dilation, pairs, strict=True)
    ]
    if any(window.room(n) < 0 for n, window in zip(places, windows, strict=True)):
        wide = plain([n + window.before + window.after for n, window in zip(places, windows, strict=True)])
        own = plain([window.span for window in windows])
        inside = "padded input" if any(window.before + window.after for window in windows) else "input"
        raise LayerError(f"a window of {own} is larger than its {inside}, {wide}")
    return windows


def sized(n: int, window: AxisWindow, rules: Rules) -> Size:
    """floor((n + 2p - k)/s) + 1 in its many forms."""
    values: dict[str, Whole] = {"n": n, "p": window.before, "k": window.kernel, "s": window.stride}
    pads = "2*p" if window.before == window.after else "p + p_"
    if window.before != window.after:
        values["p_"] = window.after
    span = "k"
    if rules.dilated:
        span, values["d"] = "d*{k - 1} - 1", window.dilation
    places = window.places(n)
    room = window.room(n)
    head = "ceiling" if window.ceil else "floor"
    less = -(-room // window.stride) + 1 - places if window.ceil else 0
    text = f"{head}((n + {pads} - {span})/s) + 1" + (" - 1" if less else "")
    return Size(Counted(text, values), True, (room, window.stride), window.unread(n))


def _fields(operand: Map, windows: Sequence[AxisWindow], reaches: Sequence[Reach], rules: Rules) -> tuple[Counted, ...]:
    """r + (k - 1)j, where that is what it comes to."""
    fields: list[Counted] = []
    for before, window, after in zip(operand.reach or (), windows, reaches, strict=True):
        jump = before.jump
        if jump is None:
            return ()
        values: dict[str, Whole] = {"r": before.field, "k": window.kernel, "j": jump, "d": window.dilation}
        field = Counted("r + d*{k - 1}*j" if rules.dilated else "r + {k - 1}*j", values)
        if field.value != after.field:
            return ()
        fields.append(field)
    return tuple(fields)


def _kernel(windows: Sequence[AxisWindow]) -> tuple[list[str], dict[str, Whole]]:
    """The letters of a kernel's sides, and their numbers."""
    names = [f"k{axis}" for axis in range(len(windows))]
    return names, {name: window.kernel for name, window in zip(names, windows, strict=True)}


def _channels(options: Options, operand: Map) -> int | None:
    """The channels that are read; what the author wrote of them is to fit."""
    channels, written = operand.shape[0], options.get("in_channels")
    if channels is None:
        return written
    if written is not None and written != channels:
        raise LayerError(f"it is for {written} channels, and what it reads has {channels}: {plain(operand.shape)}")
    return channels


def _made(options: Options, channels: int | None) -> int | None:
    """The channels that are made."""
    if options.get("depth_multiplier") is not None:
        return None if channels is None else channels * int(options["depth_multiplier"])
    return options["out_channels"]  # type: ignore[no-any-return]


def _groups(options: Options, channels: int | None, filters: int | None) -> int:
    """The groups of channels.  Raises `LayerError` where they do not divide."""
    if options.get("depth_multiplier") is not None:
        return channels or 1
    groups = int(options["groups"])
    for count, what in ((channels, "channels that it reads"), (filters, "kernels")):
        if count is not None and count % groups:
            raise LayerError(f"{groups} groups do not divide the {count} {what}")
    return groups


def _biases(options: Options, rules: Rules) -> bool:
    return bool(options["bias"]) and rules.biased


def summed(weights: str, biases: str, values: dict[str, Whole], per_kernel: str = "") -> tuple[Counted, int, int]:
    """Parameters as weights and biases, and how many of each."""
    own = Counted(weights, values)
    if not biases:
        return own, int(own.value), 0
    other = Counted(biases, values)
    return Counted(per_kernel or f"{weights} + {biases}", values), int(own.value), int(other.value)


def _counted(
    options: Options, windows: Sequence[AxisWindow], channels: tuple[int, int], places: Sequence[int], rules: Rules
) -> tuple[Counted, int, int, Counted]:
    """Parameters and multiplications of a convolution between so many channels."""
    read_channels, filters = channels
    groups = _groups(options, read_channels, filters)
    names, values = _kernel(windows)
    kernel = product(names)
    outs = [f"n_{axis}" for axis in range(len(places))]
    values |= {"C": read_channels, "N": filters, **dict(zip(outs, places, strict=True))}
    bias = "N" if _biases(options, rules) else ""
    if options.get("connections"):  # LeNet-5: not every map meets every map
        values["M"] = options["connections"]
        params = summed(f"{kernel}*M", bias, values)
        return (*params, Counted(f"{product(outs)}*{{{kernel}*M}}", values))
    read = "C"
    if groups > 1:
        read, values["g"] = "C/g", groups
    inner = f"{{{read}}}" if groups > 1 else read
    params = summed(f"{kernel}*{inner}*N", bias, values, f"({kernel}*{inner} + 1)*N" if rules.per_kernel else "")
    return (*params, Counted(f"{product(outs)}*N*{{{kernel}*{read}}}", values))


def convolution(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A convolution: grouped, depthwise, dilated, in any number of axes."""
    operand = spatial(one_operand(operands), options["axes"])
    channels = _channels(options, operand)
    filters = _made(options, channels)
    sides: list[int] = list(operand.shape[1:])  # type: ignore[arg-type]
    windows = _windows(options, sides)
    places = [window.places(n) for n, window in zip(sides, windows, strict=True)]
    reach = _reached(operand, windows)
    output = Map((filters, *places), reach)
    sizes = tuple(sized(n, window, rules) for n, window in zip(sides, windows, strict=True))
    fields = _fields(operand, windows, reach, rules) if reach else ()
    if channels is None or filters is None:
        return Outcome(output, sizes, fields=fields)
    params, weights, biases, multiplications = _counted(options, windows, (channels, filters), places, rules)
    return Outcome(output, sizes, params, weights, biases, multiplications, fields)


def _reached(operand: Map, windows: Sequence[AxisWindow]) -> tuple[Reach, ...] | None:
    if operand.reach is None:
        return None
    return tuple(reach.windowed(window) for reach, window in zip(operand.reach, windows, strict=True))


def locally_connected(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A convolution whose weights and biases are others at each place."""
    shared = convolution({**options, "bias": False}, operands, rules)
    if shared.params is None:
        return shared
    outs = [f"n_{axis}" for axis in range(len(shared.output.shape) - 1)]
    assert shared.multiplications is not None
    values = dict(shared.multiplications.values)
    bias = f"{product(outs)}*N" if _biases(options, rules) else ""
    params = summed(f"{product(outs)}*{shared.params.text}", bias, values)
    return shared._replace(params=params[0], weights=params[1], biases=params[2])


def transposed(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A transposed convolution: each place of the input is written to a window of the output."""
    operand = spatial(one_operand(operands), options["axes"])
    channels = _channels(options, operand)
    filters = options["out_channels"]
    sides: list[int] = list(operand.shape[1:])  # type: ignore[arg-type]
    axes = len(sides)
    kernel, stride, dilation = (each_axis(options[name], axes, name) for name in ("kernel", "stride", "dilation"))
    further = each_axis(options["output_padding"], axes, "output_padding")
    pairs = _transposed_padding(options["padding"], kernel, stride, dilation)
    windows = [AxisWindow(k, s, *pair, d) for k, s, d, pair in zip(kernel, stride, dilation, pairs, strict=True)]
    if isinstance(options["padding"], str) and any(further):
        raise LayerError("an output padding goes with a padding in numbers")
    sizes = [_enlarged(*of, rules) for of in zip(sides, windows, further, strict=True)]
    places = [int(size.formula.value) for size in sizes]
    reach = None
    if operand.reach is not None:
        reach = tuple(own.transposed(window) for own, window in zip(operand.reach, windows, strict=True))
    output = Map((filters, *places), reach)
    if channels is None or filters is None:
        return Outcome(output, tuple(sizes))
    return Outcome(output, tuple(sizes), *_written_out(options, windows, (channels, filters), sides, rules))


def _enlarged(n: int, window: AxisWindow, more: int, rules: Rules) -> Size:
    """(n - 1)s - 2p + k and its other forms."""
    if more and more >= max(window.stride, window.dilation):
        raise LayerError(f"its output padding is {more}, and is to be less than its stride or its dilation")
    values: dict[str, Whole] = {"n": n, "s": window.stride, "p": window.before, "k": window.kernel}
    pads = "2*p"
    if window.before != window.after:
        pads, values["p_"] = "p - p_", window.after
    span = "k"
    if rules.dilated or window.dilation > 1:
        span, values["d"] = "d*{k - 1} + 1", window.dilation
    text = f"(n - 1)*s - {pads} + {span}"
    if more:
        text, values["o"] = f"{text} + o", more
    size = Size(Counted(text, values), True)
    if int(size.formula.value) < 1:
        raise LayerError(f"its padding takes away all that a window of {window.span} makes of {n}")
    assert size.formula.value == transposed_places(n, window, more)
    return size


def _written_out(
    options: Options, windows: Sequence[AxisWindow], channels: tuple[int, int], sides: Sequence[int], rules: Rules
) -> tuple[Counted, int, int, Counted]:
    """Parameters and multiplications of a transposed convolution: k·k·N of them for each number of the input."""
    read, filters = channels
    groups = _groups(options, read, filters)
    names, numbers = _kernel(windows)
    ins = [f"n{axis}" for axis in range(len(sides))]
    numbers |= {"C": read, "N": filters, **dict(zip(ins, sides, strict=True))}
    write = "N"
    if groups > 1:
        write, numbers["g"] = "N/g", groups
    inner = f"{{{write}}}" if groups > 1 else write
    params = summed(f"{product(names)}*C*{inner}", "N" if _biases(options, rules) else "", numbers)
    return (*params, Counted(f"{product(ins)}*C*{{{product(names)}*{write}}}", numbers))


def _transposed_padding(
    given: Any, kernel: Sequence[int], stride: Sequence[int], dilation: Sequence[int]
) -> list[tuple[int, int]]:
    """What is taken away on both sides; with "same" n·s places are left, with "valid" n·s at least (Keras)."""
    if not isinstance(given, str):
        return paddings(given, len(kernel))
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if given == VALID:
        return [(0, min(span - s, 0)) for span, s in zip(spans, stride, strict=True)]
    if given == FULL or given not in WORDS:
        raise LayerError(f"the padding of a transposed convolution is numbers, valid or same; not {given!r}")
    return [((span - s) // 2, span - s - (span - s) // 2) for span, s in zip(spans, stride, strict=True)]


def pool(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """The largest number of each window, or the mean."""
    operand = spatial(one_operand(operands), options["axes"])
    sides: list[int] = list(operand.shape[1:])  # type: ignore[arg-type]
    windows = _windows(options, sides, ceil=options["ceil"])
    for window in windows:
        if not isinstance(options["padding"], str) and max(window.before, window.after) >= window.span:
            raise LayerError(f"a padding of {max(window.before, window.after)} leaves windows of padding alone")
    places = [window.places(n) for n, window in zip(sides, windows, strict=True)]
    reach = _reached(operand, windows)
    output = Map((operand.shape[0], *places), reach)
    sizes = tuple(sized(n, window, rules) for n, window in zip(sides, windows, strict=True))
    fields = _fields(operand, windows, reach, rules) if reach else ()
    outcome = Outcome(output, sizes, fields=fields)
    if options["trainable"] and operand.shape[0] is not None:  # LeNet-5: a coefficient and a bias for each map
        params = summed("C", "C" if rules.biased else "", {"C": operand.shape[0]})
        outcome = outcome._replace(params=params[0], weights=params[1], biases=params[2])
    return outcome


def global_pool(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """One number of each map."""
    operand = spatial(one_operand(operands))
    sides: list[int] = list(operand.shape[1:])  # type: ignore[arg-type]
    windows = [AxisWindow(n, n) for n in sides]
    reach = _reached(operand, windows)
    places = (1,) * len(sides) if options["keep"] else ()
    extent = reach if options["keep"] else reach and tuple(own.whole(1) for own in reach)
    fields = _fields(operand, windows, reach, rules) if reach else ()
    return Outcome(Map((operand.shape[0], *places), extent), fields=fields)


def adaptive(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Pooling to a size: window o goes from ⌊o·n/m⌋ to ⌈(o + 1)n/m⌉."""
    operand = spatial(one_operand(operands))
    sides: list[int] = list(operand.shape[1:])  # type: ignore[arg-type]
    lengths = each_axis(options["size"], len(sides), "size")
    if any(n % m for n, m in zip(sides, lengths, strict=True)):
        reach = None
    else:
        windows = [AxisWindow(n // m, n // m) for n, m in zip(sides, lengths, strict=True)]
        reach = _reached(operand, windows)
    notes = () if reach else (said("uneven_windows"),)
    assert prod(lengths)
    return Outcome(Map((operand.shape[0], *lengths), reach), notes=notes)
