"""A hand-made layer table as rows: what its columns hold, which layer each row is, what its cells print.

    Sheet ──columns──▶ the quantity of each column ──rows_of──▶ LayerRow ...

Layers are read by the grammar of `networks.notation`; kernels, strides and paddings may have columns of their own, and
what is said nowhere (how many kernels, the outputs of an FC) is taken from the printed size.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

from adtrace.checking.brackets import closed_at
from adtrace.checking.layer_tables.slips import ACTIVATIONS, BIASES, FIELD, FLOPS, JUMP, MULTS, PARAMS, SIZE, WEIGHTS
from adtrace.checking.readings.bare import flat
from adtrace.checking.readings.parts import read_part
from adtrace.checking.sheets import Sheet
from adtrace.checking.work.numerals import printed_ways
from adtrace.errors import AdtraceError, InputError
from adtrace.networks.kinds import JOINT, QUIET
from adtrace.networks.network import Layer
from adtrace.networks.notation import read

KERNEL, STRIDE, PADDING, DILATION, KERNELS, INPUT = "kernel", "stride", "padding", "dilation", "out_channels", "input"
LAYER, READS, COUNT, OTHER = "layer", "reads", "number", ""
JUDGED = (SIZE, ACTIVATIONS, PARAMS, WEIGHTS, BIASES, MULTS, FLOPS, FIELD, JUMP)
_OF_LAYERS = {KERNEL, STRIDE, PADDING, PARAMS, MULTS, FIELD, JUMP}
"""What no trace of arrays has a column of."""
_TOLD = (KERNEL, STRIDE, PADDING, DILATION, KERNELS)

_HEADINGS = tuple((re.compile(pattern, re.IGNORECASE), quantity) for pattern, quantity in (
    (r"receptive field in|\br_?\{?in|\bj_?\{?in|jump in|input depth|in[_ ]?channels|input channels", OTHER),
    (r"receptive|rezept|\brf\b|\br_?\{?out|champ r[ée]ceptif|campo rec|感受野|受容野|수용 ?영역|^\s*r\s*$", FIELD),
    (r"\bjump|sprung|\bj_?\{?out|^\s*j\s*$|effective stride|^saut$|^salto$|跨距|ジャンプ|^간격$", JUMP),
    (r"flop", FLOPS),
    (r"\bmult|\bmacc?s?\b|mult-adds|乘法|乗算|곱셈", MULTS),
    (r"out[_ ]?channels|output channels|number of (filters|kernels)|#\s*(filters|kernels)|^\W*(filters|kernels)\W*$"
     r"|anzahl (der )?(filter|kerne)|ausgabekan", KERNELS),
    (r"kernel|filter|^\W*[kf]\W*$|window|fenster|kerngr|noyau|núcleo|卷积核", KERNEL),
    (r"stride|schrittweite|^\W*s\W*$|\bpas\b|\bpaso\b|步[长幅]|ストライド", STRIDE),
    (r"padding|\bpad\b|^\W*p\W*$|auffüll|remplissage|relleno|填充|パディング", PADDING),
    (r"dilat|^\W*d\W*$", DILATION),
    (r"\bparam|paramètre|parámetro|parâmetro|參數|参数|パラメ|매개변수|trainable", PARAMS),
    (r"\bweights?\b|gewichte|\bpoids\b|\bpesos\b|权重|重み|가중치", WEIGHTS),
    (r"\bbias(es)?\b|\bbiais\b|sesgos|vieses|偏置|バイアス|편향", BIASES),
    (r"\binput (size|shape|dim|width)|\bn_?\{?in|eingabegr|eingangsgr|taille d'entrée|输入", INPUT),
    (r"activation (shape|map|dim|volume)|dimensions? of|feature map", SIZE),
    (r"activation|aktivierung|memory|speicher|mémoire|memoria|ativaç|activacion|激活|活性|활성", ACTIVATIONS),
    (r"shape|size|dimension|output|\bout\b|größe|groesse|ausgabe|ausgang|taille|sortie|tamaño|salida|saída|tamanho"
     r"|\bn_?\{?out|尺寸|输出|形状|大小|出力|サイズ|출력|크기|\bform\b", SIZE),
))  # fmt: skip
"""The words of a heading and the quantity that they speak for; the first that is there counts."""
_READS = re.compile(r"\W*(?:of|from|reads|connected to|von|de|출처|来自|元)\W*", re.IGNORECASE)
"""The heading of what a layer reads, where that is not the row above it."""
_LAYER = re.compile(r"layer|schicht|ebene|couche|\bcapa\b|camada|\btype?\b|operation|层|層|レイヤ", re.IGNORECASE)
_OF_SIZES = re.compile(r"shape|size|dimension|größe|taille|tamaño|形状|尺寸", re.IGNORECASE)
_TOTAL = re.compile(
    r"\b(total|sum|summe|gesamt|insgesamt|somme|suma|soma|totale|trainable)\b|合计|总|合計|합계", re.IGNORECASE
)
_TRAINED = re.compile(r"\W*(?:total )?(non-? ?)?trainable\b", re.IGNORECASE)
_INPUT = re.compile(r"^\W*(input|image|eingabe|eingang|bild|entrée|entrada|输入|入力|입력)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def said(cell: str) -> str:
    """What a cell says: sizes and products with ``*``, without markup and footnotes."""
    text = re.sub(r"\\q?quad|\\enspace|\\thinspace|\\;|\\ ", " ", cell)
    text = re.sub(r"\^\s*\{\s*(?:\\mathrm\s*\{)?\s*[a-z*†‡]\s*\}?\s*\}|<sup>\s*[a-z*]\s*</sup>|\[[a-z]\]\s*$", "", text)
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", flat(text)[0]).replace("{}", ""))
    return re.sub(r"(?<=\d)\s*[xX]\s*(?=\d)", "*", text).strip()


def _numbered(cell: str) -> str:
    """What a cell says behind the number of its row: ``1. CONV3-10``, ``1  CONV3-10``."""
    return re.sub(r"^\(?\d+[.):]\s*(?=[A-Za-z])", "", said(re.sub(r"^\s*\d+\s{2,}(?=[A-Za-z])", "", cell)))


class Number(NamedTuple):
    """What one side of a cell prints."""

    text: str
    shape: tuple[int, ...] = ()
    """The lengths, where it may be a shape."""
    value: Fraction | None = None
    slack: Fraction = Fraction(0)
    """How far it may be from what is meant, where it is rounded: 3.2M."""
    literal: bool = False
    """Whether it is a number or a shape, and not how one is worked out."""


_SHAPE = re.compile(
    r"[\[(]?\s*(?:(?:None|N|B|-1|\?|batch)\s*[,*]\s*)?(\d+(?:\s*[,*;]\s*\d+)*)\s*,?\s*[\])]?", re.IGNORECASE
)
_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'’_]\d{2,3})*[ ,.'’_]\d{3}")
_ROUNDED = re.compile(r"[~≈]?\s*(\d+(?:\.\d+)?)\s*([KMGB])\b\.?\s*(?:params?|bytes)?", re.IGNORECASE)
_UNITS = {"k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9}


@lru_cache(maxsize=4096)
def number(text: str) -> Number | None:
    """A number, a shape, or a formula of numbers; None where it is neither."""
    text = text.strip().rstrip(".,;").strip()
    if _GROUPED.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        comma = tuple(map(int, re.split(r"\D+", text))) if "," in text else (int(digits),)
        return Number(text, comma, Fraction(digits), literal=True)
    if rounded := _ROUNDED.fullmatch(text):
        mantissa, unit = rounded[1], _UNITS[rounded[2].lower()]
        zeros = len(mantissa) - len(mantissa.rstrip("0")) if "." not in mantissa else 0
        last = Fraction(10**zeros, 10 ** len(mantissa.partition(".")[2]))
        return Number(text, (), Fraction(mantissa) * unit, last * unit * 3 / 5, literal=True)
    if shape := _SHAPE.fullmatch(text):
        lengths = tuple(map(int, re.findall(r"\d+", shape[1])))
        return Number(text, lengths, Fraction(prod(lengths)), literal=True)
    for way in printed_ways(read_part(text, frozenset(), "")):
        with suppress(ValueError):
            return Number(text, (), Fraction(str(way.exact)))
    return None


def sides(cell: str) -> list[Number | None]:
    """What stands between the equal signs of a cell."""
    return [number(piece) for piece in re.split(r"[=≈]|-+>|→", _TOTAL.sub("", said(cell))) if piece.strip()]


# ------------------------------------------------------------------------------------------------------------- columns


def columns(sheet: Sheet) -> tuple[int, list[str]] | None:
    """The column of the layers, and the quantity of each column; None where it is no layer table."""
    found = list(_quantities(sheet.heading))
    if not any(quantity in JUDGED for quantity in found) or not _has_sizes(sheet, found):
        return None
    layer = _layer_column(sheet)
    if layer is None:
        return None
    found[layer] = LAYER
    _put_branches(sheet, found, layer)
    if not {BIASES, PARAMS} & set(found):
        found = [PARAMS if quantity == WEIGHTS else quantity for quantity in found]
    return layer, found


def _layer_column(sheet: Sheet) -> int | None:
    """The column of the layers, by its heading or by most names; None where rows of a trace may be called so."""
    named = [[_kind_of(_labelled(_numbered(row[at]))) for row in sheet.rows] for at in range(len(sheet.heading))]
    names = [sum(map(bool, column)) for column in named]
    entitled = next((at for at, heading in enumerate(sheet.heading) if _LAYER.search(said(heading))), -1)
    layer = entitled if entitled >= 0 and names[entitled] else names.index(max(names))
    numbers = sum(number(said(row[layer])) is not None for row in sheet.rows)  # ln(x) above 0.6931 is no LayerNorm
    is_quiet = all(one.kind.family in (QUIET, JOINT) for one in named[layer] if one)
    return None if is_quiet or names[layer] < max(1, len(sheet.rows) / 3, numbers) else layer


def _put_branches(sheet: Sheet, found: list[str], layer: int) -> None:
    """Say which column has what a layer reads, if there are branches, and which the numbers of the lines."""
    lines = [list(map(said, row)) for row in sheet.rows if row[layer].strip()]  # no second heading, no sums
    numbered = layer > 0 and all(re.fullmatch(r"\d*", line[layer - 1]) for line in lines)
    reads = _place_of_reads(sheet, layer, lines if numbered else ())
    if reads is None:
        return
    found[reads] = READS
    if numbered:
        over, found[layer - 1] = found[layer - 1], COUNT
        after = next((at for at in range(reads + 1, len(found)) if found[at] != OTHER), len(found))
        if over in JUDGED and over not in found:  # a heading over them all
            found[reads + 1 : after] = [over] * (after - reads - 1)


def _place_of_reads(sheet: Sheet, layer: int, numbered: Sequence[Sequence[str]]) -> int | None:
    """The column of what a layer reads: by its heading, or that of numbers without one beside lines with numbers."""
    headings, beside = list(map(said, sheet.heading)), layer + 1
    told = next((at for at, text in enumerate(headings) if at > layer and _READS.fullmatch(text)), None)
    if told is not None or "".join(headings[beside : beside + 1]):
        return told
    others = [line[beside] for line in numbered if line[beside:] and line[beside]]
    return beside if others and all(re.fullmatch(r"\d+(, ?\d+)*", text) for text in others) else None


def _quantities(headings: Sequence[str]) -> Iterator[str]:
    """The quantity of each column: one without a word, the formula over a column, or nothing, is of the one before."""
    last = OTHER
    for text in map(said, headings):
        quantity = _quantity(text)
        words = re.search(r"[A-Za-z]{2}|[^\W\d_a-z]{2}", re.sub(r"\\[A-Za-z]+", "", text))
        last = quantity if quantity is not None else OTHER if words else last
        yield last


@lru_cache(maxsize=4096)
def _quantity(heading: str) -> str | None:
    """What a heading speaks for."""
    return next((quantity for pattern, quantity in _HEADINGS if pattern.search(heading)), None)


def _has_sizes(sheet: Sheet, found: Sequence[str]) -> bool:
    """Whether there are sizes and counts, not values: a trace of arrays may have layers and outputs, too."""
    if (
        _OF_LAYERS.intersection(found)
        or {WEIGHTS, BIASES} <= {*found}
        or any(_OF_SIZES.search(said(heading)) for heading in sheet.heading)
    ):
        return True
    cells = (said(row[at]) for row in sheet.rows for at, quantity in enumerate(found) if quantity == SIZE)
    return any((shown := number(cell)) and len(shown.shape) > 1 and "*" in cell for cell in cells)


def is_layer_table(sheet: Sheet) -> bool:
    """Whether a table is of the layers of a network, by its headings and by what stands below them."""
    return not sheet.equations and columns(sheet) is not None


# ---------------------------------------------------------------------------------------------------------------- rows


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
    contrary: Mapping[str, Any] = field(default_factory=dict)
    """The options that its code says, where a column of their own says another number."""
    problem: str = ""
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
        return bool(self.name) and not (self.total or self.input)

    @property
    def trained(self) -> bool | None:
        """Whether a sum is of what is trained, or of what is not; None where it is of all."""
        part = _TRAINED.match(self.name)
        return part and not part[1]

    @property
    def names(self) -> set[str]:
        """What other rows may call it by."""
        return {self.name, self.number, self.name.partition(" (")[0], *(one.label for one in self.layers)} - {""}


def rows_of(sheet: Sheet, layer: int, kinds: Sequence[str], legends: Sequence[str] = ()) -> Iterator[LayerRow]:
    """The rows of a layer table, each with its layer where it can be read."""
    rows = [_row(sheet, index, layer, kinds) for index in range(len(sheet.rows))]
    named = [row for row in rows if row.is_layer and _kind_of(row.name)]
    counted = (_COUNTED.fullmatch(row.name) and row.name.endswith(f"-{row.index + 1}") for row in named)
    if all(counted):  # all of them: POOL-2 that happens to be the second row is a pool of 2
        for row in named:
            row.code = row.name.rpartition("-")[0]
    _write_out(rows, said(f"{sheet.before} {sheet.after}"))
    for row in rows:
        if row.is_layer:
            row.code = row.code or ("" if _kind_of(row.name) else _labelled(row.name))
            try:
                row.layers, row.unsaid = _layers(row, tuple(legends))
            except AdtraceError as problem:
                row.problem = str(problem).partition(": ")[2] or str(problem)
        yield row


_ABRIDGED = re.compile(r"([\w.]+\((?:[^()]|\([^()]*\))*?)(?:, )?\.\.\.\)")


def _write_out(rows: Iterable[LayerRow], prose: str) -> None:
    """Give rows whose layers are abridged, ``nn.Conv2d(3, 16, 3, ...)``, the code that prose has whole, in order."""
    found = Counter[str]()
    for row in rows:
        for short in _ABRIDGED.finditer(row.name):
            begins = (match.start() for match in re.finditer(re.escape(short[1]), prose))
            whole = [prose[k : closed_at(prose, k + short[1].index("(")) + 1] for k in begins]
            if whole := [code for code in whole if code and "..." not in code]:
                row.code = (row.code or row.name).replace(short[0], whole[min(found[short[0]], len(whole) - 1)])
                found[short[0]] += 1


def _row(sheet: Sheet, index: int, layer: int, kinds: Sequence[str]) -> LayerRow:
    """A row and what it prints, its layer not read yet."""
    cells = [(at, cell) for at, cell in enumerate(sheet.rows[index]) if at != layer]
    made: dict[str, list[tuple[int, str]]] = {}
    for at, cell in cells:
        if cell.strip():
            made.setdefault(kinds[at], []).append((at, cell))
    own = _OWN.fullmatch(sheet.rows[index][layer].strip())
    count, name, read, rest = own.groups("") if own else ("", "", "", "")
    name = _numbered(name)
    if rest and (shared := _quantity(said(sheet.heading[layer]))) in JUDGED:
        made.setdefault(shared, []).append((layer, rest))
    total = _TOTAL.search(" ".join([name, *(said(cell) for _, cell in cells)])) and not _kind_of(_labelled(name))
    count, read = (said("".join(cell for _, cell in made.get(kind, ()))) or said(told)
                   for kind, told in ((COUNT, count), (READS, read)))  # fmt: skip
    reads = tuple(re.sub(r"(\[\d+\])+$", "", one) for one in re.split(r"\s*[,;&]\s*", read) if one)
    return LayerRow(index, name, made, number=count, reads=reads, total=bool(total), input=bool(_INPUT.match(name)),
                    seen=dict(_last_sides(made)))  # fmt: skip


def _last_sides(cells: Mapping[str, Sequence[tuple[int, str]]]) -> Iterator[tuple[str, Number]]:
    """What is last in the cells of each quantity, behind every sign of equality."""
    for kind, entries in cells.items():
        last = [side for _, cell in entries for side in sides(cell)][-1:]
        yield from ((kind, side) for side in last if side is not None)


_OWN = re.compile(r"(?:(\d+)\s{2,}(?=[A-Za-z]))?(.*?)(?(1)(?:\s{2,}(\d+(?:, ?\d+)*)(?=\s{2,}))?)(?:\s{2,}(.*))?", re.S)
"""The cell of a layer in our own text: its number and what it reads, where there are branches, and its size."""
_COUNTED = re.compile(r"[A-Za-z]+(?:\dd)?-\d+")
"""A layer with the number of its row behind it, ``Conv2d-1``."""
_STATED = re.compile(r"\d\s*\(\s*\d+\s*,\s*\d+\s*\)$")
"""A code with its stride and its padding, ``CONV3-10(2,1)``."""


def _layers(row: LayerRow, legends: tuple[str, ...]) -> tuple[tuple[Layer, ...], frozenset[str]]:
    """The layers that a row names, with what its other columns tell; and the options that nothing tells."""
    code = re.sub(r"^[\w.]+\s+\((\w+)\)$", r"\1", row.code or row.name)
    name, worded = _worded(code)
    told = worded | _told(row)
    layers, unsaid = _read_once(_OF_KERNELS.sub(r"\1", name), code, legends)
    if len(layers) != 1:
        return layers, unsaid
    layer = layers[0]
    if layer.kind.name == "linear":
        if "out_features" in unsaid and told.get(KERNEL, _size(row)) != _size(row):  # an FC as a window over the map
            (layer,), unsaid = read("conv(k=1,s=1,p=0)").layers, frozenset()
        elif KERNELS in told:
            told["out_features"] = told.pop(KERNELS)
    row.contrary = _contrary(layer, told) if _STATED.search(name) else {}
    own = {*layer.options, KERNELS}
    options = {**layer.options, **{key: value for key, value in told.items() if key in own}, **row.contrary}
    kernel = options.get(KERNEL)
    if isinstance(kernel, tuple) and layer.kind.name in ("conv", "pool") and len(kernel) > 2:
        options[KERNEL] = kernel[0]
    if layer.kind.name in ("conv", "conv_transpose") and options.get(KERNELS) is None:
        unsaid |= {KERNELS}
    return (layer._replace(options=options),), unsaid - frozenset(told)


def _size(row: LayerRow) -> Fraction | None:
    return row.seen[SIZE].value if SIZE in row.seen else None


_WORDS = {"stride": STRIDE, "pad": PADDING, "padding": PADDING, "dilation": DILATION}
_WORDED = re.compile(rf"\s*[,;]?\s*\b({'|'.join(_WORDS)})\s*(?:of|=|:)?\s*(\d+)(?!\s*[*x\d])", re.IGNORECASE)
_OF_KERNELS = re.compile(r"(\d+)\s*(?:filters?|kernels?|feature maps)\b(?:\s+of(?:\s+size)?)?", re.IGNORECASE)


def _worded(text: str) -> tuple[str, dict[str, Any]]:
    """A text without what it tells in words, and that: ``conv 3*3, 64, pad 1``."""
    options = {_WORDS[word.lower()]: int(length) for word, length in _WORDED.findall(text)}
    return _WORDED.sub("", text) or text, options


def _labelled(name: str) -> str:
    """The layer behind a label, of ``C3 Conv``, where the label is none."""
    label, _, layer = name.partition(" ")
    return layer.lstrip("-–: ") if re.fullmatch(r"\w+:?", label) and not _kind_of(label) and _kind_of(layer) else name


def _filters(row: LayerRow) -> dict[str, Any]:
    """What a cell of filters tells in words: ``6 filters 5*5, stride 1``."""
    text, told = _worded(" ".join(said(cell) for _, cell in row.cells.get(KERNEL, ())))
    if count := _OF_KERNELS.search(text):
        told[KERNELS] = int(count[1])
    window = number(_OF_KERNELS.sub("", text)) if told else None
    return told | ({KERNEL: _length(window.shape)} if window and window.shape else {})


def _length(lengths: tuple[int, ...]) -> int | tuple[int, ...]:
    """Lengths along all axes, as one where they are alike."""
    return lengths[0] if len({*lengths}) == 1 else lengths


def _contrary(layer: Layer, told: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a layer that its code says, and another column otherwise."""
    return {
        key: layer.options[key] for key in (STRIDE, PADDING)
        if type(told.get(key)) is type(layer.options.get(key)) is int and told[key] != layer.options[key]
    }  # fmt: skip


