"""The command ``adtrace check``: one document, or a class of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from adtrace.documents.output import write, write_whole
from adtrace.errors import InputError, OptionError, printable
from adtrace.limits import DEFAULT

ONE, CLASS = "text", "html"
"""The formats of a report where none is asked for."""


@click.command()
@click.argument("documents", nargs=-1, required=True, metavar="FILE...")
@click.option("--at", metavar="x1=2,x2=5", help="The point.  [from the text, else from the table's input rows]")
@click.option(
    "--function",
    multiple=True,
    metavar="'f(x1, x2) = ...'",
    help="What the table should compute; once for each output.  [from the text]",
)
@click.option("--own-function", is_flag=True, help="Judge a table of another function by itself.")
@click.option("--asked", metavar="value,tangent | all", help="What is asked for.  [what the tables have]")
@click.option("--digits", type=int, metavar="N", help="Decimals that a number must have.")
@click.option("--table", type=int, metavar="N", help="Only the table of that number.  [all]")
@click.option("--seed", metavar="x1 | x1=1,x2=-2", help="The tangents of the inputs, where no column says.")
@click.option("--input", metavar="32x32x3", help="The input of a layer table.  [from the document]")
@click.option("--input-format", "kind", metavar="markdown|latex|csv|...", help="What the file is.  [from its ending]")
@click.option("--format", "format_", metavar="text|markdown|html|json", help="The report.  [from -o, else text]")
@click.option("-o", "--output", metavar="FILE | DIR", help="Write the report to a file, those of a class to a folder.")
@click.option("--hide", is_flag=True, help="Say right or wrong and where, not what it should be nor why.")
@click.option("--hint", is_flag=True, help="Name the cause of a mistake, not what it should be.")
@click.option("--marks", is_flag=True, help="Give marks: a point a cell.")
@click.option("--points", metavar="formula=1,number=1", help="Points of a right cell; implies --marks.")
@click.option("--no-consequential", is_flag=True, help="No marks for cells that follow from a mistake.")
@click.option("--csv", "marks_file", metavar="FILE", help="Marks of a whole class, a line for each file; - for stdout.")
@click.option("--points-file", metavar="FILE", help='Each student\'s own point: lines anna.md,"x1=2,x2=5".')
@click.option("--summary", is_flag=True, help="Of a class: which cells most got wrong, and why, on stderr.")
def check(documents: Sequence[str], **given: Any) -> None:
    """Check the hand-written trace tables in FILE (- for stdin), and say where they went wrong.

    Exit status 0: all right; 3: mistakes found; 4: no mistake, but something is empty or not read; 2: not readable.
    """
    if given["hide"] and given["hint"]:
        raise OptionError("--hide keeps the causes back and --hint names them; give one of them")
    options, kept = _options(given), "hide" if given["hide"] else "hint" if given["hint"] else ""
    if given["marks_file"]:
        status = _class(documents, options, given, kept)
    elif len(documents) > 1:
        raise OptionError("several documents are a class: name a file for their marks with --csv marks.csv")
    else:
        points = _points(documents, given["points_file"])
        status = _one(documents[0], options | points.get(documents[0], {}), given, kept)
    if status:
        raise click.exceptions.Exit(status)


def _options(given: dict[str, Any]) -> dict[str, Any]:
    """What the call `check` takes, from the options of the command."""
    from adtrace.checking.problems.said import lettered  # noqa: PLC0415
    from adtrace.checking.reporting.marks import rubric  # noqa: PLC0415 - nothing below is needed for --help
    from adtrace.tracing.point import assignments  # noqa: PLC0415

    if given["digits"] is not None and not 0 <= given["digits"] <= DEFAULT.decimals:
        raise OptionError(f"--digits is 0 to {DEFAULT.decimals} decimals; not {given['digits']}")
    seed, marked = lettered(given["seed"] or "") or None, ("marks", "points", "marks_file", "no_consequential")
    return {name: given[name] for name in ("table", "kind", "own_function", "digits")} | {
        "function": list(given["function"]) or None,
        "input": given["input"] or None,
        "asked": _asked(given["asked"]) if given["asked"] else (),
        "at": assignments(lettered(given["at"]), "--at") if given["at"] else None,
        "seed": assignments(seed, "--seed") if seed and "=" in seed else seed,
        "rubric": rubric(given["points"] or "", consequential=not given["no_consequential"])
        if any(given[name] for name in marked) else None,
    }  # fmt: skip


def _asked(text: str) -> tuple[str, ...]:
    """The quantities that are asked for, of traces and of layer tables."""
    from adtrace.checking.layer_tables.columns import JUDGED  # noqa: PLC0415
    from adtrace.checking.work.rules import QUANTITIES  # noqa: PLC0415

    words = tuple(word.strip() for word in text.split(","))
    if unknown := [word for word in words if word not in (*QUANTITIES, *JUDGED, "all")]:
        known = f"some of {', '.join(QUANTITIES)}, and of layer tables {', '.join(JUDGED)}"
        raise OptionError(f"--asked is all, or {known}; not {printable(unknown[0])!r}")
    return (*QUANTITIES, *JUDGED) if "all" in words else words


def _points(documents: Sequence[str], file: str | None) -> dict[str, dict[str, Any]]:
    """The point of each document that has one of its own; who has none, and what belongs to none, is told."""
    if file is None:
        return {}
    from adtrace.checking.problems.said import lettered  # noqa: PLC0415
    from adtrace.checking.reporting.files import matched, points_of  # noqa: PLC0415
    from adtrace.tracing.point import assignments, constant  # noqa: PLC0415

    points, unused = matched(points_of(file), documents)
    for name in documents:
        if name not in points:
            click.echo(f"adtrace: {printable(file)} has no point for {printable(name)}", err=True)
    for entry in unused:
        click.echo(f"adtrace: {printable(file)} has a point for {printable(entry)}, which is not checked", err=True)
    found = {name: assignments(lettered(point), f"the point of {printable(name)}") for name, point in points.items()}
    for name, point in found.items():
        for variable, value in point.items():  # before any document is read: it is not its author's fault
            constant(value, f"the point of {printable(name)}: {printable(variable)}")
    return {name: {"at": point} for name, point in found.items()}


def checked() -> Any:
    """The call `check`."""
    from adtrace.checking.check import check as call  # noqa: PLC0415

    return call


def _one(name: str, options: dict[str, Any], given: dict[str, Any], kept: str) -> int:
    from adtrace.checking.reporting.files import same  # noqa: PLC0415

    output = given["output"]
    form = _form(given["format_"], output, ONE)
    if output not in (None, "-") and same(output, [name]):
        raise OptionError(f"the report would overwrite the document {printable(name)!r}")
    document: str | Path = Path(name)
    if name == "-":
        document, options["kind"] = _on_stdin(options["kind"])
    report = checked()(document, name="" if name == "-" else name, **options)
    report = report.keeping(kept) if kept else report
    write(report.render(form, colour=output is None and coloured(sys.stdout)), output)
    return int(report.exit_status)


def _form(form: str | None, output: str | None, otherwise: str) -> str:
    """The format of a report: the one that is named, or that of its file."""
    from adtrace.checking.reporting.report import ENDINGS, FORMATS  # noqa: PLC0415

    if form is None and output is not None:
        form = next((name for name, ending in ENDINGS.items() if output.lower().endswith(ending)), None)
    if form is not None and form not in FORMATS:
        raise OptionError(f"--format is {', '.join(FORMATS)}; not {printable(form)!r}")
    return form or otherwise


def _on_stdin(form: str | None) -> tuple[str, str | None]:
    """The text on stdin, and its form."""
    from adtrace.checking.sheets import document  # noqa: PLC0415
    from adtrace.checking.sheets.rows import LARGEST_DOCUMENT  # noqa: PLC0415

    return document(sys.stdin.buffer.read(2 * LARGEST_DOCUMENT + 3), "stdin", form)


def coloured(stream: Any) -> bool:
    """Colour on a terminal only, and never where NO_COLOR is set."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _class(documents: Sequence[str], options: dict[str, Any], given: dict[str, Any], kept: str) -> int:
    """The marks of every document, and where they are wanted their reports."""
    from adtrace.checking.reporting import classroom, files  # noqa: PLC0415
    from adtrace.checking.reporting.report import ENDINGS  # noqa: PLC0415

    files.checked_marks(given["marks_file"], documents)
    points = _points(documents, given["points_file"])
    output, form, targets = given["output"], "", list[Path]()
    if output is not None or given["format_"] is not None:
        alone = len(documents) == 1 and output is not None and not Path(output).is_dir()
        form = _form(given["format_"], output if alone else None, CLASS)
        targets = [Path(output)] if alone else files.report_files(documents, output, ENDINGS[form])
    class_ = [classroom.Submission(name, options | points.get(name, {}), form, kept) for name in documents]
    made = []
    for place, outcome in enumerate(classroom.outcomes(checked(), class_)):
        if outcome.document:
            _folder(targets[place].parent)
            write_whole(targets[place], outcome.document.encode())
        made.append(outcome._replace(document=""))
    write(classroom.marks_csv(made), given["marks_file"])
    if given["summary"]:
        click.echo(classroom.class_summary(made), err=True, nl=False)
    return classroom.worst(made)


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise InputError(f"{str(folder)!r} cannot be made: {problem.strerror}") from None
