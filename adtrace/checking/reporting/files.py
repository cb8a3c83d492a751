"""The files of a class: where its reports and its marks go, and each student's point.

All names are looked at before anything is written: no submission is ever overwritten.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from adtrace.errors import OptionError, printable

HEADER = "file,status,"
"""What a file of marks begins with."""
_LARGEST = 2_000_000
"""Bytes of a file of points."""


def checked_marks(target: str, documents: Sequence[str]) -> None:
    """Raise `OptionError` where the file of marks would overwrite something else than marks."""
    if target == "-":
        return
    if same(target, documents):
        raise OptionError(f"--csv {printable(target)!r} is one of the documents; name a file for the marks before them")
    path = Path(target)
    try:
        with path.open("rb") if path.is_file() else io.BytesIO() as stream:
            start = stream.read(200)
    except (OSError, ValueError) as problem:
        raise OptionError(f"--csv {printable(target)!r}: {getattr(problem, 'strerror', problem)}") from None
    if start and not start.startswith(HEADER.encode()):
        raise OptionError(
            f"--csv {printable(target)!r} is there and holds no marks; name the file for the marks before the documents"
        )


def same(target: str | Path, documents: Sequence[str]) -> bool:
    """Whether a file is one of the documents, by whatever name."""
    path = Path(target).absolute()
    return any(path == Path(name).absolute() or _is_file(path, Path(name)) for name in documents if name != "-")


def _is_file(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):
        return False


def _along(path: Path) -> str:
    """A file's name with its folders."""
    return "-".join(part for part in path.parts if part not in "/..")


def report_files(documents: Sequence[str], output: str | None, ending: str) -> list[Path]:
    """A file for the report on each document: ``anna.html`` in the folder, else beside it ``anna.report.html``.

    Where two are named alike, each has its ending, or its folder, in its name.  Raises `OptionError` where one of them
    is a document, or the folder is a file.
    """
    if output is not None and Path(output).is_file():
        raise OptionError(f"the reports of a class go to a folder; {printable(output)!r} is a file")
    paths = [Path(document) for document in documents]
    ending = ending if output is not None else f".report{ending}"
    targets = [Path(output or path.parent) / f"{path.stem}{ending}" for path in paths]
    for named in (lambda path: path.name, _along):
        often = Counter(targets)
        targets = [
            target if often[target] == 1 else target.with_name(f"{named(path)}{ending}")
            for target, path in zip(targets, paths, strict=True)
        ]
    if len(set(targets)) < len(targets):
        raise OptionError("a document is given twice")
    taken = next((target for target in targets if same(target, documents)), None)
    if taken is not None:
        raise OptionError(f"a report would overwrite {printable(str(taken))!r}; name another folder for them with -o")
    return targets


def points_of(file: str) -> dict[str, str]:
    """The point of each student out of a CSV file with lines ``anna.md,"x1=2,x2=5"``.  Raises `OptionError`."""
    try:
        with open(file, encoding="utf-8-sig", newline="") as stream:
            text = stream.read(_LARGEST)
        lines = [line for line in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in line)]
    except (OSError, ValueError, csv.Error) as problem:
        reason = getattr(problem, "strerror", None) or "it is no CSV in UTF-8"
        raise OptionError(f"--points-file {printable(file)!r} cannot be read: {reason}") from None
    found: dict[str, str] = {}
    for number, cells in enumerate(lines, start=1):
        name, point = cells[0].strip(), ",".join(cell.strip() for cell in cells[1:] if cell.strip())
        if number == 1 and "=" not in point and point:
            continue  # a heading: file, point
        if not name or "=" not in point:
            told = printable(",".join(cells))[:60]
            raise OptionError(
                f"--points-file, line {number}: a line is a file and its point, anna.md,x1=2; not {told!r}"
            )
        if name in found:
            raise OptionError(f"--points-file, line {number}: {printable(name)!r} has a point already")
        found[name] = point
    return found


def matched(points: Mapping[str, str], documents: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The point of each document, whose entry is its path or its name; and the entries that are of none."""
    found: dict[str, str] = {}
    for document in documents:
        path = Path(document)
        entry = next((entry for entry in (document, path.as_posix(), path.name, path.stem) if entry in points), None)
        if entry is not None:
            found[document] = entry
    used = set(found.values())
    return {document: points[entry] for document, entry in found.items()}, [e for e in points if e not in used]
