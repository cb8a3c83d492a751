"""Layers without a window: what is connected fully, normalised, put together or in another order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from adtrace.networks.maps import (
    MAP,
    SEQUENCE,
    LayerError,
    Map,
    Outcome,
    Rules,
    Size,
    displayed,
    one_operand,
    plain,
    product,
    spatial,
)
from adtrace.networks.reach import joined
from adtrace.networks.windowed import each_axis, paddings, summed
from adtrace.wording import said
from adtrace.writing.counts import Counted, Whole

Options = Mapping[str, Any]


def same_size(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """What changes values alone: an activation, dropout; one with numbers of its own has them trained."""
    outcome = Outcome(one_operand(operands))
    if options.get("trained"):
        params = Counted("C", {"C": options["trained"]})
        return outcome._replace(params=params, weights=options["trained"])
    return outcome


def _row(operand: Map) -> Map:
    """All numbers of a map in a row."""
    if None in operand.shape:
        raise LayerError("how many channels there are has not been said, so that nobody can say how many numbers")
    reach = operand.reach
    if reach is not None and len(operand.shape) > 1:
        reach = tuple(own.whole(length or 0) for own, length in zip(reach, operand.shape[1:], strict=True))
    return Map((prod(operand.shape),), reach)  # type: ignore[arg-type]


def _lengths(operand: Map, rules: Rules) -> Counted:
    """The numbers of a map as a product, in the order of the network's input."""
    lengths = displayed(operand, rules.channels_last)
    names = [f"x{place}" for place in range(len(lengths))]
    return Counted(product(names), dict(zip(names, lengths, strict=True)))


