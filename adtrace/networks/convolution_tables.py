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
from adtrace.tracing.symbols import Expressed, is_open, terms_of
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
        found: dict[tuple[int, ...], Place] = {}
        for section in of.sections:
            found.update({place.at: place for place in section.places})
        self.places = [found[at] for at in sorted(found)]
        self.members = [{place.at for place in section.places} for section in of.sections]
        self.single = of.sections[0] if len(of.sections) == 1 else None
        self.lowest = tuple(min(at[axis] for at in found) for axis in range(len(of.shape))) if found else ()

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
    what = "Products" if of.kernel else "Largest" if of.pool == "max" else "Mean"
    panels = [
        WorkedPanel("Window" if width else "Place", "", False,
                    (WorkedColumn(LEFT), *(WorkedColumn(side),) * width), min(width, 1)),
        WorkedPanel(what, cell(_general(lines)), False, (WorkedColumn(RIGHT), WorkedColumn(RESULT))),
    ]  # fmt: skip
    if sections:
        heads = tuple(WorkedColumn(CENTRE, word(section.mode, dialect)) for section in sections)
        panels.append(WorkedPanel("In the result", "", True, heads))
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
    made = dialect.brackets.matrix(rows)
    tall = f"#box(baseline: 50% - .25em, inset: (y: 3pt), math.equation(block: true, ${made}$))"
    return tall if dialect.name == "typst" else made


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
    say, math = dialect.prose, dialect.math
    x = _named(lines, "x", of.signal, of.shape)
    modes = _joined([section.mode for section in of.sections if section.mode != "padded"])
    if of.pool:
        size = "×".join(map(str, of.window))
        what = "Max" if of.pool == "max" else "Mean"
        return f"{say(f'{what}-pooling of')} {x} {say(f'with windows of {size}{_how(of)}.')}"
    w = _named(lines, "w", of.kernel, of.window)
    kind = "convolution" if of.flipped else "correlation"
    start = f"{modes} {kind}".strip()
    start = start[0].upper() + start[1:]
    if of.flipped and len(of.shape) == 1 and of.window[0] <= _WIDEST:
        over = f"{math(_array(lines, of.kernel[::-1]))} {say('moves over')} {math(dialect.name_of('x'))}"
        padded = any(sides != (0, 0) for section in of.sections for sides in section.padding)
        moves = f" {say('The flipped kernel')} {over}{say(' padded with zeros.' if padded else '.')}"
    elif of.flipped:
        moves = f" {say('The kernel is flipped along every axis.')}"
    else:
        moves = f" {say('The kernel is not flipped.')}"
    return f"{say(f'{start} of')} {x} {say('with')} {w}{say(_how(of))}.{moves}"


def _how(of: Convolved) -> str:
    """Stride, dilation and padding, where they are not plain."""
    told = []
    pooled = of.window if of.pool else None
    for name, numbers, usual in (("stride", of.stride, pooled), ("dilation", of.dilation, None)):
        if set(numbers) != {1} and numbers != usual:
            told.append(f"{name} {'×'.join(map(str, dict.fromkeys(numbers) if len(set(numbers)) == 1 else numbers))}")
    padded = of.by_mode.get("padded")
    if padded is not None:
        sides = [f"{b}" if b == a else f"{b}:{a}" for b, a in padded.padding]
        told.append(f"padding {'×'.join(dict.fromkeys(sides) if len(set(sides)) == 1 else sides)}")
    return f", {', '.join(told)}" if told else ""


def _joined(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}" if texts else ""


def _array(lines: Lines, entries: Sequence[Terms]) -> str:
    """A vector in running text."""
    return f"({', '.join(map(lines.entry, entries))})"


def _named(lines: Lines, name: str, entries: Sequence[Terms], shape: Shape) -> str:
    """``x = (1, 2, 3)``; of a matrix or a long vector its size, ``x (6×5)``."""
    letter, dialect = lines.dialect.name_of(name), lines.dialect
    if len(shape) == 1 and shape[0] <= _WIDEST:
        return dialect.math(f"{letter} = {_array(lines, entries)}")
    return f"{dialect.math(letter)} {dialect.prose('(')}{dialect.math(sizes(shape, dialect))}{dialect.prose(')')}"


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
            rows.append(((word(section.mode, dialect) if first else "", cell(padding)),
                         (cell(text), cell(f"= {size}")), (result,)))  # fmt: skip
    panels = (
        WorkedPanel("Mode", "", False, (WorkedColumn(LEFT), WorkedColumn(RIGHT, word("padding", dialect)))),
        WorkedPanel("Size", cell(letters(_SIZE, dialect)), False, (WorkedColumn(RIGHT), WorkedColumn(RESULT))),
        WorkedPanel("Result", "", True, (WorkedColumn(LEFT),)),
    )
    b, a = (dialect.math(dialect.name_of(letter)) for letter in "ba")
    say = dialect.prose
    caption = f"{say('The results;')} {b} {say('zeros stand before the signal and')} {a} {say('behind it.')}"
    caption = _caption(lines) if captioned else caption
    return WorkedTable(caption, "", panels, (tuple(rows),), (), listed_in_one(map(dialect.prose, _notes(lines))))


def _written(lines: Lines, section: Section) -> str:
    """A result in a cell."""
    if len(section.places) > MOST_ENTRIES:
        return lines.dialect.dots if lines.dialect.name != "text" else "…"
    texts = [shown(place.value, lines.dialect, lines.chosen.digits, lines.chosen.rounding) for place in section.places]
    if len(section.shape) == 1:
        return f"({', '.join(texts)})"
    return _matrix(nested(texts, section.shape), lines.dialect)


def _notes(lines: Lines) -> Iterator[str]:
    of = lines.of
    if any(section.mode == SAME for section in of.sections):
        odd = any(d * (k - 1) % 2 or k > n for n, k, d in zip(of.shape, of.window, of.dilation, strict=True))
        alike = "Same has as many zeros in front as behind: numpy's and TensorFlow's agree."
        yield _SAME[of.same] if odd or set(of.stride) != {1} else alike
    if lines.count > MOST_LINES:
        yield f"The {lines.count} places are not written out; up to {MOST_LINES} are."
    for section in of.sections:
        count = len(section.places)
        if count > MOST_ENTRIES:
            yield f"The result of mode {section.mode} has {count} entries, which are in the JSON document."
        yield _unread(of.shape, section)
    if of.pool and any(sides != (0, 0) for section in of.sections for sides in section.padding):
        yield "The padding is never the largest." if of.pool == "max" else "The zeros of the padding count in the mean."


def _unread(shape: Shape, section: Section) -> str:
    """What a stride leaves at the end."""
    rests = [own.unread(n) for n, own in zip(shape, section.windows, strict=True)]
    told = " and ".join(f"{rest} {name}" for rest, name in zip(rests, _PLACES[len(rests)], strict=True) if rest)
    return f"Mode {section.mode} does not read the last {told} of the padded signal." if told else ""


_PLACES = {1: ("of the entries",), 2: ("of the rows", "of the columns")}

_SAME = {
    NUMPY: "Same is numpy's: as long as the longer operand, of an odd number of zeros one more in front.",
    CENTRED: "Same is the middle of full, as long as the signal (scipy): of an odd number of zeros one more in front.",
    "tensorflow": "Same is TensorFlow's: as many places as entries over the stride, of an odd number of zeros one more "
    "behind.",
}