def _told(row: LayerRow) -> dict[str, Any]:
    """The options of a layer that have columns of their own.  Raises `InputError` for a length of 0."""
    told = _filters(row)
    word = said(row.cells[PADDING][0][1]).lower() if PADDING in row.cells else ""
    if word in ("same", "valid"):
        told[PADDING] = word
    for option in _TOLD:
        lengths = row.seen[option].shape if option in row.seen and row.seen[option].literal else ()
        if option != PADDING and 0 in lengths:
            raise InputError(f"{row.name}: its {option} is 0")
        if lengths and (option != KERNELS or isinstance(_length(lengths), int)):  # 1×5 kernels are none
            told[option] = _length(lengths)
    return told


_OF_WHAT_IT_READS = frozenset(("in_features", "in_channels", "shape"))
"""Options that a name alone does not tell, and what stands before the layer does."""


def _read_once(name: str, whole: str, legends: tuple[str, ...]) -> tuple[tuple[Layer, ...], frozenset[str]]:
    """The layer of a name; where it is several, those of the whole code, of which each has its own words."""
    layers, unsaid = _read(name, legends)
    return (layers, unsaid) if len(layers) == 1 or _WORDED.sub("", whole) == whole else _read(whole, legends)


@lru_cache(maxsize=2048)
def _read(name: str, legends: tuple[str, ...]) -> tuple[tuple[Layer, ...], frozenset[str]]:
    text = re.sub(r"(?<=\d)\*(?=\d)", "x", name)
    try:
        return tuple(read(text, legends).layers), frozenset()
    except AdtraceError:
        layer = _kind_of(name)
        if layer is None or "..." in name or "), " in name:  # what is left out may be its stride, or a second layer
            raise
        layer = layer._replace(options={**layer.options, **dict.fromkeys(_OF_WHAT_IT_READS & set(layer.options))})
        return (layer,), frozenset({KERNEL, KERNELS, "out_features"} & set(layer.options))


@lru_cache(maxsize=2048)
def _kind_of(name: str) -> Layer | None:
    """A layer of the kind that a name is of, with any numbers."""
    with suppress(AdtraceError):
        if len(layers := read(name).layers) == 1:
            return layers[0]
    called = re.match(r"[\w.]+\s+\((\w+)\)$", name)
    word = re.match(
        r"[A-Za-z]+(?:[ -][A-Za-z]+)*(?:[123][dD](?![A-Za-z\d]))?",
        called[1] if called else re.sub(r"^([a-z]\w*\.)+", "", name),
    )
    if word is None or _TOTAL.search(name):
        return None
    for base in dict.fromkeys((word[0], word[0].replace(" ", ""), word[0].split(" ")[0], re.sub(r"\dd$", "", word[0]))):
        for probe in (f"{base}(1, 1)", f"{base}(2)", base, f"{base}(k=2)", f"{base}-2", f"{base}3-2"):
            try:
                layers = read(probe).layers
            except AdtraceError:
                continue
            if len(layers) == 1:
                return layers[0]
    return None
