"""The forms of documents and their readers; files: how their letters are encoded, Word's documents by pandoc."""

from __future__ import annotations

import io
import re
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from adtrace.checking.sheets.asciidoc import asciidoc_blocks
from adtrace.checking.sheets.listings import with_printed
from adtrace.checking.sheets.rows import LARGEST_DOCUMENT, PROSE, Block, Lines
from adtrace.checking.sheets.scan import html_blocks, latex_lines, scan
from adtrace.checking.sheets.typed import csv_blocks, is_csv, json_blocks, json_form, notebook_blocks
from adtrace.checking.sheets.typst import typst_blocks
from adtrace.errors import BoundError, InputError

_LARGEST_PART, _MOST_PARTS, _SECONDS = 20_000_000, 2_000, 30
"""Bytes of all parts of a Word document unpacked, how many parts, and how long pandoc may take."""


class Form(NamedTuple):
    """One form of documents."""

    name: str
    endings: tuple[str, ...]
    blocks: Callable[[str], list[Block]]
    """The tables, equations and prose of a text."""
    sign: str = ""
    """What its documents begin with or hold, as a pattern."""


def _lines(text: str) -> list[Block]:
    """A document of lines, quoted or not; one that is nothing but CSV is read as that."""
    blocks = scan(Lines(re.sub(r"(?m)^ {0,3}>[> ]{0,20}(?=\|)", "", text).split("\n")))
    alone = all(block.kind == PROSE for block in blocks) and is_csv(text[:20_000])
    return csv_blocks(text) if alone else blocks


def _listing(text: str) -> list[Block]:
    """A program, with what it printed in its comments."""
    return _lines("\n".join(with_printed(text.split("\n"))))


_LATEX = (
    r"^\\documentclass|^\\begingroup \\endlinechar-1"
    r"|^[^`|\n]{0,200}(?:\\begin\{(?:tabular|longtable|tabularx|table)|(?<!provide)\\adttable\{)"
)
_TABLE = (
    Form("markdown", (".md", ".markdown", ".qmd", ".rmd"), _lines),
    Form("latex", (".tex", ".ltx"), latex_lines, _LATEX),
    Form("html", (".html", ".htm", ".xhtml"), html_blocks, r"\A<(?:!doctype|html|head|body|div|table|figure|h\d|p)\b"),
    Form("csv", (".csv",), csv_blocks),
    Form("tsv", (".tsv", ".tab"), partial(csv_blocks, delimiter="\t")),
    Form("json", (".json",), json_blocks),
    Form("ipynb", (".ipynb",), notebook_blocks),
    Form("typst", (".typ",), typst_blocks, r"^(?:#let \w+ = )?[ \t]*(?:#?table|#?adt-table)\("),
    Form(
        "text",
        (".py", ".jl"),
        _listing,
        r"\A(?![\s\S]*```)(?:#[^\n]*\n|\s)*(?:import|from|using)[ ]+\w+(?:$|[ ,.:;](?!.*\.$))",
    ),
    Form("rst", (".rst", ".rest"), _lines),
    Form("asciidoc", (".adoc", ".asciidoc", ".asc"), asciidoc_blocks, r"^\|={3,}\s*$"),
    Form("org", (".org",), _lines),
    Form("docx", (".docx",), html_blocks),
    Form("odt", (".odt",), html_blocks),
)

FORMS = {form.name: form for form in _TABLE}
ENDINGS = {ending: form.name for form in _TABLE for ending in form.endings}
"""The form of each ending of a file's name."""


def guessed(text: str) -> str:
    """The name of the form that a text is in."""
    start = text.strip()[:20_000]
    signed = (
        name
        for name in ("html", "typst", "latex", "asciidoc", "text")
        if re.search(FORMS[name].sign, start, re.I | re.M)
    )
    return json_form(text) or next(signed, "csv" if is_csv(start) else "markdown")


class Document(NamedTuple):
    """The text of a document, and the form that it is in."""

    text: str
    form: str | None
    """A name of `FORMS`; None where the file's name does not tell."""


def read(path: Path, form: str | None = None) -> Document:
    """The document in a file.

    Raises `InputError` for what is no file, cannot be read or is no text, `BoundError` for one that is too large.
    """
    try:
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            what = "a folder" if stat.S_ISDIR(kind) else "no file of its own but a pipe or a device"
            raise InputError(f"{str(path)!r} is {what}; expected a file with a table")
        with path.open("rb") as stream:
            data = stream.read(2 * LARGEST_DOCUMENT + 3)
    except (OSError, ValueError) as problem:
        raise InputError(f"{str(path)!r} cannot be read: {getattr(problem, 'strerror', None) or problem}") from None
    return document(data, path.name, form or ENDINGS.get(path.suffix.lower()))


def document(data: bytes, name: str, form: str | None = None) -> Document:
    """The document in the bytes of a file or of stdin.  Raises `InputError` and `BoundError`."""
    if form in ("docx", "odt") or (form is None and data.startswith(_ARCHIVE)):
        form = "odt" if b"opendocument.text" in data[:100] else "docx"
        return Document(_unpacked(data, name, form), form)
    return Document(decoded(data, name), form)


