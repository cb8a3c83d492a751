"""A network as a table of worked formulas: lines in groups, panels by quantity, marks, totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from adtrace.errors import InputError
from adtrace.networks.folding import Fold, folded
from adtrace.networks.kinds import JOINT, QUIET, WINDOW
from adtrace.networks.network import Row, Swept, swept
from adtrace.networks.options import ALWAYS, NONE, PER_KERNEL, TIMES, LayerOptions
from adtrace.networks.prose import caption, conventions, number, shortened, unabridged, unread
from adtrace.networks.quantities import COUNTS, QUANTITIES, Quantity
from adtrace.settings import STACKED
from adtrace.tables import worked
from adtrace.tables.worked import (
    FILL,
    LEFT,
    RESULT,
    RIGHT,
    SIGN,
    WorkedColumn,
    WorkedLine,
    WorkedPanel,
    WorkedTable,
    celled,
    fitted,
    quiet,
)
from adtrace.writing.counts import Counted, dot, letters, sizes
from adtrace.writing.notation import Dialect

_POOLS = ("pool", "global_pool", "adaptive_pool")


@dataclass
class _Lines:
    """What the cells of a table are made with."""

    network: Swept
    options: LayerOptions
    dialect: Dialect
    marks: dict[str, str] = field(default_factory=dict)
    """Sentences about remainders, with the mark of each."""

    def cell(self, text: str) -> str:
        """A formula in a cell."""
        text = text.replace(dot(self.dialect), sizes(("", ""), self.dialect)) if self.options.product == TIMES else text
        return celled(self.dialect)(text)

    def word(self, key: str, **parts: object) -> str:
        """A phrase in a cell."""
        return worked.word(self.dialect.say(key, **parts), self.dialect)


def tables(
    network: Swept, options: LayerOptions, dialect: Dialect, given: str | None, label: str
) -> tuple[WorkedTable, ...]:
    """The tables of a network: one, or stacked two.  Raises `InputError` for a column that nobody can know."""
    network = _ruled(network, options)
    columns = _columns(network, options)
    _require(network, columns)
    lines = _Lines(network, options, dialect)
    text = caption(network, dialect) if given is None else given
    parts = [columns]
    if options.layout == STACKED:
        flows = [name for name in columns if not QUANTITIES[name].derived]
        costs = [name for name in columns if QUANTITIES[name].derived]
        parts = [part for part in (flows, costs) if part]
    stack = [_table(lines, part) for part in parts]
    notes = (*conventions(network, columns, _marks(lines), dialect), *unabridged(network, text, dialect))
    stack[0] = stack[0]._replace(caption=text, label=label)
    stack[-1] = stack[-1]._replace(notes=notes)
    return tuple(fitted(table, dialect) for table in stack)


def _ruled(network: Swept, options: LayerOptions) -> Swept:
    """The network swept for the formulas that are asked for."""
    rules = network.rules._replace(per_kernel=options.sum == PER_KERNEL)
    if options.dilation == ALWAYS:
        rules = rules._replace(dilated=True)
    if rules == network.rules:
        return network
    if network.of_list:
        return network
    again = swept([row.layer for row in network.rows], network.input.shape, channels_last=network.channels_last,
                  text=network.text, rules=rules, statements=network.statements)  # fmt: skip
    return replace(again, input_size=network.input_size)


def _columns(network: Swept, options: LayerOptions) -> list[str]:
    if options.columns is not None:
        return list(options.columns)
    columns = ["size", "params", COUNTS[options.counts]]
    return [*columns, "field"] if any(row.outcome.fields for row in network.rows) else columns


def _require(network: Swept, columns: Sequence[str]) -> None:
    """Raise for what nobody has said: the number of kernels."""
    for name in columns:
        if not QUANTITIES[name].summed:
            continue
        row = next((row for row in network.rows if getattr(row, name) is None), None)
        if row is not None:
            raise InputError(
                f"layer {row.layer.place or row.index}, {row.name}: how many kernels? write CONV5-8 or n=8, "
                'or ask for what does not depend on it: columns "size,field"'
            )


def _table(lines: _Lines, columns: Sequence[str]) -> WorkedTable:
    entries = _without_input(lines, columns)
    names = _names(lines, entries)
    parts = [_part(lines, QUANTITIES[name], entries) for name in columns]
    groups: list[list[WorkedLine]] = []
    for place, starts in enumerate(_starts(entries)):
        if starts:
            groups.append([])
        own = [part.cells[place] for part in parts]
        height = max(len(cells) for cells in own)
        for at in range(height):
            groups[-1].append(_line(names, place if at == 0 else None, parts, own, at))
    totals: tuple[WorkedLine, ...] = ()
    if any(part.total for part in parts):
        totals = (_line(names, None, parts, [[part.total] for part in parts], 0),)
    panels = [part.panel for part in parts]
    first = panels[0]
    panels[0] = first._replace(columns=(*names.columns, *first.columns), named=len(names.columns))
    return WorkedTable("", "", tuple(panels), tuple(map(tuple, groups)), totals, (), arrow=True)


def _without_input(lines: _Lines, columns: Sequence[str]) -> list[Entry]:
    """The rows, that of the input only where something stands in it or others read it."""
    needed = lines.network.branched or not all(QUANTITIES[name].derived for name in columns)
    return [entry for entry in _entries(lines) if needed or entry is not None]


def _line(
    names: Any, place: int | None, parts: Sequence[Any], own: Sequence[Sequence[tuple[str, ...]]], at: int
) -> WorkedLine:
    rows: list[tuple[str, ...]] = []
    for part, cells in zip(parts, own, strict=True):
        rows.append(cells[at] if at < len(cells) and cells[at] else ("",) * len(part.panel.columns))
    lead = names.cells[place] if place is not None else ("",) * len(names.columns)
    return ((*lead, *rows[0]), *rows[1:])


Entry = tuple[Row, ...] | Fold | None
"""What a line stands for: the input, a row with what is merged into it, or rows like others."""


def _entries(lines: _Lines) -> list[Entry]:
    """The lines of a table, the input first."""
    rows: Sequence[Row | Fold] = folded(lines.network.rows) if lines.options.fold else lines.network.rows
    entries: list[Entry] = [None]
    for row in rows:
        last = entries[-1]
        if (
            lines.options.merge and isinstance(row, Row) and isinstance(last, tuple) and not isinstance(last, Fold)
            and row.layer.kind.family == QUIET and row.operands == (last[-1].index,) and not row.params
        ):  # fmt: skip
            entries[-1] = (*last, row)
        else:
            entries.append(row if isinstance(row, Fold) else (row,))
    return entries


def _starts(entries: Sequence[Entry]) -> list[bool]:
    """Which lines begin a group: behind a pooling, where branches begin and meet."""
    starts = [True]
    for before, entry in pairwise(entries):
        if before is None or entry is None or isinstance(before, Fold) or isinstance(entry, Fold):
            starts.append(True)
            continue
        first, last = entry[0], before[-1]
        joint = before[0].layer.kind.family == JOINT or (
            last.layer.kind.family == QUIET and len(before) == 1 and starts[-1] is False and _joins(entries, last)
        )
        branch = first.operands != (last.index,)
        starts.append(last.kind in _POOLS or branch or (joint and first.layer.kind.family != QUIET))
    return starts


def _joins(entries: Sequence[Entry], row: Row) -> bool:
    """Whether a row reads where branches met."""
    read = {own.index: own for entry in entries if entry is not None and not isinstance(entry, Fold) for own in entry}
    return len(row.operands) == 1 and row.operands[0] in read and read[row.operands[0]].layer.kind.family == JOINT


@dataclass
class _Names:
    columns: tuple[WorkedColumn, ...]
    cells: list[tuple[str, ...]]


def _names(lines: _Lines, entries: Sequence[Entry]) -> _Names:
    """The columns with the layers: their numbers and what they read, where there are branches."""
    branched = lines.network.branched or any(isinstance(entry, Fold) for entry in entries)
    columns: tuple[WorkedColumn, ...] = (WorkedColumn(LEFT),)
    if branched:
        columns = (WorkedColumn(RIGHT), *columns, WorkedColumn(LEFT, lines.word("of_column")))
    cells: list[tuple[str, ...]] = []
    for entry in entries:
        if entry is None:
            own, place, of = lines.word("input_line"), "0", ""
        elif isinstance(entry, Fold):
            first, last = entry.rows[0].index, entry.rows[-1].index
            key = {1: "folded_once", 2: "folded_twice"}.get(entry.times, "folded")
            told = {"first": first, "last": last, "like": f"{entry.like[0]}-{entry.like[1]}", "times": entry.times}
            own = lines.word(key, **told)
            place, of = "", ""
        else:
            whole = lines.dialect.document == "csv"  # where no caption tells it
            texts = [row.name if whole else shortened(row.name) for row in entry]
            own = worked.name(", ".join(texts), lines.dialect)
            own = _marked_up(lines, own, entry[0], "name")
            place = str(entry[0].index)
            usual = entry[0].operands == (entry[0].index - 1,)
            of = "" if usual else ", ".join(map(str, entry[0].operands))
        cells.append((lines.cell(place), own, worked.word(of, lines.dialect)) if branched else (own,))
    return _Names(columns, cells)


@dataclass
class _Part:
    """A panel with its lines: for each entry one or several tuples of cells."""

    panel: WorkedPanel
    cells: list[list[tuple[str, ...]]]
    total: tuple[str, ...] = ()


def _part(lines: _Lines, quantity: Quantity, entries: Sequence[Entry]) -> _Part:
    general = _general(lines, quantity)
    if quantity.name == "size":
        return _size_part(lines, quantity, entries, general)
    worked_out = quantity.name != "jump" and any(quantity.workings(row) for row in lines.network.rows)
    if quantity.name == "params" and lines.options.sum == NONE:
        worked_out, general = False, ""
    sides: tuple[str, ...] = (RIGHT, SIGN, RIGHT) if worked_out else (RIGHT,)
    cells = [_cells(lines, quantity, entry, worked_out) for entry in entries]
    total = _total(lines, quantity, worked_out) if quantity.summed else ()
    if worked_out and not quantity.derived:  # its numbers are short, and its heading is long
        sides = (*sides, FILL)
        cells, total = [[(*line, "") for line in own] for own in cells], (*total, "") if total else ()
    panel = WorkedPanel(lines.dialect.say(quantity.heading), general, quantity.derived, tuple(map(WorkedColumn, sides)))
    return _Part(panel, cells, total)


def _total(lines: _Lines, quantity: Quantity, worked_out: bool) -> tuple[str, ...]:
    """The cells of the line below all layers."""
    text = lines.cell(lines.dialect.bold(number(getattr(lines.network.total, quantity.name), lines.dialect)))
    text = _marked_up(lines, text, None, quantity.name)
    return (lines.word("total"), "", text) if worked_out else (text,)


def _general(lines: _Lines, quantity: Quantity) -> str:
    """The formula in letters: the one that most rows have, of windows where there are some."""
    if lines.network.of_list and quantity.name not in ("size", "field"):
        return ""
    texts: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for row in lines.network.rows:
        windowed = row.layer.kind.family == WINDOW
        if quantity.name == "size":
            texts.update({size.formula.text for size in row.outcome.sizes if size.general})
        elif quantity.name != "activations":
            (texts if windowed else others).update({working.text for working in quantity.workings(row)})
    for counted in (texts, others):
        if counted:
            text = max(counted, key=lambda one: (counted[one], len(one)))
            return lines.cell(letters(text, lines.dialect))
    return ""


def _size_part(lines: _Lines, quantity: Quantity, entries: Sequence[Entry], general: str) -> _Part:
    heading = lines.dialect.say(quantity.heading)
    panel = WorkedPanel(heading, general, False, (WorkedColumn(RIGHT), WorkedColumn(RESULT)))
    cells: list[list[tuple[str, ...]]] = []
    for entry in entries:
        if entry is None:
            size, row = lines.network.input_size, None
            workings: list[Counted] = []
        else:
            row = entry.rows[-1] if isinstance(entry, Fold) else entry[0]
            size = row.size
            workings = [] if isinstance(entry, Fold) else _different(quantity.workings(row))
        text = sizes(size, lines.dialect) or "1"
        if entry is entries[-1]:
            text = lines.dialect.bold(text)
        if row is not None and not isinstance(entry, Fold):
            text += _mark(lines, row)
        shown = _marked_up(lines, lines.cell(f"= {text}"), row, "size", 0 if row is None else row.index)
        own: list[tuple[str, ...]] = [
            (_sourced(lines, working, row, "size"), shown if at == 0 else "") for at, working in enumerate(workings)
        ]
        cells.append(own or [("", shown)])
    return _Part(panel, cells)


def _different(workings: Sequence[Counted]) -> list[Counted]:
    """One of the axes where all are worked out alike."""
    alike = all(working.text == workings[0].text and working.values == workings[0].values for working in workings)
    return list(workings[:1]) if alike else list(workings)


def _mark(lines: _Lines, row: Row) -> str:
    """The mark of the note about a remainder."""
    sentence = unread(row.outcome.sizes, lines.dialect)
    if not sentence:
        return ""
    if sentence not in lines.marks:
        lines.marks[sentence] = _letter(len(lines.marks))
    letter = lines.marks[sentence]
    return {
        "latex": rf"\,{{}}^{{\mathrm{{{letter}}}}}",
        "markdown": rf"\enspace {{}}^{{\mathrm{{{letter}}} }}",
        "html": f'<mspace width="0.2em"></mspace><msup><mi></mi><mi mathvariant="normal">{letter}</mi></msup>',
        "typst": f' thin ""^(upright("{letter}"))',
    }.get(lines.dialect.name, f" [{letter}]")


def _letter(place: int) -> str:
    return chr(ord("a") + place) if place < 26 else f"{_letter(place // 26 - 1)}{_letter(place % 26)}"


def _marks(lines: _Lines) -> Mapping[str, str]:
    """The sentences with their marks, as notes begin."""
    forms: Mapping[str, Callable[[str], str]] = {
        "latex": lambda letter: rf"$^{{\mathrm{{{letter}}}}}$",
        "markdown": lambda letter: lines.dialect.math(rf"^{{\mathrm{{{letter}}} }}"),
        "html": lambda letter: f"<sup>{letter}</sup>",
        "typst": lambda letter: f"#super[{letter}]",
    }
    plain: Callable[[str], str] = "[{}]".format
    form = forms.get(lines.dialect.name, plain)
    return {sentence: form(letter) for sentence, letter in lines.marks.items()}


def _cells(lines: _Lines, quantity: Quantity, entry: Entry, worked_out: bool) -> list[tuple[str, ...]]:
    """The cells of one quantity in the line of an entry."""
    row: Row | None
    workings: list[Counted]
    if entry is None:
        row, value, workings = None, _of_input(lines.network, quantity.name), []
    elif isinstance(entry, Fold):
        row, workings = entry.rows[-1], []
        value = getattr(row, quantity.name)
        if quantity.summed:
            value = sum(getattr(own, quantity.name) for own in entry.rows)
    else:
        row, value = entry[0], getattr(entry[0], quantity.name)
        workings = _different(quantity.workings(entry[0]))
        if quantity.name == "field" and row.outcome.output.reach and row.jump is None:
            value, workings = "all_places", []
    text = _value(lines, value)
    cells: list[tuple[str, ...]] = []
    for at, working in enumerate(workings if worked_out else []):
        shown = text if len(workings) == 1 else _value(lines, _axis(value, at))
        shown = _marked_up(lines, shown, row, quantity.name)
        cells.append((_sourced(lines, working, row, quantity.name), lines.cell("="), shown))
    if cells:
        return cells
    own = _marked_up(lines, text, row, quantity.name)
    return [("", "", own) if worked_out else (own,)]


def _axis(value: Any, at: int) -> Any:
    return value[at] if isinstance(value, tuple) else value


def _of_input(network: Swept, name: str) -> Any:
    """What stands in the line of the input."""
    if name == "field":
        return 1 if network.input.reach else None
    if name == "jump":
        return 1 if network.input.reach else None
    if name == "activations":
        count = 1
        for length in network.input_size:
            count *= length
        return count
    return None


def _value(lines: _Lines, value: Any) -> str:
    """A number, or those of several axes, as a cell."""
    if value is None or value == ():
        return ""
    if isinstance(value, str):
        return lines.word(value)
    if isinstance(value, tuple):
        value = value[0] if len(set(value)) == 1 else value
    if isinstance(value, tuple):
        return lines.cell(sizes([number(length, lines.dialect) for length in value], lines.dialect))
    text = number(value, lines.dialect)
    return lines.cell(quiet(text, lines.dialect) if value == 0 else text)


# -- HTML: where a number comes from -----------------------------------------------------------------------------------


def _marked_up(lines: _Lines, cell: str, row: Row | None, name: str, place: int | None = None) -> str:
    """A number with its name, by which what comes from it finds it; a total with all that it adds."""
    if lines.dialect.kind != "html" or not cell:
        return cell
    index = place if place is not None else 0 if row is None else row.index
    if row is None and place is None and name in QUANTITIES and QUANTITIES[name].summed:
        of = " ".join(f"adt-{own.index}-{name}" for own in lines.network.rows if getattr(own, name))
        return f'<span data-of="{of}">{cell}</span>'
    return f'<span id="adt-{index}-{name}">{cell}</span>'


_SOURCES = {
    "size": ("size",), "params": ("size",), "multiplications": ("size",), "macs": ("size",), "flops": ("size",),
    "field": ("field", "jump"), "activations": (),
}  # fmt: skip


def _sourced(lines: _Lines, working: Counted, row: Row | None, name: str) -> str:
    """A formula with numbers put in, and on a page where they come from."""
    cell = lines.cell(working.numbers(lines.dialect))
    if lines.dialect.kind != "html" or row is None:
        return cell
    of = [f"adt-{operand}-{source}" for operand in row.operands for source in _SOURCES[name]]
    of += [] if name == "activations" else [f"adt-{row.index}-name"]
    if name in ("multiplications", "macs", "flops", "activations"):
        of.append(f"adt-{row.index}-size")
    say = lines.dialect.say
    reads = say("both_between").join(
        say("the_input") if operand == 0 else say("layer_number", number=operand) for operand in row.operands
    )
    return f'<span data-of="{" ".join(of)}" title="{say("with_numbers_of", layers=reads)}">{cell}</span>'
