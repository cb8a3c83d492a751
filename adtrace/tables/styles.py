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
from adtrace.settings import FORWARD as FORWARD_MODE
from adtrace.settings import NUMBERS, REVERSE
from adtrace.tables.parts import (
    FORMULA,
    NAME,
    NUMBER,
    OF_CONTRIBUTIONS,
    PARTS,
    SHORTHAND,
    WORKED_OUT,
    WRITTEN,
    titled,
    word,
)
from adtrace.tables.parts import NUMBERS as PUT_IN
from adtrace.tables.resources import folders, found, source
from adtrace.tracing.quantities import (
    AS_COEFFICIENT,
    BACKWARDS,
    EVALUATION,
    FAMILY,
    FORWARD,
    PARTIALS,
    TANGENT,
    TANGENTS,
    VALUE,
    Quantity,
)
from adtrace.tracing.quantities import REVERSE as ADJOINTS

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
    known = sorted({*found(template_dir, "styles", ".toml"), *templates})
    raise TemplateError(f"there is no style {name!r}{nearest(name, known)}; there are {', '.join(known)}")


class _Invalid(Exception):
    """What is wrong with a record."""


@lru_cache(maxsize=64)
def _read(name: str, text: str) -> Style:
    """The style in this text: read again where the user has edited it."""
    return _style(name, tomllib.loads(text))


def _style(name: str, data: dict[str, Any]) -> Style:
    known = [field.name for field in fields(Style) if field.name != "name"]
    _check(data, known)
    for switch in ("outputs", "scientific"):
        if not isinstance(data.get(switch, True), bool):
            raise _Invalid(f"{switch} is true or false")
    if not _STYLE.fullmatch(str(data.get("template", "x"))):
        raise _Invalid("template is the name of a template")
    panels = {
        mode: tuple(_panel(entry) for entry in _list(data.get(mode, []), mode)) for mode in ("forward", "reverse")
    }
    if not any(panels.values()):
        raise _Invalid("there is no [[forward]] and no [[reverse]] panel")
    notation: dict[str, Any] = {key: value for key, value in data.items() if key not in panels} | panels
    return Style(name, **notation)


def _check(data: Mapping[str, Any], known: Sequence[str]) -> None:
    for key, value in data.items():
        if key not in known:
            raise _Invalid(f"there is no {key!r}{nearest(key, known)}; there are {', '.join(known)}")
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
    known = tuple(field.name for field in fields(Panel))
    for key in entry:
        if key not in known:
            raise _Invalid(f"a panel has no {key!r}{nearest(key, known)}; it has {', '.join(known)}")
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


def with_columns(panel: Panel, chosen: Mapping[str, tuple[str, ...]]) -> Panel:
    """The panel with its name and the parts that are chosen for what it traces as columns, if any are."""
    return _with_parts(panel, chosen[panel.role]) if panel.role in chosen else panel


def panels(
    notation: Style,
    mode: str,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    order: int = 1,
    operands: int = 2,
) -> tuple[Panel, ...]:
    """The panels of a mode, with the columns that are chosen, those of derivatives of higher order, and those of the
    partials by further operands than a style counts on.
    """

    def chosen_of(mode: str) -> tuple[Panel, ...]:
        own: tuple[Panel, ...] = _of_operands(getattr(notation, mode), operands)
        return own if chosen is None else tuple(with_columns(panel, chosen) for panel in own)

    if order == 1:
        found = chosen_of(mode)
    elif mode == FORWARD_MODE:
        found = _of_order(chosen_of(mode), order)
    else:
        found = _backwards(chosen_of(FORWARD_MODE), chosen_of(REVERSE), order)
    return _numbered(found, notation.higher == COEFFICIENTS)


