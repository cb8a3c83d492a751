"""What each column of a table is, from its heading and from what stands in it, and so what each cell says of which row.

A table falls into panels, each begun by a column of names: ``v_3`` opens an evaluation trace, ``dv_3`` a tangent and
``bv_3`` an adjoint trace.  Within a panel a column is an operation, a rule or a number; a heading decides where the
cells leave it open.  A cell with several parts (``v_1 = x_1 = 2``) gives several entries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from adtrace.checking.freehand import PARTIAL, Reader, Reading, Variable, read_name, read_quotient, split
from adtrace.checking.grid import Grid
from adtrace.checking.markup import BAR, DOT, DOT2, Unread, plain

NAME, OPERATION, VALUE = "name", "operation", "value"
TANGENT_RULE, TANGENT = "tangent formula", "tangent"
ADJOINT_RULE, ADJOINT = "adjoint formula", "adjoint"
PARTIAL_RULE, LOCAL = "partial formula", "partial"
SECOND_RULE, SECOND = "second-order formula", "second order"
OTHER = ""

NUMBERS = {VALUE, TANGENT, ADJOINT, LOCAL, SECOND}
_RULE_OF = {"": OPERATION, DOT: TANGENT_RULE, BAR: ADJOINT_RULE, DOT2: SECOND_RULE}
_NUMBER_OF = {"": VALUE, DOT: TANGENT, BAR: ADJOINT, DOT2: SECOND}


class Cell(NamedTuple):
    """The place of a cell: its table, row and column, each from 0."""

    table: int
    row: int
    column: int


class Entry(NamedTuple):
    """One statement of a cell."""

    cell: Cell
    kind: str
    name: str
    """The variable whose row it is."""
    reading: Reading | None
    """None where it cannot be read; then ``problem`` says why."""
    problem: str
    text: str
    pass_: int = 0
    """Which tangent column, or which operand of a partial."""
    final: bool = True
    """Whether it is the cell's answer, not its working."""
    adds: bool = False
    """Whether the row is written with ``+=``."""
    worked: bool = False
    """Whether it is a number in a column of formulas."""


@dataclass
class Pass:
    """One tangent column, and the seed that its heading names."""

    heading: str
    table: int
    column: int
    of: str = ""
    """The variable by which it differentiates."""
    seed: tuple[str, ...] = ()
    """The seed as the heading writes it."""


@dataclass
class Layout:
    """Every entry of the tables of one piece of work."""

    grids: Sequence[Grid]
    entries: list[Entry] = field(default_factory=list)
    passes: list[Pass] = field(default_factory=list)
    names: dict[str, Cell] = field(default_factory=dict)
    """The rows in their order, each with the cell that first names it."""
    aliases: dict[str, str] = field(default_factory=dict)
    """``f`` for ``v_13`` where a row is headed ``v_13, f``."""
    kinds: list[list[str]] = field(default_factory=list)
    """For each table the kind of each column."""
    unread: list[tuple[int, str]] = field(default_factory=list)
    """The tables in which no column names rows, and what was expected."""
    reader: Reader = field(default_factory=Reader)


class _Named(NamedTuple):
    variable: Variable
    alias: str
    rest: str
    adds: bool
    quotient: tuple[str, str] | None = None
    """The variables of ``dy/dv_1``, where the name is a derivative."""


_NOTE = re.compile(r"\((?:seed|input|output|given|initiali[sz]ed)[^()]*\)", re.I)


def named(cell: str) -> _Named | None:
    """The variable that a name cell names, and what stands after it."""
    try:
        text = _NOTE.sub(" ", plain(cell)).strip()
    except Unread:
        return None
    if not text or text.startswith("="):
        return None
    text = re.sub(r":=", "=", text)
    parts = split(text)
    first, rest = parts[0].strip(), "=".join(parts[1:]).strip()
    adds = first.endswith("+")
    first = first.rstrip("+").strip()
    head, _, alias = first.partition(",")
    called = re.fullmatch(r"([A-Za-z]_?\{?\d*\}?)\s*\([^()]*\)", head.strip())
    variable = read_name(called.group(1) if called else head)
    if variable is None or re.search(r"\d\s*[.)]\s", head):
        return None
    other = read_name(alias) if alias else None
    if alias and other is None:
        return None
    return _Named(variable, other.name if other else "", rest, adds, read_quotient(head))


