"""The size of the input of a layer table, as its rows, its prose or its first layer say it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from itertools import chain, product
from typing import Any

from adtrace.arrays.axis_windows import AxisWindow, transposed_places
from adtrace.checking.layer_tables.columns import INPUT, JUDGED, MAPS, READ_DEPTH
from adtrace.checking.layer_tables.numbers import Number, said
from adtrace.checking.layer_tables.rows import RECURRENT, LayerRow
from adtrace.checking.layer_tables.slips import BIASES, FIELD, JUMP, PARAMS, SIZE, WEIGHTS
from adtrace.checking.layer_tables.words import KERNEL, KERNELS, PADDING, STRIDE, length
from adtrace.checking.sheets import Sheet
from adtrace.checking.words import INPUTS, READS
from adtrace.errors import InputError, OptionError
from adtrace.networks.inputs import shape_of
from adtrace.networks.kinds import QUIET, WINDOW
from adtrace.networks.maps import Map, Rules
from adtrace.networks.network import Layer, input_map, outcome_of

BY_NUMBERS = "by the numbers of the first layer"
UNKNOWN = "the size of the input is not known: --input 32x32x3"
_OF_INPUT = re.compile(rf"{INPUTS}|\b(?:{READS})\b|RGB", re.IGNORECASE)
_ANY_SIDES = (4096, 4096)
_COLOURED = re.compile(r"\bRGB\b|\bRVB\b|colou?r|farb|couleur", re.IGNORECASE)
_OF_WINDOWS = re.compile(r"conv|kernel|filter|pool|stride|weight|reshap", re.IGNORECASE)
_OF_VECTOR = re.compile(
    r"(\d+) (?:inputs|features|channels?|pixels|numbers|input (?:neurons|units|nodes|values))\b|(\d+)-dimensional"
    r"|\bvectors? of (?:length )?(\d+)|^\W*input(?: layer)?\s*[:=]\s*(\d+)(?: \w+)?\W*$"
    r"|\binput (?:size|dimension|length)\w*(?: of|:| is| =)? (\d+)", re.IGNORECASE,
)  # fmt: skip
"""How long a vector is that a network reads."""
_STEPS = re.compile(r"\b(?:sequences?|series|signals?|inputs) of (?:length )?(\d+)", re.IGNORECASE)
_OF_WIDTHS = re.compile(
    r"(?:layer (?:sizes|widths)|architecture|network)\b[^.\d]{0,40}?[\[(]?\b(\d+)(?:\s*(?:,|-+>?|–|—|→)\s*\d+){2,}",
    re.IGNORECASE,
)
"""The widths of the layers of a network, the input first."""
_MAPS_FIRST = re.compile(r"[13]\s*\*\s*(\d{2,})\s*\*\s*\1")
_LENGTHS = re.compile(r"(?:\d+\s*@\s*)?\d+(?:\s*\*\s*\d+)+|(?<![\w)])[(\[]\s*\d+(?:\s*,\s*\d+)+\s*[)\]]")


def input_said(sheet: Sheet, rows: Sequence[LayerRow], kinds: set[str]) -> list[tuple[Any, str]]:
    """What the size of the input may be, and notes that say where it is from, if that is the prose or a row of its own;
    several where the numbers of the first layer do not tell whether it is padded.
    """
    first = _first(rows)
    most = 2 if first and first.layers[0].kind.name in RECURRENT else 4
    sizes = (size for size in _of_input(sheet, rows) if len(re.findall(r"\d+", size)) <= most)
    written = next(filter(_is_size, sizes), None)
    if written is not None:
        written = _whole(written, rows)
        return [(written, f"the input is {written.replace('*', '×')}, as the document says")]
    if read := _read_by(_first(rows), kinds):
        return [(read, "")]
    each = [weights] if (weights := _read_by_weights(rows)) else [*map(partial(_read_by_numbers, rows), (False, True))]
    return [
        (read, f"the input is taken as {'×'.join(map(str, read))}, {BY_NUMBERS}")
        for read in dict.fromkeys(each)
        if read
    ]


def _whole(written: str, rows: Sequence[LayerRow]) -> str:
    """A size without the batch before a map, with one step of what is recurrent, with the colours of sides alone."""
    first, printed = _first(rows), max((len(row.seen[SIZE].shape) for row in rows if SIZE in row.seen), default=0)
    if printed == 3 and written.count(",") == 3:
        return written.partition(",")[2].strip()
    if first and written.isdigit() and first.layers[0].kind.name in RECURRENT:
        return f"1×{written}"
    return f"{written}*3" if first and re.fullmatch(r"\d+\*\d+", written) and _reads_colours(first) else written


def _reads_colours(row: LayerRow) -> bool:
    """Whether a convolution has the parameters of one that reads three channels, where nothing tells how many."""
    options, counted = row.layers[0].options, row.seen.get(PARAMS, Number("")).value
    is_told = bool(options.get(KERNEL) and options.get(KERNELS)) and row.unsaid.isdisjoint((KERNEL, KERNELS))
    if not is_told or options.get("in_channels"):
        return False
    colours = input_map((3, *_ANY_SIDES[: options.get("axes") or 2]), row.layers)
    with suppress(InputError):
        outcome = outcome_of(row.layers[0], (colours,), Rules())
        return counted == outcome.weights + outcome.biases
    return False


def _first(rows: Sequence[LayerRow]) -> LayerRow | None:
    """The first row with a layer that does not only change values."""
    return next((row for row in rows if row.layers and row.layers[0].kind.family != QUIET), None)


def _is_size(text: str) -> bool:
    with suppress(OptionError):
        return bool(shape_of(text, None))
    return False


_READS = frozenset(("in_features", "in_channels"))


def read_apart(rows: Sequence[LayerRow], kinds: set[str], *, is_told: bool) -> dict[int, Map]:
    """What each layer reads, by the places of their rows, where all say how much and nothing but numbers of parameters
    is printed: unless the input is told, and not as much for all, each may be a network of its own.
    """
    named = [row for row in rows if row.layers and (INPUT in row.seen or not _READS.isdisjoint(row.layers[0].options))]
    read = [_read_by(row, kinds) for row in named]
    is_open = PARAMS in kinds and kinds.isdisjoint((SIZE, FIELD, JUMP)) and None not in read
    if not is_open or len(read) < 2 or (is_told and len({*read}) > 1):
        return {}
    return {row.index: input_map(each or (), row.layers) for row, each in zip(named, read, strict=True)}


def _read_by(row: LayerRow | None, kinds: set[str]) -> tuple[int, ...] | None:
    """What a layer says that it reads; where no sizes are asked the sides may be any."""
    if row is None:
        return None
    layer, shape = row.layers[0], row.seen[SIZE].shape if SIZE in row.seen else ()
    told = row.seen[INPUT].shape[-1] if INPUT in row.seen and layer.kind.name in RECURRENT else None
    if features := layer.options.get("in_features") or told:
        return (1, features) if layer.kind.name in RECURRENT else (features,)
    if layer.kind.name == "embedding" and (len(shape) == 2 or kinds.isdisjoint({*JUDGED} - {PARAMS})):
        return shape[:1] or (1,)  # a step for each word
    if kinds.intersection(JUDGED) - {PARAMS, WEIGHTS, BIASES, FIELD, JUMP}:
        return None
    return _of_any_sides(row, is_open=kinds.isdisjoint((PARAMS, WEIGHTS, BIASES)))


def _of_any_sides(row: LayerRow, *, is_open: bool) -> tuple[int, ...] | None:
    """An input of which a layer tells the channels, or where there may be any number of them."""
    options, depth = row.layers[0].options, row.seen.get(READ_DEPTH, Number("")).shape
    channels = options.get("in_channels") or next(iter(depth), 1 if is_open else None)
    return (channels, *_ANY_SIDES[: options.get("axes") or 2]) if channels else None


def _read_by_numbers(rows: Sequence[LayerRow], is_padded: bool) -> tuple[int, ...]:
    """The input, channels first, by which the first layer's size and its number of parameters are as they are printed,
    padded perhaps where it does not say; nothing where none is.
    """
    first = _first(rows)
    if first is None or len(first.layers) != 1 or not {SIZE, PARAMS} <= first.seen.keys():
        return ()
    layer, size, counted = first.layers[0], first.seen[SIZE], first.seen[PARAMS].value
    if not size.literal or counted is None:
        return ()
    biased = int(layer.options.get("bias", False) is not False)
    if layer.kind.name == "linear" and len(size.shape) == 1:
        features = counted / size.shape[0] - biased
        return (int(features),) if features == int(features) > 0 else ()
    if layer.kind.name in ("layer_norm", "attention"):
        return size.shape
    if layer.kind.name in RECURRENT:
        return _read_by_gates(layer, size.shape, counted)
    is_padded = is_padded and PADDING in first.unsaid
    return _read_by_kernels(first, size.shape, counted, biased, is_padded) if layer.kind.name == "conv" else ()


def _read_by_gates(layer: Layer, shape: tuple[int, ...], counted: Fraction) -> tuple[int, ...]:
    """The steps and the features that a recurrent layer reads, of which each gate has weights and a bias or two."""
    ways = 2 if layer.options["bidirectional"] else 1
    hidden = shape[-1] // ways
    each = (counted / (RECURRENT[layer.kind.name] * hidden * ways) - hidden - biases for biases in (1, 2) if hidden)
    features = next((int(one) for one in each if one == int(one) > 0), 0)
    return (shape[0] if len(shape) > 1 else 1, features) if features else ()


def _read_by_weights(rows: Sequence[LayerRow]) -> tuple[int, ...]:
    """What the first layer reads by the shape of its matrix: what is not the side of its biases, or of the next one."""
    flat = [row for row in rows if row.layers and row.layers[0].kind.name == "linear"]
    shapes = [(row.seen.get(WEIGHTS) or row.seen.get(KERNEL) or Number("")).shape for row in flat[:2]]
    if not shapes or _first(rows) is not flat[0] or any(len(shape) != 2 for shape in shapes):
        return ()
    own = flat[0].seen[BIASES].shape if BIASES in flat[0].seen else sum(shapes[1:], ())
    inner = [side for side in shapes[0] if side not in own]
    return (*inner,) if len(inner) == 1 else ()


_KERNELS = (3, 5, 7, 1, 2, 4, 9, 11, 8, 6, 10)
"""The windows that a convolution may have that tells none, the usual ones first."""


def _read_by_kernels(
    row: LayerRow, shape: tuple[int, ...], counted: Fraction, biased: int, is_padded: bool
) -> tuple[int, ...]:
    """What a convolution reads by its numbers, grey or coloured if nothing says of how many channels, or how large
    its window is.
    """
    options = row.layers[0].options
    stride, padding = options.get(STRIDE) or 1, options.get(PADDING)
    if len(shape) < 2 or not isinstance(stride, int):
        return ()
    kernels, depths = _open_windows(row)
    for kernel, last in product(kernels, (True, False)):
        count, sides = (shape[-1], shape[:-1]) if last else (shape[0], shape[1:])
        depth = (counted / count - biased) / kernel ** len(sides)
        if depth in depths or (not depths and depth == int(depth) > 0):
            pads = _pads((kernel - 1) // 2 if is_padded else 0 if PADDING in row.unsaid else padding, kernel)
            return (int(depth), *(transposed_places(side, AxisWindow(kernel, stride, *pads)) for side in sides))
    return ()


def _open_windows(row: LayerRow) -> tuple[Sequence[int], Sequence[int]]:
    """The windows and the depths that a convolution may have: of any depth, where its window is told."""
    options, is_open = row.layers[0].options, KERNEL in row.unsaid
    own, told = options.get(KERNEL), options.get("in_channels")
    own = length(own) if isinstance(own, tuple) else own
    kernels = _KERNELS if is_open else [own] if isinstance(own, int) else []
    return kernels, [told] if told else [1, 3] if is_open else []


def _pads(padding: Any, kernel: int) -> tuple[int, int]:
    """The zeros before and behind a side."""
    return (padding, padding) if isinstance(padding, int) else (kernel - 1 if padding == "same" else 0, 0)


def _of_input(sheet: Sheet, rows: Sequence[LayerRow]) -> Iterator[str]:
    """What the size of the input may be, that of its own row first; what stands below may be of the next table."""
    for text in _of_input_row(sheet, rows):
        yield from (_written(size) for size in [_LENGTHS.search(text)] if size)
    yield from _of_numbers(rows, next((row for row in rows if row.layers), None))
    is_flat = any(row.layers[0].kind.name == "linear" for row in rows if row.layers)
    for prose in (sheet.before, sheet.after):
        yield from _of_prose(prose, is_flat=is_flat)


def _of_prose(prose: str, *, is_flat: bool) -> Iterator[str]:
    """The sizes that prose has: the widths of flat layers, beside words of the input, then others, the last first."""
    sentences = re.split(r"(?<=[.;])\s|\n", said(prose.replace("\n", "; ")))[::-1]
    for sentence in sentences if is_flat else ():
        yield from (widths[1] for widths in _OF_WIDTHS.finditer(sentence))
    for sentence in filter(_OF_INPUT.search, sentences):
        yield from _sizes_beside(sentence, [word.end() for word in _OF_INPUT.finditer(sentence)])
    for sentence in sentences:
        sizes = () if _OF_WINDOWS.search(sentence) else _sizes_beside(sentence, [0])
        yield from (size for size in sizes if size.count("*") != 1)


def _of_input_row(sheet: Sheet, rows: Sequence[LayerRow]) -> Iterator[str]:
    """The texts of the row of the input, above the layers; or of what flattens it, ``Flatten (28×28)``."""
    for row in rows:
        if row.input:
            if {SIZE, MAPS} <= row.seen.keys() and len(sides := row.seen[SIZE].shape) < 3:
                yield "*".join(map(str, sides + row.seen[MAPS].shape))
            cells = [cell for kind in (SIZE, INPUT, "") for _, cell in row.cells.get(kind, ())]
            yield from (re.sub(r"\b(?:None|-1)\s*,\s*", "", text) for text in [*map(said, cells), row.name])
        elif row.layers:
            yield from [said(row.name)] * (row.layers[0].kind.name == "flatten")
            break
    if any(map(_OF_INPUT.search, sheet.heading)):  # a first row of words and a size stands in the heading
        yield from map(said, sheet.heading)


def _of_numbers(rows: Sequence[LayerRow], first: LayerRow | None) -> Iterator[str]:
    """A number in the row of the input: of a flat one in whatever column, else the side of a square; or what the first
    layer says that it reads.
    """
    seen = list(chain.from_iterable(row.seen.items() for row in rows if row.input))
    if first and first.layers[0].kind.name == "linear":
        yield from (number.text for kind, number in seen if kind != PARAMS and number.text.isdigit())
    own = next((number for kind, number in seen if kind == SIZE), Number(""))
    if first and (shape := first.seen.get(INPUT, own).shape):
        is_side = len(shape) == 1 and first.layers[0].kind.family == WINDOW
        yield "*".join(map(str, shape * 2 if is_side else shape))


def _written(size: re.Match[str]) -> str:
    """A size as one is typed: maps before their sides, ``3@227x227`` and ``1x28x28``, with commas."""
    text = size.group().strip("()[]").strip()
    return re.sub(r"\s*[@*]\s*", ", ", text) if "@" in text or _MAPS_FIRST.fullmatch(text) else text


def _sizes_beside(sentence: str, places: Sequence[int]) -> Iterator[str]:
    """The sizes of a sentence, those nearest to places first; then the length of a vector."""
    sizes = sorted(_LENGTHS.finditer(sentence), key=lambda size: min(abs(size.start() - place) for place in places))
    for size in map(_written, sizes):
        yield f"{size}*3" if _COLOURED.search(sentence) and re.fullmatch(r"\d+\s*\*\s*\d+", size) else size
    steps = _STEPS.search(sentence)
    for vector in _OF_VECTOR.finditer(sentence):
        length = next(filter(None, vector.groups()))
        yield f"{steps[1]}×{length}" if steps and steps[1] != length else length