@lru_cache(maxsize=64)
def _numbered(panels: tuple[Panel, ...], coefficients: bool) -> tuple[Panel, ...]:
    """The panels with their orders in headings, and Taylor coefficients in place of derivatives, if they are wanted."""

    def heading(text: str, trace: str) -> str:
        text = text.replace(ORDER, "1")
        before, mark, order = text.partition("{of_order ")
        if not (coefficients and mark):
            return text
        return f"{before}{{coefficients_of_order {int(order.rstrip('}')) - (trace == ADJOINTS)}}}"

    def numbered(line: tuple[Column, ...]) -> tuple[Column, ...]:
        return tuple(
            (in_coefficients(column) if coefficients else column)._replace(
                heading=heading(column.heading, column.parts[0].quantity.trace if column.parts else "")
            )
            for column in line
        )

    found = [(heading(of.heading, of.role), numbered(of.columns), numbered(of.below)) for of in panels]
    if found == [(of.heading, of.columns, of.below) for of in panels]:
        return panels
    return tuple(
        replace(of, heading=text, columns=columns, below=below)
        for of, (text, columns, below) in zip(panels, found, strict=True)
    )


def in_coefficients(column: Column) -> Column:
    """The column with Taylor coefficients in place of derivatives."""
    return column._replace(parts=tuple(map(_coefficient, column.parts)))


def _coefficient(part: Part) -> Part:
    """The part of the Taylor coefficient, for one of a derivative of higher order."""
    of = AS_COEFFICIENT.get(part.quantity)
    return part if of in (None, part.quantity) else part._replace(part=word(of, part.form))


@lru_cache(maxsize=64)
def _of_operands(own: tuple[Panel, ...], operands: int) -> tuple[Panel, ...]:
    """After the last partial of a panel, where it has a column, those by the operands after it, up to so many."""

    def widened(columns: tuple[Column, ...]) -> tuple[Column, ...]:
        last = max((part.quantity.operand or 0 for column in columns for part in column.parts), default=0)
        if not last:
            return columns
        at = [k for k, column in enumerate(columns) if column.parts and column.parts[0].quantity.operand == last]
        further = [_partial(columns[k], place) for place in range(last + 1, operands) for k in at]
        return (*columns[: at[-1] + 1], *further, *columns[at[-1] + 1 :])

    return tuple(
        replace(panel, columns=columns, below=below)
        if (columns := widened(panel.columns), below := widened(panel.below)) != (panel.columns, panel.below)
        else panel
        for panel in own
    )


def _partial(column: Column, operand: int) -> Column:
    """The column of another operand's partial, with its number in the heading: Partial 2, Partial 3."""
    parts = [Part(joint, word(PARTIALS[operand], PARTS[part].form)) for joint, part in column.parts]
    return Column(_COUNTED.sub(str(operand + 1), column.heading), column.equals, tuple(parts))


_COUNTED = re.compile(r"[0-9]+(?=[^0-9]*$)")


@lru_cache(maxsize=64)
def _of_order(own: tuple[Panel, ...], order: int) -> tuple[Panel, ...]:
    """Beside the tangents those of every higher order, panel by panel, or column by column where they share one."""
    widened: list[Panel] = []
    for panel in own:
        orders = range(2, order + 1)
        if panel.role != FORWARD and not panel.below:
            further = [_risen(column, k) for k in orders for column in panel.columns if _is_tangent(column)]
            widened.append(replace(panel, columns=(*panel.columns, *further)))
            continue
        widened.append(panel)
        for k in orders:
            above, below = (tuple(_risen(column, k) for column in line) for line in (panel.columns, panel.below))
            if any(column.parts for column in (*above, *below)):
                widened.append(replace(panel, heading=_headed(panel.heading, k), columns=above, below=below))
    return tuple(widened)


@lru_cache(maxsize=64)
def _backwards(forward: tuple[Panel, ...], reverse: tuple[Panel, ...], order: int) -> tuple[Panel, ...]:
    """The panels of a reverse table of this order: those of the tangents that it needs, of the adjoints, and of their
    derivatives along the seed, as the style parts the one from the other.
    """
    panels = list(_of_order(forward, order - 1) if order > 2 else forward)
    below = any(panel.below for panel in forward)
    for panel in reverse:
        adjoints = [column for column in panel.columns if _is_adjoint(column)]
        if not adjoints:
            continue  # the evaluation stands beside the tangents already
        if len(adjoints) == len(panel.columns):
            panels += _one_each(panel, order, below=below and not panel.below)
            continue
        further = [_risen(column, k) for k in range(2, order + 1) for column in adjoints]
        last = panels[-1]
        if panel.role == EVALUATION and last.role == EVALUATION and _has_tangents(last):
            panels[-1] = replace(last, columns=(*last.columns, *adjoints, *further), upward=panel.upward)
        else:
            panels.append(replace(panel, columns=(*panel.columns, *further)))
    return tuple(panels)


