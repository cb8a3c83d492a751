"""What a place without adtrace is given to build a document: Overleaf, arXiv, a co-author.

LaTeX records which files it has read.  Those of the author's, beside the answers and an adtrace.sty that reads them
under any job name (Overleaf's is ``output``), are what there is to upload.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path

from adtrace.documents.output import write_changed, write_whole
from adtrace.errors import InputError, OptionError

_MADE = (
    ".aux", ".toc", ".lof", ".lot", ".out", ".nav", ".snm", ".vrb", ".log", ".adt", ".adtout", ".fls", ".bcf",
    ".run.xml",
)  # fmt: skip
"""Endings of what a run writes for the next one."""
_BIBLIOGRAPHY = re.compile(r"\\bib(data|style)\{([^{}]*)\}")
_SOURCE = re.compile(r"<bcf:datasource[^>]*>([^<]+)</bcf:datasource>")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The time of each file in a zip: the same files make the same zip."""


def checked_target(target: Path) -> Path:
    """The folder or ``.zip`` to write.  Raises `OptionError` for what is neither."""
    ending = target.suffix.lower()
    if ending != ".zip" and (target.is_file() or ending in (".tar", ".gz", ".tgz", ".pdf")):
        raise OptionError(f"--to names a folder, such as overleaf/, or a file that ends in .zip, not {str(target)!r}")
    return target


def upload(stem: Path, package: str, target: Path) -> list[str]:
    """Put what the document needs into a folder or a zip, and name its files.

    ``stem`` is what the build has written, without its ending; ``package`` is adtrace.sty.  Raises `InputError` where a
    file cannot be read or written.
    """
    files = {name: path.read_bytes() for name, path in _read(stem).items()}
    files["adtrace.sty"] = package.encode("utf-8")
    answers = stem.with_name(stem.name + ".adtout")
    if answers.is_file():
        files[answers.name] = answers.read_bytes()
    if target.suffix.lower() == ".zip":
        write_whole(target, _zipped(files))
        return sorted(files)
    try:
        for name in sorted(files):
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            write_changed(place, files[name])
    except OSError as problem:
        raise InputError(f"{str(target)!r} cannot be written: {problem.strerror}") from None
    return sorted(files)


def _read(stem: Path) -> dict[str, Path]:
    """The author's files that LaTeX has read, by their places below the folder that it ran in."""
    here = Path.cwd().resolve()
    record = stem.with_name(stem.name + ".fls")
    if not record.is_file():
        raise InputError(f"LaTeX has not recorded what it read: {str(record)!r} is not there")
    lines = record.read_text(encoding="utf-8", errors="replace").splitlines()
    named = [line.removeprefix("INPUT ") for line in lines if line.startswith("INPUT ")]
    paths: dict[str, Path] = {}
    for name in [*named, *_sources(stem)]:
        path = Path(os.path.normpath(here / name))
        if path.is_relative_to(here) and path.is_file() and not path.name.endswith(_MADE):
            paths[path.relative_to(here).as_posix()] = path
    return paths


def _sources(stem: Path) -> list[str]:
    """The bibliographies, which another program reads: those that BibTeX and biber are told of."""
    files: list[str] = []
    for ending in (".aux", ".bcf"):
        path = stem.with_name(stem.name + ending)
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for kind, names in _BIBLIOGRAPHY.findall(text):
            files += [f"{name.strip()}.{'bib' if kind == 'data' else 'bst'}" for name in names.split(",")]
        files += _SOURCE.findall(text)
    return files


def _zipped(files: dict[str, bytes]) -> bytes:
    """The files as a zip, without times of their own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return stream.getvalue()
