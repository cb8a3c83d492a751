"""A hand-made layer table as rows: which layer each is, and what its cells print.

    Sheet ──columns──▶ the quantity of each column ──rows_of──▶ LayerRow ...

Layers are read by the grammar of `networks.notation` and by words; kernels, strides and paddings may have columns of
their own, and what is said nowhere (how many kernels, the outputs of an FC) is taken from the printed size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any, NamedTuple

from adtrace.checking.layer_tables import words
from adtrace.checking.layer_tables.code import (
    by_class,
    is_code,
    kind_of,
    labelled,
    layers_of_code,
    numbered,
    read_once,
    written_out,
)
from adtrace.checking.layer_tables.columns import CODE, COUNT, INPUT, JUDGED, MAPS, OTHER, READS, quantity
from adtrace.checking.layer_tables.numbers import TOTAL, Number, is_grouped, said, sides
from adtrace.checking.layer_tables.slips import FIELD, MULTS, PARAMS, SIZE
from adtrace.checking.layer_tables.words import DILATION, KERNEL, KERNELS, PADDING, STRIDE
from adtrace.checking.sheets import Sheet
from adtrace.checking.words import INPUTS
from adtrace.errors import AdtraceError, InputError
from adtrace.networks.kinds import JOINT
from adtrace.networks.network import Layer
from adtrace.networks.notation import read

_TOLD = (KERNEL, STRIDE, PADDING, DILATION, KERNELS)

_INPUT = re.compile(rf"^\W*(?:{INPUTS})", re.IGNORECASE)
_TRAINED = re.compile(r"\W*(?:total )?(non-? ?)?trainable\b", re.IGNORECASE)


@dataclass
class LayerRow:
    """A row of a layer table."""

    index: int
    name: str
    cells: dict[str, list[tuple[int, str]]]
    """Of each quantity the cells that are not empty, by their columns."""
    code: str = ""
    """Its name without the number of the row, where all rows have theirs."""
    layers: Sequence[Layer] = ()
    unsaid: frozenset[str] = frozenset()
    """Options of its layer that nothing says."""
    told: frozenset[str] = frozenset()
    """Options of its layer that words or other columns say."""
    contrary: Mapping[str, Any] = field(default_factory=dict)
    """The options that its code says, where a column of their own says another number."""
    problem: str = ""
    normed: bool = False
    """Whether it is a convolution of which nothing tells the kernel or the biases, before a normalisation."""
    beside: bool = False
    """Whether it reads what the layer above it reads: the variance beside the mean of an encoder."""
    reads: tuple[str, ...] = ()
    """The names, or the numbers, of the rows that it reads, where it says so."""
    number: str = ""
    total: bool = False
    input: bool = False
    seen: dict[str, Number] = field(default_factory=dict)
    """The result that it prints of each quantity."""

    @property
    def is_layer(self) -> bool:
        """Whether it names a layer, and is neither the input nor the sum of all."""
        return bool(self.name) and not (self.total or self.input or self.elided)

    @property
    def elided(self) -> bool:
        """Whether it stands for rows that are left out."""
        return bool(re.fullmatch(r"\W*(?:\.\.\.|⋮|⋯|\\[vc]?dots)\W*", self.name))

    @property
    def trained(self) -> bool | None:
        """Whether a sum is of what is trained, or of what is not; None where it is of all."""
        part = _TRAINED.match(self.name)
        return part and not part[1]

    @property
    def texts(self) -> list[str]:
        """Its cells that may tell of the layer in words."""
        return [cell for kind in (KERNEL, OTHER) for _, cell in self.cells.get(kind, ())]

    @property
    def names(self) -> set[str]:
        """What other rows may call it by."""
        own = {said(cell) for _, cell in self.cells.get(OTHER, ())}
        return {self.name, self.number, self.name.partition(" (")[0], *(one.label for one in self.layers), *own} - {""}


def rows_of(sheet: Sheet, layer: int, kinds: Sequence[str], legends: Sequence[str] = ()) -> list[LayerRow]:
    """The rows of a layer table, each with its layer where it can be read."""
    rows = [_row(sheet, index, layer, kinds) for index in range(len(sheet.rows))]
    _leave_counts(rows)
    _leave_batch(rows, sheet.heading[layer])
    _leave_commas(rows)
    for row in rows:
        if row.code and kind_of(row.name) and not kind_of(row.code):  # ip1 beside InnerProduct
            row.code = ""
    whole = written_out([row.code or row.name for row in rows], said(f"{sheet.before} {sheet.after}"))
    for row, code in zip(rows, whole, strict=True):
        if _is_of_several(row.name, rows):
            row.problem = "it is of several layers"
        elif row.is_layer:
            row.code = code if code != row.name or kind_of(row.name) else labelled(row.name)
            try:
                row.layers, row.unsaid = _layers(row, tuple(legends))
            except AdtraceError as problem:
                row.problem = str(problem).partition(": ")[2] or str(problem)
    return _in_sequence(_by_code(rows, sheet))


class _Counted(NamedTuple):
    """A layer and the number behind its name, none perhaps."""

    row: LayerRow
    stem: str = ""
    sign: str = ""
    is_own: bool = False
    """Whether it is the number of the layer among those of its kind."""
    is_of_row: bool = False


def _leave_counts(rows: Sequence[LayerRow]) -> None:
    """Give rows that all have their number behind their name, of the row or of its kind, ``Conv2d-1``, the code before
    it; so those of one kind that are counted, ``MaxPool1``, ``MaxPool2``.
    """
    counted = _counted([row for row in rows if row.is_layer and kind_of(row.name)])
    stray = {one.stem for one in counted if one.sign or one.row.code or not one.is_own}
    stems = Counter(one.stem for one in counted)
    is_all = _are_counted(counted)
    for one in counted:
        if is_all or (stems[one.stem] > 1 and one.stem not in stray):
            one.row.code = one.stem


def _are_counted(counted: Sequence[_Counted]) -> bool:
    """Whether all layers have numbers behind a sign: those of their rows, or of more than two each that of its kind."""
    of_kinds = len(counted) > 2 and all(one.is_own for one in counted)
    return all(one.sign for one in counted) and (of_kinds or all(one.is_of_row for one in counted))


def _counted(rows: Iterable[LayerRow]) -> list[_Counted]:
    """Layers, each with the number behind its name."""
    counted = list[_Counted]()
    for row in rows:
        stem, sign, number = name.groups() if (name := _COUNTED.fullmatch(by_class(row.name))) else ("", "", "0")
        above = sum(stem == one.stem for one in counted)
        counted.append(_Counted(row, stem, sign, int(number) == above + 1, int(number) == row.index + 1))
    return counted


_RANGE = re.compile(r"([A-Za-z]+) ?(\d+) ?- ?(\d+)")
_MOST_TOGETHER = 8


def _is_of_several(name: str, rows: Sequence[LayerRow]) -> bool:
    """Whether a name is that of several layers, ``Conv3-5`` behind ``Conv2``, and none with its size, ``conv3-64``."""
    if not (span := _RANGE.fullmatch(name)):
        return False
    first, last = int(span[2]), int(span[3])
    above = {row.name for row in rows} | ({f"{span[1]}0"} if not re.match("conv|pool", span[1], re.I) else set())
    return f"{span[1]}{first - 1}" in above and 0 < last - first < _MOST_TOGETHER


def _in_sequence(rows: list[LayerRow]) -> list[LayerRow]:
    """The rows; a recurrent layer before another one hands on all of its steps, and a convolution may have no biases
    before a normalisation; heads read the same.
    """
    for row, below in pairwise([row for row in rows if row.layers]):
        heads = [_HEADS.search(f"{one.name} {' '.join(map(said, one.texts))}") for one in (row, below)]
        below.beside = {one and one.lastgroup for one in heads} in ({"mean", "spread"}, {"policy", "value"})
        row.normed = KERNEL in row.unsaid and below.layers[0].kind.name == "batch_norm"
        if below.layers[0].kind.name in RECURRENT and row.layers[-1].kind.name in RECURRENT:
            last = row.layers[-1]
            row.layers = (*row.layers[:-1], last._replace(options={**last.options, "return_sequences": True}))
    return rows


def _by_code(rows: list[LayerRow], sheet: Sheet) -> list[LayerRow]:
    """The rows, with what they do not say as the code above or below the table has it, if that is of their layers."""
    short = [row for row in rows if row.layers]
    if any(row.unsaid for row in short) and all(len(row.layers) == 1 for row in short):
        kinds = [row.layers[0].kind for row in short]
        for row, layer in zip(short, layers_of_code(kinds, f"{sheet.before}\n\n{sheet.after}"), strict=False):
            told = {key: row.layers[0].options[key] for key in row.told if key in row.layers[0].options}
            if row.unsaid:
                row.layers, row.unsaid = (row.layers[0]._replace(options={**layer.options, **told}),), frozenset()
    return rows


def _row(sheet: Sheet, index: int, layer: int, kinds: Sequence[str]) -> LayerRow:
    """A row and what it prints, its layer not read yet."""
    own = _OWN.fullmatch(sheet.rows[index][layer].strip())
    count, name, read, rest = own.groups("") if own else ("", "", "", "")
    name, texts = numbered(name), [said(cell) for at, cell in enumerate(sheet.rows[index]) if at != layer]
    made = _sides_joined(sheet, _cells(sheet.rows[index], layer, kinds))
    if rest and (shared := quantity(said(sheet.heading[layer]))) in JUDGED:
        made.setdefault(shared, []).append((layer, rest))
    if not made:
        name, made = _alone(name, layer, kinds)
    is_size = made == {SIZE: [(layer, name)]}
    count, read, code = (said("".join(cell for _, cell in made.get(kind, ()))) or said(told)
                         for kind, told in ((COUNT, count), (READS, read), (CODE, "")))  # fmt: skip
    return LayerRow(
        index, name, made, "Identity" if is_size else code, number=count, reads=_names(read),
        total=_is_total(name, texts, has_size=SIZE in made),
        input=bool(_INPUT.match(name) or _INPUT.match(by_class(name))) or (is_size and not index),
        seen=dict(_last_sides(made)),
    )  # fmt: skip


def _names(read: str) -> tuple[str, ...]:
    """The names of what a layer reads, be it a list of texts, ``['conv2d[0][0]', 'input_1[0][0]']``."""
    listed = re.sub(r"^\[(?=['\"]|\])|(?<=['\"\[])\]$", "", read)
    return tuple(re.sub(r"(\[\d+\])+$", "", one.strip("'\" [")) for one in re.split(r"\s*[,;&]\s*", listed) if one)


def _alone(name: str, layer: int, kinds: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The name and the cells of a row that has nothing but one text: a size between two layers, or a sum."""
    if [len(side.shape) > 1 for side in sides(name) if side] == [True]:
        return name, {SIZE: [(layer, name)]}
    if (summed := _SUMMED.fullmatch(name)) and PARAMS in kinds:
        return summed[1], {PARAMS: [(kinds.index(PARAMS), summed[2])]}
    return name, {}