def _one_each(panel: Panel, order: int, *, below: bool) -> list[Panel]:
    """The panel of adjoints and one for each further order, the second ``below`` the first if it stands so there."""
    risen = {k: tuple(_risen(column, k) for column in panel.columns) for k in range(2, order + 1)}
    first = replace(panel, below=risen.pop(2)) if below else panel
    return [first, *(replace(panel, heading=_headed(panel.heading, k), columns=own) for k, own in risen.items())]


def _is_tangent(column: Column) -> bool:
    return any(part.quantity is TANGENT for part in column.parts)


def _is_adjoint(column: Column) -> bool:
    return any(part.quantity.trace == ADJOINTS for part in column.parts)


def _has_tangents(panel: Panel) -> bool:
    return any(map(_is_tangent, panel.columns))


def _headed(heading: str, order: int) -> str:
    if ORDER in heading:
        return heading.replace(ORDER, str(order))
    return f"{heading}{{of_order {order}}}" if heading else ""


def _risen(column: Column, order: int) -> Column:
    """The column for a derivative of higher order; a blank one for what is no derivative."""
    risen = {TANGENT: TANGENTS[order]} | dict(zip(BACKWARDS[1], BACKWARDS[order], strict=True))
    parts = tuple(Part(p.joint, word(risen[p.quantity], p.form)) for p in column.parts if p.quantity in risen)
    return Column(_headed(column.heading, order) if parts else "", column.equals, parts)


@lru_cache(maxsize=64)
def _with_parts(panel: Panel, chosen: tuple[str, ...]) -> Panel:
    shorthand = SHORTHAND[panel.role]
    first = Column("", False, panel.columns[0].parts[:1])
    parts = [column(f"= {shorthand[name]}") for name in chosen if name in shorthand]
    return replace(panel, columns=(first, *parts), below=())


@lru_cache(maxsize=64)
def worked_out(panel: Panel) -> Panel:
    """The panel with values where formulas have numbers put in: where numbers are formulas, both say the same."""
    return replace(panel, columns=_each_once(panel.columns), below=_each_once(panel.below))


@lru_cache(maxsize=64)
def as_columns(panel: Panel, chosen: bool, formulas: bool) -> Panel:
    """The panel as columns of data: each has a heading, a formula has its left side, v_1 = ln(v_0), and numbers stand
    alone, in a column of their own unless the columns were ``chosen``; ``formulas``: numbers are formulas, too.
    """
    columns = panel.columns
    parts = [part.part for column in columns for part in column.parts]
    number = next((word(PARTS[of].quantity, NUMBER) for of in parts if PARTS[of].form == PUT_IN), "")
    if not chosen and not panel.below and number and number not in parts:
        columns = (*columns, column(number))
    return replace(
        panel,
        columns=tuple(_as_data(one, formulas) for one in columns),
        below=tuple(_as_data(one, formulas)._replace(heading="") for one in panel.below),
    )


def _as_data(column: Column, formulas: bool) -> Column:
    """A column with a heading, and the left side of its formulas."""
    if not column.parts:
        return column
    quantity, form = PARTS[column.parts[-1].part]
    parts = column.parts
    computed = form in (FORMULA, WRITTEN, PUT_IN) or (form == NUMBER and formulas)
    if len(parts) == 1 and computed and (quantity is VALUE or quantity in FAMILY):
        named = FAMILY[quantity][1][quantity.order].adjoint if quantity.trace == ADJOINTS else quantity
        parts = (Part("", word(named, NAME)), Part("=" if named is quantity else "+=", parts[0].part))
    return Column(column.heading or titled(PARTS[column.parts[-1].part]), False, parts)


def _each_once(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns without a part that stands in one before; one of nothing else is empty where it has to stand."""
    found: list[Column] = []
    said: set[str] = set()
    for column in columns:
        parts: list[Part] = []
        for joint, part in column.parts:
            own = WORKED_OUT.get(part, part)
            if own != part and own in said:
                continue
            if own not in [other.part for other in parts]:
                parts.append(Part(joint if parts else "", own))
        said.update(part.part for part in parts)
        found.append(column._replace(parts=tuple(parts)))
    return tuple(column for column in found if column.parts or column.heading)
