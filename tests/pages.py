"""The pages whose examples are run: the README and those of docs/, by their places in the repository."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
}
_FENCES = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, language: str) -> list[tuple[str, str]]:
    """The fenced blocks of a language on a page: what stands after it on the fence, and the text."""
    return [(about, text) for found, about, text in _FENCES.findall(PAGES[page]) if found == language]


def files(page: str) -> list[tuple[str, str]]:
    """The blocks that have the name of a file."""
    return [(name, text) for _, name, text in _FENCES.findall(PAGES[page]) if re.fullmatch(r"[\w/]+\.\w+", name)]


def sessions(page: str) -> list[tuple[str, str]]:
    """Each command of the console blocks with the output shown under it."""
    commands: list[tuple[str, str]] = []
    for _, text in blocks(page, "console"):
        for piece in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, shown = piece.partition("\n")
            commands.append((command, shown))
    return commands
