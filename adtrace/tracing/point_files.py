"""Points in files: ``point.toml``, ``point.json`` and ``point.npz``, each name with a number or an array.

Decimals of TOML and JSON are taken as they are written, 0.1 as one tenth, and a text is a number in the language,
``"1/3"``.  Arrays of numpy are loaded without pickles, and nothing is unpacked before its size is known.
"""

from __future__ import annotations

import json
import math
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from adtrace.errors import BoundError, InputError, printable
from adtrace.limits import DEFAULT, Limits

_LARGEST = 16_000_000
"""Bytes of a file of text."""


def point_of(path: str, limits: Limits = DEFAULT) -> dict[str, Any]:
    """The names and values of a file.

    Raises `InputError` for a file that cannot be read or does not hold a point, `BoundError` for one that is too large.
    """
    ending = Path(path).suffix.lower()
    if ending not in _READERS:
        raise InputError(f"a point is read from {', '.join(_READERS)}, not from {printable(path)}")
    try:
        point = _READERS[ending](Path(path), limits)
    except OSError as problem:
        raise InputError(f"{printable(path)} cannot be read: {problem.strerror or problem}") from None
    except (ValueError, RecursionError, zipfile.BadZipFile) as problem:
        said = "it is nested too deeply" if isinstance(problem, RecursionError) else printable(str(problem))[:200]
        raise InputError(f"{printable(path)} is not a point: {said}") from None
    for name, value in point.items():
        if isinstance(value, dict):
            raise InputError(f"{printable(path)} is not a point: {printable(name)} holds names, not numbers")
    return point


def _text(path: Path) -> str:
    if path.stat().st_size > _LARGEST:
        raise BoundError(f"{printable(str(path))} has {path.stat().st_size} bytes; the bound is {_LARGEST}")
    return path.read_text(encoding="utf-8")


def _toml(path: Path, limits: Limits) -> dict[str, Any]:
    return tomllib.loads(_text(path), parse_float=str)


def _json(path: Path, limits: Limits) -> dict[str, Any]:
    point = json.loads(_text(path), parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_once)
    if not isinstance(point, dict):
        raise ValueError("names and their values stand in braces")
    return point


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise ValueError(f"{twice} is given twice")
    return values


def _npz(path: Path, limits: Limits) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415 - few points are in its files

    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            with archive.open(member) as stream:
                shape, dtype = _header(stream)
            if math.prod(shape) > limits.entries or math.prod(shape) * dtype.itemsize > 16 * limits.entries:
                raise BoundError(f"{printable(member.filename)} has {math.prod(shape)} entries; the bound is "
                                 f"{limits.entries}")  # fmt: skip
            if dtype.hasobject:
                raise ValueError(f"{member.filename} holds objects of Python")
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _header(stream: Any) -> tuple[tuple[int, ...], Any]:
    """The shape and the type of an array in a file."""
    from numpy.lib import format as files  # noqa: PLC0415

    read = files.read_array_header_1_0 if files.read_magic(stream) == (1, 0) else files.read_array_header_2_0
    shape, _, dtype = read(stream)
    return tuple(shape), dtype


_READERS: Mapping[str, Callable[[Path, Limits], dict[str, Any]]] = {".toml": _toml, ".json": _json, ".npz": _npz}