def flattened(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """All numbers in a row."""
    operand = one_operand(operands)
    output = _row(operand)
    sizes = (Size(_lengths(operand, rules)),) if len(operand.shape) > 1 else ()
    return Outcome(output, sizes)


def reshaped(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """The same numbers in another shape; what its places read is not kept."""
    operand = one_operand(operands)
    count = prod(_row(operand).shape)  # type: ignore[arg-type]
    shape = list(options["shape"])
    if shape.count(-1) == 1:
        rest = prod(length for length in shape if length != -1)
        if count % rest:
            raise LayerError(f"{count} numbers do not make {plain(shape).replace('-1', '?')}")
        shape[shape.index(-1)] = count // rest
    if prod(shape) != count:
        raise LayerError(f"{count} numbers do not make {plain(shape)}, which are {prod(shape)}")
    if rules.channels_last and len(shape) == 2:
        return Outcome(Map(tuple(shape), None, SEQUENCE))
    if rules.channels_last and len(shape) > 2:
        shape = [shape[-1], *shape[:-1]]
    return Outcome(Map(tuple(shape), None))


def linear(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A fully connected layer on the last axis; on all numbers of a map, or on the channels of each of its places,
    where its author has meant that.
    """
    operand = one_operand(operands)
    if operand.shape == (None,):
        raise LayerError("how many numbers it reads has not been said")
    is_map = operand.kind == MAP and len(operand.shape) > 1
    if is_map and options["on_channels"] and not options["flat"]:
        return _at_each_place(options, operand, rules)
    total = None if None in operand.shape else prod(operand.shape)  # type: ignore[arg-type]
    if is_map and (options["flat"] or total == options["in_features"] != operand.shape[-1]):
        lengths, row = _lengths(operand, rules), _row(operand)
        note = said("reads_map", size=plain(displayed(operand, rules.channels_last)), count=f"{total or 0:,}")
        output = Map((options["out_features"],), row.reach)
        return _connected(options, (lengths.text, dict(lengths.values), ()), output, rules)._replace(notes=(note,))
    rest = operand.shape[:-1]
    if operand.shape[-1] is None or None in rest:
        raise LayerError("how many channels it reads has not been said")
    output = Map((*rest, options["out_features"]), _mixed(operand), operand.kind)
    places: tuple[int, ...] = rest  # type: ignore[assignment]
    return _connected(options, ("D", {"D": operand.shape[-1]}, places), output, rules)


def _connected(
    options: Options, read: tuple[str, dict[str, Whole], tuple[int, ...]], output: Map, rules: Rules
) -> Outcome:
    """The costs of a fully connected layer: what it reads as text and numbers, at so many places."""
    text, values, places = read
    written, count = options["in_features"], Counted(text, values).value
    if written is not None and written != count:
        raise LayerError(f"it is for {written} features, and what it reads has {count}{_in_all(count, places)}")
    values["N"] = options["out_features"]
    bias = "N" if options["bias"] and rules.biased else ""
    params = summed(f"{text}*N", bias, values, f"({text} + 1)*N" if rules.per_kernel else "")
    names = [f"t{place}" for place in range(len(places))]
    values |= dict(zip(names, places, strict=True))
    times = Counted(product([*names, "N", text if text == "D" else f"{{{text}}}"]), values)
    return Outcome(output, (), *params, times)


def _in_all(count: Whole, places: Sequence[int]) -> str:
    """What a map has in all: its author may have meant to flatten it."""
    return f" at each of {prod(places)} places; in a row they are {int(count) * prod(places)}" if places else ""


def _at_each_place(options: Options, operand: Map, rules: Rules) -> Outcome:
    """Where channels are the last axis: the same layer at each place."""
    row = Map(operand.shape[:1], None)
    own = linear(options, [row], rules)
    assert own.multiplications is not None
    values = dict(own.multiplications.values)
    names = [f"t{axis}" for axis in range(len(operand.shape) - 1)]
    values |= dict(zip(names, operand.shape[1:], strict=True))  # type: ignore[arg-type]
    times = Counted(product([*names, own.multiplications.text]), values)
    output = Map((*own.output.shape, *operand.shape[1:]), operand.reach)
    return own._replace(output=output, multiplications=times)


def _mixed(operand: Map) -> Any:
    """What is read where the last axis is mixed."""
    if operand.reach is None or len(operand.shape) == 1:
        return operand.reach
    if operand.kind == SEQUENCE:
        return operand.reach
    return (*operand.reach[:-1], operand.reach[-1].whole(int(operand.shape[-1] or 1)))


def batch_norm(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A scale and a shift for each channel; the running mean and variance are kept, not trained."""
    operand = one_operand(operands)
    channels = operand.shape[-1] if operand.kind == SEQUENCE else operand.shape[0]
    written = options["in_channels"]
    if channels is None:
        return Outcome(operand)
    if written is not None and written != channels:
        raise LayerError(f"it is for {written} channels, and what it reads has {channels}: {plain(operand.shape)}")
    running = 2 * channels if options["running"] else 0
    if not options["affine"]:
        return Outcome(operand, untrained=running)
    parts = ["C"] * (options["scale"] + options["center"])
    if not parts:
        return Outcome(operand, untrained=running)
    params = Counted(" + ".join(parts), {"C": channels})
    weights = channels if options["scale"] else 0
    return Outcome(operand, (), params, weights, int(params.value) - weights, untrained=running)


def layer_norm(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A scale and a shift for each feature of the last axis, or of the last axes."""
    operand = one_operand(operands)
    last = options["on_channels"] and operand.kind == MAP
    shape = tuple(options["shape"] or (operand.shape[:1] if last else operand.shape[-1:]))
    if not options["shape"] and last:
        operand_shape: tuple[int | None, ...] = shape
    else:
        operand_shape = operand.shape
    if operand_shape[-len(shape) :] != shape:
        raise LayerError(f"it is for {plain(shape)}, and what it reads is {plain(operand.shape)}")
    if not options["affine"] or None in shape:
        return Outcome(operand)
    names = [f"D{place}" for place in range(len(shape))]
    values: dict[str, Whole] = dict(zip(names, shape, strict=True))
    return Outcome(operand, (), *summed(product(names), product(names), values))


def embedding(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """A row of numbers for each word."""
    operand = one_operand(operands)
    params = Counted("V*D", {"V": options["num"], "D": options["dim"]})
    if len(operand.shape) > 1:
        raise LayerError(f"it reads the numbers of words in a row, not {plain(operand.shape)}")
    return Outcome(Map((*operand.shape, options["dim"]), None, SEQUENCE), (), params, int(params.value))


def upsampled(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Every place repeated."""
    operand = spatial(one_operand(operands))
    scales = each_axis(options["scale"], len(operand.shape) - 1, "scale")
    sizes = tuple(Size(Counted("n*u", {"n": n or 0, "u": u})) for n, u in zip(operand.shape[1:], scales, strict=True))
    reach = operand.reach and tuple(own.enlarged(u) for own, u in zip(operand.reach, scales, strict=True))
    return Outcome(Map((operand.shape[0], *(int(size.formula.value) for size in sizes)), reach), sizes)


def cropped(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """The middle of a map, of a size; or what is left where so much is taken away at both ends."""
    operand = spatial(one_operand(operands))
    sides: list[int] = list(operand.shape[1:])  # type: ignore[arg-type]
    if options["size"] is not None:
        size = options["size"]
        size = size[-len(sides) :] if not isinstance(size, int) and len(size) == len(sides) + 1 else size
        lengths = each_axis(size, len(sides), "size")
        if any(m > n for n, m in zip(sides, lengths, strict=True)):
            raise LayerError(f"{plain(lengths)} cannot be cut out of {plain(sides)}")
        pairs = [((n - m) // 2, n - m - (n - m) // 2) for n, m in zip(sides, lengths, strict=True)]
    elif options["by"] is not None and not isinstance(options["by"], str):
        pairs = paddings(options["by"], len(sides))
    else:
        raise LayerError("a crop has a size, or what is taken away at each end (by)")
    return _moved(operand, [(-before, -after) for before, after in pairs])


def padded(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Zeros at the ends."""
    operand = spatial(one_operand(operands))
    if isinstance(options["padding"], str):
        raise LayerError("a layer of padding has numbers")
    return _moved(operand, paddings(options["padding"], len(operand.shape) - 1))


def _moved(operand: Map, pairs: Sequence[tuple[int, int]]) -> Outcome:
    sizes: list[Size] = []
    for n, (before, after) in zip(operand.shape[1:], pairs, strict=True):
        values: dict[str, Whole] = {"n": n or 0, "p": abs(before), "q": abs(after)}
        sign = "-" if before < 0 or after < 0 else "+"
        sizes.append(Size(Counted(f"n {sign} p {sign} q", values)))
    if any(size.formula.value < 1 for size in sizes):
        raise LayerError("nothing is left of what it reads")
    reach = operand.reach and tuple(own.shifted(-before) for own, (before, _) in zip(operand.reach, pairs, strict=True))
    return Outcome(Map((operand.shape[0], *(int(size.formula.value) for size in sizes)), reach), tuple(sizes))


def _several(operands: Sequence[Map], what: str) -> None:
    if len(operands) < 2:
        raise LayerError(f"{what} reads two layers or more, by their names")


def _read_together(operands: Sequence[Map]) -> Any:
    if any(operand.reach is None for operand in operands):
        return None
    return tuple(joined(own) for own in zip(*(operand.reach or () for operand in operands), strict=True))


def added(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Maps added entry by entry."""
    _several(operands, "an addition")
    first = operands[0]
    if any(operand.shape != first.shape for operand in operands):
        shapes = [plain(displayed(operand, rules.channels_last)) for operand in operands]
        raise LayerError(f"it adds {' and '.join(shapes)}, which are not of one shape")
    return Outcome(first._replace(reach=_read_together(operands)))


def multiplied(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Maps multiplied entry by entry; one number of a channel may stand for all of its places."""
    _several(operands, "a product")
    largest = max(operands, key=lambda operand: prod(length or 1 for length in operand.shape))
    for operand in operands:
        shape = operand.shape + (1,) * (len(largest.shape) - len(operand.shape))
        if any(own not in (1, length) for own, length in zip(shape, largest.shape, strict=True)):
            raise LayerError(f"it multiplies {plain(operand.shape)} by {plain(largest.shape)}, which do not fit")
    return Outcome(largest._replace(reach=largest.reach))


def concatenated(options: Options, operands: Sequence[Map], rules: Rules) -> Outcome:
    """Maps of one size put together, channel after channel."""
    _several(operands, "a concatenation")
    first = operands[0]
    last = first.kind == SEQUENCE
    places = [operand.shape[:-1] if last else operand.shape[1:] for operand in operands]
    if any(own != places[0] for own in places):
        shapes = [plain(displayed(operand, rules.channels_last)) for operand in operands]
        raise LayerError(f"it puts {' and '.join(shapes)} together, whose places are not of one number")
    counts = [operand.shape[-1] if last else operand.shape[0] for operand in operands]
    if None in counts:
        return Outcome(Map((None, *places[0]), _read_together(operands)))
    names = [f"c{place}" for place in range(len(counts))]
    total = Counted(" + ".join(names), dict(zip(names, counts, strict=True)))  # type: ignore[arg-type]
    channels = int(total.value)
    shape = (*places[0], channels) if last else (channels, *places[0])
    return Outcome(Map(shape, _read_together(operands), first.kind), (Size(total),))
