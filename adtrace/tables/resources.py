"""Where adtrace's own templates and styles stand, and a folder of the user's before them."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from adtrace.errors import TemplateError, printable


@cache
def template_root() -> Traversable:
    """Our templates: inside the installed package, or beside it in a checkout."""
    packaged = files("adtrace").joinpath("templates")
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "templates"


def folders(template_dir: str | None) -> list[Traversable]:
    """The folders to look in, the user's first."""
    return [*([Path(template_dir)] if template_dir is not None else []), template_root()]


def checked_folder(template_dir: str | Path | None) -> str | None:
    """The user's folder as a whole path; raises `TemplateError` if it is not there."""
    if template_dir is None:
        return None
    try:
        folder = Path(template_dir).resolve()
        if folder.is_dir():
            return str(folder)
    except (OSError, ValueError, RuntimeError):  # a name that no folder can have
        pass
    raise TemplateError(f"the template folder '{printable(str(template_dir))}' is not there")


def source(folder: Traversable, name: str) -> str | None:
    """The text of a file below a folder, if it is there; a name that leads out of the folder is not.

    A file of the user's is read each time, for it may have been edited; one of ours once.
    """
    return _ours(name) if folder is template_root() else _read(folder, name)


@lru_cache(maxsize=256)
def _ours(name: str) -> str | None:
    return _read(template_root(), name)


def _read(folder: Traversable, name: str) -> str | None:
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        return None
    try:
        return folder.joinpath(*parts).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise TemplateError(f"the template {name} cannot be read: {problem}") from None


def found(template_dir: str | None, folder: str, ending: str) -> list[str]:
    """The names of the files with this ending in a folder of ours or of the user's."""
    names: set[str] = set()
    for root in folders(template_dir):
        place = root.joinpath(folder)
        if place.is_dir():
            names.update(entry.name.removesuffix(ending) for entry in place.iterdir() if entry.name.endswith(ending))
    return sorted(name for name in names if not name.startswith("_"))
