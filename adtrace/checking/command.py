"""The command ``adtrace check``: one document, or a class of them."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from adtrace.documents.output import write
from adtrace.errors import AdtraceError, OptionError
from adtrace.progress import progress


@click.command()
@click.argument("documents", nargs=-1, required=True, metavar="FILE...")
@click.option("--at", metavar="x1=2,x2=5", help="The point.  [from the text, else from the table's input rows]")
@click.option(
    "--function",
    "functions",
    multiple=True,
    metavar="'f(x1, x2) = ...'",
    help="What the table should compute; once for each output.  [from the text]",
)
@click.option("--table", type=int, metavar="N", help="Only the table of that number.  [all]")
@click.option("--seed", metavar="x1 | x1=1,x2=-2", help="The tangents of the inputs, where no column says.")
@click.option("--weights", metavar="y_1=1,y_2=0", help="The adjoints of the outputs, where the table has several.")
@click.option("--input-format", metavar="markdown|latex|csv|json|html", help="What the file is.  [from its ending]")
@click.option("--format", "format_", metavar="text|markdown|html|json", help="The report.  [text]")
@click.option("--marks", is_flag=True, help="Give marks: a point a cell.")
@click.option("--points", metavar="formula=1,number=1", help="Points of a right cell; implies --marks.")
@click.option("--no-consequential", is_flag=True, help="No marks for cells that follow from a mistake.")
@click.option("--csv", "marks_file", metavar="FILE", help="Marks of a whole class, a line for each file; - for stdout.")
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file.")
def check(documents: Sequence[str], **given: Any) -> None:
    """Check the hand-written trace tables in FILE (- for stdin), and say where they went wrong.

    Markdown, LaTeX, HTML, CSV and JSON are read.  Exit status 0: all right; 3: mistakes found; 2: not readable.
    """
    from adtrace.tracing.point import assignments  # noqa: PLC0415 - nothing below is needed for --help

    options = _options(given)
    if given["at"]:
        options["at"] = assignments(given["at"], "--at")
    for name in ("seed", "weights"):
        text = given[name]
        if text:
            options[name] = assignments(text, f"--{name}") if "=" in text else text
    if isinstance(options.get("weights"), str):
        raise OptionError("--weights is written as name=number, such as y_1=1,y_2=0")
    if given["marks_file"]:
        status = _class(documents, options, given["marks_file"])
    elif len(documents) > 1:
        raise OptionError("several documents are a class: name a file for their marks with --csv marks.csv")
    else:
        status = _one(documents[0], options, given["format_"] or "text", given["output"])
    if status:
        raise click.exceptions.Exit(status)


def _options(given: dict[str, Any]) -> dict[str, Any]:
    """What the call `check` takes, from the options of the command."""
    from adtrace.checking.marks import rubric  # noqa: PLC0415

    options: dict[str, Any] = {"function": list(given["functions"]) or None, "table": given["table"]}
    kind = given["input_format"]
    if kind is not None:
        if kind not in ("markdown", "latex", "csv", "json", "html"):
            raise OptionError(f"--input-format is markdown, latex, csv, json or html; not {kind!r}")
        options["kind"] = kind
    if given["marks"] or given["points"] or given["marks_file"] or given["no_consequential"]:
        options["rubric"] = rubric(given["points"] or "", consequential=not given["no_consequential"])
    return options


def _one(name: str, options: dict[str, Any], form: str, output: str | None) -> int:
    from adtrace.checking.call import check as checked  # noqa: PLC0415
    from adtrace.checking.report import FORMATS  # noqa: PLC0415

    if form not in FORMATS:
        raise OptionError(f"--format is {', '.join(FORMATS)}; not {form!r}")
    report = checked(_document(name), name="" if name == "-" else name, **options)
    document = report.render(form, colour=output is None and coloured(sys.stdout))
    write(document, output)
    return report.exit_status


def _document(name: str) -> str | Path:
    """The text on stdin, or the path of a file."""
    if name != "-":
        return Path(name)
    from adtrace.checking.grid import LARGEST_DOCUMENT, decoded  # noqa: PLC0415

    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return sys.stdin.read(LARGEST_DOCUMENT + 1)
    return decoded(stream.read(LARGEST_DOCUMENT + 1), "stdin")


def coloured(stream: Any) -> bool:
    """Colour on a terminal only, and never where NO_COLOR is set."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


_COLUMNS = ("file", "status", "earned", "possible", "percent", "right", "mistakes", "follows", "first mistake")


def _class(documents: Sequence[str], options: dict[str, Any], marks_file: str) -> int:
    """The marks of every document; one that cannot be read gets a line that says so."""
    from adtrace.checking.call import check as checked  # noqa: PLC0415
    from adtrace.checking.marks import shown  # noqa: PLC0415

    rows: list[tuple[object, ...]] = []
    worst = 0
    with progress(len(documents)) as moved:
        for name in documents:
            try:
                report = checked(_document(name), name=name, **options)
            except AdtraceError as problem:
                reason = str(problem).split("\n")[0]
                rows.append((name, "unreadable", "", "", "", "", "", "", reason))
                worst = worst or 2
                moved(1, name)
                continue
            status = {0: "right", 3: "mistakes", 2: "unreadable"}[report.exit_status]
            worst = report.exit_status if report.exit_status == 3 or not worst else worst
            made = report.marks
            first = next((sentence for _, sentence in report.sentences()), "")
            points = (shown(made.earned), shown(made.possible), f"{float(made.percent):.1f}") if made else ("", "", "")
            rows.append(
                (name, status, *points, report.count("right"), len(report.mistakes), report.count("follows"), first)
            )
            moved(1, name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    write(text.getvalue(), marks_file)
    return worst


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell
