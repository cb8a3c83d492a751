"""A convolution as tables: the window at each place with its products, and the results with their sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from math import prod

from flint import fmpq

from adtrace.arrays.axis_windows import SAME
from adtrace.arrays.index_rules import Shape
from adtrace.errors import UndecidedError
from adtrace.language.syntax import Apply, Number, Terms
from adtrace.networks.convolutions import CENTRED, NUMPY, Convolved, Place, Section
from adtrace.networks.worked_documents import listed_in_one
from adtrace.numbers.rounding import LARGEST_PART, is_short, terminating
from adtrace.numbers.value import Value
from adtrace.settings import HALF_EVEN
from adtrace.tables.options import Options
from adtrace.tables.worked import (
    CENTRE,
    LEFT,
    RESULT,
    RIGHT,
    WorkedColumn,
    WorkedLine,
    WorkedPanel,
    WorkedTable,
    celled,
    moving,
    quiet,
    word,
)
from adtrace.tracing.expressed import Expressed
from adtrace.tracing.symbols import is_open, terms_of
from adtrace.writing.counts import Counted, letters, sizes, with_dots
from adtrace.writing.matrices import nested
from adtrace.writing.notation import Dialect, spelled

MOST_LINES, _WIDEST, _MOST_PATCH = 400, 24, 25
"""Products that are written out; entries of a padded signal, and of a kernel, that the window is shown in."""
MOST_ENTRIES = 2_500
"""Entries of a result that is written out."""
_DIGITS, _OWN_DIGITS = 4, 12
"""Decimals of a rounded number, and of one that is shown in its own digits."""


def shown(value: Value, dialect: Dialect, digits: int = _DIGITS, rounding: str = HALF_EVEN) -> str:
    """A number of a result: in its own digits or as a small fraction where it is one, else rounded; a formula."""
    if isinstance(value, Expressed) and is_open(value.symbol):
        return spelled(terms_of(value.symbol, full=True), with_dots(dialect)).text
    exact = value.exact
    if exact is not None:
        text = terminating(fmpq(exact.numerator, exact.denominator), max(digits, _OWN_DIGITS))
        if text is not None and is_short(text):
            return dialect.number(text)
        if max(abs(exact.numerator), exact.denominator) <= LARGEST_PART:
            return f"{exact.numerator}/{exact.denominator}"
    try:
        return dialect.number(value.rounded(digits, rounding))
    except UndecidedError:
        return "?"


_ZERO: Terms = (Number("0", 0, 0, 0),)


def _sum(of: Convolved, place: Place) -> Terms:
    """The products at one place as they are written: in the order of the signal."""
    order = range(len(place.read))
    products: list[Terms] = []
    for at in reversed(order) if of.flipped else order:
        entry = place.read[at]
        products.append((*(_ZERO if entry is None else of.signal[entry]), *of.kernel[at], Apply("mul", 2, 0)))
    return reduce(lambda left, right: (*left, *right, Apply("add", 2, 0)), products)


def worked(of: Convolved, place: Place, dialect: Dialect) -> str:
    """What is done at one place: ``0·2 + 1·0 + 2·1``, ``max(1, 6, 2)``, ``(1 + 6)/2``."""
    if of.kernel:
        return spelled(_sum(of, place), with_dots(dialect)).text
    read = [of.signal[entry] for entry in place.read if entry is not None]
    if of.pool == "max":
        return f"{_MAX.get(dialect.name, 'max')}({', '.join(spelled(terms, dialect).text for terms in read)})"
    total = reduce(lambda left, right: (*left, *right, Apply("add", 2, 0)), read)
    count = len(place.read)
    return spelled((*total, Number(str(count), count, 0, 0), Apply("div", 2, 0)), dialect).text


_MAX = {"latex": r"\max", "markdown": r"\max", "html": "<mi>max</mi>"}


class Lines:
    """The places of all modes in one order, and how their cells are written."""

    def __init__(self, of: Convolved, dialect: Dialect, chosen: Options) -> None:
        self.of, self.dialect, self.chosen = of, dialect, chosen
        self.cell = celled(dialect)
        places: dict[tuple[int, ...], Place] = {}
        for section in of.sections:
            places.update({place.at: place for place in section.places})
        self.places = [places[at] for at in sorted(places)]
        self.members = [{place.at for place in section.places} for section in of.sections]
        self.single = of.sections[0] if len(of.sections) == 1 else None
        self.lowest = tuple(min(at[axis] for at in places) for axis in range(len(of.shape))) if places else ()

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.places)

    def entry(self, terms: Terms) -> str:
        """An entry as it was typed."""
        return spelled(terms, self.dialect).text

    def value(self, place: Place) -> str:
        """The number at a place."""
        return shown(place.value, self.dialect, self.chosen.digits, self.chosen.rounding)

    def number(self, place: Place) -> tuple[int, ...]:
        """The index of a place in the result: counted in the mode, or of several modes from the first place of all."""
        if self.single is None:
            return tuple(at - low for at, low in zip(place.at, self.lowest, strict=True))
        return tuple((at + own.before) // own.stride for at, own in zip(place.at, self.single.windows, strict=True))

    def name(self, place: Place) -> str:
        """``y_0``."""
        return self.dialect.indexed(self.dialect.name_of("y"), ",".join(map(str, self.number(place))))


def products(lines: Lines) -> WorkedTable:
    """The places of the window, line by line."""
    of, dialect, cell = lines.of, lines.dialect, lines.cell
    strip = _strip(lines)
    sections = of.sections if len(of.sections) > 1 else ()
    first = [_signal(lines, strip, len(sections))] if strip is not None else []
    rows = [_line(lines, place, strip) for place in lines.places]
    width = len(rows[0][0]) - 1
    side = RIGHT if strip is not None else LEFT
    what = dialect.say("products" if of.kernel else "largest" if of.pool == "max" else "mean")
    panels = [
        WorkedPanel(dialect.say("window" if width else "place"), "", False,
                    (WorkedColumn(LEFT), *(WorkedColumn(side),) * width), min(width, 1)),
        WorkedPanel(what, cell(_general(lines)), False, (WorkedColumn(RIGHT), WorkedColumn(RESULT))),
    ]  # fmt: skip
    if sections:
        heads = tuple(WorkedColumn(CENTRE, word(_mode(section, dialect), dialect)) for section in sections)
        panels.append(WorkedPanel(dialect.say("in_the_result"), "", True, heads))
    groups = (tuple(first), tuple(rows)) if first else (tuple(rows),)
    return WorkedTable(_caption(lines), "", tuple(panels), groups, (), ())


def _signal(lines: Lines, strip: range, sections: int) -> WorkedLine:
    """The line of the padded signal, under which the window moves."""
    cells = (lines.cell(lines.dialect.name_of("x")), *(lines.cell(_entry(lines, at)) for at in strip))
    return (cells, ("", ""), ("",) * sections) if sections else (cells, ("", ""))


def _line(lines: Lines, place: Place, strip: range | None) -> WorkedLine:
    """One place: the window, its products, and the results that have it."""
    cell, value = lines.cell, lines.value(place)
    text = lines.dialect.bold(value) if _is_number(place.value) else value
    window = (cell(lines.name(place)), *_windowed(lines, place, strip))
    work = (cell(worked(lines.of, place, lines.dialect)), cell(f"= {text}"))
    if lines.single is not None:
        return window, work
    return window, work, tuple(cell(value) if place.at in there else "" for there in lines.members)


def _is_number(value: Value) -> bool:
    return not (isinstance(value, Expressed) and is_open(value.symbol))


def _strip(lines: Lines) -> range | None:
    """The places of a padded signal under which the window moves, where it has one axis and is short."""
    of = lines.of
    if len(of.shape) > 1 or not lines.places:
        return None
    span = of.dilation[0] * (of.window[0] - 1) + 1
    low, high = min(place.at[0] for place in lines.places), max(place.at[0] for place in lines.places) + span
    strip = range(min(low, 0), max(high, of.shape[0]))
    return strip if len(strip) <= _WIDEST else None


def _entry(lines: Lines, at: int) -> str:
    """An entry of a padded signal."""
    if 0 <= at < lines.of.shape[0]:
        return lines.entry(lines.of.signal[at])
    return quiet("0", lines.dialect)


def _windowed(lines: Lines, place: Place, strip: range | None) -> tuple[str, ...]:
    """The window at a place: the kernel under the signal, or of two axes what it reads."""
    of = lines.of
    if strip is not None:
        cells = dict.fromkeys(strip, "")
        k, d, dot = of.window[0], of.dilation[0], _DOT.get(lines.dialect.name, "•")
        for j in range(k):
            entry = of.kernel[k - 1 - j if of.flipped else j] if of.kernel else None
            there = 0 <= place.at[0] + j * d < of.shape[0]
            text = lines.entry(entry) if entry is not None else dot if there else ""
            cells[place.at[0] + j * d] = lines.cell(moving(text, lines.dialect)) if text else ""
        return tuple(cells.values())
    if len(of.shape) == 1 or prod(of.window) > _MOST_PATCH:
        return ()
    texts = ["0" if entry is None else lines.entry(of.signal[entry]) for entry in place.read]
    ordered = texts[::-1] if of.flipped else texts
    return (lines.cell(_matrix(nested(ordered, of.window), lines.dialect)),)


_DOT = {"latex": r"\bullet", "markdown": r"\bullet", "typst": "bullet", "html": "<mi>•</mi>"}


def _matrix(rows: Sequence[Sequence[str]], dialect: Dialect) -> str:
    """A small matrix in a line of a table."""
    if dialect.name == "latex":
        body = r" \cr ".join(" & ".join(row) for row in rows)
        return rf"\vcenter{{\kern2pt\hbox{{$\left[\begin{{smallmatrix}}{body}\end{{smallmatrix}}\right]$}}\kern2pt}}"
    if dialect.name == "text" or dialect.brackets is None:
        return f"[{'; '.join(' '.join(row) for row in rows)}]"
    matrix = dialect.brackets.matrix(rows)
    tall = f"#box(baseline: 50% - .25em, inset: (y: 3pt), math.equation(block: true, ${matrix}$))"
    return tall if dialect.name == "typst" else matrix


def _general(lines: Lines) -> str:
    """The formula in letters: ``y_n = sum x_m w_(n - m)`` with the stride, dilation and padding that there are."""
    of, dialect = lines.of, lines.dialect
    if not of.kernel or len(of.sections) == 0:
        return ""
    outer, inner = (("n",), ("j",)) if len(of.shape) == 1 else (("m", "n"), ("i", "j"))
    axes = []
    for axis, (n, j) in enumerate(zip(outer, inner, strict=True)):
        if lines.single is None:
            s, start = 1, lines.lowest[axis]
        else:
            s, start = of.stride[axis], -lines.single.windows[axis].before
        d, over = of.dilation[axis], of.dilation[axis] * (of.window[axis] - 1)
        step = n if s == 1 else f"{s}{n}"
        gap = j if d == 1 else f"{d}{j}"
        shift = start + over if of.flipped else start
        more = f" + {shift}" if shift > 0 else f" - {-shift}" if shift else ""
        axes.append(f"{step} {'-' if of.flipped else '+'} {gap}{more}")
    close = dialect.name == "text"
    index = ", ".join(axes)
    index = index.replace(" + ", "+").replace(" - ", "-") if close else index
    y, x, w = (_indexed(*of, dialect) for of in (("y", ", ".join(outer)), ("x", index), ("w", ", ".join(inner))))
    return f"{y} = {_sum_sign(inner, dialect)}{x}{_BESIDE.get(dialect.name, '·')}{w}"


_BESIDE = {"latex": r"\,", "markdown": r" \, ", "text": "·", "html": "<mspace width='0.15em'></mspace>",
           "typst": " thin "}  # fmt: skip


def _indexed(letter: str, index: str, dialect: Dialect) -> str:
    if dialect.name in ("latex", "markdown"):
        return f"{letter}_{{{index}}}"
    if dialect.name == "typst":
        spaced = "".join(f"{char} " if char.isdigit() else char for char in index)
        return f"{letter}_({spaced})"
    if dialect.name == "html":
        return f"<msub><mi>{letter}</mi><mrow>{_letters_apart(index)}</mrow></msub>"
    return f"{letter}[{index}]"


def _letters_apart(index: str) -> str:
    return "".join(f"<mi>{char}</mi>" if char.isalpha() else char for char in index)


def _sum_sign(inner: Sequence[str], dialect: Dialect) -> str:
    index = ",".join(inner)
    return {"latex": rf"\sum_{{{index}}} ", "markdown": rf"\sum_{{{index}}} ",
            "html": f"<munder><mo>∑</mo><mrow>{_letters_apart(index)}</mrow></munder>",
            "typst": f"sum_({index}) "}.get(dialect.name, f"Σ[{index}] ")  # fmt: skip


def _caption(lines: Lines) -> str:
    """What is done with what."""
    of, dialect = lines.of, lines.dialect
    x = _named(lines, "x", of.signal, of.shape)
    if of.pool:
        key = "max_pooling" if of.pool == "max" else "mean_pooling"
        return dialect.say(key, signal=x, size="×".join(map(str, of.window)).replace("×", dialect.prose("×")),
                           how=_how(of, dialect))  # fmt: skip
    modes = [section.mode for section in of.sections if section.mode != "padded"]
    w = _named(lines, "w", of.kernel, of.window)
    kind = "convolution" if of.flipped else "correlation"
    told = {"signal": x, "kernel": w, "how": _how(of, dialect)}
    if modes:
        listed = dialect.listed(modes)
        first = dialect.say(f"{kind}_modes", modes=listed[0].upper() + listed[1:], **told)
    else:
        first = dialect.say(f"{kind}_alone", **told)
    return dialect.say("sentence_between").join([first, _moved(lines)])


def _moved(lines: Lines) -> str:
    """Whether the kernel is flipped, and what it is then."""
    of, dialect = lines.of, lines.dialect
    if of.flipped and len(of.shape) == 1 and of.window[0] <= _WIDEST:
        padded = any(sides != (0, 0) for section in of.sections for sides in section.padding)
        over = {"kernel": dialect.math(_array(lines, of.kernel[::-1])), "signal": dialect.math(dialect.name_of("x"))}
        return dialect.say("flipped_over_padded" if padded else "flipped_over", **over)
    return dialect.say("flipped_axes" if of.flipped else "not_flipped")


def _how(of: Convolved, dialect: Dialect) -> str:
    """Stride, dilation and padding, where they are not plain."""
    told = ""
    pooled = of.window if of.pool else None
    for key, numbers, usual in (("how_stride", of.stride, pooled), ("how_dilation", of.dilation, None)):
        if set(numbers) != {1} and numbers != usual:
            lengths = dict.fromkeys(numbers) if len(set(numbers)) == 1 else numbers
            told += dialect.say(key, sizes=dialect.prose("×".join(map(str, lengths))))
    padded = of.by_mode.get("padded")
    if padded is not None:
        sides = [f"{b}" if b == a else f"{b}:{a}" for b, a in padded.padding]
        each_side = dict.fromkeys(sides) if len(set(sides)) == 1 else sides
        told += dialect.say("how_padding", sizes=dialect.prose("×".join(each_side)))
    return told


def _array(lines: Lines, entries: Sequence[Terms]) -> str:
    """A vector in running text."""
    return f"({lines.dialect.between.join(map(lines.entry, entries))})"


def _named(lines: Lines, name: str, entries: Sequence[Terms], shape: Shape) -> str:
    """``x = (1, 2, 3)``; of a matrix or a long vector its size, ``x (6×5)``."""
    letter, dialect = lines.dialect.name_of(name), lines.dialect
    if len(shape) == 1 and shape[0] <= _WIDEST:
        return dialect.math(f"{letter} = {_array(lines, entries)}")
    return f"{dialect.math(letter)} ({dialect.math(sizes(shape, dialect))})"


_SIZE = "floor((n + b + a - d*{k - 1} - 1)/s) + 1"


def results(lines: Lines, *, captioned: bool) -> WorkedTable:
    """The results, mode by mode, with the size worked out."""
    of, dialect, cell = lines.of, lines.dialect, lines.cell
    rows: list[WorkedLine] = []
    for section in of.sections:
        checks = []
        for n, own in zip(of.shape, section.windows, strict=True):
            values = {"n": n, "b": own.before, "a": own.after, "d": own.dilation, "k": own.kernel, "s": own.stride}
            checks.append((Counted(_SIZE, values).numbers(dialect), own.places(n)))
        for place, ((text, size), sides) in enumerate(zip(checks, section.padding, strict=True)):
            if place and (text, size) == checks[place - 1]:
                continue
            first = place == 0
            padding = f"{sides[0]}" if sides[0] == sides[1] else f"{sides[0]}:{sides[1]}"
            result = cell(_written(lines, section)) if first else ""
            rows.append(((word(_mode(section, dialect), dialect) if first else "", cell(padding)),
                         (cell(text), cell(f"= {size}")), (result,)))  # fmt: skip
    say, padding_word = dialect.say, word(dialect.say("padding_word"), dialect)
    columns = (WorkedColumn(RIGHT), WorkedColumn(RESULT))
    panels = (
        WorkedPanel(say("mode_word"), "", False, (WorkedColumn(LEFT), WorkedColumn(RIGHT, padding_word))),
        WorkedPanel(say("size_word"), cell(letters(_SIZE, dialect)), False, columns),
        WorkedPanel(say("result_word"), "", True, (WorkedColumn(LEFT),)),
    )
    b, a = (dialect.math(dialect.name_of(letter)) for letter in "ba")
    caption = _caption(lines) if captioned else dialect.say("results_caption", before=b, behind=a)
    return WorkedTable(caption, "", panels, (tuple(rows),), (), listed_in_one(_notes(lines)))


def _written(lines: Lines, section: Section) -> str:
    """A result in a cell."""
    if len(section.places) > MOST_ENTRIES:
        return lines.dialect.dots if lines.dialect.name != "text" else "…"
    texts = [shown(place.value, lines.dialect, lines.chosen.digits, lines.chosen.rounding) for place in section.places]
    if len(section.shape) == 1:
        return f"({lines.dialect.between.join(texts)})"
    return _matrix(nested(texts, section.shape), lines.dialect)


def _mode(section: Section, dialect: Dialect) -> str:
    """The mode by its name in numpy, or that padding is given."""
    return dialect.say("mode_padded") if section.mode == "padded" else section.mode


def _notes(lines: Lines) -> Iterator[str]:
    of, say = lines.of, lines.dialect.say
    if any(section.mode == SAME for section in of.sections):
        odd = any(d * (k - 1) % 2 or k > n for n, k, d in zip(of.shape, of.window, of.dilation, strict=True))
        yield say(_SAME[of.same] if odd or set(of.stride) != {1} else "same_alike")
    if lines.count > MOST_LINES:
        yield say("not_written_out", count=lines.count, most=MOST_LINES)
    for section in of.sections:
        count = len(section.places)
        if count > MOST_ENTRIES:
            yield say("in_the_json", mode=_mode(section, lines.dialect), count=count)
        yield _unread(of.shape, section, lines.dialect)
    if of.pool and any(sides != (0, 0) for section in of.sections for sides in section.padding):
        yield say("padding_never_largest" if of.pool == "max" else "padding_in_mean")


def _unread(shape: Shape, section: Section, dialect: Dialect) -> str:
    """What a stride leaves at the end."""
    rests = [own.unread(n) for n, own in zip(shape, section.windows, strict=True)]
    told = [dialect.say(key, count=rest) for rest, key in zip(rests, _PLACES[len(rests)], strict=True) if rest]
    places = dialect.say("both_between").join(told)
    return dialect.say("mode_unread", mode=_mode(section, dialect), places=places) if told else ""


_PLACES = {1: ("of_the_entries",), 2: ("of_the_rows", "of_the_columns")}
_SAME = {NUMPY: "same_numpy", CENTRED: "same_centred", "tensorflow": "same_tensorflow"}
