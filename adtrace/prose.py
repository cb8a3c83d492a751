"""The sentences of a table: its caption and its notes, in one dialect."""

from __future__ import annotations

from collections.abc import Sequence

from adtrace.cells import Cells
from adtrace.notation import Dialect, spelled
from adtrace.options import FORWARD, STACKED, Options
from adtrace.sweeps import Evaluation, Kink
from adtrace.syntax import Expression, Number, Terms

_LONGEST = 60
"""Terms of the longest expression that a caption shows."""
_MOST_NAMES = 8
"""A caption lists at most so many variables."""


def caption(expression: Expression, cells: Cells, mode: str, options: Options) -> str:
    """``Forward mode AD of y = f(x1, x2) = ... at (x1, x2) = (2, 5). Setting ... gives ... in one forward sweep.``"""
    dialect = cells.dialect
    what = f"{mode.capitalize()} mode AD of {dialect.math(_function(expression, cells))}{_at(cells)}."
    if mode == FORWARD:
        return f"{what} {_seeding(cells)} in one forward sweep."
    below = "the adjoint trace" if options.layout == STACKED else "the right panel"
    return f"{what} {_weighting(cells)} in one reverse sweep (read {below} upwards)."


def heading(expression: Expression, cells: Cells) -> str:
    """``y = f(x1, x2) = ... at (x1, x2) = (2, 5)``."""
    return f"{cells.dialect.math(_function(expression, cells))}{_at(cells)}"


def _tuple(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _function(expression: Expression, cells: Cells) -> str:
    """``y = f(x1, x2) = ln(x1) + ...``, or without the right side where that is long."""
    function = expression.function or ("f" if "f" not in cells.wengert.independents else "F")
    name = cells.dialect.name_of(function)
    names = cells.independents if len(cells.independents) <= _MOST_NAMES else [*cells.independents[:2], "..."]
    left = f"{name}({', '.join(names)})"
    if cells.wengert.dependent_names[0] != function:
        left = f"{cells.dependents[0]} = {left}"
    if len(expression.terms) > _LONGEST:
        return left
    return f"{left} = {spelled(expression.terms, cells.dialect).text}"


def _at(cells: Cells) -> str:
    """`` at (x1, x2) = (2, 5)``."""
    if not cells.independents or len(cells.independents) > _MOST_NAMES:
        return ""
    point = [spelled(terms, cells.dialect).text for terms in cells.evaluation.point]
    return f" at {cells.dialect.math(f'{_tuple(cells.independents)} = {_tuple(point)}')}"


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def _is(terms: Terms, text: str) -> bool:
    return len(terms) == 1 and type(terms[0]) is Number and terms[0].text == text


def _seeding(cells: Cells) -> str:
    """``Setting dx1 = 1 and dx2 = 0 gives dy/dx1``."""
    dialect, seed = cells.dialect, cells.evaluation.seed
    y = cells.dependents[0]
    ones = [place for place, terms in enumerate(seed) if _is(terms, "1")]
    unit = len(ones) == 1 and all(_is(terms, "0") for place, terms in enumerate(seed) if place not in ones)
    result = dialect.math(dialect.derivative(y, cells.independents[ones[0]])) if unit else (
        f"the derivative {dialect.math(dialect.dot(y))} in this direction"
    )  # fmt: skip
    if len(seed) > _MOST_NAMES:
        return f"The seed gives {result}"
    settings = [
        dialect.math(f"{dialect.dot(name)} = {spelled(terms, dialect).text}")
        for name, terms in zip(cells.independents, seed, strict=True)
    ]
    return f"Setting {_listed(settings)} gives {result}"


def _weighting(cells: Cells) -> str:
    """``Setting by = 1 gives dy/dx1 and dy/dx2``."""
    dialect, y = cells.dialect, cells.dependents[0]
    setting = dialect.math(f"{dialect.bar(y)} = {spelled(cells.evaluation.weights[0], dialect).text}")
    if len(cells.independents) > _MOST_NAMES:
        return f"Setting {setting} gives the whole gradient"
    return f"Setting {setting} gives {_listed([dialect.math(dialect.derivative(y, x)) for x in cells.independents])}"


def kink_note(evaluation: Evaluation, kink: Kink, dialect: Dialect) -> str:
    """``v_1 = abs(v_0) is at a kink (u = 0): ... by the convention abs'(0) = 0.``"""
    row = evaluation.wengert.rows[kink.row - 1]
    variable = dialect.math(dialect.subscript("v", kink.row))
    return (
        f"{variable} ({row.elemental.name}) is at a kink, where no derivative exists: "
        f"its partials are a convention, {dialect.prose(kink.convention)}."
    )
