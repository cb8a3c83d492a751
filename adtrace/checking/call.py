"""The call ``check(document, at=..., function=...)``: a document in, a `Report` out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from adtrace.checking.backward_only import reconstructed
from adtrace.checking.backwards import Backwards
from adtrace.checking.byvalue import renamed
from adtrace.checking.commas import with_points
from adtrace.checking.findings import Judged, printed_seed
from adtrace.checking.freehand import canonical
from adtrace.checking.grid import Grid, decoded
from adtrace.checking.grids import KINDS, grids
from adtrace.checking.inline import with_inline_passes
from adtrace.checking.layout import (
    NUMBERS,
    TANGENT,
    Layout,
    as_adjoints,
    named,
    read_layout,
)
from adtrace.checking.listing import Listing, input_values, listing_of
from adtrace.checking.local import BITS, NoValue, value_of
from adtrace.checking.marks import Rubric, marks
from adtrace.checking.markup import Unread, plain
from adtrace.checking.problem import Problem, problem_of
from adtrace.checking.repair import Repairer, invented
from adtrace.checking.report import Report
from adtrace.checking.verdicts import Judge
from adtrace.checking.writer import Writer
from adtrace.errors import BindingError, InputError, OptionError, printable
from adtrace.numbers import Scalar
from adtrace.numbers.exact import exact_integer, precision
from adtrace.tracing.point import constant


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
    if not found and text.endswith(tuple(KINDS)) and len(text.split()) == 1:
        raise InputError(f"{text!r} is the name of a file, not a document: write Path({text!r})")
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
    tables = with_points(tables)
    problem = problem_of(asked.functions, asked.at, tables)
    judge, result = judged(tables, problem, asked.seed, asked.weights)
    for place, expected in result.layout.unread:
        report.problems.append(_unread(tables[place], places[place], expected))
    report.problems += problem.remarks
    Writer(report, judge, result, places).write()


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
    layout = with_inline_passes(read_layout(renamed(found), problem.variables))
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
        repairer.spent = 0
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