def _derivatives(readings: list[_Named | None]) -> list[_Named | None]:
    """Names such as ``dy/dv_1``: adjoints of what is below, unless the column is one of tangents, by one variable."""
    quotients = [r.quotient for r in readings if r is not None and r.quotient is not None]
    if not quotients:
        return readings
    marks = [r.variable.mark for r in readings if r is not None and r.quotient is None]
    tangents = marks.count(DOT) > marks.count(BAR) or (not marks and len({q[1] for q in quotients}) == 1)
    return [
        r
        if r is None or r.quotient is None
        else r._replace(variable=Variable(DOT, r.quotient[0]) if tangents else Variable(BAR, r.quotient[1]))
        for r in readings
    ]


def _name_columns(grid: Grid) -> dict[int, list[_Named | None]]:
    """The columns in which rows are named."""
    found: dict[int, list[_Named | None]] = {}
    for j in range(len(grid.heading)):
        cells = [row[j] for row in grid.rows]
        filled = [cell for cell in cells if cell.strip()]
        readings = _derivatives([named(cell) if cell.strip() else None for cell in cells])
        good = [reading for reading in readings if reading is not None]
        if not good or len(good) < 0.6 * len(filled):
            continue
        if not found:
            if len({r.variable for r in good}) >= 0.4 * len(good):
                found[j] = readings
            continue
        marked = sum(bool(r.variable.mark) for r in good) > len(good) / 2
        with_rest = sum(bool(r.rest) for r in good)
        distinct = len({r.variable.name for r in good})
        beside = j + 1 < len(grid.heading) and sum(row[j + 1].strip().lstrip("$").startswith("=") for row in grid.rows)
        first = found[min(found)]
        repeated = len(good) >= 3 and all(
            a is b or (a is not None and b is not None and bool(a.variable.mark) and a.variable.name == b.variable.name)
            for a, b in zip(readings, first, strict=True)
        )
        if with_rest >= 0.6 * len(good) or (
            len(good) >= 0.85 * len(filled) and distinct >= 0.4 * len(good) and marked and (beside or repeated)
        ):
            found[j] = readings
    return found


_INDEX_HEADING = re.compile(
    r"^\W*(step|index|line|no|nr|#|i|k|n|code|comment|note|explanation|reason|remark)\W*$", re.I
)


def read_layout(grids: Sequence[Grid], variables: Sequence[str] = ()) -> Layout:
    """The entries of these tables; ``variables`` are the names of the independent variables, where they are known."""
    grids = [_without_stacks(grid) for grid in grids]
    layout = Layout(grids)
    columns = [_without_index(grid, _name_columns(grid)) for grid in grids]
    known = set(variables)
    for table, found in enumerate(columns):
        for readings in found.values():
            for row, reading in enumerate(readings):
                if reading is None:
                    continue
                known.add(reading.variable.name)
                if reading.alias:
                    known.add(reading.alias)
                    layout.aliases[reading.alias] = reading.variable.name
                if reading.variable.mark == "":
                    layout.names.setdefault(reading.variable.name, Cell(table, row, next(iter(found))))
                    known |= _sources(reading.rest)
        if not found:
            layout.unread.append((table, "a column that names the rows, such as v_1, v_2, ... or x_1, x_2, ..."))
    known |= _operands_named(grids, columns)
    orders = any("^(1)" in c.replace("{", "").replace("}", "") for g in grids for row in g.rows for c in row)
    dotted = sum(bool(_TRAILING.search(cell)) for grid in grids for row in grid.rows for cell in row)
    layout.reader = Reader(
        known, orders=orders, trailing=dotted > 1, seeds=variables or _inputs(layout, columns), by=_by(columns)
    )
    for table, grid in enumerate(grids):
        layout.kinds.append(_Panels(layout, table, grid, columns[table]).read() if columns[table] else [])
    layout.entries = _answers(layout.entries)
    return layout


