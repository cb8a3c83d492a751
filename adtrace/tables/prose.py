"""The sentences over a table: its caption and the headings of its seeds, in one dialect."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from adtrace.language.syntax import Expression, Terms
from adtrace.settings import AUTO, FORWARD, SECOND, STACKED
from adtrace.tables import styles
from adtrace.tables.array_panels import has_arrays
from adtrace.tables.cells import Cells
from adtrace.tables.naming import MOST_NAMES
from adtrace.tables.options import Options
from adtrace.tracing.quantities import BACKWARDS, TANGENT, TANGENTS
from adtrace.tracing.symbols import is_letter
from adtrace.writing.dialects import LATEX
from adtrace.writing.notation import Dialect, Drawn, written

LONGEST = 60
"""Terms of the longest expression that a caption shows."""


def caption(expression: Expression, cells: Cells, mode: str, options: Options) -> str:
    """``Forward mode AD of y = f(x1, x2) = ... at (x1, x2) = (2, 5). Setting ... gives ... in one forward sweep.``"""
    dialect = cells.dialect
    what = dialect.say(f"caption_{options.order if mode == SECOND else mode}", function=heading(expression, cells))
    if mode == FORWARD:
        sentences = [_seeding(cells), *_orders(cells, options.order)]
    elif mode == SECOND:
        sentences = _moved(cells, options)
    else:
        sentences = [_weighted(cells, options)]
    return dialect.say("sentence_between").join([what, *sentences])


def _read_upwards(cells: Cells, options: Options) -> str:
    """`` (read the right panel upwards)``, where one is."""
    dialect, several = cells.dialect, options.order > 1
    upward = [panel for panel in cells.style.reverse if panel.upward]
    if not upward or (cells.arrays and options.layout == STACKED):
        return ""
    beside, below = dialect.say("upwards_panels" if several else "upwards_panel"), dialect.say("upwards_adjoints")
    if options.layout == STACKED or len(cells.style.reverse) == 1:
        return below
    if options.layout == AUTO and dialect.name == LATEX.name:  # TeX knows it when it sets the caption
        return rf"\adtside{{{beside}}}{{{below}}}"
    return beside


def _moved(cells: Cells, options: Options) -> list[str]:
    """``Setting dx1 = 1 and by = 1 gives dy/dx1, and as dbx1 the product of the Hessian with the seed``."""
    dialect, naming, order = cells.dialect, cells.naming, options.order
    seeds, (settings, result) = cells.evaluation.seeds, _weighting(cells)
    each = _each(cells)
    if len(seeds) == 1 and len(seeds[0]) <= MOST_NAMES:
        settings = [*_settings(cells), *settings]
    second = [dialect.math(naming.mark(BACKWARDS[2].adjoint)(name)) for name in naming.independents]
    phrases: dict[str, str] = {"settings": dialect.listed(settings)} if settings else {}
    named = {"names": dialect.listed(second)} if len(second) <= MOST_NAMES else {}
    key = "second" + "_as" * bool(named) + each
    sentences = [dialect.say(key, result=result, upwards=_read_upwards(cells, options), **phrases, **named)]
    higher = "adjoint_coefficient" if cells.style.higher == styles.COEFFICIENTS else "adjoint_derivative"
    for k in range(2, order):
        name = dialect.math(naming.mark(BACKWARDS[k + 1].adjoint)(naming.dependents[0]))
        sentences.append(dialect.say(higher + each, name=name, ordinal=dialect.say(f"ordinal_{k}")))
    return sentences


def _each(cells: Cells) -> str:
    """The end of the key of a phrase about the seed, or about each of several."""
    return "_each" if len(cells.evaluation.seeds) > 1 else "_one"


def heading(expression: Expression, cells: Cells, *, rows: bool = True) -> str:
    """``y = f(x1, x2) = ... at (x1, x2) = (2, 5)``; with ``rows`` below it, which say what is too large for it."""
    dialect, function, point = cells.dialect, cells.dialect.math(_function(expression, cells)), _at(cells, rows)
    return dialect.say("function_at", function=function, point=point) if point else function


def _tuple(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _function(expression: Expression, cells: Cells) -> str:
    """``y = f(x1, x2) = ln(x1) + ...``, or without the right side where that is long or a program."""
    dialect, independents = cells.dialect, cells.naming.independents
    function = expression.function or _free_letter(cells)
    names = independents if len(independents) <= MOST_NAMES else [*independents[:2], dialect.dots]
    left = f"{dialect.name_of(function)}({', '.join(names)})"
    if list(cells.wengert.dependent_names) != [function]:
        left = f"{_tuple(cells.naming.dependents)} = {left}"
    right = _right(expression, cells)
    return f"{left} = {right}" if right else left


def _right(expression: Expression, cells: Cells) -> str:
    """The right side, as the author's LaTeX where the dialect prints that; empty where it is long or a program."""
    dialect, naming = cells.dialect, cells.naming
    terms = [statement.terms for statement in expression.statements]
    if not expression.is_formula or not all(terms) or sum(map(len, terms)) > LONGEST:
        return ""
    lettered = any(isinstance(name, Drawn) for name in (*naming.independents, *naming.dependents))
    if expression.latex and not lettered and _prints(expression.latex, dialect):
        return expression.latex
    if has_arrays(cells):
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return _tuple([array_prose.whole(side, cells) for side in terms])
    return _tuple([_whole(side, dialect) for side in terms])


