"""What the columns of a layer table hold, by their headings and by what stands below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from adtrace.checking import words
from adtrace.checking.layer_tables.code import is_code, kind_of, labelled, numbered
from adtrace.checking.layer_tables.numbers import TOTAL, number, said, sides
from adtrace.checking.layer_tables.slips import ACTIVATIONS, BIASES, FIELD, FLOPS, JUMP, MULTS, PARAMS, SIZE, WEIGHTS
from adtrace.checking.layer_tables.words import DILATION, KERNEL, KERNELS, PADDING, SAID, STRIDE
from adtrace.checking.sheets import Sheet
from adtrace.networks.kinds import JOINT, QUIET

LAYER, CODE, READS, COUNT, INPUT, MAPS, OTHER = "layer", "code", "reads", "number", "input", "maps", ""
READ_FIELD, READ_JUMP = "receptive field of what is read", "jump of what is read"
DEPTH, READ_DEPTH = "depth", "maps that are read"
JUDGED = (SIZE, ACTIVATIONS, PARAMS, WEIGHTS, BIASES, MULTS, FLOPS, FIELD, JUMP)
_OF_LAYERS = {KERNEL, KERNELS, STRIDE, PADDING, PARAMS, MULTS, FIELD, JUMP}
"""What no trace of arrays has a column of."""
_SHAPE_OF, _INDEX = r"^\W*(?:shape of |size of |dim\w* of )?\W*", r"(?:_?\W*\w)?(?: (?:shape|size|dim\w*))?\W*$"
_NUMBER_OF = r"(?:number of|nombre de|número de|anzahl(?: der)?|#)\s*"
_HEADINGS = tuple((re.compile(pattern, re.IGNORECASE), quantity) for pattern, quantity in (
    (r"(?:size|kernel|filter|window)\w* ?/ ?stride", KERNEL),
    (r"receptive field in|\br_?\{?in", READ_FIELD),
    (r"\bj_?\{?in|jump in", READ_JUMP),
    (r"input depth|in[_ ]?channels|input channels", READ_DEPTH),
    (r"receptive|rezept|\brf\b|\br_?\{?out|champ r[ée]ceptif|campo rec|感受野|受容野|수용 ?영역"
     r"|^\W*r(_\W*[a-z])?\W*$", FIELD),
    (r"\bjump|sprung|\bj_?\{?out|^\W*j(_\W*[a-z])?\W*$|effective stride|^saut$|^salto$|跨距|ジャンプ|^간격$", JUMP),
    (r"flop", FLOPS),
    (r"\bmult|\bmacc?s?\b|mult-adds|乘法|乗算|곱셈", MULTS),
    (rf"out(?:put)?[_ ]?channels|num_output|{_NUMBER_OF}(?:{SAID[KERNEL]})"
     rf"|^\W*(?:{_NUMBER_OF})?(?:hidden|{words.NEURONS})(?: (?:size|units|dim))?\W*$"
     r"|^\W*(?:filters|filtres|filtros|kernels|kerne)\W*$"
     r"|ausgabekan", KERNELS),
    (r"^\W*(?:(?:number of |#\s*)?(?:output )?(?:feature )?(?:maps|channels))\W*$", MAPS),
    (r"^\W*depth\W*$", DEPTH),
    (rf"{SAID[KERNEL]}|^\W*[kf]\W*$|window|fenster|kerngr|noyau|núcleo|卷积核", KERNEL),
    (rf"{SAID[STRIDE]}|^\W*s\W*$", STRIDE),
    (rf"{SAID[PADDING]}|^\W*p\W*$", PADDING),
    (rf"{SAID[DILATION]}|^\W*d\W*$", DILATION),
    (rf"{words.PARAMETERS}|trainable", PARAMS),
    (rf"{_SHAPE_OF}b{_INDEX}", BIASES),
    (rf"{_SHAPE_OF}w{_INDEX}|{words.WEIGHTS}", WEIGHTS),
    (words.BIASES, BIASES),
    (r"\binput (size|shape|dim|width)|\bn_?\{?in|eingabegr|eingangsgr|taille d'entrée|输入"
     r"|^\W*(?:n|in?|inputs?)\W*$", INPUT),
    (r"^\W*o(?:ut)?\W*$", SIZE),
    (r"activation (shape|map|dim|volume)|dimensions? of|feature map", SIZE),
    (r"activation|aktivierung|memory|speicher|mémoire|memoria|ativaç|activacion|激活|活性|활성", ACTIVATIONS),
    (rf"{words.SIZES}|{words.OUTPUTS}|\bout\b|\bn_?\{{?out|\bform\b", SIZE),
))  # fmt: skip
"""The words of a heading and the quantity that they speak for; the first that is there counts."""
_WORKING = re.compile(rf"{words.WORKINGS}|{words.FORMULAS}|formule", re.IGNORECASE)
"""The heading of how the numbers of the column beside it are worked out."""
_MAPS = re.compile(r"(?:\(?\d+\*\d+\*\d+\)?(?:; |$)){2,}(?:\d+(?:; |$))*")
"""Maps, and vectors behind them."""
_READS = re.compile(r"\W*(?:of|from|reads|connected to|von|de|출처|来自|元)\W*", re.IGNORECASE)
"""The heading of what a layer reads, where that is not the row above it."""
_LAYER = re.compile(rf"{words.LAYERS}|\btype?\b|operat(?:ion|or)", re.IGNORECASE)
_OF_SIZES = re.compile(words.SIZES, re.IGNORECASE)


def columns(sheet: Sheet) -> tuple[int, list[str]] | None:
    """The column of the layers, and the quantity of each column; None where it is no layer table."""
    found = _by_cells(sheet, list(_quantities(sheet.heading)))
    if not any(quantity in JUDGED for quantity in found) or not _has_sizes(sheet, found):
        return None
    layer = 0 if _has_kernels(sheet, found) else _layer_column(sheet)
    if layer is None:
        return None
    found = _with_workings(sheet, found)
    found[layer] = LAYER
    if (code := _code_column(sheet, found, layer)) is not None:
        found[code] = CODE
    _put_branches(sheet, found, layer)
    if {WEIGHTS, BIASES} <= {*found}:
        found = [
            PARAMS if kind == OTHER and TOTAL.search(said(sheet.heading[at])) else kind for at, kind in enumerate(found)
        ]
    if not {BIASES, PARAMS} & set(found):
        found = [PARAMS if quantity == WEIGHTS else quantity for quantity in found]
    return layer, found


def _by_cells(sheet: Sheet, found: list[str]) -> list[str]:
    """The quantities of columns: single numbers beside sizes count maps, words beside numbers are functions."""
    cells = ["; ".join(filter(None, (said(row[at]) for row in sheet.rows))) for at in range(len(found))]
    found = _of_channels(sheet, _of_maps(_of_names(sheet, found), cells), cells)
    is_sized = any(kind == SIZE and "*" in text for kind, text in zip(found, cells, strict=True))
    counts = {DEPTH: READ_DEPTH} if KERNELS in found else dict.fromkeys((SIZE, MAPS, DEPTH), MAPS)
    return [_by_cell(*each, counts, is_sized=is_sized) for each in zip(found, cells, strict=True)]


def _by_cell(kind: str, text: str, counts: Mapping[str, str], *, is_sized: bool) -> str:
    """The quantity of a column by what stands in it; ``counts`` are those of single numbers."""
    if kind in (SIZE, MAPS, DEPTH) and text:
        is_count = re.fullmatch(r"[\d; -]+", text) and (kind != SIZE or is_sized)
        return counts.get(kind, OTHER) if is_count else SIZE
    is_function = kind == ACTIVATIONS and not re.search(r"\d", text) and any(map(kind_of, text.split("; ")))
    return OTHER if is_function else kind


def _of_names(sheet: Sheet, found: list[str]) -> list[str]:
    """The quantities of columns: "Größe" above names that are of no layer speaks for no size."""
    if found[0] != SIZE or any(kind_of(labelled(numbered(row[0]))) or number(said(row[0])) for row in sheet.rows):
        return found
    return [OTHER if kind == SIZE else kind for kind in found]


def _of_channels(sheet: Sheet, found: list[str], cells: Sequence[str]) -> list[str]:
    """The quantities of columns, "in" and "out" beside windows of channels, if these are those of an image or of a
    signal at first.
    """
    headings = [said(heading).strip("*_ ").lower() for heading in sheet.heading]
    short = [text for heading, text in zip(headings, cells, strict=True) if heading in ("in", "out")]
    if len(short) != 2 or KERNEL not in found or not all(re.fullmatch(r"[\d; -]+", text) for text in short):
        return found
    is_depth = short[0].partition(";")[0] in ("1", "3")
    return [{INPUT: READ_DEPTH, SIZE: MAPS}.get(kind, kind) for kind in found] if is_depth else found


def _of_maps(found: list[str], cells: Sequence[str]) -> list[str]:
    """The quantities of columns: maps are sizes whatever their heading, where no other column has any."""
    if {*found} & {SIZE, INPUT}:
        return found
    return [SIZE if kind == OTHER and _MAPS.fullmatch(text) else kind for kind, text in zip(found, cells, strict=True)]


def _with_workings(sheet: Sheet, found: list[str]) -> list[str]:
    """The quantities of columns, of workings as well that stand before what they come to."""
    each = enumerate(zip(found, [*found[1:], OTHER], map(said, sheet.heading), strict=True))
    return [
        after if after in JUDGED and _WORKING.search(heading) and (kind == OTHER or _comes_to_next(sheet, at)) else kind
        for at, (kind, after, heading) in each
    ]


def _comes_to_next(sheet: Sheet, at: int) -> bool:
    """Whether a formula of a column that says of nothing what it is comes to the number to its right."""
    if quantity(said(sheet.heading[at])) is not None:
        return False
    pairs = ([(sides(cell) or [None])[0] for cell in row[at : at + 2]] for row in sheet.rows)
    return any(one and other and not one.literal and one.value == other.value for one, other in pairs)


def _layer_column(sheet: Sheet) -> int | None:
    """The column of the layers, by its heading or by most names; None where rows of a trace may be called so."""
    named = [[kind_of(labelled(numbered(row[at]))) for row in sheet.rows] for at in range(len(sheet.heading))]
    names = [sum(map(bool, column)) for column in named]
    entitled = next((at for at, heading in enumerate(sheet.heading) if _LAYER.search(said(heading))), -1)
    layer = entitled if entitled >= 0 and names[entitled] else names.index(max(names))
    shown = [len(each.shape) for row in sheet.rows if (each := number(said(row[layer])))]
    is_quiet = all(one.kind.family in (QUIET, JOINT) for one in named[layer] if one)
    numbers = sum(axes < 2 for axes in shown)  # ln(x) above 0.6931 is no LayerNorm
    return None if is_quiet or names[layer] < max(1, (len(sheet.rows) - len(shown)) / 3, numbers) else layer


def _has_kernels(sheet: Sheet, found: Sequence[str]) -> bool:
    """Whether shapes of kernels tell that all rows are convolutions, whatever they are called; or layers are called by
    numbers alone, beside a column of kernels, or those of what they read and make.
    """
    names = [text for row in sheet.rows if not TOTAL.search(text := said(row[0]))]
    is_told = (KERNEL in found and {FIELD, PARAMS} & {*found}) or {INPUT, SIZE, PARAMS} <= {*found}
    if is_told and _LAYER.search(said(sheet.heading[0])) and all(map(str.isdigit, names)):
        return True
    kernels = (number(said(row[found.index(KERNEL)])) for row in sheet.rows if KERNEL in found[1:])
    lengths = [len(each.shape) if each else 0 for each in kernels]
    return {*lengths} == {4}


def _code_column(sheet: Sheet, found: Sequence[str], layer: int) -> int | None:
    """The column that has the layers as codes, where that of their names has less of them."""
    whole = [sum(is_code(said(row[at])) for row in sheet.rows) for at in range(len(sheet.heading))]
    best = max((at for at, quantity in enumerate(found) if quantity in (OTHER, LAYER)), key=whole.__getitem__)
    return best if whole[best] > whole[layer] else None


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
        own = quantity(text)
        is_named = re.search(r"[A-Za-z]{2}|[^\W\d_a-z]{2}", re.sub(r"\\[A-Za-z]+", "", text))
        last = own if own is not None else OTHER if is_named and not _WORKING.search(text) else last
        yield last


@lru_cache(maxsize=4096)
def quantity(heading: str) -> str | None:
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
    if sheet.equations:
        return False
    is_worded = any(quantity(said(row[0])) in JUDGED and re.search(r"\w{4}", row[0]) for row in sheet.rows)  # no row k
    return columns(sheet) is not None or (is_worded and columns(transposed(sheet)) is not None)


def transposed(sheet: Sheet) -> Sheet:
    """A table turned round: its first column as the heading, and a row for each further column."""
    heading, *rows = zip(sheet.heading, *sheet.rows, strict=True)
    return replace(sheet, heading=heading, rows=tuple(rows), lines=(sheet.lines[0],) * len(rows))