def _answers(entries: Sequence[Entry]) -> list[Entry]:
    """A number in a column of formulas is working where the row has a column for the number itself."""
    numeric = {(e.cell.table, e.cell.row, e.kind, e.name) for e in entries if e.kind in NUMBERS and e.final}
    counts: dict[tuple[int, int, str, str], set[int]] = {}
    for e in entries:
        key = (e.cell.table, e.cell.row, e.kind, e.name)
        if key in numeric and e.kind in NUMBERS and e.final:
            counts.setdefault(key, set()).add(e.cell.column)
    found: list[Entry] = []
    for e in entries:
        key = (e.cell.table, e.cell.row, e.kind, e.name)
        if e.worked and e.kind in (VALUE, ADJOINT, TANGENT) and len(counts.get(key, ())) > 1:
            e = e._replace(final=False)  # noqa: PLW2901
        if e.worked and e.kind == TANGENT and e.pass_ < 0:
            later = [o for o in entries if o.kind == TANGENT and o.pass_ >= 0 and o.cell[:2] == e.cell[:2]]
            e = e._replace(pass_=max(e.pass_, 0), final=e.final and not later)  # noqa: PLW2901
        found.append(e)
    return found


def as_adjoints(layout: Layout, pass_: int) -> None:
    """Take a column of derivatives for adjoints: a heading such as "grad" does not say which they are."""
    layout.entries = [
        e._replace(kind=ADJOINT, pass_=-1)
        if e.kind == TANGENT and e.pass_ == pass_
        else e._replace(pass_=e.pass_ - 1)
        if e.kind == TANGENT and e.pass_ > pass_
        else e
        for e in layout.entries
    ]
    column = layout.passes.pop(pass_)
    layout.kinds[column.table][column.column] = ADJOINT


_TRAILING = re.compile(r"[A-Za-z](?:_?\{?\d+\}?|<sub>\d+</sub>)\.\s*(?:[-+*/)]|$)")
_STACK = re.compile(r"\s*\$?\[\s*[A-Za-z]_?\{?-?\d*\}?\s*,")


def _without_stacks(grid: Grid) -> Grid:
    """The table without a last row that only puts outputs together: ``v_7 | [v_4, v_6] | [2, e^2]``."""
    if len(grid.rows) > 2 and any(_STACK.match(cell) for cell in grid.rows[-1]):
        return grid._replace(rows=grid.rows[:-1], lines=grid.lines[:-1])
    return grid


def _without_index(grid: Grid, found: dict[int, list[_Named | None]]) -> dict[int, list[_Named | None]]:
    """The name columns without those that only repeat names as code."""
    if len(found) > 1:
        first = next(iter(found))
        if re.match(r"\W*code\W*$", grid.heading[first], re.I):
            return {j: readings for j, readings in found.items() if j != first}
        later = next(readings for j, readings in found.items() if j != first)
        if _counts(found[first]) and _rows_named(found[first], later):
            return {j: readings for j, readings in found.items() if j != first}
    return found


def _counts(readings: list[_Named | None]) -> bool:
    """Whether the names are a count: a, b, c, ... or i, ii, iii, ..."""
    said = [r.variable.name if r is not None and not (r.variable.mark or r.rest) else "" for r in readings]
    return any(said == list(count[: len(said)]) for count in ("abcdefghijklmnopqrstuvwxyz", _ROMAN))


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def _rows_named(first: list[_Named | None], later: list[_Named | None]) -> bool:
    """Whether the later column names rows of its own and says what they are."""
    names = {r.variable.name for r in first if r is not None}
    own = [r for r in later if r is not None and not r.variable.mark and r.rest and r.variable.name not in names]
    return len(own) >= 0.8 * len(later)


