r"""The two files that a document and the program exchange.

``main.adt``, written by ``adtrace.sty``, one line for each ``\adtrace``; ``end`` says that LaTeX came to the end:

    adtrace 1.0.0
    <MD5 of the rest>|mode={forward},at={x1=2,x2=5},|ln(x1)+x1*x2-sin(x2)
    end

``main.adtout``, written here and read by ``adtrace.sty``: below a first line with the stamp of its maker one answer for
each request, in the order of their sums, so that moving a trace changes nothing; above each a line with its sum and a
digest of both, so that an answer that was changed by hand is known, and made again:

    %%adt <MD5 of the request> <digest of that and the answer>
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from adtrace import __version__
from adtrace.errors import InputError, ParseError
from adtrace.request import Request, named

_REQUEST = re.compile(r"([0-9A-Fa-f]{32})\|(.*)\Z", re.DOTALL)
_MARK = "%%adt "
_END = "end"
_MOST_BYTES = 64 * 2**20
_VERSION = re.compile(r"\\adtversion\{[\w.+]+\}")
_MAKER = "% Written by adtrace "


class Asked(NamedTuple):
    """What a document asks for."""

    requests: dict[str, str]
    """The text of each request by its sum, in the document's order, each once."""
    complete: bool
    """Whether LaTeX came to the end of the document."""


def read_requests(path: Path) -> Asked:
    """The requests of ``main.adt``.  Raises `InputError` for a file that adtrace.sty has not written."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{path.name} is larger than {_MOST_BYTES >> 20} MB")
        text = path.read_bytes().decode("utf-8", "replace")
    except OSError as problem:
        raise InputError(f"{str(path)!r} cannot be read: {problem.strerror}; LaTeX writes it") from None
    first, *lines = text.replace("\r\n", "\n").split("\n")
    if not first.startswith("adtrace "):
        raise InputError(f"{path.name} is not a list of requests: LaTeX writes one where the document has adtrace.sty")
    requests: dict[str, str] = {}
    for line in lines:
        match = _REQUEST.match(line)
        if match:
            requests[match[1].upper()] = match[2]
    return Asked(requests, _END in lines)


def request(text: str) -> Request:
    r"""``mode={forward},at={x1=2},|ln(x1)`` as a request; what is given twice counts as given last.

    Raises `ParseError` where the settings are not as adtrace.sty writes them.
    """
    settings: dict[str, str] = {}
    place = 0
    while place < len(text) and text[place] != "|":
        equals = text.find("={", place)
        if equals < 0:
            raise ParseError("an option is written as name=value", text, place)
        end = _closing(text, equals + 1)
        settings[named(text[place:equals].strip())] = text[equals + 2 : end].strip()
        place = end + 2  # the brace and a comma
    return Request(_statements(text[place + 1 :].strip()), settings)


_BOUNDARY = re.compile(r"(?<=[\w)\]!'])[ ]+(?=(?:[^\W\d]\w*|\([^()=]*\)|[^\W\d]\w*\([^()=]*\))[ ]*=(?!=))")
"""Blanks between an operand and what is given a value: in TeX the end of a line is a blank."""


def _statements(text: str) -> str:
    r"""The statements of a program on lines of their own: TeX made blanks of their ends, ``\par`` of empty lines.

    Raises `InputError` for the name of a file: a document that is built elsewhere is to have its traces with it.
    """
    lines = re.sub(r"\\par(?![A-Za-z]) ?", "\n", text)
    if lines.startswith("@"):
        raise InputError(f"a trace in a document is written there: {lines} is read on the command line alone")
    return _BOUNDARY.sub("\n", lines)


def _closing(text: str, opening: int) -> int:
    """The place of the brace that closes the one at ``opening``."""
    depth = 0
    for place in range(opening, len(text)):
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0:
            return place
    raise ParseError("a brace is not closed", text, opening)


def stamp(template_dir: Path | None) -> str:
    """Who makes the answers: this version, with the templates of this folder.  Others' answers are not kept."""
    if template_dir is None:
        return __version__
    digest = hashlib.sha256()
    for path in sorted(template_dir.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(template_dir)).encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{__version__} with templates {digest.hexdigest()[:16]}"


class _File(NamedTuple):
    """``main.adtout`` as it stands in the file."""

    maker: str
    """The line that names it."""
    answers: dict[str, str]
    """By their sums, without those that were changed after they were written."""
    changed: bool
    """Whether something was changed: nothing that is TeX is taken from elsewhere in the file."""


def _read(path: Path) -> _File:
    """The answers of a file; none if it is not there, not whole, or has something else before or after them."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return _File("%", {}, changed=path.is_file())
    except OSError as problem:
        raise InputError(f"{str(path)!r} cannot be read: {problem.strerror}") from None
    head, *parts = text.split(f"\n{_MARK}")
    maker, _, version = head.partition("\n")
    if not maker.startswith(_MAKER) or not _VERSION.fullmatch(version) or not parts or parts.pop().strip() != _END:
        return _File("%", {}, changed=True)
    answers: dict[str, str] = {}
    for part in parts:
        mark, _, tex = part.partition("\n")
        total, _, digest = mark.partition(" ")
        if digest == _digest(total, tex):
            answers[total] = tex
    return _File(maker, answers, changed=len(answers) < len(parts))


def read_answers(path: Path, maker: str) -> dict[str, str]:
    """The answers of ``main.adtout`` by their sums, without those that were changed by hand; none if it is not there,
    not whole, or another maker's.
    """
    record = _read(path)
    return record.answers if record.maker == _first_line(maker) else {}


def restored(path: Path) -> bytes:
    """The file of answers without what was changed by hand, which is not ours to run."""
    record = _read(path)
    return _written(record.answers, record.maker).encode("utf-8") if record.changed else path.read_bytes()


def written_answers(answers: Mapping[str, str], maker: str) -> str:
    """The text of ``main.adtout``."""
    return _written(answers, _first_line(maker))


def _written(answers: Mapping[str, str], first: str) -> str:
    parts = [f"{first}\n\\adtversion{{{__version__}}}"]
    parts += [f"{_MARK}{total} {_digest(total, answers[total])}\n{answers[total]}" for total in sorted(answers)]
    return "\n".join([*parts, f"{_MARK}{_END}", ""])


def _digest(total: str, tex: str) -> str:
    """What an answer is known by: other text, or the answer to another request, has another."""
    return hashlib.sha256(f"{total}\n{tex}".encode()).hexdigest()[:32]


def _first_line(maker: str) -> str:
    return f"{_MAKER}{maker}; the answers to the requests of the document, by their MD5."
