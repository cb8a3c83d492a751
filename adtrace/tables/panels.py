"""The panels of a style for one table: its mode, its order, its columns, as data where a format has no formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from adtrace.settings import FORWARD as FORWARD_MODE
from adtrace.settings import REVERSE
from adtrace.tables.parts import (
    FORMULA,
    NAME,
    NUMBER,
    PARTS,
    SHORTHAND,
    WORKED_OUT,
    WRITTEN,
    titled,
    word,
)
from adtrace.tables.parts import NUMBERS as PUT_IN
from adtrace.tables.styles import (
    COEFFICIENTS,
    ORDER,
    Column,
    Panel,
    Part,
    Style,
)
from adtrace.tables.styles import (
    column as column_of,
)
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
)
from adtrace.tracing.quantities import REVERSE as ADJOINTS


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
        series = chosen_of(mode)
    elif mode == FORWARD_MODE:
        series = _of_order(chosen_of(mode), order)
    else:
        series = _backwards(chosen_of(FORWARD_MODE), chosen_of(REVERSE), order)
    return _numbered(series, notation.higher == COEFFICIENTS)


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

    renamed = [(heading(of.heading, of.role), numbered(of.columns), numbered(of.below)) for of in panels]
    if renamed == [(of.heading, of.columns, of.below) for of in panels]:
        return panels
    return tuple(
        replace(of, heading=text, columns=columns, below=below)
        for of, (text, columns, below) in zip(panels, renamed, strict=True)
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
    parts = [column_of(f"= {shorthand[name]}") for name in chosen if name in shorthand]
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
        columns = (*columns, column_of(number))
    return replace(
        panel,
        columns=tuple(_as_data(column, formulas) for column in columns),
        below=tuple(_as_data(column, formulas)._replace(heading="") for column in panel.below),
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
    entries: list[Column] = []
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
        entries.append(column._replace(parts=tuple(parts)))
    return tuple(column for column in entries if column.parts or column.heading)