def _sources(rest: str) -> set[str]:
    """The one name that an input row is equal to: the ``x`` of ``v0 = x``."""
    first = read_name(split(rest)[0]) if rest else None
    return {first.name} if first and not first.mark and len(first.name) <= 5 else set()


def _operands_named(grids: Sequence[Grid], columns: list[dict[int, list[_Named | None]]]) -> set[str]:
    """Names of variables that stand alone in the cell after a row's name: the ``x`` of ``x_1 | x | pi/2``."""
    found: set[str] = set()
    for grid, names in zip(grids, columns, strict=True):
        for j, readings in names.items():
            if j + 1 < len(grid.heading):
                for row, reading in zip(grid.rows, readings, strict=True):
                    if reading is not None and not reading.variable.mark and not reading.rest:
                        try:
                            alone = read_name(plain(row[j + 1]).strip().lstrip("=").strip())
                        except Unread:
                            continue
                        if alone and not alone.mark and re.fullmatch(r"[A-Za-z](_-?\d+)?|[a-z]{1,2}_\d+", alone.name):
                            found.add(alone.name)
    return found


def _inputs(layout: Layout, columns: list[dict[int, list[_Named | None]]]) -> tuple[str, ...]:
    """The names that input rows are equal to, for ``p_1`` and ``p_2``."""
    found = [
        name
        for names in columns
        for readings in names.values()
        for reading in readings
        if reading is not None and not reading.variable.mark
        for name in _sources(reading.rest)
        if name not in layout.names
    ]
    return tuple(dict.fromkeys(found))


def _by(columns: list[dict[int, list[_Named | None]]]) -> set[str]:
    """The variables by which tangents are written as quotients: the x of the rows ``dv_1/dx``, ``dv_2/dx``, ..."""
    return {
        reading.quotient[1]
        for names in columns
        for readings in names.values()
        for reading in readings
        if reading is not None and reading.quotient is not None and reading.variable.mark == DOT
    }


class _Content(NamedTuple):
    """What stands in the cells of a column: how many of them are what."""

    filled: int
    closed: int
    rows: int
    dotted: int
    barred: int
    lists: int


_NUMERIC = re.compile(
    r"value|current|numer|output|result|zero|first order|second order|evaluat|computed|number|amount", re.I
)
_TANGENT = re.compile(
    r"grad|∇|nabla|tangent|deriv|\bder\b|delta|Δ|partial|∂|w\.?r\.?t|\bdot|pass\b|d_?\{?p|p\s*=|first|\bd[a-z]_?\d?\b|\bd/d",
    re.I,
)
_ADJOINT_WORD = re.compile(
    r"adjoint|reverse|backward|\bbar\b|\\bar|"
    r"[d∂]\s*[yfzlje]\s*\)?/\(?\s*[d∂]\s*(?:node|var|row|this|self|[a-z]_?\{?[ijkn]\b)",
    re.I,
)
_FORWARD_WORD = re.compile(r"forward|tangent", re.I)
_SYMBOLIC = re.compile(r"elem|func|oper|\bop\b|symbol|formula|expression|\brule\b|comput|definition|trace", re.I)
_LOCAL = re.compile(r"^\W*(?:local\s+)?(?:partial|par|d|∂)\s*_?([1-3])\b|^\W*(?:∂|d)\s*([1-3])\s*(?:value)?\W*$", re.I)
_OPERATIONS = re.compile(r"elem|oper|\bop\b|func|formula|expression|symbol", re.I)
_PRIMAL = re.compile(r"current|primal|function|numer|\bvalue of\b|zero", re.I)
_SECOND_WORD = re.compile(r"second", re.I)


