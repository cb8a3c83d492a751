"""A style: the notation of a table as data, read from ``templates/styles/<name>.toml``.

    letter, numbering, names      v_{-1} v_0 v_1 | v_0 v_1 v_2 | x_1 x_2 x_3 | the source's own names
    tangent, adjoint              the marks: dot, prime, differential, directional, leibniz, superscript; bar, leibniz
    higher                        derivatives, or Taylor coefficients: 1/k! of the derivative of order k
    numbers                       short, fixed, significant, exact
    seeds                         first: one tangent; each: one for every independent variable
    outputs                       whether a row gives each dependent variable its name
    scientific                    whether a rounded number that decimals hide, 0.0000 or 10^9 and more, is 1.0e-9
    template                      the template, where the style has none of its own for a format
    [[forward]], [[reverse]]      the panels: heading, lines, upward, order, columns, below

A column is what its cells hold, ``"v = operation = value"``: parts joined by ``=`` or ``+=``, or a table with a
heading, ``{heading = "{value_column}", cell = "value"}``.  A cell that begins with ``=`` prints it.  `PARTS` lists
the parts.  A heading is text; what stands in braces is a phrase of ``languages/en.toml`` by its key, which tables in
another language print in that.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple

from adtrace.errors import OptionError, TemplateError, either, nearest
from adtrace.formats import TEMPLATED
from adtrace.settings import FORWARD, NUMBERS, REVERSE
from adtrace.tables.parts import (
    OF_CONTRIBUTIONS,
    PARTS,
)
from adtrace.tables.resources import folders, found, source
from adtrace.tracing.quantities import (
    EVALUATION,
    Quantity,
)

COEFFICIENTS = "coefficients"
"""What stands for derivatives of higher order, 1/k! of each, if they do not stand themselves."""
ORDER = "{order}"
"""In a heading: the order of the derivative that a column holds."""
PHRASE = re.compile(r"\{([a-z_]+)(?: ([0-9]+))?\}")
"""In a heading: a phrase of the document's language by its key, ``{adjoint}``, and with its number, ``{partial 2}``."""
VARIABLES, CONTRIBUTIONS = "variables", "contributions"
LINES = (VARIABLES, CONTRIBUTIONS)
"""What a line is: a variable, or one contribution to an adjoint beside the operation that made it."""
BESIDE, COMPUTING = "beside", "computing"
ORDERS = (BESIDE, COMPUTING)
"""The lines in the order of the variables, or in the order in which they are computed (for adjoints: descending)."""

_CHOICES = {
    "numbering": ("griewank", "zero", "one"),
    "names": ("numbered", "source"),
    "tangent": ("dot", "prime", "differential", "directional", "leibniz", "superscript"),
    "adjoint": ("bar", "leibniz"),
    "numbers": NUMBERS,
    "seeds": ("first", "each"),
    "higher": ("derivatives", COEFFICIENTS),
}
_STYLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_JOINT = re.compile(r" (\+?=) ")


SEED, VECTOR, BY = SEED_MARKS = ("{seed}", "{vector}", "{by}")
"""In a heading: the variable of a unit seed or else the vector, the vector, and "by x1" or "along p = (1, -2)"."""


class Part(NamedTuple):
    """A part of a cell and what joins it to the one before."""

    joint: str
    part: str
    """The word of `parts.PARTS` for it."""

    @property
    def quantity(self) -> Quantity:
        """What it is a part of."""
        return PARTS[self.part].quantity

    @property
    def form(self) -> str:
        """In which form."""
        return PARTS[self.part].form

    @property
    def per_seed(self) -> bool:
        """Whether it holds a number for each seed."""
        return PARTS[self.part].per_seed


