"""The call ``check(document, at=..., function=...)``: a document in, a `Report` out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from adtrace.checking import causes
from adtrace.checking.backward_only import reconstructed
from adtrace.checking.backwards import Backwards
from adtrace.checking.byvalue import renamed
from adtrace.checking.causes import Cause, explained, operand_values, single
from adtrace.checking.findings import Finding, Judged, printed_seed
from adtrace.checking.freehand import canonical
from adtrace.checking.grid import Grid, decoded
from adtrace.checking.grids import KINDS, grids
from adtrace.checking.layout import (
    NAME,
    NUMBERS,
    OPERATION,
    TANGENT,
    VALUE,
    Cell,
    Entry,
    Layout,
    as_adjoints,
    named,
    read_layout,
)
from adtrace.checking.listing import Listing, input_values, listing_of
from adtrace.checking.local import BITS, NoValue, names_of, value_of
from adtrace.checking.marks import Rubric, marks
from adtrace.checking.markup import Unread, plain
from adtrace.checking.printed import EXACT, LAST_DIGIT, TRUNCATED, agreement, shown_as
from adtrace.checking.problem import Problem, problem_of
from adtrace.checking.repair import Repairer, invented
from adtrace.checking.report import FOLLOWS, MISSING, RIGHT, ROOT, UNCHECKED, UNREADABLE, CellReport, Mistake, Report
from adtrace.checking.verdicts import Judge
from adtrace.checking.words import formula_text, name_text
from adtrace.errors import BindingError, InputError, OptionError, printable
from adtrace.numbers import Scalar
from adtrace.numbers.exact import exact_integer, precision
from adtrace.point import constant
from adtrace.syntax import Number

_WORST = {ROOT: 5, UNREADABLE: 4, MISSING: 4, FOLLOWS: 3, RIGHT: 2, UNCHECKED: 1}


def check(
    document: str | Path,
    at: Mapping[str, Any] | None = None,
    *,
    function: str | Sequence[str] | None = None,
    kind: str | None = None,
    table: int | None = None,
    seed: str | Mapping[str, Any] | None = None,
    weights: Mapping[str, Any] | None = None,
    rubric: Rubric | None = None,
    name: str = "",
) -> Report:
    """Check the trace tables of a document, given as its text or as the `Path` of a file.

    ``at`` is the point and ``function`` what the tables should compute (one expression, or one for each output); what
    is not given is taken from the text round the tables, and else from their input rows.  ``kind`` is markdown,
    latex, csv, json, html or text (from a file's ending, else guessed); ``table`` checks only the table of that number;
    ``seed`` is the tangent of the inputs where no column says; ``weights`` are the adjoints of the outputs by name; a
    ``rubric`` gives marks.  What adtrace writes can be read, and what people write by hand; see `freehand`.

    Raises `InputError` (`ParseError`, `BindingError`, `BoundError`, `OptionError`) where nothing can be checked.
    """
    if isinstance(document, Path):
        name = name or document.name
        kind = kind or KINDS.get(document.suffix.lower())
        document = read_file(document)
    if not isinstance(document, str):
        raise OptionError(f"a document is its text or a Path, not {type(document).__name__}")
    found = tables_of(document, kind)
    if table is not None:
        if not 1 <= table <= len(found):
            raise OptionError(f"--table is 1 to {len(found)}, the tables of the document; not {table}")
        chosen = [table - 1]
    else:
        chosen = list(range(len(found)))
    functions = [function] if isinstance(function, str) else list(function or ())
    asked = _Asked(functions, at, _scalars(seed), _scalars(weights))
    report = Report(name, found)
    answers = works(found, chosen)
    for place, work in enumerate(answers):
        mine = asked
        if len(answers) > 1 and len(functions) == len(answers):  # a table for each output
            mine = asked._replace(functions=functions[place : place + 1])
        _check_work(report, [found[table_] for table_ in work], work, mine)
    if rubric is not None:
        report.marks = marks(((c.kind in NUMBERS, c.verdict) for c in report.cells), rubric)
    return report


def read_file(path: Path) -> str:
    """The text of a file.  Raises `InputError`."""
    try:
        with path.open("rb") as stream:
            data = stream.read(2_000_001)
    except OSError as problem:
        raise InputError(f"{str(path)!r} cannot be read: {problem.strerror}") from None
    return decoded(data, path.name)


def tables_of(text: str, kind: str | None) -> list[Grid]:
    """The tables of a document.  Raises `InputError` where there is none."""
    read = grids(text, kind)
    found = [grid for grid in read if grid.rows]
    if read and not found:
        raise InputError("the table has a heading and no rows: expected a row for each variable, v_1 = ... and so on")
    if not found:
        raise InputError(
            "there is no trace table in the document: expected rows of cells between bars |, a LaTeX tabular, "
            "an HTML table, CSV, or equations v_1 = ..., one a line"
        )
    return found


def works(found: Sequence[Grid], chosen: Sequence[int]) -> list[list[int]]:
    """The tables in groups that tell of one function: a table that defines the same rows otherwise begins another."""
    groups: list[list[int]] = []
    known: dict[str, str] = {}
    for place in chosen:
        mine = _definitions(found[place])
        shared = [name for name in mine if name in known]
        other = [name for name in shared if mine[name] != known[name]]
        if not groups or (other and 2 * len(other) > len(shared)):
            groups.append([])
            known = {}
        groups[-1].append(place)
        known |= mine
    return groups


def _definitions(grid: Grid) -> dict[str, str]:
    """What a table says of each row without a mark, as text without spaces."""
    found: dict[str, str] = {}
    for row in grid.rows:
        first = named(row[0])
        if first is None or first.variable.mark:
            continue
        said = first.rest or (row[1] if len(row) > 1 else "")
        try:
            text = re.sub(r"[\s=]", "", plain(said))
        except Unread:
            continue
        if re.search(r"[A-Za-z]", text) and re.search(r"[-+*/^(]|[a-z]_?\d[a-z]|\\", text):  # an operation, no input
            found[first.variable.name] = text.split("=")[0]
    return found


class _Asked(NamedTuple):
    """What the caller gives, for every work of a document."""

    functions: Sequence[str]
    at: Mapping[str, Any] | None
    seed: Mapping[str, Scalar] | None
    weights: Mapping[str, Scalar] | None


def _check_work(
    report: Report,
    tables: Sequence[Grid],
    places: Sequence[int],
    asked: _Asked,
) -> None:
    problem = problem_of(asked.functions, asked.at, tables)
    judge, result = judged(tables, problem, asked.seed, asked.weights)
    for place, expected in result.layout.unread:
        report.problems.append(_unread(tables[place], places[place], expected))
    report.problems += problem.remarks
    _Writer(report, judge, result, places).write()


def _unread(grid: Grid, place: int, expected: str) -> str:
    line = grid.lines[0] if grid.lines else 1
    first = printable(" | ".join(grid.rows[0]) if grid.rows else "")[:80]
    return f"table {place + 1}, line {line}: this is not read as a trace; expected {expected}; found {first!r}"


def _scalars(given: str | Mapping[str, Any] | None) -> dict[str, Scalar] | None:
    if given is None:
        return None
    if isinstance(given, str):
        given = {given: 1}
    found: dict[str, Scalar] = {}
    with precision(BITS):
        for key, number in given.items():
            try:
                found[canonical(key)] = value_of(constant(number, f"the number of {key}"), {})
            except NoValue:
                raise BindingError(f"the number of {key} is no real number") from None
    return found


def judged(
    found: Sequence[Grid],
    problem: Problem,
    seed: Mapping[str, Scalar] | None = None,
    weights: Mapping[str, Scalar] | None = None,
) -> tuple[Judge, Judged]:
    """The findings on the tables of one piece of work."""
    layout = read_layout(renamed(found), problem.variables)
    listing = listing_of(layout, problem.variables, problem.point)
    point = dict(input_values(layout, listing)) | dict(problem.point)
    if not layout.names or len(listing.unresolved) > len(listing.lines):
        known = all(n in point for n in problem.variables)
        made = reconstructed(layout, listing, problem)
        made = made or (invented(layout, listing, problem, point) if known else None)
        if made is not None:
            listing = made
    computes: bool | None = None
    if not listing.invented:
        repairer = Repairer(layout, listing, problem, point)
        repairer.repair()
        computes = repairer.consistent(listing)
    _backward_columns(layout, listing)
    judge = Judge(layout, listing, problem, seed, weights)
    with precision(BITS):
        judge.forwards()
        Backwards(judge).run()
    places = {id(entry): place for place, entry in enumerate(layout.entries)}
    judge.findings.sort(key=lambda f: (f.entry.cell, places.get(id(f.entry), 0)))
    return judge, Judged(layout, listing, problem, judge.findings, computes)


def _backward_columns(layout: Layout, listing: Listing) -> None:
    """Take for adjoints the one column of derivatives in which the result is 1 and the inputs are no seed."""
    for place in range(len(layout.passes) - 1, -1, -1):
        column = layout.passes[place]
        if column.of or column.seed:
            continue
        seed = printed_seed(layout, listing, place)
        unit = all(exact_integer(number) in (0, 1) for number in seed.values())
        last = [e for e in layout.entries if e.kind == TANGENT and e.pass_ == place and e.name in listing.outputs]
        ends = (
            bool(last) and last[0].reading is not None and last[0].text.strip("= $") in ("1", "1.0", "1.00", "1.0000")
        )
        if seed and not unit and ends:
            as_adjoints(layout, place)


class _Writer:
    """The findings of one piece of work into the cells, mistakes and remarks of the report."""

    def __init__(self, report: Report, judge: Judge, result: Judged, places: Sequence[int]) -> None:
        self.report, self.judge, self.result, self.places = report, judge, result, places

    def write(self) -> None:
        by_cell: dict[Cell, list[Finding]] = {}
        for finding in self.result.findings:
            by_cell.setdefault(finding.entry.cell, []).append(finding)
        said: set[str] = set()
        with precision(BITS):
            for cell in sorted(by_cell):
                self.cell(cell, by_cell[cell], said)
            self.whole()

    def cell(self, cell: Cell, findings: Sequence[Finding], said: set[str]) -> None:
        worst = max(findings, key=lambda f: (_WORST[f.verdict], f.entry.kind in NUMBERS))
        grid = self.result.layout.grids[cell.table]
        cause = self.cause(worst) if worst.verdict == ROOT else Cause("", "")
        line = grid.lines[cell.row]
        place = Cell(self.places[cell.table], cell.row, cell.column)
        expected = self.expected(worst)
        origin = self.origin(worst.from_) if worst.verdict == FOLLOWS else ""
        row = self.row_text(worst.entry)
        made = CellReport(
            place, line, self.report.grids[place.table].rows[cell.row][cell.column], row, worst.entry.kind,
            worst.verdict, worst.how, expected, cause.word, origin,
        )  # fmt: skip
        self.report.cells.append(made)
        if worst.verdict == ROOT:
            sentence = self.sentence(worst, cause, expected)
            key = f"{place.table} {cause.sentence}" if cause.word in (causes.ROWS, causes.SEEDS, causes.COLUMNS) else ""
            if not key or key not in said:
                said.add(key)
                self.report.mistakes.append(
                    Mistake(place.table, row, worst.entry.kind, cause.word, sentence, line, place)
                )
        elif worst.verdict == UNREADABLE:
            text = printable(worst.entry.text)[:80]
            self.report.problems.append(
                f"table {place.table + 1}, line {line}, {row}, {worst.entry.kind}: {text!r} cannot be read as a "
                f"number: {worst.entry.problem or 'expected a number'}"
            )
        for finding in findings:
            self.remark(finding, place, line, row)

    def row_text(self, entry: Entry) -> str:
        return name_text(entry.name)

    def expected(self, finding: Finding) -> str:
        if finding.terms:
            return formula_text(finding.terms)  # type: ignore[arg-type]
        if finding.symbolic or finding.expected is None or finding.entry.kind not in NUMBERS:
            return ""
        return shown_as(finding.expected, finding.shown)

    def origin(self, cell: Cell | None) -> str:
        if cell is None:
            return ""
        grid = self.result.layout.grids[cell.table]
        return f"table {self.places[cell.table] + 1}, line {grid.lines[cell.row]}, column {cell.column + 1}"

    def cause(self, finding: Finding) -> Cause:
        if not finding.symbolic:
            return explained(self.judge, finding)
        if finding.note == "label":
            return Cause(
                causes.LABEL, f"the row is named {finding.entry.text} and stands beside {name_text(finding.entry.name)}"
            )
        if finding.note == "masked":
            return Cause(causes.MASKED, "the formula is wrong, and only at this point the number comes out right")
        if finding.note == "operation":
            line = self.judge.listing.lines.get(self.judge.listing.target(finding.entry.name))
            because = f"{line.problem}; " if line is not None and line.problem else ""
            return Cause(causes.OPERATION_WRONG, f"{because}the operation should be {formula_text(finding.terms)}")  # type: ignore[arg-type]
        if finding.note == "brackets":
            return Cause(causes.BRACKETS, "brackets are missing: the product after the / is meant to divide")
        if finding.note == "missing path":
            return Cause(causes.MISSING_PATH, "a row that uses the variable gives nothing to its adjoint")
        return causes.formula_cause(self.judge, finding)

    def sentence(self, finding: Finding, cause: Cause, expected: str) -> str:
        text = printable(finding.entry.text.strip().lstrip("=").strip())[:120]
        if finding.symbolic:
            return f"{text} is not the {_FORMULA_WORDS.get(finding.entry.kind, 'formula')} of the row" + (
                f": {cause.sentence}" if cause.sentence else ""
            )
        why = f" ({cause.sentence})" if cause.sentence else ""
        return f"{text} should be {expected}{why}"

    # ------------------------------------------------------------------------------------------------------- remarks

    def remark(self, finding: Finding, place: Cell, line: int, row: str) -> None:
        """What is to be said of a number that is right, or of one that was put in."""
        if finding.shown is None or finding.entry.kind not in NUMBERS:
            return
        found: Cause | None = None
        if finding.shown.reading.literal is None:
            found = self.truncated_inside(finding)
        elif finding.verdict == RIGHT and finding.expected is not None and finding.how in (TRUNCATED, LAST_DIGIT):
            found = self.rounding(finding)
        if found is not None:
            self.report.remarks.append(
                Mistake(place.table, row, finding.entry.kind, found.word, found.sentence, line, place)
            )

    def rounding(self, finding: Finding) -> Cause:
        assert finding.shown is not None
        assert finding.expected is not None
        right = shown_as(finding.expected, finding.shown)
        text = finding.entry.text.strip().lstrip("=").strip()
        total = self.sum_of_rounded(finding)
        if total is not None and agreement(finding.shown, total) == "exact":
            return Cause(causes.SUM_OF_ROUNDED, f"{text} is computed from rounded numbers; rounded once, it is {right}")
        if finding.how == TRUNCATED:
            return Cause(causes.TRUNCATION, f"{text} is cut off; rounded, it is {right}")
        return Cause(causes.TRUNCATION, f"the last digit of {text} is off; rounded, it is {right}")

    def sum_of_rounded(self, finding: Finding) -> Scalar | None:
        """The number that the printed operands give, each taken exactly as it is printed."""
        entry = finding.entry
        assert finding.shown is not None
        for other in self.result.findings:  # the numbers put in above a result: "-0.0123 - 0.1411"
            mine = other.entry.kind == entry.kind and other.entry.cell.table == entry.cell.table
            put_in = other.shown if mine and other.shown is not None and other.shown.reading.literal is None else None
            if put_in is not None and agreement(finding.shown, put_in.exact) == EXACT:
                return put_in.exact
        line = self.judge.listing.lines.get(self.judge.listing.target(entry.name))
        if line is None or entry.kind not in (VALUE, TANGENT):
            return None
        numbers: dict[str, Scalar] = {}
        for operand in names_of(line.terms):
            shown = self.judge.published(
                entry.kind, entry.pass_ if entry.kind == TANGENT else 0, operand, entry.cell.table
            )
            if shown is not None and shown.shown is not None:
                numbers[operand] = shown.shown.exact
        heads = {getattr(t, "head", "") for t in line.terms} - {"", "add", "sub", "neg"}
        if heads and entry.kind == TANGENT:
            return None
        try:
            return value_of(line.terms, numbers)
        except NoValue:
            return None

    def truncated_inside(self, finding: Finding) -> Cause | None:
        """A number put into a formula that is cut off, not rounded: the -0.9899 of cos(3)."""
        assert finding.shown is not None
        known = operand_values(self.judge, finding.entry)
        for term in finding.shown.reading.terms:
            if type(term) is not Number or term.exponent >= 0:
                continue
            alone = single(term)
            ways = [
                (agreement(alone, v) or agreement(alone, -v if not hasattr(v, "factor") else v), n, v) for n, v in known
            ]
            good = [way for way in ways if way[0]]
            if good and all(way[0] in (TRUNCATED, LAST_DIGIT) for way in good):
                _, name, value = good[0]
                right = shown_as(value, alone)
                return Cause(
                    causes.TRUNCATION, f"the {term.text} for {name} is cut off; rounded, it is {right.lstrip('-')}"
                )
        return None

    def whole(self) -> None:
        """The trace as a whole: it computes the function, and its rows are all there."""
        listing, layout = self.judge.listing, self.result.layout
        place = self.places[0]
        if self.result.computes is False:
            sentence = f"the rows do not compute {self.result.problem.text or 'the function asked about'}"
            if self.result.problem.given:
                self.report.mistakes.append(Mistake(place, "", "the trace as a whole", "function", sentence))
            else:
                self.report.remarks.append(Mistake(place, "", "the trace as a whole", "function", sentence))
        undefined = {
            listing.target(n): line
            for line in listing.lines.values()
            for n in names_of(line.terms)
            if listing.target(n) not in listing.lines and listing.target(n) not in listing.variables
        }
        for name, line in undefined.items():
            where = layout.grids[line.cell.table].lines[line.cell.row] if line.cell is not None else 0
            sentence = f"there is no row {name_text(name)}, which {name_text(line.name)} uses"
            self.report.mistakes.append(Mistake(place, name_text(name), "missing row", "missing row", sentence, where))


_FORMULA_WORDS = {OPERATION: "operation", "tangent formula": "derivative", "adjoint formula": "adjoint", NAME: "name",
                  "partial formula": "local partial"}  # fmt: skip