class _Panels:
    """The columns of one table, from left to right."""

    def __init__(self, layout: Layout, table: int, grid: Grid, names: dict[int, list[_Named | None]]) -> None:
        self.layout, self.table, self.names = layout, table, names
        self.grid = grid._replace(heading=tuple(_plain_heading(heading) for heading in grid.heading))
        self.kinds = [OTHER] * len(grid.heading)
        self.passes: dict[int, int] = {}
        self.slots: dict[int, int] = {}
        self.only: str | None = None
        """The mark to whose rows the reading is confined, where rows of several kinds alternate."""

    def read(self) -> list[str]:
        """The kind of each column."""
        first = self.names[min(self.names)]
        marks = [reading.variable.mark for reading in first if reading is not None]
        mixed = [mark for mark in dict.fromkeys(marks) if 4 * marks.count(mark) >= len(marks) and marks.count(mark) > 1]
        if len(mixed) < 2 or len(self.names) > 1:
            return self.panels()
        whole = dict(self.names)
        for mark in mixed:
            self.only = mark
            self.kinds = [OTHER] * len(self.grid.heading)
            self.passes, self.slots = {}, {}
            self.names = {
                j: [r if r is not None and r.variable.mark == mark else None for r in readings]
                for j, readings in whole.items()
            }
            self.panels()
        return self.kinds

    def panels(self) -> list[str]:
        """The kind of each column, from the left."""
        first = min(self.names)
        current: list[_Named | None] = self.names[first]
        unmarked: list[_Named | None] | None = None
        mark = ""
        context = ""
        for j in range(len(self.grid.heading)):
            if j in self.names:
                readings = self.names[j]
                mine = _majority(readings)
                if mine == "" and unmarked is None and mark in (DOT, BAR):
                    self.reference(j, readings)
                    unmarked = readings
                    continue
                if mine == "" and unmarked is not None and j != first:
                    self.reference(j, readings)
                    continue
                if mine == "":
                    unmarked = readings
                current, mark, context = self.aligned(readings, unmarked, mine), mine, mine
                self.kinds[j] = NAME
                self.named(j, current, readings)
                continue
            if j < first and not (_NUMERIC.search(self.grid.heading[j]) or "zero" in self.grid.heading[j].lower()):
                continue
            owner = self.names[first] if j < first else current
            kind = self.kind(j, mark if j > first else "", context)
            self.kinds[j] = kind
            if kind in (TANGENT_RULE, ADJOINT_RULE, SECOND_RULE):
                context = {TANGENT_RULE: DOT, ADJOINT_RULE: BAR, SECOND_RULE: DOT2}[kind]
            self.cells(j, kind, owner)
        return self.kinds

    def aligned(
        self, readings: list[_Named | None], unmarked: list[_Named | None] | None, mark: str
    ) -> list[_Named | None]:
        """A derivative panel beside its own rows takes their names, so that a misprinted one is seen as such."""
        if not mark or unmarked is None or unmarked is readings:
            return readings
        pairs = [(a, b) for a, b in zip(readings, unmarked, strict=True) if a is not None and b is not None]
        same = sum(_alike(a, b) for a, b in pairs)
        if len(pairs) < 3 or same < 0.6 * len(pairs) or same == len(pairs):
            return readings
        fixed: list[_Named | None] = []
        for mine, beside in zip(readings, unmarked, strict=True):
            if mine is not None and beside is not None and not _alike(mine, beside):
                mine = mine._replace(variable=Variable(mine.variable.mark, beside.variable.name))  # noqa: PLW2901
            fixed.append(mine)
        return fixed

    def named(self, j: int, current: list[_Named | None], readings: list[_Named | None]) -> None:
        """The entries of a name column: what stands after the names."""
        for row, (reading, written) in enumerate(zip(current, readings, strict=True)):
            if reading is None or written is None:
                continue
            cell = Cell(self.table, row, j)
            if written.variable != reading.variable:
                text = written.variable.mark.replace(DOT, "d").replace(BAR, "b") + written.variable.name
                self.layout.entries.append(Entry(cell, NAME, reading.variable.name, None, "label", text, 0, False))
            if reading.rest:
                self.parts(cell, _RULE_OF[reading.variable.mark], reading, reading.rest)

    def reference(self, j: int, readings: list[_Named | None]) -> None:
        """A second column of definitions, ``v_7 = v_6 - v_5``: operations of the rows that it names."""
        self.kinds[j] = OTHER
        seen: set[str] = set()
        for row, reading in enumerate(readings):
            if reading is not None and reading.rest and reading.variable.name not in seen:
                seen.add(reading.variable.name)
                if any(e.kind == OPERATION and e.name == reading.variable.name for e in self.layout.entries):
                    continue
                self.layout.names.setdefault(reading.variable.name, Cell(self.table, row, j))
                self.parts(Cell(self.table, row, j), OPERATION, reading, reading.rest)

    def content(self, j: int) -> _Content:
        counts = {"filled": 0, "closed": 0, "rows": 0, "dotted": 0, "barred": 0, "lists": 0}
        first = self.names[min(self.names)]
        for row, reading in zip(self.grid.rows, first, strict=True):
            text = row[j].strip()
            if self.only is not None and reading is None:
                continue
            if not text or text in ("-", "--", "—", "–", "$-$"):
                continue
            counts["filled"] += 1
            parts = self.readings(text)
            if _is_list(text):
                counts["lists"] += 1
            names = {name for part, _, _ in parts if part is not None for name in part.names}
            read = [part for part, _, _ in parts if part is not None]
            counts["closed"] += bool(read) and not names
            counts["rows"] += any(name[0] not in ".~" and PARTIAL not in name for name in names)
            counts["dotted"] += any(name.startswith(DOT) for name in names)
            counts["barred"] += any(name.startswith(BAR) or PARTIAL in name for name in names)
            if (
                not read
                and not _NUMERIC.search(self.grid.heading[j])
                and re.search(r"(?<![A-Za-z])(d|D|∂|D_p)\s*[a-z]_?\{?-?\d|'|\\dot|̇", text)
            ):
                counts["dotted"] += 1
        return _Content(**counts)

    def kind(self, j: int, mark: str, context: str) -> str:
        """What a column is."""
        heading = self.grid.heading[j]
        content = self.content(j)
        have = set(self.kinds[:j])
        beside = _INDEX_HEADING.match(heading)
        if not content.filled or (beside and not (mark == "" and self.stands_for_operation(j, content, have))):
            return OTHER
        local = _LOCAL.match(heading)
        if local:
            self.slots[j] = int(local.group(1) or local.group(2)) - 1
            return LOCAL if content.closed >= 0.5 * content.filled else PARTIAL_RULE
        if content.lists >= 0.5 * content.filled and (mark == DOT or VALUE in have or OPERATION in have):
            return self.tangent(j, heading)
        unmarked = mark == "" and content.dotted + content.barred == 0 and content.rows > 0
        if unmarked and (self.is_operation(heading, have) or self.stands_for_operation(j, content, have)):
            return OPERATION
        if max(content.dotted, content.barred) >= 0.25 * content.filled:
            if mark == DOT2:
                return SECOND_RULE
            tangent = _TANGENT.search(heading) and not _ADJOINT_WORD.search(heading) and mark != BAR
            return ADJOINT_RULE if content.barred > content.dotted and not tangent else TANGENT_RULE
        if mark and content.rows and not content.closed > content.rows and not _NUMERIC.search(heading):
            return _RULE_OF[mark]
        if content.rows and _SYMBOLIC.search(heading) and not _NUMERIC.search(heading):
            return TANGENT_RULE if _TANGENT.search(heading) else OTHER
        if content.rows > content.closed and not (_NUMERIC.search(heading) or _TANGENT.search(heading)):
            return OTHER
        if not content.closed and not content.rows:
            return OTHER
        return self.number(j, heading, mark, context, have)

    def stands_for_operation(self, j: int, content: _Content, have: set[str]) -> bool:
        """Whether a column of formulas of rows is headed as a value, and no other holds the operations."""
        if OPERATION in have or self.told() or any(_OPERATIONS.search(h) for h in self.grid.heading[j + 1 :]):
            return False
        return content.rows >= 0.3 * content.filled and self.names_rows(j)

    def names_rows(self, j: int) -> bool:
        """Whether formulas of a column name rows that are no variables of the function."""
        rows = {r.variable.name for r in self.names[min(self.names)] if r is not None}
        named_rows = 0
        for row, reading in zip(self.grid.rows, self.names[min(self.names)], strict=True):
            for part, _, _ in self.readings(row[j]):
                others = set(part.names) & rows if part is not None and reading is not None else set()
                named_rows += bool(reading is not None and others - {reading.variable.name})
        return named_rows >= 2

    def told(self) -> bool:
        """Whether the name column tells the operations of most rows."""
        count = sum(e.kind == OPERATION and e.cell.table == self.table for e in self.layout.entries)
        return count > 0.6 * len(self.grid.rows)

    def is_operation(self, heading: str, have: set[str]) -> bool:
        if OPERATION in have or self.told():
            return False
        worded = bool(_NUMERIC.search(heading) or _TANGENT.search(heading) or _ADJOINT_WORD.search(heading))
        return bool(_SYMBOLIC.search(heading)) or not worded

    def number(self, j: int, heading: str, mark: str, context: str, have: set[str]) -> str:
        """Which number a column of numbers holds."""
        if mark == DOT2 or _SECOND_WORD.search(heading):
            return SECOND
        if mark == BAR or (_ADJOINT_WORD.search(heading) and mark == ""):
            return ADJOINT
        title = self.grid.before.strip().rpartition("\n")[2]
        if _TANGENT.search(heading) and _ADJOINT_WORD.search(title) and not _FORWARD_WORD.search(title):
            return ADJOINT
        if mark == DOT:
            return self.tangent(j, heading)
        if VALUE not in have and _PRIMAL.search(heading) and not _TANGENT.search(heading):
            return VALUE
        if _TANGENT.search(heading):
            return self.tangent(j, heading)
        if VALUE not in have and (context in ("", mark)):
            return VALUE
        if context == BAR:
            return ADJOINT
        if context == DOT or VALUE in have:
            return self.tangent(j, heading)
        return VALUE

    def tangent(self, j: int, heading: str) -> str:
        self.passes[j] = len(self.layout.passes)
        text = _plain_heading(heading)
        made = Pass(heading, self.table, j)
        seed = re.search(r"[\[(]\s*(-?[\d./]+(?:\s*[,;\s]\s*-?[\d./]+)+)\s*,?\s*[\])]", text)
        if seed:
            made.seed = tuple(piece for piece in re.split(r"[,;\s]+", seed.group(1)) if piece)
        else:
            made.of = self.seed_variable(text)
        self.layout.passes.append(made)
        return TANGENT

    def seed_variable(self, heading: str) -> str:
        """The variable by which a heading says that its column differentiates."""
        known = self.layout.reader.known
        words = re.findall(
            r"(?:grad|nabla|∇|∂|partial|delta|wrt|w\.r\.t\.?|respect to|by|on|for|d)[\s_{(/]*"
            r"(?:∂|d)?\s*([A-Za-z]_?\{?-?\d*\}?)(?![A-Za-z])",
            heading,
        )
        for word in reversed(words):
            variable = read_name(word.strip())
            if variable and variable.name in known and not variable.mark:
                return variable.name
        return ""

    def readings(self, text: str) -> list[tuple[Reading | None, str, str]]:
        """The parts of a cell, each read; an unread one with its problem."""
        found: list[tuple[Reading | None, str, str]] = []
        try:
            whole = _NOTE.sub(" ", plain(text)).strip().lstrip("=").strip()
        except Unread as problem:
            return [(None, str(problem), text)]
        if _is_list(whole):
            inside = whole.strip().rstrip("T^ ").strip()[1:-1]
            parts = _list_items(inside)
        else:
            parts = [part for part in split(whole) if part.strip()]
        for part in parts:
            try:
                found.append((self.layout.reader.read(part), "", part.strip()))
            except Unread as problem:
                found.append((None, str(problem), part.strip()))
        return found

    def cells(self, j: int, kind: str, owner: list[_Named | None]) -> None:
        """The entries of a column."""
        if kind == OTHER:
            return
        for row, reading in enumerate(owner):
            text = self.grid.rows[row][j].strip()
            if reading is not None and text and text not in ("-", "--", "—", "–", "$-$"):
                self.parts(Cell(self.table, row, j), kind, reading, text)

    def parts(self, cell: Cell, kind: str, owner: _Named, text: str) -> None:
        """The entries of one cell."""
        name, readings = owner.variable.name, self.readings(text)
        number = {OPERATION: VALUE, TANGENT_RULE: TANGENT, ADJOINT_RULE: ADJOINT, SECOND_RULE: SECOND,
                  PARTIAL_RULE: LOCAL}.get(kind, kind)  # fmt: skip
        rule = {VALUE: OPERATION, TANGENT: TANGENT_RULE, ADJOINT: ADJOINT_RULE, SECOND: SECOND_RULE,
                LOCAL: PARTIAL_RULE}.get(kind, kind)  # fmt: skip
        add = self.layout.entries.append
        column = cell.column
        if kind == TANGENT and _is_list(text):
            for place, (part, problem, written) in enumerate(readings):
                while self.passes[column] + place >= len(self.layout.passes):
                    self.layout.passes.append(Pass(f"component {place + 1}", self.table, column))
                add(Entry(cell, TANGENT, name, part, problem, written, self.passes[column] + place))
            return
        here = self.passes.get(column, self.slots.get(column, -1))
        closed = [i for i, (part, _, _) in enumerate(readings) if part is not None and part.closed]
        for i, (part, problem, written) in enumerate(readings):
            if part is not None and part.closed and not (kind in _RULES and i == 0 and len(readings) == 1):
                final = i == closed[-1] and i == len(readings) - 1
                add(Entry(cell, number, name, part, problem, written, here, final, owner.adds, kind in _RULES))
            else:
                symbolic = rule if kind in NUMBERS and len(readings) > 1 and i < len(readings) - 1 else kind
                add(Entry(cell, symbolic, name, part, problem, written, here, True, owner.adds))


