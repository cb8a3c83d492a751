"""What LaTeX writes for a document: in a folder of a build's own, begun from what is there and put in place whole."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from adtrace.documents.output import write_changed, write_whole
from adtrace.latexbuild.exchange import restored

_NOT_READ = (".tex", ".pdf", ".log", ".dvi", ".xdv", ".fls", ".fdb_latexmk", ".synctex.gz", ".adt")
"""Endings of what no run of LaTeX reads of the one before, and the document itself."""
_ANSWERS = ".adtout"
_CHAPTER = re.compile(r"\\@input\{([^{}]+\.aux)\}")
_MOST_READ = 64 * 2**20
_ALWAYS = (".pdf", ".log")
"""Endings of what is new after each build: make goes by their times."""


class Own:
    """The folder that LaTeX writes into, for what is to stand at ``stem``."""

    def __init__(self, folder: Path, stem: Path) -> None:
        self.folder, self.stem = folder, stem
        folder.mkdir()
        for path in sorted(stem.parent.glob(f"{_literal(stem.name)}.*")):
            if path.is_file() and not path.name.endswith(_NOT_READ) and path.stat().st_size <= _MOST_READ:
                written = restored(path) if path.name.endswith(_ANSWERS) else path.read_bytes()
                (folder / path.name).write_bytes(written)
        self._chapters()

    def _chapters(self) -> None:
        r"""The files of the chapters that an earlier run has read: ``\@input{chapters/one.aux}``."""
        aux = self.path(".aux")
        if not aux.is_file():
            return
        for name in _CHAPTER.findall(aux.read_text(encoding="utf-8", errors="replace")):
            source = self.stem.parent / name
            if self.fill_in([name]) and source.is_file():
                (self.folder / name).write_bytes(source.read_bytes())

    def path(self, ending: str) -> Path:
        """The file with this ending."""
        return self.folder / (self.stem.name + ending)

    def log(self) -> str:
        """What LaTeX has logged; empty for nothing."""
        try:
            with self.path(".log").open("rb") as stream:
                return self._placed(stream.read(_MOST_READ)).decode("utf-8", "replace")
        except FileNotFoundError:
            return ""

    def _placed(self, log: bytes) -> bytes:
        """The log with each of our files where it will stand."""
        return log.replace(bytes(self.folder) + b"/", bytes(self.stem.parent / "_")[:-1])

    def fill_in(self, names: Iterable[str]) -> bool:
        """The folders that these files stand in; whether there is one that was not there."""
        new = False
        for name in names:
            place = PurePosixPath(name)
            if not place.is_absolute() and ".." not in place.parts and not (self.folder / place.parent).is_dir():
                (self.folder / place.parent).mkdir(parents=True)
                new = True
        return new

    def publish(self, endings: tuple[str, ...] | None = None) -> None:
        """Put what was written in its place, each file in one step and the PDF last; ``endings`` chooses."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        for path in sorted(paths, key=lambda path: path.suffix == ".pdf"):
            target = self.stem.parent / path.relative_to(self.folder)
            if endings is not None and path.suffix not in endings:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            written = path.read_bytes()
            if path.suffix in _ALWAYS:
                write_whole(target, self._placed(written) if path.suffix == ".log" else written)
            else:
                write_changed(target, written)


def _literal(name: str) -> str:
    """The name where a pattern is asked for."""
    return re.sub(r"([*?[])", r"[\1]", name)