def _free_letter(cells: Cells) -> str:
    """The letter of a function that has no name: f, or F where that is a variable."""
    wengert = cells.wengert
    several = len(cells.naming.dependents) > 1
    names = (*wengert.independents, *wengert.dependent_names) if several else wengert.independents
    return "F" if "f" in names else "f"


_EMPHASIS = re.compile(r"[*]|[^A-Za-z0-9]_|\\[^A-Za-z]")
"""What a parser of Markdown does not leave alone in a formula."""


def _prints(latex: str, dialect: Dialect) -> bool:
    """Whether a dialect prints the author's LaTeX as it stands."""
    return dialect.name == "latex" or (dialect.name == "markdown" and not _EMPHASIS.search(latex))


@lru_cache(maxsize=64)
def _whole(terms: Terms, dialect: Dialect) -> str:
    """A right side, which stands in the caption of every table of a trace."""
    return written(terms, dialect)


def _at(cells: Cells, rows: bool) -> str:
    """``(x1, x2) = (2, 5)``."""
    if has_arrays(cells):
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.point(cells, rows)
    if len(cells.naming.independents) > MOST_NAMES:
        return ""
    pairs = [(name, written(terms, cells.dialect)) for name, terms in
             zip(cells.naming.independents, cells.evaluation.point, strict=True)
             if not (cells.numerals.formulas and is_letter(terms))]  # fmt: skip
    names, point = [name for name, _ in pairs], [number for _, number in pairs]
    return cells.dialect.math(f"{_tuple(names)} = {cells.dialect.grouped(point)}") if pairs else ""


def seed_heading(cells: Cells, seed: int, mark: str) -> str:
    """What tells a seed from another, for a mark of `styles.SEED_MARKS`."""
    dialect, seeded = cells.dialect, cells.evaluation.seeds[seed]
    place = cells.naming.units[seed]
    if place is not None and mark != styles.VECTOR:
        variable = dialect.math(cells.naming.independents[place])
        return dialect.say("by_variable", variable=variable) if mark == styles.BY else variable
    if mark == styles.BY:
        return dialect.say("along_vector", vector=seed_heading(cells, seed, styles.VECTOR))
    if len(seeded) > MOST_NAMES:
        return dialect.say("seed_number", number=seed + 1)
    return vector(seeded, dialect)


def vector(seed: Sequence[Terms], dialect: Dialect) -> str:
    """``p = (1, -2)``."""
    return dialect.math(f"p = {dialect.grouped([written(terms, dialect) for terms in seed])}")


def _derivatives(cells: Cells, place: int) -> str:
    """The derivatives of the dependent variables by one independent variable."""
    dialect, naming = cells.dialect, cells.naming
    return dialect.listed([dialect.math(dialect.derivative(y, naming.independents[place])) for y in naming.dependents])