class Column(NamedTuple):
    """A column of a panel."""

    heading: str
    """Its heading, with `SEED_MARKS`; empty for none."""
    equals: bool
    """Whether its cells begin with an equals sign."""
    parts: tuple[Part, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Panel:
    """One of the traces of a table; told apart by identity, which is cheap to look up by."""

    heading: str
    lines: str
    upward: bool
    order: str
    columns: tuple[Column, ...]
    below: tuple[Column, ...]
    """The columns of a second line for each variable; none for one line."""

    @property
    def role(self) -> str:
        """What its first cell names: evaluation, tangent or adjoint."""
        named = (part.quantity.trace for column in (*self.columns, *self.below) for part in column.parts)
        return next(filter(None, named), EVALUATION)


@dataclass(frozen=True, slots=True)
class Style:
    """The notation of a table."""

    name: str
    template: str = "three-part"
    letter: str = "v"
    numbering: str = "griewank"
    names: str = "numbered"
    tangent: str = "dot"
    adjoint: str = "bar"
    numbers: str = "short"
    seeds: str = "first"
    higher: str = "derivatives"
    outputs: bool = True
    scientific: bool = True
    forward: tuple[Panel, ...] = ()
    reverse: tuple[Panel, ...] = ()


def style(name: str, template_dir: str | None) -> Style:
    """The style of this name, the user's before ours; raises `TemplateError` for one that is not there or not valid."""
    return _ours(name) if template_dir is None else _looked_up(name, template_dir)


@lru_cache(maxsize=64)
def _ours(name: str) -> Style:
    return _looked_up(name, None)


def _looked_up(name: str, template_dir: str | None) -> Style:
    if not _STYLE.fullmatch(name):
        raise TemplateError(f"a style is a name of letters, digits and - _ ., not {name!r}")
    place = f"styles/{name}.toml"
    for folder in folders(template_dir):
        text = source(folder, place)
        if text is not None:
            try:
                return _read(name, text)
            except (tomllib.TOMLDecodeError, _Invalid) as problem:
                raise TemplateError(f"{place}: {problem}") from None
    templates = {stem for of in TEMPLATED for stem in found(template_dir, of.name, of.ending)}
    if name in templates:  # a template without a record has the notation of the default
        return _read(name, source(folders(None)[0], "styles/three-part.toml") or "")
    names = sorted({*found(template_dir, "styles", ".toml"), *templates})
    raise TemplateError(f"there is no style {name!r}{nearest(name, names)}; there are {', '.join(names)}")


class _Invalid(Exception):
    """What is wrong with a record."""


@lru_cache(maxsize=64)
def _read(name: str, text: str) -> Style:
    """The style in this text: read again where the user has edited it."""
    return _style(name, tomllib.loads(text))


def _style(name: str, data: dict[str, Any]) -> Style:
    keys = [field.name for field in fields(Style) if field.name != "name"]
    _check(data, keys)
    for switch in ("outputs", "scientific"):
        if not isinstance(data.get(switch, True), bool):
            raise _Invalid(f"{switch} is true or false")
    if not _STYLE.fullmatch(str(data.get("template", "x"))):
        raise _Invalid("template is the name of a template")
    panels = {mode: tuple(_panel(entry) for entry in _list(data.get(mode, []), mode)) for mode in (FORWARD, REVERSE)}
    if not any(panels.values()):
        raise _Invalid("there is no [[forward]] and no [[reverse]] panel")
    notation: dict[str, Any] = {key: value for key, value in data.items() if key not in panels} | panels
    return Style(name, **notation)


def _check(data: Mapping[str, Any], keys: Sequence[str]) -> None:
    for key, value in data.items():
        if key not in keys:
            raise _Invalid(f"there is no {key!r}{nearest(key, keys)}; there are {', '.join(keys)}")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise _Invalid(f"{key} is {either(_CHOICES[key])}, not {value!r}")
    letter = data.get("letter", "v")
    if not (isinstance(letter, str) and len(letter) == 1 and letter.isascii() and letter.isalpha()):
        raise _Invalid("letter is one letter from a to z")


MARKS = ("letter", "numbering", "names", "tangent", "adjoint", "higher")
"""What a table may write otherwise than its style."""


def notation(given: object) -> Mapping[str, str]:
    """The changes to a style from ``"names=source,letter=w"`` or a mapping; raises `OptionError`."""
    if isinstance(given, str):
        pairs = [part.partition("=") for part in given.split(",")]
        given = {name.strip(): value.strip() for name, _, value in pairs}
    if not isinstance(given, Mapping):
        raise OptionError(f"notation is a text such as 'names=source,letter=w', or a mapping, not {given!r}")
    try:
        _check(given, MARKS)
    except _Invalid as problem:
        raise OptionError(f"notation: {problem}") from None
    return dict(given)


def noted(style: Style, changes: Mapping[str, str] | None) -> Style:
    """The style with these changes."""
    return replace(style, **changes) if changes else style  # type: ignore[arg-type]


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise _Invalid(f"{what} is a list")
    return value


def _panel(entry: object) -> Panel:
    if not isinstance(entry, dict):
        raise _Invalid("a panel is a table")
    keys = tuple(field.name for field in fields(Panel))
    for key in entry:
        if key not in keys:
            raise _Invalid(f"a panel has no {key!r}{nearest(key, keys)}; it has {', '.join(keys)}")
    lines, order = entry.get("lines", VARIABLES), entry.get("order", BESIDE)
    if lines not in LINES or order not in ORDERS:
        raise _Invalid(f"lines is {either(LINES)} and order is {either(ORDERS)}")
    if not isinstance(entry.get("heading", ""), str) or not isinstance(entry.get("upward", False), bool):
        raise _Invalid("heading is text, and upward is true or false")
    columns, below = (tuple(map(_column, _list(entry.get(key, []), key))) for key in ("columns", "below"))
    if not columns:
        raise _Invalid("a panel has no columns")
    if below and len(below) != len(columns):
        raise _Invalid("below has a column for each of columns")
    if lines == CONTRIBUTIONS:
        _check_contributions((*columns, *below))
    return Panel(entry.get("heading", ""), lines, entry.get("upward", False), order, columns, below)


def _check_contributions(columns: Sequence[Column]) -> None:
    for column in columns:
        for _, part in column.parts:
            if part not in OF_CONTRIBUTIONS:
                raise _Invalid(f"a line of contributions has no {part!r}; there are {', '.join(OF_CONTRIBUTIONS)}")


def _column(entry: object) -> Column:
    heading, cell = "", entry
    if isinstance(entry, dict) and set(entry) <= {"heading", "cell"}:
        heading, cell = entry.get("heading", ""), entry.get("cell")
    if not isinstance(cell, str) or not isinstance(heading, str):
        raise _Invalid("a column is a text, or a table with heading and cell")
    return column(cell, heading)


def column(cell: str, heading: str = "") -> Column:
    """A column from its text, ``"= operation"`` or ``"v = operation = value"``."""
    equals = cell.startswith("= ")
    pieces = _JOINT.split(cell.removeprefix("= "))
    parts = [Part("", pieces[0]), *(Part(*pair) for pair in zip(pieces[1::2], pieces[2::2], strict=True))]
    for _, part in parts:
        if part not in PARTS:
            raise _Invalid(f"there is no part {part!r}{nearest(part, PARTS)}; there are {', '.join(PARTS)}")
    return Column(heading, equals, tuple(parts))