def _cells(row: Sequence[str], layer: int, kinds: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """The filled cells of each quantity: what is printed last counts, and how it is worked out stands before it."""
    entries_of: dict[str, list[tuple[int, str]]] = {}
    for at, cell in enumerate(row):
        if at != layer and cell.strip(" $="):  # an equal sign alone is none
            entries_of.setdefault(kinds[at], []).append((at, cell))
    for entries in entries_of.values():
        entries.sort(key=lambda entry: any(side is not None and side.literal for side in sides(entry[1])[-1:]))
    return entries_of


_SIDE = re.compile(
    r"\b(?:h|w|c|d|height|width|channels?|depth|höhe|breite|kanäle|hauteur|largeur|canaux)\W*$", re.IGNORECASE
)


def _sides_joined(sheet: Sheet, cells: dict[str, list[tuple[int, str]]]) -> dict[str, list[tuple[int, str]]]:
    """The cells, those of the height, the width and the channels of a size as one."""
    sides = cells.get(SIZE, ())
    if len(sides) > 1 and all(_SIDE.search(said(sheet.heading[at])) and said(text).isdigit() for at, text in sides):
        return cells | {SIZE: [(max(at for at, _ in sides), "×".join(said(text) for _, text in sorted(sides)))]}
    return cells


def _is_total(name: str, cells: Sequence[str], *, has_size: bool) -> bool:
    """Whether a row is the sum of its columns: a sum of maps, ``Sum``, has a size."""
    layer = kind_of(labelled(name))
    return bool(TOTAL.search(" ".join([name, *cells]))) and (
        layer is None or (layer.kind.family == JOINT and not has_size)
    )


def _last_sides(cells: Mapping[str, Sequence[tuple[int, str]]]) -> Iterator[tuple[str, Number]]:
    """What is last in the cells of each quantity, behind every sign of equality."""
    for kind, entries in cells.items():
        is_worded = kind == KERNEL and re.search(r"[A-Za-z] ?= ?\d", said(entries[-1][1]))  # 3×3, s=2
        last = [side for _, cell in entries for side in sides(cell)][-1:] if not is_worded else []
        yield from ((kind, side) for side in last if side is not None)


def _leave_batch(rows: Sequence[LayerRow], heading: str) -> None:
    """Give rows that all print the batch, ``[8, 6, 28, 28]``, their sizes without it."""
    sized = [(row, kind, row.seen[kind]) for row in rows for kind in (INPUT, SIZE)
             if kind in row.seen and row.seen[kind].literal]  # fmt: skip
    shapes = [size.shape for _, _, size in sized]
    is_volume = any(re.search(r"3[dD]", row.name) for row in rows)
    is_batch = len({shape[:1] for shape in shapes}) == 1 and {2, 4} <= {*map(len, shapes)} and not is_volume
    for row, kind, size in sized if is_batch or "depth-idx" in heading else ():
        row.seen[kind] = size._replace(shape=size.shape[1:], value=Fraction(prod(size.shape[1:])))
        if (kind, MULTS in row.seen, "depth-idx" in heading) == (SIZE, True, True):
            _leave_times(row, size.shape[0])


def _leave_times(row: LayerRow, batch: int) -> None:
    """Give a row its multiplications of one of a batch."""
    number = row.seen[MULTS]
    row.seen[MULTS] = number._replace(value=number.value and number.value / (batch or 1))


def _leave_commas(rows: Sequence[LayerRow]) -> None:
    """Give rows a bare ``4,128`` as the one number that it is, beside sizes ``8 × 8`` and ``(8, 8)``, or ``1,024``."""
    sized = [(row, kind, row.seen[kind]) for row in rows for kind in (INPUT, SIZE) if kind in row.seen]
    grouped = [size for _, _, size in sized if is_grouped(size.text)]
    others = (len(size.shape) > 1 and size not in grouped for _, _, size in sized)
    if any(",0" in size.text for size in grouped) or any(others):
        for row, kind, size in sized:
            if is_grouped(size.text) and size.value is not None:
                row.seen[kind] = size._replace(shape=(int(size.value),))


_OWN = re.compile(r"(?:(\d+)\s{2,}(?=[A-Za-z]))?(.*?)(?(1)(?:\s{2,}(\d+(?:, ?\d+)*)(?=\s{2,}))?)(?:\s{2,}(.*))?", re.S)
"""The cell of a layer in our own text: its number and what it reads, where there are branches, and its size."""
_HEADS = re.compile(
    r"(?P<mean>\bmu\b|μ|\b(?:z_?)?mean\b)|(?P<spread>log[ _-]?(?:var|σ|sigma|std)|\bsigma\b|σ|\b(?:std|variance)\b)"
    r"|(?P<policy>\b(?:policy|actor)\b)|(?P<value>\b(?:value|critic)\b)", re.IGNORECASE,
)  # fmt: skip
"""The words of heads that read the same, two of which stand one below the other."""
SHORTCUT = re.compile(r"\b(?:short-?cut|skip|projection|down-?sample)\b", re.IGNORECASE)
"""The words of a layer beside a block, which reads what the block reads."""
_SUMMED = re.compile(r"(.*param\w*): ([\d.,]+)", re.IGNORECASE)
RECURRENT = {"rnn": 1, "gru": 3, "lstm": 4}
"""How many gates recurrent layers have, counted with the state."""
_COUNTED = re.compile(r"([A-Za-z]+(?:\d[dD])?)(-?)(\d+)")
"""A layer with its number behind it, ``Conv2d-1``."""


def are_unpooled(rows: Sequence[LayerRow], *, is_open: bool = False) -> bool:
    """Whether there are convolutions and no pools, and nothing tells the window of one or all of that ``is_open``."""
    kinds = {layer.kind.name for row in rows for layer in row.layers}
    is_open = is_open and "conv" in kinds
    return (is_open or any(row.normed or KERNEL in row.unsaid for row in rows)) and not any("pool" in k for k in kinds)


def are_left_out(rows: Sequence[LayerRow]) -> bool:
    """Whether the numbers of all layers as a library counts them, ``Conv2d-1``, ``Conv2d-4``, tell of more between."""
    counted = [_COUNTED.fullmatch(row.name) for row in rows if row.is_layer]
    numbers = [int(name[3]) for name in counted if name and name[2] and name[1][-1] in "dD"]
    steps = [after - before for before, after in pairwise(numbers)]
    return len(numbers) == len(counted) and min(steps, default=0) > 0 and max(steps) > 1


_STATED = re.compile(r"\d\s*\(\s*\d+\s*,\s*\d+\s*\)$")
"""A code with its stride and its padding, ``CONV3-10(2,1)``."""


def _layers(row: LayerRow, legends: tuple[str, ...]) -> tuple[tuple[Layer, ...], frozenset[str]]:
    """The layers that a row names, with what its words and other columns tell; and the options that nothing tells."""
    code, filters = _code_and_filters(row)
    name, worded = words.parted(code)
    if "in_features" in worded and not kind_of(name):
        name = "FC"
    layers, unsaid = read_once(words.without_count(name), code, legends)
    if len(layers) != 1:
        return layers, unsaid
    layer = layers[0]
    own = words.told(code) if unsaid else worded
    beside = _of_axes(layer, _told(row, filters, counted=KERNELS in {*own, *layer.options} - (unsaid - {*own})))
    told = _positive(_of_up_convolution(layer, code, own | beside) | own | beside)
    if layer.kind.name == "linear":
        if "out_features" in unsaid and beside.get(KERNEL, _size(row)) != _size(row):  # an FC as a window over the map
            (layer,), unsaid = read("conv(k=1,s=1,p=0)").layers, frozenset()
        elif KERNELS in told:
            told = {"out_features": told.pop(KERNELS)} | told  # Dense 1 (4096 → 128) has 128
    elif layer.kind.name in RECURRENT and KERNELS in told:
        told["hidden"] = told.pop(KERNELS)
    if layer.kind.name == "pool" and KERNEL in told and layer.options[STRIDE] == layer.options[KERNEL]:
        told.setdefault(STRIDE, told[KERNEL])  # MaxPool3 of 2×2
    row.told = frozenset(told)
    row.contrary = _contrary(layer, told) if _STATED.search(name) else {}
    options = {**layer.options, **told, **row.contrary}
    return (layer._replace(options=options),), (unsaid | _never_said(layer, options, code)) - row.told


def _of_axes(layer: Layer, beside: dict[str, Any]) -> dict[str, Any]:
    """What other cells tell of a layer, but for how the parameters of one of signals are worked out, ``40×5×256``."""
    is_working = layer.options.get("axes") == 1 and isinstance(beside.get(KERNEL), tuple)
    return {option: each for option, each in beside.items() if not is_working or option not in (KERNEL, KERNELS)}


def _of_up_convolution(layer: Layer, code: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """The stride of an up-convolution, which is its window where nothing tells it: Ronneberger et al. (2015)."""
    is_up = layer.kind.name == "conv_transpose" and re.search(r"\bup[ -]?conv", code, re.IGNORECASE)
    return {STRIDE: told.get(KERNEL, layer.options[KERNEL])} if is_up else {}


def _never_said(layer: Layer, options: Mapping[str, Any], code: str) -> frozenset[str]:
    """Options that a code of a kind leaves to the printed size; a call tells its padding, if it has no words."""
    if layer.kind.name == "pool":
        is_class = re.fullmatch(r"[a-z]*pool[a-z]*\d[dD]", code, re.IGNORECASE)  # 2×2 is what Keras has by itself
        return frozenset(() if "(" in code else (PADDING, *[KERNEL] * bool(is_class)))
    if not layer.kind.name.startswith("conv"):
        return frozenset()
    is_open = layer.kind.name in ("conv", "conv_transpose") and options.get(KERNELS) is None
    is_padded = words.has_kernels(code) if "(" in code else re.search(r"\bk\s*=", code)
    return frozenset((*[KERNELS] * is_open, *[PADDING] * bool(is_padded)))


def _code_and_filters(row: LayerRow) -> tuple[str, str]:
    """The code of a row, and what its other cells tell of the layer in words."""
    code = _by_columns(row, by_class(row.code or row.name))
    filters = ", ".join(text for text in map(said, row.texts) if re.search(r"[A-Za-z].*\d|\d.*[A-Za-z]|\*", text))
    if any(words.kind_said(f"{text} {code}") in ("gap", "gmp") for text in map(said, row.texts)):
        code = f"global {code}"
    if words.kind_said(filters) == "dwconv" and words.kind_said(code) == "conv":  # 3×3×32 dw
        code = f"dw {code}"
    return code, filters


def _by_columns(row: LayerRow, code: str) -> str:
    """The code of a row, of one that names no layer by what stands in its columns."""
    is_open = not kind_of(code)
    if is_open and KERNEL in row.seen and (len(row.seen[KERNEL].shape) == 4 or code.isdigit()):
        return "conv"
    if is_open and FIELD in row.seen and (KERNEL in row.seen or re.search(r"\bk ?= ?\d", code)):
        return f"conv{code[code.find(',') :]}" if "," in code else "conv"  # a block as its largest window
    if KERNEL in row.cells and SHORTCUT.search(code) and not is_code(code):
        return "conv"
    return "FC" if code.isdigit() and {INPUT, SIZE} <= row.seen.keys() else code


def _size(row: LayerRow) -> Fraction | None:
    return row.seen[SIZE].value if SIZE in row.seen else None


def _contrary(layer: Layer, told: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a layer that its code says, and another column otherwise."""
    return {
        key: layer.options[key] for key in (STRIDE, PADDING)
        if type(told.get(key)) is type(layer.options.get(key)) is int and told[key] != layer.options[key]
    }  # fmt: skip


def _positive(told: dict[str, Any]) -> dict[str, Any]:
    """The options; a padding alone may be 0.  Raises `InputError`."""
    lengths = {option: each if isinstance(each, tuple) else (each,) for option, each in told.items()}
    if none := next((option for option, each in lengths.items() if 0 in each and option not in (PADDING, "bias")), ""):
        raise InputError(f"its {none} is 0")
    return told


def _told(row: LayerRow, filters: str, *, counted: bool) -> dict[str, Any]:
    """The options of a layer that other cells tell, most in columns of their own; a column of maps shows what comes out
    where its kernels are ``counted``.
    """
    told = words.told(filters)
    word = said(row.cells[PADDING][0][1]).lower() if PADDING in row.cells else ""
    if word in ("same", "valid"):
        told[PADDING] = word
    places = {option: option for option in _TOLD} | ({} if counted or KERNELS in row.seen else {KERNELS: MAPS})
    for option, place in places.items():
        number = row.seen.get(place, Number(""))
        lengths = number.shape if number.literal else ()
        if lengths:
            own = words.of_lengths(lengths) if option == KERNEL else {option: words.length(lengths)}
            told |= {key: each for key, each in own.items() if key != KERNELS or isinstance(each, int)}  # 1×5 are none
    return told