def _seeding(cells: Cells) -> str:
    """``Setting dx1 = 1 and dx2 = 0 gives dy/dx1 in one forward sweep.``"""
    dialect, seeds, dot = cells.dialect, cells.evaluation.seeds, cells.naming.mark(TANGENT)
    if has_arrays(cells):
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        if len(seeds) == 1:
            settings, result = array_prose.seeding(cells)
            return dialect.say("forward", settings=dialect.listed(settings), result=result)
        names = array_prose.held(cells)
        return dialect.say("forward_sweeps_constant" if names else "forward_sweeps", count=len(seeds), names=names)
    if len(seeds) > 1:
        each = sorted(cells.naming.units, key=str) == sorted(range(len(seeds[0])), key=str)
        return dialect.say("forward_each_variable" if each else "forward_sweeps", count=len(seeds))
    place = cells.naming.units[0]
    result = _derivatives(cells, place) if place is not None else dialect.say(
        "in_this_direction", names=dialect.listed([dialect.math(dot(y)) for y in cells.naming.dependents])
    )  # fmt: skip
    if len(seeds[0]) > MOST_NAMES:
        return dialect.say("forward_seed", result=result)
    return dialect.say("forward", settings=dialect.listed(_settings(cells)), result=result)


def _settings(cells: Cells) -> list[str]:
    """``dx1 = 1`` and ``dx2 = 0``: the tangents of the first seed."""
    dialect, dot = cells.dialect, cells.naming.mark(TANGENT)
    return [
        dialect.math(f"{dot(name)} = {written(terms, dialect)}")
        for name, terms in zip(cells.naming.independents, cells.evaluation.seeds[0], strict=True)
    ]


def _orders(cells: Cells, order: int) -> list[str]:
    """What the derivatives of higher order are, and what they are not."""
    dialect, y, each = cells.dialect, cells.naming.dependents[0], _each(cells)
    names = [dialect.math(cells.naming.mark(TANGENTS[k])(y)) for k in range(1, order + 1)]
    if order > 1 and cells.style.higher == styles.COEFFICIENTS:
        k, factorial = map(dialect.math, ("k", "k!"))
        output = dialect.math(y)
        return [
            dialect.say(f"coefficients{each}", names=dialect.listed(names), output=output, k=k, factorial=factorial)
        ]
    return [
        dialect.say(f"derivative{each}", name=names[k - 1], ordinal=dialect.say(f"ordinal_{k}"),
                    factorial=dialect.math(f"{k}!"))
        for k in range(2, order + 1)
    ]  # fmt: skip


def _weighted(cells: Cells, options: Options) -> str:
    """``Setting by = 1 gives dy/dx1 and dy/dx2 in one reverse sweep (read the right panel upwards).``"""
    settings, result = _weighting(cells)
    dialect, upwards = cells.dialect, _read_upwards(cells, options)
    if not settings:
        return dialect.say("reverse_alone", result=result, upwards=upwards)
    return dialect.say("reverse", settings=dialect.listed(settings), result=result, upwards=upwards)


def _weighting(cells: Cells) -> tuple[list[str], str]:
    """``by = 1``, and ``dy/dx1 and dy/dx2``: what starts the reverse sweep, and what it gives."""
    if has_arrays(cells):
        from adtrace.tables import array_prose  # noqa: PLC0415 - only where there are arrays

        return array_prose.weighting(cells)
    dialect, weights = cells.dialect, cells.evaluation.weights
    place = cells.sweep.unit(weights)
    settings = [
        dialect.math(f"{dialect.bar(y)} = {written(terms, dialect)}")
        for y, terms in zip(cells.naming.dependents, weights, strict=True)
    ]
    settings = settings if len(settings) <= MOST_NAMES else [dialect.say("output_adjoints")]
    if place is None:
        return settings, dialect.say("gradient_of_sum")
    y, data = cells.naming.dependents[place], cells.evaluation.wengert.data
    independents = [name for at, name in enumerate(cells.naming.independents) if at not in data]
    if len(independents) > MOST_NAMES:
        return settings, dialect.say("whole_gradient", output=dialect.math(y))
    return settings, dialect.listed([dialect.math(dialect.derivative(y, x)) for x in independents])