_RULES = {OPERATION, TANGENT_RULE, ADJOINT_RULE, SECOND_RULE, PARTIAL_RULE}


def _alike(derived: _Named, beside: _Named) -> bool:
    """Whether a tangent or an adjoint is of the row beside it, or of the variable that the row stands for."""
    return derived.variable.name == beside.variable.name or derived.variable.name in _sources(beside.rest)


def _plain_heading(heading: str) -> str:
    try:
        return plain(heading)
    except Unread:
        return heading


def _majority(readings: list[_Named | None]) -> str:
    marks = [reading.variable.mark for reading in readings if reading is not None]
    return max(set(marks), key=marks.count)


def _is_list(text: str) -> bool:
    text = text.strip().strip("$").strip().rstrip("T^ ").strip()
    if text.startswith("(") and text.endswith(")"):
        depths = list(accumulate((c == "(") - (c == ")") for c in text))
        return 0 not in depths[:-1] and any(c == "," and d == 1 for c, d in zip(text, depths, strict=True))
    if not (text.startswith("[") and text.endswith("]")):
        return False
    return "," in text and text.find("]") == len(text) - 1


def _list_items(text: str) -> list[str]:
    items: list[str] = []
    depth, start = 0, 0
    for place, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth == 0:
            items.append(text[start:place])
            start = place + 1
    return [*items, text[start:]]