_ARCHIVE = b"PK\x03\x04"
_BEGINNINGS = {
    b"%PDF": "a PDF: hand in what it was made from, or its table as text", b"\x89PNG": "a picture: type its table",
    b"\xff\xd8": "a picture: type its table", b"{\\rtf": "rich text: save it as a Word document",
    b"\xd0\xcf\x11\xe0": "a document of an older Office: save it as .docx, or a table as .csv",
}  # fmt: skip
"""What files that are no text begin with, what they are, and what to do."""
_SPREADSHEET, _SLIDES = "a spreadsheet: save its table as .csv", "slides: hand in their table as text"
_FORMULAS = "a document with LibreOffice's formulas, which are not read: type them as text, or hand in a Word document"
_INSIDE = {
    "application/epub+zip": "an EPUB: hand in a Word document, or a page of it as HTML",
    "xl/workbook.xml": _SPREADSHEET, "opendocument.spreadsheet": _SPREADSHEET,
    "ppt/presentation.xml": _SLIDES, "opendocument.presentation": _SLIDES,
    "Object 1/content.xml": _FORMULAS, "Formula-0/content.xml": _FORMULAS,
}  # fmt: skip
"""What archives hold, or say that they are, that are no Word documents."""
_STRANGE = re.compile(r"[\x00-\x1f](?<![\t\n\r\f\v\x1a])")


def decoded(data: bytes, name: str) -> str:
    """Bytes as text: UTF-8, UTF-16 where a mark or every other zero tells of it, else Windows-1252.

    Raises `BoundError` and `InputError`.
    """
    for beginning, what in _BEGINNINGS.items():
        if data.startswith(beginning):
            raise InputError(f"{name} is {what}")
    if len(data) > 2 * LARGEST_DOCUMENT:
        raise BoundError(f"{name} has more than {2 * LARGEST_DOCUMENT} bytes, which is the bound")
    wide = _wide(data)
    try:
        text = data.decode(wide or "utf-8-sig")
    except UnicodeDecodeError as problem:
        if wide:
            raise InputError(f"{name} is not text in UTF-16: byte {problem.start} is not") from None
        text = data.decode("cp1252", errors="replace").replace("\ufffd", "?")
    strange = found[0] if (found := _STRANGE.search(text)) else ""
    if data.startswith(_ARCHIVE) or strange:
        what = "a zero byte" if strange == "\0" else "bytes that are no letters"
        raise InputError(
            f"{name} is not text: it holds {what}; expected Markdown, LaTeX, HTML, CSV or another of its kind"
        )
    if len(text) > LARGEST_DOCUMENT:
        raise BoundError(f"{name} has {len(text)} characters; {LARGEST_DOCUMENT} are read")
    return text.lstrip("\ufeff")


def _wide(data: bytes) -> str:
    """The name of UTF-16 as it is written here, or "": by its mark, else by zeros in every other byte."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:2_000]
    low, high = start[1::2].count(0), start[0::2].count(0)
    if len(data) % 2 or len(data) < 4 or (low and high) or 3 * (low + high) <= len(start):
        return ""
    return "utf-16-le" if low else "utf-16-be"


def _unpacked(data: bytes, name: str, form: str) -> str:
    """A Word document, or LibreOffice's, as HTML with LaTeX.  Raises `InputError` without pandoc or if it refuses, and
    `BoundError`.
    """
    inside = _require_small(data, name)
    for part, what in _INSIDE.items():
        if part in inside or part.encode() in data[:120]:
            raise InputError(f"{name} is {what}")
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        raise InputError(f"{name}: Word documents are read by pandoc, which is not installed; save it as HTML or text")
    command = [pandoc, "+RTS", "-M400m", "-RTS", f"--from={form}", "--to=html", "--mathjax", "--sandbox", "--wrap=none"]
    try:
        run = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BoundError(f"{name}: pandoc has not read it in {_SECONDS} seconds") from None
    if run.returncode:
        problem = run.stderr.decode("utf-8", "replace").strip().partition("\n")[0][:200]
        raise InputError(f"{name} is no Word document that pandoc reads: {problem}")
    return decoded(run.stdout, name)


def _require_small(data: bytes, name: str) -> set[str]:
    """The names of an archive's parts; what it says of its sizes need not be true.  Raises `InputError` for what is no
    archive, `BoundError` for one that unpacks to more than is read.
    """
    size = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            for part in parts[: _MOST_PARTS + 1]:
                with archive.open(part) as stream:
                    while size <= _LARGEST_PART and (piece := stream.read(1 << 16)):
                        size += len(piece)
    except Exception as problem:  # zipfile's, zlib.error and their like have no common base
        raise InputError(f"{name} is no Word document: {problem}") from None
    if size > _LARGEST_PART or len(parts) > _MOST_PARTS:
        raise BoundError(
            f"{name} unpacks to more than {_LARGEST_PART} bytes or {_MOST_PARTS} parts, which is the bound"
        )
    return {part.filename for part in parts}
